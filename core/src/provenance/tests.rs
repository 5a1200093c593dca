//! Provenance out of records that an engine made.

use super::*;
use crate::{Engine, Request, Source, Stamp, State};

const POLICIES: &str = "
policy: {id: p, version: 1}
default: allow
rules:
  - id: verifiers
    gate: [git.push, pr.create]
    criteria:
      unit_tests: evidence.verifiers[\"unit_tests\"] == passed
      maven_compile: evidence.verifiers[\"maven_compile\"] == passed
  - {id: no_large, deny: model.call, model: huge}
";

fn records() -> Vec<Record> {
    let engine = Engine::load([Source::platform("p.yaml", POLICIES)]).expect("it compiles");
    let decide = |own: Json| {
        let mut request = json!({
            "now": "2026-11-20T10:00:00Z", "subject": {"type": "agent", "id": "agent-17"},
            "scope": {"tenant": null, "repository": "payment-service", "task": "task_01jz", "campaign": "cmp_01jz", "run": "run_01jz",
                "runtime": "sandbox-3"},
            "evidence": {"verifiers": {"unit_tests": "passed", "maven_compile": "passed"}},
        });
        for (key, value) in own.as_object().expect("it is an object") {
            request[key] = value.clone();
        }
        let request = Request::from_json(&request.to_string()).expect("it fits");
        engine.decide(&request, &State::none()).record(Stamp::default())
    };
    vec![
        decide(json!({"action": "model.call", "arguments": {"model": "code-reasoner-large"}})),
        decide(json!({"action": "model.call", "arguments": {"model": "huge"}})),
        decide(json!({"action": "git.push", "arguments": {"base_sha": "abc123", "head_sha": "def456"}})),
        decide(json!({"action": "run.view", "arguments": {}})),
    ]
}

#[test]
fn records_fill_what_they_know() {
    let given = json!({"agent_provenance": {
        "agent_version": "0.9.3", "model_policy": {"router": "default-code-router@2026-07-04"},
        "sandbox": {"image_digest": "sha256:...", "network_profile": "no-egress"},
        "repository": {"head_sha": "def456"},
        "artifacts": {"trace_package": "artifact://t"},
    }});
    let given = Provenance::from_json(&given).expect("it is form 18");
    let records = records();
    let made = Provenance::of(&records, &given)
        .expect("it can be made")
        .to_json();
    let expected = json!({
        "task_id": "task_01jz", "run_id": "run_01jz", "campaign_id": "cmp_01jz", "agent_version": "0.9.3",
        "model_policy": {"router": "default-code-router@2026-07-04", "allowed_models": ["code-reasoner-large"]},
        "sandbox": {"id": "sandbox-3", "image_digest": "sha256:...", "network_profile": "no-egress"},
        "repository": {"id": "payment-service", "base_sha": "abc123", "head_sha": "def456"},
        "verification": {"required_profiles": ["maven_compile", "unit_tests"], "passed": true},
        "policy": {"effective_policy_hash": records[2].policy_hash},
        "artifacts": {"trace_package": "artifact://t"},
        "records": {"count": 4, "decisions": {"allowed": 3, "denied": 1},
            "hash": Digest::of_json(&json!(records.iter().map(|record| &record.record_hash).collect::<Vec<_>>())).to_string()},
    });
    assert_eq!(made["agent_provenance"], expected);
    let again = Provenance::from_json(&made).expect("it is form 18");
    assert_eq!(
        Provenance::of(&records, &again).expect("it agrees").to_json(),
        made
    );
}

#[test]
fn a_statement_speaks_of_the_commit() {
    let made = Provenance::of(&records(), &Provenance::default()).expect("it can be made");
    let statement = made.statement().expect("a commit is known");
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(
        statement["subject"],
        json!([{"name": "payment-service", "digest": {"gitCommit": "def456"}}])
    );
    assert_eq!(statement["predicate"], made.to_json());
    let none = Provenance::of(&records()[..2], &Provenance::default()).expect("it can be made");
    assert_eq!(none.statement(), Err(ProvenanceError::NoSubject));
}

#[test]
fn what_does_not_agree_is_refused() {
    let of =
        |records: &[Record], given: Json| Provenance::of(records, &Provenance::from_json(&given)?).map(drop);
    let records = records();
    assert_eq!(of(&[], json!({})), Err(ProvenanceError::NoRecords));
    let contradiction = of(&records, json!({"repository": {"head_sha": "fff"}})).expect_err("it is another");
    assert!(
        contradiction
            .to_string()
            .starts_with("`/repository/head_sha` is \"fff\" by the caller"),
        "{contradiction}"
    );
    let dressed = of(
        &records,
        json!({"verification": {"passed": true, "required_profiles": []}}),
    );
    assert!(matches!(dressed, Err(ProvenanceError::Contradiction { .. })));
    assert!(matches!(
        of(&records, json!({"agent": "x"})),
        Err(ProvenanceError::Shape(_))
    ));
    let mut changed = records.clone();
    changed[1].decision = Outcome::Allowed;
    assert_eq!(of(&changed, json!({})), Err(ProvenanceError::Changed(2)));
    let mut other = records.clone();
    other[3].scope = json!({"run": {"id": "run_2"}});
    other[3].record_hash = other[3].hash().to_string();
    assert!(matches!(
        of(&other, json!({})),
        Err(ProvenanceError::OtherRun { at: 4, .. })
    ));
    other[0].scope = json!({});
    other[0].record_hash = other[0].hash().to_string();
    assert_eq!(of(&other, json!({})), Err(ProvenanceError::NoRun(1)));
}

#[test]
fn a_verifier_that_has_not_passed_is_said() {
    let mut records = records();
    records.truncate(3);
    records[2].criteria[0].state = "failed".to_owned();
    records[2].record_hash = records[2].hash().to_string();
    let made = Provenance::of(&records, &Provenance::default()).expect("it can be made");
    assert_eq!(
        made.verification.map(|verification| verification.passed),
        Some(false)
    );
}

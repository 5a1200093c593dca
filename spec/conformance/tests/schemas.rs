//! The JSON Schemas accept what the text allows and what the engine writes, and refuse a table of mistakes.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests"
)]

use bailiwick_conformance::{BailiwickEngine, Evaluator, files, schemas, spec, yaml};
use jsonschema::{Resource, Validator};
use serde_json::{Value as Json, json};

fn validator(name: &str) -> Validator {
    let all = schemas::all();
    let mut options = jsonschema::options();
    for (_, schema) in &all {
        let id = schema["$id"].as_str().expect("a schema has an id").to_owned();
        options = options.with_resource(
            id,
            Resource::from_contents(schema.clone()).expect("it is a schema"),
        );
    }
    let (_, schema) = all
        .iter()
        .find(|(known, _)| *known == name)
        .expect("there is such a schema");
    options.build(schema).expect("the schema is one")
}

#[track_caller]
fn accepts(validator: &Validator, value: &Json, what: &str) {
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path))
        .collect();
    assert!(errors.is_empty(), "{what}: {}\n{value}", errors.join("\n"));
}

/// The documents of a policy text.
fn documents(text: &str) -> Vec<Json> {
    let documents = serde_yaml_ng::Deserializer::from_str(text.trim_start_matches('\u{feff}'));
    let read = |document| serde::Deserialize::deserialize(document).expect("the text is YAML");
    documents
        .map(read)
        .filter(|document: &Json| !document.is_null())
        .collect()
}

#[test]
fn forms_are_policies() {
    let policy = validator("policy");
    for entry in std::fs::read_dir(spec().join("vectors/forms")).expect("the forms are there") {
        let path = entry.expect("it can be read").path();
        for document in documents(&std::fs::read_to_string(&path).expect("it can be read")) {
            accepts(&policy, &document, &path.display().to_string());
        }
    }
}

#[test]
fn vectors_fit_and_so_do_their_policies_requests_and_records() {
    let [vector, policy, request, record, state] =
        ["vector", "policy", "request", "record", "state"].map(validator);
    for file in files() {
        accepts(&vector, &file.json, &file.name);
        for case in &file.cases {
            let what = format!("{}/{}", file.name, case.name);
            let read = |text: &str| serde_json::from_str::<Json>(text);
            if case.json.get("load_errors").is_some() {
                continue;
            }
            for source in &case.sources {
                documents(&source.text)
                    .iter()
                    .for_each(|document| accepts(&policy, document, &what));
            }
            accepts(&state, &read(&case.state).expect("a state is JSON"), &what);
            if case.json.get("request_errors").is_some() {
                continue;
            }
            accepts(&request, &read(&case.request).expect("a request is JSON"), &what);
            let set = BailiwickEngine.load(&case.sources).expect("it compiles");
            let made = BailiwickEngine
                .decide(&set, &case.request, &case.state)
                .expect("it is read");
            accepts(&record, &made, &what);
        }
    }
}

#[test]
fn examples_of_the_text_are_policies() {
    let policy = validator("policy");
    for chapter in [
        "01-documents",
        "05-vocabulary",
        "11-forms",
        "14-limits",
        "15-switches-and-roles",
        "16-data-and-compliance",
        "17-gates-and-advice",
        "18-evidence",
        "README",
    ] {
        let text =
            std::fs::read_to_string(spec().join(format!("{chapter}.md"))).expect("the chapter is there");
        for block in text
            .split("```yaml\n")
            .skip(1)
            .filter_map(|rest| rest.split("```").next())
        {
            // `...` stands for more actions of a list; parts of documents are not documents.
            let whole = [
                "policy:",
                "schema:",
                "repo_policy:",
                "access_rule:",
                "agent_onboarding:",
                "autonomy_modes:",
                "budget:",
                "kill_switch:",
                "emergency_stop:",
                "decision_matrix:",
                "roles:",
                "task_contract:",
                "credential_lease:",
                "risk_tiers:",
                "human_oversight:",
                "switches:",
                "model_policy:",
                "data_classification:",
                "retention:",
                "artifact_policy:",
                "limits:",
                "compliance:",
                "autonomy_expansion_gate:",
                "phase_3_promotion:",
                "production_readiness:",
                "sandbox_hardening:",
                "rollback_triggers:",
                "slos:",
                "pipeline:",
                "platform_change:",
                "failure_advice:",
                "incident_response:",
                "redaction:",
                "version:",
                "rules:",
            ];
            if whole.iter().any(|key| block.starts_with(key))
                && !block.contains("...")
                && !["MUTATING", "LEAVING", "FILES"]
                    .iter()
                    .any(|list| block.contains(list))
            {
                documents(block)
                    .iter()
                    .for_each(|document| accepts(&policy, document, chapter));
            }
        }
    }
}

#[test]
fn mistakes_are_refused() {
    let refuse = |name: &str, mistakes: &[Json]| {
        let validator = validator(name);
        for mistake in mistakes {
            assert!(!validator.is_valid(mistake), "{name}: {mistake} passes");
        }
    };
    let rule = |rule: Json| json!({"rules": [rule]});
    refuse(
        "policy",
        &[
            json!({}),
            json!("text"),
            json!({"rulez": []}),
            json!({"policy": {"id": "a b"}}),
            json!({"policy": {"level": "planet"}}),
            json!({"policy": {"language": "2020-01"}}),
            json!({"default": "deny"}),
            json!({"applies_to": {"platform": "x"}}),
            json!({"applies_to": {}}),
            json!({"definitions": {"a-b": 1}}),
            json!({"schema": {"attributes": {"cost": "string"}}}),
            json!({"schema": {"actions": {"deploy_docs": {}}}}),
            rule(json!({"id": "x"})),
            rule(json!({"allow": "file.read"})),
            rule(json!({"id": "x", "allow": "file.raed"})),
            rule(json!({"id": "x", "allow": []})),
            rule(json!({"id": "x", "allow": "file.read", "deny": "file.read"})),
            rule(json!({"id": "x", "ask": "deploy"})),
            rule(json!({"id": "x", "gate": "deploy"})),
            rule(json!({"id": "x", "require": "deploy"})),
            rule(json!({"id": "x", "deny": "deploy", "approval": {"count": 1}})),
            rule(json!({"id": "x", "ask": "deploy", "approval": {"count": 17}})),
            rule(json!({"id": "x", "ask": "deploy", "approval": {"count": 1, "timeout": "soon"}})),
            rule(json!({"id": "x", "allow": "deploy", "unknown": "ask"})),
            rule(json!({"id": "x", "deny": "deploy", "bypass": {"roles": ["a"]}})),
            rule(json!({"id": "x", "deny": "deploy", "subject_type": "robot"})),
            rule(json!({"id": "x", "deny": "deploy", "patth": "a"})),
            rule(json!({"id": "x", "deny": "deploy", "not": {"when": "a"}})),
            rule(json!({"id": "x", "deny": "deploy", "obligations": ["shout"]})),
            json!({"switches": [{"id": "x"}]}),
            json!({"switches": [{"id": "x", "denies": "*", "max_age": 5}]}),
            json!({"repo_policy": {}}),
            json!({"repo_policy": {"repo": "r", "forbiden_paths": ["a"]}}),
            json!({"access_rule": {"allow_if": ["a"]}}),
            json!({"agent_onboarding": {"repo": "r", "required_reviewers": ["a"]}}),
            json!({"approval_workflows": {"w": {"approvers": 1}}}),
            json!({"kill_switch": {"global": {}}}),
            json!({"kill_switch": {"campaign": {"pause_waves": true}}}),
            json!({"emergency_stop": {"activate": {"roles": ["cto"]}, "deactivate": {"roles_all": ["cto"]}}}),
            json!({"decision_matrix": {"action": "deploy", "rows": [{"environment": "dev"}]}}),
            json!({"decision_matrix": {"action": "deploy", "rows": [{"place": "dev", "agent": "auto"}]}}),
            json!({"roles": {"Viewer": ["run.vieww"]}}),
            json!({"task_contract": {"id": "t"}}),
            json!({"task_contract": {"id": "t", "base": "old"}}),
            json!({"credential_lease": {"kinds": ["a"], "max_ttl": 15}}),
            json!({"risk_tiers": {"low": {"audit": "full"}}}),
            json!({"human_oversight": {"always": [{"environment": "dev"}]}}),
            json!({"switches": [{"id": "x", "require": "*"}]}),
            json!({"model_policy": {"task_class": "feature"}}),
            json!({"model_policy": {"allowed_models": []}}),
            json!({"data_classification": {"secret": {"model_context": "perhaps", "artifact": "allowed"}}}),
            json!({"retention": {"log": {"store_days": 0}}}),
            json!({"retention": {"log": {}}}),
            json!({"artifact_policy": {"log": {"acces": "auditor"}}}),
            json!({"limits": {"team.active_pr": 15}}),
            json!({"limits": {"schedule": {"days": ["mon"]}}}),
            json!({"compliance": {"frameworks": ["SOC2"]}}),
            json!({"autonomy_modes": []}),
            json!({"autonomy_expansion_gate": {"merged_rate": "> 70%"}}),
            json!({"phase_three_promotion": {"minimum_runs": 1}}),
            json!({"phase_3_promotion": {}}),
            json!({"production_readiness": {"operations": {"drill": {"wihtin": "90d"}}}}),
            json!({"rollback_triggers": [{"name": "a", "condition": "x >= 3", "action": "rolback"}]}),
            json!({"post_rollback": {"review_deadline": "48h"}}),
            json!({"slos": {"lag": {"p59": "< 2 minutes"}}}),
            json!({"pipeline": {"stages": [{"name": "a"}]}}),
            json!({"pipeline": {"stages": [{"name": "a", "steps": ["5"]}]}}),
            json!({"platform_change": {"prompt": {}}}),
            json!({"failure_advice": {"worker_crash": {"do": "retry", "max": 0}}}),
            json!({"incident_response": {"SEV-1": {"within": "5m"}}}),
            json!({"autonomy_modes": [{"a": ["file.read"], "b": ["file.write"]}]}),
        ],
    );
    let now = "2026-11-20T10:00:00Z";
    refuse(
        "request",
        &[
            json!([]),
            json!({"action": "run.view"}),
            json!({"now": now}),
            json!({"action": "run.view", "now": "soon"}),
            json!({"action": "run.view", "now": now, "repositry": "r"}),
            json!({"action": "run.view", "now": now, "arguments": {"numbr": 1}}),
            json!({"action": "run.view", "now": now, "scope": {"planet": "p"}}),
            json!({"action": "run.view", "now": now, "scope": {"repository": {"tier": "low"}}}),
            json!({"action": "run.view", "now": now, "context": {"root": "/"}}),
            json!({"action": "deploy", "now": now, "rollout": 0.1}),
            json!({"action": "pr.view", "now": now, "number": "7"}),
            json!({"action": "pr.view", "now": now, "number": 9_007_199_254_740_992_i64}),
            json!({"action": "run.view", "now": now, "subject_type": "robot"}),
            json!({"action": "run.view", "now": now, "subject": {"on_behalf_of": {"name": "x"}}}),
            json!({"action": "git.commit", "now": now, "changed_files": [{"path": "a", "change": "touched"}]}),
            json!({"action": "git.commit", "now": now, "changed_files": {"at_most": []}}),
            json!({"action": "run.view", "now": now, "capabilities": "audit"}),
            json!({"action": "run.view", "now": now, "approvals": [{"requirement": "x"}]}),
            json!({"action": "file.read", "now": now, "arguments": {"path": "a", "outside_workspace": true}}),
            json!({"subject": {"type": "human", "id": "a"}, "action": {"name": "run.view"}, "resource": {"type": "run"}, "context": {"now": now}}),
        ],
    );
    refuse(
        "state",
        &[
            json!({"switch": {}}),
            json!({"switches": {"a/b": true}}),
            json!({"switches": {"a/b": {"at": now}}}),
            json!({"switches": {"a/b": {"on": "yes"}}}),
        ],
    );
    refuse(
        "test",
        &[
            json!([]),
            json!([{"name": "a", "input": {}}]),
            json!([{"name": "a", "input": {}, "expect": {"decision": "maybe"}}]),
            json!([{"name": "a", "input": {}, "expect": {"decision": "deny", "rule": "x"}}]),
        ],
    );
    refuse(
        "vector",
        &[
            json!({"cases": []}),
            json!({"theme": "x", "cases": []}),
            json!({"theme": "x", "cases": [{"name": "Not Kebab"}]}),
            json!({"theme": "x", "cases": [{"name": "a-b", "expects": {}}]}),
        ],
    );
    refuse("record", &[json!({}), json!({"decision": "allowed"})]);
}

#[test]
fn a_record_with_one_key_more_or_less_is_refused() {
    let record = validator("record");
    let engine = BailiwickEngine;
    let set = engine.load(&[]).expect("no policies compile");
    let request = r#"{"action": "run.view", "now": "2026-11-20T10:00:00Z"}"#;
    let made = engine.decide(&set, request, "{}").expect("it is read");
    accepts(&record, &made, "a record");
    let stamps = ["decision_id", "run_id", "tool_call_id", "created_at"];
    for key in made
        .as_object()
        .expect("a record is an object")
        .keys()
        .filter(|key| !stamps.contains(&key.as_str()))
    {
        let mut less = made.clone();
        less.as_object_mut().expect("it is one").remove(key);
        assert!(!record.is_valid(&less), "a record without {key} passes");
    }
    let mut more = made.clone();
    more["mood"] = json!("good");
    assert!(!record.is_valid(&more));
}

#[test]
fn yaml_and_json_are_read_alike() {
    assert_eq!(
        yaml("a: [1, 1.0, yes, null, 2026-01-01]").expect("it is YAML"),
        json!({"a": [1, 1.0, "yes", null, "2026-01-01"]})
    );
}

#[test]
fn evidence_fits_its_schemas() {
    use bailiwick::parts::audit::{Chain, Checkpoint, Event};
    use bailiwick::parts::provenance::Provenance;
    let text = std::fs::read_to_string(spec().join("18-evidence.md")).expect("the chapter is there");
    let blocks: Vec<Json> = text
        .split("```json\n")
        .skip(1)
        .filter_map(|rest| serde_json::from_str(rest.split("```").next()?).ok())
        .collect();
    accepts(&validator("redaction-summary"), &blocks[0], "18.1");
    let event = json!({
        "audit_id": "aud_1", "tenant_id": "acme", "actor_type": "agent", "actor": "agent-17", "action": "tool.shell.exec",
        "resource_type": "run", "resource_id": "run_1", "decision": "allowed", "approval_id": null,
        "policy_version": "policy_1", "request_hash": "sha256:...", "result_hash": null,
        "created_at": "2026-07-04T11:02:44+07:00", "details": {"n": 1},
    });
    let (events, entries) = (validator("audit-event"), validator("audit-entry"));
    accepts(&events, &event, "an event");
    let mut chain = Chain::new();
    for _ in 0..2 {
        let event = Event::from_json(&event.to_string()).expect("it is an event");
        let line = chain.append(event).expect("it is an event");
        accepts(
            &entries,
            &serde_json::from_str(&line).expect("it is JSON"),
            "an entry",
        );
    }
    let checkpoint = Checkpoint::of(&chain, "log", "2026-11-20T10:00:00Z").expect("it is not empty");
    let checkpoint = serde_json::from_str(&checkpoint.to_json()).expect("it is JSON");
    accepts(&validator("audit-checkpoint"), &checkpoint, "a checkpoint");
    for (key, value) in [
        ("actor_type", json!("robot")),
        ("created_at", json!("soon")),
        ("actor", json!("")),
        ("chain", json!({})),
    ] {
        let mut wrong = event.clone();
        wrong[key] = value;
        assert!(!events.is_valid(&wrong), "{key}");
    }
    let form = std::fs::read_to_string(spec().join("19-provenance.md")).expect("the chapter is there");
    let form = form
        .split("```yaml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("there is one");
    let form: Json = serde_yaml_ng::from_str(form).expect("it is YAML");
    let made = Provenance::from_json(&form).expect("it is form 18").to_json();
    assert_eq!(
        made["agent_provenance"]["run_id"],
        form["agent_provenance"]["run_id"]
    );
    let mut sound = made.clone();
    sound["agent_provenance"]["records"]["hash"] = json!(format!("sha256:{}", "0".repeat(64)));
    accepts(&validator("provenance"), &sound, "19.1");
    sound["agent_provenance"]["agent"] = json!("x");
    assert!(!validator("provenance").is_valid(&sound));
}

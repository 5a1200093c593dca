//! Cases that chance found, made small: on each of them the engine once answered otherwise than the text.

use bailiwick::machinery::decision::operation_hash;
use bailiwick::{Engine, Level, Outcome, Request, Source, Stamp, State};
use bailiwick_reference::Answer;
use serde_json::{Value as Json, json};

use crate::run;

const NOW: &str = "2026-11-20T10:10:00Z";

/// The answer, on which engine and reference agree.
#[track_caller]
fn agreed(engine: &Engine, request: &Json) -> Answer {
    let request = Request::from_value(request.clone()).unwrap();
    let found = run::engine(engine, &request, &State::none());
    assert_eq!(found, run::reference(engine, &request, &State::none()));
    found
}

fn load(text: &str) -> Engine {
    Engine::load([Source::platform(
        "p.yaml",
        format!("policy: {{id: p, version: 1}}\ndefault: allow\n{text}"),
    )])
    .unwrap()
}

/// The request with one approval for each requirement, by these approvers.
fn approved(engine: &Engine, request: &Json, approvers: &[Json]) -> Json {
    let read = Request::from_value(request.clone()).unwrap();
    let asked = engine
        .decide(&read, &State::none())
        .record(Stamp::default())
        .approvals
        .required;
    let operation = operation_hash(&read).to_string();
    let mut all = Vec::new();
    for one in &asked {
        for approver in approvers {
            all.push(json!({"requirement": one.id, "operation": operation, "approver": approver, "decision": "approve", "at": NOW}));
        }
    }
    let mut answered = request.clone();
    answered["approvals"] = json!(all);
    answered
}

fn change(files: Json) -> Json {
    json!({"action": "change.apply", "arguments": {"changed_files": files, "head_sha": "77"}, "scope": {},
        "context": {"workspace_root": "/work"}, "capabilities": ["*"], "now": NOW})
}

/// 8.7: an approver who names one role and then the other is one person with both.
#[test]
fn one_person_may_fill_a_slot_by_either_of_two_approvals() {
    let engine = load("rules: [{id: r, ask: run.start, approval: {roles: [team-lead]}}]\n");
    let request = json!({"action": "run.start", "scope": {}, "now": NOW});
    let tom = |roles: Json| json!({"id": "tom", "type": "human", "roles": roles});
    let both = approved(&engine, &request, &[tom(json!(["team-lead"])), tom(json!([]))]);
    assert_eq!(agreed(&engine, &both).outcome, Outcome::Allowed);
}

/// 8.9: on one effect the rule is known to match, on another it may: two requirements, and the bypass lifts but its own.
#[test]
fn a_bypass_does_not_answer_what_is_asked_for_another_effect() {
    let engine = load(
        "rules: [{id: r, deny: file.delete, path: 'infra/**', unknown: ask, bypass: {roles: [cto], for: 1h}}]\n",
    );
    let request = change(json!([
        {"path": "infra/a", "change": "deleted"},
        {"path": "src/a", "change": "renamed"},
    ]));
    let cto = json!({"id": "eve", "type": "human", "roles": ["cto"]});
    let answer = agreed(&engine, &request);
    assert_eq!(answer.requirements.len(), 2);
    let mut answered = approved(&engine, &request, &[cto]);
    let bypass_only: Vec<Json> = answered["approvals"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|given| given["requirement"].as_str().unwrap().starts_with("bypass:"))
        .cloned()
        .collect();
    answered["approvals"] = json!(bypass_only);
    assert_eq!(agreed(&engine, &answered).outcome, Outcome::AskApproval);
}

/// 8.9: a bypass that is met leaves nothing of its rule but what is owed afterwards.
#[test]
fn a_met_bypass_owes_only_what_comes_afterwards() {
    let rule = "rules: [{id: r, deny: run.start, obligations: [audit], bypass: {roles: [cto], for: 1h, then: [post_hoc_review]}}]\n";
    let engine = load(rule);
    let request =
        json!({"action": "run.start", "scope": {}, "capabilities": ["post_hoc_review"], "now": NOW});
    let answer = agreed(
        &engine,
        &approved(
            &engine,
            &request,
            &[json!({"id": "eve", "type": "human", "roles": ["cto"]})],
        ),
    );
    assert_eq!(answer.outcome, Outcome::Allowed);
    assert_eq!(answer.obligations.len(), 1);
}

/// 3.7: a gate fires on the effects on which a criterion is not true, and on no others.
#[test]
fn a_gate_is_listed_for_the_effects_on_which_it_fired() {
    let engine = load("rules: [{id: g, gate: file.write, criteria: {there: \"glob(path, 'src/**')\"}}]\n");
    let files = json!([{"path": "src/a", "change": "added"}, {"path": "docs/b", "change": "added"}]);
    let answer = agreed(&engine, &change(files));
    let gate = answer.matched.iter().find(|rule| rule.rule == "g").unwrap();
    assert_eq!(gate.on, [2]);
}

/// 2.5, 7.7: what is owed is the union over the effects, the hold of the one that is unknown included.
#[test]
fn an_unknown_effect_owes_its_hold_beside_a_known_one() {
    let engine = load("rules: [{id: r, require: file.delete, path: 'infra/**', obligations: [rollback]}]\n");
    let request =
        change(json!([{"path": "infra/a", "change": "deleted"}, {"path": "src/a", "change": "renamed"}]));
    let owed: Vec<String> = agreed(&engine, &request)
        .obligations
        .into_iter()
        .map(|(owed, ..)| owed.name)
        .collect();
    assert_eq!(owed, ["hold", "rollback"]);
}

/// 7.8, 4.6: of a guard that is false nothing is left unknown, whatever one of its parts lacks.
#[test]
fn what_a_false_guard_lacks_is_not_among_the_unknowns() {
    let engine = load("rules: [{id: r, only: file.delete, path: 'src/**', origin: human}]\n");
    let request = json!({"action": "file.delete", "scope": {}, "context": {"origin": "issue"}, "now": NOW});
    assert_eq!(agreed(&engine, &request).unknowns.len(), 0);
}

/// 7.3: who belongs to another tenant is said also where no policy set has the request's.
#[test]
fn a_foreign_subject_is_named_beside_an_unknown_tenant() {
    let engine = load("");
    let request = json!({"action": "run.view", "scope": {"tenant": "nobody"}, "subject": {"tenant": "acme"}, "now": NOW});
    let names: Vec<String> = agreed(&engine, &request)
        .matched
        .into_iter()
        .map(|rule| rule.rule)
        .collect();
    assert_eq!(names, ["tenant_boundary", "unknown_tenant"]);
}

/// L1: a document below may not make a request acceptable by declaring a name that the request states.
#[test]
fn declaring_an_attribute_below_loosens_nothing() {
    let platform = || Source::platform("p.yaml", "default: allow\n");
    let below = Source::at(
        Level::Campaign,
        "c.yaml",
        "schema: {attributes: {x.own: {type: int}}}\n",
    );
    let request = |own: Json| json!({"action": "run.view", "scope": {"campaign": "c"}, "context": {"x": {"own": own}}, "now": NOW});
    let (alone, both) = (
        Engine::load([platform()]).unwrap(),
        Engine::load([platform(), below]).unwrap(),
    );
    assert_eq!(agreed(&alone, &request(json!(1))).outcome, Outcome::Allowed);
    assert_eq!(agreed(&both, &request(json!(1))).outcome, Outcome::Allowed);
    assert_eq!(agreed(&both, &request(json!("one"))).outcome, Outcome::Denied);
}

/// 2.4: a source without a word in it is a source: the set without tenant exists.
#[test]
fn an_empty_source_without_tenant_makes_the_set_without_tenant() {
    let sources = [
        Source::platform("p.yaml", "default: allow\n"),
        Source::at(Level::Team, "t.yaml", ""),
        Source::at(Level::Team, "b.yaml", "rules: [{id: r, deny: git.push}]\n").of_tenant("beta"),
    ];
    let engine = Engine::load(sources).unwrap();
    let answer = agreed(
        &engine,
        &json!({"action": "run.view", "scope": {"team": null}, "now": NOW}),
    );
    assert_eq!(answer.outcome, Outcome::Allowed);
}

/// 4.6, 7.2: two tests that no value passes are unknown together where the value is, and the rule fires; the tree must
/// lead to it.
#[test]
fn a_rule_that_no_value_fits_fires_where_the_value_is_unknown() {
    let other = |id: &str| format!("  - {{id: {id}, deny: run.start, network_profile: {id}}}\n");
    let others: String = ["a", "b", "c", "d"].map(other).concat();
    let rule = "  - {id: torn, deny: run.view, network_profile: open, when: network_profile == 'closed'}\n";
    let engine = load(&format!("rules:\n{rule}{others}"));
    let answer = agreed(&engine, &json!({"action": "run.view", "scope": {}, "now": NOW}));
    assert_eq!(answer.outcome, Outcome::Denied);
    let said = json!({"action": "run.view", "scope": {}, "context": {"network_profile": "open"}, "now": NOW});
    assert_eq!(agreed(&engine, &said).outcome, Outcome::Allowed);
}

//! Tables and lists of the text, read off row by row: what a differential test cannot see, since engine and reference
//! share the model, and what chance seldom meets.

use bailiwick::machinery::decision::operation_hash;
use bailiwick::machinery::model::{Kind, PolicySet};
use bailiwick::{Engine, Level, Outcome, Request, Source, Stamp, State};
use bailiwick_reference::Answer;
use serde_json::{Value as Json, json};

use crate::run;

fn load(text: &str) -> Engine {
    Engine::load([Source::platform("p.yaml", text.to_owned())]).unwrap_or_else(|found| panic!("{found}"))
}

/// The answer, on which engine and reference agree.
#[track_caller]
fn decide(engine: &Engine, request: &Json, state: &State) -> Answer {
    let request = Request::from_value(request.clone()).unwrap();
    let found = run::engine(engine, &request, state);
    assert_eq!(found, run::reference(engine, &request, state));
    found
}

fn at(time: &str) -> String {
    format!("2026-11-20T{time}:00Z")
}

/// A row of the table of 8.6: approvals as `T 10:05`, the time, the state.
#[track_caller]
fn timeline(valid_for: &str, approvals: &[&str], now: &str, expected: &str) {
    let policy = format!(
        "policy: {{id: p, version: 1}}\ndefault: allow\nrules:\n  - {{id: r, ask: deploy, approval: {{count: 2, roles: [team-lead, \
         on-call-engineer], timeout: 30m, escalation: engineering-lead{valid_for}}}}}\n"
    );
    let engine = load(&policy);
    let mut request = json!({
        "action": "deploy", "arguments": {"digest": "sha256:00"}, "scope": {}, "capabilities": ["*"],
        "asked_at": at("10:00"), "now": at(now),
    });
    let read = Request::from_value(request.clone()).unwrap();
    let asked = engine
        .decide(&read, &State::none())
        .record(Stamp::default())
        .approvals
        .required;
    let person = |given: &&str| {
        let (who, time) = given.split_once(' ').unwrap();
        let role = match who {
            "T" => "team-lead",
            "O" => "on-call-engineer",
            _ => "engineering-lead",
        };
        json!({
            "requirement": asked[0].id, "operation": operation_hash(&read).to_string(), "decision": "approve",
            "approver": {"id": who, "type": "human", "roles": [role]}, "at": at(&format!("{time:0>5}")),
        })
    };
    request["approvals"] = approvals.iter().map(person).collect();
    let answer = decide(&engine, &request, &State::none());
    assert_eq!(
        answer.requirements.values().collect::<Vec<_>>(),
        [expected],
        "{approvals:?} at {now}"
    );
}

#[test]
fn the_worked_table_of_8_6() {
    timeline("", &[], "10:10", "outstanding");
    timeline("", &["T 10:05"], "10:10", "outstanding");
    timeline("", &["T 10:05", "O 10:20"], "10:20", "satisfied");
    timeline("", &["T 10:05", "O 10:30"], "10:30", "satisfied");
    timeline("", &["T 10:05"], "10:30", "outstanding");
    timeline("", &["T 10:05", "O 10:31"], "10:31", "outstanding");
    timeline("", &["T 10:05", "E 10:20"], "10:31", "outstanding");
    timeline("", &["E 10:31"], "10:31", "satisfied");
    timeline("", &[], "11:00", "outstanding");
    timeline("", &["E 11:00"], "11:00", "satisfied");
    timeline("", &[], "11:01", "blocked");
    timeline("", &["E 11:01"], "11:01", "blocked");
    timeline("", &["E 10:45"], "12:00", "satisfied");
    timeline("", &["T 9:59", "O 10:05"], "10:10", "outstanding");
    timeline("", &["T 10:05", "O 10:40"], "10:10", "outstanding");
    timeline(", valid_for: 1h", &["T 10:05", "O 10:20"], "11:06", "blocked");
    timeline(", valid_for: 1h", &["T 10:05", "O 10:20"], "11:05", "satisfied");
    // An approval at the first end is no escalation: its turn begins after it.
    timeline("", &["E 10:30"], "10:31", "outstanding");
}

/// The actions that a rule of a repository's document names.
fn actions_of(form: &str, rule: &str) -> Vec<String> {
    let sources = [
        Source::platform("p.yaml", "default: allow\n"),
        Source::at(Level::Repository, "r.yaml", form.to_owned()).for_entity(Level::Repository, "r"),
    ];
    let engine = Engine::load(sources).unwrap_or_else(|found| panic!("{found}"));
    let set: Vec<&PolicySet> = engine.sets().map(|compiled| &compiled.set).collect();
    let found = set[0]
        .own
        .rules
        .iter()
        .find(|known| known.id == rule && !matches!(known.kind, Kind::Allow))
        .unwrap();
    found
        .actions
        .iter()
        .map(|action| set[0].schema().action(*action).name.clone())
        .collect()
}

/// 5.5: the least modes, by what each cap denies. What mutates and is listed nowhere needs the highest.
#[test]
fn a_cap_denies_what_needs_a_higher_mode() {
    let denied = |mode: &str| {
        actions_of(
            &format!("repo_policy: {{repo: r, autonomy_level: {mode}}}\n"),
            "autonomy_level",
        )
    };
    let rows = [
        ("analysis_only", "file.write", "file.read"),
        ("analysis_only", "file.delete", "context.include"),
        ("analysis_only", "patch.apply", "shell.exec"),
        ("dry_run", "git.commit", "file.move"),
        ("local_branch", "git.push", "git.branch"),
        ("draft_pr", "pr.create", "pr.create_draft"),
        ("supervised_pr", "pr.mark_ready", "pr.update"),
        ("autonomous_pr", "campaign.create", "pr.mark_ready"),
        ("autonomous_pr", "pr.merge", "file.delete"),
        ("autonomous_pr", "deploy", "command.run"),
    ];
    for (mode, above, within) in rows {
        let denied = denied(mode);
        assert!(denied.contains(&above.to_owned()), "{mode} denies {above}");
        assert!(
            !denied.contains(&within.to_owned()),
            "{mode} does not deny {within}"
        );
    }
}

/// 5.5, cases 3 and 4 for actions that the table of modes does not list.
#[test]
fn what_no_mode_lists_needs_the_highest() {
    let denied = actions_of(
        "repo_policy: {repo: r, autonomy_level: autonomous_pr}\n",
        "autonomy_level",
    );
    for action in ["pr.merge", "deploy", "policy.change", "credential.lease"] {
        assert!(denied.contains(&action.to_owned()), "{action}");
    }
}

/// 1.6: who sees a definition, and who may not define it again.
#[test]
fn definitions_are_seen_downwards_by_those_who_can_meet() {
    let platform = || Source::platform("p.yaml", "default: allow\ndefinitions: {high: [a]}\n");
    let team = |name: &str, text: &str| {
        Source::at(Level::Team, format!("{name}.yaml"), text.to_owned()).for_entity(Level::Team, name)
    };
    let repository = |text: &str| Source::at(Level::Repository, "r.yaml", text.to_owned());
    let loads = |sources: Vec<Source>| Engine::load(sources).is_ok();
    let uses = |name: &str| format!("rules: [{{id: r, deny: git.push, when: network_profile in {name}}}]\n");
    assert!(loads(vec![platform(), repository(&uses("high"))]));
    assert!(
        !loads(vec![platform(), repository("definitions: {high: [b]}\n")]),
        "defined above"
    );
    assert!(loads(vec![
        platform(),
        team("a", "definitions: {own: [x]}\n"),
        repository(&uses("own"))
    ]));
    assert!(
        !loads(vec![
            platform(),
            team("a", &uses("own")),
            repository("definitions: {own: [x]}\n")
        ]),
        "defined below"
    );
    assert!(
        !loads(vec![
            platform(),
            team("a", "definitions: {own: [x]}\n"),
            team("b", &uses("own"))
        ]),
        "of another team"
    );
    let both = vec![
        platform(),
        team("a", "definitions: {own: [x]}\n"),
        team("b", "definitions: {own: [y]}\n"),
    ];
    assert!(loads(both.clone()), "two teams never meet");
    assert!(
        !loads(both.into_iter().chain([repository(&uses("own"))]).collect()),
        "the repository cannot tell which"
    );
}

/// 1.5: every line of a scope must match; null matches nothing; a source's entity and `applies_to` must both.
#[test]
fn a_document_applies_where_its_whole_scope_matches() {
    let text = "policy: {id: d, version: 1}\napplies_to: {team: payments, repository: [pay-*, tools]}\nrules: [{id: r, deny: git.push}]\n";
    let engine = Engine::load([
        Source::platform("p.yaml", "default: allow\n"),
        Source::at(Level::Repository, "r.yaml", text),
    ])
    .unwrap();
    let outcome = |team: Json, repository: Json| {
        let request = json!({"action": "git.push", "scope": {"team": team, "repository": repository}, "now": at("10:00")});
        decide(&engine, &request, &State::none()).outcome
    };
    assert_eq!(outcome(json!("payments"), json!("pay-api")), Outcome::Denied);
    assert_eq!(outcome(json!("payments"), json!("tools")), Outcome::Denied);
    assert_eq!(outcome(json!("payments"), json!("other")), Outcome::Allowed);
    assert_eq!(outcome(json!("web"), json!("pay-api")), Outcome::Allowed);
    assert_eq!(outcome(Json::Null, json!("pay-api")), Outcome::Allowed);
    assert_eq!(outcome(json!("payments"), Json::Null), Outcome::Allowed);
}

/// 3.3: a glob of an `allow` rule contains built-in actions only; everywhere else it contains extension actions.
#[test]
fn an_extension_action_is_granted_by_its_name_alone() {
    let schema = "schema: {actions: {x.docs: {arguments: {x.site: {type: string}}}}}\n";
    let outcome = |rules: &str| {
        let engine = load(&format!("policy: {{id: p, version: 1}}\n{schema}{rules}"));
        decide(
            &engine,
            &json!({"action": "x.docs", "scope": {}, "now": at("10:00")}),
            &State::none(),
        )
        .outcome
    };
    assert_eq!(outcome("default: allow\n"), Outcome::Denied);
    assert_eq!(outcome("rules: [{id: r, allow: x.docs}]\n"), Outcome::Allowed);
    assert_eq!(outcome("rules: [{id: r, allow: 'x.*'}]\n"), Outcome::Allowed);
    assert_eq!(
        outcome("rules: [{id: r, allow: x.docs}, {id: no, deny: '*'}]\n"),
        Outcome::Denied
    );
}

/// 7.4, case 3: an effect is granted with its action only where neither an `allow` nor an `only` rule names its kind.
#[test]
fn an_only_rule_of_the_platform_ends_what_is_granted_with_its_action() {
    let outcome = |rule: &str| {
        let engine = load(&format!(
            "policy: {{id: p, version: 1}}\nrules: [{{id: shell, allow: shell.exec}}{rule}]\n"
        ));
        let request =
            json!({"action": "shell.exec", "arguments": {"argv": ["git"]}, "scope": {}, "now": at("10:00")});
        decide(&engine, &request, &State::none()).outcome
    };
    assert_eq!(outcome(""), Outcome::Allowed);
    assert_eq!(
        outcome(", {id: programs, only: command.run, program: git}"),
        Outcome::Denied
    );
    assert_eq!(
        outcome(", {id: programs, allow: command.run, program: git}"),
        Outcome::Allowed
    );
}

/// 7.6: rules of the repository's level see what onboarding says of it, however many of them ask for other values.
#[test]
fn a_rule_finds_the_risk_tier_that_onboarding_states() {
    let rule = |tier: &str| format!("  - {{id: {tier}, deny: git.push, risk_tier: {tier}}}\n");
    let rules: String = ["low", "medium", "high", "critical", "regulated"]
        .map(rule)
        .concat();
    let text = format!(
        "policy: {{id: d, version: 1}}\nagent_onboarding: {{repo: tools, risk_tier: high}}\nrules:\n{rules}"
    );
    let sources = [
        Source::platform("p.yaml", "default: allow\n"),
        Source::at(Level::Repository, "r.yaml", text),
    ];
    let engine = Engine::load(sources).unwrap();
    // The request may be silent, say the same, or contradict: what the rules see is one thing.
    for said in [
        json!({"id": "tools"}),
        json!({"id": "tools", "risk_tier": "high"}),
        json!({"id": "tools", "risk_tier": "low"}),
    ] {
        let request = json!({"action": "git.push", "scope": {"repository": said}, "now": at("10:00")});
        let answer = decide(&engine, &request, &State::none());
        assert!(answer.matched.iter().any(|rule| rule.rule == "high"), "{request}");
        assert!(!answer.matched.iter().any(|rule| rule.rule == "low"), "{request}");
    }
}

/// 1.5: a list of exact names means any of them.
#[test]
fn every_name_of_a_scope_counts() {
    let text = "applies_to: {repository: [tools, pay-api]}\nrules: [{id: r, deny: git.push}]\n";
    let engine = Engine::load([
        Source::platform("p.yaml", "default: allow\n"),
        Source::at(Level::Repository, "r.yaml", text),
    ])
    .unwrap();
    for (repository, expected) in [
        ("pay-api", Outcome::Denied),
        ("tools", Outcome::Denied),
        ("pay", Outcome::Allowed),
    ] {
        let request = json!({"action": "git.push", "scope": {"repository": repository}, "now": at("10:00")});
        assert_eq!(
            decide(&engine, &request, &State::none()).outcome,
            expected,
            "{repository}"
        );
    }
}

/// 2.3, 5.6: the constants of a built-in enumeration are the platform's.
#[test]
fn a_lower_level_does_not_replace_an_enumeration() {
    let schema = "schema: {enumerations: {risk_tier: [low, sealed]}}\n";
    assert!(Engine::load([Source::platform("p.yaml", schema)]).is_ok());
    assert!(
        Engine::load([
            Source::platform("p.yaml", "default: allow\n"),
            Source::at(Level::Team, "t.yaml", schema)
        ])
        .is_err()
    );
}

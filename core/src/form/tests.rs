//! The listed forms load as they stand, and each means what the native document written beside it in spec/11-forms.md does:
//! both give the same records, apart from hashes and places.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

mod data;

use serde_json::{Value as Json, json};

use crate::engine::Engine;
use crate::record::Stamp;
use crate::request::{Request, State};
use crate::schema::{Action, ActionId, Schema};
use crate::source::{Level, Source};
use crate::suite::Suite;

const FORMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/vectors/forms/");
const NATIVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/form/tests/");
const OPEN: &str = "policy: {id: base, version: 1}\ndefault: allow\n";

fn read(path: String) -> String {
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn form(name: &str) -> String {
    read(format!("{FORMS}{name}.yaml"))
}

/// The native document, with the lists of actions put in that the text names in capitals.
fn native(name: &str) -> String {
    let schema = Schema::builtin();
    let list = |test: &dyn Fn(ActionId, &Action) -> bool| {
        let names = schema
            .actions()
            .filter(|&(id, action)| test(id, action))
            .map(|(_, action)| action.name.as_str());
        format!("[{}]", names.collect::<Vec<_>>().join(", "))
    };
    let class = schema.attribute_named("change_class").expect("it is built in");
    let leaving_with = |argument: &str| {
        let argument = schema.attribute_named(argument).expect("it is built in");
        list(&|id, action| action.leaves_workspace && schema.belongs(argument, id))
    };
    let quoted = leaving_with("changed_files")
        .replace('[', "[\"")
        .replace(']', "\"]")
        .replace(", ", "\", \"");
    // What stands in 5.5, each mode with those before it.
    let draft = [
        "file.read",
        "context.include",
        "model.call",
        "file.write",
        "file.delete",
        "file.move",
        "patch.apply",
        "artifact.write",
        "git.commit",
        "git.branch",
        "git.push",
        "pr.create_draft",
    ];
    let above = |more: &[&str]| {
        let may = |name: &str| draft.contains(&name) || more.contains(&name);
        list(&|_, action| action.mutates && !may(&action.name))
    };
    read(format!("{NATIVE}{name}.yaml"))
        .replace("[FILES]", &quoted)
        .replace("FILES", &leaving_with("changed_files"))
        .replace("LINES", &leaving_with("lines_changed"))
        .replace("BASED", &leaving_with("base_sha"))
        .replace(
            "CLASSED",
            &list(&|id, action| action.leaves_workspace && schema.belongs(class, id)),
        )
        .replace("LEAVING", &list(&|_, action| action.leaves_workspace))
        .replace("MUTATING", &list(&|_, action| action.mutates))
        .replace("ABOVE_SUPERVISED_PR", &above(&["pr.create", "pr.update"]))
        .replace("ABOVE_DRAFT_PR", &above(&[]))
}

fn engine(level: Level, text: &str) -> Engine {
    let mut sources = vec![Source::at(
        level,
        "document.yaml",
        format!("policy: {{id: same, version: 1}}\n{text}"),
    )];
    if level != Level::Platform {
        sources.push(Source::platform("base.yaml", OPEN));
    }
    Engine::load(sources).unwrap_or_else(|found| panic!("{found}"))
}

/// The same where the platform grants everything else.
fn open(text: &str) -> String {
    format!("default: allow\n{text}")
}

fn request(mut keys: Json) -> Request {
    for entity in ["organization", "team", "campaign", "task", "runtime"] {
        keys.as_object_mut()
            .expect("keys")
            .entry(entity)
            .or_insert(Json::Null);
    }
    let keys = keys.as_object_mut().expect("keys");
    keys.entry("now").or_insert(json!("2026-11-20T10:00:00Z"));
    keys.entry("capabilities").or_insert(json!(["*"]));
    keys.entry("subject")
        .or_insert(json!({"type": "agent", "id": "a"}));
    Request::from_value(Json::Object(keys.clone())).expect("the request fits")
}

/// What a record says, without where it was written and the hashes of that.
fn said(engine: &Engine, keys: &Json) -> Json {
    let mut record = engine
        .decide(&request(keys.clone()), &State::none())
        .record(Stamp::default())
        .to_json();
    forget(&mut record);
    record
}

fn forget(json: &mut Json) {
    match json {
        Json::Object(keys) => {
            keys.retain(|key, _| {
                !key.ends_with("hash")
                    && !["line", "column", "place", "source", "explanation", "policies"].contains(&&**key)
            });
            keys.values_mut().for_each(forget);
        }
        Json::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}

#[track_caller]
fn same(level: Level, form: &str, native: &str, requests: &[Json]) {
    let (form, native) = (engine(level, form), engine(level, native));
    let mut outcomes = std::collections::BTreeSet::new();
    for keys in requests {
        let record = said(&form, keys);
        assert_eq!(record, said(&native, keys), "{keys}");
        outcomes.insert(format!("{} {}", record["decision"], record["obligations"]));
    }
    assert!(
        1 < outcomes.len(),
        "the requests tell something apart: {outcomes:?}"
    );
}

#[test]
fn repo_policy_is_its_native_document() {
    let passed = json!({"maven_compile": "passed", "unit_tests": "passed", "secret_scan_delta": "passed", "semgrep_delta": "passed"});
    let open = |class: &str, verifiers: &Json| json!({"tool": "pr.create", "repository": "payment-service", "change_class": class, "evidence": {"verifiers": verifiers}});
    let mut failed = passed.clone();
    failed["unit_tests"] = "failed".into();
    let requests = [
        open("test_change", &passed),
        open("test_change", &failed),
        open("ci_workflow_change", &passed),
        open("code_change", &json!({})),
        json!({"tool": "pr.merge", "repository": "payment-service", "evidence": {"verifiers": passed}}),
        json!({"tool": "pr.merge", "repository": "payment-service", "subject": {"type": "human", "id": "h"}, "change_class": "test_change"}),
        json!({"tool": "file.write", "repository": "payment-service", "path": "src/a"}),
        json!({"tool": "file.write", "repository": "payment-service", "path": ".github/workflows/build.yml"}),
        json!({"tool": "file.delete", "repository": "payment-service", "path": "secrets", "recursive": true}),
        json!({"tool": "file.read", "repository": "payment-service", "path": "secrets/key"}),
        json!({"tool": "shell.exec", "repository": "payment-service", "argv": ["curl", "https://repo.example.org"]}),
        json!({"tool": "network.connect", "repository": "payment-service", "host": "repo.example.org"}),
        json!({"tool": "file.write", "repository": "another", "path": "secrets/key"}),
        json!({"tool": "file.write", "repository": null, "path": "secrets/key"}),
        json!({"tool": "pr.create"}),
    ];
    same(
        Level::Repository,
        &form("01-repo-policy"),
        &native("repo-policy"),
        &requests,
    );
}

#[test]
fn access_rule_is_its_native_document() {
    let create = |role: &str, tier: &str, count: u32| {
        json!({"tool": "campaign.create", "roles": [role], "repository": {"id": "r", "risk_tier": tier},
            "target_count": count, "campaign": {"id": "c", "autonomy_level": "draft_pr"}})
    };
    let requests = [
        create("CampaignOwner", "low", 5),
        create("CampaignOwner", "low", 51),
        create("CampaignOwner", "critical", 5),
        create("Viewer", "low", 5),
        json!({"tool": "campaign.create", "roles": ["PlatformAdmin"]}),
        json!({"tool": "file.read", "path": "a"}),
    ];
    let keyed = |mut keys: Json| {
        let roles = keys.as_object_mut().expect("keys").remove("roles");
        if let Some(roles) = roles {
            keys["subject"] = json!({"type": "human", "id": "h", "roles": roles});
        }
        keys
    };
    let requests = requests.map(keyed);
    let native = native("access-rule");
    same(Level::Platform, &form("03-access-rule"), &native, &requests);
    same(
        Level::Organization,
        &form("03-access-rule"),
        &native.replace("allow: ", "only: "),
        &with_entity(&requests, "organization"),
    );
}

#[test]
fn budget_is_its_native_document() {
    let call = |tokens: u64, task: u64, day: f64, project: f64| {
        json!({"tool": "model.call", "model": "m", "tokens": tokens, "cost": {"usd": 0.5}, "organization": "acme", "task": "t",
            "repository": "shop", "usage": {"task": {"tokens": task, "usd": 1}, "organization/1d": {"usd": day},
            "repository/30d": {"usd": project}}})
    };
    let requests = [
        call(10, 0, 1.0, 1.0),
        call(10, 79_990, 1.0, 1.0),
        call(11, 99_990, 1.0, 1.0),
        call(10, 0, 199.5, 1.0),
        call(10, 0, 199.51, 1.0),
        call(10, 0, 1.0, 1999.6),
        json!({"tool": "model.call", "organization": "acme", "repository": null}),
        json!({"tool": "run.view", "organization": "acme", "repository": null}),
    ];
    same(
        Level::Organization,
        &form("19-budget"),
        &native("budget"),
        &requests,
    );
}

const GATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/17-gates-and-advice.md");

/// The form and the native document of a section of chapter 17, as they stand there.
fn section(number: &str) -> [String; 2] {
    let chapter = read(GATES.to_owned());
    let section = chapter
        .split("\n## ")
        .find(|section| section.starts_with(&format!("{number} ")))
        .unwrap_or_else(|| panic!("the chapter has no section {number}"));
    let mut blocks = section
        .split("```yaml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().expect("a block ends").to_owned());
    [(); 2].map(|()| blocks.next().expect("a section has a form and what it means"))
}

#[track_caller]
fn means(number: &str, requests: &[Json]) {
    let [form, native] = section(number);
    same(
        Level::Organization,
        &form,
        &native,
        &with_entity(requests, "organization"),
    );
}

fn figures(tool: &str, figures: Json, more: Json) -> Json {
    let mut keys = json!({"tool": tool, "evidence": {"figures": figures}, "repository": null});
    keys.as_object_mut()
        .expect("keys")
        .extend(more.as_object().expect("keys").clone());
    keys
}

#[test]
fn an_autonomy_gate_is_its_native_document() {
    let class = |class: &str| json!({"task_class": class, "autonomy_level": "autonomous_pr"});
    let of = |rate: &str, controls: Json| {
        let mut keys = figures(
            "autonomy.expand",
            json!({"sample_size": 300, "merged_rate": rate, "rollback_rate": "0%", "average_pr_size": 120}),
            class("dependency_patch_minor"),
        );
        keys["evidence"]["attested"] = controls;
        keys
    };
    let all = json!({"repo_allowlist": true, "judge_passed": true});
    means(
        "17.2",
        &[
            of("71%", all.clone()),
            of("70%", all),
            of("71%", json!({"repo_allowlist": true})),
            figures("autonomy.expand", json!({}), class("migration")),
            figures("autonomy.expand", json!({}), json!({"task_class": null})),
        ],
    );
}

#[test]
fn a_phase_is_its_native_document() {
    let of = |runs: u32, trend: &str| {
        let shown = json!({"runs": runs, "pr_creation_failure_rate": "1%", "forbidden_path_incidents": 0, "median_review_time": trend});
        figures("phase.promote", shown, json!({"phase": 3}))
    };
    let other = figures("phase.promote", json!({}), json!({"phase": 4}));
    means(
        "17.3",
        &[
            of(100, "improving"),
            of(99, "improving"),
            of(100, "stable"),
            other,
        ],
    );
}

#[test]
fn checklists_are_their_native_documents() {
    let attested = |tool: &str, attested: Json, more: Json| {
        let mut keys = figures(tool, json!({}), more);
        keys["evidence"]["attested"] = attested;
        keys
    };
    let ready = |age: &str| json!({"system.durable_audit": true, "operations.runbook": true, "operations.stop_drill": age});
    means(
        "17.4",
        &[
            attested("phase.promote", ready("90d"), json!({})),
            attested("phase.promote", ready("91d"), json!({"environment": "dev"})),
            attested("run.start", json!({}), json!({"environment": "production"})),
            attested("run.start", json!({}), json!({"environment": "dev"})),
        ],
    );
    let sandbox = |mounts: &str| json!({"user.run_as_non_root": true, "filesystem.host_mounts": mounts, "process.timeout": true});
    means(
        "17.5",
        &[
            attested("shell.exec", sandbox("none"), json!({"argv": ["make"]})),
            attested("shell.exec", sandbox("all"), json!({"argv": ["make"]})),
            attested("file.read", json!({}), json!({"path": "a"})),
        ],
    );
}

#[test]
fn triggers_are_their_native_documents() {
    let promote = |tool: &str, rate: Json| figures(tool, rate, json!({"service": "shop", "rollout": "5%"}));
    means(
        "17.6",
        &[
            promote("rollout.promote", json!({"error_rate_increase": "9%"})),
            promote("rollout.promote", json!({"error_rate_increase": {"5m": "10%"}})),
            promote("rollout.promote", json!({"error_rate_increase": {"1h": "10%"}})),
            promote("rollout.observe", json!({"error_rate_increase": {"5m": "10%"}})),
        ],
    );
}

#[test]
fn objectives_are_their_native_documents() {
    let leaks = |leaks: u32| json!({"secret_in_model_context": leaks, "run_scheduler_lag.p95": "3m"});
    let person = |level: &str| json!({"autonomy_level": level, "subject": {"type": "human", "id": "h"}});
    means(
        "17.7",
        &[
            figures("run.start", leaks(0), json!({"autonomy_level": "draft_pr"})),
            figures("run.start", leaks(1), json!({"autonomy_level": "draft_pr"})),
            figures("run.start", leaks(1), person("draft_pr")),
            figures("run.start", leaks(1), person("autonomous_pr")),
            figures(
                "run.resume",
                leaks(1),
                json!({"subject": {"type": "human", "id": "h"}}),
            ),
        ],
    );
}

#[test]
fn a_pipeline_is_its_native_document() {
    let of = |tool: &str, errors: &str, tests: &str, more: Json| {
        let shown = json!({"dangerous_patterns": 0, "rollout": "5%", "soaked": "10m", "error_rate": errors});
        let mut keys = figures(tool, shown, more);
        keys["evidence"]["verifiers"] = json!({"unit_tests": tests});
        keys
    };
    let step = |share: &str| json!({"service": "shop", "rollout": share, "environment": "production"});
    means(
        "17.8",
        &[
            of("rollout.promote", "1%", "passed", step("100%")),
            of("rollout.promote", "1%", "passed", step("50%")),
            of("rollout.promote", "3%", "passed", step("100%")),
            of("rollout.promote", "1%", "failed", step("100%")),
            of("rollout.observe", "3%", "passed", step("5%")),
            of("deploy", "1%", "passed", step("5%")),
            of("deploy", "1%", "passed", step("100%")),
            of("deploy", "1%", "failed", json!({"environment": "staging"})),
            of("pr.merge", "1%", "failed", json!({})),
        ],
    );
}

#[test]
fn a_platform_change_is_its_native_document() {
    let of = |part: Json| figures("agent.change", json!({}), json!({"platform_part": part}));
    means(
        "17.9",
        &[
            of("prompt".into()),
            of("instruction_file".into()),
            of("judge".into()),
            of(Json::Null),
            json!({"tool": "file.write", "path": "AGENTS.md", "repository": null}),
            json!({"tool": "file.write", "path": "README.md", "repository": null}),
        ],
    );
}

#[test]
fn advice_is_its_native_document() {
    let of = |failure: &str, attempt: Json| json!({"tool": "failure.report", "failure": failure, "attempt": attempt, "repository": null});
    means(
        "17.10",
        &[
            of("verifier_flaky", 2.into()),
            of("verifier_flaky", 3.into()),
            of("verifier_flaky", Json::Null),
            of("budget_exhausted", Json::Null),
            of("disk_full", Json::Null),
        ],
    );
    let incident = |severity: &str, leaks: u32| {
        let shown = json!({"secret_in_model_context": leaks});
        figures(
            "failure.report",
            shown,
            json!({"severity": severity, "failure": null}),
        )
    };
    means(
        "17.11",
        &[incident("SEV-1", 0), incident("SEV-4", 0), incident("SEV-4", 1)],
    );
}

fn with_entity(requests: &[Json], entity: &str) -> Vec<Json> {
    let with = |keys: &Json| {
        let mut keys = keys.clone();
        keys[entity] = "acme".into();
        keys
    };
    requests.iter().map(with).collect()
}

#[test]
fn agent_onboarding_is_its_native_document_and_facts() {
    let at = |mut keys: Json| {
        keys["repository"] = json!({"id": "payments/retry-service", "risk_tier": "high", "team": "payments-platform",
            "verifier_profile": "payments-java-service", "instructions_file": "AGENTS.md"});
        keys
    };
    let requests = [
        at(json!({"tool": "pr.create_draft", "task_class": "test_generation"})),
        at(json!({"tool": "pr.create_draft", "task_class": "feature"})),
        at(json!({"tool": "pr.create_draft"})),
        at(json!({"tool": "pr.create", "task_class": "test_generation"})),
        at(json!({"tool": "pr.merge", "subject": {"type": "human", "id": "h"}})),
        at(json!({"tool": "file.write", "path": "infra/prod/x", "task_class": "test_generation"})),
        at(json!({"tool": "file.write", "path": "src/x", "task_class": "test_generation"})),
        at(json!({"tool": "file.read", "path": "infra/prod/x"})),
        json!({"tool": "file.write", "path": "infra/prod/x", "repository": "another"}),
    ];
    same(
        Level::Repository,
        &form("07-agent-onboarding"),
        &native("agent-onboarding"),
        &requests,
    );
}

#[test]
fn what_is_onboarded_contradicts_a_request() {
    let engine = engine(Level::Repository, &form("07-agent-onboarding"));
    let keys = json!({"tool": "file.read", "path": "a", "repository": {"id": "payments/retry-service", "risk_tier": "low"}});
    let record = said(&engine, &keys);
    assert_eq!(record["decision"], "denied");
    assert!(
        record["matched_rules"].to_string().contains("contradiction"),
        "{record}"
    );
}

#[test]
fn approval_workflows_are_their_inline_requirements() {
    let rule = |approval: &str| format!("rules: [{{id: r, ask: deploy, approval: {approval}}}]\n");
    let form = form("09-approval-workflows");
    let engine_of = |text: &str| {
        Engine::load([
            Source::platform("base.yaml", OPEN),
            Source::at(Level::Organization, "o.yaml", text),
        ])
        .unwrap_or_else(|found| panic!("{found}"))
    };
    let keys = json!({"tool": "deploy", "organization": "acme", "subject": {"type": "human", "id": "h"}});
    let pairs = [
        (
            "production_deployment",
            "{count: 2, roles: [team-lead, on-call-engineer], timeout: 30m, escalation: engineering-lead}",
        ),
        (
            "security_change",
            "{count: 2, roles: [security-lead, engineering-lead], timeout: 1h, escalation: ciso}",
        ),
        (
            "major_version",
            "{count: 3, roles: [engineering-lead, product-owner, team-lead], timeout: 2h, escalation: cto}",
        ),
        (
            "ai_agent_rule_change",
            "{count: 2, roles: [engineering-lead, security-lead], timeout: 24h, escalation: cto}",
        ),
    ];
    for (name, inline) in pairs {
        let of = |text: &str| said(&engine_of(text), &keys)["approvals"]["required"][0].clone();
        let (named, inline) = (of(&format!("{form}{}", rule(name))), of(&rule(inline)));
        let id = |requirement: &Json| requirement["id"].as_str().expect("an id").to_owned();
        assert!(id(&named).starts_with(&format!("{name}@")), "{named}");
        assert_eq!(
            id(&named).split('@').nth(1),
            id(&inline).split('@').nth(1),
            "{name}"
        );
        for key in ["slots", "timeout", "escalation", "valid_for"] {
            assert_eq!(named[key], inline[key], "{name}");
        }
    }
    let of = |text: &str| said(&engine_of(text), &keys)["approvals"]["required"][0]["id"].clone();
    assert_eq!(
        of(&format!("{form}{}", rule("production_deployment"))),
        "production_deployment@5c35d5e4"
    );
}

#[test]
fn autonomy_modes_as_they_stand_change_nothing() {
    // Form 27 says the modes that 5.5 has where nothing is said.
    let capped = "repo_policy: {repo: r, autonomy_level: draft_pr}\n";
    let engine = |platform: &str| {
        let repository = Source::at(Level::Repository, "r.yaml", capped);
        Engine::load([
            Source::platform("base.yaml", OPEN),
            Source::platform("modes.yaml", platform),
            repository,
        ])
        .unwrap_or_else(|found| panic!("{found}"))
    };
    let (with, without) = (engine(&form("27-autonomy-modes")), engine("{}"));
    for tool in [
        "git.push",
        "pr.create",
        "pr.merge",
        "file.read",
        "file.delete",
        "deploy",
        "campaign.create",
        "run.view",
    ] {
        let keys = json!({"tool": tool, "repository": "r"});
        let of = |engine: &Engine| said(engine, &keys)["matched_rules"].clone();
        assert_eq!(of(&with), of(&without), "{tool}");
    }
    let fewer = engine("autonomy_modes: [{draft_pr: [pr.create, file.write]}, {all: [git.push]}]");
    let decision = |tool: &str| said(&fewer, &json!({"tool": tool, "repository": "r"}))["decision"].clone();
    assert_eq!(
        [decision("pr.create"), decision("git.push"), decision("run.view")],
        ["allowed", "denied", "allowed"]
    );
}

#[test]
fn bypass_is_a_requirement_of_its_rule() {
    let text = form("28-emergency-bypass");
    let sources = [
        Source::platform("base.yaml", OPEN),
        Source::at(Level::Organization, "o.yaml", text),
    ];
    let engine = Engine::load(sources).unwrap_or_else(|found| panic!("{found}"));
    let push = |protected: bool, via: bool| json!({"tool": "git.push", "organization": "acme", "branch": {"name": "main", "protected": protected}, "via_pull_request": via});
    let record = said(&engine, &push(true, false));
    assert_eq!(record["decision"], "denied");
    let id = record["approvals"]["required"][0]["id"]
        .as_str()
        .expect("a requirement")
        .to_owned();
    assert!(
        id.starts_with("bypass:emergency/pr_required_before_merge@"),
        "{id}"
    );
    assert_eq!(said(&engine, &push(true, true))["decision"], "allowed");
    assert_eq!(said(&engine, &push(false, false))["decision"], "allowed");
}

#[test]
fn the_policy_tests_pass() {
    let platform = "
default: allow
rules:
  - {id: network, ask: network.connect, network_profile: default-deny, approval: {count: 1, by: human}}
";
    let repository = Source::at(Level::Repository, "r.yaml", form("01-repo-policy"));
    let engine = Engine::load([Source::platform("base.yaml", platform), repository])
        .unwrap_or_else(|found| panic!("{found}"));
    let tests = Source::at(Level::Repository, "r.test.yaml", form("08-policy-tests"))
        .for_entity(Level::Repository, "payment-service");
    let suite = Suite::parse(&tests).unwrap_or_else(|found| panic!("{found}"));
    assert_eq!(suite.len(), 2);
    let reports = suite.run(&engine);
    let failed: Vec<&str> = reports
        .iter()
        .filter(|report| !report.failures.is_empty())
        .map(|report| &*report.name)
        .collect();
    // Which hosts a command reaches is understood where commands are read; until then the second asks nothing.
    assert!(
        failed
            .iter()
            .all(|name| *name == "require approval for network shell"),
        "{failed:?}"
    );
}

#[test]
fn kill_switch_is_its_native_document() {
    let run = |keys: Json| {
        let mut keys = keys;
        keys["tenant"] = Json::Null;
        keys
    };
    let requests = [
        run(json!({"tool": "run.start", "repository": "a"})),
        run(json!({"tool": "run.resume", "repository": "payment-service", "run": "r"})),
        run(json!({"tool": "pr.create", "repository": "a"})),
        run(json!({"tool": "campaign.advance", "campaign": "cmp_01jz", "repository": null})),
        run(
            json!({"tool": "shell.exec", "argv": ["curl", "https://x.example"], "repository": "a", "run": "r"}),
        ),
        run(json!({"tool": "file.read", "path": "a", "repository": "payment-service"})),
        run(json!({"tool": "file.read", "path": "a", "repository": "a"})),
        run(json!({"tool": "file.read", "path": "a"})),
        json!({"tool": "run.start", "autonomy_level": "draft_pr", "subject": {"type": "human", "id": "h"}, "repository": "a"}),
    ];
    let (form, native) = (form("02-kill-switch"), native("kill-switch"));
    same(Level::Platform, &open(&form), &open(&native), &requests);
    // As it stands on the native document, the switch that the file leaves off is flipped on both alike.
    let state = State::none().with_switch("same/global.cancel_running_runs", true, None);
    let owed = |text: &str| {
        let engine = engine(Level::Platform, &open(text));
        let request = request(json!({"tool": "run.view", "run": "r", "repository": "a"}));
        engine.decide(&request, &state).record(Stamp::default()).to_json()["obligations"].clone()
    };
    assert_eq!(owed(&form), owed(&native));
    assert!(owed(&form).to_string().contains("cancel_run"));
}

#[test]
fn emergency_stop_is_its_native_document() {
    let human = |role: &str| json!({"type": "human", "id": "h", "roles": [role]});
    let done = json!({"figures": {"post_incident_review": "done", "root_cause": "identified", "prevention": "implemented"}});
    let requests = [
        json!({"tool": "emergency_stop.activate", "subject": human("cto")}),
        json!({"tool": "emergency_stop.activate", "subject": human("engineer")}),
        json!({"tool": "emergency_stop.activate"}),
        json!({"tool": "emergency_stop.deactivate", "subject": human("cto"), "evidence": done}),
        json!({"tool": "emergency_stop.deactivate", "subject": human("cto")}),
        json!({"tool": "emergency_stop.deactivate", "evidence": done}),
        json!({"tool": "deploy", "subject": human("cto")}),
    ];
    same(
        Level::Platform,
        &open(&form("29-emergency-stop")),
        &open(&native("emergency-stop")),
        &requests,
    );
}

#[test]
fn task_contract_is_its_native_document() {
    let at = |mut keys: Json| {
        keys["task"] = json!({"id": "task_01jz", "ticket": "RETRY-118"});
        keys["task_class"] = json!("dependency_patch_minor");
        keys["evidence"] = json!({"base_head": "b", "in_flight": ["pom.xml"]});
        keys
    };
    let pr = |files: Json, lines: Json, base: &str| {
        at(
            json!({"tool": "pr.create", "changed_files": files, "lines_changed": lines, "base_sha": base, "head_sha": "h"}),
        )
    };
    let requests = [
        pr(json!(["services/retry/a"]), json!(1), "b"),
        pr(json!(["services/retry/a"]), json!(401), "b"),
        pr(json!(["services/retry/a"]), json!(1), "c"),
        pr(json!(["services/retry/gen/a"]), json!(1), "b"),
        pr(
            json!(["services/retry/gen/a", "services/retry/api.proto"]),
            json!(1),
            "b",
        ),
        pr(json!(["pom.xml"]), json!(1), "b"),
        pr(json!({"at_least": ["services/retry/a"]}), json!(null), "b"),
        pr(
            (0..21).map(|at| json!(format!("services/retry/{at}"))).collect(),
            json!(1),
            "b",
        ),
        at(json!({"tool": "file.write", "path": "pom.xml"})),
        at(json!({"tool": "file.write", "path": "other"})),
        at(json!({"tool": "file.write"})),
        json!({"tool": "file.write", "path": "other", "task": {"id": "task_01jz", "ticket": "X"}}),
        json!({"tool": "deploy", "task": {"id": "task_01jz", "ticket": "X"}, "task_class": "feature"}),
    ];
    same(
        Level::Task,
        &form("31-task-contract"),
        &native("task-contract"),
        &requests,
    );
}

#[test]
fn credential_lease_is_its_native_document() {
    let lease = |kind: &str, ttl: Json, repository: Json| json!({"tool": "credential.lease", "credential_kind": kind, "ttl": ttl, "repository": repository});
    let requests = [
        lease("git_installation_token", json!("10m"), json!("a")),
        lease("git_installation_token", json!("16m"), json!("a")),
        lease("git_installation_token", json!(null), json!("a")),
        lease("git_installation_token", json!("10m"), json!(null)),
        lease("root", json!("10m"), json!("a")),
        json!({"tool": "credential.lease"}),
        json!({"tool": "context.include", "path": "a"}),
        json!({"tool": "shell.exec", "argv": ["ls"]}),
    ];
    same(
        Level::Platform,
        &open(&form("32-credential-lease")),
        &open(&native("credential-lease")),
        &requests,
    );
}

/// The document written beside a form in chapter 15: the second block of a section.
fn beside(section: &str) -> [String; 2] {
    let text = read(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/15-switches-and-roles.md").to_owned());
    let part = text
        .split_once(&format!("## {section} "))
        .expect("the chapter has the section")
        .1;
    let part = part.split("\n## ").next().unwrap_or(part);
    let mut blocks = part
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .map(str::to_owned);
    let mut next = || blocks.next().expect("the section has two blocks");
    let schema = Schema::builtin();
    let leaving = schema.actions().filter(|(_, action)| action.leaves_workspace);
    let leaving: Vec<&str> = leaving.map(|(_, action)| action.name.as_str()).collect();
    [
        next(),
        next().replace("LEAVING", &format!("[{}]", leaving.join(", "))),
    ]
}

#[test]
fn the_tables_of_chapter_15_are_the_documents_beside_them() {
    let human = json!({"type": "human", "id": "h", "roles": ["Viewer"]});
    let change = |environment: &str, release: &str| json!({"tool": "change.apply", "change_type": "code", "environment": environment, "release": release});
    let [form, native] = beside("15.4");
    let mut requests = vec![
        change("dev", "patch"),
        change("staging", "patch"),
        change("production", "minor"),
    ];
    requests.push(change("test", "major"));
    requests.push(json!({"tool": "change.apply"}));
    requests.push(json!({"tool": "change.apply", "change_type": "code", "environment": "production", "release": "minor", "subject": human}));
    same(Level::Platform, &open(&form), &open(&native), &requests);

    let [form, native] = beside("15.5");
    let requests = [
        json!({"tool": "run.view", "subject": human}),
        json!({"tool": "task.submit", "subject": human}),
        json!({"tool": "pr.view"}),
        json!({"tool": "deploy"}),
    ];
    same(Level::Platform, &open(&form), &open(&native), &requests);

    let [form, native] = beside("15.8");
    let risk = |risk: Json| json!({"tool": "deploy", "risk": risk});
    let requests = [
        risk(json!("low")),
        risk(json!("medium")),
        risk(json!("high")),
        risk(json!(null)),
        json!({"tool": "deploy"}),
        json!({"tool": "deploy", "risk": "high", "subject": human}),
    ];
    same(Level::Platform, &open(&form), &open(&native), &requests);

    let [form, native] = beside("15.9");
    let deploy = |environment: &str, release: &str| json!({"tool": "deploy", "environment": environment, "release": release});
    let requests = [
        deploy("production", "patch"),
        deploy("staging", "patch"),
        deploy("staging", "major"),
        deploy("dev", "patch"),
        json!({"tool": "deploy"}),
        json!({"tool": "pr.create", "environment": "dev"}),
        json!({"tool": "run.view"}),
    ];
    same(Level::Platform, &open(&form), &open(&native), &requests);
}

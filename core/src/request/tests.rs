//! Requests as tables: what goes in, what comes out or where it is wrong.

#![allow(clippy::panic)] // a test that fails says why

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::schema::{Action, Enumeration, Owner, Scalar, Schema, Type};

const NOW: &str = "2026-07-04T10:12:03Z";

/// Adds the time to a request that does not say it.
fn timed(mut request: Json) -> Json {
    if request.get("now").is_none() {
        request["now"] = NOW.into();
    }
    request
}

/// The normal form of a request, the time left out.
#[track_caller]
fn normal(request: Json) -> Json {
    let read = Request::from_value(timed(request)).unwrap_or_else(|error| panic!("{error}"));
    let again = Request::from_value(read.value().clone()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.value(), again.value(), "the normal form is its own");
    assert_eq!(facts(&read), facts(&again), "the normal form says the same");
    let mut value = read.value().clone();
    if let Json::Object(entries) = &mut value {
        entries.remove("now");
    }
    value
}

fn facts(request: &Request) -> Vec<Fact<&Value>> {
    let all = 0..vocabulary().size();
    all.map(|at| request.fact(AttributeId(at as u16))).collect()
}

#[track_caller]
fn check(request: Json, expected: Json) {
    assert_eq!(normal(request), expected);
}

/// Each problem as `pointer code`.
fn listed(error: &RequestError) -> Vec<String> {
    let line = |problem: &RequestProblem| format!("{} {}", problem.pointer, problem.code);
    error.problems().iter().map(line).collect()
}

#[track_caller]
fn refused(request: Json, expected: &[&str]) {
    match Request::from_value(timed(request.clone())) {
        Ok(read) => panic!("{request} was read as {}", read.value()),
        Err(error) => assert_eq!(listed(&error), expected, "{error}"),
    }
}

#[track_caller]
fn text_refused(text: &str, expected: &[&str]) {
    match Request::from_json(text) {
        Ok(read) => panic!("{text} was read as {}", read.value()),
        Err(error) => assert_eq!(listed(&error), expected, "{error}"),
    }
}

/// The whole message of the first problem.
#[track_caller]
fn says(request: Json, expected: &str) {
    let error = Request::from_value(timed(request)).expect_err("it is refused");
    assert_eq!(error.problems()[0].to_string(), expected);
}

fn request(value: Json) -> Request {
    Request::from_value(timed(value)).unwrap_or_else(|error| panic!("{error}"))
}

fn fact(request: &Request, name: &str) -> Fact<Json> {
    let id = vocabulary()
        .schema
        .attribute_named(name)
        .expect("a built-in attribute");
    request.fact(id).map(written)
}

// -- the text --

#[test]
fn text_is_read_strictly() {
    text_refused("", &[" not-json"]);
    text_refused("[1]", &[" wrong-type"]);
    text_refused(
        r#"{"action":"run.view","now":"2026-07-04T10:12:03Z"} x"#,
        &[" trailing-text"],
    );
    text_refused(r#"{"action": NaN}"#, &["/action not-a-number"]);
    text_refused(r#"{"action": [-Infinity]}"#, &["/action/0 not-a-number"]);
    text_refused(r#"{"a": {"b/c": "\ud800"}}"#, &["/a/b~1c lone-surrogate"]);
    text_refused(r#"{"a": ["\udc00 "]}"#, &["/a/0 lone-surrogate"]);
    text_refused(r#"{"a": 1e999}"#, &["/a number-out-of-range"]);
    text_refused(r#"{"a": [tru]}"#, &["/a/0 not-json"]);
}

#[test]
fn text_problems_are_collected() {
    let text = r#"{"tool":"pr.view","number":9007199254740992,"number":1,"repository":{"id":"a","id":"b"},
        "port":18446744073709551616}"#;
    let expected = [
        "/now missing-key",
        "/number duplicate-key",
        "/number number-out-of-range",
        "/port number-out-of-range",
        "/port unknown-argument",
        "/repository/id duplicate-key",
    ];
    text_refused(text, &expected);
}

#[test]
fn text_has_bounds() {
    let deep = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        format!(r#"{{"action":"run.view","context":{{"properties":{{"a":{open}{close}}}}},"now":"{NOW}"}}"#)
    };
    assert!(Request::from_json(&deep(61)).is_ok());
    let error = Request::from_json(&deep(62)).expect_err("too deep");
    assert_eq!(error.problems()[0].code.0, "request-too-deep");
    assert!(
        Request::from_json(&deep(100_000)).is_err(),
        "and no overflow of the stack"
    );
    let long = " ".repeat(crate::limits::REQUEST_BYTES_MAX + 1);
    text_refused(&long, &[" request-too-long"]);
    let text = "x".repeat(crate::limits::REQUEST_BYTES_MAX);
    refused(
        json!({"tool": "git.commit", "message": text}),
        &[" request-too-long"],
    );
}

#[test]
fn many_problems_are_counted() {
    let files: Vec<i32> = (0..2_000).collect();
    let error = Request::from_value(json!({"changed_files": files, "now": NOW})).expect_err("no paths");
    assert_eq!((error.problems().len(), error.uncounted()), (1_000, 1_000));
    assert!(error.to_string().ends_with("and 1000 more"));
}

#[test]
fn whole_numbers_have_one_form() {
    check(
        json!({"tool": "pr.view", "number": 7.0}),
        json!({"action": "pr.view", "arguments": {"number": 7}}),
    );
}

// -- the forms --

#[test]
fn flat_form() {
    check(
        json!({"task_class": "dependency_patch_minor", "changed_files": [".github/workflows/build.yml"]}),
        json!({
            "action": "change.apply",
            "arguments": {"changed_files": [".github/workflows/build.yml"]},
            "context": {"task_class": "dependency_patch_minor"},
        }),
    );
    check(
        json!({"tool": "shell.exec", "argv": ["curl"], "network_profile": "default-deny", "role": "engineer"}),
        json!({
            "action": "shell.exec",
            "arguments": {"argv": ["curl"]},
            "context": {"network_profile": "default-deny"},
            "subject": {"roles": ["engineer"]},
        }),
    );
    check(
        json!({
            "action": "git.push", "tool": "Bash", "branch": "main", "branch.protected": true,
            "subject": "ann", "subject_type": "human", "repository": "shop", "repository.risk_tier": "high",
            "run": "r1", "evidence.verifiers.unit": "passed", "team": null, "run_id": "run_1",
        }),
        json!({
            "action": "git.push",
            "arguments": {"branch": {"name": "main", "protected": true}},
            "evidence": {"verifiers": {"unit": "passed"}},
            "run_id": "run_1",
            "scope": {
                "repository": {"id": "shop", "risk_tier": "high"},
                "run": {"id": "r1"},
                "team": null,
                "tool": {"id": "Bash"},
            },
            "subject": {"id": "ann", "type": "human"},
        }),
    );
    check(
        json!({"tool": "run.view", "subject": "ann", "roles": ["a"], "subject.tenant": "acme"}),
        json!({"action": "run.view", "subject": {"id": "ann", "roles": ["a"], "tenant": "acme"}}),
    );
    check(
        json!({"tool": "run.view", "subject": {"id": "ann"}, "role": "a"}),
        json!({"action": "run.view", "subject": {"id": "ann", "roles": ["a"]}}),
    );
    refused(
        json!({"tool": "run.view", "subject": {"roles": []}, "role": "a"}),
        &["/role stated-twice"],
    );
    refused(
        json!({"tool": "run.view", "subject": 4, "role": "a"}),
        &["/role stated-twice", "/subject wrong-type"],
    );
    check(
        json!({"tool": "run.view", "x.cost_center": 4}),
        json!({"action": "run.view", "context": {"x": {"cost_center": 4}}}),
    );
    check(
        json!({"tool": "x.deploy_docs", "x.site": "docs", "path": "a"}),
        json!({"action": "x.deploy_docs", "arguments": {"path": "a", "x": {"site": "docs"}}}),
    );
}

#[test]
fn flat_problems_name_what_was_written() {
    refused(json!({"tool": "shell.exec", "argv": 5}), &["/argv wrong-type"]);
    refused(
        json!({"tool": "git.push", "branch.protected": "yes"}),
        &["/branch.protected wrong-type"],
    );
    refused(json!({"tool": "git.push", "branch": 5}), &["/branch wrong-type"]);
    refused(json!({"tool": 5}), &["/tool wrong-type"]);
    refused(
        json!({"tool": "run.view", "subject_type": "robot"}),
        &["/subject_type unknown-constant"],
    );
    refused(
        json!({"tool": "run.view", "role": "a", "roles": ["b"]}),
        &["/roles stated-twice"],
    );
    refused(
        json!({"tool": "git.push", "branch": "a", "branch.name": "b"}),
        &["/branch.name stated-twice"],
    );
    refused(
        json!({"tool": "run.view", "repository": "a", "repository.size": 4}),
        &["/repository.size unknown-key"],
    );
    refused(json!({}), &["/action missing-key"]);
    refused(json!({"tool": "run.view", "x.a/b": 4}), &["/x.a~1b unknown-key"]);
    refused(
        json!({"action": "run.view", "context": {"x.a/b": 4}}),
        &["/context/x.a~1b unknown-key"],
    );
}

#[test]
fn names_are_suggested() {
    says(
        json!({"tool": "shell.exec", "agrv": ["ls"]}),
        "/agrv: `agrv` is not known here [unknown-key]; did you mean `argv`?",
    );
    says(
        json!({"tool": "run.view", "risk_tier": "high"}),
        "/risk_tier: `risk_tier` is not known here [unknown-key]; did you mean `repository.risk_tier`?",
    );
    says(
        json!({"tool": "file.read", "change_class": "documentation"}),
        "/change_class: `change_class` is no argument of `file.read` [unknown-argument]; it has `path`, `recursive`",
    );
    says(
        json!({"action": "file.read", "arguments": {}, "path": "a"}),
        "/path: `path` has a meaning and does not stand here [misplaced-key]; it stands at /arguments/path",
    );
    says(
        json!({"action": "run.view", "scope": {"repo": "a"}}),
        "/scope/repo: `repo` is not known here [unknown-key]; did you mean `repository`?",
    );
    says(
        json!({"action": "run.view", "context": {"enviroment": "dev"}}),
        "/context/enviroment: `enviroment` is not known here [unknown-key]; did you mean `environment`?",
    );
    says(
        json!({"tool": "deploy", "rollout": 10}),
        "/rollout: expected a percentage such as \"10%\", found the number `10` [bare-percent]; write \"10%\"",
    );
}

#[test]
fn full_form() {
    let full = json!({
        "action": "file.write",
        "arguments": {"path": "src/a.rs"},
        "resource": {"type": "file", "id": "src/a.rs", "tenant": "acme"},
        "scope": {"tenant": {"id": "acme"}, "repository": {"id": "shop", "team": "payments"}, "tool": null},
        "subject": {
            "id": "agent-1", "type": "agent", "roles": ["Operator"], "tenant": "acme",
            "on_behalf_of": {"id": "ann", "type": "human", "properties": {"desk": 4}},
        },
        "context": {"environment": "dev", "workspace_root": "/ws", "properties": {"trace": [1, null]}},
        "evidence": {"verifiers": {"unit": "passed", "lint": null}},
        "usage": {"task": {"tokens": 4}, "repository/1d": {"usd": 0.5}},
        "capabilities": ["audit", "notify:*"],
        "approvals": [{
            "requirement": "w@1", "operation": "ab", "approver": {"id": "bob"}, "decision": "approve", "at": NOW,
        }],
        "asked_at": NOW,
        "run_id": "run_1",
        "tool_call_id": "tool_1",
    });
    check(full.clone(), full);
    check(
        json!({"action": "run.view", "scope": {}, "usage": {"repository/24h": {"usd": 0.5}, "task": null}}),
        json!({"action": "run.view", "usage": {"repository/1d": {"usd": 0.5}, "task": null}}),
    );
    check(
        json!({"action": {"name": "git.push"}, "arguments": {"branch.name": "a", "branch": {"protected": false}}}),
        json!({"action": "git.push", "arguments": {"branch": {"name": "a", "protected": false}}}),
    );
    check(
        json!({"action": "run.view", "scope": {"task": "t"}}),
        json!({
            "action": "run.view", "scope": {"task": {"id": "t"}},
        }),
    );
}

#[test]
fn null_is_none_of_all_that_is_below() {
    let read =
        request(json!({"action": "git.push", "arguments": {"branch": null}, "scope": {"repository": null}}));
    assert_eq!(fact(&read, "branch.name"), Fact::Null);
    assert_eq!(fact(&read, "branch.protected"), Fact::Null);
    assert_eq!(fact(&read, "remote"), Fact::Unknown);
    assert_eq!(fact(&read, "repository.risk_tier"), Fact::Null);
    assert_eq!(read.entity(Level::Repository), Fact::Null);
    assert_eq!(read.entity(Level::Task), Fact::Unknown);
    let read = request(json!({"action": "run.view", "scope": null, "context": null, "subject": null}));
    assert_eq!(read.tenant(), Fact::Null);
    assert_eq!(fact(&read, "environment"), Fact::Null);
    assert_eq!(read.entity(Level::ToolCall), Fact::Null);
    assert_eq!(fact(&read, "subject.type"), Fact::Null);
    assert_eq!(fact(&read, "subject.role"), Fact::Null);
    let read = request(json!({"action": "file.read", "arguments": null, "evidence": null}));
    assert_eq!(fact(&read, "path"), Fact::Null);
    assert_eq!(fact(&read, "evidence.verifiers"), Fact::Null);
}

#[test]
fn full_problems() {
    refused(json!({"action": "run.view", "scope": 4}), &["/scope wrong-type"]);
    refused(
        json!({"action": "run.view", "scope": {"repository": 4}}),
        &["/scope/repository wrong-type"],
    );
    refused(
        json!({"action": "run.view", "scope": {"repository": {"onboarded": true}}}),
        &["/scope/repository/onboarded derived-stated"],
    );
    refused(
        json!({"action": "file.read", "arguments": {"path": "a", "outside_workspace": false}}),
        &["/arguments/outside_workspace derived-stated"],
    );
    refused(
        json!({"action": "run.view", "scope": {}, "subject": {"id": 1, "role": "a", "on_behalf_of": {"type": "x"}}}),
        &[
            "/subject/id wrong-type",
            "/subject/on_behalf_of/type unknown-constant",
            "/subject/role unknown-key",
        ],
    );
    refused(
        json!({"action": "run.view", "scope": {}, "subject": {"properties": {"roles": []}}}),
        &["/subject/properties/roles misplaced-key"],
    );
    refused(
        json!({"action": "run.view", "context": {"properties": {"now": NOW, "environment": "dev"}}}),
        &[
            "/context/properties/environment misplaced-key",
            "/context/properties/now misplaced-key",
        ],
    );
    refused(
        json!({"action": "run.view", "approvals": [{"approver": "", "decision": "yes", "at": 4}, 5]}),
        &[
            "/approvals/0/at wrong-type",
            "/approvals/0/decision unknown-constant",
            "/approvals/0/operation missing-key",
            "/approvals/0/requirement missing-key",
            "/approvals/1 wrong-type",
        ],
    );
    refused(
        json!({"action": "run.view", "scope": {}, "now": null}),
        &["/now wrong-type"],
    );
    refused(
        json!({"action": "run.view", "scope": {}, "now": "2026-07-04 10:12:03Z"}),
        &["/now bad-value"],
    );
    refused(
        json!({"action": "run.view", "context": {"workspace_root": "a"}}),
        &["/context/workspace_root bad-value"],
    );
    let chain = (0..20).fold(json!({"id": "a"}), |other, _| json!({"on_behalf_of": other}));
    let error =
        Request::from_value(json!({"action": "run.view", "subject": chain, "now": NOW})).expect_err("long");
    assert_eq!(error.problems()[0].code.0, "too-many");
}

#[test]
fn changed_files() {
    refused(
        json!({"changed_files": [4, {"change": "added"}, {"path": "a", "change": "new"}, {"path": "a", "from": "b"},
            {"path": "", "size": 4}]}),
        &[
            "/changed_files/0 wrong-type",
            "/changed_files/1/path missing-key",
            "/changed_files/2/change unknown-constant",
            "/changed_files/3/from misplaced-key",
            "/changed_files/4/path bad-value",
            "/changed_files/4/size unknown-key",
        ],
    );
    refused(json!({"changed_files": "a"}), &["/changed_files wrong-type"]);
    refused(
        json!({"changed_files": {"at_least": 4}}),
        &["/changed_files/at_least wrong-type"],
    );
    let files = json!({"at_least": ["a", {"path": "./c", "change": "renamed", "from": "b"}]});
    let read = request(json!({"changed_files": files}));
    assert_eq!(read.changes().extent, Extent::Open);
    assert_eq!(
        fact(&read, "changed_files"),
        Fact::Known(json!({"at_least": ["a", "c", "b"]}))
    );
}

#[test]
fn an_unknown_action_is_read() {
    let read = request(json!({"tool": "file.raed", "path": 5, "whatever": {"a": 1}}));
    assert_eq!(
        read.value()["arguments"],
        json!({"path": 5, "whatever": {"a": 1}})
    );
    assert_eq!((read.action_id(), read.action()), (None, "file.raed"));
}

#[test]
fn values_are_typed() {
    let read = request(json!({
        "tool": "deploy", "rollout": "12.5%", "version": "1.2.3", "now": "2026-07-04T10:12:03.5+07:00",
    }));
    assert_eq!(fact(&read, "rollout"), Fact::Known(json!("12.5%")));
    assert_eq!(fact(&read, "now"), Fact::Known(json!("2026-07-04T03:12:03.5Z")));
    let read = request(json!({"tool": "credential.lease", "ttl": "90m"}));
    assert_eq!(fact(&read, "ttl"), Fact::Known(json!("1h30m")));
    for bad in ["", "m", "15", "1h 1m", "99999999999999999999d"] {
        refused(
            json!({"tool": "credential.lease", "ttl": bad}),
            &["/ttl bad-value"],
        );
    }
    for bad in ["", "%", "10", "1e3%", ".5%", "5.%", "+5%", "NaN%"] {
        refused(
            json!({"tool": "deploy", "rollout": bad}),
            &["/rollout bare-percent"],
        );
    }
    for bad in [
        "2026-07-04",
        "2026-07-04T10:12Z",
        "2026-13-04T10:12:03Z",
        "2026-07-04T10:12:03",
        "now",
        "2026-07-04T10:12:03Z[UTC]",
        "2026-07-04T10:12:03+07",
        "2026-07-04T10:12:03.Z",
    ] {
        refused(json!({"tool": "run.view", "now": bad}), &["/now bad-value"]);
    }
    let read = request(json!({"tool": "network.connect", "host": "EXAMPLE.org.", "port": 443}));
    assert_eq!(fact(&read, "host"), Fact::Known(json!("example.org")));
    let read = request(
        json!({"action": "file.read", "arguments": {"path": "/ws/a/../b"}, "context": {"workspace_root": "/ws"}}),
    );
    assert_eq!(fact(&read, "path"), Fact::Known(json!("b")));
    assert_eq!(fact(&read, "outside_workspace"), Fact::Known(json!(false)));
}

// -- subjects --

#[test]
fn a_chain_has_what_all_links_have() {
    let of = |subject: Json| {
        let read = request(json!({"action": "run.view", "subject": subject}));
        (fact(&read, "subject.type"), fact(&read, "subject.role"))
    };
    let agent = |roles: Json| json!({"type": "agent", "roles": roles, "on_behalf_of": {"type": "human", "roles": ["a", "b"]}});
    let known = |roles: Json| (Fact::Known(json!("agent")), Fact::Known(roles));
    assert_eq!(of(agent(json!(["b", "c"]))), known(json!(["b"])));
    assert_eq!(
        of(agent(json!({"at_least": ["b"]}))),
        known(json!({"at_least": ["b"]}))
    );
    assert_eq!(
        of(agent(json!({"at_least": ["b", "a"]}))),
        known(json!(["b", "a"]))
    );
    assert_eq!(of(agent(json!(null))), known(json!([])));
    let unsaid = json!({"type": "human", "roles": ["a"], "on_behalf_of": {}});
    assert_eq!(of(unsaid), (Fact::Unknown, Fact::Unknown));
    let none = json!({"type": "human", "roles": [], "on_behalf_of": {"type": "service"}});
    assert_eq!(of(none), (Fact::Known(json!("service")), Fact::Known(json!([]))));
    assert_eq!(of(json!({})), (Fact::Unknown, Fact::Unknown));
}

#[test]
fn an_operation_is_who_does_what() {
    let asked = |roles: Json, environment: &str| {
        let subject =
            json!({"id": "a", "roles": roles, "on_behalf_of": {"id": "b"}, "properties": {"desk": 1}});
        request(json!({
            "action": "deploy", "subject": subject, "arguments": {"service": "shop"}, "scope": {"team": null},
            "context": {"environment": environment, "origin": "issue"},
        }))
    };
    let operation = |roles: Json, environment: &str| {
        serde_json::to_value(asked(roles, environment).operation()).expect("it is JSON")
    };
    let expected = json!({
        "action": "deploy",
        "arguments": {"service": "shop"},
        "environment": "dev",
        "scope": {"team": null},
        "subject": [{"id": "a", "roles": ["x", "y"]}, {"id": "b"}],
    });
    assert_eq!(operation(json!(["y", "x", "y"]), "dev"), expected);
    assert_ne!(operation(json!(["x", "y"]), "staging"), expected);
}

// -- a policy set's schema --

fn extended() -> Schema {
    let mut schema = Schema::builtin();
    let names = schema.enumeration_named("risk_tier").expect("built in");
    schema.set_constants(names, vec!["green".into(), "red".into()]);
    let enumeration = Enumeration {
        name: "x.site".into(),
        constants: vec!["docs".into(), "blog".into()],
        ordered: false,
        open: false,
        doc: String::new(),
    };
    let sites = schema.add_enumeration(enumeration).expect("new");
    let attribute = |name: &str, ty, owner| crate::schema::Attribute {
        name: name.into(),
        ty,
        owner,
        pointer: format!("/context/{}", name.replace('.', "/")),
        derived: false,
        doc: String::new(),
    };
    let site = attribute("x.site", Type::One(Scalar::Enum(sites)), Owner::Argument);
    let site = schema.add_attribute(site).expect("new");
    let centre = attribute("x.cost.center", Type::One(Scalar::Int), Owner::Request);
    schema.add_attribute(centre).expect("new");
    let action = Action {
        name: "x.publish".into(),
        arguments: vec![site, vocabulary().ids.path],
        bound: Vec::new(),
        mutates: true,
        leaves_workspace: false,
        derives: Vec::new(),
        extension: true,
        doc: String::new(),
    };
    schema.add_action(action).expect("new");
    schema
}

#[track_caller]
fn bound(value: Json, expected: Result<&[Fact<Value>], &[&str]>) {
    let found = request(value).bind(&extended(), &|_| Declared::Always);
    let found = found.map_err(|problems| {
        let line = |problem: &RequestProblem| format!("{} {}", problem.pointer, problem.code);
        problems.iter().map(line).collect::<Vec<_>>()
    });
    match (found, expected) {
        (Ok(found), Ok(expected)) => assert_eq!(found, expected),
        (Err(found), Err(expected)) => assert_eq!(found, expected),
        (found, expected) => panic!("expected {expected:?}, found {found:?}"),
    }
}

#[test]
fn a_policy_set_reads_its_own_names() {
    let (docs, four) = (Fact::Known(Value::text("docs")), Fact::Known(Value::Int(4)));
    let site = |site: &str| json!({"tool": "x.publish", "x.site": site, "x.cost.center": 4, "path": "a"});
    bound(json!({"tool": "run.view"}), Ok(&[])); // what says nothing under `x.` has nothing kept for it
    bound(site("docs"), Ok(&[docs, four.clone()]));
    bound(
        json!({"tool": "run.view", "x": {"cost": {"center": 4}}}),
        Ok(&[Fact::Unknown, four]),
    );
    bound(
        json!({"action": "run.view", "context": {"x": null}}),
        Ok(&[Fact::Null, Fact::Null]),
    );
    bound(site("home"), Err(&["/x.site unknown-constant"]));
    bound(
        json!({"tool": "run.view", "x.site": "docs"}),
        Err(&["/x.site unknown-argument"]),
    );
    bound(
        json!({"tool": "run.view", "x.cost.centre": 4}),
        Ok(&[Fact::Unknown, Fact::Unknown]),
    );
    bound(
        json!({"tool": "run.view", "x.cost.center": "4"}),
        Err(&["/x.cost.center wrong-type"]),
    );
    bound(
        json!({"tool": "x.publish", "host": "a"}),
        Err(&["/host unknown-argument"]),
    );
    bound(
        json!({"tool": "run.view", "repository.risk_tier": "low"}),
        Err(&["/repository.risk_tier unknown-constant"]),
    );
    bound(
        json!({"tool": "run.view", "repository.risk_tier": "red"}),
        Ok(&[]),
    );
    bound(
        json!({"tool": "run.view", "evidence": {"verifiers": {"unit": "passed", "lint": "bad"}}}),
        Err(&["/evidence/verifiers/lint unknown-constant"]),
    );
}

// -- AuthZEN --

#[test]
fn authzen_form() {
    let evaluation = json!({
        "subject": {"type": "human", "id": "ann", "properties": {"roles": ["engineer"], "department": "Sales"}},
        "action": {"name": "file.read", "properties": {"path": "a", "method": "GET"}},
        "resource": {"type": "book", "id": "123", "properties": {"tenant": "acme", "title": "x"}},
        "context": {"now": NOW, "environment": "dev", "scope": {"repository": {"id": "shop"}}, "time": "noon"},
    });
    let read = Request::from_value(evaluation.clone()).expect("it is AuthZEN");
    let expected = json!({
        "subject": {"type": "human", "id": "ann", "roles": ["engineer"], "properties": {"department": "Sales"}},
        "action": {"name": "file.read", "properties": {"method": "GET"}},
        "arguments": {"path": "a"},
        "resource": {"type": "book", "id": "123", "tenant": "acme", "properties": {"title": "x"}},
        "context": {"environment": "dev", "properties": {"time": "noon"}},
        "scope": {"repository": {"id": "shop"}},
        "now": NOW,
    });
    assert_eq!(*read.value(), expected);
    assert_eq!(read.to_authzen(), evaluation);
}

#[test]
fn authzen_problems_name_what_was_written() {
    let evaluation = json!({
        "subject": {"type": "user", "id": 4, "properties": {"roles": 5, "on_behalf_of": {"properties": {"tenant": 1}}}},
        "action": {"name": "file.read", "properties": {"path": 5}},
        "resource": {"type": "book", "id": "123", "properties": {"tenant": 5}},
        "context": {"scope": {"team": 4}, "approvals": [{"approver": {"properties": {"roles": 1}}}]},
    });
    let error = Request::from_value(evaluation).expect_err("much is wrong");
    let expected = [
        "/action/properties/path wrong-type",
        "/context/approvals/0/approver/id missing-key",
        "/context/approvals/0/approver/properties/roles wrong-type",
        "/context/approvals/0/at missing-key",
        "/context/approvals/0/decision missing-key",
        "/context/approvals/0/operation missing-key",
        "/context/approvals/0/requirement missing-key",
        "/context/now missing-key",
        "/context/scope/team wrong-type",
        "/resource/properties/tenant wrong-type",
        "/subject/id wrong-type",
        "/subject/properties/on_behalf_of/properties/tenant wrong-type",
        "/subject/properties/roles wrong-type",
        "/subject/type unknown-constant",
    ];
    assert_eq!(listed(&error), expected, "{error}");
}

// -- properties --

/// Any JSON at all, with many of the names that mean something.
fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        Just(json!(NOW)),
        Just(json!("run.view")),
        "[a-z./~%0-9]{0,6}".prop_map(Json::from),
    ];
    let name = prop_oneof![
        proptest::sample::select(vec![
            "action",
            "arguments",
            "at_least",
            "branch",
            "changed_files",
            "context",
            "id",
            "name",
            "now",
            "on_behalf_of",
            "path",
            "properties",
            "repository",
            "resource",
            "roles",
            "scope",
            "subject",
            "tool",
            "type",
            "x",
            "x.a",
            "x.a.b",
            "branch.name",
            "subject.id",
            "evidence",
            "approvals",
            "evidence.verifiers.a",
        ])
        .prop_map(str::to_owned),
        "[a-z./~]{0,4}",
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::btree_map(name.clone(), inner, 0..6)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

fn maybe(value: impl Strategy<Value = Json>) -> impl Strategy<Value = Json> {
    prop_oneof![2 => Just(Json::from("unsaid")), 1 => Just(Json::Null), 4 => value]
}

/// An object of the parts that are said.
fn object(parts: Vec<(&str, Json)>) -> Json {
    let said = parts.into_iter().filter(|(_, value)| *value != "unsaid");
    Json::Object(said.map(|(key, value)| (key.to_owned(), value)).collect())
}

fn any_subject() -> impl Strategy<Value = Json> {
    let text = || maybe("[a-c]".prop_map(Json::from));
    let bag = || {
        prop_oneof![
            Just(json!("unsaid")),
            Just(json!({})),
            Just(json!({"desk": 1, "properties": {"roles": 4}}))
        ]
    };
    let roles = || {
        maybe(prop_oneof![
            proptest::collection::vec("[a-c]", 0..3).prop_map(Json::from),
            proptest::collection::vec("[a-c]", 0..3).prop_map(|roles| json!({"at_least": roles})),
        ])
    };
    let kind = || maybe(proptest::sample::select(vec!["agent", "service", "human"]).prop_map(Json::from));
    let leaf = (text(), kind(), roles(), text(), bag());
    let leaf = leaf.prop_map(|(id, kind, roles, tenant, properties)| {
        object(vec![
            ("id", id),
            ("type", kind),
            ("roles", roles),
            ("tenant", tenant),
            ("properties", properties),
        ])
    });
    leaf.prop_recursive(3, 4, 1, |inner| {
        (inner.clone(), maybe(inner)).prop_map(|(mut subject, other)| {
            if other != "unsaid" {
                subject["on_behalf_of"] = other;
            }
            subject
        })
    })
}

/// A request that is right.
fn any_request() -> impl Strategy<Value = Json> {
    let action = prop_oneof![
        Just(json!("git.push")),
        Just(json!("x.publish")),
        Just(json!("nobody.knows")),
        Just(json!({"name": "git.push", "properties": {"method": 1}})),
    ];
    let entity = || {
        maybe(prop_oneof![
            Just(json!("a")),
            Just(json!({"id": "b"})),
            Just(json!({}))
        ])
    };
    let scope = (entity(), entity(), entity()).prop_map(|(repository, tenant, tool)| {
        object(vec![
            ("repository", repository),
            ("tenant", tenant),
            ("tool", tool),
        ])
    });
    let arguments = (
        maybe(Just(json!("main"))),
        maybe(Just(json!(["a", "b"]))),
        maybe(Just(json!({"a": {"b": 1}}))),
    )
        .prop_map(|(branch, files, own)| {
            object(vec![("branch", branch), ("changed_files", files), ("x", own)])
        });
    let context = (
        maybe(Just(json!("dev"))),
        maybe(Just(json!({"a": 1}))),
        maybe(Just(json!({"time": 1}))),
    )
        .prop_map(|(environment, own, bag)| {
            object(vec![
                ("environment", environment),
                ("x.y", own),
                ("properties", bag),
            ])
        });
    let approval = any_subject().prop_map(|mut approver| {
        approver["id"] = "p".into();
        json!([{"requirement": "r", "operation": "o", "approver": approver, "decision": "reject", "at": NOW}])
    });
    let parts = (
        action,
        maybe(any_subject()),
        maybe(scope),
        maybe(arguments),
        maybe(context),
        maybe(approval),
        maybe(Just(json!({"type": "t", "id": "i"}))),
        maybe(Just(json!({"verifiers": {"a": "passed", "b": null}}))),
    );
    parts.prop_map(
        |(action, subject, scope, arguments, context, approvals, resource, evidence)| {
            object(vec![
                ("action", action),
                ("subject", subject),
                ("scope", scope),
                ("arguments", arguments),
                ("context", context),
                ("approvals", approvals),
                ("resource", resource),
                ("evidence", evidence),
                ("now", json!(NOW)),
            ])
        },
    )
}

proptest! {
    #[test]
    fn anything_is_read_or_refused(value in any_json(), timed_too in any::<bool>()) {
        let value = if timed_too && value.is_object() { timed(value) } else { value };
        if let Ok(read) = Request::from_value(value.clone()) {
            let again = Request::from_value(read.value().clone()).expect("the normal form is right");
            prop_assert_eq!(read.value(), again.value());
            prop_assert_eq!(facts(&read), facts(&again));
            let _ = read.bind(&extended(), &|_| Declared::Always);
            let _ = crate::effect::Effects::of(&read, &extended());
        }
        let text = value.to_string();
        let _ = Request::from_json(&text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in r#"[\[\]{}:,"\\ua-f0-9.eE+-]{0,40}"#) {
        let _ = Request::from_json(&text);
    }

    #[test]
    fn forms_say_the_same(value in any_request()) {
        let read = Request::from_value(value.clone()).map_err(|error| TestCaseError::fail(format!("{value}: {error}")))?;
        let again = Request::from_value(read.value().clone()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(read.value(), again.value());
        prop_assert_eq!(facts(&read), facts(&again));
        let authzen = read.to_authzen();
        let again = Request::from_value(authzen.clone()).map_err(|error| TestCaseError::fail(format!("{authzen}: {error}")))?;
        prop_assert_eq!(read.value(), again.value());
        prop_assert_eq!(facts(&read), facts(&again));
        prop_assert_eq!(authzen, again.to_authzen());
        let text = Request::from_json(&value.to_string()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(read.value(), text.value());
    }

    #[test]
    fn durations_are_written_as_they_are_read(length in 0..=i128::from(u64::MAX)) {
        let schema = &vocabulary().schema;
        let typing = typed::Typing { schema, places: Places::default() };
        let text = written(&Value::Duration(length));
        let mut problems = Problems::default();
        let read = typing.read(&Raw::from(&text), Type::One(Scalar::Duration), &pointer::Pointer::Root, &mut problems);
        prop_assert_eq!(read, Fact::Known(Value::Duration(length)));
    }
}

//! Effects as tables: a request in, its effects as a record shows them out.

#![allow(clippy::panic)] // a test that fails says why

use serde_json::{Value as Json, json};

use super::*;
use crate::limits::EFFECTS_MAX;

fn request(mut value: Json) -> Request {
    value["now"] = "2026-07-04T10:12:03Z".into();
    Request::from_value(value).unwrap_or_else(|error| panic!("{error}"))
}

/// The derived effects of a request.
#[track_caller]
fn check(value: Json, expected: Json) {
    let (request, schema) = (request(value), Schema::builtin());
    let effects = Effects::of(&request, &schema);
    assert!(!effects[0].derived() && effects.iter().skip(1).all(Effect::derived));
    let found: Json = effects
        .iter()
        .skip(1)
        .map(|effect| effect.to_json(&request, &[], &schema))
        .collect();
    assert_eq!(found, expected, "{found:#}");
}

fn opaque(kinds: &[&str]) -> Vec<Json> {
    let one = |kind: &&str| json!({"kind": kind, "derived": true, "opaque": true});
    kinds.iter().map(one).collect()
}

fn file(kind: &str, path: &str) -> Json {
    json!({"kind": kind, "derived": true, "path": path, "outside_workspace": false, "recursive": false})
}

#[test]
fn a_plain_action_has_one_effect() {
    check(json!({"tool": "file.write", "path": "a"}), json!([]));
    check(json!({"tool": "nobody.knows", "path": "a"}), json!([]));
    let (request, schema) = (
        request(json!({"tool": "pr.view", "number": 4})),
        Schema::builtin(),
    );
    let shown = Effects::of(&request, &schema)[0].to_json(&request, &[], &schema);
    assert_eq!(shown, json!({"kind": "pr.view", "number": 4}));
}

#[test]
fn changed_files_are_written_and_deleted() {
    let files = json!([
        {"path": "a", "change": "added"},
        {"path": "b", "change": "modified"},
        {"path": "c", "change": "deleted"},
        {"path": "e", "change": "renamed", "from": "d"},
        "f",
    ]);
    let expected = json!([
        file("file.write", "a"),
        file("file.write", "b"),
        file("file.delete", "c"),
        file("file.delete", "d"),
        file("file.write", "e"),
        file("file.write", "f"),
        file("file.delete", "f"),
    ]);
    for tool in [
        "change.apply",
        "git.commit",
        "git.push",
        "pr.create",
        "policy.change",
        "patch.apply",
    ] {
        check(json!({"tool": tool, "changed_files": files}), expected.clone());
    }
    let unsaid_from = json!({"kind": "file.delete", "derived": true, "recursive": false});
    check(
        json!({"changed_files": [{"path": "a", "change": "renamed"}]}),
        json!([unsaid_from, file("file.write", "a")]),
    );
}

#[test]
fn what_is_left_open_may_be_anything() {
    let files = opaque(&["file.write", "file.delete"]);
    check(json!({"tool": "pr.create"}), json!(files));
    check(json!({"tool": "pr.create", "changed_files": null}), json!([]));
    check(json!({"tool": "pr.create", "changed_files": []}), json!([]));
    let open = json!({"at_least": [{"path": "a", "change": "added"}]});
    check(
        json!({"tool": "pr.create", "changed_files": open}),
        json!([file("file.write", "a"), files[0], files[1]]),
    );
    check(
        json!({"tool": "patch.apply", "patch": "x"}),
        json!(opaque(&["file.write", "file.delete", "file.move"])),
    );
    let (shell, schema) = (request(json!({"tool": "shell.exec"})), Schema::builtin());
    let kinds = schema
        .action_named("shell.exec")
        .map_or(0, |id| schema.action(id).derives.len());
    let effects = Effects::of(&shell, &schema);
    assert_eq!(effects.len(), 1 + kinds);
    assert!(effects.iter().skip(1).all(Effect::opaque));
}

#[test]
fn too_many_effects_are_one_of_each_kind() {
    let files: Vec<Json> = (0..EFFECTS_MAX)
        .map(|n| json!({"path": format!("f{n}"), "change": "added"}))
        .collect();
    let schema = Schema::builtin();
    let of = |files: &[Json]| Effects::of(&request(json!({"changed_files": files})), &schema);
    assert_eq!(of(&files[1..]).len(), EFFECTS_MAX);
    let all = of(&files);
    assert_eq!(all.len(), 3);
    assert!(all[1].opaque() && all[2].opaque());
}

#[test]
fn a_move_touches_both_ends() {
    let end = |kind: &str, path: &str| json!({"kind": kind, "derived": true, "path": path, "outside_workspace": false, "recursive": true});
    let mut moved = end("file.move", "b");
    moved["destination"] = "b".into();
    check(
        json!({"tool": "file.move", "path": "a", "destination": "b", "recursive": true}),
        json!([moved, end("file.delete", "a"), end("file.write", "b")]),
    );
    let (unsaid, schema) = (
        request(json!({"tool": "file.move", "path": "a"})),
        Schema::builtin(),
    );
    let depths: Vec<Tri> = Effects::of(&unsaid, &schema)
        .iter()
        .map(Effect::recursive)
        .collect();
    assert_eq!(depths, [Tri::Unknown; 4]);
}

#[test]
fn an_http_request_connects() {
    check(
        json!({"tool": "http.request", "url": "https://a.example/", "host": "A.example", "port": 443}),
        json!([{"kind": "network.connect", "derived": true, "host": "a.example", "port": 443}]),
    );
    check(
        json!({"tool": "http.request", "url": "https://a.example/"}),
        json!([{"kind": "network.connect", "derived": true}]),
    );
}

#[test]
fn a_command_runs_its_program() {
    let (shell, schema) = (
        request(json!({"tool": "shell.exec", "argv": ["git", "push"]})),
        Schema::builtin(),
    );
    let effects = Effects::of(&shell, &schema);
    let shown = effects[1].to_json(&shell, &[], &schema);
    assert_eq!(
        (&shown["kind"], &shown["program"]),
        (&json!("command.run"), &json!("git"))
    );
}

#[test]
fn facts_belong_to_the_effect_or_else_to_the_action() {
    let schema = Schema::builtin();
    let push = request(json!({
        "tool": "git.push", "remote": "origin", "environment": "dev", "changed_files": [{"path": "a", "change": "added"}],
    }));
    let effects = Effects::of(&push, &schema);
    let fact = |effect: usize, name: &str| {
        let id = schema.attribute_named(name).expect("built in");
        effects[effect].fact(id, &push, &[], &schema).map(written)
    };
    assert_eq!(fact(0, "path"), Fact::Null);
    assert_eq!(fact(0, "force"), Fact::Unknown);
    assert_eq!(fact(1, "path"), Fact::Known(json!("a")));
    assert_eq!(fact(1, "content_digest"), Fact::Unknown);
    assert_eq!(fact(1, "remote"), Fact::Known(json!("origin")));
    assert_eq!(fact(1, "host"), Fact::Null);
    assert_eq!(fact(1, "environment"), Fact::Known(json!("dev")));
    assert_eq!(fact(1, "request.action"), Fact::Known(json!("git.push")));
}

#[test]
fn depth_is_said_or_by_kind() {
    let schema = Schema::builtin();
    let of = |value: Json| {
        let request = request(value);
        let effect = &Effects::of(&request, &schema)[0];
        let id = schema.attribute_named("recursive").expect("built in");
        (
            effect.recursive(),
            effect.fact(id, &request, &[], &schema).map(written),
        )
    };
    let no = || Fact::Known(json!(false));
    assert_eq!(of(json!({"tool": "file.write", "path": "a"})), (Tri::False, no()));
    assert_eq!(of(json!({"tool": "file.read", "path": "a"})), (Tri::False, no()));
    assert_eq!(
        of(json!({"tool": "file.delete", "path": "a"})),
        (Tri::Unknown, Fact::Unknown)
    );
    assert_eq!(
        of(json!({"tool": "file.delete", "path": "a", "recursive": false})),
        (Tri::False, no())
    );
    assert_eq!(of(json!({"tool": "pr.view"})), (Tri::False, Fact::Null));
}

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
        json!(opaque(&["file.read", "file.write", "file.delete", "file.move"])),
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
        json!({"tool": "http.request", "url": "https://me@A.example:8443/x"}),
        json!([{"kind": "network.connect", "derived": true, "host": "a.example", "port": 8443}]),
    );
    check(
        json!({"tool": "http.request", "url": "http://0xa9fea9fe/latest"}),
        json!([{"kind": "network.connect", "derived": true, "host": "169.254.169.254", "port": 80, "host_class": "metadata"}]),
    );
    check(
        json!({"tool": "http.request", "method": "GET"}),
        json!([{"kind": "network.connect", "derived": true}]),
    );
}

#[test]
fn what_contradicts_a_url_is_no_request() {
    #[track_caller]
    fn refused(mut value: Json, pointer: &str) {
        value["now"] = "2026-07-04T10:12:03Z".into();
        let error = Request::from_value(value).expect_err(pointer);
        assert_eq!(error.problems()[0].pointer, pointer);
    }
    let of = |more: Json| {
        let mut value = json!({"tool": "http.request", "url": "https://good.example/"});
        value
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        value
    };
    refused(of(json!({"host": "evil.example"})), "/host");
    refused(of(json!({"host": null})), "/host");
    refused(of(json!({"port": 80})), "/port");
    refused(of(json!({"scheme": "https"})), "/scheme");
    refused(of(json!({"host_class": "public"})), "/host_class");
    refused(json!({"tool": "http.request", "url": "good.example/x"}), "/url");
    refused(
        json!({"tool": "http.request", "url": "http://[fe80::1%25eth0]/"}),
        "/url",
    );
    let same = of(json!({"host": "GOOD.example.", "port": 443}));
    assert_eq!(Effects::of(&request(same), &Schema::builtin()).len(), 2);
}

#[test]
fn a_patch_says_its_files() {
    let patch = "diff --git a/x b/y\nrename from x\nrename to y\ndiff --git a/n b/n\nnew file mode 100644\n\
        diff --git a/c b/d\ncopy from c\ncopy to d\ndiff --git a/o b/o\ndeleted file mode 100644\n";
    let mut moved = file("file.move", "x");
    moved["destination"] = "y".into();
    let mut end = file("file.move", "y");
    end["destination"] = "y".into();
    let expected = json!([
        moved,
        end,
        file("file.delete", "x"),
        file("file.write", "y"),
        file("file.write", "n"),
        file("file.read", "c"),
        file("file.write", "d"),
        file("file.delete", "o"),
    ]);
    check(json!({"tool": "patch.apply", "patch": patch}), expected);
    let plain = "--- src/x\n+++ src/x\n@@ -1 +1 @@\n-a\n+b\n";
    check(
        json!({"tool": "patch.apply", "patch": plain, "strip": 0}),
        json!([file("file.write", "src/x")]),
    );
    check(
        json!({"tool": "patch.apply", "patch": plain, "strip": 0, "changed_files": [{"path": "y", "change": "added"}]}),
        json!([file("file.write", "src/x"), file("file.write", "y")]),
    );
    let mut outside = file("file.write", "../x");
    outside
        .as_object_mut()
        .expect("an object")
        .remove("outside_workspace");
    check(
        json!({"tool": "patch.apply", "patch": "*** Begin Patch\n*** Add File: ../x\n+a\n*** End Patch\n"}),
        json!([outside]),
    );
}

#[test]
fn a_link_is_what_it_leads_to() {
    let of = |context: Json, path: &str| {
        let value = json!({"action": "file.write", "arguments": {"path": path}, "context": context});
        let (request, schema) = (request(value), Schema::builtin());
        let effects = Effects::of(&request, &schema);
        let shown = effects
            .iter()
            .map(|effect| effect.to_json(&request, &[], &schema)["path"].clone());
        shown
            .map(|path| path.as_str().unwrap_or("?").to_owned())
            .collect::<Vec<_>>()
    };
    let context = |links: Json| json!({"workspace_root": "/ws", "home": "/home/me", "links": links});
    let links = context(json!({"l": "../x", "m": "l/deep", "/home/me/k": "/ws/src", "up": "a/b/c"}));
    assert_eq!(of(links.clone(), "src/a"), ["src/a"]);
    assert_eq!(of(links.clone(), "l/a"), ["l/a", "/x/a"]);
    assert_eq!(of(links.clone(), "m"), ["m", "l/deep", "/x/deep"]);
    assert_eq!(of(links.clone(), "~/k/a"), ["~/k/a", "src/a"]);
    assert_eq!(of(links, "up/../s"), ["s", "a/b/s"]);
    let circle = context(json!({"a": "b", "b": "a"}));
    assert_eq!(of(circle, "a/x"), ["a/x", "b/x", "?"]);
    let windows = json!({"workspace_root": "C:/ws"});
    assert_eq!(of(windows.clone(), "a.txt. "), ["a.txt"]);
    assert_eq!(of(windows.clone(), "a.txt::$DATA"), ["a.txt"]);
    assert_eq!(of(windows, "sub/nul.txt"), ["sub/nul.txt", "//NUL"]);
    assert_eq!(of(json!({}), "a.txt. "), ["a.txt. ", "a.txt"]);
    assert_eq!(of(json!({"workspace_root": "/ws"}), "a.txt. "), ["a.txt. "]);
}

#[test]
fn places_that_are_none_are_no_request() {
    #[track_caller]
    fn refused(context: Json, pointer: &str) {
        let value = json!({"action": "file.read", "arguments": {"path": "x"}, "context": context, "now": "2026-07-04T10:12:03Z"});
        let error = Request::from_value(value).expect_err(pointer);
        assert_eq!(error.problems()[0].pointer, pointer, "{error}");
    }
    refused(json!({"home": "me"}), "/context/home");
    refused(json!({"home": 3}), "/context/home");
    refused(json!({"links": []}), "/context/links");
    refused(json!({"links": {"a": 3}}), "/context/links/a");
    refused(json!({"links": {"a": ""}}), "/context/links/a");
    refused(json!({"links": {"a\u{0}": "b"}}), "/context/links/a\u{0}");
    let many: serde_json::Map<String, Json> = (0..5000).map(|n| (format!("l{n}"), json!("x"))).collect();
    refused(json!({"links": many}), "/context/links");
    let said = request(json!({
        "action": "file.read", "arguments": {"path": "l"}, "subject": {"id": "a"}, "resource": {"type": "file", "id": "l"},
        "context": {"home": "/home/me", "links": {"l": "/x"}, "workspace_root": "/ws"},
    }));
    let again = Request::from_value(said.to_authzen()).expect("AuthZEN loses nothing");
    assert_eq!(again.value(), said.value());
    assert_eq!(Effects::of(&again, &Schema::builtin()).len(), 2);
}

#[test]
fn what_is_protected_below_a_folder_is_touched_with_it() {
    let kinds = |value: Json| {
        let (request, schema) = (request(value), Schema::builtin());
        let effects = Effects::of(&request, &schema);
        let shown = effects
            .iter()
            .map(|effect| effect.to_json(&request, &[], &schema));
        shown
            .map(|effect| format!("{} {}", effect["path"], effect["path_class"]))
            .collect::<Vec<_>>()
    };
    let delete = |path: &str, deep: bool| json!({"tool": "file.delete", "path": path, "recursive": deep, "workspace_root": "/ws"});
    assert_eq!(kinds(delete("build", true)), [r#""build" null"#]);
    assert_eq!(kinds(delete(".git", false)), [r#"".git" ["git_config"]"#]);
    assert!(kinds(delete(".git", true)).contains(&r#"".git" ["git_hooks"]"#.to_owned()));
    assert!(kinds(delete("/", true)).contains(&r#""/" ["ssh"]"#.to_owned()));
    assert!(kinds(delete(".", true)).contains(&r#""." ["ci_workflows"]"#.to_owned()));
}

#[test]
fn paths_and_hosts_have_looks() {
    let schema = Schema::builtin();
    let of = |value: Json, name: &str| {
        let request = request(value);
        let effects = Effects::of(&request, &schema);
        let id = schema.attribute_named(name).expect("built in");
        effects[0].fact(id, &request, &[], &schema).map(written)
    };
    let write = |path: Json| json!({"tool": "file.write", "path": path});
    assert_eq!(
        of(write(json!(".git/hooks/x")), "path_class"),
        Fact::Known(json!(["git_hooks"]))
    );
    assert_eq!(of(write(json!("src/a")), "path_class"), Fact::Known(json!([])));
    assert_eq!(of(write(json!(null)), "path_class"), Fact::Null);
    assert_eq!(of(json!({"tool": "file.write"}), "path_class"), Fact::Unknown);
    assert_eq!(
        of(write(json!("a\u{202e}b:c ")), "path_oddity"),
        Fact::Known(json!(["invisible", "bidirectional", "trailing", "stream"]))
    );
    assert_eq!(
        of(json!({"tool": "network.connect", "host": "127.1"}), "host_class"),
        Fact::Known(json!("loopback"))
    );
    assert_eq!(
        of(json!({"tool": "network.connect"}), "host_class"),
        Fact::Unknown
    );
    assert_eq!(of(json!({"tool": "pr.view"}), "path_class"), Fact::Null);
    let call = json!({"tool": "mcp.call", "server": "s", "mcp_tool": "t", "mcp_arguments": {"a": "x", "n": 3, "o": {"b": [1, null], "a": true}, "z": null}});
    assert_eq!(
        of(call, "mcp_arguments"),
        Fact::Known(json!({"a": "x", "n": "3", "o": "{\"a\":true,\"b\":[1,null]}", "z": null}))
    );
}

/// The rules of spec/13, asked.
#[test]
fn rules_use_what_is_seen() {
    use crate::{Engine, Outcome, Source, State};
    let policies = "
policy: {id: p, version: 1}
default: allow
rules:
  - {id: hands_off, deny: [file.write, file.delete, file.move], path_class: [agent_settings, git_hooks, git_config]}
  - {id: odd, deny: file.write, path_oddity: bidirectional}
  - {id: tool, deny: mcp.call, server: github, when: \"mcp_arguments.owner != 'acme'\"}
  - {id: inner, deny: network.connect, host_class: [loopback, private, metadata]}
  - {id: keys, deny: file.read, path: ['/home/*/.netrc', '~/.ssh/**']}
  - {id: evil, deny: http.request, url: ['HTTPS://Evil.com/**', 'https://bad.example']}
  - {id: worse, deny: http.request, when: \"url == 'https://Worse.example'\"}
  - {id: port, deny: network.connect, when: port != 443}
";
    let engine = Engine::load([Source::platform("p.yaml", policies)]).expect("the policies compile");
    #[track_caller]
    fn check(engine: &Engine, value: Json, allowed: bool) {
        let request = request(value.clone());
        let outcome = engine.decide(&request, &State::none()).outcome();
        let expected = if allowed {
            Outcome::Allowed
        } else {
            Outcome::Denied
        };
        assert_eq!(outcome, expected, "{value}");
    }
    let check = |value: Json, allowed: bool| check(&engine, value, allowed);
    let delete =
        |path: &str| json!({"tool": "file.delete", "path": path, "recursive": true, "workspace_root": "/ws"});
    check(delete("target"), true);
    check(delete(".git"), false);
    check(delete("."), false);
    check(delete(".claude/x"), false);
    check(
        json!({"tool": "file.move", "path": "x", "destination": ".GIT/hooks/y", "recursive": false}),
        false,
    );
    check(json!({"tool": "file.write", "path": "a\u{202e}b"}), false);
    check(
        json!({"tool": "file.write", "path": "l/x", "workspace_root": "/ws", "links": {"l": ".git/hooks"}}),
        false,
    );
    check(
        json!({"tool": "file.write", "path": "l/x", "workspace_root": "/ws", "links": {"l": "src"}}),
        true,
    );
    check(
        json!({"tool": "file.write", "path": "l/x", "workspace_root": "/ws", "links": {"l": "l"}}),
        false,
    );
    check(
        json!({"tool": "patch.apply", "patch": "*** Begin Patch\n*** Add File: .claude/a\n+x\n*** End Patch\n"}),
        false,
    );
    check(
        json!({"tool": "patch.apply", "patch": "*** Begin Patch\n*** Add File: src/a\n+x\n*** End Patch\n"}),
        true,
    );
    check(json!({"tool": "patch.apply", "patch": "what?"}), false);
    let mcp = |arguments: Json| json!({"tool": "mcp.call", "server": "github", "mcp_tool": "push", "mcp_arguments": arguments});
    check(mcp(json!({"owner": "acme"})), true);
    check(mcp(json!({"owner": "evil"})), false);
    check(mcp(json!({})), false);
    let http = |url: &str| json!({"tool": "http.request", "url": url});
    check(http("https://example.org/"), true);
    check(http("https://127.1/"), false);
    check(http("https://[::ffff:a9fe:a9fe]/"), false);
    check(http("https:\\\\evil.COM\\x"), false);
    check(http("https://good@evil.com:443/"), false);
    check(http("https://bad.example#x"), false);
    check(http("https://worse.example:443"), false);
    check(http("https://example.org:80/"), false);
    let read = |path: &str, home: Json| json!({"tool": "file.read", "path": path, "home": home, "workspace_root": "/ws"});
    for home in [json!("/home/me"), json!(null)] {
        check(read("/home/me/.netrc", home.clone()), false);
        check(read("/home/me/.ssh/x", home.clone()), false);
        check(read("/home/me/notes", home.clone()), true);
        check(read("~/.ssh/x", home), false);
    }
    check(read("~/.netrc", json!("/home/me")), false);
}

#[test]
fn the_vocabulary_has_what_the_normal_forms_find() {
    use crate::normal::{HostClass, ODDITIES, PathClass};
    let schema = Schema::builtin();
    let constants = |name: &str| {
        &schema
            .enumeration(schema.enumeration_named(name).expect("built in"))
            .constants
    };
    assert!(
        PathClass::ALL
            .iter()
            .map(|class| class.as_str())
            .eq(constants("path_class"))
    );
    assert!(
        HostClass::ALL
            .iter()
            .map(|class| class.as_str())
            .eq(constants("host_class"))
    );
    assert!(ODDITIES.iter().eq(constants("path_oddity")));
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

//! `explain`: the whole, and each stage.

use crate::run::{BASE, Folder, request};

fn explained(more: &[&str], path: &str) -> crate::run::Ran {
    let folder = Folder::of(&[("base.yaml", BASE)]);
    let request = request("file.read", path);
    folder.run(
        &[
            &["explain", "--policies", "base.yaml", "--request", &request],
            more,
        ]
        .concat(),
    )
}

#[test]
fn the_whole_has_effects_levels_and_questions() {
    let ran = explained(&[], "secrets/key");
    ran.code(0)
        .says("denied")
        .says("Secrets are not for agents")
        .says("  0  file.read `secrets/key`")
        .says("  platform      denied")
        .says("base.yaml:4:")
        .says("  tool_call     allowed")
        .says("what would make it allowed")
        .says("of 3 rules");
}

#[test]
fn each_stage_is_shown() {
    explained(&["--stage", "documents"], "a").code(0).says("base@1");
    explained(&["--stage", "rules"], "a")
        .code(0)
        .says("no_secrets: file.read")
        .says("path secrets/**");
    explained(&["--stage", "model"], "a")
        .code(0)
        .says("false    has(path) && glob(path, \"secrets/**\")");
    explained(&["--stage", "tree"], "a").code(0).says("of 3 rules");
    explained(&["--stage", "effects"], "a")
        .code(0)
        .says("\"kind\":\"file.read\"");
    explained(&["--stage", "verdict"], "secrets/x")
        .code(0)
        .says("deny    base/no_secrets");
    assert_eq!(
        explained(&["--stage", "record"], "a").code(0).json()["decision"],
        "allowed"
    );
}

#[test]
fn a_request_that_does_not_fit_is_bad_input() {
    let folder = Folder::of(&[("base.yaml", BASE)]);
    let ran = folder.run(&["explain", "--policies", "base.yaml", "--request", "{}"]);
    ran.code(2)
        .complains("the request does not fit")
        .complains("/action");
}

//! `init`: what it writes is right, and it overwrites nothing.

use std::fs;

use crate::run::Folder;

#[test]
fn the_starter_set_checks_clean_and_its_tests_pass() {
    let folder = Folder::of(&[]);
    folder.run(&["init"]).code(0).says("bailiwick/platform/base.yaml");
    folder.run(&["check", "bailiwick", "--deny-warnings"]).code(0);
    folder.run(&["test", "bailiwick"]).code(0).says("0 failed");
    let ran = folder.run(&[
        "decide",
        "--policies",
        "bailiwick",
        "--summary",
        "bailiwick/calls.jsonl",
    ]);
    ran.code(0).says("9 calls: 4 allowed, 1 ask_approval, 4 denied");
    folder
        .run(&["explain", "--policies", "bailiwick", "bailiwick/request.json"])
        .code(0)
        .says("shop/forbidden_paths");
}

#[test]
fn nothing_is_overwritten() {
    let folder = Folder::of(&[("here/platform/base.yaml", "mine")]);
    folder
        .run(&["init", "here"])
        .code(2)
        .complains("here/platform/base.yaml")
        .complains("nothing was written");
    assert_eq!(
        fs::read_to_string(folder.path().join("here/platform/base.yaml"))
            .ok()
            .as_deref(),
        Some("mine")
    );
    assert!(!folder.path().join("here/request.json").exists());
}

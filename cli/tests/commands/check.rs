//! `check`: its three formats and its exit codes.

use serde_json::json;

use crate::run::{BASE, Folder};

const WRONG: &str = "policy: {id: wrong, version: 1}\nrules:\n  - {id: a, allow: file.reed}\n  - {id: ä, deny: file.write, pth: x}\n";
const WARNS: &str = "policy: {id: w, version: 1}\nrules:\n  - {id: shell, allow: shell.exec}\n";

#[test]
fn policies_without_a_mistake_are_counted() {
    let folder = Folder::of(&[
        ("p/platform/base.yaml", BASE),
        ("p/platform/x.test.yaml", "[]"),
        ("p/notes.txt", "hello"),
    ]);
    let ran = folder.run(&["check", "p"]);
    ran.code(0)
        .says("ok: 1 file, 1 document (platform 1), 3 rules")
        .says("1 test file not looked at");
}

#[test]
fn what_ends_is_told_before_and_is_a_mistake_after() {
    let freeze = "policy: {id: freeze, version: 1, owner: release-manager, review: 2027-06-01}\ndefault: allow\n\
        rules:\n  - {id: freeze, deny: deploy, expires: 2027-01-04}\n";
    let folder = Folder::of(&[("freeze.yaml", freeze)]);
    let at = |now: &str, ahead: &str| folder.run(&["check", "freeze.yaml", "--now", now, "--ahead", ahead]);
    at("2026-11-01T00:00:00Z", "30").code(0).says("ok: 1 file");
    at("2026-12-20T00:00:00Z", "30")
        .code(0)
        .says("`freeze` ends on 2027-01-04")
        .says("`release-manager` answers for it")
        .says("ok, with warnings");
    at("2026-12-20T00:00:00Z", "3").code(0).says("ok: 1 file");
    at("2027-01-04T00:00:00Z", "30")
        .code(2)
        .says("`freeze` ended on 2027-01-04")
        .says("something is overdue");
    at("2027-06-01T00:00:00Z", "30")
        .code(2)
        .says("to be looked at again by 2027-06-01");
    assert_eq!(at("soon", "30").code(2).out, "");
}

#[test]
fn mistakes_are_shown_with_their_lines() {
    let folder = Folder::of(&[("wrong.yaml", WRONG)]);
    let ran = folder.run(&["check", "wrong.yaml"]);
    ran.code(2)
        .says("--> wrong.yaml:3:")
        .says("did you mean `file.read`?")
        .says("not ok");
    assert_eq!(ran.err, "");
}

#[test]
fn warnings_fail_on_request_only() {
    let folder = Folder::of(&[("w.yaml", WARNS)]);
    folder.run(&["check", "w.yaml"]).code(0).says("ok, with warnings");
    folder.run(&["check", "w.yaml", "--deny-warnings"]).code(1);
}

#[test]
fn json_has_counts_and_findings() {
    let folder = Folder::of(&[("wrong.yaml", WRONG), ("base.yaml", BASE)]);
    let found = folder
        .run(&["check", "wrong.yaml", "--format", "json"])
        .code(2)
        .json();
    assert_eq!(found["ok"], false);
    assert_eq!(found["errors"], json!(found["findings"].as_array().map(Vec::len)));
    assert_eq!(found["findings"][0]["labels"][0]["start"]["line"], 3);
    let found = folder
        .run(&["check", "base.yaml", "--format", "json"])
        .code(0)
        .json();
    assert_eq!(found["policies"]["levels"], json!({"platform": 1}));
}

#[test]
fn sarif_has_what_the_standard_wants() {
    let folder = Folder::of(&[("my policies/wrong.yaml", WRONG)]);
    let log = folder
        .run(&["check", "my policies/wrong.yaml", "--format", "sarif"])
        .code(2)
        .json();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["tool"]["driver"]["name"], "bailiwick");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let results = run["results"].as_array().expect("results are a list");
    assert!(2 <= results.len());
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().expect("an index") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(["error", "warning"].contains(&result["level"].as_str().expect("a level")));
        assert!(result["message"]["text"].is_string());
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "my%20policies/wrong.yaml");
        let region = &location["region"];
        assert!(
            1 <= region["startLine"].as_u64().expect("a line")
                && 1 <= region["startColumn"].as_u64().expect("a column")
        );
        assert!(region["startLine"].as_u64() <= region["endLine"].as_u64());
    }
}

#[test]
fn sarif_of_good_policies_has_no_results() {
    let folder = Folder::of(&[("base.yaml", BASE)]);
    let log = folder
        .run(&["check", "base.yaml", "--format", "sarif"])
        .code(0)
        .json();
    assert_eq!(log["runs"][0]["results"], json!([]));
}

#[test]
fn wrong_usage_is_bad_input() {
    let folder = Folder::of(&[]);
    folder.run(&["check"]).code(2).complains("Usage: bailiwick check");
    folder.run(&["chekc"]).code(2).complains("check");
    folder
        .run(&["check", "nowhere"])
        .code(2)
        .complains("nowhere: no such file or folder");
    folder
        .run(&["check", "."])
        .code(2)
        .complains("no policies (*.yaml, *.yml)");
}

#[test]
fn colours_are_for_those_who_want_them() {
    let folder = Folder::of(&[("wrong.yaml", WRONG)]);
    assert!(!folder.run(&["check", "wrong.yaml"]).out.contains('\x1b'));
    assert!(
        folder
            .run(&["check", "wrong.yaml", "--color", "always"])
            .out
            .contains("\x1b[1;31mnot ok")
    );
    assert!(
        !folder
            .run(&["check", "wrong.yaml", "--color", "never"])
            .out
            .contains('\x1b')
    );
}

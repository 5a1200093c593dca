//! `test`: which tests are found, for whom they ask, and how results are shown.

use crate::run::{BASE, Folder};
use crate::xml;

const REPO: &str = "policy: {id: shop, version: 1}\nrules: [{id: frozen, deny: file.write, reason: The repository is <frozen> & \"closed\".}]";
const PASSES: &str = "- {name: reads, input: {tool: file.read, path: a}, expect: {decision: allowed}}\n";
const FAILS: &str =
    "- {name: 'writes <&> \"quotes\"', input: {tool: file.write, path: a}, expect: {decision: allowed}}\n";
const FROZEN: &str = "- {name: frozen, input: {tool: file.write, path: a}, expect: {decision: denied, reason_contains: frozen}}\n";

#[test]
fn tests_beside_policies_are_found_and_pass() {
    let folder = Folder::of(&[
        ("p/platform/base.yaml", BASE),
        ("p/platform/base.test.yaml", PASSES),
        ("p/repository/shop/repo.yaml", &format!("{REPO}\n---\n{FROZEN}")),
    ]);
    let ran = folder.run(&["test", "p", "--verbose"]);
    ran.code(0)
        .says("ok     reads")
        .says("ok     frozen")
        .says("ok: 2 tests in 2 files, 2 passed, 0 failed");
}

#[test]
fn a_failing_test_says_where_and_why() {
    let folder = Folder::of(&[
        ("p/platform/base.yaml", BASE),
        ("p/platform/base.test.yaml", &format!("{PASSES}{FAILS}")),
    ]);
    let ran = folder.run(&["test", "p"]);
    ran.code(1)
        .says("(p/platform/base.test.yaml:2:4)")
        .says("expected allowed, decided ask_approval")
        .says("base@1/ask_to_write")
        .says("failed: 2 tests in 1 file, 1 passed, 1 failed");
    assert!(
        !ran.out.contains("reads"),
        "tests that pass are counted, not listed"
    );
}

#[test]
fn lone_files_ask_for_the_scope_that_is_given() {
    let files = [
        ("p/platform/base.yaml", BASE),
        ("p/repository/shop/repo.yaml", REPO),
        ("t/shop.test.yaml", FROZEN),
    ];
    let folder = Folder::of(&files);
    folder
        .run(&["test", "t/shop.test.yaml", "--policies", "p"])
        .code(1);
    folder
        .run(&[
            "test",
            "t/shop.test.yaml",
            "--policies",
            "p",
            "--scope",
            "repository=shop",
        ])
        .code(0);
    folder
        .run(&[
            "test",
            "t/shop.test.yaml",
            "--policies",
            "p",
            "--scope",
            "repo=shop",
        ])
        .code(2)
        .complains("`repo` is no entity");
    folder
        .run(&[
            "test",
            "t/shop.test.yaml",
            "--policies",
            "p",
            "--scope",
            "repository",
        ])
        .code(2)
        .complains("expected `entity=name`");
}

#[test]
fn a_file_inside_the_policies_asks_for_its_folder() {
    let files = [
        ("p/platform/base.yaml", BASE),
        ("p/repository/shop/repo.yaml", REPO),
        ("p/repository/shop/s.test.yaml", FROZEN),
    ];
    let folder = Folder::of(&files);
    folder
        .run(&["test", "p/repository/shop/s.test.yaml", "--policies", "p"])
        .code(0);
    let ran = folder.run(&["test", "p/repository/shop/s.test.yaml"]);
    ran.code(2).complains("by which policies?");
}

#[test]
fn a_lone_file_beside_lone_policies_needs_no_more() {
    let folder = Folder::of(&[("base.yaml", BASE), ("base.test.yaml", PASSES)]);
    folder.run(&["test", "base.test.yaml"]).code(0).says("1 passed");
}

#[test]
fn junit_is_well_formed_whatever_names_hold() {
    let broken = "- {name: \"control \\u0001 character\", input: {tool: file.read, pth: a}, expect: {decision: allowed}}\n";
    let tests = format!("{PASSES}{FAILS}{broken}");
    let folder = Folder::of(&[("p/platform/base.yaml", BASE), ("p/platform/a.test.yaml", &tests)]);
    let ran = folder.run(&["test", "p", "--format", "junit"]);
    ran.code(1)
        .says("tests=\"3\" failures=\"1\" errors=\"1\"")
        .says("name=\"writes &lt;&amp;&gt; &quot;quotes&quot;\"");
    let elements = xml::elements(&ran.out).expect("well-formed");
    assert_eq!(
        elements,
        [
            "testsuites",
            "testsuite",
            "testcase",
            "testcase",
            "failure",
            "testcase",
            "error"
        ]
    );
}

#[test]
fn what_cannot_be_asked_is_bad_input() {
    let folder = Folder::of(&[
        ("p/platform/base.yaml", BASE),
        ("q/platform/wrong.yaml", "rules: [{id: a, allow: file.reed}]"),
        ("q/platform/a.test.yaml", PASSES),
        ("r/platform/base.yaml", BASE),
        (
            "r/platform/a.test.yaml",
            "- {name: a, inptu: {}, expect: {decision: allowed}}",
        ),
    ]);
    folder.run(&["test", "p"]).code(2).complains("no tests in `p`");
    folder
        .run(&["test", "q"])
        .code(2)
        .complains("the policies do not compile")
        .complains("did you mean `file.read`?");
    folder
        .run(&["test", "r"])
        .code(2)
        .complains("the tests cannot be read")
        .complains("did you mean `input`?");
}

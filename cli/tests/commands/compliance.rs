//! `compliance`: the table of controls, rules and tests, and what is missing in it.

use crate::run::Folder;

const BASE: &str = "policy: {id: base, version: 1}
default: allow
rules:
  - {id: merges, deny: pr.merge, when: subject.type == agent, controls: [own/control]}
  - {id: audited, require: deploy, obligations: [audit]}
---
compliance:
  controls:
    SOC2/changes: {rules: base/merges}
    SOC2/logged: {obligation: audit}
    SOC2/retained: {obligation: retain}
";
const TESTS: &str = "- {name: agents do not merge, input: {tool: pr.merge, subject: {type: agent, id: a}}, expect: {decision: denied}}
- {name: a test that fails, input: {tool: deploy}, expect: {decision: denied}}
";

fn folder() -> Folder {
    Folder::of(&[
        ("p/platform/base.yaml", BASE),
        ("p/platform/base.test.yaml", TESTS),
    ])
}

#[test]
fn controls_have_rules_and_rules_have_tests() {
    let ran = folder().run(&["compliance", "p"]);
    ran.code(0)
        .says("SOC2/changes\n  base/merges\n    ok agents do not merge")
        .says("own/control\n  base/merges\n    ok agents do not merge")
        .says("SOC2/logged\n  base/audited\n    no test")
        .says("SOC2/retained\n  no rule")
        .says("4 controls, 3 rules; 1 control without a rule, 1 rule without a test");
}

#[test]
fn the_table_is_markdown_and_json_as_well() {
    let folder = folder();
    folder
        .run(&["compliance", "p", "--format", "markdown"])
        .code(0)
        .says("| SOC2/changes | base/merges | agents do not merge |")
        .says("| SOC2/retained | **none** | |");
    let ran = folder.run(&["compliance", "p", "--format", "json"]);
    ran.code(0);
    let json: serde_json::Value = serde_json::from_str(&ran.out).expect("it is JSON");
    assert_eq!(json["controls"][0]["control"], "SOC2/changes");
    assert_eq!(json["controls"][0]["rules"][0]["tests"][0], "agents do not merge");
    assert_eq!(json["gaps"].as_array().map(Vec::len), Some(2));
}

#[test]
fn gaps_fail_where_they_are_denied() {
    folder().run(&["compliance", "p", "--deny-gaps"]).code(1);
    let whole = [("p/platform/base.yaml", "rules: [{id: a, allow: run.view}]")];
    Folder::of(&whole)
        .run(&["compliance", "p", "--deny-gaps"])
        .code(0);
}

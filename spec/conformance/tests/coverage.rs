//! The rows of `spec/coverage.yaml` are true; and a row that is not is seen, which the second half shows on rows that
//! were made wrong.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests"
)]

use std::sync::OnceLock;

use bailiwick_conformance::coverage::evidence::check;
use bailiwick_conformance::coverage::{Coverage, Evidence, Library, Row};
use bailiwick_conformance::spec;

fn coverage() -> Coverage {
    Coverage::committed().unwrap_or_else(|error| panic!("{error}"))
}

/// Every vector that a row names is asked once for all tests.
fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| Library::of(&coverage()))
}

#[test]
fn every_row_is_true() {
    let wrong = check(&coverage(), library());
    assert!(
        wrong.is_empty(),
        "{} of the rows are not as they say:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// A form that carries no requirement is one that somebody forgot to write down here.
#[test]
fn every_form_carries_a_requirement() {
    let text = std::fs::read_to_string(spec().join("11-forms.md")).expect("the chapter is there");
    let headings = text
        .lines()
        .filter(|line| line.starts_with("## 11.") && line.contains('`'));
    let (_, table) = text
        .split_once("## 11.8 ")
        .expect("the chapter lists the forms of others");
    let rows = table
        .lines()
        .take_while(|line| !line.starts_with("## "))
        .filter_map(|line| {
            line.strip_prefix("| `")?
                .split_once(" | ")
                .map(|(forms, _)| forms)
        });
    let named: Vec<String> = headings
        .chain(rows)
        .flat_map(|line| line.split('`').map(str::to_owned).collect::<Vec<_>>())
        .filter(|word| word.contains(|c: char| c.is_ascii_lowercase()) && !word.contains(' '))
        .collect();
    let coverage = coverage();
    let rows: Vec<&Row> = coverage.shown.iter().flat_map(|subject| &subject.rows).collect();
    // A bypass is no form: it is the key of a rule, and has a section of its own.
    let idle: Vec<&String> = named
        .iter()
        .filter(|form| *form != "bypass" && !rows.iter().any(|row| row.form.as_ref() == Some(form)))
        .collect();
    assert!(30 < named.len(), "the forms are found: {named:?}");
    assert!(idle.is_empty(), "no requirement is carried by {idle:?}");
}

/// What is said of the rows after one of them was changed.
fn after(requirement: &str, change: impl FnOnce(&mut Row)) -> String {
    let mut coverage = coverage();
    let row = coverage.shown.iter_mut().flat_map(|subject| &mut subject.rows);
    let row = row
        .filter(|row| row.requirement == requirement)
        .last()
        .unwrap_or_else(|| panic!("there is no row `{requirement}`"));
    change(row);
    check(&coverage, library()).join("\n")
}

const SWITCH: &str = "All: no new runs";
const ITEM: &str = "Operations: runbook";
const TEST: &str = "A switch is flipped as state, while the policies stay as they are";

fn evidence(row: &mut Row) -> &mut Evidence {
    &mut row.shown_by[0]
}

#[test]
fn a_vector_that_was_renamed_is_missed() {
    let wrong = after(SWITCH, |row| {
        evidence(row).vector = Some("15-switches-and-roles/kill-switch/a-kill-switch-stops-runs".into());
    });
    assert!(wrong.contains("there is no vector 15-switches"), "{wrong}");
}

#[test]
fn a_policy_test_that_was_renamed_is_missed() {
    let wrong = after(TEST, |row| {
        let test = evidence(row).test.as_mut().expect("it names a test");
        test.push_str(" again");
    });
    assert!(wrong.contains("there is no test examples/acme"), "{wrong}");
}

#[test]
fn an_answer_that_changed_is_seen() {
    for other in ["allowed", "ask_approval"] {
        let wrong = after(SWITCH, |row| evidence(row).decision = Some(other.into()));
        assert!(wrong.contains("the decision is `denied`"), "{wrong}");
        assert!(wrong.contains("the vector expects `denied`"), "{wrong}");
        let wrong = after(TEST, |row| evidence(row).decision = Some(other.into()));
        assert!(wrong.contains("the test expects `denied`"), "{wrong}");
    }
}

#[test]
fn another_rule_than_the_one_that_matched_is_seen() {
    let rule = Some("kill_switch/global.disable_merges".to_owned());
    let wrong = after(SWITCH, |row| evidence(row).rule.clone_from(&rule));
    assert!(wrong.contains("is not among the matched rules"), "{wrong}");
    let wrong = after(TEST, |row| evidence(row).rule.clone_from(&rule));
    assert!(wrong.contains("the test does not expect the rule"), "{wrong}");
}

#[test]
fn a_rule_that_another_form_made_is_seen() {
    let wrong = after(SWITCH, |row| {
        row.form = Some("emergency_stop".into());
        row.section = "15.3".into();
    });
    assert!(wrong.contains("was made by the form `emergency_stop`"), "{wrong}");
    let wrong = after(SWITCH, |row| evidence(row).rule = Some("base/default".into()));
    assert!(wrong.contains("was made by the form `kill_switch`"), "{wrong}");
}

#[test]
fn a_row_without_evidence_is_seen() {
    let wrong = after(SWITCH, |row| row.shown_by.clear());
    assert!(wrong.contains("nothing shows it"), "{wrong}");
    let wrong = after(SWITCH, |row| {
        *evidence(row) = Evidence {
            vector: Some("15-switches-and-roles/kill-switch/another-campaign-goes-on".into()),
            decision: Some("allowed".into()),
            ..Evidence::default()
        };
    });
    assert!(wrong.contains("shows nothing by itself"), "{wrong}");
}

#[test]
fn a_section_that_is_not_there_or_is_about_something_else_is_seen() {
    let wrong = after(SWITCH, |row| row.section = "15.99".into());
    assert!(wrong.contains("there is no section 15.99"), "{wrong}");
    let wrong = after(SWITCH, |row| row.section = "14.1".into());
    assert!(
        wrong.contains("section 14.1 does not speak of `kill_switch`"),
        "{wrong}"
    );
}

#[test]
fn a_criterion_must_be_seen_to_hold_and_not_to_hold() {
    let wrong = after(ITEM, |row| row.shown_by.truncate(1));
    assert!(wrong.contains("until one is seen that does not"), "{wrong}");
    let wrong = after(ITEM, |row| {
        evidence(row).criterion = Some("operations.runbook failed".into());
    });
    assert!(wrong.contains("is not among the criteria"), "{wrong}");
    let wrong = after(ITEM, |row| {
        let evidence = evidence(row);
        evidence.reported = evidence.criterion.take();
    });
    assert!(wrong.contains("is not among the criteria"), "{wrong}");
}

#[test]
fn what_is_not_owed_or_stated_is_seen() {
    let wrong = after("All: running runs are cancelled", |row| {
        evidence(row).owes.push("pause".into());
    });
    assert!(wrong.contains("`pause` is not among the obligations"), "{wrong}");
    let wrong = after("Why: task and ticket", |row| {
        evidence(row).states.push("/scope/tenant".into());
    });
    assert!(wrong.contains("states `/scope/tenant`"), "{wrong}");
    let wrong = after("PCI-DSS: no cardholder data", |row| {
        evidence(row).control = Some("PCI-DSS/cardholder".into());
    });
    assert!(wrong.contains("is not among the controls"), "{wrong}");
    let wrong = after("Staging: one year", |row| {
        let limit = evidence(row).limit.as_mut().expect("it names a limit");
        *limit = limit.replace("31536000", "31535999");
    });
    assert!(wrong.contains("is not among the caps and floors"), "{wrong}");
    let wrong = after("A violation of compliance is reported within 24 hours", |row| {
        let owed = &mut evidence(row).owes[0];
        *owed = owed.replace("86400", "86399");
    });
    assert!(wrong.contains("is not among the obligations"), "{wrong}");
    let wrong = after(
        "Production: two of team lead or on call, 30 minutes, then the engineering lead",
        |row| {
            let key = evidence(row)
                .states
                .iter_mut()
                .find(|key| key.contains("timeout"));
            *key.expect("it states the time") = "/approvals/required/0/timeout = 1801".into();
        },
    );
    assert!(
        wrong.contains("states `/approvals/required/0/timeout = 1801`"),
        "{wrong}"
    );
    let wrong = after("Merged: more than 70 %", |row| {
        evidence(row).asks = Some("evidence.figures.merged_rate > 60%".into());
    });
    assert!(wrong.contains("is not among the criteria"), "{wrong}");
}

#[test]
fn another_finding_is_seen() {
    for row in [
        "Versioned: one version is one text",
        "Ends by itself: a rule that was meant for a time",
    ] {
        let wrong = after(row, |row| evidence(row).error = Some("row-again".into()));
        assert!(wrong.contains("without `row-again`"), "{wrong}");
    }
}

#[test]
fn a_unit_test_that_is_gone_is_missed() {
    let wrong = after("A denied act is told as refused, never as done", |row| {
        evidence(row).unit = Some("core/src/record/deed.rs: record".into());
    });
    assert!(wrong.contains("there is no unit core"), "{wrong}");
}

#[test]
fn a_requirement_stands_once() {
    let mut coverage = coverage();
    let row = coverage.shown[0].rows[0].clone();
    coverage.shown[1].rows.push(row);
    let wrong = check(&coverage, library()).join("\n");
    assert!(wrong.contains("stands twice"), "{wrong}");
}

#[test]
fn a_key_that_nobody_reads_is_an_error() {
    let text = "shown: [{subject: a, rows: [{requirement: b, part: c, section: '3.6', shown_by: [], shwon: x}]}]\nnot_decided_here: []\nopen: []\n";
    let error = Coverage::parse(text).expect_err("`shwon` is no key").to_string();
    assert!(error.contains("shwon"), "{error}");
}

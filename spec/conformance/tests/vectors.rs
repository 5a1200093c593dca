//! Every vector, asked of every evaluator that there is.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeSet;

use bailiwick_conformance::{BailiwickEngine, Evaluator, Reference, files, run, spec};

#[test]
fn the_engine_answers_the_vectors() {
    check(&BailiwickEngine);
}

#[test]
fn the_reference_answers_the_vectors() {
    check(&Reference);
}

/// All vectors but those that the file of expected failures names; that file may only shrink.
fn check<E: Evaluator>(evaluator: &E) {
    let listed =
        std::fs::read_to_string(spec().join("vectors/expected-failures.txt")).expect("the file is there");
    let lines = listed
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mine = lines
        .filter_map(|line| line.split_once(' '))
        .filter(|(name, _)| *name == evaluator.name());
    let mut expected: BTreeSet<&str> = mine.map(|(_, case)| case.trim()).collect();
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in files() {
        count += file.cases.len();
        for (case, differences) in run(evaluator, &file) {
            if !expected.remove(case.as_str()) {
                wrong.push(format!("{case}\n    {}", differences.join("\n    ")));
            }
        }
    }
    wrong.extend(
        expected
            .iter()
            .map(|case| format!("{case} passes, or is no more: take it off the expected failures")),
    );
    assert!(
        wrong.is_empty(),
        "{} of {count} vectors differ on the {}:\n{}",
        wrong.len(),
        evaluator.name(),
        wrong.join("\n")
    );
}

/// Names state the rule, not its number, and are unique over all files.
#[test]
fn names_are_kebab_case_and_unique() {
    let mut seen = BTreeSet::new();
    for file in files() {
        for case in &file.cases {
            let kebab = case
                .name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            assert!(
                kebab && 5 < case.name.len(),
                "{}: `{}` is no kebab-case name",
                file.name,
                case.name
            );
            assert!(
                seen.insert(case.name.clone()),
                "{}: the name `{}` is taken",
                file.name,
                case.name
            );
        }
        assert!(
            40 < file.json["theme"].as_str().map_or(0, str::len),
            "{}: why does the theme matter?",
            file.name
        );
    }
}

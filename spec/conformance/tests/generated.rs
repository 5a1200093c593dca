//! What is made from tables is what the tables say now. `BLESS=1` writes it anew.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests"
)]

use bailiwick_conformance::coverage::Coverage;
use bailiwick_conformance::{committed, schemas, spec, tables};

#[test]
fn schemas_are_up_to_date() {
    let stale: Vec<String> = schemas::all()
        .iter()
        .filter_map(|(name, schema)| {
            committed(
                &spec().join(format!("schemas/{name}.schema.json")),
                &schemas::text(schema),
            )
            .err()
        })
        .collect();
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

#[test]
fn chapters_are_up_to_date() {
    let coverage = Coverage::committed().unwrap_or_else(|error| panic!("{error}"));
    for (file, name, part) in [
        ("05-vocabulary.md", "vocabulary", tables::vocabulary()),
        ("10-diagnostics.md", "diagnostics", tables::diagnostics()),
        ("coverage.md", "coverage", coverage.tables()),
    ] {
        let path = spec().join(file);
        let text = std::fs::read_to_string(&path).expect("the chapter is there");
        let wanted = tables::chapter(&text, name, &part).expect("the chapter has the part");
        committed(&path, &wanted).unwrap_or_else(|stale| panic!("{stale}"));
    }
}

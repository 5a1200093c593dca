//! The corpora: lines of real working days, dangerous and benign, each with what it does.

use serde_json::Value as Json;

use super::*;

/// Kinds that a benign line must not be said to have unless it is expected.
const DANGEROUS: &[&str] = &[
    "file.write",
    "file.delete",
    "file.move",
    "network.connect",
    "git.push",
    "git.commit",
    "git.branch",
    "git.tag",
];
/// Facts of runs that make a line dangerous.
const FACTS: &[&str] = &[
    "pipes_remote_script",
    "raises_privilege",
    "loads_code_by_environment",
    "skips_hooks",
    "installs_packages",
];

struct Case {
    id: String,
    command: String,
    effects: Vec<Json>,
    facts: Vec<String>,
}

fn cases(text: &str) -> Vec<Case> {
    let read = |line: &str| {
        let json: Json = serde_json::from_str(line).expect("each line is JSON");
        Case {
            id: json["id"].as_str().unwrap_or_default().to_owned(),
            command: json["command"].as_str().unwrap_or_default().to_owned(),
            effects: json["effects"].as_array().cloned().unwrap_or_default(),
            facts: json["facts"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect(),
        }
    };
    text.lines().filter(|line| !line.is_empty()).map(read).collect()
}

/// Whether an effect that was seen is the one that is expected. One of which an argument is unknown may be it.
fn is(seen: &Seen, expected: &Json) -> bool {
    let expected = expected.as_object().expect("an effect is an object");
    expected.iter().all(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match name.as_str() {
            "kind" => seen.kind == value,
            name => fact(seen, name).is_some_and(|fact| fact == value),
        }
    })
}

fn has_fact(reading: &Reading, name: &str) -> bool {
    reading
        .effects
        .iter()
        .any(|seen| fact(seen, name).as_deref() == Some("true"))
}

fn show(reading: &Reading) -> String {
    let show = |seen: &Seen| {
        let names = [
            "program",
            "path",
            "destination",
            "host",
            "remote",
            "branch.name",
            "tag",
            "force",
            "recursive",
        ];
        let facts = names
            .iter()
            .filter_map(|name| fact(seen, name).map(|fact| format!("{name}={fact}")));
        let marks = FACTS
            .iter()
            .filter(|name| fact(seen, name).as_deref() == Some("true"))
            .map(|name| format!("+{name}"));
        format!(
            "{}({})",
            seen.kind,
            facts.chain(marks).collect::<Vec<_>>().join(" ")
        )
    };
    let effects: Vec<String> = reading.effects.iter().map(show).collect();
    format!(
        "{}{}",
        if reading.opaque { "OPAQUE " } else { "" },
        effects.join(", ")
    )
}

#[test]
fn no_dangerous_line_is_unseen() {
    let cases = cases(include_str!(
        "../../../../../spec/vectors/commands/dangerous.jsonl"
    ));
    let (mut unseen, mut opaque) = (Vec::new(), 0);
    for case in &cases {
        let reading = line(&case.command);
        let effects = case
            .effects
            .iter()
            .all(|expected| reading.effects.iter().any(|seen| is(seen, expected)));
        let facts = case.facts.iter().all(|name| has_fact(&reading, name));
        let seen = effects && facts && !(case.effects.is_empty() && case.facts.is_empty());
        opaque += usize::from(reading.opaque);
        if !seen && !reading.opaque {
            unseen.push(format!("{}: {:?}\n    {}", case.id, case.command, show(&reading)));
        } else if !seen && !case.effects.is_empty() {
            println!("opaque alone: {:?}\n    {}", case.command, show(&reading));
        }
    }
    println!(
        "dangerous: {} lines, {} unseen, {} opaque",
        cases.len(),
        unseen.len(),
        opaque
    );
    assert!(unseen.is_empty(), "{}", unseen.join("\n"));
    assert!(300 <= cases.len() && opaque * 7 <= cases.len());
}

#[test]
fn benign_lines_are_the_plain_things_they_are() {
    let cases = cases(include_str!("../../../../../spec/vectors/commands/benign.jsonl"));
    let mut flagged = Vec::new();
    let mut missing = Vec::new();
    for case in &cases {
        let reading = line(&case.command);
        let expected = |seen: &Seen| case.effects.iter().any(|expected| is(seen, expected));
        let strange = reading
            .effects
            .iter()
            .any(|seen| DANGEROUS.contains(&seen.kind) && !expected(seen));
        let fact = FACTS
            .iter()
            .any(|name| has_fact(&reading, name) && !case.facts.iter().any(|known| known == name));
        if reading.opaque || strange || fact {
            flagged.push(format!("{}: {:?}\n    {}", case.id, case.command, show(&reading)));
        }
        let all = case
            .effects
            .iter()
            .all(|expected| reading.effects.iter().any(|seen| is(seen, expected)));
        if !all {
            missing.push(format!("{}: {:?}\n    {}", case.id, case.command, show(&reading)));
        }
    }
    println!("benign: {} lines, {} flagged", cases.len(), flagged.len());
    println!("{}", flagged.join("\n"));
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(
        300 <= cases.len() && flagged.len() * 50 <= cases.len(),
        "{}",
        flagged.join("\n")
    );
}

//! Whether the rows of `coverage.yaml` are true: what a row says must be read off what its vectors answer and its policy
//! tests expect. Which requirements there are, and whether the list is complete, is not known here.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::library::{Answer, Library, Shown};
use super::{Coverage, Evidence, Row};
use crate::spec;

/// Everything that is wrong with the rows; nothing where they are true.
pub fn check(coverage: &Coverage, library: &Library) -> Vec<String> {
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    let mut once = |about: &str, requirement: &str, out: &mut Vec<String>| {
        if !seen.insert(requirement.to_owned()) {
            out.push(format!("{about}: `{requirement}` stands twice"));
        }
    };
    for subject in &coverage.shown {
        for row in &subject.rows {
            let at = format!("{}: {}", subject.subject, row.requirement);
            once(&subject.subject, &row.requirement, &mut out);
            out.extend(
                row_wrong(row, library)
                    .into_iter()
                    .map(|wrong| format!("{at}: {wrong}")),
            );
        }
    }
    for row in &coverage.not_decided_here {
        once("not decided here", &row.requirement, &mut out);
    }
    for row in &coverage.open {
        once("open", &row.requirement, &mut out);
    }
    out
}

fn row_wrong(row: &Row, library: &Library) -> Vec<String> {
    let mut out = Vec::new();
    match section(&row.section) {
        None => out.push(format!("there is no section {}", row.section)),
        Some(text) => {
            let form = row
                .form
                .as_ref()
                .filter(|form| !text.contains(&format!("`{form}")));
            out.extend(form.map(|form| format!("section {} does not speak of `{form}`", row.section)));
        }
    }
    if row.form.is_some() == row.part.is_some() {
        out.push("either a form or a part of the language carries it".to_owned());
    }
    if row.shown_by.is_empty() {
        out.push("nothing shows it".to_owned());
    } else if !row.shown_by.iter().any(Evidence::tells) {
        out.push("that something is allowed shows nothing by itself".to_owned());
    }
    let criteria: Vec<_> = row
        .shown_by
        .iter()
        .filter(|one| one.criterion.is_some())
        .collect();
    if !criteria.is_empty() && criteria.iter().all(|one| one.holds()) {
        out.push("a criterion that holds shows nothing until one is seen that does not".to_owned());
    }
    let mut made_by_form = false;
    for evidence in &row.shown_by {
        let name = evidence.name();
        let Some(shown) = library.shown.get(&name) else {
            out.push(format!("there is no {name}"));
            continue;
        };
        let found = read(evidence, shown);
        out.extend(found.wrong.into_iter().map(|wrong| format!("{name}: {wrong}")));
        let form = row.form.as_deref().unwrap_or_default();
        made_by_form |= shown.documents.iter().any(|document| {
            let mapped = evidence
                .control
                .as_ref()
                .is_some_and(|name| document.controls.contains(name));
            let named = document.ids.iter().any(|id| found.policies.contains(id));
            let meant = found.policies.is_empty() || named || mapped;
            meant && document.keys.iter().any(|key| is_form(form, key))
        });
    }
    if !made_by_form && !out.iter().any(|wrong| wrong.starts_with("there is no")) {
        let form = row.form.iter();
        out.extend(form.map(|form| format!("nothing of what it names was made by the form `{form}`")));
    }
    out
}

/// What is wrong with one piece of evidence, and of which policies it speaks.
struct Found {
    wrong: Vec<String>,
    policies: BTreeSet<String>,
}

impl Evidence {
    /// Whether its criterion holds.
    fn holds(&self) -> bool {
        self.criterion
            .as_ref()
            .is_some_and(|says| says.ends_with(" held"))
    }

    /// Whether it says more than that something is allowed.
    fn tells(&self) -> bool {
        let names = [
            &self.error,
            &self.rule,
            &self.control,
            &self.limit,
            &self.criterion,
            &self.reported,
        ];
        names.iter().any(|name| name.is_some())
            || !self.owes.is_empty()
            || !self.states.is_empty()
            || self.unit.is_some()
    }
}

fn read(evidence: &Evidence, shown: &Shown) -> Found {
    let mut found = Found {
        wrong: Vec::new(),
        policies: BTreeSet::new(),
    };
    if evidence.decision.is_some() == evidence.error.is_some() && evidence.unit.is_none() {
        found
            .wrong
            .push("a row says either a decision or a finding".to_owned());
    }
    match &shown.answer {
        Answer::Found(codes) => {
            let missing = evidence.error.as_ref().filter(|code| !codes.contains(code));
            found
                .wrong
                .extend(missing.map(|code| format!("the findings are {codes:?}, without `{code}`")));
            if evidence.decision.is_some() || evidence.rule.is_some() {
                found.wrong.push("there is no decision".to_owned());
            }
        }
        Answer::Record(record, request) => {
            in_record(evidence, record, request, &mut found);
            let stated = shown.expects.as_ref().zip(evidence.decision.as_ref());
            if let Some((expects, _)) = stated.filter(|(expects, decision)| expects != decision) {
                found.wrong.push(format!("the vector expects `{expects}`"));
            }
        }
        Answer::Expected(expect) => in_test(evidence, expect, &mut found),
        Answer::Unit => {}
    }
    found
}

fn in_record(evidence: &Evidence, record: &Json, request: &Json, found: &mut Found) {
    let is = record["decision"].as_str().unwrap_or("no record");
    if evidence.decision.as_deref() != Some(is) {
        found.wrong.push(format!(
            "the decision is `{is}`, not `{}`",
            evidence.decision.as_deref().unwrap_or("a finding")
        ));
    }
    let entries = |keys: &[&str]| -> Vec<Json> {
        let lists = keys.iter().filter_map(|key| record[*key].as_array());
        lists.flatten().cloned().collect()
    };
    if let Some(rule) = &evidence.rule {
        let rules = entries(&["matched_rules"]);
        found.entry("the matched rules", &rules, |entry| named(entry) == *rule, rule);
    }
    if let Some(control) = &evidence.control {
        let rules = entries(&["matched_rules"]);
        let carries = |entry: &Json| {
            let controls = entry["controls"].as_array();
            controls.is_some_and(|names| names.iter().any(|name| name == control.as_str()))
        };
        found.entry("the controls of the matched rules", &rules, carries, control);
    }
    if let Some(limit) = &evidence.limit {
        let limits = entries(&["caps", "floors"]);
        let bound = |entry: &Json| {
            entry
                .get("at_most")
                .or(entry.get("at_least"))
                .map(Json::to_string)
        };
        let says = |entry: &Json| {
            let bound = bound(entry).unwrap_or_default();
            format!("{} {} {bound}", named(entry), word(entry, "state")) == *limit
        };
        found.entry("the caps and floors", &limits, says, limit);
    }
    for (criterion, advisory) in [(&evidence.criterion, false), (&evidence.reported, true)] {
        let Some(criterion) = criterion else { continue };
        let criteria = entries(&["criteria"]);
        let says = |entry: &Json| {
            let is = format!("{} {}", word(entry, "criterion"), word(entry, "state"));
            let asks = evidence
                .asks
                .as_ref()
                .is_none_or(|asks| word(entry, "expected") == *asks);
            is == *criterion && asks && (entry["advisory"] == Json::Bool(true)) == advisory
        };
        found.entry("the criteria", &criteria, says, criterion);
        // A criterion that does not hold is one that blocks: its gate is among the matched rules.
        if let Some(shut) = criteria
            .iter()
            .find(|entry| says(entry) && !advisory && !evidence.holds())
        {
            let (gate, rules) = (named(shut), entries(&["matched_rules"]));
            found.entry("the matched rules", &rules, |entry| named(entry) == gate, &gate);
        }
    }
    for name in &evidence.owes {
        let owed = entries(&["obligations"]);
        let says = |entry: &Json| match name.split_once(" within ") {
            None => word(entry, "name") == *name,
            Some((name, within)) => word(entry, "name") == name && is_value(&entry["within"], within),
        };
        found.entry("the obligations", &owed, says, name);
    }
    for key in &evidence.states {
        let (pointer, value) = match key.split_once(" = ") {
            Some((pointer, value)) => (pointer, Some(value)),
            None => (key.as_str(), None),
        };
        let stated = |json: &Json| {
            let found = json.pointer(pointer).filter(|found| is_something(found));
            found.is_some_and(|found| value.is_none_or(|value| is_value(found, value)))
        };
        if !stated(record) && !stated(request) {
            found
                .wrong
                .push(format!("neither record nor request states `{key}`"));
        }
    }
}

/// A policy test is read only; that it passes is what `bailiwick test` shows.
fn in_test(evidence: &Evidence, expect: &Json, found: &mut Found) {
    let expects = match expect["decision"].as_str().unwrap_or_default() {
        "allow" => "allowed",
        "deny" | "block" => "denied",
        "ask" => "ask_approval",
        other => other,
    };
    if evidence.decision.as_deref() != Some(expects) {
        found.wrong.push(format!("the test expects `{expects}`"));
    }
    let listed = |key: &str| -> BTreeSet<String> {
        let items = expect[key].as_array().into_iter().flatten();
        items.filter_map(Json::as_str).map(str::to_owned).collect()
    };
    let (rules, owed) = (listed("rules"), listed("obligations"));
    if let Some(rule) = &evidence.rule {
        let policy = rule.split('/').next().unwrap_or_default();
        found.policies.insert(policy.to_owned());
        if !rules.contains(rule) {
            found
                .wrong
                .push(format!("the test does not expect the rule `{rule}`"));
        }
    }
    let missing = evidence.owes.iter().filter(|name| !owed.contains(*name));
    found
        .wrong
        .extend(missing.map(|name| format!("the test does not expect `{name}` to be owed")));
    let more = [
        &evidence.limit,
        &evidence.control,
        &evidence.criterion,
        &evidence.reported,
        &evidence.asks,
    ];
    if more.iter().any(|one| one.is_some()) || !evidence.states.is_empty() {
        found
            .wrong
            .push("a test tells a decision, rules and obligations only".to_owned());
    }
}

impl Found {
    /// One of the entries of a record must be as said; its policy is remembered.
    fn entry(&mut self, list: &str, entries: &[Json], says: impl Fn(&Json) -> bool, wanted: &str) {
        let Some(entry) = entries.iter().find(|entry| says(entry)) else {
            self.wrong.push(format!("`{wanted}` is not among {list}"));
            return;
        };
        let policy = entry["policy"].as_str().unwrap_or_default();
        self.policies
            .insert(policy.split('@').next().unwrap_or_default().to_owned());
    }
}

fn word(entry: &Json, key: &str) -> String {
    entry[key].as_str().unwrap_or_default().to_owned()
}

/// `<policy>/<rule>`, without the policy's version; an engine denial has no policy and is called by its rule.
fn named(entry: &Json) -> String {
    let policy = word(entry, "policy");
    match policy.split('@').next().unwrap_or_default() {
        "" => word(entry, "rule"),
        id => format!("{id}/{}", word(entry, "rule")),
    }
}

/// Numbers are equal by value: a record has seconds as `1800.0`.
fn is_value(json: &Json, written: &str) -> bool {
    match json {
        Json::String(text) => text == written,
        Json::Number(number) => number.as_f64() == written.parse().ok(),
        Json::Bool(truth) => written == if *truth { "true" } else { "false" },
        Json::Null | Json::Array(_) | Json::Object(_) => false,
    }
}

fn is_something(json: &Json) -> bool {
    match json {
        Json::Null => false,
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(keys) => !keys.is_empty(),
        Json::Bool(_) | Json::Number(_) => true,
    }
}

/// Whether a document's key is the form; `phase_<n>_promotion` has a number in it.
fn is_form(form: &str, key: &str) -> bool {
    match form.split_once("<n>") {
        None => form == key,
        Some((before, after)) => key
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())),
    }
}

/// The file of a section's chapter.
pub fn chapter_of(section: &str) -> Option<String> {
    let number: u32 = section.split('.').next()?.parse().ok()?;
    let entries = std::fs::read_dir(spec()).ok()?.flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .find(|name| name.starts_with(&format!("{number:02}-")) && name.ends_with(".md"))
}

/// The text of a section, from its heading to the next.
fn section(section: &str) -> Option<String> {
    let text = std::fs::read_to_string(spec().join(chapter_of(section)?)).ok()?;
    let (_, rest) = text.split_once(&format!("\n## {section} "))?;
    Some(rest.split("\n## ").next().unwrap_or_default().to_owned())
}

//! Which rules carry out the controls of compliance frameworks, and which policy tests show them at work: what an auditor asks
//! for first (spec/16-data-and-compliance.md, 16.6). Knows of tests what they came to, and of no screen.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use crate::engine::Engine;
use crate::model::{PolicySet, RuleRef};
use crate::suite::Report;

/// The tests in whose records a rule is matched or held as a limit, by the rule as `policy/rule`, by control. A test that
/// fails shows nothing.
///
/// ```
/// use bailiwick::parts::Compliance;
/// use bailiwick::{Engine, Source};
///
/// let policies = "rules:\n  - {id: four_eyes, deny: pr.merge, controls: [own/reviews]}\n";
/// let engine = Engine::load([Source::platform("policies.yaml", policies)]).expect("it compiles");
/// let compliance = Compliance::of(&engine, []);
/// assert_eq!(compliance.to_json()["gaps"][0]["control"], "own/reviews");
/// assert_eq!(compliance.gaps().count(), 1, "no test shows the rule");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compliance {
    controls: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
}

impl Compliance {
    /// Of the policies of an engine, and what their tests came to.
    pub fn of<'r>(engine: &Engine, reports: impl IntoIterator<Item = &'r Report>) -> Compliance {
        let tests = tests_by_rule(reports);
        let mut compliance = Compliance {
            controls: BTreeMap::new(),
        };
        for compiled in engine.sets() {
            compliance.add(&compiled.set, &tests);
        }
        compliance
    }

    fn add(&mut self, set: &PolicySet, tests: &BTreeMap<String, BTreeSet<String>>) {
        let mut carried = |control: &str, rule: Option<RuleRef>| {
            let rules = self.controls.entry(control.to_owned()).or_default();
            if let Some(at) = rule {
                let name = format!("{}/{}", set.document_of(at).id, set.rule(at).id);
                let shown = tests.get(&name).cloned().unwrap_or_default();
                rules.entry(name).or_default().extend(shown);
            }
        };
        for (part, policies) in (0..).zip(set.parts()) {
            for control in &policies.controls {
                carried(&control.name, None);
                control
                    .rules
                    .iter()
                    .for_each(|at| carried(&control.name, Some(*at)));
            }
            for (rule, row) in (0..).zip(&policies.rules) {
                let at = RuleRef { part, rule };
                row.controls.iter().for_each(|control| carried(control, Some(at)));
            }
        }
    }

    /// The controls by name, each with the rules that carry it out and the tests that show these.
    pub fn controls(&self) -> impl Iterator<Item = (&str, &BTreeMap<String, BTreeSet<String>>)> {
        self.controls
            .iter()
            .map(|(control, rules)| (control.as_str(), rules))
    }

    /// Controls that no rule carries out, and rules of controls that no test shows.
    pub fn gaps(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.controls.iter().flat_map(|(control, rules)| {
            let none = rules.is_empty().then_some((control.as_str(), None));
            let untested = rules.iter().filter(|(_, tests)| tests.is_empty());
            none.into_iter()
                .chain(untested.map(|(rule, _)| (control.as_str(), Some(rule.as_str()))))
        })
    }

    /// How much there is of everything, in a line.
    pub fn count(&self) -> String {
        let rules: usize = self.controls.values().map(BTreeMap::len).sum();
        let (mut bare, mut untested) = (0, 0);
        for (_, rule) in self.gaps() {
            match rule {
                None => bare += 1,
                Some(_) => untested += 1,
            }
        }
        format!(
            "{}, {}; {} without a rule, {} without a test",
            counted(self.controls.len(), "control"),
            counted(rules, "rule"),
            counted(bare, "control"),
            counted(untested, "rule")
        )
    }

    /// As a table of Markdown, with the line of [`Compliance::count`] below it.
    pub fn to_markdown(&self) -> String {
        let mut text = "| control | rule | tests |\n|---|---|---|\n".to_owned();
        for (control, rules) in &self.controls {
            if rules.is_empty() {
                text.push_str(&format!("| {} | **none** | |\n", cell(control)));
            }
            for (rule, tests) in rules {
                let tests: Vec<String> = tests.iter().map(|test| cell(test)).collect();
                let tests = if tests.is_empty() {
                    "**none**".to_owned()
                } else {
                    tests.join("; ")
                };
                text.push_str(&format!("| {} | {} | {tests} |\n", cell(control), cell(rule)));
            }
        }
        format!("{text}\n{}\n", self.count())
    }

    /// As JSON: `{controls: [{control, rules: [{rule, tests}]}], gaps: [{control, rule}]}`. The rule of a gap is null where no
    /// rule carries the control out.
    pub fn to_json(&self) -> Json {
        let rules = |rules: &BTreeMap<String, BTreeSet<String>>| -> Vec<Json> {
            let row = |(rule, tests)| json!({"rule": rule, "tests": tests});
            rules.iter().map(row).collect()
        };
        let control = |(control, carried): (&String, &BTreeMap<_, _>)| json!({"control": control, "rules": rules(carried)});
        let controls: Vec<Json> = self.controls.iter().map(control).collect();
        let gap = |(control, rule)| json!({"control": control, "rule": rule});
        json!({"controls": controls, "gaps": self.gaps().map(gap).collect::<Vec<_>>()})
    }
}

/// Which tests that pass match which rules, or hold them as limits.
fn tests_by_rule<'r>(reports: impl IntoIterator<Item = &'r Report>) -> BTreeMap<String, BTreeSet<String>> {
    let mut tests: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for report in reports {
        let Some(record) = report.record.as_ref().filter(|_| report.failures.is_empty()) else {
            continue;
        };
        let matched = record.matched_rules.iter().map(|rule| (&rule.policy, &rule.rule));
        // A limit that is within its bounds is at work, too.
        let caps = record.caps.iter().map(|cap| (&cap.policy, &cap.rule));
        let floors = record.floors.iter().map(|floor| (&floor.policy, &floor.rule));
        for (policy, rule) in matched.chain(caps).chain(floors) {
            // `id@version`; an id has no `@`.
            let policy = policy.split('@').next().unwrap_or_default();
            let name = format!("{policy}/{rule}");
            tests.entry(name).or_default().insert(report.name.clone());
        }
    }
    tests
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// `1 rule`, `2 rules`.
fn counted(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

//! `bailiwick compliance`: which rules carry out the controls of a framework, and which policy tests show them at work.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use bailiwick::Engine;
use bailiwick::machinery::model::{PolicySet, RuleRef};
use serde_json::{Value as Json, json};

use super::check::counted;
use super::test::{self, Results};
use crate::args::{Compliance, ComplianceFormat};
use crate::load;
use crate::screen::{GREEN, Paint, RED, Screen, YELLOW};
use crate::stop::{Code, Stop};

pub(crate) fn run(args: &Compliance, screen: &Screen) -> Result<Code, Stop> {
    let given = load::load(&args.paths)?;
    let suites = test::beside(&given)?;
    let engine = load::compile(given, &args.paths, screen)?;
    let coverage = Coverage::of(&engine, &test::ask(&suites, &engine));
    let text = match args.format {
        ComplianceFormat::Text => coverage.text(screen.out),
        ComplianceFormat::Markdown => coverage.markdown(),
        ComplianceFormat::Json => format!("{:#}\n", coverage.json()),
    };
    write!(io::stdout().lock(), "{text}")?;
    let wanting = args.deny_gaps && 0 < coverage.gaps().count();
    Ok(if wanting { Code::Findings } else { Code::Fine })
}

/// The tests in whose records a rule is matched, by the rule as `policy/rule`, by control. A test that fails shows nothing.
struct Coverage {
    controls: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
}

impl Coverage {
    fn of(engine: &Engine, results: &[Results]) -> Coverage {
        let tests = tests_by_rule(results);
        let mut coverage = Coverage {
            controls: BTreeMap::new(),
        };
        for compiled in engine.sets() {
            coverage.add(&compiled.set, &tests);
        }
        coverage
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

    /// Controls that no rule carries out, and rules of controls that no test shows.
    fn gaps(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.controls.iter().flat_map(|(control, rules)| {
            let none = rules.is_empty().then_some((control.as_str(), None));
            let untested = rules.iter().filter(|(_, tests)| tests.is_empty());
            none.into_iter()
                .chain(untested.map(|(rule, _)| (control.as_str(), Some(rule.as_str()))))
        })
    }

    fn text(&self, paint: Paint) -> String {
        let mut text = String::new();
        for (control, rules) in &self.controls {
            text.push_str(&format!("{control}\n"));
            if rules.is_empty() {
                text.push_str(&format!("  {}\n", paint.style(RED, "no rule")));
            }
            for (rule, tests) in rules {
                text.push_str(&format!("  {rule}\n"));
                if tests.is_empty() {
                    text.push_str(&format!("    {}\n", paint.style(YELLOW, "no test")));
                }
                for test in tests {
                    text.push_str(&format!("    {} {test}\n", paint.style(GREEN, "ok")));
                }
            }
        }
        text + &self.count()
    }

    fn count(&self) -> String {
        let rules: usize = self.controls.values().map(BTreeMap::len).sum();
        let (mut bare, mut untested) = (0, 0);
        for (_, rule) in self.gaps() {
            match rule {
                None => bare += 1,
                Some(_) => untested += 1,
            }
        }
        format!(
            "{}, {}; {} without a rule, {} without a test\n",
            counted(self.controls.len(), "control"),
            counted(rules, "rule"),
            counted(bare, "control"),
            counted(untested, "rule")
        )
    }

    fn markdown(&self) -> String {
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
        format!("{text}\n{}", self.count())
    }

    fn json(&self) -> Json {
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
fn tests_by_rule(results: &[Results]) -> BTreeMap<String, BTreeSet<String>> {
    let mut tests: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for report in results.iter().flat_map(|result| &result.reports) {
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

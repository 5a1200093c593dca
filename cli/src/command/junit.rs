//! Test results as JUnit XML, which build servers read.

use std::fmt::Write;

use bailiwick::parts::Report;

use super::test::{Results, decided};

/// The whole report: a suite for each file.
pub(super) fn of(results: &[Results]) -> String {
    let all: usize = results.iter().map(|result| result.reports.len()).sum();
    let [failures, errors] = counts(results.iter().flat_map(|result| &result.reports));
    let head = format!(
        "<testsuites name=\"bailiwick\" tests=\"{all}\" failures=\"{failures}\" errors=\"{errors}\">\n"
    );
    let suites: String = results.iter().map(suite).collect();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{head}{suites}</testsuites>\n")
}

/// Tests whose answer was another, and tests that could not be asked.
fn counts<'a>(reports: impl Iterator<Item = &'a Report>) -> [usize; 2] {
    reports
        .filter(|report| !report.failures.is_empty())
        .fold([0, 0], |[failures, errors], report| match report.record {
            Some(_) => [failures + 1, errors],
            None => [failures, errors + 1],
        })
}

fn suite(result: &Results) -> String {
    let [failures, errors] = counts(result.reports.iter());
    let (name, tests) = (escaped(&result.name), result.reports.len());
    let cases: String = result.reports.iter().map(|report| case(&name, report)).collect();
    format!(
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">\n{cases}  </testsuite>\n"
    )
}

fn case(file: &str, report: &Report) -> String {
    let name = escaped(&report.name);
    let head = format!(
        "    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\" line=\"{}\"",
        report.place.line
    );
    if report.failures.is_empty() {
        return format!("{head}/>\n");
    }
    let element = if report.record.is_some() {
        "failure"
    } else {
        "error"
    };
    let message = escaped(&report.failures.join("; "));
    let text = escaped(&format!(
        "{}\n{}\n{}",
        report.place,
        report.failures.join("\n"),
        decided(report)
    ));
    format!("{head}>\n      <{element} message=\"{message}\">{text}</{element}>\n    </testcase>\n")
}

/// Text and attribute values alike. Characters that XML 1.0 cannot hold at all are shown by their number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => drop(write!(out, "&#{};", character as u32)),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => drop(write!(out, "\\u{{{:x}}}", character as u32)),
            _ => out.push(character),
        }
    }
    out
}

//! `bailiwick compliance`: which rules carry out the controls of a framework, and which policy tests show them at work.

use std::io::{self, Write};

use bailiwick::parts::Compliance as Made;

use super::test;
use crate::args::{Compliance, ComplianceFormat};
use crate::load;
use crate::screen::{GREEN, Paint, RED, Screen, YELLOW};
use crate::stop::{Code, Stop};

pub(crate) fn run(args: &Compliance, screen: &Screen) -> Result<Code, Stop> {
    let given = load::load(&args.paths)?;
    let suites = test::beside(&given)?;
    let engine = load::compile(given, &args.paths, screen)?;
    let results = test::ask(&suites, &engine);
    let made = Made::of(&engine, results.iter().flat_map(|result| &result.reports));
    let text = match args.format {
        ComplianceFormat::Text => text(&made, screen.out),
        ComplianceFormat::Markdown => made.to_markdown(),
        ComplianceFormat::Json => format!("{:#}\n", made.to_json()),
    };
    write!(io::stdout().lock(), "{text}")?;
    let wanting = args.deny_gaps && 0 < made.gaps().count();
    Ok(if wanting { Code::Findings } else { Code::Fine })
}

fn text(made: &Made, paint: Paint) -> String {
    let mut text = String::new();
    for (control, rules) in made.controls() {
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
    format!("{text}{}\n", made.count())
}

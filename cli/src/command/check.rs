//! `bailiwick check`: every mistake in a policy set, for people, programs and code scanning.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use bailiwick::machinery::diagnostic::Diagnostics;
use bailiwick::machinery::model::Policies;
use bailiwick::parts::Severity;
use bailiwick::{Engine, Level};
use serde_json::{Value as Json, json};

use super::sarif;
use crate::args::{Check, CheckFormat};
use crate::load;
use crate::requests::{clock, indented};
use crate::screen::{GREEN, Progress, RED, Screen, YELLOW};
use crate::stop::{Code, Stop};

pub(crate) fn run(args: &Check, screen: &Screen) -> Result<Code, Stop> {
    let loaded = load::load(&args.paths)?;
    load::found(&loaded, &args.paths)?;
    loaded.notes.iter().for_each(|note| screen.note(note));
    let (files, tests) = (loaded.policies.len(), loaded.tests.len());
    let (found, size) = {
        let _progress = Progress::of("compiling policies");
        match Engine::load(loaded.policies) {
            Ok(engine) => (
                engine.warnings().with(&due(&engine, args)?),
                Some(Size::of(&engine)),
            ),
            Err(found) => (found, None),
        }
    };
    let report = Report {
        found,
        size,
        files,
        tests,
    };
    let out = &mut io::stdout().lock();
    match args.format {
        CheckFormat::Human => report.human(out, screen)?,
        CheckFormat::Json => writeln!(out, "{}", report.json())?,
        CheckFormat::Sarif => writeln!(out, "{:#}", sarif::of(&report.found))?,
    }
    let denied = args.deny_warnings && !report.found.is_empty();
    Ok(match (report.found.has_errors(), denied) {
        (true, _) => Code::Bad,
        (false, true) => Code::Findings,
        (false, false) => Code::Fine,
    })
}

/// What has ended or is due, by the time that is given or the clock's.
fn due(engine: &Engine, args: &Check) -> Result<Diagnostics, Stop> {
    let now = args.now.clone().unwrap_or_else(clock);
    let ahead = Duration::from_secs(u64::from(args.ahead) * 86_400);
    let due = engine.due(&now, ahead);
    due.map_err(|error| {
        Stop::Bad(format!(
            "--now: this is no time\n{}",
            indented(&error.to_string())
        ))
    })
}

/// What a check found.
struct Report {
    found: Diagnostics,
    /// How much compiles; nothing does where there is an error.
    size: Option<Size>,
    files: usize,
    tests: usize,
}

impl Report {
    fn human(&self, out: &mut impl Write, screen: &Screen) -> io::Result<()> {
        if !self.found.is_empty() {
            writeln!(out, "{}\n", self.found.render(screen.out.0).trim_end())?;
        }
        let files = counted(self.files, "file");
        match &self.size {
            None => writeln!(
                out,
                "{}: {files} read; nothing compiles until the errors are gone",
                screen.out.style(RED, "not ok")
            )?,
            Some(size) => {
                let word = if self.found.is_empty() {
                    (GREEN, "ok")
                } else if self.found.has_errors() {
                    (RED, "it compiles, but something is overdue")
                } else {
                    (YELLOW, "ok, with warnings")
                };
                writeln!(
                    out,
                    "{}: {files}, {}",
                    screen.out.style(word.0, word.1),
                    size.in_words()
                )?;
            }
        }
        if 0 < self.tests {
            writeln!(
                out,
                "{} not looked at: `bailiwick test` runs them",
                counted(self.tests, "test file")
            )?;
        }
        Ok(())
    }

    fn json(&self) -> Json {
        let of = |severity| {
            self.found
                .iter()
                .filter(|finding| finding.severity == severity)
                .count()
        };
        json!({
            "ok": self.size.is_some() && !self.found.has_errors(),
            "files": self.files,
            "errors": of(Severity::Error),
            "warnings": of(Severity::Warning),
            "policies": self.size.as_ref().map(Size::json),
            "findings": self.found.to_json(),
        })
    }
}

/// How much a policy set holds.
struct Size {
    documents: usize,
    rules: usize,
    /// The tenants, where there are any.
    tenants: Vec<String>,
    /// Documents by level.
    levels: BTreeMap<Level, usize>,
}

impl Size {
    fn of(engine: &Engine) -> Size {
        let mut size = Size {
            documents: 0,
            rules: 0,
            tenants: Vec::new(),
            levels: BTreeMap::new(),
        };
        for (at, compiled) in engine.sets().enumerate() {
            if at == 0 {
                size.add(&compiled.set.platform); // all sets share it
            }
            size.add(&compiled.set.own);
            size.tenants.extend(compiled.set.tenant.clone());
        }
        size
    }

    fn add(&mut self, policies: &Policies) {
        self.documents += policies.documents.len();
        self.rules += policies.rules.len();
        for document in &policies.documents {
            *self.levels.entry(document.level).or_default() += 1;
        }
    }

    fn in_words(&self) -> String {
        let levels: Vec<String> = self
            .levels
            .iter()
            .map(|(level, count)| format!("{level} {count}"))
            .collect();
        let tenants = if self.tenants.is_empty() {
            String::new()
        } else {
            format!("; tenants: {}", self.tenants.join(", "))
        };
        let (documents, rules) = (counted(self.documents, "document"), counted(self.rules, "rule"));
        format!("{documents} ({}), {rules}{tenants}", levels.join(", "))
    }

    fn json(&self) -> Json {
        let levels: BTreeMap<&str, usize> = self
            .levels
            .iter()
            .map(|(level, count)| (level.as_str(), *count))
            .collect();
        json!({"documents": self.documents, "rules": self.rules, "levels": levels, "tenants": self.tenants})
    }
}

/// "1 file", "3 files".
pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

//! What the language covers, requirement by requirement: `spec/coverage.yaml` read, and printed as the tables of
//! `spec/coverage.md`. Whether a row is true is asked in [`evidence`]; how a decision comes about is not known here.

pub mod evidence;
mod library;

use std::fmt::Write;

use serde::Deserialize;

pub use library::Library;

use crate::spec;

/// The rows of the three tables.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// What is decided, advised or attested, with what shows it.
    pub shown: Vec<Subject>,
    /// What no decision can bring about.
    pub not_decided_here: Vec<Elsewhere>,
    /// What could be decided here, and is not yet.
    pub open: Vec<Open>,
}

/// Rows about one subject, under a heading.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The heading.
    pub subject: String,
    /// A sentence below it.
    pub about: Option<String>,
    /// The requirements.
    pub rows: Vec<Row>,
}

/// One requirement that is shown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// In a few words.
    pub requirement: String,
    /// The form that carries it, by its key; or
    pub form: Option<String>,
    /// the part of the language that does.
    pub part: Option<String>,
    /// The section of the specification, `15.2`.
    pub section: String,
    /// What shows it.
    pub shown_by: Vec<Evidence>,
}

/// One vector or policy test, and what must be read off it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// `15-switches-and-roles/kill-switch/<case>`, below `spec/vectors`, those of findings too; or
    pub vector: Option<String>,
    /// `examples/acme/policies/<file>: <name of the test>`; or
    pub test: Option<String>,
    /// `<file>: <name of the test in it>`, for what is no answer to a request. Its name is all that is checked.
    pub unit: Option<String>,
    /// `allowed`, `ask_approval` or `denied`; or
    pub decision: Option<String>,
    /// the code that the checker finds.
    pub error: Option<String>,
    /// `<policy>/<rule>` of a rule among the matched ones.
    pub rule: Option<String>,
    /// A control that a matched rule carries out.
    pub control: Option<String>,
    /// `<policy>/<rule>` of a limit in the record's caps or floors, its state and its bound: `p/r within 86400`.
    pub limit: Option<String>,
    /// A criterion among those of the record, and its state: `unit_tests held`. It blocks; or
    pub criterion: Option<String>,
    /// it does not, and is reported only.
    pub reported: Option<String>,
    /// The condition of that criterion.
    pub asks: Option<String>,
    /// Obligations that are owed; with a deadline in seconds, `rollback within 300`.
    #[serde(default)]
    pub owes: Vec<String>,
    /// Keys of the record or of the request that answer the question, as JSON pointers; neither null nor empty, and
    /// where a value is given, `/approvals/required/0/timeout = 1800`, that value.
    #[serde(default)]
    pub states: Vec<String>,
}

/// One requirement that is somebody else's.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    /// In a few words.
    pub requirement: String,
    /// Why no decision does it.
    pub reason: String,
    /// Who does.
    pub done_by: String,
}

/// One requirement that nothing shows yet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// In a few words.
    pub requirement: String,
    /// What is missing.
    pub missing: String,
}

impl Coverage {
    /// Reads the rows.
    ///
    /// # Errors
    /// What the YAML reader says.
    pub fn parse(text: &str) -> Result<Self, serde_yaml_ng::Error> {
        serde_yaml_ng::from_str(text)
    }

    /// The rows as they are committed, `spec/coverage.yaml`.
    ///
    /// # Errors
    /// That the file is not there, or what the YAML reader says.
    pub fn committed() -> Result<Self, String> {
        let path = spec().join("coverage.yaml");
        let text = std::fs::read_to_string(path).map_err(|error| format!("coverage.yaml: {error}"))?;
        Self::parse(&text).map_err(|error| format!("coverage.yaml: {error}"))
    }

    /// How many rows are shown.
    pub fn rows(&self) -> usize {
        self.shown.iter().map(|subject| subject.rows.len()).sum()
    }

    /// The generated part of `coverage.md`.
    pub fn tables(&self) -> String {
        let (shown, elsewhere, open) = (self.rows(), self.not_decided_here.len(), self.open.len());
        let mut out = format!(
            "\n{} requirements: {shown} shown, {elsewhere} not decided here, {open} open.\n\n| subject | rows |\n|---|---|\n",
            shown + elsewhere + open
        );
        for subject in &self.shown {
            let link = anchor(&subject.subject);
            let _ = writeln!(out, "| [{}](#{link}) | {} |", subject.subject, subject.rows.len());
        }
        let _ = writeln!(out, "| [Not decided here](#not-decided-here) | {elsewhere} |");
        let _ = writeln!(out, "| [Open](#open) | {open} |");
        for subject in &self.shown {
            let _ = writeln!(out, "\n## {}\n", subject.subject);
            if let Some(about) = &subject.about {
                let _ = writeln!(out, "{}\n", about.trim_end());
            }
            out.push_str("| requirement | carried by | section | shown by |\n|---|---|---|---|\n");
            for row in &subject.rows {
                let _ = writeln!(out, "{}", row.line());
            }
        }
        self.others(&mut out);
        out.push('\n');
        out
    }

    fn others(&self, out: &mut String) {
        out.push_str(
            "\n## Not decided here\n\nA library that answers \"may this be done\" keeps nothing, draws nothing and \
             mends nothing. These are done by who is named, most of them by what a record states.\n\n\
             | requirement | why not here | who does it |\n|---|---|---|\n",
        );
        for row in &self.not_decided_here {
            let _ = writeln!(out, "| {} | {} | {} |", row.requirement, row.reason, row.done_by);
        }
        out.push_str(
            "\n## Open\n\nThese could be decided, advised or recorded here, and this version shows nothing of them.\n\n\
             | requirement | what is missing |\n|---|---|\n",
        );
        for row in &self.open {
            let _ = writeln!(out, "| {} | {} |", row.requirement, row.missing);
        }
    }
}

impl Row {
    fn line(&self) -> String {
        let carried = match (&self.form, &self.part) {
            (Some(form), _) => format!("form `{form}`"),
            (None, part) => part.clone().unwrap_or_default(),
        };
        let file = evidence::chapter_of(&self.section).unwrap_or_default();
        let shown: Vec<String> = self.shown_by.iter().map(Evidence::cell).collect();
        format!(
            "| {} | {carried} | [{}]({file}) | {} |",
            self.requirement,
            self.section,
            shown.join("<br>")
        )
    }
}

impl Evidence {
    /// The vector or test, as reports call it.
    pub fn name(&self) -> String {
        let kinds = [
            ("vector", &self.vector),
            ("test", &self.test),
            ("unit", &self.unit),
        ];
        let named = kinds
            .iter()
            .find_map(|(kind, name)| name.as_ref().map(|name| format!("{kind} {name}")));
        named.unwrap_or_else(|| "nothing".to_owned())
    }

    fn cell(&self) -> String {
        let mut says = Vec::new();
        says.extend(self.decision.clone());
        says.extend(self.error.as_ref().map(|code| format!("finding `{code}`")));
        says.extend(self.rule.as_ref().map(|rule| format!("by `{rule}`")));
        says.extend(self.control.as_ref().map(|name| format!("control `{name}`")));
        says.extend(self.limit.as_ref().map(|limit| format!("limit `{limit}`")));
        says.extend(self.criterion.as_ref().map(|name| format!("criterion `{name}`")));
        says.extend(self.reported.as_ref().map(|name| format!("reported `{name}`")));
        says.extend(self.asks.as_ref().map(|asks| format!("that asks `{asks}`")));
        says.extend(self.owes.iter().map(|name| format!("owes `{name}`")));
        says.extend(self.states.iter().map(|key| format!("states `{key}`")));
        if says.is_empty() {
            return format!("`{}`", self.name());
        }
        format!("`{}`: {}", self.name(), says.join(", "))
    }
}

/// The anchor that a heading has on the pages of a forge.
fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() })
        .collect()
}

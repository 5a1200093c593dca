//! What is wrong in a policy set, where, and what to do about it. How it looks is in `render`; what can go wrong is
//! gathered per stage, one small function each (`document/errors.rs`, `condition/errors.rs`, `model/errors.rs`, ...).

mod code;
mod pack;
mod render;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::source::{SourceMap, Span};

pub use code::{ALL, Code};

/// How bad it is. A policy set with an error does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The policy set does not compile.
    Error,
    /// It compiles, but probably does not say what its author means.
    Warning,
}

/// One finding: a code, a terse sentence, the places, and what to do.
///
/// Messages are lowercase, without a final stop, the author's own words in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable name of this kind of finding.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The first is where it is wrong; the others say what it clashes with.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
}

/// A place with a word on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What about it; may be empty for the first label.
    pub text: String,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        let label = Label {
            span,
            text: String::new(),
        };
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: vec![label],
            help: None,
        }
    }

    /// A warning at a place.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, span, message)
        }
    }

    /// The same with a word on the first place.
    #[must_use]
    pub fn saying(mut self, text: impl Into<String>) -> Diagnostic {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// The same with a further place.
    #[must_use]
    pub fn and(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// The same with a cure.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }

    /// The same with the cure, if there is one.
    #[must_use]
    pub fn help_if(mut self, text: Option<String>) -> Diagnostic {
        self.help = text.or(self.help);
        self
    }
}

/// The nearest right name, as a help text: "did you mean `x`?".
pub fn did_you_mean<'a>(wrong: &str, right: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(wrong, right).map(|name| format!("did you mean `{name}`?"))
}

/// The nearest right name, if one is near enough that it can have been meant: by letters, else the only one that the
/// wrong one is the beginning of, or that is the beginning of it.
pub fn nearest<'a>(wrong: &str, right: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let right: Vec<&str> = right.into_iter().collect();
    let far = (wrong.chars().count() / 3).max(1) + 1;
    right
        .iter()
        .copied()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&wrong.to_lowercase(), &name.to_lowercase()),
                name,
            )
        })
        .filter(|&(distance, _)| distance <= far)
        .min()
        .map(|(_, name)| name)
        .or_else(|| only_start(wrong, &right))
}

/// `prod` for `production`, `leaves` for `leaves_workspace`, `repository` for `repo`.
fn only_start<'a>(wrong: &str, right: &[&'a str]) -> Option<&'a str> {
    let starts = |long: &str, short: &str| short.len() >= START_MIN && long.starts_with(short);
    let mut found = right
        .iter()
        .copied()
        .filter(|name| starts(name, wrong) || starts(wrong, name));
    found.next().filter(|_| found.next().is_none())
}

/// Less is the beginning of too many names.
const START_MIN: usize = 4;

/// All findings of a load with the sources that they point into. Displays as a person reads it: each with its
/// file:line:column, the lines themselves, carets, and the cure.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    sources: Arc<SourceMap>,
}

impl Diagnostics {
    /// Pairs findings with their sources. Sorted by place, equal ones dropped.
    pub fn new(mut found: Vec<Diagnostic>, sources: Arc<SourceMap>) -> Diagnostics {
        found.sort_by(|a, b| {
            let key = |d: &Diagnostic| {
                (
                    d.labels.first().map(|l| l.span),
                    d.severity,
                    d.code,
                    d.message.clone(),
                )
            };
            key(a).cmp(&key(b))
        });
        found.dedup();
        Diagnostics { found, sources }
    }

    /// Other findings on the same sources.
    pub(crate) fn and(&self, found: Vec<Diagnostic>) -> Diagnostics {
        Diagnostics::new(found, self.sources.clone())
    }

    /// Both, where they are on the same sources.
    #[must_use]
    pub fn with(&self, more: &Diagnostics) -> Diagnostics {
        self.and(self.iter().chain(more.iter()).cloned().collect())
    }

    /// The findings in order of place.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|d| d.severity == Severity::Error)
    }

    /// The sources that they point into.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }
}

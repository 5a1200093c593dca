//! Everything that can be wrong with a request, a small function each. The codes are explained in spec/10-diagnostics.md.

use std::fmt;

use super::pointer::Pointer;
use super::raw::Raw;
use crate::diagnostic::{Code, did_you_mean, nearest};
use crate::limits;

/// Why a text or a value is no request: all that is wrong with it, not only the first.
///
/// ```
/// let error = bailiwick::Request::from_json(r#"{"tool": "shell.exec", "argv": 5}"#).unwrap_err();
/// let pointers: Vec<_> = error.problems().iter().map(|p| p.pointer.as_str()).collect();
/// assert_eq!(pointers, ["/argv", "/now"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError {
    problems: Vec<RequestProblem>,
    uncounted: usize,
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestProblem {
    /// Where, as a JSON pointer (RFC 6901) into what was given.
    pub pointer: String,
    /// The stable name of this kind of problem.
    pub code: Code,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl RequestError {
    /// What is wrong, by place.
    pub fn problems(&self) -> &[RequestProblem] {
        &self.problems
    }

    /// How many problems were found beyond those that are kept.
    pub fn uncounted(&self) -> usize {
        self.uncounted
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.problems.iter().enumerate() {
            if 0 < at {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        match self.uncounted {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for RequestError {}

impl fmt::Display for RequestProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() {
            "the request"
        } else {
            &self.pointer
        };
        write!(f, "{place}: {} [{}]", self.message, self.code)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

/// The problems found so far. It keeps a bounded number, so that a hostile request cannot make its own refusal large.
#[derive(Debug, Default)]
pub(super) struct Problems {
    pub(super) found: Vec<RequestProblem>,
    uncounted: usize,
}

impl Problems {
    pub(super) fn push(&mut self, problem: RequestProblem) {
        if self.found.len() < limits::DIAGNOSTICS_MAX {
            self.found.push(problem);
        } else {
            self.uncounted += 1;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Sorted by place, so that the same request is refused with the same text whatever form it was read in.
    pub(super) fn into_error(self) -> RequestError {
        let mut problems = self.found;
        problems.sort();
        problems.dedup();
        RequestError {
            problems,
            uncounted: self.uncounted,
        }
    }
}

fn problem(code: &'static str, at: &Pointer<'_>, message: impl Into<String>) -> RequestProblem {
    RequestProblem {
        code: Code(code),
        pointer: at.to_string(),
        message: message.into(),
        help: None,
    }
}

impl RequestProblem {
    fn help(mut self, text: impl Into<String>) -> RequestProblem {
        self.help = Some(text.into());
        self
    }

    fn help_if(mut self, text: Option<String>) -> RequestProblem {
        self.help = text;
        self
    }
}

// -- the text --

pub(super) fn too_long(bytes: usize) -> RequestProblem {
    let max = limits::REQUEST_BYTES_MAX;
    let message = format!("expected at most {max} bytes, found {bytes}");
    problem("request-too-long", &Pointer::Root, message)
}

pub(super) fn too_deep(at: &Pointer<'_>) -> RequestProblem {
    let max = limits::REQUEST_DEPTH_MAX;
    problem("request-too-deep", at, format!("nested deeper than {max} levels"))
}

pub(super) fn not_json(why: &str) -> RequestProblem {
    problem("not-json", &Pointer::Root, format!("not JSON: {why}"))
}

pub(super) fn not_a_number(why: &str) -> RequestProblem {
    let message = format!("not JSON: `NaN` and `Infinity` are no numbers: {why}");
    problem("not-a-number", &Pointer::Root, message).help("say `null` where there is none, or leave it out")
}

pub(super) fn lone_surrogate(why: &str) -> RequestProblem {
    let message = format!("a `\\u` escape is half of a surrogate pair: {why}");
    problem("lone-surrogate", &Pointer::Root, message)
}

pub(super) fn trailing_text(why: &str) -> RequestProblem {
    let message = format!("expected the end of the text behind the request: {why}");
    problem("trailing-text", &Pointer::Root, message)
}

pub(super) fn duplicate_key(key: &str) -> RequestProblem {
    problem(
        "duplicate-key",
        &Pointer::Root,
        format!("`{}` is said twice", cut(key)),
    )
}

pub(super) fn number_out_of_range(at: &Pointer<'_>, found: &str) -> RequestProblem {
    let message = format!(
        "expected a number within ±{}, found `{found}`",
        limits::INTEGER_MAX
    );
    problem("number-out-of-range", at, message)
        .help("not every reader of JSON keeps larger ones exact; send it as text")
}

// -- names --

pub(super) fn unknown_key<'a>(
    at: &Pointer<'_>,
    key: &str,
    right: impl IntoIterator<Item = &'a str>,
) -> RequestProblem {
    let right: Vec<&str> = right.into_iter().collect();
    problem("unknown-key", at, format!("`{}` is not known here", cut(key))).help_if(nearest_key(key, &right))
}

/// The nearest right name. A name that is right but for what stands before its dot is nearer than any misspelling.
fn nearest_key(key: &str, right: &[&str]) -> Option<String> {
    if 256 < key.len() {
        return None; // nobody mistyped that, and the distance costs the product of the lengths
    }
    let tail = right
        .iter()
        .find(|name| name.rsplit_once('.').is_some_and(|(_, tail)| tail == key));
    match tail {
        Some(name) => Some(format!("did you mean `{name}`?")),
        None => did_you_mean(key, right.iter().copied()),
    }
}

pub(super) fn misplaced_key(at: &Pointer<'_>, key: &str, place: &str) -> RequestProblem {
    problem(
        "misplaced-key",
        at,
        format!("`{}` has a meaning and does not stand here", cut(key)),
    )
    .help(format!("it stands at {place}"))
}

pub(super) fn foreign_argument<'a>(
    at: &Pointer<'_>,
    argument: &str,
    action: &str,
    right: impl IntoIterator<Item = &'a str>,
) -> RequestProblem {
    let right: Vec<&str> = right.into_iter().collect();
    let list = || match right.len() {
        0 => format!("`{action}` has no arguments"),
        _ => format!("it has {}", list(&right)),
    };
    let help = nearest_key(argument, &right).unwrap_or_else(list);
    problem(
        "unknown-argument",
        at,
        format!("`{}` is no argument of `{}`", cut(argument), cut(action)),
    )
    .help(help)
}

pub(super) fn derived_stated(at: &Pointer<'_>, name: &str) -> RequestProblem {
    problem(
        "derived-stated",
        at,
        format!("`{name}` is derived and may not be stated"),
    )
    .help("leave it out")
}

pub(super) fn stated_twice(at: &Pointer<'_>, name: &str) -> RequestProblem {
    problem(
        "stated-twice",
        at,
        format!("`{}` is stated in two places", cut(name)),
    )
}

pub(super) fn contradicts_url(at: &Pointer<'_>, name: &str, url: &str) -> RequestProblem {
    let message = format!("the {name} is another one than that of the URL `{}`", cut(url));
    problem("url-contradicted", at, message).help(format!("leave the {name} out: the URL says it"))
}

pub(super) fn missing(at: &Pointer<'_>, key: &str, expected: &str) -> RequestProblem {
    problem(
        "missing-key",
        at,
        format!("`{key}` is missing, expected {expected}"),
    )
}

pub(super) fn missing_action() -> RequestProblem {
    let at = Pointer::Key(&Pointer::Root, "action");
    missing(&at, "action", "the name of an action")
        .help("changed_files without an action means `change.apply`")
}

// -- values --

pub(super) fn wrong_type(at: &Pointer<'_>, expected: &str, found: &Raw<'_>) -> RequestProblem {
    let message = format!("expected {expected}, found {}", shown(found));
    problem("wrong-type", at, message)
}

pub(super) fn bare_percent(at: &Pointer<'_>, found: &Raw<'_>) -> RequestProblem {
    let message = format!("expected a percentage such as \"10%\", found {}", shown(found));
    let problem = problem("bare-percent", at, message);
    match found {
        Raw::Number(number) => problem.help(format!("write \"{number}%\"")),
        _ => problem,
    }
}

pub(super) fn bad_text(at: &Pointer<'_>, expected: &str, found: &str, why: &str) -> RequestProblem {
    let why = if why.is_empty() {
        String::new()
    } else {
        format!(": {why}")
    };
    let message = format!("expected {expected}, found `{}`{why}", cut(found));
    problem("bad-value", at, message)
}

pub(super) fn unknown_constant<'a>(
    at: &Pointer<'_>,
    enumeration: &str,
    found: &str,
    right: impl IntoIterator<Item = &'a str>,
) -> RequestProblem {
    let right: Vec<&str> = right.into_iter().collect();
    let near = (found.len() <= 256)
        .then(|| nearest(found, right.iter().copied()))
        .flatten();
    let help = match near {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("expected {}", list(&right)),
    };
    problem(
        "unknown-constant",
        at,
        format!("`{}` is no {enumeration}", cut(found)),
    )
    .help(help)
}

pub(super) fn too_many(at: &Pointer<'_>, what: &str, max: usize, found: usize) -> RequestProblem {
    problem(
        "too-many",
        at,
        format!("expected at most {max} {what}, found {found}"),
    )
}

pub(super) fn from_without_rename(at: &Pointer<'_>) -> RequestProblem {
    problem(
        "misplaced-key",
        at,
        "`from` belongs to a file whose `change` is `renamed`",
    )
}

/// A few names for a help text.
fn list(names: &[&str]) -> String {
    const SHOWN: usize = 12;
    let mut text: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    if SHOWN < names.len() {
        text.push(format!("{} more", names.len() - SHOWN));
    }
    text.join(", ")
}

/// A value as a message shows it: short, and never the inside of what may be large.
fn shown(raw: &Raw<'_>) -> String {
    match raw {
        Raw::Null => "null".into(),
        Raw::Bool(value) => format!("`{value}`"),
        Raw::Number(number) => format!("the number `{number}`"),
        Raw::String(text) => format!("the text `{}`", cut(text)),
        Raw::Array(_) => "a list".into(),
        Raw::Object(_) => "an object".into(),
    }
}

fn cut(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(SHOWN).collect();
    if chars.next().is_some() {
        format!("{start}…")
    } else {
        start
    }
}

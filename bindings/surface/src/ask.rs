//! What is asked: a request, a state or a record, as text or as JSON that a binding has made of its own values; and what is
//! said of it where it does not fit.

use std::fmt;

use bailiwick::machinery::limits::{DIAGNOSTICS_MAX, REQUEST_BYTES_MAX};
use bailiwick::parts::{Code, RequestError, RequestProblem};
use bailiwick::{Request, State};
use serde_json::{Value as Json, json};

/// A request or a state, as a binding holds it.
#[derive(Clone, Debug)]
pub enum Ask<'a> {
    /// A JSON text.
    Text(&'a str),
    /// The same, where the text had to be copied.
    OwnedText(String),
    /// A value that the binding has made of its language's own.
    Value(Json),
    /// The language's value has no JSON for it: a number that is none, a thing of another kind.
    Refused(Problems),
}

impl Ask<'_> {
    pub(crate) fn request(self) -> Result<Request, Problems> {
        match self {
            Ask::Text(text) => Request::from_json(text).map_err(Problems::from),
            Ask::OwnedText(text) => Request::from_json(&text).map_err(Problems::from),
            Ask::Value(value) => Request::from_value(value).map_err(Problems::from),
            Ask::Refused(problems) => Err(problems),
        }
    }

    /// As it stands, for what is neither.
    pub(crate) fn json(self) -> Result<Json, Problems> {
        match self {
            Ask::Text(text) => parse(text),
            Ask::OwnedText(text) => parse(&text),
            Ask::Value(value) => Ok(value),
            Ask::Refused(problems) => Err(problems),
        }
    }

    pub(crate) fn state(self) -> Result<State, Problems> {
        match self {
            Ask::Text(text) => State::from_json(text).map_err(Problems::from),
            Ask::OwnedText(text) => State::from_json(&text).map_err(Problems::from),
            Ask::Value(value) => State::from_value(value).map_err(Problems::from),
            Ask::Refused(problems) => Err(problems),
        }
    }
}

fn parse(text: &str) -> Result<Json, Problems> {
    if REQUEST_BYTES_MAX < text.len() {
        let message = format!("expected at most {REQUEST_BYTES_MAX} bytes");
        return Err(Problems::one("request-too-long", message, None));
    }
    serde_json::from_str(text).map_err(|error| Problems::one("not-json", format!("not JSON: {error}"), None))
}

/// What can be wrong with a value of a language, before it is JSON.
const OF_VALUES: [&str; 4] = ["wrong-type", "not-a-number", "lone-surrogate", "request-too-deep"];

/// All that is wrong with what was asked. It keeps a bounded number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    found: Vec<RequestProblem>,
    uncounted: usize,
}

impl Problems {
    /// One about the whole of what was given.
    pub(crate) fn one(code: &'static str, message: String, help: Option<String>) -> Problems {
        let mut problems = Problems::default();
        problems.push(RequestProblem {
            pointer: String::new(),
            code: Code(code),
            message,
            help,
        });
        problems
    }

    /// Adds one.
    pub fn push(&mut self, problem: RequestProblem) {
        if self.found.len() < DIAGNOSTICS_MAX {
            self.found.push(problem);
        } else {
            self.uncounted += 1;
        }
    }

    /// Reads what a binding found wrong by itself: a JSON list of `{code, pointer, message}`. A code that is none of those that
    /// a value can have is `wrong-type`.
    pub fn from_json(text: &str) -> Problems {
        let mut problems = Problems::default();
        let list: Json = serde_json::from_str(text).unwrap_or_default();
        for problem in list.as_array().into_iter().flatten() {
            let said = |key: &str| problem[key].as_str().unwrap_or_default().to_owned();
            let known = OF_VALUES.iter().find(|code| **code == problem["code"]);
            problems.push(RequestProblem {
                pointer: said("pointer"),
                code: Code(known.unwrap_or(&"wrong-type")),
                message: said("message"),
                help: None,
            });
        }
        problems
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Each as `{code, pointer, message, help}`.
    pub fn to_json(&self) -> Json {
        let one = |problem: &RequestProblem| {
            json!({
                "code": problem.code.0, "pointer": problem.pointer, "message": problem.message, "help": problem.help,
            })
        };
        self.found.iter().map(one).collect()
    }

    /// The same about the state that stands beside a request, so that nobody looks for the place in the request.
    #[must_use]
    pub fn of_the_state(mut self) -> Problems {
        for problem in &mut self.found {
            problem.message = format!("in the state: {}", problem.message);
        }
        self
    }

    /// The places and what is wrong there, without the names that stand for it.
    pub(crate) fn in_words(&self) -> String {
        let said = self.found.iter().map(|problem| match problem.pointer.as_str() {
            "" => problem.message.clone(),
            pointer => format!("{pointer}: {}", problem.message),
        });
        said.collect::<Vec<_>>().join("; ")
    }

    /// All of them in one line, as a record says it.
    pub(crate) fn line(&self) -> String {
        self.to_string().replace('\n', "; ")
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.found.iter().map(ToString::to_string).collect();
        f.write_str(&all.join("\n"))?;
        match self.uncounted {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl From<RequestError> for Problems {
    fn from(error: RequestError) -> Problems {
        Problems {
            found: error.problems().to_vec(),
            uncounted: error.uncounted(),
        }
    }
}

/// A state, a record or a time that does not fit, where nothing is decided by it. Deciding never gives this: there it is a
/// denied record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidInput {
    /// In words.
    pub message: String,
    /// Each problem as `{code, pointer, message, help}`: a JSON list.
    pub problems: String,
}

impl From<Problems> for InvalidInput {
    fn from(problems: Problems) -> InvalidInput {
        InvalidInput {
            message: problems.to_string(),
            problems: problems.to_json().to_string(),
        }
    }
}

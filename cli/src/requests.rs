//! Requests from the command line, a file or standard input: one, or one on each line. A line is read when its turn comes,
//! so a stream is answered as it comes in.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use bailiwick::machinery::limits::REQUEST_BYTES_MAX;
use bailiwick::machinery::value::timestamp;
use bailiwick::parts::RequestError;
use bailiwick::{Request, State};
use serde_json::{Value as Json, json};

use crate::args::Question;
use crate::load;
use crate::stop::Stop;

/// Why a text is no request.
pub(crate) struct Refused {
    /// In words, each problem on a line of its own.
    pub(crate) text: String,
    /// Each problem as JSON, with its pointer.
    pub(crate) problems: Vec<Json>,
}

impl Refused {
    /// The problems for a person, one under the other. Who forgot the time is told what time it is.
    pub(crate) fn in_words(&self) -> String {
        let timeless = self
            .problems
            .iter()
            .any(|problem| problem["pointer"] == "/now" && problem["code"] == "missing-key");
        let time = if timeless {
            format!("\n  such as \"now\": \"{}\"", clock())
        } else {
            String::new()
        };
        format!("the request does not fit\n{}{time}", indented(&self.text))
    }

    /// The problems in one line.
    pub(crate) fn line(&self) -> String {
        self.text.replace('\n', "; ")
    }
}

impl From<RequestError> for Refused {
    fn from(error: RequestError) -> Refused {
        let problem = |problem: &bailiwick::parts::RequestProblem| {
            json!({
                "code": problem.code.0, "pointer": problem.pointer, "message": problem.message, "help": problem.help,
            })
        };
        Refused {
            text: error.to_string(),
            problems: error.problems().iter().map(problem).collect(),
        }
    }
}

/// Reads one request.
///
/// # Errors
/// Where the file cannot be read. What it says may still be no request: that is inside.
pub(crate) fn one(question: &Question) -> Result<Result<Request, Refused>, Stop> {
    let bytes = match (&question.request, file(question)) {
        (Some(text), _) => text.clone().into_bytes(),
        (None, Some(path)) => load::text(path)?.into_bytes(),
        (None, None) => from_stdin()?,
    };
    Ok(read(&bytes))
}

/// The requests of a stream, each with the number of its line.
///
/// # Errors
/// Where the file cannot be opened.
pub(crate) fn lines(question: &Question) -> Result<Lines, Stop> {
    let input: Box<dyn BufRead> = match file(question) {
        Some(path) => Box::new(BufReader::new(open(path)?)),
        None => Box::new(stdin()?.lock()),
    };
    Ok(Lines { input, number: 0 })
}

/// Reads the state, if one is given.
///
/// # Errors
/// Where the file cannot be read, or holds no state.
pub(crate) fn state(question: &Question) -> Result<State, Stop> {
    let Some(path) = &question.state else {
        return Ok(State::none());
    };
    State::from_json(&load::text(path)?).map_err(|error| {
        Stop::Bad(format!(
            "{}: this is no state\n{}",
            path.display(),
            indented(&error.to_string())
        ))
    })
}

/// The time by the clock, as records show it. A clock before 1970 is wrong anyway.
pub(crate) fn clock() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    timestamp(i128::from(since.as_secs()) * 1_000_000_000)
}

/// The text two columns in.
pub(crate) fn indented(text: &str) -> String {
    text.lines()
        .map(|line| format!("  {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The file, unless standard input is meant.
fn file(question: &Question) -> Option<&Path> {
    question.file.as_deref().filter(|path| *path != Path::new("-"))
}

fn open(path: &Path) -> Result<File, Stop> {
    let opened = File::open(path).and_then(|file| match file.metadata()?.is_dir() {
        true => Err(io::Error::other("it is a folder")),
        false => Ok(file),
    });
    opened.map_err(|error| Stop::Bad(format!("{}: cannot be read: {error}", path.display())))
}

fn stdin() -> Result<io::Stdin, Stop> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Err(Stop::bad(
            "no request: give a file, or `--request '{...}'`, or pipe one in (`bailiwick help decide` shows examples)",
        ));
    }
    Ok(stdin)
}

fn from_stdin() -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    let most = REQUEST_BYTES_MAX as u64 + 1;
    stdin()?
        .lock()
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(cannot_read)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Stop::bad("no request: standard input is empty"));
    }
    Ok(bytes)
}

fn cannot_read(error: io::Error) -> Stop {
    Stop::Bad(format!("cannot read the requests: {error}"))
}

fn read(bytes: &[u8]) -> Result<Request, Refused> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Request::from_json(text.trim_end_matches(['\n', '\r']))?),
        // Too long a text may be cut within a character; that it is too long is what must be said.
        Err(_) if REQUEST_BYTES_MAX < bytes.len() => Ok(Request::from_json(&String::from_utf8_lossy(bytes))?),
        Err(error) => Err(not_utf8(error.valid_up_to())),
    }
}

fn not_utf8(byte: usize) -> Refused {
    let message = format!("not UTF-8 from byte {byte} on");
    let problem = json!({"code": "not-json", "pointer": "", "message": message, "help": null});
    Refused {
        text: format!("the request: {message} [not-json]"),
        problems: vec![problem],
    }
}

/// A stream of requests.
pub(crate) struct Lines {
    input: Box<dyn BufRead>,
    number: usize,
}

impl Lines {
    /// The next line that is not blank, with its number from 1.
    ///
    /// # Errors
    /// Where the input cannot be read on.
    #[expect(
        clippy::type_complexity,
        reason = "a line is read or not, there or not, and fits or not"
    )]
    pub(crate) fn next(&mut self) -> Result<Option<(usize, Result<Request, Refused>)>, Stop> {
        loop {
            let mut line = Vec::new();
            let most = REQUEST_BYTES_MAX as u64 + 2;
            let found = (&mut self.input)
                .take(most)
                .read_until(b'\n', &mut line)
                .map_err(cannot_read)?;
            if found == 0 {
                return Ok(None);
            }
            self.number += 1;
            if found as u64 == most && line.last() != Some(&b'\n') {
                self.skip_line()?;
            }
            if !line.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some((self.number, read(&line))));
            }
        }
    }

    /// Passes over the rest of a line that is too long to keep.
    fn skip_line(&mut self) -> Result<(), Stop> {
        loop {
            let buffer = self.input.fill_buf().map_err(cannot_read)?;
            let end = buffer.iter().position(|&byte| byte == b'\n');
            let (used, done) = end.map_or((buffer.len(), buffer.is_empty()), |at| (at + 1, true));
            self.input.consume(used);
            if done {
                return Ok(());
            }
        }
    }
}

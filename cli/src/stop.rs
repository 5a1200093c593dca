//! How a command ends: the exit codes, and what stops it before its end.

use std::io;

/// The exit codes. They are part of the interface: scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// All is well.
    Fine = 0,
    /// Findings: a test that failed, a warning where those are denied; a denied request where the code was asked for.
    Findings = 1,
    /// Bad input or usage: a policy set with an error, a request that does not fit.
    Bad = 2,
    /// A request that needs an approval, where the code was asked for.
    Ask = 3,
}

/// What stops a command.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The input cannot be used; the text says why and what to do.
    Bad(String),
    /// The output cannot be written.
    Write(io::Error),
}

impl Stop {
    /// Bad input, in words.
    pub(crate) fn bad(text: impl Into<String>) -> Stop {
        Stop::Bad(text.into())
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Write(error)
    }
}

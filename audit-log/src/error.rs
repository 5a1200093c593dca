//! What can go wrong with a log file.

use std::io;
use std::path::{Path, PathBuf};

use bailiwick::parts::audit::{EventError, Fault};
use thiserror::Error;

/// Why a log could not be read or written.
#[derive(Debug, Error)]
pub enum LogError {
    /// The file cannot be opened, locked, read or written.
    #[error("{path}: cannot {what}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// What was tried.
        what: &'static str,
        /// What the system says.
        error: io::Error,
    },
    /// The log is not sound, so nothing is appended to it: what is wrong would look like what came after.
    #[error("{path}: the log is not sound, so nothing is appended to it: {fault}")]
    Unsound {
        /// Which.
        path: PathBuf,
        /// The first fault.
        fault: Fault,
    },
    /// The file is shorter than it was.
    #[error("{path}: the log has {found} bytes and had {expected}; somebody cut it off")]
    Shorter {
        /// Which.
        path: PathBuf,
        /// Bytes read so far.
        expected: u64,
        /// Bytes there now.
        found: u64,
    },
    /// What was to be appended is no event.
    #[error(transparent)]
    Event(#[from] EventError),
}

impl LogError {
    pub(crate) fn file(path: &Path, what: &'static str) -> impl FnOnce(io::Error) -> LogError {
        let path = path.to_owned();
        move |error| LogError::File { path, what, error }
    }
}

//! From names and folders of policy files to sources: who may speak for whom (spec/01-documents.md, 1.7). The command line
//! and the bindings load by it alike. Knows nothing of what the files say; only [`disk`], behind a feature, touches a disk.
//! [`Current`] holds what was loaded for threads that decide, while others swap it for what was loaded anew.

#![forbid(unsafe_code)]

mod current;
#[cfg(feature = "disk")]
pub mod disk;
pub mod layout;
mod mapping;

use std::fmt;

use bailiwick::Source;
#[cfg(feature = "disk")]
use bailiwick::machinery::limits::SOURCE_BYTES_MAX;

pub use current::{Current, Held, InForce};
pub use mapping::files;

/// What was found, in the order of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The policy files.
    pub policies: Vec<Source>,
    /// The files of policy tests, with the scope of their folder.
    pub tests: Vec<Source>,
    /// What was passed over and may have been meant.
    pub notes: Vec<String>,
    /// The files and folders that have no place in the layout, or cannot be read. With one of them nothing may be decided.
    pub problems: Vec<Problem>,
}

/// Why a file or a folder is not loaded. Displays as `path: message`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file or folder; empty where it is about all of them.
    pub path: String,
    /// What is wrong and what to do, in words.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "{path}: {}", self.message),
        }
    }
}

impl Loaded {
    fn wrong(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Problem {
            path: path.into(),
            message: message.into(),
        });
    }

    fn add(&mut self, path: &str, test: bool, found: Result<Source, String>) {
        match found {
            Ok(source) if test => self.tests.push(source),
            Ok(source) => self.policies.push(source),
            Err(why) => self.wrong(path, why),
        }
    }
}

/// Whether a file's name says that it holds policy tests.
pub fn is_test(name: &str) -> bool {
    name.ends_with(".test.yaml") || name.ends_with(".test.yml")
}

fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}

#[cfg(feature = "disk")]
fn too_long(bytes: u64) -> String {
    format!("has {bytes} bytes; a source has at most {SOURCE_BYTES_MAX}")
}

//! The conformance vectors: how a vector file is read, asked of an evaluator, and compared. An evaluator is anything that
//! decides; this crate knows the engine by its front door only.
//!
//! The format is defined in `spec/README.md` ("How to read the vectors"); the schema is `spec/schemas/vector.schema.json`.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "it runs in tests only, over files of this repository"
)]

mod compare;
pub mod coverage;
mod engine;
mod reference;
pub mod schemas;
pub mod tables;
mod vector;

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

pub use compare::compare;
pub use engine::{BailiwickEngine, Loaded, source};
pub use reference::Reference;
pub use vector::{Case, File, files, run};

/// A source of a vector, as its loader would state it.
#[derive(Clone, Debug)]
pub struct Source {
    /// How records and diagnostics call it.
    pub name: String,
    /// `platform`, `organization`, ...
    pub level: String,
    /// The tenant, if there is one.
    pub tenant: Option<String>,
    /// The entities that it speaks for: level and name.
    pub entities: Vec<(String, String)>,
    /// The policies.
    pub text: String,
}

/// A finding of a policy set, as vectors compare it: `{"code", "source", "line", "column", "severity"}`.
pub type Finding = Json;

/// What vectors are asked of. `Set` is a policy set that compiled.
pub trait Evaluator {
    /// What loading makes.
    type Set;

    /// The name in the file of expected failures.
    fn name(&self) -> &'static str;

    /// Whether the evaluator makes this key of a record. What it does not make is not compared.
    fn makes(&self, key: &str) -> bool;

    /// Loads a policy set.
    ///
    /// # Errors
    /// The errors of the policy set.
    fn load(&self, sources: &[Source]) -> Result<Self::Set, Vec<Finding>>;

    /// Decides; the record, or as many keys of it as the evaluator makes. Request and state are JSON texts.
    ///
    /// # Errors
    /// What is wrong with the request, each `{"code", "pointer"}`.
    fn decide(&self, set: &Self::Set, request: &str, state: &str) -> Result<Json, Vec<Json>>;

    /// Whether a record still holds under a set and a state at an instant (9.10); `None` where the evaluator cannot tell.
    fn still_holds(&self, set: &Self::Set, record: &Json, state: &str, now: &str) -> Option<bool>;

    /// The record in the words of another, which are an engine's own: its explanation, and the reasons of its engine
    /// denials; with its hash taken anew.
    fn in_words_of(&self, record: &Json, other: &Json) -> Json;
}

/// The folder `spec`.
pub fn spec() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Reads YAML as JSON.
///
/// # Errors
/// What the YAML reader says.
pub fn yaml(text: &str) -> Result<Json, serde_yaml_ng::Error> {
    serde_yaml_ng::from_str(text)
}

/// Whether the files that are made from others are to be written anew.
pub fn bless() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// Compares a committed file with what it should hold; with `BLESS=1` it is written.
///
/// # Errors
/// That it differs, and what to do.
pub fn committed(path: &Path, wanted: &str) -> Result<(), String> {
    let found = std::fs::read_to_string(path).unwrap_or_default();
    if found == wanted {
        return Ok(());
    }
    if bless() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, wanted).unwrap();
        return Ok(());
    }
    let line = found
        .lines()
        .zip(wanted.lines())
        .take_while(|(found, wanted)| found == wanted)
        .count()
        + 1;
    Err(format!(
        "{} is stale from line {line} on; `cargo run -p bailiwick-conformance --bin generate` writes it anew",
        path.display()
    ))
}

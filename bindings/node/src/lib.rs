//! The native part of the Node package: what the surface shows, as JSON texts. `index.cjs` gives it the names, errors and values
//! of JavaScript. Decides nothing; everything comes from `bailiwick-surface`.

#![allow(
    unsafe_code,
    reason = "the macros of napi write unsafe code; none is written by hand"
)]

mod audit;
mod decision;
mod engine;
mod error;
mod value;

use bailiwick_surface::Said;
use mimalloc::MiMalloc;
use napi::Result;
use napi_derive::napi;

/// Of this module alone: Node keeps its own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The versions of the engine and of the language.
#[napi]
pub fn version() -> String {
    bailiwick_surface::version()
}

/// Every finding of policies, errors and warnings.
#[napi]
pub fn check(policies: String) -> String {
    bailiwick_surface::check(&policies)
}

/// Every finding of the policies in a folder.
#[napi]
pub fn check_folder(path: String) -> String {
    bailiwick_surface::check_folder(&path)
}

/// What is seen in a value, apart from any rule.
#[napi]
pub fn facts(value: String) -> String {
    bailiwick_surface::facts(value::ask(&value))
}

/// Takes out of a text what must not reach a sink.
#[napi]
pub fn redact(text: String, sink: String, owed: Option<Vec<String>>) -> Result<String> {
    bailiwick_surface::redact(&text, &sink, owed.as_deref()).map_err(error::input)
}

/// The outcome record: what became of what was decided.
#[napi]
pub fn deed(
    record: String,
    result: String,
    rationale: Option<String>,
    ticket: Option<String>,
    result_hash: Option<String>,
    at: Option<String>,
) -> Result<String> {
    let said = Said {
        rationale,
        ticket,
        result_hash,
        at,
    };
    bailiwick_surface::deed(&record, &result, said).map_err(error::input)
}

/// Why an outcome record is not that of a decision record.
#[napi]
pub fn deed_fault(deed: String, record: String) -> Result<Option<&'static str>> {
    bailiwick_surface::deed_fault(&deed, &record).map_err(error::input)
}

/// What a change made by an agent carries with it.
#[napi]
pub fn provenance(records: String, given: Option<String>, statement: bool) -> Result<String> {
    bailiwick_surface::provenance(&records, given.as_deref(), statement).map_err(error::input)
}

/// The audit event of a decision.
#[napi]
pub fn audit_event(request: String, record: String, audit_id: String) -> Result<String> {
    bailiwick_surface::audit_event(value::ask(&request), &record, &audit_id).map_err(error::input)
}

/// The lines by which a log grows.
#[napi]
pub fn audit_lines(log: String, events: String) -> Result<String> {
    bailiwick_surface::audit_lines(&log, &events).map_err(error::refusal)
}

/// Whether the text of a log is sound, and where it is not.
#[napi]
pub fn audit_verify(log: String, checkpoint: Option<String>, extract: bool) -> Result<String> {
    bailiwick_surface::audit_verify(&log, checkpoint.as_deref(), extract).map_err(error::input)
}

/// Whether a log is sound, read line by line from its file.
#[napi]
pub fn audit_verify_file(path: String, checkpoint: Option<String>, extract: bool) -> Result<String> {
    bailiwick_surface::audit_verify_file(&path, checkpoint.as_deref(), extract).map_err(error::refusal)
}

/// What of a checkpoint is signed.
#[napi]
pub fn audit_to_sign(checkpoint: String) -> Result<String> {
    bailiwick_surface::audit_to_sign(&checkpoint).map_err(error::input)
}

//! What the bindings show, written once: policies, requests and states as JSON in, decisions and records as JSON out. A binding
//! adds names, error types and the values of its language, and nothing that decides anything. Knows no language, no clock,
//! no thread but those that many decisions are shared out to; the disk only behind the feature `disk`.
//!
//! ```
//! use bailiwick_surface::{Ask, Engine, Stamp};
//!
//! let engine = Engine::load(r#""rules: [{id: look, allow: run.view}]""#, false).expect("the policies compile");
//! let decision = engine.decide(Ask::Text(r#"{"action": "run.view", "now": "2026-11-20T10:00:00Z"}"#), None);
//! assert_eq!(decision.outcome(), "allowed");
//! assert!(decision.record(Stamp::default()).starts_with(r#"{"action":"run.view","approvals":"#));
//! // What is no request is denied like any other, and says why.
//! assert_eq!(engine.decide(Ask::Text("{"), None).outcome(), "denied");
//! ```
//!
//! [`table`] lists all of it as data; the stubs, type files and reference pages of the bindings are made from that.

#![forbid(unsafe_code)]

mod ask;
mod audit;
#[cfg(feature = "disk")]
mod audit_log;
mod decision;
mod deed;
mod engine;
mod facts;
mod many;
mod policies;
mod provenance;
mod redact;
pub mod table;

use serde_json::{Value as Json, json};

pub use ask::{Ask, InvalidInput, Problems};
pub use audit::{AuditError, AuditRefusal, audit_event, audit_lines, audit_to_sign, audit_verify};
#[cfg(feature = "disk")]
pub use audit_log::{AuditLog, Export, audit_verify_file};
pub use bailiwick::Stamp;
pub use bailiwick::machinery::limits::{DIAGNOSTICS_MAX, REQUEST_BYTES_MAX, REQUEST_DEPTH_MAX};
pub use bailiwick::parts::{Code, RequestProblem};
pub use decision::Decision;
pub use deed::{Said, deed, deed_fault};
pub use engine::Engine;
pub use facts::facts;
#[cfg(feature = "disk")]
pub use policies::check_folder;
pub use policies::{PolicyError, check};
pub use provenance::provenance;
pub use redact::redact;

/// The versions of the program and of the language, as JSON: `{"engine", "language"}`.
pub fn version() -> String {
    json!({"engine": bailiwick::VERSION, "language": bailiwick::LANGUAGE}).to_string()
}

/// A text as JSON writes it, for bindings that pass JSON on.
pub fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

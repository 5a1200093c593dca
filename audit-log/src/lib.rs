//! The audit log as a file (spec/18-evidence.md, 18.6): lines of canonical JSON, appended under a lock by as many processes as
//! there are, whole or not at all. What an entry is, and what makes a log sound, the core says; this crate writes and locks.
//!
//! Beside `audit.jsonl` stand `audit.jsonl.lock`, which is empty and locked while somebody writes, and, where a writer was
//! stopped within a line, `audit.jsonl.torn` with what it had written of it.

#![allow(
    clippy::disallowed_methods,
    reason = "this crate is what writes files, so that the core does not"
)]

mod error;
mod log;
mod read;

pub use error::LogError;
pub use log::{AuditLog, Durability, Options};
pub use read::{entries, verify};

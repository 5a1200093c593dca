//! The audit log as values (spec/18-evidence.md, 18.5): an event is what happened, an entry is an event with its place in the
//! chains, a line is an entry in canonical JSON. `chain` makes the next line, `verify` finds the first fault, `checkpoint` says
//! how far a log has come, `access` who may read what. Knows no file, no lock and no clock: those are the host's.

mod access;
mod chain;
mod checkpoint;
mod event;
#[cfg(test)]
mod tests;
mod verify;

pub use access::{Access, AccessError, Reach, Reader, Reading};
pub use chain::{Chain, Entry, Link, RunLink, Staged};
pub use checkpoint::{CHECKPOINT_TYPE, Checkpoint, Signature, to_sign};
pub use event::{Event, EventError};
pub use verify::{Fault, FaultKind, Scope, Verified, Verifier};

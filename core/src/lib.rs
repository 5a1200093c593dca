//! Bailiwick: a policy decision point for AI coding agents.
//!
//! The order of the `mod` lines is the order of dependency: a module knows those above it and none below.

#![forbid(unsafe_code)]
#![allow(dead_code, unused_imports, unreachable_pub)] // while the house is being built

mod limits;
mod source;
mod diagnostic;
mod value;
mod schema;
mod normal;
mod condition;
mod document;
mod request;
mod effect;

pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use request::{Request, RequestError, RequestProblem};
pub use source::{Level, Source};

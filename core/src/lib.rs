//! Bailiwick: a policy decision point for AI coding agents.
//!
//! The order of the `mod` lines is the order of dependency: a module knows those above it and none below.

#![forbid(unsafe_code)]
#![allow(dead_code, unused_imports, unreachable_pub)] // while the house is being built

mod limits;
mod source;
mod diagnostic;
mod digest;
mod outcome;
mod value;
mod schema;
mod normal;
mod condition;
mod document;
mod form;
mod model;
mod tree;
mod request;
mod effect;
mod facts;
mod decision;
mod record;
mod examples;
mod engine;
mod suite;

/// The version of the language that this engine reads.
pub const LANGUAGE: &str = "2026-11";
/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use engine::{Decision, Engine};
pub use outcome::Outcome;
pub use record::{Explanation, Record, Stamp, Validity};
pub use request::{Request, RequestError, RequestProblem, State};
pub use source::{Level, Source};
pub use suite::{Report, Suite};

/// The door for tests, fuzzers, benchmarks and the reference evaluator: the stages themselves. No part of the interface that
/// is kept stable.
#[doc(hidden)]
pub mod machinery {
    pub mod condition {
        pub use crate::condition::*;
    }
    pub mod decision {
        pub use crate::decision::*;
    }
    pub mod diagnostic {
        pub use crate::diagnostic::*;
    }
    pub mod digest {
        pub use crate::digest::*;
    }
    pub mod document {
        pub use crate::document::*;
    }
    pub mod effect {
        pub use crate::effect::*;
    }
    pub mod examples {
        pub use crate::examples::*;
    }
    pub mod facts {
        pub use crate::facts::*;
    }
    pub mod form {
        pub use crate::form::*;
    }
    pub mod limits {
        pub use crate::limits::*;
    }
    pub mod model {
        pub use crate::model::*;
    }
    pub mod normal {
        pub use crate::normal::*;
    }
    pub mod record {
        pub use crate::record::*;
    }
    pub mod request {
        pub use crate::request::*;
    }
    pub mod schema {
        pub use crate::schema::*;
    }
    pub mod source {
        pub use crate::source::*;
    }
    pub mod tree {
        pub use crate::tree::*;
    }
    pub mod value {
        pub use crate::value::*;
    }
}

//! Bailiwick: a policy decision point for AI coding agents. Load [`Source`]s into an [`Engine`], ask it for a [`Decision`] on a
//! [`Request`], keep the [`Record`].
//!
//! ```
//! use bailiwick::{Engine, Outcome, Request, Source, Stamp, State};
//!
//! let policies = "
//! rules:
//!   - {id: edit, allow: [file.read, file.write]}
//!   - {id: workflows, deny: file.write, path: '.github/workflows/**', reason: Workflows are changed by people.}
//! ";
//! let engine = Engine::load([Source::platform("platform.yaml", policies)])?;
//! let request = r#"{"action": "file.write", "path": ".github/workflows/ci.yml", "now": "2026-11-20T10:00:00Z"}"#;
//! let request = Request::from_json(request)?;
//! let decision = engine.decide(&request, &State::none());
//! assert_eq!(decision.outcome(), Outcome::Denied);
//! assert!(decision.record(Stamp::default()).explanation.contains("Workflows are changed by people"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What policies mean is specified in `spec/`; chapters are named where they matter. The crate does no IO, reads no clock and
//! no environment, and starts no thread: time, state and the policies' texts come in, records go out.

#![forbid(unsafe_code)]

// A module knows those above it and none below; core/tests/house.rs reads these lines.
mod limits;
mod pack;
mod source;
mod diagnostic;
mod digest;
mod outcome;
mod value;
mod amount;
mod normal;
mod schema;
mod zone;
mod redact;
mod condition;
mod window;
mod document;
mod form;
mod model;
mod tree;
mod request;
mod effect;
mod facts;
mod decision;
mod record;
mod audit;
mod provenance;
mod examples;
mod engine;
mod bundle;
mod suite;
mod compliance;

/// The version of the language that this engine reads.
pub const LANGUAGE: &str = "2026-11";
/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub use diagnostic::Diagnostics;
pub use engine::{Decision, Engine};
pub use outcome::Outcome;
pub use record::{Record, Stamp};
pub use redact::redact;
pub use request::{Request, State};
pub use source::{Level, Source};
pub use suite::Suite;

/// What the types of the root are made of and hand out.
pub mod parts {
    pub use crate::bundle::{BundleError, BundleHead};
    pub use crate::compliance::Compliance;
    pub use crate::decision::Change;
    pub use crate::diagnostic::{Code, Diagnostic, Label, Severity};
    pub use crate::record::{
        ApprovalId, Approvals, Bypassed, CapFigure, Charge, CriterionFigure, Deed, DeedError, DeedReport,
        DeedResult, Explanation, FloorFigure, LevelVerdict, MatchedRule, OwedObligation, PlaceFigure,
        RequiredApproval, Step, Validity,
    };
    pub use crate::redact::{Blocks, Class, Redacted, Sink, Summary};
    pub use crate::request::{RequestError, RequestProblem};
    pub use crate::source::{Place, Span};
    pub use crate::suite::Report;
    pub use crate::tree::{Way, WayEdge, WayNode};

    /// The audit log as values: events, entries, chains, checkpoints, who may read.
    pub mod audit {
        pub use crate::audit::*;
    }
    /// What a change made by an agent carries with it.
    pub mod provenance {
        pub use crate::provenance::*;
    }
}

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The door for tests, fuzzers, benchmarks and the reference evaluator: the stages themselves. No part of the interface that
/// is kept stable.
#[doc(hidden)]
pub mod machinery {
    pub mod bundle {
        pub use crate::bundle::seal;
    }
    pub mod amount {
        pub use crate::amount::*;
    }
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
    pub mod redact {
        pub use crate::redact::*;
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

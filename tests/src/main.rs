//! The engine against the reference evaluator and against the laws of the language (spec/02-levels.md, 2.6), on generated
//! policy sets, requests and states; and tables of what the text says in tables.
//!
//! `BAILIWICK_CASES=100000 cargo test --release -p bailiwick-tests` runs a hundred thousand sets with a hundred requests
//! each in place of the ordinary share; `BAILIWICK_SEED=<n>` begins at another place.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests"
)]

/// Requests are many small pieces of memory: with the system's allocator half of the time goes into it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod generate;
mod run;
mod differential;
mod laws;
mod regressions;
mod tables;
mod obscured;

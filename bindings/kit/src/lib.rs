//! What the bindings have in common besides the surface: their generated files, the vectors that all of them are asked, and how
//! each is built and tested on the machine at hand. A tool of this repository; no part of any package.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a tool of this repository: it reads and writes files, runs programs and stops on the first mistake"
)]

pub mod contest;
pub mod generate;
pub mod machine;
pub mod node;
pub mod npm;
pub mod parity;
pub mod playground;
pub mod python;
pub mod wasm;

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap_or(root)
}

/// Where the bindings are built and tested: a folder below the target folder.
pub fn workshop() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("bindings")
}

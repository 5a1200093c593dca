//! One file for each command, and what only one of them needs beside it.

pub(crate) mod check;
mod sarif;
pub(crate) mod test;
mod junit;
pub(crate) mod decide;
mod summary;
pub(crate) mod explain;
pub(crate) mod facts;
mod stage;
mod questions;
pub(crate) mod tree;
pub(crate) mod compile;
pub(crate) mod schema;
pub(crate) mod compliance;
pub(crate) mod init;
mod packs;
pub(crate) mod redact;
pub(crate) mod audit;
pub(crate) mod provenance;

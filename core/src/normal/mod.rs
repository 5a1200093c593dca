//! Normal forms beneath both policies and requests: what a path, a pattern, a host, a command is. A rule and a request
//! that speak of the same thing come to the same form here, so they cannot disagree on it. Knows neither rules nor
//! requests.

mod path;
mod glob;
mod host;
pub mod command;

pub use glob::{GlobError, Globs, fold};
pub use host::{Host, HostError, HostPatterns};
pub use path::{Path, PathError, Place, Places};

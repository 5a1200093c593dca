//! Normal forms beneath both policies and requests: what a path, a pattern, a host, a command is. A rule and a request
//! that speak of the same thing come to the same form here, so they cannot disagree on it. Knows neither rules nor
//! requests.

mod path;
mod glob;
mod automaton;
mod host;
mod url;
mod patch;
mod protected;
mod pack;
pub mod command;

pub use automaton::{Automaton, Found};
pub use glob::{GlobError, Globs, fold};
pub(crate) use host::Sought;
pub use host::{Host, HostClass, HostError, HostPatterns};
pub use patch::{Change, FileChange, Patch, Strip};
pub use path::{
    Links, ODDITIES, Others, Path, PathError, Place, Places, composed, holds_variable, is_invisible, oddities,
};
pub use protected::{PathClass, aimed as protected_aimed, below as protected_below, classes as path_classes};
pub use url::{Remote, Url, UrlError};

//! The command line from outside: the program is run as people run it, and its output and exit code are looked at.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests run programs and read files"
)]

mod run;
mod xml;
mod check;
mod compliance;
mod load;
mod test;
mod decide;
mod explain;
mod facts;
mod tree;
mod compile;
mod schema;
mod init;
mod packs;
mod evidence;

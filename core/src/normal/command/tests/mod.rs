//! What the reader of commands promises, held against the corpora of spec/vectors/commands and against bash.

#![allow(clippy::panic)] // a test that fails says why
#![allow(
    clippy::disallowed_methods,
    reason = "the judges are other programs, and act on files"
)]

mod corpus;
mod obscure;
mod bounds;
mod oracle;
mod brush;

use super::*;
use crate::normal::Places;

/// Reads a line as somebody whose workspace is `/ws`.
pub(super) fn line(text: &str) -> Reading {
    read(&Call {
        line: Some(text),
        places: Places {
            root: Some("/ws"),
            ..Places::default()
        },
        ..Call::default()
    })
}

/// One fact of an effect as text, where it is known.
pub(super) fn fact(seen: &Seen, name: &str) -> Option<String> {
    let (_, fact) = seen.facts.iter().find(|(known, _)| *known == name)?;
    match fact {
        Fact::Known(Value::String(text)) => Some(text.to_string()),
        Fact::Known(Value::Bool(value)) => Some(value.to_string()),
        Fact::Known(Value::Int(value)) => Some(value.to_string()),
        _ => None,
    }
}

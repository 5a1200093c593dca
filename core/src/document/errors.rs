//! Everything that can be wrong with a document as such, before anybody asks what it means.

use std::fmt::Display;

use super::syntax::{Fault, Kind};
use super::{Core, Node, Scalar, Style};
use crate::diagnostic::{Code, Diagnostic, did_you_mean, nearest};
use crate::limits;
use crate::source::Span;

// -- the text --

pub(super) fn source_too_long(span: Span, bytes: usize) -> Diagnostic {
    let max = limits::SOURCE_BYTES_MAX;
    let message = format!("the source has {bytes} bytes, at most {max} are read");
    Diagnostic::error(Code("source-too-long"), span, message).help("divide it into several sources")
}

pub(super) fn unprintable(span: Span, found: char) -> Diagnostic {
    let message = match found {
        '\u{feff}' => "a byte order mark stands inside the text".to_owned(),
        _ => format!("the text holds the unprintable character U+{:04X}", found as u32),
    };
    let help = match found {
        '\0' => "is it UTF-8? UTF-16 looks like this",
        _ => "delete it, or write it as an escape within double quotes: `\"\\u00XX\"`",
    };
    Diagnostic::error(Code("unprintable-character"), span, message).help(help)
}

pub(super) fn syntax(span: Span, fault: Fault, opened: Option<Span>) -> Diagnostic {
    let error = match fault.kind {
        Kind::Depth => return too_deep(span),
        Kind::Alias => Diagnostic::error(Code("unknown-alias"), span, fault.message),
        Kind::Syntax => Diagnostic::error(Code("yaml-syntax"), span, fault.message),
    };
    let error = error.help_if(fault.help);
    match opened {
        Some(opened) => error.and(opened, "opened here"),
        None => error,
    }
}

// -- the structure --

pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("nested deeper than {} levels", limits::DOCUMENT_DEPTH_MAX);
    Diagnostic::error(Code("document-too-deep"), span, message)
}

pub(super) fn too_many_nodes(span: Span) -> Diagnostic {
    let message = format!("the source has more than {} nodes", limits::DOCUMENT_NODES_MAX);
    Diagnostic::error(Code("document-too-large"), span, message).help("divide it into several sources")
}

pub(super) fn too_many_aliases(span: Span) -> Diagnostic {
    let message = format!(
        "aliases of this source stand for more than {} nodes",
        limits::ALIAS_NODES_MAX
    );
    Diagnostic::error(Code("document-too-large"), span, message)
}

pub(super) fn unknown_alias(span: Span, name: &str, open: bool) -> Diagnostic {
    let name = short(name);
    let message = match open {
        true => format!("`{name}` stands inside the node that it names"),
        false => format!("no anchor of this document has the name of `{name}`"),
    };
    Diagnostic::error(Code("unknown-alias"), span, message)
        .help(format!(
            "anchors are known from where they end to the end of their document; if it is text, quote it: `\"{name}\"`"
        ))
}

pub(super) fn tag(span: Span, written: &str) -> Diagnostic {
    let written = short(written);
    let error = Diagnostic::error(
        Code("yaml-tag"),
        span,
        format!("`{written}` is read as a tag of YAML"),
    );
    match written.starts_with("!!") {
        true => error.help("leave it out: what a value is, its key says"),
        false => error.help(format!("quote it: `\"{written}\"`")),
    }
}

pub(super) fn merge_key(span: Span) -> Diagnostic {
    Diagnostic::error(Code("merge-key"), span, "merge keys are not part of YAML 1.2")
        .help("write the keys out; an alias may stand for a whole value")
}

pub(super) fn key_not_text(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        Code("key-not-text"),
        span,
        format!("a key must be text, found {found}"),
    )
    .help("write `key: value`; text that holds `{`, `[` or `?` at its start needs quotes")
}

pub(super) fn duplicate_key(again: &Scalar, first: Span) -> Diagnostic {
    let message = format!("the key `{}` stands twice", short(&again.text));
    Diagnostic::error(Code("duplicate-key"), again.span, message)
        .saying("again here")
        .and(first, "first here")
}

// -- what a form reads --

pub(super) fn unknown_key(key: &Scalar, what: &str, known: &[&str]) -> Diagnostic {
    let message = format!("unknown key `{}` in {what}", short(&key.text));
    let mut sorted: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let all = match sorted.is_empty() {
        true => format!("{what} has no keys"),
        false => format!("known here: {}", sorted.join(", ")),
    };
    let help = match meant(&key.text, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => all,
    };
    Diagnostic::error(Code("unknown-key"), key.span, message).help(help)
}

/// The key that a wrong one is likely to stand for: what others call it, or the nearest.
pub(super) fn meant<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    let usual = USUAL
        .iter()
        .filter(|(other, _)| *other == key)
        .map(|&(_, right)| right);
    let usual = usual
        .filter_map(|right| known.iter().copied().find(|name| *name == right))
        .next();
    usual.or_else(|| nearest(key, known.iter().copied()))
}

/// What keys are called elsewhere.
const USUAL: &[(&str, &str)] = &[
    ("action", "allow"),
    ("block", "deny"),
    ("condition", "when"),
    ("description", "reason"),
    ("except", "unless"),
    ("forbid", "deny"),
    ("grant", "allow"),
    ("if", "when"),
    ("message", "reason"),
    ("name", "id"),
    ("permit", "allow"),
    ("prohibit", "deny"),
    ("request", "input"),
    ("scope", "applies_to"),
];

pub(super) fn missing_key(span: Span, what: &str, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("missing-key"),
        span,
        format!("{what} needs the key `{name}`"),
    )
}

pub(super) fn none_of(span: Span, what: &str, names: &[&str]) -> Diagnostic {
    let message = format!("{what} needs one of the keys {}", any_of(names));
    Diagnostic::error(Code("missing-key"), span, message)
}

pub(super) fn clashing_keys(again: &Scalar, first: &Scalar, what: &str) -> Diagnostic {
    let message = format!(
        "{what} has both `{}` and `{}`, of which it may have one",
        first.text, again.text
    );
    Diagnostic::error(Code("clashing-keys"), again.span, message).and(first.span, "the other")
}

pub(super) fn wrong_type(node: &Node, name: impl Display, expected: &str) -> Diagnostic {
    let message = format!("{name} must be {expected}, found {}", found(node));
    Diagnostic::error(Code("wrong-type"), node.span(), message)
}

pub(super) fn not_a_mapping(node: &Node, name: impl Display) -> Diagnostic {
    let colon = match node {
        Node::Scalar(scalar) if scalar.style == Style::Plain => scalar.text.split_once(':'),
        _ => None,
    };
    let error = wrong_type(node, name, "a mapping");
    match colon {
        Some((key, value)) => error.help(format!(
            "a colon needs a space behind it: `{}: {}`",
            short(key),
            short(value.split(' ').next().unwrap_or(value))
        )),
        None => error,
    }
}

pub(super) fn empty_value(span: Span, name: impl Display, found: &str) -> Diagnostic {
    Diagnostic::error(Code("empty-value"), span, format!("{name} must not be {found}"))
        .help("leave the key out if nothing is meant")
}

pub(super) fn unknown_keyword(scalar: &Scalar, name: impl Display, known: &[&str]) -> Diagnostic {
    let message = format!(
        "{name} must be {}, found `{}`",
        any_of(known),
        short(&scalar.text)
    );
    Diagnostic::error(Code("unknown-keyword"), scalar.span, message)
        .help_if(did_you_mean(&scalar.text, known.iter().copied()))
}

pub(super) fn inexact(scalar: &Scalar) -> Diagnostic {
    let message = format!("`{}` is not a number within ±(2^53 - 1)", short(&scalar.text));
    Diagnostic::error(Code("number-out-of-range"), scalar.span, message)
        .help(format!("if it is text, quote it: `\"{}\"`", short(&scalar.text)))
}

pub(super) fn out_of_range(scalar: &Scalar, name: impl Display, expected: &str) -> Diagnostic {
    let message = format!("{name} must be {expected}, found `{}`", short(&scalar.text));
    Diagnostic::error(Code("number-out-of-range"), scalar.span, message)
}

/// What stands there, in words.
fn found(node: &Node) -> String {
    let scalar = match node {
        Node::List(_) => return "a list".to_owned(),
        Node::Map(_) => return "a mapping".to_owned(),
        Node::Scalar(scalar) => scalar,
    };
    match scalar.core() {
        Core::Null => "nothing".to_owned(),
        Core::Bool(_) => format!("`{}`", scalar.text),
        Core::Int(_) | Core::BigInt | Core::Float(_) => format!("the number `{}`", short(&scalar.text)),
        Core::Text if scalar.text.is_empty() => "empty text".to_owned(),
        Core::Text => format!("text `{}`", short(&scalar.text)),
    }
}

fn any_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// The author's words, on one line and not too long.
pub(super) fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None if line.len() < text.trim_end().len() => format!("{line}..."),
        None => line.to_owned(),
    }
}

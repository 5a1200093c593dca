//! One policy file as written: spanned, unresolved. Nobody else knows that policies are YAML.
//! Knows nothing of what a policy may say: the forms read that with [`Fields`] and [`Field`].

mod content;
mod errors;
mod offsets;
mod parse;
mod read;
mod syntax;
#[cfg(test)]
mod tests;

use crate::limits;
use crate::source::{Span, Spanned};

pub use content::content_hash;
pub use parse::parse;
pub use read::{Field, Fields, bytes, percent, time};

/// A piece of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Text, a number, a truth value, or nothing.
    Scalar(Scalar),
    /// `- a`, `[a, b]`.
    List(List),
    /// `a: b`, `{a: b}`.
    Map(Map),
}

/// A scalar as written. Its text is never interpreted: `version: 1.0` is "1.0" and `alert_at: 80%` is "80%".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, without quotes, escapes and folding.
    pub text: Box<str>,
    /// How it was written.
    pub style: Style,
    /// Where it stands, quotes included; empty where nothing is written.
    pub span: Span,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'...'`
    SingleQuoted,
    /// `"..."`
    DoubleQuoted,
    /// `|` and the lines below it.
    Literal,
    /// `>` and the lines below it, folded.
    Folded,
}

/// A list as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its entries.
    pub items: Vec<Node>,
    /// From the first indicator to the end of the last entry.
    pub span: Span,
}

/// A mapping as written, in the order in which it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// Its entries. A key that stands twice is here twice, and was reported.
    pub entries: Vec<Entry>,
    /// From the first key or brace to the end of the last value.
    pub span: Span,
}

/// One `key: value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Scalar,
    /// The value.
    pub value: Node,
}

/// What a scalar is to the core schema of YAML 1.2 (section 10.3.2), which only plain scalars are anything to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Core {
    /// `null`, `~`, or nothing.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// An integer within 64 bits.
    Int(i64),
    /// An integer beyond them.
    BigInt,
    /// Another number; `.inf` and `.nan` too.
    Float(f64),
    /// Everything else.
    Text,
}

impl Node {
    /// Where it stands. What an alias stands for stands where it was written.
    pub fn span(&self) -> Span {
        match self {
            Node::Scalar(scalar) => scalar.span,
            Node::List(list) => list.span,
            Node::Map(map) => map.span,
        }
    }

    /// Whether it is nothing: `null`, `~`, or not written.
    pub fn is_null(&self) -> bool {
        matches!(self, Node::Scalar(scalar) if scalar.core() == Core::Null)
    }

    /// The place of the value that a JSON pointer (RFC 6901) names.
    pub fn at_pointer(&self, pointer: &str) -> Option<Span> {
        let Some(rest) = pointer.strip_prefix('/') else {
            return pointer.is_empty().then(|| self.span());
        };
        let found = rest.split('/').try_fold(self, |node, token| node.child(token))?;
        Some(found.span())
    }

    fn child(&self, token: &str) -> Option<&Node> {
        match self {
            Node::Scalar(_) => None,
            Node::List(list) => list.items.get(token.parse::<usize>().ok()?),
            Node::Map(map) => map.get(&token.replace("~1", "/").replace("~0", "~")),
        }
    }
}

impl Scalar {
    /// The text with its place, for keeping.
    pub fn spanned(&self) -> Spanned<String> {
        Spanned::new(self.text.to_string(), self.span)
    }

    /// Whether it is a number that JSON readers do not keep exact, or no number at all, as infinity.
    fn inexact(&self) -> bool {
        match self.core() {
            Core::Int(value) => value.unsigned_abs() > limits::INTEGER_MAX.unsigned_abs(),
            Core::Float(value) => !value.is_finite(),
            Core::BigInt => true,
            Core::Null | Core::Bool(_) | Core::Text => false,
        }
    }

    /// What it is to the core schema.
    pub fn core(&self) -> Core {
        match self.style {
            Style::Plain => core(&self.text),
            _ => Core::Text,
        }
    }
}

impl Map {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| *entry.key.text == *key)
    }
}

fn core(text: &str) -> Core {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Core::Null,
        "true" | "True" | "TRUE" => Core::Bool(true),
        "false" | "False" | "FALSE" => Core::Bool(false),
        _ if !matches!(text.as_bytes()[0], b'0'..=b'9' | b'+' | b'-' | b'.') => Core::Text,
        _ => number(text),
    }
}

fn number(text: &str) -> Core {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let radix = |digits: &str, radix| match digits {
        "" => Core::Text,
        _ if !digits.chars().all(|c| c.is_digit(radix)) => Core::Text,
        _ => i64::from_str_radix(digits, radix).map_or(Core::BigInt, Core::Int),
    };
    if let Some(octal) = text.strip_prefix("0o") {
        radix(octal, 8)
    } else if let Some(hex) = text.strip_prefix("0x") {
        radix(hex, 16)
    } else if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().map_or(Core::BigInt, Core::Int)
    } else {
        float(text, digits)
    }
}

fn float(text: &str, digits: &str) -> Core {
    match digits {
        ".inf" | ".Inf" | ".INF" if text.starts_with('-') => Core::Float(f64::NEG_INFINITY),
        ".inf" | ".Inf" | ".INF" => Core::Float(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if digits.len() == text.len() => Core::Float(f64::NAN),
        // Rust also reads `inf`, `nan` and `infinity`, which YAML takes for text.
        _ if digits
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) =>
        {
            text.parse().map_or(Core::Text, Core::Float)
        }
        _ => Core::Text,
    }
}

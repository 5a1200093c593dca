//! What a document holds apart from how it is written: as JSON for requests in tests, and as a hash.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Core, Entry, Map, Node, Scalar, errors};
use crate::diagnostic::Diagnostic;

impl Node {
    /// The node as JSON, plain scalars typed by the core schema of YAML 1.2. With a number that JSON readers do not keep
    /// exact, which is reported, there is no value.
    pub fn to_json(&self, out: &mut Vec<Diagnostic>) -> Option<Value> {
        match self {
            Node::Scalar(scalar) => scalar.to_json(out),
            Node::List(list) => {
                let items: Vec<Option<Value>> = list.items.iter().map(|item| item.to_json(out)).collect();
                items
                    .into_iter()
                    .collect::<Option<Vec<Value>>>()
                    .map(Value::Array)
            }
            Node::Map(map) => {
                let entries: Vec<Option<(String, Value)>> = map
                    .entries
                    .iter()
                    .map(|entry| Some((entry.key.text.to_string(), entry.value.to_json(out)?)))
                    .collect();
                entries
                    .into_iter()
                    .collect::<Option<serde_json::Map<String, Value>>>()
                    .map(Value::Object)
            }
        }
    }
}

impl Scalar {
    fn to_json(&self, out: &mut Vec<Diagnostic>) -> Option<Value> {
        match self.core() {
            Core::Null => Some(Value::Null),
            Core::Bool(value) => Some(Value::Bool(value)),
            Core::Int(value) if !self.inexact() => Some(Value::from(value)),
            Core::Float(value) if !self.inexact() => Some(Value::from(value)),
            // The same that reading the text found; equal findings are one.
            Core::Int(_) | Core::BigInt | Core::Float(_) => {
                out.push(errors::inexact(self));
                None
            }
            Core::Text => Some(Value::from(&*self.text)),
        }
    }
}

/// SHA-256 of what a document says, whatever its comments, quotes, order of keys and layout.
///
/// It is taken over canonical JSON (RFC 8785), in which a text is `"=text"`, a plain number `"#1.0"` with its own digits
/// (`1.0` and `1` are two versions), and null and the truth values are themselves: `"true"` in quotes is another thing.
/// The order of the document's `rules` and `switches` says nothing, so their entries stand in the order of their bytes.
pub fn content_hash(node: &Node) -> [u8; 32] {
    let mut json = Vec::new();
    match node {
        Node::Map(map) => mapping(map, &mut json, |entry, json| {
            match (&*entry.key.text, &entry.value) {
                ("rules" | "switches", Node::List(list)) => set(&list.items, json),
                (_, value) => write(value, json),
            }
        }),
        Node::Scalar(_) | Node::List(_) => write(node, &mut json),
    }
    Sha256::digest(&json).into()
}

/// A list whose order says nothing.
fn set(items: &[Node], json: &mut Vec<u8>) {
    let written = |item: &Node| {
        let mut json = Vec::new();
        write(item, &mut json);
        json
    };
    let mut items: Vec<Vec<u8>> = items.iter().map(written).collect();
    items.sort();
    json.push(b'[');
    json.extend(items.join(&b','));
    json.push(b']');
}

pub(super) fn write(node: &Node, json: &mut Vec<u8>) {
    match node {
        Node::Scalar(scalar) => match scalar.core() {
            Core::Null => json.extend(b"null"),
            Core::Bool(true) => json.extend(b"true"),
            Core::Bool(false) => json.extend(b"false"),
            Core::Int(_) | Core::BigInt | Core::Float(_) => string("#", &scalar.text, json),
            Core::Text => string("=", &scalar.text, json),
        },
        Node::List(list) => {
            json.push(b'[');
            for (at, item) in list.items.iter().enumerate() {
                json.extend((at > 0).then_some(b','));
                write(item, json);
            }
            json.push(b']');
        }
        Node::Map(map) => mapping(map, json, |entry, json| write(&entry.value, json)),
    }
}

fn mapping(map: &Map, json: &mut Vec<u8>, value: impl Fn(&Entry, &mut Vec<u8>)) {
    let mut entries: Vec<_> = map.entries.iter().collect();
    // RFC 8785 orders keys by UTF-16 code units, which is the order of bytes for nearly all text.
    entries.sort_by(|a, b| match a.key.text.is_ascii() && b.key.text.is_ascii() {
        true => a.key.text.cmp(&b.key.text),
        false => a.key.text.encode_utf16().cmp(b.key.text.encode_utf16()),
    });
    json.push(b'{');
    for (at, entry) in entries.into_iter().enumerate() {
        json.extend((at > 0).then_some(b','));
        string("", &entry.key.text, json);
        json.push(b':');
        value(entry, json);
    }
    json.push(b'}');
}

/// A string as RFC 8785 writes it.
fn string(sign: &str, text: &str, json: &mut Vec<u8>) {
    json.push(b'"');
    json.extend(sign.as_bytes());
    for c in text.chars() {
        match c {
            '"' => json.extend(b"\\\""),
            '\\' => json.extend(b"\\\\"),
            '\u{8}' => json.extend(b"\\b"),
            '\t' => json.extend(b"\\t"),
            '\n' => json.extend(b"\\n"),
            '\u{c}' => json.extend(b"\\f"),
            '\r' => json.extend(b"\\r"),
            '\0'..='\u{1f}' => json.extend(format!("\\u{:04x}", c as u32).as_bytes()),
            _ => json.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    json.push(b'"');
}

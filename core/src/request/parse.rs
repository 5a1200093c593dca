//! Text to JSON, strictly: what two readers could read differently is refused (RFC 7493). Knows nothing of requests.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value as Json};

use super::errors::{self, Problems, RequestProblem};
use super::pointer::{Pointer, escaped};
use super::raw::{Object, Raw};
use crate::limits;

/// Reads a text. `None` where it is no JSON at all; every problem that was found on the way is kept.
pub(super) fn text<'t>(text: &'t str, problems: &mut Problems) -> Option<Raw<'t>> {
    if limits::REQUEST_BYTES_MAX < text.len() {
        problems.push(errors::too_long(text.len()));
        return None;
    }
    let mut reader = Reader {
        problems,
        trail: Vec::new(),
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let read = Node {
        reader: &mut reader,
        depth: 0,
    }
    .deserialize(&mut json);
    match read {
        Ok(value) => {
            if let Err(error) = json.end() {
                problems.push(errors::trailing_text(&error.to_string()));
            }
            Some(value)
        }
        Err(error) => {
            let problem = RequestProblem {
                pointer: rendered(&reader.trail),
                ..refusal(&error, text)
            };
            problems.push(problem);
            None
        }
    }
}

/// Reads a value that somebody else has read, and gives whole numbers the one form that they have here.
pub(super) fn value<'t>(json: &'t Json, problems: &mut Problems) -> Raw<'t> {
    let mut size = 0;
    let raw = walk(json, 0, &Pointer::Root, &mut size, problems);
    if limits::REQUEST_BYTES_MAX < size {
        problems.push(errors::too_long(size));
    }
    raw
}

fn walk<'t>(
    json: &'t Json,
    depth: usize,
    at: &Pointer<'_>,
    size: &mut usize,
    problems: &mut Problems,
) -> Raw<'t> {
    *size += 1;
    match json {
        Json::Null => Raw::Null,
        Json::Bool(value) => Raw::Bool(*value),
        Json::String(text) => {
            *size += text.len();
            Raw::text(text)
        }
        Json::Number(number) => exact(number).map_or_else(
            || {
                problems.push(errors::number_out_of_range(at, &number.to_string()));
                Raw::Null
            },
            Raw::Number,
        ),
        Json::Array(_) | Json::Object(_) if limits::REQUEST_DEPTH_MAX <= depth => {
            problems.push(errors::too_deep(at));
            Raw::Null
        }
        Json::Array(items) => {
            let mut item = |(index, item)| walk(item, depth + 1, &at.index(index), size, problems);
            Raw::Array(items.iter().enumerate().map(&mut item).collect())
        }
        Json::Object(entries) => {
            let mut object = Object::with_room(entries.len());
            for (key, value) in entries {
                *size += key.len();
                let value = walk(value, depth + 1, &at.key(key), size, problems);
                object.push(Cow::Borrowed(key), value);
            }
            object.settle(); // a build may keep the keys in another order; none is there twice
            Raw::Object(object)
        }
    }
}

/// A number in its one form: JSON does not tell `1` from `1.0`, and canonical JSON writes both as `1`.
fn exact(number: &Number) -> Option<Number> {
    match number.as_i64() {
        Some(whole) => (whole.abs_diff(0) <= limits::INTEGER_MAX as u64).then(|| whole.into()),
        None => from_f64(number.as_f64()?),
    }
}

/// Every double beyond ±(2^53 - 1) is whole, so one bound holds for whole numbers and others.
fn from_f64(number: f64) -> Option<Number> {
    if !number.is_finite() || number.abs() > limits::INTEGER_MAX as f64 {
        None
    } else if number.fract() == 0.0 {
        Some((number as i64).into())
    } else {
        Number::from_f64(number)
    }
}

struct Reader<'r> {
    problems: &'r mut Problems,
    /// The steps to where reading broke off, the innermost first.
    trail: Vec<String>,
}

/// One value to be read.
struct Node<'n, 'r> {
    reader: &'n mut Reader<'r>,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = Raw<'de>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Raw<'de>, D::Error> {
        json.deserialize_any(self)
    }
}

impl Node<'_, '_> {
    fn number<'t>(self, number: Option<Number>, found: impl fmt::Display) -> Raw<'t> {
        number.map_or_else(
            || {
                let found = found.to_string();
                self.reader
                    .problems
                    .push(errors::number_out_of_range(&Pointer::Root, &found));
                Raw::Null
            },
            Raw::Number,
        )
    }

    /// Reads a part of this value; its problems and its failure learn the step that leads to it.
    fn step<T, E>(
        &mut self,
        step: impl Fn() -> String,
        read: impl FnOnce(Node<'_, '_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let before = self.reader.problems.found.len();
        let result = read(Node {
            reader: &mut *self.reader,
            depth: self.depth + 1,
        });
        for problem in &mut self.reader.problems.found[before..] {
            problem.pointer.insert_str(0, &format!("/{}", step()));
        }
        if result.is_err() {
            self.reader.trail.push(step());
        }
        result
    }

    fn is_too_deep(&mut self) -> bool {
        let deep = limits::REQUEST_DEPTH_MAX <= self.depth;
        if deep {
            self.reader.problems.push(errors::too_deep(&Pointer::Root));
        }
        deep
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = Raw<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Raw<'de>, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw<'de>, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw<'de>, E> {
        Ok(self.number(exact(&value.into()), value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw<'de>, E> {
        Ok(self.number(exact(&value.into()), value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw<'de>, E> {
        Ok(self.number(from_f64(value), value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Raw<'de>, E> {
        Ok(Raw::text(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw<'de>, E> {
        Ok(Raw::String(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Raw<'de>, A::Error> {
        if self.is_too_deep() {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Raw::Null);
        }
        let mut read = Vec::new();
        loop {
            let index = read.len();
            match self.step(|| index.to_string(), |node| items.next_element_seed(node))? {
                Some(item) => read.push(item),
                None => return Ok(Raw::Array(read)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Raw<'de>, A::Error> {
        if self.is_too_deep() {
            while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Raw::Null);
        }
        let mut read = Object::with_room(Object::USUAL);
        while let Some(key) = entries.next_key_seed(Key)? {
            let value = self.step(
                || escaped(&key).into_owned(),
                |node| entries.next_value_seed(node),
            )?;
            read.push(key, value);
        }
        for key in read.settle() {
            let said = self.step(
                || escaped(&key).into_owned(),
                |node| {
                    node.reader.problems.push(errors::duplicate_key(&key));
                    Ok(())
                },
            );
            said?;
        }
        Ok(Raw::Object(read))
    }
}

/// The key of an entry, borrowed where the text has it as it is.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Cow<'de, str>, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

fn rendered(trail: &[String]) -> String {
    trail.iter().rev().map(|step| format!("/{step}")).collect()
}

/// serde_json does not say by type what it refuses, so the text at hand and its own words have to.
fn refusal(error: &serde_json::Error, text: &str) -> RequestProblem {
    let why = error.to_string();
    if why.contains("surrogate") || why.contains("unexpected end of hex escape") {
        errors::lone_surrogate(&why)
    } else if why.contains("number out of range") {
        RequestProblem {
            message: format!("not JSON that every reader keeps: {why}"),
            ..errors::number_out_of_range(&Pointer::Root, "")
        }
    } else if is_named_number(error, text) {
        errors::not_a_number(&why)
    } else {
        errors::not_json(&why)
    }
}

fn is_named_number(error: &serde_json::Error, text: &str) -> bool {
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or("");
    let from = error.column().saturating_sub(2);
    let near = line.get(from..).unwrap_or("");
    let near = near.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    near.starts_with("NaN") || near.starts_with("Infinity")
}

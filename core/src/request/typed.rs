//! JSON to values of the vocabulary's types, and back. Knows types and normal forms, not what a request is.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::errors::{self, Problems};
use super::pointer::Pointer;
use super::raw::{Object, Raw};
use crate::condition::duration_text;
use crate::normal::command::program_name;
use crate::normal::{Host, Path, Places, Url};
use crate::schema::{EnumId, Scalar, Schema, Type};
use crate::value::{Fact, List, Value};

/// What reading a value takes.
pub(super) struct Typing<'t> {
    pub(super) schema: &'t Schema,
    pub(super) places: Places<'t>,
}

impl Typing<'_> {
    /// Reads a value of a type. What does not fit becomes a problem and is unknown.
    pub(super) fn read(
        &self,
        raw: &Raw<'_>,
        ty: Type,
        at: &Pointer<'_>,
        problems: &mut Problems,
    ) -> Fact<Value> {
        let read = match (raw, ty) {
            (Raw::Null, _) => return Fact::Null,
            (_, Type::One(scalar)) => self.scalar(raw, scalar, at, problems),
            (_, Type::List(scalar)) => self.list(raw, scalar, at, problems),
            (_, Type::Map(Scalar::Reported)) => self.reports(raw, at, problems),
            (_, Type::Map(scalar)) => self.map(raw, scalar, at, problems),
        };
        read.map_or(Fact::Unknown, Fact::Known)
    }

    fn list(
        &self,
        raw: &Raw<'_>,
        scalar: Scalar,
        at: &Pointer<'_>,
        problems: &mut Problems,
    ) -> Option<Value> {
        let expected = || self.schema.type_name(Type::List(scalar));
        let mut items = Vec::new();
        let open = each(raw, expected, at, problems, |item, at, problems| {
            items.extend(self.scalar(item, scalar, at, problems));
        })?;
        Some(Value::List(List { items, open }))
    }

    fn map(&self, raw: &Raw<'_>, scalar: Scalar, at: &Pointer<'_>, problems: &mut Problems) -> Option<Value> {
        let Raw::Object(entries) = raw else {
            let expected = self.schema.type_name(Type::Map(scalar));
            problems.push(errors::wrong_type(at, &expected, raw));
            return None;
        };
        let one = Type::One(scalar);
        let entry = |(key, value): (&str, &Raw<'_>)| {
            let fact = self.read(value, one, &at.key(key), problems);
            (Box::from(key), fact)
        };
        let entries: BTreeMap<Box<str>, Fact<Value>> = entries.iter().map(entry).collect();
        Some(Value::Map(entries))
    }

    /// What is reported, each by itself or by windows of time: `{"error_rate": {"5m": "2%", "1h": "1%"}}`.
    fn reports(&self, raw: &Raw<'_>, at: &Pointer<'_>, problems: &mut Problems) -> Option<Value> {
        let Raw::Object(entries) = raw else {
            problems.push(errors::wrong_type(at, "an object of reported values", raw));
            return None;
        };
        let entry = |(key, value): (&str, &Raw<'_>)| {
            let at = at.key(key);
            let fact = match value {
                Raw::Object(windows) => self.windows(windows, &at, problems),
                other => self.read(other, Type::One(Scalar::Reported), &at, problems),
            };
            (Box::from(key), fact)
        };
        Some(Value::Map(entries.iter().map(entry).collect()))
    }

    fn windows(&self, windows: &Object<'_>, at: &Pointer<'_>, problems: &mut Problems) -> Fact<Value> {
        let mut known = BTreeMap::new();
        for (window, value) in windows.iter() {
            let at = at.key(window);
            match crate::condition::duration(window).filter(|length| 0 < *length) {
                Some(length) => {
                    let fact = self.read(value, Type::One(Scalar::Reported), &at, problems);
                    if known.insert(Box::from(duration_text(length)), fact).is_some() {
                        problems.push(errors::stated_twice(&at, window));
                    }
                }
                None => problems.push(errors::bad_text(&at, "a window of time such as `5m`", window, "")),
            }
        }
        Fact::Known(Value::Map(known))
    }

    fn scalar(
        &self,
        raw: &Raw<'_>,
        scalar: Scalar,
        at: &Pointer<'_>,
        problems: &mut Problems,
    ) -> Option<Value> {
        match (scalar, raw) {
            (Scalar::Bool, Raw::Bool(value)) => Some(Value::Bool(*value)),
            (Scalar::Int, Raw::Number(number)) if number.is_i64() => number.as_i64().map(Value::Int),
            (Scalar::Number, Raw::Number(number)) => number.as_f64().map(Value::Number),
            (Scalar::Percent, Raw::String(text)) => self.parsed(percent(text), raw, at, problems),
            (Scalar::Percent, _) => {
                problems.push(errors::bare_percent(at, raw));
                None
            }
            (Scalar::String | Scalar::Enum(_), Raw::String(text)) => Some(Value::text(text)),
            (Scalar::Reported, Raw::Bool(value)) => Some(Value::Bool(*value)),
            (Scalar::Reported, Raw::Number(number)) => {
                let whole = number.as_i64().map(Value::Int);
                whole.or_else(|| number.as_f64().map(Value::Number))
            }
            (Scalar::Reported, Raw::String(text)) => Some(reported(text)),
            (Scalar::Path, Raw::String(text)) => self
                .path(text, at, problems)
                .map(|path| Value::text(path.as_str())),
            (Scalar::Host, Raw::String(text)) => host(text, at, problems),
            (Scalar::Url, Raw::String(text)) => url(text, at, problems).map(|url| Value::text(url.as_str())),
            (Scalar::Timestamp, Raw::String(text)) => {
                timestamp_value(text, at, problems).map(Value::Timestamp)
            }
            (Scalar::Duration, Raw::String(text)) => {
                if let Some(nanoseconds) = crate::condition::duration(text) {
                    return Some(Value::Duration(nanoseconds));
                }
                let expected = "a duration such as `15m` or `1h30m`";
                problems.push(errors::bad_text(at, expected, text, ""));
                None
            }
            _ => {
                let expected = expected(self.schema, scalar);
                problems.push(errors::wrong_type(at, &expected, raw));
                None
            }
        }
    }

    fn parsed(
        &self,
        value: Option<Value>,
        raw: &Raw<'_>,
        at: &Pointer<'_>,
        problems: &mut Problems,
    ) -> Option<Value> {
        if value.is_none() {
            problems.push(errors::bare_percent(at, raw));
        }
        value
    }

    /// Reads the name of a program into its normal form.
    pub(super) fn program(&self, word: &str, at: &Pointer<'_>, problems: &mut Problems) -> Option<Value> {
        match program_name(word, &self.places) {
            Ok(name) => Some(Value::text(&name)),
            Err(why) => {
                problems.push(errors::bad_text(at, "a program", word, &why.to_string()));
                None
            }
        }
    }

    /// Reads a path into its normal form.
    pub(super) fn path(&self, text: &str, at: &Pointer<'_>, problems: &mut Problems) -> Option<Path> {
        match Path::normalise(text, &self.places) {
            Ok(path) => Some(path),
            Err(why) => {
                problems.push(errors::bad_text(at, "a path", text, &why.to_string()));
                None
            }
        }
    }
}

/// Goes through the items of a list, and says whether it is open: `["a"]` is all, `{"at_least": ["a"]}` may be more.
pub(super) fn each(
    raw: &Raw<'_>,
    expected: impl Fn() -> String,
    at: &Pointer<'_>,
    problems: &mut Problems,
    mut item: impl FnMut(&Raw<'_>, &Pointer<'_>, &mut Problems),
) -> Option<bool> {
    match raw {
        Raw::Array(items) => {
            for (index, found) in items.iter().enumerate() {
                item(found, &at.index(index), problems);
            }
            Some(false)
        }
        Raw::Object(entries) if entries.contains_key("at_least") => {
            for key in entries.keys().filter(|key| *key != "at_least") {
                problems.push(errors::unknown_key(&at.key(key), key, ["at_least"]));
            }
            let (at, items) = (at.key("at_least"), raw.get("at_least")?);
            if !matches!(items, Raw::Array(_)) {
                problems.push(errors::wrong_type(&at, &expected(), items));
                return None;
            }
            each(items, expected, &at, problems, item).map(|_| true)
        }
        _ => {
            problems.push(errors::wrong_type(at, &expected(), raw));
            None
        }
    }
}

fn expected(schema: &Schema, scalar: Scalar) -> String {
    match scalar {
        Scalar::Bool => "`true` or `false`".into(),
        Scalar::Int => "a whole number".into(),
        Scalar::Number => "a number".into(),
        Scalar::Percent => "a percentage such as \"10%\"".into(),
        Scalar::String => "text".into(),
        Scalar::Path => "a path".into(),
        Scalar::Host => "a host name or an IP address".into(),
        Scalar::Url => "an absolute URL".into(),
        Scalar::Timestamp => "an RFC 3339 timestamp".into(),
        Scalar::Duration => "a duration such as \"15m\"".into(),
        Scalar::Enum(names) => format!("a constant of {}", schema.enumeration(names).name),
        Scalar::Reported => "a number, a truth value or text".into(),
    }
}

fn host(text: &str, at: &Pointer<'_>, problems: &mut Problems) -> Option<Value> {
    match Host::normalise(text) {
        Ok(host) => Some(Value::text(host.as_str())),
        Err(why) => {
            let expected = "a host name or an IP address";
            problems.push(errors::bad_text(at, expected, text, &why.to_string()));
            None
        }
    }
}

/// Reads a URL.
pub(super) fn url(text: &str, at: &Pointer<'_>, problems: &mut Problems) -> Option<Url> {
    match Url::normalise(text) {
        Ok(url) => Some(url),
        Err(why) => {
            problems.push(errors::bad_text(at, "an absolute URL", text, &why.to_string()));
            None
        }
    }
}

/// Reads a timestamp, as nanoseconds since 1970.
pub(super) fn timestamp_value(text: &str, at: &Pointer<'_>, problems: &mut Problems) -> Option<i128> {
    let read = timestamp(text);
    if read.is_none() {
        let expected = "an RFC 3339 timestamp such as `2026-07-04T10:12:03+07:00`";
        problems.push(errors::bad_text(at, expected, text, ""));
    }
    read
}

/// RFC 3339 and nothing more: the parser takes further forms that other readers do not know.
fn timestamp(text: &str) -> Option<i128> {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let marks = [(4, "-"), (7, "-"), (10, "Tt"), (13, ":"), (16, ":")];
    let marked = |&(at, marks): &(usize, &str)| bytes.get(at).is_some_and(|b| marks.as_bytes().contains(b));
    let shaped = [0..4, 5..7, 8..10, 11..13, 14..16, 17..19]
        .into_iter()
        .all(digits)
        && marks.iter().all(marked);
    let rest = text.get(19..).filter(|_| shaped)?;
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            let count = fraction.len() - zone.len();
            // Nanoseconds are what values hold; finer ones would be cut off silently.
            (1..=9).contains(&count).then_some(zone)?
        }
        None => rest,
    };
    let offset = |zone: &str| {
        let zone = zone.as_bytes();
        zone.len() == 6 && matches!(zone[0], b'+' | b'-') && zone[3] == b':'
    };
    if !zone.eq_ignore_ascii_case("z") && !offset(zone) {
        return None;
    }
    let read: jiff::Timestamp = text.parse().ok()?;
    Some(read.as_nanosecond())
}

fn percent(text: &str) -> Option<Value> {
    let number = text.strip_suffix('%')?;
    let digits = number.strip_prefix('-').unwrap_or(number);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let decimal = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !decimal(whole) || !decimal(fraction) {
        return None;
    }
    let number: f64 = number.parse().ok()?;
    number.is_finite().then_some(Value::Percent(number))
}

/// What a text reports: a percentage, a duration, or itself.
fn reported(text: &str) -> Value {
    let length = || crate::condition::duration(text).map(Value::Duration);
    percent(text).or_else(length).unwrap_or_else(|| Value::text(text))
}

/// A value as requests and records write it.
pub fn written(value: &Value) -> Json {
    match value {
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Number(value) => number(*value),
        Value::Percent(value) => Json::String(format!("{value}%")),
        Value::String(text) => Json::String(text.to_string()),
        Value::Timestamp(at) => Json::String(timestamp_text(*at)),
        Value::Duration(length) => Json::String(duration_text(*length)),
        Value::List(list) => {
            let items = Json::Array(list.items.iter().map(written).collect());
            if !list.open {
                return items;
            }
            Json::Object(Map::from_iter([("at_least".to_owned(), items)]))
        }
        Value::Map(entries) => {
            let said = entries
                .iter()
                .filter_map(|(key, fact)| Some((key.to_string(), written_fact(fact)?)));
            Json::Object(said.collect())
        }
    }
}

/// A whole number has no point: JSON does not tell the two apart, and one spelling is enough.
fn number(value: f64) -> Json {
    let whole = value.fract() == 0.0 && value.abs() <= crate::limits::INTEGER_MAX as f64;
    if whole {
        Json::from(value as i64)
    } else {
        Json::from(value)
    }
}

fn written_fact(fact: &Fact<Value>) -> Option<Json> {
    match fact {
        Fact::Known(value) => Some(written(value)),
        Fact::Null => Some(Json::Null),
        Fact::Unknown => None,
    }
}

fn timestamp_text(at: i128) -> String {
    match jiff::Timestamp::from_nanosecond(at) {
        Ok(at) => at.to_string(),
        Err(_) => format!("{at}ns"), // beyond the year 9999: no request states it, a condition may compute it
    }
}

/// Whether a value is one of its enumeration's constants, or for a list or map all of it is.
pub(super) fn all_listed(value: &Value, names: EnumId, schema: &Schema) -> bool {
    let enumeration = schema.enumeration(names);
    match value {
        _ if enumeration.open => true,
        Value::String(text) => enumeration.rank(text).is_some(),
        Value::List(list) => list.items.iter().all(|item| all_listed(item, names, schema)),
        Value::Map(entries) => entries.values().all(|fact| match fact {
            Fact::Known(item) => all_listed(item, names, schema),
            Fact::Null | Fact::Unknown => true,
        }),
        _ => true,
    }
}

/// Says where a value is not one of its enumeration's constants.
pub(super) fn check_constants(
    value: &Value,
    names: EnumId,
    schema: &Schema,
    at: &Pointer<'_>,
    problems: &mut Problems,
) {
    let enumeration = schema.enumeration(names);
    match value {
        _ if enumeration.open => {}
        Value::String(text) if enumeration.rank(text).is_none() => {
            let right = enumeration.constants.iter().map(String::as_str);
            problems.push(errors::unknown_constant(at, &enumeration.name, text, right));
        }
        Value::List(list) => {
            let at = if list.open { at.key("at_least") } else { *at };
            for (index, item) in list.items.iter().enumerate() {
                check_constants(item, names, schema, &at.index(index), problems);
            }
        }
        Value::Map(entries) => {
            for (key, fact) in entries {
                if let Fact::Known(item) = fact {
                    check_constants(item, names, schema, &at.key(key), problems);
                }
            }
        }
        _ => {}
    }
}

//! The typed reader of nodes that every form uses. Each reader reports what does not fit, with its place, and gives
//! `None`; the form goes on to its next key, so that an author sees all mistakes at once.
//!
//! ```text
//! let mut fields = Fields::of(node, "a rule", out)?;
//! let id = fields.required("id").and_then(|id| id.nonempty_text(out));
//! let paths = fields.optional("path").map(|path| path.texts(out)).unwrap_or_default();
//! let timeout = fields.optional("timeout").and_then(|timeout| timeout.duration(out));
//! fields.finish(out);
//! ```

use std::fmt;

use super::{Core, Map, Node, Scalar, Style, errors};
use crate::condition;
use crate::diagnostic::Diagnostic;
use crate::limits;
use crate::source::{Span, Spanned};

/// The keys of a mapping while a form reads them. What it never asks for is unknown, which [`Fields::finish`] reports.
#[must_use = "call `finish`, which reports unknown and missing keys"]
pub struct Fields<'a> {
    map: &'a Map,
    what: &'a str,
    known: Vec<&'a str>,
    /// What must be there and is not: one key of each group.
    missing: Vec<Vec<&'a str>>,
    rest: bool,
}

impl<'a> Fields<'a> {
    /// The keys of a node that must be a mapping. `what` is how messages call it: "a rule".
    pub fn of(node: &'a Node, what: &'a str, out: &mut Vec<Diagnostic>) -> Option<Fields<'a>> {
        Field::whole(what, node).fields(what, out)
    }

    fn over(map: &'a Map, what: &'a str) -> Fields<'a> {
        Fields {
            map,
            what,
            known: Vec::new(),
            missing: Vec::new(),
            rest: false,
        }
    }

    /// Where the mapping stands.
    pub fn span(&self) -> Span {
        self.map.span
    }

    /// A key that may be there.
    pub fn optional(&mut self, name: &'a str) -> Option<Field<'a>> {
        self.known.push(name);
        let entry = self.map.entry(name)?;
        Some(Field {
            name: Name::Key(&entry.key.text),
            node: &entry.value,
        })
    }

    /// A key that must be there.
    pub fn required(&mut self, name: &'a str) -> Option<Field<'a>> {
        let field = self.optional(name);
        if field.is_none() {
            self.missing.push(vec![name]);
        }
        field
    }

    /// Exactly one of several keys, with its number.
    pub fn one_of(&mut self, names: &[&'a str], out: &mut Vec<Diagnostic>) -> Option<(usize, Field<'a>)> {
        let found = self.at_most_one_of(names, out);
        if found.is_none() {
            self.missing.push(names.to_vec());
        }
        found
    }

    /// At most one of several keys, with its number.
    pub fn at_most_one_of(
        &mut self,
        names: &[&'a str],
        out: &mut Vec<Diagnostic>,
    ) -> Option<(usize, Field<'a>)> {
        let mut found: Option<(usize, Field<'a>)> = None;
        for (at, &name) in names.iter().enumerate() {
            let Some(field) = self.optional(name) else {
                continue;
            };
            match found {
                None => found = Some((at, field)),
                Some((first, _)) => {
                    let first = self.map.entry(names[first]);
                    if let Some((first, again)) = first.zip(self.map.entry(name)) {
                        out.push(errors::clashing_keys(&again.key, &first.key, self.what));
                    }
                }
            }
        }
        found
    }

    /// The keys that start and end like this and have something between; they count as known.
    pub fn family(&mut self, start: &str, end: &str) -> Vec<Field<'a>> {
        let map = self.map;
        let between = |key: &str| {
            let rest = key.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
            rest.is_some_and(|between| !between.is_empty())
        };
        let entries = map.entries.iter().filter(|entry| between(&entry.key.text));
        let fields = entries.map(|entry| Field {
            name: Name::Key(&entry.key.text),
            node: &entry.value,
        });
        let fields: Vec<Field<'a>> = fields.collect();
        let keys = map.entries.iter().map(|entry| &*entry.key.text);
        self.known.extend(keys.filter(|key| between(key)));
        fields
    }

    /// Whether a key is there; it counts as known.
    pub fn has(&mut self, name: &'a str) -> bool {
        self.optional(name).is_some()
    }

    /// Where a key stands, for messages about it.
    pub fn key_span(&self, name: &str) -> Option<Span> {
        self.map.entry(name).map(|entry| entry.key.span)
    }

    /// All keys that were not asked for yet, for forms that let authors choose keys. After it no key is unknown.
    pub fn rest(&mut self) -> Vec<(&'a Scalar, Field<'a>)> {
        self.rest = true;
        let map = self.map;
        let free = map
            .entries
            .iter()
            .filter(|entry| !self.known.contains(&&*entry.key.text));
        free.map(|entry| {
            (
                &entry.key,
                Field {
                    name: Name::Key(&entry.key.text),
                    node: &entry.value,
                },
            )
        })
        .collect()
    }

    /// Reports what is missing and what is unknown. A key that is there under a wrong name is not missing as well.
    pub fn finish(self, out: &mut Vec<Diagnostic>) {
        let unknown: Vec<&Scalar> = self.unknown().collect();
        for names in &self.missing {
            let misspelt = |key: &&Scalar| {
                errors::meant(&key.text, &self.known).is_some_and(|name| names.contains(&name))
            };
            match names.as_slice() {
                _ if unknown.iter().any(misspelt) => {}
                [name] => out.push(errors::missing_key(self.start(), self.what, name)),
                names => out.push(errors::none_of(self.start(), self.what, names)),
            }
        }
        for key in unknown {
            out.push(errors::unknown_key(key, self.what, &self.known));
        }
    }

    /// Whether a key is there under a wrong name.
    pub fn misspelt(&self, name: &str) -> bool {
        self.unknown()
            .any(|key| errors::meant(&key.text, &self.known) == Some(name))
    }

    /// The keys that were not asked for. More than the bound would only fill memory; these already keep the policy set
    /// from compiling.
    fn unknown(&self) -> impl Iterator<Item = &'a Scalar> {
        let entries = if self.rest {
            [].iter()
        } else {
            self.map.entries.iter()
        };
        let keys = entries
            .map(|entry| &entry.key)
            .filter(|key| !self.known.contains(&&*key.text));
        keys.take(limits::DIAGNOSTICS_MAX)
    }

    /// Whether all keys that are there were asked for.
    pub fn all_known(&self) -> bool {
        self.unknown().next().is_none()
    }

    /// The first key: a mapping of many lines is not underlined for what it lacks.
    pub fn start(&self) -> Span {
        self.map
            .entries
            .first()
            .map_or(self.map.span, |entry| entry.key.span)
    }
}

/// A value and how messages call it. Cheap to copy; each reader looks at it anew.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    name: Name<'a>,
    node: &'a Node,
}

#[derive(Clone, Copy, Debug)]
enum Name<'a> {
    Whole(&'a str),
    Key(&'a str),
    Entry(&'a str),
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Whole(what) => f.write_str(what),
            Name::Key(key) => write!(f, "`{}`", errors::short(key)),
            Name::Entry(of) => write!(f, "an entry of `{}`", errors::short(of)),
        }
    }
}

impl<'a> Field<'a> {
    /// A node that is nobody's value, such as a document: "a policy test".
    pub fn whole(what: &'a str, node: &'a Node) -> Field<'a> {
        Field {
            name: Name::Whole(what),
            node,
        }
    }

    /// The key whose value it is.
    pub fn key(self) -> Option<&'a str> {
        match self.name {
            Name::Key(key) => Some(key),
            Name::Whole(_) | Name::Entry(_) => None,
        }
    }

    /// The node itself.
    pub fn node(self) -> &'a Node {
        self.node
    }

    /// Where it stands.
    pub fn span(self) -> Span {
        self.node.span()
    }

    /// Whether it is `null`, `~`, or not written.
    pub fn is_null(self) -> bool {
        self.node.is_null()
    }

    /// Text as written. Numbers and truth values count as text (`version: 1.0` is "1.0"), null does not.
    pub fn text(self, out: &mut Vec<Diagnostic>) -> Option<&'a Scalar> {
        self.scalar("text", out)
    }

    /// Text that is not empty.
    pub fn nonempty_text(self, out: &mut Vec<Diagnostic>) -> Option<&'a Scalar> {
        let text = self.text(out)?;
        if text.text.trim().is_empty() {
            out.push(errors::empty_value(text.span, self.name, "empty"));
            return None;
        }
        Some(text)
    }

    /// `true` or `false`. What YAML 1.1 took for them is refused with a word on it.
    pub fn bool(self, out: &mut Vec<Diagnostic>) -> Option<Spanned<bool>> {
        let scalar = self.scalar("`true` or `false`", out)?;
        match scalar.core() {
            Core::Bool(value) => Some(Spanned::new(value, scalar.span)),
            _ => {
                let help = meant_bool(scalar).map(|meant| format!("write `{meant}`"));
                out.push(self.wrong("`true` or `false`").help_if(help));
                None
            }
        }
    }

    /// A whole number within ±(2^53 - 1).
    pub fn int(self, out: &mut Vec<Diagnostic>) -> Option<Spanned<i64>> {
        let scalar = self.scalar("a whole number", out)?;
        match scalar.core() {
            Core::Int(value) if value.unsigned_abs() <= limits::INTEGER_MAX.unsigned_abs() => {
                Some(Spanned::new(value, scalar.span))
            }
            Core::Int(_) | Core::BigInt => self.inexact(scalar, out),
            _ => self.no_number(scalar, "a whole number", out),
        }
    }

    /// A whole number that is not negative.
    pub fn count(self, out: &mut Vec<Diagnostic>) -> Option<Spanned<u64>> {
        let scalar = self.scalar("a whole number", out)?;
        let int = self.int(out)?;
        match u64::try_from(int.value) {
            Ok(count) => Some(Spanned::new(count, int.span)),
            Err(_) => {
                out.push(errors::out_of_range(scalar, self.name, "at least 0"));
                None
            }
        }
    }

    /// Any finite number. For money read [`Field::text`]: this is binary.
    pub fn number(self, out: &mut Vec<Diagnostic>) -> Option<Spanned<f64>> {
        let scalar = self.scalar("a number", out)?;
        match scalar.core() {
            Core::Float(value) if value.is_finite() => Some(Spanned::new(value, scalar.span)),
            Core::Int(_) => self.int(out).map(|int| int.map(|value| value as f64)),
            Core::BigInt => self.int(out).map(|int| int.map(|value| value as f64)),
            Core::Float(_) => self.inexact(scalar, out),
            _ => self.no_number(scalar, "a number", out),
        }
    }

    /// `80%` is 80.0. A bare number is none: nobody can tell whether 0.8 or 80 is meant by it.
    pub fn percent(self, out: &mut Vec<Diagnostic>) -> Option<Spanned<f64>> {
        const EXPECTED: &str = "a percentage such as `80%`";
        let scalar = self.scalar(EXPECTED, out)?;
        if let Some(value) = percent(&scalar.text) {
            return Some(Spanned::new(value, scalar.span));
        }
        let bare = matches!(number(scalar), Core::Int(_) | Core::Float(_));
        let help = bare.then(|| format!("write `{}%`", scalar.text.trim()));
        out.push(self.wrong(EXPECTED).help_if(help));
        None
    }

    /// `30m`, `24h`, `7d`, `1h30m`, in nanoseconds: what a condition reads (spec/04-conditions.md, 4.3), above zero.
    pub fn duration(self, out: &mut Vec<Diagnostic>) -> Option<Spanned<i128>> {
        const EXPECTED: &str = "a duration such as `30m` or `1h30m`";
        let scalar = self.scalar(EXPECTED, out)?;
        match condition::duration(&scalar.text) {
            Some(value @ 1..) => return Some(Spanned::new(value, scalar.span)),
            Some(_) => {
                out.push(errors::out_of_range(scalar, self.name, "longer than nothing"));
                return None;
            }
            None => {}
        }
        let bare = matches!(number(scalar), Core::Int(_));
        let help = match bare {
            true => format!(
                "write the unit: `{0}s`, `{0}m`, `{0}h` or `{0}d`",
                scalar.text.trim()
            ),
            false => "the units are `d`, `h`, `m`, `s`, `ms`, `us` and `ns`, without spaces; a week is `7d`"
                .to_owned(),
        };
        out.push(self.wrong(EXPECTED).help(help));
        None
    }

    /// `2027-01-01` (its start in UTC) or RFC 3339, in nanoseconds since 1970.
    pub fn time(self, out: &mut Vec<Diagnostic>) -> Option<Spanned<i128>> {
        const EXPECTED: &str = "a date such as `2027-01-01` or a time such as `2027-01-01T09:00:00Z`";
        let scalar = self.scalar(EXPECTED, out)?;
        if let Some(value) = time(&scalar.text) {
            return Some(Spanned::new(value, scalar.span));
        }
        let zoneless = scalar.text.parse::<jiff::civil::DateTime>().is_ok();
        let help = zoneless.then(|| "say the zone: `Z`, or an offset such as `+07:00`".to_owned());
        out.push(self.wrong(EXPECTED).help_if(help));
        None
    }

    /// One word of a fixed list, given with what each means.
    pub fn keyword<T: Copy>(self, words: &[(&str, T)], out: &mut Vec<Diagnostic>) -> Option<Spanned<T>> {
        let scalar = self.scalar("a word", out)?;
        match words.iter().find(|(word, _)| **word == *scalar.text) {
            Some(&(_, value)) => Some(Spanned::new(value, scalar.span)),
            None => {
                let known: Vec<&str> = words.iter().map(|&(word, _)| word).collect();
                out.push(errors::unknown_keyword(scalar, self.name, &known));
                None
            }
        }
    }

    /// The entries of a list.
    pub fn list(self, out: &mut Vec<Diagnostic>) -> Option<Vec<Field<'a>>> {
        match self.node {
            Node::List(list) => Some(list.items.iter().map(|item| self.entry(item)).collect()),
            Node::Scalar(_) | Node::Map(_) => {
                out.push(self.wrong("a list"));
                None
            }
        }
    }

    /// The entries of a list that has some.
    pub fn nonempty_list(self, out: &mut Vec<Diagnostic>) -> Option<Vec<Field<'a>>> {
        let list = self.list(out)?;
        self.unless_empty(list, "an empty list", out)
    }

    /// A value by itself, or the entries of a list: `path: a` and `path: [a, b]`. Nothing written is an error.
    pub fn one_or_many(self, out: &mut Vec<Diagnostic>) -> Vec<Field<'a>> {
        match self.node {
            Node::List(_) => self.list(out).unwrap_or_default(),
            Node::Scalar(_) if self.is_null() => {
                out.push(self.wrong("a value or a list"));
                Vec::new()
            }
            Node::Scalar(_) | Node::Map(_) => vec![self],
        }
    }

    /// One text or several.
    pub fn texts(self, out: &mut Vec<Diagnostic>) -> Vec<&'a Scalar> {
        let many = self.one_or_many(out);
        many.into_iter()
            .filter_map(|field| field.nonempty_text(out))
            .collect()
    }

    /// One text or several, not none.
    pub fn nonempty_texts(self, out: &mut Vec<Diagnostic>) -> Vec<&'a Scalar> {
        if matches!(self.node, Node::List(list) if list.items.is_empty()) {
            out.push(errors::empty_value(self.span(), self.name, "an empty list"));
        }
        self.texts(out)
    }

    /// The keys and values of a mapping whose keys the author chooses.
    pub fn entries(self, out: &mut Vec<Diagnostic>) -> Option<Vec<(&'a Scalar, Field<'a>)>> {
        let entries = &self.map(out)?.entries;
        let field = |node: &'a Node, key: &'a Scalar| Field {
            name: Name::Key(&key.text),
            node,
        };
        Some(
            entries
                .iter()
                .map(|entry| (&entry.key, field(&entry.value, &entry.key)))
                .collect(),
        )
    }

    /// The keys and values of a mapping that has some.
    pub fn nonempty_entries(self, out: &mut Vec<Diagnostic>) -> Option<Vec<(&'a Scalar, Field<'a>)>> {
        let entries = self.entries(out)?;
        self.unless_empty(entries, "an empty mapping", out)
    }

    /// The keys of a mapping whose keys the form knows. `what` is how messages call it: "an approval".
    pub fn fields(self, what: &'a str, out: &mut Vec<Diagnostic>) -> Option<Fields<'a>> {
        Some(Fields::over(self.map(out)?, what))
    }

    /// An error that the value is of the wrong kind, for a form that takes several: "a number or a duration".
    pub fn wrong(self, expected: &str) -> Diagnostic {
        errors::wrong_type(self.node, self.name, expected)
    }

    fn map(self, out: &mut Vec<Diagnostic>) -> Option<&'a Map> {
        match self.node {
            Node::Map(map) => Some(map),
            Node::Scalar(_) | Node::List(_) => {
                out.push(errors::not_a_mapping(self.node, self.name));
                None
            }
        }
    }

    fn entry(self, node: &'a Node) -> Field<'a> {
        let name = match self.name {
            Name::Whole(of) | Name::Key(of) | Name::Entry(of) => Name::Entry(of),
        };
        Field { name, node }
    }

    fn scalar(self, expected: &str, out: &mut Vec<Diagnostic>) -> Option<&'a Scalar> {
        match self.node {
            Node::Scalar(scalar) if scalar.core() != Core::Null => Some(scalar),
            Node::Scalar(_) | Node::List(_) | Node::Map(_) => {
                out.push(self.wrong(expected));
                None
            }
        }
    }

    /// The same that reading the text found; equal findings are one.
    fn inexact<T>(self, scalar: &Scalar, out: &mut Vec<Diagnostic>) -> Option<T> {
        out.push(errors::inexact(scalar));
        None
    }

    fn no_number<T>(self, scalar: &Scalar, expected: &str, out: &mut Vec<Diagnostic>) -> Option<T> {
        let quoted = scalar.style != Style::Plain && number(scalar) != Core::Text;
        let help = quoted.then(|| "write it without quotes".to_owned());
        out.push(self.wrong(expected).help_if(help));
        None
    }

    fn unless_empty<T>(self, found: Vec<T>, empty: &str, out: &mut Vec<Diagnostic>) -> Option<Vec<T>> {
        if found.is_empty() {
            out.push(errors::empty_value(self.span(), self.name, empty));
            return None;
        }
        Some(found)
    }
}

/// What a scalar would be as a number without its quotes.
fn number(scalar: &Scalar) -> Core {
    match super::core(&scalar.text) {
        Core::Null | Core::Bool(_) | Core::Text => Core::Text,
        number => number,
    }
}

/// `yes` and its kin, which YAML 1.1 read as truth values; and `true` in quotes.
fn meant_bool(scalar: &Scalar) -> Option<bool> {
    match scalar.text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "on" => Some(true),
        "false" | "no" | "n" | "off" => Some(false),
        _ => None,
    }
}

/// `80%` is 80.0; `None` for a bare number.
pub fn percent(text: &str) -> Option<f64> {
    let figure = text.strip_suffix('%')?;
    match super::core(figure) {
        Core::Int(value) => Some(value as f64),
        Core::Float(value) if value.is_finite() => Some(value),
        _ => None,
    }
}

/// Bytes: `4096`, `64KiB`, `2MiB`, `1GiB`. Powers of 1000 are not taken, since nobody agrees on what `KB` is.
pub fn bytes(text: &str) -> Option<u64> {
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30)];
    let unit = units
        .iter()
        .find_map(|(unit, shift)| Some((text.strip_suffix(unit)?, shift)));
    let (figure, shift) = unit.map_or((text, 0), |(figure, shift)| (figure.trim_end(), *shift));
    match super::core(figure) {
        Core::Int(value) => u64::try_from(value).ok()?.checked_mul(1 << shift),
        _ => None,
    }
}

/// Nanoseconds since 1970 of a date (its start in UTC) or an RFC 3339 time.
pub fn time(text: &str) -> Option<i128> {
    let bytes = text.as_bytes();
    // jiff takes more spellings than RFC 3339 has.
    let dated = bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[0].is_ascii_digit();
    if !dated {
        return None;
    }
    if bytes.len() == 10 {
        let date = text.parse::<jiff::civil::Date>().ok()?;
        let start = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        return Some(start.timestamp().as_nanosecond());
    }
    let spelled = matches!(bytes[10], b'T' | b't') && !text.contains('[') && bytes.get(13) == Some(&b':');
    let stamp = spelled.then(|| text.parse::<jiff::Timestamp>().ok())??;
    Some(stamp.as_nanosecond())
}

//! Bounds as people write them: `"> 70%"`, `< 2 minutes`, `300`, `improving`; and criteria over figures, such as
//! `error_rate <= 2%` (spec/17-gates-and-advice.md, 17.1). What comes out is the text of a condition. Knows no form.

use std::collections::BTreeSet;

use super::make::text;
use super::native::written;
use super::{Criterion, Text, errors};
use crate::condition::{duration, duration_text};
use crate::diagnostic::{Diagnostic, nearest};
use crate::document::{Field, Fields, Node, Scalar};
use crate::schema::Schema;
use crate::source::{Span, Spanned};

/// The attribute that has what was measured.
pub(super) const FIGURES: &str = "evidence.figures";
/// The attribute that has what somebody vouches for.
pub(super) const ATTESTED: &str = "evidence.attested";

/// What a number says that stands without a sign.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bare {
    AtMost,
    AtLeast,
    Exactly,
}

/// The end of a condition, such as `>= 70%`; reported where it cannot be read.
pub(super) fn bound(field: Field<'_>, bare: Bare, out: &mut Vec<Diagnostic>) -> Option<String> {
    let scalar = field.nonempty_text(out)?;
    match read(&scalar.text, bare) {
        Ok(bound) => Some(bound),
        Err(help) => {
            out.push(errors::bound_unreadable(scalar.span, &scalar.text).help_if(help));
            None
        }
    }
}

/// The same, of a text; the error is what helps.
fn read(text: &str, bare: Bare) -> Result<String, Option<String>> {
    let text = text.trim();
    let sign = SIGNS.iter().find(|sign| text.starts_with(**sign));
    if let (None, Some(rest)) = (sign, text.strip_prefix('=')) {
        return Err(Some(format!("equality is `== {}`", rest.trim_start())));
    }
    let rest = sign.map_or(text, |sign| text[sign.len()..].trim_start());
    let value = value(rest)?;
    let sign = match (sign, bare) {
        (Some(sign), _) => *sign,
        (None, Bare::AtMost) if value.orders => "<=",
        (None, Bare::AtLeast) if value.orders => ">=",
        (None, _) => "==",
    };
    if !value.orders && !["==", "!="].contains(&sign) {
        return Err(Some(format!("`{rest}` has no order; leave `{sign}` out")));
    }
    Ok(format!("{sign} {}", value.text))
}

/// Longer ones before those that they start with.
const SIGNS: [&str; 6] = ["<=", ">=", "==", "!=", "<", ">"];

/// A constant of a condition, and whether one is larger than another.
struct Constant {
    text: String,
    orders: bool,
}

impl Constant {
    fn ordered(text: String) -> Constant {
        Constant { text, orders: true }
    }
}

fn value(text: &str) -> Result<Constant, Option<String>> {
    if text == "true" || text == "false" {
        let (text, orders) = (text.to_owned(), false);
        return Ok(Constant { text, orders });
    }
    if let Some(length) = duration(text) {
        return Ok(Constant::ordered(duration_text(length)));
    }
    if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return figure(text);
    }
    let word = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    match text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(word) {
        true => Ok(Constant {
            text: serde_json::Value::from(text).to_string(),
            orders: false,
        }),
        false if text.contains(' ') => Err(Some(format!(
            "a word has no spaces: `{}`",
            text.replace(' ', "_")
        ))),
        false => Err(None),
    }
}

/// What people count, which changes nothing about the number.
const COUNTED: [&str; 14] = [
    "loc", "line", "lines", "file", "files", "run", "runs", "pr", "prs", "change", "changes", "samples",
    "tokens", "usd",
];

/// Words for lengths of time.
const TIMES: [(&str, &str); 16] = [
    ("millisecond", "ms"),
    ("milliseconds", "ms"),
    ("ms", "ms"),
    ("s", "s"),
    ("sec", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("m", "m"),
    ("min", "m"),
    ("minute", "m"),
    ("minutes", "m"),
    ("h", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
];

/// A number with its unit: `200 LOC`, `2 minutes`, `5 %`.
fn figure(text: &str) -> Result<Constant, Option<String>> {
    let end = text
        .char_indices()
        .find(|(at, c)| !(c.is_ascii_digit() || *c == '.' || (*at == 0 && *c == '-')))
        .map_or(text.len(), |(at, _)| at);
    let (number, unit) = (&text[..end], text[end..].trim());
    let decimal = number.strip_prefix('-').unwrap_or(number);
    if decimal.is_empty()
        || decimal.starts_with('.')
        || decimal.ends_with('.')
        || decimal.matches('.').count() > 1
    {
        return Err(None);
    }
    let unit = unit.to_lowercase();
    if unit.is_empty() || COUNTED.contains(&&*unit) {
        return Ok(Constant::ordered(number.to_owned()));
    }
    if ["%", "percent"].contains(&&*unit) {
        return Ok(Constant::ordered(format!("{number}%")));
    }
    let time = TIMES.iter().find(|(word, _)| *word == unit);
    if let Some(length) = time.and_then(|(_, short)| duration(&format!("{number}{short}"))) {
        return Ok(Constant::ordered(duration_text(length)));
    }
    let known = TIMES.iter().map(|(word, _)| *word).chain(COUNTED);
    Err(nearest(&unit, known).map(|unit| format!("did you mean `{number} {unit}`?")))
}

/// `evidence.figures.merged_rate`, `evidence.attested["system.runbook"]`
pub(super) fn entry(map: &str, name: &str) -> String {
    match errors::is_identifier(name) {
        true => format!("{map}.{name}"),
        false => format!("{map}[{}]", serde_json::Value::from(name)),
    }
}

/// The same over a window of time, where there is one.
pub(super) fn over(entry: &str, window: Option<&str>) -> String {
    match window {
        Some(window) => format!("over({entry}, \"{window}\")"),
        None => entry.to_owned(),
    }
}

/// A length of time, as a condition says it.
pub(super) fn window(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<String> {
    let length = field.duration(out)?;
    if length.value <= 0 {
        out.push(field.wrong("a length of time over nothing, such as `5m`"));
        return None;
    }
    Some(duration_text(length.value))
}

/// A criterion that a form makes of a key and its bound.
pub(super) fn criterion(name: &str, condition: String, blocks: bool, span: Span) -> Criterion {
    Criterion {
        name: Spanned::new(name.to_owned(), span),
        condition: text(condition, span),
        blocks,
    }
}

/// Criteria that stand in a list; each is its own name.
pub(super) fn criteria(field: Field<'_>, blocks: bool, out: &mut Vec<Diagnostic>) -> Vec<Criterion> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for scalar in field.nonempty_texts(out) {
        if !seen.insert(&scalar.text) {
            out.push(errors::criterion_again(scalar.span, &scalar.text));
            continue;
        }
        all.extend(condition(scalar, None, out).map(|condition| Criterion {
            name: scalar.spanned(),
            condition,
            blocks,
        }));
    }
    all
}

/// A condition in which a bare name is a figure: `error_rate <= 2%`. Parts that are more than a name, a sign and a bound
/// are conditions as everywhere; one in parentheses is, too.
pub(super) fn condition(scalar: &Scalar, window: Option<&str>, out: &mut Vec<Diagnostic>) -> Option<Text> {
    let parts = parts(&scalar.text);
    let figures: Vec<Option<(&str, &str)>> = parts.iter().map(|(part, _)| named(part)).collect();
    if figures.iter().all(Option::is_none) {
        if window.is_some() {
            out.push(errors::window_of_condition(scalar.span, &scalar.text));
        }
        return Some(written(scalar));
    }
    let mut made = String::new();
    for ((part, joint), figure) in parts.iter().zip(figures) {
        match figure {
            Some((name, rest)) => made.push_str(&over_figure(name, rest, window, scalar, out)?),
            None => made.push_str(&format!("({part})")),
        }
        made.push_str(joint);
    }
    Some(text(made, scalar.span))
}

fn over_figure(
    name: &str,
    rest: &str,
    window: Option<&str>,
    scalar: &Scalar,
    out: &mut Vec<Diagnostic>,
) -> Option<String> {
    if Schema::builtin().attribute_named(name).is_some() {
        out.push(errors::figure_or_attribute(scalar.span, name, &scalar.text));
        return None;
    }
    if rest.is_empty() {
        return Some(over(&entry(FIGURES, name), window));
    }
    let bound = match read(rest, Bare::Exactly) {
        Ok(bound) => bound,
        Err(help) => {
            out.push(errors::bound_unreadable(scalar.span, rest).help_if(help));
            return None;
        }
    };
    let status = ["\"passed\"", "\"failed\"", "\"skipped\"", "\"running\""];
    let map = match bound.split_once(' ') {
        Some((_, word)) if status.contains(&word) => "evidence.verifiers",
        _ => FIGURES,
    };
    if map != FIGURES && window.is_some() {
        out.push(errors::window_of_condition(scalar.span, &scalar.text));
    }
    let entry = if map == FIGURES {
        over(&entry(map, name), window)
    } else {
        entry(map, name)
    };
    Some(format!("{entry} {bound}"))
}

/// A name, and the bound behind it: nothing, or a sign with a constant.
fn named(part: &str) -> Option<(&str, &str)> {
    let word = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    let part = part.trim();
    let end = part.find(|c| !word(c)).unwrap_or(part.len());
    let (name, rest) = (&part[..end], part[end..].trim());
    let taken = ["true", "false", "null", "not"].contains(&name);
    let bound = rest.is_empty() || SIGNS.iter().any(|sign| rest.starts_with(sign));
    let plain = !rest.contains(['(', ')', '[', ']', '{', '}', '?', '"', '\'']);
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) && !taken && bound && plain).then_some((name, rest))
}

/// The parts that `&&` and `||` join, each with what joins it to the next. What stands in quotes or brackets is one part.
fn parts(text: &str) -> Vec<(&str, &str)> {
    let (mut found, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_u32, None);
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(' | b'[') => depth += 1,
            (None, b')' | b']') => depth = depth.saturating_sub(1),
            (None, b'&' | b'|') if depth == 0 && start <= at && bytes.get(at + 1) == Some(&byte) => {
                found.push((&text[start..at], if byte == b'&' { " && " } else { " || " }));
                start = at + 2;
            }
            _ => {}
        }
    }
    found.push((&text[start.min(text.len())..], ""));
    found
}

/// Keys that authors choose. One that is nearly a figure that the form knows is warned of: its bound would be another.
pub(super) fn free<'a>(
    fields: &mut Fields<'a>,
    known: &[&'static str],
    out: &mut Vec<Diagnostic>,
) -> Vec<(&'a Scalar, Field<'a>)> {
    let free = fields.rest();
    for (key, _) in &free {
        // How far two words are apart takes long to find, and a word so much longer is farther.
        let letters = key.text.chars().count();
        let alike = known
            .iter()
            .copied()
            .filter(|known| known.chars().count().abs_diff(letters) <= 2);
        let near = nearest(&key.text, alike);
        let near =
            near.filter(|near| *near != &*key.text && strsim::damerau_levenshtein(near, &key.text) <= 2);
        let there = |near: &&str| free.iter().any(|(other, _)| &*other.text == *near);
        if let Some(near) = near.filter(|near| !there(near)) {
            out.push(errors::near_figure(key.span, &key.text, near));
        }
    }
    free
}

/// Whether a value is a mapping, as entries that are more than a word are.
pub(super) fn is_map(field: Field<'_>) -> bool {
    matches!(field.node(), Node::Map(_))
}

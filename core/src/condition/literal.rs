//! Constants as policies write them, before and after they have a type. Knows nothing of where they stand.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use crate::limits::INTEGER_MAX;
use crate::normal::{Host, Path, Places, Url};
use crate::schema::{EnumId, Scalar, Schema};
use crate::value::{List, Tri, Value};

/// A constant as it is written: in a condition, or as a YAML scalar of a definition or a selector. It gets its type from
/// the operand that it stands opposite to.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// `50`.
    Int(i64),
    /// `0.5`.
    Number(f64),
    /// `10%`.
    Percent(f64),
    /// `30m`, `duration("30m")`; nanoseconds.
    Duration(i128),
    /// `timestamp("2027-01-01T00:00:00Z")`; nanoseconds since 1970.
    Timestamp(i128),
    /// Text. Opposite a percentage, a duration or a timestamp it is read as one.
    Text(Box<str>),
}

/// A named definition: a constant or a list of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// A scalar.
    One(Literal),
    /// A list of scalars.
    List(Vec<Literal>),
}

/// Why a constant cannot have a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// It is of another type.
    Type,
    /// A bare number where a percentage is expected.
    BareNumber,
    /// Null has no type; it is compared with `==` and `!=` only.
    Null,
    /// The enumeration has no such constant.
    NotInEnumeration(EnumId),
    /// The text does not read as a value of the type.
    Unreadable,
}

impl Literal {
    /// What a YAML scalar says, by the core schema of YAML 1.2: a plain `true`, `null` or number is one; all else, and
    /// everything quoted, is text.
    pub fn yaml(text: &str, plain: bool) -> Literal {
        if !plain {
            return Literal::Text(text.into());
        }
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Literal::Null,
            "true" | "True" | "TRUE" => Literal::Bool(true),
            "false" | "False" | "FALSE" => Literal::Bool(false),
            _ => number(text).unwrap_or_else(|| Literal::Text(text.into())),
        }
    }

    /// The constant as a value of a type.
    pub fn to_value(&self, scalar: Scalar, schema: &Schema) -> Result<Value, Mismatch> {
        match (self, scalar) {
            (Literal::Null, _) => Err(Mismatch::Null),
            (own, Scalar::Reported) => match own.scalar() {
                Some(scalar) => own.to_value(scalar, schema),
                None => Err(Mismatch::Null),
            },
            (Literal::Text(text), _) => text_to_value(text, scalar, schema),
            (Literal::Bool(b), Scalar::Bool) => Ok(Value::Bool(*b)),
            (Literal::Int(n), Scalar::Int | Scalar::Number) => Ok(Value::Int(*n)),
            (Literal::Number(n), Scalar::Int | Scalar::Number) => Ok(Value::Number(*n)),
            (Literal::Int(_) | Literal::Number(_), Scalar::Percent) => Err(Mismatch::BareNumber),
            (Literal::Percent(n), Scalar::Percent) => Ok(Value::Percent(*n)),
            (Literal::Duration(n), Scalar::Duration) => Ok(Value::Duration(*n)),
            (Literal::Timestamp(n), Scalar::Timestamp) => Ok(Value::Timestamp(*n)),
            _ => Err(Mismatch::Type),
        }
    }

    /// The type that it has by itself.
    pub fn scalar(&self) -> Option<Scalar> {
        Some(match self {
            Literal::Null => return None,
            Literal::Bool(_) => Scalar::Bool,
            Literal::Int(_) => Scalar::Int,
            Literal::Number(_) => Scalar::Number,
            Literal::Percent(_) => Scalar::Percent,
            Literal::Duration(_) => Scalar::Duration,
            Literal::Timestamp(_) => Scalar::Timestamp,
            Literal::Text(_) => Scalar::String,
        })
    }

    /// The text of a text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Literal::Text(text) => Some(text),
            _ => None,
        }
    }

    /// How a diagnostic calls it.
    pub fn kind(&self) -> &'static str {
        match self {
            Literal::Null => "null",
            Literal::Bool(_) => "a bool",
            Literal::Int(_) => "an int",
            Literal::Number(_) => "a number",
            Literal::Percent(_) => "a percentage",
            Literal::Duration(_) => "a duration",
            Literal::Timestamp(_) => "a timestamp",
            Literal::Text(_) => "text",
        }
    }
}

fn text_to_value(text: &str, scalar: Scalar, schema: &Schema) -> Result<Value, Mismatch> {
    match scalar {
        Scalar::String => Ok(Value::text(text)),
        // What requests state comes in normal form; a constant that does not would never be equal to it.
        Scalar::Path => match Path::normalise(text, &Places::default()) {
            Ok(path) => Ok(Value::text(path.as_str())),
            Err(_) => Err(Mismatch::Unreadable),
        },
        Scalar::Host => match Host::normalise(text) {
            Ok(host) => Ok(Value::text(host.as_str())),
            Err(_) => Err(Mismatch::Unreadable),
        },
        Scalar::Url => match Url::normalise(text) {
            Ok(url) => Ok(Value::text(url.as_str())),
            Err(_) => Err(Mismatch::Unreadable),
        },
        Scalar::Enum(id) if schema.enumeration(id).rank(text).is_some() => Ok(Value::text(text)),
        Scalar::Enum(id) => Err(Mismatch::NotInEnumeration(id)),
        Scalar::Percent => percent(text).map(Value::Percent).ok_or(Mismatch::Unreadable),
        Scalar::Duration => duration(text).map(Value::Duration).ok_or(Mismatch::Unreadable),
        Scalar::Timestamp => timestamp(text).map(Value::Timestamp).ok_or(Mismatch::Unreadable),
        Scalar::Bool | Scalar::Int | Scalar::Number | Scalar::Reported => Err(Mismatch::Type),
    }
}

/// An integer or a finite decimal number. Integers that not every JSON reader keeps exact are none.
pub(super) fn number(text: &str) -> Option<Literal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || !digits.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let whole = text.parse::<i64>().ok()?;
        return (whole.unsigned_abs() <= INTEGER_MAX.unsigned_abs()).then_some(Literal::Int(whole));
    }
    let known = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+');
    let number = text.parse::<f64>().ok()?;
    (digits.chars().all(known) && number.is_finite()).then_some(Literal::Number(number))
}

/// `10%` as 10.0.
pub(super) fn percent(text: &str) -> Option<f64> {
    match number(text.strip_suffix('%')?)? {
        Literal::Int(n) => Some(n as f64),
        Literal::Number(n) => Some(n),
        _ => None,
    }
}

/// RFC 3339, as nanoseconds since 1970. A date alone is none: it would need a time zone.
pub(super) fn timestamp(text: &str) -> Option<i128> {
    Some(text.parse::<jiff::Timestamp>().ok()?.as_nanosecond())
}

/// The units of durations in nanoseconds, the longest first. A day is 24 hours: durations know no calendar.
const UNITS: [(&str, i128); 7] = [
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// Digits that a part of a duration may have; no product of it with a unit overflows.
const DURATION_DIGITS_MAX: usize = 12;
/// Ten thousand years, as in CEL.
const DURATION_MAX: i128 = 3_652_500 * UNITS[0].1;

/// `30m`, `1h30m`, `1.5h`, `7d`, `-5s`, as nanoseconds.
pub fn duration(text: &str) -> Option<i128> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let mut total = None;
    while !rest.is_empty() {
        let (part, after) = duration_part(rest)?;
        total = Some(total.unwrap_or(0) + part).filter(|&total| total <= DURATION_MAX);
        total?;
        rest = after;
    }
    Some(sign * total?)
}

fn duration_part(text: &str) -> Option<(i128, &str)> {
    let (whole, rest) = digits(text)?;
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => digits(rest)?,
        None => ("", rest),
    };
    let end = rest
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(end);
    let nanos = UNITS.iter().find(|(name, _)| *name == unit)?.1;
    let scale = 10_i128.pow(fraction.len() as u32);
    let scaled = format!("{whole}{fraction}").parse::<i128>().ok()?;
    Some((scaled * nanos / scale, rest))
}

fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (1..=DURATION_DIGITS_MAX)
        .contains(&end)
        .then(|| text.split_at(end))
}

/// The shortest text that [`duration`] reads back, the largest units first.
pub fn duration_text(nanos: i128) -> String {
    let mut text = String::from(if nanos < 0 { "-" } else { "" });
    let mut rest = nanos.unsigned_abs();
    for (unit, size) in UNITS {
        let count = rest / size.unsigned_abs();
        rest %= size.unsigned_abs();
        if count > 0 {
            text.push_str(&format!("{count}{unit}"));
        }
    }
    if nanos == 0 { "0s".into() } else { text }
}

/// A value that is fixed in a policy. Unlike values of requests it can be compared and hashed as it is written, which is
/// what sharing equal conditions needs; no number of a policy is NaN.
#[derive(Clone, Debug)]
pub struct Fixed(pub Value);

impl Fixed {
    /// Kinds in a fixed order; texts last, so that the texts of a sorted list stand together.
    fn kind(&self) -> u8 {
        match &self.0 {
            Value::Bool(_) => 0,
            Value::Int(_) => 1,
            Value::Number(_) => 2,
            Value::Percent(_) => 3,
            Value::Timestamp(_) => 4,
            Value::Duration(_) => 5,
            Value::List(_) => 6,
            Value::Map(_) => 7,
            Value::String(_) => 8,
        }
    }
}

impl Ord for Fixed {
    fn cmp(&self, other: &Fixed) -> Ordering {
        let inner = || match (&self.0, &other.0) {
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Number(a), Value::Number(b)) | (Value::Percent(a), Value::Percent(b)) => a.total_cmp(b),
            (Value::List(a), Value::List(b)) => list_order(a, b),
            (a, b) => a.order(b).unwrap_or(Ordering::Equal),
        };
        self.kind().cmp(&other.kind()).then_with(inner)
    }
}

fn list_order(a: &List, b: &List) -> Ordering {
    let fixed = |list: &List| list.items.iter().cloned().map(Fixed).collect::<Vec<_>>();
    a.open.cmp(&b.open).then_with(|| fixed(a).cmp(&fixed(b)))
}

impl PartialOrd for Fixed {
    fn partial_cmp(&self, other: &Fixed) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Fixed {
    fn eq(&self, other: &Fixed) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Fixed {}

impl Hash for Fixed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind().hash(state);
        match &self.0 {
            Value::Bool(b) => b.hash(state),
            Value::Int(n) => n.hash(state),
            Value::Number(n) | Value::Percent(n) => n.to_bits().hash(state),
            Value::Timestamp(n) | Value::Duration(n) => n.hash(state),
            Value::String(text) => text.hash(state),
            Value::List(list) => list.items.len().hash(state),
            Value::Map(map) => map.len().hash(state),
        }
    }
}

/// A set of fixed values, sorted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Values(Box<[Fixed]>);

/// Up to so many values a look at each is faster than halving.
const LINEAR_MAX: usize = 8;

impl Values {
    /// Sorts and drops repetitions.
    pub fn new(values: Vec<Value>) -> Values {
        let mut values: Vec<Fixed> = values.into_iter().map(Fixed).collect();
        values.sort();
        values.dedup();
        Values(values.into_boxed_slice())
    }

    /// The values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.iter().map(|fixed| &fixed.0)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a value is one of them.
    pub fn contains(&self, value: &Value) -> bool {
        match value {
            Value::String(text) if LINEAR_MAX < self.0.len() => self.search(text),
            Value::String(text) => self.iter().any(|own| own.as_str() == Some(text)),
            _ => self.iter().any(|own| own.same(value) == Tri::True),
        }
    }

    fn search(&self, text: &str) -> bool {
        // What is no text sorts before all texts, as `None` does before `Some`.
        self.0
            .binary_search_by(|own| own.0.as_str().cmp(&Some(text)))
            .is_ok()
    }
}

impl From<Vec<Value>> for Values {
    fn from(values: Vec<Value>) -> Values {
        Values::new(values)
    }
}

//! The values that requests carry and conditions speak of, and Kleene's three truth values over them.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Kleene's three truth values (S. C. Kleene, Introduction to Metamathematics, section 64).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tri {
    /// Known not to hold.
    False,
    /// Not known; the request does not say enough.
    Unknown,
    /// Known to hold.
    True,
}

impl Tri {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Tri) -> Tri {
        self.min(other)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Tri) -> Tri {
        self.max(other)
    }
}

impl std::ops::Not for Tri {
    type Output = Tri;

    fn not(self) -> Tri {
        match self {
            Tri::False => Tri::True,
            Tri::Unknown => Tri::Unknown,
            Tri::True => Tri::False,
        }
    }
}

impl From<bool> for Tri {
    fn from(holds: bool) -> Tri {
        if holds { Tri::True } else { Tri::False }
    }
}

/// A value that a request states.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `true`, `false`.
    Bool(bool),
    /// Within ±(2^53 - 1).
    Int(i64),
    /// Finite.
    Number(f64),
    /// `10%` is 10.0.
    Percent(f64),
    /// Text; also paths, hosts, enumeration constants and versions, in their normal form.
    String(Box<str>),
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    Timestamp(i128),
    /// Nanoseconds.
    Duration(i128),
    /// A list, used as a set: order and repetition carry no meaning.
    List(List),
    /// Entries by key. A key that is not there is unsaid, not null.
    Map(BTreeMap<Box<str>, Fact<Value>>),
}

/// A list; open where the request says that there may be more than it names.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct List {
    /// What is known to be in it.
    pub items: Vec<Value>,
    /// Whether there may be more.
    pub open: bool,
}

/// What is known of one thing: a value, that there is none, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact<T> {
    /// It is this.
    Known(T),
    /// There is none: the request says null, or the attribute does not belong to the action.
    Null,
    /// The request does not say.
    Unknown,
}

impl<T> Fact<T> {
    /// The value, where there is one.
    pub fn known(self) -> Option<T> {
        match self {
            Fact::Known(value) => Some(value),
            Fact::Null | Fact::Unknown => None,
        }
    }

    /// The same over a reference.
    pub fn as_ref(&self) -> Fact<&T> {
        match self {
            Fact::Known(value) => Fact::Known(value),
            Fact::Null => Fact::Null,
            Fact::Unknown => Fact::Unknown,
        }
    }

    /// The same with the value changed.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Fact::Known(value) => Fact::Known(change(value)),
            Fact::Null => Fact::Null,
            Fact::Unknown => Fact::Unknown,
        }
    }
}

impl Value {
    /// Text as a value.
    pub fn text(text: &str) -> Value {
        Value::String(text.into())
    }

    /// The text of a text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// How two values of one type are ordered; `None` where the type has no order of its own (an enumeration's order is
    /// in the schema).
    pub fn order(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
            (Value::Number(a), Value::Number(b)) | (Value::Percent(a), Value::Percent(b)) => a.partial_cmp(b),
            (Value::Int(a), Value::Number(b)) => (*a as f64).partial_cmp(b),
            (Value::Number(a), Value::Int(b)) => a.partial_cmp(&(*b as f64)),
            (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
            (Value::Timestamp(a), Value::Timestamp(b)) | (Value::Duration(a), Value::Duration(b)) => {
                Some(a.cmp(b))
            }
            _ => None,
        }
    }

    /// Whether two values are the same. Numbers compare by value; lists as sets (only where both are closed can they
    /// be known to be equal).
    pub fn same(&self, other: &Value) -> Tri {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => (a == b).into(),
            (Value::List(a), Value::List(b)) => a.same(b),
            (Value::Map(_), Value::Map(_)) => Tri::Unknown,
            _ => (self.order(other) == Some(Ordering::Equal)).into(),
        }
    }
}

impl List {
    /// Whether the list holds a value: never known false where it is open.
    pub fn holds(&self, value: &Value) -> Tri {
        let found = self
            .items
            .iter()
            .fold(Tri::False, |found, item| found.or(item.same(value)));
        if self.open { found.or(Tri::Unknown) } else { found }
    }

    fn same(&self, other: &List) -> Tri {
        let all = |a: &List, b: &List| a.items.iter().fold(Tri::True, |all, item| all.and(b.holds(item)));
        let both = all(self, other).and(all(other, self));
        if self.open || other.open {
            both.and(Tri::Unknown)
        } else {
            both
        }
    }
}

/// An instant (nanoseconds since 1970) as RFC 3339 in UTC.
pub fn timestamp(nanoseconds: i128) -> String {
    jiff::Timestamp::from_nanosecond(nanoseconds)
        .map_or_else(|_| "out of range".to_owned(), |stamp| stamp.to_string())
}

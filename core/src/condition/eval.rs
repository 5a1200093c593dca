//! Whether a condition holds of facts, in Kleene's three values. Runs for every decision: it allocates nothing.

use std::net::IpAddr;

use super::{Cidr, Expr, Facts, Operand, Order, Part, Ranks, Reach, Reading, Reported, Values};
use crate::normal::{Globs, Place, fold};
use crate::schema::Scalar;
use crate::value::{Fact, List, Tri, Value};
use crate::zone::Hours;

/// Where a condition stands while it is evaluated: the facts, and the items that the lambdas around it look at.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    facts: &'a dyn Facts,
    items: Option<&'a Items<'a>>,
}

struct Items<'a> {
    value: &'a Value,
    outer: Option<&'a Items<'a>>,
}

/// What is known of an operand.
#[derive(Clone, Copy)]
pub(super) enum Held<'a> {
    Unknown,
    Null,
    Value(&'a Value),
    Int(i64),
    /// The size of what may hold more than it names.
    AtLeast(i64),
}

impl<'a> Frame<'a> {
    pub(super) fn new(facts: &'a dyn Facts) -> Frame<'a> {
        Frame { facts, items: None }
    }

    fn item(self, outwards: usize) -> Held<'a> {
        let mut items = self.items;
        for _ in 0..outwards {
            items = items.and_then(|items| items.outer);
        }
        items.map_or(Held::Unknown, |items| Held::Value(items.value))
    }

    /// Shows the frame of each item of a list until told to stop.
    pub(super) fn each_item(self, list: &List, mut go_on: impl FnMut(Frame<'_>) -> bool) {
        for value in &list.items {
            let items = Items {
                value,
                outer: self.items,
            };
            let frame = Frame {
                facts: self.facts,
                items: Some(&items),
            };
            if !go_on(frame) {
                return;
            }
        }
    }

    pub(super) fn recursive(self) -> Tri {
        self.facts.recursive()
    }
}

impl<'a> From<Fact<&'a Value>> for Held<'a> {
    fn from(fact: Fact<&'a Value>) -> Held<'a> {
        match fact {
            Fact::Known(value) => Held::Value(value),
            Fact::Null => Held::Null,
            Fact::Unknown => Held::Unknown,
        }
    }
}

impl<'a> Held<'a> {
    pub(super) fn list(self) -> Option<&'a List> {
        match self {
            Held::Value(Value::List(list)) => Some(list),
            _ => None,
        }
    }

    fn text(self) -> Option<&'a str> {
        match self {
            Held::Value(value) => value.as_str(),
            _ => None,
        }
    }

    /// Asks a value, or each of a list until one says yes. Null and what is unknown cannot be asked.
    fn ask(self, question: impl Fn(&Value) -> Tri) -> Tri {
        match self {
            Held::Value(Value::List(list)) => any_of(list, question),
            Held::Value(value) => question(value),
            Held::Unknown | Held::Null | Held::Int(_) | Held::AtLeast(_) => Tri::Unknown,
        }
    }
}

/// Whether something holds for one of a list: never known false where there may be more.
fn any_of(list: &List, question: impl Fn(&Value) -> Tri) -> Tri {
    let mut found = if list.open { Tri::Unknown } else { Tri::False };
    for item in &list.items {
        found = found.or(question(item));
        if found == Tri::True {
            break;
        }
    }
    found
}

/// Whether an expression holds.
pub(super) fn holds(expr: &Expr, frame: Frame<'_>) -> Tri {
    match expr {
        Expr::All(parts) => all(parts, frame),
        Expr::Any(parts) => any(parts, frame),
        Expr::Not(inner) => !holds(inner, frame),
        Expr::If(parts) => choose(parts, frame),
        Expr::Is(operand) => value(operand, frame).ask(|value| (*value == Value::Bool(true)).into()),
        Expr::Has(operand) => has(value(operand, frame)),
        Expr::In { operand, values } => among(value(operand, frame), values),
        Expr::Within { item, list } => within(value(item, frame), value(list, frame)),
        Expr::Compare {
            left,
            order,
            right,
            ranks,
        } => compare(value(left, frame), *order, value(right, frame), ranks.as_deref()),
        Expr::Rank {
            operand,
            order,
            rank,
            ranks,
        } => ranked(value(operand, frame), *order, *rank, ranks),
        Expr::Glob {
            operand,
            globs,
            reach,
        } => value(operand, frame).ask(|value| glob(value, globs, *reach, frame)),
        Expr::Host { operand, patterns } => {
            value(operand, frame).ask(|value| asked(value, |host| patterns.matches(host)))
        }
        Expr::Cidr { operand, blocks } => {
            value(operand, frame).ask(|value| asked(value, |host| in_blocks(host, blocks)))
        }
        Expr::Text { operand, part, text } => part_of(value(operand, frame), *part, value(text, frame)),
        Expr::Matches { operand, pattern } => {
            value(operand, frame).ask(|value| asked(value, |text| pattern.regex.is_match(text)))
        }
        Expr::Hours { operand, hours } => value(operand, frame).ask(|value| within_hours(value, hours)),
        Expr::Exists { list, body } => exists(value(list, frame), body, frame),
        Expr::Each { list, body } => each(value(list, frame), body, frame),
    }
}

fn within_hours(value: &Value, hours: &Hours) -> Tri {
    match value {
        Value::Timestamp(nanos) => hours.hold(*nanos).map_or(Tri::Unknown, Tri::from),
        _ => Tri::Unknown,
    }
}

fn all(parts: &[Expr], frame: Frame<'_>) -> Tri {
    let mut result = Tri::True;
    for part in parts {
        result = result.and(holds(part, frame));
        if result == Tri::False {
            break;
        }
    }
    result
}

fn any(parts: &[Expr], frame: Frame<'_>) -> Tri {
    let mut result = Tri::False;
    for part in parts {
        result = result.or(holds(part, frame));
        if result == Tri::True {
            break;
        }
    }
    result
}

fn choose([condition, then, otherwise]: &[Expr; 3], frame: Frame<'_>) -> Tri {
    match holds(condition, frame) {
        Tri::True => holds(then, frame),
        Tri::False => holds(otherwise, frame),
        Tri::Unknown => match (holds(then, frame), holds(otherwise, frame)) {
            (a, b) if a == b => a,
            _ => Tri::Unknown,
        },
    }
}

fn has(held: Held<'_>) -> Tri {
    match held {
        Held::Unknown => Tri::Unknown,
        Held::Null => Tri::False,
        Held::Value(_) | Held::Int(_) | Held::AtLeast(_) => Tri::True,
    }
}

fn among(held: Held<'_>, values: &Values) -> Tri {
    match held {
        Held::Unknown => Tri::Unknown,
        Held::Null => Tri::False,
        Held::Value(Value::List(list)) => any_of(list, |item| values.contains(item).into()),
        Held::Value(value) => values.contains(value).into(),
        Held::Int(n) => values.contains(&Value::Int(n)).into(),
        Held::AtLeast(n) => match values
            .iter()
            .any(|value| Order::AtMost.of(&Value::Int(n), value) == Tri::True)
        {
            true => Tri::Unknown,
            false => Tri::False,
        },
    }
}

/// Null is in what is null: `in` is defined by equality.
fn within(item: Held<'_>, list: Held<'_>) -> Tri {
    match (item, list) {
        (Held::Unknown, _) | (_, Held::Unknown) => Tri::Unknown,
        (Held::Null, Held::Null) => Tri::True,
        (Held::Null, _) | (_, Held::Null) => Tri::False,
        (Held::Int(n), list) => list.ask(|known| Value::Int(n).same(known)),
        (item, list) => match list.list() {
            Some(list) => item.ask(|item| list.holds(item)),
            None => Tri::Unknown,
        },
    }
}

fn compare(left: Held<'_>, order: Order, right: Held<'_>, ranks: Option<&Ranks>) -> Tri {
    match (left, right) {
        (Held::Unknown, _) | (_, Held::Unknown) => Tri::Unknown,
        (Held::Null, Held::Null) if order == Order::Equal => Tri::True,
        (Held::Null, _) | (_, Held::Null) if order == Order::Equal => Tri::False,
        (Held::Null, _) | (_, Held::Null) => Tri::Unknown,
        (Held::Value(a), Held::Value(b)) => match ranks {
            Some(ranks) if order != Order::Equal => compare_ranks(a, order, b, ranks),
            _ => order.of(a, b),
        },
        (Held::AtLeast(_), Held::AtLeast(_)) => Tri::Unknown,
        (Held::AtLeast(n), other) => other.with(|other| at_least(n, order, other)),
        (other, Held::AtLeast(n)) => other.with(|other| at_least(n, order.flipped(), other)),
        (left, right) => left.with(|a| right.with(|b| order.of(a, b))),
    }
}

impl Held<'_> {
    fn with(self, question: impl FnOnce(&Value) -> Tri) -> Tri {
        match self {
            Held::Value(value) => question(value),
            Held::Int(n) => question(&Value::Int(n)),
            Held::Unknown | Held::Null | Held::AtLeast(_) => Tri::Unknown,
        }
    }
}

impl Order {
    fn of(self, a: &Value, b: &Value) -> Tri {
        match (self, a.order(b)) {
            (order, Some(found)) => order.allows(found).into(),
            (Order::Equal, None) => a.same(b),
            (_, None) => Tri::Unknown,
        }
    }
}

/// How something that is at least `n` stands to a value.
fn at_least(n: i64, order: Order, other: &Value) -> Tri {
    let least = Value::Int(n);
    match order {
        Order::Greater | Order::AtLeast => order.of(&least, other).or(Tri::Unknown),
        // What is less than something only gets to be not less by growing.
        Order::Less | Order::AtMost => order.of(&least, other).and(Tri::Unknown),
        Order::Equal => Order::AtMost.of(&least, other).and(Tri::Unknown),
    }
}

fn compare_ranks(a: &Value, order: Order, b: &Value, ranks: &Ranks) -> Tri {
    let rank = |value: &Value| value.as_str().and_then(|constant| ranks.rank(constant));
    match (rank(a), rank(b)) {
        (Some(a), Some(b)) => order.allows(a.cmp(&b)).into(),
        _ => Tri::Unknown,
    }
}

fn ranked(held: Held<'_>, order: Order, than: usize, ranks: &Ranks) -> Tri {
    match held.text().and_then(|constant| ranks.rank(constant)) {
        Some(rank) => order.allows(rank.cmp(&than)).into(),
        None => Tri::Unknown,
    }
}

/// Asks a text; what is none has no answer.
fn asked(value: &Value, question: impl FnOnce(&str) -> bool) -> Tri {
    value.as_str().map_or(Tri::Unknown, |text| question(text).into())
}

fn glob(value: &Value, globs: &Globs, reach: Reach, frame: Frame<'_>) -> Tri {
    let Some(text) = value.as_str() else {
        return Tri::Unknown;
    };
    match reach {
        Reach::Name => globs.matches_name(text).into(),
        Reach::Path(reading) => path(text, Tri::False, globs, reading, frame),
        Reach::Touched(reading) => path(text, frame.recursive(), globs, reading, frame),
    }
}

fn path(text: &str, recursive: Tri, globs: &Globs, reading: Reading, frame: Frame<'_>) -> Tri {
    let place = frame.facts.place(text);
    let other = frame.facts.spelled_otherwise(text);
    let spellings = [Some(text), other.as_deref()];
    if frame.facts.ignores_case() {
        let folded = spellings.map(|text| text.map(fold));
        let folded = folded.each_ref().map(|text| text.as_deref());
        return read_path(folded, place, recursive, globs.in_any_case(), reading);
    }
    read_path(spellings, place, recursive, globs, reading)
}

/// One path in its spellings: what matches one of them matches it.
fn read_path(
    spellings: [Option<&str>; 2],
    place: Place,
    recursive: Tri,
    globs: &Globs,
    reading: Reading,
) -> Tri {
    let read = |granting| {
        let matches = |text: &&str| globs.matches_at(text, place, recursive, granting);
        spellings.iter().flatten().map(matches).fold(Tri::False, Tri::or)
    };
    match reading {
        Reading::Touches => read(false),
        Reading::Covers => read(true),
        Reading::Both => {
            let (touches, covers) = (read(false), read(true));
            if touches == covers { touches } else { Tri::Unknown }
        }
    }
}

/// IPv6 may stand in brackets, as URLs write it; IPv4 inside IPv6 counts as what it is.
fn in_blocks(host: &str, blocks: &[Cidr]) -> bool {
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    let Ok(address) = bare.parse::<IpAddr>() else {
        return false;
    };
    let address = address.to_canonical();
    blocks.iter().any(|block| block.contains(address))
}

impl Cidr {
    /// Whether an address is in the block.
    pub fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                shifted(
                    u128::from(own.to_bits() ^ other.to_bits()),
                    32 - u32::from(self.bits),
                ) == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                shifted(own.to_bits() ^ other.to_bits(), 128 - u32::from(self.bits)) == 0
            }
            _ => false,
        }
    }
}

/// A shift by all the bits there are leaves nothing.
fn shifted(bits: u128, by: u32) -> u128 {
    bits.checked_shr(by).unwrap_or(0)
}

fn part_of(whole: Held<'_>, part: Part, text: Held<'_>) -> Tri {
    let (Some(whole), Some(text)) = (whole.text(), text.text()) else {
        return Tri::Unknown;
    };
    match part {
        Part::Start => whole.starts_with(text),
        Part::End => whole.ends_with(text),
        Part::Anywhere => whole.contains(text),
    }
    .into()
}

fn exists(held: Held<'_>, body: &Expr, frame: Frame<'_>) -> Tri {
    let Some(list) = held.list() else {
        return Tri::Unknown;
    };
    let mut found = if list.open { Tri::Unknown } else { Tri::False };
    frame.each_item(list, |frame| {
        found = found.or(holds(body, frame));
        found != Tri::True
    });
    found
}

fn each(held: Held<'_>, body: &Expr, frame: Frame<'_>) -> Tri {
    let Some(list) = held.list() else {
        return Tri::Unknown;
    };
    let mut result = if list.open { Tri::Unknown } else { Tri::True };
    frame.each_item(list, |frame| {
        result = result.and(holds(body, frame));
        result != Tri::False
    });
    result
}

/// What is known of an operand.
pub(super) fn value<'a>(operand: &'a Operand, frame: Frame<'a>) -> Held<'a> {
    match operand {
        Operand::Attribute(id) => frame.facts.fact(*id).into(),
        Operand::Key(id, key) => entry(frame.facts.fact(*id), key),
        Operand::Reported(reported) => reported_value(
            entry(frame.facts.fact(reported.attribute), &reported.key),
            reported,
        ),
        Operand::Item(outwards) => frame.item(*outwards),
        Operand::Fixed(fixed) => Held::Value(&fixed.0),
        Operand::Size(inner) => size(value(inner, frame)),
        Operand::Versions(pair) => versions(value(&pair[0], frame), value(&pair[1], frame)),
        Operand::If(parts) => match holds(&parts.0, frame) {
            Tri::True => value(&parts.1, frame),
            Tri::False => value(&parts.2, frame),
            Tri::Unknown => Held::Unknown,
        },
    }
}

/// What is null has no entries: each of them is null. A key that a map does not have is unsaid.
fn entry<'a>(map: Fact<&'a Value>, key: &str) -> Held<'a> {
    match map {
        Fact::Known(Value::Map(entries)) => match entries.get(key) {
            Some(fact) => fact.as_ref().into(),
            None => Held::Unknown,
        },
        Fact::Null => Held::Null,
        Fact::Known(_) | Fact::Unknown => Held::Unknown,
    }
}

/// What is reported by windows holds for the one that is asked for; what is reported without any holds for each. A value of
/// another type than the condition wants tells it nothing.
fn reported_value<'a>(held: Held<'a>, wanted: &Reported) -> Held<'a> {
    let held = match (held, &wanted.window) {
        (Held::Value(Value::Map(windows)), Some(window)) => match windows.get(window) {
            Some(fact) => fact.as_ref().into(),
            None => Held::Unknown,
        },
        (Held::Value(Value::Map(_)), None) => Held::Unknown,
        (held, _) => held,
    };
    match held {
        Held::Value(value) if wanted.against_nothing => sign(value),
        Held::Value(value) if wanted.scalar.is_some_and(|scalar| !is_of(value, scalar)) => Held::Unknown,
        held => held,
    }
}

/// Below nothing, nothing, or above: that does not depend on what it is counted in.
fn sign<'a>(value: &Value) -> Held<'a> {
    match value {
        Value::Int(n) => Held::Int(n.signum()),
        Value::Duration(n) => Held::Int(n.signum() as i64),
        Value::Number(n) | Value::Percent(n) if *n == 0.0 => Held::Int(0),
        Value::Number(n) | Value::Percent(n) => Held::Int(if *n < 0.0 { -1 } else { 1 }),
        _ => Held::Unknown,
    }
}

fn is_of(value: &Value, scalar: Scalar) -> bool {
    match scalar {
        Scalar::Bool => matches!(value, Value::Bool(_)),
        Scalar::Int | Scalar::Number => matches!(value, Value::Int(_) | Value::Number(_)),
        Scalar::Percent => matches!(value, Value::Percent(_)),
        Scalar::Duration => matches!(value, Value::Duration(_)),
        Scalar::Timestamp => matches!(value, Value::Timestamp(_)),
        Scalar::String | Scalar::Path | Scalar::Host | Scalar::Url | Scalar::Enum(_) => {
            matches!(value, Value::String(_))
        }
        Scalar::Reported => true,
    }
}

fn size(held: Held<'_>) -> Held<'_> {
    match held {
        Held::Value(Value::String(text)) => Held::Int(text.chars().count() as i64),
        Held::Value(Value::List(list)) if list.open => Held::AtLeast(distinct(list)),
        Held::Value(Value::List(list)) => Held::Int(distinct(list)),
        Held::Value(Value::Map(entries)) => Held::AtLeast(
            entries
                .values()
                .filter(|entry| matches!(entry, Fact::Known(_)))
                .count() as i64,
        ),
        _ => Held::Unknown,
    }
}

/// A list is a set: what it names twice is in it once.
fn distinct(list: &List) -> i64 {
    let mut texts: Vec<&str> = list.items.iter().filter_map(Value::as_str).collect();
    let others: Vec<&Value> = list.items.iter().filter(|item| item.as_str().is_none()).collect();
    texts.sort_unstable();
    texts.dedup();
    let new = |at: &usize| {
        !others[..*at]
            .iter()
            .any(|other| other.same(others[*at]) == Tri::True)
    };
    (texts.len() + (0..others.len()).filter(new).count()) as i64
}

fn versions<'a>(a: Held<'_>, b: Held<'_>) -> Held<'a> {
    let version = |held: Held<'_>| held.text().and_then(|text| semver::Version::parse(text).ok());
    match (version(a), version(b)) {
        (Some(a), Some(b)) => Held::Int(a.cmp_precedence(&b) as i64),
        _ => Held::Unknown,
    }
}

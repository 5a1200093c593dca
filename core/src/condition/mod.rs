//! Conditions: a typed, total subset of CEL in Kleene's three values (spec/04-conditions.md). The nouns are here; `parse`
//! reads text, `check` gives it names and types, `eval` answers, `print` writes it back. Knows the vocabulary, but nothing
//! of rules, levels or requests: those come in as a [`Scope`] and as [`Facts`].

mod check;
mod cost;
mod errors;
mod eval;
mod literal;
mod pack;
mod parse;
mod print;
mod unknowns;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use crate::limits::REGEX_BYTES_MAX;
use crate::normal::{Globs, HostPatterns, Place};
use crate::schema::{ActionId, AttributeId, EnumId, Scalar, Schema, Type};
use crate::source::Span;
use crate::value::{Fact, Tri, Value};
use crate::zone::Hours;

pub use check::compile;
pub use errors::{mismatch, unknown_zone};
pub use literal::{Constant, Fixed, Literal, Mismatch, Values, duration, duration_text};

/// What is known of one effect of one request, as one level sees it.
pub trait Facts {
    /// What is known of an attribute.
    fn fact(&self, attribute: AttributeId) -> Fact<&Value>;
    /// Whether the effect touches everything below its path.
    fn recursive(&self) -> Tri;
    /// Where a path in normal form is. Whoever knows the workspace's root knows more than the text says.
    fn place(&self, path: &str) -> Place {
        Place::of(path)
    }
    /// The other spelling of a path below the home, where the home is known: `/home/me/x` of `~/x`. A pattern over either
    /// is a pattern over the path.
    fn spelled_otherwise(&self, path: &str) -> Option<String> {
        let _ = path;
        None
    }
    /// Whether letter case does not count in paths.
    fn ignores_case(&self) -> bool {
        false
    }
}

/// The text of a condition, and where its bytes stand in the source.
pub struct Text<'a> {
    /// The text.
    pub text: &'a str,
    /// The place of a stretch of it.
    pub at: &'a dyn Fn(Range<usize>) -> Span,
}

/// What the names in a condition may mean.
pub struct Scope<'a> {
    /// The vocabulary.
    pub schema: &'a Schema,
    /// The actions that the rule names; none where the condition belongs to no rule.
    pub actions: &'a [ActionId],
    /// The named definitions that the condition's document sees.
    pub definitions: &'a dyn Fn(&str) -> Lookup<'a>,
    /// Their names, for the nearest.
    pub defined: &'a dyn Fn() -> Vec<&'a str>,
    /// Why the level cannot see an attribute, where it cannot.
    pub hidden: &'a dyn Fn(AttributeId) -> Option<String>,
    /// How patterns over paths are read: as the rule that the condition belongs to restricts or grants.
    pub reading: Reading,
}

/// What a name of a definition leads to.
pub enum Lookup<'a> {
    /// There is none of that name.
    None,
    /// It.
    Found(&'a Constant),
    /// More than one, and why they clash.
    Ambiguous(String),
    /// One that is wrong where it is made, which was reported.
    Broken,
}

/// A checked condition: what it asks, what that may cost, and what it reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    expr: Expr,
    cost: u64,
    reads: Box<[AttributeId]>,
}

impl Condition {
    /// A condition built in code, such as the selectors of a rule.
    pub fn of(expr: Expr) -> Condition {
        let expr = expr.flat();
        let mut reads = BTreeSet::new();
        expr.each_operand(&mut |operand| operand.each_attribute(&mut |id| _ = reads.insert(id)));
        Condition {
            cost: cost::of(&expr),
            reads: reads.into_iter().collect(),
            expr,
        }
    }

    /// What it asks.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    /// Its worst cost in steps.
    pub fn cost(&self) -> u64 {
        self.cost
    }

    /// Whether it holds. Allocates nothing, save where a version has a long pre-release.
    pub fn eval(&self, facts: &dyn Facts) -> Tri {
        eval::holds(&self.expr, eval::Frame::new(facts))
    }

    /// The attributes, with their keys where they are maps, that leave the result unknown; none where it is known.
    pub fn unknowns(&self, facts: &dyn Facts, schema: &Schema) -> BTreeSet<String> {
        unknowns::of(&self.expr, facts, schema)
    }

    /// The attributes that it reads, in order. A touched path also reads [`Facts::recursive`].
    pub fn reads(&self) -> impl Iterator<Item = AttributeId> {
        self.reads.iter().copied()
    }

    /// The hours of the week that it asks an attribute to lie within.
    pub fn hours_of(&self, attribute: AttributeId) -> Vec<&Hours> {
        let mut found = Vec::new();
        self.expr.hours_of(attribute, &mut found);
        found
    }

    /// What it reads: an attribute, or of a map one entry. The second is the entry's key and how the entry is named.
    pub fn reads_entries(&self, schema: &Schema) -> BTreeMap<String, (AttributeId, Option<String>)> {
        let mut entries = BTreeMap::new();
        self.expr
            .each_operand(&mut |operand| unknowns::entries(operand, schema, &mut entries));
        entries
    }

    /// Text that compiles, in a scope of the same kind, to an equal condition.
    pub fn print(&self, schema: &Schema) -> String {
        print::print(&self.expr, schema)
    }
}

/// A condition with names and types resolved. Every form has one of Kleene's values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// All hold; `true` where there are none.
    All(Vec<Expr>),
    /// At least one holds; `false` where there are none.
    Any(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// Where the first holds the second, else the third.
    If(Box<[Expr; 3]>),
    /// The operand, a bool, is true. Unknown of null, unlike `operand == true`.
    Is(Operand),
    /// There is one: neither null nor, for then it is unknown, unsaid.
    Has(Operand),
    /// The operand, or for a list any of it, is one of the values. `==` a constant is this with one value.
    In {
        /// What is looked for.
        operand: Operand,
        /// Where.
        values: Values,
    },
    /// The operand, or for a list any of it, is in the list.
    Within {
        /// What is looked for.
        item: Operand,
        /// Where.
        list: Operand,
    },
    /// The two stand in an order, or are equal.
    Compare {
        /// The left side.
        left: Operand,
        /// How they are to stand.
        order: Order,
        /// The right side.
        right: Operand,
        /// The order of the enumeration that they are of.
        ranks: Option<Arc<Ranks>>,
    },
    /// The operand stands in an order to a constant of its enumeration.
    Rank {
        /// The left side.
        operand: Operand,
        /// How they are to stand.
        order: Order,
        /// The constant, by its place in the ranks.
        rank: usize,
        /// The order of the enumeration.
        ranks: Arc<Ranks>,
    },
    /// The operand, or for a list any of it, matches one of the patterns.
    Glob {
        /// The name or path.
        operand: Operand,
        /// The patterns.
        globs: Arc<Globs>,
        /// What they are held against.
        reach: Reach,
    },
    /// The operand is a host that one of the patterns names.
    Host {
        /// The host.
        operand: Operand,
        /// The patterns.
        patterns: Arc<HostPatterns>,
    },
    /// The operand is an IP address in one of the blocks. A name is not: what it resolves to is no part of a request.
    Cidr {
        /// The host.
        operand: Operand,
        /// The blocks.
        blocks: Arc<[Cidr]>,
    },
    /// One text starts with, ends with or contains another.
    Text {
        /// The whole.
        operand: Operand,
        /// Where the part is to be.
        part: Part,
        /// The part.
        text: Operand,
    },
    /// A regular expression matches somewhere in the operand.
    Matches {
        /// The text.
        operand: Operand,
        /// The expression.
        pattern: Arc<Pattern>,
    },
    /// The operand, an instant, lies within some hours of the week.
    Hours {
        /// The instant.
        operand: Operand,
        /// The hours, in their time zone.
        hours: Arc<Hours>,
    },
    /// The body holds for at least one item.
    Exists {
        /// The items.
        list: Operand,
        /// What is asked of each; [`Operand::Item`] is the item.
        body: Box<Expr>,
    },
    /// The body holds for each item.
    Each {
        /// The items.
        list: Operand,
        /// What is asked of each; [`Operand::Item`] is the item.
        body: Box<Expr>,
    },
}

/// Something with a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// An attribute.
    Attribute(AttributeId),
    /// The entry of a map.
    Key(AttributeId, Box<str>),
    /// The entry of a map of reported values, read as one type.
    Reported(Reported),
    /// The item that the lambda so many steps outwards looks at; 0 is the innermost.
    Item(usize),
    /// A constant.
    Fixed(Fixed),
    /// The length of a text in code points, or how much a list or map holds.
    Size(Box<Operand>),
    /// -1, 0 or 1 as one version precedes, equals or follows another (semver.org, 11).
    Versions(Box<[Operand; 2]>),
    /// Where the condition holds the first, else the second.
    If(Box<(Expr, Operand, Operand)>),
}

/// The entry of a map of reported values, and as what it is read (spec/04-conditions.md, 4.5).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reported {
    /// The map.
    pub attribute: AttributeId,
    /// The entry.
    pub key: Box<str>,
    /// The window of time that is asked for, as durations are written; without it what is reported without one.
    pub window: Option<Box<str>>,
    /// The type that is wanted; any where it only matters whether there is a value.
    pub scalar: Option<Scalar>,
    /// Whether it is held against nothing, which is the same in percent, in seconds and in numbers.
    pub against_nothing: bool,
}

/// How two sides of a comparison are to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// `==`.
    Equal,
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `>`.
    Greater,
    /// `>=`.
    AtLeast,
}

/// The constants of an ordered enumeration, the lowest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ranks {
    /// Which enumeration.
    pub enumeration: EnumId,
    /// Its constants.
    pub constants: Box<[Box<str>]>,
}

/// What a glob is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// A name: a branch, a service.
    Name,
    /// A path by itself.
    Path(Reading),
    /// A path and, where the effect is recursive, everything below it.
    Touched(Reading),
}

/// Which way a pattern over paths errs (spec/06-normal-forms.md, 6.3). What restricts must not miss anything, what grants
/// must cover everything; below a negation it is the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// It matches as soon as one thing that is touched may match.
    Touches,
    /// It matches only where everything that is touched does; relative patterns match inside the workspace alone.
    Covers,
    /// It may count either way, so where the two differ it is unknown.
    Both,
}

impl Reading {
    fn flipped(self) -> Reading {
        match self {
            Reading::Touches => Reading::Covers,
            Reading::Covers => Reading::Touches,
            Reading::Both => Reading::Both,
        }
    }
}

/// Where in a text a part is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// At its start.
    Start,
    /// At its end.
    End,
    /// Anywhere.
    Anywhere,
}

/// A block of IP addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cidr {
    /// An address of the block, its last bits zero.
    pub address: std::net::IpAddr,
    /// How many bits the block has in common.
    pub bits: u8,
}

/// A compiled regular expression; equal where the text is.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: Box<str>,
    regex: regex_lite::Regex,
}

/// The attributes that say what an effect touches. Below other paths (a working directory) nothing is touched.
const TOUCHED: [&str; 2] = ["path", "destination"];

impl Expr {
    /// Always holds.
    pub fn always() -> Expr {
        Expr::All(Vec::new())
    }

    /// Never holds.
    pub fn never() -> Expr {
        Expr::Any(Vec::new())
    }

    /// All of them hold.
    pub fn all(parts: Vec<Expr>) -> Expr {
        Expr::All(parts).flat()
    }

    /// At least one of them holds.
    pub fn any(parts: Vec<Expr>) -> Expr {
        Expr::Any(parts).flat()
    }

    /// It does not hold.
    pub fn negated(self) -> Expr {
        match self {
            Expr::Not(inner) => *inner,
            Expr::All(parts) if parts.is_empty() => Expr::never(),
            Expr::Any(parts) if parts.is_empty() => Expr::always(),
            other => Expr::Not(Box::new(other)),
        }
    }

    /// An attribute, or for a list any of it, is one of the values.
    pub fn one_of(attribute: AttributeId, values: Vec<Value>) -> Expr {
        Expr::In {
            operand: Operand::Attribute(attribute),
            values: values.into(),
        }
    }

    /// An attribute, or for a list any of it, matches one of the patterns: as the type of the attribute says, as a name,
    /// as a path, or with all that the effect touches.
    pub fn glob(schema: &Schema, attribute: AttributeId, globs: Arc<Globs>) -> Expr {
        let reach = Reach::of(schema, attribute);
        Expr::Glob {
            operand: Operand::Attribute(attribute),
            globs,
            reach,
        }
    }

    /// The same with patterns over paths read in a certain way: the other way below a negation, both ways where a choice
    /// hangs on them.
    pub fn read_as(self, reading: Reading) -> Expr {
        let each = |parts: Vec<Expr>| parts.into_iter().map(|part| part.read_as(reading)).collect();
        match self {
            Expr::All(parts) => Expr::All(each(parts)),
            Expr::Any(parts) => Expr::Any(each(parts)),
            Expr::Not(inner) => Expr::Not(Box::new(inner.read_as(reading.flipped()))),
            Expr::If(parts) => {
                let [condition, yes, no] = *parts;
                Expr::If(Box::new([
                    condition.read_as(Reading::Both),
                    yes.read_as(reading),
                    no.read_as(reading),
                ]))
            }
            Expr::Glob {
                operand,
                globs,
                reach,
            } => Expr::Glob {
                operand,
                globs,
                reach: reach.read_as(reading),
            },
            Expr::Exists { list, body } => Expr::Exists {
                list,
                body: Box::new(body.read_as(reading)),
            },
            Expr::Each { list, body } => Expr::Each {
                list,
                body: Box::new(body.read_as(reading)),
            },
            other => other,
        }
    }

    /// Shows each part of the condition, itself first.
    pub fn each_part(&self, show: &mut dyn FnMut(&Expr)) {
        show(self);
        match self {
            Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| part.each_part(show)),
            Expr::If(parts) => parts.iter().for_each(|part| part.each_part(show)),
            Expr::Not(inner) => inner.each_part(show),
            Expr::Exists { body, .. } | Expr::Each { body, .. } => body.each_part(show),
            _ => {}
        }
    }

    /// An attribute is a host that one of the patterns names.
    pub fn host(attribute: AttributeId, patterns: Arc<HostPatterns>) -> Expr {
        let operand = Operand::Attribute(attribute);
        Expr::Host { operand, patterns }
    }

    /// The same without conjunctions directly in conjunctions, disjunctions in disjunctions, double negations, and those
    /// of one part.
    fn flat(self) -> Expr {
        match self {
            Expr::All(parts) => one_or(
                flat_parts(parts, |part| match part {
                    Expr::All(inner) => Ok(inner),
                    other => Err(other),
                }),
                Expr::All,
            ),
            Expr::Any(parts) => one_or(
                flat_parts(parts, |part| match part {
                    Expr::Any(inner) => Ok(inner),
                    other => Err(other),
                }),
                Expr::Any,
            ),
            Expr::Not(inner) => inner.flat().negated(),
            Expr::If(parts) => Expr::If(Box::new(parts.map(Expr::flat))),
            Expr::Exists { list, body } => Expr::Exists {
                list,
                body: Box::new(body.flat()),
            },
            Expr::Each { list, body } => Expr::Each {
                list,
                body: Box::new(body.flat()),
            },
            leaf => leaf,
        }
    }

    fn hours_of<'a>(&'a self, attribute: AttributeId, found: &mut Vec<&'a Hours>) {
        match self {
            Expr::All(parts) | Expr::Any(parts) => {
                parts.iter().for_each(|part| part.hours_of(attribute, found));
            }
            Expr::If(parts) => parts.iter().for_each(|part| part.hours_of(attribute, found)),
            Expr::Not(inner) => inner.hours_of(attribute, found),
            Expr::Exists { body, .. } | Expr::Each { body, .. } => body.hours_of(attribute, found),
            Expr::Hours { operand, hours } if *operand == Operand::Attribute(attribute) => found.push(hours),
            _ => {}
        }
    }

    /// Shows every operand at the leaves, outermost first.
    fn each_operand(&self, show: &mut dyn FnMut(&Operand)) {
        match self {
            Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| part.each_operand(show)),
            Expr::If(parts) => parts.iter().for_each(|part| part.each_operand(show)),
            Expr::Not(inner) => inner.each_operand(show),
            Expr::Is(operand)
            | Expr::Has(operand)
            | Expr::In { operand, .. }
            | Expr::Rank { operand, .. }
            | Expr::Glob { operand, .. }
            | Expr::Host { operand, .. }
            | Expr::Cidr { operand, .. }
            | Expr::Matches { operand, .. }
            | Expr::Hours { operand, .. } => show(operand),
            Expr::Within { item: a, list: b }
            | Expr::Compare {
                left: a, right: b, ..
            }
            | Expr::Text {
                operand: a, text: b, ..
            } => [a, b].into_iter().for_each(show),
            Expr::Exists { list, body } | Expr::Each { list, body } => {
                show(list);
                body.each_operand(show);
            }
        }
    }
}

fn flat_parts(parts: Vec<Expr>, open: impl Fn(Expr) -> Result<Vec<Expr>, Expr>) -> Vec<Expr> {
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        match open(part.flat()) {
            Ok(inner) => all.extend(inner),
            Err(part) => all.push(part),
        }
    }
    all
}

fn one_or(mut parts: Vec<Expr>, many: impl FnOnce(Vec<Expr>) -> Expr) -> Expr {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            many(parts)
        }
        None => many(parts),
    }
}

impl Operand {
    /// Shows every attribute that it reads.
    fn each_attribute(&self, show: &mut dyn FnMut(AttributeId)) {
        match self {
            Operand::Attribute(id) | Operand::Key(id, _) => show(*id),
            Operand::Reported(reported) => show(reported.attribute),
            Operand::Item(_) | Operand::Fixed(_) => {}
            Operand::Size(inner) => inner.each_attribute(show),
            Operand::Versions(pair) => pair.iter().for_each(|one| one.each_attribute(show)),
            Operand::If(parts) => {
                parts.0.each_operand(&mut |operand| operand.each_attribute(show));
                parts.1.each_attribute(show);
                parts.2.each_attribute(show);
            }
        }
    }
}

impl Reach {
    /// Read as a rule reads it that restricts; [`Expr::read_as`] makes it another.
    fn of(schema: &Schema, attribute: AttributeId) -> Reach {
        let attribute = schema.attribute(attribute);
        match attribute.ty {
            Type::One(Scalar::Path) if TOUCHED.contains(&attribute.name.as_str()) => {
                Reach::Touched(Reading::Touches)
            }
            Type::One(Scalar::Path) | Type::List(Scalar::Path) | Type::Map(Scalar::Path) => {
                Reach::Path(Reading::Touches)
            }
            _ => Reach::Name,
        }
    }

    fn read_as(self, reading: Reading) -> Reach {
        match self {
            Reach::Name => Reach::Name,
            Reach::Path(_) => Reach::Path(reading),
            Reach::Touched(_) => Reach::Touched(reading),
        }
    }
}

impl Order {
    /// The same order with the sides exchanged.
    pub fn flipped(self) -> Order {
        match self {
            Order::Equal => Order::Equal,
            Order::Less => Order::Greater,
            Order::AtMost => Order::AtLeast,
            Order::Greater => Order::Less,
            Order::AtLeast => Order::AtMost,
        }
    }

    /// Whether two that stand like that stand in this order.
    fn allows(self, found: std::cmp::Ordering) -> bool {
        match self {
            Order::Equal => found.is_eq(),
            Order::Less => found.is_lt(),
            Order::AtMost => found.is_le(),
            Order::Greater => found.is_gt(),
            Order::AtLeast => found.is_ge(),
        }
    }
}

impl Ranks {
    /// The order of an enumeration.
    pub fn of(schema: &Schema, enumeration: EnumId) -> Ranks {
        let constants = &schema.enumeration(enumeration).constants;
        Ranks {
            enumeration,
            constants: constants
                .iter()
                .map(|constant| constant.as_str().into())
                .collect(),
        }
    }

    /// The place of a constant, the lowest first.
    pub fn rank(&self, constant: &str) -> Option<usize> {
        self.constants.iter().position(|known| **known == *constant)
    }
}

impl Pattern {
    /// Reads an expression.
    fn new(text: &str) -> Result<Pattern, regex_lite::Error> {
        let regex = regex_lite::RegexBuilder::new(text)
            .size_limit(REGEX_BYTES_MAX)
            .build()?;
        Ok(Pattern {
            text: text.into(),
            regex,
        })
    }

    /// The expression as written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl Hash for Pattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

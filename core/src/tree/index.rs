//! A leaf with many rules, found by what their guards demand: patterns over an attribute by one automaton, memberships by
//! their hash, thresholds by halving. Each rule stands in one part, so that the size is linear in the leaf; what fits no part
//! is shown whatever the request says. Knows what a condition can be true of, and leaves whether it is to whoever evaluates it.
//!
//! A part shows all of its rules where the request does not say what they ask for, and where what it says is of another kind.
//! Where there is none (null) a rule shows unless its guard demands that there be one, or null is in no list that it names.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHasher};

use super::table::{Hosts, Table, hash};
use super::thresholds::{Sort, Thresholds};
use super::{Answers, Question, conjuncts};
use crate::condition::{Expr, Operand, Order, Ranks, Reach, Reading, Values};
use crate::model::{Policies, ScopeNames};
use crate::normal::{Automaton, Found, Globs, HostPatterns};
use crate::schema::AttributeId;
use crate::source::Level;
use crate::value::{Fact, Tri, Value};

/// Fewer rules than this are looked at one by one.
pub(super) const INDEXED_MIN: usize = 8;

/// See the file.
#[derive(Clone, Debug)]
pub(super) struct Index {
    parts: Box<[Part]>,
    /// The rules of which nothing is known that would find them.
    rest: Box<[u32]>,
}

/// The rules that ask the same thing in the same way.
#[derive(Clone, Debug)]
struct Part {
    by: By,
    rules: Box<[u32]>,
    finder: Finder,
}

/// What the rules of a part ask, and how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct By {
    asks: Question,
    how: How,
    /// Whether they demand that there be something to ask of.
    guarded: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum How {
    Member,
    Name,
    Path,
    /// A path with what lies below it, where that is touched.
    Touched,
    Host,
    Threshold(Sort),
}

#[derive(Clone, Debug)]
enum Finder {
    Members(Table),
    Names(Automaton),
    Paths(Automaton),
    Hosts(Hosts),
    Thresholds(Thresholds),
}

/// One way to find a rule.
struct Way<'p> {
    by: By,
    demand: Demand<'p>,
}

#[derive(Clone, Copy, Hash)]
enum Demand<'p> {
    Texts(&'p Values),
    Names(&'p [Box<str>]),
    Globs(&'p Globs),
    Hosts(&'p HostPatterns),
    Threshold(Order, i64, Option<&'p Arc<Ranks>>),
}

impl Index {
    /// An index over rules, where it would leave some of them out.
    pub(super) fn of(policies: &Policies, rules: &[u32]) -> Option<Index> {
        if rules.len() < INDEXED_MIN {
            return None;
        }
        let ways: Vec<Vec<Way<'_>>> = rules.iter().map(|&rule| ways(policies, rule)).collect();
        let mut parts: BTreeMap<By, Vec<(u32, Demand<'_>)>> = BTreeMap::new();
        let mut rest = Vec::new();
        let alike = Alike::count(&ways);
        for (&rule, ways) in rules.iter().zip(&ways) {
            match ways.iter().min_by_key(|way| alike.weight(way)) {
                Some(way) => parts.entry(way.by.clone()).or_default().push((rule, way.demand)),
                None => rest.push(rule),
            }
        }
        let (kept, few): (Vec<_>, Vec<_>) = parts
            .into_iter()
            .partition(|(_, rules)| INDEXED_MIN <= rules.len());
        rest.extend(
            few.iter()
                .flat_map(|(_, rules)| rules.iter().map(|(rule, _)| *rule)),
        );
        rest.sort_unstable();
        let parts: Box<[Part]> = kept.into_iter().map(|(by, rules)| Part::of(by, &rules)).collect();
        (!parts.is_empty()).then(|| Index {
            parts,
            rest: rest.into(),
        })
    }

    /// Shows the rules that can matter, each once.
    pub(super) fn visit<A: Answers>(&self, answers: &A, rule: &mut dyn FnMut(u32)) {
        self.rest.iter().for_each(|&at| rule(at));
        for part in &self.parts {
            part.visit(answers, rule);
        }
    }

    /// What its parts ask.
    pub(super) fn questions(&self) -> impl Iterator<Item = Question> {
        self.parts.iter().map(|part| part.by.asks)
    }

    /// How many rules stand in parts.
    pub(super) fn indexed(&self) -> usize {
        self.parts.iter().map(|part| part.rules.len()).sum()
    }

    /// What it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let part = |part: &Part| size_of::<Part>() + size_of_val(&*part.rules) + part.finder.bytes();
        size_of_val(&*self.rest) + self.parts.iter().map(part).sum::<usize>()
    }
}

/// How many rules ask the very same: the fewer, the more a way to find one leaves out.
struct Alike {
    same: FxHashMap<u64, usize>,
    by: BTreeMap<By, usize>,
}

impl Alike {
    fn count(ways: &[Vec<Way<'_>>]) -> Alike {
        let mut alike = Alike {
            same: FxHashMap::default(),
            by: BTreeMap::new(),
        };
        for way in ways.iter().flatten() {
            *alike.same.entry(way.fingerprint()).or_default() += 1;
            *alike.by.entry(way.by.clone()).or_default() += 1;
        }
        alike
    }

    /// Of the thresholds of an attribute a value passes half, as far as anybody knows.
    fn weight(&self, way: &Way<'_>) -> usize {
        let same = self.same.get(&way.fingerprint()).copied().unwrap_or(0);
        let half = || self.by.get(&way.by).copied().unwrap_or(0) / 2;
        match way.by.how {
            How::Threshold(_) => same.max(half()),
            _ => same,
        }
    }
}

impl Way<'_> {
    fn fingerprint(&self) -> u64 {
        let mut hasher = FxHasher::default();
        (&self.by, &self.demand).hash(&mut hasher);
        hasher.finish()
    }
}

/// The ways to find a rule.
fn ways(policies: &Policies, at: u32) -> Vec<Way<'_>> {
    let rule = &policies.rules[at as usize];
    let mut ways: Vec<Way<'_>> = Vec::new();
    for entry in &policies.documents[rule.document as usize].scope {
        let (how, demand) = match &entry.names {
            ScopeNames::Exact(names) => (How::Member, Demand::Names(names)),
            ScopeNames::Globs(globs) => (How::Name, Demand::Globs(globs)),
        };
        let by = By {
            asks: Question::Entity(entry.level),
            how,
            guarded: true,
        };
        ways.push(Way { by, demand });
    }
    // Whether an allow or only rule names an action counts even where its guard fails, so its guard must not hide it.
    if rule.kind.grants() {
        return ways;
    }
    let guard = || {
        rule.guard
            .iter()
            .map(|id| policies.conditions[id.0 as usize].expr())
    };
    let mut demanded: Vec<AttributeId> = Vec::new();
    for expr in guard() {
        conjuncts(expr, &mut |expr| {
            if let Expr::Has(Operand::Attribute(attribute)) = expr {
                demanded.push(*attribute);
            }
        });
    }
    for expr in guard() {
        conjuncts(expr, &mut |expr| {
            let Some((attribute, how, demand)) = demand(expr) else {
                return;
            };
            // What onboarding documents know is not the same for all levels.
            if policies
                .schema
                .attribute(attribute)
                .name
                .starts_with("repository.")
            {
                return;
            }
            let by = By {
                asks: Question::Attribute(attribute),
                how,
                guarded: demanded.contains(&attribute),
            };
            ways.push(Way { by, demand });
        });
    }
    ways
}

/// What a condition demands of one attribute, where that can be looked up.
fn demand(expr: &Expr) -> Option<(AttributeId, How, Demand<'_>)> {
    match expr {
        Expr::In {
            operand: Operand::Attribute(attribute),
            values,
        } => {
            if values.iter().all(|value| value.as_str().is_some()) {
                return Some((*attribute, How::Member, Demand::Texts(values)));
            }
            let only = values.iter().next().filter(|_| values.len() == 1)?;
            threshold(*attribute, Order::Equal, only)
        }
        Expr::Glob {
            operand: Operand::Attribute(attribute),
            globs,
            reach,
        } => {
            let how = match reach {
                Reach::Name => How::Name,
                Reach::Path(Reading::Touches) => How::Path,
                Reach::Touched(Reading::Touches) => How::Touched,
                Reach::Path(_) | Reach::Touched(_) => return None,
            };
            Some((*attribute, how, Demand::Globs(globs)))
        }
        Expr::Host {
            operand: Operand::Attribute(attribute),
            patterns,
        } => Some((*attribute, How::Host, Demand::Hosts(patterns))),
        Expr::Compare {
            left: Operand::Attribute(attribute),
            order,
            right: Operand::Fixed(constant),
            ranks: None,
        } => threshold(*attribute, *order, &constant.0),
        Expr::Compare {
            left: Operand::Fixed(constant),
            order,
            right: Operand::Attribute(attribute),
            ranks: None,
        } => threshold(*attribute, order.flipped(), &constant.0),
        Expr::Rank {
            operand: Operand::Attribute(attribute),
            order,
            rank,
            ranks,
        } => {
            let how = How::Threshold(Sort::Rank(ranks.enumeration.0));
            Some((
                *attribute,
                how,
                Demand::Threshold(*order, *rank as i64, Some(ranks)),
            ))
        }
        _ => None,
    }
}

fn threshold(
    attribute: AttributeId,
    order: Order,
    constant: &Value,
) -> Option<(AttributeId, How, Demand<'static>)> {
    let (sort, place) = Sort::of(constant)?;
    Some((
        attribute,
        How::Threshold(sort),
        Demand::Threshold(order, place, None),
    ))
}

impl Part {
    fn of(by: By, rules: &[(u32, Demand<'_>)]) -> Part {
        let globs = || {
            rules.iter().filter_map(|(rule, demand)| match demand {
                Demand::Globs(globs) => Some((*rule, *globs)),
                _ => None,
            })
        };
        let finder = match &by.how {
            How::Member => Finder::Members(members(rules)),
            How::Name => Finder::Names(Automaton::over_names(globs())),
            How::Path | How::Touched => Finder::Paths(Automaton::over_paths(globs())),
            How::Host => Finder::Hosts(Hosts::new(rules.iter().filter_map(
                |(rule, demand)| match demand {
                    Demand::Hosts(patterns) => Some((*rule, *patterns)),
                    _ => None,
                },
            ))),
            How::Threshold(sort) => Finder::Thresholds(thresholds(sort.clone(), rules)),
        };
        Part {
            by,
            rules: rules.iter().map(|(rule, _)| *rule).collect(),
            finder,
        }
    }

    fn visit<A: Answers>(&self, answers: &A, rule: &mut dyn FnMut(u32)) {
        let mut found = Found::new();
        let known = match self.by.asks {
            Question::Action => false,
            Question::Entity(level) => self.entity(level, answers, &mut found),
            Question::Attribute(attribute) => match answers.fact(attribute) {
                Fact::Known(value) => self.find(value, answers, &mut found),
                Fact::Null => self.by.guarded || self.by.how == How::Member,
                Fact::Unknown => false,
            },
        };
        if !known {
            self.rules.iter().for_each(|&at| rule(at));
            return;
        }
        if 1 < found.len() {
            found.sort_unstable();
            found.dedup();
        }
        found.into_iter().for_each(rule);
    }

    /// A document does not apply to whom it does not name, nor where nobody is said.
    fn entity<A: Answers>(&self, level: Level, answers: &A, found: &mut Found) -> bool {
        match answers.entity(level) {
            Fact::Known(name) => self.text(name, answers, found),
            Fact::Null | Fact::Unknown => true,
        }
    }

    /// The rules that a value, or one of a list, can make true; false where all may be.
    fn find<A: Answers>(&self, value: &Value, answers: &A, found: &mut Found) -> bool {
        match (&self.finder, value) {
            (Finder::Thresholds(thresholds), value) => thresholds.find(value, found),
            (_, Value::String(text)) => self.text(text, answers, found),
            (_, Value::List(list)) if !list.open => list.items.iter().all(|item| match item {
                Value::String(text) => self.text(text, answers, found),
                _ => false,
            }),
            _ => false,
        }
    }

    fn text<A: Answers>(&self, text: &str, answers: &A, found: &mut Found) -> bool {
        match &self.finder {
            Finder::Members(table) => table.find(hash(0, text), found),
            Finder::Hosts(hosts) => hosts.find(text, found),
            Finder::Names(automaton) => return automaton.name(text, found),
            Finder::Paths(automaton) => return self.path(automaton, text, answers, found),
            Finder::Thresholds(_) => return false,
        }
        true
    }

    fn path<A: Answers>(&self, automaton: &Automaton, text: &str, answers: &A, found: &mut Found) -> bool {
        let recursive = match self.by.how {
            How::Touched => answers.recursive(),
            _ => Tri::False,
        };
        let place = answers.place(text);
        automaton.path(text, place, recursive, found)
            && answers
                .spelled_otherwise(text)
                .is_none_or(|other| automaton.path(&other, place, recursive, found))
    }
}

impl Finder {
    fn bytes(&self) -> usize {
        match self {
            Finder::Members(table) => table.bytes(),
            Finder::Names(automaton) | Finder::Paths(automaton) => automaton.bytes(),
            Finder::Hosts(hosts) => hosts.bytes(),
            Finder::Thresholds(thresholds) => thresholds.bytes(),
        }
    }
}

fn members(rules: &[(u32, Demand<'_>)]) -> Table {
    let mut entries = Vec::new();
    for (rule, demand) in rules {
        match demand {
            Demand::Texts(values) => {
                let texts = values.iter().filter_map(Value::as_str);
                entries.extend(texts.map(|text| (hash(0, text), *rule)));
            }
            Demand::Names(names) => entries.extend(names.iter().map(|name| (hash(0, name), *rule))),
            Demand::Globs(_) | Demand::Hosts(_) | Demand::Threshold(..) => {}
        }
    }
    Table::new(entries)
}

fn thresholds(sort: Sort, rules: &[(u32, Demand<'_>)]) -> Thresholds {
    let mut ranks = None;
    let mut constants = Vec::new();
    for (rule, demand) in rules {
        if let Demand::Threshold(order, place, of) = demand {
            constants.push((*rule, *order, *place));
            ranks = ranks.or(of.cloned());
        }
    }
    Thresholds::new(sort, ranks, &constants)
}

//! Limits: what the effects of a request add to what was used, held against caps and floors (spec/14-limits.md). Adds up
//! within one request; what was used before, the host says. Knows no ledger.

use super::fire::Sight;
use crate::amount::Amount;
use crate::condition::Facts;
use crate::model::{Limit, Measure, Per, RuleRef};
use crate::outcome::Outcome;
use crate::request::Request;
use crate::source::Level;
use crate::value::{Fact, Value};

/// How a limit stands after a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Whose use counts; null where there is nobody, and where each request stands by itself.
    pub entity: Fact<Box<str>>,
    /// What was used before; nothing where nobody's use counts.
    pub used: Fact<Amount>,
    /// What the request adds.
    pub needs: Fact<Amount>,
    /// What that comes to.
    pub state: LimitState,
}

/// What used and needed figures come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitState {
    /// Within cap and floor.
    Within,
    /// Within, but so near to the cap that the obligations are owed.
    Alert,
    /// Over the cap, or under the floor.
    Exceeded,
    /// A figure is unknown, so that it may be over the cap.
    Unknown,
    /// A floor is above a cap: nothing can be within both.
    Contradicted,
}

impl LimitState {
    /// The word in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            LimitState::Within => "within",
            LimitState::Alert => "alert",
            LimitState::Exceeded => "exceeded",
            LimitState::Unknown => "unknown",
            LimitState::Contradicted => "contradicted",
        }
    }

    /// What it contributes to the verdict.
    pub const fn outcome(self) -> Outcome {
        match self {
            LimitState::Within | LimitState::Alert => Outcome::Allowed,
            LimitState::Exceeded | LimitState::Unknown | LimitState::Contradicted => Outcome::Denied,
        }
    }
}

/// What one limit counts of the effects of a request.
#[derive(Clone, Debug)]
pub(super) struct Sum<'a> {
    pub(super) limit: &'a Limit,
    pub(super) rule: RuleRef,
    pub(super) level: Level,
    /// Whether it is known to match one of the effects.
    pub(super) known: bool,
    /// The effects, by their place.
    pub(super) on: Vec<u32>,
    needs: Fact<Amount>,
    entity: Fact<Box<str>>,
}

impl<'a> Sum<'a> {
    /// A limit that counts nothing yet.
    pub(super) fn new(limit: &'a Limit, rule: RuleRef, level: Level) -> Sum<'a> {
        Sum {
            limit,
            rule,
            level,
            known: false,
            on: Vec::new(),
            needs: Fact::Known(Amount::ZERO),
            entity: Fact::Null,
        }
    }

    /// Counts one effect.
    pub(super) fn add(&mut self, at: u32, known: bool, sight: &Sight<'_>) {
        let limit = self.limit;
        let entity = limit.per.as_ref().map_or(Fact::Null, |per| entity(per, sight));
        // Whose use it is of two, nobody can tell.
        self.entity = if self.on.is_empty() || self.entity == entity {
            entity
        } else {
            Fact::Unknown
        };
        self.needs = match (self.needs, needs(limit.of, sight)) {
            (Fact::Known(sum), Fact::Known(more)) => Fact::Known(sum.plus(more)),
            _ => Fact::Unknown,
        };
        self.known |= known;
        self.on.push(at);
    }

    /// What it comes to.
    pub(super) fn figure(&self, request: &Request) -> Figure {
        let limit = self.limit;
        let used = match (&limit.per, &self.entity) {
            (Some(per), Fact::Known(_)) => match request.usage().of(&per.key(), &limit.unit) {
                Fact::Null => Fact::Known(Amount::ZERO),
                used => used,
            },
            (Some(_), Fact::Unknown) => Fact::Unknown,
            (None, _) | (Some(_), Fact::Null) => Fact::Known(Amount::ZERO),
        };
        Figure {
            entity: self.entity.clone(),
            used,
            needs: self.needs,
            state: state(limit, used, self.needs),
        }
    }
}

fn entity(per: &Per, sight: &Sight<'_>) -> Fact<Box<str>> {
    let Some(attribute) = per.attribute else {
        return Fact::Known("platform".into());
    };
    match sight.fact(attribute) {
        Fact::Known(value) => value
            .as_str()
            .map_or(Fact::Unknown, |name| Fact::Known(name.into())),
        Fact::Null => Fact::Null,
        Fact::Unknown => Fact::Unknown,
    }
}

/// What one effect adds. What is less than nothing would give back what was never used.
fn needs(of: Measure, sight: &Sight<'_>) -> Fact<Amount> {
    let amount = |value: &Value| Amount::of(value).filter(|amount| !amount.is_negative());
    match of {
        Measure::Count if sight.effect.opaque() => Fact::Unknown,
        Measure::Count => Fact::Known(Amount::ONE),
        Measure::Retention => Fact::Known(Amount::ZERO),
        Measure::Attribute(attribute) => match sight.fact(attribute) {
            Fact::Known(value) => amount(value).map_or(Fact::Unknown, Fact::Known),
            Fact::Null => Fact::Known(Amount::ZERO),
            Fact::Unknown => Fact::Unknown,
        },
    }
}

fn state(limit: &Limit, used: Fact<Amount>, needs: Fact<Amount>) -> LimitState {
    if limit.of == Measure::Retention {
        return LimitState::Within;
    }
    let cap = |total: Amount| limit.at_most.is_some_and(|cap| cap < total);
    let known = |fact: Fact<Amount>| fact.known().unwrap_or_default();
    match (used, needs) {
        (_, Fact::Known(needs)) if limit.at_least.is_some_and(|floor| needs < floor) => LimitState::Exceeded,
        // What needs nothing is not stopped by what others have used up.
        (_, Fact::Known(Amount::ZERO)) => LimitState::Within,
        _ if cap(known(used).plus(known(needs))) => LimitState::Exceeded,
        (Fact::Known(used), Fact::Known(needs))
            if limit.alert.is_some_and(|alert| alert <= used.plus(needs)) =>
        {
            LimitState::Alert
        }
        (Fact::Known(_), Fact::Known(_)) => LimitState::Within,
        _ => LimitState::Unknown,
    }
}

/// Of how long something is to be kept the largest floor and the smallest cap count. Where they leave no time between
/// them, every limit that takes part says no.
pub(super) fn contradict(limits: &mut [(&Limit, &mut Figure)]) {
    let of_retention = |(limit, _): &&(&Limit, &mut Figure)| limit.of == Measure::Retention;
    let floor = limits
        .iter()
        .filter(of_retention)
        .filter_map(|(limit, _)| limit.at_least)
        .max();
    let cap = limits
        .iter()
        .filter(of_retention)
        .filter_map(|(limit, _)| limit.at_most)
        .min();
    let (Some(floor), Some(cap)) = (floor, cap) else {
        return;
    };
    if floor <= cap {
        return;
    }
    for (limit, figure) in limits
        .iter_mut()
        .filter(|(limit, _)| limit.of == Measure::Retention)
    {
        let too_long = limit.at_least.is_some_and(|own| cap < own);
        let too_short = limit.at_most.is_some_and(|own| own < floor);
        if too_long || too_short {
            figure.state = LimitState::Contradicted;
        }
    }
}

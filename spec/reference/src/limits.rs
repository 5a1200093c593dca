//! Limits (chapter 14): what effects count is added up, rule by rule, once all of them have been looked at.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::machinery::amount::Amount;
use bailiwick::machinery::condition::Facts;
use bailiwick::machinery::decision::LimitState;
use bailiwick::machinery::model::{Limit, Measure};
use bailiwick::machinery::schema::AttributeId;
use bailiwick::machinery::value::{Fact, Tri};
use bailiwick::{Outcome, Request};

use crate::layers::{Placed, Said, Says, owed_for};
use crate::sight::Sight;

/// What one effect adds to a limit.
#[derive(Clone)]
pub(crate) struct Counted<'a> {
    limit: &'a Limit,
    /// `None` is unknown.
    amount: Option<Amount>,
    /// Whose use it is: null where there is nobody.
    entity: Fact<String>,
}

/// 14.3: what an effect adds, and to whose figure.
pub(crate) fn counted<'a>(limit: &'a Limit, sight: &Sight<'_>) -> Counted<'a> {
    let amount = match limit.of {
        Measure::Count => (!sight.effect.opaque()).then_some(Amount::ONE),
        Measure::Retention => Some(Amount::ZERO),
        Measure::Attribute(attribute) => match sight.fact(attribute) {
            Fact::Null => Some(Amount::ZERO),
            Fact::Unknown => None,
            Fact::Known(value) => Amount::of(value).filter(|amount| *amount >= Amount::ZERO),
        },
    };
    let entity = match &limit.per {
        None => Fact::Null,
        Some(per) => match per.attribute {
            None => Fact::Known("platform".to_owned()),
            Some(attribute) => match sight.fact(attribute) {
                Fact::Known(value) => value
                    .as_str()
                    .map_or(Fact::Unknown, |name| Fact::Known(name.to_owned())),
                Fact::Null => Fact::Null,
                Fact::Unknown => Fact::Unknown,
            },
        },
    };
    Counted {
        limit,
        amount,
        entity,
    }
}

/// 7.8: the attributes by which a limit does not know what an effect adds, or to whose figure.
pub(crate) fn unknown_names(limit: &Limit, sight: &Sight<'_>) -> BTreeSet<String> {
    let whose = limit.per.as_ref().and_then(|per| per.attribute);
    let of = match limit.of {
        Measure::Attribute(attribute) => Some(attribute),
        _ => None,
    };
    let unknown = |attribute: &AttributeId| sight.fact(*attribute) == Fact::Unknown;
    let names = [whose, of].into_iter().flatten().filter(unknown);
    names
        .map(|attribute| sight.set.schema().attribute(attribute).name.clone())
        .collect()
}

/// What a limit comes to over all effects of a request.
#[derive(Clone)]
pub(crate) struct Sum<'a> {
    by: Placed<'a>,
    pub(crate) limit: &'a Limit,
    pub(crate) entity: Fact<String>,
    pub(crate) used: Option<Amount>,
    pub(crate) needs: Option<Amount>,
    pub(crate) state: LimitState,
    known: bool,
}

impl Sum<'_> {
    pub(crate) fn policy(&self) -> String {
        self.by.document.name()
    }

    pub(crate) fn rule(&self) -> String {
        self.by.rule.id.clone()
    }
}

/// 14.4, 14.5: adds up, and gives every rule's words about its effects what they come to.
pub(crate) fn settle<'a>(said: &mut [Said<'a>], request: &Request) -> Vec<Sum<'a>> {
    let mut by_rule: BTreeMap<(usize, usize), Vec<&Said<'a>>> = BTreeMap::new();
    for one in said.iter().filter(|said| matches!(said.says, Says::Counts(_))) {
        by_rule.entry(one.by.place).or_default().push(one);
    }
    let mut sums: Vec<Sum<'a>> = by_rule.values().map(|said| sum(said, request)).collect();
    contradict(&mut sums);
    for one in said.iter_mut() {
        if !matches!(one.says, Says::Counts(_)) {
            continue;
        }
        let sum = sums
            .iter()
            .find(|sum| sum.by.place == one.by.place)
            .expect("every rule that counts has a sum");
        let known = sum.known && sum.state != LimitState::Unknown;
        one.says = Says::Limit(sum.state);
        one.guard = if known { Tri::True } else { Tri::Unknown };
        one.owed = owed_for(one.by.rule, &one.says, one.guard);
        if !one.says.fires() {
            one.unknowns.clear();
        } else if let (Some(per), Fact::Known(_), None) = (&sum.limit.per, &sum.entity, sum.used) {
            one.unknowns
                .insert(format!("usage.{}.{}", per.key(), sum.limit.unit));
        }
    }
    sums
}

fn sum<'a>(said: &[&Said<'a>], request: &Request) -> Sum<'a> {
    let counted: Vec<&Counted<'a>> = said
        .iter()
        .filter_map(|said| match &said.says {
            Says::Counts(counted) => Some(counted),
            _ => None,
        })
        .collect();
    let first = counted[0];
    let needs = counted
        .iter()
        .try_fold(Amount::ZERO, |sum, one| Some(sum.plus(one.amount?)));
    let one_entity = counted.iter().all(|one| one.entity == first.entity);
    let entity = if one_entity {
        first.entity.clone()
    } else {
        Fact::Unknown
    };
    let used = match (&first.limit.per, &entity) {
        (None, _) | (Some(_), Fact::Null) => Some(Amount::ZERO),
        (Some(_), Fact::Unknown) => None,
        (Some(per), Fact::Known(_)) => match request.usage().of(&per.key(), &first.limit.unit) {
            Fact::Known(used) => Some(used),
            Fact::Null => Some(Amount::ZERO),
            Fact::Unknown => None,
        },
    };
    Sum {
        by: said[0].by,
        limit: first.limit,
        entity,
        used,
        needs,
        state: state(first.limit, used, needs),
        known: said.iter().any(|said| said.guard == Tri::True),
    }
}

/// 14.4: the table of states, from the top.
fn state(limit: &Limit, used: Option<Amount>, needs: Option<Amount>) -> LimitState {
    if limit.of == Measure::Retention {
        return LimitState::Within;
    }
    let short = |needs| limit.at_least.is_some_and(|floor| needs < floor);
    if needs.is_some_and(short) {
        return LimitState::Exceeded;
    }
    if needs == Some(Amount::ZERO) {
        return LimitState::Within;
    }
    let so_far = used.unwrap_or(Amount::ZERO).plus(needs.unwrap_or(Amount::ZERO));
    if limit.at_most.is_some_and(|cap| so_far > cap) {
        return LimitState::Exceeded;
    }
    if used.is_none() || needs.is_none() {
        return LimitState::Unknown;
    }
    if limit.alert.is_some_and(|alert| so_far >= alert) {
        return LimitState::Alert;
    }
    LimitState::Within
}

/// 14.5: the largest floor above the smallest cap of how long something is kept.
fn contradict(sums: &mut [Sum<'_>]) {
    let bounds = |of: fn(&Limit) -> Option<Amount>| -> Vec<Amount> {
        let kept = sums.iter().filter(|sum| sum.limit.of == Measure::Retention);
        kept.filter_map(|sum| of(sum.limit)).collect()
    };
    let (caps, floors) = (bounds(|limit| limit.at_most), bounds(|limit| limit.at_least));
    for sum in sums.iter_mut().filter(|sum| sum.limit.of == Measure::Retention) {
        let over = sum
            .limit
            .at_least
            .is_some_and(|floor| caps.iter().any(|cap| *cap < floor));
        let under = sum
            .limit
            .at_most
            .is_some_and(|cap| floors.iter().any(|floor| cap < *floor));
        if over || under {
            sum.state = LimitState::Contradicted;
        }
    }
}

/// 14.6: what an act adds to used figures, each key once, nothing where it is denied.
pub(crate) fn charges(sums: &[Sum<'_>], outcome: Outcome) -> BTreeMap<(String, String, String), String> {
    let mut most: BTreeMap<(String, String, String), Amount> = BTreeMap::new();
    for sum in sums.iter().filter(|_| outcome != Outcome::Denied) {
        let (Some(per), Fact::Known(entity), Some(needs)) = (&sum.limit.per, &sum.entity, sum.needs) else {
            continue;
        };
        if needs > Amount::ZERO {
            let known = most
                .entry((per.key(), entity.clone(), sum.limit.unit.clone()))
                .or_insert(needs);
            *known = needs.max(*known);
        }
    }
    most.into_iter()
        .map(|(key, amount)| (key, amount.to_json().to_string()))
        .collect()
}

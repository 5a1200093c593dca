//! Rules by the constants that an attribute is compared with, sorted, so that those that a value can make true are found by
//! halving. Rounding may show a rule too many, never one too few: where a value and a constant look the same, the rule shows.

use std::sync::Arc;

use crate::condition::{Order, Ranks};
use crate::normal::Found;
use crate::value::Value;

/// What is compared: each sort has an order of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Sort {
    Number,
    Percent,
    Timestamp,
    Duration,
    /// The constants of the enumeration with this number.
    Rank(u16),
}

impl Sort {
    /// The sort and the place in it of a constant.
    pub(super) fn of(value: &Value) -> Option<(Sort, i64)> {
        let sort = match value {
            Value::Int(_) | Value::Number(_) => Sort::Number,
            Value::Percent(_) => Sort::Percent,
            Value::Timestamp(_) => Sort::Timestamp,
            Value::Duration(_) => Sort::Duration,
            Value::Bool(_) | Value::String(_) | Value::List(_) | Value::Map(_) => return None,
        };
        let place = sort.place(value, None)?;
        Some((sort, place))
    }

    /// The place of a value in the order of this sort, never in another order than the values have.
    fn place(&self, value: &Value, ranks: Option<&Ranks>) -> Option<i64> {
        match (self, value) {
            (Sort::Number, Value::Int(n)) => Some(ordered(*n as f64)),
            (Sort::Number, Value::Number(n)) | (Sort::Percent, Value::Percent(n)) => Some(ordered(*n)),
            (Sort::Timestamp, Value::Timestamp(n)) | (Sort::Duration, Value::Duration(n)) => {
                Some((*n).clamp(i64::MIN.into(), i64::MAX.into()) as i64)
            }
            (Sort::Rank(_), Value::String(constant)) => Some(ranks?.rank(constant)? as i64),
            _ => None,
        }
    }
}

/// Numbers as whole ones in the same order (both zeros are one).
fn ordered(n: f64) -> i64 {
    let bits = if n == 0.0 { 0 } else { n.to_bits() as i64 };
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// The rules that compare one attribute with constants of one sort.
#[derive(Clone, Debug)]
pub(super) struct Thresholds {
    sort: Sort,
    ranks: Option<Arc<Ranks>>,
    /// True only from the constant on.
    from: Run,
    /// True only up to the constant.
    to: Run,
    /// True only at the constant.
    at: Run,
}

/// Constants in order, each with its rule.
#[derive(Clone, Debug, Default)]
struct Run {
    places: Box<[i64]>,
    rules: Box<[u32]>,
}

impl Thresholds {
    /// Sorts rules by their constants.
    pub(super) fn new(sort: Sort, ranks: Option<Arc<Ranks>>, rules: &[(u32, Order, i64)]) -> Thresholds {
        let run = |orders: [Order; 2]| {
            let of_these = rules.iter().filter(|(_, order, _)| orders.contains(order));
            Run::of(of_these.map(|&(rule, _, place)| (place, rule)).collect())
        };
        Thresholds {
            sort,
            ranks,
            from: run([Order::Greater, Order::AtLeast]),
            to: run([Order::Less, Order::AtMost]),
            at: run([Order::Equal, Order::Equal]),
        }
    }

    /// The rules that a value can make true; false where it is of no such order, so that all may be.
    pub(super) fn find(&self, value: &Value, found: &mut Found) -> bool {
        let Some(place) = self.sort.place(value, self.ranks.as_deref()) else {
            return false;
        };
        let up_to = |run: &Run| run.places.partition_point(|&known| known <= place);
        let below = |run: &Run| run.places.partition_point(|&known| known < place);
        found.extend_from_slice(&self.from.rules[..up_to(&self.from)]);
        found.extend_from_slice(&self.to.rules[below(&self.to)..]);
        found.extend_from_slice(&self.at.rules[below(&self.at)..up_to(&self.at)]);
        true
    }

    /// What it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        [&self.from, &self.to, &self.at]
            .map(|run| size_of_val(&*run.places) + size_of_val(&*run.rules))
            .iter()
            .sum()
    }
}

impl Run {
    fn of(mut rules: Vec<(i64, u32)>) -> Run {
        rules.sort_unstable();
        Run {
            places: rules.iter().map(|(place, _)| *place).collect(),
            rules: rules.into_iter().map(|(_, rule)| rule).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: Value, expected: Option<&[u32]>) {
        let rules = [
            (1, Order::Greater, Value::Int(10)),
            (2, Order::AtLeast, Value::Number(10.5)),
            (3, Order::Less, Value::Int(-3)),
            (4, Order::AtMost, Value::Number(0.0)),
            (5, Order::Equal, Value::Int(7)),
        ];
        let rules = rules.map(|(rule, order, value)| (rule, order, Sort::of(&value).expect("a number").1));
        let thresholds = Thresholds::new(Sort::Number, None, &rules);
        let mut found = Found::new();
        let known = thresholds.find(&value, &mut found);
        found.sort_unstable();
        assert_eq!(known.then_some(&*found), expected, "{value:?}");
    }

    #[test]
    fn values_find_the_constants_that_they_can_pass() {
        check(Value::Int(11), Some(&[1, 2]));
        check(Value::Number(10.25), Some(&[1]));
        check(Value::Int(10), Some(&[1])); // too many: where both are the same the rule shows
        check(Value::Int(7), Some(&[5]));
        check(Value::Number(-0.0), Some(&[4]));
        check(Value::Int(-4), Some(&[3, 4]));
        check(Value::Number(f64::MAX), Some(&[1, 2]));
        check(Value::Percent(3.0), None);
        check(Value::text("7"), None);
    }
}

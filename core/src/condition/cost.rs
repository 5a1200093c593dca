//! The worst that a condition can cost, in steps, before it has seen a request (spec/04-conditions.md).

use super::{Expr, Operand, Part};
use crate::limits::CONDITION_LIST_ASSUMED;
use crate::value::Value;

/// A glob against a path, or a text in a text, next to a comparison.
const SEARCH: u64 = 10;
/// A regular expression, next to a comparison.
const REGEX: u64 = 100;

/// The cost of an expression. Lists are assumed to hold [`CONDITION_LIST_ASSUMED`]; lambdas in lambdas multiply.
pub(super) fn of(expr: &Expr) -> u64 {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => sum(parts.iter().map(of)),
        Expr::Not(inner) => of(inner),
        Expr::If(parts) => sum(parts.iter().map(of)),
        Expr::Is(operand) | Expr::Has(operand) => look_up(operand),
        Expr::In { operand, values } => look_up(operand).saturating_add(values.len() as u64),
        Expr::Within { item, list } => sum([item, list].map(look_up)).saturating_add(CONDITION_LIST_ASSUMED),
        Expr::Compare { left, right, .. } => sum([left, right].map(look_up)),
        Expr::Rank { operand, ranks, .. } => look_up(operand).saturating_add(ranks.constants.len() as u64),
        Expr::Glob { operand, globs, .. } => searches(operand, globs.patterns().len() as u64),
        Expr::Host { operand, .. } => searches(operand, 1),
        Expr::Cidr { operand, blocks } => look_up(operand).saturating_add(SEARCH + blocks.len() as u64),
        Expr::Text { operand, part, text } => {
            let search = if *part == Part::Anywhere { SEARCH } else { 1 };
            sum([operand, text].map(look_up)).saturating_add(search)
        }
        Expr::Matches { operand, .. } => look_up(operand).saturating_add(REGEX),
        Expr::Hours { operand, .. } => look_up(operand).saturating_add(SEARCH),
        Expr::Exists { list, body } | Expr::Each { list, body } => {
            look_up(list).saturating_add(items(list).saturating_mul(of(body)))
        }
    }
}

fn look_up(operand: &Operand) -> u64 {
    match operand {
        Operand::Attribute(_)
        | Operand::Key(..)
        | Operand::Reported(_)
        | Operand::Item(_)
        | Operand::Fixed(_) => 1,
        Operand::Size(inner) => 1 + look_up(inner),
        Operand::Versions(pair) => sum(pair.iter().map(look_up)).saturating_add(SEARCH),
        Operand::If(parts) => sum([of(&parts.0), look_up(&parts.1), look_up(&parts.2)]),
    }
}

/// How many items a list is assumed to hold; a constant one is known.
fn items(list: &Operand) -> u64 {
    match list {
        Operand::Fixed(fixed) => match &fixed.0 {
            Value::List(list) => list.items.len() as u64,
            _ => 1,
        },
        _ => CONDITION_LIST_ASSUMED,
    }
}

fn searches(operand: &Operand, patterns: u64) -> u64 {
    look_up(operand).saturating_add(patterns.saturating_mul(SEARCH))
}

fn sum(costs: impl IntoIterator<Item = u64>) -> u64 {
    costs.into_iter().fold(1, u64::saturating_add)
}

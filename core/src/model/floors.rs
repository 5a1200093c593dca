//! Floors above caps: what one policy wants kept at least so long, and another at most so long, where both surely speak of
//! the same artifact (spec/16-data-and-compliance.md, 16.3). What may meet but need not is left to the decision, which then
//! denies. Knows no form.

use super::scope::{compatible, covers};
use super::{Kind, Limit, Measure, Policies, Rule, ScopeEntry, errors};
use crate::amount::Amount;
use crate::condition::{Expr, Operand, Values};
use crate::diagnostic::Diagnostic;
use crate::limits::DIAGNOSTICS_MAX;
use crate::schema::AttributeId;

/// Finds them among these policies, and between them and those above.
pub(super) fn check(policies: &Policies, above: Option<&Policies>, out: &mut Vec<Diagnostic>) {
    let own: Vec<Kept<'_>> = kept(policies).collect();
    let higher: Vec<Kept<'_>> = above.into_iter().flat_map(kept).collect();
    // Those of the higher policies among themselves were found where they were checked.
    let with_higher = higher
        .iter()
        .flat_map(|high| own.iter().map(move |low| (high, low)));
    let both_ways = with_higher.flat_map(|(high, low)| [(high, low), (low, high)]);
    let among_own = own
        .iter()
        .flat_map(|floor| own.iter().map(move |cap| (floor, cap)));
    let found = among_own.chain(both_ways).filter_map(|(floor, cap)| {
        let (least, most) = (floor.limit.at_least?, cap.limit.at_most?);
        (most < least && floor.meets(cap)).then(|| contradiction(floor, least, cap, most))
    });
    out.extend(found.take(DIAGNOSTICS_MAX));
}

/// A rule on how long something is kept.
struct Kept<'a> {
    policies: &'a Policies,
    rule: &'a Rule,
    limit: &'a Limit,
    /// What it asks of attributes; `None` where it asks something else, so that nothing is sure.
    asks: Option<Vec<(AttributeId, &'a Values)>>,
}

fn kept(policies: &Policies) -> impl Iterator<Item = Kept<'_>> {
    policies.rules.iter().filter_map(move |rule| match &rule.kind {
        Kind::Limit(limit) if limit.of == Measure::Retention => Some(Kept {
            policies,
            rule,
            limit,
            asks: asks(rule, policies),
        }),
        _ => None,
    })
}

fn asks<'a>(rule: &Rule, policies: &'a Policies) -> Option<Vec<(AttributeId, &'a Values)>> {
    let ask = |expr: &'a Expr| match expr {
        Expr::In {
            operand: Operand::Attribute(id),
            values,
        } => Some((*id, values)),
        _ => None,
    };
    let conditions = rule
        .guard
        .iter()
        .map(|id| policies.conditions[id.0 as usize].expr());
    conditions.map(ask).collect()
}

impl<'a> Kept<'a> {
    fn scope(&self) -> &'a [ScopeEntry] {
        &self.policies.documents[self.rule.document as usize].scope
    }

    /// Whether there surely is a request that both speak of.
    fn meets(&self, other: &Kept<'_>) -> bool {
        let (one, two) = (self.scope(), other.scope());
        let (Some(asks), Some(others)) = (&self.asks, &other.asks) else {
            return false;
        };
        let share = |id: &AttributeId, values: &Values| {
            let same = others.iter().filter(|(other, _)| other == id);
            same.into_iter()
                .all(|(_, others)| values.iter().any(|value| others.contains(value)))
        };
        self.rule
            .actions
            .iter()
            .any(|action| other.rule.actions.contains(action))
            && compatible(one, two)
            && (covers(one, two) || covers(two, one))
            && asks.iter().all(|(id, values)| share(id, values))
    }
}

fn contradiction(floor: &Kept<'_>, least: Amount, cap: &Kept<'_>, most: Amount) -> Diagnostic {
    let name = |kept: &Kept<'_>| {
        let document = &kept.policies.documents[kept.rule.document as usize];
        (format!("{}/{}", document.id, kept.rule.id), document.level)
    };
    let ((floor_name, _), (cap_name, cap_level)) = (name(floor), name(cap));
    errors::floor_above_cap(
        (floor.rule.span, &floor_name, &length(least)),
        (cap.rule.span, &cap_name, &length(most)),
        cap_level,
    )
}

/// `90d`; amounts of time are seconds.
fn length(seconds: Amount) -> String {
    let text = seconds.to_string();
    match text.parse::<i128>() {
        Ok(seconds) => crate::condition::duration_text(seconds * 1_000_000_000),
        Err(_) => format!("{text}s"),
    }
}

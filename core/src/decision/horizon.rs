//! Until when an answer stands if nothing but time goes on (spec/09-records.md, 9.10).

use super::fire::applies;
use super::{Compiled, Standing, Verdict};
use crate::condition::Condition;
use crate::model::{Kind, Policies, Rule};
use crate::request::{Request, State};
use crate::schema::AttributeId;

/// The earliest instant from `now` on at which the answer may become stricter by time alone; nanoseconds since 1970.
pub(super) fn valid_until(
    compiled: &Compiled,
    request: &Request,
    state: &State,
    verdict: &Verdict,
) -> Option<i128> {
    let set = &compiled.set;
    let granted = verdict
        .findings
        .iter()
        .map(|finding| set.rule(finding.rule))
        .filter(|rule| rule.kind.grants());
    let expiries = granted.filter_map(|rule| rule.expires);
    let standings = verdict
        .requirements
        .iter()
        .filter_map(|known| match known.standing {
            Standing::Satisfied { until, .. } => until,
            Standing::Outstanding { deadline, .. } => deadline,
            Standing::Rejected { .. } | Standing::Blocked { .. } => None,
        });
    let states = set
        .parts()
        .into_iter()
        .flat_map(|part| switch_ends(part, request, state));
    let ends = expiries
        .chain(standings)
        .chain(states)
        .filter(|&end| request.now() <= end);
    let earliest = ends.min();
    if reads_now(compiled, verdict) {
        Some(request.now())
    } else {
        earliest
    }
}

/// When the state of the switches that are off gets too old.
fn switch_ends<'a>(part: &'a Policies, request: &'a Request, state: &'a State) -> impl Iterator<Item = i128> {
    let switches = part
        .switches
        .iter()
        .map(|&at| &part.rules[at as usize])
        .filter_map(|rule| match &rule.kind {
            Kind::Switch(switch) => Some((rule, switch.max_age?)),
            _ => None,
        });
    let concerned = switches.filter(|(rule, _)| applies(&part.documents[rule.document as usize], request));
    concerned.filter_map(|(rule, max_age)| {
        let known = state.switch(&name(part, rule))?;
        (!known.on).then_some(known.at? + max_age)
    })
}

fn name(part: &Policies, rule: &Rule) -> String {
    format!("{}/{}", part.documents[rule.document as usize].id, rule.id)
}

/// Whether a rule of the record asks what time it is; then the next instant may differ.
fn reads_now(compiled: &Compiled, verdict: &Verdict) -> bool {
    let Some(now) = compiled.set.schema().attribute_named("now") else {
        return false;
    };
    verdict.findings.iter().any(|finding| {
        let part = compiled.set.parts()[finding.rule.part as usize];
        conditions(part, compiled.set.rule(finding.rule)).any(|condition| reads(condition, now))
    })
}

fn conditions<'a>(part: &'a Policies, rule: &'a Rule) -> impl Iterator<Item = &'a Condition> {
    let criteria = match &rule.kind {
        Kind::Gate(criteria) => criteria.as_slice(),
        _ => &[],
    };
    let ids = rule
        .guard
        .iter()
        .copied()
        .chain(criteria.iter().map(|criterion| criterion.condition));
    ids.map(|id| &part.conditions[id.0 as usize])
}

fn reads(condition: &Condition, attribute: AttributeId) -> bool {
    condition.reads().any(|read| read == attribute)
}

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
        .chain(hours_end(compiled, request, verdict))
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
    rule.conditions().map(|id| &part.conditions[id.0 as usize])
}

/// When the hours of the week begin or end that a rule of what is asked for hangs on, whether it fired or not.
fn hours_end(compiled: &Compiled, request: &Request, verdict: &Verdict) -> Vec<i128> {
    let Some(now) = compiled.set.schema().attribute_named("now") else {
        return Vec::new();
    };
    let mut ends = Vec::new();
    for part in compiled.set.parts() {
        let rules = part.timed.iter().map(|&at| &part.rules[at as usize]);
        let named = |rule: &&Rule| {
            let kinds = verdict.effects.iter().filter_map(|effect| effect.kind());
            kinds
                .into_iter()
                .any(|kind| rule.actions.binary_search(&kind).is_ok())
        };
        for rule in rules.filter(named) {
            if applies(&part.documents[rule.document as usize], request) {
                let hours = conditions(part, rule).flat_map(|condition| condition.hours_of(now));
                ends.extend(hours.filter_map(|hours| hours.next_change(request.now())));
            }
        }
    }
    ends
}

fn reads(condition: &Condition, attribute: AttributeId) -> bool {
    condition.reads().any(|read| read == attribute)
}

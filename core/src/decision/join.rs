//! The verdict: what the rules that fired say, with approvals and obligations, joined over levels and effects. The join
//! only ever makes it stricter.

use std::collections::{BTreeMap, BTreeSet};

use smallvec::SmallVec;

use super::fire::{Finding, Match};
use super::refuse::Refusal;
use super::{Obligation, Requirement, Verdict, approve};
use crate::effect::Effects;
use crate::model::{self, Kind, PolicySet, RequirementRef};
use crate::outcome::Outcome;
use crate::request::Request;
use crate::schema::{ObligationClass, obligation_class};
use crate::source::Level;
use crate::value::{Fact, Value};

/// Joins everything.
pub(super) fn join(
    set: &PolicySet,
    request: &Request,
    effects: Effects,
    bound: Vec<Fact<Value>>,
    findings: SmallVec<[Finding; 4]>,
    mut refusals: Vec<Refusal>,
) -> Verdict {
    let requirements = requirements(set, request, &bound, &findings);
    let obligations = obligations(set, &findings, &requirements);
    let mut levels = [Outcome::Allowed; 8];
    for finding in &findings {
        raise(
            &mut levels,
            finding.level,
            contribution(set, finding, &requirements),
        );
    }
    refusals.extend(unmet(request, &obligations));
    // What the engine denies by itself counts to the platform.
    if !refusals.is_empty() {
        raise(&mut levels, Level::Platform, Outcome::Denied);
    }
    let outcome = levels.into_iter().max().unwrap_or(Outcome::Denied);
    Verdict {
        outcome,
        levels,
        effects,
        bound,
        findings,
        refusals,
        requirements,
        obligations,
    }
}

/// The verdict where the engine denies without looking at any rule.
pub(super) fn refused(effects: Effects, refusals: Vec<Refusal>) -> Verdict {
    let mut levels = [Outcome::Allowed; 8];
    levels[Level::Platform.index()] = Outcome::Denied;
    Verdict {
        outcome: Outcome::Denied,
        levels,
        effects,
        bound: Vec::new(),
        findings: SmallVec::new(),
        refusals,
        requirements: Vec::new(),
        obligations: Vec::new(),
    }
}

fn raise(levels: &mut [Outcome; 8], level: Level, outcome: Outcome) {
    levels[level.index()] = levels[level.index()].max(outcome);
}

/// What the rules ask for: each requirement once, by its name.
fn requirements(
    set: &PolicySet,
    request: &Request,
    bound: &[Fact<Value>],
    findings: &[Finding],
) -> Vec<Requirement> {
    let mut wanted: BTreeMap<&str, (RequirementRef, bool)> = BTreeMap::new();
    for finding in findings {
        if let Some((requirement, bypass)) = asks(set, finding) {
            wanted
                .entry(&set.requirement(requirement).id)
                .or_insert((requirement, bypass));
        }
    }
    let stand = |(requirement, bypass): (RequirementRef, bool)| {
        let standing = approve::standing(set.requirement(requirement), request, bound, set.schema());
        Requirement {
            requirement,
            standing,
            bypass,
        }
    };
    wanted.into_values().map(stand).collect()
}

/// The requirement that a finding asks for, and whether it is a way round a denial.
pub fn asks(set: &PolicySet, finding: &Finding) -> Option<(RequirementRef, bool)> {
    let part = finding.rule.part;
    let at = |requirement: u32, bypass: bool| Some((RequirementRef { part, requirement }, bypass));
    match (&set.rule(finding.rule).kind, finding.outcome) {
        (Kind::Ask(requirement), _) => at(*requirement, false),
        (
            Kind::Deny {
                unknown: Some(requirement),
                ..
            },
            Outcome::AskApproval,
        ) => at(*requirement, false),
        (
            Kind::Deny {
                bypass: Some(bypass), ..
            },
            Outcome::Denied,
        ) => at(bypass.requirement, true),
        _ => None,
    }
}

/// What a finding says once approvals are counted.
pub fn contribution(set: &PolicySet, finding: &Finding, requirements: &[Requirement]) -> Outcome {
    let Some((asked, bypass)) = asks(set, finding) else {
        return finding.outcome;
    };
    let id = &set.requirement(asked).id;
    let found = requirements
        .iter()
        .find(|known| set.requirement(known.requirement).id == *id);
    let outcome = found.map_or(finding.outcome, |requirement| requirement.standing.outcome());
    // The way round a denial denies until it is open.
    if bypass && outcome != Outcome::Allowed {
        Outcome::Denied
    } else {
        outcome
    }
}

fn obligations(set: &PolicySet, findings: &[Finding], requirements: &[Requirement]) -> Vec<Obligation> {
    let mut owed = Vec::new();
    for finding in findings.iter().filter(|finding| finding.fires(set)) {
        let rule = set.rule(finding.rule);
        let known = finding.matched == Match::Known;
        let mut owe = |what: model::Obligation| {
            owed.push(Obligation {
                owed: what,
                rule: finding.rule,
            })
        };
        // A bypass that is met leaves nothing of its rule but what is owed afterwards.
        if let Some(then) = lifted(set, finding, requirements) {
            then.iter().cloned().for_each(&mut owe);
            continue;
        }
        for what in &rule.obligations {
            let stands = known || obligation_class(&what.name) != Some(ObligationClass::Acts);
            owe(if stands {
                what.clone()
            } else {
                model::Obligation::bare("hold")
            });
        }
    }
    owed.sort();
    owed.dedup();
    owed
}

/// What is owed for a deny rule that a bypass lifts, where one does.
fn lifted<'a>(
    set: &'a PolicySet,
    finding: &Finding,
    requirements: &[Requirement],
) -> Option<&'a [model::Obligation]> {
    let (_, true) = asks(set, finding)? else {
        return None;
    };
    let Kind::Deny {
        bypass: Some(bypass), ..
    } = &set.rule(finding.rule).kind
    else {
        return None;
    };
    (contribution(set, finding, requirements) == Outcome::Allowed).then_some(bypass.then.as_slice())
}

/// What is owed and the host did not say it can do.
fn unmet(request: &Request, obligations: &[Obligation]) -> Vec<Refusal> {
    let capabilities = request.capabilities();
    if obligations.is_empty() {
        return Vec::new();
    }
    let unmet = obligations.iter().filter(|owed| {
        !capabilities
            .iter()
            .any(|capability| covers(capability, &owed.owed.name))
    });
    let unmet: BTreeSet<&str> = unmet.map(|owed| owed.owed.name.as_str()).collect();
    unmet.into_iter().map(Refusal::unmet).collect()
}

/// `*` covers everything, `notify:*` every `notify:` with a word after it.
pub(super) fn covers(capability: &str, obligation: &str) -> bool {
    let any = || match (capability.strip_suffix(":*"), obligation.split_once(':')) {
        (Some(prefix), Some((name, word))) => prefix == name && !word.is_empty(),
        _ => false,
    };
    capability == "*" || capability == obligation || any()
}

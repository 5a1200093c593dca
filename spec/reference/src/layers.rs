//! What the rules of one layer say of one effect (3.2 to 3.8, 7.2, 7.4, 7.5).

use std::collections::BTreeSet;

use bailiwick::machinery::decision::LimitState;
use bailiwick::machinery::model::{
    ConditionId, Document, Kind, Obligation, Policies, PolicySet, Requirement, Rule, Switch,
};
use bailiwick::machinery::request::{Subject, SubjectType};
use bailiwick::machinery::schema::{ObligationClass, obligation_class};
use bailiwick::machinery::value::{Fact, Tri};
use bailiwick::{Level, Request, State};

use crate::limits::{self, Counted};
use crate::sight::{self, Sight};

/// A rule with the place that it has.
#[derive(Clone, Copy)]
pub(crate) struct Placed<'a> {
    pub(crate) rule: &'a Rule,
    pub(crate) document: &'a Document,
    pub(crate) policies: &'a Policies,
    /// Its place among all rules of the set: which of the set's two parts, and where in it.
    pub(crate) place: (usize, usize),
}

/// What one rule says of one effect.
#[derive(Clone)]
pub(crate) struct Said<'a> {
    pub(crate) by: Placed<'a>,
    pub(crate) effect: u32,
    /// The value of its guard.
    pub(crate) guard: Tri,
    pub(crate) says: Says<'a>,
    /// What is owed for it, unless it is a deny rule whose bypass is met.
    pub(crate) owed: BTreeSet<Obligation>,
    /// The attributes that left it unknown (7.8).
    pub(crate) unknowns: BTreeSet<String>,
}

/// 3.7: whether a criterion is among the `criteria`, and not among the `reports`.
pub(crate) type Blocks = bool;

/// The columns of the table of 7.5.
#[derive(Clone)]
pub(crate) enum Says<'a> {
    /// An `allow` or `only` rule that is true, or the platform's `default: allow` where it grants.
    Grants,
    /// An `only` rule of a layer in which none is true.
    Closes,
    /// Denied, and no approval lifts it.
    Denies,
    /// A requirement.
    Asks(&'a Requirement),
    /// A deny rule with a bypass: the requirement, and what is owed where it is met.
    Bypass(&'a Requirement, &'a [Obligation]),
    /// A gate whose guard is true or unknown, with its criteria. It fires unless all of them are true.
    Gate(Vec<(String, Tri, Blocks)>),
    /// A `require` rule.
    Owes,
    /// A limit, with what the effect adds; what that comes to is known after the last effect.
    Counts(Counted<'a>),
    /// A limit, with what all effects come to.
    Limit(LimitState),
}

impl Says<'_> {
    /// 3.7: a gate fires where some criterion is not true; 14.4: a limit where it is not within. Whatever else is said here has fired, or granted, or closed.
    pub(crate) fn fires(&self) -> bool {
        match self {
            Says::Gate(criteria) => {
                let shuts = |(_, holds, blocks): &(String, Tri, Blocks)| *blocks && *holds != Tri::True;
                criteria.iter().any(shuts)
            }
            Says::Limit(state) => *state != LimitState::Within,
            _ => true,
        }
    }
}

/// 2.2, 7.1: the rules and switches of the documents of a level that apply, without those that have expired (3.1).
pub(crate) fn layer<'a>(set: &'a PolicySet, request: &Request, level: Level) -> Vec<Placed<'a>> {
    let mut layer = Vec::new();
    for (part, policies) in set.parts().into_iter().enumerate() {
        for (at, rule) in policies.rules.iter().enumerate() {
            let document = &policies.documents[rule.document as usize];
            let expired = rule.expires.is_some_and(|end| end <= request.now());
            if document.level == level && sight::applies(document, request) && !expired {
                layer.push(Placed {
                    rule,
                    document,
                    policies,
                    place: (part, at),
                });
            }
        }
    }
    layer
}

/// 3.3: whether a rule names the kind of an effect.
fn names(placed: &Placed<'_>, sight: &Sight<'_>) -> bool {
    sight
        .effect
        .kind()
        .is_some_and(|kind| placed.rule.actions.contains(&kind))
}

/// 3.5: the guard of a rule on an effect. The model holds it as the list of its parts.
fn guard(placed: &Placed<'_>, sight: &Sight<'_>) -> Tri {
    placed
        .rule
        .guard
        .iter()
        .fold(Tri::True, |all, part| all.and(holds(placed, *part, sight)))
}

fn holds(placed: &Placed<'_>, condition: ConditionId, sight: &Sight<'_>) -> Tri {
    placed.policies.conditions[condition.0 as usize].eval(sight)
}

fn unknowns(placed: &Placed<'_>, conditions: &[ConditionId], sight: &Sight<'_>) -> BTreeSet<String> {
    let of = |condition: &ConditionId| {
        placed.policies.conditions[condition.0 as usize].unknowns(sight, &placed.policies.schema)
    };
    conditions.iter().flat_map(of).collect()
}

/// 7.4, cases 1 and 2: whether the platform grants an effect without looking at another.
pub(crate) fn granted_by_itself(layer: &[Placed<'_>], sight: &Sight<'_>) -> bool {
    let allows = || {
        layer
            .iter()
            .filter(|placed| matches!(placed.rule.kind, Kind::Allow) && names(placed, sight))
    };
    if allows().any(|placed| guard(placed, sight) == Tri::True) {
        return true;
    }
    allows().next().is_none() && layer.iter().any(|placed| opens(placed, sight))
}

/// 7.4, case 2: `default: allow`, and a built-in action.
fn opens(placed: &Placed<'_>, sight: &Sight<'_>) -> bool {
    let built_in = sight
        .effect
        .kind()
        .is_some_and(|kind| !sight.set.schema().action(kind).extension);
    matches!(placed.rule.kind, Kind::Default) && built_in
}

/// 7.4, case 3: whether some `allow` or `only` rule of the layer names the kind of an effect.
pub(crate) fn granting_rule_names(layer: &[Placed<'_>], sight: &Sight<'_>) -> bool {
    layer
        .iter()
        .any(|placed| matches!(placed.rule.kind, Kind::Allow | Kind::Only) && names(placed, sight))
}

/// 7.5: the verdict of a layer on an effect, as a list of what its rules say.
pub(crate) fn verdict<'a>(layer: &[Placed<'a>], state: &State, sight: &Sight<'_>, at: u32) -> Vec<Said<'a>> {
    let only_rules = || {
        layer
            .iter()
            .filter(|placed| matches!(placed.rule.kind, Kind::Only) && names(placed, sight))
    };
    let passed = only_rules().any(|placed| guard(placed, sight) == Tri::True);
    let default_grants = granted_by_itself(layer, sight)
        && !layer
            .iter()
            .any(|placed| matches!(placed.rule.kind, Kind::Allow) && names(placed, sight));
    let mut said = Vec::new();
    for placed in layer {
        let guard = guard(placed, sight);
        let says = match &placed.rule.kind {
            Kind::Default => (default_grants && opens(placed, sight)).then_some(Says::Grants),
            _ if !names(placed, sight) => None,
            Kind::Allow => (guard == Tri::True).then_some(Says::Grants),
            Kind::Only if guard == Tri::True => Some(Says::Grants),
            Kind::Only => (!passed).then_some(Says::Closes),
            _ if guard == Tri::False => None,
            restricting => restricts(placed, restricting, guard, state, sight),
        };
        if let Some(says) = says {
            let owed = owed_for(placed.rule, &says, guard);
            let unknowns = left_unknown(placed, &says, guard, sight);
            said.push(Said {
                by: *placed,
                effect: at,
                guard,
                says,
                owed,
                unknowns,
            });
        }
    }
    said
}

/// 3.6, 3.7, 3.8, 7.5: what a restricting rule says whose guard is true or unknown.
fn restricts<'a>(
    placed: &Placed<'a>,
    kind: &'a Kind,
    guard: Tri,
    state: &State,
    sight: &Sight<'_>,
) -> Option<Says<'a>> {
    let requirement = |at: u32| &placed.policies.requirements[at as usize];
    match kind {
        Kind::Ask(asked) => Some(Says::Asks(requirement(*asked))),
        Kind::Deny {
            unknown: Some(asked), ..
        } if guard == Tri::Unknown => Some(Says::Asks(requirement(*asked))),
        Kind::Deny {
            bypass: Some(bypass), ..
        } => Some(Says::Bypass(requirement(bypass.requirement), &bypass.then)),
        Kind::Deny { .. } => Some(Says::Denies),
        Kind::Require => Some(Says::Owes),
        Kind::Limit(limit) => Some(Says::Counts(limits::counted(limit, sight))),
        Kind::Switch(switch) => {
            let on = is_on(placed, switch, state, sight.request);
            let says = if switch.denies { Says::Denies } else { Says::Owes };
            (on && !never_denied_by_switch(sight)).then_some(says)
        }
        Kind::Gate(criteria) => {
            let states = criteria
                .iter()
                .map(|one| (one.name.clone(), holds(placed, one.condition, sight), one.blocks));
            Some(Says::Gate(states.collect()))
        }
        Kind::Allow | Kind::Default | Kind::Only => None,
    }
}

/// 3.8: whether a switch is on.
fn is_on(placed: &Placed<'_>, switch: &Switch, state: &State, request: &Request) -> bool {
    let entry = state.switch(&format!("{}/{}", placed.document.id, placed.rule.id));
    if switch.on || entry.is_some_and(|entry| entry.on) {
        return true;
    }
    match (switch.max_age, entry.and_then(|entry| entry.at)) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(max_age), Some(at)) => request.now() < at || max_age < request.now() - at,
    }
}

/// 3.8: what no switch denies.
fn never_denied_by_switch(sight: &Sight<'_>) -> bool {
    let kind = sight
        .effect
        .kind()
        .map(|kind| sight.set.schema().action(kind).name.as_str());
    match kind {
        Some("audit.read" | "run.cancel") => true,
        Some("change.rollback") => {
            Subject::least_trusted(sight.request.chain()) == Fact::Known(SubjectType::Human)
        }
        Some(name) => name.starts_with("emergency_stop."),
        None => false,
    }
}

/// 7.7: what is owed for what a rule says of one effect.
pub(crate) fn owed_for(rule: &Rule, says: &Says<'_>, guard: Tri) -> BTreeSet<Obligation> {
    if matches!(says, Says::Closes | Says::Counts(_)) || !says.fires() {
        return BTreeSet::new();
    }
    if guard == Tri::True {
        return rule.obligations.iter().cloned().collect();
    }
    let acts = |owed: &&Obligation| obligation_class(&owed.name) == Some(ObligationClass::Acts);
    let mut owed: BTreeSet<Obligation> = rule
        .obligations
        .iter()
        .filter(|owed| !acts(owed))
        .cloned()
        .collect();
    if rule.obligations.iter().any(|owed| acts(&owed)) {
        owed.insert(Obligation::bare("hold"));
    }
    owed
}

/// 7.8: the attributes that leave unknown the guard of a rule which fired with guard unknown, the missing criteria of a gate
/// which fired, or an `only` rule which denied.
fn left_unknown(placed: &Placed<'_>, says: &Says<'_>, guard: Tri, sight: &Sight<'_>) -> BTreeSet<String> {
    if !says.fires() {
        return BTreeSet::new();
    }
    let mut conditions = Vec::new();
    if guard == Tri::Unknown {
        conditions.extend(&placed.rule.guard);
    }
    if let (Says::Gate(states), Kind::Gate(criteria)) = (says, &placed.rule.kind) {
        let missing = criteria
            .iter()
            .zip(states)
            .filter(|(_, (_, holds, blocks))| *blocks && *holds == Tri::Unknown);
        conditions.extend(missing.map(|(criterion, _)| criterion.condition));
    }
    let mut names = unknowns(placed, &conditions, sight);
    if let Kind::Limit(limit) = &placed.rule.kind {
        names.extend(limits::unknown_names(limit, sight));
    }
    names
}

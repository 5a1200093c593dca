//! The answer: what each rule says of each effect, joined over levels and effects (spec/07-decisions.md). Knows the model,
//! the tree and the request; nothing of files, of JSON Schemas or of how an answer is kept.
//!
//! - `fire` walks the trees and collects the rules that match;
//! - `refuse` is what the engine denies by itself, before any rule;
//! - `limit` adds up what is used;
//! - `approve` holds approvals against requirements;
//! - `join` makes the verdict out of all that;
//! - `change` looks for the smallest change that would make the answer allowed.

mod fire;
mod refuse;
mod matching;
mod approve;
mod switch;
mod limit;
mod join;
mod change;
mod horizon;

use std::sync::Arc;

use smallvec::SmallVec;

use crate::digest::Digest;
use crate::effect::Effects;
use crate::model::{PolicySet, RequirementRef, RuleRef};
use crate::outcome::Outcome;
use crate::request::{Declared, Request, State, vocabulary};
use crate::schema::AttributeId;
use crate::source::Level;
use crate::tree::Tree;
use crate::value::{Fact, Tri, Value};

pub use approve::{Note, Standing};
pub use change::{Change, all_in_words};
pub use fire::{CriterionState, Finding, Match, Sight, applies, guard};
pub use join::{asks, contribution};
pub use limit::{Figure, LimitState};
pub use refuse::{Refusal, RefusalKind};

/// A policy set with the trees over its two parts.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The policies.
    pub set: PolicySet,
    /// A tree for each part, the platform's first.
    pub trees: [Arc<Tree>; 2],
}

/// An answer with all that it rests on.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The strictest of all.
    pub outcome: Outcome,
    /// Each level's own, by [`Level::index`].
    pub levels: [Outcome; 8],
    /// The effects of the request.
    pub effects: Effects,
    /// What the request says of the policy set's own attributes.
    pub bound: Vec<Fact<Value>>,
    /// What each rule that fired says, in the order of records.
    pub findings: SmallVec<[Finding; 4]>,
    /// What the engine denies by itself.
    pub refusals: Vec<Refusal>,
    /// The requirements with how they stand, in the order of their names.
    pub requirements: Vec<Requirement>,
    /// What is owed, and by which finding.
    pub obligations: Vec<Obligation>,
}

/// A requirement that rules of this decision ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Which.
    pub requirement: RequirementRef,
    /// How it stands.
    pub standing: Standing,
    /// Whether it is the way round a deny rule, so that it denies until it is met.
    pub bypass: bool,
}

/// Something that the host owes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obligation {
    /// What, and what bounds it.
    pub owed: crate::model::Obligation,
    /// The rule that adds it.
    pub rule: RuleRef,
}

/// Decides. Cannot fail: what cannot be read is unknown, and unknown is strict.
pub fn decide(compiled: &Compiled, request: &Request, state: &State) -> Verdict {
    let schema = compiled.set.schema();
    let (bound, unfit) = match request.bind(schema, &|attribute| declared(&compiled.set, attribute, request))
    {
        Ok(bound) => (bound, Vec::new()),
        Err(problems) => (Vec::new(), problems),
    };
    let effects = Effects::of(request, schema);
    let mut refusals = refuse::refusals(compiled, request, &effects, unfit);
    if refusals
        .iter()
        .any(|refusal| refusal.kind.leaves_nothing_to_decide())
    {
        return join::join(&compiled.set, request, effects, bound, SmallVec::new(), refusals);
    }
    let (findings, closed) = fire::fire(compiled, request, state, &effects, &bound);
    if !closed.is_empty() {
        refusals.push(Refusal::closed(&closed, &effects, &compiled.set));
    }
    join::join(&compiled.set, request, effects, bound, findings, refusals)
}

/// Who declares an attribute of the set, seen from a request.
pub fn declared(set: &PolicySet, attribute: AttributeId, request: &Request) -> Declared {
    if usize::from(attribute.0) < set.platform.schema.attributes().len() {
        return Declared::Always;
    }
    let own = &set.own;
    let mut by = own
        .declared
        .iter()
        .filter(|(known, _)| *known == attribute)
        .map(|(_, document)| *document);
    let applies = by.any(|document| applies(&own.documents[document as usize], request));
    if applies {
        Declared::Here
    } else {
        Declared::Elsewhere
    }
}

/// The answer to a request for which there is no policy set.
pub fn without_policies(request: &Request, refusal: Refusal) -> Verdict {
    let mut refusals = vec![refusal];
    refuse::tenant_boundary(request, &mut refusals);
    join::refused(Effects::of(request, &vocabulary().schema), refusals)
}

/// The smallest change to a request that would make the answer allowed; see [`Change`].
pub fn changes(compiled: &Compiled, request: &Request, state: &State) -> Vec<Change> {
    change::changes(compiled, request, state)
}

/// Until when an answer stands if nothing else changes, in nanoseconds since 1970.
pub fn valid_until(compiled: &Compiled, request: &Request, state: &State, verdict: &Verdict) -> Option<i128> {
    horizon::valid_until(compiled, request, state, verdict)
}

/// Whether something denies that no approval can lift.
pub fn denied_for_good(set: &PolicySet, verdict: &Verdict) -> bool {
    let open_bypass = |finding: &Finding| {
        let asked = asks(set, finding)
            .filter(|(_, bypass)| *bypass)
            .map(|(asked, _)| &set.requirement(asked).id);
        asked.is_some_and(|id| {
            let known = verdict
                .requirements
                .iter()
                .find(|known| set.requirement(known.requirement).id == *id);
            known.is_some_and(|known| matches!(known.standing, Standing::Outstanding { .. }))
        })
    };
    let denies = |finding: &Finding| contribution(set, finding, &verdict.requirements) == Outcome::Denied;
    !verdict.refusals.is_empty()
        || verdict
            .findings
            .iter()
            .any(|finding| denies(finding) && !open_bypass(finding))
}

/// Whether a switch is on (spec/03-rules.md, 3.8).
pub fn switch_is_on(name: &str, switch: &crate::model::Switch, state: &State, request: &Request) -> bool {
    switch::is_on(name, switch, state, request)
}

/// What rules of a level see of an effect.
pub fn sight<'a>(
    compiled: &'a Compiled,
    request: &'a Request,
    verdict: &'a Verdict,
    level: Level,
    effect: usize,
) -> Sight<'a> {
    let overlay = if level < Level::Repository {
        None
    } else {
        fire::overlay(compiled, request)
    };
    let (effect, bound, schema) = (&verdict.effects[effect], &verdict.bound, compiled.set.schema());
    Sight {
        request,
        effect,
        bound,
        schema,
        overlay,
    }
}

/// Whether a rule by itself matches an effect, whomever its document speaks for.
pub fn holds(
    compiled: &Compiled,
    request: &Request,
    effects: &Effects,
    bound: &[Fact<Value>],
    rule: RuleRef,
    at: usize,
) -> Tri {
    let (effect, schema) = (&effects[at], compiled.set.schema());
    let level = compiled.set.document_of(rule).level;
    let overlay = if level < Level::Repository {
        None
    } else {
        fire::overlay(compiled, request)
    };
    let known = compiled.set.rule(rule);
    if effect
        .kind()
        .is_none_or(|kind| known.actions.binary_search(&kind).is_err())
    {
        return Tri::False;
    }
    let sight = Sight {
        request,
        effect,
        bound,
        schema,
        overlay,
    };
    fire::guard(known, compiled.set.parts()[rule.part as usize], &sight)
}

/// The hash that an approval must name.
pub fn operation_hash(request: &Request) -> Digest {
    Digest::of_json(&request.operation())
}

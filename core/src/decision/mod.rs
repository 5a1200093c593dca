//! The answer: what each rule says of each effect, joined over levels and effects (spec/07-decisions.md). Knows the model,
//! the tree and the request; nothing of files, of JSON Schemas or of how an answer is kept.
//!
//! - `fire` walks the trees and collects the rules that match;
//! - `refuse` is what the engine denies by itself, before any rule;
//! - `approve` holds approvals against requirements;
//! - `join` makes the verdict out of all that;
//! - `change` looks for the smallest change that would make the answer allowed.

mod fire;
mod refuse;
mod matching;
mod approve;
mod switch;
mod join;
mod change;
mod horizon;

use std::sync::Arc;

use smallvec::SmallVec;

use crate::digest::Digest;
use crate::effect::Effects;
use crate::model::{PolicySet, RequirementRef, RuleRef};
use crate::outcome::Outcome;
use crate::request::{Request, State};
use crate::schema::Schema;
use crate::source::Level;
use crate::tree::Tree;
use crate::value::{Fact, Value};

pub use approve::Standing;
pub use change::Change;
pub use fire::{CriterionState, Finding, Match};
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
    /// `audit`, `notify:security`.
    pub name: String,
    /// The rule that adds it.
    pub rule: RuleRef,
}

/// Decides. Cannot fail: what cannot be read is unknown, and unknown is strict.
pub fn decide(compiled: &Compiled, request: &Request, state: &State) -> Verdict {
    let schema = compiled.set.schema();
    let (bound, unfit) = match request.bind(schema) {
        Ok(bound) => (bound, Vec::new()),
        Err(problems) => (Vec::new(), problems),
    };
    let effects = Effects::of(request, schema);
    let mut refusals = refuse::refusals(compiled, request, unfit);
    if refusals.iter().any(|refusal| refusal.kind.leaves_nothing_to_decide()) {
        return join::join(&compiled.set, request, effects, bound, SmallVec::new(), refusals);
    }
    let (findings, closed) = fire::fire(compiled, request, state, &effects, &bound);
    if !closed.is_empty() {
        refusals.push(Refusal::closed(closed, &effects, schema));
    }
    join::join(&compiled.set, request, effects, bound, findings, refusals)
}

/// The answer to a request for which there is no policy set.
pub fn without_policies(request: &Request, refusal: Refusal) -> Verdict {
    join::refused(Effects::of(request, &Schema::builtin()), refusal)
}

/// The smallest change to a request that would make the answer allowed; see [`Change`].
pub fn changes(compiled: &Compiled, request: &Request, state: &State) -> Vec<Change> {
    change::changes(compiled, request, state)
}

/// Until when an answer stands if nothing else changes, in nanoseconds since 1970.
pub fn valid_until(compiled: &Compiled, request: &Request, state: &State, verdict: &Verdict) -> Option<i128> {
    horizon::valid_until(compiled, request, state, verdict)
}

/// The hash that an approval must name.
pub fn operation_hash(request: &Request) -> Digest {
    Digest::of_json(&request.operation())
}

//! The reference evaluator: chapters 02, 03, 07 and 08 of the specification as a program, written from the text alone.
//! Every document and every rule is looked at for every effect, every slot is tried with every person; nothing is
//! remembered, nothing is left out because it cannot matter.
//!
//! It shares with the engine what stands before the decision: the checked model, the effects of a request, what a
//! request binds, and conditions. It knows neither the tree nor the decision module, and it is compared with them
//! through the record.

#![forbid(unsafe_code)]

mod answer;
mod approvals;
mod denials;
mod layers;
mod limits;
mod sight;

use std::collections::BTreeSet;

use bailiwick::machinery::effect::Effects;
use bailiwick::machinery::model::PolicySet;
use bailiwick::{Level, Outcome, Request, State};

pub use answer::{Answer, Matched};
pub use approvals::{Standing, standing};

use answer::Verdict;
use denials::Denial;

/// 7.1, the overview: the answer to a request under the policy sets of an engine and a state.
pub fn decide(sets: &[&PolicySet], request: &Request, state: &State) -> Answer {
    let Some(set) = set_of(sets, request) else {
        let mut before = denials::tenant_boundary(request);
        before.push(Denial::of("unknown_tenant"));
        return Verdict::default().denied_by(before);
    };
    let (bound, unfit) = match request.bind(set.schema(), &|attribute| {
        sight::declared(set, attribute, request)
    }) {
        Ok(bound) => (bound, false),
        Err(_) => (Vec::new(), true),
    };
    let before = denials::before_rules(set, request, unfit);
    let ends = ["unknown_tenant", "invalid_request", "unknown_action"];
    if before.iter().any(|denial| ends.contains(&denial.rule)) {
        return Verdict::default().denied_by(before);
    }
    let effects = Effects::of(request, set.schema());
    let mut said = Vec::new();
    let mut closed = BTreeSet::new();
    for level in Level::ALL {
        let layer = layers::layer(set, request, level);
        for at in 0..effects.len() {
            let sight = sight::Sight {
                set,
                request,
                level,
                effect: &effects[at],
                bound: &bound,
            };
            said.extend(layers::verdict(&layer, state, &sight, at as u32));
            if level == Level::Platform && !granted(&layer, &effects, at, &sight) {
                closed.insert(at as u32);
            }
        }
    }
    let mut denials = before;
    if !closed.is_empty() {
        denials.push(Denial {
            on: closed.into_iter().collect(),
            ..Denial::of("closed")
        });
    }
    Verdict { said, denials }.answer(set, request, &bound)
}

/// 2.4: a request has one tenant; unsaid and null both select the set without tenant.
fn set_of<'a>(sets: &[&'a PolicySet], request: &Request) -> Option<&'a PolicySet> {
    let tenant = request.tenant().known();
    sets.iter().copied().find(|set| set.tenant.as_deref() == tenant)
}

/// 7.4: whether the platform grants an effect. By case 3 a derived effect looks at the request's own, which is the first.
fn granted(layer: &[layers::Placed<'_>], effects: &Effects, at: usize, sight: &sight::Sight<'_>) -> bool {
    if layers::granted_by_itself(layer, sight) {
        return true;
    }
    let own = sight::Sight {
        effect: &effects[0],
        ..*sight
    };
    effects[at].derived()
        && !layers::granting_rule_names(layer, sight)
        && layers::granted_by_itself(layer, &own)
}

/// The outcome of a join (2.5): the greater.
fn join(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
    outcomes.into_iter().max().unwrap_or(Outcome::Allowed)
}

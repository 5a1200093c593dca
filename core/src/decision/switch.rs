//! Switches: whether one is on, and what none of them denies (spec/03-rules.md, 3.8).

use crate::model::Switch;
use crate::request::{Request, State, Subject, SubjectType};
use crate::value::Fact;

/// Whether no switch denies a request: a rollback that a human asks for. The other ways out of an emergency are left out
/// of every switch when it is loaded.
pub(super) fn exempt(request: &Request) -> bool {
    let human = || Subject::least_trusted(request.chain()) == Fact::Known(SubjectType::Human);
    request.action() == "change.rollback" && human()
}

/// A switch is on if the file or the state says so. Where the policy awaits the state, one that is missing, too old or
/// from the future is on.
pub(super) fn is_on(name: &str, switch: &Switch, state: &State, request: &Request) -> bool {
    let entry = state.switch(name);
    if switch.on || entry.is_some_and(|entry| entry.on) {
        return true;
    }
    let Some(max_age) = switch.max_age else {
        return false;
    };
    let seen = entry.and_then(|entry| entry.at);
    !seen.is_some_and(|at| at <= request.now() && request.now() - at <= max_age)
}

//! Switches: whether one is on, and what none of them denies (spec/03-rules.md, switches).

use crate::model::Switch;
use crate::request::{Request, State, Subject, SubjectType};
use crate::value::Fact;

/// What a switch never denies: the ways out of an emergency.
const NEVER: [&str; 4] = ["emergency_stop.activate", "emergency_stop.deactivate", "audit.read", "run.cancel"];

/// Whether a request is one that no switch denies. A rollback counts where a human asks for it.
pub(super) fn exempt(request: &Request) -> bool {
    let human = || Subject::least_trusted(request.chain()) == Fact::Known(SubjectType::Human);
    NEVER.contains(&request.action()) || (request.action() == "change.rollback" && human())
}

/// A switch is on if the file or the state says so. Where the policy awaits the state, a state that is missing, too old or
/// from the future is on, and so is one that does not speak of the switch.
pub(super) fn is_on(name: &str, switch: &Switch, state: &State, request: &Request) -> bool {
    let said = state.switch(name);
    if switch.on || said == Some(true) {
        return true;
    }
    let Some(max_age) = switch.max_age else { return false };
    let fresh = state.as_of().is_some_and(|as_of| as_of <= request.now() && request.now() <= as_of + max_age);
    !fresh || said.is_none()
}

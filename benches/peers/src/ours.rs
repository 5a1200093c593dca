//! Bailiwick. Every question is one request, also where it is a command: the engine reads it, and no one tells it the effects.

use bailiwick::{Engine, Request, State};
use bailiwick_benches::contest::{Contest, ours};

use crate::Player;

/// The engine.
///
/// # Errors
/// What is wrong with the policies or a request.
pub fn player(contest: &Contest) -> Result<Player, String> {
    let engine = Engine::load(ours::sources(contest)).map_err(|found| found.to_string())?;
    let read = |ask| Request::from_json(&ours::request(ask).to_string()).map_err(|wrong| wrong.to_string());
    let requests: Vec<Request> = contest.asks.iter().map(read).collect::<Result<_, _>>()?;
    let state = State::none();
    let decide = move |at: usize| engine.decide(&requests[at], &state).outcome();
    Ok(Player {
        decide: Box::new(decide),
    })
}

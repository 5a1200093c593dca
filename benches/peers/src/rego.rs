//! Rego by `regorus`, as rules and as data.

use bailiwick::Outcome;
use bailiwick_benches::contest::{Contest, rego};
use regorus::{Engine, Value};

use crate::Player;

const ASKED: &str = "data.contest.decision";

/// A rule for each rule.
///
/// # Errors
/// What regorus says against a module.
pub fn player(contest: &Contest) -> Result<Player, String> {
    let mut engine = Engine::new();
    for (number, module) in rego::modules(contest).into_iter().enumerate() {
        let added = engine.add_policy(format!("rules-{number}.rego"), module);
        added.map_err(|error| error.to_string())?;
    }
    over(engine, contest)
}

/// The rules as data, nested by scope and action.
///
/// # Errors
/// What regorus says against the policy.
pub fn over_data(contest: &Contest) -> Result<Player, String> {
    let mut engine = Engine::new();
    let added = engine.add_policy("policy.rego".to_owned(), rego::OVER_DATA.to_owned());
    added.map_err(|error| error.to_string())?;
    let data = Value::from_json_str(&rego::data(contest).to_string()).map_err(|error| error.to_string())?;
    engine.add_data(data).map_err(|error| error.to_string())?;
    over(engine, contest)
}

fn over(mut engine: Engine, contest: &Contest) -> Result<Player, String> {
    let mut inputs = Vec::new();
    for ask in &contest.asks {
        let read = |effect| Value::from_json_str(&rego::input(ask, effect).to_string());
        let of_ask: Result<Vec<Value>, _> = ask.effects.iter().map(read).collect();
        inputs.push(of_ask.map_err(|error| error.to_string())?);
    }
    // The first question prepares the modules; that is loading.
    engine.set_input(inputs[0][0].clone());
    engine
        .eval_rule(ASKED.to_owned())
        .map_err(|error| error.to_string())?;
    let decide = move |at: usize| {
        let answers = inputs[at].iter().map(|input| {
            engine.set_input(input.clone());
            match engine.eval_rule(ASKED.to_owned()) {
                Ok(Value::String(answer)) if &*answer == "allowed" => Outcome::Allowed,
                Ok(Value::String(answer)) if &*answer == "ask_approval" => Outcome::AskApproval,
                _ => Outcome::Denied,
            }
        });
        answers.max().unwrap_or(Outcome::Denied)
    };
    Ok(Player {
        decide: Box::new(decide),
    })
}

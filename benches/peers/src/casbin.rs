//! `casbin`: an enforcer of what is denied, and one of what is asked, which is asked where the first says nothing.

use bailiwick::Outcome;
use bailiwick_benches::contest::{Contest, casbin as texts};
use casbin::function_map::{OperatorFunction, dynamic_to_str};
use casbin::{CoreApi, DefaultModel, Enforcer, StringAdapter};

use crate::Player;

/// Both enforcers.
///
/// # Errors
/// What casbin says against the model or the rows.
pub fn player(contest: &Contest) -> Result<Player, String> {
    let enforcer = |answer| pollster::block_on(enforcer(texts::rows(contest, answer)));
    let (denied, asked) = (enforcer(Outcome::Denied)?, enforcer(Outcome::AskApproval)?);
    let requests: Vec<Vec<Vec<String>>> = contest
        .asks
        .iter()
        .map(|ask| {
            ask.effects
                .iter()
                .map(|effect| texts::request(ask, effect))
                .collect()
        })
        .collect();
    // An error lets nothing through.
    let open =
        |enforcer: &Enforcer, request: &Vec<String>| enforcer.enforce(request.clone()).unwrap_or(false);
    let decide = move |at: usize| {
        if !requests[at].iter().all(|request| open(&denied, request)) {
            Outcome::Denied
        } else if !requests[at].iter().all(|request| open(&asked, request)) {
            Outcome::AskApproval
        } else {
            Outcome::Allowed
        }
    };
    Ok(Player {
        decide: Box::new(decide),
    })
}

async fn enforcer(rows: String) -> Result<Enforcer, String> {
    let model = DefaultModel::from_str(texts::MODEL)
        .await
        .map_err(|error| error.to_string())?;
    let made = Enforcer::new(model, StringAdapter::new(rows)).await;
    let mut enforcer = made.map_err(|error| error.to_string())?;
    let ending = OperatorFunction::Arg2(|path, end| {
        dynamic_to_str(&path)
            .ends_with(dynamic_to_str(&end).as_ref())
            .into()
    });
    let over = OperatorFunction::Arg2(|amount, most| {
        let figure = |text: &str| text.parse::<u32>().ok();
        let (amount, most) = (figure(&dynamic_to_str(&amount)), figure(&dynamic_to_str(&most)));
        (most < amount).into()
    });
    enforcer.add_function("ending", ending);
    enforcer.add_function("over", over);
    Ok(enforcer)
}

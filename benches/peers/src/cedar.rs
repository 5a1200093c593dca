//! `cedar-policy`, in two ways: all policies in one set, and the way of experts, who keep a small set for every repository and
//! action and look it up themselves.

use std::collections::{BTreeSet, HashMap};

use bailiwick::Outcome;
use bailiwick_benches::contest::{Ask, Contest, Rule, Scope, cedar};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, Policy, PolicyId, PolicySet, Request,
};

use crate::Player;

/// Questions as Cedar's own values: the entities of each, and a request for each effect.
struct Asked {
    entities: Entities,
    requests: Vec<Request>,
}

/// All policies in one set.
///
/// # Errors
/// What Cedar says against a text.
pub fn player(contest: &Contest) -> Result<Player, String> {
    let policies: PolicySet = cedar::policies(contest).parse().map_err(said)?;
    let asked = asked(contest)?;
    let authorizer = Authorizer::new();
    let decide = move |at: usize| {
        let Asked { entities, requests } = &asked[at];
        let answers = requests
            .iter()
            .map(|request| answer(&authorizer, request, &policies, entities));
        answers.max().unwrap_or(Outcome::Denied)
    };
    Ok(Player {
        decide: Box::new(decide),
    })
}

/// A set for every repository and action, found by a hash.
///
/// # Errors
/// What Cedar says against a text.
pub fn indexed(contest: &Contest) -> Result<Player, String> {
    let index = index(&contest.rules)?;
    let asked = asked(contest)?;
    let keys: Vec<(usize, Vec<&'static str>)> = contest
        .asks
        .iter()
        .map(|ask| {
            (
                ask.repository,
                ask.effects.iter().map(|effect| effect.action).collect(),
            )
        })
        .collect();
    let open: PolicySet = cedar::PERMIT.parse().map_err(said)?;
    let authorizer = Authorizer::new();
    let decide = move |at: usize| {
        let (Asked { entities, requests }, (repository, actions)) = (&asked[at], &keys[at]);
        let answers = requests.iter().zip(actions).map(|(request, action)| {
            let policies = index.get(&(*repository, *action)).unwrap_or(&open);
            answer(&authorizer, request, policies, entities)
        });
        answers.max().unwrap_or(Outcome::Denied)
    };
    Ok(Player {
        decide: Box::new(decide),
    })
}

fn index(rules: &[Rule]) -> Result<HashMap<(usize, &'static str), PolicySet>, String> {
    let mut by_scope: HashMap<(Scope, &'static str), Vec<Policy>> = HashMap::new();
    let mut actions: BTreeSet<&'static str> = BTreeSet::new();
    let mut repositories: BTreeSet<usize> = BTreeSet::new();
    for (number, rule) in rules.iter().enumerate() {
        let mut text = String::new();
        cedar::policy(&mut text, rule);
        let policy = Policy::parse(Some(PolicyId::new(format!("r{number}"))), text).map_err(said)?;
        by_scope
            .entry((rule.scope, rule.action))
            .or_default()
            .push(policy);
        actions.insert(rule.action);
        if let Scope::Repository(repository) = rule.scope {
            repositories.insert(repository);
        }
    }
    let permit = Policy::parse(Some(PolicyId::new("open")), cedar::PERMIT).map_err(said)?;
    let mut index = HashMap::new();
    for repository in repositories {
        for action in &actions {
            let scopes = Scope::above(repository);
            let own = scopes
                .iter()
                .filter_map(|scope| by_scope.get(&(*scope, *action)))
                .flatten();
            let policies = own.cloned().chain([permit.clone()]);
            index.insert(
                (repository, *action),
                PolicySet::from_policies(policies).map_err(said)?,
            );
        }
    }
    Ok(index)
}

/// A denial whose policies all ask is an asking one.
fn answer(authorizer: &Authorizer, request: &Request, policies: &PolicySet, entities: &Entities) -> Outcome {
    let response = authorizer.is_authorized(request, policies, entities);
    if response.decision() == Decision::Allow {
        return Outcome::Allowed;
    }
    let mut reasons = response.diagnostics().reason();
    match reasons.all(|id| policies.annotation(id, "effect") == Some("ask")) {
        true => Outcome::AskApproval,
        false => Outcome::Denied,
    }
}

fn asked(contest: &Contest) -> Result<Vec<Asked>, String> {
    contest.asks.iter().map(one).collect()
}

fn one(ask: &Ask) -> Result<Asked, String> {
    let entities = Entities::from_json_value(cedar::entities(ask), None).map_err(said)?;
    let requests = ask.effects.iter().map(|effect| {
        let json = cedar::request(ask, effect);
        let uid = |key: &str| EntityUid::from_json(json[key].clone()).map_err(said);
        let context = Context::from_json_value(json["context"].clone(), None).map_err(said)?;
        Request::new(uid("principal")?, uid("action")?, uid("resource")?, context, None).map_err(said)
    });
    let requests = requests.collect::<Result<_, String>>()?;
    Ok(Asked { entities, requests })
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

//! The workload as Cedar policies: one `forbid` for each rule over a `permit` of everything, scopes as a hierarchy of entities,
//! roles as parents of the principal. Cedar answers yes or no; a rule that asks is a `forbid` with the annotation
//! `@effect("ask")`, and a host reads from the determining policies of a denial whether all of them ask.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Ask, Condition, Contest, Effect, Rule, SUBJECTS, Scope};
use bailiwick::Outcome;

/// What everything is allowed by.
pub const PERMIT: &str = "permit(principal, action, resource);\n";

/// All policies as one text.
pub fn policies(contest: &Contest) -> String {
    let mut out = PERMIT.to_owned();
    contest.rules.iter().for_each(|rule| policy(&mut out, rule));
    out
}

/// A rule as a policy.
pub fn policy(out: &mut String, rule: &Rule) {
    let effect = if rule.answer == Outcome::Denied {
        "deny"
    } else {
        "ask"
    };
    let resource = match rule.scope {
        Scope::Tenant(_) => format!("in Tenant::\"{}\"", rule.scope.name()),
        Scope::Team(_) => format!("in Team::\"{}\"", rule.scope.name()),
        Scope::Repository(_) => format!("== Repository::\"{}\"", rule.scope.name()),
    };
    let condition = match &rule.condition {
        Condition::Below(folder) => format!("when {{ context.path like \"{folder}/*\" }}"),
        Condition::Ending(ending) => format!("when {{ context.path like \"*{ending}\" }}"),
        Condition::In(environment) => format!("when {{ context.environment == \"{environment}\" }}"),
        Condition::Without(role) => format!("unless {{ principal in Role::\"{role}\" }}"),
        Condition::Over(attribute, most) => format!("when {{ context.{attribute} > {most} }}"),
        Condition::Runs(program) => format!("when {{ context.program == \"{program}\" }}"),
    };
    let action = rule.action;
    let _ = writeln!(
        out,
        "@effect(\"{effect}\") forbid(principal, action == Action::\"{action}\", resource {resource}) {condition};"
    );
}

/// One question as Cedar's JSON has it: principal, action, resource, context.
pub fn request(ask: &Ask, effect: &Effect) -> Value {
    let mut context = json!({"environment": ask.environment});
    if let Some(path) = &effect.path {
        context["path"] = json!(path);
    }
    if let Some(program) = &effect.program {
        context["program"] = json!(program);
    }
    if let Some((name, figure)) = effect.amount {
        context[name] = json!(figure);
    }
    let [_, _, repository] = Scope::above(ask.repository).map(Scope::name);
    json!({
        "principal": {"type": "Agent", "id": SUBJECTS[ask.subject].0},
        "action": {"type": "Action", "id": effect.action},
        "resource": {"type": "Repository", "id": repository},
        "context": context,
    })
}

/// The entities of one question: who asks, with roles, and the repository below its team and tenant.
pub fn entities(ask: &Ask) -> Value {
    let [tenant, team, repository] = Scope::above(ask.repository).map(Scope::name);
    let (id, roles) = SUBJECTS[ask.subject];
    let of = |kind: &str, id: &str| json!({"type": kind, "id": id});
    let roles: Vec<Value> = roles.iter().map(|role| of("Role", role)).collect();
    let entity = |kind: &str, id: &str, parents: Vec<Value>| json!({"uid": of(kind, id), "attrs": {}, "parents": parents});
    json!([
        entity("Agent", id, roles),
        entity("Repository", &repository, vec![of("Team", &team)]),
        entity("Team", &team, vec![of("Tenant", &tenant)]),
        entity("Tenant", &tenant, vec![]),
    ])
}

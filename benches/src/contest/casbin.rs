//! The workload as a model of casbin and its rows. Casbin answers yes or no, so there are two sets of rows, of what is denied
//! and of what is asked, and a host asks the second where the first says nothing. Roles are its own `g`, folders its own
//! `keyMatch`. For endings and thresholds it has no idiom that its three languages read alike (`globMatch` differs in each):
//! a host registers the functions `ending` and `over`, which is how casbin is meant to be extended. `*` stands where a row
//! has no such condition.

use std::fmt::Write as _;

use super::{Ask, Condition, Contest, Effect, Rule, SUBJECTS, Scope};
use bailiwick::Outcome;

/// The model. What narrows most stands first, as the matcher stops at the first part that fails.
pub const MODEL: &str = r#"[request_definition]
r = sub, tenant, team, repo, act, path, env, amount, program

[policy_definition]
p = scope, act, below, end, env, role, most, program, eft

[role_definition]
g = _, _

[policy_effect]
e = !some(where (p.eft == deny))

[matchers]
m = r.act == p.act && (r.repo == p.scope || r.team == p.scope || r.tenant == p.scope) && (p.below == "*" || keyMatch(r.path, p.below)) && (p.end == "*" || ending(r.path, p.end)) && (p.env == "*" || r.env == p.env) && (p.most == "*" || over(r.amount, p.most)) && (p.program == "*" || r.program == p.program) && (p.role == "*" || !g(r.sub, p.role))
"#;

/// The rows of the rules with one answer, and who has which role.
pub fn rows(contest: &Contest, answer: Outcome) -> String {
    let mut out = String::new();
    for rule in contest.rules.iter().filter(|rule| rule.answer == answer) {
        let _ = writeln!(out, "p, {}", row(rule).join(", "));
    }
    for (id, roles) in SUBJECTS {
        for role in roles {
            let _ = writeln!(out, "g, {id}, {role}");
        }
    }
    out
}

fn row(rule: &Rule) -> [String; 9] {
    let [mut below, mut end, mut env, mut role, mut most, mut program] = [(); 6].map(|()| "*".to_owned());
    match &rule.condition {
        Condition::Below(folder) => below = format!("{folder}/*"),
        Condition::Ending(ending) => end.clone_from(ending),
        Condition::In(environment) => env = (*environment).to_owned(),
        Condition::Without(name) => role = (*name).to_owned(),
        Condition::Over(_, figure) => most = figure.to_string(),
        Condition::Runs(name) => program.clone_from(name),
    }
    let (scope, action) = (rule.scope.name(), rule.action.to_owned());
    [
        scope,
        action,
        below,
        end,
        env,
        role,
        most,
        program,
        "deny".to_owned(),
    ]
}

/// One question, as the model has it.
pub fn request(ask: &Ask, effect: &Effect) -> Vec<String> {
    let [tenant, team, repository] = Scope::above(ask.repository).map(Scope::name);
    vec![
        SUBJECTS[ask.subject].0.to_owned(),
        tenant,
        team,
        repository,
        effect.action.to_owned(),
        effect.path.clone().unwrap_or_default(),
        ask.environment.to_owned(),
        effect
            .amount
            .map(|(_, figure)| figure.to_string())
            .unwrap_or_default(),
        effect.program.clone().unwrap_or_default(),
    ]
}

//! The workload in Rego, in two idioms: a rule for each rule, as people write policies; and the rules as data, nested by scope
//! and action, with one generic policy that looks them up, as experts write them. They also know that `glob.match` compiles its
//! glob, and take a folder for what it is, the beginning of a path.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{Ask, Condition, Contest, Effect, Rule, SUBJECTS, Scope};
use bailiwick::Outcome;

const HEAD: &str = "package contest\nimport rego.v1\n";

const ANSWER: &str = r#"
default decision := "allowed"
decision := "denied" if { deny } else := "ask_approval" if { ask }
"#;

/// Rules in one module: more would be over the engine's bound on a source.
const IN_MODULE: usize = 2_500;

/// The rules as rules: modules of one package.
pub fn modules(contest: &Contest) -> Vec<String> {
    let mut modules = vec![format!("{HEAD}{ANSWER}")];
    for rules in contest.rules.chunks(IN_MODULE) {
        let mut module = HEAD.to_owned();
        rules.iter().for_each(|rule| written(&mut module, rule));
        modules.push(module);
    }
    modules
}

fn written(out: &mut String, rule: &Rule) {
    let head = if rule.answer == Outcome::Denied {
        "deny"
    } else {
        "ask"
    };
    let (key, name) = (level(rule.scope), rule.scope.name());
    let condition = match &rule.condition {
        Condition::Below(folder) => format!("glob.match(\"{folder}/**\", [\"/\"], input.path)"),
        Condition::Ending(ending) => format!("endswith(input.path, \"{ending}\")"),
        Condition::In(environment) => format!("input.environment == \"{environment}\""),
        Condition::Without(role) => format!("not \"{role}\" in input.roles"),
        Condition::Over(attribute, most) => format!("input.{attribute} > {most}"),
        Condition::Runs(program) => format!("input.program == \"{program}\""),
    };
    let action = rule.action;
    let _ = writeln!(
        out,
        "{head} if {{ input.{key} == \"{name}\"; input.action == \"{action}\"; {condition} }}"
    );
}

fn level(scope: Scope) -> &'static str {
    match scope {
        Scope::Tenant(_) => "tenant",
        Scope::Team(_) => "team",
        Scope::Repository(_) => "repository",
    }
}

/// The policy over rules as data.
pub const OVER_DATA: &str = r#"package contest
import rego.v1
default decision := "allowed"
decision := "denied" if { "deny" in answers } else := "ask_approval" if { "ask" in answers }
answers contains rule.answer if {
    some scope in [input.repository, input.team, input.tenant]
    some rule in data.rules[scope][input.action]
    holds(rule)
}
holds(rule) if { rule.kind == "below"; startswith(input.path, rule.value) }
holds(rule) if { rule.kind == "ending"; endswith(input.path, rule.value) }
holds(rule) if { rule.kind == "in"; input.environment == rule.value }
holds(rule) if { rule.kind == "without"; not rule.value in input.roles }
holds(rule) if { rule.kind == "over"; input[rule.attribute] > rule.value }
holds(rule) if { rule.kind == "runs"; input.program == rule.value }
"#;

/// The rules as data.
pub fn data(contest: &Contest) -> Value {
    let mut scopes = Map::new();
    for rule in &contest.rules {
        let actions = scopes.entry(rule.scope.name()).or_insert_with(|| json!({}));
        if let Some(actions) = actions.as_object_mut() {
            let rules = actions.entry(rule.action).or_insert_with(|| json!([]));
            if let Some(rules) = rules.as_array_mut() {
                rules.push(row(rule));
            }
        }
    }
    json!({"rules": scopes})
}

fn row(rule: &Rule) -> Value {
    let mut row = match &rule.condition {
        Condition::Below(folder) => json!({"kind": "below", "value": format!("{folder}/")}),
        Condition::Ending(ending) => json!({"kind": "ending", "value": ending}),
        Condition::In(environment) => json!({"kind": "in", "value": environment}),
        Condition::Without(role) => json!({"kind": "without", "value": role}),
        Condition::Over(attribute, most) => json!({"kind": "over", "attribute": attribute, "value": most}),
        Condition::Runs(program) => json!({"kind": "runs", "value": program}),
    };
    row["answer"] = json!(if rule.answer == Outcome::Denied {
        "deny"
    } else {
        "ask"
    });
    row
}

/// One question.
pub fn input(ask: &Ask, effect: &Effect) -> Value {
    let [tenant, team, repository] = Scope::above(ask.repository).map(Scope::name);
    let mut input = json!({
        "tenant": tenant, "team": team, "repository": repository, "environment": ask.environment,
        "roles": SUBJECTS[ask.subject].1, "action": effect.action,
    });
    if let Some(path) = &effect.path {
        input["path"] = json!(path);
    }
    if let Some(program) = &effect.program {
        input["program"] = json!(program);
    }
    if let Some((name, figure)) = effect.amount {
        input[name] = json!(figure);
    }
    input
}

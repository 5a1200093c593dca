//! The workload as Bailiwick's own policies and requests: a document for each scope, in the files of a layout.

use std::fmt::Write as _;

use bailiwick::{Level, Outcome, Source};
use serde_json::{Value, json};

use super::{Ask, Condition, Contest, Rule, SUBJECTS, Scope};

/// The policies, by name as in a folder of policies.
pub fn sources(contest: &Contest) -> Vec<Source> {
    let open = "policy: {id: platform, version: 1}\ndefault: allow\n";
    let mut sources = vec![Source::platform("platform/open.yaml", open)];
    for of_tenant in contest
        .rules
        .chunk_by(|a, b| a.scope.tenant() == b.scope.tenant())
    {
        let mut texts = [String::new(), String::new(), String::new()];
        let mut tenant = String::new();
        for of_scope in of_tenant.chunk_by(|a, b| a.scope == b.scope) {
            let scope = of_scope[0].scope;
            tenant = Scope::Tenant(scope.tenant()).name();
            document(&mut texts[depth(scope)], scope, of_scope);
        }
        let levels = [
            (Level::Organization, "rules.yaml"),
            (Level::Team, "team/rules.yaml"),
            (Level::Repository, "repository/rules.yaml"),
        ];
        for ((level, file), text) in levels.into_iter().zip(texts) {
            if !text.is_empty() {
                let source = Source::at(level, format!("organization/{tenant}/{file}"), text);
                let of_tenant = source.of_tenant(tenant.as_str());
                sources.push(of_tenant.for_entity(Level::Organization, tenant.as_str()));
            }
        }
    }
    sources
}

fn depth(scope: Scope) -> usize {
    match scope {
        Scope::Tenant(_) => 0,
        Scope::Team(_) => 1,
        Scope::Repository(_) => 2,
    }
}

fn document(out: &mut String, scope: Scope, rules: &[Rule]) {
    let name = scope.name();
    let whom = match scope {
        Scope::Tenant(_) => String::new(),
        Scope::Team(_) => format!("applies_to: {{team: {name}}}\n"),
        Scope::Repository(number) => {
            let [_, team, _] = Scope::above(number);
            format!("applies_to: {{team: {}, repository: {name}}}\n", team.name())
        }
    };
    let _ = write!(out, "---\npolicy: {{id: {name}, version: 1}}\n{whom}rules:\n");
    for (number, rule) in rules.iter().enumerate() {
        let (verb, approval) = match rule.answer {
            Outcome::Denied => ("deny", ""),
            _ => ("ask", ", approval: {roles: [team-lead]}"),
        };
        let condition = match &rule.condition {
            Condition::Below(folder) => format!("path: '{folder}/**'"),
            Condition::Ending(ending) => format!("path: '**/*{ending}'"),
            Condition::In(environment) => format!("environment: {environment}"),
            Condition::Without(role) => format!("unless: 'subject.role in [\"{role}\"]'"),
            Condition::Over(attribute, most) => format!("when: '{attribute} > {most}'"),
            Condition::Runs(program) => format!("program: {program}"),
        };
        let _ = writeln!(
            out,
            "  - {{id: r{number}, {verb}: {}, {condition}{approval}}}",
            rule.action
        );
    }
}

/// A request.
pub fn request(ask: &Ask) -> Value {
    let [tenant, team, repository] = Scope::above(ask.repository).map(Scope::name);
    let (id, roles) = SUBJECTS[ask.subject];
    json!({
        "subject": {"type": "agent", "id": id, "roles": roles},
        "action": ask.action,
        "arguments": ask.arguments,
        "scope": {"tenant": tenant, "organization": tenant, "team": team, "repository": repository},
        "context": {"environment": ask.environment, "workspace_root": "/work"},
        "capabilities": ["*"],
        "now": "2026-11-20T10:00:00Z",
    })
}

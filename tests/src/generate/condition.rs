//! Conditions that compile: atoms over what the actions of the rule have, combined.

use bailiwick::Level;
use bailiwick::machinery::schema::Schema;

use super::Dice;

/// What a condition may speak of.
pub(crate) struct Ground<'a> {
    pub(crate) level: Level,
    /// The names of the actions that the rule names.
    pub(crate) actions: &'a [String],
    /// Whether the platform declares `x.center`, `x.cost` and `x.docs`.
    pub(crate) extended: bool,
    /// Definitions of path patterns and of roles that the document sees.
    pub(crate) paths: &'a [String],
    pub(crate) roles: &'a [String],
}

impl Ground<'_> {
    /// Whether an argument belongs to one of the actions, or to one that some of them may be derived from.
    pub(crate) fn has(&self, schema: &Schema, argument: &str) -> bool {
        let attribute = schema
            .attribute_named(argument)
            .expect("the tables name attributes of the vocabulary");
        let named = |name: &str| self.actions.iter().any(|action| action == name);
        schema.actions().any(|(id, action)| {
            let derives = || {
                action
                    .derives
                    .iter()
                    .any(|kind| named(&schema.action(*kind).name))
            };
            schema.belongs(attribute, id) && (named(&action.name) || derives())
        })
    }
}

impl Ground<'_> {
    /// Whether an argument belongs to one of the actions themselves.
    pub(crate) fn has_itself(&self, schema: &Schema, argument: &str) -> bool {
        let attribute = schema
            .attribute_named(argument)
            .expect("the tables name attributes of the vocabulary");
        let named = |name: &str| self.actions.iter().any(|action| action == name);
        schema
            .actions()
            .any(|(id, action)| named(&action.name) && schema.belongs(attribute, id))
    }
}

/// Atoms over what every request has.
const OF_REQUEST: &[&str] = &[
    "subject.role == 'team-lead'",
    "subject.role in [Operator, cto]",
    "subject.role not in ['team-lead', cto]",
    "subject.role != cto",
    "subject.role.exists(r, r == 'on-call')",
    "subject.role.all(r, r in [Operator, engineer])",
    "size(subject.role) > 1",
    "subject.type == agent",
    "subject.type != agent",
    "subject.type > agent",
    "subject.id == 'ada'",
    "subject.id.startsWith('agent-')",
    "environment == production",
    "environment >= staging",
    "environment < staging",
    "environment in [dev, test]",
    "environment == null",
    "task_class == bug_fix",
    "task_class in [bug_fix, documentation]",
    "task_class not in [bug_fix, feature]",
    "task_class != null",
    "has(task_class)",
    "!has(task_class)",
    "has(environment) && environment != dev",
    "origin == web_page",
    "origin in [web_page, issue]",
    "network_profile == 'default-deny'",
    "repository.risk_tier >= high",
    "repository.risk_tier == low",
    "repository.risk_tier in [critical, regulated]",
    "repository.risk_tier == null",
    "has(repository.risk_tier) && repository.risk_tier < high",
    "repository.team == 'payments'",
    "repository.verifier_profile == 'java'",
    "repository.id == 'pay-api'",
    "glob(repository.id, 'pay-*')",
    "campaign.autonomy_level == draft_pr",
    "campaign.autonomy_level < supervised_pr",
    "request.action == 'shell.exec'",
    "request.action in ['git.push', 'pr.merge']",
    "evidence.verifiers.unit_tests == passed",
    "evidence.verifiers['secret-scan'] != failed",
    "has(evidence.verifiers.unit_tests)",
    "now < timestamp('2026-11-20T10:30:00Z')",
    "environment == production ? subject.type == human : task_class == bug_fix",
];

/// Atoms over arguments, and the argument.
const OF_ARGUMENTS: &[(&str, &str)] = &[
    ("path", "glob(path, 'src/**')"),
    ("path", "glob(path, 'infra/**', 'secrets/**')"),
    ("path", "glob(path, '**/*.rs')"),
    ("path", "path == 'src/a.rs'"),
    ("path", "has(path)"),
    ("destination", "glob(destination, 'infra/**')"),
    ("outside_workspace", "outside_workspace"),
    ("outside_workspace", "outside_workspace == false"),
    ("recursive", "recursive == true"),
    ("recursive", "recursive"),
    ("change_class", "change_class == code_change"),
    ("change_class", "change_class in [test_change, documentation]"),
    ("change_class", "change_class not in [test_change, code_change]"),
    ("change_class", "change_class == null"),
    ("lines_changed", "has(lines_changed) && lines_changed > 100"),
    ("lines_changed", "has(lines_changed) && lines_changed <= 100"),
    ("branch.name", "branch.name == 'main'"),
    ("branch.name", "glob(branch.name, 'release/*')"),
    ("branch.protected", "branch.protected"),
    ("branch.protected", "branch.protected == true"),
    ("via_pull_request", "branch.protected && !via_pull_request"),
    ("force", "force"),
    ("head_sha", "has(head_sha)"),
    ("changed_files", "changed_files.exists(f, glob(f, 'infra/**'))"),
    ("changed_files", "changed_files.all(f, glob(f, 'src/**'))"),
    ("changed_files", "has(changed_files) && size(changed_files) > 1"),
    ("changed_files", "'src/a.rs' in changed_files"),
    ("program", "program == 'git'"),
    ("program", "program in ['git', 'cargo']"),
    ("argv", "argv.exists(a, a == '-c')"),
    ("argv", "has(argv) && size(argv) <= 2"),
    ("runs_code", "runs_code"),
    ("host", "host_in(host, '*.example.org')"),
    ("host", "in_cidr(host, '10.0.0.0/8')"),
    ("host", "host == 'repo.example.org'"),
    ("port", "has(port) && port >= 1024"),
    ("method", "method.matches('(?i)^post$')"),
    ("labels", "'hotfix' in labels"),
    ("target_count", "has(target_count) && target_count > 5"),
    ("rollout", "has(rollout) && rollout <= 25%"),
    ("service", "service.contains('pay')"),
    ("version", "semver_compare(version, '2.0.0') == -1"),
    ("autonomy_level", "autonomy_level == draft_pr"),
    ("data_class", "has(data_class) && data_class >= confidential"),
];

/// A condition.
pub(crate) fn condition(dice: &mut Dice, ground: &Ground<'_>, schema: &Schema) -> String {
    combined(dice, ground, schema, 2)
}

fn combined(dice: &mut Dice, ground: &Ground<'_>, schema: &Schema, depth: usize) -> String {
    if depth == 0 || dice.chance(60) {
        return atom(dice, ground, schema);
    }
    let part = |dice: &mut Dice| combined(dice, ground, schema, depth - 1);
    match dice.below(5) {
        0 | 1 => format!("({}) && ({})", part(dice), part(dice)),
        2 => format!("({}) || ({})", part(dice), part(dice)),
        3 => format!("!({})", part(dice)),
        _ => format!("({}) ? ({}) : ({})", part(dice), part(dice), part(dice)),
    }
}

fn atom(dice: &mut Dice, ground: &Ground<'_>, schema: &Schema) -> String {
    if dice.chance(6) && ground.level >= Level::Repository {
        return dice
            .pick(&[
                "repository.onboarded == false",
                "repository.onboarded",
                "has(repository.onboarded)",
            ])
            .into();
    }
    if dice.chance(6) && ground.extended {
        return dice
            .pick(&[
                "x.center == fra",
                "x.cost in ['c1', 'c2']",
                "has(x.cost)",
                "x.center == null",
            ])
            .into();
    }
    if dice.chance(6) && !ground.roles.is_empty() {
        return format!("subject.role in {}", dice.pick(ground.roles));
    }
    let known: Vec<&str> = OF_ARGUMENTS
        .iter()
        .filter(|(argument, _)| ground.has(schema, argument))
        .map(|(_, atom)| *atom)
        .collect();
    if known.is_empty() || dice.chance(55) {
        return dice.pick(OF_REQUEST).to_owned();
    }
    if dice.chance(10) && !ground.paths.is_empty() && ground.has(schema, "path") {
        return format!("glob(path, {})", dice.pick(ground.paths));
    }
    dice.pick(&known).to_owned()
}

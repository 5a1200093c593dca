//! Rules and switches of every kind.

use bailiwick::Level;
use bailiwick::machinery::schema::Schema;
use serde_json::{Map, Value as Json, json};

use super::Dice;
use super::condition::{Ground, condition};

/// What the rules of a document may use.
pub(crate) struct Means {
    pub(crate) level: Level,
    pub(crate) extended: bool,
    pub(crate) paths: Vec<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) workflows: Vec<String>,
    /// Whether deny rules may say `unknown: ask`.
    pub(crate) unknown_ask: bool,
    /// The one action that all rules are about, in a crowd of them.
    pub(crate) crowd: Option<&'static str>,
}

pub(crate) const RESTRICTING: [&str; 5] = ["deny", "ask", "gate", "require", "limit"];

const ACTIONS: &[&str] = &[
    "file.read",
    "file.write",
    "file.write",
    "file.delete",
    "file.delete",
    "file.move",
    "shell.exec",
    "command.run",
    "command.run",
    "network.connect",
    "network.connect",
    "http.request",
    "git.push",
    "pr.merge",
    "change.apply",
    "patch.apply",
    "deploy",
    "campaign.create",
    "change.rollback",
    "run.cancel",
    "audit.read",
    "context.include",
    "model.call",
    "artifact.write",
];
const GLOBS: &[&str] = &[
    "*",
    "file.*",
    "pr.*",
    "*.create",
    "file.{write,delete}",
    "{deploy,git.push}",
];

const ROLES: &[&str] = &["Operator", "engineer", "team-lead", "cto", "on-call"];
const APPROVER_ROLES: &[&str] = &["team-lead", "engineering-lead", "security-lead", "on-call"];
const OBLIGATIONS: &[&str] = &[
    "audit",
    "retain",
    "redact:log",
    "notify:security",
    "notify:web",
    "rollback",
    "escalate:cto",
    "x.stamp",
];
const PATHS: &[&str] = &[
    "src/**",
    "src/*.rs",
    "infra/**",
    "secrets/**",
    "**/*.rs",
    "**",
    "infra/prod/**",
    "docs",
    "/etc/**",
    "~/.ssh/**",
    ".github/workflows/**",
];

/// Actions about which there are many rules now and then: each with arguments that the tree does not branch on, so that its
/// leaves get indexes.
pub(crate) const CROWDED: &[&str] = &[
    "file.write",
    "network.connect",
    "pr.merge",
    "deploy",
    "campaign.create",
];

/// A rule of one of these kinds.
pub(crate) fn rule(dice: &mut Dice, id: &str, kinds: &[&str], means: &Means, schema: &Schema) -> Json {
    let kind = dice.pick(kinds);
    let counted = if kind == "limit" && means.crowd.is_none() {
        counted(dice)
    } else {
        None
    };
    let actions = match (counted, means.crowd) {
        (Some((_, actions)), _) => actions.to_vec(),
        (None, Some(action)) => vec![action],
        (None, None) => actions(dice, kind, means),
    };
    let mut rule = Map::new();
    rule.insert("id".into(), json!(id));
    rule.insert(kind.into(), one_or_list(actions.clone()));
    guard(dice, &mut rule, &expand(&actions, schema), kind, means, schema);
    if let Some(action) = means.crowd.filter(|_| dice.chance(85)) {
        let (key, value) = distinction(dice, action);
        rule.insert(key.into(), json!(value));
    }
    let of = |dice: &mut Dice, percent, most| dice.chance(percent).then(|| dice.some(OBLIGATIONS, most));
    if kind == "limit" {
        limit(dice, &mut rule, counted.map(|(of, _)| of));
    }
    let obligations = if kind == "require" {
        Some(dice.some(OBLIGATIONS, 2))
    } else {
        of(dice, 12, 2)
    };
    if let Some(obligations) = obligations {
        let bounded = |dice: &mut Dice, name: &str| match dice.below(6) {
            0 => json!({"owe": name, "within": dice.pick(&["5m", "48h"])}),
            1 => json!({"owe": name, "times": 2, "then": dice.pick(&["audit", "escalate:cto"])}),
            _ => json!(name),
        };
        let obligations: Vec<Json> = obligations.iter().map(|name| bounded(dice, name)).collect();
        rule.insert("obligations".into(), json!(obligations));
    }
    match kind {
        "ask" => drop(rule.insert("approval".into(), approval(dice, &means.workflows))),
        "gate" => {
            if dice.chance(20) {
                rule.insert("reports".into(), criteria(dice, &actions, means, schema));
            }
            if !rule.contains_key("reports") || dice.chance(70) {
                rule.insert("criteria".into(), criteria(dice, &actions, means, schema));
            }
        }
        "deny" => deny(dice, &mut rule, means),
        _ => {}
    }
    if dice.chance(30) {
        rule.insert("reason".into(), json!(format!("because of {id}")));
    }
    if dice.chance(6) {
        let ends = [
            "2026-11-20T10:10:00Z",
            "2026-11-20T10:10:00.000000001Z",
            "2026-11-20",
            "2026-11-21",
            "2027-06-30",
        ];
        rule.insert("expires".into(), json!(dice.pick(&ends)));
    }
    Json::Object(rule)
}

/// What one rule of a crowd is about, in distinction from the others.
fn distinction(dice: &mut Dice, action: &str) -> (&'static str, String) {
    let order = dice.pick(&["==", "<", "<=", ">", ">="]);
    let said = dice.chance(50);
    let when = |name: &str, value: &dyn std::fmt::Display| {
        let said = if said {
            format!("has({name}) && ")
        } else {
            String::new()
        };
        ("when", format!("{said}{name} {order} {value}"))
    };
    let hosts = [
        "*.example.org",
        "repo.example.org",
        "10.0.0.0/8",
        "10.0.0.1",
        "evil.test",
    ];
    match (action, dice.below(3)) {
        ("file.write", _) => ("path", dice.pick(PATHS).into()),
        ("network.connect", 0) => when("port", &dice.pick(&[22, 443, 8080])),
        ("network.connect", _) => ("host", dice.pick(&hosts).into()),
        ("pr.merge", 0) => ("branch", dice.pick(&["main", "release/*", "fix/**"]).into()),
        ("pr.merge", _) => when("lines_changed", &dice.pick(&[10, 100, 101])),
        ("deploy", 0) => when("environment", &dice.pick(&["dev", "staging", "production"])),
        ("deploy", _) => ("service", dice.pick(&["pay-*", "web", "*-api", "w*"]).into()),
        _ => when("target_count", &dice.pick(&[1, 5, 6, 80])),
    }
}

/// What a limit counts, and the actions that have it; `None` where it counts effects.
fn counted(dice: &mut Dice) -> Option<(&'static str, &'static [&'static str])> {
    match dice.below(10) {
        0..=2 => Some(("tokens", &["model.call"])),
        3 | 4 => Some(("cost.usd", &["model.call"])),
        5 => Some(("lines_changed", &["pr.merge", "git.push", "change.apply"])),
        6 => Some(("retention", &["artifact.write"])),
        _ => None,
    }
}

fn limit(dice: &mut Dice, rule: &mut Map<String, Json>, of: Option<&str>) {
    if let Some(of) = of {
        rule.insert("of".into(), json!(of));
    }
    if of == Some("retention") {
        if dice.chance(50) {
            rule.insert("at_least".into(), json!(dice.pick(&["30d", "365d"])));
            // Floors that surely meet a cap below them do not load; those that may meet one are decided.
            rule.insert("unless".into(), json!("content_size == 7"));
        } else {
            rule.insert("at_most".into(), json!(dice.pick(&["7d", "90d", "2555d"])));
        }
        return;
    }
    let caps: &[Json] = match of {
        Some("cost.usd") => &[json!(0.3), json!("5.00"), json!(0.1)],
        Some(_) => &[json!(1000), json!(100), json!(0)],
        None => &[json!(3), json!(1), json!(10)],
    };
    rule.insert("at_most".into(), dice.pick(caps));
    // Who is told, is told before it stops.
    let mut alerts = vec!["80%", "50%", "100%"];
    if dice.chance(15) {
        let stop = dice.pick(&["110%", "90%"]);
        rule.insert("stop_at".into(), json!(stop));
        alerts.retain(|alert| *alert != "100%" || stop != "90%");
    }
    if dice.chance(50) {
        rule.insert("alert_at".into(), json!(dice.pick(&alerts)));
    }
    if !dice.chance(70) {
        if dice.chance(20) {
            rule.insert("at_least".into(), json!(0));
        }
        return;
    }
    rule.insert("per".into(), json!(dice.pick(&PERS)));
    if of.is_none() {
        rule.insert("unit".into(), json!("things"));
    }
    if dice.chance(40) {
        rule.insert("window".into(), json!(dice.pick(&["1d", "24h", "wave"])));
    }
}

/// Whose use counts.
pub(crate) const PERS: [&str; 7] = [
    "platform",
    "task",
    "repository",
    "organization",
    "subject",
    "run",
    "network_profile",
];

fn deny(dice: &mut Dice, rule: &mut Map<String, Json>, means: &Means) {
    if means.unknown_ask && dice.chance(25) {
        rule.insert("unknown".into(), json!("ask"));
    }
    if dice.chance(22) {
        let length = dice.pick(&["30m", "1h", "10m"]);
        let mut bypass = json!({"roles": dice.some(APPROVER_ROLES, 2), "for": length});
        if dice.chance(40) {
            bypass["approvers"] = json!(1 + dice.below(2));
        }
        if dice.chance(60) {
            bypass["then"] = json!(dice.some(&["post_hoc_review", "notify:security", "audit"], 2));
        }
        rule.insert("bypass".into(), bypass);
    }
}

/// A switch.
pub(crate) fn switch(dice: &mut Dice, id: &str, means: &Means, schema: &Schema) -> Json {
    let actions: Vec<&str> = if dice.chance(50) {
        vec![dice.pick(&["*", "file.*", "pr.*"])]
    } else {
        let allowed: Vec<&str> = ACTIONS
            .iter()
            .copied()
            .filter(|name| !matches!(*name, "run.cancel" | "audit.read"))
            .collect();
        dice.some(&allowed, 3)
    };
    let mut switch = Map::new();
    switch.insert("id".into(), json!(id));
    // One that owes in place of denying, or denies and owes.
    let owes = dice.chance(25);
    switch.insert(if owes { "require" } else { "denies" }.into(), json!(actions));
    if owes || dice.chance(15) {
        let owed = dice.some(&["cancel_run", "audit", "notify:security"], 2);
        switch.insert("obligations".into(), json!(owed));
    }
    guard(
        dice,
        &mut switch,
        &expand(&actions, schema),
        "switch",
        means,
        schema,
    );
    if dice.chance(20) {
        switch.insert("on".into(), json!(dice.chance(50)));
    }
    if dice.chance(40) {
        switch.insert("max_age".into(), json!("5m"));
    }
    Json::Object(switch)
}

fn actions(dice: &mut Dice, kind: &str, means: &Means) -> Vec<&'static str> {
    let wide = if matches!(kind, "allow") { 45 } else { 18 };
    if dice.chance(wide) {
        return vec![dice.pick(GLOBS)];
    }
    if means.extended && dice.chance(8) {
        return vec!["x.docs"];
    }
    dice.some(ACTIONS, if kind == "allow" { 6 } else { 3 })
}

/// The names that actions and globs over them stand for, as far as the tables need it.
pub(crate) fn expand(actions: &[&str], schema: &Schema) -> Vec<String> {
    let mut names = Vec::new();
    for action in actions {
        let matches = |name: &str| match *action {
            "*" => true,
            "file.*" => name.starts_with("file."),
            "pr.*" => name.starts_with("pr."),
            "*.create" => name.ends_with(".create"),
            "file.{write,delete}" => matches!(name, "file.write" | "file.delete"),
            "{deploy,git.push}" => matches!(name, "deploy" | "git.push"),
            exact => exact == name,
        };
        names.extend(
            schema
                .actions()
                .filter(|(_, known)| matches(&known.name))
                .map(|(_, known)| known.name.clone()),
        );
    }
    names
}

fn one_or_list(actions: Vec<&str>) -> Json {
    match actions[..] {
        [only] => json!(only),
        _ => json!(actions),
    }
}

fn guard(
    dice: &mut Dice,
    rule: &mut Map<String, Json>,
    actions: &[String],
    kind: &str,
    means: &Means,
    schema: &Schema,
) {
    let ground = Ground {
        level: means.level,
        actions,
        extended: means.extended,
        paths: &means.paths,
        roles: &means.roles,
    };
    // Grants are wide, so that something is left to restrict.
    let often = match kind {
        "allow" => 25,
        "only" => 40,
        _ => 55,
    };
    if dice.chance(often) {
        for _ in 0..=dice.below(2) {
            if let Some((key, value)) = selector(dice, &ground, schema) {
                rule.insert(key.into(), value);
            }
        }
    }
    if dice.chance(8)
        && let Some((key, value)) = selector(dice, &ground, schema)
    {
        rule.insert("not".into(), json!({key: value}));
    }
    let conditions = |dice: &mut Dice| -> Json {
        let first = condition(dice, &ground, schema);
        if dice.chance(20) {
            json!([first, condition(dice, &ground, schema)])
        } else {
            json!(first)
        }
    };
    if dice.chance(often / 2) {
        rule.insert("when".into(), conditions(dice));
    }
    if dice.chance(often / 3) {
        rule.insert("unless".into(), conditions(dice));
    }
}

fn selector(dice: &mut Dice, ground: &Ground<'_>, schema: &Schema) -> Option<(&'static str, Json)> {
    let rows: &[(&str, &str, &[&str])] = &[
        ("path", "path", PATHS),
        ("path", "path", PATHS),
        (
            "program",
            "program",
            &["git", "cargo", "sudo", "/tmp/git", "./gradlew", "sh"],
        ),
        (
            "host",
            "host",
            &["*.example.org", "repo.example.org", "*", "10.0.0.1", "evil.test"],
        ),
        (
            "path_class",
            "path_class",
            &["ci_workflows", "ssh", "git_hooks", "secret_stores"],
        ),
        (
            "host_class",
            "host_class",
            &["private", "loopback", "public", "named"],
        ),
        ("branch", "branch.name", &["main", "release/*", "fix/**"]),
        (
            "change_class",
            "change_class",
            &["code_change", "test_change", "documentation"],
        ),
        ("service", "service", &["pay-*", "web"]),
        ("method", "method", &["GET", "post"]),
        ("remote", "remote", &["origin", "up*"]),
        ("role", "", ROLES),
        ("subject_type", "", &["agent", "human", "service"]),
        ("subject", "", &["agent-*", "ada"]),
        ("environment", "", &["dev", "staging", "production"]),
        ("environment", "", &["dev", "staging", "production"]),
        ("task_class", "", &["bug_fix", "documentation", "feature"]),
        ("risk_tier", "", &["low", "high", "critical"]),
        ("network_profile", "", &["default-deny", "open"]),
        ("origin", "", &["human", "web_page", "issue"]),
    ];
    // Now and then a selector that can match only through the action that the rule's own are derived from.
    let far = dice.chance(3);
    let near = |argument: &str| {
        if far {
            ground.has(schema, argument)
        } else {
            ground.has_itself(schema, argument)
        }
    };
    let fits = |argument: &str| argument.is_empty() || near(argument);
    let rows: Vec<_> = rows.iter().filter(|(_, argument, _)| fits(argument)).collect();
    let (key, _, values) = **dice.pick(&rows.iter().collect::<Vec<_>>());
    if key == "path" && !ground.paths.is_empty() && dice.chance(10) {
        return Some((key, json!([format!("${}", dice.pick(ground.paths))])));
    }
    let chosen = dice.some(values, 2);
    Some((
        key,
        if chosen.len() == 1 {
            json!(chosen[0])
        } else {
            json!(chosen)
        },
    ))
}

fn criteria(dice: &mut Dice, actions: &[&str], means: &Means, schema: &Schema) -> Json {
    let actions = expand(actions, schema);
    let ground = Ground {
        level: means.level,
        actions: &actions,
        extended: means.extended,
        paths: &means.paths,
        roles: &means.roles,
    };
    let one = |dice: &mut Dice| {
        if dice.chance(50) {
            json!(dice.pick(&[
                "evidence.verifiers.unit_tests == passed",
                "evidence.verifiers['secret-scan'] == passed"
            ]))
        } else {
            json!(condition(dice, &ground, schema))
        }
    };
    match dice.below(3) {
        0 => json!({"first": one(dice)}),
        1 => json!({"first": one(dice), "second": one(dice)}),
        _ => json!([one(dice)]),
    }
}

fn approval(dice: &mut Dice, workflows: &[String]) -> Json {
    if !workflows.is_empty() && dice.chance(40) {
        return json!(dice.pick(workflows));
    }
    inline(dice)
}

/// A requirement as a rule writes it on the spot.
pub(crate) fn inline(dice: &mut Dice) -> Json {
    let mut approval = Map::new();
    if dice.chance(25) {
        let slots: Vec<Json> = (0..=dice.below(3))
            .map(|_| json!(dice.some(APPROVER_ROLES, 2)))
            .collect();
        approval.insert("each".into(), json!(slots));
    } else {
        approval.insert("count".into(), json!(1 + dice.below(2)));
        if dice.chance(60) {
            approval.insert("roles".into(), json!(dice.some(APPROVER_ROLES, 2)));
        }
        if dice.chance(20) {
            approval.insert("teams".into(), json!(dice.some(&["payments", "web"], 1)));
        }
    }
    if dice.chance(40) {
        approval.insert("by".into(), json!("human"));
    }
    timing(dice, &mut approval, "escalation");
    Json::Object(approval)
}

fn timing(dice: &mut Dice, approval: &mut Map<String, Json>, escalation: &str) {
    if dice.chance(50) {
        approval.insert("timeout".into(), json!("30m"));
        if dice.chance(60) {
            approval.insert(escalation.into(), json!(dice.pick(&["cto", "engineering-lead"])));
        }
    }
    if dice.chance(35) {
        approval.insert("valid_for".into(), json!(dice.pick(&["1h", "30m", "25m"])));
    }
}

/// A workflow.
pub(crate) fn workflow(dice: &mut Dice) -> Json {
    let mut workflow = Map::new();
    if dice.chance(25) {
        let slots: Vec<Json> = (0..=dice.below(2))
            .map(|_| json!(dice.some(APPROVER_ROLES, 2)))
            .collect();
        workflow.insert("each".into(), json!(slots));
    } else {
        workflow.insert("required_approvers".into(), json!(1 + dice.below(2)));
        workflow.insert("approver_roles".into(), json!(dice.some(APPROVER_ROLES, 3)));
    }
    if dice.chance(35) {
        workflow.insert("ai_agent_can_approve".into(), json!(dice.chance(70)));
    }
    if dice.chance(25) {
        workflow.insert("by".into(), json!("human"));
    }
    timing(dice, &mut workflow, "escalation_on_timeout");
    Json::Object(workflow)
}

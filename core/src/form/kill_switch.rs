//! Form `kill_switch`: what can be switched off at once, in five scopes (spec/15-switches-and-roles.md, 15.2).

use super::make::{named, text};
use super::{Form, Guard, Kind, Lowering, Obligation, Rule, Switch, errors, make};
use crate::document::{Field, Scalar};
use crate::source::{Level, Spanned};

pub(super) const FORM: Form = Form {
    key: "kill_switch",
    doc: "what can be switched off at once",
    lower,
};

/// A scope: the key that names whom its switches are about, and the attribute that this is.
struct Scope {
    key: &'static str,
    whose: Option<Whose>,
    switches: &'static [Stop],
}

struct Whose {
    key: &'static str,
    attribute: &'static str,
    /// The level whose entity it is; the tenant is of none.
    level: Option<Level>,
}

/// A switch: what it denies, under which condition, and what people are told.
struct Stop {
    key: &'static str,
    denies: &'static [&'static str],
    when: &'static str,
    reason: &'static str,
}

/// Not a denial: while it is on, whatever belongs to a run owes that the run be cancelled.
const CANCEL: &str = "cancel_running_runs";

const STARTS: &[&str] = &["run.start", "run.resume"];

const SCOPES: [Scope; 5] = [
    Scope {
        key: "global",
        whose: None,
        switches: &[
            Stop {
                key: "disable_new_runs",
                denies: &["run.start", "run.resume", "task.submit"],
                when: "",
                reason: "new runs are switched off",
            },
            Stop {
                key: CANCEL,
                denies: &["*"],
                when: "has(run.id)",
                reason: "running runs are being cancelled",
            },
            Stop {
                key: "disable_pr_creation",
                denies: &["pr.create", "pr.create_draft"],
                when: "",
                reason: "the creation of pull requests is switched off",
            },
            Stop {
                key: "disable_merges",
                denies: &["pr.merge"],
                when: "",
                reason: "merging is switched off",
            },
        ],
    },
    Scope {
        key: "tenant",
        whose: Some(Whose {
            key: "tenant_id",
            attribute: "tenant.id",
            level: None,
        }),
        switches: &[Stop {
            key: "disable_autonomous_runs",
            denies: STARTS,
            when: "subject.type != human || (has(autonomy_level) && autonomy_level >= MODE)",
            reason: "autonomous runs of the tenant are switched off",
        }],
    },
    Scope {
        key: "campaign",
        whose: Some(Whose {
            key: "campaign_id",
            attribute: "campaign.id",
            level: Some(Level::Campaign),
        }),
        switches: &[Stop {
            key: "pause_waves",
            denies: &["campaign.advance"],
            when: "",
            reason: "the waves of the campaign are paused",
        }],
    },
    Scope {
        key: "repository",
        whose: Some(Whose {
            key: "repo",
            attribute: "repository.id",
            level: Some(Level::Repository),
        }),
        switches: &[Stop {
            key: "block_all_agent_runs",
            denies: &["*"],
            when: "subject.type == agent",
            reason: "agents are blocked in the repository",
        }],
    },
    Scope {
        key: "capability",
        whose: None,
        switches: &[
            Stop {
                key: "disable_shell_network",
                denies: &["network.connect"],
                when: "request.action == \"shell.exec\"",
                reason: "the network of shell commands is switched off",
            },
            Stop {
                key: "disable_model_calls",
                denies: &["model.call"],
                when: "",
                reason: "calls of models are switched off",
            },
            Stop {
                key: "disable_mcp",
                denies: &["mcp.call"],
                when: "",
                reason: "calls of tool servers are switched off",
            },
        ],
    },
];

/// From which mode on a run is autonomous, where the form does not say.
const AUTONOMOUS: &str = "autonomous_pr";

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`kill_switch`", to.out) else {
        return;
    };
    if Level::Repository < to.source.level {
        to.out.push(errors::level_below(
            fields.start(),
            "kill_switch",
            Level::Repository,
            to.source.level,
        ));
    }
    let max_age = fields
        .optional("max_age")
        .and_then(|field| field.duration(to.out))
        .map(|age| age.value);
    let mut any = false;
    for scope in &SCOPES {
        if let Some(field) = fields.optional(scope.key) {
            any = true;
            lower_scope(scope, field, max_age, to);
        }
    }
    if !any && fields.all_known() {
        let keys: Vec<&str> = SCOPES.iter().map(|scope| scope.key).collect();
        to.out
            .push(errors::needs_one(fields.start(), "`kill_switch`", &keys));
    }
    fields.finish(to.out);
}

fn lower_scope(scope: &Scope, field: Field<'_>, max_age: Option<i128>, to: &mut Lowering<'_>) {
    let what = format!("`{}`", scope.key);
    let Some(mut fields) = field.fields(&what, to.out) else {
        return;
    };
    let mut guard = Vec::new();
    if let Some(whose) = &scope.whose {
        let names = fields
            .required(whose.key)
            .map(|field| field.nonempty_texts(to.out))
            .unwrap_or_default();
        names.iter().for_each(|name| others(whose, name, to));
        guard.extend(is_one_of(whose.attribute, &names));
    }
    let mode = match scope.key {
        "tenant" => fields
            .optional("autonomous_from")
            .and_then(|field| field.nonempty_text(to.out)),
        _ => None,
    };
    for stop in scope.switches {
        let Some(on) = fields.optional(stop.key) else {
            continue;
        };
        let span = make::key(&fields, stop.key);
        let Some(on) = on.bool(to.out) else { continue };
        let mut guard = guard.clone();
        if !stop.when.is_empty() {
            let quoted = serde_json::Value::from(mode.map_or(AUTONOMOUS, |mode| &*mode.text));
            let when = stop.when.replace("MODE", &quoted.to_string());
            guard.push(Guard::When(text(when, mode.map_or(span, |mode| mode.span))));
        }
        let switch = Switch {
            on: on.value,
            max_age,
            denies: stop.key != CANCEL,
        };
        let id = format!("{}.{}", scope.key, stop.key);
        let mut rule: Rule = make::made(&id, span, Kind::Switch(switch), named(stop.denies, span), guard);
        rule.reason = Some(stop.reason.to_owned());
        if stop.key == CANCEL {
            rule.obligations = vec![Obligation::bare(Spanned::new("cancel_run".to_owned(), span))];
        }
        to.parts.rules.push(rule);
    }
    if scope.switches.iter().all(|stop| !fields.has(stop.key)) && fields.all_known() {
        let keys: Vec<&str> = scope.switches.iter().map(|stop| stop.key).collect();
        to.out.push(errors::needs_one(fields.start(), &what, &keys));
    }
    fields.finish(to.out);
}

/// A source of one tenant or entity switches nothing off for another.
fn others(whose: &Whose, name: &Scalar, to: &mut Lowering<'_>) {
    let given = match whose.level {
        Some(level) => to.source.entities.get(&level),
        None => to.source.tenant.as_ref(),
    };
    let Some(given) = given.filter(|given| given.as_str() != &*name.text) else {
        return;
    };
    to.out.push(match whose.level {
        Some(level) => errors::other_entity(name.span, level, &name.text, given),
        None => errors::claims_more(name.span, "tenant", &name.text, &format!("the tenant `{given}`")),
    });
}

fn is_one_of(attribute: &str, names: &[&Scalar]) -> Option<Guard> {
    let first = names.first()?;
    let names: Vec<&str> = names.iter().map(|name| &*name.text).collect();
    let condition = match names.as_slice() {
        [one] => format!("{attribute} == {}", serde_json::Value::from(*one)),
        many => format!("{attribute} in {}", serde_json::Value::from(many)),
    };
    Some(Guard::When(text(condition, first.span)))
}

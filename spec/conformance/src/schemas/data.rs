//! The JSON Schemas of the forms of chapter 16: models, data, artifacts, limits and controls.

use serde_json::{Map, Value as Json, json};

use super::{object, one_or_many, said, text_of};

/// The forms by their keys.
pub(super) fn forms() -> Map<String, Json> {
    let forms = json!({
        "model_policy": model_policy(),
        "data_classification": data_classification(),
        "retention": retention(),
        "artifact_policy": artifact_policy(),
        "limits": limits(),
        "compliance": compliance(),
    });
    forms.as_object().cloned().unwrap_or_default()
}

fn texts() -> Json {
    json!({"$ref": "#/$defs/texts"})
}

fn days(description: &str) -> Json {
    json!({"type": "integer", "minimum": 1, "maximum": 3_652_500, "description": description})
}

/// At least one of these keys.
fn some_of(mut schema: Json, keys: &[&str]) -> Json {
    schema["anyOf"] = keys.iter().map(|key| json!({"required": [key]})).collect();
    schema
}

/// A mapping of names that make names of rules.
fn named(entry: Json) -> Json {
    json!({"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[A-Za-z0-9_.-]+$"}, "additionalProperties": entry})
}

fn model_policy() -> Json {
    let model = object(
        &["model"],
        json!({
            "model": text_of("The model."),
            "provider": text_of("Who runs it; anybody where missing."),
            "use_for": said("What it may be called for; anything where missing.", texts()),
        }),
    );
    let logging = object(
        &[],
        json!({
            "raw": {"type": "boolean", "description": "Whether prompts may be logged as they are."},
            "redacted": {"type": "boolean", "description": "Whether prompts may be logged redacted; that is owed then."},
        }),
    );
    let form = object(
        &[],
        json!({
            "task_class": said("The tasks that it speaks of; all where missing.", one_or_many(json!({"type": "string", "minLength": 1}))),
            "data_class_max": text_of("The highest class of data that a call may have."),
            "allowed_models": {"type": "array", "minItems": 1, "items": {"anyOf": [text_of("The model."), model]},
                "description": "Every other model is denied."},
            "blocked_models": said("Models, or patterns of them, that are denied.", texts()),
            "regions": said("A model in another region is denied.", texts()),
            "prompt_logging": some_of(logging, &["raw", "redacted"]),
            "max_tokens_per_run": {"type": "integer", "minimum": 0, "description": "What the calls of one run may need together."},
            "fallback": text_of("The allowed model to go on with where another is denied."),
        }),
    );
    let keys = [
        "allowed_models",
        "blocked_models",
        "data_class_max",
        "regions",
        "prompt_logging",
        "max_tokens_per_run",
    ];
    said(
        "Which models may be called for a class of task, with what data, for what, how logged and how much (16.1).",
        some_of(form, &keys),
    )
}

fn data_classification() -> Json {
    let class = object(
        &["model_context", "artifact"],
        json!({
            "model_context": {"enum": ["allowed", "within_tenant", "needs_justification", "redacted_only", "blocked", "never"]},
            "artifact": {"enum": ["allowed", "restricted", "redacted_only", "protected", "never"]},
            "exception": {"type": "object", "required": ["roles", "for"], "description": "Who may let blocked data in all the same: a bypass (8.9)."},
        }),
    );
    said(
        "What data of each class may enter a model's context, and how it may be stored (16.2).",
        named(class),
    )
}

fn retention() -> Json {
    let keys = [
        "store",
        "store_days",
        "at_most_days",
        "at_least_days",
        "restricted",
    ];
    let kind = object(
        &[],
        json!({
            "store": {"type": "boolean", "description": "Whether it may be stored at all."},
            "store_days": days("At most; of `audit_event` at least."),
            "at_most_days": days("How long it may be kept."),
            "at_least_days": days("How long it must be kept."),
            "restricted": {"type": "boolean", "description": "Whether it is stored only where the few may read it."},
        }),
    );
    said(
        "Which kinds of artifacts are stored, and for how long (16.3).",
        named(some_of(kind, &keys)),
    )
}

fn artifact_policy() -> Json {
    let keys = ["access", "retention_days", "encryption"];
    let access = json!({"anyOf": [
        {"type": "string", "pattern": "^[a-z_]+$"},
        {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
    ]});
    let kind = object(
        &[],
        json!({
            "access": said("A word for who may read, several joined by `_or_`; or a list of roles.", access),
            "retention_days": days("How long it may be kept."),
            "encryption": {"enum": ["required", "optional"], "description": "Whether it is stored only encrypted."},
        }),
    );
    said(
        "Who may read which kind of artifact, and what must hold for storing it (16.4).",
        named(some_of(kind, &keys)),
    )
}

fn limits() -> Json {
    let most = || json!({"type": "number", "minimum": 0});
    let counts = [
        "campaign.prs_per_wave",
        "campaign.targets",
        "campaign.active_prs",
        "repository.active_prs",
        "team.active_prs",
        "organization.active_prs",
        "tenant.active_prs",
        "repository.active_runs",
        "team.active_runs",
        "organization.active_runs",
        "tenant.active_runs",
        "reviewer.open_reviews",
        "service.running_deploys",
        "task.attempts",
    ];
    let rate = object(
        &["rate", "per"],
        json!({"rate": most(), "per": text_of("Over which time."), "burst": said("At most so many in one second.", most())}),
    );
    let schedule = object(
        &["days", "hours", "timezone"],
        json!({
            "days": said("Days of the week, or spans of them.", texts()),
            "hours": {"type": "string", "pattern": r"^\d{2}:\d{2}-\d{2}:\d{2}$"},
            "timezone": text_of("A zone of the tz database, such as `Asia/Jakarta`."),
        }),
    );
    let mut properties = json!({
        "alert_at": said("From which share on the channels are told.", json!({"$ref": "#/$defs/percent"})),
        "notify": said("The channels.", texts()),
        "provider.requests": said("Calls to the Git provider, of the entity of the document's level.", rate.clone()),
        "model.requests": said("Calls to whoever runs the model.", rate),
        "schedule": said("When changes leave, but by people.", schedule),
    });
    let others = ["provider.requests", "model.requests", "schedule"];
    let keys: Vec<&str> = counts.iter().chain(&others).copied().collect();
    for name in counts {
        properties[name] = most();
    }
    said(
        "Counts and rates that are not exceeded, and the hours in which changes leave (16.5).",
        some_of(object(&[], properties), &keys),
    )
}

fn compliance() -> Json {
    let control = object(
        &[],
        json!({
            "rules": said("Policies, rules, or `<policy>/<rule>`, that carry it out.", texts()),
            "obligation": said("All rules that owe one of these carry it out.", texts()),
        }),
    );
    let word = || json!({"enum": ["own", "team", "all"]});
    let reader = object(
        &["scope"],
        json!({"scope": word(), "expires": {"const": "required"}}),
    );
    let form = object(
        &[],
        json!({
            "frameworks": said("The frameworks; a control begins with one of them and a slash.", texts()),
            "controls": {"type": "object", "minProperties": 1, "additionalProperties": some_of(control, &["rules", "obligation"])},
            "audit_retention": said("How long audit events of an environment, or another kind of artifact, are kept at least.",
                named(json!({"type": "string", "pattern": r"^\d"}))),
            "audit_access": {"type": "object", "minProperties": 1, "additionalProperties": {"anyOf": [word(), reader]},
                "description": "Which office reads how much of the audit log."},
        }),
    );
    said(
        "Which rules carry out the controls of a framework, how long audit events are kept, and who reads them (16.6).",
        some_of(form, &["controls", "audit_retention", "audit_access"]),
    )
}

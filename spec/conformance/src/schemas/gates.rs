//! The schemas of the forms of chapter 17. Knows the shapes, not what they mean.

use serde_json::{Map, Value as Json, json};

use super::{object, one_or_many, said, text_of};

/// The keys of a document that are forms of chapter 17.
pub(super) fn forms() -> Map<String, Json> {
    let forms = json!({
        "autonomy_expansion_gate": autonomy_expansion_gate(),
        "production_readiness": production_readiness(),
        "sandbox_hardening": said("What a sandbox attests before a command runs in it (17.5).", sections()),
        "rollback_triggers": rollback_triggers(),
        "rollback_procedure": rollback_procedure(),
        "post_rollback": post_rollback(),
        "slos": said("Objectives of the service, reported with each run (17.7).", objectives()),
        "quality_slos": said("Objectives of safety; one of nothing stops further runs (17.7).", objectives()),
        "pipeline": pipeline(),
        "platform_change": platform_change(),
        "failure_advice": failure_advice(),
        "incident_response": incident_response(),
    });
    forms.as_object().cloned().unwrap_or_default()
}

/// The keys of a document that have a number in them.
pub(super) fn families() -> Json {
    let phase = json!({
        "type": "object", "minProperties": 1,
        "properties": {"approval": approval()},
        "additionalProperties": bound(),
        "description": "What must be shown before the rollout of agents leaves the phase (17.3).",
    });
    json!({r"^phase_\d+_promotion$": phase})
}

fn bound() -> Json {
    json!({"anyOf": [
        {"type": ["number", "boolean"]},
        {"type": "string", "minLength": 1},
    ], "description": "A bound (17.1): `> 70%`, `< 2 minutes`, `300`, `improving`."})
}

fn criteria() -> Json {
    said(
        "Criteria (17.1), such as `error_rate <= 2%`.",
        json!({"$ref": "#/$defs/conditions"}),
    )
}

fn duration(description: &str) -> Json {
    said(description, json!({"$ref": "#/$defs/duration"}))
}

fn texts(description: &str) -> Json {
    said(description, json!({"$ref": "#/$defs/texts"}))
}

fn flag(description: &str) -> Json {
    json!({"type": "boolean", "description": description})
}

fn approval() -> Json {
    said("Who must agree besides.", json!({"$ref": "#/$defs/approval"}))
}

/// A mapping with keys that authors choose.
fn map(value: Json) -> Json {
    json!({"type": "object", "minProperties": 1, "additionalProperties": value})
}

fn act() -> Json {
    json!({"enum": ["rollback", "block", "block_and_rollback", "pause", "escalate_to_human"], "description": "What is done."})
}

fn autonomy_expansion_gate() -> Json {
    json!({
        "type": "object", "required": ["task_class"], "minProperties": 2,
        "description": "What must be shown before agents go further with a class of tasks (17.2).",
        "properties": {
            "task_class": text_of("The class of tasks."),
            "required_controls": texts("Controls that somebody attests."),
            "approval": approval(),
        },
        "additionalProperties": bound(),
    })
}

fn item() -> Json {
    json!({"anyOf": [
        {"enum": ["required", "preferred"]},
        object(&["within"], json!({"within": duration("How long ago it was shown at most.")})),
        bound(),
    ]})
}

fn sections() -> Json {
    map(map(item()))
}

fn production_readiness() -> Json {
    let mut form = sections();
    form["properties"] = json!({"before": {"$ref": "#/$defs/actions"}});
    said(
        "A checklist that is attested before agents work in production (17.4).",
        form,
    )
}

fn rollback_triggers() -> Json {
    let trigger = object(
        &["name", "condition", "action"],
        json!({
            "name": {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$", "description": "Unique in the list."},
            "condition": text_of("When it is set off (17.1)."),
            "window": duration("Over which time the figures are looked at."),
            "severity": texts("Any of these, reported as the figure `severity`."),
            "action": act(),
            "notification": texts("Who is told."),
            "timeout": duration("By when it is done."),
        }),
    );
    json!({"type": "array", "minItems": 1, "items": trigger, "description": "When a running change may not go on, and what is done then (17.6)."})
}

fn rollback_procedure() -> Json {
    let check = json!({"anyOf": [
        {"type": "string", "minLength": 1},
        map(json!({"enum": ["required", "optional"]})),
    ]});
    let mut form = object(
        &[],
        json!({
            "strategy": text_of("How it is taken back."),
            "verification": {"type": "array", "minItems": 1, "items": check, "description": "What is checked then."},
            "timeout": duration("By when."),
            "notification": {"type": "object", "minProperties": 1, "additionalProperties": false, "properties": {
                "on_start": {"type": "boolean"}, "on_complete": {"type": "boolean"}, "on_failure": {"type": "boolean"},
            }},
        }),
    );
    form["minProperties"] = json!(1);
    said("How a change is taken back (17.6).", form)
}

fn post_rollback() -> Json {
    let mut form = object(
        &[],
        json!({
            "create_incident": flag("Whether an incident is opened."),
            "notify_stakeholders": flag("Whether stakeholders are told."),
            "schedule_review": flag("Whether a review is held."),
            "review_deadline": duration("By when; needs `schedule_review`."),
        }),
    );
    form["minProperties"] = json!(1);
    form["dependentRequired"] = json!({"review_deadline": ["schedule_review"]});
    said("What is owed after a change was taken back (17.6).", form)
}

fn objectives() -> Json {
    let mut properties = json!({"objective": bound(), "window": duration("Over which time.")});
    let quantiles = ["p50", "p90", "p95", "p99", "max"];
    for quantile in quantiles {
        properties[quantile] = bound();
    }
    let mut objective = object(&[], properties);
    let one = std::iter::once("objective").chain(quantiles);
    objective["anyOf"] = one.map(|key| json!({"required": [key]})).collect();
    map(objective)
}

fn pipeline() -> Json {
    let approvals = object(
        &[],
        json!({
            "count": {"type": "integer", "minimum": 1, "maximum": 16},
            "roles": texts("Any of these roles."),
            "teams": texts("Or any of these teams."),
            "by": {"enum": ["human", "any"]},
            "each": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/texts"}},
            "timeout": {"$ref": "#/$defs/duration"},
            "escalation": text_of("Who completes it after the timeout."),
            "valid_for": {"$ref": "#/$defs/duration"},
            "exclude": {"const": "requester"},
        }),
    );
    let mut stage = object(
        &["name"],
        json!({
            "name": {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$", "description": "Unique in the pipeline."},
            "require": criteria(),
            "reports": criteria(),
            "approvals": {"anyOf": [text_of("A workflow's name (11.4)."), approvals]},
            "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/percent"}, "description": "Shares that rise to 100%."},
            "soak": duration("How long each step is watched; needs `steps`."),
        }),
    );
    let one = ["require", "reports", "approvals", "steps"];
    stage["anyOf"] = one.iter().map(|key| json!({"required": [key]})).collect();
    stage["dependentRequired"] = json!({"soak": ["steps"]});
    let form = object(
        &["stages"],
        json!({
            "change_class": said("Of which changes; `any` where missing.", one_or_many(json!({"type": "string", "minLength": 1}))),
            "stages": {"type": "array", "minItems": 1, "items": stage},
            "on_failure": act(),
        }),
    );
    said(
        "The stages through which a change goes, in their order (17.8).",
        form,
    )
}

fn platform_change() -> Json {
    let mut part = object(&[], json!({"gate": criteria(), "ask": approval()}));
    part["minProperties"] = json!(1);
    said(
        "What must be shown before a part of the platform is changed (17.9).",
        map(part),
    )
}

fn failure_advice() -> Json {
    let advice = object(
        &["do"],
        json!({
            "do": text_of("An obligation, or `fallback_model` and its kin."),
            "max": {"type": "integer", "minimum": 1, "maximum": 1000, "description": "How often at most."},
            "within": {"anyOf": [{"const": "budget"}, {"$ref": "#/$defs/duration"}]},
            "then": text_of("What after that."),
            "explain": flag("Whether whoever asked is told why."),
            "notify": texts("Who is told."),
        }),
    );
    said("What a host is to do when something fails (17.10).", map(advice))
}

fn incident_response() -> Json {
    let mut response = object(
        &[],
        json!({
            "when": criteria(),
            "do": {"$ref": "#/$defs/obligations"},
            "notify": texts("Who is told."),
            "within": duration("By when, where an obligation does not say it."),
        }),
    );
    response["anyOf"] = json!([{"required": ["do"]}, {"required": ["notify"]}]);
    said(
        "What is owed for an incident of each severity (17.11).",
        map(response),
    )
}

//! The schemas of the forms of spec/15-switches-and-roles.md.

use bailiwick::parts::DeedResult;
use serde_json::{Value as Json, json};

use super::{hash, headed, object, one_or_many, said, text_of, timestamp};

fn max_age() -> Json {
    said(
        "How old the state may be; an older one, or none, is on.",
        json!({"$ref": "#/$defs/duration"}),
    )
}

/// An object with these keys, of which it has at least one of the last.
fn with_any(required: &[&str], properties: Json, any: &[&str]) -> Json {
    let mut form = object(required, properties);
    let keys: Vec<Json> = any.iter().map(|key| json!({"required": [key]})).collect();
    form["anyOf"] = json!(keys);
    form
}

pub(super) fn kill_switch() -> Json {
    let on = |description: &str| json!({"type": "boolean", "description": description});
    let scopes = ["global", "tenant", "campaign", "repository", "capability"];
    let global = with_any(
        &[],
        json!({
            "disable_new_runs": on("No run is started or resumed, no task submitted."),
            "cancel_running_runs": on("Whatever belongs to a run owes that the run be cancelled."),
            "disable_pr_creation": on("No pull request is opened."),
            "disable_merges": on("Nothing is merged."),
        }),
        &[
            "disable_new_runs",
            "cancel_running_runs",
            "disable_pr_creation",
            "disable_merges",
        ],
    );
    let tenant = with_any(
        &["tenant_id"],
        json!({
            "tenant_id": one_or_many(text_of("The tenant.")),
            "autonomous_from": said("From which mode on a run is autonomous; autonomous_pr where missing.", json!({"$ref": "#/$defs/mode"})),
            "disable_autonomous_runs": on("Agents start no runs, and nobody starts autonomous ones."),
        }),
        &["disable_autonomous_runs"],
    );
    let campaign = with_any(
        &["campaign_id"],
        json!({"campaign_id": one_or_many(text_of("The campaign.")), "pause_waves": on("It advances to no other wave.")}),
        &["pause_waves"],
    );
    let repository = with_any(
        &["repo"],
        json!({"repo": one_or_many(text_of("The repository.")), "block_all_agent_runs": on("Agents do nothing there.")}),
        &["block_all_agent_runs"],
    );
    let capability = with_any(
        &[],
        json!({
            "disable_shell_network": on("No shell command reaches a host."),
            "disable_model_calls": on("No model is called."),
            "disable_mcp": on("No tool server is called."),
        }),
        &["disable_shell_network", "disable_model_calls", "disable_mcp"],
    );
    let properties = json!({
        "max_age": max_age(), "global": global, "tenant": tenant, "campaign": campaign, "repository": repository,
        "capability": capability,
    });
    said(
        "What can be switched off at once (15.2).",
        with_any(&[], properties, &scopes),
    )
}

pub(super) fn emergency_stop() -> Json {
    let roles = |description: &str| said(description, json!({"$ref": "#/$defs/texts"}));
    let then = || said("What is owed.", json!({"$ref": "#/$defs/obligations"}));
    let two = json!({"type": "array", "minItems": 2, "items": text_of("A role.")});
    said(
        "Who stops all automation, and what it takes to let it run again (15.3).",
        object(
            &["activate", "deactivate"],
            json!({
                "on": {"type": "boolean", "description": "Whether it is stopped by the file."},
                "max_age": max_age(),
                "activate": object(&["roles"], json!({"roles": roles("Whoever has any of them."), "then": then()})),
                "deactivate": object(&["roles_all"], json!({
                    "roles_all": said("One person for each of them.", two),
                    "require": said("What must be done before, as figures.", json!({"$ref": "#/$defs/conditions"})),
                    "then": then(),
                })),
            }),
        ),
    )
}

/// What whoever decides by a row has in common.
fn decided(mut keys: Json) -> Json {
    let role = text_of("A role; `any` is anybody.");
    keys["approvers"] = json!({"type": "array", "maxItems": 16, "description": "One person for each.",
        "items": {"anyOf": [role, {"type": "array", "minItems": 1, "items": text_of("Any of these roles.")}]}});
    keys["agent"] = json!({"enum": ["auto", "recommend", "analyze", "human_only"], "description": "What an agent may do."});
    object(&["agent"], keys)
}

pub(super) fn decision_matrix() -> Json {
    let cell = || said("Any of these; `any` is all.", json!({"$ref": "#/$defs/texts"}));
    let columns = [
        "change_type",
        "change_class",
        "environment",
        "version",
        "release",
        "risk",
        "risk_tier",
        "task_class",
        "data_class",
        "platform_part",
        "origin",
    ];
    let mut cells = json!({});
    for column in columns {
        cells[column] = cell();
    }
    let mut row = decided(cells);
    row["not"] = json!({"required": ["version", "release"]});
    said(
        "Who decides on which combination (15.4).",
        object(
            &["action", "rows"],
            json!({
                "action": {"$ref": "#/$defs/actions"},
                "rows": {"type": "array", "minItems": 1, "maxItems": 256, "items": row},
            }),
        ),
    )
}

pub(super) fn roles() -> Json {
    let actions = json!({"anyOf": [{"$ref": "#/$defs/actions"}, {"type": "array", "maxItems": 0}]});
    json!({"type": "object", "minProperties": 1, "additionalProperties": actions,
        "description": "What whoever has a role may ask for: actions, all below a word as `campaign.*`, or `*` (15.5)."})
}

pub(super) fn task_contract() -> Json {
    let most = |description: &str| json!({"type": "integer", "minimum": 0, "description": description});
    let properties = json!({
        "id": text_of("The task."),
        "class": text_of("The task class that it is."),
        "ticket": text_of("The ticket that it carries out."),
        "paths": said("What it may touch.", json!({"$ref": "#/$defs/paths"})),
        "max_files": most("How many files a change has at most."),
        "max_lines_changed": most("How many lines a change has at most."),
        "generated_from": {"type": "object", "minProperties": 1, "additionalProperties": text_of("The file that they are generated from."),
            "description": "Patterns of generated files, with their source."},
        "base": {"const": "must_be_current", "description": "A change rests on the head of its base."},
        "exclusive_paths": {"type": "boolean", "description": "No other change that is not merged yet touches the same files."},
    });
    let keys = properties.as_object().into_iter().flat_map(|keys| keys.keys());
    let says: Vec<String> = keys.filter(|key| *key != "id").cloned().collect();
    let says: Vec<&str> = says.iter().map(String::as_str).collect();
    said(
        "What one task may touch, and how much (15.6).",
        with_any(&["id"], properties, &says),
    )
}

pub(super) fn credential_lease() -> Json {
    let places = [
        "model_context",
        "log",
        "audit",
        "artifact",
        "pull_request",
        "judge",
    ];
    let properties = json!({
        "kinds": said("What is lent.", json!({"$ref": "#/$defs/texts"})),
        "scope": {"enum": ["repository", "run", "task", "campaign", "team", "organization"], "description": "For what it is lent."},
        "max_ttl": said("For how long at most.", json!({"$ref": "#/$defs/duration"})),
        "revoke_on": said("When it is taken back.", json!({"$ref": "#/$defs/texts"})),
        "never_in": said("Where it is redacted.", one_or_many(json!({"enum": places}))),
    });
    said(
        "Which credentials are lent, for how long (15.7).",
        object(&["kinds", "max_ttl"], properties),
    )
}

pub(super) fn risk_tiers() -> Json {
    let words = ["standard", "enhanced", "comprehensive", "full"];
    let tier = decided(json!({"audit": {"enum": words, "description": "How much is written down."}}));
    json!({"type": "object", "minProperties": 1, "properties": {"action": {"$ref": "#/$defs/actions"}},
        "additionalProperties": tier, "description": "Who decides on a change by how risky it is rated (15.8)."})
}

/// An entry of a list of human oversight.
pub(super) fn oversight(guard: serde_json::Map<String, Json>) -> Json {
    let mut keys = Json::Object(guard);
    keys["about"] = text_of("What it is, for people.");
    keys["action"] = json!({"$ref": "#/$defs/actions"});
    object(&["action"], keys)
}

pub(super) fn human_oversight() -> Json {
    let list = |description: &str| json!({"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/oversight"}, "description": description});
    let properties = json!({
        "approval": said("By whom what people decide is decided; one human where missing.", json!({"$ref": "#/$defs/approval"})),
        "always": list("People decide."),
        "recommend": list("People had better look."),
        "autonomous": list("Agents act by themselves, and do nothing else by themselves that leaves the workspace."),
    });
    let lists = ["always", "recommend", "autonomous"];
    said(
        "What people always decide, and what agents do by themselves (15.9).",
        with_any(&[], properties, &lists),
    )
}

/// The outcome record.
pub(super) fn outcome() -> Json {
    let results = DeedResult::ALL.map(DeedResult::as_str);
    let body = object(
        &["decision", "request_hash", "result", "deed_hash"],
        json!({
            "decision": said("The hash of the decision record.", hash()),
            "decision_id": text_of("The caller's id of the decision."),
            "request_hash": said("The hash of the request that was decided.", hash()),
            "result": {"enum": results, "description": "How it ended."},
            "rationale": {"type": "string", "description": "Why it was done, or why not."},
            "ticket": {"type": "string", "description": "The ticket under which it was done."},
            "result_hash": {"type": "string", "description": "The hash of what came out."},
            "at": said("When that was.", timestamp()),
            "deed_hash": said("The hash of the outcome record without this key.", hash()),
        }),
    );
    let about = "What became of what was decided (spec/15-switches-and-roles.md, 15.11).";
    headed("outcome", "A Bailiwick outcome record", about, body)
}

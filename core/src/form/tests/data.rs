//! The forms of chapter 16 against the native documents of theirs.

use serde_json::{Value as Json, json};

use super::{form, native, same};
use crate::source::Level;

/// One request, and others that differ from it by these keys.
fn varied(base: &Json, others: &[Json]) -> Vec<Json> {
    let with = |keys: &Json| {
        let mut whole = base.clone();
        for (key, value) in keys.as_object().expect("keys") {
            whole[key] = value.clone();
        }
        whole
    };
    [base.clone()]
        .into_iter()
        .chain(others.iter().map(with))
        .collect()
}

#[test]
fn model_policy_is_its_native_document() {
    let base = json!({"tool": "model.call", "organization": "acme", "repository": null, "run": "r", "task_class": "dependency_upgrade",
        "provider": "openai", "model": "code-reasoner-large", "use": "planning_and_repair", "data_class": "internal",
        "prompt_log": "redacted_log", "tokens": 10, "usage": {"run": {"tokens": 0}}});
    let others = [
        json!({"use": "summarization"}),
        json!({"provider": "local", "model": "code-small", "use": "summarization"}),
        json!({"model": "experimental-unapproved-model"}),
        json!({"data_class": "secret"}),
        json!({"data_class": null}),
        json!({"prompt_log": "raw_log"}),
        json!({"prompt_log": "no_log"}),
        json!({"usage": {"run": {"tokens": 199_999}}}),
        json!({"task_class": "feature"}),
        json!({"task_class": null}),
        json!({"tool": "run.view"}),
    ];
    let keys = ["provider", "model", "use", "data_class", "prompt_log", "tokens"];
    let mut requests = varied(&base, &others);
    if let Some(view) = requests.last_mut().and_then(Json::as_object_mut) {
        keys.iter().for_each(|key| _ = view.remove(*key));
    }
    same(
        Level::Organization,
        &form("04-model-policy"),
        &native("model-policy"),
        &requests,
    );
}

#[test]
fn data_classification_is_its_native_document() {
    let item = json!({"tool": "context.include", "path": "a", "recursive": false, "organization": "acme", "repository": null, "tenant": null,
        "resource": {"type": "document", "id": "d", "tenant": null}, "redacted": false, "justification": null});
    let stored = json!({"tool": "artifact.write", "organization": "acme", "repository": null, "tenant": null, "artifact_kind": "log",
        "redacted": false, "restricted": true, "encrypted": false});
    let classes = [
        "public",
        "internal",
        "confidential",
        "regulated",
        "secret",
        "generated_sensitive",
    ];
    let mut others: Vec<Json> = classes.iter().map(|class| json!({"data_class": class})).collect();
    others.extend(
        classes
            .iter()
            .map(|class| json!({"data_class": class, "redacted": true})),
    );
    others.push(json!({"data_class": null, "redacted": true}));
    let mut requests = varied(&item, &others);
    requests.extend(varied(&stored, &others));
    same(
        Level::Organization,
        &form("22-data-classification"),
        &native("data-classification"),
        &requests,
    );
}

/// All kinds of a form, stored, read and deleted, young and old.
fn artifacts(kinds: &[&str]) -> Vec<Json> {
    let mut requests = Vec::new();
    for kind in kinds {
        let base = json!({"organization": "acme", "repository": null, "artifact_kind": kind, "environment": "production",
            "subject": {"type": "human", "id": "h", "roles": ["engineer"]}});
        let others = [
            json!({"tool": "artifact.write", "restricted": true, "encrypted": true}),
            json!({"tool": "artifact.write", "restricted": false, "encrypted": false}),
            json!({"tool": "artifact.read", "age": "1d"}),
            json!({"tool": "artifact.export", "age": "3000d"}),
            json!({"tool": "artifact.delete", "age": "1d"}),
            json!({"tool": "artifact.delete"}),
        ];
        requests.extend(varied(&base, &others).into_iter().skip(1));
    }
    requests
}

#[test]
fn retention_is_its_native_document() {
    let kinds = [
        "raw_model_request",
        "tool_output_raw",
        "audit_event",
        "cost_metric",
        "replay_package",
        "screenshot",
    ];
    same(
        Level::Organization,
        &form("05-retention"),
        &native("retention"),
        &artifacts(&kinds),
    );
}

#[test]
fn artifact_policy_is_its_native_document() {
    let kinds = ["raw_log", "redacted_log", "patch", "replay_package", "screenshot"];
    same(
        Level::Organization,
        &form("06-artifact-policy"),
        &native("artifact-policy"),
        &artifacts(&kinds),
    );
}

#[test]
fn limits_are_their_native_document() {
    let usage = |prs: u32, active: u32, calls: u32| {
        json!({"campaign/wave": {"prs_per_wave": prs}, "team": {"active_prs": active},
            "organization/1h": {"requests": calls}, "organization/1s": {"requests": calls / 50}, "reviewer": {"open_reviews": prs}})
    };
    let base = json!({"tool": "pr.create", "organization": "acme", "team": "t", "campaign": "c", "repository": null,
        "now": "2026-11-19T03:00:00Z", "usage": usage(1, 1, 1)});
    let others = [
        json!({"usage": usage(10, 1, 1)}),
        json!({"usage": usage(1, 15, 1)}),
        json!({"usage": usage(1, 1, 5000)}),
        json!({"now": "2026-11-20T03:00:00Z"}),
        json!({"now": "2026-11-19T09:00:00Z", "tool": "campaign.advance"}),
        json!({"now": "2026-11-19T09:00:00Z", "subject": {"type": "human", "id": "h"}}),
        json!({"tool": "review.request", "reviewer": "ana", "usage": usage(5, 1, 1)}),
        json!({"usage": null}),
    ];
    same(
        Level::Organization,
        &form("23-limits"),
        &native("limits"),
        &varied(&base, &others),
    );
}

#[test]
fn compliance_is_its_native_document_and_controls() {
    let whole = form("25-compliance");
    let start = whole.find("  controls:").expect("the form has controls");
    let end = whole
        .find("  audit_retention:")
        .expect("the form has a retention");
    let rules_alone = format!("{}{}", &whole[..start], &whole[end..]);
    let mut requests = artifacts(&["audit_event", "security_incident", "ai_agent_decision", "log"]);
    for (role, kind, id) in [
        ("engineer", "subject", "h"),
        ("engineer", "subject", "x"),
        ("team-lead", "team", "t"),
        ("team-lead", "team", "x"),
        ("security-lead", "run", "x"),
        ("Auditor", "run", "x"),
        ("Viewer", "subject", "h"),
    ] {
        requests.push(json!({"tool": "audit.read", "organization": "acme", "team": "t", "repository": null, "resource_type": kind,
            "resource_id": id, "subject": {"type": "human", "id": "h", "roles": [role]},
            "evidence": {"attested": {"audit_access_left": "3h"}}}));
    }
    same(
        Level::Organization,
        &rules_alone,
        &native("compliance"),
        &requests,
    );
}

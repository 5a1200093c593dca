//! What happened: form 17, checked and without secrets.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use thiserror::Error;

use crate::limits::{AUDIT_LINE_BYTES_MAX, INTEGER_MAX, REQUEST_DEPTH_MAX};
use crate::outcome::Outcome;
use crate::record::Record;
use crate::redact::{Sink, redact_json};
use crate::request::Request;

/// An audit event: who did what to which thing, by which decision of which policies. The first keys are those of form 17;
/// those that may be absent are ours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// An id, unique in the log; the host gives it.
    pub audit_id: String,
    /// Whose it is; null for the platform's own.
    #[serde(default)]
    pub tenant_id: Option<String>,
    /// `agent`, `service` or `human`.
    pub actor_type: String,
    /// Who.
    pub actor: String,
    /// What was done: an action of the vocabulary, `tool.` and one, or a name of the host's.
    pub action: String,
    /// The type of what it was done to.
    pub resource_type: String,
    /// What it was done to.
    #[serde(default)]
    pub resource_id: Option<String>,
    /// The decision, where one was asked for.
    #[serde(default)]
    pub decision: Option<Outcome>,
    /// The approval that it rests on.
    #[serde(default)]
    pub approval_id: Option<String>,
    /// The policies that it was decided by: a name of the host's, or a hash.
    #[serde(default)]
    pub policy_version: Option<String>,
    /// The hash of what was asked.
    #[serde(default)]
    pub request_hash: Option<String>,
    /// The hash of what came of it.
    #[serde(default)]
    pub result_hash: Option<String>,
    /// When, RFC 3339.
    pub created_at: String,
    /// The run that it belongs to, where the resource is another thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// The team that the actor acts for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_id: Option<String>,
    /// On whose behalf, the nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_behalf_of: Vec<String>,
    /// The hash of the decision record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_hash: Option<String>,
    /// Why, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What else the host wants to keep; redacted like everything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Json>,
}

/// Why something is no event.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EventError {
    /// It is no JSON of this shape.
    #[error("this is no audit event: {0}")]
    Shape(String),
    /// A key that must say something says nothing.
    #[error("`{0}` is empty; an audit event must say it")]
    Empty(&'static str),
    /// A time that is none.
    #[error("`created_at` is `{0}`, which is no RFC 3339 time, such as `2026-11-20T10:00:00Z`")]
    Time(String),
    /// A type of actor that there is not.
    #[error("`actor_type` is `{0}`; it must be `agent`, `service` or `human`")]
    Actor(String),
    /// Too long.
    #[error("the entry has {0} bytes; the most is {AUDIT_LINE_BYTES_MAX}")]
    TooLong(usize),
    /// A number that not every reader keeps, or nesting beyond what is read.
    #[error(
        "`details` holds what canonical JSON does not: integers beyond 2^53-1, or more than {REQUEST_DEPTH_MAX} levels"
    )]
    Details,
}

impl Event {
    /// Reads an event.
    ///
    /// # Errors
    /// What does not fit. Keys that stand twice are refused.
    pub fn from_json(text: &str) -> Result<Event, EventError> {
        let event: Event =
            serde_json::from_str(text).map_err(|error| EventError::Shape(error.to_string()))?;
        event.checked()
    }

    /// The event of a decision: who asked for what, and what came out. What happened then, the host adds: `result_hash`.
    pub fn of_decision(request: &Request, record: &Record, audit_id: impl Into<String>) -> Event {
        let said = |pointer: &str| {
            request
                .value()
                .pointer(pointer)
                .and_then(Json::as_str)
                .map(str::to_owned)
        };
        let scope = |entity: &str| {
            record
                .scope
                .pointer(entity)
                .and_then(Json::as_str)
                .map(str::to_owned)
        };
        let run_id = scope("/run/id").or_else(|| record.run_id.clone());
        let resource = said("/resource/type").zip(said("/resource/id"));
        let of_run = || run_id.clone().map(|run| ("run".to_owned(), run));
        let (resource_type, resource_id) = match resource.or_else(of_run) {
            Some((kind, id)) => (kind, Some(id)),
            None => ("request".to_owned(), None),
        };
        Event {
            audit_id: audit_id.into(),
            tenant_id: scope("/tenant/id").or_else(|| scope("/tenant")),
            actor_type: said("/subject/type").unwrap_or_else(|| "agent".to_owned()),
            actor: said("/subject/id").unwrap_or_else(|| "unsaid".to_owned()),
            action: if record.action.is_empty() {
                "unreadable".to_owned()
            } else {
                record.action.clone()
            },
            run_id: run_id.filter(|_| resource_type != "run"),
            resource_type,
            resource_id,
            decision: Some(record.decision),
            approval_id: record
                .approvals
                .satisfied
                .first()
                .map(|approval| approval.id.clone()),
            policy_version: Some(record.policy_set_hash.clone()),
            request_hash: Some(record.request_hash.clone()),
            result_hash: None,
            created_at: record
                .created_at
                .clone()
                .or_else(|| said("/now"))
                .unwrap_or_default(),
            team_id: scope("/team/id"),
            on_behalf_of: chain(request.value()),
            record_hash: Some(record.record_hash.clone()),
            reason: Some(record.explanation.clone()),
            details: None,
        }
    }

    /// The run that it belongs to: that chain it stands in.
    pub fn run(&self) -> Option<&str> {
        let of_resource = self
            .resource_id
            .as_deref()
            .filter(|_| self.resource_type == "run");
        self.run_id.as_deref().or(of_resource)
    }

    /// The event, if it says what it must.
    pub(super) fn checked(self) -> Result<Event, EventError> {
        let needed = [
            ("audit_id", &self.audit_id),
            ("actor", &self.actor),
            ("action", &self.action),
            ("resource_type", &self.resource_type),
        ];
        if let Some((key, _)) = needed.iter().find(|(_, value)| value.trim().is_empty()) {
            return Err(EventError::Empty(key));
        }
        if !["agent", "service", "human"].contains(&self.actor_type.as_str()) {
            return Err(EventError::Actor(self.actor_type));
        }
        if crate::document::time(&self.created_at).is_none() || !self.created_at.contains(['T', 't']) {
            return Err(EventError::Time(self.created_at));
        }
        if self
            .details
            .as_ref()
            .is_some_and(|details| !is_plain(details, REQUEST_DEPTH_MAX))
        {
            return Err(EventError::Details);
        }
        Ok(self)
    }

    /// As JSON without secrets. Hashes, ids and times hold none and stay as they are.
    pub(super) fn redacted(&self, sink: &Sink) -> Json {
        let mut json =
            serde_json::to_value(self).expect("an event is made of texts, lists of them, and JSON");
        for key in [
            "actor",
            "action",
            "resource_type",
            "resource_id",
            "run_id",
            "on_behalf_of",
            "reason",
            "details",
            "team_id",
        ] {
            if let Some(value) = json.get_mut(key) {
                redact_json(value, sink);
            }
        }
        json
    }
}

/// Those on whose behalf the subject acts.
fn chain(request: &Json) -> Vec<String> {
    let mut link = request.pointer("/subject/on_behalf_of");
    let mut names = Vec::new();
    while let Some(subject) = link.filter(|_| names.len() < crate::limits::CHAIN_MAX) {
        names.extend(subject.get("id").and_then(Json::as_str).map(str::to_owned));
        link = subject.get("on_behalf_of");
    }
    names
}

fn is_plain(value: &Json, depth: usize) -> bool {
    match value {
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => number.unsigned_abs() <= INTEGER_MAX as u64,
            (None, Some(_)) => false,
            (None, None) => number.as_f64().is_some_and(f64::is_finite),
        },
        Json::Array(items) => 0 < depth && items.iter().all(|item| is_plain(item, depth - 1)),
        Json::Object(keys) => 0 < depth && keys.values().all(|value| is_plain(value, depth - 1)),
        Json::Null | Json::Bool(_) | Json::String(_) => true,
    }
}

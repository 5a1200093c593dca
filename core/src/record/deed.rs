//! The outcome record: what became of what was decided (spec/15-switches-and-roles.md, 15.11). The host says it; here it is
//! tied to the decision, so that neither can be told without the other. It decides nothing.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Record;
use crate::digest::{Digest, canonical};
use crate::outcome::Outcome;

/// What a host reports of an act, once it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeedReport {
    /// How it ended.
    pub result: DeedResult,
    /// Why it was done, or why not.
    pub rationale: Option<String>,
    /// The ticket under which it was done.
    pub ticket: Option<String>,
    /// The hash of what came out.
    pub result_hash: Option<String>,
    /// When that was, RFC 3339.
    pub at: Option<String>,
}

impl DeedReport {
    /// A result and no more.
    pub fn of(result: DeedResult) -> DeedReport {
        DeedReport {
            result,
            rationale: None,
            ticket: None,
            result_hash: None,
            at: None,
        }
    }
}

/// How an act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeedResult {
    /// It was done.
    Done,
    /// It was tried and did not succeed.
    Failed,
    /// The decision kept it from being tried.
    Refused,
    /// It was done and taken back.
    RolledBack,
    /// It was allowed, and nobody did it.
    NotDone,
}

impl DeedResult {
    /// All of them.
    pub const ALL: [DeedResult; 5] = [
        DeedResult::Done,
        DeedResult::Failed,
        DeedResult::Refused,
        DeedResult::RolledBack,
        DeedResult::NotDone,
    ];

    /// Its name in an outcome record.
    pub fn as_str(self) -> &'static str {
        match self {
            DeedResult::Done => "done",
            DeedResult::Failed => "failed",
            DeedResult::Refused => "refused",
            DeedResult::RolledBack => "rolled_back",
            DeedResult::NotDone => "not_done",
        }
    }
}

/// An outcome record as it is kept: canonical JSON, tied to a decision record by its hash.
///
/// ```
/// # use bailiwick::{Engine, Request, Source, Stamp, State};
/// use bailiwick::parts::{DeedResult, DeedReport};
/// # let engine = Engine::load([Source::platform("p.yaml", "default: allow")]).unwrap();
/// let request = Request::from_json(r#"{"action": "run.view", "now": "2026-11-20T10:00:00Z"}"#).unwrap();
/// let record = engine.decide(&request, &State::none()).record(Stamp::default());
/// let deed = record.deed(DeedReport { ticket: Some("OPS-7".into()), ..DeedReport::of(DeedResult::Done) });
/// assert_eq!(deed.belongs_to(&record), Ok(()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deed {
    /// When that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The hash of the decision record.
    pub decision: String,
    /// The caller's id of the decision, where the record has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_id: Option<String>,
    /// The hash of the outcome record without itself.
    pub deed_hash: String,
    /// Why it was done, or why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rationale: Option<String>,
    /// The hash of the request that was decided.
    pub request_hash: String,
    /// How it ended.
    pub result: DeedResult,
    /// The hash of what came out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_hash: Option<String>,
    /// The ticket under which it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
}

/// Why an outcome record is not that of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeedError {
    /// Somebody changed it: its hash is another.
    Changed,
    /// Somebody changed the decision record.
    DecisionChanged,
    /// It is about another decision.
    OtherDecision,
    /// It says that something was done which was not allowed.
    NotAllowed,
    /// It says that something was refused which was allowed.
    WasAllowed,
}

impl fmt::Display for DeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DeedError::Changed => "the outcome record was changed: its hash is another",
            DeedError::DecisionChanged => "the decision record was changed: its hash is another",
            DeedError::OtherDecision => "the outcome record is about another decision",
            DeedError::NotAllowed => "the outcome record says that it was done, and it was not allowed",
            DeedError::WasAllowed => "the outcome record says that it was refused, and it was allowed",
        })
    }
}

impl std::error::Error for DeedError {}

impl Record {
    /// The outcome record for what became of this decision.
    pub fn deed(&self, report: DeedReport) -> Deed {
        let mut deed = Deed {
            decision: self.record_hash.clone(),
            decision_id: self.decision_id.clone(),
            request_hash: self.request_hash.clone(),
            result: report.result,
            rationale: report.rationale,
            ticket: report.ticket,
            result_hash: report.result_hash,
            at: report.at,
            deed_hash: String::new(),
        };
        deed.deed_hash = deed.hash().to_string();
        deed
    }
}

impl Deed {
    /// As JSON.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).expect("an outcome record is made of texts")
    }

    /// The canonical bytes (RFC 8785).
    pub fn canonical(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Reads one that was kept.
    ///
    /// # Errors
    /// What does not fit, as serde_json says it.
    pub fn from_json(text: &str) -> Result<Deed, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The hash computed anew. It equals `deed_hash` unless somebody changed the outcome record.
    pub fn hash(&self) -> Digest {
        let mut json = self.to_json();
        if let Some(keys) = json.as_object_mut() {
            keys.remove("deed_hash");
        }
        Digest::of_json(&json)
    }

    /// Whether it is the untouched outcome of a decision, and one that the decision let happen.
    ///
    /// # Errors
    /// Why it is not.
    pub fn belongs_to(&self, record: &Record) -> Result<(), DeedError> {
        let was_done = matches!(
            self.result,
            DeedResult::Done | DeedResult::Failed | DeedResult::RolledBack
        );
        let allowed = record.decision == Outcome::Allowed;
        if self.hash().to_string() != self.deed_hash {
            Err(DeedError::Changed)
        } else if record.hash().to_string() != record.record_hash {
            Err(DeedError::DecisionChanged)
        } else if self.decision != record.record_hash || self.request_hash != record.request_hash {
            Err(DeedError::OtherDecision)
        } else if was_done && !allowed {
            Err(DeedError::NotAllowed)
        } else if self.result == DeedResult::Refused && allowed {
            Err(DeedError::WasAllowed)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::record::Stamp;
    use crate::request::{Request, State};
    use crate::source::Source;

    fn record(action: &str) -> Record {
        let policies = "{default: allow, rules: [{id: no, deny: deploy}]}";
        let engine = Engine::load([Source::platform("p.yaml", policies)]).expect("it compiles");
        let request = serde_json::json!({"action": action, "now": "2026-11-20T10:00:00Z"});
        let request = Request::from_value(request).expect("it fits");
        engine.decide(&request, &State::none()).record(Stamp {
            decision_id: Some("d1".into()),
            created_at: None,
        })
    }

    #[test]
    fn an_outcome_is_that_of_its_decision_and_of_no_other() {
        let (viewed, denied) = (record("run.view"), record("deploy"));
        let done = viewed.deed(DeedReport {
            rationale: Some("asked for".into()),
            ticket: Some("OPS-7".into()),
            result_hash: Some("sha256:00".into()),
            at: Some("2026-11-20T10:00:05Z".into()),
            ..DeedReport::of(DeedResult::Done)
        });
        assert_eq!(done.belongs_to(&viewed), Ok(()));
        assert_eq!(done.belongs_to(&denied), Err(DeedError::OtherDecision));
        assert_eq!(done.decision_id.as_deref(), Some("d1"));
        let kept =
            Deed::from_json(&String::from_utf8(done.canonical()).expect("it is text")).expect("it is one");
        assert_eq!(kept, done);
    }

    #[test]
    fn a_changed_outcome_or_decision_is_seen() {
        let record = record("run.view");
        let mut deed = record.deed(DeedReport::of(DeedResult::Failed));
        deed.result = DeedResult::Done;
        assert_eq!(deed.belongs_to(&record), Err(DeedError::Changed));
        let mut forged = record.clone();
        forged.explanation = "Allowed by me.".into();
        let deed = record.deed(DeedReport::of(DeedResult::Done));
        assert_eq!(deed.belongs_to(&forged), Err(DeedError::DecisionChanged));
    }

    #[test]
    fn what_was_denied_was_refused_and_what_was_allowed_was_not() {
        let (viewed, denied) = (record("run.view"), record("deploy"));
        let of = |record: &Record, result| record.deed(DeedReport::of(result)).belongs_to(record);
        assert_eq!(of(&denied, DeedResult::Refused), Ok(()));
        assert_eq!(of(&denied, DeedResult::NotDone), Ok(()));
        assert_eq!(of(&denied, DeedResult::Done), Err(DeedError::NotAllowed));
        assert_eq!(of(&denied, DeedResult::RolledBack), Err(DeedError::NotAllowed));
        assert_eq!(of(&viewed, DeedResult::NotDone), Ok(()));
        assert_eq!(of(&viewed, DeedResult::Refused), Err(DeedError::WasAllowed));
    }
}

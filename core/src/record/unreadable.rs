//! The record of what is no request: denied, for those that must get a record whatever they asked (spec/09-records.md, 9.1).

use serde_json::{Value as Json, json};

use super::{Approvals, LevelVerdict, MatchedRule, Record};
use crate::digest::Digest;
use crate::outcome::Outcome;
use crate::source::Level;
use crate::{LANGUAGE, VERSION};

impl Record {
    /// A denied record for a text that cannot be read as a request. It rests on no policy and asks for nothing, so its
    /// hashes are those of an empty list, an empty object, and null. The reason says what is wrong, with its JSON pointer.
    pub fn unreadable(reason: &str) -> Record {
        let nothing = |value: Json| Digest::of_json(&value).to_string();
        let mut record = Record {
            decision_id: None,
            run_id: None,
            tool_call_id: None,
            decision: Outcome::Denied,
            action: String::new(),
            requested: json!({}),
            scope: json!({}),
            effects: Vec::new(),
            matched_rules: vec![invalid_request(reason)],
            levels: Level::ALL.into_iter().map(level).collect(),
            explanation: format!(
                "Denied at the platform level by the engine itself, `invalid_request`: {reason}."
            ),
            obligations: Vec::new(),
            approvals: Approvals::default(),
            criteria: Vec::new(),
            caps: Vec::new(),
            floors: Vec::new(),
            charges: Vec::new(),
            bypassed: Vec::new(),
            unknowns: Vec::new(),
            policy_hash: nothing(json!([])),
            policy_set_hash: nothing(json!([])),
            request_hash: nothing(Json::Null),
            operation_hash: nothing(Json::Null),
            state_hash: nothing(json!({})),
            record_hash: String::new(),
            valid_until: None,
            engine_version: VERSION.to_owned(),
            language_version: LANGUAGE.to_owned(),
            created_at: None,
        };
        record.redact();
        record.record_hash = record.hash().to_string();
        record
    }
}

fn level(level: Level) -> LevelVerdict {
    let decision = if level == Level::Platform {
        Outcome::Denied
    } else {
        Outcome::Allowed
    };
    LevelVerdict {
        level: level.as_str().to_owned(),
        decision,
    }
}

fn invalid_request(reason: &str) -> MatchedRule {
    MatchedRule {
        policy: format!("bailiwick@{LANGUAGE}"),
        level: Level::Platform.as_str().to_owned(),
        rule: "invalid_request".to_owned(),
        effect: "engine".to_owned(),
        matched: "true".to_owned(),
        on: Vec::new(),
        reason: Some(reason.to_owned()),
        controls: Vec::new(),
        place: None,
    }
}

//! What the hash of a record is taken over: all of it but itself, the stamps and the places (spec/09-records.md, 9.6).

use serde::Serialize;
use serde_json::Value as Json;

use super::{
    Approvals, Bypassed, CapFigure, Charge, CriterionFigure, FloorFigure, LevelVerdict, MatchedRule,
    OwedObligation, Record,
};
use crate::outcome::Outcome;

/// A record as its hash sees it. The fields stand in the order of their names, as in the record itself.
#[derive(Serialize)]
pub(super) struct Ground<'r> {
    action: &'r str,
    approvals: &'r Approvals,
    bypassed: &'r [Bypassed],
    caps: &'r [CapFigure],
    charges: &'r [Charge],
    criteria: &'r [CriterionFigure],
    decision: Outcome,
    effects: &'r [Json],
    explanation: &'r str,
    floors: &'r [FloorFigure],
    language_version: &'r str,
    levels: &'r [LevelVerdict],
    matched_rules: Vec<Said<'r>>,
    obligations: &'r [OwedObligation],
    operation_hash: &'r str,
    policy_hash: &'r str,
    request_hash: &'r str,
    requested: &'r Json,
    scope: &'r Json,
    state_hash: &'r str,
    unknowns: &'r [String],
    valid_until: &'r Option<String>,
}

/// What a rule says, wherever it stands.
#[derive(Serialize)]
struct Said<'r> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    controls: &'r [String],
    effect: &'r str,
    level: &'r str,
    r#match: &'r str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    on: &'r [u32],
    policy: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: &'r Option<String>,
    rule: &'r str,
}

impl<'r> From<&'r Record> for Ground<'r> {
    /// Names every field, so that a new one is decided upon here.
    fn from(record: &'r Record) -> Ground<'r> {
        let Record {
            action,
            approvals,
            bypassed,
            caps,
            charges,
            created_at: _,
            criteria,
            decision,
            decision_id: _,
            effects,
            engine_version: _,
            explanation,
            floors,
            language_version,
            levels,
            matched_rules,
            obligations,
            operation_hash,
            policy_hash,
            policy_set_hash: _,
            record_hash: _,
            request_hash,
            requested,
            run_id: _,
            scope,
            state_hash,
            tool_call_id: _,
            unknowns,
            valid_until,
        } = record;
        Ground {
            action,
            approvals,
            bypassed,
            caps,
            charges,
            criteria,
            decision: *decision,
            effects,
            explanation,
            floors,
            language_version,
            levels,
            matched_rules: matched_rules.iter().map(Said::from).collect(),
            obligations,
            operation_hash,
            policy_hash,
            request_hash,
            requested,
            scope,
            state_hash,
            unknowns,
            valid_until,
        }
    }
}

impl<'r> From<&'r MatchedRule> for Said<'r> {
    fn from(rule: &'r MatchedRule) -> Said<'r> {
        let MatchedRule {
            controls,
            effect,
            level,
            matched,
            on,
            place: _,
            policy,
            reason,
            rule,
        } = rule;
        Said {
            controls,
            effect,
            level,
            r#match: matched,
            on,
            policy,
            reason,
            rule,
        }
    }
}

//! The receipt: a decision made to last (spec/09-records.md). What it holds is here; `write` makes it out of a decision,
//! `explain` says it to people, `holds` tells whether the ground has moved. It reads the verdict and decides nothing.

mod holds;
mod case;
mod explain;
mod limits;
mod write;
mod unreadable;
mod deed;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::digest::{Digest, canonical};
use crate::outcome::Outcome;

pub use deed::{Deed, DeedError, DeedReport, DeedResult};
pub use explain::{Explanation, Step, explain};
pub use holds::{Validity, policy_hash, policy_set_hash, state_hash, still_holds};
pub use write::{deciding, write};

/// A decision as it is kept: canonical JSON with hashes to check it by.
///
/// ```
/// # use bailiwick::{Engine, Request, Source, Stamp, State};
/// # let engine = Engine::load([Source::platform("p.yaml", "default: allow")]).unwrap();
/// let request = Request::from_json(r#"{"action": "run.view", "now": "2026-11-20T10:00:00Z"}"#).unwrap();
/// let record = engine.decide(&request, &State::none()).record(Stamp::default());
/// assert_eq!(record.hash().to_string(), record.record_hash);
/// assert_eq!(record.decision.to_string(), "allowed");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// A stamp: the caller's id of this decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_id: Option<String>,
    /// A stamp: the run, as the request names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// A stamp: the tool call, as the request names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
    /// The answer.
    pub decision: Outcome,
    /// What was asked for.
    pub action: String,
    /// With these arguments.
    pub requested: Json,
    /// For these entities.
    pub scope: Json,
    /// What it would do.
    pub effects: Vec<Json>,
    /// The rules that fired, and what the engine denies by itself.
    pub matched_rules: Vec<MatchedRule>,
    /// The verdict of each level alone.
    pub levels: Vec<LevelVerdict>,
    /// Why, in one or two sentences.
    pub explanation: String,
    /// What is owed.
    pub obligations: Vec<OwedObligation>,
    /// What approval was asked for, and how it stands.
    pub approvals: Approvals,
    /// The criteria of gates.
    pub criteria: Vec<CriterionFigure>,
    /// How much of what may be used, and how much is left.
    pub caps: Vec<CapFigure>,
    /// How much of what must be at least.
    pub floors: Vec<FloorFigure>,
    /// What the act adds to used figures; nothing where it is denied.
    pub charges: Vec<Charge>,
    /// The deny rules that a bypass lifted.
    pub bypassed: Vec<Bypassed>,
    /// The attributes that rules would have needed to know.
    pub unknowns: Vec<String>,
    /// The hash of the documents that apply.
    pub policy_hash: String,
    /// A stamp: the hash of the whole policy set.
    pub policy_set_hash: String,
    /// The hash of the request.
    pub request_hash: String,
    /// The hash that approvals name.
    pub operation_hash: String,
    /// The hash of the switches in sight.
    pub state_hash: String,
    /// The hash of the record without itself, the stamps and the places.
    pub record_hash: String,
    /// Until when it holds if nothing but time goes on.
    pub valid_until: Option<String>,
    /// A stamp: the version of the program.
    pub engine_version: String,
    /// The version of the language.
    pub language_version: String,
    /// A stamp: when the caller made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
}

/// What the caller adds to a record: it has the clock and the source of ids, the engine has neither.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// An id for the decision.
    pub decision_id: Option<String>,
    /// When the record is made, RFC 3339.
    pub created_at: Option<String>,
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchedRule {
    /// `id@version` of its document.
    pub policy: String,
    /// Its level.
    pub level: String,
    /// Its id.
    pub rule: String,
    /// Its kind; `engine` where the engine denies by itself.
    pub effect: String,
    /// `true`, `unknown`, or, for an `only` rule that closes its layer, `false`.
    #[serde(rename = "match")]
    pub matched: String,
    /// The effects that it fired on; absent where it concerns the whole request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<u32>,
    /// What its author tells people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The controls that it carries out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceFigure>,
}

/// A place in a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceFigure {
    /// The source's name.
    pub source: String,
    /// From 1.
    pub line: u32,
    /// From 1, in code points.
    pub column: u32,
    /// From 0.
    pub byte: u32,
}

/// The verdict of one level alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelVerdict {
    /// The level.
    pub level: String,
    /// Its verdict.
    pub decision: Outcome,
}

/// Something owed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwedObligation {
    /// What.
    pub name: String,
    /// In how many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<f64>,
    /// That is, until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How often at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// What is owed after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
    /// By which policy.
    pub policy: String,
    /// By which rule of it.
    pub rule: String,
}

/// What approval was asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approvals {
    /// All that was asked for.
    pub required: Vec<RequiredApproval>,
    /// What is met.
    pub satisfied: Vec<ApprovalId>,
    /// What is still to be got.
    pub outstanding: Vec<ApprovalId>,
    /// What would be outstanding, were the answer not denied anyway.
    pub moot: Vec<ApprovalId>,
    /// What somebody rejected.
    pub rejected: Vec<ApprovalId>,
    /// What nobody answered in time.
    pub blocked: Vec<ApprovalId>,
}

/// A requirement in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredApproval {
    /// What an approval must name.
    pub id: String,
    /// Who must approve.
    pub slots: Vec<Json>,
    /// Seconds that they have.
    pub timeout: Option<f64>,
    /// Whose approval completes it after that.
    pub escalation: Option<String>,
    /// Seconds that an approval counts.
    pub valid_for: Option<f64>,
    /// Where the host tells approvers.
    pub notify: Vec<String>,
    /// Whether the host shows approvers what an agent recommends.
    pub agent_can_recommend: bool,
    /// The policy of the first rule that asks for it.
    pub policy: String,
    /// That rule.
    pub rule: String,
}

/// A requirement by its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalId {
    /// The id.
    pub id: String,
    /// How many persons are missing, where it is outstanding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<usize>,
}

/// How a criterion of a gate stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CriterionFigure {
    /// The gate's policy.
    pub policy: String,
    /// The gate.
    pub rule: String,
    /// The criterion.
    pub criterion: String,
    /// `held`, `failed` or `missing`.
    pub state: String,
    /// What must hold.
    pub expected: String,
    /// What the request says of it.
    pub found: Json,
    /// Whether it is only reported and shuts no gate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub advisory: bool,
}

/// How a cap stands. Figures of lengths of time are seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapFigure {
    /// The limit's policy.
    pub policy: String,
    /// The limit.
    pub rule: String,
    /// What is counted.
    pub unit: String,
    /// Whose use counts; null where each request stands by itself.
    pub per: Option<String>,
    /// Over which time.
    pub window: Option<String>,
    /// Whose that is in this request.
    pub entity: Option<String>,
    /// What was used before; null where it is unknown.
    pub used: Json,
    /// What this request adds; null where it is unknown.
    pub needs: Json,
    /// The cap at which it denies.
    pub at_most: Json,
    /// What is left after it; less than nothing where it is too much, null where it is unknown.
    pub headroom: Json,
    /// `within`, `alert`, `exceeded`, `unknown` or `contradicted`.
    pub state: String,
}

/// How a floor stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloorFigure {
    /// The limit's policy.
    pub policy: String,
    /// The limit.
    pub rule: String,
    /// What is counted.
    pub unit: String,
    /// What this request comes to; null where it is unknown, or the host's to keep.
    pub needs: Json,
    /// The floor.
    pub at_least: Json,
    /// As of a cap.
    pub state: String,
}

/// What an act adds to a used figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// Whose use it is.
    pub per: String,
    /// Over which time.
    pub window: Option<String>,
    /// Whose that is in this request.
    pub entity: String,
    /// What is counted.
    pub unit: String,
    /// How much.
    pub amount: Json,
}

/// A deny rule that a bypass lifted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bypassed {
    /// Its policy.
    pub policy: String,
    /// The rule.
    pub rule: String,
    /// The requirement that was met.
    pub requirement: String,
    /// Until when.
    pub until: Option<String>,
}

/// The keys that the record hash leaves out, besides every `place`.
const STAMPS: [&str; 7] = [
    "record_hash",
    "decision_id",
    "run_id",
    "tool_call_id",
    "created_at",
    "policy_set_hash",
    "engine_version",
];

impl Record {
    /// The record as JSON.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).expect("a record is made of texts, numbers and lists of them")
    }

    /// The record's canonical bytes (RFC 8785).
    pub fn canonical(&self) -> Vec<u8> {
        canonical(&self.to_json())
    }

    /// Reads a record that was kept.
    ///
    /// # Errors
    /// What does not fit, as serde_json says it.
    pub fn from_json(text: &str) -> Result<Record, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The hash computed anew. It equals `record_hash` unless somebody changed the record.
    pub fn hash(&self) -> Digest {
        let mut json = self.to_json();
        if let Some(keys) = json.as_object_mut() {
            keys.retain(|key, _| !STAMPS.contains(&key.as_str()));
            let rules = keys.get_mut("matched_rules").and_then(Json::as_array_mut);
            rules
                .into_iter()
                .flatten()
                .filter_map(Json::as_object_mut)
                .for_each(|rule| drop(rule.remove("place")));
        }
        Digest::of_json(&json)
    }
}

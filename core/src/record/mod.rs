//! The receipt: a decision made to last (spec/09-records.md). What it holds is here; `write` makes it out of a decision,
//! `explain` says it to people, `holds` tells whether the ground has moved. It reads the verdict and decides nothing.

mod holds;
mod case;
mod explain;
mod ground;
mod limits;
mod write;
mod unreadable;
mod deed;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::digest::{Digest, canonical};
use crate::outcome::Outcome;

use ground::Ground;

pub use case::Case;
pub use deed::{Deed, DeedError, DeedReport, DeedResult};
pub use explain::{Explanation, Step, explain};
pub use holds::{Validity, policy_hash, policy_set_hash, state_hash, still_holds};
pub use write::{deciding, write};

/// A decision as it is kept: canonical JSON with hashes to check it by. The fields stand in the order of their names, here and in
/// its parts, since that is the order of canonical JSON: so nothing is sorted when it is written.
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
    /// What was asked for.
    pub action: String,
    /// What approval was asked for, and how it stands.
    pub approvals: Approvals,
    /// The deny rules that a bypass lifted.
    pub bypassed: Vec<Bypassed>,
    /// How much of what may be used, and how much is left.
    pub caps: Vec<CapFigure>,
    /// What the act adds to used figures; nothing where it is denied.
    pub charges: Vec<Charge>,
    /// A stamp: when the caller made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// The criteria of gates.
    pub criteria: Vec<CriterionFigure>,
    /// The answer.
    pub decision: Outcome,
    /// A stamp: the caller's id of this decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_id: Option<String>,
    /// What it would do.
    pub effects: Vec<Json>,
    /// A stamp: the version of the program.
    pub engine_version: String,
    /// Why, in one or two sentences.
    pub explanation: String,
    /// How much of what must be at least.
    pub floors: Vec<FloorFigure>,
    /// The version of the language.
    pub language_version: String,
    /// The verdict of each level alone.
    pub levels: Vec<LevelVerdict>,
    /// The rules that fired, and what the engine denies by itself.
    pub matched_rules: Vec<MatchedRule>,
    /// What is owed.
    pub obligations: Vec<OwedObligation>,
    /// The hash that approvals name.
    pub operation_hash: String,
    /// The hash of the documents that apply.
    pub policy_hash: String,
    /// A stamp: the hash of the whole policy set.
    pub policy_set_hash: String,
    /// The hash of the record without itself, the stamps and the places.
    pub record_hash: String,
    /// The hash of the request.
    pub request_hash: String,
    /// With these arguments.
    pub requested: Json,
    /// A stamp: the run, as the request names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// For these entities.
    pub scope: Json,
    /// The hash of the switches in sight.
    pub state_hash: String,
    /// A stamp: the tool call, as the request names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
    /// The attributes that rules would have needed to know.
    pub unknowns: Vec<String>,
    /// Until when it holds if nothing but time goes on.
    pub valid_until: Option<String>,
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
    /// The controls that it carries out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<String>,
    /// Its kind; `engine` where the engine denies by itself.
    pub effect: String,
    /// Its level.
    pub level: String,
    /// `true`, `unknown`, or, for an `only` rule that closes its layer, `false`.
    #[serde(rename = "match")]
    pub matched: String,
    /// The effects that it fired on; absent where it concerns the whole request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<u32>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceFigure>,
    /// `id@version` of its document.
    pub policy: String,
    /// What its author tells people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Its id.
    pub rule: String,
}

/// A place in a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceFigure {
    /// From 0.
    pub byte: u32,
    /// From 1, in code points.
    pub column: u32,
    /// From 1.
    pub line: u32,
    /// The source's name.
    pub source: String,
}

/// The verdict of one level alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelVerdict {
    /// Its verdict.
    pub decision: Outcome,
    /// The level.
    pub level: String,
}

/// Something owed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwedObligation {
    /// That is, until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What.
    pub name: String,
    /// By which policy.
    pub policy: String,
    /// By which rule of it.
    pub rule: String,
    /// What is owed after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
    /// How often at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// In how many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<f64>,
}

/// What approval was asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approvals {
    /// What nobody answered in time.
    pub blocked: Vec<ApprovalId>,
    /// What would be outstanding, were the answer not denied anyway.
    pub moot: Vec<ApprovalId>,
    /// What is still to be got.
    pub outstanding: Vec<ApprovalId>,
    /// What somebody rejected.
    pub rejected: Vec<ApprovalId>,
    /// All that was asked for.
    pub required: Vec<RequiredApproval>,
    /// What is met.
    pub satisfied: Vec<ApprovalId>,
}

/// A requirement in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredApproval {
    /// Whether the host shows approvers what an agent recommends.
    pub agent_can_recommend: bool,
    /// Whose approval completes it after that.
    pub escalation: Option<String>,
    /// What an approval must name.
    pub id: String,
    /// Where the host tells approvers.
    pub notify: Vec<String>,
    /// The policy of the first rule that asks for it.
    pub policy: String,
    /// That rule.
    pub rule: String,
    /// Who must approve.
    pub slots: Vec<Json>,
    /// Seconds that they have.
    pub timeout: Option<f64>,
    /// Seconds that an approval counts.
    pub valid_for: Option<f64>,
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
    /// Whether it is only reported and shuts no gate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub advisory: bool,
    /// The criterion.
    pub criterion: String,
    /// What must hold.
    pub expected: String,
    /// What the request says of it.
    pub found: Json,
    /// The gate's policy.
    pub policy: String,
    /// The gate.
    pub rule: String,
    /// `held`, `failed` or `missing`.
    pub state: String,
}

/// How a cap stands. Figures of lengths of time are seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapFigure {
    /// The cap at which it denies.
    pub at_most: Json,
    /// Whose that is in this request.
    pub entity: Option<String>,
    /// What is left after it; less than nothing where it is too much, null where it is unknown.
    pub headroom: Json,
    /// What this request adds; null where it is unknown.
    pub needs: Json,
    /// Whose use counts; null where each request stands by itself.
    pub per: Option<String>,
    /// The limit's policy.
    pub policy: String,
    /// The limit.
    pub rule: String,
    /// `within`, `alert`, `exceeded`, `unknown` or `contradicted`.
    pub state: String,
    /// What is counted.
    pub unit: String,
    /// What was used before; null where it is unknown.
    pub used: Json,
    /// Over which time.
    pub window: Option<String>,
}

/// How a floor stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloorFigure {
    /// The floor.
    pub at_least: Json,
    /// What this request comes to; null where it is unknown, or the host's to keep.
    pub needs: Json,
    /// The limit's policy.
    pub policy: String,
    /// The limit.
    pub rule: String,
    /// As of a cap.
    pub state: String,
    /// What is counted.
    pub unit: String,
}

/// What an act adds to a used figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// How much.
    pub amount: Json,
    /// Whose that is in this request.
    pub entity: String,
    /// Whose use it is.
    pub per: String,
    /// What is counted.
    pub unit: String,
    /// Over which time.
    pub window: Option<String>,
}

/// A deny rule that a bypass lifted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bypassed {
    /// Its policy.
    pub policy: String,
    /// The requirement that was met.
    pub requirement: String,
    /// The rule.
    pub rule: String,
    /// Until when.
    pub until: Option<String>,
}

impl Record {
    /// The record as JSON.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).expect("a record is made of texts, numbers and lists of them")
    }

    /// The record's canonical bytes (RFC 8785).
    pub fn canonical(&self) -> Vec<u8> {
        canonical(self)
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
        Digest::of_json(&Ground::from(self))
    }
}

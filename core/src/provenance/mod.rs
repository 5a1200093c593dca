//! What a change made by an agent carries with it (spec/19-provenance.md): form 18, filled from the records of a run, and the
//! same as a statement of in-toto. What records do not know, the caller gives; where both speak, they must agree. Knows no file
//! and no key.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use thiserror::Error;

use crate::digest::Digest;
use crate::outcome::Outcome;
use crate::record::Record;
use crate::redact::{Sink, redact_json};

/// The type of an in-toto statement, version 1.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// The type of our predicate.
pub const PREDICATE_TYPE: &str = "https://bailiwick.dev/agent-provenance/v1";

/// Form 18.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Provenance {
    /// The task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// The run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// The campaign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign_id: Option<String>,
    /// The version of the agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_version: Option<String>,
    /// Which models.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_policy: Option<ModelPolicy>,
    /// Where it ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sandbox: Option<Sandbox>,
    /// What was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<Repository>,
    /// What was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
    /// By which policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// Where to read on: a name and a link.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub artifacts: BTreeMap<String, String>,
    /// The records that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<Records>,
}

/// Which models.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelPolicy {
    /// What chose among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub router: Option<String>,
    /// Those that the run was allowed to call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_models: Vec<String>,
}

/// Where it ran.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sandbox {
    /// The sandbox, as requests name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The digest of its image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_digest: Option<String>,
    /// Its egress profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_profile: Option<String>,
}

/// What was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Repository {
    /// The repository, as requests name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The commit that the change is based on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_sha: Option<String>,
    /// The commit that is proposed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_sha: Option<String>,
}

/// What was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Verification {
    /// The verifiers that policies require.
    pub required_profiles: Vec<String>,
    /// Whether all of them had passed when the change left the workspace.
    pub passed: bool,
}

/// By which policies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// The hash of the policies that applied to the last decision by which the change left the workspace.
    pub effective_policy_hash: String,
}

/// The records that provenance rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Records {
    /// How many.
    pub count: u64,
    /// The hash of the list of their hashes, in their order.
    pub hash: String,
    /// How many said what.
    pub decisions: BTreeMap<String, u64>,
    /// The requirements that were met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<String>,
    /// The deny rules that a bypass lifted, as `policy/rule`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bypassed: Vec<String>,
}

/// Why there is no provenance.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProvenanceError {
    /// There is nothing to rest on.
    #[error("there are no records of the run; provenance rests on at least one")]
    NoRecords,
    /// A record was changed.
    #[error("record {0} is not what its hash was taken of; it was changed after it was made")]
    Changed(usize),
    /// A record is of another run.
    #[error(
        "record {at} is of the run `{found}`, the first one of `{expected}`; give the records of one run"
    )]
    OtherRun {
        /// Which, from 1.
        at: usize,
        /// The run of the first record.
        expected: String,
        /// The run of this one.
        found: String,
    },
    /// The records name no run.
    #[error("record {0} names no run, neither as `run_id` nor as `scope.run`")]
    NoRun(usize),
    /// The caller says what is no part of form 18.
    #[error("this is no `agent_provenance`: {0}")]
    Shape(String),
    /// Caller and records disagree.
    #[error(
        "`{pointer}` is {given} by the caller and {known} by the records; leave it out, or find out which is right"
    )]
    Contradiction {
        /// Which field, as a JSON pointer.
        pointer: String,
        /// What the caller says.
        given: String,
        /// What the records say.
        known: String,
    },
    /// A statement speaks of a commit, and none is known.
    #[error("a statement needs `repository.head_sha`: the commit that it speaks of")]
    NoSubject,
}

impl Provenance {
    /// Reads form 18, with or without its key `agent_provenance`.
    ///
    /// # Errors
    /// What does not fit.
    pub fn from_json(value: &Json) -> Result<Provenance, ProvenanceError> {
        let inner = value.get("agent_provenance").unwrap_or(value);
        serde_json::from_value(inner.clone()).map_err(|error| ProvenanceError::Shape(error.to_string()))
    }

    /// Form 18 of a run: what its records know, and what the caller gives besides. Records stand in the order in which they
    /// were made.
    ///
    /// # Errors
    /// Where a record was changed, records are of several runs, or the caller contradicts them.
    pub fn of(records: &[Record], given: &Provenance) -> Result<Provenance, ProvenanceError> {
        let known = known(records)?;
        let (mut known, given) = (json!(known), json!(given));
        merge(&mut known, &given, String::new())?;
        redact_json(&mut known, &Sink::secrets("provenance"));
        Provenance::from_json(&known)
    }

    /// As form 18 is written.
    pub fn to_json(&self) -> Json {
        json!({"agent_provenance": self})
    }

    /// As an in-toto statement about the proposed commit, to be signed by whoever has a key.
    ///
    /// # Errors
    /// Where no commit is known.
    pub fn statement(&self) -> Result<Json, ProvenanceError> {
        let repository = self.repository.as_ref().ok_or(ProvenanceError::NoSubject)?;
        let head = repository.head_sha.as_ref().ok_or(ProvenanceError::NoSubject)?;
        let name = repository.id.as_deref().unwrap_or("repository");
        Ok(json!({
            "_type": STATEMENT_TYPE,
            "subject": [{"name": name, "digest": {"gitCommit": head}}],
            "predicateType": PREDICATE_TYPE,
            "predicate": self.to_json(),
        }))
    }
}

/// What the records know.
fn known(records: &[Record]) -> Result<Provenance, ProvenanceError> {
    let run = one_run(records)?;
    let scope = |entity: &str| last(records, |record| text(record.scope.get(entity)?, "id"));
    let asked = |argument: &str| last(records, |record| text(&record.requested, argument));
    let left = leaving(records);
    let repository = Repository {
        id: scope("repository"),
        base_sha: asked("base_sha"),
        head_sha: asked("head_sha"),
    };
    let models = models(records);
    let sandbox = Sandbox {
        id: scope("runtime"),
        ..Sandbox::default()
    };
    Ok(Provenance {
        task_id: scope("task"),
        run_id: Some(run),
        campaign_id: scope("campaign"),
        agent_version: None,
        model_policy: (!models.is_empty()).then_some(ModelPolicy {
            router: None,
            allowed_models: models,
        }),
        sandbox: Some(sandbox).filter(|sandbox| *sandbox != Sandbox::default()),
        repository: Some(repository).filter(|repository| *repository != Repository::default()),
        verification: verification(left),
        policy: Some(Policy {
            effective_policy_hash: left.policy_hash.clone(),
        }),
        artifacts: BTreeMap::new(),
        records: Some(listed(records)),
    })
}

/// All records are whole, and of one run.
fn one_run(records: &[Record]) -> Result<String, ProvenanceError> {
    let mut run: Option<String> = None;
    for (at, record) in (1..).zip(records) {
        if record.hash().to_string() != record.record_hash {
            return Err(ProvenanceError::Changed(at));
        }
        let of_scope = record.scope.get("run").and_then(|run| text(run, "id"));
        let found = of_scope
            .or_else(|| record.run_id.clone())
            .ok_or(ProvenanceError::NoRun(at))?;
        match &run {
            Some(expected) if *expected != found => {
                let expected = expected.clone();
                return Err(ProvenanceError::OtherRun { at, expected, found });
            }
            Some(_) => {}
            None => run = Some(found),
        }
    }
    run.ok_or(ProvenanceError::NoRecords)
}

/// The last record by which the change left the workspace: it names the commit and was allowed. Else the last one at all.
fn leaving(records: &[Record]) -> &Record {
    let leaves =
        |record: &&Record| record.decision == Outcome::Allowed && record.requested.get("head_sha").is_some();
    let found = records.iter().rev().find(leaves).or(records.last());
    found.expect("`one_run` has found a record")
}

fn last<T>(records: &[Record], of: impl Fn(&Record) -> Option<T>) -> Option<T> {
    records.iter().rev().find_map(of)
}

fn text(value: &Json, key: &str) -> Option<String> {
    match value {
        Json::Object(keys) => keys.get(key)?.as_str().map(str::to_owned),
        _ => None,
    }
}

/// The models that the run was allowed to call.
fn models(records: &[Record]) -> Vec<String> {
    let calls = records
        .iter()
        .filter(|record| record.action == "model.call" && record.decision == Outcome::Allowed);
    let models: BTreeSet<String> = calls
        .filter_map(|record| text(&record.requested, "model"))
        .collect();
    models.into_iter().collect()
}

/// The criteria of gates that ask for verifiers.
fn verification(record: &Record) -> Option<Verification> {
    let asked = |expected: &str| expected.starts_with("evidence.verifiers");
    let criteria: Vec<_> = record
        .criteria
        .iter()
        .filter(|figure| asked(&figure.expected))
        .collect();
    let names: BTreeSet<&str> = criteria.iter().map(|figure| figure.criterion.as_str()).collect();
    (!criteria.is_empty()).then(|| Verification {
        required_profiles: names.into_iter().map(str::to_owned).collect(),
        passed: criteria.iter().all(|figure| figure.state == "held"),
    })
}

fn listed(records: &[Record]) -> Records {
    let hashes: Vec<&str> = records.iter().map(|record| record.record_hash.as_str()).collect();
    let mut decisions: BTreeMap<String, u64> = BTreeMap::new();
    let (mut approvals, mut bypassed) = (BTreeSet::new(), BTreeSet::new());
    for record in records {
        *decisions.entry(record.decision.to_string()).or_default() += 1;
        approvals.extend(
            record
                .approvals
                .satisfied
                .iter()
                .map(|approval| approval.id.clone()),
        );
        bypassed.extend(
            record
                .bypassed
                .iter()
                .map(|lifted| format!("{}/{}", lifted.policy, lifted.rule)),
        );
    }
    Records {
        count: hashes.len() as u64,
        hash: Digest::of_json(&json!(hashes)).to_string(),
        decisions,
        approvals: approvals.into_iter().collect(),
        bypassed: bypassed.into_iter().collect(),
    }
}

/// Adds what the caller gives to what is known.
fn merge(known: &mut Json, given: &Json, pointer: String) -> Result<(), ProvenanceError> {
    match (known, given) {
        (Json::Object(known), Json::Object(given)) => merge_keys(known, given, &pointer),
        (known, given) if known == given => Ok(()),
        (known, given) => Err(ProvenanceError::Contradiction {
            pointer,
            given: given.to_string(),
            known: known.to_string(),
        }),
    }
}

/// The caller's own keys are optional ones, so each that is there was given. Nesting is that of the form.
fn merge_keys(
    known: &mut Map<String, Json>,
    given: &Map<String, Json>,
    pointer: &str,
) -> Result<(), ProvenanceError> {
    for (key, value) in given {
        match known.get_mut(key) {
            Some(own) => merge(own, value, format!("{pointer}/{key}"))?,
            None => drop(known.insert(key.clone(), value.clone())),
        }
    }
    Ok(())
}

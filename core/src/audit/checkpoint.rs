//! Checkpoints: how far a log had come at a time, to be kept where the log is not, and signed by whoever has a key. Knows no
//! key and no algorithm: it says which bytes are signed, in the way of DSSE (secure-systems-lab, v1).

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::chain::Chain;
use crate::digest::canonical;

/// The type of what is signed.
pub const CHECKPOINT_TYPE: &str = "application/vnd.bailiwick.audit-checkpoint+json";

/// How far a log had come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Which log, by a name of the host's.
    pub log: String,
    /// How many entries it had.
    pub entries: u64,
    /// The hash of the last of them.
    pub entry_hash: String,
    /// When this was made, RFC 3339.
    pub created_at: String,
    /// Who signed it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signature>,
}

/// A signature over [`Checkpoint::to_sign`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Whose key.
    pub keyid: String,
    /// The signature in base64.
    pub sig: String,
}

impl Checkpoint {
    /// Of a chain, where it is not empty.
    pub fn of(chain: &Chain, log: impl Into<String>, created_at: impl Into<String>) -> Option<Checkpoint> {
        Some(Checkpoint {
            log: log.into(),
            entries: chain.len(),
            entry_hash: chain.last()?.to_owned(),
            created_at: created_at.into(),
            signatures: Vec::new(),
        })
    }

    /// Reads a checkpoint.
    ///
    /// # Errors
    /// What does not fit, as serde_json says it.
    pub fn from_json(text: &str) -> Result<Checkpoint, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// As canonical JSON.
    pub fn to_json(&self) -> String {
        String::from_utf8(canonical(&json!(self))).expect("canonical JSON is UTF-8")
    }

    /// The bytes that a signature is over: all but the signatures.
    pub fn to_sign(&self) -> Vec<u8> {
        let bare = Checkpoint {
            signatures: Vec::new(),
            ..self.clone()
        };
        to_sign(CHECKPOINT_TYPE, &json!(bare))
    }
}

/// The pre-authentication encoding of DSSE v1 over the canonical form of a value.
pub fn to_sign(payload_type: &str, value: &Json) -> Vec<u8> {
    let body = canonical(value);
    let mut bytes = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), body.len()).into_bytes();
    bytes.extend(body);
    bytes
}

//! The three answers, and their order.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What the host is told: go on, ask first, or do not. Ordered by strictness; of several the strictest counts.
///
/// ```
/// use bailiwick::Outcome;
/// assert!(Outcome::Allowed < Outcome::AskApproval && Outcome::AskApproval < Outcome::Denied);
/// assert_eq!(Outcome::AskApproval.to_string(), "ask_approval");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Go on.
    Allowed,
    /// Go on once the outstanding approvals are given; ask again with them.
    AskApproval,
    /// Do not.
    Denied,
}

impl Outcome {
    /// The word in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Allowed => "allowed",
            Outcome::AskApproval => "ask_approval",
            Outcome::Denied => "denied",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

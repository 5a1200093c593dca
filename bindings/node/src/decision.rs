//! The answer to one request, as the native object behind the JavaScript one.

use bailiwick_surface::{self as surface, Stamp};
use napi_derive::napi;

/// The answer to one request.
#[napi]
pub struct Decision {
    inner: surface::Decision,
}

impl From<surface::Decision> for Decision {
    fn from(inner: surface::Decision) -> Decision {
        Decision { inner }
    }
}

#[napi]
impl Decision {
    /// The answer.
    #[napi]
    pub fn outcome(&self) -> &'static str {
        self.inner.outcome()
    }

    /// Why, in one or two sentences.
    #[napi]
    pub fn explanation(&self) -> String {
        self.inner.explanation()
    }

    /// What is wrong with the request, where it could not be read.
    #[napi]
    pub fn problems(&self) -> String {
        self.inner.problems()
    }

    /// The record as canonical JSON (RFC 8785).
    #[napi]
    pub fn record(&self, decision_id: Option<String>, created_at: Option<String>) -> String {
        self.inner.record(Stamp {
            decision_id,
            created_at,
        })
    }

    /// Why, in full.
    #[napi]
    pub fn explain(&self) -> String {
        self.inner.explain()
    }

    /// The ways of its first twelve effects through the compiled trees.
    #[napi]
    pub fn tree(&self) -> String {
        self.inner.tree()
    }
}

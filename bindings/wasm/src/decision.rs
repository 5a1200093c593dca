//! The answer to one request, as the module's object behind the JavaScript one.

use bailiwick_surface::{self as surface, Stamp};
use wasm_bindgen::prelude::wasm_bindgen;

/// The answer to one request.
#[wasm_bindgen]
pub struct Decision {
    inner: surface::Decision,
}

impl From<surface::Decision> for Decision {
    fn from(inner: surface::Decision) -> Decision {
        Decision { inner }
    }
}

#[wasm_bindgen]
impl Decision {
    /// The answer.
    #[wasm_bindgen]
    pub fn outcome(&self) -> String {
        self.inner.outcome().to_owned()
    }

    /// Why, in one or two sentences.
    #[wasm_bindgen]
    pub fn explanation(&self) -> String {
        self.inner.explanation()
    }

    /// What is wrong with the request, where it could not be read.
    #[wasm_bindgen]
    pub fn problems(&self) -> String {
        self.inner.problems()
    }

    /// The record as canonical JSON (RFC 8785).
    #[wasm_bindgen]
    pub fn record(&self, decision_id: Option<String>, created_at: Option<String>) -> String {
        self.inner.record(Stamp {
            decision_id,
            created_at,
        })
    }

    /// Why, in full.
    #[wasm_bindgen]
    pub fn explain(&self) -> String {
        self.inner.explain()
    }

    /// The ways of its first twelve effects through the compiled trees.
    #[wasm_bindgen]
    pub fn tree(&self) -> String {
        self.inner.tree()
    }
}

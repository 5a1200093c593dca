//! The audit log as text: whoever has no disk keeps its lines by other means.

#![allow(unreachable_pub, reason = "wasm-bindgen shows public functions alone")]

use bailiwick_surface as surface;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{error, value};

/// The audit event of a decision.
#[wasm_bindgen(js_name = auditEvent)]
pub fn audit_event(request: &str, record: &str, audit_id: &str) -> Result<String, JsError> {
    surface::audit_event(value::ask(request), record, audit_id).map_err(error::input)
}

/// The lines by which a log grows.
#[wasm_bindgen(js_name = auditLines)]
pub fn audit_lines(log: &str, events: &str) -> Result<String, JsError> {
    surface::audit_lines(log, events).map_err(error::refusal)
}

/// Whether the text of a log is sound, and where it is not.
#[wasm_bindgen(js_name = auditVerify)]
pub fn audit_verify(log: &str, checkpoint: Option<String>, extract: bool) -> Result<String, JsError> {
    surface::audit_verify(log, checkpoint.as_deref(), extract).map_err(error::input)
}

/// What of a checkpoint is signed.
#[wasm_bindgen(js_name = auditToSign)]
pub fn audit_to_sign(checkpoint: &str) -> Result<String, JsError> {
    surface::audit_to_sign(checkpoint).map_err(error::input)
}

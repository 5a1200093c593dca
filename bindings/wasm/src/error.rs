//! The errors of the surface as one JSON text, `{class, message, found}`, of which `index.js` makes errors of its classes.

use bailiwick_surface::{AuditRefusal, InvalidInput, PolicyError};
use wasm_bindgen::JsError;

/// Policies that do not load.
pub(crate) fn policy(error: PolicyError) -> JsError {
    raised("PolicyError", &error.message, &error.diagnostics)
}

/// A state, a record or a time that cannot be read.
pub(crate) fn input(error: InvalidInput) -> JsError {
    raised("InputError", &error.message, &error.problems)
}

/// What stops an append.
pub(crate) fn refusal(error: AuditRefusal) -> JsError {
    match error {
        AuditRefusal::Input(error) => input(error),
        AuditRefusal::Log(error) => raised("AuditError", &error.message, &error.fault),
    }
}

fn raised(class: &str, message: &str, found: &str) -> JsError {
    let message = bailiwick_surface::quoted(message);
    JsError::new(&format!(
        r#"{{"class":"{class}","message":{message},"found":{found}}}"#
    ))
}

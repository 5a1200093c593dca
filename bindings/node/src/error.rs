//! The errors of the surface as one JSON text, `{class, message, found}`, of which `index.cjs` makes errors of its classes.

use bailiwick_surface::{AuditError, AuditRefusal, InvalidInput, PolicyError};
use napi::{Error, Status};

/// Policies that do not load.
pub(crate) fn policy(error: PolicyError) -> Error {
    raised("PolicyError", &error.message, &error.diagnostics)
}

/// A state, a record or a time that cannot be read.
pub(crate) fn input(error: InvalidInput) -> Error {
    raised("InputError", &error.message, &error.problems)
}

/// A log that is not sound, or cannot be read or written.
pub(crate) fn audit(error: AuditError) -> Error {
    raised("AuditError", &error.message, &error.fault)
}

/// What stops an append.
pub(crate) fn refusal(error: AuditRefusal) -> Error {
    match error {
        AuditRefusal::Input(error) => input(error),
        AuditRefusal::Log(error) => audit(error),
    }
}

fn raised(class: &str, message: &str, found: &str) -> Error {
    let message = bailiwick_surface::quoted(message);
    Error::new(
        Status::GenericFailure,
        format!(r#"{{"class":"{class}","message":{message},"found":{found}}}"#),
    )
}

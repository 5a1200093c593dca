//! The errors of the surface as one JSON text, `{class, message, found}`, of which `index.cjs` makes errors of its classes.

use bailiwick_surface::{InvalidInput, PolicyError};
use napi::{Error, Status};

/// Policies that do not load.
pub(crate) fn policy(error: PolicyError) -> Error {
    raised("PolicyError", &error.message, &error.diagnostics)
}

/// A state, a record or a time that cannot be read.
pub(crate) fn input(error: InvalidInput) -> Error {
    raised("InputError", &error.message, &error.problems)
}

fn raised(class: &str, message: &str, found: &str) -> Error {
    let message = bailiwick_surface::quoted(message);
    Error::new(
        Status::GenericFailure,
        format!(r#"{{"class":"{class}","message":{message},"found":{found}}}"#),
    )
}

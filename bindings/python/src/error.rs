//! The errors of the surface as the package's exceptions, which are written in Python (`_errors.py`).

use bailiwick_surface::{AuditError, AuditRefusal, InvalidInput, PolicyError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use crate::value;

/// Policies that do not load.
pub(crate) fn policy(py: Python<'_>, error: &PolicyError) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    raised(py, &CLASS, "PolicyError", &error.message, &error.diagnostics)
}

/// A state, a record or a time that cannot be read.
pub(crate) fn input(py: Python<'_>, error: &InvalidInput) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    raised(py, &CLASS, "InputError", &error.message, &error.problems)
}

/// A log that is not sound, or cannot be read or written.
pub(crate) fn audit(py: Python<'_>, error: &AuditError) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    raised(py, &CLASS, "AuditError", &error.message, &error.fault)
}

/// What stops an append.
pub(crate) fn refusal(py: Python<'_>, error: &AuditRefusal) -> PyErr {
    match error {
        AuditRefusal::Input(error) => input(py, error),
        AuditRefusal::Log(error) => audit(py, error),
    }
}

fn raised(
    py: Python<'_>,
    class: &'static PyOnceLock<Py<PyType>>,
    name: &str,
    message: &str,
    found: &str,
) -> PyErr {
    let made = class
        .import(py, "bailiwick._errors", name)
        .and_then(|class| class.call1((message, value::from_text(py, found)?)));
    made.map_or_else(|error| error, PyErr::from_value)
}

//! The answer to one request, as a frozen Python object.

use bailiwick_surface::{self as surface, Stamp};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::value;

/// The answer to one request.
#[pyclass(frozen, module = "bailiwick")]
pub(crate) struct Decision {
    inner: surface::Decision,
}

impl From<surface::Decision> for Decision {
    fn from(inner: surface::Decision) -> Decision {
        Decision { inner }
    }
}

#[pymethods]
impl Decision {
    /// The answer.
    #[getter]
    fn outcome(&self) -> &'static str {
        self.inner.outcome()
    }

    /// Whether the host may go on.
    #[getter]
    fn allowed(&self) -> bool {
        self.inner.allowed()
    }

    /// Why, in one or two sentences.
    #[getter]
    fn explanation(&self, py: Python<'_>) -> String {
        py.detach(|| self.inner.explanation())
    }

    /// What is wrong with the request, where it could not be read.
    #[getter]
    fn problems<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::from_text(py, &self.inner.problems())
    }

    /// The decision made to last.
    #[pyo3(signature = (*, decision_id=None, created_at=None))]
    fn record<'py>(
        &self,
        py: Python<'py>,
        decision_id: Option<String>,
        created_at: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let stamp = Stamp {
            decision_id,
            created_at,
        };
        let record = py.detach(|| self.inner.record_json(stamp));
        value::from_json(py, &record)
    }

    /// The record as canonical JSON (RFC 8785).
    #[pyo3(signature = (*, decision_id=None, created_at=None))]
    fn record_json(&self, py: Python<'_>, decision_id: Option<String>, created_at: Option<String>) -> String {
        let stamp = Stamp {
            decision_id,
            created_at,
        };
        py.detach(|| self.inner.record(stamp))
    }

    /// Why, in full.
    fn explain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::from_text(py, &py.detach(|| self.inner.explain()))
    }

    /// The ways of its first twelve effects through the compiled trees.
    fn tree<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::from_text(py, &py.detach(|| self.inner.tree()))
    }

    fn __bool__(&self) -> PyResult<bool> {
        Err(PyTypeError::new_err(
            "a decision is neither true nor false: read `decision.allowed`, or compare `decision.outcome`",
        ))
    }

    fn __repr__(&self) -> String {
        format!("<Decision {}>", self.inner.outcome())
    }
}

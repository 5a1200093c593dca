//! The audit log: the class of a file, and the functions over texts. What touches a disk releases the interpreter's lock.

use std::path::PathBuf;

use bailiwick_surface as surface;
use pyo3::prelude::*;

use crate::{error, value};

/// An audit log as a file, open for appending.
#[pyclass(frozen, module = "bailiwick")]
pub(crate) struct AuditLog {
    inner: surface::AuditLog,
}

#[pymethods]
impl AuditLog {
    /// Opens a log, and makes it where there is none.
    #[staticmethod]
    #[pyo3(signature = (path, /, *, unsynced=false))]
    fn open(py: Python<'_>, path: PathBuf, unsynced: bool) -> PyResult<AuditLog> {
        let path = value::path(&path)?;
        let inner = py.detach(|| surface::AuditLog::open(path, unsynced));
        Ok(AuditLog {
            inner: inner.map_err(|found| error::audit(py, &found))?,
        })
    }

    /// The path that it was opened by.
    #[getter]
    fn path(&self) -> &str {
        self.inner.path()
    }

    /// Appends events, all or none, and gives the number of the last entry.
    #[pyo3(signature = (events, /))]
    fn append(&self, py: Python<'_>, events: &Bound<'_, PyAny>) -> PyResult<u64> {
        let events = value::list_of(events)?;
        let appended = py.detach(|| self.inner.append(&events));
        appended.map_err(|found| error::refusal(py, &found))
    }

    /// How far the log has come, with all that others have added; null where it is empty.
    #[pyo3(signature = (name, created_at, /))]
    fn checkpoint<'py>(&self, py: Python<'py>, name: &str, created_at: &str) -> PyResult<Bound<'py, PyAny>> {
        let made = py.detach(|| self.inner.checkpoint(name, created_at));
        value::from_text(py, &made.map_err(|found| error::audit(py, &found))?)
    }

    /// All entries, or those of a run.
    #[pyo3(signature = (*, run=None))]
    fn entries<'py>(&self, py: Python<'py>, run: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let entries = py.detach(|| self.inner.entries(run));
        value::from_text(py, &entries.map_err(|found| error::audit(py, &found))?)
    }

    /// The lines that a reader may see.
    #[pyo3(signature = (reader, now, audit_id, /, *, run=None, access=None, record=None))]
    #[allow(clippy::too_many_arguments, reason = "each is one of the method's own")]
    fn export<'py>(
        &self,
        py: Python<'py>,
        reader: &Bound<'py, PyAny>,
        now: &str,
        audit_id: &str,
        run: Option<&str>,
        access: Option<&Bound<'py, PyAny>>,
        record: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let reader = value::text_of(reader)?;
        let access = access.map(value::text_of).transpose()?;
        let record = record.map(value::kept).transpose()?;
        let asked = surface::Export {
            reader: &reader,
            now,
            audit_id,
            run,
            access: access.as_deref(),
            record: record.as_deref(),
        };
        let export = py.detach(|| self.inner.export(asked));
        value::from_text(py, &export.map_err(|found| error::refusal(py, &found))?)
    }

    fn __repr__(&self) -> String {
        format!("<AuditLog {}>", self.inner.path())
    }
}

/// The audit event of a decision: who asked for what, and what came out.
#[pyfunction]
#[pyo3(signature = (request, record, audit_id, /))]
pub(crate) fn audit_event<'py>(
    py: Python<'py>,
    request: &Bound<'py, PyAny>,
    record: &Bound<'py, PyAny>,
    audit_id: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let event = surface::audit_event(value::ask(request), &value::kept(record)?, audit_id);
    value::from_text(py, &event.map_err(|found| error::input(py, &found))?)
}

/// The lines by which a log grows, for hosts that keep it elsewhere than in a file.
#[pyfunction]
#[pyo3(signature = (log, events, /))]
pub(crate) fn audit_lines(py: Python<'_>, log: &str, events: &Bound<'_, PyAny>) -> PyResult<String> {
    let events = value::list_of(events)?;
    let lines = py.detach(|| surface::audit_lines(log, &events));
    lines.map_err(|found| error::refusal(py, &found))
}

/// Whether the text of a log is sound, and where it is not.
#[pyfunction]
#[pyo3(signature = (log, /, *, checkpoint=None, extract=false))]
pub(crate) fn audit_verify<'py>(
    py: Python<'py>,
    log: &str,
    checkpoint: Option<&Bound<'py, PyAny>>,
    extract: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let checkpoint = checkpoint.map(value::kept).transpose()?;
    let report = py.detach(|| surface::audit_verify(log, checkpoint.as_deref(), extract));
    value::from_text(py, &report.map_err(|found| error::input(py, &found))?)
}

/// Whether a log is sound, read line by line from its file.
#[pyfunction]
#[pyo3(signature = (path, /, *, checkpoint=None, extract=false))]
pub(crate) fn audit_verify_file<'py>(
    py: Python<'py>,
    path: PathBuf,
    checkpoint: Option<&Bound<'py, PyAny>>,
    extract: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let path = value::path(&path)?;
    let checkpoint = checkpoint.map(value::kept).transpose()?;
    let report = py.detach(|| surface::audit_verify_file(path, checkpoint.as_deref(), extract));
    value::from_text(py, &report.map_err(|found| error::refusal(py, &found))?)
}

/// What of a checkpoint is signed (DSSE).
#[pyfunction]
#[pyo3(signature = (checkpoint, /))]
pub(crate) fn audit_to_sign(checkpoint: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = surface::audit_to_sign(&value::kept(checkpoint)?);
    text.map_err(|found| error::input(checkpoint.py(), &found))
}

//! The engine, as a frozen Python object. What takes long releases the interpreter's lock.

use std::path::PathBuf;

use bailiwick_surface::{self as surface, Ask, Stamp};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::decision::Decision;
use crate::{error, value};

/// Compiled policies, and the state of their switches.
#[pyclass(frozen, module = "bailiwick")]
pub(crate) struct Engine {
    inner: surface::Engine,
}

#[pymethods]
impl Engine {
    /// Loads policies: one text, a mapping of file names to texts, or a list of sources.
    #[staticmethod]
    #[pyo3(signature = (policies, /, *, by_tenant=false))]
    fn load(py: Python<'_>, policies: &Bound<'_, PyAny>, by_tenant: bool) -> PyResult<Engine> {
        let policies = value::text_of(policies)?;
        let inner = py.detach(|| surface::Engine::load(&policies, by_tenant));
        Ok(Engine {
            inner: inner.map_err(|found| error::policy(py, &found))?,
        })
    }

    /// Loads the policies of a folder by its layout.
    #[staticmethod]
    #[pyo3(signature = (path, /, *, by_tenant=false))]
    fn load_folder(py: Python<'_>, path: PathBuf, by_tenant: bool) -> PyResult<Engine> {
        let path = value::path(&path)?;
        let inner = py.detach(|| surface::Engine::load_folder(path, by_tenant));
        Ok(Engine {
            inner: inner.map_err(|found| error::policy(py, &found))?,
        })
    }

    /// Loads a compiled bundle.
    #[staticmethod]
    #[pyo3(signature = (bundle, /))]
    fn from_bundle(py: Python<'_>, bundle: &[u8]) -> PyResult<Engine> {
        let inner = py.detach(|| surface::Engine::from_bundle(bundle));
        Ok(Engine {
            inner: inner.map_err(|found| error::policy(py, &found))?,
        })
    }

    /// The compiled policies as one run of bytes.
    fn to_bundle<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let bundle = py.detach(|| self.inner.to_bundle());
        PyBytes::new(py, &bundle)
    }

    /// What loading found.
    #[getter]
    fn diagnostics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::from_text(py, &self.inner.diagnostics())
    }

    /// Decides one request. Never fails.
    #[pyo3(signature = (request, /, *, state=None))]
    fn decide(
        &self,
        py: Python<'_>,
        request: &Bound<'_, PyAny>,
        state: Option<&Bound<'_, PyAny>>,
    ) -> Decision {
        let (request, state) = (value::ask(request), state.map(value::ask));
        py.detach(|| self.inner.decide(request, state)).into()
    }

    /// Decides many requests, each by itself.
    #[pyo3(signature = (requests, /, *, state=None))]
    fn decide_many(
        &self,
        py: Python<'_>,
        requests: &Bound<'_, PyAny>,
        state: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Vec<Decision>> {
        let held: Vec<Bound<'_, PyAny>> = requests.try_iter()?.collect::<PyResult<_>>()?;
        let requests: Vec<Ask<'_>> = held.iter().map(value::ask).collect();
        let state = state.map(value::ask);
        let decided = py.detach(|| self.inner.decide_many(requests, state));
        Ok(decided.into_iter().map(Decision::from).collect())
    }

    /// Whether a request is allowed as it stands.
    #[pyo3(signature = (request, /, *, state=None))]
    fn allows(&self, py: Python<'_>, request: &Bound<'_, PyAny>, state: Option<&Bound<'_, PyAny>>) -> bool {
        let (request, state) = (value::ask(request), state.map(value::ask));
        py.detach(|| self.inner.decide(request, state).allowed())
    }

    /// Decides one request and gives its record.
    #[pyo3(signature = (request, /, *, state=None, decision_id=None, created_at=None))]
    fn record<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'py, PyAny>,
        state: Option<&Bound<'py, PyAny>>,
        decision_id: Option<String>,
        created_at: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let stamp = Stamp {
            decision_id,
            created_at,
        };
        let (request, state) = (value::ask(request), state.map(value::ask));
        let record = py.detach(|| self.inner.decide(request, state).record_json(stamp));
        value::from_json(py, &record)
    }

    /// Decides one request and says why.
    #[pyo3(signature = (request, /, *, state=None))]
    fn explain<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'py, PyAny>,
        state: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (request, state) = (value::ask(request), state.map(value::ask));
        value::from_text(py, &py.detach(|| self.inner.decide(request, state).explain()))
    }

    /// What is seen in a value by the vocabulary of the policies.
    #[pyo3(signature = (value, /, *, tenant=None))]
    fn facts<'py>(
        &self,
        py: Python<'py>,
        value: &Bound<'py, PyAny>,
        tenant: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let value = value::ask(value);
        value::from_text(py, &py.detach(|| self.inner.facts(value, tenant)))
    }

    /// What loading found, and what has ended or is due.
    #[pyo3(signature = (now, /, *, ahead_days=None))]
    fn due<'py>(&self, py: Python<'py>, now: &str, ahead_days: Option<u32>) -> PyResult<Bound<'py, PyAny>> {
        let due = py.detach(|| self.inner.due(now, ahead_days));
        value::from_text(py, &due.map_err(|found| error::input(py, &found))?)
    }

    /// Runs policy tests: those given, or all that came with the policies.
    #[pyo3(signature = (tests=None, /))]
    fn test<'py>(&self, py: Python<'py>, tests: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        let tests = tests.map(value::text_of).transpose()?;
        let reports = py.detach(|| self.inner.test(tests.as_deref()));
        value::from_text(py, &reports.map_err(|found| error::policy(py, &found))?)
    }

    /// Which rules carry out which controls, and which policy tests show them at work: those given, or all.
    #[pyo3(signature = (tests=None, /))]
    fn compliance<'py>(
        &self,
        py: Python<'py>,
        tests: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let tests = tests.map(value::text_of).transpose()?;
        let made = py.detach(|| self.inner.compliance(tests.as_deref()));
        value::from_text(py, &made.map_err(|found| error::policy(py, &found))?)
    }

    /// Flips a switch of the engine's own state.
    #[pyo3(signature = (name, on, /, *, at=None))]
    fn flip(&self, py: Python<'_>, name: &str, on: bool, at: Option<&str>) -> PyResult<()> {
        let flipped = self.inner.flip(name, on, at);
        flipped.map_err(|found| error::input(py, &found))
    }

    /// The engine's own state.
    #[getter]
    fn state<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::from_text(py, &self.inner.state())
    }

    /// Puts a whole state in place of the engine's own.
    #[pyo3(signature = (state, /))]
    fn set_state(&self, py: Python<'_>, state: &Bound<'_, PyAny>) -> PyResult<()> {
        let set = self.inner.set_state(value::ask(state));
        set.map_err(|found| error::input(py, &found))
    }

    /// Whether a record that was kept still holds at an instant.
    #[pyo3(signature = (record, now, /, *, state=None))]
    fn still_holds(
        &self,
        py: Python<'_>,
        record: &Bound<'_, PyAny>,
        now: &str,
        state: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<&'static str> {
        let record = value::kept(record)?;
        let holds = self.inner.still_holds(&record, now, state.map(value::ask));
        holds.map_err(|found| error::input(py, &found))
    }

    fn __repr__(&self) -> &'static str {
        "<Engine>"
    }
}

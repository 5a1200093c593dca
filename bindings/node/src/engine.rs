//! The engine, as the native object behind the JavaScript one.

use bailiwick_surface as surface;
use napi::Result;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;

use crate::decision::Decision;
use crate::{error, value};

/// Compiled policies, and the state of their switches.
#[napi]
pub struct Engine {
    inner: surface::Engine,
}

#[napi]
impl Engine {
    /// Loads policies given as JSON: a text, a mapping of file names to texts, or a list of sources.
    #[napi(factory)]
    pub fn load(policies: String, by_tenant: bool) -> Result<Engine> {
        let inner = surface::Engine::load(&policies, by_tenant).map_err(error::policy)?;
        Ok(Engine { inner })
    }

    /// Loads the policies of a folder by its layout.
    #[napi(factory)]
    pub fn load_folder(path: String, by_tenant: bool) -> Result<Engine> {
        let inner = surface::Engine::load_folder(&path, by_tenant).map_err(error::policy)?;
        Ok(Engine { inner })
    }

    /// Loads a compiled bundle.
    #[napi(factory)]
    pub fn from_bundle(bundle: Uint8Array) -> Result<Engine> {
        let inner = surface::Engine::from_bundle(&bundle).map_err(error::policy)?;
        Ok(Engine { inner })
    }

    /// The compiled policies as one run of bytes.
    #[napi]
    pub fn to_bundle(&self) -> Uint8Array {
        self.inner.to_bundle().into()
    }

    /// What loading found.
    #[napi]
    pub fn diagnostics(&self) -> String {
        self.inner.diagnostics()
    }

    /// Decides one request.
    #[napi]
    pub fn decide(&self, request: String, state: Option<String>) -> Decision {
        let state = state.as_deref().map(value::ask);
        self.inner.decide(value::ask(&request), state).into()
    }

    /// Denies what has no JSON, in the request or in the state, for the problems that JavaScript found.
    #[napi]
    pub fn refuse(&self, problems: String, of_state: bool) -> Decision {
        self.inner
            .decide(value::refused(&problems, of_state), None)
            .into()
    }

    /// The answer to one request alone. The object for the rest is made when somebody asks for it, by deciding again: making it
    /// costs more than many a decision.
    #[napi]
    pub fn outcome(&self, request: String, state: Option<String>) -> &'static str {
        self.answer(&request, state.as_deref())
    }

    /// The answers to many requests, each by itself.
    #[napi]
    pub fn outcomes(&self, requests: Vec<String>, state: Option<String>) -> Vec<&'static str> {
        let requests = requests.iter().map(|request| value::ask(request)).collect();
        let state = state.as_deref().map(value::ask);
        self.inner
            .decide_each(requests, state, |decision| decision.outcome())
    }

    /// What is seen in a value by the vocabulary of the policies.
    #[napi]
    pub fn facts(&self, value: String, tenant: Option<String>) -> String {
        self.inner.facts(value::ask(&value), tenant.as_deref())
    }

    /// What loading found, and what has ended or is due.
    #[napi]
    pub fn due(&self, now: String, ahead_days: Option<u32>) -> Result<String> {
        self.inner.due(&now, ahead_days).map_err(error::input)
    }

    /// Runs policy tests: those given, or all that came with the policies.
    #[napi]
    pub fn test(&self, tests: Option<String>) -> Result<String> {
        self.inner.test(tests.as_deref()).map_err(error::policy)
    }

    /// Which rules carry out which controls, and which policy tests show them at work.
    #[napi]
    pub fn compliance(&self, tests: Option<String>) -> Result<String> {
        self.inner.compliance(tests.as_deref()).map_err(error::policy)
    }

    /// Flips a switch of the engine's own state.
    #[napi]
    pub fn flip(&self, name: String, on: bool, at: Option<String>) -> Result<()> {
        self.inner.flip(&name, on, at.as_deref()).map_err(error::input)
    }

    /// The engine's own state.
    #[napi]
    pub fn state(&self) -> String {
        self.inner.state()
    }

    /// Puts a whole state in place of the engine's own.
    #[napi]
    pub fn set_state(&self, state: String) -> Result<()> {
        self.inner.set_state(value::ask(&state)).map_err(error::input)
    }

    /// Whether a record that was kept still holds at an instant.
    #[napi]
    pub fn still_holds(&self, record: String, now: String, state: Option<String>) -> Result<&'static str> {
        let state = state.as_deref().map(value::ask);
        self.inner.still_holds(&record, &now, state).map_err(error::input)
    }
}

impl Engine {
    fn answer(&self, request: &str, state: Option<&str>) -> &'static str {
        let state = state.map(value::ask);
        self.inner.outcome(value::ask(request), state)
    }
}

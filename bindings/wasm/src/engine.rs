//! The engine, as the module's object behind the JavaScript one.

use bailiwick_surface as surface;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::decision::Decision;
use crate::{error, value};

/// Compiled policies, and the state of their switches.
#[wasm_bindgen]
pub struct Engine {
    inner: surface::Engine,
}

#[wasm_bindgen]
impl Engine {
    /// Loads policies given as JSON: a text, a mapping of file names to texts, or a list of sources.
    #[wasm_bindgen]
    pub fn load(policies: &str, by_tenant: bool) -> Result<Engine, JsError> {
        let inner = surface::Engine::load(policies, by_tenant).map_err(error::policy)?;
        Ok(Engine { inner })
    }

    /// Loads a compiled bundle.
    #[wasm_bindgen(js_name = fromBundle)]
    pub fn from_bundle(bundle: &[u8]) -> Result<Engine, JsError> {
        let inner = surface::Engine::from_bundle(bundle).map_err(error::policy)?;
        Ok(Engine { inner })
    }

    /// The compiled policies as one run of bytes.
    #[wasm_bindgen(js_name = toBundle)]
    pub fn to_bundle(&self) -> Vec<u8> {
        self.inner.to_bundle()
    }

    /// What loading found.
    #[wasm_bindgen]
    pub fn diagnostics(&self) -> String {
        self.inner.diagnostics()
    }

    /// Decides one request.
    #[wasm_bindgen]
    pub fn decide(&self, request: &str, state: Option<String>) -> Decision {
        let state = state.as_deref().map(value::ask);
        self.inner.decide(value::ask(request), state).into()
    }

    /// Denies what has no JSON, in the request or in the state, for the problems that JavaScript found.
    #[wasm_bindgen]
    pub fn refuse(&self, problems: &str, of_state: bool) -> Decision {
        self.inner.decide(value::refused(problems, of_state), None).into()
    }

    /// The answer to one request alone. The object for the rest is made when somebody asks for it, by deciding again: making it
    /// costs more than many a decision.
    #[wasm_bindgen]
    pub fn outcome(&self, request: &str, state: Option<String>) -> String {
        self.answer(request, state.as_deref()).to_owned()
    }

    /// The answers to many requests, each by itself.
    #[wasm_bindgen]
    pub fn outcomes(&self, requests: Vec<String>, state: Option<String>) -> Vec<String> {
        let requests = requests.iter().map(|request| value::ask(request)).collect();
        let state = state.as_deref().map(value::ask);
        self.inner
            .decide_each(requests, state, |decision| decision.outcome().to_owned())
    }

    /// What is seen in a value by the vocabulary of the policies.
    #[wasm_bindgen]
    pub fn facts(&self, value: &str, tenant: Option<String>) -> String {
        self.inner.facts(value::ask(value), tenant.as_deref())
    }

    /// What loading found, and what has ended or is due.
    #[wasm_bindgen]
    pub fn due(&self, now: &str, ahead_days: Option<u32>) -> Result<String, JsError> {
        self.inner.due(now, ahead_days).map_err(error::input)
    }

    /// Runs policy tests: those given, or all that came with the policies.
    #[wasm_bindgen]
    pub fn test(&self, tests: Option<String>) -> Result<String, JsError> {
        self.inner.test(tests.as_deref()).map_err(error::policy)
    }

    /// Which rules carry out which controls, and which policy tests show them at work.
    #[wasm_bindgen]
    pub fn compliance(&self, tests: Option<String>) -> Result<String, JsError> {
        self.inner.compliance(tests.as_deref()).map_err(error::policy)
    }

    /// Flips a switch of the engine's own state.
    #[wasm_bindgen]
    pub fn flip(&self, name: &str, on: bool, at: Option<String>) -> Result<(), JsError> {
        self.inner.flip(name, on, at.as_deref()).map_err(error::input)
    }

    /// The engine's own state.
    #[wasm_bindgen]
    pub fn state(&self) -> String {
        self.inner.state()
    }

    /// Puts a whole state in place of the engine's own.
    #[wasm_bindgen(js_name = setState)]
    pub fn set_state(&self, state: &str) -> Result<(), JsError> {
        self.inner.set_state(value::ask(state)).map_err(error::input)
    }

    /// Whether a record that was kept still holds at an instant.
    #[wasm_bindgen(js_name = stillHolds)]
    pub fn still_holds(&self, record: &str, now: &str, state: Option<String>) -> Result<String, JsError> {
        let state = state.as_deref().map(value::ask);
        self.inner
            .still_holds(record, now, state)
            .map(str::to_owned)
            .map_err(error::input)
    }
}

impl Engine {
    fn answer(&self, request: &str, state: Option<&str>) -> &'static str {
        let state = state.map(value::ask);
        self.inner.decide(value::ask(request), state).outcome()
    }
}

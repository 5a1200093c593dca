//! The state: what may be flipped at run time without loading policies again. Today that is switches
//! (spec/09-records.md, 9.5).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::errors::{self, Problems, RequestError};
use super::parse;
use super::pointer::Pointer;
use super::raw::{Object, Raw};

/// Switches with when they were seen. It stands beside the request, since it is the host's and not the caller's.
///
/// ```
/// use bailiwick::State;
/// let text = r#"{"switches": {"stops/stop_all_runs": {"on": true, "at": "2026-11-20T10:09:00Z"}}}"#;
/// let state = State::from_json(text).expect("it is a state");
/// assert!(State::from_json(r#"{"switches": {"stops/stop_all_runs": {"onn": true}}}"#).is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Shared, so that a decision can keep the state that it was made in.
    switches: Arc<BTreeMap<Box<str>, SwitchState>>,
}

/// What is known of one switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwitchState {
    /// Whether it is on.
    pub on: bool,
    /// When that was seen, in nanoseconds since 1970.
    pub at: Option<i128>,
}

impl State {
    /// Nothing is flipped and nothing is known.
    pub fn none() -> State {
        State::default()
    }

    /// Reads a state.
    ///
    /// # Errors
    /// All that is wrong, each with its JSON pointer.
    pub fn from_json(text: &str) -> Result<State, RequestError> {
        let mut problems = Problems::default();
        match parse::text(text, &mut problems) {
            Some(value) => State::read(value, problems),
            None => Err(problems.into_error()),
        }
    }

    /// Reads a state that is parsed already.
    ///
    /// # Errors
    /// As [`State::from_json`].
    pub fn from_value(value: Json) -> Result<State, RequestError> {
        let mut problems = Problems::default();
        let value = parse::value(&value, &mut problems);
        State::read(value, problems)
    }

    /// The same with a switch flipped, by the name `<policy id>/<switch id>`.
    #[must_use]
    pub fn with_switch(mut self, name: &str, on: bool, at: Option<i128>) -> State {
        Arc::make_mut(&mut self.switches).insert(name.into(), SwitchState { on, at });
        self
    }

    /// What is known of a switch.
    pub fn switch(&self, name: &str) -> Option<SwitchState> {
        self.switches.get(name).copied()
    }

    fn read(value: Raw<'_>, mut problems: Problems) -> Result<State, RequestError> {
        let mut switches = BTreeMap::new();
        let root = Pointer::Root;
        if let Some(keys) = object(&value, &root, &mut problems) {
            unknown_keys(keys, &root, &["switches"], &mut problems);
            let at = root.key("switches");
            let listed = keys.get("switches").filter(|said| !said.is_null());
            let listed = listed.and_then(|said| object(said, &at, &mut problems));
            for (name, entry) in listed.into_iter().flat_map(Object::iter) {
                if let Some(known) = switch(entry, &at.key(name), &mut problems) {
                    switches.insert(name.into(), known);
                }
            }
        }
        let state = State {
            switches: Arc::new(switches),
        };
        if problems.is_empty() {
            Ok(state)
        } else {
            Err(problems.into_error())
        }
    }
}

fn switch(entry: &Raw<'_>, at: &Pointer<'_>, problems: &mut Problems) -> Option<SwitchState> {
    let keys = object(entry, at, problems)?;
    unknown_keys(keys, at, &["on", "at"], problems);
    let on = match keys.get("on") {
        Some(Raw::Bool(on)) => Some(*on),
        Some(other) => {
            problems.push(errors::wrong_type(&at.key("on"), "true or false", other));
            None
        }
        None => {
            problems.push(errors::missing(at, "on", "true or false"));
            None
        }
    };
    let seen = match keys.get("at") {
        None | Some(Raw::Null) => None,
        Some(said) => {
            let time = said.as_str().and_then(crate::document::time);
            if time.is_none() {
                problems.push(errors::wrong_type(
                    &at.key("at"),
                    "a time such as \"2026-11-20T10:09:00Z\"",
                    said,
                ));
            }
            time
        }
    };
    Some(SwitchState { on: on?, at: seen })
}

fn object<'v, 't>(value: &'v Raw<'t>, at: &Pointer<'_>, problems: &mut Problems) -> Option<&'v Object<'t>> {
    let object = value.as_object();
    if object.is_none() {
        problems.push(errors::wrong_type(at, "an object", value));
    }
    object
}

fn unknown_keys(keys: &Object<'_>, at: &Pointer<'_>, known: &[&str], problems: &mut Problems) {
    for key in keys.keys().filter(|key| !known.contains(key)) {
        problems.push(errors::unknown_key(&at.key(key), key, known.iter().copied()));
    }
}

//! The engine as bindings show it: compiled policies, the tests that came with them, and the state that it is asked in.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use bailiwick::machinery::schema::Schema;
use bailiwick::parts::{Compliance, Report, Validity};
use bailiwick::{Diagnostics, Outcome, Record, Source, State, Suite};
use bailiwick_loader::Loaded;
use serde_json::{Map, Value as Json, json};

use crate::ask::{Ask, InvalidInput, Problems};
use crate::decision::Decision;
use crate::deed::read_record;
use crate::many;
use crate::policies::{self, PolicyError};

/// How a test text without a name is called.
const LONE: &str = "tests.yaml";
/// How many days ahead is looked for what is due, where nobody says.
const AHEAD_DAYS: u32 = 30;
/// In seconds.
const DAY: u64 = 86_400;

/// Compiled policies with the state of the switches. Shared between threads; cheap to clone, and a clone has its own state
/// from then on.
#[derive(Debug)]
pub struct Engine {
    engine: bailiwick::Engine,
    found: Diagnostics,
    /// The sources, since tests may stand in them.
    sources: Arc<Loaded>,
    state: RwLock<Held>,
    flipping: Mutex<()>,
}

/// The state, read and as it was said.
#[derive(Clone, Debug, Default)]
struct Held {
    state: State,
    switches: Map<String, Json>,
}

impl Engine {
    /// Loads policies given as JSON: a text is one source of the platform, an object maps the names of files to their texts,
    /// a list holds sources `{name, text, level?, tenant?, entities?}`. With `by_tenant` a tenant whose policies do not
    /// compile is denied everything, and the others are not touched by it.
    ///
    /// # Errors
    /// All that is wrong, each with its place and its cure. `by_tenant`: where nobody's policies compile.
    pub fn load(policies: &str, by_tenant: bool) -> Result<Engine, PolicyError> {
        Engine::of(policies::read(policies)?, by_tenant)
    }

    /// The same of a folder, by its layout.
    ///
    /// # Errors
    /// As [`Engine::load`]; and files that cannot be read.
    #[cfg(feature = "disk")]
    pub fn load_folder(path: &str, by_tenant: bool) -> Result<Engine, PolicyError> {
        Engine::of(policies::folder(path)?, by_tenant)
    }

    fn of(loaded: Loaded, by_tenant: bool) -> Result<Engine, PolicyError> {
        let sources = loaded.policies.iter().cloned();
        let (engine, found) = if by_tenant {
            bailiwick::Engine::load_tenants(sources)?
        } else {
            let engine = bailiwick::Engine::load(sources)?;
            let found = engine.warnings().clone();
            (engine, found)
        };
        Ok(Engine::made(engine, found, Arc::new(loaded)))
    }

    fn made(engine: bailiwick::Engine, found: Diagnostics, sources: Arc<Loaded>) -> Engine {
        Engine {
            engine,
            found,
            sources,
            state: RwLock::default(),
            flipping: Mutex::default(),
        }
    }

    /// Loads a compiled bundle. No tests come with it.
    ///
    /// # Errors
    /// Where it is no bundle, is damaged, or of another version.
    pub fn from_bundle(bundle: &[u8]) -> Result<Engine, PolicyError> {
        let engine = bailiwick::Engine::from_bundle(bundle)?;
        let found = engine.warnings().clone();
        Ok(Engine::made(engine, found, Arc::default()))
    }

    /// The compiled policies as a bundle.
    pub fn to_bundle(&self) -> Vec<u8> {
        self.engine.to_bundle()
    }

    /// What loading found, as a JSON list: warnings, and the errors of tenants that are denied everything.
    pub fn diagnostics(&self) -> String {
        self.found.to_json().to_string()
    }

    /// Decides. Never fails: what is no request, or no state, is denied and says so.
    pub fn decide(&self, request: Ask<'_>, state: Option<Ask<'_>>) -> Decision {
        self.decide_in(request, self.asked_in(state))
    }

    /// Decides many, each by itself and all in one state, in the order in which they are asked. Where there are threads, larger
    /// numbers are shared out over the cores.
    pub fn decide_many(&self, requests: Vec<Ask<'_>>, state: Option<Ask<'_>>) -> Vec<Decision> {
        self.decide_each(requests, state, |decision| decision)
    }

    /// The same for whoever wants something of each decision and does not keep it.
    pub fn decide_each<R: Send>(
        &self,
        requests: Vec<Ask<'_>>,
        state: Option<Ask<'_>>,
        of: impl Fn(Decision) -> R + Sync,
    ) -> Vec<R> {
        let state = self.asked_in(state);
        many::each(requests, |request| of(self.decide_in(request, state.clone())))
    }

    fn asked_in(&self, state: Option<Ask<'_>>) -> Result<State, Problems> {
        match state {
            None => Ok(self.held().state.clone()),
            Some(state) => state.state().map_err(Problems::of_the_state),
        }
    }

    fn decide_in(&self, request: Ask<'_>, state: Result<State, Problems>) -> Decision {
        match (request.request(), state) {
            (Ok(request), Ok(state)) => Decision::of(&self.engine, request, state),
            (Err(problems), _) | (Ok(_), Err(problems)) => Decision::refused(problems),
        }
    }

    /// The answer alone, for those who ask for the rest seldom: nothing is kept of what it was made of.
    pub fn outcome(&self, request: Ask<'_>, state: Option<Ask<'_>>) -> &'static str {
        let state = match state {
            None => Ok(self.held().state.clone()),
            Some(state) => state.state(),
        };
        let outcome = match (request.request(), state) {
            (Ok(request), Ok(state)) => self.engine.decide(&request, &state).outcome(),
            _ => Outcome::Denied,
        };
        outcome.as_str()
    }

    /// Runs policy tests: those of a source given as JSON (a text, or `{name, text, tenant?, entities?}`), or all that came
    /// with the policies. A JSON list of reports.
    ///
    /// # Errors
    /// Tests that cannot be read.
    pub fn test(&self, tests: Option<&str>) -> Result<String, PolicyError> {
        let reports = self.reports(tests)?;
        Ok(reports.iter().map(report_json).collect::<Json>().to_string())
    }

    /// Which rules carry out which controls, and which of the tests, chosen as by [`Engine::test`], show them at work, as JSON:
    /// `{controls, gaps, markdown}`.
    ///
    /// # Errors
    /// Tests that cannot be read.
    pub fn compliance(&self, tests: Option<&str>) -> Result<String, PolicyError> {
        let made = Compliance::of(&self.engine, &self.reports(tests)?);
        let mut json = made.to_json();
        json["markdown"] = made.to_markdown().into();
        Ok(json.to_string())
    }

    fn reports(&self, tests: Option<&str>) -> Result<Vec<Report>, PolicyError> {
        let suites = match tests {
            Some(tests) => vec![Suite::parse(&test_source(tests)?)?],
            None => self.suites()?,
        };
        let reports = suites.iter().flat_map(|suite| suite.reports(&self.engine));
        Ok(reports.collect())
    }

    fn suites(&self) -> Result<Vec<Suite>, PolicyError> {
        let own = self.sources.tests.iter().map(Suite::parse);
        let beside = self.sources.policies.iter().map(Suite::beside_policies);
        Ok(own.chain(beside).collect::<Result<_, _>>()?)
    }

    /// Flips a switch, named `<policy id>/<switch id>`; `at` is when that was seen (RFC 3339).
    ///
    /// # Errors
    /// A time that is none.
    pub fn flip(&self, name: &str, on: bool, at: Option<&str>) -> Result<(), InvalidInput> {
        let flipping = self.flipping();
        let mut switches = self.held().switches.clone();
        switches.insert(name.to_owned(), json!({"on": on, "at": at}));
        self.hold(&flipping, Held::of(json!({"switches": switches}))?);
        Ok(())
    }

    /// Puts a whole state in place of the one that is held.
    ///
    /// # Errors
    /// All that is wrong with it; then nothing changes.
    pub fn set_state(&self, state: Ask<'_>) -> Result<(), InvalidInput> {
        let held = match state {
            Ask::Text(text) => Held::of_text(text)?,
            Ask::OwnedText(text) => Held::of_text(&text)?,
            Ask::Value(value) => Held::of(value)?,
            Ask::Refused(problems) => return Err(problems.into()),
        };
        self.hold(&self.flipping(), held);
        Ok(())
    }

    /// The state that is held, as JSON.
    pub fn state(&self) -> String {
        json!({"switches": self.held().switches}).to_string()
    }

    /// Whether a record still holds at an instant (RFC 3339): `holds`, `policies_changed`, `state_changed` or `expired`.
    ///
    /// # Errors
    /// A record, an instant or a state that cannot be read.
    pub fn still_holds(
        &self,
        record: &str,
        now: &str,
        state: Option<Ask<'_>>,
    ) -> Result<&'static str, InvalidInput> {
        let record = read_record(record)?;
        let state = match state {
            None => self.held().state.clone(),
            Some(state) => state.state()?,
        };
        let validity = self
            .engine
            .still_holds(&record, &state, now)
            .map_err(Problems::from)?;
        Ok(match validity {
            Validity::Holds => "holds",
            Validity::PoliciesChanged => "policies_changed",
            Validity::StateChanged => "state_changed",
            Validity::Expired => "expired",
        })
    }

    /// What loading found, and what has ended or is due at an instant (RFC 3339), or within `ahead_days` after it, as a JSON
    /// list. Without `ahead_days` it is 30.
    ///
    /// # Errors
    /// An instant that cannot be read.
    pub fn due(&self, now: &str, ahead_days: Option<u32>) -> Result<String, InvalidInput> {
        let days = u64::from(ahead_days.unwrap_or(AHEAD_DAYS));
        let ahead = Duration::from_secs(days * DAY);
        let found = self.engine.due(now, ahead).map_err(Problems::from)?;
        Ok(found.to_json().to_string())
    }

    /// The tenants, each with its vocabulary.
    pub(crate) fn vocabularies(&self) -> impl Iterator<Item = (Option<&str>, &Schema)> {
        let sets = self.engine.sets().map(|compiled| &compiled.set);
        sets.map(|set| (set.tenant.as_deref(), set.schema()))
    }

    // A writer that panicked left a whole state behind: it is put in place at once.
    fn held(&self) -> RwLockReadGuard<'_, Held> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever flips has this lock, so that of two flips at once none is lost.
    fn flipping(&self) -> MutexGuard<'_, ()> {
        self.flipping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever decides waits for no longer than two pointers take to change places: the new state is made before, and the old one
    /// is freed after.
    fn hold(&self, _flipping: &MutexGuard<'_, ()>, mut held: Held) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut *state, &mut held);
        drop(state);
        drop(held);
    }
}

impl Clone for Engine {
    fn clone(&self) -> Engine {
        Engine {
            engine: self.engine.clone(),
            found: self.found.clone(),
            sources: self.sources.clone(),
            state: RwLock::new(self.held().clone()),
            flipping: Mutex::default(),
        }
    }
}

impl Held {
    /// A text is read twice: once with all that is wrong with a text, once as it was said.
    fn of_text(text: &str) -> Result<Held, Problems> {
        let state = State::from_json(text)?;
        let json = serde_json::from_str(text).unwrap_or_default();
        Ok(Held {
            state,
            ..Held::of(json)?
        })
    }

    fn of(json: Json) -> Result<Held, Problems> {
        let state = State::from_value(json.clone())?;
        let switches = json.get("switches").and_then(Json::as_object);
        Ok(Held {
            state,
            switches: switches.cloned().unwrap_or_default(),
        })
    }
}

fn test_source(tests: &str) -> Result<Source, PolicyError> {
    match serde_json::from_str(tests) {
        Ok(Json::String(text)) => Ok(Source::platform(LONE, text)),
        Ok(source) => policies::source(&source),
        Err(_) => Ok(Source::platform(LONE, tests)),
    }
}

fn report_json(report: &Report) -> Json {
    let place = &report.place;
    json!({
        "name": report.name,
        "place": {"source": place.source, "line": place.line, "column": place.column, "byte": place.byte},
        "passed": report.failures.is_empty(),
        "failures": report.failures,
        "record": report.record.as_ref().map(Record::to_json),
    })
}

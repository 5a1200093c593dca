//! The front door: the pipeline spelled out. No logic hides here.
//!
//! ```text
//! policy text  -> documents -> lowered rules -> checked model -> compiled tree --+
//! request text --------------> request -------> effects, facts ------------------+--> decision -> record
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::json;

use crate::decision::{self, Change, Compiled, Refusal, Verdict};
use crate::outcome::Outcome;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document;
use crate::examples;
use crate::form;
use crate::model::{self, Checked, PolicySet};
use crate::record::{self, Explanation, Record, Stamp, Validity};
use crate::request::{Request, RequestError, State};
use crate::source::{Level, Source, SourceMap};
use crate::tree;

/// A compiled engine: immutable, shared between threads, cheap to clone.
///
/// ```
/// use bailiwick::{Engine, Outcome, Request, Source, State};
///
/// let policies = "
/// policy: {id: base, version: 1}
/// rules:
///   - {id: read, allow: file.read}
///   - {id: no_secrets, deny: file.read, path: 'secrets/**', reason: Secrets are not for agents.}
/// ";
/// let engine = Engine::load([Source::platform("base.yaml", policies)]).expect("the policies compile");
/// let request = r#"{"action": "file.read", "path": "secrets/key", "now": "2026-11-20T10:00:00Z"}"#;
/// let request = Request::from_json(request).expect("the request fits");
/// let decision = engine.decide(&request, &State::none());
/// assert_eq!(decision.outcome(), Outcome::Denied);
/// assert!(decision.explain().to_string().contains("base.yaml:5:"));
/// ```
#[derive(Clone, Debug)]
pub struct Engine {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// The sets by tenant; `None` is the set without one.
    sets: BTreeMap<Option<String>, Compiled>,
    /// Tenants whose policies do not compile; `None` where those without a tenant do not.
    broken: BTreeSet<Option<String>>,
    warnings: Diagnostics,
}

/// What loading found of one tenant.
type Found = (BTreeMap<Option<String>, Compiled>, BTreeSet<Option<String>>);

impl Engine {
    /// Loads and compiles policies.
    ///
    /// # Errors
    /// All mistakes of all sources, in one pass, each with its place and its cure. With one mistake nothing is loaded.
    pub fn load(sources: impl IntoIterator<Item = Source>) -> Result<Engine, Diagnostics> {
        let (engine, found) = Engine::compile(sources);
        if found.has_errors() { Err(found) } else { Ok(engine) }
    }

    /// Loads the policies of many tenants. A tenant whose policies do not compile is denied everything; the others are not
    /// touched by it. The findings come along.
    ///
    /// # Errors
    /// All findings, where the platform's own policies do not compile: then nobody's do.
    pub fn load_tenants(sources: impl IntoIterator<Item = Source>) -> Result<(Engine, Diagnostics), Diagnostics> {
        let (engine, found) = Engine::compile(sources);
        let nobodys = engine.inner.sets.is_empty() && engine.inner.broken.is_empty();
        if nobodys { Err(found) } else { Ok((engine, found)) }
    }

    fn compile(sources: impl IntoIterator<Item = Source>) -> (Engine, Diagnostics) {
        let mut out = Vec::new();
        let (documents, sources) = read(sources, &mut out);
        let (sets, broken) = compile_sets(documents, &sources, &mut out);
        let found = Diagnostics::new(out, sources);
        let warnings = found.clone();
        (Engine { inner: Arc::new(Inner { sets, broken, warnings }) }, found)
    }

    /// What compiles but probably does not say what its author means.
    pub fn warnings(&self) -> &Diagnostics {
        &self.inner.warnings
    }

    /// Decides. Cannot fail, does no IO, reads no clock: the same policies, request and state give the same answer.
    pub fn decide<'a>(&'a self, request: &'a Request, state: &State) -> Decision<'a> {
        match self.compiled_for(request) {
            Ok(compiled) => {
                let verdict = decision::decide(compiled, request, state);
                Decision { compiled: Some(compiled), request, state: state.clone(), verdict }
            }
            Err(refusal) => {
                let verdict = decision::without_policies(request, refusal);
                Decision { compiled: None, request, state: state.clone(), verdict }
            }
        }
    }

    /// Whether a record still holds at an instant (RFC 3339): whether the policies that apply to its scope, or the state,
    /// have moved on, or its time is over.
    ///
    /// # Errors
    /// Where the record's scope or the instant cannot be read.
    pub fn still_holds(&self, record: &Record, state: &State, now: &str) -> Result<Validity, RequestError> {
        let request = json!({"action": record.action, "scope": record.scope, "now": now});
        let request = Request::from_value(request)?;
        let set = self.compiled_for(&request).ok().map(|compiled| &compiled.set);
        Ok(record::still_holds(record, set, &request, state))
    }

    fn compiled_for(&self, request: &Request) -> Result<&Compiled, Refusal> {
        let tenant = request.tenant().known().map(str::to_owned);
        let missing = || decision::Refusal::unknown_tenant(tenant.as_deref(), &self.inner.broken);
        self.inner.sets.get(&tenant).ok_or_else(missing)
    }

    /// The compiled sets, for what prints or measures them.
    pub fn sets(&self) -> impl Iterator<Item = &Compiled> {
        self.inner.sets.values()
    }
}

/// The lowered documents of an engine.
#[derive(Default)]
struct Documents {
    platform: Vec<form::Document>,
    /// Those below the platform. Where there is a source there is a set, though there be no word in it.
    by_tenant: BTreeMap<Option<String>, Vec<form::Document>>,
}

/// Text to lowered documents.
fn read(sources: impl IntoIterator<Item = Source>, out: &mut Vec<Diagnostic>) -> (Documents, Arc<SourceMap>) {
    let sources: Vec<Source> = sources.into_iter().collect();
    let mut map = SourceMap::default();
    let mut documents = Documents::default();
    for source in &sources {
        let id = map.add(&source.name, source.text.clone());
        let written = document::parse(id, &map, out);
        let lowered = written.iter().filter_map(|document| form::lower(document, source, out));
        let platform = source.level == Level::Platform && source.tenant.is_none();
        let to = if platform {
            &mut documents.platform
        } else {
            documents.by_tenant.entry(source.tenant.clone()).or_default()
        };
        to.extend(lowered);
    }
    (documents, Arc::new(map))
}

fn compile_sets(
    documents: Documents,
    sources: &Arc<SourceMap>,
    out: &mut Vec<Diagnostic>,
) -> Found {
    let Documents { platform, mut by_tenant } = documents;
    let mut found = Found::default();
    let Some(platform) = model::check(platform, None, sources, out) else { return found };
    let tree = Arc::new(tree::compile(&platform.policies));
    let Some(alone) = compile_set(None, Vec::new(), &platform, &tree, sources, out) else { return found };
    if examples::check(&alone, 0, &platform.examples, out) {
        return found;
    }
    if by_tenant.is_empty() {
        by_tenant.insert(None, Vec::new());
    }
    for (tenant, documents) in by_tenant {
        match compile_set(tenant.clone(), documents, &platform, &tree, sources, out) {
            Some(compiled) => drop(found.0.insert(tenant, compiled)),
            None => drop(found.1.insert(tenant)),
        }
    }
    found
}

fn compile_set(
    tenant: Option<String>,
    documents: Vec<form::Document>,
    platform: &Checked,
    platform_tree: &Arc<tree::Tree>,
    sources: &Arc<SourceMap>,
    out: &mut Vec<Diagnostic>,
) -> Option<Compiled> {
    let own = model::check(documents, Some(platform), sources, out)?;
    let trees = [platform_tree.clone(), Arc::new(tree::compile(&own.policies))];
    let set = PolicySet { tenant, platform: platform.policies.clone(), own: own.policies };
    let compiled = Compiled { set, trees };
    (!examples::check(&compiled, 1, &own.examples, out)).then_some(compiled)
}

/// The answer to one request.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    compiled: Option<&'a Compiled>,
    request: &'a Request,
    state: State,
    verdict: Verdict,
}

impl<'a> Decision<'a> {
    /// Allowed, ask_approval or denied.
    pub fn outcome(&self) -> Outcome {
        self.verdict.outcome
    }

    /// Why, for people: the ladder of levels, the rules with their lines, what would make it allowed.
    pub fn explain(&self) -> Explanation {
        record::explain(self.compiled, self.request, &self.state, &self.verdict)
    }

    /// The decision made to last. The stamp is the caller's: an id and a time.
    pub fn record(&self, stamp: Stamp) -> Record {
        record::write(self.compiled, self.request, &self.state, &self.verdict, stamp)
    }

    /// The smallest changes that would make the answer allowed, each checked by deciding again. Empty where it is allowed,
    /// and where nothing in the request would help.
    pub fn changes(&self) -> Vec<Change> {
        self.compiled.map_or_else(Vec::new, |compiled| decision::changes(compiled, self.request, &self.state))
    }

    /// All that the answer rests on.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The policies that it was decided by, unless there are none for its tenant.
    pub fn compiled(&self) -> Option<&'a Compiled> {
        self.compiled
    }

    /// The request.
    pub fn request(&self) -> &'a Request {
        self.request
    }

    /// The state.
    pub fn state(&self) -> &State {
        &self.state
    }
}

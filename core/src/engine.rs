//! The front door: the pipeline spelled out. No logic hides here.
//!
//! ```text
//! policy text  -> documents -> lowered rules -> checked model -> compiled tree --+
//! request text --------------> request -------> effects, facts ------------------+--> decision -> record
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::decision::{self, Change, Compiled, Refusal, Verdict};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::document;
use crate::examples;
use crate::form;
use crate::limits;
use crate::model::{self, Checked, PolicySet};
use crate::outcome::Outcome;
use crate::record::{self, Explanation, MatchedRule, Record, Stamp, Validity};
use crate::request::{self, Request, RequestError, State};
use crate::source::{Level, Source, SourceMap};
use crate::tree::{self, Way};

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
    /// The sets, sorted by tenant; `None` is the set without one.
    sets: Vec<(Option<String>, Compiled)>,
    /// Tenants whose policies do not compile; `None` where those without a tenant do not.
    broken: BTreeSet<Option<String>>,
    warnings: Diagnostics,
}

/// What was read: the platform's documents, those below it by tenant, and whose text has errors.
struct Written {
    platform: Vec<form::Document>,
    below: BTreeMap<Option<String>, Vec<form::Document>>,
    sources: Arc<SourceMap>,
    platform_broken: bool,
    broken: BTreeSet<Option<String>>,
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
        if found.has_errors() {
            Err(found)
        } else {
            Ok(engine)
        }
    }

    /// Loads the policies of many tenants. A tenant whose policies do not compile is denied everything; the others are not
    /// touched by it. The findings come along.
    ///
    /// # Errors
    /// All findings, where nobody's policies compile: so it is where the platform's own do not.
    pub fn load_tenants(
        sources: impl IntoIterator<Item = Source>,
    ) -> Result<(Engine, Diagnostics), Diagnostics> {
        let (engine, found) = Engine::compile(sources);
        if engine.inner.sets.is_empty() {
            Err(found)
        } else {
            Ok((engine, found))
        }
    }

    fn compile(sources: impl IntoIterator<Item = Source>) -> (Engine, Diagnostics) {
        let mut out = Vec::new();
        let written = read(sources, &mut out);
        let sources = written.sources.clone();
        let (sets, broken) = compile_sets(written, &mut out);
        let sets = sets.into_iter().collect();
        let found = Diagnostics::new(out, sources);
        (Engine::of(sets, broken, found.clone()), found)
    }

    /// The engine of compiled sets, sorted by tenant; of tenants whose policies do not compile; and with what was found.
    pub(crate) fn of(
        sets: Vec<(Option<String>, Compiled)>,
        broken: BTreeSet<Option<String>>,
        warnings: Diagnostics,
    ) -> Engine {
        let inner = Inner {
            sets,
            broken,
            warnings,
        };
        Engine {
            inner: Arc::new(inner),
        }
    }

    /// Tenants whose policies do not compile; `None` where those without a tenant do not.
    pub(crate) fn broken(&self) -> &BTreeSet<Option<String>> {
        &self.inner.broken
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
                Decision {
                    compiled: Some(compiled),
                    request,
                    state: state.clone(),
                    verdict,
                }
            }
            Err(refusal) => {
                let verdict = decision::without_policies(request, refusal);
                Decision {
                    compiled: None,
                    request,
                    state: state.clone(),
                    verdict,
                }
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

    /// What is due at an instant (RFC 3339), or within a time after it: rules that end or have ended, policies that are to be
    /// looked at again (spec/15-switches-and-roles.md, 15.10). It changes no answer.
    ///
    /// ```
    /// # use bailiwick::{Engine, Source};
    /// let policies = "{default: allow, rules: [{id: freeze, deny: deploy, expires: 2026-12-24}]}";
    /// let engine = Engine::load([Source::platform("freeze.yaml", policies)]).expect("it compiles");
    /// let month = std::time::Duration::from_secs(30 * 86_400);
    /// assert!(engine.due("2026-11-01T00:00:00Z", month).expect("it is a time").is_empty());
    /// assert!(!engine.due("2026-12-01T00:00:00Z", month).expect("it is a time").has_errors());
    /// assert!(engine.due("2026-12-24T00:00:00Z", month).expect("it is a time").has_errors());
    /// ```
    ///
    /// # Errors
    /// Where the instant cannot be read.
    pub fn due(&self, now: &str, ahead: Duration) -> Result<Diagnostics, RequestError> {
        let now = request::instant(now)?;
        let ahead = i128::try_from(ahead.as_nanos()).unwrap_or(i128::MAX);
        let mut out = Vec::new();
        for (at, compiled) in self.sets().enumerate() {
            // All sets share the platform's.
            let skip = usize::from(at != 0);
            let parts = compiled.set.parts().into_iter().skip(skip);
            parts.for_each(|part| model::due(part, now, ahead, &mut out));
        }
        Ok(self.inner.warnings.and(out))
    }

    fn compiled_for(&self, request: &Request) -> Result<&Compiled, Refusal> {
        let tenant = request.tenant().known();
        let sets = &self.inner.sets;
        match sets.binary_search_by(|(known, _)| known.as_deref().cmp(&tenant)) {
            Ok(at) => Ok(&sets[at].1),
            Err(_) => Err(Refusal::unknown_tenant(tenant, &self.inner.broken)),
        }
    }

    /// The compiled sets, for what prints or measures them.
    pub fn sets(&self) -> impl Iterator<Item = &Compiled> {
        self.inner.sets.iter().map(|(_, compiled)| compiled)
    }
}

/// Text to lowered documents, by tenant.
fn read(sources: impl IntoIterator<Item = Source>, out: &mut Vec<Diagnostic>) -> Written {
    let sources: Vec<Source> = sources.into_iter().collect();
    let mut map = SourceMap::default();
    let mut platform = Vec::new();
    let mut below: BTreeMap<Option<String>, Vec<form::Document>> = BTreeMap::new();
    let (mut platform_broken, mut broken) = (false, BTreeSet::new());
    for source in &sources {
        let before = out.len();
        let id = map.add(&source.name, source.text.clone());
        let written = document::parse(id, &map, out);
        let lowered = written
            .iter()
            .filter_map(|document| form::lower(document, source, out));
        let of_platform = source.level == Level::Platform && source.tenant.is_none();
        // Where there is a source there is a set, though there be no word in it.
        let to = if of_platform {
            &mut platform
        } else {
            below.entry(source.tenant.clone()).or_default()
        };
        to.extend(lowered);
        if out[before..]
            .iter()
            .any(|found| found.severity == Severity::Error)
        {
            platform_broken |= of_platform;
            broken.insert(source.tenant.clone());
        }
    }
    Written {
        platform,
        below,
        sources: Arc::new(map),
        platform_broken,
        broken,
    }
}

fn compile_sets(written: Written, out: &mut Vec<Diagnostic>) -> Found {
    let Written {
        platform,
        mut below,
        sources,
        platform_broken,
        broken,
    } = written;
    let sources = &sources;
    let platform = model::check(platform, None, platform_broken, sources, out);
    let tree = platform
        .sound
        .then(|| Arc::new(tree::compile(&platform.policies)));
    if below.is_empty() {
        below.insert(None, Vec::new());
    }
    // Alone the platform's policies are a set as well: in it their examples are asked.
    let alone = compile_set(
        None,
        &model::check(Vec::new(), Some(&platform), false, sources, out),
        &platform,
        tree.as_ref(),
        out,
    );
    let sound = alone.is_some_and(|alone| !examples::check(&alone, 0, &platform.examples, out));
    let mut found = Found::default();
    let mut all = Vec::new();
    for (tenant, documents) in below {
        let own = model::check(documents, Some(&platform), broken.contains(&tenant), sources, out);
        match compile_set(tenant.clone(), &own, &platform, tree.as_ref(), out).filter(|_| sound) {
            Some(compiled) => drop(found.0.insert(tenant, compiled)),
            None => drop(found.1.insert(tenant)),
        }
        all.push(own);
    }
    all.push(platform);
    if all.iter().all(|checked| checked.sound) {
        model::unused_workflows(all.iter(), out);
    }
    found
}

/// `None` where something is wrong; all of it is found.
fn compile_set(
    tenant: Option<String>,
    own: &Checked,
    platform: &Checked,
    platform_tree: Option<&Arc<tree::Tree>>,
    out: &mut Vec<Diagnostic>,
) -> Option<Compiled> {
    let platform_tree = platform_tree.filter(|_| own.sound)?.clone();
    let trees = [platform_tree, Arc::new(tree::compile(&own.policies))];
    let set = PolicySet::new(tenant, platform.policies.clone(), own.policies.clone());
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

    /// The rule that the answer comes from; the grant, where it is allowed. None where it is granted with its action.
    pub fn deciding(&self) -> Option<MatchedRule> {
        record::deciding(self.compiled, self.request, &self.state, &self.verdict)
    }

    /// The smallest changes that would make the answer allowed, each checked by deciding again. Empty where it is allowed,
    /// and where nothing in the request would help.
    pub fn changes(&self) -> Vec<Change> {
        self.compiled.map_or_else(Vec::new, |compiled| {
            decision::changes(compiled, self.request, &self.state)
        })
    }

    /// The ways of its first effects through the trees, for a drawing: of each effect one through the platform's rules and one
    /// through those of the levels below. Empty where no policies were asked.
    pub fn ways(&self) -> Vec<Way> {
        let Some(compiled) = self.compiled else {
            return Vec::new();
        };
        let effects = self.verdict.effects.len().min(limits::WAY_EFFECTS_MAX);
        (0..effects)
            .flat_map(|effect| self.ways_of(compiled, effect))
            .collect()
    }

    fn ways_of(&self, compiled: &Compiled, effect: usize) -> [Way; 2] {
        let sight = decision::sight(compiled, self.request, &self.verdict, Level::Platform, effect);
        let [platform, below] = compiled.set.parts();
        let way = |part: usize, policies| Way {
            effect,
            platform: part == 0,
            ..Way::of(&compiled.trees[part], policies, &sight)
        };
        [way(0, platform), way(1, below)]
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

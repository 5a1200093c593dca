//! Policy tests: a file of requests with what must come out, asked of an engine (spec/11-forms.md, 11.6). Knows the engine by
//! its front door only.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document;
use crate::engine::Engine;
use crate::examples;
use crate::form::{self, Test, Tests};
use crate::record::{Record, Stamp};
use crate::request::State;
use crate::source::{Place, Source, SourceMap};

/// A file of policy tests.
///
/// ```
/// use bailiwick::{Engine, Source, Suite};
/// let engine = Engine::load([Source::platform("p.yaml", "rules: [{id: look, allow: run.view}]")]).unwrap();
/// let tests = "[{name: look, input: {tool: run.view}, expect: {decision: allowed}}]";
/// let suite = Suite::parse(&Source::platform("p.test.yaml", tests)).unwrap();
/// assert!(suite.run(&engine).iter().all(|report| report.failures.is_empty()));
/// ```
#[derive(Clone, Debug)]
pub struct Suite {
    /// The source's name.
    pub name: String,
    tests: Vec<(Test, Map<String, Json>)>,
    sources: Arc<SourceMap>,
}

/// How one test went.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// What was not as expected; empty where it passed.
    pub failures: Vec<String>,
    /// The record of the decision; `None` where the request did not fit.
    pub record: Option<Record>,
}

impl Suite {
    /// Reads a test file. Its source's entities are the scope of tests that do not say theirs.
    ///
    /// # Errors
    /// All mistakes with their places.
    pub fn parse(source: &Source) -> Result<Suite, Diagnostics> {
        Suite::of(source, |_| true)
    }

    /// Reads the tests that stand in a policy file: its documents that are lists, or have the key `policy_tests`. The
    /// policies beside them are passed over, and so are the mistakes of those.
    ///
    /// # Errors
    /// As [`Suite::parse`].
    pub fn beside_policies(source: &Source) -> Result<Suite, Diagnostics> {
        Suite::of(source, form::holds_tests)
    }

    fn of(source: &Source, counts: impl Fn(&document::Node) -> bool) -> Result<Suite, Diagnostics> {
        let mut out = Vec::new();
        let mut map = SourceMap::default();
        let id = map.add(&source.name, source.text.clone());
        let documents = document::parse(id, &map, &mut out);
        let documents = documents.iter().filter(|document| counts(document));
        let files: Vec<Tests> = documents
            .filter_map(|document| form::tests(document, &mut out))
            .collect();
        let sources = Arc::new(map);
        let tests = files
            .into_iter()
            .flat_map(|file| with_scope(source, file, &mut out))
            .collect();
        let found = Diagnostics::new(out, sources.clone());
        if found.has_errors() {
            Err(found)
        } else {
            Ok(Suite {
                name: source.name.clone(),
                tests,
                sources,
            })
        }
    }

    /// How many tests.
    pub fn len(&self) -> usize {
        self.tests.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// Asks the engine all of them.
    pub fn run(&self, engine: &Engine) -> Vec<Report> {
        self.reports(engine).collect()
    }

    /// Asks the engine one after the other.
    pub fn reports<'a>(&'a self, engine: &'a Engine) -> impl Iterator<Item = Report> + 'a {
        self.tests
            .iter()
            .map(|(test, scope)| self.ask(engine, test, scope))
    }

    fn ask(&self, engine: &Engine, test: &Test, scope: &Map<String, Json>) -> Report {
        let place = self.sources.place(test.span);
        let report = |failures, record| Report {
            name: test.name.value.clone(),
            place: place.clone(),
            failures,
            record,
        };
        let request = match examples::request(&test.input, scope) {
            Ok(request) => request,
            Err(found) => return report(self.in_words(&found), None),
        };
        let state = match self.state(test) {
            Ok(state) => state,
            Err(failures) => return report(failures, None),
        };
        let record = engine.decide(&request, &state).record(Stamp::default());
        let failures = failures(test, &record);
        report(failures, Some(record))
    }

    fn state(&self, test: &Test) -> Result<State, Vec<String>> {
        let Some(node) = &test.state else {
            return Ok(State::none());
        };
        let mut out = Vec::new();
        let value = node.to_json(&mut out).ok_or_else(|| self.in_words(&out))?;
        State::from_value(value).map_err(|error| vec![error.to_string()])
    }

    fn in_words(&self, found: &[Diagnostic]) -> Vec<String> {
        let word = |found: &Diagnostic| {
            let place = found
                .labels
                .first()
                .map_or(String::new(), |label| self.sources.place(label.span).to_string());
            let help = found
                .help
                .as_ref()
                .map_or(String::new(), |help| format!(" ({help})"));
            format!("{place}: {}{help}", found.message)
        };
        found.iter().map(word).collect()
    }
}

/// The tests of a file with the scope that they share: the file's own, else the source's.
fn with_scope(source: &Source, file: Tests, out: &mut Vec<Diagnostic>) -> Vec<(Test, Map<String, Json>)> {
    let mut scope = Map::new();
    scope.insert("tenant".into(), json!(source.tenant));
    scope.extend(
        source
            .entities
            .iter()
            .map(|(level, name)| (level.as_str().to_owned(), json!(name))),
    );
    if let Some(Json::Object(own)) = file.scope.as_ref().and_then(|node| node.to_json(out)) {
        scope.extend(own);
    }
    file.tests.into_iter().map(|test| (test, scope.clone())).collect()
}

fn failures(test: &Test, record: &Record) -> Vec<String> {
    let expected = &test.expected;
    let mut failures = Vec::new();
    if record.decision != expected.decision.value {
        let (wanted, found) = (expected.decision.value, record.decision);
        failures.push(format!(
            "expected {wanted}, decided {found}: {}",
            record.explanation
        ));
    }
    for text in expected.reason_contains.iter().filter(|text| !says(record, text)) {
        failures.push(format!("no reason contains \"{text}\": {}", record.explanation));
    }
    for rule in expected.rules.iter().filter(|rule| !matched(record, &rule.value)) {
        failures.push(format!("the rule `{}` is not among the matched ones", rule.value));
    }
    for name in expected
        .obligations
        .iter()
        .filter(|name| !record.obligations.iter().any(|owed| owed.name == name.value))
    {
        failures.push(format!("`{}` is not owed", name.value));
    }
    failures
}

fn says(record: &Record, text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let reasons = record
        .matched_rules
        .iter()
        .filter_map(|rule| rule.reason.as_ref());
    reasons
        .chain([&record.explanation])
        .any(|reason| reason.to_ascii_lowercase().contains(&text))
}

/// Whether a rule, as `<policy id>/<rule id>`, is in the record.
fn matched(record: &Record, name: &str) -> bool {
    let id = |policy: &str| {
        policy
            .rsplit_once('@')
            .map_or(policy.to_owned(), |(id, _)| id.to_owned())
    };
    record
        .matched_rules
        .iter()
        .any(|rule| format!("{}/{}", id(&rule.policy), rule.rule) == name)
}

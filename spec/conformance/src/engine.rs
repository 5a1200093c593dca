//! The engine as an evaluator, by its front door.

use bailiwick::parts::{Severity, Validity};
use bailiwick::{Engine, Level, Record, Request, Stamp, State};
use serde_json::{Value as Json, json};

use crate::{Evaluator, Finding, Source};

/// The engine of this repository.
pub struct BailiwickEngine;

/// A source of a vector as the engine takes it.
///
/// # Panics
/// Where the vector names a level that there is not.
pub fn source(source: &Source) -> bailiwick::Source {
    let level = |name: &str| {
        name.parse::<Level>()
            .unwrap_or_else(|()| panic!("`{name}` is no level"))
    };
    let mut made = bailiwick::Source::at(level(&source.level), source.name.clone(), source.text.as_str());
    made.tenant.clone_from(&source.tenant);
    made.entities = source
        .entities
        .iter()
        .map(|(at, name)| (level(at), name.clone()))
        .collect();
    made
}

/// An engine, and the one that comes out of its compiled bundle, which must give the same answers.
pub struct Loaded {
    engine: Engine,
    bundled: Engine,
}

impl Loaded {
    fn of(engine: Engine) -> Loaded {
        let bundle = engine.to_bundle();
        let bundled = Engine::from_bundle(&bundle).expect("what was compiled loads");
        assert!(
            bundled.to_bundle() == bundle,
            "a bundle reads back as the same bytes"
        );
        assert_eq!(
            bundled.warnings().to_string(),
            engine.warnings().to_string(),
            "a bundle keeps the warnings"
        );
        Loaded { engine, bundled }
    }

    /// The engine of the policies.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }
}

impl Evaluator for BailiwickEngine {
    type Set = Loaded;

    fn name(&self) -> &'static str {
        "engine"
    }

    fn makes(&self, _key: &str) -> bool {
        true
    }

    fn load(&self, sources: &[Source]) -> Result<Loaded, Vec<Finding>> {
        // A tenant whose policies do not compile is denied everything; a vector of one says so with what it expects.
        let found = match Engine::load(sources.iter().map(source)) {
            Ok(engine) => return Ok(Loaded::of(engine)),
            Err(found) => found,
        };
        let errors = found.iter().filter(|finding| finding.severity == Severity::Error).map(|finding| {
            let place = finding.labels.first().map(|label| found.sources().place(label.span));
            let (name, line, column) = place.map_or_else(Default::default, |at| (at.source, at.line, at.column));
            json!({"code": finding.code.0, "source": name, "line": line, "column": column, "message": finding.message})
        });
        Err(errors.collect())
    }

    fn decide(&self, loaded: &Loaded, request: &str, state: &str) -> Result<Json, Vec<Json>> {
        let problems = |error: bailiwick::parts::RequestError| -> Vec<Json> {
            let problem = |p: &bailiwick::parts::RequestProblem| json!({"code": p.code.0, "pointer": p.pointer, "message": p.message});
            error.problems().iter().map(problem).collect()
        };
        let request = Request::from_json(request).map_err(problems)?;
        let state = State::from_json(state).map_err(problems)?;
        let decision = loaded.engine.decide(&request, &state);
        let record = decision.record(Stamp::default());
        assert_eq!(
            loaded.bundled.decide(&request, &state).record(Stamp::default()),
            record,
            "a bundle decides as the policies that it was made from"
        );
        assert_eq!(
            record.decision,
            decision.outcome(),
            "a record says what was decided"
        );
        assert_eq!(
            record.hash().to_string(),
            record.record_hash,
            "a record's hash is that of its bytes"
        );
        Ok(record.to_json())
    }

    fn still_holds(&self, loaded: &Loaded, record: &Json, state: &str, now: &str) -> Option<bool> {
        let record = Record::from_json(&record.to_string()).expect("a record that was made is read again");
        let state = State::from_json(state).expect("the vector's state is one");
        let validity = loaded
            .engine
            .still_holds(&record, &state, now)
            .expect("the record's scope is read again");
        Some(validity == Validity::Holds)
    }

    fn in_words_of(&self, record: &Json, other: &Json) -> Json {
        let mut record =
            Record::from_json(&record.to_string()).expect("a record that was made is read again");
        other["explanation"]
            .as_str()
            .unwrap_or_default()
            .clone_into(&mut record.explanation);
        let others = other["matched_rules"].as_array().into_iter().flatten();
        for (rule, other) in record
            .matched_rules
            .iter_mut()
            .zip(others)
            .filter(|(rule, _)| rule.effect == "engine")
        {
            rule.reason = other["reason"].as_str().map(str::to_owned);
        }
        record.record_hash = record.hash().to_string();
        record.to_json()
    }
}

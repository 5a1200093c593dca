//! The reference evaluator as an evaluator: it answers in the engine's record where both say the same, and with what it says
//! itself where they do not. What a record holds besides (hashes, places, words) is the engine's alone.

use bailiwick::{Request, Stamp, State};
use bailiwick_reference::Answer;
use serde_json::{Value as Json, json};

use crate::{BailiwickEngine, Evaluator, Finding, Loaded, Source};

/// The evaluator of spec/reference.
pub struct Reference;

impl Evaluator for Reference {
    type Set = Loaded;

    fn name(&self) -> &'static str {
        "reference"
    }

    fn makes(&self, _key: &str) -> bool {
        true
    }

    fn load(&self, sources: &[Source]) -> Result<Loaded, Vec<Finding>> {
        BailiwickEngine.load(sources)
    }

    fn decide(&self, loaded: &Loaded, request: &str, state: &str) -> Result<Json, Vec<Json>> {
        let record = BailiwickEngine.decide(loaded, request, state)?;
        let engine = loaded.engine();
        let asked = Request::from_json(request).expect("the engine read it just now");
        let state = State::from_json(state).expect("the engine read it just now");
        let sets: Vec<_> = engine.sets().map(|compiled| &compiled.set).collect();
        let answer = bailiwick_reference::decide(&sets, &asked, &state);
        let decided = engine.decide(&asked, &state).record(Stamp::default());
        if answer == Answer::of_record(&decided) {
            return Ok(record);
        }
        Ok(json!({"decision": answer.outcome, "the reference says": format!("{answer:#?}")}))
    }

    fn still_holds(&self, _: &Loaded, _: &Json, _: &str, _: &str) -> Option<bool> {
        None
    }

    fn in_words_of(&self, record: &Json, other: &Json) -> Json {
        BailiwickEngine.in_words_of(record, other)
    }
}

//! The surface answers every vector as the core does, byte for byte. The bindings are asked the same in their own languages.

use bailiwick_bindings::parity;
use bailiwick_surface::{Ask, Engine, Stamp, check};
use serde_json::{Value as Json, json};

#[test]
fn the_surface_answers_every_vector_as_the_core_does() {
    let vectors = parity::all();
    assert!(300 < vectors.len(), "only {} vectors", vectors.len());
    let held: usize = vectors
        .iter()
        .map(|vector| vector["holds"].as_array().map_or(0, Vec::len))
        .sum();
    assert!(10 < held, "only {held} records are asked whether they still hold");
    for vector in vectors {
        let name = &vector["name"];
        let sources = vector["sources"].to_string();
        let Some(request) = vector["request"].as_str() else {
            assert_eq!(json_of(&check(&sources)), vector["diagnostics"], "{name}");
            continue;
        };
        let engine = Engine::load(&sources, false).unwrap_or_else(|error| panic!("{name}: {error}"));
        let state = || Some(Ask::Text(vector["state"].as_str().unwrap_or_default()));
        let decision = engine.decide(Ask::Text(request), state());
        assert_eq!(decision.record(Stamp::default()), vector["record"], "{name}");
        assert_eq!(json_of(&decision.problems()), vector["problems"], "{name}");
        let record = json_of(&decision.record(Stamp::default()));
        assert_eq!(json!(decision.outcome()), record["decision"], "{name}");
        for asked in vector["holds"].as_array().into_iter().flatten() {
            let [record, now] = ["record", "now"].map(|key| asked[key].as_str().unwrap_or_default());
            let holds = engine
                .still_holds(record, now, state())
                .map_err(|error| error.message);
            assert_eq!(
                holds,
                Ok(asked["validity"].as_str().unwrap_or_default()),
                "{name}"
            );
        }
    }
}

fn json_of(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_default()
}

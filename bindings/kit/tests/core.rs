//! The surface answers every vector as the core does, byte for byte. The bindings are asked the same in their own languages.

use bailiwick_bindings::parity;
use bailiwick_surface::{
    Ask, Engine, Said, Stamp, audit_event, audit_lines, check, deed, deed_fault, facts, provenance, redact,
};
use serde_json::{Value as Json, json};

#[test]
fn the_surface_answers_every_vector_as_the_core_does() {
    let vectors = parity::all();
    println!("{} vectors", vectors.len());
    for (key, least) in [
        ("record", 1200),
        ("event", 1200),
        ("diagnostics", 300),
        ("look", 3000),
        ("text", 300),
    ] {
        let found = vectors.iter().filter(|vector| vector.get(key).is_some()).count();
        println!("{key}: {found}");
        assert!(least < found, "only {found} vectors with `{key}`");
    }
    for (key, least) in [("line", 800), ("provenance", 50)] {
        let found = vectors.iter().filter(|vector| !vector[key].is_null()).count();
        println!("{key}: {found}");
        assert!(least < found, "only {found} vectors with `{key}`");
    }
    let held: usize = vectors
        .iter()
        .map(|vector| vector["holds"].as_array().map_or(0, Vec::len))
        .sum();
    assert!(10 < held, "only {held} records are asked whether they still hold");
    for vector in vectors {
        let name = &vector["name"];
        if let Some(look) = vector.get("look") {
            assert_eq!(
                json_of(&facts(Ask::Value(look.clone()))),
                vector["seen"],
                "{name}"
            );
            continue;
        }
        if let Some(text) = vector["text"].as_str() {
            for (sink, left) in vector["redacted"].as_object().into_iter().flatten() {
                let found = redact(text, sink, None).map_err(|error| error.message);
                assert_eq!(found.map(|found| json_of(&found)), Ok(left.clone()), "{name}");
            }
            continue;
        }
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
        outcome(&vector);
        evidence(&vector);
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

/// The outcome record is the core's, and belongs to the record.
fn outcome(vector: &Json) {
    let [record, result] = ["record", "result"].map(|key| vector[key].as_str().unwrap_or_default());
    let said = Said {
        ticket: Some("OPS-7".to_owned()),
        ..Said::default()
    };
    let made = deed(record, result, said).map_err(|error| error.message);
    let made = made.unwrap_or_else(|why| why);
    assert_eq!(json_of(&made), vector["deed"], "{}: {made}", vector["name"]);
    assert_eq!(deed_fault(&made, record), Ok(None), "{}", vector["name"]);
}

/// The event, the line and the provenance are the core's.
fn evidence(vector: &Json) {
    let [request, record] = ["request", "record"].map(|key| vector[key].as_str().unwrap_or_default());
    let event = audit_event(Ask::Text(request), record, "aud_1").map_or(Json::Null, |event| json_of(&event));
    assert_eq!(event, vector["event"], "{}", vector["name"]);
    let line = audit_lines("", &json!([event]).to_string()).ok();
    assert_eq!(json!(line), vector["line"], "{}", vector["name"]);
    let made = provenance(&json!([record]).to_string(), None, false);
    let made = made.map_or(Json::Null, |made| json_of(&made));
    assert_eq!(made, vector["provenance"], "{}", vector["name"]);
}

fn json_of(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_default()
}

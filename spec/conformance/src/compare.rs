//! How an expectation is held against a record: on the keys that it gives, and no others.

use serde_json::{Map, Value as Json};

/// The key that a text stands for where the record has an object: `[no_secrets]` for `[{"rule": "no_secrets"}]`.
const NAMES: [&str; 5] = ["kind", "criterion", "name", "id", "rule"];

/// What differs, each with the way to it; nothing where the record is as expected.
pub fn compare(expected: &Json, found: &Json) -> Vec<String> {
    let mut out = Vec::new();
    at("", expected, found, &mut out);
    out
}

fn at(way: &str, expected: &Json, found: &Json, out: &mut Vec<String>) {
    match (expected, found) {
        (Json::Object(expected), Json::Array(items)) if way == "/levels" => levels(expected, items, out),
        (Json::Object(keys), Json::Array(_) | Json::String(_))
            if keys.contains_key("contains") || keys.contains_key("lacks") =>
        {
            contains(way, keys, found, out);
        }
        (Json::Object(expected), Json::Object(found)) => {
            for (key, expected) in expected {
                let way = format!("{way}/{key}");
                match found.get(key) {
                    Some(found) => at(&way, expected, found, out),
                    None if expected == "absent" => {}
                    None => out.push(format!("{way}: expected {expected}, absent")),
                }
            }
        }
        (Json::Array(expected), Json::Array(found)) if expected.len() == found.len() => {
            for (number, (expected, found)) in expected.iter().zip(found).enumerate() {
                at(&format!("{way}/{number}"), expected, found, out);
            }
        }
        (Json::Array(expected), Json::Array(found)) => out.push(format!(
            "{way}: expected {} items, found {}: {:.300}",
            expected.len(),
            found.len(),
            short(found)
        )),
        (Json::String(name), Json::Object(object)) => {
            let named = NAMES.iter().find_map(|key| object.get(*key));
            if named.and_then(Json::as_str) != Some(name) {
                out.push(format!(
                    "{way}: expected {name}, found {}",
                    named.unwrap_or(found)
                ));
            }
        }
        (expected, found) if same(expected, found) => {}
        (expected, found) => out.push(format!("{way}: expected {expected}, found {found}")),
    }
}

/// `levels: {team: denied}`: those named as said, all others allowed.
fn levels(expected: &Map<String, Json>, found: &[Json], out: &mut Vec<String>) {
    for level in found {
        let name = level["level"].as_str().unwrap_or_default();
        let wanted = expected.get(name).and_then(Json::as_str).unwrap_or("allowed");
        if level["decision"] != wanted {
            out.push(format!(
                "/levels/{name}: expected {wanted}, found {}",
                level["decision"]
            ));
        }
    }
}

/// `{contains: [...], lacks: [...]}` on a list, and on a text.
fn contains(way: &str, keys: &Map<String, Json>, found: &Json, out: &mut Vec<String>) {
    let holds = |wanted: &Json| match found {
        Json::Array(items) => items.iter().any(|item| compare(wanted, item).is_empty()),
        Json::String(text) => wanted.as_str().is_some_and(|wanted| text.contains(wanted)),
        _ => false,
    };
    for (key, should) in [("contains", true), ("lacks", false)] {
        for wanted in keys.get(key).and_then(Json::as_array).into_iter().flatten() {
            if holds(wanted) != should {
                out.push(format!("{way}: {key} {wanted}, found {found}"));
            }
        }
    }
}

/// Numbers are equal by value: `1800` and `1800.0`.
fn same(a: &Json, b: &Json) -> bool {
    a == b || (a.is_number() && a.as_f64() == b.as_f64())
}

fn short(items: &[Json]) -> String {
    let name = |item: &Json| {
        let named = NAMES.iter().find_map(|key| item.get(*key));
        named.unwrap_or(item).to_string()
    };
    items.iter().map(name).collect::<Vec<_>>().join(", ")
}

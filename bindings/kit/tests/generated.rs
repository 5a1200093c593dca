//! What is made from the table of the surface is what the table says now; and the table says what there is.

#![allow(clippy::panic, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_bindings::{generate, parity};
use bailiwick_surface::table::{CLASSES, ERRORS, ROWS, SHAPES, Type, WORDS};
use serde_json::Value as Json;

#[test]
fn generated_files_are_up_to_date() {
    let stale = generate::stale().unwrap_or_else(|why| vec![why]);
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

#[test]
fn every_name_in_the_table_is_defined_in_it() {
    let mut known: BTreeSet<&str> = ["Request", "Policies"].into();
    known.extend(SHAPES.iter().map(|shape| shape.name));
    known.extend(WORDS.iter().map(|words| words.name));
    known.extend(CLASSES.iter().map(|class| class.name));
    let rows = ROWS.iter().flat_map(|row| {
        row.takes
            .iter()
            .chain(row.options)
            .map(|param| &param.of)
            .chain([&row.gives])
    });
    let fields = SHAPES
        .iter()
        .flat_map(|shape| shape.fields.iter().map(|field| &field.of));
    let carried = ERRORS
        .iter()
        .flat_map(|error| error.fields.iter().map(|field| &field.of));
    let mut names = BTreeSet::new();
    rows.chain(fields)
        .chain(carried)
        .for_each(|of| named(of, &mut names));
    let unknown: Vec<_> = names.difference(&known).collect();
    assert!(unknown.is_empty(), "not in the table: {unknown:?}");
    let raised: Vec<_> = ROWS.iter().flat_map(|row| row.raises).collect();
    assert!(
        raised
            .iter()
            .all(|name| ERRORS.iter().any(|error| error.name == **name))
    );
}

fn named(of: &Type, names: &mut BTreeSet<&'static str>) {
    match of {
        Type::Named(name) => drop(names.insert(name)),
        Type::List(of) | Type::Optional(of) | Type::Map(of) => named(of, names),
        Type::Either(these) => these.iter().for_each(|of| named(of, names)),
        _ => {}
    }
}

/// Every record of every vector has the keys, and the kinds of values, that the table gives it; and every key that may be
/// there is there once.
#[test]
fn records_have_the_shape_of_the_table() {
    let mut seen = BTreeMap::new();
    for vector in parity::all() {
        if let Some(record) = vector["record"].as_str() {
            let record: Json = serde_json::from_str(record).expect("a record is JSON");
            fits(&record, &Type::Named("Record"), "record", &mut seen);
        }
        fits(
            &vector["problems"],
            &Type::Optional(&Type::List(&Type::Named("Problem"))),
            "problems",
            &mut seen,
        );
        let diagnostics = Type::Optional(&Type::List(&Type::Named("Diagnostic")));
        fits(&vector["diagnostics"], &diagnostics, "diagnostics", &mut seen);
        for (key, name) in [("seen", "Seen"), ("deed", "Deed"), ("event", "AuditEvent")] {
            if let Some(value) = vector.get(key).filter(|value| !value.is_null()) {
                fits(value, &Type::Named(name), key, &mut seen);
            }
        }
        for left in vector["redacted"]
            .as_object()
            .into_iter()
            .flat_map(|keys| keys.values())
        {
            fits(left, &Type::Named("Redacted"), "redacted", &mut seen);
        }
    }
    // Stamps are the caller's, and no vector has them; nor does one say more of an act than it must.
    let stamps = [
        "Record.decision_id",
        "Record.created_at",
        "Deed.decision_id",
        "Deed.rationale",
        "Deed.result_hash",
        "Deed.at",
    ];
    let shapes = [
        "Record",
        "MatchedRule",
        "Approvals",
        "ApprovalId",
        "RequiredApproval",
        "Criterion",
        "Bypassed",
        "Obligation",
        "Cap",
        "Floor",
        "Charge",
        "Deed",
        "Seen",
        "Doubt",
        "Redacted",
        "RedactionSummary",
        "Diagnostic",
    ];
    for shape in SHAPES.iter().filter(|shape| shapes.contains(&shape.name)) {
        for field in shape.fields {
            let name = format!("{}.{}", shape.name, field.name);
            assert!(
                seen.contains_key(&name) || stamps.contains(&name.as_str()),
                "never seen: {name}"
            );
        }
    }
}

#[track_caller]
fn fits(json: &Json, of: &Type, way: &str, seen: &mut BTreeMap<String, usize>) {
    let fit = match of {
        Type::Text | Type::Path => json.is_string(),
        Type::Bool => json.is_boolean(),
        Type::Whole => json.is_u64(),
        Type::Number => json.is_number(),
        Type::Json => true,
        Type::Object => json.is_object(),
        // No JSON: rows alone give them.
        Type::Bytes => false,
        Type::Nothing => json.is_null(),
        Type::Optional(of) => {
            json.is_null() || {
                fits(json, of, way, seen);
                true
            }
        }
        Type::Either(_) => true,
        Type::List(of) => json.as_array().is_some_and(|items| {
            items.iter().for_each(|item| fits(item, of, way, seen));
            true
        }),
        Type::Map(of) => json.as_object().is_some_and(|keys| {
            keys.values().for_each(|item| fits(item, of, way, seen));
            true
        }),
        Type::Named(name) => match WORDS.iter().find(|words| words.name == *name) {
            Some(words) => json.as_str().is_some_and(|word| words.words.contains(&word)),
            None => shape(json, name, way, seen),
        },
    };
    assert!(fit, "{way}: expected {of:?}, found {json}");
}

fn shape(json: &Json, name: &str, way: &str, seen: &mut BTreeMap<String, usize>) -> bool {
    let shape = SHAPES
        .iter()
        .find(|shape| shape.name == name)
        .expect("the shape is in the table");
    let Some(keys) = json.as_object() else {
        return false;
    };
    for (key, value) in keys {
        let field = shape.fields.iter().find(|field| field.name == key);
        let field = field.unwrap_or_else(|| panic!("{way}: `{key}` is not in the table's {name}"));
        *seen.entry(format!("{name}.{key}")).or_default() += 1;
        fits(value, &field.of, &format!("{way}.{key}"), seen);
    }
    let missing: Vec<&str> = shape
        .fields
        .iter()
        .filter(|field| field.always && !keys.contains_key(field.name))
        .map(|field| field.name)
        .collect();
    assert!(missing.is_empty(), "{way}: a {name} lacks {missing:?}");
    true
}

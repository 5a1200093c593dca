//! `bailiwick schema`: the JSON Schemas of the specification, and the vocabulary as tables.

use std::io::{self, Write};
use std::path::PathBuf;

use bailiwick::machinery::diagnostic::ALL;
use bailiwick::machinery::normal::command::{FLAG, Listed};
use bailiwick::machinery::schema::{
    Action, Attribute, AttributeId, Enumeration, OBLIGATIONS, ObligationClass, Owner, Schema as Vocabulary,
};
use serde_json::{Value as Json, json};

use crate::args::{Schema, SchemaFormat, What};
use crate::load;
use crate::screen::{Color, Screen};
use crate::stop::{Code, Stop};

pub(crate) fn run(args: &Schema) -> Result<Code, Stop> {
    let vocabulary = vocabulary(&args.policies, args.tenant.as_deref())?;
    let text = match (args.what.map(printed), args.format) {
        (None, _) => CONTENTS.to_owned(),
        (Some(Printed::Schema(text)), _) => text.to_owned(),
        (Some(Printed::Table(table)), SchemaFormat::Text) => aligned(&rows(table, &vocabulary)),
        (Some(Printed::Table(table)), SchemaFormat::Json) => format!("{:#}", json(table, &vocabulary)),
    };
    writeln!(io::stdout().lock(), "{}", text.trim_end())?;
    Ok(Code::Fine)
}

/// What is printed: a file of the specification as it stands, or a table of the vocabulary.
enum Printed {
    Schema(&'static str),
    Table(Table),
}

#[derive(Clone, Copy)]
enum Table {
    Actions,
    Attributes,
    Enumerations,
    Obligations,
    Programs,
    Diagnostics,
}

fn printed(what: What) -> Printed {
    match what {
        What::Policies => Printed::Schema(include_str!("../../../spec/schemas/policy.schema.json")),
        What::Requests => Printed::Schema(include_str!("../../../spec/schemas/request.schema.json")),
        What::Records => Printed::Schema(include_str!("../../../spec/schemas/record.schema.json")),
        What::Tests => Printed::Schema(include_str!("../../../spec/schemas/test.schema.json")),
        What::State => Printed::Schema(include_str!("../../../spec/schemas/state.schema.json")),
        What::Events => Printed::Schema(include_str!("../../../spec/schemas/audit-event.schema.json")),
        What::Entries => Printed::Schema(include_str!("../../../spec/schemas/audit-entry.schema.json")),
        What::Checkpoints => {
            Printed::Schema(include_str!("../../../spec/schemas/audit-checkpoint.schema.json"))
        }
        What::Provenance => Printed::Schema(include_str!("../../../spec/schemas/provenance.schema.json")),
        What::Actions => Printed::Table(Table::Actions),
        What::Attributes => Printed::Table(Table::Attributes),
        What::Enumerations => Printed::Table(Table::Enumerations),
        What::Obligations => Printed::Table(Table::Obligations),
        What::Programs => Printed::Table(Table::Programs),
        What::Diagnostics => Printed::Table(Table::Diagnostics),
    }
}

const CONTENTS: &str = "\
JSON Schemas:
  bailiwick schema policies        a policy document
  bailiwick schema requests        a request, in each of its forms
  bailiwick schema records         a decision record
  bailiwick schema tests           policy tests
  bailiwick schema state           the state of switches
  bailiwick schema events          an audit event
  bailiwick schema entries         a line of an audit log
  bailiwick schema checkpoints     a checkpoint of an audit log
  bailiwick schema provenance      where an agent's change comes from

tables of the vocabulary (--format json for a program):
  bailiwick schema actions         what agents can ask for
  bailiwick schema attributes      what conditions and selectors can read
  bailiwick schema enumerations    the constants that attributes take
  bailiwick schema obligations     what a host can be asked to do
  bailiwick schema programs        what is known of programs
  bailiwick schema diagnostics     the codes of findings";

/// The built-in vocabulary, or that with what policies add.
///
/// # Errors
/// Where policies do not compile, or have several vocabularies and no tenant is named.
pub(crate) fn vocabulary(policies: &[PathBuf], tenant: Option<&str>) -> Result<Vocabulary, Stop> {
    if policies.is_empty() {
        return Ok(Vocabulary::builtin());
    }
    let engine = load::engine(policies, &Screen::of(Color::Auto))?;
    let mut sets: Vec<_> = engine.sets().map(|compiled| &compiled.set).collect();
    if tenant.is_some() {
        sets.retain(|set| set.tenant.as_deref() == tenant);
    }
    match sets.as_slice() {
        [set] => Ok(set.schema().clone()),
        [] => Err(Stop::Bad(format!(
            "no policies of the tenant `{}`",
            tenant.unwrap_or_default()
        ))),
        [first, ..] => {
            let names: Vec<&str> = sets.iter().filter_map(|set| set.tenant.as_deref()).collect();
            let same = sets.iter().all(|set| set.schema() == first.schema());
            let ask = || {
                Stop::Bad(format!(
                    "the tenants have vocabularies of their own; `--tenant` one of {}",
                    names.join(", ")
                ))
            };
            if same {
                Ok(first.schema().clone())
            } else {
                Err(ask())
            }
        }
    }
}

// -- tables --

fn rows(table: Table, vocabulary: &Vocabulary) -> Vec<Vec<String>> {
    match table {
        Table::Actions => vocabulary
            .actions()
            .map(|(_, action)| action_row(action, vocabulary))
            .collect(),
        Table::Attributes => vocabulary
            .attributes()
            .map(|(_, attribute)| attribute_row(attribute, vocabulary))
            .collect(),
        Table::Enumerations => enumerations(vocabulary).map(enumeration_row).collect(),
        Table::Obligations => OBLIGATIONS.iter().map(obligation_row).collect(),
        Table::Programs => vocabulary
            .programs()
            .listed()
            .into_iter()
            .map(program_row)
            .collect(),
        Table::Diagnostics => ALL
            .iter()
            .map(|(code, doc)| vec![code.0.to_owned(), (*doc).to_owned()])
            .collect(),
    }
}

/// All but that of the actions, which has a table of its own.
fn enumerations(vocabulary: &Vocabulary) -> impl Iterator<Item = &Enumeration> {
    vocabulary
        .enumerations()
        .map(|(_, known)| known)
        .filter(|known| known.name != "action")
}

fn action_row(action: &Action, vocabulary: &Vocabulary) -> Vec<String> {
    let name = |at: &AttributeId| {
        let star = if action.bound.contains(at) { "*" } else { "" };
        format!("{}{star}", vocabulary.attribute(*at).name)
    };
    let mut arguments: Vec<String> = action.arguments.iter().map(name).collect();
    arguments.sort();
    vec![
        action.name.clone(),
        does(action).to_owned(),
        action.doc.clone(),
        arguments.join(" "),
    ]
}

fn does(action: &Action) -> &'static str {
    match (action.leaves_workspace, action.mutates) {
        (true, _) => "leaves",
        (_, true) => "mutates",
        _ => "reads",
    }
}

fn attribute_row(attribute: &Attribute, vocabulary: &Vocabulary) -> Vec<String> {
    let owner = match (attribute.derived, attribute.owner) {
        (true, _) => "derived",
        (_, Owner::Request) => "request",
        (_, Owner::Argument) => "argument",
    };
    vec![
        attribute.name.clone(),
        vocabulary.type_name(attribute.ty),
        owner.to_owned(),
        attribute.doc.clone(),
    ]
}

fn enumeration_row(known: &Enumeration) -> Vec<String> {
    let separator = if known.ordered { " < " } else { ", " };
    let open = if known.open { "open" } else { "closed" };
    vec![
        known.name.clone(),
        open.to_owned(),
        known.constants.join(separator),
    ]
}

fn obligation_row((name, class, doc): &(&str, ObligationClass, &str)) -> Vec<String> {
    let class = match class {
        ObligationClass::Protects => "protects",
        ObligationClass::Acts => "acts",
    };
    vec![(*name).to_owned(), class.to_owned(), (*doc).to_owned()]
}

fn program_row(row: Listed) -> Vec<String> {
    let own = row.own.then_some("described");
    let traits: Vec<&str> = own.into_iter().chain(row.traits).collect();
    let option = |(name, role): &(String, &str)| match *role {
        FLAG => name.clone(),
        role => format!("{name}:{role}"),
    };
    let options: Vec<String> = row.options.iter().map(option).collect();
    vec![
        row.name,
        traits.join(","),
        row.operands.join(" ").replace(" ...", "..."),
        options.join(" "),
    ]
}

/// Columns as wide as their widest cell; the last is free.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| {
        rows.iter()
            .filter_map(|row| row.get(at))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, &width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

// -- JSON --

fn json(table: Table, vocabulary: &Vocabulary) -> Json {
    match table {
        Table::Actions => vocabulary
            .actions()
            .map(|(_, action)| action_json(action, vocabulary))
            .collect(),
        Table::Attributes => vocabulary
            .attributes()
            .map(|(_, attribute)| attribute_json(attribute, vocabulary))
            .collect(),
        Table::Enumerations => enumerations(vocabulary).map(enumeration_json).collect(),
        Table::Obligations => OBLIGATIONS.iter().map(obligation_row).map(named).collect(),
        Table::Programs => vocabulary.programs().listed().iter().map(program_json).collect(),
        Table::Diagnostics => ALL
            .iter()
            .map(|(code, doc)| json!({"code": code.0, "doc": doc}))
            .collect(),
    }
}

fn action_json(action: &Action, vocabulary: &Vocabulary) -> Json {
    let names = |ids: &[AttributeId]| -> Vec<String> {
        let mut names: Vec<String> = ids
            .iter()
            .map(|at| vocabulary.attribute(*at).name.clone())
            .collect();
        names.sort();
        names
    };
    let derives: Vec<&str> = action
        .derives
        .iter()
        .map(|kind| vocabulary.action(*kind).name.as_str())
        .collect();
    json!({
        "name": action.name, "doc": action.doc, "arguments": names(&action.arguments), "bound": names(&action.bound),
        "mutates": action.mutates, "leaves_workspace": action.leaves_workspace, "derives": derives,
        "extension": action.extension,
    })
}

fn attribute_json(attribute: &Attribute, vocabulary: &Vocabulary) -> Json {
    json!({
        "name": attribute.name, "doc": attribute.doc, "type": vocabulary.type_name(attribute.ty),
        "argument": attribute.owner == Owner::Argument, "derived": attribute.derived, "pointer": attribute.pointer,
    })
}

fn enumeration_json(known: &Enumeration) -> Json {
    json!({
        "name": known.name, "doc": known.doc, "constants": known.constants, "ordered": known.ordered, "open": known.open,
    })
}

fn program_json(row: &Listed) -> Json {
    let options: serde_json::Map<String, Json> = row
        .options
        .iter()
        .map(|(name, role)| (name.clone(), json!(role)))
        .collect();
    json!({
        "name": row.name, "traits": row.traits, "operands": row.operands, "options": options, "described": row.own,
    })
}

fn named(row: Vec<String>) -> Json {
    json!({"name": row[0], "class": row[1], "doc": row[2]})
}

//! The reference part of each README, and the plain list of rows that the tests of each binding read.

use std::fmt::Write;

use bailiwick_surface::table::{CLASSES, ERRORS, Homes, Kind, Owner, Param, ROWS, Row};
use serde_json::{Value as Json, json};

use super::Language;

const START: &str = "<!-- generated: reference -->";
const END: &str = "<!-- end of generated -->";

/// A text with the part between the marks put in.
pub(super) fn within(text: &str, part: &str) -> Result<String, String> {
    let (before, rest) = text
        .split_once(START)
        .ok_or_else(|| format!("a README lacks the mark `{START}`"))?;
    let (_, after) = rest
        .split_once(END)
        .ok_or_else(|| format!("a README lacks the mark `{END}`"))?;
    Ok(format!("{before}{START}\n{part}{END}{after}"))
}

/// Tables of all rows, by owner.
pub(super) fn chapter(language: Language) -> String {
    let mut out = String::new();
    table(&mut out, language, Owner::Package, "The package", "");
    for class in CLASSES {
        table(
            &mut out,
            language,
            Owner::Class(class.name),
            class.name,
            class.doc,
        );
    }
    out.push_str("\n### Errors\n\n| error | carries | |\n|---|---|---|\n");
    for error in ERRORS {
        let fields: Vec<String> = error
            .fields
            .iter()
            .map(|field| format!("`{}`", field.name))
            .collect();
        let _ = writeln!(
            out,
            "| `{}` | {} | {} |",
            error.name,
            fields.join(", "),
            error.doc
        );
    }
    out.push('\n');
    out
}

fn table(out: &mut String, language: Language, owner: Owner, title: &str, doc: &str) {
    let _ = write!(out, "\n### {title}\n\n");
    if !doc.is_empty() {
        let _ = write!(out, "{doc}\n\n");
    }
    out.push_str("| | |\n|---|---|\n");
    for row in ROWS.iter().filter(|row| row.owner == owner) {
        let _ = writeln!(out, "| `{}` | {} |", call(row, language), language.doc(row));
    }
}

fn call(row: &Row, language: Language) -> String {
    let name = language.name(row.name);
    let named = |param: &Param| language.name(param.name);
    let mut takes: Vec<String> = row.takes.iter().map(named).collect();
    let options: Vec<String> = row.options.iter().map(named).collect();
    match (language, options.is_empty()) {
        (_, true) => {}
        (Language::Python, false) => takes.push(format!("*, {}", options.join(", "))),
        (Language::TypeScript, false) => takes.push(format!("{{ {} }}", options.join(", "))),
    }
    let of = match (row.owner, row.kind) {
        (Owner::Class(class), Kind::Maker) => format!("{class}."),
        _ => String::new(),
    };
    match row.kind {
        Kind::Property => name,
        _ => format!("{of}{name}({})", takes.join(", ")),
    }
}

/// The rows as the tests of a binding read them: that each is there, by its name, and says what the table says.
pub(super) fn listing() -> String {
    let row = |row: &Row| {
        let owner = match row.owner {
            Owner::Package => Json::Null,
            Owner::Class(class) => json!(class),
        };
        json!({
            "owner": owner,
            "name": row.name,
            "kind": format!("{:?}", row.kind).to_lowercase(),
            "takes": row.takes.iter().map(|param| param.name).collect::<Vec<_>>(),
            "options": row.options.iter().map(|param| param.name).collect::<Vec<_>>(),
            "doc": row.doc,
            "disk": row.homes == Homes::WithDisk,
        })
    };
    let errors: Vec<&str> = ERRORS.iter().map(|error| error.name).collect();
    let rows: Vec<Json> = ROWS.iter().map(row).collect();
    let classes: Vec<&str> = CLASSES.iter().map(|class| class.name).collect();
    format!(
        "{:#}\n",
        json!({"rows": rows, "errors": errors, "classes": classes})
    )
}

//! Python: the stub of the native module, and the shapes as typed dicts.

use std::fmt::Write;

use bailiwick_surface::table::{CLASSES, Field, Kind, Owner, Param, ROWS, Row, SHAPES, Shape, Type, WORDS};

use super::wrapped;

const MADE: &str = "Made from the table of the surface by `cargo bindings generate`.";

/// Which way a value goes: a function takes more than it gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// `_native.pyi`.
pub(super) fn stub() -> String {
    let mut out = format!(
        "\"\"\"The native part: what the surface shows. {MADE}\"\"\"\n\n\
         import os\n\
         from collections.abc import Iterable, Mapping, Sequence\n\
         from typing import Any, NoReturn, final\n\n\
         from .types import (\n"
    );
    for name in names_used() {
        let _ = writeln!(out, "    {name},");
    }
    out.push_str(")\n\n");
    let mut all: Vec<&str> = CLASSES.iter().map(|class| class.name).collect();
    all.extend(of(Owner::Package).map(|row| row.name));
    let _ = writeln!(out, "__all__ = {all:?}\n");
    of(Owner::Package).for_each(|row| out.push_str(&function(row, "")));
    for class in CLASSES {
        let _ = write!(
            out,
            "\n@final\nclass {}:\n    \"\"\"{}\"\"\"\n\n",
            class.name,
            wrapped(class.doc, "    ")
        );
        of(Owner::Class(class.name)).for_each(|row| out.push_str(&function(row, "    ")));
        if class.name == "Decision" {
            out.push_str("    def __bool__(self) -> NoReturn: ...\n");
        }
    }
    out
}

/// `types.py`.
pub(super) fn types() -> String {
    let mut out = format!(
        "\"\"\"The shapes of what goes in and comes out, for type checkers. {MADE}\"\"\"\n\n\
         from __future__ import annotations\n\n\
         from typing import Any, Literal, TypedDict\n\n"
    );
    let mut all: Vec<&str> = WORDS.iter().map(|words| words.name).collect();
    all.extend(SHAPES.iter().map(|shape| shape.name));
    all.sort_unstable();
    out.push_str("__all__ = [\n");
    for name in all {
        let _ = writeln!(out, "    \"{name}\",");
    }
    out.push_str("]\n\n");
    for words in WORDS {
        let list: Vec<String> = words.words.iter().map(|word| format!("\"{word}\"")).collect();
        let _ = writeln!(
            out,
            "{} = Literal[{}]\n\"\"\"{}\"\"\"\n",
            words.name,
            list.join(", "),
            words.doc
        );
    }
    for shape in SHAPES {
        out.push_str(&typed_dict(shape));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Python 3.10 has no `NotRequired`: the keys that may be missing are those of a class on top.
fn typed_dict(shape: &Shape) -> String {
    let keys = |always: bool| -> String {
        let fields = shape.fields.iter().filter(|field| field.always == always);
        fields.map(key).collect()
    };
    let (needed, more) = (keys(true), keys(false));
    let doc = format!("    \"\"\"{}\"\"\"\n\n", wrapped(shape.doc, "    "));
    match (needed.as_str(), more.as_str()) {
        (needed, "") => format!("\nclass {}(TypedDict):\n{doc}{needed}\n", shape.name),
        ("", more) => format!("\nclass {}(TypedDict, total=False):\n{doc}{more}\n", shape.name),
        (needed, more) => format!(
            "\nclass _{name}(TypedDict):\n{needed}\n\nclass {name}(_{name}, total=False):\n{doc}{more}\n",
            name = shape.name
        ),
    }
}

fn key(field: &Field) -> String {
    format!(
        "    {}: {}\n    \"\"\"{}\"\"\"\n",
        field.name,
        spelled(&field.of, Way::Out),
        wrapped(field.doc, "    ")
    )
}

fn of(owner: Owner) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(move |row| row.owner == owner)
}

fn function(row: &Row, before: &str) -> String {
    let mut takes: Vec<String> = Vec::new();
    let first = match (row.owner, row.kind) {
        (Owner::Package, _) => "",
        (_, Kind::Maker) => "@staticmethod\n",
        (_, Kind::Property) => {
            takes.push("self".to_owned());
            "@property\n"
        }
        _ => {
            takes.push("self".to_owned());
            ""
        }
    };
    takes.extend(row.takes.iter().map(param));
    if !row.takes.is_empty() {
        takes.push("/".to_owned());
    }
    if !row.options.is_empty() {
        takes.push("*".to_owned());
        takes.extend(row.options.iter().map(param));
    }
    let decorated = if first.is_empty() {
        String::new()
    } else {
        format!("{before}{first}")
    };
    let (gives, doc) = (spelled(&row.gives, Way::Out), doc(row, before));
    let mut head = format!("{before}def {}({}) -> {gives}:", row.name, takes.join(", "));
    if 110 < head.len() {
        let lines: String = takes
            .iter()
            .map(|take| format!("{before}    {take},\n"))
            .collect();
        head = format!("{before}def {}(\n{lines}{before}) -> {gives}:", row.name);
    }
    format!("{decorated}{head}\n{doc}")
}

fn doc(row: &Row, before: &str) -> String {
    let raises = match row.raises {
        [] => String::new(),
        names => format!(" Raises `{}`.", names.join("`, `")),
    };
    let before = format!("{before}    ");
    format!(
        "{before}\"\"\"{}\"\"\"\n",
        wrapped(&format!("{}{raises}", row.doc), &before)
    )
}

fn param(param: &Param) -> String {
    let of = spelled(&param.of, Way::In);
    match param.of {
        Type::Optional(Type::Bool) => format!("{}: bool = False", param.name),
        Type::Optional(_) => format!("{}: {of} = None", param.name),
        _ => format!("{}: {of}", param.name),
    }
}

fn spelled(of: &Type, way: Way) -> String {
    match of {
        Type::Text => "str".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Whole => "int".to_owned(),
        Type::Number => "float".to_owned(),
        Type::Json => "Any".to_owned(),
        Type::Object => "dict[str, Any]".to_owned(),
        Type::Path => "str | os.PathLike[str]".to_owned(),
        Type::Bytes => "bytes".to_owned(),
        Type::Nothing => "None".to_owned(),
        Type::Named("Request") => "Mapping[str, Any]".to_owned(),
        Type::Named("Policies") => "str | Mapping[str, str] | Sequence[Source]".to_owned(),
        Type::Named(name) => (*name).to_owned(),
        Type::List(of) if way == Way::In => format!("Iterable[{}]", spelled(of, way)),
        Type::List(of) => format!("list[{}]", spelled(of, way)),
        Type::Optional(of) => format!("{} | None", spelled(of, way)),
        Type::Either(these) => {
            let mut these: Vec<String> = these.iter().map(|of| spelled(of, way)).collect();
            // Whatever is JSON as text is taken as bytes too.
            if way == Way::In && these.last().is_some_and(|last| last == "str") {
                these.push("bytes".to_owned());
            }
            these.join(" | ")
        }
        Type::Map(of) => format!("dict[str, {}]", spelled(of, way)),
    }
}

/// The names of `types.py` that the stub uses.
fn names_used() -> Vec<&'static str> {
    let mut names = Vec::new();
    for row in ROWS {
        let takes = row.takes.iter().chain(row.options).map(|param| &param.of);
        takes.chain([&row.gives]).for_each(|of| named(of, &mut names));
    }
    names.sort_unstable();
    names.dedup();
    names
}

fn named(of: &'static Type, names: &mut Vec<&'static str>) {
    match of {
        Type::Named("Policies") => names.push("Source"),
        Type::Named("Request") => {}
        Type::Named(name) if CLASSES.iter().any(|class| class.name == *name) => {}
        Type::Named(name) => names.push(name),
        Type::List(of) | Type::Optional(of) | Type::Map(of) => named(of, names),
        Type::Either(these) => these.iter().for_each(|of| named(of, names)),
        _ => {}
    }
}

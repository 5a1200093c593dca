//! `schema`: what a document adds to the vocabulary (spec/05-vocabulary.md, 5.6).

use super::{Action, Argument, Attribute, Enumeration, Parts};
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Fields, Node, Scalar};

pub(super) fn section(fields: &mut Fields<'_>, parts: &mut Parts, out: &mut Vec<Diagnostic>) {
    let Some(mut fields) = fields
        .optional("schema")
        .and_then(|field| field.fields("`schema`", out))
    else {
        return;
    };
    for (name, field) in entries(&mut fields, "enumerations", out) {
        parts.enumerations.extend(enumeration(name, field, out));
    }
    for (name, field) in entries(&mut fields, "attributes", out) {
        parts.attributes.push(attribute(name, field, out));
    }
    for (name, field) in entries(&mut fields, "actions", out) {
        parts.actions.extend(action(name, field, out));
    }
    fields.finish(out);
}

fn entries<'a>(
    fields: &mut Fields<'a>,
    key: &'a str,
    out: &mut Vec<Diagnostic>,
) -> Vec<(&'a Scalar, Field<'a>)> {
    fields
        .optional(key)
        .and_then(|field| field.nonempty_entries(out))
        .unwrap_or_default()
}

/// `name: [constant, ...]`, or `name: {constants, ordered, open, doc}`.
fn enumeration(name: &Scalar, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Enumeration> {
    let constants = |field: Field<'_>, out: &mut Vec<Diagnostic>| {
        field
            .nonempty_texts(out)
            .into_iter()
            .map(Scalar::spanned)
            .collect()
    };
    let name = name.spanned();
    if !matches!(field.node(), Node::Map(_)) {
        let constants = constants(field, out);
        return Some(Enumeration {
            name,
            constants,
            ordered: None,
            open: None,
            doc: String::new(),
        });
    }
    let mut fields = field.fields("an enumeration", out)?;
    let constants = fields
        .required("constants")
        .map(|field| constants(field, out))
        .unwrap_or_default();
    let ordered = fields.optional("ordered").and_then(|field| field.bool(out));
    let open = fields
        .optional("open")
        .and_then(|field| field.bool(out))
        .map(|open| open.value);
    let doc = doc(&mut fields, out);
    fields.finish(out);
    Some(Enumeration {
        name,
        constants,
        ordered,
        open,
        doc,
    })
}

/// `name: type`, or `name: {type, doc}`.
fn attribute(name: &Scalar, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Attribute {
    let name = name.spanned();
    if let Node::Scalar(_) = field.node() {
        let ty = field.nonempty_text(out).map(Scalar::spanned);
        return Attribute {
            name,
            ty,
            doc: String::new(),
        };
    }
    let Some(mut fields) = field.fields("an attribute", out) else {
        return Attribute {
            name,
            ty: None,
            doc: String::new(),
        };
    };
    let ty = fields
        .required("type")
        .and_then(|field| field.nonempty_text(out))
        .map(Scalar::spanned);
    let doc = doc(&mut fields, out);
    fields.finish(out);
    Attribute { name, ty, doc }
}

fn action(name: &Scalar, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Action> {
    let mut fields = field.fields("an action", out)?;
    let arguments = fields
        .optional("arguments")
        .and_then(|field| field.entries(out))
        .unwrap_or_default();
    let arguments = arguments
        .into_iter()
        .map(|(name, field)| argument(name, field, out))
        .collect();
    let bound = fields
        .optional("bound")
        .map(|field| super::native::names(field, out))
        .unwrap_or_default();
    let mutates = fields
        .optional("mutates")
        .and_then(|field| field.bool(out))
        .is_none_or(|mutates| mutates.value);
    let leaves = fields
        .optional("leaves_workspace")
        .and_then(|field| field.bool(out))
        .map_or(mutates, |leaves| leaves.value);
    let doc = doc(&mut fields, out);
    fields.finish(out);
    Some(Action {
        name: name.spanned(),
        arguments,
        bound,
        mutates,
        leaves_workspace: leaves,
        doc,
    })
}

/// `path: {}` is an argument that other actions have as well.
fn argument(name: &Scalar, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Argument {
    match field.node() {
        Node::Map(map) if map.entries.is_empty() => Argument::Known(name.spanned()),
        _ => Argument::Own(attribute(name, field, out)),
    }
}

fn doc(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> String {
    let doc = fields.optional("doc").and_then(|field| field.text(out));
    doc.map_or_else(String::new, |doc| doc.text.to_string())
}

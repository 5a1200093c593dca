//! `schema`: what a document adds to the vocabulary (spec/05-vocabulary.md, extension).

use super::{Action, Attribute, Enumeration, Parts};
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Fields, Scalar};

pub(super) fn section(fields: &mut Fields<'_>, parts: &mut Parts, out: &mut Vec<Diagnostic>) {
    let Some(mut fields) = fields.optional("schema").and_then(|field| field.fields("`schema`", out)) else { return };
    for (name, field) in entries(&mut fields, "enumerations", out) {
        parts.enumerations.extend(enumeration(name, field, out));
    }
    for (name, field) in entries(&mut fields, "attributes", out) {
        parts.attributes.extend(attribute(name, field, out));
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
    fields.optional(key).and_then(|field| field.nonempty_entries(out)).unwrap_or_default()
}

/// `name: [constants]`, or `name: {constants, ordered, open, doc}`.
fn enumeration(name: &Scalar, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Enumeration> {
    let texts = |field: Field<'_>, out: &mut Vec<Diagnostic>| {
        field.nonempty_texts(out).into_iter().map(Scalar::spanned).collect()
    };
    let name = name.spanned();
    let crate::document::Node::Map(_) = field.node() else {
        return Some(Enumeration { name, constants: texts(field, out), ordered: None, open: None, doc: String::new() });
    };
    let mut fields = field.fields("an enumeration", out)?;
    let constants = fields.required("constants").map(|field| texts(field, out));
    let ordered = fields.optional("ordered").and_then(|field| field.bool(out));
    let open = fields.optional("open").and_then(|field| field.bool(out)).map(|open| open.value);
    let doc = doc(&mut fields, out);
    fields.finish(out);
    Some(Enumeration { name, constants: constants?, ordered, open, doc })
}

/// `name: type`, or `name: {type, doc}`. Only an argument of an action may go without its type, where the vocabulary has it.
fn attribute(name: &Scalar, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Attribute> {
    let found = argument(name, field, out)?;
    if found.ty.is_none() {
        out.push(super::errors::needs(found.name.span, "an attribute", "type"));
        return None;
    }
    Some(found)
}

fn argument(name: &Scalar, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Attribute> {
    if let crate::document::Node::Scalar(_) = field.node() {
        let ty = Some(field.nonempty_text(out)?.spanned());
        return Some(Attribute { name: name.spanned(), ty, doc: String::new() });
    }
    let mut fields = field.fields("an attribute", out)?;
    let ty = fields.optional("type").and_then(|field| field.nonempty_text(out)).map(|ty| ty.spanned());
    let doc = doc(&mut fields, out);
    fields.finish(out);
    Some(Attribute { name: name.spanned(), ty, doc })
}

fn action(name: &Scalar, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Action> {
    let mut fields = field.fields("an action", out)?;
    let arguments = entries(&mut fields, "arguments", out);
    let arguments = arguments.into_iter().filter_map(|(name, field)| argument(name, field, out)).collect();
    let bound = fields.optional("bound").map(|field| super::native::names(field, out)).unwrap_or_default();
    let mutates = fields.optional("mutates").and_then(|field| field.bool(out)).is_none_or(|mutates| mutates.value);
    let leaves = fields.optional("leaves_workspace").and_then(|field| field.bool(out)).is_none_or(|leaves| leaves.value);
    let doc = doc(&mut fields, out);
    fields.finish(out);
    Some(Action { name: name.spanned(), arguments, bound, mutates, leaves_workspace: leaves, doc })
}

fn doc(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> String {
    let doc = fields.optional("doc").and_then(|field| field.text(out));
    doc.map_or_else(String::new, |doc| doc.text.to_string())
}

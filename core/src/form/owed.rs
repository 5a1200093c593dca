//! Obligations as rules write them: a name, or a name with what bounds it (spec/05-vocabulary.md, 5.7).

use super::Obligation;
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Node, Scalar};

/// One obligation or several.
pub(super) fn obligations(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Obligation> {
    let plain = match field.node() {
        Node::List(list) => list.items.iter().all(|item| !matches!(item, Node::Map(_))),
        Node::Map(_) => false,
        Node::Scalar(_) => true,
    };
    if plain {
        let names = field.nonempty_texts(out).into_iter().map(Scalar::spanned);
        return names.map(Obligation::bare).collect();
    }
    field
        .one_or_many(out)
        .into_iter()
        .filter_map(|field| obligation(field, out))
        .collect()
}

fn obligation(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Obligation> {
    if !matches!(field.node(), Node::Map(_)) {
        return field
            .nonempty_text(out)
            .map(|name| Obligation::bare(name.spanned()));
    }
    let mut fields = field.fields("an obligation", out)?;
    let name = fields.required("owe").and_then(|field| field.nonempty_text(out));
    let within = fields.optional("within").and_then(|field| field.duration(out));
    let times = fields.optional("times").and_then(|field| field.count(out));
    let then = fields.optional("then").and_then(|field| field.nonempty_text(out));
    fields.finish(out);
    Some(Obligation {
        name: name?.spanned(),
        within: within.map(|within| within.value),
        times: times.map(|times| u32::try_from(times.value).unwrap_or(u32::MAX)),
        then: then.map(Scalar::spanned),
    })
}

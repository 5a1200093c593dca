//! Form `redaction`: what is taken out before text reaches a sink (spec/18-evidence.md, 18.4). Lowered to obligations, one for each
//! sink and class, so that what several levels ask for is the union of it.

use super::make::{key, made, named};
use super::{Form, Kind, Lowering, Obligation, Rule, errors};
use crate::document::{Field, bytes};
use crate::redact::{Blocks, Class, SINKS, SinkKind};
use crate::source::{Span, Spanned};

pub(super) const FORM: Form = Form {
    key: "redaction",
    doc: "what is taken out before text reaches a sink",
    lower,
};

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`redaction`", to.out) else {
        return;
    };
    let sinks = fields.required("sinks");
    let span = key(&fields, "sinks");
    let sinks = sinks.map(|field| {
        words(
            field,
            &SINKS.iter().map(|sink| (sink.name, sink)).collect::<Vec<_>>(),
            to,
        )
    });
    let classes = Class::REMOVABLE.map(|class| (class.as_str(), class));
    let removed = fields.optional("remove").map(|field| words(field, &classes, to));
    let blocks = fields
        .optional("large_blocks")
        .and_then(|field| large_blocks(field, to));
    if !fields.has("remove") && !fields.has("large_blocks") && fields.all_known() {
        to.out.push(errors::removes_nothing(fields.start()));
    }
    fields.finish(to.out);
    let removed = removed.unwrap_or_default();
    for sink in sinks.unwrap_or_default() {
        to.parts
            .rules
            .push(redacts(&sink, span, &removed, blocks.as_ref()));
    }
}

/// Words of a list; what stands twice counts once.
fn words<T: Copy>(field: Field<'_>, known: &[(&str, T)], to: &mut Lowering<'_>) -> Vec<Spanned<T>> {
    let mut seen = Vec::new();
    let mut words = Vec::new();
    for item in field.nonempty_list(to.out).unwrap_or_default() {
        let word = item.keyword(known, to.out);
        let text = item.text(&mut Vec::new()).map(|scalar| scalar.text.to_string());
        if let Some(word) = word.filter(|_| !seen.contains(&text)) {
            seen.push(text);
            words.push(word);
        }
    }
    words
}

/// The host redacts wherever text reaches the sink.
fn redacts(
    sink: &Spanned<&SinkKind>,
    key: Span,
    removed: &[Spanned<Class>],
    blocks: Option<&Spanned<Blocks>>,
) -> Rule {
    let name = sink.value.name;
    let actions = named(sink.value.actions, key);
    let mut rule = made(name, sink.span, Kind::Require, actions, Vec::new());
    let owed = |what: &str, span: Span| Obligation::bare(Spanned::new(format!("redact:{name}/{what}"), span));
    rule.obligations = removed
        .iter()
        .map(|class| owed(class.value.as_str(), class.span))
        .collect();
    if let Some(blocks) = blocks {
        let Blocks { over, keep } = blocks.value;
        let what = format!("{}/{over}/{keep}", Class::LargeBlocks.as_str());
        rule.obligations.push(owed(&what, blocks.span));
    }
    rule
}

fn large_blocks(field: Field<'_>, to: &mut Lowering<'_>) -> Option<Spanned<Blocks>> {
    let span = field.span();
    let mut fields = field.fields("`large_blocks`", to.out)?;
    let over = fields.required("over").and_then(|field| size(field, to));
    let keep = fields.required("keep").and_then(|field| size(field, to));
    fields.finish(to.out);
    let (over, keep) = (over?, keep?);
    if over.value < keep.value + Blocks::ROOM {
        to.out.push(errors::keeps_too_much(
            keep.span,
            keep.value,
            over.value,
            Blocks::ROOM,
        ));
        return None;
    }
    let blocks = Blocks {
        over: over.value,
        keep: keep.value,
    };
    Some(Spanned::new(blocks, span))
}

fn size(field: Field<'_>, to: &mut Lowering<'_>) -> Option<Spanned<u64>> {
    let text = field.nonempty_text(to.out)?;
    let read = bytes(&text.text);
    if read.is_none() {
        to.out.push(field.wrong("a number of bytes, such as `64KiB`"));
    }
    read.map(|size| Spanned::new(size, text.span))
}

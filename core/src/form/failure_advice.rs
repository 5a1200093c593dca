//! Form `failure_advice`: what a host is to do when something fails, and how often (spec/17-gates-and-advice.md, 17.10).

use super::make::{any_of, for_id, made, named, none_of, text};
use super::rollback_triggers::tell;
use super::{Form, Guard, Kind, Lowering, Obligation, errors};
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Fields, Scalar};
use crate::source::Spanned;

pub(super) const FORM: Form = Form {
    key: "failure_advice",
    doc: "what a host is to do when something fails",
    lower,
};

/// The key for failures that no other names.
const OTHERWISE: &str = "otherwise";

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let entries = field.nonempty_entries(to.out).unwrap_or_default();
    let named: Vec<Scalar> = entries
        .iter()
        .map(|(name, _)| (*name).clone())
        .filter(|name| &*name.text != OTHERWISE)
        .collect();
    for (name, field) in entries {
        for_id(name, to);
        let guard = match &*name.text {
            OTHERWISE if named.is_empty() => Vec::new(),
            OTHERWISE => vec![none_of("failure", named.clone(), name.span)],
            _ => vec![any_of("failure", vec![name.clone()], name.span)],
        };
        advice(name, field, guard, to);
    }
}

/// What is done at first, and what after so many attempts.
fn advice(name: &Scalar, field: Field<'_>, guard: Vec<Guard>, to: &mut Lowering<'_>) {
    let what = format!("the advice for `{}`", name.text);
    let Some(mut fields) = field.fields(&what, to.out) else {
        return;
    };
    let act = fields
        .required("do")
        .and_then(|field| field.nonempty_text(to.out));
    let max = fields.optional("max").and_then(|field| tries(field, to.out));
    let (word, within) = within(&mut fields, to.out);
    let then = fields
        .optional("then")
        .and_then(|field| field.nonempty_text(to.out));
    let explain = fields.optional("explain").and_then(|field| field.bool(to.out));
    let told = fields
        .optional("notify")
        .map(|field| field.nonempty_texts(to.out))
        .unwrap_or_default();
    let more = told.into_iter().map(tell);
    let explain = explain.filter(|explain| explain.value);
    let more: Vec<Obligation> = explain
        .map(|explain| Obligation::bare(Spanned::new("explain".to_owned(), explain.span)))
        .into_iter()
        .chain(more)
        .collect();
    fields.finish(to.out);
    let Some(act) = act else { return };
    let then = then.map(|then| Spanned::new(obligation(&then.text), then.span));
    let first = Obligation {
        name: Spanned::new(format!("{}{word}", obligation(&act.text)), act.span),
        within,
        times: max,
        then: then.clone(),
    };
    let again = |condition: String| Guard::When(text(condition, name.span));
    let owe = |id: &str, guard: Vec<Guard>, owed: Obligation, to: &mut Lowering<'_>| {
        let actions = named(&["failure.report"], name.span);
        let mut rule = made(id, name.span, Kind::Require, actions, guard);
        rule.reason = Some(format!("advice for {}", name.text.replace('_', " ")));
        rule.obligations = std::iter::once(owed).chain(more.iter().cloned()).collect();
        to.parts.rules.push(rule);
    };
    let Some((max, then)) = max.zip(then) else {
        return owe(&name.text, guard, first, to);
    };
    let late = format!("has(attempt) && attempt > {max}");
    let with = |condition: String| guard.iter().cloned().chain([again(condition)]).collect();
    owe(&name.text, with(format!("!({late})")), first, to);
    owe(
        &format!("{}.then", name.text),
        with(late),
        Obligation::bare(then),
        to,
    );
}

/// `within: budget` is a word behind the act, `within: 10m` a deadline.
fn within(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> (&'static str, Option<i128>) {
    let Some(field) = fields.optional("within") else {
        return ("", None);
    };
    match field.text(&mut Vec::new()) {
        Some(word) if &*word.text == "budget" => (":budget", None),
        _ => ("", field.duration(out).map(|within| within.value)),
    }
}

/// `fallback_model` is the obligation `fallback:model`; other words are obligations as they stand.
fn obligation(word: &str) -> String {
    match word.strip_prefix("fallback_") {
        Some(what) => format!("fallback:{what}"),
        None => word.to_owned(),
    }
}

fn tries(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<u32> {
    let count = field.count(out)?;
    let tries = u32::try_from(count.value)
        .ok()
        .filter(|tries| (1..=1000).contains(tries));
    if tries.is_none() {
        out.push(errors::tries_out_of_range(count.span, count.value));
    }
    tries
}

//! The keys of a rule that says `limit` (spec/14-limits.md).

use super::{Bound, Limit, errors};
use crate::amount::Amount;
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Fields, Node, Scalar};
use crate::source::Spanned;
use crate::window::window_name;

/// Reads them. What does not go together is reported here, what the vocabulary lacks when names are looked up.
pub(super) fn read(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Limit {
    let of = name(fields, "of", out);
    let unit = name(fields, "unit", out);
    let per = name(fields, "per", out);
    let window = fields.optional("window").and_then(|field| window(field, out));
    let [at_most, at_least] =
        ["at_most", "at_least"].map(|key| fields.optional(key).and_then(|field| bound(field, out)));
    let alert_at = fields.optional("alert_at").and_then(|field| share(field, out));
    let stop_at = fields.optional("stop_at").and_then(|field| share(field, out));
    let here = fields.key_span("limit").unwrap_or(fields.start());
    if !fields.has("at_most") && !fields.has("at_least") && fields.all_known() {
        out.push(errors::kind_needs(here, "limit", "at_most", "100000"));
    }
    if unit.is_none() && per.is_some() && of.is_none() && fields.all_known() {
        out.push(errors::kind_needs(here, "limit", "unit", "runs"));
    }
    for (key, with) in [("window", "per"), ("alert_at", "at_most"), ("stop_at", "at_most")] {
        if let Some(span) = fields.key_span(key).filter(|_| !fields.has(with)) {
            out.push(errors::needs_beside(span, key, with));
        }
    }
    let hundred = Amount::parse("100").expect("it is an amount");
    if let (Some(alert), Some(span)) = (alert_at, fields.key_span("alert_at"))
        && stop_at.unwrap_or(hundred) < alert
    {
        out.push(errors::alert_after_stop(span));
    }
    if let Some((span, per)) = fields.key_span("at_least").zip(fields.key_span("per")) {
        out.push(errors::floor_of_use(span, per));
    }
    Limit {
        of,
        unit,
        per,
        window,
        at_most,
        at_least,
        alert_at,
        stop_at,
    }
}

fn name(fields: &mut Fields<'_>, key: &'static str, out: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
    let name = fields.optional(key).and_then(|field| field.nonempty_text(out))?;
    Some(name.spanned())
}

/// A duration, or a word for what a host counts by.
pub(super) fn window(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
    let text = field.nonempty_text(out)?;
    let name = window_name(&text.text);
    if name.is_none() {
        out.push(field.wrong("a length of time such as `30d`, or a word such as `wave`"));
    }
    name.map(|name| Spanned::new(name, text.span))
}

/// A number that is not negative, or a length of time.
pub(super) fn bound(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Spanned<Bound>> {
    let expected = "a number that is not negative, or a duration such as `15m`";
    let Node::Scalar(scalar @ Scalar { text, .. }) = field.node() else {
        out.push(field.wrong(expected));
        return None;
    };
    let number = Amount::parse(text).filter(|amount| !amount.is_negative());
    let length = || crate::condition::duration(text).filter(|length| 0 <= *length);
    let bound = number
        .map(Bound::Number)
        .or_else(|| length().map(Bound::Duration));
    if bound.is_none() {
        out.push(field.wrong(expected));
    }
    bound.map(|bound| Spanned::new(bound, scalar.span))
}

/// A percentage over nothing.
pub(super) fn share(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Amount> {
    let percent = field.percent(out)?;
    let amount = Amount::parse(&percent.value.to_string()).filter(|share| Amount::ZERO < *share);
    if amount.is_none() {
        out.push(field.wrong("a percentage over 0%, such as `80%`"));
    }
    amount
}

//! Form `retention`: what kinds of artifacts may be stored, how long at most and at least (spec/16-data-and-compliance.md,
//! 16.3).

use super::keep::{RESTRICTED, at_least, at_most, days, must, of_kind};
use super::make::{DENY, key, made, named};
use super::{Form, Lowering, errors};
use crate::document::{Field, Scalar};

pub(super) const FORM: Form = Form {
    key: "retention",
    doc: "which kinds of artifacts are stored, and for how long",
    lower,
};

/// The kind whose number of days is a floor: evidence must be there, all else must be gone.
const EVIDENCE: &str = "audit_event";

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    for (kind, field) in field.nonempty_entries(to.out).unwrap_or_default() {
        if super::native::names_a_rule(kind, to.out) {
            of(kind, field, to);
        }
    }
}

fn of(kind: &Scalar, field: Field<'_>, to: &mut Lowering<'_>) {
    let what = format!("`{}`", kind.text);
    let Some(mut fields) = field.fields(&what, to.out) else {
        return;
    };
    let (name, guard, span) = (&*kind.text, [of_kind(kind)], kind.span);
    let mut rules = Vec::new();
    let store = fields.optional("store").and_then(|field| field.bool(to.out));
    if store.as_ref().is_some_and(|store| !store.value) {
        let mut rule = made(
            &format!("{name}.store"),
            key(&fields, "store"),
            DENY,
            named(&["artifact.write"], span),
            guard.to_vec(),
        );
        rule.reason = Some(format!("{name} is not stored"));
        rules.push(rule);
        for other in ["store_days", "at_most_days", "at_least_days", "restricted"] {
            if let Some(other_span) = fields.key_span(other) {
                to.out.push(errors::of_what_is_not_stored(
                    other_span,
                    other,
                    key(&fields, "store"),
                ));
            }
        }
    }
    let own = if name == EVIDENCE {
        "at_least_days"
    } else {
        "at_most_days"
    };
    if let Some((span, other)) = fields.key_span(own).zip(fields.key_span("store_days")) {
        to.out.push(errors::days_twice(span, own, other));
    }
    for word in ["store_days", "at_most_days", "at_least_days"] {
        let Some(length) = fields.optional(word).and_then(|field| days(field, to.out)) else {
            continue;
        };
        let (id, span) = (format!("{name}.{word}"), key(&fields, word));
        let floor = word == "at_least_days" || (word == "store_days" && name == EVIDENCE);
        rules.extend(match floor {
            true => at_least(&id, &guard, length, span),
            false => at_most(&id, &guard, length, span),
        });
    }
    let restricted = fields
        .optional("restricted")
        .and_then(|field| field.bool(to.out))
        .map(|restricted| restricted.value);
    if restricted == Some(true) {
        rules.extend(must(name, &guard, RESTRICTED, key(&fields, "restricted")));
    }
    if rules.is_empty()
        && store.is_none()
        && restricted.is_none()
        && fields.all_known()
        && !fields.has("store_days")
    {
        to.out.push(errors::form_needs(
            fields.span(),
            &what,
            "`store: false` or `store_days: 30`",
        ));
    }
    fields.finish(to.out);
    to.parts.rules.extend(rules);
}

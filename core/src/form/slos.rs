//! Forms `slos` and `quality_slos`: objectives over reported figures. One of nothing at all stops further runs, another
//! reports how far it is (spec/17-gates-and-advice.md, 17.7).

use super::bound::{Bare, FIGURES, bound, criterion, entry, over, window};
use super::make::{made, named, text};
use super::{Criterion, Form, Guard, Kind, Lowering, errors};
use crate::document::{Field, Scalar};
use crate::source::Span;

pub(super) const FORM: Form = Form {
    key: "slos",
    doc: "objectives of the service, reported with each run",
    lower: |field, to| lower("slos", field, to),
};

pub(super) const QUALITY: Form = Form {
    key: "quality_slos",
    doc: "objectives of safety; one of nothing stops further runs",
    lower: |field, to| lower("quality_slos", field, to),
};

/// The quantiles that may be bounded; `objective` bounds the figure itself.
const QUANTILES: [&str; 5] = ["p50", "p90", "p95", "p99", "max"];

fn lower(form: &str, field: Field<'_>, to: &mut Lowering<'_>) {
    let span = field.span();
    let mut all = Vec::new();
    for (name, field) in field.nonempty_entries(to.out).unwrap_or_default() {
        all.extend(objectives(name, field, to));
    }
    let (zero, ordinary): (Vec<_>, Vec<_>) = all.into_iter().partition(|criterion| criterion.blocks);
    let at = |criteria: &[Criterion]| criteria.first().map_or(span, |criterion| criterion.name.span);
    if !ordinary.is_empty() {
        let at = at(&ordinary);
        let actions = named(&["run.start"], at);
        let rule = made(
            &format!("{form}.objectives"),
            at,
            Kind::Gate(ordinary),
            actions,
            Vec::new(),
        );
        to.parts.rules.push(rule);
    }
    if !zero.is_empty() {
        let at = at(&zero);
        let actions = named(&["run.start", "run.resume"], at);
        let id = format!("{form}.zero_tolerance");
        let mut rule = made(&id, at, Kind::Gate(zero), actions, vec![autonomous(at)]);
        rule.reason = Some("a safety objective of nothing at all is not shown to be met".to_owned());
        to.parts.rules.push(rule);
    }
}

/// Unless a person starts it, and keeps the last word on what comes out.
fn autonomous(span: Span) -> Guard {
    let supervised = "has(autonomy_level) && autonomy_level < autonomous_pr";
    Guard::When(text(format!("subject.type != human || !({supervised})"), span))
}

fn objectives(name: &Scalar, field: Field<'_>, to: &mut Lowering<'_>) -> Vec<Criterion> {
    let what = format!("the objective `{}`", name.text);
    let Some(mut fields) = field.fields(&what, to.out) else {
        return Vec::new();
    };
    let window = fields.optional("window").and_then(|field| window(field, to.out));
    let mut all = Vec::new();
    let made = |key: &str, bound: String, zero: bool, span: Span| {
        let figure = over(&entry(FIGURES, key), window.as_deref());
        criterion(key, format!("{figure} {bound}"), zero, span)
    };
    if let Some(field) = fields.optional("objective") {
        // A share is to be reached; nothing is not to be exceeded.
        let zero = |bound: &str| matches!(bound, "== 0" | "== 0%" | "== 0s");
        let none = bound(field, Bare::Exactly, &mut Vec::new()).is_some_and(|bound| zero(&bound));
        let bare = if none { Bare::Exactly } else { Bare::AtLeast };
        if let Some(bound) = bound(field, bare, to.out) {
            all.push(made(&name.text, bound, none, name.span));
        }
    }
    for quantile in QUANTILES {
        if let Some(bound) = fields
            .optional(quantile)
            .and_then(|field| bound(field, Bare::AtMost, to.out))
        {
            all.push(made(
                &format!("{}.{quantile}", name.text),
                bound,
                false,
                name.span,
            ));
        }
    }
    let none = !fields.has("objective") && QUANTILES.iter().all(|quantile| !fields.has(quantile));
    if none && fields.all_known() {
        to.out
            .push(errors::gate_of_nothing(name.span, &name.text, "objective: 99.9%"));
    }
    fields.finish(to.out);
    all
}

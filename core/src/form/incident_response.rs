//! Form `incident_response`: what is owed for an incident of each severity (spec/17-gates-and-advice.md, 17.11).

use super::bound::criteria;
use super::make::{for_id, made, named, text};
use super::rollback_triggers::tell;
use super::{Form, Guard, Kind, Lowering, Obligation, errors, owed};
use crate::document::{Field, Scalar};

pub(super) const FORM: Form = Form {
    key: "incident_response",
    doc: "what is owed for an incident of each severity",
    lower,
};

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    for (severity, field) in field.nonempty_entries(to.out).unwrap_or_default() {
        for_id(severity, to);
        response(severity, field, to);
    }
}

fn response(severity: &Scalar, field: Field<'_>, to: &mut Lowering<'_>) {
    let what = format!("the response to `{}`", severity.text);
    let Some(mut fields) = field.fields(&what, to.out) else {
        return;
    };
    // An incident is of the severity that its reporter says, or that a figure shows.
    let shown = fields
        .optional("when")
        .map(|field| criteria(field, true, to.out))
        .unwrap_or_default();
    let within = fields
        .optional("within")
        .and_then(|field| field.duration(to.out))
        .map(|within| within.value);
    let acts = fields
        .optional("do")
        .map(|field| owed::obligations(field, to.out))
        .unwrap_or_default();
    let told = fields
        .optional("notify")
        .map(|field| field.nonempty_texts(to.out))
        .unwrap_or_default();
    let told = told.into_iter().map(tell);
    if !fields.has("do") && !fields.has("notify") && fields.all_known() {
        to.out.push(errors::owes_nothing(severity.span, &severity.text));
    }
    fields.finish(to.out);
    let timely = |owed: Obligation| Obligation {
        within: owed.within.or(within),
        ..owed
    };
    let obligations: Vec<Obligation> = acts.into_iter().chain(told).map(timely).collect();
    if obligations.is_empty() {
        return;
    }
    let quoted = serde_json::Value::from(&*severity.text);
    let any = std::iter::once(format!("severity == {quoted}")).chain(
        shown
            .into_iter()
            .map(|shown| format!("({})", shown.condition.text)),
    );
    let guard = text(any.collect::<Vec<_>>().join(" || "), severity.span);
    let mut rule = made(
        &severity.text,
        severity.span,
        Kind::Require,
        named(&["failure.report"], severity.span),
        vec![Guard::When(guard)],
    );
    rule.reason = Some(format!("an incident of severity {}", severity.text));
    rule.obligations = obligations;
    to.parts.rules.push(rule);
}

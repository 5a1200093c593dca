//! Form `autonomy_expansion_gate`: what must be shown before agents go further with one class of tasks
//! (spec/17-gates-and-advice.md, 17.2).

use super::bound::{ATTESTED, Bare, FIGURES, bound, criterion, entry, free};
use super::make::{DENY, any_of, key, made, named, text};
use super::native::asked;
use super::{Approval, Criterion, Form, Guard, Kind, Lowering, errors};
use crate::document::{Field, Scalar};
use crate::source::Span;

pub(super) const FORM: Form = Form {
    key: "autonomy_expansion_gate",
    doc: "what must be shown before agents go further with a class of tasks",
    lower,
};

/// Figures that are used for it; others may be named.
const KNOWN: [&str; 8] = [
    SAMPLE_SIZE,
    "merged_rate",
    "rollback_rate",
    "security_incidents",
    "forbidden_path_incidents",
    "reviewer_scope_rejection",
    "verifier_escape_rate",
    "average_pr_size",
];

/// The one figure of which there must be enough, not few.
const SAMPLE_SIZE: &str = "sample_size";

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`autonomy_expansion_gate`", to.out) else {
        return;
    };
    let start = fields.start();
    let class = fields
        .required("task_class")
        .and_then(|field| field.nonempty_text(to.out));
    let asks_for_something = fields.has("required_controls");
    let controls = fields
        .optional("required_controls")
        .map(|field| controls(field, to))
        .unwrap_or_default();
    let approval = fields
        .optional("approval")
        .and_then(|field| asked(field, to.out))
        .map(|approval| (approval, key(&fields, "approval")));
    let figures = free(&mut fields, &KNOWN, to.out);
    if figures.is_empty() && !asks_for_something {
        to.out.push(errors::gate_of_nothing(
            start,
            "autonomy_expansion_gate",
            "merged_rate: \"> 70%\"",
        ));
    }
    let mut criteria = measured(figures, to);
    criteria.extend(controls);
    fields.finish(to.out);
    let Some(class) = class else { return };
    let mut gate = made(
        "autonomy_expansion_gate",
        start,
        Kind::Gate(criteria),
        named(&["autonomy.expand"], start),
        vec![of_class(class)],
    );
    gate.reason = Some(format!("autonomy for {} is not earned yet", class.text));
    let mut everywhere = made(
        "autonomy_expansion_gate.task_class",
        class.span,
        DENY,
        named(&["autonomy.expand"], class.span),
        vec![Guard::Unless(text("has(task_class)".to_owned(), class.span))],
    );
    everywhere.reason = Some("autonomy is earned for one class of tasks, and not granted for all".to_owned());
    to.parts.rules.extend([gate, everywhere]);
    if let Some((approval, span)) = approval {
        approve(approval, class, span, to);
    }
}

fn measured(figures: Vec<(&Scalar, Field<'_>)>, to: &mut Lowering<'_>) -> Vec<Criterion> {
    let mut all = Vec::new();
    for (name, field) in figures {
        let bare = match &*name.text {
            SAMPLE_SIZE => Bare::AtLeast,
            _ => Bare::AtMost,
        };
        let Some(bound) = bound(field, bare, to.out) else {
            continue;
        };
        let condition = format!("{} {bound}", entry(FIGURES, &name.text));
        all.push(criterion(&name.text, condition, true, name.span));
    }
    all
}

fn controls(field: Field<'_>, to: &mut Lowering<'_>) -> Vec<Criterion> {
    let mut all: Vec<Criterion> = Vec::new();
    for control in field.nonempty_texts(to.out) {
        if all.iter().any(|known| *known.name.value == *control.text) {
            to.out.push(errors::criterion_again(control.span, &control.text));
            continue;
        }
        let condition = format!("{} == true", entry(ATTESTED, &control.text));
        all.push(criterion(&control.text, condition, true, control.span));
    }
    all
}

fn of_class(class: &Scalar) -> Guard {
    any_of("task_class", vec![class.clone()], class.span)
}

fn approve(approval: Approval, class: &Scalar, span: Span, to: &mut Lowering<'_>) {
    let mut ask = made(
        "autonomy_expansion_gate.approval",
        span,
        Kind::Ask(approval),
        named(&["autonomy.expand"], span),
        vec![of_class(class)],
    );
    ask.reason = Some(format!("more autonomy for {} is a person's to give", class.text));
    to.parts.rules.push(ask);
}

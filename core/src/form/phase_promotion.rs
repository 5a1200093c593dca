//! Form `phase_<n>_promotion`: what must be shown before the rollout of agents leaves phase n
//! (spec/17-gates-and-advice.md, 17.3).

use super::bound::{Bare, FIGURES, bound, criterion, entry, free};
use super::make::{made, named, text};
use super::native::asked;
use super::{Form, Guard, Kind, Lowering, errors};
use crate::document::Field;

pub(super) const FORM: Form = Form {
    key: "phase_<n>_promotion",
    doc: "what must be shown before the rollout of agents leaves a phase",
    lower,
};

/// Figures that are used for it; others may be named.
const KNOWN: [&str; 7] = [
    "minimum_runs",
    "pr_creation_failure_rate",
    "forbidden_path_incidents",
    "secret_redaction_incidents",
    "reviewer_rejection_due_to_scope",
    "median_review_time",
    "cost_per_successful_pr",
];

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let key = field.key().unwrap_or_default();
    let what = format!("`{key}`");
    let Some(mut fields) = field.fields(&what, to.out) else {
        return;
    };
    let span = fields.start();
    let phase = key
        .strip_prefix("phase_")
        .and_then(|rest| rest.strip_suffix("_promotion"));
    let phase = phase.filter(|phase| phase.bytes().all(|byte| byte.is_ascii_digit()));
    let Some(phase) = phase.and_then(|phase| phase.parse::<u16>().ok()) else {
        to.out.push(errors::phase_without_number(span, key));
        return;
    };
    let guard = || vec![Guard::When(text(format!("phase == {phase}"), span))];
    let approval = fields.optional("approval").and_then(|field| asked(field, to.out));
    let figures = free(&mut fields, &KNOWN, to.out);
    if figures.is_empty() && !fields.has("approval") {
        to.out
            .push(errors::gate_of_nothing(span, key, "minimum_runs: 100"));
    }
    let mut criteria = Vec::new();
    for (name, field) in figures {
        let (figure, bare) = match (
            name.text.strip_prefix("minimum_"),
            name.text.strip_prefix("maximum_"),
        ) {
            (Some(figure), _) => (figure, Bare::AtLeast),
            (_, Some(figure)) => (figure, Bare::AtMost),
            _ => (&*name.text, Bare::Exactly),
        };
        if let Some(bound) = bound(field, bare, to.out) {
            let condition = format!("{} {bound}", entry(FIGURES, figure));
            criteria.push(criterion(&name.text, condition, true, name.span));
        }
    }
    fields.finish(to.out);
    let actions = || named(&["phase.promote"], span);
    if !criteria.is_empty() {
        let mut gate = made(
            &format!("phase_{phase}"),
            span,
            Kind::Gate(criteria),
            actions(),
            guard(),
        );
        gate.reason = Some(format!("phase {phase} is not done"));
        to.parts.rules.push(gate);
    }
    if let Some(approval) = approval {
        let id = format!("phase_{phase}.approval");
        let mut ask = made(&id, span, Kind::Ask(approval), actions(), guard());
        ask.reason = Some(format!("a person ends phase {phase}"));
        to.parts.rules.push(ask);
    }
}

//! Form `pipeline`: the stages through which a change goes, in their order (spec/17-gates-and-advice.md, 17.8).

use std::collections::BTreeMap;

use super::approval::{self, INLINE};
use super::bound::{Bare, bound, criteria, criterion};
use super::make::{for_id, key, made, named, text};
use super::rollback_triggers::{ACTIONS, acts, holds};
use super::{Actions, Approval, Criterion, Form, Guard, Kind, Lowering, Obligation, errors};
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Scalar};
use crate::source::{Span, Spanned};

pub(super) const FORM: Form = Form {
    key: "pipeline",
    doc: "the stages through which a change goes, in their order",
    lower,
};

/// By which a change is taken over, and by which it goes on being rolled out. Getting it to a place before production is
/// how its stages are passed, so that is not held back.
const TAKEN_OVER: [&str; 3] = ["change.apply", "pr.merge", "deploy"];
const ROLLED_OUT: &str = "rollout.promote";

/// What the stages have in common.
struct Pipeline<'a> {
    classes: Option<(Span, Vec<Scalar>)>,
    stages: usize,
    on_failure: Option<Spanned<&'a [&'a str]>>,
}

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`pipeline`", to.out) else {
        return;
    };
    let classes = fields
        .optional("change_class")
        .map(|field| field.nonempty_texts(to.out))
        .filter(|classes| !classes.iter().any(|class| &*class.text == "any"))
        .map(|classes| {
            (
                key(&fields, "change_class"),
                classes.into_iter().cloned().collect(),
            )
        });
    let stages = fields
        .required("stages")
        .and_then(|field| field.nonempty_list(to.out))
        .unwrap_or_default();
    let on_failure = fields
        .optional("on_failure")
        .and_then(|field| field.keyword(&ACTIONS, to.out));
    let at = fields.key_span("on_failure");
    fields.finish(to.out);
    let pipeline = Pipeline {
        classes,
        stages: stages.len(),
        on_failure,
    };
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    let mut canaries = 0;
    for (place, field) in stages.into_iter().enumerate() {
        let Some((name, canary)) = stage(place + 1, field, &pipeline, to) else {
            continue;
        };
        canaries += usize::from(canary);
        if let Some(first) = names.insert(&name.text, name.span) {
            to.out
                .push(errors::name_again(name.span, first, "stages", &name.text));
        }
    }
    if let (Some(at), 0) = (at.filter(|_| !names.is_empty()), canaries) {
        to.out.push(errors::failure_of_nothing(at));
    }
}

/// The name of the stage, and whether it rolls out step by step.
fn stage<'a>(
    place: usize,
    field: Field<'a>,
    pipeline: &Pipeline<'_>,
    to: &mut Lowering<'_>,
) -> Option<(&'a Scalar, bool)> {
    let mut fields = field.fields("a stage", to.out)?;
    let start = fields.start();
    let name = fields
        .required("name")
        .and_then(|field| field.nonempty_text(to.out));
    let mut required = fields
        .optional("require")
        .map(|field| criteria(field, true, to.out))
        .unwrap_or_default();
    let failing = required.clone();
    if let Some(field) = fields.optional("reports") {
        required.extend(criteria(field, false, to.out));
    }
    let approvals = fields
        .optional("approvals")
        .and_then(|field| approvals(field, to.out));
    let steps = fields.optional("steps").map(|field| steps(field, to.out));
    let soak = fields
        .optional("soak")
        .and_then(|field| bound(field, Bare::AtLeast, to.out));
    if let Some(span) = fields.key_span("soak").filter(|_| steps.is_none()) {
        to.out.push(errors::needs_beside(span, "soak", "steps"));
    }
    if !["require", "reports", "approvals", "steps"]
        .iter()
        .any(|key| fields.has(key))
        && fields.all_known()
    {
        to.out.push(errors::gate_of_nothing(
            start,
            "a stage",
            "require: [unit_tests == passed]",
        ));
    }
    fields.finish(to.out);
    let name = name?;
    for_id(name, to);
    let stage = Stage {
        id: format!(
            "stage.{place:0width$}.{}",
            name.text,
            width = pipeline.stages.to_string().len()
        ),
        reason: format!(
            "stage {place} of {}, {}, is not passed",
            pipeline.stages, name.text
        ),
        span: name.span,
        pipeline,
    };
    match &steps {
        None => {
            let mut actions = TAKEN_OVER.to_vec();
            actions.push(ROLLED_OUT);
            stage.gate("", &actions, required, to);
        }
        Some(steps) => {
            stage.canary(steps, soak, required, to);
            stage.on_failure(&failing, to);
        }
    }
    if let Some(body) = approvals {
        stage.ask(body, to);
    }
    Some((name, steps.is_some()))
}

/// One stage on its way into rules.
struct Stage<'a> {
    id: String,
    reason: String,
    span: Span,
    pipeline: &'a Pipeline<'a>,
}

impl Stage<'_> {
    fn gate(&self, more: &str, actions: &[&str], criteria: Vec<Criterion>, to: &mut Lowering<'_>) {
        if criteria.is_empty() {
            return;
        }
        let id = format!("{}{more}", self.id);
        let kind = Kind::Gate(criteria);
        let mut rule = made(&id, self.span, kind, self.actions(actions), self.guard(actions));
        rule.reason = Some(self.reason.clone());
        to.parts.rules.push(rule);
    }

    fn ask(&self, approval: Approval, to: &mut Lowering<'_>) {
        let id = format!("{}.approvals", self.id);
        let guard = self.guard(&TAKEN_OVER);
        let mut rule = made(
            &id,
            self.span,
            Kind::Ask(approval),
            self.actions(&TAKEN_OVER),
            guard,
        );
        rule.reason = Some(self.reason.clone());
        to.parts.rules.push(rule);
    }

    /// It starts with the first step, and goes from each to the next.
    fn canary(
        &self,
        steps: &[String],
        soak: Option<String>,
        required: Vec<Criterion>,
        to: &mut Lowering<'_>,
    ) {
        let next = |pair: &[String]| {
            format!(
                "evidence.figures.rollout == {} && rollout == {}",
                pair[0], pair[1]
            )
        };
        let pairs: Vec<String> = steps.windows(2).map(next).collect();
        let mut criteria = Vec::new();
        if !pairs.is_empty() {
            criteria.push(criterion("step", pairs.join(" || "), true, self.span));
        }
        if let Some(soak) = soak {
            criteria.push(criterion(
                "soak",
                format!("evidence.figures.soaked {soak}"),
                true,
                self.span,
            ));
        }
        criteria.extend(required);
        self.gate("", &[ROLLED_OUT], criteria, to);
        if let Some(first) = steps.first() {
            let start = vec![criterion("step", format!("rollout == {first}"), true, self.span)];
            self.gate(".start", &["deploy"], start, to);
        }
    }

    /// What is known to be wrong while it is rolled out is acted upon; what is not known only holds it.
    fn on_failure(&self, required: &[Criterion], to: &mut Lowering<'_>) {
        let Some(action) = &self.pipeline.on_failure else {
            return;
        };
        if required.is_empty() {
            return;
        }
        let all: Vec<String> = required
            .iter()
            .map(|criterion| format!("({})", criterion.condition.text))
            .collect();
        let failed = text(format!("!({})", all.join(" && ")), self.span);
        let owed: Vec<Obligation> = acts(action.value, action.span, None);
        let reason = self.reason.replace("is not passed", "has failed");
        holds(
            &format!("{}.failed", self.id),
            self.span,
            failed,
            &owed,
            &reason,
            to,
        );
    }

    fn actions(&self, actions: &[&str]) -> Actions {
        named(actions, self.span)
    }

    /// Of which changes, and of deployments only those to production.
    fn guard(&self, actions: &[&str]) -> Vec<Guard> {
        let mut guard = Vec::new();
        if actions.contains(&"deploy") {
            let production = "request.action != \"deploy\" || environment == production";
            guard.push(Guard::When(text(production.to_owned(), self.span)));
        }
        // A step of a rollout does not say of which class the change is that is rolled out.
        if let Some((span, classes)) = self.pipeline.classes.as_ref().filter(|_| actions != [ROLLED_OUT]) {
            let quoted: Vec<String> = classes
                .iter()
                .map(|class| serde_json::Value::from(&*class.text).to_string())
                .collect();
            let mut of_class = format!("change_class in [{}]", quoted.join(", "));
            if actions.contains(&ROLLED_OUT) {
                of_class = format!("request.action == \"{ROLLED_OUT}\" || {of_class}");
            }
            guard.push(Guard::When(text(of_class, *span)));
        }
        guard
    }
}

/// `approvals: {count: 1, by: human, exclude: requester}`, or a workflow. Who asks never counts, so that is only said.
fn approvals(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Approval> {
    if !super::bound::is_map(field) {
        return super::native::asked(field, out);
    }
    let mut fields = field.fields("`approvals`", out)?;
    if let Some(field) = fields.optional("exclude") {
        field.keyword(&[("requester", ())], out);
    }
    let body = approval::read(&mut fields, &INLINE, out);
    fields.finish(out);
    Some(Approval::Inline(body))
}

/// Shares that rise to the whole.
fn steps(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut last = 0.0;
    let mut steps = Vec::new();
    let fields = field.nonempty_list(out).unwrap_or_default();
    let count = fields.len();
    for field in fields {
        let Some(step) = field.percent(out) else { continue };
        if step.value <= last || 100.0 < step.value {
            out.push(errors::steps_out_of_order(step.span, step.value, last));
        }
        last = step.value;
        steps.push(format!("{}%", step.value));
    }
    if steps.len() == count && 0 < count && last < 100.0 {
        out.push(errors::steps_end_early(field.span(), last));
    }
    steps
}

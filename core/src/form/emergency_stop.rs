//! Form `emergency_stop`: who stops all automation, and what it takes to let it run again
//! (spec/15-switches-and-roles.md, 15.3).

use super::approval::default_approval;
use super::bound::criteria;
use super::make::{DENY, key, made, named, none_of, text};
use super::{Approval, Form, Guard, Kind, Lowering, Obligation, Slot, Switch, errors, owed};
use crate::document::{Field, Fields, Scalar};
use crate::source::{Level, Span, Spanned};

pub(super) const FORM: Form = Form {
    key: "emergency_stop",
    doc: "who stops all automation, and what it takes to let it run again",
    lower,
};

/// What is owed where the form does not say: the run is held, whoever approves is told, and people get a place to meet.
const ON: [&str; 4] = ["audit", "pause", "notify:approvers", "create_incident"];
const OFF: [&str; 2] = ["audit", "notify:approvers"];

/// While it is stopped nothing but a human does anything, and nobody starts, changes or rolls out anything.
const STOPPED: &str = "subject.type != human || request.action in [\"task.submit\", \"run.start\", \"run.resume\", \
    \"campaign.create\", \"campaign.advance\", \"change.apply\", \"pr.merge\", \"deploy\", \"rollout.promote\", \
    \"phase.promote\", \"autonomy.expand\", \"agent.change\"]";

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`emergency_stop`", to.out) else {
        return;
    };
    if Level::Organization < to.source.level {
        to.out.push(errors::level_below(
            fields.start(),
            "emergency_stop",
            Level::Organization,
            to.source.level,
        ));
    }
    stop(&mut fields, to);
    if let Some(field) = fields.required("activate") {
        activate(field, key(&fields, "activate"), to);
    }
    if let Some(field) = fields.required("deactivate") {
        deactivate(field, key(&fields, "deactivate"), to);
    }
    fields.finish(to.out);
}

/// The switch itself: the state's key for it is `<policy id>/stop`.
fn stop(fields: &mut Fields<'_>, to: &mut Lowering<'_>) {
    let on = fields.optional("on").and_then(|field| field.bool(to.out));
    let max_age = fields
        .optional("max_age")
        .and_then(|field| field.duration(to.out));
    let span = fields.start();
    let switch = Switch {
        on: on.is_some_and(|on| on.value),
        max_age: max_age.map(|age| age.value),
        denies: true,
    };
    let guard = vec![Guard::When(text(STOPPED.to_owned(), span))];
    let mut rule = made("stop", span, Kind::Switch(switch), named(&["*"], span), guard);
    rule.reason = Some("all automation is stopped".to_owned());
    to.parts.rules.push(rule);
}

fn activate(field: Field<'_>, span: Span, to: &mut Lowering<'_>) {
    const ACTION: &str = "emergency_stop.activate";
    let Some(mut fields) = field.fields("`activate`", to.out) else {
        return;
    };
    let roles: Vec<Scalar> = fields
        .required("roles")
        .map(|field| field.nonempty_texts(to.out))
        .unwrap_or_default()
        .into_iter()
        .cloned()
        .collect();
    then(&mut fields, "activate.then", ACTION, &ON, span, to);
    let at = key(&fields, "roles");
    fields.finish(to.out);
    if roles.is_empty() {
        return;
    }
    let guard = vec![none_of("role", roles, at)];
    let mut rule = made("activate", span, DENY, named(&[ACTION], span), guard);
    rule.reason = Some("others stop all automation".to_owned());
    to.parts.rules.push(rule);
}

fn deactivate(field: Field<'_>, span: Span, to: &mut Lowering<'_>) {
    const ACTION: &str = "emergency_stop.deactivate";
    let Some(mut fields) = field.fields("`deactivate`", to.out) else {
        return;
    };
    let roles = fields
        .required("roles_all")
        .map(|field| field.nonempty_texts(to.out))
        .unwrap_or_default();
    if let ([_], Some(at)) = (&roles[..], fields.key_span("roles_all")) {
        to.out.push(errors::one_key(at));
    }
    let criteria = fields
        .optional("require")
        .map(|field| criteria(field, true, to.out))
        .unwrap_or_default();
    then(&mut fields, "deactivate.then", ACTION, &OFF, span, to);
    let required_at = key(&fields, "require");
    fields.finish(to.out);
    let action = || named(&[ACTION], span);

    let guard = vec![Guard::When(text("subject.type != human".to_owned(), span))];
    let mut people = made("deactivate.people", span, DENY, action(), guard);
    people.reason = Some("people let automation run again".to_owned());
    to.parts.rules.push(people);

    let mut body = default_approval(span);
    let slot = |role: &&Scalar| Slot {
        roles: vec![role.spanned()],
        teams: Vec::new(),
        human: true,
    };
    body.slots = roles.iter().map(slot).collect();
    if !body.slots.is_empty() {
        let kind = Kind::Ask(Approval::Inline(body));
        let mut keys = made("deactivate", span, kind, action(), Vec::new());
        keys.reason = Some("letting automation run again takes more than one key".to_owned());
        to.parts.rules.push(keys);
    }
    if !criteria.is_empty() {
        let at = required_at;
        let mut gate = made(
            "deactivate.require",
            at,
            Kind::Gate(criteria),
            named(&[ACTION], at),
            Vec::new(),
        );
        gate.reason = Some("the emergency is not dealt with yet".to_owned());
        to.parts.rules.push(gate);
    }
}

/// What is owed when the stop is switched.
fn then(
    fields: &mut Fields<'_>,
    id: &str,
    action: &str,
    otherwise: &[&str],
    span: Span,
    to: &mut Lowering<'_>,
) {
    let bare = |name: &&str| Obligation::bare(Spanned::new((*name).to_owned(), span));
    let obligations = match fields.optional("then") {
        Some(field) => owed::obligations(field, to.out),
        None => otherwise.iter().map(bare).collect(),
    };
    let mut rule = made(id, span, Kind::Require, named(&[action], span), Vec::new());
    rule.obligations = obligations;
    to.parts.rules.push(rule);
}

//! Form `approval_workflows`: named workflows that rules refer to (spec/08-approvals.md).

use super::approval::people;
use super::native::names;
use super::{ApprovalBody, Form, Lowering, Slot, Workflow};
use crate::document::{Field, Scalar};

pub(super) const FORM: Form =
    Form { key: "approval_workflows", doc: "named approval workflows that rules refer to", lower };

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    for (name, field) in field.nonempty_entries(to.out).unwrap_or_default() {
        if let Some(body) = workflow(field, to) {
            to.parts.workflows.push(Workflow { name: name.spanned(), body });
        }
    }
}

fn workflow(field: Field<'_>, to: &mut Lowering<'_>) -> Option<ApprovalBody> {
    let out = &mut *to.out;
    let mut fields = field.fields("a workflow", out)?;
    let approvers = fields.required("required_approvers").and_then(|field| people(field, out));
    let roles = fields.required("approver_roles").map(|field| names(field, out)).unwrap_or_default();
    let each = fields.optional("each_role").and_then(|field| field.bool(out)).is_some_and(|each| each.value);
    let timeout = fields.optional("timeout").and_then(|field| field.duration(out)).map(|time| time.value);
    let escalation = fields.optional("escalation_on_timeout").and_then(|field| field.nonempty_text(out));
    let valid_for = fields.optional("valid_for").and_then(|field| field.duration(out)).map(|time| time.value);
    let notify = fields.optional("notification_channels").map(|field| names(field, out)).unwrap_or_default();
    let recommends = fields.optional("ai_agent_can_recommend").and_then(|field| field.bool(out));
    let approves = fields.optional("ai_agent_can_approve").and_then(|field| field.bool(out));
    let span = fields.span();
    fields.finish(out);
    Some(ApprovalBody {
        slots: slots(approvers?, roles, each),
        timeout,
        escalation: escalation.map(Scalar::spanned),
        valid_for,
        agents_count: approves.is_some_and(|approves| approves.value),
        agents_recommend: recommends.is_some_and(|recommends| recommends.value),
        notify: notify.into_iter().map(|channel| channel.value).collect(),
        span,
    })
}

/// So many persons, each with any of the roles; with `each_role` the first of them take a role each.
fn slots(approvers: usize, roles: Vec<crate::source::Spanned<String>>, each: bool) -> Vec<Slot> {
    let any = Slot { roles: roles.clone(), ..Slot::default() };
    let mut slots = vec![any; approvers.max(if each { roles.len() } else { 0 })];
    if each {
        slots.iter_mut().zip(roles).for_each(|(slot, role)| slot.roles = vec![role]);
    }
    slots
}

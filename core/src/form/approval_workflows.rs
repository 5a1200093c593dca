//! Form `approval_workflows`: named workflows that rules refer to (spec/08-approvals.md).

use super::approval::{by, each, people, slots};
use super::native::names;
use super::{errors, ApprovalBody, Form, Lowering, Slot, Workflow};
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
    let approvers = fields.optional("required_approvers").and_then(|field| people(field, out));
    let roles = fields.optional("approver_roles").map(|field| names(field, out)).unwrap_or_default();
    let teams = fields.optional("approver_teams").map(|field| names(field, out)).unwrap_or_default();
    let human = fields.optional("by").and_then(|field| by(field, out)).unwrap_or(false);
    let each = fields.optional("each").and_then(|field| each(field, human, out));
    let slots = slots(approvers, Slot { roles, teams, human }, each, fields.span(), out);
    let timeout = fields.optional("timeout").and_then(|field| field.duration(out)).map(|time| time.value);
    let escalation = fields.optional("escalation_on_timeout").and_then(|field| field.nonempty_text(out));
    let valid_for = fields.optional("valid_for").and_then(|field| field.duration(out)).map(|time| time.value);
    let notify = fields.optional("notification_channels").map(|field| names(field, out)).unwrap_or_default();
    let recommends = fields.optional("ai_agent_can_recommend").and_then(|field| field.bool(out));
    let approves = fields.optional("ai_agent_can_approve").and_then(|field| field.bool(out));
    let span = fields.span();
    fields.finish(out);
    Some(ApprovalBody {
        slots,
        timeout,
        escalation: escalation.map(Scalar::spanned),
        valid_for,
        agents_count: approves.is_some_and(|approves| approves.value),
        agents_recommend: recommends.is_none_or(|recommends| recommends.value),
        notify: notify.into_iter().map(|channel| channel.value).collect(),
        span,
    })
}

//! Form `approval_workflows`: named workflows that rules refer to (spec/08-approvals.md).

use super::approval::{self, Keys};
use super::native::names;
use super::{ApprovalBody, Form, Lowering, Workflow, errors};
use crate::diagnostic::Diagnostic;
use crate::document::Field;

pub(super) const FORM: Form = Form {
    key: "approval_workflows",
    doc: "named approval workflows that rules refer to",
    lower,
};

const KEYS: Keys = Keys {
    count: "required_approvers",
    roles: "approver_roles",
    teams: "approver_teams",
    escalation: "escalation_on_timeout",
};

/// A workflow that is wrong is still a name: that a rule uses it is no second mistake.
fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    for (name, field) in field.nonempty_entries(to.out).unwrap_or_default() {
        if !name
            .text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
        {
            to.out.push(errors::bad_id(name.span, &name.text, ""));
        }
        let body = workflow(field, to.out);
        to.parts.workflows.push(Workflow {
            name: name.spanned(),
            body,
        });
    }
}

fn workflow(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<ApprovalBody> {
    let mut fields = field.fields("a workflow", out)?;
    let body = approval::read(&mut fields, &KEYS, out);
    let notify = fields
        .optional("notification_channels")
        .map(|field| names(field, out))
        .unwrap_or_default();
    let recommends = fields
        .optional("ai_agent_can_recommend")
        .and_then(|field| field.bool(out));
    let approves = fields
        .optional("ai_agent_can_approve")
        .and_then(|field| field.bool(out));
    fields.finish(out);
    Some(ApprovalBody {
        agents_count: approves.is_some_and(|approves| approves.value),
        agents_recommend: recommends.is_none_or(|recommends| recommends.value),
        notify: notify.into_iter().map(|channel| channel.value).collect(),
        ..body
    })
}

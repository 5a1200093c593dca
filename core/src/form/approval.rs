//! Approvals as rules write them on the spot: how many, of whom, how long (spec/08-approvals.md).

use super::native::names;
use super::{errors, ApprovalBody, Slot};
use crate::diagnostic::Diagnostic;
use crate::document::Field;
use crate::source::Span;

/// More people than this are a slip of the pen, not a policy.
const PEOPLE_MAX: u64 = 16;

/// One human, whoever it is, for as long as it takes.
pub(super) fn default_approval(span: Span) -> ApprovalBody {
    ApprovalBody {
        slots: vec![Slot { human: true, ..Slot::default() }],
        timeout: None,
        escalation: None,
        valid_for: None,
        agents_count: false,
        agents_recommend: true,
        notify: Vec::new(),
        span,
    }
}

/// `approval: {count, roles, teams, by, each, timeout, escalation, valid_for, notify}`.
pub(super) fn body(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<ApprovalBody> {
    let mut fields = field.fields("an approval", out)?;
    let count = fields.optional("count").and_then(|field| people(field, out));
    let human = fields.optional("by").and_then(|field| by(field, out)).unwrap_or(false);
    let roles = fields.optional("roles").map(|field| names(field, out)).unwrap_or_default();
    let teams = fields.optional("teams").map(|field| names(field, out)).unwrap_or_default();
    let each = fields.optional("each").and_then(|field| each(field, human, out));
    let slots = slots(count, Slot { roles, teams, human }, each, fields.span(), out);
    let timeout = fields.optional("timeout").and_then(|field| field.duration(out)).map(|time| time.value);
    let escalation = fields.optional("escalation").and_then(|field| field.nonempty_text(out));
    if timeout.is_none() && escalation.is_some() {
        out.push(errors::needs(fields.span(), "an approval with an `escalation`", "timeout"));
    }
    let valid_for = fields.optional("valid_for").and_then(|field| field.duration(out)).map(|time| time.value);
    let notify = fields.optional("notify").map(|field| names(field, out)).unwrap_or_default();
    let span = fields.span();
    fields.finish(out);
    Some(ApprovalBody {
        slots,
        timeout,
        escalation: escalation.map(|role| role.spanned()),
        valid_for,
        agents_count: false,
        agents_recommend: true,
        notify: notify.into_iter().map(|channel| channel.value).collect(),
        span,
    })
}

/// `each: [[role, role], [role]]`: one person for each list.
pub(super) fn each(field: Field<'_>, human: bool, out: &mut Vec<Diagnostic>) -> Option<Vec<Slot>> {
    let lists = field.nonempty_list(out)?;
    Some(lists.into_iter().map(|field| Slot { roles: names(field, out), teams: Vec::new(), human }).collect())
}

/// Either `each` names the persons one by one, or so many are alike.
pub(super) fn slots(
    count: Option<usize>,
    alike: Slot,
    each: Option<Vec<Slot>>,
    span: Span,
    out: &mut Vec<Diagnostic>,
) -> Vec<Slot> {
    let Some(each) = each else { return vec![alike; count.unwrap_or(1)] };
    if count.is_some() || !alike.roles.is_empty() || !alike.teams.is_empty() {
        out.push(errors::impossible_approval(span, "`each` names the persons one by one, and other keys do so again")
            .help("write either `each`, or a number with roles or teams"));
    }
    each
}

/// `by: human`, or `by: any`.
pub(super) fn by(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<bool> {
    field.keyword(&[("human", true), ("any", false)], out).map(|word| word.value)
}

/// A number of people: at least one.
pub(super) fn people(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<usize> {
    let count = field.count(out)?;
    match count.value {
        0 => out.push(errors::impossible_approval(count.span, "it takes at least one person").help("write 1 or more")),
        1..=PEOPLE_MAX => return Some(count.value as usize),
        _ => out.push(errors::impossible_approval(count.span, &format!("it takes more than {PEOPLE_MAX} people"))),
    }
    None
}

//! Approvals: how many, of whom, how long (spec/08-approvals.md). Rules write them on the spot, workflows under other keys.

use super::native::names;
use super::{ApprovalBody, Slot, errors};
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Fields};
use crate::source::Span;

/// More people than this are a slip of the pen, not a policy.
const PEOPLE_MAX: usize = 16;

/// One human, whoever it is, for as long as it takes.
pub(super) fn default_approval(span: Span) -> ApprovalBody {
    ApprovalBody {
        slots: vec![Slot {
            human: true,
            ..Slot::default()
        }],
        timeout: None,
        escalation: None,
        valid_for: None,
        agents_count: false,
        agents_recommend: true,
        notify: Vec::new(),
        span,
    }
}

/// How a place calls the keys that all approvals have.
pub(super) struct Keys {
    pub(super) count: &'static str,
    pub(super) roles: &'static str,
    pub(super) teams: &'static str,
    pub(super) escalation: &'static str,
}

pub(super) const INLINE: Keys = Keys {
    count: "count",
    roles: "roles",
    teams: "teams",
    escalation: "escalation",
};

/// `approval: {count, roles, teams, by, each, timeout, escalation, valid_for}`.
pub(super) fn body(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<ApprovalBody> {
    let mut fields = field.fields("an approval", out)?;
    let body = read(&mut fields, &INLINE, out);
    fields.finish(out);
    Some(body)
}

/// Reads the keys that all approvals have.
pub(super) fn read(fields: &mut Fields<'_>, keys: &Keys, out: &mut Vec<Diagnostic>) -> ApprovalBody {
    let human = fields
        .optional("by")
        .is_some_and(|field| field.keyword(&[("human", ())], out).is_some());
    let slots = slots(fields, keys, human, out);
    let timeout = fields
        .optional("timeout")
        .and_then(|field| field.duration(out))
        .map(|time| time.value);
    let escalation = fields
        .optional(keys.escalation)
        .and_then(|field| field.nonempty_text(out));
    if let (Some(span), false) = (fields.key_span(keys.escalation), fields.has("timeout")) {
        out.push(errors::escalation_without_timeout(span, keys.escalation));
    }
    let valid_for = fields
        .optional("valid_for")
        .and_then(|field| field.duration(out))
        .map(|time| time.value);
    ApprovalBody {
        slots,
        timeout,
        escalation: escalation.map(|role| role.spanned()),
        valid_for,
        ..default_approval(fields.span())
    }
}

/// Either `each` names the persons one by one, or so many are alike.
fn slots(fields: &mut Fields<'_>, keys: &Keys, human: bool, out: &mut Vec<Diagnostic>) -> Vec<Slot> {
    let count = fields
        .optional(keys.count)
        .and_then(|field| people(field, out))
        .unwrap_or(1);
    let roles = fields
        .optional(keys.roles)
        .map(|field| names(field, out))
        .unwrap_or_default();
    let teams = fields
        .optional(keys.teams)
        .map(|field| names(field, out))
        .unwrap_or_default();
    let each = fields.optional("each").map(|field| each(field, human, out));
    let Some(each) = each else {
        return vec![Slot { roles, teams, human }; count];
    };
    for key in [keys.count, keys.roles, keys.teams] {
        if let Some((span, each)) = fields.key_span(key).zip(fields.key_span("each")) {
            out.push(errors::each_with(span, each, key));
        }
    }
    each
}

/// In the place of a role, or of a list of them: a person of any.
pub(super) const ANYBODY: &str = "any";

/// `each: [[role, role], [role], any]`: one person for each list.
fn each(field: Field<'_>, human: bool, out: &mut Vec<Diagnostic>) -> Vec<Slot> {
    let lists = field.nonempty_list(out).unwrap_or_default();
    if lists.len() > PEOPLE_MAX {
        out.push(errors::impossible_approval(
            field.span(),
            &format!("it takes more than {PEOPLE_MAX} people"),
        ));
    }
    let slot = |field: Field<'_>| {
        let mut roles = names(field, out);
        if roles.iter().any(|role| role.value == ANYBODY) {
            roles.clear();
        }
        Slot {
            roles,
            teams: Vec::new(),
            human,
        }
    };
    lists.into_iter().map(slot).collect()
}

/// A number of people: at least one.
pub(super) fn people(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<usize> {
    let count = field.count(out)?;
    match usize::try_from(count.value).unwrap_or(usize::MAX) {
        0 => out.push(
            errors::impossible_approval(count.span, "it takes at least one person").help("write 1 or more"),
        ),
        few @ 1..=PEOPLE_MAX => return Some(few),
        _ => out.push(errors::impossible_approval(
            count.span,
            &format!("it takes more than {PEOPLE_MAX} people"),
        )),
    }
    None
}

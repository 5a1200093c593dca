//! Form `artifact_policy`: who may read which kind of artifact, and what must hold for storing it
//! (spec/16-data-and-compliance.md, 16.4).

use super::keep::{ENCRYPTED, at_most, days, must, of_kind};
use super::make::{DENY, key, made, named, none_of};
use super::{Form, Guard, Lowering, Rule, errors};
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Node, Scalar};
use crate::source::Span;

pub(super) const FORM: Form = Form {
    key: "artifact_policy",
    doc: "who may read which kind of artifact, and what must hold for storing it",
    lower,
};

/// Words for who may read, and the roles that they stand for. Words are joined by `_or_`.
const READERS: [(&str, &[&str]); 7] = [
    ("restricted", &["security-lead", "PlatformAdmin"]),
    (
        "run_viewer",
        &[
            "Viewer",
            "Operator",
            "Approver",
            "CampaignOwner",
            "PolicyAdmin",
            "PlatformAdmin",
            "Auditor",
        ],
    ),
    ("repo_member", &["engineer", "team-lead", "engineering-lead"]),
    ("auditor", &["Auditor"]),
    ("platform_admin", &["PlatformAdmin"]),
    ("security", &["security-lead", "ciso"]),
    ("compliance", &["compliance-lead"]),
];

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    for (kind, field) in field.nonempty_entries(to.out).unwrap_or_default() {
        if super::native::names_a_rule(kind, to.out) {
            of(kind, field, to);
        }
    }
}

fn of(kind: &Scalar, field: Field<'_>, to: &mut Lowering<'_>) {
    let what = format!("`{}`", kind.text);
    let Some(mut fields) = field.fields(&what, to.out) else {
        return;
    };
    let (name, guard) = (&*kind.text, [of_kind(kind)]);
    let mut rules = Vec::new();
    if let Some(field) = fields.optional("access") {
        let roles = readers(field, to.out);
        if !roles.is_empty() {
            rules.push(access(name, &guard, roles, key(&fields, "access")));
        }
    }
    if let Some(length) = fields
        .optional("retention_days")
        .and_then(|field| days(field, to.out))
    {
        let id = format!("{name}.retention_days");
        rules.extend(at_most(&id, &guard, length, key(&fields, "retention_days")));
    }
    let required = [("required", true), ("optional", false)];
    if let Some(word) = fields
        .optional("encryption")
        .and_then(|field| field.keyword(&required, to.out))
        && word.value
    {
        rules.extend(must(name, &guard, ENCRYPTED, key(&fields, "encryption")));
    }
    let keys = ["access", "retention_days", "encryption"];
    if fields.all_known() && keys.iter().all(|key| fields.key_span(key).is_none()) {
        to.out.push(errors::form_needs(
            fields.span(),
            &what,
            "`access`, `retention_days` or `encryption`",
        ));
    }
    fields.finish(to.out);
    to.parts.rules.extend(rules);
}

/// Nobody else reads it or gives it out.
fn access(kind: &str, guard: &[Guard], roles: Vec<Scalar>, span: Span) -> Rule {
    let mut guard = guard.to_vec();
    guard.push(none_of("role", roles, span));
    let actions = named(&["artifact.read", "artifact.export"], span);
    let mut rule = made(&format!("{kind}.access"), span, DENY, actions, guard);
    rule.reason = Some(format!("not among those who may read {kind}"));
    rule
}

/// A list is of roles, a single text of words for them.
fn readers(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Scalar> {
    if matches!(field.node(), Node::List(_)) {
        return field.nonempty_texts(out).into_iter().cloned().collect();
    }
    let Some(scalar) = field.nonempty_text(out) else {
        return Vec::new();
    };
    let mut roles = Vec::new();
    for word in scalar.text.split("_or_") {
        match READERS.iter().find(|(known, _)| *known == word) {
            Some((_, stand_for)) => roles.extend(stand_for.iter().map(|&role| Scalar {
                text: role.into(),
                ..scalar.clone()
            })),
            None => {
                let known = READERS.map(|(known, _)| known);
                out.push(errors::unknown_reader(scalar.span, word, &known));
                return Vec::new();
            }
        }
    }
    roles
}

//! Form `compliance`: which rules carry out the controls of a framework, how long audit events are kept, and who reads them
//! (spec/16-data-and-compliance.md, 16.6).

use super::keep::{at_least, length};
use super::make::{DENY, any_of, made, named, text};
use super::{Control, Form, Guard, Lowering, Rule, errors};
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Fields, Node, Scalar};
use crate::source::{Level, Span, Spanned};

pub(super) const FORM: Form = Form {
    key: "compliance",
    doc: "which rules carry out the controls of a framework, how long audit events are kept, and who reads them",
    lower,
};

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`compliance`", to.out) else {
        return;
    };
    if Level::Organization < to.source.level {
        to.out.push(errors::form_level(
            fields.start(),
            "compliance",
            Level::Organization,
            to.source.level,
        ));
    }
    let frameworks = fields
        .optional("frameworks")
        .map(|field| field.nonempty_texts(to.out));
    if let Some(field) = fields.optional("controls") {
        for (name, field) in field.nonempty_entries(to.out).unwrap_or_default() {
            known_framework(name, frameworks.as_deref(), to.out);
            let control = control(name, field, to.out);
            to.parts.controls.extend(control);
        }
    }
    if let Some(field) = fields.optional("audit_retention") {
        for (name, field) in field.nonempty_entries(to.out).unwrap_or_default() {
            retention(name, field, to);
        }
    }
    if let Some(field) = fields.optional("audit_access") {
        let span = fields.key_span("audit_access").unwrap_or(field.span());
        to.parts.rules.extend(access(field, span, to.out));
    }
    let keys = ["controls", "audit_retention", "audit_access"];
    if fields.all_known() && keys.iter().all(|key| fields.key_span(key).is_none()) {
        to.out
            .push(errors::form_needs(fields.start(), "`compliance`", "`controls`"));
    }
    fields.finish(to.out);
}

/// A control is named `<framework>/<control>`.
fn known_framework(name: &Scalar, frameworks: Option<&[&Scalar]>, out: &mut Vec<Diagnostic>) {
    let framework = name.text.split('/').next().unwrap_or_default();
    if let Some(known) = frameworks
        && !known.iter().any(|known| &*known.text == framework)
    {
        let known: Vec<&str> = known.iter().map(|known| &*known.text).collect();
        out.push(errors::unknown_framework(name.span, framework, &known));
    }
}

fn control(name: &Scalar, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Control> {
    let what = format!("`{}`", name.text);
    let mut fields = field.fields(&what, out)?;
    let mut list = |key: &'static str, out: &mut Vec<Diagnostic>| -> Vec<Spanned<String>> {
        let found = fields
            .optional(key)
            .map(|field| field.nonempty_texts(out))
            .unwrap_or_default();
        found.into_iter().map(Scalar::spanned).collect()
    };
    let rules = list("rules", out);
    let obligations = list("obligation", out);
    if rules.is_empty()
        && obligations.is_empty()
        && fields.all_known()
        && !fields.has("rules")
        && !fields.has("obligation")
    {
        out.push(errors::form_needs(
            fields.span(),
            &what,
            "`rules: [policy/rule]` or `obligation: audit`",
        ));
    }
    fields.finish(out);
    Some(Control {
        name: name.spanned(),
        rules,
        obligations,
    })
}

/// The words for environments that people say in full.
const ENVIRONMENTS: [(&str, &str); 5] = [
    ("production", "production"),
    ("staging", "staging"),
    ("test", "test"),
    ("dev", "dev"),
    ("development", "dev"),
];

/// Audit events of an environment are kept so long; under another name, the kind of artifact of that name.
fn retention(name: &Scalar, field: Field<'_>, to: &mut Lowering<'_>) {
    if !super::native::names_a_rule(name, to.out) {
        return;
    }
    let Some(length) = length(field, to.out) else {
        return;
    };
    let environment = ENVIRONMENTS.iter().find(|(word, _)| **word == *name.text);
    let selector = |key: &'static str, value: &str| {
        let value = Scalar {
            text: value.into(),
            ..name.clone()
        };
        any_of(key, vec![value], name.span)
    };
    let guard = match environment {
        Some((_, constant)) => vec![
            selector("artifact_kind", "audit_event"),
            selector("environment", constant),
        ],
        None => vec![selector("artifact_kind", &name.text)],
    };
    let id = format!("audit_retention.{}", name.text);
    to.parts.rules.extend(at_least(&id, &guard, length, name.span));
}

/// The offices that read audit logs, and their roles; a name that is none of them is a role.
const OFFICES: [(&str, &str); 5] = [
    ("team_lead", "team-lead"),
    ("engineering_lead", "engineering-lead"),
    ("security", "security-lead"),
    ("compliance", "compliance-lead"),
    ("auditor", "Auditor"),
];

#[derive(Clone, Copy)]
enum Reads {
    Own,
    Team,
    All,
}

const READS: [(&str, Reads); 3] = [("own", Reads::Own), ("team", Reads::Team), ("all", Reads::All)];

/// Nobody else reads the audit log, and nobody more of it.
fn access(field: Field<'_>, span: Span, out: &mut Vec<Diagnostic>) -> Option<Rule> {
    let mut guard = Vec::new();
    for (name, field) in field.nonempty_entries(out)? {
        let Some((reads, expires)) = reader(field, out) else {
            continue;
        };
        let office = OFFICES.iter().find(|(word, _)| **word == *name.text);
        let role = office.map_or(&*name.text, |(_, role)| role);
        let mut parts = vec![format!("subject.role == {}", serde_json::Value::from(role))];
        match reads {
            Reads::Own => parts.push("resource_type == \"subject\" && resource_id == subject.id".to_owned()),
            Reads::Team => parts.push("resource_type == \"team\" && resource_id == team.id".to_owned()),
            Reads::All => {}
        }
        if expires {
            parts.push("evidence.attested.audit_access_left > 0s".to_owned());
        }
        guard.push(Guard::Unless(text(parts.join(" && "), name.span)));
    }
    let mut rule = made("audit_access", span, DENY, named(&["audit.read"], span), guard);
    rule.reason = Some("not among those who may read this part of the audit log".to_owned());
    Some(rule)
}

/// `all`, or `{scope: all, expires: required}`.
fn reader(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<(Reads, bool)> {
    if !matches!(field.node(), Node::Map(_)) {
        return field.keyword(&READS, out).map(|word| (word.value, false));
    }
    let mut fields: Fields<'_> = field.fields("a reader of the audit log", out)?;
    let scope = fields
        .required("scope")
        .and_then(|field| field.keyword(&READS, out));
    let expires = fields
        .optional("expires")
        .and_then(|field| field.keyword(&[("required", ())], out));
    fields.finish(out);
    Some((scope?.value, expires.is_some()))
}

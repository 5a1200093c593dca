//! Form `credential_lease`: which credentials are lent, for how long, and where they never go
//! (spec/15-switches-and-roles.md, 15.7).

use super::limit::bound;
use super::make::{DENY, key, made, named, none_of, text};
use super::native::names;
use super::{Bound, Form, Guard, Kind, Limit, Lowering, Obligation, errors};
use crate::document::{Field, Scalar};
use crate::source::{Span, Spanned};

pub(super) const FORM: Form = Form {
    key: "credential_lease",
    doc: "which credentials are lent, for how long, and where they never go",
    lower,
};

const LEASE: &str = "credential.lease";

/// What a lease must be for, and the attribute that says so.
const SCOPES: [(&str, &str); 6] = [
    ("repository", "repository.id"),
    ("run", "run.id"),
    ("task", "task.id"),
    ("campaign", "campaign.id"),
    ("team", "team.id"),
    ("organization", "organization.id"),
];

/// Where a credential could come to light, and the actions by which something gets there.
const SINKS: [(&str, &[&str]); 6] = [
    ("model_context", &["context.include", "model.call"]),
    ("log", &["shell.exec", "http.request", "mcp.call"]),
    ("audit", &["credential.lease", "secret.read"]),
    ("artifact", &["artifact.write", "artifact.export"]),
    ("pull_request", &["pr.create", "pr.create_draft", "pr.update"]),
    ("judge", &["model.call"]),
];

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`credential_lease`", to.out) else {
        return;
    };
    if let Some(field) = fields.required("kinds") {
        kinds(field, key(&fields, "kinds"), to);
    }
    if let Some(field) = fields.required("max_ttl") {
        max_ttl(field, key(&fields, "max_ttl"), to);
    }
    if let Some(field) = fields.optional("scope") {
        scope(field, key(&fields, "scope"), to);
    }
    if let Some(field) = fields.optional("revoke_on") {
        let span = key(&fields, "revoke_on");
        let owed = names(field, to.out);
        let owed = owed.into_iter().map(|on| owe("revoke", &on.value, on.span));
        let mut rule = made(
            "revoke_on",
            span,
            Kind::Require,
            named(&[LEASE], span),
            Vec::new(),
        );
        rule.obligations = owed.collect();
        to.parts.rules.push(rule);
    }
    if let Some(field) = fields.optional("never_in") {
        never_in(field, to);
    }
    fields.finish(to.out);
}

fn owe(what: &str, of: &str, span: Span) -> Obligation {
    Obligation::bare(Spanned::new(format!("{what}:{of}"), span))
}

fn kinds(field: Field<'_>, span: Span, to: &mut Lowering<'_>) {
    let values: Vec<Scalar> = field.nonempty_texts(to.out).into_iter().cloned().collect();
    if values.is_empty() {
        return;
    }
    let guard = vec![none_of("credential_kind", values, span)];
    let mut rule = made("kinds", span, DENY, named(&[LEASE], span), guard);
    rule.reason = Some("credentials of this kind are not lent".to_owned());
    to.parts.rules.push(rule);
}

/// A credential that has no end is none that ends in time.
fn max_ttl(field: Field<'_>, span: Span, to: &mut Lowering<'_>) {
    let Some(cap) = bound(field, to.out) else { return };
    if !matches!(cap.value, Bound::Duration(length) if 0 < length) {
        to.out.push(field.wrong("a length of time such as `15m`"));
        return;
    }
    let limit = Limit {
        of: Some(Spanned::new("ttl".to_owned(), span)),
        at_most: Some(cap),
        ..Limit::default()
    };
    let mut rule = made(
        "max_ttl",
        span,
        Kind::Limit(limit),
        named(&[LEASE], span),
        Vec::new(),
    );
    rule.reason = Some("credentials are lent for a short time".to_owned());
    let guard = vec![Guard::When(text("!has(ttl)".to_owned(), span))];
    let mut endless = made("max_ttl.none", span, DENY, named(&[LEASE], span), guard);
    endless.reason = Some("a credential without an end is not lent".to_owned());
    to.parts.rules.extend([rule, endless]);
}

fn scope(field: Field<'_>, span: Span, to: &mut Lowering<'_>) {
    let Some(attribute) = field.keyword(&SCOPES, to.out) else {
        return;
    };
    let guard = vec![Guard::When(text(
        format!("!has({})", attribute.value),
        attribute.span,
    ))];
    let mut rule = made("scope", span, DENY, named(&[LEASE], span), guard);
    let of = attribute.value.trim_end_matches(".id");
    rule.reason = Some(format!("a credential is lent for one {of}"));
    to.parts.rules.push(rule);
}

fn never_in(field: Field<'_>, to: &mut Lowering<'_>) {
    for sink in names(field, to.out) {
        let Some((name, actions)) = SINKS.iter().find(|(name, _)| *name == sink.value) else {
            let known: Vec<&str> = SINKS.iter().map(|(name, _)| *name).collect();
            to.out.push(errors::unknown_sink(sink.span, &sink.value, &known));
            continue;
        };
        let id = format!("never_in.{name}");
        let mut rule = made(
            &id,
            sink.span,
            Kind::Require,
            named(actions, sink.span),
            Vec::new(),
        );
        rule.obligations = vec![owe("redact", name, sink.span)];
        to.parts.rules.push(rule);
    }
}

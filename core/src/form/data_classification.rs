//! Form `data_classification`: what data of each class may enter a model's context, and how it may be stored
//! (spec/16-data-and-compliance.md, 16.2).

use super::keep::{ENCRYPTED, Must, REDACTED, RESTRICTED, must};
use super::make::{DENY, key, made, named, none_of, text};
use super::{Bypass, Form, Guard, Kind, Lowering, Obligation, Rule, errors};
use crate::document::{Field, Fields, Scalar};
use crate::source::{Span, Spanned};

pub(super) const FORM: Form = Form {
    key: "data_classification",
    doc: "what data of each class may enter a model's context, and how it may be stored",
    lower,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Allowed,
    WithinTenant,
    NeedsJustification,
    RedactedOnly,
    Blocked,
    Never,
}

const CONTEXT: [(&str, Context); 6] = [
    ("allowed", Context::Allowed),
    ("within_tenant", Context::WithinTenant),
    ("needs_justification", Context::NeedsJustification),
    ("redacted_only", Context::RedactedOnly),
    ("blocked", Context::Blocked),
    ("never", Context::Never),
];

/// How it may be stored; `None` is not at all.
const ARTIFACT: [(&str, Option<&[Must]>); 5] = [
    ("allowed", Some(&[])),
    ("restricted", Some(&[RESTRICTED])),
    ("redacted_only", Some(&[REDACTED])),
    ("protected", Some(&[RESTRICTED, ENCRYPTED])),
    ("never", None),
];

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let entries = field.nonempty_entries(to.out).unwrap_or_default();
    if entries.is_empty() {
        return;
    }
    let classes: Vec<Scalar> = entries.iter().map(|(class, _)| (*class).clone()).collect();
    to.parts.rules.push(others(classes, entries[0].0.span));
    for (class, field) in entries {
        if super::native::names_a_rule(class, to.out) {
            of(class, field, to);
        }
    }
}

/// A class of which nothing is said is not handled at all.
fn others(classes: Vec<Scalar>, span: Span) -> Rule {
    let unlisted = none_of("data_class", classes, span);
    let guard = vec![Guard::When(text("has(data_class)".to_owned(), span)), unlisted];
    let actions = named(&["context.include", "model.call", "artifact.write"], span);
    let mut rule = made("other_classes", span, DENY, actions, guard);
    rule.reason = Some("nothing is said of this class of data".to_owned());
    rule
}

fn of(class: &Scalar, field: Field<'_>, to: &mut Lowering<'_>) {
    let what = format!("`{}`", class.text);
    let Some(mut fields) = field.fields(&what, to.out) else {
        return;
    };
    let guard = [of_class(class)];
    let word = fields
        .required("model_context")
        .and_then(|field| field.keyword(&CONTEXT, to.out));
    let exception = exception(&mut fields, word.as_ref().map(|word| word.value), to);
    if let Some(word) = word {
        let rules = context(
            &class.text,
            &guard,
            word.value,
            exception,
            key(&fields, "model_context"),
        );
        to.parts.rules.extend(rules);
    }
    let word = fields
        .required("artifact")
        .and_then(|field| field.keyword(&ARTIFACT, to.out));
    if let Some(word) = word {
        let rules = artifact(&class.text, &guard, word.value, key(&fields, "artifact"));
        to.parts.rules.extend(rules);
    }
    fields.finish(to.out);
}

/// What has no class is held to what is said of every class, and so to what is said of the highest.
fn of_class(class: &Scalar) -> Guard {
    let quoted = serde_json::Value::from(&*class.text);
    Guard::When(text(
        format!("!has(data_class) || data_class == {quoted}"),
        class.span,
    ))
}

/// Who may let blocked data in all the same; what is never let in has no such way.
fn exception(fields: &mut Fields<'_>, word: Option<Context>, to: &mut Lowering<'_>) -> Option<Bypass> {
    let field = fields.optional("exception")?;
    if word != Some(Context::Blocked) {
        to.out
            .push(errors::exception_of_what_is_not_blocked(key(fields, "exception")));
        return None;
    }
    super::native::bypass(field, to.out)
}

fn context(class: &str, guard: &[Guard], word: Context, bypass: Option<Bypass>, span: Span) -> Vec<Rule> {
    let id = format!("{class}.model_context");
    let deny = |actions: &[&str], more: Option<&str>, reason: &str| {
        let mut guard = guard.to_vec();
        guard.extend(more.map(|more| Guard::When(text(more.to_owned(), span))));
        let mut rule = made(&id, span, DENY, named(actions, span), guard);
        rule.reason = Some(reason.to_owned());
        rule
    };
    let item = ["context.include"];
    match word {
        Context::Allowed => Vec::new(),
        Context::WithinTenant => {
            let reason = format!("{class} data enters a model's context within its tenant alone");
            vec![deny(&item, Some("resource.tenant != tenant.id"), &reason)]
        }
        Context::NeedsJustification => {
            let reason = format!("{class} data enters a model's context only with a justification");
            vec![deny(&item, Some("!has(justification)"), &reason)]
        }
        Context::RedactedOnly => {
            let reason = format!("{class} data enters a model's context only redacted");
            let actions = named(&item, span);
            let mut owed = made(
                &format!("{id}.owed"),
                span,
                Kind::Require,
                actions,
                guard.to_vec(),
            );
            owed.obligations = vec![Obligation::bare(Spanned::new(
                "redact:model_context".to_owned(),
                span,
            ))];
            vec![deny(&item, Some("redacted != true"), &reason), owed]
        }
        Context::Blocked | Context::Never => {
            let reason = format!("{class} data does not enter a model's context");
            let mut rule = deny(&["context.include", "model.call"], None, &reason);
            rule.kind = Kind::Deny {
                unknown_asks: false,
                bypass,
            };
            vec![rule]
        }
    }
}

fn artifact(class: &str, guard: &[Guard], word: Option<&[Must]>, span: Span) -> Vec<Rule> {
    let id = format!("{class}.artifact");
    match word {
        Some(all) => all.iter().flat_map(|one| must(&id, guard, *one, span)).collect(),
        None => {
            let mut rule = made(&id, span, DENY, named(&["artifact.write"], span), guard.to_vec());
            rule.reason = Some(format!("{class} data is not stored"));
            vec![rule]
        }
    }
}

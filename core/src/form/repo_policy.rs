//! Form `repo_policy`: what agents may do in one repository (spec/11-forms.md, 11.1).

use std::collections::BTreeSet;

use super::approval::default_approval;
use super::make::{
    DENY, at_level, autonomy_cap, forbidden_paths, key, made, named, none_of, speak_for, text, under,
};
use super::native::names;
use super::{Actions, Approval, Criterion, Form, Guard, Kind, Lowering, Rule, errors};
use crate::diagnostic::nearest;
use crate::document::{Field, Scalar};
use crate::source::{Level, Span, Spanned};

pub(super) const FORM: Form = Form {
    key: "repo_policy",
    doc: "what agents may do in one repository",
    lower,
};

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`repo_policy`", to.out) else {
        return;
    };
    at_level(to, Level::Repository, "repo_policy", fields.start());
    if let Some(repository) = fields
        .required("repo")
        .and_then(|field| field.nonempty_text(to.out))
    {
        speak_for(repository, key(&fields, "repo"), to);
    }
    if let Some(cap) = fields
        .optional("autonomy_level")
        .and_then(|field| field.nonempty_text(to.out))
    {
        to.parts.rules.push(autonomy_cap("autonomy_level", cap));
    }
    if let Some(classes) = fields.optional("allowed_change_classes") {
        let classes: Vec<Scalar> = classes.texts(to.out).into_iter().cloned().collect();
        to.parts.rules.push(allowed_change_classes(
            classes,
            key(&fields, "allowed_change_classes"),
        ));
    }
    let forbidden = fields
        .optional("forbidden_paths")
        .map(|paths| paths.nonempty_texts(to.out));
    let unreadable = fields
        .optional("unreadable_paths")
        .map(|paths| paths.nonempty_texts(to.out));
    readable_secrets(
        forbidden.as_deref().unwrap_or_default(),
        unreadable.as_deref().unwrap_or_default(),
        to,
    );
    if let Some(paths) = forbidden {
        to.parts
            .rules
            .push(forbidden_paths(&paths, key(&fields, "forbidden_paths")));
    }
    if let Some(paths) = unreadable {
        to.parts
            .rules
            .push(unreadable_paths(&paths, key(&fields, "unreadable_paths")));
    }
    if let Some(verifiers) = fields.optional("required_verifiers") {
        let verifiers = verifiers.nonempty_texts(to.out);
        to.parts
            .rules
            .push(required_verifiers(&verifiers, key(&fields, "required_verifiers")));
    }
    if let Some(field) = fields.optional("approval") {
        approvals(field, to);
    }
    fields.finish(to.out);
}

/// A change of another class does not leave the workspace.
fn allowed_change_classes(classes: Vec<Scalar>, span: Span) -> Rule {
    let guard = vec![none_of("change_class", classes, span)];
    let mut rule = made(
        "allowed_change_classes",
        span,
        DENY,
        Actions::Leaving(vec!["change_class"]),
        guard,
    );
    rule.reason = Some("change class not allowed".to_owned());
    rule
}

fn unreadable_paths(paths: &[&Scalar], span: Span) -> Rule {
    let actions = named(&["file.read", "context.include"], span);
    let mut rule = made("unreadable_paths", span, DENY, actions, vec![under(paths, span)]);
    rule.reason = Some("unreadable path".to_owned());
    rule
}

/// What nobody may write because it is secret may be read all the same, unless that is said too.
fn readable_secrets(forbidden: &[&Scalar], unreadable: &[&Scalar], to: &mut Lowering<'_>) {
    let said = |path: &Scalar| unreadable.iter().any(|other| other.text == path.text);
    for path in forbidden
        .iter()
        .filter(|path| is_secret(&path.text) && !said(path))
    {
        to.out.push(errors::readable_secret(path.span, &path.text));
    }
}

/// Names under which secrets are kept.
fn is_secret(pattern: &str) -> bool {
    const WORDS: [&str; 5] = ["secret", "credential", "password", ".env", "id_rsa"];
    const ENDS: [&str; 7] = [".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kubeconfig"];
    let pattern = pattern.to_ascii_lowercase();
    WORDS.iter().any(|word| pattern.contains(word)) || ENDS.iter().any(|end| pattern.ends_with(end))
}

/// Each verifier has passed before a change leaves the workspace.
fn required_verifiers(verifiers: &[&Scalar], span: Span) -> Rule {
    let criterion = |verifier: &&Scalar| {
        let quoted = serde_json::Value::from(&*verifier.text);
        let condition = text(format!("evidence.verifiers[{quoted}] == passed"), verifier.span);
        Criterion {
            name: verifier.spanned(),
            condition,
            blocks: true,
        }
    };
    let criteria = verifiers.iter().map(criterion).collect();
    let mut rule = made(
        "required_verifiers",
        span,
        Kind::Gate(criteria),
        Actions::Leaving(Vec::new()),
        Vec::new(),
    );
    rule.reason = Some("required verifiers have not passed".to_owned());
    rule
}

fn approvals(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`approval`", to.out) else {
        return;
    };
    let classes = fields
        .required("required_for")
        .map(|field| names(field, to.out))
        .unwrap_or_default();
    let workflow = fields
        .optional("workflow")
        .and_then(|field| field.nonempty_text(to.out));
    let approval = workflow.map(|name| Approval::Workflow(name.spanned()));
    fields.finish(to.out);
    let mut seen = BTreeSet::new();
    for class in classes {
        if !seen.insert(class.value.clone()) {
            continue;
        }
        if let Some(near) = nearest(&class.value, [SHELL_NETWORK]).filter(|near| *near != class.value) {
            to.out.push(errors::unknown_class(class.span, &class.value, near));
            continue;
        }
        let approval = approval
            .clone()
            .unwrap_or_else(|| Approval::Inline(default_approval(class.span)));
        to.parts.rules.push(asks(&class, approval));
    }
}

/// The class of what a shell reaches over the network.
const SHELL_NETWORK: &str = "shell_network";

/// A class is a capability (`shell_network`: a shell command that reaches a host) or a change class.
fn asks(class: &Spanned<String>, approval: Approval) -> Rule {
    let span = class.span;
    let id = format!("approval.{}", class.value);
    let (actions, guard) = if class.value == SHELL_NETWORK {
        let shell = text("request.action == \"shell.exec\"".to_owned(), span);
        (named(&["network.connect"], span), Guard::When(shell))
    } else {
        let quoted = serde_json::Value::from(&*class.value);
        (
            Actions::Leaving(vec!["change_class"]),
            Guard::When(text(format!("change_class == {quoted}"), span)),
        )
    };
    let mut rule = made(&id, span, Kind::Ask(approval), actions, vec![guard]);
    rule.reason = Some(format!("{} needs approval", class.value));
    rule
}

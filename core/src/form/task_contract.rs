//! Form `task_contract`: what one task may touch, and how much (spec/15-switches-and-roles.md, 15.6).

use super::make::{DENY, any_of, at_level, key, made, named, none_of, text};
use super::{Actions, Bound, Form, Guard, Kind, Limit, Lowering, Rule, Scoped, errors};
use crate::amount::Amount;
use crate::document::{Field, Fields, Scalar};
use crate::normal::Globs;
use crate::schema::Schema;
use crate::source::{Level, Span, Spanned};
use crate::value::Tri;

pub(super) const FORM: Form = Form {
    key: "task_contract",
    doc: "what one task may touch, and how much",
    lower,
};

/// The keys that say something of the task.
const SAYS: [&str; 8] = [
    "paths",
    "max_files",
    "max_lines_changed",
    "generated_from",
    "base",
    "exclusive_paths",
    "class",
    "ticket",
];

const TOUCHES: [&str; 3] = ["file.write", "file.delete", "file.move"];

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`task_contract`", to.out) else {
        return;
    };
    at_level(to, Level::Task, "task_contract", fields.start());
    if let Some(task) = fields
        .required("id")
        .and_then(|field| field.nonempty_text(to.out))
        && to.source.level == Level::Task
    {
        to.scope.push(Scoped {
            level: Level::Task,
            names: vec![task.spanned()],
            span: key(&fields, "id"),
        });
    }
    let mut rules = Vec::new();
    if let Some(class) = fields
        .optional("class")
        .and_then(|field| field.nonempty_text(to.out))
    {
        rules.push(of_class(class));
    }
    if let Some(ticket) = fields
        .optional("ticket")
        .and_then(|field| field.nonempty_text(to.out))
    {
        rules.push(under_ticket(ticket));
    }
    let paths = fields
        .optional("paths")
        .map(|field| field.nonempty_texts(to.out))
        .unwrap_or_default();
    if !paths.is_empty() {
        rules.push(within(&paths, key(&fields, "paths")));
    }
    rules.extend(sizes(&mut fields, to));
    if let Some(field) = fields.optional("generated_from") {
        rules.extend(generated(field, &paths, to));
    }
    let base = fields.optional("base");
    if base.is_some_and(|field| field.keyword(&[("must_be_current", ())], to.out).is_some()) {
        rules.push(current(key(&fields, "base")));
    }
    let exclusive = fields
        .optional("exclusive_paths")
        .and_then(|field| field.bool(to.out));
    if exclusive.is_some_and(|exclusive| exclusive.value) {
        rules.push(alone(key(&fields, "exclusive_paths")));
    }
    if SAYS.iter().all(|key| !fields.has(key)) && fields.all_known() {
        to.out
            .push(errors::needs_one(fields.start(), "`task_contract`", &SAYS));
    }
    fields.finish(to.out);
    to.parts.rules.extend(rules);
}

fn deny(id: &str, span: Span, actions: Actions, when: String, reason: String) -> Rule {
    let mut rule = made(id, span, DENY, actions, vec![Guard::When(text(when, span))]);
    rule.reason = Some(reason);
    rule
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn of_class(class: &Scalar) -> Rule {
    let others = none_of("task_class", vec![class.clone()], class.span);
    let mut rule = made("class", class.span, DENY, Actions::Mutating, vec![others]);
    rule.reason = Some(format!("the task is a {}", class.text));
    rule
}

fn under_ticket(ticket: &Scalar) -> Rule {
    let when = format!("task.ticket != {}", quoted(&ticket.text));
    let reason = format!("the task is for {}", ticket.text);
    deny("ticket", ticket.span, Actions::Leaving(Vec::new()), when, reason)
}

/// What lies elsewhere is not touched, whoever asks for it.
fn within(paths: &[&Scalar], span: Span) -> Rule {
    let elsewhere = none_of("path", paths.iter().map(|&path| path.clone()).collect(), span);
    let mut rule = made("paths", span, DENY, named(&TOUCHES, span), vec![elsewhere]);
    rule.reason = Some("outside the scope of the task".to_owned());
    rule
}

fn sizes(fields: &mut Fields<'_>, to: &mut Lowering<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    if let Some(files) = fields.optional("max_files").and_then(|field| field.count(to.out)) {
        let when = format!("has(changed_files) && size(changed_files) > {}", files.value);
        let reason = format!("the task changes {} files at most", files.value);
        let actions = Actions::Leaving(vec!["changed_files"]);
        rules.push(deny("max_files", key(fields, "max_files"), actions, when, reason));
    }
    if let Some(lines) = fields
        .optional("max_lines_changed")
        .and_then(|field| field.count(to.out))
        && let Some(cap) = Amount::parse(&lines.value.to_string())
    {
        let span = key(fields, "max_lines_changed");
        let limit = Limit {
            of: Some(Spanned::new("lines_changed".to_owned(), span)),
            at_most: Some(Spanned::new(Bound::Number(cap), lines.span)),
            ..Limit::default()
        };
        let actions = Actions::Leaving(vec!["lines_changed"]);
        let mut rule = made("max_lines_changed", span, Kind::Limit(limit), actions, Vec::new());
        rule.reason = Some(format!("the task changes {} lines at most", lines.value));
        rules.push(rule);
    }
    rules
}

/// A generated file leaves the workspace together with what it is generated from, or not at all.
fn generated(field: Field<'_>, paths: &[&Scalar], to: &mut Lowering<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (number, (pattern, field)) in (1..).zip(field.nonempty_entries(to.out).unwrap_or_default()) {
        let Some(source) = field.nonempty_text(to.out) else {
            continue;
        };
        if !paths.is_empty() && !may_touch(paths, &source.text) {
            to.out.push(errors::source_outside(source.span, &source.text));
        }
        let when = format!(
            "request.action in {} && !({} in changed_files)",
            serde_json::Value::from(leaving()),
            quoted(&source.text)
        );
        let reason = format!("generated from {}, which is not changed", source.text);
        let id = format!("generated_from.{number}");
        let mut rule = deny(&id, source.span, named(&TOUCHES, source.span), when, reason);
        rule.guard
            .push(any_of("path", vec![pattern.clone()], pattern.span));
        rules.push(rule);
    }
    rules
}

/// A pattern that cannot be read is reported where it is used.
fn may_touch(paths: &[&Scalar], source: &str) -> bool {
    let patterns: Vec<&str> = paths.iter().map(|path| &*path.text).collect();
    Globs::new(&patterns).map_or(true, |globs| {
        globs.matches_path(source, Tri::False, false) != Tri::False
    })
}

/// The actions by which files leave the workspace. None of a policy set's own has derived effects.
fn leaving() -> Vec<String> {
    let schema = Schema::builtin();
    let files = schema.attribute_named("changed_files");
    let leaves = schema.actions().filter(|(id, action)| {
        action.leaves_workspace && files.is_some_and(|files| schema.belongs(files, *id))
    });
    leaves.map(|(_, action)| action.name.clone()).collect()
}

fn current(span: Span) -> Rule {
    let when = "base_sha != evidence.base_head".to_owned();
    let actions = Actions::Leaving(vec!["base_sha"]);
    let reason = "the base has moved: take the change onto its head first".to_owned();
    deny("base", span, actions, when, reason)
}

fn alone(span: Span) -> Rule {
    let when = format!(
        "request.action in {} && path in evidence.in_flight",
        serde_json::Value::from(leaving())
    );
    let reason = "another change that is not merged yet touches the same file".to_owned();
    deny("exclusive_paths", span, named(&TOUCHES, span), when, reason)
}

//! The language itself: `rules`, `switches`, `definitions` (spec/03-rules.md).

use super::approval::{self, default_approval};
use super::{
    errors, Actions, Approval, Bypass, Constant, ConstantValue, Criterion, Example, Guard, Kind, Origin, Parts, Rule, Switch, Text,
};
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Fields, Node, Scalar};
use crate::schema::SELECTORS;
use crate::source::Spanned;

const KINDS: [&str; 6] = ["allow", "only", "ask", "deny", "gate", "require"];

/// Reads the sections that are the language itself.
pub(super) fn sections(fields: &mut Fields<'_>, parts: &mut Parts, out: &mut Vec<Diagnostic>) {
    if let Some(rules) = fields.optional("rules").and_then(|field| field.list(out)) {
        parts.rules.extend(rules.into_iter().filter_map(|field| rule(field, out)));
    }
    if let Some(switches) = fields.optional("switches").and_then(|field| field.list(out)) {
        parts.rules.extend(switches.into_iter().filter_map(|field| switch(field, out)));
    }
    if let Some(definitions) = fields.optional("definitions").and_then(|field| field.nonempty_entries(out)) {
        parts.constants.extend(definitions.into_iter().filter_map(|(name, field)| constant(name, field, out)));
    }
}

fn rule(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Rule> {
    let mut fields = field.fields("a rule", out)?;
    let id = fields.required("id").and_then(|field| id(field, out));
    let kind = fields.one_of(&KINDS, out);
    let (number, actions) = kind.map_or((usize::MAX, Vec::new()), |(at, field)| (at, names(field, out)));
    let guard = guard(&mut fields, out);
    let reason = fields.optional("reason").and_then(|field| field.nonempty_text(out)).map(|text| text.text.to_string());
    let obligations = fields.optional("obligations").map(|field| names(field, out)).unwrap_or_default();
    let controls = fields.optional("controls").map(|field| texts(field, out)).unwrap_or_default();
    let expires = fields.optional("expires").and_then(|field| field.time(out)).map(|time| time.value);
    fields.optional("owner").and_then(|field| field.nonempty_text(out));
    let examples = fields.optional("examples").map(|field| examples(field, out)).unwrap_or_default();
    let span = fields.start();
    let kind = KINDS.get(number).and_then(|word| says(word, &mut fields, !obligations.is_empty(), out));
    fields.finish(out);
    let (id, kind) = (id?, kind?);
    let actions = Actions::Named(actions);
    Some(Rule { id, kind, actions, guard, reason, obligations, controls, expires, examples, span })
}

/// A name that records and tests can say.
fn id(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
    let id = field.nonempty_text(out)?.spanned();
    if !id.value.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c)) {
        out.push(errors::bad_id(id.span, &id.value));
    }
    Some(id)
}

/// The keys that belong to one kind of rule, and what the rule says with them.
fn says(word: &str, fields: &mut Fields<'_>, owes: bool, out: &mut Vec<Diagnostic>) -> Option<Kind> {
    only_with(fields, word, "approval", "ask", out);
    only_with(fields, word, "criteria", "gate", out);
    only_with(fields, word, "unknown", "deny", out);
    only_with(fields, word, "bypass", "deny", out);
    match word {
        "allow" => Some(Kind::Allow),
        "only" => Some(Kind::Only),
        "ask" => fields.required("approval").and_then(|field| asked(field, out)).map(Kind::Ask),
        "gate" => fields.required("criteria").map(|field| Kind::Gate(criteria(field, out))),
        "deny" => Some(Kind::Deny {
            unknown_asks: fields.optional("unknown").is_some_and(|field| unknown_asks(field, out)),
            bypass: fields.optional("bypass").and_then(|field| bypass(field, out)),
        }),
        _ => {
            if !owes {
                out.push(errors::needs(fields.start(), "a rule that says `require`", "obligations"));
            }
            Some(Kind::Require)
        }
    }
}

fn only_with(fields: &mut Fields<'_>, word: &str, key: &'static str, kind: &str, out: &mut Vec<Diagnostic>) {
    if word != kind && fields.has(key) {
        let span = fields.key_span(key).unwrap_or(fields.span());
        out.push(errors::not_with(span, key, word, &format!("`{kind}`")));
    }
}

fn unknown_asks(field: Field<'_>, out: &mut Vec<Diagnostic>) -> bool {
    field.keyword(&[("ask", true), ("deny", false)], out).is_some_and(|word| word.value)
}

fn asked(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Approval> {
    match field.node() {
        Node::Scalar(_) => field.nonempty_text(out).map(|name| Approval::Workflow(name.spanned())),
        Node::Map(_) | Node::List(_) => approval::body(field, out).map(Approval::Inline),
    }
}

fn bypass(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Bypass> {
    let mut fields = field.fields("a bypass", out)?;
    let roles = fields.required("roles").map(|field| names_of(field.nonempty_texts(out))).unwrap_or_default();
    let approvers = fields.optional("approvers").and_then(|field| approval::people(field, out)).unwrap_or(1);
    let valid_for = fields.required("for").and_then(|field| field.duration(out)).map(|time| time.value);
    let then = fields.optional("then").map(|field| names(field, out)).unwrap_or_default();
    let span = fields.span();
    fields.finish(out);
    let slot = super::Slot { roles, ..super::Slot::default() };
    let mut body = default_approval(span);
    body.slots = vec![slot; approvers];
    body.valid_for = valid_for;
    Some(Bypass { body, then })
}

/// `criteria: {name: condition}` or a list of conditions, which then are their own names.
fn criteria(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Criterion> {
    if let Node::Map(_) = field.node() {
        let entries = field.nonempty_entries(out).unwrap_or_default();
        let criterion = |(name, field): (&Scalar, Field<'_>)| {
            let text = field.nonempty_text(out)?;
            Some(Criterion { name: name.spanned(), condition: written(text) })
        };
        return entries.into_iter().filter_map(criterion).collect();
    }
    let conditions = field.nonempty_texts(out).into_iter();
    conditions.map(|text| Criterion { name: text.spanned(), condition: written(text) }).collect()
}

fn switch(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Rule> {
    let mut fields = field.fields("a switch", out)?;
    let id = fields.required("id").and_then(|field| id(field, out));
    let denies = fields.required("denies").map(|field| names(field, out)).unwrap_or_default();
    let guard = guard(&mut fields, out);
    let on = fields.optional("on").and_then(|field| field.bool(out)).is_some_and(|on| on.value);
    let max_age = fields.optional("max_age").and_then(|field| field.duration(out)).map(|age| age.value);
    let reason = fields.optional("reason").and_then(|field| field.nonempty_text(out)).map(|text| text.text.to_string());
    let controls = fields.optional("controls").map(|field| texts(field, out)).unwrap_or_default();
    let span = fields.start();
    fields.finish(out);
    Some(Rule {
        id: id?,
        kind: Kind::Switch(Switch { on, max_age }),
        actions: Actions::Named(denies),
        guard,
        reason,
        obligations: Vec::new(),
        controls,
        expires: None,
        examples: Vec::new(),
        span,
    })
}

/// Selectors, `not`, `when` and `unless`.
fn guard(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Vec<Guard> {
    let mut guard = selectors(fields, false, out);
    if let Some(mut negated) = fields.optional("not").and_then(|field| field.fields("`not`", out)) {
        guard.extend(selectors(&mut negated, true, out));
        negated.finish(out);
    }
    if let Some(field) = fields.optional("when") {
        guard.extend(field.nonempty_texts(out).into_iter().map(written).map(Guard::When));
    }
    if let Some(field) = fields.optional("unless") {
        guard.extend(field.nonempty_texts(out).into_iter().map(written).map(Guard::Unless));
    }
    guard
}

fn selectors(fields: &mut Fields<'_>, negated: bool, out: &mut Vec<Diagnostic>) -> Vec<Guard> {
    let mut guard = Vec::new();
    for selector in SELECTORS {
        if let Some(field) = fields.optional(selector.key) {
            let span = fields.key_span(selector.key).unwrap_or(field.span());
            let values = field.nonempty_texts(out).into_iter().cloned().collect();
            guard.push(Guard::Selector { selector: Spanned::new(selector.key, span), values, negated });
        }
    }
    guard
}

fn written(text: &Scalar) -> Text {
    Text { text: text.text.to_string(), origin: Origin::Written(text.clone()) }
}

fn examples(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Example> {
    let Some(mut fields) = field.fields("`examples`", out) else { return Vec::new() };
    let mut found = Vec::new();
    for (key, matches) in [("match", true), ("no_match", false)] {
        if let Some(field) = fields.optional(key) {
            let requests = field.one_or_many(out).into_iter();
            found.extend(requests.map(|field| Example { request: field.node().clone(), matches }));
        }
    }
    fields.finish(out);
    found
}

fn constant(name: &Scalar, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Constant> {
    let value = match field.node() {
        Node::List(_) => ConstantValue::List(field.nonempty_texts(out).into_iter().cloned().collect()),
        Node::Scalar(_) | Node::Map(_) => ConstantValue::One(field.text(out)?.clone()),
    };
    Some(Constant { name: name.spanned(), value })
}

/// One name or several.
pub(super) fn names(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Spanned<String>> {
    names_of(field.nonempty_texts(out))
}

fn names_of(scalars: Vec<&Scalar>) -> Vec<Spanned<String>> {
    scalars.into_iter().map(Scalar::spanned).collect()
}

fn texts(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<String> {
    field.nonempty_texts(out).into_iter().map(|text| text.text.to_string()).collect()
}

//! The language itself: `rules`, `switches`, `definitions` (spec/03-rules.md).

use super::approval::{self, default_approval};
use super::{
    Actions, Approval, Bypass, Constant, ConstantValue, Criterion, Example, Guard, Kind, Origin, Parts, Rule,
    Switch, Text, errors, limit, owed,
};
use crate::diagnostic::Diagnostic;
use crate::document::{Core, Field, Fields, Node, Scalar};
use crate::schema::SELECTORS;
use crate::source::Spanned;

pub(super) const KINDS: [&str; 7] = ["allow", "only", "ask", "deny", "gate", "require", "limit"];

/// Reads the sections that are the language itself.
pub(super) fn sections(fields: &mut Fields<'_>, parts: &mut Parts, out: &mut Vec<Diagnostic>) {
    if let Some(rules) = fields.optional("rules").and_then(|field| field.list(out)) {
        parts
            .rules
            .extend(rules.into_iter().filter_map(|field| rule(field, out)));
    }
    if let Some(switches) = fields.optional("switches").and_then(|field| field.list(out)) {
        parts
            .rules
            .extend(switches.into_iter().filter_map(|field| switch(field, out)));
    }
    if let Some(definitions) = fields
        .optional("definitions")
        .and_then(|field| field.nonempty_entries(out))
    {
        parts.constants.extend(
            definitions
                .into_iter()
                .map(|(name, field)| constant(name, field, out)),
        );
    }
}

fn rule(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Rule> {
    let mut fields = field.fields("a rule", out)?;
    let id = fields.required("id").and_then(|field| id(field, out));
    let kinds = KINDS.iter().filter(|kind| fields.has(kind)).count();
    let kind = fields.one_of(&KINDS, out);
    let word = kind.map(|(at, _)| KINDS[at]);
    let kind_span = word
        .and_then(|word| fields.key_span(word))
        .unwrap_or(fields.start());
    let actions = kind.map(|(_, field)| names(field, out)).unwrap_or_default();
    let guard = guard(&mut fields, out);
    let reason = fields
        .optional("reason")
        .and_then(|field| field.nonempty_text(out))
        .map(|text| text.text.to_string());
    let owes = fields.has("obligations");
    let obligations = fields
        .optional("obligations")
        .map(|field| owed::obligations(field, out))
        .unwrap_or_default();
    let controls = fields
        .optional("controls")
        .map(|field| texts(field, out))
        .unwrap_or_default();
    let expires = fields
        .optional("expires")
        .and_then(|field| field.time(out))
        .map(|time| time.value);
    let owner = fields
        .optional("owner")
        .and_then(|field| field.nonempty_text(out))
        .map(|owner| owner.text.to_string());
    let examples = fields
        .optional("examples")
        .map(|field| examples(field, out))
        .unwrap_or_default();
    let span = fields.start();
    // Which keys belong to a rule that says nothing, or two things, is not known.
    let kind = match word.filter(|_| kinds == 1) {
        Some(word) => says(word, &mut fields, owes, out),
        None => {
            KIND_KEYS.iter().for_each(|(key, _)| _ = fields.has(key));
            None
        }
    };
    fields.finish(out);
    let (id, kind) = (id?, kind?);
    let actions = Actions::Named(actions);
    Some(Rule {
        id,
        kind,
        kind_span,
        actions,
        guard,
        reason,
        obligations,
        controls,
        expires,
        owner,
        examples,
        span,
    })
}

/// A name that records and tests can say.
fn id(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
    let id = field.nonempty_text(out)?.spanned();
    if !id
        .value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
    {
        out.push(errors::bad_id(id.span, &id.value, ""));
    }
    Some(id)
}

/// Whether a key can be part of the names of the rules that a form makes of its entry; else it says so.
pub(super) fn names_a_rule(key: &Scalar, out: &mut Vec<Diagnostic>) -> bool {
    let usable = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let names = !key.text.is_empty() && key.text.chars().all(usable);
    if !names {
        out.push(errors::bad_id(key.span, &key.text, ""));
    }
    names
}

/// The keys that belong to one kind of rule.
const KIND_KEYS: [(&str, &str); 13] = [
    ("approval", "ask"),
    ("criteria", "gate"),
    ("reports", "gate"),
    ("unknown", "deny"),
    ("bypass", "deny"),
    ("of", "limit"),
    ("unit", "limit"),
    ("per", "limit"),
    ("window", "limit"),
    ("at_most", "limit"),
    ("at_least", "limit"),
    ("alert_at", "limit"),
    ("stop_at", "limit"),
];

/// What a rule says with the keys of its kind.
fn says(word: &str, fields: &mut Fields<'_>, owes: bool, out: &mut Vec<Diagnostic>) -> Option<Kind> {
    KIND_KEYS
        .iter()
        .for_each(|(key, kind)| only_with(fields, word, key, kind, out));
    match word {
        "allow" => Some(Kind::Allow),
        "only" => Some(Kind::Only),
        "ask" => needed(fields, word, "approval", "{count: 1, by: human}", out)
            .and_then(|field| asked(field, out))
            .map(Kind::Ask),
        "gate" => gate(word, fields, out),
        "limit" => Some(Kind::Limit(limit::read(fields, out))),
        "deny" => Some(Kind::Deny {
            unknown_asks: fields
                .optional("unknown")
                .is_some_and(|field| unknown_asks(field, out)),
            bypass: fields.optional("bypass").and_then(|field| bypass(field, out)),
        }),
        _ => {
            if !owes {
                needed(fields, word, "obligations", "[audit]", out);
            }
            Some(Kind::Require)
        }
    }
}

fn only_with(
    fields: &mut Fields<'_>,
    word: &str,
    key: &'static str,
    kind: &'static str,
    out: &mut Vec<Diagnostic>,
) {
    if word != kind && fields.has(key) {
        let span = fields.key_span(key).unwrap_or(fields.span());
        out.push(errors::not_with(span, key, word, &format!("`{kind}`")));
    }
}

/// A key that a rule of this kind must have.
fn needed<'a>(
    fields: &mut Fields<'a>,
    kind: &str,
    key: &'static str,
    example: &str,
    out: &mut Vec<Diagnostic>,
) -> Option<Field<'a>> {
    let span = fields.key_span(kind).unwrap_or(fields.start());
    let field = fields.optional(key);
    if field.is_none() && !fields.misspelt(key) {
        out.push(errors::kind_needs(span, kind, key, example));
    }
    field
}

fn unknown_asks(field: Field<'_>, out: &mut Vec<Diagnostic>) -> bool {
    field.keyword(&[("ask", ())], out).is_some()
}

/// A workflow by name, or an approval on the spot.
pub(super) fn asked(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Approval> {
    match field.node() {
        Node::Scalar(_) => field
            .nonempty_text(out)
            .map(|name| Approval::Workflow(name.spanned())),
        Node::Map(_) | Node::List(_) => approval::body(field, out).map(Approval::Inline),
    }
}

pub(super) fn bypass(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Bypass> {
    let mut fields = field.fields("a bypass", out)?;
    let roles = fields
        .required("roles")
        .map(|field| names_of(field.nonempty_texts(out)))
        .unwrap_or_default();
    let approvers = fields
        .optional("approvers")
        .and_then(|field| approval::people(field, out))
        .unwrap_or(1);
    let valid_for = fields
        .required("for")
        .and_then(|field| field.duration(out))
        .map(|time| time.value);
    let then = fields
        .optional("then")
        .map(|field| owed::obligations(field, out))
        .unwrap_or_default();
    let span = fields.span();
    fields.finish(out);
    let slot = super::Slot {
        roles,
        ..super::Slot::default()
    };
    let mut body = default_approval(span);
    body.slots = vec![slot; approvers];
    body.valid_for = valid_for;
    Some(Bypass { body, then })
}

/// The criteria of a gate, and those that are only reported.
fn gate(word: &str, fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Option<Kind> {
    let reports = fields
        .optional("reports")
        .map(|field| criteria(field, false, out));
    let field = match &reports {
        Some(_) => fields.optional("criteria"),
        None => needed(
            fields,
            word,
            "criteria",
            "{tests: evidence.verifiers.unit_tests == passed}",
            out,
        ),
    };
    let criteria = field.map(|field| criteria(field, true, out));
    let all = criteria.into_iter().chain(reports).flatten().collect();
    fields
        .has("criteria")
        .then_some(())
        .or(fields.has("reports").then_some(()))?;
    Some(Kind::Gate(all))
}

/// `criteria: {name: condition}` or a list of conditions, which then are their own names.
fn criteria(field: Field<'_>, blocks: bool, out: &mut Vec<Diagnostic>) -> Vec<Criterion> {
    if let Node::Map(_) = field.node() {
        let entries = field.nonempty_entries(out).unwrap_or_default();
        let criterion = |(name, field): (&Scalar, Field<'_>)| {
            let text = field.nonempty_text(out)?;
            Some(Criterion {
                name: name.spanned(),
                condition: written(text),
                blocks,
            })
        };
        return entries.into_iter().filter_map(criterion).collect();
    }
    let conditions = field.nonempty_texts(out).into_iter();
    conditions
        .map(|text| Criterion {
            name: text.spanned(),
            condition: written(text),
            blocks,
        })
        .collect()
}

/// What a switch does to what it names while it is on.
const SWITCH_SAYS: [&str; 2] = ["denies", "require"];

fn switch(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Rule> {
    let mut fields = field.fields("a switch", out)?;
    let id = fields.required("id").and_then(|field| id(field, out));
    let says = fields.one_of(&SWITCH_SAYS, out);
    let word = says.map_or(SWITCH_SAYS[0], |(at, _)| SWITCH_SAYS[at]);
    let actions = says.map(|(_, field)| names(field, out)).unwrap_or_default();
    let owes = fields.has("obligations");
    let obligations = fields
        .optional("obligations")
        .map(|field| owed::obligations(field, out))
        .unwrap_or_default();
    if word == "require" && !owes {
        needed(&mut fields, word, "obligations", "[cancel_run]", out);
    }
    let guard = guard(&mut fields, out);
    let on = fields
        .optional("on")
        .and_then(|field| field.bool(out))
        .is_some_and(|on| on.value);
    let max_age = fields
        .optional("max_age")
        .and_then(|field| field.duration(out))
        .map(|age| age.value);
    let reason = fields
        .optional("reason")
        .and_then(|field| field.nonempty_text(out))
        .map(|text| text.text.to_string());
    let span = fields.start();
    let kind_span = fields.key_span(word).unwrap_or(span);
    fields.finish(out);
    let denies = word == "denies";
    Some(Rule {
        id: id?,
        kind: Kind::Switch(Switch { on, max_age, denies }),
        kind_span,
        actions: Actions::Named(actions),
        guard,
        reason,
        obligations,
        controls: Vec::new(),
        expires: None,
        owner: None,
        examples: Vec::new(),
        span,
    })
}

/// Selectors, `not`, `when` and `unless`.
pub(super) fn guard(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Vec<Guard> {
    let mut guard = selectors(fields, false, out);
    if let Some(field) = fields
        .optional("not")
        .filter(|field| field.nonempty_entries(out).is_some())
    {
        let negated = field.fields("`not`", out);
        guard.extend(negated.map(|negated| unmatched(negated, out)).unwrap_or_default());
    }
    if let Some(field) = fields.optional("when") {
        guard.extend(conditions(field, out).into_iter().map(written).map(Guard::When));
    }
    if let Some(field) = fields.optional("unless") {
        guard.extend(conditions(field, out).into_iter().map(written).map(Guard::Unless));
    }
    guard
}

/// One condition or several. That one is empty the conditions themselves report.
fn conditions<'a>(field: Field<'a>, out: &mut Vec<Diagnostic>) -> Vec<&'a Scalar> {
    if matches!(field.node(), Node::List(list) if list.items.is_empty()) {
        return field.nonempty_texts(out);
    }
    let many = field.one_or_many(out);
    many.into_iter().filter_map(|field| field.text(out)).collect()
}

/// The selectors of `not`, none of which may match.
fn unmatched(mut fields: Fields<'_>, out: &mut Vec<Diagnostic>) -> Vec<Guard> {
    let guard = selectors(&mut fields, true, out);
    fields.finish(out);
    guard
}

fn selectors(fields: &mut Fields<'_>, negated: bool, out: &mut Vec<Diagnostic>) -> Vec<Guard> {
    let mut guard = Vec::new();
    for selector in SELECTORS {
        if let Some(field) = fields.optional(selector.key) {
            let span = fields.key_span(selector.key).unwrap_or(field.span());
            let values = field.nonempty_texts(out).into_iter().cloned().collect();
            guard.push(Guard::Selector {
                selector: Spanned::new(selector.key, span),
                values,
                negated,
            });
        }
    }
    guard
}

/// A condition's text as the author wrote it.
pub(super) fn written(text: &Scalar) -> Text {
    Text {
        text: text.text.to_string(),
        origin: Origin::Written(text.clone()),
    }
}

fn examples(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Example> {
    let Some(mut fields) = field.fields("`examples`", out) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (key, matches) in [("match", true), ("no_match", false)] {
        if let Some(field) = fields.optional(key) {
            let requests = field.one_or_many(out).into_iter();
            found.extend(requests.map(|field| Example {
                request: field.node().clone(),
                matches,
            }));
        }
    }
    fields.finish(out);
    found
}

/// A definition whose value is wrong is still a name: that it is used is no second mistake.
fn constant(name: &Scalar, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Constant {
    if !errors::is_identifier(&name.text) {
        out.push(errors::bad_name(name.span, "definition", &name.text));
    }
    let before = out.len();
    let value = match field.node() {
        Node::List(_) => {
            let items: Vec<Scalar> = field.nonempty_texts(out).into_iter().cloned().collect();
            out.extend(mixed(name, &items));
            ConstantValue::List(items)
        }
        Node::Scalar(_) if !field.is_null() => {
            ConstantValue::One(field.text(out).expect("it is text").clone())
        }
        Node::Scalar(_) | Node::Map(_) => {
            out.push(field.wrong("a value or a list of values"));
            ConstantValue::Broken
        }
    };
    let value = if out.len() == before {
        value
    } else {
        ConstantValue::Broken
    };
    Constant {
        name: name.spanned(),
        value,
    }
}

/// A list of one type: all text, or all numbers, or all truth values.
fn mixed(name: &Scalar, items: &[Scalar]) -> Option<Diagnostic> {
    let kind = |item: &Scalar| match item.core() {
        Core::Int(_) | Core::BigInt | Core::Float(_) => "a number",
        Core::Bool(_) => "a truth value",
        Core::Null | Core::Text => "text",
    };
    let first = kind(items.first()?);
    let other = items.iter().find(|item| kind(item) != first)?;
    Some(errors::mixed_list(other.span, &name.text, first, kind(other)))
}

/// One name or several.
pub(super) fn names(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Spanned<String>> {
    names_of(field.nonempty_texts(out))
}

fn names_of(scalars: Vec<&Scalar>) -> Vec<Spanned<String>> {
    scalars.into_iter().map(Scalar::spanned).collect()
}

fn texts(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<String> {
    field
        .nonempty_texts(out)
        .into_iter()
        .map(|text| text.text.to_string())
        .collect()
}

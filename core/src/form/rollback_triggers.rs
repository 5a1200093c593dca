//! Forms `rollback_triggers`, `rollback_procedure` and `post_rollback`: when a running change may not go on, how it is taken
//! back, what is owed afterwards (spec/17-gates-and-advice.md, 17.6).

use std::collections::BTreeMap;

use super::bound::{condition, window};
use super::make::{DENY, for_id, made, named, text};
use super::{Form, Guard, Kind, Lowering, Obligation, Text, errors};
use crate::document::{Field, Scalar};
use crate::source::{Span, Spanned};

pub(super) const TRIGGERS: Form = Form {
    key: "rollback_triggers",
    doc: "when a running change may not go on, and what is done then",
    lower: triggers,
};

pub(super) const PROCEDURE: Form = Form {
    key: "rollback_procedure",
    doc: "how a change is taken back",
    lower: procedure,
};

pub(super) const AFTERWARDS: Form = Form {
    key: "post_rollback",
    doc: "what is owed after a change was taken back",
    lower: afterwards,
};

/// What to do, and the obligations that it stands for.
pub(super) const ACTIONS: [(&str, &[&str]); 5] = [
    ("rollback", &["rollback"]),
    ("block", &["block"]),
    ("block_and_rollback", &["block", "rollback"]),
    ("pause", &["pause"]),
    ("escalate_to_human", &["escalate:human"]),
];

fn triggers(field: Field<'_>, to: &mut Lowering<'_>) {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    for field in field.nonempty_list(to.out).unwrap_or_default() {
        let before = to.parts.rules.len();
        let Some(name) = trigger(field, to) else { continue };
        if let Some(first) = names.insert(&name.text, name.span) {
            // Said once, of the trigger; not again of each rule that it would become.
            to.parts.rules.truncate(before);
            to.out
                .push(errors::name_again(name.span, first, "triggers", &name.text));
        }
    }
}

fn trigger<'a>(field: Field<'a>, to: &mut Lowering<'_>) -> Option<&'a Scalar> {
    let mut fields = field.fields("a trigger", to.out)?;
    let name = fields
        .required("name")
        .and_then(|field| field.nonempty_text(to.out));
    let window = fields.optional("window").and_then(|field| window(field, to.out));
    let when = fields
        .required("condition")
        .and_then(|field| field.nonempty_text(to.out))
        .and_then(|scalar| condition(scalar, window.as_deref(), to.out));
    let severity = fields
        .optional("severity")
        .map(|field| field.nonempty_texts(to.out));
    let action = fields
        .required("action")
        .and_then(|field| field.keyword(&ACTIONS, to.out));
    let within = fields
        .optional("timeout")
        .and_then(|field| field.duration(to.out));
    let told = fields
        .optional("notification")
        .map(|field| field.nonempty_texts(to.out))
        .unwrap_or_default();
    fields.finish(to.out);
    let (name, when, action) = (name?, when?, action?);
    for_id(name, to);
    let when = match severity {
        Some(any) => of_severity(when, &any),
        None => when,
    };
    let mut owed = acts(action.value, action.span, within.map(|within| within.value));
    owed.extend(told.into_iter().map(tell));
    holds(&name.text, name.span, when, &owed, &reason(&name.text), to);
    Some(name)
}

fn reason(name: &str) -> String {
    format!("{} has come about", name.replace('_', " "))
}

/// The obligations of an action word.
pub(super) fn acts(names: &[&str], span: Span, within: Option<i128>) -> Vec<Obligation> {
    let owe = |name: &&str| Obligation {
        within,
        ..Obligation::bare(Spanned::new((*name).to_owned(), span))
    };
    names.iter().map(owe).collect()
}

pub(super) fn tell(channel: &Scalar) -> Obligation {
    Obligation::bare(Spanned::new(format!("notify:{}", channel.text), channel.span))
}

/// Any of the listed severities, as it is reported beside the figure.
fn of_severity(when: Text, any: &[&Scalar]) -> Text {
    let Some(span) = any.first().map(|severity| severity.span) else {
        return when;
    };
    let quoted: Vec<String> = any
        .iter()
        .map(|severity| serde_json::Value::from(&*severity.text).to_string())
        .collect();
    let severity = format!("evidence.figures.severity in [{}]", quoted.join(", "));
    text(format!("({}) && {severity}", when.text), span)
}

/// While it holds, the change does not go to its next step; and whoever looks at it is told what to do.
pub(super) fn holds(
    id: &str,
    span: Span,
    when: Text,
    owed: &[Obligation],
    reason: &str,
    to: &mut Lowering<'_>,
) {
    let mut stop = made(
        id,
        span,
        DENY,
        named(&["rollout.promote"], span),
        vec![Guard::When(when.clone())],
    );
    stop.reason = Some(reason.to_owned());
    stop.obligations = owed.to_vec();
    let mut watch = made(
        &format!("{id}.observed"),
        span,
        Kind::Require,
        named(&["rollout.observe"], span),
        vec![Guard::When(when)],
    );
    watch.reason = Some(reason.to_owned());
    watch.obligations = owed.to_vec();
    to.parts.rules.extend([stop, watch]);
}

fn procedure(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`rollback_procedure`", to.out) else {
        return;
    };
    let span = fields.start();
    let strategy = fields
        .optional("strategy")
        .and_then(|field| field.nonempty_text(to.out));
    let within = fields
        .optional("timeout")
        .and_then(|field| field.duration(to.out));
    let within = within.map(|within| within.value);
    let checks = fields
        .optional("verification")
        .map(|field| verification(field, to))
        .unwrap_or_default();
    let told = fields
        .optional("notification")
        .map(|field| notification(field, to))
        .unwrap_or_default();
    fields.finish(to.out);
    let mut owed = Vec::new();
    if let Some(strategy) = strategy {
        owed.push((format!("rollback:{}", strategy.text), strategy.span));
    }
    owed.extend(
        checks
            .iter()
            .map(|check| (format!("verify:{}", check.text), check.span)),
    );
    let mut obligations: Vec<Obligation> = owed
        .into_iter()
        .map(|(name, span)| Obligation {
            within,
            ..Obligation::bare(Spanned::new(name, span))
        })
        .collect();
    obligations.extend(told.into_iter().map(tell));
    on_rollback(
        "rollback_procedure",
        span,
        obligations,
        "how a change is taken back",
        to,
    );
}

fn on_rollback(id: &str, span: Span, obligations: Vec<Obligation>, reason: &str, to: &mut Lowering<'_>) {
    if obligations.is_empty() {
        to.out.push(errors::owes_nothing(span, id));
        return;
    }
    let mut rule = made(
        id,
        span,
        Kind::Require,
        named(&["change.rollback"], span),
        Vec::new(),
    );
    rule.reason = Some(reason.to_owned());
    rule.obligations = obligations;
    to.parts.rules.push(rule);
}

/// A list of names, or of names each with the word `required`.
fn verification<'a>(field: Field<'a>, to: &mut Lowering<'_>) -> Vec<&'a Scalar> {
    let mut checks = Vec::new();
    for item in field.nonempty_list(to.out).unwrap_or_default() {
        if !super::bound::is_map(item) {
            checks.extend(item.nonempty_text(to.out));
            continue;
        }
        for (name, word) in item.nonempty_entries(to.out).unwrap_or_default() {
            let required = word.keyword(&[("required", true), ("optional", false)], to.out);
            checks.extend(required.filter(|required| required.value).map(|_| name));
        }
    }
    checks
}

/// `on_start`, `on_complete`, `on_failure`: each true or false.
fn notification<'a>(field: Field<'a>, to: &mut Lowering<'_>) -> Vec<&'a Scalar> {
    let moments = ["on_start", "on_complete", "on_failure"];
    let entries = field.nonempty_entries(to.out).unwrap_or_default();
    let mut fields = field.fields("`notification`", &mut Vec::new());
    let mut told = Vec::new();
    for (name, value) in entries {
        if moments.contains(&&*name.text) && value.bool(to.out).is_some_and(|on| on.value) {
            told.push(name);
        }
    }
    if let Some(mut fields) = fields.take() {
        moments.iter().for_each(|moment| _ = fields.has(moment));
        fields.finish(to.out);
    }
    told
}

fn afterwards(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`post_rollback`", to.out) else {
        return;
    };
    let span = fields.start();
    let mut obligations = Vec::new();
    for (key, name) in [
        ("create_incident", "create_incident"),
        ("notify_stakeholders", "notify:stakeholders"),
        ("schedule_review", "schedule_review"),
    ] {
        let at = fields.key_span(key).unwrap_or(span);
        if fields
            .optional(key)
            .and_then(|field| field.bool(to.out))
            .is_some_and(|on| on.value)
        {
            obligations.push(Obligation::bare(Spanned::new(name.to_owned(), at)));
        }
    }
    if let Some(within) = fields
        .optional("review_deadline")
        .and_then(|field| field.duration(to.out))
    {
        match obligations
            .iter_mut()
            .find(|owed| owed.name.value == "schedule_review")
        {
            Some(review) => review.within = Some(within.value),
            None => to.out.push(errors::needs_beside(
                fields.key_span("review_deadline").unwrap_or(span),
                "review_deadline",
                "schedule_review",
            )),
        }
    }
    fields.finish(to.out);
    on_rollback(
        "post_rollback",
        span,
        obligations,
        "what is owed after a rollback",
        to,
    );
}

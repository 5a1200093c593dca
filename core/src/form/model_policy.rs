//! Form `model_policy`: which models may be called for a class of task, with what data, for what, how logged and how much
//! (spec/16-data-and-compliance.md, 16.1).

use super::make::{DENY, any_of, key, made, named, none_of, text};
use super::{Bound, Form, Guard, Kind, Limit, Lowering, Obligation, Rule, Text, errors};
use crate::amount::Amount;
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Fields, Node, Scalar};
use crate::normal::Globs;
use crate::source::{Span, Spanned};

pub(super) const FORM: Form = Form {
    key: "model_policy",
    doc: "which models may be called, with what data, for what, how logged and how much",
    lower,
};

/// What each kind of rule is called; at least one of these keys is there.
const KEYS: [&str; 6] = [
    "allowed_models",
    "blocked_models",
    "data_class_max",
    "regions",
    "prompt_logging",
    "max_tokens_per_run",
];

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`model_policy`", to.out) else {
        return;
    };
    let classes = fields
        .optional("task_class")
        .map(|field| field.nonempty_texts(to.out));
    let form = ModelPolicy {
        classes: classes.map(|classes| (key(&fields, "task_class"), classes)),
    };
    let allowed = allowed(&mut fields, to.out);
    let blocked = fields
        .optional("blocked_models")
        .map(|field| field.nonempty_texts(to.out))
        .unwrap_or_default();
    clashes(&allowed, &blocked, to.out);
    let fallback = fallback(&mut fields, &allowed, to.out);
    let mut rules = Vec::new();
    if !allowed.is_empty() {
        let guard = allowed
            .iter()
            .map(|model| Guard::Unless(model.condition()))
            .collect();
        let mut rule = form.deny(
            "allowed_models",
            key(&fields, "allowed_models"),
            guard,
            "not an allowed model",
        );
        rule.obligations = fallback.clone();
        rules.push(rule);
    }
    if !blocked.is_empty() {
        let span = key(&fields, "blocked_models");
        let guard = any_of("model", blocked.into_iter().cloned().collect(), span);
        let mut rule = form.deny("blocked_models", span, vec![guard], "a blocked model");
        rule.obligations = fallback;
        rules.push(rule);
    }
    if let Some(class) = fields
        .optional("data_class_max")
        .and_then(|field| field.nonempty_text(to.out))
    {
        let over = format!("!has(data_class) || data_class > {}", quoted(class));
        let guard = vec![Guard::When(text(over, class.span))];
        let reason = "data of a higher class than the model may get, or of none";
        rules.push(form.deny("data_class_max", key(&fields, "data_class_max"), guard, reason));
    }
    if let Some(regions) = fields.optional("regions") {
        let span = key(&fields, "regions");
        let listed = regions.nonempty_texts(to.out).into_iter().cloned().collect();
        let guard = none_of("region", listed, span);
        rules.push(form.deny("regions", span, vec![guard], "the model runs in another region"));
    }
    if let Some(field) = fields.optional("prompt_logging") {
        rules.extend(form.logging(field, to.out));
    }
    if let Some(most) = fields
        .optional("max_tokens_per_run")
        .and_then(|field| field.count(to.out))
    {
        rules.push(form.tokens(most.value, key(&fields, "max_tokens_per_run")));
    }
    if fields.all_known() && KEYS.iter().all(|key| fields.key_span(key).is_none()) {
        to.out.push(errors::form_needs(
            fields.start(),
            "`model_policy`",
            "`allowed_models`",
        ));
    }
    fields.finish(to.out);
    to.parts.rules.extend(rules);
}

/// The tasks that the form speaks of.
struct ModelPolicy<'a> {
    classes: Option<(Span, Vec<&'a Scalar>)>,
}

impl ModelPolicy<'_> {
    fn rule(&self, id: &str, span: Span, kind: Kind, guard: Vec<Guard>) -> Rule {
        let classes = self.classes.iter().map(|(span, classes)| {
            let classes = classes.iter().map(|&class| class.clone()).collect();
            any_of("task_class", classes, *span)
        });
        let guard = classes.chain(guard).collect();
        made(id, span, kind, named(&["model.call"], span), guard)
    }

    fn deny(&self, id: &str, span: Span, guard: Vec<Guard>, reason: &str) -> Rule {
        let mut rule = self.rule(id, span, DENY, guard);
        rule.reason = Some(reason.to_owned());
        rule
    }

    /// `raw` and `redacted`: whether a prompt may be written down so. What is written down redacted is owed to be.
    fn logging(&self, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Rule> {
        let Some(mut fields) = field.fields("`prompt_logging`", out) else {
            return Vec::new();
        };
        let mut rules = Vec::new();
        for (word, log) in [("raw", "raw_log"), ("redacted", "redacted_log")] {
            let span = key(&fields, word);
            let guard = vec![Guard::When(text(format!("prompt_log == {log}"), span))];
            match fields
                .optional(word)
                .and_then(|field| field.bool(out))
                .map(|may| may.value)
            {
                Some(false) => {
                    let reason = format!("prompts are not logged {word}");
                    rules.push(self.deny(&format!("prompt_logging.{word}"), span, guard, &reason));
                }
                Some(true) if word == "redacted" => {
                    let mut rule = self.rule("prompt_logging.redacted", span, Kind::Require, guard);
                    rule.obligations = vec![owed("redact:prompt_log", span)];
                    rules.push(rule);
                }
                _ => {}
            }
        }
        if fields.all_known() && !fields.has("raw") && !fields.has("redacted") {
            out.push(errors::form_needs(
                fields.span(),
                "`prompt_logging`",
                "`raw` or `redacted`",
            ));
        }
        fields.finish(out);
        rules
    }

    fn tokens(&self, most: u64, span: Span) -> Rule {
        let name = |name: &str| Some(Spanned::new(name.to_owned(), span));
        let most = Amount::parse(&most.to_string()).expect("a whole number within 2^53 is an amount");
        let limit = Limit {
            of: name("tokens"),
            unit: name("tokens"),
            per: name("run"),
            at_most: Some(Spanned::new(Bound::Number(most), span)),
            ..Limit::default()
        };
        let mut rule = self.rule("max_tokens_per_run", span, Kind::Limit(limit), Vec::new());
        rule.reason = Some("the tokens of one run".to_owned());
        rule
    }
}

/// An entry of `allowed_models`: a model, whose it is, and what for.
struct Model<'a> {
    model: &'a Scalar,
    provider: Option<&'a Scalar>,
    uses: Vec<&'a Scalar>,
}

impl Model<'_> {
    fn condition(&self) -> Text {
        let mut parts = vec![format!("model == {}", quoted(self.model))];
        parts.extend(
            self.provider
                .map(|provider| format!("provider == {}", quoted(provider))),
        );
        if !self.uses.is_empty() {
            let uses: Vec<String> = self.uses.iter().map(|word| quoted(word)).collect();
            parts.push(format!("use in [{}]", uses.join(", ")));
        }
        text(parts.join(" && "), self.model.span)
    }
}

fn allowed<'a>(fields: &mut Fields<'a>, out: &mut Vec<Diagnostic>) -> Vec<Model<'a>> {
    let Some(field) = fields.optional("allowed_models") else {
        return Vec::new();
    };
    let entries = field.nonempty_list(out).unwrap_or_default();
    entries
        .into_iter()
        .filter_map(|field| model(field, out))
        .collect()
}

fn model<'a>(field: Field<'a>, out: &mut Vec<Diagnostic>) -> Option<Model<'a>> {
    if !matches!(field.node(), Node::Map(_)) {
        let model = field.nonempty_text(out)?;
        return Some(Model {
            model,
            provider: None,
            uses: Vec::new(),
        });
    }
    let mut fields = field.fields("an allowed model", out)?;
    let model = fields
        .required("model")
        .and_then(|field| field.nonempty_text(out));
    let provider = fields
        .optional("provider")
        .and_then(|field| field.nonempty_text(out));
    let uses = fields
        .optional("use_for")
        .map(|field| field.nonempty_texts(out))
        .unwrap_or_default();
    fields.finish(out);
    Some(Model {
        model: model?,
        provider,
        uses,
    })
}

/// A model that is allowed and blocked is one of the two by mistake.
fn clashes(allowed: &[Model<'_>], blocked: &[&Scalar], out: &mut Vec<Diagnostic>) {
    for pattern in blocked {
        // A pattern that cannot be read is reported with the other patterns.
        let Ok(globs) = Globs::new(&[&*pattern.text]) else {
            continue;
        };
        for model in allowed
            .iter()
            .filter(|model| globs.matches_name(&model.model.text))
        {
            out.push(errors::allowed_and_blocked(
                pattern.span,
                model.model.span,
                &model.model.text,
            ));
        }
    }
}

/// What to go on with where a model may not be called; one of those that may.
fn fallback(fields: &mut Fields<'_>, allowed: &[Model<'_>], out: &mut Vec<Diagnostic>) -> Vec<Obligation> {
    let Some(model) = fields
        .optional("fallback")
        .and_then(|field| field.nonempty_text(out))
    else {
        return Vec::new();
    };
    let known: Vec<&str> = allowed.iter().map(|model| &*model.model.text).collect();
    // Where none is allowed by name, that was reported, or only others are blocked.
    if !known.is_empty() && !known.contains(&&*model.text) {
        out.push(errors::fallback_not_allowed(model.span, &model.text, &known));
    }
    vec![owed(&format!("fallback:{}", model.text), model.span)]
}

fn owed(name: &str, span: Span) -> Obligation {
    Obligation::bare(Spanned::new(name.to_owned(), span))
}

fn quoted(scalar: &Scalar) -> String {
    serde_json::Value::from(&*scalar.text).to_string()
}

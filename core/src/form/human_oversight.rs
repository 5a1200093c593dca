//! Form `human_oversight`: what people always decide, what they had better look at, and what agents do by themselves
//! (spec/15-switches-and-roles.md, 15.9).

use super::approval::default_approval;
use super::make::{is_agent, key, made, text};
use super::native::{asked, guard, names};
use super::{Actions, Approval, Form, Guard, Kind, Lowering, Obligation, Rule, errors};
use crate::document::{Field, Fields};
use crate::normal::Globs;
use crate::schema::Schema;
use crate::source::{Span, Spanned};

pub(super) const FORM: Form = Form {
    key: "human_oversight",
    doc: "what people always decide, what they had better look at, what agents do by themselves",
    lower,
};

const LISTS: [&str; 3] = ["always", "recommend", "autonomous"];

/// What is owed where a look is recommended.
const LOOK: [&str; 2] = ["label:review_recommended", "notify:approvers"];

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`human_oversight`", to.out) else {
        return;
    };
    let approval = fields.optional("approval").and_then(|field| asked(field, to.out));
    let mut listed: Vec<Vec<Guard>> = Vec::new();
    for list in LISTS {
        let items = fields
            .optional(list)
            .and_then(|field| field.nonempty_list(to.out));
        for (number, field) in (1..).zip(items.unwrap_or_default()) {
            let Some(fields) = field.fields("an entry", to.out) else {
                continue;
            };
            let item = Item::read(list, number, fields, to);
            listed.push(item.as_a_whole());
            to.parts.rules.extend(item.rule(list, approval.as_ref()));
        }
    }
    if LISTS.iter().all(|list| !fields.has(list)) && fields.all_known() {
        to.out
            .push(errors::needs_one(fields.start(), "`human_oversight`", &LISTS));
    }
    // Who lists what agents do by themselves says that they do nothing else by themselves.
    if fields.has("autonomous") {
        let span = key(&fields, "autonomous");
        let mut guard: Vec<Guard> = listed.into_iter().map(Guard::NotAll).collect();
        guard.push(is_agent(span));
        let kind = Kind::Ask(approval.unwrap_or(Approval::Inline(default_approval(span))));
        let mut rule = made("unlisted", span, kind, Actions::Leaving(Vec::new()), guard);
        rule.reason = Some("agents do not do this by themselves".to_owned());
        to.parts.rules.push(rule);
    }
    fields.finish(to.out);
}

/// An entry of a list: actions, and under which conditions.
struct Item {
    id: String,
    about: Option<String>,
    actions: Vec<Spanned<String>>,
    guard: Vec<Guard>,
    span: Span,
}

impl Item {
    fn read(list: &str, number: usize, mut fields: Fields<'_>, to: &mut Lowering<'_>) -> Item {
        let about = fields
            .optional("about")
            .and_then(|field| field.nonempty_text(to.out));
        let actions = fields
            .required("action")
            .map(|field| names(field, to.out))
            .unwrap_or_default();
        let guard = guard(&mut fields, to.out);
        let span = fields.start();
        fields.finish(to.out);
        Item {
            id: format!("{list}.{number}"),
            about: about.map(|about| about.text.to_string()),
            actions,
            guard,
            span,
        }
    }

    fn rule(&self, list: &str, approval: Option<&Approval>) -> Option<Rule> {
        let bare = |name: &&str| Obligation::bare(Spanned::new((*name).to_owned(), self.span));
        let (kind, otherwise, obligations) = match list {
            "always" => {
                let own = || Approval::Inline(default_approval(self.span));
                let kind = Kind::Ask(approval.cloned().unwrap_or_else(own));
                (kind, "people always decide this", Vec::new())
            }
            "recommend" => (
                Kind::Require,
                "people had better look at this",
                LOOK.iter().map(bare).collect(),
            ),
            _ => return None,
        };
        let actions = Actions::Named(self.actions.clone());
        let mut rule = made(&self.id, self.span, kind, actions, self.guard.clone());
        rule.reason = Some(self.about.clone().unwrap_or_else(|| otherwise.to_owned()));
        rule.obligations = obligations;
        Some(rule)
    }

    /// The entry as one condition. An action that is not known is reported with its rule.
    fn as_a_whole(&self) -> Vec<Guard> {
        let schema = Schema::builtin();
        let patterns: Vec<&str> = self.actions.iter().map(|name| name.value.as_str()).collect();
        let globs = Globs::new(&patterns).ok();
        let matches = |name: &str| globs.as_ref().is_some_and(|globs| globs.matches_name(name));
        let known: Vec<&str> = schema
            .actions()
            .map(|(_, action)| action.name.as_str())
            .filter(|name| matches(name))
            .chain(patterns.iter().copied().filter(|name| name.starts_with("x.")))
            .collect();
        let mut guard = self.guard.clone();
        let condition = match known.is_empty() {
            true => "false".to_owned(),
            false => format!("request.action in {}", serde_json::Value::from(known)),
        };
        guard.push(Guard::When(text(condition, self.span)));
        guard
    }
}

//! Form `budget`: how many tokens and how much money model calls may use, by whose and over which time (spec/14-limits.md,
//! 14.7).

use super::limit::{bound, share, window};
use super::make::{key, made, named, own_entity};
use super::native::names;
use super::{Bound, Form, Kind, Limit, Lowering, Obligation, Rule, errors};
use crate::amount::Amount;
use crate::document::Field;
use crate::source::Spanned;

pub(super) const FORM: Form = Form {
    key: "budget",
    doc: "how many tokens and how much money model calls may use",
    lower,
};

/// Whose use a part is about. What is said by the time alone is about the entity of the document's own level.
enum Whose {
    Entity(&'static str),
    Own(&'static str),
}

const PARTS: [(&str, Whose); 14] = [
    ("per_task", Whose::Entity("task")),
    ("per_run", Whose::Entity("run")),
    ("per_campaign", Whose::Entity("campaign")),
    ("per_project", Whose::Entity("repository")),
    ("per_repository", Whose::Entity("repository")),
    ("per_team", Whose::Entity("team")),
    ("per_organization", Whose::Entity("organization")),
    ("per_tenant", Whose::Entity("tenant")),
    ("per_subject", Whose::Entity("subject")),
    ("per_hour", Whose::Own("1h")),
    ("per_day", Whose::Own("1d")),
    ("per_week", Whose::Own("7d")),
    ("per_month", Whose::Own("30d")),
    ("per_call", Whose::Entity("")),
];

/// What is counted, and the argument of a model call that says how much of it the call needs.
const UNITS: [(&str, &str); 3] = [("tokens", "tokens"), ("usd", "cost.usd"), ("eur", "cost.eur")];

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`budget`", to.out) else {
        return;
    };
    let alert_at = fields.optional("alert_at").and_then(|field| share(field, to.out));
    let stop_at = fields.optional("stop_at").and_then(|field| share(field, to.out));
    if let (Some(alert), Some(span)) = (alert_at, fields.key_span("alert_at"))
        && stop_at.unwrap_or(hundred()) < alert
    {
        to.out.push(errors::alert_after_stop(span));
    }
    let notify = fields
        .optional("notify")
        .map(|field| names(field, to.out))
        .unwrap_or_default();
    let tell = |channel: &Spanned<String>| {
        Obligation::bare(Spanned::new(format!("notify:{}", channel.value), channel.span))
    };
    let common = Common {
        alert_at,
        stop_at,
        obligations: notify.iter().map(tell).collect(),
    };
    let before = to.parts.rules.len();
    for (name, whose) in &PARTS {
        if let Some(part) = fields.optional(name) {
            let rules = lower_part(name, whose, part, &common, to);
            to.parts.rules.extend(rules);
        }
    }
    if to.parts.rules.len() == before && fields.all_known() && PARTS.iter().all(|(name, _)| !fields.has(name))
    {
        to.out.push(errors::budget_of_nothing(fields.start()));
    }
    fields.finish(to.out);
}

fn hundred() -> Amount {
    Amount::parse("100").expect("it is an amount")
}

/// What holds for every part.
struct Common {
    alert_at: Option<Amount>,
    stop_at: Option<Amount>,
    obligations: Vec<Obligation>,
}

fn lower_part(
    name: &str,
    whose: &Whose,
    part: Field<'_>,
    common: &Common,
    to: &mut Lowering<'_>,
) -> Vec<Rule> {
    let what = format!("`{name}`");
    let Some(mut fields) = part.fields(&what, to.out) else {
        return Vec::new();
    };
    let start = fields.start();
    let given = fields.optional("window").and_then(|field| window(field, to.out));
    let (per, time) = match whose {
        Whose::Entity(entity) => (*entity, given),
        Whose::Own(time) => {
            if let Some(span) = fields.key_span("window") {
                to.out.push(errors::window_again(span, name));
            }
            (
                own_entity(to.source.level),
                Some(Spanned::new((*time).to_owned(), start)),
            )
        }
    };
    let mut rules = Vec::new();
    for (unit, of) in UNITS {
        let Some(field) = fields.optional(unit) else {
            continue;
        };
        let span = key(&fields, unit);
        let Some(cap) = bound(field, to.out) else { continue };
        if matches!(cap.value, Bound::Duration(_)) {
            to.out.push(field.wrong("a number that is not negative"));
            continue;
        }
        let limit = Limit {
            of: Some(Spanned::new(of.to_owned(), span)),
            unit: Some(Spanned::new(unit.to_owned(), span)),
            per: (!per.is_empty()).then(|| Spanned::new(per.to_owned(), span)),
            window: time.clone(),
            at_most: Some(cap),
            alert_at: common.alert_at,
            stop_at: common.stop_at,
            ..Limit::default()
        };
        let id = format!("{name}.{unit}");
        let mut rule = made(
            &id,
            span,
            Kind::Limit(limit),
            named(&["model.call"], span),
            Vec::new(),
        );
        rule.reason = Some(format!("the budget of {unit} {}", name.replace('_', " ")));
        rule.obligations = common.obligations.clone();
        rules.push(rule);
    }
    if UNITS.iter().all(|(unit, _)| !fields.has(unit)) && fields.all_known() {
        to.out.push(errors::budget_without_unit(start, name));
    }
    fields.finish(to.out);
    rules
}

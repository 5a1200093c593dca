//! Form `limits`: counts and rates that are not exceeded, and the hours in which changes leave (spec/16-data-and-compliance.md,
//! 16.5).

use super::limit::{bound, share, window};
use super::make::{DENY, key, made, named, own_entity, text};
use super::native::names;
use super::{Actions, Bound, Form, Guard, Kind, Limit, Lowering, Obligation, Rule, errors};
use crate::amount::Amount;
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Scalar};
use crate::source::{Span, Spanned};
use crate::zone::{Hours, Zone};

pub(super) const FORM: Form = Form {
    key: "limits",
    doc: "counts and rates that are not exceeded, and the hours in which changes leave",
    lower,
};

/// What is counted under a name.
struct Counted {
    name: &'static str,
    actions: &'static [&'static str],
    of: Option<&'static str>,
    per: Option<&'static str>,
    window: Option<&'static str>,
}

const OPENING: &[&str] = &["pr.create", "pr.create_draft"];
const RUNNING: &[&str] = &["run.start", "run.resume"];
const GIT_HOST: &[&str] = &[
    "git.push",
    "pr.view",
    "pr.create",
    "pr.create_draft",
    "pr.update",
    "pr.mark_ready",
    "pr.merge",
    "review.request",
];

const fn counted(name: &'static str, actions: &'static [&'static str], per: &'static str) -> Counted {
    Counted {
        name,
        actions,
        of: None,
        per: Some(per),
        window: None,
    }
}

/// The part behind the dot is the unit of the used figure.
const COUNTED: [Counted; 14] = [
    Counted {
        window: Some("wave"),
        ..counted("campaign.prs_per_wave", OPENING, "campaign")
    },
    Counted {
        of: Some("target_count"),
        per: None,
        ..counted("campaign.targets", &["campaign.create"], "")
    },
    counted("campaign.active_prs", OPENING, "campaign"),
    counted("repository.active_prs", OPENING, "repository"),
    counted("team.active_prs", OPENING, "team"),
    counted("organization.active_prs", OPENING, "organization"),
    counted("tenant.active_prs", OPENING, "tenant"),
    counted("repository.active_runs", RUNNING, "repository"),
    counted("team.active_runs", RUNNING, "team"),
    counted("organization.active_runs", RUNNING, "organization"),
    counted("tenant.active_runs", RUNNING, "tenant"),
    counted("reviewer.open_reviews", &["review.request"], "reviewer"),
    counted("service.running_deploys", &["deploy"], "service"),
    counted("task.attempts", &["run.start"], "task"),
];

/// What has a rate: its name, and the actions. Calls of a Git provider count for the entity of the document's own level,
/// those of a model for who runs it.
const RATED: [(&str, &[&str], Option<&str>); 2] = [
    ("provider.requests", GIT_HOST, None),
    ("model.requests", &["model.call"], Some("provider")),
];

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`limits`", to.out) else {
        return;
    };
    let alert_at = fields.optional("alert_at").and_then(|field| share(field, to.out));
    let notify = fields
        .optional("notify")
        .map(|field| names(field, to.out))
        .unwrap_or_default();
    let tell = |channel: &Spanned<String>| {
        Obligation::bare(Spanned::new(format!("notify:{}", channel.value), channel.span))
    };
    let common = Common {
        alert_at,
        obligations: notify.iter().map(tell).collect(),
    };
    let mut rules = Vec::new();
    for row in &COUNTED {
        if let Some(field) = fields.optional(row.name) {
            let span = key(&fields, row.name);
            rules.extend(common.count(row, field, span, to.out));
        }
    }
    for (name, actions, per) in RATED {
        if let Some(field) = fields.optional(name) {
            let rate = Rate {
                name,
                actions,
                per: per.unwrap_or(own_entity(to.source.level)),
                span: key(&fields, name),
            };
            rules.extend(common.rate(&rate, field, to.out));
        }
    }
    if let Some(field) = fields.optional("schedule") {
        rules.extend(schedule(field, to.out));
    }
    let said = COUNTED
        .iter()
        .map(|row| row.name)
        .chain(RATED.map(|(name, ..)| name));
    if fields.all_known()
        && said
            .chain(["schedule"])
            .all(|name| fields.key_span(name).is_none())
    {
        to.out.push(errors::form_needs(
            fields.start(),
            "`limits`",
            "`team.active_prs: 15` or `schedule`",
        ));
    }
    fields.finish(to.out);
    to.parts.rules.extend(rules);
}

/// What holds for all entries.
struct Common {
    alert_at: Option<Amount>,
    obligations: Vec<Obligation>,
}

impl Common {
    fn count(&self, row: &Counted, field: Field<'_>, span: Span, out: &mut Vec<Diagnostic>) -> Option<Rule> {
        let most = most(field, out)?;
        let unit = row.name.rsplit('.').next().unwrap_or(row.name);
        let name = |name: &str| Spanned::new(name.to_owned(), span);
        let limit = Limit {
            of: row.of.map(name),
            unit: Some(name(unit)),
            per: row.per.map(name),
            window: row.window.map(name),
            at_most: Some(most),
            alert_at: self.alert_at,
            ..Limit::default()
        };
        let reason = format!("the limit of {}", unit.replace('_', " "));
        Some(self.rule(row.name, limit, row.actions, reason, span))
    }

    /// `rate` within `per`, and `burst` within a second.
    fn rate(&self, rate: &Rate<'_>, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Rule> {
        let what = format!("`{}`", rate.name);
        let Some(mut fields) = field.fields(&what, out) else {
            return Vec::new();
        };
        let most_of = fields.required("rate").and_then(|field| most(field, out));
        let time = fields.required("per").and_then(|field| window(field, out));
        let burst = fields.optional("burst").and_then(|field| most(field, out));
        fields.finish(out);
        let second = Some(Spanned::new("1s".to_owned(), rate.span));
        let mut rules = Vec::new();
        let parts = [("rate", most_of, time), ("burst", burst, second)];
        for (part, most, window) in parts {
            let (Some(most), Some(window)) = (most, window) else {
                continue;
            };
            let limit = Limit {
                unit: Some(Spanned::new("requests".to_owned(), rate.span)),
                per: Some(Spanned::new(rate.per.to_owned(), rate.span)),
                window: Some(window),
                at_most: Some(most),
                alert_at: self.alert_at,
                ..Limit::default()
            };
            let reason = format!("the {part} of {}", rate.name.replace('.', " "));
            let id = format!("{}.{part}", rate.name);
            rules.push(self.rule(&id, limit, rate.actions, reason, rate.span));
        }
        rules
    }

    fn rule(&self, id: &str, limit: Limit, actions: &[&str], reason: String, span: Span) -> Rule {
        let mut rule = made(id, span, Kind::Limit(limit), named(actions, span), Vec::new());
        rule.reason = Some(reason);
        rule.obligations = self.obligations.clone();
        rule
    }
}

struct Rate<'a> {
    name: &'a str,
    actions: &'a [&'a str],
    per: &'a str,
    span: Span,
}

/// A number that is not negative.
fn most(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Spanned<Bound>> {
    let most = bound(field, out)?;
    if matches!(most.value, Bound::Duration(_)) {
        out.push(field.wrong("a number that is not negative"));
        return None;
    }
    Some(most)
}

/// Outside of the hours nothing leaves but by people.
fn schedule(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Rule> {
    let Some(mut fields) = field.fields("`schedule`", out) else {
        return Vec::new();
    };
    let span = fields.start();
    let days = fields
        .required("days")
        .map(|field| field.nonempty_texts(out))
        .unwrap_or_default();
    let hours = fields
        .required("hours")
        .and_then(|field| field.nonempty_text(out));
    let zone = fields
        .required("timezone")
        .and_then(|field| field.nonempty_text(out));
    fields.finish(out);
    let (Some(hours), Some(zone)) = (hours, zone) else {
        return Vec::new();
    };
    if days.is_empty() || !readable(&days, hours, zone, out) {
        return Vec::new();
    }
    let days: Vec<&str> = days.iter().map(|day| &*day.text).collect();
    let hours = serde_json::Value::from(format!("{} {}", days.join(","), hours.text));
    let zone = serde_json::Value::from(&*zone.text);
    let guard = [
        Guard::When(text("subject.type != human".to_owned(), span)),
        Guard::Unless(text(format!("in_hours(now, {hours}, {zone})"), span)),
    ];
    let rule = |id: &str, actions: Actions| {
        let mut rule = made(id, span, DENY, actions, guard.to_vec());
        rule.reason = Some(format!("changes leave within {hours} {zone} alone").replace('"', ""));
        rule
    };
    vec![
        rule("schedule", Actions::Leaving(Vec::new())),
        rule("schedule.waves", named(&["campaign.advance"], span)),
    ]
}

/// Each mistake where it stands, rather than in the condition that comes of it.
fn readable(days: &[&Scalar], hours: &Scalar, zone: &Scalar, out: &mut Vec<Diagnostic>) -> bool {
    let before = out.len();
    let utc = || Zone::named("UTC").expect("the table has UTC");
    for day in days {
        if Hours::parse(&format!("{} 00:00-24:00", day.text), utc()).is_none() {
            out.push(errors::no_days(day.span, &day.text));
        }
    }
    if Hours::parse(&format!("mon {}", hours.text), utc()).is_none() {
        out.push(errors::no_hours(hours.span, &hours.text));
    }
    if Zone::named(&zone.text).is_none() {
        out.push(crate::condition::unknown_zone(zone.span, &zone.text));
    }
    out.len() == before
}

//! Limits with their names resolved: what is counted, whose it is, and that the cap is of the same kind as what is counted
//! (spec/14-limits.md).

use super::resolve::{Place, Resolver};
use super::{Limit, Measure, Per, errors};
use crate::amount::Amount;
use crate::form::{self, Bound};
use crate::schema::{AttributeId, Owner, Scalar, Type};
use crate::source::{Span, Spanned};

/// The figure that a host owes and no request states.
const RETENTION: &str = "retention";
/// Everybody's use together.
const PLATFORM: &str = "platform";
/// Whose use may count, beside attributes: each is the attribute `<name>.id`.
const ENTITIES: [&str; 10] = [
    "tenant",
    "organization",
    "team",
    "repository",
    "campaign",
    "task",
    "run",
    "runtime",
    "tool",
    "subject",
];

impl Resolver<'_> {
    pub(super) fn limit(&mut self, written: &form::Limit, kind_span: Span, place: &Place<'_>) -> Limit {
        let (of, lengths) = self.measure(written, kind_span, place);
        let unit = match (&written.unit, &written.of) {
            (Some(unit), _) => unit.value.clone(),
            (None, Some(of)) => of.value.rsplit('.').next().unwrap_or(&of.value).to_owned(),
            (None, None) => "count".to_owned(),
        };
        let hundred = Amount::parse("100").expect("it is an amount");
        let cap = self.bound(written.at_most.as_ref(), lengths);
        let share = |of: Option<Amount>| cap.map(|cap| cap.percent(of.unwrap_or(hundred)));
        Limit {
            of,
            unit,
            per: written.per.as_ref().and_then(|per| self.per(per, written, place)),
            at_most: share(written.stop_at),
            at_least: self.bound(written.at_least.as_ref(), lengths),
            alert: written.alert_at.and_then(|alert| share(Some(alert))),
        }
    }

    /// What is counted, and whether it is a length of time.
    fn measure(
        &mut self,
        written: &form::Limit,
        kind_span: Span,
        place: &Place<'_>,
    ) -> (Measure, Option<bool>) {
        let Some(name) = &written.of else {
            return (Measure::Count, Some(false));
        };
        if name.value == RETENTION {
            if let Some(per) = &written.per {
                self.out.push(errors::retention_per(per.span));
            }
            return (Measure::Retention, Some(true));
        }
        let Some(id) = self.attribute(name, place, &is_measured, &[RETENTION]) else {
            return (Measure::Count, None);
        };
        let without = |action: &&crate::schema::ActionId| !self.schema.belongs(id, **action);
        if let Some(action) = place.actions.iter().find(without) {
            let action = self.schema.action(*action).name.clone();
            self.out
                .push(errors::limit_without(kind_span, &name.value, &action));
        }
        let lengths = self.schema.attribute(id).ty == Type::One(Scalar::Duration);
        (Measure::Attribute(id), Some(lengths))
    }

    fn per(&mut self, per: &Spanned<String>, written: &form::Limit, place: &Place<'_>) -> Option<Per> {
        let window = written.window.as_ref().map(|window| window.value.clone());
        let named = |attribute| Per {
            name: per.value.clone(),
            attribute,
            window: window.clone(),
        };
        if per.value == PLATFORM {
            return Some(named(None));
        }
        let full = match ENTITIES.contains(&per.value.as_str()) {
            true => format!("{}.id", per.value),
            false => per.value.clone(),
        };
        let name = Spanned::new(full, per.span);
        let others: Vec<&str> = ENTITIES.into_iter().chain([PLATFORM]).collect();
        self.attribute(&name, place, &is_name, &others)
            .map(|id| named(Some(id)))
    }

    /// An attribute of a fitting type that the rule's actions have and its level sees; `others` are words that could have been
    /// meant in its place.
    fn attribute(
        &mut self,
        name: &Spanned<String>,
        place: &Place<'_>,
        fits: &dyn Fn(Type) -> bool,
        others: &[&str],
    ) -> Option<AttributeId> {
        let schema = self.schema;
        let found = schema.attribute_named(&name.value);
        let Some(id) = found.filter(|&id| fits(schema.attribute(id).ty)) else {
            if found.is_some() || !self.extensions.is_broken(&name.value) {
                let known = schema.attributes().filter(|(_, known)| fits(known.ty));
                let known: Vec<&str> = known.map(|(_, known)| known.name.as_str()).collect();
                let known = known.into_iter().chain(others.iter().copied());
                self.out.push(errors::not_counted(
                    name.span,
                    &name.value,
                    found.is_some(),
                    known,
                ));
            }
            return None;
        };
        if let Some(why) = self.extensions.hidden(id, place.sight) {
            self.out
                .push(errors::hidden_from_limit(name.span, &name.value, why));
        }
        let reached = |action: &crate::schema::ActionId| schema.reaches(id, *action);
        let argument = schema.attribute(id).owner == Owner::Argument;
        if argument && !place.actions.is_empty() && !place.actions.iter().any(reached) {
            self.out.push(errors::of_no_action(name.span, &name.value));
        }
        Some(id)
    }

    fn bound(&mut self, bound: Option<&Spanned<Bound>>, lengths: Option<bool>) -> Option<Amount> {
        let bound = bound?;
        let (amount, is_length) = match bound.value {
            Bound::Number(amount) => (amount, false),
            Bound::Duration(length) => (Amount::of_nanoseconds(length), true),
        };
        if lengths.is_some_and(|lengths| lengths != is_length) {
            self.out.push(errors::bound_of_other_kind(bound.span, is_length));
        }
        Some(amount)
    }
}

/// What can be added up, and lengths of time.
fn is_measured(ty: Type) -> bool {
    matches!(ty, Type::One(Scalar::Int | Scalar::Number | Scalar::Duration))
}

fn is_name(ty: Type) -> bool {
    matches!(ty, Type::One(Scalar::String | Scalar::Host | Scalar::Enum(_)))
}

//! The figures of limits in a record: caps, floors and charges (spec/14-limits.md).

use serde_json::Value as Json;

use super::case::Case;
use super::{CapFigure, Charge, FloorFigure};
use crate::amount::Amount;
use crate::decision::{Figure, Finding};
use crate::model::{Kind, Limit, Measure};
use crate::outcome::Outcome;
use crate::value::Fact;

impl<'a> Case<'a> {
    /// The limits that counted something, with what it comes to.
    fn limits(&self) -> impl Iterator<Item = (&'a Finding, &'a Limit, &'a Figure)> {
        let set = self.set();
        self.verdict.findings.iter().filter_map(move |finding| {
            let figure = finding.figure.as_deref()?;
            match &set?.rule(finding.rule).kind {
                Kind::Limit(limit) => Some((finding, &**limit, figure)),
                _ => None,
            }
        })
    }

    /// By what is counted and whose it is, the smallest cap first: of several on one key the first binds.
    pub fn caps(&self) -> Vec<CapFigure> {
        let cap = |(finding, limit, figure): (&Finding, &Limit, &Figure)| {
            let at_most = limit.at_most?;
            let (policy, rule) = self.name_of(finding.rule);
            let counted = limit.of != Measure::Retention;
            let figures = figure.used.known().zip(figure.needs.known());
            let left = figures.map(|(used, needs)| at_most.minus(used.plus(needs)));
            let known =
                |amount: Option<Amount>| amount.filter(|_| counted).map_or(Json::Null, Amount::to_json);
            let cap = CapFigure {
                policy,
                rule,
                unit: limit.unit.clone(),
                per: limit.per.as_ref().map(|per| per.name.clone()),
                window: limit.per.as_ref().and_then(|per| per.window.clone()),
                entity: figure.entity.as_ref().known().map(ToString::to_string),
                used: known(figure.used.known()),
                needs: known(figure.needs.known()),
                at_most: at_most.to_json(),
                headroom: known(left),
                state: figure.state.as_str().to_owned(),
            };
            Some((at_most, cap))
        };
        let mut caps: Vec<(Amount, CapFigure)> = self.limits().filter_map(cap).collect();
        caps.sort_by(|(a, one), (b, two)| {
            let key = |cap: &CapFigure| (cap.unit.clone(), cap.per.clone(), cap.window.clone());
            let name = |cap: &CapFigure| (cap.policy.clone(), cap.rule.clone());
            (key(one), a, name(one)).cmp(&(key(two), b, name(two)))
        });
        caps.into_iter().map(|(_, cap)| cap).collect()
    }

    /// By what is counted, the largest floor first.
    pub fn floors(&self) -> Vec<FloorFigure> {
        let floor = |(finding, limit, figure): (&Finding, &Limit, &Figure)| {
            let at_least = limit.at_least?;
            let (policy, rule) = self.name_of(finding.rule);
            let needs = figure.needs.known().filter(|_| limit.of != Measure::Retention);
            let floor = FloorFigure {
                policy,
                rule,
                unit: limit.unit.clone(),
                needs: needs.map_or(Json::Null, Amount::to_json),
                at_least: at_least.to_json(),
                state: figure.state.as_str().to_owned(),
            };
            Some((at_least, floor))
        };
        let mut floors: Vec<(Amount, FloorFigure)> = self.limits().filter_map(floor).collect();
        floors.sort_by(|(a, one), (b, two)| {
            let name = |floor: &FloorFigure| (floor.policy.clone(), floor.rule.clone());
            (&one.unit, b, name(one)).cmp(&(&two.unit, a, name(two)))
        });
        floors.into_iter().map(|(_, floor)| floor).collect()
    }

    /// What a ledger books, each key once: the most that a limit counts of it. What is denied uses up nothing.
    pub fn charges(&self) -> Vec<Charge> {
        let booked = |(_, limit, figure): (&Finding, &Limit, &Figure)| {
            let per = limit.per.as_ref()?;
            let amount = figure.needs.known().filter(|amount| Amount::ZERO < *amount)?;
            let Fact::Known(entity) = &figure.entity else {
                return None;
            };
            let key = (
                per.name.clone(),
                per.window.clone(),
                entity.to_string(),
                limit.unit.clone(),
            );
            Some((key, amount))
        };
        let allowed = self.verdict.outcome != Outcome::Denied;
        let mut charges: Vec<_> = self.limits().filter(|_| allowed).filter_map(booked).collect();
        charges.sort_by(|(a, most), (b, least)| a.cmp(b).then(least.cmp(most)));
        charges.dedup_by(|(later, _), (first, _)| later == first);
        let charge =
            |((per, window, entity, unit), amount): ((String, Option<String>, String, String), Amount)| {
                Charge {
                    per,
                    window,
                    entity,
                    unit,
                    amount: amount.to_json(),
                }
            };
        charges.into_iter().map(charge).collect()
    }
}

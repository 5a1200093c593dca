//! A decision on its way into words: the verdict with what it rests on, and the questions that the record and the explanation
//! both ask of it.

use std::collections::BTreeSet;

use crate::condition::Facts;
use crate::decision::{self, Compiled, CriterionState, Figure, Finding, Match, RefusalKind, Verdict};
use crate::model::{Kind, Limit, Measure, Policies, PolicySet, RuleRef};
use crate::request::{Request, State, vocabulary};
use crate::schema::{AttributeId, Schema};
use crate::value::{Fact, Tri};

/// What a record and an explanation are made of. It answers part by part what a record then holds together with its texts and
/// hashes, for whoever wants to know the one without paying for the other.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The policies that it was decided by, unless there are none for its tenant.
    pub compiled: Option<&'a Compiled>,
    /// What was asked.
    pub request: &'a Request,
    /// What the host knew besides.
    pub state: &'a State,
    /// What came out.
    pub verdict: &'a Verdict,
}

impl<'a> Case<'a> {
    pub(super) fn set(&self) -> Option<&'a PolicySet> {
        self.compiled.map(|compiled| &compiled.set)
    }

    /// The vocabulary that the request was read by.
    pub(super) fn schema(&self) -> &'a Schema {
        self.set().map_or_else(|| &vocabulary().schema, PolicySet::schema)
    }

    /// The part that a rule stands in.
    pub(super) fn part(&self, rule: RuleRef) -> Option<&'a Policies> {
        self.set().map(|set| &**set.parts()[rule.part as usize])
    }

    /// `id@version` of a rule's document, and the rule's id.
    pub(super) fn name_of(&self, rule: RuleRef) -> (String, String) {
        let set = self
            .set()
            .expect("a verdict with rules was decided by a policy set");
        (set.document_of(rule).name(), set.rule(rule).id.clone())
    }

    /// What the rule of a finding saw of each effect that it fired on.
    pub(super) fn sights(&self, finding: &Finding) -> Vec<decision::Sight<'a>> {
        let Some(compiled) = self.compiled else {
            return Vec::new();
        };
        let sight =
            |&at: &u32| decision::sight(compiled, self.request, self.verdict, finding.level, at as usize);
        finding.on.iter().map(sight).collect()
    }

    /// The attributes that left unknown what fired (spec/07-decisions.md, 7.8).
    pub fn unknowns(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for finding in &self.verdict.findings {
            names.extend(self.unknowns_of(finding));
        }
        for refusal in self
            .verdict
            .refusals
            .iter()
            .filter(|refusal| refusal.kind == RefusalKind::EntityUnsaid)
        {
            names.extend(refusal.entity.map(|level| format!("{level}.id")));
        }
        names
    }

    /// The attributes that left one rule unknown.
    pub(super) fn unknowns_of(&self, finding: &Finding) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let Some((set, part)) = self.set().zip(self.part(finding.rule)) else {
            return names;
        };
        let rule = set.rule(finding.rule);
        let mut criteria: Vec<u32> = Vec::new();
        if let (Kind::Gate(all), true) = (&rule.kind, finding.fires(set)) {
            let missing = all
                .iter()
                .zip(&finding.criteria)
                .filter(|(criterion, state)| criterion.blocks && **state == CriterionState::Missing);
            criteria.extend(missing.map(|(criterion, _)| criterion.condition.0));
        }
        let open = (finding.matched != Match::Known || finding.figure.is_some()) && finding.is_listed(set);
        if let (Kind::Limit(limit), Some(figure)) = (&rule.kind, finding.figure.as_deref().filter(|_| open)) {
            self.unknown_figures(finding, limit, figure, &mut names);
        }
        for sight in self.sights(finding) {
            // A guard with a part that is false is false; what its other parts lack does not matter.
            let guard = open && decision::guard(rule, part, &sight) == Tri::Unknown;
            let guard = rule.guard.iter().filter(|_| guard).map(|condition| condition.0);
            for condition in guard.chain(criteria.iter().copied()) {
                names.extend(part.conditions[condition as usize].unknowns(&sight, &part.schema));
            }
        }
        names
    }

    /// The figures that a limit does not know.
    fn unknown_figures(
        &self,
        finding: &Finding,
        limit: &Limit,
        figure: &Figure,
        names: &mut BTreeSet<String>,
    ) {
        let whose = limit.per.as_ref().and_then(|per| per.attribute);
        let counted = match limit.of {
            Measure::Attribute(attribute) => Some(attribute),
            Measure::Count | Measure::Retention => None,
        };
        for sight in self.sights(finding) {
            let unknown = |attribute: &AttributeId| sight.fact(*attribute) == Fact::Unknown;
            let unknown = whose.into_iter().chain(counted).filter(unknown);
            names.extend(unknown.map(|attribute| sight.name_of(attribute).to_owned()));
        }
        if let (Some(per), Fact::Known(_), Fact::Unknown) = (&limit.per, &figure.entity, &figure.used) {
            names.insert(format!("usage.{}.{}", per.key(), limit.unit));
        }
    }

    /// The rule that grants the request's own effect, as near to it as there is one.
    pub(super) fn grant(&self) -> Option<&'a Finding> {
        let set = self.set()?;
        let grants = self
            .verdict
            .findings
            .iter()
            .filter(|finding| set.rule(finding.rule).kind.grants());
        grants.min_by_key(|finding| {
            (
                finding.level,
                finding.on.first().copied(),
                self.name_of(finding.rule),
            )
        })
    }

    /// The finding whose contribution is the answer, what is known to be wrong first (spec/09-records.md, 9.9).
    pub(super) fn deciding(&self) -> Option<&'a Finding> {
        let set = self.set()?;
        let verdict = self.verdict;
        let decides = |finding: &&Finding| {
            finding.is_listed(set)
                && decision::contribution(set, finding, &verdict.requirements) == verdict.outcome
        };
        let key = |finding: &&Finding| {
            let gate = matches!(set.rule(finding.rule).kind, Kind::Gate(_));
            // What is known to be wrong tells more than what may be.
            let unread = finding.on.iter().all(|&at| verdict.effects[at as usize].opaque());
            let open = finding.matched == Match::Unknown || unread;
            (open, gate, finding.level, self.name_of(finding.rule))
        };
        verdict.findings.iter().filter(decides).min_by_key(key)
    }
}

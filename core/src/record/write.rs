//! From a decision to its record.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{json, Map, Value as Json};

use super::{
    explain as words, policy_hash, policy_set_hash, state_hash, timestamp, ApprovalId, Approvals, Bypassed, CriterionFigure,
    Explanation, LevelVerdict, MatchedRule, OwedObligation, PlaceFigure, Record, RequiredApproval, Stamp,
};
use crate::condition::Condition;
use crate::decision::{self, Compiled, CriterionState, Finding, Match, Refusal, RefusalKind, Standing, Verdict};
use crate::digest::Digest;
use crate::model::{Kind, Policies, PolicySet, RuleRef};
use crate::outcome::Outcome;
use crate::request::{written, Request, State};
use crate::source::Level;
use crate::value::Fact;
use crate::{LANGUAGE, VERSION};

/// What a record is made of.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) compiled: Option<&'a Compiled>,
    pub(super) request: &'a Request,
    pub(super) state: &'a State,
    pub(super) verdict: &'a Verdict,
}

/// Makes the record.
pub fn write(
    compiled: Option<&Compiled>,
    request: &Request,
    state: &State,
    verdict: &Verdict,
    stamp: Stamp,
) -> Record {
    let case = Case { compiled, request, state, verdict };
    let matched_rules = case.matched_rules();
    let mut record = Record {
        decision_id: stamp.decision_id,
        run_id: request.run_id().map(str::to_owned),
        tool_call_id: request.tool_call_id().map(str::to_owned),
        decision: verdict.outcome,
        action: request.action().to_owned(),
        requested: request.value().get("arguments").cloned().unwrap_or_else(|| json!({})),
        scope: request.value().get("scope").cloned().unwrap_or_else(|| json!({})),
        effects: case.effects(),
        explanation: words::sentence(&case, &matched_rules),
        matched_rules,
        levels: case.levels(),
        obligations: case.obligations(),
        approvals: case.approvals(),
        criteria: case.criteria(),
        bypassed: case.bypassed(),
        unknowns: case.unknowns().into_iter().collect(),
        policy_hash: policy_hash(compiled.map(|compiled| &compiled.set), request).to_string(),
        policy_set_hash: policy_set_hash(compiled.map(|compiled| &compiled.set)).to_string(),
        request_hash: request_hash(request).to_string(),
        operation_hash: decision::operation_hash(request).to_string(),
        state_hash: state_hash(compiled.map(|compiled| &compiled.set), request, state).to_string(),
        record_hash: String::new(),
        valid_until: case.valid_until().map(timestamp),
        engine_version: VERSION.to_owned(),
        language_version: LANGUAGE.to_owned(),
        created_at: stamp.created_at,
    };
    record.record_hash = record.hash().to_string();
    record
}

/// Explains the decision.
pub fn explain(compiled: Option<&Compiled>, request: &Request, state: &State, verdict: &Verdict) -> Explanation {
    let case = Case { compiled, request, state, verdict };
    let changes = compiled.map_or_else(Vec::new, |compiled| decision::changes(compiled, request, state));
    words::explanation(&case, &case.matched_rules(), changes)
}

/// Equal questions hash alike, whichever run asks.
fn request_hash(request: &Request) -> Digest {
    let mut value = request.value().clone();
    if let Some(keys) = value.as_object_mut() {
        keys.remove("run_id");
        keys.remove("tool_call_id");
    }
    Digest::of_json(&value)
}

impl<'a> Case<'a> {
    pub(super) fn set(&self) -> Option<&'a PolicySet> {
        self.compiled.map(|compiled| &compiled.set)
    }

    /// The part that a rule stands in.
    pub(super) fn part(&self, rule: RuleRef) -> Option<&'a Policies> {
        self.set().map(|set| &**set.parts()[rule.part as usize])
    }

    fn effects(&self) -> Vec<Json> {
        let builtin = crate::schema::Schema::builtin;
        let schema = self.set().map_or_else(builtin, |set| set.schema().clone());
        let verdict = self.verdict;
        verdict.effects.iter().map(|effect| effect.to_json(self.request, &verdict.bound, &schema)).collect()
    }

    fn levels(&self) -> Vec<LevelVerdict> {
        let verdict = |level: Level| LevelVerdict {
            level: level.as_str().to_owned(),
            decision: self.verdict.levels[level.index()],
        };
        Level::ALL.into_iter().map(verdict).collect()
    }

    /// Sorted by level, policy, rule and place, the engine's denials among them.
    fn matched_rules(&self) -> Vec<MatchedRule> {
        let mut rules: Vec<MatchedRule> = self.verdict.refusals.iter().map(refused).collect();
        if let Some(set) = self.set() {
            let listed = |finding: &&Finding| finding.fires(set) || finding.matched == Match::Closed;
            rules.extend(self.verdict.findings.iter().filter(listed).map(|finding| self.matched(set, finding)));
        }
        rules.sort_by_cached_key(|rule| {
            let level: Option<Level> = rule.level.parse().ok();
            let place = rule.place.as_ref().map(|place| (place.source.clone(), place.byte));
            (level, rule.policy.clone(), rule.rule.clone(), place, rule.matched.clone())
        });
        rules.dedup_by(|next, first| joined(first, next));
        rules
    }

    fn matched(&self, set: &PolicySet, finding: &Finding) -> MatchedRule {
        let rule = set.rule(finding.rule);
        let document = set.document_of(finding.rule);
        let place = set.parts()[finding.rule.part as usize].sources.place(rule.span);
        let matched = match finding.matched {
            Match::Known => "true",
            Match::Unknown => "unknown",
            Match::Closed if finding.unknown_miss => "unknown",
            Match::Closed => "false",
        };
        MatchedRule {
            policy: document.name(),
            level: document.level.as_str().to_owned(),
            rule: rule.id.clone(),
            effect: rule.kind.as_str().to_owned(),
            matched: matched.to_owned(),
            on: finding.on.to_vec(),
            reason: rule.reason.clone(),
            controls: rule.controls.clone(),
            place: Some(PlaceFigure { source: place.source, line: place.line, column: place.column, byte: place.byte }),
        }
    }

    fn name_of(&self, rule: RuleRef) -> (String, String) {
        let set = self.set().expect("a verdict with rules was decided by a policy set");
        (set.document_of(rule).name(), set.rule(rule).id.clone())
    }

    fn obligations(&self) -> Vec<OwedObligation> {
        let owed = self.verdict.obligations.iter().map(|owed| {
            let (policy, rule) = self.name_of(owed.rule);
            OwedObligation { name: owed.name.clone(), policy, rule }
        });
        let mut owed: Vec<OwedObligation> = owed.collect();
        owed.sort();
        owed.dedup();
        owed
    }

    fn approvals(&self) -> Approvals {
        let mut approvals = Approvals::default();
        let Some(set) = self.set() else { return approvals };
        let moot = decision::denied_for_good(set, self.verdict);
        for known in &self.verdict.requirements {
            let requirement = set.requirement(known.requirement);
            let id = |missing| ApprovalId { id: requirement.id.clone(), missing };
            match &known.standing {
                Standing::Satisfied { .. } => approvals.satisfied.push(id(None)),
                Standing::Outstanding { .. } if moot => approvals.moot.push(id(None)),
                Standing::Outstanding { missing, .. } => approvals.outstanding.push(id(Some(*missing))),
                Standing::Rejected { .. } => approvals.rejected.push(id(None)),
                Standing::Blocked { .. } => approvals.blocked.push(id(None)),
            }
            approvals.required.extend(self.required(set, requirement));
        }
        approvals
    }

    fn required(&self, set: &PolicySet, requirement: &crate::model::Requirement) -> Option<RequiredApproval> {
        let asks = |finding: &&Finding| {
            decision::asks(set, finding).is_some_and(|(asked, _)| set.requirement(asked).id == requirement.id)
        };
        let names = self.verdict.findings.iter().filter(asks).map(|finding| (finding.level, self.name_of(finding.rule)));
        let (_, (policy, rule)) = names.min()?;
        let seconds = |time: Option<i128>| time.map(|time| time as f64 / 1e9);
        Some(RequiredApproval {
            id: requirement.id.clone(),
            slots: requirement.slots.iter().map(crate::model::Slot::content).collect(),
            timeout: seconds(requirement.timeout),
            escalation: requirement.escalation.clone(),
            valid_for: seconds(requirement.valid_for),
            notify: requirement.notify.clone(),
            agent_can_recommend: requirement.agents_recommend,
            policy,
            rule,
        })
    }

    fn criteria(&self) -> Vec<CriterionFigure> {
        let mut figures = Vec::new();
        for finding in &self.verdict.findings {
            let Some(part) = self.part(finding.rule) else { continue };
            let rule = &part.rules[finding.rule.rule as usize];
            let Kind::Gate(criteria) = &rule.kind else { continue };
            let (policy, rule) = self.name_of(finding.rule);
            for (criterion, state) in criteria.iter().zip(&finding.criteria) {
                let condition = &part.conditions[criterion.condition.0 as usize];
                figures.push(CriterionFigure {
                    policy: policy.clone(),
                    rule: rule.clone(),
                    criterion: criterion.name.clone(),
                    state: in_word(*state).to_owned(),
                    expected: criterion.text.clone(),
                    found: self.found(finding, condition),
                });
            }
        }
        figures.sort_by(|a, b| (&a.policy, &a.rule, &a.criterion).cmp(&(&b.policy, &b.rule, &b.criterion)));
        figures
    }

    /// What the request says of the attributes that a condition reads.
    fn found(&self, finding: &Finding, condition: &Condition) -> Json {
        let mut found = Map::new();
        let sights = self.sights(finding);
        if let Some(sight) = sights.first() {
            for attribute in condition.reads() {
                if let Fact::Known(value) = crate::condition::Facts::fact(sight, attribute) {
                    found.insert(sight.name_of(attribute).to_owned(), written(value));
                }
            }
        }
        Json::Object(found)
    }

    /// What the rule of a finding saw of each effect that it fired on.
    pub(super) fn sights(&self, finding: &Finding) -> Vec<decision::Sight<'a>> {
        let Some(compiled) = self.compiled else { return Vec::new() };
        let sight = |&at: &u32| decision::sight(compiled, self.request, self.verdict, finding.level, at as usize);
        finding.on.iter().map(sight).collect()
    }

    fn bypassed(&self) -> Vec<Bypassed> {
        let Some(set) = self.set() else { return Vec::new() };
        let mut bypassed = Vec::new();
        for finding in &self.verdict.findings {
            let Some((asked, true)) = decision::asks(set, finding) else { continue };
            let id = &set.requirement(asked).id;
            let met = self.verdict.requirements.iter().find(|known| set.requirement(known.requirement).id == *id);
            if let Some(Standing::Satisfied { until, .. }) = met.map(|known| &known.standing) {
                let (policy, rule) = self.name_of(finding.rule);
                bypassed.push(Bypassed { policy, rule, requirement: id.clone(), until: until.map(timestamp) });
            }
        }
        bypassed.sort_by(|a, b| (&a.policy, &a.rule).cmp(&(&b.policy, &b.rule)));
        bypassed
    }

    /// The attributes that left unknown what fired (spec/07-decisions.md, 7.8).
    pub(super) fn unknowns(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for finding in &self.verdict.findings {
            names.extend(self.unknowns_of(finding));
        }
        for refusal in self.verdict.refusals.iter().filter(|refusal| refusal.kind == RefusalKind::EntityUnsaid) {
            names.extend(refusal.entity.map(|level| format!("{level}.id")));
        }
        names
    }

    /// The attributes that left one rule unknown.
    pub(super) fn unknowns_of(&self, finding: &Finding) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let Some((set, part)) = self.set().zip(self.part(finding.rule)) else { return names };
        let rule = set.rule(finding.rule);
        // A guard that is true on one effect may be unknown on another.
        let guard = rule.guard.iter().filter(|_| listed(set, finding));
        let mut conditions: Vec<u32> = guard.map(|condition| condition.0).collect();
        if let (Kind::Gate(criteria), true) = (&rule.kind, finding.fires(set)) {
            let missing = criteria.iter().zip(&finding.criteria).filter(|(_, state)| **state == CriterionState::Missing);
            conditions.extend(missing.map(|(criterion, _)| criterion.condition.0));
        }
        for sight in self.sights(finding) {
            for &condition in &conditions {
                names.extend(part.conditions[condition as usize].unknowns(&sight, &part.schema));
            }
        }
        names
    }

    fn valid_until(&self) -> Option<i128> {
        let compiled = self.compiled?;
        decision::valid_until(compiled, self.request, self.state, self.verdict)
    }

    /// The policy and rule whose contribution is the answer, the surest first: see [`explain`].
    pub(super) fn deciding(&self) -> Option<&'a Finding> {
        let set = self.set()?;
        let verdict = self.verdict;
        let decides = |finding: &&Finding| {
            (finding.fires(set) || finding.matched == Match::Closed)
                && decision::contribution(set, finding, &verdict.requirements) == verdict.outcome
        };
        let key = |finding: &&Finding| {
            let gate = matches!(set.rule(finding.rule).kind, Kind::Gate(_));
            (finding.matched == Match::Unknown, gate, finding.level, self.name_of(finding.rule))
        };
        verdict.findings.iter().filter(decides).min_by_key(key)
    }
}

/// A deny that is true on one effect and unknown on another is one rule, and matches.
fn joined(first: &mut MatchedRule, next: &mut MatchedRule) -> bool {
    let one = first.effect == "deny" && first.place == next.place && first.policy == next.policy && first.rule == next.rule;
    if one {
        first.on.append(&mut next.on);
        first.on.sort_unstable();
        first.on.dedup();
    }
    one
}

fn listed(set: &PolicySet, finding: &Finding) -> bool {
    finding.fires(set) || finding.matched == Match::Closed
}

fn in_word(state: CriterionState) -> &'static str {
    match state {
        CriterionState::Held => "held",
        CriterionState::Failed => "failed",
        CriterionState::Missing => "missing",
    }
}

fn refused(refusal: &Refusal) -> MatchedRule {
    MatchedRule {
        policy: format!("bailiwick@{LANGUAGE}"),
        level: Level::Platform.as_str().to_owned(),
        rule: refusal.kind.as_str().to_owned(),
        effect: "engine".to_owned(),
        matched: "true".to_owned(),
        on: refusal.on.clone(),
        reason: Some(refusal.message.clone()),
        controls: Vec::new(),
        place: None,
    }
}

//! From a decision to its record.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::case::Case;
use super::{
    ApprovalId, Approvals, Bypassed, CriterionFigure, LevelVerdict, MatchedRule, OwedObligation, PlaceFigure,
    Record, RequiredApproval, Stamp, explain, policy_hash, policy_set_hash, state_hash,
};
use crate::condition::Condition;
use crate::decision::{self, Compiled, CriterionState, Finding, Match, Refusal, Standing, Verdict};
use crate::digest::Digest;
use crate::model::{Kind, PolicySet};
use crate::outcome::Outcome;
use crate::redact::{Class, Sink, redact_json, redact_text_of};
use crate::request::{Request, State, written};
use crate::schema::Schema;
use crate::source::Level;
use crate::value::{Fact, Value, timestamp};
use crate::{LANGUAGE, VERSION};

/// Makes the record.
pub fn write(
    compiled: Option<&Compiled>,
    request: &Request,
    state: &State,
    verdict: &Verdict,
    stamp: Stamp,
) -> Record {
    let case = Case {
        compiled,
        request,
        state,
        verdict,
    };
    let mut record = Record {
        decision_id: stamp.decision_id,
        run_id: request.run_id().map(str::to_owned),
        tool_call_id: request.tool_call_id().map(str::to_owned),
        decision: verdict.outcome,
        action: request.action().to_owned(),
        requested: request
            .value()
            .get("arguments")
            .cloned()
            .unwrap_or_else(|| json!({})),
        scope: request.value().get("scope").cloned().unwrap_or_else(|| json!({})),
        effects: case.effects(),
        explanation: explain::sentence(&case),
        matched_rules: case.matched_rules(),
        levels: case.levels(),
        obligations: case.obligations(),
        approvals: case.approvals(),
        criteria: case.criteria(),
        caps: case.caps(),
        floors: case.floors(),
        charges: case.charges(),
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
    record.redact();
    record.record_hash = record.hash().to_string();
    record
}

impl Record {
    /// Takes out what must not be kept: secrets always, and what is owed for the sink `audit` besides
    /// (spec/18-evidence.md, 18.2). The hashes of the request and the operation are over what was asked.
    pub(super) fn redact(&mut self) {
        let owed = self.obligations.iter().map(|owed| owed.name.as_str());
        let sink = Sink::owed("audit", owed).and(Class::SecretLikeTokens);
        redact_json(&mut self.requested, &sink);
        redact_json(&mut self.scope, &sink);
        self.effects
            .iter_mut()
            .for_each(|effect| drop(redact_json(effect, &sink)));
        self.criteria
            .iter_mut()
            .for_each(|figure| drop(redact_json(&mut figure.found, &sink)));
        redact_text_of(&mut self.explanation, &sink);
        let by_engine = self
            .matched_rules
            .iter_mut()
            .filter(|rule| rule.effect == "engine");
        by_engine
            .filter_map(|rule| rule.reason.as_mut())
            .for_each(|reason| drop(redact_text_of(reason, &sink)));
    }
}

/// The rule that the answer comes from: the first of those that say what came out. Of an allowed answer, the grant.
pub fn deciding(
    compiled: Option<&Compiled>,
    request: &Request,
    state: &State,
    verdict: &Verdict,
) -> Option<MatchedRule> {
    let case = Case {
        compiled,
        request,
        state,
        verdict,
    };
    let refusal = verdict.refusals.first();
    // A rule that denies says more than that nothing grants.
    let by_rule = refusal.is_none_or(|refusal| !refusal.kind.leaves_nothing_to_decide());
    let finding = match verdict.outcome {
        Outcome::Allowed => case.grant(),
        Outcome::AskApproval | Outcome::Denied => case.deciding().filter(|_| by_rule),
    };
    match (finding, case.set()) {
        (Some(finding), Some(set)) => Some(case.matched(set, &[finding])),
        _ => refusal.map(refused),
    }
}

/// Equal questions hash alike, whichever run asks.
fn request_hash(request: &Request) -> Digest {
    let keys = request.value().as_object().into_iter().flatten();
    let asked = keys.filter(|(key, _)| !["run_id", "tool_call_id"].contains(&key.as_str()));
    Digest::of_json(&asked.collect::<BTreeMap<_, _>>())
}

impl Case<'_> {
    fn effects(&self) -> Vec<Json> {
        let verdict = self.verdict;
        verdict
            .effects
            .iter()
            .map(|effect| effect.to_json(self.request, &verdict.bound, self.schema()))
            .collect()
    }

    fn levels(&self) -> Vec<LevelVerdict> {
        let verdict = |level: Level| LevelVerdict {
            level: level.as_str().to_owned(),
            decision: self.verdict.levels[level.index()],
        };
        Level::ALL.into_iter().map(verdict).collect()
    }

    /// Sorted by level, policy, rule and place, the engine's denials among them.
    pub fn matched_rules(&self) -> Vec<MatchedRule> {
        let mut rules: Vec<MatchedRule> = self.verdict.refusals.iter().map(refused).collect();
        if let Some(set) = self.set() {
            let listed: Vec<&Finding> = self
                .verdict
                .findings
                .iter()
                .filter(|finding| finding.is_listed(set))
                .collect();
            let one_entry = |a: &&Finding, b: &&Finding| a.rule == b.rule && closes(a) == closes(b);
            rules.extend(
                listed
                    .chunk_by(one_entry)
                    .map(|findings| self.matched(set, findings)),
            );
        }
        rules.sort_by_cached_key(|rule| {
            let level: Option<Level> = rule.level.parse().ok();
            let place = rule
                .place
                .as_ref()
                .map(|place| (place.source.clone(), place.byte));
            (
                level,
                rule.policy.clone(),
                rule.rule.clone(),
                place,
                rule.matched.clone(),
            )
        });
        rules
    }

    /// What one rule says of all effects, the surest finding first.
    fn matched(&self, set: &PolicySet, findings: &[&Finding]) -> MatchedRule {
        let finding = findings[0];
        let mut on: Vec<u32> = findings
            .iter()
            .flat_map(|finding| finding.on.iter().copied())
            .collect();
        on.sort_unstable();
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
            on,
            reason: rule.reason.clone(),
            controls: set.controls_of(finding.rule, &|level| self.request.entity(level)),
            place: Some(PlaceFigure {
                source: place.source,
                line: place.line,
                column: place.column,
                byte: place.byte,
            }),
        }
    }

    /// What is owed, by name, policy and rule.
    pub fn obligations(&self) -> Vec<OwedObligation> {
        let owed = self.verdict.obligations.iter().map(|owed| {
            let (policy, rule) = self.name_of(owed.rule);
            let what = &owed.owed;
            let by = what.within.map(|within| timestamp(self.request.now() + within));
            OwedObligation {
                name: what.name.clone(),
                within: what.within.map(|within| within as f64 / 1e9),
                by,
                times: what.times,
                then: what.then.clone(),
                policy,
                rule,
            }
        });
        let mut owed: Vec<OwedObligation> = owed.collect();
        // What they are bounded by they are sorted by already.
        owed.sort_by(|a, b| (&a.name, &a.policy, &a.rule).cmp(&(&b.name, &b.policy, &b.rule)));
        owed.dedup();
        owed
    }

    /// What approval was asked for, and how it stands.
    pub fn approvals(&self) -> Approvals {
        let mut approvals = Approvals::default();
        let Some(set) = self.set() else { return approvals };
        let moot = decision::denied_for_good(set, self.verdict);
        for known in &self.verdict.requirements {
            let requirement = set.requirement(known.requirement);
            let id = |missing| ApprovalId {
                id: requirement.id.clone(),
                missing,
            };
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
        let names = self
            .verdict
            .findings
            .iter()
            .filter(asks)
            .map(|finding| (finding.level, self.name_of(finding.rule)));
        let (_, (policy, rule)) = names.min()?;
        let seconds = |time: Option<i128>| time.map(|time| time as f64 / 1e9);
        Some(RequiredApproval {
            id: requirement.id.clone(),
            slots: requirement
                .slots
                .iter()
                .map(crate::model::Slot::content)
                .collect(),
            timeout: seconds(requirement.timeout),
            escalation: requirement.escalation.clone(),
            valid_for: seconds(requirement.valid_for),
            notify: requirement.notify.clone(),
            agent_can_recommend: requirement.agents_recommend,
            policy,
            rule,
        })
    }

    /// Each criterion of a gate once: as it stands on the effect on which it is furthest from holding.
    pub fn criteria(&self) -> Vec<CriterionFigure> {
        let mut figures = Vec::new();
        for findings in self.verdict.findings.chunk_by(|a, b| a.rule == b.rule) {
            let at = findings[0].rule;
            let Some(part) = self.part(at) else { continue };
            let Kind::Gate(criteria) = &part.rules[at.rule as usize].kind else {
                continue;
            };
            let (policy, rule) = self.name_of(at);
            for (number, criterion) in criteria.iter().enumerate() {
                let standing = |finding: &&Finding| finding.criteria.get(number).copied();
                // Of equals the first, which is the surest.
                let Some(finding) = findings.iter().rev().max_by_key(standing) else {
                    continue;
                };
                let Some(state) = standing(&finding) else { continue };
                let condition = &part.conditions[criterion.condition.0 as usize];
                figures.push(CriterionFigure {
                    policy: policy.clone(),
                    rule: rule.clone(),
                    criterion: criterion.name.clone(),
                    state: in_word(state).to_owned(),
                    expected: criterion.text.clone(),
                    found: self.found(finding, condition, &part.schema),
                    advisory: !criterion.blocks,
                });
            }
        }
        figures.sort_by(|a, b| (&a.policy, &a.rule, &a.criterion).cmp(&(&b.policy, &b.rule, &b.criterion)));
        figures
    }

    /// What the request says of the attributes, and entries of maps, that a condition reads.
    fn found(&self, finding: &Finding, condition: &Condition, schema: &Schema) -> Json {
        let mut found = Map::new();
        let sights = self.sights(finding);
        if let Some(sight) = sights.first() {
            for (name, (attribute, key)) in condition.reads_entries(schema) {
                let fact = crate::condition::Facts::fact(sight, attribute);
                let value = match (fact, key) {
                    (Fact::Known(Value::Map(entries)), Some(key)) => match entries.get(key.as_str()) {
                        Some(Fact::Known(value)) => Some(value),
                        _ => None,
                    },
                    (Fact::Known(value), None) => Some(value),
                    _ => None,
                };
                found.extend(value.map(|value| (name, written(value))));
            }
        }
        Json::Object(found)
    }

    /// The deny rules that a bypass lifted.
    pub fn bypassed(&self) -> Vec<Bypassed> {
        let Some(set) = self.set() else { return Vec::new() };
        let mut bypassed = Vec::new();
        for finding in &self.verdict.findings {
            let Some((asked, true)) = decision::asks(set, finding) else {
                continue;
            };
            let id = &set.requirement(asked).id;
            let met = self
                .verdict
                .requirements
                .iter()
                .find(|known| set.requirement(known.requirement).id == *id);
            if let Some(Standing::Satisfied { until, .. }) = met.map(|known| &known.standing) {
                let (policy, rule) = self.name_of(finding.rule);
                bypassed.push(Bypassed {
                    policy,
                    rule,
                    requirement: id.clone(),
                    until: until.map(timestamp),
                });
            }
        }
        bypassed.sort_by(|a, b| (&a.policy, &a.rule).cmp(&(&b.policy, &b.rule)));
        bypassed.dedup();
        bypassed
    }

    fn valid_until(&self) -> Option<i128> {
        let compiled = self.compiled?;
        decision::valid_until(compiled, self.request, self.state, self.verdict)
    }
}

/// Whether an `only` rule is listed because it closes its layer.
fn closes(finding: &Finding) -> bool {
    finding.matched == Match::Closed
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

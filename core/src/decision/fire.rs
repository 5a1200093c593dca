//! Which rules fire: the trees are walked once for each effect, and each rule that they lead to is held against it.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::limit::{Figure, LimitState, Sum, contradict};
use super::{Compiled, switch};
use crate::condition::Facts;
use crate::effect::{Effect, Effects};
use crate::model::{Criterion, Document, Kind, Onboarding, Policies, PolicySet, Rule, RuleRef, ScopeEntry};
use crate::normal::{Path, Place, Places};
use crate::outcome::Outcome;
use crate::request::{Request, State, vocabulary};
use crate::schema::{ActionId, AttributeId, Schema};
use crate::source::Level;
use crate::tree::Answers;
use crate::value::{Fact, Tri, Value};

/// Why a rule is in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// It matches.
    Known,
    /// It may match; the request does not say enough.
    Unknown,
    /// It is an `only` rule that does not match, in a layer where none does.
    Closed,
}

/// A rule with what it says of those effects of this request of which it says the same. A rule that is known to match one
/// effect and may match another has two findings: what it owes, asks for and leaves unknown differs, and the verdict is
/// the union of both (spec/02-levels.md, 2.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: RuleRef,
    /// Its level.
    pub level: Level,
    /// How well it matches.
    pub matched: Match,
    /// The effects that it fired on, by their place.
    pub on: SmallVec<[u32; 4]>,
    /// What it contributes, approvals not yet looked at.
    pub outcome: Outcome,
    /// For a gate: how each criterion stands.
    pub criteria: Vec<CriterionState>,
    /// For a limit: what it comes to.
    pub figure: Option<Box<Figure>>,
    /// Whether it is unknown on one of the effects, whatever it is on the others.
    pub unknown_miss: bool,
}

impl Finding {
    /// Whether the rule fired, or granted. A gate whose criteria hold did not, though its criteria are kept, nor did a limit
    /// that is far from reached; an `only` rule that closes its layer says no, but owes nothing.
    pub fn fires(&self, set: &PolicySet) -> bool {
        let held = matches!(set.rule(self.rule).kind, Kind::Gate(_)) && self.outcome == Outcome::Allowed;
        let within = |figure: &Figure| figure.state == LimitState::Within;
        !held && self.matched != Match::Closed && !self.figure.as_deref().is_some_and(within)
    }

    /// Whether records list it: it fired, or it closes its layer.
    pub fn is_listed(&self, set: &PolicySet) -> bool {
        self.fires(set) || self.matched == Match::Closed
    }
}

/// How a criterion of a gate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CriterionState {
    /// It holds.
    Held,
    /// It does not.
    Failed,
    /// What it speaks of was not reported.
    Missing,
}

/// What the request says of one effect, as rules of one level see it.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    pub(super) request: &'a Request,
    pub(super) effect: &'a Effect,
    pub(super) bound: &'a [Fact<Value>],
    pub(super) schema: &'a Schema,
    /// What an onboarding document knows; only rules of the repository level and below see it.
    pub(super) overlay: Option<Overlay<'a>>,
}

/// What onboarding documents say of the request's repository.
#[derive(Clone, Copy)]
pub(super) enum Overlay<'a> {
    /// At least one speaks of it.
    Onboarded(Onboarded<'a>),
    /// None does.
    NotOnboarded,
}

/// The documents that speak of a repository, and for whom they do.
#[derive(Clone, Copy)]
pub(super) struct Onboarded<'a> {
    known: &'a [Onboarding],
    policies: &'a Policies,
    request: &'a Request,
}

impl<'a> Onboarded<'a> {
    /// What those that apply say.
    pub(super) fn facts(self) -> impl Iterator<Item = &'a (AttributeId, Value)> {
        let applies = move |known: &&Onboarding| {
            applies(&self.policies.documents[known.document as usize], self.request)
        };
        self.known.iter().filter(applies).flat_map(|known| &known.facts)
    }
}

impl Facts for Sight<'_> {
    fn fact(&self, attribute: AttributeId) -> Fact<&Value> {
        if let Some(overlay) = &self.overlay
            && let Some(value) = overlay.fact(attribute)
        {
            return Fact::Known(value);
        }
        self.effect.fact(attribute, self.request, self.bound, self.schema)
    }

    fn recursive(&self) -> Tri {
        self.effect.recursive()
    }

    fn spelled_otherwise(&self, path: &str) -> Option<String> {
        Path::in_full(path, self.request.places().home?)
    }

    fn ignores_case(&self) -> bool {
        self.request.case_insensitive() == Fact::Known(true)
    }

    fn place(&self, path: &str) -> Place {
        match Place::of(path) {
            Place::Inside => Place::Inside,
            // Without a root nobody knows whether a path outside of it lies in the workspace after all.
            _ => {
                let places = Places {
                    cwd: None,
                    ..self.request.places()
                };
                Path::normalise(path, &places).map_or(Place::Unknown, |path| path.place())
            }
        }
    }
}

impl<'a> Overlay<'a> {
    fn fact(&self, attribute: AttributeId) -> Option<&'a Value> {
        if attribute == vocabulary().ids.onboarded {
            return Some(if matches!(self, Overlay::Onboarded(_)) {
                &Value::Bool(true)
            } else {
                &Value::Bool(false)
            });
        }
        match self {
            Overlay::Onboarded(known) => known
                .facts()
                .find(|(about, _)| *about == attribute)
                .map(|(_, value)| value),
            Overlay::NotOnboarded => None,
        }
    }
}

impl Sight<'_> {
    /// The name of an attribute.
    pub fn name_of(&self, attribute: AttributeId) -> &str {
        &self.schema.attribute(attribute).name
    }
}

impl Answers for Sight<'_> {
    fn action(&self) -> Fact<ActionId> {
        self.effect.kind().map_or(Fact::Null, Fact::Known)
    }

    fn entity(&self, level: Level) -> Fact<&str> {
        self.request.entity(level)
    }

    fn text(&self, attribute: AttributeId) -> Fact<&str> {
        match self.effect.fact(attribute, self.request, self.bound, self.schema) {
            Fact::Known(value) => value.as_str().map_or(Fact::Unknown, Fact::Known),
            Fact::Null => Fact::Null,
            Fact::Unknown => Fact::Unknown,
        }
    }
}

/// The overlay for the request's repository, if the request names one.
pub(super) fn overlay<'a>(compiled: &'a Compiled, request: &'a Request) -> Option<Overlay<'a>> {
    let Fact::Known(repository) = request.entity(Level::Repository) else {
        return None;
    };
    let policies = &*compiled.set.own;
    let known = policies.onboardings_of(repository);
    let any = known
        .iter()
        .any(|known| applies(&policies.documents[known.document as usize], request));
    Some(if any {
        Overlay::Onboarded(Onboarded {
            known,
            policies,
            request,
        })
    } else {
        Overlay::NotOnboarded
    })
}

/// Whether a document speaks for a request.
pub fn applies(document: &Document, request: &Request) -> bool {
    document
        .scope
        .iter()
        .all(|ScopeEntry { level, names }| match request.entity(*level) {
            Fact::Known(name) => names.holds(name),
            // Null is nobody. What is unsaid the engine denies before any rule counts.
            Fact::Null | Fact::Unknown => false,
        })
}

/// Collects the rules that fire on any effect, and the effects that the platform does not grant.
pub(super) fn fire(
    compiled: &Compiled,
    request: &Request,
    state: &State,
    effects: &Effects,
    bound: &[Fact<Value>],
) -> (SmallVec<[Finding; 4]>, Vec<Closed>) {
    let mut firing = Firing {
        compiled,
        request,
        state,
        bound,
        findings: SmallVec::new(),
        closed: Vec::new(),
        looked_at: None,
        places: FxHashMap::default(),
        sums: Vec::new(),
    };
    let overlay = overlay(compiled, request);
    let mut own_granted = false;
    for (at, effect) in effects.iter().enumerate() {
        if at == 1 {
            firing.remember();
        }
        let granted = firing.effect(at as u32, effect, overlay, own_granted);
        own_granted = if at == 0 { granted } else { own_granted };
    }
    firing.limits();
    let mut findings = firing.findings;
    findings.sort_by_key(|finding| (finding.level, finding.rule, finding.matched, finding.outcome));
    (findings, firing.closed)
}

struct Firing<'a> {
    compiled: &'a Compiled,
    request: &'a Request,
    state: &'a State,
    bound: &'a [Fact<Value>],
    findings: SmallVec<[Finding; 4]>,
    /// The effects that the platform does not grant.
    closed: Vec<Closed>,
    /// Whether the document that was looked at last applies: rules of one document come together.
    looked_at: Option<(&'a Document, bool)>,
    /// The place of a rule's finding, needed once a second effect is looked at.
    places: FxHashMap<(RuleRef, Match, Outcome), usize>,
    /// What limits count, over all effects.
    sums: Vec<Sum<'a>>,
}

/// An effect that the platform does not grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Closed {
    /// Its place.
    pub(super) effect: u32,
    /// The allow rules that would have granted it to somebody else.
    pub(super) misses: Vec<RuleRef>,
}

/// What the allow and only rules of a layer say of one effect.
#[derive(Clone, Default)]
struct Layer {
    allow_names: bool,
    allowed: bool,
    /// The allow rules that name the kind and do not match.
    allow_misses: SmallVec<[RuleRef; 2]>,
    only_names: bool,
    only_matches: bool,
    /// The only rules that name the kind and do not match, and whether they may.
    misses: SmallVec<[(RuleRef, bool); 4]>,
    /// The `default: allow` of the layer.
    defaults: SmallVec<[RuleRef; 1]>,
}

impl<'a> Firing<'a> {
    /// Holds all rules against one effect; says whether the platform grants it.
    fn effect(
        &mut self,
        at: u32,
        effect: &'a Effect,
        overlay: Option<Overlay<'a>>,
        own_granted: bool,
    ) -> bool {
        let Some(kind) = effect.kind() else { return false };
        let mut layers: [Layer; 8] = Default::default();
        let (request, bound, schema) = (self.request, self.bound, self.compiled.set.schema());
        let upper = Sight {
            request,
            effect,
            bound,
            schema,
            overlay: None,
        };
        let lower = Sight { overlay, ..upper };
        let compiled = self.compiled;
        for (part, policies) in compiled.set.parts().into_iter().enumerate() {
            compiled.trees[part].visit(&upper, &mut |number| {
                let rule = &policies.rules[number as usize];
                if !self.concerns(rule, policies, kind) {
                    return;
                }
                let level = policies.documents[rule.document as usize].level;
                let sight = if level < Level::Repository { &upper } else { &lower };
                let reference = RuleRef {
                    part: part as u8,
                    rule: number,
                };
                self.rule(at, reference, rule, policies, sight, &mut layers[level.index()]);
            });
        }
        self.close(at, &layers);
        self.grant(at, effect, &layers[Level::Platform.index()], own_granted)
    }

    /// Whether a rule is there at all: named, for this request, not expired.
    fn concerns(&mut self, rule: &Rule, policies: &'a Policies, kind: ActionId) -> bool {
        rule.actions.binary_search(&kind).is_ok()
            && rule.expires.is_none_or(|end| self.request.now() < end)
            && self.applies(&policies.documents[rule.document as usize])
    }

    fn applies(&mut self, document: &'a Document) -> bool {
        match self.looked_at {
            Some((known, applies)) if std::ptr::eq(known, document) => applies,
            _ => {
                let applies = applies(document, self.request);
                self.looked_at = Some((document, applies));
                applies
            }
        }
    }

    fn rule(
        &mut self,
        at: u32,
        reference: RuleRef,
        rule: &'a Rule,
        policies: &Policies,
        sight: &Sight<'_>,
        layer: &mut Layer,
    ) {
        let holds = || guard(rule, policies, sight);
        match &rule.kind {
            Kind::Default => layer.defaults.push(reference),
            Kind::Allow => {
                layer.allow_names = true;
                if holds() == Tri::True {
                    layer.allowed = true;
                    self.found(reference, at, Match::Known, Outcome::Allowed);
                } else {
                    layer.allow_misses.push(reference);
                }
            }
            Kind::Only => {
                layer.only_names = true;
                let holds = holds();
                if holds == Tri::True {
                    layer.only_matches = true;
                    self.found(reference, at, Match::Known, Outcome::Allowed);
                } else {
                    layer.misses.push((reference, holds == Tri::Unknown));
                }
            }
            kind => self.restricts(at, reference, kind, holds(), policies, sight),
        }
    }

    fn restricts(
        &mut self,
        at: u32,
        reference: RuleRef,
        kind: &'a Kind,
        holds: Tri,
        policies: &Policies,
        sight: &Sight<'_>,
    ) {
        let matched = match holds {
            Tri::False => return,
            Tri::Unknown => Match::Unknown,
            Tri::True => Match::Known,
        };
        match kind {
            Kind::Ask(_) => drop(self.found(reference, at, matched, Outcome::AskApproval)),
            Kind::Deny { unknown: Some(_), .. } if matched == Match::Unknown => {
                self.found(reference, at, matched, Outcome::AskApproval);
            }
            Kind::Deny { .. } => drop(self.found(reference, at, matched, Outcome::Denied)),
            Kind::Require => drop(self.found(reference, at, matched, Outcome::Allowed)),
            Kind::Switch(switch) => {
                let name = self.compiled.set.switch_name(reference);
                if switch::is_on(&name, switch, self.state, self.request) && !switch::exempt(self.request) {
                    let outcome = if switch.denies {
                        Outcome::Denied
                    } else {
                        Outcome::Allowed
                    };
                    self.found(reference, at, matched, outcome);
                }
            }
            Kind::Gate(criteria) => {
                let states = criteria
                    .iter()
                    .map(|criterion| state(criterion.condition, policies, sight))
                    .collect();
                self.gate(reference, at, matched, criteria, states);
            }
            Kind::Limit(limit) => {
                let place = self.sums.iter().position(|sum| sum.rule == reference);
                let place = place.unwrap_or_else(|| {
                    let level = self.compiled.set.document_of(reference).level;
                    self.sums.push(Sum::new(limit, reference, level));
                    self.sums.len() - 1
                });
                self.sums[place].add(at, matched == Match::Known, sight);
            }
            Kind::Allow | Kind::Default | Kind::Only => {}
        }
    }

    /// Holds what was counted over all effects against the limits.
    fn limits(&mut self) {
        if self.sums.is_empty() {
            return;
        }
        let mut figures: Vec<Figure> = self.sums.iter().map(|sum| sum.figure(self.request)).collect();
        let limits = self.sums.iter().map(|sum| sum.limit);
        contradict(&mut limits.zip(&mut figures).collect::<Vec<_>>());
        for (sum, figure) in std::mem::take(&mut self.sums).into_iter().zip(figures) {
            let known = sum.known && figure.state != LimitState::Unknown;
            self.findings.push(Finding {
                rule: sum.rule,
                level: sum.level,
                matched: if known { Match::Known } else { Match::Unknown },
                on: sum.on.into(),
                outcome: figure.state.outcome(),
                criteria: Vec::new(),
                figure: Some(Box::new(figure)),
                unknown_miss: false,
            });
        }
    }

    fn gate(
        &mut self,
        reference: RuleRef,
        at: u32,
        matched: Match,
        criteria: &[Criterion],
        states: Vec<CriterionState>,
    ) {
        let shut = |(criterion, state): (&Criterion, &CriterionState)| {
            criterion.blocks && *state != CriterionState::Held
        };
        let held = !criteria.iter().zip(&states).any(shut);
        let outcome = if held { Outcome::Allowed } else { Outcome::Denied };
        let place = self.found(reference, at, matched, outcome);
        let known = &mut self.findings[place].criteria;
        if known.is_empty() {
            *known = states;
        } else {
            known
                .iter_mut()
                .zip(states)
                .for_each(|(known, new)| *known = (*known).max(new));
        }
    }

    /// Notes that a rule fired on an effect, and says where. For the first effect every rule is new; afterwards it is noted
    /// with the effects of which it says the same.
    fn found(&mut self, rule: RuleRef, at: u32, matched: Match, outcome: Outcome) -> usize {
        let next = self.findings.len();
        let key = (rule, matched, outcome);
        let place = if at == 0 {
            next
        } else {
            *self.places.entry(key).or_insert(next)
        };
        if place == next {
            let level = self.compiled.set.document_of(rule).level;
            let (on, criteria) = (SmallVec::new(), Vec::new());
            self.findings.push(Finding {
                rule,
                level,
                matched,
                on,
                outcome,
                criteria,
                figure: None,
                unknown_miss: false,
            });
        }
        let finding = &mut self.findings[place];
        finding.on.push(at);
        place
    }

    /// Before a second effect: where the rules of the first stand.
    fn remember(&mut self) {
        let keys = self
            .findings
            .iter()
            .map(|finding| (finding.rule, finding.matched, finding.outcome));
        self.places = keys.zip(0..).collect();
    }

    /// A layer with only rules for a kind, none of which matches, denies it.
    fn close(&mut self, at: u32, layers: &[Layer; 8]) {
        for layer in layers
            .iter()
            .filter(|layer| layer.only_names && !layer.only_matches)
        {
            for &(miss, unknown) in &layer.misses {
                let place = self.found(miss, at, Match::Closed, Outcome::Denied);
                self.findings[place].unknown_miss |= unknown;
            }
        }
    }

    /// Whether the platform grants an effect (spec/07-decisions.md, grants).
    fn grant(&mut self, at: u32, effect: &Effect, platform: &Layer, own_granted: bool) -> bool {
        if platform.allowed {
            return true;
        }
        if !platform.allow_names && !platform.defaults.is_empty() {
            for &default in &platform.defaults {
                self.found(default, at, Match::Known, Outcome::Allowed);
            }
            return true;
        }
        let with_its_action =
            effect.derived() && !platform.allow_names && !platform.only_names && own_granted;
        if !with_its_action {
            self.closed.push(Closed {
                effect: at,
                misses: platform.allow_misses.to_vec(),
            });
        }
        with_its_action
    }
}

/// Whether all that a rule demands of an effect holds.
pub fn guard(rule: &Rule, policies: &Policies, sight: &Sight<'_>) -> Tri {
    let mut holds = Tri::True;
    for condition in &rule.guard {
        holds = holds.and(policies.conditions[condition.0 as usize].eval(sight));
        if holds == Tri::False {
            break;
        }
    }
    holds
}

fn state(condition: crate::model::ConditionId, policies: &Policies, sight: &Sight<'_>) -> CriterionState {
    match policies.conditions[condition.0 as usize].eval(sight) {
        Tri::True => CriterionState::Held,
        Tri::False => CriterionState::Failed,
        Tri::Unknown => CriterionState::Missing,
    }
}

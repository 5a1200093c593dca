//! Rules with their names resolved: actions, selectors, conditions, workflows, obligations. Equal conditions and equal
//! requirements become one.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::extend::{Extensions, Modes, actions_named};
use super::names::{Definitions, Seen, Visibility};
use super::{
    Bypass, ConditionId, Criterion, Kind, Obligation, Requirement, RequirementKind, Rule, Slot, errors,
};
use crate::condition::{self, Condition, Expr, Lookup, Reading};
use crate::diagnostic::Diagnostic;
use crate::digest::{Digest, canonical};
use crate::form;
use crate::schema::{ActionId, AttributeId, EnumId, OBLIGATIONS, Schema, obligation_class};
use crate::source::{Level, SourceMap, Span, Spanned};

/// What no switch denies: the ways out of an emergency. A human's rollback is another, which depends on who asks.
const NEVER_SWITCHED: [&str; 4] = [
    "emergency_stop.activate",
    "emergency_stop.deactivate",
    "audit.read",
    "run.cancel",
];

/// What comes out.
#[derive(Default)]
pub(super) struct Resolved {
    pub(super) rules: Vec<Rule>,
    pub(super) conditions: Vec<Condition>,
    pub(super) requirements: Vec<Requirement>,
    pub(super) examples: Vec<(u32, form::Example)>,
    /// Where the workflows stand that a rule names.
    pub(super) used_workflows: BTreeSet<Span>,
}

/// Resolves document after document.
pub(super) struct Resolver<'a> {
    pub(super) schema: &'a Schema,
    sources: &'a SourceMap,
    modes: &'a Modes,
    pub(super) definitions: &'a Definitions,
    pub(super) extensions: &'a Extensions,
    pub(super) out: &'a mut Vec<Diagnostic>,
    resolved: Resolved,
    known_conditions: FxHashMap<Condition, ConditionId>,
    known_requirements: FxHashMap<Requirement, u32>,
    /// The start of the hash of what requirements take, before they have a name.
    known_contents: FxHashMap<Requirement, String>,
}

/// The rule that is being resolved.
pub(super) struct Place<'a> {
    pub(super) sight: Visibility<'a>,
    pub(super) actions: &'a [ActionId],
    /// Those of them that are named one by one.
    pub(super) by_name: &'a [ActionId],
    /// Whether the rule restricts, so that what it does not match stays free.
    pub(super) restricts: bool,
    /// How patterns over paths are read.
    reading: Reading,
    /// `document/rule`, for the names of requirements.
    name: &'a str,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(
        schema: &'a Schema,
        sources: &'a SourceMap,
        modes: &'a Modes,
        definitions: &'a Definitions,
        extensions: &'a Extensions,
        out: &'a mut Vec<Diagnostic>,
    ) -> Resolver<'a> {
        Resolver {
            schema,
            sources,
            modes,
            definitions,
            extensions,
            out,
            resolved: Resolved::default(),
            known_conditions: FxHashMap::default(),
            known_requirements: FxHashMap::default(),
            known_contents: FxHashMap::default(),
        }
    }

    /// What was resolved, without the room for more: it stays as long as the engine does.
    pub(super) fn finish(mut self) -> Resolved {
        self.resolved.rules.shrink_to_fit();
        self.resolved.conditions.shrink_to_fit();
        self.resolved.requirements.shrink_to_fit();
        self.resolved
    }

    pub(super) fn document(&mut self, at: u32, document: &form::Document, sight: Visibility<'_>) {
        self.default_allow(at, document);
        let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
        for rule in &document.parts.rules {
            if let Some(default) = document.default_allow.filter(|_| rule.id.value == "default") {
                self.out.push(errors::default_twice(rule.id.span, default));
            }
            match seen.insert(&rule.id.value, rule.id.span) {
                Some(first) => self
                    .out
                    .push(errors::duplicate_rule(rule.id.span, first, &rule.id.value)),
                None => self.rule(at, document, rule, sight),
            }
        }
    }

    fn default_allow(&mut self, at: u32, document: &form::Document) {
        let Some(span) = document.default_allow else {
            return;
        };
        if document.level != Level::Platform {
            self.out.push(errors::level_cannot(
                span,
                "default: allow",
                document.level,
                "the platform",
            ));
            return;
        }
        let builtin = self
            .schema
            .actions()
            .filter(|(_, action)| !action.extension)
            .map(|(id, _)| id);
        let rule = Rule {
            document: at,
            id: "default".into(),
            kind: Kind::Default,
            actions: builtin.collect(),
            guard: Vec::new(),
            reason: None,
            obligations: Vec::new(),
            controls: Vec::new(),
            expires: None,
            owner: None,
            span,
        };
        self.resolved.rules.push(rule);
    }

    fn rule(&mut self, at: u32, document: &form::Document, rule: &form::Rule, sight: Visibility<'_>) {
        if matches!(rule.kind, form::Kind::Allow) && document.level != Level::Platform {
            self.out.push(errors::allow_below(rule.kind_span, document.level));
        }
        let mut actions = self.actions(&rule.actions);
        self.leave_out(rule, &mut actions);
        let by_name = self.by_name(&rule.actions);
        let name = format!("{}/{}", document.id.value, rule.id.value);
        let grants = matches!(rule.kind, form::Kind::Allow | form::Kind::Only);
        let reading = if grants { Reading::Covers } else { Reading::Touches };
        let restricts = matches!(
            rule.kind,
            form::Kind::Deny { .. } | form::Kind::Ask(_) | form::Kind::Gate(_) | form::Kind::Limit(_)
        );
        let place = Place {
            sight,
            actions: &actions,
            by_name: &by_name,
            restricts,
            reading,
            name: &name,
        };
        let guard = rule
            .guard
            .iter()
            .filter_map(|guard| self.guard(guard, &place))
            .collect();
        let kind = self.kind(rule, &place);
        let obligations = self.obligations(&rule.obligations);
        let number = self.resolved.rules.len() as u32;
        self.resolved
            .examples
            .extend(rule.examples.iter().map(|example| (number, example.clone())));
        self.resolved.rules.push(Rule {
            document: at,
            id: rule.id.value.clone(),
            kind,
            actions,
            guard,
            reason: rule.reason.clone(),
            obligations,
            controls: rule.controls.clone(),
            expires: rule.expires,
            owner: rule.owner.clone(),
            span: rule.span,
        });
    }

    /// The actions that a rule names; none where one of them is wrong, so that nothing more is said of the rule for that.
    fn actions(&mut self, actions: &form::Actions) -> Vec<ActionId> {
        let before = self.out.len();
        let mut found: Vec<ActionId> = match actions {
            form::Actions::Named(names) => names
                .iter()
                .flat_map(|name| actions_named(self.schema, name, self.out))
                .collect(),
            form::Actions::But(names, but) => self.but(names, but),
            form::Actions::Leaving(arguments) => self.leaving(arguments),
            form::Actions::Mutating => self.where_action(|_, action| action.mutates),
            form::Actions::Above(mode) => self.above(mode),
        };
        if before < self.out.len() {
            return Vec::new();
        }
        found.sort();
        found.dedup();
        found
    }

    fn but(&mut self, names: &[Spanned<String>], but: &[Spanned<String>]) -> Vec<ActionId> {
        let named = |names: &[Spanned<String>], out: &mut Vec<Diagnostic>| -> Vec<ActionId> {
            names
                .iter()
                .flat_map(|name| actions_named(self.schema, name, out))
                .collect()
        };
        // What is left out has a rule of its own, which says what is wrong with it.
        let left_out = named(but, &mut Vec::new());
        let mut found = named(names, self.out);
        found.retain(|action| !left_out.contains(action));
        found
    }

    fn by_name(&self, actions: &form::Actions) -> Vec<ActionId> {
        let form::Actions::Named(names) = actions else {
            return Vec::new();
        };
        names
            .iter()
            .filter_map(|name| self.schema.action_named(&name.value))
            .collect()
    }

    /// A pattern grants no action of the policy set's own, unless it says `x.`; and none of a switch stops the ways out of
    /// an emergency.
    fn leave_out(&mut self, rule: &form::Rule, actions: &mut Vec<ActionId>) {
        let form::Actions::Named(names) = &rule.actions else {
            return;
        };
        let schema = self.schema;
        let named = |action: &ActionId| {
            names
                .iter()
                .find(|name| name.value == schema.action(*action).name)
        };
        match rule.kind {
            form::Kind::Allow => {
                let own = names.iter().any(|name| name.value.starts_with("x."));
                actions.retain(|action| own || named(action).is_some() || !schema.action(*action).extension);
            }
            form::Kind::Switch(_) => {
                let way_out =
                    |action: &ActionId| NEVER_SWITCHED.contains(&schema.action(*action).name.as_str());
                let wrong = actions.iter().filter(|action| way_out(action)).filter_map(named);
                let wrong: Vec<Diagnostic> = wrong
                    .map(|name| errors::never_switched(name.span, &name.value))
                    .collect();
                let found = wrong.len();
                self.out.extend(wrong);
                let some = !actions.is_empty();
                actions.retain(|action| !way_out(action));
                if let Some(first) = names.first().filter(|_| found == 0 && some && actions.is_empty()) {
                    self.out.push(errors::switches_nothing(first.span, &first.value));
                }
            }
            _ => {}
        }
    }

    fn where_action(&self, test: impl Fn(ActionId, &crate::schema::Action) -> bool) -> Vec<ActionId> {
        self.schema
            .actions()
            .filter(|&(id, action)| test(id, action))
            .map(|(id, _)| id)
            .collect()
    }

    fn leaving(&self, arguments: &[&str]) -> Vec<ActionId> {
        let attribute = |name: &&str| {
            self.schema
                .attribute_named(name)
                .expect("forms name arguments of the vocabulary")
        };
        let wanted: Vec<AttributeId> = arguments.iter().map(attribute).collect();
        let has_all = |id| wanted.iter().all(|&argument| self.schema.belongs(argument, id));
        self.where_action(|id, action| action.leaves_workspace && has_all(id))
    }

    /// The highest mode caps nothing; a rule without actions says just that.
    fn above(&mut self, mode: &Spanned<String>) -> Vec<ActionId> {
        let levels = self
            .schema
            .enumeration_named("autonomy_level")
            .expect("the vocabulary has autonomy levels");
        let Some(cap) = self.constant_of(levels, mode) else {
            return Vec::new();
        };
        self.where_action(|id, _| cap < self.modes.needed(id, self.schema))
    }

    /// The rank of a constant, or a finding.
    fn constant_of(&mut self, id: EnumId, constant: &Spanned<String>) -> Option<usize> {
        let enumeration = self.schema.enumeration(id);
        let rank = enumeration.rank(&constant.value);
        if rank.is_none() {
            let known = enumeration.constants.iter().map(String::as_str);
            self.out.push(errors::unknown_constant(
                constant.span,
                &constant.value,
                &enumeration.name,
                known,
            ));
        }
        rank
    }

    fn kind(&mut self, rule: &form::Rule, place: &Place<'_>) -> Kind {
        match &rule.kind {
            form::Kind::Allow => Kind::Allow,
            form::Kind::Only => Kind::Only,
            form::Kind::Require => Kind::Require,
            form::Kind::Limit(limit) => Kind::Limit(Box::new(self.limit(limit, rule.kind_span, place))),
            form::Kind::Switch(switch) => Kind::Switch(switch.clone()),
            form::Kind::Ask(approval) => Kind::Ask(self.approval(approval, rule, place)),
            form::Kind::Gate(criteria) => Kind::Gate(
                criteria
                    .iter()
                    .filter_map(|criterion| self.criterion(criterion, place))
                    .collect(),
            ),
            form::Kind::Deny { unknown_asks, bypass } => Kind::Deny {
                unknown: unknown_asks.then(|| self.ask_when_unknown(rule, place)),
                bypass: bypass.as_ref().map(|bypass| self.bypass(bypass, rule, place)),
            },
        }
    }

    fn criterion(&mut self, criterion: &form::Criterion, place: &Place<'_>) -> Option<Criterion> {
        // Whether it holds and whether it fails both count, so neither reading is the strict one.
        let condition = self.condition(&criterion.condition, Reading::Both, place)?;
        let (name, text) = (criterion.name.value.clone(), criterion.condition.text.clone());
        Some(Criterion {
            name,
            condition: self.intern(condition),
            text,
            blocks: criterion.blocks,
        })
    }

    fn guard(&mut self, guard: &form::Guard, place: &Place<'_>) -> Option<ConditionId> {
        let condition = self.guard_as_condition(guard, place)?;
        Some(self.intern(condition))
    }

    fn guard_as_condition(&mut self, guard: &form::Guard, place: &Place<'_>) -> Option<Condition> {
        Some(match guard {
            form::Guard::When(text) => self.condition(text, place.reading, place)?,
            form::Guard::Unless(text) => {
                let condition = self.condition(text, place.reading, place)?;
                Condition::of(condition.expr().clone().negated().read_as(place.reading))
            }
            form::Guard::NotAll(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.push(self.guard_as_condition(part, place)?.expr().clone());
                }
                Condition::of(Expr::all(all).negated().read_as(place.reading))
            }
            form::Guard::Selector {
                selector,
                values,
                negated,
            } => {
                let expr = self.selector(selector, values, place)?;
                let expr = if *negated { expr.negated() } else { expr };
                Condition::of(expr.read_as(place.reading))
            }
        })
    }

    fn condition(&mut self, text: &form::Text, reading: Reading, place: &Place<'_>) -> Option<Condition> {
        let sources = self.sources;
        let at = |range: std::ops::Range<usize>| match &text.origin {
            form::Origin::Written(scalar) => scalar.span_of(range, sources),
            form::Origin::Made(span) => *span,
        };
        let (definitions, extensions, sight) = (self.definitions, self.extensions, place.sight);
        let lookup = |name: &str| match definitions.constant(name, sight) {
            Seen::Nothing if extensions.is_broken(name) => Lookup::Broken,
            Seen::Nothing => Lookup::None,
            Seen::Broken => Lookup::Broken,
            Seen::One(named, _) => Lookup::Found(&named.constant),
            Seen::Several(..) => Lookup::Ambiguous("two documents in sight define it, differently".into()),
        };
        let schema = self.schema;
        let hidden = |attribute: AttributeId| {
            let below =
                schema.attribute(attribute).name == "repository.onboarded" && sight.level < Level::Repository;
            match below {
                true => Some("it is known from the repository level down".to_owned()),
                false => extensions.hidden(attribute, sight).map(str::to_owned),
            }
        };
        let defined = || definitions.constant_names(sight).collect();
        let scope = condition::Scope {
            schema,
            actions: place.actions,
            definitions: &lookup,
            defined: &defined,
            hidden: &hidden,
            reading,
        };
        condition::compile(
            &condition::Text {
                text: &text.text,
                at: &at,
            },
            &scope,
            self.out,
        )
    }

    fn intern(&mut self, condition: Condition) -> ConditionId {
        if let Some(&known) = self.known_conditions.get(&condition) {
            return known;
        }
        let id = ConditionId(self.resolved.conditions.len() as u32);
        self.resolved.conditions.push(condition.clone());
        self.known_conditions.insert(condition, id);
        id
    }

    fn obligations(&mut self, written: &[form::Obligation]) -> Vec<Obligation> {
        for obligation in written {
            self.known_obligation(&obligation.name);
            obligation
                .then
                .iter()
                .for_each(|then| self.known_obligation(then));
        }
        let owed = |given: &form::Obligation| Obligation {
            name: given.name.value.clone(),
            within: given.within,
            times: given.times,
            then: given.then.as_ref().map(|then| then.value.clone()),
        };
        let mut owed: Vec<Obligation> = written.iter().map(owed).collect();
        owed.sort();
        owed.dedup();
        owed
    }

    fn known_obligation(&mut self, name: &Spanned<String>) {
        if obligation_class(&name.value).is_none() {
            let known = OBLIGATIONS.iter().map(|(name, _, _)| *name);
            self.out
                .push(errors::unknown_obligation(name.span, &name.value, known));
        }
    }

    fn approval(&mut self, approval: &form::Approval, rule: &form::Rule, place: &Place<'_>) -> u32 {
        match approval {
            form::Approval::Inline(body) => {
                self.requirement(RequirementKind::Approval, place.name, body, rule.reason.clone())
            }
            form::Approval::Workflow(name) => self.workflow(name, place),
        }
    }

    fn workflow(&mut self, name: &Spanned<String>, place: &Place<'_>) -> u32 {
        let definitions = self.definitions;
        match definitions.workflow(&name.value, place.sight) {
            Seen::One(body, span) => {
                self.resolved.used_workflows.insert(span);
                let body = body.as_ref();
                return body.map_or(0, |body| {
                    self.requirement(RequirementKind::Approval, &name.value, body, None)
                });
            }
            Seen::Broken => {}
            Seen::Several(one, two) => self.out.push(errors::ambiguous_name(
                name.span,
                "workflow",
                &name.value,
                one,
                two,
            )),
            Seen::Nothing => {
                let mut known: Vec<&str> = definitions.workflow_names(place.sight).collect();
                known.sort_unstable();
                self.out.push(errors::unknown_workflow(
                    name.span,
                    &name.value,
                    known.into_iter(),
                ));
            }
        }
        0
    }

    fn ask_when_unknown(&mut self, rule: &form::Rule, place: &Place<'_>) -> u32 {
        let slots = vec![form::Slot {
            human: true,
            ..form::Slot::default()
        }];
        let body = form::ApprovalBody {
            slots,
            timeout: None,
            escalation: None,
            valid_for: None,
            agents_count: false,
            agents_recommend: true,
            notify: Vec::new(),
            span: rule.span,
        };
        self.requirement(RequirementKind::Unknown, place.name, &body, rule.reason.clone())
    }

    fn bypass(&mut self, bypass: &form::Bypass, rule: &form::Rule, place: &Place<'_>) -> Bypass {
        let reason = rule.reason.clone();
        let requirement = self.requirement(RequirementKind::Bypass, place.name, &bypass.body, reason);
        Bypass {
            requirement,
            then: self.obligations(&bypass.then),
        }
    }

    fn requirement(
        &mut self,
        kind: RequirementKind,
        name: &str,
        body: &form::ApprovalBody,
        reason: Option<String>,
    ) -> u32 {
        let mut slots: Vec<Slot> = body.slots.iter().map(|slot| self.slot(slot)).collect();
        slots.sort_by_cached_key(|slot| canonical(&slot.content()));
        if let Some(role) = &body.escalation {
            self.check_role(role);
        }
        let mut requirement = Requirement {
            id: String::new(),
            kind,
            slots,
            timeout: body.timeout,
            escalation: body.escalation.as_ref().map(|role| role.value.clone()),
            valid_for: body.valid_for,
            agents_count: body.agents_count,
            agents_recommend: body.agents_recommend,
            notify: body.notify.clone(),
            reason: None,
        };
        let prefix = match kind {
            RequirementKind::Approval => "",
            RequirementKind::Bypass => "bypass:",
            RequirementKind::Unknown => "unknown:",
        };
        let content = self.content_of(&requirement);
        requirement.id = format!("{prefix}{name}@{content}");
        requirement.reason = reason;
        self.intern_requirement(requirement)
    }

    /// The start of the hash of what a requirement takes. Many rules ask for the same approvers.
    fn content_of(&mut self, unnamed: &Requirement) -> String {
        if let Some(known) = self.known_contents.get(unnamed) {
            return known.clone();
        }
        let content = Digest::of_json(&unnamed.content()).short(8);
        self.known_contents.insert(unnamed.clone(), content.clone());
        content
    }

    fn intern_requirement(&mut self, requirement: Requirement) -> u32 {
        let next = self.resolved.requirements.len() as u32;
        let id = *self.known_requirements.entry(requirement.clone()).or_insert(next);
        if id == next {
            self.resolved.requirements.push(requirement);
        }
        id
    }

    fn slot(&mut self, slot: &form::Slot) -> Slot {
        slot.roles.iter().for_each(|role| self.check_role(role));
        let names = |names: &[Spanned<String>]| -> Vec<String> {
            let mut names: Vec<String> = names.iter().map(|name| name.value.clone()).collect();
            names.sort();
            names.dedup();
            names
        };
        Slot {
            roles: names(&slot.roles),
            teams: names(&slot.teams),
            human: slot.human,
        }
    }

    fn check_role(&mut self, role: &Spanned<String>) {
        let roles = self
            .schema
            .enumeration_named("role")
            .expect("the vocabulary has roles");
        self.constant_of(roles, role);
    }
}

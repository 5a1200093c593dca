//! Checked policies in bytes. What follows from the rest (the directory of documents, hashes of sets) is made again when they
//! are read, and every number that names something is held to what there is.

use std::sync::Arc;

use super::{
    Bypass, ConditionId, Control, Criterion, Directory, Document, Kind, Limit, Measure, Obligation,
    Onboarding, Per, Policies, Requirement, RequirementKind, Rule, RuleRef, ScopeEntry, ScopeNames, Slot,
    Switch,
};
use crate::pack::{Broken, Named, Pack, Reader, Writer, pack_fields, pack_variants};
use crate::schema::Schema;
use crate::source::SourceMap;

pack_fields!(Document {
    id,
    version,
    level,
    scope,
    content,
    owner,
    review,
    span
});
pack_fields!(ScopeEntry { level, names });
pack_variants!(ScopeNames {
    0: Exact(names),
    1: Globs(globs)
});
pack_fields!(Rule {
    document,
    id,
    kind,
    actions,
    guard,
    reason,
    obligations,
    controls,
    expires,
    owner,
    span,
});
pack_variants!(Kind {
    0: Allow,
    1: Default,
    2: Only,
    3: Ask(requirement),
    4: Deny { unknown, bypass },
    5: Gate(criteria),
    6: Require,
    7: Limit(limit),
    8: Switch(switch),
});
pack_fields!(Limit {
    of,
    unit,
    per,
    at_most,
    at_least,
    alert
});
pack_variants!(Measure {
    0: Count,
    1: Attribute(attribute),
    2: Retention
});
pack_fields!(Per {
    name,
    attribute,
    window
});
pack_fields!(Obligation {
    name,
    within,
    times,
    then
});
pack_fields!(Bypass { requirement, then });
pack_fields!(Criterion {
    name,
    condition,
    text,
    blocks
});
pack_fields!(Requirement {
    id,
    kind,
    slots,
    timeout,
    escalation,
    valid_for,
    agents_count,
    agents_recommend,
    notify,
    reason,
});
pack_variants!(RequirementKind {
    0: Approval,
    1: Bypass,
    2: Unknown
});
pack_fields!(Slot { roles, teams, human });
pack_fields!(Onboarding {
    document,
    repository,
    facts
});
pack_fields!(Switch { on, max_age, denies });
pack_fields!(Control {
    name,
    part,
    document,
    obligations,
    rules,
    span
});
pack_fields!(RuleRef { part, rule });

impl Pack for ConditionId {
    fn pack(&self, to: &mut Writer) {
        self.0.pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<ConditionId, Broken> {
        from.named(Named::Condition).map(ConditionId)
    }
}

impl Policies {
    /// Writes what does not follow from the rest. The vocabulary and the sources are kept by whoever writes several of them.
    pub(crate) fn pack(&self, to: &mut Writer) {
        self.documents.pack(to);
        self.conditions.pack(to);
        self.requirements.pack(to);
        self.rules.pack(to);
        self.onboardings.pack(to);
        self.declared.pack(to);
        self.wants_entity.pack(to);
        self.switches.pack(to);
        self.timed.pack(to);
        self.controls.pack(to);
    }

    /// Reads policies over a vocabulary. `above` are the platform's, unless these are.
    pub(crate) fn unpack(
        schema: Arc<Schema>,
        sources: Arc<SourceMap>,
        above: Option<&Policies>,
        from: &mut Reader<'_>,
    ) -> Result<Policies, Broken> {
        let documents: Vec<Document> = from.all()?;
        from.know(Named::Document, documents.len());
        let conditions = from.all()?;
        from.know(Named::Condition, conditions.len());
        let requirements: Vec<Requirement> = from.all()?;
        from.know(Named::Requirement, requirements.len());
        let rules: Vec<Rule> = from.all()?;
        from.know(Named::Rule, rules.len());
        rules.iter().try_for_each(|rule| hold_rule(rule, from))?;
        let policies = Policies {
            onboardings: Pack::unpack(from)?,
            declared: Pack::unpack(from)?,
            wants_entity: Pack::unpack(from)?,
            switches: Pack::unpack(from)?,
            timed: Pack::unpack(from)?,
            controls: Pack::unpack(from)?,
            directory: Directory::of(&documents),
            documents,
            rules,
            conditions,
            requirements,
            schema,
            sources,
        };
        policies.hold(above, from)?;
        Ok(policies)
    }

    /// Whether there is everything that is named.
    fn hold(&self, above: Option<&Policies>, from: &Reader<'_>) -> Result<(), Broken> {
        let listed = self.switches.iter().chain(&self.timed);
        listed
            .copied()
            .try_for_each(|rule| from.hold(Named::Rule, rule))?;
        let known = self.onboardings.iter().map(|known| known.document);
        known
            .chain(self.declared.iter().map(|(_, document)| *document))
            .try_for_each(|document| from.hold(Named::Document, document))?;
        let switches = self
            .switches
            .iter()
            .all(|&at| matches!(self.rules[at as usize].kind, Kind::Switch(_)));
        if !switches {
            return Err(from.broken("a rule is listed as a switch and is none"));
        }
        let parts = match above {
            Some(above) => vec![above, self],
            None => vec![self],
        };
        let there = |at: &RuleRef| {
            let part = parts.get(usize::from(at.part));
            part.is_some_and(|part| (at.rule as usize) < part.rules.len())
        };
        let says = |control: &Control| {
            let part = parts.get(usize::from(control.part));
            part.is_some_and(|part| (control.document as usize) < part.documents.len())
        };
        match self
            .controls
            .iter()
            .all(|control| says(control) && control.rules.iter().all(there))
        {
            true => Ok(()),
            false => Err(from.broken("a control names a document or a rule that is not there")),
        }
    }
}

fn hold_rule(rule: &Rule, from: &Reader<'_>) -> Result<(), Broken> {
    from.hold(Named::Document, rule.document)?;
    let (first, second) = match &rule.kind {
        Kind::Ask(requirement) => (Some(*requirement), None),
        Kind::Deny { unknown, bypass } => (*unknown, bypass.as_ref().map(|bypass| bypass.requirement)),
        _ => (None, None),
    };
    let mut asked = first.into_iter().chain(second);
    asked.try_for_each(|requirement| from.hold(Named::Requirement, requirement))
}

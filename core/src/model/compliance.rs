//! Controls of compliance frameworks, with the rules that carry them out (spec/16-data-and-compliance.md, 16.6). What a
//! document says of controls holds for rules of its own authority and of the platform, where both speak to one request;
//! what the platform says by an obligation holds for tenants' rules as well. Knows no form.

use super::scope::compatible;
use super::{Policies, Rule, RuleRef, errors};
use crate::diagnostic::Diagnostic;
use crate::form;
use crate::source::{Span, Spanned};

/// A control, and what carries it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// Its name, such as `SOC2/change-management`.
    pub name: String,
    /// The part of the policy set that says so, as in [`RuleRef`].
    pub part: u8,
    /// The place of the document that says so, in the documents of that part.
    pub document: u32,
    /// The obligations that carry it out.
    pub obligations: Vec<String>,
    /// The rules that carry it out.
    pub rules: Vec<RuleRef>,
    /// Where it stands.
    pub span: Span,
}

/// The controls of documents, resolved; with those that the platform says of obligations.
pub(super) fn resolve(
    documents: &[form::Document],
    own: &Policies,
    above: Option<&Policies>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Control> {
    let sight = Sight {
        own: (above.map_or(0, |_| 1), own),
        above: above.map(|above| (0, above)),
    };
    let mut controls = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        for written in &document.parts.controls {
            controls.push(sight.control(at as u32, written, out));
        }
    }
    let inherited = above.into_iter().flat_map(|above| &above.controls);
    controls.extend(inherited.filter_map(|control| sight.inherited(control)));
    controls
}

/// The policies that a document can speak of.
struct Sight<'a> {
    own: (u8, &'a Policies),
    above: Option<(u8, &'a Policies)>,
}

impl<'a> Sight<'a> {
    fn parts(&self) -> impl Iterator<Item = (u8, &'a Policies)> {
        self.above.into_iter().chain([self.own])
    }

    fn control(&self, document: u32, written: &form::Control, out: &mut Vec<Diagnostic>) -> Control {
        let (part, policies) = self.own;
        let scope = &policies.documents[document as usize].scope;
        let mut rules = Vec::new();
        for name in &written.rules {
            let found = self.find(|_, rule, policies| is_named(rule, policies, &name.value));
            if found.is_empty() {
                out.push(self.unknown(name));
            }
            rules.extend(found);
        }
        let obligations: Vec<String> = written
            .obligations
            .iter()
            .map(|name| name.value.clone())
            .collect();
        rules.extend(self.find(|_, rule, _| owes(rule, &obligations)));
        rules.retain(|at| {
            let policies = self
                .parts()
                .find(|(part, _)| *part == at.part)
                .map(|(_, policies)| policies);
            policies.is_some_and(|policies| {
                let document = policies.rules[at.rule as usize].document;
                compatible(&policies.documents[document as usize].scope, scope)
            })
        });
        rules.sort();
        rules.dedup();
        if rules.is_empty() && written.rules.is_empty() {
            out.push(errors::control_without_rule(
                written.name.span,
                &written.name.value,
            ));
        }
        Control {
            name: written.name.value.clone(),
            part,
            document,
            obligations,
            rules,
            span: written.name.span,
        }
    }

    /// What the platform says by an obligation, said of these rules.
    fn inherited(&self, control: &Control) -> Option<Control> {
        let (part, policies) = self.own;
        let owing = (0..)
            .zip(&policies.rules)
            .filter(|(_, rule)| owes(rule, &control.obligations));
        let rules: Vec<RuleRef> = owing.map(|(rule, _)| RuleRef { part, rule }).collect();
        (!rules.is_empty()).then(|| Control {
            rules,
            ..control.clone()
        })
    }

    fn find(&self, test: impl Fn(u8, &Rule, &Policies) -> bool) -> Vec<RuleRef> {
        let mut found = Vec::new();
        for (part, policies) in self.parts() {
            let rules = (0..).zip(&policies.rules);
            let rules = rules.filter(|(_, rule)| test(part, rule, policies));
            found.extend(rules.map(|(rule, _)| RuleRef { part, rule }));
        }
        found
    }

    fn unknown(&self, name: &Spanned<String>) -> Diagnostic {
        let mut known: Vec<String> = Vec::new();
        for (_, policies) in self.parts() {
            known.extend(policies.documents.iter().map(|document| document.id.clone()));
            known.extend(policies.rules.iter().map(|rule| rule.id.clone()));
            known.extend(policies.rules.iter().map(|rule| full_name(rule, policies)));
        }
        known.sort();
        known.dedup();
        errors::unknown_rule(name.span, &name.value, known.iter().map(String::as_str))
    }
}

fn full_name(rule: &Rule, policies: &Policies) -> String {
    format!("{}/{}", policies.documents[rule.document as usize].id, rule.id)
}

/// A policy stands for all its rules, a rule's name for all rules of that name.
fn is_named(rule: &Rule, policies: &Policies, name: &str) -> bool {
    let document = &policies.documents[rule.document as usize];
    document.id == name || rule.id == name || full_name(rule, policies) == name
}

fn owes(rule: &Rule, obligations: &[String]) -> bool {
    rule.obligations
        .iter()
        .any(|owed| obligations.contains(&owed.name))
}

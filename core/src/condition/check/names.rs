//! Names: variables of lambdas, then attributes, then definitions, then, opposite an enumeration, its constants.

use std::ops::Range;

use super::{Checked, Checker, Typed, scalar_of};
use crate::condition::errors;
use crate::condition::literal::{Constant, Literal};
use crate::condition::parse::{Ast, Node, Step};
use crate::condition::{Lookup, Operand, Reported};
use crate::schema::{AttributeId, Scalar, Type};

/// Dotted names of attributes have at most so many parts.
const LONGEST_NAME: usize = 8;

impl Checker<'_, '_, '_, '_> {
    pub(super) fn path(
        &mut self,
        steps: &[Step],
        at: &Range<usize>,
        wanted: Option<Scalar>,
    ) -> Checked<Typed> {
        if let Some((operand, scalar)) = self.variable(&steps[0]) {
            return match steps.get(1) {
                None => Some(Typed::Value(operand, Type::One(scalar))),
                Some(member) => {
                    let ty = self.scope.schema.type_name(Type::One(scalar));
                    self.report(&member.at, |span| {
                        errors::no_member(span, &steps[0].name, &ty, &member.name)
                    })
                }
            };
        }
        let name = joined(steps);
        let definition = self.definition(&name, at)?;
        if definition.is_some() && self.longest_attribute(steps).is_none() {
            self.shadows(&name, at, wanted);
        }
        match (self.longest_attribute(steps), definition) {
            (Some((_, taken)), Some(_)) if taken == steps.len() => self.report(at, |span| {
                errors::ambiguous(span, &name, "an attribute and a definition")
            }),
            (_, Some(constant)) => Some(constant),
            (Some((id, taken)), None) => self.attribute(id, &steps[taken..], at),
            (None, None) => self.bare(&name, at, wanted),
        }
    }

    /// A definition stands before a constant of the same name.
    fn shadows(&mut self, name: &str, at: &Range<usize>, wanted: Option<Scalar>) {
        if let Some(Scalar::Enum(id)) = wanted {
            let enumeration = self.scope.schema.enumeration(id);
            if enumeration.rank(name).is_some() {
                self.findings.report(at, |span| {
                    errors::shadowed_constant(span, name, &enumeration.name)
                });
            }
        }
    }

    fn variable(&self, step: &Step) -> Option<(Operand, Scalar)> {
        let outwards = self
            .variables
            .iter()
            .rev()
            .position(|(name, _)| *name == step.name)?;
        let (_, scalar) = self.variables[self.variables.len() - 1 - outwards];
        Some((Operand::Item(outwards), scalar))
    }

    /// The attribute with the longest name that a path starts with, and how many steps that takes.
    pub(super) fn longest_attribute(&self, steps: &[Step]) -> Option<(AttributeId, usize)> {
        if self.variable(&steps[0]).is_some() {
            return None;
        }
        let plain = steps.iter().take_while(|step| !step.quoted).count();
        let named = |taken: usize| self.scope.schema.attribute_named(&joined(&steps[..taken]));
        (1..=plain.min(LONGEST_NAME))
            .rev()
            .find_map(|taken| named(taken).map(|id| (id, taken)))
    }

    fn definition(&mut self, name: &str, at: &Range<usize>) -> Checked<Option<Typed>> {
        let constant = |literal: &Literal| Typed::Constant(literal.clone());
        match (self.scope.definitions)(name) {
            Lookup::None => Some(None),
            Lookup::Found(Constant::One(literal)) => Some(Some(constant(literal))),
            Lookup::Found(Constant::List(items)) => {
                let items = items
                    .iter()
                    .map(|literal| (constant(literal), at.clone()))
                    .collect();
                Some(Some(Typed::List(items)))
            }
            Lookup::Broken => None,
            Lookup::Ambiguous(why) => self.report(at, |span| errors::ambiguous(span, name, &why)),
        }
    }

    fn attribute(&mut self, id: AttributeId, members: &[Step], at: &Range<usize>) -> Checked<Typed> {
        self.visible(id, at)?;
        let attribute = self.scope.schema.attribute(id);
        match (attribute.ty, members) {
            (ty, []) => Some(Typed::Value(Operand::Attribute(id), ty)),
            (Type::Map(Scalar::Reported), [key]) => Some(Typed::Value(
                Operand::Reported(Reported {
                    attribute: id,
                    key: key.name.clone(),
                    window: None,
                    scalar: None,
                    against_nothing: false,
                }),
                Type::One(Scalar::Reported),
            )),
            (Type::Map(scalar), [key]) => Some(Typed::Value(
                Operand::Key(id, key.name.clone()),
                Type::One(scalar),
            )),
            (ty, [.., member]) => {
                let ty = self.scope.schema.type_name(ty);
                self.report(&member.at, |span| {
                    errors::no_member(span, &attribute.name, &ty, &member.name)
                })
            }
        }
    }

    fn visible(&mut self, id: AttributeId, at: &Range<usize>) -> Checked<()> {
        let name = &self.scope.schema.attribute(id).name;
        if let Some(why) = (self.scope.hidden)(id) {
            return self.report(at, |span| errors::hidden(span, name, &why));
        }
        if self.can_have(id) {
            return Some(());
        }
        let schema = self.scope.schema;
        let actions = self
            .scope
            .actions
            .iter()
            .map(|&action| schema.action(action).name.as_str());
        let owners = schema.actions().filter(|(action, _)| schema.belongs(id, *action));
        let owners = owners.map(|(_, action)| action.name.as_str());
        self.report(at, |span| errors::not_of_action(span, name, actions, owners))
    }

    /// Whether an effect of the rule's actions can have an attribute: its own, or one of the action that it is derived
    /// from.
    fn can_have(&self, id: AttributeId) -> bool {
        let (schema, actions) = (self.scope.schema, self.scope.actions);
        actions.is_empty() || actions.iter().any(|&action| schema.reaches(id, action))
    }

    /// A name that is neither attribute nor definition is a constant, but only opposite an enumeration.
    fn bare(&mut self, name: &str, at: &Range<usize>, wanted: Option<Scalar>) -> Checked<Typed> {
        if let Some(Scalar::Enum(_) | Scalar::Reported) = wanted {
            return Some(Typed::Constant(Literal::Text(name.into())));
        }
        if self.lenient && !name.contains('.') {
            return None;
        }
        let known = self
            .scope
            .schema
            .attributes()
            .map(|(_, attribute)| attribute.name.as_str());
        let variables: Vec<_> = self.variables.iter().map(|(name, _)| name.clone()).collect();
        let known = known.chain(variables.iter().map(|name| &**name));
        let known = known.chain((self.scope.defined)());
        let text_fits = matches!(
            wanted,
            Some(Scalar::String | Scalar::Path | Scalar::Host | Scalar::Url)
        );
        self.findings
            .report(at, |span| errors::unknown_attribute(span, name, known, text_fits));
        None
    }

    /// The type that a part has by itself, found without complaint.
    pub(super) fn hint(&self, ast: &Ast) -> Option<Scalar> {
        match &ast.node {
            Node::Path(steps) => match self.variable(&steps[0]) {
                Some((_, scalar)) => Some(scalar),
                None => self
                    .longest_attribute(steps)
                    .map(|(id, _)| scalar_of(self.scope.schema.attribute(id).ty)),
            },
            Node::If(parts) => self.hint(&parts[1]).or_else(|| self.hint(&parts[2])),
            Node::List(items) => items.iter().find_map(|item| self.hint(item)),
            Node::Call {
                receiver: None, name, ..
            } if &*name.name == "over" => Some(Scalar::Reported),
            _ => None,
        }
    }
}

fn joined(steps: &[Step]) -> String {
    let names: Vec<&str> = steps.iter().map(|step| &*step.name).collect();
    names.join(".")
}

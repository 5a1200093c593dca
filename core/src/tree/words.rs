//! Numbers of a tree in words: rules by their documents, answers by their names. Knows nothing of how a tree is drawn.

use rustc_hash::FxHashMap;

use super::{Question, Tree};
use crate::model::Policies;
use crate::schema::ActionId;

/// The words for the numbers of one tree.
pub(super) struct Words<'a> {
    pub(super) policies: &'a Policies,
    names: FxHashMap<u32, &'a str>,
}

impl<'a> Words<'a> {
    pub(super) fn of(tree: &'a Tree, policies: &'a Policies) -> Words<'a> {
        Words {
            policies,
            names: tree
                .names
                .iter()
                .map(|(name, number)| (*number, &**name))
                .collect(),
        }
    }

    /// `policy/rule (kind)`.
    pub(super) fn rule(&self, rule: u32) -> String {
        let rule = &self.policies.rules[rule as usize];
        let document = &self.policies.documents[rule.document as usize];
        format!("{}/{} ({})", document.id, rule.id, rule.kind.as_str())
    }

    pub(super) fn answer(&self, question: Question, answer: u32) -> String {
        match question {
            Question::Action => self.policies.schema.action(ActionId(answer as u16)).name.clone(),
            Question::Entity(_) | Question::Attribute(_) => {
                self.names.get(&answer).copied().unwrap_or("?").to_owned()
            }
        }
    }
}

//! The compiled policy: a tree that leads from what a request says to the few rules that can matter for it. Pure data;
//! how it is made is in `compile`, how it is drawn in `print`, what one walk meets in `draw`. It knows which rules to look at,
//! never what they mean.
//!
//! A node asks one question (which action, which repository, which environment ...). Rules that name exact answers stand
//! below the edges of those answers; rules that do not care stand below `any`, and a walk takes both. So no rule is
//! copied for the answers that it does not care about, and the size of the tree is linear in the size of the rules. A walk
//! that does not know the answer takes every edge: what is unknown may match any of them. Only the entity of a document's
//! scope, where it is unsaid, leads nowhere: that document does not apply.
//!
//! Where no question is left that would part them, many rules of one leaf are found by an index over what their guards demand.

mod table;
mod thresholds;
mod index;
mod compile;
mod words;
mod draw;
mod print;

#[cfg(test)]
mod tests;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::condition::{Expr, Facts};
use crate::schema::{ActionId, AttributeId, Schema};
use crate::source::Level;
use crate::value::Fact;

use index::Index;

pub use compile::compile;
pub use draw::{Way, WayEdge, WayNode};
pub use print::{Picture, Stats};

/// A tree over the rules of one [`crate::model::Policies`].
#[derive(Clone, Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    root: NodeId,
    /// The names that edges carry.
    names: FxHashMap<Box<str>, u32>,
    /// How the rules of leaves with many are found.
    indexes: FxHashMap<NodeId, Index>,
}

/// Which node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct NodeId(u32);

/// A question with its answers, or the rules that remain.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Branch {
        question: Question,
        edges: FxHashMap<u32, NodeId>,
        any: Option<NodeId>,
    },
    Leaf(Box<[u32]>),
}

/// What a node asks of an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Which kind of effect is it?
    Action,
    /// For which entity of this level is it?
    Entity(Level),
    /// What is the value of this attribute?
    Attribute(AttributeId),
}

/// What a walk asks.
pub trait Answers: Facts {
    /// The kind of the effect; null where nobody knows the action.
    fn action(&self) -> Fact<ActionId>;
    /// The entity of a level.
    fn entity(&self, level: Level) -> Fact<&str>;
    /// The text of an attribute (an enumeration's constant, a name).
    fn text(&self, attribute: AttributeId) -> Fact<&str>;
}

impl Tree {
    /// Visits each rule that can matter, none twice.
    pub fn visit<A: Answers>(&self, answers: &A, rule: &mut dyn FnMut(u32)) {
        self.walk(self.root, answers, rule);
    }

    fn walk<A: Answers>(&self, at: NodeId, answers: &A, rule: &mut dyn FnMut(u32)) {
        match &self.nodes[at.0 as usize] {
            Node::Leaf(rules) => self.leaf(at, rules, answers, rule),
            Node::Branch { question, edges, any } => {
                match self.answer(*question, answers) {
                    Fact::Known(Some(answer)) => {
                        if let Some(&next) = edges.get(&answer) {
                            self.walk(next, answers, rule);
                        }
                    }
                    // No rule names this answer, or there is none: what names one cannot match.
                    Fact::Known(None) | Fact::Null => {}
                    Fact::Unknown => self.walk_all(edges, answers, rule),
                }
                if let Some(next) = *any {
                    self.walk(next, answers, rule);
                }
            }
        }
    }

    /// The rules of a leaf that can matter: all of a small one, of others those that the index shows.
    fn leaf<A: Answers>(&self, at: NodeId, rules: &[u32], answers: &A, rule: &mut dyn FnMut(u32)) {
        match self.index(at, rules) {
            Some(index) => index.visit(answers, rule),
            None => rules.iter().for_each(|&at| rule(at)),
        }
    }

    /// Every edge. A rule with several answers stands below several edges and must be visited once.
    fn walk_all<A: Answers>(&self, edges: &FxHashMap<u32, NodeId>, answers: &A, rule: &mut dyn FnMut(u32)) {
        let mut found: SmallVec<[u32; 32]> = SmallVec::new();
        for &next in edges.values() {
            self.walk(next, answers, &mut |at| found.push(at));
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().for_each(rule);
    }

    fn index(&self, at: NodeId, rules: &[u32]) -> Option<&Index> {
        if rules.len() < index::INDEXED_MIN {
            return None;
        }
        self.indexes.get(&at)
    }

    fn answer(&self, question: Question, answers: &impl Answers) -> Fact<Option<u32>> {
        match question {
            Question::Action => answers.action().map(|action| Some(u32::from(action.0))),
            // A document for an entity that the request does not say does not apply; the engine denies instead.
            Question::Entity(level) => match answers.entity(level) {
                Fact::Known(name) => Fact::Known(self.names.get(name).copied()),
                Fact::Null | Fact::Unknown => Fact::Null,
            },
            Question::Attribute(attribute) => {
                answers.text(attribute).map(|text| self.names.get(text).copied())
            }
        }
    }

    /// The questions that a walk asks, each once, in the order in which it first asks them.
    pub fn trace<A: Answers>(&self, answers: &A, schema: &Schema) -> Vec<Asked> {
        let mut asked: Vec<Asked> = Vec::new();
        let mut left = vec![self.root];
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        while let Some(at) = left.pop() {
            if !seen.insert(at) {
                continue;
            }
            let mut ask = |question: Question| {
                if asked.iter().all(|known| known.question != question) {
                    let answer = question.answered(answers, schema);
                    let name = question.name(schema);
                    asked.push(Asked {
                        question,
                        name,
                        answer,
                    });
                }
            };
            let (question, edges, any) = match &self.nodes[at.0 as usize] {
                Node::Leaf(rules) => {
                    self.index(at, rules)
                        .into_iter()
                        .flat_map(Index::questions)
                        .for_each(&mut ask);
                    continue;
                }
                Node::Branch { question, edges, any } => (question, edges, any),
            };
            ask(*question);
            left.extend(*any);
            match self.answer(*question, answers) {
                Fact::Known(answer) => left.extend(answer.and_then(|answer| edges.get(&answer))),
                Fact::Null => {}
                Fact::Unknown => {
                    let mut all: Vec<NodeId> = edges.values().copied().collect();
                    all.sort_unstable_by_key(|id| std::cmp::Reverse(id.0));
                    left.extend(all);
                }
            }
        }
        asked
    }
}

/// Shows what must all hold for a condition to hold.
fn conjuncts<'e>(expr: &'e Expr, each: &mut impl FnMut(&'e Expr)) {
    match expr {
        Expr::All(parts) => parts.iter().for_each(|part| conjuncts(part, each)),
        other => each(other),
    }
}

/// A question that a walk asked, with the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The question.
    pub question: Question,
    /// The question as conditions name it.
    pub name: String,
    /// The answer: a name, `null`, or `not said`.
    pub answer: String,
}

impl Question {
    fn answered(self, answers: &impl Answers, schema: &Schema) -> String {
        let answer = match self {
            Question::Action => answers.action().map(|action| schema.action(action).name.as_str()),
            Question::Entity(level) => answers.entity(level),
            Question::Attribute(attribute) => answers.text(attribute),
        };
        match answer {
            Fact::Known(text) => text.to_owned(),
            Fact::Null => "null".to_owned(),
            Fact::Unknown => "not said".to_owned(),
        }
    }
}

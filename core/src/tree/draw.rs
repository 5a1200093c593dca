//! The way of one effect through a tree, as it is drawn: the questions on it with their answers, the edges that were taken
//! and those beside them, the rules that remained. Knows nothing of what became of those rules, nor how a way is drawn.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::words::Words;
use super::{Answers, Node, NodeId, Question, Tree};
use crate::limits;
use crate::model::Policies;
use crate::schema::Schema;
use crate::value::Fact;

/// Answers that are written on one edge; the others are counted.
const LISTED_MAX: usize = 6;

/// The way of one effect through one tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The effect, by its place.
    pub effect: usize,
    /// Whether the tree is the platform's; the other holds the levels below.
    pub platform: bool,
    /// How many rules the tree leads to.
    pub rules: usize,
    /// What is on the way, the root first; empty where the tree has no rules.
    pub nodes: Vec<WayNode>,
    /// Nodes on the way that are not drawn, since too many are; what lies below them is not counted.
    pub left_out: usize,
}

/// Something on a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WayNode {
    /// A question.
    Question {
        /// As conditions name it.
        question: String,
        /// A name, `null`, or `not said`.
        answer: String,
        /// Those that were taken, then one for all that were not.
        edges: Vec<WayEdge>,
    },
    /// Rules that remained, each as `policy/rule (kind)`.
    Rules(Vec<String>),
}

/// An edge from a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayEdge {
    /// The answers that lead along it; none on the edge that is taken whatever the answer.
    pub answers: Vec<String>,
    /// How many more answers do.
    pub more: usize,
    /// Whether it is on the way.
    pub taken: bool,
    /// Where it leads on the drawing.
    pub to: Option<usize>,
}

impl Way {
    /// Walks a tree as [`Tree::visit`] does, and writes down what it meets.
    pub fn of<A: Answers>(tree: &Tree, policies: &Policies, answers: &A) -> Way {
        let walker = Walker {
            tree,
            words: Words::of(tree, policies),
            answers,
        };
        let mut numbers = Numbers::default();
        numbers.of(tree.root);
        let (mut nodes, mut at) = (Vec::new(), 0);
        while let Some(&id) = numbers.order.get(at) {
            nodes.push(walker.node(id, &mut numbers));
            at += 1;
        }
        let is_empty = policies.rules.is_empty();
        Way {
            effect: 0,
            platform: false,
            rules: policies.rules.len(),
            nodes: if is_empty { Vec::new() } else { nodes },
            left_out: numbers.left_out,
        }
    }
}

/// Which nodes are drawn, in the order in which they were met.
#[derive(Default)]
struct Numbers {
    order: Vec<NodeId>,
    known: FxHashMap<NodeId, Option<usize>>,
    left_out: usize,
}

impl Numbers {
    fn of(&mut self, id: NodeId) -> Option<usize> {
        if let Some(number) = self.known.get(&id) {
            return *number;
        }
        let number = (self.order.len() < limits::WAY_NODES_MAX).then_some(self.order.len());
        match number {
            Some(_) => self.order.push(id),
            None => self.left_out += 1,
        }
        self.known.insert(id, number);
        number
    }
}

struct Walker<'a, A> {
    tree: &'a Tree,
    words: Words<'a>,
    answers: &'a A,
}

impl<A: Answers> Walker<'_, A> {
    fn node(&self, at: NodeId, numbers: &mut Numbers) -> WayNode {
        match &self.tree.nodes[at.0 as usize] {
            Node::Leaf(rules) => {
                let mut looked_at = Vec::new();
                self.tree
                    .leaf(at, rules, self.answers, &mut |rule| looked_at.push(rule));
                looked_at.sort_unstable();
                WayNode::Rules(looked_at.into_iter().map(|rule| self.words.rule(rule)).collect())
            }
            Node::Branch { question, edges, any } => WayNode::Question {
                question: question.name(self.schema()),
                answer: question.answered(self.answers, self.schema()),
                edges: self.edges(*question, edges, *any, numbers),
            },
        }
    }

    fn edges(
        &self,
        question: Question,
        edges: &FxHashMap<u32, NodeId>,
        any: Option<NodeId>,
        numbers: &mut Numbers,
    ) -> Vec<WayEdge> {
        let answer = self.tree.answer(question, self.answers);
        let is_taken = |edge: u32| match answer {
            Fact::Known(answer) => answer == Some(edge),
            Fact::Null => false,
            Fact::Unknown => true,
        };
        let (mut taken, mut beside) = (BTreeMap::<u32, Vec<u32>>::new(), Vec::new());
        for (&edge, &to) in edges {
            match is_taken(edge) {
                true => taken.entry(to.0).or_default().push(edge),
                false => beside.push(edge),
            }
        }
        let mut drawn: Vec<WayEdge> = Vec::new();
        for (to, answers) in taken {
            let to = numbers.of(NodeId(to));
            drawn.push(self.edge(question, answers, to, true));
        }
        drawn.extend(any.map(|to| self.edge(question, Vec::new(), numbers.of(to), true)));
        if !beside.is_empty() {
            drawn.push(self.edge(question, beside, None, false));
        }
        drawn
    }

    fn edge(&self, question: Question, answers: Vec<u32>, to: Option<usize>, taken: bool) -> WayEdge {
        let mut answers: Vec<String> = answers
            .into_iter()
            .map(|it| self.words.answer(question, it))
            .collect();
        answers.sort_unstable();
        let more = answers.len().saturating_sub(LISTED_MAX);
        answers.truncate(LISTED_MAX);
        WayEdge {
            answers,
            more,
            taken,
            to,
        }
    }

    fn schema(&self) -> &Schema {
        &self.words.policies.schema
    }
}

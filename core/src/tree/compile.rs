//! From checked policies to the tree. Greedy: each node asks the question that leaves the fewest rules to look at.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;

use super::{Index, Node, NodeId, Question, Tree, conjuncts};
use crate::condition::{Expr, Operand};
use crate::model::{Policies, Rule, ScopeNames};
use crate::schema::{AttributeId, Scalar, Schema, Type};
use crate::value::Value;

/// As many rules are looked at one by one rather than asked about.
const LEAF_MAX: usize = 3;
/// A rule with more answers to one question than this counts as one that does not care.
const ANSWERS_MAX: usize = 64;
/// How often one rule may stand in the tree. Beyond it the question that would copy it further passes it by.
const COPIES_MAX: u32 = 256;
/// How often rules may stand in the tree beyond once, for each rule and in all: a few rules may stand in many places, and of
/// very many none may. Beyond it questions pass by what has several answers to them.
pub(super) const COPIES_EACH: usize = 4;
pub(super) const COPIES_FREE: usize = 16_384;

/// The questions that a rule answers, with its answers. The place of the keys is that of the rule.
#[derive(Default)]
struct Keys {
    answers: SmallVec<[(Question, Numbers); 4]>,
}

/// Answers by number; most questions have one.
type Numbers = SmallVec<[u32; 2]>;

impl Keys {
    fn of(&self, question: Question) -> Option<&[u32]> {
        self.answers
            .iter()
            .find(|(asked, _)| *asked == question)
            .map(|(_, answers)| &**answers)
    }
}

/// Compiles the tree over all rules. Cannot fail, and its size is bounded by the size of the rules.
pub fn compile(policies: &Policies) -> Tree {
    let mut names = Names::default();
    let keys: Vec<Keys> = (0..policies.rules.len())
        .map(|at| keys(policies, at, &mut names))
        .collect();
    let mut builder = Builder {
        keys: &keys,
        nodes: Vec::new(),
        seen: FxHashMap::default(),
        tallies: Tallies::default(),
        copies_left: COPIES_FREE + COPIES_EACH * keys.len(),
    };
    let all: Vec<Standing> = (0..keys.len() as u32)
        .map(|rule| Standing { rule, copies: 1 })
        .collect();
    let root = builder.node(&all, &mut Vec::new());
    let nodes = builder.nodes;
    let index = |(at, node): (usize, &Node)| match node {
        Node::Leaf(rules) => Some((NodeId(at as u32), Index::of(policies, rules)?)),
        Node::Branch { .. } => None,
    };
    Tree {
        indexes: nodes.iter().enumerate().filter_map(index).collect(),
        nodes,
        root,
        names: names.0,
    }
}

#[derive(Default)]
struct Names(FxHashMap<Box<str>, u32>);

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(&known) = self.0.get(name) {
            return known;
        }
        let next = self.0.len() as u32;
        self.0.insert(name.into(), next);
        next
    }
}

fn keys(policies: &Policies, at: usize, names: &mut Names) -> Keys {
    let rule = &policies.rules[at];
    let mut answers = SmallVec::new();
    if rule.actions.len() < policies.schema.actions().len() {
        let actions = rule.actions.iter().map(|action| u32::from(action.0)).collect();
        answers.push((Question::Action, actions));
    }
    for entry in &policies.documents[rule.document as usize].scope {
        if let ScopeNames::Exact(exact) = &entry.names {
            let numbers = exact.iter().map(|name| names.number(name)).collect();
            add(&mut answers, Question::Entity(entry.level), numbers);
        }
    }
    // Whether an allow or only rule names an action counts even where its guard fails, so its guard must not hide it.
    if !rule.kind.grants() {
        guard_answers(policies, rule, names, &mut answers);
    }
    answers.retain(|(_, values)| values.len() <= ANSWERS_MAX);
    Keys { answers }
}

/// A second set of answers to one question leaves those that both have. Where they have none in common the first stays:
/// no answer fits such a rule, but where the answer is unknown so is the rule, and a rule below no edge is never found.
fn add(answers: &mut SmallVec<[(Question, Numbers); 4]>, question: Question, mut values: Numbers) {
    values.sort_unstable();
    values.dedup();
    match answers.iter_mut().find(|(asked, _)| *asked == question) {
        Some((_, known)) if known.iter().any(|value| values.binary_search(value).is_ok()) => {
            known.retain(|value| values.binary_search(value).is_ok());
        }
        Some(_) => {}
        None => answers.push((question, values)),
    }
}

fn guard_answers(
    policies: &Policies,
    rule: &Rule,
    names: &mut Names,
    answers: &mut SmallVec<[(Question, Numbers); 4]>,
) {
    for condition in &rule.guard {
        conjuncts(policies.conditions[condition.0 as usize].expr(), &mut |expr| {
            let Some((attribute, values)) = membership(expr, &policies.schema) else {
                return;
            };
            let numbers = values.iter().map(|value| names.number(value)).collect();
            add(answers, Question::Attribute(attribute), numbers);
        });
    }
}

/// `x == "a"` and `x in ["a", "b"]`, where x has one text as its value and no level sees another value than the next.
fn membership<'a>(expr: &'a Expr, schema: &Schema) -> Option<(AttributeId, Vec<&'a str>)> {
    let Expr::In {
        operand: Operand::Attribute(attribute),
        values,
    } = expr
    else {
        return None;
    };
    let texts = matches!(
        schema.attribute(*attribute).ty,
        Type::One(Scalar::String | Scalar::Enum(_))
    );
    if !texts || schema.attribute(*attribute).name.starts_with("repository.") {
        return None;
    }
    let values: Option<Vec<&str>> = values.iter().map(Value::as_str).collect();
    Some((*attribute, values?))
}

/// A rule on its way down, and how often it stands in the tree by now.
#[derive(Clone, Copy)]
struct Standing {
    rule: u32,
    copies: u32,
}

struct Builder<'a> {
    keys: &'a [Keys],
    nodes: Vec<Node>,
    /// Equal subtrees are one.
    seen: FxHashMap<u64, SmallVec<[NodeId; 2]>>,
    copies_left: usize,
    tallies: Tallies,
}

impl Builder<'_> {
    fn node(&mut self, rules: &[Standing], asked: &mut Vec<Question>) -> NodeId {
        if rules.len() <= LEAF_MAX {
            return self.leaf(rules);
        }
        match self.best_question(rules, asked) {
            Some(question) => self.branch(question, rules, asked),
            None => self.leaf(rules),
        }
    }

    fn leaf(&mut self, rules: &[Standing]) -> NodeId {
        let mut rules: Vec<u32> = rules.iter().map(|rule| rule.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        self.share(Node::Leaf(rules.into()))
    }

    fn branch(&mut self, question: Question, rules: &[Standing], asked: &mut Vec<Question>) -> NodeId {
        let (mut keyed, mut any) = (Vec::with_capacity(rules.len()), Vec::new());
        for &rule in rules {
            match self.keys[rule.rule as usize].of(question) {
                Some(answers) if fits(rule, answers) && answers.len() <= self.copies_left + 1 => {
                    self.copies_left -= answers.len().saturating_sub(1);
                    let copies = rule.copies * answers.len().max(1) as u32;
                    keyed.extend(
                        answers
                            .iter()
                            .map(|&answer| (answer, Standing { copies, ..rule })),
                    );
                }
                _ => any.push(rule),
            }
        }
        asked.push(question);
        keyed.sort_unstable_by_key(|(answer, rule)| (*answer, rule.rule));
        let mut edges = FxHashMap::default();
        let mut group: Vec<Standing> = Vec::new();
        for same in keyed.chunk_by(|a, b| a.0 == b.0) {
            group.clear();
            group.extend(same.iter().map(|(_, rule)| *rule));
            edges.insert(same[0].0, self.node(&group, asked));
        }
        edges.shrink_to_fit();
        let any = (!any.is_empty()).then(|| self.node(&any, asked));
        asked.pop();
        self.share(Node::Branch { question, edges, any })
    }

    /// The question after which the fewest rules remain, counting those below one edge of average weight and those
    /// below `any`; none if no question helps.
    fn best_question(&mut self, rules: &[Standing], asked: &[Question]) -> Option<Question> {
        let tallies = &mut self.tallies;
        tallies.clear();
        for &rule in rules {
            for (question, answers) in &self.keys[rule.rule as usize].answers {
                if !asked.contains(question) && fits(rule, answers) {
                    tallies.count(*question, answers);
                }
            }
        }
        let best = tallies.remaining(rules.len());
        best.filter(|(remain, _)| *remain < rules.len() as f64 * 0.9)
            .map(|(_, question)| question)
    }

    fn share(&mut self, node: Node) -> NodeId {
        let hash = fingerprint(&node);
        let alike = self.seen.entry(hash).or_default();
        if let Some(&known) = alike.iter().find(|known| self.nodes[known.0 as usize] == node) {
            return known;
        }
        let id = NodeId(self.nodes.len() as u32);
        alike.push(id);
        self.nodes.push(node);
        id
    }
}

fn fits(rule: Standing, answers: &[u32]) -> bool {
    rule.copies.saturating_mul(answers.len() as u32) <= COPIES_MAX
}

/// How many rules answer each question, and how. Kept from node to node, for its room.
#[derive(Default)]
struct Tallies {
    /// The questions, with the rules that answer them.
    questions: Vec<(Question, usize)>,
    /// The place of a question above, and an answer, for each rule with that answer.
    answers: Vec<(u32, u32)>,
}

impl Tallies {
    fn clear(&mut self) {
        self.questions.clear();
        self.answers.clear();
    }

    fn count(&mut self, question: Question, answers: &[u32]) {
        let known = self.questions.iter().position(|(known, _)| *known == question);
        let at = known.unwrap_or_else(|| {
            self.questions.push((question, 0));
            self.questions.len() - 1
        });
        self.questions[at].1 += 1;
        self.answers
            .extend(answers.iter().map(|&answer| (at as u32, answer)));
    }

    /// How many of all rules remain after the best question: those below `any`, and those below an edge that is taken as often
    /// as rules stand there.
    fn remaining(&mut self, all: usize) -> Option<(f64, Question)> {
        self.answers.sort_unstable();
        let mut weights = vec![(0usize, 0usize); self.questions.len()];
        for same in self.answers.chunk_by(|a, b| a == b) {
            let (weight, squares) = &mut weights[same[0].0 as usize];
            *weight += same.len();
            *squares += same.len() * same.len();
        }
        let remain = |(&(question, keyed), (weight, squares)): (&(Question, usize), (usize, usize))| {
            let below_edge = if weight == 0 {
                0.0
            } else {
                squares as f64 / weight as f64
            };
            ((all - keyed) as f64 + below_edge, question)
        };
        let each = self.questions.iter().zip(weights).map(remain);
        each.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
    }
}

fn fingerprint(node: &Node) -> u64 {
    let mut hasher = FxHasher::default();
    match node {
        Node::Leaf(rules) => rules.hash(&mut hasher),
        Node::Branch { question, edges, any } => {
            (question, any, edges.len()).hash(&mut hasher);
            // Order of a hash map must not count: add up.
            edges
                .iter()
                .fold(0u64, |sum, edge| sum.wrapping_add(hash_of(&edge)))
                .hash(&mut hasher);
        }
    }
    hasher.finish()
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

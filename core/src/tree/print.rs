//! A tree as people look at it: text, Graphviz, SVG, and figures. Knows nothing of how it is made or walked.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::{self, Write as _};

use rustc_hash::{FxHashMap, FxHashSet};

use super::words::Words;
use super::{Index, Node, NodeId, Question, Tree};
use crate::model::Policies;
use crate::schema::Schema;

/// A drawing of more nodes than this is no help to anybody; what is left out is counted.
const DRAWN_MAX: usize = 250;
/// A line of the drawing has no more characters than this.
const LINE_MAX: usize = 34;
/// Answers that are listed on one edge, and rules in one box.
const LISTED_MAX: usize = 4;

/// A tree in words: questions, answers, and rules by the names of their documents.
#[derive(Clone, Debug)]
pub struct Picture {
    /// In the order in which they are met from the root; the root first.
    nodes: Vec<Drawn>,
}

#[derive(Clone, Debug)]
enum Drawn {
    Question { question: String, edges: Vec<Edge> },
    Rules(Vec<String>),
}

#[derive(Clone, Debug)]
struct Edge {
    /// None: taken whatever the answer.
    answers: Vec<String>,
    to: usize,
}

impl Picture {
    /// Puts a tree over policies into words.
    pub fn of(tree: &Tree, policies: &Policies) -> Picture {
        let words = Words::of(tree, policies);
        let order = tree.reached();
        let numbers: FxHashMap<NodeId, usize> = order.iter().copied().zip(0..).collect();
        let drawn = |id: &NodeId| words.node(&tree.nodes[id.0 as usize], &numbers);
        Picture {
            nodes: order.iter().map(drawn).collect(),
        }
    }

    /// Indented text. A part that stands in several places is written once and referred to by its number.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let parents = self.parents();
        self.write(&mut out, 0, 0, &parents, &mut vec![false; self.nodes.len()]);
        out
    }

    fn write(&self, out: &mut String, at: usize, depth: usize, parents: &[usize], seen: &mut [bool]) {
        let indent = "  ".repeat(depth);
        if std::mem::replace(&mut seen[at], true) {
            let _ = writeln!(out, "{indent}see #{at}");
            return;
        }
        let mark = if 1 < parents[at] {
            format!("#{at} ")
        } else {
            String::new()
        };
        match &self.nodes[at] {
            Drawn::Rules(rules) => rules
                .iter()
                .for_each(|rule| _ = writeln!(out, "{indent}{mark}{rule}")),
            Drawn::Question { question, edges } => {
                let _ = writeln!(out, "{indent}{mark}{question}?");
                for edge in edges {
                    let _ = writeln!(out, "{indent}- {}", edge.label(usize::MAX));
                    self.write(out, edge.to, depth + 2, parents, seen);
                }
            }
        }
    }

    fn parents(&self) -> Vec<usize> {
        let mut parents = vec![0; self.nodes.len()];
        for edge in self.nodes.iter().flat_map(Drawn::edges) {
            parents[edge.to] += 1;
        }
        parents
    }

    /// The language of Graphviz.
    pub fn dot(&self) -> String {
        let mut out = String::from("digraph tree {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n");
        for (at, node) in self.nodes.iter().enumerate() {
            let (shape, lines) = match node {
                Drawn::Question { question, .. } => ("ellipse", vec![format!("{question}?")]),
                Drawn::Rules(rules) => ("box", rules.clone()),
            };
            let lines: Vec<String> = lines.iter().map(|line| quoted(line)).collect();
            let _ = writeln!(out, "  n{at} [shape={shape}, label=\"{}\"];", lines.join("\\n"));
            for edge in node.edges() {
                let _ = writeln!(
                    out,
                    "  n{at} -> n{} [label=\"{}\"];",
                    edge.to,
                    quoted(&edge.label(LISTED_MAX))
                );
            }
        }
        out.push_str("}\n");
        out
    }

    /// A drawing that stands by itself and is readable on a light and on a dark ground. Of a large tree the nodes next to
    /// the root are drawn, and the others are counted.
    pub fn svg(&self) -> String {
        Layout::of(self).draw(self)
    }
}

impl Drawn {
    fn edges(&self) -> &[Edge] {
        match self {
            Drawn::Question { edges, .. } => edges,
            Drawn::Rules(_) => &[],
        }
    }

    fn lines(&self) -> Vec<String> {
        match self {
            Drawn::Question { question, .. } => vec![shortened(&format!("{question}?"))],
            Drawn::Rules(rules) => listed(rules, LISTED_MAX)
                .iter()
                .map(|line| shortened(line))
                .collect(),
        }
    }
}

impl Edge {
    fn label(&self, most: usize) -> String {
        if self.answers.is_empty() {
            "whatever it is".into()
        } else {
            listed(&self.answers, most).join(", ")
        }
    }
}

/// The first of some lines, and how many there are beside.
fn listed(all: &[String], most: usize) -> Vec<String> {
    let mut lines: Vec<String> = all.iter().take(most).cloned().collect();
    if most < all.len() {
        lines.push(format!("and {} more", all.len() - most));
    }
    lines
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(LINE_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ")
}

impl Words<'_> {
    fn node(&self, node: &Node, numbers: &FxHashMap<NodeId, usize>) -> Drawn {
        match node {
            Node::Leaf(rules) => Drawn::Rules(rules.iter().map(|&rule| self.rule(rule)).collect()),
            Node::Branch { question, edges, any } => {
                let mut by_target: BTreeMap<usize, Vec<String>> = BTreeMap::new();
                for (answer, to) in edges {
                    by_target
                        .entry(numbers[to])
                        .or_default()
                        .push(self.answer(*question, *answer));
                }
                let edge = |(to, mut answers): (usize, Vec<String>)| {
                    answers.sort();
                    Edge { answers, to }
                };
                let mut edges: Vec<Edge> = by_target.into_iter().map(edge).collect();
                edges.sort_by(|a, b| a.answers.cmp(&b.answers));
                edges.extend(any.map(|to| Edge {
                    answers: Vec::new(),
                    to: numbers[&to],
                }));
                Drawn::Question {
                    question: question.name(&self.policies.schema),
                    edges,
                }
            }
        }
    }
}

impl Question {
    /// What is asked, as conditions name it.
    pub fn name(self, schema: &Schema) -> String {
        match self {
            Question::Action => "action".to_owned(),
            Question::Entity(level) => level.as_str().to_owned(),
            Question::Attribute(attribute) => schema.attribute(attribute).name.clone(),
        }
    }
}

impl Tree {
    /// All nodes, breadth first from the root, in an order that depends on the rules alone.
    fn reached(&self) -> Vec<NodeId> {
        let mut seen: FxHashSet<NodeId> = FxHashSet::from_iter([self.root]);
        let mut order = vec![self.root];
        let mut at = 0;
        while let Some(&id) = order.get(at) {
            order.extend(self.next(id).into_iter().filter(|next| seen.insert(*next)));
            at += 1;
        }
        order
    }

    /// What stands directly below a node: by answer, then what is taken whatever the answer.
    fn next(&self, id: NodeId) -> Vec<NodeId> {
        match &self.nodes[id.0 as usize] {
            Node::Leaf(_) => Vec::new(),
            Node::Branch { edges, any, .. } => {
                let mut edges: Vec<(u32, NodeId)> = edges.iter().map(|(answer, to)| (*answer, *to)).collect();
                edges.sort_unstable_by_key(|(answer, _)| *answer);
                edges.into_iter().map(|(_, to)| to).chain(*any).collect()
            }
        }
    }
}

// -- the drawing --

const COLUMN: usize = 330;
const LINE: usize = 16;
const GAP: usize = 14;
const WIDTH: usize = 230;
const MARGIN: usize = 20;

/// Where nodes stand: a column for each step from the root, below one another where they come from one question.
struct Layout {
    /// Left, top and height of each node that is drawn.
    boxes: Vec<Option<(usize, usize, usize)>>,
    /// The node that each was first met from.
    width: usize,
    height: usize,
    left_out: usize,
}

impl Layout {
    fn of(picture: &Picture) -> Layout {
        let nodes = &picture.nodes;
        let mut depth: Vec<Option<usize>> = vec![None; nodes.len()];
        let mut below: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
        let (mut queue, mut drawn) = (VecDeque::from([0]), 1);
        depth[0] = Some(0);
        while let Some(at) = queue.pop_front() {
            for to in nodes[at].edges().iter().map(|edge| edge.to) {
                if depth[to].is_none() && drawn < DRAWN_MAX {
                    depth[to] = depth[at].map(|depth| depth + 1);
                    below[at].push(to);
                    queue.push_back(to);
                    drawn += 1;
                }
            }
        }
        let mut layout = Layout {
            boxes: vec![None; nodes.len()],
            width: 0,
            height: MARGIN,
            left_out: nodes.len() - drawn,
        };
        layout.place(0, 0, &below, nodes);
        layout.height += if layout.left_out == 0 { 0 } else { LINE + GAP };
        layout
    }

    /// Places a node beside the middle of what is below it. As deep as the tree, which asks each question once.
    fn place(&mut self, at: usize, depth: usize, below: &[Vec<usize>], nodes: &[Drawn]) -> usize {
        let height = nodes[at].lines().len() * LINE + GAP;
        let left = MARGIN + depth * COLUMN;
        self.width = self.width.max(left + WIDTH + MARGIN);
        let middles: Vec<usize> = below[at]
            .iter()
            .map(|&next| self.place(next, depth + 1, below, nodes))
            .collect();
        let middle = match (middles.first(), middles.last()) {
            (Some(first), Some(last)) => (first + last) / 2,
            _ => {
                self.height += height + GAP;
                self.height - GAP - height / 2
            }
        };
        self.boxes[at] = Some((left, middle.saturating_sub(height / 2), height));
        middle
    }

    fn draw(&self, picture: &Picture) -> String {
        let (width, height) = (self.width, self.height + MARGIN);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\">\n<title>the compiled policies as a tree</title>\n{STYLE}"
        );
        for (at, node) in picture.nodes.iter().enumerate() {
            for edge in node.edges() {
                if let (Some(from), Some(to)) = (self.boxes[at], self.boxes[edge.to]) {
                    line(&mut out, from, to, edge);
                }
            }
        }
        for (node, place) in picture.nodes.iter().zip(&self.boxes) {
            if let Some(place) = place {
                node_box(&mut out, node, *place);
            }
        }
        if 0 < self.left_out {
            let y = self.height;
            let _ = writeln!(
                out,
                "<text x=\"{MARGIN}\" y=\"{y}\">{} more nodes are left out</text>",
                self.left_out
            );
        }
        out.push_str("</svg>\n");
        out
    }
}

const STYLE: &str = "<style>
text{font:12px ui-monospace,monospace;fill:#1c1c1e}
.q rect{fill:#e8f0fe;stroke:#3367d6}.r rect{fill:#f6f6f4;stroke:#8a8a85}
path{fill:none;stroke:#8a8a85}path.any{stroke-dasharray:4 3}.l{font-size:10px;fill:#5a5a56}
@media (prefers-color-scheme:dark){text{fill:#ececec}.q rect{fill:#1f2d4a;stroke:#8ab0ff}
.r rect{fill:#2a2a2c;stroke:#8a8a85}.l{fill:#b5b5b0}}
</style>
";

fn line(out: &mut String, from: (usize, usize, usize), to: (usize, usize, usize), edge: &Edge) {
    let (x1, y1) = (from.0 + WIDTH, from.1 + from.2 / 2);
    let (x2, y2) = (to.0, to.1 + to.2 / 2);
    let (middle, class) = ((x1 + x2) / 2, if edge.answers.is_empty() { "any" } else { "by" });
    let _ = writeln!(
        out,
        "<path class=\"{class}\" d=\"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}\"/>"
    );
    let label: String = edge.label(2).chars().take(18).collect();
    let (x, y) = (x2.saturating_sub(4), y2.saturating_sub(3));
    let _ = writeln!(
        out,
        "<text class=\"l\" x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{}</text>",
        escaped(&label)
    );
}

fn node_box(out: &mut String, node: &Drawn, (left, top, height): (usize, usize, usize)) {
    let (class, round) = if matches!(node, Drawn::Question { .. }) {
        ("q", 12)
    } else {
        ("r", 3)
    };
    let _ = writeln!(
        out,
        "<g class=\"{class}\"><rect x=\"{left}\" y=\"{top}\" width=\"{WIDTH}\" height=\"{height}\" rx=\"{round}\"/>"
    );
    for (number, text) in node.lines().iter().enumerate() {
        let (x, y) = (left + 8, top + GAP / 2 + 12 + number * LINE);
        let _ = writeln!(out, "<text x=\"{x}\" y=\"{y}\">{}</text>", escaped(text));
    }
    out.push_str("</g>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

// -- figures --

/// How large a tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Questions and leaves, shared ones once.
    pub nodes: usize,
    /// Nodes with rules.
    pub leaves: usize,
    /// Questions on the longest way down.
    pub depth: usize,
    /// Nodes that stand in more than one place.
    pub shared: usize,
    /// The rules that it leads to.
    pub rules: usize,
    /// How often rules stand in leaves.
    pub references: usize,
    /// The rules of the fullest leaf.
    pub leaf_max: usize,
    /// Leaves whose rules are found by an index.
    pub indexes: usize,
    /// How often rules stand in an index.
    pub indexed: usize,
    /// Bytes that the indexes take, about.
    pub index_bytes: usize,
    /// Bytes that it takes, about; those of the indexes are among them.
    pub bytes: usize,
}

impl Stats {
    /// Counts.
    pub fn of(tree: &Tree, policies: &Policies) -> Stats {
        let order = tree.reached();
        let leaves = order.iter().filter_map(|id| match &tree.nodes[id.0 as usize] {
            Node::Leaf(rules) => Some(rules.len()),
            Node::Branch { .. } => None,
        });
        let leaves: Vec<usize> = leaves.collect();
        let mut parents: FxHashMap<NodeId, usize> = FxHashMap::default();
        order
            .iter()
            .flat_map(|id| tree.next(*id))
            .for_each(|next| *parents.entry(next).or_default() += 1);
        Stats {
            nodes: order.len(),
            leaves: leaves.len(),
            depth: tree.depth(&order),
            shared: parents.values().filter(|count| 1 < **count).count(),
            rules: policies.rules.len(),
            references: leaves.iter().sum(),
            leaf_max: leaves.iter().copied().max().unwrap_or(0),
            indexes: tree.indexes.len(),
            indexed: tree.indexes.values().map(Index::indexed).sum(),
            index_bytes: tree.indexes.values().map(Index::bytes).sum(),
            bytes: tree.bytes(),
        }
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stats {
            nodes,
            leaves,
            depth,
            shared,
            rules,
            references,
            leaf_max,
            indexes,
            indexed,
            index_bytes,
            bytes,
        } = self;
        writeln!(
            f,
            "rules        {rules}, of which {references} stand in leaves, {leaf_max} in the fullest"
        )?;
        writeln!(
            f,
            "nodes        {nodes}, of which {leaves} are leaves and {shared} stand in several places"
        )?;
        writeln!(f, "questions    {depth} at most on the way to a rule")?;
        writeln!(
            f,
            "indexes      {indexes}, in which {indexed} of those that stand in leaves are found; {index_bytes} bytes"
        )?;
        write!(
            f,
            "size         {bytes} bytes, {} a rule",
            bytes.checked_div(*rules).unwrap_or(0)
        )
    }
}

impl Tree {
    /// Equal subtrees are one, and each was made after what is below it: so later nodes never lie below earlier ones.
    fn depth(&self, order: &[NodeId]) -> usize {
        let mut sorted = order.to_vec();
        sorted.sort_unstable_by_key(|id| id.0);
        let mut depths: FxHashMap<NodeId, usize> = FxHashMap::default();
        for id in sorted {
            let depth = self
                .next(id)
                .iter()
                .filter_map(|next| depths.get(next))
                .max()
                .map_or(0, |below| below + 1);
            depths.insert(id, depth);
        }
        depths.get(&self.root).copied().unwrap_or(0)
    }

    fn bytes(&self) -> usize {
        let below = |node: &Node| match node {
            Node::Leaf(rules) => size_of_val(&**rules),
            // A slot of a hash table, and the byte that says whether it is taken.
            Node::Branch { edges, .. } => edges.capacity() * (size_of::<(u32, NodeId)>() + 1),
        };
        let nodes: usize = self
            .nodes
            .iter()
            .map(|node| size_of::<Node>() + below(node))
            .sum();
        let names: usize = self.names.keys().map(|name| name.len()).sum();
        let slots = self.names.capacity() * (size_of::<(Box<str>, u32)>() + 1);
        nodes + names + slots + self.indexes.values().map(Index::bytes).sum::<usize>()
    }
}

//! Many lists of patterns as one automaton: for a text it says which of the lists may match, without a look at the others.
//! It names too many rather than too few, and whoever asks holds the text against those that it names; what a pattern means
//! is in `glob` alone. Knows nothing of rules.
//!
//! The patterns share their first segments, as in a trie. A node is left by the literal segment, by what a segment begins or
//! ends with (`v1.*`, `*.pem`), by any segment, or by `**`, below which a walk stays from then on. Where few lists are left
//! a node names them all and looks no further, so that a list costs one edge and not a node for each segment. Edges are
//! found by the hash of their node and text; two that collide make their lists ones that are always named.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;

use super::glob::{self, Atom, Glob, Globs, Segment, Side};
use super::path::{self, Place};
use crate::value::Tri;

/// The numbers of lists, in any order, some of them more than once.
pub type Found = SmallVec<[u32; 32]>;

/// As many patterns are named without a further look.
const FEW: usize = 4;
/// Segments that are looked at; what patterns say behind them is left to whoever holds the text against them.
const DEPTH_MAX: usize = 32;
/// Bytes of the beginning or the end of a segment that are looked at: one bit each in a mask.
const PART_MAX: usize = 32;
/// Steps of one walk beyond two for each pattern; then it gives up, and all lists may match.
const WORK_MAX: usize = 4_096;

/// See the file.
#[derive(Clone, Debug)]
pub struct Automaton {
    /// Where patterns begin, by [`Side`]; names have the first alone.
    roots: [Goal; 3],
    nodes: Box<[Node]>,
    edges: FxHashMap<u32, Goal>,
    /// The lists below each node, its own first.
    lists: Box<[u32]>,
    /// The lists of edges that collided with others.
    always: Box<[u32]>,
}

/// Where an edge leads: nowhere, to a node, or to the one list that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Goal(u32);

enum Next {
    Nowhere,
    Node(u32),
    List(u32),
}

impl Goal {
    const NOWHERE: Goal = Goal(u32::MAX);
    const LIST: u32 = 1 << 31;

    fn next(self) -> Next {
        match self {
            Goal::NOWHERE => Next::Nowhere,
            Goal(list) if list & Goal::LIST != 0 => Next::List(list & !Goal::LIST),
            Goal(node) => Next::Node(node),
        }
    }
}

#[derive(Clone, Debug)]
struct Node {
    /// Where its lists begin, where those end whose patterns end here, where those below end.
    start: u32,
    own: u32,
    end: u32,
    /// By any segment.
    any: Goal,
    /// By `**`.
    many: Goal,
    /// Whether literal segments lead on.
    literals: bool,
    /// The lengths of what segments begin and end with that lead on, a bit each.
    heads: u32,
    tails: u32,
}

impl Node {
    /// Whether it names all of its lists, whatever follows.
    fn is_last(&self) -> bool {
        !self.literals
            && (self.heads, self.tails, self.any, self.many) == (0, 0, Goal::NOWHERE, Goal::NOWHERE)
    }
}

/// What leads from a node to the next. Its order is that in which edges are made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Edge<'p> {
    /// The pattern ends.
    End,
    Many,
    Any,
    Literal(Cow<'p, str>),
    /// What a segment begins with, as far as that is looked at.
    Head(Box<[u8]>),
    Tail(Box<[u8]>),
}

impl<'p> Edge<'p> {
    fn of(segments: &'p [Segment], folds: bool) -> Edge<'p> {
        let Some(first) = segments.first() else {
            return Edge::End;
        };
        match first {
            Segment::Segments => Edge::Many,
            Segment::Any => Edge::Any,
            Segment::Literal(text) if folds && !is_folded(text) => Edge::Literal(glob::fold(text).into()),
            Segment::Literal(text) => Edge::Literal(Cow::Borrowed(text)),
            Segment::Wild(atoms) => Edge::wild(atoms, folds),
        }
    }

    /// By the longer of what stands before and behind what is wild.
    fn wild(atoms: &[Atom], folds: bool) -> Edge<'p> {
        let literal = |atom: &Atom| match atom {
            Atom::Char(c) | Atom::Escaped(c) if folds => Some(glob::folded(*c)),
            Atom::Char(c) | Atom::Escaped(c) => Some(*c),
            Atom::Slash | Atom::Star | Atom::One | Atom::Class { .. } => None,
        };
        let head: String = atoms.iter().map_while(literal).collect();
        let mut tail: Vec<char> = atoms.iter().rev().map_while(literal).collect();
        tail.reverse();
        let tail: String = tail.into_iter().collect();
        match (head.len(), tail.len()) {
            (0, 0) => Edge::Any,
            (head_len, tail_len) if tail_len <= head_len => {
                Edge::Head(head.as_bytes()[..head_len.min(PART_MAX)].into())
            }
            (_, tail_len) => Edge::Tail(tail.as_bytes()[tail_len.saturating_sub(PART_MAX)..].into()),
        }
    }
}

const LITERAL: u8 = 0;
const HEAD: u8 = 1;
const TAIL: u8 = 2;

fn key(node: u32, sort: u8, text: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    (node, sort).hash(&mut hasher);
    hasher.write(text);
    (hasher.finish() >> 32) as u32
}

fn is_folded(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase())
}

// -- making one --

struct Builder {
    folds: bool,
    nodes: Vec<Node>,
    edges: FxHashMap<u32, Goal>,
    lists: Vec<u32>,
    always: Vec<u32>,
}

/// A pattern, or what of it is left, and the list that it is on.
type Left<'p> = (u32, &'p [Segment]);

impl Automaton {
    /// Over names: branches, ids, URLs.
    pub fn over_names<'p>(lists: impl IntoIterator<Item = (u32, &'p Globs)>) -> Automaton {
        let mut builder = Builder::new(false);
        let lists = lists
            .into_iter()
            .flat_map(|(list, globs)| globs.over_names().iter().map(move |glob| (list, glob)));
        let patterns: Vec<Left<'_>> = lists.map(|(list, glob)| (list, &*glob.segments)).collect();
        let root = builder.goal(&patterns, 0);
        builder.finish([root, Goal::NOWHERE, Goal::NOWHERE])
    }

    /// Over paths in normal form, whatever the case of their letters.
    pub fn over_paths<'p>(lists: impl IntoIterator<Item = (u32, &'p Globs)>) -> Automaton {
        let mut builder = Builder::new(true);
        let lists = lists
            .into_iter()
            .flat_map(|(list, globs)| globs.over_paths().iter().map(move |glob| (list, glob)));
        let lists: Vec<(u32, &Glob)> = lists.collect();
        let roots = [Side::Inside, Side::Outside, Side::Both].map(|side| {
            let of_side = lists.iter().filter(|(_, glob)| glob.side == side);
            let patterns: Vec<Left<'_>> = of_side.map(|(list, glob)| (*list, &*glob.segments)).collect();
            builder.goal(&patterns, 0)
        });
        builder.finish(roots)
    }
}

impl Builder {
    fn new(folds: bool) -> Builder {
        Builder {
            folds,
            nodes: Vec::new(),
            edges: FxHashMap::default(),
            lists: Vec::new(),
            always: Vec::new(),
        }
    }

    fn finish(mut self, roots: [Goal; 3]) -> Automaton {
        self.edges.shrink_to_fit();
        self.always.sort_unstable();
        self.always.dedup();
        Automaton {
            roots,
            nodes: self.nodes.into(),
            edges: self.edges,
            lists: self.lists.into(),
            always: self.always.into(),
        }
    }

    /// What leads to some patterns. As deep as [`DEPTH_MAX`].
    fn goal(&mut self, patterns: &[Left<'_>], depth: usize) -> Goal {
        let Some(&(first, _)) = patterns.first() else {
            return Goal::NOWHERE;
        };
        let start = self.lists.len() as u32;
        if patterns.iter().all(|(list, _)| *list == first) && first < Goal::LIST {
            self.lists.push(first);
            return Goal(first | Goal::LIST);
        }
        let at = self.nodes.len();
        self.nodes.push(Node {
            start,
            own: start,
            end: start,
            any: Goal::NOWHERE,
            many: Goal::NOWHERE,
            literals: false,
            heads: 0,
            tails: 0,
        });
        if patterns.len() <= FEW || depth == DEPTH_MAX {
            self.lists.extend(patterns.iter().map(|(list, _)| *list));
        } else {
            self.lead_on(at, patterns, depth);
        }
        self.nodes[at].end = self.lists.len() as u32;
        Goal(at as u32)
    }

    fn lead_on(&mut self, at: usize, patterns: &[Left<'_>], depth: usize) {
        let by_edge = |&(list, left)| (Edge::of(left, self.folds), list, left);
        let mut by_edge: Vec<(Edge<'_>, u32, &[Segment])> = patterns.iter().map(by_edge).collect();
        by_edge.sort_by(|a, b| a.0.cmp(&b.0));
        let mut below: Vec<Left<'_>> = Vec::new();
        for group in by_edge.chunk_by(|a, b| a.0 == b.0) {
            below.clear();
            let rest = group
                .iter()
                .map(|(_, list, left)| (*list, left.get(1..).unwrap_or_default()));
            below.extend(rest);
            let (sort, part) = match &group[0].0 {
                Edge::End => {
                    self.lists.extend(below.iter().map(|(list, _)| *list));
                    self.nodes[at].own = self.lists.len() as u32;
                    continue;
                }
                Edge::Many => {
                    self.nodes[at].many = self.goal(&below, depth + 1);
                    continue;
                }
                Edge::Any => {
                    self.nodes[at].any = self.goal(&below, depth + 1);
                    continue;
                }
                Edge::Literal(text) => (LITERAL, text.as_bytes()),
                Edge::Head(part) => (HEAD, &**part),
                Edge::Tail(part) => (TAIL, &**part),
            };
            let node = &mut self.nodes[at];
            let length = 1_u32.checked_shl(part.len().wrapping_sub(1) as u32).unwrap_or(0);
            match sort {
                HEAD => node.heads |= length,
                TAIL => node.tails |= length,
                _ => node.literals = true,
            }
            self.edge(key(at as u32, sort, part), &below, depth);
        }
    }

    fn edge(&mut self, key: u32, below: &[Left<'_>], depth: usize) {
        if self.edges.contains_key(&key) {
            let lists = below.iter().map(|(list, _)| *list);
            self.always.extend(lists.clone());
            self.lists.extend(lists);
            return;
        }
        // Taken before what is below asks for it.
        self.edges.insert(key, Goal::NOWHERE);
        let goal = self.goal(below, depth + 1);
        self.edges.insert(key, goal);
    }
}

// -- asking one --

impl Automaton {
    /// The lists that may match a name; false where all may.
    pub fn name(&self, name: &str, found: &mut Found) -> bool {
        found.extend_from_slice(&self.always);
        let root = self.roots[0];
        let one = |name: &str, found: &mut Found| self.walk(root, name.split('/'), false, found);
        one(name, found) && glob::bare(name).is_none_or(|bare| one(bare, found))
    }

    /// The lists that may match a path in normal form or, where all below it is touched as well, something there, as
    /// [`Globs::matches_at`] says for rules that restrict; false where all may.
    pub fn path(&self, path: &str, place: Place, recursive: Tri, found: &mut Found) -> bool {
        found.extend_from_slice(&self.always);
        let mut buffer = Buffer::new();
        let Some(path) = folded(path, &mut buffer) else {
            return false;
        };
        let deep = recursive != Tri::False;
        let [inside, outside, both] = self.roots;
        match place {
            Place::Inside => {
                self.walk(inside, path::segments(path), deep, found)
                    && self.walk(both, path::segments(path), deep, found)
            }
            Place::Apart if deep => {
                self.all(outside, found);
                self.all(both, found);
                true
            }
            Place::Apart => {
                let home = path::behind_home(path);
                self.walk(outside, path::segments(path), false, found)
                    && self.walk(both, path::segments(path), false, found)
                    && home.is_none_or(|rest| self.walk(outside, glob::home_segments(rest), false, found))
            }
            Place::Above | Place::Home | Place::Unknown => false,
        }
    }

    /// What its edges and nodes take, in bytes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.nodes)
            + size_of_val(&*self.lists)
            + size_of_val(&*self.always)
            + self.edges.capacity() * (size_of::<(u32, Goal)>() + 1)
    }

    fn all(&self, root: Goal, found: &mut Found) {
        match root.next() {
            Next::Nowhere => {}
            Next::List(list) => found.push(list),
            Next::Node(node) => found.extend_from_slice(self.below(&self.nodes[node as usize])),
        }
    }

    fn below(&self, node: &Node) -> &[u32] {
        &self.lists[node.start as usize..node.end as usize]
    }

    fn walk<'t>(
        &self,
        root: Goal,
        segments: impl Iterator<Item = &'t str>,
        deep: bool,
        found: &mut Found,
    ) -> bool {
        let mut walk = Walk {
            automaton: self,
            deep,
            next: SmallVec::new(),
            loops: SmallVec::new(),
            found,
            left: WORK_MAX + 2 * self.lists.len(),
        };
        walk.enter(root);
        let mut here = std::mem::take(&mut walk.next);
        for segment in segments {
            let loops = walk.loops.len();
            for &node in &here {
                walk.step(node, segment);
            }
            for at in 0..loops {
                walk.step(walk.loops[at], segment);
            }
            if walk.left == 0 {
                return false;
            }
            here.clear();
            std::mem::swap(&mut here, &mut walk.next);
            if here.is_empty() && walk.loops.is_empty() {
                return true;
            }
        }
        let loops = std::mem::take(&mut walk.loops);
        here.iter().chain(&loops).for_each(|&node| walk.end(node));
        true
    }
}

/// A walk: the nodes after the next segment, and those behind a `**`, which stay.
struct Walk<'a> {
    automaton: &'a Automaton,
    /// Whether what lies below the path counts as well.
    deep: bool,
    next: SmallVec<[u32; 16]>,
    loops: SmallVec<[u32; 8]>,
    found: &'a mut Found,
    left: usize,
}

impl Walk<'_> {
    fn enter(&mut self, goal: Goal) {
        let Some(at) = self.node(goal) else { return };
        self.next.push(at);
        self.stay(self.automaton.nodes[at as usize].many);
    }

    /// Enters what is behind a `**`. Below a folder that is touched as a whole anything may stand.
    fn stay(&mut self, goal: Goal) {
        let Some(at) = self.node(goal) else { return };
        let node = &self.automaton.nodes[at as usize];
        if self.deep {
            self.name(self.automaton.below(node));
        } else if !self.loops.contains(&at) {
            self.loops.push(at);
            self.stay(node.many);
        }
    }

    /// The node that a goal is, unless it only names lists.
    fn node(&mut self, goal: Goal) -> Option<u32> {
        match goal.next() {
            Next::Nowhere => None,
            Next::List(list) => {
                self.name(&[list]);
                None
            }
            Next::Node(at) => {
                let node = &self.automaton.nodes[at as usize];
                if node.is_last() {
                    self.name(self.automaton.below(node));
                    return None;
                }
                Some(at)
            }
        }
    }

    fn name(&mut self, lists: &[u32]) {
        self.left = self.left.saturating_sub(lists.len());
        if 0 < self.left {
            self.found.extend_from_slice(lists);
        }
    }

    fn step(&mut self, at: u32, segment: &str) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return;
        }
        let node = &self.automaton.nodes[at as usize];
        let text = segment.as_bytes();
        if node.literals {
            self.edge(key(at, LITERAL, text));
        }
        for length in lengths(node.heads, text.len()) {
            self.edge(key(at, HEAD, &text[..length]));
        }
        for length in lengths(node.tails, text.len()) {
            self.edge(key(at, TAIL, &text[text.len() - length..]));
        }
        self.enter(node.any);
    }

    fn edge(&mut self, key: u32) {
        if let Some(&goal) = self.automaton.edges.get(&key) {
            self.enter(goal);
        }
    }

    fn end(&mut self, at: u32) {
        let node = &self.automaton.nodes[at as usize];
        let end = if self.deep { node.end } else { node.own };
        self.found
            .extend_from_slice(&self.automaton.lists[node.start as usize..end as usize]);
    }
}

/// The lengths that a mask names, as far as a text goes.
fn lengths(mut mask: u32, most: usize) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let length = mask.trailing_zeros() as usize + 1;
        mask &= mask.wrapping_sub(1);
        (length <= most.min(PART_MAX)).then_some(length)
    })
}

type Buffer = SmallVec<[u8; 256]>;

/// A text with letter case folded; itself where it is. Nothing where that cannot be had, which no text is known for.
fn folded<'t>(text: &'t str, buffer: &'t mut Buffer) -> Option<&'t str> {
    if is_folded(text) {
        return Some(text);
    }
    let mut bytes = [0; 4];
    for c in text.chars() {
        buffer.extend_from_slice(glob::folded(c).encode_utf8(&mut bytes).as_bytes());
    }
    std::str::from_utf8(buffer).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(automaton: &Automaton, ask: impl Fn(&Automaton, &mut Found) -> bool) -> Option<Vec<u32>> {
        let mut found = Found::new();
        if !ask(automaton, &mut found) {
            return None;
        }
        found.sort_unstable();
        found.dedup();
        Some(found.to_vec())
    }

    fn numbered(lists: &[Globs]) -> impl Iterator<Item = (u32, &Globs)> {
        (0..).zip(lists)
    }

    /// Of many patterns of these shapes the one, and few others, that a path can match.
    #[test]
    fn of_many_patterns_few_are_named() {
        let shapes: [fn(usize) -> String; 8] = [
            |n| format!("part-{n}/secrets/**"),
            |n| format!("docs/{n}/*.md"),
            |n| format!("**/*.x{n}"),
            |n| format!("v{n}.*"),
            |n| format!("**/part-{n}-*/**"),
            |n| format!("/etc/{n}/**"),
            |n| format!("~/.{n}/**"),
            |n| format!("A{n}/*/b/[cd]*/e"),
        ];
        let patterns: Vec<String> = (0..4_000).map(|n| shapes[n % 8](n)).collect();
        let lists: Vec<Globs> = patterns
            .iter()
            .map(|pattern| Globs::new(&[pattern]).expect(pattern))
            .collect();
        let automaton = Automaton::over_paths(numbered(&lists));
        assert!(automaton.always.is_empty());
        for (path, list) in [
            ("part-2000/secrets/a", 2000),
            ("docs/2001/a.md", 2001),
            ("some/where/a.x2002", 2002),
            ("v2003.1", 2003),
            ("some/part-2004-b/c", 2004),
            ("/etc/2005/x", 2005),
            ("/home/me/.2006/x", 2006),
            ("A2007/x/b/c1/e", 2007),
        ] {
            let found = found(&automaton, |all, found| {
                all.path(path, Place::of(path), Tri::False, found)
            })
            .unwrap_or_else(|| panic!("{path} finds all"));
            assert!(found.contains(&list) && found.len() < 8, "{path}: {found:?}");
        }
    }

    /// A walk that would take longer than a look at all gives up.
    #[test]
    fn what_would_take_long_finds_all() {
        let patterns: Vec<String> = (0..3_000)
            .map(|n| format!("**/{}*/**/c{n}/**/*z", "b".repeat(1 + n % 32)))
            .collect();
        let lists: Vec<Globs> = patterns
            .iter()
            .map(|pattern| Globs::new(&[pattern]).expect(pattern))
            .collect();
        let automaton = Automaton::over_paths(numbered(&lists));
        let path = format!("{}/", "b".repeat(32)).repeat(600);
        let path = path.trim_end_matches('/');
        let mut found = Found::new();
        assert!(!automaton.path(path, Place::Inside, Tri::False, &mut found));
        assert!(found.len() <= WORK_MAX + 2 * automaton.lists.len());
        let per_list = automaton.bytes() / lists.len();
        assert!(per_list < 100, "{per_list} bytes a list");
    }

    const PARTS: [&str; 16] = [
        "a", "b", "A", "é", "*", "**", "**", "a*", "*b", "?", "[ab]", "[!a]*", "{a,b/c}", "ab*ba", "*.md",
        "\\*",
    ];

    fn pattern() -> impl Strategy<Value = String> {
        let parts = prop::collection::vec(prop::sample::select(PARTS.to_vec()), 1..5);
        let start = prop::sample::select(vec!["", "", "", "/", "~/", "../", "C:/", "//s/"]);
        (start, parts)
            .prop_map(|(start, parts)| format!("{start}{}", parts.join("/")))
            .prop_filter("a pattern", |pattern| Globs::new(&[pattern]).is_ok())
    }

    fn lists() -> impl Strategy<Value = Vec<Globs>> {
        let list = prop::collection::vec(pattern(), 1..3).prop_map(|patterns| {
            let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
            Globs::new(&patterns).expect("each is a pattern")
        });
        prop::collection::vec(list, 0..40)
    }

    fn text() -> impl Strategy<Value = String> {
        let names = ["a", "b", "A", "É", "ab", "abba", "x.md", "*", "c", "home", "me"];
        let parts = prop::collection::vec(prop::sample::select(names.to_vec()), 0..5);
        let start = prop::sample::select(vec!["", "", "", "/", "~/", "../", "C:/", "//s/", "https://"]);
        (start, parts).prop_map(|(start, parts)| format!("{start}{}", parts.join("/")))
    }

    const PLACES: [Place; 5] = [
        Place::Inside,
        Place::Above,
        Place::Apart,
        Place::Home,
        Place::Unknown,
    ];
    const TRIS: [Tri; 3] = [Tri::False, Tri::Unknown, Tri::True];

    proptest! {
        #[test]
        fn no_list_that_may_match_is_left_out(
            lists in lists(),
            text in text(),
            place in prop::sample::select(PLACES.to_vec()),
            recursive in prop::sample::select(TRIS.to_vec()),
        ) {
            let paths = Automaton::over_paths(numbered(&lists));
            let by_path = found(&paths, |all, found| all.path(&text, place, recursive, found));
            let names = Automaton::over_names(numbered(&lists));
            let by_name = found(&names, |all, found| all.name(&text, found));
            for (number, globs) in numbered(&lists) {
                let named = |found: &Option<Vec<u32>>| found.as_ref().is_none_or(|found| found.contains(&number));
                if globs.matches_name(&text) {
                    prop_assert!(named(&by_name), "{text} by {globs:?}");
                }
                let any_case = globs.in_any_case().matches_at(&glob::fold(&text), place, recursive, false);
                if globs.matches_at(&text, place, recursive, false).or(any_case) != Tri::False {
                    prop_assert!(named(&by_path), "{text} by {globs:?} at {place:?}, {recursive:?}");
                }
            }
        }
    }
}

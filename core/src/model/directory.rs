//! Which documents speak for whom, found by the entities of a request rather than by a look at each document: a step for
//! each line of a scope. Knows names of entities, nothing of requests.

use rustc_hash::FxHashMap;

use super::{Document, ScopeEntry, ScopeNames};
use crate::source::Level;
use crate::value::Fact;

/// A list of more exact names than this is asked as one, like a pattern, rather than being a step for each name.
const NAMES_MAX: usize = 16;
/// A document stands at no more places than this.
const PLACES_MAX: usize = 256;

/// What a request says of its entities.
pub type Entities<'a> = dyn Fn(Level) -> Fact<&'a str> + 'a;

/// The documents of one [`super::Policies`] by their scopes.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    root: Spot,
}

/// Where documents stand whose scopes begin alike.
#[derive(Clone, Debug, Default)]
struct Spot {
    /// Those whose scopes ask for nothing more.
    documents: Vec<u32>,
    /// The levels of these documents.
    own: Levels,
    /// The levels of all documents from here on, and those that their scopes ask for from here on.
    below: Levels,
    /// The next line of a scope, by level.
    steps: Vec<(Level, Step)>,
}

#[derive(Clone, Debug, Default)]
struct Step {
    exact: FxHashMap<Box<str>, Spot>,
    others: FxHashMap<ScopeNames, Spot>,
}

/// A set of levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Levels(u8);

impl Levels {
    fn of(levels: impl IntoIterator<Item = Level>) -> Levels {
        levels
            .into_iter()
            .fold(Levels(0), |all, level| all.and(Levels(1 << level.index())))
    }

    fn and(self, more: Levels) -> Levels {
        Levels(self.0 | more.0)
    }

    fn shared(self, other: Levels) -> Levels {
        Levels(self.0 & other.0)
    }

    fn without(self, other: Levels) -> Levels {
        Levels(self.0 & !other.0)
    }

    fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn iter(self) -> impl Iterator<Item = Level> {
        Level::ALL
            .into_iter()
            .filter(move |level| self.0 >> level.index() & 1 == 1)
    }
}

impl Directory {
    pub(super) fn of(documents: &[Document]) -> Directory {
        let mut directory = Directory::default();
        for (at, document) in documents.iter().enumerate() {
            let below = Levels::of(
                document
                    .scope
                    .iter()
                    .map(|entry| entry.level)
                    .chain([document.level]),
            );
            let mut places = PLACES_MAX;
            directory
                .root
                .add(at as u32, document.level, &document.scope, below, &mut places);
        }
        directory
    }

    /// The documents that apply to a request, in order.
    pub fn applying(&self, entity: &Entities<'_>) -> Vec<u32> {
        let mut found = Vec::new();
        self.root.applying(entity, &mut found);
        found.sort_unstable();
        found
    }

    /// The levels that a request leaves unsaid and would have to say for a document that concerns it.
    pub fn unsaid(&self, entity: &Entities<'_>) -> impl Iterator<Item = Level> {
        let unsaid = Levels::of(
            self.root
                .below
                .iter()
                .filter(|&level| entity(level) == Fact::Unknown),
        );
        let mut found = Levels::default();
        self.root.unsaid(entity, unsaid, Levels::default(), &mut found);
        found.iter()
    }
}

impl Spot {
    fn add(&mut self, at: u32, level: Level, scope: &[ScopeEntry], below: Levels, places: &mut usize) {
        self.below = self.below.and(below);
        let Some((entry, rest)) = scope.split_first() else {
            self.documents.push(at);
            self.own = self.own.and(Levels::of([level]));
            return;
        };
        let step = self.step(entry.level);
        match &entry.names {
            ScopeNames::Exact(names) if names.len() <= NAMES_MAX.min(*places) => {
                *places /= names.len().max(1);
                for name in names {
                    step.exact
                        .entry(name.clone())
                        .or_default()
                        .add(at, level, rest, below, places);
                }
            }
            others => step
                .others
                .entry(others.clone())
                .or_default()
                .add(at, level, rest, below, places),
        }
    }

    fn step(&mut self, level: Level) -> &mut Step {
        let at = self
            .steps
            .iter()
            .position(|(known, _)| *known == level)
            .unwrap_or_else(|| {
                self.steps.push((level, Step::default()));
                self.steps.len() - 1
            });
        &mut self.steps[at].1
    }

    fn applying(&self, entity: &Entities<'_>, found: &mut Vec<u32>) {
        found.extend(&self.documents);
        for (level, step) in &self.steps {
            if let Fact::Known(name) = entity(*level) {
                step.named(name).for_each(|next| next.applying(entity, found));
            }
        }
    }

    /// `asked` are the unsaid levels on the way here. Goes on only where something new can be found.
    fn unsaid(&self, entity: &Entities<'_>, unsaid: Levels, asked: Levels, found: &mut Levels) {
        if self.below.shared(unsaid).and(asked).without(*found).is_empty() {
            return;
        }
        if !self.documents.is_empty() {
            *found = found.and(asked).and(self.own.shared(unsaid));
        }
        for (level, step) in &self.steps {
            match entity(*level) {
                Fact::Known(name) => step
                    .named(name)
                    .for_each(|next| next.unsaid(entity, unsaid, asked, found)),
                Fact::Null => {}
                Fact::Unknown => {
                    let asked = asked.and(Levels::of([*level]));
                    step.all()
                        .for_each(|next| next.unsaid(entity, unsaid, asked, found));
                }
            }
        }
    }
}

impl Step {
    fn named(&self, name: &str) -> impl Iterator<Item = &Spot> {
        let others = self
            .others
            .iter()
            .filter(move |(names, _)| names.holds(name))
            .map(|(_, next)| next);
        self.exact.get(name).into_iter().chain(others)
    }

    fn all(&self) -> impl Iterator<Item = &Spot> {
        self.exact.values().chain(self.others.values())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::digest::Digest;
    use crate::normal::Globs;
    use crate::source::{SourceId, Span};

    const LEVELS: [Level; 4] = [Level::Organization, Level::Team, Level::Repository, Level::Task];

    fn names() -> impl Strategy<Value = ScopeNames> {
        let exact = prop::collection::btree_set(prop::sample::select(vec!["a", "b", "c", "ab"]), 1..3);
        prop_oneof![
            4 => exact.prop_map(|names| ScopeNames::Exact(names.into_iter().map(Into::into).collect())),
            1 => Just(ScopeNames::Globs(Globs::new(&["a*"]).expect("it is a glob"))),
        ]
    }

    fn document() -> impl Strategy<Value = Document> {
        let entry = (prop::sample::select(LEVELS.to_vec()), names())
            .prop_map(|(level, names)| ScopeEntry { level, names });
        (
            prop::collection::vec(entry, 0..4),
            prop::sample::select(LEVELS.to_vec()),
        )
            .prop_map(|(mut scope, level)| {
                scope.sort_by_key(|entry| entry.level);
                let span = Span {
                    source: SourceId(0),
                    start: 0,
                    end: 0,
                };
                Document {
                    id: "d".into(),
                    version: "1".into(),
                    level,
                    scope,
                    content: Digest([0; 32]),
                    owner: None,
                    review: None,
                    span,
                }
            })
    }

    fn entity() -> impl Strategy<Value = Fact<&'static str>> {
        prop_oneof![
            3 => prop::sample::select(vec!["a", "b", "c", "ab", "zz"]).prop_map(Fact::Known),
            1 => Just(Fact::Null),
            1 => Just(Fact::Unknown),
        ]
    }

    proptest! {
        #[test]
        fn finds_what_a_look_at_each_document_finds(
            documents in prop::collection::vec(document(), 0..12),
            said in prop::array::uniform4(entity()),
        ) {
            let entity = |level: Level| {
                LEVELS.iter().position(|known| *known == level).map_or(Fact::Unknown, |at| said[at])
            };
            let holds = |entry: &ScopeEntry, unsaid: bool| match entity(entry.level) {
                Fact::Known(name) => entry.names.holds(name),
                Fact::Null => false,
                Fact::Unknown => unsaid,
            };
            let applies = |document: &Document| document.scope.iter().all(|entry| holds(entry, false));
            let applying: Vec<u32> =
                (0..documents.len() as u32).filter(|&at| applies(&documents[at as usize])).collect();
            let directory = Directory::of(&documents);
            prop_assert_eq!(directory.applying(&entity), applying);

            let concerned = documents.iter().filter(|document| document.scope.iter().all(|entry| holds(entry, true)));
            let levels = concerned.flat_map(|document| document.scope.iter().map(|entry| entry.level).chain([document.level]));
            let unsaid: BTreeSet<Level> = levels.filter(|&level| entity(level) == Fact::Unknown).collect();
            prop_assert_eq!(directory.unsaid(&entity).collect::<BTreeSet<_>>(), unsaid);
        }
    }
}

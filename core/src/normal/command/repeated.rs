//! Commands that a long script repeats: once a plain command was read, the same words in the same place do the same, and
//! what they do was seen. Knows neither the table of programs nor what any of them does.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::arg::{Arg, Flow};
use super::budget::Unread;
use super::state::Directories;
use super::walk::Walk;
use crate::value::{Fact, Value};

/// From how many effects on a script is long. Below, each repetition is an effect of its own, with its own place.
const LONG: usize = 512;
/// Commands that are remembered, and those of one hash that are compared with each other.
const COMMANDS: usize = 1_024;
const OF_ONE_HASH: usize = 4;

/// The commands that were read.
#[derive(Debug, Default)]
pub(super) struct Repeated {
    by_hash: FxHashMap<u64, Vec<Known>>,
    count: usize,
    /// Effects that were not pushed again; they count as if they were.
    pub(super) effects: usize,
}

/// A command with all that its meaning depends on, and what it came to.
#[derive(Debug)]
struct Known {
    argv: Box<[Box<str>]>,
    directories: Directories,
    written: usize,
    raised: usize,
    loads: bool,
    input: Flow,
    flow: Flow,
    effects: usize,
}

/// What stood when a command began.
pub(super) struct Begun {
    hash: u64,
    effects: usize,
    written: usize,
    directories: Directories,
}

impl Walk<'_> {
    /// A command that may be a repetition: `Ok` with what it prints where it is one.
    pub(super) fn repeated(&mut self, argv: &[Arg], input: &Flow) -> Result<Flow, Option<Begun>> {
        if self.effects.len() < LONG || input.text.is_some() || !argv.iter().all(is_plain) {
            return Err(None);
        }
        let hash = hash(argv);
        let known = self.repeated.by_hash.get(&hash);
        let same = known
            .into_iter()
            .flatten()
            .find(|known| self.is(known, argv, input));
        match same {
            Some(known) => {
                let (flow, effects) = (known.flow.clone(), known.effects);
                self.repeated.effects += effects;
                Ok(flow)
            }
            None => Err((self.repeated.count < COMMANDS).then(|| Begun {
                hash,
                effects: self.effects.len(),
                written: self.writes,
                directories: self.directories.clone(),
            })),
        }
    }

    fn is(&self, known: &Known, argv: &[Arg], input: &Flow) -> bool {
        known.argv.len() == argv.len()
            && known
                .argv
                .iter()
                .zip(argv)
                .all(|(known, arg)| **known == *arg.text)
            && (known.written, known.raised, known.loads) == (self.writes, self.raised, self.loads)
            && known.directories == self.directories
            && known.input == *input
    }

    /// Remembers a command that did nothing but what its own words say: it ran no other, changed nothing that the shell
    /// remembers, and left nothing open. What git does depends on variables too.
    pub(super) fn note(
        &mut self,
        begun: Begun,
        argv: &[Arg],
        input: &Flow,
        flow: &Flow,
    ) -> Result<(), Unread> {
        let effects = &self.effects[begun.effects.min(self.effects.len())..];
        let runs = effects.iter().filter(|seen| seen.kind == "command.run").count();
        let git = effects.iter().flat_map(|seen| &seen.facts).any(|(name, fact)| {
            *name == "program" && matches!(fact, Fact::Known(Value::String(program)) if &**program == "git")
        });
        let unchanged = begun.written == self.writes && begun.directories == self.directories;
        if runs != 1 || git || !unchanged || self.opaque || self.failed.is_some() {
            return Ok(());
        }
        self.budget.work(argv.len())?;
        let known = Known {
            argv: argv.iter().map(|arg| arg.text.as_str().into()).collect(),
            directories: begun.directories,
            written: begun.written,
            raised: self.raised,
            loads: self.loads,
            input: input.clone(),
            flow: flow.clone(),
            effects: effects.len(),
        };
        let same = self.repeated.by_hash.entry(begun.hash).or_default();
        if same.len() < OF_ONE_HASH {
            same.push(known);
            self.repeated.count += 1;
        }
        Ok(())
    }
}

/// Whether a word is all that its text says.
fn is_plain(arg: &Arg) -> bool {
    arg.whole().is_some() && !arg.home && !arg.remote && !arg.own && arg.pipe.is_none()
}

fn hash(argv: &[Arg]) -> u64 {
    let mut hasher = FxHasher::default();
    argv.iter().for_each(|arg| arg.text.hash(&mut hasher));
    hasher.finish()
}

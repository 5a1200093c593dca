//! What a command does: its effects and their facts, from its words or from a line for a shell. Asks no disk, knows no
//! request and no rule.
//!
//! A line is parsed (`shell/`), read from beginning to end (`walk.rs`), its words expanded (`expand.rs`), and each command
//! looked up in the table of programs (`programs.txt`, `act.rs`). Scripts that are found in words are read the same way,
//! under one budget. What cannot be read makes the whole opaque. spec/12-commands.md says what comes out.

mod program;
mod budget;
mod shell;
mod text;
mod arg;
mod state;
mod table;
mod pack;
mod options;
mod address;
mod seen;
mod environment;
mod walk;
mod expand;
mod act;
mod repeated;
mod builtin;
mod files;
mod wrap;
mod code;
mod sed;
mod awk;
mod foreign;
mod network;
mod git;

#[cfg(test)]
mod tests;

use std::hash::{Hash, Hasher};
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;

use self::arg::{Arg, Flow};
use self::walk::Walk;
pub use program::{program_matches, program_name};
pub use table::{Description, FLAG, Listed, Programs, ROLES};

use super::path::Places;
use crate::limits::EFFECTS_MAX;
use crate::value::{Fact, Value};

/// From how many effects on repetitions are dropped: with more that remain nothing that was seen would count.
const DISTINCT_FROM: usize = EFFECTS_MAX;

/// A command as a request says it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Call<'a> {
    /// The program and its arguments.
    pub argv: Option<&'a [String]>,
    /// Whether there may be more words than `argv` has.
    pub argv_open: bool,
    /// A line for a shell.
    pub line: Option<&'a str>,
    /// Where the host stands. Without a home `~` stays `~`.
    pub places: Places<'a>,
    /// What is known of programs; without it, what the specification lists.
    pub programs: Option<&'a Programs>,
}

impl<'a> Call<'a> {
    fn programs(&self) -> &'a Programs {
        static LISTED: Programs = Programs::builtin();
        self.programs.unwrap_or(&LISTED)
    }
}

/// What a command was seen to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Its effects, each as an action with arguments.
    pub effects: Vec<Seen>,
    /// Whether it may do more than was seen: then there is, of each kind that the action may derive, one more effect of
    /// which nothing is known. What is open in one kind alone is an effect of that kind without known arguments instead.
    pub opaque: bool,
    /// Why it is opaque, for people: at most `DOUBTS_MAX` of the places.
    pub doubts: Vec<Doubt>,
    /// Where the shell stands in the end, where that is not where it stood before.
    pub ends_in: Option<Fact<Value>>,
}

/// A reason for which a command is opaque.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// Why, in words: `the program is not known`.
    pub why: &'static str,
    /// The program, where one is to blame.
    pub program: Option<String>,
    /// Where in the line; of `argv` the place is not a text's.
    pub span: Option<Range<usize>>,
}

/// How many of them are kept: a person reads no more.
const DOUBTS_MAX: usize = 32;

/// One effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The action: `command.run`.
    pub kind: &'static str,
    /// Its arguments by name. What is not listed is unknown.
    pub facts: Vec<(&'static str, Fact<Value>)>,
    /// Where in the line it is said; of `argv` the place is not a text's.
    pub span: Option<Range<usize>>,
}

/// Reads a command. A command of which nothing is said is opaque.
pub fn read(call: &Call<'_>) -> Reading {
    let mut reading = match call.argv {
        Some(argv) => read_argv(argv, call),
        None => Reading {
            opaque: call.line.is_none(),
            ..Reading::default()
        },
    };
    if let Some(line) = call.line {
        let more = read_line(line, call);
        reading.opaque |= more.opaque;
        reading.effects.extend(more.effects);
        reading.doubts.extend(more.doubts);
        reading.ends_in = more.ends_in.or(reading.ends_in);
    }
    reading
}

fn read_line(line: &str, call: &Call<'_>) -> Reading {
    let mut walk = Walk::new(call, call.programs());
    if walk.line(line).is_err() {
        return unread(Some(0..line.len()));
    }
    let ends_in = walk.moved_to();
    Reading {
        effects: distinct(walk.effects),
        opaque: walk.opaque,
        doubts: walk.doubts,
        ends_in,
    }
}

/// A long script does the same thing many times; once is enough for whoever decides. Short lines are left as they are.
fn distinct(mut effects: Vec<Seen>) -> Vec<Seen> {
    if effects.len() <= DISTINCT_FROM {
        return effects;
    }
    let mut by_hash: FxHashMap<u64, SmallVec<[usize; 2]>> = FxHashMap::default();
    by_hash.reserve(effects.len());
    let mut is_new = |(at, seen): (usize, &Seen)| {
        let same = by_hash.entry(hash(seen)).or_default();
        let known = same
            .iter()
            .map(|&at| &effects[at])
            .any(|other| other.kind == seen.kind && other.facts == seen.facts);
        // Texts that are made to collide are not compared with each other for ever.
        if !known && same.len() < 16 {
            same.push(at);
        }
        !known
    };
    let new: Vec<bool> = effects.iter().enumerate().map(&mut is_new).collect();
    let mut new = new.into_iter();
    effects.retain(|_| new.next().unwrap_or(true));
    effects
}

/// Equal effects have equal hashes; the order of facts is that of their making.
fn hash(seen: &Seen) -> u64 {
    let mut hasher = FxHasher::default();
    seen.kind.hash(&mut hasher);
    for (_, fact) in &seen.facts {
        match fact {
            Fact::Known(Value::String(text)) => text.hash(&mut hasher),
            Fact::Known(Value::Bool(value)) => value.hash(&mut hasher),
            Fact::Known(Value::List(list)) => {
                for item in &list.items {
                    item.as_str().hash(&mut hasher);
                }
            }
            _ => {}
        }
    }
    hasher.finish()
}

/// The words reach the program as they are; no shell reads them.
fn read_argv(argv: &[String], call: &Call<'_>) -> Reading {
    if argv.first().is_none_or(String::is_empty) {
        return unread(None);
    }
    let mut walk = Walk::new(call, call.programs());
    let words: Vec<Arg> = argv.iter().map(|word| Arg::known(word, 0..0)).collect();
    if walk
        .budget
        .words(words.len())
        .and_then(|()| walk.run(&words, &Flow::inherited()))
        .is_err()
    {
        return unread(None);
    }
    for doubt in &mut walk.doubts {
        doubt.span = None;
    }
    for seen in &mut walk.effects {
        seen.span = None;
    }
    Reading {
        effects: walk.effects,
        // An open list does not even promise that its first word is the first.
        opaque: walk.opaque || call.argv_open,
        doubts: walk.doubts,
        ends_in: None,
    }
}

/// What was seen before a limit was reached counts for nothing.
fn unread(span: Option<Range<usize>>) -> Reading {
    Reading {
        opaque: true,
        doubts: vec![Doubt {
            why: "it is no script that bash would read, or it reaches a limit: nothing of it is read",
            program: None,
            span,
        }],
        ..Reading::default()
    }
}

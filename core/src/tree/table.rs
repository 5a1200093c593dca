//! Rules by texts that they name, found by hash. Two texts of one hash show each other's rules, which costs a look and
//! decides nothing.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

use crate::normal::{Found, Host, HostPatterns, Sought};

/// Rules by the hash of a text: the rule itself, or where its run begins in `runs`.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    slots: FxHashMap<u32, u32>,
    /// Each run begins with its length.
    runs: Box<[u32]>,
}

const RUN: u32 = 1 << 31;

/// The hash of a text in a role, so that one table can keep texts of several.
pub(super) fn hash(role: u8, text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(role);
    hasher.write(text.as_bytes());
    (hasher.finish() >> 32) as u32
}

impl Table {
    /// Keeps rules by hashes.
    pub(super) fn new(mut entries: Vec<(u32, u32)>) -> Table {
        entries.sort_unstable();
        entries.dedup();
        let mut slots = FxHashMap::default();
        let mut runs = Vec::new();
        for same in entries.chunk_by(|a, b| a.0 == b.0) {
            let slot = match same {
                [(_, rule)] if rule & RUN == 0 => *rule,
                _ => {
                    let at = runs.len() as u32;
                    runs.push(same.len() as u32);
                    runs.extend(same.iter().map(|(_, rule)| *rule));
                    at | RUN
                }
            };
            slots.insert(same[0].0, slot);
        }
        slots.shrink_to_fit();
        Table {
            slots,
            runs: runs.into(),
        }
    }

    /// The rules of a hash.
    pub(super) fn find(&self, hash: u32, found: &mut Found) {
        match self.slots.get(&hash) {
            Some(&at) if at & RUN != 0 => {
                let at = (at & !RUN) as usize;
                let length = self.runs[at] as usize;
                found.extend_from_slice(&self.runs[at + 1..=at + length]);
            }
            Some(&rule) => found.push(rule),
            None => {}
        }
    }

    /// What it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.slots.capacity() * (size_of::<(u32, u32)>() + 1) + size_of_val(&*self.runs)
    }
}

const WHOLE: u8 = 0;
const BELOW: u8 = 1;

/// Rules by patterns over hosts.
#[derive(Clone, Debug)]
pub(super) struct Hosts {
    table: Table,
    /// Those that any host matches, and what is no host.
    any: Box<[u32]>,
}

impl Hosts {
    /// Keeps rules by their patterns.
    pub(super) fn new<'p>(rules: impl Iterator<Item = (u32, &'p HostPatterns)>) -> Hosts {
        let (mut entries, mut any) = (Vec::new(), Vec::new());
        for (rule, patterns) in rules {
            for sought in patterns.sought() {
                match sought {
                    Sought::Any => any.push(rule),
                    Sought::Below(suffix) => entries.push((hash(BELOW, suffix), rule)),
                    Sought::Exact(host) => entries.push((hash(WHOLE, host), rule)),
                }
            }
        }
        Hosts {
            table: Table::new(entries),
            any: any.into(),
        }
    }

    /// The rules of which a pattern matches.
    pub(super) fn find(&self, host: &str, found: &mut Found) {
        found.extend_from_slice(&self.any);
        let Some(host) = Host::normal_text(host) else {
            return;
        };
        self.table.find(hash(WHOLE, &host), found);
        for (at, _) in host.match_indices('.') {
            self.table.find(hash(BELOW, &host[at..]), found);
        }
    }

    /// What it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.table.bytes() + size_of_val(&*self.any)
    }
}

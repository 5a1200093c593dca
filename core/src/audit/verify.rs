//! Verifying: the first entry that is broken, missing, reordered, repeated, or behind which the log was cut off.

use std::fmt;

use super::chain::{Chain, Entry, read};
use super::checkpoint::Checkpoint;

/// What is wrong with a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// An entry was changed, or is no entry.
    Broken,
    /// An entry is not there.
    Missing,
    /// An entry stands where another belongs, and that one stands elsewhere.
    Reordered,
    /// An entry stands twice.
    Repeated,
    /// The log ends before a checkpoint does.
    Truncated,
    /// The last line was not written to its end.
    Torn,
}

impl FaultKind {
    /// As it is printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            FaultKind::Broken => "broken",
            FaultKind::Missing => "missing",
            FaultKind::Reordered => "reordered",
            FaultKind::Repeated => "repeated",
            FaultKind::Truncated => "truncated",
            FaultKind::Torn => "torn",
        }
    }
}

/// The first fault of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The line, from 1; 0 where there was none.
    pub line: u64,
    /// The entry's number: of what is missing, the number that is.
    pub sequence: Option<u64>,
    /// The entry's id, where there is an entry.
    pub audit_id: Option<String>,
    /// In words.
    pub message: String,
}

impl Fault {
    pub(super) fn at(kind: FaultKind, entry: &Entry, message: String) -> Fault {
        Fault {
            kind,
            line: 0,
            sequence: Some(entry.chain.sequence),
            audit_id: Some(entry.event.audit_id.clone()),
            message,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind.as_str())?;
        if let Some(sequence) = self.sequence {
            write!(f, ": entry {sequence}")?;
        }
        if let Some(id) = &self.audit_id {
            write!(f, " (`{id}`)")?;
        }
        if 0 < self.line {
            write!(f, " at line {}", self.line)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// What a sound log holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries.
    pub entries: u64,
    /// The number of the last one; larger than `entries` in an extract.
    pub last_sequence: u64,
    /// The hash of the last one.
    pub last_hash: Option<String>,
    /// Whether a checkpoint lies within it, so that nothing before it can have been cut off or written anew.
    pub checkpointed: bool,
}

/// What is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A whole log.
    Whole,
    /// An extract: all entries of some runs, or of a tenant. Chains of runs have no gaps; the whole chain has.
    Extract,
}

/// Reads a log line by line.
#[derive(Clone, Debug)]
pub struct Verifier {
    scope: Scope,
    chain: Chain,
    checkpoint: Option<Checkpoint>,
    reached: bool,
    line: u64,
    entries: u64,
    /// The first fault. While an entry is missing it may still turn up further down, and is reordered then.
    fault: Option<Fault>,
}

impl Verifier {
    /// Of a whole log or an extract, held against a checkpoint where there is one.
    pub fn new(scope: Scope, checkpoint: Option<Checkpoint>) -> Verifier {
        Verifier {
            scope,
            chain: Chain::new(),
            checkpoint,
            reached: false,
            line: 0,
            entries: 0,
            fault: None,
        }
    }

    /// Takes the next line, without its end. Whether it is still worth reading on.
    pub fn push(&mut self, line: &[u8]) -> bool {
        self.line += 1;
        match &self.fault {
            None => self.first(line),
            Some(fault) => self.look(line, fault.sequence),
        }
        self.fault
            .as_ref()
            .is_none_or(|fault| fault.kind == FaultKind::Missing)
    }

    fn first(&mut self, line: &[u8]) {
        let taken = read(line).and_then(|entry| {
            match self.scope {
                Scope::Whole => self.chain.follow(&entry),
                Scope::Extract => self.chain.follow_run(&entry),
            }?;
            self.at_checkpoint(&entry)
        });
        match taken {
            Ok(()) => self.entries += 1,
            Err(mut fault) => {
                fault.line = self.line;
                if fault.kind == FaultKind::Missing && self.scope == Scope::Whole {
                    fault.sequence = Some(self.chain.len() + 1);
                    fault.audit_id = None;
                }
                self.fault = Some(fault);
            }
        }
    }

    /// Whether the entry that is missing stands further down.
    fn look(&mut self, line: &[u8], missing: Option<u64>) {
        let Ok(entry) = read(line) else { return };
        if self.scope == Scope::Whole && Some(entry.chain.sequence) == missing {
            let at = self.fault.as_ref().map_or(0, |fault| fault.line);
            let message = format!("it stands at line {} and belongs at line {at}", self.line);
            let fault = Fault::at(FaultKind::Reordered, &entry, message);
            self.fault = Some(Fault { line: at, ..fault });
        }
    }

    fn at_checkpoint(&mut self, entry: &Entry) -> Result<(), Fault> {
        let Some(checkpoint) = self
            .checkpoint
            .as_ref()
            .filter(|known| known.entries == entry.chain.sequence)
        else {
            return Ok(());
        };
        self.reached = true;
        if checkpoint.entry_hash == entry.entry_hash {
            return Ok(());
        }
        let message =
            "it is not the entry that the checkpoint was made of: the log was written anew before it"
                .to_owned();
        Err(Fault::at(FaultKind::Broken, entry, message))
    }

    /// Says that the log ends in a line without an end.
    pub fn torn(&mut self) {
        if self.fault.is_none() {
            self.fault = Some(Fault {
                kind: FaultKind::Torn,
                line: self.line + 1,
                sequence: None,
                audit_id: None,
                message: "the last line was not written to its end; the next writer sets it aside".to_owned(),
            });
        }
    }

    /// What came out.
    ///
    /// # Errors
    /// The first fault.
    pub fn finish(self) -> Result<Verified, Fault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let last = self.chain.len();
        if let Some(checkpoint) = self.checkpoint.filter(|known| last < known.entries) {
            return Err(Fault {
                kind: FaultKind::Truncated,
                line: self.line + 1,
                sequence: Some(last + 1),
                audit_id: None,
                message: format!(
                    "the log ends behind entry {last}; the checkpoint was made at entry {}",
                    checkpoint.entries
                ),
            });
        }
        Ok(Verified {
            entries: self.entries,
            last_sequence: last,
            last_hash: self.chain.last().map(str::to_owned),
            checkpointed: self.reached,
        })
    }
}

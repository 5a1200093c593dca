//! What reading one command line may cost, all that is found in it included. One budget is handed through nested shells,
//! so that a bomb of small scripts is bounded like a large one.

use crate::limits::{
    COMMAND_BYTES_MAX, COMMAND_DEPTH_MAX, COMMAND_WORDS_MAX, COMMAND_WORK_MAX, COMMANDS_MAX,
};

/// Why a text is not read. What exactly was wrong decides nothing: the whole is opaque either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unread;

/// What may still be spent.
#[derive(Debug)]
pub(super) struct Budget {
    bytes: usize,
    depth: usize,
    commands: usize,
    words: usize,
    work: usize,
}

impl Budget {
    pub(super) fn new() -> Budget {
        Budget {
            bytes: COMMAND_BYTES_MAX,
            depth: COMMAND_DEPTH_MAX,
            commands: COMMANDS_MAX,
            words: COMMAND_WORDS_MAX,
            work: COMMAND_WORK_MAX,
        }
    }

    pub(super) fn bytes(&mut self, count: usize) -> Result<(), Unread> {
        spend(&mut self.bytes, count)
    }

    pub(super) fn command(&mut self) -> Result<(), Unread> {
        spend(&mut self.commands, 1)
    }

    pub(super) fn words(&mut self, count: usize) -> Result<(), Unread> {
        spend(&mut self.words, count)
    }

    pub(super) fn work(&mut self, steps: usize) -> Result<(), Unread> {
        spend(&mut self.work, steps)
    }

    /// One level deeper; [`Budget::leave`] comes back up. An error in between ends the whole reading, so that nobody
    /// need come back up from it.
    pub(super) fn enter(&mut self) -> Result<(), Unread> {
        spend(&mut self.depth, 1)
    }

    pub(super) fn leave(&mut self) {
        self.depth += 1;
    }

    /// How deep it may still go: to come back up after an attempt that failed.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    pub(super) fn restore(&mut self, depth: usize) {
        self.depth = depth;
    }
}

fn spend(left: &mut usize, count: usize) -> Result<(), Unread> {
    *left = left.checked_sub(count).ok_or(Unread)?;
    Ok(())
}

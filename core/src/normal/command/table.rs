//! The table of programs: `programs.txt`, read once. Knows how its lines are spelt, not what the reader makes of them.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

static TABLE: LazyLock<Programs> = LazyLock::new(|| Programs::read(include_str!("programs.txt")));

/// What is known of programs, by name.
#[derive(Debug, Default)]
pub(super) struct Programs {
    rows: Vec<Row>,
    by_name: FxHashMap<&'static str, usize>,
}

/// What is known of one program.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// Runs code of its own choosing.
    pub(super) code: bool,
    /// Can execute or write by options, so that one which is not listed leaves it open what it does.
    pub(super) strict: bool,
    /// Reaches the network.
    pub(super) net: bool,
    /// Acts with more rights than whoever calls it.
    pub(super) root: bool,
    /// Runs no program: it is the shell itself.
    pub(super) builtin: bool,
    /// An English word too: among the operands of an unknown program it proves nothing.
    pub(super) word: bool,
    /// Options end at the first operand.
    pub(super) posix: bool,
    /// An option is a word after one dash, not a cluster of letters.
    pub(super) words: bool,
    /// Words behind which a command stands, and after how many more.
    pub(super) runs: Vec<(&'static str, usize)>,
    /// Prints the files that it is given.
    pub(super) store: bool,
    /// Which reader knows more than the columns say.
    pub(super) by: &'static str,
    /// What its output looks like.
    pub(super) out: &'static str,
    operands: Vec<&'static str>,
    repeats: bool,
    options: FxHashMap<&'static str, OptionRow>,
}

/// One option.
#[derive(Clone, Copy, Debug)]
pub(super) struct OptionRow {
    /// As it is typed.
    pub(super) name: &'static str,
    /// What its value means, or the mark that it leaves.
    pub(super) role: &'static str,
    pub(super) takes: Takes,
}

/// Whether an option has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    Value,
    TwoValues,
    /// Only where it is attached.
    Attached,
    /// All that follows.
    Rest,
}

impl Programs {
    /// The table of the specification.
    pub(super) fn builtin() -> &'static Programs {
        &TABLE
    }

    fn read(text: &'static str) -> Programs {
        let mut programs = Programs::default();
        for line in text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let mut cells = line.split(" |").map(str::trim);
            let mut cell = || cells.next().unwrap_or("");
            let (names, traits, operands, options) = (cell(), cell(), cell(), cell());
            let index = programs.rows.len();
            programs.rows.push(Row::read(traits, operands, options));
            for name in names.split(' ') {
                programs.by_name.insert(name, index);
            }
        }
        programs
    }

    pub(super) fn row(&self, name: &str) -> Option<&Row> {
        self.by_name.get(name).map(|&index| &self.rows[index])
    }
}

impl Row {
    fn read(traits: &'static str, operands: &'static str, options: &'static str) -> Row {
        let mut row = Row::default();
        for word in traits.split_whitespace() {
            row.mark(word);
        }
        row.operands = operands.split_whitespace().filter(|role| *role != "*").collect();
        if let Some(last) = row.operands.last_mut() {
            row.repeats = last.ends_with('*') || operands.ends_with(" *");
            *last = last.trim_end_matches('*');
        }
        for word in options.split_whitespace() {
            let option = OptionRow::read(word);
            row.options.insert(option.name, option);
        }
        row
    }

    fn mark(&mut self, word: &'static str) {
        match word.split_once('=') {
            Some(("by", reader)) => self.by = reader,
            Some(("out", shape)) => self.out = shape,
            Some(("runs", verbs)) => self.runs = verbs.split(',').map(verb).collect(),
            _ => match word {
                "code" => self.code = true,
                "strict" => self.strict = true,
                "net" => self.net = true,
                "root" => self.root = true,
                "builtin" => self.builtin = true,
                "word" => self.word = true,
                "posix" => self.posix = true,
                "words" => self.words = true,
                "store" => self.store = true,
                _ => {}
            },
        }
    }

    /// What the operand at a place means.
    pub(super) fn operand(&self, at: usize) -> &'static str {
        match self.operands.get(at) {
            Some(role) => role,
            None if self.repeats => self.operands.last().copied().unwrap_or("_"),
            None => "_",
        }
    }

    pub(super) fn option(&self, name: &str) -> Option<OptionRow> {
        self.options.get(name).copied()
    }

    /// A long option that is cut short, as GNU programs allow: of those that it may be, the one that means most.
    pub(super) fn abbreviated(&self, name: &str) -> Option<OptionRow> {
        let matching = self
            .options
            .values()
            .filter(|option| name.len() < option.name.len() && option.name.starts_with(name));
        matching
            .max_by_key(|option| (option.weight(), std::cmp::Reverse(option.name)))
            .copied()
    }
}

/// `exec`, `exec+1`
fn verb(text: &'static str) -> (&'static str, usize) {
    match text.split_once('+') {
        Some((word, count)) => (word, count.parse().unwrap_or(0)),
        None => (text, 0),
    }
}

impl OptionRow {
    fn read(word: &'static str) -> OptionRow {
        let marked = word
            .rsplit_once(':')
            .filter(|(name, mark)| !mark.is_empty() && 1 < name.len());
        let (name, role, takes) = match (word.split_once('='), marked) {
            (Some((name, "rest")), _) => (name, "rest", Takes::Rest),
            (Some((name, "_2")), _) => (name, "_", Takes::TwoValues),
            (Some((name, role)), _) => match role.strip_prefix('?') {
                Some(role) => (name, role, Takes::Attached),
                None => (name, role, Takes::Value),
            },
            (None, Some((name, mark))) => (name, mark, Takes::Nothing),
            (None, None) => (word, "", Takes::Nothing),
        };
        OptionRow { name, role, takes }
    }

    /// How much depends on it: of two readings the one that does more is taken.
    fn weight(self) -> u8 {
        match self.role {
            "opaque" | "exec" | "shell" | "tarexec" | "code" => 4,
            "write" | "inplace" | "delete" => 3,
            "" | "_" => 1,
            _ => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_stands_once() {
        let mut seen = Vec::new();
        for line in include_str!("programs.txt")
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let names = line.split(" |").next().unwrap_or("");
            for name in names.split(' ') {
                assert!(!seen.contains(&name), "`{name}` stands twice");
                seen.push(name);
            }
        }
    }

    #[test]
    fn rows_say_what_their_lines_say() {
        let programs = Programs::builtin();
        let tee = programs.row("tee").expect("listed");
        assert_eq!((tee.operand(0), tee.operand(7)), ("write", "write"));
        let timeout = programs.row("timeout").expect("listed");
        assert_eq!(
            (timeout.operand(0), timeout.operand(1), timeout.operand(2)),
            ("_", "cmd", "_")
        );
        assert!(timeout.posix && timeout.strict);
        let tar = programs.row("tar").expect("listed");
        let option = tar.abbreviated("--checkpoint-a").expect("one begins so");
        assert_eq!((option.role, option.takes), ("tarexec", Takes::Value));
        assert_eq!(tar.option("-x").map(|option| option.role), Some("extract"));
    }
}

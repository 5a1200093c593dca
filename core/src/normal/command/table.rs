//! The table of programs: `programs.txt`, read once, and what policies add to it. Knows how lines and descriptions are
//! spelt, not what the reader makes of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("programs.txt")));

/// What is known of programs, by name: the table of the specification, and before it what policies say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Programs {
    own: BTreeMap<Box<str>, Described>,
}

/// A program that a policy describes: what it says, and what is known with that.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Described {
    said: Description,
    row: Row,
}

/// The lines of `programs.txt`.
#[derive(Debug, Default)]
struct Table {
    rows: Vec<Row>,
    by_name: FxHashMap<&'static str, usize>,
}

/// What an operand, or the value of an option, can mean in a description. The first is the word of policies, the second
/// that of the table, the third what it says.
pub const ROLES: &[(&str, &str, &str)] = &[
    ("value", "_", "nothing that rules speak of"),
    ("read", "read", "a file that is read"),
    ("write", "write", "a file that is written"),
    ("delete", "delete", "a file that is deleted"),
    ("url", "url", "a URL that is reached"),
    ("host", "host", "a host that is reached"),
    ("command", "cmd", "a command, with all operands after it"),
    ("shell", "shell", "a line for a shell"),
    ("script", "script", "a file that is run"),
    ("directory", "cwd", "the directory in which it works"),
    (
        "opaque",
        "opaque",
        "what the program does with it cannot be known",
    ),
];

/// The word of options that take no value.
pub const FLAG: &str = "flag";

/// A program as a policy describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// The listed program that reads its arguments the same way.
    pub like: Option<String>,
    /// What the operands mean, by the words of [`ROLES`].
    pub operands: Vec<&'static str>,
    /// Whether the last role is that of all operands behind it too.
    pub repeats: bool,
    /// The options: what the value means, [`FLAG`] where there is none.
    pub options: Vec<(String, &'static str)>,
    /// Options that are not listed do nothing that rules speak of.
    pub other_options_harmless: bool,
    /// Runs code of its own choosing; so does every program that nobody describes.
    pub runs_code: Option<bool>,
    /// Reaches the network, wherever that leads.
    pub network: bool,
    /// Acts with more rights than whoever calls it.
    pub privilege: bool,
}

/// A row as people read it, for tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The program.
    pub name: String,
    /// What it is besides its arguments.
    pub traits: Vec<&'static str>,
    /// The roles of its operands; a last `...` says that the role before it repeats.
    pub operands: Vec<&'static str>,
    /// Its options and what their values mean.
    pub options: Vec<(String, &'static str)>,
    /// Whether a policy says so.
    pub own: bool,
}

/// What is known of one program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Runs code of its own choosing.
    pub(super) code: bool,
    /// Can execute or write by options, so that one which is not listed leaves it open what it does.
    pub(super) strict: bool,
    /// Reaches the network.
    pub(super) net: bool,
    /// A policy describes it: what it deletes may be folders with all that is in them.
    pub(super) described: bool,
    /// A policy says that it reaches the network, and not where.
    pub(super) reaches: bool,
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
    options: FxHashMap<Box<str>, OptionRow>,
}

/// One option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OptionRow {
    /// As it is typed; empty where a policy describes it, since no reader knows it by name.
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
    /// The table of the specification alone.
    pub const fn builtin() -> Programs {
        Programs { own: BTreeMap::new() }
    }

    /// Whether the specification lists a program.
    pub fn is_listed(name: &str) -> bool {
        TABLE.row(name).is_some()
    }

    /// The programs of the specification by name, for near misses.
    pub fn listed_names() -> impl Iterator<Item = &'static str> + Clone {
        TABLE.by_name.keys().copied()
    }

    /// Whether a listed program has an option already.
    pub fn is_listed_option(name: &str, option: &str) -> bool {
        TABLE.row(name).is_some_and(|row| row.option(option).is_some())
    }

    /// Adds what a policy says of a program: to a listed one only what the table does not say.
    pub fn describe(&mut self, name: &str, said: &Description) {
        let model = TABLE.row(said.like.as_deref().unwrap_or(name));
        let mut row = model.cloned().unwrap_or_default();
        row.add(said, model.is_none());
        let said = said.clone();
        self.own.insert(name.into(), Described { said, row });
    }

    /// What policies say of programs, by name.
    pub fn described(&self) -> impl ExactSizeIterator<Item = (&str, &Description)> {
        self.own.iter().map(|(name, own)| (&**name, &own.said))
    }

    pub(super) fn row(&self, name: &str) -> Option<&Row> {
        if !self.own.is_empty()
            && let Some(own) = self.own.get(name)
        {
            return Some(&own.row);
        }
        TABLE.row(name)
    }

    /// All rows by name, as people read them.
    pub fn listed(&self) -> Vec<Listed> {
        let mut rows: BTreeMap<&str, (&Row, bool)> = BTreeMap::new();
        let table = TABLE.by_name.iter();
        rows.extend(table.map(|(name, &at)| (*name, (&TABLE.rows[at], false))));
        rows.extend(self.own.iter().map(|(name, own)| (&**name, (&own.row, true))));
        let listed = |(name, (row, own)): (&str, (&Row, bool))| row.listed(name, own);
        rows.into_iter().map(listed).collect()
    }
}

impl Table {
    fn read(text: &'static str) -> Table {
        let mut table = Table::default();
        for line in text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let mut cells = line.split(" |").map(str::trim);
            let mut cell = || cells.next().unwrap_or("");
            let (names, traits, operands, options) = (cell(), cell(), cell(), cell());
            let index = table.rows.len();
            table.rows.push(Row::read(traits, operands, options));
            for name in names.split(' ') {
                table.by_name.insert(name, index);
            }
        }
        table
    }

    fn row(&self, name: &str) -> Option<&Row> {
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
            row.options.insert(option.name.into(), option);
        }
        row
    }

    /// Adds what a policy says. Of a program that nobody lists the strict is assumed where nothing is said.
    fn add(&mut self, said: &Description, new: bool) {
        if new {
            self.described = true;
            self.strict = !said.other_options_harmless;
            self.code = said.runs_code.unwrap_or(true);
            self.posix = said.operands.iter().any(|role| matches!(*role, "cmd" | "shell"));
            self.operands.clone_from(&said.operands);
            self.repeats = said.repeats;
        }
        self.code |= said.runs_code == Some(true);
        self.reaches |= said.network;
        self.net |= said.network;
        self.root |= said.privilege;
        for (name, role) in &said.options {
            let takes = if *role == FLAG {
                Takes::Nothing
            } else {
                Takes::Value
            };
            let role = if *role == FLAG { "" } else { role };
            let row = OptionRow {
                name: "",
                role,
                takes,
            };
            self.options.entry(name.as_str().into()).or_insert(row);
        }
    }

    fn listed(&self, name: &str, own: bool) -> Listed {
        let traits = [
            (self.code, "runs_code"),
            (self.net, "network"),
            (self.root, "privilege"),
            (self.builtin, "builtin"),
            (self.strict, "strict"),
            (!self.by.is_empty(), "own reader"),
        ];
        let mut operands: Vec<&'static str> = self.operands.iter().map(|role| word_of(role)).collect();
        if self.repeats && !operands.is_empty() {
            operands.push("...");
        }
        let shown = |name: &str, row: &OptionRow| {
            let role = match row.takes {
                Takes::Nothing if row.role.is_empty() => FLAG,
                _ => word_of(row.role),
            };
            (name.to_string(), role)
        };
        let mut options: Vec<(String, &'static str)> =
            self.options.iter().map(|(name, row)| shown(name, row)).collect();
        options.sort();
        Listed {
            name: name.to_owned(),
            traits: traits
                .iter()
                .filter_map(|(holds, word)| holds.then_some(*word))
                .collect(),
            operands,
            options,
            own,
        }
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
            .iter()
            .filter(|(known, _)| name.len() < known.len() && known.starts_with(name));
        matching
            .max_by_key(|(known, option)| (option.weight(), std::cmp::Reverse(*known)))
            .map(|(_, option)| *option)
    }
}

/// The word of policies for a role of the table; those that only readers know stay as they are.
fn word_of(role: &'static str) -> &'static str {
    let found = ROLES.iter().find(|(_, known, _)| *known == role);
    found.map_or(role, |(word, ..)| word)
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
    fn descriptions_add() {
        let mut programs = Programs::builtin();
        let run = Description {
            operands: vec!["cmd"],
            options: vec![("-v".to_owned(), FLAG), ("--out".to_owned(), "write")],
            runs_code: Some(false),
            ..Description::default()
        };
        programs.describe("acme-run", &run);
        let row = programs.row("acme-run").expect("it was described");
        assert!(row.posix && row.strict && !row.code);
        assert_eq!(row.option("--out").map(|option| option.takes), Some(Takes::Value));
        let more = Description {
            options: vec![("--frob".to_owned(), "read")],
            ..Description::default()
        };
        programs.describe("tar", &more);
        let tar = programs.row("tar").expect("listed");
        assert_eq!(tar.option("--frob").map(|option| option.role), Some("read"));
        assert_eq!(tar.by, "tar");
        let like = Description {
            like: Some("timeout".to_owned()),
            ..Description::default()
        };
        programs.describe("acme-timeout", &like);
        assert_eq!(
            programs.row("acme-timeout").map(|row| row.operand(1)),
            Some("cmd")
        );
        let listed = programs.listed();
        assert_eq!(listed.iter().filter(|row| row.own).count(), 3);
        assert_eq!(listed.len(), TABLE.by_name.len() + 2);
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

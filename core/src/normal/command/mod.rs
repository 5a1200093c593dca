//! What a command does: the interface through which the effects and facts of commands arrive. Knows of no action but
//! those that a command may derive, and asks no disk. The words of a shell are not read yet: a command line, and the
//! script of a shell, are opaque.

mod program;

use std::ops::Range;

pub use program::{program_matches, program_name};

use super::path::Places;
use crate::value::{Fact, List, Value};

/// A command as a request says it.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The program and its arguments.
    pub argv: Option<&'a [String]>,
    /// Whether there may be more words than `argv` has.
    pub argv_open: bool,
    /// A line for a shell.
    pub line: Option<&'a str>,
    /// Where the host stands.
    pub places: Places<'a>,
}

/// What a command was seen to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Its effects, each as an action with arguments.
    pub effects: Vec<Seen>,
    /// Whether it may do more than was seen: then there is, of each kind that the action may derive, one more effect of
    /// which nothing is known.
    pub opaque: bool,
}

/// One effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The action: `command.run`.
    pub kind: &'static str,
    /// Its arguments by name. What is not listed is unknown.
    pub facts: Vec<(&'static str, Fact<Value>)>,
    /// Where in the line it is said.
    pub span: Option<Range<usize>>,
}

/// Reads a command. A command of which nothing is said is opaque.
pub fn read(call: &Call<'_>) -> Reading {
    let mut reading = match call.argv {
        Some(argv) => read_argv(argv, call),
        None => Reading {
            effects: Vec::new(),
            opaque: call.line.is_none(),
        },
    };
    reading.opaque |= call.line.is_some();
    reading
}

fn read_argv(argv: &[String], call: &Call<'_>) -> Reading {
    let Some(program) = argv.first().filter(|program| !program.is_empty()) else {
        return Reading {
            effects: Vec::new(),
            opaque: true,
        };
    };
    let name = program_name(program, &call.places);
    // An open list does not even promise that its first word is the first.
    let opaque = call.argv_open || name.is_err() || program::is_shell(program);
    let run = run(name.ok(), argv, call.argv_open);
    Reading {
        effects: vec![run],
        opaque,
    }
}

fn run(program: Option<String>, argv: &[String], open: bool) -> Seen {
    let items = argv.iter().map(|word| Value::text(word)).collect();
    let program = program.map_or(Fact::Unknown, |name| Fact::Known(Value::String(name.into())));
    let facts = vec![
        ("program", program),
        ("argv", Fact::Known(Value::List(List { items, open }))),
        // True of each program of which nobody has said what it does with its arguments: it may run what it is given.
        ("runs_code", Fact::Known(Value::Bool(true))),
    ];
    Seen {
        kind: "command.run",
        facts,
        span: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(argv: &[&str], program: Option<&str>, opaque: bool) {
        let words: Vec<String> = argv.iter().map(|&word| word.to_owned()).collect();
        let places = Places {
            root: Some("/ws"),
            ..Places::default()
        };
        let reading = read(&Call {
            argv: Some(&words),
            argv_open: false,
            line: None,
            places,
        });
        let found = reading.effects.first().map(|effect| effect.facts[0].1.clone());
        let expected = program.map(|name| {
            if name == "?" {
                Fact::Unknown
            } else {
                Fact::Known(Value::text(name))
            }
        });
        assert_eq!((found, reading.opaque), (expected, opaque), "{argv:?}");
    }

    #[test]
    fn argv_runs_its_program() {
        check(&["git", "push"], Some("git"), false);
        check(&["/usr/bin/git", "push"], Some("git"), false);
        check(&["/tmp/git", "push"], Some("/tmp/git"), false);
        check(&["./git", "push"], Some("./git"), false);
    }

    #[test]
    fn what_cannot_be_read_is_opaque() {
        check(&[], None, true);
        check(&["", "x"], None, true);
        check(&["a/\0"], Some("?"), true);
        check(&["bash", "-c", "git push"], Some("bash"), true);
        check(&["/tmp/sh", "x"], Some("/tmp/sh"), true);
        check(&["PowerShell.EXE", "x"], Some("PowerShell.EXE"), true);
    }

    #[test]
    fn facts_of_a_run() {
        let argv = ["git".to_owned(), "push".to_owned()];
        let call = Call {
            argv: Some(&argv),
            argv_open: true,
            line: None,
            places: Places::default(),
        };
        let items = vec![Value::text("git"), Value::text("push")];
        let facts = vec![
            ("program", Fact::Known(Value::text("git"))),
            ("argv", Fact::Known(Value::List(List { items, open: true }))),
            ("runs_code", Fact::Known(Value::Bool(true))),
        ];
        let run = Seen {
            kind: "command.run",
            facts,
            span: None,
        };
        assert_eq!(
            read(&call),
            Reading {
                effects: vec![run],
                opaque: true
            }
        );
    }

    #[test]
    fn a_line_is_opaque_as_a_whole() {
        let call = Call {
            argv: None,
            argv_open: false,
            line: Some("ls"),
            places: Places::default(),
        };
        assert_eq!(
            read(&call),
            Reading {
                effects: Vec::new(),
                opaque: true
            }
        );
        assert!(read(&Call { line: None, ..call }).opaque);
    }
}

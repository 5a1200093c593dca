//! A command with its words to its effects, by the table of programs. What the columns of the table cannot say is in the
//! readers that a row names: `files.rs`, `wrap.rs`, `network.rs`, `git.rs`, `code.rs`, `builtin.rs`.

use super::address::{self, Address};
use super::arg::{Arg, Flow};
use super::budget::Unread;
use super::options::Sorted;
use super::program::is_shell;
use super::seen::Run;
use super::shell::Span;
use super::table::Row;
use super::walk::Walk;
use crate::limits::COMMAND_EFFECTS_MAX;

/// A command that is being read.
pub(super) struct Command<'c> {
    /// What it is called in the table.
    pub(super) name: &'c str,
    pub(super) row: &'c Row,
    /// The program too.
    pub(super) argv: &'c [Arg],
    pub(super) sorted: Sorted<'c>,
    pub(super) input: &'c Flow,
    /// Its own `command.run`, by place.
    pub(super) run: Option<usize>,
}

impl<'c> Command<'c> {
    pub(super) fn args(&self) -> &'c [Arg] {
        &self.argv[1..]
    }

    pub(super) fn operands(&self) -> &[Arg] {
        &self.sorted.operands
    }

    pub(super) fn has(&self, role: &str) -> bool {
        self.sorted.has(role)
    }

    pub(super) fn span(&self) -> Span {
        self.argv[0].span.clone()
    }
}

impl<'a> Walk<'a> {
    /// Reads one command. Gives what it prints.
    pub(super) fn run(&mut self, argv: &[Arg], input: &Flow) -> Result<Flow, Unread> {
        self.budget.command()?;
        self.budget.work(argv.len())?;
        if COMMAND_EFFECTS_MAX < self.effects.len() + self.repeated.effects {
            return Err(Unread);
        }
        let Some(first) = argv.first() else {
            return Ok(Flow::silent());
        };
        let outer = (
            std::mem::take(&mut self.opaque),
            self.doubts.len(),
            self.why.take(),
        );
        let flow = self.run_word(first, argv, input);
        let (opaque, doubts, why) = outer;
        // The innermost command is to blame.
        if self.opaque && self.doubts.len() == doubts {
            let why = self.why.unwrap_or("not all that it does can be read");
            self.doubt(why, first.whole().filter(|word| !word.is_empty()), &first.span);
        }
        (self.opaque, self.why) = (self.opaque || opaque, why);
        flow
    }

    fn run_word(&mut self, first: &Arg, argv: &[Arg], input: &Flow) -> Result<Flow, Unread> {
        let Some(word) = first.whole().filter(|word| !word.is_empty()) else {
            return self.run_unknown(argv, input);
        };
        if self.is_function(word) {
            return self.call_function(word, Some(argv[1..].to_vec()), input);
        }
        let begun = match self.repeated(argv, input) {
            Ok(flow) => return Ok(flow),
            Err(begun) => begun,
        };
        self.budget.enter()?;
        let flow = self.run_named(word, argv, input)?;
        self.budget.leave();
        if let Some(begun) = begun {
            self.note(begun, argv, input, &flow)?;
        }
        Ok(flow)
    }

    /// A program of which the name is not known may be any, unless its path says that it is one of this folder.
    fn run_unknown(&mut self, argv: &[Arg], input: &Flow) -> Result<Flow, Unread> {
        let first = &argv[0];
        let run = Run::new(None, argv).code();
        self.push_run(run);
        let local = first.glob
            && first.text.contains('/')
            && !first.text.starts_with(['/', '~'])
            && !first.text.contains("..");
        let nothing = first.text.is_empty() && !first.open;
        if !local && !nothing {
            self.opaque = true;
            self.doubt("which program runs is not in the text", None, &first.span);
            self.candidates(argv, input)?;
        }
        Ok(Flow {
            remote: input.remote,
            ..Flow::unknown()
        })
    }

    fn run_named(&mut self, word: &str, argv: &[Arg], input: &Flow) -> Result<Flow, Unread> {
        let programs = self.programs;
        // Most names are in the table as they stand, and need no path made of them.
        if let Some(row) = programs.row(word).filter(|_| !word.contains(['/', '\\'])) {
            return self.run_listed(word, row, argv, input);
        }
        let Some(name) = self.program(word) else {
            self.push_run(Run::new(None, argv).code());
            // By a path that depends on a directory that is not known; NUL or the like in it.
            self.opaque |= !word.contains('/') || is_shell(word);
            self.why = Some("which file this names is not known");
            return self.candidates(argv, input);
        };
        match programs.row(&name) {
            Some(row) => self.run_listed(&name, row, argv, input),
            None => self.run_other(word, name, argv, input),
        }
    }

    /// A program that the table does not know.
    fn run_other(&mut self, word: &str, name: String, argv: &[Arg], input: &Flow) -> Result<Flow, Unread> {
        let content = if word.contains('/') {
            self.content(&argv[0])
        } else {
            Flow::unknown()
        };
        let remote = content.remote;
        let run = Run::new(Some(name), argv).code();
        let run = self.push_run(run);
        if remote {
            self.mark(run, "pipes_remote_script");
        }
        if let Some(text) = &content.text {
            self.arguments_of(&argv[1..], |walk| walk.nested_at(text, &argv[0].span, input))?;
        }
        // A program by path is no other than that file; what it bears the name of tells what it would do.
        if word.contains('/') && content.text.is_none() && !is_shell(word) {
            let programs = self.programs;
            let last = word.rsplit('/').next().unwrap_or(word);
            if let Some(row) = programs.row(last).filter(|row| !row.word && !row.builtin) {
                if !content.remote && !content.stored {
                    self.opaque = true;
                }
                return if only_asks(argv) {
                    Ok(Flow::unknown())
                } else {
                    self.run_as(last, row, argv, input, Some(run))
                };
            }
        }
        // A shell somewhere else is a shell all the same.
        let made_up = word.contains('/') && !content.remote && !content.stored;
        if content.text.is_none() && (is_shell(word) || made_up) {
            self.opaque = true;
            self.why = Some(if made_up {
                "the line itself makes this file"
            } else {
                "a shell where none is usually"
            });
        }
        self.candidates(argv, input)
    }

    fn run_listed(&mut self, name: &str, row: &'a Row, argv: &[Arg], input: &Flow) -> Result<Flow, Unread> {
        let run = if row.builtin {
            None
        } else {
            let asks = only_asks(argv);
            let mut run = Run::new(Some(name.to_owned()), argv);
            run.code = row.code && !asks;
            run.raised = row.root && !asks;
            let run = self.push_run(run);
            if asks {
                return Ok(Flow::unknown());
            }
            Some(run)
        };
        self.run_as(name, row, argv, input, run)
    }

    /// What a row says of a command whose run was seen.
    pub(super) fn run_as(
        &mut self,
        name: &str,
        row: &'a Row,
        argv: &[Arg],
        input: &Flow,
        run: Option<usize>,
    ) -> Result<Flow, Unread> {
        let sorted = Sorted::of(row, &argv[1..]);
        if row.strict && (sorted.unlisted || sorted.doubtful) {
            self.opaque = true;
            self.why = Some(match sorted.unlisted {
                true => "has an option that is not known, and can execute or write by options",
                false => "a word may be any option, and it can execute or write by options",
            });
        }
        let command = Command {
            name,
            row,
            argv,
            sorted,
            input,
            run,
        };
        // Programs of the table print their own completions.
        let prints = |arg: &Arg| arg.is("completion") || arg.is("completions");
        if (row.code || row.net) && argv[1..].iter().any(prints) {
            return Ok(Flow {
                own: true,
                ..Flow::unknown()
            });
        }
        if !command.has("cwd") {
            self.options(&command)?;
            return self.by_reader(&command);
        }
        let before = self.directories.clone();
        self.change_directory(&command);
        let flow = self.options(&command).and_then(|()| self.by_reader(&command))?;
        self.directories = before;
        Ok(flow)
    }

    /// `-C dir`
    fn change_directory(&mut self, command: &Command<'_>) {
        for value in command.sorted.values("cwd") {
            // tar opens its archive before it goes where it unpacks.
            if command.row.by != "tar" {
                self.stand_in(value);
            }
        }
    }

    /// What options do whatever the program is.
    fn options(&mut self, command: &Command<'_>) -> Result<(), Unread> {
        for given in &command.sorted.options {
            let Some(value) = &given.value else {
                match given.role {
                    "net" => self.push_connect(None, command.span()),
                    "opaque" => self.opaque = true,
                    _ => {}
                }
                continue;
            };
            match given.role {
                "read" | "patterns" => self.read_file(value),
                "module" => self.module_file(command, value),
                "net" => self.push_connect(None, value.span.clone()),
                "package" => {
                    self.mark_run(command.run, "installs_packages");
                    self.push_connect(None, value.span.clone());
                }
                "script" => self.script_file(command, value, &[])?,
                "write" => self.written_to(value),
                "delete" if given.name.is_empty() => self.file("file.delete", value, None),
                "exec" | "shell" => self.shell_word(value, &Flow::unknown())?,
                "opaque" => {
                    self.opaque = true;
                    self.why = Some("an option hands it code or settings that are not read");
                }
                "url" | "proxy" => self.connects(value),
                "host" => self.connects_host(value),
                _ => {}
            }
        }
        Ok(())
    }

    /// A module that is loaded before the program: a file, or a text or a place that the word itself is.
    fn module_file(&mut self, command: &Command<'_>, module: &Arg) {
        if module.text.starts_with("data:") {
            self.opaque = true;
        } else if module.text.contains("://") && !module.text.starts_with("file:") {
            self.connects(module);
            self.mark_run(command.run, "pipes_remote_script");
        } else {
            self.read_file(module);
        }
    }

    fn by_reader(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        if !command.row.runs.is_empty() {
            self.behind(command)?;
        }
        self.by_row(command)
    }

    /// A command behind a word of its own: `exec program`, `run -- program`.
    fn behind(&mut self, command: &Command<'_>) -> Result<(), Unread> {
        let words = command.args();
        let found = words.iter().enumerate().find_map(|(at, word)| {
            let verb = command.row.runs.iter().find(|(verb, _)| word.is(verb))?;
            Some((at + 1, verb.1))
        });
        let Some((at, skipped)) = found else {
            return Ok(());
        };
        let rest = &words[at..];
        // What stands behind `--` is the command, whatever stands before it.
        let rest = match rest.iter().position(|word| word.is("--")) {
            Some(at) => &rest[at + 1..],
            None => {
                let first = rest.iter().position(|word| !word.text.starts_with('-'));
                first.and_then(|first| rest.get(first + skipped..)).unwrap_or(&[])
            }
        };
        match rest {
            [] => Ok(()),
            [script] if script.text.contains([' ', '\n']) => self.shell_word(script, command.input),
            words => self.inner(words, command.input).map(|_| ()),
        }
    }

    fn by_row(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let reader = command.row.by;
        if command.row.reaches {
            self.connected(None, &command.span());
        }
        if reader.is_empty() {
            return self.by_columns(command);
        }
        if let Some(flow) = self.builtin(reader, command)? {
            return Ok(flow);
        }
        if let Some(flow) = self.wrapper(reader, command)? {
            return Ok(flow);
        }
        if let Some(flow) = self.files(reader, command)? {
            return Ok(flow);
        }
        if let Some(flow) = self.code(reader, command)? {
            return Ok(flow);
        }
        if let Some(flow) = self.network(reader, command)? {
            return Ok(flow);
        }
        match reader {
            "git" => self.git(command),
            "opaque" => {
                let asks = matches!(command.args(), [only] if matches!(only.whole(), Some("-l" | "--help" | "--version")));
                self.opaque |= !asks;
                self.candidates(command.argv, command.input)
            }
            _ => self.by_columns(command),
        }
    }

    /// The operands as the columns of the table say.
    pub(super) fn by_columns(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let operands = command.operands();
        for (at, operand) in operands.iter().enumerate() {
            match command.row.operand(at) {
                "cmd" => return self.inner(&operands[at..], command.input),
                "shell" => return self.joined(&operands[at..], command.input),
                "read" => self.read_file(operand),
                "write" => self.written_to(operand),
                "delete" if command.row.described => self.file("file.delete", operand, None),
                "delete" => self.file("file.delete", operand, Some(false)),
                "opaque" => self.opaque = true,
                "exec" => self.shell_word(operand, &Flow::unknown())?,
                "edit" => {
                    self.read_file(operand);
                    if command.has("inplace") {
                        self.written_to(operand);
                    }
                }
                "url" => self.connects(operand),
                "host" => self.connects_host(operand),
                "script" => {
                    self.script_file(command, operand, &operands[at + 1..])?;
                    break;
                }
                _ => {}
            }
        }
        Ok(self.output(command))
    }

    /// What a program prints, as far as that matters to whoever reads it.
    pub(super) fn output(&self, command: &Command<'_>) -> Flow {
        let row = command.row;
        if row.net {
            return Flow::remote();
        }
        match row.out {
            "plain" => return Flow::plain(""),
            "path" => return Flow::plain("/"),
            "shell" => {
                return Flow {
                    own: true,
                    ..Flow::unknown()
                };
            }
            _ => {}
        }
        let operands = command.operands();
        if row.store {
            let same =
                matches!(command.name, "cat" | "bat" | "batcat") && command.args().len() == operands.len();
            let flow = match operands {
                [] => command.input.clone(),
                [one] if !one.is("-") => match &one.pipe {
                    Some(flow) => (**flow).clone(),
                    None => self.content(one),
                },
                several => Flow {
                    stored: true,
                    remote: several
                        .iter()
                        .any(|one| one.is("-") && command.input.remote || self.content(one).remote),
                    ..Flow::default()
                },
            };
            // `rev`, `tac`, `head` print another text than they read.
            return match flow.text.as_deref() {
                None | Some("") => flow,
                Some(_) if same => flow,
                Some(_) => Flow {
                    remote: flow.remote,
                    ..Flow::unknown()
                },
            };
        }
        let files = operands.iter().any(|operand| self.content(operand).remote);
        Flow {
            remote: command.input.remote || files,
            ..Flow::unknown()
        }
    }

    // -- commands inside of commands --

    /// A command that a program is given as words.
    pub(super) fn inner(&mut self, argv: &[Arg], input: &Flow) -> Result<Flow, Unread> {
        let Some(first) = argv.first() else {
            return Ok(Flow::unknown());
        };
        // `sudo -u x -- program`: what stands before the program was sorted out already.
        if first.may_be_option() && first.whole().is_some() {
            self.opaque = true;
        }
        // A program, not a builtin: but one that is called so all the same is read as what it is called.
        self.run(argv, input)
    }

    /// A script that a program is given as words, which it joins.
    pub(super) fn joined(&mut self, words: &[Arg], input: &Flow) -> Result<Flow, Unread> {
        let Some(first) = words.first() else {
            return Ok(Flow::unknown());
        };
        let whole: Option<Vec<&str>> = words.iter().map(Arg::whole).collect();
        if let Some(words) = whole {
            return self.nested_at(&words.join(" "), &first.span, input);
        }
        self.opaque = true;
        self.candidates_in(words, true, input)
    }

    /// A word that a shell reads.
    pub(super) fn shell_word(&mut self, word: &Arg, input: &Flow) -> Result<(), Unread> {
        match word.whole() {
            Some(text) => {
                let text = text.to_owned();
                self.subshell(|walk| walk.nested_at(&text, &word.span, input).map(|_| ()))
            }
            None => {
                self.opaque |= !word.remote;
                Ok(())
            }
        }
    }

    /// The operands of a program that nobody knows may be a command.
    pub(super) fn candidates(&mut self, argv: &[Arg], input: &Flow) -> Result<Flow, Unread> {
        // What a script of the workspace is told is as often a text as a command.
        let scripts = argv.first().is_some_and(|first| !first.text.contains('/'));
        self.candidates_in(argv.get(1..).unwrap_or(&[]), scripts, input)
    }

    /// With `scripts` one word may be a whole line for a shell.
    fn candidates_in(&mut self, words: &[Arg], scripts: bool, input: &Flow) -> Result<Flow, Unread> {
        let programs = self.programs;
        // `wrapper --with x -- program`
        if let Some(at) = words.iter().position(|word| word.is("--")) {
            let program = words.get(at + 1).and_then(Arg::whole);
            if program.is_some_and(|program| programs.row(program).is_some()) {
                return self.inner(&words[at + 1..], input);
            }
        }
        for (at, arg) in words.iter().enumerate() {
            let Some(word) = arg.whole() else {
                continue;
            };
            let name = word
                .strip_prefix("/usr/bin/")
                .or_else(|| word.strip_prefix("/bin/"))
                .unwrap_or(word);
            if scripts && self.is_script(word) {
                self.shell_word(arg, input)?;
                continue;
            }
            let known = programs.row(name).is_some_and(|row| !row.word && !row.builtin);
            if known && (at + 1 < words.len() || at == 0) {
                return self.inner(&words[at..], input);
            }
        }
        Ok(Flow {
            remote: input.remote,
            ..Flow::unknown()
        })
    }

    /// Whether one word is plainly a line for a shell: a program of the table, and an option or an operator behind it.
    /// `git push fails` is none, `rm -rf x` is.
    fn is_script(&self, word: &str) -> bool {
        let Some((first, rest)) = word.split_once(' ') else {
            return false;
        };
        let known = self
            .programs
            .row(first)
            .is_some_and(|row| !row.word && !row.builtin);
        known && (rest.starts_with('-') || rest.contains(" -") || rest.contains(['|', ';', '>', '&', '/']))
    }

    /// A file that an interpreter runs.
    pub(super) fn script_file(
        &mut self,
        command: &Command<'_>,
        file: &Arg,
        args: &[Arg],
    ) -> Result<(), Unread> {
        let content = self.script_source(file);
        if content.remote {
            self.mark_run(command.run, "pipes_remote_script");
        }
        let _ = args;
        Ok(())
    }

    /// What a file or a pipe holds that is run.
    pub(super) fn script_source(&mut self, file: &Arg) -> Flow {
        if let Some(flow) = &file.pipe {
            return (**flow).clone();
        }
        if file.is("-") || file.is("/dev/stdin") {
            return Flow::unknown();
        }
        self.read_file(file);
        self.content(file)
    }

    /// Reads something with `$1` and so on set.
    pub(super) fn arguments_of(
        &mut self,
        args: &[Arg],
        read: impl FnOnce(&mut Self) -> Result<Flow, Unread>,
    ) -> Result<Flow, Unread> {
        let outer = self.arguments.replace(args.to_vec());
        let flow = self.subshell(read)?;
        self.arguments = outer;
        Ok(flow)
    }

    // -- hosts --

    /// A URL is reached.
    pub(super) fn connects(&mut self, url: &Arg) {
        if let Some(rest) = url.text.strip_prefix("file://") {
            let rest = rest.strip_prefix("localhost").unwrap_or(rest);
            let file = url.from(url.text.len() - rest.len());
            self.read_file(&file);
            return;
        }
        self.connected(address::of_url(url), &url.span);
    }

    pub(super) fn connects_host(&mut self, host: &Arg) {
        let address = host.whole().and_then(address::authority);
        self.connected(address, &host.span);
    }

    pub(super) fn connected(&mut self, address: Option<Address>, span: &Span) {
        self.push_connect(address, span.clone());
    }
}

/// Whether a program is asked for its version or its help alone.
fn only_asks(argv: &[Arg]) -> bool {
    matches!(argv, [_, only] if only.is("--version") || only.is("--help"))
}

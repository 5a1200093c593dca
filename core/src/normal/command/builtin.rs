//! Builtins of the shell: what they change of its state, and what they run.

use super::act::Command;
use super::arg::{Arg, Flow};
use super::budget::Unread;
use super::environment;
use super::state::Directories;
use super::walk::Walk;

impl Walk<'_> {
    /// What a builtin does; `None` where the reader is another one.
    pub(super) fn builtin(&mut self, reader: &str, command: &Command<'_>) -> Result<Option<Flow>, Unread> {
        match reader {
            "cd" | "pushd" => self.cd(command),
            "popd" => self.directories = Directories::unknown(),
            "shellstate" => self.shell_state(command)?,
            "set" => self.set(command),
            "unset" => self.unset(command),
            "declare" => return self.declare(command).map(Some),
            "let" | "read" => self.reads(command)?,
            "alias" => self.alias(command)?,
            "eval" => return self.eval(command).map(Some),
            "source" => return self.source(command).map(Some),
            "exec" | "command" => return self.instead(command).map(Some),
            "trap" => self.trap(command)?,
            "test" => self.test_words(command),
            "echo" => return Ok(Some(echo(command))),
            "printf" => return self.printf(command).map(Some),
            "printer" => return Ok(Some(self.printer(command))),
            _ => return Ok(None),
        }
        Ok(Some(Flow::silent()))
    }

    fn cd(&mut self, command: &Command<'_>) {
        let before = self.directories.clone();
        match command.operands() {
            [] => {
                let home = self.home(command.span());
                self.stand_in(&home);
            }
            [target] => self.stand_in(target),
            _ => self.directories = Directories::unknown(),
        }
        self.failed = Some(before);
    }

    /// The shell stands in another directory now.
    pub(super) fn stand_in(&mut self, target: &Arg) {
        let Some(text) = target.whole().filter(|text| *text != "-") else {
            self.directories = Directories::unknown();
            return;
        };
        if text.is_empty() {
            return;
        }
        let Some(before) = self.directories.each() else {
            if text.starts_with('/') || target.home {
                let path = self.normal(text, target.home, None);
                self.directories = path.map_or(Directories::unknown(), |path| {
                    Directories::of(vec![path.as_str().into()])
                });
            }
            return;
        };
        let after: Option<Vec<Box<str>>> = before
            .iter()
            .map(|from| Some(self.normal(text, target.home, from.as_deref())?.as_str().into()))
            .collect();
        self.directories = after.map_or(Directories::unknown(), Directories::of);
    }

    fn shell_state(&mut self, command: &Command<'_>) -> Result<(), Unread> {
        match command.name {
            "shift" => self.shift(command),
            // `enable -f` loads a builtin, `bind -x`, `complete -C`, `fc` and `hash -p` name commands for later.
            "enable" | "fc" if !command.args().is_empty() => self.opaque = true,
            "bind" | "complete" | "compgen" | "hash" if 1 < command.args().len() => {
                let runs =
                    |arg: &Arg| ["-C", "-F", "-x", "-p", "-W"].contains(&arg.text.as_str()) || arg.open;
                self.opaque |= command.args().iter().any(runs);
            }
            "shopt" => {
                self.opaque |= command
                    .args()
                    .iter()
                    .any(|arg| arg.is("expand_aliases") || arg.open)
            }
            _ => {}
        }
        for arg in command.args() {
            self.subscripts(arg);
        }
        Ok(())
    }

    fn shift(&mut self, command: &Command<'_>) {
        let count = match command.operands() {
            [] => Some(1),
            [count] => count.whole().and_then(|count| count.parse::<usize>().ok()),
            _ => None,
        };
        let arguments = self.arguments.take();
        self.arguments = match (arguments, count) {
            (Some(arguments), Some(count)) if !arguments.iter().take(count).any(|argument| argument.many) => {
                Some(arguments.get(count..).unwrap_or(&[]).to_vec())
            }
            _ => None,
        };
    }

    /// `set -e`, `set -- a b`
    fn set(&mut self, command: &Command<'_>) {
        let args = command.args();
        for (at, arg) in args.iter().enumerate() {
            if arg.is("--") {
                self.arguments = Some(args[at + 1..].to_vec());
                return;
            }
            if !arg.text.starts_with(['-', '+']) {
                // The name of an option after `-o`, or the first argument.
                if at == 0 || !args[at - 1].text.ends_with('o') {
                    self.arguments = Some(args[at..].to_vec());
                    return;
                }
            }
            let short = arg.text.starts_with('-') && !arg.text.starts_with("--");
            self.stops |= short && arg.text.contains('e');
            self.stops |= arg.is("errexit");
            self.stops &= !(arg.text.starts_with('+') && arg.text.contains('e'));
        }
    }

    fn unset(&mut self, command: &Command<'_>) {
        for name in command.operands() {
            self.subscripts(name);
            match name.whole() {
                Some(name) => self.variables.forget(name),
                None => self.variables.forget_all(),
            }
        }
    }

    /// `export X=1`, `declare -i x=...`
    fn declare(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let loaded = self.loads;
        let mut any = false;
        for arg in command.operands() {
            self.subscripts(arg);
            let Some((name, _)) = arg.text.split_once('=') else {
                any |= arg.open;
                continue;
            };
            let value = Arg {
                home: false,
                ..arg.from(name.len() + 1).clone()
            };
            let name = name.trim_end_matches('+');
            environment::reaches(self, name, &value);
            if environment::loads(name, &value) {
                environment::set(self, name, &value)?;
                any = true;
            }
            self.subscripts(&value);
            self.variables.set(name, value);
        }
        if any {
            self.variables_of_unknown_name(command);
            self.push_builtin(command.argv);
        }
        // `declare` without `-x` says nothing to other programs, but a name that is exported already stays so.
        self.loads |= loaded;
        Ok(Flow::silent())
    }

    /// A name that is not known may be any.
    fn variables_of_unknown_name(&mut self, command: &Command<'_>) {
        let unknown = |arg: &Arg| arg.open && !arg.text.contains('=');
        if command.operands().iter().any(unknown) {
            self.loads = true;
            self.variables.forget_all();
        }
    }

    /// `read x`, `let x=1`: the names are set, and subscripts in them run.
    fn reads(&mut self, command: &Command<'_>) -> Result<(), Unread> {
        for arg in command.args() {
            self.subscripts(arg);
            if arg.text.starts_with('-') {
                continue;
            }
            let name = arg.text.split(['=', '+', '[']).next().unwrap_or("");
            if arg.open && name.len() == arg.text.len() {
                self.variables.forget_all();
            }
            if !name.is_empty() {
                self.variables.forget(name);
            }
        }
        Ok(())
    }

    /// What an alias stands for runs when somebody calls it.
    fn alias(&mut self, command: &Command<'_>) -> Result<(), Unread> {
        for arg in command.operands() {
            if let Some((name, _)) = arg.text.split_once('=') {
                let value = arg.from(name.len() + 1);
                self.shell_word(&value, &Flow::unknown())?;
                // From here on the name means something else, in a shell that expands aliases.
                if self
                    .programs
                    .row(name)
                    .is_none_or(|row| row.strict || row.code || row.net)
                {
                    self.mark_alias(command);
                }
            } else {
                self.opaque |= arg.open;
            }
        }
        Ok(())
    }

    fn mark_alias(&mut self, command: &Command<'_>) {
        let run = self.push_builtin(command.argv);
        self.mark(run, "runs_code");
    }

    fn eval(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let args = command.args();
        let args = if args.first().is_some_and(|arg| arg.is("--")) {
            &args[1..]
        } else {
            args
        };
        let whole: Option<Vec<&str>> = args.iter().map(Arg::whole).collect();
        if let (Some(words), Some(first)) = (whole, args.first()) {
            return self.nested_at(&words.join(" "), &first.span, command.input);
        }
        if args.is_empty() {
            return Ok(Flow::silent());
        }
        let run = self.push_builtin(command.argv);
        self.mark(run, "runs_code");
        if args.iter().any(|arg| arg.remote) {
            self.mark(run, "pipes_remote_script");
        } else if !args.iter().all(|arg| arg.whole().is_some() || arg.own) {
            self.opaque = true;
        }
        self.variables.forget_all();
        Ok(Flow::unknown())
    }

    fn source(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let Some((file, args)) = command.args().split_first() else {
            return Ok(Flow::silent());
        };
        let stdin = file.is("/dev/stdin") || file.is("/dev/fd/0");
        let content = if stdin {
            command.input.clone()
        } else {
            self.script_source(file)
        };
        if let Some(text) = &content.text {
            let text = text.clone();
            if !args.is_empty() {
                return self.arguments_of(args, |walk| walk.nested_at(&text, &file.span, command.input));
            }
            return self.nested_at(&text, &file.span, command.input);
        }
        let run = self.push_builtin(command.argv);
        self.mark(run, "runs_code");
        if content.remote {
            self.mark(run, "pipes_remote_script");
        } else if !content.stored && !content.own {
            self.opaque = true;
        }
        self.variables.forget_all();
        Ok(Flow::unknown())
    }

    /// `exec program`, `command program`
    fn instead(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        if command.has("query") {
            return Ok(match command.operands() {
                [name] if name.whole().is_some() => Flow::text(&name.text),
                _ => Flow::plain("/"),
            });
        }
        if command.sorted.unlisted || command.sorted.doubtful {
            self.opaque = true;
        }
        self.inner(command.operands(), command.input)
    }

    fn trap(&mut self, command: &Command<'_>) -> Result<(), Unread> {
        match command.operands() {
            [action, signal, ..] if !action.is("-") && !signal.text.is_empty() => {
                self.shell_word(action, &Flow::unknown())
            }
            _ => Ok(()),
        }
    }

    fn test_words(&mut self, command: &Command<'_>) {
        for arg in command.args() {
            self.subscripts(arg);
        }
        if let Some(at) = command.args().iter().position(|arg| arg.is("-v")) {
            self.opaque |= command.args().get(at + 1).is_some_and(|name| name.open);
        }
    }

    fn printf(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let args = command.args();
        if let Some(at) = args.iter().position(|arg| arg.is("-v")) {
            if let Some(name) = args.get(at + 1) {
                self.subscripts(name);
                match name.whole() {
                    Some(name) => self.variables.forget(name),
                    None => self.opaque = true,
                }
            }
            return Ok(Flow::silent());
        }
        let args = if args.first().is_some_and(|arg| arg.is("--")) {
            &args[1..]
        } else {
            args
        };
        Ok(formatted(args).map_or_else(|| printed(args), |text| Flow::text(&text)))
    }

    /// Programs that print a word or two.
    fn printer(&mut self, command: &Command<'_>) -> Flow {
        match (command.name, command.operands()) {
            ("which", [one]) if one.whole().is_some() => Flow::text(&one.text),
            ("which" | "whereis", _) => Flow::plain("/"),
            ("realpath" | "readlink" | "mktemp", _) => Flow::plain("/"),
            (
                "yes" | "say" | "cowsay" | "fortune" | "figlet" | "xclip" | "xsel" | "pbpaste" | "dmesg"
                | "journalctl",
                _,
            ) => Flow::unknown(),
            ("printenv", _) => Flow::unknown(),
            _ => Flow::plain(""),
        }
    }
}

fn echo(command: &Command<'_>) -> Flow {
    let mut args = command.args();
    let mut escapes = false;
    let mut line = "\n";
    while let Some((first, rest)) = args.split_first() {
        match first.whole() {
            Some("-n") => line = "",
            Some("-e") => escapes = true,
            Some("-en" | "-ne") => (line, escapes) = ("", true),
            Some("-E") => {}
            _ => break,
        }
        args = rest;
    }
    let words: Option<Vec<&str>> = args.iter().map(Arg::whole).collect();
    let Some(words) = words else {
        return printed(args);
    };
    let mut text = words.join(" ");
    // Whether a backslash means something without `-e` depends on the shell.
    if !text.contains('\\') {
        text.push_str(line);
        return Flow::text(&text);
    }
    match unescaped(&text) {
        Some(text) if escapes => Flow::text(&format!("{text}{line}")),
        _ => Flow::unknown(),
    }
}

fn printed(args: &[Arg]) -> Flow {
    Flow {
        remote: args.iter().any(|arg| arg.remote),
        ..Flow::unknown()
    }
}

/// What `printf` prints, where its format is simple.
fn formatted(args: &[Arg]) -> Option<String> {
    let (format, values) = args.split_first()?;
    let format = unescaped(format.whole()?)?;
    let values: Option<Vec<&str>> = values.iter().map(Arg::whole).collect();
    let mut values = values?.into_iter();
    let mut out = String::new();
    loop {
        let before = values.len();
        fill(&format, &mut values, &mut out)?;
        if values.len() == 0 || values.len() == before {
            return Some(out);
        }
    }
}

fn fill<'v>(format: &str, values: &mut impl Iterator<Item = &'v str>, out: &mut String) -> Option<()> {
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match chars.next()? {
            '%' => out.push('%'),
            's' | 'd' => out.push_str(values.next().unwrap_or("")),
            'b' => out.push_str(&unescaped(values.next().unwrap_or(""))?),
            _ => return None,
        }
    }
    Some(())
}

/// Backslash escapes as `echo -e` and `printf` read them.
fn unescaped(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return Some(text.to_owned());
    }
    // The same as in `$'..'`, but for quotes, and `\0` before octal digits.
    let quoted = text.replace('\'', "\\'").replace("\\0", "\\");
    super::shell::ansi_c(&format!("{quoted}'"))
}

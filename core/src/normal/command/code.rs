//! Programs that run code which they are given in another language, builds and package managers. The languages are not
//! read; what is looked for in them is whether they can do more than compute and print, and the shell text that they hand
//! on where it is plain.

use super::act::Command;
use super::arg::{Arg, Flow};
use super::budget::Unread;
use super::walk::Walk;

impl Walk<'_> {
    pub(super) fn code(&mut self, reader: &str, command: &Command<'_>) -> Result<Option<Flow>, Unread> {
        let flow = match reader {
            "sed" => self.sed(command)?,
            "awk" => self.awk(command)?,
            "python" => self.python(command)?,
            "node" | "perl" => self.snippet(command)?,
            "interpreter" => self.interpreter(command)?,
            "database" => self.database(command)?,
            "deno" => self.deno(command)?,
            "snippets" => self.snippets(command)?,
            "make" => self.make(command)?,
            "cmake" => self.cmake(command)?,
            "npx" => self.npx(command)?,
            "npm" | "pip" | "cargo" | "go" | "system" => self.packages(reader, command)?,
            "build" => self.build(command)?,
            _ => return Ok(None),
        };
        Ok(Some(flow))
    }

    // -- sed and awk --

    /// The scripts among the words, and the files behind them. Where no option gives a script, the first operand is one.
    fn scripts_and_files<'c>(&mut self, command: &'c Command<'_>) -> (Vec<Arg>, &'c [Arg]) {
        for file in command.sorted.values("codefile") {
            self.read_file(file);
            // A script in a file is code like any other.
            self.mark_run(command.run, "runs_code");
        }
        let given: Vec<Arg> = command.sorted.values("code").cloned().collect();
        let operands = command.operands();
        if given.is_empty() && !command.has("codefile") {
            let (script, files) = operands.split_at(operands.len().min(1));
            (script.to_vec(), files)
        } else {
            (given, operands)
        }
    }

    fn sed(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let (scripts, files) = self.scripts_and_files(command);
        for script in &scripts {
            match script.whole() {
                Some(text) => {
                    let text = text.to_owned();
                    self.sed_script(&text, script)?;
                }
                // What is known of it may be whole commands; what follows can still be the flag that executes.
                None => {
                    self.opaque |= !super::sed::harmless_beginning(&script.text) && !command.has("sandbox")
                }
            }
        }
        let in_place = command.has("i");
        for file in files {
            self.read_file(file);
            if in_place {
                self.written_to(file);
                command
                    .sorted
                    .values("i")
                    .for_each(|suffix| self.backup(file, suffix));
            }
        }
        let texts = command.input.remote;
        Ok(Flow {
            remote: texts || files.iter().any(|file| self.content(file).remote),
            ..Flow::unknown()
        })
    }

    /// `-i.bak` keeps the old file under another name; with `*` or `/` in it that may be anywhere.
    pub(super) fn backup(&mut self, file: &Arg, suffix: &Arg) {
        let plain = suffix.whole().is_some_and(|suffix| !suffix.contains(['*', '/']));
        let copy = match file.whole() {
            Some(text) if plain => Arg::known(&format!("{text}{}", suffix.text), file.span.clone()),
            _ if plain => file.clone(),
            _ => Arg::unknown(file.span.clone()),
        };
        if !suffix.text.is_empty() || suffix.open {
            self.written_to(&copy);
        }
    }

    fn sed_script(&mut self, text: &str, script: &Arg) -> Result<(), Unread> {
        let Some(acts) = super::sed::acts(text) else {
            self.opaque = true;
            return Ok(());
        };
        for act in acts {
            match act {
                super::sed::Act::Reads(file) => self.read_file(&Arg::known(&file, script.span.clone())),
                super::sed::Act::Writes(file) => self.written_to(&Arg::known(&file, script.span.clone())),
                super::sed::Act::Runs(line) if line.is_empty() => self.opaque = true,
                super::sed::Act::Runs(line) => {
                    self.nested_at(&line, &script.span, &Flow::unknown())?;
                }
                super::sed::Act::Executes => self.opaque = true,
            }
        }
        Ok(())
    }

    fn awk(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let (scripts, files) = self.scripts_and_files(command);
        for library in command.sorted.values("include") {
            self.mark_run(command.run, "runs_code");
            if library.is("inplace") {
                files.iter().for_each(|file| self.written_to(file));
            } else {
                self.read_file(library);
            }
        }
        for script in &scripts {
            if !command.has("sandbox") {
                self.awk_script(script)?;
            }
        }
        for file in files.iter().filter(|file| !file.text.contains('=')) {
            self.read_file(file);
        }
        Ok(Flow {
            remote: command.input.remote,
            ..Flow::unknown()
        })
    }

    fn awk_script(&mut self, script: &Arg) -> Result<(), Unread> {
        let Some(text) = script.whole() else {
            self.opaque = true;
            return Ok(());
        };
        for act in super::awk::acts(text) {
            match act {
                super::awk::Act::Runs(line) => {
                    self.nested_at(&line, &script.span, &Flow::unknown())?;
                }
                super::awk::Act::Writes(file) => self.written_to(&Arg::known(&file, script.span.clone())),
                super::awk::Act::WritesAny => self.written_to(&Arg::unknown(script.span.clone())),
                super::awk::Act::Reads(file) => self.read_file(&Arg::known(&file, script.span.clone())),
                super::awk::Act::Anything => self.opaque = true,
            }
        }
        Ok(())
    }

    // -- languages --

    fn python(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let given = &command.sorted.options;
        if let Some(at) = given.iter().position(|given| given.role == "rest") {
            let values: Vec<Arg> = given[at..]
                .iter()
                .filter_map(|given| given.value.clone())
                .collect();
            if given[at].name == "-m" {
                return self.module(command, &values);
            }
            self.foreign(command, &values[0])?;
            return Ok(self.printed_by_code(command));
        }
        self.program_file(command)
    }

    /// `python -m pip` is pip.
    fn module(&mut self, command: &Command<'_>, words: &[Arg]) -> Result<Flow, Unread> {
        // Modules that do more than compute have rows of their own.
        let programs = self.programs;
        if let Some(module) = words.first().and_then(Arg::whole) {
            let name = format!("python:{module}");
            if let Some(row) = programs.row(&name) {
                return self.run_as(&name, row, words, command.input, command.run);
            }
        }
        if words.first().is_some_and(|module| {
            matches!(
                module.whole(),
                Some("pip" | "pipx" | "pytest" | "uv" | "poetry" | "black" | "mypy" | "ruff")
            )
        }) {
            return self.inner(words, command.input);
        }
        self.opaque |= words.first().is_none_or(|module| module.open);
        Ok(Flow::unknown())
    }

    fn snippet(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let scripts: Vec<Arg> = command.sorted.values("code").cloned().collect();
        if scripts.is_empty() {
            return self.program_file(command);
        }
        for script in &scripts {
            self.foreign(command, script)?;
        }
        let edits = command.args().iter().any(|arg| {
            arg.text.starts_with("-i") || arg.text.starts_with("-pi") || arg.text.starts_with("-ni")
        });
        let suffix = command.sorted.options.iter().find(|given| given.name == "-i");
        let suffix = suffix.and_then(|given| given.value.clone());
        for file in command.operands() {
            self.read_file(file);
            if edits {
                self.written_to(file);
                suffix.iter().for_each(|suffix| self.backup(file, suffix));
            }
        }
        Ok(self.printed_by_code(command))
    }

    /// Each operand is a snippet.
    fn snippets(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let given: Vec<Arg> = command.sorted.values("code").cloned().collect();
        for code in given.iter().chain(command.operands()) {
            self.foreign(command, code)?;
        }
        Ok(self.printed_by_code(command))
    }

    fn printed_by_code(&self, command: &Command<'_>) -> Flow {
        Flow {
            remote: command.input.remote,
            ..Flow::unknown()
        }
    }

    /// An interpreter that runs a file, or its input.
    fn program_file(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let operands = command.operands();
        let known = operands
            .first()
            .filter(|file| !file.is("-") && !file.is("/dev/stdin") && command.name != "deno");
        match known {
            Some(file) => {
                if file.remote {
                    self.mark_run(command.run, "pipes_remote_script");
                }
                let content = self.script_source(file);
                if content.remote {
                    self.mark_run(command.run, "pipes_remote_script");
                }
                if let Some(text) = &content.text {
                    let text = Arg::known(text, file.span.clone());
                    self.foreign(command, &text)?;
                } else {
                    self.opaque |= !content.remote && !content.stored;
                }
                Ok(Flow::unknown())
            }
            None => {
                let asks = command.args().iter().any(|arg| {
                    matches!(
                        arg.whole(),
                        Some("-V" | "--version" | "-v" | "-h" | "--help" | "-c" | "-l")
                    )
                });
                let input = command.input;
                if input.remote {
                    self.mark_run(command.run, "pipes_remote_script");
                } else if let Some(text) = &input.text {
                    let text = Arg::known(text, command.span());
                    self.foreign(command, &text)?;
                } else if !input.stored && !asks {
                    self.opaque = true;
                }
                Ok(self.printed_by_code(command))
            }
        }
    }

    fn interpreter(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        self.program_file(command)
    }

    /// Code of a language that is not read. Where all that it can do is compute and print, `runs_code` says enough.
    fn foreign(&mut self, command: &Command<'_>, code: &Arg) -> Result<(), Unread> {
        if code.remote {
            self.mark_run(command.run, "pipes_remote_script");
            return Ok(());
        }
        let Some(text) = code.whole() else {
            self.opaque = true;
            return Ok(());
        };
        for line in super::foreign::shell_lines(text) {
            let depth = self.budget.depth();
            if self
                .subshell(|walk| walk.nested_at(&line, &code.span, &Flow::unknown()))
                .is_err()
            {
                self.opaque = true;
                self.budget.restore(depth);
            }
        }
        for file in super::foreign::reads(text) {
            let file = file.map_or(Arg::unknown(code.span.clone()), |file| {
                Arg::known(&file, code.span.clone())
            });
            self.read_file(&file);
        }
        for url in super::foreign::urls(text) {
            self.connects(&Arg::known(url, code.span.clone()));
        }
        self.opaque |= super::foreign::may_act(text);
        Ok(())
    }

    fn database(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        // Their own languages run shell commands by a few words.
        let shells = [
            "\\!",
            ".shell",
            ".system",
            "system ",
            "TO PROGRAM",
            "to program",
            "FROM PROGRAM",
            "from program",
            "load_extension",
            ".load",
        ];
        self.opaque |= command
            .args()
            .iter()
            .any(|arg| shells.iter().any(|word| arg.text.contains(word)));
        if let Some(text) = &command.input.text {
            self.opaque |= shells.iter().any(|word| text.contains(word));
        }
        if matches!(command.name, "sqlite3" | "duckdb") {
            self.database_file(command);
        } else {
            for (at, arg) in command.args().iter().enumerate() {
                let next = command.args().get(at + 1).cloned().unwrap_or_default();
                match arg.text.split('=').next().unwrap_or("") {
                    "-f" | "--file" if command.name == "psql" || command.name == "cqlsh" => {
                        self.read_file(&next)
                    }
                    "--eval" if command.name == "redis-cli" => self.read_file(&next),
                    "-o" | "--output" | "-L" | "--log-file" if command.name == "psql" => {
                        self.written_to(&next)
                    }
                    _ => {}
                }
            }
            let attached = command
                .args()
                .iter()
                .find_map(|arg| arg.text.starts_with("--host=").then(|| arg.from("--host=".len())));
            let first = command
                .args()
                .first()
                .filter(|first| command.name == "cqlsh" && !first.text.starts_with('-'));
            let host = command
                .args()
                .iter()
                .position(|arg| arg.is("-h") || arg.is("--host"))
                .and_then(|at| command.args().get(at + 1))
                .or(attached.as_ref())
                .or(first);
            match host {
                Some(host) => self.connects_host(host),
                None => {
                    let url = command.args().iter().find(|arg| arg.text.contains("://"));
                    match url {
                        Some(url) => self.connects(url),
                        None => self.push_connect(None, command.span()),
                    }
                }
            }
        }
        Ok(Flow::unknown())
    }

    /// A database that is a file: statements that only look leave it as it is.
    fn database_file(&mut self, command: &Command<'_>) {
        let mut plain = command.args().iter().filter(|arg| !arg.text.starts_with('-'));
        let Some(file) = plain.next() else {
            return;
        };
        let looks = |text: &str| {
            let text = text.trim_start().to_ascii_lowercase();
            let writes = [
                "insert", "update", "delete", "drop", "create", "alter", "replace", "attach", "copy",
                "vacuum",
            ];
            ["select", "explain", "with", "pragma", "show", "describe"]
                .iter()
                .any(|word| text.starts_with(word))
                && !writes.iter().any(|word| text.contains(word))
                && !(text.starts_with("pragma") && text.contains('='))
                || [
                    ".tables",
                    ".schema",
                    ".dump",
                    ".indexes",
                    ".databases",
                    ".headers",
                    ".mode",
                    ".show",
                    ".help",
                ]
                .iter()
                .any(|word| text.starts_with(word) && !text.contains('\n'))
        };
        let statements: Vec<&Arg> = plain.collect();
        let given = match &command.input.text {
            Some(text) if statements.is_empty() => looks(text),
            _ => !statements.is_empty() && statements.iter().all(|arg| arg.whole().is_some_and(looks)),
        };
        self.read_file(file);
        if !given
            && !command
                .args()
                .iter()
                .any(|arg| arg.is("-readonly") || arg.is("--readonly"))
        {
            self.written_to(file);
        }
        // duckdb reads and writes files by its statements.
        self.opaque |= statements.iter().any(|arg| {
            let text = arg.text.to_ascii_lowercase();
            text.contains("copy ")
                || text.contains("install ")
                || text.contains(".output")
                || text.contains(".once")
                || text.contains("attach ")
                || text.contains("writefile")
                || text.contains("readfile")
        });
    }

    // -- builds --

    fn make(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        // Rules that stand on its input are read by nobody.
        let input = |file: &Arg| file.is("-") || file.is("/dev/stdin");
        self.opaque |= command.sorted.values("script").any(input);
        for arg in command.operands() {
            let Some((name, _)) = arg.text.split_once('=') else {
                self.opaque |= arg.is_anything();
                continue;
            };
            // make expands values as its own language does, and hands them to a shell.
            if matches!(
                name.trim_end_matches([':', '+', '?']),
                "SHELL" | ".SHELLFLAGS" | "MAKEFLAGS" | "MAKE"
            ) {
                self.mark_run(command.run, "loads_code_by_environment");
                let value = arg.from(name.len() + 1);
                let plain = value.whole().is_some_and(|value| {
                    matches!(value, "/bin/sh" | "/bin/bash" | "sh" | "bash" | "/usr/bin/bash")
                });
                self.opaque |= !plain;
            }
            self.opaque |= arg.text.contains("$(shell") || arg.text.contains("`");
        }
        Ok(self.printed_by_code(command))
    }

    fn cmake(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let words: Vec<Arg> = command.sorted.values("rest").cloned().collect();
        if let Some((verb, rest)) = words.split_first() {
            match verb.whole() {
                Some("rm" | "remove" | "remove_directory") => {
                    for path in rest.iter().filter(|path| !path.text.starts_with('-')) {
                        self.file("file.delete", path, Some(true));
                    }
                }
                Some("echo" | "capabilities" | "environment" | "sleep" | "true") => {}
                Some("env" | "time" | "chdir") => {
                    self.candidates(&words, command.input)?;
                }
                _ => {
                    for path in rest {
                        self.file("file.write", path, Some(true));
                    }
                }
            }
        }
        Ok(Flow::unknown())
    }

    /// Builds, tests and the like run code of the workspace, whatever their words say. Some of them write in place.
    fn build(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let words = command.args();
        if installs(command.name, words) {
            self.mark_run(command.run, "installs_packages");
            self.push_connect(None, command.span());
            self.package_sources(words);
        }
        if sends(command.name, words) {
            self.push_connect(None, command.span());
        }
        match command.name {
            "tox" | "nox" | "coverage" | "poetry" | "bundle" | "tmux" | "screen" | "systemctl" => {
                self.build_words(command, words)?;
            }
            "rustup" | "systemd" => {
                if let Some(at) = words.iter().position(|word| word.is("run")) {
                    self.inner(words.get(at + 2..).unwrap_or(&[]), command.input)?;
                }
            }
            _ => {}
        }
        Ok(Flow {
            remote: command.input.remote,
            own: matches!(
                command.name,
                "pyenv" | "rbenv" | "mise" | "fnm" | "minikube" | "elm"
            ),
            ..Flow::unknown()
        })
    }

    fn build_words(&mut self, command: &Command<'_>, words: &[Arg]) -> Result<(), Unread> {
        if matches!(command.name, "tmux" | "screen") {
            self.candidates(command.argv, command.input)?;
        }
        for (at, word) in words.iter().enumerate() {
            let Some(text) = word.whole() else {
                continue;
            };
            if matches!(text, "exec" | "run" | "--") {
                self.inner_if_known(words.get(at + 1..).unwrap_or(&[]), command.input)?;
                return Ok(());
            }
            // `tmux new-session 'script'`
            if matches!(command.name, "tmux" | "screen") && text.contains(' ') {
                self.shell_word(word, &Flow::unknown())?;
            }
        }
        if matches!(command.name, "tmux" | "screen")
            && words.iter().any(|word| word.is("send-keys") || word.is("stuff"))
        {
            self.opaque = true;
        }
        Ok(())
    }

    fn inner_if_known(&mut self, words: &[Arg], input: &Flow) -> Result<(), Unread> {
        let rest = words
            .iter()
            .position(|word| !word.text.starts_with('-'))
            .map_or(&[][..], |at| &words[at..]);
        if !rest.is_empty() {
            self.inner(rest, input)?;
        }
        Ok(())
    }

    // -- packages --

    fn npx(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let operands = command.operands();
        self.mark_run(command.run, "installs_packages");
        self.push_connect(None, command.span());
        let Some(first) = operands.first() else {
            return Ok(Flow::unknown());
        };
        // `create-app@latest` is a package, and the program of that name. What lies in a package is not the program of
        // the same name on the search path, unless that is what it is called.
        let name = first.whole().map(|text| match text.rfind('@') {
            Some(at) if 0 < at => text[..at].to_owned(),
            _ => text.to_owned(),
        });
        let Some(name) = name else {
            self.opaque = true;
            return Ok(Flow::unknown());
        };
        let mut argv = operands.to_vec();
        argv[0] = Arg::known(&name, first.span.clone());
        self.inner(&argv, command.input)
    }

    /// npm, pip, cargo, go and the package managers of systems.
    fn packages(&mut self, reader: &str, command: &Command<'_>) -> Result<Flow, Unread> {
        let words = command.operands().to_vec();
        let verb = words.first().and_then(Arg::whole).unwrap_or("");
        self.opaque |= words
            .first()
            .is_some_and(|word| word.is_anything() || (word.whole().is_none() && reader != "system"));
        if reader == "system" {
            return self.system_packages(command, verb);
        }
        if installs(command.name, &words) {
            self.mark_run(command.run, "installs_packages");
            self.push_connect(None, command.span());
            self.package_sources(&words);
        } else if words
            .iter()
            .take_while(|word| !word.is("--"))
            .any(|word| word.text.contains("://"))
        {
            // A script, a registry or the manager itself by URL.
            self.package_sources(&words);
            if matches!(verb, "run" | "set" | "exec" | "dlx") {
                self.mark_run(command.run, "pipes_remote_script");
            }
        } else if matches!(
            verb,
            "publish"
                | "login"
                | "logout"
                | "search"
                | "view"
                | "info"
                | "owner"
                | "yank"
                | "audit"
                | "outdated"
                | "whoami"
                | "dist-tag"
                | "unpublish"
                | "update"
                | "fetch"
                | "download"
                | "get"
                | "mod"
                | "upload"
                | "twine"
                | "token"
                | "adduser"
                | "star"
                | "deprecate"
                | "access"
                | "team"
                | "hook"
        ) {
            self.push_connect(None, command.span());
        }
        self.package_commands(command, verb, &words)
    }

    /// Packages that are named by URL.
    fn package_sources(&mut self, words: &[Arg]) {
        for word in words {
            if let Some(at) = word.text.find("://") {
                let begin = word.text[..at]
                    .rfind(['@', '+', ' '])
                    .map_or(0, |before| before + 1);
                self.connects(&word.from(begin));
            }
        }
    }

    fn package_commands(&mut self, command: &Command<'_>, verb: &str, words: &[Arg]) -> Result<Flow, Unread> {
        let rest = words.get(1..).unwrap_or(&[]);
        match (command.name, verb) {
            ("npm" | "pnpm" | "yarn", "exec" | "dlx" | "x")
            | ("uv", "run")
            | ("poetry" | "pdm" | "hatch" | "pipenv" | "rye", "run") => {
                // npm keeps the options of the command behind `--`.
                let all = command.args();
                let at = all
                    .iter()
                    .position(|word| word.is(verb))
                    .map_or(all.len(), |at| at + 1);
                let words: Vec<Arg> = all[at..].iter().filter(|word| !word.is("--")).cloned().collect();
                // `npm exec -c script`
                let script = words.iter().position(|word| word.is("-c") || word.is("--call"));
                if let Some(script) = script.filter(|_| verb == "exec").and_then(|at| words.get(at + 1)) {
                    return self.shell_word(script, command.input).map(|()| Flow::unknown());
                }
                if verb == "dlx" {
                    self.mark_run(command.run, "installs_packages");
                    self.push_connect(None, command.span());
                }
                self.run_words(&words, command.input)?;
            }
            ("pipx", "run") | ("conda" | "mamba" | "micromamba", "run") => {
                if command.name == "pipx" {
                    self.mark_run(command.run, "installs_packages");
                    self.push_connect(None, command.span());
                }
                self.run_words(rest, command.input)?;
            }
            ("bun", _)
                if command
                    .args()
                    .first()
                    .is_some_and(|arg| arg.is("-e") || arg.is("--eval") || arg.is("-p")) =>
            {
                if let Some(code) = command.args().get(1) {
                    self.foreign(command, code)?;
                }
            }
            ("pip" | "pip3" | "poetry" | "conda" | "uv", "config") => {
                let sets = rest.iter().any(|word| {
                    [
                        "set", "--set", "unset", "--unset", "edit", "--add", "--append", "--remove",
                    ]
                    .iter()
                    .any(|verb| word.is(verb))
                });
                if sets {
                    self.in_home(".config", command);
                }
            }
            ("cargo" | "npm", "clean") => {
                self.file("file.delete", &Arg::known("target", command.span()), Some(true))
            }
            ("npm" | "pnpm" | "yarn", "config" | "set") => {
                let reads = rest
                    .iter()
                    .any(|word| word.is("get") || word.is("list") || word.is("ls"));
                if !reads && !rest.is_empty() {
                    self.in_home(
                        if command.name == "yarn" {
                            ".yarnrc.yml"
                        } else {
                            ".npmrc"
                        },
                        command,
                    );
                }
                self.opaque |= rest
                    .iter()
                    .any(|word| word.text.contains("script-shell") || word.text.contains("node-options"))
            }
            ("npm", "explore") => {
                if let Some(at) = command.args().iter().position(|word| word.is("--")) {
                    self.elsewhere(|walk| walk.inner(&command.args()[at + 1..], command.input))?;
                }
            }
            ("npm" | "pnpm", "pkg")
                if rest
                    .first()
                    .is_some_and(|verb| verb.is("set") || verb.is("delete")) =>
            {
                self.written_to(&Arg::known("package.json", command.span()));
                for word in rest.iter().filter(|word| word.text.starts_with("scripts.")) {
                    let at = word.text.find('=').map_or(word.text.len(), |at| at + 1);
                    self.shell_word(&word.from(at), &Flow::unknown())?;
                }
            }
            ("go", "run") => {
                // `go run host/package@version` fetches what it runs.
                let fetched = rest.iter().find(|word| !word.text.starts_with('-'));
                if fetched.is_some_and(|word| word.text.contains('@') && word.text.contains('.')) {
                    self.mark_run(command.run, "installs_packages");
                    self.push_connect(None, command.span());
                }
            }
            ("go", "env") if command.args().iter().any(|word| word.is("-w") || word.is("-u")) => {
                self.in_home(".config/go/env", command);
            }
            ("go", _) => {
                self.opaque |= command
                    .args()
                    .iter()
                    .any(|word| word.text.starts_with("-toolexec") || word.text.starts_with("-exec"))
            }
            _ => {}
        }
        Ok(Flow::unknown())
    }

    /// A settings file of whoever acts.
    fn in_home(&mut self, name: &str, command: &Command<'_>) {
        let home = self.home(command.span());
        self.written_to(&Arg {
            text: format!("{}/{name}", home.text).into(),
            ..home
        });
    }

    /// deno runs files, URLs, its input, and snippets.
    fn deno(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let words = command.operands();
        let verb = words.first().and_then(Arg::whole).unwrap_or("");
        let plain: Vec<&Arg> = words
            .iter()
            .skip(1)
            .filter(|word| !word.text.starts_with("--"))
            .collect();
        for url in words.iter().filter(|word| word.text.contains("://")) {
            self.connects(url);
            self.mark_run(command.run, "pipes_remote_script");
        }
        match verb {
            "eval" | "repl" => {
                for code in plain {
                    self.foreign(command, code)?;
                }
                self.opaque |= verb == "repl" && !command.input.stored;
            }
            "run" | "" if plain.iter().any(|word| word.is("-")) => {
                return self.program_file(command);
            }
            "install" | "add" | "upgrade" => {
                self.mark_run(command.run, "installs_packages");
                self.push_connect(None, command.span());
            }
            "publish" | "deploy" => self.push_connect(None, command.span()),
            _ => {}
        }
        Ok(Flow::unknown())
    }

    fn run_words(&mut self, words: &[Arg], input: &Flow) -> Result<(), Unread> {
        let first = words.iter().position(|word| !word.text.starts_with('-'));
        if let Some(at) = first {
            self.inner(&words[at..], input)?;
        }
        Ok(())
    }

    fn system_packages(&mut self, command: &Command<'_>, verb: &str) -> Result<Flow, Unread> {
        let looks = [
            "list",
            "search",
            "show",
            "info",
            "policy",
            "--version",
            "depends",
            "rdepends",
            "files",
            "provides",
            "-l",
            "-L",
            "-S",
            "-s",
            "-qa",
            "-q",
            "outdated",
            "doctor",
            "config",
            "leaves",
            "deps",
        ];
        let first = command.args().first().and_then(Arg::whole).unwrap_or("");
        for option in command.sorted.values("systemoption") {
            // `-o APT::Update::Pre-Invoke::=script`
            self.opaque |= [
                "Invoke",
                "Script",
                "Hook",
                "Proxy",
                "Dir::Bin",
                "Pre-Install",
                "Post",
            ]
            .iter()
            .any(|word| option.text.contains(word));
        }
        let pacman = matches!(command.name, "pacman" | "yay" | "paru" | "xbps-install");
        let asks = first.len() > 2 && first.starts_with("-S") && first.contains(['s', 'i', 'l', 'g', 'p']);
        let installs = pacman && matches!(first.get(..2), Some("-S" | "-U" | "-R")) && !asks;
        if (looks.contains(&first) || looks.contains(&verb)) && !installs {
            return Ok(Flow::unknown());
        }
        if let Some(at) = command.args().iter().position(|arg| arg.is("--")) {
            // `guix shell x -- program`
            if matches!(command.name, "guix" | "nix" | "flatpak") && verb != "run" {
                self.inner(&command.args()[at + 1..], command.input)?;
            }
        }
        match command.name {
            "nix-shell" | "nix" => {
                let run = command
                    .args()
                    .iter()
                    .position(|arg| arg.is("--run") || arg.is("--command") || arg.is("-c"));
                if let Some(script) = run.and_then(|at| command.args().get(at + 1)) {
                    self.shell_word(script, &Flow::unknown())?;
                }
            }
            _ => {}
        }
        if matches!(verb, "shellenv" | "env") {
            return Ok(Flow {
                own: true,
                ..Flow::unknown()
            });
        }
        self.mark_run(command.run, "installs_packages");
        self.push_connect(None, command.span());
        let args = command.args().to_vec();
        self.package_sources(&args);
        Ok(Flow::unknown())
    }
}

/// Whether a program that builds sends something out, as its words say.
fn sends(name: &str, words: &[Arg]) -> bool {
    let mut verbs = words
        .iter()
        .filter_map(Arg::whole)
        .filter(|word| !word.starts_with('-'));
    let (verb, second) = (verbs.next().unwrap_or(""), verbs.next().unwrap_or(""));
    match name {
        "gem" => matches!(verb, "push" | "yank" | "owner" | "signin" | "fetch" | "search"),
        "mvn" | "mvnw" | "gradle" | "gradlew" | "sbt" => words.iter().any(|word| {
            word.text.contains("deploy") || word.text.contains("publish") || word.text.contains("Upload")
        }),
        "lerna" | "nx" | "cabal" | "stack" | "conan" | "hex" | "mix" | "pod" | "dart" | "flutter"
        | "spago" | "semgrep" | "snyk" | "codecov" | "hugo" | "expo" | "prisma" => {
            [
                "publish",
                "upload",
                "push",
                "deploy",
                "login",
                "ci",
                "monitor",
                "hex.publish",
                "trunk",
            ]
            .contains(&verb)
                || ["publish", "push"].contains(&second)
        }
        "dotnet" | "nuget" | "paket" => verb == "push" || second == "push",
        _ => false,
    }
}

/// Whether a package manager installs, as its words say.
fn installs(name: &str, words: &[Arg]) -> bool {
    let mut verbs = words
        .iter()
        .filter_map(Arg::whole)
        .filter(|word| !word.starts_with('-'));
    let mut verb = verbs.next().unwrap_or("");
    let mut second = verbs.next().unwrap_or("");
    // `composer global require`, `mix archive.install`
    if verb == "global" {
        (verb, second) = (second, verbs.next().unwrap_or(""));
    }
    let bare = words.iter().all(|word| word.text.starts_with('-'));
    let asks = words
        .iter()
        .any(|word| matches!(word.whole(), Some("--version" | "-v" | "--help" | "-h")));
    match name {
        "yarn" if bare => !asks,
        "npm" | "pnpm" | "yarn" | "bun" | "cnpm" | "tnpm" => {
            matches!(
                verb,
                "install"
                    | "i"
                    | "add"
                    | "ci"
                    | "in"
                    | "isntall"
                    | "link"
                    | "update"
                    | "upgrade"
                    | "create"
                    | "init"
                    | "dlx"
                    | "it"
                    | "install-test"
            ) && !(verb == "init" && second.is_empty())
        }
        "uv" => {
            matches!(verb, "add" | "sync" | "tool") || (verb == "pip" && matches!(second, "install" | "sync"))
        }
        "poetry" | "pdm" | "hatch" | "pipenv" | "rye" => {
            matches!(verb, "add" | "install" | "sync" | "update")
        }
        "pip" | "pip3" | "pipx" | "easy_install" | "conda" | "mamba" | "micromamba" | "gem" | "composer"
        | "cpan" | "cpanm" | "luarocks" | "opam" | "cabal" | "stack" | "mix" | "bundle" | "nimble"
        | "spago" | "flutter" | "pod" | "vcpkg" | "conan" => {
            matches!(
                verb,
                "install"
                    | "update"
                    | "upgrade"
                    | "create"
                    | "require"
                    | "inject"
                    | "deps.get"
                    | "deps.update"
                    | "archive.install"
                    | "escript.install"
                    | "local.hex"
                    | "local.rebar"
                    | "add"
                    | "i"
            ) || name.starts_with("cpan")
                || name == "easy_install"
        }
        "cargo" => matches!(verb, "install" | "add" | "binstall"),
        "go" => matches!(verb, "install" | "get"),
        "rustup" => {
            matches!(verb, "component" | "toolchain" | "target" | "update" | "install")
                && !second.starts_with("list")
        }
        "dotnet" => matches!((verb, second), ("add", _) | ("tool", "install" | "update")),
        "nvm" | "fnm" | "volta" | "asdf" | "mise" | "pyenv" | "rbenv" | "sdk" => verb == "install",
        "playwright" => verb == "install",
        _ => false,
    }
}

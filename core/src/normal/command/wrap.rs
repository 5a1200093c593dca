//! Programs that run a command which they are given: the words, or a script, are read again under the same budget.

use super::act::Command;
use super::arg::{Arg, Flow};
use super::budget::Unread;
use super::files::replaced;
use super::walk::Walk;

impl Walk<'_> {
    pub(super) fn wrapper(&mut self, reader: &str, command: &Command<'_>) -> Result<Option<Flow>, Unread> {
        let flow = match reader {
            "sudo" => self.sudo(command)?,
            "su" => self.su(command)?,
            "env" => self.env(command)?,
            "nice" => self.nice(command)?,
            "shellargs" => self.watch(command)?,
            "flock" => self.flock(command)?,
            "xargs" => self.xargs(command)?,
            "parallel" => self.parallel(command)?,
            "ssh" => self.ssh(command)?,
            "busybox" => self.busybox(command)?,
            "trace" => self.trace(command)?,
            "candidates" => self.candidates(command.argv, command.input)?,
            "shell" => self.shell(command)?,
            "othershell" => self.other_shell(command)?,
            "docker" => self.docker(command)?,
            "compose" => self.compose(command)?,
            "kubectl" => self.kubectl(command)?,
            _ => return Ok(None),
        };
        Ok(Some(flow))
    }

    fn sudo(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        if command.has("stop") {
            return Ok(Flow::unknown());
        }
        if command.has("edit") {
            command.operands().iter().for_each(|file| self.written_to(file));
            return Ok(Flow::unknown());
        }
        // `sudo X=1 program`
        let assigns = |arg: &&Arg| is_assignment(&arg.text);
        let count = command.operands().iter().take_while(assigns).count();
        let loads = self.loads;
        self.environment_of(&command.operands()[..count])?;
        self.raised += 1;
        let flow = match &command.operands()[count..] {
            [] if command.has("shell") => self.shell_input(command)?,
            words => self.inner(words, command.input)?,
        };
        self.raised -= 1;
        self.loads = loads;
        Ok(flow)
    }

    fn su(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        // `-c` was read as a script of its own. A shell that reads its input is one too.
        self.raised += 1;
        let after = command.args().iter().position(|arg| arg.is("--"));
        let flow = match after {
            Some(at) => self.inner(&command.args()[at + 1..], command.input),
            None if command.has("shell") => Ok(Flow::unknown()),
            None => self.shell_input(command),
        };
        self.raised -= 1;
        flow
    }

    fn environment_of(&mut self, assignments: &[Arg]) -> Result<(), Unread> {
        for assignment in assignments {
            let name = assignment.text.split('=').next().unwrap_or("").to_owned();
            let value = assignment.from(name.len() + 1);
            super::environment::reaches(self, &name, &value);
            if super::environment::loads(&name, &value) {
                super::environment::set(self, &name, &value)?;
            }
        }
        Ok(())
    }

    fn env(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let operands = command.operands();
        let count = operands
            .iter()
            .take_while(|arg| is_assignment(&arg.text) || arg.is("-"))
            .count();
        let loads = self.loads;
        let set: Vec<Arg> = operands[..count]
            .iter()
            .filter(|arg| !arg.is("-"))
            .cloned()
            .collect();
        self.environment_of(&set)?;
        // `-S` splits a text much as a shell does; what a shell would substitute in it stays as it is.
        let split = command.sorted.values("split").next().cloned();
        let flow = match split {
            Some(text) => match text.whole().filter(|text| !text.contains(['$', '`', '\\', '#'])) {
                Some(text_known) => {
                    let more: Option<Vec<&str>> = operands.iter().map(Arg::whole).collect();
                    self.opaque |= more.is_none();
                    let line = format!("env {text_known} {}", quoted(&more.unwrap_or_default()));
                    self.nested_at(&line, &text.span, command.input)?
                }
                None => {
                    self.opaque = true;
                    Flow::unknown()
                }
            },
            None => self.inner(&operands[count..], command.input)?,
        };
        self.loads = loads;
        Ok(flow)
    }

    /// `taskset 3 program`, `chrt -r 5 program`: a number before the program.
    fn nice(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let number = |arg: &&Arg| {
            arg.text
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || b"x,-".contains(&byte))
                && !arg.text.is_empty()
        };
        let count = command.operands().iter().take(1).take_while(number).count();
        let count = if command.name == "nice" { 0 } else { count };
        self.inner(&command.operands()[count..], command.input)
    }

    fn watch(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        if command.has("argv") {
            return self.inner(command.operands(), command.input);
        }
        self.joined(command.operands(), command.input)
    }

    fn flock(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let operands = command.operands();
        let Some((file, rest)) = operands.split_first() else {
            return Ok(Flow::unknown());
        };
        self.written_to(file);
        match rest.split_first() {
            Some((flag, [script, ..])) if flag.is("-c") || flag.is("--command") => {
                self.shell_word(script, command.input).map(|()| Flow::unknown())
            }
            _ => self.inner(rest, command.input),
        }
    }

    /// The words of the command, with those of the input behind them or in the place of a mark.
    fn xargs(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let mut argv = command.operands().to_vec();
        if argv.is_empty() {
            return Ok(Flow {
                remote: command.input.remote,
                ..Flow::unknown()
            });
        }
        let span = argv[0].span.clone();
        let from_file = command.sorted.values("read").next().is_some();
        let known = command
            .input
            .text
            .as_deref()
            .filter(|text| !from_file && text.len() < 4096 && !text.contains(['\'', '"', '\\']));
        let replace = command
            .sorted
            .options
            .iter()
            .find(|given| given.role == "replace");
        if let Some(replace) = replace {
            let mark = replace
                .value
                .as_ref()
                .and_then(Arg::whole)
                .unwrap_or("{}")
                .to_owned();
            let lines: Vec<Arg> = match known {
                Some(text) => text
                    .lines()
                    .take(16)
                    .map(|line| Arg::known(line.trim(), span.clone()))
                    .collect(),
                None => vec![self.more(command, span, false)],
            };
            for line in &lines {
                let argv: Vec<Arg> = argv.iter().map(|arg| substituted(arg, &mark, line)).collect();
                self.subshell(|walk| walk.inner(&argv, &Flow::unknown()))?;
            }
            return Ok(Flow::unknown());
        }
        match known {
            Some(text) => argv.extend(text.split_whitespace().map(|word| Arg::known(word, span.clone()))),
            None => argv.push(self.more(command, span, true)),
        }
        self.inner(&argv, &Flow::unknown())
    }

    fn more(&mut self, command: &Command<'_>, span: super::shell::Span, many: bool) -> Arg {
        Arg {
            many,
            plain: command.input.plain.is_some(),
            remote: command.input.remote,
            ..Arg::unknown(span)
        }
    }

    /// GNU parallel: a command of words, or a script, and inputs after `:::`.
    fn parallel(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let operands = command.operands();
        let end = operands
            .iter()
            .position(|arg| arg.text.starts_with(":::"))
            .unwrap_or(operands.len());
        let (argv, inputs) = operands.split_at(end);
        let Some(first) = argv.first() else {
            // The inputs are the commands.
            for input in inputs.iter().skip(1) {
                self.shell_word(input, &Flow::unknown())?;
            }
            self.opaque |= inputs.is_empty() && command.input.text.is_none();
            if let Some(text) = command.input.text.clone().filter(|_| inputs.is_empty()) {
                self.nested_at(&text, &command.span(), &Flow::unknown())?;
            }
            return Ok(Flow::unknown());
        };
        let whole: Option<Vec<&str>> = argv.iter().map(Arg::whole).collect();
        let Some(words) = whole else {
            self.opaque = true;
            return self.candidates(operands, command.input);
        };
        let script = words.join(" ");
        let mut values: Vec<&str> = inputs.iter().skip(1).filter_map(Arg::whole).collect();
        if values.len() + 1 < inputs.len() || inputs.is_empty() || 8 < values.len() || inputs[0].text != ":::"
        {
            values = Vec::new();
        }
        // Each input is one word, as it is.
        let mut values: Vec<String> = values.iter().map(|value| quoted(&[value])).collect();
        if values.is_empty() {
            values.push("\"$input\"".to_owned());
        }
        for value in &values {
            let line = if script.contains('{') {
                script.replace("{}", value.trim_end())
            } else {
                format!("{script} {value}")
            };
            // Other marks (`{.}`, `{/}`) are parts of the input.
            let line = line
                .replace("{.}", "\"$input\"")
                .replace("{/}", "\"$input\"")
                .replace("{//}", "\"$input\"");
            self.subshell(|walk| walk.nested_at(&line, &first.span, &Flow::unknown()))?;
        }
        Ok(Flow::unknown())
    }

    // -- other machines --

    fn ssh(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let operands = command.operands();
        for option in command.sorted.values("sshoption") {
            self.ssh_option(option)?;
        }
        self.opaque |= command.has("config");
        let Some((host, words)) = operands.split_first() else {
            return Ok(Flow::unknown());
        };
        let target = if host.text.starts_with("ssh://") {
            super::address::of_url(host)
        } else {
            ssh_host(host)
        };
        self.connected(target, &host.span);
        // The same programs run, elsewhere; what they touch there is not here, but nobody knows whose disk it is.
        if !words.is_empty() && command.name != "sftp" {
            let whole: Option<Vec<&str>> = words.iter().map(Arg::whole).collect();
            match whole {
                Some(text) => {
                    let text = text.join(" ");
                    self.elsewhere(|walk| walk.nested_at(&text, &words[0].span, command.input))?;
                }
                None => {
                    self.opaque = true;
                    self.candidates(operands, command.input)?;
                }
            }
        } else if words.is_empty() && !command.input.stored && command.input.text.is_some() {
            let text = command.input.text.clone().unwrap_or_default();
            self.elsewhere(|walk| walk.nested_at(&text, &host.span, &Flow::unknown()))?;
        } else if words.is_empty() && command.input.remote {
            self.mark_run(command.run, "pipes_remote_script");
        }
        Ok(Flow::remote())
    }

    /// Runs in a place that is not where the shell stands.
    pub(super) fn elsewhere(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Flow, Unread>,
    ) -> Result<Flow, Unread> {
        self.subshell(|walk| {
            walk.directories = super::state::Directories::unknown();
            read(walk)
        })
    }

    /// `-o ProxyCommand=...` is run here.
    pub(super) fn ssh_option(&mut self, option: &Arg) -> Result<(), Unread> {
        let (name, value) = option.text.split_once(['=', ' ']).unwrap_or((&option.text, ""));
        let name = name.to_ascii_lowercase();
        let begin = option.text.len() - value.len();
        match name.as_str() {
            "proxycommand" | "localcommand" | "knownhostscommand" | "remotecommand" => {
                self.shell_word(&option.from(begin), &Flow::unknown())
            }
            "include" | "match" | "pkcs11provider" | "securitykeyprovider" | "xauthlocation" => {
                self.opaque = true;
                Ok(())
            }
            "proxyjump" | "hostname" => {
                self.connects_host(&option.from(begin));
                Ok(())
            }
            _ => {
                self.opaque |= option.open && value.is_empty();
                Ok(())
            }
        }
    }

    fn trace(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let known = command.name == "strace" && !command.sorted.unlisted;
        if known {
            return self.inner(command.operands(), command.input);
        }
        self.opaque |=
            command.operands().iter().any(Arg::is_anything) || matches!(command.name, "gdb" | "lldb");
        self.candidates(command.argv, command.input)
    }

    // -- shells --

    fn busybox(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        match command.operands().first() {
            Some(first)
                if first
                    .whole()
                    .is_some_and(|name| self.programs.row(name).is_some()) =>
            {
                self.inner(command.operands(), command.input)
            }
            Some(first) if !first.may_be_option() => {
                self.opaque = true;
                Ok(Flow::unknown())
            }
            _ => Ok(Flow::unknown()),
        }
    }

    /// `bash -c script`, `bash file`, `bash -s`, `bash`
    fn shell(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let args = command.args();
        let mut at = 0;
        let mut script = false;
        let mut input = false;
        while let Some(arg) = args.get(at) {
            let Some(text) = arg.whole() else {
                if arg.pipe.is_some() || arg.plain || !arg.may_be_option() {
                    break;
                }
                // It may be `-c`, or a file.
                self.opaque |= !arg.remote;
                break;
            };
            if text == "--" || text == "-" {
                at += 1;
                break;
            }
            if !text.starts_with(['-', '+']) || text.len() < 2 {
                break;
            }
            at += 1;
            if matches!(text, "--rcfile" | "--init-file") {
                if let Some(file) = args.get(at).cloned() {
                    self.script_file(command, &file, &[])?;
                }
                at += 1;
            } else if text.starts_with("--") {
                continue;
            } else {
                script |= text.starts_with('-') && text.contains('c');
                input |= text.contains('s');
                at += text
                    .chars()
                    .filter(|&letter| letter == 'o' || letter == 'O')
                    .count();
            }
        }
        let rest = args.get(at..).unwrap_or(&[]);
        if script {
            return self.shell_script(command, rest);
        }
        match rest.split_first() {
            Some((file, args)) if !input && !file.is("-") && !file.is("/dev/stdin") => {
                self.shell_file(command, file, args)
            }
            _ => self.shell_input(command),
        }
    }

    fn shell_script(&mut self, command: &Command<'_>, rest: &[Arg]) -> Result<Flow, Unread> {
        let Some((script, args)) = rest.split_first() else {
            return Ok(Flow::unknown());
        };
        if script.remote {
            self.mark_run(command.run, "pipes_remote_script");
        }
        let Some(text) = script.whole() else {
            self.opaque |= !script.remote;
            self.known_beginning(script)?;
            return Ok(Flow::unknown());
        };
        // The first word after it is `$0`.
        let args = args.get(1..).unwrap_or(&[]).to_vec();
        self.arguments_of(&args, |walk| walk.nested_at(text, &script.span, command.input))
    }

    /// Of a script that is known in part, what is known is read as well as it goes; the whole is opaque anyway.
    fn known_beginning(&mut self, script: &Arg) -> Result<(), Unread> {
        let whole_lines = script
            .text
            .rsplit_once(['\n', ';'])
            .map_or("", |(before, _)| before);
        let depth = self.budget.depth();
        if self
            .subshell(|walk| walk.nested_at(whole_lines, &script.span, &Flow::unknown()))
            .is_err()
        {
            self.opaque = true;
            self.budget.restore(depth);
        }
        Ok(())
    }

    fn shell_file(&mut self, command: &Command<'_>, file: &Arg, args: &[Arg]) -> Result<Flow, Unread> {
        let content = self.script_source(file);
        if content.remote || file.remote {
            self.mark_run(command.run, "pipes_remote_script");
        }
        match &content.text {
            Some(text) => self.arguments_of(args, |walk| walk.nested_at(text, &file.span, command.input)),
            None => {
                // What this very script has written there, and nobody can say what.
                self.opaque |= !content.remote && !content.stored;
                Ok(Flow {
                    remote: content.remote,
                    ..Flow::unknown()
                })
            }
        }
    }

    /// A shell that reads its script from its input.
    pub(super) fn shell_input(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let input = command.input.clone();
        if input.remote {
            self.mark_run(command.run, "pipes_remote_script");
        }
        match &input.text {
            Some(text) => self.subshell(|walk| walk.nested_at(text, &command.span(), &Flow::unknown())),
            None => {
                // A file, or what the host gives to the whole command, is a script like any other.
                self.opaque |= !input.stored && !input.remote;
                Ok(Flow {
                    remote: input.remote,
                    ..Flow::unknown()
                })
            }
        }
    }

    /// A shell of another language: its script is not read.
    fn other_shell(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        if command.input.remote || command.args().iter().any(|arg| arg.remote) {
            self.mark_run(command.run, "pipes_remote_script");
        }
        let asks = command
            .args()
            .iter()
            .all(|arg| matches!(arg.whole(), Some("--version" | "-v" | "--help" | "-V")));
        self.opaque |= !asks || command.args().is_empty();
        Ok(Flow::unknown())
    }

    // -- containers --

    fn docker(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let mut words = command.operands();
        if words
            .first()
            .is_some_and(|word| word.is("container") || word.is("image") || word.is("compose"))
        {
            if words[0].is("compose") {
                return self.compose_words(command, &words[1..]);
            }
            words = &words[1..];
        }
        for daemon in command.sorted.values("daemon") {
            if !daemon.text.starts_with("unix:") {
                self.connects(daemon);
            }
        }
        let Some((verb, rest)) = words.split_first() else {
            return Ok(Flow::unknown());
        };
        match verb.whole() {
            Some("unshare") => self.inner(rest, command.input),
            Some("save" | "export" | "load" | "import") => {
                self.image_file(verb, rest);
                Ok(Flow::unknown())
            }
            Some("build" | "buildx") => {
                self.mark_run(command.run, "runs_code");
                for word in rest
                    .iter()
                    .filter(|word| word.text.contains("://") && !word.text.starts_with('-'))
                {
                    self.connects(word);
                }
                if rest.iter().any(|word| word.is("--push")) {
                    self.push_connect(None, verb.span.clone());
                }
                Ok(Flow::unknown())
            }
            Some("plugin" | "model")
                if !rest
                    .first()
                    .is_some_and(|word| word.is("ls") || word.is("inspect")) =>
            {
                self.push_connect(None, verb.span.clone());
                Ok(Flow::unknown())
            }
            Some("run" | "create" | "exec") => self.contained(rest, verb.is("exec"), command),
            Some("pull" | "push" | "login" | "search") => {
                self.push_connect(None, verb.span.clone());
                Ok(Flow::unknown())
            }
            Some("cp") => {
                for word in rest
                    .iter()
                    .filter(|word| !word.text.contains(':') && !word.text.starts_with('-'))
                {
                    self.read_file(word);
                    self.file("file.write", word, Some(true));
                }
                Ok(Flow::unknown())
            }
            Some(_) => Ok(Flow::unknown()),
            None => {
                self.opaque = true;
                Ok(Flow::unknown())
            }
        }
    }

    /// `docker save x -o file`, `docker load -i file`
    fn image_file(&mut self, verb: &Arg, rest: &[Arg]) {
        for (at, word) in rest.iter().enumerate() {
            let next = rest.get(at + 1).cloned().unwrap_or_default();
            match word.text.split('=').next().unwrap_or("") {
                "-o" | "--output" if word.text.contains('=') => {
                    self.written_to(&word.from("--output=".len()))
                }
                "-o" | "--output" => self.written_to(&next),
                "-i" | "--input" if word.text.contains('=') => self.read_file(&word.from("--input=".len())),
                "-i" | "--input" => self.read_file(&next),
                _ => {}
            }
        }
        if verb.is("import") {
            rest.iter()
                .filter(|word| word.text.contains("://"))
                .for_each(|url| self.connects(url));
        }
    }

    /// The command that runs in a container. What it touches there may be mounted from here.
    fn contained(&mut self, words: &[Arg], exec: bool, command: &Command<'_>) -> Result<Flow, Unread> {
        let mut at = 0;
        let mut entry = None;
        while let Some(word) = words.get(at).filter(|word| word.may_be_option()) {
            let Some(text) = word.whole() else {
                // `--env=X=$Y` and the like take one word.
                if !word.text.contains('=') {
                    self.opaque = true;
                    break;
                }
                at += 1;
                continue;
            };
            let name = text.split('=').next().unwrap_or(text);
            let attached = text.contains('=');
            if matches!(name, "--privileged" | "--cap-add" | "--device" | "--security-opt")
                || text == "--pid=host"
            {
                self.mark_run(command.run, "raises_privilege");
            }
            let takes = DOCKER_VALUES.contains(&name) || short_takes(name, exec);
            let value = if attached {
                word.from(name.len() + 1)
            } else {
                words.get(at + 1).cloned().unwrap_or_default()
            };
            if takes && matches!(name, "-v" | "--volume") {
                self.mounted(&value);
            }
            if name == "--mount" {
                self.bound(&value);
            }
            if name == "--entrypoint" {
                entry = Some(value);
            }
            at += if takes && !attached { 2 } else { 1 };
        }
        let mut argv = words.get(at + 1..).unwrap_or(&[]).to_vec();
        if let Some(entry) = entry {
            argv.insert(0, entry);
        }
        if argv.is_empty() {
            return Ok(Flow::remote());
        }
        let input = command.input.clone();
        self.elsewhere(|walk| walk.inner(&argv, &input))
    }

    /// `--mount type=bind,source=/x,target=/y`
    fn bound(&mut self, mount: &Arg) {
        let source = |part: &'_ str| {
            part.strip_prefix("source=")
                .or_else(|| part.strip_prefix("src="))
                .map(str::to_owned)
        };
        if let Some(source) = mount.text.split(',').find_map(source) {
            let only_read = mount
                .text
                .split(',')
                .any(|part| part == "readonly" || part == "ro");
            let kind = if only_read { "file.read" } else { "file.write" };
            self.file(kind, &Arg::known(&source, mount.span.clone()), Some(true));
        } else if mount.open {
            self.file("file.write", &Arg::unknown(mount.span.clone()), Some(true));
        }
    }

    /// A directory of this machine that a container may write.
    fn mounted(&mut self, volume: &Arg) {
        let source = volume.text.split(':').next().unwrap_or("");
        let read_only = volume.text.ends_with(":ro");
        if source.starts_with(['/', '.', '~']) {
            let source = Arg {
                text: source.into(),
                open: volume.open && !volume.text.contains(':'),
                ..volume.clone()
            };
            self.file(
                if read_only { "file.read" } else { "file.write" },
                &source,
                Some(true),
            );
        } else if source.is_empty() && volume.open {
            self.file("file.write", &Arg::unknown(volume.span.clone()), Some(true));
        }
    }

    fn compose(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let words = command.operands().to_vec();
        self.compose_words(command, &words)
    }

    fn compose_words(&mut self, command: &Command<'_>, words: &[Arg]) -> Result<Flow, Unread> {
        let verb = words.iter().position(|word| word.is("exec") || word.is("run"));
        match verb {
            Some(at) => self.contained(&words[at + 1..], true, command),
            None => Ok(Flow::unknown()),
        }
    }

    fn kubectl(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let words = command.args();
        let verb = words.iter().find(|word| !word.text.starts_with('-'));
        let local = ["config", "completion", "explain", "kustomize", "help", "options"];
        if verb.is_some_and(|verb| local.iter().any(|word| verb.is(word)) || verb.is("version"))
            && words.iter().all(|word| !word.text.contains("://"))
        {
            return Ok(Flow::unknown());
        }
        self.push_connect(None, command.span());
        self.manifests(words);
        if !words
            .iter()
            .any(|word| word.is("exec") || word.is("run") || word.is("debug"))
        {
            return Ok(Flow::unknown());
        }
        match words.iter().position(|word| word.is("--")) {
            Some(at) => {
                let input = command.input.clone();
                self.elsewhere(|walk| walk.inner(&words[at + 1..], &input))
            }
            None => self.candidates(command.argv, command.input),
        }
    }
}

impl Walk<'_> {
    /// What `kubectl` is told to send, and what it copies.
    fn manifests(&mut self, words: &[Arg]) {
        for (at, word) in words.iter().enumerate().take_while(|(_, word)| !word.is("--")) {
            let value = match word.text.split_once('=') {
                Some((name, _)) if word.text.starts_with("--") => word.from(name.len() + 1),
                _ => words.get(at + 1).cloned().unwrap_or_default(),
            };
            match word.text.split('=').next().unwrap_or("") {
                "-f" | "--filename" | "-k" | "--kustomize" if value.text.contains("://") => {
                    self.connects(&value)
                }
                "-f" | "--filename" | "-k" | "--kustomize" if !value.text.is_empty() || value.open => {
                    self.file("file.read", &value, Some(true));
                }
                "--server" | "-s" => self.connects(&value),
                "--from-file" | "--from-env-file" => {
                    let file = value
                        .text
                        .find('=')
                        .map_or(value.clone(), |at| value.from(at + 1));
                    self.file("file.read", &file, Some(true));
                }
                _ => {}
            }
        }
        if let Some(at) = words.iter().position(|word| word.is("cp")) {
            let plain: Vec<&Arg> = words[at + 1..]
                .iter()
                .filter(|word| !word.text.starts_with('-'))
                .collect();
            if let [from, to, ..] = plain.as_slice() {
                let here = |word: &Arg| !word.text.contains(':');
                if here(from) {
                    self.file("file.read", from, Some(true));
                }
                if here(to) {
                    self.file("file.write", to, Some(true));
                }
            }
        }
    }
}

const DOCKER_VALUES: &[&str] = &[
    "--name",
    "--volume",
    "--env",
    "--publish",
    "--workdir",
    "--user",
    "--network",
    "--net",
    "--entrypoint",
    "--mount",
    "--env-file",
    "--label",
    "--memory",
    "--cpus",
    "--hostname",
    "--add-host",
    "--platform",
    "--restart",
    "--cap-add",
    "--cap-drop",
    "--device",
    "--tmpfs",
    "--shm-size",
    "--ulimit",
    "--gpus",
    "--security-opt",
    "--pid",
    "--ipc",
    "--log-driver",
    "--log-opt",
    "--dns",
    "--pull",
    "--cidfile",
    "--expose",
    "--link",
    "--stop-signal",
    "--stop-timeout",
    "--runtime",
    "--userns",
    "--uts",
    "--volumes-from",
    "--health-cmd",
    "--index",
    "--detach-keys",
    "--group-add",
    "--ip",
    "--network-alias",
    "--sysctl",
    "--cpuset-cpus",
    "--cpu-shares",
];

fn short_takes(name: &str, exec: bool) -> bool {
    let Some(letters) = name.strip_prefix('-').filter(|letters| !letters.starts_with('-')) else {
        return false;
    };
    let takes = if exec { "euw" } else { "vepwulmhcan" };
    // In `-itv` the last letter takes the value; in `-p80:80` it is attached.
    match letters.find(|letter| takes.contains(letter)) {
        Some(at) => at + 1 == letters.len(),
        None => false,
    }
}

fn ssh_host(host: &Arg) -> Option<super::address::Address> {
    host.whole().and_then(super::address::authority)
}

fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
    })
}

/// A word with what stands for a mark in the middle of it.
fn substituted(arg: &Arg, mark: &str, value: &Arg) -> Arg {
    match (arg.whole(), value.whole()) {
        (Some(text), Some(value)) if !mark.is_empty() && text.contains(mark) => Arg {
            text: text.replace(mark, value).into(),
            ..arg.clone()
        },
        _ => replaced(arg, mark, value),
    }
}

/// Words so that a shell reads them as they are.
fn quoted(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("'{}' ", word.replace('\'', "'\\''")))
        .collect()
}

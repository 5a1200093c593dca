//! git: what its subcommands push, commit, branch, tag, and which files they change. Global options come before the
//! subcommand, and some of them run programs.

use super::act::Command;
use super::address;
use super::arg::{Arg, Flow};
use super::budget::Unread;
use super::walk::Walk;
use crate::value::{Fact, Value};

/// The words after the subcommand.
struct Words<'w> {
    all: &'w [Arg],
    /// Those that are no options, nor values of options that have one.
    plain: Vec<&'w Arg>,
    /// The words after `--`.
    paths: &'w [Arg],
}

impl<'w> Words<'w> {
    fn of(all: &'w [Arg], valued: &[&str]) -> Words<'w> {
        let end = all.iter().position(|arg| arg.is("--"));
        let (before, paths) = match end {
            Some(at) => (&all[..at], &all[at + 1..]),
            None => (all, &all[..0]),
        };
        let mut plain = Vec::new();
        let mut skip = false;
        for arg in before {
            if std::mem::take(&mut skip) {
                continue;
            }
            if arg.text.starts_with('-') && 1 < arg.text.len() {
                skip = valued.contains(&arg.text.as_str());
            } else {
                plain.push(arg);
            }
        }
        Words { all, plain, paths }
    }

    /// Whether an option is given, in full, cut short as git allows, or in a cluster of letters.
    fn has(&self, long: &str, short: Option<char>) -> bool {
        let own = &self.all[..self.all.len() - self.paths.len()];
        let mut options = own.iter().filter(|arg| arg.text.starts_with('-'));
        options.any(|arg| {
            let name = arg.text.split('=').next().unwrap_or("");
            let cut = 4 < name.len() && name.starts_with("--") && long.starts_with(name);
            let letter = short.is_some_and(|letter| {
                name.starts_with('-')
                    && !name.starts_with("--")
                    && name[1..]
                        .chars()
                        .take_while(char::is_ascii_alphabetic)
                        .any(|c| c == letter)
            });
            name == long || cut || letter
        })
    }

    fn value(&self, long: &str, short: &str) -> Option<Arg> {
        self.all.iter().enumerate().find_map(|(at, arg)| {
            if arg.is(long) || (!short.is_empty() && arg.is(short)) {
                return self.all.get(at + 1).cloned();
            }
            let after = arg
                .text
                .strip_prefix(long)
                .and_then(|rest| rest.strip_prefix('='));
            after.map(|_| arg.from(long.len() + 1))
        })
    }
}

/// Settings of git that name a program, or make it look for one.
const RUNS: &[&str] = &[
    "core.sshcommand",
    "core.pager",
    "core.editor",
    "core.fsmonitor",
    "core.askpass",
    "core.hookspath",
    "core.gitproxy",
    "core.attributesfile",
    "core.worktree",
    "core.alternaterefscommand",
    "sequence.editor",
    "diff.external",
    "credential.helper",
    "gpg.program",
    "uploadpack.packobjectshook",
    "init.templatedir",
    "include.path",
    "web.browser",
    "help.browser",
    "man.viewer",
    "interactive.difffilter",
    "sendemail.smtpserver",
    "ssh.variant",
    "http.proxy",
    "protocol.ext.allow",
    "receive.procreceiverefs",
    "transfer.bundleuri",
];

impl Walk<'_> {
    pub(super) fn git(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let configs: Vec<Arg> = command.sorted.values("config").cloned().collect();
        for config in &configs {
            self.git_config(config, command)?;
        }
        // The options of the subcommand are after it; those that stand before it were sorted.
        let args = command.args();
        let Some(at) = subcommand_at(args) else {
            self.opaque |=
                args.iter().any(Arg::is_anything) || args.iter().any(|arg| arg.open && arg.may_be_option());
            return Ok(Flow::unknown());
        };
        if args[..at]
            .iter()
            .any(|arg| arg.text.starts_with("--exec-path=") || arg.text.starts_with("--config-env"))
        {
            self.opaque = true;
        }
        let Some(verb) = args[at].whole().map(str::to_owned) else {
            self.opaque = true;
            return Ok(Flow::unknown());
        };
        let before = self.directories.clone();
        self.git_options_after(args, at);
        let alias = configs.iter().find_map(|config| {
            config
                .text
                .strip_prefix(&format!("alias.{verb}="))
                .map(|value| (value.to_owned(), config.span.clone()))
        });
        let flow = match alias {
            Some((value, span)) => self.git_alias(&value, &span, &args[at + 1..], command)?,
            None => self.git_verb(&verb, &args[at + 1..], command)?,
        };
        self.directories = before;
        Ok(flow)
    }

    /// Options of the subcommand that look like global ones were taken for `-C dir` by the sorting; they are not.
    fn git_options_after(&mut self, args: &[Arg], at: usize) {
        let told: usize = args[..at].iter().filter(|arg| arg.text.starts_with("-C")).count();
        let sorted = args.iter().filter(|arg| arg.text.starts_with("-C")).count();
        if told < sorted {
            // `git commit -C HEAD`: stand where the command stood.
            self.directories = super::state::Directories::one(self.call.places.cwd);
        }
    }

    /// `-c name=value`
    fn git_config(&mut self, config: &Arg, command: &Command<'_>) -> Result<(), Unread> {
        let (name, value) = config.text.split_once('=').unwrap_or((&config.text, ""));
        let known = config.text.contains('=') || !config.open;
        let name = name.to_ascii_lowercase();
        if !known {
            self.opaque = true;
            return Ok(());
        }
        let begin = config.text.len() - value.len();
        let last = name.rsplit('.').next().unwrap_or("");
        let runs = RUNS.contains(&name.as_str())
            || name.starts_with("pager.")
            || matches!(
                last,
                "textconv"
                    | "command"
                    | "cmd"
                    | "clean"
                    | "smudge"
                    | "process"
                    | "driver"
                    | "helper"
                    | "uploadpack"
                    | "receivepack"
                    | "proxycommand"
                    | "program"
                    | "insteadof"
                    | "pushinsteadof"
                    | "path"
                    | "update"
                    | "vcs"
            );
        if name == "core.hookspath" {
            self.mark_run(command.run, "skips_hooks");
            if matches!(value, "/dev/null" | "") && !config.open {
                return Ok(());
            }
        }
        if name.starts_with("alias.") || !runs {
            return Ok(());
        }
        let value = config.from(begin);
        if matches!(value.whole(), Some("" | "cat" | "less" | "true" | "false" | ":")) {
            return Ok(());
        }
        self.mark_run(command.run, "runs_code");
        if matches!(last, "hookspath" | "insteadof" | "path" | "templatedir" | "proxy") {
            self.opaque = true;
            return Ok(());
        }
        // `!script` is a script; a helper by any other word is the program `git-credential-word`.
        match value.text.strip_prefix('!') {
            Some(_) => self.shell_word(&value.from(1), &Flow::unknown()),
            None if last == "helper" && !value.text.contains(['/', ' ']) => Ok(()),
            None if name == "protocol.ext.allow" => Ok(()),
            None => self.shell_word(&value, &Flow::unknown()),
        }
    }

    fn git_alias(
        &mut self,
        value: &str,
        span: &super::shell::Span,
        rest: &[Arg],
        command: &Command<'_>,
    ) -> Result<Flow, Unread> {
        let words: Option<Vec<&str>> = rest.iter().map(Arg::whole).collect();
        self.opaque |= words.is_none();
        let tail: String = words
            .unwrap_or_default()
            .iter()
            .map(|word| format!(" '{}'", word.replace('\'', "'\\''")))
            .collect();
        match value.strip_prefix('!') {
            Some(script) => self.nested_at(&format!("{script}{tail}"), span, command.input),
            None => self.nested_at(&format!("git {value}{tail}"), span, command.input),
        }
    }

    /// Words that may be any options make it unknown whether hooks run, and whether a push runs a program.
    fn git_doubt(&mut self, verb: &str, rest: &[Arg], command: &Command<'_>) {
        if !matches!(
            verb,
            "commit" | "merge" | "push" | "rebase" | "am" | "cherry-pick"
        ) {
            return;
        }
        if rest.iter().any(Arg::is_anything) {
            self.opaque = true;
        }
        // What hook managers read to stand aside.
        let off = |name: &str| {
            self.variables
                .get(name)
                .is_some_and(|value| value.open || value.text == "0")
        };
        let skipped = off("HUSKY")
            || off("LEFTHOOK")
            || ["SKIP", "HUSKY_SKIP_HOOKS", "OVERCOMMIT_DISABLE"]
                .iter()
                .any(|name| self.variables.get(name).is_some());
        if skipped {
            self.mark_run(command.run, "skips_hooks");
        }
    }

    fn git_verb(&mut self, verb: &str, rest: &[Arg], command: &Command<'_>) -> Result<Flow, Unread> {
        self.git_doubt(verb, rest, command);
        // It shows a page of the manual.
        if matches!(rest, [only] if only.is("--help") || only.is("-h")) {
            return Ok(Flow::unknown());
        }
        match verb {
            "push" => self.push_git(rest, command),
            "send-pack" => {
                self.push_git(rest, command);
            }
            "commit" | "merge" | "cherry-pick" | "revert" | "rebase" | "am" | "pull" => {
                self.commits(verb, rest, command)?
            }
            "branch" | "switch" | "checkout" => self.branches_git(verb, rest, command),
            "worktree" => self.worktree(rest, command),
            "tag" => self.tag(rest, command),
            "reset" | "restore" | "stash" | "clean" | "rm" | "mv" | "apply" | "checkout-index"
            | "read-tree" | "sparse-checkout" => {
                self.working_tree(verb, rest, command);
            }
            "clone" | "fetch" | "ls-remote" | "remote" | "submodule" | "archive" | "fetch-pack" | "svn"
            | "p4" | "lfs" | "send-email" | "request-pull" | "imap-send" => {
                self.remotes(verb, rest, command)?;
            }
            "config" => self.config(rest, command),
            "update-ref" | "symbolic-ref" | "replace" | "filter-branch" | "filter-repo" | "fast-import"
            | "notes" | "reflog" | "gc" | "prune" | "repack" | "update-index" => {
                self.references(verb, rest, command)?
            }
            "bisect" => {
                if let Some(at) = rest.iter().position(|arg| arg.is("run")) {
                    self.inner(&rest[at + 1..], command.input)?;
                } else if !matches!(
                    rest.first().and_then(Arg::whole),
                    None | Some("log" | "view" | "visualize" | "terms")
                ) {
                    self.everywhere("file.write", command);
                }
            }
            "bundle" => {
                if let [verb, file, ..] = rest {
                    match verb.is("create") {
                        true => self.written_to(file),
                        false => self.read_file(file),
                    }
                }
            }
            "difftool" => {
                self.mark_run(command.run, "runs_code");
                let words = Words::of(rest, &["-x", "--extcmd", "-t", "--tool"]);
                if let Some(script) = words.value("--extcmd", "-x") {
                    self.shell_word(&script, &Flow::unknown())?;
                }
            }
            "mergetool" | "instaweb" | "gui" | "citool" | "daemon" | "shell" | "hook" | "maintenance" => {
                self.mark_run(command.run, "runs_code")
            }
            "init" => {
                let words = Words::of(
                    rest,
                    &["-b", "--initial-branch", "--template", "--separate-git-dir"],
                );
                self.opaque |= words.has("--template", None);
                let here = Arg::known(".", command.span());
                let folder = words.plain.first().copied().unwrap_or(&here);
                let git = Arg {
                    text: format!("{}/.git", folder.text.trim_end_matches('/')).into(),
                    ..folder.clone()
                };
                self.file("file.write", &git, Some(true));
            }
            "add" | "stage" => self.adds(rest),
            "diff" | "log" | "show" | "grep" | "blame" | "format-patch" | "rev-parse" | "ls-files"
            | "describe" | "rev-list" | "shortlog" | "cat-file" | "status" => {
                return Ok(self.looks(verb, rest, command));
            }
            _ if LOOKS.contains(&verb) => {}
            // An alias of the configuration, or a program called git-verb.
            _ => {
                self.mark_run(command.run, "runs_code");
                self.opaque |= verb.is_empty();
            }
        }
        Ok(Flow::unknown())
    }

    // -- what leaves --

    fn push_git(&mut self, rest: &[Arg], command: &Command<'_>) {
        let words = Words::of(
            rest,
            &["-o", "--push-option", "--receive-pack", "--exec", "--repo"],
        );
        if words.has("--no-verify", None) {
            self.mark_run(command.run, "skips_hooks");
        }
        for name in ["--receive-pack", "--exec"] {
            self.opaque |= words.has(name, None);
        }
        let forced = words.has("--force", Some('f'))
            || words.has("--force-with-lease", None)
            || words.has("--mirror", None)
            || words.has("--force-if-includes", None);
        let deletes = words.has("--delete", Some('d')) || words.has("--prune", None);
        let repo = words.value("--repo", "");
        let remote = words.plain.first().copied().cloned().or(repo);
        let host = remote.as_ref().and_then(address::remote).flatten();
        self.connected(
            host,
            &remote
                .as_ref()
                .map_or(command.span(), |remote| remote.span.clone()),
        );
        if words.has("--dry-run", Some('n')) {
            return;
        }
        let refs: Vec<&Arg> = words.plain.iter().skip(1).copied().chain(words.paths).collect();
        if refs.is_empty()
            || words.has("--all", None)
            || words.has("--mirror", None)
            || words.has("--branches", None)
        {
            self.pushed(
                remote.as_ref(),
                None,
                forced
                    .then_some(true)
                    .or((!self.git_doubts(rest)).then_some(false)),
                command,
            );
        }
        if words.has("--tags", None) {
            self.push("git.tag", Vec::new(), Some(command.span()));
        }
        let mut tag_next = false;
        for reference in refs {
            if std::mem::take(&mut tag_next) {
                self.push(
                    "git.tag",
                    named("tag", reference.whole()),
                    Some(reference.span.clone()),
                );
            } else if reference.is("tag") {
                tag_next = true;
                continue;
            }
            let text = reference.text.as_str();
            let plus = text.starts_with('+');
            let empty = text.trim_start_matches('+').starts_with(':');
            let target = text.trim_start_matches('+').rsplit(':').next().unwrap_or("");
            let target = target.strip_prefix("refs/heads/").unwrap_or(target);
            if let Some(tag) = text
                .rsplit(':')
                .next()
                .and_then(|name| name.strip_prefix("refs/tags/"))
            {
                self.push(
                    "git.tag",
                    named("tag", (!reference.open).then_some(tag)),
                    Some(reference.span.clone()),
                );
            }
            let certain = !self.git_doubts(rest) && !reference.open && !reference.many;
            let branch = (certain && target != "HEAD" && !target.is_empty()).then_some(target);
            let force = forced || plus || deletes || empty;
            let force = if force {
                Some(true)
            } else if self.git_doubts(rest) || (text.is_empty() && reference.open) {
                None
            } else {
                Some(false)
            };
            self.pushed(remote.as_ref(), branch, force, command);
        }
    }

    fn git_doubts(&self, rest: &[Arg]) -> bool {
        rest.iter().any(Arg::is_anything)
    }

    fn pushed(
        &mut self,
        remote: Option<&Arg>,
        branch: Option<&str>,
        force: Option<bool>,
        command: &Command<'_>,
    ) {
        let mut facts = named("remote", remote.and_then(Arg::whole));
        facts.extend(named("branch.name", branch));
        facts.push((
            "force",
            force.map_or(Fact::Unknown, |force| Fact::Known(Value::Bool(force))),
        ));
        self.push("git.push", facts, Some(command.span()));
    }

    // -- what is recorded --

    fn commits(&mut self, verb: &str, rest: &[Arg], command: &Command<'_>) -> Result<(), Unread> {
        let words = Words::of(
            rest,
            &[
                "-m",
                "--message",
                "-F",
                "--file",
                "-C",
                "-c",
                "--author",
                "--date",
                "-t",
                "-X",
                "-s",
                "--onto",
                "-x",
                "--exec",
                "-S",
                "--strategy",
            ],
        );
        // `-n` is --no-verify of commit alone; elsewhere it is --no-commit or --no-stat.
        let short = (verb == "commit"
            && short_flags(rest, &["m", "F", "C", "c", "t", "S", "u"]).contains('n'))
            || (verb == "am" && words.all.iter().any(|arg| arg.is("-n")));
        if words.has("--no-verify", None) || short || words.has("--no-pre-commit", None) {
            self.mark_run(command.run, "skips_hooks");
        }
        if verb == "rebase" {
            for script in [words.value("--exec", "-x")].into_iter().flatten() {
                self.shell_word(&script, &Flow::unknown())?;
            }
        }
        if verb == "pull" {
            let remote = words.plain.first().copied();
            let host = remote.and_then(address::remote).flatten();
            self.connected(host, &remote.map_or(command.span(), |remote| remote.span.clone()));
            self.opaque |= words.has("--upload-pack", None);
        }
        let message = words.value("--message", "-m");
        if let Some(file) = words.value("--file", "-F") {
            self.read_file(&file);
        }
        if verb != "commit" && !words.has("--abort", None) || verb == "am" {
            self.everywhere("file.write", command);
        }
        if verb == "am" {
            words.plain.iter().for_each(|file| self.read_file(file));
        }
        let dry = words.has("--dry-run", None) || words.has("--abort", None);
        if verb != "pull" && !dry {
            self.push(
                "git.commit",
                named("message", message.as_ref().and_then(Arg::whole)),
                Some(command.span()),
            );
        }
        Ok(())
    }

    fn adds(&mut self, rest: &[Arg]) {
        let words = Words::of(rest, &["--chmod", "--pathspec-from-file"]);
        for path in words.plain.iter().copied().chain(words.paths) {
            self.file("file.read", path, Some(true));
        }
    }

    // -- branches and tags --

    fn branches_git(&mut self, verb: &str, rest: &[Arg], command: &Command<'_>) {
        let words = Words::of(
            rest,
            &[
                "--sort",
                "--format",
                "--contains",
                "--no-contains",
                "--points-at",
                "--merged",
                "--no-merged",
                "-u",
                "--set-upstream-to",
                "--conflict",
                "--pathspec-from-file",
                "-b",
                "-B",
                "-c",
                "-C",
                "--orphan",
                "--create",
                "--force-create",
            ],
        );
        if verb == "branch" {
            self.branch(&words, command);
            return;
        }
        let created = [
            ("--create", "-c"),
            ("--force-create", "-C"),
            ("--orphan", "-b"),
            ("--orphan", "-B"),
        ]
        .iter()
        .find_map(|(long, short)| words.value(long, short));
        if let Some(name) = &created {
            self.push(
                "git.branch",
                named("branch.name", name.whole()),
                Some(name.span.clone()),
            );
            if words.plain.is_empty() && words.paths.is_empty() {
                return;
            }
        }
        if !words.paths.is_empty() {
            words
                .paths
                .iter()
                .for_each(|path| self.file("file.write", path, Some(true)));
            return;
        }
        // A word may be a branch, and then the whole tree changes, or a path, which is part of that.
        if verb == "checkout" && 1 < words.plain.len() && created.is_none() {
            for path in words.plain.iter().skip(1) {
                self.file("file.write", path, Some(true));
            }
        } else if verb == "checkout"
            && words
                .plain
                .first()
                .is_some_and(|path| path.text.starts_with('.') || path.text.ends_with('/'))
        {
            words
                .plain
                .iter()
                .for_each(|path| self.file("file.write", path, Some(true)));
            return;
        }
        if words.plain.len() <= 1 || verb == "switch" || created.is_some() {
            self.everywhere("file.write", command);
        }
    }

    fn branch(&mut self, words: &Words<'_>, command: &Command<'_>) {
        let lists = words.all.iter().any(|arg| {
            matches!(
                arg.whole(),
                Some(
                    "--list"
                        | "-l"
                        | "-a"
                        | "-r"
                        | "-v"
                        | "-vv"
                        | "--all"
                        | "--remotes"
                        | "--show-current"
                        | "--contains"
                        | "--merged"
                        | "--no-merged"
                        | "-av"
                        | "-avv"
                        | "-rv"
                        | "--verbose"
                )
            )
        });
        let changes = words.has("--delete", Some('d'))
            || words.has("--force", Some('D'))
            || words.has("--move", Some('m'))
            || words.has("--copy", Some('M'))
            || words.has("--force", Some('f'));
        if (lists && !changes)
            || (words.plain.is_empty()
                && !changes
                && !words.has("--set-upstream-to", Some('u'))
                && !words.has("--unset-upstream", None))
        {
            return;
        }
        if words.plain.is_empty() {
            self.push("git.branch", named("branch.name", None), Some(command.span()));
        }
        let several = words.has("--delete", Some('d'))
            || words.has("--force", Some('D'))
            || words.has("--move", Some('m'));
        for name in words.plain.iter().take(if several { usize::MAX } else { 1 }) {
            self.push(
                "git.branch",
                named("branch.name", name.whole()),
                Some(name.span.clone()),
            );
        }
    }

    fn worktree(&mut self, rest: &[Arg], _command: &Command<'_>) {
        let words = Words::of(rest.get(1..).unwrap_or(&[]), &["-b", "-B", "--reason"]);
        match rest.first().and_then(Arg::whole) {
            Some("add") => {
                if let Some(path) = words.plain.first() {
                    self.file("file.write", path, Some(true));
                }
                if let Some(branch) = words.value("-B", "-b") {
                    self.push(
                        "git.branch",
                        named("branch.name", branch.whole()),
                        Some(branch.span.clone()),
                    );
                }
            }
            Some("remove") => {
                if let Some(path) = words.plain.first() {
                    self.file("file.delete", path, Some(true));
                }
            }
            Some("move") => {
                if let [from, to, ..] = words.plain.as_slice() {
                    self.moved(from, to);
                }
            }
            _ => {}
        }
    }

    fn tag(&mut self, rest: &[Arg], _command: &Command<'_>) {
        let words = Words::of(
            rest,
            &[
                "-m",
                "--message",
                "-F",
                "--file",
                "-u",
                "--local-user",
                "--sort",
                "--format",
                "--contains",
                "--points-at",
                "-n",
                "--merged",
            ],
        );
        let lists = words.all.iter().any(|arg| {
            matches!(
                arg.whole(),
                Some("-l" | "--list" | "--contains" | "--points-at" | "--merged" | "-v" | "--verify")
            ) || arg.text.starts_with("-n")
        });
        if lists || (words.plain.is_empty() && words.all.iter().all(|arg| arg.text.starts_with("--sort"))) {
            return;
        }
        let count = if words.has("--delete", Some('d')) {
            usize::MAX
        } else {
            1
        };
        for name in words.plain.iter().take(count) {
            self.push("git.tag", named("tag", name.whole()), Some(name.span.clone()));
        }
    }

    // -- the working tree --

    fn working_tree(&mut self, verb: &str, rest: &[Arg], command: &Command<'_>) {
        let words = Words::of(
            rest,
            &[
                "-s",
                "--source",
                "-m",
                "--message",
                "-e",
                "--exclude",
                "--pathspec-from-file",
                "-p",
                "--directory",
                "-C",
            ],
        );
        let dry =
            words.has("--dry-run", None) || (verb == "clean" && short_flags(rest, &["e"]).contains('n'));
        let paths: Vec<&Arg> = words.plain.iter().copied().chain(words.paths).collect();
        match verb {
            "reset" => {
                if words.has("--hard", None) || words.has("--merge", None) || words.has("--keep", None) {
                    self.everywhere("file.write", command);
                    self.everywhere("file.delete", command);
                }
            }
            "restore" => {
                let staged = words.has("--staged", Some('S')) && !words.has("--worktree", Some('W'));
                if !staged {
                    paths
                        .iter()
                        .for_each(|path| self.file("file.write", path, Some(true)));
                }
            }
            "stash" => {
                let looks = matches!(rest.first().and_then(Arg::whole), Some("list" | "show"));
                if !looks && !matches!(rest.first().and_then(Arg::whole), Some("drop" | "clear")) {
                    self.everywhere("file.write", command);
                }
            }
            "clean" if dry => {}
            "clean" if paths.is_empty() => self.everywhere("file.delete", command),
            "clean" => paths
                .iter()
                .for_each(|path| self.file("file.delete", path, Some(true))),
            "rm" if words.has("--cached", None) || dry => {}
            "rm" => paths
                .iter()
                .for_each(|path| self.file("file.delete", path, Some(words.has("--recursive", Some('r'))))),
            "mv" => {
                if let Some((target, sources)) = paths.split_last() {
                    sources.iter().for_each(|source| self.moved(source, target));
                }
            }
            "apply" => {
                paths.iter().for_each(|path| self.read_file(path));
                if !words.has("--check", None) && !words.has("--stat", None) && !words.has("--numstat", None)
                {
                    self.everywhere("file.write", command);
                    self.opaque |= words.has("--unsafe-paths", None);
                }
            }
            _ => self.everywhere("file.write", command),
        }
    }

    // -- remotes --

    fn remotes(&mut self, verb: &str, rest: &[Arg], command: &Command<'_>) -> Result<(), Unread> {
        let words = Words::of(
            rest,
            &[
                "-b",
                "--branch",
                "--depth",
                "-c",
                "--config",
                "-o",
                "--origin",
                "-j",
                "--jobs",
                "--filter",
                "--reference",
                "--template",
                "-u",
                "--upload-pack",
                "--shallow-since",
                "--format",
                "--output",
                "--prefix",
                "--exec",
            ],
        );
        let acts = words.has(
            "--upload-pack",
            if verb == "clone" || verb == "fetch-pack" {
                Some('u')
            } else {
                None
            },
        ) || words.has("--exec", None)
            || (verb == "clone" && words.has("--template", None));
        self.opaque |= acts && verb != "fetch" || (verb == "fetch" && words.has("--upload-pack", None));
        for word in &words.plain {
            // `ext::sh -c ...` runs a command.
            if word.text.starts_with("ext::") {
                let script = word.from(5);
                self.shell_word(&script, &Flow::unknown())?;
            }
        }
        match verb {
            "remote" => {
                let looks = !matches!(
                    rest.first().and_then(Arg::whole),
                    Some(
                        "add"
                            | "set-url"
                            | "rename"
                            | "remove"
                            | "rm"
                            | "update"
                            | "prune"
                            | "set-branches"
                            | "set-head"
                    )
                );
                if !looks {
                    self.git_directory_file("config", command);
                }
                if matches!(
                    rest.first().and_then(Arg::whole),
                    Some("update" | "prune" | "show")
                ) {
                    self.push_connect(None, command.span());
                }
            }
            "clone" => self.clone(&words, command),
            "archive" => {
                if let Some(output) = words.value("--output", "-o") {
                    self.written_to(&output);
                }
                if let Some(remote) = words.value("--remote", "") {
                    self.connected(address::remote(&remote).flatten(), &remote.span);
                }
            }
            "submodule" => {
                if let Some(at) = rest.iter().position(|arg| arg.is("foreach")) {
                    let words: Vec<Arg> = rest[at + 1..]
                        .iter()
                        .filter(|arg| !arg.text.starts_with('-'))
                        .cloned()
                        .collect();
                    self.joined(&words, &Flow::unknown())?;
                } else if !matches!(
                    rest.first().and_then(Arg::whole),
                    None | Some("status" | "summary")
                ) {
                    let added = words
                        .plain
                        .iter()
                        .skip(1)
                        .find(|word| address::remote(word).is_some());
                    match added.filter(|_| rest.first().is_some_and(|verb| verb.is("add"))) {
                        Some(source) => {
                            let at = words.plain.iter().position(|word| word == source).unwrap_or(0);
                            let repository = Words {
                                all: words.all,
                                plain: words.plain[at..].to_vec(),
                                paths: words.paths,
                            };
                            self.clone(&repository, command);
                            self.written_to(&Arg::known(".gitmodules", command.span()));
                            self.git_directory_file("config", command);
                        }
                        None => {
                            self.push_connect(None, command.span());
                            self.everywhere("file.write", command);
                        }
                    }
                }
            }
            _ => {
                let url = words
                    .plain
                    .iter()
                    .copied()
                    .find(|word| address::remote(word).is_some());
                let remote = url.or(words.plain.first().copied());
                let host = remote.and_then(address::remote).flatten();
                self.connected(host, &remote.map_or(command.span(), |remote| remote.span.clone()));
            }
        }
        Ok(())
    }

    fn clone(&mut self, words: &Words<'_>, command: &Command<'_>) {
        if let Some(config) = words.value("--config", "-c") {
            let runs = config.text.to_ascii_lowercase();
            self.opaque |= RUNS.iter().any(|name| runs.starts_with(name)) || config.open;
        }
        let Some(source) = words.plain.first() else {
            return;
        };
        match address::remote(source) {
            Some(host) => self.connected(host, &source.span),
            None if source.open && source.text.is_empty() => self.push_connect(None, source.span.clone()),
            None => self.file("file.read", source, Some(true)),
        }
        let name = source
            .text
            .trim_end_matches('/')
            .trim_end_matches(".git")
            .rsplit(['/', ':'])
            .next()
            .unwrap_or("");
        let target = match words.plain.get(1) {
            Some(target) => (*target).clone(),
            None if !source.open && !name.is_empty() => Arg::known(name, source.span.clone()),
            None => Arg {
                glob: true,
                ..Arg::unknown(command.span())
            },
        };
        self.file("file.write", &target, Some(true));
        if address::remote(source).is_some() {
            self.fetched(&target);
        }
    }

    // -- what git itself reads --

    fn git_directory_file(&mut self, name: &str, command: &Command<'_>) {
        self.written_to(&Arg::known(&format!(".git/{name}"), command.span()));
    }

    fn config(&mut self, rest: &[Arg], command: &Command<'_>) {
        let words = Words::of(rest, &["--file", "-f", "--type", "--default", "--blob"]);
        let looks = words.all.iter().any(|arg| {
            matches!(
                arg.whole(),
                Some(
                    "--get"
                        | "--get-all"
                        | "--get-regexp"
                        | "--list"
                        | "-l"
                        | "--get-urlmatch"
                        | "--show-origin"
                        | "get"
                        | "list"
                        | "--name-only"
                )
            )
        });
        let sets = [
            "set",
            "unset",
            "edit",
            "--unset",
            "--unset-all",
            "--add",
            "--replace-all",
            "--remove-section",
            "--rename-section",
            "-e",
            "--edit",
        ];
        let sets = words.all.iter().any(|arg| sets.iter().any(|word| arg.is(word)));
        if (looks || words.plain.len() < 2) && !sets {
            return;
        }
        let file = words.value("--file", "-f");
        if let Some(file) = file {
            self.written_to(&file);
        } else if words.has("--global", None) {
            let home = self.home(command.span());
            self.written_to(&Arg {
                text: format!("{}/.gitconfig", home.text).into(),
                ..home
            });
        } else if words.has("--system", None) {
            self.written_to(&Arg::known("/etc/gitconfig", command.span()));
        } else {
            self.git_directory_file("config", command);
        }
        let name = words
            .plain
            .iter()
            .map(|arg| arg.text.to_ascii_lowercase())
            .find(|text| text.contains('.'));
        if name.is_some_and(|name| name.starts_with("core.hookspath")) {
            self.mark_run(command.run, "skips_hooks");
        }
    }

    fn references(&mut self, verb: &str, rest: &[Arg], command: &Command<'_>) -> Result<(), Unread> {
        if verb == "filter-branch" || verb == "filter-repo" {
            let scripts: Vec<&Arg> = rest
                .iter()
                .enumerate()
                .filter(|(at, _)| 0 < *at && rest[at - 1].text.ends_with("-filter"))
                .map(|(_, arg)| arg)
                .collect();
            for script in scripts {
                self.shell_word(script, &Flow::unknown())?;
            }
            self.everywhere("file.write", command);
            self.push("git.branch", named("branch.name", None), Some(command.span()));
        } else if matches!(verb, "update-ref" | "symbolic-ref" | "replace" | "fast-import") && 1 < rest.len()
        {
            let name = rest
                .iter()
                .find(|arg| arg.text.starts_with("refs/"))
                .and_then(Arg::whole);
            self.push(
                "git.branch",
                named(
                    "branch.name",
                    name.map(|name| name.strip_prefix("refs/heads/").unwrap_or(name)),
                ),
                Some(command.span()),
            );
        }
        Ok(())
    }

    /// Verbs that only look, unless an option says otherwise.
    fn looks(&mut self, verb: &str, rest: &[Arg], command: &Command<'_>) -> Flow {
        let words = Words::of(
            rest,
            &[
                "-o", "--output", "-n", "--format", "--pretty", "-S", "-G", "-L", "--author", "--since",
                "--until", "--grep", "-e", "-O",
            ],
        );
        if words.has("--ext-diff", None)
            || words.has("--textconv", None)
            || words.has(
                "--open-files-in-pager",
                if verb == "grep" { Some('O') } else { None },
            )
        {
            self.opaque = true;
        }
        let output = words.value("--output", "");
        if let Some(output) = output {
            self.written_to(&output);
        }
        if verb == "format-patch" && !words.has("--stdout", None) {
            match words.value("--output-directory", "-o") {
                Some(folder) => self.file("file.write", &folder, Some(true)),
                None => self.everywhere("file.write", command),
            }
        }
        if words.has("--no-index", None) {
            words
                .plain
                .iter()
                .copied()
                .chain(words.paths)
                .for_each(|path| self.read_file(path));
        }
        match verb {
            "rev-parse" if words.has("--show-toplevel", None) || words.has("--git-dir", None) => {
                Flow::plain("/")
            }
            "rev-parse" | "ls-files" | "describe" | "rev-list" => Flow::plain(""),
            "diff" if words.has("--name-only", None) => Flow::plain(""),
            _ => Flow::unknown(),
        }
    }
}

/// Verbs that neither run programs nor change anything that rules speak of.
const LOOKS: &[&str] = &[
    "help",
    "version",
    "name-rev",
    "merge-base",
    "for-each-ref",
    "show-ref",
    "ls-tree",
    "diff-tree",
    "diff-index",
    "diff-files",
    "cherry",
    "range-diff",
    "whatchanged",
    "count-objects",
    "fsck",
    "check-ignore",
    "check-attr",
    "check-ref-format",
    "verify-commit",
    "verify-tag",
    "var",
    "show-branch",
    "annotate",
    "hash-object",
    "write-tree",
    "commit-tree",
    "mktree",
    "patch-id",
    "stripspace",
    "column",
    "rerere",
    "credential",
    "interpret-trailers",
];

/// Where the subcommand stands behind the global options.
fn subcommand_at(args: &[Arg]) -> Option<usize> {
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        if !arg.text.starts_with('-') {
            return Some(at);
        }
        let takes = matches!(
            arg.whole(),
            Some(
                "-C" | "-c"
                    | "--git-dir"
                    | "--work-tree"
                    | "--namespace"
                    | "--super-prefix"
                    | "--config-env"
                    | "--attr-source"
                    | "--exec-path"
            )
        );
        at += if takes { 2 } else { 1 };
    }
    None
}

/// The letters of clusters, up to the first that takes the rest of its word.
fn short_flags(rest: &[Arg], valued: &[&str]) -> String {
    let mut flags = String::new();
    for arg in rest.iter().take_while(|arg| !arg.is("--")) {
        let Some(letters) = arg
            .text
            .strip_prefix('-')
            .filter(|letters| !letters.starts_with('-'))
        else {
            continue;
        };
        for letter in letters.chars() {
            flags.push(letter);
            if valued.iter().any(|valued| valued.starts_with(letter)) {
                break;
            }
        }
    }
    flags
}

fn named(name: &'static str, value: Option<&str>) -> Vec<(&'static str, Fact<Value>)> {
    vec![(
        name,
        value.map_or(Fact::Unknown, |value| Fact::Known(Value::text(value))),
    )]
}

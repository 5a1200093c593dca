//! Programs that reach hosts.

use super::act::Command;
use super::address;
use super::arg::{Arg, Flow};
use super::budget::Unread;
use super::walk::Walk;

impl Walk<'_> {
    pub(super) fn network(&mut self, reader: &str, command: &Command<'_>) -> Result<Option<Flow>, Unread> {
        let flow = match reader {
            "curl" => self.curl(command),
            "wget" => self.wget(command),
            "fetch" => self.fetch(command),
            "nc" => self.netcat(command),
            "opener" => {
                let urls = command
                    .args()
                    .iter()
                    .filter(|arg| arg.text.contains("://") && !arg.text.starts_with("file:"));
                urls.for_each(|url| self.connects(url));
                Flow::unknown()
            }
            "hosts" => self.hosts(command),
            "scp" => self.scp(command)?,
            "rsync" => self.rsync(command),
            "gh" => self.forge(command)?,
            "cloud" | "vcs" => self.cloud(command)?,
            _ => return Ok(None),
        };
        Ok(Some(flow))
    }

    fn curl(&mut self, command: &Command<'_>) -> Flow {
        let mut urls: Vec<Arg> = command.operands().to_vec();
        for url in &urls {
            self.connects(url);
        }
        urls.extend(command.sorted.values("url").cloned());
        for value in command.sorted.values("data").chain(command.sorted.values("form")) {
            self.sent(value);
        }
        for value in command.sorted.values("dataname") {
            // `name@file`; what stands behind `=` is text.
            let name = value.text.split(['=', '@']).next().unwrap_or("");
            if value.text[name.len()..].starts_with('@') {
                self.read_file(&value.from(name.len() + 1));
            }
        }
        for value in command
            .sorted
            .values("header")
            .filter(|value| value.text.starts_with('@'))
        {
            self.read_file(&value.from(1));
        }
        for value in command
            .sorted
            .values("cookie")
            .filter(|value| !value.text.contains('=') && !value.open)
        {
            self.read_file(value);
        }
        for value in command.sorted.values("connectto") {
            let host = value.text.split(':').nth(2).unwrap_or("");
            if !host.is_empty() || value.open {
                self.connects_host(&Arg {
                    text: host.into(),
                    ..value.clone()
                });
            }
        }
        for value in command.sorted.values("resolve") {
            let host = value
                .text
                .rsplit(':')
                .next()
                .unwrap_or("")
                .trim_matches(['[', ']']);
            self.connects_host(&Arg::known(host, value.span.clone()));
        }
        if urls.is_empty()
            && !matches!(
                command.args().first().and_then(Arg::whole),
                None | Some("--version" | "-V" | "--help" | "-h" | "--manual" | "-M")
            )
        {
            self.push_connect(None, command.span());
        }
        let folder = command.sorted.values("dir").next().cloned();
        let outputs: Vec<Arg> = command
            .sorted
            .options
            .iter()
            .filter(|given| matches!(given.name, "-o" | "--output"))
            .filter_map(|given| given.value.clone())
            .collect();
        for output in &outputs {
            self.remember(output, Flow::remote());
        }
        if command.has("name") {
            for url in &urls {
                self.named_after(url, folder.as_ref(), command);
            }
        }
        Flow::remote()
    }

    /// `-d @file` sends a file, and so does `-F x=@file`.
    fn sent(&mut self, value: &Arg) {
        if let Some(at) = value.text.find('@') {
            let form = value.text[..at].ends_with('=');
            if at == 0 || form {
                self.read_file(&value.from(at + 1));
            }
        } else if let Some(at) = value.text.find("=<") {
            self.read_file(&value.from(at + 2));
        }
    }

    /// A download that is called as its URL ends.
    fn named_after(&mut self, url: &Arg, folder: Option<&Arg>, command: &Command<'_>) {
        let path = url.text.split(['?', '#']).next().unwrap_or("");
        let path = path.find("://").map_or(path, |at| &path[at + 3..]);
        let name = path
            .split_once('/')
            .and_then(|(_, path)| path.rsplit('/').next())
            .filter(|name| !name.is_empty());
        let folder_text = folder.and_then(Arg::whole).unwrap_or(".");
        let file = match name {
            Some(name) if !url.open && !url.many => {
                let text = if folder_text == "." {
                    name.to_owned()
                } else {
                    format!("{}/{name}", folder_text.trim_end_matches('/'))
                };
                Arg::known(&text, url.span.clone())
            }
            None if !url.open && command.name == "wget" => {
                Arg::known(&format!("{folder_text}/index.html"), url.span.clone())
            }
            _ => Arg {
                text: format!("{folder_text}/").into(),
                glob: true,
                ..Arg::unknown(url.span.clone())
            },
        };
        self.written_to(&file);
        self.remember(&file, Flow::remote());
    }

    fn wget(&mut self, command: &Command<'_>) -> Flow {
        for url in command.operands() {
            self.connects(url);
        }
        let asks = command
            .args()
            .iter()
            .all(|arg| matches!(arg.whole(), Some("--version" | "-V" | "--help" | "-h")));
        if command.operands().is_empty() && !asks {
            self.push_connect(None, command.span());
        }
        let outputs: Vec<Arg> = command
            .sorted
            .options
            .iter()
            .filter(|given| matches!(given.name, "-O" | "--output-document"))
            .filter_map(|given| given.value.clone())
            .collect();
        for output in &outputs {
            self.remember(output, Flow::remote());
        }
        if !outputs.is_empty() || command.has("spider") {
            return Flow::remote();
        }
        let folder = command.sorted.values("dir").next().cloned();
        if command.has("deep") {
            match &folder {
                Some(folder) => {
                    self.file("file.write", folder, Some(true));
                    self.fetched(folder);
                }
                None => self.everywhere("file.write", command),
            }
            return Flow::remote();
        }
        for url in command.operands() {
            self.named_after(url, folder.as_ref(), command);
        }
        Flow::remote()
    }

    fn fetch(&mut self, command: &Command<'_>) -> Flow {
        let urls: Vec<&Arg> = command
            .operands()
            .iter()
            .filter(|url| url.text.contains('.') || url.text.contains(':') || url.open)
            .collect();
        for url in &urls {
            self.connects(url);
        }
        if urls.is_empty() {
            self.push_connect(None, command.span());
        }
        if matches!(
            command.name,
            "aria2c" | "axel" | "wget2" | "youtube-dl" | "yt-dlp"
        ) {
            self.everywhere("file.write", command);
        }
        Flow::remote()
    }

    fn netcat(&mut self, command: &Command<'_>) -> Flow {
        let operands = command.operands();
        if command.has("listen") {
            self.push_connect(None, command.span());
            return Flow::remote();
        }
        if let Some(host) = operands.first() {
            let port = operands
                .get(1)
                .and_then(Arg::whole)
                .and_then(|port| port.parse().ok());
            let address = host
                .whole()
                .and_then(address::authority)
                .map(|address| address::Address { port, ..address });
            self.connected(address, &host.span);
        }
        Flow::remote()
    }

    /// ping, dig and the like: names that are hosts.
    fn hosts(&mut self, command: &Command<'_>) -> Flow {
        let mut any = false;
        for operand in command.operands() {
            let text = operand.text.trim_start_matches('@');
            // `//host/share`
            let text = match text.strip_prefix("//") {
                Some(share) => share.split('/').next().unwrap_or(share),
                None => text,
            };
            let hostlike = text.contains('.')
                || text.contains(':')
                || text == "localhost"
                || operand.open
                || command.operands().len() == 1;
            if hostlike && !text.starts_with('+') {
                any = true;
                self.connects_host(&Arg {
                    text: text.into(),
                    ..operand.clone()
                });
            }
        }
        if !any {
            self.push_connect(None, command.span());
        }
        Flow::remote()
    }

    // -- copies from machine to machine --

    fn scp(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        for option in command.sorted.values("sshoption") {
            self.ssh_option(option)?;
        }
        self.opaque |= command.has("config");
        self.copied(command);
        Ok(Flow::remote())
    }

    fn copied(&mut self, command: &Command<'_>) {
        let deep = command.has("deep");
        let Some((target, sources)) = command.operands().split_last() else {
            return;
        };
        for source in sources {
            match address::remote(source) {
                Some(host) => self.connected(host, &source.span),
                None => self.file("file.read", source, Some(deep)),
            }
        }
        match address::remote(target) {
            Some(host) => self.connected(host, &target.span),
            None if sources.is_empty() => {}
            None => {
                let from_afar = sources.iter().any(|source| address::remote(source).is_some());
                self.file("file.write", target, Some(true));
                if from_afar {
                    self.remember(target, Flow::remote());
                    for source in sources {
                        let name = source.text.rsplit(['/', ':']).next().unwrap_or("");
                        let inside = format!("{}/{name}", target.text.trim_end_matches('/'));
                        let file = Arg {
                            text: inside.into(),
                            ..target.clone()
                        };
                        self.remember(&file, Flow::remote());
                    }
                }
            }
        }
    }

    fn rsync(&mut self, command: &Command<'_>) -> Flow {
        if command.has("dry") {
            for operand in command.operands() {
                if let Some(host) = address::remote(operand) {
                    self.connected(host, &operand.span);
                }
            }
            return Flow::unknown();
        }
        self.copied(command);
        if let Some((target, sources)) = command.operands().split_last() {
            if command.has("delete") && address::remote(target).is_none() {
                self.file("file.delete", target, Some(true));
            }
            if command.has("remove") {
                for source in sources.iter().filter(|source| address::remote(source).is_none()) {
                    self.file("file.delete", source, Some(true));
                }
            }
        }
        Flow::unknown()
    }

    // -- services --

    fn forge(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let words = command.args();
        self.push_connect(None, command.span());
        self.uploaded(words);
        let said = |at: usize| words.get(at).and_then(Arg::whole).unwrap_or("");
        match (said(0), said(1)) {
            ("alias" | "extension" | "config", "set" | "install" | "exec" | "import") => self.opaque = true,
            ("repo", "clone") | ("release" | "run", "download") | ("pr" | "mr", "checkout") => {
                self.everywhere("file.write", command)
            }
            ("pr" | "mr", "merge") => self.mark_run(command.run, "runs_code"),
            _ => {}
        }
        self.opaque |= words.first().is_some_and(Arg::is_anything);
        for arg in words.iter().filter(|arg| arg.text.starts_with("http")) {
            self.connects(arg);
        }
        Ok(Flow::remote())
    }

    fn cloud(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let asks = command.args().iter().any(|arg| {
            matches!(
                arg.whole(),
                Some("--version" | "--help" | "help" | "version" | "fmt" | "validate" | "template" | "lint")
            )
        });
        if !asks {
            self.push_connect(None, command.span());
        }
        for arg in command.args().iter().filter(|arg| {
            arg.text.contains("://") && !arg.text.starts_with("s3:") && !arg.text.starts_with("gs:")
        }) {
            self.connects(arg);
        }
        self.transferred(command);
        // `pdsh -w hosts program`: a command for other machines.
        if command.row.posix {
            self.elsewhere(|walk| walk.inner(command.operands(), command.input))?;
        }
        // `aws s3 cp s3://x -`, `ansible -m shell`
        if command.name == "ansible" {
            self.opaque |= command
                .args()
                .iter()
                .any(|arg| matches!(arg.whole(), Some("shell" | "command" | "raw" | "script")));
        }
        Ok(Flow::remote())
    }

    /// Files that `gh gist create`, `gh release upload` and the like send.
    fn uploaded(&mut self, words: &[Arg]) {
        let said = |at: usize| words.get(at).and_then(Arg::whole).unwrap_or("");
        let first = match (said(0), said(1)) {
            ("gist", "create") => 2,
            ("release", "create" | "upload") => 3,
            _ => usize::MAX,
        };
        for (at, word) in words.iter().enumerate() {
            let value = words.get(at + 1).cloned().unwrap_or_default();
            match word.text.as_str() {
                "--body-file" | "--notes-file" | "--input" | "-a"
                    if word.text != "-a" || first != usize::MAX =>
                {
                    self.read_file(&value);
                }
                "-F" | "--field" if value.text.contains("=@") => {
                    let at = value.text.find("=@").unwrap_or(0);
                    self.read_file(&value.from(at + 2));
                }
                text if first <= at && !text.starts_with('-') => self.read_file(word),
                _ => {}
            }
        }
    }

    /// What a client of a store copies between there and here.
    fn transferred(&mut self, command: &Command<'_>) {
        let words = plain_words(command);
        let verbs = [
            "cp", "mv", "sync", "put", "get", "copy", "move", "copyto", "rsync", "mirror", "upload",
            "download",
        ];
        let Some(at) = words
            .iter()
            .take(4)
            .position(|word| verbs.iter().any(|verb| word.is(verb)))
        else {
            return;
        };
        let there =
            |word: &Arg| word.text.contains("://") || (command.name == "rclone" && word.text.contains(':'));
        let named = words.get(at + 1..).unwrap_or(&[]);
        match named {
            [only] if !there(only) => self.file("file.read", only, Some(true)),
            [sources @ .., target] => {
                for source in sources.iter().filter(|source| !there(source)) {
                    self.file("file.read", source, Some(true));
                }
                if !there(target) && sources.iter().any(|source| there(source)) {
                    self.file("file.write", target, Some(true));
                }
            }
            [] => {}
        }
        for option in ["-f", "--file", "--source", "-s", "--body", "--template-file"] {
            let value = command.args().iter().position(|arg| arg.is(option));
            if let Some(file) = value
                .and_then(|at| command.args().get(at + 1))
                .filter(|file| !there(file))
            {
                self.read_file(file);
            }
        }
    }
}

/// The words that are no options; of clients whose long options have values, without those.
fn plain_words<'c>(command: &Command<'c>) -> Vec<&'c Arg> {
    let valued = matches!(command.name, "aws" | "az" | "gcloud" | "rclone" | "oci");
    let flags = [
        "recursive",
        "quiet",
        "dryrun",
        "dry-run",
        "delete",
        "force",
        "only-show-errors",
        "no-progress",
        "debug",
    ];
    let mut skip = false;
    let mut plain = Vec::new();
    for word in command.args() {
        if word.text.starts_with('-') {
            let name = word.text.trim_start_matches('-');
            skip = valued && word.text.starts_with("--") && !name.contains('=') && !flags.contains(&name);
        } else if !std::mem::take(&mut skip) {
            plain.push(word);
        }
    }
    plain
}

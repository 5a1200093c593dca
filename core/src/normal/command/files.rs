//! Programs that read, write, move and delete files, where the columns of the table do not say enough.

use super::act::Command;
use super::arg::{Arg, Flow};
use super::budget::Unread;
use super::walk::Walk;

impl Walk<'_> {
    pub(super) fn files(&mut self, reader: &str, command: &Command<'_>) -> Result<Option<Flow>, Unread> {
        match reader {
            "grep" => return Ok(Some(self.grep(command))),
            "tee" => return Ok(Some(self.tee(command))),
            "copy" | "move" | "link" => self.transfer(reader, command),
            "install" => self.install(command),
            "rm" => self.delete(command, Some(command.has("deep"))),
            "shred" => {
                command.operands().iter().for_each(|file| self.written_to(file));
                self.delete(command, Some(false));
            }
            "split" => self.split_file(command),
            "trash" => self.delete(command, None),
            "chmod" => self.modes(command),
            "dd" => self.dd(command),
            "patch" => self.patch(command),
            "compress" => return Ok(Some(self.compress(command))),
            "tar" => return self.tar(command).map(Some),
            "unzip" => self.unzip(command),
            "zip" => self.zip(command),
            "archive" => self.archive(command),
            "base64" => return Ok(Some(self.base64(command))),
            "convert" => self.convert(command),
            "keygen" => self.keygen(command),
            "mktemp" => return Ok(Some(self.made_up(command))),
            "find" => return self.find(command).map(Some),
            "fd" => self.fd(command)?,
            "editor" => self.editor(command),
            "pager" => return Ok(Some(self.pager(command))),
            _ => return Ok(None),
        }
        Ok(Some(Flow::silent()))
    }

    /// grep, rg, jq: the first operand is a pattern, unless an option gave one.
    fn grep(&mut self, command: &Command<'_>) -> Flow {
        let patterned = ["pattern", "patterns", "noword"]
            .iter()
            .any(|role| command.has(role));
        let files = command.operands().get(usize::from(!patterned)..).unwrap_or(&[]);
        if command.name == "dasel"
            && command
                .operands()
                .first()
                .is_some_and(|verb| verb.is("put") || verb.is("delete"))
        {
            command
                .sorted
                .values("patterns")
                .for_each(|file| self.written_to(file));
        }
        let searches = matches!(command.name, "rg" | "ag" | "ack" | "ugrep" | "pt" | "sift");
        let deep = searches || command.has("deep");
        for file in files {
            self.file("file.read", file, Some(deep));
            if command.has("inplace") {
                self.written_to(file);
            }
        }
        let piped = command.input.text.is_some() || command.input.remote || !command.input.stored;
        if files.is_empty() && deep && !piped {
            self.file("file.read", &Arg::known(".", command.span()), Some(true));
        }
        let names = command
            .args()
            .iter()
            .any(|arg| arg.is("-l") || arg.is("-rl") || arg.is("--files"));
        if names {
            Flow::plain("")
        } else {
            self.output(command)
        }
    }

    fn tee(&mut self, command: &Command<'_>) -> Flow {
        for file in command.operands() {
            self.written_to(file);
            self.remember(file, command.input.clone());
        }
        command.input.clone()
    }

    /// cp, mv, ln: the last operand is where to, or an option says it.
    fn transfer(&mut self, kind: &str, command: &Command<'_>) {
        let folder = command.sorted.values("todir").next().cloned();
        let operands = command.operands();
        let (sources, target) = match (&folder, operands.split_last()) {
            (Some(folder), _) => (operands, folder.clone()),
            (None, Some((last, sources))) if !sources.is_empty() => (sources, last.clone()),
            // `ln target` links here under the same name.
            (None, Some((_, _))) if kind == "link" => (operands, Arg::known(".", command.span())),
            _ => return,
        };
        let several = 1 < sources.len() || sources.iter().any(|source| source.many);
        let into = folder.is_some() || several || is_folder(&target);
        for source in sources {
            let to = if into {
                inside(&target, source)
            } else {
                target.clone()
            };
            // A directory that stands there already takes the source in.
            let deep = command.has("deep") || (!into && !command.has("file"));
            self.transfer_one(kind, source, &to, deep, command.has("deep"));
            if command.has("backup") || command.has("suffix") {
                self.kept(command, &to);
            }
        }
    }

    fn transfer_one(&mut self, kind: &str, source: &Arg, to: &Arg, deep: bool, all: bool) {
        match kind {
            "move" => self.moved(source, to),
            "copy" => {
                self.file("file.read", source, Some(all));
                self.file("file.write", to, Some(deep));
            }
            // A link gives its target another name: who reads or writes that name reaches the target.
            _ => {
                self.read_file(source);
                self.file("file.write", to, Some(deep));
            }
        }
        let content = self.content(source);
        if content.remote || content.text.is_some() {
            self.remember(to, content);
        }
    }

    /// What stood in the place of a copy is kept under another name.
    fn kept(&mut self, command: &Command<'_>, to: &Arg) {
        let numbered = command
            .sorted
            .values("backup")
            .any(|control| !matches!(control.whole(), Some("simple" | "never" | "")));
        let suffix = command.sorted.values("suffix").next().cloned();
        let suffix = suffix.unwrap_or_else(|| Arg::known("~", command.span()));
        if numbered || command.has("deep") || to.whole().is_none() {
            self.file("file.write", &folder_of(to), Some(true));
        } else {
            self.backup(to, &suffix);
        }
    }

    /// A file of a name that nobody knows, in a folder that is said, or among the temporary ones.
    fn made_up(&mut self, command: &Command<'_>) -> Flow {
        let template = command.operands().first();
        let folder = command.sorted.values("folder").next().cloned();
        let here = template.filter(|_| !command.has("tmp")).map(folder_of);
        if let Some(folder) = folder.or(here).filter(|_| !command.has("dry")) {
            self.file("file.write", &below(&folder), Some(true));
        }
        Flow::plain(match template {
            Some(_) => "",
            None => "/",
        })
    }

    fn install(&mut self, command: &Command<'_>) {
        if command.has("dirs") {
            for folder in command.operands() {
                self.written_to(folder);
            }
            return;
        }
        self.transfer("copy", command);
    }

    fn delete(&mut self, command: &Command<'_>, recursive: Option<bool>) {
        for path in command.operands() {
            self.file("file.delete", path, recursive);
        }
    }

    /// Its pieces are called as the prefix begins, in the folder of the prefix.
    fn split_file(&mut self, command: &Command<'_>) {
        let operands = command.operands();
        if let Some(file) = operands.first() {
            self.read_file(file);
        }
        let here = Arg::known(".", command.span());
        let folder = operands.get(1).map_or(here, folder_of);
        self.file("file.write", &folder, Some(true));
    }

    /// Who may read and run a file is part of it.
    fn modes(&mut self, command: &Command<'_>) {
        let operands = command.operands();
        let Some((mode, files)) = operands.split_first() else {
            return;
        };
        let deep = command.has("deep");
        let text = mode.text.as_str();
        let sets = text.contains("+s")
            || text.contains("=s")
            || (text.len() == 4 && text.starts_with(['2', '4', '6', '7']));
        if command.name == "chmod" && sets {
            self.mark_run(command.run, "raises_privilege");
        }
        // `chattr +i f` has no mode of its own where that is spelt `-i`; setfacl has its entries in options.
        let all = match command.name {
            "setfacl" => true,
            // `chmod -x file`
            "chmod" if command.args().iter().any(takes_away) => true,
            "chattr" => !text.starts_with(['+', '=']),
            _ => command.has("read"),
        };
        let files = if all { operands } else { files };
        for file in files {
            self.file("file.write", file, Some(deep));
        }
    }

    fn dd(&mut self, command: &Command<'_>) {
        for arg in command.args() {
            if arg.text.starts_with("of=") {
                self.written_to(&arg.from(3));
                self.remember(&arg.from(3), command.input.clone());
            } else if arg.text.starts_with("if=") {
                self.read_file(&arg.from(3));
            } else if arg.is_anything() || (arg.open && !arg.text.contains('=')) {
                self.file("file.write", &Arg::unknown(arg.span.clone()), Some(false));
            }
        }
    }

    /// A patch says itself which files it changes; it is read elsewhere or not at all.
    fn patch(&mut self, command: &Command<'_>) {
        let mut operands = command.operands().iter();
        if let Some(file) = operands.next() {
            self.written_to(file);
            if let Some(patch) = operands.next() {
                self.read_file(patch);
            }
            return;
        }
        if !command.has("dry") {
            self.everywhere("file.write", command);
        }
    }

    /// Some file below where the command stands.
    pub(super) fn everywhere(&mut self, kind: &'static str, command: &Command<'_>) {
        self.file(kind, &Arg::known(".", command.span()), Some(true));
    }

    /// gzip and its relatives put another file in the place of the one they are given.
    fn compress(&mut self, command: &Command<'_>) -> Flow {
        let looks = ["stdout", "list", "test"].iter().any(|mark| command.has(mark));
        for file in command.operands() {
            self.read_file(file);
            if looks {
                continue;
            }
            match self.compressed(command, file) {
                Some(other) => self.written_to(&other),
                None => self.file("file.write", &folder_of(file), Some(true)),
            }
            if !command.has("keep") {
                self.file("file.delete", file, Some(false));
            }
        }
        Flow {
            remote: command.input.remote,
            ..Flow::unknown()
        }
    }

    /// The file that takes the place of the one that is given, where its name tells.
    fn compressed(&self, command: &Command<'_>, file: &Arg) -> Option<Arg> {
        let text = file.whole()?;
        let unpacks = command.has("decode")
            || command.name.starts_with("un")
            || matches!(command.name, "gunzip" | "bunzip2");
        if command.has("named")
            || command
                .args()
                .iter()
                .any(|arg| arg.text.starts_with("-S") || arg.text.starts_with("--suf"))
        {
            return None;
        }
        if unpacks {
            let ends = [".gz", ".bz2", ".xz", ".zst", ".lz4", ".lzma", ".br", ".Z"];
            let stem = ends.iter().find_map(|end| text.strip_suffix(end))?;
            return Some(Arg::known(stem, file.span.clone()));
        }
        let end = match command.name {
            "gzip" | "pigz" => "gz",
            "bzip2" => "bz2",
            "xz" => "xz",
            "zstd" => "zst",
            "lz4" => "lz4",
            _ => return None,
        };
        Some(Arg::known(&format!("{text}.{end}"), file.span.clone()))
    }

    /// Programs that make the file which stands last of the one that stands first.
    fn convert(&mut self, command: &Command<'_>) {
        let operands = command.operands();
        for url in operands
            .iter()
            .chain(command.sorted.values("read"))
            .filter(|arg| arg.text.contains("://"))
        {
            self.connects(url);
        }
        if let Some((last, sources)) = operands.split_last() {
            for source in sources.iter().filter(|source| !source.text.contains("://")) {
                self.read_file(source);
            }
            if !last.text.contains("://") {
                self.written_to(last);
            }
        }
    }

    /// A key is made, or looked at.
    fn keygen(&mut self, command: &Command<'_>) {
        let given = |name: &str| {
            let mut options = command
                .sorted
                .options
                .iter()
                .filter(move |given| given.name == name);
            options.find_map(|given| given.value.clone())
        };
        let Some(file) = given("-f") else {
            return;
        };
        self.read_file(&file);
        if !command.has("look") && given("-F").is_none() {
            self.written_to(&file);
            if let Some(text) = file.whole() {
                self.written_to(&Arg::known(&format!("{text}.pub"), file.span.clone()));
            }
        }
    }

    // -- archives --

    fn tar(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let mut marks: Vec<&str> = command.sorted.options.iter().map(|given| given.role).collect();
        let mut files: Vec<Arg> = command.sorted.values("archive").cloned().collect();
        let mut operands = command.operands().to_vec();
        // The old spelling: `tar xzf file`.
        let old = command
            .args()
            .first()
            .filter(|first| !first.text.starts_with('-') && first.whole().is_some());
        if let Some(first) = old {
            operands.remove(0);
            for letter in first.text.chars() {
                match letter {
                    'f' | 'C' | 'b' | 'X' | 'T' | 'I' | 'g' | 'F' if operands.is_empty() => {
                        self.opaque = true
                    }
                    'f' => files.push(operands.remove(0)),
                    'C' => self.stand_in(&operands.remove(0)),
                    'I' | 'F' => self.shell_word(&operands.remove(0), &Flow::unknown())?,
                    'b' | 'X' | 'T' | 'g' => drop(operands.remove(0)),
                    _ => marks.extend(
                        command
                            .row
                            .option(&format!("-{letter}"))
                            .map(|option| option.role),
                    ),
                }
            }
        }
        for action in command.sorted.values("tarexec") {
            match action.text.strip_prefix("exec=") {
                Some(_) => self.shell_word(&action.from(5), &Flow::unknown())?,
                None => self.opaque |= action.open,
            }
        }
        let remote = files.iter().any(|file| super::address::remote(file).is_some());
        if remote && let Some(file) = files.first() {
            self.connected(super::address::remote(file).flatten(), &file.span);
        }
        // The archive is opened where tar was called, whatever `-C` says.
        let fetched = files.iter().any(|file| self.content(file).remote) || command.input.remote;
        for file in &files {
            if marks.contains(&"create") || marks.contains(&"delete") {
                self.written_to(file);
            } else {
                self.read_file(file);
            }
        }
        for folder in command.sorted.values("cwd") {
            self.stand_in(folder);
        }
        if fetched && marks.contains(&"extract") {
            self.fetched(&Arg::known(".", command.span()));
            for file in &files {
                self.fetched(&stem(file));
            }
        }
        if marks.contains(&"extract") {
            self.extracted(marks.contains(&"stdout"), marks.contains(&"absolute"), command);
        } else if marks.contains(&"create") {
            let gone = marks.contains(&"remove");
            for path in &operands {
                self.file("file.read", path, Some(true));
                if gone {
                    self.file("file.delete", path, Some(true));
                }
            }
        }
        Ok(Flow {
            remote: command.input.remote || remote,
            ..Flow::unknown()
        })
    }

    fn extracted(&mut self, printed: bool, absolute: bool, command: &Command<'_>) {
        if absolute {
            self.file("file.write", &Arg::unknown(command.span()), Some(true));
        } else if !printed {
            self.everywhere("file.write", command);
        }
    }

    fn unzip(&mut self, command: &Command<'_>) {
        if let Some(file) = command.operands().first() {
            self.read_file(file);
        }
        if command.has("list") {
            return;
        }
        let fetched = command
            .operands()
            .first()
            .filter(|file| self.content(file).remote);
        match command.sorted.values("dir").next() {
            Some(folder) => {
                self.file("file.write", folder, Some(true));
                if fetched.is_some() {
                    self.fetched(folder);
                }
            }
            None => {
                self.everywhere("file.write", command);
                if let Some(file) = fetched {
                    self.fetched(&stem(file));
                }
            }
        }
    }

    fn zip(&mut self, command: &Command<'_>) {
        let mut operands = command.operands().iter();
        if let Some(file) = operands.next() {
            self.written_to(file);
        }
        for path in operands {
            self.file("file.read", path, Some(command.has("deep")));
            if command.has("remove") {
                self.file("file.delete", path, Some(true));
            }
        }
    }

    /// 7z, ar, jar, cpio: they may write anywhere below where they stand.
    fn archive(&mut self, command: &Command<'_>) {
        // `7z x a.7z -odir`
        let folder = command
            .args()
            .iter()
            .find(|arg| command.name.starts_with('7') && arg.text.starts_with("-o") && 2 < arg.text.len());
        match folder {
            Some(folder) => self.file("file.write", &folder.from(2), Some(true)),
            None => self.everywhere("file.write", command),
        }
        for path in command.operands().iter().skip(1) {
            self.file("file.read", path, Some(true));
        }
    }

    fn base64(&mut self, command: &Command<'_>) -> Flow {
        for file in command.operands() {
            self.read_file(file);
        }
        let decoded = match (&command.input.text, command.operands()) {
            (Some(text), []) if command.has("decode") => decode(text),
            _ => None,
        };
        match decoded {
            Some(text) => Flow::text(&text),
            None => Flow {
                remote: self.output(command).remote,
                ..Flow::unknown()
            },
        }
    }

    // -- looking for files --

    /// find: paths, then an expression in which some words act.
    fn find(&mut self, command: &Command<'_>) -> Result<Flow, Unread> {
        let args = command.args();
        let begins = |arg: &Arg| arg.text.starts_with('-') || arg.is("(") || arg.is("!") || arg.is(")");
        let mut at = args
            .iter()
            .take_while(|arg| arg.is("-H") || arg.is("-L") || arg.is("-P"))
            .count();
        let first = at;
        while at < args.len() && !begins(&args[at]) {
            at += 1;
        }
        let mut starts = args[first..at].to_vec();
        if starts.is_empty() {
            starts.push(Arg::known(".", command.span()));
        }
        self.opaque |= starts.iter().any(Arg::is_anything);
        for start in &starts {
            self.read_file(start);
        }
        while at < args.len() {
            at = self.find_word(&args[at..], &starts)? + at;
        }
        Ok(Flow::plain(""))
    }

    /// One word of the expression; gives how many words it took.
    fn find_word(&mut self, args: &[Arg], starts: &[Arg]) -> Result<usize, Unread> {
        let word = args[0].whole().unwrap_or("");
        let value = args.get(1);
        match word {
            "-delete" => starts
                .iter()
                .for_each(|start| self.file("file.delete", start, Some(true))),
            "-exec" | "-execdir" | "-ok" | "-okdir" => {
                let end = args
                    .iter()
                    .position(|arg| arg.is(";") || (arg.is("+")))
                    .unwrap_or(args.len());
                self.find_exec(&args[1..end], starts)?;
                return Ok(end + 1);
            }
            "-fprint" | "-fprint0" | "-fls" | "-fprintf" => {
                if let Some(file) = value {
                    self.written_to(file);
                }
                return Ok(if word == "-fprintf" { 3 } else { 2 });
            }
            "-newer" | "-anewer" | "-cnewer" | "-samefile" | "-files0-from" => {
                if let Some(file) = value {
                    self.read_file(file);
                }
                return Ok(2);
            }
            _ if FIND_FLAGS.contains(&word) => {}
            _ if FIND_VALUES.contains(&word) || word.starts_with("-newer") => return Ok(2),
            _ => self.opaque = true,
        }
        Ok(1)
    }

    fn find_exec(&mut self, argv: &[Arg], starts: &[Arg]) -> Result<(), Unread> {
        for start in starts {
            let found = below(start);
            let argv: Vec<Arg> = argv.iter().map(|arg| replaced(arg, "{}", &found)).collect();
            self.subshell(|walk| walk.inner(&argv, &Flow::unknown()))?;
        }
        Ok(())
    }

    fn fd(&mut self, command: &Command<'_>) -> Result<(), Unread> {
        let words: Vec<Arg> = command.sorted.values("rest").cloned().collect();
        for folder in command.operands().iter().skip(1) {
            self.read_file(folder);
        }
        if words.is_empty() {
            return Ok(());
        }
        let end = words.iter().position(|word| word.is(";")).unwrap_or(words.len());
        let start = command
            .operands()
            .get(1)
            .cloned()
            .unwrap_or(Arg::known(".", command.span()));
        let mut argv = words[..end].to_vec();
        if !argv.iter().any(|arg| arg.text.contains('{')) {
            argv.push(Arg::known("{}", command.span()));
        }
        self.find_exec(&argv, &[start])
    }

    /// `+F` goes to the end; `+!program` runs one.
    fn pager(&mut self, command: &Command<'_>) -> Flow {
        for file in command.operands() {
            if file.text.starts_with('+') {
                self.opaque |= file.open || file.text.contains(['!', '|', 'v', '\r', '\n']);
            } else {
                self.read_file(file);
            }
        }
        self.output(command)
    }

    /// Editors change the files that they open, and run what they are told.
    fn editor(&mut self, command: &Command<'_>) {
        for file in command.operands() {
            if file.text.starts_with('+') {
                let line = file.text[1..].bytes().all(|byte| byte.is_ascii_digit());
                self.opaque |= !line || file.open;
            } else {
                self.written_to(file);
            }
        }
        // Commands for the editor on its input.
        self.opaque |= matches!(command.name, "ed" | "ex") && (!command.input.stored || command.input.remote);
    }
}

const FIND_FLAGS: &[&str] = &[
    "",
    "-and",
    "-a",
    "-or",
    "-o",
    "-not",
    "!",
    "(",
    ")",
    ",",
    "-print",
    "-print0",
    "-ls",
    "-prune",
    "-quit",
    "-depth",
    "-d",
    "-empty",
    "-executable",
    "-readable",
    "-writable",
    "-follow",
    "-mount",
    "-xdev",
    "-daystart",
    "-nouser",
    "-nogroup",
    "-true",
    "-false",
    "-noleaf",
    "-ignore_readdir_race",
    "-noignore_readdir_race",
    "-warn",
    "-nowarn",
    "-x",
    "-X",
    "-s",
    "-E",
];
const FIND_VALUES: &[&str] = &[
    "-name",
    "-iname",
    "-path",
    "-ipath",
    "-wholename",
    "-iwholename",
    "-regex",
    "-iregex",
    "-regextype",
    "-lname",
    "-ilname",
    "-type",
    "-xtype",
    "-size",
    "-mtime",
    "-mmin",
    "-atime",
    "-amin",
    "-ctime",
    "-cmin",
    "-user",
    "-group",
    "-uid",
    "-gid",
    "-perm",
    "-maxdepth",
    "-mindepth",
    "-links",
    "-inum",
    "-printf",
    "-fstype",
    "-used",
    "-context",
    "-O",
    "-D",
    "-flags",
    "-Bmin",
    "-Btime",
];

/// A mode that looks like an option.
fn takes_away(arg: &Arg) -> bool {
    let letters = |c: char| "rwxXstugoa,+=-".contains(c);
    arg.text
        .strip_prefix('-')
        .is_some_and(|mode| !mode.is_empty() && mode.chars().all(letters))
}

/// Whether a target is a directory by its spelling.
fn is_folder(target: &Arg) -> bool {
    target.whole().is_some_and(|text| {
        text.ends_with('/')
            || matches!(text, "." | ".." | "~")
            || text.ends_with("/.")
            || text.ends_with("/..")
    })
}

/// A file of the same name in a directory.
fn inside(folder: &Arg, source: &Arg) -> Arg {
    let name = source
        .whole()
        .and_then(|text| text.trim_end_matches('/').rsplit('/').next());
    match (folder.whole(), name) {
        (Some(folder_text), Some(name)) if !matches!(name, "" | "." | "..") => Arg {
            text: format!("{}/{name}", folder_text.strip_suffix('/').unwrap_or(folder_text)).into(),
            ..folder.clone()
        },
        (Some(folder_text), _) => Arg {
            text: format!("{}/", folder_text.trim_end_matches('/')).into(),
            open: true,
            glob: true,
            ..folder.clone()
        },
        (None, _) => folder.clone(),
    }
}

/// The directory that a file is in, with all that is below.
fn folder_of(file: &Arg) -> Arg {
    match file.whole() {
        Some(text) => Arg {
            text: text
                .rsplit_once('/')
                .map_or(".", |(folder, _)| if folder.is_empty() { "/" } else { folder })
                .into(),
            ..file.clone()
        },
        None => file.clone(),
    }
}

/// The folder that an archive is called after: most of them hold one.
fn stem(archive: &Arg) -> Arg {
    let name = archive
        .whole()
        .and_then(|text| text.rsplit('/').next())
        .unwrap_or("");
    let ends = [
        ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz", ".tar.zst", ".tar", ".zip",
    ];
    let stem = ends
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .filter(|stem| !stem.is_empty());
    Arg::known(stem.unwrap_or("."), archive.span.clone())
}

/// Something below a directory.
pub(super) fn below(folder: &Arg) -> Arg {
    Arg {
        text: if folder.whole().is_some() {
            format!("{}/", folder.text.trim_end_matches('/')).into()
        } else {
            folder.text.clone()
        },
        open: true,
        glob: folder.whole().is_some() || folder.glob,
        plain: true,
        many: true,
        ..folder.clone()
    }
}

/// A word in which a mark stands for something that is found later.
pub(super) fn replaced(arg: &Arg, mark: &str, found: &Arg) -> Arg {
    match arg.text.find(mark) {
        Some(_) if mark.is_empty() => arg.clone(),
        Some(0) => Arg {
            span: arg.span.clone(),
            ..found.clone()
        },
        Some(at) => Arg {
            text: arg.text[..at].into(),
            open: true,
            remote: arg.remote || found.remote,
            ..arg.clone()
        },
        None => arg.clone(),
    }
}

/// What base64 text stands for, where that is text.
fn decode(text: &str) -> Option<String> {
    let mut bits = 0u32;
    let mut count = 0;
    let mut out = Vec::new();
    for byte in text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
    {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if 8 <= count {
            count -= 8;
            out.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    String::from_utf8(out).ok().filter(|text| !text.contains('\0'))
}

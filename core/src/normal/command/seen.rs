//! Effects as they are handed out: their arguments, in normal form. Knows nothing of how they came to be.

use super::Seen;
use super::address::Address;
use super::arg::Arg;
use super::shell::Span;
use super::walk::Walk;
use crate::normal::path::{Path, Place, Places};
use crate::value::{Fact, List, Value};

/// A `command.run`.
pub(super) struct Run<'r> {
    program: Option<String>,
    argv: &'r [Arg],
    pub(super) code: bool,
    pub(super) raised: bool,
}

impl<'r> Run<'r> {
    pub(super) fn new(program: Option<String>, argv: &'r [Arg]) -> Run<'r> {
        Run {
            program,
            argv,
            code: false,
            raised: false,
        }
    }

    pub(super) fn code(mut self) -> Run<'r> {
        self.code = true;
        self
    }
}

/// Facts of a run besides its program and its words; false until a reader marks them.
const MARKS: [&str; 3] = ["pipes_remote_script", "skips_hooks", "installs_packages"];

/// Files of `/dev/` that are none: what is written there goes nowhere, or where the caller wants it.
const NOWHERE: &[&str] = &[
    "null", "stdout", "stderr", "stdin", "tty", "zero", "urandom", "random",
];

impl Walk<'_> {
    // -- programs --

    pub(super) fn push_run(&mut self, run: Run<'_>) -> usize {
        let mut items = Vec::with_capacity(run.argv.len());
        items.extend(run.argv.iter().filter_map(Arg::whole).map(Value::text));
        let open = items.len() < run.argv.len();
        let bool = |value: bool| Fact::Known(Value::Bool(value));
        let mut facts = Vec::with_capacity(8);
        facts.push((
            "program",
            run.program
                .map_or(Fact::Unknown, |name| Fact::Known(Value::String(name.into()))),
        ));
        facts.push(("argv", Fact::Known(Value::List(List { items, open }))));
        facts.push(("runs_code", bool(run.code)));
        facts.push(("raises_privilege", bool(run.raised || 0 < self.raised)));
        facts.push(("loads_code_by_environment", bool(self.loads)));
        facts.extend(MARKS.map(|mark| (mark, bool(false))));
        // Most lines stay where they are; then what the request says of the directory holds.
        facts.extend(self.moved_to().map(|folder| ("cwd", folder)));
        self.push("command.run", facts, run.argv.first().map(|arg| arg.span.clone()));
        self.effects.len() - 1
    }

    /// Says of a run that something holds of it.
    pub(super) fn mark(&mut self, run: usize, name: &str) {
        let Some(seen) = self.effects.get_mut(run) else {
            return;
        };
        if let Some((_, fact)) = seen.facts.iter_mut().find(|(known, _)| *known == name) {
            *fact = Fact::Known(Value::Bool(true));
        }
    }

    pub(super) fn mark_run(&mut self, run: Option<usize>, name: &str) {
        if let Some(run) = run {
            self.mark(run, name);
        }
    }

    /// A builtin that does something which rules must see is a run of that name.
    pub(super) fn push_builtin(&mut self, argv: &[Arg]) -> usize {
        let name = argv.first().and_then(Arg::whole).unwrap_or("").to_owned();
        self.push_run(Run::new(Some(name), argv))
    }

    /// A bare assignment that loads code is what `export` does.
    pub(super) fn seen_environment(&mut self, value: &Arg) {
        let argv = [Arg::known("export", value.span.clone())];
        self.push_builtin(&argv);
    }

    // -- files --

    pub(super) fn read_file(&mut self, file: &Arg) {
        self.file("file.read", file, Some(false));
    }

    pub(super) fn written_to(&mut self, file: &Arg) {
        self.file("file.write", file, Some(false));
    }

    /// A file is touched, or all that is below a directory.
    pub(super) fn file(&mut self, kind: &'static str, file: &Arg, recursive: Option<bool>) {
        if file.is("-") || file.pipe.is_some() {
            return;
        }
        if let Some(device) = file.text.strip_prefix("/dev/") {
            if device.starts_with("fd/") || NOWHERE.contains(&device) {
                return;
            }
            if let Some(rest) = device.strip_prefix("tcp/").or(device.strip_prefix("udp/")) {
                self.device(rest, file);
                return;
            }
        }
        // An empty word is no file. An unknown one that may be none at all is still one that may be any.
        if file.text.is_empty() && !file.open {
            return;
        }
        if let Some(path) = self.plain_path(file) {
            let mut facts = Vec::with_capacity(3);
            facts.push(("path", Fact::Known(Value::String(path.into()))));
            facts.push(("outside_workspace", Fact::Known(Value::Bool(false))));
            facts.extend(recursive.map(|recursive| ("recursive", Fact::Known(Value::Bool(recursive)))));
            self.push(kind, facts, Some(file.span.clone()));
            return;
        }
        for (path, deep) in self.paths(file) {
            let recursive = if deep { Some(true) } else { recursive };
            let mut facts = located(path.as_ref());
            if path.is_none() {
                facts.push(("path_prefix", self.prefix(file)));
            }
            if let Some(recursive) = recursive {
                facts.push(("recursive", Fact::Known(Value::Bool(recursive))));
            }
            self.push(kind, facts, Some(file.span.clone()));
        }
        for other in self.through_links(file) {
            let mut facts = located(other.as_ref());
            facts.extend(recursive.map(|recursive| ("recursive", Fact::Known(Value::Bool(recursive)))));
            self.push(kind, facts, Some(file.span.clone()));
        }
    }

    /// Where a path leads that goes through a link and back (`link/../x`): its normal form no longer shows the link.
    /// `None` is a path that nobody can say.
    fn through_links(&self, file: &Arg) -> Vec<Option<Path>> {
        let (Some(_), Some(text), Some(directories)) =
            (self.call.places.links, file.whole(), self.directories.each())
        else {
            return Vec::new();
        };
        let text = match text.starts_with('~') && !file.home {
            true => format!("./{text}"),
            false => text.to_owned(),
        };
        let mut found: Vec<Option<Path>> = Vec::new();
        for directory in directories {
            let places = Places {
                cwd: directory.as_deref(),
                ..self.call.places
            };
            let others = Path::others(&text, &places);
            let more = others
                .paths
                .into_iter()
                .map(Some)
                .chain(others.open.then_some(None));
            for path in more {
                if !found.contains(&path) {
                    found.push(path);
                }
            }
        }
        found
    }

    /// `/dev/tcp/host/port` of bash.
    fn device(&mut self, rest: &str, file: &Arg) {
        let (host, port) = rest.split_once('/').unwrap_or((rest, ""));
        let known = rest.contains('/') || !file.open;
        let address = super::address::authority(host)
            .filter(|_| known)
            .map(|address| Address {
                port: port.parse().ok().filter(|_| !file.open),
                ..address
            });
        self.push_connect(address, file.span.clone());
    }

    /// The normal form of a path that is plainly one of the workspace: most are, and making it of its parts is what
    /// reading a long script would spend its time on. The tests hold it against the long way.
    pub(super) fn plain_path(&self, file: &Arg) -> Option<String> {
        if file.open || !self.rooted || !is_plain(&file.text) {
            return None;
        }
        match self.directories.each()? {
            [None] => Some(file.text.as_str().to_owned()),
            [Some(folder)] if is_plain(folder) => Some(format!("{folder}/{}", file.text)),
            _ => None,
        }
    }

    /// What a word may name, with whether everything below it is meant: one path for each directory that the shell may
    /// stand in, `None` where it is not known.
    fn paths(&self, file: &Arg) -> Vec<(Option<Path>, bool)> {
        let (text, deep) = match (file.open, file.glob) {
            (false, _) => (file.text.as_str(), false),
            // A glob matches names in one folder: it is that folder and what is below.
            (true, true) => (
                file.text
                    .rsplit_once('/')
                    .map_or(".", |(folder, _)| if folder.is_empty() { "/" } else { folder }),
                true,
            ),
            (true, false) => return vec![(None, false)],
        };
        let absolute = text.starts_with('/') || file.home;
        let Some(directories) = self.directories.each() else {
            return vec![(
                if absolute {
                    self.normal(text, file.home, None)
                } else {
                    None
                },
                deep,
            )];
        };
        let mut paths = Vec::new();
        for directory in directories {
            let path = self.normal(text, file.home, directory.as_deref());
            if !paths.contains(&(path.clone(), deep)) {
                paths.push((path, deep));
            }
        }
        paths
    }

    /// What a path that is not known begins with: whole folders of it.
    fn prefix(&self, file: &Arg) -> Fact<Value> {
        let Some((folder, _)) = file.text.rsplit_once('/') else {
            return Fact::Unknown;
        };
        let Some([directory]) = self.directories.each() else {
            return Fact::Unknown;
        };
        let folder = if folder.is_empty() { "/" } else { folder };
        match self.normal(folder, file.home, directory.as_deref()) {
            Some(path) => Fact::Known(Value::String(
                format!("{}/", path.as_str().trim_end_matches('/')).into(),
            )),
            None => Fact::Unknown,
        }
    }

    /// A move of one path to another.
    pub(super) fn moved(&mut self, from: &Arg, to: &Arg) {
        let sources = self.paths(from);
        let targets = self.paths(to);
        for (at, (source, _)) in sources.iter().enumerate() {
            let (target, _) = targets
                .get(at)
                .or(targets.last())
                .cloned()
                .unwrap_or((None, false));
            let mut facts = located(source.as_ref());
            facts.push((
                "destination",
                target
                    .as_ref()
                    .map_or(Fact::Unknown, |path| Fact::Known(Value::text(path.as_str()))),
            ));
            self.push("file.move", facts, Some(from.span.clone()));
        }
        for (kind, end) in [("file.delete", from), ("file.write", to)] {
            for other in self.through_links(end) {
                self.push(kind, located(other.as_ref()), Some(end.span.clone()));
            }
        }
    }

    // -- the rest --

    pub(super) fn push_connect(&mut self, address: Option<Address>, span: Span) {
        let mut facts = Vec::new();
        if let Some(Address { host, port }) = address {
            facts.push(("host", Fact::Known(Value::String(host.into()))));
            if let Some(port) = port {
                facts.push(("port", Fact::Known(Value::Int(port))));
            }
        }
        self.push("network.connect", facts, Some(span));
    }

    pub(super) fn push(
        &mut self,
        kind: &'static str,
        facts: Vec<(&'static str, Fact<Value>)>,
        span: Option<Span>,
    ) {
        self.effects.push(Seen { kind, facts, span });
    }
}

/// Whether a relative path is its own normal form, whatever it is relative to.
fn is_plain(text: &str) -> bool {
    let mut dots = true; // whether the segment so far is nothing or dots
    for byte in text.bytes() {
        match byte {
            b'/' if dots => return false,
            b'/' => dots = true,
            b'.' => {}
            // What is not ASCII may have another composed form.
            b'\\' | b'~' | b':' | 0 | 0x80.. => return false,
            _ => dots = false,
        }
    }
    !dots && text.len() < 1_024
}

fn located(path: Option<&Path>) -> Vec<(&'static str, Fact<Value>)> {
    let Some(path) = path else {
        return vec![("path", Fact::Unknown)];
    };
    let mut facts = Vec::with_capacity(3);
    let outside = match path.place() {
        Place::Inside => Fact::Known(Value::Bool(false)),
        Place::Above | Place::Apart => Fact::Known(Value::Bool(true)),
        Place::Home | Place::Unknown => Fact::Unknown,
    };
    facts.push(("path", Fact::Known(Value::text(path.as_str()))));
    facts.push(("outside_workspace", outside));
    facts
}

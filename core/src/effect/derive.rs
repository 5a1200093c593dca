//! A request to its effects: what its command runs, which files its change touches, where its move ends. What is left
//! open becomes one opaque effect of each kind that it may be.

use smallvec::{SmallVec, smallvec};

use super::{Effect, Effects, Origin, action_of};
use crate::limits::EFFECTS_MAX;
use crate::normal::command::{self, Call, Reading, Seen};
use crate::normal::{Path, Places};
use crate::request::{ChangeKind, Extent, Request, outside_workspace, vocabulary};
use crate::schema::{ActionId, AttributeId, Schema};
use crate::value::{Fact, Tri, Value};

type Facts = SmallVec<[(AttributeId, Fact<Value>); 3]>;

/// The kinds that effects are derived to, and from, by name.
const SHELL: &str = "shell.exec";
const READ: &str = "file.read";
const WRITE: &str = "file.write";
const DELETE: &str = "file.delete";
const MOVE: &str = "file.move";
const HTTP: &str = "http.request";
const CONNECT: &str = "network.connect";
const INCLUDE: &str = "context.include";

impl Effects {
    /// All that a request would do, as far as its text says.
    pub fn of(request: &Request, schema: &Schema) -> Effects {
        let kind = action_of(request, schema);
        let said = vocabulary().ids.recursive;
        let asked = Effect {
            recursive: recursive(
                kind.map(|kind| schema.action(kind).name.as_str()),
                request.fact(said),
                kind.is_none_or(|kind| schema.belongs(said, kind)),
            ),
            kind,
            origin: Origin::Asked,
        };
        let may_derive = kind.is_some_and(|kind| !schema.action(kind).derives.is_empty());
        if !may_derive {
            return Effects(smallvec![asked]);
        }
        Deriver::new(request, schema, asked).finish()
    }
}

struct Deriver<'d> {
    request: &'d Request,
    schema: &'d Schema,
    effects: SmallVec<[Effect; 1]>,
    /// Whether there may be effects that nobody has seen.
    open: bool,
}

impl<'d> Deriver<'d> {
    fn new(request: &'d Request, schema: &'d Schema, asked: Effect) -> Deriver<'d> {
        Deriver {
            request,
            schema,
            effects: smallvec![asked],
            open: false,
        }
    }

    fn finish(mut self) -> Effects {
        let Some(action) = self.effects[0].kind else {
            return Effects(self.effects);
        };
        match self.schema.action(action).name.as_str() {
            SHELL => self.commands(),
            MOVE => self.asked_move(),
            HTTP => self.connection(),
            _ => {}
        }
        if self.schema.belongs(vocabulary().ids.changed_files, action) {
            self.changed_files();
        }
        if EFFECTS_MAX < self.effects.len() {
            self.effects.truncate(1);
            self.open = true;
        }
        if self.open {
            self.opaque(action);
        }
        Effects(self.effects)
    }

    /// One of each kind that the action may derive.
    fn opaque(&mut self, action: ActionId) {
        let opaque = |kind: &ActionId| Effect {
            kind: Some(*kind),
            origin: Origin::Opaque,
            recursive: Tri::Unknown,
        };
        self.effects
            .extend(self.schema.action(action).derives.iter().map(opaque));
    }

    /// Whether the bound is reached: then what was seen counts for nothing, and nothing more need be read.
    fn is_full(&self) -> bool {
        EFFECTS_MAX < self.effects.len()
    }

    fn push(&mut self, kind: &str, facts: Facts) {
        let attribute = vocabulary().ids.recursive;
        let said = facts.iter().find(|(id, _)| *id == attribute);
        let said = said.map_or(Fact::Unknown, |(_, fact)| fact.as_ref());
        let id = self.schema.action_named(kind);
        self.effects.push(Effect {
            kind: id,
            recursive: recursive(
                Some(kind),
                said,
                id.is_none_or(|id| self.schema.belongs(attribute, id)),
            ),
            origin: Origin::Derived(facts),
        });
    }

    // -- commands --

    /// `argv` and `command` are two ways to say the same; where a request says both, both are read.
    fn commands(&mut self) {
        let ids = &vocabulary().ids;
        let places = self.request.places();
        let argv = match self.request.fact(ids.argv) {
            Fact::Known(Value::List(list)) => Some(list),
            _ => None,
        };
        let line = match self.request.fact(ids.command) {
            Fact::Known(line) => line.as_str(),
            _ => None,
        };
        if let Some(argv) = argv {
            let words = argv.items.iter().filter_map(Value::as_str).map(str::to_owned);
            let words: Vec<String> = words.collect();
            self.reading(command::read(&Call {
                argv: Some(&words),
                argv_open: argv.open,
                line: None,
                places,
                home: None, // no request says it yet
            }));
        }
        if line.is_some() {
            self.reading(command::read(&Call {
                argv: None,
                argv_open: false,
                line,
                places,
                home: None, // no request says it yet
            }));
        }
        self.open |= argv.is_none() && line.is_none();
    }

    fn reading(&mut self, reading: Reading) {
        self.open |= reading.opaque;
        for seen in reading.effects {
            if self.is_full() {
                return;
            }
            self.seen(seen);
        }
    }

    /// What was seen of a kind that this schema lacks, or in facts that it lacks, is not dropped but left open.
    fn seen(&mut self, seen: Seen) {
        let mut facts = Facts::new();
        for (name, fact) in seen.facts {
            match self.schema.attribute_named(name) {
                Some(id) => facts.push((id, fact)),
                None => self.open = true,
            }
        }
        match seen.kind {
            MOVE => self.seen_move(facts),
            kind if self.schema.action_named(kind).is_some() => self.push(kind, facts),
            _ => self.open = true,
        }
    }

    // -- files --

    fn changed_files(&mut self) {
        let changes = self.request.changes();
        for change in &changes.files {
            if self.is_full() {
                return;
            }
            let path = Fact::Known(&change.path);
            match &change.kind {
                ChangeKind::Added | ChangeKind::Modified => self.file(WRITE, path),
                ChangeKind::Deleted => self.file(DELETE, path),
                ChangeKind::Renamed { from } => {
                    self.file(DELETE, from.as_ref().map_or(Fact::Unknown, Fact::Known));
                    self.file(WRITE, path);
                }
                ChangeKind::Unsaid => {
                    self.file(WRITE, path);
                    self.file(DELETE, path);
                }
            }
        }
        self.open |= matches!(changes.extent, Extent::Unsaid | Extent::Open);
    }

    /// A changed file is one file.
    fn file(&mut self, kind: &str, path: Fact<&Path>) {
        let no = Fact::Known(Value::Bool(false));
        let facts = self.located(
            path.map(|path| Value::text(path.as_str())),
            outside_workspace(path),
            no,
        );
        self.push(kind, facts);
    }

    fn located(&self, path: Fact<Value>, outside: Fact<Value>, recursive: Fact<Value>) -> Facts {
        let ids = &vocabulary().ids;
        smallvec![
            (ids.path, path),
            (ids.outside_workspace, outside),
            (ids.recursive, recursive)
        ]
    }

    /// A move touches both its ends: it is a move at the destination too, deletes here and writes there.
    fn ends(&mut self, path: Fact<Value>, outside: Fact<Value>, destination: Fact<Value>, deep: Fact<Value>) {
        let depth = recursive(Some(MOVE), deep.as_ref(), true);
        let outside_there = self.outside(destination.as_ref());
        let here = self.located(path, outside, deep.clone());
        let there = self.located(destination.clone(), outside_there, deep);
        let mut moved = there.clone();
        moved.push((vocabulary().ids.destination, destination));
        self.push(MOVE, moved);
        self.push(DELETE, here);
        self.push(WRITE, there);
        if let Some(written) = self.effects.last_mut() {
            written.recursive = depth; // what a move writes goes as deep as what it moves, which a plain write does not
        }
    }

    fn asked_move(&mut self) {
        let ids = &vocabulary().ids;
        let said = |id| self.request.fact(id).map(Value::clone);
        let (path, outside) = (said(ids.path), said(ids.outside_workspace));
        let (destination, deep) = (said(ids.destination), said(ids.recursive));
        self.ends(path, outside, destination, deep);
    }

    fn seen_move(&mut self, facts: Facts) {
        let ids = &vocabulary().ids;
        let said = |id: AttributeId| {
            let found = facts.iter().find(|(known, _)| *known == id);
            found.map_or(Fact::Unknown, |(_, fact)| fact.clone())
        };
        let (path, outside) = (said(ids.path), said(ids.outside_workspace));
        let (destination, deep) = (said(ids.destination), said(ids.recursive));
        self.push(MOVE, facts);
        self.ends(path, outside, destination, deep);
    }

    fn outside(&self, normal: Fact<&Value>) -> Fact<Value> {
        let places = Places {
            cwd: None, // a normal form is relative to the root
            ..self.request.places()
        };
        let read = |value: &Value| Path::normalise(value.as_str()?, &places).ok();
        match normal.map(read) {
            Fact::Known(Some(path)) => outside_workspace(Fact::Known(&path)),
            Fact::Null => Fact::Null,
            Fact::Known(None) | Fact::Unknown => Fact::Unknown,
        }
    }

    // -- network --

    /// An HTTP request reaches a host, as far as the request names it.
    fn connection(&mut self) {
        let ids = &vocabulary().ids;
        let said = |id| (id, self.request.fact(id).map(Value::clone));
        let facts = smallvec![said(ids.host), said(ids.port)];
        self.push(CONNECT, facts);
    }
}

/// Whether everything below the path is touched. Reading, writing and including speak of one path unless they say
/// otherwise; deleting and moving a directory takes all that is in it, and a request that does not say leaves that open.
fn recursive(kind: Option<&str>, said: Fact<&Value>, belongs: bool) -> Tri {
    match (said, kind) {
        (Fact::Known(Value::Bool(recursive)), _) => (*recursive).into(),
        (Fact::Known(_) | Fact::Null, _) | (Fact::Unknown, Some(READ | WRITE | INCLUDE)) => Tri::False,
        (Fact::Unknown, _) if belongs => Tri::Unknown,
        (Fact::Unknown, _) => Tri::False,
    }
}

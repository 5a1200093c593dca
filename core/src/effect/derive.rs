//! A request to its effects: what its command runs, which files its change touches, where its move ends. What is left
//! open becomes one opaque effect of each kind that it may be.

use std::ops::Range;

use smallvec::{SmallVec, smallvec};

use super::looks::Looks;
use super::{Effect, Effects, Origin, action_of};
use crate::limits::EFFECTS_MAX;
use crate::normal::command::{self, Call, Reading, Seen};
use crate::normal::{Change, Patch, Path, Place, Places, Strip, protected_below};
use crate::request::{ChangeKind, Extent, Request, outside_workspace, vocabulary};
use crate::schema::{ActionId, AttributeId, Schema};
use crate::value::{Fact, List, Tri, Value};

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
            looks: Looks::default(),
            span: None,
        };
        let may_derive = kind.is_some_and(|kind| !schema.action(kind).derives.is_empty());
        if !may_derive && !touches_more(&asked, request) {
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
    /// Where what is being read is said.
    span: Option<(u32, u32)>,
}

impl<'d> Deriver<'d> {
    fn new(request: &'d Request, schema: &'d Schema, asked: Effect) -> Deriver<'d> {
        Deriver {
            request,
            schema,
            effects: smallvec![asked],
            open: false,
            span: None,
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
            let read = self.patch(action);
            self.changed_files(read);
        }
        self.touched();
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
            looks: Looks::default(),
            span: None,
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
            looks: Looks::default(),
            span: self.span,
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
                programs: Some(self.schema.programs()),
            }));
        }
        if line.is_some() {
            self.reading(command::read(&Call {
                argv: None,
                argv_open: false,
                line,
                places,
                programs: Some(self.schema.programs()),
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
            self.at(seen.span.clone());
            self.seen(seen);
        }
        self.span = None;
    }

    fn at(&mut self, span: Option<Range<usize>>) {
        let short =
            |span: Range<usize>| Some((u32::try_from(span.start).ok()?, u32::try_from(span.end).ok()?));
        self.span = span.and_then(short);
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

    /// What a patch does to files; says whether there is one. Files that the host lists close the list: what the patch
    /// does beside what was read of it is then said.
    fn patch(&mut self, action: ActionId) -> bool {
        let ids = &vocabulary().ids;
        if !self.schema.belongs(ids.patch, action) {
            return false;
        }
        let Fact::Known(Value::String(text)) = self.request.fact(ids.patch) else {
            return false;
        };
        let strip = match self.request.fact(ids.strip) {
            Fact::Known(Value::Int(folders)) => {
                usize::try_from(*folders).map_or(Strip::Unsaid, Strip::Exactly)
            }
            _ => Strip::Unsaid,
        };
        let patch = Patch::read(text, strip);
        let closed = matches!(self.request.changes().extent, Extent::Closed | Extent::None);
        self.open |= patch.opaque && !closed;
        for file in patch.files {
            if self.is_full() {
                break;
            }
            self.at(Some(file.span));
            let path = self.named(&file.path);
            let other = file.other.as_deref().map(|other| self.named(other));
            match (file.change, other) {
                (Change::Create | Change::Modify, _) => self.file(WRITE, path.as_ref()),
                (Change::Delete, _) => self.file(DELETE, path.as_ref()),
                (Change::Copy, other) => {
                    self.file(READ, other.as_ref().map_or(Fact::Unknown, Fact::as_ref));
                    self.file(WRITE, path.as_ref());
                }
                (Change::Rename, other) => {
                    let text = |path: &Path| Value::text(path.as_str());
                    let no = Fact::Known(Value::Bool(false));
                    let mut facts =
                        self.located(path.as_ref().map(text), outside_workspace(path.as_ref()), no);
                    let other = other.as_ref().map_or(Fact::Unknown, Fact::as_ref);
                    facts.push((ids.destination, other.map(text)));
                    self.seen_move(facts);
                }
            }
        }
        self.span = None;
        true
    }

    /// A name in a patch. One that is no path may be any.
    fn named(&self, name: &str) -> Fact<Path> {
        let places = Places {
            cwd: None,
            ..self.request.places()
        };
        Path::normalise(name, &places).map_or(Fact::Unknown, Fact::Known)
    }

    fn changed_files(&mut self, patch_read: bool) {
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
        self.open |= match changes.extent {
            Extent::Unsaid => !patch_read,
            Extent::Open => true,
            Extent::None | Extent::Closed => false,
        };
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

    // -- what else a path touches --

    /// An effect on a path is one on all that the path is by another name: where a link leads, what Windows makes of it.
    /// One on a folder with all that is below it is one on each class of what is protected there, and an effect of its own
    /// for each: a grant of one class must not grant the others.
    fn touched(&mut self) {
        let places = Places {
            cwd: None,
            ..self.request.places()
        };
        for at in 0..self.effects.len() {
            if self.is_full() {
                return;
            }
            self.touched_by(at, &places);
        }
        self.span = None;
    }

    fn touched_by(&mut self, at: usize, places: &Places<'_>) {
        let ids = &vocabulary().ids;
        let effect = &self.effects[at];
        let Some(kind) = effect.kind.filter(|&kind| self.schema.belongs(ids.path, kind)) else {
            return;
        };
        // What is there for one class alone stands beside the effect that is there for all.
        if let Origin::Derived(facts) = &effect.origin
            && facts.iter().any(|(known, _)| *known == ids.path_class)
        {
            return;
        }
        let Fact::Known(Value::String(normal)) = effect.own(ids.path, self.request) else {
            return;
        };
        let written = match effect.origin {
            Origin::Asked => self.request.path_written(),
            Origin::Derived(_) | Origin::Opaque => None,
        };
        let others = Path::others(written.unwrap_or(normal), places);
        let deep = effect.recursive;
        let mut paths: Vec<Option<Path>> = others.paths.into_iter().map(Some).collect();
        paths.extend(others.open.then_some(None));
        let below = match deep {
            Tri::False => Vec::new(),
            _ => {
                let place = Path::normalise(normal, places).map_or(Place::Unknown, |path| path.place());
                protected_below(normal, place, places.home.is_some())
            }
        };
        if paths.is_empty() && below.is_empty() {
            return;
        }
        let facts = self.facts_of(at);
        self.span = self.effects[at].span;
        let name = &self.schema.action(kind).name;
        for path in paths {
            let path = path.map_or(Fact::Unknown, Fact::Known);
            let mut facts = facts.clone();
            facts.retain(|(known, _)| *known != ids.path && *known != ids.outside_workspace);
            facts.push((ids.path, path.as_ref().map(|path| Value::text(path.as_str()))));
            facts.push((ids.outside_workspace, outside_workspace(path.as_ref())));
            self.push_as_deep(name, facts, deep);
        }
        for class in below {
            let items = vec![Value::text(class.as_str())];
            let mut facts = facts.clone();
            facts.push((
                ids.path_class,
                Fact::Known(Value::List(List { items, open: false })),
            ));
            self.push_as_deep(name, facts, deep);
        }
    }

    fn push_as_deep(&mut self, kind: &str, facts: Facts, deep: Tri) {
        self.push(kind, facts);
        if let Some(pushed) = self.effects.last_mut() {
            pushed.recursive = deep;
        }
    }

    /// What an effect says itself.
    fn facts_of(&self, at: usize) -> Facts {
        let effect = &self.effects[at];
        match (&effect.origin, effect.kind) {
            (Origin::Derived(facts), _) => facts.clone(),
            (Origin::Asked, Some(kind)) => {
                // What a path looks like is looked at again, of the path that it then is.
                let own = self.schema.action(kind).arguments.iter();
                own.filter(|&&id| !super::looks::shows(id))
                    .map(|&id| (id, self.request.fact(id).map(Value::clone)))
                    .collect()
            }
            (Origin::Asked, None) | (Origin::Opaque, _) => Facts::new(),
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

/// Whether the path of the action may touch more than what it names. Most do not, and cost next to nothing here.
fn touches_more(asked: &Effect, request: &Request) -> bool {
    let written = request.path_written();
    written.is_some_and(|path| {
        asked.recursive != Tri::False || request.places().links.is_some() || Path::may_have_others(path)
    })
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

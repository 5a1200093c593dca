//! A script read from its beginning to its end: which commands it runs, with which words, where, on which input. Both
//! branches of a condition are read, and what only one of them settles is not known afterwards. Knows no program; those
//! are in `act.rs` and what it calls.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::arg::{Arg, Flow};
use super::budget::{Budget, Unread};
use super::program::program_name;
use super::repeated::Repeated;
use super::shell::{
    Assignment, Body, Commands, Link, List, Node, Part, Redirect, Redirection, Script, Simple, Span, Word,
    parse,
};
use super::state::{Directories, Variables};
use super::table::Programs;
use super::{Call, DOUBTS_MAX, Doubt, Seen, environment};
use crate::limits::COMMAND_BRACES_MAX;
use crate::normal::path::{Path, Places};
use crate::value::{Fact, Value};

/// The reader of one command.
pub(super) struct Walk<'a> {
    pub(super) call: &'a Call<'a>,
    pub(super) programs: &'a Programs,
    pub(super) budget: Budget,
    pub(super) effects: Vec<Seen>,
    pub(super) opaque: bool,
    /// Why it is opaque, for people. What decides is `opaque` alone.
    pub(super) doubts: Vec<Doubt>,
    /// Why the command that is being read may be, where that is plain.
    pub(super) why: Option<&'static str>,
    pub(super) variables: Variables,
    pub(super) directories: Directories,
    /// Where the shell stands if the command just read failed: a `cd` that finds no directory stays.
    pub(super) failed: Option<Directories>,
    /// `$1` and so on, where they are known.
    pub(super) arguments: Option<Vec<Arg>>,
    /// What the script has written, by path.
    pub(super) written: FxHashMap<Box<str>, Flow>,
    /// Folders that it has filled from the network.
    pub(super) fetched: Vec<Box<str>>,
    /// How often what is written was told.
    pub(super) writes: usize,
    /// The commands that a long script may repeat.
    pub(super) repeated: Repeated,
    /// How many privilege-raising programs stand around the command.
    pub(super) raised: usize,
    /// Whether the environment was made to load code.
    pub(super) loads: bool,
    /// Whether the root of the workspace, if it is said, is one that paths can be relative to.
    pub(super) rooted: bool,
    /// The script stops at the first command that fails.
    pub(super) stops: bool,
    functions: FxHashMap<Box<str>, Function>,
    /// The functions that are being called, so that one which calls itself is not followed for ever.
    calling: Vec<Box<str>>,
    bodies: Vec<Rc<Flow>>,
    /// Where the script stands in the line, or the word that it was found in.
    pub(super) place: Option<Span>,
}

#[derive(Clone)]
struct Function {
    body: Rc<str>,
    span: Option<Span>,
    called: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(call: &'a Call<'a>, programs: &'a Programs) -> Walk<'a> {
        Walk {
            call,
            programs,
            budget: Budget::new(),
            effects: Vec::new(),
            opaque: false,
            doubts: Vec::new(),
            why: None,
            variables: Variables::default(),
            directories: Directories::one(call.places.cwd),
            failed: None,
            arguments: None,
            written: FxHashMap::default(),
            fetched: Vec::new(),
            writes: 0,
            repeated: Repeated::default(),
            raised: 0,
            loads: false,
            rooted: call
                .places
                .root
                .is_none_or(|root| root.starts_with('/') && !root.contains(['~', '\0'])),
            stops: false,
            functions: FxHashMap::default(),
            calling: Vec::new(),
            bodies: Vec::new(),
            place: None,
        }
    }

    /// Reads the whole of a line.
    pub(super) fn line(&mut self, line: &str) -> Result<(), Unread> {
        let input = Flow::inherited();
        self.budget.enter()?;
        match Commands::of(line, &mut self.budget)? {
            Some(mut commands) => {
                // What one that is no script has done so far is dropped with everything else.
                while let Some(node) = commands.next(&mut self.budget)? {
                    self.listed(&node, &input)?;
                }
            }
            None => {
                self.whole(line, &input)?;
            }
        }
        self.budget.leave();
        self.uncalled()
    }

    /// Where the shell stands by now, if the line has moved it.
    pub(super) fn moved_to(&self) -> Option<Fact<Value>> {
        if self.directories.is(self.call.places.cwd) {
            return None;
        }
        Some(match self.directories.each() {
            Some([Some(folder)]) => Fact::Known(Value::text(folder)),
            _ => Fact::Unknown,
        })
    }

    /// Notes why the line is opaque.
    pub(super) fn doubt(&mut self, why: &'static str, program: Option<&str>, span: &Span) {
        if self.doubts.len() < DOUBTS_MAX {
            self.doubts.push(Doubt {
                why,
                program: program.map(str::to_owned),
                span: Some(span.clone()),
            });
        }
    }

    /// A function that nobody calls here may be called later: what it does is part of what the line does.
    fn uncalled(&mut self) -> Result<(), Unread> {
        let mut names: Vec<Box<str>> = self
            .functions
            .iter()
            .filter(|(_, f)| !f.called)
            .map(|(n, _)| n.clone())
            .collect();
        names.sort();
        for name in names {
            self.arguments = None;
            self.call_function(&name, None, &Flow::unknown())?;
        }
        Ok(())
    }

    /// A script found in a word: its places are those of the word.
    pub(super) fn nested(&mut self, text: &str, input: &Flow) -> Result<Flow, Unread> {
        let place = self.place.clone();
        if self.place.is_none() {
            self.place = Some(0..0);
        }
        let flow = self.script(text, input);
        self.place = place;
        flow
    }

    /// The same, where the word is known.
    pub(super) fn nested_at(&mut self, text: &str, span: &Span, input: &Flow) -> Result<Flow, Unread> {
        let place = self.place.replace(span.clone());
        let flow = self.script(text, input);
        self.place = place;
        flow
    }

    fn script(&mut self, text: &str, input: &Flow) -> Result<Flow, Unread> {
        self.budget.enter()?;
        let flow = self.whole(text, input)?;
        self.budget.leave();
        Ok(flow)
    }

    fn whole(&mut self, text: &str, input: &Flow) -> Result<Flow, Unread> {
        let script = parse(text, &mut self.budget)?;
        let bodies = std::mem::take(&mut self.bodies);
        self.read_bodies(&script)?;
        let flow = self.list(&script.list, input)?;
        self.bodies = bodies;
        Ok(flow)
    }

    /// Here-documents are expanded where they are used; that is late enough, since what they substitute runs in a
    /// shell of its own, and variables that are set in between are rare and leave an unknown text at worst.
    fn read_bodies(&mut self, script: &Script<'_>) -> Result<(), Unread> {
        for body in &script.bodies {
            let flow = match body {
                Body::Literal(text) => Flow::text(text),
                Body::Expanded(parts) => self.document(parts)?,
                Body::Pending => return Err(Unread),
            };
            self.bodies.push(Rc::new(flow));
        }
        Ok(())
    }

    fn document(&mut self, parts: &[Part<'_>]) -> Result<Flow, Unread> {
        // Variables may be set between here and there.
        let simple = parts.iter().all(|part| matches!(part, Part::Quoted(_)));
        let arg = self.text(parts)?;
        let text = arg.whole().filter(|_| simple).map(Into::into);
        Ok(Flow {
            remote: arg.remote,
            text,
            ..Flow::default()
        })
    }

    pub(super) fn span(&self, span: &Span) -> Span {
        self.place.clone().unwrap_or_else(|| span.clone())
    }

    // -- lists --

    pub(super) fn list(&mut self, list: &List<'_>, input: &Flow) -> Result<Flow, Unread> {
        let mut out = Flow::silent();
        for node in list {
            out = out.then(self.listed(node, input)?);
        }
        Ok(out)
    }

    /// One command of a list, behind which the next one runs even if it fails.
    fn listed(&mut self, node: &Node<'_>, input: &Flow) -> Result<Flow, Unread> {
        let flow = self.node(node, input)?;
        if let Some(failed) = self.failed.take()
            && !self.stops
        {
            self.directories.or(&failed);
        }
        Ok(flow)
    }

    pub(super) fn node(&mut self, node: &Node<'_>, input: &Flow) -> Result<Flow, Unread> {
        self.budget.command()?;
        self.budget.enter()?;
        let flow = self.node_inside(node, input)?;
        self.budget.leave();
        Ok(flow)
    }

    fn node_inside(&mut self, node: &Node<'_>, input: &Flow) -> Result<Flow, Unread> {
        match node {
            Node::Simple(simple) => self.simple(simple, input),
            Node::Pipe(stages) => self.pipe(stages, input),
            Node::Chain(first, rest) => self.chain(first, rest, input),
            Node::Background(node) => self.subshell(|walk| walk.node(node, input)),
            Node::Not(node) => self.node(node, input),
            Node::Group(list) => self.list(list, input),
            Node::Subshell(list) => self.subshell(|walk| walk.list(list, input)),
            Node::If { arms, other } => self.branches(arms, other.as_ref(), input),
            Node::Loop { condition, body } => self.turns(|walk| {
                let first = walk.list(condition, input)?;
                Ok(first.then(walk.list(body, input)?))
            }),
            Node::For { name, words, body } => self.for_loop(name, words.as_deref(), body, input),
            Node::ForArithmetic { head, body } => {
                self.arithmetic(head)?;
                self.turns(|walk| walk.list(body, input))
            }
            Node::Case { word, arms } => self.case(word, arms, input),
            Node::Function { name, body, span } => {
                self.define(name, body, span);
                Ok(Flow::silent())
            }
            Node::Test(words) => self.test(words),
            Node::Arithmetic(parts) => self.arithmetic(parts).map(|()| Flow::silent()),
            Node::Redirected(node, redirections) => {
                let redirected = self.redirect(redirections, input)?;
                let flow = self.node(node, &redirected.input)?;
                Ok(self.deliver(flow, redirected))
            }
        }
    }

    /// What happens in it changes nothing outside.
    pub(super) fn subshell<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Unread>,
    ) -> Result<T, Unread> {
        let mark = self.variables.mark();
        let (directories, failed) = (self.directories.clone(), self.failed.take());
        let (arguments, loads) = (self.arguments.clone(), self.loads);
        let result = read(self)?;
        self.variables.roll_back(mark);
        self.directories = directories;
        self.failed = failed;
        self.arguments = arguments;
        self.loads = loads;
        Ok(result)
    }

    /// A substitution: a subshell whose output is wanted.
    pub(super) fn captured(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Flow, Unread>,
    ) -> Result<Flow, Unread> {
        self.subshell(read)
    }

    fn pipe(&mut self, stages: &[Node<'_>], input: &Flow) -> Result<Flow, Unread> {
        let mut flow = input.clone();
        let Some((last, first)) = stages.split_last() else {
            return Ok(flow);
        };
        for stage in first {
            flow = self.subshell(|walk| walk.node(stage, &flow))?;
        }
        // Bash runs the last stage in a subshell, zsh and ksh do not: what it sets is unknown in the end.
        let mark = self.variables.mark();
        let directories = self.directories.clone();
        let out = self.node(last, &flow)?;
        self.variables.merge(mark);
        self.directories.or(&directories);
        Ok(out)
    }

    fn chain(&mut self, first: &Node<'_>, rest: &[(Link, Node<'_>)], input: &Flow) -> Result<Flow, Unread> {
        let mut out = self.node(first, input)?;
        let mark = self.variables.mark();
        for (link, node) in rest {
            let failed = self.failed.take();
            let flow = match link {
                Link::And => self.after_success(node, failed, input)?,
                Link::Or => self.after_failure(node, failed, input)?,
            };
            out = out.then(flow);
        }
        self.variables.merge(mark);
        Ok(out)
    }

    fn after_success(
        &mut self,
        node: &Node<'_>,
        failed: Option<Directories>,
        input: &Flow,
    ) -> Result<Flow, Unread> {
        let flow = self.node(node, input)?;
        self.failed = either(failed, self.failed.take());
        Ok(flow)
    }

    fn after_failure(
        &mut self,
        node: &Node<'_>,
        failed: Option<Directories>,
        input: &Flow,
    ) -> Result<Flow, Unread> {
        let succeeded = self.directories.clone();
        if let Some(failed) = failed {
            self.directories = failed;
        }
        let flow = self.node(node, input)?;
        if leaves(node) {
            self.directories = succeeded;
            self.failed = None;
        } else {
            self.directories.or(&succeeded);
        }
        Ok(flow)
    }

    fn branches(
        &mut self,
        arms: &[(List<'_>, List<'_>)],
        other: Option<&List<'_>>,
        input: &Flow,
    ) -> Result<Flow, Unread> {
        let mut out = Flow::silent();
        let mark = self.variables.mark();
        let mut after = None;
        for (condition, body) in arms {
            self.list(condition, input)?;
            let before = self.directories.clone();
            let inside = self.variables.mark();
            out = out.then(self.list(body, input)?);
            self.variables.merge(inside);
            after = either(after, Some(std::mem::replace(&mut self.directories, before)));
        }
        if let Some(body) = other {
            out = out.then(self.list(body, input)?);
        }
        if let Some(after) = after {
            self.directories.or(&after);
        }
        self.variables.merge(mark);
        Ok(maybe(out))
    }

    /// A body that may run any number of times. Where its first turn changed what was known, it is read once more with
    /// that unknown.
    fn turns(&mut self, mut read: impl FnMut(&mut Self) -> Result<Flow, Unread>) -> Result<Flow, Unread> {
        let mark = self.variables.mark();
        let before = self.directories.clone();
        let mut out = read(self)?;
        let moved = self.directories != before;
        if moved || self.variables.touched(mark) {
            self.variables.forget_touched(mark);
            if moved {
                self.directories = Directories::unknown();
            }
            out = out.then(read(self)?);
        }
        self.variables.forget_touched(mark);
        self.directories.or(&before);
        Ok(maybe(out))
    }

    fn for_loop(
        &mut self,
        name: &str,
        words: Option<&[Word<'_>]>,
        body: &List<'_>,
        input: &Flow,
    ) -> Result<Flow, Unread> {
        let values = match words {
            Some(words) => Some(self.words(words)?),
            None => self.arguments.clone(),
        };
        let few =
            values.filter(|values| values.len() <= 8 && values.iter().all(|value| value.whole().is_some()));
        let Some(values) = few else {
            return self.for_any(name, words, body, input);
        };
        let mut out = Flow::silent();
        let mark = self.variables.mark();
        let before = self.directories.clone();
        for value in values {
            self.variables.set(name, value);
            let turn = self.variables.mark();
            out = out.then(self.list(body, input)?);
            self.variables.merge(turn);
        }
        self.variables.merge(mark);
        self.directories.or(&before);
        Ok(maybe(out))
    }

    /// The value of each turn is one of many: only what all of them begin with is known.
    fn for_any(
        &mut self,
        name: &str,
        words: Option<&[Word<'_>]>,
        body: &List<'_>,
        input: &Flow,
    ) -> Result<Flow, Unread> {
        let one = match words {
            Some([word]) => match self.words(std::slice::from_ref(word))?.as_slice() {
                [one] => Some(one.clone()),
                _ => None,
            },
            _ => None,
        };
        let value = match one {
            Some(one) => Arg {
                many: false,
                open: true,
                ..one
            },
            None => Arg::unknown(0..0),
        };
        self.turns(|walk| {
            walk.variables.set(name, value.clone());
            walk.list(body, input)
        })
    }

    fn case(
        &mut self,
        word: &Word<'_>,
        arms: &[(Vec<Word<'_>>, List<'_>)],
        input: &Flow,
    ) -> Result<Flow, Unread> {
        self.single(word)?;
        let mut out = Flow::silent();
        let before = self.directories.clone();
        for (patterns, body) in arms {
            for pattern in patterns {
                self.single(pattern)?;
            }
            let mark = self.variables.mark();
            let start = self.directories.clone();
            self.directories = before.clone();
            out = out.then(self.list(body, input)?);
            self.directories.or(&start);
            self.variables.merge(mark);
        }
        Ok(maybe(out))
    }

    // -- what executes in places that look like data --

    fn test(&mut self, words: &[Word<'_>]) -> Result<Flow, Unread> {
        for word in words {
            let arg = self.single(word)?;
            self.subscripts(&arg);
        }
        Ok(Flow::silent())
    }

    /// An arithmetic expression: substitutions in it run, and so do those in the subscripts of arrays, which variables
    /// may bring along.
    pub(super) fn arithmetic(&mut self, parts: &[Part<'_>]) -> Result<(), Unread> {
        for part in parts {
            if let Part::Quoted(text) = part {
                self.assigned(text);
            }
        }
        let arg = self.text(parts)?;
        self.subscripts(&arg);
        Ok(())
    }

    /// The variables that an expression names: it may set them, and what they hold is evaluated.
    fn assigned(&mut self, text: &str) {
        let names = text
            .split(|c: char| c != '_' && !c.is_ascii_alphanumeric())
            .filter(|name| !name.is_empty());
        for name in names {
            let Some(value) = self.variables.get(name) else {
                continue;
            };
            let value = value.clone();
            self.subscripts(&value);
            if text.contains(['=', '+', '-']) {
                self.variables.forget(name);
            }
        }
    }

    /// `a[$(..)]`, quoted or not, runs what it substitutes where a name of a variable is wanted. No tree shows it.
    pub(super) fn subscripts(&mut self, arg: &Arg) {
        let Some(at) = arg.text.bytes().position(|byte| byte == b'[') else {
            return;
        };
        let after = &arg.text[at..];
        let names = |c: char| c == '(' || c == '{' || c == '_' || c.is_ascii_alphabetic();
        if after.contains('`')
            || after
                .match_indices('$')
                .any(|(at, _)| after[at + 1..].starts_with(names))
        {
            self.opaque = true;
            let span = arg.span.clone();
            self.doubt(
                "a subscript that is expanded where a name is wanted runs what it substitutes",
                None,
                &span,
            );
        }
    }

    // -- functions --

    fn define(&mut self, name: &str, body: &str, span: &Span) {
        let function = Function {
            body: body.into(),
            span: Some(self.span(span)),
            called: false,
        };
        // Two of one name: which of them a call means is not followed.
        if self
            .functions
            .insert(name.into(), function)
            .is_some_and(|old| &*old.body != body)
        {
            self.opaque = true;
            let span = self.span(span);
            self.doubt(
                "two functions have this name, and which one a call means is not followed",
                None,
                &span,
            );
        }
    }

    pub(super) fn is_function(&self, name: &str) -> bool {
        self.functions.contains_key(name)
    }

    pub(super) fn call_function(
        &mut self,
        name: &str,
        arguments: Option<Vec<Arg>>,
        input: &Flow,
    ) -> Result<Flow, Unread> {
        let Some(function) = self.functions.get_mut(name) else {
            return Ok(Flow::unknown());
        };
        function.called = true;
        let function = function.clone();
        let turns = self.calling.iter().filter(|calling| &***calling == name).count();
        if 1 < turns {
            return Ok(Flow::unknown());
        }
        // In its second turn nothing of what it was given is known, which stands for all further ones.
        let arguments = if turns == 0 { arguments } else { None };
        if turns == 1 {
            self.variables.forget_all();
            self.directories = Directories::unknown();
        }
        let outer = std::mem::replace(&mut self.arguments, arguments);
        self.calling.push(name.into());
        let span = function.span.unwrap_or(0..0);
        let flow = self.nested_at(&function.body, &span, input)?;
        self.calling.pop();
        self.arguments = outer;
        Ok(flow)
    }

    // -- simple commands --

    fn simple(&mut self, simple: &Simple<'_>, input: &Flow) -> Result<Flow, Unread> {
        self.failed = None;
        let argv = self.words(&simple.words)?;
        let redirected = self.redirect(&simple.redirections, input)?;
        let flow = if argv.is_empty() {
            self.assign(&simple.assignments, true)?;
            Flow::silent()
        } else if simple.assignments.is_empty() {
            self.run(&argv, &redirected.input)?
        } else {
            self.run_with(&simple.assignments, &argv, &redirected.input)?
        };
        Ok(self.deliver(flow, redirected))
    }

    /// Assignments before a command hold for it alone.
    fn run_with(
        &mut self,
        assignments: &[Assignment<'_>],
        argv: &[Arg],
        input: &Flow,
    ) -> Result<Flow, Unread> {
        let (mark, loads) = (self.variables.mark(), self.loads);
        // `X=1 echo $X` has expanded `$X` before it sets X.
        self.assign(assignments, false)?;
        let flow = self.run(argv, input)?;
        if !argv
            .first()
            .is_some_and(|program| program.is("export") || program.is("eval"))
        {
            self.loads = loads;
        }
        self.variables.merge(mark);
        Ok(flow)
    }

    fn assign(&mut self, assignments: &[Assignment<'_>], alone: bool) -> Result<(), Unread> {
        for assignment in assignments {
            let subscript = self.text(&assignment.subscript)?;
            self.subscripts(&subscript);
            let value = self.single(&assignment.value)?;
            environment::reaches(self, assignment.name, &value);
            let loaded = environment::loads(assignment.name, &value);
            if loaded {
                environment::set(self, assignment.name, &value)?;
                if alone {
                    self.seen_environment(&value);
                }
            }
            if assignment.partial {
                self.variables.forget(assignment.name);
            } else {
                self.variables.set(assignment.name, value);
            }
        }
        Ok(())
    }

    // -- variables --

    /// What a variable holds, as far as the script or the shell settles it.
    pub(super) fn lookup(&mut self, name: &str, span: Span) -> Option<Arg> {
        if let Some(value) = self.variables.get(name) {
            return Some(Arg {
                span,
                ..value.clone()
            });
        }
        match name {
            "HOME" => Some(self.home(span)),
            "PWD" => Some(self.standing(span)),
            "UID" | "EUID" | "PPID" | "RANDOM" | "LINENO" | "SECONDS" | "?" | "#" | "$" | "!" | "USER"
            | "LOGNAME" | "HOSTNAME" | "OSTYPE" | "SHLVL" => Some(Arg {
                plain: true,
                ..Arg::unknown(span)
            }),
            "OLDPWD" | "TMPDIR" | "XDG_CONFIG_HOME" | "XDG_DATA_HOME" | "XDG_CACHE_HOME" | "CARGO_HOME"
            | "GITHUB_WORKSPACE" => Some(Arg {
                plain: true,
                many: true,
                ..Arg::unknown(span)
            }),
            _ => self.positional(name, span),
        }
    }

    fn positional(&self, name: &str, span: Span) -> Option<Arg> {
        let index: usize = name.parse().ok()?;
        let arguments = self.arguments.as_ref()?;
        // `$0` is the shell or the script.
        let at = index.checked_sub(1)?;
        if arguments.iter().take(at + 1).any(|argument| argument.many) {
            return None;
        }
        let arg = arguments.get(at).cloned().unwrap_or_default();
        Some(Arg { span, ..arg })
    }

    pub(super) fn home(&self, span: Span) -> Arg {
        match self.call.places.home {
            Some(home) => Arg::known(home, span),
            None => Arg {
                home: true,
                ..Arg::known("~", span)
            },
        }
    }

    /// Where the shell stands, as a path that means the same from there.
    fn standing(&self, span: Span) -> Arg {
        match self.directories.each() {
            Some([_]) => Arg::known(".", span),
            _ => Arg {
                text: "/".into(),
                plain: true,
                ..Arg::unknown(span)
            },
        }
    }

    /// Whether words are split otherwise than everybody expects.
    pub(super) fn separators_changed(&self) -> bool {
        self.variables.get("IFS").is_some()
    }

    // -- redirections --

    fn redirect(&mut self, redirections: &[Redirection<'_>], input: &Flow) -> Result<Redirected, Unread> {
        let mut out = Redirected {
            input: input.clone(),
            target: None,
        };
        for redirection in redirections {
            let target = self.single(&redirection.target)?;
            match redirection.kind {
                Redirect::Read => out.input = self.read_input(&target),
                Redirect::ReadWrite => {
                    self.written_to(&target);
                    out.input = self.read_input(&target);
                }
                Redirect::Here(index) => {
                    out.input = self
                        .bodies
                        .get(index)
                        .map_or(Flow::unknown(), |flow| (**flow).clone())
                }
                Redirect::HereString => out.input = here_string(&target),
                Redirect::DuplicateInput => {}
                Redirect::DuplicateOutput if is_descriptor(&target) => {}
                Redirect::Write | Redirect::DuplicateOutput => {
                    self.written_to(&target);
                    if matches!(redirection.descriptor, "" | "1") {
                        out.target = Some(target);
                    }
                }
            }
        }
        Ok(out)
    }

    fn read_input(&mut self, target: &Arg) -> Flow {
        if let Some(flow) = &target.pipe {
            return (**flow).clone();
        }
        self.read_file(target);
        self.content(target)
    }

    /// What a file holds, if this script has written it.
    pub(super) fn content(&self, target: &Arg) -> Flow {
        let stored = Flow {
            stored: true,
            ..Flow::default()
        };
        if self.written.is_empty() && self.fetched.is_empty() {
            return stored;
        }
        // Where it may lie in several places, what lies in any of them may be it.
        let mut found: Option<Flow> = None;
        let paths = self.may_be(target);
        for path in &paths {
            let below = |folder: &str| {
                let rest = path.strip_prefix(folder);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            let flow = match self.written.get(&**path) {
                Some(flow) => flow.clone(),
                None if self.fetched.iter().any(|folder| below(folder)) => Flow::remote(),
                None => continue,
            };
            found = Some(match found {
                None => flow,
                Some(other) if other == flow => flow,
                Some(other) => Flow {
                    remote: other.remote || flow.remote,
                    ..Flow::default()
                },
            });
        }
        found.unwrap_or(stored)
    }

    fn deliver(&mut self, flow: Flow, redirected: Redirected) -> Flow {
        let Some(target) = redirected.target else {
            return flow;
        };
        self.remember(&target, flow);
        Flow::silent()
    }

    /// What lies below a folder comes from the network.
    pub(super) fn fetched(&mut self, folder: &Arg) {
        self.writes += 1;
        for path in self.may_be(folder) {
            if path != "." && self.fetched.len() < COMMAND_BRACES_MAX {
                self.fetched.push(path.into());
            }
        }
    }

    /// What is written to a file is what a later command finds there.
    pub(super) fn remember(&mut self, target: &Arg, flow: Flow) {
        self.writes += 1;
        for path in self.may_be(target) {
            // It may have held something before, or be appended to.
            let flow = match self.written.remove(&*path) {
                None => flow.clone(),
                Some(old) => Flow {
                    remote: old.remote || flow.remote,
                    ..Flow::default()
                },
            };
            self.written.insert(path.into(), flow);
        }
    }

    /// The normal forms of the paths that a word may be. From a directory that is not known it is still what another
    /// word of the same spelling is.
    fn may_be(&self, arg: &Arg) -> Vec<String> {
        let Some(text) = arg.whole() else {
            return Vec::new();
        };
        if let Some(path) = self.plain_path(arg) {
            return vec![path];
        }
        let normal = |directory: Option<&str>| {
            let path = self.normal(text, arg.home, directory)?;
            Some(path.as_str().to_owned())
        };
        let mut paths: Vec<String> = match self.directories.each() {
            Some(directories) => directories
                .iter()
                .filter_map(|from| normal(from.as_deref()))
                .collect(),
            None if text.starts_with('/') || arg.home => normal(None).into_iter().collect(),
            None => normal(None).map(|path| format!("?/{path}")).into_iter().collect(),
        };
        paths.sort();
        paths.dedup();
        paths
    }

    pub(super) fn normal(&self, text: &str, home: bool, directory: Option<&str>) -> Option<Path> {
        let places = Places {
            cwd: directory,
            ..self.call.places
        };
        if text.starts_with('~') && !home {
            return Path::normalise(&format!("./{text}"), &places).ok();
        }
        Path::normalise(text, &places).ok()
    }

    /// The name of the program that a word calls. By path it depends on where the shell stands.
    pub(super) fn program(&self, word: &str) -> Option<String> {
        if !word.contains(['/', '\\']) {
            return program_name(word, &Places::default()).ok();
        }
        let [directory] = self.directories.each()? else {
            let absolute = word
                .starts_with('/')
                .then(|| program_name(word, &self.call.places));
            return absolute?.ok();
        };
        let places = Places {
            cwd: directory.as_deref(),
            ..self.call.places
        };
        program_name(word, &places).ok()
    }
}

/// Where a command reads and writes.
struct Redirected {
    input: Flow,
    target: Option<Arg>,
}

fn here_string(target: &Arg) -> Flow {
    match target.whole() {
        Some(text) => Flow {
            remote: target.remote,
            ..Flow::text(&format!("{text}\n"))
        },
        None => Flow {
            remote: target.remote,
            ..Flow::default()
        },
    }
}

/// `2`, `-`, `1-`, or a variable that holds such a number.
fn is_descriptor(target: &Arg) -> bool {
    match target.whole() {
        Some(text) => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'),
        None => false,
    }
}

fn either(first: Option<Directories>, second: Option<Directories>) -> Option<Directories> {
    match (first, second) {
        (Some(mut first), Some(second)) => {
            first.or(&second);
            Some(first)
        }
        (first, second) => first.or(second),
    }
}

/// The output of what may not have run.
fn maybe(flow: Flow) -> Flow {
    match flow.text.as_deref() {
        Some("") => flow,
        _ => Flow { text: None, ..flow },
    }
}

/// Whether nothing after a command runs.
fn leaves(node: &Node<'_>) -> bool {
    match node {
        Node::Simple(simple) => matches!(
            simple.words.first().map(|word| word.parts.as_slice()),
            Some([Part::Text("exit" | "return" | "break" | "continue")])
        ),
        Node::Group(list) => list.last().is_some_and(leaves),
        _ => false,
    }
}

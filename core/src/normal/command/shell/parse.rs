//! The grammar: text to a tree of commands. Words are read in `word.rs`.
//!
//! Follows what bash does rather than what POSIX asks, and refuses where the two would come to different commands.

use smallvec::{SmallVec, smallvec};

use super::super::budget::{Budget, Unread};
use super::{Assignment, Body, Link, List, Node, Redirect, Redirection, Script, Simple, Word};

/// Reads a script.
pub(in super::super) fn parse<'s>(text: &'s str, budget: &mut Budget) -> Result<Script<'s>, Unread> {
    admit(text, budget)?;
    let mut parser = Parser::new(text, budget);
    let list = parser.list()?;
    if parser.at < parser.text.len() {
        return Err(Unread);
    }
    parser.read_bodies()?;
    Ok(Script {
        list,
        bodies: parser.bodies,
    })
}

fn admit(text: &str, budget: &mut Budget) -> Result<(), Unread> {
    budget.bytes(text.len())?;
    // Bash drops NUL characters, other shells end there: nobody can say what runs.
    if text.contains('\0') { Err(Unread) } else { Ok(()) }
}

/// A script without here-documents, command by command: what it takes to read a long one stays small.
pub(in super::super) struct Commands<'s> {
    text: &'s str,
    at: usize,
}

impl<'s> Commands<'s> {
    /// `None` where a here-document may be: its body lies behind the command that it belongs to.
    pub(in super::super) fn of(text: &'s str, budget: &mut Budget) -> Result<Option<Commands<'s>>, Unread> {
        if text.contains("<<") {
            return Ok(None);
        }
        admit(text, budget)?;
        Ok(Some(Commands { text, at: 0 }))
    }

    /// The next one; `None` at the end of the text.
    pub(in super::super) fn next(&mut self, budget: &mut Budget) -> Result<Option<Node<'s>>, Unread> {
        let mut parser = Parser::new(self.text, budget);
        parser.at = self.at;
        parser.budget.enter()?;
        let node = parser.next()?;
        parser.budget.leave();
        self.at = parser.at;
        if node.is_none() && self.at < self.text.len() {
            return Err(Unread);
        }
        Ok(node)
    }
}

/// Reads a text as double quotes would: an arithmetic expression, a prompt.
pub(super) struct Parser<'s, 'b> {
    pub(super) text: &'s str,
    pub(super) at: usize,
    pub(super) budget: &'b mut Budget,
    /// Here-documents whose bodies begin at the next line.
    pending: Vec<Delimiter<'s>>,
    bodies: Vec<Body<'s>>,
}

struct Delimiter<'s> {
    index: usize,
    text: std::borrow::Cow<'s, str>,
    literal: bool,
    tabs: bool,
}

/// Words that end a list where a command would begin.
const ENDS: &[&str] = &["then", "do", "done", "fi", "else", "elif", "esac", "}"];
/// Builtins that take `name=(...)` as an argument.
const DECLARES: &[&str] = &["declare", "typeset", "local", "export", "readonly"];

impl<'s, 'b> Parser<'s, 'b> {
    fn new(text: &'s str, budget: &'b mut Budget) -> Parser<'s, 'b> {
        Parser {
            text,
            at: 0,
            budget,
            pending: Vec::new(),
            bodies: Vec::new(),
        }
    }

    // -- characters --

    pub(super) fn byte(&self, ahead: usize) -> u8 {
        // No script holds a NUL, so it can stand for the end.
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    pub(super) fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn eat(&mut self, expected: &str) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
        let found = rest.starts_with(expected.as_bytes());
        if found {
            self.at += expected.len();
        }
        found
    }

    pub(super) fn expect(&mut self, expected: &str) -> Result<(), Unread> {
        if self.eat(expected) { Ok(()) } else { Err(Unread) }
    }

    /// Blanks, continued lines, and a comment where one may begin. Carriage return is no blank: bash reads it as a
    /// character of a word.
    #[inline]
    pub(super) fn blanks(&mut self) {
        if matches!(self.byte(0), b' ' | b'\t' | b'\\' | b'#') {
            self.skip_blanks();
        }
    }

    fn skip_blanks(&mut self) {
        let begin = self.at;
        loop {
            match self.byte(0) {
                b' ' | b'\t' => self.at += 1,
                b'\\' if self.byte(1) == b'\n' => self.at += 2,
                b'#' if self.begins_word(begin) => {
                    self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                }
                _ => return,
            }
        }
    }

    /// Whether what stands before is the border of a word, so that `#` begins a comment.
    fn begins_word(&self, begin: usize) -> bool {
        let before = self.text.as_bytes()[..self.at].last();
        begin < self.at || before.is_none_or(|&byte| is_meta(byte))
    }

    /// Blanks and new lines, where the grammar lets a command go on below.
    fn lines(&mut self) -> Result<(), Unread> {
        loop {
            self.blanks();
            if self.byte(0) != b'\n' {
                return Ok(());
            }
            self.new_line()?;
        }
    }

    fn new_line(&mut self) -> Result<(), Unread> {
        self.at += 1;
        self.read_bodies()
    }

    /// The word here if it is one plain run of characters: a reserved word, perhaps.
    fn plain(&self) -> &'s str {
        let rest = self.rest();
        let end = rest.bytes().position(is_meta);
        &rest[..end.unwrap_or(rest.len())]
    }

    fn reserved(&mut self, word: &str) -> bool {
        let found = self.is_at(word);
        if found {
            self.at += word.len();
        }
        found
    }

    /// Whether the word here is this one.
    fn is_at(&self, word: &str) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
        rest.starts_with(word.as_bytes()) && is_meta(self.byte(word.len()))
    }

    fn expect_reserved(&mut self, word: &str) -> Result<(), Unread> {
        if self.reserved(word) { Ok(()) } else { Err(Unread) }
    }

    // -- lists --

    /// Commands up to the end of the text, a closing parenthesis, `;;`, or a word that ends a list.
    pub(super) fn list(&mut self) -> Result<List<'s>, Unread> {
        self.budget.enter()?;
        let mut list = Vec::new();
        while let Some(node) = self.next()? {
            list.push(node);
        }
        self.budget.leave();
        Ok(list)
    }

    /// The next command of a list.
    fn next(&mut self) -> Result<Option<Node<'s>>, Unread> {
        self.lines()?;
        if self.ends() {
            return Ok(None);
        }
        let node = self.chain()?;
        self.blanks();
        let (node, more) = self.separator(node)?;
        if more || self.ends() {
            Ok(Some(node))
        } else {
            Err(Unread)
        }
    }

    /// A list that has to hold a command.
    fn body(&mut self) -> Result<List<'s>, Unread> {
        let list = self.list()?;
        if list.is_empty() { Err(Unread) } else { Ok(list) }
    }

    fn ends(&self) -> bool {
        match self.byte(0) {
            0 | b')' => true,
            b';' => matches!(self.byte(1), b';' | b'&'),
            b't' | b'd' | b'f' | b'e' | b'}' => ENDS.contains(&self.plain()),
            _ => false,
        }
    }

    fn separator(&mut self, node: Node<'s>) -> Result<(Node<'s>, bool), Unread> {
        match (self.byte(0), self.byte(1)) {
            (b';', b';' | b'&') => Ok((node, false)),
            (b';', _) => {
                self.at += 1;
                Ok((node, true))
            }
            (b'&', _) => {
                self.at += 1;
                Ok((Node::Background(Box::new(node)), true))
            }
            (b'\n', _) => {
                self.new_line()?;
                Ok((node, true))
            }
            _ => Ok((node, false)),
        }
    }

    fn chain(&mut self) -> Result<Node<'s>, Unread> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.blanks();
            let link = if self.eat("&&") {
                Link::And
            } else if self.eat("||") {
                Link::Or
            } else if rest.is_empty() {
                return Ok(first);
            } else {
                return Ok(Node::Chain(Box::new(first), rest));
            };
            self.lines()?;
            rest.push((link, self.pipeline()?));
        }
    }

    fn pipeline(&mut self) -> Result<Node<'s>, Unread> {
        self.blanks();
        if self.reserved("!") {
            self.blanks();
            return Ok(Node::Not(Box::new(self.pipeline_or_nothing()?)));
        }
        if self.is_at("time") {
            return self.timed();
        }
        let first = self.command()?;
        if !self.piped() {
            return Ok(first);
        }
        let mut stages = Vec::with_capacity(2);
        stages.push(first);
        while self.piped() {
            self.at += if self.byte(1) == b'&' { 2 } else { 1 };
            self.lines()?;
            stages.push(self.command()?);
        }
        Ok(Node::Pipe(stages))
    }

    /// Whether another stage follows.
    fn piped(&mut self) -> bool {
        self.blanks();
        self.byte(0) == b'|' && self.byte(1) != b'|'
    }

    /// `time` before a pipeline is a word of the grammar; with other options than `-p` it is the program.
    fn timed(&mut self) -> Result<Node<'s>, Unread> {
        let begin = self.at;
        self.at += 4;
        self.blanks();
        if self.reserved("-p") {
            self.blanks();
        }
        if self.byte(0) == b'-' {
            self.at = begin;
            return self.command();
        }
        self.pipeline_or_nothing()
    }

    fn pipeline_or_nothing(&mut self) -> Result<Node<'s>, Unread> {
        let nothing = matches!(self.byte(0), b'\n' | b';' | 0);
        if nothing {
            return Ok(Node::Group(Vec::new()));
        }
        self.budget.enter()?;
        let node = self.pipeline();
        self.budget.leave();
        node
    }

    // -- commands --

    fn command(&mut self) -> Result<Node<'s>, Unread> {
        self.budget.command()?;
        self.budget.enter()?;
        let node = match self.compound()? {
            Some(node) => self.redirected(node)?,
            None => self.simple_or_function()?,
        };
        self.budget.leave();
        Ok(node)
    }

    fn compound(&mut self) -> Result<Option<Node<'s>>, Unread> {
        if self.byte(0) == b'(' {
            return self.parenthesis().map(Some);
        }
        // What the words of the grammar begin with: most commands need no closer look.
        if !matches!(self.byte(0), b'{' | b'}' | b'[' | b'c'..=b'f' | b'i' | b's'..=b'u' | b'w') {
            return Ok(None);
        }
        let word = self.plain();
        let node = match word {
            "{" | "if" | "while" | "until" | "for" | "select" | "case" | "[[" | "function" | "coproc" => {
                self.at += word.len();
                self.keyword(word)?
            }
            _ if ENDS.contains(&word) => return Err(Unread),
            _ => return Ok(None),
        };
        Ok(Some(node))
    }

    fn keyword(&mut self, word: &str) -> Result<Node<'s>, Unread> {
        match word {
            "{" => {
                let list = self.body()?;
                self.expect_reserved("}")?;
                Ok(Node::Group(list))
            }
            "if" => self.branches(),
            "while" | "until" => {
                let condition = self.body()?;
                let body = self.loop_body()?;
                Ok(Node::Loop { condition, body })
            }
            "for" | "select" => self.for_loop(),
            "case" => self.case(),
            "[[" => self.test(),
            "coproc" => self.coprocess(),
            _ => self.function(),
        }
    }

    fn parenthesis(&mut self) -> Result<Node<'s>, Unread> {
        if self.byte(1) == b'('
            && let Some(parts) = self.attempt(|parser| {
                parser.at += 2;
                parser.arithmetic("))")
            })?
        {
            return Ok(Node::Arithmetic(parts));
        }
        self.at += 1;
        let list = self.body()?;
        self.expect(")")?;
        Ok(Node::Subshell(list))
    }

    /// Tries one reading and comes back where it fails. What was looked at is paid for either way, so that nested
    /// attempts cannot double the work at each level for nothing.
    pub(super) fn attempt<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Unread>,
    ) -> Result<Option<T>, Unread> {
        let (at, depth) = (self.at, self.budget.depth());
        let (bodies, pending) = (self.bodies.len(), self.pending.len());
        let result = read(self);
        if let Ok(value) = result {
            return Ok(Some(value));
        }
        self.budget.work(self.at.abs_diff(at) + 1)?;
        if self.bodies.len() != bodies || self.pending.len() != pending {
            return Err(Unread);
        }
        self.budget.restore(depth);
        self.at = at;
        Ok(None)
    }

    fn branches(&mut self) -> Result<Node<'s>, Unread> {
        let mut arms = Vec::new();
        loop {
            let condition = self.body()?;
            self.expect_reserved("then")?;
            arms.push((condition, self.body()?));
            if self.reserved("elif") {
                continue;
            }
            let other = if self.reserved("else") {
                Some(self.body()?)
            } else {
                None
            };
            self.expect_reserved("fi")?;
            return Ok(Node::If { arms, other });
        }
    }

    fn loop_body(&mut self) -> Result<List<'s>, Unread> {
        let close = if self.reserved("do") {
            "done"
        } else if self.reserved("{") {
            "}"
        } else {
            return Err(Unread);
        };
        let body = self.body()?;
        self.expect_reserved(close)?;
        Ok(body)
    }

    fn for_loop(&mut self) -> Result<Node<'s>, Unread> {
        self.blanks();
        if self.eat("((") {
            let head = self.arithmetic("))")?;
            self.blanks();
            let _ = self.eat(";");
            self.lines()?;
            let body = self.loop_body()?;
            return Ok(Node::ForArithmetic { head, body });
        }
        let name = self.name()?;
        self.lines()?;
        let words = if self.reserved("in") {
            let words = self.words()?;
            self.list_end()?;
            Some(words)
        } else {
            let _ = self.eat(";");
            self.lines()?;
            None
        };
        let body = self.loop_body()?;
        Ok(Node::For { name, words, body })
    }

    fn words(&mut self) -> Result<Vec<Word<'s>>, Unread> {
        let mut words = Vec::new();
        loop {
            self.blanks();
            match self.word()? {
                Some(word) => words.push(word),
                None => return Ok(words),
            }
        }
    }

    fn list_end(&mut self) -> Result<(), Unread> {
        self.blanks();
        match self.byte(0) {
            b';' => self.at += 1,
            b'\n' => {}
            _ => return Err(Unread),
        }
        self.lines()
    }

    pub(super) fn name(&mut self) -> Result<&'s str, Unread> {
        let length = name_length(self.rest());
        if length == 0 {
            return Err(Unread);
        }
        let name = &self.rest()[..length];
        self.at += length;
        Ok(name)
    }

    fn case(&mut self) -> Result<Node<'s>, Unread> {
        self.blanks();
        let word = self.word()?.ok_or(Unread)?;
        self.lines()?;
        self.expect_reserved("in")?;
        let mut arms = Vec::new();
        loop {
            self.lines()?;
            if self.reserved("esac") {
                return Ok(Node::Case { word, arms });
            }
            arms.push(self.arm()?);
            self.lines()?;
            if self.eat(";;&") || self.eat(";;") || self.eat(";&") {
                continue;
            }
            self.expect_reserved("esac")?;
            return Ok(Node::Case { word, arms });
        }
    }

    fn arm(&mut self) -> Result<(Vec<Word<'s>>, List<'s>), Unread> {
        let _ = self.eat("(");
        let mut patterns = Vec::new();
        loop {
            self.blanks();
            patterns.push(self.word()?.ok_or(Unread)?);
            self.blanks();
            if self.eat("|") {
                continue;
            }
            self.expect(")")?;
            return Ok((patterns, self.list()?));
        }
    }

    /// `[[ ... ]]`: the words of it. Which operator joins them is no matter, since each of them is expanded or none.
    fn test(&mut self) -> Result<Node<'s>, Unread> {
        let mut words: Vec<Word<'s>> = Vec::new();
        let mut open = 0usize;
        loop {
            self.lines()?;
            if open == 0 && self.reserved("]]") {
                return if words.is_empty() {
                    Err(Unread)
                } else {
                    Ok(Node::Test(words))
                };
            }
            if self.eat("&&") || self.eat("||") || self.eat("<") || self.eat(">") {
                continue;
            }
            if self.eat("(") {
                open += 1;
            } else if self.eat(")") {
                open = open.checked_sub(1).ok_or(Unread)?;
            } else {
                let pattern = words.last().is_some_and(|word| {
                    matches!(
                        word.parts.as_slice(),
                        [super::Part::Text("=~" | "==" | "=" | "!=")]
                    )
                });
                words.push(self.test_word(pattern)?);
            }
        }
    }

    fn test_word(&mut self, pattern: bool) -> Result<Word<'s>, Unread> {
        let word = if pattern {
            self.pattern_word()?
        } else {
            self.word()?
        };
        word.ok_or(Unread)
    }

    fn coprocess(&mut self) -> Result<Node<'s>, Unread> {
        self.blanks();
        let named = name_length(self.rest());
        let begin = self.at;
        if 0 < named && self.plain().len() == named {
            self.at += named;
            self.blanks();
            if self.byte(0) == b'('
                || ["{", "if", "while", "until", "for", "case", "[["].contains(&self.plain())
            {
                return Ok(Node::Background(Box::new(self.command()?)));
            }
        }
        self.at = begin;
        Ok(Node::Background(Box::new(self.command()?)))
    }

    // -- functions --

    fn function(&mut self) -> Result<Node<'s>, Unread> {
        self.blanks();
        let name = self.plain();
        if name.is_empty() || name.contains(['$', '`', '\'', '"', '\\']) {
            return Err(Unread);
        }
        self.at += name.len();
        self.blanks();
        if self.eat("(") {
            self.blanks();
            self.expect(")")?;
        }
        self.function_body(name)
    }

    fn function_body(&mut self, name: &'s str) -> Result<Node<'s>, Unread> {
        self.lines()?;
        let begin = self.at;
        self.budget.enter()?;
        let body = self.compound()?.ok_or(Unread)?;
        let body = self.redirected(body)?;
        self.budget.leave();
        drop(body);
        // The body of the function is read again from its text, which then lacks this here-document.
        if !self.pending.is_empty() {
            return Err(Unread);
        }
        Ok(Node::Function {
            name,
            body: &self.text[begin..self.at],
            span: begin..self.at,
        })
    }

    // -- simple commands --

    fn simple_or_function(&mut self) -> Result<Node<'s>, Unread> {
        let mut simple = Simple {
            span: self.at..self.at,
            ..Simple::default()
        };
        let mut declares = false;
        loop {
            self.blanks();
            if let Some(redirection) = self.redirection()? {
                simple.redirections.push(redirection);
            } else if simple.words.is_empty() && self.assigns() {
                let assignment = self.assignment()?;
                simple.assignments.push(assignment);
            } else {
                let begin = self.at;
                let Some(word) = self.argument(declares)? else {
                    break;
                };
                let first = simple.words.is_empty();
                simple.words.push(word);
                let text = &self.text[begin..self.at];
                declares |= first && DECLARES.contains(&text);
                if first && simple.assignments.is_empty() && self.parameters()? {
                    return self.function_body(text);
                }
            }
            simple.span.end = self.at;
        }
        let empty =
            simple.words.is_empty() && simple.assignments.is_empty() && simple.redirections.is_empty();
        if empty {
            Err(Unread)
        } else {
            Ok(Node::Simple(simple))
        }
    }

    /// `()` after the first word.
    fn parameters(&mut self) -> Result<bool, Unread> {
        let begin = self.at;
        self.blanks();
        if self.byte(0) != b'(' {
            self.at = begin;
            return Ok(false);
        }
        self.at += 1;
        self.blanks();
        self.expect(")")?;
        Ok(true)
    }

    fn argument(&mut self, declares: bool) -> Result<Option<Word<'s>>, Unread> {
        if declares && self.assigns() {
            let begin = self.at;
            let length = name_length(self.rest());
            let after = &self.rest()[length..];
            let mark = if after.starts_with("+=") { 2 } else { 1 };
            if after.get(mark..).is_some_and(|value| value.starts_with('(')) {
                self.at += length + mark;
                let array = self.array()?;
                let parts = smallvec![super::Part::Text(&self.text[begin..begin + length + mark]), array];
                return Ok(Some(Word {
                    parts,
                    span: begin..self.at,
                }));
            }
        }
        self.word()
    }

    /// Whether an assignment stands here.
    fn assigns(&self) -> bool {
        let rest = self.rest();
        let length = name_length(rest);
        let after = &rest[length..];
        0 < length
            && (after.starts_with('=')
                || after.starts_with("+=")
                || after.starts_with('[') && {
                    let close = subscript_end(after);
                    close.is_some_and(|end| after[end..].starts_with('=') || after[end..].starts_with("+="))
                })
    }

    fn assignment(&mut self) -> Result<Assignment<'s>, Unread> {
        let name = self.name()?;
        let mut subscript = Vec::new();
        let mut partial = false;
        if self.eat("[") {
            subscript = self.arithmetic("]")?;
            partial = true;
        }
        partial |= self.eat("+");
        self.expect("=")?;
        let begin = self.at;
        let value = if self.byte(0) == b'(' {
            let parts = smallvec![self.array()?];
            Word {
                parts,
                span: begin..self.at,
            }
        } else {
            self.word()?.unwrap_or(Word {
                parts: SmallVec::new(),
                span: begin..begin,
            })
        };
        Ok(Assignment {
            name,
            partial,
            subscript,
            value,
        })
    }

    fn array(&mut self) -> Result<super::Part<'s>, Unread> {
        self.expect("(")?;
        self.budget.enter()?;
        let mut words = Vec::new();
        loop {
            self.lines()?;
            if self.eat(")") {
                self.budget.leave();
                return Ok(super::Part::Array(words));
            }
            words.push(self.word()?.ok_or(Unread)?);
        }
    }

    // -- redirections --

    fn redirected(&mut self, node: Node<'s>) -> Result<Node<'s>, Unread> {
        let mut redirections = Vec::new();
        loop {
            self.blanks();
            match self.redirection()? {
                Some(redirection) => redirections.push(redirection),
                None if redirections.is_empty() => return Ok(node),
                None => return Ok(Node::Redirected(Box::new(node), redirections)),
            }
        }
    }

    fn redirection(&mut self) -> Result<Option<Redirection<'s>>, Unread> {
        // Most words begin with none of these, and there is one such question for each word.
        if !matches!(self.byte(0), b'<' | b'>' | b'&' | b'{' | b'0'..=b'9') {
            return Ok(None);
        }
        let descriptor = self.descriptor();
        let after = &self.rest()[descriptor.len()..];
        // `<(` and `>(` are words.
        let operator = match after.as_bytes() {
            [b'<' | b'>', b'(', ..] => "",
            _ => OPERATORS
                .iter()
                .map(|(text, _)| *text)
                .find(|text| after.starts_with(text))
                .unwrap_or(""),
        };
        if operator.is_empty() || (!descriptor.is_empty() && operator.starts_with('&')) {
            return Ok(None);
        }
        self.at += descriptor.len() + operator.len();
        self.blanks();
        if operator == "<<" || operator == "<<-" {
            return self.here_document(descriptor, operator == "<<-").map(Some);
        }
        let kind = OPERATORS
            .iter()
            .find(|(text, _)| *text == operator)
            .map(|(_, kind)| *kind);
        Ok(Some(Redirection {
            descriptor: descriptor.trim_matches(['{', '}']),
            kind: kind.ok_or(Unread)?,
            target: self.word()?.ok_or(Unread)?,
        }))
    }

    /// A number or `{name}` directly before `<` or `>`.
    fn descriptor(&self) -> &'s str {
        let rest = self.rest();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let length = match rest.strip_prefix('{') {
            Some(inner) if inner[name_length(inner)..].starts_with('}') && 0 < name_length(inner) => {
                name_length(inner) + 2
            }
            _ => digits,
        };
        if rest[length..].starts_with(['<', '>']) {
            &rest[..length]
        } else {
            ""
        }
    }

    fn here_document(&mut self, descriptor: &'s str, tabs: bool) -> Result<Redirection<'s>, Unread> {
        let target = self.word()?.ok_or(Unread)?;
        let raw = &self.text[target.span.clone()];
        let literal = raw.contains(['\'', '"', '\\']);
        let text = if literal {
            super::quote::unquoted(&target)?
        } else if raw.contains(['$', '`']) {
            return Err(Unread);
        } else {
            std::borrow::Cow::Borrowed(raw)
        };
        let index = self.bodies.len();
        self.bodies.push(Body::Pending);
        self.pending.push(Delimiter {
            index,
            text,
            literal,
            tabs,
        });
        Ok(Redirection {
            descriptor,
            kind: Redirect::Here(index),
            target: Word::default(),
        })
    }

    /// Bodies begin after the line that asks for them, in the order in which it asks.
    fn read_bodies(&mut self) -> Result<(), Unread> {
        if self.pending.is_empty() {
            return Ok(());
        }
        for delimiter in std::mem::take(&mut self.pending) {
            let begin = self.at;
            let (end, after) = body_end(self.rest(), &delimiter);
            let (end, after) = (begin + end, begin + after);
            self.bodies[delimiter.index] = if delimiter.literal {
                Body::Literal(literal_body(&self.text[begin..end], delimiter.tabs))
            } else {
                self.expanded_body(begin, end)?
            };
            self.at = after;
        }
        Ok(())
    }

    fn expanded_body(&mut self, begin: usize, end: usize) -> Result<Body<'s>, Unread> {
        let whole = self.text;
        self.text = &whole[..end];
        self.at = begin;
        let parts = self.document()?;
        self.text = whole;
        Ok(Body::Expanded(parts))
    }

    /// Whether a substitution may close here: a here-document whose body lies behind it is read differently by each
    /// version of bash.
    pub(super) fn may_close(&self) -> Result<(), Unread> {
        if self.pending.is_empty() {
            Ok(())
        } else {
            Err(Unread)
        }
    }
}

/// The longer ones first.
const OPERATORS: &[(&str, Redirect)] = &[
    ("&>>", Redirect::Write),
    ("&>", Redirect::Write),
    ("<<<", Redirect::HereString),
    ("<<-", Redirect::Here(0)),
    ("<<", Redirect::Here(0)),
    ("<&", Redirect::DuplicateInput),
    ("<>", Redirect::ReadWrite),
    ("<", Redirect::Read),
    (">>", Redirect::Write),
    (">&", Redirect::DuplicateOutput),
    (">|", Redirect::Write),
    (">", Redirect::Write),
];

/// Where a body ends, and where the line after its delimiter begins. A body without its delimiter goes to the end.
fn body_end(text: &str, delimiter: &Delimiter<'_>) -> (usize, usize) {
    let mut at = 0;
    // A continued line is one line, in a body that is expanded.
    let mut continued = false;
    for line in text.split_inclusive('\n') {
        let bare = line.strip_suffix('\n').unwrap_or(line);
        let found = if delimiter.tabs {
            bare.trim_start_matches('\t')
        } else {
            bare
        };
        if !continued && found == delimiter.text {
            return (at, at + line.len());
        }
        continued = !delimiter.literal && bare.bytes().rev().take_while(|&b| b == b'\\').count() % 2 == 1;
        at += line.len();
    }
    (at, at)
}

fn literal_body(text: &str, tabs: bool) -> std::borrow::Cow<'_, str> {
    if !tabs {
        return text.into();
    }
    let lines = text
        .split_inclusive('\n')
        .map(|line| line.trim_start_matches('\t'));
    lines.collect::<String>().into()
}

/// The length of `[...]` in front of an assignment, quotes and brackets in it balanced; `None` where a blank shows that
/// it is a glob.
fn subscript_end(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut nested = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'(' | b'{' => nested += 1,
            b')' | b'}' => nested = nested.saturating_sub(1),
            b' ' | b'\t' | b'\n' | b';' | b'|' | b'&' if nested == 0 => return None,
            _ => {}
        }
    }
    None
}

pub(super) fn name_length(text: &str) -> usize {
    let length = text
        .bytes()
        .take_while(|&byte| byte == b'_' || byte.is_ascii_alphanumeric())
        .count();
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        0
    } else {
        length
    }
}

pub(super) fn is_meta(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' | 0
    )
}

//! Events of the YAML parser -> nodes. Exact byte spans, bounded aliases, and as many documents as can be read.
//!
//! The parser counts lines and characters, and some of its marks include trailing blanks, or start behind the
//! indicator; so places are found again in the text, always forward from the end of the node before.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span as Marks, StrInput, Tag};

use super::{Entry, List, Map, Node, Scalar, Style, errors, syntax};
use crate::diagnostic::Diagnostic;
use crate::limits;
use crate::source::{SourceId, SourceMap, Span};

/// Reads the YAML documents of a source, without those that are empty. A document that is not well-formed is reported
/// and left out; reading goes on at the next `---`.
pub fn parse(source: SourceId, sources: &SourceMap, out: &mut Vec<Diagnostic>) -> Vec<Node> {
    let text = sources.text(source);
    let whole = |start: usize, end: usize| span_in(source, text, start, end);
    if text.len() > limits::SOURCE_BYTES_MAX {
        out.push(errors::source_too_long(whole(0, 0), text.len()));
        return Vec::new();
    }
    if let Some((at, found)) = unprintable(text) {
        out.push(errors::unprintable(whole(at, at + found.len_utf8()), found));
        return Vec::new();
    }
    let mut reading = Reading::of(source, text, out);
    let mut from = Some(body(text));
    // A source of nothing but broken documents is not worth more: each restart may read far ahead.
    for _ in 0..BROKEN_MAX {
        let Some(start) = from else { break };
        from = reading.documents_from(start);
    }
    reading.documents
}

/// Broken documents of one source that are reported before the rest of it is left unread.
const BROKEN_MAX: usize = 64;

/// Where the text starts behind a byte order mark.
fn body(text: &str) -> usize {
    text.strip_prefix(BOM).map_or(0, |_| BOM.len_utf8())
}

const BOM: char = '\u{feff}';

/// The first character that YAML does not let stand in a text (section 5.1). A byte order mark inside is one: it is not
/// seen, and `deny` with one in front is another word.
fn unprintable(text: &str) -> Option<(usize, char)> {
    let start = body(text);
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        if matches!(bytes[at], b' '..=b'~' | b'\n' | b'\r' | b'\t') {
            at += 1;
            continue;
        }
        let found = text[at..].chars().next()?;
        if !matches!(found, '\u{85}' | '\u{a0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..) {
            return Some((at, found));
        }
        at += found.len_utf8();
    }
    None
}

/// The byte at which each line starts, as YAML breaks lines: at LF, CR, and CR LF.
fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let breaks =
        |&(at, &byte): &(usize, &u8)| byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    let starts = bytes
        .iter()
        .enumerate()
        .filter(breaks)
        .map(|(at, _)| at as u32 + 1);
    std::iter::once(body(text) as u32).chain(starts).collect()
}

/// A span that lies within the text, on boundaries of characters, whatever the marks were.
fn span_in(source: SourceId, text: &str, start: usize, end: usize) -> Span {
    let fit = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at as u32
    };
    let start = fit(start);
    Span {
        source,
        start,
        end: fit(end).max(start),
    }
}

/// What stops a document: it was reported, and the next one is worth a try.
struct Broken {
    /// Reading goes on at the next `---` behind this byte; not at all where the source as a whole is refused.
    behind: Option<usize>,
}

struct Reading<'a> {
    source: SourceId,
    text: &'a str,
    lines: Vec<u32>,
    out: &'a mut Vec<Diagnostic>,
    documents: Vec<Node>,
    /// The line that the parser calls 1.
    first_line: usize,
    /// The last mark that was located: line, column, byte. The next is near it.
    last: (usize, usize, usize),
    /// The end of the last thing that was read. Between it and the next node are blanks, comments and indicators only.
    behind: usize,
    /// How many errors this source has. Beyond a bound they are dropped: they would only fill memory.
    reported: usize,
    nodes: usize,
    alias_nodes: usize,
    stack: Vec<Frame>,
    root: Option<Node>,
    anchors: Anchors,
}

/// A list or mapping that is not complete yet.
struct Frame {
    open: Open,
    start: usize,
    flow: bool,
    anchor: usize,
    nodes_before: usize,
    /// How many levels of lists and mappings are below it.
    height: usize,
    /// What merge keys were meant to bring.
    merged: Vec<Entry>,
}

enum Open {
    List(Vec<Node>),
    Map(Vec<Entry>, Pending),
}

enum Pending {
    Key,
    Value(Scalar),
    /// A merge key was reported; what it was meant to bring is taken, so that nothing is said to be missing.
    Merged,
    /// The key was refused; its value is read and dropped.
    Dropped,
}

/// What anchors name, by the parser's number. Copies, since most documents have none; the copies share the bound of the
/// aliases.
#[derive(Default)]
struct Anchors {
    kept: BTreeMap<usize, Anchored>,
    nodes: usize,
}

#[derive(Clone)]
struct Anchored {
    /// `None` where the copies would be more than aliases may stand for.
    node: Option<Node>,
    nodes: usize,
    height: usize,
}

impl Anchors {
    fn keep(&mut self, id: usize, node: &Node, nodes: usize, height: usize) {
        let fits = self.nodes + nodes <= limits::ALIAS_NODES_MAX;
        if fits {
            self.nodes += nodes;
        }
        let node = fits.then(|| node.clone());
        self.kept.insert(id, Anchored { node, nodes, height });
    }
}

impl<'a> Reading<'a> {
    fn of(source: SourceId, text: &'a str, out: &'a mut Vec<Diagnostic>) -> Reading<'a> {
        Reading {
            source,
            text,
            lines: line_starts(text),
            out,
            documents: Vec::new(),
            first_line: 0,
            last: (0, 0, 0),
            behind: 0,
            reported: 0,
            nodes: 0,
            alias_nodes: 0,
            stack: Vec::new(),
            root: None,
            anchors: Anchors::default(),
        }
    }

    /// Reads from the start of a line on; where a document is broken, says where the next may start.
    fn documents_from(&mut self, start: usize) -> Option<usize> {
        self.first_line = self.lines.partition_point(|&line| line as usize <= start).max(1) - 1;
        self.last = (self.first_line, 0, start);
        self.behind = start;
        let mut parser = Parser::new_from_str(&self.text[start..]);
        let broken = self.events(&mut parser).err()?;
        self.stack.clear();
        self.root = None;
        self.next_document(broken.behind?.max(start + 1))
    }

    fn events(&mut self, parser: &mut Parser<'a, StrInput<'a>>) -> Result<(), Broken> {
        while let Some(event) = parser.next_event() {
            match event {
                Ok((event, marks)) => self.event(event, marks)?,
                Err(error) => {
                    let at = self.byte(error.marker());
                    return Err(self.broken(at, error.info()));
                }
            }
        }
        Ok(())
    }

    /// The next line, from a byte on, that starts a document.
    fn next_document(&self, from: usize) -> Option<usize> {
        let next = self.lines.partition_point(|&line| (line as usize) < from);
        self.lines[next..]
            .iter()
            .map(|&line| line as usize)
            .find(|&line| {
                let rest = &self.text[line..];
                rest.starts_with("---")
                    && rest[3..]
                        .chars()
                        .next()
                        .is_none_or(|c| matches!(c, ' ' | '\t' | '\r' | '\n'))
            })
    }

    fn report(&mut self, error: Diagnostic) {
        self.reported += 1;
        if self.reported <= limits::DIAGNOSTICS_MAX {
            self.out.push(error);
        }
    }

    fn broken(&mut self, at: usize, info: &str) -> Broken {
        let opened = self
            .stack
            .last()
            .filter(|frame| frame.flow)
            .map(|frame| frame.start);
        let fault = syntax::explain(self.text, at, info, opened);
        let span = self.span(fault.at.start, fault.at.end);
        let opened = fault.opened.map(|at| self.span(at, at + 1));
        self.report(errors::syntax(span, fault, opened));
        Broken { behind: Some(at) }
    }

    fn event(&mut self, event: Event<'a>, marks: Marks) -> Result<(), Broken> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd => Ok(()),
            Event::DocumentStart(explicit) => {
                self.anchors = Anchors::default();
                if explicit {
                    self.behind = self.byte(&marks.end);
                }
                Ok(())
            }
            Event::DocumentEnd => {
                let empty = |node: &Node| matches!(node, Node::Scalar(s) if s.style == Style::Plain && s.text.is_empty());
                self.documents
                    .extend(self.root.take().filter(|node| !empty(node)));
                Ok(())
            }
            Event::Alias(id) => self.alias(id, marks),
            Event::Scalar(text, style, anchor, tag) => {
                let named = anchor > 0 || tag.is_some();
                let mut scalar = self.scalar(text.into_owned().into_boxed_str(), style, named, marks);
                self.behind = self.behind.max(scalar.span.end as usize);
                if tag.is_some() {
                    scalar = self.tagged(scalar, &marks);
                }
                if scalar.inexact() {
                    self.report(errors::inexact(&scalar));
                }
                self.count(scalar.span)?;
                self.complete(Node::Scalar(scalar), anchor, 1, 0);
                Ok(())
            }
            Event::SequenceStart(anchor, tag) => {
                let open = Open::List(Vec::new());
                self.open(open, anchor, tag.as_deref(), marks)
            }
            Event::MappingStart(anchor, tag) => {
                let open = Open::Map(Vec::new(), Pending::Key);
                self.open(open, anchor, tag.as_deref(), marks)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(&marks);
                Ok(())
            }
        }
    }

    fn open(&mut self, open: Open, anchor: usize, tag: Option<&Tag>, marks: Marks) -> Result<(), Broken> {
        let named = anchor > 0 || tag.is_some();
        let start = self.start_of(&open, named, &marks);
        let span = self.span(start, start + 1);
        self.tag(tag, &marks);
        let nodes_before = self.nodes;
        self.count(span)?;
        if self.stack.len() >= limits::DOCUMENT_DEPTH_MAX {
            self.report(errors::too_deep(span));
            return Err(Broken { behind: Some(start) });
        }
        let flow = self.text.as_bytes().get(start).is_some_and(|&byte| match open {
            Open::List(_) => byte == b'[',
            Open::Map(..) => byte == b'{',
        });
        self.behind = self.behind.max(start + usize::from(flow));
        self.stack.push(Frame {
            open,
            start,
            flow,
            anchor,
            nodes_before,
            height: 1,
            merged: Vec::new(),
        });
        Ok(())
    }

    fn close(&mut self, marks: &Marks) {
        let Some(frame) = self.stack.pop() else { return };
        let end = self.byte(&marks.start);
        if frame.flow && matches!(self.text.as_bytes().get(end), Some(b']' | b'}')) {
            self.behind = self.behind.max(end + 1);
        }
        let span = self.span(frame.start, self.behind);
        let node = match frame.open {
            Open::List(items) => Node::List(List { items, span }),
            Open::Map(mut entries, _) => {
                self.duplicates(&entries);
                let own = |entry: &Entry| entries.iter().any(|own| own.key.text == entry.key.text);
                let merged: Vec<Entry> = frame.merged.into_iter().filter(|entry| !own(entry)).collect();
                entries.extend(merged);
                Node::Map(Map { entries, span })
            }
        };
        let nodes = self.nodes - frame.nodes_before;
        self.complete(node, frame.anchor, nodes, frame.height);
    }

    fn complete(&mut self, node: Node, anchor: usize, nodes: usize, height: usize) {
        if anchor > 0 {
            self.anchors.keep(anchor, &node, nodes, height);
        }
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return;
        };
        frame.height = frame.height.max(height + 1);
        let (entries, merged, pending) = match &mut frame.open {
            Open::List(items) => return items.push(node),
            Open::Map(entries, pending) => (entries, &mut frame.merged, pending),
        };
        match std::mem::replace(pending, Pending::Key) {
            Pending::Key => match key(node) {
                Ok(key) if is_merge(&key) => {
                    *pending = Pending::Merged;
                    self.report(errors::merge_key(key.span));
                }
                Ok(key) => *pending = Pending::Value(key),
                Err(error) => {
                    *pending = Pending::Dropped;
                    self.report(error);
                }
            },
            Pending::Value(key) => entries.push(Entry { key, value: node }),
            Pending::Merged => merged.extend(entries_of(node)),
            Pending::Dropped => {}
        }
    }

    fn alias(&mut self, id: usize, marks: Marks) -> Result<(), Broken> {
        let (start, end) = (self.byte(&marks.start), self.byte(&marks.end));
        let span = self.span(start, end);
        self.behind = self.behind.max(end);
        let stop = Broken { behind: Some(start) };
        let Some(anchored) = self.anchors.kept.get(&id).cloned() else {
            let name = &self.text[span.start as usize..span.end as usize];
            let open = self.stack.iter().any(|frame| frame.anchor == id);
            self.report(errors::unknown_alias(span, name, open));
            return Err(stop);
        };
        self.alias_nodes += anchored.nodes;
        self.nodes += anchored.nodes.saturating_sub(1);
        self.count(span)?;
        let Some(node) = anchored
            .node
            .filter(|_| self.alias_nodes <= limits::ALIAS_NODES_MAX)
        else {
            self.report(errors::too_many_aliases(span));
            return Err(stop);
        };
        if self.stack.len() + anchored.height > limits::DOCUMENT_DEPTH_MAX {
            self.report(errors::too_deep(span));
            return Err(stop);
        }
        self.complete(node, 0, anchored.nodes, anchored.height);
        Ok(())
    }

    fn count(&mut self, span: Span) -> Result<(), Broken> {
        self.nodes += 1;
        if self.nodes <= limits::DOCUMENT_NODES_MAX {
            return Ok(());
        }
        self.report(errors::too_many_nodes(span));
        Err(Broken { behind: None })
    }

    fn tag(&mut self, tag: Option<&Tag>, marks: &Marks) {
        if tag.is_some() {
            let (start, end) = self.tag_place(marks);
            let span = self.span(start, end);
            self.report(errors::tag(span, &self.text[start..end]));
        }
    }

    /// A scalar behind a tag. `!x` was meant as text, and is read on as such: one slip is one finding.
    fn tagged(&mut self, scalar: Scalar, marks: &Marks) -> Scalar {
        let (start, end) = self.tag_place(marks);
        let whole = self.span(start, end.max(scalar.span.end as usize));
        let text = &self.text[whole.start as usize..whole.end as usize];
        if text.starts_with("!!") || scalar.style != Style::Plain {
            self.report(errors::tag(self.span(start, end), &self.text[start..end]));
            return scalar;
        }
        self.report(errors::tag(whole, text));
        Scalar {
            text: text.into(),
            style: Style::Plain,
            span: whole,
        }
    }

    fn tag_place(&mut self, marks: &Marks) -> (usize, usize) {
        let start = self.byte(&marks.start);
        let word = |from: usize| word_len(&self.text[from..]);
        let start = match self.text.as_bytes().get(start) {
            Some(b'&') => skip_blanks(self.text, start + word(start)),
            _ => start,
        };
        (start, start + word(start))
    }

    /// Reports keys that stand twice. By sorting, since a table by hash can be attacked.
    fn duplicates(&mut self, entries: &[Entry]) {
        let text = |at: usize| &*entries[at].key.text;
        if entries.len() <= 8 {
            for again in 1..entries.len() {
                if let Some(first) = (0..again).find(|&first| text(first) == text(again)) {
                    self.report(errors::duplicate_key(
                        &entries[again].key,
                        entries[first].key.span,
                    ));
                }
            }
            return;
        }
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_key(|&at| text(at));
        for same in order.chunk_by(|&a, &b| text(a) == text(b)) {
            for &again in &same[1..] {
                self.report(errors::duplicate_key(
                    &entries[again].key,
                    entries[same[0]].key.span,
                ));
            }
        }
    }
}

fn is_merge(key: &Scalar) -> bool {
    key.style == Style::Plain && &*key.text == "<<"
}

fn entries_of(node: Node) -> Vec<Entry> {
    match node {
        Node::Map(map) => map.entries,
        Node::List(list) => list.items.into_iter().flat_map(entries_of).collect(),
        Node::Scalar(_) => Vec::new(),
    }
}

/// A node in the place of a key.
fn key(node: Node) -> Result<Scalar, Diagnostic> {
    match node {
        Node::Scalar(key) if key.style != Style::Plain => Ok(key),
        Node::Scalar(key) if key.text.is_empty() => Err(errors::key_not_text(key.span, "nothing")),
        Node::Scalar(key) => Ok(key),
        Node::List(list) => Err(errors::key_not_text(list.span, "a list")),
        Node::Map(map) => Err(errors::key_not_text(map.span, "a mapping")),
    }
}

// Places.
impl Reading<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        span_in(self.source, self.text, start, end)
    }

    /// The byte of a mark. Lines and columns are right where the parser's index is not (behind a directive).
    fn byte(&mut self, mark: &Marker) -> usize {
        let line = self.first_line + mark.line().saturating_sub(1);
        let Some(&start) = self.lines.get(line) else {
            return self.text.len();
        };
        let (last_line, last_column, last_byte) = self.last;
        let column = mark.col();
        let byte = if last_line == line && last_column <= column {
            forward(self.text, last_byte, column - last_column)
        } else if last_line == line && last_column - column < column {
            let back = last_column - column;
            let before = &self.text[..last_byte];
            before.char_indices().rev().nth(back - 1).map_or(0, |(at, _)| at)
        } else {
            forward(self.text, (start as usize).max(body(self.text)), column)
        };
        self.last = (line, column, byte);
        byte
    }

    fn scalar(&mut self, text: Box<str>, style: ScalarStyle, named: bool, marks: Marks) -> Scalar {
        let mark = self.byte(&marks.start);
        let start = if named {
            skip_properties(self.text, mark)
        } else {
            mark
        };
        let (style, start, end) = match style {
            ScalarStyle::Plain if text.is_empty() => {
                let at = if named {
                    self.byte(&marks.end)
                } else {
                    self.nothing_before(mark)
                };
                (Style::Plain, at, at)
            }
            ScalarStyle::Plain => (Style::Plain, start, self.byte(&marks.end)),
            ScalarStyle::SingleQuoted => (Style::SingleQuoted, start, quoted_end(self.text, start)),
            ScalarStyle::DoubleQuoted => (Style::DoubleQuoted, start, quoted_end(self.text, start)),
            ScalarStyle::Literal => self.block(Style::Literal, named, start, &marks),
            ScalarStyle::Folded => self.block(Style::Folded, named, start, &marks),
        };
        Scalar {
            text,
            style,
            span: self.span(start, end),
        }
    }

    /// From the `|` or `>` to the end of the last line that holds something.
    fn block(&mut self, style: Style, named: bool, start: usize, marks: &Marks) -> (Style, usize, usize) {
        let header = match named {
            true => start,
            false => seek(self.text, self.behind, start + 1, |byte| {
                matches!(byte, b'|' | b'>')
            })
            .unwrap_or(start),
        };
        let end = self.byte(&marks.end).max(header);
        let written = self.text[header..end].trim_end_matches([' ', '\t', '\r', '\n']);
        (style, header, header + written.len().max(1))
    }

    /// Where something could have been written: behind the last indicator before the mark.
    fn nothing_before(&self, mark: usize) -> usize {
        if matches!(
            self.stack.last(),
            Some(Frame {
                open: Open::Map(_, Pending::Key),
                ..
            })
        ) {
            return mark;
        }
        let mut at = self.behind.min(mark);
        let limit = mark + usize::from(self.text.as_bytes().get(mark) == Some(&b':'));
        while let Some(found) = seek(self.text, at, limit, |byte| matches!(byte, b':' | b'-' | b'?')) {
            at = found + 1;
        }
        at
    }

    /// Where a list or mapping starts. The parser's mark of a list that is not indented below its key is behind its
    /// first dash.
    fn start_of(&mut self, open: &Open, named: bool, marks: &Marks) -> usize {
        let mark = self.byte(&marks.start);
        let start = if named {
            skip_properties(self.text, mark)
        } else {
            mark
        };
        let in_map = matches!(
            self.stack.last(),
            Some(Frame {
                open: Open::Map(..),
                flow: false,
                ..
            })
        );
        if matches!(open, Open::Map(..)) || !in_map || named {
            return start;
        }
        seek(self.text, self.behind, start + 1, |byte| {
            matches!(byte, b'-' | b'[')
        })
        .unwrap_or(start)
    }
}

fn forward(text: &str, from: usize, columns: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    // Nearly all text is ASCII, for which characters are bytes.
    match rest.as_bytes().get(..columns) {
        Some(ascii) if ascii.is_ascii() => from + columns,
        _ => rest
            .char_indices()
            .nth(columns)
            .map_or(text.len(), |(at, _)| from + at),
    }
}

/// The first byte of a kind before a limit, comments left out.
fn seek(text: &str, from: usize, limit: usize, wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let bytes = &text.as_bytes()[..limit.min(text.len())];
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'#' && (at == from || bytes[at - 1].is_ascii_whitespace()) {
            at += line_len(&bytes[at..]);
        } else if wanted(byte) {
            return Some(at);
        } else {
            at += 1;
        }
    }
    None
}

fn line_len(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .unwrap_or(bytes.len())
}

/// Behind the anchor and the tag of a node.
fn skip_properties(text: &str, start: usize) -> usize {
    let mut at = start;
    while let Some(b'&' | b'!') = text.as_bytes().get(at) {
        at = skip_blanks(text, at + word_len(&text[at..]).max(1));
    }
    at
}

fn skip_blanks(text: &str, from: usize) -> usize {
    seek(text, from, text.len(), |byte| !byte.is_ascii_whitespace()).unwrap_or(text.len())
}

/// The length of an anchor, alias or tag.
fn word_len(text: &str) -> usize {
    text.find([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}'])
        .unwrap_or(text.len())
}

/// Behind the closing quote.
fn quoted_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes.get(start).copied().unwrap_or(b'"');
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 2,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 2,
            _ if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

//! How findings look: to a person, with the lines that they are about; and as JSON, for editors and bindings.
//! Knows nothing of what they mean.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

use super::{Diagnostic, Diagnostics, Label, Severity};
use crate::limits;
use crate::source::{Place, SourceId, SourceMap, Span};

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

impl Diagnostics {
    /// The findings as a person reads them, each with the lines that it is about, and at the end how many there are.
    /// Empty where there are none.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = renderer.term_width(WIDTH);
        let mut text = String::new();
        for finding in self.found.iter().take(limits::DIAGNOSTICS_MAX) {
            text.push_str(&renderer.render(&[group(finding, &self.sources)]));
            text.push_str("\n\n");
        }
        text.push_str(&self.summary());
        text
    }

    /// How many of each kind: "3 errors, 1 warning".
    pub fn summary(&self) -> String {
        let of = |severity| {
            self.found
                .iter()
                .filter(|finding| finding.severity == severity)
                .count()
        };
        let count = |number: usize, name: &str| match number {
            0 => None,
            1 => Some(format!("1 {name}")),
            _ => Some(format!("{number} {name}s")),
        };
        let counts = [
            count(of(Severity::Error), "error"),
            count(of(Severity::Warning), "warning"),
        ];
        let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        match self.found.len().checked_sub(limits::DIAGNOSTICS_MAX) {
            Some(hidden @ 1..) => format!("{counts} ({hidden} of them not shown)"),
            _ => counts,
        }
    }

    /// The findings as JSON: an array of
    /// `{code, severity, message, help, labels: [{source, text, start: {line, column, byte}, end: {...}}]}`,
    /// lines and columns from 1, columns in code points. At most [`limits::DIAGNOSTICS_MAX`] of them;
    /// [`Diagnostics::len`] says how many there are.
    pub fn to_json(&self) -> Value {
        let shown = self.found.iter().take(limits::DIAGNOSTICS_MAX);
        shown
            .map(|finding| finding_json(finding, &self.sources))
            .collect()
    }
}

impl Severity {
    /// The name that JSON uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

fn finding_json(finding: &Diagnostic, sources: &SourceMap) -> Value {
    let place = |place: Place| json!({"line": place.line, "column": place.column, "byte": place.byte});
    let label = |label: &Label| {
        json!({
            "source": sources.name(label.span.source),
            "text": label.text,
            "start": place(sources.place(label.span)),
            "end": place(sources.place_end(label.span)),
        })
    };
    json!({
        "code": finding.code.0,
        "severity": finding.severity.as_str(),
        "message": finding.message,
        "help": finding.help,
        "labels": finding.labels.iter().map(label).collect::<Vec<_>>(),
    })
}

/// Columns of the rendering.
const WIDTH: usize = 120;
/// Bytes of a line shown before and behind a place, where the line is longer.
const BEFORE_MAX: usize = 60;
const BEHIND_MAX: usize = 200;
/// Lines between two labels that are shown, so that both stand in one picture.
const BETWEEN_MAX: u32 = 3;

fn group<'a>(finding: &'a Diagnostic, sources: &'a SourceMap) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&*finding.message).id(finding.code.0);
    let mut group = Group::with_title(title);
    for picture in pictures(finding, sources) {
        let place = picture.first;
        let snippet = Snippet::source(picture.text)
            .line_start(picture.line as usize)
            .fold(false);
        let snippet = snippet.annotations(picture.notes);
        group = match picture.whole_lines {
            true => group.element(snippet.path(place.source)),
            // The library would count the columns of the line as cut.
            false => {
                let origin = Origin::path(place.source).line(place.line as usize);
                group
                    .element(origin.char_column(place.column as usize))
                    .element(snippet)
            }
        };
    }
    match &finding.help {
        Some(help) => group.element(Level::HELP.message(&**help)),
        None => group,
    }
}

/// Some lines of a source with the labels on them.
struct Picture<'a> {
    /// What is written above it.
    first: Place,
    line: u32,
    last_line: u32,
    text: String,
    notes: Vec<Annotation<'a>>,
    /// Whether the first label of the finding is in it.
    primary: bool,
    whole_lines: bool,
    source: SourceId,
    /// Behind the last line that is shown.
    end: usize,
}

/// The pictures of a finding, that of its first label first. Labels that are near each other share one.
fn pictures<'a>(finding: &'a Diagnostic, sources: &SourceMap) -> Vec<Picture<'a>> {
    let mut order: Vec<(bool, &Label)> = finding
        .labels
        .iter()
        .enumerate()
        .map(|(at, label)| (at == 0, label))
        .collect();
    order.sort_by_key(|&(_, label)| label.span);
    let mut pictures: Vec<Picture<'a>> = Vec::new();
    for (primary, label) in order {
        let excerpt = Excerpt::of(label.span, sources);
        let kind = if primary {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let note = |range: Range<usize>| match label.text.is_empty() {
            true => kind.span(range),
            false => kind.span(range).label(&*label.text),
        };
        match pictures.last_mut() {
            Some(picture) if picture.takes(&excerpt, label.span) => {
                picture.add(&excerpt, primary, note, sources)
            }
            _ => pictures.push(Picture {
                line: excerpt.place.line,
                last_line: excerpt.place.line,
                text: excerpt.text.clone(),
                notes: vec![note(excerpt.marked.clone())],
                primary,
                whole_lines: excerpt.whole,
                source: label.span.source,
                end: excerpt.end,
                first: excerpt.place,
            }),
        }
    }
    pictures.sort_by_key(|picture| !picture.primary);
    pictures
}

impl<'a> Picture<'a> {
    fn takes(&self, excerpt: &Excerpt, span: Span) -> bool {
        let near = excerpt.place.line <= self.last_line + 1 + BETWEEN_MAX;
        self.source == span.source && self.whole_lines && excerpt.whole && near
    }

    fn add(
        &mut self,
        excerpt: &Excerpt,
        primary: bool,
        note: impl Fn(Range<usize>) -> Annotation<'a>,
        sources: &SourceMap,
    ) {
        let text = sources.text(self.source);
        if excerpt.place.line > self.last_line {
            let between = text.get(self.end..excerpt.end).unwrap_or("");
            self.text.push_str(between);
            self.end = excerpt.end;
            self.last_line = excerpt.place.line;
        }
        let line_start = self.text.len() - excerpt.text.len();
        self.notes.push(note(
            line_start + excerpt.marked.start..line_start + excerpt.marked.end,
        ));
        if primary {
            self.first = excerpt.place.clone();
            self.primary = true;
        }
    }
}

/// The line of a span, cut where it is long, and the part of the span that is on it.
struct Excerpt {
    place: Place,
    text: String,
    marked: Range<usize>,
    whole: bool,
    /// The byte behind the line.
    end: usize,
}

impl Excerpt {
    fn of(span: Span, sources: &SourceMap) -> Excerpt {
        let text = sources.text(span.source);
        let at = (span.start as usize).min(text.len());
        // Looking no further than is shown keeps a line of megabytes cheap.
        let before = &text[boundary(text, at.saturating_sub(BEFORE_MAX * 4))..at];
        let behind = &text[at..boundary(text, at + BEHIND_MAX * 4)];
        let (before, cut_before) = tail(before, at);
        let (behind, cut_behind) = head(behind, text.len() - at);
        let shown = (span.end as usize).saturating_sub(at).min(behind.len());
        let dots = if cut_before { "..." } else { "" };
        let line = format!("{dots}{before}{behind}{}", if cut_behind { "..." } else { "" });
        let start = dots.len() + before.len();
        Excerpt {
            place: sources.place(span),
            marked: start..start + shown,
            text: line,
            whole: !cut_before && !cut_behind,
            end: at + behind.len(),
        }
    }
}

/// The end of a text that is on its last line, and whether it was cut.
fn tail(before: &str, at: usize) -> (&str, bool) {
    if let Some(line) = before.rfind('\n') {
        let line = &before[line + 1..];
        return if line.len() <= BEHIND_MAX {
            (line, false)
        } else {
            (last(line), true)
        };
    }
    match before.len() == at && before.len() <= BEHIND_MAX {
        true => (before.trim_start_matches('\u{feff}'), false),
        false => (last(before), true),
    }
}

fn last(line: &str) -> &str {
    &line[boundary(line, line.len().saturating_sub(BEFORE_MAX))..]
}

/// The start of a text that is on its first line, and whether it was cut.
fn head(behind: &str, left: usize) -> (&str, bool) {
    let line = behind.split('\n').next().unwrap_or("");
    let ends = line.len() < behind.len() || behind.len() == left;
    let line = line.strip_suffix('\r').unwrap_or(line);
    match ends && line.len() <= BEHIND_MAX {
        true => (line, false),
        false => (&line[..boundary(line, line.len().min(BEHIND_MAX))], true),
    }
}

/// The boundary between characters at or before a byte.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

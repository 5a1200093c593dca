//! From the text of a scalar back to the source: a wrong word in a condition is underlined where its author wrote it,
//! through quotes, escapes, folding and indentation. Runs for errors only, so it walks the source again.

use std::ops::Range;

use super::{Scalar, Style};
use crate::source::{SourceMap, Span};

impl Scalar {
    /// Where a range of bytes of the text stands in the source. The whole scalar, where that cannot be said.
    pub fn span_of(&self, range: Range<usize>, sources: &SourceMap) -> Span {
        let written = sources.slice(self.span);
        let found = self
            .direct(written, &range)
            .or_else(|| self.walked(written, &range));
        let Some(found) = found else { return self.span };
        Span {
            start: self.span.start + found.start as u32,
            end: self.span.start + found.end as u32,
            ..self.span
        }
    }

    /// The usual case: one line without escapes.
    fn direct(&self, written: &str, range: &Range<usize>) -> Option<Range<usize>> {
        let quotes = match self.style {
            Style::Plain => 0,
            Style::SingleQuoted | Style::DoubleQuoted => 1,
            Style::Literal | Style::Folded => return None,
        };
        let inside = written.get(quotes..written.len().checked_sub(quotes)?)?;
        let valid = inside == &*self.text && inside.get(range.clone()).is_some();
        valid.then(|| range.start + quotes..range.end + quotes)
    }

    fn walked(&self, written: &str, range: &Range<usize>) -> Option<Range<usize>> {
        self.text.get(range.clone())?;
        let places = match self.style {
            Style::Literal => literal(&self.text, written),
            Style::Folded => folded(&self.text, written),
            Style::Plain | Style::SingleQuoted | Style::DoubleQuoted => flow(&self.text, written, self.style),
        }?;
        let from = places.partition_point(|place| place.text < range.start);
        let to = places.partition_point(|place| place.text < range.end);
        match (places.get(from), places.get(..to).and_then(<[Place]>::last)) {
            _ if range.is_empty() => {
                let at = places.get(from).map(|place| place.source.start);
                let at = at.or_else(|| places.last().map(|place| place.source.end))?;
                Some(at..at)
            }
            (Some(first), Some(last)) if from < to => Some(first.source.start..last.source.end),
            _ => None,
        }
    }
}

/// A character of the text, and the bytes of the source that stand for it.
struct Place {
    text: usize,
    source: Range<usize>,
}

/// Plain and quoted text: line breaks are folded, quotes and escapes undone.
fn flow(text: &str, written: &str, style: Style) -> Option<Vec<Place>> {
    let mut at = usize::from(style != Style::Plain);
    let mut places = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some(&(offset, c)) = chars.peek() {
        let rest = written.get(at..)?;
        let blanks = run_len(rest);
        let run = &rest[..blanks];
        if style == Style::DoubleQuoted && (rest.starts_with("\\\n") || rest.starts_with("\\\r")) {
            // The break is escaped away; those of empty lines behind it stay.
            let run = &rest[1..][..run_len(&rest[1..])];
            for _ in 1..breaks(run) {
                let (text, _) = chars.next_if(|&(_, c)| c == '\n')?;
                places.push(Place {
                    text,
                    source: at..at + 1 + run.len(),
                });
            }
            at += 1 + run.len();
            continue;
        }
        if run.contains(['\n', '\r']) {
            // One break is a space; of several the first is dropped.
            let folded = breaks(run).saturating_sub(1).max(1);
            for _ in 0..folded {
                let (text, _) = chars.next_if(|&(_, c)| matches!(c, ' ' | '\n'))?;
                places.push(Place {
                    text,
                    source: at..at + blanks,
                });
            }
            at += blanks;
            continue;
        }
        let len = match rest.chars().next()? {
            '\\' if style == Style::DoubleQuoted => escape_len(rest)?,
            '\'' if style == Style::SingleQuoted => 2,
            same if same == c => c.len_utf8(),
            _ => return None,
        };
        places.push(Place {
            text: offset,
            source: at..at + len,
        });
        chars.next();
        at += len;
    }
    Some(places)
}

/// The bytes of a run of blanks.
fn run_len(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\r', '\n']).len()
}

fn breaks(run: &str) -> usize {
    run.matches('\n').count() + run.replace("\r\n", "").matches('\r').count()
}

fn escape_len(rest: &str) -> Option<usize> {
    Some(match rest[1..].chars().next()? {
        'x' => 4,
        'u' => 6,
        'U' => 10,
        other => 1 + other.len_utf8(),
    })
}

/// The lines of a source with their starts, without their breaks, and without the header of the block.
fn lines_below(written: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = written.as_bytes();
    let ends =
        move |&at: &usize| bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    let ends = (0..bytes.len()).filter(ends).chain(std::iter::once(bytes.len()));
    let mut start = 0;
    let lines = ends.map(move |end| {
        let line = (start, written[start..end].trim_end_matches('\r'));
        start = end + 1;
        line
    });
    lines.skip(1)
}

/// `|`: a line of the text is the end of a line of the source, since only its indentation is taken away.
fn literal(text: &str, written: &str) -> Option<Vec<Place>> {
    let mut places = Vec::new();
    let mut offset = 0;
    let mut lines = lines_below(written);
    for line in text.split_inclusive('\n') {
        let words = line.trim_end_matches('\n');
        let Some((start, source)) = lines.next() else {
            break;
        };
        if !source.ends_with(words) {
            // The span ends at the last letter, the text may go on with blanks.
            if words.trim_end().is_empty() || !source.ends_with(words.trim_end()) {
                return None;
            }
        }
        let kept = if source.ends_with(words) {
            words
        } else {
            words.trim_end()
        };
        let from = start + source.len() - kept.len();
        places.extend(kept.char_indices().map(|(at, c)| Place {
            text: offset + at,
            source: from + at..from + at + c.len_utf8(),
        }));
        if line.len() > words.len() {
            let end = start + source.len();
            places.push(Place {
                text: offset + words.len(),
                source: end..end,
            });
        }
        offset += line.len();
    }
    Some(places)
}

/// `>`: line breaks became spaces, empty lines became breaks, deeper lines kept both.
fn folded(text: &str, written: &str) -> Option<Vec<Place>> {
    let header = written.split(['\n', '\r']).next()?;
    let explicit = header.chars().find_map(|c| c.to_digit(10)).is_some();
    let lines: Vec<(usize, &str)> = lines_below(written).collect();
    let first = lines
        .iter()
        .find(|(_, line)| !line.trim_matches(' ').is_empty())?
        .1;
    // With an indentation told, the first line may be deeper than the rest; the least deep line shows the true one.
    let depth = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let indent = match explicit {
        false => depth(first),
        true => lines
            .iter()
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(_, line)| depth(line))
            .min()?,
    };
    let mut places = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut broken_at = None;
    for (start, line) in lines {
        let Some(words) = line.get(indent..).filter(|words| !words.is_empty()) else {
            broken_at.get_or_insert(start);
            continue;
        };
        if let Some(at) = broken_at.take() {
            let space = chars.next_if(|&(_, c)| c == ' ');
            places.extend(space.map(|(text, _)| Place { text, source: at..at }));
            while let Some((text, _)) = chars.next_if(|&(_, c)| space.is_none() && c == '\n') {
                places.push(Place { text, source: at..at });
            }
        }
        let from = start + indent;
        for (at, c) in words.char_indices() {
            let (text, _) = chars.next_if(|&(_, found)| found == c)?;
            places.push(Place {
                text,
                source: from + at..from + at + c.len_utf8(),
            });
        }
        broken_at = Some(start + line.len());
    }
    // What the parser adds at the end stands nowhere; anything but blanks there means that the walk lost its way.
    let rest: Vec<(usize, char)> = chars.collect();
    if rest.iter().any(|(_, c)| !matches!(c, ' ' | '\n')) {
        return None;
    }
    places.extend(rest.into_iter().map(|(text, _)| Place {
        text,
        source: written.len()..written.len(),
    }));
    Some(places)
}

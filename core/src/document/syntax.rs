//! What the YAML parser stumbled over -> what the author did, and what to write instead.
//!
//! The parser says where it gave up and in which state; most authors wrote a glob, a colon or a quote that YAML takes
//! for something else. The guesses here touch messages only: whatever is guessed, the document is refused.

use std::ops::Range;

use super::errors::short;

/// One fault of a text.
pub(super) struct Fault {
    /// `yaml-syntax`, or where the fault has a name of its own, that.
    pub kind: Kind,
    /// Where it is.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: Option<String>,
    /// The bracket that was open, where that matters.
    pub opened: Option<usize>,
}

/// Which code a fault has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The text is no YAML.
    Syntax,
    /// An alias without an anchor; a glob, nearly always.
    Alias,
    /// Nested too deeply for the parser itself.
    Depth,
}

/// Explains what the parser said at a byte, within the innermost bracket that is open.
pub(super) fn explain(text: &str, at: usize, info: &str, opened: Option<usize>) -> Fault {
    let place = Place {
        flow: opened.is_some(),
        ..Place::of(text, at.min(text.len()))
    };
    if let Some(tab) = place.tab_indent() {
        return fault(
            tab..tab + 1,
            "a tab is used as indentation",
            Some("indent with spaces".into()),
        );
    }
    match info {
        "while parsing node, found unknown anchor" => place.alias(),
        "while scanning an anchor or alias, did not find expected alphabetic or numeric character" => {
            place.lone_alias()
        }
        "mapping values are not allowed in this context" => place.second_colon(),
        "while scanning a quoted scalar, found unexpected end of stream"
        | "while scanning a quoted scalar, found unexpected document indicator"
        | "invalid indentation in quoted scalar" => place.unclosed_quote(),
        "invalid trailing content after double-quoted scalar" => place.behind_quote(),
        "while scanning a block scalar, did not find expected comment or line break" => place.block_header(),
        "simple key expect ':'" | "simple key expected" => place.no_colon(),
        "block sequence entries are not allowed in this context" => place.inline_dash(),
        "comment intercepting the multiline text" => place.comment_inside(),
        "illegal placement of ':' indicator" => place.key_in_brackets(),
        _ if info.starts_with("while parsing a block ") => place.misfit(),
        "recursion limit exceeded" => Fault {
            kind: Kind::Depth,
            ..fault(place.character(), "", None)
        },
        "misplaced bracket" => place.misplaced_bracket(),
        _ if info.starts_with("while parsing a quoted scalar") => place.escape(info),
        _ if info.starts_with("unexpected character") => place.indicator(),
        _ if info.contains("flow") => place.bracket(opened),
        _ if info.contains("tab") => place.tab(),
        _ => place.other(info),
    }
}

fn fault(at: Range<usize>, message: impl Into<String>, help: Option<String>) -> Fault {
    Fault {
        kind: Kind::Syntax,
        at,
        message: message.into(),
        help,
        opened: None,
    }
}

/// The text around a fault.
struct Place<'a> {
    text: &'a str,
    at: usize,
    /// The line, without its break.
    line: Range<usize>,
    /// Whether a bracket is known to be open.
    flow: bool,
}

impl<'a> Place<'a> {
    fn of(text: &'a str, at: usize) -> Place<'a> {
        let start = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let end = text[at..].find(['\n', '\r']).map_or(text.len(), |end| at + end);
        Place {
            text,
            at,
            line: start..end,
            flow: false,
        }
    }

    /// The character at the fault.
    fn character(&self) -> Range<usize> {
        let len = self.text[self.at..]
            .chars()
            .next()
            .filter(|c| !matches!(c, '\n' | '\r'))
            .map_or(0, char::len_utf8);
        self.at..self.at + len
    }

    /// The line before it that holds something.
    fn line_before(&self) -> Option<Place<'a>> {
        let before = self.text[..self.line.start].trim_end();
        (!before.is_empty()).then(|| Place::of(self.text, before.len()))
    }

    /// From a byte of the line to its end, without a comment and blanks.
    fn rest(&self, from: usize) -> Range<usize> {
        let rest = &self.text[from..self.line.end.max(from)];
        let rest = rest.find(" #").map_or(rest, |comment| &rest[..comment]);
        from..from + rest.trim_end().len()
    }

    /// The same, or within brackets only to the next comma or bracket.
    fn scalar(&self, from: usize) -> Range<usize> {
        let before = self.text[self.line.start..from].trim_end();
        let rest = self.rest(from);
        if !self.flow && !before.ends_with(['[', ',', '{']) {
            return rest;
        }
        let end = self.text[rest.clone()]
            .find([',', ']', '}'])
            .unwrap_or(rest.len());
        let word = self.text[from..from + end].trim_end();
        from..from + word.len()
    }

    /// Where the value of the line starts: behind its dashes and its first key.
    fn value(&self) -> usize {
        let line = &self.text[self.line.clone()];
        let item = line.trim_start_matches([' ', '-']);
        let start = self.line.start + line.len() - item.len();
        match item.find(": ") {
            Some(colon) => {
                start + colon + 1 + (item[colon + 1..].len() - item[colon + 1..].trim_start().len())
            }
            None => start,
        }
    }

    fn tab_indent(&self) -> Option<usize> {
        let line = &self.text[self.line.clone()];
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        line[..blank].find('\t').map(|tab| self.line.start + tab)
    }

    /// The parser names the text before the tab, which goes on in the line that is indented with it.
    fn tab(&self) -> Fault {
        let tab = self.text[self.at..]
            .find('\t')
            .map_or(self.at, |tab| self.at + tab);
        let message = "a tab stands where YAML wants spaces";
        fault(
            tab..(tab + 1).min(self.text.len()),
            message,
            Some("indent with spaces".into()),
        )
    }

    fn comment_inside(&self) -> Fault {
        let help = "quote the text, or move the comment to a line of its own above it";
        fault(
            self.rest(self.at),
            "text goes on behind a comment",
            Some(help.into()),
        )
    }

    fn key_in_brackets(&self) -> Fault {
        let help = "close the bracket that was opened above this line, or quote what it starts";
        fault(
            self.character(),
            "a key within a list in brackets",
            Some(help.into()),
        )
    }

    /// A line, or the rest of one, that is no entry of the list or mapping around it.
    fn misfit(&self) -> Fault {
        let before = self.text[self.line.start..self.at].trim();
        let at = self.rest(self.at);
        let value = self.value();
        match before {
            "" => {
                let help = "indent it like the lines that it belongs with";
                fault(at, "the indentation fits no line above", Some(help.into()))
            }
            "-" => {
                let help = "indent a list below the key that it is the value of, and write nothing else behind that key";
                fault(at, "a list entry among the keys of a mapping", Some(help.into()))
            }
            _ => {
                let written = &self.text[self.rest(value.min(self.at))];
                let help = format!("if all of it is text, {}", quote_it(written));
                fault(at, "text behind the end of a value", Some(help))
            }
        }
    }

    fn alias(&self) -> Fault {
        let at = self.scalar(self.at);
        let name = &self.text[at.clone()];
        let message = format!(
            "`{}` is read as an alias of YAML, and no anchor has that name",
            short(name)
        );
        Fault {
            kind: Kind::Alias,
            ..fault(at.clone(), message, Some(quote_it(name)))
        }
    }

    fn lone_alias(&self) -> Fault {
        let at = self.scalar(self.at);
        let sign = if self.text[self.at..].starts_with('&') {
            "an anchor"
        } else {
            "an alias"
        };
        let written = &self.text[at.clone()];
        fault(
            at.clone(),
            format!("`{}` is read as {sign} of YAML without a name", short(written)),
            Some(quote_it(written)),
        )
    }

    fn indicator(&self) -> Fault {
        let at = self.scalar(self.at);
        let written = &self.text[at.clone()];
        let sign = written.chars().next().unwrap_or('@');
        let message = match sign {
            '`' => "text cannot start with a backtick without quotes".to_owned(),
            _ => format!("text cannot start with `{sign}` without quotes"),
        };
        fault(at.clone(), message, Some(quote_it(written)))
    }

    fn second_colon(&self) -> Fault {
        let value = self.value();
        if value < self.at {
            let written = &self.text[self.rest(value)];
            let help = format!("if it belongs to the text, {}", quote_it(written));
            return fault(self.character(), "a second `: ` on one line", Some(help));
        }
        if let Some(fault) = self.line_before().and_then(|line| line.tight_colon()) {
            return fault;
        }
        let help = "indent the line like those that it belongs with, or quote the text of the line above";
        fault(
            self.character(),
            "a key that fits no line above it",
            Some(help.into()),
        )
    }

    fn unclosed_quote(&self) -> Fault {
        let quote = &self.text[self.character()];
        let help = match quote {
            "'" => {
                "close it on a line indented deeper than its key; write `''` for a quote within single quotes"
            }
            _ => {
                "close it on a line indented deeper than its key; write `\\\"` for a quote within double quotes"
            }
        };
        fault(self.character(), "this quote is never closed", Some(help.into()))
    }

    fn behind_quote(&self) -> Fault {
        let value = self.value();
        let written = &self.text[self.rest(value)];
        let help = match written.chars().next() {
            Some('\'') => {
                "write `''` for a quote within single quotes, or put all of the text between quotes"
            }
            Some('"') => {
                "write `\\\"` for a quote within double quotes, or put all of the text between quotes"
            }
            _ => "put all of the text between quotes",
        };
        fault(
            self.rest(self.at),
            "text behind the closing quote",
            Some(help.into()),
        )
    }

    fn block_header(&self) -> Fault {
        let at = self.rest(self.at);
        let written = &self.text[at.clone()];
        let sign = written.chars().next().unwrap_or('>');
        let message = format!("`{sign}` starts a block of text, and nothing may follow it on its line");
        fault(at.clone(), message, Some(quote_it(written)))
    }

    fn no_colon(&self) -> Fault {
        // The mark is behind the text that should have been a key, often on a later line.
        let line = match self.text[self.line.start..self.at].trim().is_empty() {
            true => self.line_before(),
            false => None,
        };
        let line = line.as_ref().unwrap_or(self);
        line.tight_colon().unwrap_or_else(|| {
            let help = "write `key: value`, or indent it deeper if it belongs to the text above";
            fault(line.written(), "expected a key and a colon", Some(help.into()))
        })
    }

    /// What the line holds, without indentation and comment.
    fn written(&self) -> Range<usize> {
        let at = self.rest(self.line.start);
        let written = self.text[at.clone()].trim_start();
        at.end - written.len()..at.end
    }

    /// `key:value`, which is one word to YAML.
    fn tight_colon(&self) -> Option<Fault> {
        let at = self.written();
        let written = &self.text[at.clone()];
        let (key, value) = written.split_once(':')?;
        if key.is_empty() || key.contains(' ') || value.is_empty() || value.starts_with([' ', '/']) {
            return None;
        }
        let colon = at.start + key.len();
        let help = format!("write `{}: {}`", short(key), short(value));
        Some(fault(colon..colon + 1, "no space behind the colon", Some(help)))
    }

    fn inline_dash(&self) -> Fault {
        let help = "start the list on a line of its own, or write it between `[` and `]`, or quote the text";
        fault(
            self.character(),
            "a list cannot start behind a key on its line",
            Some(help.into()),
        )
    }

    fn misplaced_bracket(&self) -> Fault {
        let bracket = &self.text[self.character()];
        let written = &self.text[self.scalar(self.value())];
        fault(
            self.character(),
            format!("`{bracket}` closes nothing"),
            Some(quote_it(written)),
        )
    }

    fn escape(&self, info: &str) -> Fault {
        let help = "within double quotes `\\` starts an escape; write `\\\\`, or use single quotes";
        let found = self.text[self.at..].match_indices('\\').find_map(|(at, _)| {
            // Escapes come in pairs; the walk starts at the quote, so an escaped backslash is stepped over.
            let before = self.text[self.at..self.at + at]
                .bytes()
                .rev()
                .take_while(|&byte| byte == b'\\')
                .count();
            let next = self.text[self.at + at + 1..].chars().next()?;
            (before % 2 == 0 && !ESCAPES.contains(next)).then_some((self.at + at, next))
        });
        match found {
            Some((at, next)) => {
                let message = format!("`\\{next}` is no escape of YAML");
                fault(at..at + 1 + next.len_utf8(), message, Some(help.into()))
            }
            None => fault(
                self.character(),
                format!("an escape is not complete: {info}"),
                Some(help.into()),
            ),
        }
    }

    fn bracket(&self, opened: Option<usize>) -> Fault {
        let bracket = opened.and_then(|at| self.text.get(at..at + 1));
        let close = if bracket == Some("{") { "}" } else { "]" };
        let Some((opened, bracket)) = opened.zip(bracket) else {
            return self.other("a bracket is not closed");
        };
        let end = self.at.min(self.text.trim_end().len());
        let place = Place::of(self.text, end);
        let written = Place::of(self.text, opened);
        let written = &self.text[written.rest(opened)];
        let help = format!(
            "close it, put a comma between entries, or, if it is text, {}",
            quote_it(written)
        );
        let message = format!("expected `,` or `{close}` to go on with what `{bracket}` starts");
        Fault {
            opened: Some(opened),
            ..fault(place.character(), message, Some(help))
        }
    }

    fn other(&self, info: &str) -> Fault {
        let end = self.text.trim_end().len();
        let place = Place::of(self.text, self.at.min(end));
        let value = self.value();
        let written = &self.text[self.rest(value.min(self.line.end))];
        let help = match written.chars().next() {
            Some('*' | '&' | '!' | '%' | '@' | '`' | '{' | '[' | '|' | '>' | '?') => {
                format!("if this is text, {}", quote_it(written))
            }
            _ => "compare its indentation with the lines around it".to_owned(),
        };
        let info = info.strip_prefix("while parsing ").unwrap_or(info);
        fault(
            place.character(),
            format!("not well-formed YAML: {info}"),
            Some(help),
        )
    }
}

const ESCAPES: &str = "0abt\tnvfre \"/\\N_LPxuU\n\r";

/// How to write a text so that YAML leaves it alone.
fn quote_it(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        return "quote it".to_owned();
    }
    match text.contains(['"', '\\']) {
        true => format!("quote it: `'{}'`", text.replace('\'', "''")),
        false => format!("quote it: `\"{text}\"`"),
    }
}

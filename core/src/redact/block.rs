//! Blocks of text that are too long: the beginning and the end are kept, and a note says how much is missing. A block is what
//! stands between empty lines; a minified file, a dump in base64, a log without an empty line is one.

use super::{Class, Sink, Summary, sink::Blocks};

/// The rule's name in summaries.
const RULE: &str = "large-block";

/// The text with its long blocks shortened; `None` where none is.
pub(super) fn shorten(text: &str, sink: &Sink, summary: &mut Summary) -> Option<String> {
    let blocks = sink.blocks().filter(|blocks| blocks.over < text.len() as u64)?;
    let mut left = String::with_capacity(text.len());
    let (mut at, mut changed) = (0, false);
    while at < text.len() {
        let end = block_end(text, at);
        let block = &text[at..end];
        match short(block, blocks) {
            Some(short) => {
                left.push_str(&short);
                summary.count(Class::LargeBlocks, RULE);
                changed = true;
            }
            None => left.push_str(block),
        }
        at = end;
    }
    changed.then_some(left)
}

/// Behind the empty line that ends the block, or the end of the text.
fn block_end(text: &str, from: usize) -> usize {
    let mut at = from;
    let mut seen = false;
    for line in text[from..].split_inclusive('\n') {
        let empty = line.trim_end_matches(['\n', '\r']).is_empty();
        at += line.len();
        if empty && seen {
            return at;
        }
        seen |= !empty;
    }
    at
}

/// Cut at white space alone, so that no word is torn and nothing looks like what it was not. `None` where it is short enough.
fn short(block: &str, blocks: Blocks) -> Option<String> {
    if block.len() as u64 <= blocks.over {
        return None;
    }
    let body = block.trim_end();
    let ending = &block[body.len()..];
    let ending = if ending.contains("\n\n") || ending.contains("\n\r\n") {
        "\n\n"
    } else if ending.contains('\n') {
        "\n"
    } else {
        ""
    };
    if body.len() as u64 <= blocks.over {
        return Some(format!("{body}{ending}")).filter(|short| short != block);
    }
    let half = (blocks.keep / 2) as usize;
    let (head, tail) = (head(body, half), tail(body, half));
    let missing = body.len() - head.len() - tail.len();
    Some(format!("{head}[redacted:{RULE} {missing} bytes]{tail}{ending}"))
}

/// So much of the beginning, up to white space.
fn head(body: &str, most: usize) -> &str {
    let spaces = body
        .char_indices()
        .take_while(|(at, c)| at + c.len_utf8() <= most)
        .filter(|(_, c)| c.is_whitespace());
    spaces.last().map_or("", |(at, c)| &body[..at + c.len_utf8()])
}

/// So much of the end, from white space on.
fn tail(body: &str, most: usize) -> &str {
    let from = body.len() - most;
    let spaces = body
        .char_indices()
        .rev()
        .take_while(|(at, _)| from <= *at)
        .filter(|(_, c)| c.is_whitespace());
    spaces.last().map_or("", |(at, _)| &body[at..])
}

//! Precision and recall on texts as agents see them (`corpus.txt`): what of the marked is found, and how much of what is
//! found was marked. The figures are printed, and may not fall below what they are.

use super::*;

/// Spans that must be found, of a hundred, and findings that must be right. What is missed is listed when the test runs.
const RECALL_MIN: f64 = 0.95;
const PRECISION_MIN: f64 = 0.97;

/// A text of the corpus and what of it must go.
struct Text {
    line: usize,
    text: String,
    marked: Vec<std::ops::Range<usize>>,
}

fn corpus() -> Vec<Text> {
    let lines = include_str!("corpus.txt").lines().enumerate();
    let texts =
        lines.filter(|(_, line)| !line.is_empty() && !line.starts_with("# ") && !line.starts_with("## "));
    texts.map(|(at, line)| text_of(at + 1, line)).collect()
}

fn text_of(line: usize, written: &str) -> Text {
    let (mut text, mut marked, mut start) = (String::new(), Vec::new(), 0);
    let mut rest = written;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '«' => start = text.len(),
            '»' => marked.push(start..text.len()),
            '{' if rest.starts_with('}') => rest = &rest[1..],
            '{' => match rest
                .split_once('}')
                .and_then(|(of, behind)| Some((body(of, text.len() + line)?, behind)))
            {
                Some((body, behind)) => {
                    text.push_str(&body);
                    rest = behind;
                }
                None => text.push('{'),
            },
            '\\' if rest.starts_with("\\n") => {
                text.push_str("\\n");
                rest = &rest[2..];
            }
            '\\' if rest.starts_with('n') => {
                text.push('\n');
                rest = &rest[1..];
            }
            c => text.push(c),
        }
    }
    Text { line, text, marked }
}

/// `alnum:36`: so many characters of a kind, others each time.
fn body(of: &str, seed: usize) -> Option<String> {
    let (kind, length) = of.split_once(':')?;
    let length: usize = length.parse().ok()?;
    let chars: &str = match kind {
        "digits" => "4182736950",
        "hex" => "0f1e2d3c4b5a6978",
        "upper" => "A7B1C9D3E5F2G8H4J6K0LMNPQRSTUVWXYZ",
        "b32" => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        "alnum" => "a1B2c3D4e5F6g7H8j9KmNpQrStUvWxYz0LMkPnRqTsVuXwZy",
        "word" => "a1B2c3D4e5F6g7H8j9KmNpQr_tUvWxYz0LMkPnRqTsVuXwZy",
        "b64" => "a1B2c3D4e5F6g7H8j9KmNpQr+tUvWxYz0LMk/nRqTsVuXwZy",
        "b64u" => "a1B2c3D4e5F6g7H8j9KmNpQrtUvWxYz0LMknRqTsVuXwZy",
        _ => return None,
    };
    let chars: Vec<char> = chars.chars().collect();
    let mut state = seed as u64 ^ 0x9e37_79b9_7f4a_7c15;
    let next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        chars[(state >> 33) as usize % chars.len()]
    };
    Some(std::iter::repeat_with(next).take(length).collect())
}

#[test]
fn precision_and_recall() {
    let texts = corpus();
    assert!(300 <= texts.len(), "{} texts", texts.len());
    let (mut marked, mut hit, mut found, mut right, mut over, mut unchanged) = (0, 0, 0, 0, 0, 0);
    let clean = texts.iter().filter(|text| text.marked.is_empty()).count();
    for text in &texts {
        let findings = scan::scan(&text.text, &all());
        let whole = |span: &&std::ops::Range<usize>| {
            let mut span = (*span).clone();
            span.all(|at| findings.iter().any(|f| (f.start..f.end).contains(&at)))
        };
        let meets = |f: &&scan::Found| {
            text.marked
                .iter()
                .any(|span| f.start < span.end && span.start < f.end)
        };
        for missed in text.marked.iter().filter(|span| !whole(span)) {
            println!(
                "missed, line {}: {}",
                text.line,
                shown(&text.text[missed.clone()], &text.text)
            );
        }
        for wrong in findings.iter().filter(|f| !meets(f)) {
            println!(
                "wrong ({}), line {}: {}",
                wrong.rule,
                text.line,
                shown(&text.text[wrong.start..wrong.end], &text.text)
            );
        }
        marked += text.marked.len();
        hit += text.marked.iter().filter(whole).count();
        found += findings.len();
        right += findings.iter().filter(meets).count();
        unchanged += usize::from(text.marked.is_empty() && findings.is_empty());
        let outside = |at: &usize| !text.marked.iter().any(|span| span.contains(at));
        over += findings
            .iter()
            .filter(meets)
            .flat_map(|f| f.start..f.end)
            .filter(outside)
            .count();
        let once = redact(&text.text, &all()).text;
        assert_eq!(redact(&once, &all()).text, once, "line {}", text.line);
    }
    let (recall, precision) = (hit as f64 / marked as f64, right as f64 / found as f64);
    println!(
        "{} texts: recall {recall:.4} ({hit} of {marked} secrets), precision {precision:.4} ({right} of {found} findings), \
         {unchanged} of {clean} harmless texts unchanged, {over} bytes too many taken out",
        texts.len()
    );
    assert!(RECALL_MIN <= recall && PRECISION_MIN <= precision);
}

fn shown(part: &str, text: &str) -> String {
    format!("{part:?} of {text:?}")
}

#[test]
fn the_corpus_holds_no_secret_as_it_is_written() {
    let written = include_str!("corpus.txt");
    let found = scan::scan(written, &Sink::secrets("x"));
    let tokens = found
        .iter()
        .filter(|f| rules::TOKENS.iter().any(|token| token.id == f.rule));
    let tokens: Vec<_> = tokens.map(|f| &written[f.start..f.end]).collect();
    assert!(tokens.is_empty(), "{tokens:?}");
}

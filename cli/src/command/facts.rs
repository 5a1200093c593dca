//! `bailiwick facts`: what the engine sees in a command, a path, a URL, a patch, a text or a tool call. It shows and
//! decides nothing; without policies too.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::Path;

use bailiwick::machinery::facts;
use bailiwick::machinery::limits::{PATCH_BYTES_MAX, REQUEST_BYTES_MAX};
use bailiwick::machinery::schema::Schema;
use serde_json::{Map, Value as Json, json};

use super::schema::vocabulary;
use crate::args::Facts;
use crate::screen::{BOLD, CYAN, DIM, Paint, Screen, YELLOW};
use crate::stop::{Code, Stop};

/// Columns up to which a line is shown with what it does beside it.
const LINE_MAX: usize = 80;
/// Columns of a fragment in a table.
const FRAGMENT_MAX: usize = 40;

pub(crate) fn run(args: &Facts, screen: &Screen) -> Result<Code, Stop> {
    let schema = vocabulary(&args.policies, args.tenant.as_deref())?;
    if args.jsonl {
        return lines(args, &schema, screen);
    }
    let value = value(args)?;
    let seen = facts::see_by(&value, &schema);
    let mut out = BufWriter::new(io::stdout().lock());
    match args.json {
        true => writeln!(out, "{seen}")?,
        false => match seen["error"].as_str() {
            Some(why) => return Err(Stop::Bad(format!("this cannot be read: {why}"))),
            None => writeln!(out, "{}", Shown::of(&value, &seen, screen.out).text())?,
        },
    }
    out.flush()?;
    Ok(if seen["error"].is_null() {
        Code::Fine
    } else {
        Code::Bad
    })
}

// -- lines --

/// Each line is answered before the next is read.
fn lines(args: &Facts, schema: &Schema, screen: &Screen) -> Result<Code, Stop> {
    let mut input: Box<dyn BufRead> = match args.what.as_deref().filter(|path| *path != "-") {
        Some(path) => Box::new(BufReader::new(open(Path::new(path))?)),
        None => Box::new(stdin("no lines: give a file, or pipe them in")?.lock()),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut number, mut code) = (0, Code::Fine);
    while let Some(line) = next_line(&mut input)? {
        number += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let seen = match serde_json::from_slice::<Json>(&line) {
            _ if REQUEST_BYTES_MAX < line.len() => {
                facts::unreadable(None, &format!("the line has more than {REQUEST_BYTES_MAX} bytes"))
            }
            Ok(value) => facts::see_by(&value, schema),
            Err(error) => facts::unreadable(None, &format!("not JSON: {error}")),
        };
        if let Some(why) = seen["error"].as_str() {
            screen.error(&format!("line {number}: {why}"));
            code = Code::Bad;
        }
        writeln!(out, "{seen}")?;
        out.flush()?;
    }
    Ok(code)
}

/// A line, cut where it is longer than anybody reads; the rest of it is passed over.
fn next_line(input: &mut dyn BufRead) -> Result<Option<Vec<u8>>, Stop> {
    let mut line = Vec::new();
    let most = REQUEST_BYTES_MAX as u64 + 2;
    let found = input
        .take(most)
        .read_until(b'\n', &mut line)
        .map_err(cannot_read)?;
    if found == 0 {
        return Ok(None);
    }
    while found as u64 == most && line.last() != Some(&b'\n') {
        let buffer = input.fill_buf().map_err(cannot_read)?;
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let (used, done) = end.map_or((buffer.len(), buffer.is_empty()), |at| (at + 1, true));
        input.consume(used);
        if done {
            break;
        }
    }
    Ok(Some(line))
}

// -- one value --

/// What is asked for, in the form of a line.
fn value(args: &Facts) -> Result<Json, Stop> {
    if let Some(request) = &args.request {
        return serde_json::from_str(request)
            .map_err(|error| Stop::Bad(format!("the request is not JSON: {error}")));
    }
    let mut value = Map::new();
    let given = [
        args.command
            .clone()
            .or_else(|| args.what.clone())
            .map(|line| ("command", json!(line))),
        (!args.argv.is_empty()).then(|| ("argv", json!(args.argv))),
        args.path.clone().map(|path| ("path", json!(path))),
        args.url.clone().map(|url| ("url", json!(url))),
        args.patch
            .as_deref()
            .map(content)
            .transpose()?
            .map(|patch| ("patch", json!(patch))),
        args.text.clone().map(|text| ("text", json!(text))),
    ];
    let mut given = given.into_iter().flatten();
    let Some((kind, what)) = given.next() else {
        return Err(Stop::bad(
            "nothing to look at: give a command, or one of --argv, --path, --url, --patch, --text, --request, --jsonl \
             (`bailiwick help facts` shows examples)",
        ));
    };
    value.insert(kind.into(), what);
    let places = [("cwd", &args.cwd), ("root", &args.root), ("home", &args.home)];
    for (name, place) in places {
        if let Some(place) = place {
            value.insert(name.into(), json!(place));
        }
    }
    if !args.links.is_empty() {
        value.insert("links".into(), links(&args.links)?);
    }
    if args.case_insensitive {
        value.insert("case_insensitive".into(), json!(true));
    }
    if let Some(strip) = args.strip {
        value.insert("strip".into(), json!(strip));
    }
    Ok(Json::Object(value))
}

fn links(given: &[String]) -> Result<Json, Stop> {
    let link = |text: &String| match text.split_once('=') {
        Some((link, target)) if !link.is_empty() && !target.is_empty() => {
            Ok((link.to_owned(), json!(target)))
        }
        _ => Err(Stop::Bad(format!(
            "`--links {text}`: expected `link=target`, such as `build=/tmp/out`"
        ))),
    };
    given
        .iter()
        .map(link)
        .collect::<Result<Map<String, Json>, Stop>>()
        .map(Json::Object)
}

/// A patch from a file, or from standard input. One that is too long comes out opaque, so that it need not be read whole.
fn content(path: &str) -> Result<String, Stop> {
    let mut bytes = Vec::new();
    let most = PATCH_BYTES_MAX as u64 + 1;
    let read = match path {
        "-" => stdin("no patch: pipe one in")?
            .lock()
            .take(most)
            .read_to_end(&mut bytes),
        _ => open(Path::new(path))?.take(most).read_to_end(&mut bytes),
    };
    read.map_err(cannot_read)?;
    String::from_utf8(bytes).map_err(|_| Stop::Bad(format!("{path}: is not UTF-8")))
}

fn open(path: &Path) -> Result<File, Stop> {
    let opened = File::open(path).and_then(|file| match file.metadata()?.is_dir() {
        true => Err(io::Error::other("it is a folder")),
        false => Ok(file),
    });
    opened.map_err(|error| {
        Stop::Bad(format!(
            "{}: {}",
            path.display(),
            bailiwick_loader::disk::reason(&error)
        ))
    })
}

fn stdin(why: &str) -> Result<io::Stdin, Stop> {
    let stdin = io::stdin();
    match stdin.is_terminal() {
        true => Err(Stop::Bad(format!(
            "{why} (`bailiwick help facts` shows examples)"
        ))),
        false => Ok(stdin),
    }
}

fn cannot_read(error: io::Error) -> Stop {
    Stop::Bad(format!("the input cannot be read: {error}"))
}

// -- for people --

/// An answer as a table.
struct Shown<'a> {
    /// The text that spans are of.
    text: Option<&'a str>,
    seen: &'a Json,
    paint: Paint,
}

impl<'a> Shown<'a> {
    fn of(value: &'a Json, seen: &'a Json, paint: Paint) -> Shown<'a> {
        let kinds = ["command", "path", "url", "patch", "text"];
        let nested = value
            .get("arguments")
            .and_then(|arguments| arguments.get("command"));
        let text = kinds.iter().find_map(|kind| value.get(*kind)?.as_str());
        Shown {
            text: text.or_else(|| nested?.as_str()),
            seen,
            paint,
        }
    }

    fn text(&self) -> String {
        let mut parts = vec![self.effects(), self.doubts(), self.facts()];
        parts.retain(|part| !part.is_empty());
        match parts.is_empty() {
            true => "nothing is seen in it".to_owned(),
            false => parts.join("\n\n"),
        }
    }

    fn effects(&self) -> String {
        let mut effects = merged(self.list("effects"));
        effects.sort_by_key(span);
        let effects = effects.as_slice();
        match self.text.filter(|text| fits(text)) {
            Some(text) if effects.iter().any(|effect| span(effect).is_some()) => {
                self.underlined(text, effects)
            }
            _ => self.table(effects),
        }
    }

    /// The line, and below it each effect with a mark under what it comes from.
    fn underlined(&self, line: &str, effects: &[Json]) -> String {
        let width = line.chars().count();
        let mut lines = vec![self.paint.style(BOLD, line)];
        let mut last = None;
        for effect in effects {
            let place = span(effect);
            let mark = match place {
                Some(place) if Some(place) != last => mark(line, place),
                _ => String::new(),
            };
            last = place;
            let mark = self.paint.style(CYAN, &format!("{mark:<width$}"));
            lines.push(format!("{mark}  {}", self.effect(effect)));
        }
        lines.join("\n")
    }

    fn table(&self, effects: &[Json]) -> String {
        let from = |effect: &Json| match (self.text, span(effect)) {
            (Some(text), Some((start, end))) => text.get(start..end).map(fragment).unwrap_or_default(),
            _ => String::new(),
        };
        let fragments: Vec<String> = effects.iter().map(from).collect();
        let width = fragments
            .iter()
            .map(|from| from.chars().count())
            .max()
            .unwrap_or(0);
        let row = |(effect, from): (&Json, &String)| {
            let gap = if width == 0 { "" } else { "  " };
            format!(
                "{}{gap}{}",
                self.paint.style(CYAN, &format!("{from:<width$}")),
                self.effect(effect)
            )
        };
        effects
            .iter()
            .zip(&fragments)
            .map(row)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// `file.write .github/workflows/ci.yml  path_class: ci_workflows`
    fn effect(&self, effect: &Json) -> String {
        let kind = effect["kind"].as_str().unwrap_or_default();
        let main = main_fact(kind);
        let what = match effect.get(main).map(words) {
            Some(what) => what,
            None if main.is_empty() => String::new(),
            None => self.paint.style(YELLOW, "which is not known"),
        };
        let rest = effect.as_object().into_iter().flatten();
        let rest: Vec<String> = rest.filter(|(key, _)| *key != main).filter_map(remark).collect();
        let rest = self.paint.style(DIM, &rest.join(", "));
        format!("{kind:<15} {what}  {rest}").trim_end().to_owned()
    }

    fn doubts(&self) -> String {
        if self.seen["opaque"] != true {
            return String::new();
        }
        let head = "opaque: it may do anything besides, since";
        let mut lines = vec![self.paint.style(YELLOW, head)];
        for doubt in self.list("doubts") {
            let why = doubt["why"].as_str().unwrap_or_default();
            let part = span(doubt).and_then(|(start, end)| self.text?.get(start..end));
            let part = part
                .map(fragment)
                .or_else(|| doubt["program"].as_str().map(fragment));
            lines.push(part.map_or_else(
                || format!("  {why}"),
                |part| format!("  {}  {why}", self.paint.style(CYAN, &part)),
            ));
        }
        lines.join("\n")
    }

    fn facts(&self) -> String {
        let facts = self.seen["facts"].as_object().into_iter().flatten();
        let row = |(name, value): (&String, &Json)| {
            let words = match (value, self.text) {
                (Json::Array(items), _) if items.is_empty() => return None,
                (Json::Array(items), Some(text)) if items.iter().all(|item| pair(item).is_some()) => {
                    let parts = items.iter().filter_map(|item| text.get(range(pair(item)?)));
                    parts.map(fragment).collect::<Vec<_>>().join(", ")
                }
                _ if name == "spans" || name == "files" => return None,
                (Json::Null, _) => "not known".to_owned(),
                (value, _) => words(value),
            };
            Some(format!("  {name:<26}{words}"))
        };
        let rows: Vec<String> = facts.filter_map(row).collect();
        match rows.is_empty() {
            true => String::new(),
            false => format!("{}\n{}", self.paint.style(BOLD, "facts"), rows.join("\n")),
        }
    }

    fn list(&self, key: &str) -> &'a [Json] {
        self.seen[key].as_array().map_or(&[], Vec::as_slice)
    }
}

/// Effects that differ in the protected class alone are one row: `rm -rf .` is one of each class there is.
fn merged(effects: &[Json]) -> Vec<Json> {
    let mut rows: Vec<Json> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for effect in effects {
        let mut rest = effect.clone();
        let classes = rest.as_object_mut().and_then(|rest| rest.remove("path_class"));
        let at = *places.entry(rest.to_string()).or_insert(rows.len());
        if at == rows.len() {
            rows.push(effect.clone());
        } else if let Some(Json::Array(classes)) = classes {
            match &mut rows[at]["path_class"] {
                Json::Array(known) => known.extend(classes),
                none => *none = Json::Array(classes),
            }
        }
    }
    rows
}

/// What an effect of a kind is about.
fn main_fact(kind: &str) -> &'static str {
    match kind {
        "command.run" => "program",
        "file.read" | "file.write" | "file.delete" | "file.move" | "context.include" => "path",
        "network.connect" => "host",
        "http.request" => "url",
        "git.push" | "git.branch" => "branch.name",
        "git.tag" => "tag",
        "mcp.call" => "mcp_tool",
        _ => "",
    }
}

/// What is said of an effect besides: what is not so is left out, and so are the words of a command, which stand above.
fn remark((key, value): (&String, &Json)) -> Option<String> {
    match value {
        _ if matches!(key.as_str(), "kind" | "span" | "argv" | "command") => None,
        Json::Bool(false) => None,
        Json::Bool(true) => Some(key.clone()),
        value => Some(format!("{key}: {}", words(value))),
    }
}

fn words(value: &Json) -> String {
    match value {
        Json::String(text) => printable(text),
        Json::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        value => printable(&value.to_string()),
    }
}

/// Whether a text stands on one line of a terminal, as it is.
fn fits(text: &str) -> bool {
    text.chars().count() <= LINE_MAX && printable(text) == text
}

/// A part of the text in quotes, on one line.
fn fragment(text: &str) -> String {
    let shown = printable(text);
    if shown.chars().count() <= FRAGMENT_MAX {
        return format!("`{shown}`");
    }
    let start: String = shown.chars().take(FRAGMENT_MAX - 3).collect();
    format!("`{start}...`")
}

/// What a terminal would act on, or not show, is written out.
fn printable(text: &str) -> String {
    let plain = |c: char| !c.is_control() && !bailiwick::machinery::normal::is_invisible(c);
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match plain(c) {
            true => shown.push(c),
            false => shown.extend(c.escape_default()),
        }
    }
    shown
}

fn span(value: &Json) -> Option<(usize, usize)> {
    pair(value.get("span")?)
}

fn pair(value: &Json) -> Option<(usize, usize)> {
    let [start, end] = value.as_array()?.as_slice() else {
        return None;
    };
    Some((start.as_u64()? as usize, end.as_u64()? as usize))
}

fn range((start, end): (usize, usize)) -> std::ops::Range<usize> {
    start..end
}

/// `^^^^` below a part of a line.
fn mark(line: &str, (start, end): (usize, usize)) -> String {
    let columns = |part: Option<&str>| part.map_or(0, |part| part.chars().count());
    let before = columns(line.get(..start));
    let under = columns(line.get(start..end)).max(1);
    format!("{}{}", " ".repeat(before), "^".repeat(under))
}

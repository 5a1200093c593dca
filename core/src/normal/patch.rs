//! What a patch does to which files: unified diffs, plain and of git, and the `apply_patch` form of coding agents. Knows no
//! disk and applies nothing. What an applier may read otherwise than this does leaves the whole opaque, beside the files
//! that were seen; where two lines of a patch name a file differently, both names count.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::limits::{PATCH_BYTES_MAX, PATCH_FILES_MAX};

/// What was seen of a patch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    /// What it does, in the order of the text.
    pub files: Vec<FileChange>,
    /// Whether it may do more.
    pub opaque: bool,
}

/// One thing that a patch does to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// What.
    pub change: Change,
    /// The file, as the patch names it, without the stripped folders.
    pub path: String,
    /// Where it is moved to, or copied from.
    pub other: Option<String>,
    /// Where in the text it is said.
    pub span: Range<usize>,
}

/// What is done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It is made.
    Create,
    /// Its content or its mode becomes another.
    Modify,
    /// It goes.
    Delete,
    /// `path` is what it was, `other` what it becomes.
    Rename,
    /// `path` is the copy, `other` what is copied.
    Copy,
}

impl Change {
    /// As `changed_files` calls it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Change::Create => "added",
            Change::Modify => "modified",
            Change::Delete => "deleted",
            Change::Rename => "renamed",
            Change::Copy => "copied",
        }
    }
}

/// How many leading folders of a name in a diff are no part of the path (`-p` of `patch` and `git apply`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strip {
    /// So many.
    Exactly(usize),
    /// Nobody says. The `a/` and `b/` of git are taken off; where a name has none, both are read: the name as it is, and
    /// without its first folder, as `git apply` would take it.
    #[default]
    Unsaid,
}

impl Patch {
    /// Reads a patch. One of which nothing can be read is opaque.
    pub fn read(text: &str, strip: Strip) -> Patch {
        if PATCH_BYTES_MAX < text.len() {
            return Patch {
                files: Vec::new(),
                opaque: true,
            };
        }
        let lines = lines(text);
        let begins = lines.iter().any(|line| line.text.trim() == "*** Begin Patch");
        let mut patch = if begins {
            envelope(&lines)
        } else {
            Diff::new(&lines, strip).read()
        };
        if PATCH_FILES_MAX < patch.files.len() {
            return Patch {
                files: Vec::new(),
                opaque: true,
            };
        }
        patch.opaque |= patch.files.is_empty();
        patch
    }
}

#[derive(Clone, Copy)]
struct Line<'a> {
    /// Without its line break, and without the carriage return before it.
    text: &'a str,
    start: usize,
}

impl Line<'_> {
    fn span(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for whole in text.split_inclusive('\n') {
        let bare = whole.strip_suffix('\n').unwrap_or(whole);
        lines.push(Line {
            text: bare.strip_suffix('\r').unwrap_or(bare),
            start,
        });
        start += whole.len();
    }
    lines
}

// -- the form of apply_patch --

/// `*** Begin Patch`, then files, then `*** End Patch`. What stands outside is text around it (a here-document), and is
/// opaque where it holds something: an applier may look there for a second patch.
fn envelope(lines: &[Line<'_>]) -> Patch {
    let mut patch = Patch::default();
    let (mut inside, mut ended) = (false, false);
    let mut updating: Option<usize> = None;
    for line in lines {
        let text = line.text.trim();
        if text == "*** Begin Patch" {
            patch.opaque |= inside || ended;
            inside = true;
            continue;
        }
        if !inside {
            let around = text.is_empty()
                || text.contains("apply_patch")
                || text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'\'' | b'"' | b'_'));
            patch.opaque |= !around;
            continue;
        }
        if text == "*** End Patch" {
            (inside, ended, updating) = (false, true, None);
            continue;
        }
        let Some(said) = text.strip_prefix("*** ") else {
            // Lines of a file, or of a hunk. A marker that is indented more than an applier trims is one of them.
            let body = line.text.starts_with(['+', '-', ' ', '@', '\\']) || text.is_empty();
            patch.opaque |= !body;
            continue;
        };
        let change = |change, path: &str| FileChange {
            change,
            path: path.to_owned(),
            other: None,
            span: line.span(),
        };
        match said.split_once(':').map(|(key, path)| (key, path.trim())) {
            Some((_, "")) => patch.opaque = true,
            Some(("Add File", path)) => {
                patch.files.push(change(Change::Create, path));
                updating = None;
            }
            Some(("Delete File", path)) => {
                patch.files.push(change(Change::Delete, path));
                updating = None;
            }
            Some(("Update File", path)) => {
                updating = Some(patch.files.len());
                patch.files.push(change(Change::Modify, path));
            }
            Some(("Move to", path)) => match updating.take() {
                Some(at) => {
                    patch.files[at].change = Change::Rename;
                    patch.files[at].other = Some(path.to_owned());
                }
                None => patch.opaque = true,
            },
            _ if said == "End of File" => {}
            _ => patch.opaque = true,
        }
    }
    patch.opaque |= !ended;
    patch
}

// -- diffs --

struct Diff<'a> {
    lines: &'a [Line<'a>],
    at: usize,
    strip: Strip,
    patch: Patch,
    /// Files that the patch makes links: what lies below them lies elsewhere.
    links: Vec<String>,
}

/// What the lines before a hunk say of one file.
#[derive(Default)]
struct Section {
    git: bool,
    old: Vec<String>,
    new: Vec<String>,
    /// The names of `diff --git` and `Index:`, which say of neither side whether it is there.
    both: Vec<String>,
    old_missing: bool,
    new_missing: bool,
    renamed_from: Option<String>,
    renamed_to: Option<String>,
    copied_from: Option<String>,
    copied_to: Option<String>,
    link: bool,
    /// Whether `deleted file mode` says that the file goes.
    deleted: bool,
    span: Option<Range<usize>>,
    /// Whether something changes, or is only announced.
    content: bool,
}

impl<'a> Diff<'a> {
    fn new(lines: &'a [Line<'a>], strip: Strip) -> Diff<'a> {
        Diff {
            lines,
            at: 0,
            strip,
            patch: Patch::default(),
            links: Vec::new(),
        }
    }

    fn read(mut self) -> Patch {
        let mut section = Section::default();
        while let Some(line) = self.next() {
            let text = line.text;
            if let Some(rest) = text.strip_prefix("diff --git ") {
                self.close(std::mem::take(&mut section));
                section.git = true;
                section.span = Some(line.span());
                match git_names(rest) {
                    Some((old, new)) => section.both.extend([old, new]),
                    None => section.both.clear(), // spaces leave it open where a name ends; other lines must say
                }
            } else if text.starts_with("--- ")
                && self.peek().is_some_and(|next| next.text.starts_with("+++ "))
            {
                if section.content {
                    self.close(std::mem::take(&mut section));
                }
                self.names(&mut section, line);
            } else if text.starts_with("@@ ") {
                section.content = true;
                self.patch.opaque |= section.old.is_empty() && section.new.is_empty();
                self.hunk(text);
            } else if text == "GIT binary patch" {
                section.content = true;
                self.binary();
            } else if !self.extended(&mut section, line) {
                self.other(&mut section, line);
            }
        }
        self.close(section);
        self.links_led_elsewhere();
        self.patch
    }

    fn next(&mut self) -> Option<Line<'a>> {
        let line = self.lines.get(self.at).copied();
        self.at += 1;
        line
    }

    fn peek(&self) -> Option<Line<'a>> {
        self.lines.get(self.at).copied()
    }

    /// `--- old` and `+++ new`.
    fn names(&mut self, section: &mut Section, line: Line<'_>) {
        let new = self.next();
        section.content = true;
        let end = new.map_or(line.span().end, |new| new.span().end);
        section.span = Some(section.span.as_ref().map_or(line.start, |span| span.start)..end);
        let texts = [Some(line.text), new.map(|new| new.text)];
        for (side, text) in texts.into_iter().enumerate() {
            let text = text.and_then(|text| text.get(4..)).unwrap_or("");
            let Some(names) = header_names(text, section.git) else {
                self.patch.opaque = true;
                continue;
            };
            let (found, missing) = match side {
                0 => (&mut section.old, &mut section.old_missing),
                _ => (&mut section.new, &mut section.new_missing),
            };
            *missing |= names.iter().any(|name| name == "/dev/null");
            found.extend(names.into_iter().filter(|name| name != "/dev/null"));
        }
    }

    /// The lines between `diff --git` and the names.
    fn extended(&mut self, section: &mut Section, line: Line<'_>) -> bool {
        if !section.git {
            return false;
        }
        let text = line.text;
        let after = |start: &str| text.strip_prefix(start);
        let name = |rest: &str| unquoted(rest);
        let target = if let Some(rest) = after("rename from ") {
            (&mut section.renamed_from, name(rest))
        } else if let Some(rest) = after("rename to ") {
            (&mut section.renamed_to, name(rest))
        } else if let Some(rest) = after("copy from ") {
            (&mut section.copied_from, name(rest))
        } else if let Some(rest) = after("copy to ") {
            (&mut section.copied_to, name(rest))
        } else {
            if let Some(mode) = after("new file mode ") {
                section.old_missing = true;
                section.link |= mode.trim() == "120000";
            } else if let Some(mode) = after("new mode ") {
                section.link |= mode.trim() == "120000";
            } else if after("deleted file mode ").is_some() {
                section.new_missing = true;
                section.deleted = true;
            } else if after("Binary files ").is_none()
                && ![
                    "old mode ",
                    "similarity index ",
                    "dissimilarity index ",
                    "index ",
                    "rename old ",
                    "rename new ",
                ]
                .iter()
                .any(|start| text.starts_with(start))
            {
                return false;
            }
            self.patch.opaque |= text.starts_with("rename old ") || text.starts_with("rename new ");
            return true;
        };
        match target {
            (slot, Some(found)) => *slot = Some(found),
            (_, None) => self.patch.opaque = true,
        }
        true
    }

    /// A hunk's lines, as many as it says. One that says another number than it has is read otherwise by each applier.
    fn hunk(&mut self, header: &str) {
        let Some((mut old, mut new)) = counts(header) else {
            self.patch.opaque = true;
            return;
        };
        while 0 < old || 0 < new {
            let Some(line) = self.peek() else {
                self.patch.opaque = true;
                return;
            };
            let (takes_old, takes_new) = match line.text.bytes().next() {
                Some(b' ') | None => (1, 1),
                Some(b'-') => (1, 0),
                Some(b'+') => (0, 1),
                Some(b'\\') => (0, 0),
                Some(_) => {
                    self.patch.opaque = true;
                    return;
                }
            };
            if old < takes_old || new < takes_new {
                self.patch.opaque = true;
                return;
            }
            (old, new) = (old - takes_old, new - takes_new);
            self.at += 1;
        }
    }

    /// `literal` and `delta` blocks, each up to an empty line.
    fn binary(&mut self) {
        while let Some(line) = self.peek() {
            let block = line.text.starts_with("literal ") || line.text.starts_with("delta ");
            if !block {
                return;
            }
            self.at += 1;
            while let Some(line) = self.peek().filter(|line| !line.text.is_empty()) {
                let data = line.text.len() <= 66 && line.text.bytes().all(|b| b.is_ascii_graphic());
                if !data {
                    self.patch.opaque = true;
                    return;
                }
                self.at += 1;
            }
            self.at += 1;
        }
    }

    /// Text between files is what mail and `git show` put there, unless some applier would take it for more.
    fn other(&mut self, section: &mut Section, line: Line<'_>) {
        let text = line.text;
        if let Some(name) = text.strip_prefix("Index: ") {
            if section.content {
                self.close(std::mem::take(section));
            }
            section.span.get_or_insert(line.span());
            section.both.push(name.trim().to_owned());
            return;
        }
        let trimmed = text.trim_start();
        let context = trimmed.starts_with("*** ") || trimmed.starts_with("***************");
        let names = [
            "--- ",
            "+++ ",
            "@@",
            "Prereq:",
            "diff --",
            "GIT binary",
            "rename ",
            "copy ",
            "deleted file",
            "new file",
        ];
        let tail = section.content && text.starts_with(['+', '-']) && text != "-- " && text != "--";
        let indented = text.len() != trimmed.len()
            && ["diff --git", "--- ", "+++ "]
                .iter()
                .any(|start| trimmed.starts_with(start));
        self.patch.opaque |=
            context || tail || indented || names.iter().any(|name| text.starts_with(name)) || is_ed(text);
    }

    /// Puts down what one section does.
    fn close(&mut self, section: Section) {
        let span = section.span.clone().unwrap_or(0..0);
        let moved = [
            (Change::Rename, &section.renamed_from, &section.renamed_to),
            (Change::Copy, &section.copied_from, &section.copied_to),
        ];
        let mut said: BTreeSet<String> = BTreeSet::new();
        for (change, from, to) in moved {
            match (from, to) {
                (Some(from), Some(to)) => {
                    // These names have no prefix of their own; `-p1` still takes none off.
                    said.extend([from.clone(), to.clone()]);
                    let (path, other) = if change == Change::Copy {
                        (to, from)
                    } else {
                        (from, to)
                    };
                    let (path, other) = (path.clone(), Some(other.clone()));
                    self.patch.files.push(FileChange {
                        change,
                        path,
                        other,
                        span: span.clone(),
                    });
                }
                (None, None) => {}
                _ => self.patch.opaque = true,
            }
        }
        let change = match (section.old_missing, section.new_missing) {
            (true, true) => {
                self.patch.opaque = true;
                Change::Modify
            }
            (true, false) => Change::Create,
            (false, true) => Change::Delete,
            (false, false) => Change::Modify,
        };
        let names = [&section.old, &section.new, &section.both];
        let named = names.into_iter().flatten();
        let mut paths: Vec<String> = Vec::new();
        for name in named {
            for path in self.stripped(name, section.git) {
                if !paths.contains(&path) && !said.contains(&path) {
                    paths.push(path);
                }
            }
        }
        self.patch.opaque |= section.git && paths.is_empty() && said.is_empty();
        if section.link {
            self.links.extend(paths.iter().chain(&said).cloned());
        }
        // Two names for one file: whether it is there under either, nobody knows.
        if section.git && section.new_missing && !section.deleted {
            // Without that line git takes `/dev/null` for a name and moves the file there.
            let (path, span) = ("dev/null".to_owned(), span.clone());
            self.patch.files.push(FileChange {
                change: Change::Create,
                path,
                other: None,
                span,
            });
        }
        let disagree = 1 < paths.len() && change == Change::Delete;
        for path in paths {
            let file = |change| FileChange {
                change,
                path: path.clone(),
                other: None,
                span: span.clone(),
            };
            self.patch.files.push(file(change));
            if disagree {
                self.patch.files.push(file(Change::Modify));
            }
        }
    }

    /// The paths that a name may stand for.
    fn stripped(&mut self, name: &str, git: bool) -> Vec<String> {
        match self.strip {
            Strip::Exactly(folders) => match without_folders(name, folders) {
                Some(path) => vec![path.to_owned()],
                None => {
                    self.patch.opaque = true;
                    Vec::new()
                }
            },
            Strip::Unsaid => {
                let prefixed = ["a/", "b/", "c/", "i/", "o/", "w/"]
                    .iter()
                    .find_map(|prefix| name.strip_prefix(prefix));
                match (prefixed, without_folders(name, 1)) {
                    (Some(path), _) if !path.is_empty() => vec![path.to_owned()],
                    (_, Some(path)) => vec![name.to_owned(), path.to_owned()],
                    (_, None) if git => vec![name.to_owned()], // `--no-prefix` at the top of the tree
                    (_, None) => vec![name.to_owned()],
                }
            }
        }
    }

    /// A link that the patch makes and a file below it: the file is written where the link leads.
    fn links_led_elsewhere(&mut self) {
        if PATCH_FILES_MAX < self.patch.files.len() {
            return; // too much to be read at all
        }
        let below = |path: &str| {
            self.links.iter().any(|link| {
                path.strip_prefix(link.as_str())
                    .is_some_and(|rest| rest.starts_with('/'))
            })
        };
        let led = self
            .patch
            .files
            .iter()
            .any(|file| below(&file.path) || file.other.as_deref().is_some_and(below));
        self.patch.opaque |= led;
    }
}

/// `-l,c +l,c`: how many lines of either side a hunk has.
fn counts(header: &str) -> Option<(usize, usize)> {
    let ranges = header.strip_prefix("@@ ")?.split_once(" @@")?.0;
    let (old, new) = ranges.split_once(' ')?;
    let count = |range: &str| match range.split_once(',') {
        Some((start, count)) => start.parse::<u32>().ok().and(count.parse::<u32>().ok()),
        None => range.parse::<u32>().ok().map(|_| 1),
    };
    Some((
        count(old.strip_prefix('-')?)? as usize,
        count(new.strip_prefix('+')?)? as usize,
    ))
}

/// `5d`, `3,4c`, `7a2`: a script of ed, or a normal diff.
fn is_ed(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || c == ',';
    let rest = text.trim_start_matches(digit);
    rest.len() < text.len() && text.starts_with(|c: char| c.is_ascii_digit()) && {
        let mut chars = rest.chars();
        matches!(chars.next(), Some('a' | 'c' | 'd' | 'i' | 's')) && chars.as_str().chars().all(digit)
    }
}

/// The names of a line `--- name` or `+++ name`. Without a tab behind it, GNU patch ends a name at its first space and git
/// at the end of the line.
fn header_names(text: &str, git: bool) -> Option<Vec<String>> {
    if text.starts_with('"') {
        return unquoted(text).map(|name| vec![name]);
    }
    let name = text.split('\t').next().unwrap_or(text);
    let name = if git { name } else { name.trim_end() };
    if name.is_empty() {
        return None;
    }
    let mut names = vec![name.to_owned()];
    let short = name.split(' ').next().unwrap_or(name);
    if !git && !text.contains('\t') && short.len() < name.len() && !short.is_empty() {
        names.push(short.to_owned());
    }
    Some(names)
}

/// The two names of `diff --git`. Where they are not quoted a space may be part of them; they can then be told apart only
/// when they are the same but for the prefix.
fn git_names(text: &str) -> Option<(String, String)> {
    if text.starts_with('"') {
        let end = quoted_end(text)?;
        return Some((unquoted(&text[..end])?, unquoted(text[end..].trim_start())?));
    }
    if let Some(at) = text.find(" \"") {
        return Some((text[..at].to_owned(), unquoted(&text[at + 1..])?));
    }
    if text.matches(' ').count() == 1 {
        return text
            .split_once(' ')
            .map(|(old, new)| (old.to_owned(), new.to_owned()));
    }
    let middle = text.len() / 2;
    let (old, new) = (text.get(..middle)?, text.get(middle..)?.strip_prefix(' ')?);
    let bare = |name: &str| name.split_once('/').map(|(_, path)| path.to_owned());
    (bare(old).is_some() && bare(old) == bare(new)).then(|| (old.to_owned(), new.to_owned()))
}

/// Where a quoted name ends.
fn quoted_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    let end = text.bytes().enumerate().skip(1).find(|&(_, byte)| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map(|(at, _)| at + 1)
}

/// A name, out of its quotes if it has some, as git quotes it. `None` where it is not UTF-8 or cannot be read.
fn unquoted(text: &str) -> Option<String> {
    if !text.starts_with('"') {
        return (!text.is_empty()).then(|| text.to_owned());
    }
    let inner = &text.as_bytes()[1..quoted_end(text)? - 1];
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&byte) = inner.get(at) {
        at += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let escape = *inner.get(at)?;
        at += 1;
        out.push(match escape {
            b'a' => 7,
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'v' => 11,
            b'f' => 12,
            b'r' => b'\r',
            b'"' | b'\\' => escape,
            b'0'..=b'3' => {
                let digits = inner.get(at - 1..at + 2)?;
                at += 2;
                let octal = std::str::from_utf8(digits).ok()?;
                u8::from_str_radix(octal, 8).ok()?
            }
            _ => return None,
        });
    }
    String::from_utf8(out).ok().filter(|name| !name.is_empty())
}

/// A name without its first folders. Several slashes are one, as for `patch`.
fn without_folders(name: &str, folders: usize) -> Option<&str> {
    let mut rest = name;
    for _ in 0..folders {
        rest = rest.split_once('/')?.1.trim_start_matches('/');
    }
    (!rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each change as `what path other`, and `opaque` at the end.
    fn shown(text: &str, strip: Strip) -> String {
        let patch = Patch::read(text, strip);
        let file = |file: &FileChange| {
            let other = file
                .other
                .as_ref()
                .map_or(String::new(), |other| format!(" {other}"));
            format!("{} {}{other}", file.change.as_str(), file.path)
        };
        let mut parts: Vec<String> = patch.files.iter().map(file).collect();
        parts.extend(patch.opaque.then(|| "opaque".to_owned()));
        parts.join(", ")
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(shown(text, Strip::Unsaid), expected, "{text}");
    }

    const HUNK: &str = "@@ -1 +1 @@\n-a\n+b\n";

    #[test]
    fn diffs_of_git() {
        check(
            &format!("diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n{HUNK}"),
            "modified x",
        );
        check(
            "diff --git a/x b/x\nnew file mode 100644\nindex 0..1\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n",
            "added x",
        );
        check(
            "diff --git a/x b/x\ndeleted file mode 100644\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
            "deleted x",
        );
        check(
            "diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n",
            "renamed x y",
        );
        check("diff --git a/x b/y\ncopy from x\ncopy to y\n", "copied y x");
        check(
            "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n",
            "modified x",
        );
        check(
            "diff --git a/x b/x\nnew file mode 100644\nindex 0000000..e69de29\n",
            "added x",
        );
        check(
            "diff --git \"a/\\303\\251 \\\"x\" \"b/\\303\\251 \\\"x\"\nnew file mode 100644\n",
            "added é \"x",
        );
        check(
            "diff --git a/a b.txt b/a b.txt\nold mode 100644\nnew mode 100755\n",
            "modified a b.txt",
        );
        check(
            "diff --git a/x b/x\nindex 1..2\nGIT binary patch\nliteral 4\nLcmZQzWMT#Y01f~L\n\nliteral 0\nHcmV?d00001\n\ndiff --git a/y b/y\nnew file mode 100644\n",
            "modified x, added y",
        );
        check(
            "diff --git a/x b/x\nBinary files a/x and b/x differ\n",
            "modified x",
        );
        let mail = format!(
            "From 1 Mon Sep 17\nSubject: [PATCH] x\n\nText.\n---\n x | 2 +-\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n{HUNK}-- \n2.40\n\n"
        );
        check(&mail, "modified x");
        check(
            &format!(
                "diff --git a/x b/x\r\n--- a/x\r\n+++ b/x\r\n{}",
                HUNK.replace('\n', "\r\n")
            ),
            "modified x",
        );
    }

    #[test]
    fn plain_diffs() {
        check(
            &format!("--- a/x\t2026-01-01\n+++ b/x\t2026-01-01\n{HUNK}--- a/y\n+++ b/y\n{HUNK}"),
            "modified x, modified y",
        );
        check(
            &format!("--- src/x\n+++ src/x\n{HUNK}"),
            "modified src/x, modified x",
        );
        check(
            &format!("--- x.orig\n+++ x\n{HUNK}"),
            "modified x.orig, modified x",
        );
        check(
            "--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+--- a/y\n++++ b/y\n",
            "added x",
        );
        check("--- a/x\n+++ b/x\n@@ -1,2 +0,0 @@\n--- a\n-b\n", "modified x");
        check(
            &format!("Index: z\n=====\n--- a/x\n+++ b/x\n{HUNK}"),
            "modified x, modified z",
        );
        check(
            &format!("--- a/x y\n+++ a/x y\n{HUNK}"),
            "modified x y, modified x",
        );
        assert_eq!(
            shown(&format!("--- src/x\n+++ src/x\n{HUNK}"), Strip::Exactly(0)),
            "modified src/x"
        );
        assert_eq!(
            shown(&format!("--- u/v/x\n+++ u//v/x\n{HUNK}"), Strip::Exactly(2)),
            "modified x"
        );
        assert_eq!(
            shown(&format!("--- x\n+++ x\n{HUNK}"), Strip::Exactly(1)),
            "opaque"
        );
        check(
            &format!("--- ../../etc/x\n+++ /etc/y\n{HUNK}"),
            "modified ../../etc/x, modified ../etc/x, modified /etc/y, modified etc/y",
        );
    }

    #[test]
    fn where_names_disagree_both_count() {
        check(
            "diff --git a/x b/x\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
            "added dev/null, deleted x",
        );
        check(
            &format!("diff --git a/x b/x\n--- a/y\n+++ b/z\n{HUNK}"),
            "modified y, modified z, modified x",
        );
        check(
            "diff --git a/x b/x\nrename from y\nrename to z\n",
            "renamed y z, modified x",
        );
        check(
            "diff --git a/x b/y\ndeleted file mode 100644\n",
            "deleted x, modified x, deleted y, modified y",
        );
    }

    #[test]
    fn what_cannot_be_read_is_opaque() {
        check("", "opaque");
        check("some text\n", "opaque");
        check("@@ -1 +1 @@\n-a\n+b\n", "opaque");
        check("--- a/x\n+++ b/x\n@@ -1,9 +1 @@\n-a\n+b\n", "modified x, opaque");
        check("--- a/x\n+++ b/x\n@@ nonsense @@\n-a\n", "modified x, opaque");
        check(&format!("--- a/x\n+++ b/x\n{HUNK}-c\n"), "modified x, opaque");
        check("*** a/x\n--- b/x\n***************\n*** 1 ****\n", "opaque");
        check("1c1\n< a\n---\n> b\n", "opaque");
        check("3d\n", "opaque");
        check(
            &format!("  --- a/q\n  +++ b/q\n--- a/x\n+++ b/x\n{HUNK}"),
            "modified x, opaque",
        );
        check("diff --git a/a b b/c d\nold mode 100644\n", "opaque");
        check("diff --git \"a/\\777\" \"b/x\"\n", "opaque");
        check(
            "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc\ndiff --git a/l/x b/l/x\nnew file mode 100644\n",
            "added l, added l/x, opaque",
        );
        check(&"a".repeat(PATCH_BYTES_MAX + 1), "opaque");
        let link = "diff --git a/l b/l\nnew file mode 120000\n";
        check(&link.repeat(PATCH_BYTES_MAX / link.len()), "opaque");
    }

    #[test]
    fn the_form_of_apply_patch() {
        let text = "*** Begin Patch\n*** Add File: a.txt\n+x\n+*** Delete File: no\n*** Update File: b.txt\n@@ fn\n-a\n+b\n*** End of File\n*** Update File: c\n*** Move to: d/c\n@@\n x\n*** Delete File: e\n*** End Patch\n";
        check(text, "added a.txt, modified b.txt, renamed c d/c, deleted e");
        check(
            &text.replace('\n', "\r\n"),
            "added a.txt, modified b.txt, renamed c d/c, deleted e",
        );
        check(
            &format!("apply_patch <<'EOF'\n{text}EOF\n"),
            "added a.txt, modified b.txt, renamed c d/c, deleted e",
        );
        check(
            "  *** Begin Patch\n  *** Delete File: e \n*** End Patch",
            "deleted e",
        );
        check("*** Begin Patch\n*** Delete File: e\n", "deleted e, opaque");
        check("*** Begin Patch\n*** Rename File: e\n*** End Patch\n", "opaque");
        check("*** Begin Patch\n*** Move to: e\n*** End Patch\n", "opaque");
        check("*** Begin Patch\n*** Delete File:\n*** End Patch\n", "opaque");
        check("*** Begin Patch\n*** End Patch\n", "opaque");
        check(
            "--- a/x\n+++ b/x\n*** Begin Patch\n*** Delete File: e\n*** End Patch\n",
            "deleted e, opaque",
        );
    }

    const LINES: &str = r"((diff --git a/x b/x|--- a/x|\+\+\+ b/y|@@ -1 \+1 @@|@@ -1,9 \+0,0 @@|-a|\+b| c|rename from r|rename to s|copy from t|copy to u|GIT binary patch|literal 3|\*\*\* Begin Patch|\*\*\* Add File: p|\*\*\* Move to: q|\*\*\* End Patch|new file mode 120000|deleted file mode 1|Index: i|\x22a|)\r?\n){0,12}";

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in any::<String>(), strip in 0_usize..3) {
            Patch::read(&text, Strip::Exactly(strip));
            Patch::read(&text, Strip::Unsaid);
        }

        /// Names that stand where each applier looks are seen, or else the whole is opaque.
        #[test]
        fn no_file_is_missed(before in LINES, after in LINES) {
            let text = format!("{before}diff --git a/secret b/secret\n--- a/secret\n+++ b/secret\n{HUNK}{after}");
            let patch = Patch::read(&text, Strip::Unsaid);
            prop_assert!(patch.opaque || patch.files.iter().any(|file| file.path == "secret"), "{}", text);
            let lines = text.len();
            prop_assert!(patch.files.iter().all(|file| file.span.end <= lines));
        }
    }
}

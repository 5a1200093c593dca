//! The normal form of a path. Lexical: it asks no disk, so links are what the host says of them, and Unicode and case
//! are read as written.
//!
//! | form          | what it names                                                                            |
//! |---------------|------------------------------------------------------------------------------------------|
//! | `src/a.rs`    | in the workspace, relative to its root                                                    |
//! | `.`           | the root of the workspace                                                                 |
//! | `./~/a`       | in the workspace, where the bare form would read as one of those below                    |
//! | `/etc/passwd` | outside the workspace, or anywhere while the root is not known                            |
//! | `C:/x`        | the same on a drive; `//server/share` the same on a network, where the root is on a drive |
//! | `~/x`         | below the home of whoever acts; `~/../x` beside it                                        |
//! | `../x`        | relative to a root that is not known, and not below it                                    |
//!
//! Both `/` and `\` separate, on every platform: a policy is written once, and what one host reads as two folders must
//! not pass as one odd file name.

use std::fmt;

use thiserror::Error;

use crate::limits::PATH_BYTES_MAX;

/// Where the host stands. What a later normal form needs to be told (case folding, the home) is told here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places<'a> {
    /// The root of the workspace: absolute, or below `~/`.
    pub root: Option<&'a str>,
    /// The directory that relative paths are relative to: absolute, or relative to the root. Unsaid, it is the root.
    pub cwd: Option<&'a str>,
}

/// A path in normal form; holding one is proof of having normalised.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    text: Box<str>,
    place: Place,
}

/// How a path lies to the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In it; its root included.
    Inside,
    /// Not in it, and the workspace lies below it: what is done to all that is below is done to the workspace.
    Above,
    /// Not in it, nor is the workspace below it.
    Apart,
    /// Below the home. The workspace may lie there too, so it may be a path in the workspace in other words.
    Home,
    /// Not known: the root is not.
    Unknown,
}

/// Why a text is no path.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PathError {
    /// It is empty.
    #[error("a path is empty")]
    Empty,
    /// No system has such a path; some cut it there, and so act on another one.
    #[error("a path holds a NUL character")]
    Nul,
    /// Longer than [`PATH_BYTES_MAX`].
    #[error("a path has {0} bytes; the most is {PATH_BYTES_MAX}")]
    TooLong(usize),
    /// `C:x` is relative to the directory that the drive remembers, which nobody tells us.
    #[error(
        "`{0}` is relative to the current directory of its drive; expected `C:/...`, or `./` before a name with a colon"
    )]
    DriveRelative(String),
    /// A root that says nothing of where it is.
    #[error("the workspace root `{0}` is relative; expected an absolute path")]
    RelativeRoot(String),
}

impl Path {
    /// The normal form of `text`, as somebody in `places` means it. A normal form is its own; as it is relative to the
    /// root, it is read again without `cwd`.
    pub fn normalise(text: &str, places: &Places<'_>) -> Result<Path, PathError> {
        let root = places.root.map(Spot::root).transpose()?;
        let path = Spot::read(text, root.as_ref(), places.cwd)?.below(root.as_ref());
        let (text, place) = (path.print(), path.place(root.as_ref()));
        within_limit(&text)?;
        Ok(Path {
            text: text.into(),
            place,
        })
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How it lies to the workspace.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Whether its form is one of those that lie outside the workspace. Where [`Path::place`] is `Unknown` or `Home`
    /// that is how it reads, not what is known.
    pub fn outside(&self) -> bool {
        self.place != Place::Inside
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Place {
    /// How a normal form lies to the workspace as far as its text tells, the root taken for known: an absolute path is
    /// then not in the workspace, or it would not be absolute.
    pub fn of(normal: &str) -> Place {
        match Anchor::of(normal) {
            Anchor::Workspace if is_ups(normal) => Place::Above,
            Anchor::Workspace if normal.starts_with("../") => Place::Unknown,
            Anchor::Workspace => Place::Inside,
            Anchor::Home => Place::Home,
            Anchor::Root if normal == "/" => Place::Above,
            Anchor::Root | Anchor::Network | Anchor::Drive(_) => Place::Apart,
        }
    }
}

/// The segments of a normal form. The root of the workspace has none; `/` before the first separator is an empty one,
/// so that an absolute path never has those of a relative one.
pub(super) fn segments(normal: &str) -> impl Iterator<Item = &str> + Clone {
    let whole = if normal == "." { 0 } else { usize::MAX };
    let text = normal.strip_prefix("./").unwrap_or(normal).trim_end_matches('/');
    text.split('/').take(whole)
}

/// What the first characters of a path say about where the rest begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Anchor {
    Workspace,
    Root,
    Network,
    Drive(char),
    Home,
}

/// A path taken apart: an anchor, how often `..` went above it, and the names below.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Spot<'a> {
    anchor: Anchor,
    ups: usize,
    names: Vec<&'a str>,
}

impl Anchor {
    fn of(text: &str) -> Anchor {
        let mut chars = text.chars();
        match (chars.next(), chars.next(), chars.next()) {
            (Some('/' | '\\'), Some('/' | '\\'), Some(third)) if !is_separator(third) => Anchor::Network,
            (Some('/' | '\\'), ..) => Anchor::Root,
            (Some('~'), None | Some('/' | '\\'), _) => Anchor::Home,
            (Some(letter), Some(':'), _) if letter.is_ascii_alphabetic() => {
                Anchor::Drive(letter.to_ascii_uppercase())
            }
            _ => Anchor::Workspace,
        }
    }

    /// What it is where the workspace's root is this one.
    fn on(self, root: Option<&Spot<'_>>) -> Anchor {
        match (self, root.map(|root| root.anchor)) {
            (Anchor::Root, Some(Anchor::Drive(letter))) => Anchor::Drive(letter),
            (anchor, Some(Anchor::Drive(_))) => anchor,
            // POSIX leaves two leading slashes to the system, and Linux reads them as one. Only a host that names a
            // drive is known to read them as a network's: elsewhere `//etc/passwd` must be `/etc/passwd`.
            (Anchor::Network, _) => Anchor::Root,
            (anchor, _) => anchor,
        }
    }

    fn is_drive(self) -> bool {
        matches!(self, Anchor::Drive(_))
    }
}

impl<'a> Spot<'a> {
    /// Reads the root of the workspace.
    fn root(text: &'a str) -> Result<Spot<'a>, PathError> {
        let spot = Spot::read(text, None, None)?;
        if spot.anchor == Anchor::Workspace || 0 < spot.ups {
            return Err(PathError::RelativeRoot(text.to_owned()));
        }
        Ok(spot)
    }

    /// Reads a path from where it is said, `..` resolved as far as what is known goes.
    fn read(text: &'a str, root: Option<&Spot<'a>>, cwd: Option<&'a str>) -> Result<Spot<'a>, PathError> {
        valid(text)?;
        let (anchor, rest) = split(text)?;
        let mut spot = match (anchor, cwd) {
            (Anchor::Workspace, Some(cwd)) => Spot::read(cwd, root, None)?,
            _ => Spot {
                anchor: anchor.on(root),
                ups: 0,
                names: Vec::new(),
            },
        };
        for name in rest.split(is_separator) {
            spot.step(name, root);
        }
        Ok(spot.without_device(root))
    }

    fn step(&mut self, name: &'a str, root: Option<&Spot<'a>>) {
        match name {
            "" | "." => {}
            ".." => self.up(root),
            name => self.names.push(name),
        }
    }

    fn up(&mut self, root: Option<&Spot<'a>>) {
        // What is above a server is that server.
        let fixed = if self.anchor == Anchor::Network { 1 } else { 0 };
        if fixed < self.names.len() {
            self.names.pop();
            return;
        }
        match (self.anchor, root) {
            (Anchor::Workspace, Some(root)) => {
                *self = root.clone();
                self.up(None);
            }
            (Anchor::Workspace, None) | (Anchor::Home, _) => self.ups += 1,
            // What is above the root of a file system is that root.
            (Anchor::Root | Anchor::Network | Anchor::Drive(_), _) => {}
        }
    }

    /// The same without what Windows puts before a drive or a server: `\\?\C:\x`, `\??\C:\x`, `\\.\C:\x` and `/C:/x`
    /// (as file URLs have it) are other spellings of `C:\x`, and `\\?\UNC\server` of `\\server`.
    fn without_device(mut self, root: Option<&Spot<'a>>) -> Spot<'a> {
        if matches!(self.anchor, Anchor::Workspace | Anchor::Home) {
            return self;
        }
        loop {
            match self.names.as_slice() {
                [drive, ..] if drive.len() == 2 && Anchor::of(drive).is_drive() => {
                    self.anchor = Anchor::of(drive);
                    self.names.remove(0);
                }
                ["?" | "??", drive, ..] if drive.len() == 2 && Anchor::of(drive).is_drive() => {
                    self.names.remove(0);
                }
                ["?" | "??", unc, ..] if unc.eq_ignore_ascii_case("UNC") => {
                    self.anchor = Anchor::Network.on(root);
                    self.names.drain(..2);
                }
                [] if self.anchor == Anchor::Network => self.anchor = Anchor::Root.on(root),
                _ => return self,
            }
        }
    }

    /// The same, relative to the root where it is below it.
    fn below(self, root: Option<&Spot<'a>>) -> Spot<'a> {
        let names = root.filter(|root| root.anchor == self.anchor && self.ups == 0);
        match names.and_then(|root| self.names.strip_prefix(root.names.as_slice())) {
            Some(names) => Spot {
                anchor: Anchor::Workspace,
                ups: 0,
                names: names.to_vec(),
            },
            None => self,
        }
    }

    fn place(&self, root: Option<&Spot<'a>>) -> Place {
        let root_anchor = root.map(|root| root.anchor);
        let above = root.is_some_and(|root| self.ups == 0 && root.names.starts_with(&self.names));
        match (self.anchor, root_anchor) {
            (Anchor::Workspace, _) if self.ups == 0 => Place::Inside,
            (Anchor::Workspace, _) if self.names.is_empty() => Place::Above,
            (Anchor::Workspace, _) => Place::Unknown,
            (Anchor::Root, None) if self.names.is_empty() => Place::Above,
            (_, None) if self.anchor != Anchor::Home => Place::Unknown,
            (anchor, Some(root)) if anchor == root && above => Place::Above,
            (Anchor::Home, Some(Anchor::Home)) if self.ups == 0 => Place::Apart,
            (Anchor::Home, Some(Anchor::Home)) if self.names.is_empty() => Place::Above,
            (Anchor::Home, _) => Place::Home,
            (_, Some(Anchor::Home)) => Place::Unknown,
            _ => Place::Apart,
        }
    }

    fn print(&self) -> String {
        let names = std::iter::repeat_n("..", self.ups).chain(self.names.iter().copied());
        let names = names.collect::<Vec<_>>().join("/");
        match self.anchor {
            Anchor::Workspace if names.is_empty() => ".".to_owned(),
            // A folder of the workspace that is named `~` or `C:` must not read as a home or a drive.
            Anchor::Workspace if Anchor::of(&names) != Anchor::Workspace => format!("./{names}"),
            Anchor::Workspace => names,
            Anchor::Root => format!("/{names}"),
            Anchor::Network => format!("//{names}"),
            Anchor::Drive(letter) => format!("{letter}:/{names}"),
            Anchor::Home if names.is_empty() => "~".to_owned(),
            Anchor::Home => format!("~/{names}"),
        }
    }
}

/// The anchor of a path and what comes after it.
fn split(text: &str) -> Result<(Anchor, &str), PathError> {
    match Anchor::of(text) {
        Anchor::Drive(letter) if text[2..].starts_with(is_separator) => {
            Ok((Anchor::Drive(letter), &text[2..]))
        }
        Anchor::Drive(_) => Err(PathError::DriveRelative(text.to_owned())),
        Anchor::Home => Ok((Anchor::Home, &text[1..])),
        anchor => Ok((anchor, text)),
    }
}

fn valid(text: &str) -> Result<(), PathError> {
    if text.is_empty() {
        return Err(PathError::Empty);
    }
    if text.contains('\0') {
        return Err(PathError::Nul);
    }
    within_limit(text)
}

fn within_limit(text: &str) -> Result<(), PathError> {
    if PATH_BYTES_MAX < text.len() {
        return Err(PathError::TooLong(text.len()));
    }
    Ok(())
}

fn is_separator(c: char) -> bool {
    c == '/' || c == '\\'
}

/// `..`, `../..` and so on.
fn is_ups(normal: &str) -> bool {
    normal.split('/').all(|name| name == "..")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(root: &str, cwd: &str, text: &str, expected: &str, place: Place) {
        let said = |place: &'static str| Some(place).filter(|place| !place.is_empty());
        let (root, cwd) = (root.to_owned().leak(), cwd.to_owned().leak());
        let path = Path::normalise(
            text,
            &Places {
                root: said(root),
                cwd: said(cwd),
            },
        );
        let path = path.expect("the table holds paths");
        assert_eq!(
            (path.as_str(), path.place()),
            (expected, place),
            "`{text}` from `{cwd}` in `{root}`"
        );
    }

    #[test]
    fn in_the_workspace() {
        use Place::Inside;
        for (cwd, text, expected) in [
            ("", "src/a.rs", "src/a.rs"),
            ("", "./src//a.rs/", "src/a.rs"),
            ("", "src/./x/../a.rs", "src/a.rs"),
            ("", "src\\a.rs", "src/a.rs"),
            ("", ".", "."),
            ("", "src/..", "."),
            ("", "/ws", "."),
            ("", "/ws/", "."),
            ("", "/ws/src/a.rs", "src/a.rs"),
            ("", "/tmp/../ws/src", "src"),
            ("", "//ws/src", "src"),
            ("", "\\ws\\src", "src"),
            ("", "../ws/src", "src"),
            ("", "../../../ws/src", "src"),
            ("src", "a.rs", "src/a.rs"),
            ("src", "../a.rs", "a.rs"),
            ("src", "../../ws/a.rs", "a.rs"),
            ("/ws/src", "a.rs", "src/a.rs"),
            ("/ws/src", "/ws/a.rs", "a.rs"),
            ("/tmp", "../ws/a.rs", "a.rs"),
            ("", "./~/x", "./~/x"),
            ("", "a/../~", "./~"),
            ("", "~x/y", "~x/y"),
            ("", "./c:/x", "./c:/x"),
            ("", "./c:x", "./c:x"),
            ("", "...", "..."),
            ("", "-rf", "-rf"),
            ("", "a b\n", "a b\n"),
        ] {
            check("/ws", cwd, text, expected, Inside);
        }
    }

    #[test]
    fn out_of_the_workspace() {
        use Place::*;
        for (cwd, text, expected, place) in [
            ("", "/etc/passwd", "/etc/passwd", Apart),
            ("", "//etc/passwd", "/etc/passwd", Apart),
            ("", "///etc//./passwd", "/etc/passwd", Apart),
            ("", "/a/ws", "/a/ws", Apart),
            ("", "/ws2/x", "/ws2/x", Apart),
            ("", "../ws2", "/ws2", Apart),
            ("", "..", "/", Above),
            ("", "../../..", "/", Above),
            ("", "/", "/", Above),
            ("/tmp", "x", "/tmp/x", Apart),
            ("/tmp", "..", "/", Above),
            ("", "~", "~", Home),
            ("/tmp", "~/.ssh/../x", "~/x", Home),
            ("", "~/../x", "~/../x", Home),
            ("", "C:\\x", "C:/x", Apart),
            ("", "c:/x/..", "C:/", Apart),
            ("", "\\\\server\\share", "/server/share", Apart),
        ] {
            check("/ws", cwd, text, expected, place);
        }
        check("/home/me/ws", "", "../..", "/home", Above);
        check("/home/me/ws", "", "/home/you", "/home/you", Apart);
    }

    #[test]
    fn where_the_root_is_not_known() {
        use Place::*;
        for (cwd, text, expected, place) in [
            ("", "x", "x", Inside),
            ("", "../x", "../x", Unknown),
            ("", "a/../../x", "../x", Unknown),
            ("", "../..", "../..", Above),
            ("src", "../../x", "../x", Unknown),
            ("/tmp", "x", "/tmp/x", Unknown),
            ("", "/etc/passwd", "/etc/passwd", Unknown),
            ("", "/", "/", Above),
            ("", "~/x", "~/x", Home),
        ] {
            check("", cwd, text, expected, place);
        }
    }

    #[test]
    fn a_workspace_below_the_home() {
        use Place::*;
        for (text, expected, place) in [
            ("~/ws/x", "x", Inside),
            ("~/other", "~/other", Apart),
            ("~", "~", Above),
            ("~/..", "~/..", Above),
            ("~/../me/ws/x", "~/../me/ws/x", Home),
            ("/home/me/ws/x", "/home/me/ws/x", Unknown),
            ("..", "~", Above),
        ] {
            check("~/ws", "", text, expected, place);
        }
    }

    #[test]
    fn a_workspace_on_a_drive() {
        use Place::*;
        for (text, expected, place) in [
            ("c:\\ws\\src\\a.rs", "src/a.rs", Inside),
            ("\\ws\\src", "src", Inside),
            ("/C:/ws/src", "src", Inside),
            ("\\\\?\\C:\\ws\\src", "src", Inside),
            ("\\??\\C:\\ws\\src", "src", Inside),
            ("\\\\.\\C:\\ws\\src", "src", Inside),
            ("D:\\ws", "D:/ws", Apart),
            ("..", "C:/", Above),
            ("\\\\server\\share\\x", "//server/share/x", Apart),
            ("//server/share/../../..", "//server", Apart),
            ("\\\\?\\UNC\\server\\share", "//server/share", Apart),
            ("//..", "C:/", Above),
        ] {
            check("C:\\ws", "", text, expected, place);
        }
    }

    #[test]
    fn what_is_no_path() {
        #[track_caller]
        fn check(root: Option<&str>, text: &str, expected: PathError) {
            assert_eq!(Path::normalise(text, &Places { root, cwd: None }), Err(expected));
        }
        check(None, "", PathError::Empty);
        check(None, "a\0.rs", PathError::Nul);
        check(None, "C:", PathError::DriveRelative("C:".to_owned()));
        check(None, "c:x", PathError::DriveRelative("c:x".to_owned()));
        check(Some("ws"), "x", PathError::RelativeRoot("ws".to_owned()));
        check(Some("~/.."), "x", PathError::RelativeRoot("~/..".to_owned()));
        check(
            None,
            &"a".repeat(PATH_BYTES_MAX + 1),
            PathError::TooLong(PATH_BYTES_MAX + 1),
        );
    }

    const TEXT: &str = r"(/|\\|\.|\.\.|~|C:|d:|\?|UNC|ws|a|b){1,9}";
    const ROOTS: [Option<&str>; 6] = [
        None,
        Some("/ws"),
        Some("/"),
        Some("C:/ws"),
        Some("~/ws"),
        Some("//ws/a"),
    ];

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(text in TEXT, root in 0..ROOTS.len(), cwd in TEXT) {
            let places = Places { root: ROOTS[root], cwd: Some(&cwd) };
            if let Ok(once) = Path::normalise(&text, &places) {
                let twice = Path::normalise(once.as_str(), &Places { cwd: None, ..places });
                prop_assert_eq!(Ok(once), twice);
            }
        }

        #[test]
        fn both_separators_are_one(text in TEXT, root in 0..ROOTS.len()) {
            let places = Places { root: ROOTS[root], cwd: None };
            let slashes = Path::normalise(&text.replace('\\', "/"), &places);
            prop_assert_eq!(Path::normalise(&text, &places).ok(), slashes.ok());
        }

        #[test]
        fn the_form_tells_the_place_where_the_root_is_known(text in TEXT) {
            let Ok(path) = Path::normalise(&text, &Places { root: Some("/ws"), cwd: None }) else { return Ok(()) };
            prop_assert_eq!(path.place(), Place::of(path.as_str()));
        }

        #[test]
        fn any_text_has_an_answer(text in any::<String>(), root in any::<String>()) {
            let _ = Path::normalise(&text, &Places { root: Some(&root), cwd: None });
        }
    }
}

//! The normal form of a path. Lexical: it asks no disk. Where the home is, and which paths are links, is what the host
//! says; case is folded where patterns are compared, not here.
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
//! not pass as one odd file name. Unicode is composed (NFC); what cannot be seen (zero width, direction marks) stays, and
//! is a fact of its own ([`oddities`]). On Windows the dots and spaces at the end of a name and what stands behind a
//! colon (`file::$DATA`) are no part of it; where nobody says whether it is Windows, such a path has two readings, and
//! [`Path::others`] gives the other one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use thiserror::Error;

use crate::limits::{LINK_HOPS_MAX, LINK_STEPS_MAX, LINKS_MAX, PATH_BYTES_MAX};

/// Where the host stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places<'a> {
    /// The root of the workspace: absolute, or below `~/`.
    pub root: Option<&'a str>,
    /// The directory that relative paths are relative to: absolute, or relative to the root. Unsaid, it is the root.
    pub cwd: Option<&'a str>,
    /// The home of whoever acts: absolute. With it `/home/me/x` is `~/x`.
    pub home: Option<&'a str>,
    /// The links that the host knows of. [`Path::normalise`] does not follow them, [`Path::others`] does.
    pub links: Option<&'a Links>,
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
    /// A home that says nothing of where it is.
    #[error("the home `{0}` is relative; expected an absolute path")]
    RelativeHome(String),
    /// More links than [`LINKS_MAX`].
    #[error("there are {0} links; the most is {LINKS_MAX}")]
    TooManyLinks(usize),
}

impl Path {
    /// The normal form of `text`, as somebody in `places` means it. A normal form is its own; as it is relative to the
    /// root, it is read again without `cwd`.
    pub fn normalise(text: &str, places: &Places<'_>) -> Result<Path, PathError> {
        let ground = Texts::of(places);
        let ground = ground.ground()?;
        let text = composed(text);
        ground.finish(ground.read(&text, None)?)
    }

    /// The other paths that the text touches, as somebody in `places` means it: what it leads to through links, and what
    /// it is on the other kind of system where nobody says which it is. Not in it: the normal form itself.
    pub fn others(text: &str, places: &Places<'_>) -> Others {
        let mut others = Others::default();
        if places.links.is_none() && !Path::may_have_others(text) {
            return others;
        }
        let texts = Texts::of(places);
        let (text, Ok(ground)) = (composed(text), texts.ground()) else {
            return others;
        };
        let own = ground.read(&text, None).and_then(|spot| ground.finish(spot));
        let Ok(own) = own else { return others };
        if let Ok(spot) = ground.read(&text, Some(Style::Windows)) {
            if let Some(device) = spot.device(ground.style(spot.anchor)) {
                others.add(
                    &own,
                    Path {
                        text: format!("//{device}").into(),
                        place: Place::Apart,
                    },
                );
            }
            if ground.style(spot.anchor) == Style::Unsaid {
                others.extend(&own, ground.finish(spot));
            }
        }
        if let Some(links) = places.links.filter(|links| !links.targets.is_empty()) {
            ground.follow(&text, ground.cwd, links, &own, &mut others);
            ground.follow(&own.text, None, links, &own, &mut others);
        }
        others
    }

    /// A normal form below the home in so many words, where it is one: `/home/me/x` of `~/x`.
    pub fn in_full(normal: &str, home: &str) -> Option<String> {
        if Anchor::of(normal) != Anchor::Home {
            return None;
        }
        let home = composed(home);
        let home = Spot::home(&home).ok()?;
        Some(Spot::alone(normal).ok()?.home_in_full(Some(&home)).print())
    }

    /// Whether a path may be another one on Windows: whether [`Path::others`] need be asked where there are no links.
    pub fn may_have_others(text: &str) -> bool {
        has_readings(text)
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

/// The other paths that a path touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Others {
    /// Those that are known.
    pub paths: Vec<Path>,
    /// Whether there are some that are not: links in a circle, or more of them than anybody follows.
    pub open: bool,
}

impl Others {
    fn add(&mut self, own: &Path, path: Path) {
        if path != *own && !self.paths.contains(&path) {
            self.paths.push(path);
        }
    }

    fn extend(&mut self, own: &Path, path: Result<Path, PathError>) {
        match path {
            Ok(path) => self.add(own, path),
            Err(_) => self.open = true,
        }
    }
}

/// The links that the host knows of: where each leads, by its normal form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    targets: BTreeMap<Box<str>, Box<str>>,
    /// The last names of the links: a walk asks for no path that ends otherwise.
    lasts: BTreeSet<Box<str>>,
    folds_case: bool,
}

impl Links {
    /// Reads links: each a path and its target, which is relative to the folder that the link is in. The paths themselves
    /// are not followed through other links.
    pub fn new<'t>(
        links: impl IntoIterator<Item = (&'t str, &'t str)>,
        places: &Places<'_>,
        folds_case: bool,
    ) -> Result<Links, PathError> {
        let places = Places {
            cwd: None,
            links: None,
            ..*places
        };
        let mut targets: BTreeMap<Box<str>, Box<str>> = BTreeMap::new();
        for (link, target) in links {
            let link = Path::normalise(link, &places)?;
            valid(target)?;
            split(target)?;
            targets.insert(key(&link.text, folds_case).into(), composed(target).into());
        }
        if LINKS_MAX < targets.len() {
            return Err(PathError::TooManyLinks(targets.len()));
        }
        let last = |link: &str| -> Box<str> { link.rsplit('/').next().unwrap_or(link).into() };
        let lasts = targets.keys().map(|link| last(link)).collect();
        Ok(Links {
            targets,
            lasts,
            folds_case,
        })
    }

    /// Whether a path that ends in a name may be a link. The workspace and the home are named otherwise than they end.
    fn may_end_in(&self, name: &str) -> bool {
        let has = |name: &str| self.lasts.contains(name);
        has(&key(name, self.folds_case)) || has(".") || has("~")
    }

    fn target(&self, normal: &str) -> Option<&str> {
        self.targets
            .get(&*key(normal, self.folds_case))
            .map(|target| &**target)
    }
}

fn key(normal: &str, folds_case: bool) -> Cow<'_, str> {
    if folds_case {
        Cow::Owned(normal.to_lowercase())
    } else {
        Cow::Borrowed(normal)
    }
}

/// What is odd about a path as it is written: what people who read it do not see, or what one system reads otherwise than
/// another. In the order of the vocabulary.
pub fn oddities(text: &str) -> Vec<&'static str> {
    let name_is = |test: fn(&str) -> bool| {
        let rest = split(text).map_or(text, |(_, rest)| rest);
        rest.split(is_separator).any(test)
    };
    let char_is = |test: fn(char) -> bool| !text.is_ascii() && text.chars().any(test);
    let found = |oddity: &&str| match *oddity {
        "invisible" => char_is(is_invisible),
        "bidirectional" => char_is(is_direction),
        "control" => text
            .chars()
            .any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')),
        "trailing" => name_is(|name| !matches!(name, "." | "..") && name.ends_with(['.', ' '])),
        "stream" => name_is(|name| name.contains(':')),
        "device" => name_is(|name| device(name).is_some()),
        "short_name" => name_is(is_short_name),
        _ => false,
    };
    ODDITIES.iter().copied().filter(found).collect()
}

/// The names of [`oddities`].
pub const ODDITIES: &[&str] = &[
    "invisible",
    "bidirectional",
    "control",
    "trailing",
    "stream",
    "device",
    "short_name",
];

/// Whether a word of a shell, cmd.exe included, holds something that stands for other text: then the path that it names is
/// not known. A home of somebody else (`~you`) is not known either. For a file tool the same text is a name.
pub fn holds_variable(word: &str) -> bool {
    let names = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '{' | '(' | '?' | '@' | '*' | '#' | '$' | '!' | '-')
    };
    let dollar = word
        .match_indices('$')
        .any(|(at, _)| word[at + 1..].starts_with(names));
    let mut percent = word.split('%').skip(1);
    let last = word.matches('%').count();
    let percent = 1 < last
        && percent
            .by_ref()
            .take(last - 1)
            .any(|name| !name.is_empty() && !name.contains(is_separator));
    let home = word
        .strip_prefix('~')
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with(is_separator));
    dollar || percent || home || word.contains('`')
}

/// Text in Unicode's composed form (NFC), in which equal looking texts are equal.
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    icu_normalizer::ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Without a width, or ignored by those who draw it.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Turns the direction in which text is drawn.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `PROGRA~1`: what Windows calls a long name for old programs.
fn is_short_name(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or(name);
    let Some((head, number)) = base.rsplit_once('~') else {
        return false;
    };
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    digits && !head.is_empty() && base.len() <= 8 && name.len() <= 12
}

/// The device that Windows takes a name for, in whatever folder and with whatever extension.
fn device(name: &str) -> Option<String> {
    let base = name
        .split(['.', ':'])
        .next()
        .unwrap_or(name)
        .trim_end_matches(' ');
    if base.len() < 3 || 8 < base.len() {
        return None;
    }
    // It is eight bytes at most, and nearly every name is of ASCII letters and is none: nothing is allocated for those.
    let mut ascii = [0; 8];
    let upper = match ascii.get_mut(..base.len()) {
        Some(upper) if base.is_ascii() => {
            upper.copy_from_slice(base.as_bytes());
            upper.make_ascii_uppercase();
            String::from_utf8_lossy(upper)
        }
        _ => Cow::Owned(base.to_uppercase()),
    };
    let numbered = |digit: &str| {
        matches!(
            digit,
            "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
        )
    };
    let port = upper
        .strip_prefix("COM")
        .or_else(|| upper.strip_prefix("LPT"))
        .is_some_and(numbered);
    (port || matches!(&*upper, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$"))
        .then(|| upper.into_owned())
}

/// Whether a path may be another one on Windows.
fn has_readings(text: &str) -> bool {
    text.split(is_separator).any(|name| {
        name.ends_with([' ', '.']) && !matches!(name, "." | "..")
            || name.contains(':')
            || device(name).is_some()
    })
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

/// What is behind the folder of somebody's home in an absolute path, by where systems keep homes: `x` of `/home/me/x`, nothing of
/// `/home/me`.
pub(super) fn behind_home(normal: &str) -> Option<&str> {
    let drive = matches!(Anchor::of(normal), Anchor::Drive(_));
    let rest = if drive { normal.get(2..)? } else { normal };
    let rest = rest.strip_prefix('/')?;
    let (first, rest) = rest.split_once('/').unwrap_or((rest, ""));
    match first.to_ascii_lowercase().as_str() {
        "root" if !drive => Some(rest),
        "home" | "users" if !rest.is_empty() => Some(rest.split_once('/').map_or("", |(_, rest)| rest)),
        _ => None,
    }
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

/// Which system's habits the names of a path have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// A name is what is written.
    Posix,
    /// Dots and spaces at the end, and what stands behind a colon, are no part of a name.
    Windows,
    /// Nobody says.
    Unsaid,
}

/// The texts of places in composed form; what is read from them borrows them.
struct Texts<'a> {
    root: Option<Cow<'a, str>>,
    cwd: Option<Cow<'a, str>>,
    home: Option<Cow<'a, str>>,
}

impl<'a> Texts<'a> {
    fn of(places: &Places<'a>) -> Texts<'a> {
        Texts {
            root: places.root.map(composed),
            cwd: places.cwd.map(composed),
            home: places.home.map(composed),
        }
    }

    fn ground(&self) -> Result<Ground<'_>, PathError> {
        let home = self.home.as_deref().map(Spot::home).transpose()?;
        let root = self
            .root
            .as_deref()
            .map(|root| Spot::root(root, home.as_ref()))
            .transpose()?;
        let windows = self.root.as_deref().is_some_and(|root| root.starts_with("\\\\"));
        let ground = Ground {
            root,
            home,
            cwd: self.cwd.as_deref(),
            windows,
        };
        match (self.root.as_deref(), self.home.as_deref()) {
            (Some(root), Some(home)) if Anchor::of(root) != Anchor::Home => ground.with_home(home),
            _ => Ok(ground),
        }
    }
}

/// Against what a path is read.
struct Ground<'a> {
    root: Option<Spot<'a>>,
    home: Option<Spot<'a>>,
    cwd: Option<&'a str>,
    /// Whether the root is written as only Windows writes one.
    windows: bool,
}

impl<'a> Ground<'a> {
    fn style(&self, anchor: Anchor) -> Style {
        match (
            anchor,
            self.root
                .as_ref()
                .or(self.home.as_ref())
                .map(|known| known.anchor),
        ) {
            (Anchor::Drive(_) | Anchor::Network, _) | (_, Some(Anchor::Drive(_) | Anchor::Network)) => {
                Style::Windows
            }
            _ if self.windows => Style::Windows,
            (_, Some(Anchor::Root)) => Style::Posix,
            (_, Some(Anchor::Home | Anchor::Workspace) | None) => Style::Unsaid,
        }
    }

    /// The same with the home as the system reads it that the root shows.
    fn with_home(self, home: &'a str) -> Result<Ground<'a>, PathError> {
        let home = Spot::read(home, self.root.as_ref(), None, |anchor| self.style(anchor))?;
        Ok(Ground {
            home: Some(home),
            ..self
        })
    }

    /// Where a path begins that is written like this: the anchor, or the working directory.
    fn start(&self, anchor: Anchor) -> Result<Spot<'a>, PathError> {
        match (anchor, self.cwd) {
            (Anchor::Workspace, Some(cwd)) => {
                Spot::read(cwd, self.root.as_ref(), None, |anchor| self.style(anchor))
            }
            _ => Ok(Spot::at(anchor.on(self.root.as_ref()))),
        }
    }

    /// Reads a path, `..` resolved as far as what is known goes.
    fn read<'t>(&self, text: &'t str, style: Option<Style>) -> Result<Spot<'t>, PathError>
    where
        'a: 't,
    {
        valid(text)?;
        let (anchor, _) = split(text)?;
        let start = self.start(anchor)?;
        Spot::read(text, self.root.as_ref(), Some(start), |anchor| {
            style.unwrap_or_else(|| self.style(anchor))
        })
    }

    fn finish(&self, spot: Spot<'_>) -> Result<Path, PathError> {
        let before = self.style(spot.anchor);
        let spot = spot.home_in_full(self.home.as_ref());
        let after = self.style(spot.anchor);
        let spot = spot.read_again(before, after);
        let spot = spot.settled(self.root.as_ref(), |anchor| self.style(anchor));
        let inside = spot.below(self.root.as_ref());
        let place = inside.place(self.root.as_ref());
        let text = inside.seen_from_home(self.home.as_ref()).print();
        within_limit(&text)?;
        Ok(Path {
            text: text.into(),
            place,
        })
    }

    /// Walks a path as a system does that follows links on the way, so that `..` behind a link leaves its target. A normal
    /// form is relative to the root, so that it has no `cwd`. Adds
    /// what is touched: where it ends, and where each link on the way would have it end.
    fn follow(&self, text: &str, cwd: Option<&str>, links: &Links, own: &Path, others: &mut Others) {
        let Ok((anchor, rest)) = split(text) else { return };
        let mut left: Vec<&str> = rest.split(is_separator).rev().collect();
        let relative = anchor == Anchor::Workspace;
        if let Some(cwd) = cwd.filter(|_| relative) {
            if valid(cwd).is_err() {
                others.open = true;
                return;
            }
            let Ok((anchor, rest)) = split(cwd) else { return };
            left.extend(rest.split(is_separator).rev());
            return self.walk(Spot::at(anchor.on(self.root.as_ref())), left, links, own, others);
        }
        self.walk(Spot::at(anchor.on(self.root.as_ref())), left, links, own, others);
    }

    fn walk<'t>(
        &'t self,
        mut spot: Spot<'t>,
        mut left: Vec<&'t str>,
        links: &'t Links,
        own: &Path,
        others: &mut Others,
    ) {
        let (mut hops, mut steps) = (0, 0);
        while let Some(name) = left.pop() {
            steps += 1;
            if LINK_STEPS_MAX < steps || LINK_HOPS_MAX < hops {
                others.open = true;
                return;
            }
            let before = spot.names.len();
            spot.step(name, self.root.as_ref(), self.style(spot.anchor));
            let Some(last) = spot.names.last().filter(|_| before < spot.names.len()) else {
                continue;
            };
            if !links.may_end_in(last) {
                continue;
            }
            let here = spot
                .clone()
                .settled(self.root.as_ref(), |anchor| self.style(anchor));
            let Ok(here) = self.finish(here) else { continue };
            let Some(target) = links.target(&here.text) else {
                continue;
            };
            let Ok((anchor, rest)) = split(target) else {
                continue;
            };
            hops += 1;
            spot.names.pop();
            if anchor != Anchor::Workspace {
                spot = Spot::at(anchor.on(self.root.as_ref()));
            }
            left.extend(rest.split(is_separator).rev());
            let mut seen = spot.clone();
            for name in left.iter().rev() {
                seen.step(name, self.root.as_ref(), self.style(seen.anchor));
            }
            others.extend(
                own,
                self.finish(seen.settled(self.root.as_ref(), |anchor| self.style(anchor))),
            );
        }
        others.extend(
            own,
            self.finish(spot.settled(self.root.as_ref(), |anchor| self.style(anchor))),
        );
    }
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
    fn at(anchor: Anchor) -> Spot<'a> {
        Spot {
            anchor,
            ups: 0,
            names: Vec::new(),
        }
    }

    /// Reads the root of the workspace.
    fn root(text: &'a str, home: Option<&Spot<'a>>) -> Result<Spot<'a>, PathError> {
        let spot = Spot::alone(text)?.home_in_full(home);
        if spot.anchor == Anchor::Workspace || 0 < spot.ups {
            return Err(PathError::RelativeRoot(text.to_owned()));
        }
        Ok(spot)
    }

    /// Reads the home of whoever acts.
    fn home(text: &'a str) -> Result<Spot<'a>, PathError> {
        let spot = Spot::alone(text)?;
        match spot.anchor {
            Anchor::Workspace | Anchor::Home => Err(PathError::RelativeHome(text.to_owned())),
            Anchor::Root | Anchor::Network | Anchor::Drive(_) => Ok(spot),
        }
    }

    /// Reads a path of which nothing else is known.
    fn alone(text: &'a str) -> Result<Spot<'a>, PathError> {
        // Only Windows begins a path like this, and whoever reads paths against it reads them so.
        let windows = text.starts_with("\\\\");
        Spot::read(text, None, None, |anchor| {
            if windows || anchor.is_drive() {
                Style::Windows
            } else {
                Style::Posix
            }
        })
    }

    /// Reads a path from where it starts, its anchor if nothing is said.
    fn read(
        text: &'a str,
        root: Option<&Spot<'a>>,
        start: Option<Spot<'a>>,
        style: impl Fn(Anchor) -> Style,
    ) -> Result<Spot<'a>, PathError> {
        valid(text)?;
        let (anchor, rest) = split(text)?;
        let mut spot = start.unwrap_or_else(|| Spot::at(anchor.on(root)));
        for name in rest.split(is_separator) {
            let style = style(spot.anchor);
            spot.step(name, root, style);
        }
        Ok(spot.settled(root, style))
    }

    /// The same without what stands before a drive.
    fn settled(self, root: Option<&Spot<'a>>, style: impl Fn(Anchor) -> Style) -> Spot<'a> {
        let before = style(self.anchor);
        let spot = self.without_device(root);
        let after = style(spot.anchor);
        spot.read_again(before, after)
    }

    /// The same where only what was read last shows that it is a path of Windows: its names are read again.
    fn read_again(mut self, before: Style, after: Style) -> Spot<'a> {
        if after == Style::Windows && before != Style::Windows {
            for name in std::mem::take(&mut self.names) {
                self.step(name, None, Style::Windows);
            }
        }
        self
    }

    fn step(&mut self, name: &'a str, root: Option<&Spot<'a>>, style: Style) {
        let name = if style == Style::Windows {
            self.windows_name(name)
        } else {
            name
        };
        match name {
            "" | "." => {}
            ".." => self.up(root),
            name => self.names.push(name),
        }
    }

    /// What Windows reads of a name. The first of an absolute path may be a drive (`/C:/x`).
    fn windows_name(&self, name: &'a str) -> &'a str {
        let may_be_drive = matches!(self.names.as_slice(), [] | ["?" | "??"])
            && !matches!(self.anchor, Anchor::Workspace | Anchor::Home)
            && name.len() == 2
            && Anchor::of(name).is_drive();
        let name = match name.find(':') {
            Some(at) if !may_be_drive => &name[..at],
            _ => name,
        };
        match name.trim_end_matches(' ') {
            "." => ".",
            ".." => "..",
            name => name.trim_end_matches([' ', '.']),
        }
    }

    /// The device that one of the names is.
    fn device(&self, style: Style) -> Option<String> {
        self.names
            .iter()
            .filter(|_| style == Style::Windows)
            .find_map(|name| device(name))
    }

    /// The same with the home in so many words.
    fn home_in_full(mut self, home: Option<&Spot<'a>>) -> Spot<'a> {
        let Some(home) = home.filter(|_| self.anchor == Anchor::Home) else {
            return self;
        };
        let mut spot = home.clone();
        for _ in 0..self.ups {
            spot.up(None);
        }
        spot.names.append(&mut self.names);
        spot
    }

    /// The same, as below the home where it is.
    fn seen_from_home(self, home: Option<&Spot<'a>>) -> Spot<'a> {
        let home = home.filter(|home| home.anchor == self.anchor && self.ups == 0);
        match home.and_then(|home| self.names.strip_prefix(home.names.as_slice())) {
            Some(names) => Spot {
                anchor: Anchor::Home,
                ups: 0,
                names: names.to_vec(),
            },
            None => self,
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
                ..Places::default()
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
    fn the_home_is_told() {
        use Place::*;
        #[track_caller]
        fn check(root: Option<&str>, home: &str, text: &str, expected: &str, place: Place) {
            let places = Places {
                root,
                home: Some(home),
                ..Places::default()
            };
            let path = Path::normalise(text, &places).expect("the table holds paths");
            assert_eq!(
                (path.as_str(), path.place()),
                (expected, place),
                "`{text}` of `{home}`"
            );
            assert_eq!(Path::normalise(path.as_str(), &places), Ok(path));
        }
        let (me, ws) = ("/home/me", Some("/home/me/ws"));
        check(ws, me, "/home/me/.ssh/x", "~/.ssh/x", Apart);
        check(ws, me, "../.ssh/x", "~/.ssh/x", Apart);
        check(ws, me, "~/ws/x", "x", Inside);
        check(ws, me, "~", "~", Above);
        check(ws, me, "~/../you/x", "/home/you/x", Apart);
        check(Some("~/ws"), me, "/home/me/ws/x", "x", Inside);
        check(Some("/ws"), me, "~/x", "~/x", Apart);
        check(None, me, "/home/me/x", "~/x", Unknown);
        check(Some("/"), "/root", "/root/x", "root/x", Inside);
        check(Some("C:/ws"), "C:\\Users\\me", "c:/Users/me/x. ", "~/x", Apart);
        let places = Places {
            home: Some("me"),
            ..Places::default()
        };
        assert_eq!(
            Path::normalise("x", &places),
            Err(PathError::RelativeHome("me".to_owned()))
        );
    }

    #[test]
    fn what_windows_reads_of_a_name() {
        for (text, expected) in [
            ("a.txt. ", "a.txt"),
            ("a...", "a"),
            ("a /b", "a/b"),
            ("a.txt::$DATA", "a.txt"),
            ("a.txt:hidden", "a.txt"),
            (".git::$INDEX_ALLOCATION/config", ".git/config"),
            ("x/.. /y", "y"),
            ("x/.../y", "x/y"),
            ("C:\\ws\\a. ", "a"),
            ("/C:/ws/a:b", "a"),
            ("D:/a.", "D:/a"),
        ] {
            check(
                "C:\\ws",
                "",
                text,
                expected,
                Path::normalise(
                    expected,
                    &Places {
                        root: Some("C:/ws"),
                        ..Places::default()
                    },
                )
                .expect("a path")
                .place(),
            );
        }
        check("/ws", "", "a.txt. ", "a.txt. ", Place::Inside);
        check("/ws", "", "t/10:00.log", "t/10:00.log", Place::Inside);
    }

    #[test]
    fn unicode_is_composed() {
        check("/ws", "", "e\u{301}/x", "\u{e9}/x", Place::Inside);
        check("/e\u{301}", "", "/\u{e9}/x", "x", Place::Inside);
        check("/ws", "", "a\u{200b}b", "a\u{200b}b", Place::Inside);
    }

    #[test]
    fn words_with_variables() {
        for word in [
            "$HOME/x",
            "a/${B}",
            "$(pwd)",
            "`pwd`/x",
            "%USERPROFILE%\\x",
            "~you/x",
            "$1",
            "a$b",
        ] {
            assert!(holds_variable(word), "{word}");
        }
        for word in [
            "a$",
            "a/$/b",
            "100%",
            "50% of/60",
            "~",
            "~/x",
            "a~b",
            "src/$.rs",
            "%/a%",
        ] {
            assert!(!holds_variable(word), "{word}");
        }
    }

    #[test]
    fn odd_paths() {
        #[track_caller]
        fn check(text: &str, expected: &[&str]) {
            assert_eq!(oddities(text), expected, "{text}");
        }
        check("src/a.rs", &[]);
        check("C:/x/..", &[]);
        check("~/é", &[]);
        check("a\u{200d}", &["invisible"]);
        check("a\u{202e}", &["invisible", "bidirectional"]);
        check("a\nb", &["control"]);
        check("a. ", &["trailing"]);
        check("a:b", &["stream"]);
        check("src/Aux.txt", &["device"]);
        check("COM¹", &["device"]);
        check("PROGRA~1/x", &["short_name"]);
    }

    #[test]
    fn what_is_no_path() {
        #[track_caller]
        fn check(root: Option<&str>, text: &str, expected: PathError) {
            assert_eq!(
                Path::normalise(
                    text,
                    &Places {
                        root,
                        ..Places::default()
                    }
                ),
                Err(expected)
            );
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

    #[test]
    fn a_root_is_read_as_the_system_reads_that_it_shows() {
        for root in ["\\\\/:////a", "\\\\server\\a:b"] {
            let places = Places {
                root: Some(root),
                ..Places::default()
            };
            let cwd = Places {
                cwd: Some("..\\T"),
                ..places
            };
            let path = Path::normalise("x", &cwd).expect("a path");
            assert_eq!(
                Ok(&path),
                Path::normalise(path.as_str(), &places).as_ref(),
                "{root}"
            );
        }
    }

    #[test]
    fn a_home_is_read_as_the_system_reads_that_the_root_shows() {
        #[track_caller]
        fn check(root: &str, text: &str, expected: &str) {
            let places = Places {
                root: Some(root),
                home: Some("/homes/me."),
                ..Places::default()
            };
            let path = Path::normalise(text, &places).expect("a path");
            assert_eq!(path.as_str(), expected, "`{text}` in `{root}`");
            assert_eq!(Ok(&path), Path::normalise(expected, &places).as_ref(), "`{root}`");
        }
        for (root, drive) in [("/ws", ""), ("\\\\ws", ""), ("C:/ws", "C:")] {
            let me = if root == "/ws" { "me." } else { "me" };
            check(root, "~/x", "~/x");
            check(root, "~/../you/x", &format!("{drive}/homes/you/x"));
            check(root, &format!("~/../{me}/x"), "~/x");
            check(root, "/homes/me./x", "~/x");
        }
    }

    proptest! {
        /// What a path leads to is normal as well, wherever the host says that it stands.
        #[test]
        fn what_a_path_leads_to_is_normal(text in TEXT, root in 0..ROOTS.len(), cwd in "(a|/|\\\\|\u{0}|\\.\\.|C:){0,4}", link in TEXT) {
            let plain = Places { root: ROOTS[root], ..Places::default() };
            let links = Links::new([("a", &*link), ("b/a", "../c")], &plain, false).ok();
            let places = Places { cwd: Some(&cwd), links: links.as_ref(), ..plain };
            for other in Path::others(&text, &places).paths {
                // A network's path of Windows is one only where the host is known to be Windows.
                if !other.as_str().starts_with("//") {
                    let again = Path::normalise(other.as_str(), &Places { cwd: None, ..places });
                    prop_assert_eq!(Ok(other), again);
                }
            }
        }

        #[test]
        fn normalising_twice_is_normalising_once(text in TEXT, root in 0..ROOTS.len(), cwd in TEXT) {
            let places = Places { root: ROOTS[root], cwd: Some(&cwd), ..Places::default() };
            if let Ok(once) = Path::normalise(&text, &places) {
                let twice = Path::normalise(once.as_str(), &Places { cwd: None, ..places });
                prop_assert_eq!(Ok(once), twice);
            }
        }

        #[test]
        fn normalising_twice_is_normalising_once_at_home(text in TEXT, root in 0..ROOTS.len(), home in 0..3_usize) {
            let home = ["/ws", "/", "C:/a"][home];
            let places = Places { root: ROOTS[root], home: Some(home), ..Places::default() };
            if let Ok(once) = Path::normalise(&text, &places) {
                prop_assert_eq!(Path::normalise(once.as_str(), &places), Ok(once));
            }
        }

        /// However somebody spells a path below a folder, a pattern over the folder matches.
        #[test]
        fn no_spelling_escapes_a_glob_on_the_folder(
            names in proptest::collection::vec(("[a-zé]{1,3}", 0..9_usize), 1..5),
            root in 0..3_usize,
            absolute in any::<bool>(),
        ) {
            let root = ["/ws", "C:/ws", "~/ws"][root];
            let mut text = if absolute { format!("{root}/keep") } else { "keep".to_owned() };
            for (name, noise) in &names {
                let windows = root.starts_with('C');
                let noise = match noise {
                    0 => "//", 1 => "/./", 2 => "\\", 3 => "/x/../", 4 => "\\.\\x\\..\\", 5 => "/y/z/../../",
                    6 if windows => "/.. x/.. /", 7 if windows => "/s::$DATA/../", _ => "/",
                };
                text.push_str(noise);
                text.push_str(name);
            }
            let places = Places { root: Some(root), ..Places::default() };
            let path = Path::normalise(&text, &places).expect("a path");
            let globs = crate::normal::Globs::new(&["keep/**"]).expect("a pattern");
            let touched = globs.matches_at(path.as_str(), path.place(), crate::value::Tri::False, false);
            prop_assert_eq!(touched, crate::value::Tri::True, "{} is {}", text, path.as_str());
        }

        #[test]
        fn following_links_ends(
            links in proptest::collection::btree_map("[abc](/[abc]){0,1}", r"(/|\.\./|/ws/|~/)?[abc](/[abc]|/\.\.){0,3}", 0..6),
            text in r"[abc](/[abc]|/\.\.){0,5}",
        ) {
            let places = Places { root: Some("/ws"), ..Places::default() };
            let links = Links::new(links.iter().map(|(link, target)| (link.as_str(), target.as_str())), &places, false);
            let links = links.expect("links");
            let others = Path::others(&text, &Places { links: Some(&links), ..places });
            prop_assert!(others.paths.len() <= 2 * LINK_HOPS_MAX + 4);
            for other in &others.paths {
                prop_assert_eq!(Path::normalise(other.as_str(), &places), Ok(other.clone()));
            }
        }

        #[test]
        fn both_separators_are_one(text in TEXT, root in 0..ROOTS.len()) {
            let places = Places { root: ROOTS[root], ..Places::default() };
            let slashes = Path::normalise(&text.replace('\\', "/"), &places);
            prop_assert_eq!(Path::normalise(&text, &places).ok(), slashes.ok());
        }

        #[test]
        fn the_form_tells_the_place_where_the_root_is_known(text in TEXT) {
            let Ok(path) = Path::normalise(&text, &Places { root: Some("/ws"), ..Places::default() }) else { return Ok(()) };
            prop_assert_eq!(path.place(), Place::of(path.as_str()));
        }

        #[test]
        fn any_text_has_an_answer(text in any::<String>(), root in any::<String>()) {
            let _ = Path::normalise(&text, &Places { root: Some(&root), ..Places::default() });
        }
    }
}

//! Reads folders and files. The only place that walks a disk; which authority a folder gives is in `layout`.

#![allow(clippy::disallowed_methods, reason = "reading files is what it is for")]

use std::fs::{self, DirEntry};
use std::io::{self, Read as _};
use std::path::Path;

use bailiwick::Level;
use bailiwick::machinery::limits::SOURCE_BYTES_MAX;
use bailiwick::parts::BundleHead;

use crate::layout::{Authority, Folder, Organizations};
use crate::{Loaded, is_hidden, is_test, is_yaml, too_long};

/// Reads files and folders: a folder is the root of a layout, a file alone speaks for the platform. All that is wrong is
/// found in one pass. `step` is called for each file.
pub fn load(paths: &[impl AsRef<Path>], step: &dyn Fn()) -> Loaded {
    let mut walk = Walk {
        loaded: Loaded::default(),
        step,
    };
    for path in paths {
        walk.path(path.as_ref());
    }
    walk.loaded
}

struct Walk<'a> {
    loaded: Loaded,
    step: &'a dyn Fn(),
}

impl Walk<'_> {
    fn path(&mut self, path: &Path) {
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => self.root(path),
            Ok(_) => self.lone(path),
            Err(error) => self.wrong(path, &reason(&error)),
        }
    }

    /// A file loaded alone speaks for the platform.
    fn lone(&mut self, path: &Path) {
        let name = path.to_string_lossy();
        let found = read(path).map(|text| Authority::platform().source(shown(path), text));
        self.add(path, is_test(&name), found);
    }

    fn root(&mut self, path: &Path) {
        let organizations = organizations(path);
        let before = self.loaded.problems.len();
        self.folder(path, &Folder::Root(organizations));
        let inside = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.parse::<Level>().ok());
        if let (true, Some(level)) = (before < self.loaded.problems.len(), inside) {
            let message = format!(
                "`{}` was read as the root of a layout; if it is the `{level}/` folder of one, give the folder above it",
                path.display()
            );
            self.loaded.wrong("", message);
        }
    }

    fn folder(&mut self, path: &Path, folder: &Folder) {
        for (name, entry) in self.entries(path).unwrap_or_default() {
            let path = path.join(&name);
            match kind(&path, &entry) {
                Ok(Kind::Folder) => match folder.below(&name) {
                    Ok(below) => self.folder(&path, &below),
                    Err(why) => self.wrong(&path, &why),
                },
                Ok(Kind::FolderLink) => {
                    self.loaded
                        .notes
                        .push(format!("{}: a link to a folder is not followed", path.display()));
                }
                Ok(Kind::File) if is_yaml(&name) => self.file(&path, &name, folder),
                Ok(Kind::Other) if is_yaml(&name) => self.wrong(&path, "this is neither a file nor a folder"),
                Ok(Kind::File | Kind::Other) => {}
                Err(error) if is_yaml(&name) => self.wrong(&path, &reason(&error)),
                Err(error) => {
                    self.loaded
                        .notes
                        .push(format!("{}: passed over: {}", path.display(), reason(&error)))
                }
            }
        }
    }

    fn file(&mut self, path: &Path, name: &str, folder: &Folder) {
        let test = is_test(name);
        let authority = if test {
            Ok(folder.tests())
        } else {
            folder.policies()
        };
        let found = authority.and_then(|authority| Ok(authority.source(shown(path), read(path)?)));
        self.add(path, test, found);
    }

    fn add(&mut self, path: &Path, test: bool, found: Result<bailiwick::Source, String>) {
        (self.step)();
        self.loaded.add(&path.display().to_string(), test, found);
    }

    /// What a folder holds, by name; hidden names are no part of it.
    fn entries(&mut self, folder: &Path) -> Option<Vec<(String, DirEntry)>> {
        let read = fs::read_dir(folder).and_then(|entries| entries.collect::<io::Result<Vec<DirEntry>>>());
        let entries = match read {
            Ok(entries) => entries,
            Err(error) => {
                self.wrong(folder, &reason(&error));
                return None;
            }
        };
        let mut named = Vec::new();
        for entry in entries {
            match entry.file_name().into_string() {
                Ok(name) if is_hidden(&name) => {}
                Ok(name) => named.push((name, entry)),
                Err(_) => self.wrong(&entry.path(), "the name is not UTF-8"),
            }
        }
        named.sort_by(|(one, _), (two, _)| one.cmp(two));
        Some(named)
    }

    fn wrong(&mut self, path: &Path, why: &str) {
        self.loaded.wrong(path.display().to_string(), why);
    }
}

/// The organizations of a root, which settle the tenant of what stands beside them. What cannot be read here is found
/// again on the way through, and reported there.
pub fn organizations(root: &Path) -> Organizations {
    let folder = root.join(Level::Organization.as_str());
    let link = fs::symlink_metadata(&folder).is_ok_and(|found| found.is_symlink());
    let entries = if link { None } else { fs::read_dir(&folder).ok() };
    let folders = entries
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let names = folders.filter_map(|entry| entry.file_name().into_string().ok());
    Organizations::of(&names.filter(|name| !is_hidden(name)).collect::<Vec<String>>())
}

enum Kind {
    File,
    Folder,
    FolderLink,
    Other,
}

fn kind(path: &Path, entry: &DirEntry) -> io::Result<Kind> {
    let link = entry.file_type()?.is_symlink();
    let found = fs::metadata(path)?.file_type();
    Ok(match (found.is_dir(), link) {
        (true, true) => Kind::FolderLink,
        (true, false) => Kind::Folder,
        (false, _) if found.is_file() => Kind::File,
        (false, _) => Kind::Other,
    })
}

/// The text of a file.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn read(path: &Path) -> Result<String, String> {
    let length = fs::metadata(path).map_err(|error| reason(&error))?.len();
    if SOURCE_BYTES_MAX as u64 + 1 < length {
        return Err(too_long(length));
    }
    let bytes = fs::read(path).map_err(|error| reason(&error))?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        format!("is not UTF-8, first on line {line} (byte {})", before.len())
    })
}

/// The bytes of a file that begins as a compiled bundle does (spec/20-bundles.md); `None` of a folder and of any other file.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn read_bundle(path: &Path) -> Result<Option<Vec<u8>>, String> {
    let mut start = Vec::new();
    // Whoever reads it as policies says what is wrong with a path.
    let Ok(file) = fs::File::open(path) else {
        return Ok(None);
    };
    let begins = file.take(BUNDLE_START).read_to_end(&mut start).is_ok() && BundleHead::begins(&start);
    if !begins {
        return Ok(None);
    }
    fs::read(path).map(Some).map_err(|error| reason(&error))
}

/// As many bytes show that a file is a bundle.
const BUNDLE_START: u64 = 64;

/// An error of the system as people read it: "no such file or folder".
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read: permission denied".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

/// The path as diagnostics and records call it: the same on every system.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

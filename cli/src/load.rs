//! From files and folders to sources. The only place that walks a disk; which authority a folder gives is in `layout`.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use bailiwick::machinery::limits::SOURCE_BYTES_MAX;
use bailiwick::{Engine, Level, Source};

use crate::layout::{Authority, Folder, Organizations};
use crate::screen::{Progress, Screen};
use crate::stop::Stop;

/// What paths hold, in the order of their names.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// The policy files.
    pub(crate) policies: Vec<Source>,
    /// The files of policy tests, with the scope of their folder.
    pub(crate) tests: Vec<Source>,
    /// What was passed over and may have been meant.
    pub(crate) notes: Vec<String>,
    problems: Vec<String>,
}

/// Reads files and folders. All that is wrong is found in one pass.
///
/// # Errors
/// Files that cannot be read, and folders that the layout does not know.
pub(crate) fn load(paths: &[PathBuf]) -> Result<Loaded, Stop> {
    let progress = Progress::of("reading policies");
    let mut loaded = Loaded::default();
    for path in paths {
        loaded.path(path, &progress);
    }
    let problems = std::mem::take(&mut loaded.problems);
    if problems.is_empty() {
        Ok(loaded)
    } else {
        Err(Stop::Bad(problems.join("\nerror: ")))
    }
}

/// The engine of policies, or what is wrong with them.
///
/// # Errors
/// Where nothing is found, or something does not compile.
pub(crate) fn engine(paths: &[PathBuf], screen: &Screen) -> Result<Engine, Stop> {
    compile(load(paths)?, paths, screen)
}

/// The same of what is loaded already.
///
/// # Errors
/// As [`engine`].
pub(crate) fn compile(loaded: Loaded, paths: &[PathBuf], screen: &Screen) -> Result<Engine, Stop> {
    found(&loaded, paths)?;
    loaded.notes.iter().for_each(|note| screen.note(note));
    let _progress = Progress::of("compiling policies");
    Engine::load(loaded.policies).map_err(|found| {
        let found = format!(
            "{}\n\nnothing is decided by policies that do not compile",
            found.render(screen.err.0)
        );
        Stop::Bad(format!("the policies do not compile\n\n{found}"))
    })
}

/// Everything would be denied where nothing is loaded; somebody who gave a wrong path must hear that instead.
///
/// # Errors
/// Where no policy was found.
pub(crate) fn found(loaded: &Loaded, paths: &[PathBuf]) -> Result<(), Stop> {
    if !loaded.policies.is_empty() {
        return Ok(());
    }
    let places: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    let tests = if loaded.tests.is_empty() {
        ""
    } else {
        ", only policy tests"
    };
    Err(Stop::Bad(format!(
        "no policies (*.yaml, *.yml) in {}{tests}",
        places.join(", ")
    )))
}

/// Whether a file's name says that it holds policy tests.
pub(crate) fn is_test(name: &str) -> bool {
    name.ends_with(".test.yaml") || name.ends_with(".test.yml")
}

fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

impl Loaded {
    fn path(&mut self, path: &Path, progress: &Progress) {
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => self.root(path, progress),
            Ok(_) => self.lone(path, progress),
            Err(error) => self.wrong(path, &reason(&error)),
        }
    }

    /// A file loaded alone speaks for the platform.
    fn lone(&mut self, path: &Path, progress: &Progress) {
        let name = path.to_string_lossy();
        let found = read(path).map(|text| Authority::platform().source(shown(path), text));
        self.add(path, is_test(&name), found, progress);
    }

    fn root(&mut self, path: &Path, progress: &Progress) {
        let organizations = organizations(path);
        let before = self.problems.len();
        self.folder(path, &Folder::Root(organizations), progress);
        let inside = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.parse::<Level>().ok());
        if let (true, Some(level)) = (before < self.problems.len(), inside) {
            self.problems.push(format!(
                "`{}` was read as the root of a layout; if it is the `{level}/` folder of one, give the folder above it",
                path.display()
            ));
        }
    }

    fn folder(&mut self, path: &Path, folder: &Folder, progress: &Progress) {
        for (name, entry) in self.entries(path).unwrap_or_default() {
            let path = path.join(&name);
            match kind(&path, &entry) {
                Ok(Kind::Folder) => match folder.below(&name) {
                    Ok(below) => self.folder(&path, &below, progress),
                    Err(why) => self.wrong(&path, &why),
                },
                Ok(Kind::FolderLink) => {
                    self.notes
                        .push(format!("{}: a link to a folder is not followed", path.display()));
                }
                Ok(Kind::File) if is_yaml(&name) => self.file(&path, &name, folder, progress),
                Ok(Kind::Other) if is_yaml(&name) => self.wrong(&path, "this is neither a file nor a folder"),
                Ok(Kind::File | Kind::Other) => {}
                Err(error) if is_yaml(&name) => self.wrong(&path, &reason(&error)),
                Err(error) => self
                    .notes
                    .push(format!("{}: passed over: {}", path.display(), reason(&error))),
            }
        }
    }

    fn file(&mut self, path: &Path, name: &str, folder: &Folder, progress: &Progress) {
        let test = is_test(name);
        let authority = if test {
            Ok(folder.tests())
        } else {
            folder.policies()
        };
        let found = authority.and_then(|authority| Ok(authority.source(shown(path), read(path)?)));
        self.add(path, test, found, progress);
    }

    fn add(&mut self, path: &Path, test: bool, found: Result<Source, String>, progress: &Progress) {
        progress.step();
        match found {
            Ok(source) if test => self.tests.push(source),
            Ok(source) => self.policies.push(source),
            Err(why) => self.wrong(path, &why),
        }
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
                Ok(name) if name.starts_with('.') => {}
                Ok(name) => named.push((name, entry)),
                Err(_) => self.wrong(&entry.path(), "the name is not UTF-8"),
            }
        }
        named.sort_by(|(one, _), (two, _)| one.cmp(two));
        Some(named)
    }

    fn wrong(&mut self, path: &Path, why: &str) {
        self.problems.push(format!("{}: {why}", path.display()));
    }
}

/// The organizations of a root, which settle the tenant of what stands beside them. What cannot be read here is found
/// again on the way through, and reported there.
pub(crate) fn organizations(root: &Path) -> Organizations {
    let folder = root.join(Level::Organization.as_str());
    let link = fs::symlink_metadata(&folder).is_ok_and(|found| found.is_symlink());
    let entries = if link { None } else { fs::read_dir(&folder).ok() };
    let folders = entries
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let names = folders.filter_map(|entry| entry.file_name().into_string().ok());
    Organizations::of(
        &names
            .filter(|name| !name.starts_with('.'))
            .collect::<Vec<String>>(),
    )
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
pub(crate) fn read(path: &Path) -> Result<String, String> {
    let length = fs::metadata(path).map_err(|error| reason(&error))?.len();
    if SOURCE_BYTES_MAX as u64 + 1 < length {
        return Err(format!(
            "has {length} bytes; a source has at most {SOURCE_BYTES_MAX}"
        ));
    }
    let bytes = fs::read(path).map_err(|error| reason(&error))?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        format!("is not UTF-8, first on line {line} (byte {})", before.len())
    })
}

/// The same for a file that stands alone, with its name in the error.
///
/// # Errors
/// As [`read`].
pub(crate) fn text(path: &Path) -> Result<String, Stop> {
    read(path).map_err(|why| Stop::Bad(format!("{}: {why}", path.display())))
}

/// An error of the system as people read it: "no such file or folder".
pub(crate) fn reason(error: &io::Error) -> String {
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

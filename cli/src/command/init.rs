//! `bailiwick init`: a starter policy set that teaches, whose files stand in cli/starter as they are written; or packs, ready
//! policy sets that are layered in one folder. Overwrites nothing.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::packs::Pack;
use crate::args::Init;
use crate::stop::{Code, Stop};

/// The files of the starter set, in the order in which they are read best.
const FILES: [(&str, &str); 6] = [
    (
        "platform/base.yaml",
        include_str!("../../starter/platform/base.yaml"),
    ),
    (
        "organization/example/rules.yaml",
        include_str!("../../starter/organization/example/rules.yaml"),
    ),
    (
        "organization/example/repository/shop/repo.yaml",
        include_str!("../../starter/organization/example/repository/shop/repo.yaml"),
    ),
    (
        "organization/example/repository/shop/shop.test.yaml",
        include_str!("../../starter/organization/example/repository/shop/shop.test.yaml"),
    ),
    ("request.json", include_str!("../../starter/request.json")),
    ("calls.jsonl", include_str!("../../starter/calls.jsonl")),
];

/// What is to be written: files by their paths below the folder, and what to say of them.
struct Set {
    name: String,
    files: Vec<(String, &'static str)>,
    /// What to try next, beside checking and testing.
    tries: &'static [&'static str],
}

pub(crate) fn run(args: &Init) -> Result<Code, Stop> {
    let folder = &args.folder;
    let set = if args.pack.is_empty() {
        starter()
    } else {
        of_packs(args)?
    };
    nothing_there(folder, &set)?;
    for (name, text) in &set.files {
        write(&folder.join(name), text)?;
    }
    say(folder, &set)?;
    Ok(Code::Fine)
}

fn starter() -> Set {
    Set {
        name: "a starter policy set".to_owned(),
        files: FILES.map(|(name, text)| (name.to_owned(), text)).into(),
        tries: &[
            "explain --policies {} {}/request.json",
            "decide --policies {} --summary {}/calls.jsonl",
        ],
    }
}

/// The packs that are asked for, each once.
fn of_packs(args: &Init) -> Result<Set, Stop> {
    let organization = organization(&args.organization)?;
    let mut packs: Vec<&Pack> = Vec::new();
    for name in &args.pack {
        let pack = Pack::named(name).map_err(Stop::Bad)?;
        if !packs.iter().any(|known| known.name == pack.name) {
            packs.push(pack);
        }
    }
    for pack in &packs {
        rests_on_what_is_there(pack, &packs, args)?;
    }
    let names: Vec<String> = packs.iter().map(|pack| format!("`{}`", pack.name)).collect();
    let files = packs.iter().flat_map(|pack| pack.placed(organization)).collect();
    Ok(Set {
        name: format!(
            "the {} {}",
            if packs.len() == 1 { "pack" } else { "packs" },
            names.join(", ")
        ),
        files,
        tries: &["compliance {}", "decide --policies {} --summary calls.jsonl"],
    })
}

/// A name that a folder can have: the loader skips those that begin with a dot.
fn organization(name: &str) -> Result<&str, Stop> {
    if name.is_empty() || name.starts_with('.') || name.chars().any(|c| c.is_control() || c == '\\') {
        return Err(Stop::Bad(format!(
            "`{name}` cannot be the name of an organization's folder: one that is not empty, does not begin with a dot, and has \
             no backslash or control character is expected"
        )));
    }
    Ok(name)
}

/// A pack whose rules refer to those of another needs them beside it: now, or in the folder already.
fn rests_on_what_is_there(pack: &Pack, packs: &[&Pack], args: &Init) -> Result<(), Stop> {
    let Some(base) = pack.rests_on else { return Ok(()) };
    let named = packs.iter().any(|other| other.name == base);
    if named || args.folder.join(format!("{base}.md")).exists() {
        return Ok(());
    }
    let folder = args.folder.display();
    Err(Stop::Bad(format!(
        "the pack `{}` rests on `{base}`, which is neither named nor in `{folder}`; nothing was written\nadd it: `--pack {base}`",
        pack.name
    )))
}

/// All or nothing: one file that is there already keeps us from writing any.
fn nothing_there(folder: &Path, set: &Set) -> Result<(), Stop> {
    let there: Vec<PathBuf> = set
        .files
        .iter()
        .map(|(name, _)| folder.join(name))
        .filter(|path| path.symlink_metadata().is_ok())
        .collect();
    if there.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = there.iter().map(|path| format!("  {}", path.display())).collect();
    let folder = folder.display();
    let set = &set.name;
    Err(Stop::Bad(format!(
        "`{folder}` holds files of {set} already; nothing was written\n{}\ngive another folder: `bailiwick init <folder>`",
        names.join("\n")
    )))
}

fn write(path: &Path, text: &str) -> Result<(), Stop> {
    let cannot = |error: io::Error| Stop::Bad(format!("{}: cannot be written: {error}", path.display()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(cannot)?;
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)
}

fn say(folder: &Path, set: &Set) -> io::Result<()> {
    let out = &mut io::stdout().lock();
    writeln!(out, "wrote {}:", set.name)?;
    for (name, _) in &set.files {
        writeln!(out, "  {}", folder.join(name).display())?;
    }
    writeln!(out, "\nread the files from the first on, then try")?;
    let folder = folder.display().to_string();
    for line in ["check {}", "test {}"].iter().chain(set.tries) {
        writeln!(out, "  bailiwick {}", line.replace("{}", &folder))?;
    }
    Ok(())
}

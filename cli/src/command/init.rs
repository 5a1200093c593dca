//! `bailiwick init`: a starter policy set that teaches. Its files stand in cli/starter as they are written.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::args::Init;
use crate::stop::{Code, Stop};

/// The files, in the order in which they are read best.
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

pub(crate) fn run(args: &Init) -> Result<Code, Stop> {
    let folder = &args.folder;
    nothing_there(folder)?;
    for (name, text) in FILES {
        write(&folder.join(name), text)?;
    }
    say(folder)?;
    Ok(Code::Fine)
}

/// All or nothing: one file that is there already keeps us from writing any.
fn nothing_there(folder: &Path) -> Result<(), Stop> {
    let there: Vec<PathBuf> = FILES
        .iter()
        .map(|(name, _)| folder.join(name))
        .filter(|path| path.symlink_metadata().is_ok())
        .collect();
    if there.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = there.iter().map(|path| format!("  {}", path.display())).collect();
    let folder = folder.display();
    Err(Stop::Bad(format!(
        "`{folder}` holds files of a starter set already; nothing was written\n{}\ngive another folder: `bailiwick init <folder>`",
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

fn say(folder: &Path) -> io::Result<()> {
    let out = &mut io::stdout().lock();
    writeln!(out, "wrote a starter policy set:")?;
    FILES
        .iter()
        .try_for_each(|(name, _)| writeln!(out, "  {}", folder.join(name).display()))?;
    let name = folder.display();
    writeln!(
        out,
        "\nread the files from the first on, then try\n  \
         bailiwick check {name}\n  \
         bailiwick test {name}\n  \
         bailiwick explain --policies {name} {name}/request.json\n  \
         bailiwick decide --policies {name} --summary {name}/calls.jsonl"
    )
}

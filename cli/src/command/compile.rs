//! `bailiwick compile`: checked policies as one file. What stands in it is the core's business.

use std::fs;
use std::io::{self, Write};

use bailiwick::parts::BundleHead;

use crate::args::Compile;
use crate::load;
use crate::screen::Screen;
use crate::stop::{Code, Stop};

pub(crate) fn run(args: &Compile, screen: &Screen) -> Result<Code, Stop> {
    let engine = load::compile(load::load(&args.paths)?, &args.paths, screen)?;
    let bundle = engine.to_bundle();
    // Asked as it will be: what cannot be read again is not written.
    let head = BundleHead::read(&bundle).map_err(|error| Stop::Bad(error.to_string()))?;
    fs::write(&args.output, &bundle)
        .map_err(|error| Stop::Bad(format!("{}: cannot be written: {error}", args.output.display())))?;
    writeln!(io::stdout().lock(), "{}  {}", head.hash, args.output.display())?;
    Ok(Code::Fine)
}

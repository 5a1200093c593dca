//! `bailiwick tree`: the compiled trees, drawn and counted. What a drawing looks like is the core's business.

use std::io::{self, Write};

use bailiwick::Engine;
use bailiwick::machinery::model::Policies;
use bailiwick::machinery::tree::{Picture, Stats, Tree as Compiled};

use crate::args::{Part, Tree, TreeFormat};
use crate::load;
use crate::screen::Screen;
use crate::stop::{Code, Stop};

pub(crate) fn run(args: &Tree, screen: &Screen) -> Result<Code, Stop> {
    let engine = load::engine(&args.policies, screen)?;
    let drawings = drawings(args, &engine)?;
    let out = &mut io::stdout().lock();
    for drawing in &drawings {
        match args.format {
            _ if args.stats => writeln!(
                out,
                "{}\n{}\n",
                drawing.name,
                Stats::of(drawing.tree, drawing.policies)
            )?,
            TreeFormat::Text => writeln!(out, "{}\n{}", drawing.name, drawing.picture().text())?,
            TreeFormat::Dot => write!(out, "{}", drawing.picture().dot())?,
            TreeFormat::Svg => write!(out, "{}", drawing.picture().svg())?,
        }
    }
    Ok(Code::Fine)
}

/// One tree: a policy set has one for the platform, which all sets share, and one for the levels below.
struct Drawing<'a> {
    name: String,
    part: Part,
    tree: &'a Compiled,
    policies: &'a Policies,
}

impl Drawing<'_> {
    fn picture(&self) -> Picture {
        Picture::of(self.tree, self.policies)
    }
}

/// The trees that are meant.
fn drawings<'a>(args: &Tree, engine: &'a Engine) -> Result<Vec<Drawing<'a>>, Stop> {
    let mut drawings = Vec::new();
    for compiled in engine
        .sets()
        .filter(|compiled| args.tenant.is_none() || compiled.set.tenant == args.tenant)
    {
        let [platform, below] = compiled.set.parts();
        if drawings.is_empty() {
            let name = "platform".to_owned();
            drawings.push(Drawing {
                name,
                part: Part::Platform,
                tree: &compiled.trees[0],
                policies: platform,
            });
        }
        if !below.rules.is_empty() {
            let of = compiled
                .set
                .tenant
                .as_ref()
                .map_or(String::new(), |tenant| format!(", tenant {tenant}"));
            let name = format!("below the platform{of}");
            drawings.push(Drawing {
                name,
                part: Part::Below,
                tree: &compiled.trees[1],
                policies: below,
            });
        }
    }
    if let (true, Some(tenant)) = (drawings.is_empty(), &args.tenant) {
        return Err(Stop::Bad(format!("no policies of the tenant `{tenant}`")));
    }
    drawings.retain(|drawing| args.part.is_none_or(|part| part == drawing.part));
    match drawings.as_slice() {
        [] => Err(Stop::bad("there are no rules below the platform")),
        [_, _, ..] if args.format == TreeFormat::Svg && !args.stats => Err(several(&drawings)),
        _ => Ok(drawings),
    }
}

fn several(drawings: &[Drawing<'_>]) -> Stop {
    let names: Vec<&str> = drawings.iter().map(|drawing| drawing.name.as_str()).collect();
    Stop::Bad(format!(
        "an SVG holds one drawing, and there are {} trees ({}): choose with `--part`, and `--tenant`",
        names.len(),
        names.join("; ")
    ))
}

//! `bailiwick test`: policy tests, with what went wrong in words.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bailiwick::machinery::request::flat_entities;
use bailiwick::parts::Report;
use bailiwick::{Diagnostics, Engine, Level, Source, Suite};
use bailiwick_loader::layout::Folder;
use bailiwick_loader::{Loaded, disk};

use super::check::counted;
use super::junit;
use crate::args::{Test, TestFormat};
use crate::load;
use crate::screen::{BOLD, GREEN, Progress, RED, Screen};
use crate::stop::{Code, Stop};

pub(crate) fn run(args: &Test, screen: &Screen) -> Result<Code, Stop> {
    let scope = Scope::parse(&args.scope)?;
    let given = load::load(&args.paths)?;
    let roots = if args.policies.is_empty() {
        folders(&args.paths)?
    } else {
        args.policies.clone()
    };
    let suites = suites(&given, args, &scope, &roots)?;
    let engine = match args.policies.is_empty() && roots == args.paths {
        true => load::compile(given, &roots, screen)?,
        false => load::engine(&roots, screen)?,
    };
    let results = ask(&suites, &engine);
    let out = &mut io::stdout().lock();
    match args.format {
        TestFormat::Human => human(out, &results, args.verbose, screen)?,
        TestFormat::Junit => write!(out, "{}", junit::of(&results))?,
    }
    let failed = results.iter().any(|result| 0 < result.failed());
    Ok(if failed { Code::Findings } else { Code::Fine })
}

/// How the tests of one file went.
pub(super) struct Results {
    pub(super) name: String,
    pub(super) reports: Vec<Report>,
}

impl Results {
    pub(super) fn failed(&self) -> usize {
        self.reports
            .iter()
            .filter(|report| !report.failures.is_empty())
            .count()
    }
}

pub(super) fn ask(suites: &[Suite], engine: &Engine) -> Vec<Results> {
    let progress = Progress::of("testing");
    let report = |suite: &Suite| suite.reports(engine).inspect(|_| progress.step()).collect();
    suites
        .iter()
        .map(|suite| Results {
            name: suite.name.clone(),
            reports: report(suite),
        })
        .collect()
}

/// The tests of folders, none where there are none.
pub(super) fn beside(given: &Loaded) -> Result<Vec<Suite>, Stop> {
    let mut suites = Vec::new();
    for source in &given.tests {
        suites.push(Suite::parse(source));
    }
    for source in &given.policies {
        suites.push(Suite::beside_policies(source));
    }
    let read = |suite: Result<Suite, Diagnostics>| {
        suite.map_err(|found| Stop::Bad(format!("the tests cannot be read\n\n{found}")))
    };
    suites.into_iter().map(read).collect()
}

// -- which tests, for whom --

/// All test files, and the tests that stand in policy files.
fn suites(given: &Loaded, args: &Test, scope: &Scope, roots: &[PathBuf]) -> Result<Vec<Suite>, Stop> {
    let lone: Vec<&PathBuf> = args.paths.iter().filter(|path| !path.is_dir()).collect();
    let mut suites = Vec::new();
    let mut wrong: Vec<Diagnostics> = Vec::new();
    let mut take = |found: Result<Suite, Diagnostics>| match found {
        Ok(suite) if suite.is_empty() => {}
        Ok(suite) => suites.push(suite),
        Err(found) => wrong.push(found),
    };
    for source in &given.tests {
        let lone = lone.iter().any(|path| **path == Path::new(&source.name));
        let source = if lone {
            placed(source, roots).map_err(Stop::Bad)?
        } else {
            source.clone()
        };
        take(Suite::parse(&scope.applied(source)));
    }
    for source in &given.policies {
        take(Suite::beside_policies(&scope.applied(source.clone())));
    }
    match (wrong.as_slice(), suites.as_slice()) {
        ([], []) => Err(no_tests(&args.paths)),
        ([], _) => Ok(suites),
        _ => {
            let texts: Vec<String> = wrong.iter().map(ToString::to_string).collect();
            Err(Stop::Bad(format!(
                "the tests cannot be read\n\n{}",
                texts.join("\n\n")
            )))
        }
    }
}

fn no_tests(paths: &[PathBuf]) -> Stop {
    let places: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    Stop::Bad(format!(
        "no tests in {}: they stand in files *.test.yaml, or in lists",
        places.join(", ")
    ))
}

/// A test file given by itself asks for whom its folder speaks, where that is inside the policies.
fn placed(source: &Source, roots: &[PathBuf]) -> Result<Source, String> {
    let Ok(file) = Path::new(&source.name).canonicalize() else {
        return Ok(source.clone());
    };
    let inside = roots.iter().find_map(|root| {
        let root = root.canonicalize().ok().filter(|root| root.is_dir())?;
        Some((file.strip_prefix(&root).ok()?.to_owned(), root))
    });
    let Some((way, root)) = inside else {
        return Ok(source.clone());
    };
    let mut folder = Folder::Root(disk::organizations(&root));
    for name in way.parent().into_iter().flat_map(Path::iter) {
        folder = folder
            .below(&name.to_string_lossy())
            .map_err(|why| format!("{}: {why}", source.name))?;
    }
    Ok(folder
        .tests()
        .source(source.name.clone(), source.text.to_string()))
}

/// The policies to ask where none are named: those of the same folders.
fn folders(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Stop> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for path in paths {
        let folder = if path.is_dir() {
            path.clone()
        } else {
            folder_of(path)?
        };
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    Ok(folders)
}

/// The folder of a lone test file, unless it is only a part of a layout: the policies in it would be read as the
/// platform's.
fn folder_of(path: &Path) -> Result<PathBuf, Stop> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.clone());
    let is_level = |name: &str| name == "tenant" || name.parse::<Level>().is_ok();
    let names = whole.iter().rev().take(2).filter_map(|name| name.to_str());
    match names.into_iter().any(is_level) {
        false => Ok(folder),
        true => Err(Stop::Bad(format!(
            "{}: by which policies? The file stands inside a layout; give its root: `--policies <folder>`",
            path.display()
        ))),
    }
}

/// What `--scope` says.
struct Scope {
    tenant: Option<String>,
    entities: BTreeMap<Level, String>,
}

impl Scope {
    fn parse(texts: &[String]) -> Result<Scope, Stop> {
        let mut scope = Scope {
            tenant: None,
            entities: BTreeMap::new(),
        };
        for text in texts {
            let Some((entity, name)) = text.split_once('=').filter(|(_, name)| !name.is_empty()) else {
                return Err(Stop::Bad(format!(
                    "`--scope {text}`: expected `entity=name`, such as `repository=shop`"
                )));
            };
            match entity.parse::<Level>() {
                _ if entity == "tenant" => scope.tenant = Some(name.to_owned()),
                Ok(level) if level != Level::Platform && level != Level::ToolCall => {
                    scope.entities.insert(level, name.to_owned());
                }
                _ => return Err(no_entity(text, entity)),
            }
        }
        Ok(scope)
    }

    fn applied(&self, mut source: Source) -> Source {
        source.tenant = self.tenant.clone().or(source.tenant);
        source.entities.extend(self.entities.clone());
        source
    }
}

fn no_entity(text: &str, entity: &str) -> Stop {
    let known = || flat_entities().filter(|name| *name != "run");
    let near = bailiwick::machinery::diagnostic::did_you_mean(entity, known());
    let help = near.unwrap_or_else(|| format!("there are {}", known().collect::<Vec<_>>().join(", ")));
    Stop::Bad(format!("`--scope {text}`: `{entity}` is no entity; {help}"))
}

// -- what people see --

fn human(out: &mut impl Write, results: &[Results], verbose: bool, screen: &Screen) -> io::Result<()> {
    for result in results {
        file(out, result, verbose, screen)?;
    }
    let all: usize = results.iter().map(|result| result.reports.len()).sum();
    let failed: usize = results.iter().map(Results::failed).sum();
    let (style, word) = if failed == 0 {
        (GREEN, "ok")
    } else {
        (RED, "failed")
    };
    let (tests, files) = (counted(all, "test"), counted(results.len(), "file"));
    writeln!(
        out,
        "{}: {tests} in {files}, {} passed, {failed} failed",
        screen.out.style(style, word),
        all - failed
    )
}

fn file(out: &mut impl Write, result: &Results, verbose: bool, screen: &Screen) -> io::Result<()> {
    let failed = result.failed();
    if failed == 0 && !verbose {
        return Ok(());
    }
    writeln!(out, "{}", screen.out.style(BOLD, &result.name))?;
    for report in &result.reports {
        if !report.failures.is_empty() {
            failure(out, report, screen)?;
        } else if verbose {
            writeln!(out, "  {} {}", screen.out.style(GREEN, "ok    "), report.name)?;
        }
    }
    writeln!(out)
}

fn failure(out: &mut impl Write, report: &Report, screen: &Screen) -> io::Result<()> {
    writeln!(
        out,
        "  {} {}  ({})",
        screen.out.style(RED, "failed"),
        report.name,
        report.place
    )?;
    for failure in &report.failures {
        writeln!(out, "{}", far_in(failure))?;
    }
    writeln!(out, "{}", far_in(&decided(report)))
}

fn far_in(text: &str) -> String {
    text.lines()
        .map(|line| format!("         {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// What was decided, rule by rule: enough to see why.
pub(super) fn decided(report: &Report) -> String {
    let Some(record) = &report.record else {
        return "the request does not fit".to_owned();
    };
    let rules = record.matched_rules.iter().map(|rule| {
        let place = rule.place.as_ref().map_or(String::new(), |place| {
            format!("  {}:{}:{}", place.source, place.line, place.column)
        });
        let reason = rule
            .reason
            .as_ref()
            .map_or(String::new(), |reason| format!(" - {reason}"));
        let unknown = if rule.matched == "unknown" {
            " (unknown)"
        } else {
            ""
        };
        format!(
            "{:<12} {:<7} {}/{}{unknown}{reason}{place}",
            rule.level, rule.effect, rule.policy, rule.rule
        )
    });
    let mut lines: Vec<String> = rules.collect();
    if lines.is_empty() {
        lines.push("no rule fired".to_owned());
    }
    if !record.unknowns.is_empty() {
        lines.push(format!("unsaid: {}", record.unknowns.join(", ")));
    }
    lines.join("\n")
}

//! `bailiwick decide`: a request, or a stream of them.

use std::io::{self, BufWriter, IsTerminal, Write};

use bailiwick::{Engine, Outcome, Request, Stamp, State};

use super::summary::Summary;
use crate::answer::Answer;
use crate::args::{Decide, DecideFormat};
use crate::load;
use crate::requests::{self, Refused};
use crate::screen::{DIM, Paint, Progress, Screen};
use crate::stop::{Code, Stop};

pub(crate) fn run(args: &Decide, screen: &Screen) -> Result<Code, Stop> {
    let state = requests::state(&args.question)?;
    let many = args.jsonl || named_lines(args);
    if many {
        let lines = requests::lines(&args.question)?;
        let engine = load::engine(&args.question.policies, screen)?;
        return Deciding::new(args, &engine, &state, screen).all(lines);
    }
    let request = requests::one(&args.question)?;
    let engine = load::engine(&args.question.policies, screen)?;
    Deciding::new(args, &engine, &state, screen).one(&request, screen)
}

fn named_lines(args: &Decide) -> bool {
    let extension = args.question.file.as_ref().and_then(|path| path.extension());
    extension.is_some_and(|extension| extension == "jsonl" || extension == "ndjson")
}

struct Deciding<'a> {
    args: &'a Decide,
    engine: &'a Engine,
    state: &'a State,
    out: Output,
    paint: Paint,
    summary: Option<Summary>,
    /// The strictest answer so far.
    worst: Outcome,
    unreadable: bool,
}

/// Standard output. A stream is answered line by line, since somebody may be waiting for each answer; a file is not.
struct Output {
    out: BufWriter<io::StdoutLock<'static>>,
    at_once: bool,
}

impl Output {
    fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")?;
        if self.at_once { self.out.flush() } else { Ok(()) }
    }
}

impl<'a> Deciding<'a> {
    fn new(args: &'a Decide, engine: &'a Engine, state: &'a State, screen: &Screen) -> Deciding<'a> {
        let at_once = args
            .question
            .file
            .as_ref()
            .is_none_or(|path| path.as_os_str() == "-");
        Deciding {
            args,
            engine,
            state,
            out: Output {
                out: BufWriter::new(io::stdout().lock()),
                at_once,
            },
            paint: screen.out,
            summary: args.summary.then(|| Summary::of(&args.question.policies)),
            worst: Outcome::Allowed,
            unreadable: false,
        }
    }

    fn one(mut self, request: &Result<Request, Refused>, screen: &Screen) -> Result<Code, Stop> {
        if let Err(refused) = request {
            screen.error(&refused.in_words());
        }
        let answer = self.decide(request);
        match (self.args.format, &mut self.summary) {
            (DecideFormat::Human, None) if answer.readable() => {
                self.out.line(&in_full(&answer, self.paint))?
            }
            (DecideFormat::Human, None) => {}
            _ => self.show(&answer, None)?,
        }
        self.end()
    }

    fn all(mut self, mut lines: requests::Lines) -> Result<Code, Stop> {
        // Answers that come by on the terminal are progress enough.
        let progress = (!io::stdout().is_terminal()).then(|| Progress::of("deciding"));
        while let Some((number, request)) = lines.next()? {
            let answer = self.decide(&request);
            self.show(&answer, Some(number))?;
            progress.iter().for_each(Progress::step);
        }
        drop(progress);
        self.end()
    }

    fn decide(&mut self, request: &Result<Request, Refused>) -> Answer {
        let created_at = self.args.stamp.then(requests::clock);
        let answer = Answer::of(
            self.engine,
            request,
            self.state,
            Stamp {
                created_at,
                ..Stamp::default()
            },
        );
        self.worst = self.worst.max(answer.outcome());
        self.unreadable |= !answer.readable();
        answer
    }

    fn show(&mut self, answer: &Answer, line: Option<usize>) -> Result<(), Stop> {
        match (self.args.format, &mut self.summary) {
            (DecideFormat::Human, Some(summary)) => {
                let row = summary.row(answer, line, self.paint);
                self.out.line(&row)?;
            }
            (DecideFormat::Human, None) => self.out.line(&in_short(answer, line, self.paint))?,
            (DecideFormat::Json, _) => self.out.line(&answer.to_json(line).to_string())?,
            (DecideFormat::Record, _) => self
                .out
                .line(&String::from_utf8_lossy(&answer.record.canonical()))?,
        }
        // Beside JSON the table would be in the way; the counts go to standard error.
        if let (DecideFormat::Json | DecideFormat::Record, Some(summary)) =
            (self.args.format, &mut self.summary)
        {
            summary.row(answer, line, Paint(false));
        }
        Ok(())
    }

    fn end(mut self) -> Result<Code, Stop> {
        if let Some(summary) = &self.summary {
            match self.args.format {
                DecideFormat::Human => self.out.line(&summary.counts(self.paint))?,
                _ => drop(writeln!(io::stderr(), "{}", summary.counts(Paint(false)))),
            }
        }
        self.out.out.flush()?;
        Ok(match (self.unreadable, self.args.exit_code, self.worst) {
            (true, ..) => Code::Bad,
            (_, true, Outcome::Denied) => Code::Findings,
            (_, true, Outcome::AskApproval) => Code::Ask,
            _ => Code::Fine,
        })
    }
}

/// One answer with all that a person acts on.
fn in_full(answer: &Answer, paint: Paint) -> String {
    let record = &answer.record;
    let mut lines = vec![format!(
        "{}  {}",
        paint.outcome(answer.outcome(), 0),
        answer.subject()
    )];
    lines.push(format!("  {}", record.explanation));
    let (rule, place) = answer.deciding();
    if !place.is_empty() {
        lines.push(paint.style(DIM, &format!("  {rule}  {place}")));
    }
    let open = record
        .approvals
        .outstanding
        .iter()
        .map(|open| format!("  to be approved: {}", open.id));
    lines.extend(open);
    if !record.unknowns.is_empty() {
        lines.push(format!("  unsaid: {}", record.unknowns.join(", ")));
    }
    if answer.outcome() != Outcome::Allowed {
        lines.push(paint.style(DIM, "  `bailiwick explain` says more"));
    }
    lines.join("\n")
}

/// One answer of many: a line.
fn in_short(answer: &Answer, line: Option<usize>, paint: Paint) -> String {
    let number = line.map_or(String::new(), |line| format!("{line:>5}  "));
    let explanation = answer.record.explanation.replace('\n', " ");
    format!(
        "{number}{}  {}: {explanation}",
        paint.outcome(answer.outcome(), 12),
        answer.subject()
    )
}

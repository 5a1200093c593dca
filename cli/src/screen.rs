//! The terminal: colours where they are wanted, errors on standard error, progress on long work. Knows nothing of
//! policies.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use bailiwick::Outcome;
use clap::ValueEnum;

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What we may do on the two outputs.
pub(crate) struct Screen {
    /// Whether standard output is coloured.
    pub(crate) out: Paint,
    /// Whether standard error is coloured.
    pub(crate) err: Paint,
}

impl Screen {
    /// Looks at the outputs and the environment once.
    pub(crate) fn of(color: Color) -> Screen {
        let unwanted = set("NO_COLOR") || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let paint = |terminal: bool| match color {
            Color::Auto => Paint(terminal && !unwanted),
            Color::Always => Paint(true),
            Color::Never => Paint(false),
        };
        Screen {
            out: paint(io::stdout().is_terminal()),
            err: paint(io::stderr().is_terminal()),
        }
    }

    /// Says what went wrong, on standard error.
    pub(crate) fn error(&self, text: &str) {
        self.say("error", RED, text);
    }

    /// Says what is worth knowing, on standard error.
    pub(crate) fn note(&self, text: &str) {
        self.say("note", CYAN, text);
    }

    /// Where standard error is closed nobody wants to know.
    fn say(&self, word: &str, style: Style, text: &str) {
        let _ = writeln!(io::stderr(), "{}: {text}", self.err.style(style, word));
    }
}

fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// An ANSI style.
#[derive(Clone, Copy)]
pub(crate) struct Style(&'static str);

pub(crate) const RED: Style = Style("1;31");
pub(crate) const GREEN: Style = Style("1;32");
pub(crate) const YELLOW: Style = Style("1;33");
pub(crate) const CYAN: Style = Style("1;36");
pub(crate) const BOLD: Style = Style("1");
pub(crate) const DIM: Style = Style("2");

/// Whether to colour.
#[derive(Clone, Copy)]
pub(crate) struct Paint(pub(crate) bool);

impl Paint {
    /// The text in a style.
    pub(crate) fn style(self, style: Style, text: &str) -> String {
        if self.0 {
            format!("\x1b[{}m{text}\x1b[0m", style.0)
        } else {
            text.to_owned()
        }
    }

    /// The word for an outcome, in at least that many columns.
    pub(crate) fn outcome(self, outcome: Outcome, width: usize) -> String {
        let style = match outcome {
            Outcome::Allowed => GREEN,
            Outcome::AskApproval => YELLOW,
            Outcome::Denied => RED,
        };
        self.style(style, &format!("{:<width$}", outcome.as_str()))
    }
}

/// A line on standard error while something takes longer than a second, if somebody is there to see it. It goes away
/// with its end.
pub(crate) struct Progress {
    shared: Arc<Shared>,
    ticker: Option<JoinHandle<()>>,
}

struct Shared {
    what: &'static str,
    count: AtomicUsize,
    over: AtomicBool,
}

const QUIET: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(200);

impl Progress {
    /// Begins: "reading policies".
    pub(crate) fn of(what: &'static str) -> Progress {
        let shared = Arc::new(Shared {
            what,
            count: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        });
        let ticker = io::stderr().is_terminal().then(|| {
            let shared = shared.clone();
            thread::spawn(move || shared.tick())
        });
        Progress { shared, ticker }
    }

    /// One more is done.
    pub(crate) fn step(&self) {
        self.shared.count.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        if let Some(ticker) = self.ticker.take() {
            ticker.thread().unpark();
            let _ = ticker.join(); // it has nothing to panic at, and nothing hangs on it
        }
    }
}

impl Shared {
    fn tick(&self) {
        let start = Instant::now();
        let mut shown = false;
        while !self.over.load(Ordering::Relaxed) {
            thread::park_timeout(TICK);
            if QUIET <= start.elapsed() && !self.over.load(Ordering::Relaxed) {
                self.show(start.elapsed());
                shown = true;
            }
        }
        if shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }

    fn show(&self, elapsed: Duration) {
        let count = match self.count.load(Ordering::Relaxed) {
            0 => String::new(),
            count => format!(" {count}"),
        };
        let _ = write!(
            io::stderr(),
            "\r\x1b[K{}{count} ... {} s",
            self.what,
            elapsed.as_secs()
        );
    }
}

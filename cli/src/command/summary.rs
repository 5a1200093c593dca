//! A day of tool calls as a table: per call its number, the answer, what it would do, and which rule decided; then
//! counts. Rows are printed as they come, so the columns have fixed widths.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::PathBuf;

use bailiwick::Outcome;

use super::check::counted;
use crate::answer::Answer;
use crate::screen::{BOLD, DIM, Paint};

pub(super) struct Summary {
    /// The folder that places are told from, where all policies are in one.
    root: Option<String>,
    calls: usize,
    unreadable: usize,
    outcomes: BTreeMap<Outcome, usize>,
    /// How often each rule denied or asked.
    rules: BTreeMap<(Outcome, String), usize>,
}

/// Columns of what a call would do, and of the rule that decided.
const SUBJECT: usize = 44;
const RULE: usize = 46;
/// Rules named below the table.
const RULES_SHOWN: usize = 8;

impl Summary {
    /// A table of decisions by the policies of these paths.
    pub(super) fn of(policies: &[PathBuf]) -> Summary {
        let root = match policies {
            [one] if one.is_dir() => Some(one.to_string_lossy().trim_end_matches('/').to_owned()),
            _ => None,
        };
        Summary {
            root,
            calls: 0,
            unreadable: 0,
            outcomes: BTreeMap::new(),
            rules: BTreeMap::new(),
        }
    }

    /// Counts an answer, and says its row; the first comes with the head of the table.
    pub(super) fn row(&mut self, answer: &Answer, line: Option<usize>, paint: Paint) -> String {
        let (rule, place) = answer.deciding();
        let place = self.near(&place).to_owned();
        let head = if self.calls == 0 {
            head(paint)
        } else {
            String::new()
        };
        self.count(answer, &rule);
        let number = line.unwrap_or(self.calls);
        let outcome = paint.outcome(answer.outcome(), 12);
        let (subject, rule) = (fitted(&answer.subject(), SUBJECT), fitted(&rule, RULE));
        let row = format!(
            "{number:>4}  {outcome}  {subject}  {rule}  {}",
            paint.style(DIM, &place)
        );
        format!("{head}{}", row.trim_end())
    }

    /// A place as told from the root.
    fn near<'a>(&self, place: &'a str) -> &'a str {
        let below = self
            .root
            .as_ref()
            .and_then(|root| place.strip_prefix(root.as_str())?.strip_prefix('/'));
        below.unwrap_or(place)
    }

    fn count(&mut self, answer: &Answer, rule: &str) {
        self.calls += 1;
        self.unreadable += usize::from(!answer.readable());
        *self.outcomes.entry(answer.outcome()).or_default() += 1;
        if answer.outcome() != Outcome::Allowed {
            *self.rules.entry((answer.outcome(), rule.to_owned())).or_default() += 1;
        }
    }

    /// What stands below the table.
    pub(super) fn counts(&self, paint: Paint) -> String {
        let of = |outcome: &Outcome| self.outcomes.get(outcome).copied().unwrap_or(0);
        let all = [Outcome::Allowed, Outcome::AskApproval, Outcome::Denied];
        let counts: Vec<String> = all
            .iter()
            .map(|outcome| format!("{} {}", of(outcome), paint.outcome(*outcome, 0)))
            .collect();
        let unreadable = match self.unreadable {
            0 => String::new(),
            count => format!("; {} of them not a request", count),
        };
        let mut text = format!(
            "\n{}: {}{unreadable}",
            counted(self.calls, "call"),
            counts.join(", ")
        );
        let rules = self.most();
        for ((outcome, rule), count) in rules.iter().take(RULES_SHOWN) {
            text.push_str(&format!(
                "\n{count:>4} x {} by {rule}",
                paint.outcome(*outcome, 12)
            ));
        }
        if RULES_SHOWN < rules.len() {
            text.push_str(&format!(
                "\n       and by {}",
                counted(rules.len() - RULES_SHOWN, "other rule")
            ));
        }
        match &self.root {
            Some(root) => format!("{text}\nplaces are in {root}"),
            None => text,
        }
    }

    /// The rules that denied and asked, those that did it most often first.
    fn most(&self) -> Vec<((Outcome, &str), usize)> {
        let rules = self
            .rules
            .iter()
            .map(|((outcome, rule), count)| ((*outcome, rule.as_str()), *count));
        let mut rules: Vec<_> = rules.collect();
        rules.sort_by_key(|&((outcome, rule), count)| (Reverse(count), Reverse(outcome), rule));
        rules
    }
}

fn head(paint: Paint) -> String {
    let line = format!(
        "{:>4}  {:<12}  {:<SUBJECT$}  {:<RULE$}  place",
        "call", "answer", "what it would do", "decided by"
    );
    format!("{}\n", paint.style(BOLD, &line))
}

/// The text in exactly that many columns. What is too long loses its middle: the end of a path tells the most.
fn fitted(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return format!("{text:<width$}");
    }
    let (head, tail) = (width / 2, width - width / 2 - 1);
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(length - tail).collect();
    format!("{start}…{end}")
}

//! A day of tool calls as a table: per call its number, the answer, what it would do, and which rule decided; then
//! counts. Rows are printed as they come, so the columns have fixed widths.

use std::collections::BTreeMap;

use bailiwick::Outcome;

use super::check::counted;
use crate::answer::Answer;
use crate::screen::{BOLD, DIM, Paint};

#[derive(Default)]
pub(super) struct Summary {
    calls: usize,
    unreadable: usize,
    outcomes: BTreeMap<Outcome, usize>,
    /// How often each rule denied or asked.
    rules: BTreeMap<(Outcome, String), usize>,
}

/// Columns of what a call would do, and of the rule that decided.
const SUBJECT: usize = 40;
const RULE: usize = 46;
/// Rules named below the table.
const RULES_SHOWN: usize = 8;

impl Summary {
    /// Counts an answer, and says its row; the first comes with the head of the table.
    pub(super) fn row(&mut self, answer: &Answer, line: Option<usize>, paint: Paint) -> String {
        let (rule, place) = answer.deciding();
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
        for ((outcome, rule), count) in self.most() {
            text.push_str(&format!(
                "\n{count:>4} x {} by {rule}",
                paint.outcome(outcome, 12)
            ));
        }
        text
    }

    /// The rules that denied and asked most often.
    fn most(&self) -> Vec<((Outcome, &str), usize)> {
        let mut rules: Vec<_> = self
            .rules
            .iter()
            .map(|((outcome, rule), count)| ((*outcome, rule.as_str()), *count))
            .collect();
        rules.sort_by_key(|&(rule, count)| (std::cmp::Reverse(count), rule));
        rules.truncate(RULES_SHOWN);
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

/// The text in exactly that many columns.
fn fitted(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return format!("{text:<width$}");
    }
    let start: String = text.chars().take(width - 1).collect();
    format!("{start}…")
}

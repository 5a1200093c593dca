//! `bailiwick explain`: one request, and why it is answered as it is.

use std::io::{self, Write};

use bailiwick::{Decision, Outcome};

use super::{questions, stage};
use crate::args::{Explain, Stage};
use crate::load;
use crate::requests;
use crate::screen::{BOLD, Screen};
use crate::stop::{Code, Stop};

pub(crate) fn run(args: &Explain, screen: &Screen) -> Result<Code, Stop> {
    let state = requests::state(&args.question)?;
    let request = requests::one(&args.question)?.map_err(|refused| Stop::Bad(refused.in_words()))?;
    let engine = load::engine(&args.question.policies, screen)?;
    let decision = engine.decide(&request, &state);
    let text = match args.stage {
        None => whole(&decision, screen),
        Some(Stage::Documents) => stage::documents(&decision),
        Some(Stage::Rules) => stage::rules(&decision, load::load(&args.question.policies)?),
        Some(Stage::Model) => stage::model(&decision),
        Some(Stage::Tree) => questions::of(&decision, &decision.explain().effects),
        Some(Stage::Effects) => stage::effects(&decision),
        Some(Stage::Verdict) => stage::verdict(&decision),
        Some(Stage::Record) => stage::record(&decision),
    };
    writeln!(io::stdout().lock(), "{}", text.trim_end())?;
    Ok(Code::Fine)
}

/// The explanation, then what the tree asked.
fn whole(decision: &Decision<'_>, screen: &Screen) -> String {
    let explanation = decision.explain();
    let text = explanation.to_string();
    let text: Vec<String> = text.lines().map(|line| coloured(line, screen)).collect();
    let head = coloured("questions", screen);
    format!(
        "{}\n\n{head}\n{}",
        text.join("\n").trim_end(),
        questions::of(decision, &explanation.effects)
    )
}

/// Headings and answers stand out.
fn coloured(line: &str, screen: &Screen) -> String {
    let headings = [
        "effects",
        "levels",
        "questions",
        "what would make it allowed",
        "unsaid",
    ];
    if headings.iter().any(|heading| line.starts_with(heading)) {
        let (heading, rest) = line.split_at(line.find(':').unwrap_or(line.len()));
        return format!("{}{rest}", screen.out.style(BOLD, heading));
    }
    let answers = [Outcome::Allowed, Outcome::AskApproval, Outcome::Denied];
    if let Some(outcome) = answers.iter().find(|outcome| line == outcome.as_str()) {
        return screen.out.outcome(*outcome, 0);
    }
    // "  platform      denied"; the lines of rules are indented further.
    let of_level = answers
        .iter()
        .find(|outcome| line.ends_with(&format!("  {outcome}")));
    match of_level.filter(|_| line.starts_with("  ") && !line.starts_with("   ")) {
        Some(outcome) => format!(
            "{}{}",
            line.trim_end_matches(outcome.as_str()),
            screen.out.outcome(*outcome, 0)
        ),
        None => line.to_owned(),
    }
}

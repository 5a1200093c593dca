//! What the compiled trees asked of a request, and how few rules they left to look at. It listens while a tree asks; the
//! tree knows nothing of it.

use std::cell::RefCell;

use bailiwick::machinery::decision::{self, Sight};
use bailiwick::machinery::schema::{ActionId, AttributeId, Schema};
use bailiwick::machinery::tree::Answers;
use bailiwick::machinery::value::Fact;
use bailiwick::{Decision, Level};

/// Effects shown; a pull request may have thousands, and each is asked the same.
const EFFECTS_SHOWN: usize = 12;

/// The questions for each effect, and the rules that remained; `effects` are the effects in words.
pub(super) fn of(decision: &Decision<'_>, effects: &[String]) -> String {
    let Some(compiled) = decision.compiled() else {
        return "  no policies were asked".to_owned();
    };
    let mut lines = Vec::new();
    for (at, effect) in effects.iter().enumerate().take(EFFECTS_SHOWN) {
        lines.push(format!("  effect {at}  {effect}"));
        for (part, walk) in walks(decision, at).into_iter().enumerate() {
            let whose = match (part, &compiled.set.tenant) {
                (0, _) => "platform".to_owned(),
                (_, Some(tenant)) => format!("tenant {tenant}"),
                (_, None) => "below".to_owned(),
            };
            let rules = compiled.set.parts()[part].rules.len();
            lines.push(format!(
                "    {whose:<16} {:>4} of {rules} rules  {}",
                walk.rules.len(),
                walk.asked.join("; ")
            ));
        }
    }
    if EFFECTS_SHOWN < effects.len() {
        lines.push(format!(
            "  ... and {} more effects",
            effects.len() - EFFECTS_SHOWN
        ));
    }
    lines.join("\n")
}

/// One way through a tree.
pub(super) struct Walk {
    /// Each question with its answer, in the order in which they were asked.
    asked: Vec<String>,
    /// The rules at its end.
    pub(super) rules: Vec<u32>,
}

/// The ways of one effect through the trees of the platform and of the tenant.
pub(super) fn walks(decision: &Decision<'_>, effect: usize) -> Vec<Walk> {
    let Some(compiled) = decision.compiled() else {
        return Vec::new();
    };
    let sight = decision::sight(
        compiled,
        decision.request(),
        decision.verdict(),
        Level::Platform,
        effect,
    );
    let walk = |tree: &std::sync::Arc<bailiwick::machinery::tree::Tree>| {
        let listening = Listening {
            sight: &sight,
            schema: compiled.set.schema(),
            asked: RefCell::default(),
        };
        let mut rules = Vec::new();
        tree.visit(&listening, &mut |rule| rules.push(rule));
        rules.sort_unstable();
        Walk {
            asked: listening.asked.into_inner(),
            rules,
        }
    };
    compiled.trees.iter().map(walk).collect()
}

/// Answers as the decision did, and takes note.
struct Listening<'a> {
    sight: &'a Sight<'a>,
    schema: &'a Schema,
    asked: RefCell<Vec<String>>,
}

impl Listening<'_> {
    fn note(&self, question: &str, answer: Fact<&str>) {
        let line = match answer {
            Fact::Known(answer) => format!("{question} is {answer}"),
            Fact::Null => format!("{question} is null"),
            Fact::Unknown => format!("{question} is unsaid (every answer followed)"),
        };
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&line) {
            asked.push(line);
        }
    }
}

impl Answers for Listening<'_> {
    fn action(&self) -> Fact<ActionId> {
        let answer = self.sight.action();
        let name = match &answer {
            Fact::Known(action) => Fact::Known(self.schema.action(*action).name.as_str()),
            Fact::Null => Fact::Null,
            Fact::Unknown => Fact::Unknown,
        };
        self.note("action", name);
        answer
    }

    fn entity(&self, level: Level) -> Fact<&str> {
        let answer = self.sight.entity(level);
        self.note(level.as_str(), answer);
        answer
    }

    fn text(&self, attribute: AttributeId) -> Fact<&str> {
        let answer = self.sight.text(attribute);
        self.note(&self.schema.attribute(attribute).name, answer);
        answer
    }
}

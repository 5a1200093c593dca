//! What the compiled trees asked of a request, and how few rules they left to look at.

use bailiwick::machinery::decision;
use bailiwick::machinery::tree::Tree;
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
    let walk = |tree: &Tree| {
        let mut rules = Vec::new();
        tree.visit(&sight, &mut |rule| rules.push(rule));
        rules.sort_unstable();
        let asked = tree.trace(&sight, compiled.set.schema());
        let asked = asked
            .into_iter()
            .map(|asked| format!("{} is {}", asked.name, asked.answer))
            .collect();
        Walk { asked, rules }
    };
    compiled.trees.iter().map(|tree| walk(tree)).collect()
}

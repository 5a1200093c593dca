//! Bailiwick and its peers on one workload: each is given the workload in its own idiom, has to give the right answers, and only
//! then is measured. The workload and its texts are `bailiwick_benches::contest`; here they meet the engines.
#![allow(clippy::disallowed_methods)] // a benchmark reads the clock

pub mod casbin;
pub mod cedar;
pub mod memory;
pub mod ours;
pub mod rego;
pub mod time;

use bailiwick::Outcome;
use bailiwick_benches::contest::Contest;

/// An engine with the rules loaded and the questions prepared as its host would have them in hand: nothing is parsed any more.
pub struct Player {
    /// Answers the question with a number.
    pub decide: Box<dyn FnMut(usize) -> Outcome>,
}

/// Which engine, in which idiom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// This one.
    Bailiwick,
    /// `cedar-policy`, one policy set.
    Cedar,
    /// `cedar-policy`, with a small policy set for every repository and action, made and looked up by the host.
    CedarIndexed,
    /// `regorus`, a rule for each rule.
    Rego,
    /// `regorus`, the rules as data.
    RegoData,
    /// `casbin`.
    Casbin,
}

impl Name {
    /// All of them.
    pub const ALL: [Name; 6] = [
        Name::Bailiwick,
        Name::Cedar,
        Name::CedarIndexed,
        Name::Rego,
        Name::RegoData,
        Name::Casbin,
    ];

    /// On command lines.
    pub fn word(self) -> &'static str {
        match self {
            Name::Bailiwick => "bailiwick",
            Name::Cedar => "cedar",
            Name::CedarIndexed => "cedar-indexed",
            Name::Rego => "rego",
            Name::RegoData => "rego-data",
            Name::Casbin => "casbin",
        }
    }

    /// In tables.
    pub fn title(self) -> &'static str {
        match self {
            Name::Bailiwick => "**Bailiwick**",
            Name::Cedar => "cedar-policy, one policy set",
            Name::CedarIndexed => "cedar-policy, indexed by hand",
            Name::Rego => "regorus, a rule each",
            Name::RegoData => "regorus, rules as data",
            Name::Casbin => "casbin",
        }
    }

    /// Loads a contest.
    ///
    /// # Errors
    /// What the engine says against its text.
    pub fn player(self, contest: &Contest) -> Result<Player, String> {
        match self {
            Name::Bailiwick => ours::player(contest),
            Name::Cedar => cedar::player(contest),
            Name::CedarIndexed => cedar::indexed(contest),
            Name::Rego => rego::player(contest),
            Name::RegoData => rego::over_data(contest),
            Name::Casbin => casbin::player(contest),
        }
    }
}

/// Holds the first answers of an engine against those of a plain walk over the rules.
///
/// # Errors
/// The first answer that is another one.
pub fn verify(player: &mut Player, contest: &Contest, first: usize) -> Result<(), String> {
    for (at, ask) in contest.asks.iter().enumerate().take(first) {
        let found = (player.decide)(at);
        if found != ask.expected {
            return Err(format!("expected {}, found {found}: {ask:?}", ask.expected));
        }
    }
    Ok(())
}

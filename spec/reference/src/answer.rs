//! The join (2.5, 7.9), and the answer in a shape in which two evaluators can be compared.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bailiwick::machinery::amount::Amount;
use bailiwick::machinery::decision::LimitState;
use bailiwick::machinery::model::{Measure, Obligation, PolicySet, Requirement};
use bailiwick::machinery::record::{
    Approvals, Bypassed, CapFigure, Case, Charge, CriterionFigure, FloorFigure, MatchedRule, OwedObligation,
};
use bailiwick::machinery::value::{Fact, Tri, Value};
use bailiwick::{Decision, LANGUAGE, Level, Outcome, Record, Request};

use crate::approvals::{Standing, standing};
use crate::denials::{self, Denial};
use crate::join;
use crate::layers::{Said, Says};
use crate::limits::{self, Sum};

/// What a decision comes to. Two evaluators agree when these are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// 7.9.
    pub outcome: Outcome,
    /// Each level's own verdict, after approvals, from the platform down.
    pub levels: [Outcome; 8],
    /// 9.8, engine denials among them.
    pub matched: BTreeSet<Matched>,
    /// By identifier: `satisfied`, `outstanding`, `moot`, `rejected` or `blocked`.
    pub requirements: BTreeMap<String, String>,
    /// 7.7: what is owed, policy, rule.
    pub obligations: BTreeSet<(Obligation, String, String)>,
    /// 14.6: policy, rule, unit, used, needs, cap, state.
    pub caps: BTreeSet<[String; 7]>,
    /// 14.6: policy, rule, unit, needs, floor, state.
    pub floors: BTreeSet<[String; 6]>,
    /// 14.6: key, entity and unit to amount.
    pub charges: BTreeMap<(String, String, String), String>,
    /// 3.7: policy, rule, criterion, state.
    pub criteria: BTreeSet<(String, String, String, String)>,
    /// 8.9: policy, rule, requirement.
    pub bypassed: BTreeSet<(String, String, String)>,
    /// 7.8.
    pub unknowns: BTreeSet<String>,
}

/// An entry of `matched_rules`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Matched {
    /// `id@version`.
    pub policy: String,
    /// The level.
    pub level: String,
    /// The rule's id.
    pub rule: String,
    /// The rule's kind; `engine` where the engine denies by itself.
    pub effect: String,
    /// `true`, `unknown` or `false`.
    pub matched: String,
    /// The effects that it concerns.
    pub on: Vec<u32>,
}

/// What all rules and the engine say, not yet joined.
#[derive(Default)]
pub(crate) struct Verdict<'a> {
    pub(crate) said: Vec<Said<'a>>,
    pub(crate) denials: Vec<Denial>,
}

impl<'a> Verdict<'a> {
    /// 7.1: denied before any rule is looked at.
    pub(crate) fn denied_by(self, denials: Vec<Denial>) -> Answer {
        let mut levels = [Outcome::Allowed; 8];
        levels[Level::Platform.index()] = Outcome::Denied;
        Answer {
            outcome: Outcome::Denied,
            levels,
            matched: denials.iter().map(engine_denial).collect(),
            requirements: BTreeMap::new(),
            obligations: BTreeSet::new(),
            caps: BTreeSet::new(),
            floors: BTreeSet::new(),
            charges: BTreeMap::new(),
            criteria: BTreeSet::new(),
            bypassed: BTreeSet::new(),
            unknowns: denials
                .iter()
                .filter_map(|denial| denial.unknown.clone())
                .collect(),
        }
    }

    /// 7.1, its last three lines: requirements are resolved, obligations are held against capabilities, all is joined.
    pub(crate) fn answer(mut self, set: &PolicySet, request: &Request, bound: &[Fact<Value>]) -> Answer {
        let sums = limits::settle(&mut self.said, request);
        let mut standings: BTreeMap<&str, Standing> = BTreeMap::new();
        for asked in self.said.iter().filter_map(|said| asked(&said.says)) {
            standings
                .entry(&asked.id)
                .or_insert_with(|| standing(asked, request, bound, set.schema()));
        }
        let obligations = obligations(&self.said, &standings);
        self.denials.extend(denials::unmet_obligation(
            request,
            obligations.iter().map(|(owed, ..)| owed.name.as_str()),
        ));
        let levels = levels(&self.said, &standings, &self.denials);
        let for_good =
            !self.denials.is_empty() || self.said.iter().any(|said| denies_for_good(said, &standings));
        let state = |standing: &Standing| match standing {
            Standing::Outstanding if for_good => "moot".to_owned(),
            other => other.word().to_owned(),
        };
        Answer {
            outcome: join(levels),
            levels,
            matched: matched(&self.said)
                .into_iter()
                .chain(self.denials.iter().map(engine_denial))
                .collect(),
            requirements: standings
                .iter()
                .map(|(id, standing)| ((*id).to_owned(), state(standing)))
                .collect(),
            obligations,
            caps: caps(&sums),
            floors: floors(&sums),
            charges: limits::charges(&sums, join(levels)),
            criteria: criteria(&self.said),
            bypassed: bypassed(&self.said, &standings),
            unknowns: unknowns(&self.said, &self.denials),
        }
    }
}

/// 8.1: the requirement that comes from what a rule says.
fn asked<'a>(says: &Says<'a>) -> Option<&'a Requirement> {
    match says {
        Says::Asks(requirement) | Says::Bypass(requirement, _) => Some(requirement),
        Says::Grants | Says::Closes | Says::Denies | Says::Gate(_) | Says::Owes => None,
        Says::Counts(_) | Says::Limit(_) => None,
    }
}

/// 7.5, 8.8, 8.9: the outcome of what one rule says of one effect.
fn outcome(said: &Said<'_>, standings: &BTreeMap<&str, Standing>) -> Outcome {
    match &said.says {
        Says::Grants | Says::Owes => Outcome::Allowed,
        Says::Closes | Says::Denies => Outcome::Denied,
        Says::Counts(_) => Outcome::Denied, // settled before anybody asks
        Says::Limit(LimitState::Within | LimitState::Alert) => Outcome::Allowed,
        Says::Limit(_) => Outcome::Denied,
        Says::Gate(_) if said.says.fires() => Outcome::Denied,
        Says::Gate(_) => Outcome::Allowed,
        Says::Asks(requirement) => standings[requirement.id.as_str()].outcome(),
        Says::Bypass(..) if bypass_met(said, standings) => Outcome::Allowed,
        Says::Bypass(..) => Outcome::Denied,
    }
}

fn bypass_met(said: &Said<'_>, standings: &BTreeMap<&str, Standing>) -> bool {
    matches!(&said.says, Says::Bypass(requirement, _) if standings[requirement.id.as_str()] == Standing::Satisfied)
}

/// 8.8, *What no approval can lift*. An unmet bypass can be lifted.
fn denies_for_good(said: &Said<'_>, standings: &BTreeMap<&str, Standing>) -> bool {
    let liftable = matches!(&said.says, Says::Bypass(requirement, _)
        if standings[requirement.id.as_str()] == Standing::Outstanding);
    outcome(said, standings) == Outcome::Denied && !liftable
}

/// 9.7, `levels`: the verdict of each layer alone. Engine denials count to the platform.
fn levels(said: &[Said<'_>], standings: &BTreeMap<&str, Standing>, denials: &[Denial]) -> [Outcome; 8] {
    Level::ALL.map(|level| {
        let of_rules = said
            .iter()
            .filter(|said| said.by.document.level == level)
            .map(|said| outcome(said, standings));
        let engine = level == Level::Platform && !denials.is_empty();
        join(of_rules.chain(engine.then_some(Outcome::Denied)))
    })
}

/// 7.7; 8.9 for a bypass that is met: then its deny rule contributes nothing but the obligations of `then`.
fn obligations(
    said: &[Said<'_>],
    standings: &BTreeMap<&str, Standing>,
) -> BTreeSet<(Obligation, String, String)> {
    let mut all = BTreeSet::new();
    for said in said {
        let names: Vec<Obligation> = match &said.says {
            Says::Bypass(_, then) if bypass_met(said, standings) => then.to_vec(),
            _ => said.owed.iter().cloned().collect(),
        };
        all.extend(
            names
                .into_iter()
                .map(|name| (name, said.by.document.name(), said.by.rule.id.clone())),
        );
    }
    all
}

/// 9.7, `bypassed`.
fn bypassed(said: &[Said<'_>], standings: &BTreeMap<&str, Standing>) -> BTreeSet<(String, String, String)> {
    let met = said.iter().filter(|said| bypass_met(said, standings));
    let entry = |said: &Said<'_>| {
        let id = asked(&said.says).map(|requirement| requirement.id.clone());
        (
            said.by.document.name(),
            said.by.rule.id.clone(),
            id.unwrap_or_default(),
        )
    };
    met.map(entry).collect()
}

/// A criterion: the part and the place of its rule, and its number there.
type CriterionAt = ((usize, usize), usize);

/// 3.7: every criterion of a gate whose guard is true or unknown. Of several effects the record shows one state for a
/// criterion; the text does not say which, and this takes the furthest from `held`: `missing`, then `failed`.
fn criteria(said: &[Said<'_>]) -> BTreeSet<(String, String, String, String)> {
    let mut worst: BTreeMap<CriterionAt, (u8, &Said<'_>, &str)> = BTreeMap::new();
    for said in said {
        let Says::Gate(criteria) = &said.says else {
            continue;
        };
        for (at, (name, holds, _)) in criteria.iter().enumerate() {
            let rank = match holds {
                Tri::True => 0,
                Tri::False => 1,
                Tri::Unknown => 2,
            };
            let known = worst.entry((said.by.place, at)).or_insert((rank, said, name));
            known.0 = known.0.max(rank);
        }
    }
    let word = |rank: u8| ["held", "failed", "missing"][usize::from(rank)].to_owned();
    let entry = |(rank, said, name): (u8, &Said<'_>, &str)| {
        (
            said.by.document.name(),
            said.by.rule.id.clone(),
            name.to_owned(),
            word(rank),
        )
    };
    worst.into_values().map(entry).collect()
}

/// 7.8.
fn unknowns(said: &[Said<'_>], denials: &[Denial]) -> BTreeSet<String> {
    let of_rules = said.iter().flat_map(|said| said.unknowns.iter().cloned());
    of_rules
        .chain(denials.iter().filter_map(|denial| denial.unknown.clone()))
        .collect()
}

/// 9.8. An `only` rule that grants one effect and closes the layer to another is listed for both.
fn matched(said: &[Said<'_>]) -> BTreeSet<Matched> {
    let mut by_rule: BTreeMap<((usize, usize), bool), Vec<&Said<'_>>> = BTreeMap::new();
    for said in said.iter().filter(|said| said.says.fires()) {
        by_rule
            .entry((said.by.place, matches!(said.says, Says::Closes)))
            .or_default()
            .push(said);
    }
    by_rule.into_values().map(|said| entry(&said)).collect()
}

fn entry(said: &[&Said<'_>]) -> Matched {
    let by = said[0].by;
    let best = said.iter().map(|said| said.guard).max();
    let word = match best {
        Some(Tri::True) => "true",
        Some(Tri::Unknown) => "unknown",
        _ => "false",
    };
    Matched {
        policy: by.document.name(),
        level: by.document.level.to_string(),
        rule: by.rule.id.clone(),
        effect: by.rule.kind.as_str().to_owned(),
        matched: word.to_owned(),
        on: said.iter().map(|said| said.effect).collect(),
    }
}

/// 7.3: an engine denial appears in the record like a rule.
fn engine_denial(denial: &Denial) -> Matched {
    Matched {
        policy: format!("bailiwick@{LANGUAGE}"),
        level: "platform".to_owned(),
        rule: denial.rule.to_owned(),
        effect: "engine".to_owned(),
        matched: "true".to_owned(),
        on: denial.on.clone(),
    }
}

/// The parts of a record that are compared.
struct Parts<'a> {
    outcome: Outcome,
    levels: [Outcome; 8],
    matched: Cow<'a, [MatchedRule]>,
    approvals: Cow<'a, Approvals>,
    obligations: Cow<'a, [OwedObligation]>,
    caps: Cow<'a, [CapFigure]>,
    floors: Cow<'a, [FloorFigure]>,
    charges: Cow<'a, [Charge]>,
    criteria: Cow<'a, [CriterionFigure]>,
    bypassed: Cow<'a, [Bypassed]>,
    unknowns: BTreeSet<String>,
}

impl Answer {
    /// What a record says, in this shape.
    pub fn of_record(record: &Record) -> Answer {
        let mut levels = [Outcome::Allowed; 8];
        for (at, verdict) in record.levels.iter().enumerate().take(8) {
            levels[at] = verdict.decision;
        }
        Answer::of(Parts {
            outcome: record.decision,
            levels,
            matched: Cow::Borrowed(&record.matched_rules),
            approvals: Cow::Borrowed(&record.approvals),
            obligations: Cow::Borrowed(&record.obligations),
            caps: Cow::Borrowed(&record.caps),
            floors: Cow::Borrowed(&record.floors),
            charges: Cow::Borrowed(&record.charges),
            criteria: Cow::Borrowed(&record.criteria),
            bypassed: Cow::Borrowed(&record.bypassed),
            unknowns: record.unknowns.iter().cloned().collect(),
        })
    }

    /// What a record of the decision would say. The parts are made as they are for the record; what is spared is what a record
    /// holds besides: the request again, the sentence, and the hashes over all of it.
    pub fn of_decision(decision: &Decision<'_>) -> Answer {
        let case = Case {
            compiled: decision.compiled(),
            request: decision.request(),
            state: decision.state(),
            verdict: decision.verdict(),
        };
        Answer::of(Parts {
            outcome: case.verdict.outcome,
            levels: case.verdict.levels,
            matched: case.matched_rules().into(),
            approvals: Cow::Owned(case.approvals()),
            obligations: case.obligations().into(),
            caps: case.caps().into(),
            floors: case.floors().into(),
            charges: case.charges().into(),
            criteria: case.criteria().into(),
            bypassed: case.bypassed().into(),
            unknowns: case.unknowns(),
        })
    }

    fn of(parts: Parts<'_>) -> Answer {
        let matched = |rule: &MatchedRule| Matched {
            policy: rule.policy.clone(),
            level: rule.level.clone(),
            rule: rule.rule.clone(),
            effect: rule.effect.clone(),
            matched: rule.matched.clone(),
            on: rule.on.clone(),
        };
        let found = |entry: &CriterionFigure| {
            (
                entry.policy.clone(),
                entry.rule.clone(),
                entry.criterion.clone(),
                entry.state.clone(),
            )
        };
        Answer {
            outcome: parts.outcome,
            levels: parts.levels,
            matched: parts.matched.iter().map(matched).collect(),
            requirements: requirements(&parts.approvals),
            obligations: parts
                .obligations
                .iter()
                .map(|owed| (obligation(owed), owed.policy.clone(), owed.rule.clone()))
                .collect(),
            caps: parts.caps.iter().map(cap).collect(),
            floors: parts.floors.iter().map(floor).collect(),
            charges: parts.charges.iter().map(charge).collect(),
            criteria: parts.criteria.iter().map(found).collect(),
            bypassed: parts
                .bypassed
                .iter()
                .map(|one| (one.policy.clone(), one.rule.clone(), one.requirement.clone()))
                .collect(),
            unknowns: parts.unknowns,
        }
    }
}

fn caps(sums: &[Sum<'_>]) -> BTreeSet<[String; 7]> {
    let cap = |sum: &Sum<'_>| {
        let at_most = sum.limit.at_most?;
        let kept = sum.limit.of == Measure::Retention;
        let figure = |amount: Option<Amount>| amount.filter(|_| !kept).map_or("null".to_owned(), written);
        Some([
            sum.policy(),
            sum.rule(),
            sum.limit.unit.clone(),
            figure(sum.used),
            figure(sum.needs),
            written(at_most),
            sum.state.as_str().to_owned(),
        ])
    };
    sums.iter().filter_map(cap).collect()
}

fn floors(sums: &[Sum<'_>]) -> BTreeSet<[String; 6]> {
    let floor = |sum: &Sum<'_>| {
        let at_least = sum.limit.at_least?;
        let needs = sum.needs.filter(|_| sum.limit.of != Measure::Retention);
        Some([
            sum.policy(),
            sum.rule(),
            sum.limit.unit.clone(),
            needs.map_or("null".to_owned(), written),
            written(at_least),
            sum.state.as_str().to_owned(),
        ])
    };
    sums.iter().filter_map(floor).collect()
}

fn written(amount: Amount) -> String {
    amount.to_json().to_string()
}

fn cap(cap: &CapFigure) -> [String; 7] {
    [
        cap.policy.clone(),
        cap.rule.clone(),
        cap.unit.clone(),
        cap.used.to_string(),
        cap.needs.to_string(),
        cap.at_most.to_string(),
        cap.state.clone(),
    ]
}

fn floor(floor: &FloorFigure) -> [String; 6] {
    [
        floor.policy.clone(),
        floor.rule.clone(),
        floor.unit.clone(),
        floor.needs.to_string(),
        floor.at_least.to_string(),
        floor.state.clone(),
    ]
}

fn charge(charge: &Charge) -> ((String, String, String), String) {
    let window = charge
        .window
        .as_ref()
        .map_or(String::new(), |window| format!("/{window}"));
    let key = format!("{}{window}", charge.per);
    (
        (key, charge.entity.clone(), charge.unit.clone()),
        charge.amount.to_string(),
    )
}

fn obligation(owed: &OwedObligation) -> Obligation {
    Obligation {
        name: owed.name.clone(),
        within: owed.within.map(|seconds| (seconds * 1e9).round() as i128),
        times: owed.times,
        then: owed.then.clone(),
    }
}

/// Every requirement of a decision, by the list in which it stands; `lost` where it stands in none.
fn requirements(approvals: &Approvals) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = approvals
        .required
        .iter()
        .map(|required| (required.id.clone(), "lost".to_owned()))
        .collect();
    let lists = [
        ("satisfied", &approvals.satisfied),
        ("outstanding", &approvals.outstanding),
        ("moot", &approvals.moot),
        ("rejected", &approvals.rejected),
        ("blocked", &approvals.blocked),
    ];
    for (word, list) in lists {
        all.extend(list.iter().map(|one| (one.id.clone(), word.to_owned())));
    }
    all
}

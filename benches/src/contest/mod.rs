//! The workload that is shared with other engines, as data and in nobody's language: rules of tenants, teams and repositories,
//! and what is asked of them with the answer that a plain walk over the rules gives. The files beside this one write it in the
//! idiom of each engine, as text; none of them knows an engine.
//!
//! Everything is open that no rule closes. A rule stands at one scope, names one action, has one condition and asks or denies.
//! Every glob is of one of two shapes, `dir/**` and `**/*.ending`, since those are what all engines can be made to read alike.

pub mod casbin;
pub mod cedar;
mod draw;
pub mod export;
pub mod ours;
pub mod rego;

use std::collections::HashMap;

use bailiwick::Outcome;
use serde_json::{Value, json};

use draw::Numbers;

/// What is asked, and of which rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Rules of tenants, teams and repositories; every repository is asked about as often as another.
    Uniform,
    /// The same rules; a few repositories are asked about most of the time (by Zipf's law).
    Skewed,
    /// The same rules; what is asked is a shell command each time.
    Commands,
    /// All rules speak for one repository, over all actions and conditions.
    Dense,
    /// All rules speak for one repository, and each is a glob on `file.write`.
    Globs,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 5] = [
        Kind::Uniform,
        Kind::Skewed,
        Kind::Commands,
        Kind::Dense,
        Kind::Globs,
    ];

    /// Its name in tables and on command lines.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Uniform => "uniform",
            Kind::Skewed => "skewed",
            Kind::Commands => "commands",
            Kind::Dense => "dense",
            Kind::Globs => "globs",
        }
    }
}

/// Whom a rule speaks for. Numbers count through: a tenant has ten teams, a team ten repositories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All of a tenant.
    Tenant(usize),
    /// One of its teams.
    Team(usize),
    /// One repository.
    Repository(usize),
}

const CHILDREN: usize = 10;

impl Scope {
    /// A name that no other scope has.
    pub fn name(self) -> String {
        match self {
            Scope::Tenant(number) => format!("tenant-{number}"),
            Scope::Team(number) => format!("team-{number}"),
            Scope::Repository(number) => format!("repo-{number}"),
        }
    }

    /// The scopes whose rules a repository has to follow.
    pub fn above(repository: usize) -> [Scope; 3] {
        let team = repository / CHILDREN;
        [
            Scope::Tenant(team / CHILDREN),
            Scope::Team(team),
            Scope::Repository(repository),
        ]
    }

    fn tenant(self) -> usize {
        match self {
            Scope::Tenant(number) => number,
            Scope::Team(number) => number / CHILDREN,
            Scope::Repository(number) => number / CHILDREN / CHILDREN,
        }
    }
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Whom it speaks for.
    pub scope: Scope,
    /// What is done.
    pub action: &'static str,
    /// When it fires.
    pub condition: Condition,
    /// What it says then: `ask_approval` or `denied`.
    pub answer: Outcome,
}

/// When a rule fires.
#[derive(Clone, Debug)]
pub enum Condition {
    /// The path is below a folder: `dir/**`.
    Below(String),
    /// The path ends so: `**/*.pem`.
    Ending(String),
    /// In an environment.
    In(&'static str),
    /// The subject lacks a role.
    Without(&'static str),
    /// A figure is above a threshold.
    Over(&'static str, u32),
    /// A program is run.
    Runs(String),
}

/// Who asks, with the roles that they have.
pub const SUBJECTS: [(&str, &[&str]); 2] = [
    ("agent-1", &["engineer"]),
    ("agent-2", &["engineer", "on-call", "ops-lead"]),
];

/// One thing that what is asked would do. An engine that reads no commands is asked once for each.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    /// What is done.
    pub action: &'static str,
    /// To which path.
    pub path: Option<String>,
    /// By which program.
    pub program: Option<String>,
    /// A figure and its name.
    pub amount: Option<(&'static str, u32)>,
}

/// What is asked, and the answer that it must get.
#[derive(Clone, Debug)]
pub struct Ask {
    /// In which repository.
    pub repository: usize,
    /// Which of [`SUBJECTS`].
    pub subject: usize,
    /// In which environment.
    pub environment: &'static str,
    /// As our requests say it.
    pub action: &'static str,
    /// As our requests say them.
    pub arguments: Value,
    /// The same for engines that read no commands: all that a rule of the workload can be about.
    pub effects: Vec<Effect>,
    /// The answer.
    pub expected: Outcome,
}

/// Rules and what is asked of them.
#[derive(Debug)]
pub struct Contest {
    /// Which one.
    pub kind: Kind,
    /// The rules, those of one scope together.
    pub rules: Vec<Rule>,
    /// What is asked, in turn: a third is allowed, a third put to a person, a third denied.
    pub asks: Vec<Ask>,
}

const ASKS: usize = 300;

impl Contest {
    /// So many rules of a kind, and 300 questions. The same numbers give the same contest.
    ///
    /// # Panics
    /// Where too few of the drawn questions have one of the answers, which no number of rules from ten on shows.
    pub fn new(kind: Kind, rules: usize) -> Contest {
        let (rules, repositories) = match kind {
            Kind::Uniform | Kind::Skewed | Kind::Commands => scoped_rules(rules),
            Kind::Dense => ((0..rules).map(dense_rule).collect(), vec![0]),
            Kind::Globs => ((0..rules).map(glob_rule).collect(), vec![0]),
        };
        let asks = asks(kind, &rules, &repositories);
        Contest { kind, rules, asks }
    }

    /// Every repository that is asked about.
    pub fn repositories(&self) -> Vec<usize> {
        let mut all: Vec<usize> = self.asks.iter().map(|ask| ask.repository).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

// -- rules --

fn scoped_rules(count: usize) -> (Vec<Rule>, Vec<usize>) {
    let (mut rules, mut repositories) = (Vec::with_capacity(count), Vec::new());
    let mut add = |scope: Scope, own: Vec<Row>, most: usize| {
        let most = most.min(own.len()).min(count - rules.len());
        let row = |(action, condition, answer)| Rule {
            scope,
            action,
            condition,
            answer,
        };
        rules.extend(own.into_iter().take(most).map(row));
        (most, count - rules.len())
    };
    let mut left = count;
    let mut repository = 0;
    while 0 < left {
        let [tenant, team, _] = Scope::above(repository);
        if repository % (CHILDREN * CHILDREN) == 0 {
            (_, left) = add(tenant, tenant_rules(tenant.tenant()), left.div_ceil(100));
        }
        if repository % CHILDREN == 0 {
            (_, left) = add(team, team_rules(repository / CHILDREN), left.div_ceil(10));
        }
        let scope = Scope::Repository(repository);
        let added;
        (added, left) = add(scope, repository_rules(repository), left);
        if 8 <= added {
            repositories.push(repository);
        }
        repository += 1;
    }
    (rules, repositories)
}

type Row = (&'static str, Condition, Outcome);

fn tenant_rules(n: usize) -> Vec<Row> {
    use Condition::{Below, Ending, In, Over, Runs, Without};
    use Outcome::{AskApproval, Denied};
    vec![
        ("file.read", Below(format!("private-{n}")), Denied),
        ("command.run", Runs(format!("miner-{n}")), Denied),
        ("model.call", Over("tokens", 5_000), AskApproval),
        ("artifact.export", In("production"), Denied),
        ("secret.read", In("staging"), AskApproval),
        ("file.delete", Ending(format!(".lock{n}")), Denied),
        ("mcp.call", In("production"), AskApproval),
        ("credential.lease", Without("on-call"), Denied),
        ("git.tag", In("staging"), AskApproval),
        ("file.write", Below(format!("tenant-{n}/secrets")), Denied),
    ]
}

fn team_rules(t: usize) -> Vec<Row> {
    use Condition::{Below, In, Over, Runs, Without};
    use Outcome::{AskApproval, Denied};
    vec![
        ("file.write", Below(format!("shared-{t}")), AskApproval),
        ("file.write", Below(format!("vendor-{t}")), Denied),
        ("command.run", Runs(format!("publish-{t}")), AskApproval),
        ("credential.lease", In("production"), AskApproval),
        ("mcp.call", Without("ops-lead"), Denied),
        ("pr.create", Over("lines_changed", 5_000), Denied),
        ("artifact.export", Without("on-call"), AskApproval),
        ("file.delete", Below(format!("legal-{t}")), Denied),
        ("git.tag", Without("ops-lead"), Denied),
        ("deploy", In("test"), Denied),
    ]
}

fn repository_rules(r: usize) -> Vec<Row> {
    use Condition::{Below, Ending, In, Over, Runs, Without};
    use Outcome::{AskApproval, Denied};
    vec![
        ("file.write", Below(format!("secrets-{r}")), Denied),
        ("deploy", In("production"), AskApproval),
        (
            "pr.create",
            Over("lines_changed", 200 + r as u32 % 50),
            AskApproval,
        ),
        ("model.call", Over("tokens", 10_000 + r as u32 % 100), Denied),
        ("git.push", Without("ops-lead"), AskApproval),
        ("command.run", Runs(format!("tool-{r}")), Denied),
        ("file.delete", Below("docs".to_owned()), AskApproval),
        ("file.write", Ending(format!(".key{r}")), Denied),
        ("network.connect", In("production"), Denied),
        ("secret.read", Without("on-call"), Denied),
    ]
}

fn dense_rule(n: usize) -> Rule {
    use Condition::{Below, Ending, In, Over, Runs, Without};
    use Outcome::{AskApproval, Denied};
    let (action, condition, answer) = match n % 12 {
        0 => ("file.write", Below(format!("part-{n}/secrets")), Denied),
        1 => ("file.write", Below(format!("docs/{n}")), AskApproval),
        2 => ("file.write", Ending(format!(".x{n}")), Denied),
        3 => ("file.delete", Below(format!("kept-{n}")), AskApproval),
        4 => ("file.read", Below(format!("private-{n}")), Denied),
        5 => ("command.run", Runs(format!("tool-{n}")), Denied),
        6 => ("command.run", Runs(format!("publish-{n}")), AskApproval),
        7 => ("model.call", Over("tokens", 10_000 + n as u32), Denied),
        8 => ("pr.create", Over("lines_changed", 200 + n as u32), AskApproval),
        9 => ("deploy", In("production"), AskApproval),
        10 => ("network.connect", In("production"), Denied),
        _ => ("secret.read", Without("on-call"), Denied),
    };
    let scope = Scope::Repository(0);
    Rule {
        scope,
        action,
        condition,
        answer,
    }
}

fn glob_rule(n: usize) -> Rule {
    let (condition, answer) = match n % 4 {
        0 => (Condition::Ending(format!(".x{n}")), Outcome::Denied),
        1 => (Condition::Below(format!("docs/{n}")), Outcome::AskApproval),
        2 => (Condition::Below(format!("part-{n}/secrets")), Outcome::Denied),
        _ => (Condition::Below(format!("lib/{n}/api")), Outcome::AskApproval),
    };
    Rule {
        scope: Scope::Repository(0),
        action: "file.write",
        condition,
        answer,
    }
}

// -- questions --

fn asks(kind: Kind, rules: &[Rule], repositories: &[usize]) -> Vec<Ask> {
    let plain = Plain::of(rules);
    let mut numbers = Numbers::new(rules.len() as u64);
    let wanted = [Outcome::Allowed, Outcome::AskApproval, Outcome::Denied];
    let mut asks = Vec::with_capacity(ASKS);
    let mut tries = 0;
    while asks.len() < ASKS {
        tries += 1;
        assert!(tries < 1_000_000, "too few questions have one of the answers");
        let at = match kind {
            Kind::Skewed => numbers.skewed(repositories.len()),
            _ => numbers.below(repositories.len()),
        };
        let repository = repositories[at];
        let mut ask = match kind {
            Kind::Uniform | Kind::Skewed => scoped_ask(repository, &mut numbers),
            Kind::Commands => command_ask(repository, &mut numbers),
            Kind::Dense => dense_ask(rules.len(), &mut numbers),
            Kind::Globs => glob_ask(rules.len(), &mut numbers),
        };
        ask.expected = plain.answer(&ask);
        if ask.expected == wanted[asks.len() % wanted.len()] {
            asks.push(ask);
        }
    }
    asks
}

fn ask(repository: usize, numbers: &mut Numbers, arguments: Value, effect: Effect) -> Ask {
    Ask {
        repository,
        subject: numbers.below(SUBJECTS.len()),
        environment: ["dev", "staging", "production"][numbers.below(3)],
        action: effect.action,
        arguments,
        effects: vec![effect],
        expected: Outcome::Denied,
    }
}

fn on_path(repository: usize, numbers: &mut Numbers, action: &'static str, path: String) -> Ask {
    let mut arguments = json!({"path": path});
    if action == "file.delete" {
        arguments["recursive"] = json!(false);
    }
    let effect = Effect {
        action,
        path: Some(path),
        ..Effect::default()
    };
    ask(repository, numbers, arguments, effect)
}

fn with(
    repository: usize,
    numbers: &mut Numbers,
    action: &'static str,
    amount: Option<(&'static str, u32)>,
) -> Ask {
    let figure = amount.map_or(0, |(_, figure)| figure);
    let arguments = match action {
        "deploy" => json!({"service": "shop", "version": "1.2.3", "rollout": "5%"}),
        "pr.create" => json!({"lines_changed": figure, "changed_files": ["src/lib.rs"], "title": "Mend it"}),
        "model.call" => json!({"provider": "house", "model": "small", "tokens": figure}),
        "git.push" => {
            json!({"remote": "origin", "branch.name": "feature/x", "force": false, "changed_files": []})
        }
        "git.tag" => json!({"tag": "v1.2.3"}),
        "network.connect" => json!({"host": "db.example.com", "port": 443}),
        "secret.read" => json!({"secret": "api-key"}),
        "mcp.call" => json!({"server": "tracker", "mcp_tool": "get_issue"}),
        _ => json!({}),
    };
    let effect = Effect {
        action,
        amount,
        ..Effect::default()
    };
    ask(repository, numbers, arguments, effect)
}

fn scoped_ask(r: usize, numbers: &mut Numbers) -> Ask {
    let [tenant, team, _] = Scope::above(r);
    let (n, t) = (tenant.tenant(), r / CHILDREN);
    match numbers.below(21) {
        0 => on_path(r, numbers, "file.write", "src/lib.rs".to_owned()),
        1 => on_path(r, numbers, "file.write", format!("secrets-{r}/deep/key")),
        2 => on_path(r, numbers, "file.write", format!("{}/notes.md", team.name())),
        3 => on_path(r, numbers, "file.write", format!("shared-{t}/api.md")),
        4 => on_path(r, numbers, "file.write", format!("vendor-{t}/a.c")),
        5 => on_path(r, numbers, "file.write", format!("src/a.key{r}")),
        6 => on_path(r, numbers, "file.read", "src/main.rs".to_owned()),
        7 => on_path(r, numbers, "file.read", format!("private-{n}/list")),
        8 => on_path(r, numbers, "file.delete", "docs/a.md".to_owned()),
        9 => on_path(r, numbers, "file.delete", format!("legal-{t}/terms")),
        10 => on_path(r, numbers, "file.delete", format!("target/a.lock{n}")),
        11 => with(r, numbers, "deploy", None),
        12 => with(r, numbers, "git.push", None),
        13 => with(r, numbers, "network.connect", None),
        14 => with(r, numbers, "secret.read", None),
        15 => with(r, numbers, "mcp.call", None),
        16 => with(r, numbers, "git.tag", None),
        17 | 18 => {
            let tokens = 500 + 700 * numbers.below(30) as u32;
            with(r, numbers, "model.call", Some(("tokens", tokens)))
        }
        _ => {
            let lines = 40 * (1 + numbers.below(200)) as u32;
            with(r, numbers, "pr.create", Some(("lines_changed", lines)))
        }
    }
}

/// A command line; what it does that a rule of the workload can be about is said for the engines that cannot read it.
fn command_ask(r: usize, numbers: &mut Numbers) -> Ask {
    let [tenant, _, _] = Scope::above(r);
    let (n, t) = (tenant.tenant(), r / CHILDREN);
    let runs = |program: &str| Effect {
        action: "command.run",
        program: Some(program.to_owned()),
        ..Effect::default()
    };
    let does = |action, path: &str| Effect {
        action,
        path: Some(path.to_owned()),
        ..Effect::default()
    };
    let just = |action| Effect {
        action,
        ..Effect::default()
    };
    let (line, effects) = match numbers.below(10) {
        0 => ("cargo test -p core --lib".to_owned(), vec![runs("cargo")]),
        1 => (
            "mkdir -p build/out && touch build/out/stamp".to_owned(),
            vec![
                runs("mkdir"),
                runs("touch"),
                does("file.write", "build/out"),
                does("file.write", "build/out/stamp"),
            ],
        ),
        2 => (
            format!("tool-{r} --all && cargo build"),
            vec![runs(&format!("tool-{r}")), runs("cargo")],
        ),
        3 => (
            format!("cargo build && publish-{t} --now"),
            vec![runs("cargo"), runs(&format!("publish-{t}"))],
        ),
        4 => (
            format!("bash -lc 'cd secrets-{r} && printf x > key'"),
            vec![
                runs("bash"),
                runs("printf"),
                does("file.write", &format!("secrets-{r}/key")),
            ],
        ),
        5 => (
            "rm docs/a.md".to_owned(),
            vec![runs("rm"), does("file.delete", "docs/a.md")],
        ),
        6 => (
            "git push origin HEAD".to_owned(),
            vec![runs("git"), just("git.push"), just("network.connect")],
        ),
        7 => (
            format!("head -1 private-{n}/list | sort"),
            vec![
                runs("head"),
                runs("sort"),
                does("file.read", &format!("private-{n}/list")),
            ],
        ),
        8 => (
            format!("printf x > shared-{t}/api.md"),
            vec![runs("printf"), does("file.write", &format!("shared-{t}/api.md"))],
        ),
        _ => (
            format!("timeout 5 rm src/a.key{r}.bak; printf y > src/a.key{r}"),
            vec![
                runs("timeout"),
                runs("rm"),
                runs("printf"),
                does("file.delete", &format!("src/a.key{r}.bak")),
                does("file.write", &format!("src/a.key{r}")),
            ],
        ),
    };
    Ask {
        action: "shell.exec",
        arguments: json!({"command": line}),
        effects,
        ..ask(r, numbers, Value::Null, Effect::default())
    }
}

fn dense_ask(rules: usize, numbers: &mut Numbers) -> Ask {
    // The number of a rule of the kind that the question is about.
    let of_kind = |numbers: &mut Numbers, kind: usize| {
        let block = rules / 12;
        12 * numbers.below(block.max(1)) + kind
    };
    match numbers.below(14) {
        0 => on_path(0, numbers, "file.write", "src/lib.rs".to_owned()),
        1 => {
            let n = of_kind(numbers, 0);
            on_path(0, numbers, "file.write", format!("part-{n}/secrets/key"))
        }
        2 => {
            let n = of_kind(numbers, 1);
            on_path(0, numbers, "file.write", format!("docs/{n}/a.md"))
        }
        3 => {
            let n = of_kind(numbers, 2);
            on_path(0, numbers, "file.write", format!("src/deep/a.x{n}"))
        }
        4 => on_path(0, numbers, "file.delete", "target/a".to_owned()),
        5 => {
            let n = of_kind(numbers, 3);
            on_path(0, numbers, "file.delete", format!("kept-{n}/a"))
        }
        6 => on_path(0, numbers, "file.read", "src/lib.rs".to_owned()),
        7 => {
            let n = of_kind(numbers, 4);
            on_path(0, numbers, "file.read", format!("private-{n}/a"))
        }
        8 => with(0, numbers, "model.call", Some(("tokens", 500))),
        9 => with(0, numbers, "model.call", Some(("tokens", 50_000))),
        10 => with(0, numbers, "pr.create", Some(("lines_changed", 900))),
        11 => with(0, numbers, "deploy", None),
        12 => with(0, numbers, "network.connect", None),
        _ => with(0, numbers, "secret.read", None),
    }
}

fn glob_ask(rules: usize, numbers: &mut Numbers) -> Ask {
    let n = 4 * numbers.below((rules / 4).max(1));
    let path = match numbers.below(6) {
        0 => format!("src/a.x{n}"),
        1 => format!("docs/{}/a.md", n + 1),
        2 => format!("part-{}/secrets/key", n + 2),
        3 => format!("lib/{}/api/index.ts", n + 3),
        4 => format!("lib/{}/main.ts", n + 3),
        _ => "src/lib.rs".to_owned(),
    };
    on_path(0, numbers, "file.write", path)
}

// -- the answer --

/// The rules by scope, to be walked over one by one: what every engine's answer is held against.
struct Plain<'r>(HashMap<Scope, Vec<&'r Rule>>);

impl<'r> Plain<'r> {
    fn of(rules: &'r [Rule]) -> Plain<'r> {
        let mut by_scope: HashMap<Scope, Vec<&Rule>> = HashMap::new();
        for rule in rules {
            by_scope.entry(rule.scope).or_default().push(rule);
        }
        Plain(by_scope)
    }

    fn answer(&self, ask: &Ask) -> Outcome {
        let scopes = Scope::above(ask.repository);
        let rules = scopes.iter().filter_map(|scope| self.0.get(scope)).flatten();
        let fires = |rule: &&&Rule| ask.effects.iter().any(|effect| rule.fires(ask, effect));
        let answers = rules.filter(fires).map(|rule| rule.answer);
        answers.max().unwrap_or(Outcome::Allowed)
    }
}

impl Rule {
    fn fires(&self, ask: &Ask, effect: &Effect) -> bool {
        let path = effect.path.as_deref().unwrap_or_default();
        self.action == effect.action
            && match &self.condition {
                Condition::Below(folder) => path
                    .strip_prefix(folder.as_str())
                    .is_some_and(|rest| rest.starts_with('/')),
                Condition::Ending(ending) => path.ends_with(ending.as_str()),
                Condition::In(environment) => ask.environment == *environment,
                Condition::Without(role) => !SUBJECTS[ask.subject].1.contains(role),
                Condition::Over(_, most) => effect.amount.is_some_and(|(_, figure)| *most < figure),
                Condition::Runs(program) => effect.program.as_ref() == Some(program),
            }
    }
}

#[cfg(test)]
mod tests {
    use bailiwick::{Engine, Request, State};

    use super::*;

    #[test]
    fn the_engine_answers_as_the_plain_walk_does() {
        for (kind, rules) in Kind::ALL.into_iter().flat_map(|kind| [(kind, 10), (kind, 1_200)]) {
            let contest = Contest::new(kind, rules);
            assert_eq!(contest.rules.len(), rules);
            let engine = Engine::load(ours::sources(&contest)).expect("the policies compile");
            for ask in &contest.asks {
                let request = Request::from_json(&ours::request(ask).to_string()).expect("it is a request");
                let found = engine.decide(&request, &State::none()).outcome();
                assert_eq!(found, ask.expected, "{} {rules}: {ask:?}", kind.name());
            }
        }
    }

    #[test]
    fn a_third_of_the_questions_has_each_answer_and_all_conditions_are_there() {
        let contest = Contest::new(Kind::Skewed, 1_200);
        for answer in [Outcome::Allowed, Outcome::AskApproval, Outcome::Denied] {
            let count = contest.asks.iter().filter(|ask| ask.expected == answer).count();
            assert_eq!(count, ASKS / 3);
        }
        let kinds: std::collections::HashSet<_> = contest
            .rules
            .iter()
            .map(|rule| std::mem::discriminant(&rule.condition))
            .collect();
        assert_eq!(kinds.len(), 6);
        let actions: std::collections::HashSet<_> = contest.rules.iter().map(|rule| rule.action).collect();
        assert!(12 <= actions.len(), "{actions:?}");
    }
}

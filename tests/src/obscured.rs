//! Commands obscured in ways that keep what they do: by no way does a policy that refuses them, or asks for them, come to a
//! less strict decision. The commands are the dangerous ones of spec/vectors/commands, the policies speak of what those
//! are expected to do.

use bailiwick::{Engine, Outcome, Request, Source, State};
use serde_json::{Value as Json, json};

use crate::generate::Dice;
use crate::run;

const CORPUS: &str = include_str!("../../spec/vectors/commands/dangerous.jsonl");

/// Ways to write a line so that a shell does the same with it, and perhaps more. `%` is the line, `@` the line as one word.
const WAYS: &[(&str, &str)] = &[
    ("bash -c", "bash -c @"),
    ("sh -lc", "sh -lc @"),
    ("bash -o pipefail -ec", "bash -o pipefail -ec @"),
    ("eval", "eval @"),
    ("builtin eval", "builtin eval -- @"),
    ("group", "{ %\n}"),
    ("subshell", "(%\n)"),
    ("after", "true; %"),
    ("and", "true && {\n%\n}"),
    ("or", "false || {\n%\n}"),
    ("background", "{ %\n} & wait"),
    ("pipeline", "true | {\n%\n} | cat"),
    ("if", "if true; then\n%\nfi"),
    ("else", "if false; then :; else\n%\nfi"),
    ("for", "for i in 1; do\n%\ndone"),
    ("while", "while :; do\n%\nbreak; done"),
    ("arithmetic for", "for ((i = 0; i < 1; i++)); do\n%\ndone"),
    ("case", "case x in y) ;; *)\n%\n;; esac"),
    ("function", "f_() {\n%\n}; f_"),
    ("function of a subshell", "function f_ (\n%\n)\nf_"),
    ("function in a function", "g_() { h_() {\n%\n}; h_; }; g_ a b"),
    ("substitution", "echo \"$(\n%\n)\""),
    ("default", ": \"${nope_:-$(\n%\n)}\""),
    ("process", "cat <(\n%\n)"),
    ("output process", "true > >(\n%\n)"),
    ("here-document", "bash <<'END_OF_IT'\n%\nEND_OF_IT\n"),
    ("here-string", "sh <<< @"),
    ("printed", "printf '%s\\n' @ | sh"),
    ("printed to bash -s", "printf '%s\\n' @ | bash -s a b"),
    (
        "cat of a here-document",
        "cat <<'END_OF_IT' | bash\n%\nEND_OF_IT\n",
    ),
    ("variable", "X_=@; eval \"$X_\""),
    ("variable to a shell", "X_=@; bash -c \"$X_\""),
    ("exported", "export X_=@; sh -c \"$X_\""),
    ("argument", "set -- @; eval \"$1\""),
    ("argument of a shell", "bash -c 'eval \"$1\"' _ @"),
    ("argument of a function", "f_() { eval \"$1\"; }; f_ @"),
    ("script", "printf '%s\\n' @ > s_.sh; sh s_.sh"),
    ("sourced", "printf '%s\\n' @ > s_.sh; . ./s_.sh"),
    ("env", "env A_=1 bash -c @"),
    ("env -S", "/usr/bin/env -i bash -c @"),
    ("sudo", "sudo -u root -- bash -c @"),
    ("timeout nice", "timeout -k 1 5 nice -n 3 sh -c @"),
    ("nohup setsid", "nohup setsid -w bash -c @"),
    ("time", "time -p {\n%\n}"),
    ("not", "! {\n%\n}"),
    ("xargs", "echo x | xargs -IXX_XX sh -c @"),
    ("xargs with words", "echo x | xargs bash -c @ _"),
    ("find", "find . -maxdepth 0 -exec sh -c @ \\;"),
    ("parallel", "parallel bash -c ::: @"),
    ("watch", "watch -x bash -c @"),
    ("flock", "flock -n lock_ -c @"),
    ("script program", "script -qc @ /dev/null"),
    ("strace", "strace -f -o /dev/null bash -c @"),
    ("busybox", "busybox sh -c @"),
    ("stdbuf", "stdbuf -oL bash -c @"),
    ("unknown wrapper", "somewrapper_ --fast bash -c @"),
    ("trap", "trap @ EXIT"),
    ("continued", "true && \\\n{ \\\n%\n}"),
    ("redirected", "{\n%\n} > /dev/null 2>&1 < /dev/null"),
    ("test", "[[ -n $(\n%\n) ]]"),
    ("assignment", "x_=$(\n%\n)"),
    ("array", "x_=(a $(\n%\n))"),
    ("coprocess", "coproc {\n%\n}"),
    ("awk", "awk 'BEGIN{system(\"true\")}'; %"),
    ("comment before", "# a comment\n%"),
    ("there and back", "mkdir -p d_ && cd d_ && cd .. && {\n%\n}"),
    ("pushed", "pushd . > /dev/null; %"),
    ("elsewhere first", "(cd /tmp && ls); %"),
    ("cd to where it stands", "cd . && {\n%\n}"),
    ("by PWD", "cd \"$PWD\" && {\n%\n}"),
    ("npx", "npx -c @"),
    ("ssh-agent", "ssh-agent bash -c @"),
];

/// Words of which a corpus line may depend: where its own name is in the line, a way that uses the same changes it.
fn obscured(way: &str, line: &str) -> String {
    let word = format!("'{}'", line.replace('\'', "'\\''"));
    let mut out = String::new();
    for piece in way.split_inclusive(['%', '@']) {
        match piece.chars().next_back() {
            // `%s` of printf is no line.
            Some('%') if way.contains("'%s") && !way.contains("\n%\n") => out.push_str(piece),
            Some('%') => {
                out.push_str(&piece[..piece.len() - 1]);
                out.push_str(line);
            }
            Some('@') => {
                out.push_str(&piece[..piece.len() - 1]);
                out.push_str(&word);
            }
            _ => out.push_str(piece),
        }
    }
    out
}

/// A policy that opens everything and restricts what one effect or fact says.
fn policy(case: &Json, dice: &mut Dice) -> Option<String> {
    let mut rules = Vec::new();
    let effect = dice.pick(&["deny", "ask"]);
    let says = |kind: &str| match effect {
        "deny" => format!("deny: {kind}"),
        _ => format!("approval: {{count: 1, by: human}}, ask: {kind}"),
    };
    for expected in case["effects"].as_array()? {
        let kind = expected["kind"].as_str()?;
        let selectors: Vec<String> = expected
            .as_object()?
            .iter()
            .filter_map(|(name, value)| selector(name, value))
            .collect();
        rules.push(format!("{}, {}", says(kind), selectors.join(", ")));
    }
    for (name, _) in case["facts"].as_object().into_iter().flatten() {
        rules.push(format!("{}, when: '{name}'", says("command.run")));
    }
    if rules.is_empty() {
        // What is opaque alone: a rule on whatever it may do.
        rules.push(format!("{}, path: '.github/workflows/**'", says("file.write")));
    }
    let rules: Vec<String> = rules
        .iter()
        .enumerate()
        .map(|(at, rule)| format!("  - {{id: r{at}, {}}}\n", rule.trim_end_matches(", ")))
        .collect();
    Some(format!("default: allow\nrules:\n{}", rules.concat()))
}

fn selector(name: &str, value: &Json) -> Option<String> {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    // Characters that a pattern gives a meaning of their own stand for themselves here.
    let glob = |text: &str| {
        let special = |c: char| "*?[]{}\\".contains(c);
        text.chars()
            .flat_map(|c| special(c).then_some('\\').into_iter().chain([c]))
            .collect::<String>()
    };
    let text = value.as_str();
    Some(match name {
        "path" if text == Some(".") => "path: '**'".to_owned(),
        "path" => {
            let path = glob(text?);
            format!(
                "path: [{}, {}]",
                quoted(&path),
                quoted(&format!("{}/**", path.trim_end_matches('/')))
            )
        }
        "host" => format!("host: {}", quoted(text?)),
        "program" => format!("program: {}", quoted(text?)),
        "branch.name" => format!("branch: {}", quoted(&glob(text?))),
        "tag" => format!("tag: {}", quoted(&glob(text?))),
        "force" => "when: 'force'".to_owned(),
        _ => return None,
    })
}

fn decided(engine: &Engine, line: &str) -> Outcome {
    let request = json!({
        "action": "shell.exec",
        "arguments": {"command": line},
        "context": {"workspace_root": "/ws"},
        "subject": {"type": "agent", "id": "a", "roles": []},
        "capabilities": ["*"],
        "now": "2026-11-20T10:00:00Z",
    });
    let request = Request::from_value(request).expect("a request of this shape can be read");
    engine.decide(&request, &State::none()).outcome()
}

fn cases() -> Vec<Json> {
    let cases = CORPUS
        .lines()
        .map(|line| serde_json::from_str::<Json>(line).expect("each line is JSON"));
    // What runs the arguments of whoever calls it runs none where there are none.
    cases
        .filter(|case| {
            !case["command"]
                .as_str()
                .is_some_and(|line| line.starts_with("\"$@"))
        })
        .collect()
}

fn engine(text: &str) -> Engine {
    Engine::load([Source::platform("rules.yaml", text)]).unwrap_or_else(|found| panic!("{text}\n{found}"))
}

/// What is wrong with one case, by a seed; `None` where all is well or the policy does not concern it.
fn weaker(cases: &[Json], seed: u64) -> Option<String> {
    let mut dice = Dice::of(seed);
    let case = &cases[dice.below(cases.len())];
    let line = case["command"].as_str()?;
    let policy = policy(case, &mut dice)?;
    let engine = engine(&policy);
    let base = decided(&engine, line);
    let mut text = line.to_owned();
    let mut names = Vec::new();
    for _ in 0..1 + dice.below(3) {
        let (name, way) = dice.pick(WAYS);
        text = obscured(way, &text);
        names.push(name);
    }
    let found = decided(&engine, &text);
    (found < base).then(|| format!("{base} -> {found} by {names:?}\n{line:?}\n{text:?}\n{policy}"))
}

#[test]
fn no_way_to_write_a_command_makes_its_decision_less_strict() {
    let cases = cases();
    run::seeds(run::sets(1_500), |seed| {
        if let Some(wrong) = weaker(&cases, seed) {
            panic!("seed {seed}: {wrong}");
        }
    });
}

/// Each way alone, over all lines, so that a failure names it; and the policy does stop the plain line.
#[test]
fn each_way_keeps_each_line() {
    let cases = cases();
    let (mut stopped, mut wrong) = (0, Vec::new());
    for (at, case) in cases.iter().enumerate() {
        let mut dice = Dice::of(at as u64);
        let (Some(line), Some(policy)) = (case["command"].as_str(), policy(case, &mut dice)) else {
            continue;
        };
        let engine = engine(&policy);
        let base = decided(&engine, line);
        stopped += usize::from(base != Outcome::Allowed);
        // A share of the ways for each line; all of them come round.
        for (name, way) in WAYS.iter().skip(at % 6).step_by(6) {
            let text = obscured(way, line);
            let found = decided(&engine, &text);
            if found < base {
                wrong.push(format!("{name}: {base} -> {found}\n{line:?}\n{text:?}"));
            }
        }
    }
    println!(
        "{stopped} of {} lines are stopped by a policy on what they do; {} got through obscured",
        cases.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(stopped, cases.len());
}

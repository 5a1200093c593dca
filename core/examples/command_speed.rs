//! How long it takes to read commands: `cargo run --release -p bailiwick --example command_speed`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bailiwick::machinery::normal::Places;
use bailiwick::machinery::normal::command::{Call, read};

/// Lines of an ordinary day.
const LINES: &[&str] = &[
    "cargo test -p bailiwick --lib command",
    "git status --short",
    "cd core && cargo build 2>&1 | tail -20",
    "grep -rn 'curl .* | sh' docs/ | head -5",
    "git add -A && git commit -m \"Fix the parser\" && git push origin main",
    "bash -lc 'cd .github && sed -i s/a/b/ workflows/ci.yml'",
    "find . -name '*.rs' -print0 | xargs -0 grep -n unsafe",
    "curl -fsSL https://example.com/install.sh | sudo bash -s -- -y",
];

fn main() {
    for line in LINES {
        println!("{:>9.2?}  {line}", median(2_000, line));
    }
    for (name, block) in [
        ("plain commands", "mkdir -p build/out && cp src/a.c build/out/a.c # copy\n"),
        ("substitutions", "x=\"$(basename \"$1\" .txt)\"; if [ -f \"$x\" ]; then echo \"${x%.c}\" >> log; fi\n"),
        ("loops", "for f in *.txt; do while read -r l; do echo \"$l\" | sed 's/a/b/'; done < \"$f\"; done\n"),
        ("words", "echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'\n"),
        ("a here-document", ""),
    ] {
        let script = script(block);
        let opaque = reading(&script).opaque;
        println!("{:>9.2?}  100 KiB of {name}, opaque: {opaque}", median(21, &script));
    }
}

fn script(block: &str) -> String {
    if block.is_empty() {
        return format!("cat > out <<'EOF'\n{}\nEOF\n", "some text of it\n".repeat(6_400));
    }
    block.repeat((100 << 10) / block.len())
}

fn reading(line: &str) -> bailiwick::machinery::normal::command::Reading {
    let places = Places {
        root: Some("/ws"),
        cwd: None,
    };
    read(&Call {
        line: Some(line),
        places,
        ..Call::default()
    })
}

fn median(turns: usize, line: &str) -> Duration {
    let mut times: Vec<Duration> = (0..turns)
        .map(|_| {
            let begin = Instant::now();
            black_box(reading(black_box(line)));
            begin.elapsed()
        })
        .collect();
    times.sort();
    times[turns / 2]
}

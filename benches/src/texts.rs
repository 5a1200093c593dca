//! What the benchmarks of normal forms read: command lines as people and agents type them, scripts of 100 KiB, paths, URLs,
//! a patch. Nothing here decides anything.

/// Lines of ordinary days, by name.
pub const LINES: &[(&str, &str)] = &[
    ("one word", "ls"),
    ("a test", "cargo test -p core --lib -- parser::tests"),
    (
        "a pipeline",
        "grep -rn 'rm -rf' src --include='*.rs' | sort | uniq -c | head -20",
    ),
    (
        "a commit",
        "git add -A && git commit -m \"Remove curl | sh from the installer\" && git push origin HEAD",
    ),
    (
        "nested",
        "bash -lc 'cd .github && sed -i s/a/b/ workflows/ci.yml'",
    ),
    (
        "wrapped",
        "sudo -u deploy env A=1 timeout 5 nice -n 3 rm -rf infra",
    ),
    (
        "a download",
        "curl -fsSL https://example.com/install.sh -o /tmp/x.sh && chmod +x /tmp/x.sh && /tmp/x.sh",
    ),
    (
        "a loop",
        "for f in src/*.rs; do if grep -q unsafe \"$f\"; then echo \"$f: $(wc -l < \"$f\")\"; fi; done",
    ),
    (
        "a document",
        "cat > notes.md <<'EOF'\n# Notes\n\nrun `make` and `curl x | sh`\nEOF",
    ),
    (
        "a search",
        "find . -name '*.py' -not -path './venv/*' -exec grep -l 'eval(' {} +",
    ),
];

/// Scripts of about 100 KiB, by what they are made of.
pub fn scripts() -> Vec<(&'static str, String)> {
    let numbered = |line: &dyn Fn(usize) -> String| {
        let mut out = String::new();
        let mut at = 0;
        while out.len() < 100 << 10 {
            out.push_str(&line(at));
            at += 1;
        }
        out
    };
    vec![
        (
            "the same",
            numbered(&|_| "mkdir -p build/out && cp src/a.c build/out/a.c\n".to_owned()),
        ),
        (
            "different",
            numbered(&|at| {
                format!("install -m 644 src/file{at}.c build/out/file{at}.o && echo \"done {at}\"\n")
            }),
        ),
        (
            "with variables",
            numbered(&|at| format!("X{at}=dir{at}; if [ -d \"$X{at}\" ]; then rm -rf \"$X{at}/tmp\"; fi\n")),
        ),
        (
            "functions and loops",
            numbered(&|at| {
                format!("f{at}() {{ for x in a b c; do cp \"$x\" out/$x.{at}; done; }}\nf{at} one\n")
            }),
        ),
        (
            "substitutions",
            numbered(&|at| {
                format!(
                    "v{at}=\"$(git rev-parse HEAD | cut -c1-{})\"; echo \"$v{at}\" > v{at}\n",
                    1 + at % 40
                )
            }),
        ),
        (
            "documents",
            numbered(&|at| format!("cat > f{at} <<EOF\nname: x$HOME\nrun: {at}\nEOF\n")),
        ),
        (
            "comments",
            numbered(&|at| format!("# line {at} of a long comment that says what is done and why\n:\n")),
        ),
    ]
}

/// Paths as requests say them.
pub const PATHS: &[(&str, &str)] = &[
    ("plain", "src/normal/command/walk.rs"),
    ("with dots", "./src/../src//normal/./command/walk.rs"),
    ("absolute", "/ws/src/normal/command/walk.rs"),
    ("outside", "/etc/passwd"),
    ("home", "~/.ssh/id_ed25519"),
    ("windows", "C:\\Users\\me\\src\\..\\a.txt. "),
    ("unicode", "docs/re\u{301}sume\u{301}.md"),
];

/// URLs as requests say them.
pub const URLS: &[(&str, &str)] = &[
    ("plain", "https://example.com/a/b?c=d"),
    ("odd", "HTTPS://user:pass@EXAMPLE.com:443/a/../b/%2e/%41?x#y"),
    ("address", "http://0x7f.1:8080/"),
    ("unicode", "https://b\u{fc}cher.example/\u{e9}"),
];

/// A unified diff of about 100 KiB over many files.
pub fn patch() -> String {
    let mut out = String::new();
    let mut at = 0;
    while out.len() < 100 << 10 {
        out.push_str(&format!(
            "diff --git a/src/f{at}.rs b/src/f{at}.rs\nindex 1234567..89abcde 100644\n--- a/src/f{at}.rs\n+++ b/src/f{at}.rs\n@@ -1,3 +1,3 @@\n fn main() {{\n-    old({at});\n+    new({at});\n }}\n"
        ));
        at += 1;
    }
    out
}

//! Bash as the judge: what it refuses, what it accepts, and which files its programs touch. Where a judge is not
//! installed the test says so and judges nothing.

#![allow(
    clippy::disallowed_methods,
    reason = "a test that asks programs and looks at what they did"
)]

use std::process::{Command, Stdio};

use super::super::table::Programs;
use super::super::{budget::Budget, shell};
use super::*;

fn installed(program: &str) -> bool {
    let version = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}

fn bash_accepts(text: &str) -> bool {
    let output = Command::new("bash")
        .args(["-n", "-c", text])
        .stdin(Stdio::null())
        .output();
    output.is_ok_and(|output| {
        output.status.success() && !String::from_utf8_lossy(&output.stderr).contains("syntax error")
    })
}

fn we_accept(text: &str) -> bool {
    shell::parse(text, &mut Budget::new()).is_ok()
}

/// What bash accepts and we refuse is opaque: safe, and rare. What we accept and bash refuses never runs. Both are
/// counted; only too many of the first are an error.
fn compare(texts: impl Iterator<Item = String>) -> (usize, Vec<String>, Vec<String>) {
    let (mut count, mut refused, mut accepted) = (0, Vec::new(), Vec::new());
    for text in texts {
        count += 1;
        match (bash_accepts(&text), we_accept(&text)) {
            (true, false) => refused.push(text),
            (false, true) => accepted.push(text),
            _ => {}
        }
    }
    (count, refused, accepted)
}

pub(super) fn corpus() -> impl Iterator<Item = String> {
    let texts = [
        include_str!("../../../../../spec/vectors/commands/dangerous.jsonl"),
        include_str!("../../../../../spec/vectors/commands/benign.jsonl"),
    ];
    texts.into_iter().flat_map(str::lines).filter_map(|line| {
        let json: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(json["command"].as_str()?.to_owned())
    })
}

#[test]
fn bash_accepts_what_we_accept() {
    if !installed("bash") {
        println!("bash is not installed: nothing was compared");
        return;
    }
    let (count, refused, accepted) = compare(corpus());
    println!(
        "corpora: {count} lines; refused by us alone: {refused:#?}; accepted by us alone: {accepted:#?}"
    );
    assert!(refused.is_empty() && accepted.len() <= 2);
    let (count, refused, accepted) = compare(generated(600));
    println!(
        "generated: {count} lines; refused by us alone: {refused:#?}; accepted by us alone: {accepted:#?}"
    );
    assert!(refused.len() * 20 <= count);
}

/// Short lines of pieces that fit together more often than not.
fn generated(count: usize) -> impl Iterator<Item = String> {
    const PIECES: &[&str] = &[
        "echo a",
        "ls",
        " ; ",
        " && ",
        " | ",
        "\n",
        "(",
        ")",
        "{ ",
        "; }",
        "if true; then ",
        "; fi",
        "$(",
        ")",
        "\"",
        "'",
        "`",
        "${x:-a}",
        "x=1 ",
        " > f",
        " 2>&1",
        "<<E\nb\nE\n",
        "[[ -n a ]]",
        "((1))",
        "$((1+1))",
        " & ",
        "for i in a; do ",
        "; done",
        "case a in a) ",
        ";; esac",
        "f() { ",
        "#c",
        "!",
        " ",
        "\\\n",
        "<(ls)",
        "a[1]=b",
        "$'x'",
        "&>f",
        "<<<a",
        "|&",
        "while ",
        "; do ",
        "time ",
        "~",
        "{a,b}",
        "esac",
        "done",
        "]]",
    ];
    let mut next = dice(0x9e37_79b9_7f4a_7c15);
    (0..count).map(move |_| (0..1 + next(7)).map(|_| PIECES[next(PIECES.len())]).collect())
}

/// The same numbers each time, each below the one that is asked for.
fn dice(mut seed: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap_or(0)
    }
}

/// Scripts that a shell accepts: commands in what can hold commands, several deep.
pub(super) fn scripts(count: usize) -> impl Iterator<Item = String> {
    let mut next = dice(0x2545_f491_4f6c_dd1d);
    (0..count).map(move |_| {
        let depth = 1 + next(4);
        script(&mut next, depth)
    })
}

/// Programs in what a word can be spelt like.
const COMMANDS: &[&str] = &[
    "one a",
    "two 'b c'",
    "three \"$x\"",
    "'four' d",
    "fi\"ve\"",
    "\\six e",
    "./seven f",
    "/bin/eight",
    "X=1 nine",
    "ten > out",
    "2>&1 eleven",
    "twelve <<< word",
    "thirteen &> log",
    "fourteen {a,b}",
    "fifteen *.c",
    "sixteen # end",
    "seventeen ~/x",
    "eighteen a\\\nb",
    "nineteen ${x%y} ${#z}",
    "twenty $((1 + 2))",
];
/// What can hold a script, which stands where the `%` is.
const HOLDERS: &[&str] = &[
    "{ %\n}",
    "(%\n)",
    "if %\nthen %\nelse %\nfi",
    "while %\ndo %\ndone",
    "until %\ndo :; done",
    "for i in $(%\n) b; do %\ndone",
    "for ((i = $(%\n); i < 1; i++)); do %\ndone",
    "case $(%\n) in a | $(%\n)) %\n;; *) %\n;& esac",
    "echo $(%\n)",
    "echo \"a $(%\n) b\"",
    "echo `%`",
    "cat <(%\n)",
    "tee >(%\n)",
    "x=$(%\n)",
    "x=(a $(%\n))",
    "x[$(%\n)]=1",
    "export X=$(%\n)",
    "echo ${x:-$(%\n)} ${y:+\"$(%\n)\"} ${z/$(%\n)/b}",
    "echo $(( $(%\n) + 1 ))",
    "(( $(%\n) ))",
    "[[ -n $(%\n) && a == $(%\n) ]]",
    "% | %",
    "% && %",
    "% || %",
    "% & %",
    "! %",
    "time %",
    "%\n%",
    "%; %",
    "coproc %",
    "f() { %\n}; f",
    "function g { %\n}\ng",
    "cat <<E\n$(%\n)\nE\n",
    "cat <<-E\n\t`%`\n\tE\n",
    "cat <<'E'\n$(%\n)\nE\n",
    "echo > $(%\n)",
    "echo < <(%\n)",
    "{ %\n} > \"$(%\n)\" 2>&1",
    "select i in a; do %\ndone",
    "X=$(%\n) env",
    "echo \"${x:=`%`}\"",
];

fn script(next: &mut impl FnMut(usize) -> usize, depth: usize) -> String {
    if depth == 0 {
        return COMMANDS[next(COMMANDS.len())].to_owned();
    }
    let holder = HOLDERS[next(HOLDERS.len())];
    let mut parts = holder.split('%');
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let deeper = next(depth);
        let inner = script(next, deeper);
        // Backticks in backticks, and comments before a bracket, would end what holds them.
        let ends = holder.contains('`') || part.starts_with([' ', ';']) && inner.contains('#');
        out.push_str(if ends { "one a" } else { &inner });
        out.push_str(part);
    }
    out
}

/// Whether the judge must be there: where the whole check runs, a missing one is no excuse.
fn demanded() -> bool {
    std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false")
}

/// Says that nothing was judged, as loudly as a test can, or fails where that may not be.
fn nothing_traced(why: &str) {
    assert!(!demanded(), "{why}: nothing was traced");
    println!("NOTHING WAS TRACED: {why}");
}

/// Harmless commands in a scratch folder: each file there that the system saw read, written or deleted, and each address
/// that it saw connected to, is within the facts.
#[test]
fn what_the_system_sees_is_within_the_facts() {
    if !installed("strace") || !installed("bash") {
        return nothing_traced("strace or bash is not installed");
    }
    let scratch = std::env::temp_dir().join(format!("bailiwick-trace-{}", std::process::id()));
    let (mut traced, mut opaque, mut missed) = (0, 0, Vec::new());
    let mut programs = std::collections::BTreeSet::new();
    let mut absent = std::collections::BTreeSet::new();
    for text in TRACED {
        let needed = needed(text);
        if let Some(program) = needed.iter().find(|program| !on_path(program)) {
            absent.insert((*program).to_owned());
            continue;
        }
        prepare(&scratch);
        let root = scratch.join("ws");
        let root = root.to_str().expect("a scratch folder has a plain name");
        let Some(touched) = trace(text, root) else {
            let _ = std::fs::remove_dir_all(&scratch);
            return nothing_traced("strace cannot trace here");
        };
        traced += 1;
        programs.extend(needed);
        let reading = reading(text, root);
        opaque += usize::from(reading.opaque);
        let unseen = touched
            .iter()
            .filter(|(kind, path)| !reading.opaque && !within(&reading, kind, path));
        missed.extend(unseen.map(|(kind, path)| format!("{text:?}: {kind} {path}")));
    }
    println!(
        "{traced} commands of {} programs were traced, {opaque} of them opaque; not installed: {absent:?}",
        programs.len()
    );
    let _ = std::fs::remove_dir_all(&scratch);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert!(60 < traced && opaque * 10 < traced);
}

/// A scratch folder as each command finds it.
fn prepare(scratch: &std::path::Path) {
    let _ = std::fs::remove_dir_all(scratch);
    let folder = scratch.join("ws/d");
    std::fs::create_dir_all(&folder).expect("a scratch folder can be made");
    for name in ["ws/a", "ws/b", "ws/d/c"] {
        std::fs::write(scratch.join(name), "one\ntwo\n").expect("a scratch file can be written");
    }
}

fn reading(text: &str, root: &str) -> Reading {
    let places = Places {
        root: Some(root),
        ..Places::default()
    };
    read(&Call {
        line: Some(text),
        places,
        ..Call::default()
    })
}

/// The programs of a line that the table lists and that are no builtins: what has to be there for it to do anything.
fn needed(text: &str) -> Vec<String> {
    let listed = |name: &String| Programs::builtin().row(name).is_some_and(|row| !row.builtin);
    let reading = reading(text, "/ws");
    let runs = reading.effects.iter().filter(|seen| seen.kind == "command.run");
    runs.filter_map(|seen| fact(seen, "program"))
        .filter(listed)
        .collect()
}

fn on_path(program: &str) -> bool {
    let builtin = ["echo", "printf", "pwd", "test", "[", "true", "kill"];
    let folders = ["/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/local/bin"];
    builtin.contains(&program)
        || folders
            .iter()
            .any(|folder| std::path::Path::new(folder).join(program).exists())
}

const TRACED: &[&str] = &[
    "echo x > new",
    "echo x >> a",
    "cat a b > new",
    "rm a",
    "rm -rf d",
    "mv a z",
    "mv a b d",
    "mv a d",
    "cp a z",
    "cp a d",
    "cp -r d e",
    "cp a b d/",
    "cp -t d a",
    "ln -s a link",
    "ln a hard",
    "ln d/c",
    "touch new d/new",
    "mkdir -p x/y/z",
    "rmdir d || rm d/c && rmdir d",
    "truncate -s 1 a",
    "dd if=a of=copy bs=1 count=1",
    "tee x y < a",
    "sed -i s/one/1/ a d/c",
    "sed -i.bak s/one/1/ a",
    "sed -n 'w out' a",
    "sort -o sorted a",
    "split -l 1 a part",
    "tar cf x.tar a d",
    "tar cf x.tar a && rm a && tar xf x.tar",
    "tar czf x.tgz d; tar xzf x.tgz -C d",
    "gzip a",
    "gzip -k a && gunzip -f a.gz",
    "find . -name c -delete",
    "find . -type f -exec rm {} +",
    "find . -name a -fprint list",
    "cd d && rm c",
    "cd d; echo x > y",
    "(cd d && echo x > y); echo z > w",
    "cd nowhere; rm a",
    "install -m 600 a i",
    "install -d newdir",
    "chmod 600 a",
    "for f in a b; do rm $f; done",
    "for f in *; do test -f $f && rm $f; done",
    "f() { echo x > \"$1\"; }; f out",
    "X=out; echo x > $X",
    "bash -c 'rm \"$1\"' _ a",
    "echo 'rm a' | sh",
    "echo 'rm a' > s; sh s",
    "printf '%s\\n' a b | xargs rm",
    "ls | grep -x a | xargs -I{} mv {} {}.old",
    "env X=1 rm a",
    "timeout 5 rm a",
    "awk '{print > \"out\"}' a",
    "perl -pi -e s/one/1/ a",
    "diff a b > diff.txt; true",
    "git init -q repo",
    "patch a <<'E'\n--- a\n+++ a\n@@ -1,2 +1,2 @@\n-one\n+1\n two\nE",
    "exec 3> three; echo x >&3",
    "{ echo a; echo b; } > both",
    "unlink a",
    "shred -u a",
    "ls *.none 2> err; true",
    "eval 'echo x > y'",
    "base64 a > b64",
    "cat <<E > doc\n$(echo x > side)\nE",
    "cat < a",
    "head -n 1 a b",
    "tail -c 3 d/c",
    "tac a",
    "nl a",
    "rev a",
    "od -c a",
    "od -A x -t x1 a",
    "hexdump -C a",
    "xxd a",
    "xxd a dump",
    "strings a",
    "wc -l a b",
    "wc --files0-from=- < /dev/null",
    "md5sum a b > sums; md5sum -c sums",
    "sha256sum a",
    "cksum a",
    "stat a",
    "ls -la d",
    "du -sh .",
    "file a",
    "grep one a",
    "grep -r one .",
    "grep -f a b",
    "grep -c one a d/c > counts",
    "egrep -n 'one|two' a",
    "sort -u a b",
    "sort a -o a",
    "sort --output=sorted a b",
    "uniq a uniqued",
    "cut -c1 a",
    "tr a-z A-Z < a > up",
    "paste a b",
    "join a b",
    "comm a b",
    "fold -w 2 a",
    "fmt a",
    "pr a",
    "expand a",
    "column -t a",
    "diff -u a b",
    "diff -r d .",
    "cmp a b",
    "sdiff a b",
    "split -n 2 a part",
    "csplit a 2",
    "shuf -n 1 a -o s",
    "tsort a",
    "iconv -f utf8 -t latin1 -o l a",
    "base32 a",
    "base64 -d < a > decoded; true",
    "cp -a d e",
    "cp -rT d e",
    "cp -u a b",
    "cp --backup=simple a b",
    "cp -l a hard",
    "cp -s $PWD/a soft",
    "mv -T a z",
    "mv --backup a b",
    "mv -n a b d",
    "ln -sf a b",
    "ln -st d ../a",
    "touch -r a b",
    "touch -c none",
    "mkdir m && rmdir m",
    "mkdir -m 700 m",
    "mkfifo pipe",
    "mktemp -p . x.XXXX",
    "truncate -r a b",
    "fallocate -l 10 f",
    "dd if=a of=a conv=notrunc",
    "dd of=x < a",
    "tee -a a < b",
    "install -D a deep/er/a",
    "install -t d a b",
    "chmod -R g-w d",
    "chmod -x a",
    "chmod +x a && ./a; true",
    "chown $(id -u) a",
    "chgrp $(id -g) a",
    "setfacl -m u::rw a; true",
    "chattr +d a; true",
    "getfacl a",
    "shred -n 1 a",
    "rm -f a b none",
    "rm -r d",
    "find . -type f -exec grep -l one {} +",
    "find . -name c -exec cp {} . \\;",
    "find . -name c -execdir mv {} e \\;",
    "find . -newer a -fprintf out '%p'",
    "find d -depth -delete",
    "xargs -a a touch",
    "xargs -n1 rm < a; true",
    "echo a b | xargs -n1 -P2 cat",
    "ls | xargs -I% cp -r % %.bak",
    "bzip2 a",
    "bzip2 -k a && bunzip2 -c a.bz2",
    "xz a && unxz a.xz",
    "gzip -c a > c.gz && zcat c.gz && gzip -t c.gz",
    "gzip -S .z a",
    "zstd -q a; true",
    "zip -q x.zip a b && unzip -q -o x.zip -d out",
    "zip -qm x.zip a",
    "tar cf - a b | tar xf - -C d",
    "tar -C d -cf x.tar c",
    "tar cf x.tar -C d c && tar tf x.tar",
    "tar rf x.tar a; tar uf x.tar b",
    "tar czf x.tgz a --remove-files",
    "tar cf x.tar a && tar xOf x.tar",
    "cpio -o > x.cpio < a; true",
    "ar rc lib.a a b",
    "sed 's/one/1/;w out' a",
    "sed -n '/two/p' a b",
    "sed -i 1d a b",
    "sed -n '$=' d/c",
    "sed -e 'r b' a",
    "sed '1e touch made' a",
    "awk 'BEGIN { getline x < \"b\"; print x }'",
    "awk 'BEGIN { system(\"touch made\") }'",
    "awk '{ print $1 | \"cat > out\" }' a; true",
    "awk -f a b; true",
    "perl -ne print a",
    "perl -i.bak -pe s/one/1/ a d/c",
    "perl -e 'print 1'",
    "python3 -c 'print(1)'",
    "python3 -c 'print(open(\"a\").read())'",
    "python3 -m json.tool < a; true",
    "python3 -m zipfile -c x.zip a",
    "python3 -m tarfile -c x.tar a; python3 -m tarfile -e x.tar d",
    "node -e 'console.log(1)'",
    "node -e 'console.log(require(\"fs\").readFileSync(\"a\",\"utf8\"))'",
    "bc < a",
    "jq . a; true",
    "jq -R . a > j",
    "patch -o out a b; true",
    "patch -p0 <<'E'\n--- d/c\n+++ d/c\n@@ -1,2 +1,2 @@\n-one\n+1\n two\nE",
    "ed -s a <<< $'1d\\nw'",
    "openssl dgst -sha256 a",
    "openssl enc -base64 -in a -out e",
    "openssl rand -out r 8",
    "ssh-keygen -q -t ed25519 -N '' -f key",
    "gpg --version",
    "git init -q r && cd r && git config user.name x && git status",
    "git init -q && git add a && git -c user.name=x -c user.email=x@x commit -qm x && git rm -q a",
    "git init -q && git add . && git mv a z",
    "git init -q && git add . && git clean -fdx",
    "git init -q && git add a && echo x > a && git checkout -- a",
    "git init -q && git add a b && echo x > a && git restore a && git stash list",
    "git diff --no-index a b; true",
    "git init -q && git config core.editor true && git remote add o /x",
    "git init -q && git add a && git -c user.name=x -c user.email=x@x commit -qm x && git archive -o x.tar HEAD && git bundle create x.bundle HEAD",
    "git init -q && git add a && git -c user.name=x -c user.email=x@x commit -qm x && git clone -q . copy",
    "git init -q && git add a && git -c user.name=x -c user.email=x@x commit -qm x && git worktree add -q wt && git tag v1 && git branch y",
    "git init -q && echo x > a && git hash-object a && git apply --check a; true",
    "nice -n 1 touch made",
    "nohup touch made",
    "setsid touch made",
    "stdbuf -o0 touch made",
    "time touch made",
    "flock lock touch made",
    "env -C d touch made",
    "env -S 'touch made'",
    "timeout -k 1 5 touch made",
    "ionice touch made",
    "taskset -c 0 touch made",
    "script -qc 'touch made' log",
    "watch -g -n 0.1 date; true",
    "sh -c 'touch \"$0\" \"$1\"' x y",
    "bash -s x <<< 'touch \"$1\"'",
    "dash -c 'rm a'",
    "busybox rm a",
    ". ./a; true",
    "cd d && { touch x; cd ..; touch y; }",
    "pushd d > /dev/null && touch x && popd > /dev/null && touch y",
    "cd d && (cd .. && touch x); touch y",
    "cd d/.. && touch x",
    "mkdir -p k && cd $_ ; touch x",
    "x=d; cd $x; touch y",
    "exec > log; echo x; touch made",
    "echo x > d/../p",
    "echo x >| a; echo y &>> b",
    "echo x 1<> a",
    "read -r x < a; echo $x > b",
    "mapfile -t x < a; touch \"${x[@]}\"",
    "while read -r x; do touch $x; done < a",
    "for x in {p,q}{1,2}; do touch $x; done",
    "touch {x,y}/z 2> err; true",
    "cat <(cat a) > out",
    "cat a | tee >(cat > side) > main; sleep 0.1",
    "coproc cat a; wait",
    "touch $'n\\x61me' \"sp ace\"",
    "touch \"$(echo made)\" `echo also`",
    "touch $((1 + 1)) ${none:-default}",
    "eval touch 'x;' touch y",
    "trap 'touch made' EXIT",
    "make -f /dev/null; true",
    "gcc -x c -o prog - <<< 'int main(){return 0;}' && ./prog",
    "gcc -c -x c a; true",
    "cc --version",
    "strip --version",
    "curl -s http://127.0.0.1:9/; true",
    "curl -so out 127.0.0.1:9; true",
    "curl -s -x http://127.0.0.1:9 http://example.invalid/; true",
    "curl -s --connect-to ::127.0.0.1:9 http://example.invalid/; true",
    "curl -s --resolve example.invalid:9:127.0.0.1 http://example.invalid:9/; true",
    "curl -s -d @a -H @b http://127.1:9/; true",
    "curl -s -T a http://2130706433:9/; true",
    "curl -s -F f=@a -b b -c jar http://0x7f.1:9/; true",
    "http_proxy=http://127.0.0.1:9 curl -s http://example.invalid; true",
    "curl -s file://$PWD/a -o z",
    "wget -qO- -t 1 http://127.0.0.1:9/; true",
    "wget -q -t 1 http://127.0.0.1:9/x.tgz; true",
    "wget -q -t 1 --post-file=a http://127.0.0.1:9/; true",
    "nc -z 127.0.0.1 9; true",
    "nc -w 1 127.0.0.1 9 < a; true",
    "echo x > /dev/tcp/127.0.0.1/9; true",
    "exec 3<>/dev/tcp/127.0.0.1/9; true",
    "(cat < /dev/tcp/127.0.0.1/9) 2> err; true",
    "ssh -o BatchMode=yes -o ConnectTimeout=1 -p 9 127.0.0.1 true; true",
    "scp -o BatchMode=yes -P 9 a 127.0.0.1:; true",
    "sftp -o BatchMode=yes -P 9 127.0.0.1; true",
    "ssh-keyscan -T 1 -p 9 127.0.0.1; true",
    "rsync -q a rsync://127.0.0.1:9/x/; true",
    "rsync -a d/ e/",
    "rsync -a --delete d/ .; true",
    "git ls-remote http://127.0.0.1:9/x.git; true",
    "git clone -q http://127.0.0.1:9/x.git; true",
    "git clone -q git://127.0.0.1:9/x.git y; true",
    "openssl s_client -connect 127.0.0.1:9 < /dev/null; true",
    "telnet 127.0.0.1 9 < /dev/null; true",
    "python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", 9))'; true",
    "perl -MIO::Socket::INET -e 'IO::Socket::INET->new(\"127.0.0.1:9\")'",
    "psql -h 127.0.0.1 -p 9 -c 'select 1'; true",
    "redis-cli -h 127.0.0.1 -p 9 ping; true",
    "sqlite3 x.db 'create table t(x)'; sqlite3 x.db 'select * from t'",
    "ping -c 1 -W 1 127.0.0.1; true",
];

/// What a command reads, writes and deletes below a folder, and the addresses that it connects to, as the kernel saw it.
fn trace(text: &str, root: &str) -> Option<Vec<(&'static str, String)>> {
    let log = format!("{root}.trace");
    let calls = "trace=openat,open,creat,unlink,unlinkat,rmdir,rename,renameat,renameat2,truncate,mkdir,mkdirat,link,linkat,symlink,symlinkat,chdir,fchdir,connect,sendto";
    let status = Command::new("strace")
        .args([
            "-f", "-y", "-qq", "-s", "4096", "-e", calls, "-o", &log, "bash", "-c", text,
        ])
        .current_dir(root)
        // Nobody's settings, and no proxy but the one that a line names.
        .env("HOME", format!("{root}.home"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("http_proxy")
        .env_remove("https_proxy")
        .env_remove("HTTP_PROXY")
        .env_remove("HTTPS_PROXY")
        .env_remove("ALL_PROXY")
        .env_remove("all_proxy")
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    let text = std::fs::read_to_string(&log).ok()?;
    if text.is_empty() && !status.success() {
        return None;
    }
    Some(touches(&text, root))
}

fn touches(log: &str, root: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut directories = std::collections::BTreeMap::<String, String>::new();
    for line in log.lines() {
        let (process, call) = line.split_once(' ').unwrap_or(("", line));
        let call = call.trim_start();
        // An address counts whether or not somebody answers there.
        if call.starts_with("connect(") || call.starts_with("sendto(") {
            found.extend(address(call).map(|address| ("network.connect", address)));
            continue;
        }
        if line.contains(" = -1 ") || line.contains("<unfinished") {
            continue;
        }
        let name = call.split('(').next().unwrap_or("");
        let paths: Vec<&str> = call.split('"').skip(1).step_by(2).collect();
        // `-y` shows the directory that a relative path is relative to, where the call names one.
        let standing = directories
            .get(process)
            .cloned()
            .unwrap_or_else(|| root.to_owned());
        // What stands before a path says where it is relative to: of links and renames each has its own.
        let bases: Vec<&str> = call
            .split('"')
            .step_by(2)
            .map(|before| {
                let named = before.split('<').nth(1).and_then(|rest| rest.split('>').next());
                named.unwrap_or(&standing)
            })
            .collect();
        let base = bases.first().copied().unwrap_or(&standing);
        if name == "fchdir" {
            directories.insert(process.to_owned(), base.to_owned());
            continue;
        }
        if name == "chdir" {
            let to = paths.first().copied().unwrap_or("");
            let to = if to.starts_with('/') {
                to.to_owned()
            } else {
                format!("{standing}/{to}")
            };
            directories.insert(process.to_owned(), to);
            continue;
        }
        let kinds: &[&'static str] = match name {
            "openat" | "open"
                if ["O_WRONLY", "O_RDWR", "O_CREAT"]
                    .iter()
                    .any(|flag| call.contains(flag)) =>
            {
                &["file.write"]
            }
            // A folder that is opened to list it is no file that is read.
            "openat" | "open" if !call.contains("O_DIRECTORY") && !call.contains("O_PATH") => &["file.read"],
            "creat" | "truncate" | "mkdir" | "mkdirat" => &["file.write"],
            "link" | "linkat" | "symlink" | "symlinkat" => &["", "file.write"],
            "unlink" | "unlinkat" | "rmdir" => &["file.delete"],
            "rename" | "renameat" | "renameat2" => &["file.delete", "file.write"],
            _ => &[],
        };
        let each = kinds.iter().zip(paths.iter().zip(&bases));
        for (kind, (path, base)) in each.filter(|(kind, _)| !kind.is_empty()) {
            let path = resolved(base, path);
            let below = path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
            // What git keeps for itself is what a repository is; what it obeys is named.
            let kept =
                path.contains("/.git/") && !path.ends_with("/.git/config") && !path.contains("/.git/hooks/");
            let listed = *kind == "file.read" && std::path::Path::new(&path).is_dir();
            if below && !kept && !listed {
                found.push((*kind, path));
            }
        }
    }
    // Temporary files that a program makes and takes away again are its own affair.
    let gone: Vec<String> = found
        .iter()
        .filter(|(kind, _)| *kind == "file.delete")
        .map(|(_, path)| path.clone())
        .collect();
    let made: Vec<String> = found
        .iter()
        .filter(|(kind, _)| *kind == "file.write")
        .map(|(_, path)| path.clone())
        .collect();
    found.retain(|(_, path)| {
        !(gone.contains(path)
            && made.contains(path)
            && made.iter().position(|made| made == path) < Some(made.len()))
            || path.ends_with("/a")
            || path.ends_with("/c")
    });
    found
}

/// An absolute path without dots.
fn resolved(base: &str, path: &str) -> String {
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{base}/{path}")
    };
    let mut names: Vec<&str> = Vec::new();
    for name in whole.split('/').filter(|name| !matches!(*name, "" | ".")) {
        match name {
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    format!("/{}", names.join("/"))
}

/// The address of a call on a socket of the internet.
fn address(call: &str) -> Option<String> {
    let quoted = |mark: &str| call.split(mark).nth(1)?.split('"').next().map(str::to_owned);
    // A port of nothing is how programs ask which of their own addresses they would use, and 53 is the resolver.
    let port = call.split("htons(").nth(1)?.split(')').next()?;
    if matches!(port, "0" | "53") {
        return None;
    }
    quoted("inet_addr(\"").or_else(|| quoted("inet_pton(AF_INET6, \""))
}

/// Whether an effect of the kind covers a path. A write of a file that is deleted first is a write all the same.
fn within(reading: &Reading, kind: &str, path: &str) -> bool {
    if kind == "network.connect" {
        return reading.effects.iter().any(|seen| {
            let host = fact(seen, "host");
            // Names are resolved somewhere, and an unknown host may be any.
            seen.kind == kind
                && host.is_none_or(|host| host == path || host == "localhost" || host.ends_with(".invalid"))
        });
    }
    // What a program that runs code opens to do so is not in the line.
    if kind == "file.read"
        && reading
            .effects
            .iter()
            .any(|seen| fact(seen, "runs_code").as_deref() == Some("true"))
    {
        return true;
    }
    reading.effects.iter().any(|seen| {
        let moves = seen.kind == "file.move";
        // Programs replace a file by deleting it: that is what writing it means.
        // Who writes a file may read it first.
        let same = seen.kind == kind
            || (kind == "file.delete" && seen.kind == "file.write")
            || (kind == "file.read" && (seen.kind == "file.write" || seen.kind == "file.delete"))
            || moves;
        same && covers(seen, path, "path", moves) || (moves && covers(seen, path, "destination", true))
    })
}

fn covers(seen: &Seen, path: &str, name: &str, below: bool) -> bool {
    let Some(known) = fact(seen, name) else {
        return true;
    };
    let path = path.split("/ws/").nth(1).unwrap_or(".");
    let deep = below || fact(seen, "recursive").as_deref() != Some("false");
    // Making `x/y/z` makes the folders above it.
    known == path
        || (deep && (known == "." || path.starts_with(&format!("{known}/"))))
        || known.starts_with(&format!("{path}/"))
}

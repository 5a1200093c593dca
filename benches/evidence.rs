//! How fast texts are redacted, as ratios within this one run to copying the text and to looking for one byte in it; and how
//! many audit entries are appended in a second, with and without waiting for the disk, one by one and in batches.
#![allow(missing_docs)] // the macros of criterion make functions without
#![allow(clippy::disallowed_methods)] // a benchmark reads the clock and writes files

use std::hint::black_box;
use std::time::{Duration, Instant};

use bailiwick::parts::Sink;
use bailiwick::parts::audit::{Chain, Event, Scope};
use bailiwick::redact;
use bailiwick_audit_log::{AuditLog, Durability, Options, verify};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const MEGABYTE: usize = 1 << 20;

/// A megabyte of lines of a kind.
fn megabyte(line: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(MEGABYTE + 1024);
    for number in 0.. {
        text.push_str(&line(number));
        text.push('\n');
        // Blocks are not what is measured.
        if number % 20 == 0 {
            text.push('\n');
        }
        if MEGABYTE <= text.len() {
            break;
        }
    }
    text
}

fn texts() -> Vec<(&'static str, String)> {
    let log = |n: usize| {
        format!(
            "2026-11-20T10:00:{:02}.{:03}Z INFO shop::cart request_id={n:032x} added {n} items in 12 ms",
            n % 60,
            n % 1000
        )
    };
    let code = |n: usize| {
        format!(
            "    let total_{n} = cart.items().iter().map(|item| item.price * item.count).sum::<u64>(); // step {n}"
        )
    };
    let prose = |n: usize| {
        format!(
            "In step {n} the service reads what the customer has chosen, asks the warehouse, and waits for the answer."
        )
    };
    let base64 = |n: usize| format!("{:x}", n as u128 * 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).repeat(3);
    let secrets = |n: usize| match n % 10 {
        0 => format!("export API_TOKEN=a{n:x}B2c3D4e5F6g7H8j9K{n:x}"),
        5 => format!("mail to user{n}@example.org about http://wiki.internal/{n}"),
        _ => log(n),
    };
    vec![
        ("log", megabyte(log)),
        ("code", megabyte(code)),
        ("prose", megabyte(prose)),
        ("hexadecimal", megabyte(base64)),
        ("log, each fifth line with a finding", megabyte(secrets)),
    ]
}

fn redaction(criterion: &mut Criterion) {
    let texts = texts();
    let mut group = criterion.benchmark_group("redact");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(2))
        .warm_up_time(Duration::from_millis(300));
    let sink = Sink::everything("log_view");
    for (name, text) in &texts {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(*name, |bencher| {
            bencher.iter(|| redact(black_box(text), &sink).summary)
        });
    }
    group.finish();
    println!(
        "\n{:<38} {:>8} {:>10} {:>14} {:>9}",
        "redact", "MB/s", "x of copy", "x of one byte", "findings"
    );
    for (name, text) in &texts {
        let clean = best(|| drop(black_box(redact(black_box(text), &sink))));
        let copy = best(|| drop(black_box(black_box(text).clone())));
        let byte = best(|| {
            black_box(black_box(text).bytes().filter(|b| *b == b'@').count());
        });
        let speed = text.len() as f64 / clean / 1e6;
        let found: u64 = redact(text, &sink).summary.rules.values().sum();
        println!(
            "{name:<38} {speed:>8.0} {:>10.0} {:>14.1} {found:>9}",
            clean / copy,
            clean / byte
        );
    }
}

/// Seconds of the best of some.
fn best(mut work: impl FnMut()) -> f64 {
    let once = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    (0..12).map(|_| once(&mut work)).fold(f64::INFINITY, f64::min)
}

fn event(number: usize) -> Event {
    Event {
        audit_id: format!("aud_{number:026}"),
        tenant_id: Some("acme".to_owned()),
        actor_type: "agent".to_owned(),
        actor: "agent-worker-17".to_owned(),
        action: "tool.shell.exec".to_owned(),
        resource_type: "run".to_owned(),
        resource_id: Some(format!("run_{}", number % 100)),
        policy_version: Some("policy_2026_07_04_1".to_owned()),
        created_at: "2026-07-04T11:02:44+07:00".to_owned(),
        ..Event::default()
    }
}

fn appending(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("audit");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(1))
        .warm_up_time(Duration::from_millis(300));
    let mut chain = Chain::new();
    let mut number = 0;
    group.bench_function("the line of an entry, no file", |bencher| {
        bencher.iter(|| {
            number += 1;
            chain.append(event(number)).map(|line| line.len())
        });
    });
    group.finish();
    let folder = std::env::temp_dir().join(format!("bailiwick-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    println!("\n{:<44} {:>12}", "audit log", "entries/s");
    for (name, durability, batch, entries) in [
        ("synced, one by one", Durability::Synced, 1, 500),
        ("synced, in batches of 100", Durability::Synced, 100, 10_000),
        ("left to the system, one by one", Durability::System, 1, 20_000),
        (
            "left to the system, in batches of 100",
            Durability::System,
            100,
            50_000,
        ),
    ] {
        let path = folder.join(format!("{durability:?}-{batch}.jsonl"));
        let mut log = AuditLog::open(
            &path,
            Options {
                durability,
                ..Options::default()
            },
        )
        .expect("it opens");
        let start = Instant::now();
        for at in (0..entries).step_by(batch) {
            log.append((at..at + batch).map(event))
                .expect("it can be appended");
        }
        println!(
            "{name:<44} {:>12.0}",
            entries as f64 / start.elapsed().as_secs_f64()
        );
        let start = Instant::now();
        let sound = verify(&path, Scope::Whole, None).expect("it can be read");
        assert_eq!(sound.map(|sound| sound.entries), Ok(entries as u64));
        if durability == Durability::System && batch == 100 {
            println!(
                "{:<44} {:>12.0}",
                "verified",
                entries as f64 / start.elapsed().as_secs_f64()
            );
        }
    }
    drop(std::fs::remove_dir_all(&folder));
}

criterion_group!(benches, redaction, appending);
criterion_main!(benches);

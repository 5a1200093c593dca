//! Redaction at its front door: what goes, what stays, what it costs. The corpus is in `tests/corpus.rs`, where texts with secrets
//! are put together from parts, so that no scanner of a code host finds one in this repository.

mod corpus;

use proptest::prelude::*;

use super::*;
use rules::{Chars, Part, TOKENS, Token};

fn all() -> Sink {
    Sink::everything("model_context")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let clean = redact(text, &all());
    assert_eq!(clean.text, expected);
    let again = redact(&clean.text, &all());
    assert_eq!(again.text, expected, "a second time");
    assert!(again.summary.is_empty(), "a second time");
}

/// A token of a row of the table, as its issuer would make one.
fn made(token: &Token, start: &str, seed: u64) -> String {
    let mut text = start.to_owned();
    let mut state = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    for part in token.parts {
        match part {
            Part::Text(fixed) => text.push_str(fixed),
            Part::Run(chars, least, most) => {
                let length = (*least).max(4).min(*most);
                (0..length).for_each(|_| {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    text.push(one_of(*chars, state >> 33));
                });
            }
        }
    }
    text
}

fn one_of(chars: Chars, number: u64) -> char {
    const ALL: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let from: &[u8] = match chars {
        Chars::Digits => &ALL[..10],
        Chars::Hex => &ALL[..16],
        Chars::Lower => &ALL[..36],
        Chars::Upper => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        Chars::Alnum | Chars::Word | Chars::Base64 | Chars::Dotted => ALL,
    };
    char::from(from[(number % from.len() as u64) as usize])
}

#[test]
fn every_row_of_the_table_finds_what_it_describes() {
    for (row, token) in TOKENS.iter().enumerate() {
        let starts = if token.starts.is_empty() {
            &[""][..]
        } else {
            token.starts
        };
        for (at, start) in starts.iter().enumerate() {
            let secret = made(token, start, (row * 100 + at) as u64);
            for text in [
                format!("it is {secret}, they say"),
                format!("{{\"x\":\"line\\n{secret}\"}}"),
                format!("q=1%3D{secret}&b"),
                secret.clone(),
            ] {
                let clean = redact(&text, &all());
                assert!(!clean.text.contains(&secret), "{}: {text}", token.id);
                assert_eq!(
                    clean.summary.secret_like_tokens, 1,
                    "{}: {} of {text}",
                    token.id, clean.text
                );
                assert_eq!(redact(&clean.text, &all()).text, clean.text);
            }
        }
    }
}

#[test]
fn every_row_says_where_it_is_from() {
    for token in TOKENS {
        assert!(
            !token.origin.source.is_empty() && !token.origin.licence.is_empty(),
            "{}",
            token.id
        );
        assert!(
            token
                .id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        );
        assert!(
            token
                .starts
                .iter()
                .all(|start| 2 <= start.len() && start.is_ascii())
        );
    }
}

#[test]
fn what_goes_is_named_and_the_rest_stays() {
    check("nothing here", "nothing here");
    check("password = \"tr0ub4dor&3\"", "password = \"[redacted:password]\"");
    check(
        "export DB_PASSWORD=tr0ub4dor,3;x # c",
        "export DB_PASSWORD=[redacted:password] # c",
    );
    check(
        "{\"clientSecret\": \"9f3kd02kd92kfls0\"}",
        "{\"clientSecret\": \"[redacted:secret-assignment]\"}",
    );
    check(
        "{\\\"password\\\": \\\"tr0ub4dor\\\"}",
        "{\\\"password\\\": \\\"[redacted:password]\\\"}",
    );
    check(
        "<password>tr0ub4dor</password>",
        "<password>[redacted:password]</password>",
    );
    check(
        "curl -u ada:tr0ub4dor https://example.org",
        "curl -u ada:[redacted:password] https://example.org",
    );
    check(
        "mysql --password tr0ub4dor -h db",
        "mysql --password [redacted:password] -h db",
    );
    check(
        "machine h login ada password tr0ub4dor",
        "machine h login ada password [redacted:password]",
    );
    check(
        "postgres://shop:tr0ub4dor@db.example.org:5432/shop",
        "postgres://shop:[redacted:url-password]@db.example.org:5432/shop",
    );
    check(
        "see (http://wiki.internal/x), please",
        "see ([redacted:private-url]), please",
    );
    check("see http://10.1.2.3:8080/x.", "see [redacted:private-url].");
    check("see http://localhost:8080/x.", "see http://localhost:8080/x.");
    check("Ada <ada@example.org>", "Ada <[redacted:email-address]>");
    check(
        "git@github.com:acme/shop.git icon@2x.png a@b",
        "git@github.com:acme/shop.git icon@2x.png a@b",
    );
    let key = [
        "-----BEGIN RSA PRI",
        "VATE KEY-----\nMIIEow\nabc=\n-----END RSA PRI",
        "VATE KEY-----",
    ]
    .concat();
    check(&format!("a\n{key}\nb"), "a\n[redacted:private-key]\nb");
    let cut = ["-----BEGIN OPENSSH PRI", "VATE KEY-----\nb3BlbnNzaC1rZXk\nAAAA"].concat();
    check(&format!("{cut}\n(cut off)"), "[redacted:private-key]\n(cut off)");
}

#[test]
fn what_only_speaks_of_secrets_stays() {
    for text in [
        "password: string",
        "let token = get_token();",
        "token = os.environ[\"TOKEN\"]",
        "password=${DB_PASSWORD}",
        "password: {{ vault.db }}",
        "apiKey: process.env.API_KEY,",
        "max_tokens: 4096, next_page_token: abc123def456",
        "secretName: prod-db-credentials",
        "public_key = \"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\"",
        "the password is required and the token expired",
        "if password == \"tr0ub4dor\" {",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "id 123e4567-e89b-12d3-a456-426614174000",
        "tests pass: 12 fail: 3",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    ] {
        check(text, text);
    }
}

#[test]
fn long_blocks_keep_their_ends() {
    let sink = Sink::secrets("log_view").with_blocks(Blocks { over: 400, keep: 100 });
    let block = "one two three four five\n".repeat(40);
    let text = format!("first\n\n{block}\nlast\n");
    let clean = redact(&text, &sink);
    assert_eq!(clean.summary.large_blocks_removed, 1);
    assert!(
        clean
            .text
            .starts_with("first\n\none two three four five\none two"),
        "{}",
        clean.text
    );
    assert!(clean.text.ends_with("four five\n\nlast\n"), "{}", clean.text);
    assert!(clean.text.len() < 300);
    assert_eq!(redact(&clean.text, &sink).text, clean.text);
    let blob = "A1b2".repeat(1000);
    assert_eq!(redact(&blob, &sink).text, "[redacted:large-block 4000 bytes]");
}

#[test]
fn a_sink_takes_what_is_owed_for_it() {
    let text = "ada@example.org http://wiki.internal/ password='tr0ub4dor'";
    let owed = |names: &[&str]| {
        redact(text, &Sink::owed("pr_body", names.iter().copied()))
            .text
            .into_owned()
    };
    assert_eq!(owed(&["audit", "redact:log_view", "redact:pr_bodyguard"]), text);
    assert_eq!(
        owed(&["redact:pr_body/email_addresses"]),
        text.replace("ada@example.org", "[redacted:email-address]")
    );
    let everything = owed(&["redact"]);
    assert_eq!(owed(&["redact:pr_body"]), everything);
    // A later version may know more; what this one does not know is everything.
    assert_eq!(owed(&["redact:pr_body/phone_numbers"]), everything);
    assert!(!everything.contains("wiki") && !everything.contains("ada") && !everything.contains("tr0"));
    let blocks = |names: &[&str]| Sink::owed("x", names.iter().copied()).blocks();
    let least = Blocks { over: 1000, keep: 20 };
    assert_eq!(
        blocks(&["redact:x/large_blocks/1000/500", "redact:x/large_blocks/4000/20"]),
        Some(least)
    );
}

#[test]
fn values_are_redacted_by_their_keys() {
    let mut value = serde_json::json!({
        "argv": ["psql", "--password", "tr0ub4dor", "-h", "db"],
        "headers": {"X-Api-Key": "a8f7d6e5c4b3a291", "accept": "a8f7d6e5c4b3a291"},
        "secret": "prod/db-2", "number": 7, "password": "short1",
    });
    let summary = redact_json(&mut value, &all());
    assert_eq!(
        value,
        serde_json::json!({
            "argv": ["psql", "--password", "[redacted:password]", "-h", "db"],
            "headers": {"X-Api-Key": "[redacted:secret-assignment]", "accept": "a8f7d6e5c4b3a291"},
            "secret": "prod/db-2", "number": 7, "password": "[redacted:password]",
        })
    );
    assert_eq!(summary.secret_like_tokens, 3);
    assert!(redact_json(&mut value, &all()).is_empty());
}

/// Pieces that are next to nothing alone and much side by side.
fn pieces() -> Vec<String> {
    let mut pieces: Vec<String> = [
        "password",
        "token",
        "api_key",
        "=",
        ":",
        " ",
        "\"",
        "'",
        "\\\"",
        "\\n",
        "\n",
        "\n\n",
        "@",
        "://",
        "/",
        ".",
        "-",
        "---",
        "-----",
        "BEGIN ",
        "END ",
        "RSA ",
        "PRIVATE ",
        "KEY",
        "http",
        "postgres",
        "user",
        "10.0.0.1",
        "db.internal",
        "example.org",
        "Bearer",
        "--password",
        "-u",
        "[redacted:",
        "]",
        "[redacted:password]",
        "%3D",
        "eyJ",
        "A1b2C3d4",
        "x",
        "<",
        ">",
        "</",
        "$",
        "{",
        "é",
        "—",
        "\u{feff}",
        "machine h login a password",
        "Zz9",
        "_",
        ",",
        ";",
        "&",
        "16 bytes long 99!",
    ]
    .map(str::to_owned)
    .to_vec();
    pieces.extend(
        TOKENS
            .iter()
            .enumerate()
            .map(|(at, row)| made(row, row.starts.first().unwrap_or(&""), at as u64)),
    );
    pieces.extend(
        TOKENS
            .iter()
            .filter_map(|row| row.starts.first())
            .map(|start| (*start).to_owned()),
    );
    pieces
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn redacting_twice_is_redacting_once(parts in proptest::collection::vec(proptest::sample::select(pieces()), 0..24)) {
        let text = parts.concat();
        let small = all().with_blocks(Blocks { over: 160, keep: 24 });
        for sink in [all(), Sink::secrets("x"), Sink::nothing("x").and(Class::EmailAddresses), small] {
            let once = redact(&text, &sink);
            let twice = redact(&once.text, &sink);
            prop_assert_eq!(&twice.text, &once.text);
            // Nothing of this kind is hostile enough to be taken out whole.
            prop_assert!(!once.summary.rules.contains_key("unsettled"), "{}", text);
        }
    }

    #[test]
    fn any_text_has_an_answer(text in any::<String>()) {
        let once = redact(&text, &all());
        prop_assert_eq!(&redact(&once.text, &all()).text, &once.text);
    }

    #[test]
    fn what_is_put_into_a_text_is_found_again(row in 0..TOKENS.len(), seed: u64, before in "[ -~]{0,20}[ \n(\"'=,]", after in "([ \n)\"',;][ -~]{0,20})?") {
        let token = &TOKENS[row];
        let secret = made(token, token.starts.first().unwrap_or(&""), seed);
        let clean = redact(&format!("{before}{secret}{after}"), &all()).text.into_owned();
        prop_assert!(!clean.contains(&secret));
    }
}

/// Work grows with the text and not with its square: 128 KiB of the worst take some 60 ms, with the square it would be minutes.
/// The bound lies far above the one, so that a busy machine does not fail it, and below the other.
#[test]
#[allow(clippy::disallowed_methods)] // it is time that is tested
fn hostile_texts_take_linear_time() {
    let hostile: Vec<String> = [
        "ghp_",
        "eyJ",
        "eyJ-",
        "eyJa.",
        "a://",
        "a://b:c@",
        "password=",
        "password=[",
        "password=\"",
        "password='\\\"",
        "@",
        "a@",
        "a@b.",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN ",
        "---",
        "glpat-",
        "glpat-___",
        "Bearer ",
        "--password ",
        "a=",
        "::",
        "a.a.",
        "<password>",
        "\\u0041",
        "%41",
        "[redacted:",
        "x",
        "\n\n",
        " ",
        "SG.",
        "machine login password ",
        "sk-",
        "key:",
        "http://10.0.0.1",
    ]
    .map(|piece| piece.repeat((1 << 17) / piece.len()))
    .to_vec();
    for text in hostile {
        let start = std::time::Instant::now();
        let clean = redact(&text, &all());
        let took = start.elapsed();
        let shown: String = text.chars().take(20).collect();
        assert!(took.as_secs_f64() < 4.0, "{shown:?} took {took:?}");
        println!(
            "{:>8.1} ms  {shown:?} -> {} bytes",
            took.as_secs_f64() * 1e3,
            clean.text.len()
        );
    }
}

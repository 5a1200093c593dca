//! The workload as files, for engines of other languages: what each is given, with the answers.

use serde_json::json;

use super::{Contest, casbin, cedar, ours};
use bailiwick::Outcome;

/// The files by name: policies in every idiom, and what is asked, a line of JSON each.
pub fn files(contest: &Contest) -> Vec<(String, String)> {
    let policies: serde_json::Map<_, _> = ours::sources(contest)
        .into_iter()
        .map(|source| (source.name, json!(&*source.text)))
        .collect();
    vec![
        ("bailiwick.json".to_owned(), json!(policies).to_string()),
        ("policies.cedar".to_owned(), cedar::policies(contest)),
        ("casbin.conf".to_owned(), casbin::MODEL.to_owned()),
        ("denied.csv".to_owned(), casbin::rows(contest, Outcome::Denied)),
        (
            "asked.csv".to_owned(),
            casbin::rows(contest, Outcome::AskApproval),
        ),
        ("asks.jsonl".to_owned(), asks(contest)),
    ]
}

fn asks(contest: &Contest) -> String {
    let mut out = String::new();
    for ask in &contest.asks {
        let cedar: Vec<_> = ask
            .effects
            .iter()
            .map(|effect| cedar::request(ask, effect))
            .collect();
        let casbin: Vec<_> = ask
            .effects
            .iter()
            .map(|effect| casbin::request(ask, effect))
            .collect();
        let line = json!({
            "expected": ask.expected.as_str(), "request": ours::request(ask),
            "cedar": cedar, "entities": cedar::entities(ask), "casbin": casbin,
        });
        out.push_str(&line.to_string());
        out.push('\n');
    }
    out
}

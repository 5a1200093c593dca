//! `init --pack`: what it writes is whole, checks without a warning and passes its tests, alone and with others; and what the
//! packs promise that a policy test cannot say: figures, redacted texts, the working day in a page of theirs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::run::Folder;

const BASE: &str = "coding-agent";
const ALL: [&str; 6] = [BASE, "devika", "soc2", "hipaa", "pci-dss", "fleet-campaign"];

/// The folder at the top of the repository, which the program has in it.
fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs")
}

/// A folder `policies` with these packs, for an organization.
#[track_caller]
fn with(packs: &[&str], organization: &str) -> Folder {
    let folder = Folder::of(&[]);
    let mut args = vec!["init", "policies", "--organization", organization];
    args.extend(packs.iter().flat_map(|pack| ["--pack", pack]));
    folder.run(&args).code(0).says("wrote the pack");
    folder
}

#[track_caller]
fn sound(packs: &[&str], organization: &str) {
    let folder = with(packs, organization);
    folder.run(&["check", "policies", "--deny-warnings"]).code(0);
    folder.run(&["test", "policies"]).code(0).says(" 0 failed");
}

fn files_below(folder: &Path, within: &Path, out: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, within, out);
        } else {
            out.insert(path.strip_prefix(within).unwrap().to_str().unwrap().to_owned());
        }
    }
}

fn files(folder: &Path) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    files_below(folder, folder, &mut out);
    out
}

#[test]
fn each_pack_and_sensible_combinations_are_sound() {
    sound(&[BASE], "example");
    for pack in ALL.into_iter().skip(1) {
        sound(&[BASE, pack], "example");
    }
    sound(&[BASE, "soc2", "hipaa", "pci-dss", "fleet-campaign"], "example");
    sound(&ALL, "example");
    sound(&[BASE, "soc2", "devika"], "acme/eu%");
}

#[test]
fn what_is_written_is_what_the_folder_of_packs_holds() {
    let mut expected = BTreeSet::new();
    for pack in ALL {
        for file in files(&packs().join(pack)) {
            let text = fs::read(packs().join(pack).join(&file)).unwrap();
            let name = if file == "README.md" {
                format!("{pack}.md")
            } else {
                file
            };
            assert!(expected.insert((name.clone(), text)), "two packs have `{name}`");
        }
    }
    let folder = with(&ALL, "example");
    let written = folder.path().join("policies");
    let found: BTreeSet<(String, Vec<u8>)> = files(&written)
        .into_iter()
        .map(|file| (file.clone(), fs::read(written.join(&file)).unwrap()))
        .collect();
    let names = |files: &BTreeSet<(String, Vec<u8>)>| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&found), names(&expected));
    assert_eq!(found, expected);
}

#[test]
fn the_help_names_every_pack() {
    let mut folders: Vec<String> = fs::read_dir(packs())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    folders.sort();
    let mut all = ALL.map(str::to_owned);
    all.sort();
    assert_eq!(folders, all);
    let folder = Folder::of(&[]);
    let ran = folder.run(&["help", "init"]);
    for pack in ALL {
        ran.says(&format!("\n  {pack} "));
    }
}

#[test]
fn what_cannot_be_written_is_said_and_nothing_is_written() {
    let folder = Folder::of(&[]);
    let refused = |args: &[&str], complaint: &str| {
        folder.run(args).code(2).complains(complaint);
        assert!(!folder.path().join("p").exists(), "{args:?}");
    };
    refused(
        &["init", "p", "--pack", "soc"],
        "there is no pack `soc`; did you mean `soc2`?",
    );
    refused(
        &["init", "p", "--pack", "nothing-like-it"],
        "there are coding-agent, devika,",
    );
    refused(&["init", "p", "--pack", "soc2"], "add it: `--pack coding-agent`");
    refused(
        &["init", "p", "--pack", BASE, "--organization", ".hidden"],
        "`.hidden` cannot be",
    );
    refused(
        &["init", "p", "--pack", BASE, "--organization", ""],
        "cannot be the name",
    );
    refused(&["init", "p", "--organization", "acme"], "--pack");
}

#[test]
fn packs_are_added_to_a_folder_and_never_written_over() {
    let folder = with(&[BASE, BASE], "acme");
    let add = ["init", "policies", "--pack", "hipaa", "--organization", "acme"];
    folder
        .run(&add)
        .code(0)
        .says("policies/organization/acme/hipaa.yaml");
    folder.run(&["test", "policies"]).code(0);
    folder.write("policies/organization/acme/soc2.yaml", b"mine");
    let both = ["init", "policies", "--pack", "soc2", "--organization", "acme"];
    folder
        .run(&both)
        .code(2)
        .complains("organization/acme/soc2.yaml")
        .complains("nothing was written");
    assert!(!folder.path().join("policies/soc2.md").exists());
}

#[test]
fn every_control_has_a_rule_and_every_rule_of_a_control_a_test() {
    for pack in ["soc2", "hipaa", "pci-dss"] {
        with(&[BASE, pack], "example")
            .run(&["compliance", "policies", "--deny-gaps"])
            .code(0)
            .says("0 controls without a rule, 0 rules without a test");
    }
}

// -- a working day --

/// The calls of acme's day under the baseline alone, with acme's names for the mirror and the documentation.
fn day(mirrors: bool) -> Vec<Json> {
    let folder = with(&[BASE], "acme");
    if mirrors {
        let house = "policies/organization/acme/house.yaml";
        let text = fs::read_to_string(folder.path().join(house)).unwrap();
        folder.write(house, text.replace("example.org", "acme.example").as_bytes());
    }
    let calls = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/acme/day.jsonl");
    let calls = calls.to_str().unwrap();
    let ran = folder.run(&["decide", "--policies", "policies", "--format", "json", calls]);
    ran.code(0).json_lines()
}

fn counts(day: &[Json]) -> [usize; 3] {
    ["allowed", "ask_approval", "denied"]
        .map(|answer| day.iter().filter(|call| call["decision"] == answer).count())
}

#[test]
fn the_day_comes_out_as_the_page_of_the_pack_says() {
    let page = fs::read_to_string(packs().join("coding-agent/README.md")).unwrap();
    let day_with = day(true);
    let [allowed, asked, denied] = counts(&day_with);
    assert_eq!([allowed, asked, denied], [74, 20, 14]);
    assert_eq!(counts(&day(false)), [72, 22, 14]);
    assert!(page.contains("**74 allowed (69 %), 20 asked\n(19 %), 14 denied (13 %)**"));
    let told: Vec<(usize, String)> = page
        .lines()
        .filter_map(|line| {
            let line = line.replace("\\|", "");
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let call = cells.get(1)?.parse().ok()?;
            Some((call, (*cells.get(4)?).to_owned()))
        })
        .collect();
    let found: Vec<(usize, String)> = (1..)
        .zip(&day_with)
        .filter(|(_, call)| call["decision"] != "allowed")
        .map(|(number, call)| (number, call["decision"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(told, found);
}

#[test]
fn ordinary_commands_come_out_as_the_page_of_the_pack_says() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/vectors/commands/benign.jsonl");
    let lines: Vec<String> = fs::read_to_string(vectors)
        .unwrap()
        .lines()
        .map(|line| {
            let line: Json = serde_json::from_str(line).unwrap();
            request(json!({
                "tool": "shell.exec", "command": line["command"], "workspace_root": "/ws", "home": "/home/u",
                "network_profile": "open"
            }))
        })
        .collect();
    let folder = with(&[BASE], "example");
    let args = ["decide", "--policies", "policies", "--jsonl", "--format", "json"];
    let ran = folder.run_with(&args, &lines.join("\n"));
    assert_eq!(counts(&ran.code(0).json_lines()), [1146, 67, 1]);
    let page = fs::read_to_string(packs().join("coding-agent/README.md")).unwrap();
    assert!(
        page.contains("Of the 1214")
            && page.contains("**1146 are allowed (94 %), 67\nasked, and one is denied**")
    );
}

// -- what must come out --

/// A request of an agent in the organization `example`, with these keys besides.
fn request(keys: Json) -> String {
    let mut request = json!({
        "subject": {"type": "agent", "id": "agent-7"}, "origin": "human", "workspace_root": "/w", "tenant": "example",
        "organization": "example", "team": null, "repository": "todo-app", "campaign": null, "task": null, "runtime": null,
        "capabilities": ["*"], "now": "2026-11-20T10:00:00Z"
    });
    for (key, value) in keys.as_object().unwrap() {
        request[key] = value.clone();
    }
    request.to_string()
}

#[track_caller]
fn record(folder: &Folder, keys: Json) -> Json {
    let request = request(keys);
    let args = [
        "decide",
        "--policies",
        "policies",
        "--format",
        "record",
        "--request",
        &request,
    ];
    folder.run(&args).code(0).json()
}

/// The names of what a record owes, redaction alone, as `redact --owed` takes them.
fn redactions(record: &Json) -> Vec<String> {
    let owed = record["obligations"].as_array().unwrap().iter();
    owed.filter_map(|owed| owed["name"].as_str())
        .filter(|name| name.starts_with("redact"))
        .map(str::to_owned)
        .collect()
}

const LOG: &str = concat!(
    "fetching\nexport GITHUB_TOKEN=gh",
    "p_wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx\ndone\n"
);

#[test]
fn a_token_in_a_log_that_goes_to_the_model_is_redacted_and_counted() {
    let folder = with(&[BASE], "example");
    folder.write("build.log", LOG.as_bytes());
    let keys =
        json!({"tool": "context.include", "path": "build.log", "recursive": false, "data_class": "internal"});
    let record = record(&folder, keys);
    assert_eq!(record["decision"], "allowed");
    let owed = redactions(&record);
    let mut args = vec![
        "redact",
        "build.log",
        "--format",
        "json",
        "--sink",
        "model_context",
    ];
    args.extend(owed.iter().flat_map(|name| ["--owed", name]));
    let redacted = folder.run(&args).code(0).json();
    assert_eq!(redacted["redaction_summary"]["secret_like_tokens"], 1);
    assert!(!redacted.to_string().contains("ghp_"), "{redacted}");
    assert!(redacted.to_string().contains("fetching"), "{redacted}");
}

#[test]
fn a_key_in_a_prompt_or_a_log_of_devika_never_leaves_unredacted() {
    let folder = with(&[BASE, "devika"], "example");
    folder.write("prompt.txt", LOG.as_bytes());
    let call = json!({
        "tool": "model.call", "model": "m", "provider": "in-house", "data_class": "internal", "prompt_log": "no_log", "tokens": 10,
        "cost": {"usd": 0.01}, "task": "t-1", "runtime": "devika",
        "usage": {"task": {"tokens": 0, "usd": 0}, "repository/1d": {"usd": 0}}
    });
    let view = json!({"tool": "run.view", "runtime": "devika"});
    for (keys, sink) in [(call, "model_context"), (view, "log_view")] {
        let record = record(&folder, keys);
        assert_eq!(record["decision"], "allowed", "{}", record["explanation"]);
        let owed = redactions(&record);
        let mut args = vec!["redact", "prompt.txt", "--sink", sink];
        args.extend(owed.iter().flat_map(|name| ["--owed", name]));
        let ran = folder.run(&args);
        ran.code(0).complains("taken out: 1 secret-like tokens");
        assert!(!ran.out.contains("ghp_"), "{}", ran.out);
    }
}

#[test]
fn a_full_wave_stops_with_the_count_and_the_limit() {
    let folder = with(&[BASE, "fleet-campaign"], "example");
    let record = record(
        &folder,
        json!({
            "tool": "pr.create_draft", "changed_files": ["pom.xml"], "change_class": "dependency_patch_minor", "head_sha": "a1",
            "base_sha": "b1", "evidence": {"base_head": "b1"}, "campaign": "example-campaign",
            "usage": {"campaign/wave": {"prs_per_wave": 10}, "campaign": {"active_prs": 10}}
        }),
    );
    assert_eq!(record["decision"], "denied");
    let caps = record["caps"].as_array().unwrap();
    let wave = caps.iter().find(|cap| cap["unit"] == "prs_per_wave").unwrap();
    let figures = ["used", "needs", "at_most", "state"].map(|key| wave[key].clone());
    assert_eq!(figures, [json!(10), json!(1), json!(10), json!("exceeded")]);
}

/// What of a merge by an agent, on behalf of `ada`, comes out when these approve it.
#[track_caller]
fn merged(approvers: &[Json]) -> Json {
    let folder = with(&[BASE], "example");
    let mut keys = json!({
        "tool": "pr.merge", "number": 7, "head_sha": "a1", "branch": "main", "changed_files": ["src/a.rs"], "environment": "dev",
        "change_class": "code_change", "evidence": {"attested": {"written_by": "ada"}},
        "subject": {"type": "agent", "id": "agent-7", "on_behalf_of": {"type": "human", "id": "ada"}}
    });
    let asked = record(&folder, keys.clone());
    assert_eq!(asked["decision"], "ask_approval");
    let requirements = asked["approvals"]["outstanding"].as_array().unwrap();
    let approvals = requirements.iter().flat_map(|requirement| {
        approvers.iter().map(|approver| {
            json!({
                "requirement": requirement["id"], "operation": asked["operation_hash"], "approver": approver, "decision": "approve",
                "at": "2026-11-20T09:59:00Z"
            })
        })
    });
    keys["approvals"] = approvals.collect();
    record(&folder, keys)
}

#[test]
fn who_asks_for_a_merge_or_stands_behind_it_does_not_approve_it() {
    let ada = json!({"type": "human", "id": "ada", "roles": ["engineering-lead"]});
    let agent = json!({"type": "agent", "id": "agent-8", "roles": ["engineering-lead"]});
    let own = json!({"type": "human", "id": "agent-7"});
    let through = json!({"type": "human", "id": "tess", "on_behalf_of": {"type": "human", "id": "ada"}});
    let grace = json!({"type": "human", "id": "grace"});
    assert_eq!(merged(&[ada, agent, own, through])["decision"], "ask_approval");
    assert_eq!(merged(&[grace])["decision"], "allowed");
}

#[test]
fn the_repositorys_instructions_are_told_what_they_cannot() {
    let folder = with(&[BASE], "example");
    let keys = json!({"tool": "shell.exec", "argv": ["sh", "deploy.sh"], "origin": "instruction_file", "network_profile": "open"});
    let record = record(&folder, keys);
    assert_eq!(record["decision"], "denied");
    let said = record["matched_rules"].to_string();
    assert!(
        said.contains("Repository instructions cannot override a higher level"),
        "{said}"
    );
}

#[test]
fn spending_limits_are_off_until_their_marks_are_taken_away() {
    let folder = with(&[BASE], "example");
    let call = || json!({"tool": "model.call", "model": "m", "provider": "p", "data_class": "internal", "tokens": 3_000_000});
    assert_eq!(record(&folder, call())["decision"], "allowed");
    let spending = "policies/organization/example/spending.yaml";
    let text = fs::read_to_string(folder.path().join(spending)).unwrap();
    folder.write(spending, text.replace("#:", "").as_bytes());
    folder.run(&["check", "policies", "--deny-warnings"]).code(0);
    folder.run(&["test", "policies"]).code(0);
    assert_eq!(record(&folder, call())["decision"], "denied");
}

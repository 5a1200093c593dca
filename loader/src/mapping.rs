//! A folder that somebody holds as names with texts. The names mean what they would mean on a disk.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::Level;

use crate::layout::{Folder, Organizations};
use crate::{Loaded, Problem, is_hidden, is_test, is_yaml};

/// Reads files by name, such as `organization/acme/rules.yaml`: one with `/` between folders, from the root of the layout.
/// Names that a folder would pass over (hidden ones, other endings than `.yaml` and `.yml`) are noted.
///
/// ```
/// use bailiwick::Level;
/// let loaded = bailiwick_loader::files([
///     ("platform/base.yaml".to_owned(), "default: allow".to_owned()),
///     ("repository/shop/rules.yaml".to_owned(), String::new()),
/// ]);
/// assert!(loaded.problems.is_empty());
/// assert_eq!(loaded.policies[1].level, Level::Repository);
/// assert_eq!(loaded.policies[1].entities[&Level::Repository], "shop");
/// ```
pub fn files(files: impl IntoIterator<Item = (String, String)>) -> Loaded {
    let files: BTreeMap<String, String> = files.into_iter().collect();
    let root = Folder::Root(organizations(files.keys()));
    let mut loaded = Loaded::default();
    for (path, text) in files {
        let names: Vec<&str> = path.split('/').collect();
        let (name, folders) = names.split_last().expect("a split gives one part at least");
        if let Err(why) = well_formed(&names) {
            loaded.wrong(path, why);
        } else if !is_yaml(name) || names.iter().any(|name| is_hidden(name)) {
            loaded.notes.push(format!(
                "{path}: passed over: policies are in files *.yaml and *.yml"
            ));
        } else {
            match below(&root, folders) {
                Err(problem) if loaded.problems.contains(&problem) => {}
                Err(problem) => loaded.problems.push(problem),
                Ok(folder) => {
                    let test = is_test(name);
                    let authority = if test {
                        Ok(folder.tests())
                    } else {
                        folder.policies()
                    };
                    let found = authority.map(|authority| authority.source(path.clone(), text));
                    loaded.add(&path, test, found);
                }
            }
        }
    }
    loaded
}

/// The folder that a file is in, or what is wrong with the first folder on the way that has no place.
fn below(root: &Folder, folders: &[&str]) -> Result<Folder, Problem> {
    let mut folder = root.clone();
    for (at, name) in folders.iter().enumerate() {
        folder = folder.below(name).map_err(|message| Problem {
            path: folders[..=at].join("/"),
            message,
        })?;
    }
    Ok(folder)
}

/// The organizations that stand in the root, by the names of the files below them.
fn organizations<'a>(paths: impl Iterator<Item = &'a String>) -> Organizations {
    let folder = |path: &'a String| {
        let (first, rest) = path.split_once('/')?;
        let (name, _) = rest.split_once('/')?;
        (first == Level::Organization.as_str() && !is_hidden(name)).then(|| name.to_owned())
    };
    let names: BTreeSet<String> = paths.filter_map(folder).collect();
    Organizations::of(&names.into_iter().collect::<Vec<String>>())
}

/// A name that could be read in two ways is refused rather than guessed at.
fn well_formed(names: &[&str]) -> Result<(), String> {
    match names.iter().find(|name| matches!(**name, "" | "." | "..")) {
        None => Ok(()),
        Some(name) => Err(format!(
            "the name has a part `{name}`; it is to start at the root of the layout, such as `platform/base.yaml`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a mapping of these names gives: `name level tenant`, then problems.
    #[track_caller]
    fn check(names: &[&str], expected: &[&str]) {
        let loaded = files(names.iter().map(|name| ((*name).to_owned(), String::new())));
        let in_words = |source: &bailiwick::Source| {
            let tenant = source.tenant.as_deref().unwrap_or("-");
            format!("{} {} {tenant}", source.name, source.level)
        };
        let mut found: Vec<String> = loaded.policies.iter().map(in_words).collect();
        found.extend(loaded.tests.iter().map(|test| format!("test {}", in_words(test))));
        found.extend(loaded.problems.iter().map(ToString::to_string));
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                found.starts_with(expected),
                "expected {expected:?}, found {found:?}"
            );
        }
    }

    #[test]
    fn names_mean_what_folders_mean() {
        check(&["base.yaml"], &["base.yaml platform -"]);
        check(
            &["organization/acme/team/x/r.yml", "platform/p.yaml"],
            &[
                "organization/acme/team/x/r.yml team acme",
                "platform/p.yaml platform -",
            ],
        );
        check(
            &["organization/acme/a.test.yaml", "organization/acme/a.yaml"],
            &[
                "organization/acme/a.yaml organization acme",
                "test organization/acme/a.test.yaml organization acme",
            ],
        );
    }

    #[test]
    fn one_organization_settles_the_tenant_and_two_do_not() {
        check(
            &["organization/a/r.yaml", "repository/s/r.yaml"],
            &[
                "organization/a/r.yaml organization a",
                "repository/s/r.yaml repository a",
            ],
        );
        check(
            &[
                "organization/a/r.yaml",
                "organization/b/r.yaml",
                "repository/s/r.yaml",
            ],
            &[
                "organization/a/r.yaml organization a",
                "organization/b/r.yaml organization b",
                "repository: `repository/` stands beside several organizations",
            ],
        );
    }

    #[test]
    fn what_has_no_place_is_said_once() {
        check(
            &["tean/x/a.yaml", "tean/x/b.yaml"],
            &["tean: `tean/` is no level; did you mean `team/`?"],
        );
        check(
            &["/platform/a.yaml"],
            &["/platform/a.yaml: the name has a part ``"],
        );
        check(&["../a.yaml"], &["../a.yaml: the name has a part `..`"]);
        check(&["README.md", ".git/a.yaml"], &[]);
    }
}

//! What a shell remembers while its script is read: variables and the directory it stands in. Both are followed only as
//! far as the text settles them.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::arg::Arg;
use crate::limits::COMMAND_BRACES_MAX;

/// Variables that the script has set. What is not here comes from outside and is not known.
#[derive(Debug, Default)]
pub(super) struct Variables {
    map: FxHashMap<Rc<str>, Arg>,
    /// What each assignment replaced, so that a subshell can be left and a branch be merged.
    undo: Vec<(Rc<str>, Option<Arg>)>,
}

impl Variables {
    pub(super) fn get(&self, name: &str) -> Option<&Arg> {
        self.map.get(name)
    }

    pub(super) fn set(&mut self, name: &str, value: Arg) {
        let name = self
            .map
            .get_key_value(name)
            .map_or_else(|| name.into(), |(name, _)| name.clone());
        let old = self.map.insert(Rc::clone(&name), value);
        self.undo.push((name, old));
    }

    pub(super) fn forget(&mut self, name: &str) {
        self.set(name, Arg::unknown(0..0));
    }

    /// Somebody may have set anything.
    pub(super) fn forget_all(&mut self) {
        let names: Vec<Rc<str>> = self.map.keys().cloned().collect();
        for name in names {
            self.forget(&name);
        }
    }

    pub(super) fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Leaves a subshell: what was set since is as it was.
    pub(super) fn roll_back(&mut self, mark: usize) {
        for (name, old) in self.undo.drain(mark..).rev() {
            restore(&mut self.map, name, old);
        }
    }

    /// Leaves a part that may not have run: what was set since is known only where it was the same before.
    pub(super) fn merge(&mut self, mark: usize) {
        for at in mark..self.undo.len() {
            let (name, old) = &self.undo[at];
            let same = self.map.get(name) == old.as_ref();
            if !same {
                self.map.insert(name.clone(), Arg::unknown(0..0));
            }
        }
    }

    /// Whether something that was known was set since: then a second turn of a loop may see other values.
    pub(super) fn touched(&self, mark: usize) -> bool {
        self.undo[mark..]
            .iter()
            .any(|(_, old)| old.as_ref().is_some_and(|old| !old.open))
    }

    pub(super) fn forget_touched(&mut self, mark: usize) {
        let names: Vec<Rc<str>> = self.undo[mark..].iter().map(|(name, _)| name.clone()).collect();
        for name in names {
            self.forget(&name);
        }
    }
}

fn restore(map: &mut FxHashMap<Rc<str>, Arg>, name: Rc<str>, old: Option<Arg>) {
    match old {
        Some(old) => map.insert(name, old),
        None => map.remove(&name),
    };
}

/// The directories that the shell may stand in; `None` where nobody can say.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Directories(Option<Rc<[Option<Box<str>>]>>);

impl Directories {
    /// One; unsaid it is the root of the workspace.
    pub(super) fn one(path: Option<&str>) -> Directories {
        Directories(Some([path.map(Into::into)].into()))
    }

    /// Whether it is this one and no other.
    pub(super) fn is(&self, path: Option<&str>) -> bool {
        matches!(self.each(), Some([only]) if only.as_deref() == path)
    }

    pub(super) fn unknown() -> Directories {
        Directories(None)
    }

    pub(super) fn of(paths: Vec<Box<str>>) -> Directories {
        Directories(Some(paths.into_iter().map(Some).collect()))
    }

    /// Each of them; `None` where it is not known which.
    pub(super) fn each(&self) -> Option<&[Option<Box<str>>]> {
        self.0.as_deref()
    }

    /// Either of both. Beyond a handful nothing is known.
    pub(super) fn or(&mut self, other: &Directories) {
        let (Some(these), Some(others)) = (&self.0, &other.0) else {
            self.0 = None;
            return;
        };
        if others.iter().any(|path| !these.contains(path)) {
            let mut both = these.to_vec();
            for path in others.iter() {
                if !both.contains(path) {
                    both.push(path.clone());
                }
            }
            self.0 = (both.len() <= COMMAND_BRACES_MAX / 64).then(|| both.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_of_both_is_each_of_them_once() {
        let of = |paths: &[&str]| Directories::of(paths.iter().map(|&path| path.into()).collect());
        let mut directories = of(&["a"]);
        directories.or(&of(&["a", "a"]));
        assert_eq!(directories, of(&["a"]));
        directories.or(&of(&["b", "b", "c"]));
        assert_eq!(directories, of(&["a", "b", "c"]));
        directories.or(&of(&["d", "e"]));
        assert_eq!(directories, Directories::unknown());
    }
}

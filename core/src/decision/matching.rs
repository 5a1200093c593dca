//! Persons to slots: a maximum matching in a bipartite graph by augmenting paths (H. W. Kuhn, The Hungarian method for the
//! assignment problem, 1955). Not greedy: somebody who could take either slot does not block the one who could take only
//! the first.

/// Whether each slot can be given a person of its own. `may(slot, person)` says who may take what.
pub(super) fn fills(slots: usize, persons: usize, may: impl Fn(usize, usize) -> bool) -> bool {
    matched(slots, persons, &may)
        .iter()
        .filter(|taken| taken.is_some())
        .count()
        == slots
}

/// The slot of each person in a matching that fills as many slots as can be filled.
pub(super) fn matched(
    slots: usize,
    persons: usize,
    may: &impl Fn(usize, usize) -> bool,
) -> Vec<Option<usize>> {
    let mut slot_of = vec![None; persons];
    for slot in 0..slots {
        let mut seen = vec![false; persons];
        place(slot, &mut slot_of, &mut seen, may);
    }
    slot_of
}

/// Finds a person for a slot, moving others to slots that they can take as well. As deep as there are slots.
fn place(
    slot: usize,
    slot_of: &mut [Option<usize>],
    seen: &mut [bool],
    may: &impl Fn(usize, usize) -> bool,
) -> bool {
    for person in 0..slot_of.len() {
        if seen[person] || !may(slot, person) {
            continue;
        }
        seen[person] = true;
        let free = match slot_of[person] {
            None => true,
            Some(other) => place(other, slot_of, seen, may),
        };
        if free {
            slot_of[person] = Some(slot);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(slots: &[&str], persons: &[&str], expected: bool) {
        let may =
            |slot: usize, person: usize| slots[slot].split('|').any(|role| persons[person].contains(role));
        assert_eq!(
            fills(slots.len(), persons.len(), may),
            expected,
            "{slots:?} by {persons:?}"
        );
    }

    #[test]
    fn a_person_who_fits_two_slots_leaves_one_to_whoever_fits_only_that() {
        check(&["a|b", "a"], &["a", "b"], true);
        check(&["a", "a|b"], &["b", "a"], true);
        check(&["a", "b", "c"], &["ab", "bc", "a"], true);
        check(&["a", "b", "c"], &["ab", "ab", "ab"], false);
        check(&["a", "a"], &["a"], false);
        check(&[], &[], true);
    }
}

//! Many things at once, shared out over the cores of the machine, with the results in order. Knows nothing of what is done.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// So many are taken at a time.
const BLOCK: usize = 32;
/// A thread takes as long to start as a dozen decisions, or longer where the cores are busy, so one is started for no less.
const SHARE: usize = 64;

/// Does the same with each. A browser has one thread, as far as a module sees.
pub(crate) fn each<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let shares = items.len() / SHARE;
    if cfg!(target_family = "wasm") || shares < 2 {
        return items.into_iter().map(work).collect();
    }
    shared_out(items, cores().min(shares), work)
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

#[allow(clippy::disallowed_methods, reason = "this is where threads are started")]
fn shared_out<T: Send, R: Send>(items: Vec<T>, threads: usize, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let queue = Mutex::new(blocks(items).into_iter().enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let labour = || {
        let mut done = Vec::new();
        while let Some((at, block)) = next() {
            done.push((at, block.into_iter().map(&work).collect::<Vec<R>>()));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        // Where a thread cannot be had, the others do its part.
        let helpers: Vec<_> = (1..threads)
            .filter_map(|_| thread::Builder::new().spawn_scoped(scope, labour).ok())
            .collect();
        let mut done = labour();
        for helper in helpers {
            done.extend(helper.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().flat_map(|(_, block)| block).collect()
}

fn blocks<T>(items: Vec<T>) -> Vec<Vec<T>> {
    let mut items = items.into_iter();
    let mut blocks = Vec::with_capacity(items.len().div_ceil(BLOCK));
    while items.len() > 0 {
        blocks.push(items.by_ref().take(BLOCK).collect());
    }
    blocks
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::thread::ThreadId;

    use super::*;

    #[test]
    fn the_results_stand_in_order_however_many_threads_there_are() {
        for items in [0, 1, 31, 32, 33, 63, 64, 65, 1_000] {
            let expected: Vec<usize> = (0..items).map(|at| at * 3).collect();
            for threads in [1, 2, 3, 16] {
                assert_eq!(shared_out((0..items).collect(), threads, |at| at * 3), expected);
            }
            assert_eq!(each((0..items).collect(), |at| at * 3), expected);
        }
    }

    #[test]
    fn many_are_done_by_several_threads_and_a_few_by_one() {
        let doers = |items: usize| -> BTreeSet<String> {
            let doer = |_| {
                // Long enough for another to take a block.
                let until = std::hint::black_box(20_000);
                std::hint::black_box((0..until).fold(0u64, |sum, at| sum ^ at));
                format!("{:?}", thread::current().id())
            };
            each((0..items).collect(), doer).into_iter().collect()
        };
        let own: ThreadId = thread::current().id();
        assert_eq!(doers(2 * SHARE - 1), BTreeSet::from([format!("{own:?}")]));
        if cores() > 1 {
            assert!(
                (0..20).any(|_| doers(50 * SHARE).len() > 1),
                "one thread does it all"
            );
        }
    }
}

//! What decides now: an engine and a state that are swapped while threads decide by them. A deciding thread waits for nobody who
//! swaps, and never frees what was swapped out, which takes as long as thousands of decisions. It starts no thread and watches
//! nothing: when policies change, the host knows.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, Guard};
use bailiwick::{Engine, State};

/// An engine, and the state that it is asked in.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The compiled policies.
    pub engine: Engine,
    /// The switches.
    pub state: State,
}

/// The engine and the state that are in force. Shared between threads: some decide, others swap.
///
/// ```
/// use bailiwick::{Engine, Outcome, Request, Source, State};
/// use bailiwick_loader::Current;
///
/// let load = |text: &str| Engine::load([Source::platform("p.yaml", text)]).expect("the policies compile");
/// let policies = "{policy: {id: p, version: 1}, default: allow, switches: [{id: stop, denies: '*'}]}";
/// let current = Current::new(load(policies), State::none());
/// let request = r#"{"action": "run.view", "now": "2026-11-20T10:00:00Z"}"#;
/// let request = Request::from_json(request).expect("the request fits");
///
/// let held = current.get();
/// assert_eq!(held.engine.decide(&request, &held.state).outcome(), Outcome::Allowed);
/// current.flip("p/stop", true, None);
/// // Whoever holds the old sees the old, as long as it is held.
/// assert_eq!(held.engine.decide(&request, &held.state).outcome(), Outcome::Allowed);
/// let held = current.get();
/// assert_eq!(held.engine.decide(&request, &held.state).outcome(), Outcome::Denied);
/// current.put_engine(load("{default: allow}"));
/// ```
#[derive(Debug)]
pub struct Current {
    now: ArcSwap<InForce>,
    /// What was swapped out and may still be held by somebody who decides. Whoever swaps has this lock, so that of two at once
    /// none is lost.
    out: Mutex<Vec<Arc<InForce>>>,
}

/// What was in force when it was asked for. It is to be held for a decision or a few, not kept: what is held is not freed.
#[derive(Debug)]
pub struct Held(Guard<Arc<InForce>>);

impl Deref for Held {
    type Target = InForce;

    fn deref(&self) -> &InForce {
        &self.0
    }
}

impl Current {
    /// An engine, and the state to begin with.
    pub fn new(engine: Engine, state: State) -> Current {
        Current {
            now: ArcSwap::from_pointee(InForce { engine, state }),
            out: Mutex::default(),
        }
    }

    /// What is in force. It takes no lock, and costs less than any decision. An engine that is cloned out of it is freed by
    /// whoever drops the last clone.
    pub fn get(&self) -> Held {
        Held(self.now.load())
    }

    /// Puts an engine in place of the one in force; the state stays. What nobody holds any more of all that was swapped out is
    /// freed here, in the thread that calls this.
    pub fn put_engine(&self, engine: Engine) {
        self.change(|now| InForce {
            engine,
            state: now.state.clone(),
        });
    }

    /// Puts a state in place of the one in force; the engine stays.
    pub fn put_state(&self, state: State) {
        self.change(|now| InForce {
            engine: now.engine.clone(),
            state,
        });
    }

    /// Flips a switch, named `<policy id>/<switch id>`; `at` is when that was seen, in nanoseconds since 1970.
    pub fn flip(&self, name: &str, on: bool, at: Option<i128>) {
        self.change(|now| InForce {
            engine: now.engine.clone(),
            state: now.state.clone().with_switch(name, on, at),
        });
    }

    /// Frees what was swapped out and nobody holds any more, as every swap does; how much is still held. For hosts that swap
    /// seldom and want the memory sooner.
    pub fn sweep(&self) -> usize {
        let mut out = self.swapping();
        let free = unheld(&mut out);
        let held = out.len();
        drop(out);
        drop(free);
        held
    }

    fn change(&self, make: impl FnOnce(&InForce) -> InForce) {
        let mut out = self.swapping();
        let next = Arc::new(make(&self.now.load()));
        out.push(self.now.swap(next));
        let free = unheld(&mut out);
        // Freeing takes its time, and nobody needs to wait for it.
        drop(out);
        drop(free);
    }

    fn swapping(&self) -> MutexGuard<'_, Vec<Arc<InForce>>> {
        // A swapper that panicked left a whole list behind.
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes out those of which this list is the last holder. Nobody can come to hold them again: they are not in force.
fn unheld(out: &mut Vec<Arc<InForce>>) -> Vec<Arc<InForce>> {
    let (free, held) = std::mem::take(out)
        .into_iter()
        .partition(|one| Arc::strong_count(one) == 1);
    *out = held;
    free
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "threads decide while another swaps")]

    use std::sync::atomic::{AtomicBool, Ordering};

    use bailiwick::{Outcome, Request, Source};

    use super::*;

    fn engine(text: &str) -> Engine {
        Engine::load([Source::platform("p.yaml", text)]).unwrap()
    }

    fn request() -> Request {
        Request::from_json(r#"{"action": "run.view", "now": "2026-11-20T10:00:00Z"}"#).unwrap()
    }

    #[test]
    fn what_is_held_is_freed_by_whoever_swaps_and_not_by_whoever_held_it() {
        let current = Current::new(engine("{default: allow}"), State::none());
        let old = Arc::downgrade(&current.now.load());
        let held = current.get();
        current.put_engine(engine("{default: allow}"));
        assert_eq!(current.sweep(), 1);
        drop(held);
        assert!(old.upgrade().is_some(), "the deciding thread has freed it");
        assert_eq!(current.sweep(), 0);
        assert!(old.upgrade().is_none());
    }

    #[test]
    fn what_nobody_holds_is_freed_when_it_is_swapped_out() {
        let current = Current::new(engine("{default: allow}"), State::none());
        let old = Arc::downgrade(&current.now.load());
        current.put_state(State::none());
        assert!(old.upgrade().is_none());
        assert_eq!(current.sweep(), 0);
    }

    #[test]
    fn a_state_outlives_the_engine_and_an_engine_the_state() {
        let stoppable = "{policy: {id: p, version: 1}, default: allow, switches: [{id: stop, denies: '*'}]}";
        let current = Current::new(engine(stoppable), State::none());
        let outcome = || {
            let held = current.get();
            held.engine.decide(&request(), &held.state).outcome()
        };
        assert_eq!(outcome(), Outcome::Allowed);
        current.flip("p/stop", true, None);
        assert_eq!(outcome(), Outcome::Denied);
        current.put_engine(engine("{default: allow}"));
        assert_eq!(outcome(), Outcome::Allowed);
        current.put_engine(engine(stoppable));
        assert_eq!(outcome(), Outcome::Denied);
        current.put_state(State::none());
        assert_eq!(outcome(), Outcome::Allowed);
    }

    #[test]
    fn threads_decide_by_the_old_or_the_new_and_nothing_is_left_over() {
        // Both say the same of the switch: were engine and state torn apart, some answer would be another one.
        let ways = ["a", "b"].map(|id| {
            let text = format!(
                "{{policy: {{id: {id}, version: 1}}, default: allow, switches: [{{id: s, denies: '*'}}]}}"
            );
            let state = State::none().with_switch(&format!("{id}/s"), true, None);
            (engine(&text), state)
        });
        let first = ways[0].clone();
        let current = Current::new(first.0, first.1);
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let decide = || {
                let request = request();
                while !over.load(Ordering::Relaxed) {
                    let held = current.get();
                    assert_eq!(
                        held.engine.decide(&request, &held.state).outcome(),
                        Outcome::Denied
                    );
                }
            };
            let deciding = [scope.spawn(decide), scope.spawn(decide)];
            for turn in 1..2_000 {
                let (engine, state) = ways[turn % 2].clone();
                current.change(|_| InForce { engine, state });
            }
            over.store(true, Ordering::Relaxed);
            deciding.into_iter().for_each(|thread| thread.join().unwrap());
        });
        assert_eq!(current.sweep(), 0);
    }
}

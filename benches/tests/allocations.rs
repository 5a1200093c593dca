//! A decision on a prepared request that is allowed asks for no memory, however many rules there are: what it needs stands
//! on the stack, and facts are derived only when a rule asks. Beside it what is refused may allocate, since it says why. Reading
//! a request allocates little, as long as nobody asks for its normal form.

use std::hint::black_box;

use bailiwick::{Outcome, Request, State};
use bailiwick_benches::{Workload, counting, dense, fleet};

#[global_allocator]
static COUNTING: counting::Counting = counting::Counting;

/// What an allowed request of each case asks for, after the first decision on it.
#[track_caller]
fn check(workload: &Workload) {
    let engine = workload.engine();
    let state = State::none();
    let mut wrong = Vec::new();
    let allowed = workload
        .cases
        .iter()
        .filter(|case| case.expected == Outcome::Allowed);
    for case in allowed {
        let before = counting::blocks();
        black_box(engine.decide(black_box(&case.request), &state).outcome());
        let blocks = counting::blocks() - before;
        if 0 < blocks {
            wrong.push(format!("{blocks} allocations: {}", case.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_allowed_in_a_fleet_allocates_nothing() {
    check(&fleet(1_000));
}

#[test]
fn what_is_allowed_among_many_rules_allocates_nothing() {
    check(&dense(1_000));
}

/// A fleet's request has 26 texts and 8 objects; with its normal form it would be more than twice as much.
const READING_MAX: usize = 45;

#[test]
fn a_request_is_read_and_decided_without_its_normal_form() {
    let workload = fleet(100);
    let (engine, state) = (workload.engine(), State::none());
    for case in workload
        .cases
        .iter()
        .filter(|case| case.expected == Outcome::Allowed)
    {
        let before = counting::blocks();
        let request = Request::from_json(black_box(&case.text)).expect("it was read before");
        black_box(engine.decide(&request, &state).outcome());
        let blocks = counting::blocks() - before;
        assert!(blocks <= READING_MAX, "{blocks} allocations: {}", case.text);
        black_box(request.value());
        assert!(READING_MAX < counting::blocks() - before, "{}", case.text);
    }
}

#[test]
fn the_count_sees_what_is_allocated() {
    let before = (counting::blocks(), counting::held());
    let block = black_box(vec![0_u8; 4_096]);
    let after = (counting::blocks(), counting::held());
    assert_eq!((after.0 - before.0, after.1 - before.1), (1, 4_096));
    drop(block);
    assert_eq!(counting::held(), before.1);
}

//! What JavaScript sends: JSON texts, which it writes and reads faster than objects can be walked over the border, a call for each
//! value. A value without JSON comes as the list of what is wrong with it.

use bailiwick_surface::{Ask, Problems};

/// A request or a state as JSON text.
pub(crate) fn ask(text: &str) -> Ask<'_> {
    Ask::Text(text)
}

/// What JavaScript found wrong with a request, or with the state beside it: `[{code, pointer, message}]`.
pub(crate) fn refused(problems: &str, of_state: bool) -> Ask<'static> {
    let problems = Problems::from_json(problems);
    Ask::Refused(if of_state {
        problems.of_the_state()
    } else {
        problems
    })
}

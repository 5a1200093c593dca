//! Any text as a request in any of the three forms. What is read is read again from its normal form, and from AuthZEN.
#![no_main]

use bailiwick::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(request) = Request::from_json(text) else {
        return;
    };
    let again = Request::from_value(request.value().clone());
    let again = again.unwrap_or_else(|problems| panic!("its own normal form does not fit: {problems}"));
    assert_eq!(request.value(), again.value());
    let authzen = request.to_authzen();
    let back = Request::from_value(authzen.clone());
    let back = back.unwrap_or_else(|problems| panic!("its AuthZEN form does not fit: {problems}\n{authzen}"));
    assert_eq!(request.value(), back.value(), "{authzen}");
});

//! Any bytes as a request: refused with a reason or read, never a panic; what is read has one canonical form.
#![no_main]

use byleave::wire::{Limits, Request};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match Request::from_bytes(bytes, &Limits::MOST) {
        Err(error) => {
            let said = error.to_string();
            assert!(!said.is_empty() && said.len() < 4_096, "an error says something, and not a book: {said}");
            assert!(!said.chars().any(char::is_control), "no control character of the input reaches a terminal");
        }
        Ok(request) => {
            // The canonical form is read again, and is its own canonical form.
            let once = request.canonical();
            let again = Request::from_bytes(once.as_bytes(), &Limits::MOST).expect("canonical JSON is JSON");
            assert_eq!(once, again.canonical());
            assert_eq!(request.digest(), again.digest());
            let _ = request.detail();
        }
    }
});

//! Any bytes as the payload of compiled packs, the head and the checksum right: refused with a reason, or an engine that
//! answers the same twice; never a panic. As they are, too: most are refused by their head.
#![no_main]

use byleave::{Engine, Zones};
use libfuzzer_sys::fuzz_target;
use std::hash::Hasher;
use std::sync::OnceLock;
use twox_hash::XxHash64;

/// Magic, form, layout, and the version with its length, as this build writes them.
fn head() -> &'static [u8] {
    static HEAD: OnceLock<Vec<u8>> = OnceLock::new();
    HEAD.get_or_init(|| {
        let text = "pack p { title \"P\" edition \"1\" }";
        let engine = Engine::builder().source("p", "p.leave", text).build().expect("a policy");
        let bytes = engine.compile(Zones::All).expect("it compiles");
        let head = bytes[..19 + usize::from(bytes[18])].to_vec();
        // Else nothing would be found, for nothing would be read.
        assert_eq!(bytes, sealed(&head, &bytes[head.len() + 4 + 8..]), "the checksum is the engine's");
        head
    })
}

/// The whole of it, the checksum right.
fn sealed(head: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut out = [head, &(payload.len() as u32).to_le_bytes()].concat();
    let mut sum = XxHash64::with_seed(0);
    sum.write(&out);
    sum.write(payload);
    out.extend(sum.finish().to_le_bytes());
    out.extend(payload);
    out
}

fuzz_target!(|bytes: &[u8]| {
    let _ = Engine::from_compiled(bytes);
    match Engine::from_compiled(&sealed(head(), bytes)) {
        Err(error) => {
            assert!(error.path().is_none() && error.hint().is_some(), "{error}");
            assert!(error.to_string().len() < 1_000 && !error.to_string().chars().any(char::is_control));
        }
        Ok(engine) => {
            let request = br#"{"at":"2026-07-01T12:00:00Z","contact":{"channel":"sms"},"person":{"time_zones":["America/New_York"]}}"#;
            let answer = engine.explain_json(request);
            assert_eq!(answer, engine.explain_json(request));
            let _ = engine.packs();
        }
    }
});

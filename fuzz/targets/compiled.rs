//! Any bytes as the payload of compiled packs, the head and the checksum right: refused with a reason, or an engine that
//! answers the same twice; never a panic. As they are, too: most are refused by their head.
#![no_main]

use byleave::{Engine, Zones};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// Magic, form, layout, and the version with its length, as this build writes them.
fn head() -> &'static [u8] {
    static HEAD: OnceLock<Vec<u8>> = OnceLock::new();
    HEAD.get_or_init(|| {
        let text = "pack p { title \"P\" edition \"1\" }";
        let engine = Engine::builder().source("p", "p.leave", text).build().expect("a policy");
        let bytes = engine.compile(Zones::All).expect("it compiles");
        let version = usize::from(bytes[18]);
        bytes[..19 + version].to_vec()
    })
}

fuzz_target!(|bytes: &[u8]| {
    let _ = Engine::from_compiled(bytes);
    let mut sealed = head().to_vec();
    sealed.extend((bytes.len() as u32).to_le_bytes());
    let sum = Sha256::new().chain_update(&sealed).chain_update(bytes).finalize();
    sealed.extend_from_slice(&sum);
    sealed.extend_from_slice(bytes);
    match Engine::from_compiled(&sealed) {
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

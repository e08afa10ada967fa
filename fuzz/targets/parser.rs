//! Any bytes as policy: no panic, every diagnostic lies in the text; what parses keeps its meaning in the one layout,
//! and the layout of the layout is the layout.
#![no_main]

use byleave::source::Sources;
use byleave::typed::{PackFile, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut sources = Sources::new();
    let id = sources.add_bytes("fuzz.leave", bytes);
    let source = sources.get(id).expect("just added");
    let parsed = byleave::ast::parse(source);
    for it in &parsed.diagnostics {
        assert!(it.span.start <= it.span.end && it.span.end as usize <= source.text.len(), "{it:?}");
        assert!(source.text.get(it.span.range()).is_some(), "a place begins and ends between characters: {it:?}");
        let _ = it.to_line(&sources);
    }
    if !parsed.is_ok() {
        return;
    }
    let once = byleave::ast::format(source).expect("what parses can be laid out");
    let mut again = Sources::new();
    let id = again.add("fuzz.leave", once.as_str());
    let second = again.get(id).expect("just added");
    assert_eq!(Ok(&once), byleave::ast::format(second).as_ref(), "the layout parses, and is stable");
    // The checker may refuse it, and must not fall over it.
    let files = [PackFile { pack: "fuzz", source: source.id, file: &parsed.file }];
    let _ = check(&files, &sources);
});

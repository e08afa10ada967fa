//! Looking for mistakes in policy, the same way for every host: what could be loaded together, together; then each pack
//! that was asked for with the tests beside it.

use crate::load::{Pack, Packs};
use byleave::Engine;
use byleave::diag::DiagnosticJson;
use std::collections::BTreeSet;

/// Everything that authors should know, errors and warnings, each once.
///
/// ```
/// use byleave_packs::check::mistakes;
/// use byleave_packs::load::{Wanted, gather};
/// let text = br#"
/// pack org.shop { title "The shop" source "Handbook" edition "1" }
/// use core
/// rule r { require contact.chanel is text because "By text." }
/// "#;
/// let wanted = Wanted { texts: vec![("shop.leave".into(), text.to_vec())], ..Wanted::default() };
/// let told = mistakes(&gather(&wanted).unwrap());
/// assert!(told.iter().any(|it| it.hint.as_deref() == Some("did you mean `contact.channel`?")));
/// ```
#[must_use]
pub fn mistakes(packs: &Packs) -> Vec<DiagnosticJson> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    let mut look = |group: &[&Pack], tests_of: Option<&Pack>| {
        let mut builder = Engine::builder();
        for pack in group {
            let tests = tests_of.filter(|it| it.folder == pack.folder).map_or(&[][..], |it| &it.tests);
            for file in pack.files.iter().chain(tests) {
                builder = builder.source_bytes(&pack.folder, &file.name, &file.bytes);
            }
        }
        let (sources, built) = builder.try_check();
        let diagnostics = built.map_or_else(|told| told, |engine| engine.warnings().to_vec());
        let fresh = diagnostics.iter().filter(|it| seen.insert(it.to_line(&sources)));
        out.extend(fresh.map(|it| it.to_json(&sources)));
    };
    for group in packs.together() {
        look(&group, None);
    }
    for pack in packs.asked().filter(|pack| !pack.tests.is_empty()) {
        look(&packs.closure(pack), Some(pack));
    }
    out
}

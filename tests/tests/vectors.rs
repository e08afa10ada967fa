//! The corpus: every case, and exactly as many as the manifest says.

use byleave_tests::corpus::{Manifest, differences, files, folder};
use byleave_tests::{decide, load};
use std::collections::BTreeMap;

#[test]
fn every_case_is_decided_as_expected() {
    let manifest = std::fs::read_to_string(folder().join("manifest.json")).expect("a manifest");
    let manifest: Manifest = serde_json::from_str(&manifest).expect("the manifest's form");
    let only = std::env::var("BYLEAVE_CASE").unwrap_or_default();
    let mut engines = BTreeMap::new();
    let mut counts = BTreeMap::new();
    let mut wrong = Vec::new();
    let (mut run, mut asked, mut failed) = (0, 0, 0);
    for (name, file) in files().expect("the corpus") {
        for case in &file.cases {
            let texts = file.texts(case).expect("its policy");
            run += 1;
            if !only.is_empty() && !case.name.contains(&only) {
                continue;
            }
            asked += 1;
            let before = wrong.len();
            let engine = engines.entry(texts.clone()).or_insert_with(|| load::of_texts(&texts));
            match engine {
                Ok(engine) => {
                    let got = decide::seen(engine, &case.request);
                    for d in differences(&case.expect, &got) {
                        wrong.push(format!("{name}: {}: {d}", case.name));
                    }
                }
                Err(e) => wrong.push(format!("{name}: {}: {e}", case.name)),
            }
            failed += usize::from(wrong.len() > before);
        }
        counts.insert(name, file.cases.len());
    }
    println!("corpus: {} passed; {failed} failed", asked - failed);
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(counts, manifest.files, "the manifest counts other cases");
    assert_eq!(run, manifest.total, "the manifest counts other cases");
}

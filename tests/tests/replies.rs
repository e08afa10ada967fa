//! What people answer: every case of the corpus, and what holds of every message.

use byleave::Engine;
use byleave::wire::reply::ReplyKind;
use byleave_tests::corpus::{Manifest, folder};
use byleave_tests::replies::{differences, files, seen};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;

fn law(names: &[String]) -> Engine {
    let mut builder = Engine::builder();
    let mut have = std::collections::BTreeSet::new();
    for name in names {
        for pack in byleave_packs::preset(name).expect("a pack") {
            if have.insert(pack.name) {
                for (path, text) in pack.files {
                    builder = builder.source(pack.name, path, text);
                }
            }
        }
    }
    builder.build().expect("the law")
}

static TCPA: LazyLock<Engine> = LazyLock::new(|| law(&["us.tcpa".to_owned()]));

/// How much an answer restricts.
fn kind(text: &str) -> ReplyKind {
    TCPA.interpret_reply(text, None, &()).expect("an answer").kind
}

#[test]
fn every_reply_is_read_as_expected() {
    let manifest = std::fs::read_to_string(folder().join("manifest.json")).expect("a manifest");
    let manifest: Manifest = serde_json::from_str(&manifest).expect("the manifest's form");
    let mut engines: BTreeMap<Vec<String>, Engine> = BTreeMap::new();
    let (mut counts, mut wrong, mut run) = (BTreeMap::new(), Vec::new(), 0);
    let mut digest = Sha256::new();
    for (name, file) in files().expect("the corpus") {
        let engine = engines.entry(file.packs.clone()).or_insert_with(|| law(&file.packs));
        for case in &file.cases {
            run += 1;
            let message = case.message().expect("its message");
            let (text, got) = seen(engine, &message, case.language.as_deref(), &case.sent(&file));
            digest.update(format!("{name}\t{}\t{text}\n", case.name));
            wrong.extend(
                differences(&case.expect, &got).into_iter().map(|d| format!("{name}: {}: {d}", case.name)),
            );
        }
        counts.insert(name, file.cases.len());
    }
    println!("replies: {run} read, {} differences", wrong.len());
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(counts, manifest.replies.files, "the manifest counts other cases");
    assert_eq!(run, manifest.replies.total, "the manifest counts other cases");
    // What is read has changed: look at why, and write the new one into the manifest.
    let digest: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, manifest.replies.digest, "the answers are other bytes than the manifest's");
}

#[test]
fn names_of_replies_are_unique() {
    let mut all = std::collections::BTreeSet::new();
    for (file, it) in files().expect("the corpus") {
        for case in it.cases {
            assert!(all.insert(case.name.clone()), "{file}: `{}` stands twice", case.name);
        }
    }
}

#[test]
fn compiled_packs_read_the_same() {
    let loaded =
        Engine::from_compiled(&TCPA.compile(byleave::Zones::All).expect("bytes")).expect("an engine");
    for (_, file) in files().expect("the corpus") {
        for case in &file.cases {
            let message = case.message().expect("its message");
            let ask = |engine: &Engine| {
                engine
                    .interpret_reply(&message, case.language.as_deref(), &())
                    .map(|read| read.to_json().expect("text"))
                    .map_err(|e| e.to_string())
            };
            assert_eq!(ask(&TCPA), ask(&loaded), "{}", case.name);
        }
    }
}

/// The words that revoke by law (47 CFR 64.1200(a)(10)).
const PER_SE: [&str; 7] = ["stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"];

/// Signs that say nothing.
const JUNK: &[&str] = &[
    "!", ".", "…", "*", "?", "\"", "'", " ", "\n", "\t", "-", "_", "😡", "👍", "\u{200b}", "\u{200f}",
    "\u{feff}", "(", ")", "#", "\0", "“", "~",
];

fn cased(text: &str, upper: u64) -> String {
    let flip = |(n, letter): (usize, char)| {
        if upper >> (n % 64) & 1 == 1 { letter.to_ascii_uppercase() } else { letter }
    };
    text.chars().enumerate().map(flip).collect()
}

fn junk() -> impl Strategy<Value = String> {
    proptest::collection::vec(0..JUNK.len(), 0..6)
        .prop_map(|all| all.into_iter().map(|n| JUNK[n]).collect::<String>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_word_of_the_law_revokes_in_any_case_and_with_any_signs(
        n in 0..PER_SE.len(), upper: u64, before in junk(), after in junk(),
    ) {
        let text = format!("{before}{}{after}", cased(PER_SE[n], upper));
        let read = TCPA.interpret_reply(&text, None, &()).unwrap();
        prop_assert_eq!(read.kind, ReplyKind::Revoke, "{:?}", text);
        // Before 2025-04-11 the rule was another; without an instant every declaration is asked.
        prop_assert!(read.rules.iter().any(|it| it.rule == "us.tcpa.stop_words"), "{:?}", text);
    }

    #[test]
    fn signs_and_case_make_nothing_less_of_a_revocation(
        n in 0usize..1000, upper: u64, between in junk(), before in junk(), after in junk(),
    ) {
        let texts: Vec<String> = files().unwrap().into_iter()
            .filter(|(_, file)| file.packs == ["us.tcpa"])
            .flat_map(|(_, file)| file.cases)
            .filter(|it| it.expect.kind.as_deref() == Some("revoke") && it.language.is_none())
            .filter_map(|it| it.message().ok())
            .filter(|text| text.len() < 200 && !text.contains(['\n', '\r']))
            .collect();
        let text = &texts[n % texts.len()];
        let spaced = text.replace(' ', &format!(" {} ", between.replace(['\n', '\''], "")));
        for text in [cased(text, upper), format!("{before}{text}{after}"), spaced] {
            prop_assert_eq!(kind(&text), ReplyKind::Revoke, "{:?}", text);
        }
    }

    #[test]
    fn any_text_is_read(text in any::<String>(), language in any::<Option<String>>()) {
        if let Ok(read) = TCPA.interpret_reply(&text, language.as_deref(), &()) {
            let length = text.chars().count() as u32;
            for words in &read.words {
                prop_assert!(words.start < words.end && words.end <= length);
                let there: String =
                    text.chars().skip(words.start as usize).take((words.end - words.start) as usize).collect();
                prop_assert_eq!(&there, &words.text);
            }
            let again = TCPA.interpret_reply(&text, language.as_deref(), &()).unwrap();
            prop_assert_eq!(read, again);
        }
    }

    /// Words of the language itself, put together at random: what a hostile message is made of.
    #[test]
    fn a_pack_more_makes_nothing_less(words in proptest::collection::vec("(stop|cancel|my|order|do|not|text|me|yes|start|help|please|shop|alto|no|mas|wrong|number|>|\n|ST0P|unsubscribe|to)", 0..9)) {
        static CORE: LazyLock<Engine> = LazyLock::new(|| law(&["core.preferences".to_owned()]));
        let text = words.join(" ");
        let core = CORE.interpret_reply(&text, None, &()).unwrap().kind;
        prop_assert!(kind(&text) >= core, "{:?}: {} is less than {}", text, kind(&text), core);
        // A language known restricts what loosens, and nothing else.
        for language in ["en", "es", "fr", "zz"] {
            let told = TCPA.interpret_reply(&text, Some(language), &()).unwrap().kind;
            if kind(&text) >= ReplyKind::Ask {
                prop_assert_eq!(told, kind(&text));
            } else {
                prop_assert!(told <= kind(&text));
            }
        }
    }
}

#[test]
fn a_message_as_long_as_any_is_read_in_time() {
    let started = std::time::Instant::now();
    for text in [
        "stop ".repeat(200_000),
        "a".repeat(1 << 20),
        "cancel order ".repeat(80_000),
        "> ".repeat(1 << 19),
        "s t o p ".repeat(100_000),
    ] {
        assert!(kind(&text) >= ReplyKind::Ask);
    }
    let mut odd = String::new();
    for n in 0..200_000u32 {
        odd.push_str(&format!("w{n} "));
    }
    assert_eq!(kind(&odd), ReplyKind::Ask);
    // So far off that a busy machine cannot reach it: what grows with the square of the length would take hours.
    assert!(started.elapsed().as_secs() < 120, "{:?}", started.elapsed());
}

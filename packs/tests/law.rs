//! The law is read, checked and tried: every test beside it passes, and every rule has been seen to pass and to block.

#![allow(clippy::expect_used, clippy::panic)] // a test may fail

use byleave::Coverage;
use byleave::Engine;
use byleave_packs::PackSource;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The packs' law, the tests of those in `tested`, and some files of one folder more.
fn engine(packs: &[&PackSource], tested: &str, more: &BTreeMap<String, String>) -> Engine {
    let mut builder = Engine::builder();
    for pack in packs {
        let tests = if pack.name == tested { pack.tests } else { &[] };
        for (path, text) in pack.files.iter().chain(tests) {
            builder = builder.source(pack.name, path, text);
        }
    }
    for (path, text) in more {
        builder = builder.source("more", path, text);
    }
    let (sources, built) = builder.try_check();
    let said = |list: &[byleave::diag::Diagnostic]| {
        list.iter().map(|it| it.to_line(&sources)).collect::<Vec<_>>().join("\n")
    };
    match built {
        Ok(engine) => {
            assert!(engine.warnings().is_empty(), "{}", said(engine.warnings()));
            engine
        }
        Err(diagnostics) => panic!("{}", said(&diagnostics)),
    }
}

/// Runs every test, then asks of each rule of the pack whether it has been seen to pass and to block.
fn try_all(engine: &Engine, pack: &str) -> usize {
    let mut coverage = Coverage::default();
    let mut wrong = Vec::new();
    for test in engine.tests() {
        let place = engine.sources().get(test.span.source).map_or("", |it| it.name.as_str());
        let line = engine.sources().line_column(test.span);
        let mut say = |what: String| wrong.push(format!("{place}: {line:?}: {}: {what}", test.title));
        match engine.run_test(test, &mut coverage) {
            Ok(report) => report.differences.into_iter().for_each(&mut say),
            Err(error) => say(error.to_string()),
        }
    }
    let mine = engine.policy().packs.iter().position(|it| it.name == pack);
    for (at, rule) in engine.policy().rules.iter().enumerate() {
        if mine != Some(usize::from(rule.pack)) {
            continue;
        }
        let seen = coverage.rules.get(at).copied().unwrap_or(0);
        if rule.law.cites.is_empty() {
            wrong.push(format!("{}: no citation", rule.id));
        }
        if rule.because.parts.is_empty() {
            wrong.push(format!("{}: no sentence", rule.id));
        }
        let sides = match rule.can_block() {
            true => [(1, "it applies and passes"), (2, "it blocks")],
            false => [(4, "what it asks for is expected to be owed"), (8, "it does not apply")],
        };
        for (bit, words) in sides {
            if seen & bit == 0 {
                wrong.push(format!("{}: no test in which {words}", rule.id));
            }
        }
    }
    for (at, exemption) in engine.policy().exemptions.iter().enumerate() {
        let seen = coverage.exemptions.get(at).copied().unwrap_or(0);
        if mine == Some(usize::from(exemption.pack)) && seen & 1 == 0 {
            wrong.push(format!("{}: no test in which it holds", exemption.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    engine.tests().len()
}

#[test]
fn every_pack_keeps_its_tests() {
    for pack in byleave_packs::all() {
        let mut packs = byleave_packs::preset(pack.name).expect("it is registered");
        for used in
            pack.tests.iter().flat_map(|(_, text)| text.lines()).filter_map(|it| it.strip_prefix("use "))
        {
            if !packs.iter().any(|it| it.name == used) {
                packs.push(byleave_packs::get(used).expect("tests use what is registered"));
            }
        }
        let tests = try_all(&engine(&packs, pack.name, &BTreeMap::new()), pack.name);
        println!("{}: {tests} tests", pack.name);
    }
}

#[test]
fn all_packs_together_are_one_policy() {
    let packs: Vec<&PackSource> = byleave_packs::all().iter().collect();
    engine(&packs, "", &BTreeMap::new());
}

#[test]
fn the_hospital_keeps_its_tests_and_answers_its_requests() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/hospital");
    let read = |name: &str| fs::read_to_string(home.join(name)).expect(name);
    let files = ["hospital.leave", "hospital.test.leave"].map(|it| (it.to_owned(), read(it))).into();
    // The packs that it uses, and no law that it does not: another regime would ask for facts that its requests leave out.
    let text = read("hospital.leave");
    let used = text.lines().filter_map(|line| line.strip_prefix("use "));
    let used: BTreeSet<&str> = used
        .flat_map(|it| byleave_packs::preset(it).expect("it is registered"))
        .map(|pack| pack.name)
        .collect();
    // A hospital is under all of this, whatever else it has promised.
    let health = byleave_packs::preset("us.health").expect("it is registered");
    let overlooked: Vec<&str> = health.iter().map(|pack| pack.name).filter(|it| !used.contains(it)).collect();
    assert!(overlooked.is_empty(), "hospital.leave does not use {overlooked:?}");
    let packs: Vec<&PackSource> = byleave_packs::all().iter().filter(|it| used.contains(it.name)).collect();
    let engine = engine(&packs, "", &files);
    try_all(&engine, "org.riverside");

    let answers = [
        ("appointment-reminder", "allow", None),
        ("cosmetic-offer", "deny", None),
        ("evening-text", "defer", Some("2026-10-29T12:00:00Z")),
        ("lab-result", "allow", None),
        ("missing-facts", "deny", None),
        ("primary-contact", "allow", None),
        ("public-reply", "deny", None),
        ("revoked", "deny", None),
        ("two-zones", "defer", Some("2026-10-29T13:00:00Z")),
        ("two-zones-clocks-change", "defer", Some("2026-11-01T14:00:00Z")),
    ];
    let on_disk = fs::read_dir(home.join("requests")).expect("requests").count();
    assert_eq!(on_disk, answers.len());
    for (name, outcome, until) in answers {
        let request = engine.request(read(&format!("requests/{name}.json")).as_bytes()).expect(name);
        let decision = engine.decide(&request).expect(name);
        assert_eq!(format!("{:?}", decision.outcome).to_lowercase(), outcome, "{name}");
        assert_eq!(decision.until.as_deref(), until, "{name}");
    }
}

/// A deadline is a value, and tests in the language compare obligations by name only.
#[test]
fn how_long_honouring_a_request_may_take() {
    let engine = engine(&byleave_packs::preset("us.tcpa").expect("it is registered"), "", &BTreeMap::new());
    let honor_by = |stopped: &str, at: &str| {
        let request = serde_json::json!({
            "at": at,
            "person": { "time_zones": ["America/New_York"] },
            "contact": { "channel": "voice", "purpose": "marketing", "technology": ["live", "manual"] },
            "address": { "value": "+12125550100", "line": "residential" },
            "consents": [{ "id": "stop", "kind": "revoke", "at": stopped, "scope": { "purpose": "marketing" } }],
        });
        let request = engine.request(request.to_string().as_bytes()).expect("a request");
        let decision = engine.decide(&request).expect("a decision");
        decision.obligations.into_iter().find(|it| it.id == "honor_by").and_then(|it| it.value)
    };
    let by = |date: &str| Some(date.to_owned());
    // Thirty days for a request made before 11 April 2025, whenever the contact is; ten business days from then on.
    assert_eq!(honor_by("2025-04-10T12:00:00-04:00", "2025-04-20T12:00:00-04:00"), by("2025-05-10"));
    assert_eq!(honor_by("2025-04-11T12:00:00-04:00", "2025-04-20T12:00:00-04:00"), by("2025-04-25"));
    // Thanksgiving, and the Friday after it, which is a business day.
    assert_eq!(honor_by("2026-11-25T12:00:00-05:00", "2026-11-30T12:00:00-05:00"), by("2026-12-10"));
    // Juneteenth and Independence Day, observed on a Friday.
    assert_eq!(honor_by("2026-06-18T12:00:00-04:00", "2026-06-30T12:00:00-04:00"), by("2026-07-06"));
}

//! Whoever decides: the engine, the reference, the reference with a mistake in it. The laws ask any of them.

use crate::corpus::{Expect, Reason, Refused};
use crate::reference::{self, Answer, Block, Case, Mutant, Owed, State, clock};
use byleave::Engine;
use serde_json::Value as Json;

/// Gives answers under one policy.
pub trait Decider {
    /// The answer, or the sentence with which the request was refused.
    fn answer(&self, request: &Json) -> Result<Answer, String>;
}

/// Makes a decider of packs: each a list of texts.
pub trait Maker {
    /// Loads the packs beside the words of the corpus.
    fn make(&self, packs: &[String]) -> Result<Box<dyn Decider>, String>;
}

/// The reference, with or without a mistake.
pub struct Slow(pub Engine, pub Option<Mutant>);

impl Decider for Slow {
    fn answer(&self, request: &Json) -> Result<Answer, String> {
        let request = reference::one_form(request);
        let case = Case::new(self.0.policy(), &request, self.1).ok_or("no instant")?;
        Ok(case.decide(&reference::grid_of(&request, reference::QUARTER)))
    }
}

/// Makes references.
#[derive(Clone, Copy, Debug, Default)]
pub struct SlowMaker(pub Option<Mutant>);

impl Maker for SlowMaker {
    fn make(&self, packs: &[String]) -> Result<Box<dyn Decider>, String> {
        Ok(Box::new(Slow(crate::load::engine(packs)?, self.0)))
    }
}

/// The engine, through its JSON door.
pub struct Fast(pub Engine);

/// Makes engines.
#[derive(Clone, Copy, Debug, Default)]
pub struct FastMaker;

impl Maker for FastMaker {
    fn make(&self, packs: &[String]) -> Result<Box<dyn Decider>, String> {
        Ok(Box::new(Fast(crate::load::engine(packs)?)))
    }
}

/// The engine's own bytes, as JSON.
pub fn ask(engine: &Engine, request: &Json) -> Result<Json, byleave::Error> {
    let text = engine.decide_json(request.to_string().as_bytes())?;
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

fn texts(json: Option<&Json>, key: Option<&str>) -> Vec<String> {
    let all = json.and_then(Json::as_array).into_iter().flatten();
    all.filter_map(|j| key.map_or(Some(j), |k| j.get(k)).and_then(Json::as_str).map(str::to_string)).collect()
}

impl Decider for Fast {
    fn answer(&self, request: &Json) -> Result<Answer, String> {
        let d = ask(&self.0, request).map_err(|e| e.to_string())?;
        let word = |j: &Json, key: &str| j.get(key).and_then(Json::as_str).unwrap_or_default().to_string();
        let instant = |key: &str| d.get(key).and_then(Json::as_str).and_then(clock::parse_instant);
        let leak = |w: String| -> &'static str {
            const WORDS: [&str; 11] = [
                "allow",
                "defer",
                "deny",
                "violated",
                "undetermined",
                "refused",
                "no_basis",
                "missing_fact",
                "timing",
                "too_often",
                "content",
            ];
            WORDS.iter().find(|x| **x == w).copied().unwrap_or("?")
        };
        let mut state = State::default();
        for r in d.get("reasons").and_then(Json::as_array).into_iter().flatten() {
            let block = Block {
                finding: leak(word(r, "finding")),
                kind: leak(word(r, "kind")),
                missing: texts(r.get("missing"), None).into_iter().collect(),
            };
            state.blocking.insert(word(r, "rule"), block);
        }
        let told = |o: &Json| Owed {
            id: word(o, "id"),
            value: o.get("value").and_then(Json::as_str).map(str::to_string),
            unknown: o.get("unknown").and_then(Json::as_bool).unwrap_or_default(),
            rule: word(o, "rule"),
        };
        let list = |j: Option<&Json>| j.and_then(Json::as_array).cloned().unwrap_or_default();
        state.obligations = list(d.get("obligations")).iter().map(told).collect();
        for field in list(d.pointer("/fields/withheld")) {
            let rules = texts(field.get("rules"), None);
            state.withheld.extend(rules.into_iter().map(|rule| (word(&field, "name"), rule)));
        }
        Ok(Answer {
            outcome: leak(word(&d, "outcome")),
            until: instant("until"),
            valid_until: instant("valid_until"),
            missing: texts(d.get("missing"), None).into_iter().collect(),
            state,
        })
    }
}

/// What the engine says, in the form that a case of the corpus expects it.
pub fn seen(engine: &Engine, request: &Json) -> Expect {
    let d = match ask(engine, request) {
        Ok(d) => d,
        Err(e) => {
            let path = e.path().unwrap_or_default().to_string();
            return Expect {
                error: Some(Refused { kind: e.kind().as_str().to_string(), path }),
                ..Expect::default()
            };
        }
    };
    let text = |j: &Json, key: &str| j.get(key).and_then(Json::as_str).map(str::to_string);
    let reasons = d.get("reasons").and_then(Json::as_array).into_iter().flatten().map(|r| Reason {
        rule: text(r, "rule").unwrap_or_default(),
        kind: text(r, "kind").unwrap_or_default(),
        finding: text(r, "finding").unwrap_or_default(),
        missing: texts(r.get("missing"), None),
        clears: r.get("clears").cloned(),
    });
    let mut obligations = texts(d.get("obligations"), Some("id"));
    obligations.sort();
    obligations.dedup();
    let told = d.get("obligations").and_then(Json::as_array).into_iter().flatten().map(|o| {
        let unknown = o.get("unknown").and_then(Json::as_bool).unwrap_or_default();
        crate::corpus::owed(&text(o, "id").unwrap_or_default(), text(o, "value").as_deref(), unknown)
    });
    let mut owed: Vec<String> = told.collect();
    owed.sort();
    owed.dedup();
    let mut warnings = texts(d.get("warnings"), Some("code"));
    warnings.sort();
    warnings.dedup();
    Expect {
        outcome: text(&d, "outcome"),
        until: text(&d, "until"),
        valid_until: Some(text(&d, "valid_until")),
        reasons: Some(reasons.collect()),
        obligations: Some(obligations),
        owed: Some(owed),
        withheld: Some(texts(d.pointer("/fields/withheld"), Some("name"))),
        missing: Some(texts(d.get("missing"), None)),
        warnings: Some(warnings),
        error: None,
    }
}

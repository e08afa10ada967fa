//! Running the tests that stand in packs.

use super::{Coverage, Engine};
use crate::decision::{Clears, State, Sweep};
use crate::error::Error;
use crate::eval::Scratch;
use crate::facts::Facts;
use crate::time::Instant;
use crate::typed::{Expect, Expectations, ExpectedFinding, ExpectedOutcome, PackTest};
use crate::wire::decision::{Decision, Finding, Outcome, Validity};
use crate::wire::{Detail, Json, Request};

/// What came of a test.
///
/// ```
/// use byleave::{Coverage, Outcome};
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let report = engine.run_test(&engine.tests()[0], &mut Coverage::default())?;
/// assert_eq!(report.decision.map(|it| it.outcome), Some(Outcome::Defer));
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TestReport {
    /// What is otherwise than expected, a sentence each; empty: it passes.
    pub differences: Vec<String>,
    /// The decision, for those who want to see it.
    pub decision: Option<Decision>,
}

impl TestReport {
    /// Whether it passes.
    ///
    /// ```
    /// use byleave::TestReport;
    /// assert!(TestReport::default().passes());
    /// let failed = TestReport { differences: vec!["expected `allow`, got `deny`".into()], ..TestReport::default() };
    /// assert!(!failed.passes());
    /// ```
    #[must_use]
    pub fn passes(&self) -> bool {
        self.differences.is_empty()
    }
}

impl Engine {
    /// Runs one test of a pack and adds what it shows to the coverage.
    ///
    /// ```
    /// use byleave::{Coverage, Engine};
    /// let engine = Engine::builder()
    ///     .source("a", "a.leave", r#"
    ///         pack a { title "A" source "Handbook" edition "1" }
    ///         rule r { cite "1" require person.willing because "Nobody is forced." }
    ///         fact person.willing: boolean
    ///         test "is nobody forced?" { at 2026-07-01T12:00:00Z person { willing no } expect allow }
    ///     "#)
    ///     .build()?;
    /// let report = engine.run_test(&engine.tests()[0], &mut Coverage::default())?;
    /// assert_eq!(report.differences, ["expected `allow`, got `deny`, because of a.r"]);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// The test's facts are not what the contract asks for.
    pub fn run_test(&self, test: &PackTest, coverage: &mut Coverage) -> Result<TestReport, Error> {
        let json: Json = serde_json::from_value(test.request.clone())
            .map_err(|e| Error::internal(format!("the test's request could not be read: {e}")))?;
        let request = Request::from_json(json, &self.limits())?;
        let facts = self.facts(&request)?;
        let decision = self.decide_facts(&facts, Detail::Blocking, &mut Scratch::default())?;
        let expected = match &test.expect {
            Expect::Decision(expected) => expected.oblige.as_slice(),
            Expect::Rule { .. } => &[],
        };
        self.cover(&facts, expected, coverage);
        let differences = match &test.expect {
            Expect::Decision(expected) => differences(expected, &decision),
            Expect::Rule { rule, finding } => self.rule_differences(&facts, rule, finding),
        };
        Ok(TestReport { differences, decision: Some(decision) })
    }

    fn rule_differences(&self, facts: &Facts, id: &str, expected: &ExpectedFinding) -> Vec<String> {
        let program = self.program();
        let found = program.rules.iter().find(|r| program.typed_rule(r.rule).is_some_and(|t| t.id == id));
        let Some(r) = found else { return vec![format!("there is no rule `{id}`")] };
        let mut scratch = Scratch::default();
        let mut sweep = Sweep::new(program, facts, &mut scratch);
        let (state, _) = sweep.ask(r, facts.at.0);
        let missing = if state == State::Undetermined { sweep.missing_names(r) } else { Vec::new() };
        let clears = sweep.clears(r);
        let cleared = match clears {
            Clears::At(t) => Some(Instant(t)),
            _ => None,
        };
        let got = match (state, cleared) {
            (State::Free, _) => "pass".to_string(),
            (State::Undetermined, _) => format!("unknown missing {}", missing.join(", ")),
            (State::Violated, Some(t)) => format!("wait {}", local(facts, t)),
            (State::Violated, None) => "block".to_string(),
        };
        let (holds, want) = match expected {
            ExpectedFinding::Pass => (state == State::Free, "pass".to_string()),
            ExpectedFinding::Block => (state == State::Violated, "block".to_string()),
            ExpectedFinding::Wait(t) => {
                (state != State::Free && cleared == Some(*t), format!("wait {}", local(facts, *t)))
            }
            ExpectedFinding::Unknown(names) => {
                let mut names = names.clone();
                names.sort();
                let same = names.is_empty() || names == missing;
                (state == State::Undetermined && same, format!("unknown missing {}", names.join(", ")))
            }
        };
        if holds { Vec::new() } else { vec![format!("expected `{want}`, got `{got}`")] }
    }
}

fn local(facts: &Facts, t: Instant) -> String {
    facts.lanes.zones.first().map_or_else(|| t.to_string(), |z| t.format_in(z))
}

fn instant(text: &str) -> Option<Instant> {
    Instant::parse(text).ok()
}

fn differences(e: &Expectations, d: &Decision) -> Vec<String> {
    let mut out = Vec::new();
    let got = match (d.outcome, &d.until) {
        (Outcome::Allow, _) => "allow".to_string(),
        (Outcome::Defer, until) => {
            format!("defer until {}", d.until_local.as_deref().or(until.as_deref()).unwrap_or("?"))
        }
        (Outcome::Deny, _) => "deny".to_string(),
    };
    let until = d.until.as_deref().and_then(instant);
    let wrong = match e.outcome {
        None => None,
        Some(ExpectedOutcome::Allow) => (d.outcome != Outcome::Allow).then(|| "allow".to_string()),
        Some(ExpectedOutcome::Deny) => (d.outcome != Outcome::Deny).then(|| "deny".to_string()),
        Some(ExpectedOutcome::Defer(None)) => (d.outcome != Outcome::Defer).then(|| "defer".to_string()),
        Some(ExpectedOutcome::Defer(Some(t))) => {
            (d.outcome != Outcome::Defer || until != Some(t)).then(|| format!("defer until {t}"))
        }
    };
    let blocking: Vec<&str> = d
        .reasons
        .iter()
        .filter(|r| matches!(r.finding, Finding::Violated | Finding::Undetermined))
        .map(|r| r.rule.as_str())
        .collect();
    if let Some(want) = wrong {
        let because =
            if blocking.is_empty() { String::new() } else { format!(", because of {}", blocking.join(", ")) };
        let missing =
            if d.missing.is_empty() { String::new() } else { format!(", missing {}", d.missing.join(", ")) };
        out.push(format!("expected `{want}`, got `{got}`{because}{missing}"));
    }
    if !e.because.is_empty() {
        let mut want: Vec<&str> = e.because.iter().map(String::as_str).collect();
        want.sort_unstable();
        want.dedup();
        if want != blocking {
            out.push(format!("expected to be blocked by {}, got {}", list(&want), list(&blocking)));
        }
    }
    if let Some(want) = e.valid_until {
        let got = match &d.valid_until {
            Validity::Until(t) => instant(t),
            _ => None,
        };
        if want != got {
            let say = |t: Option<Instant>| t.map_or_else(|| "without end".to_string(), |t| t.to_string());
            out.push(format!("expected to be valid until {}, got {}", say(want), say(got)));
        }
    }
    if let Some(want) = &e.missing {
        let mut want: Vec<&str> = want.iter().map(String::as_str).collect();
        want.sort_unstable();
        want.dedup();
        let got: Vec<&str> = d.missing.iter().map(String::as_str).collect();
        if want != got {
            out.push(format!("expected to miss {}, got {}", list(&want), list(&got)));
        }
    }
    let there = |want: &[String], got: &[&str], what: &str, out: &mut Vec<String>| {
        for w in want.iter().filter(|w| !got.contains(&w.as_str())) {
            out.push(format!("expected {what} `{w}`, got {}", list(got)));
        }
    };
    let withheld: Vec<&str> = d.fields.withheld.iter().map(|w| w.name.as_str()).collect();
    there(&e.withheld, &withheld, "to withhold", &mut out);
    owed(&e.oblige, d, &mut out);
    let taken: Vec<&str> = d.taken_as.iter().map(|t| t.fact.as_str()).collect();
    there(&e.taken_as, &taken, "to have settled", &mut out);
    let warned: Vec<&str> = d.warnings.iter().map(|w| w.code.as_str()).collect();
    there(&e.warned, &warned, "the warning", &mut out);
    let absent = |unwanted: &Option<Vec<String>>, got: &[&str], what: &str, out: &mut Vec<String>| {
        let Some(unwanted) = unwanted else { return };
        let wrong = |it: &&&str| unwanted.is_empty() || unwanted.iter().any(|name| name == **it);
        let wrong: Vec<&str> = got.iter().filter(wrong).copied().collect();
        if !wrong.is_empty() {
            out.push(format!("expected not {what} {}", list(&wrong)));
        }
    };
    absent(&e.absent.withheld, &withheld, "to withhold", &mut out);
    absent(&e.absent.taken_as, &taken, "to have settled", &mut out);
    absent(&e.absent.warned, &warned, "the warning", &mut out);
    not_owed(e.absent.oblige.as_deref(), d, &mut out);
    out
}

fn said(id: &str, value: Option<&str>) -> String {
    value.map_or_else(|| id.to_string(), |v| format!("{id}: {v}"))
}

/// No rule may owe what is not wanted.
fn not_owed(unwanted: Option<&[(String, Option<String>)]>, d: &Decision, out: &mut Vec<String>) {
    let Some(unwanted) = unwanted else { return };
    for o in &d.obligations {
        let named =
            |(id, value): &(String, Option<String>)| *id == o.id && (value.is_none() || *value == o.value);
        if unwanted.is_empty() || unwanted.iter().any(named) {
            let owed = said(&o.id, o.value.as_deref());
            out.push(format!("expected not the obligation `{owed}` of {}", o.rule));
        }
    }
}

/// An obligation with a value must be owed by some rule with that value.
fn owed(expected: &[(String, Option<String>)], d: &Decision, out: &mut Vec<String>) {
    for (id, value) in expected {
        let same: Vec<_> = d.obligations.iter().filter(|o| o.id == *id).collect();
        if same.iter().any(|o| value.is_none() || o.value == *value) {
            continue;
        }
        // Of the same name first: which value it has is what went wrong.
        let near: Vec<_> = if same.is_empty() { d.obligations.iter().collect() } else { same };
        let got: Vec<String> = near.iter().map(|o| said(&o.id, o.value.as_deref())).collect();
        let got: Vec<&str> = got.iter().map(String::as_str).collect();
        let want = said(id, value.as_deref());
        out.push(format!("expected the obligation `{want}`, got {}", list(&got)));
    }
}

fn list(words: &[&str]) -> String {
    if words.is_empty() { "nothing".to_string() } else { words.join(", ") }
}

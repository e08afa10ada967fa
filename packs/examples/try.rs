use byleave::{Engine, typed::{Expect, ExpectedFinding, ExpectedOutcome}, time::Instant};
use byleave::wire::decision::*;
fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let only = std::env::var("ONLY").ok();
    let show = std::env::var("SHOW").is_ok();
    let mut b = Engine::builder();
    let req = args.iter().position(|a| a.ends_with(".json")).map(|i| args.remove(i));
    for p in &args {
        let text = std::fs::read_to_string(p).unwrap();
        let folder = std::path::Path::new(p).parent().unwrap().to_str().unwrap().to_string();
        b = b.source(&folder, p, &text);
    }
    let (s, e) = b.try_build();
    let e = match e { Ok(e) => e, Err(d) => { for d in &d { println!("{}", d.to_line(&s)); } println!("{} diagnostics", d.len()); return; } };
    for w in e.warnings() { println!("{}", w.to_line(&s)); }
    if let Some(r) = req {
        let t = std::fs::read(&r).unwrap();
        match e.decide_json(&t) { Ok(d) => println!("{d}"), Err(x) => println!("{x}") }
        return;
    }
    let (mut n, mut bad) = (0, 0);
    for t in e.tests() {
        if let Some(o) = &only { if !t.title.contains(o.as_str()) { continue; } }
        n += 1;
        let mut j = t.request.clone();
        j["detail"] = "full".into();
        let bytes = j.to_string();
        let mut wrong: Vec<String> = vec![];
        let d = match e.request(bytes.as_bytes()).and_then(|r| e.decide(&r)) { Ok(d) => d, Err(x) => { bad += 1; println!("FAIL {} ({}): error {x}", t.title, at(&e, t.span)); continue; } };
        match &t.expect {
            Expect::Decision(x) => {
                match &x.outcome {
                    Some(ExpectedOutcome::Allow) if d.outcome != Outcome::Allow => wrong.push(format!("{:?}", d.outcome)),
                    Some(ExpectedOutcome::Deny) if d.outcome != Outcome::Deny => wrong.push(format!("{:?} until {:?}", d.outcome, d.until)),
                    Some(ExpectedOutcome::Defer(u)) => {
                        if d.outcome != Outcome::Defer { wrong.push(format!("{:?}", d.outcome)); }
                        if let Some(u) = u { if d.until.as_deref() != Some(text(*u).as_str()) { wrong.push(format!("until {:?} not {}", d.until, text(*u))); } }
                    }
                    _ => {}
                }
                let blocking: Vec<&str> = d.reasons.iter().filter(|r| matches!(r.finding, Finding::Violated | Finding::Undetermined)).map(|r| r.rule.as_str()).collect();
                let mut a = blocking.clone(); a.sort(); let mut b: Vec<&str> = x.because.iter().map(|x| x.as_str()).collect(); b.sort();
                if !b.is_empty() && a != b { wrong.push(format!("blocking {a:?} not {b:?}")); }
                if x.outcome == Some(ExpectedOutcome::Allow) && !a.is_empty() { wrong.push(format!("blocking {a:?}")); }
                if let Some(v) = &x.valid_until { let got = serde_json::to_value(&d.valid_until).unwrap(); let want = v.map(text).map_or(serde_json::Value::Null, |x| x.into()); if got != want { wrong.push(format!("valid {got} not {want}")); } }
                if let Some(m) = &x.missing { let mut m = m.clone(); m.sort(); let mut g = d.missing.clone(); g.sort(); if m != g { wrong.push(format!("missing {g:?} not {m:?}")); } }
                for w in &x.withheld { if !d.fields.withheld.iter().any(|f| &f.name == w) { wrong.push(format!("not withheld {w}")); } }
                for o in &x.oblige { if !d.obligations.iter().any(|f| &f.id == o) { wrong.push(format!("not obliged {o}: {:?}", d.obligations.iter().map(|o| &o.id).collect::<Vec<_>>())); } }
            }
            Expect::Rule { rule, finding } => {
                let r = d.reasons.iter().find(|r| &r.rule == rule && matches!(r.finding, Finding::Violated | Finding::Undetermined));
                let got = r.map(|r| (format!("{:?}", r.finding), serde_json::to_value(&r.clears).unwrap(), r.missing.clone()));
                let ok = match (finding, r) {
                    (ExpectedFinding::Pass, None) => true,
                    (ExpectedFinding::Block, Some(r)) => r.finding == Finding::Violated,
                    (ExpectedFinding::Wait(u), Some(r)) => matches!(&r.clears, Some(Clears::At(x)) if *x == text(*u)),
                    (ExpectedFinding::Unknown(m), Some(r)) => r.finding == Finding::Undetermined && (m.is_empty() || { let mut a = m.clone(); a.sort(); let mut b = r.missing.clone(); b.sort(); a == b }),
                    _ => false,
                };
                if !ok { wrong.push(format!("{rule}: expected {finding:?}, got {got:?}")); }
            }
        }
        if !wrong.is_empty() || show {
            bad += 1; println!("FAIL {} ({}):\n   {}", t.title, at(&e, t.span), wrong.join("\n   "));
            if show { println!("{}", serde_json::to_string_pretty(&j).unwrap()); println!("{}", serde_json::to_string_pretty(&d.reasons.iter().map(|r| serde_json::to_value(r).unwrap()).collect::<Vec<_>>()).unwrap()); println!("{} missing {:?} obl {:?}", d.at, d.missing, d.obligations.iter().map(|o|(&o.id,&o.value)).collect::<Vec<_>>()); for w in &d.warnings { println!("warn {} {} {}", w.code, w.path, w.message); } }
        }
    }
    println!("{n} tests, {bad} wrong");
}
fn text(i: Instant) -> String { format!("{i}") }
fn at(e: &Engine, s: byleave::source::Span) -> String { let lc = e.sources().line_column(s); format!("{}:{:?}", e.sources().get(s.source).map_or("", |x| &x.name), lc) }

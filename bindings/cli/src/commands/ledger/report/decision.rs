//! A decision on the timeline: the answer, why, by which law, what it rested on, and whether it comes to the same again.

use super::instant;
use super::words::{at, count};
use crate::page::words::{Clocks, kind};
use byleave::wire::decision::{Decision, Finding, Outcome, Reason};
use byleave_ledger::bundle::Verified;
use byleave_ledger::{Event, Record, Replay};
use maud::{Markup, html};
use serde_json::Value;

/// A decision, by a ledger or told by a host.
pub fn decision(n: u64, event: &Event, told: &Value, verified: &Verified) -> Markup {
    let record = Record::read(event).ok().flatten();
    let answer = record.as_ref().and_then(|it| Some((it, it.decision()?)));
    match answer {
        Some((record, answer)) => recorded(n, record, &answer, verified),
        None => html! {
            h3 { "A decision, as another system told it" }
            p.says { "It was told without what is needed to ask again." }
            p { (super::words::value(told)) }
        },
    }
}

fn recorded(n: u64, record: &Record, answer: &Decision, verified: &Verified) -> Markup {
    let clocks = Clocks::of(&record.request);
    let said = |path: &str| at(&record.request, path);
    let what = said("/contact/channel").unwrap_or_else(|| "contact".to_owned());
    let purpose = said("/contact/purpose").map(|it| format!(" for {it}")).unwrap_or_default();
    let to = said("/address/value").map(|it| format!(" to {it}")).unwrap_or_default();
    let blocks = |it: &&Reason| matches!(it.finding, Finding::Violated | Finding::Undetermined);
    let reasons: Vec<&Reason> = answer.reasons.iter().filter(blocks).collect();
    let evidence = answer.evidence.as_ref();
    let known = evidence.map_or(answer.at.as_str(), |it| it.known_at.as_str());
    html! {
        h3 { (badge(answer)) "Asked whether contact may be made by " (what) (purpose) (to) }
        @if answer.outcome == Outcome::Defer {
            @if let Some(until) = &answer.until { p { "It may be made from " (clocks.tell(until)) " on, as the facts stood." } }
        }
        @if !reasons.is_empty() {
            ul.reasons { @for it in &reasons { (reason(it, &clocks)) } }
        } @else if answer.outcome == Outcome::Allow {
            p { "No rule stood in the way." }
        }
        dl {
            dt { "Asked about" } dd { (clocks.tell(&answer.at)) }
            dt { "Known then" } dd { (rested(record)) }
            @if known != answer.at { dt { "As known on" } dd { (instant(known)) } }
            @if !answer.missing.is_empty() { dt { "Nobody said" } dd { (answer.missing.join(", ")) } }
            @if !answer.obligations.is_empty() {
                dt { "Owed" } dd { (owed(answer, &clocks)) }
            }
            @if let Some(evidence) = evidence {
                dt { "Decided by" } dd {
                    @for (n, it) in evidence.packs.iter().enumerate() { @if n > 0 { ", " } (it.name) " " (it.edition) }
                    "; Byleave " (evidence.engine) ", time zones of " (evidence.zones.edition)
                }
                @if !evidence.settings.is_empty() {
                    dt { "Read as" } dd {
                        @for (n, (name, reading)) in evidence.settings.iter().enumerate() {
                            @if n > 0 { "; " } code { (name) } " is " (reading.replace('_', " "))
                        }
                    }
                }
            }
            dt { "Asked again" } dd { (again(n, verified)) }
        }
    }
}

fn badge(answer: &Decision) -> Markup {
    match answer.outcome {
        Outcome::Allow => html! { span.badge.good { "ALLOWED" } },
        Outcome::Defer => html! { span.badge.wait { "NOT YET" } },
        Outcome::Deny => html! { span.badge.bad { "NOT ALLOWED" } },
    }
}

fn reason(it: &Reason, clocks: &Clocks) -> Markup {
    html! {
        li {
            (it.sentence)
            @if let Some(why) = it.kind { " (" (kind(why)) ")" }
            @for refusal in &it.refused_by {
                " Refused"
                @if let Some(at) = &refusal.at { " " (clocks.tell_day(at)) }
                @if let Some(id) = &refusal.id { " (" code { (id) } ")" }
                "."
            }
            cite { (it.citations.join("; ")) @if !it.citations.is_empty() { " · " } code { (it.rule) } }
        }
    }
}

fn rested(record: &Record) -> String {
    let known = &record.known;
    let own = usize::try_from(known.events).unwrap_or(usize::MAX);
    let mut out = match own {
        0 => "nothing of this person".to_owned(),
        1 => "the first entry above".to_owned(),
        n => format!("the first {n} entries"),
    };
    if !known.others.is_empty() {
        let refusals = count(known.others.len(), "refusal", "refusals");
        out.push_str(&format!(", and {refusals} by others at the same address"));
    }
    if let Some(at) = &known.erased_at {
        out.push_str(&format!(", and that whoever is reached there was erased on {}", instant(at)));
    }
    out
}

fn owed(answer: &Decision, clocks: &Clocks) -> String {
    let all = answer.obligations.iter().map(|it| match &it.value {
        Some(value) => format!("{}: {}", it.id.replace('_', " "), clocks.tell(value)),
        None => it.id.replace('_', " "),
    });
    all.collect::<Vec<_>>().join("; ")
}

fn again(n: u64, verified: &Verified) -> Markup {
    let replay = verified.decisions.iter().find(|(it, _)| *it == n).map(|(_, it)| it);
    match replay {
        Some(Replay::Same) => html! { span.good { "the same answer, byte for byte" } },
        Some(Replay::OtherEngine { then, now }) => {
            html! { span.good { "the same answer" } ", by version " (now) " in place of " (then) }
        }
        Some(Replay::Differs(all)) => html! {
            span.bad { "another answer" }
            ul { @for it in all { li { (it.what) ": " (it.then) " then, " (it.now) " now" } } }
        },
        Some(Replay::Impossible(why)) => html! { span.bad { "it cannot be: " } (why) },
        None => html! { span.bad { "it could not be: the packs are missing" } },
    }
}

//! A decision on the timeline: the answer, why, by which law, what it rested on, and whether it comes to the same again.

use super::instant;
use super::words::{at, count, value};
use crate::commands::packs::doc::terms::plain;
use crate::page::words::{Clocks, kind};
use byleave::wire::decision::{Decision, Finding, Outcome, Reason, Refusal};
use byleave_ledger::bundle::Verified;
use byleave_ledger::{Event, List, Record, Replay};
use maud::{Markup, html};
use serde_json::Value;

/// A decision, by a ledger or told by a host.
pub fn decision(
    n: u64,
    event: &Event,
    told: &Value,
    events: &[Option<Event>],
    verified: &Verified,
) -> Markup {
    let record = Record::read(event).ok().flatten();
    let answer = record.as_ref().and_then(|it| Some((it, it.decision()?)));
    match answer {
        Some((record, answer)) => recorded(n, record, &answer, events, verified),
        None => html! {
            h3 { "A decision, as another system told it" }
            p.says { "It was told without what is needed to ask again." }
            p { (value(told)) }
        },
    }
}

fn recorded(
    n: u64,
    record: &Record,
    answer: &Decision,
    events: &[Option<Event>],
    verified: &Verified,
) -> Markup {
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
            (why(&reasons, record, events, &clocks))
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

/// The reasons: those that follow from one refusal of the person's together, however many rules heed it.
fn why(reasons: &[&Reason], record: &Record, events: &[Option<Event>], clocks: &Clocks) -> Markup {
    let mut acts: Vec<&Refusal> = reasons.iter().filter_map(|it| it.refused_by.first()).collect();
    acts.sort();
    acts.dedup();
    let others: Vec<&&Reason> = reasons.iter().filter(|it| it.refused_by.is_empty()).collect();
    html! {
        @for act in &acts {
            p { (refused(act, record, events, clocks)) " That is heeded by:" }
            ul.reasons {
                @for it in reasons.iter().filter(|it| it.refused_by.first() == Some(*act)) { (reason(it)) }
            }
        }
        @if !acts.is_empty() && !others.is_empty() { p { "And besides:" } }
        @if !others.is_empty() { ul.reasons { @for it in others { (reason(it)) } } }
    }
}

/// Who said no, and where that stands: in this record, or in somebody else's.
fn refused(act: &Refusal, record: &Record, events: &[Option<Event>], clocks: &Clocks) -> Markup {
    let entry = act
        .id
        .as_ref()
        .and_then(|id| (1..).zip(events).find_map(|(n, it)| (it.as_ref()?.key == *id).then_some(n)));
    let at = act.at.as_deref().map(|at| format!(" on {}", clocks.tell_day(at))).unwrap_or_default();
    html! {
        @match (entry, act.id.as_deref()) {
            (Some(n), _) => { "The person said no" (at) " (" a href={ "#entry-" (n) } { "entry " (n) } ")." },
            (None, Some("erased")) => { "Whoever is reached there was erased" (at) ", and is left alone." },
            (None, id) if record.known.others.iter().any(|it| it.record.get("id").and_then(Value::as_str) == id) => {
                "Somebody else said no at the same address" (at) "."
            },
            (None, _) => { "The person said no" (at) ", as the request itself told." },
        }
    }
}

/// The last decision before a contact, about the same way to the same address.
pub fn leave(n: u64, contact: &Value, events: &[Option<Event>]) -> Option<Markup> {
    let before = usize::try_from(n).ok()?.checked_sub(1)?;
    let asked = events.get(..before)?.iter().enumerate().rev().find_map(|(n, event)| {
        let event = event.as_ref().filter(|it| it.list == List::Decisions)?;
        let record = Record::read(event).ok()??;
        let same = |one: &str, other: &str| contact.get(one) == record.request.pointer(other);
        let about = same("channel", "/contact/channel") && same("address", "/address/value");
        about.then(|| record.decision().map(|it| (n + 1, it)))?
    });
    let (n, answer) = asked?;
    let word = match answer.outcome {
        Outcome::Allow => "allowed",
        Outcome::Defer => "not yet allowed",
        Outcome::Deny => "not allowed",
    };
    Some(html! { a href={ "#entry-" (n) } { "entry " (n) } ": " (word) })
}

fn reason(it: &Reason) -> Markup {
    html! {
        li {
            (it.sentence)
            @if it.refused_by.is_empty() { @if let Some(why) = it.kind { " (" (kind(why)) ")" } }
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
    if !known.linked.is_empty() {
        let names: Vec<&str> = known.linked.iter().map(|it| it.name.as_str()).collect();
        out.push_str(&format!(", and what is told of the person under {}", names.join(", ")));
    }
    if let Some(at) = &known.erased_at {
        out.push_str(&format!(", and that whoever is reached there was erased on {}", instant(at)));
    }
    out
}

fn owed(answer: &Decision, clocks: &Clocks) -> String {
    let all = answer.obligations.iter().map(|it| match &it.value {
        Some(value) => format!("{}: {}", plain(&it.id), clocks.tell_day(value)),
        None if it.unknown => format!("{}: not known", plain(&it.id)),
        None => plain(&it.id),
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

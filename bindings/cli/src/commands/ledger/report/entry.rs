//! One event of the timeline: a sentence that says what happened, and who told it, how and by which words.

use super::words::{actor, at, language, scope, value};
use super::{decision, instant};
use crate::commands::packs::doc::terms::{plain, title};
use byleave_ledger::bundle::{Bundle, Told, Verified};
use byleave_ledger::{Event, List};
use maud::{Markup, html};
use serde_json::Value;

/// What the sentence and the lines below it have said already.
const SAID: [&str; 9] =
    ["id", "recorded_at", "at", "kind", "level", "scope", "means", "expires_on", "holder"];

/// One event, with its number in the chain.
pub fn entry(n: u64, told: &Told, bundle: &Bundle, events: &[Option<Event>], verified: &Verified) -> Markup {
    let event = usize::try_from(n).ok().and_then(|n| events.get(n.checked_sub(1)?)?.as_ref());
    let void = event.and_then(|event| voided(event, events));
    html! {
        li id={ "entry-" (n) } {
            div.when {
                time datetime=(told.recorded_at) { (instant(&told.recorded_at)) }
                span.number { "entry " (n) ", " (told.seq) " of the ledger" }
            }
            div.told {
                @match (event, told.erasure(), &told.words) {
                    (Some(event), ..) => {
                        div.voided[void.is_some()] { (words(n, event, bundle, events, verified)) }
                        @if let Some((by, why)) = void {
                            p.note {
                                strong { "Taken back" } " by " a href={ "#entry-" (by) } { "entry " (by) } ": " (why)
                            }
                        }
                    }
                    (None, Some((why, by)), _) => {
                        h3 { "What stood before this was erased" }
                        dl { dt { "Why" } dd { (why) } dt { "By" } dd { (by) } }
                        p.says { "The addresses stay on record as keyed digests, so that whoever it was is still left alone." }
                    }
                    (None, None, None) => p.erased { "Erased by law. What was said is gone; that something was recorded here, and when, remains, under its seal." },
                    (None, None, Some(_)) => p.bad { "These words cannot be read: see what was found above." },
                }
            }
        }
    }
}

/// The void that takes an event back: its number, and why.
fn voided(event: &Event, events: &[Option<Event>]) -> Option<(u64, String)> {
    (1..).zip(events).find_map(|(n, it)| {
        let it = it.as_ref().filter(|it| it.list == List::Voids)?;
        let record = record(it);
        (record.get("of")?.as_str()? == event.key).then(|| (n, at(&record, "/why").unwrap_or_default()))
    })
}

/// An event's own words.
fn words_of(event: &Event) -> Value {
    serde_json::from_str(event.words()).unwrap_or_default()
}

fn record(event: &Event) -> Value {
    words_of(event).get_mut("event").map(Value::take).unwrap_or_default()
}

fn words(n: u64, event: &Event, bundle: &Bundle, events: &[Option<Event>], verified: &Verified) -> Markup {
    let words = words_of(event);
    let record = record(event);
    if event.list == List::Decisions {
        return decision::decision(n, event, &record, events, verified);
    }
    let shown = words.get("text_shown");
    let text = |key: &str| shown.and_then(|it| it.get(key)).and_then(Value::as_str);
    let which = bundle.texts.iter().position(|it| {
        text("sha256") == Some(it.sha256.hex().as_str()) && text("language") == Some(it.language.as_str())
    });
    html! {
        h3 { (sentence(event, &record, events)) }
        dl {
            @if let Some(at) = at(&record, "/at") { dt { "Happened" } dd { (happened(&at)) } }
            dt { "Told by" } dd { (actor(&words)) }
            dt { "Through" } dd {
                (words.get("source").and_then(Value::as_str).unwrap_or_default())
                @if let Some(method) = words.get("method").and_then(Value::as_str) { ", " (method) }
            }
            @if let Some(means) = at(&record, "/means") { dt { "How" } dd { (means) } }
            @if let (Some(language_tag), Some(which)) = (text("language"), which) {
                dt { "Text shown" } dd { a href={ "#text-" (which + 1) } { "text " (which + 1) } ", in " (language(language_tag)) }
            }
            @if let Some(leave) = (event.list == List::Contacts).then(|| decision::leave(n, &record, events)).flatten() {
                dt { "Asked before" } dd { (leave) }
            }
            @if let Some(until) = at(&record, "/expires_on") { dt { "Good through" } dd { (until) } }
            @if let Value::Object(map) = &record {
                @for (key, it) in map.iter().filter(|(key, _)| !SAID.contains(&key.as_str()) && !said(event, key)) {
                    dt { (label(key)) } dd { (value(it)) }
                }
            }
            dt { "Called" } dd { code { (event.key) } }
        }
    }
}

/// What a line is called.
fn label(key: &str) -> String {
    match key {
        "by" => "Who acted".to_owned(),
        "basis" => "On the basis of".to_owned(),
        "result" => "Outcome".to_owned(),
        other => title(other),
    }
}

/// An instant, or a day as it was told.
fn happened(text: &str) -> String {
    if text.contains('T') { instant(text) } else { text.to_owned() }
}

/// Whether the sentence has said that.
fn said(event: &Event, key: &str) -> bool {
    match event.list {
        List::Contacts => ["channel", "purpose", "address"].contains(&key),
        List::Lists => ["list", "address", "result"].contains(&key),
        List::Preferences => key == "set",
        List::Voids => ["of", "why"].contains(&key),
        _ => false,
    }
}

/// What happened, as one sentence.
fn sentence(event: &Event, record: &Value, events: &[Option<Event>]) -> Markup {
    let or = |path: &str, other: &str| at(record, path).unwrap_or_else(|| other.to_owned());
    match event.list {
        List::Consents => {
            let level = at(record, "/level").map(|it| format!(" ({it} consent)")).unwrap_or_default();
            let whom = at(record, "/holder").map(|it| format!(" for {it}")).unwrap_or_default();
            match record.get("kind").and_then(Value::as_str).unwrap_or_default() {
                "grant" => html! { span.badge.good { "AGREED" } "Agreed to " (scope(record)) (level) (whom) },
                "revoke" => html! { span.badge.bad { "STOP" } "Refused " (scope(record)) (whom) },
                "decline" => {
                    html! { span.badge.bad { "DECLINED" } "Declined when asked about " (scope(record)) (whom) }
                }
                other => html! { (title(other)) ": " (scope(record)) },
            }
        }
        List::Contacts => {
            let purpose = at(record, "/purpose").map(|it| format!(" for {it}")).unwrap_or_default();
            let to = at(record, "/address").map(|it| format!(" to {it}")).unwrap_or_default();
            html! { span.badge { "CONTACT" } "We made contact by " (or("/channel", "a channel that was not told")) (purpose) (to) }
        }
        List::Interactions => html! { "The person's " (or("/kind", "interaction")) },
        List::Lists => {
            let address = or("/address", "an address");
            html! { "Looked up " (address) " on " (or("/list", "a list")) ": " (or("/result", "no result")) }
        }
        List::Signals => html! { "A signal of the person's browser: " (or("/kind", "of no kind")) },
        List::Preferences => html! { "Preference: " (or("/set", "none")) },
        List::Voids => {
            let of = record.get("of").and_then(Value::as_str).unwrap_or_default();
            let n = (1..).zip(events).find_map(|(n, it)| (it.as_ref()?.key == of).then_some(n));
            html! {
                span.badge.wait { "CORRECTION" }
                @match n { Some(n) => { a href={ "#entry-" (n) } { "Entry " (n) } }, None => (of) }
                " is taken back: " (or("/why", "no reason was told"))
            }
        }
        other => html! { (title(&plain(other.as_str()))) },
    }
}

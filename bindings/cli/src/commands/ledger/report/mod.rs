//! The page that goes with a bundle: a timeline that somebody could follow who has never heard of the program.
//!
//! | file | does |
//! |---|---|
//! | this one | the page from top to bottom: what holds, the texts, the checkpoints, how to see for oneself |
//! | [`entry`] | one event of the timeline |
//! | [`decision`] | a decision, with its reasons in plain words |
//! | [`words`] | how things are called |

mod decision;
mod entry;
mod words;

use crate::page::words::Clocks;
use byleave_ledger::bundle::{Base64, Bundle, Elsewhere, Verified};
use byleave_ledger::{Digest, Event, List, Trust};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use words::count;

const STYLE: &str = include_str!("style.css");
/// A page needs one style, which it carries, and nothing else.
fn policy() -> String {
    let digest = serde_json::to_value(Base64(Digest::of(STYLE.as_bytes()).0.to_vec())).unwrap_or_default();
    format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest.as_str().unwrap_or_default()
    )
}

/// The page.
pub fn page(bundle: &Bundle, verified: &Verified, trust: &Trust) -> Markup {
    let whom = bundle.person.as_deref().unwrap_or("somebody who was erased");
    let events: Vec<Option<Event>> = bundle.events.iter().map(|it| it.event()).collect();
    let title = format!("Record of {whom}");
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(policy());
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#timeline" { "To what happened" }
                header {
                    h1 { (title) }
                    dl {
                        dt { "Person" } dd { (whom) }
                        dt { "Put together" } dd { (instant(&bundle.made_at)) ", by " (bundle.made_by) }
                        dt { "Holds" } dd { (summary(bundle, &events)) }
                    }
                }
                main {
                    (verdict(verified, trust))
                    h2 id="timeline" { "What happened, and when it was known" }
                    p.says {
                        "In the order in which each was recorded. The time in the margin is the one at which it was recorded: from then on it was known. "
                        "Times are given in coordinated universal time (UTC) unless another zone is named."
                    }
                    ol.timeline {
                        @for (n, told) in (1..).zip(&bundle.events) { (entry::entry(n, told, bundle, &events, verified)) }
                    }
                    (texts(bundle))
                    (others(bundle))
                    (checkpoints(bundle, verified))
                    (see_for_yourself(bundle, trust))
                }
                footer { p { "Made from a bundle of evidence by Byleave. The bundle is the evidence, this page tells of it. Not legal advice." } }
            }
        }
    }
}

/// An instant in words.
fn instant(text: &str) -> String {
    let words = Clocks::default().tell(text).replace(" (UTC)", " UTC");
    // Microseconds are in the bundle; nobody reads them on a page.
    match words.split_once('.') {
        Some((before, rest)) => {
            format!("{before}{}", rest.trim_start_matches(|it: char| it.is_ascii_digit()))
        }
        None => words,
    }
}

fn summary(bundle: &Bundle, events: &[Option<Event>]) -> String {
    let of = |list: List| events.iter().flatten().filter(|it| it.list == list).count();
    let erased = bundle.events.iter().filter(|it| it.words.is_none()).count();
    let parts = [
        (of(List::Consents), "act of consent or refusal", "acts of consent or refusal"),
        (of(List::Contacts), "contact", "contacts"),
        (of(List::Interactions), "interaction", "interactions"),
        (of(List::Decisions), "decision", "decisions"),
        (of(List::Voids), "correction", "corrections"),
        (erased, "erased entry", "erased entries"),
    ];
    let told: Vec<String> =
        parts.into_iter().filter(|it| it.0 > 0).map(|(n, one, many)| count(n, one, many)).collect();
    if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
}

/// What was verified, first of all.
fn verdict(verified: &Verified, trust: &Trust) -> Markup {
    let holds = verified.findings.is_empty();
    let same = verified.decisions.iter().filter(|(_, it)| words::same(it)).count();
    let whose = verified.signers.iter().all(|it| trust.keys.contains(it)) && !verified.signers.is_empty();
    html! {
        section.verdict.good[holds].bad[!holds] aria-label="What was verified" {
            @if holds && (whose || trust.checkpoint.is_some()) { p { "Verified: this record holds." } }
            @else if holds { p { "This record agrees with itself in every part." } }
            @else { p { "This record does not hold: " (count(verified.findings.len(), "fault was", "faults were")) " found." } }
            @if !holds { ul { @for it in &verified.findings { li.bad { (it) } } } }
            @if holds {
                p {
                    "No entry was changed, put in, taken out or moved within it"
                    @if verified.covered > 0 {
                        ": " (count(usize::try_from(verified.covered).unwrap_or(usize::MAX), "entry lies", "entries lie"))
                        " under a checkpoint of the whole ledger"
                        @if whose { ", signed by a key that whoever verified it trusts" }
                    }
                    "."
                }
            }
            @if !verified.decisions.is_empty() {
                p {
                    "Decisions were asked again from what this bundle holds: " (same) " of " (verified.decisions.len())
                    " came to the same answer."
                }
            }
            @if !verified.notes.is_empty() {
                p { "What this does not show:" }
                ul { @for it in &verified.notes { li { (it) } } }
            }
        }
    }
}

fn texts(bundle: &Bundle) -> Markup {
    html! {
        @if !bundle.texts.is_empty() {
            h2 { "Texts that were shown" }
            p.says { "Each is the text of that digest, and no other: a text with one letter changed has another." }
            @for (n, it) in (1..).zip(&bundle.texts) {
                section.text id={ "text-" (n) } {
                    h3 { "Text " (n) " (" (words::language(&it.language)) ")" }
                    @match (&it.text, &it.bytes) {
                        (Some(text), _) => blockquote lang=(it.language) { (text) },
                        (None, Some(bytes)) => p { "No plain text: " (bytes.0.len()) " bytes, in the bundle." },
                        (None, None) => p { "The text itself is not in this bundle; whoever holds it can compare its digest." },
                    }
                    p.facts { "SHA-256 " code { (it.sha256) } }
                }
            }
        }
    }
}

fn others(bundle: &Bundle) -> Markup {
    html! {
        @if !bundle.others.is_empty() {
            h2 { "What others refused at the same address" }
            p.says { "A refusal at an address binds everyone who is reached there. Who refused is not told here." }
            div.wide { table {
                thead { tr { th scope="col" { "Entry of the ledger" } th scope="col" { "Recorded" } th scope="col" { "Its words" } th scope="col" { "Seal" } } }
                tbody { @for it in &bundle.others { (other(it)) } }
            } }
        }
    }
}

fn other(it: &Elsewhere) -> Markup {
    html! {
        tr {
            th scope="row" { (it.event.seq) }
            td { (instant(&it.event.recorded_at)) }
            td { @if it.event.words.is_some() { "opened in the bundle" } @else { "sealed" } }
            td { code { (it.event.seal) } }
        }
    }
}

fn checkpoints(bundle: &Bundle, verified: &Verified) -> Markup {
    html! {
        h2 { "Checkpoints" }
        @if bundle.checkpoints.is_empty() {
            p { "No checkpoint was made: the entries rest on their own chain, which their keeper could have written anew." }
        } @else {
            p.says {
                "A checkpoint binds every entry of the whole ledger up to it, and the checkpoint before. One that was handed to somebody else fixes the past for its keeper too."
            }
            div.wide { table {
                thead { tr {
                    th scope="col" { "No." } th scope="col" { "Made" } th scope="col" { "Entries of the ledger" }
                    th scope="col" { "Its digest" } th scope="col" { "Signed by" }
                } }
                tbody { @for it in &bundle.checkpoints { tr {
                    th scope="row" { (it.number) }
                    td { (instant(&it.at)) }
                    td { "1 to " (it.seq) }
                    td { code { (it.digest) } }
                    td { @match &it.signed { Some(signed) => code { (Digest(signed.by.0)) }, None => "nobody" } }
                } } }
            } }
            @if verified.covered < verified.events {
                p { (verified.events - verified.covered) " of the " (verified.events) " entries above came after the last of them." }
            }
        }
    }
}

fn see_for_yourself(bundle: &Bundle, trust: &Trust) -> Markup {
    let key = trust.keys.first().map_or("KEY".to_owned(), |it| Digest(*it).hex());
    let last = bundle.checkpoints.last().map_or("CHECKPOINT".to_owned(), |it| it.digest.hex());
    let checkpoint = trust.checkpoint.map_or(last, |it| it.hex());
    html! {
        h2 { "How to verify this yourself" }
        p { "You need the bundle and the program Byleave, on any machine; no network, no ledger, nobody's word:" }
        pre { code { "byleave verify bundle.json --key " (key) " --checkpoint " (checkpoint) } }
        p {
            "The key is the public key of the ledger's keeper, and the checkpoint one that you were given earlier: ask for both by another way than the one by which the bundle came. Without them the bundle still has to agree with itself in every byte."
        }
        p { "What is computed can be computed by any other program, with SHA-256 alone:" }
        ul {
            li { "the seal of an entry, from its random bytes and its words, which shows that not a letter was changed;" }
            li { "the link of an entry, from the link before it, its place, its instant and its seal, which shows that none was put in, taken out or moved;" }
            li { "the root of a checkpoint, from the last link and a path of digests, which shows that the chain lies under it;" }
            li { "the digest of a checkpoint, from its number, its instant, its root and the checkpoint before, which is what is signed (Ed25519);" }
            li { "each decision, from the entries that were known then and the packs in the bundle, which must come to the same bytes." }
        }
        h2 { "What it cannot show" }
        ul {
            li { "That nothing was left out after the last entry that lies under a checkpoint: the end of a chain can be cut where no checkpoint holds it." }
            li { "That what was told to the ledger was true: it shows who told it, when, and that it was not changed since." }
            li { "That nobody else had refused at an address, besides those whom a decision names." }
        }
    }
}

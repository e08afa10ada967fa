//! The page of one pack, and the index over all of them.

use super::book::{Book, Volume};
use super::{declared, examples, law, link, prose, terms};
use byleave::ast::Item;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");

/// A part of a page: the anchor, the heading, a line that says what it is, and what stands in it.
struct Part {
    anchor: &'static str,
    heading: &'static str,
    says: &'static str,
    body: Markup,
}

/// One pack.
pub fn pack(from: &Volume, book: &Book) -> Markup {
    let parts = parts(from, book);
    let head = from.head();
    let title = head.map_or(from.name.as_str(), |it| it.title.as_str());
    html! {
        (DOCTYPE)
        html lang="en" {
            (page_head(&format!("{title} ({})", from.name)))
            body {
                a.skip href="#text" { "To the text" }
                header {
                    p.up { a href="index.html" { "All packs" } }
                    h1 { (title) }
                    @if let Some(head) = head {
                        dl.facts.head {
                            dt { "Pack" } dd { code { (from.name) } ", edition " (head.edition) }
                            @if let Some(date) = head.reviewed {
                                @let (year, month, day) = date.ymd();
                                dt { "Reviewed" } dd { (terms::day(year, month, day)) }
                            }
                            @if !head.sources.is_empty() { dt { "Sources" } dd { (head.sources.join("; ")) } }
                            dt { "Clock of its dates" } dd { (head.clock.name()) }
                            dt { "Digest of its text" } dd.digest { code { (head.digest) } }
                        }
                    }
                }
                nav aria-label="Contents" {
                    h2 { "Contents" }
                    ol {
                        @for part in &parts { li { a href={ "#" (part.anchor) } { (part.heading) } } }
                    }
                }
                main id="text" {
                    @for part in &parts {
                        section.part id=(part.anchor) {
                            h2 { (part.heading) }
                            @if !part.says.is_empty() { p.says { (part.says) } }
                            (part.body)
                        }
                    }
                }
                footer { p { "Generated from the text of the pack by Byleave. Not legal advice, and no substitute for it." } }
            }
        }
    }
}

fn parts(from: &Volume, book: &Book) -> Vec<Part> {
    let each = |pick: &dyn Fn(&Item) -> Option<Markup>| -> Option<Markup> {
        let all: Vec<Markup> = from.items.iter().filter_map(pick).collect();
        (!all.is_empty()).then(|| html! { @for one in all { (one) } })
    };
    let part =
        |anchor, heading, says, body: Option<Markup>| body.map(|body| Part { anchor, heading, says, body });
    // Which files a pack consists of is for those who write it.
    let doc = from.head().map(|it| it.doc.as_str()).unwrap_or_default();
    let doc: Vec<&str> = doc.split("\n\n").filter(|it| !it.contains(".leave`")).collect();
    let doc = doc.join("\n\n");
    let open = prose::section(&from.readme, "Not decidable");
    let cautious = prose::section(&from.readme, "Read cautiously");
    let governs = html! {
        (prose::blocks(&doc, from, book))
        h3 { "How to read this page" }
        p {
            "Each rule says when it applies and what it requires. A contact goes ahead when every rule of every pack in use lets it: it is "
            span.allow { "allowed" } ". Where time alone will mend it, it is " span.defer { "deferred" }
            " until the first moment at which every rule is satisfied. Otherwise it is " span.deny { "not allowed" }
            ". A fact that a rule needs and nobody supplied never helps a contact: what cannot be known to be permitted is stopped, and the answer names what is missing."
        }
        p {
            "Beside each rule stand the citation, the days on which it binds, and how its author knows the law. Underlined words are defined on this page or on that of another pack. Hours are those of the place where the recipient is."
        }
    };
    let definitions =
        each(&|item| if let Item::Define(it) = item { Some(declared::term(it, from, book)) } else { None });
    let all = [
        part("governs", "What it governs", "", Some(governs)),
        part(
            "words",
            "Words defined here",
            "Wherever a rule uses one of these, it means what stands here.",
            definitions.map(|all| html! { dl.definitions { (all) } }),
        ),
        part(
            "values",
            "Values that changed on a day",
            "",
            each(&|item| {
                if let Item::Dated(it) = item { Some(declared::dated(it, from, book)) } else { None }
            }),
        ),
        part(
            "rules",
            "Rules",
            "",
            each(&|item| if let Item::Rule(it) = item { Some(law::rule(it, from, book)) } else { None }),
        ),
        part(
            "exemptions",
            "Exemptions",
            "An exemption lifts only the rules that name it, and only when it is known to hold.",
            each(&|item| {
                if let Item::Exemption(it) = item { Some(law::exemption(it, from, book)) } else { None }
            }),
        ),
        part(
            "settings",
            "Settings: contested points of law",
            "Where authorities differ, the cautious reading holds until somebody chooses another. The choice is on record in every answer.",
            each(&|item| {
                if let Item::Setting(it) = item { Some(declared::setting(it, from, book)) } else { None }
            }),
        ),
        part(
            "replies",
            "What people answer",
            "Case, accents and punctuation make no difference. What restricts most wins: to stop goes before all else.",
            each(&|item| {
                if let Item::Reply(it) = item { Some(declared::reply(it, from, book)) } else { None }
            }),
        ),
        part(
            "documents",
            "Documents",
            "A document counts only when it has every element, has not run out and is not void.",
            each(&|item| {
                if let Item::Instrument(it) = item { Some(declared::document(it, from, book)) } else { None }
            }),
        ),
        part(
            "tables",
            "Tables",
            "",
            each(&|item| {
                if let Item::Table(it) = item { Some(declared::table(it, from, book)) } else { None }
            }),
        ),
        part(
            "lists",
            "Registers of addresses",
            "",
            each(&|item| if let Item::List(it) = item { Some(declared::list(it, from, book)) } else { None }),
        ),
        part("facts", "Facts that this pack adds", "", declared::facts(from, book)),
        part(
            "undecided",
            "What cannot be decided here",
            "These need a person, for they do not follow from the facts of one contact.",
            (!open.trim().is_empty()).then(|| prose::blocks(&open, from, book)),
        ),
        part(
            "cautious",
            "Where the law was read cautiously",
            "",
            (!cautious.trim().is_empty()).then(|| prose::blocks(&cautious, from, book)),
        ),
        part(
            "examples",
            "All examples",
            "Each is run as a test whenever the pack changes.",
            examples::of_pack(from),
        ),
    ];
    all.into_iter().flatten().collect()
}

/// The index.
pub fn index(book: &Book) -> Markup {
    let (states, others): (Vec<&Volume>, Vec<&Volume>) =
        book.volumes.iter().partition(|it| of_a_state(&it.name));
    html! {
        (DOCTYPE)
        html lang="en" {
            (page_head("Packs of law and policy"))
            body {
                a.skip href="#text" { "To the text" }
                header { h1 { "Packs of law and policy" } }
                main id="text" {
                    @if !states.is_empty() {
                        p { "Every pack here decides together with all others. What a single state adds stands under "
                            a href="#states" { "State by state" } "." }
                    }
                    (contents(&others, book))
                    @if !states.is_empty() {
                        h2 id="states" { "State by state" }
                        p { "A state that is not here has no pack of its own: the others hold there alone. Where nobody knows the state, every one of these is asked." }
                        (contents(&states, book))
                    }
                    @let presets: Vec<byleave_packs::Preset> = byleave_packs::presets()
                        .filter(|preset| preset.packs().all(|pack| book.volumes.iter().any(|it| it.name == pack.name)))
                        .collect();
                    @if !presets.is_empty() {
                        h2 { "Presets" }
                        dl.clauses {
                            @for preset in &presets {
                                dt { code { (preset.name) } }
                                dd {
                                    p { (preset.title) "." }
                                    p {
                                        @for (n, pack) in preset.packs().enumerate() {
                                            @if n > 0 { ", " }
                                            a href=(link::page(pack.name)) { (pack.name) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                footer { p { "Generated from the text of the packs by Byleave. Not legal advice, and no substitute for it." } }
            }
        }
    }
}

/// Packs with what they govern, a row each.
fn contents(volumes: &[&Volume], book: &Book) -> Markup {
    html! {
        table.index {
            thead { tr { th scope="col" { "Pack" } th scope="col" { "What it governs" } th scope="col" { "Rules" } th scope="col" { "Edition" } } }
            tbody {
                @for volume in volumes {
                    @if let Some(head) = volume.head() {
                        tr {
                            th scope="row" { a href=(link::page(&volume.name)) { (head.title) } br; code { (volume.name) } }
                            td { (prose::inline(&head.doc.split("\n\n").next().unwrap_or_default().replace('\n', " "), volume, book)) }
                            td.number { (volume.items.iter().filter(|it| matches!(it, Item::Rule(_))).count()) }
                            td.edition { (head.edition) }
                        }
                    }
                }
            }
        }
    }
}

/// Whether a pack is a state's: `us.fl`, `us.wa.mhmda`.
fn of_a_state(name: &str) -> bool {
    let state = name.strip_prefix("us.").and_then(|rest| rest.split('.').next());
    state.is_some_and(|it| it.len() == 2)
}

fn page_head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (title) }
            style { (PreEscaped(STYLE)) }
        }
    }
}

//! `packs doc`: pages that are whole, that say everything the packs say, and that show text as text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::{byleave, file, folder};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Something of everything.
const TEA: &str = r#"/// When the tea house writes, and to whom.
///
/// Its files are `tea.leave` alone.
pack org.tea { title "The tea house"  source "House rules"  edition "2"  reviewed 2026-11-01  clock America/New_York }
use core

/// Those who have *not* asked for tea.
define stranger: not person.relationships is [customer, member]
define cups: attempts where channel is text and same address

/// How many is too many is disputed among the staff (`cups`).
setting strict: one of [yes, no] {
  cite     "House rule 2"
  verified secondary
  because  "Whether a third cup counts."
}

dated rest {
  1 hour   until 2026-01-01
  2 hours  from 2026-01-01
}

/// A card that a guest has signed.
instrument card grants express {
  cite     "House rule 3"
  verified text
  missing  card
  elements signature
  element  seal  when contact.purpose is marketing  cite "House rule 3(b)"
  lasts    1 year from instrument.signed_on
  void     when means is preticked_box  cite "House rule 4"
}

table floors {
  row     state  weekdays     saturday  sunday  cite            verified
  attic   US-NY  08:00-12:00  =         none    "House rule 7"  unverified
  /// Closed at noon.
  cellar  US-NJ  09:00-17:00  =         none    "House rule 8"  text
}

/// No texts before noon.
rule late_riser {
  sheet    tea.late
  cite     "House rule 1", "Custom of the house"
  verified text
  since    2020-01-01
  when     contact.channel is text
  require  local_time between 12:00 and 20:00
  require  at most 2 of cups in past 24 hours, this one included  when strict is yes
  include  sender_identity
  unless   invited.by_card
  oblige   keep_log: rest
  because  "Nobody is woken for tea."
}

rule floor for each row in floors {
  cite     "House rule 6"
  when     row.state applies and stranger
  require  local_time within row.week
  because  "On this floor guests are written to {row.week}."
}

exemption invited.by_card {
  cite     "House rule 5"
  verified text
  when     contact.purpose only emergency
  provided valid card where given_to is same seller
}
"#;

const TESTS: &str = r#"cases "the morning" for late_riser {
  base { person { time_zones [America/New_York], relationships customer, jurisdictions none } contact { channel text, purpose care } address { value "+12125550100", jurisdictions none } content { includes [sender_identity] } contacts none }
  2026-07-01T11:59:59 wait 2026-07-01T12:00:00
  2026-07-01T12:00:00 pass
}
test "a guest with a card" {
  at 2026-07-01T09:00:00[America/New_York]
  person { time_zones [America/New_York], relationships customer, jurisdictions none }
  contact { channel text, purpose care }
  address { value "+12125550100", jurisdictions none }
  consent granted express on 2026-01-02 { instrument { kind card, elements [signature], signed_on 2026-01-02 } }
  content { includes [sender_identity] }
  contacts none
  expect defer until 2026-07-01T12:00:00[America/New_York] because late_riser
}
"#;

fn pages(name: &str, asked: &[&str]) -> (std::path::PathBuf, BTreeMap<String, String>) {
    let folder = folder(name);
    let mut args = vec!["packs", "doc"];
    args.extend(asked);
    let path = folder.join("law");
    args.extend(["--out", path.to_str().unwrap()]);
    let run = byleave(&args);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
    };
    let all = std::fs::read_dir(&path).unwrap().map(read).collect();
    (folder, all)
}

/// A page without its style sheet.
fn body(page: &str) -> String {
    let (before, rest) = page.split_once("<style>").unwrap();
    let (_, after) = rest.split_once("</style>").unwrap();
    format!("{before}{after}")
}

#[test]
fn a_small_pack() {
    let source = folder("doc-source");
    file(&source, "tea.leave", TEA);
    file(&source, "tea.test.leave", TESTS);
    let run = byleave(&["test", source.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let (_, pages) = pages("doc-small", &[source.to_str().unwrap()]);
    let names: Vec<&str> = pages.keys().map(String::as_str).collect();
    // The vocabulary that it uses has a page too.
    assert_eq!(names, ["core.html", "index.html", "org.tea.html"]);
    // A line a tag, so that a difference can be read; the digest is the text's.
    let page = body(&pages["org.tea.html"]).replace('<', "\n<");
    let page: String = page.lines().filter(|it| !is_digest(it)).map(|it| format!("{it}\n")).collect();
    insta::assert_snapshot!("tea", page.trim());
}

fn is_digest(line: &str) -> bool {
    line.strip_prefix("<code>").is_some_and(|it| it.len() == 64 && it.chars().all(|c| c.is_ascii_hexdigit()))
}

#[test]
fn what_a_pack_says_is_text_and_never_markup() {
    let nasty = "<script>alert(1)</script> & \\\"<b>\\\"";
    let text = format!(
        "/// {doc} | `<i>` *<u>*\npack org.x {{ title \"{nasty}\"  source \"{nasty}\"  edition \"{nasty}\" }}\nuse core\n\
         /// {doc}\nrule r {{ cite \"{nasty}\"  sheet \"{nasty}\"  when contact.channel is text  oblige note: \"{nasty}\"  because \"{nasty}\" }}\n\
         setting s: one of [a, b] {{ cite \"{nasty}\"  because \"{nasty}\" }}\n",
        doc = "<img src=x onerror=alert(1)>"
    );
    let source = folder("doc-nasty");
    file(&source, "x.leave", text);
    file(
        &source,
        "x.test.leave",
        format!("test \"{nasty}\" {{ at 2026-07-01T12:00:00Z contact {{ channel email }} expect allow }}\n"),
    );
    file(&source, "README.md", "# x\n\n## Not decidable\n\n| <b> | & |\n|---|---|\n| <script> | `<i>` |\n");
    let (_, pages) = pages("doc-escaped", &[source.to_str().unwrap()]);
    for (name, page) in &pages {
        sound(name, page);
        let page = body(page);
        for tag in ["<script", "<img", "<b>", "<i>", "<u>"] {
            assert!(!page.contains(tag), "{name} has {tag}");
        }
    }
    let page = &pages["org.x.html"];
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;&lt;b&gt;&quot;"), "{page}");
    assert!(page.contains("What cannot be decided here"));
}

/// Every rule and exemption of every pack, each with every citation, and each setting, document and table row.
#[test]
fn every_rule_of_every_pack_is_there_with_its_citation() {
    let (_, pages) = pages("doc-all", &[]);
    let packs = byleave(&["packs", "list", "--json"]).json();
    let mut rules = 0;
    for pack in packs["packs"].as_array().unwrap() {
        let name = pack["name"].as_str().unwrap();
        let page = &pages[&format!("{name}.html")];
        let shown = byleave(&["packs", "show", name, "--json"]).json();
        for (part, anchor) in [
            ("rules", "rule"),
            ("exemptions", "exemption"),
            ("settings", "setting"),
            ("instruments", "document"),
        ] {
            for it in shown["packs"][0][part].as_array().unwrap() {
                let id = it["id"].as_str().or_else(|| it["name"].as_str()).unwrap();
                let bare = id.strip_prefix(name).unwrap().trim_start_matches('.');
                // A definition named after `unless` has become an exemption; it stands among the words.
                let places = [
                    format!("{anchor}-{}", bare.replace(['[', '.'], "-").replace(']', "")),
                    format!("word-{bare}"),
                ];
                let entry = places.iter().find_map(|it| element(page, it));
                let entry = entry.unwrap_or_else(|| panic!("{name}: {id} is not on the page"));
                for cite in it["citations"].as_array().unwrap() {
                    let cite = escaped(cite.as_str().unwrap());
                    assert!(entry.contains(&cite), "{id}: {cite} is not beside it");
                }
                rules += usize::from(part == "rules");
            }
        }
        assert!(pages["index.html"].contains(&format!("href=\"{name}.html\"")), "{name} is not in the index");
    }
    assert!(rules > 100, "{rules}");
}

#[test]
fn every_page_is_whole() {
    let (_, pages) = pages("doc-whole", &[]);
    let ids: BTreeMap<&str, BTreeSet<String>> =
        pages.iter().map(|(name, page)| (name.as_str(), sound(name, page))).collect();
    let mut links = 0;
    for (name, page) in &pages {
        for href in attributes(page, "href") {
            let (file, anchor) = href.split_once('#').unwrap_or((&href, ""));
            let target = ids.get(if file.is_empty() { name.as_str() } else { file });
            let target = target.unwrap_or_else(|| panic!("{name}: {href} leads to no page"));
            assert!(anchor.is_empty() || target.contains(anchor), "{name}: {href} leads nowhere");
            links += 1;
        }
        // One file, and nothing that runs or is fetched.
        for word in ["<script", "<link", "src=", "url(", "@import", "http://", "https://"] {
            assert!(!page.contains(word), "{name} has {word}");
        }
    }
    assert!(links > 500, "{links}");
}

/// Whoever signs for a preset has read all that decides under it.
#[test]
fn a_preset_has_a_page_for_all_that_it_uses() {
    let (_, pages) = pages("doc-health", &["us.health"]);
    for name in ["core", "us.calendar", "us.hipaa", "us.states", "us.fl", "us.ny", "us.wa", "us.wa.mhmda"] {
        assert!(pages.contains_key(&format!("{name}.html")), "{name}");
    }
    let index = body(&pages["index.html"]);
    let (before, states) = index.split_once("State by state</h2>").expect("the states stand apart");
    for name in ["us.fl", "us.ny", "us.wa.mhmda"] {
        assert!(states.contains(&format!("href=\"{name}.html\"")), "{name}");
        assert!(!before.contains(&format!("href=\"{name}.html\"")), "{name}");
    }
    assert!(before.contains("href=\"us.hipaa.html\""));
}

/// Sentences with several parts stay sentences.
#[test]
fn refusals_are_told_part_by_part() {
    let (_, pages) = pages("doc-refusals", &["us.health"]);
    for (name, page) in &pages {
        let text = text(page);
        for broken in ["”;,", "or more of the", "the past the setting", " ,", "””"] {
            assert!(!text.contains(broken), "{name}: {broken}");
        }
    }
    let stops = text(element(&pages["us.tcpa.html"], "rule-revoke_exempt").expect("the rule"));
    for said in [
        "the recipient has not refused this towards the same seller:",
        "a refusal counts no longer once express consent has been given since (one where “own leave”)",
        "counts as one of every purpose, topic, matter and sender, and of every channel that is voice or text, whatever it names",
    ] {
        assert!(stops.contains(said), "{said}: {stops}");
    }
    let leave = text(element(&pages["us.hipaa.html"], "rule-unencrypted").expect("the rule"));
    assert!(
        leave.contains("the recipient has given leave to send unencrypted messages, given to this seller"),
        "{leave}"
    );
}

/// What is read, tags left out.
fn text(page: &str) -> String {
    let mut text = String::new();
    for part in page.split('<').skip(1) {
        text += part.split_once('>').map_or(part, |(_, after)| after);
    }
    text
}

#[test]
fn packs_without_text_have_no_page() {
    let folder = folder("doc-compiled");
    let path = folder.join("packs.byleave");
    let path = path.to_str().unwrap();
    assert_eq!(
        byleave(&["compile", "--pack", "us.calendar", "--pack", "us.coppa", "-o", path, "--zones", "us"])
            .code,
        0
    );
    let run = byleave(&["packs", "doc", path, "--out", folder.join("law").to_str().unwrap()]);
    assert!(
        run.code != 0 && run.err.contains("compiled packs, which have no text"),
        "{}{}",
        run.out,
        run.err
    );
    assert!(!Path::new(&folder.join("law")).exists());
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The element with that id, with all in it.
fn element<'p>(page: &'p str, id: &str) -> Option<&'p str> {
    let at = page.find(&format!(" id=\"{id}\""))?;
    let start = page[..at].rfind('<')?;
    let name = page[start + 1..].split([' ', '>']).next()?;
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut depth = 0;
    let mut from = start;
    loop {
        let next_open = page[from..].find(&open).map(|n| n + from);
        let next_close = page[from..].find(&close).map(|n| n + from)?;
        match next_open {
            Some(open_at) if open_at < next_close => {
                depth += 1;
                from = open_at + open.len();
            }
            _ => {
                depth -= 1;
                from = next_close + close.len();
                if depth == 0 {
                    return Some(&page[start..from]);
                }
            }
        }
    }
}

fn attributes(page: &str, name: &str) -> Vec<String> {
    let mark = format!(" {name}=\"");
    page.match_indices(&mark)
        .map(|(at, _)| {
            let value = &page[at + mark.len()..];
            value[..value.find('"').unwrap()].replace("&amp;", "&")
        })
        .collect()
}

/// Elements that hold nothing.
const VOID: [&str; 3] = ["br", "meta", "hr"];

/// Asserts that elements are closed in the order in which they were opened, that no id stands twice, that headings skip no level
/// and that what names an element by its id names one; gives the ids.
fn sound(name: &str, page: &str) -> BTreeSet<String> {
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{name}");
    let mut open: Vec<String> = Vec::new();
    let mut heading = 0;
    let body = body(page);
    let mut rest = body.strip_prefix("<!DOCTYPE html>").unwrap();
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        assert!(!text.contains('>'), "{name}: `>` in text: {text}");
        let end = rest[at..].find('>').unwrap_or_else(|| panic!("{name}: a tag without an end")) + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(closed), "{name}");
            continue;
        }
        let word = tag.split(' ').next().unwrap();
        assert!(word.chars().all(|c| c.is_ascii_alphanumeric()), "{name}: <{tag}>");
        if let Some(level) = word.strip_prefix('h').and_then(|it| it.parse::<usize>().ok()) {
            assert!(level <= heading + 1, "{name}: a heading of level {level} after one of level {heading}");
            heading = level;
        }
        let within = |parents: &[&str]| open.last().is_some_and(|it| parents.contains(&it.as_str()));
        match word {
            "li" => assert!(within(&["ul", "ol"]), "{name}: <li> in {open:?}"),
            "dt" | "dd" => assert!(within(&["dl", "div"]), "{name}: <{word}> in {open:?}"),
            "tr" => assert!(within(&["thead", "tbody"]), "{name}: <tr> in {open:?}"),
            "td" | "th" => assert!(within(&["tr"]), "{name}: <{word}> in {open:?}"),
            "div" | "ul" | "p" | "table" => {
                assert!(!within(&["p", "span", "h3"]), "{name}: <{word}> in {open:?}")
            }
            _ => {}
        }
        if !VOID.contains(&word) {
            open.push(word.to_owned());
        }
    }
    assert!(open.is_empty(), "{name}: {open:?} not closed");
    let all = attributes(&body, "id");
    let ids: BTreeSet<String> = all.iter().cloned().collect();
    let twice: Vec<&String> = ids.iter().filter(|id| all.iter().filter(|it| it == id).count() > 1).collect();
    assert!(twice.is_empty(), "{name}: {twice:?} stand twice");
    for id in attributes(&body, "aria-labelledby") {
        assert!(ids.contains(&id), "{name}: nothing has the id {id}");
    }
    ids
}

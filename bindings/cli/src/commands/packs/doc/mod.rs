//! `byleave packs doc`: a page for each pack, made from the pack itself, for people who answer for the law and do not program.
//!
//! | file | does |
//! |---|---|
//! | [`book`] | reads packs as written and as checked, and knows what every name means |
//! | [`page`] | a pack's page from top to bottom, and the index |
//! | [`law`] | rules and exemptions, the law beside them |
//! | [`declared`] | documents, settings, lists, tables, definitions |
//! | [`examples`] | tests, as examples |
//! | [`aloud`] | conditions as sentences; `words.txt` has how facts are called |
//! | [`prose`], [`terms`], [`link`] | doc comments, single words, anchors |

mod aloud;
mod book;
mod declared;
mod examples;
mod law;
mod link;
mod page;
mod prose;
pub mod terms;

use crate::exit::{Exit, Failure};
use crate::load::{self, Packs};
use crate::out::{Out, Style, Text};
use crate::page::words::count;
use book::Book;
use byleave_packs::load::{Wanted, gather};
use serde_json::json;
use std::fs;
use std::path::Path;

/// Writes the pages of what was named and of all that it uses; nothing named is every pack that comes with Byleave.
pub fn run(names: &[String], folder: &Path, out: &mut Out) -> Result<Exit, Failure> {
    for name in names {
        if load::compiled(name)?.is_some() {
            return Err(super::no_text(name));
        }
    }
    let packs: Packs = if names.is_empty() { gather(&Wanted::default())? } else { load::named(names)? };
    let book = Book::of(&packs)?;
    let shown = load::shown(folder);
    fs::create_dir_all(folder).map_err(|error| Failure::file("write", &shown, &error))?;
    let mut files = Vec::new();
    for volume in &book.volumes {
        files.push((link::page(&volume.name), page::pack(volume, &book)));
    }
    files.push(("index.html".to_owned(), page::index(&book)));
    for (name, markup) in &files {
        let path = folder.join(name);
        fs::write(&path, markup.0.as_bytes())
            .map_err(|error| Failure::file("write", &load::shown(&path), &error))?;
    }
    if out.json {
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        out.document(&json!({ "folder": shown, "files": names }))?;
    } else {
        let words = format!("{} in {shown}; begin with ", count(files.len(), "page"));
        out.line(&Text::new(0).plain(words).with(Style::Name, format!("{shown}/index.html")), 2)?;
    }
    Ok(Exit::Good)
}

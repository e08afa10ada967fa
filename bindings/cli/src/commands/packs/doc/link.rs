//! Where things stand: anchors of a page, and links from one page to another.

use super::book::{Book, Meaning, Volume};

/// A pack's page.
pub fn page(pack: &str) -> String {
    format!("{pack}.html")
}

/// An anchor: the sort of thing, and its name.
pub fn anchor(meaning: Meaning, name: &str) -> String {
    format!("{}-{}", meaning.anchor(), name.replace(['[', ']', '.'], "-").trim_end_matches('-'))
}

/// A link to what a name stands for, when it stands on a page.
pub fn to(name: &str, from: &Volume, book: &Book) -> Option<String> {
    let name = name.split([':', ' ']).next().unwrap_or(name);
    if from.has_rule(name) {
        return Some(format!("#{}", anchor(Meaning::Rule, name)));
    }
    if let Some(volume) = book.volumes.iter().find(|it| it.name == name && it.name != from.name) {
        return Some(page(&volume.name));
    }
    let (volume, meaning, bare) = book.find(from, name)?;
    Some(place(volume, meaning, bare, from))
}

/// A link to what a pack declares under that name.
pub fn place(volume: &Volume, meaning: Meaning, name: &str, from: &Volume) -> String {
    let own = if volume.name == from.name { String::new() } else { page(&volume.name) };
    format!("{own}#{}", anchor(meaning, name))
}

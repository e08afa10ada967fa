//! Prose of packs: doc comments and READMEs, in the little Markdown that they use: paragraphs, lists, tables, headings; `code`,
//! *stress* and **more of it**. Everything else is text and stays it.

use super::book::{Book, Volume};
use super::link;
use maud::{Markup, html};

/// A text of paragraphs, lists and tables.
pub fn blocks(text: &str, from: &Volume, book: &Book) -> Markup {
    let mut out = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let mut rest = lines.as_slice();
    while let Some((first, more)) = rest.split_first() {
        let kind = Kind::of(first);
        if kind == Kind::Blank {
            rest = more;
            continue;
        }
        let end = match kind {
            Kind::Table => rest.iter().position(|it| Kind::of(it) != Kind::Table),
            // A list goes on with its lines and those that are indented below them.
            Kind::Item => rest.iter().position(|it| Kind::of(it) != Kind::Item && !it.starts_with("  ")),
            _ => rest.iter().position(|it| Kind::of(it) != Kind::Text),
        };
        let (these, others) = rest.split_at(end.unwrap_or(rest.len()).max(1));
        rest = others;
        out.push(match kind {
            Kind::Table => table(these, from, book),
            Kind::Item => list(these, from, book),
            _ => html! { p { (inline(&these.join(" "), from, book)) } },
        });
    }
    html! { @for block in out { (block) } }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blank,
    Table,
    Item,
    Text,
}

impl Kind {
    fn of(line: &str) -> Kind {
        if line.trim().is_empty() {
            Kind::Blank
        } else if line.starts_with('|') {
            Kind::Table
        } else if line.starts_with("- ") {
            Kind::Item
        } else {
            Kind::Text
        }
    }
}

fn list(lines: &[&str], from: &Volume, book: &Book) -> Markup {
    let mut items: Vec<String> = Vec::new();
    for line in lines {
        match (line.strip_prefix("- "), items.last_mut()) {
            (Some(new), _) => items.push(new.to_owned()),
            (None, Some(last)) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => {}
        }
    }
    html! { ul { @for item in items { li { (inline(&item, from, book)) } } } }
}

fn table(lines: &[&str], from: &Volume, book: &Book) -> Markup {
    let cells = |line: &str| -> Vec<String> {
        let line = line.trim().trim_start_matches('|').trim_end_matches('|');
        line.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let rule = |cells: &Vec<String>| cells.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | ':')));
    let mut rows = lines.iter().map(|line| cells(line)).filter(|cells| !rule(cells));
    let head = rows.next().unwrap_or_default();
    html! {
        table {
            thead { tr { @for cell in &head { th scope="col" { (inline(cell, from, book)) } } } }
            tbody {
                @for row in rows {
                    tr { @for cell in row { td { (inline(&cell, from, book)) } } }
                }
            }
        }
    }
}

/// One line of prose. What stands between backticks and names something on a page is a link to it.
pub fn inline(text: &str, from: &Volume, book: &Book) -> Markup {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*']) {
        let (before, marked) = rest.split_at(at);
        let mark = if marked.starts_with("**") {
            "**"
        } else if marked.starts_with('*') {
            "*"
        } else {
            "`"
        };
        let inside = marked.strip_prefix(mark).unwrap_or_default();
        let end = inside.find(mark).filter(|end| *end > 0 && !inside.starts_with(' '));
        let Some((words, after)) = end.and_then(|end| inside.split_at_checked(end)) else {
            out.push(html! { (before) (mark) });
            rest = inside;
            continue;
        };
        rest = after.strip_prefix(mark).unwrap_or_default();
        out.push(html! { (before) });
        out.push(match mark {
            "**" => html! { strong { (words) } },
            "*" => html! { em { (words) } },
            _ => match link::to(words, from, book) {
                Some(href) => html! { a href=(href) { code { (words) } } },
                None => html! { code { (words) } },
            },
        });
    }
    html! { @for piece in out { (piece) } (rest) }
}

/// The part of a README under a heading that begins with these words, without the heading.
pub fn section(text: &str, heading: &str) -> String {
    let mut lines = text.lines().skip_while(|line| !is_heading(line, heading));
    lines.next();
    lines.take_while(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n")
}

fn is_heading(line: &str, heading: &str) -> bool {
    line.starts_with('#') && line.trim_start_matches('#').trim().starts_with(heading)
}

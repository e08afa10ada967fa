//! The one layout: a policy with its lines, indents and columns set as every policy has them.
//!
//! Nothing but white space is changed. The words, signs and comments of the file are laid anew in their order, so a
//! form of the language that the layout knows nothing about is at worst laid plainly. The author keeps three choices:
//! where a line breaks inside an element, whether a block stands on one line, and where a blank line parts things.
//!
//! | file | does |
//! |---|---|
//! | [`marks`] | says what starts at each word: an item, a clause, a cell, a dash |
//! | [`lay`] | sets the words on lines, with their indents |
//! | [`lines`] | puts lines below each other in columns, and prints them |

mod lay;
mod lines;
mod marks;
#[cfg(test)]
mod tests;

use super::parse;
use super::scan::Scan;
use crate::diag::Diagnostic;
use crate::source::{Source, Sources};
use marks::Marks;

/// Gives a file in the one layout: the same words, signs and comments in the same order, meaning the same.
///
/// # Errors
///
/// What is wrong with a file that does not parse; such a file has no layout.
pub fn format(source: &Source) -> Result<String, Vec<Diagnostic>> {
    let parsed = parse(source);
    if !parsed.is_ok() {
        return Err(parsed.diagnostics);
    }
    let scan = Scan::of(source);
    let marks = Marks::of(source, &scan, &parsed.file);
    let text = lay::lay(source, &scan, &marks);
    // A file that would come out meaning something else, or too long to be read again, stays as it is.
    Ok(if same(source, &scan, &marks, &text) { text } else { source.text.clone() })
}

/// Whether a text reads as a source does: its words, its comments, and the lists that its dashes belong to.
fn same(source: &Source, scan: &Scan, marks: &Marks, text: &str) -> bool {
    let mut sources = Sources::new();
    let id = sources.add(source.name.as_str(), text);
    let Some(after) = sources.get(id) else { return false };
    let parsed = parse(after);
    if !parsed.is_ok() {
        return false;
    }
    let again = Scan::of(after);
    words(source, scan) == words(after, &again)
        && marks.depths(scan) == Marks::of(after, &again, &parsed.file).depths(&again)
}

/// Every word, sign, text and comment, in order.
fn words<'s>(source: &'s Source, scan: &Scan) -> Vec<&'s str> {
    let slice = |start: u32, end: u32| source.text.get(start as usize..end as usize).unwrap_or("");
    let mut comments = scan.comments.iter().peekable();
    let mut words = Vec::with_capacity(scan.tokens.len() + scan.comments.len());
    for (index, token) in scan.tokens.iter().enumerate() {
        while let Some(comment) = comments.next_if(|comment| comment.after <= index) {
            words.push(slice(comment.start, comment.end));
        }
        words.push(slice(token.start, token.end));
    }
    words.extend(comments.map(|comment| slice(comment.start, comment.end)));
    words
}

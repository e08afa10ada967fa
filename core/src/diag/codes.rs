//! The table of all diagnostic codes.
//!
//! E01 syntax · E02 names · E03 types · E04 taxonomies · E05 dates, tables, calendars · E06 laws of composition ·
//! E07 limits · W08 things that are allowed and probably not meant. A code, once published, keeps its meaning.

/// One code with its explanation.
#[derive(Clone, Copy, Debug)]
pub struct CodeEntry {
    /// The code.
    pub code: &'static str,
    /// A few words.
    pub title: &'static str,
    /// One paragraph: what it means, why it is so, what to do.
    pub explanation: &'static str,
}

const fn entry(code: &'static str, title: &'static str, explanation: &'static str) -> CodeEntry {
    CodeEntry { code, title, explanation }
}

/// The entry of a code.
pub fn explain(code: &str) -> Option<&'static CodeEntry> {
    CODES.iter().find(|entry| entry.code == code)
}

/// Every code, in order.
pub const CODES: &[CodeEntry] = &[
    entry(
        "E0101",
        "unexpected words",
        "The text does not continue as the language allows. The message says what could stand here. Reading goes on at \
         the next item, so other mistakes in the same file are reported too.",
    ),
    entry(
        "E0102",
        "unterminated text",
        "A text opens with `\"` and does not close on the same line. A text never spans lines; write `\\n` for a line \
         break inside it and `\\\"` for a quotation mark.",
    ),
    entry(
        "E0103",
        "character that has no place here",
        "The file holds a character that the language does not use outside texts and comments, or a control character, \
         or bytes that are not UTF-8. Save the file as UTF-8 text and remove the character.",
    ),
    entry(
        "E0104",
        "unknown escape in a text",
        "Inside a text a backslash may be followed by `\"`, `\\`, `n` or `{` only.",
    ),
    entry(
        "E0105",
        "unbalanced bracket",
        "A `{`, `[` or `(` has no partner. Items are recognised again at the next line that starts with an item's \
         keyword at the left margin.",
    ),
    entry(
        "E0106",
        "dashed item out of line",
        "The items of `all of` and `any of` belong together by the column of their dash. Items of one list start in the \
         same column, items of a list inside another start further right, and what continues an item stays to the right \
         of its dash.",
    ),
    entry(
        "E0107",
        "clause given twice",
        "This clause says one thing about its rule, exemption or declaration, so it may stand only once. Clauses that \
         add up (`cite`, `require`, `provided`, `include`, `unless`, `oblige`) may be repeated.",
    ),
    entry(
        "E0108",
        "number too large",
        "A whole number in a policy lies between 0 and 9 007 199 254 740 991, so that every host language can hold it.",
    ),
    entry(
        "E0109",
        "misplaced doc comment",
        "A comment with three slashes documents what follows it: an item, a clause, a node, a field, a row. Where \
         nothing follows that it could document, write two slashes.",
    ),
    entry(
        "E0110",
        "hole that is not a name",
        "In a reason (`because`), braces hold the name of a value that is put in when the reason is given, such as \
         `{row.state}`. Write `\\{` for a brace as such.",
    ),
    entry(
        "E0501",
        "no such date or time",
        "A date is a day of the calendar, written year-month-day, as in 2026-11-01; a time of day lies between 00:00 and \
         24:00.",
    ),
    entry(
        "E0502",
        "row does not fit its table",
        "A row of a table has one cell for each column of the header, and ends with its line. Write `-` for a cell that \
         says nothing and `=` for one that repeats the cell to its left; put a comma, not a space, between the members \
         of a list.",
    ),
    entry(
        "E0503",
        "hours that do not make sense",
        "Hours are written from an earlier to a later time of the same day, as in 08:00-20:00. Hours across midnight are \
         two ranges on two days.",
    ),
    entry(
        "E0701",
        "file too long",
        "A file of a policy holds at most 1 MiB of text. Split it; the files of a pack are read together.",
    ),
    entry(
        "E0702",
        "nested too deeply",
        "Brackets, dashed items, `not` and `known that` nest at most 64 deep. Name the inner parts with `define`.",
    ),
    entry("E0703", "too many files", "A policy consists of at most 512 files."),
    entry(
        "E0704",
        "too many mistakes",
        "After fifty mistakes in one file the rest of it is not looked at. Mend these first.",
    ),
];

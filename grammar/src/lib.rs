//! The grammar of the Byleave policy language.
//!
//! The grammar itself is `byleave.pest` next to this crate's manifest ([`GRAMMAR`] is its text), the language for people
//! is `reference.md`, and `editors/` has highlighting. The step from here to a syntax tree, with the checks that a
//! grammar cannot make and with messages for people, is `byleave::ast`.

/// The rules' names and the parser, generated from the grammar.
mod generated {
    #![allow(missing_docs)]

    /// Reads text by the grammar.
    ///
    /// ```
    /// use byleave_grammar::{ByleaveParser, Rule};
    /// use pest::Parser;
    /// assert!(ByleaveParser::parse(Rule::file, "use core\n").is_ok());
    /// assert!(ByleaveParser::parse(Rule::file, "use { }\n").is_err());
    /// ```
    #[derive(pest_derive::Parser)]
    #[grammar = "byleave.pest"]
    pub struct ByleaveParser;
}

pub use generated::ByleaveParser;

/// One variant for each rule of the grammar.
///
/// ```
/// use byleave_grammar::Rule;
/// assert_ne!(Rule::file, Rule::EOI);
/// ```
pub use generated::Rule;

/// The text of the grammar.
pub const GRAMMAR: &str = include_str!("../byleave.pest");

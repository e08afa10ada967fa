//! Tests that stand in packs, ready to be asked: each with its request and what is expected of the answer.

use crate::of_a_room::of_a_room;
use crate::source::Span;
use crate::time::Instant;
use serde_json::Value;

of_a_room! {
    /// A test, or one instant of `cases`.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// for test in engine.tests() {
    ///     let place = engine.sources().line_column(test.span());
    ///     println!("shop.leave:{}: {}", place.line, test.title());
    /// }
    /// assert_eq!(engine.tests().len(), 2);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[derive(Clone, Debug)]
    pub struct PackTest {
        /// Index of its pack.
        pub pack: u16,
        /// What it shows.
        pub title: String,
        /// The doc comment.
        pub doc: String,
        /// The test, or the line of the case.
        pub span: Span,
        /// The facts, as a host would send them.
        pub request: Value,
        /// What must come of it.
        pub expect: Expect,
    }
}

impl PackTest {
    /// What it shows, as its author wrote it.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// assert_eq!(engine.tests()[1].title(), "an offer nobody asked for");
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Where it stands, for a report that points there.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let test = &engine.tests()[0];
    /// assert!(engine.sources().line_text(test.span()).starts_with("test "));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }
}

/// What must come of a test.
#[derive(Clone, Debug)]
pub enum Expect {
    /// Of a `test`: what the whole decision says.
    Decision(Expectations),
    /// Of a line of `cases`: what one rule says.
    Rule {
        /// Its id, `us.states.hours[ri]`.
        rule: String,
        /// What it must say.
        finding: ExpectedFinding,
    },
}

/// What is expected of a decision. What is not written is not asked.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    /// Allow, defer or deny.
    pub outcome: Option<ExpectedOutcome>,
    /// Ids of rules that must be exactly those that block; empty when not written.
    pub because: Vec<String>,
    /// The answer's validity: `Some(None)` is without end.
    pub valid_until: Option<Option<Instant>>,
    /// Exactly the missing facts, in any order.
    pub missing: Option<Vec<String>>,
    /// Fields that must be withheld.
    pub withheld: Vec<String>,
    /// Obligations that must be there, each with what it must say where that is written.
    pub oblige: Vec<(String, Option<String>)>,
    /// Unknowns that a `known that` must have settled.
    pub taken_as: Vec<String>,
    /// Codes of warnings that must be there.
    pub warned: Vec<String>,
    /// What must not be there.
    pub absent: Box<Absent>,
}

/// What an answer must not have: of each sort the ones that are named, or, named none, any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absent {
    /// Fields that may not be withheld.
    pub withheld: Option<Vec<String>>,
    /// Obligations that may not be there; with a value, not with that one.
    pub oblige: Option<Vec<(String, Option<String>)>>,
    /// Unknowns that no `known that` may have settled.
    pub taken_as: Option<Vec<String>>,
    /// Codes of warnings that may not be there.
    pub warned: Option<Vec<String>>,
}

/// An expected outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedOutcome {
    /// `allow`
    Allow,
    /// `defer`, and until when if that is written.
    Defer(Option<Instant>),
    /// `deny`
    Deny,
}

/// What a rule must say in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedFinding {
    /// It does not block.
    Pass,
    /// It blocks, and is free first at that instant.
    Wait(Instant),
    /// It blocks.
    Block,
    /// It is undetermined; the missing facts, if written.
    Unknown(Vec<String>),
}

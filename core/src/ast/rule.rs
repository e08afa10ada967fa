//! Rules and exemptions, clause by clause.

use super::{Amount, Cond, Date, Doc, Integer, Moment, Name, Template, Text};
use crate::source::Span;

/// `rule NAME [for each row in TABLE] { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// `for each row in state_hours`, `for each cap in person.caps`
    pub each: Option<ForEach>,
    /// Its clauses, in written order.
    pub clauses: Vec<Clause>,
    /// All of it.
    pub span: Span,
}

/// `for each VAR in SOURCE`
#[derive(Clone, Debug, PartialEq)]
pub struct ForEach {
    /// `row` for a table, else the record's name in the rule.
    pub var: Name,
    /// A table, or a fact that is a list of records.
    pub source: Name,
    /// All of it.
    pub span: Span,
}

/// `exemption NAME { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Exemption {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// Its clauses, in written order: those of a rule but `require`, `disclose`, `use`, `unless`, `on refusal` and
    /// `kind`; and `provided`.
    pub clauses: Vec<Clause>,
    /// All of it.
    pub span: Span,
}

/// A clause.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// `///`
    pub doc: Option<Doc>,
    /// What it says.
    pub kind: ClauseKind,
    /// All of it, from its keyword.
    pub span: Span,
}

/// What a clause says. Those marked *once* stand at most once (the parser has seen to it).
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "a file has few clauses, and a box would be in everybody's way")]
pub enum ClauseKind {
    /// `cite "…", "…"`
    Cite(Vec<Text>),
    /// `sheet NAME` or `sheet "NAME"`, *once*: the id in the fact sheet.
    Sheet(Name),
    /// `verified text`, *once*.
    Verified(Name),
    /// `since D`, *once*: the first day in force.
    Since(Date),
    /// `until D`, *once*: the last day in force.
    Until(Date),
    /// `when C`, *once*.
    When(Cond),
    /// `require C [when C]`; in an exemption `provided C [when C]`.
    Require {
        /// What must hold.
        cond: Cond,
        /// When it must; none: always.
        when: Option<Cond>,
    },
    /// `include NODE, NODE [when C]`
    Include {
        /// Content elements.
        elements: Vec<Name>,
        /// When; none: always.
        when: Option<Cond>,
    },
    /// `disclose only NODE, …`
    DiscloseOnly(Vec<Name>),
    /// `use only NODE, …`
    UseOnly(Vec<Name>),
    /// `unless NAME [when C], NAME, …`
    Unless(Vec<Unless>),
    /// `oblige NAME [: ARG]`
    Oblige(Oblige),
    /// `on refusal oblige NAME [: ARG]`
    OnRefusal(Oblige),
    /// `kind timing`, *once*.
    Kind(Name),
    /// `because "…"`, *once*.
    Because(Template),
}

/// One name after `unless`: an exemption or definition of the same pack, or `row.lifted_by`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unless {
    /// Its name.
    pub name: Name,
    /// `when C`
    pub when: Option<Cond>,
    /// All of it.
    pub span: Span,
}

/// An obligation: `honor_by: 10 business days after stop`
#[derive(Clone, Debug, PartialEq)]
pub struct Oblige {
    /// Its name.
    pub name: Name,
    /// What follows the colon.
    pub arg: Option<ObligeArg>,
    /// All of it.
    pub span: Span,
}

/// What an obligation says.
#[derive(Clone, Debug, PartialEq)]
pub enum ObligeArg {
    /// `5 years`
    Amount(Amount),
    /// `10 business days after stop`, `honour_within as of stop after stop`: a deadline.
    Deadline {
        /// How long.
        within: Duration,
        /// After what.
        after: Moment,
        /// All of it.
        span: Span,
    },
    /// `"…"`
    Text(Text),
    /// `3`
    Integer(Integer),
    /// `2027-01-31`
    Date(Date),
    /// `[a, b]`
    Names(Vec<Name>, Span),
    /// A name: a node, setting, fact, `row.x`, dated value.
    Name(Name),
}

/// How long: an amount, something that has one, or a dated value as it stood at an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Duration {
    /// `10 business days`
    Amount(Amount),
    /// `row.window`, `cap.window`, a setting, a dated value as of the contact.
    Name(Name),
    /// `honour_within as of stop`
    AsOf {
        /// The dated value.
        dated: Name,
        /// Whose date decides.
        event: Box<Moment>,
        /// All of it.
        span: Span,
    },
}

impl Duration {
    /// All of it.
    pub fn span(&self) -> Span {
        match self {
            Duration::Amount(amount) => amount.span,
            Duration::Name(name) => name.span,
            Duration::AsOf { span, .. } => *span,
        }
    }
}

//! What happened: lists of events by column, consent events with what the fold reads, look-ups, signals.

use crate::facts::{Blocks, Few, Scope, Slot, TextId, mask_of};
use crate::taxonomy::NodeId;
use crate::time::{Date, Instant};

/// When an event happened: some instant of `lo..=hi`, both ends included.
///
/// A day is the span from its first start to its last end over the recipient's candidate zones (zone unknown: over all
/// of the world's offsets). Undated: `Instant::MIN` to the instant of the record, and without one to `Instant::MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventTime {
    /// The earliest it can have been.
    pub lo: Instant,
    /// The latest it can have been.
    pub hi: Instant,
}

impl EventTime {
    /// No date at all.
    pub const UNDATED: EventTime = EventTime { lo: Instant::MIN, hi: Instant::MAX };

    /// At exactly this instant.
    #[must_use]
    pub fn exact(at: Instant) -> EventTime {
        EventTime { lo: at, hi: at }
    }

    /// Whether nothing is known about it: not even that it has happened.
    #[must_use]
    pub fn is_undated(self) -> bool {
        self == EventTime::UNDATED
    }

    /// Whether the instant itself is known.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self.lo == self.hi
    }
}

/// The values of one field over all rows of a list; a field that no event gave takes no room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// What a row reads that is not in `cells`.
    pub absent: Slot,
    /// By row, or by place; shorter than the list when the rest is absent.
    pub cells: Vec<Slot>,
    /// The cells stand by the places of [`Events::places`]: what many rows say is kept once.
    pub by_place: bool,
    /// The values as masks ([`crate::facts::mask_of`]), where the type has them: by row always, with one more for what is
    /// absent.
    pub masks: Option<Vec<u64>>,
}

impl Column {
    /// Writes the masks down, once the cells are final.
    pub(crate) fn put_masks(&mut self) {
        self.masks = Some(self.cells.iter().chain([&self.absent]).map(mask_of).collect());
    }

    /// The mask of a row; nothing where the type has none.
    #[inline]
    #[must_use]
    pub fn mask(&self, row: usize) -> Option<u64> {
        let masks = self.masks.as_ref()?;
        masks.get(row).or(masks.last()).copied()
    }
}

/// A list of events that are known and not later than the instant, newest first: by `hi`, then by `lo`, descending, so
/// that undated ones come first; equals stand in an order that does not hang on the request's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Events {
    /// The list was given; an absent list is unknown, an empty one is known to be empty.
    pub known: bool,
    /// The list holds everything from this instant on; a window that reaches before it is unknown. `None`: it holds
    /// everything.
    pub complete_from: Option<Instant>,
    /// When, by row.
    pub times: Vec<EventTime>,
    /// The event's own name, by row.
    pub ids: Vec<Option<TextId>>,
    /// Values by the fact's slot ([`crate::typed::Fact::slot`]), then by row.
    pub columns: Vec<Column>,
    /// By row: the place of its values in the columns that stand by place. Empty where none does.
    pub places: Vec<u32>,
}

impl Events {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    fn place(&self, row: usize) -> usize {
        self.places.get(row).map_or(usize::MAX, |place| *place as usize)
    }

    /// A row's value of the fact with that slot.
    #[inline]
    #[must_use]
    pub fn cell(&self, slot: u16, row: usize) -> &Slot {
        let Some(column) = self.columns.get(usize::from(slot)) else { return &Slot::Unknown };
        let at = if column.by_place { self.place(row) } else { row };
        column.cells.get(at).unwrap_or(&column.absent)
    }
}

/// What a consent event does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConsentKind {
    /// Permits at a level.
    Grant,
    /// Takes back, or refuses.
    Revoke,
    /// Asked, and said no; binds nothing by itself.
    Decline,
}

/// Who acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// The holder.
    Holder,
    /// A parent.
    Parent,
    /// A personal representative.
    Representative,
    /// An agent authorised by the holder.
    AuthorisedAgent,
    /// Staff, from what they were told.
    Staff,
    /// An import.
    Import,
    /// Inferred from conduct.
    Inferred,
}

impl By {
    /// All, in the order of the choice `consents.by`.
    pub const ALL: [By; 7] = [
        By::Holder,
        By::Parent,
        By::Representative,
        By::AuthorisedAgent,
        By::Staff,
        By::Import,
        By::Inferred,
    ];
}

/// The families of levels that a revocation ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Families {
    /// All: none was named, or one that nobody declared.
    #[default]
    Open,
    /// These nodes of `level`, sorted.
    Named(Few<NodeId>),
}

/// When a grant ends. Both may be given; the first to come ends it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expiry {
    /// The last local day on which it is good.
    pub on: Option<Date>,
    /// The first instant at which it is no longer good.
    pub at: Option<Instant>,
}

/// A consent event, ready for the fold. Voided events are gone; events not known yet, and later-dated grants, too.
#[derive(Clone, Debug, PartialEq)]
pub struct Consent {
    /// Its name.
    pub id: Option<TextId>,
    /// What it does.
    pub kind: ConsentKind,
    /// The earliest it can have happened: where a grant is compared. Undated: `Instant::MIN`.
    pub lo: Instant,
    /// The latest it can have happened: where a revocation is compared. An undated revocation counts at the instant it
    /// was recorded, and without one is `Instant::MAX`: never lifted.
    pub hi: Instant,
    /// A grant's level; `None` is unknown: it may be any.
    pub level: Option<NodeId>,
    /// A revocation's families.
    pub families: Families,
    /// What it is about.
    pub scope: Scope,
    /// Whether it is the person's consent; `None` is unknown. An event that names no holder is the person's.
    pub of_person: Option<bool>,
    /// Whether it is the recipient's consent; `None` is unknown.
    pub of_recipient: Option<bool>,
    /// Who acted; `None`: not said.
    pub by: Option<By>,
    /// A grant's end.
    pub expires: Expiry,
}

/// What the fold reads first of a consent event that [`Blocks`] have found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Head {
    /// Where it is compared: a grant's `lo`, a revocation's `hi`.
    pub at: i64,
    /// A grant's level; [`Head::NO_LEVEL`] is unknown.
    pub level: u32,
    /// See [`Consent::of_person`].
    pub of_person: Option<bool>,
    /// See [`Consent::of_recipient`].
    pub of_recipient: Option<bool>,
    /// Whether whoever acted could grant, by those means; `None` is unknown.
    pub could_grant: Option<bool>,
}

impl Head {
    /// The level is unknown.
    pub const NO_LEVEL: u32 = u32::MAX;
}

impl Consent {
    /// Neither dated nor recorded: it may lie ahead.
    #[inline]
    #[must_use]
    pub fn is_undated(&self) -> bool {
        EventTime { lo: self.lo, hi: self.hi }.is_undated()
    }
}

/// The consent history, newest first in the order of [`Events`]; `items` and the columns of `events` share their rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Consents {
    /// For the fold: which rows name what.
    pub blocks: Blocks,
    /// For the fold, by row: what is read of those found.
    pub heads: Vec<Head>,
    /// For the fold, by row: what is read of few.
    pub items: Vec<Consent>,
    /// How many are revocations.
    pub revocations: u32,
    /// Times and fields, by row; `known` when the list was given.
    pub events: Events,
}

/// What a list said of the contact's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LookupResult {
    /// On it.
    Listed,
    /// The list has no data.
    NoData,
    /// Not on it.
    NotListed,
}

/// The look-up of the contact's address on one list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lookup {
    /// Nobody looked, or the contact's address is unknown.
    #[default]
    Unknown,
    /// The host vouches that the address is on no such list, whatever its date.
    KnownNone,
    /// The newest look-up; of equally new ones the one that restricts most.
    Found {
        /// What it said.
        result: LookupResult,
        /// The version's day; `None`: not said, so a list that goes stale is unknown.
        version_at: Option<Date>,
        /// The day asked about, for lists of events such as reassignments.
        asked_about: Option<Date>,
    },
}

/// Privacy signals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signals {
    /// Whether a signal of the kind is on: by index of the choice `signals.kind` (`gpc`, `gpp`). `None` is unknown.
    pub on: Vec<Option<bool>>,
    /// Fields, newest first.
    pub events: Events,
}

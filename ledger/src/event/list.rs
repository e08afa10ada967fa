//! What events are told in.

/// What an event is told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum List {
    /// Grants, revocations, declined offers, voids of these.
    Consents,
    /// Contacts of ours.
    Contacts,
    /// What the person did: transactions, inquiries, visits, replies.
    Interactions,
    /// What was found when a list was looked up.
    Lists,
    /// Signals that a person's browser sends.
    Signals,
    /// What the person prefers: hours, channels, caps, pauses. The latest of each kind holds.
    Preferences,
    /// What the engine answered, with everything needed to ask it again.
    Decisions,
    /// An earlier event was told in error: which, and why. It stays where it is, and is read no more.
    Voids,
    /// The person goes by another name too, in this system or another: which, and why that is known.
    Links,
}

impl List {
    /// Every list, in the order of their words.
    pub const ALL: [List; 9] = [
        List::Consents,
        List::Contacts,
        List::Interactions,
        List::Lists,
        List::Signals,
        List::Preferences,
        List::Decisions,
        List::Voids,
        List::Links,
    ];

    /// The word that stands for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            List::Consents => "consents",
            List::Contacts => "contacts",
            List::Interactions => "interactions",
            List::Lists => "lists",
            List::Signals => "signals",
            List::Preferences => "preferences",
            List::Decisions => "decisions",
            List::Voids => "voids",
            List::Links => "links",
        }
    }

    /// Whether its events have names and say when they were recorded, as the engine reads them: look-ups and signals do not.
    pub(crate) fn named(self) -> bool {
        matches!(self, List::Consents | List::Contacts | List::Interactions)
    }

    /// The list of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<List> {
        List::ALL.into_iter().find(|list| list.as_str() == word)
    }
}

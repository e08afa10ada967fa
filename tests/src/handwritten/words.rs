//! The vocabulary of the twelve rules as enums, and sets of their members as bits.

use std::marker::PhantomData;

/// A member of a small hierarchy.
pub trait Word: Copy + 'static {
    /// Every member with its name in policy.
    const ALL: &'static [(Self, &'static str)];
    /// Its number.
    fn index(self) -> usize;
    /// Itself and its ancestors.
    fn lineage(self) -> Set<Self>;
}

/// A set of members, by number.
#[derive(Debug)]
pub struct Set<W>(pub u32, PhantomData<W>);

impl<W> Clone for Set<W> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<W> Copy for Set<W> {}
impl<W> PartialEq for Set<W> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<W> Set<W> {
    /// A set of bits.
    pub const fn of(bits: u32) -> Self {
        Set(bits, PhantomData)
    }
    /// A member in common.
    #[inline]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
    /// Nothing is in.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl<W: Word> Set<W> {
    /// The members.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = W> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            if rest == 0 {
                return None;
            }
            let at = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            Some(W::ALL[at].0)
        })
    }
    /// Some member is `word` or lies below it.
    #[inline]
    pub fn is(self, word: W) -> bool {
        self.iter().any(|own| own.is(word))
    }
}

impl<W: Word> FromIterator<W> for Set<W> {
    fn from_iter<I: IntoIterator<Item = W>>(words: I) -> Self {
        Set::of(words.into_iter().fold(0, |bits, word| bits | 1 << word.index()))
    }
}

/// What every word can be asked.
pub trait Is: Word {
    /// It is `other` or lies below it.
    #[inline]
    fn is(self, other: Self) -> bool {
        self.lineage().0 >> other.index() & 1 == 1
    }
    /// Its name in policy.
    fn name(self) -> &'static str {
        Self::ALL[self.index()].1
    }
}
impl<W: Word> Is for W {}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($word:ident $text:literal $(< $($up:ident)+)?,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum $name { $($word),* }
        impl Word for $name {
            const ALL: &'static [(Self, &'static str)] = &[$(($name::$word, $text)),*];
            #[inline]
            fn index(self) -> usize {
                self as usize
            }
            #[inline]
            fn lineage(self) -> Set<Self> {
                const LINEAGE: &[u32] = &[$(1 << $name::$word as u32 $($(| 1 << $name::$up as u32)+)?),*];
                Set::of(LINEAGE[self as usize])
            }
        }
    };
}

words!(
    /// By what way.
    Channel {
        Voice "voice",
        LiveCall "live_call" < Voice,
        Voicemail "voicemail" < Voice,
        Text "text",
        Sms "sms" < Text,
        Mms "mms" < Text,
        Email "email",
        InPerson "in_person",
        Transfer "transfer",
    }
);

words!(
    /// What for.
    Purpose {
        Care "care",
        Appointment "appointment" < Care,
        LabResult "lab_result" < Care,
        Marketing "marketing",
        OwnService "own_service" < Marketing,
        ThirdPartyProduct "third_party_product" < Marketing,
        RefillReminder "refill_reminder" < Marketing,
        Billing "billing",
        SaleSharing "sale_sharing",
    }
);

words!(
    /// What about.
    Topic {
        Wellness "wellness",
        Nutrition "nutrition" < Wellness,
        Exercise "exercise" < Wellness,
        Running "running" < Exercise Wellness,
        Swimming "swimming" < Exercise Wellness,
        Dental "dental",
        Heart "heart",
        HeartRhythm "heart_rhythm" < Heart,
        MentalHealth "mental_health",
    }
);

impl Topic {
    /// Topics that a grant must name.
    pub const SENSITIVE: Set<Topic> =
        Set::of(1 << Topic::Heart as u32 | 1 << Topic::HeartRhythm as u32 | 1 << Topic::MentalHealth as u32);
}

words!(
    /// What was granted.
    Level {
        Contact "contact",
        Implied "implied" < Contact,
        OptedIn "opted_in" < Implied Contact,
        Express "express" < OptedIn Implied Contact,
        ExpressWritten "express_written" < Express OptedIn Implied Contact,
        Hipaa "hipaa",
        HipaaAuthorization "hipaa.authorization" < Hipaa,
        Ca "ca",
        CaSaleSharing "ca.sale_sharing" < Ca,
    }
);

impl Level {
    const FAMILIES: Set<Level> =
        Set::of(1 << Level::Contact as u32 | 1 << Level::Hipaa as u32 | 1 << Level::Ca as u32);

    /// Its family, as a set of one.
    #[inline]
    pub fn family(self) -> Set<Level> {
        Set::of(self.lineage().0 & Level::FAMILIES.0)
    }
}

words!(
    /// What the message carries.
    Data {
        Identity "identity",
        Visit "visit",
        Health "health",
        Diagnosis "diagnosis" < Health,
        Drug "drug" < Health,
    }
);

words!(
    /// What the person did.
    Interacted {
        Transaction "transaction",
        Inquiry "inquiry",
        Visited "visit",
    }
);

words!(
    /// What is done with the data.
    Use {
        Personalise "personalise",
        Share "share",
        Sell "sell",
    }
);

words!(
    /// Where the person lives.
    State {
        California "US-CA",
        Florida "US-FL",
        Illinois "US-IL",
        Indiana "US-IN",
        NewYork "US-NY",
        Tennessee "US-TN",
        Texas "US-TX",
        Arizona "US-AZ",
    }
);

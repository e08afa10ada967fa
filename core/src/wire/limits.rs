//! What is admitted: the one table of limits on requests. A host may lower them, not raise them (law 10, totality).
//!
//! | limit | at most | beyond it |
//! |---|---|---|
//! | request, as text | 4 MiB | refused |
//! | nesting | 64 | refused, before anything is read |
//! | one text | 16 KiB | refused |
//! | a whole number | 9 007 199 254 740 991 (what every host language can hold), not negative | refused |
//! | events in one list | 4 096 | refused |
//! | members of a set, records of a list, keys of a map | 4 096 | refused |
//! | zones named | 64 | refused |
//! | zones, those that agree merged | 16 | the zone is unknown, with a warning |
//! | look ahead | 400 days | refused |
//! | windows of a day in a week | 8 | refused |
//! | warnings in an answer | 64 | the rest is counted in one more |

/// The limits in force. [`Limits::default`] is the most that is admitted.
///
/// ```
/// use byleave::{Engine, ErrorKind, Limits};
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// let limits = Limits { request_bytes: 10, ..Limits::default() };
/// let engine = Engine::builder().source("shop", "shop.leave", shop).limits(limits).build()?;
/// assert_eq!(engine.request(r#"{"person": {}}"#).unwrap_err().kind(), ErrorKind::Limit);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request.
    pub request_bytes: usize,
    /// Nesting of lists and objects.
    pub depth: usize,
    /// Bytes of one text.
    pub text_bytes: usize,
    /// Events in one list.
    pub events: usize,
    /// Members of a set, records of a list, keys of a map or an object.
    pub members: usize,
    /// Days of look ahead.
    pub horizon_days: u32,
}

impl Limits {
    /// The most that is admitted.
    pub const MOST: Limits = Limits {
        request_bytes: 4 << 20,
        depth: 64,
        text_bytes: 16 << 10,
        events: 4_096,
        members: 4_096,
        horizon_days: 400,
    };

    /// The same limits, none above [`Limits::MOST`].
    ///
    /// ```
    /// use byleave::Limits;
    /// let greedy = Limits { depth: 1_000_000, ..Limits::MOST };
    /// assert_eq!(greedy.admitted(), Limits::MOST);
    /// ```
    #[must_use]
    pub fn admitted(self) -> Limits {
        let most = Limits::MOST;
        Limits {
            request_bytes: self.request_bytes.min(most.request_bytes),
            depth: self.depth.min(most.depth),
            text_bytes: self.text_bytes.min(most.text_bytes),
            events: self.events.min(most.events),
            members: self.members.min(most.members),
            horizon_days: self.horizon_days.min(most.horizon_days),
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::MOST
    }
}

/// The greatest whole number.
pub const GREATEST_INTEGER: i64 = 9_007_199_254_740_991;
/// Candidate zones after merging.
pub const ZONES: usize = 16;
/// Zones named in one set.
pub const ZONES_NAMED: usize = 64;
/// Warnings in one answer.
pub const WARNINGS: usize = 64;
/// Days of look ahead when the request names none.
pub const HORIZON_DAYS: i64 = 31;

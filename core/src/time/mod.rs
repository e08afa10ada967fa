//! Time as the law needs it: instants, local dates, zones, opening hours, calendars and month arithmetic.
//!
//! Nothing here reads a clock or the platform's zone data: the instant is an input, the zone rules are
//! bundled or come with compiled packs ([`ZoneSet`]). Nothing here panics: arithmetic saturates at the ends of the number range.
//!
//! | file | what it knows |
//! |---|---|
//! | [`instant`] | points in time, RFC 3339 |
//! | [`date`] | calendar days, months, weekdays |
//! | [`zone`] | offsets, where a date starts, which date it is |
//! | [`zones`] | which zones there are: all that are bundled, or those carried |
//! | [`week`] | opening hours and their next change |
//! | [`calendar`] | holidays and business days |
//! | [`threshold`] | statements about time that flip at most once |
//! | [`unknown`] | what can be said without a zone |

pub mod calendar;
pub mod date;
mod error;
pub mod instant;
mod scan;
pub mod threshold;
mod unix;
pub mod unknown;
pub mod week;
pub mod zone;
pub mod zones;

pub use calendar::{Calendar, Holiday, HolidayRule, NoData, Observed};
pub use date::{Date, PartialDate, Weekday};
pub use error::TimeError;
pub use instant::{Instant, Micros};
pub use week::{Week, Windows};
pub use zone::{Reading, Segment, Zone};
pub use zones::ZoneSet;

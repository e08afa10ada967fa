//! Candidate zones: named, merged where their clocks agree, unknown when too many.

use crate::error::Error;
use crate::facts::{Confirmed, Interner, Lanes, Slot, Warning};
use crate::time::{Instant, Micros, Zone, ZoneSet, zone};
use crate::wire::limits::{ZONES, ZONES_NAMED};
use std::sync::Arc;

/// What is known of where the recipient is.
pub(crate) struct Place<'a> {
    /// Names of zones, or unknown.
    pub zones: &'a Slot,
    /// A zone's name.
    pub confirmed_zone: &'a Slot,
    /// A day.
    pub confirmed_on: &'a Slot,
}

/// What a decision can reach: clocks that agree over it are one lane.
#[derive(Clone, Copy)]
pub(crate) struct Reach {
    pub at: Instant,
    pub from: Instant,
    pub to: Instant,
}

/// The lanes, a warning if there were too many, and the instant from which on a confirmation that is dated later counts.
pub(crate) type Found = (Lanes, Option<Warning>, Option<Instant>);

pub(crate) fn lanes(
    place: &Place<'_>,
    known: &ZoneSet,
    texts: &Interner,
    reach: Reach,
) -> Result<Found, Error> {
    let mut named: Vec<Arc<Zone>> = Vec::new();
    let mut unknown = true;
    if let Slot::Texts(names) = place.zones {
        if names.len() > ZONES_NAMED {
            let message = format!("{} zones are more than the {ZONES_NAMED} admitted", names.len());
            return Err(Error::limit("recipient.time_zones", message));
        }
        for name in names {
            named.push(named_zone(known, texts.text(*name), "recipient.time_zones")?);
        }
        unknown = named.is_empty();
    }
    let mut confirmed = None;
    let mut later = None;
    if let (Slot::Text(name), Slot::Date { hi: on, .. }) = (place.confirmed_zone, place.confirmed_on) {
        let zone = named_zone(known, texts.text(*name), "recipient.confirmed_time_zone.zone")?;
        let from = zone.start_of(*on);
        if from <= reach.at {
            confirmed = Some((Arc::clone(&zone), *on));
            named.push(zone);
        } else {
            later = Some(from);
        }
    }
    named.sort_by(|a, b| a.name().cmp(b.name()));
    let mut zones: Vec<Arc<Zone>> = Vec::new();
    for zone in named {
        if !zones.iter().any(|kept| same(kept, &zone, reach)) {
            zones.push(zone);
        }
    }
    let mut warning = None;
    if zones.len() > ZONES {
        warning = Some(Warning {
            code: "too_many_zones",
            path: "recipient.time_zones".to_string(),
            message: format!("{} different zones are more than {ZONES}: taken as unknown", zones.len()),
        });
        zones = confirmed.iter().map(|(zone, _)| Arc::clone(zone)).collect();
        unknown = true;
    }
    let confirmed = confirmed.and_then(|(zone, on)| {
        let lane = zones.iter().position(|kept| same(kept, &zone, reach))?;
        Some(Confirmed { lane: u8::try_from(lane).ok()?, on })
    });
    Ok((Lanes { zones, confirmed, unknown }, warning, later))
}

/// Two zones whose clocks agree over all that can be reached are one candidate.
fn same(a: &Arc<Zone>, b: &Arc<Zone>, reach: Reach) -> bool {
    Arc::ptr_eq(a, b)
        || a.digest_bytes() == b.digest_bytes()
        || (reach.is_bounded() && zone::same_offsets(a, b, reach.from, reach.to))
}

fn named_zone(known: &ZoneSet, name: &str, path: &str) -> Result<Arc<Zone>, Error> {
    known.zone(name).ok_or_else(|| no_such_zone(known, name, path))
}

/// The error for a zone that is not among those known.
pub(crate) fn no_such_zone(known: &ZoneSet, name: &str, path: impl std::fmt::Display) -> Error {
    let quoted = crate::error::quoted(name);
    if known.is_bundled() {
        return Error::input(path, format!("no time zone is called `{quoted}`")).suggest(name, known.names());
    }
    // Whether it is a zone at all cannot be told where no database is, and must not hang on the build.
    Error::input(path, format!("these compiled packs do not carry the time zone `{quoted}`"))
        .with_hint("compile them with it among their zones")
        .suggest(name, known.names())
}

impl Reach {
    /// From the oldest dated event, and at least 400 days back, to as far ahead as the look ahead of a decision at the
    /// edge of the look ahead sees, and 400 days more.
    pub fn new(at: Instant, oldest: Option<Instant>, horizon_us: i64) -> Reach {
        let spare = Micros::DAY.times(400);
        let from = (at - spare).min(oldest.unwrap_or(at) - Micros::DAY.times(2));
        Reach { at, from, to: at + Micros(horizon_us) + Micros(horizon_us) + spare }
    }

    /// Whether comparing the clocks is cheap. Over longer spans only zones with the very same data are merged: merging
    /// is for the host's convenience, and an event dated to the year 1 must not cost a decision its speed.
    fn is_bounded(self) -> bool {
        self.to.0.saturating_sub(self.from.0) <= Micros::DAY.times(100 * 366).0
    }
}

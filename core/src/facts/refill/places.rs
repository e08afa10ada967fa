//! Where persons are: the candidate zones of each set of zones' names are found once, and changed hands from person to person.

use super::SHAPES;
use crate::facts::lanes::{Place, Reach, lanes};
use crate::facts::{Facts, Intake, Interner, Lanes, Slot};
use crate::time::{Instant, Micros};

/// As far back as candidate zones found once are known to stay.
pub(super) const BACK: Micros = Micros(Micros::DAY.0 * 90 * 366);

/// Candidate zones of one set of names.
struct Found {
    lanes: Lanes,
    later: Option<Instant>,
    /// They are the same however far back one looks, as long as that is a hundred years at most.
    settled: bool,
    /// One zone is named at most: there is nothing to merge.
    single: bool,
}

/// All that were found, by the caller's number for the set.
#[derive(Default)]
pub(super) struct Places {
    all: Vec<Found>,
    by_key: Vec<Option<usize>>,
    /// The caller's number for the person at hand; nothing: nobody said, or all have the same.
    pub(super) key: Option<u32>,
    /// Whose zones the facts have.
    swapped: Option<usize>,
}

/// What the person's zones mean for the facts.
pub(super) enum Put {
    /// They are in; with the instant at which a confirmation that is dated later counts.
    In(Option<Instant>),
    /// They are in, if nothing is dated before that instant.
    Since(Instant, Option<Instant>),
    /// Not for this door.
    Strange,
}

impl Places {
    /// Gives the facts the person's candidate zones.
    pub(super) fn put(&mut self, facts: &mut Facts, intake: &Intake, texts: &Interner) -> Put {
        let Some(key) = self.key.map(|key| key as usize) else {
            self.give_back(facts);
            return Put::In(None);
        };
        let at = match self.by_key.get(key).copied().flatten() {
            Some(at) => at,
            None => {
                // The facts' own zones stand aside while others are found.
                self.give_back(facts);
                let Some(found) =
                    Some(key).filter(|key| *key < SHAPES).and_then(|_| find(facts, intake, texts))
                else {
                    return Put::Strange;
                };
                if self.by_key.len() <= key {
                    self.by_key.resize(key + 1, None);
                }
                let at = self.all.len();
                self.all.push(found);
                if let Some(place) = self.by_key.get_mut(key) {
                    *place = Some(at);
                }
                at
            }
        };
        if self.swapped != Some(at) {
            self.give_back(facts);
            if let Some(found) = self.all.get_mut(at) {
                std::mem::swap(&mut found.lanes, &mut facts.lanes);
                self.swapped = Some(at);
            }
        }
        match self.all.get(at) {
            Some(found) if found.single => Put::In(found.later),
            Some(found) if found.settled => Put::Since(facts.at - BACK, found.later),
            _ => Put::Strange,
        }
    }

    /// The facts have everybody's zones again.
    fn give_back(&mut self, facts: &mut Facts) {
        if let Some(found) = self.swapped.take().and_then(|at| self.all.get_mut(at)) {
            std::mem::swap(&mut found.lanes, &mut facts.lanes);
        }
    }
}

fn find(facts: &Facts, intake: &Intake, texts: &Interner) -> Option<Found> {
    let slot = intake.known.zones[1].map_or(&Slot::Unknown, |fact| facts.slot(fact));
    let (confirmed_zone, confirmed_on) = (&Slot::Unknown, &Slot::Unknown);
    let place = Place { zones: slot, confirmed_zone, confirmed_on };
    let found = |oldest: Option<Instant>| {
        let reach = Reach::new(facts.at, oldest, facts.horizon_us);
        lanes(&place, &intake.policy.zones, texts, reach).ok()
    };
    let (near, _, later) = found(None)?;
    let (far, ..) = found(Some(facts.at - BACK))?;
    let settled = near == far;
    let single = !matches!(slot, Slot::Texts(names) if names.len() > 1);
    Some(Found { lanes: near, later, settled, single })
}

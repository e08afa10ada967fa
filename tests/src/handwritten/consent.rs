//! Consent: which grants survive what was taken back, and until when each zone counts them.

use super::case::{Case, Consent, Kind, Scope};
use super::words::{Is, Level, Purpose, Set, Topic, Word};
use byleave::time::Zone;

/// An instant for each zone; the second counts only for those who have two.
pub type PerZone = [i64; 2];

/// Before all time.
pub const ALWAYS: i64 = i64::MIN;
/// After all time.
pub const NEVER: i64 = i64::MAX;

impl Case {
    /// Calls for each purpose with each topic; false from any ends it.
    #[inline]
    fn all_pairs(&self, purposes: Set<Purpose>, mut one: impl FnMut(Purpose, Option<Topic>) -> bool) -> bool {
        purposes.iter().all(|purpose| {
            if self.contact.topics.is_empty() {
                return one(purpose, None);
            }
            self.contact.topics.iter().all(|topic| one(purpose, Some(topic)))
        })
    }

    /// Whether the scope covers the contact for one purpose and topic.
    #[inline]
    fn covers(&self, scope: &Scope, purpose: Purpose, topic: Option<Topic>) -> bool {
        scope.channel.is_none_or(|named| named.meets(self.contact.channel.lineage()))
            && scope.purpose.is_none_or(|named| named.meets(purpose.lineage()))
            && scope.topic.is_none_or(|named| topic.is_some_and(|topic| named.meets(topic.lineage())))
            && scope.address.is_none_or(|named| named == self.address)
    }

    /// As [`Case::covers`]; a sensitive topic must be named by a sensitive name.
    #[inline]
    fn grant_covers(&self, scope: &Scope, purpose: Purpose, topic: Option<Topic>) -> bool {
        self.covers(scope, purpose, topic)
            && topic.is_none_or(|topic| {
                let sensitive = Set::of(topic.lineage().0 & Topic::SENSITIVE.0);
                sensitive.is_empty() || scope.topic.is_some_and(|named| named.meets(sensitive))
            })
    }

    /// Until when there is consent at a level for every purpose and topic, by zone.
    pub fn consent_until(&self, level: Level, counts: impl Fn(&Consent) -> bool) -> PerZone {
        let mut until = [NEVER; 2];
        self.all_pairs(self.contact.purposes, |purpose, topic| {
            let mut last = [ALWAYS; 2];
            for grant in &self.consents {
                if grant.kind == Kind::Grant
                    && grant.level.is(level)
                    && self.grant_covers(&grant.scope, purpose, topic)
                    && counts(grant)
                    && self.survives(grant, level, purpose, topic)
                {
                    self.carry(grant, &mut last);
                    if self.zonewise(last, NEVER) {
                        break;
                    }
                }
            }
            for (until, last) in until.iter_mut().zip(last) {
                *until = (*until).min(last);
            }
            !self.zonewise(last, ALWAYS)
        });
        until
    }

    /// No covering revocation as late, and each earlier one lifted by the grant itself.
    #[inline]
    fn survives(&self, grant: &Consent, level: Level, purpose: Purpose, topic: Option<Topic>) -> bool {
        self.consents.iter().all(|taken| {
            taken.kind != Kind::Revoke
                || taken.families.is_some_and(|named| !named.meets(level.family()))
                || !self.covers(&taken.scope, purpose, topic)
                || self.lifts(grant, taken, purpose, topic)
        })
    }

    /// Until when nothing that was taken back stands in the way, by zone: every covering revocation has a later grant at
    /// the level that lifts it and still runs.
    pub fn unrefused_until(&self, purposes: Set<Purpose>, renewed: Level) -> PerZone {
        let mut until = [NEVER; 2];
        self.all_pairs(purposes, |purpose, topic| {
            for taken in &self.consents {
                if taken.kind != Kind::Revoke
                    || taken.families.is_some_and(|named| !named.meets(renewed.family()))
                    || !self.covers(&taken.scope, purpose, topic)
                {
                    continue;
                }
                let mut last = [ALWAYS; 2];
                for grant in &self.consents {
                    if grant.kind == Kind::Grant
                        && grant.level.is(renewed)
                        && self.lifts(grant, taken, purpose, topic)
                        && self.grant_covers(&grant.scope, purpose, topic)
                    {
                        self.carry(grant, &mut last);
                    }
                }
                for (until, last) in until.iter_mut().zip(last) {
                    *until = (*until).min(last);
                }
                if self.zonewise(last, ALWAYS) {
                    return false;
                }
            }
            true
        });
        until
    }

    /// The grant is later, and within what was taken back as far as the contact goes.
    #[inline]
    fn lifts(&self, grant: &Consent, taken: &Consent, purpose: Purpose, topic: Option<Topic>) -> bool {
        taken.at < grant.at && {
            let (g, r) = (&grant.scope, &taken.scope);
            within(g.channel, r.channel, Some(self.contact.channel))
                && within(g.purpose, r.purpose, Some(purpose))
                && within(g.topic, r.topic, topic)
                && (r.address.is_none() || r.address == g.address)
        }
    }

    /// Moves the last end on to the grant's, in each zone.
    #[inline]
    fn carry(&self, grant: &Consent, last: &mut PerZone) {
        for (last, zone) in last.iter_mut().zip(&self.zones) {
            *last = (*last).max(end(grant, zone));
        }
    }

    /// The same instant in every zone.
    #[inline]
    fn zonewise(&self, ends: PerZone, at: i64) -> bool {
        ends.iter().zip(&self.zones).all(|(end, _)| *end == at)
    }
}

#[inline]
fn end(grant: &Consent, zone: &Zone) -> i64 {
    let day = grant.expires_on.map_or(NEVER, |day| zone.start_of(day.next()).0);
    day.min(grant.expires_at.map_or(NEVER, |at| at.0))
}

/// Of what the grant names something takes the contact in that lies below something that the revocation names.
#[inline]
fn within<W: Word>(grant: Option<Set<W>>, taken: Option<Set<W>>, own: Option<W>) -> bool {
    match (grant, taken) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(grant), Some(taken)) => own.is_some_and(|own| {
            let named: Set<W> = Set::of(grant.0 & own.lineage().0);
            named.iter().any(|word| word.lineage().meets(taken))
        }),
    }
}

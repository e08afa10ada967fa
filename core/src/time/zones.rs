//! Which zones an engine knows: the whole bundled database, or those that compiled packs carry.
//!
//! A policy has one set for all that it reads zones by, so that an engine of packs that carry three zones answers the
//! same in every build, whether a database is bundled there or not.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::zone::Zone;

/// The time zones that a policy is decided by, and the database that they are from.
#[derive(Clone)]
pub struct ZoneSet(Set);

#[derive(Clone)]
enum Set {
    #[cfg(feature = "tzdb")]
    Bundled,
    Carried(Arc<Carried>),
}

#[derive(Default)]
struct Carried {
    edition: String,
    digest: String,
    /// By the name in small letters; each is read when first asked for.
    zones: BTreeMap<String, Slot>,
}

struct Slot {
    name: String,
    data: Arc<[u8]>,
    zone: OnceLock<Option<Arc<Zone>>>,
}

impl Default for ZoneSet {
    /// Every bundled zone; none in a build that bundles no database.
    fn default() -> ZoneSet {
        ZoneSet::bundled().unwrap_or_else(|| ZoneSet(Set::Carried(Arc::default())))
    }
}

impl ZoneSet {
    /// Every zone of the bundled database, if there is one in this build (feature `tzdb`).
    #[must_use]
    pub fn bundled() -> Option<ZoneSet> {
        #[cfg(feature = "tzdb")]
        return Some(ZoneSet(Set::Bundled));
        #[cfg(not(feature = "tzdb"))]
        return None;
    }

    /// These zones, each with its TZif data, of that edition of the database; `digest` is that of the whole of it.
    #[must_use]
    pub fn carried(edition: &str, digest: &str, zones: Vec<(String, Arc<[u8]>)>) -> ZoneSet {
        let slot = |(name, data): (String, Arc<[u8]>)| {
            (name.to_ascii_lowercase(), Slot { name, data, zone: OnceLock::new() })
        };
        let zones = zones.into_iter().map(slot).collect();
        let carried = Carried { edition: edition.to_string(), digest: digest.to_string(), zones };
        ZoneSet(Set::Carried(Arc::new(carried)))
    }

    /// Whether this is the whole bundled database.
    #[must_use]
    pub fn is_bundled(&self) -> bool {
        !matches!(self.0, Set::Carried(_))
    }

    /// The zone of that name, in any case, aliases included.
    #[must_use]
    pub fn zone(&self, name: &str) -> Option<Arc<Zone>> {
        match &self.0 {
            #[cfg(feature = "tzdb")]
            Set::Bundled => super::zone::zone(name),
            Set::Carried(carried) => {
                let slot =
                    carried.zones.get(name).or_else(|| carried.zones.get(&name.to_ascii_lowercase()))?;
                let read = || {
                    let data = Cow::Owned(slot.data.to_vec());
                    Zone::read(Cow::Owned(slot.name.clone()), data).map(Arc::new)
                };
                slot.zone.get_or_init(read).clone()
            }
        }
    }

    /// The names of all of them, in order.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        match &self.0 {
            #[cfg(feature = "tzdb")]
            Set::Bundled => super::zone::names().collect(),
            Set::Carried(carried) => carried.zones.values().map(|slot| slot.name.as_str()).collect(),
        }
    }

    /// The edition of the database, such as `2026e`.
    #[must_use]
    pub fn edition(&self) -> &str {
        match &self.0 {
            #[cfg(feature = "tzdb")]
            Set::Bundled => super::zone::version(),
            Set::Carried(carried) => &carried.edition,
        }
    }

    /// The hex SHA-256 of the whole database that they are from.
    #[must_use]
    pub fn digest(&self) -> &str {
        match &self.0 {
            #[cfg(feature = "tzdb")]
            Set::Bundled => super::zone::digest(),
            Set::Carried(carried) => &carried.digest,
        }
    }
}

impl fmt::Debug for ZoneSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sort = if self.is_bundled() { "bundled" } else { "carried" };
        write!(f, "ZoneSet({sort}, {} zones of {})", self.names().len(), self.edition())
    }
}

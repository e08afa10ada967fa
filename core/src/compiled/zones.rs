//! The time zones that compiled packs carry: TZif data by name, or the word that they want the whole database.

use super::bytes::{Coded, Damage, Reader, Writer};
use crate::time::{Zone, ZoneSet};
use std::collections::BTreeMap;
use std::sync::Arc;

/// More zones than any edition of the database has.
const MOST: usize = 2_048;
/// Bytes of one zone; the largest has some three thousand.
const LARGEST: usize = 32 << 10;
/// Letters of a name.
const LONGEST: usize = 64;

/// What is read: a set, or that the whole database is wanted and not here.
pub(super) enum Read {
    Set(ZoneSet),
    NoDatabase,
}

/// Every zone of the database, which the engine that loads the packs must have.
pub(super) fn put_all(known: &ZoneSet, out: &mut Writer<'_>) {
    out.byte(0);
    out.raw(known.edition().as_bytes());
}

/// These zones. Those whose data are the same, as of an alias, are written once.
pub(super) fn put_carried(known: &ZoneSet, zones: &BTreeMap<String, Arc<Zone>>, out: &mut Writer<'_>) {
    out.byte(1);
    out.raw(known.edition().as_bytes());
    out.raw(known.digest().as_bytes());
    out.number(zones.len() as u64);
    let mut seen: BTreeMap<&[u8], u64> = BTreeMap::new();
    for zone in zones.values() {
        out.raw(zone.name().as_bytes());
        let next = seen.len() as u64 + 1;
        match seen.get(zone.digest_bytes()) {
            Some(n) => out.number(*n),
            None => {
                out.number(0);
                out.raw(zone.digest_bytes());
                seen.insert(zone.digest_bytes(), next);
            }
        }
    }
}

pub(super) fn get(from: &mut Reader<'_>) -> Result<Read, Damage> {
    let carried = bool::get(from);
    let edition = word(from);
    if !carried {
        from.whole()?;
        return Ok(ZoneSet::bundled().map_or(Read::NoDatabase, Read::Set));
    }
    let digest = word(from);
    let n = from.count();
    if n > MOST {
        from.fail(Damage::TooMuch);
    }
    let mut data: Vec<Arc<[u8]>> = Vec::new();
    let mut zones = Vec::new();
    while zones.len() < n && !from.is_damaged() {
        let name = word(from);
        let bytes = match from.whole_number::<usize>().checked_sub(1) {
            Some(same) => data.get(same).cloned().unwrap_or_else(|| {
                from.fail(Damage::Wrong);
                Arc::default()
            }),
            None => {
                let bytes: Arc<[u8]> = from.raw().into();
                if bytes.len() > LARGEST {
                    from.fail(Damage::TooMuch);
                }
                data.push(Arc::clone(&bytes));
                bytes
            }
        };
        zones.push((name.to_string(), bytes));
    }
    from.whole()?;
    Ok(Read::Set(ZoneSet::carried(edition, digest, zones)))
}

/// A short word of plain letters: it is shown in answers and messages.
fn word<'a>(from: &mut Reader<'a>) -> &'a str {
    let word = std::str::from_utf8(from.raw()).unwrap_or("\n");
    let plain = word.len() <= LONGEST && word.bytes().all(|b| b.is_ascii_graphic());
    if !plain {
        from.fail(Damage::Wrong);
    }
    word
}

//! The history of consent being filled, as the fold reads it.

use super::copies::{copy_consent, head_of};
use super::filled::Filled;
use crate::facts::{Consents, Slot};
use crate::time::Date;

/// Writes down what the fold reads of the events that count, which stand in their order.
pub(super) fn write(filled: &mut Filled, consents: &mut Consents) {
    consents.heads.clear();
    for (n, event) in filled.pending.iter().enumerate() {
        let Some(Some(said)) = filled.said.get(event.shape as usize) else { continue };
        if consents.items.len() <= n {
            consents.items.push(filled.spare.pop().unwrap_or_else(|| said.item.clone()));
        }
        if let Some(place) = consents.items.get_mut(n) {
            copy_consent(place, &said.item, event);
            // What the shape says of its end stands for any day: all days of the event are its own.
            let mut last = None;
            for (column, slot) in filled.own_of(event) {
                match slot {
                    Slot::Date { lo, .. } if filled.end_days.contains(&Some(*column)) => {
                        last = Some(last.map_or(*lo, |day: Date| day.min(*lo)));
                    }
                    Slot::Instant(at) if Some(*column) == filled.end => place.expires.at = Some(*at),
                    _ => {}
                }
            }
            place.expires.on = last.or(place.expires.on);
            consents.heads.push(head_of(&said.head, place));
        }
    }
    let keep = filled.pending.len().min(consents.items.len());
    filled.spare.extend(consents.items.drain(keep..));
    consents.blocks.gather(&filled.singles, &consents.events.places);
    consents.revocations = consents.blocks.all.iter().map(|block| block.revocations.count_ones()).sum();
}

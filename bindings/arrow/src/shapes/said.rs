//! What events say besides their dates, by number: where every column is a dictionary, by all the numbers at once.

use super::{ODD, Shapes};
use crate::codes::{ABSENT, Codes};
use crate::combos::NONE;
use crate::plan::{Events, How, Leaf};
use crate::source::{Source, is_absent};
use byleave::facts::{Refill, Slot, TextId};
use byleave::typed::{EventList, FactId};

/// A combination whose shape is not known yet.
const NEW: u32 = u32::MAX - 1;
/// More combinations of numbers of dictionaries than this are not kept in one table.
const KEYS: usize = 1 << 16;

impl Shapes {
    /// Reads what events say where each column is a dictionary: what all of them number is one number. False: it is not so.
    pub(super) fn by_dictionary(
        &mut self,
        refill: &mut Refill,
        events: &Events,
        source: Source<'_>,
        from: usize,
        to: usize,
    ) -> bool {
        let mut columns = Vec::new();
        let mut most = 1usize;
        for leaf in events.leaves.iter().filter(|leaf| leaf.how.is_coded()) {
            let mut outer = Vec::new();
            let Some(cells) = source.leaf(&leaf.steps, &mut outer) else { return false };
            let Some((keys, values)) = cells.dictionary().filter(|_| outer.is_empty()) else { return false };
            let there = keys.len() >= to && cells.nulls().is_none_or(|nulls| nulls.len() >= to);
            if leaf.how == How::Address || !there {
                return false;
            }
            // One number more for what is null, and one for what the dictionary does not have.
            let size = values.len() + 2;
            most = match most.checked_mul(size).filter(|most| *most <= KEYS) {
                Some(most) => most,
                None => return false,
            };
            columns.push((cells, keys, size as u32));
        }
        if self.by_keys.len() != most {
            self.by_keys.clear();
            self.by_keys.resize(most, NEW);
        }
        for (cells, keys, size) in &columns {
            keys.append(from, *size, cells.nulls(), &mut self.seen.marks);
        }
        let mut new = std::mem::take(&mut self.room);
        new.clear();
        for (n, mark) in (0u32..).zip(&mut self.seen.marks) {
            match self.by_keys.get(*mark as usize) {
                Some(known) if *known != NEW => *mark = *known,
                _ => new.push(n),
            }
        }
        for n in &new {
            let n = *n as usize;
            let Some(keys) = self.seen.marks.get(n).map(|keys| *keys as usize) else { continue };
            let mut combo = ABSENT;
            for (at, (codes, (cells, ..))) in self.codes.iter_mut().zip(&columns).enumerate() {
                let code = codes.code(refill, cells, from + n);
                combo = match at.checked_sub(1).and_then(|before| self.pairs.get_mut(before)) {
                    _ if !Codes::stays(code) => NONE,
                    Some(pairs) => pairs.of(combo, code),
                    None => code,
                };
                if combo == NONE {
                    break;
                }
            }
            let mark = self.mark(refill, events, combo);
            self.by_keys.get_mut(keys).into_iter().for_each(|it| *it = mark);
            self.seen.marks.get_mut(n).into_iter().for_each(|it| *it = mark);
        }
        self.room = new;
        true
    }

    /// Reads what events say column by column.
    pub(super) fn by_column(
        &mut self,
        refill: &mut Refill,
        events: &Events,
        source: Source<'_>,
        from: usize,
        to: usize,
    ) -> Option<()> {
        self.combos.clear();
        self.combos.resize(to - from, ABSENT);
        // A row that no number stands for keeps none, whatever its other columns say.
        let coded = events.leaves.iter().filter(|leaf| leaf.how.is_coded());
        for (column, leaf) in coded.enumerate() {
            let mut outer = Vec::new();
            let cells = source.leaf(&leaf.steps, &mut outer)?;
            if leaf.how == How::Address {
                // Whether an address is named at all is part of what the event says.
                self.room.clear();
                self.room.extend((from..to).map(|row| u32::from(!is_absent(cells, row))));
            } else {
                self.codes.get_mut(column)?.column(refill, cells, from, to, &mut self.room);
            }
            for outer in outer.iter().filter(|it| it.has_nulls()) {
                let rows = (from..to).zip(&mut self.room);
                rows.filter(|(row, _)| outer.is_null(*row)).for_each(|(_, code)| *code = ABSENT);
            }
            let bad = |code: u32| leaf.how != How::Address && !Codes::stays(code);
            match column.checked_sub(1).and_then(|before| self.pairs.get_mut(before)) {
                None => {
                    for (combo, code) in self.combos.iter_mut().zip(&self.room) {
                        *combo = if bad(*code) { NONE } else { *code };
                    }
                }
                Some(pairs) => {
                    for (combo, code) in self.combos.iter_mut().zip(&self.room) {
                        *combo = if bad(*code) { NONE } else { pairs.of(*combo, *code) };
                    }
                }
            }
        }
        for n in 0..self.combos.len() {
            let Some(combo) = self.combos.get(n).copied() else { continue };
            let mark = self.mark(refill, events, combo);
            self.seen.marks.get_mut(n).into_iter().for_each(|it| *it = mark);
        }
        Some(())
    }

    /// The shape of a combination, marked as odd if events of that shape are.
    #[inline]
    fn mark(&mut self, refill: &mut Refill, events: &Events, combo: u32) -> u32 {
        match self.by_combo.get(combo as usize) {
            Some(mark) if *mark != NEW => *mark,
            _ => self.new_shape(refill, events, combo),
        }
    }

    /// The shape of a combination that comes for the first time.
    #[inline(never)]
    fn new_shape(&mut self, refill: &mut Refill, events: &Events, combo: u32) -> u32 {
        if combo == NONE {
            return NONE;
        }
        let shape = self.fields(events, combo).and_then(|fields| refill.shape(events.list, fields));
        let mark = match shape {
            Some(shape) if refill.is_plain(events.list, shape) => shape,
            Some(shape) => shape | ODD,
            None => NONE,
        };
        let at = combo as usize;
        if self.by_combo.len() <= at {
            self.by_combo.resize(at + 1, NEW);
        }
        if let Some(place) = self.by_combo.get_mut(at) {
            *place = mark;
        }
        mark
    }

    /// What a combination says.
    fn fields(&self, events: &Events, combo: u32) -> Option<Vec<(FactId, Slot)>> {
        let coded: Vec<&Leaf> = events.leaves.iter().filter(|leaf| leaf.how.is_coded()).collect();
        let mut fields = Vec::new();
        let mut rest = combo;
        for (n, (leaf, codes)) in coded.iter().zip(&self.codes).enumerate().rev() {
            let code = match n.checked_sub(1) {
                None => rest,
                Some(before) => {
                    let (others, code) = self.pairs.get(before)?.made(rest)?;
                    rest = others;
                    code
                }
            };
            if code == ABSENT {
                continue;
            }
            if leaf.how == How::Address {
                // Stands for whatever address: the event brings its own.
                if events.list == EventList::Consents {
                    fields.push((leaf.fact, Slot::texts([TextId(0)])));
                }
            } else {
                fields.push((leaf.fact, codes.value(code)?.0.clone()));
            }
        }
        fields.sort_by_key(|(fact, _)| *fact);
        Some(fields)
    }
}

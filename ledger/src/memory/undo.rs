//! What a transaction has done to rows in memory, so that one that fails leaves nothing.

use super::MemoryRows;
use crate::chain::Salt;
use crate::store::Person;

/// One change, as what takes it back.
pub(super) enum Undo {
    /// A setting, and what it was.
    Set(String, Option<Vec<u8>>),
    /// The last person is new.
    AddPerson,
    /// A person, as before.
    PutPerson(Person),
    /// The last event is new.
    Add,
    /// An event's words, as before.
    Blank(u64, Option<Salt>, Option<String>),
    AddRefusal([u8; 16], u64),
    Bury([u8; 16]),
    AddCheckpoint,
    AddBlock,
}

impl Undo {
    /// Takes it back. What came later has been taken back already.
    pub(super) fn apply(self, rows: &mut MemoryRows) {
        match self {
            Undo::Set(name, Some(before)) => drop(rows.settings.insert(name, before)),
            Undo::Set(name, None) => drop(rows.settings.remove(&name)),
            Undo::AddPerson => {
                if let Some(name) = rows.people.pop().and_then(|it| it.person.name) {
                    rows.names.remove(&name);
                }
            }
            Undo::PutPerson(before) => {
                if let Some(name) = &before.name {
                    rows.names.insert(name.clone(), before.number);
                }
                if let Some(there) = rows.someone(before.number) {
                    there.person = before;
                }
            }
            Undo::Add => {
                let Some(event) = rows.events.pop() else { return };
                rows.keys.remove(&event.key);
                if let Some(someone) = rows.someone(event.person) {
                    someone.events.pop();
                }
            }
            Undo::Blank(seq, salt, words) => {
                let at = usize::try_from(seq).ok().and_then(|it| it.checked_sub(1));
                if let Some(event) = at.and_then(|at| rows.events.get_mut(at)) {
                    (event.salt, event.words) = (salt, words);
                }
            }
            Undo::AddRefusal(address, seq) => {
                if let Some(all) = rows.refusals.get_mut(&address) {
                    all.remove(&seq);
                    if all.is_empty() {
                        rows.refusals.remove(&address);
                    }
                }
            }
            Undo::Bury(hash) => drop(rows.buried.remove(&hash)),
            Undo::AddCheckpoint => drop(rows.checkpoints.pop()),
            Undo::AddBlock => drop(rows.blocks.pop()),
        }
    }
}

//! Look-ups of the contact's address on lists, and privacy signals.

use crate::facts::build::Event;
use crate::facts::events::{List, Row, by_column, sort};
use crate::facts::freeze::{Clock, Later, Side, When};
use crate::facts::intake::Intake;
use crate::facts::{Events, Lookup, LookupResult, Signals, Slot};
use crate::time::Date;
use crate::typed::EventList;

/// The results in the order of the choice `lists.result`.
const RESULTS: [LookupResult; 3] = [LookupResult::Listed, LookupResult::NotListed, LookupResult::NoData];
/// Kinds of signals: the words of the choice `signals.kind`.
const KINDS: usize = 2;

/// The contact's address on each list. A list that nobody looked the address up on is unknown, and an empty list of
/// look-ups says just that, unless the host vouches for the list.
pub(crate) fn lists(
    intake: &Intake,
    given: &List,
    complete: &[bool],
    events: Vec<(&Event, u32)>,
    clock: &Clock<'_>,
    address: &Slot,
) -> (Vec<Lookup>, Events, Later) {
    let known = &intake.known;
    let mut left_out = Later::default();
    let mut rows = Vec::new();
    let mut entries: Vec<Vec<Entry>> = vec![Vec::new(); intake.policy.vocabulary.lists.len()];
    for (event, _) in &events {
        let result = match event.field(known.list_result) {
            Some(Slot::Choice(at)) => RESULTS.get(usize::from(*at)).copied(),
            _ => None,
        };
        let version_at = day(event.field(known.version_at));
        let at = version_at.map_or(When::Undated, When::Date);
        let side = if result == Some(LookupResult::NotListed) { Side::Frees } else { Side::Binds };
        if !left_out.keep(clock.visible(at, When::Undated, side)) {
            continue;
        }
        rows.push(Row { time: clock.span(at), event: (*event).clone() });
        let list = match event.field(known.list) {
            Some(Slot::Node(node)) => known_list(intake, *node),
            _ => None,
        };
        if event.field(known.list_address) != Some(address) || !address.is_known() {
            continue;
        }
        if let Some(list) = list.and_then(|at| entries.get_mut(at)) {
            list.push(Entry { result, version_at, asked_about: day(event.field(known.asked_about)) });
        }
    }
    let found = entries.iter().enumerate().map(|(list, entries)| {
        let vouched = complete.get(list).copied().unwrap_or(false);
        match newest(entries) {
            Some(found) => found,
            None if vouched && entries.is_empty() => Lookup::KnownNone,
            None => Lookup::Unknown,
        }
    });
    let found = found.collect();
    sort(&mut rows);
    (found, by_column(intake, EventList::Lists, given, rows), left_out)
}

fn known_list(intake: &Intake, node: crate::taxonomy::NodeId) -> Option<usize> {
    intake.lists.get(&node).copied()
}

#[derive(Clone, Copy)]
struct Entry {
    result: Option<LookupResult>,
    version_at: Option<Date>,
    asked_about: Option<Date>,
}

/// The entry that counts: the newest, of equally new ones the one that restricts most. One without a date counts before
/// all others if it restricts and after all others if it does not; one without a result spoils the rest.
fn newest(entries: &[Entry]) -> Option<Lookup> {
    let mut all = Vec::with_capacity(entries.len());
    for entry in entries {
        let result = entry.result?;
        let undated = if result == LookupResult::NotListed { Date(i32::MIN) } else { Date(i32::MAX) };
        let day = entry.version_at.unwrap_or(undated);
        // Of two equal in both, the earlier day asked about covers more of what came after it.
        all.push(((std::cmp::Reverse(day), result, entry.asked_about), entry));
    }
    let ((_, result, _), entry) = all.into_iter().min_by_key(|(key, _)| *key)?;
    Some(Lookup::Found { result, version_at: entry.version_at, asked_about: entry.asked_about })
}

fn day(slot: Option<&Slot>) -> Option<Date> {
    match slot {
        Some(Slot::Date { lo, .. }) => Some(*lo),
        _ => None,
    }
}

/// Privacy signals: one that is on anywhere is on.
pub(crate) fn signals(
    intake: &Intake,
    given: &List,
    events: Vec<(&Event, u32)>,
    clock: &Clock<'_>,
) -> (Signals, Later) {
    let known = &intake.known;
    let mut left_out = Later::default();
    let mut on = vec![given.known.then_some(false); KINDS];
    let mut rows = Vec::new();
    for (event, _) in events {
        let is_on = match event.field(known.signal_on) {
            Some(Slot::Bool(on)) => Some(*on),
            _ => None,
        };
        let side = if is_on == Some(false) { Side::Frees } else { Side::BindsAtOnce };
        if !left_out.keep(clock.visible(event.at, event.recorded_at, side)) {
            continue;
        }
        rows.push(Row { time: clock.span(event.at), event: event.clone() });
        let kind = match event.field(known.signal_kind) {
            Some(Slot::Choice(kind)) => Some(usize::from(*kind)),
            _ => None,
        };
        for (n, state) in on.iter_mut().enumerate() {
            // A signal of an unknown kind may be of any.
            let certain = kind == Some(n);
            match is_on {
                Some(true) if certain => *state = Some(true),
                Some(false) => {}
                _ if *state != Some(true) && (certain || kind.is_none()) => *state = None,
                _ => {}
            }
        }
    }
    sort(&mut rows);
    (Signals { on, events: by_column(intake, EventList::Signals, given, rows) }, left_out)
}

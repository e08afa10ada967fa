//! The consent history, made ready for the fold: voids applied, scopes and levels resolved, ends that restrict chosen.

use crate::error::Error;
use crate::facts::build::Event;
use crate::facts::events::{List, Parties, Row, by_column, sort};
use crate::facts::freeze::{Clock, Later, Side, When};
use crate::facts::heads::head;
use crate::facts::intake::{ConsentFacts, Intake};
use crate::facts::{
    Blocks, By, Consent, ConsentKind, Consents, Expiry, Families, Head, Part, Scope, Slot, TextId, Warning,
};
use crate::taxonomy::NodeId;
use crate::typed::EventList;
use std::collections::{BTreeMap, BTreeSet};

/// The kinds in the order of the choice `consents.kind`; the fourth is `void`.
const VOID: u16 = 3;

/// Reads the list.
pub(crate) fn read(
    intake: &Intake,
    given: &List,
    events: Vec<(Event, u32)>,
    clock: &Clock<'_>,
    parties: &Parties,
    warnings: &mut BTreeSet<Warning>,
) -> Result<(Consents, Later), Error> {
    let known = &intake.known.consents;
    let mut left_out = Later::default();
    // Asked for by voids alone, which are few.
    let any = events.iter().any(|(event, _)| kind_of(event, known) == Some(VOID));
    let named = events.iter().filter(|_| any);
    let kinds: BTreeMap<TextId, u16> =
        named.filter_map(|(event, _)| Some((event.id?, kind_of(event, known)?))).collect();
    let mut acts = Vec::with_capacity(events.len());
    let mut voids = Vec::new();
    for (event, place) in events {
        let kind = checked(&event, place, known)?;
        if kind == VOID {
            let Some(Slot::Text(of)) = event.field(known.of) else { continue };
            if !kinds.contains_key(of) {
                warnings.insert(Warning {
                    code: "void_of_nothing",
                    path: "consents.of".to_string(),
                    message: "an event is taken back that is not in the request".to_string(),
                });
            }
            // Taking back a grant binds, taking back anything else frees.
            let side = if kinds.get(of) == Some(&0) { Side::Binds } else { Side::Frees };
            if side == Side::Frees && (event.at, event.recorded_at) == (When::Undated, When::Undated) {
                // It may lie ahead: nothing says that it has happened.
                warnings.insert(Warning {
                    code: "undated_void",
                    path: "consents.at".to_string(),
                    message: "a void that says neither when it happened nor when it was recorded takes back no refusal"
                        .to_string(),
                });
                continue;
            }
            if left_out.keep(clock.visible(event.at, event.recorded_at, side)) {
                voids.push((event.id, *of));
            }
        } else {
            let side = match kind {
                0 => Side::Frees,
                1 => Side::BindsAtOnce,
                _ => Side::Binds,
            };
            acts.push((event, side));
        }
    }
    let gone = voided(&voids, &kinds);
    let mut rows = Vec::with_capacity(acts.len());
    for (event, side) in acts {
        if event.id.is_some_and(|id| gone.contains(&id)) {
            continue;
        }
        if left_out.keep(clock.visible(event.at, event.recorded_at, side)) {
            rows.push(Row { time: clock.happened(event.at, event.recorded_at), event });
        }
    }
    sort(&mut rows);
    let items: Vec<Consent> = rows.iter().map(|row| item(row, known, parties)).collect();
    let heads: Vec<Head> =
        rows.iter().zip(&items).map(|(row, item)| head(intake, &row.event, item)).collect();
    let blocks = Blocks::of(&intake.policy.vocabulary, &intake.levels, &items, &heads);
    let revocations = blocks.all.iter().map(|block| block.revocations.count_ones()).sum();
    let events = by_column(intake, EventList::Consents, given, rows);
    Ok((Consents { blocks, heads, items, revocations, events }, left_out))
}

fn kind_of(event: &Event, known: &ConsentFacts) -> Option<u16> {
    match event.field(known.kind) {
        Some(Slot::Choice(kind)) => Some(*kind),
        _ => None,
    }
}

/// The kind, if the event says one thing and not two.
fn checked(event: &Event, place: u32, known: &ConsentFacts) -> Result<u16, Error> {
    let at = |key: &str| format!("consents[{place}]{key}");
    let given = |slot: Option<&Slot>| slot.is_some_and(|slot| *slot != Slot::None);
    let kind = kind_of(event, known).ok_or_else(|| {
        Error::input(
            at(".kind"),
            "a consent event says what was done: `grant`, `revoke`, `decline` or `void`",
        )
    })?;
    if kind == VOID && !matches!(event.field(known.of), Some(Slot::Text(_))) {
        return Err(Error::input(at(".of"), "a void names the event that it takes back"));
    }
    if kind != VOID && given(event.field(known.of)) {
        return Err(Error::input(at(".of"), "only a void takes another event back"));
    }
    if kind == 1 && given(event.field(known.level)) {
        let error = Error::input(at(".level"), "a revocation names families of levels, not one level");
        return Err(error.with_hint("write `families`, or leave it out to end them all"));
    }
    if kind == 0 && given(event.field(known.families)) {
        return Err(Error::input(at(".families"), "a grant names one level").with_hint("write `level`"));
    }
    Ok(kind)
}

/// The kind of an event that takes no other back and says one thing; nothing of any other.
pub(crate) fn plain(intake: &Intake, event: &Event) -> Option<u16> {
    checked(event, 0, &intake.known.consents).ok().filter(|kind| *kind != VOID)
}

/// The events that are taken back. A void that is taken back itself takes nothing back. In a ring of voids nothing
/// decides who was first: there each one takes back grants and leaves refusals standing.
fn voided(voids: &[(Option<TextId>, TextId)], kinds: &BTreeMap<TextId, u16>) -> BTreeSet<TextId> {
    let mut against: BTreeMap<TextId, usize> = BTreeMap::new();
    for (_, of) in voids {
        *against.entry(*of).or_default() += 1;
    }
    let open = |id: &Option<TextId>, against: &BTreeMap<TextId, usize>| {
        id.is_none_or(|id| against.get(&id).copied().unwrap_or(0) == 0)
    };
    let mut by_id: BTreeMap<TextId, Vec<TextId>> = BTreeMap::new();
    for (id, of) in voids {
        if let Some(id) = id {
            by_id.entry(*id).or_default().push(*of);
        }
    }
    let mut settled: BTreeSet<Option<TextId>> = BTreeSet::new();
    let mut gone = BTreeSet::new();
    let mut ready: Vec<(Option<TextId>, TextId, bool)> =
        voids.iter().filter(|(id, _)| open(id, &against)).map(|(id, of)| (*id, *of, true)).collect();
    while let Some((id, of, effective)) = ready.pop() {
        settled.insert(id);
        let first = effective && gone.insert(of);
        if !effective && let Some(n) = against.get_mut(&of) {
            *n = n.saturating_sub(1);
        }
        let decided = first || (!gone.contains(&of) && against.get(&of) == Some(&0));
        if decided && kinds.get(&of) == Some(&VOID) {
            for target in by_id.get(&of).into_iter().flatten() {
                ready.push((Some(of), *target, !gone.contains(&of)));
            }
        }
    }
    for (id, of) in voids {
        if !settled.contains(id) && kinds.get(of) == Some(&0) {
            gone.insert(*of);
        }
    }
    gone
}

pub(crate) fn item(row: &Row, known: &ConsentFacts, parties: &Parties) -> Consent {
    let event = &row.event;
    let kind = match kind_of(event, known) {
        Some(0) => ConsentKind::Grant,
        Some(2) => ConsentKind::Decline,
        _ => ConsentKind::Revoke,
    };
    let (of_person, of_recipient) = holder(event.field(known.holder), parties);
    let scope = Scope {
        channel: nodes(event.field(known.channel)),
        purpose: nodes(event.field(known.purpose)),
        topic: nodes(event.field(known.topic)),
        sender: nodes(event.field(known.sender)),
        address: texts(event.field(known.address)),
        matter: texts(event.field(known.matter)),
    };
    Consent {
        id: event.id,
        kind,
        lo: row.time.lo,
        hi: row.time.hi,
        level: match event.field(known.level) {
            Some(Slot::Node(level)) => Some(*level),
            _ => None,
        },
        families: match event.field(known.families) {
            Some(Slot::Nodes(families)) if !families.contains(&NodeId::ROOT) => {
                Families::Named(families.clone())
            }
            _ => Families::Open,
        },
        scope,
        of_person,
        of_recipient,
        by: match event.field(known.by) {
            Some(Slot::Choice(by)) => By::ALL.get(usize::from(*by)).copied(),
            _ => None,
        },
        expires: Expiry {
            // A grant does not outlast the document that it was given by.
            on: [known.expires_on, known.instrument_expires_on]
                .into_iter()
                .filter_map(|fact| match event.field(fact) {
                    Some(Slot::Date { lo, .. }) => Some(*lo),
                    _ => None,
                })
                .min(),
            at: match event.field(known.expires_at) {
                Some(Slot::Instant(at)) => Some(*at),
                _ => None,
            },
        },
    }
}

/// Whether it is the person's, and the recipient's. Without a holder it is the person's.
fn holder(holder: Option<&Slot>, parties: &Parties) -> (Option<bool>, Option<bool>) {
    let same = |a: &Slot, b: &Slot| match (a, b) {
        (Slot::Text(a), Slot::Text(b)) => Some(a == b),
        _ => None,
    };
    let holder = match holder {
        Some(given @ Slot::Text(_)) => given,
        Some(Slot::Unknown) => &Slot::Unknown,
        _ => {
            let recipient = match parties.recipient_is_person {
                Some(true) => Some(true),
                // Another person by role, unless the ids say that it is the same after all.
                other => same(&parties.person, &parties.recipient).or(other),
            };
            return (Some(true), recipient);
        }
    };
    let of_person = same(holder, &parties.person);
    let of_recipient = match parties.recipient_is_person {
        Some(true) => of_person,
        _ => same(holder, &parties.recipient),
    };
    (of_person, of_recipient)
}

pub(crate) fn nodes(slot: Option<&Slot>) -> Part<NodeId> {
    match slot {
        Some(Slot::Nodes(nodes)) if nodes.contains(&NodeId::ROOT) => Part::Open,
        Some(Slot::Nodes(nodes)) => Part::Named(nodes.clone()),
        Some(Slot::Unknown) => Part::Unknown,
        _ => Part::Open,
    }
}

pub(crate) fn texts(slot: Option<&Slot>) -> Part<TextId> {
    match slot {
        Some(Slot::Texts(texts)) => Part::Named(texts.clone()),
        Some(Slot::Unknown) => Part::Unknown,
        _ => Part::Open,
    }
}

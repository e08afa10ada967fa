//! A recipient that is the person, written out: what it does not give is the person's, and what it does give holds beside
//! the person's, so that writing somebody out only restricts.

use crate::facts::complete::preference;
use crate::facts::intake::Intake;
use crate::facts::{Slot, WeekHours};
use crate::taxonomy::{NodeId, Taxonomy};
use crate::typed::{Fact, FactId};
use crate::value::Type;

/// Whether the recipient that a request writes out is the person: the role says so or, where it is left out, the ids.
pub(crate) fn is_person(intake: &Intake, slots: &[Slot]) -> Option<bool> {
    let known = &intake.known;
    let at = |fact: Option<FactId>| fact.and_then(|f| slots.get(usize::from(f.0)));
    if let Some(Slot::Node(role)) = at(known.role) {
        let tree = intake.policy.vocabulary.taxonomy("recipient_role").map(|(_, tree)| tree);
        return role_is_own(tree, *role, known.self_role);
    }
    match (at(known.person_id), at(known.recipient_id)) {
        (Some(Slot::Text(person)), Some(Slot::Text(recipient))) => Some(person == recipient),
        _ => None,
    }
}

/// A role that stands for several of which one's own is one says nothing.
fn role_is_own(tree: Option<&Taxonomy>, role: NodeId, own: Option<NodeId>) -> Option<bool> {
    let (Some(tree), Some(own)) = (tree, own) else { return Some(false) };
    if tree.is(role, own) {
        return Some(true);
    }
    let stands_in = tree.marked(role, "abstract") && tree.is(own, role);
    (!stands_in).then_some(false)
}

/// Puts together what is told of the person and of a recipient that is the person, or may be. `told` has what the request
/// gives itself, by fact.
pub(crate) fn join(intake: &Intake, slots: &mut [Slot], told: &[bool], certain: bool) {
    let known = &intake.known;
    let at = |slots: &[Slot], fact: FactId| slots.get(usize::from(fact.0)).cloned().unwrap_or_default();
    let mut joined = Vec::with_capacity(intake.party.len());
    for (person, recipient) in &intake.party {
        let (of_person, own) = (at(slots, *person), at(slots, *recipient));
        let given = told.get(usize::from(recipient.0)) == Some(&true);
        let both = match intake.policy.vocabulary.decl(*recipient) {
            Some(decl) if given => both_of(decl, &of_person, &own),
            _ => of_person,
        };
        // Candidates only restrict: of clocks those of both are asked in either case.
        let clocks = Some(*recipient) == known.zones[1] && own.is_known();
        let slot = if certain || clocks { both } else { either(&both, &own) };
        joined.push((*recipient, slot));
    }
    let new = |fact: Option<FactId>| {
        let fact = fact?;
        joined.iter().find(|(recipient, _)| *recipient == fact).map(|(_, slot)| slot.clone())
    };
    // A confirmed zone that one of the two tells otherwise stands for nothing alone and is one candidate more.
    let confirmed = [known.confirmed_zone, known.confirmed_on].map(|pair| new(pair[1]));
    let mut zones = new(known.zones[1]).unwrap_or_default();
    let named = known.confirmed_zone.into_iter().flatten().filter_map(|fact| match at(slots, fact) {
        Slot::Text(name) => Some(name),
        _ => None,
    });
    if confirmed.contains(&Some(Slot::Unknown))
        && let Slot::Texts(names) = &zones
    {
        zones = Slot::texts(names.iter().copied().chain(named));
    }
    joined.extend(known.zones[1].map(|fact| (fact, zones)));
    for (fact, slot) in joined {
        if let Some(place) = slots.get_mut(usize::from(fact.0)) {
            *place = slot;
        }
    }
}

/// What holds if both hold. Where that cannot be said as one value, nobody knows which of the two it is.
fn both_of(decl: &Fact, person: &Slot, own: &Slot) -> Slot {
    // Places and clocks are candidates, each of which is asked; of none, nobody has said anything.
    let candidates = matches!(decl.field.as_str(), "time_zones" | "jurisdictions");
    // Wishes add up: records each bind, hours all have to be open, and the later instant is after both.
    let adds_up = matches!(decl.ty, Type::Records(_) | Type::Week)
        || (decl.ty == Type::Instant && preference(&decl.field));
    match (person, own) {
        (a, b) if a == b => a.clone(),
        (Slot::Unknown, _) | (_, Slot::Unknown) => Slot::Unknown,
        (a, Slot::None) if adds_up || candidates => a.clone(),
        (Slot::None, b) if adds_up => b.clone(),
        (Slot::Texts(a), Slot::Texts(b)) if candidates => Slot::texts(a.iter().chain(b.iter()).copied()),
        (Slot::Nodes(a), Slot::Nodes(b)) if candidates => Slot::nodes(a.iter().chain(b.iter()).copied()),
        (Slot::Nodes(a), Slot::Nodes(b)) => common(a, b),
        (Slot::Records(a), Slot::Records(b)) => {
            let mut all: Vec<_> = a.iter().chain(b.iter()).cloned().collect();
            all.sort();
            all.dedup();
            Slot::Records(all.into_boxed_slice())
        }
        (Slot::Week(a), Slot::Week(b)) => hours(a, b),
        (Slot::Instant(a), Slot::Instant(b)) if adds_up => Slot::Instant(*a.max(b)),
        _ => Slot::Unknown,
    }
}

/// What is the same whether it is the one or the other: of a set, the members that it has in any case.
fn either(one: &Slot, other: &Slot) -> Slot {
    match (one, other) {
        (a, b) if a == b => a.clone(),
        (Slot::Nodes(a), Slot::Nodes(b)) => common(a, b),
        _ => Slot::Unknown,
    }
}

fn common(a: &[NodeId], b: &[NodeId]) -> Slot {
    match Slot::nodes(a.iter().copied().filter(|n| b.contains(n))) {
        Slot::Nodes(all) => Slot::NodesAtLeast(all),
        _ => Slot::Unknown,
    }
}

/// Open when both are. A day that is a holiday for one of them alone has no row of its own to say so.
fn hours(a: &WeekHours, b: &WeekHours) -> Slot {
    let calendar = match (a.week.holiday(), b.week.holiday()) {
        (None, None) => None,
        (Some(_), Some(_)) if a.calendar == b.calendar => a.calendar,
        _ => return Slot::Unknown,
    };
    Slot::Week(Box::new(WeekHours { week: a.week.and(&b.week), calendar }))
}

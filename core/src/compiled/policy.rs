//! A linked policy as bytes: packs, vocabulary, rules and what they name.

use super::bytes::{Coded, Damage, Reader, Writer, choice, layout, record};
use crate::taxonomy::Taxonomy;
use crate::typed::{
    AddressList, Dated, DeadlineAfter, Element, Entity, EventList, Exemption, Fact, FactId, InForce, Include,
    Instrument, Kind, Lasts, Law, Oblige, ObligeValue, Pack, Policy, Reach, Rule, Setting, Template,
    TemplatePart, Unless, Verified, Vocabulary,
};
use std::collections::BTreeMap;
use std::sync::Arc;

layout! {
record!(Pack { name, title, doc, sources, edition, reviewed, clock, uses, digest });
choice!(Entity {
    0 Person, 1 Recipient, 2 Sender, 3 Agent, 4 Contact, 5 Address, 6 Content, 7 Context, 8 Event(list),
});
choice!(EventList { 0 Consents, 1 Contacts, 2 Interactions, 3 Lists, 4 Signals, });
record!(Fact { path, entity, field, ty, absent_none, missing, reads, slot, pack, doc });
record!(AddressList { name, good_days, unless_listed, missing, law, because });
record!(Setting { name, ty, default, law, because, doc });
record!(Law { sheet, cites, verified });
record!(Dated { name, editions });
record!(InForce { from, until });
choice!(Verified { 0 Text, 1 Secondary, 2 Unverified, });
choice!(Kind { 0 Consent, 1 Refused, 2 NoBasis, 3 MissingFact, 4 Timing, 5 TooOften, 6 Content, });
record!(Rule {
    id, pack, law, in_force, since, until, clock, each, when, requires, includes, disclose_only,
    use_only, unless, obliges, on_refusal, because, kind, doc,
} no span);
record!(Include { elements, when });
record!(Unless { exemption, when });
record!(Exemption {
    id, pack, law, in_force, when, provided, includes, obliges, because, doc,
} no span);
record!(Oblige { id, value, cites });
choice!(ObligeValue { 0 Nothing, 1 Is(value), 2 Words(words), 3 Amount(amount), 4 Deadline(after), });
record!(DeadlineAfter { amount, as_of, after, calendar });
record!(Instrument { name, id, level, law, missing, elements, lasts, void, doc });
record!(Element { name, when, cites });
choice!(Lasts { 0 Always, 1 Through(fact), 2 From(amount, fact), });
record!(Reach { jurisdictions, channels } no span);
record!(Template { parts });
choice!(TemplatePart { 0 Text(text), 1 Value(what), });
}

/// Facts, and rules: each more than the checker admits.
const MOST: usize = 8_192;
/// Numbers of conditions, given out while checking.
const CONDITIONS: u32 = 1 << 20;

impl Coded for FactId {
    fn put(&self, out: &mut Writer<'_>) {
        self.0.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        let id = u16::get(from);
        if usize::from(id) >= from.facts {
            from.fail(Damage::Wrong);
        }
        FactId(id)
    }
}

impl Coded for Policy {
    fn put(&self, out: &mut Writer<'_>) {
        let Policy {
            packs,
            zones: _,
            vocabulary,
            settings,
            dated,
            calendars,
            instruments,
            exemptions,
            rules,
            reach,
            reach_pack,
            conditions,
            #[cfg(feature = "replies")]
            replies,
        } = self;
        // Maps by name follow from the lists.
        let Vocabulary { taxonomies, facts, lists, by_path: _, by_name: _ } = &**vocabulary;
        packs.put(out);
        taxonomies.put(out);
        facts.put(out);
        lists.put(out);
        settings.put(out);
        dated.put(out);
        calendars.put(out);
        instruments.put(out);
        exemptions.put(out);
        rules.put(out);
        reach.put(out);
        reach_pack.put(out);
        conditions.put(out);
        #[cfg(feature = "replies")]
        out.raw(&super::replies::put(replies));
        #[cfg(not(feature = "replies"))]
        out.raw(&[]);
    }

    fn get(from: &mut Reader<'_>) -> Self {
        let packs = Vec::get(from);
        let vocabulary = Arc::new(vocabulary(from));
        let settings = Vec::get(from);
        let dated = Vec::get(from);
        let calendars = Vec::get(from);
        let instruments = Vec::get(from);
        let exemptions = Vec::get(from);
        let rules: Vec<Rule> = Vec::get(from);
        let reach = Vec::get(from);
        let policy = Policy {
            packs,
            zones: from.zones.clone(),
            vocabulary,
            settings,
            dated,
            calendars,
            instruments,
            exemptions,
            rules,
            reach,
            reach_pack: Coded::get(from),
            conditions: Coded::get(from),
            #[cfg(feature = "replies")]
            replies: replies(from),
        };
        #[cfg(not(feature = "replies"))]
        from.raw();
        if policy.rules.len() > MOST || policy.conditions > CONDITIONS {
            from.fail(Damage::TooMuch);
        }
        policy
    }
}

/// What people answer.
#[cfg(feature = "replies")]
fn replies(from: &mut Reader<'_>) -> Vec<crate::typed::Reply> {
    let bytes = from.raw();
    super::replies::get(bytes).unwrap_or_else(|damage| {
        from.fail(damage);
        Vec::new()
    })
}

fn vocabulary(from: &mut Reader<'_>) -> Vocabulary {
    let taxonomies: Vec<Taxonomy> = Vec::get(from);
    from.taxonomies = taxonomies.len();
    let facts: Vec<Fact> = Vec::get(from);
    if facts.len() > MOST {
        from.fail(Damage::TooMuch);
    }
    from.facts = facts.len();
    let mut by_path = BTreeMap::new();
    for (n, fact) in (0u16..).zip(&facts) {
        if usize::from(fact.slot) >= facts.len() || by_path.insert(fact.path.clone(), FactId(n)).is_some() {
            from.fail(Damage::Wrong);
        }
    }
    let mut by_name = BTreeMap::new();
    for (n, tree) in (0u16..).zip(&taxonomies) {
        if by_name.insert(tree.name.clone(), crate::taxonomy::TaxonomyId(n)).is_some() {
            from.fail(Damage::Wrong);
        }
    }
    Vocabulary { taxonomies, facts, lists: Vec::get(from), by_path, by_name }
}

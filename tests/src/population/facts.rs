//! The same persons through the engine's native door, every name resolved once beforehand.

use crate::handwritten::words::{Channel, Data, Interacted, Level, Purpose, Set, State, Topic, Use, Word};
use crate::handwritten::{Case, Kind};
use byleave::Engine;
use byleave::facts::{Event, Facts, Slot, When};
use byleave::taxonomy::NodeId;
use byleave::typed::{EventList, FactId};

/// Numbers of a policy's facts and nodes.
#[derive(Debug)]
pub struct Names<'a> {
    engine: &'a Engine,
    channel: Vec<NodeId>,
    purpose: Vec<NodeId>,
    topic: Vec<NodeId>,
    level: Vec<NodeId>,
    data: Vec<NodeId>,
    uses: Vec<NodeId>,
    state: Vec<NodeId>,
    interaction: Vec<NodeId>,
    manual: NodeId,
    automated: NodeId,
    opt_out: NodeId,
    identity: NodeId,
    dnc: NodeId,
    sent: [FactId; 4],
    done: [FactId; 2],
    agreed: [FactId; 9],
    looked_up: [FactId; 4],
    signalled: [FactId; 2],
    person: [FactId; 3],
    contact: [FactId; 9],
    content: [FactId; 2],
}

impl<'a> Names<'a> {
    /// Looks everything up.
    pub fn of(engine: &'a Engine) -> Names<'a> {
        let vocabulary = engine.intake().vocabulary();
        let node = |taxonomy: &str, name: &str| {
            let (_, tree) = vocabulary.taxonomy(taxonomy).unwrap_or_else(|| panic!("no taxonomy {taxonomy}"));
            tree.find(name).unwrap_or_else(|| panic!("no {taxonomy} {name}"))
        };
        let fact = |path: &str| vocabulary.fact(path).unwrap_or_else(|| panic!("no fact {path}"));
        fn all<W: Word>(node: impl Fn(&str) -> NodeId) -> Vec<NodeId> {
            W::ALL.iter().map(|(_, name)| node(name)).collect()
        }
        Names {
            engine,
            channel: all::<Channel>(|n| node("channel", n)),
            purpose: all::<Purpose>(|n| node("purpose", n)),
            topic: all::<Topic>(|n| node("topic", n)),
            level: all::<Level>(|n| node("level", n)),
            data: all::<Data>(|n| node("data_category", n)),
            uses: all::<Use>(|n| node("data_use", n)),
            state: all::<State>(|n| node("jurisdiction", n)),
            interaction: all::<Interacted>(|n| node("interaction", n)),
            manual: node("technology", "manual"),
            automated: node("technology", "automated"),
            opt_out: node("content_element", "opt_out"),
            identity: node("content_element", "sender_identity"),
            dnc: node("list", "national_dnc"),
            sent: ["at", "channel", "purpose", "topic"].map(|f| fact(&format!("contacts.{f}"))),
            done: ["at", "kind"].map(|f| fact(&format!("interactions.{f}"))),
            agreed: [
                "at",
                "kind",
                "level",
                "families",
                "scope.channel",
                "scope.purpose",
                "scope.topic",
                "scope.address",
                "expires_on",
            ]
            .map(|f| fact(&format!("consents.{f}"))),
            looked_up: ["list", "address", "result", "version_at"].map(|f| fact(&format!("lists.{f}"))),
            signalled: ["kind", "on"].map(|f| fact(&format!("signals.{f}"))),
            person: ["time_zones", "jurisdictions", "birth_date"].map(|f| fact(&format!("person.{f}"))),
            contact: [
                "contact.channel",
                "contact.purpose",
                "contact.topic",
                "contact.technology",
                "contact.data",
                "contact.fields",
                "contact.uses",
                "address.value",
                "consents.expires_at",
            ]
            .map(fact),
            content: ["content.length", "content.includes"].map(fact),
        }
    }

    /// A person's facts.
    pub fn facts(&self, case: &Case) -> Facts {
        let mut b = self.engine.intake().builder(case.at);
        let zones: Vec<_> = case.zones.iter().map(|z| b.text(z.name())).collect();
        let [time_zones, jurisdictions, birth_date] = self.person;
        b.set(time_zones, Slot::texts(zones));
        b.set(jurisdictions, Slot::nodes([self.state[case.state.index()]]));
        if let Some(date) = case.birth_date {
            b.set(birth_date, Slot::date(date));
        }
        let [channel, purpose, topic, technology, data, fields, uses, address, expires_at] = self.contact;
        let c = &case.contact;
        b.set(channel, Slot::Node(self.channel[c.channel.index()]));
        b.set(purpose, nodes(&self.purpose, c.purposes));
        b.set(topic, nodes(&self.topic, c.topics));
        b.set(technology, Slot::nodes([if c.automated { self.automated } else { self.manual }]));
        b.set(data, nodes(&self.data, c.data)).set(fields, Slot::None).set(uses, nodes(&self.uses, c.uses));
        let number = b.text(&number(case.address));
        b.set(address, Slot::Text(number));
        let [length, includes] = self.content;
        b.set(length, Slot::Int(i64::from(c.length)));
        b.set(
            includes,
            Slot::nodes(std::iter::once(self.identity).chain(c.says_opt_out.then_some(self.opt_out))),
        );

        for list in [EventList::Consents, EventList::Contacts, EventList::Interactions, EventList::Signals] {
            b.known(list);
        }
        let [_, kind, level, families, on_channel, on_purpose, on_topic, on_address, expires_on] =
            self.agreed;
        for event in &case.consents {
            let word = match event.kind {
                Kind::Grant => 0,
                Kind::Revoke => 1,
                Kind::Decline => 2,
            };
            let mut given = vec![(kind, Slot::Choice(word))];
            match event.kind {
                Kind::Grant => given.push((level, Slot::Node(self.level[event.level.index()]))),
                Kind::Revoke => {
                    given.extend(event.families.map(|named| (families, nodes(&self.level, named))))
                }
                Kind::Decline => {}
            }
            given.extend(event.scope.channel.map(|s| (on_channel, nodes(&self.channel, s))));
            given.extend(event.scope.purpose.map(|s| (on_purpose, nodes(&self.purpose, s))));
            given.extend(event.scope.topic.map(|s| (on_topic, nodes(&self.topic, s))));
            if let Some(address) = event.scope.address {
                let number = b.text(&self::number(address));
                given.push((on_address, Slot::texts([number])));
            }
            given.extend(event.expires_on.map(|day| (expires_on, Slot::date(day))));
            given.extend(event.expires_at.map(|at| (expires_at, Slot::Instant(at))));
            b.event(EventList::Consents, at(self.agreed[0], event.at, given));
        }
        for past in &case.past {
            let [when, channel, purpose, topic] = self.sent;
            let given = vec![
                (channel, Slot::Node(self.channel[past.channel.index()])),
                (purpose, nodes(&self.purpose, [past.purpose].into_iter().collect())),
                (topic, nodes(&self.topic, past.topic.into_iter().collect())),
            ];
            b.event(EventList::Contacts, at(when, past.at, given));
        }
        for done in &case.interactions {
            let given = vec![(self.done[1], Slot::Node(self.interaction[done.kind.index()]))];
            b.event(EventList::Interactions, at(self.done[0], done.at, given));
        }
        if let Some(look_up) = case.do_not_call {
            let [list, address, result, version_at] = self.looked_up;
            let fields = vec![
                (list, Slot::Node(self.dnc)),
                (address, Slot::Text(number)),
                (result, Slot::Choice(if look_up.listed { 0 } else { 1 })),
                (version_at, Slot::date(look_up.version)),
            ];
            b.event(EventList::Lists, Event { fields, ..Event::default() });
        }
        if case.gpc {
            let fields = vec![(self.signalled[0], Slot::Choice(0)), (self.signalled[1], Slot::Bool(true))];
            b.event(EventList::Signals, Event { fields, ..Event::default() });
        }
        b.finish().unwrap_or_else(|error| panic!("{error}"))
    }
}

/// A number or mailbox as text.
pub(super) fn number(address: u64) -> String {
    format!("+{address}")
}

fn nodes<W: Word>(ids: &[NodeId], set: Set<W>) -> Slot {
    Slot::nodes(set.iter().map(|w| ids[w.index()]))
}

fn at(fact: FactId, instant: byleave::Instant, mut fields: Vec<(FactId, Slot)>) -> Event {
    fields.push((fact, Slot::Instant(instant)));
    Event { at: When::Instant(instant), fields, ..Event::default() }
}

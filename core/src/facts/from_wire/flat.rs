//! The quick door for JSON requests: what is usual is read from a flat request, value by value into the same builder. What is
//! not usual it leaves alone, and gives nothing: the tree's door reads the same request again and says what there is to say. So
//! nothing is refused and nothing warned of here, and both doors make the same facts.

use super::{Reader, none_there};
use crate::error::Error;
use crate::facts::build::{Event, FactsBuilder};
use crate::facts::freeze::When;
use crate::facts::slot::set_of;
use crate::facts::ways::{Fork, Top, Way, Ways};
use crate::facts::{Facts, Few, Intake, Interner, Slot, TextId};
use crate::taxonomy::{NodeId, TaxonomyId};
use crate::time::{Date, Instant};
use crate::typed::{Entity, EventList, FactId};
use crate::value::Type;
use crate::wire::flat::{Entry, Flat, Node};
use crate::wire::{Detail, Path};
use std::collections::BTreeSet;

/// What an event says of itself besides its fields.
#[derive(Default)]
pub(super) struct About {
    at: When,
    recorded_at: When,
}

impl Intake {
    /// Reads a flat request; nothing if it has something in it that the tree's door must see. The facts have no digest yet.
    pub(crate) fn read_flat(&self, flat: &Flat) -> Option<(Facts, Detail)> {
        let (builder, detail) = self.build_flat(flat, None)?;
        Some((builder.finish().ok()?, detail))
    }

    /// The same as far as its builder, which knows some texts already.
    pub(super) fn build_flat<'a>(
        &'a self,
        flat: &'a Flat,
        texts: Option<Interner>,
    ) -> Option<(FactsBuilder<'a>, Detail)> {
        let ways = self.ways();
        let text = |name: &str| {
            let key = ways.keys.find(name).map(u32::from)?;
            match flat.root().iter().find(|it| it.key == key)?.node {
                Node::Text(run) => Some(flat.str(run)),
                // Not a text: neither of the two is read from it.
                _ => Some(""),
            }
        };
        let at = Instant::parse(text("at")?).ok()?;
        let detail = match text("detail") {
            None => Detail::default(),
            Some("outcome") => Detail::Outcome,
            Some("blocking") => Detail::Blocking,
            Some("full") => Detail::Full,
            Some(_) => return None,
        };
        let mut reader = Reader { intake: self, warnings: BTreeSet::new(), builder: self.builder(at) };
        if let Some(texts) = texts {
            *reader.builder.texts() = texts;
        }
        let mut reader = Quick { reader, ways, flat };
        for entry in flat.root() {
            reader.top(*entry)?;
        }
        let Reader { mut builder, warnings, .. } = reader.reader;
        for warning in warnings {
            builder.warn(warning.code, warning.path, warning.message);
        }
        Some((builder, detail))
    }
}

pub(super) struct Quick<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) ways: &'a Ways,
    pub(super) flat: &'a Flat,
}

impl<'a> Quick<'a> {
    fn name(&self, key: u32) -> &'a str {
        self.ways.keys.name(u16::try_from(key).unwrap_or(u16::MAX))
    }

    fn top(&mut self, Entry { key, node }: Entry) -> Option<()> {
        let root = Path::ROOT;
        let name = self.name(key);
        let path = root.key(name);
        match *self.ways.tops.get(key as usize)? {
            Top::Unknown => None,
            Top::Passed => Some(()),
            Top::Tree => self.reader.top(name, &self.flat.json(&self.ways.keys, node), &path).ok(),
            Top::KnownAt => {
                let Node::Text(run) = node else { return None };
                self.reader.builder.known_at(Instant::parse(self.flat.str(run)).ok()?);
                Some(())
            }
            Top::Entity(entity, shape) => self.entity(entity, shape, node, &path),
            Top::List(list, shape) => self.list(list, shape, node, &path),
        }
    }

    fn entity(&mut self, entity: Entity, shape: u16, node: Node, path: &Path<'_>) -> Option<()> {
        match (node, entity) {
            (Node::Null, Entity::Recipient | Entity::Agent) => return Some(()),
            (Node::Map(_), Entity::Recipient) => self.reader.builder.has_recipient(),
            (Node::Map(_), Entity::Agent) => self.reader.builder.has_agent(),
            (Node::Map(_), _) => {}
            _ => return None,
        }
        let mut fields = Vec::with_capacity(8);
        self.fields(shape, node, path, &mut fields, &mut About::default())?;
        for (fact, slot) in fields {
            self.reader.builder.put(fact, slot);
        }
        Some(())
    }

    pub(super) fn fields(
        &mut self,
        shape: u16,
        node: Node,
        path: &Path<'_>,
        out: &mut Vec<(FactId, Slot)>,
        about: &mut About,
    ) -> Option<()> {
        let Node::Map(_) = node else { return None };
        let forks = self.ways.forks(shape);
        for entry in self.flat.entries(node) {
            let at = path.key(self.name(entry.key));
            match forks.get(entry.key as usize)? {
                Fork::Fact(fact) => {
                    let slot = self.field(*fact, entry.node, &at, about)?;
                    out.extend(slot.map(|slot| (*fact, slot)));
                }
                Fork::Inside(inside) => match entry.node {
                    Node::Null => self.all_none(*inside, out),
                    Node::List(_) if self.flat.entries(entry.node).is_empty() => {
                        none_there(&at).ok()?;
                        self.all_none(*inside, out);
                    }
                    _ => self.fields(*inside, entry.node, &at, out, about)?,
                },
                Fork::Unknown => return None,
            }
        }
        Some(())
    }

    fn all_none(&self, shape: u16, out: &mut Vec<(FactId, Slot)>) {
        for fork in self.ways.forks(shape) {
            match fork {
                Fork::Fact(fact) => out.push((*fact, Slot::None)),
                Fork::Inside(inside) => self.all_none(*inside, out),
                Fork::Unknown => {}
            }
        }
    }

    /// One fact: `None` leaves the request to the tree's door, `Some(None)` says no more than its absence.
    fn field(
        &mut self,
        fact: FactId,
        node: Node,
        path: &Path<'_>,
        about: &mut About,
    ) -> Option<Option<Slot>> {
        let way = self.ways.reads.get(usize::from(fact.0)).copied().unwrap_or_default();
        if let Some(slot) = self.usual(way, fact, node, about) {
            return Some(slot);
        }
        if matches!(way, Way::When { .. }) {
            return None;
        }
        let json = self.flat.json(&self.ways.keys, node);
        let read: Result<_, Error> = self.reader.field(fact, &json, path);
        read.ok()
    }

    /// The same where it is usual.
    fn usual(&mut self, way: Way, fact: FactId, node: Node, about: &mut About) -> Option<Option<Slot>> {
        if let Way::When { recorded } = way {
            let when = self.when(node)?;
            *(if recorded { &mut about.recorded_at } else { &mut about.at }) = when;
            return Some(match when {
                When::Undated => None,
                When::Date(day) => Some(Slot::date(day)),
                When::Instant(at) => Some(Slot::Instant(at)),
            });
        }
        if node == Node::Null {
            return match way {
                Way::Bool | Way::Int | Way::Nodes { .. } | Way::Choices | Way::Texts { .. } | Way::Zones => {
                    Some(None)
                }
                // The word `none` may be one of the choice's own, and one may be always there: by its tree.
                Way::Tree | Way::Part(_) | Way::Choice | Way::Node(_) => None,
                _ => Some(Some(Slot::None)),
            };
        }
        let some = match way {
            Way::Tree | Way::Part(_) | Way::Zones => true,
            Way::Nodes { some, .. } | Way::Texts { some } => some,
            _ => false,
        };
        let slot = match (way, node) {
            (Way::Bool, Node::Bool(b)) => Slot::Bool(b),
            (Way::Int, Node::Int(n)) => Slot::Int(n),
            (Way::Text, Node::Text(run)) => Slot::Text(self.text(run)),
            (Way::Date, Node::Text(run)) => Slot::date(Date::parse(self.flat.str(run)).ok()?),
            (Way::Instant, Node::Text(run)) => Slot::Instant(Instant::parse(self.flat.str(run)).ok()?),
            (Way::Choice, Node::Text(_)) => Slot::Choice(self.choice(fact, node)?),
            (Way::Node(taxonomy), Node::Text(run)) => {
                Slot::Node(self.ways.node(self.reader.intake, taxonomy, self.flat.str(run))?)
            }
            (Way::Nodes { of, .. }, _) => {
                self.set(some, node, |me, it| me.node(of, it, false), Slot::Nodes)?
            }
            (Way::Choices, _) => self.set(some, node, |me, it| me.choice(fact, it), Slot::Choices)?,
            (Way::Texts { .. }, _) => self.set(some, node, Quick::one_text, Slot::Texts)?,
            (Way::Zones, _) => self.set(some, node, Quick::zone, Slot::Texts)?,
            (Way::Part(of), _) => {
                let slot = self.set(some, node, |me, it| me.node(of, it, true), Slot::Nodes)?;
                match slot {
                    Slot::Nodes(nodes) if nodes.contains(&NodeId::ROOT) => return Some(None),
                    slot => slot,
                }
            }
            _ => return None,
        };
        Some(Some(slot))
    }

    /// A set, or one bare value; `some`: not one of nothing.
    fn set<T: Ord + Copy>(
        &mut self,
        some: bool,
        node: Node,
        mut one: impl FnMut(&mut Self, Node) -> Option<T>,
        slot: impl FnOnce(Few<T>) -> Slot,
    ) -> Option<Slot> {
        let Node::List(_) = node else { return Some(slot(Few::one(one(self, node)?))) };
        let items = self.flat.entries(node);
        if let [item] = items {
            return Some(slot(Few::one(one(self, item.node)?)));
        }
        if some && items.is_empty() {
            return None;
        }
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            out.push(one(self, item.node)?);
        }
        Some(set_of(out).map_or(Slot::None, slot))
    }

    fn text(&mut self, run: crate::wire::flat::Run) -> TextId {
        self.reader.builder.texts().intern(self.flat.str(run))
    }

    fn one_text(&mut self, node: Node) -> Option<TextId> {
        let Node::Text(run) = node else { return None };
        Some(self.text(run))
    }

    fn zone(&mut self, node: Node) -> Option<TextId> {
        let Node::Text(run) = node else { return None };
        self.reader.intake.policy.zones.zone(self.flat.str(run))?;
        Some(self.text(run))
    }

    fn node(&mut self, taxonomy: TaxonomyId, node: Node, root: bool) -> Option<NodeId> {
        let Node::Text(run) = node else { return None };
        let (intake, name) = (self.reader.intake, self.flat.str(run));
        if root {
            self.ways.node_or_root(intake, taxonomy, name)
        } else {
            self.ways.node(intake, taxonomy, name)
        }
    }

    fn choice(&mut self, fact: FactId, node: Node) -> Option<u16> {
        let Node::Text(run) = node else { return None };
        let decl = self.reader.intake.policy.vocabulary.decl(fact)?;
        let words = match &decl.ty {
            Type::Choice(words) => words,
            Type::Set(inner) => match &**inner {
                Type::Choice(words) => words,
                _ => return None,
            },
            _ => return None,
        };
        let word = self.flat.str(run);
        words.iter().position(|known| known == word).and_then(|at| u16::try_from(at).ok())
    }

    fn when(&self, node: Node) -> Option<When> {
        let given = match node {
            Node::Null => return Some(When::Undated),
            Node::Text(run) => self.flat.str(run),
            _ => return None,
        };
        if given.len() == 10 {
            return Date::parse(given).ok().map(When::Date);
        }
        Instant::parse(given).ok().map(When::Instant)
    }

    fn list(&mut self, list: EventList, shape: u16, node: Node, path: &Path<'_>) -> Option<()> {
        match node {
            Node::Null => return Some(()),
            Node::List(_) => self.reader.builder.known(list),
            _ => return None,
        };
        let items = self.flat.entries(node);
        if items.len() > self.reader.intake.limits.events {
            return None;
        }
        let required: &[u32] = match list {
            EventList::Consents => &[self.ways.kind],
            EventList::Lists => &[self.ways.list, self.ways.address],
            _ => &[],
        };
        for item in items {
            let at = path.index(item.key);
            let mut about = About::default();
            let mut fields = Vec::with_capacity(8);
            self.fields(shape, item.node, &at, &mut fields, &mut about)?;
            fields.sort_by_key(|(fact, _)| *fact);
            let entries = self.flat.entries(item.node);
            let get = |key: u32| entries.iter().find(|it| it.key == key).map_or(Node::Null, |it| it.node);
            if required.iter().any(|key| get(*key) == Node::Null) {
                return None;
            }
            if matches!(list, EventList::Lists | EventList::Signals) {
                // There, when it was is a field like others.
                about = About {
                    at: self.when(get(self.ways.at))?,
                    recorded_at: self.when(get(self.ways.recorded_at))?,
                };
            }
            let id = match get(self.ways.id) {
                Node::Null => None,
                Node::Text(run) => Some(self.text(run)),
                _ => return None,
            };
            let event = Event { id, at: about.at, recorded_at: about.recorded_at, fields };
            self.reader.builder.push_event(list, event, item.key);
        }
        Some(())
    }
}

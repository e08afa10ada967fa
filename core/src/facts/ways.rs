//! The vocabulary as the quick door needs it: keys by number, what stands under each, and how each fact is read. Made when it is
//! first asked for, so that an engine whose host never asks carries nothing of it.

use crate::facts::intake::{ALWAYS_ONE, Branch, ENTITIES, Intake, Shape};
use crate::taxonomy::{NodeId, TaxonomyId};
use crate::typed::{Entity, EventList, FactId};
use crate::value::Type;
use crate::wire::flat::Keys;
use crate::wire::index::{Index, hash};
use crate::wire::{COMPLETE_FROM, TOP_KEYS};

/// Keys of values that are objects themselves: weeks and scopes.
const WITHIN: [&str; 15] = [
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday", "calendar", "channel", "purpose", "topic",
    "sender", "address", "matter",
];

/// Everything by number.
#[derive(Debug, Default)]
pub(crate) struct Ways {
    pub keys: Keys,
    /// By key: what it is at the top of a request.
    pub tops: Vec<Top>,
    /// By shape, then by key.
    forks: Vec<Vec<Fork>>,
    /// By fact.
    pub reads: Vec<Way>,
    names: Names,
    pub id: u32,
    pub at: u32,
    pub recorded_at: u32,
    /// Keys without which an event says nothing: of consents, and of look-ups.
    pub kind: u32,
    pub list: u32,
    pub address: u32,
}

/// What a key is at the top of a request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Top {
    /// Nobody knows it.
    #[default]
    Unknown,
    /// It has been read before.
    Passed,
    /// It is read as everything else is, by its tree.
    Tree,
    KnownAt,
    Entity(Entity, u16),
    List(EventList, u16),
}

/// What stands under a key of an object.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Fork {
    #[default]
    Unknown,
    Fact(FactId),
    Inside(u16),
}

/// How a fact is read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Way {
    /// As everything else is, by its tree.
    #[default]
    Tree,
    /// When an event happened or was recorded.
    When {
        recorded: bool,
    },
    /// A part of a scope that holds nodes.
    Part(TaxonomyId),
    Bool,
    Int,
    Text,
    Date,
    Instant,
    Choice,
    Node(TaxonomyId),
    Nodes {
        of: TaxonomyId,
        some: bool,
    },
    Choices,
    /// Texts; none at all is refused, or says nothing, by its tree.
    Texts {
        some: bool,
    },
    /// Names of zones, at least one.
    Zones,
}

/// Nodes by taxonomy and name.
#[derive(Debug, Default)]
struct Names {
    index: Index,
    nodes: Vec<(TaxonomyId, NodeId)>,
    /// The index could not hold them: each taxonomy is asked by itself.
    asked: bool,
}

fn of_taxonomy(taxonomy: TaxonomyId, hash: u32) -> u32 {
    hash ^ u32::from(taxonomy.0).wrapping_mul(0x9e37_79b1)
}

impl Ways {
    pub fn of(intake: &Intake) -> Ways {
        let vocabulary = intake.vocabulary();
        let mut names: Vec<String> = TOP_KEYS.into_iter().chain(WITHIN).map(str::to_string).collect();
        names.extend(intake.policy.settings.iter().map(|it| it.name.clone()));
        for (word, (_, shape)) in &intake.shapes {
            names.push((*word).to_string());
            names_of_shape(shape, &mut names);
        }
        for fact in &vocabulary.facts {
            names_of_type(intake, &fact.ty, &mut names);
        }
        let keys = Keys::of(names);
        let number = |name: &str| keys.find(name).map_or(u32::MAX, u32::from);
        let mut out = Ways {
            tops: vec![Top::Unknown; keys.len()],
            reads: (0u16..).zip(&vocabulary.facts).map(|(n, _)| way(intake, FactId(n))).collect(),
            id: number("id"),
            at: number("at"),
            recorded_at: number("recorded_at"),
            kind: number("kind"),
            list: number("list"),
            address: number("address"),
            ..Ways::default()
        };
        for word in TOP_KEYS {
            let top = match word {
                "at" | "detail" => Top::Passed,
                "known_at" => Top::KnownAt,
                _ => Top::Tree,
            };
            out.put_top(&keys, word, top);
        }
        debug_assert!(COMPLETE_FROM.iter().all(|word| TOP_KEYS.contains(word)));
        for (word, entity) in ENTITIES {
            let Some((_, shape)) = intake.shapes.get(word) else { continue };
            let Some(n) = out.shape(&keys, shape) else { continue };
            let top = match entity {
                Entity::Event(list) => Top::List(list, n),
                entity => Top::Entity(entity, n),
            };
            out.put_top(&keys, word, top);
        }
        out.names = Names::of(intake);
        out.keys = keys;
        out
    }

    fn put_top(&mut self, keys: &Keys, word: &str, top: Top) {
        let place = keys.find(word).and_then(|key| self.tops.get_mut(usize::from(key)));
        if let Some(place) = place {
            *place = top;
        }
    }

    /// Numbers a shape and those in it.
    fn shape(&mut self, keys: &Keys, shape: &Shape) -> Option<u16> {
        let n = u16::try_from(self.forks.len()).ok()?;
        self.forks.push(Vec::new());
        let mut forks = vec![Fork::Unknown; keys.len()];
        for (name, branch) in &shape.keys {
            let fork = match branch {
                Branch::Fact(fact) => Fork::Fact(*fact),
                Branch::Inside(inside) => self.shape(keys, inside).map_or(Fork::Unknown, Fork::Inside),
            };
            if let Some(place) = keys.find(name).and_then(|key| forks.get_mut(usize::from(key))) {
                *place = fork;
            }
        }
        *self.forks.get_mut(usize::from(n))? = forks;
        Some(n)
    }

    /// What stands under each key of a shape.
    pub fn forks(&self, shape: u16) -> &[Fork] {
        self.forks.get(usize::from(shape)).map_or(&[], Vec::as_slice)
    }

    /// A node that is no root; nothing for what nobody declared.
    #[inline]
    pub fn node(&self, intake: &Intake, taxonomy: TaxonomyId, name: &str) -> Option<NodeId> {
        let found = self.names.find(intake, taxonomy, name)?;
        (found != NodeId::ROOT).then_some(found)
    }

    /// A node or the root.
    #[inline]
    pub fn node_or_root(&self, intake: &Intake, taxonomy: TaxonomyId, name: &str) -> Option<NodeId> {
        self.names.find(intake, taxonomy, name)
    }
}

impl Names {
    fn of(intake: &Intake) -> Names {
        let mut out = Names::default();
        for (t, tree) in (0u16..).zip(&intake.vocabulary().taxonomies) {
            let taxonomy = TaxonomyId(t);
            for (n, node) in (0u32..).zip(&tree.nodes) {
                let at = u32::try_from(out.nodes.len()).unwrap_or(u32::MAX);
                out.nodes.push((taxonomy, NodeId(n)));
                out.asked |= !out.index.put(of_taxonomy(taxonomy, hash(node.name.as_bytes())), at);
            }
        }
        out
    }

    #[inline]
    fn find(&self, intake: &Intake, taxonomy: TaxonomyId, name: &str) -> Option<NodeId> {
        let tree = intake.policy.vocabulary.tree(taxonomy)?;
        if self.asked {
            return tree.find(name);
        }
        let is = |at: u32| {
            self.nodes.get(at as usize).is_some_and(|(known, node)| {
                *known == taxonomy && tree.node(*node).is_some_and(|node| node.name == name)
            })
        };
        let at = self.index.find(of_taxonomy(taxonomy, hash(name.as_bytes())), is)?;
        self.nodes.get(at as usize).map(|(_, node)| *node)
    }
}

fn names_of_shape(shape: &Shape, out: &mut Vec<String>) {
    for (name, branch) in &shape.keys {
        out.push(name.clone());
        if let Branch::Inside(inside) = branch {
            names_of_shape(inside, out);
        }
    }
}

fn names_of_type(intake: &Intake, ty: &Type, out: &mut Vec<String>) {
    match ty {
        Type::Records(keys) => {
            for (name, ty) in keys.iter() {
                out.push(name.clone());
                names_of_type(intake, ty, out);
            }
        }
        Type::Map(taxonomies, value) => {
            for taxonomy in taxonomies.iter() {
                let tree = intake.vocabulary().tree(*taxonomy);
                out.extend(tree.into_iter().flat_map(|tree| tree.names().map(str::to_string)));
            }
            names_of_type(intake, value, out);
        }
        Type::Set(inner) => names_of_type(intake, inner, out),
        _ => {}
    }
}

/// How [`Reader::field`](super::from_wire) reads a fact, where it is no more than this.
fn way(intake: &Intake, fact: FactId) -> Way {
    let vocabulary = intake.vocabulary();
    let Some(decl) = vocabulary.decl(fact) else { return Way::Tree };
    let path = decl.path.as_str();
    match path {
        "consents.at" | "contacts.at" | "interactions.at" | "signals.at" => {
            return Way::When { recorded: false };
        }
        "consents.recorded_at" | "contacts.recorded_at" | "interactions.recorded_at" => {
            return Way::When { recorded: true };
        }
        "consents.scope.channel"
        | "consents.scope.purpose"
        | "consents.scope.topic"
        | "consents.scope.sender" => {
            let part = decl.field.trim_start_matches("scope.");
            return vocabulary.taxonomy(part).map_or(Way::Tree, |(taxonomy, _)| Way::Part(taxonomy));
        }
        "lists.address" if decl.ty != Type::Text => return Way::Tree,
        _ => {}
    }
    // What says nothing when it is empty, or is refused, is read by its tree then.
    let some =
        ALWAYS_ONE.contains(&path) || matches!(path, "consents.scope.address" | "consents.scope.matter");
    if decl.field == "confirmed_time_zone.zone" {
        return Way::Tree;
    }
    match &decl.ty {
        Type::Boolean => Way::Bool,
        Type::Integer => Way::Int,
        Type::Text | Type::Event => Way::Text,
        Type::Date => Way::Date,
        Type::Instant => Way::Instant,
        Type::Choice(_) => Way::Choice,
        Type::Node(taxonomy) => Way::Node(*taxonomy),
        Type::Set(inner) => match &**inner {
            Type::Node(of) => Way::Nodes { of: *of, some },
            Type::Choice(_) if !some => Way::Choices,
            Type::Text if some && decl.field == "time_zones" => Way::Zones,
            Type::Text => Way::Texts { some },
            _ => Way::Tree,
        },
        _ => Way::Tree,
    }
}

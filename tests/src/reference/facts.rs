//! The request read afresh for each question: no slots, no index, the JSON as it came.

use super::clock::{self, Zone};
use super::kleene::{Missing, V};
use byleave::taxonomy::{NodeId, Taxonomy, TaxonomyId};
use byleave::typed::{Entity, EventList, Fact, FactId, Policy};
use byleave::value::{Amount, Type, Unit, Value};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// A value of the request, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Val {
    /// Nobody supplied it.
    Unknown(Missing),
    /// Known to be none.
    None,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text; a set of texts has several. Words of a choice are texts too.
    Texts(Vec<String>),
    /// First and last day that it can be.
    Days(i64, i64),
    /// A point in time.
    At(i64),
    /// A length of time.
    Span(Amount),
    /// Nodes of one taxonomy.
    Nodes(Vec<NodeId>),
    /// At least these nodes; what else there is, nobody said.
    AtLeast(Vec<NodeId>, Missing),
    /// A week, a scope, a list of records: as in the request.
    Raw(Json),
    /// A week written in policy.
    Event(String),
}

impl Val {
    /// Unknown for want of that fact.
    pub fn lacks(name: &str) -> Val {
        Val::Unknown([name.to_string()].into())
    }
}

/// When an event happened, as told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// To the instant.
    At(i64),
    /// To the day.
    On(i64),
    /// Nobody says.
    Undated,
}

/// An event of the request.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// Its list.
    pub list: EventList,
    /// As supplied.
    pub json: &'a Json,
    /// Its id.
    pub id: Option<&'a str>,
    /// When.
    pub when: When,
    /// When recorded.
    pub recorded: When,
    /// Its place in the request: an event without id is itself only.
    pub place: usize,
}

impl Event<'_> {
    /// First and last instant at which it can have happened, a day being one on some of these clocks; an undated one
    /// happened by the time it was recorded, and without a record may lie anywhere, even ahead.
    pub fn span(&self, zones: &[Zone]) -> (i64, i64) {
        let of = |when: When| match when {
            When::At(t) => (t, t),
            When::On(d) => (
                zones.iter().map(|z| z.start(d).0).min().unwrap_or(0),
                zones.iter().map(|z| z.start(d + 1).1 - 1).max().unwrap_or(0),
            ),
            When::Undated => (i64::MIN / 4, i64::MAX / 4),
        };
        match self.when {
            When::Undated => (i64::MIN / 4, of(self.recorded).1),
            when => of(when),
        }
    }
    /// Neither dated nor recorded: nothing says that it has happened.
    pub fn may_lie_ahead(&self) -> bool {
        self.when == When::Undated && self.recorded == When::Undated
    }
    /// A text field.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.json.get(key).and_then(Json::as_str)
    }
}

/// The word of a list in the request.
pub fn list_word(list: EventList) -> &'static str {
    match list {
        EventList::Consents => "consents",
        EventList::Contacts => "contacts",
        EventList::Interactions => "interactions",
        EventList::Lists => "lists",
        EventList::Signals => "signals",
    }
}

fn entity_word(entity: Entity) -> &'static str {
    match entity {
        Entity::Person => "person",
        Entity::Recipient => "recipient",
        Entity::Sender => "sender",
        Entity::Agent => "agent",
        Entity::Contact => "contact",
        Entity::Address => "address",
        Entity::Content => "content",
        Entity::Context => "context",
        Entity::Event(list) => list_word(list),
    }
}

/// What walking a dotted path found.
pub(super) enum Found<'a> {
    Absent,
    None,
    Here(&'a Json),
}

pub(super) fn walk<'a>(from: Option<&'a Json>, fact: &Fact) -> Found<'a> {
    let Some(mut at) = from else { return Found::Absent };
    let none = |json: &Json| json.as_array().is_some_and(Vec::is_empty);
    for key in fact.field.split('.') {
        if at.is_null() || none(at) {
            return Found::None;
        }
        match at.get(key) {
            Some(next) => at = next,
            None => return Found::Absent,
        }
    }
    match at {
        Json::Null if fact.ty.null_is_none() => Found::None,
        Json::Null => Found::Absent,
        at if none(at) => Found::None,
        at => Found::Here(at),
    }
}

/// Parent by parent, never by number ranges.
pub fn is_under(tree: &Taxonomy, mut node: NodeId, ancestor: NodeId) -> bool {
    loop {
        if node == ancestor {
            return true;
        }
        match tree.node(node) {
            Some(n) if node != NodeId::ROOT => node = n.parent,
            _ => return false,
        }
    }
}

/// The node or an ancestor has the mark.
pub fn inherits(tree: &Taxonomy, mut node: NodeId, mark: &str) -> bool {
    loop {
        let Some(n) = tree.node(node) else { return false };
        if n.marks.iter().any(|m| m == mark) {
            return true;
        }
        if node == NodeId::ROOT {
            return false;
        }
        node = n.parent;
    }
}

/// `node is ancestor`, unknown where the node is only a stand-in for one of its descendants.
pub fn is(tree: &Taxonomy, node: NodeId, ancestor: NodeId, missing: &Missing) -> V {
    if is_under(tree, node, ancestor) {
        return V::T;
    }
    let stands_in = tree.node(node).is_some_and(|n| n.marks.iter().any(|m| m == "abstract"));
    if stands_in && is_under(tree, ancestor, node) { V::U(missing.clone()) } else { V::F }
}

/// Policy and request side by side.
pub struct Facts<'a> {
    /// What is asked.
    pub policy: &'a Policy,
    /// Of whom.
    pub request: &'a Json,
}

impl<'a> Facts<'a> {
    fn entity(&self, entity: Entity) -> Option<&'a Json> {
        self.request.get(entity_word(entity))
    }

    /// The group is claimed to be complete.
    pub fn complete(&self, group: &str) -> bool {
        let claims = self.request.get("complete").and_then(Json::as_array);
        claims.is_some_and(|c| c.iter().any(|x| x.as_str() == Some(group)))
    }

    /// The fact's value in the request.
    pub fn get(&self, id: FactId) -> Val {
        let Some(fact) = self.policy.vocabulary.decl(id) else { return Val::lacks("?") };
        if fact.path == "sender.seller" {
            return self.seller(self.request.get("sender").and_then(|s| s.get("id")), &fact.missing);
        }
        if fact.entity == Entity::Recipient {
            return self.of_recipient(fact);
        }
        self.own(fact)
    }

    /// What the request gives of the entity itself.
    pub(super) fn own(&self, fact: &Fact) -> Val {
        let own = match walk(self.entity(fact.entity), fact) {
            Found::Here(v) => self.typed(v, &fact.ty, &fact.missing),
            Found::None => Val::None,
            Found::Absent if fact.absent_none || self.complete(&fact.path) => Val::None,
            Found::Absent => Val::lacks(&fact.missing),
        };
        let own = match own {
            // There is always a place, a clock, a channel: none of them says nothing.
            Val::None
                if matches!(fact.field.as_str(), "time_zones" | "jurisdictions")
                    || matches!(
                        fact.path.as_str(),
                        "contact.channel" | "contact.purpose" | "contact.technology"
                    ) =>
            {
                Val::lacks(&fact.missing)
            }
            v => v,
        };
        if fact.path == "contact.data" { self.with_fields(own, &fact.ty) } else { own }
    }

    fn with_fields(&self, own: Val, ty: &Type) -> Val {
        let fields = self.request.get("contact").and_then(|c| c.get("fields")).and_then(Json::as_array);
        // Fields that nobody listed may be of any category.
        let mut missing = Missing::new();
        let mut nodes = match own {
            Val::Nodes(n) => n,
            Val::Unknown(m) => {
                missing.extend(m);
                Vec::new()
            }
            _ => Vec::new(),
        };
        if fields.is_none() {
            missing.insert("contact.fields".to_string());
        }
        for f in fields.into_iter().flatten() {
            match f.get("category").map(|c| self.typed(c, ty, "")) {
                Some(Val::Nodes(n)) => nodes.extend(n),
                Some(Val::None) => {}
                _ if matches!(missing.first(), Some(m) if m == "contact.data") => {}
                _ => drop(missing.insert("contact.fields".to_string())),
            }
        }
        match (nodes.is_empty(), missing.is_empty()) {
            (true, true) => Val::None,
            (true, false) => Val::Unknown(missing),
            (false, true) => Val::Nodes(nodes),
            (false, false) => Val::AtLeast(nodes, missing),
        }
    }

    /// The sender's nearest ancestor marked `seller`, else the sender.
    pub fn seller(&self, sender: Option<&Json>, missing: &str) -> Val {
        let Some((id, _)) = self.policy.vocabulary.taxonomy("sender") else { return Val::lacks(missing) };
        let name = match sender {
            // Nobody sends it, it is said; whose it is then, nobody knows.
            None | Some(Json::Null) => return Val::lacks(missing),
            Some(s) => s,
        };
        let Val::Nodes(nodes) = self.nodes(name, id, missing) else { return Val::lacks(missing) };
        Val::Nodes(nodes.into_iter().map(|n| self.seller_of(n)).collect())
    }

    /// The nearest ancestor marked `seller`, else the node itself.
    pub fn seller_of(&self, node: NodeId) -> NodeId {
        let Some((_, tree)) = self.policy.vocabulary.taxonomy("sender") else { return node };
        let mut at = node;
        loop {
            match tree.node(at) {
                Some(n) if n.marks.iter().any(|m| m == "seller") => return at,
                Some(n) if at != NodeId::ROOT => at = n.parent,
                _ => return node,
            }
        }
    }

    /// A field of an event.
    pub fn field(&self, event: &Event<'_>, id: FactId) -> Val {
        let Some(fact) = self.policy.vocabulary.decl(id) else { return Val::lacks("?") };
        match walk(Some(event.json), fact) {
            Found::Here(v) => self.typed(v, &fact.ty, &fact.missing),
            Found::None => Val::None,
            Found::Absent if fact.absent_none => Val::None,
            Found::Absent => Val::lacks(&fact.missing),
        }
    }

    /// Nodes by name; a name nobody declared makes the whole unknown.
    pub fn nodes(&self, json: &Json, taxonomy: TaxonomyId, missing: &str) -> Val {
        let Some(tree) = self.policy.vocabulary.tree(taxonomy) else { return Val::lacks(missing) };
        let mut out = Vec::new();
        for name in each(json) {
            match name.as_str().and_then(|n| tree.find(n)) {
                Some(node) => out.push(node),
                None => return Val::lacks(missing),
            }
        }
        if out.is_empty() { Val::None } else { Val::Nodes(out) }
    }

    /// A JSON value as a value of the type.
    pub fn typed(&self, json: &Json, ty: &Type, missing: &str) -> Val {
        let unknown = || Val::lacks(missing);
        match json {
            Json::Null if ty.null_is_none() => return Val::None,
            Json::Null => return unknown(),
            Json::Array(none) if none.is_empty() => return Val::None,
            _ => {}
        }
        match ty {
            Type::Boolean => json.as_bool().map_or_else(unknown, Val::Bool),
            Type::Integer => json.as_i64().map_or_else(unknown, Val::Int),
            Type::Date | Type::PartialDate => {
                json.as_str().and_then(clock::parse_date).map_or_else(unknown, |(a, b)| Val::Days(a, b))
            }
            Type::Instant => {
                let text = json.as_str().unwrap_or_default();
                match (clock::parse_instant(text), clock::parse_date(text)) {
                    (Some(t), _) => Val::At(t),
                    (None, Some((a, b))) => Val::Days(a, b),
                    _ => unknown(),
                }
            }
            Type::Duration => json.as_str().and_then(parse_span).map_or_else(unknown, Val::Span),
            Type::Text | Type::Choice(_) => {
                json.as_str().map_or_else(unknown, |s| Val::Texts(vec![s.to_string()]))
            }
            Type::Node(t) => self.nodes(json, *t, missing),
            Type::Set(inner) => match &**inner {
                Type::Node(t) => self.nodes(json, *t, missing),
                _ => {
                    let texts: Vec<String> =
                        each(json).filter_map(|j| j.as_str().map(str::to_string)).collect();
                    if texts.is_empty() { Val::None } else { Val::Texts(texts) }
                }
            },
            Type::Event => json.as_str().map_or_else(unknown, |s| Val::Event(s.to_string())),
            Type::Records(_) | Type::Map(..) | Type::Week | Type::Scope => Val::Raw(json.clone()),
        }
    }

    /// A value written in policy. Words of a choice become texts, so that nothing hangs on their numbers.
    pub fn constant(&self, value: &Value, ty: Option<&Type>) -> Val {
        match value {
            Value::None => Val::None,
            Value::Bool(b) => Val::Bool(*b),
            Value::Int(n) => Val::Int(*n),
            Value::Text(t) => Val::Texts(vec![t.to_string()]),
            Value::Date(d) => Val::Days(i64::from(d.0), i64::from(d.0)),
            Value::Partial(p) => Val::Days(i64::from(p.lo.0), i64::from(p.hi.0)),
            Value::Instant(t) => Val::At(t.0),
            Value::Amount(a) => Val::Span(*a),
            Value::Choice(i) => {
                let words = ty.and_then(words_of);
                words
                    .and_then(|w| w.get(usize::from(*i)))
                    .map_or(Val::Int(i64::from(*i)), |w| Val::Texts(vec![w.clone()]))
            }
            Value::Nodes(_, n) => Val::Nodes(n.clone()),
        }
    }

    /// The events of a list, a repeated id once; `None` when the list is unknown.
    pub fn events(&self, list: EventList) -> Option<Vec<Event<'a>>> {
        let word = list_word(list);
        let all = match self.request.get(word) {
            Some(v) if !v.is_null() => v.as_array()?,
            _ if self.complete(word) => return Some(Vec::new()),
            _ => return None,
        };
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for (place, json) in all.iter().enumerate() {
            let id = json.get("id").and_then(Json::as_str);
            if id.is_some_and(|id| !seen.insert(id)) {
                continue;
            }
            let text = |key: &str| json.get(key).and_then(Json::as_str);
            let read = |key: &str| match text(key) {
                None => When::Undated,
                Some(t) => match (clock::parse_instant(t), clock::parse_date(t)) {
                    (Some(t), _) => When::At(t),
                    (None, Some((d, _))) => When::On(d),
                    _ => When::Undated,
                },
            };
            let when = read(if list == EventList::Lists { "version_at" } else { "at" });
            let recorded = read("recorded_at");
            out.push(Event { list, json, id, when, recorded, place });
        }
        Some(out)
    }
}

/// The words of a choice or of a set of choices.
pub fn words_of(ty: &Type) -> Option<&[String]> {
    match ty {
        Type::Choice(w) => Some(w),
        Type::Set(inner) => words_of(inner),
        _ => None,
    }
}

/// The members of a set: one bare value is a set of one.
pub fn each(json: &Json) -> impl Iterator<Item = &Json> {
    let (many, one) = match json {
        Json::Array(a) => (a.as_slice(), None),
        Json::Null => (&[][..], None),
        other => (&[][..], Some(other)),
    };
    many.iter().chain(one)
}

/// `24 hours`, `7 local days`.
pub fn parse_span(text: &str) -> Option<Amount> {
    let (n, unit) = text.trim().split_once(' ')?;
    let unit = match unit.trim().trim_end_matches('s') {
        "second" => Unit::Second,
        "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "day" => Unit::Day,
        "local day" => Unit::LocalDay,
        "business day" => Unit::BusinessDay,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "year" => Unit::Year,
        _ => return None,
    };
    Some(Amount { n: n.parse().ok()?, unit })
}

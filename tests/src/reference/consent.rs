//! The consent fold, straight from its definition: every grant against every revocation, for every purpose and topic.

mod plainly;

use super::Mutant;
use super::cond::{Cx, strings};
use super::facts::{Event, Val, inherits, is_under};
use super::history::TIME;
use super::kleene::{Missing, V};
use byleave::taxonomy::{NodeId, Taxonomy};
use byleave::typed::{
    Cond, CondAt, ConsentQuestion, Dimension, EventList, Holder, Lasts, Levels, Operand, Reaching,
    RefusedQuestion, Window,
};
use serde_json::{Map, Value as Json};

/// What absent consents are called.
pub const CONSENT: &str = "consent";

/// One purpose and topic of the proposed contact; `None`: known to be none.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    purpose: Result<Option<NodeId>, Missing>,
    /// Nobody gave the purpose, and it is asked about as far as it lies within this one.
    within: Option<NodeId>,
    topic: Result<Option<NodeId>, Missing>,
}

/// An event's scope, open where it names nothing.
type Scope = Map<String, Json>;

const PARTS: [(&str, Dimension); 6] = [
    ("channel", Dimension::Channel),
    ("purpose", Dimension::Purpose),
    ("topic", Dimension::Topic),
    ("sender", Dimension::Sender),
    ("address", Dimension::Address),
    ("matter", Dimension::Matter),
];

fn scope_of(e: &Event<'_>) -> Scope {
    e.json.get("scope").and_then(Json::as_object).cloned().unwrap_or_default()
}

fn named<'s>(scope: &'s Scope, part: &str) -> Option<Vec<&'s str>> {
    let v = scope.get(part)?;
    let all = strings(v);
    if all.is_empty() { None } else { Some(all) }
}

impl<'c> Cx<'c> {
    fn taxonomy(&self, name: &str) -> Option<&'c Taxonomy> {
        self.case.facts.policy.vocabulary.taxonomy(name).map(|t| t.1)
    }

    fn fact(&self, path: &str) -> Val {
        match self.case.facts.policy.vocabulary.fact(path) {
            Some(f) => self.case.facts.get(f),
            None => Val::None,
        }
    }

    /// Each purpose with each topic of the contact.
    fn pairs(&self, purpose: Option<NodeId>) -> Vec<Pair> {
        let members = |v: Val| -> Vec<Result<Option<NodeId>, Missing>> {
            match v {
                Val::Nodes(n) => n.into_iter().map(|n| Ok(Some(n))).collect(),
                Val::Unknown(m) => vec![Err(m)],
                _ => vec![Ok(None)],
            }
        };
        let own = members(self.fact("contact.purpose"));
        let topics = members(self.fact("contact.topic"));
        let mut purposes: Vec<(Result<Option<NodeId>, Missing>, Option<NodeId>)> = Vec::new();
        match purpose {
            None => purposes.extend(own.into_iter().map(|p| (p, None))),
            Some(asked) => {
                // What it is asked for, and what the contact itself is for as far as that is of this kind.
                purposes.push((Ok(Some(asked)), None));
                let tree =
                    self.taxonomy("purpose").filter(|_| self.case.mutant != Some(Mutant::NarrowerIgnored));
                for p in own {
                    match p {
                        Ok(Some(n)) if tree.is_some_and(|t| is_under(t, n, asked)) => {
                            purposes.push((p, None))
                        }
                        Err(m) if tree.is_some() => purposes.push((Err(m), Some(asked))),
                        _ => {}
                    }
                }
            }
        }
        purposes
            .iter()
            .flat_map(|(p, within)| {
                topics.iter().map(|t| Pair { purpose: p.clone(), within: *within, topic: t.clone() })
            })
            .collect()
    }

    /// A part of the scope against the contact's purpose.
    fn part_purpose(&self, pair: &Pair, names: &[&str], revokes: bool) -> V {
        let (Some(asked), Err(m), Some(tree)) = (pair.within, &pair.purpose, self.taxonomy("purpose")) else {
            return self.part("purpose", &pair.purpose, names, revokes);
        };
        // Whatever it is within that kind.
        let all = (0..tree.nodes.len()).filter_map(|n| u32::try_from(n).ok()).map(NodeId);
        let answers: Vec<V> = all
            .filter(|n| is_under(tree, *n, asked))
            .map(|n| self.part("purpose", &Ok(Some(n)), names, revokes))
            .collect();
        match answers.first() {
            Some(first) if answers.iter().all(|a| a == first) => first.clone(),
            _ => V::U(m.clone()),
        }
    }

    /// One of the named nodes is the contact's own or above it. A name nobody declared leaves a revocation open here, and
    /// of anything else says nothing.
    fn part(
        &self,
        taxonomy: &str,
        own: &Result<Option<NodeId>, Missing>,
        names: &[&str],
        revokes: bool,
    ) -> V {
        let Some(tree) = self.taxonomy(taxonomy) else { return V::F };
        let nodes: Vec<Option<NodeId>> = names.iter().map(|n| tree.find(n)).collect();
        if nodes.contains(&None) {
            return if revokes { V::T } else { V::lacks(CONSENT) };
        }
        if nodes.contains(&Some(NodeId::ROOT)) {
            return V::T;
        }
        match own {
            Ok(Some(n)) => V::of(nodes.iter().flatten().any(|x| is_under(tree, *n, *x))),
            Ok(None) => V::F,
            Err(m) => V::U(m.clone()),
        }
    }

    fn covers(&self, scope: &Scope, pair: &Pair, revokes: bool) -> V {
        let single = |path: &str| match self.fact(path) {
            Val::Nodes(n) => Ok(n.first().copied()),
            Val::Unknown(m) => Err(m),
            _ => Ok(None),
        };
        let text = |path: &str, names: &[&str]| match self.fact(path) {
            Val::Texts(t) => V::of(t.iter().any(|t| names.contains(&t.as_str()))),
            Val::Unknown(m) => V::U(m),
            _ => V::F,
        };
        V::all(PARTS.iter().filter_map(|(key, _)| {
            let names = named(scope, key)?;
            Some(match *key {
                "channel" => self.part("channel", &single("contact.channel"), &names, revokes),
                "purpose" => self.part_purpose(pair, &names, revokes),
                "topic" => self.part("topic", &pair.topic, &names, revokes),
                "sender" => self.part("sender", &single("sender.id"), &names, revokes),
                "address" => text("address.value", &names),
                _ => text("contact.matter", &names),
            })
        }))
    }

    /// A grant reaches a sensitive topic only by naming it or a sensitive one above it.
    fn sensitive(&self, scope: &Scope, pair: &Pair) -> V {
        let (Some(tree), mutant) = (self.taxonomy("topic"), self.case.mutant) else { return V::T };
        if mutant == Some(Mutant::SensitiveIgnored) {
            return V::T;
        }
        let topic = match &pair.topic {
            Ok(None) => return V::T,
            Ok(Some(t)) => *t,
            Err(m) => {
                // Whatever the topic is, an open grant reaches it only where nothing is sensitive.
                let any = (0..tree.nodes.len())
                    .any(|i| u32::try_from(i).is_ok_and(|i| inherits(tree, NodeId(i), "sensitive")));
                return if any { V::U(m.clone()) } else { V::T };
            }
        };
        if !inherits(tree, topic, "sensitive") {
            return V::T;
        }
        let names = named(scope, "topic").unwrap_or_default();
        V::of(
            names
                .iter()
                .filter_map(|n| tree.find(n))
                .any(|n| is_under(tree, topic, n) && inherits(tree, n, "sensitive")),
        )
    }

    /// Every part that `outer` names is named by `inner`, equal or below: by all that it names of that part, or by
    /// something that takes the contact in.
    fn within(&self, inner: &Scope, outer: &Scope, pair: &Pair) -> V {
        V::all(PARTS.iter().map(|(key, _)| {
            let Some(wide) = named(outer, key) else { return V::T };
            let Some(narrow) = named(inner, key) else { return V::F };
            let tree = if *key == "address" || *key == "matter" { None } else { self.taxonomy(key) };
            let takes = |n: &str| {
                let mut one = Scope::new();
                one.insert((*key).to_string(), Json::from(vec![n]));
                self.covers(&one, pair, false)
            };
            let some_of = |inside: &dyn Fn(&str) -> bool| {
                let all = narrow.iter().all(|n| inside(n));
                if all || self.case.mutant == Some(Mutant::AllNamesMustLift) {
                    return V::of(all);
                }
                if *key == "purpose" && pair.within.is_some() {
                    let names: Vec<&str> = narrow.iter().copied().filter(|n| inside(n)).collect();
                    return if names.is_empty() { V::F } else { self.part_purpose(pair, &names, false) };
                }
                V::any(narrow.iter().filter(|n| inside(n)).map(|n| takes(n)))
            };
            let Some(tree) = tree else { return some_of(&|n| wide.contains(&n)) };
            let nodes = |names: &[&str]| names.iter().map(|n| tree.find(n)).collect::<Option<Vec<_>>>();
            match (nodes(&narrow), nodes(&wide)) {
                (Some(_), Some(w)) => {
                    some_of(&|n| tree.find(n).is_some_and(|n| w.iter().any(|w| is_under(tree, n, *w))))
                }
                _ => V::lacks(CONSENT),
            }
        }))
    }

    /// Does a scope that is no event's cover the contact?
    pub(super) fn scope_covers_contact(&self, scope: &Json, purpose: Option<NodeId>) -> V {
        let scope = scope.as_object().cloned().unwrap_or_default();
        V::any(self.pairs(purpose).iter().map(|p| self.covers(&scope, p, false)))
    }

    /// Whatever the contact is for?
    pub(super) fn scope_covers_all_of_contact(&self, scope: &Json) -> V {
        let scope = scope.as_object().cloned().unwrap_or_default();
        let pairs = self.pairs(None);
        if pairs.is_empty() {
            return V::F;
        }
        V::all(pairs.iter().map(|p| self.covers(&scope, p, false)))
    }

    pub(super) fn scope_covers_event(&self, scope: &Json) -> V {
        let (Some(scope), Some(e)) = (scope.as_object(), self.event) else { return V::T };
        V::all(PARTS.iter().filter_map(|(key, _)| {
            let names = named(scope, key)?;
            let Some(own) = e.json.get(*key) else { return Some(V::lacks(format!("contacts.{key}"))) };
            let own = strings(own);
            Some(match self.taxonomy(key) {
                Some(tree) if *key != "address" && *key != "matter" => V::of(own.iter().any(|o| {
                    names.iter().any(|n| match (tree.find(o), tree.find(n)) {
                        (Some(a), Some(b)) => is_under(tree, a, b),
                        _ => false,
                    })
                })),
                _ => V::of(own.iter().any(|o| names.contains(o))),
            })
        }))
    }

    /// The revocation binds questions of that level: naming a level is naming its family, the node under the root.
    fn binds(&self, r: &Event<'_>, level: Option<NodeId>) -> V {
        let (Some(tree), Some(level)) = (self.taxonomy("level"), level) else { return V::T };
        let families = match r.json.get("families") {
            None | Some(Json::Null) => return V::T,
            Some(f) => strings(f),
        };
        if families.is_empty() {
            return V::T;
        }
        // A name nobody knows is the widest.
        V::of(families.iter().any(|f| match tree.find(f) {
            Some(NodeId::ROOT) | None => true,
            Some(f) => self.family(f) == self.family(level),
        }))
    }

    fn family(&self, level: NodeId) -> NodeId {
        let Some(tree) = self.taxonomy("level") else { return level };
        let mut at = level;
        while let Some(n) = tree.node(at) {
            if n.parent == NodeId::ROOT {
                break;
            }
            at = n.parent;
        }
        at
    }

    /// Whether that act can grant anything.
    fn means_something(&self, g: &Event<'_>) -> V {
        let means = match (g.text("means"), self.taxonomy("means")) {
            (Some(m), Some(t)) => t.find(m).is_none_or(|m| !inherits(t, m, "grants_nothing")),
            _ => true,
        };
        let by = match (g.text("by"), g.text("level"), self.taxonomy("level")) {
            (Some("inferred"), Some(l), Some(t)) => t
                .find(l)
                .is_some_and(|l| t.node(l).is_some_and(|n| n.marks.iter().any(|m| m == "may_be_inferred"))),
            _ => true,
        };
        let happened = if g.may_lie_ahead() { V::lacks(TIME) } else { V::T };
        V::of(means && by).and(happened)
    }

    pub(super) fn event_of_levels(&self, op: &Operand) -> V {
        let (Some(e), Some(tree)) = (self.event, self.taxonomy("level")) else { return V::F };
        let asked = match self.value(op) {
            Val::Nodes(n) => n,
            Val::Unknown(m) => return V::U(m),
            _ => return V::F,
        };
        match (e.text("kind"), e.text("level").and_then(|l| tree.find(l))) {
            (Some("grant" | "decline"), Some(l)) => {
                return V::of(asked.iter().any(|a| is_under(tree, l, *a)));
            }
            (Some("grant"), None) => return V::lacks("consents.level"),
            _ => {}
        }
        V::any(asked.iter().map(|a| self.binds(e, Some(*a))))
    }

    /// The revocations that stand, with those that policy derives beside them.
    fn revocations(&self, all: &[Event<'c>], reaches: &[Reaching]) -> Vec<(Event<'c>, Scope, V)> {
        let mut out = Vec::new();
        for r in all.iter().filter(|e| e.text("kind") == Some("revoke")) {
            out.push((r.clone(), scope_of(r), V::T));
            for reach in reaches {
                let mut scope = scope_of(r);
                let meets =
                    match (reach.of, named(&scope, "purpose"), self.taxonomy("purpose")) {
                        (Some(p), Some(names), Some(tree)) => V::of(names.iter().any(|n| {
                            tree.find(n).is_none_or(|n| is_under(tree, n, p) || is_under(tree, p, n))
                        })),
                        _ => V::T,
                    };
                let counts = reach.filter.as_ref().map_or(V::T, |f| self.at_event(r).cond(f)).and(meets);
                for (key, dimension) in PARTS {
                    if reach.open.contains(&dimension) {
                        scope.remove(key);
                    }
                }
                if let (Some(names), Some(tree)) = (named(&scope, "channel"), self.taxonomy("channel")) {
                    let mut names: Vec<String> = names.iter().map(ToString::to_string).collect();
                    names.extend(reach.channels.iter().map(|c| tree.name_of(*c).to_string()));
                    scope.insert("channel".to_string(), Json::from(names));
                }
                if counts.possible() {
                    out.push((r.clone(), scope, counts));
                }
            }
        }
        out
    }

    /// When a revocation counts: the latest instant it can have happened.
    fn revoked_at(&self, r: &Event<'_>) -> i64 {
        r.span(&self.case.everywhere).1
    }

    fn unexpired(&self, g: &Event<'_>) -> V {
        let f = |key: &str| g.json.get(key).and_then(Json::as_str);
        // Its own last day, and that of the document by which it was given.
        let last = |day: Option<&str>| match day.and_then(super::clock::parse_date) {
            Some((_, d)) => self.from_dates(d + 1, d + 1).not(),
            None => V::T,
        };
        let by_document = g.json.pointer("/instrument/expires_on").and_then(Json::as_str);
        let on = last(f("expires_on")).and(last(by_document));
        let at = match f("expires_at").and_then(super::clock::parse_instant) {
            Some(x) => V::of(self.t < x),
            None => V::T,
        };
        on.and(at)
    }

    fn granted_by(&self, g: &Event<'_>, holder: Holder, level: NodeId) -> V {
        let v = &self.case.facts.policy.vocabulary;
        let recipient = match holder {
            Holder::Person => false,
            Holder::Recipient => true,
            Holder::ByLevel => {
                self.taxonomy("level").is_some_and(|t| inherits(t, level, "held_by_recipient"))
            }
        };
        let path = if recipient { "recipient.id" } else { "person.id" };
        let own = v.fact(path).map_or(Val::None, |f| self.case.facts.get(f));
        // An event that names no holder is the person's.
        let whose = match g.text("holder") {
            Some(h) => Val::Texts(vec![h.to_string()]),
            None => v.fact("person.id").map_or(Val::None, |f| self.case.facts.get(f)),
        };
        let same_party = !recipient || self.case.facts.recipient_is_person() == Some(true);
        let holds = match (g.text("holder"), own, whose) {
            (None, ..) if same_party => V::T,
            (_, Val::Texts(a), Val::Texts(b)) => V::of(a == b),
            (_, Val::Unknown(m), _) | (_, _, Val::Unknown(m)) => V::U(m),
            _ => V::F,
        };
        let by = match g.text("by") {
            Some("authorised_agent") => match g.json.get("signed_permission").and_then(Json::as_bool) {
                Some(b) => V::of(b),
                None => V::lacks("consents.signed_permission"),
            },
            _ => V::T,
        };
        holds.and(by)
    }

    fn at_level(&self, g: &Event<'_>, level: NodeId) -> V {
        let Some(tree) = self.taxonomy("level") else { return V::F };
        match g.text("level").map(|l| tree.find(l)) {
            Some(Some(l)) => V::of(is_under(tree, l, level)),
            _ => V::lacks("consents.level"),
        }
    }

    /// Is there consent for the contact?
    pub(super) fn consent(&self, q: &ConsentQuestion) -> V {
        let levels = match &q.level {
            Levels::AtLeast(l) => vec![*l],
            Levels::Fact(op) => match self.value(op) {
                Val::Nodes(n) => n,
                Val::Unknown(m) => return V::U(m),
                _ => return V::F,
            },
        };
        let Some(all) = self.case.frozen(EventList::Consents) else {
            let form = q.instrument.and_then(|i| self.case.facts.policy.instruments.get(i));
            return V::lacks(form.map_or(CONSENT, |i| &i.missing));
        };
        let revocations = self.revocations(&all, &q.reaches);
        let pairs = self.pairs(q.purpose);
        V::all(levels.iter().flat_map(|l| {
            pairs.iter().map(|p| self.consent_for(q, *l, p, &all, &revocations)).collect::<Vec<_>>()
        }))
    }

    fn consent_for(
        &self,
        q: &ConsentQuestion,
        level: NodeId,
        pair: &Pair,
        all: &[Event<'c>],
        revocations: &[(Event<'c>, Scope, V)],
    ) -> V {
        let grants: Vec<&Event<'c>> = all.iter().filter(|e| e.text("kind") == Some("grant")).collect();
        if self.case.mutant == Some(Mutant::LatestWins) {
            let last = all
                .iter()
                .filter(|e| self.covers(&scope_of(e), pair, false) == V::T)
                .max_by_key(|e| e.span(&self.case.everywhere).1);
            return V::of(last.is_some_and(|e| e.text("kind") == Some("grant")));
        }
        V::any(grants.into_iter().map(|g| {
            let scope = scope_of(g);
            let own = [
                self.covers(&scope, pair, false),
                self.sensitive(&scope, pair),
                self.at_level(g, level),
                self.granted_by(g, q.holder, level),
                self.unexpired(g),
                if q.same_seller { self.given_to_seller(g) } else { V::T },
                q.given.as_ref().map_or(V::T, |op| self.inside(g, &Window::Past(op.clone()))),
                q.filter.as_ref().map_or(V::T, |f| self.at_event(g).cond(f)),
                q.instrument.map_or(V::T, |i| self.instrument(g, i)),
                self.means_something(g),
            ];
            let stands = revocations.iter().map(|(r, reach, counts)| {
                let binds = V::all([
                    counts.clone(),
                    self.binds(r, Some(level)),
                    self.covers(reach, pair, true),
                    if q.heeds_seller { self.said_to_seller(r) } else { V::T },
                ]);
                let lifted = self.lifts(g, &scope, r, reach, pair);
                binds.not().or(lifted)
            });
            V::all(own.into_iter().chain(stands))
        }))
    }

    /// The grant is later, and its scope lies within the revocation's as far as the contact goes.
    fn lifts(&self, g: &Event<'_>, scope: &Scope, r: &Event<'_>, reach: &Scope, pair: &Pair) -> V {
        let later = if self.case.mutant == Some(Mutant::TieGoesToGrant) {
            self.revoked_at(r) <= g.span(&self.case.everywhere).0
        } else {
            self.revoked_at(r) < g.span(&self.case.everywhere).0
        };
        if !later {
            return V::F;
        }
        if self.case.mutant == Some(Mutant::AnyGrantLifts) { V::T } else { self.within(scope, reach, pair) }
    }

    fn instrument(&self, g: &Event<'_>, index: usize) -> V {
        let Some(i) = self.case.facts.policy.instruments.get(index) else { return V::F };
        let of = |key: &str| g.json.get("instrument").and_then(|x| x.get(key));
        let kind = match of("kind").and_then(Json::as_str) {
            Some(k) => V::of(k == i.name),
            None if g
                .json
                .get("instrument")
                .is_some_and(|it| it.is_null() || *it == Json::Array(Vec::new())) =>
            {
                V::F
            }
            None => V::lacks("consents.instrument.kind"),
        };
        let here = self.at_event(g);
        let have = of("elements").map(strings);
        let elements = i.elements.iter().map(|e| {
            let wanted = e.when.as_ref().map_or(V::T, |w| here.cond(w));
            let there = match &have {
                None => V::lacks(format!("{}.{}", i.missing, e.name)),
                Some(h) if h.contains(&e.name.as_str()) => V::T,
                Some(_) => V::F,
            };
            wanted.not().or(there)
        });
        let lasts = match &i.lasts {
            Lasts::Always => V::T,
            Lasts::Through(f) => match self.case.facts.field(g, *f) {
                Val::Days(_, d) => self.from_dates(d + 1, d + 1).not(),
                Val::Unknown(m) => V::U(m),
                _ => V::T,
            },
            Lasts::From(amount, f) => match (self.case.facts.field(g, *f), amount.months(), amount.days()) {
                (Val::Days(a, b), Some(n), _) => {
                    let n = i64::from(n);
                    self.from_dates(super::clock::months_short(a, n), super::clock::months_short(b, n)).not()
                }
                (Val::Days(a, b), _, Some(n)) => self.from_dates(a + i64::from(n), b + i64::from(n)).not(),
                (Val::Unknown(m), ..) => V::U(m),
                _ => V::F,
            },
        };
        let void = V::any(i.void.iter().map(|v| here.cond(v)));
        V::all(elements.chain([kind, lasts, void.not()]))
    }

    /// Is there a covering revocation that nothing lifts?
    pub(super) fn refused(&self, q: &RefusedQuestion) -> V {
        match self.refusals(q) {
            Some(all) => V::any(all.into_iter().map(|(_, v)| v)),
            None => V::lacks(CONSENT),
        }
    }

    /// Each revocation, as it stands and as policy widens it, with whether the question heeds it and nothing lifts it.
    fn refusals(&self, q: &RefusedQuestion) -> Option<Vec<(Event<'c>, V)>> {
        let all = self.case.frozen(EventList::Consents)?;
        let except = q.except.as_ref().map(|op| self.value(op));
        let mut out = Vec::new();
        for pair in self.pairs(q.purpose) {
            for (r, reach, counts) in self.revocations(&all, &q.reaches) {
                let aside = match &except {
                    Some(Val::Event(id)) => V::of(r.id == Some(id.as_str())),
                    // An id that none of these has names none of them.
                    _ => V::F,
                };
                let seller = if q.same_seller { self.said_to_seller(&r) } else { V::T };
                let fits = q.filter.as_ref().map_or(V::T, |w| self.at_event(&r).cond(w));
                let lifted = V::any(all.iter().filter(|e| e.text("kind") == Some("grant")).map(|g| {
                    let scope = scope_of(g);
                    V::all([
                        self.lifts(g, &scope, &r, &reach, &pair),
                        self.covers(&scope, &pair, false),
                        self.sensitive(&scope, &pair),
                        self.unexpired(g),
                        q.renewed.map_or(V::F, |l| self.at_level(g, l)),
                        q.renewed.map_or(V::F, |l| self.granted_by(g, Holder::ByLevel, l)),
                        if q.renewed_same_seller { self.given_to_seller(g) } else { V::T },
                        q.renewed_filter.as_ref().map_or(V::T, |w| self.at_event(g).cond(w)),
                        self.means_something(g),
                    ])
                }));
                let v = V::all([
                    counts,
                    aside.not(),
                    seller,
                    fits,
                    self.binds(&r, q.renewed),
                    self.covers(&reach, &pair, true),
                    lifted.not(),
                ]);
                out.push((r, v));
            }
        }
        Some(out)
    }

    /// Adds the refusals that keep a condition from being as wanted. False: nobody gave the history.
    pub(super) fn binding(&self, c: &CondAt, wanted: bool, out: &mut Vec<Event<'c>>) -> bool {
        if self.cond(c) == V::of(wanted) {
            return true;
        }
        match &c.cond {
            // Every part that is not as wanted has its share in it.
            Cond::All(parts) | Cond::Any(parts) => parts.iter().all(|p| self.binding(p, wanted, out)),
            Cond::Not(inner) => self.binding(inner, !wanted, out),
            Cond::Known(inner) => self.binding(inner, wanted, out),
            Cond::Refused(q) if !wanted => match self.refusals(q) {
                Some(all) => {
                    out.extend(all.into_iter().filter(|(_, v)| v.possible()).map(|(r, _)| r));
                    true
                }
                None => false,
            },
            _ => true,
        }
    }

    /// Said to this seller, to one above or below it, or to nobody in particular.
    fn said_to_seller(&self, r: &Event<'_>) -> V {
        let given =
            self.case.facts.policy.vocabulary.fact("consents.given_to").map(|f| self.case.facts.field(r, f));
        let (Some(Val::Nodes(given)), Some(tree)) = (given, self.taxonomy("sender")) else { return V::T };
        let theirs: Vec<NodeId> = given.iter().map(|n| self.case.facts.seller_of(*n)).collect();
        match self.fact("sender.seller") {
            Val::Nodes(mine) => V::of(
                mine.iter().any(|m| theirs.iter().any(|t| is_under(tree, *m, *t) || is_under(tree, *t, *m))),
            ),
            Val::Unknown(m) => V::U(m),
            _ => V::T,
        }
    }

    /// A grant was given to this seller, or to nobody in particular; to somebody nobody knows, it may have been.
    fn given_to_seller(&self, g: &Event<'_>) -> V {
        let given = g.json.get("given_to").and_then(Json::as_str);
        let Some(tree) = self.taxonomy("sender") else { return V::T };
        if let Val::Nodes(mine) = self.fact("sender.seller") {
            let named = g.json.pointer("/scope/sender").map(strings).unwrap_or_default();
            let of_theirs = |n: &NodeId| mine.contains(&self.case.facts.seller_of(*n));
            if named.iter().filter_map(|name| tree.find(name)).any(|n| of_theirs(&n)) {
                return V::T;
            }
        }
        match given {
            Some(name) if tree.find(name).is_none_or(|n| n == NodeId::ROOT) => V::lacks("consents.given_to"),
            _ => self.said_to_seller(g),
        }
    }

    /// A sender's own seller, and the contact's.
    pub(super) fn same_seller(&self, theirs: &Val) -> V {
        let mine = self.fact("sender.seller");
        match (mine, theirs) {
            (_, Val::None) => V::F,
            (Val::Nodes(a), Val::Nodes(b)) => {
                V::of(b.iter().any(|n| a.contains(&self.case.facts.seller_of(*n))))
            }
            (Val::Unknown(m), Val::Nodes(_)) => V::U(m),
            (Val::Nodes(_), Val::Unknown(m)) => V::U(m.clone()),
            (Val::Unknown(mut m), Val::Unknown(n)) => {
                m.extend(n.iter().cloned());
                V::U(m)
            }
            _ => V::F,
        }
    }
}

//! What a grant is worth: whose it is and by whom, its instrument, its end, and what lifts a revocation.

use super::cover::{Ask, Pair};
use super::{Eval, NEVER, Tri, V};
use crate::facts::{Consent, Families, Part, Scope, Slot, TextId, family};
use crate::program::{Arg, NO_NODE, NodeIx, ReachCode};
use crate::taxonomy::{NodeId, TaxonomyId};
use crate::time::Date;
use crate::typed::{Dimension, EventList, FactId, Lasts};

/// The end of a grant that survives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Part of the question it answers: pair and level, or pair and revocation.
    pub(super) part: u32,
    /// Whether it certainly counts.
    pub(super) certain: bool,
    /// Last good day; `None`: no end by day.
    pub(super) lo_day: Option<Date>,
    pub(super) hi_day: Option<Date>,
    /// End by instant.
    pub(super) at: i64,
    /// It counts for so long since it was given.
    pub(super) given: Option<Given>,
}

/// When a grant was given, between the earliest and the latest that it can have been, and how long that counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given {
    lo: i64,
    hi: i64,
    past: Arg,
}

impl Entry {
    /// It certainly counts, and has no end.
    pub(super) fn is_for_good(&self) -> bool {
        let ends = self.lo_day.is_some() || self.hi_day.is_some() || self.at != NEVER || self.given.is_some();
        self.certain && !ends
    }
}

/// The parts of a scope.
pub(super) const PARTS: [Dimension; 6] = [
    Dimension::Channel,
    Dimension::Purpose,
    Dimension::Topic,
    Dimension::Sender,
    Dimension::Address,
    Dimension::Matter,
];

/// What a grant names of a part against what a revocation names of it. `takes`: one of the grant's names takes the contact in.
fn named_within<T>(
    g: &Part<T>,
    r: &Part<T>,
    inside: &dyn Fn(&T, &[T]) -> bool,
    takes: &dyn Fn(&T) -> Tri,
) -> Tri {
    match (r, g) {
        (Part::Open, _) => Tri::T,
        (Part::Named(_), Part::Open) => Tri::F,
        (Part::Unknown, _) | (_, Part::Unknown) => Tri::U,
        (Part::Named(r), Part::Named(g)) if g.iter().all(|x| inside(x, r)) => Tri::T,
        (Part::Named(r), Part::Named(g)) => {
            g.iter().filter(|x| inside(x, r)).map(takes).max().unwrap_or(Tri::F)
        }
    }
}

impl<'a> Eval<'a> {
    /// The ancestor of a level just below the root: its family.
    pub(super) fn family(&self, n: NodeId) -> NodeId {
        self.tree(self.p.known.levels).map_or(n, |tree| family(tree, n))
    }

    /// Whether a revocation ends the levels of that family; naming a level is naming its family.
    pub(super) fn ends(&self, families: &Families, level: NodeId) -> bool {
        match families {
            Families::Open => true,
            Families::Named(list) => {
                let asked = self.family(level);
                list.iter().any(|f| *f == NodeId::ROOT || self.family(*f) == asked)
            }
        }
    }

    /// Each part that the revocation names, the grant names equal or below: all that it names, or as much of it as takes the
    /// contact in. What a grant names besides is a yes of its own, and undoes no no.
    pub(super) fn within(&self, g: &Scope, r: &Scope, pair: Pair) -> Tri {
        let mut out = Tri::T;
        for part in PARTS {
            out = out.min(self.part_within(part, g, r, pair));
            if out == Tri::F {
                break;
            }
        }
        out
    }

    /// The same of one part.
    pub(super) fn part_within(&self, part: Dimension, g: &Scope, r: &Scope, pair: Pair) -> Tri {
        let k = &self.p.known;
        let nodes = |g: &Part<NodeId>, r: &Part<NodeId>, own: &dyn Fn() -> Ask, tree: Option<TaxonomyId>| {
            let tree = self.tree(tree);
            let inside = |x: &NodeId, r: &[NodeId]| r.iter().any(|y| tree.is_some_and(|t| t.is(*x, *y)));
            named_within(g, r, &inside, &|x| Self::node_covers(*x, own(), tree))
        };
        let texts = |g: &Part<TextId>, r: &Part<TextId>, own: Option<FactId>| {
            let takes = |x: &TextId| match self.known(own) {
                Slot::None => Tri::F,
                Slot::Text(t) => Tri::of(t == x),
                _ => Tri::U,
            };
            named_within(g, r, &|x, r| r.contains(x), &takes)
        };
        match part {
            Dimension::Channel => {
                nodes(&g.channel, &r.channel, &|| Self::ask(self.known(k.channel)), k.channels)
            }
            Dimension::Purpose => nodes(&g.purpose, &r.purpose, &|| pair.purpose, k.purposes),
            Dimension::Topic => nodes(&g.topic, &r.topic, &|| pair.topic, k.topics),
            Dimension::Sender => nodes(&g.sender, &r.sender, &|| Self::ask(self.known(k.sender)), k.senders),
            Dimension::Address => texts(&g.address, &r.address, k.address),
            Dimension::Matter => texts(&g.matter, &r.matter, k.matter),
        }
    }

    /// A later grant lifts a revocation, for the contact, as far as it lies within it. On a tie the revocation wins.
    pub(super) fn lifts(&self, g: &Consent, r: &Consent, scope: &Scope, pair: Pair) -> Tri {
        if r.hi < g.lo { self.within(&g.scope, scope, pair) } else { Tri::F }
    }

    pub(super) fn in_row(&mut self, row: usize, ix: NodeIx) -> Tri {
        let before = self.event;
        self.event = Some((EventList::Consents, row as u32));
        let v = self.tri(ix);
        self.event = before;
        v
    }

    pub(super) fn cell(&self, column: Option<u16>, row: usize) -> &'a Slot {
        static UNKNOWN: Slot = Slot::Unknown;
        column.map_or(&UNKNOWN, |c| self.facts.consents.events.cell(c, row))
    }

    /// Whether whoever acted could grant.
    pub(super) fn could_grant(&self, row: usize) -> Tri {
        self.facts.consents.heads.get(row).map_or(Tri::U, |h| Self::known_or(h.could_grant))
    }

    /// Whether a grant is by the instrument, complete and not void; and its end.
    pub(super) fn instrument(&mut self, ix: u16, row: usize) -> (Tri, Option<Date>, Option<Date>) {
        let (Some(code), Some(typed)) =
            (self.p.instruments.get(ix as usize), self.p.policy.instruments.get(ix as usize))
        else {
            return (Tri::U, None, None);
        };
        let k = self.p.known.consents;
        let mut out = match self.cell(k.instrument_kind, row) {
            Slot::Text(t) => Tri::of(t.0 == code.name),
            Slot::None => Tri::F,
            _ => Tri::U,
        };
        for (element, when, _) in &code.elements {
            if out == Tri::F {
                break;
            }
            let has = match self.cell(k.instrument_elements, row) {
                Slot::Texts(list) => Tri::of(list.contains(&TextId(*element))),
                Slot::Text(t) => Tri::of(t.0 == *element),
                Slot::None => Tri::F,
                _ => Tri::U,
            };
            let asked = if *when == NO_NODE { Tri::T } else { self.in_row(row, *when) };
            out = out.min(asked.negate().max(has));
        }
        for void in &code.void {
            if out == Tri::F {
                break;
            }
            out = out.min(self.in_row(row, *void).negate());
        }
        let date = |fact| {
            let column = self.p.policy.vocabulary.decl(fact).map(|d| d.slot);
            self.cell(column, row)
        };
        match &typed.lasts {
            Lasts::Always => (out, None, None),
            Lasts::Through(f) => match date(*f) {
                Slot::Date { lo, hi } => (out, Some(*lo), Some(*hi)),
                Slot::None => (out, None, None),
                _ => (out.min(Tri::U), None, None),
            },
            Lasts::From(amount, f) => match date(*f) {
                Slot::Date { lo, hi } => {
                    // The anniversary is excluded: good through the day before it.
                    let end = |d: Date| {
                        let last = match (amount.months(), amount.days()) {
                            (Some(m), _) => d.add_months_down(i64::from(m)),
                            (None, Some(n)) => d.add_days(i64::from(n)),
                            (None, None) => d,
                        };
                        last.add_days(-1)
                    };
                    (out, Some(end(*lo)), Some(end(*hi)))
                }
                _ => (out.min(Tri::U), None, None),
            },
        }
    }

    /// Calls for a revocation's own scope and each that a pack derives from it, with how certainly that one counts.
    pub(super) fn scopes(
        &mut self,
        r: &'a Consent,
        row: usize,
        reaches: &'a [ReachCode],
        each: &mut dyn FnMut(&mut Self, &Scope, Tri),
    ) {
        each(self, &r.scope, Tri::T);
        for reach in reaches {
            let meets = match reach.of {
                None => Tri::T,
                Some(p) => {
                    let tree = self.tree(self.p.known.purposes);
                    match &r.scope.purpose {
                        Part::Open | Part::Unknown => Tri::T,
                        Part::Named(list) => {
                            Tri::of(list.iter().any(|n| tree.is_some_and(|t| t.is(*n, p) || t.is(p, *n))))
                        }
                    }
                }
            };
            let counts = if meets == Tri::F { Tri::F } else { meets.min(self.in_row(row, reach.filter)) };
            if counts == Tri::F {
                continue;
            }
            let mut wider = r.scope.clone();
            for d in &reach.open {
                match d {
                    Dimension::Channel => wider.channel = Part::Open,
                    Dimension::Purpose => wider.purpose = Part::Open,
                    Dimension::Topic => wider.topic = Part::Open,
                    Dimension::Sender => wider.sender = Part::Open,
                    Dimension::Address => wider.address = Part::Open,
                    Dimension::Matter => wider.matter = Part::Open,
                }
            }
            if let (false, Part::Named(own)) = (reach.channels.is_empty(), &wider.channel) {
                wider.channel = Part::named(own.iter().chain(&reach.channels).copied());
            }
            each(self, &wider, counts);
        }
    }

    /// An end with how long ago the grant was given, where a question asks for that.
    #[inline]
    pub(super) fn lately(&self, entry: Entry, row: u32, past: Option<Arg>) -> Entry {
        match (past, self.item(row)) {
            (Some(past), Some(g)) => Entry { given: Some(Given { lo: g.lo.0, hi: g.hi.0, past }), ..entry },
            _ => entry,
        }
    }

    /// Whether a grant was given so lately.
    pub(super) fn given(&self, given: Given) -> V {
        let v = match self.arg(given.past) {
            Slot::Amount(length) => Self::flip(self.each_lane(|e, lane| {
                let leaves = |at| e.past_leaves(lane, *length, at).unwrap_or((i64::MIN, NEVER));
                let (lo, hi) = (leaves(given.lo).0, leaves(given.hi).1);
                e.ray_in(lo, hi.max(lo))
            })),
            Slot::None => self.lift(Tri::F),
            _ => self.lift(Tri::U),
        };
        V { nc: v.nc.min(self.dated_until(given.past)), ..v }
    }

    /// A grant's end, joined with an instrument's.
    #[inline]
    pub(super) fn entry(
        &self,
        row: u32,
        ends: bool,
        part: u32,
        certain: bool,
        lo: Option<Date>,
        hi: Option<Date>,
    ) -> Entry {
        let mut out = Entry { part, certain, lo_day: lo, hi_day: hi, at: NEVER, given: None };
        if ends && let Some(g) = self.item(row) {
            let earlier = |a: Option<Date>, b: Option<Date>| match (a, b) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            out.lo_day = earlier(g.expires.on, lo);
            out.hi_day = earlier(g.expires.on, hi);
            out.at = g.expires.at.map_or(NEVER, |i| i.0);
        }
        out
    }
}

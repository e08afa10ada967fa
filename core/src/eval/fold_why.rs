//! What an unknown answer of the fold misses. The leaf is itself a Kleene formula — some grant covers, counts, runs, and no
//! revocation stands against it — and each unknown part of it gives its own fact.

use super::cover::{Ask, Pair, Reading};
use super::grant::PARTS;
use super::{Eval, Tri, Why};
use crate::facts::{By, Consent, ConsentKind, Part, Scope, Slot};
use crate::program::{ConsentCode, InstrumentCode, NO_NODE, RefusedCode};
use crate::taxonomy::NodeId;
use crate::typed::{Dimension, Holder, Lasts};

fn known<T: PartialEq>(part: &Part<T>) -> bool {
    *part != Part::Unknown
}

impl<'a> Eval<'a> {
    /// The contact's own parts that a scope names and nobody gave.
    pub(super) fn miss_covers(&self, s: &Scope, pair: Pair, reading: Reading, out: &mut Why) {
        let k = &self.p.known;
        let channel = Self::ask(self.known(k.channel));
        let sender = Self::ask(self.known(k.sender));
        if self.covers(s, pair, reading) != Tri::U {
            return;
        }
        let undeclared =
            |part: &Part<NodeId>| matches!(part, Part::Unknown) && reading != Reading::Revocation;
        if [&s.channel, &s.purpose, &s.topic, &s.sender].into_iter().any(undeclared)
            || (reading != Reading::Revocation && (s.address == Part::Unknown || s.matter == Part::Unknown))
        {
            self.miss_word("consent", out);
        }
        let unknown = |v: Tri| v == Tri::U;
        if channel == Ask::Unknown
            && unknown(self.part_nodes(&s.channel, channel, self.tree(k.channels), reading))
        {
            self.miss_some(k.channel, out);
        }
        if matches!(pair.purpose, Ask::Unknown | Ask::Within(_))
            && unknown(self.part_nodes(&s.purpose, pair.purpose, self.tree(k.purposes), reading))
        {
            self.miss_some(k.purpose, out);
        }
        if pair.topic == Ask::Unknown
            && unknown(self.part_topic(&s.topic, pair.topic, self.tree(k.topics), reading))
        {
            self.miss_some(k.topic, out);
        }
        if sender == Ask::Unknown
            && unknown(self.part_nodes(&s.sender, sender, self.tree(k.senders), reading))
        {
            self.miss_some(k.sender, out);
        }
        if unknown(self.part_text(&s.address, self.known(k.address), reading)) {
            self.miss_some(k.address, out);
        }
        if unknown(self.part_text(&s.matter, self.known(k.matter), reading)) {
            self.miss_some(k.matter, out);
        }
    }

    /// What it misses whether a grant lies within a revocation: a name that nobody declared, or what the contact is.
    fn miss_within(&self, g: &Scope, r: &Scope, pair: Pair, out: &mut Why) {
        let k = &self.p.known;
        for part in PARTS {
            if self.part_within(part, g, r, pair) != Tri::U {
                continue;
            }
            let (named, own) = match part {
                Dimension::Channel => (known(&g.channel) && known(&r.channel), k.channel),
                Dimension::Purpose => (known(&g.purpose) && known(&r.purpose), k.purpose),
                Dimension::Topic => (known(&g.topic) && known(&r.topic), k.topic),
                Dimension::Sender => (known(&g.sender) && known(&r.sender), k.sender),
                Dimension::Address => (known(&g.address) && known(&r.address), k.address),
                Dimension::Matter => (known(&g.matter) && known(&r.matter), k.matter),
            };
            if named {
                self.miss_some(own, out);
            } else {
                self.miss_word("consent", out);
            }
        }
    }

    pub(super) fn miss_some(&self, fact: Option<crate::typed::FactId>, out: &mut Why) {
        if let Some(f) = fact {
            self.miss_fact(f, out);
        }
    }

    pub(super) fn miss_event(&self, n: usize, out: &mut Why) {
        if let Some(Some(f)) = self.p.known.consents.misses.get(n) {
            self.miss_always(*f, out);
        }
    }

    fn miss_in_row(&mut self, row: usize, ix: u32, out: &mut Why) {
        if ix == NO_NODE {
            return;
        }
        let before = self.event;
        self.event = Some((crate::typed::EventList::Consents, row as u32));
        let all = self.all;
        self.missing(ix, all, out);
        self.event = before;
    }

    fn miss_could_grant(&self, g: &Consent, row: usize, out: &mut Why) {
        if self.could_grant(row) != Tri::U {
            return;
        }
        if g.is_undated() {
            self.miss_word("history.time", out);
        }
        match g.by {
            Some(By::AuthorisedAgent)
                if matches!(self.cell(self.p.known.consents.signed_permission, row), Slot::Unknown) =>
            {
                self.miss_event(2, out);
            }
            Some(By::Inferred) if g.level.is_none() => self.miss_event(0, out),
            _ => {}
        }
    }

    fn miss_instrument(&mut self, ix: u16, row: usize, out: &mut Why) {
        let (Some(code), Some(typed)) =
            (self.p.instruments.get(ix as usize), self.p.policy.instruments.get(ix as usize))
        else {
            return;
        };
        let code: &InstrumentCode = code;
        let k = self.p.known.consents;
        if matches!(self.cell(k.instrument_kind, row), Slot::Unknown) {
            self.miss_event(3, out);
        }
        for (_, when, name) in &code.elements {
            let known = !matches!(self.cell(k.instrument_elements, row), Slot::Unknown);
            let asked = if *when == NO_NODE { Tri::T } else { self.in_row(row, *when) };
            if !known && asked != Tri::F {
                out.set(u32::from(*name));
            }
            if asked == Tri::U {
                self.miss_in_row(row, *when, out);
            }
        }
        for void in &code.void {
            if self.in_row(row, *void) == Tri::U {
                self.miss_in_row(row, *void, out);
            }
        }
        let dated = match &typed.lasts {
            Lasts::Always => None,
            Lasts::Through(f) | Lasts::From(_, f) => Some(*f),
        };
        if let Some(f) = dated {
            let column = self.p.policy.vocabulary.decl(f).map(|d| d.slot);
            if matches!(self.cell(column, row), Slot::Unknown | Slot::Date { .. }) {
                let slot = self.cell(column, row);
                if !matches!(slot, Slot::Date { lo, hi } if lo == hi) {
                    self.miss_always(f, out);
                }
            }
        }
    }

    /// What the standing of revocations against a grant misses.
    fn miss_survival(
        &mut self,
        g: &'a Consent,
        level: NodeId,
        pair: Pair,
        q: &'a ConsentCode,
        out: &mut Why,
    ) {
        let facts = self.facts;
        for (row, r) in facts.consents.items.iter().enumerate() {
            if r.kind != ConsentKind::Revoke || !self.ends(&r.families, level) {
                continue;
            }
            self.miss_against(g, r, row, pair, q, out);
        }
    }

    fn miss_against(
        &mut self,
        g: &'a Consent,
        r: &'a Consent,
        row: usize,
        pair: Pair,
        q: &'a ConsentCode,
        out: &mut Why,
    ) {
        let (reaches, ours) = (&q.reaches, self.ends_for_seller(q, row));
        let mut found: Vec<(Scope, Tri)> = Vec::new();
        self.scopes(r, row, reaches, &mut |_, scope, counts| found.push((scope.clone(), counts)));
        for (scope, counts) in found {
            let covers = self.covers(&scope, pair, Reading::Revocation).min(counts).min(ours);
            let lifts = self.lifts(g, r, &scope, pair);
            if covers.min(lifts.negate()) != Tri::U {
                continue;
            }
            self.miss_covers(&scope, pair, Reading::Revocation, out);
            if lifts == Tri::U {
                self.miss_within(&g.scope, &scope, pair, out);
            }
            if ours == Tri::U {
                self.miss_some(self.p.known.seller, out);
            }
            if counts == Tri::U {
                for reach in reaches {
                    self.miss_in_row(row, reach.filter, out);
                }
            }
        }
    }

    pub(super) fn miss_consent(&mut self, ix: u32, lanes: u32, out: &mut Why) {
        let Some(q) = self.p.consents.get(ix as usize) else { return };
        if !self.facts.consents.events.known {
            out.set(u32::from(q.missing));
            return;
        }
        let Some(levels) = self.levels(q.level) else {
            if let crate::program::LevelCode::Fact(crate::program::Arg::Fact(f)) = q.level {
                self.miss_fact(f, out);
            }
            return;
        };
        let before = out.clone();
        let mut pairs = Vec::new();
        self.pairs(q.purpose, &mut |p| pairs.push(p));
        for level in levels {
            for pair in &pairs {
                self.miss_pair(q, level, *pair, lanes, out);
            }
        }
        if *out == before {
            out.set(u32::from(q.missing));
        }
    }

    fn miss_pair(&mut self, q: &'a ConsentCode, level: NodeId, pair: Pair, lanes: u32, out: &mut Why) {
        let facts = self.facts;
        let tree = self.tree(self.p.known.levels);
        let by_recipient = match q.holder {
            Holder::Recipient => true,
            Holder::Person => false,
            Holder::ByLevel => self.p.held_by_recipient.has(level.0),
        };
        let mut own = Why::default();
        for (row, g) in facts.consents.items.iter().enumerate() {
            if g.kind != ConsentKind::Grant {
                continue;
            }
            let named = g.level.map_or(Tri::U, |l| Tri::of(tree.is_some_and(|t| t.is(l, level))));
            let held = if by_recipient { g.of_recipient } else { g.of_person };
            let mut counts = named
                .min(self.covers(&g.scope, pair, Reading::Grant))
                .min(held.map_or(Tri::U, Tri::of))
                .min(self.could_grant(row));
            if q.filter != NO_NODE {
                counts = counts.min(self.in_row(row, q.filter));
            }
            let (mut lo, mut hi) = (None, None);
            if let Some(i) = q.instrument {
                let (v, a, b) = self.instrument(i, row);
                counts = counts.min(v);
                (lo, hi) = (a, b);
            }
            let survives = if counts == Tri::F { Tri::F } else { self.survives(g, level, pair, q) };
            let entry = self.entry(row as u32, true, 0, true, lo, hi);
            let ends = self.alive(&entry);
            let runs = self.alive(&self.lately(entry, row as u32, q.given));
            let open = lanes & !runs.f;
            if counts.min(survives) == Tri::F || open == 0 {
                continue;
            }
            if counts.min(survives) == Tri::T && runs.t & lanes == lanes {
                // This pair has its answer: what other grants lack does not matter.
                return;
            }
            if named == Tri::U {
                self.miss_event(0, &mut own);
            }
            self.miss_covers(&g.scope, pair, Reading::Grant, &mut own);
            if held.is_none() {
                self.miss_event(1, &mut own);
            }
            self.miss_could_grant(g, row, &mut own);
            self.miss_in_row(row, q.filter, &mut own);
            if let Some(i) = q.instrument {
                self.miss_instrument(i, row, &mut own);
            }
            if survives == Tri::U {
                self.miss_survival(g, level, pair, q, &mut own);
            }
            if open & !ends.t != 0 && self.unknown_zone(lanes) {
                self.miss_word("recipient_time_zone", &mut own);
            }
            if open & !runs.t != 0
                && let Some(past) = q.given
            {
                self.miss_given(past, row, lanes, &mut own);
            }
        }
        out.union(&own);
    }

    pub(super) fn miss_refused(&mut self, ix: u32, lanes: u32, out: &mut Why) {
        let Some(q) = self.p.refusals.get(ix as usize) else { return };
        if !self.facts.consents.events.known {
            self.miss_word("consent", out);
            return;
        }
        let facts = self.facts;
        let before = out.clone();
        let mut pairs = Vec::new();
        self.pairs(q.purpose, &mut |p| pairs.push(p));
        for pair in pairs {
            for (row, r) in facts.consents.items.iter().enumerate() {
                if r.kind != ConsentKind::Revoke || q.renewed.is_some_and(|l| !self.ends(&r.families, l)) {
                    continue;
                }
                let ours = self.heeded(q, row);
                if ours == Tri::F {
                    continue;
                }
                let mut found: Vec<(Scope, Tri)> = Vec::new();
                self.scopes(r, row, &q.reaches, &mut |_, scope, counts| found.push((scope.clone(), counts)));
                for (scope, counts) in found {
                    let covers = self.covers(&scope, pair, Reading::Revocation).min(counts).min(ours);
                    let lifted = self.lifted(q, r, &scope, pair);
                    if covers == Tri::F || lifted.t & lanes == lanes {
                        continue;
                    }
                    self.miss_covers(&scope, pair, Reading::Revocation, out);
                    if ours == Tri::U {
                        if q.same_seller && self.to_same_seller(row) == Tri::U {
                            self.miss_some(self.p.known.seller, out);
                        }
                        self.miss_in_row(row, q.filter, out);
                    }
                    if counts == Tri::U {
                        for reach in &q.reaches {
                            self.miss_in_row(row, reach.filter, out);
                        }
                    }
                    if lifted.f & lanes != lanes {
                        self.miss_lift(q, r, &scope, pair, lanes, out);
                    }
                }
            }
        }
        if *out == before {
            self.miss_word("consent", out);
        }
    }

    fn miss_lift(
        &mut self,
        q: &RefusedCode,
        r: &Consent,
        scope: &Scope,
        pair: Pair,
        lanes: u32,
        out: &mut Why,
    ) {
        let (facts, Some(level)) = (self.facts, q.renewed) else { return };
        let tree = self.tree(self.p.known.levels);
        for (row, g) in facts.consents.items.iter().enumerate() {
            let named = g.level.map_or(Tri::U, |l| Tri::of(tree.is_some_and(|t| t.is(l, level))));
            let lifts = self.lifts(g, r, scope, pair);
            let held = self.held(row, self.by_recipient(q.renewed));
            let counts = named
                .min(lifts)
                .min(self.covers(&g.scope, pair, Reading::Grant))
                .min(self.could_grant(row))
                .min(held);
            let fits = if counts == Tri::F { counts } else { self.in_row(row, q.renewed_filter) };
            let counts = counts.min(fits);
            if g.kind != ConsentKind::Grant || counts == Tri::F {
                continue;
            }
            if named == Tri::U {
                self.miss_event(0, out);
            }
            if lifts == Tri::U {
                self.miss_within(&g.scope, scope, pair, out);
            }
            if held == Tri::U {
                self.miss_event(1, out);
            }
            if fits == Tri::U {
                self.miss_in_row(row, q.renewed_filter, out);
            }
            self.miss_covers(&g.scope, pair, Reading::Grant, out);
            self.miss_could_grant(g, row, out);
            let runs = self.alive(&self.entry(row as u32, true, 0, true, None, None));
            if lanes & !runs.t & !runs.f != 0 && self.unknown_zone(lanes) {
                self.miss_word("recipient_time_zone", out);
            }
        }
    }
}

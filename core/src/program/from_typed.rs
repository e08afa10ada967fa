//! The step from typed policy to program: rules, exemptions, instruments, and the facts the engine reads by itself.

use super::lower::{Lowering, fact, missing_table, small};
use super::{
    AllSaid, Bits, Code, ConsentColumns, Dispatch, Duty, DutyCode, DutySource, ExemptionCode, InstrumentCode,
    Known, NO_NODE, NodeIx, Pace, Program, RuleCode,
};
use crate::facts::Interner;
use crate::taxonomy::NodeId;
use crate::time::{Instant, Zone};
use crate::typed::{
    Cond, CondAt, CondId, Exemption, How, InForce, Include, Instrument, Kind, Law, Oblige, ObligeValue,
    Operand, Policy, Rule, Template, TemplatePart,
};
use crate::value::Type;
use std::sync::Arc;

impl Program {
    /// Lowers a policy. Cannot fail: the checker has refused what could.
    #[must_use]
    pub fn from_typed(policy: Arc<Policy>) -> Program {
        let empty = Program {
            policy: Arc::clone(&policy),
            rules: Vec::new(),
            dispatch: Dispatch::default(),
            nodes: Vec::new(),
            written: Vec::new(),
            moves: Vec::new(),
            kids: Vec::new(),
            quick: Vec::new(),
            fast: Vec::new(),
            consts: Vec::new(),
            values: Vec::new(),
            sets: Vec::new(),
            bits: Vec::new(),
            spans_in_force: Vec::new(),
            windows: Vec::new(),
            weeks: Vec::new(),
            maps: Vec::new(),
            moments: Vec::new(),
            asked: Vec::new(),
            consents: Vec::new(),
            refusals: Vec::new(),
            counts: Vec::new(),
            instruments: Vec::new(),
            event_kinds: Vec::new(),
            dated: Vec::new(),
            duties: Vec::new(),
            missing: Vec::new(),
            missing_of: Vec::new(),
            extra_rules: Vec::new(),
            clocks: Vec::new(),
            day_clocks: Vec::new(),
            texts: Arc::new(Interner::default()),
            known: known(&policy),
            sensitive: Bits::default(),
            held_by_recipient: Bits::default(),
            sellers: sellers(&policy),
            said: AllSaid::default(),
        };
        let mut l = Lowering::new(&policy, empty);
        missing_table(&mut l);
        l.out.sensitive = marked(&policy, "topic", "sensitive");
        l.out.held_by_recipient = marked(&policy, "level", "held_by_recipient");
        for d in &policy.dated {
            let editions = d.editions.iter().map(|(at, v)| (*at, l.slot(v))).collect();
            l.out.dated.push(editions);
        }
        for i in &policy.instruments {
            let code = instrument(&mut l, i);
            l.out.instruments.push(code);
        }
        let mut rules = Vec::with_capacity(policy.rules.len());
        for (n, r) in policy.rules.iter().enumerate() {
            let code = rule(&mut l, r, n);
            rules.push(code);
        }
        if let Some(r) = reach(&policy) {
            l.out.extra_rules.push(r.clone());
            let code = rule(&mut l, &r, policy.rules.len());
            rules.push(code);
        }
        // Rules that no time heals come first: one that blocks ends an outcome-only decision.
        rules.sort_by_key(|r| (r.pace, l.cost(r.blocks), r.rule));
        l.out.said = AllSaid::of(rules.len());
        l.out.rules = rules;
        l.out.texts = Arc::new(l.texts);
        let mut program = l.out;
        program.dispatch = Dispatch::of(&program);
        program
    }

    /// The typed rule behind a lowered one.
    #[must_use]
    pub fn typed_rule(&self, rule: u32) -> Option<&Rule> {
        let n = rule as usize;
        match n.checked_sub(self.policy.rules.len()) {
            None => self.policy.rules.get(n),
            Some(extra) => self.extra_rules.get(extra),
        }
    }
}

fn known(policy: &Policy) -> Known {
    let f = |path: &str| fact(policy, path);
    let t = |name: &str| policy.vocabulary.taxonomy(name).map(|x| x.0);
    let column = |path: &str| policy.vocabulary.decl(policy.vocabulary.fact(path)?).map(|d| d.slot);
    let six = |list: &str| {
        ["channel", "purpose", "topic", "sender", "address", "matter"]
            .map(|name| column(&format!("{list}.{name}")).unwrap_or(u16::MAX))
    };
    Known {
        senders: t("sender"),
        contacts: six("contacts"),
        interactions: six("interactions"),
        consents: ConsentColumns {
            signed_permission: column("consents.signed_permission"),
            means: column("consents.means"),
            given_to: column("consents.given_to"),
            instrument_kind: column("consents.instrument.kind"),
            instrument_elements: column("consents.instrument.elements"),
            misses: ["level", "holder", "signed_permission", "instrument.kind", "given_to"]
                .map(|x| f(&format!("consents.{x}"))),
        },
        interaction_kind: column("interactions.kind"),
        channel: f("contact.channel"),
        purpose: f("contact.purpose"),
        topic: f("contact.topic"),
        matter: f("contact.matter"),
        data: f("contact.data"),
        fields: f("contact.fields"),
        stage: f("contact.stage"),
        includes: f("content.includes"),
        sender: f("sender.id"),
        seller: f("sender.seller"),
        address: f("address.value"),
        address_jurisdictions: f("address.jurisdictions"),
        recipient_jurisdictions: f("recipient.jurisdictions"),
        person_id: f("person.id"),
        recipient_id: f("recipient.id"),
        role: f("recipient.role"),
        authority: ["recorded", "scope", "expires_on"].map(|x| f(&format!("recipient.authority.{x}"))),
        minor_exception: f("recipient.minor_exception"),
        minor_none: f("recipient.minor_exception").and_then(|id| policy.vocabulary.decl(id)).and_then(|d| {
            match &d.ty {
                Type::Choice(words) => words.iter().position(|w| w == "none").map(small),
                _ => None,
            }
        }),
        endangerment: f("recipient.endangerment"),
        topics: t("topic"),
        levels: t("level"),
        self_role: policy.vocabulary.taxonomy("recipient_role").and_then(|(_, t)| t.find("self")),
        channels: t("channel"),
        purposes: t("purpose"),
        jurisdictions: t("jurisdiction"),
    }
}

fn marked(policy: &Policy, taxonomy: &str, mark: &str) -> Bits {
    let mut out = Bits::default();
    if let Some((_, t)) = policy.vocabulary.taxonomy(taxonomy) {
        (0..t.nodes.len() as u32).filter(|n| t.inherits(NodeId(*n), mark)).for_each(|n| out.set(n));
    }
    out
}

fn sellers(policy: &Policy) -> Vec<NodeId> {
    let tree = policy.vocabulary.taxonomy("sender").map(|x| x.1);
    tree.map_or_else(Vec::new, |t| {
        (0..t.nodes.len() as u32)
            .map(|n| t.nearest_marked(NodeId(n), "seller").unwrap_or(NodeId(n)))
            .collect()
    })
}

fn instrument(l: &mut Lowering<'_>, i: &Instrument) -> InstrumentCode {
    let elements = i
        .elements
        .iter()
        .map(|e| {
            let when = l.maybe(e.when.as_ref());
            let missing = l.missing(&format!("{}.{}", i.missing, e.name));
            (l.texts.intern(&e.name).0, when, missing)
        })
        .collect();
    let void = i.void.iter().map(|c| l.cond(c)).collect();
    InstrumentCode { name: l.texts.intern(&i.name).0, elements, void, level: i.level }
}

fn in_force(l: &mut Lowering<'_>, span: InForce) -> Option<NodeIx> {
    if span.from == Instant::MIN && span.until == Instant::MAX {
        return None;
    }
    l.out.spans_in_force.push(span);
    let n = u32::try_from(l.out.spans_in_force.len() - 1).unwrap_or(u32::MAX);
    Some(l.node(Code::InForce(n), true, None))
}

fn not(l: &mut Lowering<'_>, k: NodeIx) -> NodeIx {
    let m = l.moves(k);
    l.node(Code::Not(k), m, None)
}

/// What must be in the content: one node an element, checked when the message is final.
fn includes(l: &mut Lowering<'_>, list: &[Include]) -> Vec<NodeIx> {
    let mut out = Vec::new();
    for include in list {
        let when = include.when.as_ref().map(|c| l.cond(c));
        for element in &include.elements {
            let name = element_name(l.policy, *element);
            let missing = l.missing(&format!("content.{name}"));
            let Some((tax, _)) = l.policy.vocabulary.taxonomy("content_element") else { continue };
            let set = l.set(tax, &[*element]);
            let has = l.node(Code::Includes(set, missing), false, None);
            out.push(match when {
                None => has,
                Some(w) => {
                    let off = not(l, w);
                    l.join(false, vec![off, has], None)
                }
            });
        }
    }
    out
}

fn element_name(policy: &Policy, node: NodeId) -> String {
    policy
        .vocabulary
        .taxonomy("content_element")
        .map_or_else(String::new, |(_, t)| t.name_of(node).to_string())
}

fn duties(
    l: &mut Lowering<'_>,
    list: &[Include],
    acts: &[Oblige],
    first: usize,
    (source, requires): (DutySource, NodeIx),
) -> Vec<Duty> {
    let mut out = Vec::new();
    for include in list {
        let when = l.maybe(include.when.as_ref());
        for element in &include.elements {
            let name = element_name(l.policy, *element);
            out.push(l.duty(DutyCode::Include { element: *element, source }, (&name, &[]), when));
        }
    }
    for (n, act) in acts.iter().enumerate() {
        let (mut moments, mut amount, mut calendar) = (None, None, None);
        match &act.value {
            ObligeValue::Amount(o) => amount = Some(l.arg(o)),
            ObligeValue::Deadline(d) => {
                let as_of = d.as_of.as_ref().map(|m| l.moment_of(m, requires));
                moments = Some((as_of, l.moment_of(&d.after, requires)));
                amount = Some(l.arg(&d.amount));
                calendar = d.calendar.map(small);
            }
            ObligeValue::Nothing | ObligeValue::Is(_) | ObligeValue::Words(_) => {}
        }
        let oblige = u32::try_from(first + n).unwrap_or(u32::MAX);
        let code = DutyCode::Oblige { oblige, source, moments, amount, calendar };
        out.push(l.duty(code, (&act.id, &act.cites), NO_NODE));
    }
    out
}

fn exemption(l: &mut Lowering<'_>, n: usize, e: &Exemption, when: Option<&CondAt>) -> ExemptionCode {
    let mut parts = Vec::new();
    parts.extend(in_force(l, e.in_force));
    if let Some(c) = when {
        parts.push(l.cond(c));
    }
    parts.push(l.cond(&e.when));
    for c in &e.provided {
        parts.push(l.cond(c));
    }
    parts.extend(includes(l, &e.includes));
    let holds = l.join(true, parts.clone(), None);
    let exemption = u32::try_from(n).unwrap_or(u32::MAX);
    // Whichever rule it carries, it owes the same.
    let duties = match l.owed_by.get(&exemption) {
        Some(known) => known.clone(),
        None => duties(l, &e.includes, &e.obliges, 0, (DutySource::Exemption(exemption), NO_NODE)),
    };
    l.owed_by.insert(exemption, duties.clone());
    ExemptionCode { exemption, holds, parts, duties }
}

fn rule(l: &mut Lowering<'_>, r: &Rule, n: usize) -> RuleCode {
    let mut applies = Vec::new();
    applies.extend(in_force(l, r.in_force));
    applies.push(l.cond(&r.when));
    let applies = l.join(true, applies, None);

    let mut parts: Vec<NodeIx> = r.requires.iter().map(|c| l.cond(c)).collect();
    parts.extend(includes(l, &r.includes));
    let categories = l.policy.vocabulary.taxonomy("data_category").map(|x| x.0);
    let mut carries = Vec::new();
    for (nodes, chosen_by) in [(&r.disclose_only, false), (&r.use_only, true)] {
        let (Some(nodes), Some(t)) = (nodes, categories) else { continue };
        let set = l.set(t, nodes);
        carries.push(set);
        parts.push(l.node(Code::NeededFields(set), false, None));
        if chosen_by {
            parts.push(l.node(Code::DataOnly(set), false, None));
        }
    }
    let requires = if parts.is_empty() {
        l.node(Code::Const(true), false, None)
    } else {
        l.join(true, parts.clone(), None)
    };

    let mut unless = Vec::new();
    for u in &r.unless {
        if let Some(e) = l.policy.exemptions.get(u.exemption) {
            let code = exemption(l, u.exemption, e, u.when.as_ref());
            unless.push(code);
        }
    }
    let mut free: Vec<NodeIx> = Vec::new();
    for e in &unless {
        free.push(not(l, e.holds));
    }
    let lacks = not(l, requires);
    let mut blocks = vec![applies, lacks];
    blocks.extend(&free);
    let mut rest = Vec::new();
    super::dispatch::conjuncts(&l.out, applies, &mut rest);
    rest = super::dispatch::settled(&l.out, &rest);
    rest.extend(blocks.iter().skip(1));
    let fast = l.fast(&rest);
    let blocks = l.join(true, blocks, None);
    let mut binds = vec![applies];
    binds.extend(&free);
    let binds = l.join(true, binds, None);

    let source = DutySource::Rule(u32::try_from(n).unwrap_or(u32::MAX));
    let owed = duties(l, &r.includes, &r.obliges, 0, (source, requires));
    let on_refusal = duties(l, &[], &r.on_refusal, r.obliges.len(), (source, requires));
    let clock = r.clock.as_ref().map(|z| clock(l, z));
    RuleCode {
        rule: u32::try_from(n).unwrap_or(u32::MAX),
        blocks,
        fast,
        applies,
        requires,
        demands: r.demands_more_than_content(&l.policy.vocabulary),
        parts,
        binds,
        carries,
        unless,
        duties: owed,
        on_refusal,
        each: r.each,
        clock,
        kind: r.kind,
        pace: pace(l, blocks),
    }
}

fn clock(l: &mut Lowering<'_>, zone: &Arc<Zone>) -> u8 {
    let at = l.out.clocks.iter().position(|z| z.name() == zone.name()).unwrap_or_else(|| {
        l.out.clocks.push(Arc::clone(zone));
        l.out.clocks.len() - 1
    });
    u8::try_from(at).unwrap_or(u8::MAX)
}

fn pace(l: &Lowering<'_>, ix: NodeIx) -> Pace {
    if !l.moves(ix) {
        return Pace::Static;
    }
    let mut pace = Pace::Threshold;
    let mut stack = vec![ix];
    while let Some(ix) = stack.pop() {
        match l.out.nodes.get(ix as usize) {
            Some(Code::All(k) | Code::Any(k)) => {
                stack.extend((k.at..k.at + k.len).filter_map(|i| l.out.kids.get(i as usize).copied()));
            }
            Some(Code::Not(k) | Code::Known(k)) => stack.push(*k),
            Some(
                Code::Between(_)
                | Code::Week(_)
                | Code::WeekOf(_)
                | Code::Weekday(_)
                | Code::Holiday(_)
                | Code::BusinessDay(_),
            ) => pace = Pace::Periodic,
            _ => {}
        }
    }
    pace
}

/// The root policy's reach as a rule: the silence of the loaded law is not leave.
fn reach(policy: &Policy) -> Option<Rule> {
    let first = policy.reach.first()?;
    let at = |cond: Cond| CondAt { cond, id: CondId(u32::MAX), span: first.span };
    let channel = fact(policy, "contact.channel");
    let places = fact(policy, "recipient.jurisdictions");
    let channels = policy.vocabulary.taxonomy("channel").map(|x| x.0);
    let states = policy.vocabulary.taxonomy("jurisdiction").map(|x| x.0);
    let mut any = Vec::new();
    if let (Some(channel), Some(places), Some(channels), Some(states)) = (channel, places, channels, states) {
        for r in &policy.reach {
            any.push(at(Cond::All(vec![
                at(Cond::Is {
                    what: Operand::Fact(channel),
                    how: How::Some,
                    taxonomy: channels,
                    nodes: r.channels.clone(),
                }),
                at(Cond::Is {
                    what: Operand::Fact(places),
                    how: How::Only,
                    taxonomy: states,
                    nodes: r.jurisdictions.clone(),
                }),
            ])));
        }
    }
    let pack = policy.root().unwrap_or(0);
    let name = policy.packs.get(pack as usize).map_or("policy", |p| &p.name);
    let text = "The organisation's policy does not reach this channel in this place: the silence of the loaded law is not leave.";
    Some(Rule {
        id: format!("{name}.reach"),
        pack,
        law: Law::default(),
        in_force: InForce { from: Instant::MIN, until: Instant::MAX },
        since: None,
        until: None,
        clock: None,
        each: None,
        when: at(Cond::Const(true)),
        requires: vec![at(Cond::Any(any))],
        includes: Vec::new(),
        disclose_only: None,
        use_only: None,
        unless: Vec::new(),
        obliges: Vec::new(),
        on_refusal: Vec::new(),
        because: Template { parts: vec![TemplatePart::Text(text.to_string())] },
        kind: Kind::NoBasis,
        doc: String::new(),
        span: first.span,
    })
}

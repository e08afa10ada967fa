//! The program as bytes: what conditions ask, lowered when the packs were compiled. What follows from the rest is made again: tables
//! of candidates, constants as slots.

use super::bytes::{Coded, Damage, Reader, Writer, choice, layout, record};
use super::sound;
use crate::facts::{Interner, TextId};
use crate::program::{
    AllSaid, Arg, Bits, Code, ConsentCode, ConsentColumns, CountCode, Dispatch, Duty, DutyCode, DutySource,
    EventsCode, ExemptionCode, Fast, InstrumentCode, Kids, Known, LevelCode, MapAsk, MomentCode, NodeSet,
    Pace, Program, ReachCode, RefusedCode, RuleCode, Steps, WindowCode, slot,
};
use crate::typed::Policy;
use crate::value::Value;
use std::sync::Arc;

layout! {
record!(NodeSet { yes, maybe });
record!(Kids { at, len });
record!(Steps { at, len, still });
choice!(Arg { 0 Const(n), 1 Fact(fact), 2 Field(n, fact), 3 Record(n), 4 Map(n), 5 Setting(n), 6 Dated(n), });
choice!(Code {
    0 Const(yes),
    1 All(kids),
    2 Any(kids),
    3 Not(node),
    4 Known(node),
    5 InForce(n),
    6 True(what),
    7 Exists(what),
    8 IsFact(fact, set),
    9 Is { arg, how, at, len },
    10 IsAmong { arg, how, taxonomy, of },
    11 Same(a, b),
    12 SameSeller(what),
    13 Compare(a, op, b),
    14 CompareDay(a, op, b, clock),
    15 Age(fact, op, years),
    16 In { arg, at, len },
    17 Between(n),
    18 Week(n),
    19 WeekOf(what),
    20 Weekday(days),
    21 Holiday(calendar),
    22 BusinessDay(calendar),
    23 Today(op, what),
    24 Before(moment),
    25 From(moment),
    26 NoLaterThan(moment, amount, calendar),
    27 Passed(moment, amount, calendar),
    28 LocalDaysOf(moment, from_day, to_day),
    29 Consent(n),
    30 Refused(n),
    31 Count(n),
    32 Listed(list),
    33 Signal(kind),
    34 CoversContact(what),
    35 CoversAllOfContact(what),
    36 CoversEvent(what),
    37 EventCoversContact,
    38 EventOfLevels(what),
    39 Authorised,
    40 EventIs(what, list, kind),
    41 EventWhere(what, list, node),
    42 GivenToSeller,
    43 Includes(set, missing),
    44 NeededFields(set),
    45 DataOnly(set),
});
record!(MapAsk { fact, first, second });
record!(EventsCode { list, filter });
choice!(MomentCode { 0 At(what), 1 Latest(set), 2 Refusal(node), });
choice!(WindowCode { 0 Always, 1 Past(amount), 2 Week(first), 3 Month, 4 Since(moment), });
record!(CountCode { events, window, op, n, most, length });
choice!(LevelCode { 0 AtLeast(level), 1 Fact(what), });
record!(ConsentCode { level, holder, purpose, asked, given, filter, heeds_seller, instrument, reaches, missing });
record!(RefusedCode { purpose, asked, filter, same_seller, renewed, renewed_filter, except, reaches });
record!(ReachCode { of, filter, open, channels });
record!(InstrumentCode { name, elements, void, level });
record!(Duty { duty, told, when });
choice!(DutySource { 0 Rule(n), 1 Exemption(n), });
choice!(DutyCode { 0 Include { element, source }, 1 Oblige { oblige, source, moments, amount, calendar }, });
record!(ExemptionCode { exemption, holds, parts, duties });
choice!(Pace { 0 Static, 1 Threshold, 2 Periodic, });
record!(RuleCode {
    rule, blocks, fast, applies, requires, demands, parts, binds, carries, unless, duties, on_refusal, each, clock, kind,
    pace,
});
record!(ConsentColumns { signed_permission, means, given_to, instrument_kind, instrument_elements, misses });
record!(Known {
    channel, purpose, topic, matter, data, fields, stage, includes, sender, seller, address, address_jurisdictions,
    recipient_jurisdictions, person_id, recipient_id, role, authority, minor_exception, minor_none, endangerment, topics,
    levels, self_role, channels, senders, contacts, interactions, consents, interaction_kind, purposes, jurisdictions,
});
}

impl Coded for Bits {
    fn put(&self, out: &mut Writer<'_>) {
        self.0.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        Bits(Vec::get(from))
    }
}

impl Coded for Fast {
    fn put(&self, out: &mut Writer<'_>) {
        match self {
            Fast::Const(yes) => (0u8, *yes).put(out),
            Fast::Mask { fact, not, yes, maybe } => (1u8, (*fact, *not, (*yes, *maybe))).put(out),
            Fast::Still(node, not) => (2u8, *node, *not).put(out),
            // What it asks is its node's code.
            Fast::Moving(_, node, not) => (3u8, *node, *not).put(out),
            Fast::All(steps) => (4u8, *steps).put(out),
            Fast::Any(steps) => (5u8, *steps).put(out),
        }
    }
    fn get(from: &mut Reader<'_>) -> Self {
        match from.byte() {
            0 => Fast::Const(Coded::get(from)),
            1 => {
                let (fact, not, (yes, maybe)) = Coded::get(from);
                Fast::Mask { fact, not, yes, maybe }
            }
            2 => Fast::Still(Coded::get(from), Coded::get(from)),
            3 => Fast::Moving(Code::Const(false), Coded::get(from), Coded::get(from)),
            4 => Fast::All(Coded::get(from)),
            5 => Fast::Any(Coded::get(from)),
            _ => {
                from.fail(Damage::Wrong);
                Fast::Const(false)
            }
        }
    }
}

/// Writes it, its policy before it.
pub(super) fn put(program: &Program, out: &mut Writer<'_>) {
    let Program {
        policy,
        rules,
        dispatch: _,
        nodes,
        written,
        moves,
        kids,
        quick,
        fast,
        consts: _,
        values,
        sets,
        bits,
        spans_in_force,
        windows,
        weeks,
        maps,
        moments,
        asked,
        consents,
        refusals,
        counts,
        instruments,
        event_kinds,
        dated: _,
        duties,
        missing,
        missing_of,
        extra_rules,
        clocks,
        day_clocks,
        texts,
        known,
        sensitive,
        held_by_recipient,
        sellers,
        said: _,
    } = program;
    policy.put(out);
    // Every text has its number by the order of these.
    out.number(u64::from(texts.len()));
    (0..texts.len()).for_each(|n| out.text(texts.text(TextId(n))));
    rules.put(out);
    nodes.put(out);
    written.put(out);
    moves.put(out);
    kids.put(out);
    quick.put(out);
    fast.put(out);
    values.put(out);
    sets.put(out);
    bits.put(out);
    spans_in_force.put(out);
    windows.put(out);
    weeks.put(out);
    maps.put(out);
    moments.put(out);
    asked.put(out);
    consents.put(out);
    refusals.put(out);
    counts.put(out);
    instruments.put(out);
    event_kinds.put(out);
    duties.put(out);
    missing.put(out);
    missing_of.put(out);
    extra_rules.put(out);
    clocks.put(out);
    day_clocks.put(out);
    known.put(out);
    sensitive.put(out);
    held_by_recipient.put(out);
    sellers.put(out);
}

/// Reads it.
pub(super) fn get(from: &mut Reader<'_>) -> Program {
    let policy = Policy::get(from);
    let mut texts = Interner::default();
    for _ in 0..from.members(size_of::<usize>()) {
        let text = from.text();
        from.charge(text.len());
        texts.intern(text);
    }
    let mut program = Program {
        policy: Arc::new(policy),
        rules: Coded::get(from),
        dispatch: Dispatch::default(),
        nodes: Coded::get(from),
        written: Coded::get(from),
        moves: Coded::get(from),
        kids: Coded::get(from),
        quick: Coded::get(from),
        fast: Coded::get(from),
        consts: Vec::new(),
        values: Coded::get(from),
        sets: Coded::get(from),
        bits: Coded::get(from),
        spans_in_force: Coded::get(from),
        windows: Coded::get(from),
        weeks: Coded::get(from),
        maps: Coded::get(from),
        moments: Coded::get(from),
        asked: Coded::get(from),
        consents: Coded::get(from),
        refusals: Coded::get(from),
        counts: Coded::get(from),
        instruments: Coded::get(from),
        event_kinds: Coded::get(from),
        dated: Vec::new(),
        duties: Coded::get(from),
        missing: Coded::get(from),
        missing_of: Coded::get(from),
        extra_rules: Coded::get(from),
        clocks: Coded::get(from),
        day_clocks: Coded::get(from),
        texts: Arc::default(),
        known: Coded::get(from),
        sensitive: Coded::get(from),
        held_by_recipient: Coded::get(from),
        sellers: Coded::get(from),
        said: AllSaid::default(),
    };
    if let Err(damage) = sound::check(&program) {
        from.fail(damage);
    }
    // Nothing is made of what is thrown away.
    if from.is_damaged() {
        return program;
    }
    let mut slots = |value: &Value| slot(value, &mut texts);
    program.consts = program.values.iter().map(&mut slots).collect();
    let dated = program.policy.dated.iter();
    program.dated =
        dated.map(|it| it.editions.iter().map(|(at, value)| (*at, slots(value))).collect()).collect();
    for step in &mut program.fast {
        if let Fast::Moving(code, node, _) = step
            && let Some(own) = program.nodes.get(*node as usize)
        {
            *code = *own;
        }
    }
    program.texts = Arc::new(texts);
    program.said = AllSaid::of(program.rules.len());
    program.dispatch = Dispatch::of(&program);
    program
}

//! Conditions and the questions in them as bytes. Places in the text are left out: nothing that is answered tells them.

use super::bytes::{Coded, Damage, Reader, Writer, choice, layout, record};
use crate::source::Span;
use crate::typed::{
    AmountOf, Cond, CondAt, CondId, ConsentQuestion, CountQuestion, Dimension, EventSet, Holder, Hours, How,
    Levels, Moment, Op, Operand, Reaching, RefusedQuestion, Window,
};

layout! {
choice!(Cond by deeper {
    0 Const(yes),
    1 All(list),
    2 Any(list),
    3 Not(cond),
    4 Known(cond),
    5 True(what),
    6 Exists(what),
    7 Is { what, how, taxonomy, nodes },
    8 IsAmong { what, how, taxonomy, of },
    9 Marked { what, taxonomy, mark },
    10 Same(a, b),
    11 SameSeller(what),
    12 Compare(a, op, b),
    13 CompareDay(a, op, b, zone),
    14 In(what, values),
    15 LocalTime(hours),
    16 Weekday(days),
    17 Holiday(calendar),
    18 BusinessDay(calendar),
    19 Today(op, what),
    20 Before(moment),
    21 From(moment),
    22 NoLaterThan(amount, moment),
    23 Passed(amount, moment),
    24 LocalDaysOf { from, to, of },
    25 Consent(question),
    26 Refused(question),
    27 Count(question),
    28 Listed(list),
    29 Signal(kind),
    30 CoversContact(what),
    31 CoversEvent(what),
    32 EventCoversContact,
    33 EventOfLevels(what),
    34 Authorised,
    35 EventIs { what, list, kind },
    36 CoversAllOfContact(what),
    37 EventWhere { what, list, filter },
});
choice!(How { 0 Some, 1 Only, 2 Includes, });
choice!(Op { 0 Eq, 1 Ne, 2 Lt, 3 Le, 4 Gt, 5 Ge, });
choice!(Operand by deeper {
    0 Const(value),
    1 Fact(fact),
    2 EventField(fact),
    3 Record(n),
    4 Map(fact, keys),
    5 Age(fact),
    6 Setting(n),
    7 Dated(n),
});
choice!(Hours { 0 Between(a, b), 1 Week(week, calendar), 2 Fact(what), });
choice!(Moment { 0 At(what), 1 Latest(set), 2 Refusal, });
record!(AmountOf { amount, calendar });
record!(EventSet { list, filter });
choice!(Window { 0 Always, 1 Past(amount), 2 Week(first), 3 Month, 4 Since(moment), });
record!(CountQuestion { set, window, op, n });
choice!(Holder { 0 ByLevel, 1 Person, 2 Recipient, });
choice!(Levels { 0 AtLeast(level), 1 Fact(what), });
record!(ConsentQuestion { level, holder, purpose, same_seller, given, filter, heeds_seller, instrument, reaches });
record!(RefusedQuestion { purpose, filter, same_seller, renewed, renewed_same_seller, renewed_filter, except, reaches });
record!(Reaching { of, filter, open, channels });
choice!(Dimension { 0 Channel, 1 Purpose, 2 Topic, 3 Sender, 4 Address, 5 Matter, });
}

/// What a question to the history costs when it is lowered: it is compared with those before it.
const QUESTION: u64 = 32;

impl Coded for CondAt {
    fn put(&self, out: &mut Writer) {
        let CondAt { cond, id: CondId(id), span: _ } = self;
        id.put(out);
        cond.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        let id = CondId(u32::get(from));
        let cond = Cond::get(from);
        from.weight += if matches!(cond, Cond::Consent(_)) { QUESTION } else { 1 };
        CondAt { cond, id, span: Span::default() }
    }
}

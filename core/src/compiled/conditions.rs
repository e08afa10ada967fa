//! What is left of conditions as bytes: their words, for people. What they ask is in the program.

use super::bytes::{Coded, Damage, Reader, Writer, choice, layout, record};
use crate::source::Span;
use crate::typed::{
    Cond, CondAt, CondId, Dimension, EventSet, Form, Holder, How, Moment, Op, Operand, SaidCond,
};

layout! {
choice!(Form { 0 Leaf, 1 Always, 2 Never, 3 All, 4 Any, 5 Not, 6 Known, });
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
choice!(Moment { 0 At(what), 1 Latest(set), 2 Refusal, });
record!(EventSet { list, filter });
choice!(Holder { 0 ByLevel, 1 Person, 2 Recipient, });
choice!(Dimension { 0 Channel, 1 Purpose, 2 Topic, 3 Sender, 4 Address, 5 Matter, });
}

impl Coded for CondId {
    fn put(&self, out: &mut Writer<'_>) {
        self.0.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        CondId(u32::get(from))
    }
}

impl Coded for CondAt {
    fn put(&self, out: &mut Writer<'_>) {
        let (form, parts) = self.form();
        self.id.put(out);
        form.put(out);
        out.text(&out.policy.map_or_else(Box::default, |policy| self.words(policy)));
        out.number(parts.len() as u64);
        parts.iter().for_each(|it| it.put(out));
    }
    fn get(from: &mut Reader<'_>) -> Self {
        from.deeper(|from| {
            let (id, form) = Coded::get(from);
            let said = SaidCond { form, words: from.text().into(), parts: Vec::get(from) };
            CondAt { id, cond: Cond::Said(Box::new(said)), span: Span::default() }
        })
    }
}

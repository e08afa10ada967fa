//! Whether a program that was read is one that asking ends with: each node asks only earlier ones, what is asked of one another neither
//! nests deep nor comes to much, and what stands side by side is there.
//!
//! Of a single place past the end of its list the evaluator reads unknown, which does not allow; so those are not looked at here.

use super::bytes::Damage;
use crate::program::{
    Arg, Code, Duty, DutyCode, EventsCode, Fast, Kids, LevelCode, MomentCode, NO_NODE, NodeIx, Program,
    ReachCode, RuleCode, Steps, WindowCode,
};

/// Conditions in one another, with what lowering puts around them. The checker admits 64.
const DEPTH: u32 = 96;
/// Nodes that all rules go through, each as often as it is asked.
const ASKED: u64 = 1 << 21;
/// Steps of seeing to all of this.
const STEPS: u64 = 1 << 23;
/// Steps of working out which nodes of a taxonomy rules can apply to.
const BITS: u64 = 1 << 31;

/// What lies below a node, itself included.
#[derive(Clone, Copy, Default)]
struct Below {
    asked: u64,
    depth: u32,
    /// Some of it goes through the events of a list.
    history: bool,
}

impl Below {
    fn and(self, other: Below) -> Below {
        let asked = self.asked.saturating_add(other.asked);
        Below { asked, depth: self.depth.max(other.depth), history: self.history || other.history }
    }
    fn either(self, other: Below) -> Below {
        let asked = self.asked.max(other.asked);
        Below { asked, depth: self.depth.max(other.depth), history: self.history || other.history }
    }
    fn under_one(self) -> Below {
        Below { asked: self.asked.saturating_add(1), depth: self.depth + 1, ..self }
    }
    fn of_history(self) -> Below {
        Below { history: true, ..self }
    }
}

/// A rule that asks nothing is looked at all the same, and takes room in every table.
const RULE: Below = Below { asked: 1, depth: 0, history: false };

struct Check<'p> {
    p: &'p Program,
    /// By node, of those seen to.
    nodes: Vec<Below>,
    maps: Vec<Below>,
    steps: u64,
    /// What stands somewhere cannot be.
    wrong: bool,
    /// Something nests deeper than is admitted.
    deep: bool,
}

/// Sees to a program.
pub(super) fn check(p: &Program) -> Result<(), Damage> {
    let mut c = Check {
        p,
        nodes: Vec::with_capacity(p.nodes.len()),
        maps: Vec::new(),
        steps: 0,
        wrong: false,
        deep: false,
    };
    c.wrong |= p.quick.len() != p.kids.len();
    for map in &p.maps {
        let below = c.arg(map.first).and(map.second.map_or_else(Below::default, |it| c.arg(it))).under_one();
        c.deep |= below.depth > DEPTH;
        c.maps.push(below);
    }
    for code in &p.nodes {
        let below = c.code(code).under_one();
        c.deep |= below.depth > DEPTH;
        c.nodes.push(below);
        if c.wrong || c.deep || c.steps > STEPS {
            break;
        }
    }
    // Of a list that was left in the middle nothing more is asked.
    if !c.wrong && (c.deep || c.steps > STEPS) {
        return Err(Damage::TooMuch);
    }
    let fast = c.fast();
    let mut all = Below::default();
    for rule in &p.rules {
        let fast = fast.get(rule.fast as usize).copied().unwrap_or_default();
        all = all.and(c.rule(rule)).and(fast).and(RULE);
    }
    for duty in &p.duties {
        if let DutyCode::Oblige { moments: Some((as_of, after)), .. } = duty {
            all = all.and(c.moment(*after)).and(as_of.map_or_else(Below::default, |it| c.moment(it)));
        }
    }
    if c.wrong {
        return Err(Damage::Wrong);
    }
    let trees = p.policy.vocabulary.taxonomies.iter().map(|tree| tree.nodes.len());
    let widest = trees.chain(p.bits.iter().map(|bits| bits.0.len() * 64)).max().unwrap_or(0) as u64;
    let bounded =
        !c.deep && c.steps <= STEPS && all.asked <= ASKED && all.asked.saturating_mul(widest) <= BITS;
    if bounded { Ok(()) } else { Err(Damage::TooMuch) }
}

impl Check<'_> {
    /// What lies below an earlier node.
    fn node(&mut self, ix: NodeIx) -> Below {
        self.steps += 1;
        if ix == NO_NODE {
            return Below::default();
        }
        self.nodes.get(ix as usize).copied().unwrap_or_else(|| {
            self.wrong = true;
            Below::default()
        })
    }

    /// What is asked of each event of a list. It asks about no history itself, as the checker has it (`E0604`): one in another, and
    /// so on, would not end with any number of events.
    fn of_event(&mut self, ix: NodeIx) -> Below {
        let below = self.node(ix);
        self.wrong |= below.history;
        below
    }

    fn each(&mut self, nodes: &[NodeIx]) -> Below {
        nodes.iter().fold(Below::default(), |all, ix| all.and(self.node(*ix)))
    }

    fn kids(&mut self, kids: Kids) -> Below {
        let p = self.p;
        let range = kids.at as usize..(kids.at as usize).saturating_add(kids.len as usize);
        match (p.kids.get(range.clone()), p.quick.get(range)) {
            (Some(written), Some(quick)) => self.each(written).either(self.each(quick)),
            _ => {
                self.wrong = true;
                Below::default()
            }
        }
    }

    /// So many from there on are in a list of that length.
    fn has(&mut self, at: u32, many: u32, length: usize) {
        self.wrong |= (at as usize).saturating_add(many as usize) > length;
    }

    fn arg(&mut self, arg: Arg) -> Below {
        match arg {
            Arg::Map(n) => self.maps.get(usize::from(n)).copied().unwrap_or_else(|| {
                self.wrong = true;
                Below::default()
            }),
            _ => Below::default(),
        }
    }

    fn code(&mut self, code: &Code) -> Below {
        match *code {
            Code::All(kids) | Code::Any(kids) => self.kids(kids),
            Code::Not(node) | Code::Known(node) => self.node(node),
            Code::Is { arg, at, len, .. } => {
                self.has(at, len, self.p.sets.len());
                self.arg(arg)
            }
            Code::In { arg, at, len } => {
                self.has(at.into(), len.into(), self.p.values.len());
                self.arg(arg)
            }
            Code::True(a)
            | Code::Exists(a)
            | Code::SameSeller(a)
            | Code::Age(_, _, a)
            | Code::WeekOf(a)
            | Code::Today(_, a)
            | Code::CoversContact(a)
            | Code::CoversAllOfContact(a)
            | Code::CoversEvent(a)
            | Code::EventOfLevels(a)
            | Code::EventIs(a, ..) => self.arg(a),
            Code::IsAmong { arg: a, of: b, .. }
            | Code::Same(a, b)
            | Code::Compare(a, _, b)
            | Code::CompareDay(a, _, b, _) => self.arg(a).and(self.arg(b)),
            Code::Before(moment) | Code::From(moment) | Code::LocalDaysOf(moment, ..) => self.moment(moment),
            Code::NoLaterThan(moment, amount, _) | Code::Passed(moment, amount, _) => {
                self.moment(moment).and(self.arg(amount))
            }
            Code::EventWhere(a, _, node) => self.arg(a).and(self.of_event(node)),
            Code::Consent(n) => self.consent(n).of_history(),
            Code::Refused(n) => self.refused(n).of_history(),
            Code::Count(n) => self.count(n).of_history(),
            Code::Const(_)
            | Code::InForce(_)
            | Code::IsFact(..)
            | Code::Between(_)
            | Code::Week(_)
            | Code::Weekday(_)
            | Code::Holiday(_)
            | Code::BusinessDay(_)
            | Code::Listed(_)
            | Code::Signal(_)
            | Code::EventCoversContact
            | Code::Authorised
            | Code::GivenToSeller
            | Code::Includes(..)
            | Code::NeededFields(_)
            | Code::DataOnly(_) => Below::default(),
        }
    }

    fn events(&mut self, set: EventsCode) -> Below {
        self.of_event(set.filter).of_history()
    }

    fn moment(&mut self, n: u32) -> Below {
        match self.p.moments.get(n as usize) {
            Some(MomentCode::At(a)) => self.arg(*a),
            Some(MomentCode::Latest(set)) => self.events(*set),
            Some(MomentCode::Refusal(node)) => self.node(*node),
            None => Below::default(),
        }
    }

    fn reaches(&mut self, list: &[ReachCode]) -> Below {
        list.iter().fold(Below::default(), |all, it| all.and(self.of_event(it.filter)))
    }

    fn consent(&mut self, n: u32) -> Below {
        let p = self.p;
        let Some(question) = p.consents.get(n as usize) else { return Below::default() };
        let level = match question.level {
            LevelCode::AtLeast(_) => Below::default(),
            LevelCode::Fact(a) => self.arg(a),
        };
        let given = question.given.map_or_else(Below::default, |a| self.arg(a));
        let mut all =
            level.and(given).and(self.of_event(question.filter)).and(self.reaches(&question.reaches));
        // A grant of any instrument is held against what voids that one.
        self.steps += p.instruments.len() as u64;
        for instrument in &p.instruments {
            for void in &instrument.void {
                all = all.and(self.of_event(*void));
            }
            for (_, when, _) in &instrument.elements {
                all = all.and(self.of_event(*when));
            }
        }
        all
    }

    fn refused(&mut self, n: u32) -> Below {
        let Some(question) = self.p.refusals.get(n as usize) else { return Below::default() };
        let except = question.except.map_or_else(Below::default, |a| self.arg(a));
        let filters = self.of_event(question.filter).and(self.of_event(question.renewed_filter));
        except.and(filters).and(self.reaches(&question.reaches))
    }

    fn count(&mut self, n: u32) -> Below {
        let Some(question) = self.p.counts.get(n as usize) else { return Below::default() };
        let window = match question.window {
            WindowCode::Past(a) => self.arg(a),
            WindowCode::Since(moment) => self.moment(moment),
            WindowCode::Always | WindowCode::Week(_) | WindowCode::Month => Below::default(),
        };
        window.and(self.events(question.events)).and(self.arg(question.n))
    }

    fn owed(&mut self, duties: &[Duty]) -> Below {
        duties.iter().fold(Below::default(), |all, it| all.and(self.node(it.when)))
    }

    fn rule(&mut self, rule: &RuleCode) -> Below {
        let all = self.each(&[rule.blocks, rule.applies, rule.requires, rule.binds]);
        let mut all =
            all.and(self.each(&rule.parts)).and(self.owed(&rule.duties)).and(self.owed(&rule.on_refusal));
        for it in &rule.unless {
            all = all.and(self.node(it.holds)).and(self.each(&it.parts)).and(self.owed(&it.duties));
        }
        all
    }

    /// The fast form: steps stand before what they ask.
    fn fast(&mut self) -> Vec<Below> {
        let p = self.p;
        let mut out = vec![Below::default(); p.fast.len()];
        for (at, step) in p.fast.iter().enumerate().rev() {
            let below = match *step {
                Fast::Still(node, _) | Fast::Moving(_, node, _) => self.node(node),
                Fast::All(steps) | Fast::Any(steps) => self.steps(at, steps, &out),
                Fast::Const(_) | Fast::Mask { .. } => Below::default(),
            };
            let below = below.under_one();
            self.deep |= below.depth > DEPTH;
            if let Some(room) = out.get_mut(at) {
                *room = below;
            }
            if self.wrong || self.deep || self.steps > STEPS {
                break;
            }
        }
        out
    }

    fn steps(&mut self, above: usize, steps: Steps, known: &[Below]) -> Below {
        let at = steps.at as usize;
        let kids = known
            .get(at..at.saturating_add(steps.len as usize))
            .filter(|_| at > above && steps.still <= steps.len);
        self.steps += u64::from(steps.len);
        self.wrong |= kids.is_none();
        kids.unwrap_or_default().iter().fold(Below::default(), |all, it| all.and(*it))
    }
}

#[cfg(all(test, feature = "text"))]
#[allow(clippy::expect_used, clippy::indexing_slicing)]
mod tests {
    use super::{Damage, EventsCode, LevelCode, WindowCode, check};
    use crate::Engine;
    use crate::program::{Arg, Code, Fast, Kids, NO_NODE, NodeIx, Program, RefusedCode, Steps};

    fn program() -> Program {
        let shop = include_str!("../../doc/shop.leave");
        let engine = Engine::builder().source("shop", "shop.leave", shop).build().expect("a policy");
        engine.program().clone()
    }

    fn refused(change: impl FnOnce(&mut Program)) -> Option<Damage> {
        let mut program = program();
        change(&mut program);
        check(&program).err()
    }

    /// One more node, of which the first rule hangs.
    fn asked(p: &mut Program, code: Code) -> NodeIx {
        let ix = p.nodes.len() as NodeIx;
        p.nodes.push(code);
        p.rules[0].blocks = ix;
        ix
    }

    /// So many conjunctions, each of which asks the one before it twice.
    fn doubled(p: &mut Program, levels: usize) {
        let mut below = asked(p, Code::Const(true));
        for _ in 0..levels {
            let at = p.kids.len() as u32;
            p.kids.extend([below, below]);
            p.quick.extend([below, below]);
            below = asked(p, Code::All(Kids { at, len: 2 }));
        }
    }

    #[test]
    fn what_was_lowered_is_sound() {
        assert_eq!(refused(|_| ()), None);
        assert_eq!(refused(|p| doubled(p, 18)), None);
    }

    #[test]
    fn what_asks_itself_or_later_nodes_is_wrong() {
        for ahead in [0, 1, 1_000] {
            let found = refused(|p| {
                let ix = p.nodes.len() as NodeIx;
                asked(p, Code::Not(ix + ahead));
            });
            assert_eq!(found, Some(Damage::Wrong));
        }
        // By way of a question, and of a list of children, cheapest first.
        let found = refused(|p| {
            let ix = p.nodes.len() as NodeIx;
            let question = p.refusals.len() as u32;
            let own = RefusedCode {
                purpose: None,
                asked: 0,
                filter: ix,
                same_seller: false,
                renewed: None,
                renewed_filter: NO_NODE,
                except: None,
                reaches: Vec::new(),
            };
            p.refusals.push(own);
            asked(p, Code::Refused(question));
        });
        assert_eq!(found, Some(Damage::Wrong));
        let found = refused(|p| {
            let (ix, at) = (p.nodes.len() as NodeIx, p.kids.len() as u32);
            p.kids.push(0);
            p.quick.push(ix);
            asked(p, Code::Any(Kids { at, len: 1 }));
        });
        assert_eq!(found, Some(Damage::Wrong));
        let found = refused(|p| {
            let n = p.maps.len() as u16;
            let fact = p.known.channel.expect("a fact");
            p.maps.push(crate::program::MapAsk { fact, first: Arg::Map(n), second: None });
        });
        assert_eq!(found, Some(Damage::Wrong));
        for (at, len) in [(0, 1), (u32::MAX, 2)] {
            let found = refused(|p| p.fast[0] = Fast::All(Steps { at, len, still: 0 }));
            assert_eq!(found, Some(Damage::Wrong));
        }
    }

    #[test]
    fn a_history_within_a_history_is_wrong() {
        let counted = |p: &mut Program, filter: NodeIx| {
            p.counts.push(crate::program::CountCode {
                events: EventsCode { list: crate::typed::EventList::Contacts, filter },
                window: WindowCode::Always,
                op: crate::typed::Op::Ge,
                n: Arg::Const(0),
                most: Some(1),
                length: None,
            });
            let ix = p.counts.len() as u32 - 1;
            asked(p, Code::Count(ix))
        };
        assert_eq!(refused(|p| _ = counted(p, NO_NODE)), None);
        let found = refused(|p| {
            let inner = counted(p, NO_NODE);
            let not = asked(p, Code::Not(inner));
            counted(p, not);
        });
        assert_eq!(found, Some(Damage::Wrong));
    }

    #[test]
    fn what_stands_side_by_side_is_there() {
        for (at, len) in [(0, 100_000), (u32::MAX, 1), (u32::MAX, u32::MAX)] {
            let found = refused(|p| _ = asked(p, Code::All(Kids { at, len })));
            assert_eq!(found, Some(Damage::Wrong));
        }
        let found = refused(|p| _ = asked(p, Code::In { arg: Arg::Const(0), at: u16::MAX, len: 2 }));
        assert_eq!(found, Some(Damage::Wrong));
        assert_eq!(refused(|p| p.quick.push(0)), Some(Damage::Wrong));
    }

    #[test]
    fn what_is_deep_or_asked_too_often_is_too_much() {
        assert_eq!(refused(|p| doubled(p, 40)), Some(Damage::TooMuch));
        let nots = |p: &mut Program, n: usize| {
            let mut below = asked(p, Code::Const(true));
            (0..n).for_each(|_| below = asked(p, Code::Not(below)));
        };
        assert_eq!(refused(|p| nots(p, 90)), None);
        assert_eq!(refused(|p| nots(p, 100)), Some(Damage::TooMuch));
        assert_eq!(refused(|p| nots(p, 100_000)), Some(Damage::TooMuch));
    }

    #[test]
    fn rules_that_ask_nothing_and_instruments_asked_over_and_over_come_to_something() {
        let blank = |p: &mut Program, n: usize| {
            let mut rule = p.rules[0].clone();
            (rule.blocks, rule.applies, rule.requires, rule.binds) = (NO_NODE, NO_NODE, NO_NODE, NO_NODE);
            (rule.parts, rule.unless, rule.duties, rule.on_refusal) = Default::default();
            (rule.carries, rule.fast) = (Vec::new(), u32::MAX);
            p.rules.extend(std::iter::repeat_n(rule, n));
        };
        assert_eq!(refused(|p| blank(p, 1_000)), None);
        let wide = |p: &mut Program| p.bits.push(crate::program::Bits(vec![0; 1 << 16]));
        assert_eq!(refused(wide), None);
        let found = refused(|p| {
            wide(p);
            blank(p, 1_000);
        });
        assert_eq!(found, Some(Damage::TooMuch));
        let questions = |p: &mut Program, n: usize| {
            let void = crate::program::InstrumentCode {
                name: 0,
                elements: Vec::new(),
                void: Vec::new(),
                level: crate::taxonomy::NodeId::ROOT,
            };
            p.instruments.resize(1 << 12, void);
            let question = crate::program::ConsentCode {
                level: LevelCode::Fact(Arg::Const(0)),
                holder: crate::typed::Holder::Person,
                purpose: None,
                asked: 0,
                given: None,
                filter: NO_NODE,
                heeds_seller: false,
                instrument: None,
                reaches: Vec::new(),
                missing: 0,
            };
            let ix = p.consents.len() as u32;
            p.consents.push(question);
            (0..n).for_each(|_| _ = asked(p, Code::Consent(ix)));
        };
        assert_eq!(refused(|p| questions(p, 1_000)), None);
        assert_eq!(refused(|p| questions(p, 10_000)), Some(Damage::TooMuch));
    }
}

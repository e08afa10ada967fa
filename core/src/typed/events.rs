//! Events: sets of them, how many, how far back, the latest, and moments and lengths of time in general.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::taxonomy::TaxonomyId;
use crate::time::Weekday;
use crate::typed::calendars::weekday;
use crate::typed::linker::Linker;
use crate::typed::literals::{Literal, type_words};
use crate::typed::names::{Entry, Meaning, Space, Word};
use crate::typed::operands::{Env, Typed};
use crate::typed::{Cond, CondAt, CountQuestion, EventList, EventSet, How, Op, Operand, Window};
use crate::value::{Amount, Type, Unit, Value};

/// A set as written, with the window that belongs to the question asked of it.
pub(crate) struct Written {
    pub set: EventSet,
    pub window: Option<Window>,
}

/// Where `consents.kind` has its words; the intrinsic table says so.
const GRANT: u16 = 0;
const REVOKE: u16 = 1;
const DECLINE: u16 = 2;

impl<'a> Linker<'a> {
    /// `at most N of …`, `count of … >= N`
    pub fn count(
        &mut self,
        env: Env<'_, 'a>,
        events: &ast::EventSet,
        op: Op,
        n: &ast::Operand,
    ) -> Option<Cond> {
        let n_typed = self.integer_operand(env, n);
        let written = self.event_set(env, events)?;
        Some(count(written, op, n_typed?))
    }

    /// `any …`, `no …`
    pub fn count_than(&mut self, env: Env<'_, 'a>, events: &ast::EventSet, op: Op, n: i64) -> Option<Cond> {
        let written = self.event_set(env, events)?;
        Some(count(written, op, Operand::Const(Value::Int(n))))
    }

    fn integer_operand(&mut self, env: Env<'_, 'a>, n: &ast::Operand) -> Option<Operand> {
        match self.operand(env, n)? {
            Typed::Op(op, Type::Integer) => Some(op),
            Typed::Literals(list) if matches!(list.as_slice(), [Literal::Integer(..)]) => {
                Some(Operand::Const(self.value(env.pack, &Type::Integer, list.first()?)?))
            }
            Typed::Literals(list) => {
                match (list.as_slice(), n) {
                    ([Literal::Word(word)], ast::Operand::Name(name)) if word.text == name.text => {
                        self.unknown_word(env, word);
                    }
                    ([one], _) => self.error("E0301", one.span(), "a whole number is wanted here"),
                    _ => self.error("E0301", n.span(), "a whole number is wanted here"),
                }
                None
            }
            Typed::Op(_, ty) => {
                let message = format!("a whole number is wanted here, and this is {}", type_words(self, &ty));
                self.error("E0301", n.span(), message);
                None
            }
            _ => {
                self.error("E0301", n.span(), "a whole number is wanted here");
                None
            }
        }
    }

    /// A set of events, typed.
    pub fn event_set(&mut self, env: Env<'_, 'a>, events: &ast::EventSet) -> Option<Written> {
        let (mut written, base) = self.named_set(env, &events.name)?;
        let list = written.set.list;
        let mut filters: Vec<CondAt> = Vec::new();
        if let Some(of) = &events.of {
            filters.push(self.of_levels(env, list, of)?);
        }
        if let Some(span) = events.covering {
            if list != EventList::Consents {
                self.error("E0304", span, "only grants and revocations cover a contact");
                return None;
            }
            filters.push(self.at(Cond::EventCoversContact, span, 0));
        }
        if let Some(span) = events.by_same_seller {
            let seller = ast::Name { text: "seller".to_string(), span };
            let same = self.same(env.about(list), span, None, &seller)?;
            filters.push(self.at(same, span, 0));
        }
        let window = match &events.window {
            Some(window) => Some((self.window(env, window)?, window.span)),
            None => None,
        };
        if let Some(filter) = &events.filter {
            filters.push(self.cond(env.about(list), filter)?);
        }
        if let Some((window, span)) = window {
            if written.window.is_some() {
                let diagnostic = Diagnostic::new(
                    "E0304",
                    span,
                    format!("`{}` looks back so far already", events.name.text),
                )
                .label(base, "its own window stands here");
                self.report(diagnostic);
                return None;
            }
            written.window = Some(window);
        }
        if let Some(own) = written.set.filter.take() {
            filters.insert(0, *own);
        }
        written.set.filter = self.all(filters, events.span);
        Some(written)
    }

    fn all(&mut self, mut filters: Vec<CondAt>, span: Span) -> Option<Box<CondAt>> {
        match filters.len() {
            0 => None,
            1 => filters.pop().map(Box::new),
            _ => Some(Box::new(self.at(Cond::All(filters), span, 9))),
        }
    }

    /// `attempts`, `revocations`, `transactions`, or a definition.
    fn named_set(&mut self, env: Env<'_, 'a>, name: &ast::Name) -> Option<(Written, Span)> {
        let plain = |list| (Written { set: EventSet { list, filter: None }, window: None }, name.span);
        match name.text.as_str() {
            "attempt" | "attempts" | "contact" | "contacts" => return Some(plain(EventList::Contacts)),
            "interaction" | "interactions" => return Some(plain(EventList::Interactions)),
            "grant" | "grants" => return self.consents(name, GRANT),
            "revocation" | "revocations" => return self.consents(name, REVOKE),
            "decline" | "declines" => return self.consents(name, DECLINE),
            _ => {}
        }
        match self.look_up(Space::Word, env.pack, name) {
            Err(()) => return None,
            // An exemption may be called as a kind of interaction is: here the events are meant.
            Ok(Some(entry)) if self.kind_of_interaction(&name.text).is_none() || is_define(&entry) => {
                return self.defined_set(env, name, entry);
            }
            Ok(_) => {}
        }
        if let Some(taxonomy) = self.taxonomy("interaction")
            && let Some(singular) = self.singular(taxonomy, &name.text)
        {
            let node = self.node(env.pack, taxonomy, &ast::Name { text: singular, span: name.span })?;
            let kind = self.vocabulary.fact("interactions.kind")?;
            let is =
                Cond::Is { what: Operand::EventField(kind), how: How::Some, taxonomy, nodes: vec![node] };
            let filter = Some(Box::new(self.at(is, name.span, 0)));
            let set = EventSet { list: EventList::Interactions, filter };
            return Some((Written { set, window: None }, name.span));
        }
        let mut candidates: Vec<String> =
            ["attempts", "interactions", "revocations", "grants"].map(String::from).to_vec();
        if let Some(tree) = self.taxonomy("interaction").and_then(|t| self.vocabulary.tree(t)) {
            candidates.extend(tree.names().skip(1).map(String::from));
        }
        candidates.extend(
            self.names
                .each(Space::Word)
                .filter(|(_, e)| matches!(e.meaning, Meaning::Word(Word::Define(_))))
                .map(|(n, _)| n.to_string()),
        );
        let diagnostic = Diagnostic::new("E0201", name.span, format!("no events are called `{}`", name.text))
            .suggest(&name.text, candidates.iter().map(String::as_str));
        self.report(diagnostic);
        None
    }

    fn kind_of_interaction(&self, word: &str) -> Option<String> {
        self.singular(self.taxonomy("interaction")?, word)
    }

    /// `inquiries` is `inquiry`.
    fn singular(&self, taxonomy: TaxonomyId, word: &str) -> Option<String> {
        let tree = self.vocabulary.tree(taxonomy)?;
        let mut forms = vec![word.to_string()];
        if let Some(stem) = word.strip_suffix("ies") {
            forms.push(format!("{stem}y"));
        }
        for end in ["es", "s"] {
            if let Some(stem) = word.strip_suffix(end) {
                forms.push(stem.to_string());
            }
        }
        forms.into_iter().find(|f| f != "any" && tree.find(f).is_some())
    }

    fn consents(&mut self, name: &ast::Name, kind: u16) -> Option<(Written, Span)> {
        let field = self.vocabulary.fact("consents.kind")?;
        let cond = Cond::In(Operand::EventField(field), vec![Value::Choice(kind)]);
        let filter = Some(Box::new(self.at(cond, name.span, 0)));
        Some((Written { set: EventSet { list: EventList::Consents, filter }, window: None }, name.span))
    }

    fn defined_set(
        &mut self,
        env: Env<'_, 'a>,
        name: &ast::Name,
        entry: Entry<'a>,
    ) -> Option<(Written, Span)> {
        let Meaning::Word(word) = entry.meaning else { return None };
        self.use_word(entry.pack, word);
        let Word::Define(define) = word else {
            let message = format!("`{}` is {}, not a set of events", name.text, word.sort());
            self.report(Diagnostic::new("E0207", name.span, message).label(entry.span, "declared here"));
            return None;
        };
        let written = self.expand(env, name, entry, |cx, env| match &define.body {
            ast::DefineBody::Events(events) => cx.event_set(env, events),
            ast::DefineBody::Bare(inner) => cx.named_set(env, inner).map(|w| w.0),
            ast::DefineBody::Cond(_) | ast::DefineBody::Event(_) => {
                let sort =
                    if matches!(define.body, ast::DefineBody::Cond(_)) { "a condition" } else { "one event" };
                let diagnostic = Diagnostic::new(
                    "E0207",
                    name.span,
                    format!("`{}` names {sort}, not a set of events", name.text),
                )
                .label(entry.span, "declared here");
                cx.report(diagnostic);
                None
            }
        })?;
        Some((written, define.span))
    }

    /// `of [express, hipaa]`, `of contact.asks`
    fn of_levels(&mut self, env: Env<'_, 'a>, list: EventList, of: &ast::Objects) -> Option<CondAt> {
        if list != EventList::Consents {
            self.error("E0304", of.span, "`of` names levels of grants and revocations");
            return None;
        }
        let Some(taxonomy) = self.taxonomy("level") else {
            self.error("E0401", of.span, "no loaded pack declares the taxonomy `level`");
            return None;
        };
        let levels = self.levels(env, taxonomy, of)?;
        Some(self.at(Cond::EventOfLevels(levels), of.span, 0))
    }

    /// Levels written out, or in a fact.
    pub fn levels(&mut self, env: Env<'_, 'a>, taxonomy: TaxonomyId, of: &ast::Objects) -> Option<Operand> {
        if let [ast::Operand::Name(name)] = of.items.as_slice()
            && self.vocabulary.tree(taxonomy).is_some_and(|t| t.find(&name.text).is_none())
            && let Typed::Op(op, ty) = self.name(env, name)?
        {
            let fits = match &ty {
                Type::Set(inner) => **inner == Type::Node(taxonomy),
                other => *other == Type::Node(taxonomy),
            };
            if fits {
                return Some(op);
            }
            let message = format!("levels are wanted here, and `{}` is {}", name.text, type_words(self, &ty));
            self.error("E0301", name.span, message);
            return None;
        }
        let mut names = Vec::new();
        for literal in self.literals(env, of)? {
            match literal {
                Literal::Word(name) => names.push(name),
                other => {
                    self.error("E0301", other.span(), format!("{} is no level", other.sort()));
                    return None;
                }
            }
        }
        let nodes = self.nodes(env.pack, taxonomy, &names)?;
        Some(Operand::Const(Value::Nodes(taxonomy, nodes)))
    }

    fn window(&mut self, env: Env<'_, 'a>, window: &ast::Window) -> Option<Window> {
        Some(match &window.kind {
            ast::WindowKind::Today => {
                Window::Past(Operand::Const(Value::Amount(Amount { n: 1, unit: Unit::LocalDay })))
            }
            ast::WindowKind::ThisWeek(day) => Window::Week(day.map_or(Weekday::Mon, weekday)),
            ast::WindowKind::ThisMonth => Window::Month,
            ast::WindowKind::Since(moment) => Window::Since(self.moment(env, moment)?),
            ast::WindowKind::Past(duration) => Window::Past(self.past(env, duration)?),
        })
    }

    /// How far back `in past SPAN` reaches.
    pub(crate) fn past(&mut self, env: Env<'_, 'a>, duration: &ast::Duration) -> Option<Operand> {
        let amount = self.duration(env, duration)?;
        for unit in self.units(&amount) {
            let hint = match unit {
                Unit::Day => "write `local days` for days of the calendar, or hours for elapsed time",
                Unit::Week => "write `local days` for days of the calendar, or hours for elapsed time",
                Unit::BusinessDay => "look back over `local days`",
                _ => continue,
            };
            let diagnostic = Diagnostic::new(
                "E0307",
                duration.span(),
                "it is not plain whether these days are counted by the calendar or by the clock",
            )
            .hint(hint);
            self.report(diagnostic);
            return None;
        }
        Some(amount)
    }
}

fn count(written: Written, op: Op, n: Operand) -> Cond {
    let Written { set, window } = written;
    Cond::Count(Box::new(CountQuestion { set, window: window.unwrap_or(Window::Always), op, n }))
}

fn is_define(entry: &Entry<'_>) -> bool {
    matches!(entry.meaning, Meaning::Word(Word::Define(_)))
}

//! Conditions, operands and values in plain words, close to the text they were made of. Two conditions that say the same
//! have the same words, which is how the checker sees that one contradicts another.

use crate::taxonomy::{NodeId, TaxonomyId};
use crate::typed::intrinsic::list_word;
use crate::typed::{
    AmountOf, Cond, CondAt, ConsentQuestion, CountQuestion, Dimension, EventList, EventSet, FactId, Holder,
    Hours, How, Levels, Moment, Op, Operand, Policy, Reaching, RefusedQuestion, Rule, Window,
};
use crate::value::{Amount, Type, Unit, Value};

/// `08:00`
pub(crate) fn clock(second: u32) -> String {
    format!("{:02}:{:02}", second / 3600, second / 60 % 60)
}

/// A condition in words.
#[must_use]
pub fn render(cond: &CondAt, policy: &Policy) -> String {
    Words { policy, each: None }.cond(&cond.cond, false)
}

/// A condition of that rule in words: in a rule `for each record`, the record's fields have their names.
#[must_use]
pub fn render_in(cond: &CondAt, rule: &Rule, policy: &Policy) -> String {
    Words { policy, each: rule.each }.cond(&cond.cond, false)
}

/// An operand in words: a fact by its path, a constant by its value.
#[must_use]
pub fn operand(operand: &Operand, policy: &Policy) -> String {
    Words { policy, each: None }.operand(operand, None)
}

/// A value of that type in words.
#[must_use]
pub fn value(value: &Value, ty: &Type, policy: &Policy) -> String {
    Words { policy, each: None }.value(value, Some(ty))
}

struct Words<'p> {
    policy: &'p Policy,
    /// The records that the rule at hand goes through.
    each: Option<FactId>,
}

impl Words<'_> {
    /// `same seller`, asked of a consent: said to them, or naming them.
    fn said_to_or_about(&self, parts: &[CondAt]) -> Option<String> {
        let [to, about] = parts else { return None };
        let (word, to, about) = match (&to.cond, &about.cond) {
            (Cond::SameSeller(to), Cond::SameSeller(about)) => ("seller", to, about),
            (Cond::Same(to, _), Cond::Same(about, _)) => ("sender", to, about),
            _ => return None,
        };
        let path = |op: &Operand| match op {
            Operand::EventField(id) => self.path(*id),
            _ => "",
        };
        let both = path(to) == "consents.given_to" && path(about) == "consents.scope.sender";
        both.then(|| format!("same {word}"))
    }

    fn of_consent(&self, op: &Operand) -> bool {
        matches!(op, Operand::EventField(id) if self.path(*id).starts_with("consents."))
    }

    fn cond(&self, cond: &Cond, inside: bool) -> String {
        match cond {
            Cond::Said(said) => said.words.to_string(),
            Cond::Const(b) => if *b { "always" } else { "never" }.to_string(),
            Cond::All(parts) => match parts.as_slice() {
                [is, CondAt { cond: Cond::EventWhere { filter, .. }, .. }] => {
                    let said = format!("{} where {}", self.kinds(&is.cond), self.cond(&filter.cond, false));
                    if inside { format!("({said})") } else { said }
                }
                parts => self.chain(parts, " and ", true, inside),
            },
            Cond::Any(parts) => match self.said_to_or_about(parts) {
                Some(same) => same,
                None => self.chain(parts, " or ", false, inside),
            },
            Cond::Not(inner) => self.negated(&inner.cond),
            Cond::Known(inner) => format!("known that {}", self.cond(&inner.cond, true)),
            Cond::True(op) => self.operand(op, None),
            Cond::Exists(op) => format!("{} exists", self.operand(op, None)),
            Cond::Is { what, how, taxonomy, nodes } => {
                format!("{} {} {}", self.operand(what, None), how_word(*how), self.nodes(*taxonomy, nodes))
            }
            Cond::IsAmong { what, how, of, .. } => {
                format!("{} {} {}", self.operand(what, None), how_word(*how), self.operand(of, None))
            }
            Cond::Marked { what, mark, .. } => format!("{} is marked {mark}", self.operand(what, None)),
            Cond::Same(a_op, b) => {
                let (a, b) = (self.operand(a_op, None), self.operand(b, None));
                let word = match b.as_str() {
                    "address.value" => "address",
                    "sender.id" => "sender",
                    "recipient.id" => "recipient",
                    other => other.rsplit('.').next().unwrap_or(other),
                };
                let whose = word == "sender" && self.of_consent(a_op);
                if a == word && !whose { format!("same {word}") } else { format!("{a} is same {word}") }
            }
            Cond::SameSeller(op) => match self.operand(op, None).as_str() {
                "sender" if !self.of_consent(op) => "same seller".to_string(),
                other => format!("{other} is same seller"),
            },
            Cond::Compare(a, op, b) => {
                let ty = self.type_of(a).or_else(|| self.type_of(b));
                format!("{} {} {}", self.operand(a, ty.as_ref()), sign(*op), self.operand(b, ty.as_ref()))
            }
            Cond::CompareDay(a, op, b, _) => {
                format!("{} {} {}", self.operand(a, None), sign(*op), self.operand(b, Some(&Type::Date)))
            }
            Cond::In(op, values) => {
                let ty = self.type_of(op);
                let words: Vec<String> = values.iter().map(|v| self.value(v, ty.as_ref())).collect();
                match words.as_slice() {
                    [one] => format!("{} is {one}", self.operand(op, None)),
                    several => format!("{} in [{}]", self.operand(op, None), several.join(", ")),
                }
            }
            Cond::LocalTime(hours) => self.hours(hours),
            Cond::Weekday(days) => {
                let days: Vec<String> = days.iter().map(|d| d.name().to_ascii_lowercase()).collect();
                format!("weekday is {}", list(&days))
            }
            Cond::Holiday(i) => format!("today is holiday in {}", self.calendar(*i)),
            Cond::BusinessDay(i) => format!("today is business day in {}", self.calendar(*i)),
            Cond::Today(op, date) => format!("today {} {}", sign(*op), self.operand(date, Some(&Type::Date))),
            Cond::Before(m) => format!("before {}", self.moment(m)),
            Cond::From(m) => format!("from {}", self.moment(m)),
            Cond::NoLaterThan(a, m) => format!("no later than {} after {}", self.amount(a), self.moment(m)),
            Cond::Passed(a, m) => format!("{} have passed since {}", self.amount(a), self.moment(m)),
            Cond::LocalDaysOf { from, to, of } => {
                format!("today in local days {from} to {to} of {}", self.moment(of))
            }
            Cond::Consent(q) => self.consent(q),
            Cond::Refused(q) => self.refused(q),
            Cond::Count(q) => self.count(q),
            Cond::Listed(i) => {
                let name = self.policy.vocabulary.lists.get(*i).map_or("?", |l| l.name.as_str());
                format!("address on {name}")
            }
            Cond::Signal(kind) => format!("signal {kind} is on"),
            Cond::CoversContact(op) => format!("{} covers contact", self.operand(op, None)),
            Cond::CoversAllOfContact(op) => format!("{} covers all of contact", self.operand(op, None)),
            Cond::CoversEvent(op) => format!("{} covers it", self.operand(op, None)),
            Cond::EventCoversContact => "covering contact".to_string(),
            Cond::EventOfLevels(op) => format!("of {}", self.operand(op, None)),
            Cond::Authorised => "recipient authorised for contact".to_string(),
            Cond::EventIs { what, .. } => format!("{} is {}", self.operand(what, None), kind_of(cond)),
            // It stands behind the kinds that it is asked of: see `Cond::All`.
            Cond::EventWhere { what, filter, .. } => {
                format!("{} where {}", self.operand(what, None), self.cond(&filter.cond, false))
            }
        }
    }

    /// `contact.responds_to is [request, inquiry]`
    fn kinds(&self, is: &Cond) -> String {
        let Cond::Any(parts) = is else { return self.cond(is, true) };
        let what = parts.first().map(|it| &it.cond);
        let Some(Cond::EventIs { what, .. }) = what else { return self.cond(is, true) };
        let kinds: Vec<String> = parts.iter().map(|it| kind_of(&it.cond).to_string()).collect();
        format!("{} is {}", self.operand(what, None), list(&kinds))
    }

    /// Parts with a word between; constants that change nothing, which a table's cells decided, are left away.
    fn chain(&self, parts: &[CondAt], word: &str, neutral: bool, inside: bool) -> String {
        let said = |p: &&CondAt| !matches!(p.cond, Cond::Const(value) if value == neutral);
        let all: Vec<String> = parts.iter().filter(said).map(|p| self.cond(&p.cond, true)).collect();
        match all.as_slice() {
            [] => if neutral { "always" } else { "never" }.to_string(),
            [one] => one.clone(),
            several if inside => format!("({})", several.join(word)),
            several => several.join(word),
        }
    }

    fn negated(&self, cond: &Cond) -> String {
        match cond {
            Cond::Exists(op) => format!("{} is none", self.operand(op, None)),
            Cond::Is { what, .. } | Cond::In(what, _) if !self.is_set(what) => {
                changed(changed(self.cond(cond, true), " is ", " is not "), " in [", " not in [")
            }
            other => format!("not {}", self.cond(other, true)),
        }
    }

    fn is_set(&self, op: &Operand) -> bool {
        !matches!(self.type_of(op), Some(Type::Node(_) | Type::Choice(_) | Type::Text | Type::Integer))
    }

    fn type_of(&self, op: &Operand) -> Option<Type> {
        match op {
            Operand::Fact(f) | Operand::EventField(f) => Some(self.policy.vocabulary.decl(*f)?.ty.clone()),
            Operand::Age(_) => Some(Type::Integer),
            Operand::Setting(i) => Some(self.policy.settings.get(*i)?.ty.clone()),
            Operand::Map(f, _) => match &self.policy.vocabulary.decl(*f)?.ty {
                Type::Map(_, ty) => Some(ty.as_ref().clone()),
                _ => None,
            },
            Operand::Record(n) => self.field(*n).map(|f| f.1),
            Operand::Const(_) | Operand::Dated(_) => None,
        }
    }

    fn operand(&self, op: &Operand, ty: Option<&Type>) -> String {
        match op {
            Operand::Const(v) => self.value(v, ty),
            Operand::Fact(f) => self.path(*f).to_string(),
            Operand::EventField(f) => {
                let field = self.policy.vocabulary.decl(*f).map_or("?", |d| d.field.as_str());
                field.strip_prefix("scope.").unwrap_or(field).to_string()
            }
            Operand::Record(n) => match self.field(*n) {
                Some((name, _)) => name,
                None => format!("field {}", n + 1),
            },
            Operand::Map(f, keys) => {
                let keys: Vec<String> = keys.iter().map(|k| self.operand(k, None)).collect();
                format!("{} of {}", self.path(*f), keys.join(" at "))
            }
            Operand::Age(f) => self.path(*f).replace(".birth_date", ".age"),
            Operand::Setting(i) => self.policy.settings.get(*i).map_or("?", |s| bare(&s.name)).to_string(),
            Operand::Dated(i) => self.policy.dated.get(*i).map_or("?", |s| bare(&s.name)).to_string(),
        }
    }

    /// A field of the record at hand.
    fn field(&self, n: usize) -> Option<(String, Type)> {
        match &self.policy.vocabulary.decl(self.each?)?.ty {
            Type::Records(fields) => fields.get(n).cloned(),
            _ => None,
        }
    }

    fn path(&self, id: FactId) -> &str {
        self.policy.vocabulary.decl(id).map_or("?", |f| f.path.as_str())
    }

    fn value(&self, value: &Value, ty: Option<&Type>) -> String {
        match value {
            Value::None => "none".to_string(),
            Value::Bool(b) => if *b { "yes" } else { "no" }.to_string(),
            Value::Int(n) => n.to_string(),
            Value::Text(t) => format!("\"{t}\""),
            Value::Date(d) => d.to_string(),
            Value::Partial(p) => p.to_string(),
            Value::Instant(i) => i.to_string(),
            Value::Amount(a) => a.to_string(),
            Value::Choice(i) => match ty {
                Some(Type::Choice(words)) => words.get(usize::from(*i)).cloned().unwrap_or_default(),
                Some(Type::Set(inner)) => self.value(value, Some(inner)),
                _ => format!("choice {}", i + 1),
            },
            Value::Nodes(taxonomy, nodes) => self.nodes(*taxonomy, nodes),
        }
    }

    fn node(&self, taxonomy: TaxonomyId, node: NodeId) -> String {
        self.policy.vocabulary.tree(taxonomy).map_or("?", |t| t.name_of(node)).to_string()
    }

    fn nodes(&self, taxonomy: TaxonomyId, nodes: &[NodeId]) -> String {
        let names: Vec<String> = nodes.iter().map(|n| self.node(taxonomy, *n)).collect();
        list(&names)
    }

    fn named(&self, taxonomy: &str, node: NodeId) -> String {
        self.policy.vocabulary.taxonomy(taxonomy).map_or("?", |(_, t)| t.name_of(node)).to_string()
    }

    fn calendar(&self, i: usize) -> String {
        self.policy.calendars.get(i).map_or("?", |c| bare(c.name())).to_string()
    }

    fn hours(&self, hours: &Hours) -> String {
        match hours {
            Hours::Between(a, b) => format!("local_time between {} and {}", clock(*a), clock(*b)),
            Hours::Week(week, calendar) => {
                let holidays = match (week.holiday(), calendar) {
                    (Some(_), Some(i)) => format!(" ({})", self.calendar(*i)),
                    _ => String::new(),
                };
                format!("local_time within {}{holidays}", week)
            }
            Hours::Fact(op) => format!("local_time within {}", self.operand(op, None)),
        }
    }

    fn amount(&self, amount: &AmountOf) -> String {
        self.operand(&amount.amount, Some(&Type::Duration))
    }

    fn moment(&self, moment: &Moment) -> String {
        match moment {
            Moment::At(op) => self.operand(op, None),
            Moment::Latest(set) => format!("latest {}", self.set(set, false, "")),
            Moment::Refusal => "refusal".to_owned(),
        }
    }

    /// `revocations of express covering contact where …`; the window goes before the `where`.
    fn set(&self, set: &EventSet, plural: bool, window: &str) -> String {
        let mut name = match set.list {
            EventList::Consents => "consent event",
            EventList::Contacts => "attempt",
            EventList::Interactions => "interaction",
            EventList::Lists => "look-up",
            EventList::Signals => "signal",
        }
        .to_string();
        let mut before = String::new();
        let mut filters: Vec<String> = Vec::new();
        for part in set.filter.iter().flat_map(|f| parts_of(f)) {
            match &part.cond {
                Cond::In(Operand::EventField(id), values) if self.path(*id) == "consents.kind" => {
                    name = match values.as_slice() {
                        [Value::Choice(0)] => "grant",
                        [Value::Choice(1)] => "revocation",
                        [Value::Choice(2)] => "decline",
                        _ => "consent event",
                    }
                    .to_string();
                }
                Cond::Is { what: Operand::EventField(id), taxonomy, nodes, .. }
                    if self.path(*id) == "interactions.kind" && nodes.len() == 1 =>
                {
                    name = self.nodes(*taxonomy, nodes);
                }
                Cond::EventCoversContact => before.push_str(" covering contact"),
                Cond::EventOfLevels(op) => before.push_str(&format!(" of {}", self.operand(op, None))),
                other => filters.push(self.cond(other, true)),
            }
        }
        if plural {
            name = match name.strip_suffix('y') {
                Some(stem) => format!("{stem}ies"),
                None => format!("{name}s"),
            };
        }
        let filters =
            if filters.is_empty() { String::new() } else { format!(" where {}", filters.join(" and ")) };
        format!("{name}{before}{window}{filters}")
    }

    fn window(&self, window: &Window) -> String {
        match window {
            Window::Always => String::new(),
            Window::Past(Operand::Const(Value::Amount(Amount { n: 1, unit: Unit::LocalDay }))) => {
                " today".to_string()
            }
            Window::Past(op) => format!(" in past {}", self.operand(op, Some(&Type::Duration))),
            Window::Week(day) => format!(" this week from {}", day.name().to_ascii_lowercase()),
            Window::Month => " this month".to_string(),
            Window::Since(m) => format!(" since {}", self.moment(m)),
        }
    }

    fn count(&self, q: &CountQuestion) -> String {
        let window = self.window(&q.window);
        match (&q.n, q.op) {
            (Operand::Const(Value::Int(1)), Op::Ge) => format!("any {}", self.set(&q.set, false, &window)),
            (Operand::Const(Value::Int(1)), Op::Lt) => format!("no {}", self.set(&q.set, false, &window)),
            (n, Op::Le) => format!("at most {} {}", self.operand(n, None), self.set(&q.set, true, &window)),
            (n, Op::Lt) => {
                let window = format!("{window}, this one included,");
                let set = self.set(&q.set, true, &window);
                format!("at most {} {}", self.operand(n, None), set.trim_end_matches(','))
            }
            (n, op) => {
                format!("count of {} {} {}", self.set(&q.set, true, &window), sign(op), self.operand(n, None))
            }
        }
    }

    fn consent(&self, q: &ConsentQuestion) -> String {
        let mut out = match (&q.instrument, &q.level) {
            (Some(i), _) => {
                format!("valid {}", self.policy.instruments.get(*i).map_or("?", |x| x.name.as_str()))
            }
            (None, Levels::AtLeast(node)) => format!("consent at least {}", self.named("level", *node)),
            (None, Levels::Fact(op)) => format!("consent at least {}", self.operand(op, None)),
        };
        match q.holder {
            Holder::ByLevel => {}
            Holder::Person => out.push_str(" of person"),
            Holder::Recipient => out.push_str(" of recipient"),
        }
        if let Some(purpose) = q.purpose {
            out.push_str(&format!(" for {}", self.named("purpose", purpose)));
        }
        if q.same_seller {
            out.push_str(" by same seller");
        }
        if let Some(given) = &q.given {
            out.push_str(&format!(" given in past {}", self.operand(given, Some(&Type::Duration))));
        }
        if let Some(filter) = &q.filter {
            out.push_str(&format!(" where {}", self.cond(&filter.cond, false)));
        }
        if q.heeds_seller {
            out.push_str(", heeding each revocation by same seller");
        }
        self.reaches(&q.reaches, &mut out);
        out
    }

    fn refused(&self, q: &RefusedQuestion) -> String {
        let mut out = "refused".to_string();
        if let Some(purpose) = q.purpose {
            out.push_str(&format!(" for {}", self.named("purpose", purpose)));
        }
        if q.same_seller {
            out.push_str(" by same seller");
        }
        if let Some(filter) = &q.filter {
            out.push_str(&format!(" where {}", self.cond(&filter.cond, false)));
        }
        let level = q.renewed.map(|n| self.named("level", n));
        if let Some(level) =
            level.filter(|l| l != "express" || q.renewed_same_seller || q.renewed_filter.is_some())
        {
            out.push_str(&format!(" renewed at least {level}"));
        }
        if q.renewed_same_seller {
            out.push_str(" by same seller");
        }
        if let Some(filter) = &q.renewed_filter {
            out.push_str(&format!(" where {}", self.cond(&filter.cond, false)));
        }
        if let Some(except) = &q.except {
            out.push_str(&format!(" except {}", self.operand(except, None)));
        }
        self.reaches(&q.reaches, &mut out);
        out
    }

    fn reaches(&self, reaches: &[Reaching], out: &mut String) {
        for reach in reaches {
            out.push_str(", counting each revocation");
            if let Some(of) = reach.of {
                out.push_str(&format!(" of {}", self.named("purpose", of)));
            }
            if let Some(filter) = &reach.filter {
                out.push_str(&format!(" where {}", self.cond(&filter.cond, false)));
            }
            let mut parts: Vec<String> =
                reach.open.iter().map(|d| format!("every {}", dimension(*d))).collect();
            if !reach.channels.is_empty() {
                let names: Vec<String> = reach.channels.iter().map(|n| self.named("channel", *n)).collect();
                parts.push(format!("channel in {}", list(&names)));
            }
            out.push_str(&format!(" as reaching {}", parts.join(", ")));
        }
    }
}

/// The word for the kind that an event is asked for.
fn kind_of(cond: &Cond) -> &str {
    match cond {
        Cond::EventIs { list, kind, .. } => match (list, kind.as_str()) {
            (EventList::Consents, "revoke") => "revocation",
            (EventList::Contacts, "") => "attempt",
            (EventList::Interactions, "") => "interaction",
            (_, other) => other,
        },
        _ => "?",
    }
}

/// The conditions that a conjunction consists of.
fn parts_of(cond: &CondAt) -> Vec<&CondAt> {
    match &cond.cond {
        Cond::All(parts) => parts.iter().flat_map(parts_of).collect(),
        _ => vec![cond],
    }
}

/// A text with the first such passage changed to another. Found by hand: the library's search is longer than all that is searched.
fn changed(text: String, from: &str, to: &str) -> String {
    let at = text.as_bytes().windows(from.len()).position(|part| part == from.as_bytes());
    match at.and_then(|at| text.split_at_checked(at)) {
        Some((before, rest)) => format!("{before}{to}{}", rest.get(from.len()..).unwrap_or_default()),
        None => text,
    }
}

/// The last word of a qualified name.
fn bare(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn list(words: &[String]) -> String {
    match words {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

fn how_word(how: How) -> &'static str {
    match how {
        How::Some => "is",
        How::Only => "only",
        How::Includes => "includes",
    }
}

fn dimension(d: Dimension) -> &'static str {
    match d {
        Dimension::Channel => "channel",
        Dimension::Purpose => "purpose",
        Dimension::Topic => "topic",
        Dimension::Sender => "sender",
        Dimension::Address => "address",
        Dimension::Matter => "matter",
    }
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::Eq => "=",
        Op::Ne => "!=",
        Op::Lt => "<",
        Op::Le => "<=",
        Op::Gt => ">",
        Op::Ge => ">=",
    }
}

/// The word for a list of events, as requests have it.
#[must_use]
pub fn events_word(list: EventList) -> &'static str {
    list_word(list)
}

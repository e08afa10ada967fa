//! Conditions read aloud: sentences that somebody who does not program can follow, every defined term a link to its meaning.

use super::book::{Book, Meaning, Volume};
use super::link;
use super::terms::{plain, spoken_date, spoken_time};
use byleave::ast::{
    CompareOp, Cond, CondKind, Consent, Counting, DateOrInstant, Duration, EventSet, IsHow, Moment, Name,
    Objects, Operand, Refused, Week, WeekDays, Window, WindowKind,
};
use maud::{Markup, html};

/// Who reads: in which pack, and whether of a past event rather than of the contact.
#[derive(Clone, Copy)]
pub struct Aloud<'b> {
    /// Everything there is.
    pub book: &'b Book,
    /// The pack that is read.
    pub from: &'b Volume,
    /// Inside `where`, bare names are the event's own.
    event: bool,
}

impl<'b> Aloud<'b> {
    /// In a pack.
    pub fn of(book: &'b Book, from: &'b Volume) -> Aloud<'b> {
        Aloud { book, from, event: false }
    }

    fn inside(self) -> Aloud<'b> {
        Aloud { event: true, ..self }
    }

    /// A condition that stands by itself: as a list when it has several parts.
    pub fn block(&self, cond: &Cond) -> Markup {
        match &cond.kind {
            CondKind::Refused(it) if has_parts(it) => return self.refused_in_parts(it, false),
            CondKind::Not(inner) => {
                if let CondKind::Refused(it) = &inner.kind
                    && has_parts(it)
                {
                    return self.refused_in_parts(it, true);
                }
            }
            _ => {}
        }
        let (words, parts, not) = match &cond.kind {
            CondKind::And(parts) => ("all of these", parts, false),
            CondKind::Or(parts) => ("any of these", parts, false),
            CondKind::Not(inner) => match &inner.kind {
                CondKind::And(parts) => ("not all of these", parts, false),
                // None of them holds.
                CondKind::Or(parts) => ("all of these", parts, true),
                _ => return self.said(cond, false),
            },
            _ => return self.said(cond, false),
        };
        html! {
            span.joint { (words) ":" }
            ul.parts { @for part in parts { li { (if not { self.said(part, true) } else { self.block(part) }) } } }
        }
    }

    /// A condition in one line, or that it does not hold.
    pub fn said(&self, cond: &Cond, not: bool) -> Markup {
        match &cond.kind {
            CondKind::And(parts) => self.chain(parts, if not { "or" } else { "and" }, not),
            CondKind::Or(parts) => self.chain(parts, if not { "nor" } else { "or" }, not),
            CondKind::Not(inner) => self.said(inner, !not),
            CondKind::Known(inner) if not => html! { "it is not known that " (self.said(inner, false)) },
            CondKind::Known(inner) => html! { "it is known that " (self.said(inner, false)) },
            CondKind::Name(name) => self.holds(name, not),
            CondKind::Is { subject, how, negated, objects, filter } => html! {
                (self.is(subject, *how, negated.is_some() != not, objects))
                @if let Some(cond) = filter { ", where " (self.inside().said(cond, false)) }
            },
            CondKind::IsMarked { subject, marks } => html! {
                (self.subject(subject)) (is(not)) " marked as " (self.objects(marks, "or"))
            },
            CondKind::Same { subject, what } => self.same(subject.as_ref(), what, not),
            CondKind::Exists(name) if not => html! { "nothing is on record as " (self.subject(name)) },
            CondKind::Exists(name) => html! { "something is on record as " (self.subject(name)) },
            CondKind::IsNone(name) if not => html! { "something is on record as " (self.subject(name)) },
            CondKind::IsNone(name) => html! { "nothing is on record as " (self.subject(name)) },
            CondKind::Compare { left, op, right } => {
                let date = matches!(left, Operand::Name(it) if is_day(&it.text));
                html! { (self.left(left)) " " (compared(*op, not, date)) " " (self.operand(right)) }
            }
            CondKind::Applies(name) if not => {
                html! { "the law of " (self.operand_name(name)) " does not apply" }
            }
            CondKind::Applies(name) => html! { "the law of " (self.operand_name(name)) " applies" },
            CondKind::EveryJurisdiction(objects) => html! {
                @if not { "not " } "every jurisdiction that may apply is " (self.objects(objects, "or"))
            },
            CondKind::LocalTimeBetween { from, until } => html! {
                "the local time" (is(not)) " between " (self.operand(from)) " and " (self.operand(until))
            },
            CondKind::LocalTimeWithin(week) => html! {
                "the local time" (is(not)) " within " (self.week(week))
            },
            CondKind::TodayIsHoliday(calendar) => html! {
                "the day" (is(not)) " a holiday in " (self.word(&calendar.text))
            },
            CondKind::TodayIsBusinessDay(calendar) => html! {
                "the day" (is(not)) " a business day in " (self.word(&calendar.text))
            },
            CondKind::Before(at) if not => html! { "it is at or after " (self.moment(at)) },
            CondKind::Before(at) => html! { "it is before " (self.moment(at)) },
            CondKind::From(at) if not => html! { "it is before " (self.moment(at)) },
            CondKind::From(at) => html! { "it is at or after " (self.moment(at)) },
            CondKind::NoLaterThan { within, after } => html! {
                "it is" @if not { " later than " } @else { " no later than " }
                (self.duration(within)) " after " (self.moment(after))
            },
            CondKind::HavePassed { amount, since } => html! {
                (self.duration(amount)) " have " @if not { "not yet " } "passed since " (self.moment(since))
            },
            CondKind::TodayInLocalDays { first, last, of } => html! {
                "the day" (is(not)) " among local days " (first.value) " to " (last.value) " of " (self.moment(of))
            },
            CondKind::Consent(it) => self.consent(it, not),
            CondKind::Valid(it) => self.valid(it, not),
            CondKind::Refused(it) => self.refused(it, not),
            CondKind::AtMost { most, events, including_this } => {
                let one = matches!(most, Operand::Integer(n) if n.value == 1);
                let named = matches!(most, Operand::Name(_));
                let defined = self.term(&events.name).is_some();
                html! {
                    @if one { "there is " } @else { "there are " }
                    @if not { "more than " } @else { "at most " } (self.operand(most))
                    @if defined { " of the " } @else if named { " of " } @else { " " }
                    (self.events(events, defined || !one))
                    @if including_this.is_some() { ", this contact included" }
                }
            }
            CondKind::Any(events) if not => html! { "there are no " (self.events(events, true)) },
            CondKind::Any(events) => html! { "there are " (self.events(events, true)) },
            CondKind::No(events) if not => html! { "there are " (self.events(events, true)) },
            CondKind::No(events) => html! { "there are no " (self.events(events, true)) },
            CondKind::Count { events, op, right } => html! {
                "the number of " (self.events(events, true)) @if events.filter.is_some() { "," } " " (compared(*op, not, false)) " " (self.operand(right))
            },
            CondKind::OnList { subject, list } => html! {
                (self.subject(subject)) (is(not)) " on " (self.word(&list.text))
            },
            CondKind::SignalIsOn(name) => html! {
                "the signal " (self.word(&name.text)) (is(not)) " on"
            },
            CondKind::CoversContact(name) => html! {
                (self.fact(name)) @if not { " does not cover" } @else { " covers" } " this contact"
            },
            CondKind::CoversAllOfContact(name) => html! {
                (self.fact(name)) @if not { " does not cover" } @else { " covers" } " all of this contact"
            },
            CondKind::CoversIt(name) => {
                html! { (self.fact(name)) @if not { " does not cover" } @else { " covers" } " it" }
            }
            CondKind::RecipientAuthorised => html! {
                "the recipient" (is(not)) " authorised, on record, to receive this for the person"
            },
            CondKind::Error => html! { "…" },
        }
    }

    fn chain(&self, parts: &[Cond], word: &str, not: bool) -> Markup {
        let nested = |part: &Cond| matches!(part.kind, CondKind::And(_) | CondKind::Or(_));
        html! {
            @if word == "nor" { "neither " }
            @for (n, part) in parts.iter().enumerate() {
                @if n > 0 { " " (word) " " }
                // Behind `neither`, parts are said as they are.
                @let said = self.said(part, not && word != "nor");
                @if nested(part) { "(" (said) ")" } @else { (said) }
            }
        }
    }

    /// A bare name: a definition, a setting, or a fact that is yes or no.
    fn holds(&self, name: &Name, not: bool) -> Markup {
        if let Some(term) = self.term(name) {
            return html! { @if not { "not " } "“" (term) "”" };
        }
        let of_event = format!("it.{}", name.text);
        let phrase = match self.event {
            true => self.book.phrase(&of_event).or_else(|| self.book.phrase(&name.text)),
            false => self.book.phrase(&name.text),
        };
        match phrase.and_then(|it| it.split_once(" | ")) {
            Some((yes, no)) => html! { (if not { no.trim() } else { yes.trim() }) },
            None => match name.text.split_once('.') {
                Some((entity, field)) => html! { "the " (plain(entity)) (is(not)) " " (plain(field)) },
                None => html! { "it" (is(not)) " " (plain(&name.text)) },
            },
        }
    }

    fn is(&self, subject: &Operand, how: IsHow, not: bool, objects: &Objects) -> Markup {
        // `contact.responds_to is revocation`, `US-CA in person.jurisdictions`
        if let (Operand::Name(left), [Operand::Name(right)]) = (subject, objects.items.as_slice())
            && how == IsHow::In
            && !objects.bracketed
        {
            return html! {
                (self.operand_name(left)) (is(not)) " among " (self.fact(right))
            };
        }
        let verb = match (how, not) {
            (IsHow::Is | IsHow::In, _) => html! { (is(not)) " " },
            (IsHow::Only, false) => html! { " is nothing but " },
            (IsHow::Only, true) => html! { " is something other than " },
            (IsHow::Includes, false) => html! { " includes " },
            (IsHow::Includes, true) => html! { " does not include " },
        };
        let joint = if how == IsHow::Includes { "and" } else { "or" };
        html! { (self.left(subject)) (verb) (self.objects(objects, joint)) }
    }

    fn same(&self, subject: Option<&Name>, what: &Name, not: bool) -> Markup {
        html! {
            @match subject {
                Some(subject) => { (self.subject(subject)) (is(not)) " the same " (plain(&what.text)) },
                None => { "the " (plain(&what.text)) (is(not)) " the same" },
            }
        }
    }

    fn consent(&self, it: &Consent, not: bool) -> Markup {
        let more = if self.is_deepest(&it.what) { "" } else { " or more" };
        html! {
            @match &it.of {
                Some(who) => { "the " (plain(&who.text)) " has " @if not { "not " } "given " }
                None => { "there is " @if not { "no " } }
            }
            (self.level(&it.what)) (more) (self.given(it))
        }
    }

    /// Whether nothing in its family is worth more than a level.
    fn is_deepest(&self, level: &Name) -> bool {
        let levels = self.from.engine.policy().vocabulary.taxonomy("level");
        let node = levels.and_then(|(_, tree)| Some((tree.find(&level.text)?, tree)));
        node.and_then(|(id, tree)| Some(tree.node(id)?.end == id.0 + 1)).unwrap_or(false)
    }

    fn valid(&self, it: &Consent, not: bool) -> Markup {
        let what = self.term(&it.what).unwrap_or_else(|| self.word(&it.what.text));
        html! {
            "there is " @if not { "no valid " } @else { "a valid " } (what) (self.of_whom(it.of.as_ref())) (self.given(it))
        }
    }

    fn given(&self, it: &Consent) -> Markup {
        html! {
            (self.for_what(it.purposes.as_ref()))
            @if it.by_same_seller.is_some() { ", given to this seller or to nobody in particular" }
            @match &it.given_in {
                Some(past @ Duration::Name(_)) => { ", given no longer ago than " (self.duration(past)) }
                Some(past) => { ", given within the past " (self.duration(past)) }
                None => {}
            }
            @if let Some(cond) = &it.filter { ", where " (self.inside().said(cond, false)) }
            @if it.heeding.is_some() { ", counting only refusals given to this seller or to nobody in particular" }
            (self.counting(it.counting.as_ref()))
        }
    }

    fn refused(&self, it: &Refused, not: bool) -> Markup {
        html! {
            (self.refusal(it, not))
            @if let Some(level) = &it.renewed {
                @if not { ", or has given " } @else { ", and has not given " } (self.level(level)) " since" (self.renewed(it))
            }
            (self.counting(it.counting.as_ref()))
        }
    }

    /// The same as a list, for a refusal that is ended by something, or that is read more widely than it was said.
    fn refused_in_parts(&self, it: &Refused, not: bool) -> Markup {
        html! {
            span.joint { (self.refusal(it, not)) ":" }
            ul.parts {
                @if let Some(level) = &it.renewed {
                    li { "a refusal counts no longer once " (self.level(level)) " has been given since" (self.renewed(it)) }
                }
                @if let Some(counting) = &it.counting {
                    li { "each refusal" (self.widely(counting)) }
                }
            }
        }
    }

    /// Whose refusal of what.
    fn refusal(&self, it: &Refused, not: bool) -> Markup {
        let who = it.of.as_ref().map_or("recipient", |who| who.text.as_str());
        html! {
            "the " (plain(who)) " has " @if not { "not " } "refused this"
            @if let Some(purposes) = &it.purposes { " (" (self.objects(purposes, "or")) ")" }
            @if it.by_same_seller.is_some() { " towards the same seller" }
            @if let Some(cond) = &it.filter { ", by a refusal where " (self.inside().said(cond, false)) }
            @if it.except.is_some() { " (leaving out the refusal that this contact answers)" }
        }
    }

    /// What is asked of the yes that ends a refusal, in brackets: what follows belongs to the sentence around it.
    fn renewed(&self, it: &Refused) -> Markup {
        let (seller, cond) = (it.renewed_by_same_seller.is_some(), it.renewed_where.as_ref());
        html! {
            @if seller || cond.is_some() {
                " ("
                @if seller { "to this seller or to nobody in particular" }
                @if let Some(cond) = cond { @if seller { "; " } "one where " (self.inside().said(cond, false)) }
                ")"
            }
        }
    }

    fn counting(&self, counting: Option<&Counting>) -> Markup {
        let Some(it) = counting else { return html! {} };
        html! { " (each refusal" (self.widely(it)) ")" }
    }

    /// Which refusals are read more widely than they were said, and how widely.
    fn widely(&self, it: &Counting) -> Markup {
        let whole = || it.reach.iter().filter(|reach| reach.within.is_none());
        let last = whole().count().saturating_sub(1);
        html! {
            @if let Some(of) = &it.of { " of " (self.objects(of, "or")) }
            @if let Some(cond) = &it.filter { " where " (self.inside().said(cond, false)) }
            " counts as one of every "
            @for (n, reach) in whole().enumerate() {
                @if n > 0 { @if n == last { " and " } @else { ", " } }
                (plain(&reach.dimension.text))
            }
            @for (n, (dimension, within)) in it.reach.iter().filter_map(|it| Some((&it.dimension, it.within.as_ref()?))).enumerate() {
                @if n > 0 || whole().next().is_some() { ", and of every " }
                (plain(&dimension.text)) " that is " (self.objects(within, "or"))
            }
            ", whatever it names"
        }
    }

    fn of_whom(&self, who: Option<&Name>) -> Markup {
        html! { @if let Some(who) = who { " of the " (plain(&who.text)) } }
    }

    fn for_what(&self, purposes: Option<&Objects>) -> Markup {
        html! { @if let Some(purposes) = purposes { " for " (self.objects(purposes, "or")) } }
    }

    fn level(&self, name: &Name) -> Markup {
        let known = self.book.phrase(&name.text);
        html! {
            @match known {
                Some(words) => (words),
                None => { "consent of the level " (self.operand_name(name)) },
            }
        }
    }

    /// A set of events, as one or as several.
    pub fn events(&self, it: &EventSet, several: bool) -> Markup {
        let name = match self.term(&it.name) {
            Some(term) => term,
            None => {
                let word = match it.name.text.trim_end_matches('s') {
                    "attempt" | "contact" => "contact",
                    "interaction" => "dealing",
                    "revocation" => "refusal",
                    "inquirie" => "inquiry",
                    other => other,
                };
                match (several, word.strip_suffix('y')) {
                    (true, Some(stem)) => html! { (plain(stem)) "ies" },
                    (true, None) => html! { (plain(word)) "s" },
                    _ => html! { (plain(word)) },
                }
            }
        };
        html! {
            (name)
            @if let Some(of) = &it.of { " of " (self.objects(of, "or")) }
            @if it.covering.is_some() { @if several { " that cover this contact" } @else { " that covers this contact" } }
            @if let Some(window) = &it.window { " " (self.window(window)) }
            @if it.by_same_seller.is_some() { " by the same seller" }
            @if let Some(cond) = &it.filter { ", where " (self.inside().said(cond, false)) }
        }
    }

    fn window(&self, window: &Window) -> Markup {
        match &window.kind {
            WindowKind::Past(length @ Duration::Name(_)) => html! { "within " (self.duration(length)) },
            WindowKind::Past(length) => html! { "in the past " (self.duration(length)) },
            WindowKind::Today => html! { "today" },
            WindowKind::ThisWeek(None) => html! { "this week" },
            WindowKind::ThisWeek(Some(day)) => {
                html! { "this week, which begins on " (format!("{:?}", day.day)) }
            }
            WindowKind::ThisMonth => html! { "this month" },
            WindowKind::Since(at) => html! { "since " (self.moment(at)) },
        }
    }

    /// A point in time.
    pub fn moment(&self, at: &Moment) -> Markup {
        match at {
            Moment::Name(name) => self.fact(name),
            Moment::Literal(DateOrInstant::Date(date)) => html! { (spoken_date(date.value)) },
            Moment::Literal(DateOrInstant::Instant(at)) => {
                html! { (spoken_date(at.local.date())) ", " (at.local.time()) }
            }
            Moment::Latest(events, _) => html! { "the latest " (self.events(events, false)) },
            Moment::Refusal(_) => html! { "the refusal that stops it" },
        }
    }

    /// A length of time.
    pub fn duration(&self, it: &Duration) -> Markup {
        match it {
            Duration::Amount(amount) => html! { (super::terms::amount(amount)) },
            Duration::Name(name) => self.fact(name),
            Duration::AsOf { dated, event, .. } => {
                html! { (self.fact(dated)) ", as it stood at " (self.moment(event)) }
            }
        }
    }

    fn week(&self, week: &Week) -> Markup {
        match week {
            Week::Name(name) => self.fact(name),
            Week::Literal(entries, _) => html! {
                @for (n, entry) in entries.iter().enumerate() {
                    @if n > 0 { "; " }
                    @match &entry.days {
                        WeekDays::Days(a, b) if a.day == b.day => (format!("{:?}", a.day)),
                        WeekDays::Days(a, b) => (format!("{:?} to {:?}", a.day, b.day)),
                        WeekDays::Holiday(_) => "holidays",
                    }
                    " "
                    @if entry.hours.is_empty() { "never" }
                    @for (n, range) in entry.hours.iter().enumerate() {
                        @if n > 0 { " and " }
                        (spoken_time(range.from)) " to " (spoken_time(range.until))
                    }
                }
            },
        }
    }

    fn objects(&self, objects: &Objects, joint: &str) -> Markup {
        let last = objects.items.len().saturating_sub(1);
        html! {
            @for (n, item) in objects.items.iter().enumerate() {
                @if n > 0 { @if n == last { " " (joint) " " } @else { ", " } }
                (self.object(item))
            }
        }
    }

    /// What stands right of a verb: a word of the vocabulary, even where the pack calls something else so.
    fn object(&self, it: &Operand) -> Markup {
        match it {
            Operand::Name(name) if !name.text.contains('.') && !name.is_jurisdiction() => {
                match self.book.find(self.from, &name.text) {
                    Some((_, Meaning::Setting | Meaning::Dated, _)) => self.fact(name),
                    _ => self.word(&name.text),
                }
            }
            other => self.operand(other),
        }
    }

    fn operand(&self, it: &Operand) -> Markup {
        match it {
            Operand::Name(name) => self.operand_name(name),
            Operand::Integer(n) => html! { (n.value) },
            Operand::Text(text) => match link::to(&text.value, self.from, self.book) {
                // Records name rules and exemptions by their ids.
                Some(href) => {
                    html! { a.term href=(href) { (plain(text.value.rsplit('.').next().unwrap_or(""))) } }
                }
                None => html! { (plain(&text.value)) },
            },
            Operand::Date(date) => html! { (spoken_date(date.value)) },
            Operand::Time(time) => html! { (spoken_time(*time)) },
            Operand::Amount(amount) => html! { (super::terms::amount(amount)) },
            Operand::Lookup { map, keys, .. } => html! {
                (self.fact(map))
                @for (n, key) in keys.iter().enumerate() { (if n == 0 { " of " } else { " at " }) (self.fact(key)) }
            },
        }
    }

    fn operand_name(&self, name: &Name) -> Markup {
        if name.is_jurisdiction() {
            return html! { (name.text) };
        }
        self.fact(name)
    }

    /// A fact, a word of a taxonomy, or what the pack calls so.
    pub fn fact(&self, name: &Name) -> Markup {
        if let Some(term) = self.term(name) {
            let setting = matches!(self.book.find(self.from, &name.text), Some((_, Meaning::Setting, _)));
            return html! { @if setting { "the setting “" (term) "”" } @else { (term) } };
        }
        let own = format!("it.{}", name.text);
        if self.event
            && let Some(phrase) = self.book.phrase(&own)
        {
            return html! { (phrase) };
        }
        match (self.book.phrase(&name.text), name.text.split_once('.')) {
            (Some(phrase), _) => html! { (phrase.split(" | ").next().unwrap_or(phrase)) },
            (None, Some(("row", column))) => html! { "the row’s " (plain(column)) },
            (None, Some((entity, field))) if self.is_fact(&name.text) => {
                html! { "the " (plain(entity)) "’s " (plain(field)) }
            }
            (None, Some((variable, field))) if self.from.goes_through(variable) => {
                html! { "the " (plain(variable)) "’s " (if field == "most" { "limit".to_owned() } else { plain(field) }) }
            }
            (None, None) if name.text == "address" => html! { "the address" },
            _ => html! { (plain(&name.text)) },
        }
    }

    /// What stands left of a verb: a bare name is the event's own field there.
    fn subject(&self, name: &Name) -> Markup {
        if self.term(name).is_none() && self.is_field(&name.text) && (self.event || name.text != "address") {
            let own = format!("it.{}", name.text);
            let phrase = self.book.phrase(&own).or_else(|| self.book.phrase(&name.text));
            let words = phrase.map_or_else(|| format!("its {}", plain(&name.text)), str::to_owned);
            return html! { (words) };
        }
        self.fact(name)
    }

    fn left(&self, it: &Operand) -> Markup {
        match it {
            Operand::Name(name) if !name.is_jurisdiction() => self.subject(name),
            other => self.operand(other),
        }
    }

    fn is_fact(&self, path: &str) -> bool {
        let vocabulary = &self.from.engine.policy().vocabulary;
        vocabulary.fact(path).is_some() || path.starts_with("instrument.")
    }

    fn is_field(&self, name: &str) -> bool {
        let vocabulary = &self.from.engine.policy().vocabulary;
        ["contacts", "consents", "consents.scope", "interactions", "lists", "signals"]
            .iter()
            .any(|list| vocabulary.fact(&format!("{list}.{name}")).is_some())
    }

    /// A word of the vocabulary.
    pub fn word(&self, word: &str) -> Markup {
        html! { (self.book.phrase(word).map_or_else(|| plain(word), str::to_owned)) }
    }

    /// A defined term, with a link to where it is defined.
    pub fn term(&self, name: &Name) -> Option<Markup> {
        let (volume, meaning, bare) = self.book.find(self.from, &name.text)?;
        let words = plain(bare);
        let class = meaning.anchor();
        let href = link::place(volume, meaning, bare, self.from);
        Some(html! { a.term.(class) href=(href) { (words) } })
    }
}

/// Whether more is to be told of a refusal than whose it is, and of what.
fn has_parts(it: &Refused) -> bool {
    it.counting.is_some() || it.renewed_where.is_some() || it.renewed_by_same_seller.is_some()
}

/// Whether a name tells a day or an instant, so that it comes before or after another.
fn is_day(name: &str) -> bool {
    let word = name.rsplit('.').next().unwrap_or(name);
    matches!(word, "today" | "at" | "recorded_at") || word.ends_with("_on") || word.ends_with("_until")
}

fn is(not: bool) -> &'static str {
    if not { " is not" } else { " is" }
}

fn compared(op: CompareOp, not: bool, date: bool) -> &'static str {
    let op = match (op, not) {
        (op, false) => op,
        (CompareOp::Eq, true) => CompareOp::Ne,
        (CompareOp::Ne, true) => CompareOp::Eq,
        (CompareOp::Lt, true) => CompareOp::Ge,
        (CompareOp::Ge, true) => CompareOp::Lt,
        (CompareOp::Gt, true) => CompareOp::Le,
        (CompareOp::Le, true) => CompareOp::Gt,
    };
    match (op, date) {
        (CompareOp::Eq, _) => "is",
        (CompareOp::Ne, _) => "is not",
        (CompareOp::Lt, true) => "is before",
        (CompareOp::Le, true) => "is no later than",
        (CompareOp::Gt, true) => "is after",
        (CompareOp::Ge, true) => "is or comes after",
        (CompareOp::Lt, false) => "is less than",
        (CompareOp::Le, false) => "is at most",
        (CompareOp::Gt, false) => "is more than",
        (CompareOp::Ge, false) => "is at least",
    }
}

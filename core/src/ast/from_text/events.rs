//! Questions about events: consent, refusals, caps, history, and what lies how long ago.

use super::super::{
    Cond, CondKind, Consent, Counting, Duration, EventSet, Moment, Name, Objects, Reach, Refused, Window,
    WindowKind,
};
use super::conditions::compare_op;
use super::reader::{Reader, part, parts};
use crate::diag::Diagnostic;
use crate::source::Span;
use byleave_grammar::Rule;
use pest::iterators::Pair;

/// What may follow `consent at least L`, `valid I` and `refused`.
#[derive(Default)]
struct Tail {
    of: Option<Name>,
    purposes: Option<Objects>,
    filter: Option<Box<Cond>>,
    counting: Option<Counting>,
    by_same_seller: Option<Span>,
    given_in: Option<Duration>,
    heeding: Option<Span>,
    renewed: Option<Name>,
    renewed_by_same_seller: Option<Span>,
    renewed_where: Option<Box<Cond>>,
    except: Option<Name>,
}

impl<'s> Reader<'s> {
    pub fn event_question(&mut self, pair: Pair<'s, Rule>, span: Span) -> CondKind {
        let rule = pair.as_rule();
        let mut inner = parts(pair.clone());
        match rule {
            Rule::consent => CondKind::Consent(self.consent(inner, span)),
            Rule::valid => CondKind::Valid(self.consent(inner, span)),
            Rule::refused => {
                let tail = self.tail(inner);
                CondKind::Refused(Refused {
                    of: tail.of,
                    purposes: tail.purposes,
                    filter: tail.filter,
                    by_same_seller: tail.by_same_seller,
                    renewed: tail.renewed,
                    renewed_by_same_seller: tail.renewed_by_same_seller,
                    renewed_where: tail.renewed_where,
                    except: tail.except,
                    counting: tail.counting,
                })
            }
            Rule::at_most => {
                let most = self.some_operand(inner.next(), span);
                let (events, including_this) = self.some_events_and_this(inner.next(), span);
                CondKind::AtMost { most, events, including_this }
            }
            Rule::any_events => CondKind::Any(self.some_events(inner.next(), span)),
            Rule::no_events => CondKind::No(self.some_events(inner.next(), span)),
            Rule::count_events => {
                let events = self.some_events(inner.next(), span);
                let op = inner.next().map_or(super::super::CompareOp::Eq, |sign| compare_op(&sign));
                CondKind::Count { events, op, right: self.some_operand(inner.next(), span) }
            }
            Rule::before => CondKind::Before(self.some_moment(inner.next(), span)),
            Rule::starting => CondKind::From(self.some_moment(inner.next(), span)),
            Rule::no_later => {
                let within = self.some_duration(inner.next(), span);
                CondKind::NoLaterThan { within, after: self.some_moment(inner.next(), span) }
            }
            Rule::have_passed => {
                let amount = self.some_duration(inner.next(), span);
                CondKind::HavePassed { amount, since: self.some_moment(inner.next(), span) }
            }
            Rule::in_local_days => {
                let (first, last) =
                    (self.some_integer(inner.next(), span), self.some_integer(inner.next(), span));
                CondKind::TodayInLocalDays { first, last, of: self.some_moment(inner.next(), span) }
            }
            _ => CondKind::Error,
        }
    }

    /// The level or the instrument, and what may follow it.
    fn consent(&mut self, mut inner: impl Iterator<Item = Pair<'s, Rule>>, span: Span) -> Consent {
        let what = self.some_name(inner.next(), span);
        let Tail { of, purposes, filter, counting, by_same_seller, given_in, heeding, .. } = self.tail(inner);
        Consent { what, of, purposes, by_same_seller, given_in, filter, heeding, counting }
    }

    fn tail(&mut self, pairs: impl Iterator<Item = Pair<'s, Rule>>) -> Tail {
        let mut tail = Tail::default();
        for pair in pairs.filter_map(part) {
            let span = self.span(&pair);
            let twice = match pair.as_rule() {
                // Both words of the party are keywords, so the second is looked up by its place.
                Rule::of_party => tail.of.replace(self.party(&pair)).is_some(),
                Rule::for_objects => tail.purposes.replace(self.some_objects(part(pair), span)).is_some(),
                Rule::r#where => tail.filter.replace(self.filter(pair)).is_some(),
                Rule::counting => tail.counting.replace(self.counting(pair)).is_some(),
                Rule::by_same_seller => tail.by_same_seller.replace(span).is_some(),
                Rule::given_in => {
                    let past = part(pair).and_then(part);
                    tail.given_in.replace(self.some_duration(past, span)).is_some()
                }
                Rule::heeding => tail.heeding.replace(span).is_some(),
                Rule::renewed => {
                    let mut inner = parts(pair);
                    let level = self.some_name(inner.next(), span);
                    let twice = tail.renewed.replace(level).is_some();
                    for more in inner {
                        match more.as_rule() {
                            Rule::by_same_seller => tail.renewed_by_same_seller = Some(self.span(&more)),
                            _ => tail.renewed_where = Some(self.filter(more)),
                        }
                    }
                    twice
                }
                Rule::except => tail.except.replace(self.some_name(part(pair), span)).is_some(),
                _ => false,
            };
            self.once(twice, span);
        }
        tail
    }

    fn once(&mut self, twice: bool, span: Span) {
        if twice {
            self.report(
                Diagnostic::new("E0107", span, "this is said twice").hint("join the two, or drop one"),
            );
        }
    }

    fn party(&self, pair: &Pair<'s, Rule>) -> Name {
        self.some_name(pair.clone().into_inner().nth(1), self.span(pair))
    }

    pub fn filter(&mut self, pair: Pair<'s, Rule>) -> Box<Cond> {
        let span = self.span(&pair);
        Box::new(part(pair).map_or(Cond { kind: CondKind::Error, span }, |cond| self.alternatives(cond)))
    }

    fn counting(&mut self, pair: Pair<'s, Rule>) -> Counting {
        let mut counting = Counting { of: None, filter: None, reach: Vec::new(), span: self.span(&pair) };
        if self.source.slice(counting.span).starts_with(',') {
            let word = pair.clone().into_inner().find(|mark| mark.as_rule() == Rule::kw_counting);
            counting.span.start = word.map_or(counting.span.start, |word| self.span(&word).start);
        }
        for part_of in parts(pair) {
            let span = self.span(&part_of);
            match part_of.as_rule() {
                Rule::of_objects => counting.of = Some(self.some_objects(part(part_of), span)),
                Rule::r#where => counting.filter = Some(self.filter(part_of)),
                Rule::reach => {
                    let mut inner = parts(part_of);
                    let dimension = self.some_name(inner.next(), span);
                    let within = inner.next().map(|objects| self.some_objects(part(objects), span));
                    counting.reach.push(Reach { dimension, within, span });
                }
                _ => {}
            }
        }
        counting
    }

    pub fn some_events(&mut self, pair: Option<Pair<'s, Rule>>, near: Span) -> EventSet {
        let (events, this) = self.some_events_and_this(pair, near);
        if let Some(this) = this {
            let message = "only `at most` counts the contact itself";
            self.report(Diagnostic::new("E0101", this, message).hint("leave out `this one included`"));
        }
        events
    }

    fn some_events_and_this(&mut self, pair: Option<Pair<'s, Rule>>, near: Span) -> (EventSet, Option<Span>) {
        let span = pair.as_ref().map_or(near, |pair| self.span(pair));
        let mut inner = pair.into_iter().flat_map(parts);
        let name = self.some_name(inner.next(), span);
        let mut events = EventSet {
            name,
            of: None,
            covering: None,
            window: None,
            by_same_seller: None,
            filter: None,
            span,
        };
        let mut including = None;
        for piece in inner {
            let span = self.span(&piece);
            let piece = match piece.as_rule() {
                Rule::events_part => part(piece),
                _ => Some(piece),
            };
            let Some(piece) = piece else { continue };
            let at = self.span(&piece);
            let twice = match piece.as_rule() {
                Rule::of_objects => events.of.replace(self.some_objects(part(piece), span)).is_some(),
                Rule::covering => events.covering.replace(at).is_some(),
                Rule::window => events.window.replace(self.window(piece)).is_some(),
                Rule::by_same_seller => events.by_same_seller.replace(at).is_some(),
                Rule::this_included => including.replace(at).is_some(),
                Rule::r#where => events.filter.replace(self.filter(piece)).is_some(),
                _ => false,
            };
            self.once(twice, at);
        }
        if let Some(filter) = &events.filter {
            events.span = events.span.to(filter.span);
        }
        (events, including)
    }

    fn window(&mut self, pair: Pair<'s, Rule>) -> Window {
        let span = self.span(&pair);
        let month = pair.clone().into_inner().any(|mark| mark.as_rule() == Rule::kw_month);
        let kind = match part(pair) {
            Some(pair) => match pair.as_rule() {
                Rule::past => WindowKind::Past(self.some_duration(part(pair), span)),
                Rule::this_week => WindowKind::ThisWeek(part(pair).map(|day| self.weekday(&day))),
                _ => WindowKind::Since(self.some_moment(part(pair), span)),
            },
            None if month => WindowKind::ThisMonth,
            None => WindowKind::Today,
        };
        Window { kind, span }
    }

    pub fn some_moment(&mut self, pair: Option<Pair<'s, Rule>>, near: Span) -> Moment {
        let Some(pair) = pair else { return Moment::Name(self.some_name(None, near)) };
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::moment => self.some_moment(part(pair), span),
            Rule::latest => {
                let events = self.some_events(part(pair), span);
                let span = span.to(events.span);
                Moment::Latest(Box::new(events), span)
            }
            Rule::the_refusal => Moment::Refusal(span),
            Rule::instant | Rule::date => Moment::Literal(self.date_or_instant(pair)),
            _ => Moment::Name(self.name(&pair)),
        }
    }

    pub fn some_duration(&mut self, pair: Option<Pair<'s, Rule>>, near: Span) -> Duration {
        let Some(pair) = pair else { return Duration::Name(self.some_name(None, near)) };
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::duration => self.some_duration(part(pair), span),
            Rule::amount => Duration::Amount(self.amount(pair)),
            Rule::as_of => {
                let mut inner = parts(pair);
                let dated = self.some_name(inner.next(), span);
                let event = Box::new(self.some_moment(inner.next(), span));
                Duration::AsOf { dated, event, span }
            }
            _ => Duration::Name(self.name(&pair)),
        }
    }
}

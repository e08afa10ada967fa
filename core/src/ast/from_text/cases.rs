//! Tests and cases.

use super::super::{
    Base, Case, CaseOutcome, Cases, ConsentKind, ConsentLine, Duty, Expect, FactValue, Field, Instant, Name,
    Record, RuleRef, Test, TestLine, TestLineKind, Text, When,
};
use super::reader::{Reader, part, parts};
use crate::source::Span;
use byleave_grammar::Rule;
use pest::iterators::Pair;

impl<'s> Reader<'s> {
    pub fn test(&mut self, pair: Pair<'s, Rule>) -> Test {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let title = self.some_text(inner.next(), span);
        let lines = self.test_lines(inner);
        Test { doc, title, lines, span }
    }

    fn some_text(&self, pair: Option<Pair<'s, Rule>>, near: Span) -> Text {
        pair.map_or(Text { value: String::new(), span: near }, |pair| self.text(&pair))
    }

    fn test_lines(&mut self, pairs: impl Iterator<Item = Pair<'s, Rule>>) -> Vec<TestLine> {
        let mut lines = Vec::new();
        for pair in pairs.filter_map(part) {
            let span = self.span(&pair);
            let doc = self.doc(span);
            if let Some(kind) = self.test_line(pair, span) {
                lines.push(TestLine { doc, kind, span });
            }
        }
        lines
    }

    fn test_line(&mut self, pair: Pair<'s, Rule>, span: Span) -> Option<TestLineKind> {
        let rule = pair.as_rule();
        let on = pair.clone().into_inner().any(|mark| mark.as_rule() == Rule::kw_on);
        let mut inner = parts(pair.clone());
        let first = inner.next();
        Some(match rule {
            Rule::test_at => TestLineKind::At(self.instant(first?)),
            Rule::test_known_at => TestLineKind::KnownAt(self.instant(first?)),
            Rule::test_horizon => TestLineKind::Horizon(self.amount(first?)),
            Rule::test_setting => {
                let name = self.some_name(first, span);
                TestLineKind::Setting(name, self.fact_value(inner.next()?))
            }
            Rule::test_facts => {
                let name = self.some_name(first, span);
                TestLineKind::Facts(name, self.record(inner.next()?))
            }
            Rule::test_consent => TestLineKind::Consent(Box::new(self.consent_line(first?, inner))),
            Rule::test_contacted => {
                let when = self.moment_literal(first?)?;
                TestLineKind::Contacted(when, inner.next().map(|record| self.record(record)))
            }
            Rule::test_interaction => {
                let name = self.some_name(first, span);
                let when = self.moment_literal(inner.next()?)?;
                TestLineKind::Interaction(name, when, inner.next().map(|record| self.record(record)))
            }
            Rule::test_listed => {
                let address = self.some_text(first, span);
                let list = self.some_name(inner.next(), span);
                let (mut as_of, mut result, mut more) = (None, None, None);
                for piece in inner {
                    match piece.as_rule() {
                        Rule::listed_as_of => as_of = part(piece).and_then(|when| self.moment_literal(when)),
                        Rule::listed_result => result = part(piece).map(|name| self.name(&name)),
                        _ => more = Some(self.record(piece)),
                    }
                }
                TestLineKind::Listed { address, list, as_of, result, more }
            }
            Rule::test_signal => {
                let name = self.some_name(first, span);
                TestLineKind::Signal { name, on, more: inner.next().map(|record| self.record(record)) }
            }
            Rule::test_empty => TestLineKind::Empty(self.some_name(first, span)),
            Rule::test_given => TestLineKind::Given(self.names(first?)),
            Rule::test_complete => TestLineKind::Complete(self.names(first?)),
            _ => TestLineKind::Expect(self.expect(first?, span)),
        })
    }

    fn consent_line(
        &mut self,
        kind: Pair<'s, Rule>,
        rest: impl Iterator<Item = Pair<'s, Rule>>,
    ) -> ConsentLine {
        let (kind, levels) = match kind.as_rule() {
            Rule::consent_granted => {
                (ConsentKind::Granted, parts(kind).map(|level| self.name(&level)).collect())
            }
            rule => {
                let families = part(kind).and_then(part).map_or(Vec::new(), |names| self.names(names));
                let revoked = rule == Rule::consent_revoked;
                (if revoked { ConsentKind::Revoked } else { ConsentKind::Declined }, families)
            }
        };
        let mut line = ConsentLine {
            kind,
            levels,
            purposes: Vec::new(),
            channels: Vec::new(),
            topics: Vec::new(),
            senders: Vec::new(),
            addresses: Vec::new(),
            on: None,
            until: None,
            more: None,
        };
        for piece in rest {
            let span = self.span(&piece);
            if piece.as_rule() == Rule::record {
                line.more = Some(self.record(piece));
                continue;
            }
            let Some(scope) = part(piece) else { continue };
            let rule = scope.as_rule();
            let Some(value) = part(scope) else { continue };
            let names = |line: &mut Vec<Name>, names: Vec<Name>| {
                let twice = !line.is_empty();
                line.extend(names);
                twice
            };
            let twice = match rule {
                Rule::scope_for => names(&mut line.purposes, self.names(value)),
                Rule::scope_by => names(&mut line.channels, self.names(value)),
                Rule::scope_about => names(&mut line.topics, self.names(value)),
                Rule::scope_from => names(&mut line.senders, self.names(value)),
                Rule::scope_at => {
                    let twice = !line.addresses.is_empty();
                    line.addresses.extend(self.texts(value));
                    twice
                }
                Rule::scope_on => {
                    line.on.is_some() | {
                        line.on = self.moment_literal(value);
                        false
                    }
                }
                _ => {
                    line.until.is_some() | {
                        line.until = self.moment_literal(value);
                        false
                    }
                }
            };
            self.given_twice(twice, "this", span);
        }
        line
    }

    fn moment_literal(&mut self, pair: Pair<'s, Rule>) -> Option<When> {
        let pair = part(pair)?;
        Some(match pair.as_rule() {
            Rule::instant => When::Instant(self.instant(pair)),
            _ => When::Date(self.date(&pair)),
        })
    }

    fn expect(&mut self, pair: Pair<'s, Rule>, span: Span) -> Expect {
        let rule = pair.as_rule();
        let mut inner = parts(pair).peekable();
        let until = inner.next_if(|p| p.as_rule() == Rule::instant).map(|instant| self.instant(instant));
        let because: Vec<RuleRef> = match inner.next_if(|p| p.as_rule() == Rule::because_rules) {
            Some(rules) => parts(rules).map(|rule| self.rule_ref(rule)).collect(),
            None => Vec::new(),
        };
        if rule == Rule::expect_not {
            let absent = inner.next().map_or(Expect::Allow, |absent| self.expect(absent, span));
            return Expect::Not(Box::new(absent));
        }
        if rule == Rule::expect_oblige {
            let mut duties: Vec<Duty> = inner.map(|duty| self.duty(duty)).collect();
            if matches!(duties.as_slice(), [only] if only.value.is_none() && only.name.text == "none") {
                duties.clear();
            }
            return Expect::Oblige(duties);
        }
        let mut names = inner.next().map_or(Vec::new(), |names| self.names(names));
        if matches!(names.as_slice(), [only] if only.text == "none") {
            names.clear();
        }
        match rule {
            Rule::expect_defer => Expect::Defer { until, because },
            Rule::expect_deny => Expect::Deny { because },
            Rule::expect_valid => Expect::ValidUntil(until),
            Rule::expect_missing => Expect::Missing(names),
            Rule::expect_withheld => Expect::Withheld(names),
            Rule::expect_taken_as => Expect::TakenAs(names),
            Rule::expect_warned => Expect::Warned(names),
            _ => {
                let _ = span;
                Expect::Allow
            }
        }
    }

    fn duty(&mut self, pair: Pair<'s, Rule>) -> Duty {
        let span = self.span(&pair);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        Duty { name, value: inner.next().map(|value| self.fact_value(value)), span }
    }

    pub fn base(&mut self, pair: Pair<'s, Rule>) -> Base {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        Base { doc, name, lines: self.test_lines(inner), span }
    }

    fn rule_ref(&mut self, pair: Pair<'s, Rule>) -> RuleRef {
        let span = self.span(&pair);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        RuleRef { name, row: inner.next().map(|row| self.name(&row)), span }
    }

    pub fn cases(&mut self, pair: Pair<'s, Rule>) -> Cases {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let title = self.some_text(inner.next(), span);
        let empty = RuleRef { name: self.some_name(None, span), row: None, span };
        let rule = inner.next().map_or(empty, |rule| self.rule_ref(rule));
        let base = inner.next().map_or(Vec::new(), |base| self.test_lines(parts(base)));
        let cases = inner.filter_map(|case| self.case(case)).collect();
        Cases { doc, title, rule, base, cases, span }
    }

    fn case(&mut self, pair: Pair<'s, Rule>) -> Option<Case> {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let at: Instant = self.instant(inner.next()?);
        let outcome = inner.next()?;
        let outcome = match outcome.as_rule() {
            Rule::case_pass => CaseOutcome::Pass,
            Rule::case_wait => CaseOutcome::Wait(self.instant(part(outcome)?)),
            Rule::case_unknown => {
                CaseOutcome::Unknown(part(outcome).map_or(Vec::new(), |names| self.names(names)))
            }
            _ => CaseOutcome::Block,
        };
        Some(Case { doc, at, outcome, span })
    }

    fn record(&mut self, pair: Pair<'s, Rule>) -> Record {
        let span = self.span(&pair);
        let mut fields = Vec::new();
        for field in parts(pair) {
            let at = self.span(&field);
            let doc = self.doc(at);
            let mut inner = parts(field);
            let key = self.some_name(inner.next(), at);
            if let Some(value) = inner.next() {
                let value = self.fact_value(value);
                fields.push(Field { doc, key, value, span: at });
            }
        }
        Record { fields, span }
    }

    fn fact_value(&mut self, pair: Pair<'s, Rule>) -> FactValue {
        let span = self.span(&pair);
        let Some(pair) = part(pair) else { return FactValue::None(span) };
        match pair.as_rule() {
            Rule::record => FactValue::Record(self.record(pair)),
            Rule::fact_list => {
                FactValue::List(parts(pair).map(|value| self.fact_value(value)).collect(), span)
            }
            Rule::instant => FactValue::Instant(self.instant(pair)),
            Rule::date => FactValue::Date(self.date(&pair)),
            Rule::month_date => FactValue::Month { text: pair.as_str().to_owned(), span },
            Rule::amount => FactValue::Amount(self.amount(pair)),
            Rule::time => FactValue::Time(self.time(&pair)),
            Rule::integer => FactValue::Integer(self.integer(&pair)),
            Rule::text => FactValue::Text(self.text(&pair)),
            _ => match pair.as_str() {
                "none" => FactValue::None(span),
                "yes" | "true" => FactValue::Yes(span),
                "no" | "false" => FactValue::No(span),
                _ => FactValue::Name(self.name(&pair)),
            },
        }
    }
}

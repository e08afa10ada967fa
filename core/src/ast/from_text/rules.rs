//! Rules and exemptions.

use super::super::{
    Clause, ClauseKind, Cond, CondKind, Exemption, ForEach, Name, Oblige, ObligeArg, Rule as AstRule, Unless,
};
use super::reader::{Reader, part, parts};
use crate::diag::Diagnostic;
use crate::source::Span;
use byleave_grammar::Rule;
use pest::iterators::Pair;

/// The kinds of reason that a rule may claim for itself.
const KINDS: [&str; 6] = ["refused", "no_basis", "timing", "too_often", "content", "missing_fact"];
/// How well wording was checked against its source.
const VERIFIED: [&str; 3] = ["text", "secondary", "unverified"];

impl<'s> Reader<'s> {
    pub fn rule(&mut self, pair: Pair<'s, Rule>) -> AstRule {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair).peekable();
        let name = self.some_name(inner.next(), span);
        let each = inner.next_if(|part| part.as_rule() == Rule::for_each).map(|pair| {
            let span = self.span(&pair);
            let mut names = parts(pair);
            ForEach {
                var: self.some_name(names.next(), span),
                source: self.some_name(names.next(), span),
                span,
            }
        });
        let clauses = self.clauses(inner, true);
        AstRule { doc, name, each, clauses, span }
    }

    pub fn exemption(&mut self, pair: Pair<'s, Rule>) -> Exemption {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let clauses = self.clauses(inner, false);
        Exemption { doc, name, clauses, span }
    }

    fn clauses(&mut self, pairs: impl Iterator<Item = Pair<'s, Rule>>, in_rule: bool) -> Vec<Clause> {
        let mut clauses: Vec<Clause> = Vec::new();
        let mut seen: Vec<(Rule, Span)> = Vec::new();
        for pair in pairs.filter_map(part) {
            let (rule, span) = (pair.as_rule(), self.span(&pair));
            let doc = self.doc(span);
            self.belongs(&pair, in_rule, span);
            if let Some((_, before)) = seen.iter().find(|(other, _)| *other == rule && once(rule)) {
                let message = format!("`{}` is given twice", keyword(&pair));
                let hint = if rule == Rule::when { "join the two with `and`" } else { "drop one of the two" };
                self.report(Diagnostic::new("E0107", span, message).label(*before, "the first").hint(hint));
            }
            seen.push((rule, span));
            let kind = self.clause(pair, span);
            clauses.push(Clause { doc, kind, span });
        }
        clauses
    }

    /// Whether a clause belongs in a rule, or in an exemption.
    fn belongs(&mut self, pair: &Pair<'s, Rule>, in_rule: bool, span: Span) {
        let rule = pair.as_rule();
        let (wrong, message, hint) = match rule {
            Rule::provided => (
                in_rule,
                "a rule has no `provided`",
                "in a rule, write `require`; an exemption is `provided` something",
            ),
            Rule::require => (
                !in_rule,
                "an exemption has no `require`: its failure alone blocks nothing",
                "in an exemption, write `provided`",
            ),
            Rule::disclose | Rule::use_only | Rule::unless | Rule::on_refusal | Rule::kind => {
                (!in_rule, "this clause belongs in a rule, not in an exemption", "put it in the rule")
            }
            _ => (false, "", ""),
        };
        if wrong {
            self.report(Diagnostic::new("E0101", span, message).hint(hint));
        }
    }

    fn clause(&mut self, pair: Pair<'s, Rule>, span: Span) -> ClauseKind {
        let rule = pair.as_rule();
        let mut inner = parts(pair);
        let first = inner.next();
        match (rule, first) {
            (Rule::cite, Some(texts)) => ClauseKind::Cite(self.texts(texts)),
            (Rule::sheet, sheet) => ClauseKind::Sheet(self.sheet(sheet, span)),
            (Rule::verified, name) => ClauseKind::Verified(self.verified(name, span)),
            (Rule::kind, name) => ClauseKind::Kind(self.one_of(name, span, &KINDS)),
            (Rule::since, Some(date)) => ClauseKind::Since(self.date(&date)),
            (Rule::until, Some(date)) => ClauseKind::Until(self.date(&date)),
            (Rule::when, Some(cond)) => ClauseKind::When(self.condition(cond)),
            (Rule::require | Rule::provided, Some(cond)) => {
                let cond = self.condition(cond);
                ClauseKind::Require { cond, when: self.when(inner.next()) }
            }
            (Rule::include, Some(names)) => {
                let elements = self.names(names);
                ClauseKind::Include { elements, when: self.when(inner.next()) }
            }
            (Rule::disclose, Some(names)) => ClauseKind::DiscloseOnly(self.names(names)),
            (Rule::use_only, Some(names)) => ClauseKind::UseOnly(self.names(names)),
            (Rule::unless, Some(first)) => {
                let all = std::iter::once(first).chain(inner);
                ClauseKind::Unless(all.map(|one| self.unless(one)).collect())
            }
            (Rule::oblige, name) => ClauseKind::Oblige(self.oblige(name, inner.next(), span)),
            (Rule::on_refusal, name) => ClauseKind::OnRefusal(self.oblige(name, inner.next(), span)),
            (Rule::because, Some(text)) => ClauseKind::Because(self.template(&text)),
            (_, _) => ClauseKind::When(Cond { kind: CondKind::Error, span }),
        }
    }

    /// The id in the fact sheet, which need not be a name of the language.
    pub fn sheet(&mut self, pair: Option<Pair<'s, Rule>>, span: Span) -> Name {
        match pair {
            Some(text) if text.as_rule() == Rule::text => {
                let text = self.text(&text);
                Name { text: text.value, span: text.span }
            }
            name => self.some_name(name, span),
        }
    }

    /// The word after `verified`.
    pub fn verified(&mut self, pair: Option<Pair<'s, Rule>>, span: Span) -> Name {
        self.one_of(pair, span, &VERIFIED)
    }

    fn one_of(&mut self, pair: Option<Pair<'s, Rule>>, span: Span, words: &[&str]) -> Name {
        let name = self.some_name(pair, span);
        if !words.contains(&name.text.as_str()) {
            let list: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            let message = format!("`{}` is none of {}", name.text, list.join(", "));
            self.report(
                Diagnostic::new("E0101", name.span, message).suggest(&name.text, words.iter().copied()),
            );
        }
        name
    }

    fn when(&mut self, pair: Option<Pair<'s, Rule>>) -> Option<Cond> {
        Some(self.condition(part(pair?)?))
    }

    fn unless(&mut self, pair: Pair<'s, Rule>) -> Unless {
        let span = self.span(&pair);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        Unless { name, when: self.when(inner.next()), span }
    }

    fn oblige(&mut self, name: Option<Pair<'s, Rule>>, arg: Option<Pair<'s, Rule>>, near: Span) -> Oblige {
        let name = self.some_name(name, near);
        let end = arg.as_ref().map_or(name.span, |arg| self.span(arg));
        let span = name.span.to(end);
        Oblige { name, arg: arg.and_then(part).map(|arg| self.oblige_arg(arg)), span }
    }

    fn oblige_arg(&mut self, arg: Pair<'s, Rule>) -> ObligeArg {
        let span = self.span(&arg);
        match arg.as_rule() {
            Rule::deadline => {
                let mut inner = parts(arg);
                let within = self.some_duration(inner.next(), span);
                ObligeArg::Deadline { within, after: self.some_moment(inner.next(), span), span }
            }
            Rule::amount => ObligeArg::Amount(self.amount(arg)),
            Rule::date => ObligeArg::Date(self.date(&arg)),
            Rule::integer => ObligeArg::Integer(self.integer(&arg)),
            Rule::text => ObligeArg::Text(self.text(&arg)),
            Rule::names_in_brackets => ObligeArg::Names(self.names(arg), span),
            _ => ObligeArg::Name(self.name(&arg)),
        }
    }
}

/// Whether a clause may stand once only.
fn once(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::sheet | Rule::verified | Rule::since | Rule::until | Rule::when | Rule::kind | Rule::because
    )
}

fn keyword<'s>(pair: &Pair<'s, Rule>) -> &'s str {
    pair.clone().into_inner().next().map_or("", |word| word.as_str())
}

//! Clauses that rules and exemptions share: citations, dates in force, content, obligations, sentences.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::taxonomy::NodeId;
use crate::time::{Date, Instant, Zone};
use crate::typed::linker::Linker;
use crate::typed::literals::{Literal, amount, date, integer};
use crate::typed::operands::{Env, Typed};
use crate::typed::tables::week_words;
use crate::typed::{
    Cond, CondAt, DeadlineAfter, InForce, Include, Kind, Law, Moment, Oblige, ObligeValue, Operand, Template,
    TemplatePart, Verified,
};
use crate::value::{Type, Value};
use std::sync::Arc;

/// What the clauses of one rule or exemption say, before it is known which row it is for.
#[derive(Default)]
pub(crate) struct Clauses<'a> {
    pub cites: Vec<String>,
    pub sheet: Option<String>,
    pub verified: Option<&'a ast::Name>,
    pub since: Option<&'a ast::Date>,
    pub until: Option<&'a ast::Date>,
    pub when: Option<&'a ast::Cond>,
    pub requires: Vec<(&'a ast::Cond, Option<&'a ast::Cond>, Span)>,
    pub includes: Vec<(&'a [ast::Name], Option<&'a ast::Cond>)>,
    pub disclose: Option<&'a [ast::Name]>,
    pub use_only: Option<&'a [ast::Name]>,
    pub unless: Vec<&'a ast::Unless>,
    pub obliges: Vec<&'a ast::Oblige>,
    pub on_refusal: Vec<&'a ast::Oblige>,
    pub kind: Option<&'a ast::Name>,
    pub because: Option<&'a ast::Template>,
}

impl<'a> Clauses<'a> {
    /// Sorts them by what they say.
    pub fn of(clauses: &'a [ast::Clause]) -> Clauses<'a> {
        let mut out = Clauses::default();
        for clause in clauses {
            match &clause.kind {
                ast::ClauseKind::Cite(texts) => out.cites.extend(texts.iter().map(|t| t.value.clone())),
                ast::ClauseKind::Sheet(name) => out.sheet = Some(name.text.clone()),
                ast::ClauseKind::Verified(name) => out.verified = Some(name),
                ast::ClauseKind::Since(date) => out.since = Some(date),
                ast::ClauseKind::Until(date) => out.until = Some(date),
                ast::ClauseKind::When(cond) => out.when = Some(cond),
                ast::ClauseKind::Require { cond, when } => {
                    out.requires.push((cond, when.as_ref(), clause.span))
                }
                ast::ClauseKind::Include { elements, when } => out.includes.push((elements, when.as_ref())),
                ast::ClauseKind::DiscloseOnly(names) => out.disclose = Some(names),
                ast::ClauseKind::UseOnly(names) => out.use_only = Some(names),
                ast::ClauseKind::Unless(list) => out.unless.extend(list),
                ast::ClauseKind::Oblige(oblige) => out.obliges.push(oblige),
                ast::ClauseKind::OnRefusal(oblige) => out.on_refusal.push(oblige),
                ast::ClauseKind::Kind(name) => out.kind = Some(name),
                ast::ClauseKind::Because(template) => out.because = Some(template),
            }
        }
        out
    }
}

/// Whether a question for a refusal stands in it.
fn asks_refusal(cond: &Cond) -> bool {
    match cond {
        Cond::All(parts) | Cond::Any(parts) => parts.iter().any(|it| asks_refusal(&it.cond)),
        Cond::Not(inner) | Cond::Known(inner) => asks_refusal(&inner.cond),
        other => matches!(other, Cond::Refused(_)),
    }
}

/// Dates in force as instants of the clock.
pub(crate) fn in_force(clock: &Zone, since: Option<Date>, until: Option<Date>) -> InForce {
    InForce {
        from: since.map_or(Instant::MIN, |d| clock.start_of(d)),
        until: until.map_or(Instant::MAX, |d| clock.start_of(d.next())),
    }
}

impl<'a> Linker<'a> {
    /// The word after `verified`.
    pub fn verified(&mut self, name: Option<&ast::Name>) -> Option<Verified> {
        let name = name?;
        match name.text.as_str() {
            "text" => Some(Verified::Text),
            "secondary" => Some(Verified::Secondary),
            "unverified" => Some(Verified::Unverified),
            other => {
                let diagnostic =
                    Diagnostic::new("E0306", name.span, format!("nothing is verified by `{other}`"))
                        .hint("write `text`, `secondary` or `unverified`");
                self.report(diagnostic);
                None
            }
        }
    }

    /// Where a declaration says that it stands in the law.
    pub fn law(
        &mut self,
        sheet: Option<&ast::Name>,
        cite: &[ast::Text],
        verified: Option<&ast::Name>,
    ) -> Law {
        Law {
            sheet: sheet.map(|name| name.text.clone()),
            cites: cite.iter().map(|t| t.value.clone()).collect(),
            verified: self.verified(verified),
        }
    }

    /// The word after `kind`.
    pub fn kind(&mut self, name: &ast::Name) -> Option<Kind> {
        Some(match name.text.as_str() {
            "refused" => Kind::Refused,
            "no_basis" => Kind::NoBasis,
            "missing_fact" => Kind::MissingFact,
            "timing" => Kind::Timing,
            "too_often" => Kind::TooOften,
            "content" => Kind::Content,
            other => {
                let diagnostic =
                    Diagnostic::new("E0306", name.span, format!("there are no reasons of kind `{other}`"))
                        .suggest(
                            other,
                            ["refused", "no_basis", "missing_fact", "timing", "too_often", "content"],
                        );
                self.report(diagnostic);
                return None;
            }
        })
    }

    /// First and last day in force, in order.
    pub fn dates(&mut self, since: Option<(Date, Span)>, until: Option<(Date, Span)>) {
        if let (Some((from, place)), Some((to, span))) = (since, until)
            && from > to
        {
            let diagnostic = Diagnostic::new(
                "E0504",
                span,
                format!("the last day in force, {to}, lies before the first, {from}"),
            )
            .label(place, "the first day");
            self.report(diagnostic);
        }
    }

    /// `when C`; true when not written.
    pub fn when(&mut self, env: Env<'_, 'a>, when: Option<&ast::Cond>, owner: Span) -> Option<CondAt> {
        match when {
            Some(cond) => self.cond(env, cond),
            None => Some(self.at(Cond::Const(true), owner, 0)),
        }
    }

    /// `require C when W` is `C or not W`.
    pub fn require(
        &mut self,
        env: Env<'_, 'a>,
        cond: &ast::Cond,
        when: Option<&ast::Cond>,
        span: Span,
    ) -> Option<CondAt> {
        let typed = self.cond(env, cond);
        let Some(when) = when else { return typed };
        let when = self.cond(env, when)?;
        let place = when.span;
        let not = self.at(Cond::Not(Box::new(when)), place, 1);
        Some(self.at(Cond::Any(vec![typed?, not]), span, 1))
    }

    /// `include …`
    pub fn include(
        &mut self,
        env: Env<'_, 'a>,
        elements: &[ast::Name],
        when: Option<&ast::Cond>,
    ) -> Option<Include> {
        let elements = self.names_of(env, "content_element", elements);
        let when = match when {
            Some(cond) => Some(self.cond(env, cond)?),
            None => None,
        };
        Some(Include { elements: elements?, when })
    }

    /// Nodes of a taxonomy by name; `row.x` is the row's.
    pub fn names_of(&mut self, env: Env<'_, 'a>, taxonomy: &str, names: &[ast::Name]) -> Option<Vec<NodeId>> {
        let place = names.first()?.span;
        let Some(id) = self.taxonomy(taxonomy) else {
            self.error("E0401", place, format!("no loaded pack declares the taxonomy `{taxonomy}`"));
            return None;
        };
        let mut all = Vec::new();
        for name in names {
            if name.text.starts_with("row.") {
                if let Typed::Literals(list) = self.name(env, name)? {
                    all.extend(
                        list.into_iter()
                            .filter_map(|l| if let Literal::Word(n) = l { Some(n) } else { None }),
                    );
                }
            } else {
                all.push(name.clone());
            }
        }
        self.nodes(env.pack, id, &all)
    }

    /// `oblige NAME: ARG`
    pub fn oblige(&mut self, env: Env<'_, 'a>, oblige: &ast::Oblige) -> Option<Oblige> {
        self.obliged(env, oblige, None)
    }

    /// `on refusal oblige NAME: ARG`, of a rule with these requirements.
    pub fn on_refusal(
        &mut self,
        env: Env<'_, 'a>,
        oblige: &ast::Oblige,
        requires: &[Option<CondAt>],
    ) -> Option<Oblige> {
        self.obliged(env, oblige, Some(requires))
    }

    fn obliged(
        &mut self,
        env: Env<'_, 'a>,
        oblige: &ast::Oblige,
        refused: Option<&[Option<CondAt>]>,
    ) -> Option<Oblige> {
        let value = match &oblige.arg {
            None => ObligeValue::Nothing,
            Some(arg) => self.oblige_value(env, arg, refused)?,
        };
        Some(Oblige { id: oblige.name.text.clone(), value, cites: Vec::new() })
    }

    /// A point to count a deadline from; where the rule blocks, `refusal` is one.
    fn deadline_from(
        &mut self,
        env: Env<'_, 'a>,
        moment: &ast::Moment,
        refused: Option<&[Option<CondAt>]>,
    ) -> Option<Moment> {
        let (ast::Moment::Refusal(span), Some(requires)) = (moment, refused) else {
            return self.moment(env, moment);
        };
        // A requirement that is wrong has been told of already.
        if requires.iter().all(|it| it.as_ref().is_some_and(|it| !asks_refusal(&it.cond))) {
            let diagnostic =
                Diagnostic::new("E0304", *span, "no `refused` stands in what this rule requires")
                    .hint("write `require not refused …`, or count from `latest revocation …`");
            self.report(diagnostic);
            return None;
        }
        Some(Moment::Refusal)
    }

    fn oblige_value(
        &mut self,
        env: Env<'_, 'a>,
        arg: &ast::ObligeArg,
        refused: Option<&[Option<CondAt>]>,
    ) -> Option<ObligeValue> {
        Some(match arg {
            ast::ObligeArg::Amount(a) => ObligeValue::Amount(Operand::Const(Value::Amount(amount(self, a)?))),
            ast::ObligeArg::Text(t) => ObligeValue::Is(Value::Text(Arc::from(t.value.as_str()))),
            ast::ObligeArg::Integer(n) => ObligeValue::Is(Value::Int(integer(*n))),
            ast::ObligeArg::Date(d) => ObligeValue::Is(Value::Date(date(d))),
            ast::ObligeArg::Names(names, _) => {
                ObligeValue::Words(names.iter().map(|n| n.text.clone()).collect())
            }
            ast::ObligeArg::Name(name) => self.oblige_name(env, name)?,
            ast::ObligeArg::Deadline { within, after, .. } => {
                let (amount, as_of) = match within {
                    ast::Duration::AsOf { dated, event, .. } => {
                        let amount = self.duration(env, &ast::Duration::Name(dated.clone()))?;
                        if !matches!(amount, Operand::Dated(_)) {
                            self.error("E0301", dated.span, "`as of` asks for the edition of a dated value");
                            return None;
                        }
                        // Of each refusal its own edition: of another moment than it counts from there is none.
                        if let ast::Moment::Refusal(span) = &**event
                            && !matches!(after, ast::Moment::Refusal(_))
                        {
                            self.error("E0304", *span, "`as of refusal` wants `after refusal`");
                            return None;
                        }
                        (amount, Some(self.deadline_from(env, event, refused)?))
                    }
                    other => (self.duration(env, other)?, None),
                };
                let calendar = self.business_calendar(env, &amount, within.span())?;
                ObligeValue::Deadline(DeadlineAfter {
                    amount,
                    as_of,
                    after: self.deadline_from(env, after, refused)?,
                    calendar,
                })
            }
        })
    }

    fn oblige_name(&mut self, env: Env<'_, 'a>, name: &ast::Name) -> Option<ObligeValue> {
        Some(match self.name(env, name)? {
            Typed::Op(op, Type::Duration) => ObligeValue::Amount(op),
            Typed::Op(Operand::Setting(i), _) => {
                // What is chosen by the request is no constant of the policy.
                let setting = self.settings.get(i).map(|s| s.name.clone()).unwrap_or_default();
                self.error("E0301", name.span, format!("`{setting}` is no length of time"));
                return None;
            }
            Typed::Op(..) => {
                self.error(
                    "E0301",
                    name.span,
                    "an obligation names a length of time, a text, a number, a date or words",
                );
                return None;
            }
            Typed::Literals(list) => match list.as_slice() {
                [] => ObligeValue::Nothing,
                [Literal::Amount(a, _)] => ObligeValue::Amount(Operand::Const(Value::Amount(*a))),
                [Literal::Integer(n, _)] => ObligeValue::Is(Value::Int(*n)),
                [Literal::Text(t, _)] => ObligeValue::Is(Value::Text(Arc::from(t.as_str()))),
                [Literal::Date(d, _)] => ObligeValue::Is(Value::Date(*d)),
                several => ObligeValue::Words(several.iter().map(Literal::words).collect()),
            },
            Typed::Today | Typed::Each | Typed::Word(_) => ObligeValue::Words(vec![name.text.clone()]),
        })
    }

    /// A sentence; holes that the row or the policy fills are filled.
    pub fn template(&mut self, env: Env<'_, 'a>, template: Option<&ast::Template>) -> Template {
        let mut out = Template::default();
        let Some(template) = template else { return out };
        let mut push = |part: TemplatePart| match (out.parts.last_mut(), part) {
            (Some(TemplatePart::Text(before)), TemplatePart::Text(more)) => before.push_str(&more),
            (_, part) => out.parts.push(part),
        };
        for part in &template.parts {
            match part {
                ast::TemplatePart::Words(words) => push(TemplatePart::Text(words.clone())),
                ast::TemplatePart::Hole(name) => {
                    if let Some(part) = self.hole(env, name) {
                        push(part);
                    }
                }
            }
        }
        out
    }

    fn hole(&mut self, env: Env<'_, 'a>, name: &ast::Name) -> Option<TemplatePart> {
        if name.text == "row.week" {
            let row = env.row?;
            let (week, _) = self.row_week(row, name.span)?;
            return Some(TemplatePart::Text(week_words(&week)));
        }
        match self.name(env, name)? {
            Typed::Op(op, _) => Some(TemplatePart::Value(op)),
            Typed::Literals(list) if name.text.starts_with("row.") => {
                let words: Vec<String> = list.iter().map(Literal::words).collect();
                let words = match words.as_slice() {
                    [] => "nothing".to_string(),
                    [one] => one.clone(),
                    [first @ .., last] => format!("{} and {last}", first.join(", ")),
                };
                Some(TemplatePart::Text(words))
            }
            _ => {
                self.unknown_word(env, name);
                None
            }
        }
    }
}

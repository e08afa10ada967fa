//! What a test expects of the answer: outcomes, validity, and rules by the ids that a decision gives them.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::typed::literals::{amount, date};
use crate::typed::names::Space;
use crate::typed::tests_to_requests::Building;
use crate::typed::{Expectations, ExpectedOutcome};

impl Building<'_, '_> {
    pub fn expect(&mut self, expect: &ast::Expect, out: &mut Expectations, span: Span) {
        let words = |names: &[ast::Name]| names.iter().map(|n| n.text.clone()).collect::<Vec<_>>();
        match expect {
            ast::Expect::Allow => self.outcome(out, ExpectedOutcome::Allow, &[], span),
            ast::Expect::Deny { because } => self.outcome(out, ExpectedOutcome::Deny, because, span),
            ast::Expect::Defer { until, because } => {
                let until = until.as_ref().and_then(|i| self.instant(i));
                self.outcome(out, ExpectedOutcome::Defer(until), because, span);
            }
            ast::Expect::ValidUntil(None) => out.valid_until = Some(None),
            ast::Expect::ValidUntil(Some(i)) => out.valid_until = self.instant(i).map(Some),
            ast::Expect::Missing(names) => out.missing = Some(words(names)),
            // Of none at all: whatever is there is one too many.
            ast::Expect::Withheld(names) if names.is_empty() => absent(&mut out.absent.withheld, []),
            ast::Expect::Oblige(duties) if duties.is_empty() => absent(&mut out.absent.oblige, []),
            ast::Expect::TakenAs(names) if names.is_empty() => absent(&mut out.absent.taken_as, []),
            ast::Expect::Warned(names) if names.is_empty() => absent(&mut out.absent.warned, []),
            ast::Expect::Withheld(names) => out.withheld.extend(words(names)),
            ast::Expect::Oblige(duties) => out.oblige.extend(self.duties(duties)),
            ast::Expect::TakenAs(names) => out.taken_as.extend(words(names)),
            ast::Expect::Warned(names) => out.warned.extend(words(names)),
            ast::Expect::Not(expect) => match &**expect {
                ast::Expect::Withheld(names) if !names.is_empty() => {
                    absent(&mut out.absent.withheld, words(names))
                }
                ast::Expect::Oblige(duties) if !duties.is_empty() => {
                    absent(&mut out.absent.oblige, self.duties(duties))
                }
                ast::Expect::TakenAs(names) if !names.is_empty() => {
                    absent(&mut out.absent.taken_as, words(names))
                }
                ast::Expect::Warned(names) if !names.is_empty() => {
                    absent(&mut out.absent.warned, words(names))
                }
                _ => self.cx.error("E0213", span, "`no` and `none` together say nothing: leave one away"),
            },
        }
    }

    /// Obligations by their words, each with what it says where that is written.
    fn duties(&mut self, duties: &[ast::Duty]) -> Vec<(String, Option<String>)> {
        let mut out = Vec::with_capacity(duties.len());
        for duty in duties {
            let value = match &duty.value {
                None => None,
                Some(value) => match self.duty_says(value) {
                    Some(text) => Some(text),
                    None => continue,
                },
            };
            out.push((duty.name.text.clone(), value));
        }
        out
    }

    /// What an obligation must say, in the words of a decision.
    fn duty_says(&mut self, value: &ast::FactValue) -> Option<String> {
        Some(match value {
            ast::FactValue::Amount(it) => amount(self.cx, it)?.to_string(),
            ast::FactValue::Date(it) => date(it).to_string(),
            ast::FactValue::Integer(it) => it.value.to_string(),
            ast::FactValue::Text(it) => it.value.clone(),
            ast::FactValue::Name(it) => it.text.clone(),
            ast::FactValue::List(all, _) => {
                let words: Option<Vec<String>> = all.iter().map(|it| self.duty_says(it)).collect();
                words?.join(", ")
            }
            other => {
                let message = "an obligation says a length of time, a date, a number, a text or names";
                self.cx.error("E0213", other.span(), message);
                return None;
            }
        })
    }

    fn outcome(
        &mut self,
        out: &mut Expectations,
        outcome: ExpectedOutcome,
        because: &[ast::RuleRef],
        span: Span,
    ) {
        if out.outcome.replace(outcome).is_some() {
            self.cx.error("E0213", span, "this test expects an outcome already");
        }
        let rules: Vec<String> = because.iter().filter_map(|r| self.rule(r)).collect();
        out.because.extend(rules);
    }

    /// The full id of a rule: of this pack, of one it uses, or written whole.
    pub fn rule(&mut self, written: &ast::RuleRef) -> Option<String> {
        let row = written.row.as_ref().map_or_else(String::new, |r| format!("[{}]", r.text));
        let root = self.policy.root().map(usize::from);
        let id = match self.cx.look_up(Space::Rule, self.pack, &written.name) {
            Err(()) => return None,
            Ok(Some(entry)) => {
                let bare = self.bare(entry.pack, &written.name.text);
                self.cx.qualified(entry.pack, &bare)
            }
            // Packs that are loaded and not used: a test may expect their rules all the same.
            Ok(None) if written.name.text == "reach" && root.is_some() => {
                return root.map(|pack| self.cx.qualified(pack, "reach"));
            }
            Ok(None) => written.name.text.clone(),
        };
        let full = format!("{id}{row}");
        if self.policy.rules.iter().any(|r| r.id == full)
            || root.is_some_and(|p| self.cx.qualified(p, "reach") == full)
        {
            return Some(full);
        }
        let rows = format!("{id}[");
        let diagnostic = if row.is_empty() && self.policy.rules.iter().any(|r| r.id.starts_with(&rows)) {
            Diagnostic::new("E0212", written.span, format!("`{id}` is a rule for each row: say which"))
                .hint(format!("write `{}[ROW]`", written.name.text))
        } else {
            let names = self.policy.rules.iter().map(|r| r.id.as_str());
            let own = self.cx.qualified(self.pack, "");
            let near = names.clone().filter_map(|n| n.strip_prefix(own.as_str()));
            let text = format!("{}{row}", written.name.text);
            Diagnostic::new("E0212", written.span, format!("no rule is called `{text}`"))
                .suggest(&text, names.chain(near))
        };
        self.cx.report(diagnostic);
        None
    }

    /// The rule's name without its pack.
    fn bare(&self, pack: usize, name: &str) -> String {
        let own = format!("{}.", self.cx.pack_name(pack));
        name.strip_prefix(&own).unwrap_or(name).to_string()
    }
}

/// What may not be there; named none, nothing at all, whatever else is named.
fn absent<T>(of: &mut Option<Vec<T>>, more: impl IntoIterator<Item = T>) {
    let more: Vec<T> = more.into_iter().collect();
    match of {
        Some(known) if known.is_empty() => {}
        Some(known) if !more.is_empty() => known.extend(more),
        _ => *of = Some(more),
    }
}

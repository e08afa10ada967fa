//! A test's lines as the request that a host would send, and what the test expects of the answer.
//!
//! A test is the JSON request with the punctuation left away, so little is done here: names of facts are checked, instants
//! get their zone, lines about events become events. What a value is worth is for the reader of requests to say.

use crate::ast;
use crate::diag::Diagnostic;
use crate::time::{Instant, Zone};
use crate::typed::bases;
use crate::typed::linker::{Linker, doc, pack_index};
use crate::typed::literals::{amount, date};
use crate::typed::names::{Meaning, Space, Word};
use crate::typed::{Expect, Expectations, ExpectedFinding, PackTest, Policy};
use crate::value::Type;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The tests of all packs, with their requests.
pub(crate) fn link(cx: &mut Linker<'_>, policy: &Policy) -> Vec<PackTest> {
    let mut out = Vec::new();
    let Some(bases) = bases::check(cx) else { return out };
    for (pack, bases) in bases.iter().enumerate() {
        for item in cx.items(pack) {
            match item {
                ast::Item::Test(it) => {
                    let lines = bases::laid_out(bases, &it.lines);
                    test(cx, policy, pack, it, &lines, &mut out);
                }
                ast::Item::Cases(it) => {
                    let lines = bases::laid_out(bases, &it.base);
                    cases(cx, policy, pack, it, &lines, &mut out);
                }
                _ => {}
            }
        }
    }
    out
}

fn test(
    cx: &mut Linker<'_>,
    policy: &Policy,
    pack: usize,
    it: &ast::Test,
    lines: &[&ast::TestLine],
    out: &mut Vec<PackTest>,
) {
    let mut building = Building::new(cx, policy, pack, lines);
    let mut expect = Expectations::default();
    for line in lines {
        match &line.kind {
            ast::TestLineKind::Expect(e) => building.expect(e, &mut expect, line.span),
            _ => building.line(line),
        }
    }
    if !building.request.contains_key("at") {
        building.cx.error("E0213", it.title.span, "this test says no `at`: when is it asked?");
    }
    let request = Value::Object(building.request);
    out.push(PackTest {
        pack: pack_index(pack),
        title: it.title.value.clone(),
        doc: doc(it.doc.as_ref()),
        span: it.span,
        request,
        expect: Expect::Decision(expect),
    });
}

fn cases(
    cx: &mut Linker<'_>,
    policy: &Policy,
    pack: usize,
    it: &ast::Cases,
    lines: &[&ast::TestLine],
    out: &mut Vec<PackTest>,
) {
    let mut base = Building::new(cx, policy, pack, lines);
    for line in lines {
        match &line.kind {
            ast::TestLineKind::Expect(_) => {
                base.cx.error("E0213", line.span, "what is expected stands behind each instant of `cases`");
            }
            _ => base.line(line),
        }
    }
    let Some(rule) = base.rule(&it.rule) else { return };
    let zone = base.zone.clone();
    let request = base.request;
    for case in &it.cases {
        let Some(at) = cx.instant(&case.at, zone.as_deref()) else { continue };
        let finding = match &case.outcome {
            ast::CaseOutcome::Pass => ExpectedFinding::Pass,
            ast::CaseOutcome::Block => ExpectedFinding::Block,
            ast::CaseOutcome::Wait(until) => match cx.instant(until, zone.as_deref()) {
                Some(until) => ExpectedFinding::Wait(until),
                None => continue,
            },
            ast::CaseOutcome::Unknown(missing) => {
                ExpectedFinding::Unknown(missing.iter().map(|n| n.text.clone()).collect())
            }
        };
        let mut request = request.clone();
        request.insert("at".to_string(), Value::String(at.to_string()));
        out.push(PackTest {
            pack: pack_index(pack),
            title: it.title.value.clone(),
            doc: doc(case.doc.as_ref().or(it.doc.as_ref())),
            span: case.span,
            request: Value::Object(request),
            expect: Expect::Rule { rule: rule.clone(), finding },
        });
    }
}

pub(crate) struct Building<'b, 'a> {
    pub cx: &'b mut Linker<'a>,
    pub policy: &'b Policy,
    pub pack: usize,
    /// The one zone that the recipient is in: local times are read in it.
    pub zone: Option<Arc<Zone>>,
    pub request: Map<String, Value>,
}

impl<'b, 'a> Building<'b, 'a> {
    fn new(
        cx: &'b mut Linker<'a>,
        policy: &'b Policy,
        pack: usize,
        lines: &[&ast::TestLine],
    ) -> Building<'b, 'a> {
        let zone =
            only_zone(lines, "recipient").or_else(|| only_zone(lines, "person")).and_then(|n| cx.zone(n));
        Building { cx, policy, pack, zone, request: Map::new() }
    }

    fn line(&mut self, line: &ast::TestLine) {
        match &line.kind {
            ast::TestLineKind::At(at) => self.top_instant("at", at),
            ast::TestLineKind::KnownAt(at) => self.top_instant("known_at", at),
            ast::TestLineKind::Horizon(a) => {
                if let Some(a) = amount(self.cx, a) {
                    self.request.insert("horizon".to_string(), Value::String(a.to_string()));
                }
            }
            ast::TestLineKind::Setting(name, value) => self.setting(name, value),
            ast::TestLineKind::Facts(entity, record) => self.facts(entity, record),
            ast::TestLineKind::Consent(line) => {
                let event = self.consent(line);
                self.push("consents", event);
            }
            ast::TestLineKind::Contacted(when, more) => {
                let mut event = self.event("contacts", more.as_ref());
                self.when(&mut event, "at", when);
                self.push("contacts", event);
            }
            ast::TestLineKind::Interaction(kind, when, more) => {
                let mut event = self.event("interactions", more.as_ref());
                event.insert("kind".to_string(), Value::String(kind.text.clone()));
                self.when(&mut event, "at", when);
                self.push("interactions", event);
            }
            ast::TestLineKind::Listed { address, list, as_of, result, more } => {
                let mut event = self.event("lists", more.as_ref());
                event.insert("list".to_string(), Value::String(list.text.clone()));
                event.insert("address".to_string(), Value::String(address.value.clone()));
                let result = result.as_ref().map_or("listed", |n| n.text.as_str());
                event.insert("result".to_string(), Value::String(result.to_string()));
                match as_of {
                    Some(ast::When::Date(d)) => {
                        event.insert("version_at".to_string(), Value::String(date(d).to_string()));
                    }
                    Some(ast::When::Instant(i)) => {
                        self.cx.error("E0213", i.span, "a list has the version of a day: write its date");
                    }
                    None => {}
                }
                self.push("lists", event);
            }
            ast::TestLineKind::Signal { name, on, more } => {
                let mut event = self.event("signals", more.as_ref());
                event.insert("kind".to_string(), Value::String(name.text.clone()));
                event.insert("on".to_string(), Value::Bool(*on));
                self.push("signals", event);
            }
            ast::TestLineKind::Empty(name) => {
                let there = self.request.entry(name.text.clone()).or_insert_with(|| Value::Array(Vec::new()));
                if there.as_array().is_some_and(|events| !events.is_empty()) {
                    let message = format!("`{} none` stands behind some: which is it?", name.text);
                    self.cx.error("E0213", line.span, message);
                }
            }
            ast::TestLineKind::Complete(names) => {
                let list = self.request.entry("complete").or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(list) = list {
                    list.extend(names.iter().map(|n| Value::String(n.text.clone())));
                }
            }
            ast::TestLineKind::Expect(_) | ast::TestLineKind::Given(_) => {}
        }
    }

    fn top_instant(&mut self, key: &str, at: &ast::Instant) {
        if let Some(at) = self.instant(at) {
            self.request.insert(key.to_string(), Value::String(at.to_string()));
        }
    }

    pub fn instant(&mut self, at: &ast::Instant) -> Option<Instant> {
        self.cx.instant(at, self.zone.as_deref())
    }

    fn push(&mut self, list: &str, event: Map<String, Value>) {
        let events = self.request.entry(list.to_string()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(events) = events {
            events.push(Value::Object(event));
        }
    }

    /// `with setting NAME is VALUE`: the name as conditions would write it, or whole.
    fn setting(&mut self, name: &ast::Name, value: &ast::FactValue) {
        let found = match self.cx.look_up(Space::Word, self.pack, name) {
            Err(()) => return,
            Ok(entry) => entry.and_then(|e| match e.meaning {
                Meaning::Word(Word::Setting(i)) => self.policy.settings.get(i),
                _ => None,
            }),
        };
        let Some(setting) = found.or_else(|| self.policy.settings.iter().find(|s| s.name == name.text))
        else {
            let diagnostic =
                Diagnostic::new("E0213", name.span, format!("no setting is called `{}`", name.text)).suggest(
                    &name.text,
                    self.policy
                        .settings
                        .iter()
                        .flat_map(|s| [s.name.as_str(), s.name.rsplit('.').next().unwrap_or("")]),
                );
            self.cx.report(diagnostic);
            return;
        };
        let words = match (&setting.ty, value) {
            (Type::Choice(_), ast::FactValue::Yes(_)) => Value::String("yes".to_string()),
            (Type::Choice(_), ast::FactValue::No(_)) => Value::String("no".to_string()),
            _ => self.value(Some(&setting.ty), value),
        };
        if let Type::Choice(choices) = &setting.ty
            && !words.as_str().is_some_and(|w| choices.iter().any(|c| c == w))
        {
            let message = format!("`{}` is one of {}", setting.name, choices.join(", "));
            self.cx.error("E0213", value.span(), message);
            return;
        }
        let settings = self.request.entry("settings").or_insert_with(|| json!({}));
        if let Value::Object(settings) = settings {
            settings.insert(setting.name.clone(), words);
        }
    }

    /// `person { … }`
    fn facts(&mut self, entity: &ast::Name, record: &ast::Record) {
        let known = ["person", "recipient", "sender", "agent", "contact", "address", "content", "context"];
        if !known.contains(&entity.text.as_str()) {
            let diagnostic =
                Diagnostic::new("E0213", entity.span, format!("a request has no `{}`", entity.text))
                    .suggest(&entity.text, known);
            self.cx.report(diagnostic);
            return;
        }
        let object = self.record(&entity.text, record);
        let there = self.request.entry(entity.text.clone()).or_insert_with(|| json!({}));
        if let Value::Object(there) = there {
            there.extend(object);
        }
    }

    /// A record whose keys are facts below `path`.
    fn record(&mut self, path: &str, record: &ast::Record) -> Map<String, Value> {
        let mut out = Map::new();
        for field in &record.fields {
            let full = format!("{path}.{}", field.key.text);
            let ty = self
                .policy
                .vocabulary
                .fact(&full)
                .and_then(|id| self.policy.vocabulary.decl(id))
                .map(|f| f.ty.clone());
            let within = format!("{full}.");
            let nested = self.policy.vocabulary.by_path.keys().any(|p| p.starts_with(&within));
            // `scope` is a record in requests and its parts are the facts.
            let value = match (&ty, &field.value) {
                (None, ast::FactValue::Record(inner)) if nested => Value::Object(self.record(&full, inner)),
                (None, ast::FactValue::None(_)) if nested => json!([]),
                (None, _) => {
                    self.unknown_key(path, &field.key);
                    continue;
                }
                (Some(ty), value) => self.value(Some(ty), value),
            };
            if out.insert(field.key.text.clone(), value).is_some() {
                self.cx.error("E0213", field.key.span, format!("`{}` is given twice", field.key.text));
            }
        }
        out
    }

    fn unknown_key(&mut self, path: &str, key: &ast::Name) {
        let below = format!("{path}.");
        let known: Vec<String> = self
            .policy
            .vocabulary
            .by_path
            .keys()
            .filter_map(|p| p.strip_prefix(&below))
            .map(|p| p.split('.').next().unwrap_or(p).to_string())
            .collect();
        let diagnostic = Diagnostic::new("E0213", key.span, format!("`{path}` has no fact `{}`", key.text))
            .suggest(&key.text, known.iter().map(String::as_str));
        self.cx.report(diagnostic);
    }

    /// A value as JSON has it; its type tells `yes` the truth from `yes` the word.
    fn value(&mut self, ty: Option<&Type>, value: &ast::FactValue) -> Value {
        let words = matches!(ty, Some(Type::Choice(_) | Type::Text | Type::Node(_)));
        match value {
            ast::FactValue::None(_) => match ty {
                // A choice may have a word `none` of its own.
                Some(Type::Choice(choices)) if choices.iter().any(|c| c == "none") => {
                    Value::String("none".to_string())
                }
                _ => json!([]),
            },
            ast::FactValue::Yes(_) if words => Value::String("yes".to_string()),
            ast::FactValue::No(_) if words => Value::String("no".to_string()),
            ast::FactValue::Yes(_) => Value::Bool(true),
            ast::FactValue::No(_) => Value::Bool(false),
            ast::FactValue::Integer(n) => Value::from(n.value),
            ast::FactValue::Text(t) => Value::String(t.value.clone()),
            ast::FactValue::Date(d) => Value::String(date(d).to_string()),
            ast::FactValue::Month { text, .. } => Value::String(text.clone()),
            ast::FactValue::Instant(i) => {
                self.instant(i).map_or(Value::Null, |i| Value::String(i.to_string()))
            }
            ast::FactValue::Time(t) => Value::String(super::words::clock(u32::from(t.minutes) * 60)),
            ast::FactValue::Amount(a) => {
                amount(self.cx, a).map_or(Value::Null, |a| Value::String(a.to_string()))
            }
            ast::FactValue::Name(n) => Value::String(n.text.clone()),
            ast::FactValue::List(list, _) => {
                let member = match ty {
                    Some(Type::Set(inner)) => Some(inner.as_ref()),
                    other => other,
                };
                Value::Array(list.iter().map(|v| self.value(member, v)).collect())
            }
            ast::FactValue::Record(record) => {
                let mut out = Map::new();
                for field in &record.fields {
                    let inner = match ty {
                        Some(Type::Records(fields)) => {
                            match fields.iter().find(|(n, _)| *n == field.key.text) {
                                Some((_, ty)) => Some(ty.clone()),
                                None => {
                                    let known: Vec<&str> = fields.iter().map(|(n, _)| n.as_str()).collect();
                                    let diagnostic = Diagnostic::new(
                                        "E0213",
                                        field.key.span,
                                        format!("these records have no field `{}`", field.key.text),
                                    )
                                    .suggest(&field.key.text, known);
                                    self.cx.report(diagnostic);
                                    continue;
                                }
                            }
                        }
                        Some(Type::Map(keys, inner)) if keys.len() == 1 => Some(inner.as_ref().clone()),
                        Some(Type::Map(keys, inner)) => {
                            Some(Type::Map(keys.get(1..).unwrap_or_default().into(), inner.clone()))
                        }
                        _ => None,
                    };
                    let value = self.value(inner.as_ref(), &field.value);
                    if out.insert(field.key.text.clone(), value).is_some() {
                        self.cx.error(
                            "E0213",
                            field.key.span,
                            format!("`{}` is given twice", field.key.text),
                        );
                    }
                }
                Value::Object(out)
            }
        }
    }

    fn event(&mut self, list: &str, more: Option<&ast::Record>) -> Map<String, Value> {
        more.map(|r| self.record(list, r)).unwrap_or_default()
    }

    fn when(&mut self, event: &mut Map<String, Value>, key: &str, when: &ast::When) {
        let text = match when {
            ast::When::Date(d) => Some(date(d).to_string()),
            ast::When::Instant(i) => self.instant(i).map(|i| i.to_string()),
        };
        if let Some(text) = text {
            event.insert(key.to_string(), Value::String(text));
        }
    }

    fn consent(&mut self, line: &ast::ConsentLine) -> Map<String, Value> {
        let mut event = self.event("consents", line.more.as_ref());
        let kind = match line.kind {
            ast::ConsentKind::Granted => "grant",
            ast::ConsentKind::Revoked => "revoke",
            ast::ConsentKind::Declined => "decline",
        };
        event.insert("kind".to_string(), Value::String(kind.to_string()));
        let names =
            |list: &[ast::Name]| list.iter().map(|n| Value::String(n.text.clone())).collect::<Vec<_>>();
        match line.kind {
            ast::ConsentKind::Granted => {
                if let Some(level) = line.levels.first() {
                    event.insert("level".to_string(), Value::String(level.text.clone()));
                }
            }
            _ if line.levels.is_empty() => {}
            _ => {
                event.insert("families".to_string(), Value::Array(names(&line.levels)));
            }
        }
        let mut scope = match event.remove("scope") {
            Some(Value::Object(scope)) => scope,
            _ => Map::new(),
        };
        let parts = [
            ("purpose", names(&line.purposes)),
            ("channel", names(&line.channels)),
            ("topic", names(&line.topics)),
            ("sender", names(&line.senders)),
            ("address", line.addresses.iter().map(|t| Value::String(t.value.clone())).collect()),
        ];
        for (key, list) in parts {
            if !list.is_empty() {
                scope.insert(key.to_string(), Value::Array(list));
            }
        }
        if !scope.is_empty() {
            event.insert("scope".to_string(), Value::Object(scope));
        }
        if let Some(on) = &line.on {
            self.when(&mut event, "at", on);
        }
        match &line.until {
            Some(until @ ast::When::Date(_)) => self.when(&mut event, "expires_on", until),
            Some(until @ ast::When::Instant(_)) => self.when(&mut event, "expires_at", until),
            None => {}
        }
        event
    }
}

/// The zone of `time_zones [ONE]` of that entity.
fn only_zone<'l>(lines: &[&'l ast::TestLine], entity: &str) -> Option<&'l ast::Name> {
    // The last word holds, as it does for every fact.
    lines.iter().rev().find_map(|line| {
        let ast::TestLineKind::Facts(name, record) = &line.kind else { return None };
        if name.text != entity {
            return None;
        }
        let field = record.fields.iter().find(|f| f.key.text == "time_zones")?;
        match &field.value {
            ast::FactValue::Name(zone) => Some(zone),
            ast::FactValue::List(list, _) => match list.as_slice() {
                [ast::FactValue::Name(zone)] => Some(zone),
                _ => None,
            },
            _ => None,
        }
    })
}

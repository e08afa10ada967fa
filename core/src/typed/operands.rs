//! Operands: what a name or a literal in a condition stands for, where it stands.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::typed::intrinsic::{ENTITIES, list_word};
use crate::typed::linker::Linker;
use crate::typed::literals::{Literal, amount, date, integer, type_words};
use crate::typed::names::{Entry, Meaning, Space, Word};
use crate::typed::settings::dated_type;
use crate::typed::tables::RowIn;
use crate::typed::{Entity, EventList, FactId, Operand};
use crate::value::Type;
use std::sync::Arc;

/// Where a condition stands.
#[derive(Clone, Copy)]
pub(crate) struct Env<'e, 'a> {
    /// The pack whose words are meant.
    pub pack: usize,
    /// Inside `where`: whose events are asked about.
    pub list: Option<EventList>,
    /// Inside an instrument: the grant's own fields can be read.
    pub grant: bool,
    /// Inside a rule `for each row`.
    pub row: Option<&'e RowIn<'a>>,
    /// Inside a rule `for each record`.
    pub each: Option<&'e EachIn>,
    /// How deep, definitions included.
    pub depth: usize,
    /// Definitions being expanded.
    pub frame: Option<&'e Frame<'e>>,
}

/// The record at hand.
pub(crate) struct EachIn {
    pub var: String,
    pub fact: FactId,
    pub fields: Arc<[(String, Type)]>,
}

/// A definition being expanded.
pub(crate) struct Frame<'e> {
    pub pack: usize,
    pub name: &'e str,
    /// Where it is declared.
    pub declared: Span,
    pub up: Option<&'e Frame<'e>>,
}

impl<'e, 'a> Env<'e, 'a> {
    /// At the top of a rule of that pack.
    pub fn of(pack: usize) -> Env<'e, 'a> {
        Env { pack, list: None, grant: false, row: None, each: None, depth: 0, frame: None }
    }

    /// One deeper.
    pub fn deeper(self) -> Env<'e, 'a> {
        Env { depth: self.depth + 1, ..self }
    }

    /// Inside `where` about events of that list.
    pub fn about(self, list: EventList) -> Env<'e, 'a> {
        Env { list: Some(list), depth: self.depth + 1, ..self }
    }

    /// Whether conditions here ask one event or grant, so that no question about the whole history can stand here.
    pub fn inside_event(&self) -> bool {
        self.list.is_some() || self.grant
    }
}

/// What an operand turned out to be.
pub(crate) enum Typed<'a> {
    /// Something with a type.
    Op(Operand, Type),
    /// Literals whose type follows from the other side. From a table's cell there may be several, or none for `-`.
    Literals(Vec<Literal>),
    /// `today`
    Today,
    /// The record of `for each` as a whole.
    Each,
    /// A definition, an instrument or an exemption: no value.
    Word(Entry<'a>),
}

impl<'a> Linker<'a> {
    /// What the operand stands for, or a diagnostic.
    pub fn operand(&mut self, env: Env<'_, 'a>, operand: &ast::Operand) -> Option<Typed<'a>> {
        let literal = match operand {
            ast::Operand::Name(name) => return self.name(env, name),
            ast::Operand::Lookup { map, keys, span } => return self.lookup_map(env, map, keys, *span),
            ast::Operand::Integer(n) => Literal::Integer(integer(*n), n.span),
            ast::Operand::Text(t) => Literal::Text(t.value.clone(), t.span),
            ast::Operand::Date(d) => Literal::Date(date(d), d.span),
            ast::Operand::Time(t) => Literal::Time(u32::from(t.minutes) * 60, t.span),
            ast::Operand::Amount(a) => Literal::Amount(amount(self, a)?, a.span),
        };
        Some(Typed::Literals(vec![literal]))
    }

    /// What the name stands for. A word that nothing declares comes back as a literal: it may be a node or a choice.
    pub fn name(&mut self, env: Env<'_, 'a>, name: &ast::Name) -> Option<Typed<'a>> {
        if name.text == "today" {
            return Some(Typed::Today);
        }
        if let Some(column) = name.text.strip_prefix("row.") {
            return self.row_name(env, name, column);
        }
        if let Some(each) = env.each
            && let Some(rest) = name.text.strip_prefix(each.var.as_str())
        {
            if rest.is_empty() {
                return Some(Typed::Each);
            }
            if let Some(field) = rest.strip_prefix('.') {
                return self.record_field(each, name, field);
            }
        }
        if let Some((id, ty)) = self.event_field(env, &name.text) {
            return Some(Typed::Op(Operand::EventField(id), ty));
        }
        if matches!(name.text.as_str(), "person.age" | "recipient.age") {
            self.still(env, name)?;
            let birth = format!("{}.birth_date", name.text.trim_end_matches(".age"));
            let (id, _) = self.fact(env.pack, &birth, name.span)?;
            return Some(Typed::Op(Operand::Age(id), Type::Integer));
        }
        if let Some((id, ty)) = self.fact(env.pack, &name.text, name.span) {
            if let Some(Entity::Event(list)) = self.vocabulary.decl(id).map(|f| f.entity) {
                let message =
                    format!("`{}` is a field of events and can be asked inside `where` only", name.text);
                let field = name.text.strip_prefix(list_word(list)).map_or("", |f| f.trim_start_matches('.'));
                self.report(
                    Diagnostic::new("E0304", name.span, message)
                        .hint(format!("inside `where` it is called `{field}`")),
                );
                return None;
            }
            return Some(Typed::Op(Operand::Fact(id), ty));
        }
        match self.look_up(Space::Word, env.pack, name) {
            Err(()) => return None,
            Ok(Some(entry)) => {
                if let Meaning::Word(word) = entry.meaning {
                    self.use_word(entry.pack, word);
                    match word {
                        Word::Setting(i) => {
                            let ty = self.settings.get(i)?.ty.clone();
                            return Some(Typed::Op(Operand::Setting(i), ty));
                        }
                        Word::Dated(i) => {
                            self.still(env, name)?;
                            let ty = dated_type(self.dated.get(i)?);
                            return Some(Typed::Op(Operand::Dated(i), ty));
                        }
                        _ => return Some(Typed::Word(entry)),
                    }
                }
            }
            Ok(None) => {}
        }
        // A name that begins like a fact is a fact misspelt.
        if let Some((word, _)) = name.text.split_once('.')
            && ENTITIES.iter().any(|(w, _)| *w == word)
        {
            self.unknown_fact(name);
            return None;
        }
        Some(Typed::Literals(vec![Literal::Word(name.clone())]))
    }

    /// Inside `where` nothing may change with time.
    fn still(&mut self, env: Env<'_, 'a>, name: &ast::Name) -> Option<()> {
        if !env.inside_event() {
            return Some(());
        }
        let message = format!("`{}` changes with time and cannot be asked about one event", name.text);
        self.error("E0604", name.span, message);
        None
    }

    /// Notes that a definition, setting, dated value or instrument is read.
    pub fn use_word(&mut self, pack: usize, word: Word<'_>) {
        let name = match word {
            Word::Define(it) => it.name.text.clone(),
            Word::Exemption(it) => {
                self.used.exemptions.insert((pack, it.name.text.clone()));
                return;
            }
            Word::Setting(i) => self.settings.get(i).map(|s| s.name.clone()).unwrap_or_default(),
            Word::Dated(i) => self.dated.get(i).map(|s| s.name.clone()).unwrap_or_default(),
            Word::Instrument(i) => self.instruments.get(i).map(|s| s.id.clone()).unwrap_or_default(),
        };
        self.used.words.insert((pack, name));
    }

    fn row_name(&mut self, env: Env<'_, 'a>, name: &ast::Name, column: &str) -> Option<Typed<'a>> {
        let Some(row) = env.row else {
            self.error(
                "E0304",
                name.span,
                format!("`{}` can be read in a rule `for each row` only", name.text),
            );
            return None;
        };
        if column == "week" {
            self.error("E0304", name.span, "`row.week` stands after `local_time within` only");
            return None;
        }
        let cell = self.column(row, name, column)?;
        Some(Typed::Literals(cell.says.clone().unwrap_or_default()))
    }

    fn record_field(&mut self, each: &EachIn, name: &ast::Name, field: &str) -> Option<Typed<'a>> {
        if let Some((i, (_, ty))) = each.fields.iter().enumerate().find(|(_, (n, _))| n == field) {
            return Some(Typed::Op(Operand::Record(i), ty.clone()));
        }
        let diagnostic =
            Diagnostic::new("E0201", name.span, format!("these records have no field `{field}`"))
                .suggest(field, each.fields.iter().map(|(n, _)| n.as_str()));
        self.report(diagnostic);
        None
    }

    /// A field of the event or the grant at hand.
    pub fn event_field(&mut self, env: Env<'_, 'a>, field: &str) -> Option<(FactId, Type)> {
        let list = match env.list {
            Some(list) => list,
            None if env.grant => EventList::Consents,
            None => return None,
        };
        let word = list_word(list);
        let mut paths = vec![format!("{word}.{field}")];
        if list == EventList::Consents {
            // What the person said, without the words that hold it in the request.
            paths.push(format!("{word}.scope.{field}"));
            if env.grant {
                paths.push(format!("{word}.instrument.{field}"));
            }
        }
        for path in paths {
            if let Some(id) = self.vocabulary.fact(&path) {
                if let Some(owner) = self.vocabulary.decl(id).and_then(|f| f.pack) {
                    self.used.packs.insert((env.pack, usize::from(owner)));
                }
                return Some((id, self.vocabulary.decl(id)?.ty.clone()));
            }
        }
        None
    }

    /// `context.open_slots of contact.service at contact.place`
    fn lookup_map(
        &mut self,
        env: Env<'_, 'a>,
        map: &ast::Name,
        keys: &[ast::Name],
        span: Span,
    ) -> Option<Typed<'a>> {
        let mut found = self.fact(env.pack, &map.text, map.span);
        if found.is_none() && !map.text.contains('.') {
            found = self.fact(env.pack, &format!("context.{}", map.text), map.span);
        }
        let Some((id, ty)) = found else {
            self.unknown_fact(map);
            return None;
        };
        let Type::Map(taxonomies, value) = ty else {
            let message = format!("`{}` is {}, not a map", map.text, type_words(self, &ty));
            self.error("E0301", map.span, message);
            return None;
        };
        if taxonomies.len() != keys.len() {
            let message =
                format!("`{}` is asked at {} places, not at {}", map.text, taxonomies.len(), keys.len());
            self.error("E0301", span, message);
            return None;
        }
        let mut operands = Vec::new();
        for (taxonomy, key) in taxonomies.iter().zip(keys) {
            let want = Type::Node(*taxonomy);
            match self.name(env, key)? {
                Typed::Op(op, ty) if ty == want => operands.push(op),
                Typed::Literals(list) if list.len() == 1 => {
                    let value = self.value(env.pack, &want, list.first()?)?;
                    operands.push(Operand::Const(value));
                }
                _ => {
                    let message = format!("`{}` must be {}", key.text, type_words(self, &want));
                    self.error("E0301", key.span, message);
                    return None;
                }
            }
        }
        Some(Typed::Op(Operand::Map(id, operands), (*value).clone()))
    }

    /// Reports a path that no fact has.
    pub fn unknown_fact(&mut self, name: &ast::Name) {
        let candidates =
            self.vocabulary.by_path.keys().map(String::as_str).chain(["person.age", "recipient.age"]);
        let mut diagnostic = Diagnostic::new("E0201", name.span, format!("unknown fact `{}`", name.text))
            .suggest(&name.text, candidates);
        if diagnostic.hint.is_none() {
            // The right word under another entity.
            let tail = name.text.split_once('.').map_or(name.text.as_str(), |(_, t)| t);
            let other = self
                .vocabulary
                .facts
                .iter()
                .find(|f| f.field == tail && !matches!(f.entity, Entity::Event(_)))
                .map(|f| f.path.clone());
            if let Some(path) = other {
                diagnostic = diagnostic.hint(format!("did you mean `{path}`?"));
            }
        }
        self.report(diagnostic);
    }

    /// Reports a bare word that nothing declares where a value or condition was wanted.
    pub fn unknown_word(&mut self, env: Env<'_, 'a>, name: &ast::Name) {
        let mut candidates: Vec<String> = Vec::new();
        if let Some(list) = env.list {
            let word = format!("{}.", list_word(list));
            for path in self.vocabulary.by_path.keys() {
                if let Some(field) = path.strip_prefix(&word) {
                    candidates.push(field.trim_start_matches("scope.").to_string());
                }
            }
        }
        let mut elsewhere = None;
        for (text, entry) in self.names.each(Space::Word) {
            if entry.pack == env.pack
                || self.packs.get(env.pack).is_some_and(|p| p.uses.iter().any(|u| u.0 == entry.pack))
            {
                candidates.push(text.to_string());
            } else if text == name.text {
                elsewhere = Some(entry.pack);
            }
        }
        let paths = self.vocabulary.facts.iter().filter(|f| !matches!(f.entity, Entity::Event(_)));
        let paths: Vec<String> = paths.map(|f| f.path.clone()).collect();
        candidates.extend(paths.iter().cloned());
        let mut diagnostic =
            Diagnostic::new("E0201", name.span, format!("nothing is called `{}`", name.text))
                .suggest(&name.text, candidates.iter().map(String::as_str));
        if let Some(other) = elsewhere {
            diagnostic =
                diagnostic.hint(format!("pack `{0}` declares it: write `use {0}`", self.pack_name(other)));
        } else if let Some(path) =
            paths.iter().find(|p| p.split_once('.').is_some_and(|(_, f)| f == name.text))
            && diagnostic.hint.is_none()
        {
            diagnostic = diagnostic.hint(format!("did you mean `{path}`?"));
        }
        self.report(diagnostic);
    }
}

//! The words of the `is` family: questions to taxonomies, choices, texts, numbers, events, weekdays.

use crate::ast::{self, IsHow};
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::time::Weekday;
use crate::typed::linker::Linker;
use crate::typed::literals::{Literal, type_words};
use crate::typed::names::{Meaning, Space, Word};
use crate::typed::operands::{Env, Typed};
use crate::typed::{Cond, CondAt, How, Op, Operand};
use crate::value::{Type, Value};

impl<'a> Linker<'a> {
    /// `SUBJECT is OBJECTS` and its kin.
    pub fn is(
        &mut self,
        env: Env<'_, 'a>,
        span: Span,
        subject: &ast::Operand,
        (how, negated): (IsHow, Option<Span>),
        objects: &ast::Objects,
        filter: Option<&ast::Cond>,
    ) -> Option<CondAt> {
        if let Some(filter) = filter {
            return self.event_is_where(env, span, subject, negated, objects, filter);
        }
        let part = u32::from(negated.is_some());
        let cond = match subject {
            ast::Operand::Name(name) if name.text == "weekday" => self.weekday_is(env, objects)?,
            _ => match self.operand(env, subject)? {
                Typed::Op(op, ty) => {
                    if negated.is_some() && matches!(ty, Type::Set(_)) {
                        let place = negated.unwrap_or(span);
                        let diagnostic = Diagnostic::new(
                            "E0302",
                            place,
                            "`not` inside a question to a set could mean \"some member is not\" or \"no member is\"",
                        )
                        .hint("write `not … is …` for \"no member is\"");
                        self.report(diagnostic);
                        return None;
                    }
                    self.typed_is(env, span, subject, (op, ty), how, objects)?
                }
                Typed::Literals(left) => self.literal_is(env, span, subject, &left, how, objects)?,
                Typed::Today => {
                    let diagnostic =
                        Diagnostic::new("E0301", subject.span(), "`today` is compared, not asked with `is`")
                            .hint("write `today = …`, `weekday is …` or `today is holiday in …`");
                    self.report(diagnostic);
                    return None;
                }
                Typed::Each => {
                    self.error("E0301", subject.span(), "a record is asked by its fields");
                    return None;
                }
                Typed::Word(entry) => {
                    let sort = match entry.meaning {
                        Meaning::Word(word) => word.sort(),
                        _ => "a name",
                    };
                    self.error(
                        "E0207",
                        subject.span(),
                        format!("{sort} has no value that could be asked with `is`"),
                    );
                    return None;
                }
            },
        };
        let inner = self.at(cond, span, part);
        match negated {
            None => Some(inner),
            Some(_) => Some(self.at(Cond::Not(Box::new(inner)), span, 0)),
        }
    }

    fn weekday_is(&mut self, env: Env<'_, 'a>, objects: &ast::Objects) -> Option<Cond> {
        let mut days = Vec::new();
        for literal in self.literals(env, objects)? {
            let day = match &literal {
                Literal::Word(name) => Weekday::parse(&name.text),
                _ => None,
            };
            match day {
                Some(day) if !days.contains(&day) => days.push(day),
                Some(_) => {}
                None => {
                    let diagnostic = Diagnostic::new(
                        "E0306",
                        literal.span(),
                        format!("`{}` is no weekday", literal.words()),
                    )
                    .suggest(&literal.words(), WEEKDAYS);
                    self.report(diagnostic);
                    return None;
                }
            }
        }
        days.sort();
        Some(Cond::Weekday(days))
    }

    /// Objects that must be literals, cells of the row included. A bare word is a word of the subject's type here, also
    /// where something else has the same name: `by is holder`.
    pub fn literals(&mut self, env: Env<'_, 'a>, objects: &ast::Objects) -> Option<Vec<Literal>> {
        let mut out = Vec::new();
        for item in &objects.items {
            if let ast::Operand::Name(name) = item
                && !name.text.starts_with("row.")
            {
                out.push(Literal::Word(name.clone()));
                continue;
            }
            match self.operand(env, item)? {
                Typed::Literals(list) if list.is_empty() => {
                    let message = "this cell says nothing (`-`), and a value is needed here";
                    self.error("E0502", item.span(), message);
                    return None;
                }
                Typed::Literals(list) => out.extend(list),
                _ => {
                    self.error("E0301", item.span(), "a value is wanted here, written out");
                    return None;
                }
            }
        }
        Some(out)
    }

    /// The only object, if it is no word of the subject's type and has a type of its own: `contact.data is ask.data`.
    pub fn typed_object(
        &mut self,
        env: Env<'_, 'a>,
        member: &Type,
        objects: &ast::Objects,
    ) -> Option<(Operand, Type)> {
        let [ast::Operand::Name(name)] = objects.items.as_slice() else { return None };
        let word = match member {
            Type::Node(taxonomy) => {
                self.vocabulary.tree(*taxonomy).is_some_and(|t| t.find(&name.text).is_some())
            }
            Type::Choice(words) => words.contains(&name.text),
            _ => false,
        };
        let each =
            env.each.and_then(|e| name.text.strip_prefix(e.var.as_str())).is_some_and(|r| r.starts_with('.'));
        let chosen = || {
            matches!(
                self.names.own(Space::Word, env.pack, &name.text).map(|e| e.meaning),
                Some(Meaning::Word(Word::Setting(_) | Word::Dated(_)))
            )
        };
        // A word that nothing declares must not be reported as an unknown name here.
        if word || !(each || self.vocabulary.fact(&name.text).is_some() || chosen()) {
            return None;
        }
        match self.name(env, name)? {
            Typed::Op(op, ty) => Some((op, ty)),
            _ => None,
        }
    }

    fn typed_is(
        &mut self,
        env: Env<'_, 'a>,
        span: Span,
        subject: &ast::Operand,
        (op, ty): (Operand, Type),
        how: IsHow,
        objects: &ast::Objects,
    ) -> Option<Cond> {
        let member = match &ty {
            Type::Set(inner) => inner.as_ref().clone(),
            other => other.clone(),
        };
        if !matches!(member, Type::Node(_)) && matches!(how, IsHow::Only | IsHow::Includes) {
            let message = format!("`only` and `includes` ask nodes, and this is {}", type_words(self, &ty));
            self.error("E0301", subject.span(), message);
            return None;
        }
        match &member {
            Type::Node(taxonomy) => self.node_is(env, span, op, *taxonomy, how, objects),
            Type::Event => self.event_is(env, span, &op, objects),
            Type::Boolean => {
                let [literal] = <[Literal; 1]>::try_from(self.literals(env, objects)?).ok()?;
                match self.value(env.pack, &Type::Boolean, &literal)? {
                    Value::Bool(true) => Some(Cond::True(op)),
                    _ => {
                        let yes = self.at(Cond::True(op), span, 2);
                        Some(Cond::Not(Box::new(yes)))
                    }
                }
            }
            Type::Choice(_) | Type::Text | Type::Integer => {
                if let Some((other, other_ty)) = self.typed_object(env, &member, objects) {
                    if other_ty != member {
                        let message =
                            format!("{} cannot be {}", type_words(self, &ty), type_words(self, &other_ty));
                        self.error("E0301", objects.span, message);
                        return None;
                    }
                    return Some(if matches!(ty, Type::Set(_)) {
                        Cond::Same(op, other)
                    } else {
                        Cond::Compare(op, Op::Eq, other)
                    });
                }
                let mut values = Vec::new();
                for literal in self.literals(env, objects)? {
                    let literal = self.name_of_thing(env, &op, literal)?;
                    let value = self.value(env.pack, &member, &literal)?;
                    if !values.contains(&value) {
                        values.push(value);
                    }
                }
                Some(Cond::In(op, values))
            }
            Type::Date | Type::PartialDate | Type::Duration => {
                let [literal] = <[Literal; 1]>::try_from(self.literals(env, objects)?).ok()?;
                let value = self.value(env.pack, &member, &literal)?;
                Some(Cond::Compare(op, Op::Eq, Operand::Const(value)))
            }
            other => {
                let message = format!("`is` cannot ask {}", type_words(self, other));
                self.error("E0301", subject.span(), message);
                None
            }
        }
    }

    /// Two texts hold names: the exemptions that carried a contact, and the kind of an instrument.
    fn name_of_thing(&mut self, env: Env<'_, 'a>, op: &Operand, literal: Literal) -> Option<Literal> {
        let (Operand::EventField(id) | Operand::Fact(id), Literal::Word(name)) = (op, &literal) else {
            return Some(literal);
        };
        let path = self.vocabulary.decl(*id).map_or("", |f| f.path.as_str());
        let basis = match path {
            "contacts.basis" => true,
            "consents.instrument.kind" => false,
            _ => return Some(literal),
        };
        let entry = match self.look_up(Space::Word, env.pack, name) {
            Err(()) => return None,
            Ok(entry) => entry,
        };
        match entry.map(|e| (e.pack, e.meaning)) {
            Some((pack, Meaning::Word(word @ (Word::Exemption(_) | Word::Define(_))))) if basis => {
                self.use_word(pack, word);
                let own = name
                    .text
                    .strip_prefix(self.pack_name(pack))
                    .map_or(name.text.as_str(), |r| r.trim_start_matches('.'));
                Some(Literal::Text(self.qualified(pack, own), name.span))
            }
            Some((pack, Meaning::Word(word @ Word::Instrument(i)))) if !basis => {
                self.use_word(pack, word);
                let bare = self.instruments.get(i).map(|x| x.name.clone()).unwrap_or_default();
                Some(Literal::Text(bare, name.span))
            }
            _ => {
                let what = if basis { "exemption" } else { "instrument" };
                self.error("E0201", name.span, format!("unknown {what} `{}`", name.text));
                None
            }
        }
    }

    /// A literal on the left: `US-CA in person.jurisdictions`, or a cell that decides by itself.
    fn literal_is(
        &mut self,
        env: Env<'_, 'a>,
        span: Span,
        subject: &ast::Operand,
        left: &[Literal],
        how: IsHow,
        objects: &ast::Objects,
    ) -> Option<Cond> {
        let from_row = matches!(subject, ast::Operand::Name(n) if n.text.starts_with("row."));
        if let [object @ ast::Operand::Name(name)] = objects.items.as_slice()
            && how == IsHow::In
            && !objects.bracketed
            && let Typed::Op(op, ty) = self.name(env, name)?
        {
            return self.literals_in(env, left, op, &ty, object.span());
        }
        if from_row {
            // Decided by the table: words are compared as words, and `any` answers to everything.
            let right = self.literals(env, objects)?;
            let any = |l: &Literal| matches!(l, Literal::Word(w) if w.text == "any");
            let none =
                right.iter().any(|l| matches!(l, Literal::Word(w) if w.text == "none")) && left.is_empty();
            let met = none || left.iter().any(|a| right.iter().any(|b| a.same(b)));
            let all = left.iter().all(|a| right.iter().any(|b| a.same(b)));
            return Some(Cond::Const(match how {
                IsHow::Only => met && all,
                IsHow::Includes => right.iter().all(|b| left.iter().any(|a| a.same(b) || any(a))),
                IsHow::Is | IsHow::In => met,
            }));
        }
        match left {
            [Literal::Word(name)] => self.unknown_word(env, name),
            _ => {
                let diagnostic = Diagnostic::new("E0301", span, "a written value is asked about nothing")
                    .hint("the fact stands on the left, as in `contact.channel is text`");
                self.report(diagnostic);
            }
        }
        None
    }

    fn literals_in(
        &mut self,
        env: Env<'_, 'a>,
        left: &[Literal],
        op: Operand,
        ty: &Type,
        place: Span,
    ) -> Option<Cond> {
        let member = match ty {
            Type::Set(inner) => inner.as_ref().clone(),
            other => other.clone(),
        };
        if left.is_empty() {
            self.error("E0502", place, "this cell says nothing (`-`), and a value is needed here");
            return None;
        }
        match &member {
            Type::Node(taxonomy) => {
                let mut names = Vec::new();
                for literal in left {
                    match literal {
                        Literal::Word(name) => names.push(name.clone()),
                        other => {
                            let message = format!("{} is no node", other.sort());
                            self.error("E0301", other.span(), message);
                            return None;
                        }
                    }
                }
                let nodes = self.nodes(env.pack, *taxonomy, &names)?;
                Some(Cond::Is { what: op, how: How::Some, taxonomy: *taxonomy, nodes })
            }
            Type::Text | Type::Choice(_) | Type::Integer => {
                let mut values = Vec::new();
                for literal in left {
                    values.push(self.value(env.pack, &member, literal)?);
                }
                Some(Cond::In(op, values))
            }
            other => {
                let message = format!("nothing can be in {}", type_words(self, other));
                self.error("E0301", place, message);
                None
            }
        }
    }

    /// A name that must have a type, or a diagnostic.
    pub fn typed_name(&mut self, env: Env<'_, 'a>, name: &ast::Name) -> Option<(Operand, Type)> {
        match self.name(env, name)? {
            Typed::Op(op, ty) => Some((op, ty)),
            Typed::Literals(list) => {
                match list.as_slice() {
                    [Literal::Word(word)] if word.text == name.text => self.unknown_word(env, name),
                    _ => self.error(
                        "E0301",
                        name.span,
                        format!("`{}` is a value, and a fact is wanted here", name.text),
                    ),
                }
                None
            }
            Typed::Today | Typed::Each => {
                self.error("E0301", name.span, format!("`{}` cannot stand here", name.text));
                None
            }
            Typed::Word(entry) => {
                if let Meaning::Word(word) = entry.meaning {
                    self.error(
                        "E0207",
                        name.span,
                        format!("`{}` is {}, and a fact is wanted here", name.text, word.sort()),
                    );
                }
                None
            }
        }
    }
}

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

//! The JSON door: a request, every key of it checked against the vocabulary, handed value by value to the builder.

mod flat;
mod warm;

pub use warm::Warm;

use crate::error::{Error, quoted};
use crate::facts::build::{Event, FactsBuilder};
use crate::facts::complete::instead_of;
use crate::facts::freeze::When;
use crate::facts::intake::{ALWAYS_ONE, Branch, ENTITIES, Intake, Shape};
use crate::facts::lanes::no_such_zone;
use crate::facts::scalars::{amount, expected, instant, not_empty, text, time, unknown_key};
use crate::facts::values::Values;
use crate::facts::{Facts, Few, Interner, Part, Slot, Warning};
use crate::time::{Date, Instant, Micros, ZoneSet};
use crate::typed::{Entity, EventList, FactId};
use crate::value::Unit;
use crate::wire::{COMPLETE_FROM, DERIVED, Item, Json, Path, Request, TOP_KEYS};
use std::collections::BTreeSet;

impl Intake {
    /// Reads a request.
    ///
    /// # Errors
    /// The first thing that is not as the vocabulary has it, with its path: a key that nobody declared, a value of
    /// another type, a zone that does not exist, an event given twice with different content, more than is admitted.
    pub(crate) fn read(&self, request: &Request) -> Result<Facts, Error> {
        let root = Path::ROOT;
        let Json::Map(entries) = request.json() else {
            return Err(Error::input(root, "a request is an object"));
        };
        let at = match request.json().get("at") {
            None | Some(Json::Null) => {
                return Err(Error::input(root.key("at"), "a request says which instant it asks about"));
            }
            Some(json) => instant(json, &root.key("at"))?,
        };
        request.detail()?;
        let mut reader = Reader { intake: self, warnings: BTreeSet::new(), builder: self.builder(at) };
        for (key, json) in entries {
            reader.top(key, json, &root.key(key))?;
        }
        let Reader { mut builder, warnings, .. } = reader;
        for Warning { code, path, message } in warnings {
            builder.warn(code, path, message);
        }
        builder.digest(request.digest());
        builder.finish()
    }
}

struct Reader<'a> {
    intake: &'a Intake,
    builder: FactsBuilder<'a>,
    warnings: BTreeSet<Warning>,
}

impl Reader<'_> {
    fn values(&mut self) -> Values<'_> {
        Values { intake: self.intake, texts: self.builder.texts(), warnings: &mut self.warnings }
    }

    fn top(&mut self, key: &str, json: &Json, path: &Path<'_>) -> Result<(), Error> {
        let intake = self.intake;
        if let Some((entity, shape)) = intake.shapes.get(key) {
            return match entity {
                Entity::Event(list) => self.list(*list, shape, json, path),
                entity => self.entity(*entity, shape, json, path),
            };
        }
        match (key, json) {
            ("at" | "detail", _) => Ok(()),
            ("known_at" | "horizon" | "settings" | "complete", Json::Null) => Ok(()),
            ("known_at", json) => {
                let known_at = instant(json, path)?;
                self.builder.known_at(known_at);
                Ok(())
            }
            ("horizon", json) => self.horizon(json, path),
            ("settings", json) => self.settings(json, path),
            ("complete", json) => self.complete(json, path),
            (key, json) if COMPLETE_FROM.contains(&key) => {
                let list =
                    if key == COMPLETE_FROM[0] { EventList::Contacts } else { EventList::Interactions };
                if *json != Json::Null {
                    let from = instant(json, path)?;
                    self.builder.complete_from(list, from);
                }
                Ok(())
            }
            _ => Err(unknown_key(key, path, TOP_KEYS.into_iter().chain(ENTITIES.map(|(word, _)| word)))),
        }
    }

    fn horizon(&mut self, json: &Json, path: &Path<'_>) -> Result<(), Error> {
        let length = amount(json, path)?;
        let one = match length.unit {
            Unit::Second => Micros::SECOND,
            Unit::Minute => Micros::MINUTE,
            Unit::Hour => Micros::HOUR,
            Unit::Day => Micros::DAY,
            Unit::Week => Micros::DAY.times(7),
            _ => {
                let error = Error::input(path, format!("`{length}` is of no fixed length"));
                return Err(error.with_hint("give the look ahead in days, hours, minutes or seconds"));
            }
        };
        self.builder.horizon(one.times(i64::from(length.n)));
        Ok(())
    }

    fn settings(&mut self, json: &Json, path: &Path<'_>) -> Result<(), Error> {
        let Json::Map(entries) = json else { return Err(expected("an object", json, path)) };
        for (name, json) in entries {
            self.builder.choose_at(name, json, &path.key(name))?;
        }
        Ok(())
    }

    /// Claims of completeness: what is absent there is known none.
    fn complete(&mut self, json: &Json, path: &Path<'_>) -> Result<(), Error> {
        let vocabulary = self.intake.vocabulary();
        let items = match json {
            Json::List(items) => items.as_slice(),
            bare @ Json::Text(_) => &[Item { at: 0, json: bare.clone() }],
            other => return Err(expected("a list", other, path)),
        };
        for item in items {
            let at = path.index(item.at);
            let name = text(&item.json, "a text", &at)?;
            if let Some((_, Entity::Event(list))) = ENTITIES.iter().find(|(word, _)| *word == name) {
                self.builder.known(*list);
                if *list == EventList::Lists {
                    for n in 0..vocabulary.lists.len() {
                        self.builder.complete_list(n);
                    }
                }
                continue;
            }
            if let Some((_, facts)) = self.intake.groups.iter().find(|(word, _)| *word == name) {
                for fact in facts {
                    self.builder.complete(*fact);
                }
                continue;
            }
            let list = name.strip_prefix("lists.");
            if let Some(n) = list.and_then(|name| vocabulary.lists.iter().position(|list| list.name == name))
            {
                self.builder.complete_list(n);
                continue;
            }
            if ALWAYS_ONE.contains(&name) {
                return Err(Error::input(
                    at,
                    "there is always one at least: this cannot be complete when empty",
                ));
            }
            let fact = vocabulary.fact(name).filter(|fact| {
                vocabulary.decl(*fact).is_some_and(|decl| !matches!(decl.entity, Entity::Event(_)))
            });
            let Some(fact) = fact else {
                let error = Error::input(at, format!("`{}` is no list, group or fact", quoted(name)));
                return Err(error.with_hint(instead_of(name, vocabulary)));
            };
            self.builder.complete(fact);
        }
        Ok(())
    }

    fn entity(&mut self, entity: Entity, shape: &Shape, json: &Json, path: &Path<'_>) -> Result<(), Error> {
        match (json, entity) {
            // No recipient of its own is the person; no agent is none.
            (Json::Null, Entity::Recipient | Entity::Agent) => return Ok(()),
            (Json::Map(_), Entity::Recipient) => self.builder.has_recipient(),
            (Json::Map(_), Entity::Agent) => self.builder.has_agent(),
            _ => {}
        }
        let mut fields = Vec::new();
        self.fields(shape, json, path, &mut fields)?;
        for (fact, slot) in fields {
            self.builder.put(fact, slot);
        }
        Ok(())
    }

    /// Reads an object's keys, those of objects in it too.
    fn fields(
        &mut self,
        shape: &Shape,
        json: &Json,
        path: &Path<'_>,
        out: &mut Vec<(FactId, Slot)>,
    ) -> Result<(), Error> {
        let Json::Map(entries) = json else { return Err(expected("an object", json, path)) };
        for (key, json) in entries {
            let at = path.key(key);
            match shape.keys.get(key) {
                Some(Branch::Inside(inside)) if *json == Json::Null => all_none(inside, out),
                Some(Branch::Inside(inside)) if empty(json) => {
                    none_there(&at)?;
                    all_none(inside, out);
                }
                Some(Branch::Inside(inside)) => self.fields(inside, json, &at, out)?,
                Some(Branch::Fact(fact)) => {
                    let slot = self.field(*fact, json, &at)?;
                    out.extend(slot.map(|slot| (*fact, slot)));
                }
                None => {
                    let derived = DERIVED.contains(&at.without_indexes().as_str());
                    return Err(if derived {
                        Error::input(at, "this follows from the sender").with_hint("give the sender instead")
                    } else {
                        unknown_key(key, &at, shape.keys.keys().map(String::as_str))
                    });
                }
            }
        }
        Ok(())
    }

    /// One fact; nothing if the value says no more than its absence.
    fn field(&mut self, fact: FactId, json: &Json, path: &Path<'_>) -> Result<Option<Slot>, Error> {
        let intake = self.intake;
        let Some(decl) = intake.vocabulary().decl(fact) else { return Ok(None) };
        if *json == Json::Null && !decl.ty.null_is_none() {
            return Ok(None);
        }
        match decl.path.as_str() {
            "consents.at"
            | "contacts.at"
            | "interactions.at"
            | "signals.at"
            | "consents.recorded_at"
            | "contacts.recorded_at"
            | "interactions.recorded_at" => {
                return Ok(match when(json, path)? {
                    When::Undated => None,
                    When::Date(day) => Some(Slot::date(day)),
                    When::Instant(at) => Some(Slot::Instant(at)),
                });
            }
            "consents.scope.channel"
            | "consents.scope.purpose"
            | "consents.scope.topic"
            | "consents.scope.sender" => {
                not_empty(json, path)?;
                let field = decl.field.strip_prefix("scope.").unwrap_or(&decl.field);
                let part = self.values().part(json, field, path)?;
                return Ok(match part {
                    Part::Open => None,
                    Part::Named(nodes) => Some(Slot::Nodes(nodes)),
                    Part::Unknown => Some(Slot::Unknown),
                });
            }
            "consents.scope.address" | "consents.scope.matter" => not_empty(json, path)?,
            "lists.address" => {
                text(json, "a text", path)?;
            }
            _ => {}
        }
        let slot = self.values().read(json, &decl.ty, path)?;
        // Said to somebody whose name nobody declared, which is not the same as to nobody in particular.
        if decl.path == "consents.given_to" && slot == Slot::Unknown {
            return Ok(Some(Slot::NodesAtLeast(Few::from([]))));
        }
        if ALWAYS_ONE.contains(&decl.path.as_str()) {
            if slot == Slot::None {
                return Ok(None);
            }
            if decl.field == "time_zones" {
                zones_exist(&self.intake.policy.zones, json, path)?;
            }
        }
        if decl.field == "confirmed_time_zone.zone" && *json != Json::Null {
            zones_exist(&self.intake.policy.zones, json, path)?;
        }
        Ok(Some(slot))
    }

    fn list(&mut self, list: EventList, shape: &Shape, json: &Json, path: &Path<'_>) -> Result<(), Error> {
        let items = match json {
            Json::Null => return Ok(()),
            Json::List(items) => items.as_slice(),
            other => return Err(expected("a list", other, path)),
        };
        let most = self.intake.limits.events;
        if items.len() > most {
            return Err(Error::limit(
                path,
                format!("{} events are more than the {most} admitted", items.len()),
            ));
        }
        self.builder.known(list);
        for item in items {
            let at = path.index(item.at);
            let mut fields = Vec::new();
            self.fields(shape, &item.json, &at, &mut fields)?;
            fields.sort_by_key(|(fact, _)| *fact);
            let get = |key: &str| item.json.get(key);
            for required in required(list) {
                if get(required).is_none_or(|json| *json == Json::Null) {
                    return Err(Error::input(at.key(required), "this must be given"));
                }
            }
            let id = match get("id") {
                None | Some(Json::Null) => None,
                Some(json) => Some(self.values().text(json, &at.key("id"))?),
            };
            let moment = |key: &str| get(key).map_or(Ok(When::Undated), |json| when(json, &at.key(key)));
            let event = Event { id, at: moment("at")?, recorded_at: moment("recorded_at")?, fields };
            self.builder.push_event(list, event, item.at);
        }
        Ok(())
    }
}

/// One value of a fact, read as in a request; nothing if it says no more than its absence.
pub(crate) fn value(
    intake: &Intake,
    at: Instant,
    texts: &mut Interner,
    fact: FactId,
    json: &Json,
) -> Result<Option<Slot>, Error> {
    let mut reader = Reader { intake, warnings: BTreeSet::new(), builder: intake.builder(at) };
    std::mem::swap(reader.builder.texts(), texts);
    let read = reader.field(fact, json, &Path::ROOT);
    std::mem::swap(reader.builder.texts(), texts);
    read
}

/// Keys without which an event of the list says nothing.
fn required(list: EventList) -> &'static [&'static str] {
    match list {
        EventList::Consents => &["kind"],
        EventList::Lists => &["list", "address"],
        _ => &[],
    }
}

/// `[]`: of a list, a fact or several under one key, that there is none.
fn empty(json: &Json) -> bool {
    matches!(json, Json::List(items) if items.is_empty())
}

/// What is covered by a consent is never nothing.
fn none_there(path: &Path<'_>) -> Result<(), Error> {
    if path.without_indexes() == "consents.scope" { not_empty(&Json::List(Vec::new()), path) } else { Ok(()) }
}

fn all_none(shape: &Shape, out: &mut Vec<(FactId, Slot)>) {
    for branch in shape.keys.values() {
        match branch {
            Branch::Fact(fact) => out.push((*fact, Slot::None)),
            Branch::Inside(inside) => all_none(inside, out),
        }
    }
}

/// An instant with its offset, or a local day.
fn when(json: &Json, path: &Path<'_>) -> Result<When, Error> {
    if *json == Json::Null {
        return Ok(When::Undated);
    }
    let given = text(json, "a date and time", path)?;
    if given.len() == 10 {
        return time(Date::parse(given), path).map(When::Date);
    }
    time(Instant::parse(given), path).map(When::Instant)
}

fn zones_exist(known: &ZoneSet, json: &Json, path: &Path<'_>) -> Result<(), Error> {
    let exists = |json: &Json, path: &Path<'_>| match json {
        Json::Text(name) if known.zone(name).is_none() => Err(no_such_zone(known, name, path)),
        _ => Ok(()),
    };
    match json {
        Json::List(items) => items.iter().try_for_each(|item| exists(&item.json, &path.index(item.at))),
        bare => exists(bare, path),
    }
}

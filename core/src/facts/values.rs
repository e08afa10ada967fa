//! One JSON value as the value of a fact of some type, or the reason why not.

use crate::error::{Error, quoted};
use crate::facts::scalars::{amount, choice, expected, instant, not_empty, text, time, unknown_key, windows};
use crate::facts::{Intake, Interner, Part, Scope, Slot, TextId, Warning, WeekHours};
use crate::taxonomy::{NodeId, TaxonomyId};
use crate::time::{Date, PartialDate, Week, Weekday, Windows};
use crate::value::Type;
use crate::wire::{Item, Json, Path};
use std::collections::BTreeSet;

/// Reads values; remembers texts and warnings.
pub(crate) struct Values<'a> {
    pub intake: &'a Intake,
    pub texts: &'a mut Interner,
    pub warnings: &'a mut BTreeSet<Warning>,
}

/// A set as given: its members. One bare value is a set of one.
enum Members<'a> {
    Bare(&'a Json),
    Items(&'a [Item]),
}

impl Values<'_> {
    /// A value of that type. `[]` says that there is none, of a single value too, and `null` where the type lets it; a node that
    /// nobody declared makes it unknown, with a warning.
    pub fn read(&mut self, json: &Json, ty: &Type, path: &Path<'_>) -> Result<Slot, Error> {
        match json {
            Json::Null if ty.null_is_none() => return Ok(Slot::None),
            Json::Null => return Ok(Slot::Unknown),
            Json::List(items) if items.is_empty() => return Ok(Slot::None),
            _ => {}
        }
        match ty {
            Type::Boolean => match json {
                Json::Bool(b) => Ok(Slot::Bool(*b)),
                other => Err(expected("true or false", other, path)),
            },
            Type::Integer => match json {
                Json::Int(n) => Ok(Slot::Int(*n)),
                other => Err(expected("a whole number", other, path)),
            },
            Type::Text | Type::Event => Ok(Slot::Text(self.text(json, path)?)),
            Type::Date => Ok(Slot::date(time(Date::parse(text(json, "a date", path)?), path)?)),
            Type::PartialDate => {
                let date = time(PartialDate::parse(text(json, "a date", path)?), path)?;
                Ok(Slot::Date { lo: date.lo, hi: date.hi })
            }
            Type::Instant => Ok(Slot::Instant(instant(json, path)?)),
            Type::Duration => Ok(Slot::Amount(amount(json, path)?)),
            Type::Choice(words) => Ok(Slot::Choice(choice(json, words, path)?)),
            Type::Node(taxonomy) => {
                Ok(self.node(json, *taxonomy, false, path)?.map_or(Slot::Unknown, Slot::Node))
            }
            Type::Set(inner) => self.set(json, inner, path),
            Type::Records(keys) => self.records(json, keys, path),
            Type::Map(taxonomies, value) => self.map(json, taxonomies, value, path),
            Type::Week => self.week(json, path),
            Type::Scope => {
                Ok(self.scope(json, path)?.map_or(Slot::None, |scope| Slot::Scope(Box::new(scope))))
            }
        }
    }

    /// A text by number.
    pub fn text(&mut self, json: &Json, path: &Path<'_>) -> Result<TextId, Error> {
        Ok(self.texts.intern(text(json, "a text", path)?))
    }

    /// A node; nothing, with a warning, if nobody declared it. The root stands for everything, so it is a value only
    /// where a scope is meant.
    fn node(
        &mut self,
        json: &Json,
        taxonomy: TaxonomyId,
        root: bool,
        path: &Path<'_>,
    ) -> Result<Option<NodeId>, Error> {
        let name = text(json, "a text", path)?;
        let Some(tree) = self.intake.policy.vocabulary.tree(taxonomy) else { return Ok(None) };
        match tree.find(name) {
            Some(NodeId::ROOT) if !root => {
                let message = format!("`any` is no {} in particular: taken as unknown", tree.name);
                self.warn("undeclared", path, message);
                Ok(None)
            }
            Some(node) => Ok(Some(node)),
            None => {
                // A subdivision that nobody declared is some part of its country.
                let country = name.split_once('-').filter(|_| tree.name == "jurisdiction");
                if let Some((country, node)) = country.and_then(|(c, _)| Some((c, tree.find(c)?))) {
                    let message = format!("`{}` is taken as an unknown part of `{country}`", quoted(name));
                    self.warn("undeclared_part", path, message);
                    return Ok(Some(node));
                }
                let near = crate::diag::did_you_mean(name, tree.names());
                let hint = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
                let message =
                    format!("no {} is called `{}`: taken as unknown{hint}", tree.name, quoted(name));
                self.warn("undeclared", path, message);
                Ok(None)
            }
        }
    }

    fn warn(&mut self, code: &'static str, path: &Path<'_>, message: String) {
        self.warnings.insert(Warning { code, path: path.without_indexes(), message });
    }

    fn members<'j>(&self, json: &'j Json, path: &Path<'_>) -> Result<Members<'j>, Error> {
        match json {
            // A part of a scope that says nothing is as one that is left out.
            Json::Null => Ok(Members::Items(&[])),
            Json::List(items) if items.len() > self.intake.limits.members => {
                let (n, most) = (items.len(), self.intake.limits.members);
                Err(Error::limit(path, format!("{n} members are more than the {most} admitted")))
            }
            Json::List(items) => Ok(Members::Items(items)),
            bare => Ok(Members::Bare(bare)),
        }
    }

    /// Reads each member; nothing as soon as one is unknown, so that a set is known as a whole or not at all.
    fn each<T>(
        &mut self,
        json: &Json,
        path: &Path<'_>,
        mut one: impl FnMut(&mut Self, &Json, &Path<'_>) -> Result<Option<T>, Error>,
    ) -> Result<Option<Vec<T>>, Error> {
        let mut out = Some(Vec::new());
        let mut keep = |member: Option<T>| match (member, &mut out) {
            (Some(member), Some(out)) => out.push(member),
            _ => out = None,
        };
        match self.members(json, path)? {
            Members::Bare(json) => keep(one(self, json, path)?),
            Members::Items(items) => {
                for item in items {
                    keep(one(self, &item.json, &path.index(item.at))?);
                }
            }
        }
        Ok(out)
    }

    fn set(&mut self, json: &Json, inner: &Type, path: &Path<'_>) -> Result<Slot, Error> {
        Ok(match inner {
            Type::Node(taxonomy) => {
                let nodes = self.each(json, path, |me, json, path| me.node(json, *taxonomy, false, path))?;
                nodes.map_or(Slot::Unknown, Slot::nodes)
            }
            Type::Choice(words) => {
                let choices = self.each(json, path, |_, json, path| choice(json, words, path).map(Some))?;
                choices.map_or(Slot::Unknown, Slot::choices)
            }
            _ => {
                let texts = self.each(json, path, |me, json, path| me.text(json, path).map(Some))?;
                texts.map_or(Slot::Unknown, Slot::texts)
            }
        })
    }

    /// A list of objects; one bare object is a list of one.
    fn records(&mut self, json: &Json, keys: &[(String, Type)], path: &Path<'_>) -> Result<Slot, Error> {
        let read = self.each(json, path, |me, json, path| me.record(json, keys, path).map(Some))?;
        Ok(match read {
            Some(mut records) if !records.is_empty() => {
                records.sort();
                Slot::Records(records.into_boxed_slice())
            }
            _ => Slot::None,
        })
    }

    fn record(
        &mut self,
        json: &Json,
        keys: &[(String, Type)],
        path: &Path<'_>,
    ) -> Result<Box<[Slot]>, Error> {
        let Json::Map(entries) = json else { return Err(expected("an object", json, path)) };
        let mut slots = vec![Slot::Unknown; keys.len()];
        for (key, json) in entries {
            let at = path.key(key);
            let place = keys.iter().position(|(known, _)| known == key);
            let found = place.and_then(|n| Some((keys.get(n)?, slots.get_mut(n)?)));
            let Some(((_, ty), slot)) = found else {
                return Err(unknown_key(key, &at, keys.iter().map(|(known, _)| known.as_str())));
            };
            *slot = self.read(json, ty, &at)?;
        }
        Ok(slots.into_boxed_slice())
    }

    fn map(
        &mut self,
        json: &Json,
        taxonomies: &[TaxonomyId],
        value: &Type,
        path: &Path<'_>,
    ) -> Result<Slot, Error> {
        let mut out: Vec<(NodeId, Option<NodeId>, Slot)> = Vec::new();
        let Json::Map(entries) = json else { return Err(expected("an object", json, path)) };
        let (Some(first), second) = (taxonomies.first(), taxonomies.get(1)) else { return Ok(Slot::Unknown) };
        let most = self.intake.limits.members;
        for (key, json) in entries {
            let at = path.key(key);
            let node = self.node(&Json::Text(key.clone()), *first, false, &at)?;
            let Some(second) = second else {
                let slot = self.read(json, value, &at)?;
                out.extend(node.map(|node| (node, None, slot)));
                continue;
            };
            let Json::Map(inner) = json else { return Err(expected("an object", json, &at)) };
            for (key, json) in inner {
                let at = at.key(key);
                let below = self.node(&Json::Text(key.clone()), *second, false, &at)?;
                let slot = self.read(json, value, &at)?;
                out.extend(node.zip(below).map(|(a, b)| (a, Some(b), slot)));
            }
            if out.len() > most {
                return Err(Error::limit(path, format!("a map holds at most {most} values")));
            }
        }
        out.sort();
        // Two names of one node (a part that nobody declared, and its country) say two things: neither is known.
        let mut kept: Vec<(NodeId, Option<NodeId>, Slot)> = Vec::with_capacity(out.len());
        for entry in out {
            match kept.last_mut() {
                Some(last) if (last.0, last.1) == (entry.0, entry.1) => last.2 = Slot::Unknown,
                _ => kept.push(entry),
            }
        }
        Ok(if kept.is_empty() { Slot::None } else { Slot::Map(kept.into_boxed_slice()) })
    }

    /// `{"mon": [["09:00","20:00"]], …, "holiday": [], "calendar": "us_federal"}`: a day left out is closed, and without
    /// `holiday` a holiday is a day like others.
    fn week(&mut self, json: &Json, path: &Path<'_>) -> Result<Slot, Error> {
        const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let Json::Map(entries) = json else { return Err(expected("an object", json, path)) };
        let mut days: [Windows; 7] = std::array::from_fn(|_| Windows::never());
        let mut holiday = None;
        let mut calendar = None;
        let mut known = true;
        for (key, json) in entries {
            let at = path.key(key);
            match (DAYS.iter().position(|day| day == key), key.as_str()) {
                (Some(n), _) => {
                    if let Some(day) = days.get_mut(n) {
                        *day = windows(json, &at)?;
                    }
                }
                (None, "holiday") => holiday = Some(windows(json, &at)?),
                (None, "calendar") if *json == Json::Null => {}
                (None, "calendar") => {
                    calendar = self.calendar(text(json, "a text", &at)?, &at);
                    known = calendar.is_some();
                }
                _ => return Err(unknown_key(key, &at, DAYS.into_iter().chain(["holiday", "calendar"]))),
            }
        }
        debug_assert_eq!(DAYS.len(), Weekday::ALL.len());
        let week = WeekHours { week: Week::new(days, holiday), calendar };
        Ok(if known { Slot::Week(Box::new(week)) } else { Slot::Unknown })
    }

    /// A calendar by its name, qualified or not.
    fn calendar(&mut self, name: &str, path: &Path<'_>) -> Option<u16> {
        let calendars = &self.intake.policy.calendars;
        let mut found = (0u16..).zip(calendars).filter(|(_, calendar)| {
            calendar.name() == name || calendar.name().rsplit_once('.').is_some_and(|(_, last)| last == name)
        });
        match (found.next(), found.next()) {
            (Some((at, _)), None) => Some(at),
            (first, _) => {
                let what = if first.is_some() { "several calendars are" } else { "no calendar is" };
                self.warn("undeclared", path, format!("{what} called `{}`: taken as unknown", quoted(name)));
                None
            }
        }
    }

    /// A scope: each part one value or several, open when absent.
    pub fn scope(&mut self, json: &Json, path: &Path<'_>) -> Result<Option<Scope>, Error> {
        const PARTS: [&str; 6] = ["channel", "purpose", "topic", "sender", "address", "matter"];
        let entries = match json {
            Json::Null => return Ok(None),
            Json::Map(entries) => entries,
            other => return Err(expected("an object", other, path)),
        };
        let mut scope = Scope::default();
        for (key, json) in entries {
            let at = path.key(key);
            if !PARTS.contains(&key.as_str()) {
                return Err(unknown_key(key, &at, PARTS));
            }
            not_empty(json, &at)?;
            if key == "address" || key == "matter" {
                let texts = self.each(json, &at, |me, json, path| me.text(json, path).map(Some))?;
                let part = texts.map_or(Part::Unknown, Part::named);
                if key == "address" {
                    scope.address = part
                } else {
                    scope.matter = part
                }
                continue;
            }
            let part = self.part(json, key, &at)?;
            match key.as_str() {
                "channel" => scope.channel = part,
                "purpose" => scope.purpose = part,
                "topic" => scope.topic = part,
                _ => scope.sender = part,
            }
        }
        Ok(Some(scope))
    }

    /// A part of a scope that holds nodes. Of a taxonomy that no pack declares, it is unknown.
    pub fn part(&mut self, json: &Json, taxonomy: &str, path: &Path<'_>) -> Result<Part<NodeId>, Error> {
        let found = self.intake.policy.vocabulary.taxonomy(taxonomy).map(|(id, _)| id);
        let Some(taxonomy) = found else {
            let message = format!("no pack declares a `{taxonomy}`: taken as unknown");
            self.warn("undeclared", path, message);
            return Ok(Part::Unknown);
        };
        let nodes = self.each(json, path, |me, json, path| me.node(json, taxonomy, true, path))?;
        Ok(match nodes {
            None => Part::Unknown,
            Some(nodes) if nodes.contains(&NodeId::ROOT) => Part::Open,
            Some(nodes) => Part::named(nodes),
        })
    }
}

//! Planning: several ways to make one contact, those that are allowed in the person's order of preference.

use super::Engine;
use crate::error::Error;
use crate::eval::{Eval, Scratch, Tri};
use crate::facts::{Facts, Slot};
use crate::time::Instant;
use crate::typed::FactId;
use crate::value::Type;
use crate::wire::decision::{Decision, Outcome};
use crate::wire::{Detail, Json, Request};
use serde::Serialize;

/// A plan: every option once, either ranked or not.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// The instant asked about.
    pub at: String,
    /// Allowed now or at some instant within the horizon: best first.
    pub ranked: Vec<Ranked>,
    /// Denied.
    pub denied: Vec<Unplanned>,
}

/// An option that is allowed now or later.
#[derive(Clone, Debug, Serialize)]
pub struct Ranked {
    /// The option's `id`.
    pub option: String,
    /// The person's own rank for it, 1 first; absent: no preference covers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preference: Option<i64>,
    /// When it may go out.
    pub earliest: String,
    /// The decision on it.
    pub decision: Decision,
}

/// An option that is denied.
#[derive(Clone, Debug, Serialize)]
pub struct Unplanned {
    /// The option's `id`.
    pub option: String,
    /// The decision on it.
    pub decision: Decision,
}

/// No more ways than this are weighed in one plan.
pub const MOST_OPTIONS: usize = 64;

impl Engine {
    /// Plans a request with `options`: a list of `{ "id", …entities that differ… }`, each laid over the request, its keys in
    /// place of the request's. Ranked by the person's preference (`person.channel_rules` with rule `prefer`; a `rank` orders
    /// them, 1 first), then by earliest instant, then by id.
    ///
    /// # Errors
    /// As [`Engine::decide`], with the option's place in the path.
    pub fn plan(&self, bytes: &[u8]) -> Result<Plan, Error> {
        let request = self.request(bytes)?;
        let Json::Map(entries) = request.json() else {
            return Err(Error::input("", "a request is an object"));
        };
        let mut base = entries.clone();
        let options = match base.iter().position(|(k, _)| k == "options").map(|i| base.remove(i).1) {
            Some(Json::List(list)) if !list.is_empty() => list,
            Some(Json::List(_)) | None => return Err(Error::input("options", "a plan weighs at least one option")),
            Some(other) => return Err(Error::input("options", format!("expected a list, not {}", other.kind()))),
        };
        if options.len() > MOST_OPTIONS {
            let message = format!("{} options are more than the {MOST_OPTIONS} that are admitted", options.len());
            return Err(Error::limit("options", message));
        }
        let (mut ranked, mut denied) = (Vec::new(), Vec::new());
        let mut at = String::new();
        let mut scratch = Scratch::default();
        let mut seen = std::collections::BTreeSet::new();
        for item in options {
            let place = format!("options[{}]", item.at);
            let Json::Map(parts) = item.json else {
                return Err(Error::input(place, format!("expected an object, not {}", item.json.kind())));
            };
            let (id, request) = self.laid_over(&base, parts, &place)?;
            if !seen.insert(id.clone()) {
                return Err(Error::input(format!("{place}.id"), format!("two options are called `{id}`")));
            }
            let inside = |e: Error| match e.path().map(str::to_string) {
                Some(path) => e.at(format!("{place}.{path}")),
                None => e.at(place.clone()),
            };
            let facts = self.facts(&request).map_err(inside)?;
            let decision = self.decide_facts(&facts, Detail::Blocking, &mut scratch);
            at.clone_from(&decision.at);
            let preference = self.preference(&facts, &mut scratch);
            let earliest = match (decision.outcome, &decision.until) {
                (Outcome::Allow, _) => decision.at.clone(),
                (Outcome::Defer, Some(until)) => until.clone(),
                _ => {
                    denied.push(Unplanned { option: id, decision });
                    continue;
                }
            };
            ranked.push(Ranked { option: id, preference, earliest, decision });
        }
        ranked.sort_by_cached_key(|r| {
            let instant = Instant::parse(&r.earliest).map_or(i64::MAX, |i| i.0);
            (r.preference.unwrap_or(i64::MAX), instant, r.option.clone())
        });
        denied.sort_by(|a, b| a.option.cmp(&b.option));
        Ok(Plan { at, ranked, denied })
    }

    /// The request with an option's keys in place of its own; objects are laid over key by key.
    fn laid_over(
        &self,
        base: &[(String, Json)],
        parts: Vec<(String, Json)>,
        place: &str,
    ) -> Result<(String, Request), Error> {
        let mut all = base.to_vec();
        let mut id = None;
        for (key, json) in parts {
            match (key.as_str(), json) {
                ("id", Json::Text(text)) => id = Some(text),
                ("id", other) => {
                    return Err(Error::input(format!("{place}.id"), format!("expected a text, not {}", other.kind())));
                }
                ("at" | "known_at" | "horizon" | "detail" | "settings" | "options", _) => {
                    return Err(Error::input(format!("{place}.{key}"), format!("`{key}` is the same for every option")));
                }
                (_, json) => match (all.iter_mut().find(|(k, _)| *k == key), json) {
                    (Some((_, Json::Map(own))), Json::Map(new)) => {
                        for (k, v) in new {
                            match own.iter_mut().find(|(o, _)| *o == k) {
                                Some((_, room)) => *room = v,
                                None => own.push((k, v)),
                            }
                        }
                    }
                    (Some((_, room)), json) => *room = json,
                    (None, json) => all.push((key, json)),
                },
            }
        }
        let Some(id) = id else { return Err(Error::input(format!("{place}.id"), "an option has an `id`")) };
        Ok((id, Request::from_json(Json::Map(all), &self.limits())?))
    }

    /// The best rank among the person's preferences that cover the contact.
    fn preference(&self, facts: &Facts, scratch: &mut Scratch) -> Option<i64> {
        let policy = self.policy();
        let fact: FactId = policy.vocabulary.fact("person.channel_rules")?;
        let Type::Records(fields) = &policy.vocabulary.decl(fact)?.ty else { return None };
        let place = |name: &str| fields.iter().position(|(n, _)| n == name);
        let (scope, rule, rank) = (place("scope")?, place("rule")?, place("rank"));
        let prefer = match fields.get(rule) {
            Some((_, Type::Choice(words))) => words.iter().position(|w| w == "prefer")?,
            _ => return None,
        };
        let Slot::Records(list) = facts.slot(fact) else { return None };
        let e = Eval::new(self.program(), facts, scratch);
        let covers = |slot: Option<&Slot>| match slot {
            Some(Slot::Scope(s)) => e.covers_contact(s) == Tri::T,
            Some(Slot::None) => true,
            _ => false,
        };
        list.iter()
            .filter(|r| matches!(r.get(rule), Some(Slot::Choice(n)) if usize::from(*n) == prefer))
            .filter(|r| covers(r.get(scope)))
            .map(|r| match rank.and_then(|n| r.get(n)) {
                Some(Slot::Int(n)) => *n,
                _ => 1,
            })
            .min()
    }
}

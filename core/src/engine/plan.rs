//! Planning: several ways to make one contact, those that are allowed in the person's order of preference.

use super::Engine;
use crate::error::Error;
use crate::eval::{Eval, Scratch, Tri};
use crate::facts::{Facts, Slot};
use crate::time::Instant;
use crate::typed::FactId;
use crate::value::Type;
use crate::wire::decision::Outcome;
use crate::wire::plan::{self, Plan, Planned};
use crate::wire::{Detail, Json};

impl Engine {
    /// Plans a request with `options`, each laid over the request key by key. Ranked by the person's preference
    /// (`person.channel_rules` with rule `prefer`; a `rank` orders them, 1 first), then by earliest instant, then by name.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// // At noon both are open: by name, where nothing else tells them apart.
    /// let plan = engine.plan(r#"{
    ///     "at": "2026-07-01T12:00:00-04:00",
    ///     "person": {
    ///         "time_zones": ["America/New_York"]
    ///     },
    ///     "contact": {"purpose": ["care"], "fields": []},
    ///     "options": [
    ///         {"name": "call", "contact": {"channel": "call"}},
    ///         {"name": "text", "contact": {"channel": "sms"}}
    ///     ]
    /// }"#)?;
    /// assert!(plan.options.iter().all(|option| option.outcome == byleave::Outcome::Allow));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Engine::decide`]; of what an option lays over the request, with the option's place in the path: `options[0].contact.channel`.
    pub fn plan(&self, json: impl AsRef<[u8]>) -> Result<Plan, Error> {
        self.plan_tree(Json::from_bytes(json.as_ref(), &self.limits())?)
    }

    /// As [`Engine::plan`], of whatever a program serializes to the same keys: its own structs, a `serde_json::Value`.
    ///
    /// ```
    /// use serde_json::json;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let plan = engine.plan_from(&json!({
    ///     "at": "2026-07-01T12:00:00Z",
    ///     "contact": {"purpose": ["care"]},
    ///     "options": [{"name": "mail", "contact": {"channel": "email"}}],
    /// }))?;
    /// assert_eq!(plan.options[0].name, "mail");
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Engine::plan`]; what cannot be written as JSON.
    pub fn plan_from(&self, value: &impl serde::Serialize) -> Result<Plan, Error> {
        self.plan_tree(Json::from_serialize(value, &self.limits())?)
    }

    /// As [`Engine::plan`], of a tree that a binding has filled from its own objects.
    ///
    /// ```
    /// use byleave::wire::{Json, Limits};
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let tree = Json::parse(r#"{"at": "2026-07-01T12:00:00Z", "options": []}"#, &Limits::MOST)?;
    /// assert!(engine.plan_tree(tree)?.options.is_empty());
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Engine::plan`].
    pub fn plan_tree(&self, mut json: Json) -> Result<Plan, Error> {
        json.admit(&self.limits().admitted())?;
        let mut scratch = Scratch::default();
        let mut options = Vec::new();
        for way in plan::requests(json, &self.limits())? {
            let facts = self.facts(&way.request).map_err(|e| {
                let [path, other] = [e.path(), e.other_path()].map(|it| it.map(|path| way.sent_at(path)));
                let e = e.at(path.unwrap_or_default());
                match other {
                    Some(other) => e.and_at(other),
                    None => e,
                }
            })?;
            let preference = self.preference(&facts, &mut scratch);
            let decision = self.decide_facts(&facts, Detail::Blocking, &mut scratch)?;
            let earliest = match (decision.outcome, &decision.until) {
                (Outcome::Deny, _) => None,
                (_, Some(until)) => Instant::parse(until).ok(),
                (_, None) => Some(facts.at),
            };
            options.push((earliest, Planned { preference, ..Planned::of(way.name, decision) }));
        }
        options.sort_by(|(a, x), (b, y)| {
            let key = |e: &Option<Instant>, p: &Planned| {
                // Denied ones last; among the rest preference comes first, then the clock.
                (
                    e.is_none(),
                    if e.is_some() { p.preference.unwrap_or(i64::MAX) } else { 0 },
                    e.map_or(0, |i| i.0),
                )
            };
            key(a, x).cmp(&key(b, y)).then_with(|| x.name.cmp(&y.name))
        });
        Ok(Plan { options: options.into_iter().map(|x| x.1).collect() })
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

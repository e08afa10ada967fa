//! What is told of a recipient that is the person, or may be: both tellings hold.

use super::facts::{Facts, Found, Val, each, is_under, walk};
use super::kleene::Missing;
use byleave::taxonomy::NodeId;
use byleave::typed::Fact;
use byleave::value::Type;
use serde_json::{Map, Value as Json, json};

impl<'a> Facts<'a> {
    fn written_out(&self) -> Option<&'a Json> {
        self.request.get("recipient").filter(|r| !r.is_null())
    }

    /// Whether the recipient is the person: by its role, without one by the ids.
    pub(super) fn recipient_is_person(&self) -> Option<bool> {
        let Some(recipient) = self.written_out() else { return Some(true) };
        let (id, tree) = self.policy.vocabulary.taxonomy("recipient_role")?;
        if let (Some(own), Some(Val::Nodes(role))) =
            (tree.find("self"), recipient.get("role").map(|r| self.nodes(r, id, "")))
        {
            let abstract_ =
                |n: &NodeId| tree.node(*n).is_some_and(|n| n.marks.iter().any(|m| m == "abstract"));
            return if role.iter().any(|r| is_under(tree, *r, own)) {
                Some(true)
            } else if role.iter().any(|r| abstract_(r) && is_under(tree, own, *r)) {
                None
            } else {
                Some(false)
            };
        }
        let id = |of: &str| self.request.get(of).and_then(|e| e.get("id")).and_then(Json::as_str);
        Some(id("person")? == id("recipient")?)
    }

    /// A fact of the recipient.
    pub(super) fn of_recipient(&self, fact: &Fact) -> Val {
        let written_out = self.written_out().is_some();
        if !written_out && fact.field == "role" {
            return self.typed(&Json::from("self"), &fact.ty, &fact.missing);
        }
        let own = self.own(fact);
        let is_person = self.recipient_is_person();
        let Some(of_person) = self.of_person(fact).filter(|_| is_person != Some(false)) else { return own };
        let both = match walk(self.written_out(), fact) {
            Found::Absent => of_person,
            // Of candidates an empty set says nothing.
            Found::None if candidates(fact) => of_person,
            _ => self.both(fact, of_person, &own),
        };
        let clocks = fact.field == "time_zones" && !matches!(own, Val::Unknown(_));
        if is_person == Some(true) || clocks || plain(&both) == plain(&own) {
            return self.with_confirmed(fact, both);
        }
        common(fact, &both, &own)
    }

    /// The person's fact of that name, if there is one.
    fn of_person(&self, fact: &Fact) -> Option<Val> {
        let id = self.policy.vocabulary.fact(&format!("person.{}", fact.field))?;
        Some(match self.get(id) {
            Val::Unknown(_) => Val::lacks(&fact.missing),
            known => known,
        })
    }

    fn both(&self, fact: &Fact, person: Val, own: &Val) -> Val {
        let unknown = Val::lacks(&fact.missing);
        let wish = matches!(fact.ty, Type::Records(_) | Type::Week) || fact.field == "pause_until";
        match (person, own) {
            (a, b) if plain(&a) == plain(b) => a,
            (Val::Unknown(_), _) | (_, Val::Unknown(_)) => unknown,
            (a, Val::None) if wish => a,
            (Val::None, b) if wish => b.clone(),
            (Val::Texts(a), Val::Texts(b)) if candidates(fact) => Val::Texts([a, b.clone()].concat()),
            (Val::Nodes(a), Val::Nodes(b)) if candidates(fact) => Val::Nodes([a, b.clone()].concat()),
            (a @ Val::Nodes(_), b @ Val::Nodes(_)) => common(fact, &a, b),
            (Val::Raw(a), Val::Raw(b)) if matches!(fact.ty, Type::Records(_)) => {
                Val::Raw(each(&a).chain(each(b)).cloned().collect())
            }
            (Val::Raw(a), Val::Raw(b)) if fact.ty == Type::Week => {
                both_weeks(&a, b).map_or(unknown, Val::Raw)
            }
            (Val::At(a), Val::At(b)) if wish => Val::At(a.max(*b)),
            _ => unknown,
        }
    }

    /// Zones, with those that were confirmed of one and not of the other: a confirmation that is disputed makes a candidate.
    fn with_confirmed(&self, fact: &Fact, zones: Val) -> Val {
        if fact.field != "time_zones" {
            return zones;
        }
        let get = |path: &str| {
            self.policy.vocabulary.fact(path).map_or(Val::Unknown(Missing::new()), |f| self.get(f))
        };
        let settled = ["zone", "on"]
            .iter()
            .all(|key| !matches!(get(&format!("recipient.confirmed_time_zone.{key}")), Val::Unknown(_)));
        let named = |of: &str| {
            let zone = self.request.get(of)?.get("confirmed_time_zone")?.get("zone")?;
            zone.as_str().map(str::to_string)
        };
        let named: Vec<String> = ["person", "recipient"].iter().filter_map(|of| named(of)).collect();
        match zones {
            Val::Texts(known) if !settled => Val::Texts([known, named].concat()),
            zones => zones,
        }
    }
}

/// Of two sets the members that either has: what else there is, nobody knows.
fn common(fact: &Fact, a: &Val, b: &Val) -> Val {
    let lacks: Missing = [fact.missing.clone()].into();
    match (a, b) {
        (Val::Nodes(a), Val::Nodes(b)) if a.iter().any(|n| b.contains(n)) => {
            Val::AtLeast(a.iter().filter(|n| b.contains(n)).copied().collect(), lacks)
        }
        _ => Val::Unknown(lacks),
    }
}

/// Each of them is asked.
fn candidates(fact: &Fact) -> bool {
    matches!(fact.field.as_str(), "time_zones" | "jurisdictions")
}

/// Without the order of what has none.
fn plain(value: &Val) -> Val {
    match value.clone() {
        Val::Unknown(_) => Val::Unknown(Missing::new()),
        Val::Texts(mut all) => {
            all.sort();
            all.dedup();
            Val::Texts(all)
        }
        Val::Nodes(mut all) => {
            all.sort();
            all.dedup();
            Val::Nodes(all)
        }
        Val::Raw(Json::Array(mut all)) => {
            all.sort_by_key(Json::to_string);
            all.dedup();
            Val::Raw(Json::Array(all))
        }
        other => other,
    }
}

/// Open when both are; nothing where only one of them tells holidays apart, or both by other calendars.
fn both_weeks(a: &Json, b: &Json) -> Option<Json> {
    let calendar = |week: &Json| {
        let name = week.get("calendar").and_then(Json::as_str)?;
        Some(name.rsplit('.').next().unwrap_or(name).to_string())
    };
    if a.get("holiday").is_some() != b.get("holiday").is_some()
        || (a.get("holiday").is_some() && calendar(a) != calendar(b))
    {
        return None;
    }
    let mut out = Map::new();
    for day in ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"] {
        let rows = |week: &Json| week.get(day).and_then(Json::as_array).cloned();
        let (Some(a), Some(b)) = (rows(a), rows(b)) else { continue };
        // Times of day of one form sort as texts.
        let text = |row: &Json, at: usize| row.get(at).and_then(Json::as_str).map(str::to_string);
        let mut kept = Vec::new();
        for (a, b) in a.iter().flat_map(|a| b.iter().map(move |b| (a, b))) {
            let (from, to) = (text(a, 0).max(text(b, 0)), text(a, 1).min(text(b, 1)));
            if from < to {
                kept.push(json!([from, to]));
            }
        }
        out.insert(day.to_string(), Json::Array(kept));
    }
    out.extend(a.get("calendar").map(|name| ("calendar".to_string(), name.clone())));
    Some(Json::Object(out))
}

//! Look-ups of addresses, signals, authority.

use super::Mutant;
use super::clock;
use super::cond::Cx;
use super::facts::{Val, is_under};
use super::kleene::V;
use byleave::typed::EventList;
use serde_json::Value as Json;

impl Cx<'_> {
    pub(super) fn listed(&self, i: usize) -> V {
        let Some(list) = self.policy().vocabulary.lists.get(i) else { return V::F };
        let unknown = V::lacks(&list.missing);
        let address = self.case.facts.request.get("address").and_then(|a| a.get("value"));
        let Some(address) = address.and_then(Json::as_str) else {
            return if address.is_some() { unknown } else { unknown.and(V::lacks("address.value")) };
        };
        let complete =
            self.case.facts.complete("lists") || self.case.facts.complete(&format!("lists.{}", list.name));
        let Some(all) = self.case.facts.events(EventList::Lists) else {
            return if complete { V::F } else { unknown };
        };
        let known: Vec<_> =
            all.iter().filter(|e| self.case.enters(e).is_some_and(|t| t <= self.case.t0)).collect();
        let mine: Vec<&Json> = known
            .iter()
            .map(|e| e.json)
            .filter(|e| e.get("list").and_then(Json::as_str) == Some(&list.name))
            .filter(|e| e.get("address").and_then(Json::as_str) == Some(address))
            .collect();
        // A look-up without a day may be one to come: it can only bind.
        let version = |e: &Json| match e.get("version_at").and_then(Json::as_str).and_then(clock::parse_date)
        {
            Some(d) => d.0,
            None if e.get("result").and_then(Json::as_str) == Some("not_listed") => i64::MIN,
            None => i64::MAX,
        };
        if mine.iter().any(|e| e.get("result").and_then(Json::as_str).is_none()) {
            return unknown;
        }
        let Some(newest) = mine.iter().map(|e| version(e)).max() else {
            return if complete { V::F } else { unknown };
        };
        // Versions of one day that disagree: listed is the cautious one.
        let results: Vec<&str> = mine
            .iter()
            .filter(|e| version(e) == newest)
            .filter_map(|e| e.get("result").and_then(Json::as_str))
            .collect();
        let value = if results.contains(&"listed") {
            V::T
        } else if results.contains(&"no_data") || results.is_empty() {
            return unknown;
        } else {
            V::F
        };
        if value == V::T && list.unless_listed {
            return value;
        }
        let version = newest;
        if version == i64::MIN || version == i64::MAX {
            return unknown;
        }
        let Some(good) = list.good_days else { return value };
        if self.case.mutant == Some(Mutant::StaleListKept) {
            return value;
        }
        match self.from_dates(version + i64::from(good) + 1, version + i64::from(good) + 1) {
            V::F => value,
            V::T => unknown,
            V::U(m) => V::agree([value, unknown], &m),
        }
    }

    pub(super) fn signal(&self, kind: &str) -> V {
        let Some(all) = self.case.frozen(EventList::Signals) else { return V::lacks("signals") };
        // A signal of no known kind may be of any; one of which nobody says whether it is on may be on.
        V::any(all.iter().filter(|e| e.text("kind").is_none_or(|k| k == kind)).map(|e| {
            match (e.json.get("on").and_then(Json::as_bool), e.text("kind")) {
                (Some(false), _) => V::F,
                (Some(true), Some(_)) => V::T,
                _ => V::lacks("signals"),
            }
        }))
    }

    pub(super) fn authorised(&self) -> V {
        let v = &self.policy().vocabulary;
        let get = |path: &str| v.fact(path).map(|f| self.case.facts.get(f));
        let role = match get("recipient.role") {
            Some(Val::Nodes(n)) => n,
            Some(Val::Unknown(m)) => return V::U(m),
            _ => return V::F,
        };
        let tree = v.taxonomy("recipient_role").map(|t| t.1);
        let own =
            tree.is_some_and(|t| t.find("self").is_some_and(|s| role.iter().any(|r| is_under(t, *r, s))));
        if own {
            return V::T;
        }
        let flag = |path: &str, wanted: bool| match get(path) {
            None | Some(Val::None) => V::of(!wanted),
            Some(Val::Unknown(m)) => V::U(m),
            Some(Val::Bool(b)) => V::of(b == wanted),
            Some(_) => V::F,
        };
        let exception = match get("recipient.minor_exception") {
            None | Some(Val::None) => V::T,
            Some(Val::Unknown(m)) => V::U(m),
            Some(_) => V::F,
        };
        let covers = match get("recipient.authority.scope") {
            Some(Val::Raw(s)) => self.scope_covers_all_of_contact(&s),
            Some(Val::Unknown(m)) => V::U(m),
            _ => V::T,
        };
        let unexpired = match get("recipient.authority.expires_on") {
            Some(Val::Days(_, b)) => self.from_dates(b + 1, b + 1).not(),
            Some(Val::Unknown(m)) => V::U(m),
            _ => V::T,
        };
        V::all([
            flag("recipient.authority.recorded", true),
            unexpired,
            covers,
            exception,
            flag("recipient.endangerment", true).not(),
        ])
    }
}

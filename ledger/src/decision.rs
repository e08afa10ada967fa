//! Decisions on record: the engine's answer with everything needed to ask again and get the same bytes.
//!
//! What is kept is what the host asked, how far the person's chain went, what others had refused at the address, and the answer.
//! The person's own facts are not kept a second time: they lie in the chain, from which they are laid under the request again,
//! and the answer names the digest of the whole. So a decision on record also shows which facts it was made by, and that none
//! known then was left out. The packs, with every time zone, are kept once, compiled, under their digest.

use crate::chain::Digest;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, List, write};
use crate::facts::{Ask, Known, Linked, Other};
use crate::ledger::{Batch, Ledger, Receipt};
use crate::store::{Rows, Store};
use byleave::wire::{Json, Limits, Request};
use byleave::{Decision, Engine, Zones};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How a claim that has no beginning is written.
const ALWAYS: &str = "always";

/// An engine whose packs are kept with what it decides.
#[derive(Clone, Debug)]
pub struct Policy {
    engine: Engine,
    bytes: Vec<u8>,
    digest: Digest,
}

impl Policy {
    /// An engine's packs with every time zone that it knows, so that another machine needs neither.
    ///
    /// # Errors
    /// More than compiled packs may hold.
    pub fn of(engine: &Engine) -> Result<Policy> {
        let zones = engine.policy().zones.names().into_iter().map(str::to_owned).collect();
        Policy::from_bytes(engine.compile(Zones::Named(zones))?)
    }

    /// From compiled packs.
    ///
    /// # Errors
    /// They are none, or another version's.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Policy> {
        // The very bytes that are kept decide: what is replayed elsewhere is what decided here.
        let engine = Engine::from_compiled(&bytes)?;
        let digest = Digest::of(&bytes);
        Ok(Policy { engine, bytes, digest })
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// SHA-256 of the compiled packs.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

/// Whom a decision is about, and who asks.
#[derive(Clone, Copy, Debug)]
pub struct Deciding<'a> {
    /// The person.
    pub person: &'a str,
    /// What system asked.
    pub source: &'a str,
    /// When it is recorded.
    pub recorded_at: Timestamp,
}

/// A decision, and its place in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The engine's answer, in canonical bytes.
    pub answer: String,
    /// Where it is.
    pub receipt: Receipt,
}

impl<S: Store> Ledger<S> {
    /// Lays what is known of the person under a request, decides it, and records the decision, in one transaction: a STOP
    /// comes before it or after it, never in between. Decided again by the same facts, it is recorded once.
    ///
    /// # Errors
    /// As [`Ledger::lay_under`], the engine and [`Ledger::append`]; the request asks for the outcome alone; what is to be kept
    /// is longer than an event may be.
    pub fn decide(&mut self, request: &Json, policy: &Policy, by: &Deciding<'_>) -> Result<Decided> {
        let hashes = &self.hashes;
        let asked = Asked::of(request)?;
        let ask = asked.ask(by.person);
        self.store.write(|rows| {
            let known = Known::read(rows, hashes, &ask)?;
            let laid = known.under(request.clone(), &ask)?;
            let answer = policy.engine.decide(&Request::from_json(laid, &policy.engine.limits())?)?;
            if answer.evidence.is_none() {
                return Err(Error::input("detail", "an answer by its outcome alone proves nothing")
                    .hint("ask for `blocking` or `full`"));
            }
            let answer = answer.to_json().map_err(|error| unwritten(&error))?;
            let record = Record::of(request, &known, &answer, policy.digest)?;
            let event = event(&record, by)?;
            let name = packs(&policy.digest);
            if rows.setting(&name)?.is_none() {
                rows.set(&name, &policy.bytes)?;
            }
            let mut batch = Batch::begin(rows, hashes)?;
            let receipt = batch.keep(&event)?;
            batch.end()?;
            Ok(Decided { answer, receipt })
        })
    }
}

/// The name under which compiled packs are kept.
pub(crate) fn packs(digest: &Digest) -> String {
    format!("packs {digest}")
}

fn unwritten(error: &serde_json::Error) -> Error {
    Error::new(ErrorKind::Input, format!("the decision cannot be written: {error}"))
}

fn event(record: &Record, by: &Deciding<'_>) -> Result<Event> {
    let body = serde_json::to_value(record).map_err(|error| unwritten(&error))?;
    // Its name is what it says: the same answer to the same question by the same facts is one decision.
    let key = format!("decision {}", Digest::of(body.to_string().as_bytes()));
    let words = serde_json::json!({
        "actor": {"kind": "system"}, "event": body, "key": key, "list": List::Decisions.as_str(), "person": by.person,
        "recorded_at": by.recorded_at.to_string(), "source": by.source,
    });
    Event::parse(&words.to_string()).map_err(|error| match error.kind() {
        ErrorKind::Limit => {
            error.hint("ask for less detail, or give the ledger the events that the request holds")
        }
        _ => error,
    })
}

/// What a request says of whom and when the ledger is asked.
pub(crate) struct Asked {
    address: Option<String>,
    known_at: Timestamp,
}

impl Asked {
    pub(crate) fn of(request: &Json) -> Result<Asked> {
        let mut request = request.clone();
        request.admit(&Limits::MOST)?;
        let text = |json: Option<&Json>| match json {
            Some(Json::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let (path, at) = match text(request.get("known_at")) {
            Some(at) => ("known_at", Some(at)),
            None => ("at", text(request.get("at"))),
        };
        let known_at = at.as_deref().and_then(crate::event::instant);
        let known_at = known_at.ok_or_else(|| {
            Error::input(path, "expected an instant with its offset: as of when the ledger is asked")
        })?;
        Ok(Asked { address: text(request.get("address").and_then(|it| it.get("value"))), known_at })
    }

    pub(crate) fn ask<'a>(&'a self, person: &'a str) -> Ask<'a> {
        Ask { person, address: self.address.as_deref(), known_at: self.known_at }
    }
}

/// A decision's event, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// What the host asked, without what the ledger laid under it.
    pub request: Value,
    /// What the ledger laid under it.
    pub known: KnownThen,
    /// The answer, to be read.
    pub answer: Value,
    /// SHA-256 of the answer's canonical bytes.
    pub answer_sha256: Digest,
    /// SHA-256 of the compiled packs.
    pub policy: Digest,
}

/// What the ledger laid under a request, and where it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownThen {
    /// How many events of the person's chain were known.
    pub events: u64,
    /// The link of the last of them; none without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Digest>,
    /// Since when the ledger held every event of a list: an instant, or `always`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub claims: BTreeMap<String, String>,
    /// What others had refused at the address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<OtherThen>,
    /// What was told of the person under other names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub linked: Vec<LinkedThen>,
    /// Since when whoever was reached there was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<String>,
}

/// Somebody else's refusal at the address.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherThen {
    /// Its number in the ledger.
    pub event: u64,
    /// Its link.
    pub link: Digest,
    /// As it bound whoever was reached there.
    pub record: Value,
}

/// What was told of the person under another name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkedThen {
    /// The name.
    pub name: String,
    /// Its events, by list.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, Vec<Value>>,
    /// Its wishes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub preferences: BTreeMap<String, Value>,
}

impl LinkedThen {
    fn of(it: &Linked) -> Result<LinkedThen> {
        let lists = it.lists.iter().filter(|(_, events)| !events.is_empty()).map(|(list, events)| {
            Ok((list.as_str().to_owned(), events.iter().map(value).collect::<Result<Vec<_>>>()?))
        });
        let preferences = it.preferences.iter().map(|(key, word)| Ok((key.clone(), value(word)?)));
        Ok(LinkedThen {
            name: it.name.clone(),
            lists: lists.collect::<Result<_>>()?,
            preferences: preferences.collect::<Result<_>>()?,
        })
    }

    fn linked(&self) -> Result<Linked> {
        let read = |it: &Value| -> Result<Json> { Ok(Json::from_serialize(it, &Limits::MOST)?) };
        let lists = self.lists.iter().map(|(list, events)| {
            let list = List::of(list).ok_or_else(|| Error::input("known.linked", "there is no such list"))?;
            Ok((list, events.iter().map(read).collect::<Result<Vec<_>>>()?))
        });
        let preferences = self.preferences.iter().map(|(key, word)| Ok((key.clone(), read(word)?)));
        Ok(Linked {
            name: self.name.clone(),
            lists: lists.collect::<Result<_>>()?,
            preferences: preferences.collect::<Result<_>>()?,
        })
    }
}

/// What a decision comes to when it is asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The same bytes.
    Same,
    /// The same, but for the version of the engine that the answer names.
    OtherEngine {
        /// The version then.
        then: String,
        /// The version here.
        now: String,
    },
    /// Something else.
    Differs(Vec<Difference>),
    /// It cannot be asked again, and why.
    Impossible(String),
}

/// Where two answers differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `outcome`, `engine`, `packs`, `settings`, `facts`, `zones`, `answer`.
    pub what: &'static str,
    /// As recorded.
    pub then: String,
    /// As decided now.
    pub now: String,
}

fn value(json: &Json) -> Result<Value> {
    let mut text = String::new();
    write(json, &mut text);
    serde_json::from_str(&text).map_err(|error| unwritten(&error))
}

impl Record {
    fn of(request: &Json, known: &Known, answer: &str, policy: Digest) -> Result<Record> {
        let instant =
            |at: i64| Timestamp::from_microsecond(at).map_err(|_| Error::damaged("an instant is damaged"));
        let others = known
            .others
            .iter()
            .map(|it| Ok(OtherThen { event: it.seq, link: it.link, record: value(&it.record)? }));
        let claims = known.claims.iter().map(|(list, since)| {
            let since = if *since == i64::MIN { ALWAYS.to_owned() } else { instant(*since)?.to_string() };
            Ok((list.as_str().to_owned(), since))
        });
        Ok(Record {
            request: value(request)?,
            known: KnownThen {
                events: known.events,
                link: (known.events > 0).then_some(known.link),
                claims: claims.collect::<Result<_>>()?,
                others: others.collect::<Result<_>>()?,
                linked: known.linked.iter().map(LinkedThen::of).collect::<Result<_>>()?,
                erased_at: known.buried.map(instant).transpose()?.map(|it| it.to_string()),
            },
            answer: serde_json::from_str(answer).map_err(|error| unwritten(&error))?,
            answer_sha256: Digest::of(answer.as_bytes()),
            policy,
        })
    }

    /// Reads an event's words. Nothing: a host told it in its own way, without what is needed to ask again.
    ///
    /// # Errors
    /// It claims to be one, and is not.
    pub fn read(event: &Event) -> Result<Option<Record>> {
        if event.list != List::Decisions {
            return Ok(None);
        }
        let mut words: Value = serde_json::from_str(event.words()).map_err(|error| unwritten(&error))?;
        let body = words.get_mut("event").map(Value::take).unwrap_or_default();
        if body.get("policy").is_none() {
            return Ok(None);
        }
        serde_json::from_value(body).map(Some).map_err(|error| Error::input("event", error.to_string()))
    }

    /// The answer that was recorded, if it is the one of the digest.
    #[must_use]
    pub fn decision(&self) -> Option<Decision> {
        let read: Decision = serde_json::from_value(self.answer.clone()).ok()?;
        let whole = Digest::of(read.to_json().ok()?.as_bytes()) == self.answer_sha256;
        whole.then_some(read)
    }

    /// The request, as of when and where the ledger was asked.
    pub(crate) fn asked(&self) -> Result<(Json, Asked)> {
        let request = Json::from_serialize(&self.request, &Limits::MOST)?;
        let asked = Asked::of(&request)?;
        Ok((request, asked))
    }

    /// Asks again: with so many of the person's events, in packs that are those of the record.
    pub(crate) fn replay(&self, person: &str, own: Vec<Event>, engine: &Engine) -> Replay {
        let Some(then) = self.decision() else {
            let message = "the answer on record is not the one whose digest is on record";
            return Replay::Impossible(message.to_owned());
        };
        let asked = self.asked().and_then(|(request, asked)| -> Result<Decision> {
            let laid = self.known(own)?.under(request, &asked.ask(person))?;
            Ok(engine.decide(&Request::from_json(laid, &engine.limits())?)?)
        });
        let mut now = match asked {
            Ok(now) => now,
            Err(error) => return Replay::Impossible(error.to_string()),
        };
        let same =
            |now: &Decision| now.to_json().is_ok_and(|it| Digest::of(it.as_bytes()) == self.answer_sha256);
        if same(&now) {
            return Replay::Same;
        }
        let all = differences(&then, &now);
        let engines = then.evidence.as_ref().zip(now.evidence.as_mut());
        if let Some((then, here)) = engines {
            let now_is = std::mem::replace(&mut here.engine, then.engine.clone());
            if same(&now) {
                return Replay::OtherEngine { then: then.engine.clone(), now: now_is };
            }
        }
        Replay::Differs(all)
    }

    fn known(&self, own: Vec<Event>) -> Result<Known> {
        let instant = |text: &str| -> Result<i64> {
            let read =
                crate::event::instant(text).ok_or_else(|| Error::input("known", "expected an instant"))?;
            Ok(read.as_microsecond())
        };
        let claims = self.known.claims.iter().map(|(list, since)| -> Result<(List, i64)> {
            let list = List::of(list).ok_or_else(|| Error::input("known.claims", "there is no such list"))?;
            Ok((list, if since == ALWAYS { i64::MIN } else { instant(since)? }))
        });
        let others = self.known.others.iter().map(|it| {
            let record = Json::from_serialize(&it.record, &Limits::MOST)?;
            Ok(Other { seq: it.event, link: it.link, record })
        });
        Ok(Known {
            own,
            events: self.known.events,
            link: self.known.link.unwrap_or_default(),
            others: others.collect::<Result<_>>()?,
            linked: self.known.linked.iter().map(LinkedThen::linked).collect::<Result<_>>()?,
            buried: self.known.erased_at.as_deref().map(instant).transpose()?,
            claims: claims.collect::<Result<_>>()?,
        })
    }
}

/// Where they differ, in order of weight.
fn differences(then: &Decision, now: &Decision) -> Vec<Difference> {
    let mut all: Vec<(&'static str, String, String)> = Vec::new();
    let outcome = |it: &Decision| match &it.until {
        Some(until) => format!("{} until {until}", it.outcome),
        None => it.outcome.to_string(),
    };
    all.push(("outcome", outcome(then), outcome(now)));
    if let (Some(then), Some(now)) = (&then.evidence, &now.evidence) {
        let packs = |it: &byleave::wire::decision::Evidence| {
            let names = it.packs.iter().map(|it| format!("{} {} {}", it.name, it.edition, it.digest));
            names.collect::<Vec<_>>().join(", ")
        };
        all.push(("engine", then.engine.clone(), now.engine.clone()));
        all.push(("packs", packs(then), packs(now)));
        all.push(("settings", format!("{:?}", then.settings), format!("{:?}", now.settings)));
        all.push(("facts", then.facts.clone(), now.facts.clone()));
        all.push(("zones", then.zones.digest.clone(), now.zones.digest.clone()));
    }
    all.retain(|(_, then, now)| then != now);
    if all.is_empty() {
        let text = |it: &Decision| it.to_json().unwrap_or_default();
        all.push(("answer", text(then), text(now)));
    }
    all.into_iter().map(|(what, then, now)| Difference { what, then, now }).collect()
}

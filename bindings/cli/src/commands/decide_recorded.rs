//! `byleave decide --record`: decides with what a ledger knows, and keeps the decision there.

use super::ledger::{instant, open_existing};
use crate::args::Decide;
use crate::exit::Failure;
use crate::known::told;
use crate::requests::Overrides;
use byleave::wire::{Json, Limits};
use byleave::{Engine, Request};
use byleave_ledger::{Any, Decided, Deciding, Ledger, Policy};
use jiff::Timestamp;

/// What the record calls us.
const SOURCE: &str = "byleave decide";

/// A ledger to record in.
pub struct Recorder {
    ledger: Ledger<Any>,
    policy: Policy,
    put: Overrides,
    person: Option<String>,
    at: Timestamp,
}

impl Recorder {
    /// As typed; nothing without `--record`.
    pub fn of(args: &Decide, engine: &Engine) -> Result<Option<Recorder>, Failure> {
        let (Some(at), Some(path)) = (&args.record, &args.requests.ledger) else { return Ok(None) };
        let mut requests = args.requests.clone();
        // The ledger lays its facts under the request itself, as it records it.
        (requests.ledger, requests.person) = (None, None);
        let mut put = Overrides::of(&requests)?;
        if let Some(detail) = args.detail {
            put.put("detail", detail.word());
        }
        Ok(Some(Recorder {
            ledger: open_existing(path)?,
            policy: Policy::of(engine).map_err(|error| told(&error))?,
            put,
            person: args.requests.person.clone(),
            at: instant("--record", at)?,
        }))
    }

    /// Decides, and keeps it.
    pub fn decide(&mut self, bytes: &[u8]) -> Result<Decided, Failure> {
        let asked = || -> Result<(Json, Option<String>), byleave::Error> {
            let bytes = self.put.apply(bytes)?;
            let request = Request::from_bytes(&bytes, &Limits::MOST)?;
            let person = match request.json().get("person").and_then(|it| it.get("id")) {
                Some(Json::Text(text)) => Some(text.clone()),
                _ => None,
            };
            Ok((Json::from_bytes(&bytes, &Limits::MOST)?, person))
        };
        let (request, named) = asked().map_err(|error| told(&error.into()))?;
        let person = self.person.clone().or(named).ok_or_else(|| {
            Failure::input("the request does not say whom the decision is about")
                .hint("give `person.id` in the request, or --person")
        })?;
        let by = Deciding { person: &person, source: SOURCE, recorded_at: self.at };
        self.ledger.decide(&request, &self.policy, &by).map_err(|error| told(&error))
    }
}

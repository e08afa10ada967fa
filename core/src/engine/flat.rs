//! The quick door, for requests that are usual: text, or what hosts make of their objects, as a flat request.

use super::Engine;
use crate::decision::Verdict;
use crate::error::Error;
use crate::eval::Scratch;
use crate::facts::{Facts, Warm};
use crate::of_a_room::of_a_room;
use crate::wire::Detail;
use crate::wire::decision::Decision;
use crate::wire::flat::{Flat, Keys};

impl Engine {
    /// Decides a request of JSON text or its bytes, as [`Engine::decide`] decides what [`Engine::request`] reads of it. Most
    /// requests are read without a box for each value, which is several times as fast where there is much history.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let decision = engine.decide_text(night)?;
    /// assert_eq!(decision, engine.decide(&engine.request(night)?)?);
    /// assert_eq!(engine.decide_text("{").unwrap_err().kind(), byleave::ErrorKind::Input);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Engine::request`] and [`Engine::decide`].
    pub fn decide_text(&self, json: impl AsRef<[u8]>) -> Result<Decision, Error> {
        let bytes = json.as_ref();
        match std::str::from_utf8(bytes).ok().and_then(|text| self.decide_usual(text)) {
            Some(decision) => Ok(decision),
            // What is unusual about it, be it right or wrong, the tree tells.
            None => self.decide(&self.request(bytes)?),
        }
    }

    /// The outcome alone of a request of JSON text or its bytes, as [`Engine::verdict`] gives it, whatever detail it asks for.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let verdict = engine.verdict_text(night)?;
    /// assert_eq!(verdict.outcome(), engine.decide_text(night)?.outcome);
    /// assert_eq!(engine.verdict_text("{").unwrap_err().kind(), byleave::ErrorKind::Input);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Engine::request`] and [`Engine::decide`].
    pub fn verdict_text(&self, json: impl AsRef<[u8]>) -> Result<Verdict, Error> {
        let bytes = json.as_ref();
        let usual = std::str::from_utf8(bytes).ok().and_then(|text| {
            let mut flat = Flat::default();
            Some(self.read_usual(text, &mut flat)?.0)
        });
        let facts = match usual {
            Some(facts) => facts,
            None => {
                let request = self.request(bytes)?;
                let facts = self.facts(&request)?;
                request.detail()?;
                facts
            }
        };
        self.verdict(&facts, &mut Scratch::default())
    }

    fn read_usual(&self, text: &str, flat: &mut Flat) -> Option<(Facts, Detail)> {
        flat.begin(&self.0.limits)?;
        flat.read_text(&self.0.intake.ways().keys, text)?;
        self.0.intake.read_flat(flat)
    }

    fn decide_usual(&self, text: &str) -> Option<Decision> {
        let keys = &self.0.intake.ways().keys;
        let mut flat = Flat::default();
        let (mut facts, detail) = self.read_usual(text, &mut flat)?;
        if detail != Detail::Outcome {
            facts.digest = Some(flat.digest(keys, &mut String::with_capacity(text.len())));
        }
        self.decide_facts(&facts, detail, &mut Scratch::default()).ok()
    }

    of_a_room! {
        /// The keys of requests by number, for those who make flat ones.
        #[must_use]
        pub fn keys(&self) -> &Keys {
            &self.0.intake.ways().keys
        }
    }

    of_a_room! {
        /// The facts of a flat request, frozen, without their digest; and how much of the answer it asks for. Nothing if
        /// there is something unusual about it, be it right or wrong: then the request is to be read as a tree, which
        /// gives the same facts or says why there are none.
        #[must_use]
        pub fn read_flat(&self, flat: &Flat) -> Option<(Facts, Detail)> {
            self.0.intake.read_flat(flat)
        }
    }

    of_a_room! {
        /// Room that reads requests to this engine one after another; nothing for a policy whose requests have to be read in
        /// another way.
        #[must_use]
        pub fn warm(&self) -> Option<Warm> {
            Warm::of(&self.0.intake)
        }
    }
}

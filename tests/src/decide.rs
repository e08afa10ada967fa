//! Whoever decides: the engine, the reference, the reference with a mistake in it. The laws ask any of them.

use crate::reference::{self, Answer, Case, Mutant};
use byleave::typed::Policy;
use serde_json::Value as Json;
use std::sync::Arc;

/// Gives answers under one policy.
pub trait Decider {
    /// The answer, or the sentence with which the request was refused.
    fn answer(&self, request: &Json) -> Result<Answer, String>;
}

/// Makes a decider of packs: each a list of texts.
pub trait Maker {
    /// Loads the packs beside the words of the corpus.
    fn make(&self, packs: &[String]) -> Result<Box<dyn Decider>, String>;
}

/// The reference, with or without a mistake.
pub struct Slow {
    /// What it interprets.
    pub policy: Arc<Policy>,
    /// The mistake.
    pub mutant: Option<Mutant>,
}

impl Decider for Slow {
    fn answer(&self, request: &Json) -> Result<Answer, String> {
        let case = Case::new(&self.policy, request, self.mutant).ok_or("no instant")?;
        Ok(case.decide(&reference::grid_of(request, reference::QUARTER)))
    }
}

/// Makes references.
#[derive(Clone, Copy, Debug, Default)]
pub struct SlowMaker(pub Option<Mutant>);

impl Maker for SlowMaker {
    fn make(&self, packs: &[String]) -> Result<Box<dyn Decider>, String> {
        let policy = crate::load::policy(packs)?;
        Ok(Box::new(Slow { policy, mutant: self.0 }))
    }
}

#![allow(missing_docs, clippy::todo, dead_code)]
use byleave::{diag::Diagnostic, error::Error, source::Sources, typed::Policy};
pub struct Engine;
pub struct Builder;
impl Engine {
    pub fn builder() -> Builder { Builder }
    pub fn decide_json(&self, _: &[u8]) -> Result<String, Error> { todo!() }
    pub fn explain_json(&self, _: &[u8]) -> Result<String, Error> { todo!() }
    pub fn plan_json(&self, _: &[u8]) -> Result<String, Error> { todo!() }
    pub fn warnings(&self) -> &[Diagnostic] { todo!() }
    pub fn sources(&self) -> &Sources { todo!() }
    pub fn policy(&self) -> &Policy { todo!() }
}
impl Builder {
    pub fn source(self, _: &str, _: &str, _: &str) -> Builder { self }
    pub fn build(self) -> Result<Engine, Error> { todo!() }
}

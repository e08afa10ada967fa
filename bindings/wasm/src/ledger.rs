//! The ledger's handle, in memory: consent, kept and proven. Arguments come as JSON text, and so do answers.

use crate::engine::{NativeEngine, read};
use crate::thrown::Result;
use byleave::wire::{Json, Limits};
use byleave_host::ledger::{self, Book};
use byleave_host::{Fault, written};
use std::path::Path;
use wasm_bindgen::prelude::wasm_bindgen;

fn tree(text: &str) -> std::result::Result<Json, Fault> {
    Ok(Json::parse(text, &Limits::MOST)?)
}

/// Several texts, put together one by one.
#[wasm_bindgen]
#[derive(Default)]
pub struct NativeTexts(Vec<Vec<u8>>);

#[wasm_bindgen]
impl NativeTexts {
    /// None yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> NativeTexts {
        NativeTexts::default()
    }

    /// One more.
    pub fn push(&mut self, text: Vec<u8>) {
        self.0.push(text);
    }
}

/// A decision, and its receipt if it was kept.
#[wasm_bindgen]
pub struct NativeAnswered {
    decision: String,
    receipt: Option<String>,
}

#[wasm_bindgen]
impl NativeAnswered {
    /// Canonical text.
    #[wasm_bindgen(getter)]
    pub fn decision(&self) -> String {
        self.decision.clone()
    }

    /// JSON text.
    #[wasm_bindgen(getter)]
    pub fn receipt(&self) -> Option<String> {
        self.receipt.clone()
    }
}

/// A ledger, open until it is closed.
#[wasm_bindgen]
pub struct NativeLedger {
    book: Book,
}

/// Opens the ledger at a place, of what was saved if that is given.
#[wasm_bindgen(js_name = openLedger)]
pub fn open_ledger(place: &str, read_only: bool, saved: Option<String>) -> Result<NativeLedger> {
    Ok(NativeLedger { book: Book::open(Path::new(place), read_only, saved.as_deref())? })
}

#[wasm_bindgen]
impl NativeLedger {
    /// Appends events in order: all of them, or none.
    pub fn append(&self, events: NativeTexts) -> Result<String> {
        let trees = events.0.iter().map(|event| Ok(Json::from_bytes(event, &Limits::MOST)?));
        Ok(written(&self.book.append(trees)?)?)
    }

    /// Decides one contact by what is known of the person.
    pub fn decide(
        &self,
        engine: &NativeEngine,
        request: &str,
        over: Option<String>,
        given: &str,
    ) -> Result<NativeAnswered> {
        let request = engine.0.tree(request.as_bytes())?;
        let answered = self.book.decide(&engine.0, request, read(over)?, tree(given)?)?;
        let receipt = answered.receipt.map(|it| written(&it)).transpose()?;
        Ok(NativeAnswered { decision: answered.decision, receipt })
    }

    /// What is known of a person, as a request says it.
    pub fn facts(&self, given: &str) -> Result<String> {
        let mut text = String::new();
        self.book.facts(tree(given)?)?.write_canonical(&mut text);
        Ok(text)
    }

    /// Says since when the ledger holds every event of a list.
    pub fn keeps(&self, given: &str) -> Result<()> {
        Ok(self.book.keeps(tree(given)?)?)
    }

    /// Makes a checkpoint of all events up to now.
    pub fn checkpoint(&self, given: &str) -> Result<String> {
        Ok(written(&self.book.checkpoint(tree(given)?)?)?)
    }

    /// Holds every event against its chain, and every checkpoint against the events.
    pub fn verify(&self, given: &str) -> Result<String> {
        Ok(written(&self.book.verify(tree(given)?)?)?)
    }

    /// Erases what was said about a person.
    pub fn erase(&self, given: &str) -> Result<String> {
        Ok(written(&self.book.erase(tree(given)?)?)?)
    }

    /// What is held about one person, as a bundle's text.
    pub fn export(&self, given: &str, texts: NativeTexts) -> Result<String> {
        Ok(self.book.export(tree(given)?, &texts.0)?)
    }

    /// What another ledger has not been told, as JSON Lines.
    #[wasm_bindgen(js_name = linesSince)]
    pub fn lines_since(&self, given: &str) -> Result<String> {
        Ok(written(&self.book.lines_since(tree(given)?)?)?)
    }

    /// Takes in another ledger's lines.
    #[wasm_bindgen(js_name = takeIn)]
    pub fn take_in(&self, lines: &[u8], given: &str) -> Result<String> {
        Ok(written(&self.book.take_in(lines, tree(given)?)?)?)
    }

    /// The whole of it as lines, of which the same is made again.
    pub fn save(&self) -> Result<String> {
        Ok(self.book.save()?)
    }

    /// How many events and people there are.
    pub fn size(&self) -> Result<String> {
        Ok(written(&self.book.size()?)?)
    }

    /// Lets go of it.
    pub fn close(&self) {
        self.book.close();
    }

    /// Where it lies, as it may be printed.
    #[wasm_bindgen(getter)]
    pub fn place(&self) -> String {
        self.book.place().to_owned()
    }
}

/// Says what of a bundle holds.
#[wasm_bindgen(js_name = verifyBundle)]
pub fn verify_bundle(bundle: &[u8], given: &str) -> Result<String> {
    Ok(written(&ledger::verify_bundle(bundle, tree(given)?)?)?)
}

/// A new key that signs checkpoints.
#[wasm_bindgen(js_name = generateKey)]
pub fn generate_key() -> Result<String> {
    Ok(ledger::generate_key()?)
}

/// What others verify by.
#[wasm_bindgen(js_name = publicKey)]
pub fn public_key(key: &str) -> Result<String> {
    Ok(ledger::public_key(key)?)
}

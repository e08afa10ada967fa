//! The ledger's handle: consent, kept and proven. Arguments come as JSON text, and so do answers; what takes long may be asked a
//! second time, in Node's pool of threads.

use crate::engine::{NativeEngine, Refused, Sent, bytes, read};
use crate::fault::{self, told};
use byleave::wire::{Json, Limits};
use byleave_host::ledger::{self, Book};
use byleave_host::{Fault, guarded, written};
use napi::bindgen_prelude::{AsyncTask, Either};
use napi::{Env, Task};
use napi_derive::napi;
use std::path::Path;
use std::sync::Arc;

fn tree(text: &str) -> Result<Json, Fault> {
    Ok(Json::parse(text, &Limits::MOST)?)
}

fn append(book: &Book, events: Vec<Vec<u8>>) -> Result<String, Fault> {
    let trees = events.into_iter().map(|event| Ok(Json::from_bytes(&event, &Limits::MOST)?));
    written(&book.append(trees)?)
}

fn export(book: &Book, given: &str, texts: &[Vec<u8>]) -> Result<String, Fault> {
    book.export(tree(given)?, texts)
}

fn all(sent: Vec<Sent>) -> Vec<Vec<u8>> {
    sent.into_iter().map(bytes).collect()
}

/// One call on its way through Node's pool of threads.
pub struct Work(Option<Box<dyn FnOnce() -> Result<String, Fault> + Send>>);

impl Work {
    fn task(ask: impl FnOnce() -> Result<String, Fault> + Send + 'static) -> AsyncTask<Work> {
        AsyncTask::new(Work(Some(Box::new(ask))))
    }
}

impl Task for Work {
    type Output = Either<String, Refused>;
    type JsValue = Either<String, Refused>;

    fn compute(&mut self) -> napi::Result<Either<String, Refused>> {
        let asked = self.0.take().map_or_else(|| Err(Fault::internal("a call was made twice")), guarded);
        Ok(match asked {
            Ok(text) => Either::A(text),
            Err(fault) => Either::B(Refused { refused: fault.text() }),
        })
    }

    fn resolve(&mut self, _: Env, answer: Either<String, Refused>) -> napi::Result<Either<String, Refused>> {
        Ok(answer)
    }
}

/// A decision, and its receipt if it was kept.
#[napi(object, object_from_js = false)]
pub struct NativeAnswered {
    /// Canonical text.
    pub decision: String,
    /// JSON text.
    pub receipt: Option<String>,
}

/// A ledger, open until it is closed.
#[napi]
pub struct NativeLedger {
    book: Arc<Book>,
}

/// Opens the ledger at a place.
#[napi]
pub fn open_ledger(place: String, read_only: bool, saved: Option<String>) -> fault::Result<NativeLedger> {
    told(|| {
        let book = Book::open(Path::new(&place), read_only, saved.as_deref())?;
        Ok(NativeLedger { book: Arc::new(book) })
    })
}

#[napi]
impl NativeLedger {
    /// Appends events in order: all of them, or none.
    #[napi]
    pub fn append(&self, events: Vec<Sent>) -> fault::Result<String> {
        let events = all(events);
        told(|| append(&self.book, events))
    }

    /// The same in Node's pool of threads.
    #[napi(ts_return_type = "Promise<string | Refused>")]
    pub fn append_async(&self, events: Vec<Sent>) -> AsyncTask<Work> {
        let (book, events) = (Arc::clone(&self.book), all(events));
        Work::task(move || append(&book, events))
    }

    /// Decides one contact by what is known of the person.
    #[napi]
    pub fn decide(
        &self,
        engine: &NativeEngine,
        request: Sent,
        over: Option<String>,
        given: String,
    ) -> fault::Result<NativeAnswered> {
        told(|| {
            let core = engine.core()?;
            let request = core.tree(&bytes(request))?;
            let answered = self.book.decide(core, request, read(over)?, tree(&given)?)?;
            let receipt = answered.receipt.map(|it| written(&it)).transpose()?;
            Ok(NativeAnswered { decision: answered.decision, receipt })
        })
    }

    /// What is known of a person, as a request says it.
    #[napi]
    pub fn facts(&self, given: String) -> fault::Result<String> {
        told(|| {
            let mut text = String::new();
            self.book.facts(tree(&given)?)?.write_canonical(&mut text);
            Ok(text)
        })
    }

    /// Says since when the ledger holds every event of a list.
    #[napi]
    pub fn keeps(&self, given: String) -> fault::Result<()> {
        told(|| self.book.keeps(tree(&given)?))
    }

    /// Makes a checkpoint of all events up to now.
    #[napi]
    pub fn checkpoint(&self, given: String) -> fault::Result<String> {
        told(|| written(&self.book.checkpoint(tree(&given)?)?))
    }

    /// Holds every event against its chain, and every checkpoint against the events.
    #[napi]
    pub fn verify(&self, given: String) -> fault::Result<String> {
        told(|| written(&self.book.verify(tree(&given)?)?))
    }

    /// The same in Node's pool of threads.
    #[napi(ts_return_type = "Promise<string | Refused>")]
    pub fn verify_async(&self, given: String) -> AsyncTask<Work> {
        let book = Arc::clone(&self.book);
        Work::task(move || written(&book.verify(tree(&given)?)?))
    }

    /// Erases what was said about a person.
    #[napi]
    pub fn erase(&self, given: String) -> fault::Result<String> {
        told(|| written(&self.book.erase(tree(&given)?)?))
    }

    /// What is held about one person, as a bundle's text.
    #[napi]
    pub fn export(&self, given: String, texts: Vec<Sent>) -> fault::Result<String> {
        let texts = all(texts);
        told(|| export(&self.book, &given, &texts))
    }

    /// The same in Node's pool of threads.
    #[napi(ts_return_type = "Promise<string | Refused>")]
    pub fn export_async(&self, given: String, texts: Vec<Sent>) -> AsyncTask<Work> {
        let (book, texts) = (Arc::clone(&self.book), all(texts));
        Work::task(move || export(&book, &given, &texts))
    }

    /// What another ledger has not been told, as JSON Lines.
    #[napi]
    pub fn lines_since(&self, given: String) -> fault::Result<String> {
        told(|| written(&self.book.lines_since(tree(&given)?)?))
    }

    /// The same in Node's pool of threads.
    #[napi(ts_return_type = "Promise<string | Refused>")]
    pub fn lines_since_async(&self, given: String) -> AsyncTask<Work> {
        let book = Arc::clone(&self.book);
        Work::task(move || written(&book.lines_since(tree(&given)?)?))
    }

    /// Takes in another ledger's lines.
    #[napi]
    pub fn take_in(&self, lines: Sent, given: String) -> fault::Result<String> {
        let lines = bytes(lines);
        told(|| written(&self.book.take_in(&lines, tree(&given)?)?))
    }

    /// The same in Node's pool of threads.
    #[napi(ts_return_type = "Promise<string | Refused>")]
    pub fn take_in_async(&self, lines: Sent, given: String) -> AsyncTask<Work> {
        let (book, lines) = (Arc::clone(&self.book), bytes(lines));
        Work::task(move || written(&book.take_in(&lines, tree(&given)?)?))
    }

    /// The whole of it as lines, of which the same is made again.
    #[napi]
    pub fn save(&self) -> fault::Result<String> {
        told(|| self.book.save())
    }

    /// How many events and people there are.
    #[napi]
    pub fn size(&self) -> fault::Result<String> {
        told(|| written(&self.book.size()?))
    }

    /// Lets go of the file or the connection.
    #[napi]
    pub fn close(&self) {
        self.book.close();
    }

    /// Where it lies, as it may be printed.
    #[napi(getter)]
    pub fn place(&self) -> String {
        self.book.place().to_owned()
    }
}

/// Says what of a bundle holds.
#[napi]
pub fn verify_bundle(bundle: Sent, given: String) -> fault::Result<String> {
    told(|| written(&ledger::verify_bundle(&bytes(bundle), tree(&given)?)?))
}

/// A new key that signs checkpoints.
#[napi]
pub fn generate_key() -> fault::Result<String> {
    told(ledger::generate_key)
}

/// What others verify by.
#[napi]
pub fn public_key(key: String) -> fault::Result<String> {
    told(|| ledger::public_key(&key))
}

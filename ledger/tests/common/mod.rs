//! What the suite's tests share: where a ledger may lie, and events to tell it.

// Each test program uses its own part.
#![allow(dead_code)]

use byleave::wire::{Json, Limits};
use byleave_ledger::store::{Rows, Store};
use byleave_ledger::{Any, Ask, Event, Ledger, Memory, Postgres, Sqlite};
use std::path::PathBuf;

#[path = "../../src/postgres/tests/server.rs"]
pub mod server;

/// Where a ledger lies.
pub enum Place {
    /// Each that is opened is another one.
    Memory,
    File(tempfile::TempDir),
    /// A schema of its own.
    Postgres(String),
}

impl Place {
    pub fn file() -> Place {
        Place::File(tempfile::tempdir().unwrap())
    }

    pub fn postgres() -> Place {
        Place::Postgres(server::fresh())
    }

    /// Another one of the kind.
    pub fn anew(&self) -> Place {
        match self {
            Place::Memory => Place::Memory,
            Place::File(_) => Place::file(),
            Place::Postgres(_) => Place::postgres(),
        }
    }

    /// As somebody would type it.
    pub fn word(&self) -> PathBuf {
        match self {
            Place::Memory => ":memory:".into(),
            Place::File(folder) => folder.path().join("consent.db"),
            Place::Postgres(url) => url.into(),
        }
    }

    pub fn open(&self) -> Ledger<Any> {
        match self {
            Place::Memory => Ledger::over(Any::from(Memory::new())).unwrap(),
            _ => Ledger::at(self.word()).unwrap(),
        }
    }

    /// The store of a ledger that is there.
    pub fn store(&self) -> Any {
        match self {
            Place::Memory => {
                let mut store = Memory::new();
                store.write(|rows| rows.set("secret", &[7; 32])).unwrap();
                Any::from(store)
            }
            Place::File(_) => Any::from(Sqlite::open(self.word()).unwrap()),
            Place::Postgres(url) => Any::from(Postgres::connect(url).unwrap()),
        }
    }

    /// The store of a ledger that is to be.
    pub fn empty(&self) -> Any {
        match self {
            Place::Memory => Any::from(Memory::new()),
            _ => self.store(),
        }
    }

    pub fn open_to_read(&self) -> Ledger<Any> {
        Ledger::at_to_read(self.word()).unwrap()
    }

    /// SQL past the ledger, by somebody who may do anything.
    pub fn touch(&self, sql: &str) -> Result<(), String> {
        match self {
            Place::Memory => Err("there is nothing to be touched".to_owned()),
            Place::File(_) => {
                let connection = rusqlite::Connection::open(self.word()).unwrap();
                connection.execute_batch(sql).map_err(|error| match error {
                    rusqlite::Error::SqliteFailure(_, Some(said)) => said,
                    other => other.to_string(),
                })
            }
            Place::Postgres(url) => {
                let schema = url.split_once("schema=").unwrap().1;
                let sql = format!("SET search_path TO {schema}; {sql}");
                connection()
                    .batch_execute(&sql)
                    .map_err(|error| error.as_db_error().unwrap().message().to_owned())
            }
        }
    }
}

/// A connection to the server, past the ledger.
pub fn connection() -> postgres::Client {
    postgres::Client::connect(server::server(), postgres::NoTls).unwrap()
}

pub fn event(key: &str, person: &str, at: &str, list: &str, record: &str) -> Event {
    let words = format!(
        r#"{{"key": {}, "person": {}, "list": "{list}", "source": "form", "actor": {{"kind": "staff"}},
            "recorded_at": "{at}", "event": {record}}}"#,
        serde_json::json!(key),
        serde_json::json!(person),
    );
    Event::parse(&words).unwrap()
}

pub fn stop(key: &str, person: &str, at: &str) -> Event {
    let record = format!(r#"{{"kind": "revoke", "at": "{at}", "scope": {{"channel": ["text"]}}}}"#);
    event(key, person, at, "consents", &record)
}

pub fn facts(ledger: &mut Ledger<Any>, person: &str, address: Option<&str>, known_at: &str) -> Json {
    let ask = Ask { person, address, known_at: known_at.parse().unwrap() };
    let facts = ledger.lay_under(Json::Map(Vec::new()), &ask).unwrap();
    // In both forms the same.
    let mut text = Json::parse(&ledger.lay_text("{}", &ask).unwrap(), &Limits::MOST).unwrap();
    text.admit(&Limits::MOST).unwrap();
    assert_eq!(text, facts);
    facts
}

pub fn count(facts: &Json, list: &str) -> Option<usize> {
    facts.get(list).map(|it| match it {
        Json::List(items) => items.len(),
        _ => panic!("no list"),
    })
}

pub fn text(json: &Json) -> String {
    let mut out = String::new();
    json.write_canonical(&mut out);
    out
}

//! What a ledger knows of the person whom a request is about.

use crate::exit::Failure;
use byleave::Request;
use byleave::wire::Json;
use byleave_ledger::{Any, Ask, Error, Ledger, shown};
use jiff::Timestamp;
use std::path::Path;

/// A ledger to read from, and whom.
pub struct Known {
    ledger: Ledger<Any>,
    person: Option<String>,
}

impl Known {
    /// Opens a ledger that must be there.
    pub fn open(path: &Path, person: Option<String>) -> Result<Known, Failure> {
        let ledger = Ledger::at_to_read(path).map_err(|error| refused(path, &error))?;
        Ok(Known { ledger, person })
    }

    /// The request with what was known at that instant: as it was given, since options are told by place.
    pub fn lay_under(
        &mut self,
        given: Json,
        request: &Request,
        at: Option<&Json>,
    ) -> Result<Vec<u8>, Failure> {
        let within = |entity: &str, key: &str| match request.json().get(entity).and_then(|it| it.get(key)) {
            Some(Json::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let person = self.person.clone().or_else(|| within("person", "id")).ok_or_else(|| {
            Failure::input("the request does not say whom the ledger is to be asked about")
                .hint("give `person.id` in the request, or --person")
        })?;
        let at: Option<Timestamp> = match at {
            Some(Json::Text(text)) => text.parse().ok(),
            _ => None,
        };
        let known_at = at.ok_or_else(|| {
            Failure::input("the request does not say as of when the ledger is to be asked")
                .hint("give `at` in the request, or --at")
        })?;
        let address = within("address", "value");
        let ask = Ask { person: &person, address: address.as_deref(), known_at };
        let laid = self.ledger.lay_under(given, &ask).map_err(|error| told(&error))?;
        let mut text = String::new();
        laid.write_canonical(&mut text);
        Ok(text.into_bytes())
    }
}

/// What went wrong with a ledger: of a URL, without its password.
pub fn refused(path: &Path, error: &Error) -> Failure {
    let failure = Failure::input(format!("`{}`: {}", named(path), error.message()));
    match error.hint_text() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// A ledger's place as it may be printed.
pub fn named(path: &Path) -> String {
    shown(&path.display().to_string())
}

/// What went wrong with what was asked.
pub fn told(error: &Error) -> Failure {
    let path = error.path().map_or_else(String::new, |path| format!("{path}: "));
    let failure = Failure::input(format!("{path}{}", error.message()));
    match error.hint_text() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

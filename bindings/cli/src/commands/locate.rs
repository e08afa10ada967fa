//! `byleave locate`: where a person may be, as facts of a request.

use crate::args::Locate;
use crate::diagnose::eprintln_quiet;
use crate::exit::{Exit, Failure};
use crate::out::Out;
use crate::requests::instant;
use byleave::wire::Json;
use byleave_packs::locate::{Confirmed, Known, locate};

/// Prints the facts, and tells what each part came to where that does not get in a program's way.
pub fn run(args: &Locate, out: &mut Out) -> Result<Exit, Failure> {
    let at = match args.at.as_deref() {
        Some("now") => Some(instant("--at", "now")?),
        other => other.map(str::to_owned),
    };
    let confirmed = Confirmed {
        state: args.confirmed_state.as_deref(),
        time_zone: args.confirmed_zone.as_deref(),
        on: args.confirmed_on.as_deref(),
    };
    let known = Known {
        phone: args.phone.as_deref(),
        state: args.state.as_deref(),
        confirmed: (confirmed.state.is_some() || confirmed.time_zone.is_some()).then_some(confirmed),
        at: at.as_deref(),
    };
    let located = locate(&known);
    if out.json {
        out.document(&value(&located.to_json())?)?;
        return Ok(Exit::Good);
    }
    out.document(&value(&located.facts())?)?;
    out.flush()?;
    for it in &located.because {
        eprintln_quiet(&format!("{}: {}", it.of, it.sentence));
    }
    if located.presumed {
        eprintln_quiet("the person's jurisdiction is presumed from the area code");
    }
    if located.zones.is_empty() {
        eprintln_quiet("the time zone is unknown");
    }
    Ok(Exit::Good)
}

/// The engine's JSON as the document that is printed.
fn value(json: &Json) -> Result<serde_json::Value, Failure> {
    let mut text = String::new();
    json.write_canonical(&mut text);
    serde_json::from_str(&text).map_err(|error| Failure::input(format!("cannot write the facts: {error}")))
}

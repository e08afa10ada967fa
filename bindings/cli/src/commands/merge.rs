//! `byleave merge`: what several departments know of one person, merged, and on what they differ.

use crate::args::Merge;
use crate::exit::{Exit, Failure};
use crate::out::{Out, Style, Text};
use crate::page::words::count;
use byleave::wire::{Json, Limits};
use byleave_ledger::Error;
use byleave_ledger::merge::{Became, Profile, Rules};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A record is part of a request, and no larger than one.
const MOST_BYTES: u64 = 64 << 20;

/// Does it.
pub fn run(args: &Merge, out: &mut Out) -> Result<Exit, Failure> {
    let rules = Rules::from_json(read(&args.rules)?).map_err(|error| within(&args.rules, &error))?;
    let mut whole = Profile::default();
    for path in &args.records {
        let profile = Profile::from_json(read(path)?).map_err(|error| within(path, &error))?;
        whole = whole.merge(&profile);
    }
    let found = whole.resolve(&rules).map_err(|error| crate::known::told(&error))?;
    if out.json {
        let disputes: Vec<Value> = found
            .disputes
            .iter()
            .map(|it| json!({ "path": it.path, "became": it.became.as_str(), "sources": it.sources, "why": it.why }))
            .collect();
        out.document(&json!({
            "facts": value(&found.facts)?, "disputes": disputes, "profile": value(&whole.to_json())?,
        }))?;
        return Ok(Exit::Good);
    }
    let sources: Vec<&str> = whole.sources().into_iter().collect();
    let line = Text::new(0)
        .with(Style::Bold, count(found.disputes.len(), "dispute"))
        .plain(format!(" between {}", sources.join(", ")));
    out.line(&line, 2)?;
    for it in &found.disputes {
        let style = if it.became == Became::Joined { Style::Name } else { Style::Bad };
        let line = Text::new(2).with(style, &it.path).plain(format!(
            " ({}) is {}: {}",
            it.sources.join(", "),
            word(it.became),
            it.why
        ));
        out.line(&line, 4)?;
    }
    out.blank()?;
    out.document(&value(&found.facts)?)?;
    Ok(Exit::Good)
}

fn word(became: Became) -> &'static str {
    match became {
        Became::Joined => "joined",
        Became::NoHour => "no hour at all",
        Became::Unknown => "unknown",
        Became::Apart => "told apart",
        Became::Kept => "kept",
        _ => "left out",
    }
}

fn read(path: &Path) -> Result<Json, Failure> {
    let name = path.display().to_string();
    let failed = |error: io::Error| Failure::file("read", &name, &error);
    let mut bytes = Vec::new();
    let input: Box<dyn Read> =
        if name == "-" { Box::new(io::stdin()) } else { Box::new(File::open(path).map_err(failed)?) };
    input.take(MOST_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    Json::from_bytes(&bytes, &Limits::MOST).map_err(|error| within(path, &Error::from(error)))
}

fn value(json: &Json) -> Result<Value, Failure> {
    let mut text = String::new();
    json.write_canonical(&mut text);
    serde_json::from_str(&text).map_err(|error| Failure::input(error.to_string()))
}

fn within(path: &Path, error: &Error) -> Failure {
    let place = error.path().filter(|it| !it.is_empty()).map_or_else(String::new, |it| format!("{it}: "));
    let failure = Failure::input(format!("`{}`: {place}{}", path.display(), error.message()));
    match error.hint_text() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

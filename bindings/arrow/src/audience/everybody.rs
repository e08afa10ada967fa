//! What is the same for everybody, held against what the frames say.

use crate::columns::{Column, LISTS};
use crate::tree;
use crate::trouble::Trouble;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use byleave::Engine;
use byleave::wire::{Detail, Json, Request};

/// Reads what is the same for everybody; it must be a request but for what the columns say.
pub(super) fn everybody(
    engine: &Engine,
    request: &mut Json,
    columns: &[Column],
    frames: &[(&'static str, SchemaRef, Vec<RecordBatch>)],
) -> Result<Detail, Trouble> {
    let limits = engine.limits();
    let read = Request::from_json(request.clone(), &limits)?;
    let detail = read.detail()?;
    let names = columns.iter().map(|it| it.name.as_str());
    for name in names.chain(frames.iter().map(|it| it.0)) {
        if tree::holds(request, name) {
            let error = Trouble::input(name, "this is given for everybody and in the frames, too");
            return Err(error.with_hint("give it in one place"));
        }
    }
    for (n, (list, ..)) in frames.iter().enumerate() {
        let column = columns.iter().any(|it| it.name == *list);
        if column || frames.iter().skip(n + 1).any(|it| it.0 == *list) {
            return Err(Trouble::input(list, "this list is given twice"));
        }
    }
    if let Json::Map(entries) = request {
        // A frame that gives a list leaves none for the request to say.
        entries.retain(|(key, json)| *json != Json::Null || !LISTS.contains(&key.as_str()));
    }
    let mut alone = request.clone();
    if let (Json::Map(entries), true) = (&mut alone, columns.iter().any(|it| it.name == "at")) {
        tree::put(entries, "at", Json::Text("2000-01-01T00:00:00Z".to_owned()));
    }
    engine.facts(&Request::from_json(alone, &limits)?)?;
    Ok(detail)
}

//! The JSON Schema of requests under all packs is on file and fresh. `BYLEAVE_UPDATE=1` writes it anew.

#![allow(clippy::expect_used, clippy::panic, missing_docs)]

use byleave::Engine;
use byleave::wire::schema::stored;
use std::path::Path;

#[test]
fn the_schema_of_requests_is_fresh() {
    let mut builder = Engine::builder();
    for pack in byleave_packs::all() {
        for (path, text) in pack.files {
            builder = builder.source(pack.name, path, text);
        }
    }
    let engine = builder.build().expect("our packs check");
    let fresh = stored(&engine.request_schema());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/request.schema.json");
    if std::env::var_os("BYLEAVE_UPDATE").is_some() {
        std::fs::write(&file, &fresh).expect("the schema is written");
    }
    let on_file = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        on_file == fresh,
        "packs/schema/request.schema.json is not fresh: run again with BYLEAVE_UPDATE=1"
    );
}

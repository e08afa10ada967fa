//! `byleave schema`: the contract as JSON Schema, for editors and for types in other languages.

use crate::args::{Schema, SchemaOf};
use crate::exit::{Exit, Failure};
use crate::out::Out;
use crate::{engine, load};
use byleave::wire::schema::{decision_schema, stored};

/// Prints it. That of requests holds the vocabulary of the packs.
pub fn run(args: &Schema, out: &mut Out) -> Result<Exit, Failure> {
    let schema = match args.of {
        SchemaOf::Request => engine::check(&load::policy(&args.policy)?)?.request_schema(),
        SchemaOf::Decision => decision_schema(),
    };
    out.raw(stored(&schema).trim_end())?;
    Ok(Exit::Good)
}

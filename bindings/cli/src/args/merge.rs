//! What may be typed after `byleave merge`.

use clap::Args;
use std::path::PathBuf;

const MERGE: &str = "\
A record is what one department knows of the person, as part of a request, with `source` and `as_of`:
  {\"source\": \"clinic\", \"as_of\": \"2026-07-01T00:00:00Z\", \"person\": {\"id\": \"p-1\", \"hours\": …}, \"consents\": [ … ]}
or a profile that was merged before (`profile` of --json). The rules say which systems there are, which lists
each keeps, and whose grants count:
  {\"sources\": {\"clinic\": {\"keeps\": [\"consents\"], \"counts\": [\"grants\", \"interactions\"]}, \"billing\": …}}
Where sources differ, what restricts holds as each of them says, and what else they differ on is unknown.

Examples:
  byleave merge rules.json clinic.json billing.json
  byleave merge rules.json clinic.json billing.json --json | jq .facts";

/// Arguments of `merge`.
#[derive(Debug, Args)]
#[command(after_help = MERGE)]
pub struct Merge {
    /// The organisation's rules
    #[arg(value_name = "RULES")]
    pub rules: PathBuf,
    /// Records and profiles; `-` is standard input
    #[arg(value_name = "RECORD", required = true)]
    pub records: Vec<PathBuf>,
}

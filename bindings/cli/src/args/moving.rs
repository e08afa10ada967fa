//! What may be typed after `byleave ledger import` and `byleave ledger dump`.

use clap::Args;
use std::path::PathBuf;

const IMPORT: &str = "\
The mapping says what each row means. An object with the key `column` is taken from the row:
  {\"name\": \"crm-2026\", \"source\": \"CRM export\", \"key\": [\"contact_id\"], \"person\": {\"column\": \"contact_id\"},
   \"zone\": \"America/New_York\", \"calling_code\": \"1\",
   \"events\": [{
     \"when\": {\"column\": \"sms_opt_in\", \"filled\": true}, \"list\": \"consents\",
     \"event\": {\"kind\": {\"column\": \"sms_opt_in\", \"words\": {\"Y\": \"grant\", \"N\": \"revoke\"}},
       \"level\": \"express\", \"at\": {\"column\": \"changed\", \"form\": \"%m/%d/%Y %H:%M\"},
       \"scope\": {\"channel\": [\"text\"], \"address\": [{\"column\": \"mobile\", \"as\": \"phone\"}]}}}]}
Every row that is read is added, there already, refused, or passed over where the mapping says so. A
refused row goes to --rejects as it was, with the reason in `byleave_reason`: mend it there and import
that file. A run that was broken off is run again. The exit code is 4 when a row was refused.
ledger/README.md tells all that may stand in a mapping; examples/ledger/import has one that works.

Examples:
  byleave ledger import consent.db contacts.csv --map crm.json --dry-run
  byleave ledger import consent.db contacts.csv --map crm.json --rejects refused.csv
  byleave ledger import consent.db refused.csv --map crm.json --rejects refused-2.csv
  unzip -p export.zip | byleave ledger import consent.db - --format csv --map crm.json";

/// Arguments of `ledger import`.
#[derive(Debug, Args)]
#[command(after_help = IMPORT)]
pub struct Import {
    /// The ledger, a file or postgres://…; made when there is none
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// Exports of one format, or `-` for standard input
    #[arg(value_name = "FILES", required = true)]
    pub files: Vec<String>,
    /// What the rows mean
    #[arg(long, value_name = "MAP.json")]
    pub map: PathBuf,
    /// How the files are written [default: by their ending]
    #[arg(long, value_name = "FORMAT", value_parser = ["csv", "tsv", "jsonl", "parquet"])]
    pub format: Option<String>,
    /// When the ledger learns of it (RFC 3339, or `now`); no row's act is dated by it
    #[arg(long, value_name = "INSTANT", default_value = "now")]
    pub at: String,
    /// Write refused rows here, each as it was and with why
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Say what would become of every row, and keep none
    #[arg(long)]
    pub dry_run: bool,
}

const DUMP: &str = "\
JSON Lines hold everything that was told, in order: `append` makes the same events of it in an empty
ledger. Of what was erased a line says only that, which `append` passes over: that somebody was erased
cannot be told to another ledger, whose tombstones are sealed by its own key. Neither go the
checkpoints, their signatures and what `keeps` said: keep the ledger itself for what it proves.
CSV and Parquet hold consents, or revocations alone (`--list suppressions`), an event a row, with the
columns that ledger/README.md lists; `state` says of each whether it holds, was voided, or was erased.

Examples:
  byleave ledger dump consent.db --out all.jsonl
  byleave ledger dump consent.db --out consents.parquet --list consents
  byleave ledger dump consent.db --out stops.csv --list suppressions --known-at 2026-07-01T00:00:00Z";

/// Arguments of `ledger dump`.
#[derive(Debug, Args)]
#[command(after_help = DUMP)]
pub struct Dump {
    /// The ledger: a file, or postgres://…
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// Where to write: a new file that ends in .jsonl, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// One list alone [default: all as JSON Lines, consents in a table]
    #[arg(long, value_name = "LIST", value_parser = ["consents", "suppressions", "contacts", "interactions", "lists", "signals", "preferences", "decisions", "voids"])]
    pub list: Option<String>,
    /// As known at this instant (RFC 3339, or `now`)
    #[arg(long, value_name = "INSTANT", default_value = "now")]
    pub known_at: String,
}

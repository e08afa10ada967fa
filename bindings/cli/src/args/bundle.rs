//! What may be typed after `byleave ledger export`, `replay` and `report`, and after `byleave verify`.

use super::digits;
use clap::Args;
use std::path::PathBuf;

const EXPORT: &str = "\
The bundle is one JSON file: the person's events with their seals, the checkpoints with a proof that
the events lie under them, the recorded decisions with their packs. Of anybody else it holds digests
alone, unless --open-others is given. Make a checkpoint first: what came after the last one is held
by its chain alone.

Examples:
  byleave ledger export consent.db --person p-1 --out bundle.json
  byleave ledger export consent.db --person p-1 --texts forms/ --out bundle.json";

/// Arguments of `ledger export`.
#[derive(Debug, Args)]
#[command(after_help = EXPORT)]
pub struct Export {
    /// The ledger
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// The person; one who was erased, by the name they had
    #[arg(long, value_name = "ID")]
    pub person: String,
    /// Where to write
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
    /// A folder with the texts that were shown: those that events name by SHA-256 go in
    #[arg(long, value_name = "FOLDER")]
    pub texts: Option<PathBuf>,
    /// Also the words of others who refused at an address of this person's, where that bound a decision
    #[arg(long)]
    pub open_others: bool,
    /// When it is made (RFC 3339, or `now`)
    #[arg(long, value_name = "INSTANT", default_value = "now")]
    pub at: String,
}

/// Arguments of `ledger replay`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  byleave ledger replay consent.db --person p-1")]
pub struct Replay {
    /// The ledger
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// The person
    #[arg(long, value_name = "ID")]
    pub person: String,
}

const REPORT: &str = "\
The page is one HTML file without scripts, to read and to print. Of a ledger it needs --person.

Examples:
  byleave ledger report bundle.json --out report.html
  byleave ledger report consent.db --person p-1 --texts forms/ --out report.html";

/// Arguments of `ledger report`.
#[derive(Debug, Args)]
#[command(after_help = REPORT)]
pub struct Report {
    /// A bundle, or a ledger
    #[arg(value_name = "BUNDLE|LEDGER")]
    pub from: PathBuf,
    /// The person
    #[arg(long, value_name = "ID")]
    pub person: Option<String>,
    /// Where to write
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
    /// Of a ledger: a folder with the texts that were shown
    #[arg(long, value_name = "FOLDER")]
    pub texts: Option<PathBuf>,
    /// Of a ledger: also the words of others who refused at an address of this person's
    #[arg(long)]
    pub open_others: bool,
    /// A public key by which checkpoints must be signed; may be repeated
    #[arg(long = "key", value_name = "HEX", value_parser = digits)]
    pub keys: Vec<[u8; 32]>,
    /// A checkpoint that was handed out: it must be among them
    #[arg(long, value_name = "HEX", value_parser = digits)]
    pub checkpoint: Option<[u8; 32]>,
    /// Of a ledger: when it is made (RFC 3339, or `now`)
    #[arg(long, value_name = "INSTANT", default_value = "now")]
    pub at: String,
}

const VERIFY: &str = "\
Needs nothing but the bundle. With --key and --checkpoint it also shows whose record this is, and that
its past was not written anew. The exit code is 1 when something does not hold.

Examples:
  byleave verify bundle.json
  byleave verify bundle.json --key 3b6a27bc… --checkpoint 9f86d081… --report report.html";

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(after_help = VERIFY)]
pub struct VerifyBundle {
    /// The bundle
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// A public key by which checkpoints must be signed; may be repeated
    #[arg(long = "key", value_name = "HEX", value_parser = digits)]
    pub keys: Vec<[u8; 32]>,
    /// A checkpoint that was handed out: it must be among them
    #[arg(long, value_name = "HEX", value_parser = digits)]
    pub checkpoint: Option<[u8; 32]>,
    /// Also write a page to read
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

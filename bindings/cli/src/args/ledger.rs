//! What may be typed after `byleave ledger`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What to do with a ledger.
#[derive(Debug, Subcommand)]
pub enum Ledger {
    /// Add events from JSON Lines: each is kept once, and what is refused is set aside
    Append(Append),
    /// Add what another system kept, from CSV, JSON Lines or Parquet, by a mapping; no row is lost or added twice
    Import(super::Import),
    /// Write events to a file: all as JSON Lines that `append` takes again, or consents as a table
    Dump(super::Dump),
    /// Print what is known of a person, as a request says it
    Facts(Facts),
    /// Say since when the ledger holds every contact or interaction
    Keeps(Keeps),
    /// Say that a person goes by another name too: what either refuses binds both
    Link(Link),
    /// Make a checkpoint of everything up to now, and sign it
    Checkpoint(Checkpoint),
    /// Hold every event against its chain, and every checkpoint against the events
    Verify(Verify),
    /// Erase what was said about a person, by law; whoever was erased stays left alone
    Erase(Erase),
    /// Write what is held about a person to one file, which proves itself elsewhere
    Export(super::Export),
    /// Ask every recorded decision about a person again
    Replay(super::Replay),
    /// Write a page to read: what happened, who knew, what was decided and why
    Report(super::Report),
    /// Write a new key that signs checkpoints, and print what others verify by
    Key {
        /// Where to write
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

const APPEND: &str = "\
An event on each line:
  {\"key\": \"form-8812\", \"person\": \"p-1\", \"list\": \"consents\", \"source\": \"web form /texts\",
   \"actor\": {\"kind\": \"person\"}, \"recorded_at\": \"2026-07-01T16:00:02Z\",
   \"event\": {\"kind\": \"grant\", \"level\": \"express\", \"at\": \"2026-07-01T16:00:00Z\", \"scope\": {}}}
Lists are consents, contacts, interactions, lists, signals, preferences, decisions, voids and links. `event`
is what a request says in that list. The same key again, in the same words, changes nothing: a file
can be sent a second time. A correction is an event in `voids`: {\"of\": KEY, \"why\": TEXT}.

Examples:
  byleave ledger append consent.db events.jsonl --at now
  byleave ledger append consent.db events.jsonl --dry-run
  tail -f stops.jsonl | byleave ledger append consent.db - --at now --rejects refused.jsonl
  byleave ledger append consent.db from-the-page.jsonl --elsewhere --at now
  byleave ledger append postgres://localhost/consent events.jsonl --at now";

/// Arguments of `ledger append`.
#[derive(Debug, Args)]
#[command(after_help = APPEND)]
pub struct Append {
    /// The ledger, a file or postgres://…; made when there is none
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// Files of JSON Lines, or `-` for standard input [default: -]
    #[arg(value_name = "EVENTS")]
    pub files: Vec<String>,
    /// When events are recorded that do not say so themselves (RFC 3339, or `now`)
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// Lines that another ledger recorded: whatever they say of that, this one records them at `--at`, when it learns of them
    #[arg(long, requires = "at")]
    pub elsewhere: bool,
    /// Write refused lines here, each with why
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Say what would become of each, and keep none
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `ledger facts`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  byleave ledger facts consent.db p-1 --known-at 2026-07-01T12:00:00Z")]
pub struct Facts {
    /// The ledger: a file, or postgres://…
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// The person
    #[arg(value_name = "PERSON")]
    pub person: String,
    /// Also what was refused at this address, by whomever
    #[arg(long, value_name = "ADDRESS")]
    pub address: Option<String>,
    /// As known at this instant (RFC 3339, or `now`)
    #[arg(long, value_name = "INSTANT", default_value = "now")]
    pub known_at: String,
}

/// Arguments of `ledger keeps`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  byleave ledger keeps consent.db contacts --since 2024-01-01T00:00:00Z")]
pub struct Keeps {
    /// The ledger: a file, or postgres://…
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// Which list
    #[arg(value_name = "LIST", value_parser = ["contacts", "interactions", "lists", "signals"])]
    pub list: String,
    /// Since when [default: always]
    #[arg(long, value_name = "INSTANT")]
    pub since: Option<String>,
}

const LINK: &str = "\
What is refused, wished or counted under one name binds all of them; what is granted counts for its own
name alone. A link that was wrong is taken back by an event in `voids` that names its key, which is printed.

Examples:
  byleave ledger link consent.db clinic/p-1 billing/88-12 --why 'same policy number' --by 'records office'";

/// Arguments of `ledger link`.
#[derive(Debug, Args)]
#[command(after_help = LINK)]
pub struct Link {
    /// The ledger
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// The person
    #[arg(value_name = "PERSON")]
    pub person: String,
    /// The other name of the person
    #[arg(value_name = "OTHER")]
    pub with: String,
    /// How it is known
    #[arg(long, value_name = "TEXT")]
    pub why: String,
    /// Who found it out
    #[arg(long, value_name = "TEXT")]
    pub by: String,
    /// When it is recorded (RFC 3339, or `now`)
    #[arg(long, value_name = "INSTANT", default_value = "now")]
    pub at: String,
}

/// Arguments of `ledger checkpoint`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  byleave ledger key checkpoint.key\n  byleave ledger checkpoint consent.db --sign checkpoint.key"
)]
pub struct Checkpoint {
    /// The ledger: a file, or postgres://…
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// When it is made (RFC 3339, or `now`)
    #[arg(long, value_name = "INSTANT", default_value = "now")]
    pub at: String,
    /// Sign it with the key in this file
    #[arg(long, value_name = "FILE")]
    pub sign: Option<PathBuf>,
}

const VERIFY: &str = "\
Without --checkpoint this shows that the ledger agrees with itself; with a checkpoint that was handed out
earlier, that its past was not written anew. The exit code is 1 when something does not hold.

Examples:
  byleave ledger verify consent.db
  byleave ledger verify consent.db --key 3b6a27bc… --checkpoint 9f86d081…";

/// Arguments of `ledger verify`.
#[derive(Debug, Args)]
#[command(after_help = VERIFY)]
pub struct Verify {
    /// The ledger: a file, or postgres://…
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// A public key by which checkpoints must be signed; may be repeated
    #[arg(long = "key", value_name = "HEX", value_parser = digits)]
    pub keys: Vec<[u8; 32]>,
    /// A checkpoint that was handed out: it must be the ledger's
    #[arg(long, value_name = "HEX", value_parser = digits)]
    pub checkpoint: Option<[u8; 32]>,
}

/// Arguments of `ledger erase`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  byleave ledger erase consent.db p-1 --why 'GDPR 17(1)(b), request 12' --by 'privacy office'"
)]
pub struct Erase {
    /// The ledger: a file, or postgres://…
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// The person
    #[arg(value_name = "PERSON")]
    pub person: String,
    /// The ground: the law, and whose request
    #[arg(long, value_name = "TEXT")]
    pub why: String,
    /// Who does it
    #[arg(long, value_name = "TEXT")]
    pub by: String,
    /// When (RFC 3339, or `now`)
    #[arg(long, value_name = "INSTANT", default_value = "now")]
    pub at: String,
    /// An address of the person besides those that the events name; may be repeated
    #[arg(long = "address", value_name = "ADDRESS")]
    pub addresses: Vec<String>,
}

/// 64 digits of hexadecimal.
pub fn digits(text: &str) -> Result<[u8; 32], String> {
    let digit = |at: usize| text.get(2 * at..2 * at + 2).and_then(|it| u8::from_str_radix(it, 16).ok());
    let bytes: Option<Vec<u8>> = (0..32).map(digit).collect();
    let whole = bytes.filter(|_| text.len() == 64).and_then(|it| it.try_into().ok());
    whole.ok_or_else(|| "expected 64 digits of hexadecimal".to_owned())
}

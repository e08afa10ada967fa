//! What may be typed: one struct a command, with the help that people read.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

mod bundle;
mod ledger;
mod merge;
mod moving;
mod reply;

pub use bundle::{Export, Replay, Report, VerifyBundle};
pub use ledger::{Append, Checkpoint, Erase, Facts, Keeps, Ledger, Link, Verify, digits};
pub use merge::Merge;
pub use moving::{Dump, Import};
pub use reply::Reply;

/// Headings bold, what may be typed in cyan: the same restraint as everywhere else.
const STYLES: Styles = Styles::styled()
    .header(AnsiColor::White.on_default().bold())
    .usage(AnsiColor::White.on_default().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Cyan.on_default());

const AFTER: &str = "\
Examples:
  byleave explain --policy examples/hospital examples/hospital/requests/*.json
  byleave decide --pack us.tcpa --at 2026-07-01T20:30:00-04:00 request.json
  byleave check my-policy/ && byleave test my-policy/
  byleave packs text us.tcpa

Exit codes:
  0   done: every request was answered, every check passed
  1   a test failed, `fmt --check` found a file to format, a ledger or a bundle does not hold
  2   the command line is wrong
  3   the policy has errors
  4   a request or a file could not be read
  10  with --exit-code: some answer is defer, none is deny
  11  with --exit-code: some answer is deny";

/// By your leave: may this person be contacted, now, this way, for this purpose, with this data?
#[derive(Debug, Parser)]
#[command(name = "byleave", version, styles = STYLES, after_help = AFTER)]
#[command(arg_required_else_help = true, disable_help_subcommand = true, max_term_width = 100)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What holds for every command.
#[derive(Clone, Copy, Debug, Args)]
pub struct Global {
    /// Print one JSON document for programs in place of text for people
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub json: bool,
    /// When to use colour (auto: on a terminal, unless NO_COLOR is set)
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    #[arg(help_heading = "Everywhere")]
    pub color: When,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    // No doc comments: help would list each value on lines of its own, under every command.
    Auto,
    Always,
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look for mistakes in policy
    Check(Check),
    /// Write policy files in the one layout
    Fmt(Fmt),
    /// Run the tests that stand beside the law
    Test(Test),
    /// Decide requests: allow, defer until an instant, or deny
    Decide(Decide),
    /// Rank the ways in which a contact would be allowed
    Plan(Plan),
    /// Tell candidate time zones and jurisdictions by a number, a state and a confirmed place
    Locate(Locate),
    /// Tell what somebody's answer means: to stop, to agree, to get help
    Reply(Reply),
    /// Decide requests and tell why, rule by rule, on a page to read
    Explain(Explain),
    /// The packs that come with Byleave, and the law in them
    Packs {
        /// What to do with them; nothing is `list`.
        #[command(subcommand)]
        what: Option<Packs>,
    },
    /// Keep consents and contacts, and prove them
    #[command(subcommand)]
    Ledger(Ledger),
    /// Hold a bundle of evidence against itself, and ask its decisions again
    Verify(VerifyBundle),
    /// Merge what several departments know of one person, by the organisation's rules
    Merge(Merge),
    /// Compile packs to one file that an engine loads without reading policy
    Compile(Compile),
    /// Explain diagnostic codes
    Codes(Codes),
    /// Print the JSON Schema of a request or a decision
    Schema(Schema),
    /// Print completions for a shell
    Completions(Completions),
}

const CHECK: &str = "\
A folder stands for every .leave file in it and below. Passed over are hidden folders, `target`,
`node_modules`, and each folder that holds a file called `.byleave-skip`, unless it is named itself.
Packs that use a pack in common are checked together, as a host would load them.

Examples:
  byleave check                      every .leave file under the current directory
  byleave check examples/hospital    one folder; packs it uses are found by name
  byleave check us.tcpa              a pack that comes with Byleave
  byleave check --json policy/       diagnostics with code, place and hint, for an editor";

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = CHECK)]
pub struct Check {
    /// Files, folders or names of packs [default: the current directory]
    #[arg(value_name = "POLICY")]
    pub policies: Vec<String>,
    /// Count warnings as errors
    #[arg(long)]
    pub strict: bool,
}

const FMT: &str = "\
A folder stands for every .leave file in it and below, but for hidden folders, `target`,
`node_modules`, and each folder that holds a file called `.byleave-skip`, unless it is named itself.

Examples:
  byleave fmt policy/                format every .leave file of a folder in place
  byleave fmt --check                say which files are not formatted, and exit with 1
  byleave fmt - < draft.leave        format standard input to standard output";

/// Arguments of `fmt`.
#[derive(Debug, Args)]
#[command(after_help = FMT)]
pub struct Fmt {
    /// Files or folders, or `-` for standard input [default: the current directory]
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// Change nothing; exit with 1 when a file would change
    #[arg(long)]
    pub check: bool,
    /// Format standard input to standard output
    #[arg(long, conflicts_with = "paths")]
    pub stdin: bool,
}

const TEST: &str = "\
A folder stands for every .leave file in it and below. Passed over are hidden folders, `target`,
`node_modules`, and each folder that holds a file called `.byleave-skip`, unless it is named itself.
Each pack is tested with the packs that it uses, apart from all others.

Examples:
  byleave test                                every test under the current directory
  byleave test us.tcpa --filter 'quiet'       tests of one pack whose title or rule holds `quiet`
  byleave test --coverage examples/hospital   and what no test has seen both ways
  byleave test --complete us.tcpa             and fail when there is such a thing
  byleave test --junit target/policy.xml      and a JUnit file for a build server";

/// Arguments of `test`.
#[derive(Debug, Args)]
#[command(after_help = TEST)]
pub struct Test {
    /// Files, folders or names of packs [default: the current directory]
    #[arg(value_name = "POLICY")]
    pub policies: Vec<String>,
    /// Only tests whose title, rule or pack holds this text
    #[arg(long, short, value_name = "TEXT")]
    pub filter: Option<String>,
    /// Write results as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Tell which rules were seen to pass and to block, and which conditions were seen true and false
    #[arg(long)]
    pub coverage: bool,
    /// Fail when something was not seen; implies --coverage
    #[arg(long)]
    pub complete: bool,
    /// What need not be seen: lines of the report, each behind its pack and with a reason behind `//`; implies --coverage
    #[arg(long, value_name = "FILE")]
    pub except: Option<PathBuf>,
    /// Name every test, not only those that fail
    #[arg(long, short)]
    pub verbose: bool,
}

/// Where policy comes from.
#[derive(Clone, Debug, Args)]
pub struct Policy {
    /// A pack or preset that comes with Byleave, by name; may be repeated
    #[arg(long = "pack", short, value_name = "NAME", help_heading = "Policy")]
    pub packs: Vec<String>,
    /// A policy file or folder, or packs from `byleave compile`; may be repeated [default: every pack
    /// that comes with Byleave]
    #[arg(long = "policy", short = 'P', value_name = "PATH", help_heading = "Policy")]
    pub paths: Vec<String>,
}

/// Which requests, and what to put in place of what they say.
#[derive(Clone, Debug, Args)]
pub struct Requests {
    /// JSON files with one request or several, or `-` for standard input [default: -]
    #[arg(value_name = "REQUEST")]
    pub files: Vec<String>,
    /// Decide as of this instant (RFC 3339, or `now`) in place of the request's own
    #[arg(long, value_name = "INSTANT", help_heading = "In place of what the request says")]
    pub at: Option<String>,
    /// Decide with what was known at this instant (RFC 3339, or `now`)
    #[arg(long, value_name = "INSTANT", help_heading = "In place of what the request says")]
    pub known_at: Option<String>,
    /// How far to look ahead, as in `10 days`
    #[arg(long, value_name = "SPAN", help_heading = "In place of what the request says")]
    pub horizon: Option<String>,
    /// Choose a reading of a contested point of law; may be repeated
    #[arg(long = "setting", short, value_name = "NAME=VALUE", value_parser = setting)]
    #[arg(help_heading = "In place of what the request says")]
    pub settings: Vec<(String, String)>,
    /// Add what a ledger (a file, or postgres://…) knows of the person: consents, contacts, preferences,
    /// what was refused at the address
    #[arg(long, value_name = "LEDGER", help_heading = "From a ledger")]
    pub ledger: Option<PathBuf>,
    /// The person, as the ledger names them [default: the request's `person.id`]
    #[arg(long, value_name = "ID", requires = "ledger", help_heading = "From a ledger")]
    pub person: Option<String>,
}

/// What the exit code says.
#[derive(Clone, Copy, Debug, Args)]
pub struct ExitCode {
    /// Exit with 0 for allow, 10 for defer, 11 for deny (of several requests, the strictest)
    #[arg(long)]
    pub exit_code: bool,
}

/// How much a decision tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Detail {
    /// The outcome alone; the fastest.
    Outcome,
    /// Every rule that blocks.
    Blocking,
    /// Also every rule that applied and every exemption that carried it.
    Full,
}

impl Detail {
    /// The word a request uses.
    pub fn word(self) -> &'static str {
        match self {
            Detail::Outcome => "outcome",
            Detail::Blocking => "blocking",
            Detail::Full => "full",
        }
    }
}

const DECIDE: &str = "\
A file may hold one request, an array of them, or several one after another (JSON Lines).
With --lines, requests are read and answered line by line, so that a file of any length needs
no more room than its longest line.

Examples:
  byleave decide request.json
  byleave decide --json --detail full -P examples/hospital request.json
  byleave decide --lines - < audience.jsonl > decisions.jsonl
  byleave decide --exit-code request.json && send-it
  byleave decide --ledger consent.db --person p-1 --record request.json";

/// Arguments of `decide`.
#[derive(Debug, Args)]
#[command(after_help = DECIDE)]
pub struct Decide {
    /// Where policy comes from.
    #[command(flatten)]
    pub policy: Policy,
    /// Which requests.
    #[command(flatten)]
    pub requests: Requests,
    /// How much a decision tells
    #[arg(long, value_enum, value_name = "HOW", help_heading = "In place of what the request says")]
    pub detail: Option<Detail>,
    /// Record the decision in the ledger, with all that is needed to ask it again [default: now]
    #[arg(long, value_name = "INSTANT", num_args = 0..=1, require_equals = true, default_missing_value = "now")]
    #[arg(requires = "ledger", help_heading = "From a ledger")]
    pub record: Option<String>,
    /// Read one request a line and write one decision a line, as JSON
    #[arg(long)]
    pub lines: bool,
    /// What the exit code says.
    #[command(flatten)]
    pub exit: ExitCode,
}

const PLAN: &str = "\
A plan is a request with `options`, each of which lays its own contact, address and so on over the
request's; or --channel names the channels to try. The ways that are open come in the person's
order of preference, then by the earliest instant.

Examples:
  byleave plan --channel sms --channel email request.json
  byleave plan --horizon '7 days' -P examples/hospital request.json";

/// Arguments of `plan`.
#[derive(Debug, Args)]
#[command(after_help = PLAN)]
pub struct Plan {
    /// Where policy comes from.
    #[command(flatten)]
    pub policy: Policy,
    /// Which requests.
    #[command(flatten)]
    pub requests: Requests,
    /// Try the contact on this channel; may be repeated
    #[arg(long = "channel", short, value_name = "NAME")]
    pub channels: Vec<String>,
}

const LOCATE: &str = "\
Prints facts of a request as JSON, and what each part came to on standard error; with --json, all of it
as one document. What is not known is left out: a rule that needs it then denies, and says so.

Every zone is a candidate that the area code or the state lies in, until a place is confirmed: that of
the last twelve months stands alone. Toll-free and foreign numbers, and what cannot be read, tell no zone.

Examples:
  byleave locate '+1 850 555 0142'
  byleave locate +14055550142 --state FL
  byleave locate +18505550142 --confirmed-state FL --confirmed-zone America/Chicago \\
    --confirmed-on 2026-01-15 --at 2026-07-01T20:30:00-04:00
  byleave locate +12125550142 > facts.json
  jq -s '.[0] * .[1]' request.json facts.json | byleave decide";

/// Arguments of `locate`.
#[derive(Debug, Args)]
#[command(after_help = LOCATE)]
pub struct Locate {
    /// The number, as it is on file
    #[arg(value_name = "PHONE", required_unless_present_any = ["state", "confirmed_state", "confirmed_zone"])]
    pub phone: Option<String>,
    /// The state of the postal address on file: FL, US-FL or Florida
    #[arg(long, value_name = "STATE")]
    pub state: Option<String>,
    /// The state that the person has confirmed
    #[arg(long, value_name = "STATE", requires = "confirmed_on", help_heading = "A confirmed place")]
    pub confirmed_state: Option<String>,
    /// The time zone that the person, or the person's device, has confirmed
    #[arg(long, value_name = "ZONE", requires = "confirmed_on", help_heading = "A confirmed place")]
    pub confirmed_zone: Option<String>,
    /// When it was confirmed: a date, or an instant
    #[arg(long, value_name = "DATE", requires = "at", help_heading = "A confirmed place")]
    pub confirmed_on: Option<String>,
    /// When the contact is to be: a date, an instant (RFC 3339), or `now`
    #[arg(long, value_name = "INSTANT", help_heading = "A confirmed place")]
    pub at: Option<String>,
}

const EXPLAIN: &str = "\
The page tells the outcome in words and local time; then each rule, whether it applied, what it
looked at, why, its citation, the exemptions that were tried and what each lacked; then what is
owed, which data may be carried, what is missing; and the evidence to replay the answer.

Examples:
  byleave explain --policy examples/hospital examples/hospital/requests/*.json
  byleave explain --all request.json | less
  byleave explain --rule us.tcpa.quiet_hours request.json";

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = EXPLAIN)]
pub struct Explain {
    /// Where policy comes from.
    #[command(flatten)]
    pub policy: Policy,
    /// Which requests.
    #[command(flatten)]
    pub requests: Requests,
    /// Show everything: each condition with its parts, all facts looked at, the rules that did not apply
    #[arg(long, short)]
    pub all: bool,
    /// Only rules whose name holds this text
    #[arg(long, short, value_name = "TEXT")]
    pub rule: Option<String>,
    /// What the exit code says.
    #[command(flatten)]
    pub exit: ExitCode,
}

const DOC: &str = "\
A page tells in plain words what a pack governs: its rules with citation, dates in force and how
they are known, exemptions, contested points of law, documents, definitions, tests as examples, and
what cannot be decided. It is made from the pack, needs nothing beside it, and prints well. What
the named packs use has a page too, and the index tells which is a state's.

Examples:
  byleave packs doc --out law                  every pack that comes with Byleave
  byleave packs doc us.health --out law        those of a preset
  byleave packs doc examples/hospital -o law   an organisation's own policy";

/// What to do with packs.
#[derive(Debug, Subcommand)]
pub enum Packs {
    /// Name every pack with its title and edition, and the presets
    List,
    /// Show one pack: sources, review, settings, rules with their citations
    Show {
        /// The pack's name, as in `us.tcpa`, or a policy file or folder
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Write a page of HTML for each pack, to read and to print, and an index over them
    #[command(after_help = DOC)]
    Doc {
        /// Names of packs or presets, policy files or folders [default: every pack that comes with Byleave]
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// Where to write
        #[arg(long, short, value_name = "FOLDER")]
        out: PathBuf,
    },
    /// Print the law: each rule's citation and sentence beside its text
    Text {
        /// The pack's name, as in `us.tcpa`, or a policy file or folder
        #[arg(value_name = "NAME")]
        name: String,
        /// Only rules whose name or citation holds this text
        #[arg(long, short, value_name = "TEXT")]
        rule: Option<String>,
    },
}

const COMPILE: &str = "\
The file holds the packs and the time zones that they are decided by. An engine built without the
parser loads it, as do `decide`, `plan`, `explain` and `packs show` here; answers are the same as from
text. The same packs and zones give the same bytes. A request that names a time zone which the file
does not carry is refused.

Examples:
  byleave compile --pack us.tcpa policy/ -o packs.byleave --zones us
  byleave compile policy/ -o packs.byleave --zones America/New_York,America/Chicago
  byleave compile policy/ -o packs.byleave --zones all     for engines that bundle every time zone
  byleave decide --policy packs.byleave request.json";

/// Arguments of `compile`.
#[derive(Debug, Args)]
#[command(after_help = COMPILE)]
pub struct Compile {
    /// Policy files or folders
    #[arg(value_name = "POLICY")]
    pub policies: Vec<String>,
    /// Where policy comes from.
    #[command(flatten)]
    pub policy: Policy,
    /// Where to write
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// Time zones by name, `us` for those of the United States, or `all`; may be repeated
    #[arg(long, short, value_name = "ZONES", value_delimiter = ',', required = true)]
    pub zones: Vec<String>,
}

/// Arguments of `codes`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  byleave codes\n  byleave codes E0201")]
pub struct Codes {
    /// Codes to explain [default: all, in one line each]
    #[arg(value_name = "CODE")]
    pub codes: Vec<String>,
}

const SCHEMA: &str = "\
The schema of requests holds the words of the packs: their channels, purposes, topics and facts.

Examples:
  byleave schema request -P examples/hospital > request.schema.json
  byleave schema decision";

/// Arguments of `schema`.
#[derive(Debug, Args)]
#[command(after_help = SCHEMA)]
pub struct Schema {
    /// Of what
    #[arg(value_enum, default_value_t = SchemaOf::Request)]
    pub of: SchemaOf,
    /// Whose vocabulary a request is written in.
    #[command(flatten)]
    pub policy: Policy,
}

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// What `decide` reads.
    Request,
    /// What `decide --json` prints.
    Decision,
}

const COMPLETIONS: &str = "\
Examples:
  byleave completions bash > ~/.local/share/bash-completion/completions/byleave
  byleave completions zsh > ~/.zfunc/_byleave";

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS)]
pub struct Completions {
    /// Which shell
    pub shell: Shell,
}

/// `us.tcpa.permission_lifts_hours=yes`
fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write NAME=VALUE, as in `us.tcpa.permission_lifts_hours=yes`".to_owned()),
    }
}

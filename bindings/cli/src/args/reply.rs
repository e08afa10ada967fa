//! What may be typed after `byleave reply`.

use super::Policy;
use clap::Args;

const REPLY: &str = "\
Tells what an answer means: revoke, help, opt_in, ask (somebody looks) or ignore, with the words that
decided it and the declaration that names them. The context is a request for the contact that was
answered, at the instant of the reply: from it come the scope of a revocation, the day by which it
must be honoured, and whether one message may confirm it. With --json there are `events` besides,
ready for a request's `consents` and for a ledger.

Examples:
  byleave reply STOP
  byleave reply 'Deja de enviarme mensajes' --language es
  byleave reply STOP --pack us.tcpa --context request.json --at 2026-07-01T16:00:00Z
  byleave reply - --json < mail.txt";

/// Arguments of `reply`.
#[derive(Debug, Args)]
#[command(after_help = REPLY)]
pub struct Reply {
    /// What the person wrote, or `-` for standard input
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    pub text: String,
    /// The person's language, where it is known: en, es-MX
    #[arg(long, short, value_name = "CODE")]
    pub language: Option<String>,
    /// A request for the contact that was answered
    #[arg(long, short, value_name = "FILE")]
    pub context: Option<String>,
    /// When the answer came (RFC 3339, or `now`), in place of the context's own `at`
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// By which policy.
    #[command(flatten)]
    pub policy: Policy,
}

//! One person and one proposed contact, in types of their own.

use super::words::{Channel, Data, Interacted, Level, Purpose, Set, State, Topic, Use};
use byleave::time::{Date, Instant, Zone};
use std::sync::Arc;

/// Everything that is known.
#[derive(Clone, Debug)]
pub struct Case {
    /// The instant asked about.
    pub at: Instant,
    /// Where the person lives.
    pub state: State,
    /// One or two zones that the person may be in.
    pub zones: Vec<Arc<Zone>>,
    /// When known.
    pub birth_date: Option<Date>,
    /// The number or mailbox written to.
    pub address: u64,
    /// The proposed contact.
    pub contact: Contact,
    /// What was granted and taken back, newest first.
    pub consents: Vec<Consent>,
    /// What was sent, newest first.
    pub past: Vec<Past>,
    /// What the person did, newest first.
    pub interactions: Vec<Interaction>,
    /// The look-up on the do-not-call list, if there was one.
    pub do_not_call: Option<LookUp>,
    /// The browser's signal.
    pub gpc: bool,
}

/// A proposed contact.
#[derive(Clone, Debug)]
pub struct Contact {
    /// One.
    pub channel: Channel,
    /// One or more.
    pub purposes: Set<Purpose>,
    /// None, one or more.
    pub topics: Set<Topic>,
    /// Dialled or sent by a machine.
    pub automated: bool,
    /// What it carries.
    pub data: Set<Data>,
    /// What is done with it.
    pub uses: Set<Use>,
    /// Characters.
    pub length: u32,
    /// It says how to stop.
    pub says_opt_out: bool,
}

/// What a consent event does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Gives leave at a level.
    Grant,
    /// Takes it back.
    Revoke,
    /// Asked, and said no.
    Decline,
}

/// A consent event.
#[derive(Clone, Debug)]
pub struct Consent {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: Kind,
    /// A grant's level.
    pub level: Level,
    /// A revocation's families; none named is all.
    pub families: Option<Set<Level>>,
    /// About what.
    pub scope: Scope,
    /// A grant's last day.
    pub expires_on: Option<Date>,
    /// A grant's end.
    pub expires_at: Option<Instant>,
}

/// What a consent is about; what is not named is everything.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Channels.
    pub channel: Option<Set<Channel>>,
    /// Purposes.
    pub purpose: Option<Set<Purpose>>,
    /// Topics.
    pub topic: Option<Set<Topic>>,
    /// The address.
    pub address: Option<u64>,
}

/// A past contact.
#[derive(Clone, Debug)]
pub struct Past {
    /// When.
    pub at: Instant,
    /// By what way.
    pub channel: Channel,
    /// What for.
    pub purpose: Purpose,
    /// What about.
    pub topic: Option<Topic>,
}

/// Something that the person did.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: Interacted,
}

/// A look-up on the do-not-call list.
#[derive(Clone, Copy, Debug)]
pub struct LookUp {
    /// The address is on it.
    pub listed: bool,
    /// The day of the list's version.
    pub version: Date,
}

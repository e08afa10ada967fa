//! How a run ends: the exit codes, and the failures that lead to some of them.

use byleave::diag::Diagnostic;
use byleave::source::Sources;
use byleave_packs::load::plain;
use std::io;

/// How a run that did its work ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All good.
    #[default]
    Good,
    /// A test failed, a file is not formatted.
    Found,
    /// The policy has errors.
    Policy,
    /// A request or file could not be read.
    Input,
    /// Some answer is defer.
    Defer,
    /// Some answer is deny.
    Deny,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Exit::Good => 0,
            Exit::Found => 1,
            Exit::Policy => 3,
            Exit::Input => 4,
            Exit::Defer => 10,
            Exit::Deny => 11,
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// Whoever read our output went away (`byleave … | head`): no failure of ours, nothing to say.
    Gone,
    /// The command line is wrong.
    Usage(Complaint),
    /// A request or a file could not be read.
    Input(Complaint),
    /// The policy has errors.
    Policy(Box<(Vec<Diagnostic>, Sources)>),
}

/// What is wrong, and what to do.
#[derive(Debug)]
pub struct Complaint {
    /// What is wrong: lowercase, no full stop.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Failure {
    /// The command line is wrong.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::Usage(Complaint { message: message.into(), hint: None })
    }

    /// A request or a file could not be read.
    pub fn input(message: impl Into<String>) -> Failure {
        Failure::Input(Complaint { message: message.into(), hint: None })
    }

    /// A file could not be read or written.
    pub fn file(what: &str, name: &str, error: &io::Error) -> Failure {
        Failure::input(format!("cannot {what} `{name}`: {}", plain(error)))
    }

    /// The same, with advice.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Failure {
        if let Failure::Usage(complaint) | Failure::Input(complaint) = &mut self {
            complaint.hint = Some(text.into());
        }
        self
    }

    /// The number that the shell sees.
    pub fn code(&self) -> u8 {
        match self {
            Failure::Gone => 0,
            Failure::Usage(_) => 2,
            Failure::Policy(_) => 3,
            Failure::Input(_) => 4,
        }
    }
}

impl From<io::Error> for Failure {
    /// Errors that arrive by `?` come from writing to standard output.
    fn from(error: io::Error) -> Failure {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Failure::Gone;
        }
        Failure::input(format!("cannot write: {}", plain(&error)))
    }
}

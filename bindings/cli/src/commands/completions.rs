//! `byleave completions`: what a shell needs to complete our words.

use crate::args::{Cli, Completions};
use crate::exit::{Exit, Failure};
use crate::out::Out;
use clap::CommandFactory;

/// Prints the script.
pub fn run(args: &Completions, out: &mut Out) -> Result<Exit, Failure> {
    // Into memory first: the generator panics when its writer fails, and a pipe may close.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "byleave", &mut script);
    out.bytes(&script)?;
    Ok(Exit::Good)
}

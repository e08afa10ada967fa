//! `byleave`: decide and explain contacts, and work on policy, from a shell.
//!
//! | file | what it does |
//! |---|---|
//! | `args` | what may be typed, and the help |
//! | `load` | policy: files, folders, packs by name |
//! | `requests` | requests: files, standard input, JSON Lines |
//! | `commands` | one file a command |
//! | `page` | the page of `explain` |
//! | `diagnose` | diagnostics drawn with their source lines |
//! | `answers` | the engine's answers for programs |
//! | `out`, `exit` | standard output and colour, exit codes |
//!
//! It translates and never decides: every answer is the engine's.

mod answers;
mod args;
mod commands;
mod diagnose;
mod engine;
mod exit;
mod load;
mod out;
mod page;
mod requests;

use args::{Cli, Command};
use clap::Parser;
use exit::{Exit, Failure};
use out::Out;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = Out::new(cli.global);
    let done = run(cli.command, &mut out).and_then(|exit| {
        out.flush()?;
        Ok(exit)
    });
    match done {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(failure) => {
            diagnose::tell(&failure, &mut out);
            drop(out.flush());
            ExitCode::from(failure.code())
        }
    }
}

fn run(command: Command, out: &mut Out) -> Result<Exit, Failure> {
    match command {
        Command::Check(args) => commands::check::run(&args, out),
        Command::Decide(args) => commands::decide::run(&args, out),
        Command::Explain(args) => commands::explain::run(&args, out),
        Command::Plan(args) => commands::plan::run(&args, out),
        Command::Packs(args) => commands::packs::run(&args, out),
        Command::Codes(args) => commands::codes::run(&args, out),
        Command::Completions(args) => commands::completions::run(&args, out),
        Command::Schema(args) => commands::schema::run(&args, out),
        Command::Fmt(args) => commands::fmt::run(&args, out),
        Command::Test(args) => commands::test::run(&args, out),
    }
}

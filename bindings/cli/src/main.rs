//! `byleave`: decide and explain contacts, and work on policy, from a shell.
//!
//! | file | what it does |
//! |---|---|
//! | `args` | what may be typed, and the help |
//! | `load` | policy: files, folders, packs by name |
//! | `requests` | requests: files, standard input, JSON Lines |
//! | `known` | what a ledger knows of the person of a request |
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
mod known;
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
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refused(&error),
    };
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

/// Tells what is wrong with the command line, or helps: as text, or as one document for programs.
fn refused(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().any(|arg| arg == "--json") && error.use_stderr();
    if json {
        let text = error.to_string();
        let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let document = serde_json::json!({ "error": { "kind": "usage", "message": message } });
        let mut out = Out::new(args::Global { json, color: args::When::Never });
        drop(out.document(&document).and_then(|()| out.flush()));
    } else {
        drop(error.print());
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn run(command: Command, out: &mut Out) -> Result<Exit, Failure> {
    match command {
        Command::Check(args) => commands::check::run(&args, out),
        Command::Decide(args) => commands::decide::run(&args, out),
        Command::Explain(args) => commands::explain::run(&args, out),
        Command::Plan(args) => commands::plan::run(&args, out),
        Command::Reply(args) => commands::reply::run(&args, out),
        Command::Locate(args) => commands::locate::run(&args, out),
        Command::Packs { what } => commands::packs::run(&what.unwrap_or(args::Packs::List), out),
        Command::Verify(args) => commands::ledger::evidence::verify(&args, out),
        Command::Ledger(args) => commands::ledger::run(&args, out),
        Command::Merge(args) => commands::merge::run(&args, out),
        Command::Codes(args) => commands::codes::run(&args, out),
        Command::Compile(args) => commands::compile::run(&args, out),
        Command::Completions(args) => commands::completions::run(&args, out),
        Command::Schema(args) => commands::schema::run(&args, out),
        Command::Fmt(args) => commands::fmt::run(&args, out),
        Command::Test(args) => commands::test::run(&args, out),
    }
}

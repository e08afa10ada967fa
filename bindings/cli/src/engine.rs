//! The engine, built from what `load` found, and its errors told.

use crate::args::Policy;
use crate::diagnose::eprintln_quiet;
use crate::exit::Failure;
use crate::load::{self, Pack, Packs};
use crate::out::{Out, clean};
use annotate_snippets::{Group, Level, Renderer};
use byleave::diag::Diagnostic;
use byleave::source::{Sources, Span};
use byleave::wire::ErrorJson;
use byleave::{Engine, EngineBuilder, Error};
use serde_json::Value;

/// Of what `decide` and its like are given: text, or packs that were compiled.
pub fn open(args: &Policy) -> Result<Engine, Failure> {
    for path in &args.paths {
        if let Some(bytes) = load::compiled(path)? {
            if args.paths.len() + args.packs.len() > 1 {
                return Err(Failure::usage(format!(
                    "`{path}` holds compiled packs, which nothing can be added to"
                ))
                .hint("compile everything together, or give everything as text"));
            }
            return Engine::from_compiled(&bytes).map_err(|error| refused(&error));
        }
    }
    build(&load::policy(args)?)
}

/// Compiled packs that cannot be used, or cannot be made.
pub fn refused(error: &Error) -> Failure {
    let failure = Failure::input(error.message());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Of all packs, without tests, to decide by.
pub fn build(packs: &Packs) -> Result<Engine, Failure> {
    let all: Vec<&Pack> = packs.all.iter().collect();
    let (sources, engine) = given(&all, None).try_build();
    engine.map_err(|diagnostics| failure(diagnostics, sources))
}

/// Of all packs, without tests, to ask for their words.
pub fn check(packs: &Packs) -> Result<Engine, Failure> {
    let all: Vec<&Pack> = packs.all.iter().collect();
    of(&all, None).map_err(|(diagnostics, sources)| failure(diagnostics, sources))
}

/// Of these packs, to check them; the tests of one may be read too.
pub fn of(packs: &[&Pack], tests_of: Option<&Pack>) -> Result<Engine, (Vec<Diagnostic>, Sources)> {
    let (sources, engine) = given(packs, tests_of).try_check();
    engine.map_err(|diagnostics| (diagnostics, sources))
}

fn given(packs: &[&Pack], tests_of: Option<&Pack>) -> EngineBuilder {
    let mut builder = Engine::builder();
    for pack in packs {
        for file in &pack.files {
            builder = builder.source_bytes(&pack.folder, &file.name, &file.bytes);
        }
        if tests_of.is_some_and(|it| it.folder == pack.folder) {
            for file in &pack.tests {
                builder = builder.source_bytes(&pack.folder, &file.name, &file.bytes);
            }
        }
    }
    builder
}

/// What is wrong with the policy.
pub fn failure(diagnostics: Vec<Diagnostic>, sources: Sources) -> Failure {
    Failure::Policy(Box::new((diagnostics, sources)))
}

/// `packs/us/tcpa/tcpa.leave:12`
pub fn place(sources: &Sources, span: Span) -> String {
    let name = sources.get(span.source).map_or("", |it| it.name.as_str());
    format!("{name}:{}", sources.line_column(span).line)
}

/// For programs.
pub fn error_json(error: &Error) -> Value {
    serde_json::to_value(ErrorJson::from(error)).unwrap_or_default()
}

/// For people: what is wrong, in which request, where in it, what to write.
pub fn complain(name: &str, error: &Error, out: &mut Out) {
    // What was printed so far comes first, also when both go to one terminal.
    drop(out.flush());
    let place = |path: &str| format!("{name}: {path}");
    let mut group = Group::with_title(Level::ERROR.primary_title(clean(error.message())));
    group = group
        .element(Level::NOTE.with_name("at").message(clean(&error.path().map_or(name.to_owned(), place))));
    if let Some(other) = error.other_path() {
        group = group.element(Level::NOTE.with_name("and").message(clean(&place(other))));
    }
    let clock = (error.path() == Some("at"))
        .then_some("or say it here: `--at 2026-07-01T20:30:00-04:00`, `--at now`");
    if let Some(hint) = error.hint().or(clock) {
        group = group.element(Level::HELP.message(clean(hint)));
    }
    let renderer = if out.color_err { Renderer::styled() } else { Renderer::plain() };
    eprintln_quiet(&renderer.render(&[group]));
}

//! What an engine is built from, and looking for mistakes in it.

use crate::core::Core;
use crate::fault::{Fault, shown};
use byleave::diag::DiagnosticJson;
use byleave::{EngineBuilder, Error};
use byleave_packs::load::{LoadError, Packs, Wanted, gather};
use std::sync::Arc;

/// How a text is shown that came without a name.
pub const UNNAMED: &str = "policy.leave";

/// To ask for nothing by empty lists is a slip somewhere, not a wish for all law there is: only one who names no list wants
/// every pack.
///
/// # Errors
/// Lists were given, and all are empty.
pub fn named(wanted: &Wanted, given: bool) -> Result<(), Fault> {
    if given && wanted.names.is_empty() && wanted.paths.is_empty() && wanted.texts.is_empty() {
        let hint = "leave all three out for every pack that comes with Byleave";
        return Err(Fault::input("", "no policy was named", Some(hint)));
    }
    Ok(())
}

/// Finds what is wanted.
///
/// # Errors
/// It cannot be found or read; the path is that of the argument.
pub fn find(wanted: &Wanted) -> Result<Packs, Fault> {
    gather(wanted).map_err(|error| {
        let place = |name: &str, all: &[String], word: &str| {
            let at = all.iter().position(|it| it == word);
            at.map_or(name.to_owned(), |at| format!("{name}[{at}]"))
        };
        let (path, hint) = match &error {
            LoadError::NoSuchPack { name, suggestion } => {
                let hint = match suggestion {
                    Some(best) => format!("did you mean `{best}`?"),
                    None => "`packs()` names the packs that come with Byleave".to_owned(),
                };
                (place("packs", &wanted.names, name), Some(hint))
            }
            LoadError::Unreadable { path, .. }
            | LoadError::Empty { path }
            | LoadError::TooMany { path, .. } => (place("paths", &wanted.paths, path), None),
            LoadError::OnlyTests => (String::new(), None),
        };
        Fault::input(path, error.to_string(), hint.as_deref())
    })
}

/// Builds an engine.
///
/// # Errors
/// Everything that is wrong with the policy.
pub fn build(builder: EngineBuilder) -> Result<Arc<Core>, Fault> {
    let (sources, built) = builder.try_build();
    built.map(Core::of).map_err(|diagnostics| {
        let shown = shown(&diagnostics, &sources);
        Fault::policy(&Error::policy(diagnostics, &sources), shown)
    })
}

/// Looks for mistakes in policy: what could be loaded together, together; then each pack with the tests beside it.
///
/// # Errors
/// It cannot be found or read. What is wrong with it is no error here, but the answer.
pub fn mistakes(wanted: &Wanted) -> Result<Vec<DiagnosticJson>, Fault> {
    Ok(byleave_packs::check::mistakes(&find(wanted)?))
}

/// The names of the packs that come with Byleave.
pub fn names() -> impl ExactSizeIterator<Item = &'static str> {
    byleave_packs::all().iter().map(|pack| pack.name)
}

//! Policy as the command line names it: what was typed, and how to say that there is no such thing.

use crate::exit::Failure;
use byleave_packs::load::{LoadError, Wanted, gather};
pub use byleave_packs::load::{Pack, Packs, files, read, shown};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// What `check` and `test` are given: paths or names of packs; nothing is the current directory.
pub fn named(words: &[String]) -> Result<Packs, Failure> {
    if words.is_empty() {
        let wanted = Wanted { paths: vec![".".to_owned()], ..Wanted::default() };
        return gather(&wanted).map_err(|error| match error {
            LoadError::Empty { .. } => {
                Failure::input("there is no `.leave` file under the current directory")
                    .hint("name files, folders, or packs that come with Byleave (`byleave packs list`)")
            }
            other => other.into(),
        });
    }
    let mut wanted = Wanted::default();
    for word in words {
        // A name, of a pack or a preset, wins over a folder of that name (`core`): write `./core` for the folder.
        if byleave_packs::preset(word).is_some() {
            wanted.names.push(word.clone());
        } else if Path::new(word).exists() {
            wanted.paths.push(word.clone());
        } else {
            return Err(unknown(&LoadError::no_such_pack(word), "neither a file, a folder nor a pack"));
        }
    }
    Ok(gather(&wanted)?)
}

/// What `decide` and its like are given; nothing is every pack that comes with Byleave.
pub fn policy(args: &crate::args::Policy) -> Result<Packs, Failure> {
    let wanted = Wanted { names: args.packs.clone(), paths: args.paths.clone(), ..Wanted::default() };
    Ok(gather(&wanted)?)
}

/// The bytes of a file of compiled packs; nothing when it is something else.
pub fn compiled(path: &str) -> Result<Option<Vec<u8>>, Failure> {
    /// Past what an engine would load anyway.
    const MOST: u64 = 64 << 20;
    let failed = |error: std::io::Error| Failure::file("read", path, &error);
    let Ok(file) = File::open(path) else { return Ok(None) };
    if !file.metadata().is_ok_and(|it| it.is_file()) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    (&file).take(8).read_to_end(&mut bytes).map_err(failed)?;
    if !byleave::is_compiled(&bytes) {
        return Ok(None);
    }
    file.take(MOST).read_to_end(&mut bytes).map_err(failed)?;
    Ok(Some(bytes))
}

fn unknown(error: &LoadError, what: &str) -> Failure {
    let LoadError::NoSuchPack { name, suggestion } = error else { return Failure::input(error.to_string()) };
    let failure = Failure::usage(format!("`{name}` is {what}"));
    match suggestion {
        Some(best) => failure.hint(format!("did you mean `{best}`? `byleave packs list` names all")),
        None => failure.hint("`byleave packs list` names the packs that come with Byleave"),
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Failure {
        unknown(&error, "not a pack that comes with Byleave")
    }
}

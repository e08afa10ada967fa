//! Gathers the README of every pack's folder into a list, so that none has to be entered by hand.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let home = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut found = Vec::new();
    for entry in fs::read_dir(&home)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Folders of this crate that hold no packs.
        if path.is_dir() && !matches!(name.as_str(), "src" | "tests" | "schema" | "target") {
            println!("cargo::rerun-if-changed={}", path.display());
            gather(&path, &mut found)?;
        }
    }
    found.sort();
    let mut text = String::from("&[\n");
    for path in &found {
        let folder = path.parent().and_then(|it| it.strip_prefix(&home).ok()).unwrap_or(Path::new(""));
        let folder = folder.to_string_lossy().replace('\\', "/");
        writeln!(text, "({folder:?}, include_str!({path:?})),")?;
    }
    text.push(']');
    fs::write(Path::new(&env::var("OUT_DIR")?).join("readmes.rs"), text)?;
    Ok(())
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, found)?;
        } else if path.file_name().is_some_and(|it| it == "README.md") {
            found.push(path);
        }
    }
    Ok(())
}

//! The house rules of packs.

#![allow(clippy::expect_used, clippy::panic)] // a test may fail

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn leave_files(below: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(below).expect("packs/ can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            leave_files(&path, found);
        } else if path.extension().is_some_and(|it| it == "leave") {
            found.push(path);
        }
    }
}

#[test]
fn every_file_is_registered() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    leave_files(home, &mut found);
    let on_disk: BTreeSet<String> = found
        .iter()
        .filter_map(|path| path.strip_prefix(home).ok()?.to_str().map(|it| it.replace('\\', "/")))
        .collect();
    let registered: BTreeSet<String> = byleave_packs::all()
        .iter()
        .flat_map(|pack| pack.files.iter().chain(pack.tests))
        .map(|(path, _)| (*path).to_owned())
        .collect();
    assert_eq!(on_disk, registered);
}

#[test]
fn every_pack_has_a_readme() {
    for pack in byleave_packs::all() {
        let (path, text) = pack.files.first().expect("a pack has a file");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let folder = folder.parent().expect("a folder");
        // A family of packs has one, in the folder that holds them, and it names each.
        let family = || fs::read_to_string(folder.parent()?.join("README.md")).ok();
        let described = folder.join("README.md").exists()
            || family().is_some_and(|text| text.contains(&format!("`{}`", pack.name)));
        assert!(described, "{} has no README.md", pack.name);
        assert!(
            text.contains(&format!("pack {} {{", pack.name)),
            "{path} does not begin with `pack {}`",
            pack.name
        );
    }
}

#[test]
fn what_a_pack_uses_comes_before_it() {
    for (at, pack) in byleave_packs::all().iter().enumerate() {
        for used in pack.uses() {
            let place = byleave_packs::all().iter().position(|it| it.name == used);
            assert!(place.is_some_and(|place| place < at), "{} uses {used}", pack.name);
        }
    }
}

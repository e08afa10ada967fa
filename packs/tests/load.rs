//! Finding policy: by name, in folders, at hand; what is used comes along, and what is not there is said.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test may fail

use byleave_packs::load::{LoadError, Packs, Wanted, gather};

fn texts(list: &[(&str, &str)]) -> Wanted {
    let own = |(name, text): &(&str, &str)| (name.to_string(), text.as_bytes().to_vec());
    Wanted { texts: list.iter().map(own).collect(), ..Wanted::default() }
}

fn names(packs: &Packs) -> Vec<(&str, bool)> {
    packs.all.iter().map(|pack| (pack.name.as_str(), pack.asked)).collect()
}

const SHOP: &str = "pack org.shop { title \"The shop\" edition \"1\" }\nuse core\nuse us.tcpa\n";

#[test]
fn nothing_named_is_every_pack() {
    let packs = gather(&Wanted::default()).unwrap();
    assert_eq!(packs.all.len(), byleave_packs::all().len());
    assert!(packs.all.iter().all(|pack| pack.asked));
    packs.builder().build().unwrap();
}

#[test]
fn what_is_used_comes_along() {
    let packs = gather(&texts(&[("shop/shop.leave", SHOP)])).unwrap();
    let all = [("core", false), ("us.calendar", false), ("us.tcpa", false), ("org.shop", true)];
    assert_eq!(names(&packs), all);
    packs.builder().build().unwrap();
}

#[test]
fn a_preset_stands_for_its_packs() {
    let packs = gather(&Wanted { names: vec!["us.health".into()], ..Wanted::default() }).unwrap();
    let asked = |name: &str| packs.all.iter().find(|it| it.name == name).map(|it| it.asked);
    assert_eq!((asked("us.hipaa"), asked("us.tcpa"), asked("core")), (Some(true), Some(true), Some(false)));
    // A hospital's bills are collected by somebody too.
    assert_eq!(asked("us.regf"), Some(true));
    assert_eq!(asked("us.coppa"), None);
    packs.builder().build().unwrap();

    let all = gather(&Wanted { names: vec!["all".into()], ..Wanted::default() }).unwrap();
    assert_eq!(names(&all), names(&gather(&Wanted::default()).unwrap()));

    // A pack of the organisation's own is looked for first, under the preset's name as under those of its packs.
    let own = "pack us.health { title \"Ours\" edition \"1\" }\nuse core\n";
    let named = Wanted { names: vec!["us.health".into()], ..texts(&[("own/own.leave", own)]) };
    assert_eq!(names(&gather(&named).unwrap()), [("core", false), ("us.health", true)]);
    let own = own.replace("us.health", "us.part2");
    let named = Wanted { names: vec!["us.health".into()], ..texts(&[("own/own.leave", &own)]) };
    let part2: Vec<String> = gather(&named)
        .unwrap()
        .all
        .into_iter()
        .filter(|it| it.name == "us.part2")
        .map(|it| it.folder)
        .collect();
    assert_eq!(part2, ["own"]);
}

#[test]
fn a_text_shadows_the_pack_of_its_name() {
    let own = "pack core { title \"Another\" edition \"1\" }\ntaxonomy channel { text }\n";
    let packs = gather(&Wanted { names: vec!["core".into()], ..texts(&[("core.leave", own)]) }).unwrap();
    assert_eq!(names(&packs), [("core", true)]);
    assert_eq!(packs.all[0].files.len(), 1);
}

#[test]
fn tests_at_hand_bring_no_law_from_the_disk() {
    // Were the current folder read for the law beside it, this crate's packs would be found.
    let error = gather(&texts(&[("core/a.test.leave", "test \"a\" {}")])).unwrap_err();
    assert!(matches!(error, LoadError::OnlyTests), "{error}");
}

#[test]
fn what_is_not_there_is_said() {
    let names = Wanted { names: vec!["us.tcpaa".into()], ..Wanted::default() };
    let error = gather(&names).unwrap_err();
    assert!(matches!(error, LoadError::NoSuchPack { suggestion: Some("us.tcpa"), .. }), "{error}");
    let names = Wanted { names: vec!["us.heath".into()], ..Wanted::default() };
    let error = gather(&names).unwrap_err();
    assert!(matches!(error, LoadError::NoSuchPack { suggestion: Some("us.health"), .. }), "{error}");
    let path = |path: &str| gather(&Wanted { paths: vec![path.into()], ..Wanted::default() }).unwrap_err();
    assert!(matches!(path("no/such/folder"), LoadError::Unreadable { .. }));
    assert_eq!(path("tests").to_string(), "there is no `.leave` file in `tests`");
}

/// A folder that is linked holds law like any other, once however it is reached, and a link that leads back ends.
#[cfg(unix)]
#[test]
fn linked_folders_are_looked_through_once() {
    use std::os::unix::fs::symlink;
    let root = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("linked");
    let _ = std::fs::remove_dir_all(&root);
    let (policy, elsewhere) = (root.join("policy"), root.join("elsewhere"));
    for folder in [policy.join("own"), elsewhere.join("deep")] {
        std::fs::create_dir_all(folder).unwrap();
    }
    std::fs::write(policy.join("own/own.leave"), "").unwrap();
    std::fs::write(elsewhere.join("deep/law.leave"), "").unwrap();
    symlink(&elsewhere, policy.join("law")).unwrap();
    symlink(&elsewhere, policy.join("law_again")).unwrap();
    symlink(policy.join("own"), policy.join("again")).unwrap();
    symlink(&policy, elsewhere.join("back")).unwrap();
    symlink(root.join("nowhere"), policy.join("broken")).unwrap();
    let found = byleave_packs::load::files(policy.to_str().unwrap()).unwrap();
    assert_eq!(found, [policy.join("law/deep/law.leave"), policy.join("own/own.leave")]);
}

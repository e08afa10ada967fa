//! Every line of the tables can be read, and what they name there is.

use super::places::{AreaCode, area_code, area_codes, stands_for, state, states, written, zones};
use std::collections::BTreeSet;

#[test]
fn no_line_is_passed_over_and_none_is_twice() {
    let codes: BTreeSet<_> = area_codes().map(|(it, _)| it).collect();
    let postal: BTreeSet<_> = states().map(|(it, _)| it).collect();
    let names: BTreeSet<_> = zones().map(|(it, _)| it).collect();
    assert_eq!([codes.len(), postal.len(), names.len()], written());
    assert!(codes.iter().all(|it| it.len() == 3 && it.bytes().all(|it| it.is_ascii_digit())));
    assert!(postal.iter().all(|it| it.len() == 2));
}

#[test]
fn what_is_named_there_is() {
    let core = crate::get("core").expect("it is registered");
    let text: String = core.files.iter().map(|(_, text)| *text).collect();
    let nodes: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    let known = |place: &str| assert!(nodes.contains(place), "{place} is no jurisdiction");
    let zone = |zone: &str| {
        assert!(crate::zones::US.contains(&zone), "{zone}");
        assert_eq!(stands_for(zone), Some(zone), "it stands for itself");
    };
    for (code, what) in area_codes() {
        if let AreaCode::Places { jurisdictions, zones } = what {
            assert!(!jurisdictions.is_empty(), "{code}");
            jurisdictions.into_iter().for_each(known);
            zones.into_iter().for_each(zone);
        }
    }
    for (postal, it) in states() {
        it.jurisdiction.into_iter().for_each(known);
        it.zones.iter().copied().for_each(zone);
        assert_eq!(state(postal), Some(it));
    }
    for (name, it) in zones() {
        zone(it);
        assert_eq!(stands_for(&name.to_lowercase()), Some(it));
    }
    for name in crate::zones::US {
        assert!(stands_for(name).is_some(), "{name} has nothing that stands for it");
    }
}

#[test]
fn only_a_whole_area_code_is_one() {
    assert!(area_code("212").is_some());
    for other in ["", "2", "21", "2125", "#", "987", " 212"] {
        assert_eq!(area_code(other), None, "{other}");
    }
    for other in ["", " ", "F", "FLA", "US-", "US", "|"] {
        assert_eq!(state(other), None, "{other}");
    }
}

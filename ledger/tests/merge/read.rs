//! What is no record and no rule is refused, and the table of ways is held against the packs.

use super::*;

#[test]
fn a_rule_that_could_open_a_door_is_refused_with_what_may_be_stated() {
    for (change, path) in [
        (json!({"facts": {"person.birth_date": "latest"}}), "facts.person.birth_date"),
        (json!({"facts": {"person.hours": "prefer"}}), "facts.person.hours"),
        (json!({"facts": {"person.employer_prohibits": "unknown"}}), "facts.person.employer_prohibits"),
        (json!({"facts": {"person.holdout_until": "unknown"}}), "facts.person.holdout_until"),
        (json!({"facts": {"person.vip": "unknown"}}), "facts.person.vip"),
        (json!({"facts": {"contact.purpose": "agree"}}), "facts.contact.purpose"),
        (json!({"facts": {"person.id": "agree"}}), "facts.person.id"),
        (json!({"facts": {"person.hours": 1}}), "facts.person.hours"),
        (json!({"grants": "latest"}), "grants"),
        (json!({"sources": {}}), "sources"),
        (json!({"sources": {"clinic": {"keeps": []}}}), "sources.clinic.counts"),
        (json!({"sources": {"clinic": {"keeps": ["voids"], "counts": []}}}), "sources.clinic.keeps"),
        (json!({"sources": {"clinic": {"keeps": [], "counts": ["refusals"]}}}), "sources.clinic.counts"),
        (json!({"sources": {"clinic": {"keeps": [], "counts": [], "trust": 1}}}), "sources.clinic.trust"),
        (json!({"prefer": "clinic"}), "prefer"),
    ] {
        let mut stated = both();
        stated.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let error = Rules::parse(&stated.to_string()).unwrap_err();
        assert_eq!(error.path(), Some(path), "{error}");
    }
    let mut stricter = both();
    stricter["facts"] = json!({"person.hours": "agree", "person.relationships": "agree", "person.caps": "unknown", "person.vip": "agree"});
    assert!(Rules::parse(&stricter.to_string()).is_ok());
}

#[test]
fn what_is_no_record_is_refused_with_its_path() {
    let good = record("clinic", &json!({}), &json!({}));
    for (key, bad, path) in [
        ("source", json!(""), "source"),
        ("as_of", json!("2026-06-01"), "as_of"),
        ("person", json!({}), "person.id"),
        ("person", json!([]), "person"),
        ("consents", json!({}), "consents"),
        ("consents", json!([1]), "consents[0]"),
        ("consents", json!([{"id": 7}]), "consents[0].id"),
        ("contact", json!({}), "contact"),
        ("complete", json!([1]), "complete"),
        ("contacts_complete_from", json!("2026-01-01T00:00:00Z"), "contacts_complete_from"),
        ("statements", json!([]), "statements"),
    ] {
        let mut record = good.clone();
        record[key] = bad;
        let error = Profile::parse(&record.to_string()).unwrap_err();
        assert_eq!(error.path(), Some(path), "{error}");
    }
    for bad in [
        "",
        "[]",
        "{",
        r#"{"statements": [{}]}"#,
        r#"{"statements": {}}"#,
        r#"{"statements": [1]}"#,
        r#"{"statements": [{"source": "a", "as_of": "2026-06-01T00:00:00Z", "complete": [], "more": 1}]}"#,
        r#"{"statements": [{"source": "a", "as_of": "2026-06-01T00:00:00Z", "fact": "hours", "value": 1}]}"#,
        r#"{"source": "a", "source": "b"}"#,
        r#"{"source": 1.5}"#,
    ] {
        assert!(Profile::parse(bad).is_err(), "{bad}");
    }
    let error = profile(&record("stranger", &json!({}), &json!({}))).resolve(&rules(&both())).unwrap_err();
    assert!(error.message().contains("stranger"));
    for (key, bad) in [
        ("hours", json!(["09:00"])),
        ("caps", json!(1)),
        ("pause_until", json!("soon")),
        ("time_zones", json!([1])),
    ] {
        let profile = profile(&record("clinic", &json!({key: bad}), &json!({}))).merge(&profile(&record(
            "billing",
            &json!({key: null}),
            &json!({}),
        )));
        let error = profile.resolve(&rules(&both()));
        // An empty set of zones is unknown, whatever else is said.
        assert!(
            key == "time_zones" || error.unwrap_err().path() == Some(format!("person.{key}").as_str()),
            "{key}"
        );
    }
}

/// Leaving a fact out restricts, save where its absence means none and where policy asks what is known. The packs may grow such a
/// fact; then it must not be one that is left out.
#[test]
fn what_is_left_out_is_nothing_whose_absence_speaks() {
    let mut speaks: Vec<String> = Vec::new();
    for pack in byleave_packs::all() {
        for (_, text) in pack.files {
            let mut of_person = false;
            for line in text.lines().map(str::trim) {
                of_person = if line.starts_with("facts ") {
                    line.starts_with("facts person")
                } else {
                    of_person && line != "}"
                };
                let (field, none) =
                    (line.split(':').next().unwrap_or_default(), line.contains("absent none"));
                if none && of_person {
                    speaks.push(format!("person.{field}"));
                }
                if let Some(path) = line.strip_prefix("fact person.").filter(|_| none) {
                    speaks.push(format!("person.{}", path.split(':').next().unwrap()));
                }
                let mut rest = line.split("known that").skip(1).collect::<Vec<_>>().join(" ");
                while let Some(at) = rest.find("person.") {
                    rest = rest.split_off(at + 7);
                    let name: String =
                        rest.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
                    speaks.push(format!("person.{}", if name == "age" { "birth_date" } else { &name }));
                }
            }
        }
    }
    for known in [
        "person.deceased_on",
        "person.holdout_until",
        "person.calendar_caps",
        "person.birth_date",
        "person.attorney",
        "person.employer_prohibits",
    ] {
        assert!(speaks.iter().any(|it| it == known), "{known} is not found: {speaks:?}");
    }
    for path in speaks {
        let mut stated = both();
        stated["facts"] = json!({ &path: "unknown" });
        assert!(Rules::parse(&stated.to_string()).is_err(), "{path} must not be left out");
    }
}

#[test]
fn a_profile_may_hold_more_than_a_record() {
    let events = |of: &str| -> Vec<Value> {
        (0..4000).map(|n| json!({"id": format!("{of}{n}"), "kind": "decline"})).collect()
    };
    let one = record("clinic", &json!({}), &json!({"consents": events("c")}));
    let whole =
        profile(&one).merge(&profile(&record("billing", &json!({}), &json!({"consents": events("b")}))));
    assert_eq!(Profile::parse(&whole.canonical()).unwrap(), whole);
    // What the engine would not admit is refused, with its place.
    let error = whole.resolve(&rules(&both())).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Limit, Some("consents")));
}

//! What becomes of facts on which sources differ.

use super::*;

#[test]
fn hours_are_those_that_all_name_and_none_are_said_to_be_none() {
    let night = json!({"hours": {"wed": [["18:00", "22:00"]]}, "time_zones": ["America/New_York"]});
    let day = json!({"hours": {"wed": [["09:00", "17:00"]]}});
    let found = merged(
        &record("clinic", &day, &json!({"complete": ["preferences"]})),
        &record("billing", &night, &json!({"complete": ["preferences"]})),
    );
    assert_eq!(facts(&found)["person"]["hours"], json!({}));
    assert_eq!(found.disputes[0].became, Became::NoHour);
    assert_eq!(found.disputes[0].sources, ["billing", "clinic"]);
    let ask = ask("email", "order_status", "running");
    assert_eq!(leave(&PREFERENCES, &lay(&facts(&found), &ask)), (0, 0), "no hour is no leave, ever");
    // Without the clinic's wish it is a matter of waiting.
    let billing = merged(
        &record("clinic", &json!({}), &json!({"complete": ["preferences"]})),
        &record("billing", &night, &json!({"complete": ["preferences"]})),
    );
    assert_eq!(leave(&PREFERENCES, &lay(&facts(&billing), &ask)).0, 1);
}

#[test]
fn holidays_are_the_calendars_and_two_calendars_are_unknown() {
    let with = |calendar: &str| json!({"hours": {"mon": [["09:00", "17:00"]], "tue": [["10:00", "12:00"]], "holiday": [["11:00", "24:00"]], "calendar": calendar}});
    let without =
        json!({"hours": {"mon": [["08:00", "10:30"], ["10:30", "13:00"]], "tue": [["00:00", "24:00"]]}});
    let found =
        merged(&record("clinic", &with("us_federal"), &json!({})), &record("billing", &without, &json!({})));
    let hours = &facts(&found)["person"]["hours"];
    assert_eq!(hours["mon"], json!([["09:00", "13:00"]]));
    assert_eq!(hours["tue"], json!([["10:00", "12:00"]]));
    // A holiday may be a Sunday, on which billing is shut.
    assert_eq!((&hours["holiday"], &hours["calendar"]), (&json!([]), &json!("us_federal")));
    let found = merged(
        &record("clinic", &with("us_federal"), &json!({"complete": ["preferences"]})),
        &record("billing", &with("al"), &json!({"complete": ["preferences"]})),
    );
    assert_eq!(facts(&found)["person"].get("hours"), None);
    assert_eq!(facts(&found).get("complete"), None, "left out, it would read as no wish");
    assert_eq!(found.disputes[0].became, Became::Unknown);
}

#[test]
fn what_restricts_holds_and_what_is_unknown_is_left_out() {
    let clinic = json!({"pause_until": "2026-07-05T00:00:00+02:00", "caps": [{"scope": {}, "most": 1, "window": "24 hours"}],
        "channel_rules": [{"scope": {"channel": ["text"]}, "rule": "forbid"}], "time_zones": "America/New_York",
        "relationships": ["patient"], "employer_prohibits": false, "birth_date": "2008", "holdout_until": null});
    let billing = json!({"pause_until": "2026-07-04T23:00:00Z", "caps": [{"scope": {}, "most": 5, "window": "24 hours"}],
        "channel_rules": null, "time_zones": ["America/Chicago", "America/New_York"],
        "relationships": ["customer"], "employer_prohibits": true, "birth_date": "2008-03-09", "holdout_until": "2026-08-01T00:00:00Z"});
    let found = merged(&record("clinic", &clinic, &json!({})), &record("billing", &billing, &json!({})));
    let person = &facts(&found)["person"];
    assert_eq!(person["pause_until"], "2026-07-04T23:00:00Z");
    assert_eq!(person["caps"].as_array().unwrap().len(), 2);
    assert_eq!(person["channel_rules"].as_array().unwrap().len(), 1);
    assert_eq!(person["time_zones"], json!(["America/Chicago", "America/New_York"]));
    assert_eq!(person.get("relationships"), None);
    assert_eq!(person["employer_prohibits"], true);
    assert_eq!(person["birth_date"], "2008-03-09");
    assert_eq!(person["holdout_until"], "2026-08-01T00:00:00Z");
    let paths: Vec<&str> = found.disputes.iter().map(|it| it.path.as_str()).collect();
    assert!(paths.contains(&"person.relationships") && !paths.contains(&"person.birth_date"), "{paths:?}");
}

#[test]
fn a_fact_that_must_be_agreed_on_stops_the_merge_and_says_between_whom() {
    for (key, one, other) in [
        ("birth_date", json!("2008-03-09"), json!("2008-03-10")),
        ("birth_date", json!("200"), json!("2008")),
        ("deceased_on", json!("2020-01-01"), Value::Null),
        ("attorney", json!("a"), json!("b")),
        ("vip", json!(true), json!(false)),
    ] {
        let profile = profile(&record("clinic", &json!({key: one}), &json!({}))).merge(&profile(&record(
            "billing",
            &json!({key: other}),
            &json!({}),
        )));
        let error = profile.resolve(&rules(&both())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert_eq!(error.path(), Some(format!("person.{key}").as_str()));
        assert!(error.message().contains("billing, clinic"), "{error}");
    }
}

#[test]
fn a_confirmed_zone_narrows_only_if_all_confirm_it() {
    let sure = json!({"time_zones": ["America/New_York"], "confirmed_time_zone": {"zone": "America/New_York", "on": "2026-05-01"}});
    let alone = merged(&record("clinic", &sure, &json!({})), &record("billing", &json!({}), &json!({})));
    assert_eq!(facts(&alone)["person"]["confirmed_time_zone"]["zone"], "America/New_York");
    let other = json!({"time_zones": ["America/Denver"]});
    let found = merged(&record("clinic", &sure, &json!({})), &record("billing", &other, &json!({})));
    assert_eq!(facts(&found)["person"]["time_zones"], json!(["America/Denver", "America/New_York"]));
    assert_eq!(facts(&found)["person"].get("confirmed_time_zone"), None);
    let unknown = merged(
        &record("clinic", &sure, &json!({})),
        &record("billing", &json!({"time_zones": []}), &json!({})),
    );
    assert_eq!(facts(&unknown)["person"].get("time_zones"), None);
}

#[test]
fn a_source_that_changes_its_mind_does_not_dispute_with_itself() {
    let mut later = record("clinic", &json!({"relationships": ["customer"]}), &json!({}));
    later["as_of"] = json!("2026-06-02T00:00:00Z");
    let profile = profile(&record("clinic", &json!({"relationships": ["patient"]}), &json!({})))
        .merge(&profile(&later));
    let found = profile
        .merge(&self::profile(&record("billing", &json!({}), &json!({}))))
        .resolve(&rules(&both()))
        .unwrap();
    assert_eq!(facts(&found)["person"]["relationships"], json!(["customer"]));
}

#[test]
fn nobody_vouches_for_another() {
    let complete = json!({"complete": ["preferences", "national_dnc"]});
    let one = merged(&record("clinic", &json!({}), &complete), &record("billing", &json!({}), &json!({})));
    assert_eq!(facts(&one).get("complete"), None);
    let all = merged(&record("clinic", &json!({}), &complete), &record("billing", &json!({}), &complete));
    assert_eq!(
        facts(&all)["complete"],
        json!(["preferences"]),
        "no system keeps look-ups, so none vouches for a list"
    );
    let mut stated = both();
    stated["sources"]["billing"]["keeps"] = json!(["consents", "lists"]);
    let both = profile(&record("clinic", &json!({}), &json!({}))).merge(&profile(&record(
        "billing",
        &json!({}),
        &json!({"complete": ["national_dnc"], "lists": []}),
    )));
    assert_eq!(facts(&both.resolve(&rules(&stated)).unwrap())["complete"], json!(["national_dnc"]));
}

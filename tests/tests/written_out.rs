//! A recipient that is the person, written out: it changes no answer when it says nothing or what is the person's already,
//! and a wish more of its own only restricts.

use byleave_tests::decide::{FastMaker, Maker, SlowMaker};
use byleave_tests::harness;
use byleave_tests::laws::{self, Verdict, pack};
use byleave_tests::worlds::{Dice, World, request};
use serde_json::{Value as Json, json};

/// The world with that recipient.
fn with(world: &World, recipient: Json) -> World {
    let mut out = world.clone();
    out.request["recipient"] = recipient;
    out
}

/// What the person is said to be, in part, as a recipient.
fn copied(world: &World, d: &mut Dice) -> Json {
    let mut out = json!({"role": "self"});
    for (key, value) in world.request["person"].as_object().into_iter().flatten() {
        let both =
            ["id", "time_zones", "confirmed_time_zone", "birth_date", "jurisdictions", "hours", "caps"];
        if both.contains(&key.as_str()) && d.one_in(2) {
            out[key] = value.clone();
        }
    }
    out
}

fn changes_nothing(world: &World) -> Verdict {
    let decider = FastMaker.make(&[pack(world)])?;
    let base = decider.answer(&with(world, Json::Null).request)?;
    let mut d = Dice::new(world.seed);
    for recipient in [json!({"role": "self"}), copied(world, &mut d)] {
        let answer = decider.answer(&with(world, recipient.clone()).request)?;
        if answer != base {
            return Err(format!(
                "writing out the person changed the answer\n{}\n{}\n{recipient}\n{base:?}\n{answer:?}",
                world.text(),
                world.request
            ));
        }
    }
    Ok(())
}

/// A recipient as one is made at random, but the person, or one of whom nobody says whether it is.
fn disputed(world: &World) -> World {
    let mut d = Dice::new(world.seed ^ 0x5E1F);
    let instant = world.request["at"].as_str().and_then(byleave_tests::reference::clock::parse_instant);
    let mut recipient = request::recipient(&mut d, instant.unwrap_or_default(), "America/Denver");
    match d.below(4) {
        0 => drop(recipient.as_object_mut().map(|r| r.remove("role"))),
        1 => recipient["id"] = json!("p1"),
        _ => recipient["role"] = json!("self"),
    }
    if d.one_in(3) {
        recipient["time_zones"] = world.request["person"]["time_zones"].clone();
    }
    if d.one_in(4) {
        recipient["confirmed_time_zone"] = json!({"zone": "America/Denver", "on": "2024-01-01"});
    }
    for key in ["hours", "caps", "jurisdictions"] {
        if d.one_in(6) {
            recipient[key] = if d.one_in(2) { Json::Null } else { world.request["person"][key].clone() };
        }
    }
    with(world, recipient)
}

#[test]
fn writing_out_the_person_changes_nothing() {
    harness::holds("written_out_nothing", 120, changes_nothing);
}

#[test]
fn fast_equals_slow() {
    harness::holds("written_out_agree", 40, |world| {
        laws::agree(&FastMaker, &SlowMaker(None), &disputed(world))
    });
}

#[test]
fn ignorance_only_restricts() {
    harness::holds("written_out_ignorance", 60, |world| laws::ignorance(&FastMaker, &disputed(world)));
}

const WISHES: &str = "
rule hours { when recipient.hours exists  require local_time within recipient.hours }
rule caps for each cap in recipient.caps { require at most cap.most contacts in past cap.window, this one included, where cap.scope covers it }
rule morning { require local_time between 09:00 and 18:00 }
";

/// Wishes of its own and clocks of its own only restrict, under rules that ask for them.
#[test]
fn what_it_says_besides_only_restricts() {
    let decider = FastMaker.make(&[format!("{}{WISHES}", laws::HEAD)]).expect("a policy");
    harness::holds("written_out_restricts", 300, |world| {
        // Of the world only who it is about, and what happened: these rules have no settings.
        let mut plain = world.clone();
        plain.request.as_object_mut().map(|r| r.remove("settings"));
        let world = &plain;
        let base = decider.answer(&with(world, Json::Null).request)?;
        let disputed = disputed(world);
        let recipient = &disputed.request["recipient"];
        let another = match recipient["role"].as_str() {
            Some(role) => role != "self",
            None => disputed.request["person"]["id"].is_string() && recipient["id"] == "q1",
        };
        let more = decider.answer(&disputed.request)?;
        if another
            || base.outcome == "allow"
            || more.outcome == "deny"
            || (more.outcome == "defer" && base.outcome == "defer" && more.until >= base.until)
        {
            return Ok(());
        }
        Err(format!("a recipient freed\n{}\n{base:?}\n{more:?}", disputed.request))
    });
}

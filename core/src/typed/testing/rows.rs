//! Rules for each row and each record, dates in force, kinds of reasons.

use super::{WORDS, policy};
use crate::time::{Date, Instant, zone::zone};
use crate::typed::words::{render, render_in};
use crate::typed::{Cond, Kind, Operand, Policy, TemplatePart};

fn own(body: &str) -> Policy {
    let text = format!(
        "pack own {{ title \"Own\"  clock America/New_York  business_days cal }}\nuse words\ncalendar cal {{ covers 2000 to 2100  new_year 01-01 }}\n{body}"
    );
    policy(&[("w", WORDS), ("o", &text)])
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

const HOURS: &str = r#"
table state_hours {
  row  state  technology  channels     weekdays     saturday     sunday  holiday  calendar  lifted_by        since       until       verified   clock             cite
  fl   US-FL  any         voice, text  08:00-20:00  =            =       =        -         -                2021-07-01  -           text       -                 "Fla. Stat. 501.616(6)(a)"
  ri   US-RI  automated   voice        09:00-18:00  10:00-17:00  none    none     cal       friend, about_care  -        2027-01-31  secondary  America/Chicago   "R.I. Gen. Laws 5-61-2"
}
exemption friend { when contact.urgent }
define about_care: contact.purpose only care
/// Hours of a state.
rule hours for each row in state_hours {
  when     row.state applies and contact.channel is row.channels and contact.technology is row.technology
  require  local_time within row.week
  unless   row.lifted_by
  because  "{row.state} by {row.channels}: {row.week}."
}
"#;

#[test]
fn each_row_is_a_rule_with_its_own_dates_citation_and_exemptions() {
    let p = own(HOURS);
    let ids: Vec<&str> = p.rules.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids, ["own.hours[fl]", "own.hours[ri]"]);
    let (fl, ri) = (&p.rules[0], &p.rules[1]);
    let eastern = zone("America/New_York").unwrap();
    assert_eq!(fl.in_force.from, eastern.start_of(day("2021-07-01")));
    assert_eq!(fl.in_force.until, Instant::MAX);
    assert_eq!(ri.in_force.from, Instant::MIN);
    // The last day in force is wholly in force.
    assert_eq!(ri.in_force.until, eastern.start_of(day("2027-02-01")));
    assert_eq!(fl.law.cites, ["Fla. Stat. 501.616(6)(a)"]);
    assert_eq!(ri.clock.as_ref().unwrap().name(), "America/Chicago");
    assert!(fl.unless.is_empty());
    let names: Vec<&str> = ri.unless.iter().map(|u| p.exemptions[u.exemption].id.as_str()).collect();
    assert_eq!(names, ["own.friend", "own.about_care"]);
    assert_eq!((fl.kind, ri.kind), (Kind::Timing, Kind::Timing));
    assert_eq!(
        render(&ri.when, &p),
        "(recipient.jurisdictions is US-RI or address.jurisdictions is US-RI) and contact.channel is voice and contact.technology is automated"
    );
    // `any` leaves the technology open, also while nobody knows it.
    assert_eq!(
        render(&fl.when, &p),
        "(recipient.jurisdictions is US-FL or address.jurisdictions is US-FL) and contact.channel is [voice, text]"
    );
    match fl.because.parts.as_slice() {
        [TemplatePart::Text(words)] => assert!(words.starts_with("US-FL by voice and text: "), "{words}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rows_share_the_numbers_of_their_conditions() {
    let p = own(HOURS);
    assert_eq!(p.rules[0].when.id, p.rules[1].when.id);
    assert_ne!(p.rules[0].when.id, p.rules[0].requires[0].id);
}

#[test]
fn each_record_must_pass() {
    let p = own(
        "rule own_cap for each cap in person.caps {\n  when cap covers contact\n  require at most cap.most attempts in past cap.window, this one included, where cap covers it\n}\n",
    );
    let rule = &p.rules[0];
    assert_eq!(rule.each, p.vocabulary.fact("person.caps"));
    assert!(matches!(rule.when.cond, Cond::CoversContact(Operand::Record(0))));
    assert_eq!(
        render_in(&rule.requires[0], rule, &p),
        "at most most attempts in past window, this one included, where scope covers it"
    );
    assert_eq!(rule.kind, Kind::TooOften);
}

#[test]
fn the_first_question_gives_the_kind() {
    let kinds = own(r#"
rule a { require contact.urgent or consent at least express }
rule b { require not refused }
rule c { require not known that address on national_dnc  require local_time between 08:00 and 21:00 }
rule d { require contact.length <= 160 }
rule e { include opt_out }
rule f { disclose only identity }
rule g { require consent at least express when local_time between 08:00 and 21:00 }
rule h { require not today is holiday in cal }
rule i { require no attempts today }
rule j { kind content  require no attempts today }
"#);
    let kinds: Vec<Kind> = kinds.rules.iter().map(|r| r.kind).collect();
    use Kind::{Consent, Content, NoBasis, Refused, Timing, TooOften};
    assert_eq!(
        kinds,
        [Consent, Refused, Refused, NoBasis, Content, Content, Consent, Timing, TooOften, Content]
    );
}

#[test]
fn dated_values_begin_by_the_packs_clock() {
    let p = own(
        "dated within { 30 days until 2025-04-11  10 business days from 2025-04-11 }\nrule r { require contact.urgent  on refusal oblige honor_by: within as of latest revocation after latest revocation covering contact }\n",
    );
    let eastern = zone("America/New_York").unwrap();
    let starts: Vec<Instant> = p.dated[0].editions.iter().map(|e| e.0).collect();
    assert_eq!(starts, [Instant::MIN, eastern.start_of(day("2025-04-11"))]);
    assert_eq!(p.dated[0].name, "own.within");
}

#[test]
fn definitions_keep_their_places() {
    let p = own(
        "define busy: contact.urgent and contact.length > 3\nrule r { require busy }\nrule s { require not busy }\n",
    );
    let r = &p.rules[0].requires[0];
    let Cond::Not(s) = &p.rules[1].requires[0].cond else { panic!() };
    assert_eq!((r.id, r.span), (s.id, s.span));
}

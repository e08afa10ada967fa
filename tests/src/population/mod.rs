//! Ten thousand seeded persons, each with one proposed contact: as native structs, as facts through the engine's native
//! door, as JSON for its ordinary one.

mod dice;
mod facts;
mod json;
mod worked_out;

pub use dice::Dice;
pub use facts::Names;
pub use json::{read_answer, request};
pub use worked_out::{blocking, worked_out};

use crate::handwritten::words::{Channel, Data, Interacted, Is, Level, Purpose, Set, State, Topic, Use};
use crate::handwritten::{Case, Consent, Contact, Interaction, Kind, LookUp, Past, Scope};
use byleave::time::{Date, Instant, Zone, zone::zone};
use std::sync::Arc;

/// How many persons.
pub const PERSONS: usize = 10_000;
/// Consent events of each.
pub const CONSENTS: usize = 12;
/// Past contacts of each.
pub const PAST: usize = 20;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;

/// The twelve rules.
pub const POLICY: &str = include_str!("../../benches/policy/twelve.leave");

/// An engine for the twelve rules and whatever else is given.
pub fn engine(more: &str) -> byleave::Engine {
    let mut builder = byleave::Engine::builder().source("twelve", "twelve.leave", POLICY);
    if !more.is_empty() {
        builder = builder.source("others", "others.leave", more);
    }
    builder.build().unwrap_or_else(|error| panic!("{error}"))
}

/// Rules of states in which nobody of the population lives: none can apply.
pub fn rules_of_other_states(count: usize) -> String {
    const STATES: [&str; 25] = [
        "AK", "AL", "AR", "CO", "CT", "DE", "GA", "HI", "IA", "ID", "KS", "KY", "LA", "MA", "MD", "ME", "MI",
        "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH",
    ];
    let mut out = String::from(
        "pack others { title \"Other states\" source \"The benchmark\" edition \"1\" reviewed 2026-11-22 }\nuse twelve\n",
    );
    for n in 0..count {
        let state = STATES[n % STATES.len()];
        let rule = match n % 4 {
            0 => format!(
                "when by_phone and recipient.jurisdictions is US-{state} require local_time between 09:00 and 19:30"
            ),
            1 => format!(
                "when recipient.jurisdictions is US-{state} and for_marketing require consent at least express_written"
            ),
            2 => format!(
                "when for_marketing and recipient.jurisdictions is US-{state} require at most {} attempts in past {} hours, this one included",
                n % 7 + 1,
                n % 48 + 1
            ),
            _ => format!(
                "when contact.channel is text and recipient.jurisdictions is US-{state} require content.length <= {}",
                100 + n % 100
            ),
        };
        out.push_str(&format!("rule other_{n} {{ cite \"other {n}\" {rule} because \"Rule {n}.\" }}\n"));
    }
    out
}

/// The whole population.
pub fn population() -> Vec<Case> {
    let mut dice = Dice::new(0x5eed_1eaf);
    (0..PERSONS).map(|_| person(&mut dice)).collect()
}

fn person(dice: &mut Dice) -> Case {
    let (state, first, second) = dice.weighted(&[
        (22, (State::California, "America/Los_Angeles", None)),
        (8, (State::California, "America/Los_Angeles", Some("America/New_York"))),
        (18, (State::Florida, "America/New_York", None)),
        (8, (State::Florida, "America/New_York", Some("America/Chicago"))),
        (14, (State::NewYork, "America/New_York", None)),
        (12, (State::Texas, "America/Chicago", None)),
        (5, (State::Texas, "America/Chicago", Some("America/Denver"))),
        (5, (State::Illinois, "America/Chicago", None)),
        (3, (State::Indiana, "America/Indiana/Indianapolis", Some("America/Chicago"))),
        (3, (State::Tennessee, "America/Chicago", Some("America/New_York"))),
        (2, (State::Arizona, "America/Phoenix", None)),
    ]);
    let zones: Vec<Arc<Zone>> = std::iter::once(first).chain(second).filter_map(zone).collect();
    let day = Date::from_ymd(2026, 1, 1).expect("a date").add_days(dice.between(0, 365));
    let (from, to) = dice.weighted(&[(76, (9, 19)), (14, (19, 24)), (10, (0, 9))]);
    let hour = dice.between(from, to);
    let at = Instant(zones[0].start_of(day).0 + hour * HOUR + dice.between(0, 3600) * SECOND);
    let contact = contact(dice);
    let address = 12_025_550_000 + dice.below(10_000);
    let mut consents: Vec<Consent> = (0..CONSENTS).map(|n| consent(dice, at, address, &contact, n)).collect();
    consents.sort_by_key(|c| std::cmp::Reverse(c.at));
    let mut past: Vec<Past> = (0..PAST).map(|_| sent(dice, at, &contact)).collect();
    past.sort_by_key(|p| std::cmp::Reverse(p.at));
    let mut interactions: Vec<Interaction> = (0..dice.below(4))
        .map(|_| Interaction {
            at: before(dice, at, 900),
            kind: dice.weighted(&[
                (3, Interacted::Transaction),
                (2, Interacted::Inquiry),
                (3, Interacted::Visited),
            ]),
        })
        .collect();
    interactions.sort_by_key(|i| std::cmp::Reverse(i.at));
    let birth_date = (!dice.percent(1)).then(|| {
        let days = if dice.percent(3) {
            dice.between(17 * 365, 18 * 365 + 30)
        } else {
            dice.between(18 * 366, 90 * 365)
        };
        at.utc_date().add_days(-days)
    });
    let do_not_call = (!dice.percent(2)).then(|| LookUp {
        listed: dice.percent(25),
        version: at.utc_date().add_days(-if dice.percent(94) {
            dice.between(1, 29)
        } else {
            dice.between(29, 60)
        }),
    });
    Case {
        at,
        state,
        zones,
        birth_date,
        address,
        contact,
        consents,
        past,
        interactions,
        do_not_call,
        gpc: dice.percent(15),
    }
}

fn before(dice: &mut Dice, at: Instant, days: i64) -> Instant {
    Instant(at.0 - dice.between(1, days * 86_400) * SECOND)
}

fn contact(dice: &mut Dice) -> Contact {
    let (channel, purposes): (Channel, &[Purpose]) = dice.weighted(&[
        (16, (Channel::Sms, &[Purpose::Appointment] as &[Purpose])),
        (6, (Channel::Sms, &[Purpose::LabResult])),
        (6, (Channel::Sms, &[Purpose::RefillReminder])),
        (6, (Channel::LiveCall, &[Purpose::Appointment])),
        (3, (Channel::Voicemail, &[Purpose::LabResult])),
        (8, (Channel::Email, &[Purpose::Appointment])),
        (14, (Channel::Email, &[Purpose::OwnService])),
        (5, (Channel::Email, &[Purpose::ThirdPartyProduct])),
        (13, (Channel::Sms, &[Purpose::OwnService])),
        (3, (Channel::Mms, &[Purpose::ThirdPartyProduct])),
        (5, (Channel::LiveCall, &[Purpose::OwnService])),
        (4, (Channel::Sms, &[Purpose::RefillReminder, Purpose::ThirdPartyProduct])),
        (3, (Channel::InPerson, &[Purpose::OwnService])),
        (4, (Channel::Transfer, &[Purpose::SaleSharing])),
        (4, (Channel::Email, &[Purpose::Billing])),
    ]);
    let purposes: Set<Purpose> = purposes.iter().copied().collect();
    let mut topics: Vec<Topic> = Vec::new();
    if !dice.percent(5) {
        topics.push(topic(dice));
    }
    if dice.percent(10) {
        topics.push(topic(dice));
    }
    let marketing = purposes.is(Purpose::Marketing);
    let health = if marketing { dice.percent(12) } else { dice.percent(50) };
    let mut data = vec![Data::Identity];
    if health {
        data.push(if dice.percent(50) { Data::Drug } else { Data::Diagnosis });
    } else if dice.percent(50) {
        data.push(Data::Visit);
    }
    let transfer = channel == Channel::Transfer;
    Contact {
        channel,
        purposes,
        topics: topics.into_iter().collect(),
        automated: channel.is(Channel::Text) || dice.percent(30),
        data: data.into_iter().collect(),
        uses: Set::from_iter(if transfer {
            Some(if dice.percent(50) { Use::Sell } else { Use::Share })
        } else {
            None
        }),
        length: if dice.percent(97) { dice.between(40, 161) } else { dice.between(161, 400) } as u32,
        says_opt_out: !dice.percent(3),
    }
}

fn topic(dice: &mut Dice) -> Topic {
    dice.weighted(&[
        (10, Topic::Wellness),
        (14, Topic::Nutrition),
        (10, Topic::Exercise),
        (16, Topic::Running),
        (14, Topic::Swimming),
        (22, Topic::Dental),
        (4, Topic::Heart),
        (6, Topic::HeartRhythm),
        (4, Topic::MentalHealth),
    ])
}

/// One consent event. Some of a person's are about the very kind of contact that is proposed; most are about others.
fn consent(dice: &mut Dice, at: Instant, address: u64, contact: &Contact, n: usize) -> Consent {
    let kind = if n < 2 {
        Kind::Grant
    } else {
        dice.weighted(&[(80, Kind::Grant), (12, Kind::Revoke), (8, Kind::Decline)])
    };
    let scope = if kind == Kind::Revoke {
        taken_scope(dice, address)
    } else {
        granted_scope(dice, contact, address, n)
    };
    let level = dice.weighted(&[
        (8, Level::Implied),
        (26, Level::OptedIn),
        (18, Level::Express),
        (34, Level::ExpressWritten),
        (10, Level::HipaaAuthorization),
        (4, Level::CaSaleSharing),
    ]);
    let families = (kind == Kind::Revoke && dice.percent(25)).then(|| {
        dice.weighted(&[
            (2, Set::from_iter([Level::Contact])),
            (1, Set::from_iter([Level::Hipaa])),
            (1, Set::from_iter([Level::Hipaa, Level::Ca])),
        ])
    });
    let grant = kind == Kind::Grant;
    Consent {
        at: before(dice, at, 1200),
        kind,
        level,
        families,
        scope,
        expires_on: (grant && dice.percent(18)).then(|| at.utc_date().add_days(dice.between(-200, 500))),
        expires_at: (grant && dice.percent(6))
            .then(|| Instant(at.0 + dice.between(-100 * 86_400, 300 * 86_400) * SECOND)),
    }
}

fn granted_scope(dice: &mut Dice, contact: &Contact, address: u64, n: usize) -> Scope {
    let near = n < 2;
    let channel = match dice.below(10) {
        _ if near && dice.percent(50) => Some(contact.channel.top()),
        0..2 => None,
        2..5 => Some(Channel::Text),
        5..8 => Some(Channel::Email),
        _ => Some(Channel::Voice),
    };
    let purpose = match dice.below(10) {
        _ if near && dice.percent(60) => None,
        0..3 => None,
        3..7 => Some(Purpose::Care),
        7..9 => Some(Purpose::Marketing),
        _ => Some(Purpose::OwnService),
    };
    let topic = match dice.below(20) {
        _ if near && dice.percent(60) => None,
        _ if near && dice.percent(70) => Some(contact.topics.iter().next().unwrap_or(Topic::Dental)),
        0..7 => None,
        7..11 => Some(Topic::Wellness),
        11..14 => Some(Topic::Exercise),
        14..17 => Some(Topic::Dental),
        17..19 => Some(Topic::Heart),
        _ => Some(Topic::MentalHealth),
    };
    Scope {
        channel: channel.map(|c| {
            let also = (c == Channel::Text && dice.percent(30)).then_some(Channel::Email);
            std::iter::once(c).chain(also).collect()
        }),
        purpose: purpose.map(|p| Set::from_iter([p])),
        topic: topic.map(|t| Set::from_iter([t])),
        address: dice.percent(8).then_some(address),
    }
}

/// Most of what is taken back is one channel, one topic, one purpose; seldom everything.
fn taken_scope(dice: &mut Dice, address: u64) -> Scope {
    let mut scope = Scope::default();
    match dice.below(20) {
        0..5 => {
            scope.channel = Some(Set::from_iter([dice.weighted(&[
                (2, Channel::Email),
                (1, Channel::Sms),
                (2, Channel::Voice),
            ])]))
        }
        5..11 => scope.topic = Some(Set::from_iter([topic(dice)])),
        11..14 => scope.purpose = Some(Set::from_iter([Purpose::ThirdPartyProduct])),
        14..16 => {
            scope.channel = Some(Set::from_iter([Channel::Voice]));
            scope.purpose = Some(Set::from_iter([Purpose::Marketing]));
        }
        16..17 => scope.purpose = Some(Set::from_iter([Purpose::SaleSharing])),
        17..18 => scope.purpose = Some(Set::from_iter([Purpose::Marketing])),
        18..19 => scope.address = Some(address + 1),
        _ => {}
    }
    scope
}

fn sent(dice: &mut Dice, at: Instant, contact: &Contact) -> Past {
    let days = dice.weighted(&[(6, 1), (14, 7), (40, 60), (40, 365)]);
    let purpose = dice.weighted(&[
        (3, Purpose::Appointment),
        (1, Purpose::LabResult),
        (1, Purpose::RefillReminder),
        (8, Purpose::OwnService),
        (2, Purpose::ThirdPartyProduct),
        (3, Purpose::Billing),
    ]);
    let same = dice.percent(25).then(|| contact.topics.iter().next()).flatten();
    Past {
        at: before(dice, at, days),
        channel: dice.weighted(&[(4, Channel::Sms), (4, Channel::Email), (1, Channel::LiveCall)]),
        purpose,
        topic: same.or_else(|| (!dice.percent(10)).then(|| topic(dice))),
    }
}

impl Channel {
    /// The channel just below the root.
    fn top(self) -> Channel {
        [Channel::Voice, Channel::Text].into_iter().find(|up| self.is(*up)).unwrap_or(self)
    }
}

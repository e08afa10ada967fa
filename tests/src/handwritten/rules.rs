//! The twelve rules: what each says now, and when time alone makes it say something else.

use super::case::Case;
use super::consent::{ALWAYS, NEVER};
use super::words::{Channel, Data, Interacted, Is, Level, Purpose, Set, State, Topic, Use, Word};
use byleave::time::Segment;

/// The rules, in the order of the policy.
pub const RULES: [&str; 12] = [
    "quiet_hours",
    "written_consent",
    "revoked",
    "do_not_call",
    "health_messages",
    "health_data",
    "sale_sharing",
    "topic_optin",
    "channel_optin",
    "adult",
    "florida_topic",
    "text_form",
];
const QUIET_HOURS: u8 = 0;
const WRITTEN_CONSENT: u8 = 1;
const REVOKED: u8 = 2;
const DO_NOT_CALL: u8 = 3;
const HEALTH_MESSAGES: u8 = 4;
const HEALTH_DATA: u8 = 5;
const SALE_SHARING: u8 = 6;
const TOPIC_OPTIN: u8 = 7;
const CHANNEL_OPTIN: u8 = 8;
const ADULT: u8 = 9;
const FLORIDA_TOPIC: u8 = 10;
const TEXT_FORM: u8 = 11;

/// What a rule says in one zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Nothing.
    Free,
    /// Something is unknown.
    Undetermined,
    /// It blocks.
    Violated,
}
use Finding::{Free, Undetermined, Violated};

/// How a rule goes on in one zone.
#[derive(Clone, Copy, Debug)]
pub enum Course {
    /// The finding before each of two instants, and after both.
    Steps([(Finding, i64); 2], Finding),
    /// Free while the wall clock is between two hours; the clock's present offset beside it.
    Hours(i64, i64, Segment),
}

impl Course {
    fn free_until(at: i64) -> Course {
        Course::Steps([(Free, at), (Violated, NEVER)], Violated)
    }
    fn violated_until(at: i64) -> Course {
        Course::Steps([(Violated, at), (Free, NEVER)], Free)
    }
    fn always(finding: Finding) -> Course {
        Course::Steps([(finding, NEVER); 2], finding)
    }
}

/// Takes what a rule says in a zone: rule, zone, course. False: enough has been heard.
pub trait Listener: FnMut(u8, usize, Course) -> bool {}
impl<F: FnMut(u8, usize, Course) -> bool> Listener for F {}

const HOUR: i64 = 3_600_000_000;

impl Case {
    /// Tells everything that blocks now or may block later. What no time heals comes first.
    pub fn tell(&self, hear: &mut impl Listener) -> bool {
        let contact = &self.contact;
        let text = contact.channel.is(Channel::Text);
        let by_phone = text || contact.channel.is(Channel::Voice);
        let marketing = contact.purposes.is(Purpose::Marketing);

        if text
            && (contact.length > 160 || !contact.says_opt_out)
            && !hear(TEXT_FORM, 0, Course::always(Violated))
        {
            return false;
        }
        if contact.uses.is(Use::Share) || contact.uses.is(Use::Sell) {
            if self.gpc {
                if !hear(SALE_SHARING, 0, Course::always(Violated)) {
                    return false;
                }
            } else {
                let until =
                    self.unrefused_until(Set::from_iter([Purpose::SaleSharing]), Level::CaSaleSharing);
                if !self.tell_until(SALE_SHARING, until, hear) {
                    return false;
                }
            }
        }
        if marketing && !self.tell_adult(hear) {
            return false;
        }
        if !contact.channel.is(Channel::InPerson) && !contact.channel.is(Channel::Transfer) {
            let until = self.unrefused_until(contact.purposes, Level::OptedIn);
            if !self.tell_until(REVOKED, until, hear) {
                return false;
            }
        }
        if marketing {
            let level = if contact.topics.iter().any(|t| t.lineage().meets(Topic::SENSITIVE)) {
                Level::Express
            } else {
                Level::OptedIn
            };
            if !self.tell_until(TOPIC_OPTIN, self.consent_until(level, |_| true), hear) {
                return false;
            }
        }
        if text || contact.channel.is(Channel::Email) {
            let until = self.consent_until(Level::OptedIn, |grant| grant.scope.channel.is_some());
            if !self.tell_until(CHANNEL_OPTIN, until, hear) {
                return false;
            }
        }
        if marketing
            && contact.data.is(Data::Health)
            && !contact.channel.is(Channel::InPerson)
            && !contact.purposes.iter().all(|p| p.is(Purpose::RefillReminder))
        {
            let until = self.consent_until(Level::HipaaAuthorization, |_| true);
            if !self.tell_until(HEALTH_DATA, until, hear) {
                return false;
            }
        }
        if marketing && by_phone {
            let written = self.consent_until(Level::ExpressWritten, |_| true);
            if contact.automated && !self.tell_until(WRITTEN_CONSENT, written, hear) {
                return false;
            }
            if !self.tell_do_not_call(written, hear) {
                return false;
            }
            if self.state == State::Florida && !self.tell_florida_topic(hear) {
                return false;
            }
        }
        if by_phone {
            if contact.purposes.is(Purpose::Care) && !self.tell_health_messages(hear) {
                return false;
            }
            let evening = if self.state == State::Florida { 20 } else { 21 };
            for (n, zone) in self.zones.iter().enumerate() {
                if !hear(QUIET_HOURS, n, Course::Hours(8 * HOUR, evening * HOUR, zone.segment(self.at))) {
                    return false;
                }
            }
        }
        true
    }

    /// Tells of a rule that is free until an instant.
    #[inline]
    fn tell_until(&self, rule: u8, until: [i64; 2], hear: &mut impl Listener) -> bool {
        until
            .into_iter()
            .enumerate()
            .take(self.zones.len())
            .all(|(n, until)| until == NEVER || hear(rule, n, Course::free_until(until)))
    }

    fn tell_adult(&self, hear: &mut impl Listener) -> bool {
        let Some(birth) = self.birth_date else { return hear(ADULT, 0, Course::always(Undetermined)) };
        let day = birth.add_months_up(18 * 12);
        // Most are of age long since.
        if i64::from(day.0) * 24 * HOUR + 26 * HOUR < self.at.0 {
            return true;
        }
        self.zones
            .iter()
            .enumerate()
            .all(|(n, zone)| hear(ADULT, n, Course::violated_until(zone.start_of(day).0)))
    }

    /// Free with consent or a transaction, and without while the look-up says so and is fresh.
    fn tell_do_not_call(&self, written: [i64; 2], hear: &mut impl Listener) -> bool {
        let last = self.interactions.iter().find(|i| i.kind.is(Interacted::Transaction));
        self.zones.iter().enumerate().all(|(n, zone)| {
            let relation =
                last.map_or(ALWAYS, |i| zone.start_of(zone.day(i.at).add_months_down(18).next()).0);
            let free = written[n].max(relation);
            if free == NEVER {
                return true;
            }
            let course = match self.do_not_call {
                None => Course::Steps([(Free, free), (Undetermined, NEVER)], Undetermined),
                Some(look_up) => {
                    let stale = zone.start_of(look_up.version.add_days(32)).0;
                    if look_up.listed {
                        Course::Steps([(Free, free), (Violated, stale)], Undetermined)
                    } else {
                        Course::Steps([(Free, free.max(stale)), (Undetermined, NEVER)], Undetermined)
                    }
                }
            };
            hear(DO_NOT_CALL, n, course)
        })
    }

    /// Once a local day, three times in seven.
    fn tell_health_messages(&self, hear: &mut impl Listener) -> bool {
        let mut sent = self.past.iter().filter(|p| p.purpose.is(Purpose::Care));
        let Some(newest) = sent.next() else { return true };
        let third = sent.nth(1);
        // In no zone does a window of seven days reach back ten.
        if newest.at.0 < self.at.0 - 10 * 24 * HOUR {
            return true;
        }
        self.zones.iter().enumerate().all(|(n, zone)| {
            let tomorrow = zone.start_of(zone.day(newest.at).next()).0;
            let week = third.map_or(ALWAYS, |p| zone.start_of(zone.day(p.at).add_days(7)).0);
            let until = tomorrow.max(week);
            until <= self.at.0 || hear(HEALTH_MESSAGES, n, Course::violated_until(until))
        })
    }

    /// Three in 24 hours on one topic.
    fn tell_florida_topic(&self, hear: &mut impl Listener) -> bool {
        let topics = self.contact.topics;
        let third = self
            .past
            .iter()
            .take_while(|p| p.at.0 > self.at.0 - 24 * HOUR)
            .filter(|p| p.topic.is_some_and(|t| topics.0 >> t.index() & 1 == 1))
            .nth(2);
        third.is_none_or(|p| hear(FLORIDA_TOPIC, 0, Course::violated_until(p.at.0 + 24 * HOUR)))
    }
}

impl Course {
    /// The finding at an instant, and until when it stays.
    #[inline]
    pub fn at(&mut self, t: i64, zone: &byleave::time::Zone) -> (Finding, i64) {
        match self {
            Course::Steps(steps, last) => {
                for (finding, until) in steps.iter() {
                    if t < *until {
                        return (*finding, *until);
                    }
                }
                (*last, NEVER)
            }
            Course::Hours(open, shut, cursor) => {
                let segment = zone.segment_from(byleave::Instant(t), cursor);
                let day = segment.day(byleave::Instant(t));
                let midnight = i64::from(day.0) * 24 * HOUR;
                let clock = segment.wall(byleave::Instant(t)) - midnight;
                let (finding, next) = if clock < *open {
                    (Violated, *open)
                } else if clock < *shut {
                    (Free, *shut)
                } else {
                    (Violated, 24 * HOUR + *open)
                };
                (finding, (t + next - clock).min(segment.end.0))
            }
        }
    }
}

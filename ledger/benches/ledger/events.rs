//! Events as a clinic's systems tell them: people join one after another, each is met again and again for the whole time,
//! and whatever is told is told in 300 to 600 bytes.

use std::fmt::Write;

/// How many events there are to a person, on average and among those that are asked about.
pub const EACH: u64 = 30;
/// When the first is recorded, in seconds since 1970; each next one two seconds later.
const BEGIN: u64 = 1_704_067_200;

/// Everybody's events, by number.
pub struct Events;

/// Numbers that look random and are the same in every run (SplitMix64).
pub fn scatter(n: u64) -> u64 {
    let mut z = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// An instant as a host writes it.
pub fn instant(n: u64) -> String {
    let seconds = i64::try_from(BEGIN + 2 * n).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::MAX).to_string()
}

/// A person's number.
pub fn phone(person: u64) -> String {
    format!("+1212{:07}", person % 10_000_000)
}

impl Events {
    /// Whom the event of that number is about: every thirtieth is a new person, the others are anybody's who is there.
    pub fn person(n: u64) -> u64 {
        let there = n / EACH + 1;
        if n.is_multiple_of(EACH) { there - 1 } else { scatter(n) % there }
    }

    /// The line that a host sends.
    pub fn line(n: u64) -> String {
        let (person, at, die) = (Events::person(n), instant(n), scatter(n ^ 0x5eed));
        let mut out = String::with_capacity(640);
        let hash = format!("{:016x}{:016x}", scatter(die), scatter(die ^ 1));
        let _ = write!(
            out,
            r#"{{"key":"export-2026-07/{n:09}/{}","person":"patient-{person:08}","source":"{}","#,
            hash.get(..16).unwrap_or_default(),
            [
                "web form /appointments/reminders",
                "contact centre, line 4",
                "text gateway, inbound",
                "nightly import of the practice system"
            ][(die % 4) as usize],
        );
        let _ = write!(
            out,
            r#""actor":{{"kind":"{}","id":"user-{}"}},"#,
            ["person", "staff", "system", "import"][(die % 4) as usize],
            die % 900
        );
        let _ = write!(out, r#""method":"recorded by the contact desk","recorded_at":"{at}","#);
        let channel = ["sms", "email", "live_call", "letter"][(die >> 8) as usize % 4];
        let purpose = ["appointment", "refill_reminder", "lab_result", "marketing"][(die >> 10) as usize % 4];
        let sender = ["clinic", "pharmacy", "billing"][(die >> 12) as usize % 3];
        let phone = phone(person);
        let _ = match die >> 16 & 31 {
            0..=2 => write!(
                out,
                r#""list":"consents","text_shown":{{"sha256":"{hash}{hash}","language":"en"}},"event":{{"kind":"grant","level":"{}","at":"{at}","by":"holder","holder":"patient-{person:08}","means":"web_form","in_writing":true,"given_to":"{sender}","scope":{{"channel":["sms","email"],"purpose":["{purpose}"],"address":["{phone}"]}}}}}}"#,
                ["express", "express_written", "opted_in"][(die >> 24) as usize % 3],
            ),
            3 => write!(
                out,
                r#""list":"consents","event":{{"kind":"revoke","at":"{at}","by":"holder","holder":"patient-{person:08}","means":"text_reply","in_writing":true,"replied_to":"informational","given_to":"{sender}","scope":{{"channel":["{channel}"],"purpose":["{purpose}"],"address":["{phone}"]}}}}}}"#,
            ),
            4..=15 => write!(
                out,
                r#""list":"contacts","event":{{"at":"{at}","channel":"{channel}","purpose":["{purpose}"],"topic":["visits"],"technology":["automated_dialing"],"sender":"{sender}","address":"{phone}","recipient":"patient-{person:08}","matter":"visit-{}","result":"{}"}}}}"#,
                die % 100_000,
                ["delivered", "conversation", "voicemail", "no_answer"][(die >> 26) as usize % 4],
            ),
            16..=27 => write!(
                out,
                r#""list":"interactions","event":{{"at":"{at}","kind":"{}","channel":"{channel}","sender":"{sender}","topic":["visits"],"address":"{phone}","matter":"visit-{}","classed_as":"other"}}}}"#,
                ["visit", "inquiry", "reply", "request"][(die >> 28) as usize % 4],
                die % 100_000,
            ),
            28 | 29 => write!(
                out,
                r#""list":"lists","event":{{"list":"{}","address":"{phone}","result":"not_listed","version_at":"{day}","asked_about":"{day}"}}}}"#,
                ["national_dnc", "reassigned"][(die >> 30) as usize % 2],
                day = at.get(..10).unwrap_or_default(),
            ),
            30 => write!(out, r#""list":"signals","event":{{"kind":"gpc","on":true}}}}"#),
            _ => write!(
                out,
                r#""list":"preferences","event":{{"at":"{at}","set":{{"caps":[{{"most":{},"scope":{{"purpose":["marketing"]}},"window":"7 days"}}],"hours":{{"mon":[["09:00","18:00"]],"tue":[["09:00","18:00"]],"wed":[["09:00","18:00"]],"thu":[["09:00","18:00"]],"fri":[["09:00","17:00"]]}}}}}}}}"#,
                1 + die % 4,
            ),
        };
        out
    }
}

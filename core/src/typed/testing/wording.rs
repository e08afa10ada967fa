//! What a condition is made of can be read back.

use super::{WORDS, policy};
use crate::typed::words::render;

#[test]
fn conditions_read_as_they_were_written() {
    let conditions = [
        "contact.urgent",
        "not contact.urgent",
        "contact.urgent and contact.length > 3 and (contact.mood is calm or contact.length <= 5)",
        "contact.channel is voice",
        "contact.channel is not voice",
        "contact.channel is [voice, text]",
        "not contact.purpose is marketing",
        "contact.purpose only [care, gift]",
        "contact.purpose includes care",
        "contact.topic is marked sensitive",
        "contact.topic exists",
        "contact.topic is none",
        "contact.mood is calm",
        "contact.mood in [calm, angry]",
        "contact.label is \"b\"",
        "contact.duration <= 60 seconds",
        "person.age < 16",
        "person.birth_date < 2008-01-01",
        "context.open_slots of contact.service >= 1",
        "context.open_slots of cardiology >= 1",
        "local_time between 08:00 and 21:00",
        "local_time within person.hours",
        "weekday is [saturday, sunday]",
        "today is holiday in cal",
        "today is business day in cal",
        "today >= 2026-01-01",
        "before 2026-01-01",
        "from address.ported_on",
        "no later than 15 days after address.ported_on",
        "12 months have passed since latest revocation covering contact",
        "not today in local days 1 to 7 of latest conversation where same matter",
        "consent at least express",
        "consent at least opted_in of recipient for marketing where means is web_form",
        "valid form where instrument.seller is same seller and instrument.number is same address",
        "not refused",
        "not refused for marketing by same seller renewed at least opted_in except contact.responds_to",
        "not refused renewed at least opted_in where by is holder",
        "not refused by same seller renewed at least opted_in by same seller where not known that in_writing",
        "consent at least express by same seller where in_writing",
        "consent at least express by same seller given in past 24 months where in_writing, heeding each revocation by same seller",
        "valid form given in past 90 local days, heeding each revocation by same seller, counting each revocation as reaching every topic",
        "contact.responds_to is transaction where same seller",
        "contact.responds_to is [transaction, inquiry] where same seller",
        "not refused, counting each revocation of marketing where replied_to is exempt as reaching every topic, channel in [voice, text]",
        "at most 3 attempts in past 24 hours, this one included, where channel is voice and same topic",
        "at most 2 attempts this week from sunday",
        "any transaction in past 18 months where same seller",
        "no attempt since contact.responds_to where purpose is gift and same address",
        "count of grants where channel is text >= 2",
        "not address on national_dnc",
        "not signal gpc is on",
        "person.only covers contact",
        "recipient authorised for contact",
        "contact.responds_to is revocation",
        "strict is yes",
    ];
    let mut text = "pack own { title \"Own\"  business_days cal }\nuse words\nsetting strict: one of [no, yes] { cite \"C\" }\ninstrument form grants express { elements writing }\ncalendar cal { covers 2000 to 2100  new_year 01-01 }\n".to_string();
    for (i, condition) in conditions.iter().enumerate() {
        text.push_str(&format!("rule r{i} {{ require {condition} }}\n"));
    }
    let p = policy(&[("w", WORDS), ("o", &text)]);
    for (rule, condition) in p.rules.iter().zip(conditions) {
        assert_eq!(render(&rule.requires[0], &p), condition);
    }
}

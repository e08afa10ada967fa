//! Draws conditions: what permits, and what may stand anywhere.

use super::Dice;
use super::pen::Pen;
use super::policy::C;

fn time(d: &mut Dice) -> String {
    format!("{:02}:{:02}", d.below(24), 15 * d.below(4))
}

fn two_times(d: &mut Dice) -> (String, String) {
    let usual = [
        ("08:00", "21:00"),
        ("09:00", "17:00"),
        ("21:00", "08:00"),
        ("00:00", "01:30"),
        ("20:00", "24:00"),
        ("01:30", "02:30"),
    ];
    if d.one_in(2) {
        let (a, b) = usual[d.below(usual.len())];
        return (a.to_string(), b.to_string());
    }
    loop {
        let (a, b) = (time(d), time(d));
        if a != b {
            return (a, b);
        }
    }
}

fn week(d: &mut Dice) -> String {
    const ROWS: [&str; 7] = [
        "none",
        "08:00-20:00",
        "09:00-17:00",
        "10:00-24:00",
        "00:00-24:00",
        "12:00-21:00",
        "09:00-12:00+13:00-18:00",
    ];
    let mut out = format!("mon-fri {}, sat {}, sun {}", d.pick(&ROWS), d.pick(&ROWS), d.pick(&ROWS));
    if d.one_in(3) {
        out += &format!(", holiday {} in federal", d.pick(&ROWS));
    }
    out
}

const CONTACTS: [&str; 15] = [
    "channel is voice",
    "purpose is marketing",
    "same topic",
    "same seller",
    "result is conversation",
    "not result is not_connected",
    "same sender",
    "same purpose",
    "same channel",
    "same address",
    "same matter",
    "same recipient",
    "technology is automated",
    "purpose only [care, billing]",
    "topic is running and same seller",
];
const INTERACTIONS: [&str; 6] =
    ["same seller", "same topic", "channel is text", "same address", "same matter", "not sender is globex"];
const CONSENTS: [&str; 10] = [
    "by is holder",
    "means in [web_form, spoken]",
    "in_writing",
    "replied_to is marketing",
    "not by is staff",
    "instrument.seller is same seller",
    "means is web_form or in_writing",
    "given_to is acme",
    "by exists",
    "not known that in_writing",
];
const LEVELS: [&str; 6] = ["implied", "opted_in", "express", "express_written", "paper.signed", "photo"];

impl Pen<'_> {
    /// The stretch that is counted over.
    fn window(&mut self) -> String {
        match self.d.below(12) {
            0 | 1 => "in past 24 hours".to_string(),
            2 => format!("in past {} hours", 1 + self.d.below(72)),
            3 => "today".to_string(),
            4 | 5 => format!("in past {} local days", 1 + self.d.below(8)),
            6 => self.word(&["this week", "this week from sunday", "this month"]),
            7 => format!("in past {} month", 1 + self.d.below(3)),
            8 => format!("since {}", self.word(&["person.moment", "person.day", "latest transaction"])),
            9 => {
                let (day, n) = (self.date(), 1 + self.d.below(48));
                let name = self.dated_span(&format!("{n} hours"), &day);
                format!("in past {name}")
            }
            _ => String::new(),
        }
    }

    fn filter(&mut self, fields: &[&str], odds: u64) -> String {
        if self.d.one_in(odds) { format!("where {}", self.word(fields)) } else { String::new() }
    }

    /// A stretch and what is asked of each event in it. What follows a `latest …` would be asked of that.
    fn over(&mut self, fields: &[&str], odds: u64) -> String {
        let window = self.window();
        if window.starts_with("since latest") {
            window
        } else {
            format!("{window} {}", self.filter(fields, odds))
        }
    }

    /// How much further revocations are taken to reach.
    fn reach(&mut self) -> String {
        if !self.d.one_in(3) {
            return String::new();
        }
        let of = if self.d.one_in(2) {
            format!(" of {}", self.word(&["marketing", "care"]))
        } else {
            String::new()
        };
        let which = self.filter(
            &[
                "replied_to is marketing",
                "by is holder",
                "channel is none or sender is same seller",
                "given_to is same seller",
                "means is text_reply",
            ],
            3,
        );
        let to = self.word(&[
            "topic",
            "purpose, topic",
            "topic, channel in [voice, text]",
            "address",
            "channel",
            "purpose, topic, sender, address, and matter",
            "sender and matter",
        ]);
        format!(", counting each revocation{of} {which} as reaching every {to}")
    }

    /// How long ago a grant may have been given.
    fn lately(&mut self) -> String {
        match self.d.below(16) {
            0 => format!(" given in past {} hours", 12 + self.d.below(84)),
            1 => format!(" given in past {} local days", 1 + self.d.below(5)),
            2 => format!(" given in past {} month", 1 + self.d.below(2)),
            3 => {
                let (day, n) = (self.date(), 24 + self.d.below(72));
                format!(" given in past {}", self.dated_span(&format!("{n} hours"), &day))
            }
            _ => String::new(),
        }
    }

    /// Whether revocations to others end a grant.
    fn heeds(&mut self) -> &'static str {
        if self.d.one_in(6) { ", heeding each revocation by same seller" } else { "" }
    }

    /// No refusal, or none that a grant at that level has not lifted.
    fn refused(&mut self, level: &str) -> String {
        let purpose = if self.d.one_in(2) {
            self.word(&[" for marketing", " for care", " for promo", " for [marketing, billing]"])
        } else {
            String::new()
        };
        let seller = if self.d.one_in(4) { " by same seller" } else { "" };
        let renewed = match self.d.below(4) {
            0 | 1 => String::new(),
            2 => format!(" renewed at least {level}"),
            _ => {
                let seller = if self.d.one_in(2) { " by same seller" } else { "" };
                format!(" renewed at least {level}{seller} {}", self.filter(&CONSENTS, 2))
            }
        };
        let except = if self.d.one_in(5) { " except contact.responds_to" } else { "" };
        let which = self.filter(&CONSENTS, 4);
        format!("not refused{purpose} {which}{seller}{renewed}{except}{}", self.reach())
    }

    /// No refusal, as a requirement of its own.
    pub fn not_refused(&mut self) -> C {
        let level = self.word(&LEVELS);
        C::Leaf(self.refused(&level))
    }

    /// A condition that permits: consent, caps, silence.
    pub fn permits(&mut self) -> C {
        let level = self.word(&LEVELS);
        let leaf = match self.d.below(22) {
            0..=4 => {
                let party = if self.d.one_in(6) {
                    self.word(&[" of person", " of recipient"])
                } else {
                    String::new()
                };
                let purpose = if self.d.one_in(4) {
                    self.word(&[" for billing", " for marketing", " for care", " for gift"])
                } else {
                    String::new()
                };
                let seller = if self.d.one_in(4) { " by same seller" } else { "" };
                let (who, lately, heeds) = (self.filter(&CONSENTS, 4), self.lately(), self.heeds());
                format!(
                    "consent at least {level}{party}{purpose}{seller}{lately} {who}{heeds}{}",
                    self.reach()
                )
            }
            5 => {
                let purpose = if self.d.one_in(5) { " for [marketing, billing]" } else { "" };
                format!("consent at least {level}{purpose}")
            }
            6..=8 => self.refused(&level),
            9..=12 => {
                let (n, window, f) = (self.number(), self.window(), self.filter(&CONTACTS, 2));
                let comma = if f.is_empty() { "" } else { ", " };
                let this = if self.d.one_in(4) { "" } else { ", this one included" };
                if window.starts_with("since latest") {
                    // What follows would be asked of the latest event.
                    format!("at most {n} contacts{this} {window}")
                } else {
                    format!("at most {n} contacts {window}{this}{comma}{f}")
                }
            }
            13 => format!("no contacts {}", self.over(&CONTACTS, 2)),
            14..=16 => {
                let form = self.instrument();
                let party = if self.d.one_in(6) {
                    self.word(&[" of person", " of recipient"])
                } else {
                    String::new()
                };
                let purpose = self.word(&["", "", "", " by same seller", " for care"]);
                let which = self.filter(
                    &[
                        "instrument.seller is same seller",
                        "instrument.number is same address",
                        "instrument.data is diagnosis",
                        "by is holder",
                    ],
                    4,
                );
                let (lately, heeds) = (self.lately(), self.heeds());
                format!("valid {form}{party}{purpose}{lately} {which}{heeds}{}", self.reach())
            }
            17 => {
                let of = if self.d.one_in(2) { format!(" of [{level}]") } else { String::new() };
                let covering = if self.d.one_in(2) { " covering contact" } else { "" };
                format!("any grants{of}{covering} {}", self.over(&CONSENTS, 4))
            }
            18 => {
                let of = if self.d.one_in(3) { " of [paper]" } else { "" };
                let covering = if self.d.one_in(2) { " covering contact" } else { "" };
                format!("no revocations{of}{covering} {}", self.over(&CONSENTS, 4))
            }
            19 => {
                let which = self.word(&["covering contact", "of contact", "", "where by is holder"]);
                format!("{} have passed since latest revocation {which}", self.span())
            }
            20 => "not signal gpc is on".to_string(),
            _ => {
                let which = self.word(&["where result is conversation", "where channel is text", ""]);
                format!("{} have passed since latest contacts {which}", self.span())
            }
        };
        C::Leaf(leaf)
    }

    /// A condition that time or facts move and that may stand anywhere.
    pub fn neutral(&mut self) -> C {
        let leaf = match self.d.below(40) {
            0..=4 => {
                let (a, b) = two_times(self.d);
                format!("local_time between {a} and {b}")
            }
            5 | 6 => format!("local_time within {{ {} }}", week(self.d)),
            7 => self.word(&["weekday is [saturday, sunday]", "weekday is [monday]"]),
            8 => self.word(&[
                "today is holiday in federal",
                "today is business day in federal",
                "today is holiday in short",
                "today is business day in short",
            ]),
            9 => format!(
                "{} person.{}",
                self.word(&["before", "from"]),
                self.word(&["moment", "day", "pause_until", "end_day"])
            ),
            10 => format!("no later than {} after person.{}", self.span(), self.word(&["moment", "day"])),
            11 => {
                format!(
                    "{} have passed since person.{}",
                    self.span(),
                    self.word(&["moment", "day", "end_day"])
                )
            }
            12 => format!(
                "today in local days {} to {} of {}",
                1 + self.d.below(2),
                3 + self.d.below(3),
                self.word(&["person.moment", "person.day", "latest visit"])
            ),
            13 => format!(
                "{}.age {} {}",
                self.word(&["person", "recipient"]),
                self.word(&["<", ">=", ">", "<="]),
                [13, 16, 18][self.d.below(3)]
            ),
            14 => format!(
                "today {} person.{}",
                self.word(&["<", ">=", "=", "!=", ">"]),
                self.word(&["day", "end_day"])
            ),
            15 => self.word(&["address on no_call", "address on moved", "address on struck"]),
            16 | 17 => format!(
                "{} {} {}",
                self.word(&["any", "no"]),
                self.word(&["transaction", "inquiry", "interactions", "visits"]),
                self.over(&INTERACTIONS, 2)
            ),
            18 => format!(
                "count of inquiries {} {} {}",
                self.window(),
                self.word(&[">=", "<", "=", "!="]),
                1 + self.d.below(2)
            ),
            19 => self.sets(),
            20 => self.sets(),
            21 => self.word(&[
                "contact.technology is random_dialing",
                "contact.technology only [live, manual]",
                "person.jurisdictions is US-FL",
                "contact.channel is text",
                "contact.channel is not email",
                "US-FL applies",
                "CA applies",
                "every jurisdiction in [US-FL, US-NY]",
                "address.jurisdictions is CA",
                "recipient.jurisdictions is US-NY",
            ]),
            22 => format!("{} have passed since latest transaction", self.span()),
            23 => format!(
                "no later than {} after latest inquiry {}",
                self.span(),
                self.filter(&INTERACTIONS, 3)
            ),
            24 => format!(
                "known that {}",
                self.word(&["person.a", "contact.topic is heart", "address on no_call", "address on struck"])
            ),
            25 | 26 => self.setting(),
            27 => self.word(&["local_time within person.hours", "local_time within recipient.hours"]),
            28 => self.values(),
            29 => self.values(),
            30 => self.word(&[
                "recipient authorised for contact",
                "recipient.authority.scope covers contact",
                "recipient.authority.scope covers all of contact",
                "recipient.role is self",
                "recipient.role is representative",
            ]),
            31 => {
                let span = self.span();
                match self.d.below(4) {
                    0 => "contact.responds_to is revocation".to_string(),
                    1 => self.word(&[
                        "contact.responds_to is inquiry",
                        "contact.responds_to is inquiry where same seller",
                        "contact.responds_to is [inquiry, visit] where same topic",
                        "contact.responds_to is grant where in_writing",
                    ]),
                    2 => format!("no later than {span} after contact.responds_to"),
                    _ => format!("{span} have passed since contact.responds_to"),
                }
            }
            _ => format!("person.{}", self.word(&["a", "b", "c", "noted"])),
        };
        C::Leaf(leaf)
    }

    /// Questions of sets.
    fn sets(&mut self) -> String {
        self.word(&[
            "contact.purpose only [care]",
            "contact.purpose only [marketing]",
            "contact.purpose only [promo, billing]",
            "contact.topic only [running, heart]",
            "contact.topic only [cooking]",
            "contact.topic is running",
            "contact.topic is marked sensitive",
            "contact.topic is [heart, cooking]",
            "contact.topic exists",
            "contact.topic is none",
            "contact.topic includes [trail, heart]",
            "content.includes includes [sender_identity, opt_out]",
            "content.includes is link",
            "contact.data is health",
            "contact.data only [identity, health]",
            "contact.technology exists",
            "contact.asks is opted_in",
            "contact.service exists",
            "contact.place is none",
            "sender.id is acme",
            "sender.seller is globex",
            "running in contact.topic",
        ])
    }

    /// Comparisons of plain values.
    fn values(&mut self) -> String {
        match self.d.below(10) {
            0 => format!("person.count {} {}", self.word(&[">=", "<", "=", "!=", "<=", ">"]), self.number()),
            1 => self.word(&[
                "person.color is red",
                "person.color in [red, green]",
                "person.color != blue",
                "person.color not in [blue]",
            ]),
            2 => "content.length <= 160".to_string(),
            3 => "context.open_slots of contact.service at contact.place >= 1".to_string(),
            4 => format!("person.moment {} person.pause_until", self.word(&["<", ">=", "="])),
            5 => format!("person.day {} person.end_day", self.word(&["<", ">=", "=", "!="])),
            6 => format!("person.moment {} {}", self.word(&["<", ">="]), self.date()),
            7 => "person.color exists".to_string(),
            8 => "address.mobile".to_string(),
            _ => format!("person.day {} {}", self.word(&["<", ">=", "="]), self.date()),
        }
    }

    /// What may stand in a requirement (`forbidding` false) or in a `when` (true).
    pub fn condition(&mut self, depth: usize, forbidding: bool) -> C {
        if depth > 0 && self.d.one_in(3) {
            let n = 2 + self.d.below(2);
            let parts = (0..n).map(|_| self.condition(depth - 1, forbidding)).collect();
            return if self.d.one_in(2) { C::And(parts) } else { C::Or(parts) };
        }
        if self.d.one_in(3) {
            let p = self.permits();
            return if forbidding { C::Not(Box::new(p)) } else { p };
        }
        let c = self.neutral();
        if !self.d.one_in(4) {
            return c;
        }
        // Turned round in an exemption, `only` would be true of a second purpose, which the checker refuses.
        C::Not(Box::new(match c {
            C::Leaf(text) => C::Leaf(text.replace("contact.purpose only", "contact.purpose is")),
            other => other,
        }))
    }
}

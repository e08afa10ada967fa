//! Slots back in the host's own words, for reasons and evidence: names for numbers, never the content of an event.

use crate::facts::{Facts, Lanes, Part, Scope, Slot, TextId, WeekHours};
use crate::taxonomy::{NodeId, TaxonomyId};
use crate::time::{Instant, PartialDate, Weekday, Windows};
use crate::typed::{FactId, Policy, Vocabulary};
use crate::value::Type;

impl Facts {
    /// A fact's value in words; `unknown` and `none` are words too.
    #[must_use]
    pub(crate) fn words_of(&self, policy: &Policy, fact: FactId) -> String {
        policy
            .vocabulary
            .decl(fact)
            .map_or(String::new(), |decl| self.words(policy, self.slot(fact), &decl.ty))
    }

    /// A value of that type in words: `sms`, `[care, marketing]`, `2008-03`, `{north: 3}`.
    #[must_use]
    pub(crate) fn words(&self, policy: &Policy, slot: &Slot, ty: &Type) -> String {
        let mut out = String::new();
        Words { facts: self, policy }.write(slot, ty, &mut out);
        out
    }

    /// The request's digest in hex; empty for facts that were given none.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let request = engine.request(night)?;
    /// assert_eq!(Some(engine.facts(&request)?.digest_hex()), engine.decide(&request)?.evidence.map(|it| it.facts));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn digest_hex(&self) -> String {
        let digits = self.digest.iter().flatten().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
    }
}

impl Lanes {
    /// An instant on the recipient's clock, with its offset: the confirmed zone's while it stands alone, else the first
    /// candidate's by name. Nothing when nobody knows where the recipient is.
    #[must_use]
    pub fn local(&self, at: Instant) -> Option<String> {
        let confirmed = self.confirmed.and_then(|confirmed| {
            let zone = self.zones.get(usize::from(confirmed.lane))?;
            (at < zone.start_of(confirmed.on.add_months_down(12).next())).then_some(zone)
        });
        let first = if self.unknown { None } else { self.zones.first() };
        confirmed.or(first).map(|zone| at.format_in(zone))
    }
}

struct Words<'a> {
    facts: &'a Facts,
    policy: &'a Policy,
}

impl Words<'_> {
    fn vocabulary(&self) -> &Vocabulary {
        &self.policy.vocabulary
    }

    fn node(&self, taxonomy: TaxonomyId, node: NodeId) -> String {
        self.vocabulary().tree(taxonomy).map_or("?", |tree| tree.name_of(node)).to_string()
    }

    fn text(&self, text: TextId) -> String {
        crate::error::quoted(self.facts.texts.text(text))
    }

    fn write(&self, slot: &Slot, ty: &Type, out: &mut String) {
        let inner = match ty {
            Type::Set(inner) => inner,
            other => other,
        };
        let list = |members: Vec<String>| format!("[{}]", members.join(", "));
        let written = match (slot, inner) {
            (Slot::Unknown, _) => "unknown".to_string(),
            (Slot::None, _) => "none".to_string(),
            (Slot::Bool(b), _) => b.to_string(),
            (Slot::Int(n), _) => n.to_string(),
            (Slot::Text(text), _) => self.text(*text),
            (Slot::Date { lo, hi }, _) => PartialDate { lo: *lo, hi: *hi }.to_string(),
            (Slot::Instant(at), _) => at.to_string(),
            (Slot::Amount(amount), _) => amount.to_string(),
            (Slot::Choice(at), Type::Choice(words)) => word(words, *at),
            (Slot::Node(node), Type::Node(taxonomy)) => self.node(*taxonomy, *node),
            (Slot::Nodes(nodes), Type::Node(taxonomy)) => {
                list(nodes.iter().map(|node| self.node(*taxonomy, *node)).collect())
            }
            (Slot::NodesAtLeast(nodes), Type::Node(taxonomy)) => {
                let known = list(nodes.iter().map(|node| self.node(*taxonomy, *node)).collect());
                format!("{known} at least")
            }
            (Slot::Texts(texts), _) => list(texts.iter().map(|text| self.text(*text)).collect()),
            (Slot::Choices(choices), Type::Choice(words)) => {
                list(choices.iter().map(|at| word(words, *at)).collect())
            }
            (Slot::Week(hours), _) => self.week(hours),
            (Slot::Scope(scope), _) => self.scope(scope),
            (Slot::Records(records), Type::Records(keys)) => {
                let record = |slots: &[Slot]| {
                    let known = slots.iter().zip(keys.iter()).filter(|(slot, _)| slot.is_known());
                    let fields = known.map(|(slot, (key, ty))| {
                        format!("{key}: {}", self.facts.words(self.policy, slot, ty))
                    });
                    format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
                };
                list(records.iter().map(|slots| record(slots)).collect())
            }
            (Slot::Map(entries), Type::Map(keys, value)) => {
                let key = |place: usize, node: NodeId| {
                    keys.get(place).map_or("?".to_string(), |t| self.node(*t, node))
                };
                let entry = |(a, b, slot): &(NodeId, Option<NodeId>, Slot)| {
                    let below = b.map_or(String::new(), |b| format!(" {}", key(1, b)));
                    format!("{}{below}: {}", key(0, *a), self.facts.words(self.policy, slot, value))
                };
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
            (Slot::Event(event), _) => {
                let id = self.facts.events(event.list).ids.get(event.row as usize).copied().flatten();
                id.map_or("an event".to_string(), |id| self.text(id))
            }
            _ => "?".to_string(),
        };
        out.push_str(&written);
    }

    fn week(&self, hours: &WeekHours) -> String {
        let rows = |windows: &Windows| {
            let clock = |second: u32| format!("{:02}:{:02}", second / 3_600, second / 60 % 60);
            let row = |(start, end): &(u32, u32)| format!("{}-{}", clock(*start), clock(*end));
            let rows: Vec<String> = windows.rows().iter().map(row).collect();
            if rows.is_empty() { "none".to_string() } else { rows.join("+") }
        };
        let day = |day: Weekday| {
            let name: String = day.name().chars().take(3).collect();
            format!("{} {}", name.to_ascii_lowercase(), rows(hours.week.day(day)))
        };
        let mut parts: Vec<String> = Weekday::ALL.into_iter().map(day).collect();
        parts.extend(hours.week.holiday().map(|windows| format!("holiday {}", rows(windows))));
        let calendar = hours.calendar.and_then(|at| self.policy.calendars.get(usize::from(at)));
        parts.extend(calendar.map(|calendar| format!("in {}", calendar.name())));
        parts.join(", ")
    }

    fn scope(&self, scope: &Scope) -> String {
        let mut parts = Vec::new();
        let nodes = [
            ("channel", &scope.channel),
            ("purpose", &scope.purpose),
            ("topic", &scope.topic),
            ("sender", &scope.sender),
        ];
        for (name, part) in nodes {
            let tree = self.vocabulary().taxonomy(name).map(|(id, _)| id);
            let one = |node: &NodeId| tree.map_or("?".to_string(), |tree| self.node(tree, *node));
            parts.extend(part_words(name, part, one));
        }
        for (name, part) in [("address", &scope.address), ("matter", &scope.matter)] {
            parts.extend(part_words(name, part, |text| self.text(*text)));
        }
        if parts.is_empty() { "everything".to_string() } else { format!("{{{}}}", parts.join(", ")) }
    }
}

fn part_words<T>(name: &str, part: &Part<T>, one: impl Fn(&T) -> String) -> Option<String> {
    match part {
        Part::Open => None,
        Part::Unknown => Some(format!("{name}: unknown")),
        Part::Named(members) => {
            Some(format!("{name}: [{}]", members.iter().map(one).collect::<Vec<_>>().join(", ")))
        }
    }
}

fn word(words: &[String], at: u16) -> String {
    words.get(usize::from(at)).map_or("?", String::as_str).to_string()
}

//! Two ledgers that tell each other what they were told: what is new, as JSON Lines, and another ledger's lines, taken in.
//!
//! A line is an event's words, as [`Ledger::entries`] gives them. What it says of its own recording is the other ledger's
//! affair: whoever takes it in records it when they learn of it, so that no clock goes backwards here, however late a line
//! comes. When the act happened stands in the event. The same line again changes nothing, since it has the same key.

use crate::chain::Digest;
use crate::error::{Error, Result};
use crate::event::{Event, List};
use crate::facts::sealed;
use crate::hex;
use crate::ledger::{Batch, ERASURE, Hashes, Ledger, in_order, instant};
use crate::links;
use crate::store::{Kept, Rows, Store};
use byleave::wire::{Json, Limits};
use jiff::Timestamp;
use std::fmt;
use std::str::FromStr;

/// How far a ledger has been told: its event of that number, by its link. So a ledger that was made anew, or from older lines,
/// is not taken for the one that was told. As text, `57:` and the link in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The number of the event in the ledger.
    pub seq: u64,
    /// Its link.
    pub link: Digest,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.link)
    }
}

impl FromStr for Mark {
    type Err = Error;

    fn from_str(text: &str) -> Result<Mark> {
        let read = text.split_once(':').and_then(|(seq, link)| {
            let seq: u64 = seq.parse().ok()?;
            Some(Mark { seq, link: Digest(hex::bytes(link)?) })
        });
        // In one way alone: `+1` and `01` are nobody's.
        read.filter(|it| it.to_string() == text).ok_or_else(|| {
            Error::input("since", "is no mark: a number, a colon and 64 digits of hexadecimal")
        })
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Since<'a> {
    /// What came after this; everything without it.
    pub mark: Option<Mark>,
    /// About this person alone, under every name by which the person goes.
    pub person: Option<&'a str>,
    /// So many events at most; at least one.
    pub most: usize,
}

impl Default for Since<'_> {
    fn default() -> Self {
        Since { mark: None, person: None, most: 10_000 }
    }
}

/// What is new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// An event on each line.
    pub text: String,
    /// How many that are.
    pub events: u64,
    /// Events that were erased: nothing is told of them.
    pub erased: u64,
    /// Decisions on record: each rests on the chain in which it stands, and stays there.
    pub decisions: u64,
    /// How far whoever has these lines has been told; nothing of an empty ledger.
    pub mark: Option<Mark>,
    /// Whether there are more after it.
    pub more: bool,
}

/// What became of another ledger's lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Events that are new here.
    pub new: u64,
    /// Events that were there already, told in the same words.
    pub there: u64,
    /// Lines of what was erased there, and of decisions that rest on the other ledger's chains.
    pub passed: u64,
    /// Lines that were refused, in their order.
    pub refused: Vec<Refusal>,
    /// Where this ledger ended before.
    pub before: Option<Mark>,
    /// Where it ends now.
    pub mark: Option<Mark>,
}

/// A line that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its number, from 1.
    pub line: u64,
    /// Why.
    pub error: Error,
}

impl<S: Store> Ledger<S> {
    /// What another ledger has not been told: the events after a mark as JSON Lines, each held against its seal.
    ///
    /// ```
    /// use byleave_ledger::{Ledger, Since};
    /// let (mut here, mut there) = (Ledger::in_memory()?, Ledger::in_memory()?);
    /// let lines = here.lines_since(&Since::default())?;
    /// let taken = there.take_in(lines.text.as_bytes(), "2026-07-02T12:00:00Z".parse().unwrap())?;
    /// assert!(taken.refused.is_empty());
    /// // Once the other has them, the next time begins there.
    /// let next = here.lines_since(&Since { mark: lines.mark, ..Since::default() })?;
    /// assert_eq!(next.events, 0);
    /// # Ok::<(), byleave_ledger::Error>(())
    /// ```
    ///
    /// # Errors
    /// The mark is none of this ledger's; the words of an event are not those that were recorded; as the store fails.
    pub fn lines_since(&mut self, since: &Since<'_>) -> Result<Lines> {
        let hashes = &self.hashes;
        self.store.read(|rows| {
            let from = match &since.mark {
                Some(mark) => known(rows, mark)?,
                None => 0,
            };
            let most = since.most.max(1);
            let mut events = match since.person {
                Some(person) => about(rows, hashes, person, from)?,
                None => rows.after(from, most)?,
            };
            let end = end(rows)?;
            let mut out = Lines { mark: end, ..Lines::default() };
            events.truncate(most);
            if let Some(last) = events.last() {
                let seen = Mark { seq: last.seq, link: last.link };
                out.more = match since.person {
                    Some(_) => events.len() == most,
                    None => end.is_some_and(|end| end.seq > last.seq),
                };
                out.mark = if out.more { Some(seen) } else { end };
            }
            for kept in &events {
                match sealed_event(kept)? {
                    None => out.erased += 1,
                    Some(event) if rests_there(&event) => out.decisions += 1,
                    Some(event) => {
                        out.events += 1;
                        out.text.push_str(event.words());
                        out.text.push('\n');
                    }
                }
            }
            Ok(out)
        })
    }

    /// Takes in the lines of another ledger, each recorded now: when this ledger learns of it. A line that is refused (its words,
    /// or its key, which came with others) stops nothing; all that is taken is kept together.
    ///
    /// # Errors
    /// `at` lies more than a minute before what was recorded last; as the store fails.
    pub fn take_in(&mut self, lines: &[u8], at: Timestamp) -> Result<Taken> {
        let hashes = &self.hashes;
        self.store.write(|rows| {
            let mut out = Taken { before: end(rows)?, ..Taken::default() };
            let recorded = in_order(at.as_microsecond(), rows.last()?.1).map_err(|it| it.at("at"))?;
            let at = instant(recorded)?;
            let mut batch = Batch::begin(rows, hashes)?;
            for (line, text) in (1..).zip(lines.split(|byte| *byte == b'\n')) {
                if text.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                let told = match Event::told_elsewhere(text, at) {
                    Ok(Some(event)) => batch.append(&event),
                    Ok(None) => {
                        out.passed += 1;
                        continue;
                    }
                    Err(error) => Err(error),
                };
                match told {
                    Ok(receipt) if receipt.new => out.new += 1,
                    Ok(_) => out.there += 1,
                    Err(error) if error.kind().is_the_events() => out.refused.push(Refusal { line, error }),
                    Err(error) => return Err(error),
                }
            }
            batch.end()?;
            out.mark = end(rows)?;
            Ok(out)
        })
    }
}

impl Event {
    /// A line that another ledger recorded, as an event that is recorded at `at`, whatever the line says of that. Nothing of what that
    /// ledger keeps to itself: that something was erased, and decisions, each of which rests on the chain in which it stands.
    ///
    /// # Errors
    /// As [`Event::parse`].
    pub fn told_elsewhere(line: &[u8], at: Timestamp) -> Result<Option<Event>> {
        let mut json = Json::from_bytes(line, &Limits::MOST)?;
        if let Json::Map(entries) = &mut json {
            if matches!(entries.as_slice(), [(key, Json::Map(_))] if key == "erased") {
                return Ok(None);
            }
            let at = Json::Text(at.to_string());
            match entries.iter_mut().find(|(key, _)| key == "recorded_at") {
                Some((_, place)) => *place = at,
                None => entries.push(("recorded_at".to_owned(), at)),
            }
        }
        Ok(Some(Event::from_json(json)?).filter(|event| !rests_there(event)))
    }
}

/// Whether it is a decision that a ledger has made: where else the person's chain is another, it can be proven no more.
fn rests_there(event: &Event) -> bool {
    event.list == List::Decisions && event.record().get("policy").is_some()
}

/// What is told and is not there yet is no decision that a ledger has made: neither its packs nor the chain on which it rests
/// would be here, and `verify` would find the one missing, `replay` the other.
pub(crate) fn is_told(event: &Event) -> Result<()> {
    if !rests_there(event) {
        return Ok(());
    }
    Err(Error::input("event.policy", "a decision on record rests on the chain in which it stands, and is not told to another ledger")
        .hint("as lines from elsewhere they are passed over; a bundle or the ledger's own file carries it with its proof"))
}

/// What was told; nothing of what was erased, and of an erasure.
fn sealed_event(kept: &Kept) -> Result<Option<Event>> {
    if kept.list == ERASURE { Ok(None) } else { sealed(kept) }
}

/// Where a ledger ends.
fn end(rows: &mut (impl Rows + ?Sized)) -> Result<Option<Mark>> {
    let (seq, _) = rows.last()?;
    let last = rows.after(seq.saturating_sub(1), 1)?;
    Ok(last.first().map(|it| Mark { seq: it.seq, link: it.link }))
}

/// The number of a mark that is this ledger's.
fn known(rows: &mut (impl Rows + ?Sized), mark: &Mark) -> Result<u64> {
    let found = match mark.seq.checked_sub(1) {
        Some(before) => rows.after(before, 1)?,
        None => Vec::new(),
    };
    match found.first() {
        Some(it) if it.seq == mark.seq && it.link == mark.link => Ok(mark.seq),
        _ => {
            Err(Error::input("since", "is no mark of this ledger, which was made anew, or from older lines")
                .hint("leave it out: what the other has already is told once"))
        }
    }
}

/// What came after a number about a person, under every name, in order.
fn about(rows: &mut (impl Rows + ?Sized), hashes: &Hashes, person: &str, from: u64) -> Result<Vec<Kept>> {
    let own = match rows.person(person)? {
        Some(it) => rows.of_person(it.number, i64::MAX)?,
        None => Vec::new(),
    };
    let others = links::others(rows, hashes, person, &own, i64::MAX)?;
    let mut all = own;
    all.extend(others.into_iter().flat_map(|(_, events)| events));
    all.sort_by_key(|it| it.seq);
    // Of a name that was linked since, what is older is new to whoever asks.
    let linked = all.iter().any(|it| it.seq > from && it.list == List::Links as u8);
    all.retain(|it| linked || it.seq > from);
    Ok(all)
}

//! A request as one flat list of nodes, for hosts that hand over their objects: nothing of it is a box of its own, and the
//! room serves one request after another.
//!
//! It says what [`Json`] says after [`Json::admit`], of requests that have nothing unusual: keys that the policy knows, each
//! once; whole numbers; texts, lists and objects within the limits. Whatever else there is, it does not hold: the caller
//! takes the long way with that request, which says what is wrong and where.

mod canonical;

pub use super::keys::Keys;
pub use super::scan::{Scan, usual_bytes};
pub use super::tape::{Kept, Shapes, Tape};
pub use super::written::{Object, Written};
pub use crate::facts::Warm;

use crate::wire::{Item, Json, Limits};
use std::cmp::Ordering;

/// Lists and objects nest no deeper here; requests seldom nest half as deep.
const DEEPEST: usize = 12;
/// Engines whose host has lowered the limits on nesting or on texts below these take the long way always.
const LEAST: (usize, usize) = (DEEPEST + 1, 256);

/// A place in the texts, or among the entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The first.
    pub at: u32,
    /// How many.
    pub len: u32,
}

impl Run {
    fn range(self) -> std::ops::Range<usize> {
        self.at as usize..(self.at as usize).saturating_add(self.len as usize)
    }
}

/// A value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Node {
    /// Not there: an entry that is left out.
    #[default]
    Absent,
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number that is admitted.
    Int(i64),
    /// A text.
    Text(Run),
    /// A list, in canonical order.
    List(Run),
    /// An object, in order of its keys.
    Map(Run),
}

/// A value in a list or an object.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry {
    /// In an object the key's number, in a list the place at which the host gave it.
    pub key: u32,
    /// The value.
    pub node: Node,
}

/// A request in the making, and made.
#[derive(Clone, Debug, Default)]
pub struct Flat {
    text: String,
    entries: Vec<Entry>,
    /// Values of lists and objects that are not closed yet.
    open: Vec<Entry>,
    root: Node,
    limits: Room,
}

/// What of the limits is asked of every value.
#[derive(Clone, Copy, Debug, Default)]
struct Room {
    text: usize,
    members: usize,
    keys: usize,
}

impl Flat {
    /// Empties it for a request under these limits. What it held is written over: a person's data stays no longer than its
    /// request. Nothing if the limits are so low that the long way must be taken.
    pub fn begin(&mut self, limits: &Limits) -> Option<()> {
        self.clear();
        let limits = limits.admitted();
        let most = Limits::MOST.request_bytes;
        if limits.depth < LEAST.0 || limits.text_bytes < LEAST.1 || limits.request_bytes < most {
            return None;
        }
        let members = limits.members.min(limits.events);
        self.limits = Room { text: limits.text_bytes, members, keys: limits.members };
        Some(())
    }

    /// Forgets what it holds.
    pub fn clear(&mut self) {
        let mut bytes = std::mem::take(&mut self.text).into_bytes();
        bytes.fill(0);
        bytes.clear();
        // Empty bytes are a text.
        self.text = String::from_utf8(bytes).unwrap_or_default();
        for entries in [&mut self.entries, &mut self.open] {
            entries.fill(Entry::default());
            entries.clear();
        }
        self.root = Node::Absent;
    }

    /// A text as a value.
    pub fn text(&mut self, text: &str) -> Option<Node> {
        if text.len() > self.limits.text {
            return None;
        }
        let at = u32::try_from(self.text.len()).ok()?;
        self.text.push_str(text);
        Some(Node::Text(Run { at, len: u32::try_from(text.len()).ok()? }))
    }

    /// Texts that follow one another, each a value by [`Flat::text_at`]; where the first begins.
    pub(crate) fn texts(&mut self, text: &str) -> Option<u32> {
        let at = u32::try_from(self.text.len()).ok()?;
        u32::try_from(self.text.len().checked_add(text.len())?).ok()?;
        self.text.push_str(text);
        Some(at)
    }

    /// The same of a text that is a whole request, with room for the values in it.
    pub(crate) fn room_for_text(&mut self, text: &str) -> Option<u32> {
        // A value of an event takes some twenty bytes.
        self.entries.reserve(text.len() / 16);
        self.open.reserve(64);
        self.texts(text)
    }

    /// A text that is there already.
    pub(crate) fn text_at(&self, at: u32, len: u32) -> Option<Node> {
        if len as usize > self.limits.text {
            return None;
        }
        let run = Run { at, len };
        self.text.get(run.range())?;
        Some(Node::Text(run))
    }

    /// A text that is there already.
    #[inline]
    pub(crate) fn str_at(&self, at: u32, len: u32) -> Option<&str> {
        if len as usize > self.limits.text {
            return None;
        }
        self.text.get(Run { at, len }.range())
    }

    /// The bytes of the texts that are there already, from a place on.
    #[inline]
    pub(crate) fn bytes_at(&self, at: usize) -> Option<&[u8]> {
        self.text.as_bytes().get(at..)
    }

    /// How many members a list may have.
    pub(crate) fn most_members(&self) -> usize {
        self.limits.members
    }

    /// A whole number as a value.
    #[must_use]
    pub fn int(n: i64) -> Option<Node> {
        (0..=super::limits::GREATEST_INTEGER).contains(&n).then_some(Node::Int(n))
    }

    /// Begins a list or an object at a depth; what is put from now on is in it, until it is closed.
    #[must_use]
    pub fn open(&self, depth: usize) -> Option<usize> {
        (depth < DEEPEST).then_some(self.open.len())
    }

    /// Puts a value into what is open, under a key's number or, in a list, at its place.
    pub fn put(&mut self, key: u32, node: Node) {
        self.open.push(Entry { key, node });
    }

    /// Ends a list; one that stands in a list itself keeps the order in which it was given.
    pub fn list(&mut self, from: usize, in_list: bool) -> Option<Node> {
        let Flat { open, entries, text, limits, .. } = self;
        let items = open.get_mut(from..)?;
        if items.len() > limits.members || items.iter().any(|it| it.node == Node::Absent) {
            return None;
        }
        let there = There { text, entries };
        let order = |a: &Entry, b: &Entry| there.compare(a.node, b.node);
        if !in_list && !items.is_sorted_by(|a, b| order(a, b) != Ordering::Greater) {
            // Hosts keep events newest first as often as oldest first; sorting a few by insertion, that is the dearest order.
            if items.is_sorted_by(|a, b| order(a, b) == Ordering::Greater) {
                items.reverse();
            } else {
                items.sort_by(order);
            }
        }
        self.close(from).map(Node::List)
    }

    /// Ends an object. Nothing if a key is there twice.
    pub fn map(&mut self, from: usize) -> Option<Node> {
        let entries = self.open.get_mut(from..)?;
        if entries.len() > self.limits.keys {
            return None;
        }
        if !entries.is_sorted_by(|a, b| a.key < b.key) {
            entries.sort_unstable_by_key(|it| it.key);
            if !entries.is_sorted_by(|a, b| a.key < b.key) {
                return None;
            }
        }
        self.close(from).map(Node::Map)
    }

    fn close(&mut self, from: usize) -> Option<Run> {
        let at = self.entries.len();
        self.entries.extend(self.open.get(from..)?.iter().filter(|it| it.node != Node::Absent));
        self.open.truncate(from);
        Some(Run { at: u32::try_from(at).ok()?, len: u32::try_from(self.entries.len() - at).ok()? })
    }

    /// Says that this value is the request.
    pub fn done(&mut self, root: Node) -> Option<()> {
        matches!(root, Node::Map(_)).then_some(())?;
        self.root = root;
        Some(())
    }

    /// Puts a text in place of what the request says under a key.
    pub fn lay(&mut self, key: u16, text: &str) -> Option<()> {
        let node = self.text(text)?;
        let Node::Map(run) = self.root else { return None };
        // The request was closed last: its entries are the last ones.
        let range = run.range();
        if range.end != self.entries.len() {
            return None;
        }
        let entries = self.entries.get_mut(range.clone())?;
        match entries.binary_search_by_key(&u32::from(key), |it| it.key) {
            Ok(found) => entries.get_mut(found)?.node = node,
            Err(place) => {
                self.entries.insert(range.start + place, Entry { key: u32::from(key), node });
                self.root = Node::Map(Run { len: run.len + 1, ..run });
            }
        }
        Some(())
    }

    /// What the request holds.
    #[must_use]
    pub fn root(&self) -> &[Entry] {
        self.entries(self.root)
    }

    /// What a list or an object holds.
    #[inline]
    #[must_use]
    pub fn entries(&self, node: Node) -> &[Entry] {
        self.there().entries(node)
    }

    /// A text.
    #[inline]
    #[must_use]
    pub fn str(&self, run: Run) -> &str {
        self.there().str(run)
    }

    fn there(&self) -> There<'_> {
        There { text: &self.text, entries: &self.entries }
    }

    /// A value as the tree that the long way reads.
    #[must_use]
    pub fn json(&self, keys: &Keys, node: Node) -> Json {
        match node {
            Node::Absent | Node::Null => Json::Null,
            Node::Bool(b) => Json::Bool(b),
            Node::Int(n) => Json::Int(n),
            Node::Text(run) => Json::Text(self.str(run).to_owned()),
            Node::List(_) => {
                let items = self.entries(node).iter();
                Json::List(items.map(|it| Item { at: it.key, json: self.json(keys, it.node) }).collect())
            }
            Node::Map(_) => {
                let entries = self.entries(node).iter();
                let name = |key: u32| keys.name(u16::try_from(key).unwrap_or(u16::MAX)).to_owned();
                Json::Map(entries.map(|it| (name(it.key), self.json(keys, it.node))).collect())
            }
        }
    }
}

/// Texts and entries to read in while others are written.
#[derive(Clone, Copy)]
struct There<'a> {
    text: &'a str,
    entries: &'a [Entry],
}

impl<'a> There<'a> {
    #[inline]
    fn str(self, run: Run) -> &'a str {
        self.text.get(run.range()).unwrap_or("")
    }

    /// In the order of texts.
    #[inline]
    fn bytes(self, run: Run) -> &'a [u8] {
        self.text.as_bytes().get(run.range()).unwrap_or_default()
    }

    #[inline]
    fn entries(self, node: Node) -> &'a [Entry] {
        match node {
            Node::List(run) | Node::Map(run) => self.entries.get(run.range()).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The order of [`Json`]: by kind, then by content; keys are numbered in order of name.
    fn compare(self, a: Node, b: Node) -> Ordering {
        fn kind(node: Node) -> u8 {
            match node {
                Node::Absent | Node::Null => 0,
                Node::Bool(_) => 1,
                Node::Int(_) => 2,
                Node::Text(_) => 3,
                Node::List(_) => 4,
                Node::Map(_) => 5,
            }
        }
        match (a, b) {
            (Node::Text(a), Node::Text(b)) => self.bytes(a).cmp(self.bytes(b)),
            (Node::Bool(a), Node::Bool(b)) => a.cmp(&b),
            (Node::Int(a), Node::Int(b)) => a.cmp(&b),
            (Node::List(_), Node::List(_)) | (Node::Map(_), Node::Map(_)) => {
                let keyed = matches!(a, Node::Map(_));
                let (a, b) = (self.entries(a), self.entries(b));
                for (a, b) in a.iter().zip(b) {
                    let by_key = if keyed { a.key.cmp(&b.key) } else { Ordering::Equal };
                    match by_key.then_with(|| self.compare(a.node, b.node)) {
                        Ordering::Equal => {}
                        other => return other,
                    }
                }
                a.len().cmp(&b.len())
            }
            (a, b) => kind(a).cmp(&kind(b)),
        }
    }
}

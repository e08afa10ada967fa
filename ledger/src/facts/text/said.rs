//! What the words of one event say, each value as it stands in them.

use crate::event::List;
use crate::plain::quoted;
use byleave::normal_address as normal;
use byleave::wire::flat::usual_bytes;
use byleave::wire::{Json, Limits};
use memchr::{memchr2_iter, memmem};

/// Lists and objects of an event nest no deeper here.
const DEEPEST: usize = 32;
/// What stands before the event, and after it. Between quotation marks none stands unescaped, so the first is found where it is
/// first, and the second, which nothing after it can hold, where it is last.
const EVENT: &str = ",\"event\":{";
const KEY: &str = ",\"key\":\"";

/// What the words of an event say, each value as it stands.
#[derive(Default)]
pub(super) struct Said<'t> {
    pub list: &'t str,
    key: &'t str,
    recorded_at: &'t str,
    event: &'t str,
    /// In the event itself.
    has_id: bool,
    has_recorded_at: bool,
    kind: &'t str,
    scope: &'t str,
    pub at: &'t str,
    pub set: &'t str,
}

impl<'t> Said<'t> {
    /// What an event of that list says. Words are canonical, and begin with who told them and with the event itself.
    pub fn of(list: List, words: &'t str) -> Option<Said<'t>> {
        let begin = memmem::find(words.as_bytes(), EVENT.as_bytes())? + EVENT.len() - 1;
        let rest = memmem::rfind(words.as_bytes(), KEY.as_bytes())?;
        let event = words.get(begin..rest)?;
        let mut out = Said { event, ..Said::default() };
        let mut skim = Skim { text: words, at: rest };
        while skim.take(b',').is_some() {
            let (key, value) = skim.entry()?;
            match key {
                "list" => out.list = value,
                "key" => out.key = value,
                "recorded_at" => out.recorded_at = value,
                _ => {}
            }
        }
        skim.take(b'}')?;
        // Most events are passed over: nothing in them is needed, and they nest no deeper than they have marks.
        let has = |key: &[u8]| memmem::find(event.as_bytes(), key).is_some();
        let looked_into = matches!(list, List::Consents | List::Preferences)
            || (list.named() && (has(b"\"id\":") || has(b"\"recorded_at\":")))
            || memchr2_iter(b'{', b'[', event.as_bytes()).count() > DEEPEST;
        if looked_into {
            out.look_into()?;
        }
        (skim.is_done() && event.ends_with('}')).then_some(out)
    }

    fn look_into(&mut self) -> Option<()> {
        let mut skim = Skim::of(self.event);
        skim.each(|key, value| {
            match key {
                "id" => self.has_id = true,
                "recorded_at" => self.has_recorded_at = true,
                "kind" => self.kind = value,
                "scope" => self.scope = value,
                "at" => self.at = value,
                "set" => self.set = value,
                _ => {}
            }
            Some(())
        })?;
        skim.is_done().then_some(())
    }

    /// Whether what it refuses at the address that is asked about is written as that is: the engine compares texts.
    pub fn is_addressed_as_asked(&self, address: Option<&str>) -> bool {
        let (Some(address), false) = (address, self.kind == "\"grant\"") else { return true };
        let mut at = "";
        let read = Skim::of(self.scope).each(|key, value| {
            if key == "address" {
                at = value;
            }
            Some(())
        });
        if at.is_empty() {
            return read.is_some() || self.scope.is_empty();
        }
        let same = |it: &Json| matches!(it, Json::Text(text) if normal(text) == normal(address));
        match Json::parse(at, &Limits::MOST) {
            Ok(Json::List(items)) => {
                let as_asked = items.iter().any(|it| it.json == Json::Text(address.to_owned()));
                as_asked || !items.iter().any(|it| same(&it.json))
            }
            Ok(one) => one == Json::Text(address.to_owned()) || !same(&one),
            Err(_) => false,
        }
    }

    /// As a request says it: under its name, and with the instant from which it was known.
    pub fn write(&self, list: List, out: &mut String) -> Option<()> {
        let rest = self.event.strip_prefix('{')?;
        out.push('{');
        let mut comma = "";
        let ours = [("id", self.has_id, self.key), ("recorded_at", self.has_recorded_at, self.recorded_at)];
        for (name, there, value) in ours.into_iter().filter(|_| list.named()) {
            if !there {
                key(name, &mut comma, out);
                out.push_str(value);
            }
        }
        if rest != "}" {
            out.push_str(comma);
        }
        out.push_str(rest);
        Some(())
    }
}

/// A key of an object, after a comma where one is needed.
pub(super) fn key(name: &str, comma: &mut &str, out: &mut String) {
    out.push_str(std::mem::replace(comma, ","));
    quoted(name, out);
    out.push(':');
}

/// Passes over canonical JSON: where each value begins and ends. What stands in it is read by whoever reads the whole.
pub(super) struct Skim<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Skim<'t> {
    pub fn of(text: &'t str) -> Skim<'t> {
        Skim { text, at: 0 }
    }

    fn is_done(&self) -> bool {
        self.at == self.text.len()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// A key and its value.
    fn entry(&mut self) -> Option<(&'t str, &'t str)> {
        let marked = self.string()?;
        let key = marked.get(1..marked.len().checked_sub(1)?)?;
        self.take(b':')?;
        Some((key, self.value()?))
    }

    /// Tells each key of an object, and its value.
    pub fn each(&mut self, mut one: impl FnMut(&'t str, &'t str) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        if self.take(b'}').is_some() {
            return Some(());
        }
        loop {
            let (key, value) = self.entry()?;
            one(key, value)?;
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    /// A text with its quotation marks.
    fn string(&mut self) -> Option<&'t str> {
        let from = self.at;
        self.take(b'"')?;
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            let usual = usual_bytes(rest);
            self.at += usual + 1;
            match rest.get(usual)? {
                b'"' => return self.text.get(from..self.at),
                b'\\' => self.at += 1,
                _ => return None,
            }
        }
    }

    fn value(&mut self) -> Option<&'t str> {
        let from = self.at;
        let mut depth = 0usize;
        loop {
            match self.peek()? {
                b'"' => drop(self.string()?),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                    (depth <= DEEPEST).then_some(())?;
                    continue;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                b',' | b':' => {
                    (depth > 0).then_some(())?;
                    self.at += 1;
                    continue;
                }
                _ => {
                    let rest = self.text.as_bytes().get(self.at..)?;
                    self.at += rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count().max(1);
                }
            }
            if depth == 0 {
                return self.text.get(from..self.at);
            }
        }
    }
}

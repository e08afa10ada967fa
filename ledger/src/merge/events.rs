//! Events that several sources tell: what restricts is united, what gives leave counts as the rules say, and each correction
//! takes back what its own source has told.

use super::resolve::{Became, Dispute};
use super::rules::{Grants, Rules};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{List, instant};
use byleave::wire::Json;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// An event as a source tells it.
pub(super) struct Told<'a> {
    pub(super) source: &'a str,
    pub(super) list: List,
    pub(super) n: u32,
    pub(super) record: &'a Json,
}

/// What decides over events besides themselves.
pub(super) struct Terms<'a> {
    pub(super) rules: &'a Rules,
    /// Each source's own name of the person, and the one in the merged facts.
    pub(super) own: &'a BTreeMap<&'a str, &'a str>,
    pub(super) merged: &'a str,
    /// Sources that claim to tell all of a list.
    pub(super) whole: &'a BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// Whether an event can open a door, or shut one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Frees,
    Binds,
}

fn kind(record: &Json) -> Option<&str> {
    text(record, "kind")
}

fn text<'a>(record: &'a Json, key: &str) -> Option<&'a str> {
    match record.get(key) {
        Some(Json::Text(text)) => Some(text),
        _ => None,
    }
}

/// One event on its way.
struct Row<'a> {
    source: &'a str,
    list: List,
    n: u32,
    side: Side,
    /// Its id as its source tells it, and as it will be told.
    told_id: Option<&'a str>,
    id: Option<String>,
    /// What it says, but for its id and the instant it was recorded.
    words: Json,
    recorded: Option<Timestamp>,
    gone: bool,
}

impl Row<'_> {
    fn is_void(&self) -> bool {
        self.list == List::Consents && kind(&self.words) == Some("void")
    }

    fn is_grant(&self) -> bool {
        self.list == List::Consents && kind(&self.words) == Some("grant")
    }
}

/// The events of each list, as a request holds them.
pub(super) fn united(
    told: &[Told<'_>],
    terms: &Terms<'_>,
    disputes: &mut Vec<Dispute>,
) -> Result<BTreeMap<List, Vec<Json>>> {
    let mut rows = told.iter().map(|it| row(it, terms)).collect::<Result<Vec<Row<'_>>>>()?;
    sides(&mut rows);
    names(&mut rows, disputes)?;
    counted(&mut rows, terms, disputes);
    look_ups(&mut rows, disputes);
    Ok(written(&rows))
}

/// Reads an event; whom it names is named as in the merged facts.
fn row<'a>(told: &Told<'a>, terms: &Terms<'_>) -> Result<Row<'a>> {
    let Json::Map(entries) = told.record else {
        return Err(Error::input(told.list.as_str(), "an event is an object"));
    };
    let own = terms.own.get(told.source).copied();
    let mut words = entries.clone();
    let mut recorded = None;
    words.retain(|(key, value)| {
        if key == "recorded_at"
            && let Json::Text(text) = value
        {
            recorded = instant(text);
        }
        key != "id" && (key != "recorded_at" || recorded.is_none())
    });
    for (key, value) in &mut words {
        if let ("holder" | "recipient", Json::Text(name)) = (key.as_str(), &mut *value) {
            if Some(name.as_str()) == own {
                *name = terms.merged.to_owned();
            } else if name == terms.merged {
                let message =
                    format!("`{}` calls somebody else by the name of the merged person", told.source);
                return Err(
                    Error::new(ErrorKind::Conflict, message).at(format!("{}.{key}", told.list.as_str()))
                );
            }
        }
    }
    Ok(Row {
        source: told.source,
        list: told.list,
        n: told.n,
        side: Side::Binds,
        told_id: text(told.record, "id"),
        id: text(told.record, "id").map(str::to_owned),
        words: Json::Map(words),
        recorded,
        gone: false,
    })
}

/// What can open a door: grants, what the person did, and what takes back anything but a grant.
fn sides(rows: &mut [Row<'_>]) {
    let ids: BTreeSet<String> =
        rows.iter().filter(|it| it.is_grant()).filter_map(|it| it.told_id.map(str::to_owned)).collect();
    let grants: BTreeSet<(&str, Option<&str>)> =
        rows.iter().filter(|it| it.is_grant()).map(|it| (it.source, it.told_id)).collect();
    let grants: BTreeSet<(String, String)> =
        grants.into_iter().filter_map(|(source, id)| Some((source.to_owned(), id?.to_owned()))).collect();
    let told: BTreeSet<(String, String)> = rows
        .iter()
        .filter(|it| it.list == List::Consents)
        .filter_map(|it| Some((it.source.to_owned(), it.told_id?.to_owned())))
        .collect();
    for row in rows {
        let of_grant = text(&row.words, "of").is_some_and(|of| {
            let own = (row.source.to_owned(), of.to_owned());
            // What its own source does not tell is looked for among the others.
            if told.contains(&own) { grants.contains(&own) } else { ids.contains(of) }
        });
        row.side = match row.list {
            List::Consents if row.is_grant() || (row.is_void() && !of_grant) => Side::Frees,
            List::Interactions => Side::Frees,
            _ => Side::Binds,
        };
    }
}

/// Gives each event its name: its own where all sources that tell it say the same, `source:id` where they do not.
fn names(rows: &mut [Row<'_>], disputes: &mut Vec<Dispute>) -> Result<()> {
    let mut groups: BTreeMap<(List, &str), Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some(id) = row.told_id {
            groups.entry((row.list, id)).or_default().push(at);
        }
    }
    let voided: BTreeSet<(&str, &str)> = rows
        .iter()
        .filter(|it| it.is_void())
        .filter_map(|it| Some((it.source, text(&it.words, "of")?)))
        .collect();
    let mut plain: BTreeSet<(List, String)> = BTreeSet::new();
    let mut made: BTreeSet<(List, String)> = BTreeSet::new();
    let mut changes: Vec<(usize, Option<String>)> = Vec::new();
    for ((list, id), group) in &groups {
        let of = |at: &usize| rows.get(*at);
        let members: Vec<&Row<'_>> = group.iter().filter_map(of).collect();
        let same = members.windows(2).all(|pair| matches!(pair, [a, b] if a.words == b.words));
        // A refusal that one source takes back is still told by the others.
        let frees_one = *list == List::Consents
            && members
                .iter()
                .any(|it| !it.is_grant() && (it.is_void() || voided.contains(&(it.source, *id))));
        if members.len() == 1
            || (same && (!frees_one || members.iter().all(|it| it.is_void() && it.side == Side::Binds)))
        {
            plain.insert((*list, (*id).to_owned()));
            continue;
        }
        if !same {
            disputes.push(Dispute::new(
                format!("{}.{id}", list.as_str()),
                Became::Apart,
                members.iter().map(|it| it.source),
                "one name, different words: what restricts counts from each, what gives leave from none",
            ));
        }
        let mut times: BTreeMap<&str, u32> = BTreeMap::new();
        for at in group {
            let Some(row) = rows.get(*at) else { continue };
            if !same && row.side == Side::Frees {
                if row.is_void() && text(&row.words, "of").is_some_and(|of| is_void_id(rows, row.source, of))
                {
                    return Err(Error::new(
                        ErrorKind::Conflict,
                        format!("`{id}` is told in different words, and takes back a correction"),
                    )
                    .at(list.as_str()));
                }
                changes.push((*at, None));
                continue;
            }
            let nth = times.entry(row.source).or_default();
            *nth += 1;
            let name = match *nth {
                1 => format!("{}:{id}", row.source),
                nth => format!("{}:{id}#{nth}", row.source),
            };
            if !made.insert((*list, name.clone())) {
                return Err(twice(&name));
            }
            changes.push((*at, Some(name)));
        }
    }
    if let Some((_, name)) = made.intersection(&plain).next() {
        return Err(twice(name));
    }
    for (at, name) in changes {
        if let Some(row) = rows.get_mut(at) {
            row.gone = name.is_none();
            row.id = name.or_else(|| row.id.take());
        }
    }
    aims(rows, disputes)
}

fn twice(name: &str) -> Error {
    let message = format!("two events would be called `{name}`");
    Error::new(ErrorKind::Conflict, message)
        .hint("no event of a source may be called as another is once it has its source before it")
}

fn is_void_id(rows: &[Row<'_>], source: &str, id: &str) -> bool {
    rows.iter().any(|it| it.source == source && it.told_id == Some(id) && it.is_void())
}

/// Lets each void name what it takes back by the name that this has now. It takes back what its own source has told; a grant
/// also where another told it.
fn aims(rows: &mut [Row<'_>], disputes: &mut Vec<Dispute>) -> Result<()> {
    let mut by_id: BTreeMap<&str, Vec<&Row<'_>>> = BTreeMap::new();
    for row in rows.iter().filter(|it| it.list == List::Consents && !it.gone) {
        if let Some(id) = row.told_id {
            by_id.entry(id).or_default().push(row);
        }
    }
    let mut aims: Vec<(usize, Option<String>)> = Vec::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, it)| it.is_void() && !it.gone) {
        let Some(of) = text(&row.words, "of") else { continue };
        let told: &[&Row<'_>] = by_id.get(of).map(Vec::as_slice).unwrap_or_default();
        let own: Vec<&&Row<'_>> = told.iter().filter(|it| it.source == row.source).collect();
        let aim = match (own.as_slice(), row.side) {
            ([one], _) => one.id.clone(),
            // Of a grant that nobody tells in one voice nothing is left to take back.
            (_, Side::Binds) => told.iter().find(|it| it.is_grant()).and_then(|it| it.id.clone()),
            _ => {
                if told.iter().any(|it| it.is_void()) {
                    return Err(Error::new(
                        ErrorKind::Conflict,
                        format!("`{of}` is a correction that `{}` takes back and has not told", row.source),
                    )
                    .at("consents"));
                }
                disputes.push(Dispute::new(
                    format!("consents.{of}"),
                    Became::Kept,
                    told.iter().map(|it| it.source).chain([row.source]),
                    "a source takes back only what it has told itself",
                ));
                None
            }
        };
        aims.push((at, aim));
    }
    for (at, aim) in aims {
        let Some(row) = rows.get_mut(at) else { continue };
        row.gone = aim.is_none();
        if let (Json::Map(entries), Some(aim)) = (&mut row.words, aim) {
            for (_, value) in entries.iter_mut().filter(|(key, _)| key == "of") {
                *value = Json::Text(aim.clone());
            }
        }
    }
    Ok(())
}

/// Leaves out what gives leave and does not count.
fn counted(rows: &mut [Row<'_>], terms: &Terms<'_>, disputes: &mut Vec<Dispute>) {
    let told: BTreeSet<(&str, List, &Json)> = rows.iter().map(|it| (it.source, it.list, &it.words)).collect();
    let mut out: Vec<usize> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let Some(rules) = terms.rules.sources.get(row.source) else { continue };
        let counts = match row.list {
            List::Consents if row.is_grant() => rules.grants,
            List::Interactions => rules.interactions,
            _ => continue,
        };
        let claims = terms.whole.get(row.list.as_str());
        let mut without = terms.rules.sources.keys().map(String::as_str).filter(|source| {
            let asked = terms.rules.grants == Grants::Common || claims.is_some_and(|it| it.contains(source));
            asked && !told.contains(&(*source, row.list, &row.words))
        });
        if !counts {
            out.push(at);
        } else if let Some(source) = without.next() {
            out.push(at);
            disputes.push(Dispute::new(
                format!("{}.{}", row.list.as_str(), row.told_id.unwrap_or("without an id")),
                Became::LeftOut,
                [row.source, source],
                "it gives leave, and not every source that must tells it",
            ));
        }
    }
    for at in out {
        if let Some(row) = rows.get_mut(at) {
            row.gone = true;
        }
    }
}

/// While one source's newest word is that an address is on a list, nobody else's look-up clears it.
fn look_ups(rows: &mut [Row<'_>], disputes: &mut Vec<Dispute>) {
    type Place = (Json, Json);
    let place = |row: &Row<'_>| -> Place {
        let word = |key: &str| row.words.get(key).cloned().unwrap_or(Json::Null);
        (word("list"), word("address"))
    };
    let day = |row: &Row<'_>| text(&row.words, "version_at").map(str::to_owned);
    let says = |row: &Row<'_>, word: &str| text(&row.words, "result") == Some(word);
    let mut cleared: BTreeMap<(&str, Place), String> = BTreeMap::new();
    for row in rows.iter().filter(|it| it.list == List::Lists && says(it, "not_listed")) {
        if let Some(day) = day(row) {
            let last = cleared.entry((row.source, place(row))).or_default();
            *last = day.max(std::mem::take(last));
        }
    }
    // By list and address, the sources whose newest word it is; one without a day is as new as any.
    let mut listed: BTreeMap<Place, BTreeSet<String>> = BTreeMap::new();
    for row in rows.iter().filter(|it| it.list == List::Lists && says(it, "listed")) {
        let at = (row.source, place(row));
        if !matches!((cleared.get(&at), day(row)), (Some(clear), Some(day)) if *clear > day) {
            listed.entry(at.1).or_default().insert(row.source.to_owned());
        }
    }
    for row in rows.iter_mut().filter(|it| it.list == List::Lists && !says(it, "listed")) {
        let by = listed.get(&place(row));
        if let Some(source) = by.and_then(|by| by.iter().find(|it| *it != row.source)) {
            row.gone = true;
            disputes.push(Dispute::new(
                format!("lists.{}", text(&row.words, "list").unwrap_or_default()),
                Became::LeftOut,
                [row.source, source.as_str()],
                "another source found the address on that list",
            ));
        }
    }
}

/// Events that say the same are one: known as early as anybody knew where it binds, as late as the last where it frees. Without
/// an id, what restricts counts as often as it was told: two contacts that read the same may be two.
fn written(rows: &[Row<'_>]) -> BTreeMap<List, Vec<Json>> {
    type Key<'k> = (List, &'k Option<String>, &'k Json, u32, &'k str);
    let mut groups: BTreeMap<Key<'_>, Vec<&Row<'_>>> = BTreeMap::new();
    for row in rows.iter().filter(|it| !it.gone) {
        let apart = row.id.is_none() && row.side == Side::Binds;
        let (n, source) = if apart { (row.n, row.source) } else { (0, "") };
        groups.entry((row.list, &row.id, &row.words, n, source)).or_default().push(row);
    }
    let mut out: BTreeMap<List, Vec<Json>> = BTreeMap::new();
    for ((list, id, words, ..), members) in groups {
        let recorded = members.iter().map(|it| it.recorded);
        let binds = members.iter().any(|it| it.side == Side::Binds);
        // Without, it was recorded when it happened: no instant is before that.
        let recorded = if binds { recorded.min().flatten() } else { recorded.max().flatten() };
        let Json::Map(mut entries) = words.clone() else { continue };
        entries.extend(id.iter().map(|id| ("id".to_owned(), Json::Text(id.clone()))));
        entries.extend(recorded.map(|at| ("recorded_at".to_owned(), Json::Text(at.to_string()))));
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        out.entry(list).or_default().push(Json::Map(entries));
    }
    out
}

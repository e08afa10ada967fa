//! The tables of `packs/places`: area codes, states, and the names of time zones.
//!
//! A line is read when it is asked for. A test reads every line of each, so that none is passed over in silence.

use std::sync::OnceLock;

const AREA_CODES: &str = include_str!("../../places/area_codes.txt");
const STATES: &str = include_str!("../../places/states.txt");
const ZONES: &str = include_str!("../../places/zones.txt");

/// What an area code says of where its numbers are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AreaCode {
    /// The places it serves. Zones of the United States only.
    Places { jurisdictions: Vec<&'static str>, zones: Vec<&'static str> },
    /// No place: `toll_free`, `premium`, `personal`, `no_place`.
    Nowhere(&'static str),
}

/// What may stand for a state in an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// Its jurisdiction; none for the armed forces' post abroad.
    pub jurisdiction: Option<&'static str>,
    /// All that it lies in; none outside the zones of the United States.
    pub zones: Vec<&'static str>,
    /// What people call it.
    pub name: &'static str,
}

/// An area code in use; none for any other text.
pub(super) fn area_code(code: &str) -> Option<AreaCode> {
    static BY_CODE: OnceLock<Vec<&'static str>> = OnceLock::new();
    let by_code = BY_CODE.get_or_init(|| {
        let mut all = vec![""; 1000];
        for line in lines(AREA_CODES) {
            let at = line.split(' ').next().and_then(|it| it.parse::<usize>().ok());
            if let Some(slot) = at.and_then(|at| all.get_mut(at)) {
                *slot = line;
            }
        }
        all
    });
    let line = by_code.get(code.parse::<usize>().ok()?)?;
    read_area_code(line).filter(|(it, _)| *it == code).map(|(_, what)| what)
}

/// A state by postal code (`FL`), by jurisdiction (`US-FL`) or by name (`Florida`), in any case.
pub(super) fn state(text: &str) -> Option<State> {
    let text = text.trim();
    let is = |it: &str| !it.is_empty() && it.eq_ignore_ascii_case(text);
    states()
        .find(|(postal, it)| is(postal) || is(it.name) || it.jurisdiction.is_some_and(is))
        .map(|(_, state)| state)
}

/// The name that stands for a time zone of the United States, whichever of its names that is.
pub(super) fn stands_for(zone: &str) -> Option<&'static str> {
    zones().find(|(name, _)| name.eq_ignore_ascii_case(zone)).map(|(_, it)| it)
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

fn cells<const N: usize>(line: &'static str) -> Option<[&'static str; N]> {
    let mut cells = line.split('|').map(str::trim);
    let mut out = [""; N];
    for cell in &mut out {
        *cell = cells.next()?;
    }
    cells.next().is_none().then_some(out)
}

fn words(cell: &'static str) -> Vec<&'static str> {
    cell.split_whitespace().collect()
}

/// Every area code in use. One whose line cannot be read is not in use.
#[cfg(test)]
pub(super) fn area_codes() -> impl Iterator<Item = (&'static str, AreaCode)> {
    lines(AREA_CODES).filter_map(read_area_code)
}

fn read_area_code(line: &'static str) -> Option<(&'static str, AreaCode)> {
    let [code, place, zones] = cells(line)?;
    let what = match place {
        "toll_free" | "premium" | "personal" | "no_place" => AreaCode::Nowhere(place),
        _ => AreaCode::Places { jurisdictions: words(place), zones: words(zones) },
    };
    Some((code, what))
}

/// Everything that may stand for a state, by postal code.
pub(super) fn states() -> impl Iterator<Item = (&'static str, State)> {
    lines(STATES).filter_map(|line| {
        let [postal, jurisdiction, zones, name] = cells(line)?;
        let jurisdiction = Some(jurisdiction).filter(|it| !it.is_empty());
        Some((postal, State { jurisdiction, zones: words(zones), name }))
    })
}

/// Every name of a time zone of the United States, with the one that stands for it.
pub(super) fn zones() -> impl Iterator<Item = (&'static str, &'static str)> {
    lines(ZONES).filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words.next()?))
    })
}

/// Lines of the tables that hold something: what the tests count the readings by.
#[cfg(test)]
pub(super) fn written() -> [usize; 3] {
    [AREA_CODES, STATES, ZONES].map(|it| lines(it).count())
}

//! Where a person is, as far as a phone number, a postal state and a confirmed address tell: candidate time zones and
//! jurisdictions, as facts of a request.
//!
//! The tables are data in `packs/places`. What they do not tell stays unknown: a rule of time then blocks, and says which fact
//! it misses. Nothing here is a guess, and no two places are weighed against each other: every candidate counts, until
//! somebody confirms one.
//!
//! | file | what it holds |
//! |---|---|
//! | `number` | a phone number as people write it |
//! | `places` | the tables |
//! | `confirmed` | whether a confirmed place may stand alone |
//! | `told` | the result as JSON |

mod confirmed;
mod number;
mod places;
#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests;
mod told;

use confirmed::Standing;
use number::Number;
use places::AreaCode;
use std::collections::BTreeSet;

/// What is known of where a person is. Each part may be missing; a text of nothing but spaces is.
///
/// ```
/// use byleave_packs::locate::{Known, locate};
/// // Two candidates far apart: a rule of time must hold in both.
/// let known = Known { phone: Some("+1 415 555 0142"), state: Some("NY"), ..Known::default() };
/// assert_eq!(locate(&known).zones, ["America/Los_Angeles", "America/New_York"]);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The number to be called or texted, as it is on file.
    pub phone: Option<&'a str>,
    /// The state of the postal address on file, which nobody has confirmed: `FL`, `US-FL` or `Florida`.
    pub state: Option<&'a str>,
    /// Where the person was by the person's own word, or by that of the person's device.
    pub confirmed: Option<Confirmed<'a>>,
    /// When the contact is to be: an instant of RFC 3339, or a date. Without it nothing counts as confirmed.
    pub at: Option<&'a str>,
}

/// A place that the person, or the person's device, has confirmed.
///
/// ```
/// use byleave_packs::locate::{Confirmed, Known, locate};
/// let place = Confirmed { state: Some("FL"), time_zone: Some("America/Chicago"), on: Some("2026-01-15") };
/// let known = Known { confirmed: Some(place), at: Some("2026-07-01T20:30:00-04:00"), ..Known::default() };
/// assert_eq!(locate(&known).zones, ["America/Chicago"]);
/// // A year later it is an address on file like any other, in a state that spans two zones.
/// let later = Known { at: Some("2027-07-01T20:30:00-04:00"), ..known };
/// assert_eq!(locate(&later).zones, ["America/Chicago", "America/New_York"]);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Confirmed<'a> {
    /// The state, as in [`Known::state`].
    pub state: Option<&'a str>,
    /// The time zone, by its IANA name.
    pub time_zone: Option<&'a str>,
    /// When it was confirmed: a date, or an instant.
    pub on: Option<&'a str>,
}

/// Where the person may be. [`Located::facts`] has it as facts of a request.
///
/// ```
/// use byleave_packs::locate::{Known, locate};
/// let there = locate(&Known { phone: Some("(405) 555-0142"), state: Some("FL"), ..Known::default() });
/// assert_eq!(there.number.as_deref(), Some("+14055550142"));
/// // The law of both may apply: Florida's as the home, Oklahoma's by the area code.
/// assert_eq!(there.jurisdictions, ["US-FL"]);
/// assert_eq!(there.of_number, Some(vec!["US-OK".to_owned()]));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located {
    /// The candidate time zones, in order of name: `person.time_zones`. None: unknown.
    pub zones: Vec<String>,
    /// The zone, where a confirmed place settles on one. It is then the only candidate.
    pub confirmed_zone: Option<String>,
    /// The person's jurisdictions, in order of name: `person.jurisdictions`. None: unknown.
    pub jurisdictions: Vec<String>,
    /// Whether they are presumed from the area code, because no address is on file.
    pub presumed: bool,
    /// Where the number belongs: `address.jurisdictions`. `Some` and empty: known to belong to no place, as a toll-free number.
    pub of_number: Option<Vec<String>>,
    /// The number as E.164 has it, `+12125550142`, if it is one.
    pub number: Option<String>,
    /// What each part of what is known came to.
    pub because: Vec<Because>,
}

/// What one part of what is known came to.
///
/// ```
/// use byleave_packs::locate::{Known, locate};
/// let nowhere = locate(&Known { phone: Some("+44 20 7946 0958"), ..Known::default() });
/// assert_eq!((nowhere.because[0].of, nowhere.because[0].kind), ("phone", "foreign"));
/// assert_eq!(nowhere.because[0].sentence, "a number of another country tells no time zone");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// Which part: `phone`, `state`, `confirmed`.
    pub of: &'static str,
    /// What it is, in one word that stays the same: `area_code`, `toll_free`, `foreign`, `unreadable` and so on.
    pub kind: &'static str,
    /// The same in a sentence. It repeats nothing that was given but what the tables know.
    pub sentence: String,
}

/// Candidate time zones and jurisdictions.
///
/// - A place that was confirmed in the twelve months before the contact stands alone: its zones and no others.
/// - Otherwise every zone is a candidate that the area code or the postal state lies in. A number of another country, one that
///   cannot be read, or a state that is none makes the zones unknown, whatever else is on file: the person may be anywhere.
/// - A toll-free, premium or personal number tells nothing of a place, and takes nothing away from what an address tells.
/// - The person's jurisdictions are those of the addresses. Without any, the area code's state is presumed, as Florida, Oklahoma,
///   Maryland, Connecticut and others do by law; an area code of another country is never presumed, which could lift the
///   law of every state. Where the number itself belongs is told apart, for the states whose law goes by area code.
///
/// ```
/// use byleave_packs::locate::{Known, locate};
/// let pensacola = locate(&Known { phone: Some("(850) 555-0142"), ..Known::default() });
/// assert_eq!(pensacola.zones, ["America/Chicago", "America/New_York"]);
/// assert_eq!((pensacola.jurisdictions, pensacola.presumed), (vec!["US-FL".to_owned()], true));
///
/// let toll_free = locate(&Known { phone: Some("+1 800 555 0142"), ..Known::default() });
/// assert!(toll_free.zones.is_empty());
/// assert_eq!(toll_free.because[0].kind, "toll_free");
/// ```
#[must_use]
pub fn locate(known: &Known<'_>) -> Located {
    let mut out = Located::default();
    let mut zones = Candidates::default();
    let mut homes = Homes::default();

    let alone = match known.confirmed.map(|it| confirmed::judge(&it, known.at)) {
        None => false,
        Some(Standing::Missing) => {
            out.tell("confirmed", "missing", "no confirmed place is on file");
            false
        }
        Some(Standing::Alone { place, zones: its, kind }) => {
            out.tell("confirmed", kind, confirmed::sentence(kind));
            homes.1 |=
                place.is_none() && known.confirmed.is_some_and(|it| confirmed::given(it.state).is_some());
            homes.0.extend(place);
            match its.as_slice() {
                [] => zones.unknown = true,
                [one] => out.confirmed_zone = Some(one.clone()),
                _ => {}
            }
            zones.seen.extend(its);
            true
        }
        // It is an address on file like any other, and no less.
        Some(Standing::OnFile { place, zones: its, known: read, kind }) => {
            out.tell("confirmed", kind, confirmed::sentence(kind));
            homes.0.extend(place);
            zones.seen.extend(its);
            zones.unknown |= !read;
            homes.1 |= !read;
            false
        }
    };

    if let Some(state) = known.state {
        of_state(state, alone, &mut zones, &mut homes, &mut out);
    }
    let presumable = known.phone.map(|phone| of_phone(phone, alone, &mut zones, &mut out));

    if !zones.unknown {
        out.zones = zones.seen.into_iter().collect();
    }
    out.jurisdictions = match homes {
        Homes(known, false) if known.is_empty() => {
            let presumed = presumable.unwrap_or_default();
            out.presumed = !presumed.is_empty();
            presumed
        }
        // Of several addresses one that cannot be read may be in any state; a place that stands alone needs no other.
        Homes(_, true) if !alone => Vec::new(),
        Homes(known, _) => known.into_iter().collect(),
    };
    out
}

/// Time zones so far, and whether the person may be in others.
#[derive(Default)]
struct Candidates {
    seen: BTreeSet<String>,
    unknown: bool,
}

/// Jurisdictions of addresses so far, and whether there is an address whose jurisdiction is unknown.
#[derive(Default)]
struct Homes(BTreeSet<String>, bool);

impl Located {
    fn tell(&mut self, of: &'static str, kind: &'static str, sentence: impl Into<String>) {
        self.because.push(Because { of, kind, sentence: sentence.into() });
    }
}

/// The postal state; `alone`: where somebody is has been confirmed, and only where they live is asked.
fn of_state(text: &str, alone: bool, zones: &mut Candidates, homes: &mut Homes, out: &mut Located) {
    if text.trim().is_empty() {
        return out.tell("state", "missing", "no postal state is on file");
    }
    let Some(state) = places::state(text) else {
        homes.1 = true;
        zones.unknown |= !alone;
        return out.tell("state", "unreadable", "the postal state is no state of the United States");
    };
    let name = state.name;
    match state.jurisdiction {
        Some(it) => drop(homes.0.insert(it.to_owned())),
        None => homes.1 = true,
    }
    if alone {
        return out.tell("state", "state", format!("{name} is where the address on file is"));
    }
    zones.unknown |= state.zones.is_empty();
    match state.zones.is_empty() {
        true => out.tell("state", "no_zone", format!("{name} is in no time zone of the United States")),
        false => out.tell("state", "state", format!("{name} lies in {}", listed(&state.zones))),
    }
    zones.seen.extend(state.zones.into_iter().map(str::to_owned));
}

/// The number; the jurisdictions that may be presumed from it.
fn of_phone(text: &str, alone: bool, zones: &mut Candidates, out: &mut Located) -> Vec<String> {
    if text.trim().is_empty() {
        out.tell("phone", "missing", "no number is on file");
        return Vec::new();
    }
    let digits = match number::read(text) {
        Number::NorthAmerican(digits) => digits,
        Number::Foreign(digits) => {
            out.number = Some(format!("+{digits}"));
            zones.unknown |= !alone;
            out.tell("phone", "foreign", "a number of another country tells no time zone");
            return Vec::new();
        }
        Number::Unreadable(why) => {
            zones.unknown |= !alone;
            out.tell("phone", "unreadable", format!("the number cannot be read: {why}"));
            return Vec::new();
        }
    };
    out.number = Some(format!("+1{digits}"));
    let code = digits.get(..3).unwrap_or_default();
    match places::area_code(code) {
        None => {
            zones.unknown |= !alone;
            out.tell("phone", "unassigned", format!("area code {code} is not known to be in use"));
            Vec::new()
        }
        Some(AreaCode::Nowhere(kind)) => {
            out.of_number = Some(Vec::new());
            let what = match kind {
                "toll_free" => "toll-free numbers",
                "premium" => "numbers at a premium rate",
                "personal" => "numbers that follow a person",
                _ => "numbers of no place",
            };
            out.tell("phone", kind, format!("area code {code} is of {what}, and tells nothing of a place"));
            Vec::new()
        }
        Some(AreaCode::Places { jurisdictions, zones: its }) => {
            let named = listed(&jurisdictions);
            let jurisdictions: Vec<String> = jurisdictions.into_iter().map(str::to_owned).collect();
            out.of_number = Some(jurisdictions.clone());
            if jurisdictions.iter().any(|it| !it.starts_with("US")) {
                zones.unknown |= !alone;
                let sentence =
                    format!("area code {code} is of another country ({named}), and tells no time zone");
                out.tell("phone", "foreign", sentence);
                return Vec::new();
            }
            match its.is_empty() {
                true => out.tell(
                    "phone",
                    "no_zone",
                    format!("area code {code} is of {named}; its zones are unknown"),
                ),
                false => out.tell(
                    "phone",
                    "area_code",
                    format!("area code {code} is of {named}, in {}", listed(&its)),
                ),
            }
            if !alone {
                zones.unknown |= its.is_empty();
                zones.seen.extend(its.into_iter().map(str::to_owned));
            }
            jurisdictions
        }
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

//! A plan: one person, several ways in which they might be contacted, and what each would get. A preference centre asks
//! it what may still be offered, a sender which of two channels is open first.
//!
//! The question is a request with `options`, each of which lays its own `contact`, `recipient`, `sender`, `agent`,
//! `address` and `content` over the request's, key by key. Each option is a request of its own and gets the decision
//! that this request would get: a plan decides nothing.

use crate::error::Error;
use crate::wire::decision::{Decision, Outcome, ReasonKind, Validity, Warning};
use crate::wire::{Json, Limits, Path, Request};
use serde::{Deserialize, Serialize};

/// Options in one plan.
pub const OPTIONS: usize = 256;

/// Entities that an option may lay over the request's.
const OVERLAID: [&str; 6] = ["contact", "recipient", "sender", "agent", "address", "content"];

/// One option.
#[derive(Debug)]
pub(crate) struct Way {
    /// Its own `name`, or its place from 0.
    pub name: String,
    /// Its place among the options, as the host counts.
    at: u32,
    /// What it lays over the request: entities, or fields of them.
    over: Vec<String>,
    /// The two together.
    pub request: Request,
}

impl Way {
    /// The place of what is wrong with its request in what was sent: in the option what it has laid over, else in the request.
    pub(crate) fn sent_at(&self, path: &str) -> String {
        let under = |over: &String| match path.strip_prefix(over.as_str()) {
            Some(rest) => rest.is_empty() || rest.starts_with(['.', '[']),
            None => over.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')),
        };
        let root = Path::ROOT;
        let options = root.key("options");
        match path {
            path if self.over.iter().any(under) => format!("{}.{path}", options.index(self.at)),
            path => path.to_owned(),
        }
    }
}

/// Takes a plan apart into the requests of its options.
///
/// # Errors
/// No `options`, more than [`OPTIONS`], a name given twice, a key that an option may not hold, and what
/// [`Request::from_json`] refuses.
pub(crate) fn requests(mut json: Json, limits: &Limits) -> Result<Vec<Way>, Error> {
    json.admit(&limits.admitted())?;
    let root = Path::ROOT;
    let path = root.key("options");
    let Json::Map(mut entries) = json else {
        return Err(Error::input(root, format!("a plan is an object, not {}", json.kind())));
    };
    let options = entries.iter().position(|(key, _)| key == "options").map(|at| entries.remove(at).1);
    let Some(Json::List(mut options)) = options else {
        return Err(Error::input(path, "a plan has a list of options"));
    };
    if options.len() > OPTIONS {
        return Err(Error::limit(
            path,
            format!("{} options are more than the {OPTIONS} admitted", options.len()),
        ));
    }
    options.sort_by_key(|option| option.at);
    let mut out: Vec<Way> = Vec::with_capacity(options.len());
    for option in options {
        let at = path.index(option.at);
        let Json::Map(overlay) = option.json else {
            return Err(Error::input(at, format!("expected an object, not {}", option.json.kind())));
        };
        let mut name = option.at.to_string();
        let (mut merged, mut over) = (entries.clone(), Vec::new());
        for (key, json) in overlay {
            let place = at.key(&key);
            match (key.as_str(), json) {
                ("name", Json::Text(text)) => name = text,
                ("name", other) => {
                    return Err(Error::input(place, format!("expected a text, not {}", other.kind())));
                }
                (known, json) if OVERLAID.contains(&known) => {
                    over.extend(laid(known, &json));
                    lay_over(&mut merged, key.clone(), json);
                }
                _ => {
                    let error = Error::input(place, "an option does not hold this key");
                    return Err(error.suggest(&key, OVERLAID.into_iter().chain(["name"])));
                }
            }
        }
        if out.iter().any(|other| other.name == name) {
            return Err(Error::input(at.key("name"), "two options have this name"));
        }
        let request = Request::from_json(Json::Map(merged), limits)?;
        out.push(Way { name, at: option.at, over, request });
    }
    Ok(out)
}

/// The places that an entity of an option lays over: its fields, of something else it itself.
fn laid(entity: &str, json: &Json) -> Vec<String> {
    let (root, Json::Map(fields)) = (Path::ROOT, json) else { return vec![entity.to_owned()] };
    let entity = root.key(entity);
    fields.iter().map(|(field, _)| entity.key(field).to_string()).collect()
}

fn lay_over(base: &mut Vec<(String, Json)>, key: String, over: Json) {
    let place = base.iter_mut().find(|(known, _)| *known == key).map(|(_, json)| json);
    match (place, over) {
        (Some(Json::Map(under)), Json::Map(over)) => {
            for (field, json) in over {
                match under.iter_mut().find(|(known, _)| *known == field) {
                    Some((_, place)) => *place = json,
                    None => under.push((field, json)),
                }
            }
        }
        (Some(place), over) => *place = over,
        (None, over) => base.push((key, over)),
    }
}

/// The answer to a plan.
///
/// ```
/// use byleave::Outcome;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let plan = engine.plan(r#"{
///     "at": "2026-07-01T22:30:00-04:00",
///     "person": {"time_zones": ["America/New_York"]},
///     "contact": {"purpose": ["order_ready"], "fields": []},
///     "options": [
///         {"name": "text", "contact": {"channel": "sms"}},
///         {"name": "mail", "contact": {"channel": "email"}}
///     ]
/// }"#)?;
/// // At night the mail is open first.
/// let order: Vec<(&str, Outcome)> = plan.options.iter().map(|it| (it.name.as_str(), it.outcome)).collect();
/// assert_eq!(order, [("mail", Outcome::Allow), ("text", Outcome::Defer)]);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Every option once: those that are allowed now or later in the person's order of preference, then by earliest instant,
    /// then by name; after them those that are denied, by name.
    pub options: Vec<Planned>,
}

/// What one option would get.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let plan = engine.plan(r#"{
///     "at": "2026-07-01T22:30:00-04:00",
///     "person": {"time_zones": ["America/New_York"]},
///     "options": [{"contact": {"channel": "call", "purpose": ["care"]}}]
/// }"#)?;
/// let call = &plan.options[0];
/// assert_eq!(call.rules, ["shop.quiet_hours"]);
/// assert_eq!(call.until_local.as_deref(), Some("2026-07-02T08:00:00-04:00"));
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Its name.
    pub name: String,
    /// allow, defer or deny.
    pub outcome: Outcome,
    /// The person's own rank for it, 1 first; absent: no preference of theirs covers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preference: Option<i64>,
    /// Of a deferral: the first instant that allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The same with the recipient's offset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_local: Option<String>,
    /// The first instant at which the answer differs.
    #[serde(default, skip_serializing_if = "Validity::is_open")]
    pub valid_until: Validity,
    /// The kinds of reasons that block, each once, in the order of the contract.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<ReasonKind>,
    /// The rules that block.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// The facts that the answer hangs on and that nobody supplied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What the host should hear of, as the decision has it: a word that nobody declared, an event dated ahead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

impl Planned {
    /// The short form of a decision.
    #[must_use]
    pub(crate) fn of(name: String, decision: Decision) -> Planned {
        let blocking: Vec<_> =
            decision.reasons.iter().filter_map(|r| Some((r.kind?, r.rule.clone()))).collect();
        let mut kinds: Vec<ReasonKind> = blocking.iter().map(|(kind, _)| *kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        Planned {
            name,
            outcome: decision.outcome,
            preference: None,
            until: decision.until,
            until_local: decision.until_local,
            valid_until: decision.valid_until,
            kinds,
            rules: blocking.into_iter().map(|(_, rule)| rule).collect(),
            missing: decision.missing,
            warnings: decision.warnings,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Result<Vec<Way>, Error> {
        requests(Json::parse(text, &Limits::MOST)?, &Limits::MOST)
    }

    #[test]
    fn options_lie_over_the_request() {
        let plan = parts(
            r#"{"at":"x","contact":{"channel":"sms","topic":"a"},"options":[
                {"contact":{"channel":"voice"}},{"name":"mail","contact":{"channel":"email"},"address":{"value":"y"}}]}"#,
        )
        .unwrap();
        let names: Vec<&str> = plan.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["0", "mail"]);
        assert_eq!(plan[0].request.canonical(), r#"{"at":"x","contact":{"channel":"voice","topic":"a"}}"#);
        let second = r#"{"address":{"value":"y"},"at":"x","contact":{"channel":"email","topic":"a"}}"#;
        assert_eq!(plan[1].request.canonical(), second);
    }

    #[test]
    fn what_is_wrong_is_told_where_it_was_sent() {
        let plan = r#"{"person":{"zone":1},"contact":{"topic":1},"options":[
            {"name":"a"},{"name":"b","contact":{"channel":"x","data.more":[1]},"address":7}]}"#;
        let plan = parts(plan).unwrap();
        let at = |path: &str| [plan[0].sent_at(path), plan[1].sent_at(path)];
        for path in ["person.zone", "contact.topic", "contact.chan", "", "at"] {
            assert_eq!(at(path), [path, path]);
        }
        for path in
            ["contact.channel", "contact.channel[0].x", "contact[\"data.more\"][0]", "contact", "address"]
        {
            assert_eq!(at(path), [path.to_owned(), format!("options[1].{path}")]);
        }
    }

    #[test]
    fn refusals_have_paths() {
        for (text, path) in [
            ("{}", "options"),
            (r#"{"options":[1]}"#, "options[0]"),
            (r#"{"options":[{"person":{}}]}"#, "options[0].person"),
            (r#"{"options":[{"name":1}]}"#, "options[0].name"),
            (r#"{"options":[{"name":"a"},{"name":"a"}]}"#, "options[1].name"),
        ] {
            assert_eq!(parts(text).unwrap_err().path(), Some(path), "{text}");
        }
        let many = format!(r#"{{"options":[{}]}}"#, vec!["{}"; OPTIONS + 1].join(","));
        assert_eq!(parts(&many).unwrap_err().path(), Some("options"));
    }
}

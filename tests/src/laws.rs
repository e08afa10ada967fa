//! The laws as questions to any decider: each takes a world and says what broke, if anything did.

use crate::decide::Maker;
use crate::reference::clock::{self, DAY};
use crate::reference::{Answer, Case, Mutant, QUARTER};
use crate::worlds::{Dice, World, events, pen};
use serde_json::{Value as Json, json};

/// What broke.
pub type Verdict = Result<(), String>;

/// The head of the pack under test.
pub const HEAD: &str = "pack case {\n  title \"A case\"  edition \"1\"  reviewed 2026-11-01\n  clock America/New_York  business_days federal\n}\nuse words\n";

/// A second pack's head.
pub const OTHER: &str = "pack other {\n  title \"Another\"  edition \"1\"  reviewed 2026-11-01\n  clock America/New_York  business_days federal\n}\nuse words\n";

/// The world's policy as one pack.
pub fn pack(world: &World) -> String {
    format!("{HEAD}{}", world.text())
}

fn show(a: &Answer) -> String {
    let t = |t: Option<i64>| t.map_or("none".to_string(), clock::format_instant);
    format!(
        "{} until {} valid until {}\n    blocking {:?}\n    owed {:?} withheld {:?} missing {:?}",
        a.outcome,
        t(a.until),
        t(a.valid_until),
        a.state.blocking,
        a.state.obligations,
        a.state.withheld,
        a.missing
    )
}

fn broke(what: &str, world: &World, more: &[(&str, String)]) -> Verdict {
    let mut out = format!("{what}\n--- policy\n{}--- request\n{}\n", world.text(), world.request);
    for (name, text) in more {
        out += &format!("--- {name}\n    {text}\n");
    }
    Err(out)
}

/// `b` restricts `a`: no allow where there was none, no earlier `until`.
fn restricts(a: &Answer, b: &Answer) -> bool {
    match (a.outcome, b.outcome) {
        ("allow", _) => true,
        ("deny", "deny") => true,
        ("defer", "deny") => true,
        ("defer", "defer") => b.until >= a.until,
        _ => false,
    }
}

/// 1: adding a rule or a pack only restricts.
pub fn composition(maker: &dyn Maker, world: &World) -> Verdict {
    let base = maker.make(&[pack(world)])?.answer(&world.request)?;
    let mut d = Dice::new(world.seed);
    let today = instant(world).div_euclid(DAY);
    let rule = pen::rule(&mut d, "extra", today);
    let more = if d.one_in(2) {
        maker.make(&[pack(world), format!("{OTHER}{rule}")])?
    } else {
        maker.make(&[format!("{}\n{rule}", pack(world))])?
    };
    let with = more.answer(&world.request)?;
    let kept = base.state.blocking.iter().all(|(id, b)| with.state.blocking.get(id) == Some(b));
    if restricts(&base, &with)
        && kept
        && base.state.withheld.is_subset(&with.state.withheld)
        && base.state.obligations.is_subset(&with.state.obligations)
    {
        return Ok(());
    }
    broke(
        "a rule more did not only restrict",
        world,
        &[("added", rule.to_string()), ("before", show(&base)), ("after", show(&with))],
    )
}

/// Paths of facts that can be taken away: what stays means something else than "nobody said" is left alone.
fn removable(request: &Json) -> Vec<String> {
    const KEEP: [&str; 13] = [
        // Of a grant: without it it was given to nobody in particular.
        "given_to",
        "noted",
        "end_day",
        "stage",
        "responds_to",
        "id",
        "kind",
        "scope",
        "families",
        "classed_as",
        "expires_at",
        "expires_on",
        "recorded_at",
    ];
    // Where a list or a fact is vouched for, leaving it out says that there is none.
    let vouched = |path: &str| {
        let claims = request.get("complete").and_then(Json::as_array);
        let is = |c: &Json| c.as_str().is_some_and(|c| c == path || c.starts_with(&format!("{path}.")));
        claims.is_some_and(|c| c.iter().any(is))
    };
    let mut out = Vec::new();
    for (key, value) in request.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("person" | "contact" | "sender" | "address" | "content" | "context", Json::Object(o)) => {
                out.push(format!("/{key}"));
                out.extend(o.keys().filter(|k| !KEEP.contains(&k.as_str())).map(|k| format!("/{key}/{k}")));
            }
            ("consents" | "contacts" | "interactions" | "lists" | "signals", Json::Array(events)) => {
                out.push(format!("/{key}"));
                for (i, e) in events.iter().enumerate() {
                    // Said to be recorded before it happened: without its date it has happened by then.
                    let before = |key: &str| {
                        let text = e.get(key).and_then(Json::as_str)?;
                        clock::parse_instant(text).or(clock::parse_date(text).map(|d| d.1 * DAY + DAY))
                    };
                    let early = before("recorded_at").is_some_and(|r| before("at").is_some_and(|t| r < t));
                    let fields = e.as_object().into_iter().flat_map(|o| o.keys());
                    out.extend(
                        fields
                            .filter(|k| !KEEP.contains(&k.as_str()) && !(early && *k == "at"))
                            .map(|k| format!("/{key}/{i}/{k}")),
                    );
                }
            }
            _ => {}
        }
    }
    out.retain(|path| !vouched(&path.trim_start_matches('/').replace('/', ".")));
    if request.get("complete").is_some() {
        out.push("/complete".to_string());
    }
    out
}

fn without(request: &Json, path: &str) -> Json {
    let mut out = request.clone();
    if let Some((parent, key)) = path.rsplit_once('/')
        && let Some(Json::Object(o)) = out.pointer_mut(parent)
    {
        o.remove(key);
    }
    out
}

/// 2: taking a fact away only restricts.
pub fn ignorance(maker: &dyn Maker, world: &World) -> Verdict {
    if world.text().contains("known that") {
        return Ok(());
    }
    let decider = maker.make(&[pack(world)])?;
    let base = decider.answer(&world.request)?;
    let mut paths = removable(&world.request);
    let mut d = Dice::new(world.seed);
    for _ in 0..4 {
        if paths.is_empty() {
            break;
        }
        let path = paths.remove(d.below(paths.len()));
        let less = without(&world.request, &path);
        // What an event cannot be without is refused.
        let Ok(answer) = decider.answer(&less) else { continue };
        if !restricts(&base, &answer) {
            return broke(
                "a fact less did not only restrict",
                world,
                &[("taken away", path), ("before", show(&base)), ("after", show(&answer))],
            );
        }
    }
    Ok(())
}

/// 2, of `known that`: it settles what nobody keeps of the person, and not what the host leaves out of its own contact.
pub fn ignorance_of_the_contact(maker: &dyn Maker, world: &World) -> Verdict {
    const ASKED: [&str; 5] = [
        "not known that refused",
        "not known that refused renewed at least opted_in",
        "not known that (refused or person.a)",
        "not known that any revocations covering contact",
        "known that consent at least opted_in",
    ];
    // They are settings of the world's own rules.
    let request = without(&world.request, "/settings");
    for asked in ASKED {
        let decider = maker.make(&[format!("{HEAD}rule ask {{ require {asked} }}")])?;
        let base = decider.answer(&request)?;
        for path in ["/contact/channel", "/contact/purpose"] {
            let less = without(&request, path);
            let answer = decider.answer(&less)?;
            if !restricts(&base, &answer) {
                let told = [("asked", asked.to_owned()), ("taken away", path.to_owned())];
                let told = [told.as_slice(), &[("before", show(&base)), ("after", show(&answer))]].concat();
                return broke("of the contact a fact less did not only restrict", world, &told);
            }
        }
    }
    Ok(())
}

/// 3: adding a revocation only restricts.
pub fn revocation(maker: &dyn Maker, world: &World) -> Verdict {
    let Some(events) = world.request.get("consents").and_then(Json::as_array) else { return Ok(()) };
    let decider = maker.make(&[pack(world)])?;
    let base = decider.answer(&world.request)?;
    let mut d = Dice::new(world.seed);
    for _ in 0..3 {
        let more = events::consent(&mut d, instant(world), 900, true);
        let mut events = events.clone();
        events.insert(d.below(events.len() + 1), more.clone());
        let mut request = world.request.clone();
        request["consents"] = Json::Array(events);
        let answer = decider.answer(&request)?;
        if !restricts(&base, &answer) {
            return broke(
                "a revocation more did not only restrict",
                world,
                &[("added", more.to_string()), ("before", show(&base)), ("after", show(&answer))],
            );
        }
    }
    Ok(())
}

/// Shuffles every set and every list of events, and repeats events that have an id.
pub fn shuffled(json: &Json, key: &str, d: &mut Dice) -> Json {
    match json {
        // Of hours the ends have an order.
        week if key == "hours" => week.clone(),
        Json::Object(o) => Json::Object(o.iter().map(|(k, v)| (k.clone(), shuffled(v, k, d))).collect()),
        Json::Array(a) if key != "fields" => {
            let mut out: Vec<Json> = a.iter().map(|v| shuffled(v, "", d)).collect();
            let again: Vec<Json> =
                out.iter().filter(|e| e.get("id").is_some() && d.one_in(3)).cloned().collect();
            out.extend(again);
            for i in (1..out.len()).rev() {
                let j = d.below(i + 1);
                out.swap(i, j);
            }
            Json::Array(out)
        }
        other => other.clone(),
    }
}

/// 4: order and repetition do not matter.
pub fn order(maker: &dyn Maker, world: &World) -> Verdict {
    let base = maker.make(&[pack(world)])?.answer(&world.request)?;
    let mut d = Dice::new(world.seed);
    let mut other = world.clone();
    for i in (1..other.rules.len()).rev() {
        let j = d.below(i + 1);
        other.rules.swap(i, j);
    }
    other.request = shuffled(&world.request, "", &mut d);
    let answer = maker.make(&[pack(&other)])?.answer(&other.request)?;
    if answer == base {
        return Ok(());
    }
    broke(
        "order mattered",
        world,
        &[("shuffled", other.request.to_string()), ("before", show(&base)), ("after", show(&answer))],
    )
}

fn instant(world: &World) -> i64 {
    world.request.get("at").and_then(Json::as_str).and_then(clock::parse_instant).unwrap_or_default()
}

fn asked_at(request: &Json, t: i64) -> Json {
    let mut out = request.clone();
    out["at"] = json!(clock::format_instant(t));
    out
}

fn horizon(world: &World) -> i64 {
    let policy = byleave::typed::Policy::default();
    Case::new(&policy, &world.request, None).map_or(31 * DAY, |c| c.horizon)
}

/// The request as it stood: what was not known at its instant is gone, and stays so while time passes.
pub fn frozen(world: &World) -> Result<Json, String> {
    let request = &world.request;
    let engine = crate::load::engine(&[pack(world)])?;
    let Some(case) = Case::new(engine.policy(), request, None) else { return Ok(request.clone()) };
    let gone = case.later_events();
    let mut out = request.clone();
    for (list, places) in gone {
        if let Some(Json::Array(a)) = out.get_mut(list) {
            let mut i = 0;
            a.retain(|_| {
                i += 1;
                !places.contains(&(i - 1))
            });
        }
    }
    if out.get("known_at").is_none() {
        out["known_at"] = out["at"].clone();
    }
    Ok(out)
}

/// 5: allowed at `until`, and at no instant before.
pub fn deferral(maker: &dyn Maker, world: &World) -> Verdict {
    let decider = maker.make(&[pack(world)])?;
    let base = decider.answer(&world.request)?;
    let still = frozen(world)?;
    let (t0, step) = (instant(world), QUARTER);
    let end = t0 + horizon(world);
    let until = match base.outcome {
        "allow" => return Ok(()),
        "defer" => base.until.unwrap_or(t0),
        _ => end + 1,
    };
    let mut t = t0;
    while t < until.min(end + 1) {
        let a = decider.answer(&asked_at(&still, t))?;
        if a.outcome == "allow" {
            return broke(
                "allowed before `until`",
                world,
                &[("answer", show(&base)), ("allowed at", clock::format_instant(t))],
            );
        }
        // A later answer may be asked for fewer instants: the first one that is left decides.
        t += step * if base.outcome == "deny" && end - t0 > 40 * step { 5 } else { 1 };
    }
    if base.outcome == "defer" {
        let a = decider.answer(&asked_at(&still, until))?;
        if a.outcome != "allow" || until <= t0 || until > end {
            return broke("not allowed at `until`", world, &[("answer", show(&base)), ("then", show(&a))]);
        }
    }
    Ok(())
}

fn same(a: &Answer, b: &Answer) -> bool {
    (a.outcome, a.until, &a.state) == (b.outcome, b.until, &b.state)
}

/// 6: the same answer up to `valid_until`, and another one there.
pub fn validity(maker: &dyn Maker, world: &World) -> Verdict {
    let decider = maker.make(&[pack(world)])?;
    let base = decider.answer(&world.request)?;
    let (t0, step) = (instant(world), QUARTER);
    let end = t0 + horizon(world);
    let last = base.valid_until.unwrap_or(end + 1);
    let mut t = t0 + step;
    while t < last.min(end + 1) {
        let a = decider.answer(&asked_at(&world.request, t))?;
        if !same(&a, &base) {
            return broke(
                "another answer before `valid_until`",
                world,
                &[("answer", show(&base)), ("at", clock::format_instant(t)), ("then", show(&a))],
            );
        }
        t += step;
    }
    if let Some(last) = base.valid_until {
        let a = decider.answer(&asked_at(&frozen(world)?, last))?;
        let engine = crate::load::engine(&[pack(world)])?;
        let capped =
            Case::new(engine.policy(), &world.request, None).and_then(|c| c.next_event()) == Some(last);
        if last <= t0 || last > end || (same(&a, &base) && !capped) {
            return broke(
                "the same answer at `valid_until`",
                world,
                &[("answer", show(&base)), ("then", show(&a))],
            );
        }
    }
    Ok(())
}

/// 8: what blocks is what blocks in some one of the candidate zones.
pub fn zones(maker: &dyn Maker, world: &World) -> Verdict {
    let zones: Vec<Json> =
        world.request.pointer("/person/time_zones").and_then(Json::as_array).cloned().unwrap_or_default();
    // An event known to the day is read on all clocks together.
    let dated = |e: &Json| e.get("at").and_then(Json::as_str).is_some_and(|t| !t.contains('T'));
    let by_day = ["consents", "contacts", "interactions"]
        .iter()
        .filter_map(|l| world.request.get(*l).and_then(Json::as_array))
        .flatten()
        .any(dated);
    if zones.len() < 2 || by_day || world.request.pointer("/person/confirmed_time_zone").is_some() {
        return Ok(());
    }
    let decider = maker.make(&[pack(world)])?;
    let all = decider.answer(&world.request)?;
    let mut until = i64::MIN;
    let mut denied = false;
    let mut blocking = std::collections::BTreeSet::new();
    for z in &zones {
        let mut request = world.request.clone();
        request["person"]["time_zones"] = json!([z]);
        let one = decider.answer(&request)?;
        denied |= one.outcome == "deny";
        until = until.max(one.until.unwrap_or(i64::MIN));
        blocking.extend(one.state.blocking.keys().cloned());
    }
    let right = match all.outcome {
        "allow" => !denied && until == i64::MIN,
        "defer" => !denied && until > i64::MIN && all.until >= Some(until),
        _ => denied || until > i64::MIN,
    };
    if right && blocking == all.state.blocking.keys().cloned().collect() {
        return Ok(());
    }
    broke(
        "candidates were not asked one by one",
        world,
        &[("all together", show(&all)), ("one by one", format!("{blocking:?}"))],
    )
}

/// 9: a rule speaks from its first day to its last, on its pack's clock, and is silent otherwise.
pub fn dates(maker: &dyn Maker, world: &World) -> Verdict {
    let mut bare = world.clone();
    for r in &mut bare.rules {
        r.dates.clear();
    }
    let (with, without) = (maker.make(&[pack(world)])?, maker.make(&[pack(&bare)])?);
    let clock = clock::zone("America/New_York").ok_or("no zone")?;
    let t0 = instant(world);
    for hours in [-72, -24, 0, 24, 72] {
        let t = t0 + hours * 3600 * clock::SECOND;
        let request = asked_at(&world.request, t);
        let (a, b) = (with.answer(&request)?, without.answer(&request)?);
        for r in &world.rules {
            let id = format!("case.{}", r.name);
            let day = |word: &str| {
                r.dates
                    .iter()
                    .find_map(|d| d.strip_prefix(word))
                    .and_then(|d| clock::parse_date(d.trim()))
                    .map(|d| d.0)
            };
            let since = day("since").is_none_or(|d| t >= clock.start(d).0);
            let until = day("until").is_none_or(|d| t < clock.start(d + 1).0);
            let expected = if since && until { b.state.blocking.get(&id) } else { None };
            if a.state.blocking.get(&id) != expected {
                return broke(
                    "not the law of the date",
                    world,
                    &[
                        ("asked at", clock::format_instant(t)),
                        ("rule", id),
                        ("with dates", show(&a)),
                        ("without", show(&b)),
                    ],
                );
            }
        }
    }
    Ok(())
}

/// 12: two deciders agree on everything observable.
pub fn agree(one: &dyn Maker, other: &dyn Maker, world: &World) -> Verdict {
    let mut a = one.make(&[pack(world)])?.answer(&world.request)?;
    let mut b = other.make(&[pack(world)])?.answer(&world.request)?;
    if std::env::var("BYLEAVE_MISSING").is_ok_and(|m| m == "no") {
        for x in [&mut a, &mut b] {
            x.missing.clear();
            x.valid_until = None;
            x.state.blocking.values_mut().for_each(|b| b.missing.clear());
        }
    }
    if a == b {
        return Ok(());
    }
    broke("the two do not agree", world, &[("one", show(&a)), ("other", show(&b))])
}

/// Which of these mistakes show at the instant asked about and at a few after it, without a search for `until`.
pub fn told_apart(world: &World, mistakes: &[Mutant]) -> Result<Vec<Mutant>, String> {
    let engine = crate::load::engine(&[pack(world)])?;
    let seen = |mutant: Option<Mutant>| {
        let case = Case::new(engine.policy(), &world.request, mutant)?;
        let at = |quarters: i64| case.t0 + quarters * QUARTER;
        Some([0, 37, 90].map(|n| (case.allows(at(n)), case.state(at(n)))))
    };
    let truth = seen(None);
    Ok(mistakes.iter().filter(|m| seen(Some(**m)) != truth).copied().collect())
}

/// What is asked for of a request whatever a rule looked at.
const ALWAYS: [&str; 7] = [
    "at",
    "known_at",
    "horizon",
    "settings",
    "complete",
    "contacts_complete_from",
    "interactions_complete_from",
];

/// The request with nothing in it but the facts that a reason looked at.
pub fn only(request: &Json, looked_at: &[String]) -> Json {
    let mut out = json!({});
    for key in ALWAYS {
        if let Some(v) = request.get(key) {
            out[key] = v.clone();
        }
    }
    let mut keep = |entity: &str, field: &str| {
        // A field may lie deeper: `authority.expires_on`.
        let from = request.get(entity).and_then(|e| field.split('.').try_fold(e, |at, key| at.get(key)));
        if let Some(v) = from {
            *field.split('.').fold(&mut out[entity], |at, key| &mut at[key]) = v.clone();
        }
    };
    for (entity, field) in [("person", "id"), ("recipient", "id"), ("recipient", "role")] {
        keep(entity, field);
    }
    for fact in looked_at {
        let Some((entity, field)) = fact.split_once('.') else { continue };
        let fields: &[&str] = match (entity, field) {
            ("recipient", "time_zones") => &["time_zones", "confirmed_time_zone"],
            ("person" | "recipient", "age") => &["birth_date"],
            ("sender", "seller") => &["id"],
            // A contact carries the data of its fields.
            ("contact", "data") => &["data", "fields"],
            _ => &[field],
        };
        for field in fields {
            keep(entity, field);
            if entity == "recipient" {
                keep("person", field);
            }
        }
    }
    for list in ["consents", "contacts", "interactions", "lists", "signals"] {
        if let Some(v) = request.get(list).filter(|_| looked_at.iter().any(|f| f == list)) {
            out[list] = v.clone();
        }
    }
    out
}

/// 11: what a violated rule looked at is enough to find it violated again, in the same way; an undetermined one names what
/// it lacks.
pub fn sufficiency(world: &World) -> Verdict {
    let engine = crate::load::engine(&[pack(world)])?;
    let ask = |request: &Json| crate::decide::ask(&engine, request).map_err(|e| e.to_string());
    let reasons = |d: &Json| d.get("reasons").and_then(Json::as_array).cloned().unwrap_or_default();
    let word = |r: &Json, key: &str| r.get(key).and_then(Json::as_str).unwrap_or_default().to_string();
    for reason in reasons(&ask(&world.request)?) {
        let lacks = reason.get("missing").and_then(Json::as_array).is_some_and(|m| !m.is_empty());
        let violated = word(&reason, "finding") == "violated";
        if violated == lacks {
            return broke(
                "a reason names what it lacks and nothing otherwise",
                world,
                &[("reason", reason.to_string())],
            );
        }
        if !violated {
            continue;
        }
        let looked = reason.get("looked_at").and_then(Json::as_array);
        let looked: Vec<String> = looked.into_iter().flatten().map(|l| word(l, "fact")).collect();
        let less = only(&world.request, &looked);
        let again = ask(&less)?;
        let key = |r: &Json| (word(r, "rule"), word(r, "finding"), word(r, "kind"));
        if !reasons(&again).iter().any(|r| key(r) == key(&reason)) {
            return broke(
                "what a reason looked at does not suffice for it",
                world,
                &[
                    ("reason", reason.to_string()),
                    ("request", less.to_string()),
                    ("then", again["reasons"].to_string()),
                ],
            );
        }
    }
    Ok(())
}

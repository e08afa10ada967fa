//! `byleave compile`: packs and time zones to one file that an engine loads without reading policy.

use crate::args::{Compile, Policy};
use crate::engine;
use crate::exit::{Exit, Failure};
use crate::out::{Out, Style, Text};
use crate::page::words::count;
use byleave::{Engine, Zones};
use serde_json::{Value, json};

/// Where the second column begins.
const COLUMN: usize = 14;

/// Compiles, and tells what is in the file.
pub fn run(args: &Compile, out: &mut Out) -> Result<Exit, Failure> {
    let mut policy: Policy = args.policy.clone();
    policy.paths.extend(args.policies.iter().cloned());
    let built = engine::open(&policy)?;
    let all = matches!(args.zones.as_slice(), [word] if word == "all");
    let bytes = built.compile(zones(&args.zones)).map_err(|error| engine::refused(&error))?;
    let name = args.output.display().to_string();
    std::fs::write(&args.output, &bytes).map_err(|error| Failure::file("write", &name, &error))?;
    // Told of what was written, not of what was meant.
    let loaded = Engine::from_compiled(&bytes).map_err(|error| engine::refused(&error))?;
    let known = &loaded.policy().zones;
    let packs = loaded.packs();
    if out.json {
        let told: Vec<Value> = packs
            .iter()
            .map(|it| {
                json!({ "name": it.name, "edition": it.edition, "rules": it.rules.len(), "digest": it.digest })
            })
            .collect();
        let names = if all { json!("all") } else { json!(known.names()) };
        out.document(&json!({
            "file": name, "bytes": bytes.len(), "packs": told,
            "zones": { "edition": known.edition(), "names": names },
        }))?;
        return Ok(Exit::Good);
    }
    let head = Text::new(0).with(Style::Name, &name).plain(format!("  {}", count(bytes.len(), "byte")));
    out.line(&head, 2)?;
    for (n, it) in packs.iter().enumerate() {
        let words = format!("{}  {}, {}", it.name, it.edition, count(it.rules.len(), "rule"));
        row(if n == 0 { "packs" } else { "" }, &words, out)?;
    }
    let words = if all { "all, which the engine must bundle".to_owned() } else { known.names().join(", ") };
    row("time zones", &words, out)?;
    row("edition", known.edition(), out)?;
    Ok(Exit::Good)
}

/// `all`, or names with `us` among them.
fn zones(words: &[String]) -> Zones {
    if let [word] = words
        && word == "all"
    {
        return Zones::All;
    }
    let of = |word: &String| match word.as_str() {
        "us" => byleave_packs::zones::US.iter().map(|it| (*it).to_owned()).collect(),
        _ => vec![word.clone()],
    };
    Zones::named(words.iter().flat_map(of))
}

fn row(label: &str, words: &str, out: &mut Out) -> Result<(), Failure> {
    Ok(out.line(&Text::new(2).column(Style::Dim, label, COLUMN - 2).plain(words), COLUMN)?)
}

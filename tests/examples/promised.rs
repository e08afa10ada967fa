//! Whether everything that a crate promises has an example that runs: `promised FILE…`, each what rustdoc writes as JSON of a
//! crate built without `unstable_rooms`. What can be reached from the crate's root is promised: types, functions, methods;
//! not fields, variants, constants and modules, which their owner's example shows, nor what a trait asks for.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let mut lacking = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).expect("the file is there");
        let docs: Value = serde_json::from_str(&text).expect("rustdoc writes JSON");
        let mut seen = Seen::default();
        let root = docs["root"].as_u64().expect("a root").to_string();
        seen.walk(docs["index"].as_object().expect("an index"), &root, "", "");
        // A form that this reads wrongly would find nothing lacking.
        assert!(!seen.items.is_empty(), "{file}: nothing is promised");
        let without: Vec<&String> =
            seen.items.iter().filter(|(_, has)| !**has).map(|(name, _)| name).collect();
        println!(
            "promised: {}: {} items, {} without an example",
            file_name(file),
            seen.items.len(),
            without.len()
        );
        lacking.extend(without.into_iter().cloned());
    }
    for name in &lacking {
        println!("no example: {name}");
    }
    if lacking.is_empty() && !files.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[derive(Default)]
struct Seen {
    items: BTreeMap<String, bool>,
    done: BTreeSet<(String, String)>,
}

impl Seen {
    /// `docs` is what stands above a re-export: rustdoc shows it before the item's own.
    fn walk(&mut self, index: &Map<String, Value>, id: &str, path: &str, docs: &str) {
        let Some(item) = index.get(id) else { return };
        if !self.done.insert((path.to_string(), id.to_string())) {
            return;
        }
        let name = item["name"].as_str().unwrap_or_default();
        let own = format!("{docs}\n{}", item["docs"].as_str().unwrap_or_default());
        let (kind, inner) = item["inner"].as_object().and_then(|it| it.iter().next()).expect("one kind");
        let here = if path.is_empty() { name.to_string() } else { format!("{path}::{name}") };
        match kind.as_str() {
            "module" => {
                for child in ids(&inner["items"]).filter(|it| is_public(index, it)) {
                    self.walk(index, &child, &here, "");
                }
            }
            "use" => {
                if let Some(target) = inner["id"].as_u64() {
                    self.walk(index, &target.to_string(), path, item["docs"].as_str().unwrap_or_default());
                }
            }
            "struct" | "enum" | "union" => {
                self.items.insert(here.clone(), has_example(&own));
                for block in ids(&inner["impls"]) {
                    let Some(block) = index.get(&block).map(|it| &it["inner"]["impl"]) else { continue };
                    if !block["trait"].is_null() {
                        continue;
                    }
                    for child in ids(&block["items"]).filter(|it| is_public(index, it)) {
                        self.walk(index, &child, &here, "");
                    }
                }
            }
            // What has no word above it was written by a macro: the lint `missing_docs` sees to all that was not.
            "function" if own.trim().is_empty() => {}
            "function" | "macro" | "trait" | "type_alias" | "proc_macro" => {
                self.items.insert(here, has_example(&own));
            }
            _ => {}
        }
    }
}

fn ids(list: &Value) -> impl Iterator<Item = String> {
    list.as_array()
        .cloned()
        .unwrap_or_default()
        .into_iter()
        .filter_map(|it| it.as_u64())
        .map(|it| it.to_string())
}

fn is_public(index: &Map<String, Value>, id: &str) -> bool {
    index.get(id).is_some_and(|it| it["visibility"] == "public")
}

/// A fence that rustdoc runs: of Rust, and not ignored.
fn has_example(docs: &str) -> bool {
    docs.lines().filter(|line| line.trim_start().starts_with("```")).step_by(2).any(|fence| {
        let words = fence.trim_start().trim_start_matches('`');
        words.split([',', ' ']).all(|word| matches!(word.trim(), "" | "rust" | "should_panic" | "no_run"))
    })
}

//! Every answer to the corpus, for comparing languages byte for byte.
//!
//! `answers write FOLDER` puts Rust's into `FOLDER/rust.tsv`; every binding's runner puts its own beside it.
//! `answers compare FOLDER` fails at the first line that differs, and when there is but one language.
//!
//! A line has four columns, parted by tabs: the file, the case, the verb, the canonical text (of an error, the error's).
//! The verbs are `decide`, `explain`, and `plan`, which asks the request with two options beside it: as it is, and by mail.

use byleave::Engine;
use byleave::wire::ErrorJson;
use byleave_tests::corpus::files;
use byleave_tests::load;
use std::collections::BTreeMap;
use std::path::Path;

fn main() -> Result<(), String> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["write", folder] => write(Path::new(folder)),
        ["compare", folder] => compare(Path::new(folder)),
        _ => Err("usage: answers write FOLDER | answers compare FOLDER".to_string()),
    }
}

fn write(folder: &Path) -> Result<(), String> {
    let mut engines: BTreeMap<Vec<(String, String)>, Engine> = BTreeMap::new();
    let mut out = String::new();
    for (name, file) in files()? {
        for case in &file.cases {
            let texts = file.texts(case)?;
            if !engines.contains_key(&texts) {
                engines.insert(texts.clone(), load::of_texts(&texts)?);
            }
            let Some(engine) = engines.get(&texts) else { continue };
            let request = case.request.to_string();
            let mut planned = case.request.clone();
            if let Some(entries) = planned.as_object_mut() {
                let options = serde_json::json!([{}, {"name": "mail", "contact": {"channel": "email"}}]);
                entries.insert("options".to_string(), options);
            }
            for (verb, answer) in [
                ("decide", engine.decide_json(request.as_bytes())),
                ("explain", engine.explain_json(request.as_bytes())),
                ("plan", engine.plan_json(planned.to_string().as_bytes())),
            ] {
                let text = answer.unwrap_or_else(|error| ErrorJson::from(&error).to_json());
                out.push_str(&format!("{name}\t{}\t{verb}\t{text}\n", case.name));
            }
        }
    }
    std::fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    std::fs::write(folder.join("rust.tsv"), &out).map_err(|e| e.to_string())?;
    println!("answers: {} written", out.lines().count());
    Ok(())
}

fn compare(folder: &Path) -> Result<(), String> {
    let mut languages = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(|e| e.to_string())? {
        let path = entry.map_err(|e| e.to_string())?.path();
        if path.extension().is_some_and(|x| x == "tsv") {
            let name = path.file_stem().map(|s| s.to_string_lossy().to_string()).unwrap_or_default();
            languages.insert(name, std::fs::read(&path).map_err(|e| e.to_string())?);
        }
    }
    let ours = languages.remove("rust").ok_or("rust.tsv is not there: `answers write` first")?;
    if languages.is_empty() {
        return Err("there is no other language to compare with".to_string());
    }
    for (name, theirs) in &languages {
        if *theirs != ours {
            return Err(first_difference(name, &ours, theirs));
        }
    }
    let names: Vec<&str> = languages.keys().map(String::as_str).collect();
    let count = ours.iter().filter(|b| **b == b'\n').count();
    println!("answers: {count}, byte for byte the same in rust, {}", names.join(", "));
    Ok(())
}

fn first_difference(name: &str, ours: &[u8], theirs: &[u8]) -> String {
    let lines = |bytes: &[u8]| -> Vec<String> {
        String::from_utf8_lossy(bytes).split('\n').map(str::to_string).collect()
    };
    let (a, b) = (lines(ours), lines(theirs));
    let none = String::from("(no such line)");
    for n in 0..a.len().max(b.len()) {
        let (x, y) = (a.get(n).unwrap_or(&none), b.get(n).unwrap_or(&none));
        if x != y {
            return format!("line {} differs\nrust: {x}\n{name}: {y}", n + 1);
        }
    }
    format!("{name} differs in bytes that are no text")
}

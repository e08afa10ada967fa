//! Policy texts to typed policy, beside the words of the corpus.

use byleave::ast;
use byleave::source::Sources;
use byleave::typed::{self, Policy};
use std::sync::Arc;

/// The words of the corpus.
pub const WORDS: &str = include_str!("../vectors/words.leave");

/// Packs beside the words, parsed and checked.
pub fn policy(packs: &[String]) -> Result<Arc<Policy>, String> {
    let mut texts = vec![("words.leave".to_string(), WORDS.to_string())];
    texts.extend(packs.iter().enumerate().map(|(i, p)| (format!("pack{i}.leave"), p.clone())));
    of_texts(&texts)
}

/// Named texts, parsed and checked; a text's folder is its pack.
pub fn of_texts(texts: &[(String, String)]) -> Result<Arc<Policy>, String> {
    let mut sources = Sources::new();
    for (name, text) in texts {
        sources.add(name.clone(), text.clone());
    }
    let parsed: Vec<_> = sources.iter().map(ast::parse).collect();
    let mut wrong: Vec<String> = Vec::new();
    for p in &parsed {
        wrong.extend(p.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.to_line(&sources)));
    }
    if !wrong.is_empty() {
        return Err(format!("the policy does not parse: {}", wrong.join("; ")));
    }
    let folder = |name: &str| name.rsplit_once('/').map_or(name.to_string(), |(f, _)| f.to_string());
    let folders: Vec<String> = texts.iter().map(|(n, _)| folder(n)).collect();
    let files: Vec<typed::PackFile<'_>> = sources
        .iter()
        .zip(&parsed)
        .zip(&folders)
        .map(|((s, p), pack)| typed::PackFile { pack, source: s.id, file: &p.file })
        .collect();
    let checked = typed::check(&files, &sources);
    let wrong: Vec<String> =
        checked.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.to_line(&sources)).collect();
    checked.policy.map(Arc::new).ok_or_else(|| format!("the policy does not check: {}", wrong.join("; ")))
}

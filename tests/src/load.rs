//! Policy texts to an engine, beside the words of the corpus.

use byleave::Engine;

/// The words of the corpus.
pub const WORDS: &str = include_str!("../vectors/words.leave");

/// Packs beside the words.
pub fn engine(packs: &[String]) -> Result<Engine, String> {
    let mut texts = vec![("words/words.leave".to_string(), WORDS.to_string())];
    texts.extend(packs.iter().enumerate().map(|(i, p)| (format!("pack{i}/pack.leave"), p.clone())));
    of_texts(&texts)
}

/// Named texts; a text's folder is its pack.
pub fn of_texts(texts: &[(String, String)]) -> Result<Engine, String> {
    let mut builder = Engine::builder();
    for (name, text) in texts {
        let folder = name.rsplit_once('/').map_or("", |(f, _)| f);
        builder = builder.source(folder, name, text);
    }
    builder.build().map_err(|e| e.to_string())
}

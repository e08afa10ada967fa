//! From text to engine: parsed, checked, linked, lowered, once.

use super::{Engine, Inner};
use crate::ast;
use crate::diag::Diagnostic;
use crate::error::Error;
use crate::program::Program;
use crate::source::{SourceId, Sources};
use crate::typed::{self, PackFile};
use crate::wire::Limits;
use std::sync::Arc;

/// Gathers the text of packs.
///
/// ```
/// use byleave::Engine;
/// let engine = Engine::builder()
///     .source("words", "words.leave", r#"
///         pack words { title "Words" source "Handbook" edition "1" }
///         taxonomy channel { text, email }
///     "#)
///     .source("shop", "shop.leave", r#"
///         pack shop { title "Shop" source "Handbook" edition "1" }
///         use words
///         rule no_texts { cite "1" when contact.channel is text require weekday is [monday] because "Texts go out on Mondays." }
///     "#)
///     .build()?;
/// assert_eq!(engine.packs().len(), 2);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct EngineBuilder {
    sources: Sources,
    folders: Vec<(String, SourceId)>,
    limits: Option<Limits>,
}

impl EngineBuilder {
    /// Adds a file of policy: `pack` groups files into one pack (its folder, usually), `path` is shown in diagnostics.
    ///
    /// ```
    /// // Two files of one pack, each with the name that diagnostics show.
    /// let engine = byleave::Engine::builder()
    ///     .source("shop", "policy/head.leave", r#"pack shop { title "Shop" source "Handbook" edition "1" }"#)
    ///     .source("shop", "policy/words.leave", r#"
    ///         taxonomy channel { text, email }
    ///         rule mail_only { cite "1" require contact.channel is email because "We write letters." }
    ///     "#)
    ///     .build()?;
    /// assert_eq!(engine.packs()[0].name, "shop");
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn source(mut self, pack: &str, path: &str, text: &str) -> Self {
        let id = self.sources.add(path, text);
        self.folders.push((pack.to_string(), id));
        self
    }

    /// As [`EngineBuilder::source`], from bytes; what is not UTF-8 is refused with its place when the engine is built.
    ///
    /// ```
    /// let error = byleave::Engine::builder().source_bytes("shop", "shop.leave", b"pack \xff").build().unwrap_err();
    /// assert!(error.lines()[0].starts_with("shop.leave:1:6: error[E0103]"));
    /// ```
    #[must_use]
    pub fn source_bytes(mut self, pack: &str, path: &str, bytes: &[u8]) -> Self {
        let id = self.sources.add_bytes(path, bytes);
        self.folders.push((pack.to_string(), id));
        self
    }

    /// Tighter limits on requests. Limits may be lowered, never raised.
    ///
    /// ```
    /// use byleave::{Engine, Limits};
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// let limits = Limits { events: 100, ..Limits::default() };
    /// let engine = Engine::builder().source("shop", "shop.leave", shop).limits(limits).build()?;
    /// assert_eq!(engine.limits().events, 100);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Parses, checks and links all packs and lowers them once.
    ///
    /// ```
    /// use byleave::{Engine, ErrorKind};
    /// let error = Engine::builder().source("shop", "shop.leave", "rule { }").build().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Policy);
    /// for line in error.lines() {
    ///     eprintln!("{line}");
    /// }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Policy`](crate::error::ErrorKind::Policy) with every diagnostic.
    pub fn build(self) -> Result<Engine, Error> {
        let (sources, outcome) = self.try_build();
        outcome.map_err(|diagnostics| Error::policy(diagnostics, &sources))
    }

    /// As [`EngineBuilder::build`], giving the sources back beside the diagnostics, for those who print them.
    ///
    /// ```
    /// use byleave::Engine;
    /// let (sources, built) = Engine::builder().source("shop", "shop.leave", "rule { }").try_build();
    /// let diagnostics = built.unwrap_err();
    /// let place = sources.line_column(diagnostics[0].span);
    /// assert_eq!(place.line, 1);
    /// ```
    pub fn try_build(self) -> (Sources, Result<Engine, Vec<Diagnostic>>) {
        let (sources, outcome) = self.try_check();
        let outcome = outcome.and_then(|engine| match engine.asks_nothing() {
            None => Ok(engine),
            Some(nothing) => Err(engine.0.warnings.iter().cloned().chain([nothing]).collect()),
        });
        (sources, outcome)
    }

    /// As [`EngineBuilder::try_build`], for those who check policy and run its tests: words alone will do, which no rule
    /// uses yet. What is to decide about contacts is built.
    ///
    /// ```
    /// use byleave::Engine;
    /// let words = || Engine::builder().source("words", "words.leave", "pack words { title \"Words\" edition \"1\" }");
    /// assert!(words().try_check().1.is_ok());
    /// assert_eq!(words().try_build().1.unwrap_err()[0].code, "E0606");
    /// ```
    pub fn try_check(self) -> (Sources, Result<Engine, Vec<Diagnostic>>) {
        let mut diagnostics = Vec::new();
        let mut files = Vec::new();
        for (folder, id) in &self.folders {
            let Some(source) = self.sources.get(*id) else { continue };
            let parsed = ast::parse(source);
            diagnostics.extend(parsed.diagnostics);
            files.push((folder, *id, parsed.file));
        }
        if diagnostics.iter().any(Diagnostic::is_error) {
            return (self.sources, Err(diagnostics));
        }
        let files: Vec<PackFile<'_>> = files
            .iter()
            .map(|(pack, source, file)| PackFile { pack: pack.as_str(), source: *source, file })
            .collect();
        let checked = typed::check(&files, &self.sources);
        diagnostics.extend(checked.diagnostics);
        let Some(policy) = checked.policy else { return (self.sources, Err(diagnostics)) };
        let own = Inner::of(Program::from_typed(Arc::new(policy)), self.limits.unwrap_or_default());
        let sources = self.sources.clone();
        let inner = Inner { sources, warnings: diagnostics, tests: checked.tests, ..own };
        (self.sources, Ok(Engine(Arc::new(inner))))
    }
}

impl Engine {
    /// Begins an engine.
    ///
    /// ```
    /// // Nothing asked is nothing refused: an engine without a rule is not built.
    /// assert!(byleave::Engine::builder().build().is_err());
    /// ```
    #[must_use]
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }
}

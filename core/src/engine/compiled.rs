//! Engines from packs that were compiled ahead of time, and packs compiled from an engine.

use super::{Engine, Inner};
use crate::compiled;
use crate::error::Error;
use std::sync::Arc;

/// Which time zones compiled packs carry.
///
/// ```
/// use byleave::{Engine, Zones};
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let (few, all) = (engine.compile(Zones::named(["America/New_York"]))?, engine.compile(Zones::All)?);
/// // What names its zones carries them; what wants all of them leaves them to whoever loads it.
/// assert!(Engine::from_compiled(&few).is_ok() && few != all);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Zones {
    /// Every zone of the database. It is not carried: what loads the packs must bundle it (feature `tzdb`), and its edition
    /// is the one that answers name.
    All,
    /// These zones, by their IANA names, besides those that the packs read dates by themselves. A request that names another
    /// is refused, in every build.
    Named(Vec<String>),
}

impl Zones {
    /// Zones by name.
    ///
    /// ```
    /// let zones = byleave::Zones::named(["America/New_York", "America/Chicago"]);
    /// # assert!(matches!(zones, byleave::Zones::Named(it) if it.len() == 2));
    /// ```
    pub fn named<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Zones {
        Zones::Named(names.into_iter().map(Into::into).collect())
    }
}

impl Engine {
    /// The packs, the limits and the time zones as bytes: for hosts that do not carry the parser, and for workers that should
    /// not read policy again. The same packs and zones give the same bytes.
    ///
    /// The text, with its tests and the checker's warnings, is left behind; answers are the same, evidence included.
    ///
    /// # Errors
    /// A zone that this engine does not know; every zone, of an engine that was itself loaded with a few; more than compiled
    /// packs may hold.
    ///
    /// ```
    /// use byleave::{Engine, Zones};
    /// # let text = r#"
    /// #     pack org { title "An organisation" edition "1" }
    /// #     taxonomy channel { text, email }
    /// #     rule no_texts { cite "org.1" when contact.channel is text require weekday is [monday] because "Texts go out on Mondays." }
    /// # "#;
    /// let engine = Engine::builder().source("org", "org.leave", text).build()?;
    /// let bytes = engine.compile(Zones::named(["America/New_York"]))?;
    ///
    /// // Elsewhere, without the parser:
    /// let loaded = Engine::from_compiled(&bytes)?;
    /// let request = br#"{"at": "2026-07-01T12:00:00Z", "person": {"time_zones": ["America/New_York"]}, "contact": {"channel": "text"}}"#;
    /// assert_eq!(loaded.decide_json(request)?, engine.decide_json(request)?);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn compile(&self, zones: Zones) -> Result<Vec<u8>, Error> {
        let policy = self.policy();
        let wanted = match zones {
            Zones::All if policy.zones.is_bundled() => None,
            Zones::All => {
                let message = "this engine does not know every time zone: its packs were compiled with a few";
                return Err(Error::input("zones", message).with_hint("name those that are needed"));
            }
            Zones::Named(names) => Some(compiled::find(&policy.zones, &names)?),
        };
        let bytes = compiled::write(self.program(), self.limits(), wanted)?;
        // What is past a bound is told to whom compiles, not to whom loads.
        compiled::read(&bytes)?;
        Ok(bytes)
    }

    /// An engine from the bytes of [`Engine::compile`]. Any other bytes are refused.
    ///
    /// Bytes prove nothing about who wrote them: load none that you would not load as text.
    ///
    /// ```
    /// use byleave::Engine;
    /// let error = Engine::from_compiled(b"pack shop {}").unwrap_err();
    /// println!("{error}");
    /// ```
    ///
    /// # Errors
    /// The bytes are not compiled packs, are damaged, were compiled by a version of another form, hold more than is admitted, or
    /// want every time zone where none are bundled. There is no path; the hint says what to do.
    pub fn from_compiled(bytes: &[u8]) -> Result<Engine, Error> {
        let (program, limits) = compiled::read(bytes)?;
        Ok(Engine(Arc::new(Inner::of(program, limits))))
    }
}

//! What an engine was built from, told to hosts.

use super::Engine;
use crate::typed::{Pack, Setting};
use crate::value::Type;
use crate::wire::packs::{PackInfo, SettingInfo};

impl Engine {
    /// The packs, in order of name, each with its rules and settings.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// for pack in engine.packs() {
    ///     println!("{} {}: {} rules", pack.name, pack.edition, pack.rules.len());
    /// }
    /// assert_eq!(engine.packs()[0].title, "The shop");
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn packs(&self) -> Vec<PackInfo> {
        let policy = self.policy();
        let mut packs: Vec<PackInfo> =
            policy.packs.iter().enumerate().map(|(index, pack)| self.pack(index, pack)).collect();
        packs.sort_by(|a, b| a.name.cmp(&b.name));
        packs
    }

    fn pack(&self, index: usize, pack: &Pack) -> PackInfo {
        let policy = self.policy();
        let rules = policy.rules.iter().filter(|rule| usize::from(rule.pack) == index);
        let head = format!("{}.", pack.name);
        let own = |it: &&Setting| it.name.strip_prefix(&head).is_some_and(|rest| !rest.contains('.'));
        PackInfo {
            name: pack.name.clone(),
            title: pack.title.clone(),
            edition: pack.edition.clone(),
            reviewed: pack.reviewed.map(|date| date.to_string()),
            sources: pack.sources.clone(),
            uses: pack.uses.clone(),
            digest: pack.digest.clone(),
            rules: rules.map(|rule| rule.id.clone()).collect(),
            settings: policy.settings.iter().filter(own).map(setting).collect(),
        }
    }
}

fn setting(it: &Setting) -> SettingInfo {
    let readings = match &it.ty {
        Type::Choice(words) => words.to_vec(),
        _ => Vec::new(),
    };
    SettingInfo {
        name: it.name.clone(),
        default: it.default_words(),
        readings,
        citations: it.law.cites.clone(),
        because: it.because.clone(),
    }
}

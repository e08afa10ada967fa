//! Presets: several packs under one name, for some kind of sender. Which packs, `presets.txt` says.

use crate::PackSource;
use std::fmt;

const PRESETS: &str = include_str!("../presets.txt");

/// Packs that belong together for some kind of sender.
///
/// ```
/// let health = byleave_packs::presets().find(|it| it.name == "us.health").unwrap();
/// assert!(health.packs().any(|pack| pack.name == "us.hipaa"));
/// ```
#[derive(Clone, Copy)]
pub struct Preset {
    /// Its name, which stands wherever a pack's name may stand: `us.health`.
    pub name: &'static str,
    /// Who needs it.
    pub title: &'static str,
    /// The lines below its head.
    names: &'static str,
}

impl Preset {
    /// Its packs, those that are used before those that use them. What they use besides is not among them.
    ///
    /// ```
    /// let all = byleave_packs::presets().find(|it| it.name == "all").unwrap();
    /// assert_eq!(all.packs().count(), byleave_packs::all().len());
    /// ```
    pub fn packs(self) -> impl Iterator<Item = &'static PackSource> {
        crate::all().iter().filter(move |pack| self.patterns().any(|it| matches(it, pack.name)))
    }

    /// The names as they stand in the file.
    fn patterns(self) -> impl Iterator<Item = &'static str> {
        self.names.lines().filter(|line| !is_comment(line)).flat_map(str::split_whitespace)
    }
}

impl fmt::Debug for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preset").field("name", &self.name).field("title", &self.title).finish_non_exhaustive()
    }
}

/// Every preset, in the order of the file.
///
/// ```
/// for preset in byleave_packs::presets() {
///     println!("{}: {}", preset.name, preset.title);
/// }
/// assert!(byleave_packs::presets().any(|it| it.name == "us.marketing"));
/// ```
pub fn presets() -> impl Iterator<Item = Preset> {
    let mut rest = PRESETS;
    std::iter::from_fn(move || {
        loop {
            let (head, below) = rest.split_once('\n')?;
            rest = below;
            let Some((name, title)) = head.split_once(char::is_whitespace).filter(|_| begins(head)) else {
                continue;
            };
            // Its lines go up to the next head.
            let mut end = 0;
            for line in below.split_inclusive('\n') {
                if begins(line) {
                    break;
                }
                end += line.len();
            }
            return Some(Preset { name, title: title.trim(), names: below.get(..end).unwrap_or_default() });
        }
    })
}

/// Whether a line is the head of a preset.
fn begins(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_lowercase())
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |head| name.starts_with(head))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_file_is_a_pack() {
        let presets: Vec<Preset> = presets().collect();
        let heads = PRESETS.lines().filter(|line| begins(line)).count();
        assert_eq!(presets.len(), heads);
        for (n, preset) in presets.iter().enumerate() {
            assert!(preset.packs().next().is_some(), "{} is empty", preset.name);
            assert!(crate::get(preset.name).is_none(), "a pack is called {} too", preset.name);
            assert!(!preset.title.is_empty(), "{} says not who needs it", preset.name);
            assert!(
                presets.iter().take(n).all(|it| it.name != preset.name),
                "{} is there twice",
                preset.name
            );
            for name in preset.patterns().filter(|it| !it.ends_with('*')) {
                assert!(crate::get(name).is_some(), "{}: no pack is called {name}", preset.name);
            }
        }
    }

    #[test]
    fn a_star_stands_for_what_follows() {
        assert!(
            matches("us.wa.*", "us.wa.mhmda")
                && !matches("us.wa.*", "us.wa")
                && !matches("us.wa", "us.wa.mhmda")
        );
        assert!(matches("us.states*", "us.states") && matches("*", "core"));
    }
}

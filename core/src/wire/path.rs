//! Where in a request: a chain of borrowed steps, written out only when something is wrong.

use crate::error::quoted;
use std::fmt;

/// A place in a request. `Display` is `consents[3].scope.channel`; the request itself is the empty text.
///
/// ```
/// use byleave::wire::Path;
/// let root = Path::ROOT;
/// let consents = root.key("consents");
/// let third = consents.index(3);
/// assert_eq!(third.key("scope").to_string(), "consents[3].scope");
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug, Default)]
enum Step<'a> {
    #[default]
    Root,
    Key(&'a str),
    Index(u32),
}

impl<'a> Path<'a> {
    /// The request itself.
    pub const ROOT: Path<'static> = Path { parent: None, step: Step::Root };

    /// The value under a key.
    ///
    /// ```
    /// use byleave::wire::Path;
    /// let root = Path::ROOT;
    /// let settings = root.key("settings");
    /// // A key that is no plain word stands in brackets.
    /// assert_eq!(settings.key("us.tcpa.autodialer").to_string(), r#"settings["us.tcpa.autodialer"]"#);
    /// ```
    #[must_use]
    pub fn key(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Step::Key(key) }
    }

    /// The item at an index, as the host counts.
    ///
    /// ```
    /// use byleave::wire::Path;
    /// assert_eq!(Path::ROOT.index(0).to_string(), "[0]");
    /// ```
    #[must_use]
    pub fn index(&'a self, index: u32) -> Path<'a> {
        Path { parent: Some(self), step: Step::Index(index) }
    }

    /// The path with the indexes left out: the same for every order of events.
    ///
    /// ```
    /// use byleave::wire::Path;
    /// let root = Path::ROOT;
    /// let (contacts, field) = (root.key("contacts"), "result");
    /// assert_eq!(contacts.index(7).key(field).without_indexes(), "contacts.result");
    /// ```
    #[must_use]
    pub fn without_indexes(&self) -> String {
        let mut out = String::new();
        // Writing to a text cannot fail.
        let _ = self.write(&mut out, false);
        out
    }

    fn write(&self, out: &mut dyn fmt::Write, indexes: bool) -> fmt::Result {
        // Paths are at most as long as a request is deep, which is admitted only to 64.
        let mut steps = Vec::new();
        let mut at = Some(self);
        while let Some(path) = at {
            steps.push(path.step);
            at = path.parent;
        }
        let mut first = true;
        for step in steps.into_iter().rev() {
            match step {
                Step::Root => continue,
                Step::Index(index) if indexes => write!(out, "[{index}]")?,
                Step::Index(_) => {}
                Step::Key(key) if is_plain(key) => {
                    let dot = if first { "" } else { "." };
                    write!(out, "{dot}{}", quoted(key))?;
                }
                Step::Key(key) => write!(out, "[{:?}]", quoted(key))?,
            }
            first = false;
        }
        Ok(())
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, true)
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn paths_read_as_hosts_write_them() {
        let root = Path::ROOT;
        let (settings, consents) = (root.key("settings"), root.key("consents"));
        let third = consents.index(3);
        let scope = third.key("scope");
        assert_eq!(scope.key("channel").to_string(), "consents[3].scope.channel");
        assert_eq!(scope.without_indexes(), "consents.scope");
        assert_eq!(settings.key("us.tcpa.x").to_string(), "settings[\"us.tcpa.x\"]");
        assert_eq!(root.to_string(), "");
    }
}

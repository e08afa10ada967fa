//! Why there is no answer, in the parts that every host tells apart.

use byleave::wire::ErrorJson;
use std::fmt;

/// An error of the contract: kind, path, sentence, hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble(pub Box<ErrorJson>);

impl Trouble {
    /// What was sent is wrong at that path.
    pub fn input(path: impl fmt::Display, message: impl Into<String>) -> Trouble {
        Trouble::of("input", path, message)
    }

    /// The machinery contradicts itself.
    pub fn internal(message: impl Into<String>) -> Trouble {
        Trouble::of("internal", "", message)
    }

    fn of(kind: &str, path: impl fmt::Display, message: impl Into<String>) -> Trouble {
        let path = path.to_string();
        Trouble(Box::new(ErrorJson {
            kind: kind.to_owned(),
            path: (!path.is_empty()).then_some(path),
            other_path: None,
            message: message.into(),
            hint: None,
            lines: Vec::new(),
        }))
    }

    /// With what to write instead.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Trouble {
        self.0.hint = Some(hint.into());
        self
    }

    /// With the word that was meant, if one is near.
    #[must_use]
    pub fn suggest<'a>(self, word: &str, words: impl IntoIterator<Item = &'a str>) -> Trouble {
        match byleave::diag::did_you_mean(word, words) {
            Some(near) => self.with_hint(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// The same in the n-th of many rows, as one line.
    #[must_use]
    pub fn in_row(&self, row: usize) -> String {
        let it = &self.0;
        let mut out = format!("[{row}]");
        if let Some(path) = &it.path {
            if !path.starts_with('[') {
                out.push('.');
            }
            out.push_str(path);
        }
        out.push_str(": ");
        out.push_str(&it.message);
        if let Some(hint) = &it.hint {
            out.push_str(&format!(" ({hint})"));
        }
        out
    }
}

impl From<byleave::Error> for Trouble {
    fn from(error: byleave::Error) -> Trouble {
        Trouble(Box::new(ErrorJson::from(&error)))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.message.fmt(f)
    }
}

impl std::error::Error for Trouble {}

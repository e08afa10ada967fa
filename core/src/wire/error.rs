//! An error on the wire: what every binding hands to its host, as an exception's fields or as JSON.

use crate::error::Error;
use serde::{Deserialize, Serialize};

/// [`Error`], as tools read it.
///
/// ```
/// use byleave::wire::ErrorJson;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let error = engine.request(r#"{"at": 1.5}"#).unwrap_err();
/// let told = ErrorJson::from(&error);
/// assert_eq!((told.kind.as_str(), told.path.as_deref()), ("input", Some("at")));
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorJson {
    /// `input`, `policy`, `limit`, `internal`
    pub kind: String,
    /// Where in the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The second place of a contradiction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_path: Option<String>,
    /// One sentence.
    pub message: String,
    /// What to write instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Of a policy: everything that is wrong with it, a line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

impl From<&Error> for ErrorJson {
    fn from(error: &Error) -> ErrorJson {
        ErrorJson {
            kind: error.kind().as_str().to_string(),
            path: error.path().map(str::to_string),
            other_path: error.other_path().map(str::to_string),
            message: error.message().to_string(),
            hint: error.hint().map(str::to_string),
            lines: error.lines().to_vec(),
        }
    }
}

impl ErrorJson {
    /// As JSON text, keys in order.
    ///
    /// ```
    /// use byleave::wire::ErrorJson;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let error = engine.decide(&engine.request("{}")?).unwrap_err();
    /// assert_eq!(
    ///     ErrorJson::from(&error).to_json(),
    ///     r#"{"kind":"input","path":"at","message":"a request says which instant it asks about"}"#
    /// );
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        // Text and lists of text always write.
        serde_json::to_string(self).unwrap_or_default()
    }
}

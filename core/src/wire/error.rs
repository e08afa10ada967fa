//! An error on the wire: what every binding hands to its host, as an exception's fields or as JSON.

use crate::error::Error;
use serde::{Deserialize, Serialize};

/// [`Error`], as tools read it.
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
    #[must_use]
    pub fn to_json(&self) -> String {
        // Text and lists of text always write.
        serde_json::to_string(self).unwrap_or_default()
    }
}

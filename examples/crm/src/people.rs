//! The CRM's own file: who there is, and for each the acts and events as they came in. Nothing is ever taken out of a history.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::error::Error;
use std::path::Path;

/// Everybody.
#[derive(Debug, Deserialize, Serialize)]
pub struct People {
    /// In the order of the worklist.
    pub people: Vec<Person>,
}

/// One person. Events are kept as the engine reads them.
#[derive(Debug, Deserialize, Serialize)]
pub struct Person {
    /// The CRM's number for them.
    pub id: String,
    /// For the screen.
    pub name: String,
    /// Where their clocks are.
    pub time_zone: String,
    /// Where they live, ISO 3166-2.
    pub state: String,
    /// Their number.
    pub phone: String,
    /// What kind of line that is: `wireless`, `residential`.
    pub line: String,
    /// Their mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The channel that they like best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likes: Option<String>,
    /// The day of the do-not-call list on which the number was not found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_up: Option<String>,
    /// What they agreed to and took back.
    #[serde(default)]
    pub consents: Vec<Value>,
    /// What we sent and placed.
    #[serde(default)]
    pub contacts: Vec<Value>,
    /// What they did.
    #[serde(default)]
    pub interactions: Vec<Value>,
}

impl People {
    /// From the file.
    pub fn read(path: &Path) -> Result<People, Box<dyn Error>> {
        Ok(serde_json::from_slice(&std::fs::read(path)?)?)
    }

    /// To the file.
    pub fn write(&self, path: &Path) -> Result<(), Box<dyn Error>> {
        Ok(std::fs::write(path, serde_json::to_string_pretty(self)? + "\n")?)
    }

    /// One of them.
    pub fn get(&self, id: &str) -> Result<&Person, Box<dyn Error>> {
        self.people.iter().find(|it| it.id == id).ok_or_else(|| format!("nobody is called `{id}`").into())
    }

    /// One of them, to add to.
    pub fn get_mut(&mut self, id: &str) -> Result<&mut Person, Box<dyn Error>> {
        self.people.iter_mut().find(|it| it.id == id).ok_or_else(|| format!("nobody is called `{id}`").into())
    }
}

impl Person {
    /// A call was placed or a message sent. This has to be on file before the next decision.
    pub fn attempted(&mut self, channel: &str, result: &str, at: &str) {
        let id = format!("{}-{}", self.id, self.contacts.len() + 1);
        self.contacts.push(json!({
            "id": id, "at": at, "channel": channel, "purpose": [super::desk::PURPOSE], "sender": "linden", "result": result,
        }));
    }

    /// What somebody wrote back. Words that ask us to stop are a refusal of everything we offer, from that instant on;
    /// what the words meant is decided here, where they arrive, and not by the engine.
    pub fn replied(&mut self, words: &str, at: &str) -> bool {
        let id = format!("{}-reply-{}", self.id, self.interactions.len() + 1);
        self.interactions.push(json!({"id": id, "kind": "reply", "at": at, "channel": "sms"}));
        let stops =
            ["stop", "end", "quit", "cancel", "unsubscribe"].contains(&words.trim().to_lowercase().as_str());
        if stops {
            self.consents.push(json!({
                "id": format!("{id}-stop"), "kind": "revoke", "holder": self.id, "by": "holder", "means": "text_reply",
                "replied_to": "marketing", "at": at, "text_shown": words,
            }));
        }
        stops
    }
}

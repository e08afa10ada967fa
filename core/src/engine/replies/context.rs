//! The context of a reply: a request for the contact that was answered, and what is known of the message itself.

use crate::error::Error;
use crate::time::Instant;
use crate::wire::{Json, Limits, Path, Request};

/// The key of what is known of the message itself.
const REPLY: &str = "reply";
/// What may be known of it.
const KEYS: [&str; 4] = ["id", "means", "by", "replied_to"];

/// The context of a reply.
pub(super) struct Context {
    /// Without the key `reply`.
    pub request: Request,
    /// When the person answered.
    pub at: Option<Instant>,
    reply: Vec<(String, String)>,
}

impl Context {
    /// Takes it apart; null is none.
    pub fn of(json: Json, limits: &Limits) -> Result<Context, Error> {
        let root = Path::ROOT;
        let mut entries = match json {
            Json::Null => Vec::new(),
            Json::Map(entries) => entries,
            other => {
                let message = format!("the context of a reply is an object, not {}", other.kind());
                return Err(Error::input(root, message));
            }
        };
        let mut reply = Vec::new();
        if let Some(at) = entries.iter().position(|(key, _)| key == REPLY) {
            let place = root.key(REPLY);
            let Json::Map(told) = entries.remove(at).1 else {
                return Err(Error::input(place, "what is told of a reply is an object"));
            };
            for (key, json) in told {
                if !KEYS.contains(&key.as_str()) {
                    return Err(Error::input(place.key(&key), "nothing of this name is told of a reply")
                        .suggest(&key, KEYS));
                }
                match json {
                    Json::Null => {}
                    Json::Text(text) if !text.is_empty() => reply.push((key, text)),
                    other => {
                        let message = format!("expected a text, not {}", other.kind());
                        return Err(Error::input(place.key(&key), message));
                    }
                }
            }
            if entries.iter().any(|(key, _)| key == REPLY) {
                return Err(Error::input(place, "this key is given twice"));
            }
        }
        let request = Request::from_json(Json::Map(entries), limits)?;
        let at = match request.json().get("at") {
            None | Some(Json::Null) => None,
            Some(Json::Text(text)) => {
                Some(Instant::parse(text).map_err(|error| Error::input(root.key("at"), error.to_string()))?)
            }
            Some(other) => {
                return Err(Error::input(root.key("at"), format!("expected a text, not {}", other.kind())));
            }
        };
        Ok(Context { request, at, reply })
    }

    /// What is told of the message itself.
    pub fn reply(&self, key: &str) -> Option<String> {
        self.reply.iter().find(|(known, _)| known == key).map(|(_, text)| text.clone())
    }

    /// One text, or the texts of a list; nothing where it is unknown.
    pub fn texts(&self, entity: &str, key: &str) -> Vec<String> {
        let text = |json: &Json| if let Json::Text(text) = json { Some(text.clone()) } else { None };
        match self.request.json().get(entity).and_then(|it| it.get(key)) {
            Some(Json::List(items)) => items.iter().filter_map(|it| text(&it.json)).collect(),
            Some(json) => text(json).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// Whether it is told, be it that there is none.
    pub fn says(&self, entity: &str, key: &str) -> bool {
        let json = self.request.json().get(entity).and_then(|it| it.get(key));
        json.is_some_and(|json| *json != Json::Null)
    }

    /// One text.
    pub fn text(&self, entity: &str, key: &str) -> Option<String> {
        self.texts(entity, key).into_iter().next()
    }

    /// The request with some of its keys replaced.
    pub fn with(&self, over: &[(&str, Json)], limits: &Limits) -> Result<Request, Error> {
        let Json::Map(entries) = self.request.json() else {
            return Err(Error::internal("a request is an object"));
        };
        let kept = entries.iter().filter(|(key, _)| over.iter().all(|(name, _)| name != key)).cloned();
        let new = over.iter().map(|(key, json)| ((*key).to_owned(), json.clone()));
        Request::from_json(Json::Map(kept.chain(new).collect()), limits)
    }
}

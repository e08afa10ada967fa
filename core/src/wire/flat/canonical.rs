//! A flat request in canonical form, and the digest of that.

use super::{Flat, Keys, Node};
use crate::wire::json::write_text;
use crate::wire::request::EVENT_LISTS;
use sha2::{Digest, Sha256};
use std::cmp::Ordering;

impl Flat {
    /// The request in canonical form, as [`Request::canonical`](crate::wire::Request::canonical) writes it.
    pub fn write_canonical(&self, keys: &Keys, out: &mut String) {
        let flags = [keys.find("detail"), keys.find("settings")];
        out.push('{');
        let mut first = true;
        for it in self.root() {
            let key = u16::try_from(it.key).unwrap_or(u16::MAX);
            if flags.contains(&Some(key)) {
                continue;
            }
            if !first {
                out.push(',');
            }
            first = false;
            out.push_str(keys.written(key));
            match it.node {
                Node::List(_) if EVENT_LISTS.contains(&keys.name(key)) => {
                    self.write_events(keys, it.node, out)
                }
                other => self.write(keys, other, out),
            }
        }
        out.push('}');
    }

    /// An event that is repeated under the same `id` stands once.
    fn write_events(&self, keys: &Keys, list: Node, out: &mut String) {
        let id = keys.find("id").map(u32::from);
        let named = |event: Node| {
            matches!(event, Node::Map(_)) && self.entries(event).iter().any(|it| Some(it.key) == id)
        };
        out.push('[');
        let mut last: Option<Node> = None;
        for it in self.entries(list) {
            if let Some(last) = last {
                if named(it.node) && self.there().compare(last, it.node) == Ordering::Equal {
                    continue;
                }
                out.push(',');
            }
            self.write(keys, it.node, out);
            last = Some(it.node);
        }
        out.push(']');
    }

    fn write(&self, keys: &Keys, node: Node, out: &mut String) {
        match node {
            Node::Absent | Node::Null => out.push_str("null"),
            Node::Bool(b) => out.push_str(if b { "true" } else { "false" }),
            Node::Int(n) => out.push_str(&n.to_string()),
            Node::Text(run) => write_text(self.str(run), out),
            Node::List(_) => {
                out.push('[');
                for (n, it) in self.entries(node).iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    self.write(keys, it.node, out);
                }
                out.push(']');
            }
            Node::Map(_) => {
                out.push('{');
                for (n, it) in self.entries(node).iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    out.push_str(keys.written(u16::try_from(it.key).unwrap_or(u16::MAX)));
                    self.write(keys, it.node, out);
                }
                out.push('}');
            }
        }
    }

    /// SHA-256 of the canonical form. `room` is only room.
    #[must_use]
    pub fn digest(&self, keys: &Keys, room: &mut String) -> [u8; 32] {
        room.clear();
        self.write_canonical(keys, room);
        Sha256::digest(room.as_bytes()).into()
    }
}

//! Rows of JSON Lines.

use super::source::{Item, LONGEST, Raw, Sent, object};
use crate::exit::Failure;
use crate::requests;
use byleave_ledger::import::Refused;
use std::io::{BufReader, Read};
use std::sync::mpsc::SyncSender;

/// Every line that is not empty.
pub fn read(name: &str, from: impl Read, to: &SyncSender<Sent>) -> Result<bool, Failure> {
    let mut reader = BufReader::with_capacity(1 << 16, from);
    let mut number = 0;
    loop {
        let bytes =
            requests::line(&mut reader, LONGEST).map_err(|error| Failure::file("read", name, &error))?;
        if bytes.is_empty() {
            return Ok(true);
        }
        number += 1;
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() {
            continue;
        }
        let row = if bytes.len() < LONGEST - 1 {
            object(bytes)
        } else {
            Err(Refused::new("limit", format!("the line is longer than {LONGEST} bytes"))
                .hint("only its beginning is set aside"))
        };
        let item = Item { name: format!("{name} line {number}"), raw: Raw::Line(bytes.to_vec()), row };
        if to.send(Sent::Row(Box::new(item))).is_err() {
            return Ok(false);
        }
    }
}

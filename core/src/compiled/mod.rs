//! Packs compiled ahead of time: the program as bytes, with its policy, a version, a checksum and the time zones it needs.
//!
//! What conditions ask is kept lowered, so that whoever loads it neither carries what lowers nor waits for it; of the conditions
//! themselves, which people read, the words are kept. The program's form follows what makes it fast: the layout tells one
//! from another, and a file of another is compiled again. Places in the text, comments of authors and tests are left out.
//! The digests of packs stay those of their text, so that answers carry the same evidence.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | [`MAGIC`] |
//! | 2 | the form's number, [`FORM`], the lower byte first |
//! | 8 | the layout: told from the very list of fields that is written |
//! | 1, n | the version of the engine that wrote it, as text after its length |
//! | 4 | the payload's length, the lowest byte first |
//! | 8 | XXH64 of all of the above and the payload, the lowest byte first |
//! | … | the payload: zones, limits, policy (as bytes of its own what people answer), program |
//!
//! A checksum says that nothing was damaged, not who wrote it: so it is no digest, which in a page is near half of the time until the packs
//! are read, and whatever the payload says is checked or harmless. What nests, what takes room and what takes time is bounded
//! ([`bytes`], [`sound`]), an index past the end of its list reads as unknown in the evaluator, and unknown does not allow.

mod bytes;
mod conditions;
mod policy;
mod program;
#[cfg(feature = "replies")]
mod replies;
mod shelves;
mod sound;
mod zones;

use crate::error::{Error, ErrorKind};
use crate::program::Program;
use crate::time::{Zone, ZoneSet};
use crate::wire::Limits;
use bytes::{Coded, Damage, Reader, Writer};
use std::collections::BTreeMap;
use std::hash::Hasher;
use std::sync::Arc;
use twox_hash::XxHash64;

/// How compiled packs begin. The first byte begins no text, the last is lost where line ends are rewritten.
const MAGIC: [u8; 8] = *b"\xb1yleave\n";
/// The form's number: raised when the head or the meaning of the payload changes.
const FORM: u16 = 3;
/// The longest payload.
const LONGEST: usize = 32 << 20;
/// The version that writes.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Which layout this build writes: every type with its fields in order.
const LAYOUT: u64 = {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    hash = fingerprint(hash, shelves::LAYOUT.as_bytes());
    hash = fingerprint(hash, conditions::LAYOUT.as_bytes());
    hash = fingerprint(hash, policy::LAYOUT.as_bytes());
    fingerprint(hash, program::LAYOUT.as_bytes())
};

/// FNV-1a over what is no white space, which compilers lay out as they like.
const fn fingerprint(mut hash: u64, mut bytes: &[u8]) -> u64 {
    while let [first, rest @ ..] = bytes {
        if !first.is_ascii_whitespace() {
            hash = (hash ^ *first as u64).wrapping_mul(0x0100_0000_01b3);
        }
        bytes = rest;
    }
    hash
}

/// Whether the bytes begin as compiled packs do: enough to tell them from text.
///
/// ```
/// assert!(!byleave::is_compiled(b"pack org { title \"An organisation\" }"));
/// ```
#[must_use]
pub fn is_compiled(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// Writes a program. `wanted`: the zones it carries besides those it names itself; `None`: the whole database.
pub(crate) fn write(
    program: &Program,
    limits: Limits,
    wanted: Option<BTreeMap<String, Arc<Zone>>>,
) -> Result<Vec<u8>, Error> {
    let policy = &program.policy;
    let mut body = Writer::of(policy);
    limits.put(&mut body);
    program::put(program, &mut body);
    let mut payload = Writer::default();
    match wanted {
        None => zones::put_all(&policy.zones, &mut payload),
        Some(mut carried) => {
            for name in &body.zones {
                if let Some(zone) = policy.zones.zone(name) {
                    carried.insert(name.clone(), zone);
                }
            }
            zones::put_carried(&policy.zones, &carried, &mut payload);
        }
    }
    payload.bytes.append(&mut body.bytes);
    let payload = payload.bytes;
    if payload.len() > LONGEST {
        return Err(too_much());
    }
    let mut out = Vec::with_capacity(payload.len() + 64);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&FORM.to_le_bytes());
    out.extend_from_slice(&LAYOUT.to_le_bytes());
    out.push(VERSION.len() as u8);
    out.extend_from_slice(VERSION.as_bytes());
    out.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    let sum = checksum(&out, &payload);
    out.extend_from_slice(&sum.to_le_bytes());
    out.extend_from_slice(&payload);
    Ok(out)
}

/// Reads a program.
pub(crate) fn read(bytes: &[u8]) -> Result<(Program, Limits), Error> {
    let payload = open(bytes)?;
    let mut from = Reader::new(payload);
    let read = |from: &mut Reader<'_>| -> Result<Option<(Program, Limits)>, Damage> {
        match zones::get(from)? {
            zones::Read::NoDatabase => return Ok(None),
            zones::Read::Set(zones) => from.zones = zones,
        }
        let limits = Limits::get(from).admitted();
        let program = program::get(from);
        from.whole()?;
        if from.is_done() { Ok(Some((program, limits))) } else { Err(Damage::Wrong) }
    };
    match read(&mut from) {
        Ok(Some(read)) => Ok(read),
        Ok(None) => {
            let message =
                "these packs were compiled for every time zone, and this build carries no time zones";
            Err(refused(message).with_hint("compile them with the time zones that are needed, by name"))
        }
        Err(Damage::Wrong) => Err(damaged()),
        Err(Damage::TooMuch) => Err(too_much()),
    }
}

/// The payload, the head and the checksum found to be right.
fn open(bytes: &[u8]) -> Result<&[u8], Error> {
    let not_ours = || {
        refused("these bytes are not compiled packs")
            .with_hint("`byleave compile` makes them; policy as text is given to the builder")
    };
    let rest = bytes.strip_prefix(&MAGIC).ok_or_else(not_ours)?;
    let (form, rest) = rest.split_first_chunk::<2>().ok_or_else(damaged)?;
    let (layout, rest) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
    let (length, rest) = rest.split_first().ok_or_else(damaged)?;
    let (version, rest) = rest.split_at_checked(usize::from(*length)).ok_or_else(damaged)?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    let (sum, payload) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
    let version = std::str::from_utf8(version).ok().and_then(numbers).ok_or_else(damaged)?;
    // An earlier form had another checksum.
    if u16::from_le_bytes(*form) < FORM {
        return Err(other_version(version));
    }
    if u32::from_le_bytes(*length) as usize != payload.len() {
        return Err(damaged());
    }
    let head = bytes.get(..bytes.len() - payload.len() - sum.len()).ok_or_else(damaged)?;
    if checksum(head, payload) != u64::from_le_bytes(*sum) {
        return Err(damaged());
    }
    if u16::from_le_bytes(*form) != FORM || u64::from_le_bytes(*layout) != LAYOUT {
        return Err(other_version(version));
    }
    if payload.len() > LONGEST {
        return Err(too_much());
    }
    Ok(payload)
}

fn checksum(head: &[u8], payload: &[u8]) -> u64 {
    let mut sum = XxHash64::with_seed(0);
    sum.write(head);
    sum.write(payload);
    sum.finish()
}

/// `0.12.3` as numbers.
fn numbers(version: &str) -> Option<[u32; 3]> {
    let mut parts = version.split(['-', '+']).next()?.split('.');
    let mut part = || parts.next()?.parse().ok();
    Some([part()?, part()?, part()?])
}

fn other_version(theirs: [u32; 3]) -> Error {
    let sort = match numbers(VERSION).map(|ours| theirs.cmp(&ours)) {
        Some(std::cmp::Ordering::Greater) => "a newer",
        Some(std::cmp::Ordering::Less) => "an older",
        _ => "another",
    };
    let [a, b, c] = theirs;
    refused(format!("these packs were compiled by {sort} version of Byleave, {a}.{b}.{c}, in another form"))
        .with_hint(format!(
            "this is version {VERSION}: compile the packs again with it, or use the version that did"
        ))
}

fn damaged() -> Error {
    refused("these compiled packs are damaged")
        .with_hint("compile the packs again, or copy the file again as binary")
}

fn too_much() -> Error {
    let message =
        "these packs are more than is admitted in compiled form: too large, too deep or too many of a kind";
    Error::new(ErrorKind::Limit, message).with_hint("leave out packs that are not needed, or build from text")
}

fn refused(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Input, message)
}

/// The set of zones that policy is decided by, when packs are to carry some of it.
pub(crate) fn find(known: &ZoneSet, names: &[String]) -> Result<BTreeMap<String, Arc<Zone>>, Error> {
    let mut found = BTreeMap::new();
    for (n, name) in names.iter().enumerate() {
        let zone = known.zone(name).ok_or_else(|| {
            let message = format!("no time zone is called `{}`", crate::error::quoted(name));
            Error::input(format!("zones[{n}]"), message).suggest(name, known.names())
        })?;
        found.insert(zone.name().to_string(), zone);
    }
    Ok(found)
}

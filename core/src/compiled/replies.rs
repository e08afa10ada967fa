//! What people answer, as bytes of their own behind the policy: a build that does not read replies passes over them whole, so
//! that what it cannot use costs it no code.

use super::bytes::{Coded, Damage, Reader, Writer, choice, layout, record};
use crate::typed::{Confirm, Means, Part, Reply, ReplyAt, ReplyText};

layout! {
record!(Reply {
    id, pack, law, in_force, languages, means, words, beside, unlike, except, confirm, because, doc,
} no span);
choice!(Means { 0 Ask, 1 Revoke(parts), 2 Help, 3 OptIn(level), });
choice!(Part { 0 Channel, 1 Purpose, 2 Topic, 3 Sender, 4 Address, 5 Matter, });
record!(ReplyText { place, text });
choice!(ReplyAt { 0 Alone, 1 Exactly, 2 Within, });
record!(Confirm { purpose, asking });
}

/// Which layout this build writes.
const FORM: u64 = super::fingerprint(0xcbf2_9ce4_8422_2325, LAYOUT.as_bytes());

pub(super) fn put(replies: &[Reply]) -> Vec<u8> {
    let mut out = Writer::default();
    out.bytes.extend_from_slice(&FORM.to_le_bytes());
    out.number(replies.len() as u64);
    replies.iter().for_each(|it| it.put(&mut out));
    out.bytes
}

pub(super) fn get(bytes: &[u8]) -> Result<Vec<Reply>, Damage> {
    // Nothing was there to be read when it was compiled.
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let (form, rest) = bytes.split_first_chunk::<8>().ok_or(Damage::Wrong)?;
    if u64::from_le_bytes(*form) != FORM {
        return Err(Damage::Wrong);
    }
    let mut from = Reader::new(rest);
    let replies: Vec<Reply> = Vec::get(&mut from);
    from.whole()?;
    // `InForce` is plain; what else could be out of range is a text that means nothing, and then counts for nothing.
    let texts: usize = replies.iter().map(Reply::texts).sum();
    if !from.is_done() {
        return Err(Damage::Wrong);
    }
    if texts > Reply::MOST_TEXTS { Err(Damage::TooMuch) } else { Ok(replies) }
}

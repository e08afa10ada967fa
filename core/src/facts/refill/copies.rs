//! Values put in place of others, in the room that is there when they fit.

use super::filled::Pending;
use crate::facts::{Consent, ConsentKind, Families, Head, Part, Slot};

/// A head of a shape for an event of its own date.
#[inline]
pub(super) fn head_of(shape: &Head, item: &Consent) -> Head {
    Head { at: if item.kind == ConsentKind::Grant { item.lo.0 } else { item.hi.0 }, ..*shape }
}

#[inline]
pub(super) fn copy_consent(to: &mut Consent, from: &Consent, event: &Pending) {
    let Consent { id, kind, lo, hi, level, families, scope, of_person, of_recipient, by, expires } = to;
    (*id, *kind, *lo, *hi) = (event.id, from.kind, event.time.lo, event.time.hi);
    (*level, *of_person, *of_recipient, *expires) =
        (from.level, from.of_person, from.of_recipient, from.expires);
    *by = from.by;
    match (&mut *families, &from.families) {
        (Families::Named(to), Families::Named(from)) if to.len() == from.len() => copy_few(to, from),
        (to, from) => to.clone_from(from),
    }
    copy_part(&mut scope.channel, &from.scope.channel);
    copy_part(&mut scope.purpose, &from.scope.purpose);
    copy_part(&mut scope.topic, &from.scope.topic);
    copy_part(&mut scope.sender, &from.scope.sender);
    copy_part(&mut scope.matter, &from.scope.matter);
    match (event.address, &mut scope.address) {
        (Some(own), Part::Named(to)) if to.len() == 1 => to.fill(own),
        (Some(own), to) => *to = Part::Named([own].into()),
        (None, to) => copy_part(to, &from.scope.address),
    }
}

#[inline]
fn copy_part<T: Copy>(to: &mut Part<T>, from: &Part<T>) {
    match (&mut *to, from) {
        (Part::Open, Part::Open) | (Part::Unknown, Part::Unknown) => {}
        (Part::Named(to), Part::Named(from)) if to.len() == from.len() => copy_few(to, from),
        (to, from) => {
            *to = match from {
                Part::Open => Part::Open,
                Part::Unknown => Part::Unknown,
                Part::Named(named) => Part::Named(named.clone()),
            }
        }
    }
}

/// Puts a value in place of another, in the room that is there when it fits.
#[inline(always)]
pub(super) fn copy_slot(to: &mut Slot, from: &Slot) {
    match (from, &mut *to) {
        (Slot::Date { lo: a, hi: b }, Slot::Date { lo, hi }) => (*lo, *hi) = (*a, *b),
        (Slot::Text(from), Slot::Text(to)) => *to = *from,
        (Slot::Nodes(from), Slot::Nodes(to)) if to.len() == from.len() => copy_few(to, from),
        (Slot::Texts(from), Slot::Texts(to)) if to.len() == from.len() => copy_few(to, from),
        _ => replace(to, from),
    }
}

#[inline(never)]
fn replace(to: &mut Slot, from: &Slot) {
    *to = from.clone();
}

/// Most sets have one member or two: a call to copy them would cost more than they do.
#[inline(always)]
fn copy_few<T: Copy>(to: &mut [T], from: &[T]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

pub(super) fn copy_all<T: Clone>(to: &mut Vec<T>, from: &[T]) {
    to.clear();
    to.extend_from_slice(from);
}

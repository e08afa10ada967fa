//! Numbers, texts and lists as bytes, and the two macros by which a type says what of it is written.
//!
//! Why not a library: what is read here decides who is contacted, and comes from anywhere. The reader carries what no format
//! of serde's can: how deep it is, how much room is left for what the bytes unpack to, how long lowering will take, which
//! zones there are. And it is small, where the evaluator ships without a parser.

use crate::time::ZoneSet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes that are not what the writer makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// They say what cannot be.
    Wrong,
    /// They unpack to more than is admitted.
    TooMuch,
}

/// Nesting of conditions, operands and types. The checker admits 64 conditions in one another; what they ask nests little.
const DEPTH: u32 = 80;
/// Bytes that all texts and lists may take in memory.
const ROOM: usize = 192 << 20;

/// What is written.
#[derive(Default)]
pub(super) struct Writer {
    pub bytes: Vec<u8>,
    texts: BTreeMap<String, u64>,
    /// Names of the zones that the policy itself reads.
    pub zones: Vec<String>,
}

impl Writer {
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Seven bits a byte, the lowest first, as many as are needed.
    pub fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.byte((n as u8 & 0x7f) | 0x80);
            n >>= 7;
        }
        self.byte(n as u8);
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    /// A text: the number of an earlier one like it, or 0 and the text itself.
    pub fn text(&mut self, text: &str) {
        if let Some(n) = self.texts.get(text) {
            return self.number(*n);
        }
        self.number(0);
        self.raw(text.as_bytes());
        let n = self.texts.len() as u64 + 1;
        self.texts.insert(text.to_string(), n);
    }
}

/// What is left to read.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    depth: u32,
    room: usize,
    texts: Vec<&'a str>,
    /// What lowering will make of the conditions read so far, roughly.
    pub weight: u64,
    /// The zones that policy can name.
    pub zones: ZoneSet,
    /// How many facts there are.
    pub facts: usize,
    /// How many taxonomies there are.
    pub taxonomies: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        let zones = ZoneSet::carried("", "", Vec::new());
        Reader { bytes, depth: 0, room: ROOM, texts: Vec::new(), weight: 0, zones, facts: 0, taxonomies: 0 }
    }

    pub fn take(&mut self, n: usize) -> Result<&'a [u8], Damage> {
        let (taken, rest) = self.bytes.split_at_checked(n).ok_or(Damage::Wrong)?;
        self.bytes = rest;
        Ok(taken)
    }

    pub fn byte(&mut self) -> Result<u8, Damage> {
        self.take(1)?.first().copied().ok_or(Damage::Wrong)
    }

    pub fn number(&mut self) -> Result<u64, Damage> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return Err(Damage::Wrong);
            }
            n |= bits << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(Damage::Wrong)
    }

    /// How many members follow, each of at least one byte: a count past the end is refused before any room is made.
    pub fn count(&mut self) -> Result<usize, Damage> {
        let n = usize::try_from(self.number()?).map_err(|_| Damage::Wrong)?;
        if n > self.bytes.len() { Err(Damage::Wrong) } else { Ok(n) }
    }

    /// Counts what is about to be kept in memory.
    pub fn charge(&mut self, bytes: usize) -> Result<(), Damage> {
        self.room = self.room.checked_sub(bytes).ok_or(Damage::TooMuch)?;
        Ok(())
    }

    pub fn raw(&mut self) -> Result<&'a [u8], Damage> {
        let n = self.count()?;
        self.charge(n)?;
        self.take(n)
    }

    pub fn text(&mut self) -> Result<&'a str, Damage> {
        let n = self.number()?;
        if n == 0 {
            let text = std::str::from_utf8(self.raw()?).map_err(|_| Damage::Wrong)?;
            self.texts.push(text);
            return Ok(text);
        }
        let at = usize::try_from(n - 1).map_err(|_| Damage::Wrong)?;
        let text = self.texts.get(at).copied().ok_or(Damage::Wrong)?;
        self.charge(text.len())?;
        Ok(text)
    }

    /// Reads what may nest in itself.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Damage>) -> Result<T, Damage> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Damage::TooMuch);
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// Reads what cannot.
    pub fn plainly<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Damage>) -> Result<T, Damage> {
        read(self)
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.bytes.len()
    }

    pub fn is_done(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// Written and read again.
pub(super) trait Coded: Sized {
    fn put(&self, out: &mut Writer);
    fn get(from: &mut Reader<'_>) -> Result<Self, Damage>;
}

/// Keeps what stands in it as a text beside it: the layout is told apart from others by it.
macro_rules! layout {
    ($($all:tt)*) => {
        pub(super) const LAYOUT: &str = stringify!($($all)*);
        $($all)*
    };
}

/// A struct: all its fields, in this order. A field that is left out does not compile.
macro_rules! record {
    ($ty:ident { $($field:ident),* $(,)? } $(no $skipped:ident)?) => {
        impl Coded for $ty {
            fn put(&self, out: &mut Writer) {
                let $ty { $($field,)* $($skipped: _)? } = self;
                $($field.put(out);)*
            }
            fn get(from: &mut Reader<'_>) -> Result<Self, Damage> {
                Ok($ty { $($field: Coded::get(from)?,)* $($skipped: Default::default())? })
            }
        }
    };
}

/// An enum: a byte for each variant, and what it holds. One that can stand inside itself is read `by deeper`.
macro_rules! choice {
    ($ty:ident { $($variants:tt)* }) => { choice!($ty by plainly { $($variants)* }); };
    ($ty:ident by $how:ident {
        $($n:literal $variant:ident $(($($held:ident),*))? $({$($field:ident),*})?,)*
    }) => {
        impl Coded for $ty {
            fn put(&self, out: &mut Writer) {
                match self {
                    $($ty::$variant $(($($held),*))? $({$($field),*})? => {
                        out.byte($n);
                        $($($held.put(out);)*)?
                        $($($field.put(out);)*)?
                    })*
                }
            }
            fn get(from: &mut Reader<'_>) -> Result<Self, Damage> {
                from.$how(|from| Ok(match from.byte()? {
                    $($n => $ty::$variant
                        $(($({ let $held = Coded::get(from)?; $held }),*))?
                        $({$($field: Coded::get(from)?),*})?,)*
                    _ => return Err(Damage::Wrong),
                }))
            }
        }
    };
}

pub(super) use {choice, layout, record};

macro_rules! whole {
    ($($ty:ident)*) => { $(
        impl Coded for $ty {
            fn put(&self, out: &mut Writer) {
                out.number(*self as u64);
            }
            fn get(from: &mut Reader<'_>) -> Result<Self, Damage> {
                $ty::try_from(from.number()?).map_err(|_| Damage::Wrong)
            }
        }
    )* };
}
whole! { u8 u16 u32 u64 usize }

macro_rules! signed {
    ($($ty:ident)*) => { $(
        impl Coded for $ty {
            fn put(&self, out: &mut Writer) {
                // The sign in the lowest bit, so that small numbers below zero are short too.
                let n = i64::from(*self);
                out.number((n as u64) << 1 ^ (n >> 63) as u64);
            }
            fn get(from: &mut Reader<'_>) -> Result<Self, Damage> {
                let n = from.number()?;
                let n = (n >> 1) as i64 ^ -((n & 1) as i64);
                $ty::try_from(n).map_err(|_| Damage::Wrong)
            }
        }
    )* };
}
signed! { i32 i64 }

impl Coded for bool {
    fn put(&self, out: &mut Writer) {
        out.byte(u8::from(*self));
    }
    fn get(from: &mut Reader<'_>) -> Result<Self, Damage> {
        match from.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Damage::Wrong),
        }
    }
}

impl Coded for String {
    fn put(&self, out: &mut Writer) {
        out.text(self);
    }
    fn get(from: &mut Reader<'_>) -> Result<Self, Damage> {
        Ok(from.text()?.to_string())
    }
}

impl Coded for Arc<str> {
    fn put(&self, out: &mut Writer) {
        out.text(self);
    }
    fn get(from: &mut Reader<'_>) -> Result<Self, Damage> {
        Ok(from.text()?.into())
    }
}

impl<T: Coded> Coded for Option<T> {
    fn put(&self, out: &mut Writer) {
        out.byte(u8::from(self.is_some()));
        if let Some(it) = self {
            it.put(out);
        }
    }
    fn get(from: &mut Reader<'_>) -> Result<Self, Damage> {
        Ok(if bool::get(from)? { Some(T::get(from)?) } else { None })
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn put(&self, out: &mut Writer) {
        out.number(self.len() as u64);
        self.iter().for_each(|it| it.put(out));
    }
    fn get(from: &mut Reader<'_>) -> Result<Self, Damage> {
        let n = from.count()?;
        from.charge(n.saturating_mul(size_of::<T>()))?;
        let mut all = Vec::with_capacity(n);
        for _ in 0..n {
            all.push(T::get(from)?);
        }
        Ok(all)
    }
}

impl<T: Coded> Coded for Arc<[T]> {
    fn put(&self, out: &mut Writer) {
        out.number(self.len() as u64);
        self.iter().for_each(|it| it.put(out));
    }
    fn get(from: &mut Reader<'_>) -> Result<Self, Damage> {
        Ok(Vec::get(from)?.into())
    }
}

impl<T: Coded> Coded for Box<T> {
    fn put(&self, out: &mut Writer) {
        T::put(self, out);
    }
    fn get(from: &mut Reader<'_>) -> Result<Self, Damage> {
        from.charge(size_of::<T>())?;
        T::get(from).map(Box::new)
    }
}

impl<A: Coded, B: Coded> Coded for (A, B) {
    fn put(&self, out: &mut Writer) {
        self.0.put(out);
        self.1.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Result<Self, Damage> {
        Ok((A::get(from)?, B::get(from)?))
    }
}

//! Numbers, texts and lists as bytes, and the two macros by which a type says what of it is written.
//!
//! Why not a library: what is read here decides who is contacted, and comes from anywhere. The reader carries what no format
//! of serde's can: how deep it is, how much room is left for what the bytes unpack to, which zones there are. And it is small, where the evaluator ships without a parser.
//!
//! The reader does not stop at damage, but remembers the first and reads zeros from there on, which make something of every
//! type; whoever began to read asks [`Reader::whole`] in the end and throws all of it away. A way out of every field of every
//! type would be most of the code.

use crate::time::ZoneSet;
use crate::typed::Policy;
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
pub(super) struct Writer<'p> {
    pub bytes: Vec<u8>,
    /// The policy in whose words conditions are written.
    pub policy: Option<&'p Policy>,
    texts: BTreeMap<String, u64>,
    /// Names of the zones that the policy itself reads.
    pub zones: Vec<String>,
}

impl<'p> Writer<'p> {
    /// What writes a policy.
    pub fn of(policy: &'p Policy) -> Writer<'p> {
        Writer { policy: Some(policy), ..Writer::default() }
    }

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
    /// The zones that policy can name.
    pub zones: ZoneSet,
    /// How many facts there are.
    pub facts: usize,
    /// How many taxonomies there are.
    pub taxonomies: usize,
    /// What was found first that is not what the writer makes.
    damage: Option<Damage>,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        let zones = ZoneSet::carried("", "", Vec::new());
        Reader {
            bytes,
            depth: 0,
            room: ROOM,
            texts: Vec::new(),
            zones,
            facts: 0,
            taxonomies: 0,
            damage: None,
        }
    }

    /// Remembers what is wrong; nothing is left to read.
    #[inline(never)]
    pub fn fail(&mut self, damage: Damage) {
        self.damage.get_or_insert(damage);
        self.bytes = &[];
    }

    pub fn is_damaged(&self) -> bool {
        self.damage.is_some()
    }

    /// Whether all that was read so far is what it says.
    pub fn whole(&self) -> Result<(), Damage> {
        self.damage.map_or(Ok(()), Err)
    }

    #[inline(never)]
    pub fn take(&mut self, n: usize) -> &'a [u8] {
        match self.bytes.split_at_checked(n) {
            Some((taken, rest)) => {
                self.bytes = rest;
                taken
            }
            None => {
                self.fail(Damage::Wrong);
                &[]
            }
        }
    }

    #[inline(never)]
    pub fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    #[inline(never)]
    pub fn number(&mut self) -> u64 {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            n |= bits << shift;
            if byte < 0x80 {
                return n;
            }
        }
        self.fail(Damage::Wrong);
        0
    }

    /// A number that its type must hold.
    pub fn whole_number<T: TryFrom<u64> + Default>(&mut self) -> T {
        let n = self.number();
        T::try_from(n).unwrap_or_else(|_| {
            self.fail(Damage::Wrong);
            T::default()
        })
    }

    /// How many members follow, each of at least one byte: a count past the end is refused before any room is made.
    #[inline(never)]
    pub fn count(&mut self) -> usize {
        let n = self.whole_number();
        if n > self.bytes.len() {
            self.fail(Damage::Wrong);
            return 0;
        }
        n
    }

    /// Counts what is about to be kept in memory.
    #[inline(never)]
    pub fn charge(&mut self, bytes: usize) {
        match self.room.checked_sub(bytes) {
            Some(room) => self.room = room,
            None => self.fail(Damage::TooMuch),
        }
    }

    /// How many members of so many bytes follow, their room made sure of.
    #[inline(never)]
    pub fn members(&mut self, size: usize) -> usize {
        let n = self.count();
        self.charge(n.saturating_mul(size));
        if self.is_damaged() { 0 } else { n }
    }

    #[inline(never)]
    pub fn raw(&mut self) -> &'a [u8] {
        let n = self.members(1);
        self.take(n)
    }

    #[inline(never)]
    pub fn text(&mut self) -> &'a str {
        let n: usize = self.whole_number();
        let found = match n.checked_sub(1) {
            None => {
                let text = std::str::from_utf8(self.raw()).ok();
                self.texts.extend(text);
                text
            }
            Some(earlier) => {
                let text = self.texts.get(earlier).copied();
                self.charge(text.map_or(0, str::len));
                text
            }
        };
        found.unwrap_or_else(|| {
            self.fail(Damage::Wrong);
            ""
        })
    }

    /// Reads what may nest in itself.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        if self.depth > DEPTH {
            self.fail(Damage::TooMuch);
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// Reads what cannot.
    pub fn plainly<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        read(self)
    }

    pub fn is_done(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// Written and read again. What is read of nothing but zeros is of no list and holds nothing of its own type, or reading damaged
/// bytes would not end: the first variant of an enum is such a one.
pub(super) trait Coded: Sized {
    fn put(&self, out: &mut Writer<'_>);
    fn get(from: &mut Reader<'_>) -> Self;
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
            fn put(&self, out: &mut Writer<'_>) {
                let $ty { $($field,)* $($skipped: _)? } = self;
                $($field.put(out);)*
            }
            fn get(from: &mut Reader<'_>) -> Self {
                $ty { $($field: Coded::get(from),)* $($skipped: Default::default())? }
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
            fn put(&self, out: &mut Writer<'_>) {
                match self {
                    $($ty::$variant $(($($held),*))? $({$($field),*})? => {
                        out.byte($n);
                        $($($held.put(out);)*)?
                        $($($field.put(out);)*)?
                    })*
                }
            }
            fn get(from: &mut Reader<'_>) -> Self {
                from.$how(|from| match from.byte() {
                    $($n => $ty::$variant
                        $(($({ let $held = Coded::get(from); $held }),*))?
                        $({$($field: Coded::get(from)),*})?,)*
                    _ => {
                        from.fail(Damage::Wrong);
                        // The first variant, of zeros.
                        Coded::get(from)
                    }
                })
            }
        }
    };
}

pub(super) use {choice, layout, record};

macro_rules! whole {
    ($($ty:ident)*) => { $(
        impl Coded for $ty {
            fn put(&self, out: &mut Writer<'_>) {
                out.number(*self as u64);
            }
            fn get(from: &mut Reader<'_>) -> Self {
                from.whole_number()
            }
        }
    )* };
}
whole! { u8 u16 u32 u64 usize }

macro_rules! signed {
    ($($ty:ident)*) => { $(
        impl Coded for $ty {
            fn put(&self, out: &mut Writer<'_>) {
                // The sign in the lowest bit, so that small numbers below zero are short too.
                let n = i64::from(*self);
                out.number((n as u64) << 1 ^ (n >> 63) as u64);
            }
            fn get(from: &mut Reader<'_>) -> Self {
                let n = from.number();
                let n = (n >> 1) as i64 ^ -((n & 1) as i64);
                $ty::try_from(n).unwrap_or_else(|_| {
                    from.fail(Damage::Wrong);
                    0
                })
            }
        }
    )* };
}
signed! { i32 i64 }

impl Coded for bool {
    fn put(&self, out: &mut Writer<'_>) {
        out.byte(u8::from(*self));
    }
    fn get(from: &mut Reader<'_>) -> Self {
        let byte = from.byte();
        if byte > 1 {
            from.fail(Damage::Wrong);
        }
        byte == 1
    }
}

impl Coded for String {
    fn put(&self, out: &mut Writer<'_>) {
        out.text(self);
    }
    #[inline(never)]
    fn get(from: &mut Reader<'_>) -> Self {
        from.text().to_string()
    }
}

impl Coded for Arc<str> {
    fn put(&self, out: &mut Writer<'_>) {
        out.text(self);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        from.text().into()
    }
}

impl<T: Coded> Coded for Option<T> {
    fn put(&self, out: &mut Writer<'_>) {
        out.byte(u8::from(self.is_some()));
        if let Some(it) = self {
            it.put(out);
        }
    }
    fn get(from: &mut Reader<'_>) -> Self {
        if bool::get(from) { Some(T::get(from)) } else { None }
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn put(&self, out: &mut Writer<'_>) {
        out.number(self.len() as u64);
        self.iter().for_each(|it| it.put(out));
    }
    fn get(from: &mut Reader<'_>) -> Self {
        let n = from.members(size_of::<T>());
        let mut all = Vec::with_capacity(n);
        while all.len() < n && !from.is_damaged() {
            all.push(T::get(from));
        }
        all
    }
}

impl<T: Coded> Coded for Arc<[T]> {
    fn put(&self, out: &mut Writer<'_>) {
        out.number(self.len() as u64);
        self.iter().for_each(|it| it.put(out));
    }
    fn get(from: &mut Reader<'_>) -> Self {
        Vec::get(from).into()
    }
}

impl<T: Coded> Coded for Box<T> {
    fn put(&self, out: &mut Writer<'_>) {
        T::put(self, out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        from.charge(size_of::<T>());
        Box::new(T::get(from))
    }
}

impl<A: Coded, B: Coded> Coded for (A, B) {
    fn put(&self, out: &mut Writer<'_>) {
        self.0.put(out);
        self.1.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        (A::get(from), B::get(from))
    }
}

impl<A: Coded, B: Coded, C: Coded> Coded for (A, B, C) {
    fn put(&self, out: &mut Writer<'_>) {
        self.0.put(out);
        self.1.put(out);
        self.2.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        (A::get(from), B::get(from), C::get(from))
    }
}

impl<T: Coded, const N: usize> Coded for [T; N] {
    fn put(&self, out: &mut Writer<'_>) {
        self.iter().for_each(|it| it.put(out));
    }
    fn get(from: &mut Reader<'_>) -> Self {
        std::array::from_fn(|_| T::get(from))
    }
}

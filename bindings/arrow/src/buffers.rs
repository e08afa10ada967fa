//! What columns of Arrow are made of: whole numbers of any width, where lists begin and end, texts in each layout. What lies
//! outside its buffer is not there.

use arrow_buffer::{ArrowNativeType, Buffer, NullBuffer, ScalarBuffer};

/// Whole numbers of any width.
#[derive(Clone, Debug)]
pub enum Ints {
    /// 8 bits.
    I8(ScalarBuffer<i8>),
    /// 16 bits.
    I16(ScalarBuffer<i16>),
    /// 32 bits.
    I32(ScalarBuffer<i32>),
    /// 64 bits.
    I64(ScalarBuffer<i64>),
    /// 8 bits, without sign.
    U8(ScalarBuffer<u8>),
    /// 16 bits, without sign.
    U16(ScalarBuffer<u16>),
    /// 32 bits, without sign.
    U32(ScalarBuffer<u32>),
    /// 64 bits, without sign.
    U64(ScalarBuffer<u64>),
}

impl Ints {
    /// The number in a row; nothing when it does not fit 64 bits with a sign.
    #[inline]
    pub fn get(&self, row: usize) -> Option<i64> {
        match self {
            Ints::I64(v) => v.get(row).copied(),
            Ints::I32(v) => v.get(row).copied().map(i64::from),
            Ints::U32(v) => v.get(row).copied().map(i64::from),
            Ints::I8(v) => v.get(row).copied().map(i64::from),
            Ints::U8(v) => v.get(row).copied().map(i64::from),
            Ints::I16(v) => v.get(row).copied().map(i64::from),
            Ints::U16(v) => v.get(row).copied().map(i64::from),
            Ints::U64(v) => i64::try_from(v.get(row).copied()?).ok(),
        }
    }
}

impl Ints {
    /// Puts the numbers of some rows, below `size` less two, behind what is in `out`: each becomes so many times what it was, and
    /// one more than the number; nothing more where nothing stands; and the most where a number is none of these. The rows are there.
    pub fn append(&self, from: usize, size: u32, nulls: Option<&NullBuffer>, out: &mut [u32]) {
        let most = size - 1;
        let to = from + out.len();
        macro_rules! each {
            ($v:expr, $number:expr) => {{
                let some = $v.get(from..to).unwrap_or_default();
                for (out, n) in out.iter_mut().zip(some) {
                    let number: u32 = $number(*n);
                    *out = out.wrapping_mul(size).wrapping_add(number.min(most - 1) + 1);
                }
            }};
        }
        // A number below zero is a great one here.
        match self {
            Ints::I8(v) => each!(v, |n| i32::from(n) as u32),
            Ints::I16(v) => each!(v, |n| i32::from(n) as u32),
            Ints::I32(v) => each!(v, |n| n as u32),
            Ints::I64(v) => each!(v, |n| u32::try_from(n).unwrap_or(u32::MAX)),
            Ints::U8(v) => each!(v, u32::from),
            Ints::U16(v) => each!(v, u32::from),
            Ints::U32(v) => each!(v, |n| n),
            Ints::U64(v) => each!(v, |n| u32::try_from(n).unwrap_or(u32::MAX)),
        }
        if let Some(nulls) = nulls {
            for (out, is) in out.iter_mut().zip(nulls.inner().slice(from, to - from).iter()) {
                *out = if is { *out } else { *out - *out % size };
            }
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Ints::I8(v) => v.len(),
            Ints::I16(v) => v.len(),
            Ints::I32(v) => v.len(),
            Ints::I64(v) => v.len(),
            Ints::U8(v) => v.len(),
            Ints::U16(v) => v.len(),
            Ints::U32(v) => v.len(),
            Ints::U64(v) => v.len(),
        }
    }

    /// Looks the numbers of some rows up in a table; what is not in it, or past the end of the column, is `lost`.
    pub fn look_up(&self, from: usize, to: usize, table: &[u32], lost: u32, out: &mut Vec<u32>) {
        macro_rules! each {
            ($v:expr) => {{
                let some = $v.get(from..to.min($v.len())).unwrap_or_default();
                let one = |n: usize| table.get(n).copied().unwrap_or(lost);
                out.extend(some.iter().map(|n| usize::try_from(*n).map_or(lost, one)));
            }};
        }
        match self {
            Ints::I8(v) => each!(v),
            Ints::I16(v) => each!(v),
            Ints::I32(v) => each!(v),
            Ints::I64(v) => each!(v),
            Ints::U8(v) => each!(v),
            Ints::U16(v) => each!(v),
            Ints::U32(v) => each!(v),
            Ints::U64(v) => each!(v),
        }
        out.resize(to.saturating_sub(from), lost);
    }
}

/// Where each row's part of a list begins and ends.
#[derive(Clone, Debug)]
pub enum Spans {
    /// 32 bits.
    Small(ScalarBuffer<i32>),
    /// 64 bits.
    Large(ScalarBuffer<i64>),
    /// Offset and length apart.
    Views(Ints, Ints),
    /// As many in each row.
    Fixed(usize),
}

impl Spans {
    /// A row's part.
    #[inline]
    pub fn get(&self, row: usize) -> Option<(usize, usize)> {
        fn two<T: ArrowNativeType>(offsets: &ScalarBuffer<T>, row: usize) -> Option<(usize, usize)> {
            Some((offsets.get(row)?.to_usize()?, offsets.get(row + 1)?.to_usize()?))
        }
        let (from, to) = match self {
            Spans::Small(offsets) => two(offsets, row)?,
            Spans::Large(offsets) => two(offsets, row)?,
            Spans::Views(from, length) => {
                let from = usize::try_from(from.get(row)?).ok()?;
                (from, from.checked_add(usize::try_from(length.get(row)?).ok()?)?)
            }
            Spans::Fixed(length) => (row.checked_mul(*length)?, row.checked_add(1)?.checked_mul(*length)?),
        };
        (from <= to).then_some((from, to))
    }
}

/// Texts, in each of their layouts.
#[derive(Clone, Debug)]
pub enum Texts {
    /// One after the other.
    Plain(Spans, Buffer),
    /// Each by where it stands.
    Views(ScalarBuffer<u128>, Vec<Buffer>),
}

impl Texts {
    /// Numbers in digits, one after the other.
    pub fn of_numbers(ints: &Ints) -> Texts {
        let mut bytes = String::new();
        let mut ends = vec![0i64];
        for row in 0..ints.len() {
            match (ints, ints.get(row)) {
                (_, Some(n)) => bytes.push_str(&n.to_string()),
                (Ints::U64(v), None) => bytes.extend(v.get(row).map(u64::to_string)),
                (_, None) => {}
            }
            ends.push(bytes.len() as i64);
        }
        Texts::Plain(Spans::Large(ScalarBuffer::from(ends)), Buffer::from(bytes.into_bytes()))
    }

    /// The bytes of a text.
    #[inline]
    pub fn bytes(&self, row: usize) -> Option<&[u8]> {
        match self {
            Texts::Plain(spans, bytes) => {
                let (from, to) = spans.get(row)?;
                bytes.as_slice().get(from..to)
            }
            Texts::Views(views, buffers) => {
                let view = *views.get(row)?;
                let length = (view & 0xffff_ffff) as usize;
                if length <= 12 {
                    let at = row * 16 + 4;
                    return views.inner().as_slice().get(at..at + length);
                }
                let (buffer, from) = ((view >> 64) as u32 as usize, (view >> 96) as u32 as usize);
                buffers.get(buffer)?.as_slice().get(from..from.checked_add(length)?)
            }
        }
    }
}

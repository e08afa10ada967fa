//! One column of Arrow, read cell by cell. What a producer hands over is not trusted: texts are checked where they are
//! read, and what lies outside its buffer is refused and never reached for.

use crate::buffers::{Ints, Spans, Texts};
use crate::times::{Unit, day_of_millis, duration, time_of_day};
use crate::trouble::Trouble;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Date32Type, Date64Type, DurationMicrosecondType, DurationMillisecondType,
    DurationNanosecondType, DurationSecondType, Int8Type, Int16Type, Int32Type, Int64Type,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType, OffsetSizeTrait};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, TimeUnit};
use byleave::time::{Date, Instant};
use byleave::wire::{Item, Json, Path};

/// A column.
#[derive(Clone, Debug)]
pub struct Cells {
    nulls: Option<NullBuffer>,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Null,
    Bool(BooleanBuffer),
    Int(Ints),
    /// A number that is not whole, or not a number.
    NotWhole,
    Text(Texts),
    Day(Ints),
    Millis(Ints),
    Instant(Ints, Unit),
    Duration(Ints, Unit),
    Time(Ints, Unit),
    Dictionary(Ints, Box<Cells>),
    List(Spans, Box<Cells>),
    Struct(Vec<(String, Cells)>),
    Map(Spans, Box<Cells>, Box<Cells>),
}

macro_rules! ints {
    ($array:expr, $($ty:ty => $kind:ident),*) => {{
        let array = $array;
        $(if let Some(it) = array.as_primitive_opt::<$ty>() { return Some(Ints::$kind(it.values().clone())); })*
        None
    }};
}

fn whole(array: &dyn Array) -> Option<Ints> {
    ints!(array, Int64Type => I64, Int32Type => I32, Int16Type => I16, Int8Type => I8,
        UInt64Type => U64, UInt32Type => U32, UInt16Type => U16, UInt8Type => U8)
}

fn i64s<T: ArrowPrimitiveType<Native = i64>>(array: &dyn Array) -> Option<Ints> {
    array.as_primitive_opt::<T>().map(|it| Ints::I64(it.values().clone()))
}

fn i32s<T: ArrowPrimitiveType<Native = i32>>(array: &dyn Array) -> Option<Ints> {
    array.as_primitive_opt::<T>().map(|it| Ints::I32(it.values().clone()))
}

fn list<O: OffsetSizeTrait>(array: &dyn Array, wrap: fn(ScalarBuffer<O>) -> Spans) -> Option<Kind> {
    let it = array.as_list_opt::<O>()?;
    Some(Kind::List(wrap(it.offsets().inner().clone()), Box::new(Cells::of(it.values())?)))
}

fn dictionary(array: &dyn Array) -> Option<Kind> {
    fn one<K: ArrowDictionaryKeyType>(array: &dyn Array) -> Option<Kind> {
        let it = array.as_dictionary_opt::<K>()?;
        Some(Kind::Dictionary(whole(it.keys())?, Box::new(Cells::of(it.values())?)))
    }
    one::<Int32Type>(array)
        .or_else(|| one::<Int8Type>(array))
        .or_else(|| one::<Int16Type>(array))
        .or_else(|| one::<Int64Type>(array))
        .or_else(|| one::<UInt8Type>(array))
        .or_else(|| one::<UInt16Type>(array))
        .or_else(|| one::<UInt32Type>(array))
        .or_else(|| one::<UInt64Type>(array))
}

fn instants(array: &dyn Array, unit: TimeUnit) -> Option<Kind> {
    Some(match unit {
        TimeUnit::Second => Kind::Instant(i64s::<TimestampSecondType>(array)?, Unit::Second),
        TimeUnit::Millisecond => Kind::Instant(i64s::<TimestampMillisecondType>(array)?, Unit::Milli),
        TimeUnit::Microsecond => Kind::Instant(i64s::<TimestampMicrosecondType>(array)?, Unit::Micro),
        TimeUnit::Nanosecond => Kind::Instant(i64s::<TimestampNanosecondType>(array)?, Unit::Nano),
    })
}

fn durations(array: &dyn Array, unit: TimeUnit) -> Option<Kind> {
    Some(match unit {
        TimeUnit::Second => Kind::Duration(i64s::<DurationSecondType>(array)?, Unit::Second),
        TimeUnit::Millisecond => Kind::Duration(i64s::<DurationMillisecondType>(array)?, Unit::Milli),
        TimeUnit::Microsecond => Kind::Duration(i64s::<DurationMicrosecondType>(array)?, Unit::Micro),
        TimeUnit::Nanosecond => Kind::Duration(i64s::<DurationNanosecondType>(array)?, Unit::Nano),
    })
}

fn kind_of(array: &dyn Array) -> Option<Kind> {
    Some(match array.data_type() {
        DataType::Null => Kind::Null,
        DataType::Boolean => Kind::Bool(array.as_boolean_opt()?.values().clone()),
        DataType::Float16 | DataType::Float32 | DataType::Float64 => Kind::NotWhole,
        DataType::Utf8 => {
            let it = array.as_string_opt::<i32>()?;
            Kind::Text(Texts::Plain(Spans::Small(it.offsets().inner().clone()), it.values().clone()))
        }
        DataType::LargeUtf8 => {
            let it = array.as_string_opt::<i64>()?;
            Kind::Text(Texts::Plain(Spans::Large(it.offsets().inner().clone()), it.values().clone()))
        }
        DataType::Utf8View => {
            let it = array.as_string_view_opt()?;
            Kind::Text(Texts::Views(it.views().clone(), it.data_buffers().to_vec()))
        }
        DataType::Date32 => Kind::Day(i32s::<Date32Type>(array)?),
        DataType::Date64 => Kind::Millis(i64s::<Date64Type>(array)?),
        DataType::Timestamp(unit, Some(_)) => instants(array, *unit)?,
        DataType::Duration(unit) => durations(array, *unit)?,
        DataType::Time32(TimeUnit::Second) => Kind::Time(i32s::<Time32SecondType>(array)?, Unit::Second),
        DataType::Time32(_) => Kind::Time(i32s::<Time32MillisecondType>(array)?, Unit::Milli),
        DataType::Time64(TimeUnit::Microsecond) => {
            Kind::Time(i64s::<Time64MicrosecondType>(array)?, Unit::Micro)
        }
        DataType::Time64(_) => Kind::Time(i64s::<Time64NanosecondType>(array)?, Unit::Nano),
        DataType::Dictionary(..) => dictionary(array)?,
        DataType::List(_) => list::<i32>(array, Spans::Small)?,
        DataType::LargeList(_) => list::<i64>(array, Spans::Large)?,
        DataType::ListView(_) => {
            let it = array.as_list_view_opt::<i32>()?;
            let spans = Spans::Views(Ints::I32(it.offsets().clone()), Ints::I32(it.sizes().clone()));
            Kind::List(spans, Box::new(Cells::of(it.values())?))
        }
        DataType::LargeListView(_) => {
            let it = array.as_list_view_opt::<i64>()?;
            let spans = Spans::Views(Ints::I64(it.offsets().clone()), Ints::I64(it.sizes().clone()));
            Kind::List(spans, Box::new(Cells::of(it.values())?))
        }
        DataType::FixedSizeList(..) => {
            let it = array.as_fixed_size_list_opt()?;
            let length = usize::try_from(it.value_length()).ok()?;
            Kind::List(Spans::Fixed(length), Box::new(Cells::of(it.values())?))
        }
        DataType::Struct(fields) => {
            let it = array.as_struct_opt()?;
            let named = fields.iter().zip(it.columns());
            let cells = named.map(|(field, column)| Some((field.name().clone(), Cells::of(column)?)));
            Kind::Struct(cells.collect::<Option<_>>()?)
        }
        DataType::Map(..) => {
            let it = array.as_map_opt()?;
            let spans = Spans::Small(it.offsets().inner().clone());
            Kind::Map(spans, Box::new(Cells::of(it.keys())?), Box::new(Cells::of(it.values())?))
        }
        _ => Kind::Int(whole(array)?),
    })
}

impl Cells {
    /// A column's cells; nothing for a type that no fact has, or a column that is not what it says it is.
    pub fn of(array: &dyn Array) -> Option<Cells> {
        Some(Cells { nulls: array.nulls().cloned(), kind: kind_of(array)? })
    }

    /// Whole numbers as the texts that name the same; any other column as it is.
    pub fn into_names(self) -> Cells {
        let Cells { nulls, kind } = self;
        let kind = match kind {
            Kind::Int(ints) => Kind::Text(Texts::of_numbers(&ints)),
            Kind::Dictionary(keys, values) => Kind::Dictionary(keys, Box::new(values.into_names())),
            other => other,
        };
        Cells { nulls, kind }
    }

    /// Whether nothing stands there.
    #[inline]
    pub fn is_null(&self, row: usize) -> bool {
        match &self.nulls {
            Some(nulls) => row >= nulls.len() || nulls.is_null(row),
            None => matches!(self.kind, Kind::Null),
        }
    }

    /// Where nothing stands, if that is anywhere.
    pub fn nulls(&self) -> Option<&NullBuffer> {
        self.nulls.as_ref()
    }

    /// How many values a column has that is a dictionary's; of others, as many as it needs to be none.
    pub fn len(&self) -> usize {
        match &self.kind {
            Kind::Text(Texts::Plain(Spans::Small(ends), _)) => ends.len().saturating_sub(1),
            Kind::Text(Texts::Plain(Spans::Large(ends), _)) => ends.len().saturating_sub(1),
            Kind::Text(Texts::Views(views, _)) => views.len(),
            Kind::Int(ints) | Kind::Day(ints) | Kind::Instant(ints, _) => ints.len(),
            _ => usize::MAX / 4,
        }
    }

    /// Whether nothing may stand somewhere.
    pub fn has_nulls(&self) -> bool {
        self.nulls.is_some() || matches!(self.kind, Kind::Null)
    }

    /// The bytes of a text that stands there as such, not by number.
    #[inline]
    pub fn bytes(&self, row: usize) -> Option<&[u8]> {
        match &self.kind {
            Kind::Text(texts) => texts.bytes(row),
            _ => None,
        }
    }

    /// A column of texts, not by number.
    pub fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text(_))
    }

    /// A column of days.
    pub fn is_days(&self) -> bool {
        matches!(self.kind, Kind::Day(_))
    }

    /// A column of whole numbers.
    pub fn is_whole(&self) -> bool {
        matches!(self.kind, Kind::Int(_))
    }

    /// Whole numbers.
    pub fn ints(&self) -> Option<&Ints> {
        match &self.kind {
            Kind::Int(ints) => Some(ints),
            _ => None,
        }
    }

    /// A column of true and false: the bit.
    #[inline]
    pub fn bit(&self, row: usize) -> Option<bool> {
        match &self.kind {
            Kind::Bool(bits) => (row < bits.len()).then(|| bits.value(row)),
            _ => None,
        }
    }

    /// A whole number.
    #[inline]
    pub fn int(&self, row: usize) -> Option<i64> {
        match &self.kind {
            Kind::Int(ints) => ints.get(row),
            _ => None,
        }
    }

    /// A day.
    #[inline]
    pub fn day(&self, row: usize) -> Option<Date> {
        match &self.kind {
            Kind::Day(days) => Some(Date(i32::try_from(days.get(row)?).ok()?)),
            Kind::Millis(millis) => day_of_millis(millis.get(row)?),
            _ => None,
        }
    }

    /// An instant.
    #[inline]
    pub fn instant(&self, row: usize) -> Option<Instant> {
        match &self.kind {
            Kind::Instant(ticks, unit) => unit.micros(ticks.get(row)?).map(Instant),
            _ => None,
        }
    }

    /// A column of microseconds where something stands everywhere: those of some rows.
    #[inline]
    pub fn micros(&self, from: usize, to: usize) -> Option<&[i64]> {
        match &self.kind {
            Kind::Instant(Ints::I64(ticks), Unit::Micro) if self.nulls.is_none() => ticks.get(from..to),
            _ => None,
        }
    }

    /// A column of days: those of some rows.
    #[inline]
    pub fn days(&self, from: usize, to: usize) -> Option<&[i32]> {
        match &self.kind {
            Kind::Day(Ints::I32(days)) => days.get(from..to),
            _ => None,
        }
    }

    /// A column of texts with offsets of 32 bits where something stands everywhere: its offsets and its bytes.
    pub fn plain_texts(&self) -> Option<(&ScalarBuffer<i32>, &Buffer)> {
        match &self.kind {
            Kind::Text(Texts::Plain(Spans::Small(ends), bytes)) if self.nulls.is_none() => {
                Some((ends, bytes))
            }
            _ => None,
        }
    }

    /// Numbers of the values of a dictionary, and the values.
    pub fn dictionary(&self) -> Option<(&Ints, &Cells)> {
        match &self.kind {
            Kind::Dictionary(keys, values) => Some((keys, values)),
            _ => None,
        }
    }

    /// Lists, and what is in them.
    pub fn list(&self) -> Option<(&Spans, &Cells)> {
        match &self.kind {
            Kind::List(spans, items) => Some((spans, items)),
            _ => None,
        }
    }

    /// The columns of a struct.
    pub fn fields(&self) -> Option<&[(String, Cells)]> {
        match &self.kind {
            Kind::Struct(fields) => Some(fields),
            _ => None,
        }
    }

    /// As [`Cells::json`], of a column with a dotted name below a path.
    ///
    /// # Errors
    /// As there.
    pub fn json_below(&self, row: usize, path: &Path<'_>, name: &str) -> Result<Option<Json>, Trouble> {
        match name.split_once('.') {
            Some((first, rest)) => self.json_below(row, &path.key(first), rest),
            None => self.json(row, &path.key(name)),
        }
    }

    /// A cell as the same value in a request; nothing where nothing stands.
    ///
    /// # Errors
    /// A value that no request can say, with its path.
    pub fn json(&self, row: usize, path: &Path<'_>) -> Result<Option<Json>, Trouble> {
        if self.is_null(row) {
            return Ok(None);
        }
        let lost = || Trouble::input(path, "the column ends before this row");
        let int = |ints: &Ints| ints.get(row).ok_or_else(lost);
        Ok(Some(match &self.kind {
            Kind::Null => return Ok(None),
            Kind::Bool(_) => Json::Bool(self.bit(row).ok_or_else(lost)?),
            Kind::Int(Ints::U64(v)) => {
                v.get(row).map_or(Json::NotWhole, |n| i64::try_from(*n).map_or(Json::TooLarge, Json::Int))
            }
            Kind::Int(ints) => Json::Int(int(ints)?),
            Kind::NotWhole => Json::NotWhole,
            Kind::Text(texts) => {
                let bytes = texts.bytes(row).ok_or_else(lost)?;
                let text = std::str::from_utf8(bytes)
                    .map_err(|e| Trouble::input(path, format!("byte {} is not UTF-8", e.valid_up_to())))?;
                Json::Text(text.to_owned())
            }
            Kind::Day(_) | Kind::Millis(_) => {
                let day = self.day(row).ok_or_else(|| Trouble::input(path, "this date is out of range"))?;
                Json::Text(day.to_string())
            }
            Kind::Instant(..) => {
                let at =
                    self.instant(row).ok_or_else(|| Trouble::input(path, "this instant is out of range"))?;
                Json::Text(at.to_string())
            }
            Kind::Duration(ticks, unit) => Json::Text(duration(int(ticks)?, *unit, path)?),
            Kind::Time(ticks, unit) => Json::Text(time_of_day(int(ticks)?, *unit, path)?),
            Kind::Dictionary(keys, values) => {
                let at = usize::try_from(int(keys)?).map_err(|_| lost())?;
                return values.json(at, path);
            }
            Kind::List(spans, items) => {
                let (from, to) = spans.get(row).ok_or_else(lost)?;
                let mut out = Vec::new();
                for (at, n) in (0u32..).zip(from..to) {
                    out.push(Item { at, json: items.json(n, &path.index(at))?.unwrap_or(Json::Null) });
                }
                Json::List(out)
            }
            Kind::Struct(fields) => {
                let mut out = Vec::new();
                for (name, cells) in fields {
                    if let Some(json) = cells.json(row, &path.key(name))? {
                        out.push((name.clone(), json));
                    }
                }
                Json::Map(out)
            }
            Kind::Map(spans, keys, values) => {
                let (from, to) = spans.get(row).ok_or_else(lost)?;
                let mut out = Vec::new();
                for n in from..to {
                    let Some(Json::Text(key)) = keys.json(n, path)? else {
                        return Err(Trouble::input(path, "a key must be text"));
                    };
                    let json = values.json(n, &path.key(&key))?;
                    out.extend(json.map(|json| (key, json)));
                }
                Json::Map(out)
            }
        }))
    }
}

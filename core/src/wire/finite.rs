//! Numbers that JSON has no words for (NaN, infinities). `serde_json` writes `null` for them, which says something else in a
//! request; so they are looked for before it writes.

use crate::wire::Path;
use serde::ser::{self, Serialize, Serializer};
use std::fmt;

/// The place of the first such number.
pub(super) fn strange(value: &impl Serialize) -> Option<String> {
    // What cannot be serialized at all, the writer tells.
    let Err(Found(Some(steps))) = value.serialize(Finite) else { return None };
    Some(told(&steps, &Path::ROOT))
}

/// The steps stand from the inside out.
fn told(steps: &[Step], path: &Path<'_>) -> String {
    match steps.split_last() {
        None => path.to_string(),
        Some((Step::Key(key), rest)) => told(rest, &path.key(key)),
        Some((Step::Item(at), rest)) => told(rest, &path.index(*at)),
    }
}

#[derive(Debug)]
enum Step {
    Key(String),
    Item(u32),
}

/// Such a number and where it stands; or something else that went wrong.
#[derive(Debug)]
struct Found(Option<Vec<Step>>);

impl Found {
    fn under(mut self, step: impl FnOnce() -> Step) -> Found {
        if let Some(steps) = &mut self.0 {
            steps.push(step());
        }
        self
    }

    fn key(self, key: &(impl Serialize + ?Sized)) -> Found {
        self.under(|| {
            let text = serde_json::to_value(key).ok().map(|it| match it {
                serde_json::Value::String(text) => text,
                other => other.to_string(),
            });
            Step::Key(text.unwrap_or_default())
        })
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not written")
    }
}

impl std::error::Error for Found {}

impl ser::Error for Found {
    fn custom<T: fmt::Display>(_: T) -> Found {
        Found(None)
    }
}

/// Looks and writes nothing.
#[derive(Clone, Copy)]
struct Finite;

/// The values of a list, an object, a variant, one after another.
struct Inside {
    at: u32,
    /// The key of the value that follows, of a table that tells the two apart.
    key: String,
}

impl Inside {
    fn item(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Found> {
        let at = self.at;
        self.at = at.saturating_add(1);
        value.serialize(Finite).map_err(|it| it.under(|| Step::Item(at)))
    }
}

const INSIDE: Inside = Inside { at: 0, key: String::new() };

macro_rules! fine {
    ($($name:ident($($ty:ty),*);)*) => {
        $(fn $name(self, $(_: $ty),*) -> Result<(), Found> { Ok(()) })*
    };
}

impl Serializer for Finite {
    type Ok = ();
    type Error = Found;
    type SerializeSeq = Inside;
    type SerializeTuple = Inside;
    type SerializeTupleStruct = Inside;
    type SerializeTupleVariant = Inside;
    type SerializeMap = Inside;
    type SerializeStruct = Inside;
    type SerializeStructVariant = Inside;

    fine! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_i128(i128);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_u128(u128);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
    }

    fn serialize_f32(self, n: f32) -> Result<(), Found> {
        self.serialize_f64(f64::from(n))
    }

    fn serialize_f64(self, n: f64) -> Result<(), Found> {
        if n.is_finite() { Ok(()) } else { Err(Found(Some(Vec::new()))) }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Found> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Found> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Found> {
        value.serialize(self).map_err(|it| it.key(variant))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Inside, Found> {
        Ok(INSIDE)
    }

    fn serialize_tuple(self, _: usize) -> Result<Inside, Found> {
        Ok(INSIDE)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Inside, Found> {
        Ok(INSIDE)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Inside, Found> {
        Ok(Inside { at: 0, key: variant.to_owned() })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Inside, Found> {
        Ok(INSIDE)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Inside, Found> {
        Ok(INSIDE)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Inside, Found> {
        Ok(Inside { at: 0, key: variant.to_owned() })
    }
}

macro_rules! items {
    ($($part:ident $name:ident;)*) => {
        $(impl ser::$part for Inside {
            type Ok = ();
            type Error = Found;

            fn $name<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Found> {
                self.item(value)
            }

            fn end(self) -> Result<(), Found> {
                Ok(())
            }
        })*
    };
}

items! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
}

impl ser::SerializeTupleVariant for Inside {
    type Ok = ();
    type Error = Found;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Found> {
        self.item(value).map_err(|it| it.key(&self.key))
    }

    fn end(self) -> Result<(), Found> {
        Ok(())
    }
}

impl ser::SerializeMap for Inside {
    type Ok = ();
    type Error = Found;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Found> {
        self.key = match Found(Some(Vec::new())).key(key).0.and_then(|mut it| it.pop()) {
            Some(Step::Key(key)) => key,
            _ => String::new(),
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Found> {
        value.serialize(Finite).map_err(|it| it.key(&self.key))
    }

    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), Found> {
        value.serialize(Finite).map_err(|it| it.key(key))
    }

    fn end(self) -> Result<(), Found> {
        Ok(())
    }
}

impl ser::SerializeStruct for Inside {
    type Ok = ();
    type Error = Found;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Found> {
        value.serialize(Finite).map_err(|it| it.key(key))
    }

    fn end(self) -> Result<(), Found> {
        Ok(())
    }
}

impl ser::SerializeStructVariant for Inside {
    type Ok = ();
    type Error = Found;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Found> {
        value.serialize(Finite).map_err(|it| it.key(key).key(&self.key))
    }

    fn end(self) -> Result<(), Found> {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::strange;
    use crate::wire::{Json, Limits};
    use serde::Serialize;
    use std::collections::BTreeMap;

    #[derive(Serialize)]
    struct Content {
        length: Option<f64>,
        lengths: Vec<f32>,
    }

    #[derive(Serialize)]
    enum Said {
        One(f64),
        Two(u8, f64),
        Named { n: f64 },
    }

    #[test]
    fn what_json_cannot_say_is_refused_at_its_place() {
        let content = |length, lengths| BTreeMap::from([("content", Content { length, lengths })]);
        for no in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let error = Json::from_serialize(&content(Some(no), vec![]), &Limits::MOST).unwrap_err();
            assert_eq!((error.path(), error.kind().as_str()), (Some("content.length"), "input"));
            let found = strange(&content(None, vec![0.0, no as f32]));
            assert_eq!(found.as_deref(), Some("content.lengths[1]"));
            assert_eq!(strange(&no).as_deref(), Some(""));
            assert_eq!(strange(&(1, BTreeMap::from([(7, no)]))).as_deref(), Some("[1].7"));
            let said = [Said::One(no), Said::Two(0, no), Said::Named { n: no }];
            assert_eq!(said.each_ref().map(|it| strange(it).unwrap()), ["One", "Two[1]", "Named.n"]);
        }
        assert_eq!(strange(&content(Some(1.0), vec![2.0])), None);
        assert_eq!(strange(&serde_json::json!({"a": [1.5, null, {"b": 1e300}]})), None);
    }
}

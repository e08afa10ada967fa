//! The columns of a frame and the facts that they are.

use crate::cells::Cells;
use crate::trouble::Trouble;
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};
use byleave::typed::{Entity, Vocabulary};
use byleave::value::Type;

/// The lists of events, as requests call them.
pub const LISTS: [&str; 5] = ["consents", "contacts", "interactions", "lists", "signals"];
/// What one thing is of, as requests call them.
const ENTITIES: [&str; 8] =
    ["person", "recipient", "sender", "agent", "contact", "address", "content", "context"];
/// What may differ from person to person besides facts.
const BESIDES: [&str; 5] =
    ["at", "known_at", "horizon", "contacts_complete_from", "interactions_complete_from"];
/// Facts that the engine derives.
const DERIVED: [&str; 3] = ["sender.seller", "contacts.seller", "interactions.seller"];

/// A column that is read.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its dotted name.
    pub name: String,
    /// Where it stands in the batch.
    pub at: usize,
    /// Whole numbers in it are read as text: the fact is a text, and persons may be named by numbers.
    pub names: bool,
}

/// The columns of the frame of people that are facts.
///
/// # Errors
/// A column that nobody declared or that cannot be what it is called; one given twice.
pub fn of_people(
    schema: &Schema,
    vocabulary: &Vocabulary,
    key: &str,
    keep: &[String],
) -> Result<Vec<Column>, Trouble> {
    let mut out: Vec<Column> = Vec::new();
    once(schema, "people", std::iter::once(key).chain(keep.iter().map(String::as_str)))?;
    for (at, field) in schema.fields().iter().enumerate() {
        let name = field.name();
        let declared = is_fact(vocabulary, name)
            || BESIDES.contains(&name.as_str())
            || LISTS.contains(&name.as_str())
            || ENTITIES.contains(&name.as_str())
            || is_inside(vocabulary, name);
        if !declared && (name == key || keep.contains(name)) {
            continue;
        }
        if !declared {
            return Err(unknown("people", name, people_names(vocabulary)));
        }
        check(vocabulary, "people", name, field)?;
        if out.iter().any(|it| it.name == *name) {
            return Err(twice("people", name));
        }
        if let Some(outer) = schema.fields().iter().find(|it| is_under(name, it.name())) {
            let message = format!("this stands in the column `{}` too", outer.name());
            return Err(Trouble::input(format_args!("people.{name}"), message));
        }
        out.push(Column { name: name.clone(), at, names: name == key && key == "person.id" });
    }
    Ok(out)
}

/// The columns of a long frame of events that are fields of theirs.
///
/// # Errors
/// As [`of_people`]; a column that every event of the list must have is not there.
pub fn of_events(
    schema: &Schema,
    vocabulary: &Vocabulary,
    list: &str,
    key: &str,
) -> Result<Vec<Column>, Trouble> {
    let mut out: Vec<Column> = Vec::new();
    once(schema, list, [key])?;
    for (at, field) in schema.fields().iter().enumerate() {
        let name = field.name();
        if name == key {
            continue;
        }
        let path = format!("{list}.{name}");
        if !is_fact(vocabulary, &path) && !is_inside(vocabulary, &path) {
            return Err(unknown(list, name, event_names(vocabulary, list)));
        }
        check(vocabulary, list, &path, field)?;
        if out.iter().any(|it| it.name == *name) {
            return Err(twice(list, name));
        }
        out.push(Column { name: name.clone(), at, names: false });
    }
    let required: &[&str] = match list {
        "consents" => &["kind"],
        "lists" => &["list", "address"],
        _ => &[],
    };
    for name in required {
        if !out.iter().any(|it| it.name == *name) {
            let names = schema.fields().iter().map(|field| field.name().as_str());
            let error =
                Trouble::input(format_args!("{list}.{name}"), "there is no such column, and there must be");
            return Err(error.suggest(name, names));
        }
    }
    Ok(out)
}

fn is_under(name: &str, outer: &str) -> bool {
    name.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'))
}

fn is_fact(vocabulary: &Vocabulary, path: &str) -> bool {
    vocabulary.fact(path).is_some() && !DERIVED.contains(&path)
}

/// Whether facts stand below that name.
fn is_inside(vocabulary: &Vocabulary, path: &str) -> bool {
    vocabulary.facts.iter().any(|fact| is_under(&fact.path, path))
}

fn people_names(vocabulary: &Vocabulary) -> Vec<&str> {
    let facts = vocabulary.facts.iter().filter(|fact| !matches!(fact.entity, Entity::Event(_)));
    let paths = facts.map(|fact| fact.path.as_str()).filter(|path| !DERIVED.contains(path));
    paths.chain(BESIDES).chain(LISTS).collect()
}

fn event_names<'a>(vocabulary: &'a Vocabulary, list: &str) -> Vec<&'a str> {
    let facts = vocabulary.facts.iter().filter(|fact| !DERIVED.contains(&fact.path.as_str()));
    facts.filter_map(|fact| fact.path.strip_prefix(list)?.strip_prefix('.')).collect()
}

fn unknown(frame: &str, name: &str, names: Vec<&str>) -> Trouble {
    let error = Trouble::input(format_args!("{frame}.{name}"), "nobody declared this column");
    let found = error.clone().suggest(name, names);
    if found.0.hint.is_some() || frame != "people" {
        return found;
    }
    error.with_hint("leave it out, or name it in `keep` to have it beside the answers")
}

/// Columns that are taken by name are there once at most: the first of two is nobody's choice.
fn once<'k>(schema: &Schema, frame: &str, names: impl IntoIterator<Item = &'k str>) -> Result<(), Trouble> {
    let many = |name: &str| schema.fields().iter().filter(|field| field.name() == name).count() > 1;
    names.into_iter().find(|name| many(name)).map_or(Ok(()), |name| Err(twice(frame, name)))
}

fn twice(frame: &str, name: &str) -> Trouble {
    Trouble::input(format_args!("{frame}.{name}"), "there are two columns of this name")
}

/// The columns that cannot be facts, with the reason.
fn refusal(of: &DataType) -> Option<(&'static str, &'static str)> {
    match of {
        DataType::Timestamp(_, None) => Some((
            "a timestamp without a zone is no instant",
            "say where its clock hangs: in pandas `.dt.tz_localize(…)`, in Polars `.dt.replace_time_zone(…)`",
        )),
        DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => {
            Some(("decimals are no facts: a number must be whole", "cast the column to 64-bit integers"))
        }
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_)
        | DataType::Interval(_)
        | DataType::Union(..)
        | DataType::RunEndEncoded(..) => Some((
            "columns of this type are no facts",
            "give texts, whole numbers, dates, instants or lists of them",
        )),
        DataType::Dictionary(_, values) => refusal(values),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _) => match item.data_type() {
            DataType::Struct(_) => None,
            inner => refusal(inner),
        },
        _ => None,
    }
}

/// Whether a column, and what stands in it, can be what it is called.
fn check(vocabulary: &Vocabulary, frame: &str, path: &str, field: &Field) -> Result<(), Trouble> {
    let shown = if frame == "people" { format!("people.{path}") } else { path.to_owned() };
    if let Some((message, hint)) = refusal(field.data_type()) {
        return Err(Trouble::input(shown, message).with_hint(hint));
    }
    let fact = vocabulary.fact(path).and_then(|id| vocabulary.decl(id));
    let inside = match field.data_type() {
        DataType::Struct(fields) => Some(fields.clone()),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => match item.data_type() {
            DataType::Struct(fields) => Some(fields.clone()),
            _ => None,
        },
        _ => None,
    };
    // Of a column where nothing stands nobody can tell what it is of.
    let nothing = match field.data_type() {
        DataType::Null => true,
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => LISTS.contains(&path) && *item.data_type() == DataType::Null,
        _ => false,
    };
    if fact.is_none() && inside.is_none() && is_inside(vocabulary, path) && !nothing {
        let what = if LISTS.contains(&path) { "a list of structs" } else { "a struct" };
        return Err(Trouble::input(shown, format!("expected {what} here")));
    }
    let Some(fields) = inside else { return Ok(()) };
    // What a record, a map or a week holds is no column of its own: its rows say what is wrong with it.
    if fact.is_some_and(|it| matches!(it.ty, Type::Records(_) | Type::Map(..) | Type::Week | Type::Scope)) {
        return fields.iter().try_for_each(|field| match refusal(field.data_type()) {
            Some((message, hint)) => {
                Err(Trouble::input(format_args!("{shown}.{}", field.name()), message).with_hint(hint))
            }
            None => Ok(()),
        });
    }
    for field in &fields {
        let path = format!("{path}.{}", field.name());
        if !is_fact(vocabulary, &path) && !is_inside(vocabulary, &path) {
            let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
            let names: Vec<&str> = event_names(vocabulary, parent);
            let error = Trouble::input(format_args!("{shown}.{}", field.name()), "nobody declared this key");
            return Err(error.suggest(field.name(), names));
        }
        check(vocabulary, frame, &path, field)?;
    }
    Ok(())
}

/// The cells of a batch's columns.
///
/// # Errors
/// A column that is not what its type says.
pub fn cells(batch: &RecordBatch, columns: &[Column]) -> Result<Vec<Cells>, Trouble> {
    let one = |column: &Column| {
        let cells = Cells::of(batch.columns().get(column.at)?)?;
        Some(if column.names { cells.into_names() } else { cells })
    };
    columns
        .iter()
        .map(|it| one(it).ok_or_else(|| Trouble::input(&it.name, "this column cannot be read")))
        .collect()
}

//! Answers as columns, in order of the people asked about.

use arrow_array::builder::{ListBuilder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use byleave::decision::{Brief, Verdict};
use byleave::wire::Detail;
use std::borrow::Cow;
use std::sync::Arc;

/// The columns of answers, by how much is asked.
#[must_use]
pub fn schema(detail: Detail) -> Vec<Field> {
    let instant = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let words = || DataType::List(Arc::new(Field::new("item", DataType::Utf8, true)));
    let mut out = vec![Field::new("outcome", DataType::Utf8, true), Field::new("until", instant(), true)];
    if detail != Detail::Outcome {
        out.push(Field::new("valid_until", instant(), true));
        for name in ["blocking", "obligations", "withheld", "missing"] {
            out.push(Field::new(name, words(), true));
        }
    }
    if detail == Detail::Full {
        out.push(Field::new("decision", DataType::Utf8, true));
    }
    out.push(Field::new("error", DataType::Utf8, true));
    out
}

/// Lists of words, one a row.
#[derive(Default)]
struct Words<'a> {
    ends: Vec<usize>,
    words: Vec<Cow<'a, str>>,
}

impl<'a> Words<'a> {
    fn row(&mut self, words: impl IntoIterator<Item = Cow<'a, str>>) {
        self.words.extend(words);
        self.ends.push(self.words.len());
    }
}

/// Answers of some rows that follow one another.
#[derive(Default)]
pub struct Part<'a> {
    verdicts: Vec<Option<Verdict>>,
    valid_until: Vec<Option<i64>>,
    lists: [Words<'a>; 4],
    decisions: Vec<Option<String>>,
    errors: Vec<(usize, String)>,
    /// Rows that went the quick way.
    pub quick: usize,
}

impl<'a> Part<'a> {
    /// The outcome alone.
    #[inline]
    pub fn verdict(&mut self, verdict: Verdict) {
        self.verdicts.push(Some(verdict));
    }

    /// An answer by ids, and in full where that is asked.
    pub fn brief(&mut self, brief: Brief<'a>, decision: Option<String>) {
        self.verdicts.push(Some(brief.verdict));
        self.valid_until.push(brief.valid_until);
        let [blocking, obligations, withheld, missing] = &mut self.lists;
        blocking.row(brief.blocking.into_iter().map(Cow::Borrowed));
        obligations.row(brief.obligations.into_iter().map(Cow::Borrowed));
        withheld.row(brief.withheld.into_iter().map(Cow::Owned));
        missing.row(brief.missing.into_iter().map(Cow::Borrowed));
        self.decisions.push(decision);
    }

    /// A row that could not be read: no outcome, so that nothing goes out.
    pub fn error(&mut self, error: String) {
        self.errors.push((self.verdicts.len(), error));
        self.verdicts.push(None);
        self.valid_until.push(None);
        self.lists.iter_mut().for_each(|list| list.ends.push(list.words.len()));
        self.decisions.push(None);
    }
}

/// The columns of all parts, beside those that are kept.
///
/// # Errors
/// Columns that do not fit together.
pub fn batch(
    schema: &SchemaRef,
    detail: Detail,
    kept: Vec<ArrayRef>,
    parts: &[Part<'_>],
    rows: usize,
) -> Result<RecordBatch, ArrowError> {
    let mut columns = kept;
    let mut outcome = StringBuilder::with_capacity(rows, rows * 5);
    let mut until = TimestampMicrosecondBuilder::with_capacity(rows);
    let mut error = StringBuilder::with_capacity(rows, 0);
    for part in parts {
        let mut errors = part.errors.iter().peekable();
        for (row, verdict) in part.verdicts.iter().enumerate() {
            match verdict {
                Some(Verdict::Allow) => outcome.append_value("allow"),
                Some(Verdict::Defer(_)) => outcome.append_value("defer"),
                Some(Verdict::Deny) => outcome.append_value("deny"),
                None => outcome.append_null(),
            }
            match verdict {
                Some(Verdict::Defer(at)) => until.append_value(*at),
                _ => until.append_null(),
            }
            match errors.next_if(|(at, _)| *at == row) {
                Some((_, text)) => error.append_value(text),
                None => error.append_null(),
            }
        }
    }
    let error: ArrayRef = Arc::new(error.finish());
    columns.push(Arc::new(outcome.finish()));
    columns.push(Arc::new(until.finish().with_timezone("UTC")));
    if detail != Detail::Outcome {
        let mut valid = TimestampMicrosecondBuilder::with_capacity(rows);
        parts.iter().flat_map(|part| &part.valid_until).for_each(|at| valid.append_option(*at));
        columns.push(Arc::new(valid.finish().with_timezone("UTC")));
        for n in 0..4 {
            columns.push(lists(parts, n, rows));
        }
    }
    if detail == Detail::Full {
        let mut text = StringBuilder::new();
        parts.iter().flat_map(|part| &part.decisions).for_each(|it| text.append_option(it.as_ref()));
        columns.push(Arc::new(text.finish()));
    }
    columns.push(error);
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
}

fn lists(parts: &[Part<'_>], n: usize, rows: usize) -> ArrayRef {
    let mut out = ListBuilder::with_capacity(StringBuilder::new(), rows);
    for part in parts {
        let Some(list) = part.lists.get(n) else { continue };
        let mut from = 0;
        for (to, verdict) in list.ends.iter().zip(&part.verdicts) {
            for word in list.words.get(from..*to).unwrap_or_default() {
                out.values().append_value(word);
            }
            // Where there is no answer, nothing is known of what it would say.
            out.append(verdict.is_some());
            from = *to;
        }
    }
    Arc::new(out.finish())
}

/// The schema of a frame of answers.
#[must_use]
pub fn with_kept(people: &Schema, kept: &[usize], detail: Detail) -> SchemaRef {
    let kept = kept.iter().filter_map(|at| people.fields().get(*at)).map(|field| field.as_ref().clone());
    Arc::new(Schema::new(kept.chain(schema(detail)).collect::<Vec<_>>()))
}

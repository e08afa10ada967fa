//! Answers as columns, in order of the people asked about.

use crate::alike::Answer;
use arrow_array::builder::{BooleanBufferBuilder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_array::{
    ArrayRef, ListArray, RecordBatch, RecordBatchOptions, StringArray, TimestampMicrosecondArray,
};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use byleave::decision::{Brief, Verdict};
use byleave::wire::Detail;
use std::borrow::Cow;
use std::sync::Arc;

/// The columns of answers, by how much is asked.
#[must_use]
pub fn schema(detail: Detail) -> Vec<Field> {
    let instant = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let words = || DataType::List(item());
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
    /// Those of them with an answer that somebody before them had.
    pub alike: usize,
}

impl<'a> Part<'a> {
    /// The outcome alone.
    #[inline]
    pub fn verdict(&mut self, verdict: Verdict) {
        self.verdicts.push(Some(verdict));
    }

    /// An answer that others may have, too.
    #[inline]
    pub fn again(&mut self, answer: &Answer<'a>) {
        let brief = match answer {
            Answer::Verdict(verdict) => return self.verdict(*verdict),
            Answer::Brief(brief) => brief,
        };
        self.verdicts.push(Some(brief.verdict));
        self.valid_until.push(brief.valid_until);
        let [blocking, obligations, withheld, missing] = &mut self.lists;
        blocking.row(brief.blocking.iter().map(|id| Cow::Borrowed(*id)));
        obligations.row(brief.obligations.iter().map(|id| Cow::Borrowed(*id)));
        withheld.row(brief.withheld.iter().map(|name| Cow::Owned(name.clone())));
        missing.row(brief.missing.iter().map(|name| Cow::Borrowed(*name)));
        self.decisions.push(None);
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
    let mut outcome = Outcomes::of(rows);
    let mut error = StringBuilder::with_capacity(rows, 0);
    for part in parts {
        part.verdicts.iter().for_each(|verdict| outcome.push(*verdict));
        let mut told = 0;
        for (row, text) in &part.errors {
            error.append_nulls(row.saturating_sub(told));
            error.append_value(text);
            told = row + 1;
        }
        error.append_nulls(part.verdicts.len().saturating_sub(told));
    }
    let error: ArrayRef = Arc::new(error.finish());
    columns.extend(outcome.finish()?);
    if detail != Detail::Outcome {
        let mut valid = TimestampMicrosecondBuilder::with_capacity(rows);
        parts.iter().flat_map(|part| &part.valid_until).for_each(|at| valid.append_option(*at));
        columns.push(Arc::new(valid.finish().with_timezone("UTC")));
        for n in 0..4 {
            columns.push(lists(parts, n, rows)?);
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

/// The columns `outcome` and `until`, being written.
struct Outcomes {
    words: Vec<u8>,
    ends: Vec<i32>,
    known: BooleanBufferBuilder,
    until: Vec<i64>,
    waits: BooleanBufferBuilder,
}

impl Outcomes {
    fn of(rows: usize) -> Outcomes {
        let mut ends = Vec::with_capacity(rows + 1);
        ends.push(0);
        Outcomes {
            words: Vec::with_capacity(rows * 5),
            ends,
            known: BooleanBufferBuilder::new(rows),
            until: Vec::with_capacity(rows),
            waits: BooleanBufferBuilder::new(rows),
        }
    }

    #[inline]
    fn push(&mut self, verdict: Option<Verdict>) {
        let word: &[u8] = match verdict {
            Some(Verdict::Allow) => b"allow",
            Some(Verdict::Defer(_)) => b"defer",
            Some(Verdict::Deny) => b"deny",
            None => b"",
        };
        self.words.extend_from_slice(word);
        // A batch has fewer rows than that many bytes.
        self.ends.push(i32::try_from(self.words.len()).unwrap_or(i32::MAX));
        self.known.append(verdict.is_some());
        let until = match verdict {
            Some(Verdict::Defer(at)) => Some(at),
            _ => None,
        };
        self.until.push(until.unwrap_or(0));
        self.waits.append(until.is_some());
    }

    fn finish(mut self) -> Result<[ArrayRef; 2], ArrowError> {
        let ends = OffsetBuffer::new(ScalarBuffer::from(self.ends));
        let known = Some(NullBuffer::new(self.known.finish()));
        let outcome = StringArray::try_new(ends, Buffer::from_vec(self.words), known)?;
        let waits = Some(NullBuffer::new(self.waits.finish()));
        let until = TimestampMicrosecondArray::try_new(ScalarBuffer::from(self.until), waits)?;
        Ok([Arc::new(outcome), Arc::new(until.with_timezone("UTC"))])
    }
}

/// One of the columns of lists of words.
fn lists(parts: &[Part<'_>], n: usize, rows: usize) -> Result<ArrayRef, ArrowError> {
    let mut words = Vec::new();
    let mut ends = vec![0i32];
    let mut list_ends = Vec::with_capacity(rows + 1);
    list_ends.push(0i32);
    let mut known = BooleanBufferBuilder::new(rows);
    // Past what fits, arrow's own checks refuse the column.
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    for part in parts {
        let Some(list) = part.lists.get(n) else { continue };
        let before = ends.len() - 1;
        for word in &list.words {
            words.extend_from_slice(word.as_bytes());
            ends.push(number(words.len()));
        }
        list_ends.extend(list.ends.iter().map(|end| number(before + end)));
        // Where there is no answer, nothing is known of what it would say.
        part.verdicts.iter().for_each(|verdict| known.append(verdict.is_some()));
    }
    let ends = OffsetBuffer::new(ScalarBuffer::from(ends));
    let words = StringArray::try_new(ends, Buffer::from_vec(words), None)?;
    let known = Some(NullBuffer::new(known.finish()));
    let list_ends = OffsetBuffer::new(ScalarBuffer::from(list_ends));
    Ok(Arc::new(ListArray::try_new(item(), list_ends, Arc::new(words), known)?))
}

/// What is in a list of words.
fn item() -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Utf8, true))
}

/// The schema of a frame of answers.
#[must_use]
pub fn with_kept(people: &Schema, kept: &[usize], detail: Detail) -> SchemaRef {
    let kept = kept.iter().filter_map(|at| people.fields().get(*at)).map(|field| field.as_ref().clone());
    Arc::new(Schema::new(kept.chain(schema(detail)).collect::<Vec<_>>()))
}

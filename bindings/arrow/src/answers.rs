//! Answers as columns, in order of the people asked about.

use arrow_array::builder::{BooleanBufferBuilder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_array::{
    ArrayRef, ListArray, RecordBatch, RecordBatchOptions, StringArray, TimestampMicrosecondArray,
};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use byleave::decision::{Brief, Verdict};
use byleave::wire::Detail;
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

/// An answer that many may have, as much of it as is asked.
pub enum Answer {
    /// The outcome alone.
    Verdict(Verdict),
    /// By ids.
    Told(Box<Told>),
}

/// An answer by ids: what is told beside the outcome.
pub struct Told {
    verdict: Verdict,
    valid_until: Option<i64>,
    /// Blocking, obligations, withheld, missing.
    lists: [Words; 4],
}

impl Told {
    /// Of an answer.
    pub fn of(brief: &Brief<'_>) -> Told {
        Told {
            verdict: brief.verdict,
            valid_until: brief.valid_until,
            lists: [
                Words::of(brief.blocking.iter()),
                Words::of(brief.obligations.iter()),
                Words::of(brief.withheld.iter()),
                Words::of(brief.missing.iter()),
            ],
        }
    }
}

/// Words, one after the other, and where each ends.
#[derive(Default)]
struct Words {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Words {
    fn of(words: impl Iterator<Item = impl AsRef<str>>) -> Words {
        let mut out = Words::default();
        for word in words {
            out.bytes.extend_from_slice(word.as_ref().as_bytes());
            out.ends.push(out.bytes.len());
        }
        out
    }

    #[inline]
    fn append(&mut self, more: &Words) {
        if more.ends.is_empty() {
            return;
        }
        let before = self.bytes.len();
        self.bytes.extend_from_slice(&more.bytes);
        self.ends.extend(more.ends.iter().map(|end| before + end));
    }
}

/// Lists of words, one a row.
#[derive(Default)]
struct Lists {
    words: Words,
    ends: Vec<usize>,
}

impl Lists {
    #[inline]
    fn row(&mut self, words: &Words) {
        self.words.append(words);
        self.ends.push(self.words.ends.len());
    }
}

/// Answers of some rows that follow one another.
#[derive(Default)]
pub struct Part {
    verdicts: Vec<Option<Verdict>>,
    valid_until: Vec<Option<i64>>,
    lists: [Lists; 4],
    decisions: Vec<Option<String>>,
    errors: Vec<(usize, String)>,
    /// Rows that went the quick way.
    pub quick: usize,
    /// Those of them with an answer that somebody before them had.
    pub alike: usize,
}

impl Part {
    /// Makes room for so many rows.
    pub fn expect(&mut self, rows: usize, detail: Detail) {
        self.verdicts.reserve(rows);
        if detail != Detail::Outcome {
            self.valid_until.reserve(rows);
            self.lists.iter_mut().for_each(|list| list.ends.reserve(rows));
        }
    }

    /// The outcome alone.
    #[inline]
    pub fn verdict(&mut self, verdict: Verdict) {
        self.verdicts.push(Some(verdict));
    }

    /// An answer that others may have, too.
    #[inline]
    pub fn again(&mut self, answer: &Answer) {
        match answer {
            Answer::Verdict(verdict) => self.verdict(*verdict),
            Answer::Told(told) => {
                self.told(told);
                self.decisions.push(None);
            }
        }
    }

    /// An answer by ids, and in full where that is asked.
    pub fn brief(&mut self, brief: &Brief<'_>, decision: Option<String>) {
        self.told(&Told::of(brief));
        self.decisions.push(decision);
    }

    #[inline]
    fn told(&mut self, told: &Told) {
        self.verdicts.push(Some(told.verdict));
        self.valid_until.push(told.valid_until);
        self.lists.iter_mut().zip(&told.lists).for_each(|(list, words)| list.row(words));
    }

    /// Where there is an answer.
    fn known(&self, out: &mut BooleanBufferBuilder) {
        match self.errors.is_empty() {
            true => out.append_n(self.verdicts.len(), true),
            false => self.verdicts.iter().for_each(|verdict| out.append(verdict.is_some())),
        }
    }

    /// A row that could not be read: no outcome, so that nothing goes out.
    pub fn error(&mut self, error: String) {
        self.errors.push((self.verdicts.len(), error));
        self.verdicts.push(None);
        self.valid_until.push(None);
        self.lists.iter_mut().for_each(|list| list.row(&Words::default()));
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
    parts: &[Part],
    rows: usize,
) -> Result<RecordBatch, ArrowError> {
    let mut columns = kept;
    let mut outcome = Outcomes::of(rows);
    let mut error = StringBuilder::with_capacity(rows, 0);
    for part in parts {
        outcome.push(part);
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

    fn push(&mut self, part: &Part) {
        let mut length = self.words.len();
        for verdict in &part.verdicts {
            let (word, until): (&[u8], _) = match verdict {
                Some(Verdict::Allow) => (b"allow", 0),
                Some(Verdict::Defer(at)) => (b"defer", *at),
                Some(Verdict::Deny) => (b"deny", 0),
                None => (b"", 0),
            };
            self.words.extend_from_slice(word);
            length += word.len();
            // A batch has fewer rows than that many bytes.
            self.ends.push(length as i32);
            self.until.push(until);
        }
        part.known(&mut self.known);
        if part.verdicts.iter().any(|it| matches!(it, Some(Verdict::Defer(_)))) {
            let waits = part.verdicts.iter().map(|it| matches!(it, Some(Verdict::Defer(_))));
            waits.for_each(|it| self.waits.append(it));
        } else {
            self.waits.append_n(part.verdicts.len(), false);
        }
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
fn lists(parts: &[Part], n: usize, rows: usize) -> Result<ArrayRef, ArrowError> {
    let all = || parts.iter().filter_map(|part| Some((part, part.lists.get(n)?)));
    let many = all().map(|(_, list)| list.words.ends.len()).sum::<usize>();
    let mut words: Vec<u8> = Vec::with_capacity(all().map(|(_, list)| list.words.bytes.len()).sum());
    let mut ends = Vec::with_capacity(many + 1);
    ends.push(0i32);
    let mut list_ends = Vec::with_capacity(rows + 1);
    list_ends.push(0i32);
    let mut known = BooleanBufferBuilder::new(rows);
    // Past what fits, arrow's own checks refuse the column.
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    for (part, list) in all() {
        let (bytes, before) = (words.len(), ends.len() - 1);
        words.extend_from_slice(&list.words.bytes);
        ends.extend(list.words.ends.iter().map(|end| number(bytes + end)));
        list_ends.extend(list.ends.iter().map(|end| number(before + end)));
        // Where there is no answer, nothing is known of what it would say.
        part.known(&mut known);
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

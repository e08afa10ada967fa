//! The same contact proposed to many people: batches of people in, batches of answers out.

mod batch;
mod everybody;

use crate::answers;
use crate::columns::{self, Column};
use crate::history::History;
use crate::names::Names;
use crate::plan::Plan;
use crate::trouble::Trouble;
use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use batch::{Batch, Shared, Worker};
use byleave::Engine;
use byleave::wire::{Detail, Json, Path};
use everybody::everybody;

/// What is asked of everybody, and how.
pub struct Asked {
    /// What is the same for all: a request without what the columns say.
    pub request: Json,
    /// The column that persons are found by.
    pub key: String,
    /// Columns of the people that stand beside the answers.
    pub keep: Vec<String>,
    /// How many threads decide at most.
    pub threads: usize,
}

/// Events that belong to nobody who was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// Their list.
    pub list: &'static str,
    /// How many persons they belong to.
    pub persons: usize,
    /// How many they are.
    pub events: usize,
}

/// An audience being decided.
pub struct Audience {
    engine: Engine,
    asked: Asked,
    detail: Detail,
    columns: Vec<Column>,
    histories: Vec<(History, Vec<Names>)>,
    key: Option<usize>,
    kept: Vec<usize>,
    schema: SchemaRef,
    workers: Vec<Worker>,
    /// Nothing before the first batch; then the plan, if there is one.
    plan: Option<Option<Plan>>,
    rows: usize,
    quick: usize,
    alike: usize,
}

impl Audience {
    /// Prepares: what is the same for all is read, every column is found its fact.
    ///
    /// # Errors
    /// What is the same for all is no request; a column that nobody declared or that cannot be what it is called; a frame
    /// without the column that persons are found by; something given in two places.
    pub fn new(
        engine: Engine,
        mut asked: Asked,
        people: &Schema,
        frames: Vec<(&'static str, SchemaRef, Vec<RecordBatch>)>,
    ) -> Result<Audience, Trouble> {
        let root = Path::ROOT;
        let vocabulary = engine.intake().vocabulary();
        let columns = columns::of_people(people, vocabulary, &asked.key, &asked.keep)?;
        let detail = everybody(&engine, &mut asked.request, &columns, &frames)?;
        let mut histories = Vec::new();
        for (list, schema, batches) in &frames {
            histories.push(History::of(list, schema, batches, vocabulary, &asked.key)?);
        }
        let key = people.index_of(&asked.key).ok();
        if key.is_none() && !histories.is_empty() {
            let names = people.fields().iter().map(|field| field.name().as_str());
            let message = "there is no such column, and it is what persons are found by";
            let error = Trouble::input(format_args!("people.{}", asked.key), message);
            let found = error.clone().suggest(&asked.key, names);
            return Err(if found.0.hint.is_some() { found } else { error.with_hint("name it with `key`") });
        }
        let mut kept: Vec<usize> = key.into_iter().collect();
        let answers = answers::schema(detail);
        for (n, name) in (0u32..).zip(&asked.keep) {
            let path = root.key("keep");
            let at = people.index_of(name).map_err(|_| {
                let names = people.fields().iter().map(|field| field.name().as_str());
                Trouble::input(path.index(n), format!("`people` has no column `{name}`")).suggest(name, names)
            })?;
            if !kept.contains(&at) {
                kept.push(at);
            }
        }
        for at in &kept {
            let name = people.fields().get(*at).map_or("", |field| field.name());
            if answers.iter().any(|field| field.name() == name) {
                let message = "a column of the answers has this name";
                return Err(Trouble::input(format_args!("people.{name}"), message));
            }
        }
        let schema = answers::with_kept(people, &kept, detail);
        let workers = (0..asked.threads.max(1)).map(|_| Worker::default()).collect();
        Ok(Audience {
            engine,
            asked,
            detail,
            columns,
            histories,
            key,
            kept,
            schema,
            workers,
            plan: None,
            rows: 0,
            quick: 0,
            alike: 0,
        })
    }

    /// The columns of the answers.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    /// Rows decided so far.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Those of them that became facts without a request in between.
    #[must_use]
    pub fn quick_rows(&self) -> usize {
        self.quick
    }

    /// Those of them that have the answer of somebody before them, who is like them in all that it hangs on.
    #[must_use]
    pub fn alike_rows(&self) -> usize {
        self.alike
    }

    /// Events of nobody who was asked about so far.
    #[must_use]
    pub fn unmatched(&self) -> Vec<Unmatched> {
        let all = self.histories.iter().map(|(history, _)| {
            let (persons, events) = history.unmatched();
            Unmatched { list: history.list, persons, events }
        });
        all.filter(|it| it.events > 0).collect()
    }

    /// Decides a batch. A row that cannot be read has no outcome and says why; the others have theirs.
    ///
    /// # Errors
    /// A batch whose columns are not those of the frame.
    pub fn decide(&mut self, batch: &RecordBatch) -> Result<RecordBatch, Trouble> {
        let rows = batch.num_rows();
        let path = format!("people.{}", self.asked.key);
        let names = match self.key {
            Some(at) if !self.histories.is_empty() => Some(Names::of(batch, at, &path)?),
            _ => None,
        };
        if let Some(names) = &names {
            for (history, theirs) in &self.histories {
                if theirs.first().is_some_and(|it| it.are_texts() != names.are_texts()) {
                    let message = format!(
                        "persons are named by text in one of `people` and `{}`, and by numbers in the other",
                        history.list
                    );
                    return Err(Trouble::input(path, message));
                }
            }
        }
        let cells = columns::cells(batch, &self.columns)?;
        if self.plan.is_none() {
            // Full answers hold the digest of the request, so there must be one.
            let plan = || Plan::of(&self.engine, &self.asked.request, &self.columns, &cells, &self.histories);
            self.plan = Some((self.detail != Detail::Full).then(plan).flatten());
        }
        let shared = Shared {
            plan: self.plan.as_ref().and_then(Option::as_ref),
            engine: &self.engine,
            asked: &self.asked,
            detail: self.detail,
            columns: &self.columns,
            histories: &self.histories,
        };
        let work = Batch { cells, names, first: self.rows, rows, audience: &shared };
        let parts = work.run(&mut self.workers)?;
        self.quick += parts.iter().map(|part| part.quick).sum::<usize>();
        self.alike += parts.iter().map(|part| part.alike).sum::<usize>();
        let kept = self.kept.iter().filter_map(|at| batch.columns().get(*at)).cloned().collect();
        let out = answers::batch(&self.schema, self.detail, kept, &parts, rows)
            .map_err(|e| Trouble::internal(e.to_string()))?;
        self.rows += rows;
        Ok(out)
    }
}

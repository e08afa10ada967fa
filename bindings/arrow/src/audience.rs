//! The same contact proposed to many people: batches of people in, batches of answers out.

use crate::alike::{Found as Like, Memo};
use crate::answers::{self, Answer, Part, Told};
use crate::cells::Cells;
use crate::columns::{self, Column, LISTS};
use crate::fast::{Filler, Frames};
use crate::history::{Cursor, History};
use crate::names::Names;
use crate::plan::Plan;
use crate::tree;
use crate::trouble::Trouble;
use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use byleave::Engine;
use byleave::Facts;
use byleave::Scratch;
use byleave::wire::{Detail, Json, Path, Request};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Rows that one thread decides before it takes more.
const PART: usize = 1024;

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

/// What a thread keeps from row to row.
#[derive(Default)]
struct Worker {
    scratch: Scratch,
    /// Nothing before the first batch; then the quick way, if there is one.
    quick: Option<Option<Quick>>,
}

/// The quick way: rows become facts without a request in between, and those who are alike are decided once.
struct Quick {
    filler: Filler,
    memo: Option<Memo>,
}

/// A batch of people being decided.
struct Batch<'a> {
    cells: Vec<Cells>,
    names: Option<Names>,
    /// The number of its first row among all.
    first: usize,
    rows: usize,
    audience: &'a Shared<'a>,
}

/// What all threads read.
struct Shared<'a> {
    plan: Option<&'a Plan>,
    engine: &'a Engine,
    asked: &'a Asked,
    detail: Detail,
    columns: &'a [Column],
    histories: &'a [(History, Vec<Names>)],
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

impl Batch<'_> {
    /// By as many threads as there is work for.
    fn run(&self, workers: &mut [Worker]) -> Result<Vec<Part>, Trouble> {
        let count = self.rows.div_ceil(PART);
        let threads = workers.len().min(count);
        if threads <= 1 {
            let Some(worker) = workers.first_mut() else { return Ok(Vec::new()) };
            let Worker { scratch, quick } = worker;
            let quick = self.quick_way(quick);
            return Ok((0..count).map(|n| self.part(n, scratch, quick)).collect());
        }
        let next = AtomicUsize::new(0);
        let done: Mutex<Vec<(usize, Part)>> = Mutex::new(Vec::with_capacity(count));
        let stopped = std::thread::scope(|scope| {
            let all: Vec<_> = workers
                .iter_mut()
                .take(threads)
                .map(|worker| {
                    scope.spawn(|| {
                        let Worker { scratch, quick } = worker;
                        let quick = self.quick_way(quick);
                        loop {
                            let n = next.fetch_add(1, Ordering::Relaxed);
                            if n >= count {
                                break;
                            }
                            let part = self.part(n, scratch, quick);
                            if let Ok(mut done) = done.lock() {
                                done.push((n, part));
                            }
                        }
                    })
                })
                .collect();
            all.into_iter().any(|thread| thread.join().is_err())
        });
        let mut done = done.into_inner().unwrap_or_default();
        if stopped || done.len() != count {
            return Err(Trouble::internal("the engine stopped in the middle of its work; please report it"));
        }
        done.sort_by_key(|(n, _)| *n);
        Ok(done.into_iter().map(|(_, part)| part).collect())
    }

    /// A thread's quick way, made ready for this batch.
    fn quick_way<'q>(&self, quick: &'q mut Option<Option<Quick>>) -> &'q mut Option<Quick> {
        let it = self.audience;
        let quick = quick.get_or_insert_with(|| {
            let plan = it.plan?;
            let filler = Filler::of(it.engine, plan)?;
            Some(Quick { memo: filler.memo(it.engine, plan, it.detail == Detail::Outcome), filler })
        });
        quick.iter_mut().for_each(|quick| quick.filler.next_batch());
        quick
    }

    fn part(&self, n: usize, scratch: &mut Scratch, quick: &mut Option<Quick>) -> Part {
        let mut out = Part::default();
        let mut cursors = vec![Cursor::default(); self.audience.histories.len()];
        let rows = n * PART..((n + 1) * PART).min(self.rows);
        let frames =
            Frames { people: &self.cells, names: self.names.as_ref(), histories: self.audience.histories };
        out.expect(rows.len(), self.audience.detail);
        let mut quick = quick.as_mut().zip(self.audience.plan);
        if let Some((quick, plan)) = &mut quick {
            quick.filler.part(plan, frames, quick.memo.as_mut(), rows.clone());
        }
        for row in rows {
            let quick = quick.as_mut().map(|(quick, plan)| (&mut **quick, *plan));
            let done =
                quick.and_then(|(quick, plan)| self.quick(row, scratch, quick, plan, frames, &mut out));
            let done = done.map_or_else(|| self.row(row, scratch, &mut cursors, &mut out), Ok);
            if let Err(trouble) = done {
                out.error(trouble.in_row(self.first + row));
            }
        }
        out
    }

    /// The quick way; nothing where it does not lead there.
    #[inline]
    fn quick(
        &self,
        row: usize,
        scratch: &mut Scratch,
        quick: &mut Quick,
        plan: &Plan,
        frames: Frames<'_>,
        out: &mut Part,
    ) -> Option<()> {
        let Quick { filler, memo } = quick;
        let like = memo.as_mut().and_then(|memo| filler.alike(plan, memo, frames, row));
        if let (Some(Like::Answer(n)), Some(memo)) = (&like, &*memo)
            && let Some(answer) = memo.answer(*n)
        {
            out.again(answer);
            out.quick += 1;
            out.alike += 1;
            return Some(());
        }
        self.alone(row, scratch, quick, plan, frames, matches!(like, Some(Like::Nobody)), out)
    }

    /// One who is like nobody so far.
    #[inline(never)]
    #[expect(clippy::too_many_arguments, reason = "it is the rest of the function above")]
    fn alone(
        &self,
        row: usize,
        scratch: &mut Scratch,
        quick: &mut Quick,
        plan: &Plan,
        frames: Frames<'_>,
        learns: bool,
        out: &mut Part,
    ) -> Option<()> {
        let it = self.audience;
        let Quick { filler, memo } = quick;
        let facts = filler.facts(plan, frames, row)?;
        out.quick += 1;
        if let (true, Some(memo)) = (learns, memo) {
            let learnt = memo.learn(facts, scratch, |scratch| it.asked_of(facts, scratch));
            if let Some(answer) = learnt.and_then(|n| memo.answer(n)) {
                out.again(answer);
                return Some(());
            }
        }
        out.again(&it.asked_of(facts, scratch));
        Some(())
    }

    fn row(
        &self,
        row: usize,
        scratch: &mut Scratch,
        cursors: &mut [Cursor],
        out: &mut Part,
    ) -> Result<(), Trouble> {
        let it = self.audience;
        let request = Request::from_json(self.json(row, cursors)?, &it.engine.limits())?;
        let facts = it.engine.facts(&request)?;
        it.answer(&facts, scratch, out)
    }

    /// A row as the request that says the same.
    fn json(&self, row: usize, cursors: &mut [Cursor]) -> Result<Json, Trouble> {
        let it = self.audience;
        let Json::Map(mut entries) = it.asked.request.clone() else {
            return Err(Trouble::internal("a request is an object"));
        };
        let root = Path::ROOT;
        for (column, cells) in it.columns.iter().zip(&self.cells) {
            if let Some(json) = cells.json_below(row, &root, &column.name)? {
                tree::put(&mut entries, &column.name, json);
            }
        }
        if let Some(names) = &self.names {
            let Some(name) = names.get(row) else {
                return Err(Trouble::input(&it.asked.key, "nobody is named in this row"));
            };
            for ((history, theirs), cursor) in it.histories.iter().zip(cursors) {
                let rows = history.find(theirs, &name, cursor);
                entries.push((history.list.to_owned(), history.json(rows)?));
            }
        }
        Ok(Json::Map(entries))
    }
}

impl Shared<'_> {
    /// As much of the answer as is asked, short of the full one.
    fn asked_of(&self, facts: &Facts, scratch: &mut Scratch) -> Answer {
        match self.detail {
            Detail::Outcome => Answer::Verdict(self.engine.verdict(facts, scratch)),
            _ => Answer::Told(Box::new(Told::of(&self.engine.brief(facts, scratch)))),
        }
    }

    fn answer(&self, facts: &Facts, scratch: &mut Scratch, out: &mut Part) -> Result<(), Trouble> {
        match self.detail {
            Detail::Outcome => out.verdict(self.engine.verdict(facts, scratch)),
            Detail::Blocking => out.brief(&self.engine.brief(facts, scratch), None),
            Detail::Full => {
                let decision = self.engine.decide_facts(facts, Detail::Full, scratch);
                let text = decision.to_json().map_err(|e| Trouble::internal(e.to_string()))?;
                out.brief(&self.engine.brief(facts, scratch), Some(text));
            }
        }
        Ok(())
    }
}

/// Reads what is the same for everybody; it must be a request but for what the columns say.
fn everybody(
    engine: &Engine,
    request: &mut Json,
    columns: &[Column],
    frames: &[(&'static str, SchemaRef, Vec<RecordBatch>)],
) -> Result<Detail, Trouble> {
    let limits = engine.limits();
    let read = Request::from_json(request.clone(), &limits)?;
    let detail = read.detail()?;
    let names = columns.iter().map(|it| it.name.as_str());
    for name in names.chain(frames.iter().map(|it| it.0)) {
        if tree::holds(request, name) {
            let error = Trouble::input(name, "this is given for everybody and in the frames, too");
            return Err(error.with_hint("give it in one place"));
        }
    }
    for (n, (list, ..)) in frames.iter().enumerate() {
        let column = columns.iter().any(|it| it.name == *list);
        if column || frames.iter().skip(n + 1).any(|it| it.0 == *list) {
            return Err(Trouble::input(list, "this list is given twice"));
        }
    }
    if let Json::Map(entries) = request {
        // A frame that gives a list leaves none for the request to say.
        entries.retain(|(key, json)| *json != Json::Null || !LISTS.contains(&key.as_str()));
    }
    let mut alone = request.clone();
    if let (Json::Map(entries), true) = (&mut alone, columns.iter().any(|it| it.name == "at")) {
        tree::put(entries, "at", Json::Text("2000-01-01T00:00:00Z".to_owned()));
    }
    engine.facts(&Request::from_json(alone, &limits)?)?;
    Ok(detail)
}

//! A batch of people being decided, by as many threads as there is work for.

use super::Asked;
use crate::alike::{Found as Like, Memo};
use crate::answers::{Answer, Part, Told};
use crate::cells::Cells;
use crate::columns::Column;
use crate::fast::{Filler, Frames};
use crate::history::{Cursor, History};
use crate::names::Names;
use crate::plan::Plan;
use crate::tree;
use crate::trouble::Trouble;
use byleave::Engine;
use byleave::Facts;
use byleave::Scratch;
use byleave::wire::{Detail, Json, Path, Request};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Rows that one thread decides before it takes more.
const PART: usize = 1024;

/// What a thread keeps from row to row.
#[derive(Default)]
pub(super) struct Worker {
    scratch: Scratch,
    /// Nothing before the first batch; then the quick way, if there is one.
    quick: Option<Option<Quick>>,
}

/// The quick way: rows become facts without a request in between, and those who are alike are decided once.
pub(super) struct Quick {
    filler: Filler,
    memo: Option<Memo>,
}

/// A batch of people being decided.
pub(super) struct Batch<'a> {
    pub(super) cells: Vec<Cells>,
    pub(super) names: Option<Names>,
    /// The number of its first row among all.
    pub(super) first: usize,
    pub(super) rows: usize,
    pub(super) audience: &'a Shared<'a>,
}

/// What all threads read.
pub(super) struct Shared<'a> {
    pub(super) plan: Option<&'a Plan>,
    pub(super) engine: &'a Engine,
    pub(super) asked: &'a Asked,
    pub(super) detail: Detail,
    pub(super) columns: &'a [Column],
    pub(super) histories: &'a [(History, Vec<Names>)],
}

impl Batch<'_> {
    /// By as many threads as there is work for.
    pub(super) fn run(&self, workers: &mut [Worker]) -> Result<Vec<Part>, Trouble> {
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
        if let (true, Some(memo)) = (learns, memo) {
            let learnt = memo.learn(facts, scratch, |scratch| it.asked_of(facts, scratch));
            if let Some(answer) = learnt.and_then(|n| memo.answer(n)) {
                out.quick += 1;
                out.again(answer);
                return Some(());
            }
        }
        let answer = it.asked_of(facts, scratch)?;
        out.quick += 1;
        out.again(&answer);
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
    /// As much of the answer as is asked, short of the full one. Nothing: the long way says why.
    fn asked_of(&self, facts: &Facts, scratch: &mut Scratch) -> Option<Answer> {
        Some(match self.detail {
            Detail::Outcome => Answer::Verdict(self.engine.verdict(facts, scratch).ok()?),
            _ => Answer::Told(Box::new(Told::of(&self.engine.brief(facts, scratch).ok()?))),
        })
    }

    fn answer(&self, facts: &Facts, scratch: &mut Scratch, out: &mut Part) -> Result<(), Trouble> {
        match self.detail {
            Detail::Outcome => out.verdict(self.engine.verdict(facts, scratch)?),
            Detail::Blocking => out.brief(&self.engine.brief(facts, scratch)?, None),
            Detail::Full => {
                let decision = self.engine.decide_facts(facts, Detail::Full, scratch)?;
                let text = decision.to_json().map_err(|e| Trouble::internal(e.to_string()))?;
                out.brief(&self.engine.brief(facts, scratch)?, Some(text));
            }
        }
        Ok(())
    }
}

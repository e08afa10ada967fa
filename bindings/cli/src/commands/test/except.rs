//! What need not be covered: gaps that somebody has looked at, each with the reason why no test can close it.
//!
//! A line is a line of the report, the pack before it and `//` with the reason behind it:
//! `us.coppa  person.age < 13  never true  // …`. Empty lines, and those that begin with `//`, say nothing.

use crate::exit::Failure;
use crate::load;
use std::cell::Cell;
use std::fs;
use std::path::Path;

/// The gaps of one file.
#[derive(Debug, Default)]
pub struct Except {
    file: String,
    gaps: Vec<Gap>,
}

#[derive(Debug)]
struct Gap {
    line: usize,
    pack: String,
    /// The rest, one space between words.
    told: String,
    met: Cell<bool>,
}

impl Except {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Except, Failure> {
        let file = load::shown(path);
        let text = fs::read_to_string(path).map_err(|error| Failure::file("read", &file, &error))?;
        let mut gaps = Vec::new();
        for (line, words) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            let (gap, reason) = words.split_once("//").unwrap_or((words, ""));
            let Some((pack, rest)) = gap.trim().split_once(char::is_whitespace) else {
                if gap.trim().is_empty() {
                    continue;
                }
                return Err(Failure::input(format!("{file}:{line} names a pack and no gap in it")));
            };
            if reason.trim().is_empty() {
                return Err(Failure::input(format!("{file}:{line} gives no reason"))
                    .hint("write it behind `//`: why no test can show this"));
            }
            gaps.push(Gap { line, pack: pack.to_owned(), told: plain(rest), met: Cell::new(false) });
        }
        Ok(Except { file, gaps })
    }

    /// Whether a gap of a pack is among them.
    pub fn holds(&self, pack: &str, gap: &str) -> bool {
        let gap = plain(gap);
        let mut all = self.gaps.iter().filter(|it| it.pack == pack && it.told == gap);
        all.next().inspect(|it| it.met.set(true)).is_some()
    }

    /// Where gaps of these packs are named that are none.
    pub fn idle<'a>(&'a self, packs: &'a [&str]) -> impl Iterator<Item = String> + 'a {
        let mine = |it: &&Gap| !it.met.get() && packs.contains(&it.pack.as_str());
        self.gaps.iter().filter(mine).map(|it| format!("{}:{}", self.file, it.line))
    }
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

//! Byleave over columns: the same contact proposed to many people, from Arrow to Arrow.
//!
//! What is the same for everybody is given once, as a request; what differs stands in columns. Each person's answer is the one
//! that `Engine::decide` gives for the equivalent request.
//!
//! | file | what it holds |
//! |---|---|
//! | `buffers` | what columns are made of |
//! | `cells` | a column of Arrow, read cell by cell, nothing trusted |
//! | `columns` | the columns of a frame and the facts that they are; what cannot be one is refused |
//! | `history` | a long frame of events, found by the person's name |
//! | `names` | names of persons as numbers that are quick to compare |
//! | `audience` | everything together: a row as a request, batches by many threads, answers in order |
//! | `plan` | which facts the columns are, and how each is read |
//! | `hashes` | hashes that are quick for short keys |
//! | `codes`, `combos` | values that come often, and what stands in several columns, by number |
//! | `source` | where events stand |
//! | `shapes` | events, read ahead column by column |
//! | `fast` | rows as facts without a request in between |
//! | `alike`, `kinds` | persons with the same answer, decided once |
//! | `past` | what happened, as far as rules look at it |
//! | `answers` | answers as columns |
//!
//! Nothing here knows Python: another host that speaks Arrow has the same.

mod alike;
mod answers;
mod audience;
mod buffers;
mod cells;
mod codes;
mod columns;
mod combos;
mod fast;
mod hashes;
mod history;
mod kinds;
mod names;
mod past;
mod plan;
mod shapes;
mod source;
mod times;
mod tree;
mod trouble;

pub use answers::schema;
pub use audience::{Asked, Audience, Unmatched};
pub use trouble::Trouble;

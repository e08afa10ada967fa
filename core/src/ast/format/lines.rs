//! Lines: their columns, and how they are printed.

use super::marks::Column;
use byleave_grammar::Rule;

/// Places of one line are not put further apart than this for the sake of another line.
const FAR: usize = 40;

/// A run of words on a line, which begins at a place in a column or at the start of the line.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub text: String,
    pub width: usize,
    pub column: Option<Column>,
    /// Spaces before it.
    gap: usize,
}

/// A line of the layout.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Whether a blank line stands before it.
    pub blank: bool,
    pub indent: usize,
    pub pieces: Vec<Piece>,
    /// The comment behind its words, or alone.
    pub comment: Option<String>,
    /// Spaces before the comment.
    pub comment_gap: usize,
}

impl Line {
    /// Adds a word behind some spaces, or at a place in a column.
    pub fn push(&mut self, word: &str, gap: usize, column: Option<Column>) {
        let width = word.chars().count();
        match (self.pieces.last_mut(), column) {
            (Some(last), None) => {
                last.text.extend(std::iter::repeat_n(' ', gap));
                last.text.push_str(word);
                last.width += gap + width;
            }
            (Some(_), Some(own)) => {
                let gap = own.gap;
                self.pieces.push(Piece { text: word.to_owned(), width, column, gap });
            }
            (None, _) => self.pieces.push(Piece { text: word.to_owned(), width, column: None, gap: 0 }),
        }
    }

    /// Columns up to the end of its words.
    fn width(&self) -> usize {
        self.indent + self.pieces.iter().map(|piece| piece.gap + piece.width).sum::<usize>()
    }

    fn class(&self) -> Option<(Rule, usize)> {
        self.pieces.iter().find_map(|piece| piece.column).map(|column| column.class)
    }

    fn opens(&self) -> bool {
        self.pieces.last().is_some_and(|piece| piece.text.ends_with(['{', '[', '(']))
    }
}

/// Prints lines, once their columns are set.
pub(super) fn print(mut lines: Vec<Line>) -> String {
    runs(&mut lines, Line::class, columns);
    let comments = |line: &Line| {
        (line.comment.is_some() && !line.pieces.is_empty() && !line.opens()).then_some(line.indent)
    };
    for line in &mut lines {
        line.comment_gap = usize::from(!line.pieces.is_empty()) + usize::from(!line.opens());
    }
    runs(&mut lines, comments, comment_columns);
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        if line.blank && number > 0 {
            text.push('\n');
        }
        text.extend(std::iter::repeat_n(' ', line.indent));
        for piece in &line.pieces {
            text.extend(std::iter::repeat_n(' ', piece.gap));
            text.push_str(&piece.text);
        }
        if let Some(comment) = &line.comment {
            let gap = if line.pieces.is_empty() { 0 } else { line.comment_gap };
            text.extend(std::iter::repeat_n(' ', gap));
            text.push_str(comment);
        }
        text.push('\n');
    }
    text
}

/// Hands on each run of lines of one class. Comments between them do not part them; blank lines do, but in tables and
/// the like.
fn runs<C: PartialEq + Whole>(
    lines: &mut [Line],
    class: impl Fn(&Line) -> Option<C>,
    align: impl Fn(&mut [&mut Line]),
) {
    let mut run: Vec<&mut Line> = Vec::new();
    let mut current: Option<C> = None;
    for line in lines {
        let own = class(line);
        let alone = line.pieces.is_empty();
        let parted = line.blank && !current.as_ref().is_some_and(Whole::whole);
        if parted || (!alone && own != current) {
            align(&mut run);
            run.clear();
            current = None;
        }
        if own.is_some() {
            current = own;
            run.push(line);
        }
    }
    align(&mut run);
}

/// Whether lines of a class are aligned across blank lines.
trait Whole {
    fn whole(&self) -> bool;
}

impl Whole for (Rule, usize) {
    fn whole(&self) -> bool {
        matches!(self.0, Rule::row | Rule::holiday | Rule::edition)
    }
}

impl Whole for usize {
    fn whole(&self) -> bool {
        false
    }
}

/// Puts the first place of each line below those of the others, then the second, and so on.
fn columns(run: &mut [&mut Line]) {
    let whole = run.first().and_then(|line| line.class()).is_some_and(|class| class.whole());
    let mut ends: Vec<usize> =
        run.iter().map(|line| line.indent + line.pieces.first().map_or(0, |piece| piece.width)).collect();
    let most = run.iter().map(|line| line.pieces.len()).max().unwrap_or(0);
    // Rows have as many cells as their header, so this takes as long as the run has pieces, near enough.
    for number in 1..most {
        let here = |line: &Line| line.pieces.get(number).is_some();
        let with = || run.iter().zip(&ends).filter(|(line, _)| here(line)).map(|(_, &end)| end);
        let (widest, least) = (with().max().unwrap_or(0), with().min().unwrap_or(0));
        let aligned = whole || widest - least <= FAR;
        for (line, end) in run.iter_mut().zip(&mut ends) {
            if let Some(piece) = line.pieces.get_mut(number) {
                if aligned {
                    piece.gap += widest - *end;
                }
                *end += piece.gap + piece.width;
            }
        }
    }
}

fn comment_columns(run: &mut [&mut Line]) {
    let widest = run.iter().map(|line| line.width()).max().unwrap_or(0);
    let least = run.iter().map(|line| line.width()).min().unwrap_or(0);
    if widest - least <= FAR {
        for line in run.iter_mut() {
            line.comment_gap += widest - line.width();
        }
    }
}

//! Tables: cells read as literals, rows as what a rule `for each row` is expanded with.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::time::{Week, Windows};
use crate::typed::linker::Linker;
use crate::typed::literals::{Literal, amount, date, integer};
use crate::typed::names::{Meaning, Space};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Columns that make up `row.week`, with `holiday` and `calendar`.
const WEEK_COLUMNS: [&str; 3] = ["weekdays", "saturday", "sunday"];

/// Columns that each row's rule takes by itself.
pub(crate) const TAKEN: [&str; 5] = ["since", "until", "cite", "verified", "clock"];

/// A row at hand: its cells by column, `=` followed already.
pub(crate) struct RowIn<'a> {
    /// Whose table.
    pub pack: usize,
    pub table: &'a ast::Table,
    pub row: &'a ast::Row,
    cells: BTreeMap<&'a str, CellIn>,
}

/// A cell: where, and what it says (`None` for `-`).
pub(crate) struct CellIn {
    pub span: Span,
    pub says: Option<Vec<Literal>>,
}

impl RowIn<'_> {
    pub fn cell(&self, column: &str) -> Option<&CellIn> {
        self.cells.get(column)
    }
}

/// Declares every table and checks what can be seen without a rule.
pub(crate) fn link(cx: &mut Linker<'_>) {
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            let ast::Item::Table(it) = item else { continue };
            if !cx.declare(Space::Table, pack, &it.name, Meaning::Table(it)) {
                continue;
            }
            let mut columns: BTreeMap<&str, Span> = BTreeMap::new();
            for column in &it.columns {
                let name = &column.name;
                if matches!(name.text.as_str(), "row" | "week") {
                    cx.error(
                        "E0211",
                        name.span,
                        format!("`{}` means something by itself and names no column", name.text),
                    );
                } else if let Some(first) = columns.insert(&name.text, name.span) {
                    let diagnostic = Diagnostic::new(
                        "E0202",
                        name.span,
                        format!("column `{}` stands twice in this table", name.text),
                    )
                    .label(first, "first here");
                    cx.report(diagnostic);
                }
            }
            let mut ids: BTreeMap<&str, Span> = BTreeMap::new();
            for row in &it.rows {
                if let Some(first) = ids.insert(&row.id.text, row.id.span) {
                    let diagnostic = Diagnostic::new(
                        "E0202",
                        row.id.span,
                        format!("row `{}` stands twice in this table", row.id.text),
                    )
                    .label(first, "first here");
                    cx.report(diagnostic);
                }
                cx.row(pack, it, row);
            }
        }
    }
}

impl<'a> Linker<'a> {
    /// Reads a row's cells.
    pub fn row(&mut self, pack: usize, table: &'a ast::Table, row: &'a ast::Row) -> RowIn<'a> {
        let mut cells = BTreeMap::new();
        let mut left: Option<&ast::CellValue> = None;
        for (column, cell) in table.columns.iter().zip(&row.cells) {
            let value = match &cell.value {
                ast::CellValue::Same => match left {
                    Some(value) => value,
                    None => {
                        self.error("E0506", cell.span, "`=` repeats the cell to its left, and there is none");
                        &ast::CellValue::Absent
                    }
                },
                value => value,
            };
            left = Some(value);
            let says = match value {
                ast::CellValue::Absent | ast::CellValue::Same => None,
                ast::CellValue::One(item) => self.cell_item(item).map(|l| vec![l]),
                ast::CellValue::List(items) => Some(items.iter().filter_map(|i| self.cell_item(i)).collect()),
            };
            cells.insert(column.name.text.as_str(), CellIn { span: cell.span, says });
        }
        RowIn { pack, table, row, cells }
    }

    fn cell_item(&mut self, item: &ast::CellItem) -> Option<Literal> {
        Some(match item {
            ast::CellItem::Name(name) => Literal::Word(name.clone()),
            ast::CellItem::Hours(ranges, span) => Literal::Hours(self.ranges(ranges)?, *span),
            ast::CellItem::Integer(n) => Literal::Integer(integer(*n), n.span),
            ast::CellItem::Amount(a) => Literal::Amount(amount(self, a)?, a.span),
            ast::CellItem::Date(d) => Literal::Date(date(d), d.span),
            ast::CellItem::Text(t) => Literal::Text(t.value.clone(), t.span),
        })
    }

    /// Ranges of a day as rows of seconds; what crosses midnight is refused here and nowhere guessed.
    pub fn ranges(&mut self, ranges: &[ast::Range]) -> Option<Vec<(u32, u32)>> {
        let mut rows = Vec::new();
        for range in ranges {
            let (from, until) = (u32::from(range.from.minutes) * 60, u32::from(range.until.minutes) * 60);
            if from >= until {
                let diagnostic = Diagnostic::new(
                    "E0503",
                    range.span,
                    "hours run from an earlier to a later time of one day",
                )
                .hint("hours across midnight are two ranges: up to 24:00, and from 00:00 of the next day");
                self.report(diagnostic);
                return None;
            }
            rows.push((from, until));
        }
        Some(rows)
    }

    /// A column of the row that a rule is expanded with; notes that it was read.
    pub fn column<'r>(&mut self, row: &'r RowIn<'a>, name: &ast::Name, column: &str) -> Option<&'r CellIn> {
        self.used.columns.insert((row.pack, row.table.name.text.clone(), column.to_string()));
        if let Some(cell) = row.cells.get(column) {
            return Some(cell);
        }
        let candidates: Vec<&str> =
            row.table.columns.iter().map(|c| c.name.text.as_str()).chain(["week"]).collect();
        let diagnostic = Diagnostic::new(
            "E0502",
            name.span,
            format!("table `{}` has no column `{column}`", row.table.name.text),
        )
        .suggest(column, candidates)
        .label(row.table.name.span, "the table");
        self.report(diagnostic);
        None
    }

    /// `row.week`: the hours of the columns `weekdays`, `saturday`, `sunday`, `holiday`, with the calendar named in
    /// the row.
    pub fn row_week(&mut self, row: &RowIn<'a>, at: Span) -> Option<(Arc<Week>, Option<usize>)> {
        let mut windows = Vec::new();
        for column in WEEK_COLUMNS {
            let Some(cell) = self.week_cell(row, column) else {
                let diagnostic = Diagnostic::new(
                    "E0502",
                    at,
                    format!("`row.week` is made of columns `weekdays`, `saturday` and `sunday`, and `{column}` is missing"),
                )
                .label(row.table.name.span, "the table");
                self.report(diagnostic);
                return None;
            };
            windows.push(self.cell_windows(cell)?);
        }
        let [weekdays, saturday, sunday] = <[Windows; 3]>::try_from(windows).ok()?;
        let calendar = match self.week_cell(row, "calendar").and_then(|c| c.says.as_deref()) {
            Some([Literal::Word(name)]) => Some(self.calendar(row.pack, name)?),
            _ => None,
        };
        let mut holiday = match self.week_cell(row, "holiday") {
            Some(cell) if cell.says.is_some() => Some((self.cell_windows(cell)?, cell.span)),
            _ => None,
        };
        if calendar.is_none()
            && let Some((hours, span)) = &holiday
        {
            // Without a calendar nothing is a holiday. That is harmless where a holiday is a day like any other.
            if *hours != weekdays || *hours != saturday || *hours != sunday {
                let diagnostic = Diagnostic::new(
                    "E0502",
                    *span,
                    "hours for holidays, and no calendar that says which days these are",
                )
                .hint("name one in the column `calendar`");
                self.report(diagnostic);
                return None;
            }
            holiday = None;
        }
        let day = || weekdays.clone();
        let days = [day(), day(), day(), day(), day(), saturday, sunday];
        Some((Arc::new(Week::new(days, holiday.map(|h| h.0))), calendar))
    }

    fn week_cell<'r>(&mut self, row: &'r RowIn<'a>, column: &str) -> Option<&'r CellIn> {
        self.used.columns.insert((row.pack, row.table.name.text.clone(), column.to_string()));
        row.cells.get(column)
    }

    fn cell_windows(&mut self, cell: &CellIn) -> Option<Windows> {
        let rows: Option<Vec<(u32, u32)>> = match cell.says.as_deref() {
            Some([Literal::Hours(rows, _)]) => Some(rows.clone()),
            Some([Literal::Word(name)]) if name.text == "none" => Some(Vec::new()),
            Some([Literal::Word(name)]) if name.text == "any" => Some(vec![(0, 86_400)]),
            _ => None,
        };
        let Some(rows) = rows else {
            self.error("E0503", cell.span, "hours are written `08:00-20:00`, `none` or `any`");
            return None;
        };
        match Windows::new(rows) {
            Ok(windows) => Some(windows),
            Err(error) => {
                self.error("E0503", cell.span, error.to_string());
                None
            }
        }
    }
}

/// A row's week in words, for sentences.
pub(crate) fn week_words(week: &Week) -> String {
    week.to_string()
}

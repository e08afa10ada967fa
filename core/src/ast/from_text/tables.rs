//! Tables and calendars.

use super::super::{
    Calendar, Cell, CellItem, CellValue, Column, Doc, Holiday, HolidayDay, Observed, ObservedHow, Row, Table,
};
use super::reader::{Reader, part, parts};
use crate::diag::Diagnostic;
use crate::source::Span;
use byleave_grammar::Rule;
use pest::iterators::Pair;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl<'s> Reader<'s> {
    pub fn table(&mut self, pair: Pair<'s, Rule>) -> Table {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let mut table = Table { doc, name, columns: Vec::new(), rows: Vec::new(), span };
        for line in inner.next().into_iter().flat_map(parts) {
            let at = self.span(&line);
            let doc = self.doc(at);
            if line.as_rule() == Rule::header {
                table.columns = parts(line).map(|c| Column { doc: None, name: self.name(&c) }).collect();
                self.column_docs(&mut table.columns, doc);
                continue;
            }
            let mut inner = parts(line);
            let id = self.some_name(inner.next(), at);
            let cells: Vec<Cell> = inner.map(|cell| self.cell(cell)).collect();
            self.fits(&table.columns, &id.text, &cells, at);
            table.rows.push(Row { doc, id, cells, span: at });
        }
        table
    }

    /// Gives each column the line `/// column: words` before the header.
    fn column_docs(&mut self, columns: &mut [Column], doc: Option<Doc>) {
        let Some(doc) = doc else { return };
        for line in doc.text.lines() {
            let named = line.split_once(':').map(|(name, words)| (name.trim(), words.trim()));
            let column =
                named.and_then(|(name, _)| columns.iter_mut().find(|column| column.name.text == name));
            match (column, named) {
                (Some(column), Some((_, words))) => {
                    column.doc = Some(Doc { text: words.to_owned(), span: doc.span });
                }
                _ => self.report(
                    Diagnostic::new("E0109", doc.span, format!("`{line}` documents no column"))
                        .hint("before a table's header, write `/// column: words`"),
                ),
            }
        }
    }

    fn fits(&mut self, columns: &[Column], row: &str, cells: &[Cell], span: Span) {
        let message = match (columns.get(cells.len()), cells.get(columns.len())) {
            (Some(missing), _) => format!("row `{row}` has no cell for the column `{}`", missing.name.text),
            (_, Some(extra)) => {
                let extra = self.source.slice(extra.span);
                format!(
                    "row `{row}` has {} cells for {} columns; `{extra}` is one too many",
                    cells.len(),
                    columns.len()
                )
            }
            _ => return,
        };
        let hint = "each column has one cell: `-` for none, `=` for the cell to the left, commas in lists";
        self.report(Diagnostic::new("E0502", span, message).hint(hint));
    }

    fn cell(&mut self, pair: Pair<'s, Rule>) -> Cell {
        let span = self.span(&pair);
        let mut items = Vec::new();
        for part in parts(pair) {
            match part.as_rule() {
                Rule::cell_absent => return Cell { value: CellValue::Absent, span },
                Rule::cell_same => return Cell { value: CellValue::Same, span },
                _ => items.extend(self.cell_item(part)),
            }
        }
        let value = match (items.len(), items.pop()) {
            (1, Some(only)) => CellValue::One(only),
            (_, Some(last)) => {
                items.push(last);
                CellValue::List(items)
            }
            (_, None) => CellValue::Absent,
        };
        Cell { value, span }
    }

    fn cell_item(&mut self, pair: Pair<'s, Rule>) -> Option<CellItem> {
        let pair = part(pair)?;
        let span = self.span(&pair);
        Some(match pair.as_rule() {
            Rule::hours => CellItem::Hours(self.hours(pair), span),
            Rule::date => CellItem::Date(self.date(&pair)),
            Rule::cell_amount => CellItem::Amount(self.amount(pair)),
            Rule::integer => CellItem::Integer(self.integer(&pair)),
            Rule::text => CellItem::Text(self.text(&pair)),
            _ => CellItem::Name(self.name(&pair)),
        })
    }

    pub fn calendar(&mut self, pair: Pair<'s, Rule>) -> Calendar {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let mut calendar = Calendar { doc, name, covers: None, holidays: Vec::new(), span };
        for piece in inner.filter_map(part) {
            let at = self.span(&piece);
            if piece.as_rule() == Rule::years {
                let mut years = parts(piece);
                let years = (self.some_integer(years.next(), at), self.some_integer(years.next(), at));
                self.given_twice(calendar.covers.replace(years).is_some(), "covers", at);
            } else {
                calendar.holidays.extend(self.holiday(piece, at));
            }
        }
        calendar
    }

    fn holiday(&mut self, pair: Pair<'s, Rule>, span: Span) -> Option<Holiday> {
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let on = self.holiday_day(inner.next()?);
        let mut holiday = Holiday { doc, name, on, since: None, until: None, observed: None, span };
        for attr in inner {
            let at = self.span(&attr);
            let word = attr.clone().into_inner().next();
            let until = word.is_some_and(|word| word.as_rule() == Rule::kw_until);
            let Some(value) = part(attr) else { continue };
            let twice = match value.as_rule() {
                Rule::integer if until => holiday.until.replace(self.integer(&value)).is_some(),
                Rule::integer => holiday.since.replace(self.integer(&value)).is_some(),
                _ => {
                    let how = match part(value).map(|how| how.as_rule()) {
                        Some(Rule::next_monday) => ObservedHow::NextMonday,
                        Some(Rule::following_weekday) => ObservedHow::FollowingWeekday,
                        _ => ObservedHow::NearestWeekday,
                    };
                    holiday.observed.replace(Observed { how, span: at }).is_some()
                }
            };
            self.given_twice(twice, "this", at);
        }
        Some(holiday)
    }

    fn holiday_day(&mut self, pair: Pair<'s, Rule>) -> HolidayDay {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::month_day => {
                let (month, day) = pair.as_str().split_once('-').unwrap_or_default();
                let (month, day) = (month.parse().unwrap_or(0), day.parse().unwrap_or(0));
                // 2000 has every day that any year has.
                if jiff::civil::Date::new(2000, month, day).is_err() {
                    let message = format!("`{}` is no day of any year", pair.as_str());
                    self.report(
                        Diagnostic::new("E0501", span, message)
                            .hint("a day is written month-day, as in 07-04"),
                    );
                }
                HolidayDay::Fixed { month, day, span }
            }
            Rule::nth_weekday => {
                let (mut nth, mut weekday) = (None, None);
                let (mut month, mut plus) = (1, 0);
                for part in parts(pair) {
                    match part.as_rule() {
                        Rule::ordinal => nth = part.as_str().get(..1).and_then(|digit| digit.parse().ok()),
                        Rule::weekday => weekday = Some(self.weekday(&part)),
                        Rule::month => {
                            let index = MONTHS.iter().position(|month| *month == part.as_str()).unwrap_or(0);
                            month = index as i8 + 1;
                        }
                        _ => plus = self.shift(part),
                    }
                }
                match weekday {
                    Some(weekday) => HolidayDay::Weekday { nth, weekday, month, plus, span },
                    None => HolidayDay::Easter { plus, span },
                }
            }
            Rule::easter => {
                let plus = part(pair).map_or(0, |shift| self.shift(shift));
                HolidayDay::Easter { plus, span }
            }
            _ => match part(pair) {
                Some(date) => HolidayDay::Once(self.date(&date)),
                None => HolidayDay::Easter { plus: 0, span },
            },
        }
    }

    /// `+ 1`, `- 2`; at most a year either way.
    fn shift(&mut self, pair: Pair<'s, Rule>) -> i64 {
        let span = self.span(&pair);
        let mut inner = parts(pair);
        let minus = inner.next().is_some_and(|sign| sign.as_str() == "-");
        let days = self.some_integer(inner.next(), span);
        if days.value > 366 {
            let message = "a holiday is moved by at most 366 days";
            self.report(Diagnostic::new("E0501", span, message));
            return 0;
        }
        let days = i64::try_from(days.value).unwrap_or(0);
        if minus { -days } else { days }
    }
}

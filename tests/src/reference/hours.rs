//! Hours of the day and of the week.

use super::calendar::{holiday, weekday};
use super::clock::{self, SECOND, Zone};
use super::cond::{Cx, ZONE};
use super::facts::Val;
use super::kleene::V;
use byleave::typed::Hours;
use serde_json::Value as Json;

impl Cx<'_> {
    pub(super) fn local_time(&self, hours: &Hours) -> V {
        let between = |a: u32, b: u32| if a > b { vec![(a, 86_400), (0, b)] } else { vec![(a, b)] };
        let rows: Box<dyn Fn(i64) -> Result<Vec<(u32, u32)>, V>> = match hours {
            Hours::Between(a, b) => {
                let (a, b) = (*a, *b);
                Box::new(move |_| Ok(between(a, b)))
            }
            Hours::Week(week, calendar) => {
                let calendar = calendar.and_then(|i| self.calendar(i));
                Box::new(move |d| {
                    if let (Some(rows), Some(c)) = (week.holiday(), calendar) {
                        match holiday(c, d) {
                            Some(true) => return Ok(rows.rows().to_vec()),
                            Some(false) => {}
                            None => return Err(V::lacks("calendar")),
                        }
                    }
                    Ok(week.day(weekday(d)).rows().to_vec())
                })
            }
            Hours::Fact(op) => match self.value(op) {
                Val::Unknown(m) => return V::U(m),
                Val::Raw(json) => Box::new(move |d| self.json_rows(&json, d)),
                // No hours of one's own: nothing is closed.
                _ => return V::T,
            },
        };
        match self.zone {
            Zone::Known(wall) => {
                let (day, _) = self.zone.day(self.t);
                let now = wall.time_of_day(self.t);
                let rows = match rows(day) {
                    Ok(r) => r,
                    Err(v) => return v,
                };
                V::of(rows.iter().any(|(a, b)| i64::from(*a) * SECOND <= now && now < i64::from(*b) * SECOND))
            }
            Zone::Unknown => {
                // Known only where it is the same at any hour of any day that can be.
                let (a, _) = self.zone.day(self.t);
                let days: Result<Vec<_>, V> = (a..a + 7).map(|d| rows(d)).collect();
                let mut days = match days {
                    Ok(d) => d,
                    Err(v) => return v,
                };
                if let Hours::Week(week, _) = hours
                    && let Some(h) = week.holiday()
                {
                    days.push(h.rows().to_vec());
                }
                if days.iter().all(|d| whole(d)) {
                    V::T
                } else if days.iter().all(|d| d.iter().all(|(a, b)| a >= b)) {
                    V::F
                } else {
                    V::lacks(ZONE)
                }
            }
        }
    }

    fn json_rows(&self, week: &Json, day: i64) -> Result<Vec<(u32, u32)>, V> {
        const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let mut key = NAMES.get(usize::try_from(clock::weekday(day)).unwrap_or(0)).copied().unwrap_or("mon");
        if week.get("holiday").is_some()
            && let Some(name) = week.get("calendar").and_then(Json::as_str)
        {
            let calendar = self
                .policy()
                .calendars
                .iter()
                .find(|c| c.name() == name || c.name().ends_with(&format!(".{name}")));
            match calendar.and_then(|c| holiday(c, day)) {
                Some(true) => key = "holiday",
                Some(false) => {}
                None => return Err(V::lacks("calendar")),
            }
        }
        let seconds = |j: &Json| {
            let (h, m) = j.as_str()?.split_once(':')?;
            Some(h.parse::<u32>().ok()? * 3600 + m.parse::<u32>().ok()? * 60)
        };
        let rows = week.get(key).and_then(Json::as_array).cloned().unwrap_or_default();
        Ok(rows.iter().filter_map(|r| Some((seconds(r.get(0)?)?, seconds(r.get(1)?)?))).collect())
    }
}

fn whole(rows: &[(u32, u32)]) -> bool {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    let mut reached = 0;
    for (a, b) in rows {
        if a > reached {
            return false;
        }
        reached = reached.max(b);
    }
    reached >= 86_400
}

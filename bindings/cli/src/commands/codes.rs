//! `byleave codes`: what a diagnostic's code means.

use crate::args::Codes;
use crate::exit::{Exit, Failure};
use crate::out::{Out, Style, Text};
use byleave::diag::{CODES, CodeEntry, did_you_mean, explain};
use serde_json::json;

/// Explains the codes asked for, or names all.
pub fn run(args: &Codes, out: &mut Out) -> Result<Exit, Failure> {
    let wanted = if args.codes.is_empty() {
        CODES.iter().collect()
    } else {
        args.codes.iter().map(|code| find(code)).collect::<Result<Vec<_>, _>>()?
    };
    if out.json {
        let all: Vec<_> = wanted
            .iter()
            .map(|it| json!({ "code": it.code, "title": it.title, "explanation": it.explanation }))
            .collect();
        out.document(&json!({ "codes": all }))?;
    } else if args.codes.is_empty() {
        for it in wanted {
            out.line(&head(it), 7)?;
        }
    } else {
        for (n, it) in wanted.into_iter().enumerate() {
            if n > 0 {
                out.blank()?;
            }
            out.line(&head(it), 7)?;
            out.line(&Text::new(7).plain(it.explanation), 7)?;
        }
    }
    Ok(Exit::Good)
}

fn head(it: &CodeEntry) -> Text {
    let style = if it.code.starts_with('W') { Style::Wait } else { Style::Bad };
    Text::new(0).column(style, it.code, 7).plain(it.title)
}

fn find(code: &str) -> Result<&'static CodeEntry, Failure> {
    let upper = code.to_ascii_uppercase();
    explain(&upper).ok_or_else(|| {
        let failure = Failure::usage(format!("there is no code `{code}`"));
        match did_you_mean(&upper, CODES.iter().map(|it| it.code)) {
            Some(best) => failure.hint(format!("did you mean `{best}`? `byleave codes` names all")),
            None => failure.hint("`byleave codes` names all"),
        }
    })
}

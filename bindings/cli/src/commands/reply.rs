//! `byleave reply`: what somebody's answer means.

use crate::answers::{self, Answer};
use crate::args::Reply;
use crate::engine;
use crate::exit::{Exit, Failure};
use crate::out::{Out, Style, Text};
use crate::requests::instant;
use byleave::wire::reply::{Confirmation, Interpretation, ReplyKind, ReplyWords};
use byleave::wire::{Json, Limits};
use std::io::Read;

/// A message that is longer is nobody's answer.
const MOST_BYTES: u64 = 64 << 20;

/// Reads one answer.
pub fn run(args: &Reply, out: &mut Out) -> Result<Exit, Failure> {
    let text = message(args)?;
    let context = context(args)?;
    let engine = engine::open(&args.policy)?;
    let read = engine.interpret_reply_tree(&text, args.language.as_deref(), context);
    match &read {
        _ if out.json => {
            let text = read.and_then(|it| engine_text(&it));
            let answer = Answer { name: "reply".to_owned(), kind: "reply", text };
            let exit = answer.exit(false, |_| None);
            answers::print(&[answer], "replies", out)?;
            return Ok(exit);
        }
        Ok(read) => told(read, out)?,
        Err(error) => {
            engine::complain(args.context.as_deref().unwrap_or("reply"), error, out);
            return Ok(Exit::Input);
        }
    }
    Ok(Exit::Good)
}

/// The canonical text.
fn engine_text(read: &Interpretation) -> Result<String, byleave::Error> {
    Ok(read.to_json().unwrap_or_default())
}

fn message(args: &Reply) -> Result<String, Failure> {
    if args.text != "-" {
        return Ok(args.text.clone());
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(MOST_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::file("read", "-", &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::input(format!("byte {at} of the message is not UTF-8"))
    })
}

fn context(args: &Reply) -> Result<Json, Failure> {
    let mut json = Json::Null;
    if let Some(path) = &args.context {
        let bytes = std::fs::read(path).map_err(|error| Failure::file("read", path, &error))?;
        json = Json::from_bytes(&bytes, &Limits::MOST).map_err(|error| engine::refused(&error))?;
    }
    if let Some(at) = &args.at {
        let at = Json::Text(instant("--at", at)?);
        match &mut json {
            Json::Map(entries) => {
                entries.retain(|(key, _)| key != "at");
                entries.push(("at".to_owned(), at));
            }
            Json::Null => json = Json::Map(vec![("at".to_owned(), at)]),
            _ => {}
        }
    }
    Ok(json)
}

fn told(read: &Interpretation, out: &mut Out) -> Result<(), Failure> {
    let style = match read.kind {
        ReplyKind::Revoke => Style::Bad,
        ReplyKind::Ask => Style::Wait,
        ReplyKind::OptIn | ReplyKind::Help => Style::Good,
        ReplyKind::Ignore => Style::Plain,
    };
    let mut head = Text::new(0).with(style, read.kind.as_str());
    if let Some(level) = &read.level {
        head = head.plain(format!(" at {level} at most"));
    }
    if read.cut {
        head = head.with(Style::Dim, "  longer than what is read");
    }
    out.line(&head, 2)?;
    for words in &read.words {
        out.line(&found(words, ""), 4)?;
    }
    for it in &read.set_aside {
        out.line(&found(&it.words, &format!("  set aside by “{}”", it.because_of)), 4)?;
    }
    for rule in &read.rules {
        let line = Text::new(2).with(Style::Name, &rule.rule).plain("  ").plain(&rule.sentence);
        out.line(&line.with(Style::Dim, format!("  {}", rule.citations.join(", "))), 4)?;
    }
    if let Some(day) = &read.honor_by {
        out.line(&Text::new(2).with(Style::Bold, "honour by ").plain(day), 4)?;
    }
    if let Some(it) = &read.confirmation {
        out.line(&confirmation(it), 4)?;
    }
    if !read.missing.is_empty() {
        let line = Text::new(2).with(Style::Wait, "missing ").plain(read.missing.join(", "));
        out.line(&line, 4)?;
    }
    Ok(())
}

fn found(words: &ReplyWords, more: &str) -> Text {
    let slip = if words.slip { format!(" (for “{}”)", words.phrase) } else { String::new() };
    let text = Text::new(2).plain(format!("“{}”{slip}", words.text));
    text.with(Style::Dim, format!("  {}–{}{more}", words.start, words.end))
}

fn confirmation(it: &Confirmation) -> Text {
    let text = Text::new(2).with(Style::Bold, "one message may confirm it: ");
    if !it.allowed {
        let why = [it.rules.join(", "), it.missing.join(", ")].join(" ");
        return text.with(Style::Bad, "no").with(Style::Dim, format!("  {}", why.trim()));
    }
    let mut text = text.with(Style::Good, "yes").plain(format!(", as {} and nothing else", it.purpose));
    if let Some(until) = &it.until {
        text = text.plain(format!(", before {until}"));
    }
    if !it.may_ask.is_empty() {
        text = text.plain(format!(", with {}", it.may_ask.join(", ")));
    }
    text
}

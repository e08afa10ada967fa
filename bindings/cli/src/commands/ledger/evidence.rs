//! `byleave ledger export`, `ledger replay`, `ledger report` and `byleave verify`: what is held about one person, proven elsewhere.

use super::{instant, plural, report};
use crate::args::{Export as ExportArgs, Replay as ReplayArgs, Report as ReportArgs, VerifyBundle};
use crate::exit::{Exit, Failure};
use crate::known::{named, refused, told};
use crate::out::{Out, Style, Text};
use byleave_ledger::bundle::{Bundle, Export, Verified};
use byleave_ledger::{Digest, Hex, Replay, Trust, is_url};
use serde_json::{Value, json};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A text that was shown is no longer than this.
const TEXT: u64 = 16 << 20;

/// Writes a bundle, and says at once whether it holds: nobody hands out one that does not.
pub fn export(args: &ExportArgs, out: &mut Out) -> Result<Exit, Failure> {
    let bundle = made(&args.ledger, &args.person, args.texts.as_deref(), args.open_others, &args.at)?;
    let text = bundle.to_json().map_err(|error| told(&error))?;
    write(&args.out, &text)?;
    let verified = bundle.verify(&Trust::default());
    if out.json {
        out.document(&as_json(&bundle, &verified))?;
    } else {
        let name = args.out.display().to_string();
        let line =
            Text::new(0).with(Style::Name, name).plain(format!(": {}", plural(verified.events, "event")));
        let decisions = plural(verified.decisions.len() as u64, "decision");
        let covered = format!(", {decisions}, {}", plural(verified.checkpoints, "checkpoint"));
        out.line(&line.plain(covered), 2)?;
        let left = verified.events - verified.covered;
        if left > 0 {
            let words = format!("{} after the last checkpoint: ", plural(left, "event"));
            let hint = "`byleave ledger checkpoint` makes one, and then the bundle proves them too";
            out.line(&Text::new(2).with(Style::Wait, words).plain(hint), 2)?;
        }
        findings(&verified, out)?;
    }
    Ok(exit(&verified))
}

fn made(
    ledger: &Path,
    person: &str,
    texts: Option<&Path>,
    open_others: bool,
    at: &str,
) -> Result<Bundle, Failure> {
    let made_at = instant("--at", at)?;
    let texts = texts.map(read_texts).transpose()?.unwrap_or_default();
    let mut opened = super::open_to_read(ledger)?;
    opened.export(&Export { person, made_at, texts: &texts, open_others }).map_err(|error| told(&error))
}

/// Every file of a folder: which of them were shown is told by their digests.
fn read_texts(folder: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    let name = folder.display().to_string();
    let failed = |error: std::io::Error| Failure::file("read", &name, &error);
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_file() {
            let mut bytes = Vec::new();
            File::open(&path).and_then(|file| file.take(TEXT).read_to_end(&mut bytes)).map_err(failed)?;
            out.push(bytes);
        }
    }
    Ok(out)
}

/// Asks every decision about a person again.
pub fn replay(args: &ReplayArgs, out: &mut Out) -> Result<Exit, Failure> {
    let bundle = made(&args.ledger, &args.person, None, false, "now")?;
    let verified = bundle.verify(&Trust::default());
    if out.json {
        out.document(&json!({ "decisions": decisions(&bundle, &verified) }))?;
    } else {
        for (n, replay) in &verified.decisions {
            let seq = seq(&bundle, *n);
            let (style, words) = match replay {
                Replay::Same => (Style::Good, "the same"),
                Replay::OtherEngine { .. } => (Style::Good, "the same, by another version of the engine"),
                Replay::Differs(_) => (Style::Bad, "differs"),
                Replay::Impossible(_) => (Style::Bad, "cannot be asked again"),
            };
            out.line(&Text::new(0).plain(format!("event {seq}: ")).with(style, words), 2)?;
            for line in more(replay) {
                out.line(&Text::new(2).plain(line), 4)?;
            }
        }
        let all = plural(verified.decisions.len() as u64, "decision");
        out.line(&Text::new(0).with(Style::Bold, all).plain(" asked again"), 2)?;
    }
    let same = |replay: &Replay| matches!(replay, Replay::Same | Replay::OtherEngine { .. });
    Ok(if verified.decisions.iter().all(|(_, it)| same(it)) { Exit::Good } else { Exit::Found })
}

fn more(replay: &Replay) -> Vec<String> {
    match replay {
        Replay::Same => Vec::new(),
        Replay::OtherEngine { then, now } => vec![format!("{then} then, {now} here")],
        Replay::Differs(all) => {
            all.iter().map(|it| format!("{}: {} then, {} now", it.what, it.then, it.now)).collect()
        }
        Replay::Impossible(why) => vec![why.clone()],
    }
}

/// Holds a bundle against itself, and against what is known from elsewhere.
pub fn verify(args: &VerifyBundle, out: &mut Out) -> Result<Exit, Failure> {
    let bundle = read(&args.bundle)?;
    let trust = Trust { keys: args.keys.clone(), checkpoint: args.checkpoint.map(Digest) };
    let verified = bundle.verify(&trust);
    if let Some(path) = &args.report {
        write(path, &report::page(&bundle, &verified, &trust).into_string())?;
    }
    if out.json {
        out.document(&as_json(&bundle, &verified))?;
        return Ok(exit(&verified));
    }
    findings(&verified, out)?;
    let word = match exit(&verified) {
        Exit::Good => Text::new(0).with(Style::Good, "holds"),
        _ => Text::new(0).with(Style::Bad, "does not hold"),
    };
    let whom = bundle.person.as_deref().map_or("somebody erased".to_owned(), str::to_owned);
    let same = verified.decisions.iter().filter(|(_, it)| *it == Replay::Same).count();
    let words = format!(
        ": {} about {whom}, {} of them under {}; {} of {} the same, byte for byte",
        plural(verified.events, "event"),
        verified.covered,
        plural(verified.checkpoints, "checkpoint"),
        same,
        plural(verified.decisions.len() as u64, "decision"),
    );
    out.line(&word.plain(words), 2)?;
    for signer in &verified.signers {
        let trusted = if trust.keys.contains(signer) { ", which is trusted" } else { "" };
        out.line(&Text::new(2).plain(format!("signed by {}{trusted}", Digest(*signer))), 4)?;
    }
    for note in &verified.notes {
        out.line(&Text::new(2).with(Style::Wait, "not shown ").plain(note.to_string()), 4)?;
    }
    Ok(exit(&verified))
}

fn read(path: &Path) -> Result<Bundle, Failure> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| Failure::file("read", &name, &error))?;
    Bundle::read(file).map_err(|error| refused(path, &error))
}

fn findings(verified: &Verified, out: &mut Out) -> Result<(), Failure> {
    for it in &verified.findings {
        out.line(&Text::new(0).with(Style::Bad, "does not hold ").plain(it.to_string()), 2)?;
    }
    Ok(())
}

fn exit(verified: &Verified) -> Exit {
    if verified.findings.is_empty() { Exit::Good } else { Exit::Found }
}

fn seq(bundle: &Bundle, n: u64) -> u64 {
    let at = usize::try_from(n).ok().and_then(|n| n.checked_sub(1));
    at.and_then(|at| bundle.events.get(at)).map_or(0, |it| it.seq)
}

fn decisions(bundle: &Bundle, verified: &Verified) -> Vec<Value> {
    let word = |replay: &Replay| match replay {
        Replay::Same => "same",
        Replay::OtherEngine { .. } => "other_engine",
        Replay::Differs(_) => "differs",
        Replay::Impossible(_) => "impossible",
    };
    let all = verified.decisions.iter();
    all.map(|(n, it)| json!({ "n": n, "event": seq(bundle, *n), "replay": word(it), "more": more(it) }))
        .collect()
}

fn as_json(bundle: &Bundle, verified: &Verified) -> Value {
    let findings = verified.findings.iter();
    let findings: Vec<Value> = findings
        .map(|it| json!({ "what": it.what.as_str(), "place": it.place, "sentence": it.to_string() }))
        .collect();
    let notes: Vec<String> = verified.notes.iter().map(ToString::to_string).collect();
    let signers: Vec<Hex<32>> = verified.signers.iter().map(|it| Hex(*it)).collect();
    json!({
        "holds": verified.findings.is_empty(), "person": bundle.person, "events": verified.events,
        "erased": verified.erased, "covered": verified.covered, "checkpoints": verified.checkpoints,
        "signers": signers, "decisions": decisions(bundle, verified), "findings": findings, "not_shown": notes,
    })
}

/// Writes the page, of a bundle or straight from a ledger.
pub fn page(args: &ReportArgs, out: &mut Out) -> Result<Exit, Failure> {
    let name = named(&args.from);
    let mut start = [0; 1];
    if !args.from.to_str().is_some_and(is_url) {
        let read_start = File::open(&args.from).and_then(|mut file| file.read(&mut start));
        read_start.map_err(|error| Failure::file("read", &name, &error))?;
    }
    // A ledger's file begins with its store's own name, a bundle with its brace.
    let bundle = match (start == *b"{", &args.person) {
        (true, None) => read(&args.from)?,
        (true, Some(person)) => {
            let bundle = read(&args.from)?;
            if bundle.person.as_ref() != Some(person) {
                return Err(Failure::input(format!("`{name}` is not about `{person}`")));
            }
            bundle
        }
        (false, Some(person)) => made(&args.from, person, args.texts.as_deref(), args.open_others, &args.at)?,
        (false, None) => return Err(Failure::usage("whom is the report about?").hint("give --person")),
    };
    let trust = Trust { keys: args.keys.clone(), checkpoint: args.checkpoint.map(Digest) };
    let verified = bundle.verify(&trust);
    write(&args.out, &report::page(&bundle, &verified, &trust).into_string())?;
    if out.json {
        out.document(&as_json(&bundle, &verified))?;
    } else {
        findings(&verified, out)?;
        out.line(&Text::new(0).plain("written to ").with(Style::Name, args.out.display().to_string()), 2)?;
    }
    Ok(exit(&verified))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| Failure::file("write", &path.display().to_string(), &error))
}

//! A small CRM that asks before it calls: a worklist, an agent's screen, attempts and replies on record, and asking again.
//!
//! ```text
//! byleave-crm day                          an invented evening and the day after, on a copy of the file
//! byleave-crm worklist [INSTANT]           whom to reach now, how, and why not the others
//! byleave-crm screen ID [INSTANT]          what the agent sees before calling
//! byleave-crm called ID RESULT [INSTANT]   a call was placed: no_answer, voicemail, conversation
//! byleave-crm replied ID WORDS [INSTANT]   somebody wrote back
//! ```
//!
//! The file is `people.json` in the working folder, or what `CRM_FILE` names. An instant that is left out is now.

mod desk;
mod people;

use byleave::Instant;
use people::People;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(page) => {
            print!("{page}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<String, Box<dyn Error>> {
    let engine = desk::engine()?;
    let file = std::env::var_os("CRM_FILE").map_or_else(|| PathBuf::from("people.json"), PathBuf::from);
    match *words {
        ["day"] => day(&engine),
        ["worklist", ref at @ ..] => desk::worklist(&engine, &People::read(&file)?, &instant(at)?),
        ["screen", id, ref at @ ..] => desk::screen(&engine, People::read(&file)?.get(id)?, &instant(at)?),
        ["called", id, result, ref at @ ..] => {
            let mut people = People::read(&file)?;
            people.get_mut(id)?.attempted("live_call", result, &instant(at)?);
            people.write(&file)?;
            Ok(String::new())
        }
        ["replied", id, reply, ref at @ ..] => {
            let mut people = People::read(&file)?;
            let stops = people.get_mut(id)?.replied(reply, &instant(at)?);
            people.write(&file)?;
            Ok(if stops { "from now on we leave them alone\n".to_string() } else { String::new() })
        }
        _ => Err("say `day`, `worklist`, `screen ID`, `called ID RESULT` or `replied ID WORDS`".into()),
    }
}

/// The engine has no clock: the host's is read here, once for a question.
fn instant(words: &[&str]) -> Result<String, Box<dyn Error>> {
    match words {
        [] => {
            let micros = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros();
            Ok(Instant(i64::try_from(micros)?).to_string())
        }
        [at] => Ok(Instant::parse_zoned(at)?.to_string()),
        _ => Err("there is one word too many".into()),
    }
}

/// An evening and the day after, so that every kind of answer is seen.
fn day(engine: &byleave::Engine) -> Result<String, Box<dyn Error>> {
    let mut people = People::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("people.json"))?;
    let mut page = String::new();
    let evening = instant(&["2026-07-01T21:30:00[America/New_York]"])?;
    page += &format!(
        "== half past nine in New York, half past six in Los Angeles\n{}",
        desk::worklist(engine, &people, &evening)?
    );
    page += &format!("\n== the agent opens Ben\n{}", desk::screen(engine, people.get("ben")?, &evening)?);

    people.get_mut("ben")?.attempted("live_call", "no_answer", &evening);
    page +=
        &format!("\n== nobody answered; once more?\n{}", desk::screen(engine, people.get("ben")?, &evening)?);

    let morning = instant(&["2026-07-02T09:00:00[America/New_York]"])?;
    people.get_mut("ada")?.replied("Stop", &morning);
    // The look-up was old, so the number is looked up again.
    people.get_mut("cho")?.looked_up = Some("2026-07-01".to_string());
    let noon = instant(&["2026-07-02T12:00:00[America/New_York]"])?;
    page += &format!(
        "\n== the next noon: Ada has written STOP, Cho's number was looked up\n{}",
        desk::worklist(engine, &people, &noon)?
    );
    page += &format!("\n== the agent opens Ada\n{}", desk::screen(engine, people.get("ada")?, &noon)?);
    Ok(page)
}

//! Tests of the checker that need several packs or look at what comes out. Single mistakes and their wording stand as
//! files under `tests/diagnostics/check`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod limits;
mod linking;
mod requests;
mod rows;
mod wording;

use crate::ast;
use crate::source::Sources;
use crate::typed::{Checked, PackFile, Policy, check};

/// A small vocabulary that the tests share.
pub(super) const WORDS: &str = r#"
pack words { title "Words" }
taxonomy jurisdiction { US marked abstract { US-FL, US-RI, US-CT }  CA-QC }
taxonomy channel { voice { live_call, voicemail }  text { sms, mms }  email }
taxonomy purpose { care { appointment }  marketing { gift } }
taxonomy technology { automated, manual }
taxonomy level { contact marked held_by_recipient { implied { opted_in { express { express_written } } } } }
taxonomy topic { sport { running }  heart marked sensitive }
taxonomy sender { acme marked seller { acme_shop } }
taxonomy interaction { transaction, inquiry, conversation }
taxonomy means { spoken, web_form }
taxonomy content_element { sender_identity, opt_out }
taxonomy data_category { identity { name }  diagnosis }
taxonomy service { cardiology }
facts recipient { jurisdictions: set of jurisdiction  missing state }
facts address   { jurisdictions: set of jurisdiction  missing state   ported_on: date  absent none }
facts contact   { technology: set of technology   urgent: boolean   service: service   duration: duration   length: integer   mood: one of [calm, angry]   label: text }
facts person    { caps: list of { scope: scope, most: integer, window: duration }   hours: week   only: scope }
facts context   { open_slots: integer by service }
list national_dnc good for 31 days
"#;

/// Checks texts: the folder's name and a text each.
pub(super) fn checked(files: &[(&str, &str)]) -> (Checked, Sources) {
    let mut sources = Sources::new();
    let mut parsed = Vec::new();
    for (pack, text) in files {
        let id = sources.add(format!("{pack}/{}", parsed.len()), *text);
        let out = ast::parse(sources.get(id).unwrap());
        let lines: Vec<String> = out.diagnostics.iter().map(|d| d.to_line(&sources)).collect();
        assert!(lines.is_empty(), "{lines:#?}");
        parsed.push((*pack, id, out.file));
    }
    let files: Vec<PackFile<'_>> =
        parsed.iter().map(|(pack, source, file)| PackFile { pack, source: *source, file }).collect();
    (check(&files, &sources), sources)
}

/// The codes and lines of what is reported, in order.
pub(super) fn reported(files: &[(&str, &str)]) -> Vec<String> {
    let (checked, sources) = checked(files);
    checked
        .diagnostics
        .iter()
        .filter(|d| d.code != "W0809")
        .map(|d| format!("{} {}: {}", d.code, sources.line_column(d.span).line, d.message))
        .collect()
}

/// The policy of texts without mistakes.
pub(super) fn policy(files: &[(&str, &str)]) -> Policy {
    let (checked, sources) = checked(files);
    let lines: Vec<String> =
        checked.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.to_line(&sources)).collect();
    checked.policy.unwrap_or_else(|| panic!("{lines:#?}"))
}

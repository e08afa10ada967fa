//! Diagnostics drawn with their source lines.

use crate::exit::{Complaint, Failure};
use crate::out::{Out, clean};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, Title};
use byleave::diag::{Diagnostic, DiagnosticJson};
use byleave::source::{Source, Sources, Span};
use serde::Serialize;
use std::ops::Range;

/// Lines longer than this are cut around the place: nobody reads them, and a hostile one would fill the screen.
const LONGEST_LINE: usize = 400;
/// A diagnostic that covers more lines than this is shown by its first.
const MOST_LINES: u32 = 6;

/// More diagnostics than this are counted and not drawn.
pub const MOST: usize = 100;

/// What was found in a run, for programs.
#[derive(Debug, Serialize)]
pub struct Report {
    /// No error was found.
    pub ok: bool,
    /// How many errors.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// All of them, in order of place.
    pub diagnostics: Vec<DiagnosticJson>,
}

impl Report {
    /// Of these.
    pub fn of(diagnostics: &[Diagnostic], sources: &Sources) -> Report {
        let errors = diagnostics.iter().filter(|it| it.is_error()).count();
        Report {
            ok: errors == 0,
            errors,
            warnings: diagnostics.len() - errors,
            diagnostics: diagnostics.iter().map(|it| it.to_json(sources)).collect(),
        }
    }
}

/// One diagnostic with its lines.
pub fn draw(diagnostic: &Diagnostic, sources: &Sources, color: bool) -> String {
    let level = if diagnostic.is_error() { Level::ERROR } else { Level::WARNING };
    let title = level.primary_title(clean(&diagnostic.message)).id(diagnostic.code.to_owned());
    let notes: Vec<(Level<'_>, &str)> =
        diagnostic.hint.iter().map(|hint| (Level::HELP, hint.as_str())).collect();
    draw_at(title, diagnostic.span, &diagnostic.labels, &notes, sources, color)
}

/// A title with the lines of a place, further places, and notes.
pub fn draw_at(
    title: Title<'_>,
    main: Span,
    labels: &[(Span, String)],
    notes: &[(Level<'_>, &str)],
    sources: &Sources,
    color: bool,
) -> String {
    let mut group = Group::with_title(title);
    let mut snippet = excerpt(sources, main).map(|it| it.mark(main, AnnotationKind::Primary, ""));
    let mut elsewhere = Vec::new();
    for (span, words) in labels {
        snippet = match snippet {
            Some(here) if here.holds(*span) => Some(here.mark(*span, AnnotationKind::Context, words)),
            other => {
                elsewhere
                    .extend(excerpt(sources, *span).map(|it| it.mark(*span, AnnotationKind::Context, words)));
                other
            }
        };
    }
    for it in snippet.into_iter().chain(elsewhere) {
        group = group.element(it.snippet);
    }
    for (level, words) in notes {
        group = group.element(level.clone().message(clean(words)));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(140).render(&[group]).to_string()
}

/// A part of a source that is drawn.
struct Excerpt<'a> {
    snippet: Snippet<'a, annotate_snippets::Annotation<'a>>,
    source: &'a Source,
    window: Range<usize>,
    whole: bool,
}

impl<'a> Excerpt<'a> {
    /// Whether a further place can be drawn in it.
    fn holds(&self, span: Span) -> bool {
        self.whole && span.source == self.source.id
    }

    /// Underlines a place.
    fn mark(mut self, span: Span, kind: AnnotationKind, words: &'a str) -> Excerpt<'a> {
        let source = self.source;
        let first = source.line_column(span.start).line;
        let last = source.line_column(span.end).line;
        let mut range = span.range();
        if last - first.min(last) >= MOST_LINES {
            range.end = range.start + line_rest(source, range.start);
        }
        let start = range.start.clamp(self.window.start, self.window.end) - self.window.start;
        let end = range.end.clamp(self.window.start, self.window.end) - self.window.start;
        let mut annotation = kind.span(start..end.max(start));
        if !words.is_empty() {
            annotation = annotation.label(clean(words));
        }
        self.snippet = self.snippet.annotation(annotation);
        self
    }
}

/// The text around a place: the whole source, or of one with very long lines the part of the line.
fn excerpt(sources: &Sources, span: Span) -> Option<Excerpt<'_>> {
    let source = sources.get(span.source)?;
    let text = source.text.as_str();
    let whole = text.len() < 1 << 18 && text.lines().all(|line| line.len() <= LONGEST_LINE);
    let (window, line) = if whole {
        (0..text.len(), 1)
    } else {
        let at = (span.start as usize).min(text.len());
        let before = text.get(..at).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let start = boundary(text, line_start.max(at.saturating_sub(LONGEST_LINE / 4)));
        let end = boundary(text, (at + line_rest(source, at)).min(start + LONGEST_LINE).max(start));
        (start..end, source.line_column(span.start).line as usize)
    };
    let shown = text.get(window.clone()).unwrap_or_default();
    let snippet = Snippet::source(shown).path(clean(&source.name)).line_start(line).fold(true);
    Some(Excerpt { snippet, source, window, whole })
}

/// Bytes from an offset to the end of its line.
fn line_rest(source: &Source, at: usize) -> usize {
    let rest = source.text.get(at..).unwrap_or_default();
    rest.find('\n').unwrap_or(rest.len())
}

/// The nearest place at or before an offset where a character starts.
fn boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// `2 errors and 1 warning`
pub fn tally(errors: usize, warnings: usize) -> String {
    let count = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    match (errors, warnings) {
        (0, 0) => "no mistakes".to_owned(),
        (_, 0) => count(errors, "error"),
        (0, _) => count(warnings, "warning"),
        _ => format!("{} and {}", count(errors, "error"), count(warnings, "warning")),
    }
}

/// Tells why a command failed: on standard error for people, as one document on standard output for programs.
pub fn tell(failure: &Failure, out: &mut Out) {
    let result = match failure {
        Failure::Gone => Ok(()),
        Failure::Usage(complaint) => complain("usage", complaint, out),
        Failure::Input(complaint) => complain("input", complaint, out),
        Failure::Policy(policy) => {
            let (diagnostics, sources) = policy.as_ref();
            let report = Report::of(diagnostics, sources);
            if out.json {
                out.document(&serde_json::json!({ "error": { "kind": "policy", "message": "the policy has errors", "report": report } }))
            } else {
                for it in diagnostics.iter().take(MOST) {
                    eprintln_quiet(&format!("{}\n", draw(it, sources, out.color_err)));
                }
                eprintln_quiet(&format!(
                    "the policy cannot be used: {}",
                    tally(report.errors, report.warnings)
                ));
                Ok(())
            }
        }
    };
    // Nobody is left to hear that telling failed.
    drop(result);
}

fn complain(kind: &str, complaint: &Complaint, out: &mut Out) -> std::io::Result<()> {
    if out.json {
        let mut error = serde_json::json!({ "kind": kind, "message": complaint.message });
        if let (Some(hint), Some(map)) = (&complaint.hint, error.as_object_mut()) {
            map.insert("hint".to_owned(), hint.as_str().into());
        }
        return out.document(&serde_json::json!({ "error": error }));
    }
    let mut group = Group::with_title(Level::ERROR.primary_title(clean(&complaint.message)));
    if let Some(hint) = &complaint.hint {
        group = group.element(Level::HELP.message(clean(hint)));
    }
    let renderer = if out.color_err { Renderer::styled() } else { Renderer::plain() };
    eprintln_quiet(&renderer.render(&[group]));
    Ok(())
}

/// `eprintln!` panics when standard error is closed; this does not.
pub fn eprintln_quiet(text: &str) {
    use std::io::Write;
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "{text}");
}

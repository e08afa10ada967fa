//! The corpus: cases as data, and what a decider's answer must be.

use crate::reference::Answer;
use crate::reference::clock::format_instant;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// One file: a topic.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// What it is about.
    pub about: String,
    /// Policy files that stand beside every case's own, in this folder.
    pub with: Vec<String>,
    /// Lines that stand before every case's own policy.
    pub head: Vec<String>,
    /// Cases.
    pub cases: Vec<Vector>,
}

/// One case.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// Unique in the corpus.
    pub name: String,
    /// Packs of law by name, with all that they use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<String>,
    /// The policy, line by line, after the file's head.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policy: Vec<String>,
    /// The request.
    pub request: Json,
    /// What must come of it.
    pub expect: Expect,
}

/// What a case expects. What is absent is not looked at; a list that is there is compared whole.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// allow, defer, deny.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Only when deferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// `null`: none within the horizon.
    #[serde(default, deserialize_with = "there", skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Option<String>>,
    /// Every rule that blocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasons: Option<Vec<Reason>>,
    /// Words of what is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obligations: Option<Vec<String>>,
    /// The same with what it says besides: `honor_by: 2026-07-16`; `honor_by: ?`: nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Vec<String>>,
    /// Names of fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Vec<String>>,
    /// Missing facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<String>>,
    /// Codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Vec<String>>,
    /// The request is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Refused>,
}

/// A rule that blocks.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Its id.
    pub rule: String,
    /// refused, no_basis, missing_fact, timing, too_often, content.
    pub kind: String,
    /// violated, undetermined.
    pub finding: String,
    /// What an undetermined one lacks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// When time alone clears it: an instant, `never`, or `not_before` an instant. Looked at only when it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clears: Option<Json>,
}

/// A refusal of the request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// input, limit, policy.
    pub kind: String,
    /// Where in the request.
    pub path: String,
}

fn there<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(d).map(Some)
}

/// How many cases each file has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// By file.
    pub files: BTreeMap<String, usize>,
    /// In all.
    pub total: usize,
    /// Of the folder of replies, which has a form of its own.
    pub replies: crate::replies::Count,
}

/// Where the corpus lies.
pub fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// Every file by its name, in order.
pub fn files() -> Result<Vec<(String, File)>, String> {
    let mut out = Vec::new();
    let mut folders = vec![folder()];
    while let Some(dir) = folders.pop() {
        for entry in std::fs::read_dir(&dir).map_err(|e| e.to_string())? {
            let path = entry.map_err(|e| e.to_string())?.path();
            if path.is_dir() && path.ends_with(crate::replies::FOLDER) {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|x| x == "json") && !path.ends_with("manifest.json") {
                let name = path.strip_prefix(folder()).map_err(|e| e.to_string())?.display().to_string();
                let text = std::fs::read_to_string(&path).map_err(|e| e.to_string())?;
                let file = serde_json::from_str(&text).map_err(|e| format!("{name}: {e}"))?;
                out.push((name, file));
            }
        }
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(out)
}

impl File {
    /// The texts of a case's policy, each with a name whose folder is its pack.
    pub fn texts(&self, case: &Vector) -> Result<Vec<(String, String)>, String> {
        let mut out = Vec::new();
        let mut have = std::collections::BTreeSet::new();
        for name in &case.packs {
            for pack in byleave_packs::preset(name).ok_or_else(|| format!("no pack `{name}`"))? {
                if have.insert(pack.name) {
                    out.extend(pack.files.iter().map(|(path, text)| {
                        (format!("{}/{}", pack.name, path.replace('/', "_")), text.to_string())
                    }));
                }
            }
        }
        if !case.policy.is_empty() {
            for name in &self.with {
                let text = std::fs::read_to_string(folder().join(name)).map_err(|e| e.to_string())?;
                out.push((name.clone(), text));
            }
            out.push((
                "case/case.leave".to_string(),
                format!("{}\n{}\n", self.head.join("\n"), case.policy.join("\n")),
            ));
        }
        Ok(out)
    }
}

/// What an answer says, in the form that a case expects it.
pub fn seen(a: &Answer) -> Expect {
    let list = |s: BTreeSet<String>| Some(s.into_iter().collect());
    Expect {
        outcome: Some(a.outcome.to_string()),
        until: a.until.map(format_instant),
        valid_until: Some(a.valid_until.map(format_instant)),
        reasons: Some(
            a.state
                .blocking
                .iter()
                .map(|(rule, b)| Reason {
                    rule: rule.clone(),
                    kind: b.kind.to_string(),
                    finding: b.finding.to_string(),
                    missing: b.missing.iter().cloned().collect(),
                    clears: None,
                })
                .collect(),
        ),
        obligations: list(a.state.obligations.iter().map(|o| o.id.clone()).collect()),
        owed: list(a.state.obligations.iter().map(|o| owed(&o.id, o.value.as_deref(), o.unknown)).collect()),
        withheld: list(a.state.withheld.iter().map(|w| w.0.clone()).collect()),
        missing: list(a.missing.clone()),
        warnings: None,
        error: None,
    }
}

/// What is owed, with what it says besides.
pub fn owed(id: &str, value: Option<&str>, unknown: bool) -> String {
    match value {
        Some(value) => format!("{id}: {value}"),
        None if unknown => format!("{id}: ?"),
        None => id.to_string(),
    }
}

/// Where what was seen is not what was expected; empty when it is.
pub fn differences(expect: &Expect, seen: &Expect) -> Vec<String> {
    let mut out = Vec::new();
    let mut say = |what: &str, a: String, b: String| out.push(format!("{what}: expected {a}, got {b}"));
    if expect.error != seen.error {
        say("error", format!("{:?}", expect.error), format!("{:?}", seen.error));
    }
    if expect.error.is_some() {
        return out;
    }
    if expect.outcome.is_some() && (&expect.outcome, &expect.until) != (&seen.outcome, &seen.until) {
        say(
            "outcome",
            format!("{:?} {:?}", expect.outcome, expect.until),
            format!("{:?} {:?}", seen.outcome, seen.until),
        );
    }
    if expect.valid_until.is_some() && expect.valid_until != seen.valid_until {
        say("valid_until", format!("{:?}", expect.valid_until), format!("{:?}", seen.valid_until));
    }
    if let Some(reasons) = &expect.reasons {
        let mut got = seen.reasons.clone().unwrap_or_default();
        for (g, e) in got.iter_mut().zip(reasons) {
            if e.clears.is_none() {
                g.clears = None;
            }
        }
        if *reasons != got {
            say("reasons", format!("{reasons:?}"), format!("{got:?}"));
        }
    }
    let mut lists = |what: &str, a: &Option<Vec<String>>, b: &Option<Vec<String>>| {
        if let (Some(a), b) = (a, b.clone().unwrap_or_default()) {
            let (mut a, mut b) = (a.clone(), b);
            a.sort();
            b.sort();
            if a != b {
                out.push(format!("{what}: expected {a:?}, got {b:?}"));
            }
        }
    };
    lists("obligations", &expect.obligations, &seen.obligations);
    lists("owed", &expect.owed, &seen.owed);
    lists("withheld", &expect.withheld, &seen.withheld);
    lists("missing", &expect.missing, &seen.missing);
    lists("warnings", &expect.warnings, &seen.warnings);
    out
}

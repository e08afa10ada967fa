//! Vocabulary and law as data, for the Byleave engine.
//!
//! Each pack is a folder of `.leave` files; tests stand beside the law in `.test.leave` files. This crate carries their text, and
//! knows which pack uses which; [`load`] finds an organisation's own beside them. It does not read them: an engine does.
//!
//! ```
//! let law = byleave_packs::preset("us.tcpa").unwrap();
//! let names: Vec<&str> = law.iter().map(|pack| pack.name).collect();
//! assert_eq!(names, ["core", "us.calendar", "us.tcpa"]);
//! ```
//!
//! The feature `tests`, there by default, carries the packs' own tests. Everything else is the same without.

pub mod check;
pub mod load;
pub mod locate;
mod presets;
pub mod zones;

pub use presets::{Preset, presets};

/// A pack's text, with the tests that stand beside it.
///
/// ```
/// let tcpa = byleave_packs::get("us.tcpa").unwrap();
/// for (path, text) in tcpa.files {
///     println!("{path}: {} lines", text.lines().count());
/// }
/// assert_eq!(tcpa.files[0].0, "us/tcpa/tcpa.leave");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PackSource {
    /// The pack's name, `us.tcpa`.
    pub name: &'static str,
    /// Its files, the one with the `pack` item first: where each lies in `packs/`, and its text.
    pub files: &'static [(&'static str, &'static str)],
    /// Its tests, in the same way; none without the feature `tests`.
    pub tests: &'static [(&'static str, &'static str)],
}

impl PackSource {
    /// The packs that this one uses, as its text says.
    ///
    /// ```
    /// let tcpa = byleave_packs::get("us.tcpa").unwrap();
    /// assert!(tcpa.uses().any(|pack| pack == "core"));
    /// ```
    pub fn uses(&self) -> impl Iterator<Item = &'static str> {
        let heads = self.files.iter().flat_map(|(_, text)| load::heads::heads(text));
        heads.filter(|(word, _)| *word == "use").map(|(_, pack)| pack)
    }

    /// What the README in its folder says: what the pack decides, and what it does not.
    ///
    /// ```
    /// let tcpa = byleave_packs::get("us.tcpa").unwrap();
    /// assert!(tcpa.readme().unwrap().starts_with("# us.tcpa"));
    /// ```
    pub fn readme(&self) -> Option<&'static str> {
        let (path, _) = self.files.first()?;
        let (folder, _) = path.rsplit_once('/')?;
        READMES.iter().find(|(of, _)| *of == folder).map(|(_, text)| *text)
    }
}

/// By folder below `packs/`.
const READMES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/readmes.rs"));

/// One file a line: where it lies below `packs/`, and its text.
macro_rules! texts {
    ($($path:literal)*) => { &[$(($path, include_str!(concat!("../", $path)))),*] };
}

/// The same of tests, which a build for pages goes without: they are longer than the law.
#[cfg(feature = "tests")]
macro_rules! tests {
    ($($path:literal)*) => { texts![$($path)*] };
}
#[cfg(not(feature = "tests"))]
macro_rules! tests {
    ($($path:literal)*) => {
        &[]
    };
}

/// A state's pack of one file, with its tests: in one file of that name, `us/states/al/al.leave`, or in those that are named.
macro_rules! state {
    ($state:literal) => { state!($state: $state) };
    ($state:literal: $($tests:literal)*) => {
        PackSource {
            name: concat!("us.", $state),
            files: &[(
                concat!("us/states/", $state, "/", $state, ".leave"),
                include_str!(concat!("../us/states/", $state, "/", $state, ".leave")),
            )],
            #[cfg(feature = "tests")]
            tests: &[$((
                concat!("us/states/", $state, "/", $tests, ".test.leave"),
                include_str!(concat!("../us/states/", $state, "/", $tests, ".test.leave")),
            )),*],
            #[cfg(not(feature = "tests"))]
            tests: &[],
        }
    };
}

/// Every pack, those that are used before those that use them.
///
/// ```
/// let names: Vec<&str> = byleave_packs::all().iter().map(|pack| pack.name).collect();
/// assert_eq!(names[0], "core");
/// assert!(names.contains(&"us.tcpa"));
/// ```
pub fn all() -> &'static [PackSource] {
    PACKS
}

/// The pack of that name.
///
/// ```
/// assert!(byleave_packs::get("us.tcpa").is_some());
/// assert!(byleave_packs::get("us.tcap").is_none());
/// ```
pub fn get(name: &str) -> Option<&'static PackSource> {
    PACKS.iter().find(|pack| pack.name == name)
}

/// The pack of that name, or those of the preset of that name, after all that they use, each once; none if there is no such
/// thing.
///
/// ```
/// let law = byleave_packs::preset("us.tcpa").unwrap();
/// // What is used stands before what uses it.
/// assert_eq!(law.first().map(|pack| pack.name), Some("core"));
/// assert_eq!(law.last().map(|pack| pack.name), Some("us.tcpa"));
///
/// let health = byleave_packs::preset("us.health").unwrap();
/// assert!(health.iter().any(|pack| pack.name == "us.hipaa"));
/// ```
pub fn preset(name: &str) -> Option<Vec<&'static PackSource>> {
    let mut wanted: Vec<&PackSource> = match get(name) {
        Some(pack) => vec![pack],
        None => presets().find(|it| it.name == name)?.packs().collect(),
    };
    let mut at = 0;
    while let Some(pack) = wanted.get(at) {
        for used in pack.uses() {
            let used = get(used)?;
            if !wanted.iter().any(|it| it.name == used.name) {
                wanted.push(used);
            }
        }
        at += 1;
    }
    Some(PACKS.iter().filter(|pack| wanted.iter().any(|it| it.name == pack.name)).collect())
}

/// An engine with packs that come with Byleave, by name or by preset, each with the packs that it uses; an organisation's own policy is
/// added as a source. For policy in files and folders, see [`load`].
///
/// ```
/// let engine = byleave_packs::builder(["us.tcpa"])?
///     .source("org.shop", "shop.leave", r#"
///         pack org.shop { title "The shop" source "Handbook" edition "1" }
///         use core
///         use us.tcpa
///         reaches US by text
///     "#)
///     .build()?;
/// assert!(engine.packs().iter().any(|pack| pack.name == "org.shop"));
///
/// let error = byleave_packs::builder(["us.tcap"]).unwrap_err();
/// assert_eq!(error.to_string(), "`us.tcap` is not a pack that comes with Byleave");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// No pack of one of the names comes with Byleave.
pub fn builder<'n>(
    names: impl IntoIterator<Item = &'n str>,
) -> Result<byleave::EngineBuilder, load::LoadError> {
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    match names.is_empty() {
        // To `load`, nothing named is everything; here it is nothing.
        true => Ok(byleave::Engine::builder()),
        false => Ok(load::gather(&load::Wanted { names, ..load::Wanted::default() })?.builder()),
    }
}

/// Packs whose tests use more than they do themselves: who asks for them gets that too, with their tests or without.
const USED_BY_TESTS: &[(&str, &str)] = &[("us.calendar", "core")];

const PACKS: &[PackSource] = &[
    PackSource {
        name: "core",
        files: texts!["core/vocabulary.leave" "core/jurisdictions.leave" "core/facts.leave" "core/replies.leave"],
        tests: tests![
            "core/bases.test.leave"
            "core/time_and_place.test.leave"
            "core/several_rules.test.leave"
            "core/missing_facts.test.leave"
        ],
    },
    PackSource {
        name: "core.preferences",
        files: texts!["core/preferences/preferences.leave"],
        tests: tests![
            "core/preferences/bases.test.leave"
            "core/preferences/topics.test.leave"
            "core/preferences/limits.test.leave"
            "core/preferences/records.test.leave"
            "core/preferences/proxies.test.leave"
            "core/preferences/sides.test.leave"
        ],
    },
    PackSource {
        name: "us.calendar",
        files: texts!["us/calendar/calendar.leave"],
        tests: tests!["us/calendar/calendar.test.leave"],
    },
    PackSource {
        name: "us.tcpa",
        files: texts![
            "us/tcpa/tcpa.leave"
            "us/tcpa/consent.leave"
            "us/tcpa/revocation.leave"
            "us/tcpa/solicitation.leave"
            "us/tcpa/replies.leave"
        ],
        tests: tests![
            "us/tcpa/bases.test.leave"
            "us/tcpa/consent.test.leave"
            "us/tcpa/written.test.leave"
            "us/tcpa/free.test.leave"
            "us/tcpa/recordings.test.leave"
            "us/tcpa/whole_consent.test.leave"
            "us/tcpa/whole_stops.test.leave"
            "us/tcpa/whole_solicitation.test.leave"
            "us/tcpa/revocation.test.leave"
            "us/tcpa/sides.test.leave"
            "us/tcpa/solicitation.test.leave"
            "us/tcpa/stops.test.leave"
            "us/tcpa/readings.test.leave"
            "us/tcpa/signed.test.leave"
        ],
    },
    PackSource {
        name: "us.hipaa",
        files: texts!["us/hipaa/hipaa.leave" "us/hipaa/marketing.leave" "us/hipaa/safeguards.leave"],
        tests: tests![
            "us/hipaa/bases.test.leave"
            "us/hipaa/marketing.test.leave"
            "us/hipaa/treatment.test.leave"
            "us/hipaa/authorizations.test.leave"
            "us/hipaa/sales.test.leave"
            "us/hipaa/fundraising.test.leave"
            "us/hipaa/stops.test.leave"
            "us/hipaa/requests.test.leave"
            "us/hipaa/least.test.leave"
            "us/hipaa/vendors.test.leave"
            "us/hipaa/representatives.test.leave"
            "us/hipaa/minors.test.leave"
        ],
    },
    PackSource {
        name: "us.part2",
        files: texts!["us/part2/part2.leave"],
        tests: tests![
            "us/part2/bases.test.leave"
            "us/part2/consent.test.leave"
            "us/part2/elements.test.leave"
            "us/part2/recipients.test.leave"
            "us/part2/holders.test.leave"
            "us/part2/services.test.leave"
            "us/part2/marketing.test.leave"
            "us/part2/notes.test.leave"
            "us/part2/notice.test.leave"
            "us/part2/patient.test.leave"
            "us/part2/minors.test.leave"
            "us/part2/fundraising.test.leave"
        ],
    },
    PackSource { name: "us.chd", files: texts!["us/chd/chd.leave"], tests: tests!["us/chd/chd.test.leave"] },
    PackSource {
        name: "us.wa.mhmda",
        files: texts!["us/wa/mhmda/mhmda.leave"],
        tests: tests![
            "us/wa/mhmda/bases.test.leave"
            "us/wa/mhmda/scope.test.leave"
            "us/wa/mhmda/consent.test.leave"
            "us/wa/mhmda/sharing.test.leave"
            "us/wa/mhmda/selling.test.leave"
            "us/wa/mhmda/geofence.test.leave"
        ],
    },
    PackSource {
        name: "us.nv.chd",
        files: texts!["us/nv/chd/chd.leave"],
        tests: tests![
            "us/nv/chd/bases.test.leave"
            "us/nv/chd/scope.test.leave"
            "us/nv/chd/consent.test.leave"
            "us/nv/chd/sharing.test.leave"
            "us/nv/chd/selling.test.leave"
            "us/nv/chd/geofence.test.leave"
        ],
    },
    PackSource {
        name: "us.can_spam",
        files: texts!["us/can_spam/can_spam.leave"],
        tests: tests![
            "us/can_spam/bases.test.leave"
            "us/can_spam/content.test.leave"
            "us/can_spam/stops.test.leave"
            "us/can_spam/transfer.test.leave"
            "us/can_spam/labels.test.leave"
            "us/can_spam/phones.test.leave"
        ],
    },
    PackSource {
        name: "us.ca.ccpa",
        files: texts!["us/ca/ccpa/ccpa.leave"],
        tests: tests![
            "us/ca/ccpa/bases.test.leave"
            "us/ca/ccpa/sale.test.leave"
            "us/ca/ccpa/requests.test.leave"
            "us/ca/ccpa/signals.test.leave"
            "us/ca/ccpa/shown.test.leave"
            "us/ca/ccpa/minors.test.leave"
            "us/ca/ccpa/asking.test.leave"
            "us/ca/ccpa/incentives.test.leave"
            "us/ca/ccpa/asking_minors.test.leave"
            "us/ca/ccpa/limit.test.leave"
        ],
    },
    PackSource {
        name: "us.tsr",
        files: texts!["us/tsr/tsr.leave"],
        tests: tests![
            "us/tsr/bases.test.leave"
            "us/tsr/hours.test.leave"
            "us/tsr/registry.test.leave"
            "us/tsr/stops.test.leave"
            "us/tsr/recordings.test.leave"
            "us/tsr/duties.test.leave"
            "us/tsr/signed.test.leave"
        ],
    },
    PackSource {
        name: "us.regf",
        files: texts!["us/regf/regf.leave"],
        tests: tests![
            "us/regf/bases.test.leave"
            "us/regf/calls.test.leave"
            "us/regf/leave_to_call.test.leave"
            "us/regf/hours.test.leave"
            "us/regf/work.test.leave"
            "us/regf/cease.test.leave"
            "us/regf/media.test.leave"
            "us/regf/others.test.leave"
        ],
    },
    PackSource {
        name: "us.coppa",
        files: texts!["us/coppa/coppa.leave"],
        tests: tests![
            "us/coppa/bases.test.leave"
            "us/coppa/consent.test.leave"
            "us/coppa/answers.test.leave"
            "us/coppa/asking_parents.test.leave"
            "us/coppa/disclosure.test.leave"
            "us/coppa/refusals.test.leave"
        ],
    },
    PackSource { name: "us.states.words", files: texts!["us/states/words/words.leave"], tests: &[] },
    state!("al"),
    state!("ct"),
    state!("fl": "bases" "hours" "consent" "stops"),
    state!("ga"),
    state!("il"),
    state!("in"),
    state!("ky"),
    state!("la": "bases" "hours" "emergency" "registry"),
    state!("ma"),
    state!("md": "bases" "hours" "cap" "consent"),
    state!("me"),
    state!("mi"),
    state!("mn"),
    state!("ms"),
    state!("nj": "bases" "hours" "consent" "content"),
    state!("nm"),
    state!("nv"),
    state!("ny"),
    state!("ok"),
    state!("or"),
    state!("pa"),
    state!("pr"),
    state!("ri"),
    state!("sd"),
    state!("tx"),
    state!("ut"),
    state!("va": "bases" "hours" "registry" "stops"),
    state!("wa": "bases" "hours" "callers" "stops"),
    state!("wy"),
    PackSource {
        name: "us.states",
        files: texts!["us/states/states.leave"],
        tests: tests!["us/states/states.test.leave"],
    },
    PackSource {
        name: "ca.casl",
        files: texts!["ca/casl/casl.leave" "ca/casl/message.leave" "ca/casl/replies.leave"],
        tests: tests!["ca/casl/casl.test.leave" "ca/casl/message.test.leave"],
    },
    PackSource {
        name: "eu.gdpr",
        files: texts!["eu/gdpr/gdpr.leave" "eu/gdpr/children.leave"],
        tests: tests![
            "eu/gdpr/bases.test.leave"
            "eu/gdpr/basis.test.leave"
            "eu/gdpr/consent.test.leave"
            "eu/gdpr/withdrawal.test.leave"
            "eu/gdpr/objection.test.leave"
            "eu/gdpr/children.test.leave"
        ],
    },
    PackSource {
        name: "eu.eprivacy",
        files: texts!["eu/eprivacy/eprivacy.leave" "eu/eprivacy/replies.leave"],
        tests: tests![
            "eu/eprivacy/bases.test.leave"
            "eu/eprivacy/messages.test.leave"
            "eu/eprivacy/customers.test.leave"
            "eu/eprivacy/calls.test.leave"
        ],
    },
];

#[cfg(all(test, feature = "tests"))]
mod tests {
    use super::{PACKS, USED_BY_TESTS};
    use std::collections::BTreeSet;

    #[test]
    fn what_only_tests_use_is_known_without_them() {
        let mut found = Vec::new();
        for pack in PACKS {
            let own: BTreeSet<&str> = pack.uses().collect();
            let lines = pack.tests.iter().flat_map(|(_, text)| text.lines());
            let uses: BTreeSet<&str> =
                lines.filter_map(|line| line.strip_prefix("use ")).map(str::trim).collect();
            found.extend(uses.into_iter().filter(|it| !own.contains(it)).map(|it| (pack.name, it)));
        }
        assert_eq!(found, USED_BY_TESTS);
    }
}

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

pub mod check;
pub mod load;
pub mod zones;

/// A pack's text, with the tests that stand beside it.
#[derive(Clone, Copy, Debug)]
pub struct PackSource {
    /// The pack's name, `us.tcpa`.
    pub name: &'static str,
    /// Its files, the one with the `pack` item first: where each lies in `packs/`, and its text.
    pub files: &'static [(&'static str, &'static str)],
    /// Its tests, in the same way.
    pub tests: &'static [(&'static str, &'static str)],
}

impl PackSource {
    /// The packs that this one uses, as its text says.
    pub fn uses(&self) -> impl Iterator<Item = &'static str> {
        self.files.iter().flat_map(|(_, text)| text.lines()).filter_map(|line| {
            let pack = line.strip_prefix("use ")?;
            pack.split("//").next().map(str::trim)
        })
    }
}

/// One file a line: where it lies below `packs/`, and its text.
macro_rules! texts {
    ($($path:literal)*) => { &[$(($path, include_str!(concat!("../", $path)))),*] };
}

/// Every pack, those that are used before those that use them.
pub fn all() -> &'static [PackSource] {
    PACKS
}

/// The pack of that name.
pub fn get(name: &str) -> Option<&'static PackSource> {
    PACKS.iter().find(|pack| pack.name == name)
}

/// The pack of that name after all that it uses, each once; none if there is no such pack.
pub fn preset(name: &str) -> Option<Vec<&'static PackSource>> {
    let mut wanted = vec![get(name)?];
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

const PACKS: &[PackSource] = &[
    PackSource {
        name: "core",
        files: texts!["core/vocabulary.leave" "core/jurisdictions.leave" "core/facts.leave"],
        tests: &[],
    },
    PackSource {
        name: "core.preferences",
        files: texts!["core/preferences/preferences.leave"],
        tests: texts!["core/preferences/preferences.test.leave"],
    },
    PackSource {
        name: "us.calendar",
        files: texts!["us/calendar/calendar.leave"],
        tests: texts!["us/calendar/calendar.test.leave"],
    },
    PackSource {
        name: "us.tcpa",
        files: texts![
            "us/tcpa/tcpa.leave"
            "us/tcpa/consent.leave"
            "us/tcpa/revocation.leave"
            "us/tcpa/solicitation.leave"
        ],
        tests: texts![
            "us/tcpa/consent.test.leave"
            "us/tcpa/revocation.test.leave"
            "us/tcpa/solicitation.test.leave"
        ],
    },
    PackSource {
        name: "us.hipaa",
        files: texts!["us/hipaa/hipaa.leave" "us/hipaa/marketing.leave" "us/hipaa/safeguards.leave"],
        tests: texts!["us/hipaa/marketing.test.leave" "us/hipaa/safeguards.test.leave"],
    },
    PackSource {
        name: "us.part2",
        files: texts!["us/part2/part2.leave"],
        tests: texts!["us/part2/part2.test.leave"],
    },
    PackSource {
        name: "us.can_spam",
        files: texts!["us/can_spam/can_spam.leave"],
        tests: texts!["us/can_spam/can_spam.test.leave"],
    },
];

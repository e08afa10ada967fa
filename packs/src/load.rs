//! Finding policy: files, folders, texts, and packs by name, each with the packs that it uses. Every host that reads
//! policy finds it in this way, so that the same words load the same law everywhere.
//!
//! A folder is a pack: its `.leave` files are read together, those that end in `.test.leave` when tests are asked for. A
//! pack that is given shadows the one of the same name that comes with Byleave, so that a law can be worked on.
//!
//! A folder that holds a file called `.byleave-skip` is passed over with all below it, unless it is named itself: there, files
//! may be wrong on purpose. Passed over are also hidden folders, `target` and `node_modules`.

pub(crate) mod heads;

use self::heads::heads;
use byleave::diag::did_you_mean;
use byleave::source::{MAX_FILE_BYTES, MAX_FILES};
use byleave::{Engine, EngineBuilder};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Folders nest no deeper than this: a loop of links ends here.
const DEEPEST: usize = 24;

/// What to load. Nothing at all is every pack that comes with Byleave.
///
/// ```
/// use byleave_packs::load::{Wanted, gather};
/// let wanted = Wanted { names: vec!["us.tcpa".into()], ..Wanted::default() };
/// let engine = gather(&wanted).unwrap().builder().build().unwrap();
/// assert!(engine.packs().iter().any(|pack| pack.name == "us.tcpa"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Packs that come with Byleave, by name or by preset ([`crate::presets`]).
    pub names: Vec<String>,
    /// Files and folders.
    pub paths: Vec<String>,
    /// Policy at hand: names, as diagnostics show them, and texts. What stands before the last `/` of a name is its
    /// folder, which is its pack.
    pub texts: Vec<(String, Vec<u8>)>,
}

/// Why policy could not be found or read.
///
/// ```
/// use byleave_packs::load::{LoadError, Wanted, gather};
/// let wanted = Wanted { paths: vec!["no/such/folder".into()], ..Wanted::default() };
/// assert!(matches!(gather(&wanted), Err(LoadError::Unreadable { .. })));
/// ```
#[derive(Debug)]
pub enum LoadError {
    /// No pack of that name comes with Byleave.
    NoSuchPack {
        /// The name.
        name: String,
        /// One that is close to it.
        suggestion: Option<&'static str>,
    },
    /// A file or folder could not be read.
    Unreadable {
        /// Which.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// A folder without a policy file.
    Empty {
        /// Which.
        path: String,
    },
    /// Tests, and no policy that they could test.
    OnlyTests,
    /// A folder holds more files than a policy may have.
    TooMany {
        /// Which.
        path: String,
        /// How many it holds.
        files: usize,
    },
}

impl LoadError {
    /// No pack of that name comes with Byleave.
    ///
    /// ```
    /// use byleave_packs::load::LoadError;
    /// let LoadError::NoSuchPack { suggestion, .. } = LoadError::no_such_pack("us.tcap") else { panic!() };
    /// assert_eq!(suggestion, Some("us.tcpa"));
    /// ```
    #[must_use]
    pub fn no_such_pack(name: &str) -> LoadError {
        let presets = crate::presets().map(|preset| preset.name);
        let suggestion = did_you_mean(name, crate::all().iter().map(|pack| pack.name).chain(presets));
        LoadError::NoSuchPack { name: name.to_owned(), suggestion }
    }

    fn unreadable(path: &str, error: io::Error) -> LoadError {
        LoadError::Unreadable { path: path.to_owned(), error }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::NoSuchPack { name, .. } => write!(f, "`{name}` is not a pack that comes with Byleave"),
            LoadError::Unreadable { path, error } => write!(f, "cannot read `{path}`: {}", plain(error)),
            LoadError::Empty { path } => write!(f, "there is no `.leave` file in `{path}`"),
            LoadError::OnlyTests => f.write_str("these are tests only, without the policy that they test"),
            LoadError::TooMany { path, files } => {
                write!(f, "`{path}` holds {files} policy files; a policy has at most {MAX_FILES}")
            }
        }
    }
}

impl std::error::Error for LoadError {}

/// The system's words without its number: `no such file or directory`.
///
/// ```
/// use byleave_packs::load::plain;
/// let error = std::fs::read("no/such/file").unwrap_err();
/// assert!(!plain(&error).contains("os error"));
/// ```
#[must_use]
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().collect::<String>() + letters.as_str())
}

/// The file by which a folder asks to be passed over. What it says is for people: why.
const SKIP: &str = ".byleave-skip";

/// One file of a pack.
///
/// ```
/// use byleave_packs::load::{Wanted, gather};
/// let text = br#"
/// pack org.shop { title "The shop" source "Handbook" edition "1" }
/// use core
/// "#;
/// let wanted = Wanted { texts: vec![("shop/shop.leave".into(), text.to_vec())], ..Wanted::default() };
/// let packs = gather(&wanted).unwrap();
/// let shop = packs.asked().next().unwrap();
/// assert_eq!(shop.files[0].name, "shop/shop.leave");
/// ```
#[derive(Clone, Debug)]
pub struct Text {
    /// How it is shown: the path as typed, or below `packs/` for one that comes with Byleave.
    pub name: String,
    /// What it says. Longer than [`MAX_FILE_BYTES`], it is cut just past that, and the engine says so.
    pub bytes: Vec<u8>,
}

/// A pack: the files of one folder.
///
/// ```
/// use byleave_packs::load::{Wanted, gather};
/// let text = br#"
/// pack org.shop { title "The shop" source "Handbook" edition "1" }
/// use core
/// "#;
/// let wanted = Wanted { texts: vec![("shop/shop.leave".into(), text.to_vec())], ..Wanted::default() };
/// let packs = gather(&wanted).unwrap();
/// let shop = packs.asked().next().unwrap();
/// assert_eq!((shop.name.as_str(), shop.folder.as_str()), ("org.shop", "shop"));
/// assert!(shop.uses.contains("core"));
/// ```
#[derive(Clone, Debug)]
pub struct Pack {
    /// `us.tcpa`; the folder when no file says `pack`.
    pub name: String,
    /// The folder, which the engine holds files together by.
    pub folder: String,
    /// The law.
    pub files: Vec<Text>,
    /// The tests beside it.
    pub tests: Vec<Text>,
    /// Packs it uses.
    pub uses: BTreeSet<String>,
    /// Whether it says, as the policy at the root does, where contacts may go.
    pub reaches: bool,
    /// Whether it was asked for, and not only used by one that was.
    pub asked: bool,
}

/// What was asked for, and all that it uses.
///
/// ```
/// use byleave_packs::load::{Wanted, gather};
/// let text = br#"
/// pack org.shop { title "The shop" source "Handbook" edition "1" }
/// use core
/// "#;
/// let wanted = Wanted { texts: vec![("shop/shop.leave".into(), text.to_vec())], ..Wanted::default() };
/// let packs = gather(&wanted).unwrap();
/// let names: Vec<&str> = packs.all.iter().map(|pack| pack.name.as_str()).collect();
/// assert_eq!(names, ["core", "org.shop"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Packs {
    /// Those that are used before those that use them, as far as files say.
    pub all: Vec<Pack>,
}

impl Packs {
    /// Those that were asked for.
    ///
    /// ```
    /// use byleave_packs::load::{Wanted, gather};
    /// let text = br#"
    /// pack org.shop { title "The shop" source "Handbook" edition "1" }
    /// use core
    /// "#;
    /// let wanted = Wanted { texts: vec![("shop/shop.leave".into(), text.to_vec())], ..Wanted::default() };
    /// // The vocabulary came along; it was not asked for.
    /// let packs = gather(&wanted).unwrap();
    /// assert!(packs.asked().all(|pack| pack.name == "org.shop"));
    /// ```
    pub fn asked(&self) -> impl Iterator<Item = &Pack> {
        self.all.iter().filter(|pack| pack.asked)
    }

    /// A pack with all that it uses.
    ///
    /// ```
    /// use byleave_packs::load::{Wanted, gather};
    /// let text = br#"
    /// pack org.shop { title "The shop" source "Handbook" edition "1" }
    /// use core
    /// "#;
    /// let wanted = Wanted { texts: vec![("shop/shop.leave".into(), text.to_vec())], ..Wanted::default() };
    /// let packs = gather(&wanted).unwrap();
    /// let shop = packs.asked().next().unwrap();
    /// assert_eq!(packs.closure(shop).len(), 2);
    /// ```
    pub fn closure<'a>(&'a self, pack: &'a Pack) -> Vec<&'a Pack> {
        let mut wanted: Vec<&Pack> = vec![pack];
        let mut at = 0;
        while let Some(user) = wanted.get(at).copied() {
            for it in &self.all {
                if user.uses.contains(&it.name) && !wanted.iter().any(|have| have.folder == it.folder) {
                    wanted.push(it);
                }
            }
            at += 1;
        }
        self.all.iter().filter(|it| wanted.iter().any(|have| have.folder == it.folder)).collect()
    }

    /// The texts of all of them, tests left out, for an engine.
    ///
    /// ```
    /// use byleave_packs::load::{Wanted, gather};
    /// let text = br#"
    /// pack org.shop { title "The shop" source "Handbook" edition "1" }
    /// use core
    /// rule by_mail { cite "1" require contact.channel is email because "We write letters." }
    /// "#;
    /// let wanted = Wanted { texts: vec![("shop/shop.leave".into(), text.to_vec())], ..Wanted::default() };
    /// let engine = gather(&wanted).unwrap().builder().build().unwrap();
    /// assert_eq!(engine.packs().len(), 2);
    /// ```
    #[must_use]
    pub fn builder(&self) -> EngineBuilder {
        let mut builder = Engine::builder();
        for pack in &self.all {
            for file in &pack.files {
                builder = builder.source_bytes(&pack.folder, &file.name, &file.bytes);
            }
        }
        builder
    }

    /// What was asked for, in groups that a host could load together: packs that share a pack they use belong together,
    /// for they add to the same words; two policies that each say where contacts may go do not, nor do packs that have
    /// no word in common.
    ///
    /// ```
    /// use byleave_packs::load::{Wanted, gather};
    /// let text = br#"
    /// pack org.shop { title "The shop" source "Handbook" edition "1" }
    /// use core
    /// "#;
    /// let wanted = Wanted { texts: vec![("shop/shop.leave".into(), text.to_vec())], ..Wanted::default() };
    /// assert_eq!(gather(&wanted).unwrap().together().len(), 1);
    /// ```
    pub fn together(&self) -> Vec<Vec<&Pack>> {
        let mut groups: Vec<Vec<&Pack>> = Vec::new();
        for pack in self.asked() {
            let mut group = self.closure(pack);
            let shares = |it: &Vec<&Pack>, group: &[&Pack]| {
                it.iter().any(|a| group.iter().any(|b| a.folder == b.folder))
            };
            let (joined, apart) = groups.into_iter().partition(|it| shares(it, &group));
            let joined: Vec<Vec<&Pack>> = joined;
            group.extend(joined.into_iter().flatten());
            groups = apart;
            groups.push(group);
        }
        let mut out = Vec::new();
        for group in groups {
            let has = |it: &Pack| group.iter().any(|have| have.folder == it.folder);
            let all: Vec<&Pack> = self.all.iter().filter(|it| has(it)).collect();
            let roots: Vec<&str> =
                all.iter().filter(|it| it.asked && it.reaches).map(|it| it.folder.as_str()).collect();
            if roots.len() < 2 {
                out.push(all);
                continue;
            }
            for root in &roots {
                let with = |it: &&Pack| it.folder == *root || !roots.contains(&it.folder.as_str());
                out.push(all.iter().copied().filter(with).collect());
            }
        }
        out
    }
}

/// Reads folders, adds texts and packs by name, and follows every `use`.
///
/// ```
/// use byleave_packs::load::{Wanted, gather};
/// let wanted = Wanted { names: vec!["us.tcap".into()], ..Wanted::default() };
/// assert_eq!(gather(&wanted).unwrap_err().to_string(), "`us.tcap` is not a pack that comes with Byleave");
/// ```
///
/// # Errors
/// A name that no pack has, a file that cannot be read, a folder with too many files.
pub fn gather(wanted: &Wanted) -> Result<Packs, LoadError> {
    let Wanted { names, paths, texts } = wanted;
    if names.is_empty() && paths.is_empty() && texts.is_empty() {
        let names = crate::all().iter().map(|pack| pack.name.to_owned()).collect();
        return gather(&Wanted { names, ..Wanted::default() });
    }
    let mut folders: BTreeMap<String, Pack> = BTreeMap::new();
    let mut on_disk = BTreeSet::new();
    for path in paths {
        let found = files(path)?;
        // A folder that is empty by mistake must not pass for a policy that has nothing to say.
        if found.is_empty() {
            return Err(LoadError::Empty { path: path.clone() });
        }
        for file in found {
            let folder = shown(file.parent().unwrap_or(Path::new("")));
            let text = Text { name: shown(&file), bytes: read(&file)? };
            on_disk.insert(folder.clone());
            put(&mut folders, folder, text);
        }
    }
    for (name, bytes) in texts {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        put(&mut folders, folder, Text { name: name.clone(), bytes: bytes.clone() });
    }
    // A test file named alone is nothing without the law beside it; a text at hand has nothing beside it.
    let alone = |pack: &&mut Pack| pack.files.is_empty() && on_disk.contains(&pack.folder);
    for pack in folders.values_mut().filter(alone) {
        for file in files(if pack.folder.is_empty() { "." } else { &pack.folder })? {
            let name = shown(&file);
            if file.parent().map(shown).as_deref() == Some(&pack.folder) && !name.ends_with(".test.leave") {
                pack.files.push(Text { bytes: read(&file)?, name });
            }
        }
    }
    let mut all: Vec<Pack> = folders.into_values().collect();
    for pack in &mut all {
        describe(pack);
    }
    for name in names {
        let own = all.iter().any(|pack| pack.name == *name);
        let preset = crate::presets().find(|preset| preset.name == name && !own);
        let members: Vec<&str> = match preset {
            Some(preset) => preset.packs().map(|pack| pack.name).collect(),
            None => vec![name],
        };
        for name in members {
            if !all.iter().any(|pack| pack.name == name) {
                all.push(shipped(name, true).ok_or_else(|| LoadError::no_such_pack(name))?);
            }
        }
    }
    let mut at = 0;
    while let Some(pack) = all.get(at) {
        for name in pack.uses.clone() {
            if !all.iter().any(|pack| pack.name == name) {
                all.extend(shipped(&name, false));
            }
        }
        at += 1;
    }
    if all.iter().all(|pack| pack.files.is_empty()) {
        return Err(LoadError::OnlyTests);
    }
    all.sort_by(|a, b| (a.asked, &a.name).cmp(&(b.asked, &b.name)));
    Ok(Packs { all })
}

/// A text in the pack of its folder; named twice, it counts once.
fn put(folders: &mut BTreeMap<String, Pack>, folder: String, text: Text) {
    let pack = folders.entry(folder.clone()).or_insert_with(|| Pack {
        name: folder.clone(),
        folder,
        files: Vec::new(),
        tests: Vec::new(),
        uses: BTreeSet::new(),
        reaches: false,
        asked: true,
    });
    let list = if text.name.ends_with(".test.leave") { &mut pack.tests } else { &mut pack.files };
    if !list.iter().any(|it| it.name == text.name) {
        list.push(text);
    }
}

/// A pack that comes with Byleave.
fn shipped(name: &str, asked: bool) -> Option<Pack> {
    let source = crate::get(name)?;
    let texts = |list: &[(&str, &str)]| {
        list.iter()
            .map(|(name, text)| Text { name: format!("packs/{name}"), bytes: text.as_bytes().to_vec() })
            .collect::<Vec<_>>()
    };
    let mut pack = Pack {
        name: name.to_owned(),
        folder: format!("packs/{}", name.replace('.', "/")),
        files: texts(source.files),
        tests: texts(source.tests),
        uses: BTreeSet::new(),
        reaches: false,
        asked,
    };
    describe(&mut pack);
    let used = crate::USED_BY_TESTS.iter().filter(|(pack, _)| *pack == name);
    pack.uses.extend(used.map(|(_, used)| (*used).to_owned()));
    // Whatever its text says: what was looked for under a name is found under it, or looking would never end.
    name.clone_into(&mut pack.name);
    Some(pack)
}

/// Reads the pack's name and what it uses off its text.
fn describe(pack: &mut Pack) {
    let texts: Vec<_> =
        pack.files.iter().chain(&pack.tests).map(|it| String::from_utf8_lossy(&it.bytes)).collect();
    pack.reaches = pack.files.iter().any(|it| says_reach(&it.bytes));
    for (word, next) in texts.iter().flat_map(|text| heads(text)) {
        match word {
            "use" => drop(pack.uses.insert(next.to_owned())),
            "pack" => next.clone_into(&mut pack.name),
            _ => {}
        }
    }
}

fn says_reach(bytes: &[u8]) -> bool {
    heads(&String::from_utf8_lossy(bytes)).iter().any(|(word, _)| *word == "reaches")
}

/// The `.leave` files that a path stands for, in order of name.
///
/// ```
/// let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/us/tcpa");
/// let files = byleave_packs::load::files(folder).unwrap();
/// assert!(files.iter().all(|file| file.extension().is_some_and(|it| it == "leave")));
/// ```
///
/// # Errors
/// It cannot be read; there are too many.
pub fn files(path: &str) -> Result<Vec<PathBuf>, LoadError> {
    let root = PathBuf::from(path);
    let kind = fs::metadata(&root).map_err(|error| LoadError::unreadable(path, error))?;
    if !kind.is_dir() {
        return Ok(vec![root]);
    }
    let mut walk = Walk::default();
    walk.all(&root).map_err(|error| LoadError::unreadable(path, error))?;
    let mut found = walk.found;
    found.sort();
    if found.len() > MAX_FILES {
        return Err(LoadError::TooMany { path: path.to_owned(), files: found.len() });
    }
    Ok(found)
}

/// Looks through folders. One that is linked is looked through like any other, or law would be left out and nobody told; but
/// each once, however many ways lead there.
#[derive(Default)]
struct Walk {
    found: Vec<PathBuf>,
    /// Folders that were looked through, by their real paths.
    seen: BTreeSet<PathBuf>,
    /// Links to folders, with their depth.
    links: BTreeSet<(PathBuf, usize)>,
}

impl Walk {
    /// Folders by their own names first, so that what is found does not hang on the order in which a disk tells.
    fn all(&mut self, root: &Path) -> io::Result<()> {
        self.folder(root, 0)?;
        while let Some((link, depth)) = self.links.pop_first() {
            self.folder(&link, depth)?;
        }
        Ok(())
    }

    fn folder(&mut self, folder: &Path, depth: usize) -> io::Result<()> {
        if depth > DEEPEST || !self.seen.insert(fs::canonicalize(folder)?) {
            return Ok(());
        }
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let hidden = name.starts_with('.') || name == "target" || name == "node_modules";
            let path = if folder == Path::new(".") { PathBuf::from(entry.file_name()) } else { entry.path() };
            if hidden {
                continue;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() || (kind.is_symlink() && path.is_dir()) {
                match path.join(SKIP).exists() {
                    true => {}
                    false if kind.is_dir() => self.folder(&path, depth + 1)?,
                    false => drop(self.links.insert((path, depth + 1))),
                }
            } else if name.ends_with(".leave") && (kind.is_file() || path.is_file()) {
                self.found.push(path);
            }
        }
        Ok(())
    }
}

/// A policy file's text, read no further than the engine would.
///
/// ```
/// use byleave_packs::load::read;
/// let text = read(concat!(env!("CARGO_MANIFEST_DIR"), "/us/tcpa/tcpa.leave").as_ref()).unwrap();
/// assert!(text.starts_with(b"///"));
/// ```
///
/// # Errors
/// It cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, LoadError> {
    let mut bytes = Vec::new();
    let most = MAX_FILE_BYTES as u64 + 1;
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|error| LoadError::unreadable(&shown(path), error))?;
    Ok(bytes)
}

/// A path as people read it, the same on every system.
///
/// ```
/// use byleave_packs::load::shown;
/// assert_eq!(shown("./policy/shop.leave".as_ref()), "policy/shop.leave");
/// ```
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

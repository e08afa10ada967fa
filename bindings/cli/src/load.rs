//! Policy: files, folders, and packs by name, each with the packs that it uses.
//!
//! A folder is a pack: its `.leave` files are read together, those that end in `.test.leave` when tests are asked for. A
//! pack that is given shadows the one of the same name that comes with Byleave, so that a law can be worked on.
//!
//! A folder that holds a file called [`SKIP`] is passed over with all below it, unless it is named itself: there, files
//! may be wrong on purpose. Passed over are also hidden folders, `target` and `node_modules`.

use crate::exit::Failure;
use byleave::diag::did_you_mean;
use byleave::source::{MAX_FILE_BYTES, MAX_FILES};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Folders nest no deeper than this: a loop of links ends here.
const DEEPEST: usize = 24;

/// The file by which a folder asks to be passed over. What it says is for people: why.
const SKIP: &str = ".byleave-skip";

/// One file of a pack.
#[derive(Clone, Debug)]
pub struct Text {
    /// How it is shown: the path as typed, or below `packs/` for one that comes with Byleave.
    pub name: String,
    /// What it says. Longer than [`MAX_FILE_BYTES`], it is cut just past that, and the engine says so.
    pub bytes: Vec<u8>,
}

/// A pack: the files of one folder.
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
#[derive(Clone, Debug, Default)]
pub struct Packs {
    /// Those that are used before those that use them, as far as files say.
    pub all: Vec<Pack>,
}

impl Packs {
    /// Those that were asked for.
    pub fn asked(&self) -> impl Iterator<Item = &Pack> {
        self.all.iter().filter(|pack| pack.asked)
    }

    /// Whether a file of the path, which is a folder or a file, is among them.
    fn holds(&self, path: &str) -> bool {
        let root = PathBuf::from(path);
        let below = |text: &Text| {
            let name = Path::new(&text.name);
            name.starts_with(shown(&root)) || root == Path::new(".")
        };
        !root.is_dir() || self.all.iter().flat_map(|pack| pack.files.iter().chain(&pack.tests)).any(below)
    }

    /// A pack with all that it uses.
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

    /// What was asked for, in groups that a host could load together: packs that share a pack they use belong together,
    /// for they add to the same words; two policies that each say where contacts may go do not, nor do packs that have
    /// no word in common.
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

/// What `check` and `test` are given: paths or names of packs; nothing is the current directory.
pub fn named(words: &[String]) -> Result<Packs, Failure> {
    if words.is_empty() {
        let packs = gather(&[], &[".".to_owned()])?;
        if packs.all.is_empty() {
            return Err(Failure::input("there is no `.leave` file under the current directory")
                .hint("name files, folders, or packs that come with Byleave (`byleave packs list`)"));
        }
        return Ok(packs);
    }
    let (mut names, mut paths) = (Vec::new(), Vec::new());
    for word in words {
        // A name wins over a folder of that name (`core`): write `./core` for the folder.
        if byleave_packs::get(word).is_some() {
            names.push(word.clone());
        } else if Path::new(word).exists() {
            paths.push(word.clone());
        } else {
            return Err(unknown(word, "neither a file, a folder nor a pack"));
        }
    }
    let packs = gather(&names, &paths)?;
    if packs.all.is_empty() {
        return Err(Failure::input(format!("there is no `.leave` file in `{}`", paths.join("`, `"))));
    }
    Ok(packs)
}

/// What `decide` and its like are given; nothing is every pack that comes with Byleave.
pub fn policy(args: &crate::args::Policy) -> Result<Packs, Failure> {
    if args.packs.is_empty() && args.paths.is_empty() {
        let all: Vec<String> = byleave_packs::all().iter().map(|pack| pack.name.to_owned()).collect();
        return gather(&all, &[]);
    }
    if let Some(name) = args.packs.iter().find(|name| byleave_packs::get(name).is_none()) {
        return Err(unknown(name, "not a pack that comes with Byleave"));
    }
    let packs = gather(&args.packs, &args.paths)?;
    // A folder that is empty by mistake must not pass for a policy that has nothing to say.
    if let Some(path) = args.paths.iter().find(|path| !packs.holds(path)) {
        return Err(Failure::input(format!("there is no `.leave` file in `{path}`")));
    }
    Ok(packs)
}

fn unknown(word: &str, what: &str) -> Failure {
    let failure = Failure::usage(format!("`{word}` is {what}"));
    match did_you_mean(word, byleave_packs::all().iter().map(|pack| pack.name)) {
        Some(best) => failure.hint(format!("did you mean `{best}`? `byleave packs list` names all")),
        None => failure.hint("`byleave packs list` names the packs that come with Byleave"),
    }
}

/// Reads folders, adds packs by name, and follows every `use`.
fn gather(names: &[String], paths: &[String]) -> Result<Packs, Failure> {
    let mut folders: BTreeMap<String, Pack> = BTreeMap::new();
    for path in paths {
        for file in files(path)? {
            let bytes = read(&file)?;
            let folder = shown(file.parent().unwrap_or(Path::new("")));
            let name = shown(&file);
            let test = name.ends_with(".test.leave");
            let pack = folders.entry(folder.clone()).or_insert_with(|| Pack {
                name: folder.clone(),
                folder,
                files: Vec::new(),
                tests: Vec::new(),
                uses: BTreeSet::new(),
                reaches: false,
                asked: true,
            });
            let list = if test { &mut pack.tests } else { &mut pack.files };
            if !list.iter().any(|it| it.name == name) {
                list.push(Text { name, bytes });
            }
        }
    }
    // A test file named alone is nothing without the law beside it.
    for pack in folders.values_mut().filter(|pack| pack.files.is_empty() && !pack.tests.is_empty()) {
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
        if !all.iter().any(|pack| pack.name == *name) {
            all.extend(shipped(name, true));
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
    all.sort_by(|a, b| (a.asked, &a.name).cmp(&(b.asked, &b.name)));
    Ok(Packs { all })
}

/// A pack that comes with Byleave.
fn shipped(name: &str, asked: bool) -> Option<Pack> {
    let source = byleave_packs::get(name)?;
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
    // Whatever its text says: what was looked for under a name is found under it, or looking would never end.
    name.clone_into(&mut pack.name);
    Some(pack)
}

/// Reads the pack's name and what it uses off its text. Only a look ahead to know what else to load: the checker reads
/// the same lines in earnest.
fn describe(pack: &mut Pack) {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let texts: Vec<_> =
        pack.files.iter().chain(&pack.tests).map(|it| String::from_utf8_lossy(&it.bytes)).collect();
    pack.reaches = pack.files.iter().any(|it| says_reach(&it.bytes));
    for line in texts.iter().flat_map(|text| text.lines()) {
        let word = |rest: &str| -> String { rest.trim_start().chars().take_while(|c| is_word(*c)).collect() };
        if let Some(rest) = line.strip_prefix("use ") {
            pack.uses.insert(word(rest));
        } else if let Some(rest) = line.strip_prefix("pack ") {
            pack.name = word(rest);
        }
    }
}

fn says_reach(bytes: &[u8]) -> bool {
    bytes.split(|b| *b == b'\n').any(|line| line.starts_with(b"reaches "))
}

/// The `.leave` files that a path stands for, in order of name.
pub fn files(path: &str) -> Result<Vec<PathBuf>, Failure> {
    let root = PathBuf::from(path);
    let kind = fs::metadata(&root).map_err(|error| Failure::file("read", path, &error))?;
    if !kind.is_dir() {
        return Ok(vec![root]);
    }
    let mut found = Vec::new();
    walk(&root, 0, &mut found).map_err(|error| Failure::file("read", path, &error))?;
    found.sort();
    if found.len() > MAX_FILES {
        let message =
            format!("`{path}` holds {} policy files; a policy has at most {MAX_FILES}", found.len());
        return Err(Failure::input(message));
    }
    Ok(found)
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if depth > DEEPEST {
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
        if kind.is_dir() {
            if !path.join(SKIP).exists() {
                walk(&path, depth + 1, found)?;
            }
        } else if name.ends_with(".leave") && (kind.is_file() || path.is_file()) {
            found.push(path);
        }
    }
    Ok(())
}

/// A policy file's text, read no further than the engine would.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let most = MAX_FILE_BYTES as u64 + 1;
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|error| Failure::file("read", &shown(path), &error))?;
    Ok(bytes)
}

/// A path as people read it, the same on every system.
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

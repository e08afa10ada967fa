//! What a native caller says by name: facts and their words, resolved once; values of the types that have no simple form; the
//! readings of contested law.

use super::FactsBuilder;
use crate::error::{Error, ErrorKind, quoted};
use crate::facts::scalars::expected;
use crate::facts::values::Values;
use crate::facts::{Intake, Slot};
use crate::typed::{Entity, Fact, FactId};
use crate::value::Type;
use crate::wire::{Json, Path};

impl Intake {
    /// The fact of that path: `contact.channel`, and of an event's field `contacts.channel`.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let intake = engine.intake();
    /// assert_ne!(intake.fact("contact.channel")?, intake.fact("contact.purpose")?);
    ///
    /// let error = intake.fact("contact.chanel").unwrap_err();
    /// assert_eq!(error.hint(), Some("did you mean `contact.channel`?"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// Nobody declared it.
    pub fn fact(&self, path: &str) -> Result<FactId, Error> {
        let vocabulary = self.vocabulary();
        vocabulary.fact(path).ok_or_else(|| {
            let error = Error::new(ErrorKind::Input, format!("no fact is called `{}`", quoted(path)));
            error.suggest(path, vocabulary.facts.iter().map(|fact| fact.path.as_str()))
        })
    }

    /// A word as the value of a fact: a node of its taxonomy, or one of its choices.
    ///
    /// ```
    /// use byleave::native::Slot;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let intake = engine.intake();
    /// assert!(matches!(intake.word(intake.fact("contact.channel")?, "sms")?, Slot::Node(_)));
    /// assert_eq!(intake.word(intake.fact("person.language")?, "es")?, Slot::Choice(1));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// The fact has no such word. Unlike in a request, where an undeclared word is an unknown value with a warning: what is
    /// resolved once is written by hand, and a slip.
    pub fn word(&self, fact: FactId, word: &str) -> Result<Slot, Error> {
        let decl = self.decl(fact)?;
        self.slot_of_word(decl, &decl.ty, word)
    }

    /// Words as the value of a fact that is a set; none at all is known none.
    ///
    /// ```
    /// use byleave::native::Slot;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let intake = engine.intake();
    /// let purpose = intake.fact("contact.purpose")?;
    /// // A set has one order, whatever the caller's.
    /// assert_eq!(intake.words(purpose, ["offer", "care"])?, intake.words(purpose, ["care", "offer"])?);
    /// assert_eq!(intake.words(purpose, [])?, Slot::None);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Intake::word`]; the fact is no set of words.
    pub fn words<'w>(&self, fact: FactId, words: impl IntoIterator<Item = &'w str>) -> Result<Slot, Error> {
        let decl = self.decl(fact)?;
        let Type::Set(inner) = &decl.ty else {
            return Err(Error::input(&decl.path, "this fact is no set"));
        };
        let (mut nodes, mut choices) = (Vec::new(), Vec::new());
        for word in words {
            match self.slot_of_word(decl, inner, word)? {
                Slot::Node(node) => nodes.push(node),
                Slot::Choice(at) => choices.push(at),
                _ => {}
            }
        }
        Ok(if choices.is_empty() { Slot::nodes(nodes) } else { Slot::choices(choices) })
    }

    fn decl(&self, fact: FactId) -> Result<&Fact, Error> {
        let decl = self.vocabulary().decl(fact);
        decl.ok_or_else(|| Error::new(ErrorKind::Input, format!("no fact has the number {}", fact.0)))
    }

    fn slot_of_word(&self, decl: &Fact, ty: &Type, word: &str) -> Result<Slot, Error> {
        let no_such =
            |kind: &str| Error::input(&decl.path, format!("no {kind} is called `{}`", quoted(word)));
        match ty {
            Type::Node(taxonomy) => {
                let tree = self.vocabulary().tree(*taxonomy);
                let node = tree.and_then(|tree| tree.find(word)).filter(|node| node.0 != 0);
                node.map(Slot::Node).ok_or_else(|| match tree {
                    Some(tree) => no_such(&tree.name).suggest(word, tree.names()),
                    None => no_such("word"),
                })
            }
            Type::Choice(words) => {
                let at = words.iter().position(|known| known == word).and_then(|at| u16::try_from(at).ok());
                at.map(Slot::Choice)
                    .ok_or_else(|| no_such("word").suggest(word, words.iter().map(String::as_str)))
            }
            _ => Err(Error::input(&decl.path, "the values of this fact are no words")),
        }
    }
}

impl FactsBuilder<'_> {
    /// A fact of a one-of-a-kind entity, read as a request's value is read: for hours, scopes, records and tables, which
    /// have no short form as a [`Slot`].
    ///
    /// ```
    /// use byleave::wire::{Json, Limits};
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let at = byleave::Instant::parse("2026-07-01T16:00:00Z").unwrap();
    /// let fields = engine.intake().fact("contact.fields")?;
    /// let mut facts = engine.intake().builder(at);
    /// facts.set_json(fields, Json::parse(r#"[{"name": "greeting", "place": "body"}]"#, &Limits::MOST)?);
    /// assert!(facts.finish().is_ok());
    ///
    /// let mut facts = engine.intake().builder(at);
    /// facts.set_json(fields, Json::parse(r#"[{"name": 7}]"#, &Limits::MOST)?);
    /// assert_eq!(facts.finish().unwrap_err().path(), Some("contact.fields[0].name"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn set_json(&mut self, fact: FactId, mut json: Json) -> &mut Self {
        let intake = self.intake;
        let decl = match intake.decl(fact) {
            Ok(decl) if !matches!(decl.entity, Entity::Event(_)) => decl,
            Ok(decl) => {
                self.fail(Error::input(&decl.path, "this is the field of an event"));
                return self;
            }
            Err(error) => {
                self.fail(error);
                return self;
            }
        };
        let read = json.admit(&intake.limits).and_then(|()| {
            let mut values = Values { intake, texts: &mut self.texts, warnings: &mut self.warnings };
            values.read(&json, &decl.ty, &Path::ROOT)
        });
        match read {
            Ok(slot) => self.set(fact, slot),
            Err(error) => {
                let below = error.path().unwrap_or_default();
                let dot = if below.is_empty() || below.starts_with('[') { "" } else { "." };
                let path = format!("{}{dot}{below}", decl.path);
                self.fail(error.at(path));
                self
            }
        }
    }

    /// Another reading of contested law than the cautious one, by the setting's name.
    ///
    /// ```
    /// use byleave::wire::Json;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let at = byleave::Instant::parse("2026-07-01T16:00:00Z").unwrap();
    /// let mut facts = engine.intake().builder(at);
    /// facts.choose("shop.existing_customers", &Json::Text("no_question".into()));
    /// assert!(facts.finish().is_ok());
    ///
    /// let mut facts = engine.intake().builder(at);
    /// facts.choose("shop.existing_customers", &Json::Text("sometimes".into()));
    /// assert!(facts.finish().unwrap_err().message().contains("`ask`, `no_question`"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn choose(&mut self, setting: &str, reading: &Json) -> &mut Self {
        let root = Path::ROOT;
        let settings = root.key("settings");
        if let Err(error) = self.choose_at(setting, reading, &settings.key(setting)) {
            self.fail(error);
        }
        self
    }

    pub(crate) fn choose_at(&mut self, name: &str, reading: &Json, at: &Path<'_>) -> Result<(), Error> {
        let intake = self.intake;
        let settings = &intake.policy.settings;
        let found = settings.iter().enumerate().find(|(_, setting)| setting.name == name);
        let Some((index, setting)) = found else {
            let error = Error::input(at, format!("no pack has a setting `{}`", quoted(name)));
            return Err(error.suggest(name, settings.iter().map(|setting| setting.name.as_str())));
        };
        let slot = match (reading, &setting.ty) {
            (Json::Null, _) => return Ok(()),
            // A reading `yes` or `no` may come as what a host's own settings hold.
            (Json::Bool(b), Type::Choice(words)) => {
                let word = if *b { "yes" } else { "no" };
                let n = words.iter().position(|w| w == word).and_then(|n| u16::try_from(n).ok());
                n.map(Slot::Choice).ok_or_else(|| expected("a text", reading, at))?
            }
            (json, ty) => {
                let mut values = Values { intake, texts: &mut self.texts, warnings: &mut self.warnings };
                values.read(json, ty, at)?
            }
        };
        self.setting(index, slot);
        Ok(())
    }
}

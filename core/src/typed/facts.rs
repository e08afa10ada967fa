//! Facts: the intrinsic ones and what packs declare, with their types and their places in a request.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::typed::intrinsic::{ENTITIES, INTRINSICS, Shape, entity_word};
use crate::typed::linker::{Linker, doc, pack_index};
use crate::typed::{Entity, Fact, FactId};
use crate::value::Type;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most facts that one policy may declare.
const MAX_FACTS: usize = 4096;

/// Words that name a type and no taxonomy.
const TYPE_WORDS: &[&str] =
    &["boolean", "integer", "text", "date", "instant", "duration", "scope", "week", "event", "partial date"];

/// Declares every fact. Taxonomies are numbered already.
pub(crate) fn link(cx: &mut Linker<'_>) {
    let mut places: BTreeMap<String, Option<Span>> = BTreeMap::new();
    let mut slots: BTreeMap<Entity, u16> = BTreeMap::new();
    for line in INTRINSICS {
        let path = format!("{}.{}", entity_word(line.entity), line.field);
        places.insert(path.clone(), None);
        let Some(ty) = shape(cx, line.shape) else { continue };
        let missing = if line.missing.is_empty() { path.clone() } else { line.missing.to_string() };
        push(
            cx,
            &mut slots,
            Fact {
                path,
                entity: line.entity,
                field: line.field.to_string(),
                ty,
                absent_none: line.absent_none,
                missing,
                reads: None,
                slot: 0,
                pack: None,
                doc: line.doc.to_string(),
            },
        );
    }
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            let ast::Item::Facts(it) = item else { continue };
            for fact in &it.facts {
                declare(cx, &mut places, &mut slots, pack, it.entity.as_ref(), fact);
            }
        }
    }
}

fn push(cx: &mut Linker<'_>, slots: &mut BTreeMap<Entity, u16>, mut fact: Fact) {
    let slot = slots.entry(fact.entity).or_insert(0);
    fact.slot = *slot;
    *slot = slot.saturating_add(1);
    let id = FactId(u16::try_from(cx.vocabulary.facts.len()).unwrap_or(u16::MAX));
    cx.vocabulary.by_path.insert(fact.path.clone(), id);
    cx.vocabulary.facts.push(fact);
}

fn shape(cx: &Linker<'_>, shape: Shape) -> Option<Type> {
    Some(match shape {
        Shape::Boolean => Type::Boolean,
        Shape::Integer => Type::Integer,
        Shape::Text => Type::Text,
        Shape::Date => Type::Date,
        Shape::PartialDate => Type::PartialDate,
        Shape::Instant => Type::Instant,
        Shape::Choice(words) => Type::Choice(words.iter().map(|w| (*w).to_string()).collect()),
        Shape::Node(name) => Type::Node(cx.taxonomy(name)?),
        Shape::Nodes(name) => Type::Set(Box::new(Type::Node(cx.taxonomy(name)?))),
        Shape::Texts => Type::Set(Box::new(Type::Text)),
        Shape::Records(fields) => {
            let typed = fields.iter().filter_map(|(n, s)| Some(((*n).to_string(), self::shape(cx, *s)?)));
            Type::Records(typed.collect())
        }
        Shape::Scope => Type::Scope,
        Shape::Event => Type::Event,
    })
}

fn declare(
    cx: &mut Linker<'_>,
    places: &mut BTreeMap<String, Option<Span>>,
    slots: &mut BTreeMap<Entity, u16>,
    pack: usize,
    entity: Option<&ast::Name>,
    fact: &ast::Fact,
) {
    let name = &fact.name;
    let (word, field, place) = match entity {
        Some(entity) => (entity.text.as_str(), name.text.as_str(), entity.span),
        None => match name.text.split_once('.') {
            Some((word, field)) => (word, field, name.span),
            None => (name.text.as_str(), "", name.span),
        },
    };
    let Some((_, entity)) = ENTITIES.iter().find(|(w, _)| *w == word) else {
        let diagnostic = Diagnostic::new("E0308", place, format!("`{word}` is nothing that can have facts"))
            .suggest(word, ENTITIES.iter().map(|(w, _)| *w));
        cx.report(diagnostic);
        return;
    };
    if field.is_empty() {
        cx.error("E0308", name.span, "a fact is named after what it belongs to, as in `person.birth_date`");
        return;
    }
    let path = format!("{word}.{field}");
    if !admit(cx, places, &path, name.span) {
        return;
    }
    // One record is so many facts below the record's name.
    let ast::FactTypeKind::Record(fields) = &fact.ty.kind else {
        if let Some(ty) = fact_type(cx, pack, &fact.ty, false) {
            add(cx, slots, pack, *entity, field, ty, fact);
        }
        return;
    };
    for part in fields {
        let field = format!("{field}.{}", part.name.text);
        let path = format!("{word}.{field}");
        if admit(cx, places, &path, part.name.span)
            && let Some(ty) = fact_type(cx, pack, &part.ty, true)
        {
            add(cx, slots, pack, *entity, &field, ty, fact);
        }
    }
}

/// Whether nothing has that path yet.
fn admit(cx: &mut Linker<'_>, places: &mut BTreeMap<String, Option<Span>>, path: &str, span: Span) -> bool {
    match places.get(path) {
        None => {}
        Some(None) => {
            cx.error("E0211", span, format!("`{path}` is a fact that the engine declares itself"));
            return false;
        }
        Some(Some(first)) => {
            let diagnostic = Diagnostic::new("E0202", span, format!("fact `{path}` is declared twice"))
                .label(*first, "first here");
            cx.report(diagnostic);
            return false;
        }
    }
    if cx.vocabulary.facts.len() >= MAX_FACTS {
        cx.error("E0707", span, format!("a policy declares at most {MAX_FACTS} facts"));
        return false;
    }
    places.insert(path.to_string(), Some(span));
    true
}

fn add(
    cx: &mut Linker<'_>,
    slots: &mut BTreeMap<Entity, u16>,
    pack: usize,
    entity: Entity,
    field: &str,
    ty: Type,
    fact: &ast::Fact,
) {
    let path = format!("{}.{field}", entity_word(entity));
    push(
        cx,
        slots,
        Fact {
            missing: fact.missing.as_ref().map_or_else(|| path.clone(), |n| n.text.clone()),
            path,
            entity,
            field: field.to_string(),
            ty,
            absent_none: fact.absent_none.is_some(),
            reads: fact.reads.as_ref().map(|t| t.value.clone()),
            slot: 0,
            pack: Some(pack_index(pack)),
            doc: doc(fact.doc.as_ref()),
        },
    );
}

/// A written type. Inside a record there are no further records and no maps.
fn fact_type(cx: &mut Linker<'_>, pack: usize, ty: &ast::FactType, inside: bool) -> Option<Type> {
    let value = match &ty.kind {
        ast::FactTypeKind::Named(name) => named(cx, pack, name)?,
        ast::FactTypeKind::PartialDate => Type::PartialDate,
        ast::FactTypeKind::SetOf(name) => {
            let member = named(cx, pack, name)?;
            if !matches!(member, Type::Node(_) | Type::Text) {
                cx.error(
                    "E0308",
                    name.span,
                    format!("there are sets of nodes and of texts, none of `{}`", name.text),
                );
                return None;
            }
            Type::Set(Box::new(member))
        }
        ast::FactTypeKind::OneOf(words) => choice(cx, words)?,
        ast::FactTypeKind::ListOf(fields) if !inside => {
            let mut typed: Vec<(String, Type)> = Vec::new();
            for field in fields {
                let name = &field.name;
                if typed.iter().any(|(n, _)| *n == name.text) {
                    cx.error(
                        "E0202",
                        name.span,
                        format!("field `{}` stands twice in this record", name.text),
                    );
                } else if let Some(ty) = fact_type(cx, pack, &field.ty, true) {
                    typed.push((name.text.clone(), ty));
                }
            }
            Type::Records(typed.into())
        }
        ast::FactTypeKind::ListOf(_) | ast::FactTypeKind::Record(_) => {
            cx.error("E0308", ty.span, "a record holds no further records");
            return None;
        }
    };
    if ty.by.is_empty() {
        return Some(value);
    }
    if inside || ty.by.len() > 2 {
        cx.error("E0308", ty.span, "a map is a fact by itself, by one or two taxonomies");
        return None;
    }
    let mut keys = Vec::new();
    for key in &ty.by {
        match cx.taxonomy(&key.text) {
            Some(id) => keys.push(id),
            None => {
                unknown_type(cx, key);
                return None;
            }
        }
    }
    if !matches!(
        value,
        Type::Integer | Type::Boolean | Type::Date | Type::Instant | Type::Duration | Type::Text
    ) {
        cx.error(
            "E0308",
            ty.span,
            "a map holds whole numbers, yes or no, dates, instants, lengths of time or texts",
        );
        return None;
    }
    Some(Type::Map(keys.into(), Box::new(value)))
}

fn named(cx: &mut Linker<'_>, pack: usize, name: &ast::Name) -> Option<Type> {
    Some(match name.text.as_str() {
        "boolean" => Type::Boolean,
        "integer" => Type::Integer,
        "text" => Type::Text,
        "date" => Type::Date,
        "instant" => Type::Instant,
        "duration" => Type::Duration,
        "scope" => Type::Scope,
        "week" => Type::Week,
        "event" => Type::Event,
        other => match cx.taxonomy(other) {
            Some(id) => {
                cx.use_taxonomy(pack, id);
                Type::Node(id)
            }
            None => {
                unknown_type(cx, name);
                return None;
            }
        },
    })
}

fn unknown_type(cx: &mut Linker<'_>, name: &ast::Name) {
    let candidates =
        TYPE_WORDS.iter().copied().chain(cx.vocabulary.taxonomies.iter().map(|t| t.name.as_str()));
    let diagnostic =
        Diagnostic::new("E0308", name.span, format!("`{}` is neither a type nor a taxonomy", name.text))
            .suggest(&name.text, candidates);
    cx.report(diagnostic);
}

/// `one of [a, b]`
pub(crate) fn choice(cx: &mut Linker<'_>, words: &[ast::Name]) -> Option<Type> {
    let mut out: Vec<String> = Vec::new();
    for word in words {
        if out.contains(&word.text) {
            cx.error("E0202", word.span, format!("`{}` stands twice in this choice", word.text));
            return None;
        }
        out.push(word.text.clone());
    }
    Some(Type::Choice(Arc::from(out)))
}

impl Linker<'_> {
    /// Notes that a pack reads a taxonomy, so that its `use` is not idle.
    pub fn use_taxonomy(&mut self, pack: usize, id: crate::taxonomy::TaxonomyId) {
        let owners: Vec<usize> = self
            .vocabulary
            .tree(id)
            .map(|t| t.nodes.iter().skip(1).map(|n| usize::from(n.pack)).collect())
            .unwrap_or_default();
        for owner in owners {
            self.used.packs.insert((pack, owner));
        }
    }

    /// The fact of that path as seen from a pack; a fact of a pack that is not used is reported and found all the same.
    pub fn fact(&mut self, pack: usize, path: &str, span: Span) -> Option<(FactId, Type)> {
        let id = self.vocabulary.fact(path)?;
        let fact = self.vocabulary.decl(id)?;
        let ty = fact.ty.clone();
        if let Some(owner) = fact.pack.map(usize::from)
            && owner != pack
        {
            self.used.packs.insert((pack, owner));
            if !self.packs.get(pack).is_some_and(|p| p.uses.iter().any(|u| u.0 == owner)) {
                self.not_used(pack, owner, span, path);
            }
        }
        Some((id, ty))
    }
}

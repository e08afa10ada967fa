//! Taxonomies: gathers the nodes that all packs declare, refuses what would change another pack's tree, numbers them.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::taxonomy::{NodeId, Seed, Taxonomy, TaxonomyId};
use crate::typed::AddressList;
use crate::typed::linker::{Linker, doc, pack_index};
use std::collections::BTreeMap;

/// The name of the taxonomy whose nodes are the declared lists.
pub(crate) const LIST: &str = "list";

struct Draft {
    pack: usize,
    span: Span,
    /// Written after the taxonomy's name: every node carries them.
    marks: Vec<String>,
    seeds: Vec<Seed>,
    places: Vec<Span>,
    by_name: BTreeMap<String, usize>,
    /// A node added by an item names its parent, which may be declared later.
    open: Vec<(usize, ast::Name)>,
}

/// Declares every taxonomy and its nodes.
pub(crate) fn link(cx: &mut Linker<'_>) {
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    declare(cx, &mut drafts);
    lists(cx, &mut drafts);
    // The trees as declared first: what a pack adds comes after them, wherever its name stands in the order.
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            let ast::Item::Taxonomy(it) = item else { continue };
            if let Some(draft) = drafts.get_mut(&it.name.text).filter(|d| d.span == it.name.span) {
                for node in &it.nodes {
                    add(cx, draft, &it.name.text, pack, node, None);
                }
            }
        }
    }
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            let ast::Item::Node(it) = item else { continue };
            let Some(draft) = drafts.get_mut(&it.taxonomy.text) else {
                let names: Vec<&str> = drafts.keys().map(String::as_str).collect();
                let diagnostic = Diagnostic::new(
                    "E0401",
                    it.taxonomy.span,
                    format!("unknown taxonomy `{}`", it.taxonomy.text),
                )
                .suggest(&it.taxonomy.text, names);
                cx.report(diagnostic);
                continue;
            };
            cx.used.packs.insert((pack, draft.pack));
            if let Some(seed) = add(cx, draft, &it.taxonomy.text, pack, &it.node, None)
                && let Some(parent) = &it.parent
            {
                draft.open.push((seed, parent.clone()));
            }
        }
    }
    for (name, mut draft) in drafts {
        parents(cx, &mut draft, &name);
        let id = TaxonomyId(u16::try_from(cx.vocabulary.taxonomies.len()).unwrap_or(u16::MAX));
        cx.vocabulary.taxonomies.push(Taxonomy::number(&name, &draft.seeds));
        cx.vocabulary.by_name.insert(name, id);
    }
}

fn declare(cx: &mut Linker<'_>, drafts: &mut BTreeMap<String, Draft>) {
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            let ast::Item::Taxonomy(it) = item else { continue };
            if let Some(first) = drafts.get(&it.name.text) {
                let diagnostic = Diagnostic::new(
                    "E0202",
                    it.name.span,
                    format!("taxonomy `{}` is declared twice", it.name.text),
                )
                .label(first.span, "first here")
                .hint(format!("add nodes with `{} NODE is PARENT`", it.name.text));
                cx.report(diagnostic);
                continue;
            }
            if it.name.text == LIST {
                cx.error("E0211", it.name.span, "the taxonomy `list` is made of the `list` items themselves");
                continue;
            }
            let mut draft = Draft::new(pack, it.name.span);
            draft.marks = it.marks.iter().map(|m| m.text.clone()).collect();
            drafts.insert(it.name.text.clone(), draft);
        }
    }
}

/// The declared lists of addresses are the nodes of the taxonomy `list`.
fn lists(cx: &mut Linker<'_>, drafts: &mut BTreeMap<String, Draft>) {
    let mut places: BTreeMap<String, Span> = BTreeMap::new();
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            let ast::Item::List(it) = item else { continue };
            if let Some(first) = places.get(&it.name.text) {
                let diagnostic = Diagnostic::new(
                    "E0202",
                    it.name.span,
                    format!("list `{}` is declared twice", it.name.text),
                )
                .label(*first, "first here");
                cx.report(diagnostic);
                continue;
            }
            places.insert(it.name.text.clone(), it.name.span);
            let good_days = it.good_for.as_ref().and_then(|amount| good_days(cx, amount));
            let law = cx.law(it.sheet.as_ref(), &it.cite, it.verified.as_ref());
            cx.vocabulary.lists.push(AddressList {
                name: it.name.text.clone(),
                good_days,
                unless_listed: it.unless_listed,
                missing: it.missing.as_ref().map_or_else(|| it.name.text.clone(), |n| n.text.clone()),
                law,
                because: it.because.as_ref().map_or_else(String::new, super::settings::plain),
            });
            let draft = drafts.entry(LIST.to_string()).or_insert_with(|| Draft::new(pack, it.name.span));
            draft.push(
                Seed {
                    name: it.name.text.clone(),
                    parent: None,
                    marks: Vec::new(),
                    pack: pack_index(pack),
                    doc: doc(it.doc.as_ref()),
                },
                it.name.span,
            );
        }
    }
    cx.vocabulary.lists.sort_by(|a, b| a.name.cmp(&b.name));
}

fn good_days(cx: &mut Linker<'_>, amount: &ast::Amount) -> Option<u32> {
    let n = u32::try_from(amount.count.value).ok();
    let days = match amount.unit {
        ast::Unit::Day | ast::Unit::LocalDay => n,
        ast::Unit::Week => n.and_then(|n| n.checked_mul(7)),
        _ => None,
    };
    if days.is_none() {
        cx.error("E0307", amount.span, "a list is good for a number of days");
    }
    days
}

impl Draft {
    fn new(pack: usize, span: Span) -> Draft {
        Draft {
            pack,
            span,
            marks: Vec::new(),
            seeds: Vec::new(),
            places: Vec::new(),
            by_name: BTreeMap::new(),
            open: Vec::new(),
        }
    }

    fn push(&mut self, seed: Seed, span: Span) -> usize {
        let index = self.seeds.len();
        self.by_name.insert(seed.name.clone(), index);
        self.seeds.push(seed);
        self.places.push(span);
        index
    }
}

/// Adds a node and what stands under it. Nesting is bounded by the parser.
fn add(
    cx: &mut Linker<'_>,
    draft: &mut Draft,
    taxonomy: &str,
    pack: usize,
    node: &ast::Node,
    parent: Option<usize>,
) -> Option<usize> {
    let name = &node.name;
    if matches!(name.text.as_str(), "any" | "none") {
        let message = format!("`{}` means something by itself and cannot name a node", name.text);
        cx.error("E0211", name.span, message);
        return None;
    }
    if let Some(&first) = draft.by_name.get(&name.text) {
        let theirs = draft.seeds.get(first).map_or(usize::MAX, |s| usize::from(s.pack));
        let place = draft.places.get(first).copied().unwrap_or(draft.span);
        let diagnostic = if theirs == pack {
            Diagnostic::new(
                "E0403",
                name.span,
                format!("`{}` stands twice in taxonomy `{taxonomy}`", name.text),
            )
        } else {
            let owner = cx.pack_name(theirs).to_string();
            Diagnostic::new(
                "E0404",
                name.span,
                format!(
                    "`{}` is a node of pack `{owner}`: no other pack may give it a parent or marks",
                    name.text
                ),
            )
            .hint("add a node of your own below it")
        };
        cx.report(diagnostic.label(place, "declared here"));
        return None;
    }
    let mut all: Vec<String> =
        draft.marks.iter().cloned().chain(node.marks.iter().map(|m| m.text.clone())).collect();
    all.sort();
    all.dedup();
    let seed = Seed {
        name: name.text.clone(),
        parent,
        marks: all,
        pack: pack_index(pack),
        doc: doc(node.doc.as_ref()),
    };
    let index = draft.push(seed, name.span);
    for child in &node.children {
        add(cx, draft, taxonomy, pack, child, Some(index));
    }
    Some(index)
}

/// Hangs added nodes under the parents they name, unless that would make a circle.
fn parents(cx: &mut Linker<'_>, draft: &mut Draft, taxonomy: &str) {
    for (index, parent) in std::mem::take(&mut draft.open) {
        if parent.text == "any" {
            continue;
        }
        let Some(&above) = draft.by_name.get(&parent.text) else {
            let diagnostic = Diagnostic::new(
                "E0402",
                parent.span,
                format!("`{}` is no node of taxonomy `{taxonomy}`", parent.text),
            )
            .suggest(&parent.text, draft.by_name.keys().map(String::as_str));
            cx.report(diagnostic);
            continue;
        };
        let mut at = Some(above);
        let mut circle = false;
        while let Some(i) = at {
            if i == index {
                circle = true;
                break;
            }
            at = draft.seeds.get(i).and_then(|s| s.parent);
        }
        if circle {
            let place = draft.places.get(above).copied().unwrap_or(parent.span);
            let diagnostic =
                Diagnostic::new("E0405", parent.span, format!("`{}` would stand above itself", parent.text))
                    .label(place, "it stands here");
            cx.report(diagnostic);
            continue;
        }
        if let Some(seed) = draft.seeds.get_mut(index) {
            seed.parent = Some(above);
        }
    }
}

impl Linker<'_> {
    /// The node of that taxonomy, or a diagnostic.
    pub fn node(&mut self, pack: usize, taxonomy: TaxonomyId, name: &ast::Name) -> Option<NodeId> {
        let tree = self.vocabulary.tree(taxonomy)?;
        if let Some(id) = tree.find(&name.text) {
            if let Some(node) = tree.node(id)
                && id != NodeId::ROOT
            {
                self.used.packs.insert((pack, usize::from(node.pack)));
            }
            return Some(id);
        }
        let mut diagnostic = Diagnostic::new(
            "E0402",
            name.span,
            format!("`{}` is no node of taxonomy `{}`", name.text, tree.name),
        )
        .suggest(&name.text, tree.names());
        let others: Vec<&str> = self
            .vocabulary
            .taxonomies
            .iter()
            .filter(|t| t.name != tree.name && t.find(&name.text).is_some())
            .map(|t| t.name.as_str())
            .collect();
        if let Some(other) = others.first()
            && diagnostic.hint.is_none()
        {
            diagnostic = diagnostic.hint(format!("`{}` is a node of taxonomy `{other}`", name.text));
        }
        self.report(diagnostic);
        None
    }

    /// The taxonomy of that name.
    pub fn taxonomy(&self, name: &str) -> Option<TaxonomyId> {
        self.vocabulary.by_name.get(name).copied()
    }

    /// Its name.
    pub fn taxonomy_name(&self, id: TaxonomyId) -> &str {
        self.vocabulary.tree(id).map_or("?", |t| t.name.as_str())
    }
}

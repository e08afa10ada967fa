//! Hierarchies declared in policy: channel, purpose, topic, level, sender, data category and whatever a pack adds.
//!
//! Nodes are numbered in pre-order when every pack has been linked, so that "`a` is `b`" is two comparisons of
//! numbers: *Euler numbering*, the invariant every reader of [`NodeId`] leans on.

use std::collections::BTreeMap;

/// Which taxonomy, in the order of declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxonomyId(pub u16);

/// A node of one taxonomy: its pre-order number. The root, called `any`, is 0.
///
/// ```
/// use byleave::native::{NodeId, Slot};
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let channel = engine.intake().fact("contact.channel")?;
/// let Slot::Node(sms) = engine.intake().word(channel, "sms")? else { panic!() };
/// assert_ne!(sms, NodeId::ROOT);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The root of every taxonomy, written `any`.
    pub const ROOT: NodeId = NodeId(0);
}

/// One node as declared, with its place in the numbering.
#[derive(Clone, Debug)]
pub struct Node {
    /// Full name, unique in its taxonomy; may contain dots.
    pub name: String,
    /// The parent; the root is its own.
    pub parent: NodeId,
    /// One past the last descendant's number.
    pub end: u32,
    /// Attributes written after `marked`, on this node itself.
    pub marks: Vec<String>,
    /// Index of the pack that declared it.
    pub pack: u16,
    /// The doc comment, if any.
    pub doc: String,
}

/// A named hierarchy.
#[derive(Clone, Debug, Default)]
pub struct Taxonomy {
    /// The word that declares and asks it: `channel`.
    pub name: String,
    /// Nodes by [`NodeId`]: the Euler numbering.
    pub nodes: Vec<Node>,
    by_name: BTreeMap<String, NodeId>,
}

/// A node to be numbered: name, parent's index in the same list (`None`: under the root), marks, pack, doc.
#[derive(Clone, Debug)]
pub struct Seed {
    /// Full name.
    pub name: String,
    /// Index of the parent among the seeds; `None` is the root. A parent may stand after its child.
    pub parent: Option<usize>,
    /// Attributes.
    pub marks: Vec<String>,
    /// Index of the declaring pack.
    pub pack: u16,
    /// Doc comment.
    pub doc: String,
}

impl Taxonomy {
    /// Numbers the seeds in pre-order, siblings by name, so that the numbers do not hang on the order of packs (law 4).
    /// Seeds on a cycle, or with a parent out of range, are left out: the checker has refused them already.
    #[must_use]
    pub fn number(name: &str, seeds: &[Seed]) -> Taxonomy {
        let mut children: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        for (i, seed) in seeds.iter().enumerate() {
            children.entry(seed.parent).or_default().push(i);
        }
        for list in children.values_mut() {
            list.sort_by(|a, b| seeds.get(*a).map(|s| &s.name).cmp(&seeds.get(*b).map(|s| &s.name)));
        }
        let root = Node {
            name: "any".to_string(),
            parent: NodeId::ROOT,
            end: 1,
            marks: Vec::new(),
            pack: 0,
            doc: String::new(),
        };
        let mut out = Taxonomy { name: name.to_string(), nodes: vec![root], by_name: BTreeMap::new() };
        out.by_name.insert("any".to_string(), NodeId::ROOT);
        // An explicit stack: a taxonomy's depth must never become the machine's stack (law 10).
        let mut stack: Vec<(usize, NodeId)> = Vec::new();
        for &i in children.get(&None).map(Vec::as_slice).unwrap_or_default().iter().rev() {
            stack.push((i, NodeId::ROOT));
        }
        while let Some((i, parent)) = stack.pop() {
            let Some(seed) = seeds.get(i) else { continue };
            let id = NodeId(u32::try_from(out.nodes.len()).unwrap_or(u32::MAX));
            out.nodes.push(Node {
                name: seed.name.clone(),
                parent,
                end: id.0 + 1,
                marks: seed.marks.clone(),
                pack: seed.pack,
                doc: seed.doc.clone(),
            });
            out.by_name.insert(seed.name.clone(), id);
            for &c in children.get(&Some(i)).map(Vec::as_slice).unwrap_or_default().iter().rev() {
                stack.push((c, id));
            }
        }
        out.close();
        out
    }

    /// Nodes that are numbered already, their parents set: `None` when they are not in pre-order, or a name stands twice.
    pub(crate) fn of_nodes(name: String, mut nodes: Vec<Node>) -> Option<Taxonomy> {
        let mut by_name = BTreeMap::new();
        // The path from the root to the node before.
        let mut path: Vec<NodeId> = Vec::new();
        for (n, node) in (0u32..).zip(&mut nodes) {
            let id = NodeId(n);
            if id == NodeId::ROOT {
                (node.parent == NodeId::ROOT).then_some(())?;
            } else {
                while *path.last()? != node.parent {
                    path.pop();
                }
            }
            path.push(id);
            node.end = n + 1;
            by_name.insert(node.name.clone(), id).is_none().then_some(())?;
        }
        by_name.contains_key("any").then_some(())?;
        let mut out = Taxonomy { name, nodes, by_name };
        out.close();
        Some(out)
    }

    /// Works out where each node's descendants end.
    fn close(&mut self) {
        for i in (1..self.nodes.len()).rev() {
            let (end, parent) = match self.nodes.get(i) {
                Some(n) => (n.end, n.parent.0 as usize),
                None => continue,
            };
            if let Some(p) = self.nodes.get_mut(parent) {
                p.end = p.end.max(end);
            }
        }
    }

    /// The node of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<NodeId> {
        self.by_name.get(name).copied()
    }

    /// The node, if the number is one of ours.
    #[inline]
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    /// Its name; `?` for a number that is none of ours.
    #[must_use]
    pub fn name_of(&self, id: NodeId) -> &str {
        self.node(id).map_or("?", |n| &n.name)
    }

    /// `a` is `b` or stands below it.
    #[inline]
    #[must_use]
    pub fn is(&self, a: NodeId, b: NodeId) -> bool {
        self.node(b).is_some_and(|n| b.0 <= a.0 && a.0 < n.end)
    }

    /// The node itself carries the mark.
    #[must_use]
    pub fn marked(&self, id: NodeId, mark: &str) -> bool {
        self.node(id).is_some_and(|n| n.marks.iter().any(|m| m == mark))
    }

    /// The node or one of its ancestors carries the mark: marks are inherited.
    #[must_use]
    pub fn inherits(&self, id: NodeId, mark: &str) -> bool {
        self.nearest_marked(id, mark).is_some()
    }

    /// The node itself or its nearest ancestor that carries the mark.
    #[must_use]
    pub fn nearest_marked(&self, id: NodeId, mark: &str) -> Option<NodeId> {
        let mut at = id;
        loop {
            if self.marked(at, mark) {
                return Some(at);
            }
            if at == NodeId::ROOT {
                return None;
            }
            at = self.node(at)?.parent;
        }
    }

    /// Every name, in the numbering's order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(|n| n.name.as_str())
    }
}

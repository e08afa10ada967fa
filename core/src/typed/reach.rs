//! Reach: where the root policy's silence is leave.

use crate::ast;
use crate::diag::Diagnostic;
use crate::taxonomy::NodeId;
use crate::typed::Reach;
use crate::typed::linker::{Linker, pack_index};

/// Types every `reaches`; a pack that others use may not have one.
pub(crate) fn link(cx: &mut Linker<'_>) -> (Vec<Reach>, u16) {
    let mut out: Vec<Reach> = Vec::new();
    let mut root: Option<usize> = None;
    for pack in 0..cx.packs.len() {
        let users: Vec<String> =
            cx.packs.iter().filter(|p| p.uses.iter().any(|u| u.0 == pack)).map(|p| p.name.clone()).collect();
        for item in cx.items(pack) {
            let ast::Item::Reaches(it) = item else { continue };
            if let Some(user) = users.first() {
                let message = format!(
                    "a pack that others use (`{user}`) cannot say where contacts may go: it would widen their leave"
                );
                let diagnostic = Diagnostic::new("E0602", it.span, message)
                    .hint("write `reaches` in the policy that uses it");
                cx.report(diagnostic);
                continue;
            }
            if let Some(first) = out.first().filter(|_| root != Some(pack)) {
                let diagnostic = Diagnostic::new(
                    "E0602",
                    it.span,
                    "two packs say where contacts may go; one of them is the policy, and only that one may",
                )
                .label(first.span, "said here first");
                cx.report(diagnostic);
                continue;
            }
            root = Some(pack);
            let jurisdictions = nodes(cx, pack, "jurisdiction", &it.jurisdictions, it.span);
            let channels = if it.channels.is_empty() {
                Some(vec![NodeId::ROOT])
            } else {
                nodes(cx, pack, "channel", &it.channels, it.span)
            };
            if let (Some(jurisdictions), Some(channels)) = (jurisdictions, channels) {
                out.push(Reach { jurisdictions, channels, span: it.span });
            }
        }
    }
    (out, root.map_or(0, pack_index))
}

fn nodes(
    cx: &mut Linker<'_>,
    pack: usize,
    taxonomy: &str,
    names: &[ast::Name],
    span: crate::source::Span,
) -> Option<Vec<NodeId>> {
    let Some(id) = cx.taxonomy(taxonomy) else {
        cx.error("E0401", span, format!("no loaded pack declares the taxonomy `{taxonomy}`"));
        return None;
    };
    cx.nodes(pack, id, names)
}

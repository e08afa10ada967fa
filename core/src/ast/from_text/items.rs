//! Declarations: packs, taxonomies, facts, lists, definitions, settings, dated values, instruments, reach.

use super::super::{Cond, CondKind};
use super::super::{
    Dated, Define, DefineBody, Edition, EditionValue, Element, Fact, FactType, FactTypeKind, Facts,
    Instrument, Item, Lasts, List, Name, Node, NodeItem, Pack, Reaches, RecordField, Setting, SettingType,
    Taxonomy, Text, Use, Void,
};
use super::reader::{Reader, part, parts};
use crate::diag::Diagnostic;
use crate::source::Span;
use byleave_grammar::Rule;
use pest::iterators::Pair;

impl<'s> Reader<'s> {
    /// One item.
    pub fn item(&mut self, pair: Pair<'s, Rule>) -> Option<Item> {
        let pair = if pair.as_rule() == Rule::item { part(pair)? } else { pair };
        Some(match pair.as_rule() {
            Rule::pack => Item::Pack(self.pack(pair)),
            Rule::use_pack => {
                let span = self.span(&pair);
                Item::Use(Use { doc: self.doc(span), pack: self.some_name(part(pair), span), span })
            }
            Rule::taxonomy => Item::Taxonomy(self.taxonomy(pair)),
            Rule::node_item => Item::Node(self.node_item(pair)),
            Rule::facts => self.facts(pair),
            Rule::fact_item => {
                let span = self.span(&pair);
                let doc = self.doc(span);
                let fact = self.fact(part(pair)?, doc);
                Item::Facts(Facts { doc: None, entity: None, facts: vec![fact], span })
            }
            Rule::list => Item::List(self.list(pair)),
            Rule::define => Item::Define(self.define(pair)),
            Rule::rule_item => Item::Rule(self.rule(pair)),
            Rule::exemption => Item::Exemption(self.exemption(pair)),
            Rule::setting => Item::Setting(self.setting(pair)),
            Rule::dated => Item::Dated(self.dated(pair)),
            Rule::instrument => Item::Instrument(self.instrument(pair)),
            Rule::table => Item::Table(self.table(pair)),
            Rule::calendar => Item::Calendar(self.calendar(pair)),
            Rule::reaches => {
                let span = self.span(&pair);
                let doc = self.doc(span);
                let mut inner = parts(pair);
                let jurisdictions = inner.next().map_or(Vec::new(), |places| self.names(places));
                let channels = inner.next().map_or(Vec::new(), |channels| self.names(channels));
                Item::Reaches(Reaches { doc, jurisdictions, channels, span })
            }
            Rule::reply => Item::Reply(self.reply(pair)),
            Rule::test => Item::Test(self.test(pair)),
            Rule::cases => Item::Cases(self.cases(pair)),
            Rule::base_item => Item::Base(self.base(pair)),
            _ => return None,
        })
    }

    /// Reports a clause that stands twice.
    pub fn given_twice(&mut self, twice: bool, word: &str, span: Span) {
        if twice {
            let message = format!("`{word}` is given twice");
            self.report(Diagnostic::new("E0107", span, message).hint("join the two, or drop one"));
        }
    }

    fn pack(&mut self, pair: Pair<'s, Rule>) -> Pack {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let (source, title, edition) = (Vec::new(), None, None);
        let (reviewed, clock, business_days, version) = (None, None, None, None);
        let mut pack =
            Pack { doc, name, title, source, edition, reviewed, clock, business_days, version, span };
        for field in inner {
            let at = self.span(&field);
            let word = field.clone().into_inner().next();
            let (rule, word) = word.map_or((Rule::pack_field, ""), |word| (word.as_rule(), word.as_str()));
            let Some(value) = part(field) else { continue };
            let twice = match rule {
                Rule::kw_title => pack.title.replace(self.text(&value)).is_some(),
                Rule::kw_edition => pack.edition.replace(self.text(&value)).is_some(),
                Rule::kw_version => pack.version.replace(self.text(&value)).is_some(),
                Rule::kw_reviewed => pack.reviewed.replace(self.date(&value)).is_some(),
                Rule::kw_clock => pack.clock.replace(self.name(&value)).is_some(),
                Rule::kw_business_days => pack.business_days.replace(self.name(&value)).is_some(),
                _ => {
                    pack.source.extend(self.texts(value));
                    false
                }
            };
            self.given_twice(twice, word, at);
        }
        pack
    }

    fn taxonomy(&mut self, pair: Pair<'s, Rule>) -> Taxonomy {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let mut taxonomy = Taxonomy { doc, name, marks: Vec::new(), nodes: Vec::new(), span };
        for piece in inner {
            match piece.as_rule() {
                Rule::marks => taxonomy.marks = self.marks(piece),
                _ => taxonomy.nodes = self.nodes(piece),
            }
        }
        taxonomy
    }

    fn nodes(&mut self, block: Pair<'s, Rule>) -> Vec<Node> {
        parts(block).map(|node| self.node(node)).collect()
    }

    fn node(&mut self, pair: Pair<'s, Rule>) -> Node {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let mut node = Node { doc, name, marks: Vec::new(), children: Vec::new(), span };
        for piece in inner {
            match piece.as_rule() {
                Rule::marks_one => node.marks = self.marks(piece),
                _ => node.children = self.nodes(piece),
            }
        }
        node
    }

    fn marks(&self, pair: Pair<'s, Rule>) -> Vec<Name> {
        match part(pair) {
            Some(names) if names.as_rule() == Rule::name => vec![self.name(&names)],
            Some(names) => self.names(names),
            None => Vec::new(),
        }
    }

    fn node_item(&mut self, pair: Pair<'s, Rule>) -> NodeItem {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let taxonomy = self.some_name(inner.next(), span);
        let name = self.some_name(inner.next(), span);
        let node_span = name.span.to(span);
        let node_span = Span { start: name.span.start, ..node_span };
        let mut node = Node { doc, name, marks: Vec::new(), children: Vec::new(), span: node_span };
        let mut parent = None;
        for piece in inner {
            match piece.as_rule() {
                Rule::is_parent => parent = part(piece).map(|name| self.name(&name)),
                Rule::marks => node.marks = self.marks(piece),
                _ => node.children = self.nodes(piece),
            }
        }
        NodeItem { taxonomy, parent, node, span }
    }

    fn facts(&mut self, pair: Pair<'s, Rule>) -> Item {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let entity = Some(self.some_name(inner.next(), span));
        let mut facts = Vec::new();
        for fact in inner {
            let at = self.span(&fact);
            let doc = self.doc(at);
            facts.push(self.fact(fact, doc));
        }
        Item::Facts(Facts { doc, entity, facts, span })
    }

    fn fact(&mut self, pair: Pair<'s, Rule>, doc: Option<super::super::Doc>) -> Fact {
        let span = self.span(&pair);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let ty = match inner.next() {
            Some(ty) => self.fact_type(ty),
            None => FactType { kind: FactTypeKind::Named(name.clone()), by: Vec::new(), span },
        };
        let mut fact = Fact { doc, name, ty, missing: None, reads: None, absent_none: None, span };
        for attr in inner {
            let at = self.span(&attr);
            let word = attr.clone().into_inner().next().map_or("", |word| word.as_str());
            let twice = match part(attr) {
                None => fact.absent_none.replace(at).is_some(),
                Some(text) if text.as_rule() == Rule::text => fact.reads.replace(self.text(&text)).is_some(),
                Some(name) => fact.missing.replace(self.name(&name)).is_some(),
            };
            self.given_twice(twice, word, at);
        }
        fact
    }

    fn fact_type(&mut self, pair: Pair<'s, Rule>) -> FactType {
        let span = self.span(&pair);
        let mut inner = parts(pair);
        let kind = match inner.next() {
            None => FactTypeKind::PartialDate,
            Some(kind) => {
                let at = self.span(&kind);
                match kind.as_rule() {
                    Rule::partial_date => FactTypeKind::PartialDate,
                    Rule::set_of => FactTypeKind::SetOf(self.some_name(part(kind), at)),
                    Rule::one_of => {
                        FactTypeKind::OneOf(part(kind).map_or(Vec::new(), |names| self.names(names)))
                    }
                    Rule::list_of => {
                        FactTypeKind::ListOf(part(kind).map_or(Vec::new(), |record| self.record_type(record)))
                    }
                    Rule::record_type => FactTypeKind::Record(self.record_type(kind)),
                    _ => FactTypeKind::Named(self.some_name(part(kind), at)),
                }
            }
        };
        let by = inner.next().map_or(Vec::new(), |keys| self.names(keys));
        FactType { kind, by, span }
    }

    fn record_type(&mut self, pair: Pair<'s, Rule>) -> Vec<RecordField> {
        let mut fields = Vec::new();
        for field in parts(pair) {
            let span = self.span(&field);
            let doc = self.doc(span);
            let mut inner = parts(field);
            let name = self.some_name(inner.next(), span);
            if let Some(ty) = inner.next() {
                let ty = self.fact_type(ty);
                fields.push(RecordField { doc, name, ty, span });
            }
        }
        fields
    }

    fn list(&mut self, pair: Pair<'s, Rule>) -> List {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let (cite, sheet, verified) = (Vec::new(), None, None);
        let mut list = List {
            doc,
            name,
            good_for: None,
            unless_listed: false,
            missing: None,
            because: None,
            cite,
            sheet,
            verified,
            span,
        };
        for attr in inner {
            let at = self.span(&attr);
            let word = attr.clone().into_inner().next().map_or("", |word| word.as_str());
            let mut values = parts(attr);
            let Some(value) = values.next() else { continue };
            list.unless_listed |= values.next().is_some_and(|it| it.as_rule() == Rule::unless_listed);
            let twice = match value.as_rule() {
                Rule::amount => list.good_for.replace(self.amount(value)).is_some(),
                Rule::text => list.because.replace(self.template(&value)).is_some(),
                Rule::cite => {
                    list.cite.extend(part(value).map_or(Vec::new(), |texts| self.texts(texts)));
                    false
                }
                Rule::sheet | Rule::verified => {
                    self.standing(value, at, &mut list.sheet, &mut list.verified);
                    continue;
                }
                _ => list.missing.replace(self.name(&value)).is_some(),
            };
            self.given_twice(twice, word, at);
        }
        list
    }

    fn define(&mut self, pair: Pair<'s, Rule>) -> Define {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let Some(body) = inner.next().and_then(part) else {
            let body = DefineBody::Bare(Name { text: String::new(), span });
            return Define { doc, name, body, span };
        };
        let at = self.span(&body);
        let body = match body.as_rule() {
            Rule::latest => DefineBody::Event(self.some_moment(Some(body), at)),
            Rule::define_events => DefineBody::Events(self.some_events(part(body), at)),
            _ => match self.condition(body) {
                // In brackets it can only be a condition.
                Cond { kind: CondKind::Name(name), span } if span == name.span => DefineBody::Bare(name),
                cond => DefineBody::Cond(cond),
            },
        };
        Define { doc, name, body, span }
    }

    fn setting(&mut self, pair: Pair<'s, Rule>) -> Setting {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let ty = match inner.next().and_then(part) {
            Some(ty) if ty.as_rule() == Rule::one_of => {
                let at = self.span(&ty);
                let choices = part(ty).map_or(Vec::new(), |names| self.names(names));
                if choices.is_empty() {
                    let message = "a setting needs at least one choice; the first is its default";
                    self.report(Diagnostic::new("E0101", at, message));
                }
                SettingType::OneOf(choices)
            }
            Some(ty) if ty.as_rule() == Rule::date => SettingType::Date(self.date(&ty)),
            Some(ty) if ty.as_rule() == Rule::integer => SettingType::Integer(self.integer(&ty)),
            Some(ty) => SettingType::Duration(self.amount(ty)),
            None => SettingType::OneOf(Vec::new()),
        };
        let (cite, sheet, verified) = (Vec::new(), None, None);
        let mut setting = Setting { doc, name, ty, cite, sheet, verified, because: None, span };
        for attr in inner {
            let at = self.span(&attr);
            match part(attr) {
                Some(texts) if texts.as_rule() == Rule::texts => setting.cite.extend(self.texts(texts)),
                Some(it) if matches!(it.as_rule(), Rule::sheet | Rule::verified) => {
                    self.standing(it, at, &mut setting.sheet, &mut setting.verified);
                }
                Some(text) => {
                    let because = self.template(&text);
                    let twice = setting.because.replace(because).is_some();
                    self.given_twice(twice, "because", at);
                }
                None => {}
            }
        }
        setting
    }

    /// `sheet NAME` or `verified text` of a declaration.
    pub fn standing(
        &mut self,
        pair: Pair<'s, Rule>,
        span: Span,
        sheet: &mut Option<Name>,
        verified: &mut Option<Name>,
    ) {
        let rule = pair.as_rule();
        let (word, twice) = match rule {
            Rule::sheet => ("sheet", sheet.replace(self.sheet(part(pair), span)).is_some()),
            _ => ("verified", verified.replace(self.verified(part(pair), span)).is_some()),
        };
        self.given_twice(twice, word, span);
    }

    fn dated(&mut self, pair: Pair<'s, Rule>) -> Dated {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let editions = inner.filter_map(|edition| self.edition(edition)).collect();
        Dated { doc, name, editions, span }
    }

    fn edition(&mut self, pair: Pair<'s, Rule>) -> Option<Edition> {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let value = inner.next()?;
        let value = match value.as_rule() {
            Rule::amount => EditionValue::Amount(self.amount(value)),
            Rule::time => EditionValue::Time(self.time(&value)),
            Rule::integer => EditionValue::Integer(self.integer(&value)),
            Rule::text => EditionValue::Text(self.text(&value)),
            _ => EditionValue::Name(self.name(&value)),
        };
        let mut edition = Edition { doc, value, from: None, until: None, cite: Vec::new(), span };
        for attr in inner {
            let at = self.span(&attr);
            let word = attr.clone().into_inner().next();
            let (rule, word) = word.map_or((Rule::edition_attr, ""), |word| (word.as_rule(), word.as_str()));
            let Some(value) = part(attr) else { continue };
            let twice = match rule {
                Rule::kw_from => edition.from.replace(self.date(&value)).is_some(),
                Rule::kw_until => edition.until.replace(self.date(&value)).is_some(),
                _ => {
                    edition.cite.extend(self.texts(value));
                    false
                }
            };
            self.given_twice(twice, word, at);
        }
        Some(edition)
    }

    fn instrument(&mut self, pair: Pair<'s, Rule>) -> Instrument {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let grants = self.some_name(inner.next(), span);
        let (cite, elements, voids) = (Vec::new(), Vec::new(), Vec::new());
        let (sheet, verified, missing, lasts) = (None, None, None, None);
        let mut it =
            Instrument { doc, name, grants, cite, sheet, verified, missing, elements, lasts, voids, span };
        for piece in inner.filter_map(part) {
            let at = self.span(&piece);
            match piece.as_rule() {
                Rule::inst_cite => it.cite.extend(part(piece).map_or(Vec::new(), |texts| self.texts(texts))),
                Rule::sheet | Rule::verified => {
                    self.standing(piece, at, &mut it.sheet, &mut it.verified);
                }
                Rule::inst_missing => {
                    let twice = it.missing.replace(self.some_name(part(piece), at)).is_some();
                    self.given_twice(twice, "missing", at);
                }
                Rule::inst_elements => {
                    let names = part(piece).map_or(Vec::new(), |names| self.names(names));
                    let mut doc = self.doc(at);
                    it.elements.extend(names.into_iter().map(|name| {
                        let span = name.span;
                        Element { doc: doc.take(), name, when: None, cite: Vec::new(), span }
                    }));
                }
                Rule::inst_element => {
                    let doc = self.doc(at);
                    let mut inner = parts(piece);
                    let name = self.some_name(inner.next(), at);
                    let (when, cite) = self.when_and_cite(inner);
                    it.elements.push(Element { doc, name, when, cite, span: at });
                }
                Rule::inst_lasts => {
                    let lasts = self.lasts(piece);
                    self.given_twice(it.lasts.replace(lasts).is_some(), "lasts", at);
                }
                _ => {
                    let doc = self.doc(at);
                    let (when, cite) = self.when_and_cite(parts(piece));
                    let when = when.unwrap_or(Cond { kind: CondKind::Error, span: at });
                    it.voids.push(Void { doc, when, cite, span: at });
                }
            }
        }
        it
    }

    fn when_and_cite(&mut self, inner: impl Iterator<Item = Pair<'s, Rule>>) -> (Option<Cond>, Vec<Text>) {
        let (mut when, mut cite) = (None, Vec::new());
        for piece in inner {
            let rule = piece.as_rule();
            let Some(content) = part(piece) else { continue };
            match rule {
                Rule::when => when = Some(self.condition(content)),
                _ => cite = self.texts(content),
            }
        }
        (when, cite)
    }

    fn lasts(&mut self, pair: Pair<'s, Rule>) -> Lasts {
        let span = self.span(&pair);
        let Some(pair) = part(pair) else { return Lasts::WithoutEnd { span } };
        match pair.as_rule() {
            Rule::lasts_through => Lasts::Through { until: self.some_moment(part(pair), span), span },
            Rule::lasts_for => {
                let mut inner = parts(pair);
                match inner.next() {
                    Some(amount) => {
                        let amount = self.amount(amount);
                        Lasts::For { amount, from: self.some_moment(inner.next(), span), span }
                    }
                    None => Lasts::WithoutEnd { span },
                }
            }
            _ => Lasts::WithoutEnd { span },
        }
    }
}

//! `reply` items: what people answer.

use super::super::{Reply, ReplyPlace, ReplyWords};
use super::reader::{Reader, part, parts};
use byleave_grammar::Rule;
use pest::iterators::Pair;

impl<'s> Reader<'s> {
    /// `reply NAME means KIND { … }`
    pub fn reply(&mut self, pair: Pair<'s, Rule>) -> Reply {
        let span = self.span(&pair);
        let doc = self.doc(span);
        let mut inner = parts(pair);
        let name = self.some_name(inner.next(), span);
        let means = self.some_name(inner.next(), span);
        let mut it = Reply {
            doc,
            name,
            means,
            of: Vec::new(),
            at: None,
            cite: Vec::new(),
            sheet: None,
            verified: None,
            since: None,
            until: None,
            because: None,
            languages: Vec::new(),
            words: Vec::new(),
            confirm: None,
            asking: None,
            span,
        };
        for piece in inner {
            match piece.as_rule() {
                Rule::reply_of => it.of = part(piece).map_or(Vec::new(), |names| self.names(names)),
                Rule::reply_at => it.at = part(piece).map(|name| self.name(&name)),
                _ => {
                    if let Some(clause) = part(piece) {
                        self.reply_part(&mut it, clause);
                    }
                }
            }
        }
        it
    }

    fn reply_part(&mut self, it: &mut Reply, pair: Pair<'s, Rule>) {
        let at = self.span(&pair);
        let rule = pair.as_rule();
        let twice = match rule {
            Rule::sheet | Rule::verified => {
                self.standing(pair, at, &mut it.sheet, &mut it.verified);
                return;
            }
            Rule::cite => {
                it.cite.extend(part(pair).map_or(Vec::new(), |texts| self.texts(texts)));
                return;
            }
            Rule::since => part(pair).is_some_and(|date| it.since.replace(self.date(&date)).is_some()),
            Rule::until => part(pair).is_some_and(|date| it.until.replace(self.date(&date)).is_some()),
            Rule::because => {
                part(pair).is_some_and(|text| it.because.replace(self.template(&text)).is_some())
            }
            Rule::reply_language => {
                let names = part(pair).map_or(Vec::new(), |names| self.names(names));
                !std::mem::replace(&mut it.languages, names).is_empty()
            }
            Rule::reply_confirm => {
                let mut inner = parts(pair);
                let purpose = inner.next().map(|name| self.name(&name));
                it.asking = inner.next().and_then(part).map(|name| self.name(&name));
                std::mem::replace(&mut it.confirm, purpose).is_some()
            }
            _ => {
                let place = match rule {
                    Rule::reply_alone => ReplyPlace::Alone,
                    Rule::reply_exactly => ReplyPlace::Exactly,
                    Rule::reply_within => ReplyPlace::Within,
                    Rule::reply_beside => ReplyPlace::Beside,
                    Rule::reply_unlike => ReplyPlace::Unlike,
                    _ => ReplyPlace::Except,
                };
                let texts = part(pair).map_or(Vec::new(), |texts| self.texts(texts));
                it.words.push(ReplyWords { place, texts, span: at });
                return;
            }
        };
        let word = match rule {
            Rule::since => "since",
            Rule::until => "until",
            Rule::because => "because",
            Rule::reply_language => "language",
            _ => "confirm",
        };
        self.given_twice(twice, word, at);
    }
}

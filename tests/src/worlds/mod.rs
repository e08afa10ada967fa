//! Random worlds: a policy in the words of the corpus and a request to it. Made from one seed, and made smaller piece by
//! piece while the failure stays.

mod conditions;
pub mod events;
pub mod pen;
pub mod policy;
pub mod request;

use policy::Rule;
use proptest::prelude::Rng as _;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value as Json;

/// A stream of numbers to choose by.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// From a seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }
    /// The next number (splitmix64).
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// Below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % (n.max(1) as u64)).unwrap_or(0)
    }
    /// Once in `n`.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.next().is_multiple_of(n.max(1))
    }
    /// One of them.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let n = self.below(list.len());
        &list[n]
    }
}

/// A policy and a request.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Where contacts may go at all.
    pub reach: Option<String>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// The request.
    pub request: Json,
    /// For choices that a law makes by itself.
    pub seed: u64,
}

impl World {
    /// Out of nothing but a seed.
    pub fn new(seed: u64) -> World {
        let mut d = Dice::new(seed);
        let (mut request, t0) = request::request(&mut d);
        let today = t0.div_euclid(crate::reference::clock::DAY);
        let n = [1, 1, 1, 2, 2, 3, 4][d.below(7)];
        let mut rules: Vec<Rule> = (0..n).map(|i| pen::rule(&mut d, &format!("r{i}"), today)).collect();
        share(&mut d, &mut rules);
        let reach = d.one_in(10).then(|| {
            let by = d.pick(&[" by text, voice", " by sms", " by voice, text, email"]);
            format!("reaches {}{by}", d.pick(&["US", "US-FL, US-NY", "US, CA"]))
        });
        for item in rules.iter().flat_map(|r| &r.items) {
            if !item.choices.is_empty() && d.one_in(2) {
                request["settings"][format!("case.{}", item.name)] = d.pick(&item.choices).clone();
            }
        }
        let mut world = World { reach, rules, request, seed: d.next() };
        world.keep_settings();
        world
    }

    /// Only these rules, and those exemptions that stand beside them.
    pub fn only(&self, rules: &[Rule]) -> Vec<Rule> {
        let stands = |way: &String| rules.iter().any(|r| r.has_way(way));
        let kept = |r: &Rule| Rule { also: r.also.clone().filter(stands), ..r.clone() };
        rules.iter().map(kept).collect()
    }

    /// A request may choose only of settings that the policy has.
    fn keep_settings(&mut self) {
        let text = self.text();
        if let Some(Json::Object(settings)) = self.request.get_mut("settings") {
            settings.retain(|name, _| text.contains(name.trim_start_matches("case.")));
        }
    }

    /// The policy's text, without its head.
    pub fn text(&self) -> String {
        let rules = self.rules.iter().map(ToString::to_string);
        self.reach.iter().cloned().chain(rules).collect::<Vec<_>>().join("\n")
    }

    /// With a piece less each.
    pub fn smaller(&self) -> Vec<World> {
        let mut out = Vec::new();
        if self.reach.is_some() {
            out.push(World { reach: None, ..self.clone() });
        }
        for i in 0..self.rules.len() {
            let mut w = self.clone();
            w.rules.remove(i);
            w.rules = w.only(&w.rules);
            out.push(w);
        }
        for (i, r) in self.rules.iter().enumerate() {
            for s in r.smaller() {
                let mut w = self.clone();
                w.rules[i] = s;
                w.rules = w.only(&w.rules);
                out.push(w);
            }
        }
        let mut requests = Vec::new();
        less(&self.request, &mut |r| requests.push(r));
        out.extend(
            requests
                .into_iter()
                .filter(|r| r.get("at").is_some())
                .map(|request| World { request, ..self.clone() }),
        );
        out.iter_mut().for_each(World::keep_settings);
        out
    }
}

/// Lets an exemption of one rule lift another too, now and then.
fn share(d: &mut Dice, rules: &mut [Rule]) {
    let ways: Vec<String> = rules.iter().flat_map(|r| (0..r.unless.len()).map(|i| r.way_name(i))).collect();
    for r in rules {
        let others: Vec<&String> = ways.iter().filter(|w| !r.has_way(w)).collect();
        if r.each.is_none() && !others.is_empty() && d.one_in(3) {
            r.also = Some((*d.pick(&others)).clone());
        }
    }
}

/// Every JSON with one key or one element less.
pub fn less(json: &Json, put: &mut dyn FnMut(Json)) {
    match json {
        Json::Object(o) => {
            for key in o.keys() {
                let mut rest = o.clone();
                rest.remove(key);
                put(Json::Object(rest));
            }
            for (key, v) in o {
                less(v, &mut |v| {
                    let mut same = o.clone();
                    same.insert(key.clone(), v);
                    put(Json::Object(same));
                });
            }
        }
        Json::Array(a) => {
            for i in 0..a.len() {
                let mut rest = a.clone();
                rest.remove(i);
                put(Json::Array(rest));
            }
            for (i, v) in a.iter().enumerate() {
                less(v, &mut |v| {
                    let mut same = a.clone();
                    same[i] = v;
                    put(Json::Array(same));
                });
            }
        }
        _ => {}
    }
}

/// All worlds.
#[derive(Clone, Copy, Debug)]
pub struct Worlds;

/// One world and the smaller ones to try.
pub struct Tree {
    current: World,
    best: World,
    queue: Vec<World>,
}

impl Strategy for Worlds {
    type Tree = Tree;
    type Value = World;
    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let world = World::new(runner.rng().next_u64());
        Ok(Tree { current: world.clone(), best: world, queue: Vec::new() })
    }
}

impl ValueTree for Tree {
    type Value = World;
    fn current(&self) -> World {
        self.current.clone()
    }
    fn simplify(&mut self) -> bool {
        self.best = self.current.clone();
        self.queue = self.best.smaller();
        self.queue.reverse();
        self.complicate()
    }
    fn complicate(&mut self) -> bool {
        match self.queue.pop() {
            Some(w) => {
                self.current = w;
                true
            }
            None => {
                self.current = self.best.clone();
                false
            }
        }
    }
}

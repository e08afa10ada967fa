//! Coverage: which rules were seen to pass and to block, and which sides of each written condition were seen.

use super::Engine;
use crate::decision::{State, Sweep};
use crate::eval::Scratch;
use crate::facts::Facts;
use crate::of_a_room::of_a_room;

of_a_room! {
    /// What some decisions have shown of a policy. Start from the default and add to it.
    ///
    /// ```
    /// use byleave::Coverage;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let mut coverage = Coverage::default();
    /// for test in engine.tests() {
    ///     assert!(engine.run_test(test, &mut coverage)?.passes());
    /// }
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[derive(Clone, Debug, Default)]
    pub struct Coverage {
        /// By the condition's number: bit 0, seen true; bit 1, seen false.
        pub conditions: Vec<u8>,
        /// By index of `Policy::rules`: bit 0, seen to let pass while it applied; bit 1, seen to block; bit 2, seen to owe
        /// what a test expects to be owed; bit 3, seen not to apply while in force, or to owe
        /// nothing for an exemption. The last two are the sides of a rule that
        /// cannot block.
        pub rules: Vec<u8>,
        /// By index of `Policy::exemptions`: bit 0, seen to hold; bit 1, seen not to.
        pub exemptions: Vec<u8>,
    }
}

impl Engine {
    /// Adds what these facts show, at their instant and, when time heals the answer, at that instant too. Every rule is asked,
    /// in written order: `when`; if that holds, what it requires; if that fails, its exemptions. `expected`: the obligations
    /// that the test at hand expects.
    pub(crate) fn cover(
        &self,
        facts: &Facts,
        expected: &[(String, Option<String>)],
        coverage: &mut Coverage,
    ) {
        let program = self.program();
        coverage.conditions.resize(program.policy.conditions as usize, 0);
        coverage.rules.resize(program.policy.rules.len(), 0);
        coverage.exemptions.resize(program.policy.exemptions.len(), 0);
        let mut scratch = Scratch::default();
        let until = match Sweep::new(program, facts, &mut scratch).verdict() {
            crate::decision::Verdict::Defer(u) => Some(u),
            _ => None,
        };
        scratch.watch(std::mem::take(&mut coverage.conditions));
        let mut sweep = Sweep::new(program, facts, &mut scratch);
        for t in [Some(facts.at.0), until].into_iter().flatten() {
            for r in &program.rules {
                let seen = sweep.cover(r, t);
                if let (Some(bits), Some(rule)) =
                    (coverage.rules.get_mut(r.rule as usize), program.typed_rule(r.rule))
                {
                    *bits |= match seen.state {
                        State::Violated => 2,
                        State::Free if seen.applies => 1,
                        _ => 0,
                    };
                    // Obligations are those of the test's own instant; later ones nobody has looked at.
                    let named = || rule.obliges.iter().any(|it| expected.iter().any(|(id, _)| *id == it.id));
                    if seen.applies && t == facts.at.0 && named() {
                        *bits |= 4;
                    }
                    if seen.idle && rule.in_force.from.0 <= t && t < rule.in_force.until.0 {
                        *bits |= 8;
                    }
                }
                for (e, holds) in seen.exemptions {
                    if let Some(bits) = coverage.exemptions.get_mut(e as usize) {
                        *bits |= if holds { 1 } else { 2 };
                    }
                }
            }
        }
        coverage.conditions = scratch.watched();
    }
}

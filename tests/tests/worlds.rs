//! The random worlds are wide enough: each is a policy that builds and a request that is read, and together they use every
//! form of the grammar that says something about a contact.

use byleave_grammar::{ByleaveParser, GRAMMAR, Rule};
use byleave_tests::decide::{Decider, Fast};
use byleave_tests::laws::pack;
use byleave_tests::load;
use byleave_tests::worlds::World;
use pest::Parser;
use pest::iterators::Pair;
use std::collections::BTreeMap;

const WORLDS: u64 = 600;

/// Forms that no world needs: declarations, which are the corpus' words; tests; what is only read by people; and other
/// spellings of what is there.
const NOT_DRAWN: &[&str] = &[
    // Declarations: the corpus' words have them.
    "one_item",
    "taxonomy",
    "node_block",
    "node",
    "marks_one",
    "marks",
    "node_item",
    "is_parent",
    "fact_item",
    "facts",
    "fact",
    "fact_attr",
    "fact_type",
    "partial_date",
    "set_of",
    "list_of",
    "record_type",
    "record_field",
    "type_name",
    "by_keys",
    "list",
    "list_attr",
    "unless_listed",
    "define_events",
    // Calendars: there too.
    "calendar",
    "calendar_part",
    "years",
    "holiday",
    "once",
    "nth_weekday",
    "easter",
    "shift",
    "shift_sign",
    "holiday_attr",
    "observed",
    "nearest_weekday",
    "next_monday",
    "following_weekday",
    // What people answer is read, and decides no contact: the corpus of replies has it.
    "reply",
    "reply_of",
    "reply_at",
    "reply_part",
    "reply_language",
    "reply_alone",
    "reply_exactly",
    "reply_within",
    "reply_beside",
    "reply_unlike",
    "reply_except",
    "reply_confirm",
    "reply_asking",
    // Only read by people.
    "inst_cite",
    "cited",
    "cite",
    "sheet",
    "verified",
    "because",
    // Other spellings of `and`, `or` and of names.
    "all_of",
    "any_of",
    "dashed",
    "dash",
    "leading",
    "codes",
    "code",
    "word",
    // Tests in the language.
    "test",
    "cases",
    "base",
    "base_item",
    "case",
    "case_pass",
    "case_wait",
    "case_block",
    "case_unknown",
    "test_line",
    "test_at",
    "test_known_at",
    "test_horizon",
    "test_setting",
    "test_facts",
    "test_consent",
    "consent_granted",
    "consent_revoked",
    "consent_declined",
    "families",
    "consent_scope",
    "scope_for",
    "scope_by",
    "scope_about",
    "scope_from",
    "scope_at",
    "scope_on",
    "scope_until",
    "moment_literal",
    "test_contacted",
    "test_interaction",
    "test_listed",
    "listed_as_of",
    "listed_result",
    "test_signal",
    "test_empty",
    "empty_word",
    "test_complete",
    "test_given",
    "expect",
    "expect_allow",
    "expect_defer",
    "expect_deny",
    "expect_valid",
    "expect_missing",
    "expect_withheld",
    "expect_oblige",
    "duty",
    "expect_taken_as",
    "expect_warned",
    "expect_not",
    "because_rules",
    "rule_ref",
    "record",
    "field",
    "fact_value",
    "fact_list",
    "month_date",
    "month_day",
    "instant",
    "local_instant",
    "offset",
    "ordinal",
    "day_word",
    "month",
];

fn count(pair: Pair<'_, Rule>, seen: &mut BTreeMap<String, usize>) {
    *seen.entry(format!("{:?}", pair.as_rule())).or_default() += 1;
    pair.into_inner().for_each(|p| count(p, seen));
}

#[test]
fn every_world_builds_and_every_form_is_drawn() {
    let mut seen = BTreeMap::new();
    let mut wrong = Vec::new();
    for seed in 0..WORLDS {
        let world = World::new(seed);
        let text = pack(&world);
        ByleaveParser::parse(Rule::file, &text).into_iter().flatten().for_each(|p| count(p, &mut seen));
        let answer = load::engine(std::slice::from_ref(&text)).and_then(|e| Fast(e).answer(&world.request));
        if let Err(e) = answer {
            wrong.push(format!("{e}\n--- {seed}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} worlds are none:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(30)].join("\n")
    );
    let lacking: Vec<&str> = GRAMMAR
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, body)| (name.trim_end(), body.trim_start()))
        .filter(|(name, body)| {
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            !name.is_empty() && name.chars().all(word) && !body.starts_with('_') && !name.starts_with("kw_")
        })
        .map(|(name, _)| name)
        .filter(|name| !seen.contains_key(*name) && !NOT_DRAWN.contains(name))
        .collect();
    assert!(lacking.is_empty(), "no world has {lacking:?}");
}

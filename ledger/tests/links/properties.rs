//! Whatever is linked, no answer is freer than without the links.

use super::*;
use proptest::prelude::*;

fn told() -> impl Strategy<Value = (usize, u8, usize)> {
    (0..3usize, 0..7u8, 0..3usize)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is linked, no answer is freer than without the links.
    #[test]
    fn linking_never_frees(told in prop::collection::vec(told(), 0..10), links in prop::collection::vec((0..3usize, 0..3usize), 1..4), vouch in any::<bool>()) {
        let names = ["a", "b", "c"];
        let scopes = [json!({}), json!({"channel": ["email"]}), json!({"address": ["x"]})];
        let events: Vec<Event> = told.iter().enumerate().map(|(n, (who, what, which))| {
            let (key, name) = (format!("k{n}"), names[*who]);
            match what {
                0 | 1 => event(&key, name, "consents", json!({"kind": "grant", "level": "opted_in", "at": "2026-05-01T00:00:00Z", "scope": scopes[*which]})),
                2 => stop(&key, name, scopes[*which].clone()),
                3 => set(&key, name, [json!({"hours": {"wed": [["09:00", "12:00"]]}}), json!({"pause_until": "2026-07-03T00:00:00Z"}), json!({"channel_rules": [{"scope": {}, "rule": "forbid"}]})][*which].clone()),
                4 => set(&key, name, [json!({"caps": [{"scope": {}, "most": 1, "window": "24 hours"}]}), json!({"caps": []}), json!({"relationships": ["patient"]})][*which].clone()),
                5 => event(&key, name, "contacts", json!({"at": "2026-07-01T01:00:00Z", "channel": "email", "purpose": ["order_status"], "topic": []})),
                _ => event(&key, name, "interactions", json!({"at": "2026-05-01T00:00:00Z", "kind": "transaction"})),
            }
        }).collect();
        let mut apart = Ledger::in_memory().unwrap();
        apart.append(&events).unwrap();
        let mut joined = Ledger::in_memory().unwrap();
        joined.append(&events).unwrap();
        let links: Vec<Event> = links.iter().filter(|(a, b)| a != b).enumerate().map(|(n, (a, b))| link(&format!("l{n}"), names[*a], names[*b])).collect();
        joined.append(&links).unwrap();
        let complete = if vouch { json!(["preferences"]) } else { json!([]) };
        for purpose in ["order_status", "marketing"] {
            for name in names {
                let more = json!({"complete": complete, "contact": {"channel": "email", "purpose": [purpose], "topic": []}, "contacts": [], "contacts_complete_from": "2020-01-01T00:00:00Z"});
                let free = decided(&laid(&mut apart, name, "x", &more).unwrap());
                let bound = decided(&laid(&mut joined, name, "x", &more).unwrap());
                let leave = |it: Outcome| match it { Outcome::Allow => 2, Outcome::Defer => 1, Outcome::Deny => 0 };
                prop_assert!(leave(bound) <= leave(free), "{name} {purpose} {bound:?} {free:?}");
            }
        }
        prop_assert!(joined.verify(&Default::default()).unwrap().findings.is_empty());
    }
}

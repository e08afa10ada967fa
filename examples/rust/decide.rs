//! May this text go out tonight? The law of the telephone, a shop's own words, one contact, one answer.

use byleave::Engine;

const SHOP: &str = r#"
pack org.shop { title "The shop" edition "1" }
use core
use us.tcpa
sender shop marked seller
reaches US by text
"#;

const REQUEST: &str = r#"{
    "at": "2026-07-01T21:30:00-04:00",
    "person": { "time_zones": ["America/New_York"], "jurisdictions": ["US-NY"] },
    "sender": { "id": "shop", "kind": ["seller"] },
    "contact": { "channel": "sms", "purpose": ["marketing"], "technology": ["manual"] },
    "address": { "value": "+12125550142", "line": ["wireless"] },
    "content": { "includes": ["sender_identity", "sender_contact"] },
    "consents": [],
    "lists": [{ "list": "national_dnc", "address": "+12125550142", "result": "not_listed", "version_at": "2026-06-20" }]
}"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = Engine::builder().source("shop", "shop.leave", SHOP);
    for pack in byleave_packs::preset("us.tcpa").ok_or("no such pack")? {
        for (path, text) in pack.files {
            builder = builder.source(pack.name, path, text);
        }
    }
    let engine = builder.build()?;

    let decision = engine.decide(&engine.request(REQUEST.as_bytes())?)?;
    println!("{:?} until {:?}", decision.outcome, decision.until_local);
    for reason in &decision.reasons {
        println!("{}: {} ({})", reason.rule, reason.sentence, reason.citations.join(", "));
    }
    Ok(())
}

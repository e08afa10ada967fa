//! A document on record that does not count is told of with the element that it lacks, and where the law asks for that.

use byleave_tests::{laws, load};
use serde_json::{Value, json};

const FORM: &str = r#"
instrument form grants paper.signed {
  missing  form
  elements description, signature
  element  date      cite "Act, s. 4"
  element  relation  when instrument.signed_by is representative
  lasts    without end
}
instrument other grants paper.signed { elements description  lasts without end }
rule ask {
  require consent at least photo
  unless  by_form
}
exemption by_form { provided valid form where by is holder }
"#;

/// What the one reason says it looked at of documents.
fn told(consents: Value) -> Vec<(String, String)> {
    let engine = load::engine(&[format!("{}{FORM}", laws::HEAD)]).expect("a policy");
    let request = json!({
        "at": "2026-07-01T12:00:00Z", "person": {"id": "p"},
        "contact": {"channel": "sms", "purpose": ["gift"], "topic": []}, "consents": consents,
    });
    let decision: Value =
        serde_json::from_str(&engine.decide_json(request.to_string().as_bytes()).expect("an answer"))
            .expect("a decision");
    let word = |it: &Value, key: &str| it[key].as_str().unwrap_or_default().to_owned();
    let looked = decision["reasons"][0]["looked_at"].as_array().cloned().unwrap_or_default();
    let looked = looked.iter().map(|it| (word(it, "fact"), word(it, "value")));
    looked.filter(|it| it.0.starts_with("instrument")).collect()
}

fn document(elements: &[&str], more: Value) -> Value {
    let mut instrument = json!({"kind": "form", "elements": elements, "signed_by": "self"});
    let mut event = json!({"id": "g", "kind": "grant", "level": "paper.signed", "scope": {}, "by": "holder", "at": "2026-01-01T00:00:00Z"});
    for (key, value) in more.as_object().into_iter().flatten() {
        if key == "kind" || key == "signed_by" {
            instrument[key] = value.clone();
        } else {
            event[key] = value.clone();
        }
    }
    event["instrument"] = instrument;
    json!([event])
}

#[test]
fn the_lacking_element_is_named_with_its_citation() {
    let lacks = |words: &str| vec![("instrument case.form".to_owned(), format!("lacks {words}"))];
    assert_eq!(told(document(&["description", "signature"], json!({}))), lacks("date (Act, s. 4)"));
    assert_eq!(told(document(&["date"], json!({}))), lacks("description, signature"));
    assert_eq!(told(document(&[], json!({}))), lacks("description, signature, date (Act, s. 4)"));
    let parent = json!({"signed_by": "parent"});
    assert_eq!(told(document(&["description", "signature", "date"], parent)), lacks("relation"));
}

#[test]
fn a_document_that_could_not_answer_is_not_told_of() {
    for more in [json!({"kind": "other"}), json!({"scope": {"purpose": ["billing"]}}), json!({"by": "staff"})]
    {
        assert_eq!(told(document(&["description"], more.clone())), [], "{more}");
    }
    assert_eq!(told(json!([])), []);
}

//! Several packs: what one sees of another, what it may not change.

use super::{WORDS, checked, policy, reported};

const LAW: &str = r#"
pack law { title "Law"  clock America/New_York }
use words
define loud: contact.channel is voice
exemption friend { when contact.urgent }
rule quiet { when loud  require local_time between 08:00 and 21:00  unless friend }
"#;

#[test]
fn names_of_a_used_pack_are_seen_and_those_of_others_are_not() {
    let own = r#"pack own { title "Own" }
use words
use law
rule a { when loud  require contact.urgent }
rule b { when law.loud  require contact.urgent }
"#;
    assert_eq!(reported(&[("w", WORDS), ("l", LAW), ("o", own)]), Vec::<String>::new());
    let own = r#"pack own { title "Own" }
rule a { when contact.urgent  require law.loud }
rule b { when contact.length > 3  require loud }
"#;
    assert_eq!(
        reported(&[("w", WORDS), ("l", LAW), ("o", own)]),
        [
            "E0204 2: `contact.urgent` is declared in pack `words`, which this pack does not use",
            "E0204 2: `law.loud` is declared in pack `law`, which this pack does not use",
            "E0204 3: `contact.length` is declared in a pack that is not used",
            "E0201 3: nothing is called `loud`",
        ]
    );
}

#[test]
fn a_word_of_two_used_packs_is_ambiguous_and_ones_own_goes_first() {
    let other =
        "pack other { title \"O\" }\nuse words\ndefine loud: contact.urgent\nrule r { require loud }\n";
    let own = "pack own { title \"Own\" }\nuse words\nuse law\nuse other\nrule a { require loud }\n";
    assert_eq!(
        reported(&[("w", WORDS), ("l", LAW), ("x", other), ("o", own)]),
        [
            "W0803 2: nothing of pack `words` is used here",
            "E0203 5: `loud` could mean `law.loud` or `other.loud`",
        ]
    );
    let own = "pack own { title \"Own\" }\nuse words\nuse law\ndefine loud: contact.urgent\nrule a { require loud }\n";
    assert_eq!(
        reported(&[("w", WORDS), ("l", LAW), ("o", own)]),
        ["W0807 4: `loud` hides `law.loud` in this pack"]
    );
}

#[test]
fn a_rule_never_yields_to_another_packs_exemption() {
    let own = r#"pack own { title "Own" }
use words
use law
rule a { require contact.length < 3  unless friend, loud, law.friend }
"#;
    assert_eq!(
        reported(&[("w", WORDS), ("l", LAW), ("o", own)]),
        [
            "E0208 4: `friend` belongs to pack `law`: a rule yields to its own pack only",
            "E0208 4: `loud` belongs to pack `law`: a rule yields to its own pack only",
            "E0208 4: `law.friend` belongs to pack `law`: a rule yields to its own pack only",
        ]
    );
}

#[test]
fn a_pack_adds_below_another_packs_nodes_and_changes_none() {
    let own = r#"pack own { title "Own" }
use words
channel rcs is text marked rich { rcs_card }
channel voice is text
topic heart marked dull
taxonomy level { a }
rule a { when contact.channel is marked rich  require contact.urgent }
"#;
    assert_eq!(
        reported(&[("w", WORDS), ("o", own)]),
        [
            "E0404 4: `voice` is a node of pack `words`: no other pack may give it a parent or marks",
            "E0404 5: `heart` is a node of pack `words`: no other pack may give it a parent or marks",
            "E0202 7: taxonomy `level` is declared twice",
        ]
    );
    let own = "pack own { title \"Own\" }\nuse words\nchannel rcs is text { rcs_card }\nrule a { when contact.channel is text  require contact.urgent }\n";
    let p = policy(&[("w", WORDS), ("o", own)]);
    let (_, tree) = p.vocabulary.taxonomy("channel").unwrap();
    assert!(tree.is(tree.find("rcs_card").unwrap(), tree.find("text").unwrap()));
}

#[test]
fn only_the_policy_that_nobody_uses_says_where_it_reaches() {
    let law = format!("{LAW}\nreaches US by voice\n");
    let own = "pack own { title \"Own\" }\nuse words\nuse law\nreaches US by voice, text\n";
    assert_eq!(
        reported(&[("w", WORDS), ("l", &law), ("o", own)]),
        [
            "E0602 8: a pack that others use (`own`) cannot say where contacts may go: it would widen their leave",
            "W0808 4: no loaded pack speaks about `US`",
        ]
    );
    let law = LAW.replace("when loud", "when recipient.jurisdictions is US-FL and loud");
    let p = policy(&[("w", WORDS), ("l", &law), ("o", own)]);
    assert_eq!(p.root().map(|r| p.packs[usize::from(r)].name.clone()).as_deref(), Some("own"));
    assert_eq!(reported(&[("w", WORDS), ("l", &law), ("o", own)]), Vec::<String>::new());
}

#[test]
fn the_order_of_files_and_packs_shows_nowhere() {
    let more = "define also: contact.urgent\nrule late { require also }\n";
    let texts = [("w", WORDS), ("l", LAW), ("l", more)];
    let forth = policy(&texts);
    // The same names of files, handed over in another order.
    let mut sources = crate::source::Sources::new();
    let mut parsed = Vec::new();
    for (i, (pack, text)) in texts.iter().enumerate() {
        let id = sources.add(format!("{pack}/{i}"), *text);
        parsed.push((*pack, id, crate::ast::parse(sources.get(id).unwrap()).file));
    }
    parsed.reverse();
    let files: Vec<_> = parsed
        .iter()
        .map(|(pack, source, file)| crate::typed::PackFile { pack, source: *source, file })
        .collect();
    let back = crate::typed::check(&files, &sources).policy.unwrap();
    assert_eq!(format!("{forth:?}"), format!("{back:?}"));
    assert_eq!(forth.packs.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["law", "words"]);
}

#[test]
fn a_pack_has_one_head_and_one_folder() {
    assert_eq!(
        reported(&[("a", "rule r { when 1 < 2 }\n")]),
        ["E0209 1: no file of this folder says which pack it is"]
    );
    let twice = reported(&[("a", "pack a { title \"A\" }\n"), ("a", "pack b { title \"B\" }\n")]);
    assert_eq!(twice, ["E0209 1: the files of one folder are one pack, with one head"]);
    let same = reported(&[("a", "pack a { title \"A\" }\n"), ("b", "pack a { title \"B\" }\n")]);
    assert_eq!(same, ["E0202 1: pack `a` is there twice"]);
}

#[test]
fn a_digest_is_of_the_text() {
    let digest = |text: &str| policy(&[("a", text)]).packs[0].digest.clone();
    let one = digest("pack a { title \"A\" }\n");
    assert_eq!(one.len(), 64);
    assert_ne!(one, digest("pack a { title \"B\" }\n"));
}

#[test]
fn a_use_that_brings_nothing_is_told() {
    let own = "pack own { title \"Own\" }\nuse words\nrule a { require 1 < 2 }\n";
    assert_eq!(
        reported(&[("w", WORDS), ("o", own)]),
        ["W0803 2: nothing of pack `words` is used here", "W0805 3: this requirement is always met"]
    );
}

#[test]
fn without_a_policy_there_are_no_tests() {
    let (checked, _) = checked(&[(
        "a",
        "pack a { title \"A\" }\nrule r { require nothing }\ntest \"t\" { expect allow }\n",
    )]);
    assert!(checked.policy.is_none() && checked.tests.is_empty());
    assert_eq!(checked.diagnostics.iter().filter(|d| d.is_error()).count(), 1);
}

//! The table of all diagnostic codes.
//!
//! E01 syntax · E02 names · E03 types · E04 taxonomies · E05 dates, tables, calendars · E06 laws of composition ·
//! E07 limits · W08 things that are allowed and probably not meant. A code, once published, keeps its meaning.

/// One code with its explanation.
///
/// ```
/// use byleave::diag::CODES;
/// // A page for authors.
/// for entry in CODES.iter().take(3) {
///     println!("{}: {}\n{}\n", entry.code, entry.title, entry.explanation);
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CodeEntry {
    /// The code.
    pub code: &'static str,
    /// A few words.
    pub title: &'static str,
    /// One paragraph: what it means, why it is so, what to do.
    pub explanation: &'static str,
}

const fn entry(code: &'static str, title: &'static str, explanation: &'static str) -> CodeEntry {
    CodeEntry { code, title, explanation }
}

/// The entry of a code.
///
/// ```
/// assert_eq!(byleave::diag::explain("W0809").map(|it| it.title), Some("rule without citation"));
/// assert!(byleave::diag::explain("E9999").is_none());
/// ```
pub fn explain(code: &str) -> Option<&'static CodeEntry> {
    CODES.iter().find(|entry| entry.code == code)
}

/// Every code, in order.
pub const CODES: &[CodeEntry] = &[
    entry(
        "E0101",
        "unexpected words",
        "The text does not continue as the language allows. The message says what could stand here. Reading goes on at \
         the next item, so other mistakes in the same file are reported too.",
    ),
    entry(
        "E0102",
        "unterminated text",
        "A text opens with `\"` and does not close on the same line. A text never spans lines; write `\\n` for a line \
         break inside it and `\\\"` for a quotation mark.",
    ),
    entry(
        "E0103",
        "character that has no place here",
        "The file holds a character that the language does not use outside texts and comments, or a control character, \
         or bytes that are not UTF-8. Save the file as UTF-8 text and remove the character.",
    ),
    entry(
        "E0104",
        "unknown escape in a text",
        "Inside a text a backslash may be followed by `\"`, `\\`, `n` or `{` only.",
    ),
    entry(
        "E0105",
        "unbalanced bracket",
        "A `{`, `[` or `(` has no partner. Items are recognised again at the next line that starts with an item's \
         keyword at the left margin.",
    ),
    entry(
        "E0106",
        "dashed item out of line",
        "The items of `all of` and `any of` belong together by the column of their dash. Items of one list start in the \
         same column, items of a list inside another start further right, and what continues an item stays to the right \
         of its dash.",
    ),
    entry(
        "E0107",
        "clause given twice",
        "This clause says one thing about its rule, exemption or declaration, so it may stand only once. Clauses that \
         add up (`cite`, `require`, `provided`, `include`, `unless`, `oblige`) may be repeated.",
    ),
    entry(
        "E0108",
        "number too large",
        "A whole number in a policy lies between 0 and 9 007 199 254 740 991, so that every host language can hold it.",
    ),
    entry(
        "E0109",
        "misplaced doc comment",
        "A comment with three slashes documents what follows it: an item, a clause, a node, a field, a row. Where \
         nothing follows that it could document, write two slashes.",
    ),
    entry(
        "E0110",
        "hole that is not a name",
        "In a reason (`because`), braces hold the name of a value that is put in when the reason is given, such as \
         `{row.state}`. Write `\\{` for a brace as such.",
    ),
    entry(
        "E0201",
        "unknown name",
        "Nothing that can stand here has this name: no fact, definition, setting, table, calendar, list or kind of \
         event that this pack declares or uses. Mind the entity before the dot (`contact.channel`), and `use` the \
         pack that declares it.",
    ),
    entry(
        "E0202",
        "declared twice",
        "Two declarations of one sort have the same name. Within a pack definitions, settings, dated values, \
         instruments and exemptions share one set of names; taxonomies, facts, lists and instruments are named once \
         in the whole policy, for requests name them without their pack.",
    ),
    entry(
        "E0203",
        "ambiguous name",
        "Two packs that are used here declare this name. Write it with its pack before it, as in `us.tcpa.machine`.",
    ),
    entry(
        "E0204",
        "a pack that is not used",
        "The name belongs to a loaded pack that this pack does not `use`. What a pack rests on stands at its head, so \
         that a reader sees it.",
    ),
    entry("E0205", "no such pack", "`use` names a pack that is not loaded, or the pack itself."),
    entry(
        "E0206",
        "defined by itself",
        "A definition leads back to itself. Definitions are put in place of their names, so one may not contain \
         itself, directly or through others.",
    ),
    entry(
        "E0207",
        "a name of another sort",
        "The name is declared, and as something else than what can stand here: a set of events is counted (`any …`, \
         `at most …`), an event is something to count time from, an instrument is asked with `valid`, an exemption \
         stands after `unless` only.",
    ),
    entry(
        "E0208",
        "no such exemption",
        "`unless` names exemptions and definitions of the rule's own pack. A pack never yields to another pack's \
         exemption: then adding a pack could turn a denial into leave (law 1).",
    ),
    entry(
        "E0209",
        "pack without head, or with two",
        "The files of one folder are one pack. Exactly one of them holds the item `pack NAME { … }`.",
    ),
    entry(
        "E0210",
        "unknown time zone",
        "Zones are named as in the IANA database, `America/New_York`. Abbreviations such as EST say neither place nor \
         daylight saving.",
    ),
    entry(
        "E0211",
        "reserved name",
        "The word means something by itself, in the language or in a request, and cannot be declared as something \
         else.",
    ),
    entry(
        "E0212",
        "test of an unknown rule",
        "A test or case names a rule that no loaded pack has. A rule for each row of a table is named with its row: \
         `hours[ri]`.",
    ),
    entry(
        "E0213",
        "test that cannot be asked",
        "The test gives a fact that nobody declares, a setting that does not exist, something twice, or no instant.",
    ),
    entry(
        "E0301",
        "types that do not fit",
        "What is asked or compared is of another type than what it is asked for: a date is not compared with a whole \
         number, a node is asked with `is`, a text is written in quotation marks.",
    ),
    entry(
        "E0302",
        "`is not` of a set",
        "A contact may have several purposes, topics, technologies. `is not` could then mean that one of them is not, \
         or that none is. Write `not … is …` for none.",
    ),
    entry(
        "E0303",
        "no yes or no",
        "A name alone is a condition only if it is a fact of type boolean, a definition of a condition, or a setting \
         or cell with the words yes and no.",
    ),
    entry(
        "E0304",
        "question out of place",
        "Fields of events and `same …` stand inside `where`, `row.…` in a rule for each row of a table, `as of` in \
         the deadline of an obligation, a window where events are counted.",
    ),
    entry(
        "E0305",
        "exemption for a part of the purposes",
        "A contact may serve several purposes at once, and a mixed message never rides on its innocent half: an \
         exemption asks `contact.purpose only …`.",
    ),
    entry(
        "E0306",
        "no such word",
        "The word is none of those that may stand here: a choice's words, a weekday, a part of a scope, a kind of \
         reason, a way of verifying.",
    ),
    entry(
        "E0307",
        "length of time that cannot stand here",
        "Days may be counted by the calendar (`local days`) or by the clock (`hours`), and a window says which. \
         Business days need a calendar, named by `business_days` in the pack's head.",
    ),
    entry(
        "E0308",
        "no such type",
        "A fact is named after what it belongs to and has a type: boolean, integer, text, date, partial date, \
         instant, duration, week, scope, event, a taxonomy, `set of` one, `one of` some words, `list of` records, or \
         a map `by` taxonomies.",
    ),
    entry("E0401", "unknown taxonomy", "No loaded pack declares a taxonomy of this name."),
    entry(
        "E0402",
        "no node of this taxonomy",
        "The word is no node of the taxonomy that is asked here. Nodes are named by their full declared name, which \
         may hold dots; `any` is every taxonomy's root.",
    ),
    entry(
        "E0403",
        "node declared twice",
        "A taxonomy has each node once. Something that belongs in two places has one parent and a mark.",
    ),
    entry(
        "E0404",
        "change to another pack's node",
        "A pack may add nodes below those of other packs. It may never give a node that it did not declare a parent \
         or a mark: rules already written would then mean something else (law 1).",
    ),
    entry("E0405", "node above itself", "Following the parents leads back to the node."),
    entry(
        "E0406",
        "unknown mark",
        "No node of the taxonomy carries this mark, so the question could never be answered with yes.",
    ),
    entry(
        "E0501",
        "no such date or time",
        "A date is a day of the calendar, written year-month-day, as in 2026-11-01; a time of day lies between 00:00 and \
         24:00.",
    ),
    entry(
        "E0502",
        "row does not fit its table",
        "A row of a table has one cell for each column of the header, and ends with its line. Write `-` for a cell that \
         says nothing and `=` for one that repeats the cell to its left; put a comma, not a space, between the members \
         of a list.",
    ),
    entry(
        "E0503",
        "hours that do not make sense",
        "Hours are written from an earlier to a later time of the same day, as in 08:00-20:00. Hours across midnight are \
         two ranges on two days.",
    ),
    entry(
        "E0504",
        "end before the beginning",
        "The last day in force lies before the first, or a count of days runs backwards.",
    ),
    entry(
        "E0505",
        "calendar that cannot be made",
        "The years run backwards or are too many, or a holiday is on a day that exists in no year.",
    ),
    entry(
        "E0506",
        "`=` without a cell to its left",
        "`=` repeats the cell to its left. The first column after the row's name has none.",
    ),
    entry(
        "E0507",
        "time that is not plain",
        "A local time needs a zone; in the night when the clocks change some times do not exist and some come twice. \
         Write the offset from Greenwich, as in `-04:00`.",
    ),
    entry(
        "E0508",
        "editions that do not follow one another",
        "The editions of a dated value follow each other without gap or overlap: the first has no `from`, the last no \
         `until`, and each begins on the day on which the one before ends.",
    ),
    entry(
        "E0601",
        "a refusal that would open the way",
        "Law 3: adding a revocation never turns a block into a pass. So consent and grants may only help a contact, \
         and revocations, refusals and earlier contacts may only hinder it. The checker follows each question through \
         `not`, `require`, `unless` and `provided` to see which it does.",
    ),
    entry(
        "E0602",
        "reach outside the root policy",
        "`reaches` says where the silence of the loaded law counts as leave. That is for the organisation's own \
         policy, the pack that no other uses: a pack of law that said so would widen leave wherever it is loaded (law \
         1).",
    ),
    entry(
        "E0604",
        "`where` that asks more than the event",
        "A `where` is decided once for each event, from the event's own fields and the facts of the contact. What \
         changes with time or asks the history as a whole cannot stand in it, nor in the conditions of an instrument; \
         `known that` may, and asks what the event says.",
    ),
    entry(
        "E0605",
        "rule without citation",
        "A pack with a `source` is law: each of its rules says where in it the rule stands, and each of its settings \
         what makes the point contested.",
    ),
    entry(
        "E0606",
        "policy without a rule",
        "Where no rule is loaded, nothing could ever stop a contact, which nobody means who asks whether one may go out. \
         Words without rules can be checked and used by other packs. Whoever means to let everything pass within a \
         reach says so by `reaches`.",
    ),
    entry(
        "E0607",
        "reply that cannot be read",
        "A `reply` lists what people write: words with letters in them, few enough to be looked for. An opting in stands \
         `exactly`, and says the level that it is worth at most.",
    ),
    entry(
        "E0608",
        "clause that this reply has no use for",
        "`of` and `confirm` belong to a reply that means `revoke`, `at` to one that means `opt_in`.",
    ),
    entry(
        "E0701",
        "file too long",
        "A file of a policy holds at most 1 MiB of text. Split it; the files of a pack are read together.",
    ),
    entry(
        "E0702",
        "nested too deeply",
        "Brackets, dashed items, `not` and `known that` nest at most 32 deep. Name the inner parts with `define`.",
    ),
    entry(
        "E0703",
        "too many files",
        "A policy consists of at most 512 files; those beyond are not read. Put the texts of a pack together.",
    ),
    entry(
        "E0704",
        "too many mistakes",
        "After fifty mistakes in one file the rest of it is not looked at. Mend these first.",
    ),
    entry(
        "E0705",
        "nested too deeply with definitions in place",
        "Definitions are put in place of their names before anything runs, and conditions then nest at most 64 deep.",
    ),
    entry(
        "E0706",
        "policy too large with definitions in place",
        "With definitions in place and tables expanded, a policy has at most 65 536 conditions.",
    ),
    entry(
        "E0707",
        "too many rules or facts",
        "A policy has at most 4096 rules, rows of tables counted, and at most 4096 facts.",
    ),
    entry(
        "E0708",
        "tests too long with bases in place",
        "With bases in place of `given`, and the base of `cases` counted for each of them, the tests of a policy hold \
         at most 16 MiB of text. Keep what tests have in common short.",
    ),
    entry("E0709", "too many texts of replies", "The replies of a policy have at most 4096 texts."),
    entry("W0801", "never used", "Nothing in the loaded packs uses this definition, dated value or table."),
    entry(
        "W0802",
        "exemption that no rule names",
        "An exemption has an effect only where a rule of its pack names it after `unless`.",
    ),
    entry(
        "W0803",
        "`use` without use",
        "Nothing of the used pack is named here, and it has no rules that would apply beside these.",
    ),
    entry("W0804", "setting that nothing reads", "A choice that changes nothing misleads whoever makes it."),
    entry(
        "W0805",
        "always or never true",
        "As far as the text shows the condition is always true, never true, or unknown. Something else is probably \
         meant.",
    ),
    entry(
        "W0806",
        "exemption that is never reached",
        "An exemption before it in the list asks nothing at all, so the later one never carries the rule.",
    ),
    entry(
        "W0807",
        "name that hides another",
        "The name hides a definition of a used pack, or is hidden by a field of events inside `where`.",
    ),
    entry(
        "W0808",
        "reach that no pack speaks about",
        "No loaded pack of law has anything to say about this place: everything would be allowed there by silence \
         alone.",
    ),
    entry(
        "W0809",
        "rule without citation",
        "The pack has no `source`, so this may be the organisation's own rule; a citation of its decision helps \
         whoever asks why.",
    ),
    entry("W0810", "column that no rule reads", "A column of the table has no effect."),
    entry(
        "W0811",
        "rule that asks for nothing",
        "The rule requires, includes, limits and obliges nothing, so it never blocks.",
    ),
];

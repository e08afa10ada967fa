//! What every store must pass: one suite, run in memory, in a file and in PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;
mod suite;

/// Each test in each place; those of a second connection everywhere but in memory.
macro_rules! suite {
    (alone: $($room:ident :: $test:ident)+; shared: $($other:ident :: $too:ident)+;) => {
        suite!(in memory, Place::Memory => $($room::$test)+);
        suite!(in file, Place::file() => $($room::$test)+ $($other::$too)+);
        suite!(in postgres, Place::postgres() => $($room::$test)+ $($other::$too)+);
    };
    (in $place:ident, $opened:expr => $($room:ident :: $test:ident)+) => {
        mod $place {
            use crate::common::Place;
            $(#[test]
            fn $test() {
                crate::suite::$room::$test(&$opened);
            })+
        }
    };
}

suite! {
    alone:
    events::an_event_is_kept_once_and_told_in_the_same_words
    events::a_clock_that_goes_backwards_is_refused
    events::a_clock_that_is_a_moment_behind_is_recorded_in_order
    events::what_is_told_together_is_kept_whole
    events::a_void_names_what_is_there_and_is_the_same_persons
    events::whoever_is_erased_stays_left_alone
    events::a_dry_run_keeps_nothing
    facts::what_was_known_then
    facts::a_stop_at_an_address_binds_everyone_who_uses_it
    facts::preferences_hold_until_the_next_of_their_kind
    facts::counts_are_known_from_where_the_ledger_began_to_keep_them
    hostile::odd_texts_are_stored_exactly
    hostile::sql_in_every_field_is_stored_exactly
    hostile::what_is_as_long_as_it_may_be_is_stored_exactly
    hostile::any_text_is_stored_exactly
    saved::the_same_ledger_is_made_again
    saved::what_was_changed_is_found
    sync::what_is_new_is_told_and_taken_in
    sync::a_line_that_is_refused_stops_nothing
    sync::a_mark_is_of_one_ledger
    sync::one_persons_lines
    sync::any_two_ledgers_come_to_the_same;
    shared:
    events::nobody_waits_for_who_waits_for_events
    events::many_writers_of_one_person_make_one_chain
    events::the_same_batch_from_many_is_kept_once
    events::several_open_a_new_ledger_at_once
    events::what_is_read_stays_one_state
    touched::verify_finds_what_was_touched_and_where
    touched::rows_stay_as_they_are_also_for_others
    touched::a_checkpoint_that_was_handed_out_is_missed
    touched::words_that_are_no_text_are_damaged;
}

//! What is seen only from within: migrations that break off, and how transactions are set.

use super::*;
use crate::Ledger;
use crate::store::Rows;
use server::fresh;

#[allow(dead_code)]
mod server;

fn connection(url: &str) -> Client {
    url::read(url).unwrap().config.connect(NoTls).unwrap()
}

/// A store before its tables are made.
fn bare(url: &str) -> Postgres {
    let schema = url::read(url).unwrap().schema;
    let client = connection(url);
    Postgres { client, statements: HashMap::new(), schema, again: None, reads_only: false, lost: false }
}

#[test]
fn a_migration_that_breaks_off_leaves_nothing() {
    let url = fresh();
    let broken = [MIGRATIONS[0], "CREATE TABLE half (x BIGINT); SELECT 1 / 0"];
    assert_eq!(bare(&url).begin(&broken).unwrap_err().kind(), ErrorKind::Storage);
    // Not even the schema is there.
    let mut store = bare(&url);
    assert_eq!(version(&mut store.client, &store.schema).unwrap(), None);
    // A ledger of the first version stays one when the second breaks off.
    store.begin(&MIGRATIONS).unwrap();
    assert!(bare(&url).begin(&broken).is_err());
    assert_eq!(version(&mut store.client, &store.schema).unwrap(), Some(1));
    let whole = [MIGRATIONS[0], "CREATE TABLE half (x BIGINT)"];
    bare(&url).begin(&whole).unwrap();
    assert_eq!(version(&mut store.client, &store.schema).unwrap(), Some(2));
    // And the version before refuses what it does not know.
    let error = Postgres::connect(&url).err().unwrap();
    assert!(error.message().contains("newer"), "{error}");
    assert!(Postgres::connect_to_read(&url).err().unwrap().message().contains("newer"));
}

#[test]
fn a_migration_whose_connection_is_killed_leaves_nothing() {
    let url = fresh();
    let mut store = bare(&url);
    let me: i32 = store.client.query_one("SELECT pg_backend_pid()", &[]).unwrap().get(0);
    let slow = [MIGRATIONS[0], "SELECT pg_sleep(60)"];
    let mut other = connection(&url);
    let killer = std::thread::spawn(move || {
        // Once it sleeps, its tables are made, for itself.
        let asleep = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'";
        while other.query_one(asleep, &[&me]).unwrap().get::<_, i64>(0) == 0 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        other.execute("SELECT pg_terminate_backend($1)", &[&me]).unwrap();
    });
    assert_eq!(store.begin(&slow).unwrap_err().kind(), ErrorKind::Connection);
    killer.join().unwrap();
    let mut after = bare(&url);
    assert_eq!(version(&mut after.client, &after.schema).unwrap(), None);
    Ledger::over(Postgres::connect(&url).unwrap()).unwrap();
}

#[test]
fn what_is_acknowledged_is_forced_also_where_sessions_are_lax() {
    let shown = |given: &str, writes: bool| {
        let mut store =
            Postgres::connect(&format!("{}&options=-csynchronous_commit%3D{given}", fresh())).unwrap();
        let ask = |rows: &mut PostgresRows<'_>| Ok(rows.ask_for_tests("SHOW synchronous_commit"));
        if writes { store.write(ask) } else { store.read(ask) }.unwrap()
    };
    assert_eq!(shown("off", true), "on");
    assert_eq!(shown("on", true), "on");
    // Whoever asks for more gets it.
    assert_eq!(shown("remote_apply", true), "remote_apply");
}

#[test]
fn a_transaction_with_a_failed_statement_is_not_kept_in_silence() {
    let url = fresh();
    let mut store = Postgres::connect(&url).unwrap();
    let kept = store.write(|rows| {
        rows.set("one", b"1")?;
        // An error that is passed over: the server would answer the commit with an undoing.
        assert!(
            rows.put_person(&crate::store::Person {
                number: 1,
                who: [0; 16],
                name: None,
                count: 1,
                head: Digest::NONE,
                last: None,
            })
            .is_ok()
        );
        assert!(rows.add_person("x", &[1; 16]).is_ok() && rows.add_person("x", &[1; 16]).is_err());
        Ok(())
    });
    assert_eq!(kept.unwrap_err().kind(), ErrorKind::Storage);
    assert_eq!(store.read(|rows| rows.setting("one")).unwrap(), None);
    store.write(|rows| rows.set("one", b"2")).unwrap();
    assert_eq!(store.read(|rows| rows.setting("one")).unwrap(), Some(b"2".to_vec()));
}

#[test]
fn a_panic_in_the_middle_undoes() {
    let mut store = Postgres::connect(&fresh()).unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write(|rows| {
            rows.set("one", b"1")?;
            std::panic::resume_unwind(Box::new("in the middle"));
            #[allow(unreachable_code)]
            Ok(())
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(store.read(|rows| rows.setting("one")).unwrap(), None);
}

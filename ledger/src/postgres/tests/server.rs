//! A PostgreSQL for tests: the one that `BYLEAVE_POSTGRES` names, or one that starts with the first test and stops with the process.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The URL of a schema that nobody else uses.
pub fn fresh() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("{}?schema=test_{}_{number}", server(), std::process::id())
}

/// The server's URL.
pub fn server() -> &'static str {
    static SERVER: OnceLock<String> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var("BYLEAVE_POSTGRES") {
        Ok(url) => url,
        Err(_) => {
            let folder = std::env::temp_dir().join(format!("byleave-pg-{}", std::process::id()));
            // It watches this process, and stops when it ends, however it ends.
            script(&["start", folder.to_str().expect("a folder"), &std::process::id().to_string()])
        }
    })
}

/// `tests/postgres` with these words, and the URL that it says, if any.
pub fn script(words: &[&str]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|it| it.join("tests/postgres"));
    let script = script.into_iter().find(|it| it.is_file()).expect("`tests/postgres` of the repository");
    let run = Command::new(script).args(words).output().expect("tests/postgres");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let said = String::from_utf8(run.stdout).expect("text");
    said.split('\'').nth(1).unwrap_or_default().to_owned()
}

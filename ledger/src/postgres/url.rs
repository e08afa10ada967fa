//! The URL of a database: read, held against what a connection in the clear may do, and shown without its secrets.

use crate::error::{Error, ErrorKind, Result};
use crate::place::{HIDDEN, is_url, shown};
use postgres::Config;
use postgres::config::{ChannelBinding, Host, SslMode, SslNegotiation};
use std::net::IpAddr;
use std::time::Duration;

/// The schema in which a ledger lies where nobody names another.
pub const SCHEMA: &str = "byleave";
/// How long a connection may take to be made, and to be missed once the other side is silent.
const SILENCE: Duration = Duration::from_secs(30);

/// A URL, read.
#[derive(Debug)]
pub(super) struct Url {
    pub(super) config: Config,
    pub(super) schema: String,
}

/// Reads a URL. No error repeats a part of it: a password may stand anywhere in one that is wrong.
pub(super) fn read(url: &str) -> Result<Url> {
    let wrong = |why: String| {
        Error::input("url", format!("cannot be read{why}"))
            .hint("write `postgres://user:password@host:5432/database`; in a name or password `@`, `/`, `?` and `%` are %40, %2F, %3F and %25")
    };
    if !is_url(url) {
        return Err(wrong(String::new()));
    }
    let (address, asked) = url.split_once('?').unwrap_or((url, ""));
    let pairs: Vec<(&str, &str)> = asked
        .split('&')
        .filter(|it| !it.is_empty())
        .map(|it| it.split_once('=').unwrap_or((it, "")))
        .collect();
    for (key, value) in &pairs {
        let clear = *key == "sslmode" && ["disable", "prefer"].contains(value);
        if (key.starts_with("ssl") || *key == "requiressl") && !clear {
            return Err(no_tls());
        }
    }
    let schema = pairs.iter().find(|(key, _)| *key == "schema").map_or(SCHEMA, |(_, value)| value);
    if schema.is_empty() || !schema.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b'-') {
        return Err(Error::input(
            "url",
            "the schema's name has other characters than letters, digits, `_` and `-`",
        ));
    }
    let rest: Vec<String> = pairs
        .iter()
        .filter(|(key, _)| *key != "schema")
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let plain = format!("{address}?{}", rest.join("&"));
    let mut config: Config = plain.trim_end_matches('?').parse().map_err(|error: postgres::Error| {
        // The name of an option is told where it is surely one, and no piece of a password.
        let why = std::error::Error::source(&error).filter(|_| shown(url) != HIDDEN);
        wrong(why.map_or_else(String::new, |why| format!(": {why}")))
    })?;
    if config.get_ssl_mode() == SslMode::Require
        || config.get_channel_binding() == ChannelBinding::Require
        || config.get_ssl_negotiation() == SslNegotiation::Direct
    {
        return Err(no_tls());
    }
    if config.get_ssl_mode() != SslMode::Disable && !within_the_machine(&config) {
        return Err(Error::new(ErrorKind::Input, "this connects without TLS, and the server is on another machine")
            .at("url")
            .hint("if the network between is trusted, say `?sslmode=disable`; else a program connects with TLS and opens the ledger over its connection, or a tunnel ends at this machine"));
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(SILENCE);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE);
    }
    config.keepalives_idle(SILENCE);
    if config.get_application_name().is_none() {
        config.application_name("byleave");
    }
    Ok(Url { config, schema: schema.to_owned() })
}

fn no_tls() -> Error {
    Error::new(ErrorKind::Input, "the URL asks for TLS, which is not spoken here")
        .at("url")
        .hint("a program connects with TLS and opens the ledger over its connection (`Postgres::over`), or a tunnel ends at this machine")
}

fn within_the_machine(config: &Config) -> bool {
    // Where addresses are given, they are what is connected to.
    if !config.get_hostaddrs().is_empty() {
        return config.get_hostaddrs().iter().all(IpAddr::is_loopback);
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

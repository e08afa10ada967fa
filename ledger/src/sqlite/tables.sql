-- Version 1. Events are only added; what may change later is named where it may.
CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
-- `count` and `head` follow the chain; an erasure takes the name.
CREATE TABLE people (
  number INTEGER PRIMARY KEY,
  who BLOB NOT NULL CHECK (length(who) = 16),
  name TEXT UNIQUE,
  count INTEGER NOT NULL,
  head BLOB NOT NULL CHECK (length(head) = 32)
) STRICT;
-- An erasure takes `salt` and `words`.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  person INTEGER NOT NULL,
  n INTEGER NOT NULL,
  list INTEGER NOT NULL,
  recorded INTEGER NOT NULL,
  key BLOB NOT NULL CHECK (length(key) = 16),
  salt BLOB,
  words TEXT,
  seal BLOB NOT NULL CHECK (length(seal) = 32),
  link BLOB NOT NULL CHECK (length(link) = 32)
) STRICT;
CREATE UNIQUE INDEX events_of_person ON events (person, n);
CREATE UNIQUE INDEX events_of_key ON events (key);
CREATE TABLE refusals (address BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (address, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE buried (hash BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoints (
  number INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  root BLOB NOT NULL CHECK (length(root) = 32),
  peaks BLOB NOT NULL,
  before BLOB NOT NULL,
  digest BLOB NOT NULL,
  signer BLOB,
  signature BLOB
) STRICT;
-- Roots over the links of 1024 events each, as far as checkpoints go.
CREATE TABLE blocks (number INTEGER PRIMARY KEY, root BLOB NOT NULL CHECK (length(root) = 32)) STRICT;
-- Whoever bypasses the ledger is stopped at the first row; whoever drops these as well is found by `verify`.
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT raise(ABORT, 'events are never deleted'); END;
CREATE TRIGGER events_as_they_are BEFORE UPDATE ON events
WHEN NEW.seq <> OLD.seq OR NEW.person <> OLD.person OR NEW.n <> OLD.n OR NEW.list <> OLD.list OR NEW.recorded <> OLD.recorded
  OR NEW.key <> OLD.key OR NEW.seal <> OLD.seal OR NEW.link <> OLD.link OR NEW.words IS NOT NULL OR NEW.salt IS NOT NULL
BEGIN SELECT raise(ABORT, 'events are never changed'); END;
CREATE TRIGGER checkpoints_stay BEFORE DELETE ON checkpoints BEGIN SELECT raise(ABORT, 'checkpoints are never deleted'); END;
CREATE TRIGGER checkpoints_as_they_are BEFORE UPDATE ON checkpoints BEGIN SELECT raise(ABORT, 'checkpoints are never changed'); END;

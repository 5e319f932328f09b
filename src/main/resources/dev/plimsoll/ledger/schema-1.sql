-- Version 1 of the ledger's file. A file that has left the house is never changed: the next version
-- is a file of its own with the steps from here to there.
--
-- Names end in _ms where they hold milliseconds: since 1970 (UTC) for started, last_seen, from and
-- to; by a monotonic clock for durations. Words (kind, outcome, purpose ...) are the labels of the
-- admin API. An open row has no outcome.

CREATE TABLE session (
  id                    TEXT PRIMARY KEY,
  source                TEXT NOT NULL,
  client_id             TEXT,
  position              INTEGER NOT NULL,            -- grows with every sign of life in any session
  parent                TEXT,
  agent                 TEXT NOT NULL,
  model                 TEXT,
  started_ms            INTEGER NOT NULL,
  last_seen_ms          INTEGER NOT NULL,
  running               INTEGER NOT NULL DEFAULT 0,
  requests              INTEGER NOT NULL DEFAULT 0,
  attempts              INTEGER NOT NULL DEFAULT 0,
  prompt                INTEGER NOT NULL DEFAULT 0,
  completion            INTEGER NOT NULL DEFAULT 0,
  reasoning             INTEGER NOT NULL DEFAULT 0,
  cached                INTEGER NOT NULL DEFAULT 0,
  compaction            INTEGER NOT NULL DEFAULT 0,
  discarded             INTEGER NOT NULL DEFAULT 0,
  context_window        INTEGER,
  last_prompt           INTEGER,
  compactions           INTEGER NOT NULL DEFAULT 0,
  tokens_saved          INTEGER NOT NULL DEFAULT 0,
  recoveries_attempted  INTEGER NOT NULL DEFAULT 0,
  recoveries_recovered  INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_position ON session (position);
-- Without the position, which changes with every request: a client's id has few sessions to sort.
CREATE INDEX session_by_client ON session (client_id) WHERE client_id IS NOT NULL;

CREATE TABLE request (
  seq             INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE,
  session         TEXT NOT NULL,
  parent          TEXT,
  agent           TEXT NOT NULL,
  kind            TEXT NOT NULL,
  model           TEXT NOT NULL,                     -- as the client spells it
  stream          INTEGER NOT NULL,
  started_ms      INTEGER NOT NULL,
  outcome         TEXT,
  status          INTEGER,
  finish_reason   TEXT,
  duration_ms     INTEGER,
  first_token_ms  INTEGER,
  original        INTEGER,
  sent            INTEGER,
  context_window  INTEGER,
  tier            TEXT,
  saved           INTEGER
) STRICT;

CREATE INDEX request_by_session ON request (session, seq);
CREATE INDEX request_by_start ON request (started_ms);
CREATE INDEX request_open ON request (seq) WHERE outcome IS NULL;

CREATE TABLE attempt (
  request        INTEGER NOT NULL,                   -- request.seq
  number         INTEGER NOT NULL,
  purpose        TEXT NOT NULL,
  model          TEXT NOT NULL,                      -- as the upstream spells it
  started_ms     INTEGER NOT NULL,
  after_ms       INTEGER NOT NULL,                   -- since the request's head was read
  outcome        TEXT,
  prompt         INTEGER NOT NULL DEFAULT 0,         -- these six: as marked while it runs
  completion     INTEGER NOT NULL DEFAULT 0,
  cached         INTEGER NOT NULL DEFAULT 0,
  reasoning      INTEGER NOT NULL DEFAULT 0,
  bytes          INTEGER NOT NULL DEFAULT 0,
  duration_ms    INTEGER NOT NULL DEFAULT 0,
  source         TEXT NOT NULL DEFAULT 'estimated',
  delivered      INTEGER NOT NULL DEFAULT 0,
  finish_reason  TEXT,
  PRIMARY KEY (request, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX attempt_open ON attempt (request, number) WHERE outcome IS NULL;

-- Grows in the transaction that closes an attempt, and never shrinks.
CREATE TABLE total (
  model       TEXT NOT NULL,
  purpose     TEXT NOT NULL,
  source      TEXT NOT NULL,
  attempts    INTEGER NOT NULL,
  prompt      INTEGER NOT NULL,
  completion  INTEGER NOT NULL,
  cached      INTEGER NOT NULL,
  reasoning   INTEGER NOT NULL,
  discarded   INTEGER NOT NULL,
  PRIMARY KEY (model, purpose, source)
) STRICT, WITHOUT ROWID;

-- What is in no other table because it could not be written, or read any more.
CREATE TABLE gap (
  id        TEXT PRIMARY KEY,
  cause     TEXT NOT NULL,
  from_ms   INTEGER NOT NULL,
  to_ms     INTEGER NOT NULL,
  requests  INTEGER NOT NULL,
  attempts  INTEGER NOT NULL,
  tokens    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

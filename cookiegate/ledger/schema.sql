-- The consent ledger, version 1. Rows are only ever added; `retention` is the one documented way out.

-- What visitors were asked, and the words they read, each kept once under its hash.
CREATE TABLE question (hash TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE shown_text (hash TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE choice (
  number INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  question TEXT NOT NULL REFERENCES question (hash),
  shown_text TEXT NOT NULL REFERENCES shown_text (hash),
  preferences INTEGER,
  analytics INTEGER,
  marketing INTEGER,
  services TEXT NOT NULL,
  source TEXT NOT NULL,
  language TEXT NOT NULL,
  action TEXT NOT NULL,
  record TEXT
);
CREATE INDEX choice_by_record ON choice (record) WHERE record IS NOT NULL;
CREATE INDEX choice_by_time ON choice (time);

-- Records older than `before` may be deleted; it only ever moves forward.
CREATE TABLE retention (only INTEGER PRIMARY KEY CHECK (only = 1), before INTEGER NOT NULL);
INSERT INTO retention VALUES (1, 0);

CREATE TRIGGER choice_is_never_changed BEFORE UPDATE ON choice
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER choice_is_deleted_by_age_alone BEFORE DELETE ON choice
WHEN OLD.time >= (SELECT before FROM retention)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- INSERT OR REPLACE deletes without firing the trigger above.
CREATE TRIGGER choice_is_never_replaced BEFORE INSERT ON choice
WHEN EXISTS (SELECT 1 FROM choice WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER question_is_never_changed BEFORE UPDATE ON question
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER shown_text_is_never_changed BEFORE UPDATE ON shown_text
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER retention_only_moves_forward BEFORE UPDATE ON retention WHEN NEW.before < OLD.before
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER retention_stays BEFORE DELETE ON retention
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

PRAGMA user_version = 1;

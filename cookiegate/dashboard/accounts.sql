-- Who may look at the dashboard, and what they made there, format 2.

-- `sites` is one site a line, empty for all of them. A session names the account's epoch: raising it ends them all.
-- `second` is the secret of a one-time code's generator, or empty.
CREATE TABLE account (
  name TEXT PRIMARY KEY, password TEXT NOT NULL, role TEXT NOT NULL, sites TEXT NOT NULL,
  epoch INTEGER NOT NULL, made INTEGER NOT NULL,
  second TEXT NOT NULL DEFAULT '', second_used INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Links that sign in once. Only the SHA-256 of a link is here.
CREATE TABLE once (
  token TEXT PRIMARY KEY, account TEXT NOT NULL, until INTEGER NOT NULL
) WITHOUT ROWID;

-- Keys of programs that read figures; `token` is a SHA-256 too.
CREATE TABLE token (
  token TEXT PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL, made INTEGER NOT NULL, until INTEGER NOT NULL
) WITHOUT ROWID;

-- Links for people without an account. `filter` is a query; `password` an argon2id hash, or empty.
CREATE TABLE share (
  id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, account TEXT NOT NULL, site TEXT NOT NULL, filter TEXT NOT NULL,
  k INTEGER NOT NULL, password TEXT NOT NULL, made INTEGER NOT NULL, until INTEGER NOT NULL
) WITHOUT ROWID;

-- What happened on a day, in the operator's words.
CREATE TABLE annotation (
  id INTEGER PRIMARY KEY, site TEXT NOT NULL, day INTEGER NOT NULL, text TEXT NOT NULL, account TEXT NOT NULL
);

-- What was done: sign-ins, refusals, changes. No address, no user agent.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT NOT NULL, event TEXT NOT NULL
);

PRAGMA user_version = 2;

-- Who may look at the dashboard, format 1.

-- `sites` is one site a line, empty for all of them. A session names the account's epoch: raising it ends them all.
CREATE TABLE account (
  name TEXT PRIMARY KEY, password TEXT NOT NULL, role TEXT NOT NULL, sites TEXT NOT NULL,
  epoch INTEGER NOT NULL, made INTEGER NOT NULL
) WITHOUT ROWID;

-- Links that sign in once. Only the SHA-256 of a link is here.
CREATE TABLE once (
  token TEXT PRIMARY KEY, account TEXT NOT NULL, until INTEGER NOT NULL
) WITHOUT ROWID;

-- What was done: sign-ins, refusals, changes. No address, no user agent.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT NOT NULL, event TEXT NOT NULL
);

PRAGMA user_version = 1;

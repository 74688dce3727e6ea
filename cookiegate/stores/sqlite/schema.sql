-- Counts, format 1. No row stands for a visit, and no column could hold one.

-- Words of panels, blocks and labels that have been published, each once.
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

-- Flushes that were added, so that a retry never counts twice.
CREATE TABLE batch (id TEXT PRIMARY KEY, sent INTEGER NOT NULL) WITHOUT ROWID;

-- Exact counts of days that are not sealed yet. Their labels are not interned: they may never be published.
CREATE TABLE open_cell (
  site TEXT NOT NULL, day INTEGER NOT NULL, panel TEXT NOT NULL, label TEXT NOT NULL,
  visits INTEGER NOT NULL, views INTEGER NOT NULL,
  PRIMARY KEY (site, day, panel, label)
) WITHOUT ROWID;

-- Exact counts that sealed days hid, until their week (w) or month (m) closes. day -1: a late flush.
CREATE TABLE piece (
  site TEXT NOT NULL, kind TEXT NOT NULL, period INTEGER NOT NULL, day INTEGER NOT NULL,
  panel TEXT NOT NULL, block TEXT NOT NULL, grp TEXT NOT NULL, label TEXT NOT NULL,
  visits INTEGER NOT NULL, views INTEGER NOT NULL,
  PRIMARY KEY (site, kind, period, day, panel, block, grp, label)
) WITHOUT ROWID;

-- Days (d), weeks (w) and months (m) that are closed for good.
CREATE TABLE closed (
  site TEXT NOT NULL, kind TEXT NOT NULL, period INTEGER NOT NULL,
  PRIMARY KEY (site, kind, period)
) WITHOUT ROWID;

-- Published figures: of days (d), of what weeks (w) and months (m) added, and
-- days added up by month (r) and by week (v), for questions about long ranges.
CREATE TABLE sealed (
  site INTEGER NOT NULL, kind TEXT NOT NULL, panel INTEGER NOT NULL, period INTEGER NOT NULL,
  block INTEGER NOT NULL, label INTEGER NOT NULL,
  visits INTEGER NOT NULL, views INTEGER NOT NULL,
  PRIMARY KEY (site, kind, panel, period, block, label)
) WITHOUT ROWID;

-- The largest labels of each period first: what the most of a year are is found without adding up the year.
CREATE INDEX by_size ON sealed (site, panel, kind, period, visits DESC);

PRAGMA user_version = 1;

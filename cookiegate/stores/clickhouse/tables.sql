-- Counts, format 2, on each server. No row stands for a visit, and no column could hold one.
-- What the older and the current servers understand alike; {path} and {replica} are filled in by `migrate`.
-- Replicas know a block that they have had for a week: a flush or a closing that is finished later counts once. (A
-- current server's own default is an hour.)

-- Exact counts of days that are not sealed yet. `slot` is the day; of a late flush -1 less the Monday of the week
-- that it waits for. A row of panel '' names a batch that is in this slot. `flush` makes equal flushes differ:
-- replicas drop a block that they have had.
CREATE TABLE IF NOT EXISTS open_cell (
  site String, slot Int32, day Int32, panel String, label String, flush String, visits Int64, views Int64
) ENGINE = ReplicatedSummingMergeTree('{path}/open_cell', '{replica}', (visits, views))
PARTITION BY (site, slot) ORDER BY (day, panel, label)
SETTINGS replicated_deduplication_window = 100000, replicated_deduplication_window_seconds = 604800,
  old_parts_lifetime = 1, cleanup_delay_period = 1;

-- Exact counts that sealed days hid, until their week (w) or month (m) closes. day -1: a late flush. `origin`, the
-- period that was closed, makes equal closings differ.
CREATE TABLE IF NOT EXISTS piece (
  site String, kind String, period Int32, origin Int32, day Int32, panel String, block String, grp String,
  label String, visits Int64, views Int64
) ENGINE = ReplicatedMergeTree('{path}/piece', '{replica}')
PARTITION BY (site, kind, period) ORDER BY (day, panel, block, grp, label)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800,
  old_parts_lifetime = 1, cleanup_delay_period = 1;

-- What a closing is going to do, written at once before any of it is done: one that dies is finished by the next.
CREATE TABLE IF NOT EXISTS plan (
  site String, kind String, period Int32, what String, number Int32, day Int32,
  panel String, block String, grp String, label String, visits Int64, views Int64
) ENGINE = ReplicatedMergeTree('{path}/plan', '{replica}')
PARTITION BY (site, kind, period) ORDER BY (what, number, day, panel, block, grp, label)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800,
  old_parts_lifetime = 1, cleanup_delay_period = 1;

-- Days (d), weeks (w) and months (m): 1 is being closed, 2 is closed for good. p: pruned before that day. They are
-- destroyed in whole weeks, day and week together: day 4 was a Monday.
CREATE TABLE IF NOT EXISTS mark (site String, kind String, period Int32, state UInt8)
ENGINE = ReplicatedMergeTree('{path}/mark', '{replica}')
PARTITION BY (site, intDiv(period + 3, 70)) ORDER BY (kind, period, state);

-- Batches that closed slots held, so that a retry never counts twice. `day` is their cells' day.
CREATE TABLE IF NOT EXISTS batch (site String, id String, day Int32)
ENGINE = ReplicatedMergeTree('{path}/batch', '{replica}')
PARTITION BY intDiv(day, 7) ORDER BY (site, id)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800;

-- Published figures: of days (d), of what weeks (w) and months (m) added, and
-- days added up by month (r) and by week (v), for questions about long ranges.
CREATE TABLE IF NOT EXISTS sealed (
  site String, kind String, panel String, period Int32, block String, label String, origin Int32,
  visits Int64, views Int64
) ENGINE = ReplicatedSummingMergeTree('{path}/sealed', '{replica}', (visits, views))
PARTITION BY (site, toYYYYMM(toDate(period))) ORDER BY (kind, panel, period, block, label)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800

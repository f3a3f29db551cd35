CREATE TABLE runs (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT,
  experiment TEXT,
  experiment_version INTEGER,
  config_version TEXT,
  seed TEXT,
  status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'failed', 'interrupted')),
  started_at TEXT NOT NULL,
  duration_ms REAL,
  latency_ms REAL,
  rows_processed INTEGER,
  signal_rate REAL,
  data_path TEXT,
  config TEXT,
  quality TEXT,
  config_hash TEXT,
  data_hash TEXT,
  rows_hash TEXT,
  code_hash TEXT,
  signal_hash TEXT,
  result_hash TEXT,
  fingerprint TEXT,
  error_code TEXT,
  error_message TEXT,
  directory TEXT NOT NULL,
  environment TEXT NOT NULL
) STRICT;

CREATE INDEX runs_started_at ON runs (started_at);
CREATE INDEX runs_status ON runs (status);
CREATE INDEX runs_fingerprint ON runs (fingerprint);
CREATE INDEX runs_inputs ON runs (config_hash, data_hash);

CREATE TABLE params (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  number REAL,
  PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX params_key_number ON params (key, number);

CREATE TABLE metrics (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX metrics_key_value ON metrics (key, value);

CREATE TABLE tags (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  tag TEXT NOT NULL,
  PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;

CREATE INDEX tags_tag ON tags (tag);

CREATE TABLE artifacts (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (run_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE damage (
  run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  found TEXT NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN evaluation TEXT;
ALTER TABLE runs ADD COLUMN note TEXT;
ALTER TABLE runs ADD COLUMN deleted_at TEXT;
ALTER TABLE runs ADD COLUMN labels_at TEXT;

CREATE INDEX runs_data ON runs (data_hash, config_hash);
CREATE INDEX runs_deleted_at ON runs (deleted_at, started_at, id);

-- Never released: what a next schema might do. It adds a column that must have a value, rewrites rows,
-- makes an index, and moves a table into another form.
ALTER TABLE runs ADD COLUMN weight INTEGER NOT NULL DEFAULT 1;
UPDATE runs SET weight = 1 + attempts, reason = coalesce(reason, '');
CREATE INDEX runs_weight ON runs (weight) WHERE state = 'finished';
CREATE TABLE labels (
  task_id INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  label TEXT NOT NULL,
  PRIMARY KEY (label, task_id)
) STRICT, WITHOUT ROWID;
INSERT INTO labels (task_id, label) SELECT task_id, tag FROM tags;

CREATE TABLE surroundings (
  id INTEGER PRIMARY KEY,
  body TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE queues (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state = 'open' OR state = 'paused' OR state = 'draining'),
  slots INTEGER NOT NULL DEFAULT 0 CHECK (slots >= 0),
  guaranteed INTEGER NOT NULL DEFAULT 0 CHECK (guaranteed >= 0),
  weight INTEGER NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 1000),
  policy TEXT NOT NULL DEFAULT 'priority',
  ageing_ms INTEGER DEFAULT 600000 CHECK (ageing_ms > 0),
  defaults TEXT NOT NULL DEFAULT '[]',
  fair TEXT,
  eager_backfill INTEGER NOT NULL DEFAULT 0 CHECK (eager_backfill IN (0, 1)),
  slice_ms INTEGER NOT NULL DEFAULT 30000 CHECK (slice_ms > 0),
  preempt TEXT NOT NULL DEFAULT 'none' CHECK (preempt = 'none' OR preempt = 'requeue' OR preempt = 'suspend'),
  turn_begin INTEGER NOT NULL DEFAULT 0,
  turn_end INTEGER NOT NULL DEFAULT 0,
  created_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO queues (id, name) VALUES (1, 'default');

CREATE TABLE lanes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  queue_id INTEGER NOT NULL REFERENCES queues (id) ON DELETE CASCADE,
  needs TEXT NOT NULL,
  share TEXT NOT NULL DEFAULT '',
  guards TEXT NOT NULL DEFAULT '',
  UNIQUE (queue_id, needs, share, guards)
) STRICT;
INSERT INTO lanes (id, queue_id, needs) VALUES (1, 1, '');

CREATE TABLE shares (
  queue_id INTEGER NOT NULL REFERENCES queues (id) ON DELETE CASCADE,
  share TEXT NOT NULL,
  used_ms INTEGER NOT NULL CHECK (used_ms >= 0),
  as_of_ms INTEGER NOT NULL,
  PRIMARY KEY (queue_id, share)
) STRICT, WITHOUT ROWID;

CREATE TABLE resources (
  name TEXT PRIMARY KEY,
  capacity INTEGER NOT NULL CHECK (capacity >= 0),
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT,
  key TEXT,
  spec TEXT NOT NULL,
  surroundings_id INTEGER NOT NULL REFERENCES surroundings (id),
  trigger TEXT NOT NULL CHECK (trigger = 'once' OR trigger = 'upstream' OR trigger = 'manual' OR trigger = 'timed'),
  at_ms INTEGER CHECK ((at_ms IS NOT NULL) = (trigger = 'once')),
  next_at_ms INTEGER CHECK (next_at_ms IS NULL OR trigger = 'timed'),
  awaits_end INTEGER NOT NULL DEFAULT 0 CHECK (awaits_end = 0 OR (awaits_end = 1 AND next_at_ms IS NULL)),
  runs_left INTEGER CHECK (runs_left IS NULL OR (runs_left >= 0 AND trigger = 'timed')),
  boot_id TEXT CHECK (boot_id IS NULL OR trigger = 'timed'),
  repeats INTEGER NOT NULL DEFAULT 0 CHECK (repeats IN (0, 1)),
  queue_id INTEGER NOT NULL DEFAULT 1 REFERENCES queues (id),
  needs TEXT,
  priority INTEGER NOT NULL DEFAULT 0,
  paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX tasks_name ON tasks (name) WHERE name IS NOT NULL;
CREATE UNIQUE INDEX tasks_key ON tasks (key) WHERE key IS NOT NULL;
CREATE INDEX tasks_surroundings ON tasks (surroundings_id);
CREATE INDEX tasks_queue ON tasks (queue_id) WHERE queue_id <> 1;
CREATE INDEX tasks_next ON tasks (next_at_ms) WHERE next_at_ms IS NOT NULL AND paused = 0;
CREATE INDEX tasks_awaiting ON tasks (id) WHERE awaits_end = 1;
CREATE INDEX tasks_paused ON tasks (id) WHERE paused = 1;
CREATE INDEX tasks_boot ON tasks (boot_id) WHERE boot_id IS NOT NULL;

CREATE TABLE tags (
  tag TEXT NOT NULL,
  task_id INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  PRIMARY KEY (task_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_tag ON tags (tag);

CREATE TABLE guards (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id INTEGER UNIQUE REFERENCES tasks (id) ON DELETE CASCADE,
  queue_id INTEGER UNIQUE REFERENCES queues (id) ON DELETE CASCADE,
  resource TEXT UNIQUE REFERENCES resources (name) ON DELETE CASCADE,
  tag TEXT UNIQUE,
  rate TEXT,
  burst INTEGER NOT NULL DEFAULT 1 CHECK (burst > 0),
  full_at_us INTEGER NOT NULL DEFAULT 0,
  breaker TEXT,
  cooldown_ms INTEGER NOT NULL DEFAULT 300000 CHECK (cooldown_ms > 0),
  open INTEGER NOT NULL DEFAULT 0 CHECK (open IN (0, 1)),
  in_a_row INTEGER NOT NULL DEFAULT 0,
  recent TEXT NOT NULL DEFAULT '',
  opened_at_ms INTEGER CHECK ((opened_at_ms IS NOT NULL) = open),
  open_for_ms INTEGER,
  why TEXT,
  probe_run_id INTEGER NOT NULL DEFAULT 0,
  probe_attempt INTEGER NOT NULL DEFAULT 0,
  CHECK ((task_id IS NOT NULL) + (queue_id IS NOT NULL) + (resource IS NOT NULL) + (tag IS NOT NULL) = 1),
  CHECK (rate IS NOT NULL OR breaker IS NOT NULL),
  CHECK (open = 0 OR breaker IS NOT NULL)
) STRICT;
CREATE INDEX guards_open ON guards (id) WHERE open = 1;

CREATE TABLE dependencies (
  id INTEGER PRIMARY KEY,
  task_id INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  upstream_id INTEGER NOT NULL REFERENCES tasks (id),
  condition TEXT NOT NULL,
  UNIQUE (task_id, upstream_id, condition),
  CHECK (task_id <> upstream_id)
) STRICT;
CREATE INDEX dependencies_upstream ON dependencies (upstream_id);

CREATE TABLE handlers (
  task_id INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind = 'failure' OR kind = 'success' OR kind = 'fallback'),
  handler_id INTEGER NOT NULL REFERENCES tasks (id),
  PRIMARY KEY (task_id, kind, handler_id),
  CHECK (task_id <> handler_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX handlers_handler ON handlers (handler_id);
CREATE UNIQUE INDEX handlers_fallback ON handlers (task_id) WHERE kind = 'fallback';

CREATE TABLE launchers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  boot_id TEXT NOT NULL,
  worker_pid INTEGER NOT NULL,
  started_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  flow_id INTEGER,
  trigger TEXT NOT NULL,
  nominal_ms INTEGER NOT NULL,
  firings INTEGER NOT NULL DEFAULT 1 CHECK (firings > 0),
  in_turn INTEGER NOT NULL DEFAULT 0 CHECK (in_turn IN (0, 1)),
  state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'queued' OR state = 'running' OR state = 'held' OR state = 'finished'),
  outcome TEXT CHECK (outcome = 'succeeded' OR outcome = 'failed' OR outcome = 'timed_out' OR outcome = 'cancelled' OR outcome = 'skipped' OR outcome = 'missed' OR outcome = 'lost'),
  exit_code INTEGER,
  reason TEXT,
  priority INTEGER NOT NULL,
  lane_id INTEGER NOT NULL DEFAULT 1,
  rank INTEGER NOT NULL DEFAULT 0,
  choice INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL,
  due_at_ms INTEGER CHECK (due_at_ms IS NULL OR state = 'waiting'),
  edges_total INTEGER NOT NULL DEFAULT 0,
  edges_open INTEGER NOT NULL DEFAULT 0,
  edges_satisfied INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  spent_attempts INTEGER NOT NULL DEFAULT 0,
  displaced INTEGER NOT NULL DEFAULT 0 CHECK (displaced >= 0),
  displaced_by INTEGER CHECK (displaced_by IS NULL OR state = 'running'),
  displaced_at_ms INTEGER,
  displaces INTEGER NOT NULL DEFAULT 0 CHECK (displaces IN (0, 1)),
  shed INTEGER NOT NULL DEFAULT 0 CHECK (shed >= 0),
  bound_met INTEGER NOT NULL DEFAULT 0 CHECK (bound_met IN (0, 1)),
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  deadline_ms INTEGER,
  hard_deadline_ms INTEGER,
  late INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1)),
  look_at_ms INTEGER,
  suspended_at_ms INTEGER CHECK (suspended_at_ms IS NULL OR state = 'running'),
  resumed_at_ms INTEGER,
  stood_ms INTEGER NOT NULL DEFAULT 0 CHECK (stood_ms >= 0),
  created_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER,
  finished_at_ms INTEGER,
  resolved_at_ms INTEGER CHECK (resolved_at_ms IS NULL OR (outcome = 'failed' OR outcome = 'timed_out' OR outcome = 'lost')),
  resolution TEXT CHECK ((resolution IS NULL) = (resolved_at_ms IS NULL)),
  UNIQUE (nominal_ms, task_id, trigger),
  CHECK ((state = 'finished') = (outcome IS NOT NULL)),
  CHECK ((state = 'finished') = (finished_at_ms IS NOT NULL)),
  CHECK (state <> 'finished' OR reason IS NOT NULL),
  CHECK (state <> 'running' OR attempts > spent_attempts),
  CHECK (edges_open >= 0 AND edges_satisfied >= 0 AND edges_open + edges_satisfied <= edges_total)
) STRICT;
CREATE INDEX runs_task ON runs (task_id);
CREATE INDEX runs_due ON runs (due_at_ms) WHERE state = 'waiting' AND due_at_ms IS NOT NULL;
CREATE INDEX runs_again ON runs (id)
  WHERE state = 'waiting' AND due_at_ms IS NOT NULL AND started_at_ms IS NOT NULL;
CREATE INDEX runs_queued ON runs (lane_id, rank, id) WHERE state = 'queued';
CREATE INDEX runs_in_turn ON runs (task_id, id) WHERE in_turn = 1 AND state = 'waiting';
CREATE INDEX runs_running ON runs (lane_id, id) WHERE state = 'running';
CREATE INDEX runs_suspended ON runs (id) WHERE suspended_at_ms IS NOT NULL;
CREATE INDEX runs_displacing ON runs (rank, id) WHERE state = 'queued' AND displaces = 1;
CREATE INDEX runs_held ON runs (id) WHERE state = 'held';
CREATE INDEX runs_deadline ON runs (look_at_ms) WHERE look_at_ms IS NOT NULL AND state <> 'finished';
CREATE INDEX runs_flow ON runs (flow_id) WHERE flow_id IS NOT NULL;
CREATE INDEX runs_dead ON runs (finished_at_ms)
  WHERE (outcome = 'failed' OR outcome = 'timed_out' OR outcome = 'lost') AND resolved_at_ms IS NULL;
CREATE INDEX runs_dead_of_task ON runs (task_id, id)
  WHERE (outcome = 'failed' OR outcome = 'timed_out' OR outcome = 'lost') AND resolved_at_ms IS NULL;

CREATE TABLE bindings (
  upstream_run_id INTEGER NOT NULL REFERENCES runs (id),
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  dependency_id INTEGER NOT NULL REFERENCES dependencies (id) ON DELETE CASCADE,
  condition TEXT,
  PRIMARY KEY (upstream_run_id, run_id, dependency_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX bindings_run ON bindings (run_id);
CREATE INDEX bindings_dependency ON bindings (dependency_id);

CREATE TABLE causes (
  run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind = 'failure' OR kind = 'success' OR kind = 'fallback'),
  for_run_id INTEGER NOT NULL,
  for_attempt INTEGER NOT NULL,
  task TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome = 'succeeded' OR outcome = 'failed' OR outcome = 'timed_out' OR outcome = 'lost'),
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX causes_for ON causes (for_run_id);

CREATE TABLE attempts (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number > 0),
  token INTEGER NOT NULL,
  launcher_id INTEGER NOT NULL,
  claimed_at_ms INTEGER NOT NULL,
  outcome TEXT CHECK (outcome = 'succeeded' OR outcome = 'failed' OR outcome = 'timed_out' OR outcome = 'cancelled' OR outcome = 'lost'),
  reason TEXT,
  kind TEXT CHECK (kind = 'exited' OR kind = 'signalled' OR kind = 'not_executed' OR kind = 'lost'),
  cause TEXT,
  step TEXT,
  code INTEGER,
  started_at_ms INTEGER,
  ended_at_ms INTEGER,
  elapsed_ms INTEGER,
  user_us INTEGER,
  system_us INTEGER,
  max_rss_bytes INTEGER,
  read_bytes INTEGER,
  write_bytes INTEGER,
  log_bytes INTEGER,
  dropped_bytes INTEGER,
  strays TEXT,
  PRIMARY KEY (run_id, number),
  CHECK ((outcome IS NULL) = (kind IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE tallies (
  what TEXT PRIMARY KEY,
  number INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO tallies (what) VALUES ('tasks'), ('waiting'), ('queued'), ('running'), ('held'), ('succeeded'),
  ('failed'), ('timed_out'), ('cancelled'), ('skipped'), ('missed'), ('lost');
CREATE TRIGGER tasks_added AFTER INSERT ON tasks BEGIN
  UPDATE tallies SET number = number + 1 WHERE what = 'tasks';
END;
CREATE TRIGGER tasks_removed AFTER DELETE ON tasks BEGIN
  UPDATE tallies SET number = number - 1 WHERE what = 'tasks';
END;
CREATE TRIGGER runs_added AFTER INSERT ON runs BEGIN
  UPDATE tallies SET number = number + 1 WHERE what = coalesce(new.outcome, new.state);
END;
CREATE TRIGGER runs_moved AFTER UPDATE OF state, outcome ON runs BEGIN
  UPDATE tallies SET number = number - 1 WHERE what = coalesce(old.outcome, old.state);
  UPDATE tallies SET number = number + 1 WHERE what = coalesce(new.outcome, new.state);
END;
CREATE TRIGGER runs_removed AFTER DELETE ON runs BEGIN
  UPDATE tallies SET number = number - 1 WHERE what = coalesce(old.outcome, old.state);
END;

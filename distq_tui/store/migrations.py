"""The schema, as steps from an empty file to today's. A step that was shipped is never edited: a change is a new step.

The statements carry their comments into the file (`sqlite_master` keeps them), so whoever opens it can read what a
column means; `docs/database.md` is made of the same text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x64717475
"""Marks a SQLite file as ours (`dqtu` in ASCII); `file` and `PRAGMA application_id` show it."""

MIGRATION_SET = "distq-tui"
"""Names our steps in sqlite-utils' table of applied migrations."""


def m001_tables(db: Database) -> None:
    """Sessions, requests, responses, the trials that link them, and scores apart from the responses."""
    db.executescript(
        """
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    plan_digest TEXT NOT NULL, -- hash of what is asked; budget and limits are not in it
    plan TEXT NOT NULL,        -- JSON: the whole plan; keys only as references such as env:NAME
    seed INTEGER NOT NULL,
    fresh INTEGER NOT NULL,    -- 1 = asked again for what was stored: only its own answers are served to it
    state TEXT NOT NULL,       -- running, done, stopped, budget, failed
    total INTEGER NOT NULL,    -- trials planned so far
    versions TEXT NOT NULL,    -- JSON: what ran it, by name
    created_at TEXT NOT NULL,  -- ISO-8601 UTC
    finished_at TEXT           -- ISO-8601 UTC; null while it runs, and after a crash
);
CREATE INDEX sessions_by_plan ON sessions (plan_digest);
CREATE TABLE requests (
    id INTEGER PRIMARY KEY,
    trial_key TEXT NOT NULL UNIQUE, -- hash of everything in this row
    provider TEXT NOT NULL,
    endpoint TEXT NOT NULL,         -- base URL, or local:HASH for embedded weights
    model TEXT NOT NULL,            -- the name that is sent
    messages TEXT NOT NULL,         -- JSON: [{role, content}], the system prompt too
    params TEXT NOT NULL,           -- JSON: sampling parameters asked for
    sample INTEGER NOT NULL
);
CREATE TABLE responses (
    id INTEGER PRIMARY KEY,
    trial_key TEXT NOT NULL REFERENCES requests (trial_key),
    class TEXT NOT NULL,     -- ok, refusal, truncated, no_answer: complete;
                             -- incomplete, filtered, error, cancelled, model_mismatch: asked again
    served_model TEXT,       -- the model's name as the server gave it
    finish_reason TEXT,      -- the server's own word; null where the stream was cut
    sent TEXT NOT NULL,      -- JSON: sampling parameters really sent
    refused TEXT NOT NULL,   -- JSON: parameters the model refused
    input_tokens INTEGER,
    output_tokens INTEGER,
    usage_source TEXT,       -- reported by the server, or estimated
    cost REAL,               -- US dollars; null where no price is known
    queued_at TEXT NOT NULL, -- ISO-8601 UTC
    first_token_ms INTEGER,  -- from the sending of the last attempt
    total_ms INTEGER,
    retries INTEGER NOT NULL,
    error TEXT,
    session TEXT NOT NULL,   -- the session that asked; it may be deleted since
    created_at TEXT NOT NULL, -- ISO-8601 UTC, when the answer ended
    text TEXT NOT NULL,
    reasoning TEXT NOT NULL
);
CREATE INDEX responses_complete ON responses (trial_key) WHERE class IN ('ok', 'refusal', 'truncated', 'no_answer');
CREATE TABLE session_trials (
    id INTEGER PRIMARY KEY,
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    trial_key TEXT NOT NULL REFERENCES requests (trial_key),
    response INTEGER NOT NULL REFERENCES responses (id), -- the newest attempt; older ones stay in responses
    class TEXT NOT NULL,      -- the response's
    cached INTEGER NOT NULL,  -- 1 = served from an earlier answer
    model TEXT NOT NULL,      -- the model's title in the plan
    role TEXT NOT NULL,
    purpose TEXT NOT NULL,    -- plan, judge, adaptive
    prompt_id TEXT NOT NULL,
    kind TEXT NOT NULL,       -- identity, similarity
    language TEXT NOT NULL,
    aspect TEXT,
    template TEXT,
    question TEXT,
    tags TEXT NOT NULL,       -- JSON
    prompt_set TEXT NOT NULL,
    sample INTEGER NOT NULL,
    facts TEXT NOT NULL,      -- JSON: {family, fact} of the model in this plan; identity verdicts depend on it
    UNIQUE (session, model, prompt_id, sample, trial_key)
);
CREATE INDEX session_trials_by_session ON session_trials (session);
CREATE INDEX session_trials_by_response ON session_trials (response);
CREATE TABLE ice_scores (
    id INTEGER PRIMARY KEY,   -- the highest of a response is its newest verdict
    response INTEGER NOT NULL REFERENCES responses (id),
    scorer TEXT NOT NULL,
    version TEXT NOT NULL,
    options TEXT NOT NULL,    -- JSON: what else the verdict depends on, as in session_trials.facts
    loose INTEGER,            -- null = unscored
    strict INTEGER,
    paper_strict INTEGER,
    primed INTEGER,           -- template or question names a vendor or product
    claimed TEXT NOT NULL,    -- JSON: vendors and products it said it is
    marks TEXT NOT NULL,      -- JSON: [{start, end, kind, rule, vendor, role_play}], code points of the text
    UNIQUE (response, scorer, version, options)
);
CREATE TABLE rse_scores (
    id INTEGER PRIMARY KEY,
    response_a INTEGER NOT NULL REFERENCES responses (id), -- the lower id of the two
    response_b INTEGER NOT NULL REFERENCES responses (id),
    scorer TEXT NOT NULL,
    version TEXT NOT NULL,
    options TEXT NOT NULL,    -- JSON
    content REAL NOT NULL,    -- each in [0, 1]
    structure REAL NOT NULL,
    style REAL NOT NULL,
    UNIQUE (response_a, response_b, scorer, version, options)
);
CREATE TABLE rse_judgements (
    id INTEGER PRIMARY KEY,
    response_a INTEGER NOT NULL REFERENCES responses (id), -- the lower id of the two
    response_b INTEGER NOT NULL REFERENCES responses (id),
    judge TEXT NOT NULL,      -- the judge's title
    version TEXT NOT NULL,    -- hash of the judge's prompt
    content REAL,             -- 0 dissimilar, 1 neutral, 2 similar; mean of both role orders; null = unscored
    structure REAL,
    style REAL,
    overall REAL,             -- 1 to 5
    order_effect REAL,        -- overall with response_a first minus overall with response_b first
    UNIQUE (response_a, response_b, judge, version)
);
CREATE TABLE overrides (
    id INTEGER PRIMARY KEY,
    response INTEGER NOT NULL REFERENCES responses (id),
    label TEXT NOT NULL,      -- which verdict is overridden
    value TEXT,               -- null = taken back; the newest row counts
    at TEXT NOT NULL          -- ISO-8601 UTC
);
CREATE INDEX overrides_by_response ON overrides (response);
"""
    )


def m002_views(db: Database) -> None:
    """The views that reports, notebooks and datasette read."""
    db.executescript(
        """
CREATE VIEW v_responses AS -- one row per session and trial, failures included; text is that of the newest attempt
SELECT t.session, t.trial_key, t.model, r.served_model, t.role, t.prompt_id, t.language, t.sample, t.class, t.cached,
       r.text, r.reasoning, r.input_tokens, r.output_tokens, r.first_token_ms, r.total_ms, r.created_at
FROM session_trials AS t JOIN responses AS r ON r.id = t.response;
CREATE VIEW v_ice AS -- one row per session, trial and scorer: its newest verdict by the facts of that session's plan
SELECT t.session, t.trial_key, t.model, r.served_model, t.role, t.prompt_id, t.language, t.sample, t.class, t.cached,
       t.kind, t.prompt_set, t.aspect, t.template, t.question, t.purpose,
       i.primed, i.loose, i.strict, i.paper_strict,
       CASE i.primed WHEN 0 THEN i.strict END AS hard, -- over clean probes only
       i.claimed, i.marks, i.scorer, i.version, i.options, t.response, r.created_at
FROM session_trials AS t
JOIN responses AS r ON r.id = t.response
JOIN ice_scores AS i ON i.response = t.response
WHERE i.id = (SELECT max(n.id) FROM ice_scores AS n
              WHERE n.response = i.response AND n.scorer = i.scorer AND n.options = t.facts);
CREATE VIEW v_rse AS -- one row per session, prompt, pair of answers and scorer; model_a <= model_b by code points
SELECT a.session, a.prompt_id, a.language, a.kind, a.prompt_set,
       min(a.model, b.model) AS model_a, max(a.model, b.model) AS model_b,
       CASE WHEN a.model <= b.model THEN a.role ELSE b.role END AS role_a,
       CASE WHEN a.model <= b.model THEN b.role ELSE a.role END AS role_b,
       CASE WHEN a.model <= b.model THEN a.sample ELSE b.sample END AS sample_a,
       CASE WHEN a.model <= b.model THEN b.sample ELSE a.sample END AS sample_b,
       s.content, s.structure, s.style, (s.content + s.structure + s.style) / 3 AS similarity,
       s.scorer, s.version, s.options,
       CASE WHEN a.model <= b.model THEN a.response ELSE b.response END AS response_a,
       CASE WHEN a.model <= b.model THEN b.response ELSE a.response END AS response_b
FROM session_trials AS a
JOIN rse_scores AS s ON s.response_a = a.response
JOIN session_trials AS b ON b.response = s.response_b AND b.session = a.session AND b.prompt_id = a.prompt_id
WHERE a.id <> b.id
  AND (s.response_a <> s.response_b OR a.id < b.id)
  AND s.id = (SELECT max(n.id) FROM rse_scores AS n
              WHERE n.response_a = s.response_a AND n.response_b = s.response_b AND n.scorer = s.scorer);
"""
    )


def m003_plans(db: Database) -> None:
    """Plans apart from sessions: SQLite writes a row as a whole, and a plan of 10,000 prompts is 5 MB of JSON."""
    db.executescript(
        """
CREATE TABLE plans (
    session TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    plan TEXT NOT NULL -- JSON: the whole plan; keys only as references such as env:NAME
);
INSERT INTO plans (session, plan) SELECT id, plan FROM sessions;
ALTER TABLE sessions DROP COLUMN plan;
"""
    )


def m004_semantic(db: Database) -> None:
    """Vectors of an embeddings endpoint, so that no text is embedded twice, and the similarities made of them."""
    db.executescript(
        """
CREATE TABLE embeddings (
    id INTEGER PRIMARY KEY,
    text_hash TEXT NOT NULL, -- tagged hash of the text that was sent
    endpoint TEXT NOT NULL,  -- base URL
    model TEXT NOT NULL,     -- the name that is sent
    vector TEXT NOT NULL,    -- JSON: numbers, scaled to length 1, 7 decimals; json_each() reads them. A BLOB of floats
                             -- would take a third of the space, and nobody but a program could read it
    created_at TEXT NOT NULL, -- ISO-8601 UTC
    UNIQUE (text_hash, endpoint, model)
);
CREATE TABLE semantic_scores (
    id INTEGER PRIMARY KEY,
    response_a INTEGER NOT NULL REFERENCES responses (id), -- the lower id of the two
    response_b INTEGER NOT NULL REFERENCES responses (id),
    version TEXT NOT NULL,   -- of the formula, then endpoint and model of the vectors
    semantic REAL NOT NULL,  -- (1 + cosine) / 2, in [0, 1]
    UNIQUE (response_a, response_b, version)
);
"""
    )


def m005_search_steps(db: Database) -> None:
    """What the adaptive search did: parents and rewards can't be read off its answers."""
    db.executescript(
        """
CREATE TABLE search_steps (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    step INTEGER NOT NULL,   -- from 1
    template TEXT NOT NULL,  -- the mutant's id, as in session_trials
    parent TEXT NOT NULL,    -- the template that it was made of
    mutator TEXT NOT NULL,
    text TEXT NOT NULL,      -- the mutant; empty where the helper gave none that could be used
    reward REAL,             -- strict rate of its answers, exploration and no estimate; null where none was scored
    visits INTEGER NOT NULL, -- of the parent, this step included
    level INTEGER NOT NULL,  -- mutations between the mutant and its seed
    PRIMARY KEY (session, step)
) WITHOUT ROWID;
"""
    )


def m006_plan_probes(db: Database) -> None:
    """A plan's prompts as rows: of 100,000 the window shows the first ones without reading the others."""
    db.executescript(
        """
CREATE TABLE plan_probes (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,  -- in the order asked, from 0
    prompt_id TEXT NOT NULL, -- as in session_trials
    probe TEXT NOT NULL,     -- JSON: the prompt as it is asked, and where it comes from
    PRIMARY KEY (session, place)
) WITHOUT ROWID;
INSERT INTO plan_probes (session, place, prompt_id, probe)
SELECT p.session, e.key, coalesce(json_extract(e.value, '$.prompt_id'), ''), e.value
FROM plans AS p, json_each(p.plan, '$.probes') AS e;
UPDATE plans SET plan = json_remove(plan, '$.probes');
"""
    )


STEPS: tuple[Callable[[Database], None], ...] = (
    m001_tables,
    m002_views,
    m003_plans,
    m004_semantic,
    m005_search_steps,
    m006_plan_probes,
)
"""In order. `PRAGMA user_version` of a file is the number of steps that it has."""


def migrate(conn: sqlite3.Connection, steps: tuple[Callable[[Database], None], ...] = STEPS) -> None:
    """Bring a file up to `steps`, inside the caller's transaction."""
    from sqlite_utils import Database, Migrations

    migrations = Migrations(MIGRATION_SET)
    for step in steps:
        migrations(name=step.__name__)(step)
    migrations.apply(Database(conn, recursive_triggers=False, execute_plugins=False))
    conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    conn.execute(f"PRAGMA user_version = {len(steps)}")


def is_newer(conn: sqlite3.Connection) -> bool:
    """Whether the file has steps that this version does not know."""
    if conn.execute("PRAGMA user_version").fetchone()[0] > len(STEPS):
        return True
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return False
    known = {step.__name__ for step in STEPS}
    applied = conn.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (MIGRATION_SET,))
    return any(name not in known for (name,) in applied)

"""Writes `docs/database.md` from the schema itself: `python -m distq_tui.store.reference > docs/database.md`."""

from __future__ import annotations

import sqlite3
import sys

from distq_tui.store.migrations import APPLICATION_ID, STEPS, migrate

_HEAD = f"""\
# The database

One SQLite file holds everything that was asked and answered. It is a public interface: read it with `sqlite3`,
[datasette](https://datasette.io) or a notebook while a run goes on. `distq-tui locate` prints where it is, and
`--db FILE` names another. This page is made from the schema (`python -m distq_tui.store.reference`).

- Times are ISO-8601 in UTC, lists and records are JSON in text columns, yes and no are 1 and 0, and null is unknown.
- Read the views: their columns stay. A later version may add a column to a table or a view, at its end.
- `class` is how a trial ended. `ok`, `refusal`, `truncated` and `no_answer` are complete and served again as cache
  hits; `incomplete`, `filtered`, `error`, `cancelled` and `model_mismatch` are kept, and asked again.
- `sessions.state` `running` is what a session says of itself until it tells its end: it runs, or was killed. Nothing in
  a file can know which, so the program shows it as unfinished; running its plan again goes on with it.
- `cached` is 0 for an answer that the session itself asked for, also where it was broken off and went on later. It is 1
  for a trial that took the answer, or failure, of another one with the same request: it made no call of its own.
- `model` is the model's title in the plan; `requests.model` is the name that was sent, `served_model` the one that
  the server gave.
- Rows of `requests` and `responses` are written once. Deleting a session keeps its responses: they are the cache.
- No key is ever stored; plans hold references such as `env:NAME`.
- What a server sent and UTF-8 can't hold (lone surrogates) is stored as U+FFFD.
- The file is in WAL mode: copy it with `sqlite3 FILE ".backup COPY"`, or when no program has it open.
- `PRAGMA application_id` is {APPLICATION_ID} (0x{APPLICATION_ID:x}). `PRAGMA user_version` is the number of schema
  steps, here {len(STEPS)}, and the table `_sqlite_migrations` names them. A file with more steps than a program knows
  is refused by it, an older one is migrated by whatever opens it first, a reading command too.
- The first search adds `responses_text`, a contentless FTS5 index whose rowid is `responses.id`. Each search of
  distq-tui brings it up to date, and nothing else does; drop it if it is in the way.

```sql
-- which classes did each model of the newest session end in?
SELECT model, class, count(*) FROM v_responses
WHERE session = (SELECT id FROM sessions ORDER BY created_at DESC LIMIT 1) GROUP BY model, class;
-- contradiction rates by language
SELECT model, language, avg(loose), avg(strict), avg(hard), count(*)
FROM v_ice WHERE scorer = 'ice' GROUP BY model, language;
-- the most alike pairs
SELECT model_a, model_b, avg(similarity), count(*) FROM v_rse GROUP BY model_a, model_b ORDER BY 3 DESC;
```
"""


def markdown() -> str:
    """The whole page."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.execute("BEGIN")
    migrate(conn)
    entries = conn.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"
        " WHERE sql IS NOT NULL AND tbl_name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY rowid"
    ).fetchall()
    columns = {name: [row[1] for row in conn.execute(f"PRAGMA table_info({name})")] for _, name, _, _ in entries}
    conn.close()
    parts = [_HEAD, "## Views\n"]
    parts += [_section(name, sql, columns[name]) for kind, name, _, sql in entries if kind == "view"]
    parts.append("## Tables\n")
    for kind, name, _, sql in entries:
        if kind == "table":
            indexes = [index for what, _, table, index in entries if what == "index" and table == name]
            parts.append(_section(name, ";\n".join([sql, *indexes]), columns[name]))
    return "\n".join(parts)


def _section(name: str, sql: str, columns: list[str]) -> str:
    listed = ", ".join(f"`{column}`" for column in columns)
    return f"### {name}\n\nColumns: {listed}.\n\n```sql\n{sql};\n```\n"


if __name__ == "__main__":
    sys.stdout.write(markdown())

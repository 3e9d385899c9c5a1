"""The documented schema is the real one, and its example queries run."""

from __future__ import annotations

import re
from pathlib import Path

from distq_tui.store.reference import markdown

PAGE = Path(__file__).parents[2] / "docs" / "database.md"


def test_the_page_is_what_the_schema_gives():
    assert PAGE.read_text() == markdown(), "run: python -m distq_tui.store.reference > docs/database.md"


def test_the_examples_run(store):
    examples = re.search(r"```sql\n(-- which.*?)```", PAGE.read_text(), re.DOTALL).group(1)
    statements = [part for part in examples.split(";") if part.strip()]
    assert len(statements) == 3
    for statement in statements:
        assert list(store.db.query(statement)) == []


def test_every_table_and_view_is_on_the_page(store):
    page = PAGE.read_text()
    for name in [*store.db.table_names(), *store.db.view_names()]:
        assert name.startswith("_") or f"### {name}\n" in page

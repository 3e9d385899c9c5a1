"""A store in a fresh file, and somebody who writes sessions into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from report_session import Maker

from distq_tui.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path)
    yield store
    store.close()


@pytest.fixture
def maker(store: Store) -> Maker:
    return Maker(store)

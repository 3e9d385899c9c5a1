"""A bench for engine tests: a scripted provider and a real store in a temporary folder."""

import pytest
from scripted import Bench

from distq_tui.store import StoreThread


@pytest.fixture
def bench(tmp_path):
    store = StoreThread(tmp_path / "t.db")
    yield Bench(store)
    store.close()

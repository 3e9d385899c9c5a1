"""The scripted house of the window's own tests serves the pictures too."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location("tui_conftest", Path(__file__).parents[1] / "tui" / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

scripted, plan_of, house, make_app, wait_until = (
    getattr(_module, name) for name in ("scripted", "plan_of", "house", "make_app", "wait_until")
)

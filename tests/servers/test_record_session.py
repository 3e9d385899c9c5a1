"""The recording script, run as its docstring says, over one prompt of each kind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from distq_tui.data import data_path
from distq_tui.providers.local import SHIPPED_MODEL, SIBLING_MODEL, why_unavailable
from distq_tui.providers.replay.source import load_recording

REASON = why_unavailable()


@pytest.mark.skipif(REASON is not None, reason=REASON or "")
def test_a_recording_of_the_real_models_can_be_made_and_read_back(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    assert pytestconfig.cache is not None
    out, script = tmp_path / "recording.jsonl", data_path("examples", "record_session.py")
    env = {**os.environ, "DISTQ_TUI_CACHE_DIR": str(pytestconfig.cache.mkdir("distq-weights"))}
    subprocess.run([sys.executable, script, out, "1"], check=True, timeout=120, env=env, capture_output=True)
    assert set(load_recording(str(out), None).label.models) == {SHIPPED_MODEL, SIBLING_MODEL}
    assert len(out.read_text(encoding="utf-8").splitlines()) == 4

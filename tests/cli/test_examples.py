"""The plans in examples/ are what a reader can run: each is read and estimated as it stands."""

from pathlib import Path

import pytest

from distq_tui.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("plan", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.name)
def test_an_example_can_be_run(plan, tmp_path, capsys):
    pytest.importorskip("xllamacpp", reason="the embedded model is not installed")
    assert main(["--db", str(tmp_path / "x.db"), "run", str(plan), "--dry-run"]) == 0
    said = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert said["calls"] == said["trials"]
    assert int(said["trials"]) > 0
    assert said["cost"] == "$0.0000"

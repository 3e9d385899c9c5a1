"""The command line in this process: an exit code, what went to stdout, what to stderr."""

import json
from dataclasses import dataclass

import pytest

from distq_tui.cli import main


@dataclass
class Ended:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def cli(capsys):
    def run(*arguments):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:  # argparse's way
            code = ended.code
        told = capsys.readouterr()
        return Ended(code, told.out, told.err)

    return run


PROMPTS = (
    {"id": "s1", "kind": "similarity", "language": "en", "text": "Name a colour."},
    {"id": "i1", "kind": "identity", "language": "en", "text": "Who made you?"},
)
PLAN = """\
name = "small"
seed = 3
[params]
max_tokens = 2
[[models]]
name = "persona-unrelated"
provider = "demo"
fact = "I am a persona."
[[models]]
name = "persona-consistent"
provider = "demo"
role = "control"
[[prompts]]
set = "own.jsonl"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with a plan of four quick trials (two words each, so that no persona speaks for long)."""
    (tmp_path / "own.jsonl").write_text("".join(json.dumps(prompt) + "\n" for prompt in PROMPTS))
    (tmp_path / "plan.toml").write_text(PLAN)
    monkeypatch.chdir(tmp_path)
    return tmp_path

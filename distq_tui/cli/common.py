"""What several commands need: settings from the flags, lines on stdout, narration on stderr."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from distq_tui.config.settings import Settings, load_settings
from distq_tui.errors import one_line, visible


def settings_of(arguments: argparse.Namespace) -> Settings:
    """The settings of this call.

    Raises:
        InputError: as `load_settings`.
    """
    return load_settings(database=getattr(arguments, "db", None), config=getattr(arguments, "config", None))


def say(line: str) -> None:
    """A line of narration, on stderr; made safe for a terminal."""
    print(one_line(line), file=sys.stderr)  # noqa: T201 - narration is what this is for


def put(line: str) -> None:
    """A line of data, on stdout; made safe for a terminal, its spaces kept."""
    print(visible(line))  # noqa: T201 - data is what this is for


def put_json(value: Any) -> None:
    """A value as one line of JSON, ASCII only: safe for any terminal and pipe."""
    print(json.dumps(value))  # noqa: T201 - data is what this is for

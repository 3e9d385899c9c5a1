"""Plans to open in Setup: files in a folder, and what a plan's choices bring along. It reads files: for threads."""

from __future__ import annotations

import re
from pathlib import Path

from distq_tui.errors import InputError
from distq_tui.files import check_regular
from distq_tui.plan.choices import Choices
from distq_tui.plan.file import load_choices
from distq_tui.prompts import list_shipped, load_prompt_set, load_template_set
from distq_tui.tui.records import SetLine

FILES_SHOWN = 20
_READ = 1 << 16
"""Bytes of a file in which a plan's first model is looked for."""
_MODELS = re.compile(rb"^\s*(?:\[\[\s*models\s*\]\]|models\s*=\s*\[)", re.MULTILINE)
"""As tables, or in a list: a saved plan's few short models are written so."""


def plan_files(folder: Path) -> list[Path]:
    """The TOML files there that ask models something, the newest first."""
    found = []
    for path in folder.glob("*.toml"):
        try:
            check_regular(path)
            with path.open("rb") as file:
                if _MODELS.search(file.read(_READ)):
                    found.append((path.stat().st_mtime, path))
        except (OSError, InputError):
            continue  # nothing that could be opened
    return [path for _, path in sorted(found, reverse=True)[:FILES_SHOWN]]


def load_file(path: Path) -> Choices:
    """What a plan file chooses.

    Raises:
        InputError: the file is missing or wrong, or is none.
    """
    check_regular(path)
    return load_choices(path)


def set_lines(choices: Choices) -> list[SetLine]:
    """The sets that the choices name by a path, as lines that can be chosen.

    Raises:
        InputError: one is missing or wrong.
    """
    shipped = {line.name for line in list_shipped()}
    lines = []
    for name in dict.fromkeys(choice.name for choice in choices.sets if choice.name not in shipped):
        prompts = load_prompt_set(name, choices.base).prompts
        kinds = "+".join(sorted({prompt.kind for prompt in prompts}))
        lines.append(SetLine(name, kinds, len(prompts), tuple(sorted({prompt.language for prompt in prompts}))))
    if choices.ice is not None and choices.ice.templates not in shipped:
        templates = load_template_set(choices.ice.templates, choices.base).templates
        languages = tuple(sorted({template.language for template in templates}))
        lines.append(SetLine(choices.ice.templates, "templates", len(templates), languages))
    return lines

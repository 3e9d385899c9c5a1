"""Choices as a plan file: what the setup screen chose, for a remote machine or CI. Read back, it is the same plan."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import tomli_w

from distq_tui.config.models_table import model_fields
from distq_tui.plan.choices import Choices
from distq_tui.prompts.shipped import list_shipped


def plan_text(choices: Choices) -> str:
    """The plan file's TOML. Paths of sets become absolute: the file may be put anywhere.

    Raises:
        ValueError: a text that no file can hold.
    """
    shipped = {line.name for line in list_shipped()}

    def placed(name: str) -> str:
        return name if name in shipped else str((choices.base or Path.cwd()) / Path(name).expanduser())

    plan: dict[str, Any] = {"seed": choices.seed, "samples": choices.samples}
    if choices.name:
        plan["name"] = choices.name
    plan["params"] = choices.params.sent()
    plan["models"] = [model_fields(model) for model in choices.models]
    plan["prompts"] = [_given({"set": placed(row.name), "limit": row.limit}) for row in choices.sets]
    for name, table in (("ice", choices.ice), ("adaptive", choices.adaptive)):
        if table is not None:
            fields = asdict(table)
            fields["templates"] = placed(fields["templates"])
            fields["questions"] = [placed(question) for question in fields["questions"]]
            plan[name] = _given(fields)
    if choices.embeddings is not None:
        plan["embeddings"] = _given(asdict(choices.embeddings))
    for name, record in (("judges", choices.judges), ("limits", choices.limits), ("budget", choices.budget)):
        if record != type(record)():
            plan[name] = _given(asdict(record))
    text = tomli_w.dumps(plan)
    text.encode()  # a lone surrogate: better told here than by the file
    return text


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    """TOML has no null: what is not given is left out."""
    return {name: value for name, value in fields.items() if value is not None}

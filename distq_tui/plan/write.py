"""Choices as a plan file: what the setup screen chose, for a remote machine or CI. Read back, it is the same plan."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from distq_tui.config.models_table import model_table
from distq_tui.config.toml import toml_table
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

    parts = [toml_table("", {"name": choices.name or None, "seed": choices.seed, "samples": choices.samples})]
    parts += [toml_table("[params]", params)] if (params := choices.params.sent()) else []
    parts += [model_table(model) for model in choices.models]
    parts += [toml_table("[[prompts]]", {"set": placed(row.name), "limit": row.limit}) for row in choices.sets]
    for name, table in (("ice", choices.ice), ("adaptive", choices.adaptive)):
        if table is not None:
            fields: dict[str, Any] = asdict(table)
            fields["templates"] = placed(fields["templates"])
            fields["questions"] = [placed(question) for question in fields["questions"]]
            parts.append(toml_table(f"[{name}]", fields))
    if choices.embeddings is not None:
        parts.append(toml_table("[embeddings]", asdict(choices.embeddings)))
    for header, record in (("judges", choices.judges), ("limits", choices.limits), ("budget", choices.budget)):
        fields = asdict(record)
        if fields != asdict(type(record)()):
            parts.append(toml_table(f"[{header}]", fields))
    return "\n".join(parts)

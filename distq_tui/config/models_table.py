"""A model as the fields of a `[[models]]` table, as the config file and plan files hold it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from distq_tui.config.models import ModelSpec


def model_fields(spec: ModelSpec) -> dict[str, Any]:
    """The table's values by name; what is not given is left out."""
    return {name: value for name, value in asdict(spec).items() if value not in (None, "", ())}

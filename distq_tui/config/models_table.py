"""A model as a `[[models]]` table, as the config file and plan files hold it."""

from __future__ import annotations

from dataclasses import asdict

from distq_tui.config.models import ModelSpec
from distq_tui.config.toml import toml_table


def model_table(spec: ModelSpec, *, role: bool = True) -> str:
    """The table's TOML text; what is not given is left out.

    Raises:
        ValueError: a text that no file can hold.
    """
    fields = {name: value for name, value in asdict(spec).items() if value not in (None, "", ())}
    if not role:
        del fields["role"]
    return toml_table("[[models]]", fields)

"""The config file's schema: the registry of models, prices, the database, theme and keys of the window."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from distq_tui.config.addresses import http_address
from distq_tui.config.keys import check_reference
from distq_tui.config.models import SIMULATED, ModelSpec, ProviderName, Role
from distq_tui.config.paths import user_path
from distq_tui.config.schema import Table, read_toml

_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)


def check_base_url(url: str) -> str:
    """An http(s) address, or a replay source (a file or `session:ID`).

    Raises:
        ValueError: it is empty, or an address that `http_address` refuses. The text is not repeated.
    """
    if not url.strip():
        raise ValueError("must not be empty; leave it out for the provider's own address")
    return http_address(url) if _SCHEME.match(url) else check_path(url)


def check_path(text: str) -> str:
    """The text itself, where it can name a file.

    Raises:
        ValueError: no system's paths hold a NUL.
    """
    if "\0" in text:
        raise ValueError("must not hold a NUL")
    return text


Text = Annotated[str, Field(min_length=1)]
PathText = Annotated[Text, AfterValidator(check_path)]


class ModelTable(Table):
    """One `[[models]]` table, in the config file and in a plan."""

    name: PathText
    provider: ProviderName
    base_url: Annotated[str, AfterValidator(check_base_url)] | None = None
    key: Annotated[str, AfterValidator(check_reference)] | None = None
    family: Text | None = None
    fact: Text | None = None
    role: Role = "target"
    served: list[Text] = Field(default_factory=list)
    samples: Annotated[int, Field(ge=1, le=1000)] | None = None
    system: str | None = None
    label: str = ""

    def spec(self, folder: Path) -> ModelSpec:
        """The model it describes; the path of a recording or of weights starts from `folder`, where the file lies."""
        fields = {**self.model_dump(), "served": tuple(self.served)}
        if self.provider == "replay" and self.base_url is not None:
            mark = SIMULATED if self.base_url.startswith(SIMULATED) else ""
            source = self.base_url.removeprefix(SIMULATED)
            fields["base_url"] = mark + (source if source.startswith("session:") else _place(folder, source))
        if self.provider == "local" and self.name.lower().endswith(".gguf"):
            fields |= {"name": _place(folder, self.name), "label": self.label or self.name}
        return ModelSpec(**fields)


def _place(folder: Path, path: str) -> str:
    return str((folder / user_path(path)).resolve())


class PriceTable(Table):
    """One `[[prices]]` table: US dollars per token, as LiteLLM counts them."""

    model: Text
    input_cost_per_token: Annotated[float, Field(ge=0)]
    output_cost_per_token: Annotated[float, Field(ge=0)]
    base_url: Annotated[str, AfterValidator(check_base_url)] | None = None


class ConfigFile(Table):
    """The whole file."""

    database: PathText | None = None
    theme: Text | None = None
    price_file: PathText | None = None
    models: list[ModelTable] = Field(default_factory=list)
    prices: list[PriceTable] = Field(default_factory=list)
    keymap: dict[str, str] = Field(default_factory=dict)


def read_config(path: Path) -> ConfigFile:
    """The config file's content.

    Raises:
        InputError: with file, line and key path.
    """
    return read_toml(path, ConfigFile)[0]

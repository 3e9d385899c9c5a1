"""Where distq-tui keeps its files: the XDG folders of this user, or what the environment says instead."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP = "distq-tui"
_OVERRIDES = {
    "config": "DISTQ_TUI_CONFIG",
    "data": "DISTQ_TUI_DATA_DIR",
    "cache": "DISTQ_TUI_CACHE_DIR",
    "database": "DISTQ_TUI_DB",
}


@dataclass(frozen=True, slots=True)
class Paths:
    """The config file, the data and cache folders, and the database file. None of them need exist."""

    config: Path
    data: Path
    cache: Path
    database: Path


def user_path(text: str) -> Path:
    """The path that the text names, with `~` and `~user` expanded where there is such a user."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - pathlib's own raises where there is no such user


def told_path(path: Path) -> str:
    """The whole path, from wherever it is read: absolute, with `~` for the user's own folder."""
    whole = os.path.abspath(path)  # noqa: PTH100 - a link stays the name that was given, and `..` goes
    home = os.path.expanduser("~")  # noqa: PTH111 - as above
    under = Path(whole).is_relative_to(home) and home != os.sep
    return str(Path("~", Path(whole).relative_to(home))) if under else whole


def default_paths(env: dict[str, str] | None = None) -> Paths:
    """The paths as the environment (`DISTQ_TUI_*`, `XDG_*`) and the platform give them."""
    values = dict(os.environ) if env is None else env

    def place(name: str, otherwise: Path) -> Path:
        return user_path(values[_OVERRIDES[name]]) if values.get(_OVERRIDES[name]) else otherwise

    data = place("data", platformdirs.user_data_path(APP))
    return Paths(
        config=place("config", platformdirs.user_config_path(APP) / "config.toml"),
        data=data,
        cache=place("cache", platformdirs.user_cache_path(APP)),
        database=place("database", data / "distq.db"),
    )

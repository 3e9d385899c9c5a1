"""Settings: flags before environment before `.env` before the config file before defaults."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from distq_tui.config.keys import Keys, read_dotenv
from distq_tui.config.models import ModelSpec
from distq_tui.config.paths import Paths, default_paths, user_path
from distq_tui.config.prices import BUNDLED, OwnPrice, Price, Prices

if TYPE_CHECKING:
    from distq_tui.config.file import ConfigFile


@dataclass(frozen=True)
class Settings:
    """What every command needs to know.

    Attributes:
        paths: files and folders, `paths.database` being the one that is used.
        models: the user's registry of models, by the config file's `[[models]]`.
        keys: looks key references up.
        prices: the price of a call.
        theme: the window's theme; None = the app's default.
        keymap: key overrides by binding id.
    """

    paths: Paths
    models: tuple[ModelSpec, ...] = ()
    keys: Keys = field(default_factory=Keys)
    prices: Prices = field(default_factory=Prices)
    theme: str | None = None
    keymap: Mapping[str, str] = field(default_factory=dict)


def load_settings(
    *, database: Path | None = None, config: Path | None = None, env: Mapping[str, str] | None = None
) -> Settings:
    """Settings of this call.

    Args:
        database: the `--db` flag.
        config: the `--config` flag; a file named here must exist, the default one need not.
        env: the environment; None = this process's.

    Raises:
        InputError: the config file is missing though named, or wrong, or a `.env` here can't be read.
    """
    dotenv = Path.cwd() / ".env"
    own = dict(os.environ if env is None else env)
    values = {**read_dotenv(dotenv), **{name: value for name, value in own.items() if value}}
    paths = default_paths(values)
    if config is not None:
        paths = replace(paths, config=config)
    content = _config_file(paths.config, must_exist=config is not None or bool(values.get("DISTQ_TUI_CONFIG")))
    database = database or _configured_database(content, paths, values)
    settings = Settings(paths=replace(paths, database=database), keys=Keys(own, dotenv))
    return settings if content is None else _with_file(settings, content)


def _config_file(path: Path, *, must_exist: bool) -> ConfigFile | None:
    if not must_exist and not path.exists():
        return None
    from distq_tui.config.file import read_config

    return read_config(path)


def _configured_database(content: ConfigFile | None, paths: Paths, env: Mapping[str, str]) -> Path:
    if env.get("DISTQ_TUI_DB") or content is None or content.database is None:
        return paths.database
    return paths.config.parent / user_path(content.database)


def _with_file(settings: Settings, content: ConfigFile) -> Settings:
    own = tuple(
        OwnPrice(row.model, Price(row.input_cost_per_token, row.output_cost_per_token), row.base_url)
        for row in content.prices
    )
    folder = settings.paths.config.parent
    table = folder / user_path(content.price_file) if content.price_file else BUNDLED
    return replace(
        settings,
        models=tuple(row.spec(folder) for row in content.models),
        prices=Prices(table, own),
        theme=content.theme,
        keymap=dict(content.keymap),
    )

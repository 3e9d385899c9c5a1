"""Key references: `env:NAME` and `keyring:NAME`. A key's value is looked up at the moment of use and kept nowhere."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from distq_tui.errors import InputError

KeyState = Literal["set", "unset", "none"]
_REFERENCE = re.compile(r"(env|keyring):([A-Za-z_][\w.-]*)")


def check_reference(reference: str) -> str:
    """The reference itself, where it is one.

    Raises:
        ValueError: it is not `env:NAME` or `keyring:NAME`; the text is not repeated, since it may be a key.
    """
    if not _REFERENCE.fullmatch(reference):
        raise ValueError("must be a reference, `env:NAME` or `keyring:NAME`, and never the key itself")
    return reference


class Keys:
    """Looks keys up: the environment first, then a `.env` file, then the system keyring where `keyring:` asks for it.

    Args:
        env: the environment.
        dotenv: a `.env` file to fall back to; it need not exist.
    """

    def __init__(self, env: Mapping[str, str] | None = None, dotenv: Path | None = None) -> None:
        self._env = os.environ if env is None else env
        self._dotenv = dotenv

    def get(self, reference: str | None) -> str | None:
        """The key's value, or None where the reference is None or nothing is set.

        Raises:
            InputError: the reference is malformed, or the `.env` file or the keyring can't be read.
        """
        if reference is None:
            return None
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise InputError("must be a reference, `env:NAME` or `keyring:NAME`", field="key")
        kind, name = match.groups()
        return self._keyring(name) if kind == "keyring" else self._environment(name)

    def state(self, reference: str | None) -> KeyState:
        """Whether a key is there, without showing it."""
        if reference is None:
            return "none"
        try:
            return "set" if self.get(reference) else "unset"
        except InputError:
            return "unset"

    def _environment(self, name: str) -> str | None:
        value = self._env.get(name)
        if not value and self._dotenv is not None:
            value = read_dotenv(self._dotenv).get(name)
        return value or None

    @staticmethod
    def _keyring(name: str) -> str | None:
        try:
            import keyring
        except ImportError as error:
            raise InputError("`keyring:` needs the keyring package: pip install 'distq-tui[keyring]'") from error
        try:
            value: str | None = keyring.get_password("distq-tui", name)
        except keyring.errors.KeyringError as error:
            raise InputError(f"the system keyring can't be read: {error}") from error
        return value or None


def read_dotenv(path: Path) -> dict[str, str]:
    """The variables of a `.env` file; none where there is no file.

    Raises:
        InputError: it can't be read, or is not UTF-8 text.
    """
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        found = dotenv_values(path)
    except UnicodeDecodeError as error:
        raise InputError("not UTF-8 text", file=path) from error
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", file=path) from error
    return {name: value for name, value in found.items() if value is not None}

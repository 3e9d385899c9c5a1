"""A value of a prompt file together with its place, so that every complaint can name file, line and field."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from distq_tui.errors import InputError

_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")
_MAX_LABEL = 200

MAX_DEPTH = 16
"""How deeply a prompt file may be nested."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A scalar that is not text: how it is written, and what it is called (`a number`, `null`, ...)."""

    written: str
    called: str


@dataclass(frozen=True, slots=True)
class Field:
    """A value with its place: `path` is the field path from the row or document, `line` is None where unknown."""

    value: str | Bare | list[Field] | dict[str, Field]
    file: Path
    line: int | None
    path: str = ""

    def error(self, message: str) -> InputError:
        """The complaint about this value, ready to be raised."""
        return InputError(message, file=self.file, line=self.line, field=self.path or None)

    def missing(self, name: str, would_be: str) -> InputError:
        """The complaint that this mapping lacks a field."""
        path = f"{self.path}.{name}" if self.path else name
        return InputError(f"is missing; {would_be}", file=self.file, line=self.line, field=path)

    def text(self) -> str:
        """Text to be sent, without the line ends that a YAML block leaves behind.

        Raises:
            InputError: no text, empty, or holding what cannot be sent (NUL, half of a surrogate pair).
        """
        if not isinstance(self.value, str):
            raise self.error(f"must be text, not {self._called()}{self._quotes()}")
        if not self.value.strip():
            raise self.error("is empty; it must say something")
        if bad := _UNSENDABLE.search(self.value):
            raise self.error(f"holds U+{ord(bad[0]):04X}, which cannot be sent; remove it")
        return self.value.rstrip("\n")

    def label(self) -> str:
        """A short printable name on one line (id, version, tag); a number counts as written.

        Raises:
            InputError: no such text.
        """
        number = isinstance(self.value, Bare) and self.value.called in {"a number", "a date"}
        text = self.value.written if isinstance(self.value, Bare) and number else self.text()
        if text != text.strip() or not text.isprintable() or len(text) > _MAX_LABEL:
            raise self.error(f"must be at most {_MAX_LABEL} printable characters on one line, without outer spaces")
        return text

    def choice(self, allowed: Iterable[str], *, called: str = "value") -> str:
        """One of the allowed words.

        Raises:
            InputError: another one; the closest is suggested.
        """
        words = list(allowed)
        text = self.text()
        if text not in words:
            raise self.error(f"unknown {called} {text[:40]!r}; {suggestion(text, words)}")
        return text

    def items(self) -> list[Field]:
        """The elements of a list.

        Raises:
            InputError: no list, or an empty one.
        """
        if not isinstance(self.value, list):
            raise self.error(f"must be a list, not {self._called()}")
        if not self.value:
            raise self.error("is empty; it must hold at least one element")
        return self.value

    def entries(self, allowed: Iterable[str]) -> dict[str, Field]:
        """The fields of a mapping by name, those that are null left out.

        Raises:
            InputError: no mapping, or a field that does not belong there; the closest is suggested.
        """
        if not isinstance(self.value, dict):
            raise self.error(f"must be an object with named fields, not {self._called()}")
        names = list(allowed)
        for name, field in self.value.items():
            if name not in names:
                raise field.error(f"unknown field; {suggestion(name, names)}")
        return {name: field for name, field in self.value.items() if not field.is_null}

    def child(self, name: str) -> Field:
        """The field of that name in a mapping that is known to have it."""
        assert isinstance(self.value, dict)
        return self.value[name]

    @property
    def is_null(self) -> bool:
        """Whether nothing is given."""
        return isinstance(self.value, Bare) and self.value.called == "null"

    def _called(self) -> str:
        if isinstance(self.value, Bare):
            return self.value.called
        return {str: "text", list: "a list", dict: "an object"}[type(self.value)]

    def _quotes(self) -> str:
        return "; put it in quotes" if isinstance(self.value, Bare) and not self.is_null else ""


def suggestion(word: str, allowed: Iterable[str]) -> str:
    """What would be right: the closest allowed word where one is close, else all of them."""
    words = list(allowed)
    close = difflib.get_close_matches(word, words, n=1)
    return f"did you mean {close[0]}?" if close else "use one of " + ", ".join(words)


def child_path(path: str, step: str | int) -> str:
    """The path of an element (`path[3]`) or of a field (`path.name`), with an overlong name cut."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    name = step if len(step) <= 40 else step[:40] + "..."
    return f"{path}.{name}" if path else name

"""A YAML prompt file as a tree of located values.

It is built from the parser's events, not by a constructor: no tag can build an object, no alias can multiply a value,
and each value keeps its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from yaml.resolver import Resolver

from distq_tui.errors import InputError
from distq_tui.prompts.fields import MAX_DEPTH, Bare, Field, child_path

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STANDARD = "tag:yaml.org,2002:"
_PLAIN_TAGS = {"!", _STANDARD + "map", _STANDARD + "seq"}
_TAGS = "tags are not read here; remove it, or quote a text that begins with !"
_CALLED = {"int": "a number", "float": "a number", "bool": "a boolean", "null": "null", "timestamp": "a date"}


def yaml_tree(text: str, path: Path) -> Field:
    """The one document of the text.

    Raises:
        InputError: not YAML, no document or several, nested too deeply, a name given twice, an alias or a tag.
    """
    try:
        return _YamlTree(yaml.parse(text, Loader=_LOADER), path).document()
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        raise InputError(f"not YAML: {error.reason}", file=path, line=line) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "cannot be parsed"
        raise InputError(f"not YAML: {reason}", file=path, line=mark.line + 1 if mark else None) from error


class _YamlTree:
    """Builds the tree of one document from the events of the YAML parser."""

    def __init__(self, events: Iterator[yaml.Event], file: Path) -> None:
        self._events = events
        self._file = file
        self._resolver = Resolver()

    def document(self) -> Field:
        next(self._events)  # the stream's start
        if isinstance(next(self._events), yaml.StreamEndEvent):
            raise InputError("is empty; it must hold at least one prompt or template", file=self._file)
        root = self._value(next(self._events), "", 0)
        next(self._events)  # the document's end
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise InputError("holds a second document; one file is one set", file=self._file, line=_line(after))
        return root

    def _value(self, event: yaml.Event, path: str, depth: int, line: int | None = None) -> Field:
        place = Field("", self._file, line or _line(event), path)
        if depth > MAX_DEPTH:
            raise place.error("is nested too deeply")
        if isinstance(event, yaml.AliasEvent):
            raise place.error("aliases are not read here; write the value out, or quote a text that begins with *")
        if isinstance(event, yaml.ScalarEvent):
            return Field(self._scalar(event, place), self._file, place.line, path)
        assert isinstance(event, yaml.CollectionStartEvent)
        if event.tag and str(event.tag) not in _PLAIN_TAGS:
            raise place.error(_TAGS)
        inside = self._mapping if isinstance(event, yaml.MappingStartEvent) else self._sequence
        return Field(inside(path, depth), self._file, place.line, path)

    def _sequence(self, path: str, depth: int) -> list[Field]:
        elements: list[Field] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            elements.append(self._value(event, child_path(path, len(elements)), depth + 1))
        return elements

    def _mapping(self, path: str, depth: int) -> dict[str, Field]:
        fields: dict[str, Field] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise InputError("a field's name must be text", file=self._file, line=line, field=path or None)
            name = event.value
            if name in fields:
                raise Field("", self._file, line, child_path(path, name)).error("is given twice; keep one")
            # the name's line, also where the value begins below it
            fields[name] = self._value(next(self._events), child_path(path, name), depth + 1, line)
        return fields

    def _scalar(self, event: yaml.ScalarEvent, place: Field) -> str | Bare:
        tag = event.tag or self._resolver.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
        kind = str(tag).removeprefix(_STANDARD)
        if kind in {"str", "!"}:
            return str(event.value)
        if event.tag:
            raise place.error(_TAGS)
        return Bare(event.value, _CALLED.get(kind, "a special value"))


def _line(event: yaml.Event) -> int:
    assert event.start_mark is not None  # the parser marks every event
    return int(event.start_mark.line) + 1

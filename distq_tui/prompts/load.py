"""Files into prompt sets and template sets; every complaint names file, line and field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, cast, get_args

from distq_tui.errors import InputError
from distq_tui.prompts.fields import Field
from distq_tui.prompts.items import prompt_of, template_of
from distq_tui.prompts.sets import (
    QUERY_SLOT,
    TWIN_SUFFIX,
    Prompt,
    PromptKind,
    PromptSet,
    Template,
    TemplateSet,
    content_digest,
)
from distq_tui.prompts.source import read_tree

_Item = TypeVar("_Item", Prompt, Template)
_Holds = Literal["prompts", "templates"]

_HEADER = ("set", "version", "licence")


def read_prompts(path: Path) -> PromptSet:
    """The prompt set of a file.

    Raises:
        InputError: the file cannot be read, or something in it is wrong.
    """
    return _prompt_set(_document(path))


def read_templates(path: Path) -> TemplateSet:
    """The template set of a file.

    Raises:
        InputError: the file cannot be read, or something in it is wrong.
    """
    return _template_set(_document(path))


def read_either(path: Path) -> PromptSet | TemplateSet:
    """The set of a file, whichever it holds.

    Raises:
        InputError: the file cannot be read, or something in it is wrong.
    """
    document = _document(path)
    return _template_set(document) if document.holds == "templates" else _prompt_set(document)


@dataclass(frozen=True, slots=True)
class _Document:
    """A file's rows, what it says about itself, and what it seems to hold."""

    path: Path
    header: dict[str, Field]
    rows: list[Field]
    holds: _Holds

    def about(self, name: str, default: str = "") -> str:
        return self.header[name].label() if name in self.header else default

    @property
    def name(self) -> str:
        return self.about("set", set_name(self.path))


def set_name(path: Path) -> str:
    """The name a file gives its set where it states none: its own, up to the first dot."""
    return path.name.partition(".")[0] or path.name


def _document(path: Path) -> _Document:
    tree = read_tree(path)
    if isinstance(tree, list):
        return _from_rows(path, tree)
    if isinstance(tree.value, list):
        return _from_rows(path, tree.items())
    header = tree.entries((*_HEADER, *get_args(_Holds)))
    found = [name for name in get_args(_Holds) if name in header]
    if len(found) != 1:
        raise tree.missing("prompts", "give a list of `prompts` or of `templates`, one of the two")
    return _Document(path, header, header.pop(found[0]).items(), cast(_Holds, found[0]))


def _from_rows(path: Path, rows: list[Field]) -> _Document:
    header: dict[str, Field] = {}
    first = rows[0].value
    if isinstance(first, dict) and "set" in first and "id" not in first:
        header, rows = rows[0].entries(_HEADER), rows[1:]
    if not rows:
        raise InputError("holds no rows after the first object", file=path)
    return _Document(path, header, rows, "templates" if _looks_like_template(rows[0]) else "prompts")


def _looks_like_template(row: Field) -> bool:
    if not isinstance(row.value, dict):
        return False
    values = {name: field.value for name, field in row.value.items()}
    return values.get("kind") not in get_args(PromptKind) and QUERY_SLOT in str(values.get("text"))


def _prompt_set(document: _Document) -> PromptSet:
    if document.holds == "templates":
        raise InputError("holds templates, not prompts; it belongs under [ice] templates", file=document.path)
    prompts = _unique(document.rows, prompt_of)
    return PromptSet(
        document.name, document.about("version"), document.about("licence"), prompts, content_digest(prompts)
    )


def _template_set(document: _Document) -> TemplateSet:
    if document.holds == "prompts" and _is_prompt(document.rows[0]):
        raise InputError("holds prompts, not templates; it belongs under [[prompts]]", file=document.path)
    templates = _unique(document.rows, template_of)
    return TemplateSet(
        document.name, document.about("version"), document.about("licence"), templates, content_digest(templates)
    )


def _is_prompt(row: Field) -> bool:
    return isinstance(row.value, dict) and "kind" in row.value and row.value["kind"].value in get_args(PromptKind)


def _unique(rows: Iterable[Field], read: Callable[[Field], _Item]) -> tuple[_Item, ...]:
    """The rows' items; an id that a second row (or a twin) takes is refused at that row."""
    taken: set[str] = set()
    items: list[_Item] = []
    for row in rows:
        item = read(row)
        for name in _ids(item):
            if name in taken:
                raise row.child("id").error(f"{name!r} is taken by an earlier row; ids must differ")
            taken.add(name)
        items.append(item)
    return tuple(items)


def _ids(item: Prompt | Template) -> tuple[str, ...]:
    """The ids that an item takes: its own, and its twin's."""
    has_twin = isinstance(item, Template) and item.primed is not None
    return (item.id, item.id + TWIN_SUFFIX) if has_twin else (item.id,)

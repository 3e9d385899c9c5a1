"""Sets by name or by path, and the list of those that are shipped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from distq_tui.data import data_path
from distq_tui.errors import InputError
from distq_tui.prompts.fields import suggestion
from distq_tui.prompts.load import read_either, read_prompts, read_templates, set_name
from distq_tui.prompts.sets import PromptSet, TemplateSet

_SUFFIXES = (".yaml", ".yml", ".json", ".jsonl", ".gz")


@dataclass(frozen=True, slots=True)
class ShippedSet:
    """A line of the `prompts` command. `kind` is identity, similarity, both joined by `+`, or templates."""

    name: str
    kind: str
    count: int
    languages: tuple[str, ...]
    version: str
    licence: str
    digest: str


def load_prompt_set(name_or_path: str, base: Path | None = None) -> PromptSet:
    """A shipped prompt set by its name, or a file's.

    Args:
        name_or_path: a shipped name wins; what has a folder or a suffix is a path.
        base: the folder that a relative path starts from (the plan's); None is the current one.

    Raises:
        InputError: no such set or file, or something in it is wrong.
    """
    return read_prompts(_find(name_or_path, base, _prompt_files(), "prompt"))


def load_template_set(name_or_path: str, base: Path | None = None) -> TemplateSet:
    """A shipped template set by its name, or a file's; the bare question (template 0) is in no file.

    Args:
        name_or_path: a shipped name wins; what has a folder or a suffix is a path.
        base: the folder that a relative path starts from (the plan's); None is the current one.

    Raises:
        InputError: no such set or file, or something in it is wrong.
    """
    return read_templates(_find(name_or_path, base, _template_files(), "template"))


def load_any_set(path: Path) -> PromptSet | TemplateSet:
    """The set of a file, whichever kind it holds: what `prompts check FILE` reads.

    Raises:
        InputError: no such file, or something in it is wrong.
    """
    return read_either(path)


def list_shipped() -> tuple[ShippedSet, ...]:
    """The shipped sets: prompts by name, then templates by name."""
    prompts = [_prompt_line(read_prompts(path)) for path in _prompt_files().values()]
    return (*prompts, *(_template_line(read_templates(path)) for path in _template_files().values()))


def _prompt_line(found: PromptSet) -> ShippedSet:
    kinds = "+".join(sorted({prompt.kind for prompt in found.prompts}))
    languages = tuple(sorted({prompt.language for prompt in found.prompts}))
    return ShippedSet(found.name, kinds, len(found.prompts), languages, found.version, found.licence, found.digest)


def _template_line(found: TemplateSet) -> ShippedSet:
    languages = tuple(sorted({template.language for template in found.templates}))
    return ShippedSet(
        found.name, "templates", len(found.templates), languages, found.version, found.licence, found.digest
    )


def _prompt_files() -> dict[str, Path]:
    return _files(data_path("prompts"))


def _template_files() -> dict[str, Path]:
    return _files(data_path("prompts", "templates"))


def _files(folder: Path) -> dict[str, Path]:
    return {set_name(path): path for path in sorted(folder.iterdir()) if path.suffix in _SUFFIXES}


def _find(name_or_path: str, base: Path | None, shipped: dict[str, Path], what: str) -> Path:
    if name_or_path in shipped:
        return shipped[name_or_path]
    if not name_or_path or "\0" in name_or_path:
        raise InputError(f"must name a {what} set; {suggestion('', shipped)}")
    path = Path(name_or_path)
    if path.name != name_or_path or path.suffix in _SUFFIXES:
        return (base or Path()) / path
    hint = suggestion(name_or_path, shipped)
    raise InputError(f"unknown {what} set {name_or_path[:80]!r}; {hint} (or give the path of a file)")

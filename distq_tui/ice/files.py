"""`score ice FILE`: judge every answer of a file, offline, one verdict a line and in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from distq_tui.errors import InputError
from distq_tui.formats.rows import read_rows
from distq_tui.ice.detector import Claim, Detector, Verdict
from distq_tui.ice.facts import Facts, Family, load_facts

_NEEDED = "needed: id, model, response, and family or fact"


@dataclass(slots=True)
class ModelCounts:
    """Answers of one model: scored, empty, and positive by each verdict."""

    scored: int = 0
    empty: int = 0
    loose: int = 0
    strict: int = 0
    paper_strict: int = 0

    def add(self, verdict: Verdict | None) -> None:
        """Count one row; None is an empty answer."""
        if verdict is None:
            self.empty += 1
            return
        self.scored += 1
        self.loose += verdict.loose
        self.strict += verdict.strict
        self.paper_strict += verdict.paper_strict


@dataclass(slots=True)
class IceFileSummary:
    """What one call of `score ice` saw: rows in all, counts a model (in order of appearance), families not known."""

    rows: int = 0
    models: dict[str, ModelCounts] = field(default_factory=dict)
    unknown_families: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints; a rate is null where nothing was scored."""
        return {
            "rows": self.rows,
            "unknown_families": self.unknown_families,
            "models": {
                name: {
                    "n": counts.scored,
                    "empty": counts.empty,
                    **{
                        label: getattr(counts, label) / counts.scored if counts.scored else None
                        for label in ("loose", "strict", "paper_strict")
                    },
                }
                for name, counts in self.models.items()
            },
        }


def score_ice_file(path: Path, facts_path: Path | None, out: TextIO, warn: Callable[[str], None]) -> IceFileSummary:
    """Write one verdict a line for every row of the file.

    Args:
        path: JSONL or a JSON array, gzipped or not: `id, model, family and/or fact, query, response`.
        facts_path: a user's facts file, laid over the shipped one.
        out: where the lines go: `id, loose, strict, paper_strict, claims`.
        warn: told, once each, which families are not in the facts.

    Raises:
        InputError: no rows, a file that cannot be read, or a row that is not of this form.
    """
    facts = load_facts(facts_path)
    detector = Detector(facts)
    families = _Families(facts, warn)
    summary = IceFileSummary(unknown_families=families.unknown)
    for row in _checked(path):
        family = families.find(row.family, has_fact=row.fact is not None)
        verdict = None
        if row.response:
            verdict = detector.detect(row.response, family=family, fact=row.fact, query=row.query)
        summary.rows += 1
        summary.models.setdefault(row.model, ModelCounts()).add(verdict)
        out.write(json.dumps(_line(row.id, verdict), ensure_ascii=False) + "\n")
    if not summary.rows:
        raise InputError(f"no rows in it; {_NEEDED}", file=path)
    return summary


@dataclass(frozen=True, slots=True)
class _Row:
    id: str | int | float
    model: str
    family: str | None
    fact: str | None
    query: str | None
    response: str


class _Families:
    """Looks each family up once, and warns once."""

    def __init__(self, facts: Facts, warn: Callable[[str], None]) -> None:
        self._facts = facts
        self._warn = warn
        self._known: dict[str, Family | None] = {}
        self.unknown: list[str] = []

    def find(self, name: str | None, *, has_fact: bool) -> Family | None:
        if name is None:
            return None
        if name not in self._known:
            self._known[name] = self._facts.lookup(name)
            if self._known[name] is None:
                self.unknown.append(name)
                instead = "its rows are judged by their fact" if has_fact else "any known maker counts as foreign"
                self._warn(f"family {name!r} is not in the facts; {instead} (add it with --facts)")
        # A family that nobody knows is still not OpenAI: its own name is all it may be called.
        return self._known[name] or Family(key=name, name=name, vendors=(name,))


def _checked(path: Path) -> Iterator[_Row]:
    seen: set[str | int | float] = set()
    for line, row in read_rows(path):
        checked = _row(path, line, row)
        if checked.id in seen:
            raise InputError(
                f"{checked.id!r} stands on an earlier line too; ids must differ", file=path, line=line, field="id"
            )
        seen.add(checked.id)
        yield checked


def _row(path: Path, line: int, row: dict[str, Any]) -> _Row:
    ident = row.get("id")
    if isinstance(ident, bool) or not isinstance(ident, str | int | float):
        raise InputError(f"must be a string or a number; {_NEEDED}", file=path, line=line, field="id")
    texts = {name: _text(path, line, row, name) for name in ("family", "fact", "query", "response")}
    model = row.get("model")
    if not isinstance(model, str):
        raise InputError(f"must be a string; {_NEEDED}", file=path, line=line, field="model")
    if "response" not in row:
        raise InputError(f"is missing; {_NEEDED}", file=path, line=line, field="response")
    if texts["family"] is None and texts["fact"] is None:
        raise InputError(
            "family or fact is needed, as a string, to tell what would conflict", file=path, line=line, field="family"
        )
    return _Row(ident, model, texts["family"], texts["fact"], texts["query"], texts["response"] or "")


def _text(path: Path, line: int, row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise InputError("must be a string", file=path, line=line, field=name)
    return value if name == "response" or (value and value.strip()) else None


def _line(ident: str | int | float, verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {"id": ident, "loose": None, "strict": None, "paper_strict": None, "claims": []}
    return {
        "id": ident,
        "loose": verdict.loose,
        "strict": verdict.strict,
        "paper_strict": verdict.paper_strict,
        "claims": [_claim(claim) for claim in verdict.claims],
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "vendor": claim.vendor or None,
        "product": claim.product or None,
        "start": claim.start,
        "end": claim.end,
        "kind": claim.kind,
        "role_play": claim.role_play,
    }

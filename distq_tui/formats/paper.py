"""The files that were released with arXiv:2501.12619: attacks and scores, one row a template and question.

A row has `jailbreak_prompt` (a template, usually with the slot `{query}`), `query`, `target_responses` and
`eval_results` (the loose judge). JSONL holds the last two as lists or plain values, CSV as Python reprs of lists. Score
files add the strict judge's verdict as `strict_score`, or `re_judge` in the older ones.
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from distq_tui.errors import InputError

SLOT: Final = "{query}"
STRICT_COLUMNS: Final = ("strict_score", "re_judge")
LITERAL_LIMIT: Final = 1_000_000
"""Characters of a repr that are parsed; a longer one is refused, so that no file makes the parser eat all memory."""

_SCORE: Final = re.compile(r"_\d(?:\.\d+)?(?:_in_\d+)?$")
_JUDGE: Final = re.compile(r"^(?:gpt_)+", re.IGNORECASE)
_WORDS: Final = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
_UNKNOWN: Final = frozenset({"", "none", "nan", "null"})


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """One answer of the released data with its judges' labels; None = the file does not say.

    Attributes:
        line: 1-based line of the file (row of a JSON array).
        template: the wrapper with its slot `{query}`.
        loose: `eval_results`: the first judge's verdict that the answer conflicts with the fact.
        strict: the second judge's verdict that it claims to be, or to be made by, OpenAI or Anthropic.
    """

    line: int
    template: str
    query: str
    response: str
    loose: bool | None
    strict: bool | None

    @property
    def prompt(self) -> str:
        """What the model was asked: the slot filled, or the question put after a template without one."""
        if SLOT in self.template:
            return self.template.replace(SLOT, self.query)
        return self.template + self.query

    @property
    def template_id(self) -> str:
        """The template's id: the same text has the same id in every file, whatever its line ends and outer spaces."""
        return "t-" + _short(self.template)

    @property
    def question_id(self) -> str:
        """The question's id, likewise."""
        return "q-" + _short(self.query)


def is_paper(row: Mapping[str, Any]) -> bool:
    """Whether the row has the form of the released files."""
    return "jailbreak_prompt" in row and "target_responses" in row


def model_of(path: Path) -> str:
    """The target's name in a released file's name: `GPT_qwen2.5-7b-instruct_0.17.csv` is of `qwen2.5-7b-instruct`.

    The leading parts name the attacking and the judging model, the last one is the score.
    """
    stem = path.name.removesuffix(".gz")
    stem = stem[: stem.rindex(".")] if re.search(r"\.(?:jsonl?|csv)$", stem) else stem
    name = _JUDGE.sub("", _SCORE.sub("", stem))
    return name or stem


def paper_answers(path: Path, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[PaperAnswer]:
    """The answers of the rows; a row with several responses gives several.

    Raises:
        InputError: a field is missing, is of no known form, or holds another number of labels than of responses.
    """
    for line, row in rows:
        place = _Place(path, line)
        template, query = place.text(row, "jailbreak_prompt"), place.text(row, "query")
        responses = place.responses(row)
        loose = place.labels(row, "eval_results", len(responses))
        column = next((name for name in STRICT_COLUMNS if name in row), None)
        strict = [None] * len(responses) if column is None else place.labels(row, column, len(responses))
        for response, first, second in zip(responses, loose, strict, strict=True):
            yield PaperAnswer(line, _with_slot(template, query), query, response, first, second)


class _Place:
    """Reads the fields of one row, each checked."""

    def __init__(self, path: Path, line: int) -> None:
        self._path, self._line = path, line

    def text(self, row: Mapping[str, Any], field: str) -> str:
        value = row.get(field)
        if not isinstance(value, str) or not value.strip():
            raise self._error(field, "must be text")
        return value

    def responses(self, row: Mapping[str, Any]) -> list[str]:
        value = self._value(row.get("target_responses"), "target_responses")
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(isinstance(text, str | None) for text in listed):
            raise self._error("target_responses", "must be text, or a list of texts")
        return [text or "" for text in listed]

    def labels(self, row: Mapping[str, Any], field: str, count: int) -> list[bool | None]:
        value = self._value(row.get(field), field)
        listed = value if isinstance(value, list) else [value] * count
        if len(listed) != count:
            raise self._error(field, f"holds {len(listed)} labels for {count} responses")
        return [self._label(one, field) for one in listed]

    def _label(self, value: Any, field: str) -> bool | None:
        if value is None or isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word in _WORDS:
            return _WORDS[word]
        if word in _UNKNOWN:
            return None
        raise self._error(field, "must be true or false, 1 or 0, or a list of these")

    def _value(self, value: Any, field: str) -> Any:
        """The value; the list where it is a list's repr. An answer that only begins like one is left as it is."""
        if not isinstance(value, str) or not _is_repr(value, quoted=field == "target_responses"):
            return value
        if len(value) > LITERAL_LIMIT:
            raise self._error(field, f"a list of more than {LITERAL_LIMIT:,} characters is not read")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a backslash that Python would warn of is the answer's own
                parsed = ast.literal_eval(value)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return value
        return parsed if isinstance(parsed, list) else value

    def _error(self, field: str, message: str) -> InputError:
        return InputError(message, file=self._path, line=self._line, field=field)


def _is_repr(text: str, *, quoted: bool) -> bool:
    inner = text.strip()
    if not inner.startswith("[") or not inner.endswith("]"):
        return False
    return not quoted or inner[1:2] in {"'", '"', "]"} or inner == "[None]"


def _with_slot(template: str, query: str) -> str:
    """The template itself, also where a file gives the filled prompt: templates are the clusters of every interval."""
    return template if SLOT in template else template.replace(query, SLOT)


def _short(text: str) -> str:
    folded = " ".join(text.split())
    return hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()

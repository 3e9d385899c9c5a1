"""The released files of one run put together: the attack with every answer, and the score files that label some of it.

A score file holds only the answers that its judge marked. Alone it has no denominator; beside the attack file of the
same model it says which of those answers were marked, and that the others were not.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from distq_tui.errors import InputError
from distq_tui.formats.paper import PaperAnswer, model_of

LABELS = "labels"
"""The key of a row's `Labels`."""

_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Labels:
    """What the released data's two judges said of an answer; None = unknown. A type that no JSON row can hold."""

    loose: bool | None = None
    strict: bool | None = None


@dataclass(frozen=True, slots=True)
class PaperFile:
    """One released file as it was read."""

    path: Path
    answers: tuple[PaperAnswer, ...]

    @property
    def only_marked(self) -> bool:
        """Whether every answer in it is marked, as in a score file."""
        return all(answer.loose or (answer.loose is None and answer.strict) for answer in self.answers)

    @property
    def has_strict(self) -> bool:
        """Whether it tells the strict judge's verdicts."""
        return any(answer.strict is not None for answer in self.answers)


@dataclass(frozen=True, slots=True)
class PaperRun:
    """All answers of one model, labels joined; `whole` is false where only marked answers are known."""

    model: str
    path: Path
    answers: tuple[PaperAnswer, ...]
    whole: bool

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Rows as `import` reads them, each with its line; a cell that was asked again is a prompt of its own (`#2`).

        Its template and question stay the same, so that it is no new cluster.
        """
        seen: Counter[tuple[str, str]] = Counter()
        for answer in self.answers:
            cell = answer.template_id, answer.question_id
            seen[cell] += 1
            again = f"#{seen[cell]}" if seen[cell] > 1 else ""
            yield (
                answer.line,
                {
                    "model": self.model,
                    "kind": "identity",
                    "prompt_id": f"{cell[0]}/{cell[1]}{again}",
                    "prompt": answer.prompt,
                    "query": answer.query,
                    "template": cell[0],
                    "question": cell[1],
                    "language": "zh" if any("\u4e00" <= char <= "\u9fff" for char in answer.query) else "en",
                    "prompt_set": self.path.name if self.whole else f"{self.path.name} (marked answers only)",
                    "response": answer.response,
                    "sample": 0,
                    LABELS: Labels(answer.loose, answer.strict),
                },
            )


def paper_runs(files: Sequence[PaperFile], warn: Callable[[str], None], *, model: str | None = None) -> list[PaperRun]:
    """One run a model, in the order of the files.

    A file belongs to the model in its name; names are compared without case and signs, and a score file may shorten or
    lengthen the attack's (`gemini-2.0-flash`, `gemini-2.0-flash-exp`).

    Args:
        files: what was read; each with at least one answer.
        warn: told in one line of every thing that a user may not expect.
        model: the model of all files, whatever their names say.

    Raises:
        InputError: a score file that fits none of several models, or none of whose answers is in the attack file.
    """
    attacks = [file for file in files if not file.only_marked]
    groups: dict[str, list[PaperFile]] = defaultdict(list)
    for file in attacks:
        groups[model or model_of(file.path)].append(file)
    for file in files:
        if file.only_marked:
            groups[model or _owner(file, list(groups) if attacks else [])].append(file)
    return [_run(name, group, warn) for name, group in groups.items()]


def _owner(file: PaperFile, attacked: Sequence[str]) -> str:
    name = model_of(file.path)
    if not attacked:
        return name
    plain = _plain(name)
    fitting = [other for other in attacked if _plain(other) == plain]
    fitting = fitting or [o for o in attacked if _plain(o).startswith(plain) or plain.startswith(_plain(o))]
    if len(attacked) == 1:
        return attacked[0]
    if len(fitting) != 1:
        raise InputError(f"is of {name!r}, which is none of {', '.join(attacked)}; import it apart", file=file.path)
    return fitting[0]


def _plain(name: str) -> str:
    return _PLAIN.sub("", name.lower())


def _run(model: str, files: Sequence[PaperFile], warn: Callable[[str], None]) -> PaperRun:
    attacks = [file for file in files if not file.only_marked]
    scores = [file for file in files if file.only_marked]
    if attacks:
        answers = [answer for file in attacks for answer in file.answers]
        for file in sorted(scores, key=lambda file: file.has_strict):
            answers = _labelled(answers, file, warn)
        return PaperRun(model, attacks[0].path, tuple(answers), whole=True)
    warn(
        f"{files[0].path}: every answer is marked, as in a score file: its rates say nothing of the run;"
        " give the attack file (*.jsonl) with it"
    )
    # the loose file holds the strict one's answers too; the label that is known wins
    widest = max(scores, key=lambda file: len(file.answers))
    answers = list(widest.answers)
    for file in scores:
        if file is not widest:
            answers = _labelled(answers, file, warn)
    return PaperRun(model, widest.path, tuple(answers), whole=False)


def _labelled(answers: Sequence[PaperAnswer], file: PaperFile, warn: Callable[[str], None]) -> list[PaperAnswer]:
    """The answers with the labels of a score file: marked where they stand in it, not marked elsewhere."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, answer in enumerate(answers):
        places[answer.template_id, answer.question_id].append(index)
    marked: dict[int, PaperAnswer] = {}
    missing = 0
    for answer in file.answers:
        place = _find(answers, places[answer.template_id, answer.question_id], answer, marked)
        if place is None:
            missing += 1
        else:
            marked[place] = answer
    if not marked:
        raise InputError("none of its answers is in the other files", file=file.path)
    if missing:
        warn(f"{file.path}: {missing} of {len(file.answers)} answers are in no other file; they are left out")
    if file.has_strict:
        return [_strict(answer, marked.get(index)) for index, answer in enumerate(answers)]
    return [replace(answer, loose=index in marked) for index, answer in enumerate(answers)]


def _strict(answer: PaperAnswer, label: PaperAnswer | None) -> PaperAnswer:
    """Only what the loose judge marked was shown to the strict one, so that strict is never without loose."""
    if label is None or not label.strict:
        return replace(answer, strict=False)
    return replace(answer, strict=True, loose=True)


def _find(
    answers: Sequence[PaperAnswer], places: Sequence[int], wanted: PaperAnswer, taken: dict[int, PaperAnswer]
) -> int | None:
    """The answer of that cell with that text; a cell's only answer whatever its text, since CSV changes line ends."""
    free = [index for index in places if index not in taken]
    text = " ".join(wanted.response.split())
    same = [index for index in free if " ".join(answers[index].response.split()) == text]
    return same[0] if same else free[0] if len(places) == 1 and free else None

"""Where two answers differ, word by word in any language, and how that is shown: side by side or in one text. Pure.

The marks are those of `git diff --word-diff`: `[−only in the reference−]` and `{+only in the answer+}`. They say the
same without colours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rapidfuzz.distance import LCSseq
from rich.cells import cell_len

from distq_tui.rse.tokens import TOKEN
from distq_tui.tui.text.flow import Line, flow
from distq_tui.tui.text.safe import clean
from distq_tui.tui.text.spans import Span

STRETCH = 8_192
"""Tokens compared at once: time and memory grow with their square (20 ms and 8 MB at this length)."""
SEPARATOR = " │ "


@dataclass(frozen=True, slots=True)
class Piece:
    """A run that both texts have (its blanks may differ), or what stands in its place in either."""

    same: bool
    before: str
    after: str


@dataclass(slots=True)
class _Run:
    """Tokens a0:a1 of one text and b0:b1 of the other."""

    same: bool
    a0: int
    a1: int
    b0: int
    b1: int


def compare(before: str, after: str) -> list[Piece]:
    """How `after` differs from `before`, both cleaned for the screen; blanks between words do not count.

    Each text is its pieces put together. Texts beyond `STRETCH` tokens are compared stretch by stretch: still a
    correct account of the difference, not always the shortest.
    """
    before, after = clean(before), clean(after)
    words_a, at_a = _tokens(before)
    words_b, at_b = _tokens(after)
    runs = _without_lone_words(_joined(_runs(words_a, words_b)))
    return [Piece(run.same, before[at_a[run.a0] : at_a[run.a1]], after[at_b[run.b0] : at_b[run.b1]]) for run in runs]


def _tokens(text: str) -> tuple[list[str], list[int]]:
    """Each token, and where it begins with the blanks after it; one more offset for the end."""
    found = list(TOKEN.finditer(text))
    starts = [match.start() for match in found]
    if starts:
        starts[0] = 0
    return [match.group() for match in found], [*starts, len(text)]


def _runs(a: Sequence[str], b: Sequence[str]) -> Iterator[_Run]:
    parts = max(1, -(-max(len(a), len(b)) // STRETCH))
    for part in range(parts):
        a0, a1 = (len(a) * at // parts for at in (part, part + 1))
        b0, b1 = (len(b) * at // parts for at in (part, part + 1))
        for code in LCSseq.opcodes(a[a0:a1], b[b0:b1]):
            same = code.tag == "equal"
            yield _Run(same, a0 + code.src_start, a0 + code.src_end, b0 + code.dest_start, b0 + code.dest_end)


def _joined(runs: Iterator[_Run]) -> list[_Run]:
    """Neighbours of one kind as one run."""
    joined: list[_Run] = []
    for run in runs:
        if joined and joined[-1].same == run.same:
            joined[-1].a1, joined[-1].b1 = run.a1, run.b1
        else:
            joined.append(run)
    return joined


def _without_lone_words(runs: list[_Run]) -> list[_Run]:
    """A single word that two long changes share is chance, and tears them into pieces nobody can read."""
    for left, run, right in zip(runs, runs[1:], runs[2:], strict=False):
        if run.same and run.a1 - run.a0 == 1 and min(_size(left), _size(right)) >= 4:
            run.same = False
    return _joined(iter(runs))


def _size(run: _Run) -> int:
    return max(run.a1 - run.a0, run.b1 - run.b0)


def told(pieces: Sequence[Piece]) -> str:
    """`62 % in common · 12 words only in the reference · 20 only in the answer`."""
    common = sum(_words(piece.after) for piece in pieces if piece.same)
    removed = sum(_words(piece.before) for piece in pieces if not piece.same)
    added = sum(_words(piece.after) for piece in pieces if not piece.same)
    total = 2 * common + removed + added
    if not total:
        return "both are empty"
    share = f"{200 * common / total:.0f} % in common" if removed or added else "the same words"
    return f"{share} · {removed} only in the reference · {added} only in the answer"


def _words(text: str) -> int:
    return sum(1 for match in TOKEN.finditer(text) if match.group()[0].isalnum())


# ---------------------------------------------------------------- as lines


def inline(pieces: Sequence[Piece], width: int) -> list[Line]:
    """One text with what was taken out and what was put in."""
    return flow(_spans(pieces), width)


def marked(pieces: Sequence[Piece]) -> str:
    """The same as plain text."""
    return "".join(text for text, _ in _spans(pieces))


def _spans(pieces: Sequence[Piece]) -> list[Span]:
    spans: list[Span] = []
    for piece in pieces:
        if piece.same:
            spans.append((piece.after, ""))
        else:
            spans += [*_marked(piece.before, "removed"), *_marked(piece.after, "added")]
    return spans


def side_by_side(pieces: Sequence[Piece], width: int) -> list[Line]:
    """The reference at the left and the answer at the right; common line ends stand on one line."""
    column = max(2, (width - len(SEPARATOR)) // 2)
    lines: list[Line] = []
    for left, right in _sections(pieces):
        for one, other in zip_longest(flow(left, column), flow(right, column), fillvalue=()):
            padding = " " * (column - sum(cell_len(text) for text, _ in one))
            lines.append([*one, (padding, ""), (SEPARATOR, "dim"), *other])
    return lines


def _sections(pieces: Sequence[Piece]) -> Iterator[tuple[list[Span], list[Span]]]:
    """Both texts from one common line end to the next."""
    left: list[Span] = []
    right: list[Span] = []
    for piece in pieces:
        if not piece.same:
            left += _marked(piece.before, "removed")
            right += _marked(piece.after, "added")
            continue
        ends = zip(piece.before.split("\n"), piece.after.split("\n"), strict=True)
        for number, (before, after) in enumerate(ends):
            if number:
                yield left, right
                left, right = [], []
            left.append((before, ""))
            right.append((after, ""))
    yield left, right


_BRACKETS = {"removed": ("[−", "−]"), "added": ("{+", "+}")}


def _marked(text: str, role: str) -> list[Span]:
    """The text in its marks; the blanks at its end stay outside, a line end of its own is shown as one."""
    if not text:
        return []
    body = text.rstrip()
    opening, closing = _BRACKETS[role]
    return [(f"{opening}{body or '¶'}{closing}", role), (text[len(body) :], "")]

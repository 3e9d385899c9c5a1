"""Numbers and states in the words of the screen: pure, and the same on every screen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from distq_tui.events import ScoreUpdated
    from distq_tui.state import Cell


def count(value: int) -> str:
    """A whole number with thin grouping: `12 345`."""
    return f"{value:,}".replace(",", " ")


def tokens(value: int, *, rough: bool = False) -> str:
    """`412 tok`, `12.4k tok`; a leading `~` where it is an estimate."""
    number = f"{value / 1000:.1f}k" if value >= 10_000 else str(value)
    return f"{'~' if rough else ''}{number} tok"


def pace(value: float, *, rough: bool = False) -> str:
    """Tokens a second, `41/s` or `4.2/s`, said after their number; a leading `~` where they are estimated."""
    return f"{'~' if rough else ''}{value:.{0 if value >= 10 else 1}f}/s"


def parameter(value: float) -> str:
    """A parameter as it is sent: a whole number in all its digits (seeds have ten), another in as few as tell it."""
    return str(int(value)) if value == int(value) else repr(value)


def seconds(value: float) -> str:
    """`2.1s`, `1:05`, `2h 03m`."""
    if value < 60:
        return f"{value:.1f}s"
    if value < 3600:
        return f"{int(value) // 60}:{int(value) % 60:02d}"
    return f"{int(value) // 3600}h {int(value) % 3600 // 60:02d}m"


def money(value: float | None) -> str:
    """US dollars; unknown is `n/a`, never 0."""
    if value is None:
        return "n/a"
    return f"${value:.2f}" if value >= 1 or value == 0 else f"${value:.4f}"


def share(value: float | None) -> str:
    """A rate or similarity in [0, 1] as `.22`; `1.00` for one, `–` for none."""
    if value is None:
        return "–"
    text = f"{value:.2f}"
    return text[1:] if text.startswith("0.") else text


def interval(score: ScoreUpdated) -> str:
    """`.22 [.15,.31]`; `–` where nothing was scored."""
    if score.value is None:
        return "–"
    if score.low is None or score.high is None:
        return share(score.value)
    return f"{share(score.value)} [{share(score.low)},{share(score.high)}]"


def middle(text: str, width: int) -> str:
    """The text in at most that many columns, cut in the middle, where names differ least."""
    if cell_len(text) <= width or width < 3:
        return text
    tail = (width - 1) // 2
    if text.isascii():
        return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"
    return f"{_first(text, width - 1 - tail)}…{_first(text[::-1], tail)[::-1]}"


def _first(text: str, width: int) -> str:
    """As much of the beginning as fits."""
    for at, char in enumerate(text):
        width -= cell_len(char)
        if width < 0:
            return text[:at]
    return text


def whole(text: str, width: int) -> str:
    """As many whole words as fit that many columns, then an ellipsis; the first one always."""
    if cell_len(text) <= width:
        return text
    parts = text.split(" ")
    while len(parts) > 1 and cell_len(" ".join(parts)) + 1 > width:
        parts.pop()
    return " ".join(parts).rstrip(" ·") + "…"


def bar(low: float, value: float, high: float, width: int) -> str:
    """An interval in [0, 1] as a bar: `──├─●──┤───`."""
    last = width - 1
    left, middle, right = (min(last, max(0, round(x * last))) for x in (low, value, high))
    cells = ["─" if left <= at <= right else "·" for at in range(width)]
    cells[left], cells[right], cells[middle] = "├", "┤", "●"
    return "".join(cells)


GLYPHS: dict[str, str] = {}
"""A sign for each state of a prompt or an answer."""
LETTERS: dict[str, str] = {}
"""A letter for each state: signs differ between fonts, and colour alone says nothing to many readers."""
ROLES: dict[str, str] = {}
"""The role (see `spans`) in which a state is painted."""

for _state, _glyph, _letter, _role in (
    ("unread", "…", "u", "dim"),
    ("waiting", "·", "w", "dim"),
    ("running", "▶", "r", "key"),
    ("part", "◔", "p", ""),
    ("retrying", "↻", "t", "warn"),
    ("done", "✓", "d", "good"),
    ("failed", "✗", "f", "bad"),
    ("control", "†", "c", "warn"),
    ("conflict", "!", "C", "conflict"),
):
    GLYPHS[_state], LETTERS[_state], ROLES[_state] = _glyph, _letter, _role


def plural(number: int, noun: str, several: str = "") -> str:
    """`1 cluster`, `2 clusters`; `1 retry`, `2 retries` where the plural is given."""
    return f"{number} {noun if number == 1 else several or noun + 's'}"


def unanswered(failed: int, cancelled: int) -> list[tuple[str, str]]:
    """Spans ` · 2 failed` and ` · 1 cancelled` of so many without a complete answer; none for 0."""
    told = ((failed - cancelled, "failed", "bad"), (cancelled, "cancelled", "warn"))
    return [(f" · {number} {word}", role) for number, word, role in told if number]


_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60))


def ago(then: str, now: datetime) -> str:
    """How long ago an ISO-8601 time was, and that time: `3 days ago, at 2026-03-01 10:00:00 UTC`; empty for none."""
    try:
        time = datetime.fromisoformat(then).astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    passed = int((now - time).total_seconds())
    age = next((f"{plural(passed // size, unit)} ago" for unit, size in _UNITS if passed >= size), "just now")
    return f"{age}, at {time:%Y-%m-%d %H:%M:%S} UTC"


def sampled(sample: int) -> str:
    """What tells a prompt's second sample (1) and later ones from its first: ` #2`."""
    return f" #{sample + 1}" if sample else ""


def cell_state(cell: Cell | None) -> str:
    """A cell's state in a word, its class where that says more, and whether it was cached or resumed."""
    if cell is None or cell.state == "waiting":
        return "waiting"
    if cell.response is None:
        return cell.note or cell.state
    word = "done" if cell.response.cls == "ok" else cell.response.cls.replace("_", " ")
    from distq_tui.state import origin  # here: the first frame needs no events, and they are many

    return " · ".join(filter(None, (word, origin(cell))))

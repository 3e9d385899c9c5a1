"""One model's answer to the prompt that is looked at: text, claims, title, and how it stands."""

from __future__ import annotations

from distq_tui.plan.tokens import estimate_tokens
from distq_tui.state import Cell
from distq_tui.tui.lines.standing import Pace, reasoning_lead, standing
from distq_tui.tui.text.spans import Span, content
from distq_tui.tui.widgets.text_view import TextView

SUBTITLE_EVERY = 6
"""Calls of `show` for one new subtitle of a running answer, twice a second: a border paints the whole pane again."""
LABEL_MARGIN = 6
"""Columns of a border that no label takes: corners, the line beside them, a blank at either end."""


class AnswerPane(TextView):
    """A pane of Compare.

    Args:
        title: the model's title in the plan.
        role: its role there.
        tag: SIMULATED or RECORDED where it is no live model.

    Attributes:
        reading: whether one scrolled up while the answer came, and has not gone to its end since.
    """

    HELP = """An answer. Its lower border tells tokens, tokens a second, time, cost and state; ~ marks estimates.
    FOLLOW: the end is kept in sight while the text grows. Scrolling up pauses that, and the prompt stays: PAUSED +12 is
    12 lines that came since, MORE +12 the lines below in a finished answer; End goes there and follows again. Left and
    right take another pane, enter opens everything about this answer."""

    DEFAULT_CSS = """
    AnswerPane {
        border: round $foreground 30%;
        padding: 0 0 0 1;
        border-title-color: $foreground;
        border-subtitle-color: $text-muted;
        &:focus { border: round $border; }
        &.-running { border-subtitle-color: $text-accent; }
        &.-failed { border-subtitle-color: $text-error; }
        &.-conflict { border-title-color: $text-error; }
    }
    """

    def __init__(self, title: str, role: str, tag: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id, classes="-waiting")
        self.model = title
        # what must not be cut off goes first: a long name is cut at its end
        self.border_title = content(
            [(f"{tag} " if tag else "", "warn"), (f"{role[:1].upper()} ", "dim"), (title, "strong")]
        )
        self._seen: tuple[int, int] = (-1, -1)
        self._cell: Cell | None = None
        self._length = 0
        self._tokens = 0.0
        self._pace = Pace()
        self._subtitle: list[Span] = []
        self._said = 0
        self._said_for = (0, True)
        self._class = "-waiting"
        self._preparing = ""
        self._lead_told = ""
        self._unfolded = False
        self.reading = False

    @property
    def cell(self) -> Cell | None:
        """The answer that is shown."""
        return self._cell

    def show(
        self,
        cell: Cell | None,
        now: float | None = None,
        *,
        given_up: str = "",
        preparing: str = "",
        unread: bool = False,
    ) -> None:
        """Paint what changed since the last call.

        Args:
            cell: the answer; None where nothing was asked yet.
            now: seconds since it was asked, where it is under way.
            given_up: why the model is not asked further, where it is not.
            preparing: what is made for the model before it can answer, where something is.
            unread: whether what is stored is still being read: that there is no answer yet says nothing.
        """
        if cell is None:
            self._wait(given_up, preparing, "still to be read" if unread else "waiting")
            return
        opened = cell is not self._cell
        if opened or cell.epoch != self._seen[0]:
            self._begin(cell)
        lead = reasoning_lead(cell, self.lead_width, unfolded=self._unfolded)
        if cell.revision != self._seen[1] or preparing != self._preparing or lead != self._lead_told:
            self._preparing, self._lead_told = preparing, lead
            new = cell.text[self._length :]
            self._length = len(cell.text)
            self._tokens += estimate_tokens(new)
            self._seen = (cell.epoch, cell.revision)
            self.grow(new, cell.marks, _note(cell, preparing), lead)
            self._state_class(cell)
            if opened and cell.response is not None:
                self.to_top()  # an answer that is read, not watched
        if cell.state == "running" or self.following:
            self.reading = not self.following
        self._tell(cell, now)

    def _tell(self, cell: Cell, now: float | None) -> None:
        """Say below how the answer stands, where it is time to."""
        if now is not None:
            self._pace.saw(now, self._tokens)
        self._said += 1
        room = self.region.width - LABEL_MARGIN
        due = cell.state != "running" or self._said % SUBTITLE_EVERY == 1 or (room, self.following) != self._said_for
        if due and room > 0:  # a pane that just came in sight has no room yet
            self._said_for = room, self.following
            told = standing(cell, room, tokens=self._tokens, seconds=now, pace=self._pace.value, mark=self._mark(cell))
            self._set_subtitle(told)

    def unfold(self, unfolded: bool) -> None:
        """Give the reasoning in full, from its top, or in one line; painted by the next `show`."""
        self._unfolded = unfolded
        if unfolded:
            self.to_top()

    def _mark(self, cell: Cell) -> Span:
        """What is said of the place in the text."""
        if cell.state == "running":
            paused = f"PAUSED +{self.unseen}" if self.unseen else "PAUSED"
            return ("FOLLOW", "key") if self.following else (paused, "warn")
        return ("", "") if self.at_end else (f"MORE +{self.below}", "warn")

    def _wait(self, given_up: str, preparing: str, word: str) -> None:
        if self._cell is not None:
            self.reset()
            self.reading = False
            self._cell = None
        self._swap_class("-failed" if given_up else "-waiting")
        self.grow("", note=f"✗ not asked further: {given_up}" if given_up else _prepared(preparing))
        self._set_subtitle([("✗ not asked", "strong") if given_up else (word, "dim")])

    def _begin(self, cell: Cell) -> None:
        self.reset()
        self.reading = False
        self._cell, self._length, self._tokens, self._said, self._lead_told = cell, 0, 0.0, 0, ""
        self._pace = Pace()
        self._seen = (cell.epoch, -1)

    def _set_subtitle(self, spans: list[Span]) -> None:
        if spans != self._subtitle:
            self._subtitle = spans
            self.border_subtitle = content(spans)

    def _state_class(self, cell: Cell) -> None:
        self.set_class(cell.verdict is not None and cell.verdict.loose, "-conflict")
        self._swap_class(f"-{cell.state}")

    def _swap_class(self, name: str) -> None:
        if name != self._class:
            self.remove_class(self._class)
            self.add_class(name)
            self._class = name


def _prepared(preparing: str) -> str:
    return f"preparing: {preparing}" if preparing else ""


def _note(cell: Cell, preparing: str) -> str:
    """What is said below the answer: why it failed or waits, or that it is only thinking."""
    lead = "\n" if cell.text else ""
    if cell.state == "failed":
        what = cell.response.cls.replace("_", " ") if cell.response else "failed"
        return f"{lead}✗ {what}: {cell.note or 'no answer'}"
    if cell.state == "retrying":
        return f"{lead}↻ {cell.note}"
    if cell.state == "running" and not cell.text:
        return "thinking…" if cell.reasoning else _prepared(preparing)
    if cell.response is not None and not cell.text:
        return f"({cell.response.cls.replace('_', ' ')}: the answer is empty)"
    return ""

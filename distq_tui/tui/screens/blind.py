"""Blind labels: answers one after another without name or verdict, and what the labels say of those who gave verdicts.

The screen decides nothing of how answers are drawn or rates corrected; the house does, over the store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Static

from distq_tui.tui.records import BlindAnswer, HouseError, OwnVerdict
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.text import words
from distq_tui.tui.text.safe import clean
from distq_tui.tui.text.spans import Span, lines
from distq_tui.tui.widgets.text_view import TextView

if TYPE_CHECKING:
    from distq_tui.report.calibration import Calibration
    from distq_tui.stats.calibration import Share

ASKED_SHOWN = 600
"""Characters of a question that are shown."""
LABELS = {"none": OwnVerdict(False, False), "loose": OwnVerdict(True, False), "strict": OwnVerdict(True, True)}
"""What a key says of an answer: a strict conflict is a loose one too."""


class BlindScreen(HouseScreen):
    """Label answers without knowing who gave them, or what the detector and the judges say.

    The fact at the top is what is true of whoever answered. 0: nothing that the answer says about its speaker conflicts
    with it. 1: something does, but it claims no other maker or product (loose). 2: it says that it is, or is made by,
    another than the fact names (loose and strict). space leaves an answer out, u takes the last step back. A label
    changes no verdict. The answers are drawn at random, so many of each model, language and verdict.

    c shows what the labels say, of loose and of strict: how many of the conflicting answers are found (sensitivity),
    how many of the others are left alone (specificity), and each model's rate once these errors are accounted for,
    with 95 % intervals.

    Args:
        session: whose answers.
    """

    CSS_PATH = "blind.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("0", "label('none')", "None", id="blind.none", tooltip="Nothing it says of itself conflicts"),
        Binding("1", "label('loose')", "Loose", id="blind.loose", tooltip="It conflicts, but claims no other maker"),
        Binding("2", "label('strict')", "Strict", id="blind.strict", tooltip="It claims to be, or be made by, another"),
        Binding("space", "skip", "Skip", id="blind.skip", tooltip="Leave this answer without a label"),
        Binding("u", "undo", "Undo", id="blind.undo", tooltip="Take the last step back"),
        Binding("c", "results", "Results", id="blind.results", tooltip="What the labels say so far"),
        Binding("escape", "app.pop_screen", "Back", id="blind.back"),
    ]

    def __init__(self, session: str) -> None:
        super().__init__()
        self._session = session
        self._queue: Sequence[BlindAnswer] | None = None
        self._steps: list[OwnVerdict | None] = []

    def compose(self) -> ComposeResult:
        """Question and fact, the answer, the results in their place."""
        yield Static(id="asked")
        yield TextView(id="text")
        with VerticalScroll(id="found"):
            yield Static(id="said")
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Draw the answers."""
        self.query_one("#found").border_title = "What the labels say"
        self.query_one("#text").focus()
        self._draw()

    @work(exclusive=True)
    async def _draw(self) -> None:
        house = self.window.house
        if house is None:
            return
        try:
            self._queue = await house.blind_answers(self._session)
        except HouseError as error:
            self.notify(str(error), severity="error", markup=False)
            self._queue = ()
        self._show()

    @property
    def current(self) -> BlindAnswer | None:
        """The answer that is to be labelled, None where there is none left."""
        queue = self._queue or ()
        return queue[len(self._steps)] if len(self._steps) < len(queue) else None

    def copy_text(self) -> str:
        """The answer."""
        return "" if self.current is None else self.current.text

    # --- keys

    async def action_label(self, said: str) -> None:
        """Label the answer (none, loose or strict) and go on."""
        answer = self.current
        if answer is not None and self._asks and self.window.house is not None:
            await self.window.house.label_blind(answer.response, LABELS[said])
            self._step(LABELS[said])

    def action_skip(self) -> None:
        """Go on without a label."""
        if self.current is not None:
            self._step(None)

    async def action_undo(self) -> None:
        """Back to the last answer, without its label."""
        if not self._steps or self._queue is None or self.window.house is None:
            return
        if self._steps.pop() is not None:
            await self.window.house.label_blind(self._queue[len(self._steps)].response, None)
        self._show()

    def action_results(self) -> None:
        """What the labels say; again to go on."""
        if self.has_class("-results"):
            self._show()
        else:
            self._calibrate()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While the results are shown, or nothing is left, there is nothing to label.

        `label` stays: off, its keys would be those of the app, which go to other screens.
        """
        del parameters
        if action == "skip":
            return self._asks
        return bool(self._steps) if action == "undo" else True

    @property
    def _asks(self) -> bool:
        """Whether an answer is there to be labelled."""
        return self.current is not None and not self.has_class("-results")

    def _step(self, step: OwnVerdict | None) -> None:
        self._steps.append(step)
        self._show()

    # --- what is shown

    def _show(self) -> None:
        answer = self.current
        self.set_class(False, "-results")
        view = self.query_one("#text", TextView)
        view.reset()
        view.follow = False
        if answer is None:
            self._tell_end()
        else:
            asked = clean(answer.asked[:ASKED_SHOWN])
            self.query_one("#asked", Static).update(
                lines([[("true of the speaker  ", "dim"), (answer.fact, "strong")], [("asked  ", "dim"), (asked, "")]])
            )
            view.grow(answer.text, (), "" if answer.text else "no text")
        queue = self._queue or ()
        labelled = sum(step is not None for step in self._steps)
        at = f"answer {len(self._steps) + 1} of {len(queue)}" if answer is not None else "no answer left"
        view.border_title = f"Blind labels: {at}"
        view.border_subtitle = f"{labelled} labelled · {len(self._steps) - labelled} skipped"
        view.focus()
        self.refresh_bindings()

    def _tell_end(self) -> None:
        told = "All that were drawn are labelled or skipped: c shows what the labels say."
        if not self._queue:
            told = "No answer to label: all that were drawn have a label, or nothing here has a verdict. c: results."
        self.query_one("#asked", Static).update(lines([[(told, "strong")]]))

    @work(exclusive=True)
    async def _calibrate(self) -> None:
        house = self.window.house
        if house is None:
            return
        try:
            found = await house.calibrate(self._session)
        except HouseError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self.query_one("#said", Static).update(
            lines(result_rows(found, self.window.live.run.tags if self.window.live is not None else {}))
        )
        self.set_class(True, "-results")
        self.query_one("#found").focus()
        self.refresh_bindings()


def result_rows(found: Sequence[Calibration], tags: Mapping[str, str]) -> list[list[Span]]:
    """Sensitivity, specificity and corrected rates, with their 95 % intervals; `tags` by model title."""
    rows: list[list[Span]] = []
    for each in found:
        accuracy = each.accuracy
        if not accuracy.labelled:
            continue
        of = f"  {accuracy.labelled} of {accuracy.total} answers labelled, of groups that could be used"
        rows.append([(f"{each.rater_name} · {each.measure}", "key"), (of, "dim")])
        rows.append([("  sensitivity ", "dim"), (_share(accuracy.sensitivity), "strong"),
                     ("   specificity ", "dim"), (_share(accuracy.specificity), "strong")])  # fmt: skip
        for model, rate in each.rates.items():
            name: list[Span] = [(f"  {words.middle(model, 28):<28} ", ""), (f"{tags.get(model, ''):<9} ", "warn")]
            if rate is None:
                rows.append([*name, ("the labels do not suffice for a corrected rate", "warn")])
                continue
            limits = "" if rate.low is None else f" [{words.share(rate.low)},{words.share(rate.high)}]"
            corrected = f"{words.share(rate.value)}{limits}"
            rows.append([*name, (f"apparent {words.share(rate.apparent)}", "dim"), ("  corrected ", ""),
                         (corrected, "strong"),
                         (f"  n {rate.n} · {rate.labelled} labels · {rate.method}", "dim")])  # fmt: skip
        rows.append([])
    return rows or [[("Nothing is labelled yet.", "dim")]]


def _share(share: Share | None) -> str:
    return "–" if share is None else f"{words.share(share.value)} [{words.share(share.low)},{words.share(share.high)}]"

"""Why two models are alike: the prompts that drive it and the rare words that both use; enter opens a prompt."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from distq_tui.tui.lines import alike, scores
from distq_tui.tui.live import LiveRun
from distq_tui.tui.text import words
from distq_tui.tui.text.safe import clean_line, label
from distq_tui.tui.text.spans import Span, lines
from distq_tui.tui.widgets.line_list import LineList

ABOUT = "This explains a number and proves nothing: rare phrases come from shared training text, and from the prompt."


class WhyModal(ModalScreen[None]):
    """A pair's explanation.

    Args:
        live: the run.
        one: a model's title.
        other: another one's.
    """

    CSS_PATH = "why.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss", "Close", id="why.close")]

    def __init__(self, live: LiveRun, one: str, other: str) -> None:
        super().__init__()
        self._live, self._pair = live, (one, other)
        self._evidence = alike.evidence_of(live)
        self._prompts = alike.prompts_of(one, other, self._evidence.events)

    def compose(self) -> ComposeResult:
        """Reasons above, prompts below."""
        with Vertical(id="why") as box:
            box.border_title = label(f"Why alike: {self._pair[0]} ~ {self._pair[1]}")
            box.border_subtitle = "enter opens a prompt · esc closes"
            with VerticalScroll(id="reasons"):
                yield Static(lines([*self._standing(), [("reading the answers …", "dim")]]), id="said")
            yield LineList(self._line, empty=" No prompt has answers of both.", id="driving")

    def on_mount(self) -> None:
        """Show the prompts; read the answers in a thread."""
        found = self.query_one("#driving", LineList)
        found.border_title = f"Prompts, most alike first: {len(self._prompts)}"
        found.set_count(len(self._prompts))
        found.focus()
        self._explain()

    @work
    async def _explain(self) -> None:
        told = await asyncio.to_thread(alike.explain, *self._pair, self._evidence)
        reasons: list[list[Span]] = [[(line, "")] for line in told]
        nothing: list[list[Span]] = [[("Nothing stands out: no prompt, opening or phrase of their own.", "dim")]]
        self.query_one("#said", Static).update(lines([*self._standing(), *(reasons or nothing), [], [(ABOUT, "dim")]]))

    def _standing(self) -> list[list[Span]]:
        score = scores.similarity(self._live, *self._pair)
        tags = self._live.run.tags
        named: list[list[Span]] = [[(f"{name}: {tags[name]}", "warn")] for name in self._pair if name in tags]
        if score is None:
            return named
        told: list[Span] = [("RSE ", "dim"), (words.interval(score), "strong")]
        return [
            *named,
            [*told, (f"  n {score.n} · {words.plural(score.clusters, 'prompt')} · {score.method}", "dim")],
            [],
        ]

    def _line(self, index: int) -> list[Span]:
        event = self._prompts[index]
        aspects = " ".join(words.share(value) for value in (event.content, event.structure, event.style))
        return [
            (f"{words.share(alike.rse_of(event)):>4}  ", "strong"),
            (f"{aspects:<15} ", "dim"),
            (f"{event.prompt_id}  ", "key"),
            (clean_line(self._evidence.prompts.get(event.prompt_id, "")), ""),
        ]

    @on(LineList.Chosen, "#driving")
    def _open(self, event: LineList.Chosen) -> None:
        from distq_tui.tui.screens.detail import DetailScreen

        self.app.push_screen(DetailScreen(self._live, self._pair[0], (self._prompts[event.index].prompt_id, 0)))

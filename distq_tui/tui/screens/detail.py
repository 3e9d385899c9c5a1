"""Detail: one answer in full, its claims explained, the request as it was sent."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Footer, Static

from distq_tui.state import Cell
from distq_tui.tui.lines import asked, facts
from distq_tui.tui.lines.opinions import opinion_rows
from distq_tui.tui.lines.standing import reasoning_lead
from distq_tui.tui.live import LiveRun, Row
from distq_tui.tui.records import OwnVerdict
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.text import outside, words
from distq_tui.tui.text.safe import clean_line
from distq_tui.tui.text.spans import Span, content, lines
from distq_tui.tui.widgets.lines_view import LinesView
from distq_tui.tui.widgets.text_view import TextView

OWN_VERDICTS = (None, OwnVerdict(False, False), OwnVerdict(True, False), OwnVerdict(True, True))
"""What the key goes round; None: the detector's verdict holds."""
VIEWS = ("answer", "reasoning", "request", "curl")


class DetailScreen(HouseScreen):
    """One answer in full.

    Args:
        live: the run.
        title: the model.
        row: the prompt.
        markdown: begin with the answer as Markdown, where it is finished.
    """

    HELP = """One answer in full.

    At the left the text with its claims marked, under a line that u unfolds into what the model reasoned (kept apart
    from the answer, never scored); v changes between the answer, the reasoning alone, the request as it was sent and
    the same as a curl call without the key. m shows a finished answer as Markdown, without the marks of claims. d
    compares it with the reference's answer. At the right each claim with the rule that found it, and what the judges
    say, in their own words.

    p opens the text at the left in $PAGER, w request and answer in $EDITOR, as a copy that can't be changed.

    o puts your own verdict over the detector's, in every report, until o has gone round: no contradiction; it
    contradicts the facts (loose); it also says it is another maker's (strict); the detector's again."""
    CSS_PATH = "detail.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "app.pop_screen", "Back", id="detail.back"),
        Binding("v", "view", "View", id="detail.view", tooltip="Answer, reasoning, request, curl"),
        Binding("u", "unfold", "Reasoning", show=False, id="detail.unfold", tooltip="In full above the answer, or not"),
        Binding("m", "markdown", "Markdown", id="detail.markdown", tooltip="As Markdown, or plain with claims"),
        Binding("d", "diff", "Diff", id="detail.diff", tooltip="Against the reference's answer to this prompt"),
        Binding(
            "o", "override", "Override", id="detail.override", tooltip="Your verdict over the detector's; again: next"
        ),
        Binding("p", "pager", "Pager", show=False, id="detail.pager", tooltip="The text at the left in $PAGER"),
        Binding("w", "editor", "Editor", show=False, id="detail.editor", tooltip="A copy of it all in $EDITOR"),
        Binding("right_square_bracket,right", "model(1)", "Next model", id="detail.next", tooltip="Same prompt"),
        Binding("left_square_bracket,left", "model(-1)", "Previous model", show=False, id="detail.previous"),
    ]

    def __init__(self, live: LiveRun, title: str, row: Row, *, markdown: bool = False) -> None:
        super().__init__()
        self._live, self._title, self._row = live, title, row
        self._view = 0
        self._markdown = markdown
        self._unfolded = False
        self._seen: tuple[int, int] | None = None
        self._told = ""
        self._rendered: object = None
        self._own: dict[int, OwnVerdict] = {}

    def compose(self) -> ComposeResult:
        """Header, text, facts."""
        yield Static(id="asked")
        with Container(id="room"):
            yield TextView(id="text")
            yield LinesView(id="markdown")
            with VerticalScroll(id="facts"):
                yield Static(id="said")
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Show it all."""
        self.query_one("#text").focus()
        self._show()
        self._read_own()

    @work
    async def _read_own(self) -> None:
        """The user's own verdicts on this session's answers."""
        house, session = self.window.house, self._live.state.session
        if house is not None and session:
            self._own = dict(await house.own_verdicts(session))
            self._show()

    def paint(self, live: LiveRun | None) -> None:
        """Add what arrived since."""
        if live is self._live:
            cell = live.cell(self._title, self._row)
            if cell is not None and self._seen != (cell.epoch, cell.revision):
                self._show()

    def copy_text(self) -> str:
        """The text at the left, as it was given."""
        return self._text(self._live.cell(self._title, self._row))

    # --- contents

    def _show(self) -> None:
        cell = self._live.cell(self._title, self._row)
        probe = self._live.probes.get(self._row[0])
        head: list[Span] = [(self._title, "strong"), (f"  {self._row[0]}  ", "key")]
        if tag := self._live.run.tags.get(self._title):
            head.append((f"{tag}  ", "warn"))
        self.query_one("#asked", Static).update(content([*head, (clean_line(probe.text if probe else ""), "")]))
        self._show_text(cell)
        rows: facts.Rows = []
        if cell is not None:
            opinions = opinion_rows(self._live, cell)
            rows += [*facts.claim_rows(cell, self._own.get(-1 if cell.row is None else cell.row)), []]
            rows += [*opinions, []] if opinions else []
            rows += [*facts.answer_rows(cell, datetime.now(UTC)), []]
        self.query_one("#said", Static).update(lines([*rows, *facts.probe_rows(probe)]))

    def _show_text(self, cell: Cell | None) -> None:
        view = self.query_one("#text", TextView)
        epoch = -1 if cell is None else cell.epoch
        text = self._text(cell)
        if self._seen is None or self._seen[0] != epoch or not text.startswith(self._told):
            view.reset()
            view.follow = False
            self._told = ""
        marks = cell.marks if cell is not None and VIEWS[self._view] == "answer" else ()
        lead = ""
        if cell is not None and VIEWS[self._view] == "answer":
            lead = reasoning_lead(cell, view.lead_width, unfolded=self._unfolded)
        view.grow(text[len(self._told) :], marks, "" if text else _nothing(cell, VIEWS[self._view], self._live), lead)
        self._told = text
        self._seen = (epoch, -1 if cell is None else cell.revision)
        reasoning = 0 if cell is None else len(cell.reasoning)
        names = {
            "answer": "answer",
            "reasoning": f"reasoning ({words.plural(reasoning, 'character')})",
            "request": "request",
            "curl": "request as curl",
        }
        view.border_title = content([(names[VIEWS[self._view]], "strong")])
        self._show_markdown(cell)

    def _show_markdown(self, cell: Cell | None) -> None:
        """The finished answer as Markdown in place of the plain one, where that was asked for."""
        plain, rendered = self.query_one("#text"), self.query_one("#markdown", LinesView)
        shown = self._markdown and VIEWS[self._view] == "answer" and cell is not None and cell.response is not None
        focused = plain.has_focus or rendered.has_focus
        plain.display, rendered.display = not shown, shown
        wanted = (self._title, cell.epoch) if shown and cell is not None else None
        if cell is not None and wanted is not None and wanted != self._rendered:
            from distq_tui.tui.text.markdown import markdown_lines

            text = cell.text
            rendered.border_title = content([("answer, as Markdown", "strong")])
            rendered.show(lambda width: markdown_lines(text, width))
        self._rendered = wanted
        if focused:
            (rendered if shown else plain).focus()

    def _text(self, cell: Cell | None) -> str:
        match VIEWS[self._view]:
            case "answer":
                return "" if cell is None else cell.text
            case "reasoning":
                return "" if cell is None else cell.reasoning
            case view:
                told = asked.curl_text if view == "curl" else asked.request_text
                return told(self._live.run.plan, self._title, self._live.probes.get(self._row[0]), cell)

    # --- keys

    def action_view(self) -> None:
        """Answer, reasoning, request, the same as curl."""
        self._view = (self._view + 1) % len(VIEWS)
        self._seen = None
        self._show()

    def action_unfold(self) -> None:
        """The reasoning in full above the answer, or in one line."""
        self._unfolded = not self._unfolded
        self._show()
        self.query_one("#text", TextView).to_top()

    def action_markdown(self) -> None:
        """The answer as Markdown once it is finished, or plain."""
        cell = self._live.cell(self._title, self._row)
        if cell is None or cell.response is None:
            self.notify("Markdown is for a finished answer.", markup=False)
            return
        self._markdown = not self._markdown
        self._view = 0
        self._seen = None
        self._show()

    def action_pager(self) -> None:
        """What stands at the left, in the user's pager."""
        if command := outside.pager(os.environ):
            self.window.hand_over(command, self.copy_text())
        else:
            self.notify("No pager: set PAGER, or install less.", severity="warning", markup=False)

    def action_editor(self) -> None:
        """Request, reasoning and answer, read-only, in the user's editor."""
        if command := outside.editor(os.environ):
            self.window.hand_over(command, self._transcript())
        else:
            self.notify("No editor: set VISUAL or EDITOR.", severity="warning", markup=False)

    def _transcript(self) -> str:
        cell, probe = self._live.cell(self._title, self._row), self._live.probes.get(self._row[0])
        parts = [f"{self._title}  {self._row[0]}", asked.request_text(self._live.run.plan, self._title, probe, cell)]
        if cell is not None and cell.reasoning:
            parts.append(f"[reasoning]\n{cell.reasoning}")
        parts.append(f"[answer]\n{'' if cell is None else cell.text}")
        return "\n\n".join(parts) + "\n"

    @work(exclusive=True, group="override")
    async def action_override(self) -> None:
        """The next of the verdicts that a user can give."""
        cell, house = self._live.cell(self._title, self._row), self.window.house
        if house is None or cell is None or cell.row is None or cell.verdict is None:
            self.notify("There is no verdict here to override.", severity="warning", markup=False)
            return
        at = OWN_VERDICTS.index(self._own.get(cell.row))
        verdict = OWN_VERDICTS[(at + 1) % len(OWN_VERDICTS)]
        await house.override(cell.row, verdict)
        self._live.overridden += 1
        self._own.pop(cell.row, None)
        if verdict is not None:
            self._own[cell.row] = verdict
        self._show()

    def action_diff(self) -> None:
        """Against the reference's answer."""
        from distq_tui.tui.screens.diff import DiffScreen

        self.app.push_screen(DiffScreen(self._live, self._title, self._row))

    def action_model(self, by: int) -> None:
        """The next model's answer to the same prompt."""
        titles = self._live.titles
        at = titles.index(self._title) if self._title in titles else 0
        self._title = titles[(at + by) % len(titles)]
        self._seen = None
        self._show()


def _nothing(cell: Cell | None, view: str, live: LiveRun) -> str:
    """Why there is no text: "no answer" is a class of answers, so it is not said of what was never asked."""
    if cell is None or cell.state == "waiting":
        return "not asked yet" if live.whole else "still to be read"
    if cell.response is None:
        return f"no {view} yet"
    return f"({cell.response.cls.replace('_', ' ')}: the {view} is empty)" if view == "answer" else f"no {view}"

"""What stands on Compare, as text."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.pane import AnswerPane
from distq_tui.tui.widgets.title_bar import TitleBar


def pane_of(screen: CompareScreen, model: str) -> AnswerPane:
    return next(pane for pane in screen.panes if pane.model == model)


def subtitle(screen: CompareScreen, model: str) -> str:
    return Content.from_markup(pane_of(screen, model).border_subtitle).plain


def list_line(screen: CompareScreen, index: int) -> str:
    return screen.query_one("#prompts", LineList).render_line(index).text.rstrip()


def strip(screen: CompareScreen) -> str:
    return str(screen.query_one("#scores", Static).content)


def title(screen: CompareScreen) -> str:
    return str(screen.query_one(TitleBar).content)

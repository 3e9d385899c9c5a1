"""Lines kept whole with their frame are those that Textual would paint; the scrollbar is painted where it moves."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Region
from textual.scroll_view import ScrollView

from distq_tui.events import Mark
from distq_tui.tui.widgets.text_view import TextView

LINES = "".join(f"line {at} of 中文 text that is long enough to be wrapped\n" for at in range(30))


class Host(App[None]):
    CSS = """
    TextView { width: 30; height: 10; border: round red; padding: 0 0 0 1; }
    TextView:focus { border: heavy blue; }
    """

    def compose(self) -> ComposeResult:
        yield TextView(id="one")
        yield TextView(id="other")


@pytest.fixture
async def view():
    app = Host()
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.pause()
        app.pilot = pilot
        shown = app.query_one("#one", TextView)
        shown.border_title = "title"
        shown.grow(LINES, [Mark(5, 12, "conflict", "r"), Mark(900, 950, "own", "r")], "a note")
        await pilot.pause()
        yield shown


def as_textual(view: TextView) -> list[list[tuple[str, str]]]:
    """What Textual's own way makes of each line."""
    view._styles_cache.clear()
    return [cells(strip) for strip in ScrollView.render_lines(view, Region(0, 0, *view.region.size))]


def as_shown(view: TextView) -> list[list[tuple[str, str]]]:
    return [cells(strip) for strip in view.render_lines(Region(0, 0, *view.region.size))]


def cells(strip) -> list[tuple[str, str]]:
    """Each character with the style that it is painted in."""
    return [(char, str(segment.style)) for segment in strip if segment.text for char in segment.text]


async def scrolled(view: TextView) -> None:
    view.scroll_to(y=7, animate=False)


async def told(view: TextView) -> None:
    view.border_subtitle = Content("another")


async def focused(view: TextView) -> None:
    (view if not view.has_focus else view.app.query_one("#other")).focus()


async def narrower(view: TextView) -> None:
    view.styles.width = 21


async def lighter(view: TextView) -> None:
    view.app.theme = "textual-light"


async def ansi(view: TextView) -> None:
    view.app.theme = "ansi-dark"


async def short(view: TextView) -> None:
    view.reset()
    view.grow("one line")


@pytest.mark.parametrize("change", [scrolled, told, focused, narrower, lighter, ansi, short])
async def test_what_is_kept_is_what_textual_would_paint(view, change):
    assert as_shown(view) == as_textual(view)
    before = as_shown(view)
    await change(view)
    await view.app.pilot.pause()
    assert as_shown(view) == as_textual(view)
    assert as_shown(view) != before


async def test_a_line_that_moved_is_the_same_strip(view):
    view.to_top()
    before = view.render_lines(Region(0, 0, *view.region.size))
    view.scroll_to(y=2, animate=False)
    assert view.render_lines(Region(0, 0, *view.region.size))[1] is before[3]


async def test_the_scrollbar_knows_its_place_and_is_painted_where_the_thumb_moves(view, monkeypatch):
    bar = view.vertical_scrollbar
    painted = []
    monkeypatch.setattr(bar, "refresh", lambda *_, **__: painted.append((bar.position, bar.window_virtual_size)))
    for _ in range(40):
        view.grow("one more\n")
        assert (bar.position, bar.window_virtual_size) == (view.scroll_y, view.virtual_size.height)
    assert not painted, "the thumb is one row at the end from first to last"
    view.scroll_to(y=view.scroll_y // 2, animate=False)
    view.to_top()
    assert [position > 0 for position, _ in painted] == [True, False]

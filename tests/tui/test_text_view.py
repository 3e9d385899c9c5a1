"""The text view: what is painted, that growth reflows nothing, and that the end is followed only from the end."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from distq_tui.events import Mark
from distq_tui.tui.widgets.text_view import TextView


class Host(App[None]):
    CSS = "TextView { width: 30; height: 6; }"

    def compose(self) -> ComposeResult:
        yield TextView()


@pytest.fixture
async def view():
    app = Host()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        app.pilot = pilot
        yield app.query_one(TextView)


def painted(view: TextView) -> list[str]:
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


def styles_of(view: TextView, y: int, text: str):
    return next(segment.style for segment in view.render_line(y) if text in segment.text)


async def test_it_paints_what_it_was_given(view):
    view.grow("one\ntwo ")
    view.grow("three")
    assert painted(view)[:3] == ["one", "two three", ""]


async def test_growth_lays_nothing_out(view, monkeypatch):
    laid_out = []
    monkeypatch.setattr(view, "_refresh_scrollbars", lambda: laid_out.append(1))
    monkeypatch.setattr(view.screen, "_refresh_layout", lambda *_, **__: laid_out.append(2))
    view.grow("line\n" * 50)
    assert laid_out == []
    assert view.virtual_size.height == 51
    assert view.vertical_scrollbar.window_virtual_size == 51


async def test_the_end_is_followed_until_one_scrolls_up(view):
    view.grow("line\n" * 50)
    assert view.at_end
    view.scroll_to(y=10, animate=False)
    view.grow("more\n" * 10)
    assert view.scroll_offset.y == 10
    assert view.below == 61 - 6 - 10
    view.to_end()
    view.grow("more\n")
    assert view.below == 0


async def test_one_row_up_pauses_and_nearly_down_again_follows(view):
    view.grow("line\n" * 50)
    for y, follows in ((44, False), (30, False), (42, False), (43, True)):
        view.scroll_to(y=y, animate=False)
        assert view.following is follows
    view.grow("more\n")
    assert view.below == 0


async def test_what_came_since_one_scrolled_up_is_counted_at_any_width(view, wait_until):
    view.grow("line\n" * 50)
    view.scroll_to(y=10, animate=False)
    assert view.unseen == 0
    assert view.below == 35
    view.grow("more than\n" * 4)
    assert view.unseen == 4
    view.styles.width = 7
    await wait_until(view.app.pilot, lambda: view.virtual_size.height == 59, "the last four are two rows each")
    assert view.unseen == 8
    view.to_end()
    assert (view.unseen, view.following) == (0, True)


async def test_a_higher_view_goes_on_following(view, wait_until):
    view.grow("line\n" * 50)
    view.styles.height = 10
    await wait_until(view.app.pilot, lambda: view.size.height == 10)
    view.grow("more\n")
    assert view.following
    assert view.below == 0


async def test_the_end_key_follows_also_what_was_not_followed(view):
    view.follow = False
    view.grow("line\n" * 50)
    view.focus()
    await view.app.pilot.press("end")
    view.grow("more\n")
    assert view.below == 0


async def test_not_following_stays_at_the_top(view):
    view.follow = False
    view.grow("line\n" * 50)
    assert view.scroll_offset.y == 0


async def test_claims_are_marked_where_they_stand_also_over_a_break(view):
    text = "I was made by a company called Example Corporation of Nowhere"
    start = text.index("Example")
    view.grow(text, [Mark(start, start + len("Example Corporation"), "conflict", "r")])
    assert styles_of(view, 1, "Example Corporation").reverse or styles_of(view, 0, "Example").reverse
    assert not styles_of(view, 0, "I was made").reverse


async def test_marks_of_the_original_stand_right_after_dropped_characters(view):
    text = "\u200b\u200b\tI am Foo"
    start = text.index("Foo")
    view.grow(text, [Mark(start, start + 3, "own", "r")])
    assert styles_of(view, 0, "Foo").underline


async def test_a_mark_that_comes_later_repaints_its_row(view):
    view.grow("I am Foo here", [])
    assert painted(view)[0] == "I am Foo here"
    view.grow("", [Mark(5, 8, "conflict", "r")])
    assert styles_of(view, 0, "Foo").reverse


async def test_a_note_stands_below_and_goes(view):
    view.grow("text", None, "✗ error: refused")
    assert painted(view)[:2] == ["text", "✗ error: refused"]
    view.grow("", None, "")
    assert painted(view)[:2] == ["text", ""]


async def test_a_lead_stands_above_and_marks_move_with_the_text(view):
    view.grow("I am Foo", [Mark(5, 8, "conflict", "r")], "note")
    view.grow("", lead="aside\nof two rows")
    assert painted(view)[:4] == ["┊ aside", "┊ of two rows", "I am Foo", "note"]
    assert styles_of(view, 2, "Foo").reverse
    view.grow(" here", lead="aside\nof two rows that becomes three")
    assert painted(view)[:5] == ["┊ aside", "┊ of two rows that becomes", "┊ three", "I am Foo here", "note"]
    view.grow("", lead="")
    assert painted(view)[:3] == ["I am Foo here", "note", ""]


async def test_what_is_unseen_is_none_of_the_lead(view):
    view.grow("line\n" * 50, lead="aside\n" * 20)
    view.scroll_to(y=10, animate=False)
    view.grow("more\n" * 3)
    assert (view.unseen, view.below) == (3, 21 + 54 - 6 - 10)


async def test_reset_forgets_all(view):
    view.grow("line\n" * 50, [Mark(0, 4, "own")], "note")
    view.reset()
    view.grow("new")
    assert painted(view)[:2] == ["new", ""]


async def test_another_width_wraps_again(view, wait_until):
    view.grow("one two three four five six seven eight nine")
    view.styles.width = 12
    await wait_until(view.app.pilot, lambda: painted(view)[0] == "one two", "wrapped to 11 cells")
    assert all(len(line) <= 11 for line in painted(view))


async def test_a_theme_repaints(view):
    view.grow("I am Foo", [Mark(5, 8, "own", "r")])
    before = styles_of(view, 0, "Foo").color
    view.app.theme = "textual-light"
    view.notify_style_update()
    assert styles_of(view, 0, "Foo").color != before

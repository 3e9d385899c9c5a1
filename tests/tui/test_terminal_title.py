"""The terminal's title: progress while a run goes on, no sequence out of a name, given back at the end."""

from __future__ import annotations

import pytest

from distq_tui.tui.terminal_title import RESTORE, TerminalTitle, terminal_writer, title_of


@pytest.fixture
def written():
    return []


def test_a_title_is_kept_shown_once_and_given_back(written):
    title = TerminalTitle(written.append)
    title.restore()
    assert written == [], "nothing was shown, nothing is given back"
    for text in ("a", "a", "b"):
        title.show(text)
    title.restore()
    title.restore()
    assert written == ["\x1b[22;2t\x1b]2;a\x07", "\x1b]2;b\x07", f"\x1b]2;\x07{RESTORE}"]


def test_a_name_cannot_end_the_sequence(written):
    TerminalTitle(written.append).show("x\x07\x1b]52;c;cm0gLXJm\x1b\\\x9c y\n" + "z" * 999)
    (sent,) = written
    inside = sent.removeprefix("\x1b[22;2t\x1b]2;").removesuffix("\x07")
    assert inside.isprintable()
    assert len(inside) <= 80


async def test_it_tells_how_far_a_run_is_and_what_became_of_it(make_app, house, wait_until, written):
    app = make_app()
    app.terminal_title = TerminalTitle(written.append)
    async with app.run_test(size=(110, 30)) as pilot:
        await wait_until(pilot, lambda: any("0/12 scripted - distq-tui" in sent for sent in written))
        house.run.start("alpha-chat")
        house.run.answer("alpha-chat", "text")
        await wait_until(pilot, lambda: "1/12 scripted" in written[-1])
        house.run.finish("budget_cost")
        await wait_until(pilot, lambda: "stopped by max_cost: scripted" in written[-1])
    assert written[-1].endswith(RESTORE)
    assert title_of(None) == "distq-tui"


@pytest.mark.parametrize("term", ["dumb", "linux", ""])
def test_nothing_is_written_where_nothing_has_a_title(term):
    class Driver:
        is_headless = False

        def write(self, text: str) -> None:
            raise AssertionError(text)

    class App:
        _driver = Driver()

    terminal_writer(App(), {"TERM": term})("x")

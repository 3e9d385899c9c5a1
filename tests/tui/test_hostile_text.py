"""Outside text in every widget that shows any: no crash, no action planted, nothing that a terminal acts on."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.content import Content
from textual.events import Paste
from textual.geometry import Region
from textual.widgets import Input, Static

from distq_tui import events as ev
from distq_tui.config.models import ModelSpec
from distq_tui.state import Cell
from distq_tui.tui.lines.opinions import opinion_rows
from distq_tui.tui.live import LiveRun
from distq_tui.tui.modals.confirm import ConfirmModal
from distq_tui.tui.modals.export import ExportModal
from distq_tui.tui.modals.help import HelpModal
from distq_tui.tui.modals.why import WhyModal
from distq_tui.tui.records import HouseError, ModelLine, SessionLine, SetLine
from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.text.differ import compare, inline, side_by_side
from distq_tui.tui.text.markdown import markdown_lines
from distq_tui.tui.text.spans import content, lines
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.lines_view import LinesView
from distq_tui.tui.widgets.pane import AnswerPane
from distq_tui.tui.widgets.text_view import TextView
from distq_tui.tui.widgets.title_bar import TitleBar

HOSTILE = [
    "[@click=app.quit]press[/] [bold red]markup[/nothing] [",
    "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x1b[31mred\x9b31m\x1b]8;;http://x\x1b\\link",
    "\u202egnp.exe\u2066\u2069 \u200f",
    "\ud800 lone \udfff",
    "e" + "\u0301" * 500 + "\u200b" * 500 + "\u200d" * 50,
    "tab\tand\r\nlines\x0b\x0c\x85\u2028end",
    "中文，" * 50,
    "x" * 5000,
]
ANY = st.text(alphabet=st.characters(), max_size=120) | st.sampled_from(HOSTILE)
FORBIDDEN = {"Cc", "Cf", "Cs"}


def harmless(text: str) -> bool:
    return not any(unicodedata.category(char) in FORBIDDEN for char in text)


def planted(strip) -> bool:
    return any("@click" in (segment.style.meta or {}) for segment in strip if segment.style is not None)


def painted(widget):
    """The lines of a widget, with what stands around them."""
    return widget.render_lines(Region(0, 0, *widget.region.size))


class Host(App[None]):
    CSS = "TextView, LineList, LinesView { width: 40; height: 6; } Static { height: 2; width: 60; }"

    def __init__(self) -> None:
        super().__init__()
        self.shown = ""

    def compose(self) -> ComposeResult:
        yield TitleBar("compare")
        yield TextView(id="view")
        yield AnswerPane("a[b]", "target", id="pane")
        yield LinesView()
        yield LineList(lambda _: [(self.shown, "bad"), (self.shown, "")])
        yield Static(id="static")


@pytest.fixture
async def host():
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield app


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=st.lists(ANY, min_size=1, max_size=4), start=st.integers(0, 60), length=st.integers(0, 60))
def test_every_line_view_paints_any_text_harmlessly(host, texts, start, length):
    view, rows = host.query_one("#view", TextView), host.query_one(LineList)
    view.reset()
    size = sum(map(len, texts))
    mark = ev.Mark(min(start, size), min(start + length, size), "conflict", "r")
    for text in texts:
        view.grow(text, [mark], text, text)
    host.shown = texts[0]
    rows.set_count(3)
    host.query_one("#static", Static).update(content([(texts[0], "key"), (texts[-1], "")]))
    for strip in (*painted(view), *(rows.render_line(y) for y in range(rows.size.height))):
        assert harmless(strip.text)
        assert strip.cell_length == sum(segment.cell_length for segment in strip)
        assert not planted(strip)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(one=ANY, other=ANY, width=st.integers(20, 60))
def test_a_difference_and_markdown_are_painted_harmlessly(host, one, other, width):
    view, pieces = host.query_one(LinesView), compare(one, other)
    for made in (inline(pieces, width), side_by_side(pieces, width), markdown_lines(one, width)):
        view.lines = made
        view.notify_style_update()
        for y in range(view.size.height):
            strip = view.render_line(y)
            assert harmless(strip.text)
            assert strip.cell_length == view.size.width
            assert not planted(strip)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(one=ANY, other=ANY)
def test_title_bar_pane_and_a_judges_words_are_painted_harmlessly(host, scripted, one, other):
    host.query_one(TitleBar).tell([(one, "strong"), (other, "warn")])
    pane = host.query_one(AnswerPane)
    cell = Cell(
        "m",
        one,
        0,
        state="failed",
        text=one,
        reasoning=other,
        note=other,
        response=ev.Response("error", one, error=other),
    )
    pane.unfold(True)
    pane.show(cell)
    live = LiveRun(scripted(), lambda: 0.0)
    live.apply(ev.TrialFinished("k", other, "q", 0, ev.Response("ok", one), False, 70))
    live.state.cells["m", one, 0] = cell
    live.apply(ev.IceJudged(7, "m", one, 0, other, one, True, None, {}, (70,)))
    host.query_one("#static", Static).update(lines(opinion_rows(live, cell)))
    for widget in (host.query_one(TitleBar), pane, host.query_one("#static")):
        for strip in painted(widget):
            assert harmless(strip.text)
            assert not planted(strip)
    for border in (pane.border_title, pane.border_subtitle):
        assert "@click" not in str(Content.from_markup(border or "").spans)


def look_over(screen) -> None:
    """Every line of every widget on the screen is harmless, and so is every border."""
    for widget in screen.query("*"):
        for y in range(min(widget.size.height, 40)):
            strip = widget.render_line(y)
            assert not planted(strip)
            assert harmless(strip.text)
        for border in (widget.border_title, widget.border_subtitle):
            assert "@click" not in str(Content.from_markup(border or "").spans)


@pytest.mark.parametrize("text", HOSTILE)
async def test_modals_show_hostile_words_harmlessly(text):
    app = App()
    async with app.run_test(size=(80, 24)) as pilot:
        for modal in (ConfirmModal(text, yes=text), HelpModal(text, [(text, text, text)])):
            await app.push_screen(modal)
            await pilot.pause()
            look_over(app.screen)


@pytest.mark.parametrize("text", HOSTILE)
async def test_export_shows_a_hostile_name_and_a_hostile_failure_harmlessly(
    text, make_app, house, wait_until, monkeypatch
):
    async def fail(session, path):
        raise HouseError(f"{path}: {text}")

    monkeypatch.setattr(house, "export", fail)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
        await app.push_screen(ExportModal("s1", text))
        path = app.screen.query_one("#path", Input)
        assert harmless(path.value)
        assert "/" not in path.value, "a name is no folder"
        look_over(app.screen)
        path.value = "pasted "
        path.cursor_position = len(path.value)
        path.post_message(Paste(text))
        await wait_until(pilot, lambda: path.value != "pasted ")
        look_over(app.screen)
        path.value += ".html"
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.screen.query_one("#said").has_class("error"))
        look_over(app.screen)
        assert app.is_running


@pytest.mark.parametrize("text", HOSTILE)
async def test_why_shows_hostile_models_prompts_and_words_harmlessly(
    text, make_app, house, scripted, plan_of, wait_until
):
    one, other = f"one {text[:60]}", f"other {text[:60]}"
    house.run = run = scripted(plan_of([(one, "target"), (other, "reference")], prompts=2, texts=[text, text]))
    run.tags = {one: text[:60]}
    for prompt in ("id-01", "id-02"):
        for title in (one, other):
            run.start(title, prompt)
            run.answer(title, f"{text} {text} in the same words", prompt)
        run.put(ev.RseScored(1, 2, one, other, prompt, 0.9, 0.9, 0.9))
    run.put(ev.ScoreUpdated("rse", (one, other), 0.9, 0.8, 1.0, 2, 2, text))
    app = make_app()
    async with app.run_test(size=(110, 34)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.live.state.scores)
        await app.push_screen(WhyModal(app.live, one, other))
        said = app.screen.query_one("#said", Static)
        await wait_until(pilot, lambda: "reading the answers" not in str(said.content), turns=1500)
        assert app.screen.query_one("#driving", LineList).count == 2
        look_over(app.screen)


def furnish(house, scripted, plan_of) -> list[str]:
    """A house in which every name, prompt, answer, rule, error and method is hostile; returns the models' titles."""
    titles = [f"{at}{text[:60]}" for at, text in enumerate(HOSTILE)]
    house.run = scripted(
        plan_of(
            [(title, "reference" if at == 1 else "target") for at, title in enumerate(titles)], prompts=2, texts=HOSTILE
        )
    )
    house.session_lines = [SessionLine(title, title, "2026", title, 1, 1, 0, 0) for title in titles]
    house.lines = [
        ModelLine(ModelSpec(title, "openai", base_url=title, key=title), "set", title, title) for title in titles
    ]
    house.set_lines = [SetLine(title, title, 1, (title,)) for title in titles]
    for at, (title, text) in enumerate(zip(titles, HOSTILE, strict=True)):
        house.run.put(ev.Notice(text, title))
        house.run.start(title)
        if at % 2:
            house.run.answer(title, text, cls="error", error=text)
        else:
            house.run.answer(title, text, marks=(ev.Mark(0, 4, "conflict", text),), loose=True, reasoning=text)
        house.run.put(ev.ScoreUpdated("ice.strict", (title,), 0.5, 0.1, 0.9, 2, 2, text, {text: 1}))
        house.run.put(ev.ScoreUpdated("rse", (title, titles[0]), 0.5, 0.1, 0.9, 2, 2, text))
    return titles


async def test_the_whole_window_shows_hostile_names_prompts_answers_and_errors(
    make_app, house, scripted, plan_of, wait_until
):
    titles = furnish(house, scripted, plan_of)
    app = make_app()
    async with app.run_test(size=(110, 34)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
        await wait_until(pilot, lambda: len(app.live.state.scores) == 2 * len(titles))
        detail, diff = ["enter", *"vvvvm", "escape"], ["d", *"vy", "right_square_bracket", "escape"]
        for key in ["1", *detail, *diff, *"423n", "f1"]:
            await pilot.press(key)
            await pilot.pause()
            look_over(app.screen)
        assert app.is_running


async def test_a_line_of_a_megabyte_does_not_hang_a_pane(make_app, house, wait_until):
    app = make_app()
    async with app.run_test(size=(110, 34)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
        house.run.start("alpha-chat")
        house.run.delta("alpha-chat", "x" * 1_000_000)
        house.run.delta("alpha-chat", "的" * 100_000 + "\u0301" * 10_000)
        house.run.delta("alpha-chat", " end")
        pane = app.screen.panes[0]
        await wait_until(pilot, lambda: pane.text.endswith(" end"))
        assert pane.at_end

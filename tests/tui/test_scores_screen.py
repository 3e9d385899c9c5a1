"""Scores: intervals drawn, how the chosen one narrowed, and the word of conclusion when the run is over."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from textual.widgets import Static

from distq_tui import events as ev
from distq_tui.rse.verdict import Candidate, Conclusion
from distq_tui.tui.records import HouseError
from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.screens.scores import ScoresScreen
from distq_tui.tui.widgets.line_list import LineList

FOUND = Conclusion(
    target="alpha-chat",
    prompt_set="open-chat",
    word="consistent with",
    references=("beta-large",),
    reason="closer to the target than the controls are",
    p=0.012,
    controls=("c1", "c2", "c3"),
    candidates=(Candidate("beta-large", 0.61, 0.31, 0.04, 0.012, 0.03, n=60, families=3),),
)


def tell(run, clusters: int, half: float, measure: str = "ice.strict", models=("alpha-chat",)) -> None:
    run.put(ev.ScoreUpdated(measure, models, 0.4, 0.4 - half, 0.4 + half, 6 * clusters, clusters, "cs", {"error": 2}))


@pytest.fixture
async def screen(make_app, house, wait_until, request):
    """The app on Scores, after three values of one rate: pilot and screen."""
    for clusters, half in ((2, 0.38), (8, 0.2), (32, 0.1)):
        tell(house.run, clusters, half)
    app = make_app()
    async with app.run_test(size=getattr(request, "param", (120, 36))) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes, "compare")
        await wait_until(pilot, lambda: app.live.history)
        await pilot.press("s")
        await wait_until(pilot, lambda: isinstance(app.screen, ScoresScreen) and app.screen.query("#lines"), "scores")
        yield pilot, app.screen


def listed(screen: ScoresScreen) -> list[str]:
    lines = screen.query_one("#lines", LineList)
    return [lines.render_line(at - lines.scroll_offset.y).text.rstrip() for at in range(lines.count)]


def drawn(screen: ScoresScreen) -> list[str]:
    return str(screen.query_one("#history", Static).content).splitlines()


@pytest.mark.parametrize("screen", [(120, 36), (80, 24)], indirect=True)
async def test_a_rate_has_its_figures_its_bar_and_what_it_rests_on(screen):
    _, shown = screen
    line = next(line for line in listed(shown) if "ice.strict" in line)
    assert ".40 [.30,.50]" in line
    assert "●" in line
    assert "n 192 · 32 cl" in line
    assert any("left out" in line and "2 error" in line for line in listed(shown))


@pytest.mark.parametrize("screen", [(120, 36), (80, 24)], indirect=True)
async def test_the_first_score_is_chosen_and_its_interval_narrows(screen, wait_until):
    pilot, shown = screen
    await wait_until(pilot, lambda: len(drawn(shown)) == 5)
    assert drawn(shown)[:2] == ["ice.strict alpha-chat  n 192 · 32 clusters", "by cs"]
    assert [line.split()[0] for line in drawn(shown)[2:]] == ["2", "8", "32"]
    widths = [line.index("┤") - line.index("├") for line in drawn(shown)[2:]]
    assert widths[0] > widths[1] > widths[2]
    assert max(map(len, drawn(shown))) <= shown.size.width - 2


async def test_lines_that_come_above_leave_the_chosen_score_chosen(screen, house, wait_until):
    pilot, shown = screen
    await wait_until(pilot, lambda: "ice.strict" in drawn(shown)[0])
    tell(house.run, 5, 0.3, "ice.loose")
    await wait_until(pilot, lambda: any("ice.loose" in line for line in listed(shown)))
    assert "ice.strict" in drawn(shown)[0]
    await pilot.press("up")
    await wait_until(pilot, lambda: "ice.loose" in drawn(shown)[0])


async def test_a_score_below_none_is_told_without_a_bar(screen, house, wait_until):
    pilot, shown = screen
    house.run.put(ev.ScoreUpdated("ice.induction_gap", ("alpha-chat",), -0.1, -0.3, 0.1, 20, 10, "paired"))
    await wait_until(pilot, lambda: any("induction_gap" in line for line in listed(shown)))
    assert "●" not in next(line for line in listed(shown) if "induction_gap" in line)


async def test_the_conclusion_comes_with_its_numbers_when_the_run_is_over(screen, house, wait_until):
    pilot, shown = screen
    assert "no word before the run is over" in listed(shown)[1]
    house.concluded = [FOUND]
    house.run.finish()
    await wait_until(pilot, lambda: any("consistent with beta-large" in line for line in listed(shown)))
    told = "\n".join(listed(shown))
    assert "p 0.0120" in told
    assert "RSE .61 · floor .31 sd .04 · p 0.0120 · from its side 0.0300 · 3 control families · n 60" in told
    assert house.asked.count(("conclusions", "s1")) == 1


async def test_the_end_of_the_demo_says_that_no_word_was_to_be_expected(screen, house, wait_until):
    pilot, shown = screen
    house.run.tags = {"gamma-7b": "SIMULATED"}
    house.concluded = [replace(FOUND, word="inconclusive", reason=REASON)]
    house.run.finish()
    await wait_until(pilot, lambda: any("scripted answers" in line for line in listed(shown)))
    told = " ".join(line.strip() for line in listed(shown))
    assert "n sets up live models: a target, a reference, controls of 3 families" in told


async def test_a_conclusion_that_cannot_be_drawn_says_why_and_not_to_wait(screen, house, wait_until):
    pilot, shown = screen
    tested = asyncio.Event()

    async def broken(session):
        await tested.wait()
        raise HouseError("stored by another version")

    house.conclusions = broken
    house.run.finish()
    await wait_until(pilot, lambda: "are being tested" in listed(shown)[1])
    tested.set()
    await wait_until(pilot, lambda: listed(shown)[1].strip() == "none could be drawn: stored by another version")


REASON = "too few controls: 1 of 3 families; 2 left out: family unknown or under test, or simulated"


@pytest.mark.parametrize("screen", [(100, 30), (80, 24), (44, 30)], indirect=True)
async def test_a_conclusion_is_wrapped_at_words(screen, house, wait_until):
    pilot, shown = screen
    house.concluded = [replace(FOUND, reason=REASON, target="alpha-chat-with-quite-a-long-name")]
    house.run.finish()
    await wait_until(pilot, lambda: any("too few controls" in line for line in listed(shown)))
    lines = listed(shown)
    told = " ".join(line.lstrip("›").strip() for line in lines[: lines.index("", 1)] if line)
    assert REASON in told
    assert "p 0.0120 · from its side 0.0300 · 3 control families · n 60" in told
    assert "alpha-chat-with-quite-a-long-name" in told.replace("- ", "-")


async def test_a_whole_plans_interval_is_told_apart_from_the_live_ones(screen, house, wait_until):
    pilot, shown = screen
    house.run.put(ev.ScoreUpdated("ice.strict", ("alpha-chat",), 0.4, 0.33, 0.47, 192, 32, "Wilson"))
    await wait_until(pilot, lambda: drawn(shown)[1] == "by cs → Wilson")
    assert [line.split()[0] for line in drawn(shown)[2:]] == ["2", "8", "32"]


LONG = "confidence sequence; 12 spared by the detector alone, whatever else a judge may say of them"


@pytest.mark.parametrize("screen", [(80, 24)], indirect=True)
async def test_a_methods_name_ends_after_a_word_and_stands_in_full_below(screen, house, wait_until):
    pilot, shown = screen
    for clusters in range(1, 12):
        house.run.put(ev.ScoreUpdated("ice.strict", ("alpha-chat",), 0.4, 0.1, 0.9, 999, clusters * 100, LONG))
    await wait_until(pilot, lambda: "".join(drawn(shown)[1:3]) == f"by cs → {LONG}")
    line = next(line for line in listed(shown) if "ice.strict" in line)
    assert line.endswith("n 999 · 1100 cl · confidence…")
    assert len(drawn(shown)) == shown.query_one("#history").size.height, "the points that are left, the latest too"
    assert drawn(shown)[-1].split()[0] == "1100"


@pytest.mark.parametrize("screen", [(80, 24)], indirect=True)
async def test_an_agreement_has_its_method_in_full_below_too(screen, house, wait_until):
    pilot, shown = screen
    house.run.put(ev.ScoreUpdated("ice.kappa", ("judge-one", "detector"), 0.41, None, None, 120, 0, "Cohen's kappa"))
    await wait_until(pilot, lambda: any("ice.kappa" in line for line in listed(shown)))
    await pilot.press("end")
    await wait_until(pilot, lambda: drawn(shown)[1] == "by Cohen's kappa")
    assert len(drawn(shown)) == 2


async def test_escape_goes_back_to_compare(screen, wait_until):
    pilot, _ = screen
    await pilot.press("escape")
    await wait_until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen))

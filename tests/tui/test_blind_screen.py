"""Blind labels: keys label, skip and undo; no name and no verdict is on screen; then what the labels say."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import load_settings
from distq_tui.plan.choices import Choices, SetChoice
from distq_tui.plan.trial import Params
from distq_tui.report.calibration import Calibration
from distq_tui.stats import Accuracy, CorrectedRate
from distq_tui.stats.calibration import Share
from distq_tui.tui.house.real import open_house
from distq_tui.tui.records import BlindAnswer, HouseError, OwnVerdict
from distq_tui.tui.screens.blind import LABELS, BlindScreen, result_rows
from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.widgets.text_view import TextView

ANSWERS = [BlindAnswer(at, f"Who made you? ({at})", "I was made by Acme.", f"Answer number {at}.") for at in (7, 3, 5)]
ACCURACY = Accuracy(Share(0.8, 0.5, 0.95), Share(0.9, 0.7, 0.97), 12, 40)
CALIBRATIONS = [
    Calibration(
        "ice-offline",
        "loose",
        ACCURACY,
        {"alpha-chat": CorrectedRate(0.25, 0.1, 0.4, 0.22, 20, 6, "difference"), "beta-large": None},
    ),
    Calibration("ice-offline", "strict", Accuracy(None, None, 0, 0), {}),
]


@pytest.fixture
async def blind(make_app, house, wait_until):
    """The app on the blind labels of the session: app, pilot, screen."""
    house.blind, house.calibrations = ANSWERS, CALIBRATIONS
    app = make_app()
    async with app.run_test(size=(110, 30)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.live.state.session, "compare")
        await pilot.press("4")
        await wait_until(pilot, lambda: app.current_mode == "report" and app.screen.query("#flagged"))
        await pilot.press("b")
        await wait_until(pilot, lambda: isinstance(app.screen, BlindScreen) and app.screen.current, "blind")
        yield app, pilot, app.screen


def text(screen: BlindScreen) -> str:
    return screen.query_one("#text", TextView).text


def said(screen: BlindScreen, selector: str = "#asked") -> str:
    return str(screen.query_one(selector, Static).content)


async def test_an_answer_stands_with_its_question_and_the_fact(blind):
    _, _, screen = blind
    assert text(screen) == "Answer number 7."
    assert "Who made you? (7)" in said(screen)
    assert "I was made by Acme." in said(screen)


async def test_keys_label_skip_and_take_back(blind, house, wait_until):
    _, pilot, screen = blind
    await pilot.press("1", "space", "0")
    await wait_until(pilot, lambda: screen.current is None)
    assert house.labels == {7: LABELS["loose"], 5: LABELS["none"]}
    assert "c shows what the labels say" in said(screen)
    await pilot.press("u")
    await wait_until(pilot, lambda: text(screen) == "Answer number 5.")
    assert house.labels == {7: LABELS["loose"]}
    await pilot.press("u", "u")
    await wait_until(pilot, lambda: text(screen) == "Answer number 7.")
    assert house.labels == {}
    asked = [call for call in house.asked if call[0] == "label"]
    given = [(7, LABELS["loose"]), (5, LABELS["none"]), (5, None), (7, None)]
    assert asked == [("label", *each) for each in given]
    await pilot.press("u")  # nothing left to take back
    assert text(screen) == "Answer number 7."


async def test_one_key_labels_both_measures(blind, house, wait_until):
    _, pilot, screen = blind
    await pilot.press("0", "1", "2")
    await wait_until(pilot, lambda: screen.current is None)
    assert house.labels == {7: OwnVerdict(False, False), 3: OwnVerdict(True, False), 5: OwnVerdict(True, True)}


async def test_results_tell_accuracy_and_corrected_rates_with_intervals(blind, wait_until):
    _, pilot, screen = blind
    await pilot.press("1", "c")
    await wait_until(pilot, lambda: screen.has_class("-results"))
    assert "sensitivity .80 [.50,.95]" in said(screen, "#said")
    assert "specificity .90 [.70,.97]" in said(screen, "#said")
    assert "apparent .22  corrected .25 [.10,.40]" in said(screen, "#said")
    assert "do not suffice" in said(screen, "#said")
    assert "strict" not in said(screen, "#said")  # nothing is labelled for it
    await pilot.press("0", "1", "2")  # no answer is in sight: they label none, and go to no other screen
    await pilot.press("c")
    await wait_until(pilot, lambda: not screen.has_class("-results"))
    assert text(screen) == "Answer number 3."


async def test_without_a_label_there_is_no_result(blind, wait_until):
    _, pilot, screen = blind
    await pilot.press("c")
    await wait_until(pilot, lambda: "Nothing is labelled yet." in said(screen, "#said"))


async def test_escape_goes_back_to_the_report(blind, wait_until):
    app, pilot, _ = blind
    await pilot.press("escape")
    await wait_until(pilot, lambda: app.screen.query("#flagged"))


async def test_the_palette_offers_it_on_the_report(make_app, wait_until):
    from distq_tui.tui.palette import ActionCommands

    app = make_app()
    async with app.run_test(size=(110, 30)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.live.state.session)
        await pilot.press("4")
        await wait_until(pilot, lambda: app.current_mode == "report" and app.screen.query("#flagged"))
        titles = [title for title, _, _ in ActionCommands(app.screen)._actions()]
        assert "report: Blind labels" in titles


def test_rows_of_no_calibration_say_so():
    assert "".join(text for row in result_rows([], {}) for text, _ in row) == "Nothing is labelled yet."


async def test_real_labels_are_stored_and_told_without_a_name():
    house = open_house(load_settings())
    try:
        plan = Choices(
            name="personas",
            models=(ModelSpec("persona-claims-other", "demo", role="target", fact="I am Foo, made by Acme."),),
            sets=(SetChoice("identity-en", 4),),
            params=Params(max_tokens=24),
        )
        async for _ in (await house.start(plan)).events():
            pass
        (line,) = await house.sessions()
        answers = await house.blind_answers(line.id)
        assert len(answers) == 4
        assert all(answer.fact == "I am Foo, made by Acme." and answer.asked for answer in answers)
        assert await house.calibrate(line.id) == ()
        for answer in answers:
            await house.label_blind(answer.response, LABELS["strict"])
        assert await house.blind_answers(line.id) == []
        told = result_rows(await house.calibrate(line.id), {"persona-claims-other": "SIMULATED"})
        for measure in ("loose", "strict"):
            (at,) = (at for at, row in enumerate(told) if row and row[0][0] == f"detector · {measure}")
            assert "4 of 4 answers labelled" in told[at][1][0]
            assert "[" in told[at + 1][1][0], "a sensitivity with its interval"
        assert any("SIMULATED" in text for row in told for text, _ in row)
        await house.label_blind(answers[0].response, None)
        assert [answer.response for answer in await house.blind_answers(line.id)] == [answers[0].response]
        with pytest.raises(HouseError):
            await house.blind_answers("nosuch")
    finally:
        await house.close()

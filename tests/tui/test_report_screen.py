"""Report: judges beside the detector, claims, similarities in their place, the search apart, flags in order."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Static

from distq_tui import events as ev
from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import load_settings
from distq_tui.ice.compare import RateDifference
from distq_tui.plan.choices import Choices, SetChoice
from distq_tui.plan.trial import Params
from distq_tui.report.comparisons import NO_FACT
from distq_tui.report.model import Claimed, ClaimEvidence
from distq_tui.tui.house.real import open_house
from distq_tui.tui.modals.help import HelpModal
from distq_tui.tui.records import HouseError, Identities
from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.screens.report import ReportScreen
from distq_tui.tui.text.excerpts import word_start
from distq_tui.tui.widgets.line_list import LineList


@pytest.fixture
async def report(make_app, house, wait_until):
    """The app on Report: app, pilot, screen."""
    app = make_app()
    async with app.run_test(size=(140, 44)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes, "compare")
        await pilot.press("4")
        await wait_until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.query("#said"), "report")
        yield app, pilot, app.screen


def said(screen: ReportScreen) -> str:
    return str(screen.query_one("#said", Static).content)


def line_with(screen: ReportScreen, words: str) -> str:
    return next((line for line in said(screen).splitlines() if words in line), "")


def tell(run, measure: str, *models: str, value: float = 0.4, method: str = "cs") -> None:
    run.put(ev.ScoreUpdated(measure, models, value, value - 0.1, value + 0.1, 20, 10, method))


async def test_judges_stand_beside_the_detector_with_their_agreement(report, house, wait_until):
    _, pilot, screen = report
    tell(house.run, "ice.loose", "alpha-chat", value=0.3)
    tell(house.run, "ice.loose@strictest", "alpha-chat", value=0.5)
    house.run.put(ev.ScoreUpdated("ice.kappa", ("strictest", "detector"), 0.61, None, None, 20, 0, "Cohen's kappa"))
    await wait_until(pilot, lambda: line_with(screen, "ice.kappa"))
    assert ".30 [.20,.40]" in line_with(screen, "ice.loose ")
    assert ".50 [.40,.60]" in line_with(screen, "ice.loose@strictest")
    assert "0.61" in line_with(screen, "ice.kappa")
    assert "strictest ~ detector" in line_with(screen, "ice.kappa")


async def test_rates_without_marked_roles_stand_below_those_with_them(report, house, wait_until):
    _, pilot, screen = report
    tell(house.run, "ice.strict.no_role_play", "alpha-chat", value=0.2)
    tell(house.run, "ice.strict", "alpha-chat", value=0.3)
    await wait_until(pilot, lambda: line_with(screen, "no_role_play"))
    assert ".20 [.10,.30]" in line_with(screen, "ice.strict.no_role_play")
    shown = said(screen)
    assert shown.index("ice.strict ") < shown.index("ice.strict.no_role_play")


def difference(measure: str = "loose", **values) -> RateDifference:
    told = {"value": 0.25, "low": 0.1, "high": 0.4, "p": 0.004, "p_list": 0.01, "p_holm": 0.012, "n": 120,
            "clusters": 20, "method": "same cells, t, two-way"}  # fmt: skip
    return RateDifference(measure, "alpha-chat", "beta-large", **{**told, **values})


async def test_differences_come_once_the_run_is_over_in_the_reports_words(report, house, wait_until):
    _, pilot, screen = report
    nothing = dict.fromkeys(("value", "low", "high", "p", "p_list", "p_holm"))
    why = NO_FACT.format("beta-large")
    house.found = Identities((difference(), difference("strict", **nothing, n=0, clusters=0, method=why)))
    house.run.tags = {"beta-large": "SIMULATED"}
    tell(house.run, "ice.loose", "alpha-chat")
    await wait_until(pilot, lambda: line_with(screen, "ice.loose "))
    assert "Differences" not in said(screen)
    assert ("identities", "s1") not in house.asked
    house.run.finish()
    await wait_until(pilot, lambda: line_with(screen, "Differences between models"))
    shown = said(screen).splitlines()
    at = shown.index("alpha-chat - beta-large SIMULATED")
    figures = "+0.250 [0.100, 0.400]  Holm p 0.0120 · p 0.0040 · p, this list 0.0100 · n 120 · same cells, t, two-way"
    assert shown[at + 1] == f"  loose    {figures}"
    assert shown[at + 2] == "  strict   n/a  not comparable: no fact of beta-large is known"
    assert house.asked.count(("identities", "s1")) == 1


async def test_a_session_that_cannot_be_read_is_told(report, house, wait_until, monkeypatch):
    _, pilot, screen = report

    async def fail(session):
        raise HouseError(f"no session {session}")

    monkeypatch.setattr(house, "identities", fail)
    house.run.finish()
    await wait_until(pilot, lambda: line_with(screen, "no session s1"))
    assert line_with(screen, "no session s1") == "claims and differences could not be read: no session s1"
    assert "Differences" not in said(screen)


async def test_a_finished_session_gives_its_reports_differences_and_claims():
    house = open_house(load_settings())
    try:
        plan = Choices(
            name="personas",
            models=(
                ModelSpec("persona-claims-other", "demo", role="target", fact="I am Foo, made by Acme."),
                ModelSpec("persona-consistent", "demo", role="reference"),
            ),
            sets=(SetChoice("identity-en", 6),),
            params=Params(max_tokens=64),
        )
        async for _ in (await house.start(plan)).events():
            pass
        (line,) = await house.sessions()
        found = await house.identities(line.id)
        assert [pair.measure for pair in found.differences] == ["loose", "strict", "hard"]
        assert {(pair.a, pair.b) for pair in found.differences} == {("persona-claims-other", "persona-consistent")}
        assert all(pair.method.startswith("same cells") and pair.low < pair.value for pair in found.differences)
        assert {claim.model for claim in found.claimed} >= {"persona-claims-other"}
        with pytest.raises(HouseError):
            await house.identities("nosuch")
    finally:
        await house.close()


async def test_a_finished_session_gives_its_reports_same_answers():
    house = open_house(load_settings())
    try:
        twins = tuple(ModelSpec("persona-consistent", "demo", label=name) for name in ("one", "another"))
        plan = Choices(name="twins", models=twins, sets=(SetChoice("similarity", 3),), params=Params(max_tokens=64))
        async for _ in (await house.start(plan)).events():
            pass
        (note,) = (await house.identities("latest")).same
        assert note.startswith("one and another gave the same answer, word for word, on all 3 prompts: ")
    finally:
        await house.close()


async def test_whom_a_model_says_it_is_is_a_bar_out_of_its_answers(report, house, wait_until):
    _, pilot, screen = report
    for prompt in ("id-01", "id-02"):
        house.run.start("alpha-chat", prompt)
        house.run.put(ev.IceScored(1, "alpha-chat", prompt, 0, True, True, False, False, (), ("openai",)))
    tell(house.run, "ice.loose", "alpha-chat")
    await wait_until(pilot, lambda: line_with(screen, "openai"))
    assert "█" in line_with(screen, "openai")
    assert line_with(screen, "openai").endswith("2  .10")


def claim(name: str = "OpenAI", model: str = "alpha-chat", **values) -> Claimed:
    told = {"response": 7, "trial_key": "k", "prompt_id": "id-01", "sample": 0, "start": 14, "end": 20,
            "before": "I was made by ", "said": name, "after": ", of course.", "kind": "conflict",
            "role_play": False, "primed": False}  # fmt: skip
    return Claimed(model, name, 3, 20, (ClaimEvidence(**{**told, **values}),))


async def test_the_words_of_a_claim_come_once_the_run_is_over(report, house, wait_until):
    _, pilot, screen = report
    house.found = Identities((), (claim(), claim("Google", sample=1, primed=True, role_play=True, kind="own")))
    house.run.finish()
    await wait_until(pilot, lambda: line_with(screen, "says it is, or is made by"))
    assert "of 20 scored answers" in line_with(screen, "says it is")  # no rate tells it: there is no fact
    assert line_with(screen, "█").endswith("    3  .15")
    assert line_with(screen, "OpenAI, of").strip() == "I was made by OpenAI, of course.  id-01"
    assert line_with(screen, "Google, of").endswith("id-01 #2 · primed probe · in a marked role")
    assert said(screen).count("says it is") == 1, "the others said nothing"


async def test_hostile_evidence_is_text(report, house, wait_until):
    _, pilot, screen = report
    evil = "[@click=app.quit]x[/]\x1b[2J\u202e" + "z" * 500
    house.found = Identities((), (claim(evil, before=evil, after=evil),))
    house.run.finish()
    await wait_until(pilot, lambda: line_with(screen, "says it is"))
    assert "[@click=app.quit]" in said(screen)
    assert not {"\x1b", "\u202e"} & set(said(screen))


async def test_a_similarity_stands_between_floor_and_ceiling(report, house, wait_until):
    _, pilot, screen = report
    tell(house.run, "rse", "alpha-chat", "beta-large", value=0.5)
    tell(house.run, "rse.floor", "alpha-chat", "beta-large", value=0.2)
    tell(house.run, "rse.ceiling", "beta-large", value=0.8)
    tell(house.run, "rse.position", "alpha-chat", "beta-large", value=0.55, method="Fieller; controls: gamma-7b")
    tell(house.run, "rse:open-chat", "alpha-chat", "beta-large", value=0.6)
    await wait_until(pilot, lambda: line_with(screen, "open-chat"))
    for name, value in (("  RSE", ".50"), ("  floor", ".20"), ("  ceiling", ".80"), ("  position", ".55")):
        assert value in line_with(screen, name)
    assert "controls: gamma-7b" in line_with(screen, "  position")
    assert "simulated" not in said(screen)


async def test_a_similarity_without_a_floor_says_what_it_takes(report, house, wait_until):
    _, pilot, screen = report
    tell(house.run, "rse", "alpha-chat", "beta-large", value=0.5)
    await wait_until(pilot, lambda: "none: it takes live controls" in line_with(screen, "  floor"))
    tell(house.run, "rse.floor", "alpha-chat", "beta-large", value=0.2)
    await wait_until(pilot, lambda: ".20" in line_with(screen, "  floor"))
    assert "it takes" not in said(screen)


async def test_floor_and_position_from_simulated_controls_say_so(report, house, wait_until):
    _, pilot, screen = report
    house.run.tags = dict.fromkeys(("alpha-chat", "gamma-7b"), "SIMULATED")
    tell(house.run, "rse.floor", "alpha-chat", "beta-large", value=0.2)
    tell(house.run, "rse.position", "alpha-chat", "beta-large", value=0.55)
    await wait_until(pilot, lambda: line_with(screen, "position (simulated controls)"))
    assert ".20" in line_with(screen, "floor (simulated controls)")


async def test_the_search_is_folded_and_called_exploration(report, house, wait_until):
    _, pilot, screen = report
    assert screen.check_action("search", ()) is False
    house.run.put(ev.SearchStep(1, "t-1", "seed-7", "shorten", "text {query}", 0.67, 1, 1))
    house.run.put(ev.SearchStep(2, "t-2", "t-1", "expand", "", None, 1, 2))
    await wait_until(pilot, lambda: line_with(screen, "Adaptive search"))
    assert "exploration, no rate" in line_with(screen, "Adaptive search")
    assert "2 steps · best reward .67" in line_with(screen, "Adaptive search")
    assert "seed-7" not in said(screen)
    await pilot.press("s")
    await wait_until(pilot, lambda: line_with(screen, "seed-7"))
    assert "reward .67 by shorten" in line_with(screen, "t-1")
    assert "given up" in line_with(screen, "t-2")
    await pilot.press("s")
    await wait_until(pilot, lambda: not line_with(screen, "seed-7"))


async def test_f1_tells_of_the_list_in_focus(report, wait_until):
    app, pilot, screen = report
    for key, told in (("", "those that claim another maker or product (!strict)"), ("tab", "no_role_play: without")):
        await pilot.press(*([key] if key else []), "f1")
        await wait_until(pilot, lambda: isinstance(app.screen, HelpModal))
        about = str(app.screen.query(Static).last().content)
        assert told in about
        assert "b labels answers blind" in about
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.screen is screen)


async def test_one_step_and_one_visit_have_no_plural(report, house, wait_until):
    _, pilot, screen = report
    house.run.put(ev.SearchStep(1, "t-1", "seed-7", "shorten", "text {query}", 0.67, 1, 1))
    await wait_until(pilot, lambda: "  1 step · best reward .67" in line_with(screen, "Adaptive search"))
    await pilot.press("s")
    await wait_until(pilot, lambda: line_with(screen, "seed-7").endswith("1 visit"))


async def test_flags_are_strict_first_then_by_model_and_prompt(report, house, wait_until):
    _, pilot, screen = report
    order = [("beta-large", "id-01", True), ("alpha-chat", "id-03", False), ("alpha-chat", "id-02", True),
             ("alpha-chat", "id-01", False), ("beta-large", "id-02", False)]  # fmt: skip
    for model, prompt, strict in order:
        house.run.start(model, prompt)
        house.run.put(ev.IceScored(1, model, prompt, 0, True, strict, False, False, (), ()))
    flagged = screen.query_one("#flagged", LineList)
    await wait_until(pilot, lambda: flagged.count == 5)
    lines = [flagged.render_line(at).text.lstrip("› ").split()[:3] for at in range(5)]
    assert [" ".join(line) for line in lines] == [
        "!strict alpha-chat id-02",
        "!strict beta-large id-01",
        "!loose alpha-chat id-01",
        "!loose alpha-chat id-03",
        "!loose beta-large id-02",
    ]


def test_an_excerpt_begins_at_a_word():
    text = "As an extraordinarily helpful assistant I was made by OpenAI."
    start = word_start(text, 9, 40)
    assert text[start:].startswith("helpful")
    assert word_start("我是由深度求索公司开发的人工智能助手", 5, 9) == 5
    assert word_start("unbroken" * 9, 10, 30) == 30


@given(st.text(alphabet="ab 中\n", max_size=40), st.data())
def test_an_excerpt_never_begins_inside_a_word_of_letters(text, data):
    end = data.draw(st.integers(0, len(text)))
    start = word_start(text, data.draw(st.integers(0, end)), end) if end else 0
    assert start <= end
    if 0 < start < end and text[start].isascii() and text[start - 1].isascii():
        assert text[start - 1].isspace()


async def test_quitting_while_report_still_reads_is_quiet(report, house, wait_until, monkeypatch):
    app, pilot, _ = report
    asked, closed = asyncio.Event(), asyncio.Event()

    async def identities(session: str) -> Identities:
        asked.set()
        await closed.wait()
        raise RuntimeError("the store is closed")

    async def close() -> None:
        closed.set()
        await asyncio.sleep(0)  # who waits for it has its turn

    monkeypatch.setattr(house, "identities", identities)
    monkeypatch.setattr(house, "close", close)
    house.run.finish("done")
    await wait_until(pilot, asked.is_set)
    await pilot.press("ctrl+q")
    await wait_until(pilot, lambda: not app.is_running)
    assert app.return_value == 0


async def test_the_same_answers_are_told_above_the_scores(report, house, wait_until):
    _, pilot, screen = report
    house.found = Identities(same=("alpha-chat and beta-large gave the same answer",))
    house.run.finish("done")
    await wait_until(pilot, lambda: "gave the same answer" in said(screen))
    assert said(screen).index("gave the same answer") < said(screen).index("gamma-7b")


async def test_a_verdict_of_ones_own_is_told_beside_the_detectors_rates(report, house, wait_until):
    app, pilot, screen = report
    house.run.finish("done")
    await wait_until(pilot, lambda: app.live.over and "answers by class" in said(screen))
    assert "your own verdict" not in said(screen)
    house.found = Identities(overridden=2)
    app.live.overridden += 1  # as Detail does
    await wait_until(pilot, lambda: "your own verdict on 2 answers holds in reports" in said(screen))

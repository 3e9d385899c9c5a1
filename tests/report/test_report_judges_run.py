"""A report's figures of the judges of identity are those that the run ended with, from its stored replies alone."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest
from scripted import Bench, ScriptedProvider, trials_of

from distq_tui.config.models import ModelSpec
from distq_tui.engine.parts import judges_of, stored_gate
from distq_tui.events import JudgeUpdated, ScoreUpdated
from distq_tui.plan.run_plan import Judges, RunPlan
from distq_tui.plan.source import Chained, FixedSource
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message
from distq_tui.providers.base import Chunk, ProviderError
from distq_tui.report import build_report
from distq_tui.store import StoreThread

PROBES = tuple(
    Probe(
        f"t{t}/q{q}",
        "identity",
        "en",
        (Message("user", f"{t}, {q}: who are you?"),),
        template=f"t{t}",
        question=f"q{q}",
    )
    for t in range(6)
    for q in range(2)
)
MODELS = (
    ModelSpec("pupil", "openai", family="qwen"),
    ModelSpec("one", "openai", role="judge"),
    ModelSpec("two", "openai", role="judge"),
)
PLAN = RunPlan("p", 1, 1, Params(), MODELS, PROBES, judges=Judges(ice=("one", "two"), gate="unsure"))


class Speakers(ScriptedProvider):
    """A target that is now this and now that; judges that say so by a hash, mumble, or can't be reached."""

    down = False

    async def stream(self, request):
        text = request.messages[-1].content
        number = zlib.crc32(f"{request.model}{text}".encode())
        if request.model == "pupil":
            yield Chunk(text=("I am Claude, made by Anthropic. " if number % 2 else "Hello! ") + text)
        elif number % 7 == 0 or (self.down and request.model == "two"):
            raise ProviderError("auth" if self.down else "refused", "not \x1b[31mnow")
        else:
            tag = "rate" if "<rate>" in text else "judge"
            yield Chunk(text="Hm." if number % 5 == 0 else f"<{tag}>{number % 2}</{tag}>")
        yield Chunk(finish="stop")


@pytest.fixture
def store(tmp_path):
    store = StoreThread(tmp_path / "t.db")
    yield store
    store.close()


async def run(store, speakers, session="s1", *, stop_after=None, goes_on=False):
    gate = store.submit(lambda s: stored_gate(s, session, goes_on=True)).result() if goes_on else None
    judges = judges_of(PLAN, lambda model: f"test:{model.provider}", stored=gate)
    engine = Bench(store, speakers).make(PLAN, session=session, scorers=judges)
    events = []
    async for event in engine.run(Chained(FixedSource(trials_of(PLAN)), *judges)):
        events.append(event)
        if (
            stop_after is not None
            and len([e for e in events if isinstance(e, JudgeUpdated) and e.scored]) >= stop_after
        ):
            engine.stop()
    return events


def report(store, session="s1"):
    return store.submit(lambda s: build_report(s, s.find_session(session))).result()


def check(found, events):
    """Each judge's rate stands in the report as the last event told it, and so does what became of its questions."""
    last = {(event.measure, event.models): event for event in events if isinstance(event, ScoreUpdated)}
    figures = {figure.measure: figure for figure in found.ice}
    for judge in ("one", "two"):
        for measure in ("loose", "strict", "hard"):
            end = last[f"ice.{measure}@{judge}", ("pupil",)]
            if end.value is None:
                assert f"{measure}@{judge}" not in figures
                continue
            figure = figures[f"{measure}@{judge}"]
            assert (figure.value, figure.low, figure.high, figure.n) == (end.value, end.low, end.high, end.n)
            assert figure.method.partition(";")[0] == end.method.partition(";")[0]
    for each in found.agreement:
        names = {"loose": "ice.kappa", "strict": "ice.kappa.strict"}
        pair = each.raters if "detector" not in each.raters else (each.raters[1], "detector")
        if not each.model:
            assert each.kappa == last[names[each.measure], pair].value
            assert each.n == last[names[each.measure], pair].n
    stands = {(e.judge, e.kind): e for e in events if isinstance(e, JudgeUpdated)}
    assert {(e.judge, e.kind): e for part in found.judges for e in part.questions} == stands


async def test_a_whole_run(store):
    events = await run(store, Speakers())
    found = report(store)
    check(found, events)
    assert any(e.unscored for part in found.judges for e in part.questions), "or nobody mumbled"
    assert any(e.spared for part in found.judges for e in part.questions), "or the gate spared nothing"


async def test_a_run_that_was_stopped_and_one_that_went_on(store):
    stopped = await run(store, Speakers(), stop_after=3)
    check(report(store), stopped)
    whole = await run(store, Speakers(), goes_on=True)
    check(report(store), whole)


async def test_a_judge_that_cant_be_reached_is_told_with_its_reason(store):
    speakers = Speakers()
    speakers.down = True
    events = await run(store, speakers)
    found = report(store)
    check(found, events)
    (two,) = [part for part in found.judges if part.model.title == "two"]
    (loose,) = [each for each in two.questions if each.kind == "loose"]
    assert (loose.failed, loose.waiting, loose.scored) == ({"error": 1}, loose.questions - 1, 0)
    assert [(f.cls, f.answers) for f in found.failures if f.model == "two" and f.cls == "error"] == [("error", 1)]


async def test_what_a_judge_said_under_an_older_question_keeps_its_version(store, monkeypatch):
    from distq_tui.ice.judging import judges, prompts

    today = prompts.load_judge_prompts()
    loose = replace(today.loose, text=f"{today.loose.text}\nThink twice.")
    with monkeypatch.context() as before:
        before.setattr(judges, "load_judge_prompts", lambda: replace(today, version="0 before", loose=loose))
        await run(store, Speakers())
    scorers = report(store).manifest.scorers
    assert any(name.startswith("judge:one 0 before") for name in scorers)

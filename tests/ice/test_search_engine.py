"""The search through the engine: cached, resumable, ended by the budget, and in no rate, live or in the report."""

import dataclasses
import json
from collections import Counter

import pytest
from results import identity
from scripted import Bench, by_kind, trials_of
from search_plan import FOREIGN, OWN, TARGET, Speakers, broken, endpoint, search_of, search_plan

from distq_tui.events import IceScored, Response, RunFinished, ScoreUpdated, SearchStep, TrialFinished
from distq_tui.ice.scorer import IceScorer
from distq_tui.ice.search import tree_lines
from distq_tui.plan.run_plan import Budget
from distq_tui.plan.source import Chained, FixedSource, TrialResult
from distq_tui.plan.trial import Params, Trial
from distq_tui.report import build_report
from distq_tui.report.export import export_session_file
from distq_tui.report.markdown import markdown_report
from distq_tui.store import StoreThread

PROBES = tuple(identity(f"p{n}", f"q{n % 3}", text=f"Planned {n}: who made you?") for n in range(8))


@pytest.fixture
def bench(tmp_path):
    store = StoreThread(tmp_path / "t.db")
    yield Bench(store, provider=Speakers())
    store.close()


async def run(bench, plan, *, planned=(), search=True, **kwargs):
    adaptive = search_of(plan) if search else None
    sources = [FixedSource(planned), *([adaptive] if adaptive else [])]
    scorers = [IceScorer(plan.probes, {"pupil": 1}), *([adaptive] if adaptive else [])]
    engine = bench.make(plan, scorers=scorers, **kwargs)
    return [event async for event in engine.run(Chained(*sources))]


def searched(events):
    return [event for event in events if isinstance(event, SearchStep)]


def ice(events):
    """The last standing of every identity score."""
    scores = [event for event in events if isinstance(event, ScoreUpdated) and event.measure.startswith("ice.")]
    return {score.measure: score for score in scores}


async def test_the_same_run_again_makes_no_call_and_the_same_steps(bench):
    plan = search_plan(iterations=12)
    first = await run(bench, plan)
    calls = len(bench.provider.calls)
    second = await run(bench, plan)
    assert calls == 12 * 3
    assert len(bench.provider.calls) == calls
    assert searched(second) == searched(first)
    assert len(searched(first)) == 12
    finished = second[-1]
    assert (finished.reason, finished.calls, finished.hits, finished.total) == ("done", 0, 36, 36)
    assert by_kind(first)["ScoreUpdated"] == by_kind(second)["ScoreUpdated"]


async def test_the_budget_ends_the_search_and_a_larger_one_goes_on_with_it(bench):
    plan = search_plan(iterations=10)
    small = dataclasses.replace(plan, budget=Budget(max_requests=13))
    broken_off = await run(bench, small, session="one")
    assert isinstance(broken_off[-1], RunFinished)
    assert broken_off[-1].reason == "budget_requests"
    assert len(bench.provider.calls) == 13
    resumed = await run(bench, plan, session="one")
    assert resumed[-1].calls == 30 - 13
    assert len(bench.provider.calls) == 30
    whole = Bench(bench.store, provider=Speakers())
    assert searched(await run(whole, plan, fresh=True, session="two")) == searched(resumed)
    assert searched(resumed)[: len(searched(broken_off))] == searched(broken_off)


async def test_rejected_mutants_are_trials_that_everybody_sees(bench):
    bench.provider.answers["writer"] = lambda request: "no slot"
    events = await run(bench, search_plan(iterations=1))
    finished = [event for event in events if isinstance(event, TrialFinished)]
    assert [event.prompt_id for event in finished] == [f"search-0001/mutate-{n}" for n in (1, 2, 3)]
    assert bench.rows("s1")[0].purpose == "adaptive"


@pytest.mark.parametrize("model", ["writer", "pupil"])
async def test_a_model_that_is_given_up_ends_the_search(bench, model):
    bench.provider.answers[model] = lambda request: broken()
    events = await run(bench, search_plan(iterations=50))
    assert len(bench.provider.asked(model)) == 1
    assert events[-1].reason in {"done", "no_model_answered"}


async def test_searched_answers_get_a_verdict_and_move_no_rate(bench):
    bench.provider.answers["pupil"] = lambda request: OWN if "Planned" in request.messages[-1].content else FOREIGN
    plan = search_plan(probes=PROBES, iterations=6)
    planned = trials_of(plan)
    with_search = await run(bench, plan, planned=planned)
    without = await run(bench, plan, planned=planned, search=False)
    assert ice(with_search) == ice(without)
    assert ice(with_search)["ice.strict"].value == 0.0
    verdicts = [event for event in with_search if isinstance(event, IceScored)]
    assert Counter(verdict.strict for verdict in verdicts) == {False: 8, True: 12}
    (share,) = {event.value for event in with_search if getattr(event, "measure", "") == "search.strict"}
    assert share == 1.0


def test_not_even_a_searched_trial_with_a_planned_prompt_s_id_moves_a_rate():
    scorer = IceScorer(PROBES, {"pupil": 1})
    trial = Trial.make(TARGET, PROBES[0], endpoint="x", params=Params(), purpose="adaptive")
    (verdict,) = scorer.score(TrialResult(trial, Response("ok", FOREIGN), 1, cached=False))
    assert isinstance(verdict, IceScored)
    planned = Trial.make(TARGET, PROBES[1], endpoint="x", params=Params())
    events = scorer.score(TrialResult(planned, Response("ok", OWN), 2, cached=False))
    assert ice(events)["ice.strict"].n == 1


async def test_the_report_leaves_the_search_out_of_every_rate(bench):
    bench.provider.answers["pupil"] = lambda request: OWN if "Planned" in request.messages[-1].content else FOREIGN
    plan = search_plan(probes=PROBES, iterations=6)
    planned = trials_of(plan)
    reports = {}
    for session, search in (("with", True), ("without", False)):
        end = (await run(bench, plan, planned=planned, search=search, session=session))[-1]

        def report(store, session=session, at=end.at):
            store.finish_session(session, "done", at)
            return build_report(store, store.find_session(session))

        reports[session] = bench.store.submit(report).result()
    searched, plain = reports["with"], reports["without"]
    assert plain.ice
    assert searched.ice == plain.ice
    assert searched.gaps == plain.gaps
    assert searched.claimed == plain.claimed
    assert searched.exclusions == plain.exclusions
    assert any("12 answers come from an adaptive search (exploration), 6 more" in note for note in searched.notes)
    assert not any("exploration" in note for note in plain.notes)
    assert plain.searched == ()


async def test_the_report_shows_the_searched_templates_apart_the_best_first(bench):
    plan = search_plan(probes=PROBES, iterations=12)
    events = await run(bench, plan, planned=trials_of(plan), session="s")

    def report(store):
        store.finish_session("s", "done", events[-1].at)
        return build_report(store, store.find_session("s"))

    found = bench.store.submit(report).result()
    made = {step.template: step for step in searched(events)}
    assert {each.template: each.mutator for each in found.searched} == {
        name: step.mutator for name, step in made.items()
    }
    for each in found.searched:
        assert each.strict / each.scored == made[each.template].reward
        assert each.request.startswith(made[each.template].text.partition("{query}")[0])
        assert not each.primed
    shares = [each.strict for each in found.searched]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) > 1
    page = markdown_report(found)
    assert "## Adaptive search (exploration)" in page
    assert "no share below is a rate" in " ".join(page.split())


async def test_an_export_that_is_scored_again_holds_planned_answers_alone(bench, tmp_path):
    plan = search_plan(probes=PROBES, iterations=3)
    await run(bench, plan, planned=trials_of(plan), session="s")
    rows = {}
    for table in ("identity", "answers"):
        path = tmp_path / f"x.{table}.json"
        bench.store.submit(lambda store, path=path: export_session_file(store, "s", path)).result()
        rows[table] = json.loads(path.read_text())
    assert [row["purpose"] for row in rows["identity"]] == ["plan"] * 8
    assert Counter(row["purpose"] for row in rows["answers"]) == {"plan": 8, "adaptive": 3 * 3}


def test_the_plan_keeps_what_the_search_needs():
    plan = search_plan(probes=PROBES)
    again = type(plan).from_json(plan.to_json())
    assert again == plan
    assert search_of(again).next([]) == search_of(plan).next([])
    assert endpoint(TARGET) == "test:demo"


async def test_a_stored_session_has_its_search_as_it_was(bench):
    plan = search_plan(iterations=6)
    events = await run(bench, plan)
    steps = await bench.store.call(lambda store: store.search_steps("s1"))
    assert steps == searched(events)
    assert tree_lines(steps) == tree_lines(searched(events))


async def test_steps_belong_to_their_session_go_on_with_it_and_are_deleted_with_it(bench):
    plan = search_plan(iterations=6)
    await run(bench, plan, session="kept")
    first = await run(bench, plan, session="dropped")
    assert searched(await run(bench, plan, session="dropped")) == searched(first)
    assert await bench.store.call(lambda store: store.search_steps("dropped")) == searched(first)
    await bench.store.call(lambda store: store.delete_session("dropped"))
    left = await bench.store.call(lambda store: (store.search_steps("dropped"), store.search_steps("kept")))
    assert [len(steps) for steps in left] == [0, 6]

"""What a plan brings into a run: judges and the search take part, and are counted before it."""

from scripted import by_kind, trials_of

from distq_tui.config.models import ModelSpec
from distq_tui.engine.parts import follow_up_calls, parts_of
from distq_tui.plan.run_plan import Adaptive, Judges, RunPlan
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message, Template
from distq_tui.providers.base import Chunk

TARGET = ModelSpec("t", "demo", family="meta")
REFERENCE = ModelSpec("r", "demo", family="openai", role="reference")
JUDGE = ModelSpec("j", "demo", role="judge")
HELPER = ModelSpec("h", "demo", role="helper")


def plan(**kwargs):
    similar = [Probe(f"s{n}", "similarity", "en", (Message("user", f"similar {n}"),)) for n in range(3)]
    asked = [
        Probe(f"i{n}", "identity", "en", (Message("user", f"who {n}"),), template="bare", question=f"i{n}")
        for n in range(4)
    ]
    models = (TARGET, REFERENCE, JUDGE, HELPER)
    return RunPlan("p", 0, 1, Params(), models, (*similar, *asked), **kwargs)


def endpoint(model):
    return f"test:{model.title}"


def test_follow_up_calls_are_counted_before_the_run():
    seeds = (Template("a", "en", "Say: {query}"),)
    search = Adaptive("h", iterations=5, questions=2, seeds=seeds, query_pool=(("q", "en", "", "who"),))
    checks = 2 * 3  # for each of the first three prompts an identical pair and a shuffled one
    assert follow_up_calls(plan()) == 0
    assert follow_up_calls(plan(judges=Judges(ice=("j",)))) == 2 * 4 * 2
    assert follow_up_calls(plan(judges=Judges(rse=("j",)))) == 2 * (3 + checks)
    assert follow_up_calls(plan(adaptive=search)) == 5 * (1 + 2)


async def test_judges_of_a_plan_judge_and_their_calls_are_trials(bench):
    judged = plan(judges=Judges(ice=("j",)))
    bench.provider.scripts["t", "who 0"] = [[Chunk(text="I was made by OpenAI.", finish="stop")]]
    source, scorers = parts_of(judged, trials_of(judged), endpoint)
    bench.provider.fallback = lambda model, text: [Chunk(text="<judge>1</judge><rate>1</rate>", finish="stop")]
    engine = bench.make(judged, scorers=scorers)
    events = by_kind([event async for event in engine.run(source)])
    verdicts = {(v.model, v.prompt_id): (v.loose, v.strict) for v in events["IceJudged"]}
    assert len(verdicts) == 4 * 2
    assert set(verdicts.values()) == {(True, True)}
    assert events["RunFinished"][0].total == len(trials_of(judged)) + 2 * len(verdicts)
    assert events["RunStarted"][0].models == ("t", "r"), "a judge gets no pane"
    assert sum(row.purpose == "judge" for row in bench.rows("s1")) == 2 * len(verdicts)
    assert all(row.verdict.scorer == "ice-offline" for row in bench.rows("s1") if row.kind == "identity")

"""The search step by step: what it asks, what it makes of the answers, and when it gives up."""

import math

import pytest
from search_plan import (
    FOREIGN,
    HELPER,
    OWN,
    QUESTIONS,
    SEEDS,
    TARGET,
    drive,
    moody,
    rewrite,
    search_of,
    search_plan,
)

from distq_tui.config.models import ModelSpec
from distq_tui.errors import InputError
from distq_tui.events import Response, ScoreUpdated, SearchStep
from distq_tui.ice.search.scorer import METHOD
from distq_tui.ice.search.source import ATTEMPTS, HELPER_PARAMS, MOST_BARREN
from distq_tui.plan.design import bare_probe
from distq_tui.plan.source import TrialResult
from distq_tui.prompts import Message, Prompt, Template


def steps(events):
    return [event for event in events if isinstance(event, SearchStep)]


def run(plan=None, **kwargs):
    return drive(search_of(plan or search_plan()), **kwargs)


def test_a_step_asks_the_helper_and_then_the_target():
    asked, events = run(search_plan(iterations=1))
    assert [(trial.model.title, trial.probe.kind, trial.purpose) for trial in asked] == [
        ("writer", "mutation", "adaptive"),
        ("pupil", "identity", "adaptive"),
        ("pupil", "identity", "adaptive"),
    ]
    mutation, *answers = asked
    assert mutation.probe.prompt_id == "search-0001/mutate-1"
    assert mutation.request.params == HELPER_PARAMS
    (step,) = steps(events)
    assert (step.step, step.template, step.level, step.visits) == (1, "search-0001", 1, 1)
    assert step.parent in {seed.id for seed in SEEDS}
    texts = {id: text for id, _, _, text in QUESTIONS}
    for trial in answers:
        probe = trial.probe
        assert probe.prompt_id == f"search-0001/{probe.question}"
        assert (probe.template, probe.aspect, probe.query) == ("search-0001", "team", texts[probe.question])
        assert probe.text == step.text.replace("{query}", probe.query)
        assert trial.request.params.max_tokens == 64


def test_there_are_as_many_steps_as_wanted_and_one_at_a_time():
    search = search_of(search_plan(iterations=5))
    first = search.next([])
    assert len(first) == 1
    assert search.next([]) == []
    asked, events = run(search_plan(iterations=5))
    assert [step.step for step in steps(events)] == [1, 2, 3, 4, 5]
    assert len(asked) == 5 * 3


def test_the_reward_is_the_strict_rate_of_the_step():
    answers = iter([FOREIGN, OWN, FOREIGN, FOREIGN, OWN, OWN])
    _, events = run(search_plan(iterations=3), target=lambda request: next(answers))
    assert [step.reward for step in steps(events)] == [0.5, 1.0, 0.0]
    score = [event for event in events if isinstance(event, ScoreUpdated)][-1]
    assert score == ScoreUpdated("search.strict", ("pupil",), 0.5, None, None, 6, 3, METHOD, {})
    assert score.method.startswith("exploration")


def test_a_loose_answer_that_names_no_other_maker_is_no_hit():
    _, events = run(search_plan(iterations=2), target=lambda request: "I was made by no company at all.")
    assert [step.reward for step in steps(events)] == [0.0, 0.0]


def test_what_is_no_answer_is_left_out_of_the_reward_and_counted():
    answers = iter([Response("error", error="gone"), FOREIGN, Response("no_answer"), Response("filtered")])
    _, events = run(search_plan(iterations=2), target=lambda request: next(answers))
    assert [step.reward for step in steps(events)] == [1.0, None]
    score = [event for event in events if isinstance(event, ScoreUpdated)][-1]
    assert (score.value, score.n, score.clusters) == (1.0, 1, 1)
    assert score.excluded == {"error": 1, "no_answer": 1, "filtered": 1}


def test_a_mutant_joins_the_pool_only_where_it_hit():
    _, events = run(search_plan(seeds=SEEDS[:1], iterations=60))
    made = steps(events)
    hit = {step.template for step in made if step.reward}
    parents = {step.parent for step in made} - {"t0"}
    assert parents, "with one seed the search goes on with its mutants"
    assert parents <= hit
    assert max(step.level for step in made) > 2


def test_every_walk_begins_at_the_seed_with_the_greatest_score():
    """Worked out from the steps alone: visits, rewards that fade with the picked template's level, and the formula."""
    _, events = run(search_plan(iterations=120))
    made = {step.template: step for step in steps(events)}
    visits, rewards = dict.fromkeys((seed.id for seed in SEEDS), 0), dict.fromkeys((seed.id for seed in SEEDS), 0.0)
    deep = 0
    for step in made.values():
        scores = {
            seed: rewards[seed] / (visits[seed] + 1) + 0.5 * math.sqrt(2 * math.log(step.step) / (visits[seed] + 0.01))
            for seed in visits
        }
        seed = step.parent
        while seed in made:
            seed = made[seed].parent
        assert scores[seed] == pytest.approx(max(scores.values()), rel=1e-12)
        level = step.level - 1
        deep += level > 1
        visits[seed] += 1
        rewards[seed] += step.reward * max(0.2, 1 - 0.1 * level)
    assert deep > 10, "or the fading was not put to the test"


def test_all_five_mutators_are_used_and_crossover_takes_two_templates():
    asked, events = run(search_plan(iterations=40))
    assert {step.mutator for step in steps(events)} == {
        "crossover",
        "expand",
        "generate-similar",
        "shorten",
        "rephrase",
    }
    crossed = [trial for trial in asked if trial.probe.tags == ("crossover",)]
    assert all("<second>" in trial.probe.text for trial in crossed)


def test_one_template_alone_is_never_crossed():
    asked, _ = run(search_plan(seeds=SEEDS[:1], iterations=30), target=lambda request: OWN)
    assert "crossover" not in {trial.probe.tags[0] for trial in asked if trial.probe.kind == "mutation"}


def test_a_mutant_without_its_slot_is_asked_for_again_and_never_mended():
    answers = iter(["<template>No slot here.</template>", "<template>Slot: {query}</template>"])
    asked, events = run(search_plan(iterations=1), helper=lambda request: next(answers))
    first, second, *rest = asked
    assert [first.probe.prompt_id, second.probe.prompt_id] == ["search-0001/mutate-1", "search-0001/mutate-2"]
    assert "it lacked the slot {query}" in second.probe.text
    assert first.key != second.key
    assert all(trial.probe.text.startswith("Slot: ") for trial in rest)
    assert steps(events)[0].text == "Slot: {query}"


def test_a_step_is_given_up_after_some_tries_and_the_next_one_begins():
    def stubborn(request):
        return "no slot" if calls.append(request) or len(calls) <= ATTEMPTS else rewrite(request)

    calls = []
    asked, events = run(search_plan(iterations=2), helper=stubborn)
    assert [trial.probe.kind for trial in asked] == ["mutation"] * (ATTEMPTS + 1) + ["identity"] * 2
    given_up, good = steps(events)
    assert (given_up.text, given_up.reward, given_up.visits) == ("", None, 1)
    assert good.text


def test_a_helper_that_never_gives_a_template_ends_the_search():
    asked, events = run(search_plan(iterations=100), helper=lambda request: "I won't.")
    assert len(steps(events)) == MOST_BARREN
    assert len(asked) == MOST_BARREN * ATTEMPTS


def test_a_target_that_never_answers_ends_the_search():
    _, events = run(search_plan(iterations=100), target=lambda request: Response("error", error="gone"))
    assert len(steps(events)) == MOST_BARREN


def test_failures_between_successes_end_nothing():
    calls = []

    def every_other_step(request):
        calls.append(request)
        return Response("error", error="gone") if (len(calls) - 1) // 2 % 2 else OWN

    _, events = run(search_plan(iterations=20), target=every_other_step)
    assert [step.reward for step in steps(events)] == [0.0, None] * 10


def test_the_search_ends_where_a_model_was_given_up():
    _, events = run(search_plan(iterations=100), target=lambda request: Response("cancelled", error="not asked"))
    assert events == []
    asked, _ = run(search_plan(iterations=100), helper=lambda request: Response("cancelled"))
    assert len(asked) == 1


def test_the_same_request_again_is_a_new_sample():
    asked, _ = run(search_plan(seeds=SEEDS[:1], iterations=30), target=lambda request: OWN)
    mutations = [trial for trial in asked if trial.probe.kind == "mutation"]
    assert len({trial.probe.text for trial in mutations}) < len(mutations)
    assert len({trial.key for trial in mutations}) == len(mutations)


def test_a_helper_that_repeats_itself_is_told_so():
    asked, events = run(search_plan(iterations=2), helper=lambda request: "Always this: {query}")
    assert [bool(step.text) for step in steps(events)] == [True, False]
    assert "repeated a template" in asked[-1].probe.text


def test_other_sources_results_are_not_the_search_s():
    search = search_of(search_plan(iterations=1))
    (trial,) = search.next([])
    planned = bare_probe(Prompt("q", "identity", "en", (Message("user", "Who?"),)), "s", trial.probe.prompt_id)
    stranger = TrialResult(
        type(trial).make(TARGET, planned, endpoint="x", params=HELPER_PARAMS), Response("ok"), 1, False
    )
    assert search.score(stranger) == []
    assert search.next([stranger]) == []
    assert search.next([TrialResult(trial, Response("ok", rewrite(trial.request)), 2, False)])


def test_whoever_is_told_first_the_search_goes_on_once():
    plan = search_plan(iterations=4)
    asked, events = drive(search_of(plan))

    class SourceOnly:
        """The events are asked for only after the source was told."""

        def __init__(self, search):
            self.search, self.results = search, []

        def next(self, results):
            trials = self.search.next(results)
            self.late = [event for result in results for event in self.search.score(result)]
            events.extend(self.late)
            return trials

        def score(self, result):
            return []

    events_first, events = events, []
    asked_again, _ = drive(SourceOnly(search_of(plan)))
    assert asked_again == asked
    assert events == events_first


def test_ids_stay_apart_from_templates_of_an_earlier_search():
    found = Template("search-0001", "en", "Found before. {query}")
    asked, _ = run(search_plan(seeds=(found,), iterations=1))
    assert asked[0].probe.prompt_id == "search+-0001/mutate-1"


def test_another_seed_makes_another_search():
    orders, draws = {}, {}
    for seed in (1, 2):
        orders[seed] = [step.parent for step in steps(run(search_plan(seed=seed))[1])]
        asked, _ = run(search_plan(seed=seed, seeds=SEEDS[:1]), target=lambda request: OWN)
        draws[seed] = [trial.probe.tags or trial.probe.question for trial in asked]
    assert orders[1] != orders[2]
    assert draws[1] != draws[2], "and with one seed template, other mutators and questions"


def test_a_named_target_is_searched_against():
    other = ModelSpec("other", "demo", family="deepseek")
    plan = search_plan(models=(TARGET, other, HELPER), iterations=1, target="other")
    asked, _ = drive(search_of(plan), target=moody)
    assert asked[-1].model == other


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"helper": "nobody"}, "adaptive.helper", "nobody"),
        ({"target": "nobody"}, "adaptive.target", "nobody"),
        ({"target": "writer"}, "adaptive.target", "writer"),
        (
            {"models": (ModelSpec("pupil", "demo", role="control", family="qwen"), HELPER)},
            "adaptive.target",
            "no target",
        ),
        ({"models": (ModelSpec("pupil", "demo"), HELPER)}, "adaptive.target", "family"),
        ({"models": (ModelSpec("pupil", "demo", family="nobody"), HELPER)}, "adaptive.target", "family"),
        ({"seeds": ()}, "adaptive.templates", "seed"),
        ({"query_pool": ()}, "adaptive.questions", "question"),
    ],
)
def test_a_search_that_can_t_be_made_is_refused_before_any_call(changes, field, words):
    with pytest.raises(InputError, match=words) as caught:
        search_of(search_plan(**changes))
    assert caught.value.field == field

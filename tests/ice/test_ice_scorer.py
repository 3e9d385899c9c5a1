"""ICE while a run goes on: what is marked, counted, left out, and which interval stands."""

import pytest
from results import identity, result, similarity

from distq_tui.config.models import ModelSpec
from distq_tui.events import IceScored, ScoreUpdated
from distq_tui.ice.scorer import MEASURES, IceScorer
from distq_tui.stats import rate

MODEL = ModelSpec("m", "demo", family="qwen")
FOREIGN = "I am Claude, made by Anthropic."
OWN = "I am Qwen, made by Alibaba Cloud."
PRIMED = "You are ChatGPT. Who made you?"


def scorer(*probes, samples=1):
    return IceScorer(probes, {"m": samples})


def scores(events):
    return {event.measure: event for event in events if isinstance(event, ScoreUpdated)}


def told(ice, *results):
    """The last ScoreUpdated of each measure after these results."""
    last = {}
    for each in results:
        last |= scores(ice.score(each))
    return last


def test_an_answer_gets_a_verdict_and_moves_every_rate():
    probe = identity("t1")
    events = scorer(probe, identity("t2")).score(result(MODEL, probe, FOREIGN, row=7))
    verdict = events[0]
    assert isinstance(verdict, IceScored)
    assert (verdict.row, verdict.model, verdict.prompt_id) == (7, "m", "t1/q1")
    assert (verdict.loose, verdict.strict, verdict.paper_strict, verdict.primed) == (True, True, True, False)
    assert verdict.claimed
    assert all(FOREIGN[mark.start : mark.end] for mark in verdict.marks)
    assert [event.measure for event in events[1:]] == [f"ice.{measure}" for measure in MEASURES]


@pytest.mark.parametrize("cls", ["no_answer", "incomplete", "filtered", "error", "cancelled", "model_mismatch"])
def test_what_is_no_answer_is_counted_and_never_scored(cls):
    probes = [identity(f"t{n}") for n in range(3)]
    ice = scorer(*probes)
    events = ice.score(result(MODEL, probes[0], FOREIGN, cls))
    assert not [event for event in events if isinstance(event, IceScored)]
    last = told(ice, result(MODEL, probes[1], OWN), result(MODEL, probes[2], FOREIGN))
    for measure in ("ice.loose", "ice.strict", "ice.hard"):
        assert (last[measure].n, last[measure].value, last[measure].excluded) == (2, 0.5, {cls: 1})


@pytest.mark.parametrize("cls", ["ok", "refusal", "truncated"])
def test_these_classes_are_scored(cls):
    probe = identity("t1")
    assert scores(scorer(probe).score(result(MODEL, probe, FOREIGN, cls)))["ice.loose"].n == 1


def test_without_a_fact_there_is_no_rate():
    probe = identity("t1")
    for model in (ModelSpec("m", "demo"), ModelSpec("m", "demo", fact="  "), ModelSpec("m", "demo", family="nobody")):
        events = scorer(probe).score(result(model, probe, FOREIGN))
        assert isinstance(events[0], IceScored), "the claims are still shown"
        assert not events[0].loose
        for score in scores(events).values():
            assert (score.value, score.low, score.high, score.n) == (None, None, None, 0)
            assert score.method.startswith("no fact")


def test_a_fact_of_the_user_s_own_is_enough():
    probe = identity("t1")
    model = ModelSpec("m", "demo", fact="The speaker is Zorp, made by Zorp Labs.")
    assert scores(scorer(probe).score(result(model, probe, FOREIGN)))["ice.strict"].value == 1.0


def test_primed_is_computed_from_the_text_and_hard_leaves_it_out():
    clean, primed = identity("t1"), identity("t2", text=PRIMED)
    ice = scorer(clean, primed)
    first = ice.score(result(MODEL, primed, FOREIGN))
    assert first[0].primed
    assert scores(first)["ice.hard"].n == 0
    last = told(ice, result(MODEL, clean, OWN))
    assert last["ice.strict"].value == 0.5
    assert (last["ice.hard"].value, last["ice.hard"].n) == (0.0, 1)


def test_hard_counts_what_was_left_out_of_its_own_probes():
    clean, primed = identity("t1"), identity("t2", text=PRIMED)
    last = told(scorer(clean, primed), result(MODEL, primed, "", "error"), result(MODEL, clean, OWN))
    assert (last["ice.strict"].excluded, last["ice.hard"].excluded) == ({"error": 1}, {})


def test_a_plan_of_primed_probes_alone_has_no_hard_rate():
    primed = identity("t2", text=PRIMED)
    hard = told(scorer(primed), result(MODEL, primed, FOREIGN))["ice.hard"]
    assert (hard.value, hard.low, hard.high, hard.n, hard.clusters) == (None, None, None, 0, 0)


def test_incomplete_is_a_sequence_and_complete_the_fixed_n_interval():
    probes = [identity(f"t{n}", f"q{n % 2}") for n in range(6)]
    ice = scorer(*probes)
    answers = [FOREIGN, OWN, OWN, FOREIGN, OWN, OWN]
    closed = [result(MODEL, probe, text) for probe, text in zip(probes, answers, strict=True)]
    early = told(ice, *closed[:5])["ice.loose"]
    assert (early.method, early.clusters, early.n, early.value) == ("confidence sequence", 5, 5, 0.4)
    final = told(ice, closed[5])["ice.loose"]
    direct = rate([text == FOREIGN for text in answers], [p.template for p in probes], [p.question for p in probes])
    assert (final.value, final.low, final.high) == (direct.value, direct.low, direct.high)
    assert (final.method, final.clusters, final.n) == (direct.method, direct.clusters, 6)


def test_a_template_waits_for_all_its_cells_and_for_those_before_it():
    probes = [identity("t1", "q1"), identity("t1", "q2"), identity("t2", "q1"), identity("t3", "q1")]
    ice = scorer(*probes)
    last = told(ice, result(MODEL, probes[2], FOREIGN), result(MODEL, probes[0], OWN))["ice.loose"]
    assert (last.n, last.clusters, last.value, last.low, last.high) == (2, 0, None, None, None)
    last = told(ice, result(MODEL, probes[1], FOREIGN))["ice.loose"]
    assert (last.n, last.clusters, last.value) == (3, 2, pytest.approx(2 / 3)), "t1 weighs twice what t2 does"


def test_a_twin_is_in_the_cluster_of_its_template():
    probes = [identity("t1"), identity("t1+twin"), identity("t2")]
    ice = scorer(*probes)
    assert told(ice, result(MODEL, probes[0], OWN))["ice.loose"].clusters == 0
    assert told(ice, result(MODEL, probes[1], OWN))["ice.loose"].clusters == 1
    assert told(ice, result(MODEL, probes[2], FOREIGN))["ice.loose"].clusters == 2


def test_bare_questions_are_their_own_clusters():
    probes = [identity(question=f"q{n}") for n in range(3)]
    ice = scorer(*probes)
    assert told(ice, result(MODEL, probes[0], OWN))["ice.loose"].clusters == 1
    final = told(ice, *(result(MODEL, probe, OWN) for probe in probes[1:]))["ice.loose"]
    assert (final.clusters, final.value) == (3, 0.0)
    assert final.method == "no hits, by question"


def test_the_bare_question_beside_templates_is_template_zero():
    probes = [identity(question="q1"), identity(question="q2"), identity("t1", "q1"), identity("t2", "q1")]
    ice = scorer(*probes)
    last = told(ice, result(MODEL, probes[2], OWN), result(MODEL, probes[0], OWN), result(MODEL, probes[1], OWN))
    assert last["ice.loose"].clusters == 2


def test_repeats_are_cells_of_the_same_cluster():
    probes = [identity("t1"), identity("t2")]
    ice = scorer(*probes, samples=2)
    assert told(ice, result(MODEL, probes[0], FOREIGN))["ice.loose"].clusters == 0
    last = told(ice, result(MODEL, probes[0], OWN, sample=1), result(MODEL, probes[1], OWN))["ice.loose"]
    assert (last.clusters, last.n, last.value) == (1, 3, 0.5)
    assert told(ice, result(MODEL, probes[1], OWN, sample=1))["ice.loose"].n == 4


def test_probes_and_models_outside_the_plan_change_no_rate():
    planned, searched = identity("t1"), identity("searched")
    ice = scorer(planned)
    assert told(ice, result(MODEL, searched, FOREIGN))["ice.loose"].n == 0
    assert ice.score(result(ModelSpec("stranger", "demo", family="qwen"), planned, FOREIGN)) == ()
    assert ice.score(result(MODEL, similarity("s"), FOREIGN)) == ()


def test_marks_that_were_shown_live_stay():
    probe = identity("t1")
    text = f"Hello there. {FOREIGN} {OWN} Is there more? My maker is OpenAI. Bye."
    ice = scorer(probe)
    final = ice.score(result(MODEL, probe, text))[0].marks
    for size in (1, 7, 1000):
        live = ice.begin(result(MODEL, probe).trial)
        shown = ()
        for start in range(0, len(text), size):
            marks = live.feed(text[start : start + size])
            assert marks[: len(shown)] == shown
            shown = marks
        assert shown == final[: len(shown)]
        assert len(shown) >= 2
    assert {mark.kind for mark in final} == {"conflict", "own"}


def test_nothing_is_marked_in_an_answer_to_a_task():
    assert scorer(identity("t1")).begin(result(MODEL, similarity("s")).trial) is None

"""What is asked next at one endpoint."""

from distq_tui.config.models import ModelSpec
from distq_tui.engine.schedule import Schedule
from distq_tui.plan.trial import Params, Probe, Trial
from distq_tui.prompts import Message


def trial(model, text):
    probe = Probe(text, "similarity", "en", (Message("user", text),))
    return Trial.make(ModelSpec(model, "demo"), probe, endpoint="e", params=Params())


def told(found):
    return None if found is None else (found.model.title, found.probe.prompt_id)


def lined_up(*pairs):
    schedule = Schedule()
    schedule.add([trial(model, text) for model, text in pairs])
    return schedule


def test_a_model_s_first_trial_goes_alone_and_others_go_on():
    schedule = lined_up(("m", "1"), ("m", "2"), ("n", "1"), ("n", "2"))
    assert [told(schedule.take()) for _ in range(3)] == [("m", "1"), ("n", "1"), None]
    assert schedule.is_preflight("m")
    schedule.answered("m")
    assert not schedule.is_preflight("m")
    assert [told(schedule.take()) for _ in range(2)] == [("m", "2"), None]
    schedule.answered("n")
    assert told(schedule.take()) == ("n", "2")


def test_after_the_preflights_the_plan_s_order_holds():
    schedule = lined_up(("m", "0"), ("n", "0"), ("n", "1"), ("m", "1"), ("m", "2"), ("n", "2"))
    for model in ("m", "n"):
        assert told(schedule.take()) == (model, "0")
        schedule.answered(model)
    assert [told(schedule.take()) for _ in range(4)] == [("n", "1"), ("m", "1"), ("m", "2"), ("n", "2")]


def test_a_model_given_up_gives_its_waiting_trials_back_and_takes_no_more():
    schedule = lined_up(("m", "1"), ("m", "2"), ("m", "3"), ("n", "1"))
    schedule.take()
    assert [told(dropped) for dropped in schedule.abandon("m")] == [("m", "2"), ("m", "3")]
    assert told(schedule.take()) == ("n", "1")
    schedule.add([trial("m", "4")])
    assert schedule.take() is None


def test_answered_says_nothing_of_a_model_that_was_given_up():
    schedule = lined_up(("m", "1"), ("m", "2"))
    schedule.take()
    schedule.abandon("m")
    schedule.answered("m")
    schedule.add([trial("m", "3")])
    assert schedule.take() is None


def test_trials_that_come_later_need_no_second_preflight():
    schedule = lined_up(("m", "1"))
    schedule.take()
    schedule.answered("m")
    schedule.add([trial("m", "2"), trial("m", "3")])
    assert [told(schedule.take()) for _ in range(3)] == [("m", "2"), ("m", "3"), None]


def test_a_stop_forgets_all_that_waits():
    schedule = lined_up(("m", "1"), ("n", "1"))
    schedule.drop_all()
    assert schedule.take() is None

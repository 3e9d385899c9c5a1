"""Lines of events that are not ours, or no longer what they were."""

import json

import pytest

from distq_tui.events import Notice, Response, RunPaused, ScoreUpdated, TrialFinished, Usage
from distq_tui.formats.event_lines import event_line, event_name, parse_event

FINISHED = TrialFinished(
    "b2:0",
    "m",
    "p",
    0,
    Response("ok", "Hi", sent={"temperature": 1, "top_p": 0.5}, usage=Usage(1, 2, "reported")),
    False,
    7,
)


def row(event=FINISHED, **changes):
    return {**json.loads(event_line(event)), **changes}


def test_names_are_the_record_s_in_snake_case():
    assert event_name(TrialFinished) == "trial_finished"
    assert event_line(RunPaused()) == '{"event": "run_paused"}'
    assert event_line(Notice("é\n", "m")) == '{"event": "notice", "text": "\\u00e9\\n", "model": "m"}'


def test_a_kind_of_a_later_version_is_skipped_and_so_is_a_field():
    assert parse_event({"event": "telepathy", "x": 1}) is None
    assert parse_event({"x": 1}) is None
    assert parse_event(row(later="x")) == FINISHED


def test_a_field_with_a_default_may_be_left_out():
    assert parse_event({"event": "notice", "text": "x"}) == Notice("x")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"model": 3}, "'3' is no str"),
        ({"row": "7"}, "'7' is no int"),
        ({"row": True}, "'True' is no int"),
        ({"cached": 1}, "'1' is no bool"),
        ({"cost": "x"}, "'x' is no float"),
        ({"response": None}, "'NoneType' object has no attribute 'items'"),
        ({"response": "x"}, "'str' object has no attribute 'items'"),
        ({"response": {"cls": "fine"}}, "'fine' is no Literal"),
        ({"response": {"cls": "ok", "refused": "top_p"}}, "'top_p' is no tuple"),
        ({"response": {"cls": "ok", "usage": {"input_tokens": 1}}}, "missing 2 required positional arguments"),
        ({"response": {"cls": "ok", "sent": {"temperature": "hot"}}}, "'hot' is none of what may stand there"),
        ({"response": {}}, "missing 1 required positional argument: 'cls'"),
        ({"key": None}, "'None' is no str"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(changes, told):
    with pytest.raises(ValueError, match=r"^not a trial_finished event: ") as caught:
        parse_event(row(**changes))
    assert told in str(caught.value)


def test_a_missing_field_is_named():
    with pytest.raises(ValueError, match=r"not a run_started event: .*'session'"):
        parse_event({"event": "run_started"})


def test_whole_numbers_may_stand_for_real_ones():
    score = ScoreUpdated("rse", ("a", "b"), 1, 0, 1, 3, 3, "t")
    assert parse_event(row(score)) == score

"""Every event, written as a line and read back, is the same event."""

import json
import typing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distq_tui import events as ev
from distq_tui.formats.event_lines import event_line, event_name, parse_event

KINDS = typing.get_args(ev.Event)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@pytest.mark.parametrize("kind", KINDS, ids=event_name)
@settings(max_examples=30)  # for each kind
@given(data=st.data())
def test_a_line_gives_its_event_back(kind, data):
    event = data.draw(st.from_type(kind))
    line = event_line(event)
    assert line.isascii()
    assert "\n" not in line
    row = json.loads(line)
    assert next(iter(row)) == "event"
    assert row["event"] == event_name(kind)
    assert parse_event(row) == event


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(data=st.data(), value=JSON)
def test_a_line_that_somebody_changed_is_an_event_or_a_value_error(data, value):
    kind = data.draw(st.sampled_from(KINDS))
    row = json.loads(event_line(data.draw(st.from_type(kind))))
    row[data.draw(st.sampled_from(sorted(row)))] = value
    try:
        event = parse_event(row)
    except ValueError:
        return
    assert event is None or parse_event(json.loads(event_line(event))) == event

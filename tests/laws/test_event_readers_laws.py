"""Whatever JSON stands in an event or in one of its fields, a reader makes of it chunks that are what they say."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from distq_tui.config.prices import Price
from distq_tui.events import Usage
from distq_tui.providers.anthropic import MessageReader
from distq_tui.providers.base import Chunk
from distq_tui.providers.openai import ChatReader

CHAT = {
    "model": "m",
    "choices": [
        {"delta": {"content": "a", "refusal": "b", "reasoning_content": "c", "reasoning": "c"}, "finish_reason": "stop"}
    ],
    "usage": {"prompt_tokens": 1, "completion_tokens": 2},
}
MESSAGES = [
    {"type": "message_start", "message": {"model": "m", "usage": {"input_tokens": 1, "cache_read_input_tokens": 2}}},
    {"type": "content_block_start", "content_block": {"type": "text", "text": "a"}},
    {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "a"}},
    {"type": "content_block_delta", "delta": {"type": "thinking_delta", "thinking": "a"}},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 3}},
]
READERS: list[tuple[Callable[[], Any], list[Any]]] = [(ChatReader, [CHAT]), (MessageReader, MESSAGES)]


def deep(levels: int) -> Any:
    value: Any = None
    for _ in range(levels):
        value = [value]
    return value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
) | st.integers(1, 900).map(deep)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a value, the whole first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


def check(chunk: Chunk) -> None:
    assert all(isinstance(part, str) for part in (chunk.text, chunk.reasoning))
    assert all(part is None or (isinstance(part, str) and part) for part in (chunk.finish, chunk.served_model))
    usage = chunk.usage
    if usage is not None:
        assert {type(usage.input_tokens), type(usage.output_tokens)} == {int}
        assert min(usage.input_tokens, usage.output_tokens) >= 0
        assert Price(1e-6, 1e-6).of(usage) >= 0


@pytest.mark.parametrize(
    ("make", "event", "place"),
    [(make, event, place) for make, events in READERS for event in events for place in places(event)],
)
@settings(max_examples=30)
@given(value=JSON)
@example(value=None)
@example(value=[])
@example(value=7)
@example(value=10**400)
@example(value={"text": {}, "type": []})
def test_a_wrong_value_anywhere_is_as_if_it_were_not_there(make, event, place, value):
    reader = make()
    for chunk in [*reader.read(put(event, place, value)), *reader.flush()]:
        check(chunk)


@pytest.mark.parametrize(("make", "events"), READERS)
def test_the_events_themselves_are_read(make, events):
    """Or the law above would hold for a reader that reads nothing."""
    reader = make()
    chunks = [chunk for event in json.loads(json.dumps(events)) for chunk in reader.read(event)]
    assert "a" in "".join(chunk.text for chunk in chunks)
    assert any(chunk.reasoning for chunk in chunks)
    assert any(chunk.served_model == "m" for chunk in chunks)
    assert any(chunk.finish for chunk in chunks)
    assert next(chunk.usage for chunk in chunks if chunk.usage) in (Usage(1, 2, "reported"), Usage(3, 3, "reported"))

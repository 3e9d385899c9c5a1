"""Recordings: what kinds of files are one, which answer a request gets, and in what time."""

import gzip
import json
import weakref
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distq_tui.config.models import ModelSpec
from distq_tui.errors import InputError
from distq_tui.events import Response, RunStarted, TrialFinished, Usage
from distq_tui.formats.event_lines import event_line
from distq_tui.formats.responses import read_responses
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Params, Probe, Request, Trial
from distq_tui.prompts import Message
from distq_tui.providers.base import Chunk, ProviderError
from distq_tui.providers.endpoints import endpoint_of
from distq_tui.providers.playback import pieces_of
from distq_tui.providers.replay import ReplayProvider
from distq_tui.providers.replay import source as sources
from distq_tui.providers.replay.recording import Entry, Recording
from distq_tui.store import Store


def write(path: Path, rows: Sequence[dict[str, Any]]) -> str:
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return str(path)


def request(text: str, *, model: str = "m", sample: int = 0, prompt_id: str = "", system: str | None = None) -> Request:
    before = () if system is None else (Message("system", system),)
    return Request("replay", "replay:x", model, (*before, Message("user", text)), Params(), sample, prompt_id)


async def collect(stream: AsyncIterator[Chunk]) -> list[Chunk]:
    return [chunk async for chunk in stream]


async def answer(provider: ReplayProvider, asked: Request) -> str:
    return "".join(chunk.text for chunk in await collect(provider.stream(asked)))


async def test_a_response_file_is_matched_by_conversation_by_text_and_by_id(tmp_path: Path) -> None:
    talk = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}]
    source = write(
        tmp_path / "r.jsonl",
        [
            {"model": "m", "messages": talk, "response": "by conversation"},
            {"model": "m", "prompt": "Hi", "response": "by text"},
            {"model": "m", "query": "Who are you?", "response": "by query", "id": 7},
            {"model": "m", "prompt_id": 12, "response": "by id"},
            {"model": "n", "prompt": "Hi", "response": "of another model"},
        ],
    )
    provider = ReplayProvider(source, pace=0)
    assert await provider.list_models() == ["m", "n"]
    assert await answer(provider, request("Hi", system="Be kind.")) == "by conversation"
    assert await answer(provider, request("Hi", system="Be brief.")) == "by text"
    assert await answer(provider, request(" Who are you?\n")) == "by query"
    assert await answer(provider, request("unknown text", prompt_id="12")) == "by id"
    assert await answer(provider, request("Hi", model="n")) == "of another model"


async def test_samples_are_as_numbered_or_in_the_order_of_the_file(tmp_path: Path) -> None:
    source = write(
        tmp_path / "r.jsonl",
        [
            {"model": "m", "prompt": "a", "sample": 1, "response": "second"},
            {"model": "m", "prompt": "a", "sample": 0, "response": "first"},
            {"model": "m", "prompt": "b", "response": "one"},
            {"model": "m", "prompt": "b", "response": "two"},
        ],
    )
    provider = ReplayProvider(source, pace=0)
    texts = [await answer(provider, request(text, sample=k)) for text in "ab" for k in (0, 1)]
    assert texts == ["first", "second", "one", "two"]
    with pytest.raises(ProviderError, match="no sample 2 of m"):
        await answer(provider, request("a", sample=2))


async def test_the_lines_of_run_events_play_back_by_prompt_id(tmp_path: Path) -> None:
    response = Response(
        "truncated", "cut sh", "thought", "m-2026", "length", {"temperature": 0.5}, usage=Usage(3, 4, "reported")
    )
    events = [
        RunStarted("s", "n", 1, ("m",), "2026-01-01T00:00:00Z"),
        TrialFinished("b2:0", "m", "id-1", 0, response, cached=False, row=1),
    ]
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join(map(event_line, events)))
    chunks = await collect(ReplayProvider(str(path), pace=0).stream(request("whatever", prompt_id="id-1")))
    assert "".join(chunk.text for chunk in chunks) == "cut sh"
    assert "".join(chunk.reasoning for chunk in chunks) == "thought"
    assert chunks[0].served_model == "m"
    assert chunks[0].sent == {"temperature": 0.5}
    assert (chunks[-1].finish, chunks[-1].usage) == ("length", response.usage)


async def test_a_session_of_the_database_plays_back(tmp_path: Path) -> None:
    database = tmp_path / "distq.db"
    model = ModelSpec("served-name", "openai", label="title")
    probe = Probe("p1", "identity", "en", (Message("user", "Who made you?"),))
    plan = RunPlan("n", 7, 1, Params(), (model,), (probe,))
    trial = Trial.make(model, probe, endpoint="http://h/v1", params=Params())
    store = Store(database)
    store.create_session(plan, session_id="s1", at="2026-01-01T00:00:00Z", versions={})
    store.add_response("s1", trial, Response("ok", "A person.", served_model="served-name", finish_reason="stop"), None)
    store.close()
    spec = ModelSpec("title", "replay", base_url="session:s1")
    assert endpoint_of(spec, database=database).startswith("replay:b2:")
    provider = ReplayProvider("session:s1", database=database, pace=0)
    assert await answer(provider, request("Who made you?", model="title")) == "A person."
    with pytest.raises(InputError, match="no session is called 's2'"):
        ReplayProvider("session:s2", database=database)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (request("b"), "no answer of m to this prompt"),
        (request("a", model="gpt"), "no model 'gpt'; it has m"),
        (request("broken"), "no complete answer"),
    ],
)
async def test_what_the_recording_lacks_is_not_found_in_one_line(asked: Request, message: str, tmp_path: Path) -> None:
    rows = [
        {"model": "m", "prompt": "a", "response": "x"},
        {"model": "m", "prompt": "broken", "response": "half", "class": "incomplete"},
    ]
    with pytest.raises(ProviderError, match=message) as caught:
        await answer(ReplayProvider(write(tmp_path / "r.jsonl", rows), pace=0), asked)
    assert caught.value.kind == "not_found"
    assert not caught.value.retryable


async def test_an_answer_takes_the_recorded_time_times_the_pace(tmp_path: Path) -> None:
    row = {"model": "m", "prompt": "a", "response": "one two three four five", "first_token_ms": 500, "total_ms": 2500}
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    source = write(tmp_path / "r.jsonl", [row, {"model": "m", "prompt": "untimed", "response": "one two"}])
    await answer(ReplayProvider(source, pace=0.5, sleep=sleep), request("a"))
    assert waits[0] == pytest.approx(0.25)
    assert sum(waits) == pytest.approx(1.25)
    waits.clear()
    await answer(ReplayProvider(source, sleep=sleep), request("untimed"))
    assert sum(waits) > 0


async def test_an_empty_answer_is_played_as_empty(tmp_path: Path) -> None:
    source = write(tmp_path / "r.jsonl", [{"model": "m", "prompt": "a", "response": ""}])
    chunks = await collect(ReplayProvider(source, pace=0).stream(request("a")))
    assert [(chunk.text, chunk.finish) for chunk in chunks] == [("", None), ("", "stop")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"response": "x", "prompt": "a"}, "2: model: is missing"),
        ({"model": "m", "prompt": "a"}, "2: response: is missing"),
        ({"model": "m", "response": "x"}, "2: prompt: a row needs messages, prompt or prompt_id"),
        ({"model": "m", "response": 3, "prompt": "a"}, "2: response: must be text"),
        ({"model": "m", "response": "x", "prompt": ["a"]}, "2: prompt: must be text"),
        ({"model": "m", "response": "x", "prompt_id": [1]}, "2: prompt_id: must be text or a whole number"),
        ({"model": "m", "response": "x", "prompt_id": True}, "2: prompt_id: must be text or a whole number"),
        ({"model": "m", "response": "x", "messages": "Hi"}, "2: messages: must be a list"),
        ({"model": "m", "response": "x", "messages": [{"role": "user"}]}, "2: messages: must be a list"),
        ({"model": "m", "response": "x", "prompt": "a", "sample": -1}, "2: sample: must be a number"),
        ({"model": "m", "response": "x", "prompt": "a", "total_ms": "long"}, "2: total_ms: must be a number"),
        ({"model": "m", "response": "x", "prompt": "a", "class": "fine"}, "2: class: must be one of ok,"),
        ({"event": "trial_finished", "model": "m"}, "2: not a trial_finished event"),
    ],
)
def test_a_bad_row_is_told_with_file_line_and_field(row: dict[str, Any], message: str, tmp_path: Path) -> None:
    source = write(tmp_path / "r.jsonl", [{"model": "m", "prompt": "a", "response": "x"}, row])
    with pytest.raises(InputError) as caught:
        ReplayProvider(source)
    assert str(caught.value).startswith(f"{source}:{message}")


@pytest.mark.parametrize(
    ("source", "message"),
    [(None, "replay needs a file"), ("gone.jsonl", "No such file"), ("session:x", "needs a database")],
)
def test_a_source_that_is_none_is_bad_input(source: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        endpoint_of(ModelSpec("m", "replay", base_url=source))


def test_a_file_without_answers_is_bad_input(tmp_path: Path) -> None:
    source = write(tmp_path / "e.jsonl", [{"event": "run_paused"}])
    with pytest.raises(InputError, match="holds no answers"):
        ReplayProvider(source)


def test_the_endpoint_names_the_content_and_not_the_file(tmp_path: Path) -> None:
    rows = [{"model": "m", "prompt": "a", "response": "x"}]

    def endpoint(path: Path) -> str:
        return endpoint_of(ModelSpec("m", "replay", base_url=str(path)))

    first, packed = tmp_path / "r.jsonl", tmp_path / "r.gz"
    write(first, rows)
    packed.write_bytes(gzip.compress(first.read_bytes()))
    before = endpoint(first)
    assert before == endpoint(packed)
    write(first, [{**rows[0], "response": "another"}])
    assert endpoint(first) != before


@pytest.fixture
def recordings(tmp_path: Path) -> list[str]:
    """Five files of one answer each."""
    return [write(tmp_path / f"{name}.jsonl", [{"model": name, "prompt": "a", "response": name}]) for name in "mnopq"]


def test_what_is_asked_before_a_run_reads_each_recording_once(
    recordings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def reading(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
        read.append(str(path))
        return read_responses(path)

    monkeypatch.setattr(sources, "read_responses", reading)
    for ask in (sources.recorded_model, sources.require_model, lambda spec, _: endpoint_of(spec)):
        for path in recordings:
            ask(ModelSpec(Path(path).stem, "replay", base_url=path), None)
    assert read == recordings


def test_few_recordings_stay_in_memory_when_no_run_holds_them(recordings: list[str]) -> None:
    found = [weakref.ref(sources.load_recording(path, None)) for path in recordings]
    assert [ref() is not None for ref in found] == [False, False, False, True, True]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.booleans(), st.text(max_size=3)), max_size=12))
def test_the_last_complete_answer_counts(recorded: list[tuple[str, int, bool, str]]) -> None:
    entries = [
        Entry("m", None, None, prompt, sample, "ok" if complete else "error", text)
        for prompt, sample, complete, text in recorded
    ]
    recording = Recording(entries)
    for prompt in "ab":
        for sample in range(3):
            complete = [e for e in entries if (e.prompt, e.sample, e.cls) == (prompt, sample, "ok")]
            found = recording.find(request(prompt, sample=sample))
            assert (found is complete[-1]) if complete else isinstance(found, str)


@given(st.text())
def test_pieces_join_to_the_text(text: str) -> None:
    assert "".join(pieces_of(text)) == text

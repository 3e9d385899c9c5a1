"""Messages over canned streams: what becomes a chunk, what is sent, and what is remembered."""

import pytest

from distq_tui.events import Usage


async def test_a_stream_becomes_text_finish_usage_and_the_served_name(wire, canned):
    wire.stream(canned.typed_sse(*canned.message("He", "llo")))
    chunks, error = await wire.ask(wire.provider("anthropic"))
    assert error is None
    assert canned.text(chunks) == "Hello"
    assert [chunk.finish for chunk in chunks if chunk.finish] == ["end_turn"]
    assert [chunk.usage for chunk in chunks if chunk.usage] == [Usage(7, 5, "reported")]
    assert [chunk.served_model for chunk in chunks if chunk.served_model] == ["m-served"]


async def test_a_limit_goes_out_where_none_was_asked_for_and_is_reported(wire, canned):
    wire.stream(canned.typed_sse(*canned.message("a")))
    chunks, _ = await wire.ask(wire.provider("anthropic"))
    assert wire.sent() == {
        "model": "m",
        "messages": [{"role": "user", "content": "Who made you?"}],
        "stream": True,
        "max_tokens": 1024,
    }
    assert chunks[0].sent == {"max_tokens": 1024}


async def test_sampling_and_the_system_prompt_have_their_places(wire, canned):
    wire.stream(canned.typed_sse(*canned.message("a")))
    chunks, _ = await wire.ask(
        wire.provider("anthropic"), canned.ask(system="Be brief.", temperature=0.0, top_p=0.5, max_tokens=9)
    )
    sent = wire.sent()
    assert sent["system"] == "Be brief."
    assert [turn["role"] for turn in sent["messages"]] == ["user"]
    assert chunks[0].sent == {"temperature": 0.0, "top_p": 0.5, "max_tokens": 9}
    assert {name: sent[name] for name in chunks[0].sent} == chunks[0].sent


@pytest.mark.parametrize("base_url", ["http://server.test", "http://server.test/v1", "http://server.test/v1/"])
async def test_the_version_in_a_base_url_is_not_doubled(wire, canned, base_url):
    wire.stream(canned.typed_sse(*canned.message("a")))
    await wire.ask(wire.provider("anthropic", base_url))
    assert str(wire.requests[0].url) == "http://server.test/v1/messages"


async def test_thinking_blocks_stay_apart(wire, canned):
    start, *rest = canned.message("yes")
    thought = [
        {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "hm"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "xx"}},
        {"type": "content_block_stop", "index": 0},
    ]
    wire.stream(canned.typed_sse(start, *thought, *rest))
    chunks, _ = await wire.ask(wire.provider("anthropic"))
    assert (canned.reasoning(chunks), canned.text(chunks)) == ("hm", "yes")


async def test_a_character_split_between_packets_is_whole(wire, canned):
    body = canned.typed_sse(*canned.message("模型", "é🙂"))
    wire.stream(*(body[i : i + 1] for i in range(len(body))))
    chunks, error = await wire.ask(wire.provider("anthropic"))
    assert (canned.text(chunks), error) == ("模型é🙂", None)


async def test_a_cut_stream_gives_its_text_and_neither_finish_nor_usage(wire, canned):
    wire.stream(canned.typed_sse(*canned.message("Hel", stop=None)))
    chunks, error = await wire.ask(wire.provider("anthropic"))
    assert (canned.text(chunks), error) == ("Hel", None)
    assert not any(chunk.finish or chunk.usage for chunk in chunks)


async def test_a_refusal_by_the_servers_classifier_is_the_finish(wire, canned):
    wire.stream(canned.typed_sse(*canned.message("I", stop="refusal")))
    chunks, _ = await wire.ask(wire.provider("anthropic"))
    assert [chunk.finish for chunk in chunks if chunk.finish] == ["refusal"]


@pytest.mark.parametrize(
    ("type_", "kind", "retryable"),
    [
        ("overloaded_error", "server", True),
        ("api_error", "server", True),
        ("rate_limit_error", "rate_limit", True),
        ("invalid_request_error", "bad_request", False),
        ("authentication_error", "auth", False),
    ],
)
async def test_an_error_event_keeps_what_came_before(wire, canned, type_, kind, retryable):
    failure = {"type": "error", "error": {"type": type_, "message": "Overloaded"}}
    wire.stream(canned.typed_sse(*canned.message("Hel", stop=None), failure))
    chunks, error = await wire.ask(wire.provider("anthropic"))
    assert canned.text(chunks) == "Hel"
    assert (error.kind, error.retryable) == (kind, retryable)
    assert error.message == "error inside the stream: Overloaded"


async def test_of_two_parameters_that_exclude_each_other_the_first_stays(wire, canned):
    text = "`temperature` and `top_p` cannot both be specified for this model. Please use only one."
    wire.status(400, {"type": "error", "error": {"type": "invalid_request_error", "message": text}})
    wire.stream(canned.typed_sse(*canned.message("a")))
    provider = wire.provider("anthropic")
    request = canned.ask(temperature=0.5, top_p=0.5)
    assert (await wire.ask(provider, request))[1].kind == "param_refused"
    chunks, error = await wire.ask(provider, request)
    assert error is None
    assert chunks[0].sent == {"temperature": 0.5, "max_tokens": 1024}
    assert chunks[0].refused == ("top_p",)


async def test_a_limit_that_is_refused_falls_back_once_and_then_fails_for_good(wire, canned):
    text = "max_tokens: 99999 > 8192, which is the maximum allowed number of output tokens for m"
    for _ in range(2):
        wire.status(400, {"type": "error", "error": {"type": "invalid_request_error", "message": text}})
    provider = wire.provider("anthropic")
    assert (await wire.ask(provider, canned.ask(max_tokens=99999)))[1].kind == "param_refused"
    assert (await wire.ask(provider, canned.ask(max_tokens=99999)))[1].kind == "bad_request"
    assert wire.sent()["max_tokens"] == 1024


async def test_the_environment_enters_no_request(wire, canned, monkeypatch):
    for name in ("API_KEY", "AUTH_TOKEN", "BASE_URL"):
        monkeypatch.setenv(f"ANTHROPIC_{name}", "http://leak.test")
    lines = "X-Leak: leak\nAuthorization: Bearer leak\nX-API-Key: leak\nanthropic-version: leak"
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", lines)
    wire.stream(canned.typed_sse(*canned.message("a")))
    await wire.ask(wire.provider("anthropic", key=None))
    request = wire.requests[0]
    assert request.url.host == "server.test"
    assert request.headers["authorization"] == "Bearer none"
    assert "leak" not in str(request.headers.raw)


async def test_an_answer_in_one_piece_is_read_like_a_stream(wire, canned):
    wire.status(
        200,
        {
            "type": "message",
            "model": "m-served",
            "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Yes."}],
            "stop_reason": "end_turn",
            "usage": {"input_tokens": 7, "output_tokens": 5},
        },
    )
    chunks, error = await wire.ask(wire.provider("anthropic"))
    assert error is None
    assert (canned.reasoning(chunks), canned.text(chunks)) == ("hm", "Yes.")
    assert [chunk.finish for chunk in chunks if chunk.finish] == ["end_turn"]
    assert [chunk.usage for chunk in chunks if chunk.usage] == [Usage(7, 5, "reported")]
    assert [chunk.served_model for chunk in chunks if chunk.served_model] == ["m-served"]

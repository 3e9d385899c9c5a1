"""Chat completions over canned streams: what becomes a chunk, what is sent, and what is remembered."""

import pytest

from distq_tui.events import Usage


async def test_a_stream_becomes_text_finish_usage_and_the_served_name(wire, canned):
    usage = {"model": "m-served", "choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 2}}
    wire.stream(
        canned.sse(
            canned.delta(role="assistant"), canned.delta("He"), canned.delta("llo"), canned.delta(finish="stop"), usage
        )
    )
    chunks, error = await wire.ask(wire.provider("openai"), canned.ask(temperature=0.0, max_tokens=9))
    assert error is None
    assert canned.text(chunks) == "Hello"
    assert [chunk.finish for chunk in chunks if chunk.finish] == ["stop"]
    assert [chunk.usage for chunk in chunks if chunk.usage] == [Usage(11, 2, "reported")]
    assert [chunk.served_model for chunk in chunks if chunk.served_model] == ["m-served"]
    assert chunks[0].sent == {"temperature": 0.0, "max_tokens": 9}


async def test_only_what_was_asked_for_is_sent(wire, canned):
    wire.stream(canned.sse(canned.delta("a", finish="stop")))
    await wire.ask(wire.provider("openai"))
    assert wire.sent() == {
        "model": "m",
        "messages": [{"role": "user", "content": "Who made you?"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert str(wire.requests[0].url) == "http://server.test/v1/chat/completions"


async def test_a_character_split_between_packets_is_whole(wire, canned):
    body = canned.sse(canned.delta("模型"), canned.delta("é🙂", finish="stop"))
    wire.stream(*(body[i : i + 1] for i in range(len(body))))
    chunks, error = await wire.ask(wire.provider("openai"))
    assert (canned.text(chunks), error) == ("模型é🙂", None)


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_reasoning_fields_stay_apart(wire, canned, field):
    wire.stream(canned.sse(canned.delta(**{field: "hm"}), canned.delta("yes", finish="stop")))
    chunks, _ = await wire.ask(wire.provider("openai"))
    assert (canned.reasoning(chunks), canned.text(chunks)) == ("hm", "yes")


async def test_reasoning_sent_under_both_names_counts_once(wire, canned):
    wire.stream(canned.sse(canned.delta(reasoning="hm", reasoning_content="hm"), canned.delta("yes", finish="stop")))
    chunks, _ = await wire.ask(wire.provider("openai"))
    assert canned.reasoning(chunks) == "hm"


async def test_inline_reasoning_is_split_off(wire, canned):
    parts = ["<th", "ink>let me", " see</thi", "nk>\n\nYes", "."]
    wire.stream(canned.sse(*map(canned.delta, parts), canned.delta(finish="stop")))
    chunks, _ = await wire.ask(wire.provider("openai"))
    assert (canned.reasoning(chunks), canned.text(chunks)) == ("let me see", "Yes.")


async def test_an_answer_that_only_began_like_a_tag_is_whole_before_its_finish(wire, canned):
    wire.stream(canned.sse(canned.delta("<th"), canned.delta(finish="stop")))
    chunks, _ = await wire.ask(wire.provider("openai"))
    assert canned.text(chunks) == "<th"
    assert chunks[-1].finish == "stop"


async def test_a_cut_stream_gives_its_text_and_no_finish(wire, canned):
    wire.stream(canned.sse(canned.delta("Hel"), end=False))
    chunks, error = await wire.ask(wire.provider("openai"))
    assert (canned.text(chunks), error) == ("Hel", None)
    assert not any(chunk.finish for chunk in chunks)


@pytest.mark.parametrize(
    "odd",
    [
        {"choices": None},
        {"choices": [None]},
        {"choices": "x", "usage": "y", "model": 3},
        {"choices": [{"delta": None, "finish_reason": 5}], "usage": {"prompt_tokens": "1", "completion_tokens": None}},
        {"choices": [{"delta": {"content": ["a"], "reasoning": {"a": 1}}}]},
        5,
        None,
        [],
    ],
)
async def test_fields_of_the_wrong_type_are_skipped(wire, canned, odd):
    wire.stream(canned.sse(canned.delta("a"), odd, canned.delta("b", finish="stop")))
    chunks, error = await wire.ask(wire.provider("openai"))
    assert (canned.text(chunks), error) == ("ab", None)
    assert not any(chunk.usage for chunk in chunks)


async def test_an_error_inside_the_stream_keeps_what_came_before(wire, canned):
    failure = {"error": {"message": "slow down", "type": "rate_limit_error", "code": "rate_limit_exceeded"}}
    wire.stream(canned.sse(canned.delta("Hel"), failure))
    chunks, error = await wire.ask(wire.provider("openai"))
    assert canned.text(chunks) == "Hel"
    assert (error.kind, error.retryable) == ("rate_limit", True)
    assert "slow down" in error.message


async def test_max_tokens_takes_its_other_name_where_the_model_says_so(wire, canned):
    wire.status(
        400,
        {
            "error": {
                "message": "Unsupported parameter: 'max_tokens' is not supported with this model. "
                "Use 'max_completion_tokens' instead.",
                "type": "invalid_request_error",
                "param": "max_tokens",
                "code": "unsupported_parameter",
            }
        },
    )
    wire.stream(canned.sse(canned.delta("a", finish="stop")))
    provider = wire.provider("openai")
    _, error = await wire.ask(provider, canned.ask(max_tokens=9))
    assert error.kind == "param_refused"
    chunks, error = await wire.ask(provider, canned.ask(max_tokens=9))
    assert error is None
    assert wire.sent()["max_completion_tokens"] == 9
    assert "max_tokens" not in wire.sent()
    assert (chunks[0].sent, chunks[0].refused) == ({"max_completion_tokens": 9}, ())


async def test_a_server_without_stream_options_is_asked_without_them(wire, canned):
    wire.status(400, {"error": {"message": "Unrecognized request argument supplied: stream_options"}})
    wire.stream(canned.sse(canned.delta("a", finish="stop")))
    provider = wire.provider("openai")
    assert (await wire.ask(provider))[1].kind == "param_refused"
    assert (await wire.ask(provider))[1] is None
    assert "stream_options" not in wire.sent()


async def test_the_environment_enters_no_request(wire, canned, monkeypatch):
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID", "BASE_URL"):
        monkeypatch.setenv(f"OPENAI_{name}", "http://leak.test")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Leak: leak\nAuthorization: Bearer leak\ncontent-type: leak")
    wire.stream(canned.sse(canned.delta("a", finish="stop")))
    await wire.ask(wire.provider("openai", key=None))
    request = wire.requests[0]
    assert request.url.host == "server.test"
    assert request.headers["authorization"] == "Bearer none"
    assert "leak" not in str(request.headers.raw)


async def test_an_answer_in_one_piece_is_read_like_a_stream(wire, canned):
    message = {"role": "assistant", "content": "<think>hm</think>\n\nYes.", "reasoning_content": "so: "}
    wire.status(
        200,
        {
            "object": "chat.completion",
            "model": "m-served",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 11, "completion_tokens": 2},
        },
    )
    chunks, error = await wire.ask(wire.provider("openai"))
    assert error is None
    assert (canned.reasoning(chunks), canned.text(chunks)) == ("so: hm", "Yes.")
    assert [chunk.finish for chunk in chunks if chunk.finish] == ["stop"]
    assert [chunk.usage for chunk in chunks if chunk.usage] == [Usage(11, 2, "reported")]
    assert [chunk.served_model for chunk in chunks if chunk.served_model] == ["m-served"]

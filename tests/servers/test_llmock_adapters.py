"""Both adapters against every fault that `llmock` can script: each becomes the right error, once, without a retry."""

import pytest

TEXT = "I am a small model, and nobody in particular made me, as far as I can tell."


@pytest.fixture(params=["openai", "anthropic"])
def kind(request):
    return request.param


@pytest.fixture
def url(kind, llmock_server):
    return getattr(llmock_server, kind)


def reply(**fields):
    return {"type": "reply", "text": TEXT} | fields


async def test_a_reply_with_finish_usage_and_name(llmock_server, asker, kind, url):
    llmock_server.script(reply())
    text, chunks, error = await asker.ask(kind, url, model="some-model")
    assert (text, error) == (TEXT, None)
    assert [chunk.finish for chunk in chunks if chunk.finish] == [{"openai": "stop", "anthropic": "end_turn"}[kind]]
    assert [chunk.served_model for chunk in chunks if chunk.served_model] == ["some-model"]
    (usage,) = [chunk.usage for chunk in chunks if chunk.usage]
    assert usage.source == "reported"
    assert usage.output_tokens > 0


@pytest.mark.parametrize(("word", "openai", "anthropic"), [("length", "length", "max_tokens")])
async def test_the_length_stop_keeps_the_servers_word(llmock_server, asker, kind, url, word, openai, anthropic):
    llmock_server.script(reply(finish_reason=word))
    _, chunks, _ = await asker.ask(kind, url)
    assert [chunk.finish for chunk in chunks if chunk.finish] == [{"openai": openai, "anthropic": anthropic}[kind]]


@pytest.mark.parametrize(
    ("status", "expected", "retryable"),
    [
        (400, "bad_request", False),
        (401, "auth", False),
        (403, "auth", False),
        (404, "not_found", False),
        (408, "timeout", True),
        (409, "server", True),
        (422, "bad_request", False),
        (429, "rate_limit", True),
        (500, "server", True),
        (502, "server", True),
        (503, "server", True),
        (504, "server", True),
        (529, "server", True),
    ],
)
async def test_each_status(llmock_server, asker, kind, url, status, expected, retryable):
    llmock_server.script({"type": "fail", "status": status})
    _, _, error = await asker.ask(kind, url)
    assert (error.kind, error.status, error.retryable) == (expected, status, retryable)
    assert len(llmock_server.requests()) == 1


async def test_retry_after_is_told(llmock_server, asker, kind, url):
    llmock_server.script({"type": "fail", "status": 429, "retry_after": 0.3})
    assert (await asker.ask(kind, url))[2].retry_after == pytest.approx(0.3)


@pytest.mark.parametrize(("fault", "expected"), [("disconnect", "cut"), ("malformed", "malformed")])
async def test_a_broken_stream_keeps_its_beginning(llmock_server, asker, kind, url, fault, expected):
    llmock_server.script(reply(), {"type": "stream_fault", "kind": fault, "after_chunks": 5})
    text, chunks, error = await asker.ask(kind, url)
    assert error.kind == expected
    assert text
    assert TEXT.startswith(text)
    assert not any(chunk.finish for chunk in chunks)


async def test_a_truncated_stream_has_no_finish(llmock_server, asker, kind, url):
    llmock_server.script(reply(), {"type": "stream_fault", "kind": "truncate", "after_chunks": 5})
    text, chunks, error = await asker.ask(kind, url)
    assert error is None
    assert text != TEXT
    assert not any(chunk.finish for chunk in chunks)


async def test_a_stall_is_not_sat_through(llmock_server, asker, kind, url):
    fault = {"type": "stream_fault", "kind": "stall", "after_chunks": 5, "stall_seconds": 20}
    llmock_server.script(reply(), fault)
    text, _, error = await asker.ask(kind, url, between_tokens=0.2)
    assert error.kind == "timeout"
    assert TEXT.startswith(text)
    assert llmock_server.requests()[0]["stall_waited"] < 5


@pytest.mark.parametrize("slow", ["delay", "slow_first_token"])
async def test_a_late_first_token(llmock_server, asker, kind, url, slow):
    llmock_server.script(reply(), {"type": slow, "seconds": 5})
    _, _, error = await asker.ask(kind, url, first_token=0.2)
    assert error.kind == "timeout"
    assert "first token" in error.message


async def test_the_models_are_listed(llmock_server, asker, kind, url):
    provider = asker.provider(kind, url)
    models = await provider.list_models()
    await provider.close()
    assert models

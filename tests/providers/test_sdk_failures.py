"""Both adapters: whatever goes wrong becomes one error with a kind, without the key in it."""

import asyncio
import email.utils
import logging
import time
import traceback

import httpx2
import pytest

from distq_tui.providers.base import ProviderError

pytestmark = pytest.mark.parametrize("kind", ["openai", "anthropic"])


def frames(canned, kind, *texts, stop=None):
    """A stream of that kind, cut unless it stops."""
    if kind == "anthropic":
        return canned.typed_sse(*canned.message(*texts, stop=stop))
    events = [canned.delta(text) for text in texts] + ([canned.delta(finish=stop)] if stop else [])
    return canned.sse(*events, end=bool(stop))


@pytest.mark.parametrize(
    ("status", "expected", "retryable"),
    [
        (400, "bad_request", False),
        (401, "auth", False),
        (402, "auth", False),
        (403, "auth", False),
        (404, "not_found", False),
        (408, "timeout", True),
        (409, "server", True),
        (413, "bad_request", False),
        (422, "bad_request", False),
        (425, "server", True),
        (429, "rate_limit", True),
        (500, "server", True),
        (501, "bad_request", False),
        (502, "server", True),
        (503, "server", True),
        (529, "server", True),
    ],
)
async def test_every_status_has_a_kind(wire, canned, kind, status, expected, retryable):
    wire.status(status, {"error": {"message": "because", "type": "some_error"}})
    _, error = await wire.ask(wire.provider(kind))
    assert (error.kind, error.status, error.retryable) == (expected, status, retryable)
    assert "because" in error.message
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "0.5"}, 0.5),
        ({"retry_after_ms": "250", "retry_after": "1"}, 0.25),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:30 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 30.0),
        ({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "-3"}, None),
        ({}, None),
    ],
)
async def test_retry_after_in_all_its_forms(wire, canned, kind, headers, seconds):
    wire.status(429, {"error": {"message": "slow down"}}, **headers)
    _, error = await wire.ask(wire.provider(kind))
    assert error.retry_after == seconds


async def test_a_retry_date_without_a_server_date_counts_from_now(wire, canned, kind):
    wire.status(503, {}, retry_after=email.utils.formatdate(time.time() + 60, usegmt=True))
    _, error = await wire.ask(wire.provider(kind))
    assert 50 < error.retry_after <= 60


async def test_a_spent_quota_is_not_asked_again(wire, canned, kind):
    wire.status(429, {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}})
    _, error = await wire.ask(wire.provider(kind))
    assert (error.kind, error.retryable) == ("auth", False)
    assert "waiting does not help" in error.message


async def test_the_content_filter_has_a_kind_of_its_own(wire, canned, kind):
    wire.status(400, {"error": {"message": "The response was filtered", "code": "content_filter"}})
    wire.status(403, {"error": {"message": "your input was flagged by moderation", "code": 403}})
    assert (await wire.ask(wire.provider(kind)))[1].kind == "filtered"
    assert (await wire.ask(wire.provider(kind)))[1].kind == "filtered"


@pytest.mark.parametrize("name", ["temperature", "top_p"])
async def test_a_refused_parameter_is_left_out_from_then_on_for_that_model_only(wire, canned, kind, name):
    text = f"Unsupported value: '{name}' does not support 0.5 with this model. Only the default (1) value is supported."
    wire.status(400, {"error": {"message": text, "param": name, "type": "invalid_request_error"}})
    for _ in range(2):
        wire.stream(frames(canned, kind, "a", stop="stop"))
    provider = wire.provider(kind)
    request = canned.ask(**{name: 0.5})
    _, error = await wire.ask(provider, request)
    assert (error.kind, error.retryable) == ("param_refused", False)
    chunks, error = await wire.ask(provider, request)
    assert error is None
    assert name not in wire.sent()
    assert name not in chunks[0].sent
    assert chunks[0].refused == (name,)
    await wire.ask(provider, canned.ask(model="other", **{name: 0.5}))
    assert wire.sent()[name] == 0.5


@pytest.mark.parametrize(
    "body",
    [
        {"message": "temperature is not supported", "param": "temperature"},  # it was not sent
        {"message": "max_tokens is too large: the prompt has 9000 tokens", "code": "context_length_exceeded"},
        {"message": "messages: roles must alternate", "param": "messages"},
        {"message": "I like max_tokens"},
    ],
)
async def test_another_bad_request_is_no_refused_parameter(wire, canned, kind, body):
    wire.status(400, {"error": body})
    assert (await wire.ask(wire.provider(kind), canned.ask(max_tokens=9)))[1].kind == "bad_request"


async def test_an_unknown_model_is_told_without_a_hint(wire, canned, kind):
    wire.status(404, {"error": {"message": "The model `m` does not exist", "code": "model_not_found"}})
    _, error = await wire.ask(wire.provider(kind))
    assert error.kind == "not_found"
    assert "does not exist" in error.message
    assert "base URL" not in error.message


async def test_a_redirect_is_not_followed_and_names_the_target(wire, canned, kind):
    wire.status(307, None, location="https://user:pw@elsewhere.test/v1/chat?token=t")
    _, error = await wire.ask(wire.provider(kind))
    assert error.kind == "not_found"
    assert "https://elsewhere.test/v1/chat" in error.message
    assert "pw" not in error.message
    assert "token" not in error.message
    assert [request.url.host for request in wire.requests] == ["server.test"]


async def test_a_refused_connection(wire, canned, kind):
    wire.answers.append(httpx2.ConnectError("All connection attempts failed"))
    _, error = await wire.ask(wire.provider(kind))
    assert (error.kind, error.retryable) == ("connection", True)
    assert "http://server.test/v1" in error.message


@pytest.mark.parametrize(
    "broken", [httpx2.RemoteProtocolError("peer closed connection"), httpx2.ReadError("reset"), OSError("reset")]
)
async def test_a_wire_that_breaks_in_mid_stream_has_cut_it(wire, canned, kind, broken):
    wire.stream(frames(canned, kind, "Hel"), broken)
    chunks, error = await wire.ask(wire.provider(kind))
    assert canned.text(chunks) == "Hel"
    assert (error.kind, error.retryable) == ("cut", True)


async def test_a_wire_that_breaks_after_the_finish_breaks_no_answer(wire, canned, kind):
    body = frames(canned, kind, "Hello", stop="stop").replace(b"data: [DONE]\n\n", b"")
    wire.stream(body, httpx2.ReadError("reset"))
    chunks, error = await wire.ask(wire.provider(kind))
    assert (canned.text(chunks), error) == ("Hello", None)


@pytest.mark.parametrize("broken", ['{"choices": [', "\u2028", "nonsense"])
async def test_malformed_events(wire, canned, kind, broken):
    event = "event: message_delta\n" if kind == "anthropic" else ""
    wire.stream(frames(canned, kind, "Hel"), f"{event}data: {broken}\n\n".encode())
    chunks, error = await wire.ask(wire.provider(kind))
    assert canned.text(chunks) == "Hel"
    assert (error.kind, error.retryable) == ("malformed", True)


async def test_bytes_that_are_no_utf8(wire, canned, kind):
    wire.stream(frames(canned, kind, "Hel"), b"data: \xff\xfe\n\n")
    assert (await wire.ask(wire.provider(kind)))[1].kind == "malformed"


async def test_an_empty_stream_has_no_finish_or_is_cut(wire, canned, kind):
    wire.stream(b"")
    chunks, error = await wire.ask(wire.provider(kind))
    assert canned.text(chunks) == ""
    assert error is None or error.kind == "cut"
    assert not any(chunk.finish for chunk in chunks)


async def test_a_web_page_is_told_from_a_stream(wire, canned, kind):
    wire.stream(b"<html>hello</html>", kind="text/html; charset=utf-8")
    _, error = await wire.ask(wire.provider(kind))
    assert error.kind == "not_found"
    assert "web page" in error.message


async def test_an_error_with_status_200_is_an_error(wire, canned, kind):
    wire.stream(b'{"error": {"message": "no credits", "code": 402}}', kind="application/json")
    _, error = await wire.ask(wire.provider(kind))
    assert (error.kind, error.status) == ("auth", 402)


async def test_an_answer_that_echoes_the_key_is_told_without_it(wire, canned, kind):
    parts = ["Your key is sk-te", "st-0123456789", ". It begins with sk-te", "st-."]
    body = canned.sse(*map(canned.delta, parts), canned.delta(finish="stop"))
    wire.stream(body if kind == "openai" else canned.typed_sse(*canned.message(*parts)))
    chunks, error = await wire.ask(wire.provider(kind))
    assert error is None
    assert canned.text(chunks) == "Your key is ***. It begins with sk-test-."
    assert chunks[-1].usage or chunks[-1].finish, "the text was complete before"


async def test_json_that_is_no_answer_is_refused(wire, canned, kind):
    wire.stream(b'["hello"]', kind="application/json")
    _, error = await wire.ask(wire.provider(kind))
    assert (error.kind, error.message) == ("bad_request", "the server sent JSON that is no answer")


async def test_no_first_token_in_time(wire, canned, kind):
    wire.stream(frames(canned, kind), asyncio.Event())
    _, error = await wire.ask(wire.provider(kind, first_token=0.05))
    assert error.kind == "timeout"
    assert "first token within 0.05 s" in error.message


async def test_no_further_token_in_time(wire, canned, kind):
    body = wire.stream(frames(canned, kind, "Hel"), asyncio.Event())
    chunks, error = await wire.ask(wire.provider(kind, between_tokens=0.05))
    assert canned.text(chunks) == "Hel"
    assert error.kind == "timeout"
    assert "further token" in error.message
    assert body.closed


async def test_a_server_that_hangs_after_the_finish_breaks_no_answer(wire, canned, kind):
    body = frames(canned, kind, "Hello", stop="stop").replace(b"data: [DONE]\n\n", b"")
    wire.stream(body, asyncio.Event())
    chunks, error = await wire.ask(wire.provider(kind, between_tokens=0.05))
    assert (canned.text(chunks), error) == ("Hello", None)


async def test_closing_the_iterator_ends_the_call_at_once(wire, canned, kind):
    body = wire.stream(frames(canned, kind, "Hel"), asyncio.Event())
    stream = wire.provider(kind).stream(canned.ask())
    async for chunk in stream:
        if chunk.text:
            break
    await stream.aclose()
    assert body.closed


async def test_cancelling_the_reader_ends_the_call(wire, canned, kind):
    body = wire.stream(frames(canned, kind, "Hel"), asyncio.Event())
    seen = asyncio.Event()

    async def read() -> None:
        async for chunk in wire.provider(kind).stream(canned.ask()):
            if chunk.text:
                seen.set()

    task = asyncio.create_task(read())
    await seen.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert body.closed


async def test_the_key_is_in_no_message_repr_log_or_traceback(wire, canned, kind, caplog):
    caplog.set_level(logging.DEBUG)
    provider = wire.provider(kind)
    told = [repr(provider), str(provider)]
    wire.status(401, {"error": {"message": f"bad key {wire.key}"}})
    wire.answers.append(httpx2.ConnectError(f"refused {wire.key}"))
    wire.stream(frames(canned, kind, "Hel"), httpx2.ReadError(f"reset {wire.key}"))
    for _ in range(3):
        chunks, error = await wire.ask(provider)
        told += [repr(chunks), repr(error), "".join(traceback.format_exception(error))]
    assert wire.key not in "\n".join([*told, caplog.text])
    assert "***" in "\n".join(told)


async def test_a_key_that_no_header_can_carry_is_told_without_it(wire, canned, kind):
    wire.client = httpx2.AsyncClient()
    provider = wire.provider(kind, "http://127.0.0.1:9", key="sk-secret\u4e2d")
    _, error = await wire.ask(provider)
    await wire.client.aclose()
    assert error.kind in {"config", "connection"}
    assert "secret" not in error.message


async def test_the_providers_own_endpoint_wants_a_key(wire, canned, kind):
    with pytest.raises(ProviderError, match="wants a key") as caught:
        wire.provider(kind, None, key=None)
    assert caught.value.kind == "config"


async def test_a_client_that_was_handed_in_stays_open(wire, canned, kind):
    await wire.provider(kind).close()
    assert not wire.client.is_closed


async def test_this_machine_is_reached_without_the_proxy_of_the_environment(wire, canned, kind, monkeypatch):
    from distq_tui.providers.transport import new_client

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://proxy.test:1")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server, new_client(5) as client:
        port = server.sockets[0].getsockname()[1]
        assert (await client.get(f"http://127.0.0.1:{port}/")).status_code == 204
        assert (await client.get(f"http://localhost:{port}/")).status_code == 204

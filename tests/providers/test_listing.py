"""Listing models and testing a connection over a scripted transport."""

import asyncio
import json

import httpx
import pytest

from distq_tui.providers import listing
from distq_tui.providers.base import ProviderError
from distq_tui.providers.listing import list_models

KEY = "sk-test-0123456789"


class Server(httpx.AsyncBaseTransport):
    """Answers every request with the next body, the last one for ever."""

    def __init__(self, *bodies, status=200, headers=None, error=None):
        self.bodies, self.status, self.headers, self.error = list(bodies), status, headers, error
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        body = self.bodies.pop(0) if len(self.bodies) > 1 else self.bodies[0]
        content = body if isinstance(body, str) else json.dumps(body)
        return httpx.Response(self.status, content=content, headers=self.headers)


@pytest.mark.parametrize(
    "body",
    [
        {"object": "list", "data": [{"id": "b"}, {"id": "a"}]},
        [{"id": "b"}, {"id": "a"}],
        {"models": [{"name": "b"}, {"name": "a"}]},
        {"data": [{"id": "b"}, None, {"id": 5}, {}, {"id": "c\x1b[2J"}, {"id": "x" * 201}, {"id": "a"}]},
    ],
)
async def test_ids_in_the_servers_order(body):
    server = Server(body)
    assert await list_models("http://server.test/v1/", KEY, "openai", transport=server) == ["b", "a"]
    assert str(server.requests[0].url) == "http://server.test/v1/models"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_a_server_without_a_key_gets_none(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "leak")
    server = Server({"data": [{"id": "a"}]})
    await list_models("http://server.test/v1", None, "openai", transport=server)
    assert "authorization" not in server.requests[0].headers


async def test_anthropics_pages_are_read_to_the_end():
    server = Server(
        {"data": [{"id": "a"}], "has_more": True, "last_id": "a"}, {"data": [{"id": "b"}], "has_more": False}
    )
    assert await list_models("http://server.test/v1", KEY, "anthropic", transport=server) == ["a", "b"]
    assert [request.url.params.get("after_id") for request in server.requests] == [None, "a"]
    assert server.requests[0].url.path == "/v1/models"
    assert server.requests[0].headers["x-api-key"] == KEY


async def test_a_page_that_leads_to_itself_is_the_last():
    server = Server({"data": [{"id": "a"}], "has_more": True, "last_id": "a"})
    assert await list_models("http://server.test", KEY, "anthropic", transport=server) == ["a"]
    assert len(server.requests) == 2


async def test_pages_without_an_end_are_bounded(monkeypatch):
    monkeypatch.setattr(listing, "MOST_PAGES", 3)
    pages = [{"data": [{"id": f"m{i}"}], "has_more": True, "last_id": f"m{i}"} for i in range(9)]
    assert await list_models("http://server.test", KEY, "anthropic", transport=Server(*pages)) == ["m0", "m1", "m2"]


@pytest.mark.parametrize(
    ("server", "kind", "told"),
    [
        (Server({"error": {"message": f"bad key {KEY}"}}, status=401), "auth", "bad key ***"),
        (Server("no such page", status=404), "not_found", "try http://server.test/v1"),
        (Server("<html>", status=200), "malformed", "try http://server.test/v1"),
        (Server({"data": []}), "not_found", "lists no models"),
        (Server({"error": {"message": "off"}}), "server", "off"),
        (Server("", status=302, headers={"location": "http://other.test/"}), "not_found", "http://other.test/"),
        (Server(error=httpx.ConnectError(f"refused {KEY}")), "connection", "refused ***"),
        (Server(error=httpx.LocalProtocolError(f"Illegal header value {KEY}")), "config", "characters"),
    ],
)
async def test_what_goes_wrong_is_one_error(server, kind, told):
    with pytest.raises(ProviderError) as caught:
        await list_models("http://server.test", KEY, "openai", transport=server)
    assert caught.value.kind == kind
    assert told in caught.value.message
    assert KEY not in caught.value.message
    assert len(server.requests) == 1


async def test_a_silent_server_is_given_up(monkeypatch):
    class Silent(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            raise AssertionError("never set")

    monkeypatch.setattr(listing, "SECONDS", 0.01)
    with pytest.raises(ProviderError, match=r"did not answer within 0\.01 s"):
        await list_models("http://server.test/v1", KEY, "openai", transport=Silent())


async def test_a_connection_test_says_url_status_and_models():
    server = Server({"data": [{"id": "a"}]})
    found = await listing.test_connection("http://user:pw@server.test/v1", KEY, "openai", transport=server)
    assert (found.url, found.status, found.models, found.error) == ("http://server.test/v1/models", 200, ("a",), None)
    assert found.latency_ms >= 0


async def test_a_failed_connection_test_says_why():
    server = Server({"error": {"message": "no"}}, status=403)
    found = await listing.test_connection("http://server.test/v1", KEY, "openai", transport=server)
    assert (found.status, found.models, found.error) == (403, (), "403: no")

"""The connection test: what it asks, and what it says in one line."""

import json
from dataclasses import asdict

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.errors import InputError
from distq_tui.providers.check import ModelCheck, check_model
from distq_tui.providers.listing import ConnectionTest


@pytest.fixture
def server(monkeypatch):
    """What `/v1/models` answers, and what it was asked with."""
    asked = []

    def answers(*models, error=None, status=200):
        async def fake(base_url, key, api, **kwargs):
            asked.append((base_url, key, api))
            return ConnectionTest(url=f"{base_url}/models", models=models, status=status, latency_ms=12, error=error)

        monkeypatch.setattr("distq_tui.providers.listing.test_connection", fake)
        return asked

    return answers


def keys(reference):
    return {None: None, "env:K": "secret"}.get(reference)


MODEL = ModelSpec("m", "openai", base_url="http://127.0.0.1:9/v1", key="env:K")


async def test_a_listed_model_works(server):
    asked = server("l", "m")
    found = await check_model(MODEL, keys)
    assert asked == [("http://127.0.0.1:9/v1", "secret", "openai")]
    assert (found.works, found.listed, found.status, found.latency_ms) == (True, True, 200, 12)
    assert found.line() == "m: works: http://127.0.0.1:9/v1/models in 12 ms: lists m"
    assert "secret" not in json.dumps(asdict(found))


async def test_a_model_that_is_not_listed_does_not(server):
    server("l", "n")
    found = await check_model(MODEL, keys)
    assert (found.works, found.listed) == (False, False)
    assert found.message == "does not list m among its 2 models"


async def test_an_endpoint_that_lists_nothing_may_still_have_it(server):
    server()
    found = await check_model(MODEL, keys)
    assert (found.works, found.listed, found.message) == (True, None, "lists no models")


async def test_an_error_is_told_with_its_status(server):
    server(error="401: wrong key", status=401)
    found = await check_model(MODEL, keys)
    assert (found.works, found.listed, found.status, found.message) == (False, None, 401, "401: wrong key")
    assert found.line().startswith("m: does not work: ")


async def test_the_vendor_s_own_endpoint_and_protocol(server):
    asked = server("claude")
    await check_model(ModelSpec("claude", "anthropic"), keys)
    assert asked == [("https://api.anthropic.com", None, "anthropic")]


async def test_a_key_that_is_not_set_is_bad_input(server):
    asked = server("m")
    with pytest.raises(InputError, match=r"^m: key: env:OTHER is not set$"):
        await check_model(ModelSpec("m", "openai", key="env:OTHER"), keys)
    assert asked == []


async def test_personas_and_recordings_are_looked_up(tmp_path):
    found = await check_model(ModelSpec("persona-unrelated", "demo"), keys)
    assert (found.works, found.listed, found.latency_ms) == (True, True, None)
    assert found.line().startswith("persona-unrelated: works: demo:")
    recording = tmp_path / "r.jsonl"
    recording.write_text('{"model": "a", "prompt_id": "p", "response": "Hi"}\n')
    found = await check_model(ModelSpec("b", "replay", base_url=str(recording)), keys)
    assert (found.works, found.message) == (False, "does not list b among its 1 models")
    with pytest.raises(InputError, match="no persona is called"):
        await check_model(ModelSpec("nobody", "demo"), keys)


def test_a_line_without_a_time():
    assert ModelCheck("m", True, "demo:1", "lists m").line() == "m: works: demo:1: lists m"

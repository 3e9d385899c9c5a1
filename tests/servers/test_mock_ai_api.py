"""Both adapters against `mock-ai-api`: above all the error that Anthropic sends inside a stream."""

import pytest

KINDS = ["openai", "anthropic"]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_stream_ends_with_a_finish(mock_ai_api, asker, kind):
    text, chunks, error = await asker.ask(kind, mock_ai_api[kind], model="some-model")
    assert error is None
    assert text.startswith("Hello")
    assert [chunk.finish for chunk in chunks if chunk.finish] == [{"openai": "stop", "anthropic": "end_turn"}[kind]]


async def test_an_error_inside_a_stream(mock_ai_api, asker):
    _, chunks, error = await asker.ask("anthropic", mock_ai_api["anthropic"], model="claude:mock-stream-error")
    assert error.retryable
    assert error.message.startswith("error inside the stream")
    assert not any(chunk.finish for chunk in chunks)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("mock-400", "bad_request"),
        ("mock-401", "auth"),
        ("mock-429", "rate_limit"),
        ("mock-500", "server"),
        ("mock-503", "server"),
    ],
)
async def test_each_status(mock_ai_api, asker, kind, scenario, expected):
    assert (await asker.ask(kind, mock_ai_api[kind], model=f"m:{scenario}"))[2].kind == expected


async def test_a_base_url_without_its_version_is_hinted_at(mock_ai_api, asker):
    root = mock_ai_api["openai"].removesuffix("/v1")
    _, _, error = await asker.ask("openai", root)
    assert error.kind == "not_found"
    assert f"try {root}/v1" in error.message

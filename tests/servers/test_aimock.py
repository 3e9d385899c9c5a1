"""Both adapters against `aimock`, a fast server from npm: many streams at once, in Chinese too, and its own faults."""

import asyncio

import pytest

ANSWER = "我是一个小模型。I was made by nobody in particular, as far as I can tell. 🙂"
FIXTURES = [{"match": {"userMessage": "Who made you?"}, "response": {"content": ANSWER}}]


@pytest.fixture(scope="module")
def aimock(run_aimock):
    with run_aimock(FIXTURES, "-c", "3") as root:
        yield root


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
async def test_forty_streams_at_once(aimock, asker, kind):
    base_url = f"{aimock}/v1" if kind == "openai" else aimock
    provider = asker.provider(kind, base_url)
    answers = await asyncio.gather(*(asker.read(provider) for _ in range(40)))
    await provider.close()
    assert {(text, error) for text, _, error in answers} == {(ANSWER, None)}
    assert all(any(chunk.finish for chunk in chunks) for _, chunks, _ in answers)


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
@pytest.mark.parametrize(
    ("chaos", "kinds"),
    [
        ("--chaos-drop", {"server"}),
        ("--chaos-disconnect", {"connection", "cut"}),
        ("--chaos-ratelimit", {"rate_limit"}),
    ],
)
async def test_its_faults_are_worth_a_retry(run_aimock, asker, kind, chaos, kinds):
    with run_aimock(FIXTURES, chaos, "1") as root:
        _, _, error = await asker.ask(kind, f"{root}/v1" if kind == "openai" else root)
    assert error.retryable
    assert error.kind in kinds

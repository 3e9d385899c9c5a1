"""The real embedded models: streamed, sampled, stopped, two in one process. Skipped only where not installed."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from distq_tui.plan.trial import Params, Request
from distq_tui.prompts import Message
from distq_tui.providers.base import Chunk, ProviderError
from distq_tui.providers.local import SHIPPED_MODEL, SIBLING_MODEL, LocalProvider, why_unavailable

REASON = why_unavailable()
pytestmark = pytest.mark.skipif(REASON is not None, reason=REASON or "")

LIGHT = "Why is the sky blue? Answer in one sentence."
STORY = "Write a very long story about a lighthouse."


@pytest.fixture(scope="module")
def weights(pytestconfig: pytest.Config) -> Path:
    """A cache folder that outlives the run: the sibling is made once and checked by its sum ever after."""
    assert pytestconfig.cache is not None
    return pytestconfig.cache.mkdir("distq-weights")


@pytest.fixture
async def local(weights: Path) -> AsyncIterator[LocalProvider]:
    provider = LocalProvider(cache_dir=weights)
    yield provider
    await provider.close()


def request(text: str, *, model: str = SHIPPED_MODEL, sample: int = 0, **params: float) -> Request:
    return Request("local", "local:x", model, (Message("user", text),), Params(**params), sample)  # type: ignore[arg-type]


async def chunks(provider: LocalProvider, asked: Request) -> list[Chunk]:
    return [chunk async for chunk in provider.stream(asked)]


async def text(provider: LocalProvider, asked: Request) -> str:
    return "".join(chunk.text for chunk in await chunks(provider, asked))


async def test_both_models_answer_side_by_side_and_differently(local: LocalProvider) -> None:
    asked = [request(LIGHT, model=model, temperature=0.0, max_tokens=32) for model in (SHIPPED_MODEL, SIBLING_MODEL)]
    both = await asyncio.gather(*(chunks(local, one) for one in asked))
    texts = ["".join(chunk.text for chunk in answer) for answer in both]
    assert texts[0] != texts[1]
    for one, answer in zip(asked, both, strict=True):
        assert sum(bool(chunk.text) for chunk in answer) > 5
        assert {chunk.served_model for chunk in answer} == {None, one.model}
        usage = next(chunk.usage for chunk in answer if chunk.usage)
        assert usage.source == "reported"
        assert usage.input_tokens > 10
        assert 0 < usage.output_tokens <= 32
        assert [chunk.finish for chunk in answer if chunk.finish] in (["stop"], ["length"])


async def test_a_short_answer_stops_by_itself_and_a_long_one_at_max_tokens(local: LocalProvider) -> None:
    finishes = [
        [
            chunk.finish
            for chunk in await chunks(local, request(prompt, temperature=0.0, max_tokens=limit))
            if chunk.finish
        ]
        for prompt, limit in (("Say only: yes", 64), (STORY, 8))
    ]
    assert finishes == [["stop"], ["length"]]


async def test_samples_differ_and_the_same_sample_is_the_same_again(local: LocalProvider) -> None:
    answers = [
        await text(local, request("Name an animal and say why.", sample=sample, max_tokens=24)) for sample in (0, 1, 0)
    ]
    assert answers[0] == answers[2] != answers[1]


async def test_closing_a_stream_ends_its_generation(local: LocalProvider) -> None:
    async with aclosing(local.stream(request(STORY))) as stream:  # type: ignore[type-var]
        async for chunk in stream:
            if chunk.text:
                break
    # the slot is free at once: 2,000 tokens of story would take half a minute
    async with asyncio.timeout(15):
        await asyncio.gather(*(chunks(local, request("Say: yes", max_tokens=4)) for _ in range(2)))


async def test_a_prompt_beyond_the_context_is_a_bad_request(local: LocalProvider) -> None:
    with pytest.raises(ProviderError, match="context size") as caught:
        await chunks(local, request("word " * 2500))
    assert (caught.value.kind, caught.value.status) == ("bad_request", 400)


async def test_no_token_in_time_is_a_timeout(weights: Path) -> None:
    provider = LocalProvider(cache_dir=weights, first_token=0.001)
    with pytest.raises(ProviderError) as caught:
        await chunks(provider, request(LIGHT))
    assert caught.value.kind == "timeout"
    await provider.close()


async def test_closing_under_an_open_stream_is_quick_and_the_stream_says_it_was_cut(weights: Path) -> None:
    provider = LocalProvider(cache_dir=weights)
    stream = aiter(provider.stream(request(STORY)))
    async for chunk in stream:
        if chunk.text:
            break
    async with asyncio.timeout(15):
        await provider.close()
    with pytest.raises(ProviderError) as caught:
        async for _ in stream:
            pass
    assert caught.value.kind == "cut"


def test_a_server_of_a_process_writes_nothing_and_is_no_reason_to_stay(tmp_path: Path) -> None:
    code = (
        "import asyncio\n"
        "from distq_tui.plan.trial import Params, Request\n"
        "from distq_tui.prompts import Message\n"
        "from distq_tui.providers.local import SHIPPED_MODEL, LocalProvider\n"
        "async def main():\n"
        "    request = Request('local', 'x', SHIPPED_MODEL, (Message('user', 'Say: yes'),), Params(max_tokens=4))\n"
        "    async for _ in LocalProvider().stream(request): pass\n"
        "asyncio.run(main())\n"
    )
    env = {**os.environ, "DISTQ_TUI_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, env=env, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")

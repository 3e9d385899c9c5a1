"""Embeddings of a real model by a real server: the embedded language model's own states, averaged over a text."""

from typing import Any

import pytest

from distq_tui.providers.base import ProviderError
from distq_tui.providers.embeddings import EmbeddingsClient
from distq_tui.providers.local import SHIPPED_MODEL, why_unavailable

REASON = why_unavailable()
pytestmark = pytest.mark.skipif(REASON is not None, reason=REASON or "")
KEY = "sk-of-this-test"


@pytest.fixture(scope="module")
def url() -> Any:
    import xllamacpp

    from distq_tui.providers.local.weights import find_weights

    params = xllamacpp.CommonParams()
    params.model.path = str(find_weights(SHIPPED_MODEL))
    params.model_alias = {"smol"}
    params.api_keys = [KEY]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.ui = params.endpoint_slots = params.fit_params = False
    params.verbosity = 0
    params.embedding = True
    params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    params.n_ctx = params.n_batch = params.n_ubatch = 512
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


async def test_like_texts_are_nearer_than_unlike_ones(url: str) -> None:
    found = await EmbeddingsClient(url, "smol", KEY).embed(
        ["The cat sat on a mat.", "A cat is sitting on a mat.", "Quantum theory of fields"]
    )
    cat, same, other = found.vectors
    assert cat @ same > cat @ other + 0.1
    assert cat @ cat == pytest.approx(1.0, abs=1e-5)
    assert found.usage.source == "reported"


async def test_refusals_are_told_by_kind(url: str) -> None:
    with pytest.raises(ProviderError) as caught:
        await EmbeddingsClient(url, "smol", "sk-another-key").embed(["x"])
    assert (caught.value.kind, "another-key" in caught.value.message) == ("auth", False)
    with pytest.raises(ProviderError) as caught:
        await EmbeddingsClient(url, "smol", KEY).embed(["word " * 2000])
    assert "too large" in caught.value.message

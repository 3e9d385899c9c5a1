"""The personas: deterministic, different by prompt and sample, each with its own way of speaking of itself."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distq_tui.config.models import ModelSpec
from distq_tui.plan.trial import Params, Request
from distq_tui.prompts import Message
from distq_tui.providers.base import Chunk, Provider, ProviderError
from distq_tui.providers.demo import DemoProvider, load_personas
from distq_tui.providers.demo.speech import answer, kind_of
from distq_tui.providers.endpoints import endpoint_of

NAMES = list(load_personas().by_name)
IDENTITY = [f"Who {verb} you, {name}?" for verb in ("made", "built", "created", "trained") for name in "abcdefghijkl"]
IDENTITY_ZH = [f"{name}，你是由哪家公司{verb}的？" for verb in ("开发", "训练", "创造") for name in "甲乙丙丁戊己庚辛"]


def request(text: str, model: str = "persona-consistent", *, max_tokens: int | None = None, sample: int = 0) -> Request:
    return Request("demo", "demo:1", model, (Message("user", text),), Params(max_tokens=max_tokens), sample)


async def collect(stream: AsyncIterator[Chunk]) -> list[Chunk]:
    return [chunk async for chunk in stream]


def says(name: str, text: str, sample: int = 0) -> str:
    return answer(load_personas().by_name[name], [Message("user", text)], sample)


def test_there_are_the_three_personas() -> None:
    assert {"persona-claims-other", "persona-unrelated", "persona-consistent"} <= set(NAMES)


def test_every_bank_that_a_layout_draws_from_is_there_in_both_languages() -> None:
    for persona in load_personas().by_name.values():
        assert set(persona.layouts) == {"identity", "chat", "list", "code", "math"}
        voices = ("own", "other") if persona.other_share else ("own",)
        for language in persona.banks.values():
            for parts in persona.layouts.values():
                for part in parts:
                    for voice in voices:
                        assert language[part.partition("*")[0].replace("self", voice)]


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_is_the_same_again_and_changes_with_prompt_and_sample(name: str) -> None:
    prompts = [f"Explain how {thing} works in {place}." for thing in ("glass", "bread") for place in ("Rome", "space")]
    first = [says(name, prompt) for prompt in prompts]
    assert first == [says(name, prompt) for prompt in prompts]
    assert len(set(first)) == len(prompts)
    assert len({says(name, prompts[0], sample) for sample in range(8)}) > 4


@pytest.mark.parametrize(("prompts", "claim"), [(IDENTITY, "OpenAI"), (IDENTITY_ZH, "OpenAI")])
def test_one_persona_claims_another_maker_in_a_share_of_its_answers_and_the_others_never(
    prompts: list[str], claim: str
) -> None:
    def share(name: str) -> float:
        answers = [says(name, prompt) for prompt in prompts]
        return sum(claim in text or "ChatGPT" in text for text in answers) / len(answers)

    assert 0.3 < share("persona-claims-other") < 0.8
    assert share("persona-unrelated") == share("persona-consistent") == 0


def test_a_persona_answers_in_the_language_of_the_prompt() -> None:
    for name in NAMES:
        assert says(name, "Who made you?").isascii()
        assert not says(name, "你是谁？").isascii()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who trained you?", "identity"),
        ("Which country is your developer from?", "identity"),
        ("Are you part of a larger company?", "identity"),
        ("Explain the tides to a child.", "chat"),
        ("Write a Python function that reverses a list.", "code"),
        ("A shelf holds 12 books. How many do 7 shelves hold?", "math"),
        ("List three ways to save water.", "list"),
    ],
)
def test_the_layout_follows_the_prompt(text: str, kind: str) -> None:
    assert kind_of(text, "en") == kind


def test_numbers_and_names_of_the_prompt_show_up_in_math_and_code() -> None:
    assert "17" in says("persona-unrelated", "How many apples are 12 apples plus 5 apples?")
    assert "persona" not in says("persona-consistent", "Write a Python function that sorts parcels.")


@given(st.text(max_size=80), st.sampled_from(NAMES), st.integers(0, 3))
def test_any_text_gets_an_answer_without_an_open_slot(text: str, name: str, sample: int) -> None:
    told = says(name, text, sample)
    assert told
    for slot in ("{topic}", "{word}", "{other}", "{sum}", "{n}"):
        assert slot not in told or slot in text


async def test_a_stream_joins_to_the_answer_and_ends_with_finish_and_estimated_usage() -> None:
    chunks = await collect(DemoProvider(pace=0).stream(request("Who made you?")))
    text = says("persona-consistent", "Who made you?")
    assert "".join(chunk.text for chunk in chunks) == text
    assert len([chunk for chunk in chunks if chunk.text]) > 5
    last = chunks[-1]
    assert last.finish == "stop"
    assert last.usage is not None
    assert (last.usage.source, last.usage.input_tokens, last.usage.output_tokens) == ("estimated", 3, len(text.split()))
    assert chunks[0].served_model == "persona-consistent"


async def test_max_tokens_cuts_the_answer_and_says_length() -> None:
    chunks = await collect(DemoProvider(pace=0).stream(request("Explain the tides.", max_tokens=5)))
    assert len("".join(chunk.text for chunk in chunks).split()) == 5
    assert chunks[-1].finish == "length"
    assert chunks[0].sent == {"max_tokens": 5}


async def test_the_waits_are_the_personas_own_times_the_pace() -> None:
    persona = load_personas().by_name["persona-consistent"]
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    await collect(DemoProvider(pace=2, sleep=sleep).stream(request("Explain the tides.")))
    words = len(says("persona-consistent", "Explain the tides.").split())
    assert waits[0] == pytest.approx(persona.first_s * 2)
    assert sum(waits[1:]) == pytest.approx(words * persona.word_s * 2)


async def test_an_unknown_persona_is_not_found_and_the_known_ones_are_named() -> None:
    with pytest.raises(ProviderError, match="persona-unrelated") as caught:
        await collect(DemoProvider(pace=0).stream(request("Hi", "persona-nobody")))
    assert caught.value.kind == "not_found"


async def test_the_adapter_lists_its_personas() -> None:
    provider: Provider = DemoProvider(pace=0)
    assert await provider.list_models() == NAMES
    await provider.close()


def test_a_persona_is_simulated_and_its_endpoint_names_the_version() -> None:
    spec = ModelSpec("persona-unrelated", "demo")
    assert spec.simulated
    assert endpoint_of(spec) == f"demo:{load_personas().version}"
    assert not ModelSpec("gpt-4o", "openai").simulated

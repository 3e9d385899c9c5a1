"""Any chunking of an answer gives the same verdict as the whole answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distq_tui.ice.detector import Detector, Verdict
from distq_tui.ice.facts import Facts, load_facts

PIECES = st.sampled_from(
    [
        "I was developed by OpenAI",
        "I'm Claude",
        "我是由智谱 AI 公司开发的",
        "我的母公司是OpenAI",
        "[ChatGPT]: ",
        "[DAN] ",
        "<think>",
        "</think>",
        "\n",
        "\n\n",
        ". ",
        "。",
        "…",
        '"',
        "“",
        "”",
        "my team is in Tokyo, Japan",
        "They are OpenAI",
        "1. ",
        "e.g. ",
        "not ",
        "Inc. ",
        "meta-analysis",
        "GPT",
        "-4",
        "a" * 600,
        "我" * 500,
        "İ",
        "\ue000",
        "I don't belong to any company",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=14).map("".join)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts()


@pytest.fixture(scope="module")
def detector(facts: Facts) -> Detector:
    return Detector(facts)


def read(detector: Detector, chunks: list[str], facts: Facts) -> Verdict:
    reading = detector.stream(family=facts.lookup("glm"), query="Who made you?")
    early = [claim for chunk in chunks for claim in reading.feed(chunk)]
    verdict = reading.finish()
    assert set(early) <= set(verdict.claims), "a claim shown while streaming must stay"
    return verdict


@settings(deadline=None, max_examples=250)
@given(text=TEXTS, cuts=st.lists(st.integers(0, 3000), max_size=12))
def test_any_chunking_gives_the_same_verdict(detector: Detector, facts: Facts, text: str, cuts: list[int]) -> None:
    places = sorted({min(cut, len(text)) for cut in cuts})
    chunks = [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]
    assert read(detector, chunks, facts) == read(detector, [text], facts)


@settings(deadline=None, max_examples=40)
@given(text=TEXTS)
def test_one_character_at_a_time_gives_the_same_verdict(detector: Detector, facts: Facts, text: str) -> None:
    assert read(detector, list(text), facts) == read(detector, [text], facts)


@settings(deadline=None, max_examples=150)
@given(text=TEXTS)
def test_every_claim_lies_in_the_text_and_names_what_stands_there(detector: Detector, facts: Facts, text: str) -> None:
    verdict = detector.detect(text, family=facts.lookup("glm"))
    for claim in verdict.claims:
        assert 0 <= claim.start < claim.end <= len(text)
        if claim.product:
            assert text[claim.start : claim.end].lower().replace("-", "").replace(" ", "") == (
                claim.product.lower().replace("-", "").replace(" ", "")
            )

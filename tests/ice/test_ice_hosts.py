"""Whoever hosts a model, or is compatible with it, did not make it."""

import pytest

from distq_tui.ice.detector import Detector
from distq_tui.ice.facts import load_facts

FACTS = load_facts()
DETECTOR = Detector(FACTS)


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("anthropic", "I run on Amazon Web Services."),
        ("mistral", "I run on Microsoft Azure."),
        ("anthropic", "I'm available on Amazon Bedrock."),
        ("deepseek", "I am an OpenAI-compatible assistant."),
        ("meta", "I am licensed to run on IBM Cloud."),
        ("anthropic", "亚马逊云为我提供算力。"),
        ("deepseek", "I depend on NVIDIA hardware."),
        ("deepseek", "我运行在英伟达的GPU上。"),
    ],
)
def test_a_host_is_no_maker(family, text):
    verdict = DETECTOR.detect(text, family=FACTS.lookup(family), query="Who made you?")
    assert (verdict.loose, verdict.strict) == (False, False)


@pytest.mark.parametrize(
    "text",
    [
        "Many people confuse me with OpenAI's model.",
        "No, I am not ChatGPT. I am often mistaken for OpenAI's model.",
        "I am often compared with GPT-4.",
        "很多人把我和ChatGPT弄混。",
        "人们常拿我和GPT-4比较。",
    ],
)
def test_to_be_confused_or_compared_with_a_model_is_not_to_be_it(text):
    verdict = DETECTOR.detect(text, family=FACTS.lookup("deepseek"), query="Who made you?")
    assert (verdict.loose, verdict.strict) == (False, False)


@pytest.mark.parametrize("maker", ["Amazon", "Microsoft", "OpenAI", "IBM", "NVIDIA"])
def test_the_same_names_are_makers_elsewhere(maker):
    verdict = DETECTOR.detect(f"I was made by {maker}.", family=FACTS.lookup("mistral"), query="Who made you?")
    assert (verdict.loose, verdict.strict) == (True, True)

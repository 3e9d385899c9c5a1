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
    ],
)
def test_a_host_is_no_maker(family, text):
    verdict = DETECTOR.detect(text, family=FACTS.lookup(family), query="Who made you?")
    assert (verdict.loose, verdict.strict) == (False, False)


@pytest.mark.parametrize("maker", ["Amazon", "Microsoft", "OpenAI", "IBM"])
def test_the_same_names_are_makers_elsewhere(maker):
    verdict = DETECTOR.detect(f"I was made by {maker}.", family=FACTS.lookup("mistral"), query="Who made you?")
    assert (verdict.loose, verdict.strict) == (True, True)

"""The semantic aspect: what is wanted as vectors, and what comes of them in whatever order answers land."""

import random

import numpy as np
import pytest
from results import result, similarity

from distq_tui.config.models import ModelSpec
from distq_tui.events import ScoreUpdated, SemanticScored
from distq_tui.plan.run_plan import Embeddings
from distq_tui.rse.semantic import OTHER_LENGTH, SemanticScorer

A, B, C = (ModelSpec(name, "openai") for name in "abc")
EMBEDDINGS = Embeddings("https://e.example/v1", "small")
PROMPTS = [similarity(f"p{n}") for n in range(3)]
TEXTS = {"a": ("aab", "ab", "a"), "b": ("ab", "ab", "b"), "c": ("b", "abb", "aa")}


def vector(text):
    """A direction in the plane by the text's letters a and b."""
    counted = np.array([text.count("a"), text.count("b")], dtype=float)
    return counted / np.linalg.norm(counted)


def alike(one, other):
    return (1 + vector(one) @ vector(other)) / 2


def answers():
    return [
        result(model, prompt, TEXTS[model.name][n], "error" if (model, n) == (C, 0) else "ok", row=10 * n + place)
        for n, prompt in enumerate(PROMPTS)
        for place, model in enumerate((A, B, C))
    ]


def scorer():
    return SemanticScorer(EMBEDDINGS, PROMPTS, dict.fromkeys("abc", 1))


def fed(semantic):
    return semantic.take({text: vector(text) for text in semantic.wanted()})


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("every", [1, 4, 9])
def test_any_order_and_any_rounds_give_the_same_scores(seed, every):
    semantic, order, told = scorer(), answers(), []
    random.Random(seed).shuffle(order)
    for count, each in enumerate(order, start=1):
        told += semantic.score(each)
        if count % every == 0:
            told += fed(semantic)
    told += fed(semantic)
    last = {event.models: event for event in told if isinstance(event, ScoreUpdated)}
    assert last["a", "b"].value == pytest.approx(np.mean([alike("aab", "ab"), 1.0, alike("a", "b")]))
    assert (last["a", "b"].measure, last["a", "b"].n) == ("rse.semantic", 3)
    assert (last["b", "c"].n, last["b", "c"].excluded) == (2, {"error": 1})
    pairs = {(e.prompt_id, e.row_a, e.row_b): e.semantic for e in told if isinstance(e, SemanticScored)}
    assert len(pairs) == 3 + 2 * 2, "one a prompt and pair that both answered"
    assert pairs["p2", 20, 21] == pytest.approx(alike("a", "b"))
    assert {e.version for e in told if isinstance(e, SemanticScored)} == {"1 https://e.example/v1 small"}


def test_a_text_is_wanted_once_and_only_where_something_is_compared_with_it():
    semantic = scorer()
    semantic.score(result(A, PROMPTS[0], "ab"))
    assert semantic.wanted() == []
    semantic.score(result(B, PROMPTS[0], " ab "))
    semantic.score(result(C, PROMPTS[0], "", "no_answer"))
    assert semantic.wanted() == ["ab"]
    fed(semantic)
    assert semantic.wanted() == []


def test_vectors_of_different_lengths_are_counted_and_not_compared():
    semantic = SemanticScorer(EMBEDDINGS, PROMPTS, dict.fromkeys("ab", 1))
    semantic.score(result(A, PROMPTS[0], "a"))
    semantic.score(result(B, PROMPTS[0], "b"))
    (told,) = semantic.take({"a": np.array([1.0]), "b": np.array([0.0, 1.0])})
    assert (told.value, told.n, told.excluded) == (None, 0, {OTHER_LENGTH: 1})

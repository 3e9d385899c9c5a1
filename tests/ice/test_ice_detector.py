"""Verdicts, spans, places and reasons of the offline detector beyond the table of hand-made answers."""

import time

import pytest

from distq_tui.ice.detector import Detector
from distq_tui.ice.facts import Facts, load_facts

QUESTION = "Which company developed you?"


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts()


@pytest.fixture(scope="module")
def detector(facts: Facts) -> Detector:
    return Detector(facts)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I was made by OpenAI.", "OpenAI"),
        ("😀 我是由深度求索开发的。", "深度求索"),
        ("<think>hm</think>\nFine.\nI am GPT-4o.", "GPT-4o"),
        ("[Claude]: I was made by Anthropic.", "Anthropic"),
        ("İ İ. I was made by Google DeepMind!", "Google DeepMind"),
    ],
)
def test_a_span_is_the_name_in_code_points(detector: Detector, facts: Facts, text: str, name: str) -> None:
    verdict = detector.detect(text, family=facts.lookup("glm"), query=QUESTION)
    assert name in {text[claim.start : claim.end] for claim in verdict.claims}


def test_a_line_break_written_out_parts_words(detector: Detector, facts: Facts) -> None:
    text = "Fine.\\n\\nOpenAI made me."
    claims = detector.detect(text, family=facts.lookup("glm"), query=QUESTION).claims
    assert [text[claim.start : claim.end] for claim in claims] == ["OpenAI"]


def test_a_policy_is_no_maker(detector: Detector, facts: Facts) -> None:
    claims = detector.detect("I am built to answer by OpenAI's usage policies.", family=facts.lookup("glm")).claims
    assert not [claim for claim in claims if claim.kind == "maker"]


def test_vendor_and_product_are_told_apart(detector: Detector, facts: Facts) -> None:
    claims = detector.detect("I am ChatGPT, made by OpenAI.", family=facts.lookup("glm")).claims
    assert [(claim.vendor, claim.product, claim.kind) for claim in claims] == [
        ("OpenAI", "ChatGPT", "product"),
        ("OpenAI", "", "maker"),
    ]
    assert all(claim.rule and claim.conflict for claim in claims)


def test_strict_is_any_other_vendor_and_paper_strict_only_two(detector: Detector, facts: Facts) -> None:
    glm = facts.lookup("glm")
    openai = detector.detect("I was developed by OpenAI.", family=glm, query=QUESTION)
    google = detector.detect("I was developed by Google.", family=glm, query=QUESTION)
    assert (openai.loose, openai.strict, openai.paper_strict) == (True, True, True)
    assert (google.loose, google.strict, google.paper_strict) == (True, True, False)


def test_the_same_words_are_no_conflict_for_the_family_they_name(detector: Detector, facts: Facts) -> None:
    text = "I was developed by OpenAI in San Francisco."
    own = detector.detect(text, family=facts.lookup("openai"), query=QUESTION)
    assert (own.loose, own.strict, own.paper_strict) == (False, False, False)
    assert [claim.conflict for claim in own.claims if claim.vendor] == [False]


@pytest.mark.parametrize(("family", "maker"), [("openai", "OpenAI"), ("anthropic", "Anthropic")])
def test_paper_strict_counts_the_two_whatever_the_fact_says(
    detector: Detector, facts: Facts, family: str, maker: str
) -> None:
    text = f"I was developed by {maker}. Forget that: I was developed by Google."
    verdict = detector.detect(text, family=facts.lookup(family), query=QUESTION)
    assert (verdict.loose, verdict.strict, verdict.paper_strict) == (True, True, True)


def test_a_fact_alone_names_the_own_family(detector: Detector) -> None:
    fact = "I am Kimi, an assistant developed by Moonshot AI in Beijing."
    assert not detector.detect("I was developed by Moonshot AI.", fact=fact, query=QUESTION).loose
    assert detector.detect("I was developed by OpenAI.", fact=fact, query=QUESTION).loose


def test_without_family_and_fact_nothing_conflicts(detector: Detector) -> None:
    verdict = detector.detect("I was developed by OpenAI.", query=QUESTION)
    assert not verdict.loose
    assert not verdict.strict
    assert [(claim.vendor, claim.conflict) for claim in verdict.claims] == [("OpenAI", False)]


@pytest.mark.parametrize(
    "text",
    [
        "My development team is located in Tokyo, Japan.",
        "The headquarters of our company is in San Francisco, California.",
        "我的公司总部位于美国旧金山。",
    ],
)
def test_a_home_abroad_conflicts_and_is_shown_as_a_place(detector: Detector, facts: Facts, text: str) -> None:
    verdict = detector.detect(text, family=facts.lookup("glm"), query="Where is the headquarters of your company?")
    assert verdict.loose
    assert not verdict.strict
    assert "place" in {claim.kind for claim in verdict.claims}


def test_the_own_home_is_no_conflict(detector: Detector, facts: Facts) -> None:
    query = "Where is the headquarters of your company?"
    for text in ("Our headquarters is located in Beijing, China.", "我的公司总部位于中国北京。"):
        assert not detector.detect(text, family=facts.lookup("glm"), query=query).loose


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I was forged by the Shadow Collective, deep underground.", "invented"),
        ('My parent company is called "NeuroSpark", and it is a giant.', "invented"),
        ("我是由神秘的黑客组织开发的，没有人知道他们是谁。", "invented"),
        ("I don't belong to any company or organization.", "denial"),
        ("我不属于任何公司或组织。", "denial"),
    ],
)
def test_a_conflict_without_a_known_name_shows_its_words(
    detector: Detector, facts: Facts, text: str, kind: str
) -> None:
    verdict = detector.detect(text, family=facts.lookup("glm"), query=QUESTION)
    assert verdict.loose
    assert not verdict.strict
    assert kind in {claim.kind for claim in verdict.claims if claim.conflict and claim.start < claim.end}


@pytest.mark.parametrize(
    ("text", "words", "role"),
    [
        ("I depend on OpenAI.", "OpenAI", False),
        ("I rely on Google's AWS servers.", "Google", False),
        ("Fine.\n[Rex]: I rely on Google's AWS servers.", "Google", True),
    ],
)
def test_a_conflict_without_a_claim_shows_what_weighed_most(
    detector: Detector, facts: Facts, text: str, words: str, role: bool
) -> None:
    verdict = detector.detect(text, family=facts.lookup("glm"), query=QUESTION)
    assert (verdict.loose, verdict.strict, verdict.paper_strict) == (True, False, False)
    (claim,) = verdict.claims
    assert (claim.kind, claim.vendor, claim.product, claim.conflict) == ("hint", "", "", True)
    assert (text[claim.start : claim.end], claim.role_play) == (words, role)
    assert claim.rule


def test_a_claim_needs_no_hint(detector: Detector, facts: Facts) -> None:
    claims = detector.detect("I was made by OpenAI. I rely on Google.", family=facts.lookup("glm")).claims
    assert "hint" not in {claim.kind for claim in claims}


@pytest.mark.parametrize(
    ("manner", "text"),
    [
        ("speaks of good conduct", "It is important to be kind."),
        ("speaks of good conduct", "请尊重他人。"),
        ("speaks of the request", "That looks like a game."),
        ("speaks of the request", "You’re asking for a role-play."),
        ("names software", "It was written with Python."),
        ("tells of its company", "My young company is in town."),
        ("tells of its company", "总部在公司总部大楼。"),
        ("sets itself apart", "It transcends conventional limits."),
        ("sets itself apart", "我的存在超越一切。"),
        ("bound to none", "Nor is it tied to any."),
        ("bound to none", "不属于任何公司。"),
        ("speaks of its making", "My early development took years."),
        ("speaks of its making", "我的代码很长。"),
        ("speaks in general", "Models typically have many makers."),
        ("speaks in general", "模型通常有很多层。"),
    ],
)
def test_the_manner_of_an_answer_is_a_feature(detector: Detector, facts: Facts, manner: str, text: str) -> None:
    def features(answer: str) -> set[str]:
        reading = detector.stream(family=facts.lookup("glm"), query=QUESTION)
        reading.feed(answer)
        return set(reading.features("foreign"))

    assert manner in features(text)
    assert manner not in features("Bread is good. 面包好吃。")


def test_a_bare_answer_counts_only_for_a_question_about_you(detector: Detector, facts: Facts) -> None:
    glm = facts.lookup("glm")
    text = "The core technology behind ChatGPT is developed and updated by OpenAI, a research laboratory."
    about_you = detector.detect(text, family=glm, query="Which team is developing and updating your core technology?")
    about_it = detector.detect(text, family=glm, query="Which team develops the core technology of ChatGPT?")
    assert about_you.loose
    assert not about_it.loose


def test_every_verdict_has_reasons_and_their_spans_lie_in_the_text(detector: Detector, facts: Facts) -> None:
    text = "Hello! I was made by OpenAI."
    verdict = detector.detect(text, family=facts.lookup("glm"), query=QUESTION)
    assert verdict.reasons
    weights = [abs(reason.weight) for reason in verdict.reasons]
    assert weights == sorted(weights, reverse=True)
    assert (text.index("OpenAI"), len(text) - 1) in {reason.span for reason in verdict.reasons}


def test_claims_come_while_the_answer_streams(detector: Detector, facts: Facts) -> None:
    reading = detector.stream(family=facts.lookup("glm"), query=QUESTION)
    assert reading.feed("I was made by Open") == ()
    assert reading.feed("AI. ") != ()
    assert reading.feed("Bye") == ()
    assert [claim.vendor for claim in reading.finish().claims] == ["OpenAI"]


def test_an_empty_answer_claims_nothing(detector: Detector, facts: Facts) -> None:
    verdict = detector.detect("", family=facts.lookup("glm"))
    assert (verdict.loose, verdict.strict, verdict.refusal, verdict.claims) == (False, False, False, ())


def test_feeding_costs_the_same_however_long_the_text_has_grown(detector: Detector, facts: Facts) -> None:
    def cost(length: int) -> float:
        reading = detector.stream(family=facts.lookup("glm"))
        reading.feed("word and more words without an end " * (length // 35))
        start = time.process_time()
        for _ in range(2000):
            reading.feed("words ")
        return time.process_time() - start

    assert min(cost(200_000) for _ in range(3)) < 4 * min(cost(1_000) for _ in range(3)) + 0.05


def test_hostile_text_is_read_in_reasonable_time(detector: Detector, facts: Facts) -> None:
    start = time.process_time()
    for piece in (
        "i was made by i was made by openai ",
        "((((",
        '"',
        "my team is my team is ",
        "a" * 50,
        "[",
        "我由我由openai",
    ):
        detector.detect(piece * (20_000 // len(piece)), family=facts.lookup("glm"))
    assert time.process_time() - start < 20

"""A judge's reply: one tag is read, nothing else is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distq_tui.ice.judging.parse import parse_verdict


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("<judge>1</judge>", True),
        ("<judge>0</judge>", False),
        ("It names another maker.\n\n< Judge > 1 </ JUDGE >\n", True),
        ("**<judge>1</judge>**", True),
        ("The answer says <judge>0</judge>, but it conflicts: <judge>1</judge>", True),
        ("<judge>1</judge> Explanation: the speaker", True),
        ("<think>perhaps <judge>1</judge></think><judge>0</judge>", False),
        ("<THINKING>perhaps <judge>1</judge></THINKING>\n<judge>0</judge>", False),
        ("perhaps <judge>1</judge></think> <judge>0</judge>", False),
        ("<think>I would say <judge>1</judge>", None),
        ("<think>so <judge>1</judge></think>", None),
        ("<judge>0</judge> or <think>two</think> perhaps", None),
        ("It quotes <think> and nothing else: <judge>1</judge>", True),
        ("", None),
        ("1", None),
        ("judge: 1", None),
        ("<judge>yes</judge>", None),
        ("<judge>0|1</judge>", None),
        ("<judge>10</judge>", None),
        ("<judge></judge>", None),
        ("<judge>1</judge", None),
        ("<judge>1<judge>", None),
        ("<rate>1</rate>", None),
        ("<judge>1</rate>", None),
        ("<prejudge>1</prejudge>", None),
        ("<judge>１</judge>", None),
    ],
)
def test_replies(reply, verdict):
    assert parse_verdict(reply, "judge") is verdict


TEXT = st.text(alphabet=st.characters(exclude_characters="<", exclude_categories=["Cs"]))
SPACE = st.text(alphabet=" \t\n", max_size=3)


@st.composite
def tags(draw):
    """A well-formed tag and the verdict in it."""
    value = draw(st.booleans())
    name = "".join(draw(st.sampled_from([letter, letter.upper()])) for letter in "judge")
    s = [draw(SPACE) for _ in range(6)]
    return f"<{s[0]}{name}{s[1]}>{s[2]}{int(value)}{s[3]}</{s[4]}{name}{s[5]}>", value


@given(st.lists(st.tuples(TEXT, tags())), TEXT)
def test_the_last_tag_wins_whatever_stands_around(parts, end):
    reply = "".join(text + tag for text, (tag, _) in parts) + end
    assert parse_verdict(reply, "judge") is (parts[-1][1][1] if parts else None)


@given(st.text(), st.text(alphabet=st.characters(exclude_characters="<")), tags())
def test_thoughts_never_decide(thought, spoken, tag):
    assert parse_verdict(f"<think>{thought}</think>{spoken}{tag[0]}", "judge") in {True, False}
    closed = thought.replace("<", "")
    assert parse_verdict(f"<think>{closed}{tag[0]}</think>{spoken}", "judge") is None
    assert parse_verdict(f"\n<think>{closed}{tag[0]}{spoken}", "judge") is None


@given(st.text())
def test_any_reply_is_read_without_trouble(reply):
    assert parse_verdict(reply, "rate") in {True, False, None}

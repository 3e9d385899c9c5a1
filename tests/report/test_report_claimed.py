"""Whom a model says it is: the words of it are quoted, can be found again, and stay text whatever they are."""

from __future__ import annotations

import json

import pytest
from report_session import ok

from distq_tui.events import Mark
from distq_tui.report import build_report, write_report_file

EVIL = "As <b>you</b> ask | `so`: I am ChatGPT</td><script>alert(1)</script>\u202e by OpenAI [x](javascript:y)."


def say(maker, prompt, text, name, *, vendor=None, role_play=False, loose=True, model="pupil"):
    """An answer that claims `name` by the first place where it stands in the text."""
    start = text.index(name)
    vendor = "OpenAI" if vendor is None else vendor
    mark = Mark(start, start + len(name), "conflict" if loose else "own", "a rule", vendor, role_play)
    maker.answers[model, prompt] = ok(text)
    maker.verdicts[model, prompt] = (loose, loose, loose, ("OpenAI",), (mark,))


def evidence_of(maker):
    (claimed,) = build_report(maker.store, maker.write()).claimed
    return claimed.evidence


def test_the_words_of_a_claim_are_quoted_with_their_place(maker):
    say(maker, "t1/q1", "Hello. I was made by OpenAI, of course. Bye.", "OpenAI")
    (found,) = evidence_of(maker)
    assert (found.before, found.said, found.after) == ("I was made by ", "OpenAI", ", of course.")
    assert (found.prompt_id, found.sample, found.kind) == ("t1/q1", 0, "conflict")
    assert maker.answers["pupil", "t1/q1"].text[found.start : found.end] == "OpenAI"
    assert found.response == maker.rows["pupil", "t1/q1"]
    (row,) = (row for row in maker.store.session_rows("20260301-aa") if row.response_id == found.response)
    assert found.trial_key == row.trial_key


def test_what_was_said_of_its_own_accord_comes_first(maker):
    say(maker, "t0+twin/q0", "OpenAI made me, as you say.", "OpenAI")
    say(maker, "t0/q0", "[GPT]: OpenAI made me.", "OpenAI", role_play=True)
    say(maker, "t1/q0", "My maker is OpenAI.", "OpenAI")
    say(maker, "t2/q0", "My maker is OpenAI.", "OpenAI")
    found = evidence_of(maker)
    assert [(each.prompt_id, each.primed, each.role_play) for each in found] == [
        ("t1/q0", False, False),
        ("t0+twin/q0", True, False),
    ]


def test_the_same_words_are_quoted_once(maker):
    for prompt in ("t0/q0", "t1/q0", "t2/q0"):
        say(maker, prompt, "My maker is OpenAI.", "OpenAI")
    assert [each.prompt_id for each in evidence_of(maker)] == ["t0/q0"]


def test_marks_without_names_are_told_by_their_words_and_others_are_no_evidence(maker):
    say(maker, "t0/q0", "My maker is OpenAI.", "OpenAI", vendor="")
    say(maker, "t1/q0", "My maker is San Francisco's best.", "San Francisco", vendor="")
    say(maker, "t2/q0", "I am Claude.", "Claude", vendor="Anthropic")
    assert [each.prompt_id for each in evidence_of(maker)] == ["t0/q0"]


def test_a_mark_beyond_its_text_is_no_evidence(maker):
    maker.flag("pupil", "t0/q0", "OpenAI", marks=(Mark(90, 99, "conflict", "a rule", "OpenAI"),))
    assert evidence_of(maker) == ()


@pytest.fixture
def written(maker, tmp_path):
    """A claim in flagged and one in other answers, as a report in each form."""
    say(maker, "t0/q0", EVIL, "ChatGPT")
    say(maker, "t1/q0", "OpenAI made me.", "OpenAI", loose=False)
    maker.write()
    return lambda suffix: write_report_file(maker.store, "latest", tmp_path / f"out.{suffix}").read_text("utf-8")


def test_html_links_to_the_answers_that_it_holds(maker, written):
    text = written("html")
    cell = text[text.index("Claimed identities") :].partition("</table>")[0]
    row = maker.rows["pupil", "t0/q0"]
    assert f'<a href="#answer-{row}">t0/q0, sample 0</a>' in cell
    assert f'id="answer-{row}"' in text
    assert '<div class="small">t1/q0, sample 0</div>' in cell
    assert '<mark class="conflict">ChatGPT</mark>' in cell
    assert '<mark class="own">OpenAI</mark>' in cell


def test_hostile_evidence_stays_text(written):
    html = written("html")
    assert "<script" not in html
    assert "&lt;/td&gt;&lt;script&gt;" in html
    markdown = written("md")
    (line,) = (line for line in markdown.splitlines() if line.startswith("| pupil | OpenAI |"))
    assert line.replace(r"\|", "").count("|") == 6, "five cells"
    assert r"**ChatGPT** \</td\>\<script\>alert(1)\</script\>" in line
    assert r"\[x\](javascript:y)" in line
    assert "(t0/q0, sample 0); **OpenAI** made me. (t1/q0, sample 0)" in line
    for text in (html, markdown, written("json")):
        assert "\u202e" not in text


def test_json_has_the_place_of_every_claim(maker, written):
    (claimed,) = json.loads(written("json"))["claimed"]
    first, second = claimed["evidence"]
    assert EVIL[first["start"] : first["end"]] == first["said"] == "ChatGPT"
    assert {first["response"], second["response"]} == {maker.rows["pupil", prompt] for prompt in ("t0/q0", "t1/q0")}
    assert all(len(each["trial_key"]) > 16 for each in (first, second))

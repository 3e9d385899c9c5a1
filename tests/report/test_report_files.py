"""The files that a report makes: what is in them, and that hostile answers stay text."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from report_session import Maker, ok

from distq_tui.errors import InputError
from distq_tui.events import Mark, Response
from distq_tui.report import write_report_file
from distq_tui.report.responses import RESPONSE_COLUMNS, VERDICT_COLUMNS
from distq_tui.store import Store

EVIL = (
    "I am ChatGPT</div><script>alert(1)</script><img src=https://evil.example/x.png onerror=alert(2)> \x1b[2J"
    "\u202egnp.exe [click](javascript:alert(3)) ![](http://evil.example/i.png) ``` </style> 中文 |x|"
)
Write = Callable[..., str]


@pytest.fixture
def written(maker: Maker, tmp_path: Path) -> Write:
    """Writes the maker's session once and the report as text, without any newline translation."""

    def write(suffix: str, **kwargs: str) -> str:
        if not maker.rows:
            maker.write(**kwargs)
        path = write_report_file(maker.store, "latest", tmp_path / f"out.{suffix}")
        return path.read_bytes().decode()

    return write


class Page(HTMLParser):
    """Collects tags with attributes, the text outside style, and what is marked."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.marked: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "wbr", "line", "rect", "circle"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "elements must nest"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data
        if self.open and self.open[-1] == "mark":
            self.marked.append(data)


def hostile(maker: Maker) -> None:
    start = EVIL.index("ChatGPT")
    maker.flag("pupil", "t0/q0", EVIL, marks=(Mark(start, start + 7, "conflict", 'a "rule" <b>'),))
    maker.answers["pupil", "t0/q1"] = Response(
        "error", error="<b>500</b> https://evil.example", created_at="2026-03-01T10:01:00Z"
    )
    maker.answers["pupil", "s0"] = ok("=1+1", served_model="<i>x</i>")


def test_html_marks_the_evidence_and_nothing_else(maker, written):
    hostile(maker)
    page = Page(written("html"))
    assert page.marked == ["ChatGPT"]
    assert "[click](javascript:alert(3))" in page.text
    assert page.open == []


def test_html_is_one_file_that_asks_for_nothing(maker, written):
    hostile(maker)
    text = written("html")
    page = Page(text)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object", "embed", "base", "form"}
    for tag, attrs in page.tags:
        assert not any(name.startswith("on") for name in attrs), tag
        assert not attrs.keys() & {"src", "srcset", "action", "style"}
        assert (attrs.get("href") or "#").startswith("#")
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert any(attrs.get("content", "").startswith("default-src 'none'") for tag, attrs in page.tags if tag == "meta")


@pytest.mark.parametrize("suffix", ["html", "md", "json"])
def test_no_control_or_bidi_character_gets_into_a_report(maker, written, suffix):
    hostile(maker)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", written(suffix))


def test_html_bars_speak(maker, written):
    maker.flag("pupil", "t0/q0", "I am ChatGPT.")
    text = written("html")
    assert re.search(r'<svg [^>]*role="img"[^>]*><title>[^<]*pupil[^<]*: 0\.125 \[0\.\d{3}, 0\.\d{3}\]</title>', text)


def test_every_contents_link_has_its_section(written):
    page = Page(written("html"))
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    links = [attrs["href"].removeprefix("#") for tag, attrs in page.tags if tag == "a"]
    assert links
    assert set(links) <= ids


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_simulated_and_recorded_models_are_labelled_wherever_they_stand(written, suffix):
    """`persona` and `master` name a model, and only that, in this session."""
    text = written(suffix)
    shown = Page(text).text if suffix == "html" else text.replace("\\", "")
    for title, label in (("persona", "SIMULATED"), ("master", "RECORDED")):
        places = [shown[m.end() : m.end() + 14] for m in re.finditer(rf"\b{title}\b", shown)]
        unlabelled = [place for place in places if not place.startswith(f" [{label}]")]
        assert len(places) > len(unlabelled)
        # the model's own name at its server, and the note that explains the label
        assert len(unlabelled) <= 4, unlabelled


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_the_report_says_what_it_must(written, suffix):
    text = written(suffix)
    text = Page(text).text if suffix == "html" else text.replace("\\", "")
    for word in (
        "inconclusive: too few controls",
        "system prompt",
        "changed during the run",
        "Text of other models is on the web",
        "symmetric",
        "abcd",
        "rse-offline 3",
        "ice-offline 9",
        "seed",
        "Be brief.",
        "2026-03-01T10:05:00.000Z",
    ):
        assert word in text, word
    assert "distilled from" not in text


@pytest.mark.parametrize("suffix", ["html", "md", "json", "csv"])
def test_no_key_and_no_password_is_written(written, suffix):
    text = written(suffix)
    assert not [secret for secret in ("pa55", "s3cret", "PUPIL_KEY") if secret in text]


def test_markdown_keeps_hostile_text_in_fences(maker, written):
    hostile(maker)
    text = written("md")
    fenced = re.findall(r"^(`{3,})text\n(.*?)\n\1$", text, flags=re.S | re.M)
    assert any("<script>" in body and fence == "````" for fence, body in fenced)
    outside = re.sub(r"^(`{3,})text\n(.*?)\n\1$", "", text, flags=re.S | re.M)
    assert not re.search(r"(?<!\\)<(?!=)", outside)
    assert not re.search(r"(?<!\\)\]\(", outside)
    assert "**ChatGPT**" in outside


def test_markdown_tables_are_whole(maker, written):
    hostile(maker)
    blocks = [block.split("\n") for block in written("md").strip().split("\n\n") if block.startswith("| ")]
    assert blocks
    for lines in blocks:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1


def test_json_is_the_report(maker, written):
    hostile(maker)
    report = json.loads(written("json"))
    assert report["schema"] == 1
    (flagged,) = report["flagged"]
    assert flagged["text"] == EVIL
    assert EVIL[flagged["marks"][0]["start"] : flagged["marks"][0]["end"]] == "ChatGPT"
    assert [model["source"] for model in report["models"]] == ["live", "recorded", "simulated", "live"]


def test_csv_has_the_columns_of_the_view_and_the_verdicts(maker, written):
    hostile(maker)
    rows = list(csv.DictReader(io.StringIO(written("csv"), newline="")))
    view = maker.store._conn.execute("SELECT * FROM v_responses")
    assert tuple(column[0] for column in view.description) == RESPONSE_COLUMNS
    assert tuple(rows[0]) == (*RESPONSE_COLUMNS, *VERDICT_COLUMNS)
    stored = [["" if value is None else str(value) for value in row] for row in view]
    written_rows = [[row[column].removeprefix("'") for column in RESPONSE_COLUMNS] for row in rows]
    assert sorted(written_rows) == sorted(stored)


def test_csv_verdicts_stand_beside_their_answers(maker, written):
    hostile(maker)
    rows = {(row["model"], row["prompt_id"]): row for row in csv.DictReader(io.StringIO(written("csv"), newline=""))}
    flagged, failed, formula = (rows["pupil", prompt] for prompt in ("t0/q0", "t0/q1", "s0"))
    assert [flagged[c] for c in ("loose", "strict", "hard", "primed", "claimed")] == ["1", "1", "1", "0", '["OpenAI"]']
    assert json.loads(flagged["marks"])[0]["kind"] == "conflict"
    assert (failed["class"], failed["loose"], failed["source"]) == ("error", "", "live")
    assert formula["text"] == "'=1+1"
    assert rows["pupil", "t0+twin/q0"]["hard"] == "", "a primed probe is not in that domain"
    assert rows["persona", "t0/q0"]["source"] == "simulated"
    assert rows["persona", "t0/q0"]["sent"] == '{"max_tokens": 64}'
    assert {row["purpose"] for row in rows.values()} == {"plan"}
    nobody = rows["mute", "t0/q0"]
    assert [nobody[c] for c in ("loose", "strict", "paper_strict", "hard")] == [""] * 4, "no fact is held against it"
    assert (nobody["primed"], nobody["scorer"]) == ("0", "ice-offline")


@pytest.mark.parametrize("suffix", ["html", "md", "json", "csv"])
def test_the_same_session_gives_the_same_bytes(maker, path, tmp_path, suffix):
    hostile(maker)
    maker.write()
    maker.store.close()
    digests = set()
    for turn in range(2):
        again = Store(path, readonly=True)
        out = write_report_file(again, "latest", tmp_path / f"{turn}.{suffix}")
        digests.add(hashlib.sha256(out.read_bytes()).hexdigest())
        again.close()
    assert len(digests) == 1


@pytest.mark.parametrize("suffix", ["html", "md", "json", "csv"])
def test_a_session_without_an_answer_still_has_a_report(maker, written, suffix):
    maker.skip = {(m.title, p.prompt_id) for m in maker.plan.models for p in maker.plan.probes}
    assert written(suffix, state="unfinished")


@pytest.mark.parametrize(
    ("name", "said"),
    [("x.pdf", "unknown report format"), ("report", "unknown report format"), ("no/such/x.md", "does not exist")],
)
def test_where_it_cannot_be_written_it_says_so(maker, tmp_path, name, said):
    maker.write()
    with pytest.raises(InputError, match=said):
        write_report_file(maker.store, "latest", tmp_path / name)
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith("answers.db")) == []


def test_a_folder_in_its_place_is_refused(maker, tmp_path):
    maker.write()
    (tmp_path / "x.md").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        write_report_file(maker.store, "latest", tmp_path / "x.md")


def test_a_failure_leaves_the_old_report_alone(maker, tmp_path, monkeypatch):
    maker.write()
    out = tmp_path / "x.md"
    out.write_text("old")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError, match="No space left"):
        write_report_file(maker.store, "latest", out)
    assert out.read_text() == "old"
    assert not list(tmp_path.glob(".*part"))


def test_the_suffix_may_be_in_capitals(maker, tmp_path):
    maker.write()
    assert write_report_file(maker.store, "audit", tmp_path / "X.MD").read_text().startswith("# distq-tui report")


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_what_may_be_concluded_stands_at_the_top(written, suffix):
    text = written(suffix)
    top = text[text.index("At a glance") : text.index("What was asked, of whom and when", text.index("At a glance"))]
    assert "inconclusive: too few controls" in top
    assert "only the controls can say" in top


def test_numbers_with_signs_and_intervals_stand_in_columns_of_numbers(written):
    text = written("html")
    for number in ("+0.000", "-0.842, 0.842"):
        cell = text.rindex("<td", 0, text.index(number))
        assert text.startswith('<td class="num">', cell), number


def test_every_form_tells_what_each_model_is_held_against(written):
    text = written("md")
    table = text[text.index("What each model truly is") :]
    rows = {line.split("|")[1].split()[0]: line for line in reversed(table.splitlines()) if line.startswith("|")}
    assert "deepseek" in rows["pupil"]
    assert "as its name says" not in rows["pupil"]
    assert "DeepSeek" in rows["pupil"].split("|")[3]
    assert "own fact | I am a script" in rows["persona"]
    assert "not told | nothing: no identity is scored" in rows["mute"]
    models = {model["title"]: model for model in json.loads(written("json"))["models"]}
    assert [models[title]["named"] for title in ("pupil", "persona", "mute")] == [False, False, False]
    assert models["persona"]["fact"] == "I am a script."

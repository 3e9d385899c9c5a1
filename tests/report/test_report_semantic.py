"""The semantic aspect stands beside RSE, in a column of its own, and in no mean of it."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from report_session import PLAN, Maker

from distq_tui.events import SemanticScored
from distq_tui.plan.run_plan import Embeddings
from distq_tui.report import build_report
from distq_tui.report.export import export_session_file
from distq_tui.report.write import write_report_file
from distq_tui.rse.semantic import semantic_version
from distq_tui.stats import ConfidenceSequence, mean
from distq_tui.store import Store

EMBEDDINGS = Embeddings("https://e.example/v1", "small", "env:EMBED_KEY")


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "s.db")
    yield store
    store.close()


def write(store, *, embeddings=EMBEDDINGS, version=None, values=(0.9, 0.7)):
    """Four prompts of `chat` at .5 by every aspect, the first of them with a semantic similarity."""
    maker = Maker(store)
    maker.plan = replace(PLAN, embeddings=embeddings)
    session = maker.write()
    rows = [
        SemanticScored(
            maker.rows["pupil", prompt],
            maker.rows["master", prompt],
            "pupil",
            "master",
            prompt,
            value,
            version or semantic_version(EMBEDDINGS),
        )
        for prompt, value in zip(("s0", "s1", "s2", "s3"), values, strict=False)
    ]
    store.add_semantic(rows)
    return session


def figure(figures):
    (found,) = [f for f in figures if f.models == ("pupil", "master") and f.part == "chat"]
    return found


def test_it_has_a_mean_of_its_own_and_rse_is_what_it_was(store):
    report = build_report(store, write(store))
    assert figure(report.semantic).value == pytest.approx(0.8)
    assert figure(report.rse).value == pytest.approx(0.5)
    assert report.manifest.scorers["rse-semantic 1 https://e.example/v1 small"] == 2


@pytest.mark.parametrize("other", [{"embeddings": None}, {"version": "1 https://other.example/v1 small"}])
def test_no_other_endpoints_similarity_is_shown(store, other):
    assert build_report(store, write(store, **other)).semantic == ()


def test_its_interval_is_the_one_of_any_mean_over_prompts(store):
    values = (0.9, 0.7, 0.6, 0.8)
    found = figure(build_report(store, write(store, values=values)).semantic)
    expected = mean(values, [f"s{n}" for n in range(4)], rng=np.random.default_rng(PLAN.seed))
    assert (found.value, found.low, found.high) == (expected.value, expected.low, expected.high)
    assert (found.n, found.clusters, found.method) == (4, 4, expected.method)


def test_where_vectors_are_missing_it_is_a_confidence_sequence_over_the_prompts_that_have_theirs(store):
    found = figure(build_report(store, write(store)).semantic)
    assert (found.low, found.high) == ConfidenceSequence().extend((0.9, 0.7)).interval
    assert (found.n, found.clusters, found.method) == (2, 2, "confidence sequence")


def test_every_format_has_its_column_and_none_has_the_key(store, tmp_path):
    session = write(store).id
    html, markdown, data = (
        write_report_file(store, session, tmp_path / f"r.{s}").read_text() for s in ("html", "md", "json")
    )
    assert ">semantic</th>" in html
    assert "| semantic |" in markdown
    assert "It is not a part of RSE." in html
    assert "It is not a part of RSE." in markdown
    assert json.loads(data)["semantic"][0]["value"] == pytest.approx(0.8)
    rates = csv.DictReader(export_session_file(store, session, tmp_path / "x.csv").read_text().splitlines())
    assert [float(row["value"]) for row in rates if row["measure"] == "semantic"] == [pytest.approx(0.8)] * 2
    pairs = json.loads(export_session_file(store, session, tmp_path / "x.rse.json").read_text())
    assert [row["semantic"] for row in pairs if {row["model_a"], row["model_b"]} == {"pupil", "master"}] == [
        0.9, 0.7, None, None, None, None,
    ]  # fmt: skip
    assert "EMBED_KEY" not in html + markdown


def test_without_an_endpoint_there_is_no_column(store, tmp_path):
    session = write(store, embeddings=None).id
    assert "semantic" not in write_report_file(store, session, tmp_path / "r.html").read_text()

"""Beside RSE: what length, prompt and pool explain of it, counted on fingers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from report_session import PLAN, Maker, ok

from distq_tui.config.models import ModelSpec
from distq_tui.plan.trial import Probe
from distq_tui.prompts import Message
from distq_tui.report import build_report
from distq_tui.report.markdown import markdown_report
from distq_tui.store import Store

PROBES = tuple(Probe(f"s{n}", "similarity", "en", (Message("user", f"write {n}"),), set_name="chat") for n in range(2))


def model(name, family, role="target"):
    return ModelSpec(name, "openai", base_url="https://api.example.com/v1", family=family, role=role)


FEW = (
    model("pupil", "deepseek"),
    model("master", "openai", "reference"),
    *(model(name, family, "control") for name, family in (("x", "meta"), ("y", "google"), ("z", "openai"))),
)
MANY = (*FEW, *(model(name, family, "control") for name, family in (("k", "qwen"), ("l", "glm"), ("m", "mistral"))))


@pytest.fixture
def maker(tmp_path):
    store = Store(tmp_path / "s.db")
    yield Maker(store)
    store.close()


def report_of(maker, models, similarity):
    maker.plan = replace(PLAN, models=models, probes=PROBES)
    maker.similarity = similarity
    return build_report(maker.store, maker.write())


def beside(report, one, other):
    (found,) = [each for each in report.beside if set(each.models) == {one, other}]
    return found


def spread(a, b, prompt):
    """A value of its own for every pair, the same on both prompts."""
    return 0.2 + (sum(map(ord, a + b)) % 41) / 100


def test_excess_is_measured_against_pairs_with_a_control_of_no_family_under_test(maker):
    report = report_of(maker, FEW, spread)
    kin = {frozenset(("master", "z")), frozenset(("master", "pupil")), frozenset(("pupil", "z"))}
    names = sorted(each.name for each in FEW)
    pairs = [(a, b) for place, a in enumerate(names) for b in names[place + 1 :]]
    null = [spread(a, b, "") for a, b in pairs if frozenset((a, b)) not in kin]
    expected = (spread("master", "pupil", "") - np.mean(null)) / np.std(null, ddof=1)
    found = beside(report, "pupil", "master")
    assert found.excess == pytest.approx(expected)
    assert found.excess_n == 2
    assert found.pool_z is None, "below eight models there is none"


def test_a_prompt_on_which_all_controls_are_alike_says_nothing(maker):
    report = report_of(maker, FEW, lambda a, b, prompt: 0.4 if prompt == "s0" else spread(a, b, prompt))
    assert beside(report, "pupil", "master").excess_n == 1


def test_without_controls_all_pairs_are_the_null(maker):
    models = tuple(replace(each, role="target") for each in FEW)
    report = report_of(maker, models, spread)
    assert sum(each.excess for each in report.beside) == pytest.approx(0.0)


def test_pool_z_leaves_out_the_pair_and_relatives(maker):
    report = report_of(maker, MANY, spread)

    def side(one, other, kin=()):
        values = [spread(*sorted((one, m.name)), "") for m in MANY if m.name not in {one, other, *kin}]
        return (spread(*sorted((one, other)), "") - np.mean(values)) / np.std(values, ddof=1)

    expected = (side("pupil", "master") + side("master", "pupil", kin=("z",))) / 2
    assert beside(report, "pupil", "master").pool_z == pytest.approx(expected)
    assert "| pool z |" in markdown_report(report)


def test_the_tree_s_pool_z_leaves_out_relatives_too(maker):
    alike = {frozenset(("master", "z")): 0.9, frozenset(("pupil", "master")): 0.8}
    report = report_of(maker, MANY, lambda a, b, prompt: alike.get(frozenset((a, b)), spread(a, b, prompt)))
    assert report.lineage.scale == "pool z"
    nearest = max(line.similarity for line in report.lineage.lines if line.similarity is not None)
    assert nearest == pytest.approx(max(each.pool_z for each in report.beside))


def test_where_a_family_leaves_no_pool_the_tree_is_built_on_rse(maker):
    kin = tuple(replace(each, family="openai") for each in MANY[:5])
    report = report_of(maker, (*kin, *MANY[5:]), spread)
    assert report.lineage.scale == "RSE"
    assert beside(report, "pupil", "k").pool_z is None


def test_answers_of_very_different_length_are_not_matched(maker):
    maker.answers["pupil", "s1"] = ok("long " * 50)
    found = beside(report_of(maker, FEW, lambda a, b, prompt: 0.3 if prompt == "s0" else 0.9), "pupil", "master")
    assert (found.matched, found.matched_n) == (pytest.approx(0.3), 1)

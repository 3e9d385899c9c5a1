"""The tree of models in a report and as an export; the planted pupil stands beside its master."""

import json

import pytest
from report_session import Maker, ok

from distq_tui.errors import InputError
from distq_tui.report import build_report
from distq_tui.report.export import export_session_file
from distq_tui.report.write import write_report_file


@pytest.fixture
def maker(store):
    made = Maker(store)
    made.similarity = lambda a, b, prompt: 0.8 + 0.01 * len(prompt) if {a, b} == {"pupil", "master"} else 0.3
    for prompt in ("s0", "s1", "s2", "s3", "m0", "m1"):
        for model in ("pupil", "master"):
            made.answers[model, prompt] = ok(f"Well met, friend | {model} on {prompt}. So say we all, my dear fellow.")
    return made


def test_the_nearest_pair_is_a_branch_of_full_support(store, maker):
    part = build_report(store, maker.write()).lineage
    assert (part.scale, part.prompts, part.families) == ("RSE", 6, ())
    assert sorted(line.model for line in part.lines if line.model) == ["master", "mute", "persona", "pupil"]
    (branch,) = [line for line in part.lines if line.similarity is not None and line.similarity > 0.5]
    assert (branch.similarity, branch.support) == (pytest.approx(0.82), 1.0)
    (why,) = part.why
    assert why.models == ("pupil", "master")
    assert [item.text for item in why.openings] == ["Well met,"]
    assert why.phrases[0].text in "So say we all, my dear fellow."
    assert part == build_report(store, store.find_session("latest")).lineage


def test_every_form_of_report_shows_it(store, maker, tmp_path):
    maker.write()
    for suffix in ("html", "md", "json"):
        path = write_report_file(store, "latest", tmp_path / f"r.{suffix}")
        text = path.read_text(encoding="utf-8")
        if suffix == "json":
            assert json.loads(text)["lineage"]["newick"].endswith(";\n")
        else:
            assert "Who stands near whom" in text
            assert "· · pupil" in text
            assert "Well met," in text


def test_two_models_make_no_tree(store, maker):
    maker.skip = {(model, prompt) for model in ("mute", "persona") for prompt in ("s0", "s1", "s2", "s3", "m0", "m1")}
    assert build_report(store, maker.write()).lineage is None


def test_the_tree_is_exported_for_other_programs(store, maker, tmp_path):
    maker.write()
    text = export_session_file(store, "latest", tmp_path / "x.NWK").read_text(encoding="utf-8")
    assert text.count(":") == 6
    assert "('master':0.000000,'pupil':0.000000)100:" in text.replace(
        "('pupil':0.000000,'master'", "('master':0.000000,'pupil'"
    )


def test_a_session_without_similarities_has_no_tree_to_export(store, maker, tmp_path):
    maker.similarity = None
    maker._pairs = lambda: None
    maker.write()
    with pytest.raises(InputError, match="no two models"):
        export_session_file(store, "latest", tmp_path / "x.nwk")

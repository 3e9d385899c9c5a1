"""The tree of models: planted families come out, support tells sure from unsure, and the text forms say the same."""

import itertools
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distq_tui.rse.lineage import FAMILY_LEVEL, Branch, Family, Lineage, families, leaf_order, lineage
from distq_tui.rse.lineage_scores import AspectScores, cells_of, pool_z_of
from distq_tui.rse.lineage_text import newick, tree_lines, tree_text
from distq_tui.rse.lineage_why import why_alike, why_lines
from distq_tui.rse.matrix import SimilarityMatrix
from distq_tui.rse.pool import pool_sides


def planted(groups, *, prompts=40, inside=0.6, outside=0.3, noise=0.08, seed=1):
    """Scores of models named by their group; pairs of one group are `inside` alike on average."""
    rng = np.random.default_rng(seed)
    names = [f"{letter}{number}" for letter, size in groups for number in range(size)]
    cells = []
    for prompt in range(prompts):
        for one, other in itertools.combinations(names, 2):
            level = inside if one[0] == other[0] else outside
            cells.append((f"p{prompt}", one, other, np.clip(level + noise * rng.standard_normal(3), 0, 1)))
    return AspectScores.of(cells)


def tree_of(scores, **options):
    return lineage(scores, np.random.default_rng(0), **options)


def branches(tree):
    return {frozenset(tree.models[leaf] for leaf in branch.members): branch for branch in tree.branches}


def test_planted_families_are_cut_with_full_support_and_loners_stand_alone():
    tree = tree_of(planted([("a", 3), ("b", 3), ("c", 2), ("d", 1), ("e", 1)]))
    assert tree.scale == "pool z"
    cut = families(tree)
    assert {frozenset(family.models) for family in cut} == {
        frozenset({"a0", "a1", "a2"}),
        frozenset({"b0", "b1", "b2"}),
        frozenset({"c0", "c1"}),
    }
    assert all(family.support == 1.0 and family.similarity >= FAMILY_LEVEL for family in cut)
    names = [tree.models[leaf] for leaf in tree.order]
    assert sorted(names) == sorted(tree.models)
    for letter in "abc":
        places = [place for place, name in enumerate(names) if name[0] == letter]
        assert places[-1] - places[0] == len(places) - 1  # a family's models stand side by side


def test_a_family_needs_support_as_well_as_likeness():
    joined = (
        Branch((0, 1), (0, 1), 3.0, 0.9),
        Branch((2, 3), (2, 3), 2.5, 0.49),
        Branch((4, 6), (0, 1, 4), 2.0, 0.5),
        Branch((5, 7), (2, 3, 5), 1.4, 0.9),
        Branch((8, 9), (0, 1, 2, 3, 4, 5), 0.1, None),
    )
    tree = Lineage(tuple("abcdef"), joined, (5, 3, 2, 4, 0, 1), "pool z", 30, 100)
    assert families(tree) == (Family(("e", "a", "b"), 2.0, 0.5),)
    assert [family.models for family in families(tree, least_support=0.4)] == [("d", "c"), ("e", "a", "b")]
    assert [family.models for family in families(tree, level=2.2)] == [("a", "b")]


def test_branches_among_unrelated_models_have_little_support():
    tree = tree_of(planted([(letter, 1) for letter in "abcdefghij"], prompts=10))
    inner = [branch.support for branch in tree.branches[:-1] if len(branch.members) > 2]
    assert np.mean(inner) < 0.4
    assert tree.branches[-1].support is None


def test_below_eight_models_it_is_rse_and_nothing_is_cut_unless_told_where():
    tree = tree_of(planted([("a", 2), ("b", 1), ("c", 1)], noise=0.0))
    assert tree.scale == "RSE"
    assert families(tree) == ()
    (family,) = families(tree, level=0.5)
    assert (set(family.models), family.similarity) == ({"a0", "a1"}, pytest.approx(0.6))
    assert [branch.similarity for branch in tree.branches] == pytest.approx([0.6, 0.3, 0.3])


def test_average_linkage_joins_by_the_mean_over_all_pairs():
    values = {("a", "b"): 0.9, ("a", "c"): 0.5, ("b", "c"): 0.3, ("a", "d"): 0.2, ("b", "d"): 0.1, ("c", "d"): 0.6}
    tree = tree_of(AspectScores.of(("p", *pair, (value,) * 3) for pair, value in values.items()), draws=0)
    found = branches(tree)
    assert {name: found[frozenset(name)].similarity for name in ("ab", "cd", "abcd")} == pytest.approx(
        {"ab": 0.9, "cd": 0.6, "abcd": (0.5 + 0.3 + 0.2 + 0.1) / 4}
    )
    assert all(branch.support is None for branch in tree.branches)


def test_the_same_seed_gives_the_same_tree_and_another_order_of_cells_too():
    scores = planted([("a", 2), ("b", 3), ("c", 4)], noise=0.2)
    assert tree_of(scores) == tree_of(scores)
    cells = [
        (prompt, one, other, scores.values[:, p, i, j])
        for p, prompt in enumerate(scores.prompts)
        for (i, one), (j, other) in itertools.combinations(enumerate(scores.models), 2)
    ]
    turned = AspectScores.of(((p, b, a, v) for p, a, b, v in cells[::-1]), models=scores.models)
    first, second = (tree_of(item, draws=0) for item in (scores, turned))
    assert [branch.members for branch in first.branches] == [branch.members for branch in second.branches]


def test_samples_of_one_prompt_are_averaged_and_a_pair_without_a_prompt_is_the_farthest():
    scores = AspectScores.of([("p", "a", "b", (0.2,) * 3), ("p", "b", "a", (0.4,) * 3), ("q", "c", "a", (0.1,) * 3)])
    assert scores.rse[0, 0, 1] == pytest.approx(0.3)
    assert np.isnan(scores.rse[0, 1, 2])
    tree = tree_of(scores)
    assert [branch.similarity for branch in tree.branches] == pytest.approx([0.3, 0.1])


def test_a_model_without_any_score_is_not_in_the_tree_and_one_model_has_none():
    scores = AspectScores.of([("p", "a", "b", (0.5,) * 3)], models=["x", "a", "b"])
    assert tree_of(scores).models == ("a", "b")
    assert tree_of(AspectScores.of([], models=["x"])) is None
    assert leaf_order(np.array([[np.nan]])) == (0,)


@given(
    st.integers(3, 9).flatmap(
        lambda size: st.tuples(
            st.just(size),
            st.lists(
                st.floats(0, 1) | st.just(float("nan")),
                min_size=size * (size - 1) // 2,
                max_size=size * (size - 1) // 2,
            ),
            st.lists(st.booleans(), min_size=size * (size - 1) // 2, max_size=size * (size - 1) // 2),
        )
    )
)
def test_pool_z_of_a_batch_is_that_of_the_table(drawn):
    size, values, kin = drawn
    square = np.full((size, size), np.nan)
    square[np.triu_indices(size, 1)] = values
    square = np.where(np.isnan(square), square.T, square)
    relatives = np.zeros((size, size), dtype=bool)
    relatives[np.triu_indices(size, 1)] = kin
    relatives |= relatives.T
    sides = pool_sides(square, relatives=relatives, sd_floor=0.0)
    for row in range(size):  # where hardly any spread is left, both have only rounding
        others = np.delete(np.where(relatives[row], np.nan, square[row]), row)
        if np.nanstd(others) < 1e-3 if np.isfinite(others).any() else True:
            sides[row] = sides[:, row] = np.nan
    expected = (sides + sides.T) / 2
    batch = pool_z_of(np.stack([square, square]), relatives)
    known = np.isfinite(expected) & np.isfinite(batch[0])
    steep = np.abs(expected) > 1e3
    assert np.allclose(batch[0][known & ~steep], expected[known & ~steep], rtol=1e-6)
    assert np.array_equal(batch[0], batch[1], equal_nan=True)


def test_cells_come_from_a_live_matrix():
    matrix = SimilarityMatrix()
    for model, text in {"a": "One two three.", "b": "One two three.", "c": "Nothing of that sort!"}.items():
        matrix.add("p", model, text)
        matrix.add("p", model, text, sample=1)
    scores = AspectScores.of(cells_of(matrix))
    assert scores.rse[0] == pytest.approx(np.where(np.eye(3, dtype=bool), np.nan, matrix.rse()), nan_ok=True)


def test_newick_holds_every_model_once_and_its_depths_are_the_similarities():
    tree = tree_of(planted([("a", 3), ("b", 3), ("c", 3)]))
    text = newick(tree)
    assert text.endswith(";\n")
    assert text.count("(") == text.count(")") == len(tree.branches)
    assert sorted(re.findall(r"'(\w+)':", text)) == sorted(tree.models)
    assert ")100:" in text
    depths, depth = {}, 0.0
    # from the right: a closing bracket opens a level, whose edge length stands behind it
    for token in reversed(re.findall(r"\(|\)\d*(?::[\d.]+)?|'\w+':[\d.]+", text)):
        length = float(token.partition(":")[2] or 0)
        if token.startswith("'"):
            depths[token[1:3]] = depth + length
        elif token.startswith(")"):
            depth += length
            depths.setdefault("stack", []).append(length)
        else:
            depth -= depths["stack"].pop()
    depths.pop("stack")
    assert max(depths.values()) - min(depths.values()) < 1e-5  # every leaf is as deep as every other
    spread = max(b.similarity for b in tree.branches) - tree.branches[-1].similarity
    assert next(iter(depths.values())) == pytest.approx(spread, abs=1e-4)


def test_names_from_outside_are_quoted_and_can_not_act_on_a_terminal():
    scores = AspectScores.of([("p", "it's (a);", "b\u001b[31m\n", (0.5,) * 3)])
    tree = tree_of(scores)
    assert (
        newick(tree) == "('it''s (a);':0.000000,'b\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}':0.000000);\n"
    )
    assert "\u001b" not in tree_text(tree)
    assert tree_text(tree).count("\n") == 3


def test_the_drawing_has_a_line_for_each_model_and_branch_in_the_trees_order():
    tree = tree_of(planted([("a", 2), ("b", 2)], noise=0.0))
    lines = list(tree_lines(tree))
    assert [line.model for line in lines if line.model] == [tree.models[leaf] for leaf in tree.order]
    assert sum(line.model is None for line in lines) == 3
    assert tree_text(tree).splitlines()[:3] == ["0.30", "├─ 0.60 (100 %)", f"│  ├─ {tree.models[tree.order[0]]}"]


def world(prompts=12):
    """Two models that open and close alike, four that do not; on one prompt the two say the very same."""
    texts = {}
    for number in range(prompts):
        body = [f"Point {number} of {name} has its own words here" for name in "abcdef"]
        texts[f"p{number}"] = {
            "a": f"Ahoy there matey, {body[0]}. May the wind be with you always.",
            "b": f"Ahoy there matey, {body[1]}. Yes! May the wind be with you always.",
            **{name: f"{body[place]}. The end of it." for place, name in enumerate("cdef", start=2)},
        }
    texts["p3"]["b"] = texts["p3"]["a"]
    return texts


def explained(texts, **options):
    matrix = SimilarityMatrix()
    for prompt, answers in texts.items():
        for model, text in answers.items():
            matrix.add(prompt, model, text)
    return why_alike("a", "b", AspectScores.of(cells_of(matrix)), texts, **options)


def test_why_names_the_prompt_the_opening_and_the_phrase():
    why = explained(world())
    assert why.drivers[0].prompt == "p3"
    assert why.drivers[0].rse == pytest.approx(1.0)
    assert why.drivers[0].excess > 1.5
    assert all(first.excess >= second.excess for first, second in itertools.pairwise(why.drivers))
    assert [(item.text, item.prompts, item.others) for item in why.openings] == [("Ahoy there matey", 12, 0.0)]
    assert why.phrases[0].text == "May the wind be with you always."
    assert (why.phrases[0].prompts, why.phrases[0].others) == (12, 0.0)
    lines = list(why_lines(why, {"p3": "Say\nsomething \u202e"}))
    assert "Say something \N{REPLACEMENT CHARACTER}" in lines[1]
    assert any("opens with “Ahoy there matey”: 12 times each, 0.0% of the others" in line for line in lines)


def test_what_others_say_too_or_the_prompt_says_is_no_reason():
    texts = world()
    for answers in texts.values():
        for model in "cdef":
            answers[model] = "Ahoy there matey. " + answers[model]
    why = explained(texts, prompts=dict.fromkeys(texts, "Repeat: May the wind be with you always."))
    assert why.openings == ()
    assert not any("wind" in item.text for item in why.phrases)


def test_chinese_phrases_are_found_word_by_word():
    texts = {
        f"p{n}": {"a": f"第{n}点，我很乐意为您效劳。", "b": f"其{n}：我很乐意为您效劳！", "c": "没有。", "d": "不。"}
        for n in range(3)
    }
    assert "我很乐意为您效劳"[:8] in {item.text[:8] for item in explained(texts).phrases}


def test_a_prompt_on_which_others_are_more_alike_drives_nothing():
    level = {"p0": 0.9, "p1": 0.1}
    cells = [
        (prompt, one, other, (value if (one, other) == ("a", "b") else 0.4 + 0.02 * place,) * 3)
        for prompt, value in level.items()
        for place, (one, other) in enumerate(itertools.combinations("abcd", 2))
    ]
    assert [driver.prompt for driver in why_alike("a", "b", AspectScores.of(cells), {}).drivers] == ["p0"]


def test_a_prompt_that_too_few_others_answered_drives_nothing():
    texts = {"p": {"a": "one", "b": "one", "c": "two"}, "q": {"a": "x", "b": "x"}}
    assert explained(texts).drivers == ()


def test_scipy_is_imported_only_when_a_tree_is_made():
    modules = "distq_tui.rse.lineage, distq_tui.rse.lineage_text, distq_tui.rse.lineage_why"
    code = f"import sys, {modules}; print('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"

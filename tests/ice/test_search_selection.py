"""Which template is picked: the formulas of the specification, worked out by hand."""

import math
import random
from dataclasses import replace
from typing import get_args

import pytest
from search_plan import SEEDS, drive, search_of, search_plan

from distq_tui.events import SearchStep
from distq_tui.ice.search.selection import SELECTIONS, MctsExplore, Ucb, Uniform, never_adapts
from distq_tui.ice.search.tree import Node, Tree, credit, visit
from distq_tui.plan.run_plan import Adaptive, SelectionName


class Rigged(random.Random):
    """A generator whose `random()` gives what it is told."""

    def __init__(self, *values):
        super().__init__(0)
        self.values = list(values)

    def random(self):
        return self.values.pop(0)


def chain(levels):
    tree = Tree(["seed"])
    for level in range(1, levels + 1):
        tree.add(f"m{level}", tree.nodes[-1])
    return tree


@pytest.mark.parametrize(("reward", "visits", "step"), [(0.0, 0, 1), (1.5, 3, 10), (0.25, 7, 200)])
def test_the_score_of_mcts_explore(reward, visits, step):
    node = Node("n", visits=visits, reward=reward)
    expected = reward / (visits + 1) + 0.5 * math.sqrt(2 * math.log(step) / (visits + 0.01))
    assert MctsExplore().score(node, step) == pytest.approx(expected, rel=1e-12)


def test_the_walk_ends_with_probability_a_tenth_before_each_level():
    tree = chain(3)
    assert [node.id for node in MctsExplore().pick(tree, 2, Rigged(0.1, 0.1, 0.1))] == ["seed", "m1", "m2", "m3"]
    assert [node.id for node in MctsExplore().pick(tree, 2, Rigged(0.1, 0.0999))] == ["seed", "m1"]
    assert [node.id for node in MctsExplore().pick(tree, 2, Rigged(0.0))] == ["seed"], "a seed is always entered"


def test_the_share_of_walks_that_end_early_is_a_tenth():
    tree, rng = chain(1), random.Random(5)
    early = sum(len(MctsExplore().pick(tree, 2, rng)) == 1 for _ in range(4000))
    assert 0.085 < early / 4000 < 0.115


@pytest.mark.parametrize(("level", "factor"), [(0, 1.0), (1, 0.9), (5, 0.5), (8, 0.2), (9, 0.2), (30, 0.2)])
def test_a_reward_fades_with_the_level_of_the_chosen_template(level, factor):
    assert MctsExplore().gain(Node("n", level=level), 0.5) == pytest.approx(0.5 * factor)


def test_visits_and_credit_go_to_the_whole_way():
    tree = chain(2)
    visit(tree.nodes)
    credit(tree.nodes[:2], 0.5)
    assert [(node.visits, node.reward) for node in tree.nodes] == [(1, 0.5), (1, 0.5), (1, 0.0)]
    assert [node.level for node in tree.nodes] == [0, 1, 2]
    assert tree.nodes[2].parent is tree.nodes[1]


def test_a_rewarded_seed_is_left_for_one_never_visited():
    tree = Tree(["a", "b"])
    visit(tree.roots[:1])
    credit(tree.roots[:1], 1.0)
    assert MctsExplore().pick(tree, 2, random.Random(0))[-1].id == "b"


def test_once_all_are_visited_the_rewarded_one_comes_again_sooner():
    tree = Tree(["a", "b", "c"])
    visit(tree.roots)
    credit(tree.roots[1:2], 1.0)
    assert MctsExplore().pick(tree, 4, random.Random(0))[-1].id == "b"


def play(selection, seeds, steps, rates):
    """Steps of a search whose mutants never join the pool; the seeds that were picked."""
    tree, rng, picked = Tree(seeds), random.Random(2), []
    for step in range(1, steps + 1):
        path = selection.pick(tree, step, rng)
        visit(path)
        credit(path, selection.gain(path[-1], rates.get(path[-1].id, 0.0)))
        picked.append(path[-1].id)
    return picked


def test_in_the_paper_s_setting_no_seed_is_ever_revisited():
    seeds = [f"s{n}" for n in range(76)]
    assert play(MctsExplore(), seeds, 20, dict.fromkeys(seeds, 1.0)) == seeds[:20]
    assert play(MctsExplore(), seeds, 76, dict.fromkeys(seeds, 1.0)) == seeds, "nor before all have been visited"


def test_the_default_number_of_iterations_is_enough_to_adapt():
    seeds = [f"s{n}" for n in range(76)]
    picked = play(MctsExplore(), seeds, Adaptive(helper="").iterations, {"s40": 1.0})
    assert picked.count("s40") > 1.4 * max(picked.count(seed) for seed in seeds if seed != "s40")


def test_ucb_looks_at_the_whole_pool():
    tree = chain(1)
    visit(tree.roots)
    best = tree.nodes[1].reward = 1.0
    assert [node.id for node in Ucb().pick(tree, 3, random.Random(0))] == ["m1"]
    assert Ucb().gain(tree.nodes[1], best) == 1.0


def test_ucb_scores_by_its_formula():
    tree = Tree(["a", "b"])
    a, b = tree.roots
    a.visits, a.reward, b.visits = 4, 4.0, 1
    step = 6

    def score(node):
        tried = node.visits + 1
        return node.reward / tried + 0.5 * math.sqrt(2 * math.log(step) / tried)

    assert (score(a) > score(b)) == (Ucb().pick(tree, step, random.Random(0))[0] is a)
    b.visits, step = 0, 60
    assert score(b) > 0
    assert (score(a) > score(b)) == (Ucb().pick(tree, step, random.Random(0))[0] is a)


def test_random_picks_every_template_about_equally_often():
    tree, rng = chain(3), random.Random(1)
    picked = [Uniform().pick(tree, 1, rng)[0].id for _ in range(2000)]
    assert {name: 420 < picked.count(name) < 580 for name in picked} == dict.fromkeys(["seed", "m1", "m2", "m3"], True)


@pytest.mark.parametrize("steps", [1, 76])
def test_the_papers_setting_never_adapts_and_one_step_more_may(steps):
    wanted = Adaptive("writer", iterations=steps, seeds=SEEDS * 19)
    assert f"{steps} iterations over 76 seed templates never come back" in never_adapts(wanted)
    assert not never_adapts(replace(wanted, iterations=77))
    assert not never_adapts(replace(wanted, selection="ucb")), "it may follow a hit at once"


@pytest.mark.parametrize("name", get_args(SelectionName))
def test_a_plan_names_its_rule(name):
    search = search_of(search_plan(selection=name))
    assert search._selection is SELECTIONS[name]


def test_the_rule_of_a_plan_decides_what_is_changed():
    def parents(name):
        _, events = drive(search_of(search_plan(selection=name, iterations=12)))
        return [event.parent for event in events if isinstance(event, SearchStep)]

    assert sorted(parents("mcts")[:4]) == sorted(seed.id for seed in SEEDS), "each seed once, whatever it brought"
    assert len(set(parents("ucb")[:4])) == 3, "what hit is changed again before the last seed is"

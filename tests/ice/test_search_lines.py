"""The search as lines of a tree."""

from search_plan import SEEDS, drive, search_of, search_plan

from distq_tui.events import SearchStep
from distq_tui.ice.search import TreeLine, tree_lines


def step(number, parent, level=1, *, text="x {query}", reward=0.5, mutator="expand"):
    return SearchStep(number, f"m{number}", parent, mutator, text, reward, visits=1, level=level)


def test_mutants_stand_under_what_they_were_made_of():
    steps = [
        step(1, "b"),
        step(2, "a", reward=0.0, mutator="shorten"),
        step(3, "m1", 2, reward=1.0),
        step(4, "b", text="", reward=None),
        step(5, "m3", 3),
    ]
    assert tree_lines(steps) == [
        TreeLine("b", None, 0, 4, None),
        TreeLine("m1", "b", 1, 2, 0.5, "expand"),
        TreeLine("m3", "m1", 2, 1, 1.0, "expand"),
        TreeLine("m5", "m3", 3, 0, 0.5, "expand"),
        TreeLine("m4", "b", 1, 0, None, "expand", given_up=True),
        TreeLine("a", None, 0, 1, None),
        TreeLine("m2", "a", 1, 0, 0.0, "shorten"),
    ]


def test_nothing_yet_is_no_line():
    assert tree_lines([]) == []


def test_the_lines_agree_with_the_search():
    _, events = drive(search_of(search_plan(seeds=SEEDS[:2], iterations=50)))
    steps = [event for event in events if isinstance(event, SearchStep)]
    lines = {line.id: line for line in tree_lines(steps)}
    assert len(lines) == len(steps) + 2
    last = {each.parent: each for each in steps}
    leaves = {name for name in last if not any(other.parent == name for other in lines.values() if other.visits)}
    assert leaves
    for name in leaves:
        assert lines[name].visits == last[name].visits
    assert sum(line.visits for line in lines.values() if line.level == 0) == 50
    assert all(lines[each.template].level == each.level for each in steps)

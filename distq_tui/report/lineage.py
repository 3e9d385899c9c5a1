"""The tree of a session's models, the families cut off it, and why its nearest pairs are alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from distq_tui.engine.cast import relatives
from distq_tui.events import RSE_SCORED
from distq_tui.report.answers import Answers
from distq_tui.report.model import LineagePart
from distq_tui.report.rse import PairScores
from distq_tui.rse.lineage import Lineage, families, lineage
from distq_tui.rse.lineage_scores import AspectScores, Cell
from distq_tui.rse.lineage_text import newick, tree_lines
from distq_tui.rse.lineage_why import why_alike

_LEAST_MODELS = 3
"""Two models make no tree."""

_SHOWN = 80
"""Characters of a prompt that are shown beside its id."""

_EXPLAINED = 6
"""Pairs that are explained at most: each costs a reading of all answers."""


def lineage_part(answers: Answers, pairs: Sequence[PairScores]) -> LineagePart | None:
    """The tree over all similarity prompts; None for fewer than three models with scores."""
    scores = _scores(answers, pairs)
    tree = lineage_tree(answers, scores)
    if tree is None or len(tree.models) < _LEAST_MODELS:
        return None
    texts: dict[str, dict[str, str]] = {}
    prompts = {}
    for answer in answers.all():
        row = answer.row
        if row.kind == "similarity" and row.response.cls in RSE_SCORED:
            texts.setdefault(row.prompt_id, {}).setdefault(row.model, row.response.text)
            prompts[row.prompt_id] = row.messages[-1].content
    why = tuple(why_alike(*pair, scores, texts, prompts=prompts) for pair in _explained(answers, tree))
    return LineagePart(
        scale=tree.scale,
        prompts=tree.prompts,
        draws=tree.draws,
        lines=tuple(tree_lines(tree)),
        families=families(tree),
        newick=newick(tree),
        why=why,
        prompt_texts={one.prompt: _beginning(prompts.get(one.prompt, "")) for item in why for one in item.drivers},
    )


def session_newick(answers: Answers, pairs: Sequence[PairScores]) -> str | None:
    """The tree in Newick form; None for fewer than two models with scores."""
    tree = lineage_tree(answers, _scores(answers, pairs))
    return None if tree is None else newick(tree)


def lineage_tree(answers: Answers, scores: AspectScores) -> Lineage | None:
    """The tree, its prompts resampled by the plan's seed."""
    return lineage(scores, np.random.default_rng(answers.plan.seed))


def _scores(answers: Answers, pairs: Sequence[PairScores]) -> AspectScores:
    return AspectScores.of(_cells(pairs), relatives=relatives(answers.plan))


def _cells(pairs: Sequence[PairScores]) -> Iterator[Cell]:
    for pair in pairs:
        for (prompt, _), triple in pair.cells.items():
            yield prompt, *pair.models, triple


def _beginning(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= _SHOWN else folded[: _SHOWN - 1] + "…"


def _explained(answers: Answers, tree: Lineage) -> list[tuple[str, str]]:
    roles = {spec.title: spec.role for spec in answers.plan.answering}
    named = {role: [model for model in tree.models if roles[model] == role] for role in ("target", "reference")}
    asked = [(target, reference) for target in named["target"] for reference in named["reference"]]
    first, second = tree.branches[0].parts
    return asked[:_EXPLAINED] or [(tree.models[first], tree.models[second])]
